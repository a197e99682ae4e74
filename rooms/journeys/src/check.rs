//! Everything that a plan needs is looked at before anybody is on it: its steps, its texts in every language that is wanted,
//! what it refers to, and whether those whom it is for may be written to.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use kring_blocks::{Allowed, Problem as TextProblem, Trouble};
use kring_core::{Lang, Result, Timestamp};
use kring_flow::{Act, Fault, Happening, Player, Seen, StepId};
use kring_frame::{
    Purpose, Tx,
    rules::{Rule, Test},
};

use crate::{
    Words,
    journey::Journey,
    plan::{Condition, Deed, Plan, TaskKind, Trigger, What},
    sentence::{Names, numbers},
};

/// What is wrong, or worth knowing, at a step; `None` for the journey as a whole.
#[derive(Clone, Debug)]
pub struct Finding {
    pub step: Option<StepId>,
    pub what: Found,
    /// It keeps the journey from being published.
    pub stops: bool,
}

#[derive(Clone, Debug)]
pub enum Found {
    Flow(Fault),
    Text(TextProblem),
    /// A segment that is not there any more.
    SegmentGone(i64),
    /// A segment that asks what whoever looks may not ask: who goes which way would tell it.
    SegmentClosed(i64),
    JourneyGone(i64),
    /// A title is missing.
    Untitled,
    NoTopic,
    /// Of so many people in its segment so many may be written to for its purpose.
    Reached {
        of: u64,
        may: u64,
    },
    /// So many mails in its first days to whoever does nothing, where fewer are allowed; the rest will be left out.
    OverBudget {
        mails: i64,
        cap: i64,
        days: i64,
    },
}

pub async fn check(tx: &mut Tx, journey: &Journey, plan: &Plan) -> Result<Vec<Finding>> {
    let mut found: Vec<Finding> = kring_flow::check(&plan.steps)
        .into_iter()
        .map(|problem| Finding { step: problem.step, what: Found::Flow(problem.fault), stops: true })
        .collect();
    texts(plan, &kring_talks::wording::allowed(tx, Lang::default()).await?, &mut found);
    refers(tx, journey, plan, &mut found).await?;
    if plan.topic.is_none() {
        found.push(Finding { step: None, what: Found::NoTopic, stops: true });
    }
    reach(tx, plan, &mut found).await?;
    budget(tx, journey, plan, &mut found).await?;
    Ok(found)
}

/// Those that keep it from being published.
pub fn stops(found: &[Finding]) -> Vec<&Finding> {
    found.iter().filter(|finding| finding.stops).collect()
}

fn texts(plan: &Plan, allowed: &Allowed, found: &mut Vec<Finding>) {
    for step in plan.steps.all() {
        match &step.what {
            What::Do(Deed::Mail(mail)) | What::Ask { deed: Deed::Mail(mail), .. } => {
                for problem in kring_blocks::check(&mail.text, allowed) {
                    // A language that is missing falls back to another, which whoever publishes should know and may want.
                    let stops = problem.is_grave() && problem.what != Trouble::Missing;
                    found.push(Finding { step: Some(step.id), what: Found::Text(problem), stops });
                }
            }
            What::Do(Deed::Task(handed)) | What::Ask { deed: Deed::Task(handed), .. }
                if handed.title.trim().is_empty() =>
            {
                found.push(Finding { step: Some(step.id), what: Found::Untitled, stops: true });
            }
            What::Do(Deed::Tell(code)) if !kring_blocks::is_code(code) => {
                found.push(Finding { step: Some(step.id), what: Found::Untitled, stops: true });
            }
            _ => {}
        }
    }
}

/// Segments that it asks, with the step that does; `None` is the start.
fn asked(plan: &Plan) -> Vec<(Option<StepId>, i64)> {
    let mut asked = Vec::new();
    if let Trigger::Joins(id) = plan.start.by {
        asked.push((None, id));
    }
    for step in plan.steps.all() {
        let alone = crate::plan::Steps { steps: vec![step.clone()] };
        // What lies in it is looked at by itself.
        if matches!(step.what, What::Branch { .. } | What::Repeat { .. } | What::Wait(_)) {
            let own = alone.conditions().into_iter().map(|Condition::Segment(id)| (Some(step.id), *id));
            asked.extend(own);
        }
    }
    asked
}

