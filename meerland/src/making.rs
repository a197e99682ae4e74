use crate::{
    calendar::{Day, Window, on},
    dice::Dice,
    names::Names,
    pack::Sector,
    people::{
        Basis, Birth, Email, EmailKind, EmailState, Gender, Identifier, Kinship, KinshipKind, Person, Phone,
        Role,
    },
    places,
    table::{Key, PersonKey, ProgrammeKey, Side, Table, UnitKey},
    world::{Settings, World},
};
use kring_core::Lang;

/// The world while it is made, with what the makers of one noun need to know of another's people.
pub(crate) struct Making {
    pub w: World,
    pub window: Window,
    pub sector: &'static Sector,
    pub names: Names,
    pub flags: Table<PersonKey, Flags>,
    pub alumni: Vec<PersonKey>,
    pub staff: Vec<Staffer>,
    pub students: Vec<PersonKey>,
    /// Students by the programme that they are in now.
    pub programme_of: Vec<(PersonKey, ProgrammeKey)>,
}

#[derive(Clone, Copy, Default)]
pub(crate) struct Flags {
    pub alumnus: bool,
    pub student: bool,
    pub staff: bool,
    pub ambassador: bool,
    /// Plays in something planted, so that nothing else is planted on the same person.
    pub planted: bool,
    pub gone: bool,
}

#[derive(Clone, Copy)]
pub(crate) struct Staffer {
    pub key: PersonKey,
    pub function: &'static str,
    pub unit: UnitKey,
    pub leaving: bool,
}

/// Somebody who comes to be known.
pub(crate) struct Newcomer {
    pub born: Day,
    pub gender: Gender,
    pub lang: Lang,
    pub km: f64,
    pub since: Day,
    pub source: &'static str,
    pub basis: Basis,
    pub unit: Option<UnitKey>,
    /// Shares with a valid mail address, a telephone number, a postal address.
    pub reach: (f64, f64, f64),
}

impl Making {
    pub fn settings(&self) -> Settings {
        self.w.settings
    }

    pub fn n(&self, full: f64) -> usize {
        self.w.settings.n(full)
    }

    pub fn dice(&self, noun: &str) -> Dice {
        Dice::of(self.w.settings.seed, noun)
    }

    pub fn today(&self) -> Day {
        self.window.today
    }

    pub fn side<V: Clone + Default>(&self) -> Side<PersonKey, V> {
        Side::of(self.w.people.len())
    }

    pub fn add(&mut self, dice: &Dice, new: &Newcomer) -> PersonKey {
        let key = PersonKey::from_at(self.w.people.len());
        let year = i32::from(on(new.born).year());
        let age = (new.since - new.born) / 365;
        let name = self.names.make(dice, new.gender, year, age.max((self.today() - new.born) / 365 - 3));
        let emails = if dice.hits(new.reach.0) { vec![mail(dice, &name, key)] } else { Vec::new() };
        let phones = if dice.hits(new.reach.1) { vec![phone(key)] } else { Vec::new() };
        let pronouns = match new.gender {
            Gender::X => dice.word(&["die/hun", "hen/hun", "they/them", ""]),
            _ if dice.hits(0.03) => dice.word(&["zij/haar", "hij/hem", "die/diens"]),
            _ => "",
        };
        let birth = match dice.unit() {
            u if u < 0.93 => Birth::Full(on(new.born)),
            u if u < 0.96 => Birth::Year(on(new.born).year()),
            _ => Birth::Unknown,
        };
        let address = dice.hits(new.reach.2).then(|| places::address(dice, new.km));
        self.flags.add(Flags::default());
        self.w.people.add(Person {
            name,
            pronouns,
            gender: new.gender,
            birth,
            born: new.born,
            lang: new.lang,
            emails,
            phones,
            address,
            deceased: None,
            protected: false,
            identifiers: Vec::new(),
            owner: None,
            unit: new.unit,
            since: on(new.since),
            last_contact: None,
            source: new.source,
            basis: new.basis,
        })
    }

