//! The settings of one field, or of the form as a whole, as a form of our own: what they are now, and what was typed.

use kring_blocks::is_code;
use kring_consent::Channel;
use kring_core::{Lang, Tongue};
use kring_frame::Purpose;
use kring_lang::names::fold;
use kring_web::{Choice, Form};

use crate::{
    Words,
    plan::{Ask, Field, MOST_LINE, MOST_MEGABYTES, MOST_OPTIONS, MOST_TEXT, Opt, Plan, When},
    say,
};

/// What is shown of the settings of a field.
pub struct Settings {
    pub kind: &'static str,
    pub chooses: bool,
    pub says_who: bool,
    pub asks: bool,
    pub first: bool,
    pub whens: Vec<Choice>,
    pub channels: Vec<Choice>,
    pub purposes: Vec<Choice>,
    /// What the source says, beside the fields of a translation.
    pub source_label: String,
    pub source_hint: String,
    pub source_options: String,
    /// The same for the form as a whole.
    pub source_title: String,
    pub source_intro: String,
    pub source_thanks: String,
}

impl Settings {
    pub fn of(plan: &Plan, field: Option<&Field>, tongue: &Tongue, lang: Lang) -> Self {
        let w = Words(lang);
        let is_source = *tongue == plan.source;
        let source = |phrase: &kring_blocks::Phrase| {
            if is_source { String::new() } else { phrase.get(&plan.source).to_owned() }
        };
        let kind = field.map(|field| field.kind);
        let named = |purpose: Purpose| kring_people::Words(lang).find(&format!("purpose-{purpose}"));
        let channels = [Channel::Mail, Channel::Phone, Channel::Post];
        Self {
            kind: kind.map_or("form", Ask::key),
            chooses: kind.is_some_and(Ask::chooses),
            says_who: kind.is_some_and(Ask::says_who),
            asks: kind.is_some_and(Ask::asks),
            first: field.is_some_and(|field| plan.place(field.id) == Some(0)),
            whens: field.map(|field| whens(plan, field, lang)).unwrap_or_default(),
            channels: channels
                .iter()
                .map(|c| Choice::new(*c, w.find(&format!("channel-{c}")).unwrap_or_default()))
                .collect(),
            purposes: [Purpose::Marketing, Purpose::Alumni]
                .iter()
                .map(|purpose| Choice::new(*purpose, named(*purpose).unwrap_or_default()))
                .collect(),
            source_label: field.map(|field| source(&field.label)).unwrap_or_default(),
            source_hint: field.map(|field| source(&field.hint)).unwrap_or_default(),
            source_options: match field {
                Some(field) if !is_source => lines(field, &plan.source).replace('\n', " · "),
                _ => String::new(),
            },
            source_title: source(&plan.title),
            source_intro: source(&plan.intro),
            source_thanks: source(&plan.thanks),
        }
    }
}

