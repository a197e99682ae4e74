//! What alumni are asked, what they are offered, what they give, and whom the institution reaches.

use crate::{
    calendar::{Day, on},
    dice::{Dice, chosen},
    giving::{Answer, Ask, Contribution, Engagement, Gift, Giver, Mode, Offer},
    making::Making,
    pack::AskKind,
    people::KinshipKind,
    table::{OrganisationKey, PersonKey},
};

/// Asks that nobody answers.
const SILENT: f64 = 0.38;
const YEARS: i32 = 5;
const OFFERS: &[&str] = &["event", "course", "career_advice", "network", "library", "magazine"];

/// Those who were reached in the last twelve months, by mode.
struct Reached {
    volunteers: Vec<PersonKey>,
    donors: Vec<PersonKey>,
}

pub(crate) fn make(m: &mut Making) {
    let dice = m.dice("asking");
    let pool: Vec<PersonKey> = if m.alumni.is_empty() { relatives(m) } else { m.alumni.clone() };
    let mut pool: Vec<PersonKey> =
        pool.into_iter().filter(|k| !m.flags[*k].gone && !m.flags[*k].staff).collect();
    if pool.is_empty() {
        return;
    }
    dice.shuffle(&mut pool);
    let reached = reach(m, &dice, &pool);
    let askers: Vec<PersonKey> = m
        .staff
        .iter()
        .filter(|s| matches!(s.function, "alumni_officer" | "teacher" | "coach"))
        .map(|s| s.key)
        .collect();
    for back in (0..YEARS).rev() {
        year(m, &dice, back, &pool, &reached, &askers);
    }
    gifts(m, &dice, &reached);
}

/// In care it is relatives who are asked.
fn relatives(m: &Making) -> Vec<PersonKey> {
    let kind = m.sector.slots.family;
    m.w.roles.iter().filter(|r| r.kind == kind).map(|r| r.person).collect()
}

/// Lays the modes end to end round the circle of those reached: all are covered, and the overlap is what the sums say.
fn reach(m: &mut Making, dice: &Dice, pool: &[PersonKey]) -> Reached {
    let [distinct, by_mode @ ..] = m.sector.sizes.reached;
    let distinct = m.n(distinct).min(pool.len());
    let circle = pool.get(..distinct).unwrap_or_default();
    if circle.is_empty() {
        let some = |count: f64| pool.iter().copied().take(m.n(count)).collect::<Vec<_>>();
        return Reached { volunteers: some(m.sector.sizes.volunteers), donors: some(m.sector.sizes.donors) };
    }
    let modes = [Mode::Communication, Mode::Experiential, Mode::Volunteer, Mode::Philanthropic];
    let mut by: [Vec<PersonKey>; 4] = Default::default();
    let mut at = 0;
    for ((mode, count), list) in modes.into_iter().zip(by_mode).zip(&mut by) {
        for _ in 0..m.n(count) {
            let person = *chosen(circle, at % circle.len());
            at += 1;
            list.push(person);
            let when = m.today() - dice.between(1, 360);
            m.w.engagements.push(Engagement { person, mode, on: on(when) });
            m.touch(person, when);
        }
    }
    let [_, _, volunteers, donors] = by;
    Reached { volunteers, donors }
}

fn year(m: &mut Making, dice: &Dice, back: i32, pool: &[PersonKey], reached: &Reached, askers: &[PersonKey]) {
    let (from, to) = (m.today() - 362 - 365 * back, m.today() - 2 - 365 * back);
    let total: f64 = m.sector.asks.iter().map(|a| a.share).sum();
    let asks = m.n(m.sector.sizes.asks_a_year);
    let mut turn = 0;
    // Those behind the circle of the reached were asked and did nothing, which does not count as reach.
    let distinct = m.n(m.sector.sizes.reached.first().copied().unwrap_or_default()).min(pool.len() / 2);
    for kind in m.sector.asks {
        let count = (asks as f64 * kind.share / total).round() as usize;
        let yes = (count as f64 * kind.yes).round() as usize;
        let silent = (count as f64 * SILENT).round() as usize;
        for n in 0..count {
            let answer = match n {
                n if n < yes => Answer::Yes,
                n if n < yes + silent => Answer::None,
                n if n % 3 == 0 => Answer::Later,
                _ => Answer::No,
            };
            let givers = if kind.gives == "euros" { &reached.donors } else { &reached.volunteers };
            let person = if answer == Answer::Yes && back == 0 && !givers.is_empty() {
                turn += 1;
                *chosen(givers, turn % givers.len())
            } else {
                *chosen(pool, distinct + dice.below(pool.len() - distinct))
            };
            let by = if askers.is_empty() { person } else { *dice.pick(askers) };
            ask(m, dice, person, by, kind, (dice.between(from, to), answer));
        }
    }
    // As many contributions again come unasked.
    for n in 0..asks / 4 {
        let kind = chosen(m.sector.asks, n % m.sector.asks.len());
        let givers = if back == 0 { reached.volunteers.as_slice() } else { pool };
        if kind.gives == "euros" || givers.is_empty() {
            continue;
        }
        let person = *dice.pick(givers);
        let when = dice.between(from, to);
        let amount = (kind.amount * (0.5 + dice.unit())).round().max(1.0);
        let on = on(when);
        m.w.contributions.push(Contribution {
            person,
            ask: None,
            kind: kind.key,
            unit: kind.gives,
            amount,
            on,
        });
    }
    for _ in 0..m.n(6_000.0 * (m.sector.sizes.alumni / 150_000.0)) {
        let offer =
            Offer { person: *dice.pick(pool), kind: dice.word(OFFERS), on: on(dice.between(from, to)) };
        m.w.offers.push(offer);
    }
}