async fn refers(tx: &mut Tx, journey: &Journey, plan: &Plan, found: &mut Vec<Finding>) -> Result<()> {
    let house = tx.house().clone();
    let segments: BTreeSet<i64> = match house.rooms.segments {
        Some(room) => (room.saved)(tx).await?.into_iter().map(|(id, _)| id).collect(),
        None => BTreeSet::new(),
    };
    for (step, id) in asked(plan) {
        if !segments.contains(&id) {
            found.push(Finding { step, what: Found::SegmentGone(id), stops: true });
        } else if !tx.may_ask(&Rule::Segment(id)).await? {
            found.push(Finding { step, what: Found::SegmentClosed(id), stops: true });
        }
    }
    let kinds = kring_people::roles::kinds(tx).await?;
    let journeys = crate::journey::all(tx).await?;
    for step in plan.steps.all() {
        // A role that a definition works out is nobody's to give.
        if let What::Do(Deed::Role { kind, .. }) = &step.what
            && !kinds.iter().any(|known| known.key == *kind && !known.derived)
        {
            found.push(Finding { step: Some(step.id), what: Found::Untitled, stops: true });
        }
        if let What::Do(Deed::Begin(id) | Deed::Stop(id)) = &step.what
            && !journeys.iter().any(|other| other.id.get() == *id && other.id != journey.id)
        {
            found.push(Finding { step: Some(step.id), what: Found::JourneyGone(*id), stops: true });
        }
    }
    Ok(())
}

/// Whether those in its segment may be written to. Counted by what they said last; the permission function decides for each
/// when it goes, and knows more.
async fn reach(tx: &mut Tx, plan: &Plan, found: &mut Vec<Finding>) -> Result<()> {
    let Trigger::Joins(segment) = plan.start.by else { return Ok(()) };
    let house = tx.house().clone();
    let known = match house.rooms.segments {
        Some(room) => (room.saved)(tx).await?.iter().any(|(id, _)| *id == segment),
        None => false,
    };
    if !known || !tx.may_ask(&Rule::Segment(segment)).await? {
        return Ok(());
    }
    let of = tx.count_people(&Rule::Segment(segment)).await?.is;
    for channel in ["mail", "phone"] {
        let is = |deed: &Deed| match deed {
            Deed::Mail(_) => channel == "mail",
            Deed::Task(handed) => channel == "phone" && handed.kind == TaskKind::Call,
            _ => false,
        };
        let first = plan.steps.all().into_iter().find(|step| match &step.what {
            What::Do(deed) | What::Ask { deed, .. } => is(deed),
            _ => false,
        });
        let Some(first) = first else { continue };
        let said = |list: &str| {
            Rule::fact(&format!("{channel}_{list}"), Test::AnyOf(vec![plan.purpose.to_string()]))
        };
        // A yes beforehand where the law asks one, else nobody who said no.
        let asks_yes = matches!(plan.purpose, Purpose::Marketing | Purpose::Alumni);
        let may = if asks_yes {
            Rule::All(vec![Rule::Segment(segment), said("yes")])
        } else {
            Rule::All(vec![Rule::Segment(segment), Rule::None(vec![said("no")])])
        };
        let may = tx.count_people(&may).await?.is;
        if may < of {
            found.push(Finding { step: Some(first.id), what: Found::Reached { of, may }, stops: false });
        }
    }
    Ok(())
}

