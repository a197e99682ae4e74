//! Everything about a form is looked at before the public sees it: what it asks, in which languages, on what its conditions
//! hang, and what is to follow from an answer.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kring_core::{Lang, Result, Tongue};
use kring_frame::Tx;
use kring_lang::dates;
use kring_people::roles;
use kring_talks::topic;

use crate::{
    Words,
    plan::{Ask, Field, MOST_FIELDS, Plan, When},
};

/// What is wrong, or worth knowing, with a field; `None` for the form as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub field: Option<i64>,
    pub what: Found,
    /// It keeps the form from being published.
    pub stops: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    NoTitle,
    AsksNothing,
    TooMany,
    NoPurpose,
    NoThanks,
    /// An answer would belong to nobody, though something is to follow from it.
    NobodyBehind,
    /// The same, and nothing follows.
    Anonymous,
    NoTopic,
    NoQuestion,
    TopicGone,
    RoleGone,
    Past(Date),
    /// A language of the house that it is not offered in.
    NoTongue(Tongue),
    /// A language that lacks some text, or has it older than its source.
    Lacks(Tongue),
    Older(Tongue),
    NoLabel,
    /// The words of a yes must be there in every language: they are kept as what was agreed to.
    NoWords(Tongue),
    NoOptions,
    SameCode(String),
    /// A second field for what a person has once.
    Twice,
    SameName,
    NoName,
    NoFor,
    /// A yes that is a condition is none.
    ForcedYes,
    Unconfirmed,
    WhenGone,
    WhenLater,
    WhenCode(String),
    NotLast,
}

pub async fn check(tx: &mut Tx, plan: &Plan) -> Result<Vec<Finding>> {
    let today = dates::date_of(tx.now(), &tx.house().settings.zone);
    let mut found = alone(plan, today);
    let mut stop = |what| found.push(Finding { field: None, what, stops: true });
    if let Some(id) = plan.topic
        && !topic::active(tx).await?.iter().any(|known| known.id == id)
    {
        stop(Found::TopicGone);
    }
    if let Some(role) = &plan.role {
        let kinds = roles::kinds(tx).await?;
        if !kinds.iter().any(|kind| kind.key == *role && !kind.derived && kind.party == "person") {
            stop(Found::RoleGone);
        }
    }
    Ok(found)
}

pub fn stops(found: &[Finding]) -> bool {
    found.iter().any(|finding| finding.stops)
}

/// What can be said of a plan without looking at anything else.
pub fn alone(plan: &Plan, today: Date) -> Vec<Finding> {
    let mut all = Vec::new();
    let mut note = |what, stops| all.push(Finding { field: None, what, stops });
    if plan.title.get(&plan.source).is_empty() {
        note(Found::NoTitle, true);
    }
    if !plan.fields.iter().any(|field| field.kind.asks()) {
        note(Found::AsksNothing, true);
    }
    if plan.fields.len() > MOST_FIELDS {
        note(Found::TooMany, true);
    }
    if plan.purpose.is_none() {
        note(Found::NoPurpose, true);
    }
    let follows = plan.topic.is_some()
        || plan.role.is_some()
        || plan.asks
        || plan.fields.iter().any(|field| field.kind == Ask::Consent);
    if !plan.knows_who() {
        note(if follows { Found::NobodyBehind } else { Found::Anonymous }, follows);
    }
    if plan.asks && plan.topic.is_none() {
        note(Found::NoTopic, true);
    }
    if plan.asks && plan.first(Ask::Long).is_none() {
        note(Found::NoQuestion, true);
    }
    if let Some(until) = plan.until.filter(|until| *until < today) {
        note(Found::Past(until), true);
    }
    if plan.thanks.is_empty() {
        note(Found::NoThanks, false);
    }
    for lang in Lang::ALL {
        let tongue = Tongue::from(lang);
        if !plan.tongues.iter().any(|known| known.primary() == tongue.primary()) {
            note(Found::NoTongue(tongue), false);
        }
    }
    for tongue in &plan.tongues {
        if plan.is_missing(tongue) {
            note(Found::Lacks(tongue.clone()), false);
        }
        if plan.is_stale(tongue) {
            note(Found::Older(tongue.clone()), false);
        }
    }
    let mut seen = BTreeSet::new();
    let mut names = BTreeSet::new();
    for (at, field) in plan.fields.iter().enumerate() {
        let twice = field.kind.says_who() && !seen.insert(field.kind);
        let named = field.kind == Ask::Hidden && !names.insert(field.code.as_str());
        let whats = [twice.then_some((Found::Twice, true)), named.then_some((Found::SameName, true))];
        let whats = whats.into_iter().flatten().chain(of_field(plan, at, field));
        all.extend(whats.map(|(what, stops)| Finding { field: Some(field.id), what, stops }));
    }
    all
}

