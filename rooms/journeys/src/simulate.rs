//! A journey tried with a moving clock: for one person, real or made up, with everything they would see and every refusal; and
//! for ten thousand at once, with what it would ask of mailboxes, patience and colleagues.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, civil::Date, tz::TimeZone};
use kring_consent::{
    Age, Cap, Channel, Facts, Grant, MessageClass, Quiet, Recipient, Standing, approached, cap, facts_of,
    may, quiet_of,
};
use kring_core::{Result, Saying, Timestamp, Tongue};
use kring_flow::{Act, Event, Happening, Player, Seen, StepId, simulate};
use kring_frame::{PersonId, Tx, UnitId, rules::Rule};
use kring_lang::dates;
use roaring::RoaringBitmap;

use crate::plan::{Condition, Deed, IfFull, Laid, Mail, Plan, TaskKind, Trigger, What};

/// People in the large trial.
pub const MANY: usize = 10_000;

/// What somebody in a trial is and does.
#[derive(Clone, Debug, Default)]
pub struct Somebody {
    pub tongues: Vec<Tongue>,
    /// The conditions that hold of them.
    pub holds: BTreeSet<Condition>,
    /// What they answer to which step, and after how many days.
    pub answers: BTreeMap<StepId, (String, u32)>,
}

/// Somebody on a trial: what reaches them, and what they do because of it.
struct Playing<'a> {
    plan: &'a Plan,
    who: &'a Somebody,
    stand: &'a mut Stand,
    zone: &'a TimeZone,
    /// Of each deed in its order: when it reaches them, or why not; nothing for those that are no message.
    fates: Vec<Option<Fate>>,
}

/// When it reaches somebody, or why not.
pub type Fate = std::result::Result<Timestamp, Saying>;

impl Player<Deed, Condition> for Playing<'_> {
    fn holds(&self, condition: &Condition, _: Timestamp) -> bool {
        self.who.holds.contains(condition)
    }
    fn meet(&mut self, act: &Act<'_, Deed>, at: Timestamp) -> Vec<(Timestamp, Happening<Condition>)> {
        let fate = match act.deed {
            Deed::Mail(mail) => Some(self.stand.mail(self.plan, mail, at, self.zone)),
            Deed::Task(task) if task.kind == TaskKind::Call => Some(self.stand.call(self.plan).map(|()| at)),
            _ => None,
        };
        // Nobody answers what did not reach them.
        let reached = match &fate {
            None => Some(at),
            Some(fate) => fate.as_ref().ok().copied(),
        };
        self.fates.push(fate);
        let given = reached.and_then(|reached| Some((reached, self.who.answers.get(&act.step)?)));
        given
            .map(|(reached, (answer, days))| {
                let later = reached + SignedDuration::from_hours(24 * i64::from(*days));
                (later, Happening::Answers { step: act.step, answer: answer.clone() })
            })
            .into_iter()
            .collect()
    }
}

/// How somebody stands to being written to: what permission and patience would say, in a trial.
#[derive(Clone, Debug)]
pub struct Stand {
    pub mail: Facts,
    pub phone: Facts,
    pub cap: Option<Cap>,
    pub quiet: Quiet,
    /// When they were approached before, and, as the trial goes on, in it.
    pub approached: Vec<Timestamp>,
}

impl Stand {
    /// Somebody of whom nothing is known but whether they said yes.
    pub fn made_up(said_yes: bool, cap: Option<Cap>) -> Self {
        let facts = Facts {
            deceased: false,
            blocked: false,
            age: Age::Adult,
            standing: if said_yes { Standing::Consented } else { Standing::Silent },
            reachable: true,
            recipient: Recipient::Person,
            cold: false,
            paused: false,
        };
        Self { mail: facts, phone: facts, cap, quiet: Quiet::HOUSE, approached: Vec::new() }
    }

    pub async fn of(tx: &mut Tx, person: PersonId, plan: &Plan, unit: UnitId) -> Result<Self> {
        let mail = facts_of(tx, person, plan.purpose, Channel::Mail).await?;
        let phone = facts_of(tx, person, plan.purpose, Channel::Phone).await?;
        let (mut limit, mut before) = (None, Vec::new());
        if let Some(approach) = kring_consent::Approach::of_mail(plan.purpose) {
            let since = tx.now() - SignedDuration::from_hours(24 * 366);
            before = approached(tx, person, approach, since).await?;
            limit = Some(cap(tx, approach, Some(unit)).await?);
        }
        let quiet = quiet_of(tx, person).await?;
        Ok(Self { mail, phone, cap: limit, quiet, approached: before })
    }

