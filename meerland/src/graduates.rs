use crate::{
    calendar::{Day, on, ymd},
    dice::{Dice, Wheel},
    making::{Making, Newcomer, born, gender},
    pack::Track,
    people::{Basis, Email, EmailKind, EmailState},
    study::Diploma,
    table::{PersonKey, ProgrammeKey},
};
use kring_core::Lang;

/// Those who had their diploma before the demo's students began: fifty years of them, more in the later ones. What the
/// students of the window add comes on top, so that the whole is exact.
pub(crate) fn make(m: &mut Making) {
    let sizes = &m.sector.sizes;
    if sizes.alumni <= 0.0 {
        return;
    }
    let dice = m.dice("graduates");
    let fresh: usize = m.sector.tracks.iter().map(|t| m.n(t.finished)).sum();
    let all = m.n(sizes.alumni) - fresh;
    let last = m.window.year;
    let years = Wheel::new((0..=50).map(|n| 1.0 + 0.04 * f64::from(n)));
    let tracks = Wheel::new(m.sector.tracks.iter().map(|t| t.alumni));
    let by_track: Vec<(&Track, Vec<ProgrammeKey>)> = m
        .sector
        .tracks
        .iter()
        .map(|t| (t, m.w.programmes.iter().filter(|(_, p)| p.track == t.key).map(|(k, _)| k).collect()))
        .collect();
    for _ in 0..all {
        let Some((track, programmes)) = by_track.get(tracks.spin(&dice)) else { continue };
        let year = last - 50 + years.spin(&dice) as i32;
        graduate(m, &dice, track, *dice.pick(programmes), diploma_day(&dice, year));
    }
    second_diplomas(m, &dice, &by_track);
}

/// Summer, when diplomas are given out; a few in February.
fn diploma_day(dice: &Dice, year: i32) -> Day {
    if dice.hits(0.08) {
        ymd(year, 2, 1 + dice.between(0, 20))
    } else {
        ymd(year, 6, 10 + dice.between(0, 30))
    }
}

fn graduate(m: &mut Making, dice: &Dice, track: &Track, programme: ProgrammeKey, day: Day) {
    let day = day.min(m.today());
    let young = track.levels.iter().any(|l| l.years < 2.0);
    let born = born(dice, day, if young { (18, 20, 45) } else { (20, 23, 50) });
    let years = m.w.programmes[programme].years;
    let began = day - (years * 365.0) as Day;
    let new = Newcomer {
        born,
        gender: gender(dice, track.female),
        lang: if dice.hits(0.02) { Lang::En } else { Lang::Nl },
        km: dice.log_normal(track.km * 2.0, 1.0),
        since: began,
        source: "sis-archive",
        basis: Basis::LegitimateInterest,
        unit: Some(m.w.programmes[programme].school),
        // With those who study, work or teach here, whose address is known, 55 in a hundred can be reached.
        reach: (0.52, 0.60, 0.93),
    };
    let key = m.add(dice, &new);
    let person = &mut m.w.people[key];
    // Of the 45 in a hundred without a valid address, 16 have only that of the school, which died with the diploma.
    if person.emails.is_empty() && dice.hits(0.16 / 0.48) {
        let address = format!("0{:06}@student.meerland.example", 100_000 + key.0 % 900_000);
        person.emails.push(Email { address, kind: EmailKind::School, state: EmailState::Dead });
    }
    if let Some(address) = &mut person.address {
        address.valid = dice.hits(0.78 / 0.93);
    }
    let school = m.w.programmes[programme].school;
    m.w.diplomas.push(Diploma { person: key, programme, on: on(day) });
    if m.today() - day < 365 * 12 {
        m.role(
            key,
            m.sector.slots.enrolled,
            (Some(school), Some(programme)),
            track.key,
            (began, Some(day)),
            "sis-archive",
        );
    }
    become_alumnus(m, key, programme, day, "sis-archive");
}

pub(crate) fn become_alumnus(
    m: &mut Making,
    key: PersonKey,
    programme: ProgrammeKey,
    day: Day,
    source: &'static str,
) {
    let school = m.w.programmes[programme].school;
    let level = m.w.programmes[programme].level;
    m.role(key, m.sector.slots.finished, (Some(school), Some(programme)), level, (day, None), source);
    if !m.sector.slots.alumnus.is_empty() && !m.flags[key].alumnus {
        m.role(key, m.sector.slots.alumnus, (Some(school), Some(programme)), "", (day, None), source);
        m.flags[key].alumnus = true;
        m.alumni.push(key);
    }
}

/// Nine in a hundred have two diplomas from here.
fn second_diplomas(m: &mut Making, dice: &Dice, by_track: &[(&Track, Vec<ProgrammeKey>)]) {
    let count = m.n(m.sector.sizes.alumni * m.sector.sizes.two_diplomas);
    let firsts: Vec<Diploma> = m.w.diplomas.clone();
    for at in dice.some(firsts.len(), count) {
        let Some(first) = firsts.get(at) else { continue };
        let (_, programmes) = dice.pick(by_track);
        let programme = *dice.pick(programmes);
        let day = crate::calendar::day(first.on) + dice.between(700, 1_500);
        if day > m.today() {
            continue;
        }
        m.w.diplomas.push(Diploma { person: first.person, programme, on: on(day) });
        become_alumnus(m, first.person, programme, day, "sis-archive");
    }
}