/// The options as lines, `code = words`.
fn lines(field: &Field, tongue: &Tongue) -> String {
    let line = |option: &Opt| format!("{} = {}", option.code, option.label.get(tongue));
    field.options.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// On what a field can hang: what stands before it.
fn whens(plan: &Plan, field: &Field, lang: Lang) -> Vec<Choice> {
    let before = plan.fields.iter().take_while(|other| other.id != field.id);
    let mut choices = Vec::new();
    for earlier in before.filter(|earlier| earlier.kind.asks() && earlier.kind != Ask::File) {
        for option in &earlier.options {
            let when = When { field: earlier.id, any: vec![option.code.clone()] };
            let words = condition(plan, &when, lang);
            choices.push(Choice::new(format!("{}={}", earlier.id, option.code), words));
        }
        if !earlier.kind.chooses() {
            let when = When { field: earlier.id, any: Vec::new() };
            choices.push(Choice::new(earlier.id, condition(plan, &when, lang)));
        }
    }
    // One that names several options stays as it is until another is chosen.
    if let Some(when) = field.when.as_ref().filter(|when| when.any.len() > 1) {
        choices.push(Choice::new(written(when), condition(plan, when, lang)));
    }
    choices
}

fn written(when: &When) -> String {
    if when.any.is_empty() {
        when.field.to_string()
    } else {
        format!("{}={}", when.field, when.any.join("|"))
    }
}

fn read_when(text: &str) -> Option<When> {
    let (field, any) = text.split_once('=').unwrap_or((text, ""));
    let any = any.split('|').filter(|code| !code.is_empty()).map(str::to_owned).collect();
    Some(When { field: field.parse().ok()?, any })
}

/// "only if 3 is: on campus".
pub fn condition(plan: &Plan, when: &When, lang: Lang) -> String {
    let w = Words(lang);
    let tongue = Tongue::from(lang);
    let number = plan.place(when.field).map_or(0, |at| i64::try_from(at + 1).unwrap_or_default());
    let Some(field) = plan.field(when.field) else { return w.when_gone().to_owned() };
    let label = plan.say(&field.label, &tongue);
    if when.any.is_empty() {
        return w.when_answered(number, label);
    }
    let option = |code: &String| {
        let found = field.options.iter().find(|option| option.code == *code);
        found.map_or_else(|| code.clone(), |option| plan.say(&option.label, &tongue).to_owned())
    };
    w.when_is(number, label, when.any.iter().map(option).collect::<Vec<_>>().join(", "))
}

/// The settings as they are.
pub fn form_of(plan: &Plan, field: Option<&Field>, tongue: &Tongue) -> Form {
    let tick = |on: bool| if on { "on" } else { "" }.to_owned();
    let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
    match field {
        Some(field) => Form::of([
            ("label", field.label.get(tongue).to_owned()),
            ("hint", field.hint.get(tongue).to_owned()),
            ("options", lines(field, tongue)),
            ("required", tick(field.required)),
            ("page", tick(field.page)),
            ("always", tick(field.always)),
            ("when", field.when.as_ref().map(written).unwrap_or_default()),
            ("for", field.purpose.map(|purpose| purpose.to_string()).unwrap_or_default()),
            ("channel", field.channel.clone()),
            ("least", number(field.least)),
            ("most", number(field.most)),
            ("code", field.code.clone()),
        ]),
        None => Form::of([
            ("title", plan.title.get(tongue).to_owned()),
            ("intro", plan.intro.get(tongue).to_owned()),
            ("thanks", plan.thanks.get(tongue).to_owned()),
            ("purpose", plan.purpose.map(|purpose| purpose.to_string()).unwrap_or_default()),
            ("topic", plan.topic.map(|topic| topic.to_string()).unwrap_or_default()),
            ("asks", tick(plan.asks)),
            ("role", plan.role.clone().unwrap_or_default()),
            ("confirm", tick(plan.confirm)),
            ("until", plan.until.map(|day| day.to_string()).unwrap_or_default()),
        ]),
    }
}

/// What was typed about the form as a whole.
pub fn read_form(form: &mut Form, plan: &mut Plan, tongue: &Tongue) {
    let source = plan.source.clone();
    plan.title.put(&source, tongue, &form.line("title", MOST_LINE));
    plan.intro.put(&source, tongue, &form.text("intro", MOST_TEXT));
    plan.thanks.put(&source, tongue, &form.text("thanks", MOST_TEXT));
    plan.purpose = form.get("purpose").parse().ok();
    plan.topic = form.id("topic");
    plan.asks = form.tick("asks");
    plan.role = Some(form.line("role", 60)).filter(|role| !role.is_empty());
    plan.confirm = form.tick("confirm");
    plan.until = form.date("until");
}

/// What was typed about one field.
pub fn read_field(form: &mut Form, plan: &mut Plan, id: i64, tongue: &Tongue) {
    let source = plan.source.clone();
    let when = read_when(form.get("when")).filter(|_| !form.get("when").is_empty());
    let Some(field) = plan.fields.iter_mut().find(|field| field.id == id) else { return };
    let most = if field.kind == Ask::Text { MOST_TEXT } else { MOST_LINE };
    field.label.put(&source, tongue, &form.text("label", most));
    field.hint.put(&source, tongue, &form.line("hint", MOST_LINE));
    field.required = form.tick("required") && field.kind.asks() && field.kind != Ask::Consent;
    field.page = form.tick("page");
    field.always = form.tick("always") && field.kind.says_who();
    field.when = when;
    if field.kind.chooses() {
        options(form, field, &source, tongue);
    }
    match field.kind {
        Ask::Consent => {
            field.purpose = form.get("for").parse().ok();
            field.channel = form.get("channel").parse::<Channel>().map(|c| c.to_string()).unwrap_or_default();
        }
        Ask::Number => {
            field.least = form.int("least", -1_000_000_000..=1_000_000_000);
            field.most = form.int("most", -1_000_000_000..=1_000_000_000);
            if field.least.zip(field.most).is_some_and(|(least, most)| least > most) {
                form.fault("most", say::bounds_crossed());
            }
        }
        Ask::File => field.most = form.int("most", 1..=MOST_MEGABYTES),
        Ask::Hidden => field.code = form.line("code", 40),
        _ => {}
    }
}

/// In the first language lines make the options; in the others they only say them.
fn options(form: &mut Form, field: &mut Field, source: &Tongue, tongue: &Tongue) {
    let typed = form.text("options", (MOST_LINE + 50) * MOST_OPTIONS);
    let mut made: Vec<Opt> = Vec::new();
    for line in typed.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let coded = line.split_once('=').map(|(code, label)| (code.trim(), label.trim()));
        let (code, label) = match coded {
            Some((code, label)) if is_code(code) => (code.to_owned(), label),
            _ => (code_of(line, &made), line),
        };
        let label: String = label.chars().take(MOST_LINE).collect();
        let known = field.options.iter().find(|option| option.code == code);
        if tongue != source && known.is_none() {
            form.fault("options", say::option_unknown(code.as_str()));
            continue;
        }
        let mut phrase = known.map(|option| option.label.clone()).unwrap_or_default();
        phrase.put(source, tongue, &label);
        made.push(Opt { code, label: phrase });
    }
    if made.len() > MOST_OPTIONS {
        form.fault("options", say::too_many_options(i64::try_from(MOST_OPTIONS).unwrap_or_default()));
        return;
    }
    if tongue == source {
        field.options = made;
    } else {
        for option in made {
            if let Some(known) = field.options.iter_mut().find(|known| known.code == option.code) {
                known.label = option.label;
            }
        }
    }
}

