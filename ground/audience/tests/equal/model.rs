//! A world kept the plain way: what the index is told, in maps and lists.

use std::collections::{BTreeMap, BTreeSet};

use kring_audience::{Act, Audience, Change, Moved, Value};
use kring_rules::{self as rules, Day, Link, Now, Rule, Span, Subject, Year};

use crate::{
    base::{ACTS, COUNTRIES, DETAILS, LIKES, PLACES, PROGRAMMES, ROLES, SECTORS, TIES},
    chance::Chance,
};

type Code = &'static str;

#[derive(Clone, Default)]
pub struct Person {
    pub id: i64,
    pub choices: BTreeMap<Code, Code>,
    pub likes: BTreeSet<Code>,
    pub score: Option<i64>,
    pub born: Option<Day>,
    pub consent: bool,
    pub acts: Vec<Act<'static>>,
    pub roles: Vec<Span<'static>>,
    pub ties: BTreeSet<(i64, Code)>,
}

#[derive(Clone, Default)]
pub struct Thing {
    pub id: i64,
    pub sector: Option<Code>,
    pub offers: BTreeSet<Code>,
    pub size: Option<i64>,
    pub founded: Option<Day>,
    pub hosts: bool,
}

pub struct World {
    pub now: Now,
    pub people: BTreeMap<i64, Person>,
    pub things: BTreeMap<i64, Thing>,
    pub segments: BTreeMap<i64, Rule>,
}

impl Subject for Person {
    fn id(&self) -> i64 {
        self.id
    }
    fn choice(&self, fact: &str) -> Option<&str> {
        self.choices.get(fact).copied()
    }
    fn tags(&self, fact: &str) -> Vec<&str> {
        if fact == "likes" { self.likes.iter().copied().collect() } else { Vec::new() }
    }
    fn number(&self, fact: &str) -> Option<i64> {
        self.score.filter(|_| fact == "score")
    }
    fn day(&self, fact: &str) -> Option<Day> {
        self.born.filter(|_| fact == "born")
    }
    fn flag(&self, fact: &str) -> bool {
        fact == "consent" && self.consent
    }
    fn acts(&self, fact: &str) -> Vec<rules::Act<'_>> {
        let kinds = ACTS.iter().find(|(key, _)| *key == fact).map_or(&[][..], |(_, kinds)| kinds);
        let of = self.acts.iter().filter(|act| kinds.contains(&act.kind));
        of.map(|act| rules::Act { day: act.day, detail: act.detail }).collect()
    }
    fn spans(&self, _: &str) -> Vec<Span<'_>> {
        self.roles.clone()
    }
    fn links(&self, _: &str) -> Vec<Link<'_>> {
        self.ties.iter().map(|&(to, kind)| Link { kind, to }).collect()
    }
}

impl Subject for Thing {
    fn id(&self) -> i64 {
        self.id
    }
    fn choice(&self, fact: &str) -> Option<&str> {
        self.sector.filter(|_| fact == "sector")
    }
    fn tags(&self, fact: &str) -> Vec<&str> {
        if fact == "offers" { self.offers.iter().copied().collect() } else { Vec::new() }
    }
    fn number(&self, fact: &str) -> Option<i64> {
        self.size.filter(|_| fact == "size")
    }
    fn day(&self, fact: &str) -> Option<Day> {
        self.founded.filter(|_| fact == "founded")
    }
    fn flag(&self, fact: &str) -> bool {
        fact == "hosts" && self.hosts
    }
}

impl rules::World for World {
    fn thing(&self, _: &str, id: i64) -> Option<&dyn Subject> {
        self.things.get(&id).map(|thing| thing as &dyn Subject)
    }
    fn linked(&self, _: &str, thing: i64) -> Vec<&dyn Subject> {
        let of = self.people.values().filter(|person| person.ties.iter().any(|(to, _)| *to == thing));
        of.map(|person| person as &dyn Subject).collect()
    }
    fn segment(&self, id: i64) -> Option<&Rule> {
        self.segments.get(&id)
    }
}

