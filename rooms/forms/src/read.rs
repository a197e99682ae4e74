//! Reading what was filled in: what is wrong is said beside its field, and what was typed stays.

use axum::body::Bytes;
use kring_web::Form;

use crate::{
    answers::Answers,
    plan::{Ask, Field, MOST_LINE, Plan},
    say,
    upload::{self, Upload},
};

const LONGEST_TEXT: usize = 5_000;
const LONGEST_LINE: usize = 500;
const LONGEST_NAME: usize = 100;

/// The parts of a name and of an address, with what a browser knows them by (WCAG 2.2, 1.3.5).
pub const NAME: [(&str, &str); 3] =
    [("first", "given-name"), ("prefix", "additional-name"), ("last", "family-name")];
pub const ADDRESS: [(&str, &str); 5] = [
    ("street", "address-line1"),
    ("number", "off"),
    ("addition", "off"),
    ("postcode", "postal-code"),
    ("city", "address-level2"),
];

/// What was sent, before anything is held against it: enough to tell which fields are asked.
pub fn raw(plan: &Plan, form: &Form) -> Answers {
    let mut answers = Answers::default();
    for field in &plan.fields {
        for value in form.all(&field.name()) {
            answers.put(field.id, "", value.trim());
        }
        let parts: &[(&str, &str)] = match field.kind {
            Ask::Name => &NAME,
            Ask::Address => &ADDRESS,
            _ => &[],
        };
        for (part, _) in parts {
            answers.put(field.id, part, form.get(&format!("{}-{part}", field.name())).trim());
        }
    }
    answers
}

/// Reads one field, noting what is wrong with it.
pub fn field(
    form: &mut Form,
    field: &Field,
    files: &[(String, String, Bytes)],
    answers: &mut Answers,
    uploads: &mut Vec<Upload>,
) {
    let (id, name) = (field.id, field.name());
    if field.required && !matches!(field.kind, Ask::Name | Ask::Address | Ask::File | Ask::Consent) {
        form.required(&name);
    }
    match field.kind {
        Ask::Short => answers.put(id, "", form.line(&name, LONGEST_LINE)),
        Ask::Long => answers.put(id, "", form.text(&name, LONGEST_TEXT)),
        Ask::Hidden => {
            let value: String = form.get(&name).chars().filter(|c| !c.is_control()).take(MOST_LINE).collect();
            answers.put(id, "", value);
        }
        Ask::One | Ask::Programme => {
            let options: Vec<(&str, &str)> =
                field.options.iter().map(|o| (o.code.as_str(), o.code.as_str())).collect();
            if let Some(code) = form.choice(&name, &options) {
                answers.put(id, "", code);
            }
        }
        Ask::Many => {
            let given: Vec<String> = form.all(&name).into_iter().map(str::to_owned).collect();
            let known = |code: &String| field.options.iter().any(|option| option.code == *code);
            if !given.iter().all(known) {
                form.fault(&name, say::choose_known());
            }
            for option in &field.options {
                if given.contains(&option.code) {
                    answers.put(id, "", option.code.as_str());
                }
            }
        }
        Ask::Date => {
            if let Some(day) = form.date(&name) {
                answers.put(id, "", day.to_string());
            }
        }
        Ask::Number => {
            let range = field.least.unwrap_or(i64::MIN)..=field.most.unwrap_or(i64::MAX);
            if let Some(number) = form.int(&name, range) {
                answers.put(id, "", number.to_string());
            }
        }
        Ask::Email => {
            if let Some(email) = form.email(&name) {
                answers.put(id, "", email);
            }
        }
        Ask::Phone => phone(form, field, answers),
        Ask::Name => parts(form, field, &NAME, &["first", "last"], answers),
        Ask::Address => address(form, field, answers),
        Ask::Consent => {
            if form.tick(&name) {
                answers.put(id, "", "yes");
            }
        }
        Ask::File => file(form, field, files, uploads),
        Ask::Text => {}
    }
}

