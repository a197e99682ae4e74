//! Who works where: contacts and supervisors of organisations, employers of alumni, and the companies full of alumni where
//! no student has ever been.

use crate::{
    calendar::{Day, on},
    dice::{Dice, Wheel},
    making::{Making, Newcomer, born, gender},
    organisations::{OrganisationKind, Size},
    people::{Basis, Email, EmailKind, EmailState, Tie, TieKind},
    table::{Key, OrganisationKey, PersonKey, Side},
};
use kring_core::Lang;

/// From how many alumni on a company without placements is worth a call.
pub(crate) const MANY: usize = 5;
/// Of the employers on record, those that are not true any more.
const STALE: f64 = 0.12;

pub(crate) struct Workplaces {
    /// Companies that will never have a placement.
    pub idle: Side<OrganisationKey, bool>,
    /// Contacts and supervisors by organisation.
    pub contacts: Vec<Vec<PersonKey>>,
    alumni: Side<OrganisationKey, usize>,
}

pub(crate) fn make(m: &mut Making) -> Workplaces {
    let dice = m.dice("contacts");
    let count = m.w.organisations.len();
    let mut w =
        Workplaces { idle: Side::of(count), contacts: vec![Vec::new(); count], alumni: Side::of(count) };
    idle(m, &dice, &mut w);
    contacts(m, &dice, &mut w);
    owners(m, &dice);
    w
}

fn idle(m: &mut Making, dice: &Dice, w: &mut Workplaces) {
    let taken: Vec<OrganisationKey> = m.w.planted.lookalike_companies.iter().map(|p| p.0).collect();
    let able: Vec<f64> =
        m.w.organisations
            .iter()
            .map(|(k, o)| {
                let fits =
                    !matches!(o.kind, OrganisationKind::Partner(_)) && !o.sole_trader && !taken.contains(&k);
                f64::from(u8::from(fits && o.size != Size::Large))
            })
            .collect();
    for at in dice.by_weight(&able, m.n(m.sector.sizes.idle_companies)) {
        let key = OrganisationKey::from_at(at);
        w.idle[key] = true;
        m.w.planted.idle_companies.push(key);
    }
}

fn contacts(m: &mut Making, dice: &Dice, w: &mut Workplaces) {
    let total = m.n(m.sector.sizes.contacts);
    let keys: Vec<OrganisationKey> = m.w.organisations.keys().collect();
    let wheel = Wheel::new(m.w.organisations.iter().map(|(_, o)| match o.size {
        Size::Micro => 0.6,
        Size::Small => 1.2,
        Size::Medium => 2.4,
        Size::Large => 5.0,
    }));
    let pool = working_alumni(m);
    let known = ((total as f64 * m.sector.sizes.contacts_alumni).round() as usize).min(pool.len());
    let alumni: Vec<PersonKey> =
        dice.some(pool.len(), known).into_iter().filter_map(|at| pool.get(at).copied()).collect();
    for n in 0..total - known {
        // Everybody has one before anybody has two.
        let organisation = keys.get(n).copied().unwrap_or_else(|| OrganisationKey::from_at(wheel.spin(dice)));
        contact(m, dice, w, organisation, None);
    }
    for alumnus in alumni {
        // Never so many at one company that it would look planted.
        let fits = |o: &OrganisationKey| w.idle[*o] || w.alumni[*o] + 2 < MANY;
        let drawn = (0..50).map(|_| OrganisationKey::from_at(wheel.spin(dice))).find(fits);
        if let Some(organisation) = drawn.or_else(|| keys.iter().copied().find(fits)) {
            contact(m, dice, w, organisation, Some(alumnus));
        }
    }
}

fn working_alumni(m: &Making) -> Vec<PersonKey> {
    let works = |k: &PersonKey| {
        let age = (m.today() - m.w.people[*k].born) / 365;
        (21..=64).contains(&age) && !m.flags[*k].staff && !m.flags[*k].student
    };
    m.alumni.iter().copied().filter(works).collect()
}

fn contact(m: &mut Making, dice: &Dice, w: &mut Workplaces, at: OrganisationKey, alumnus: Option<PersonKey>) {
    let since = m.today() - dice.between(30, 3_600);
    let (kind, sole_trader, domain, accredited) = {
        let o = &m.w.organisations[at];
        (o.kind, o.sole_trader, o.domain.clone(), o.kind == OrganisationKind::Accredited)
    };
    let key = alumnus.unwrap_or_else(|| {
        let new = Newcomer {
            born: born(dice, m.today(), (21, 44, 66)),
            gender: gender(dice, 0.48),
            lang: if dice.hits(0.03) { Lang::En } else { Lang::Nl },
            km: dice.log_normal(15.0, 0.8),
            since,
            source: "bpv-office",
            basis: Basis::LegitimateInterest,
            unit: m.w.units.find("bpv-office"),
            reach: (0.0, 0.8, 0.0),
        };
        let key = m.add(dice, &new);
        m.w.people[key].birth = crate::people::Birth::Unknown;
        key
    });
    let address = format!("{}.{}@{domain}", crate::names::local(&m.w.people[key].name), key.0);
    m.w.people[key].emails.push(Email { address, kind: EmailKind::Work, state: EmailState::Valid });
    let supervises = accredited && dice.hits(0.55);
    let slots = &m.sector.slots;
    let (role, tie, function) = match kind {
        OrganisationKind::Partner(partner) => {
            let role =
                m.sector.partners.iter().find(|p| p.key == partner).map_or(slots.public, |p| p.contact);
            (role, TieKind::ContactOf, partner_function(partner))
        }
        _ if sole_trader => (slots.contact, TieKind::OwnerOf, "owner"),
        _ if supervises => (slots.supervisor, TieKind::SupervisorAt, "supervisor"),
        _ => (
            slots.contact,
            TieKind::ContactOf,
            dice.word(&["hr", "director", "planner", "team lead", "office"]),
        ),
    };
    let unit = m.w.units.find(if slots.contact == role || slots.supervisor == role {
        "bpv-office"
    } else {
        "marketing"
    });
    m.role(key, role, (unit, None), function, (since, None), "bpv-office");
    let confirmed = m.today() - dice.between(1, 700).min(m.today() - since);
    push(m, key, at, tie, function, (since, None, confirmed), false);
    m.touch(key, confirmed);
    if m.flags[key].alumnus {
        w.alumni[at] += 1;
    }
    if let Some(list) = w.contacts.get_mut(at.at()) {
        list.push(key);
    }
}