impl World {
    pub fn new(chance: &mut Chance) -> Self {
        let year = Year::starting(8, 1).unwrap();
        // Around the turn of that year half of the time, and before 1970 now and then.
        let start = match chance.below(4) {
            0 => -400,
            1 => 20_400,
            _ => 20_660,
        };
        let now = Now { today: Day::new(start + chance.between(0, 20)), year };
        Self { now, people: BTreeMap::new(), things: BTreeMap::new(), segments: BTreeMap::new() }
    }

    pub fn fill(&mut self, audience: &mut Audience, chance: &mut Chance) {
        for _ in 0..chance.below(120) + 5 {
            self.arrive(audience, chance);
        }
        for _ in 0..250 {
            self.change(audience, chance);
        }
    }

    /// In two shards, and with gaps.
    fn arrive(&mut self, audience: &mut Audience, chance: &mut Chance) -> Vec<Moved> {
        let id = i64::from(chance.below(90)) + if chance.one_in(3) { 65_500 } else { 0 };
        self.people.entry(id).or_insert_with(|| Person { id, ..Person::default() });
        audience.apply(&Change::Person(id)).unwrap()
    }

    fn somebody(&self, chance: &mut Chance) -> Option<i64> {
        let ids: Vec<&i64> = self.people.keys().collect();
        if ids.is_empty() { None } else { Some(*chance.pick(&ids)) }
    }

    fn recent(&self, chance: &mut Chance) -> Day {
        let back = if chance.one_in(6) { 400 } else { 45 };
        self.now.today.plus(chance.between(-back, 4))
    }

