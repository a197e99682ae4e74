//! The list of steps: each as a sentence, with its ways below it and a place to add after it.

use askama::Template;
use kring_core::{Error, Result};
use kring_flow::StepId;
use kring_web::Tone;

use crate::{
    Words,
    check::{self, Finding},
    plan::{Plan, Step, What},
    sentence::{self, Names},
};

/// The kinds of steps that can be added, in the order in which they are offered.
pub const KINDS: [&str; 13] = [
    "mail", "wait", "branch", "task", "call", "split", "repeat", "role", "begin", "stop", "tell", "goto",
    "end",
];

/// A list of steps within another, with what leads there.
struct Way {
    label: String,
    tone: Tone,
    /// Where a step that is added goes: `into-4-0`.
    spot: String,
    rows: Vec<String>,
}

#[derive(Template)]
#[template(path = "step.html")]
struct Row {
    w: Words,
    href: String,
    add: String,
    draft: i64,
    id: StepId,
    number: usize,
    icon: &'static str,
    tone: Tone,
    title: String,
    note: String,
    waiting: String,
    wrong: Vec<String>,
    here: bool,
    ways: Vec<Way>,
    may_edit: bool,
    kinds: Vec<(&'static str, &'static str)>,
}

/// What the list needs to know.
pub struct Shown<'a> {
    pub names: &'a Names,
    pub plan: &'a Plan,
    pub findings: &'a [Finding],
    /// How many wait at a step now.
    pub waiting: &'a [(StepId, String)],
    pub selected: Option<StepId>,
    pub journey: i64,
    pub draft: i64,
    pub may_edit: bool,
}

/// The kinds with their names.
pub fn kinds(w: Words) -> Vec<(&'static str, &'static str)> {
    KINDS.iter().map(|kind| (*kind, w.find(&format!("add-{kind}")).unwrap_or(kind))).collect()
}

impl Shown<'_> {
    pub fn list(&self, steps: &[Step]) -> Result<Vec<String>> {
        steps.iter().map(|step| self.row(step)).collect()
    }

    fn row(&self, step: &Step) -> Result<String> {
        let w = Words(self.names.lang);
        let said = sentence::step(self.names, self.plan, step);
        let numbers = sentence::numbers(self.plan);
        let mine = self.findings.iter().filter(|finding| finding.step == Some(step.id));
        let row = Row {
            w,
            href: format!("/journeys/{}?step={}#settings", self.journey, step.id),
            add: format!("/journeys/{}/steps", self.journey),
            draft: self.draft,
            id: step.id,
            number: numbers.get(&step.id).copied().unwrap_or_default(),
            icon: said.icon,
            tone: said.tone,
            title: said.title,
            note: said.note,
            waiting: self
                .waiting
                .iter()
                .find(|(id, _)| *id == step.id)
                .map(|(_, n)| n.clone())
                .unwrap_or_default(),
            wrong: mine.map(|finding| check::alone(self.names, self.plan, finding)).collect(),
            here: self.selected == Some(step.id),
            ways: self.ways(step)?,
            may_edit: self.may_edit,
            kinds: kinds(w),
        };
        row.render().map_err(Error::broken)
    }

    fn ways(&self, step: &Step) -> Result<Vec<Way>> {
        let w = Words(self.names.lang);
        let mut ways = Vec::new();
        let labels: Vec<(String, Tone)> = match &step.what {
            What::Branch { ways, .. } => ways
                .iter()
                .zip([Tone::Leaf, Tone::Sun, Tone::Sky, Tone::Plum, Tone::Coral].iter().cycle())
                .map(|(way, tone)| (sentence::when_said(self.names, self.plan, &way.when), *tone))
                .chain([(w.otherwise().to_owned(), Tone::Plain)])
                .collect(),
            What::Split { parts } => parts.iter().map(|part| (w.part(&part.name), Tone::Plain)).collect(),
            What::Repeat { .. } => vec![(w.each_round().to_owned(), Tone::Petrol)],
            _ => Vec::new(),
        };
        for ((n, list), (label, tone)) in step.lists().into_iter().enumerate().zip(labels) {
            ways.push(Way { label, tone, spot: format!("into-{}-{n}", step.id), rows: self.list(list)? });
        }
        Ok(ways)
    }
}