/// "Op de campus" as `op-de-campus`: a code that says something in an export, where nobody thought of one.
fn code_of(line: &str, made: &[Opt]) -> String {
    let mut code = String::new();
    for c in fold(line).chars() {
        if c.is_ascii_alphanumeric() {
            code.push(c.to_ascii_lowercase());
        } else if !code.is_empty() && !code.ends_with('-') {
            code.push('-');
        }
    }
    let code: String = code.chars().take(30).collect();
    let code = code.trim_end_matches('-').to_owned();
    if code.is_empty() || made.iter().any(|option| option.code == code) {
        return (made.len() + 1).to_string();
    }
    code
}

#[cfg(test)]
mod tests {
    use kring_blocks::Phrase;

    use super::*;

    #[test]
    fn options_are_lines_and_their_codes_stay_when_the_words_change() {
        let (nl, en) = (Tongue::from(Lang::Nl), Tongue::from(Lang::En));
        let mut plan = Plan::new(nl.clone());
        plan.tongues.push(en.clone());
        plan.fields.push(Field::new(1, Ask::One, Phrase::new(&nl, "Hoe kom je?")));
        let mut typed =
            Form::of([("label", "Hoe kom je?"), ("options", "Op de campus\nonline = Online\n\n日本")]);
        read_field(&mut typed, &mut plan, 1, &nl);
        let codes: Vec<&str> = plan.fields[0].options.iter().map(|o| o.code.as_str()).collect();
        assert_eq!(codes, ["op-de-campus", "online", "3"]);
        let mut typed =
            Form::of([("label", "How?"), ("options", "op-de-campus = On campus\nonline = Online")]);
        read_field(&mut typed, &mut plan, 1, &en);
        assert_eq!(plan.fields[0].options[0].label.get(&en), "On campus");
        assert_eq!(plan.fields[0].options.len(), 3, "a translation takes nothing away");
        let mut typed = Form::of([("options", "elsewhere = Elsewhere")]);
        read_field(&mut typed, &mut plan, 1, &en);
        assert!(typed.error("options", Lang::En).is_some(), "nor adds anything");
    }

    #[test]
    fn a_condition_is_read_as_it_was_written() {
        for when in [
            When { field: 3, any: vec![] },
            When { field: 3, any: vec!["a".into()] },
            When { field: 3, any: vec!["a".into(), "b".into()] },
        ] {
            assert_eq!(read_when(&written(&when)), Some(when));
        }
        assert_eq!(read_when(""), None);
    }
}
