//! The plan of a journey: a nested, ordered list of steps. Its JSON form is what is stored with a version.

use serde::{Deserialize, Serialize};

use crate::moment::Limit;

/// A number within one journey, given once and never again: it stays what it is when steps are moved, and says in another
/// version whether a step is still the same.
pub type StepId = u32;

/// Steps that a plan may have, all levels together.
pub const MOST_STEPS: usize = 400;

/// Levels that may lie in each other.
pub const DEEPEST: usize = 12;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow<D, C> {
    pub steps: Vec<Step<D, C>>,
}

impl<D, C> Default for Flow<D, C> {
    fn default() -> Self {
        Self { steps: Vec::new() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step<D, C> {
    pub id: StepId,
    #[serde(flatten)]
    pub what: What<D, C>,
    /// What becomes of it when it comes late, after the house was down.
    #[serde(default, skip_serializing_if = "Late::is_shipped")]
    pub late: Late,
}

/// A step whose time has passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Late {
    /// It is done, however late.
    #[default]
    Do,
    /// It is left out when it is more than so many hours late; the journey goes on.
    SkipAfter(u32),
}

impl Late {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
    fn is_shipped(&self) -> bool {
        *self == Late::Do
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What<D, C> {
    /// Done at once, then on.
    Do(D),
    /// As `Do`, and one of these answers may come back, now or much later; a wait ends by it, a branch asks for it.
    Ask {
        deed: D,
        answers: Vec<String>,
    },
    Wait(Wait<C>),
    /// The first way that is open is taken; without any, `otherwise`.
    Branch {
        ways: Vec<Way<D, C>>,
        #[serde(default = "Vec::new")]
        otherwise: Vec<Step<D, C>>,
    },
    /// By chance, the same for one person at one visit whenever it is asked.
    Split {
        parts: Vec<Part<D, C>>,
    },
    /// Again and again: until something holds, and so many times at most.
    Repeat {
        times: u32,
        #[serde(default = "none", skip_serializing_if = "Option::is_none")]
        until: Option<When<C>>,
        steps: Vec<Step<D, C>>,
    },
    /// On with another step.
    GoTo(StepId),
    /// The end, with its outcome.
    End(String),
}

fn none<T>() -> Option<T> {
    None
}

/// Whatever comes first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait<C> {
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub until: Vec<Until<C>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Limit>,
}

impl<C> Wait<C> {
    /// Passing it takes time for certain: nothing ends it but the clock, or something that must happen anew.
    pub(crate) fn takes_time(&self) -> bool {
        let anew = self.until.iter().all(|until| matches!(until, Until::Happens { .. }));
        anew && self.at_most.as_ref().is_none_or(Limit::takes_time)
    }
}

/// What ends a wait before its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Until<C> {
    /// Something is told of the person: a kind, and of it perhaps only one detail.
    Happens {
        kind: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        detail: Option<String>,
    },
    /// A condition holds, now or from some moment on.
    Holds(C),
    /// An answer to an earlier step has come.
    Answered(StepId),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way<D, C> {
    pub when: When<C>,
    pub steps: Vec<Step<D, C>>,
}

/// What a way asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When<C> {
    Holds(C),
    Not(Box<When<C>>),
    /// The last answer to this step is one of these; without any named, whatever it is.
    Answered {
        step: StepId,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        any_of: Vec<String>,
    },
    /// How this wait ended the last time.
    Ended {
        wait: StepId,
        by: By,
    },
}

impl<C> When<C> {
    /// The question itself, whether or not it is denied.
    pub fn bare(&self) -> &When<C> {
        match self {
            When::Not(inner) => inner.bare(),
            other => other,
        }
    }
}

/// What ended a wait: its time, or the n-th of what it waited for, counted from nought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    Time,
    Until(u8),
}

/// One of the ways that chance takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part<D, C> {
    pub name: String,
    /// Its share of all parts together.
    pub share: u32,
    pub steps: Vec<Step<D, C>>,
}

impl<D, C> Step<D, C> {
    pub fn new(id: StepId, what: What<D, C>) -> Self {
        Self { id, what, late: Late::Do }
    }

    /// The lists of steps within it, in their order.
    pub fn lists(&self) -> Vec<&Vec<Step<D, C>>> {
        match &self.what {
            What::Branch { ways, otherwise } => {
                ways.iter().map(|way| &way.steps).chain([otherwise]).collect()
            }
            What::Split { parts } => parts.iter().map(|part| &part.steps).collect(),
            What::Repeat { steps, .. } => vec![steps],
            _ => Vec::new(),
        }
    }

    pub fn lists_mut(&mut self) -> Vec<&mut Vec<Step<D, C>>> {
        match &mut self.what {
            What::Branch { ways, otherwise } => {
                ways.iter_mut().map(|way| &mut way.steps).chain([otherwise]).collect()
            }
            What::Split { parts } => parts.iter_mut().map(|part| &mut part.steps).collect(),
            What::Repeat { steps, .. } => vec![steps],
            _ => Vec::new(),
        }
    }
}

impl<D, C> Flow<D, C> {
    /// Every step, a step before what lies in it.
    pub fn all(&self) -> Vec<&Step<D, C>> {
        fn walk<'a, D, C>(steps: &'a [Step<D, C>], found: &mut Vec<&'a Step<D, C>>) {
            for step in steps {
                found.push(step);
                for list in step.lists() {
                    walk(list, found);
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.steps, &mut found);
        found
    }

    pub fn step(&self, id: StepId) -> Option<&Step<D, C>> {
        self.all().into_iter().find(|step| step.id == id)
    }

    /// Whatever its waits and branches ask: every condition, in the order of the steps.
    pub fn conditions(&self) -> Vec<&C> {
        fn of<C>(when: &When<C>) -> Option<&C> {
            match when.bare() {
                When::Holds(c) => Some(c),
                _ => None,
            }
        }
        let mut found = Vec::new();
        for step in self.all() {
            match &step.what {
                What::Wait(wait) => found.extend(wait.until.iter().filter_map(|until| match until {
                    Until::Holds(c) => Some(c),
                    _ => None,
                })),
                What::Branch { ways, .. } => found.extend(ways.iter().filter_map(|way| of(&way.when))),
                What::Repeat { until, .. } => found.extend(until.iter().filter_map(of)),
                _ => {}
            }
        }
        found
    }
}
