use crate::{
    calendar::{day, on},
    making::{Making, Newcomer, Staffer, born, gender},
    people::{Basis, Email, EmailKind, EmailState, Leaving},
    table::PersonKey,
};
use kring_core::Lang;

/// Staff: alumni first, as many as the figures say, then people from elsewhere.
pub(crate) fn make(m: &mut Making) {
    let dice = m.dice("staff");
    let mut seen = m.side::<bool>();
    let mut fit: Vec<(PersonKey, i32)> = Vec::new();
    for d in &m.w.diplomas {
        let age = (m.today() - m.w.people[d.person].born) / 365;
        if (23..=66).contains(&age)
            && m.today() - day(d.on) > 700
            && !std::mem::replace(&mut seen[d.person], true)
        {
            fit.push((d.person, day(d.on)));
        }
    }
    let count = m.n(m.sector.sizes.staff_alumni);
    let mut ours: Vec<_> =
        dice.some(fit.len(), count).into_iter().filter_map(|at| fit.get(at).copied()).collect();
    dice.shuffle(&mut ours);
    let mut functions: Vec<(&'static str, &'static str)> = Vec::new();
    for f in m.sector.functions {
        // However small the demo, somebody sits at the desk.
        let count = m.settings().at_least(if f.key == "service_agent" { 3 } else { 1 }, f.count);
        functions.extend(std::iter::repeat_n((f.key, f.unit), count));
    }
    dice.shuffle(&mut functions);
    for (function, unit) in functions {
        let unit = if unit.is_empty() {
            *dice.pick(&m.w.units.teams)
        } else if function == "service_agent" {
            *dice.pick(&m.w.units.queues)
        } else {
            m.w.units.named(unit)
        };
        let known = ours.pop();
        let since = match known {
            Some((_, graduated)) => graduated + dice.between(200, (m.today() - graduated - 100).max(201)),
            None => m.today() - dice.between(60, 11_000),
        };
        let key = known.map_or_else(
            || {
                let born = born(&dice, m.today(), (23, 47, 66)).min(since - 365 * 21);
                let born = born.max(m.today() - 365 * 67);
                m.add(
                    &dice,
                    &Newcomer {
                        born,
                        gender: gender(&dice, 0.56),
                        lang: if dice.hits(0.03) { Lang::En } else { Lang::Nl },
                        km: dice.log_normal(14.0, 0.8),
                        since,
                        source: "hr",
                        basis: Basis::Contract,
                        unit: Some(unit),
                        reach: (0.5, 0.95, 1.0),
                    },
                )
            },
            |(key, _)| key,
        );
        let local = crate::names::local(&m.w.people[key].name);
        let address = format!("{local}.{}@meerland.example", key.0);
        m.w.people[key].emails.insert(0, Email { address, kind: EmailKind::Work, state: EmailState::Valid });
        m.role(key, m.sector.slots.staff, (Some(unit), None), function, (since, None), "hr");
        m.flags[key].staff = true;
        m.staff.push(Staffer { key, function, unit, leaving: false });
    }
    leaving(m);
}

/// Whoever is about to retire or has given notice for this academic year: one teacher in nine.
fn leaving(m: &mut Making) {
    let dice = m.dice("leaving");
    let teachers: Vec<usize> =
        m.staff.iter().enumerate().filter(|(_, s)| s.function == "teacher").map(|(at, _)| at).collect();
    let weights: Vec<f64> = teachers
        .iter()
        .filter_map(|at| m.staff.get(*at))
        .map(|s| if m.today() - m.w.people[s.key].born > 365 * 62 { 6.0 } else { 1.0 })
        .collect();
    let end = m.window.june();
    for at in dice.by_weight(&weights, (teachers.len() / 9).max(1)) {
        let Some(s) = teachers.get(at).and_then(|at| m.staff.get_mut(*at)) else { continue };
        s.leaving = true;
        let reason = if m.window.today - m.w.people[s.key].born > 365 * 60 { "retires" } else { "other_job" };
        m.w.leaving.push(Leaving { staff: s.key, on: on(end), reason });
    }
}