fn of_field(plan: &Plan, at: usize, field: &Field) -> Vec<(Found, bool)> {
    let mut found = Vec::new();
    let label = field.label.get(&plan.source);
    if label.is_empty() && field.kind != Ask::Hidden {
        found.push((Found::NoLabel, true));
    }
    if field.kind.chooses() {
        if field.options.is_empty() {
            found.push((Found::NoOptions, true));
        }
        let mut codes = BTreeSet::new();
        if let Some(same) = field.options.iter().find(|option| !codes.insert(&option.code)) {
            found.push((Found::SameCode(same.code.clone()), true));
        }
    }
    match field.kind {
        Ask::Hidden if !kring_blocks::is_code(&field.code) => found.push((Found::NoName, true)),
        Ask::Consent => {
            if field.purpose.is_none() || field.channel.is_empty() {
                found.push((Found::NoFor, true));
            }
            if field.required {
                found.push((Found::ForcedYes, true));
            }
            if !plan.confirm {
                found.push((Found::Unconfirmed, false));
            }
            let lacks = plan.tongues.iter().find(|tongue| field.label.is_missing(&plan.source, tongue));
            found.extend(lacks.map(|tongue| (Found::NoWords(tongue.clone()), true)));
        }
        // The pages before are carried along in the form, which a file cannot be.
        Ask::File if plan.fields.iter().skip(at + 1).any(|later| later.page) => {
            found.push((Found::NotLast, true));
        }
        _ => {}
    }
    if let Some(when) = &field.when {
        found.extend(of_condition(plan, at, when).map(|what| (what, true)));
    }
    found
}

fn of_condition(plan: &Plan, at: usize, when: &When) -> Option<Found> {
    let Some(earlier) = plan.place(when.field) else { return Some(Found::WhenGone) };
    if earlier >= at {
        return Some(Found::WhenLater);
    }
    let options = &plan.field(when.field)?.options;
    let gone = when.any.iter().find(|code| !options.iter().any(|option| option.code == **code));
    gone.map(|code| Found::WhenCode(code.clone()))
}

impl Finding {
    /// As a sentence, with the number of its field.
    pub fn said(&self, plan: &Plan, lang: Lang) -> String {
        let sentence = self.alone(lang);
        match self.field.and_then(|id| plan.place(id)) {
            Some(at) => Words(lang).at_field(i64::try_from(at + 1).unwrap_or_default(), sentence),
            None => sentence,
        }
    }

