use kring_core::Lang;

use crate::{
    calendar::{Day, day, on},
    dice::Dice,
    giving::Term,
    making::{Making, Newcomer, born, gender},
    people::Basis,
    table::{PersonKey, ProgrammeKey, Side},
};

/// How much more often ambassadors come back for a course than other alumni: a planted effect.
const OFTENER: f64 = 2.3;
/// Share of other alumni that came back within the window.
const RETURN: f64 = 0.10;

/// Ambassadors, and which alumni come back for lifelong learning.
pub(crate) fn make(m: &mut Making) -> Vec<PersonKey> {
    let dice = m.dice("ambassadors");
    if m.alumni.is_empty() {
        volunteers(m, &dice);
        return Vec::new();
    }
    let mut first: Side<PersonKey, (Day, Option<ProgrammeKey>)> = m.side();
    for d in &m.w.diplomas {
        let graduated = day(d.on);
        if first[d.person].1.is_none() || graduated < first[d.person].0 {
            first[d.person] = (graduated, Some(d.programme));
        }
    }
    let settled = m.window.august(6);
    let fit: Vec<PersonKey> = m
        .alumni
        .iter()
        .copied()
        .filter(|k| first[*k].0 < settled && (24..=62).contains(&((m.today() - m.w.people[*k].born) / 365)))
        .collect();
    // The alumni of the window are still to come; the shares are of all.
    let all = m.n(m.sector.sizes.alumni);
    let count = m.settings().at_least(4, m.sector.sizes.volunteers).min(fit.len() / 2);
    let chosen = dice.some(fit.len(), count);
    for at in &chosen {
        let Some(key) = fit.get(*at).copied() else { continue };
        term(m, &dice, key, first[key]);
    }
    let (ambassadors, others): (Vec<_>, Vec<_>) = fit.into_iter().partition(|k| m.flags[*k].ambassador);
    let mut returners = some(&dice, &ambassadors, (RETURN * OFTENER * count as f64).round() as usize);
    returners.extend(some(&dice, &others, (RETURN * (all - count) as f64).round() as usize));
    dice.shuffle(&mut returners);
    returners
}

fn some(dice: &Dice, of: &[PersonKey], count: usize) -> Vec<PersonKey> {
    dice.some(of.len(), count).into_iter().filter_map(|at| of.get(at).copied()).collect()
}

fn term(m: &mut Making, dice: &Dice, key: PersonKey, (graduated, programme): (Day, Option<ProgrammeKey>)) {
    let from = m.window.start().max(graduated) + dice.between(0, 365 * 4);
    let from = from.min(m.today() - 30);
    let to = Some(from + 365 * dice.between(1, 3)).filter(|to| *to < m.today());
    let kind = m.sector.slots.ambassador;
    m.flags[key].ambassador = true;
    m.role(key, kind, (m.w.units.find("alumni-office"), programme), "", (from, to), "alumni-office");
    m.w.terms.push(Term { person: key, kind, programme, from: on(from), to: to.map(on) });
    m.touch(key, from);
}

/// Where there are no alumni, it is neighbours and relatives who help.
fn volunteers(m: &mut Making, dice: &Dice) {
    for _ in 0..m.n(m.sector.sizes.volunteers) {
        let since = m.today() - dice.between(30, 3_000);
        let unit = Some(*dice.pick(&m.w.units.schools));
        let new = Newcomer {
            born: born(dice, m.today(), (18, 63, 82)).min(since - 365 * 16),
            gender: gender(dice, 0.68),
            lang: Lang::Nl,
            km: dice.log_normal(6.0, 0.7),
            since,
            source: "form",
            basis: Basis::Contract,
            unit,
            reach: (0.85, 0.95, 1.0),
        };
        let key = m.add(dice, &new);
        let kind = m.sector.slots.ambassador;
        m.flags[key].ambassador = true;
        m.role(key, kind, (unit, None), "", (since, None), "form");
        m.w.terms.push(Term { person: key, kind, programme: None, from: on(since), to: None });
        m.touch(key, since);
    }
}