fn partner_function(kind: &str) -> &'static str {
    match kind {
        "feeder_school" => "dean",
        "municipality" => "policy officer",
        "press" => "journalist",
        "practice" => "doctor",
        "hospital" => "transfer nurse",
        _ => "liaison",
    }
}

fn push(
    m: &mut Making,
    person: PersonKey,
    organisation: OrganisationKey,
    kind: TieKind,
    function: &'static str,
    (from, to, confirmed): (Day, Option<Day>, Day),
    stale: bool,
) {
    let (from, to, confirmed) = (on(from), to.map(on), on(confirmed));
    m.w.ties.push(Tie { person, organisation, kind, function, from, to, confirmed, stale });
    let organisation = &mut m.w.organisations[organisation];
    organisation.last_contact = organisation.last_contact.max(Some(confirmed));
}

/// Each company is the account of one of the placement office.
fn owners(m: &mut Making, dice: &Dice) {
    let office: Vec<PersonKey> = m
        .staff
        .iter()
        .filter(|s| matches!(s.function, "placement_coordinator" | "marketeer"))
        .map(|s| s.key)
        .collect();
    if office.is_empty() {
        return;
    }
    for key in m.w.organisations.keys() {
        if dice.hits(0.82) {
            m.w.organisations[key].owner = Some(*dice.pick(&office));
        }
    }
    for tie in &m.w.ties {
        let person = &mut m.w.people[tie.person];
        person.owner = person.owner.or(m.w.organisations[tie.organisation].owner);
    }
}

/// Employers of alumni: linked for 13 in a hundred. Companies without placements have fewer than five, but for the planted
/// ones, which have five or more.
pub(crate) fn employ(m: &mut Making, w: &mut Workplaces, placed: &Side<OrganisationKey, bool>) {
    let dice = m.dice("employers");
    let mut pool = working_alumni(m);
    dice.shuffle(&mut pool);
    let mut linked = (0.13 * m.n(m.sector.sizes.alumni) as f64).round() as usize;
    for key in m.w.planted.idle_companies.clone() {
        for _ in w.alumni[key]..MANY + dice.below(5) {
            let Some(person) = pool.pop() else { return };
            employed(m, &dice, person, key, false);
            w.alumni[key] += 1;
            linked = linked.saturating_sub(1);
        }
    }
    let wheel = Wheel::new(m.w.organisations.iter().map(|(_, o)| match o.size {
        Size::Micro => 1.0,
        Size::Small => 3.0,
        Size::Medium => 8.0,
        Size::Large => 20.0,
    }));
    let stale = (STALE * linked as f64).round() as usize;
    let mut made = 0;
    let mut tries = 0;
    while made < linked && tries < linked * 30 {
        tries += 1;
        let key = OrganisationKey::from_at(wheel.spin(&dice));
        let full =
            w.idle[key] || m.w.organisations[key].sole_trader || (!placed[key] && w.alumni[key] + 1 >= MANY);
        let gone = made < stale;
        if full && !gone {
            continue;
        }
        let Some(person) = pool.pop() else { return };
        employed(m, &dice, person, key, gone);
        made += 1;
        if gone {
            m.w.planted.stale_ties += 1;
        } else {
            w.alumni[key] += 1;
        }
    }
}

fn employed(m: &mut Making, dice: &Dice, person: PersonKey, at: OrganisationKey, stale: bool) {
    let today = m.today();
    let oldest = (today - m.w.people[person].born - 365 * 19).clamp(400, 365 * 15);
    let from = today - dice.between(200, oldest.max(201));
    let function = dice.word(&[
        "employee",
        "employee",
        "specialist",
        "team lead",
        "manager",
        "adviser",
        "nurse",
        "engineer",
    ]);
    if stale {
        // Left a while ago, confirmed before that, and nobody has asked since.
        let to = today - dice.between(20, (today - from) / 2);
        let confirmed = from + (to - from) / 2;
        push(m, person, at, TieKind::EmployedAt, function, (from, Some(to), confirmed), true);
    } else {
        let confirmed = today - dice.between(1, (today - from).clamp(2, 900));
        push(m, person, at, TieKind::EmployedAt, function, (from, None, confirmed), false);
    }
}
