//! What people do that a plan can begin with, wait for or be measured by: events of the house, with the words that a colleague
//! knows them by.

use kring_core::{Lang, Result};
use kring_frame::{
    CallbackClosed, ConsentChanged, DialogueHeard, Event, FormAnswered, JourneyReached, NeedOpened,
    PersonAdded, QuestionAsked, RequestClosed, RoleDerived, RoleEnded, RoleGiven, SurveyAnswered, Told, Tx,
};
use kring_people::roles;
use kring_web::Choice;

use crate::{Words, topic};

/// A kind of event that may be chosen.
pub struct Known {
    pub kind: &'static str,
    label: fn(Words) -> &'static str,
    /// The field of its payload by which it can be narrowed, and what that names.
    pub detail: Option<(&'static str, Of)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Of {
    RoleKind,
    Topic,
    /// Whatever the fact of such happenings has codes for: of forms which one. The room that owns them says.
    Codes(&'static str),
    /// A word that only makes sense to whoever set it: a code of another journey.
    Code,
}

impl Known {
    pub fn label(&self, lang: Lang) -> &'static str {
        (self.label)(Words(lang))
    }
}

pub const ALL: &[Known] = &[
    Known { kind: RoleGiven::KIND, label: |w| w.when_role_given(), detail: Some(("kind", Of::RoleKind)) },
    Known { kind: RoleEnded::KIND, label: |w| w.when_role_ended(), detail: Some(("kind", Of::RoleKind)) },
    Known { kind: RoleDerived::KIND, label: |w| w.when_role_derived(), detail: None },
    Known { kind: PersonAdded::KIND, label: |w| w.when_person_added(), detail: None },
    Known { kind: QuestionAsked::KIND, label: |w| w.when_question(), detail: Some(("topic", Of::Topic)) },
    Known {
        kind: RequestClosed::KIND,
        label: |w| w.when_request_closed(),
        detail: Some(("topic", Of::Topic)),
    },
    Known { kind: DialogueHeard::KIND, label: |w| w.when_heard(), detail: None },
    Known { kind: NeedOpened::KIND, label: |w| w.when_need_opened(), detail: Some(("topic", Of::Topic)) },
    Known {
        kind: FormAnswered::KIND,
        label: |w| w.when_form(),
        detail: Some(("form", Of::Codes(FormAnswered::KIND))),
    },
    Known { kind: SurveyAnswered::KIND, label: |w| w.when_survey(), detail: None },
    Known { kind: CallbackClosed::KIND, label: |w| w.when_callback(), detail: None },
    Known { kind: ConsentChanged::KIND, label: |w| w.when_consent(), detail: None },
    Known { kind: JourneyReached::KIND, label: |w| w.when_reached(), detail: Some(("code", Of::Code)) },
];

/// The kinds, for whoever hears the log.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|known| known.kind)
}

pub fn known(kind: &str) -> Option<&'static Known> {
    ALL.iter().find(|known| known.kind == kind)
}

/// The detail of an event, as a plan names it.
pub fn detail(told: &Told) -> Option<String> {
    detail_of(&told.kind, &told.payload)
}

/// The same for an event that was looked up.
pub fn detail_of(kind: &str, payload: &str) -> Option<String> {
    let (field, _) = known(kind)?.detail?;
    let payload: serde_json::Value = serde_json::from_str(payload).ok()?;
    match payload.get(field)? {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What an event of this kind can be narrowed to.
pub async fn details(tx: &mut Tx, of: Of, lang: Lang) -> Result<Vec<Choice>> {
    Ok(match of {
        Of::RoleKind => {
            let kinds = roles::kinds(tx).await?;
            kinds.iter().map(|kind| Choice::new(&kind.key, kind.name(lang))).collect()
        }
        Of::Topic => {
            let topics = topic::active(tx).await?;
            topics.iter().map(|topic| Choice::new(topic.id, topic.name(lang))).collect()
        }
        Of::Codes(kind) => {
            let house = tx.house().clone();
            let mut facts = house.rooms.facts.list.iter();
            let of = facts.find(|fact| fact.happens.iter().any(|happens| happens.kind == kind));
            match of.and_then(|fact| fact.codes) {
                Some(codes) => codes(tx, lang)
                    .await?
                    .into_iter()
                    .map(|code| Choice::new(code.code, code.label))
                    .collect(),
                None => Vec::new(),
            }
        }
        Of::Code => Vec::new(),
    })
}

/// Everything that can be chosen, as one list: `kind`, or `kind=detail`.
pub async fn choices(tx: &mut Tx, lang: Lang) -> Result<Vec<Choice>> {
    let mut choices = Vec::new();
    for known in ALL {
        choices.push(Choice::new(known.kind, known.label(lang)));
        if let Some((_, of)) = known.detail {
            for detail in details(tx, of, lang).await? {
                let label = format!("{}: {}", known.label(lang), detail.label);
                choices.push(Choice::new(format!("{}={}", known.kind, detail.value), label));
            }
        }
    }
    Ok(choices)
}
