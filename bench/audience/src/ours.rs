//! The index under test.

use std::time::Instant;

use anyhow::Result;
use kring_audience::{Act, Audience, Change, Value};
use kring_rules::{Day, Now, Year};

use crate::{
    base::{Base, ORGANISATIONS, Person, TAGS, TODAY},
    engine::{Answer, ms},
    figure::Figure,
    schema::{CHOICES, fields},
    segments::Segment,
};

pub struct Ours {
    pub audience: Audience,
}

pub fn now(today: i32) -> Now {
    Now { today: Day::new(today), year: Year::starting(8, 1).unwrap_or(Year::CALENDAR) }
}

impl Ours {
    pub fn fill(base: &Base) -> Result<Self> {
        eprintln!("filling the index: {} people, {} events", base.people, base.events);
        // Making the people costs as much as taking them in: only the latter is the index's.
        let mut filling = 0.0;
        let mut audience = Audience::new(fields(), now(TODAY))?;
        for id in 1..=ORGANISATIONS {
            let id = i64::from(id);
            audience.apply(&Change::Thing { fact: "employer", id, on: true })?;
            let value = Value::Flag(Base::hosts(id as u32));
            audience.apply(&Change::SetThing { of: "employer", id, fact: "hosts", value })?;
        }
        let mut events = 0;
        let codes: Vec<String> = (0..5_000).map(|code: u32| code.to_string()).collect();
        let mut some = Vec::with_capacity(10_000);
        let mut everybody = base.everybody();
        loop {
            some.extend(everybody.by_ref().take(10_000));
            if some.is_empty() {
                break;
            }
            let began = Instant::now();
            for person in some.drain(..) {
                events += person.acts.len();
                take_in(&mut audience, &person, &codes)?;
            }
            filling += began.elapsed().as_secs_f64();
        }
        Figure::plain("people", f64::from(base.people), "people", 1).tell();
        Figure::plain("events", events as f64, "events", 1).tell();
        Figure::plain("filling", filling, "s", 1).tell();
        Figure::plain("memory_without_segments", audience.memory().total() as f64 / 1e6, "MB", 1).tell();
        Ok(Self { audience })
    }

    pub fn ask(&self, segment: &Segment) -> Result<Answer> {
        let began = Instant::now();
        let count = self.audience.count(&segment.rule)?;
        let ms = ms(began);
        let members = self.audience.members(&segment.rule)?;
        Ok(Answer { count: count as i64, sum: members.iter().map(i64::from).sum(), ms })
    }
}

fn take_in(audience: &mut Audience, of: &Person, codes: &[String]) -> Result<()> {
    let person = i64::from(of.id);
    audience.apply(&Change::Person(person))?;
    let mut set = |fact, value| audience.apply(&Change::Set { person, fact, value });
    let code = |code: u32| codes.get(code as usize).map(String::as_str);
    let choices = [of.country, of.language, of.status, of.programme, of.city, of.source];
    for (fact, choice) in CHOICES.into_iter().zip(choices) {
        set(fact, Value::Choice(code(choice)))?;
    }
    set("intake", Value::Number(Some(i64::from(of.intake))))?;
    set("score", Value::Number(Some(i64::from(of.score))))?;
    set("born", Value::Day(Some(Day::new(of.born))))?;
    set("consent", Value::Flag(of.consent))?;
    for ((fact, _, _), tags) in TAGS.iter().zip(&of.tags) {
        for tag in tags {
            set(fact, Value::Tag { code: code(*tag).unwrap_or_default(), on: true })?;
        }
    }
    if let Some(employer) = of.employer {
        let to = i64::from(employer);
        audience.apply(&Change::Link { person, fact: "employer", kind: "works", to, on: true })?;
    }
    let act = |&(kind, day): &(u8, i32)| Act { kind, day: Day::new(day), detail: None };
    let acts: Vec<Act<'_>> = of.acts.iter().map(act).collect();
    audience.apply(&Change::Acts { person, acts: &acts })?;
    Ok(())
}