/// Whether somebody who does nothing is written to more often in a month than anybody may be.
async fn budget(tx: &mut Tx, journey: &Journey, plan: &Plan, found: &mut Vec<Finding>) -> Result<()> {
    let Some(approach) = kring_consent::Approach::of_mail(plan.purpose) else { return Ok(()) };
    let cap = kring_consent::cap(tx, approach, Some(journey.unit)).await?;
    let from = tx.now();
    let until = from + SignedDuration::from_hours(24 * cap.days);
    let (laid, zone) = (plan.laid(), tx.house().settings.zone.clone());
    let seen = kring_flow::simulate(&laid, &mut Silent, 1, from, until, &zone);
    let is_mail = |event: &&kring_flow::Event<'_, Deed, Condition>| matches!(&event.is, Seen::Did(act) if matches!(act.deed, Deed::Mail(_)));
    let mails = i64::try_from(seen.iter().filter(is_mail).count()).unwrap_or(i64::MAX);
    if mails > cap.most {
        let what = Found::OverBudget { mails, cap: cap.most, days: cap.days };
        found.push(Finding { step: None, what, stops: false });
    }
    Ok(())
}

/// Whoever does nothing of their own accord, and of whom nothing holds.
struct Silent;

impl Player<Deed, Condition> for Silent {
    fn holds(&self, _: &Condition, _: Timestamp) -> bool {
        false
    }
    fn meet(&mut self, _: &Act<'_, Deed>, _: Timestamp) -> Vec<(Timestamp, Happening<Condition>)> {
        Vec::new()
    }
}

/// A finding as a sentence, with the number of its step.
pub fn said(names: &Names, plan: &Plan, finding: &Finding) -> String {
    let sentence = alone(names, plan, finding);
    match finding.step.and_then(|step| numbers(plan).get(&step).copied()) {
        Some(number) => Words(names.lang).at_step(i64::try_from(number).unwrap_or_default(), sentence),
        None => sentence,
    }
}

/// The same beside its step.
pub fn alone(names: &Names, plan: &Plan, finding: &Finding) -> String {
    let w = Words(names.lang);
    match &finding.what {
        Found::Flow(fault) => flow_said(names, plan, fault),
        Found::Text(problem) => {
            let (place, said) = (problem.place(), problem.saying());
            format!("{}: {}", place.in_lang(names.lang), said.in_lang(names.lang))
        }
        Found::SegmentGone(id) => w.fault_segment_gone(*id),
        Found::SegmentClosed(id) => w.fault_segment_closed(names.segment(*id)),
        Found::JourneyGone(id) => w.fault_journey_gone(*id),
        Found::Untitled => w.fault_untitled().to_owned(),
        Found::NoTopic => w.fault_no_topic().to_owned(),
        Found::Reached { of, may } => {
            let of = i64::try_from(*of).unwrap_or(i64::MAX);
            let may = i64::try_from(*may).unwrap_or(i64::MAX);
            w.fault_reached(of - may, of)
        }
        Found::OverBudget { mails, cap, days } => w.fault_over_budget(*mails, *days, *cap),
    }
}

fn flow_said(names: &Names, plan: &Plan, fault: &Fault) -> String {
    let w = Words(names.lang);
    let number =
        |step: &StepId| numbers(plan).get(step).map_or_else(|| step.to_string(), ToString::to_string);
    match fault {
        Fault::Empty => w.fault_empty().to_owned(),
        Fault::TooManySteps | Fault::TooDeep => w.fault_too_large().to_owned(),
        Fault::Twice => w.fault_twice().to_owned(),
        Fault::Nowhere(_) => w.fault_nowhere().to_owned(),
        Fault::AsksNothing(step) => w.fault_asks_nothing(number(step)),
        Fault::NoSuchAnswer(step, answer) => w.fault_no_such_answer(answer, number(step)),
        Fault::CannotEndSo(step) => w.fault_cannot_end_so(number(step)),
        Fault::NoAnswers => w.fault_no_answers().to_owned(),
        Fault::ForEver => w.fault_for_ever().to_owned(),
        Fault::ForNothing => w.fault_for_nothing().to_owned(),
        Fault::NoWays => w.fault_no_ways().to_owned(),
        Fault::NoShares => w.fault_no_shares().to_owned(),
        Fault::Unreachable => w.fault_unreachable().to_owned(),
        Fault::Spins => w.fault_spins().to_owned(),
        Fault::NoOutcome => w.fault_no_outcome().to_owned(),
    }
}
