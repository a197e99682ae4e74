//! A year of questions, answers, opinions and promises, in the order in which they happen.

use std::{cmp::Reverse, collections::BinaryHeap};

use indicatif::ProgressBar;
use jiff::{SignedDuration, Timestamp};
use kring_consent::Channel;
use kring_core::{Id, Lang, Result};
use kring_desk::{After, Request, WORK_REQUESTS};
use kring_frame::{Actor, Hours, PersonId, Purpose, working_due};
use kring_surveys::{CALL_BACK, Given, Kind, Outcome, Wish};
use kring_talks::NewDialogue;

use super::{
    Meerland,
    people::{self, Somebody},
    words,
};

const QUESTIONS: u64 = 1_300;
/// Asked in the last hours, at whatever hour the demo is made: a desk without a question teaches nobody anything.
const FRESH: u64 = 14;
/// Of a hundred who are asked.
const ANSWER: u64 = 34;

/// What happens next, and to which request.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    Ask(usize),
    Answer(i64),
    Respond(i64),
    CallBack(PersonId),
    /// Somebody comes to be known.
    Arrive,
    /// Letters leave a moment after they are written.
    Post,
}

type When = Reverse<(Timestamp, u64, Act)>;

pub async fn live(
    m: &Meerland,
    mut everybody: Vec<Somebody>,
    newcomers: u32,
    bar: &ProgressBar,
) -> Result<()> {
    bar.set_message("a year of questions");
    bar.set_length(QUESTIONS + FRESH);
    bar.set_position(0);
    let mut plan: BinaryHeap<When> = BinaryHeap::new();
    let mut tie = 0;
    let mut push = |plan: &mut BinaryHeap<When>, at: Timestamp, act: Act| {
        tie += 1;
        plan.push(Reverse((at, tie, act)));
    };
    for _ in 0..QUESTIONS {
        push(&mut plan, moment(m), Act::Ask(somebody(m, &everybody)));
    }
    for _ in 0..FRESH {
        let ago = SignedDuration::from_mins(4 + m.chance.below(230) as i64);
        push(&mut plan, m.now - ago, Act::Ask(somebody(m, &everybody)));
    }
    for _ in 0..newcomers {
        push(&mut plan, moment(m), Act::Arrive);
    }
    while let Some(Reverse((at, _, act))) = plan.pop() {
        // What would happen after today has not happened.
        if at > m.now {
            break;
        }
        m.clock.set(at);
        match act {
            Act::Ask(who) => {
                bar.inc(1);
                if let Some(person) = everybody.get(who) {
                    let request = ask(m, person).await?;
                    push(&mut plan, answered_at(m, at), Act::Answer(request));
                }
            }
            Act::Answer(request) => {
                if answer(m, request).await? && m.chance.below(100) < ANSWER {
                    let later = SignedDuration::from_mins(20 + m.chance.below(2_200) as i64);
                    push(&mut plan, at + later, Act::Respond(request));
                }
            }
            Act::Respond(request) => {
                if let Some(person) = respond(m, request).await? {
                    let due = working_due(
                        at,
                        60 + m.chance.below(560) as i64,
                        &Hours::default(),
                        &m.house.settings.zone,
                    );
                    push(&mut plan, due, Act::CallBack(person));
                }
            }
            Act::CallBack(person) => call_back(m, person).await?,
            Act::Arrive => everybody.push(people::arrive(m).await?),
            Act::Post => {}
        }
        m.house.settle().await?;
        if !matches!(act, Act::Post | Act::Arrive) {
            push(&mut plan, at + SignedDuration::from_secs(25), Act::Post);
        }
    }
    m.clock.set(m.now);
    m.house.settle().await?;
    Ok(())
}

/// A moment in the year, busier in September and October and by day.
fn moment(m: &Meerland) -> Timestamp {
    loop {
        let at = m.now - SignedDuration::from_mins(m.chance.below(365 * 24 * 60) as i64);
        let local = at.to_zoned(m.house.settings.zone.clone());
        let month = match local.month() {
            9 => 24,
            10 => 15,
            2 | 8 => 13,
            7 => 4,
            _ => 9,
        };
        let hour = match local.hour() {
            9..=12 => 10,
            13..=17 => 7,
            18..=22 => 5,
            _ => 1,
        };
        if m.chance.below(24) < month && m.chance.below(10) < hour {
            return at;
        }
    }
}

fn somebody(m: &Meerland, everybody: &[Somebody]) -> usize {
    loop {
        let at = m.chance.below(everybody.len() as u64) as usize;
        if everybody.get(at).is_some_and(|s| m.chance.below(10) < s.asks) {
            return at;
        }
    }
}

/// Most answers come within the promise; the placement office has it harder.
fn answered_at(m: &Meerland, asked: Timestamp) -> Timestamp {
    let minutes = match m.chance.below(100) {
        0..60 => 20 + m.chance.below(160),
        60..90 => 180 + m.chance.below(300),
        _ => 600 + m.chance.below(1_500),
    };
    working_due(asked, i64::try_from(minutes).unwrap_or(60), &Hours::default(), &m.house.settings.zone)
}

