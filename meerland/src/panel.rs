//! The panel, what it finds important, and the results of other people's instruments.

use crate::{
    calendar::on,
    dice::Dice,
    making::Making,
    pack::UnitKind,
    service::{OutsideScore, PanelTerm, Ranking},
    table::PersonKey,
};

/// Rounds of ranking per service.
const VOTERS: usize = 12;

pub(crate) fn make(m: &mut Making) {
    let dice = m.dice("panel");
    terms(m, &dice);
    rankings(m, &dice);
    outside(m, &dice);
}

fn terms(m: &mut Making, dice: &Dice) {
    let size = m.settings().at_least(12, m.sector.sizes.panel);
    let staff: Vec<PersonKey> = m.staff.iter().map(|s| s.key).collect();
    let living = |m: &Making, list: &[PersonKey]| -> Vec<PersonKey> {
        list.iter().copied().filter(|k| !m.flags[*k].gone && !m.flags[*k].planted).collect()
    };
    let pools = [("students", living(m, &m.students)), ("staff", staff), ("alumni", living(m, &m.alumni))];
    for back in (0..=4).rev() {
        let from = m.window.month_day(back, 10, 1);
        if from > m.today() {
            continue;
        }
        for n in 0..size {
            // Twelve students, eight of staff, four alumni of twenty-four.
            let place = [0, 0, 0, 1, 1, 2].get(n % 6).copied().unwrap_or(0);
            let Some((group, pool)) = pools.get(place).filter(|p| !p.1.is_empty()).or(pools.first()) else {
                continue;
            };
            if pool.is_empty() {
                continue;
            }
            let person = *dice.pick(pool);
            let until = from + 365;
            m.w.panel.push(PanelTerm { person, group, from: on(from), until: on(until) });
            let ended = (until <= m.today()).then_some(until);
            m.role(
                person,
                m.sector.slots.panel,
                (m.w.units.find("quality"), None),
                group,
                (from, ended),
                "quality",
            );
        }
    }
}

/// At one desk those who work there put speed first and the panel clarity; elsewhere both agree.
fn rankings(m: &mut Making, dice: &Dice) {
    let disputed = m.w.units.queues.first().copied();
    let staff: Vec<PersonKey> = m.staff.iter().map(|s| s.key).collect();
    let panel: Vec<PersonKey> = m.w.panel.iter().rev().take(24).map(|p| p.person).collect();
    let [speed, clarity, ..] = m.sector.aspects;
    for (at, service) in m.w.units.queues.clone().into_iter().enumerate() {
        let common = m.sector.aspects.get(at % 5).copied().unwrap_or(speed);
        for by_panel in [false, true] {
            let first = match (Some(service) == disputed, by_panel) {
                (true, false) => speed,
                (true, true) => clarity,
                (false, _) => common,
            };
            let own: Vec<PersonKey> = m.staff.iter().filter(|s| s.unit == service).map(|s| s.key).collect();
            for n in 0..VOTERS {
                let pool = if by_panel {
                    &panel
                } else if own.is_empty() {
                    &staff
                } else {
                    &own
                };
                let mut order = m.sector.aspects;
                dice.shuffle(&mut order);
                // Three in four agree on what comes first.
                if n % 4 != 3
                    && let Some(place) = order.iter().position(|a| *a == first)
                {
                    order.swap(0, place);
                }
                let when = on(m.today() - dice.between(20, 120));
                m.w.rankings.push(Ranking { service, person: *dice.pick(pool), by_panel, order, on: when });
            }
        }
    }
    m.w.planted.disputed_service = disputed;
}

fn outside(m: &mut Making, dice: &Dice) {
    let schools: Vec<_> =
        m.w.units.all.iter().filter(|(_, u)| u.kind == UnitKind::School).map(|(k, _)| k).collect();
    let each = m.students.len() / schools.len().max(1);
    for instrument in m.sector.instruments {
        for back in 0..=5 {
            let day = m.window.month_day(back, instrument.month, 15);
            if day >= m.today() || day < m.window.start() {
                continue;
            }
            for unit in schools.iter().copied() {
                let (low, high) = instrument.scale;
                // A school that people like is liked by every instrument.
                let tilt =
                    m.w.units.all[unit].mean.map_or(0.0, |mean| (mean - 7.68) * 0.35 * (high - low) / 9.0);
                let mean = instrument.mean + tilt + instrument.sd * 0.4 * dice.normal();
                let invited = each.max(1) as u32;
                m.w.outside_scores.push(OutsideScore {
                    instrument: instrument.key,
                    unit,
                    on: on(day),
                    scale: instrument.scale,
                    mean: (mean * 100.0).round() / 100.0,
                    sd: instrument.sd,
                    n: ((f64::from(invited) * instrument.response).round() as u32).max(1),
                    invited,
                });
            }
        }
    }
}