    /// Whether a mail would go, and when: outside the quiet hours, and on a later day where its step says so. Taken, it counts.
    fn mail(&mut self, plan: &Plan, mail: &Mail, at: Timestamp, zone: &TimeZone) -> Fate {
        let verdict = may(&self.mail, plan.purpose, Channel::Mail, MessageClass::Announcement);
        if !verdict.allowed {
            return Err(verdict.reasons.into_iter().next().unwrap_or_else(crate::say::refused));
        }
        let Some(cap) = self.cap else { return Ok(self.quiet.after(at, zone)) };
        let days = match mail.if_full {
            IfFull::Skip => 0,
            IfFull::Postpone(days) => i64::from(days),
        };
        let mut refused = crate::say::refused();
        for day in 0..=days {
            let goes = self.quiet.after(at + SignedDuration::from_hours(24 * day), zone);
            match cap.grants(&self.approached, goes) {
                Grant::Granted => {
                    self.approached.push(goes);
                    return Ok(goes);
                }
                Grant::Refused(why) => refused = why,
            }
        }
        Err(refused)
    }

    fn call(&self, plan: &Plan) -> std::result::Result<(), Saying> {
        let verdict = may(&self.phone, plan.purpose, Channel::Phone, MessageClass::Announcement);
        if verdict.allowed {
            return Ok(());
        }
        Err(verdict.reasons.into_iter().next().unwrap_or_else(crate::say::refused))
    }
}

/// Something in a trial, in its order.
pub struct Shown<'p> {
    pub event: Event<'p, Deed, Condition>,
    /// Of a deed that reaches somebody: when, or why not.
    pub fate: Option<Fate>,
}

/// Plays a plan for one person.
pub fn play<'p>(
    laid: &'p Laid,
    plan: &Plan,
    who: &Somebody,
    stand: &mut Stand,
    seed: u64,
    (from, until): (Timestamp, Timestamp),
    zone: &TimeZone,
) -> Vec<Shown<'p>> {
    let mut playing = Playing { plan, who, stand, zone, fates: Vec::new() };
    let seen = simulate(laid, &mut playing, seed, from, until, zone);
    let mut fates = playing.fates.into_iter();
    seen.into_iter()
        .map(|event| {
            let met = matches!(&event.is, Seen::Did(act) if !act.too_late);
            let fate = if met { fates.next().flatten() } else { None };
            Shown { event, fate }
        })
        .collect()
}

/// Real people as they are now.
pub async fn person(tx: &mut Tx, person: PersonId, plan: &Plan, unit: UnitId) -> Result<(Somebody, Stand)> {
    let tongues = kring_talks::wording::reads(tx, person).await?;
    let mut holds = BTreeSet::new();
    for condition in plan.steps.conditions() {
        if tx.may_ask(&condition.rule()).await? && tx.fits(&condition.rule(), person).await? {
            holds.insert(*condition);
        }
    }
    let who = Somebody { tongues, holds, answers: BTreeMap::new() };
    Ok((who, Stand::of(tx, person, plan, unit).await?))
}

/// What is assumed in the large trial.
#[derive(Clone, Copy, Debug)]
pub struct Assumed {
    /// How many in a hundred answer a question.
    pub answer: u32,
    /// Days over which they begin.
    pub over: u32,
    /// Minutes that a task and a call take.
    pub task: u32,
    pub call: u32,
}

impl Default for Assumed {
    fn default() -> Self {
        Self { answer: 25, over: 30, task: 10, call: 8 }
    }
}

/// What ten thousand over two years come to.
#[derive(Clone, Debug, Default)]
pub struct Load {
    pub people: usize,
    pub real: bool,
    pub sent: u64,
    /// By the code of the reason, with its sentence.
    pub refused: BTreeMap<&'static str, (Saying, u64)>,
    pub tasks: u64,
    pub calls: u64,
    pub minutes: u64,
    /// Mails per day.
    pub days: BTreeMap<Date, u64>,
    pub outcomes: BTreeMap<String, u64>,
    /// Those still under way after two years.
    pub under_way: u64,
}

impl Load {
    /// The day on which most went, with how many.
    pub fn busiest(&self) -> Option<(Date, u64)> {
        self.days.iter().max_by_key(|(_, n)| **n).map(|(day, n)| (*day, *n))
    }

    /// Mails by month, from the first to the last.
    pub fn months(&self) -> Vec<(Date, u64)> {
        let mut months: BTreeMap<Date, u64> = BTreeMap::new();
        for (day, n) in &self.days {
            *months.entry(day.first_of_month()).or_default() += n;
        }
        months.into_iter().collect()
    }
}