fn phone(form: &mut Form, field: &Field, answers: &mut Answers) {
    let name = field.name();
    let typed = form.line(&name, 40);
    if typed.is_empty() {
        return;
    }
    if kring_formats::phone(&typed).is_none() {
        form.fault(&name, say::phone_unreadable());
    }
    answers.put(field.id, "", typed);
}

/// Every part by its own; required are those that everybody has.
fn parts(form: &mut Form, field: &Field, parts: &[(&str, &str)], needed: &[&str], answers: &mut Answers) {
    for (part, _) in parts {
        let name = format!("{}-{part}", field.name());
        if field.required && needed.contains(part) {
            form.required(&name);
        }
        answers.put(field.id, part, form.line(&name, LONGEST_NAME));
    }
}

fn address(form: &mut Form, field: &Field, answers: &mut Answers) {
    let before = answers.clone();
    parts(form, field, &ADDRESS, &["street", "number", "postcode", "city"], answers);
    // Half an address cannot be delivered to.
    let filled = |part: &str| !answers.part(field.id, part).is_empty();
    let some = answers != &before;
    for part in ["number", "postcode", "city"] {
        if some && !filled(part) {
            form.fault(&format!("{}-{part}", field.name()), say::address_half());
        }
    }
}

fn file(form: &mut Form, field: &Field, files: &[(String, String, Bytes)], uploads: &mut Vec<Upload>) {
    let name = field.name();
    match files.iter().find(|(of, _, _)| *of == name) {
        Some((_, called, bytes)) => {
            uploads.extend(upload::taken(form, &name, field.most_bytes(), called, bytes));
        }
        None if field.required => form.fault(&name, say::file_needed()),
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use kring_blocks::Phrase;
    use kring_core::Tongue;

    use super::*;

    fn read(kind: Ask, required: bool, sent: &[(&str, &str)]) -> (Answers, Form) {
        let nl: Tongue = "nl".parse().unwrap();
        let mut asked = Field::new(1, kind, Phrase::new(&nl, "?"));
        asked.required = required;
        asked.options = ["a", "b"]
            .map(|code| crate::plan::Opt { code: code.into(), label: Phrase::new(&nl, code) })
            .into();
        let mut form = Form::of(sent.iter().copied());
        let (mut answers, mut uploads) = (Answers::default(), Vec::new());
        field(&mut form, &asked, &[], &mut answers, &mut uploads);
        (answers, form)
    }

    #[test]
    fn a_name_and_an_address_are_read_by_their_parts() {
        let (answers, form) =
            read(Ask::Name, true, &[("f1-first", "Kim"), ("f1-prefix", "van der"), ("f1-last", "Berg")]);
        assert!(form.done().is_ok());
        assert_eq!(answers.part(1, "prefix"), "van der");
        let (_, form) = read(Ask::Name, true, &[("f1-first", "Kim")]);
        assert_eq!(form.first_fault(), Some("f1-last"));
        assert!(read(Ask::Address, false, &[]).1.done().is_ok(), "nothing at all is no address");
        let (_, form) = read(Ask::Address, false, &[("f1-street", "Kanaalweg")]);
        assert_eq!(form.faults().len(), 3, "half an address cannot be delivered to");
    }

    #[test]
    fn only_options_of_the_field_are_answers() {
        assert_eq!(read(Ask::Many, false, &[("f1", "b"), ("f1", "a")]).0.all(1), ["a", "b"]);
        assert!(read(Ask::Many, false, &[("f1", "z")]).1.done().is_err());
        assert!(read(Ask::One, false, &[("f1", "z")]).1.done().is_err());
        assert!(read(Ask::One, true, &[]).1.done().is_err());
        assert!(read(Ask::Consent, true, &[]).1.done().is_ok(), "a yes is never a duty");
        assert!(read(Ask::Phone, false, &[("f1", "bel maar")]).1.done().is_err());
        assert!(read(Ask::File, true, &[]).1.done().is_err());
    }
}
