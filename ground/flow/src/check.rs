//! What is wrong with a plan, before anybody is on it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    plan::{By, DEEPEST, Flow, MOST_STEPS, Step, StepId, Until, What, When},
    program::{Op, Program},
};

/// A fault, at a step; `step` is `None` for the plan as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub step: Option<StepId>,
    pub fault: Fault,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    Empty,
    TooManySteps,
    TooDeep,
    /// Two steps have one number.
    Twice,
    /// It leads to, or asks about, a step that is not there.
    Nowhere(StepId),
    /// It asks for an answer to a step that asks nothing.
    AsksNothing(StepId),
    /// It asks for an answer that the question does not have.
    NoSuchAnswer(StepId, String),
    /// It asks how a wait ended that cannot end so.
    CannotEndSo(StepId),
    /// A question without answers.
    NoAnswers,
    /// Nothing but an event ends this wait: whom it passes by waits for ever.
    ForEver,
    /// A wait for nothing.
    ForNothing,
    /// A branch without a way, a split without parts, a repetition without steps.
    NoWays,
    /// The shares of a split are all nought.
    NoShares,
    /// Nobody can come here.
    Unreachable,
    /// One can go round here without any time going by.
    Spins,
    /// An end without a name.
    NoOutcome,
}

/// Every fault, in the order of the steps.
pub fn check<D: Clone, C: Clone>(flow: &Flow<D, C>) -> Vec<Problem> {
    let all = flow.all();
    let mut problems = Vec::new();
    let mut add = |step, fault| problems.push(Problem { step, fault });
    if all.is_empty() {
        add(None, Fault::Empty);
        return problems;
    }
    if all.len() > MOST_STEPS {
        add(None, Fault::TooManySteps);
        return problems;
    }
    if depth(&flow.steps) > DEEPEST {
        add(None, Fault::TooDeep);
        return problems;
    }
    let known: BTreeMap<StepId, &Step<D, C>> = all.iter().map(|step| (step.id, *step)).collect();
    let program = Program::of(flow);
    let (reached, spins) = (reached(&program), spins(&program));
    let mut seen = BTreeSet::new();
    for step in all {
        let mut faults = Vec::new();
        if !seen.insert(step.id) {
            faults.push(Fault::Twice);
        }
        match &step.what {
            What::Ask { answers, .. } if answers.is_empty() => faults.push(Fault::NoAnswers),
            What::Wait(wait) => {
                if wait.until.is_empty() && wait.at_most.is_none() {
                    faults.push(Fault::ForNothing);
                } else if wait.at_most.is_none() {
                    faults.push(Fault::ForEver);
                }
                for until in &wait.until {
                    if let Until::Answered(asked) = until {
                        faults.extend(answer(&known, *asked, &[]));
                    }
                }
            }
            What::Branch { ways, .. } => {
                if ways.is_empty() {
                    faults.push(Fault::NoWays);
                }
                for way in ways {
                    faults.extend(when(&known, &way.when));
                }
            }
            What::Split { parts } => {
                if parts.is_empty() {
                    faults.push(Fault::NoWays);
                } else if parts.iter().all(|part| part.share == 0) {
                    faults.push(Fault::NoShares);
                }
            }
            What::Repeat { until, steps, times } => {
                if steps.is_empty() || *times == 0 {
                    faults.push(Fault::NoWays);
                }
                if let Some(until) = until {
                    faults.extend(when(&known, until));
                }
            }
            What::GoTo(target) if !known.contains_key(target) => faults.push(Fault::Nowhere(*target)),
            What::End(outcome) if outcome.trim().is_empty() => faults.push(Fault::NoOutcome),
            _ => {}
        }
        if !reached.contains(&step.id) {
            faults.push(Fault::Unreachable);
        }
        if spins.contains(&step.id) {
            faults.push(Fault::Spins);
        }
        for fault in faults {
            add(Some(step.id), fault);
        }
    }
    problems
}