async fn ask(m: &Meerland, who: &Somebody) -> Result<i64> {
    let at = words::weighted(&m.chance, words::TOPICS.iter().map(|t| t.share));
    let (Some(t), Some(topic)) = (words::TOPICS.get(at), m.topics.get(at)) else { return Ok(0) };
    let text = match who.lang {
        Lang::Nl => words::pick(&m.chance, t.asked_nl),
        Lang::En => words::pick(&m.chance, t.asked_en),
    };
    let mut tx = m.house.write(&Actor::visitor()).await?;
    let dialogue = kring_talks::open(
        &mut tx,
        &NewDialogue {
            person: who.id,
            unit: Some(topic.unit),
            topic: topic.key.clone(),
            purpose: Purpose::Service,
            lang: who.lang,
            channel: Channel::Mail,
        },
    )
    .await?;
    kring_talks::hear(&mut tx, dialogue, "form", who.lang, text).await?;
    let now = tx.now();
    let id = kring_desk::open_from(&mut tx, who.id, dialogue, topic.id, "form", now).await?;
    tx.commit().await?;
    Ok(id.get())
}

/// Answers and closes; `false` when nobody could.
async fn answer(m: &Meerland, request: i64) -> Result<bool> {
    let id: Id<Request> = Id::new(request);
    let first = m.chance.below(m.agents.len() as u64) as usize;
    for n in 0..m.agents.len() {
        let Some(agent) = m.agents.get((first + n) % m.agents.len()) else { continue };
        let permit = agent.permit(&WORK_REQUESTS)?;
        let mut tx = m.house.write(agent).await?;
        let Ok(found) = kring_desk::read(&mut tx, &permit, id).await else { continue };
        let text = match found.lang {
            Lang::Nl => words::pick(&m.chance, words::ANSWERS_NL),
            Lang::En => words::pick(&m.chance, words::ANSWERS_EN),
        };
        kring_desk::answer(&mut tx, &permit, id, found.version, text, After::Close).await?;
        tx.commit().await?;
        return Ok(true);
    }
    Ok(false)
}

/// Says how it was; the person, when contact is wanted.
async fn respond(m: &Meerland, request: i64) -> Result<Option<PersonId>> {
    let mut tx = m.house.write(&Actor::visitor()).await?;
    let Some(invitation) = kring_surveys::of_request(&mut tx, request).await? else { return Ok(None) };
    let mark = 1 + words::weighted(&m.chance, words::MARKS.iter().copied()) as i64;
    let face = match mark {
        ..=3 => 1,
        4..=5 => 2,
        6..=7 => 3,
        8 => 4,
        _ => 5,
    };
    let expected = 3 + m.chance.below(3) as i64;
    let mut given = Given::default();
    for q in kring_surveys::questions(&mut tx, m.survey).await? {
        match q.kind {
            Kind::Experience => given.numbers.push((q.id, face)),
            Kind::Expectation => given.numbers.push((q.id, expected)),
            Kind::Mark => given.numbers.push((q.id, mark)),
            Kind::Text if m.chance.below(100) < 35 => {
                let said = if mark >= 7 { words::PRAISE } else { words::COMPLAINTS };
                given.texts.push((q.id, words::pick(&m.chance, said).to_owned()));
            }
            Kind::Text | Kind::YesNo => {}
        }
    }
    let wanted = m.chance.below(100) < if mark <= 5 { 40 } else { 7 };
    if wanted {
        let phone = has_phone(&mut tx, invitation.person).await?;
        given.contact = Some(Wish {
            channel: if phone.is_some() { "phone" } else { "mail" },
            phone,
            moment: words::pick(&m.chance, &["any", "morning", "afternoon"]),
        });
    }
    kring_surveys::give(&mut tx, &invitation, &given).await?;
    tx.commit().await?;
    Ok(wanted.then_some(invitation.person))
}

async fn has_phone(tx: &mut kring_frame::Tx, person: PersonId) -> Result<Option<String>> {
    let all = kring_people::contact::of(tx, person).await?;
    Ok(all.into_iter().find(|c| c.kind == kring_people::contact::Kind::Phone).map(|c| c.value))
}

/// Somebody of the desk keeps the promise. One in three of the last weeks still lies there; what is older has been
/// found and done, as it would be by a team that sees it on its first page every morning.
async fn call_back(m: &Meerland, person: PersonId) -> Result<()> {
    let recent = m.now.duration_since(m.clock.now()) < SignedDuration::from_hours(24 * 14);
    if recent && m.chance.below(3) == 0 {
        return Ok(());
    }
    for agent in &m.agents {
        let permit = agent.permit(&CALL_BACK)?;
        let mut tx = m.house.write(agent).await?;
        let open = kring_surveys::open_callbacks(&mut tx, &permit).await?;
        let Some(promised) = open.into_iter().find(|c| c.person == person) else { continue };
        if m.chance.below(5) == 0 {
            kring_surveys::attempt(&mut tx, &permit, promised.id).await?;
        }
        kring_surveys::finish(&mut tx, &permit, promised.id, Outcome::Reached).await?;
        return tx.commit().await;
    }
    Ok(())
}
