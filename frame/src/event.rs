//! What happened, told once. The declaration of an event feeds the timeline, handlers, webhooks and the API.

use kring_core::{Error, Result};
use kring_db::Told;
use serde::{Serialize, de::DeserializeOwned};

use crate::{OrganisationId, PersonId, Purpose, UnitId};

/// An event of the house. Payloads hold ids and small codes, never names, addresses or what people wrote.
pub trait Event: Serialize + DeserializeOwned {
    /// Stable for ever: it is in the log.
    const KIND: &'static str;
    const PURPOSE: Purpose;

    fn read(told: &Told) -> Result<Self> {
        serde_json::from_str(&told.payload).map_err(Error::broken)
    }
}

/// Whom and what an event is about.
#[derive(Clone, Copy, Debug, Default)]
pub struct About {
    pub person: Option<PersonId>,
    pub organisation: Option<OrganisationId>,
    pub unit: Option<UnitId>,
    /// The row in the telling room's table.
    pub subject: Option<i64>,
}

impl About {
    pub fn person(person: PersonId) -> Self {
        Self { person: Some(person), ..Self::default() }
    }
    pub fn organisation(organisation: OrganisationId) -> Self {
        Self { organisation: Some(organisation), ..Self::default() }
    }
    /// Also about this organisation: where somebody works, whom they speak for.
    #[must_use]
    pub fn at(self, organisation: OrganisationId) -> Self {
        Self { organisation: Some(organisation), ..self }
    }
    #[must_use]
    pub fn in_unit(self, unit: UnitId) -> Self {
        Self { unit: Some(unit), ..self }
    }
    #[must_use]
    pub fn subject(self, subject: i64) -> Self {
        Self { subject: Some(subject), ..self }
    }
}