/// Plays a plan for many: those in its segment, evenly chosen where they are more, or, where it has none, as many made-up ones
/// who have said yes.
pub async fn many(tx: &mut Tx, plan: &Plan, unit: UnitId, assumed: Assumed) -> Result<Load> {
    let zone = tx.house().settings.zone.clone();
    let from = tx.now();
    let today = dates::date_of(from, &zone);
    let until = crate::plan::two_years(today).to_zoned(zone.clone()).map_or(from, |zoned| zoned.timestamp());
    let chosen = chosen(tx, plan).await?;
    let members = members(tx, plan).await?;
    let limit = match kring_consent::Approach::of_mail(plan.purpose) {
        Some(approach) => Some(cap(tx, approach, Some(unit)).await?),
        None => None,
    };
    let laid = plan.laid();
    let mut load = Load { real: chosen.is_some(), ..Load::default() };
    let people: Vec<Option<u32>> = match chosen {
        Some(people) => people.into_iter().map(Some).collect(),
        None => vec![None; MANY],
    };
    load.people = people.len();
    for (n, person) in people.iter().enumerate() {
        let mut stand = match person {
            Some(id) => Stand::of(tx, PersonId::new(i64::from(*id)), plan, unit).await?,
            None => Stand::made_up(true, limit),
        };
        let seed = n as u64 + 1;
        let who = Somebody {
            holds: members
                .iter()
                .filter(|(_, of)| person.is_some_and(|id| of.contains(id)))
                .map(|(c, _)| *c)
                .collect(),
            answers: answers(plan, seed, assumed.answer),
            ..Somebody::default()
        };
        let hours = i64::from(assumed.over) * 24 * n as i64 / people.len().max(1) as i64;
        let begins = from + SignedDuration::from_hours(hours);
        let shown = play(&laid, plan, &who, &mut stand, seed, (begins, until), &zone);
        load.count(&shown, assumed, &zone);
    }
    Ok(load)
}

impl Load {
    fn count(&mut self, shown: &[Shown<'_>], assumed: Assumed, zone: &TimeZone) {
        let mut ended = false;
        for one in shown {
            match (&one.event.is, &one.fate) {
                (Seen::Did(act), Some(Ok(at))) if matches!(act.deed, Deed::Mail(_)) => {
                    self.sent += 1;
                    *self.days.entry(dates::date_of(*at, zone)).or_default() += 1;
                }
                (Seen::Did(act), Some(Ok(_))) if matches!(act.deed, Deed::Task(_)) => {
                    self.calls += 1;
                    self.minutes += u64::from(assumed.call);
                }
                (Seen::Did(_), Some(Err(why))) => {
                    self.refused.entry(why.code).or_insert_with(|| (why.clone(), 0)).1 += 1;
                }
                (Seen::Did(act), None) if matches!(act.deed, Deed::Task(_)) => {
                    self.tasks += 1;
                    self.minutes += u64::from(assumed.task);
                }
                (Seen::Ended(outcome), _) => {
                    ended = true;
                    *self.outcomes.entry(outcome.clone()).or_default() += 1;
                }
                _ => {}
            }
        }
        self.under_way += u64::from(!ended);
    }
}

/// Whom the plan begins with, when it says so.
async fn chosen(tx: &mut Tx, plan: &Plan) -> Result<Option<Vec<u32>>> {
    let Trigger::Joins(segment) = plan.start.by else { return Ok(None) };
    if !tx.may_ask(&Rule::Segment(segment)).await? {
        return Ok(None);
    }
    let all = tx.people_who(&Rule::Segment(segment)).await?.is;
    let every = (all.len() as usize).div_ceil(MANY).max(1);
    Ok(Some(all.iter().step_by(every).collect()))
}

async fn members(tx: &mut Tx, plan: &Plan) -> Result<Vec<(Condition, RoaringBitmap)>> {
    let mut members = Vec::new();
    let all: BTreeSet<Condition> = plan.steps.conditions().into_iter().copied().collect();
    for condition in all {
        if !tx.may_ask(&condition.rule()).await? {
            continue;
        }
        members.push((condition, tx.people_who(&condition.rule()).await?.is));
    }
    Ok(members)
}

/// What one of many answers: so many in a hundred, any of the answers alike, within five days.
fn answers(plan: &Plan, seed: u64, share: u32) -> BTreeMap<StepId, (String, u32)> {
    let mut given = BTreeMap::new();
    for step in plan.steps.all() {
        let What::Ask { answers, .. } = &step.what else { continue };
        let drawn = mix(seed, u64::from(step.id));
        if drawn % 100 < u64::from(share) && !answers.is_empty() {
            let which = (drawn >> 8) as usize % answers.len();
            if let Some(answer) = answers.get(which) {
                given.insert(step.id, (answer.clone(), (drawn >> 24) as u32 % 5));
            }
        }
    }
    given
}

/// An even draw, the same at each trial, so that two trials differ only by what was changed between them.
fn mix(seed: u64, of: u64) -> u64 {
    let mut z = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(of.wrapping_mul(0xBF58_476D_1CE4_E5B9));
    z = (z ^ (z >> 31)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 29)
}
