use jiff::civil::Date;

use crate::{
    calendar::{Window, on},
    dice::{Dice, chosen},
    making::Making,
    pack::{Start, Track},
    study::{Cohort, Offering, Programme},
    table::ProgrammeKey,
};

/// Added to a title where there are more programmes than titles.
const DIRECTIONS: &[(&str, &str)] = &[
    ("", ""),
    (" (verkort)", " (accelerated)"),
    (" en ondernemen", " and Enterprise"),
    (" internationaal", " International"),
    (" en duurzaamheid", " and Sustainability"),
    (" avondvariant", " Evening"),
];

pub(crate) fn make(m: &mut Making) {
    let dice = m.dice("programmes");
    let total: f64 = m.sector.tracks.iter().map(|t| t.programmes).sum();
    // Programmes thin out with the root of the scale: a hundredth of the students still chooses among dozens.
    let thinning = m.settings().scale.sqrt();
    for track in m.sector.tracks {
        let least = (track.titles.len().min(8) as f64).min(track.programmes);
        let count = (track.programmes * thinning).round().max(least) as usize;
        for n in 0..count {
            let programme = programme(m, &dice, track, n, count);
            let key = m.w.programmes.add(programme);
            offerings(m, &dice, track, key, total);
        }
    }
}

fn programme(m: &Making, dice: &Dice, track: &Track, n: usize, count: usize) -> Programme {
    let (school, nl, en) = chosen(track.titles, n % track.titles.len());
    let (added_nl, added_en) = chosen(DIRECTIONS, (n / track.titles.len()) % DIRECTIONS.len());
    let school = m.w.units.named(school);
    // Levels in proportion, spread over the titles by a step that visits every place once.
    let step = [11, 13, 17].into_iter().find(|s| !count.is_multiple_of(*s)).unwrap_or(1);
    let place = (n * step + 3) % count.max(1);
    let share = (place as f64 + 0.5) / count as f64 * track.levels.iter().map(|l| l.share).sum::<f64>();
    let mut sum = 0.0;
    let level = track
        .levels
        .iter()
        .find(|l| {
            sum += l.share;
            share < sum
        })
        .unwrap_or(chosen(track.levels, 0));
    let teams: Vec<_> =
        m.w.units.teams.iter().copied().filter(|t| m.w.units.all[*t].parent == Some(school)).collect();
    Programme {
        track: track.key,
        scheme: track.scheme,
        code: format!("{:05}", track.code_from + n as u32),
        nl: format!("{nl}{added_nl}"),
        en: format!("{en}{added_en}"),
        level: level.key,
        school,
        team: *dice.pick(&teams),
        years: level.years,
    }
}

/// Education has 420 offerings for 186 programmes: each form, and for some a second campus.
fn offerings(m: &mut Making, dice: &Dice, track: &Track, key: ProgrammeKey, total: f64) {
    let (level, home) = {
        let programme = &m.w.programmes[key];
        (programme.level, m.w.units.all[programme.school].campus.unwrap_or(m.w.units.root()))
    };
    let Some(level) = track.levels.iter().find(|l| l.key == level) else { return };
    for (form, _, _) in level.forms {
        let second = total > 20.0 && dice.hits(0.15);
        for n in 0..=usize::from(second) {
            let campus = if n == 0 { home } else { *dice.pick(&m.w.units.campuses) };
            let cohorts = (-1..=5).rev().flat_map(|back| cohorts(m.window, track, dice, back)).collect();
            m.w.offerings.add(Offering { programme: key, form, campus, cohorts });
        }
    }
}

fn cohorts(window: Window, track: &Track, dice: &Dice, back: i32) -> Vec<Cohort> {
    let date = |back: i32, month, d| -> Date { on(window.month_day(back, month, d)) };
    let capacity = 20 + dice.below(60) as u16;
    match track.start {
        Start::Year(month) => {
            let closes = if month == 8 { (4, 1) } else { (5, 1) };
            let main = Cohort {
                start: date(back, month, 1),
                apply_from: date(back + 1, 10, 1),
                apply_until: date(back + 1, closes.0, closes.1),
                capacity,
            };
            let extra = Cohort {
                start: date(back, 2, 1),
                apply_from: date(back, 9, 1),
                apply_until: date(back, 12, 20),
                capacity: capacity / 4,
            };
            vec![main, extra]
        }
        Start::Waiting(_) => {
            let start = date(back, 8, 1);
            vec![Cohort { start, apply_from: start, apply_until: date(back, 7, 31), capacity }]
        }
    }
}