macro_rules! events {
    ($($(#[$meta:meta])* $name:ident = $kind:literal for $purpose:ident { $($field:ident : $type:ty),* $(,)? })*) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
            pub struct $name { $(pub $field: $type),* }
            impl Event for $name {
                const KIND: &'static str = $kind;
                const PURPOSE: Purpose = Purpose::$purpose;
            }
        )*
        /// Every kind of event with the purpose it serves, for the catalogue.
        pub const CATALOGUE: &[(&str, Purpose)] = &[$(($kind, Purpose::$purpose)),*];
    };
}

events! {
    /// A person came to be known. `how`: form, import, staff, api.
    PersonAdded = "person.added" for Relation { how: String }
    /// Names, addresses or roles changed. `how` as above.
    PersonChanged = "person.changed" for Relation { how: String }
    /// A role was given: `kind` as the pack names it. The subject is the role.
    RoleGiven = "role.given" for Relation { kind: String }
    /// A role came to its end.
    RoleEnded = "role.ended" for Relation { kind: String }
    /// What follows from the roles of somebody became another: they are an alumnus now, or no longer.
    RoleDerived = "role.derived" for Relation {}
    /// Two people, or a person and an organisation, came to stand in a relation. The subject is the relationship.
    RelationshipMade = "relationship.made" for Relation { kind: String, other: Option<i64> }
    RelationshipEnded = "relationship.ended" for Relation { kind: String, other: Option<i64> }
    /// Two numbers turned out to be one person or one organisation; `gone` leads to the other from now on. The subject
    /// is the merge.
    Merged = "relation.merged" for Relation { gone: i64 }
    /// They were not, after all.
    Unmerged = "relation.unmerged" for Relation { gone: i64 }
    /// Somebody was forgotten: nothing but the number is left, and whoever kept something in memory lets go of it.
    PersonForgotten = "person.forgotten" for Relation {}
    OrganisationAdded = "organisation.added" for Relation { how: String }
    OrganisationChanged = "organisation.changed" for Relation { how: String }
    OwnerChanged = "owner.changed" for Relation { group: String, owner: Option<i64> }
    /// What a derived role means was decided anew, by the institution or by the unit it is about.
    DefinitionChanged = "definition.changed" for Relation { kind: String, version: i64 }
    /// Somebody wrote down what a colleague should know.
    NoteWritten = "note.written" for Relation {}
    /// The same between coaches.
    CoachingNoted = "coaching.noted" for Coaching {}
    /// A consent, withdrawal or objection was recorded in the ledger.
    ConsentChanged = "consent.changed" for Relation { purpose: String, channel: String, act: String }
    /// A message was planned; what became of it follows.
    MessagePlanned = "message.planned" for Service { purpose: String, channel: String }
    MessageSent = "message.sent" for Service { purpose: String, channel: String }
    /// `reason` is a code of the permission function or the relay.
    MessageRefused = "message.refused" for Service { purpose: String, channel: String, reason: String }
    MessageDoubtful = "message.doubtful" for Service { purpose: String, channel: String }
    /// Somebody asked something; the subject is the dialogue.
    QuestionAsked = "question.asked" for Service { topic: i64, channel: String }
    /// A person said something in a dialogue that was there already; the subject is the dialogue.
    DialogueHeard = "dialogue.heard" for Service { channel: String }
    /// A question reached the Serviceplein; the subject is the request, as below.
    /// `dialogue`: in which it was asked; events of earlier versions do not say it.
    RequestOpened = "request.opened" for Service { topic: i64, channel: String, dialogue: Option<i64> }
    RequestAnswered = "request.answered" for Service { turn: i64 }
    RequestClosed = "request.closed" for Service { topic: i64, closed_by: i64, outcome: String }
    RequestReopened = "request.reopened" for Service {}
    /// A question made that somebody wants to know something, or wants it again. The subject is the need, as below.
    NeedOpened = "need.opened" for Service { topic: i64, source: String }
    /// The question that it came from was closed, or what was written down was taken back.
    NeedClosed = "need.closed" for Service { topic: i64, answered: bool }
    /// It is open again: the question is, or somebody took back that it was settled.
    NeedReopened = "need.reopened" for Service { topic: i64 }
    /// Somebody of the house wrote down what a person wants to know. Beside `need.opened`, which has no line of its own on a
    /// timeline: the question that it came from has one.
    NeedNoted = "need.noted" for Service { topic: i64, source: String }
    /// Somebody of the house said that it was answered, or is no longer wanted.
    NeedSettled = "need.settled" for Service { topic: i64, answered: bool }
    /// Somebody was asked how it went.
    SurveyInvited = "survey.invited" for Research { survey: i64, request: i64 }
    /// Somebody was not asked; `reason` says why, since not asking is a decision too.
    SurveyNotInvited = "survey.not_invited" for Research { survey: Option<i64>, request: i64, reason: String }
    SurveyAnswered = "survey.answered" for Research { survey: i64, wants_contact: bool }
    /// "Please contact me" became a promise.
    CallbackWanted = "callback.wanted" for Service { due: i64 }
    CallbackAttempted = "callback.attempted" for Service { times: i64 }
    CallbackEscalated = "callback.escalated" for Service {}
    CallbackClosed = "callback.closed" for Service { outcome: String, kept: bool }
    /// Somebody is in contact now, until a day; `beside`: how many others said so before. The subject is the claim.
    ClaimMade = "claim.made" for Relation { until: String, beside: i64 }
    ClaimEnded = "claim.ended" for Relation {}
    /// An opportunity was passed on to a unit, perhaps to somebody in it. The subject is the tip, as below.
    TipGiven = "tip.given" for Relation { to: i64 }
    TipAnswered = "tip.answered" for Relation { accepted: bool }
    /// Nobody answered in ten working days.
    TipEscalated = "tip.escalated" for Relation {}
    /// `outcome`: won, lost, other.
    TipClosed = "tip.closed" for Relation { outcome: String }
    /// A segment was saved, put away or taken back; the subject is the segment.
    SegmentChanged = "segment.changed" for Relation { version: i64 }
    /// Somebody joined a segment that another system listens to, or left it; the subject is the segment. `cause`: the kind of
    /// the event that did it, or `day`; `because`: that event.
    SegmentJoined = "segment.joined" for Relation { cause: String, because: Option<i64> }
    SegmentLeft = "segment.left" for Relation { cause: String, because: Option<i64> }
    /// Somebody's engagement became another by an act of their own, or because two numbers turned out to be one person.
    EngagementChanged = "engagement.changed" for Relation {}
    /// A day went by, and what people did once counts for less. The subject is the day, as a number of days since 1 January 1970.
    EngagementAged = "engagement.aged" for Relation {}
    /// The engagement of everybody was worked out by another formula. The subject is the day, as above.
    EngagementReweighed = "engagement.reweighed" for Relation { version: i64 }
    /// A journey was published, paused, taken up again or ended; the subject is the journey.
    JourneyChanged = "journey.changed" for Relation { version: i64, state: String }
    /// Somebody began a journey. The subject is the run, as below.
    JourneyBegun = "journey.begun" for Relation { journey: i64, version: i64 }
    /// Somebody came to a step that tells other systems so.
    JourneyReached = "journey.reached" for Relation { journey: i64, code: String }
    /// Somebody answered a question of a journey.
    JourneyAnswered = "journey.answered" for Relation { journey: i64, step: i64, answer: String }
    JourneyEnded = "journey.ended" for Relation { journey: i64, outcome: String }
    /// A mailing was asked for, approved, begun, paused, stopped or is through; the subject is the mailing.
    MailingChanged = "mailing.changed" for Relation { campaign: i64, state: String }
    /// Somebody filled in a form. The subject is the answer. `topic`: what they want to know by it, where the form says so and it is
    /// no question to the desk, which has an event of its own.
    FormAnswered = "form.answered" for Relation { form: i64, version: i64, topic: Option<i64> }
    /// A form or a landing page was published or taken back; the subject is it.
    FormChanged = "form.changed" for Relation { version: i64, state: String }
    ImportFinished = "import.finished" for Relation { added: i64, changed: i64, refused: i64 }
    ImportUndone = "import.undone" for Relation { rows: i64 }
}