fn ask(
    m: &mut Making,
    dice: &Dice,
    person: PersonKey,
    by: PersonKey,
    kind: &AskKind,
    (day, answer): (Day, Answer),
) {
    let today = m.today();
    let past = |d: Day| (d < today).then_some(d);
    let answered = if answer == Answer::None { None } else { past(day + dice.between(0, 21)) };
    let answer = if answered.is_none() && answer != Answer::Yes { Answer::None } else { answer };
    let answered = if answer == Answer::Yes { Some(answered.unwrap_or(day)) } else { answered };
    let done = answered.filter(|_| answer == Answer::Yes).and_then(|d| past(d + dice.between(5, 70)));
    let thanked = done.filter(|_| dice.hits(0.7)).and_then(|d| past(d + dice.between(0, 14)));
    let place = m.w.asks.len() as u32;
    m.w.asks.push(Ask {
        person,
        by,
        kind: kind.key,
        on: on(day),
        answer,
        answered: answered.map(on),
        done: done.map(on),
        thanked: thanked.map(on),
    });
    m.touch(person, day);
    if let Some(done) = done.filter(|_| kind.gives != "euros") {
        let amount = (kind.amount * (0.5 + dice.unit())).round().max(1.0);
        let ask = Some(place);
        m.w.contributions.push(Contribution {
            person,
            ask,
            kind: kind.key,
            unit: kind.gives,
            amount,
            on: on(done),
        });
        let slot = match kind.key {
            "guest_lesson" => m.sector.slots.guest,
            "mentor" => m.sector.slots.mentor,
            _ => return,
        };
        let ended = past(done + 200);
        if slot == m.sector.slots.mentor && !m.students.is_empty() {
            let mentee = *dice.pick(&m.students);
            if mentee != person {
                m.kin(person, mentee, KinshipKind::MentorOf, done, "alumni-office");
                let unit = m.w.units.find("alumni-office");
                m.role(mentee, m.sector.slots.mentee, (unit, None), "", (done, ended), "alumni-office");
            }
        }
        m.role(person, slot, (m.w.units.find("alumni-office"), None), "", (done, ended), "alumni-office");
    }
}

fn gifts(m: &mut Making, dice: &Dice, reached: &Reached) {
    let mut number = 0;
    for person in reached.donors.clone() {
        let since = m.today() - dice.between(2, 360);
        let periodic = dice.hits(0.1) || number == 0 && Some(&person) == reached.donors.last();
        let agreement = periodic.then(|| {
            number += 1;
            format!("MF-{}-{number:04}", m.window.year)
        });
        // A periodic gift runs for five years at least; the others give now and then.
        let years: Vec<i32> = (0..YEARS).filter(|y| *y == 0 || periodic || dice.hits(0.3)).collect();
        for back in years.iter().rev() {
            let when = since - 365 * back;
            let cents = (dice.log_normal(50.0, 0.9) * 100.0).round().max(500.0) as u64;
            m.w.gifts.push(Gift {
                giver: Giver::Person(person),
                cents,
                in_kind: "",
                on: on(when),
                agreement: agreement.clone(),
                thanked: Some(on((when + 5).min(m.today()))),
            });
        }
        let first = since - 365 * years.last().copied().unwrap_or(0);
        m.role(person, m.sector.slots.donor, (m.w.units.find("fund"), None), "", (first, None), "fund");
    }
    let companies: Vec<OrganisationKey> = m.w.organisations.keys().collect();
    for at in dice.some(companies.len(), m.n(m.sector.sizes.donor_companies)) {
        let Some(company) = companies.get(at).copied() else { continue };
        let when = m.today() - dice.between(2, 700);
        m.w.gifts.push(Gift {
            giver: Giver::Organisation(company),
            cents: (dice.log_normal(900.0, 1.0) * 100.0) as u64,
            in_kind: dice.word(&["machines", "materials", "prizes", "software", "excursion", "catering"]),
            on: on(when),
            agreement: None,
            thanked: dice.hits(0.8).then(|| on((when + 9).min(m.window.today))),
        });
    }
}
