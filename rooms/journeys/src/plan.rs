//! What a journey is made of: when it begins, what it is for, and its steps. Stored as JSON with each version.

use jiff::civil::Date;
use kring_blocks::Document;
use kring_core::Id;
use kring_flow::{Flow, Program, StepId};
use kring_frame::{Purpose, UnitId, rules::Rule, stored};
use kring_talks::Topic;
use serde::{Deserialize, Serialize};

/// The steps of a journey.
pub type Steps = Flow<Deed, Condition>;
pub type Step = kring_flow::Step<Deed, Condition>;
pub type What = kring_flow::What<Deed, Condition>;
pub type Laid = Program<Deed, Condition>;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub start: Start,
    /// What its messages are for: decides what the law asks and what counts against somebody's patience.
    pub purpose: Purpose,
    /// What its dialogues are about; there is one thread per person and topic.
    pub topic: Option<Id<Topic>>,
    /// It ends for whoever writes back to a person of ours, or is written to by one: the robot stays out.
    #[serde(default)]
    pub yields: bool,
    #[serde(flatten)]
    pub steps: Steps,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            start: Start { by: Trigger::Hand, again: Again::Never },
            purpose: Purpose::Orientation,
            topic: None,
            yields: true,
            steps: Steps::default(),
        }
    }
}

impl Plan {
    pub fn laid(&self) -> Laid {
        Program::of(&self.steps)
    }
    pub fn step(&self, id: StepId) -> Option<&Step> {
        self.steps.step(id)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    pub by: Trigger,
    pub again: Again,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// A person of ours begins it for somebody.
    Hand,
    /// Somebody joins a segment.
    Joins(i64),
    /// Something is told of somebody.
    Happens(Occasion),
}

/// A kind of event, and of it perhaps only one detail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occasion {
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// How often one person may begin it. Twice at a time never.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Again {
    Never,
    /// So many days after they last began.
    After(u32),
    Always,
}

/// What a branch or a wait asks: the house has one language for rules, and a saved segment is a rule with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    Segment(i64),
}

impl Condition {
    pub fn rule(self) -> Rule {
        match self {
            Condition::Segment(id) => Rule::Segment(id),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    Mail(Mail),
    /// A colleague does something, or phones.
    Task(Handed),
    /// Gives a role, or ends those of a kind that run.
    Role {
        kind: String,
        give: bool,
    },
    /// Begins another journey for the same person, or stops it.
    Begin(i64),
    Stop(i64),
    /// Tells other systems, by webhook, that somebody is here: under this code.
    Tell(String),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    pub text: Document,
    /// What becomes of it when somebody's patience is used up.
    #[serde(default)]
    pub if_full: IfFull,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IfFull {
    /// It is left out; the journey goes on.
    #[default]
    Skip,
    /// It is tried again each day, for so many days at most.
    Postpone(u32),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    pub kind: TaskKind,
    pub title: String,
    /// Who does it; the unit of the journey when none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// Working hours in which it is to be done.
    pub within: u32,
}

stored! {
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum TaskKind {
        Task = "task",
        Call = "call",
    }
}

/// The days of a plan's calendar, for the simulator.
pub fn two_years(from: Date) -> Date {
    from.saturating_add(jiff::Span::new().years(2))
}