    fn act(&self, chance: &mut Chance) -> Act<'static> {
        let detail = (!chance.one_in(3)).then(|| chance.pick(&DETAILS));
        Act { kind: chance.below(3) as u8, day: self.recent(chance), detail }
    }

    /// One change at random, in the world and in the index.
    pub fn change(&mut self, audience: &mut Audience, chance: &mut Chance) -> Vec<Moved> {
        if chance.one_in(12) {
            return self.change_thing(audience, chance);
        }
        if chance.one_in(15) {
            return self.roll(audience, chance);
        }
        if chance.one_in(15) {
            return self.arrive(audience, chance);
        }
        let Some(id) = self.somebody(chance) else { return self.arrive(audience, chance) };
        let act = self.act(chance);
        let day = self.recent(chance);
        let other = self.somebody(chance);
        let today = self.now.today;
        let person = self.people.get_mut(&id).unwrap();
        let set = |fact, value| Change::Set { person: id, fact, value };
        match chance.below(20) {
            0 | 1 => {
                let (fact, of) =
                    if chance.one_in(2) { ("country", COUNTRIES) } else { ("programme", PROGRAMMES) };
                let code = (!chance.one_in(4)).then(|| chance.pick(&of));
                match code {
                    Some(code) => drop(person.choices.insert(fact, code)),
                    None => drop(person.choices.remove(fact)),
                }
                audience.apply(&set(fact, Value::Choice(code)))
            }
            2 | 3 => {
                let (code, on) = (chance.pick(&LIKES), !chance.one_in(3));
                if on {
                    person.likes.insert(code)
                } else {
                    person.likes.remove(code)
                };
                audience.apply(&set("likes", Value::Tag { code, on }))
            }
            4 => {
                // Mostly small, and at times so large that the column has to widen.
                let large = if chance.one_in(30) { i64::from(i32::MAX) } else { 1 };
                person.score = (!chance.one_in(4)).then(|| i64::from(chance.between(-3, 12)) * large);
                audience.apply(&set("score", Value::Number(person.score)))
            }
            5 => {
                person.born = (!chance.one_in(4)).then_some(day);
                audience.apply(&set("born", Value::Day(person.born)))
            }
            6 => {
                person.consent = chance.one_in(2);
                audience.apply(&set("consent", Value::Flag(person.consent)))
            }
            7..13 => {
                person.acts.push(act);
                audience.apply(&Change::Act { person: id, act })
            }
            13 => {
                // One that is known, or one that nobody knows of: nothing happens then.
                let at = chance.below(person.acts.len() as u32 + 1) as usize;
                let act = match at {
                    at if at < person.acts.len() => person.acts.remove(at),
                    _ if person.acts.contains(&act) => return Vec::new(),
                    _ => act,
                };
                audience.apply(&Change::NoAct { person: id, act })
            }
            14 => {
                person.roles = (0..chance.below(4))
                    .map(|_| {
                        let from = (!chance.one_in(4)).then(|| today.plus(chance.between(-30, 5)));
                        let long = chance.between(0, 30);
                        let to = (!chance.one_in(3)).then(|| from.unwrap_or(today).plus(long));
                        let place = (!chance.one_in(4)).then(|| chance.pick(&PLACES));
                        Span { kind: chance.pick(&ROLES), place, from, to }
                    })
                    .collect();
                audience.apply(&Change::Spans { person: id, fact: "role", spans: &person.roles })
            }
            15..18 => {
                let (to, kind, on) = (i64::from(chance.below(6)), chance.pick(&TIES), !chance.one_in(3));
                if on {
                    person.ties.insert((to, kind))
                } else {
                    person.ties.remove(&(to, kind))
                };
                audience.apply(&Change::Link { person: id, fact: "tie", kind, to, on })
            }
            18 => {
                self.people.remove(&id);
                audience.apply(&Change::Gone(id))
            }
            _ => {
                let into = other.unwrap();
                self.merge(id, into);
                audience.apply(&Change::Merged { from: id, into })
            }
        }
        .unwrap()
    }

    fn merge(&mut self, from: i64, into: i64) {
        if from == into {
            return;
        }
        let gone = self.people.remove(&from).unwrap();
        let stays = self.people.get_mut(&into).unwrap();
        for (fact, code) in gone.choices {
            stays.choices.entry(fact).or_insert(code);
        }
        stays.likes.extend(gone.likes);
        stays.score = stays.score.or(gone.score);
        stays.born = stays.born.or(gone.born);
        stays.consent |= gone.consent;
        stays.acts.extend(gone.acts);
        stays.roles.extend(gone.roles);
        stays.ties.extend(gone.ties);
    }

    fn roll(&mut self, audience: &mut Audience, chance: &mut Chance) -> Vec<Moved> {
        let days = match chance.below(12) {
            0 => 400,
            1 => -3,
            2..5 => chance.between(2, 12),
            _ => 1,
        };
        self.now.today = self.now.today.plus(days);
        audience.roll(self.now)
    }

    fn change_thing(&mut self, audience: &mut Audience, chance: &mut Chance) -> Vec<Moved> {
        let id = i64::from(chance.below(6));
        let Some(thing) = self.things.get_mut(&id).filter(|_| !chance.one_in(8)) else {
            let on = !self.things.contains_key(&id);
            if on {
                self.things.insert(id, Thing { id, ..Thing::default() });
            } else {
                self.things.remove(&id);
            }
            return audience.apply(&Change::Thing { fact: "tie", id, on }).unwrap();
        };
        let (fact, value) = match chance.below(5) {
            0 => {
                thing.sector = (!chance.one_in(4)).then(|| chance.pick(&SECTORS));
                ("sector", Value::Choice(thing.sector))
            }
            1 => {
                let (code, on) = (chance.pick(&LIKES), !chance.one_in(3));
                if on {
                    thing.offers.insert(code)
                } else {
                    thing.offers.remove(code)
                };
                ("offers", Value::Tag { code, on })
            }
            2 => {
                thing.size = (!chance.one_in(4)).then(|| i64::from(chance.between(-3, 12)));
                ("size", Value::Number(thing.size))
            }
            3 => {
                let back = chance.between(-40, 4);
                thing.founded = (!chance.one_in(4)).then(|| self.now.today.plus(back));
                ("founded", Value::Day(thing.founded))
            }
            _ => {
                thing.hosts = chance.one_in(2);
                ("hosts", Value::Flag(thing.hosts))
            }
        };
        audience.apply(&Change::SetThing { of: "tie", id, fact, value }).unwrap()
    }
}