fn depth<D, C>(steps: &[Step<D, C>]) -> usize {
    steps
        .iter()
        .map(|step| 1 + step.lists().into_iter().map(|list| depth(list)).max().unwrap_or(0))
        .max()
        .unwrap_or(0)
}

fn answer<D, C>(known: &BTreeMap<StepId, &Step<D, C>>, asked: StepId, any_of: &[String]) -> Vec<Fault> {
    match known.get(&asked).map(|step| &step.what) {
        None => vec![Fault::Nowhere(asked)],
        Some(What::Ask { answers, .. }) => {
            let missing = any_of.iter().filter(|answer| !answers.contains(answer));
            missing.map(|answer| Fault::NoSuchAnswer(asked, answer.clone())).collect()
        }
        Some(_) => vec![Fault::AsksNothing(asked)],
    }
}

fn when<D, C>(known: &BTreeMap<StepId, &Step<D, C>>, when: &When<C>) -> Vec<Fault> {
    match when.bare() {
        When::Answered { step, any_of } => answer(known, *step, any_of),
        When::Ended { wait, by } => match known.get(wait).map(|step| &step.what) {
            None => vec![Fault::Nowhere(*wait)],
            Some(What::Wait(asked)) => {
                let can = match by {
                    By::Time => asked.at_most.is_some(),
                    By::Until(n) => usize::from(*n) < asked.until.len(),
                };
                if can { Vec::new() } else { vec![Fault::CannotEndSo(*wait)] }
            }
            Some(_) => vec![Fault::CannotEndSo(*wait)],
        },
        When::Holds(_) | When::Not(_) => Vec::new(),
    }
}

/// Where an operation may lead.
fn onward<D, C>(program: &Program<D, C>, place: usize) -> Vec<usize> {
    let Some((id, op)) = program.ops.get(place).copied() else { return Vec::new() };
    let next = place + 1;
    match op {
        Op::Deed | Op::Wait | Op::Enter => vec![next],
        Op::Way { no, .. } => vec![next, no],
        Op::Draw { from } => {
            let shares: Vec<u32> = match program.step(id).map(|step| &step.what) {
                Some(What::Split { parts }) => parts.iter().map(|part| part.share).collect(),
                _ => Vec::new(),
            };
            let drawn = shares.iter().enumerate().filter(|(_, share)| **share > 0);
            drawn.filter_map(|(n, _)| program.parts.get(from + n).copied()).collect()
        }
        Op::Round { out } => vec![next, out],
        Op::Jump { to } => vec![to],
        Op::End => Vec::new(),
    }
}

fn reached<D, C>(program: &Program<D, C>) -> BTreeSet<StepId> {
    let (mut open, mut passed) = (vec![0], BTreeSet::new());
    while let Some(place) = open.pop() {
        if passed.insert(place) {
            open.extend(onward(program, place));
        }
    }
    let comes_to = |(id, begin): (&StepId, &usize)| passed.contains(begin).then_some(*id);
    program.begins.iter().filter_map(comes_to).collect()
}

/// Steps that lie on a circle in which nothing takes time. A repetition counts its rounds, so it does not turn for ever; a jump
/// back does.
fn spins<D, C>(program: &Program<D, C>) -> BTreeSet<StepId> {
    let quick = |place: usize| match program.ops.get(place) {
        Some((id, Op::Wait)) => match program.step(*id).map(|step| &step.what) {
            Some(What::Wait(wait)) => !wait.takes_time(),
            _ => true,
        },
        _ => true,
    };
    let mut found = BTreeSet::new();
    for (place, (id, op)) in program.ops.iter().enumerate() {
        let jumps = matches!(program.step(*id).map(|step| &step.what), Some(What::GoTo(_)));
        let Op::Jump { to } = op else { continue };
        if !jumps || *to > place {
            continue;
        }
        // From where it leads back to itself, past nothing that waits.
        let (mut open, mut passed) = (vec![*to], BTreeSet::new());
        while let Some(at) = open.pop() {
            if at == place {
                found.insert(*id);
                break;
            }
            if quick(at) && passed.insert(at) {
                open.extend(onward(program, at));
            }
        }
    }
    found
}
