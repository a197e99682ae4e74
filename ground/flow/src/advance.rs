//! The one function by which a journey goes on: state + cue + world → state, deeds, and what it waits for.

use jiff::tz::TimeZone;
use kring_core::Timestamp;

use crate::{
    plan::{By, Late, StepId, Until, Wait, What, When},
    program::{Op, Program},
    state::State,
};

/// Operations in one turn. A plan that passed the check does not come near: between two waits it has a few.
const FUEL: u32 = 5_000;

/// What happened to somebody who is on a journey.
#[derive(Debug, PartialEq, Eq)]
pub enum Cue<'a, C> {
    Begin,
    /// The clock: nothing happens before a state is due.
    Time,
    Answered {
        step: StepId,
        answer: &'a str,
    },
    /// Something was told of the person.
    Happened {
        kind: &'a str,
        detail: Option<&'a str>,
    },
    /// A condition came to hold.
    Became(&'a C),
}

// By hand: derived, it would ask that conditions are `Copy`, too.
impl<C> Clone for Cue<'_, C> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<C> Copy for Cue<'_, C> {}

/// What a turn asks of the world. The same questions get the same answers within a turn.
pub trait World<C> {
    fn now(&self) -> Timestamp;
    fn zone(&self) -> &TimeZone;
    /// Whether a condition holds; `None` when that has not been looked up yet, see [`Unknown`].
    fn holds(&self, condition: &C) -> Option<bool>;
    /// A number that belongs to this run, from which chance is drawn.
    fn seed(&self) -> u64;
}

/// The turn needs to know this. Look it up and take the turn again: nothing has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown<C>(pub C);

/// Something to be done.
#[derive(Debug, PartialEq, Eq)]
pub struct Act<'p, D> {
    pub step: StepId,
    /// The how-manieth visit to this step, from nought.
    pub visit: u32,
    /// The how-manieth deed of this run, from nought: the name of this act.
    pub deed_no: u32,
    pub deed: &'p D,
    /// It is too late for it, by the rule of the step: note it and leave it.
    pub too_late: bool,
}

/// How it came to where it is: what a person is told who asks why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trace {
    Waited { step: StepId, by: By },
    Took { step: StepId, way: usize },
    TookNone { step: StepId },
    Drew { step: StepId, part: usize },
    Round { step: StepId, round: u32 },
    Left { step: StepId },
}

#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    Waiting,
    /// With the outcome; the empty one when the plan came to its end without naming any.
    Ended(String),
    /// It went round without waiting. A plan that passed the check does not.
    Stuck,
}

#[derive(Debug)]
pub struct Turn<'p, D> {
    pub state: State,
    pub acts: Vec<Act<'p, D>>,
    pub trace: Vec<Trace>,
    pub next: Next,
    /// The cue was for this run: something became of it. Otherwise the state is what it was.
    pub moved: bool,
}

/// Takes one turn.
pub fn advance<'p, D, C: Clone + PartialEq>(
    program: &'p Program<D, C>,
    state: State,
    cue: Cue<'_, C>,
    world: &impl World<C>,
) -> Result<Turn<'p, D>, Unknown<C>> {
    let late = match (cue, state.due) {
        (Cue::Time, Some(due)) => world.now().duration_since(due).as_hours(),
        _ => 0,
    };
    let mut turn = Turn { state, acts: Vec::new(), trace: Vec::new(), next: Next::Waiting, moved: false };
    if let Cue::Answered { step, answer } = cue
        && program.asks_for_answer(step)
    {
        turn.state.kept.answers.insert(step, answer.to_owned());
        turn.moved = true;
    }
    let from = match (cue, turn.state.at) {
        (Cue::Begin, None) if turn.state.deeds == 0 => 0,
        (_, Some(at)) => {
            let Some(What::Wait(wait)) = program.step(at).map(|step| &step.what) else { return Ok(turn) };
            let Some(by) = ends(wait, cue, &turn.state, world) else { return Ok(turn) };
            end_wait(program, &mut turn, at, by);
            program.begins.get(&at).map_or(0, |place| place + 1)
        }
        _ => return Ok(turn),
    };
    turn.moved = true;
    go(program, &mut turn, from, late, world)?;
    Ok(turn)
}

/// What a state waits for, beside the clock.
pub fn awaits<'p, D, C>(program: &'p Program<D, C>, state: &State) -> &'p [Until<C>] {
    match state.at.and_then(|at| program.step(at)).map(|step| &step.what) {
        Some(What::Wait(wait)) => &wait.until,
        _ => &[],
    }
}

/// What of a wait this cue ends.
fn ends<C: PartialEq>(wait: &Wait<C>, cue: Cue<'_, C>, state: &State, world: &impl World<C>) -> Option<By> {
    let met = |until: &Until<C>| match (until, cue) {
        (Until::Happens { kind, detail }, Cue::Happened { kind: told, detail: of }) => {
            kind == told && (detail.is_none() || detail.as_deref() == of)
        }
        (Until::Holds(condition), Cue::Became(became)) => condition == became,
        (Until::Answered(asked), Cue::Answered { step, .. }) => *asked == step,
        _ => false,
    };
    if let Some(n) = wait.until.iter().position(met) {
        return Some(By::Until(u8::try_from(n).unwrap_or(u8::MAX)));
    }
    // The clock may have been put back since it was set: a timer never goes off early.
    let is_due = state.due.is_some_and(|due| due <= world.now());
    (matches!(cue, Cue::Time) && is_due).then_some(By::Time)
}

