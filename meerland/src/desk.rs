//! What people ask of the service desk, in the rhythm of the year, with one bad week.

use crate::{
    calendar::{Day, REQUESTS_BY_MONTH, at, day, on, workday},
    dice::{Dice, Wheel, chosen},
    making::Making,
    pack::UnitKind,
    service::Request,
    study::Outcome,
    table::{PersonKey, UnitKey},
};

/// Share of requests by channel, and minutes to the first reply (median).
const CHANNELS: &[(&str, f64, f64)] = &[
    ("form", 34.0, 300.0),
    ("mail", 22.0, 540.0),
    ("chat", 18.0, 2.0),
    ("phone", 12.0, 1.0),
    ("whatsapp", 8.0, 25.0),
    ("desk", 6.0, 1.0),
];
/// First replies that come later than promised.
const LATE: f64 = 0.08;
/// Academic years of requests, the current one included.
const YEARS: i32 = 6;

/// Somebody who may ask, between two days.
struct Asker {
    person: PersonKey,
    unit: UnitKey,
    from: Day,
    to: Day,
}

pub(crate) fn make(m: &mut Making) {
    let dice = m.dice("desk");
    let months = Wheel::new(if m.sector.key == "care" { [1.0; 12] } else { REQUESTS_BY_MONTH });
    let crisis = crisis_day(m);
    let agents = agents(m);
    let mut all = Vec::new();
    for back in (0..YEARS).rev() {
        let year = m.window.august(back);
        let askers = askers(m, year);
        if askers.is_empty() {
            continue;
        }
        for _ in 0..m.n(m.sector.sizes.requests_a_year) {
            let (d, _) = crate::season::day_of(m.window, &dice, &months, Some(back));
            let d = (d..d + 3).find(|d| workday(*d) || dice.hits(0.15)).unwrap_or(d);
            if d >= m.today() {
                continue;
            }
            // Not everybody is here all year; one of a few draws is.
            let Some(asker) = (0..8).map(|_| dice.pick(&askers)).find(|a| a.from <= d && d <= a.to) else {
                continue;
            };
            let shares: Vec<f64> = m.sector.topics.iter().map(|t| t.share).collect();
            let topic = dice.weighted(&shares);
            let calm =
                chosen(m.sector.topics, topic).key != m.sector.crisis || !(crisis..crisis + 2).contains(&d);
            if calm {
                all.push(request(m, &dice, asker, topic, d, &agents));
            }
        }
    }
    plant_crisis(m, &dice, crisis, &agents, &mut all);
    all.sort_by_key(|r| (r.at, r.person));
    for request in all {
        m.touch(request.person, day(request.at.date()));
        m.w.requests.add(request);
    }
}

/// Two working days about two months ago.
fn crisis_day(m: &Making) -> Day {
    let from = m.today() - 62;
    (from..from + 7).find(|d| crate::calendar::weekday(*d) == 1).unwrap_or(from)
}

fn plant_crisis(
    m: &mut Making,
    dice: &Dice,
    crisis: Day,
    agents: &[(UnitKey, PersonKey)],
    all: &mut Vec<Request>,
) {
    let askers: Vec<Asker> =
        askers(m, m.window.august(0)).into_iter().filter(|a| a.from <= crisis && a.to > crisis).collect();
    let Some(topic) = m.sector.topics.iter().position(|t| t.key == m.sector.crisis) else { return };
    if askers.is_empty() {
        return;
    }
    let count = m.n(m.sector.sizes.crisis_questions);
    for n in 0..count {
        let asker = dice.pick(&askers);
        let mut request = request(m, dice, asker, topic, crisis + i32::from(n % 5 > 2), agents);
        request.channel = if dice.hits(0.7) { "chat" } else { "phone" };
        all.push(request);
    }
    m.w.planted.crisis_day = Some(on(crisis));
    m.w.planted.crisis_count = count;
}

fn agents(m: &Making) -> Vec<(UnitKey, PersonKey)> {
    m.staff.iter().filter(|s| s.function == "service_agent").map(|s| (s.unit, s.key)).collect()
}

fn askers(m: &Making, year: Day) -> Vec<Asker> {
    let mut all: Vec<Asker> =
        m.w.enrolments
            .iter()
            .map(|e| Asker {
                person: e.person,
                unit: m.w.programmes[e.programme].school,
                from: day(e.start),
                to: if e.outcome == Outcome::Current { m.today() } else { e.end.map_or(m.today(), day) },
            })
            .filter(|a| a.from < year + 365 && a.to > year)
            .collect();
    for s in &m.staff {
        let unit = school_of(m, s.unit);
        all.push(Asker { person: s.key, unit, from: year, to: year + 366 });
    }
    all
}

/// The school of a team; another unit is itself.
pub(crate) fn school_of(m: &Making, unit: UnitKey) -> UnitKey {
    let of = &m.w.units.all[unit];
    if of.kind == UnitKind::Team { of.parent.unwrap_or(unit) } else { unit }
}

fn request(
    m: &Making,
    dice: &Dice,
    asker: &Asker,
    topic: usize,
    d: Day,
    agents: &[(UnitKey, PersonKey)],
) -> Request {
    let topic = chosen(m.sector.topics, topic);
    let shares: Vec<f64> = CHANNELS.iter().map(|c| c.1).collect();
    let (channel, _, median) = *chosen(CHANNELS, dice.weighted(&shares));
    let desk = matches!(channel, "desk" | "phone");
    let hour = if desk || dice.hits(0.55) { dice.between(9, 15) } else { dice.between(8, 22) };
    let asked = hour * 60 + dice.between(0, 59);
    let late = dice.hits(LATE);
    let took = dice.log_normal(median, 0.7) * if late { 12.0 } else { 1.0 };
    let replied = moment(m, d, asked, took as i32);
    let closed = replied.and_then(|_| moment(m, d, asked, (took + dice.log_normal(240.0, 1.1)) as i32));
    let queue = m.w.units.named(topic.queue);
    let agent = replied.and_then(|_| {
        let skip = dice.below(agents.len().max(1));
        let mut of = agents.iter().cycle().skip(skip).take(agents.len());
        of.clone().find(|(unit, _)| *unit == queue).or_else(|| of.next()).map(|(_, key)| *key)
    });
    Request {
        person: asker.person,
        queue,
        unit: asker.unit,
        topic: topic.key,
        channel,
        at: at(d, asked),
        replied,
        closed,
        agent,
        late,
    }
}

/// So many minutes after; not yet when that is today or later.
fn moment(m: &Making, d: Day, asked: i32, minutes: i32) -> Option<jiff::civil::DateTime> {
    let total = asked + minutes.max(0);
    let then = d + total / 1_440;
    (then < m.today()).then(|| at(then, total % 1_440))
}