    /// Moves a birthday, and the record of it if there is one.
    pub fn reborn(&mut self, key: PersonKey, born: Day) {
        let person = &mut self.w.people[key];
        person.born = born;
        person.birth = match person.birth {
            Birth::Full(_) => Birth::Full(on(born)),
            Birth::Year(_) => Birth::Year(on(born).year()),
            Birth::Unknown => Birth::Unknown,
        };
    }

    pub fn role(
        &mut self,
        person: PersonKey,
        kind: &'static str,
        place: (Option<UnitKey>, Option<ProgrammeKey>),
        detail: &'static str,
        (from, to): (Day, Option<Day>),
        source: &'static str,
    ) {
        let (unit, programme) = place;
        let to = to.map(|to| on(to.max(from)));
        self.w.roles.push(Role { person, kind, unit, programme, detail, from: on(from), to, source });
    }

    pub fn kin(
        &mut self,
        from: PersonKey,
        to: PersonKey,
        kind: KinshipKind,
        since: Day,
        basis: &'static str,
    ) {
        self.w.kinships.push(Kinship { from, to, kind, since: on(since), until: None, basis });
    }

    /// A student's number and school address.
    pub fn enrol_person(&mut self, dice: &Dice, key: PersonKey, km: f64) {
        self.flags[key].student = true;
        let person = &mut self.w.people[key];
        if person.identifiers.is_empty() {
            // With a leading zero, which a spreadsheet loses.
            let value = format!("0{:06}", 100_000 + key.0 % 900_000);
            let (scheme, mailbox) = (self.sector.number, self.sector.mailbox);
            person.identifiers.push(Identifier { scheme, value: value.clone() });
            let address = format!("{value}@{mailbox}");
            // Who was a student here before gets the old mailbox back.
            person.emails.retain(|e| e.address != address);
            if !mailbox.is_empty() {
                person.emails.push(Email { address, kind: EmailKind::School, state: EmailState::Valid });
            }
        }
        if person.address.is_none() {
            person.address = Some(places::address(dice, km));
        }
        if person.phones.is_empty() && dice.hits(0.9) {
            person.phones.push(phone(key));
        }
    }

    pub fn touch(&mut self, key: PersonKey, day: Day) {
        let person = &mut self.w.people[key];
        person.last_contact = person.last_contact.max(Some(on(day)));
    }
}

pub(crate) fn mail(dice: &Dice, name: &kring_lang::names::PersonName, key: PersonKey) -> Email {
    let host = dice.word(&["mail.example.com", "mail.example.com", "post.example.net", "thuis.example.org"]);
    let address = format!("{}{}@{host}", crate::names::local(name), key.0);
    Email { address, kind: EmailKind::Private, state: EmailState::Valid }
}

/// One number per person, from one block of mobile numbers.
pub(crate) fn phone(key: PersonKey) -> Phone {
    Phone { number: format!("+31619{:06}", key.0 % 1_000_000), valid: true }
}

/// An age, most likely `mode`, between `from` and `to` (triangular), as a birthday for somebody of that age on `when`.
pub(crate) fn born(dice: &Dice, when: Day, (from, mode, to): (i32, i32, i32)) -> Day {
    let (a, c, b) = (f64::from(from), f64::from(mode) + 0.5, f64::from(to) + 1.0);
    let (u, cut) = (dice.unit(), (c - a) / (b - a));
    let age =
        if u < cut { a + (u * (b - a) * (c - a)).sqrt() } else { b - ((1.0 - u) * (b - a) * (b - c)).sqrt() };
    when - (age * 365.25) as Day
}

pub(crate) fn gender(dice: &Dice, female: f64) -> Gender {
    match dice.unit() {
        u if u < 0.003 => Gender::X,
        u if u < 0.005 => Gender::Unknown,
        _ if dice.hits(female) => Gender::F,
        _ => Gender::M,
    }
}