/// What ends a wait as it begins: an answer that is there already, a condition that holds already.
fn ended_before<C: Clone>(
    wait: &Wait<C>,
    state: &State,
    world: &impl World<C>,
) -> Result<Option<By>, Unknown<C>> {
    for (n, until) in wait.until.iter().enumerate() {
        let met = match until {
            Until::Happens { .. } => false,
            Until::Answered(step) => state.kept.answers.contains_key(step),
            Until::Holds(condition) => world.holds(condition).ok_or_else(|| Unknown(condition.clone()))?,
        };
        if met {
            return Ok(Some(By::Until(u8::try_from(n).unwrap_or(u8::MAX))));
        }
    }
    Ok(None)
}

fn end_wait<D, C>(program: &Program<D, C>, turn: &mut Turn<'_, D>, at: StepId, by: By) {
    let state = &mut turn.state;
    (state.at, state.since, state.due) = (None, None, None);
    if program.asks_how_it_ended(at) {
        state.kept.ended.insert(at, by);
    }
    turn.trace.push(Trace::Waited { step: at, by });
}

fn go<'p, D, C: Clone>(
    program: &'p Program<D, C>,
    turn: &mut Turn<'p, D>,
    from: usize,
    late: i64,
    world: &impl World<C>,
) -> Result<(), Unknown<C>> {
    let mut place = from;
    for _ in 0..FUEL {
        let Some((id, op)) = program.ops.get(place).copied() else { break };
        let what = program.step(id).map(|step| &step.what);
        place += 1;
        match (op, what) {
            (Op::Deed, Some(What::Do(deed) | What::Ask { deed, .. })) => {
                let visit = visit(program, &mut turn.state, id);
                // Asked anew, the answer of the last time is none to this.
                turn.state.kept.answers.remove(&id);
                let too_late = match program.step(id).map(|step| step.late) {
                    Some(Late::SkipAfter(hours)) => late > i64::from(hours),
                    _ => false,
                };
                turn.acts.push(Act { step: id, visit, deed_no: turn.state.deeds, deed, too_late });
                turn.state.deeds += 1;
            }
            (Op::Wait, Some(What::Wait(wait))) => {
                visit(program, &mut turn.state, id);
                if let Some(by) = ended_before(wait, &turn.state, world)? {
                    end_wait(program, turn, id, by);
                    continue;
                }
                let now = world.now();
                turn.state.at = Some(id);
                turn.state.since = Some(now);
                turn.state.due = wait.at_most.as_ref().map(|limit| limit.ends(now, world.zone()));
                return Ok(());
            }
            (Op::Way { n, no }, Some(What::Branch { ways, .. })) => {
                let Some(way) = ways.get(n) else { continue };
                if open(&way.when, &turn.state, world)? {
                    turn.trace.push(Trace::Took { step: id, way: n });
                } else {
                    if n + 1 == ways.len() {
                        turn.trace.push(Trace::TookNone { step: id });
                    }
                    place = no;
                }
            }
            (Op::Draw { from }, Some(What::Split { parts })) => {
                let visit = visit(program, &mut turn.state, id);
                let all: u64 = parts.iter().map(|part| u64::from(part.share)).sum();
                let mut drawn = chance(world.seed(), id, visit) % all.max(1);
                let part = parts.iter().position(|part| {
                    let here = drawn < u64::from(part.share);
                    drawn = drawn.saturating_sub(u64::from(part.share));
                    here
                });
                let part = part.unwrap_or_default();
                turn.trace.push(Trace::Drew { step: id, part });
                place = program.parts.get(from + part).copied().unwrap_or(place);
            }
            (Op::Enter, _) => {
                turn.state.kept.rounds.remove(&id);
            }
            (Op::Round { out }, Some(What::Repeat { times, until, .. })) => {
                let round = turn.state.kept.rounds.get(&id).copied().unwrap_or(0);
                let enough = match until {
                    Some(when) => round > 0 && open(when, &turn.state, world)?,
                    None => false,
                };
                if enough || round >= *times {
                    turn.state.kept.rounds.remove(&id);
                    turn.trace.push(Trace::Left { step: id });
                    place = out;
                } else {
                    turn.state.kept.rounds.insert(id, round + 1);
                    turn.trace.push(Trace::Round { step: id, round: round + 1 });
                }
            }
            (Op::Jump { to }, _) => place = to,
            (Op::End, what) => {
                turn.next = Next::Ended(match what {
                    Some(What::End(outcome)) => outcome.clone(),
                    _ => String::new(),
                });
                return Ok(());
            }
            _ => {}
        }
    }
    turn.next = Next::Stuck;
    Ok(())
}

/// Counts a visit where one can come more than once.
fn visit<D, C>(program: &Program<D, C>, state: &mut State, id: StepId) -> u32 {
    if !program.comes_again(id) {
        return 0;
    }
    let visits = state.kept.visits.entry(id).or_insert(0);
    let this = *visits;
    *visits += 1;
    this
}

fn open<C: Clone>(when: &When<C>, state: &State, world: &impl World<C>) -> Result<bool, Unknown<C>> {
    Ok(match when {
        When::Holds(condition) => world.holds(condition).ok_or_else(|| Unknown(condition.clone()))?,
        When::Not(inner) => !open(inner, state, world)?,
        When::Answered { step, any_of } => {
            let answer = state.kept.answers.get(step);
            answer.is_some_and(|answer| any_of.is_empty() || any_of.contains(answer))
        }
        When::Ended { wait, by } => state.kept.ended.get(wait) == Some(by),
    })
}

/// SplitMix64 (Steele, Lea, Flood 2014) over run, step and visit: even, and the same on every machine for ever.
fn chance(seed: u64, step: StepId, visit: u32) -> u64 {
    let mut z = seed
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .wrapping_add((u64::from(step) << 32) | u64::from(visit))
        .wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