    /// The same beside its field.
    pub fn alone(&self, lang: Lang) -> String {
        let w = Words(lang);
        let plain = match &self.what {
            Found::NoTitle => w.found_no_title(),
            Found::AsksNothing => w.found_asks_nothing(),
            Found::NoPurpose => w.found_no_purpose(),
            Found::NoThanks => w.found_no_thanks(),
            Found::NobodyBehind => w.found_nobody_behind(),
            Found::Anonymous => w.found_anonymous(),
            Found::NoTopic => w.found_no_topic(),
            Found::NoQuestion => w.found_no_question(),
            Found::TopicGone => w.found_topic_gone(),
            Found::RoleGone => w.found_role_gone(),
            Found::NoLabel => w.found_no_label(),
            Found::NoOptions => w.found_no_options(),
            Found::Twice => w.found_twice(),
            Found::SameName => w.found_same_name(),
            Found::NoName => w.found_no_name(),
            Found::NoFor => w.found_no_for(),
            Found::ForcedYes => w.found_forced_yes(),
            Found::Unconfirmed => w.found_unconfirmed(),
            Found::WhenGone => w.found_when_gone(),
            Found::WhenLater => w.found_when_later(),
            Found::NotLast => w.found_not_last(),
            Found::TooMany => return w.found_too_many(i64::try_from(MOST_FIELDS).unwrap_or_default()),
            Found::Past(day) => return w.found_past(dates::date(*day, lang)),
            Found::NoTongue(tongue) => return w.found_no_tongue(tongue.name_in_own_words()),
            Found::Lacks(tongue) => return w.found_lacks(tongue.name_in_own_words()),
            Found::Older(tongue) => return w.found_older(tongue.name_in_own_words()),
            Found::NoWords(tongue) => return w.found_no_words(tongue.name_in_own_words()),
            Found::SameCode(code) => return w.found_same_code(code.as_str()),
            Found::WhenCode(code) => return w.found_when_code(code.as_str()),
        };
        plain.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use kring_blocks::Phrase;
    use kring_frame::Purpose;

    use super::*;
    use crate::plan::Opt;

    fn sound() -> Plan {
        let (nl, en) = (Tongue::from(Lang::Nl), Tongue::from(Lang::En));
        let both = |text: &str| {
            let mut phrase = Phrase::new(&nl, text);
            phrase.put(&nl, &en, text);
            phrase
        };
        let mut plan = Plan::new(nl.clone());
        plan.tongues.push(en.clone());
        (plan.title, plan.thanks, plan.purpose) = (both("T"), both("D"), Some(Purpose::Orientation));
        let field = |id, kind| Field::new(id, kind, both("?"));
        let (mut name, mut email) = (field(1, Ask::Name), field(2, Ask::Email));
        (name.required, email.required) = (true, true);
        let mut choice = field(3, Ask::One);
        choice.options = vec![Opt { code: "a".into(), label: both("A") }];
        let mut yes = field(4, Ask::Consent);
        (yes.purpose, yes.channel) = (Some(Purpose::Marketing), "mail".into());
        plan.fields = vec![name, email, choice, yes];
        plan
    }

    fn found(change: impl FnOnce(&mut Plan)) -> Vec<(Option<i64>, Found, bool)> {
        let mut plan = sound();
        change(&mut plan);
        let day = jiff::civil::date(2026, 11, 24);
        let found = alone(&plan, day);
        for lang in Lang::ALL {
            assert!(found.iter().all(|finding| finding.said(&plan, lang).len() > 10));
        }
        found.into_iter().map(|finding| (finding.field, finding.what, finding.stops)).collect()
    }

    #[test]
    fn a_sound_form_has_nothing_to_find() {
        assert_eq!(found(|_| {}), []);
    }

    #[test]
    fn each_fault_is_found_where_it_is() {
        let en = Tongue::from(Lang::En);
        let nl = Tongue::from(Lang::Nl);
        let when =
            |field, any: &[&str]| Some(When { field, any: any.iter().map(ToString::to_string).collect() });
        assert_eq!(found(|p| p.purpose = None), [(None, Found::NoPurpose, true)]);
        assert_eq!(found(|p| p.fields[3].required = true), [(Some(4), Found::ForcedYes, true)]);
        assert_eq!(found(|p| p.fields[2].when = when(4, &[])), [(Some(3), Found::WhenLater, true)]);
        assert_eq!(found(|p| p.fields[2].when = when(9, &[])), [(Some(3), Found::WhenGone, true)]);
        assert_eq!(
            found(|p| p.fields[3].when = when(3, &["b"])),
            [(Some(4), Found::WhenCode("b".into()), true)]
        );
        assert_eq!(found(|p| p.fields[2].kind = Ask::Email).last().unwrap(), &(Some(3), Found::Twice, true));
        assert_eq!(found(|p| p.fields[1].required = false), [(None, Found::NobodyBehind, true)]);
        assert_eq!(found(|p| p.asks = true).len(), 2, "no topic, and no question");
        assert_eq!(
            found(|p| p.fields[3].label = Phrase::new(&nl, "Ja")),
            [(None, Found::Lacks(en.clone()), false), (Some(4), Found::NoWords(en.clone()), true)]
        );
        assert_eq!(
            found(|p| {
                p.fields[2].label.put(&nl, &nl, "Anders");
            }),
            [(None, Found::Older(en), false)]
        );
        assert_eq!(
            found(|p| {
                p.fields[0].kind = Ask::File;
                p.fields[2].page = true;
            })
            .iter()
            .filter(|f| f.1 == Found::NotLast)
            .count(),
            1
        );
        assert!(found(|p| p.until = Some(jiff::civil::date(2026, 11, 23))).len() == 1);
    }
}
