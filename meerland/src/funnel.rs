//! From interest to start, in the numbers of the domain: quotas rather than coin tosses, so that a rate that is stated is
//! the rate that comes out.

use crate::{
    ambassadors,
    calendar::{Day, on},
    dice::{Dice, chosen},
    making::Making,
    pack::Start,
    season::{self, Entrant, Lead, Seasons, application_days},
    study::Participation,
    table::PersonKey,
};

/// Of those who came: the share that hears from us within a day; their chance to apply is twice that of the others.
const PROMPT: f64 = 0.4;

pub(crate) fn make(m: &mut Making) -> Vec<Entrant> {
    let returners = ambassadors::make(m);
    let mut s = Seasons::new(m, returners);
    founders(m, &mut s);
    for back in [Some(5), Some(4), Some(3), Some(2), Some(1), None] {
        let dice = m.dice(&format!("season {back:?}"));
        let mut leads = season::leads(m, &mut s, &dice, back);
        visit(m, &s, &dice, &mut leads);
        apply(m, &mut s, &dice, &mut leads);
        stealth(m, &mut s, &dice, back, &mut leads);
        if m.sector.tracks.iter().all(|t| matches!(t.start, Start::Year(_))) {
            date_applications(m, &dice, back, &mut leads);
        }
        begin(m, &dice, &mut leads, back.is_none());
        for lead in &leads {
            crate::leads::record(m, &dice, lead, &mut s);
        }
    }
    crate::leads::raid(m);
    s.entrants
}

/// The oldest cohort of the window: they were here before the first season that the demo tells.
fn founders(m: &mut Making, s: &mut Seasons) {
    let dice = m.dice("founders");
    let tracks = m.sector.tracks;
    for (at, track) in tracks.iter().enumerate() {
        let (all, known) = (m.n(track.intake), m.n(track.intake * track.returned / track.enrolled));
        let Some(kind) = m.sector.interests.iter().find(|k| k.track == track.key) else { continue };
        for n in 0..all {
            let start = match track.start {
                Start::Year(month) => m.window.month_day(5, month, 1),
                Start::Waiting(_) => m.window.august(5) + dice.between(0, 364),
            };
            let programme = s.programme(&dice, at);
            let back = if n < known { s.comes_back(&dice, at, start - 30) } else { None };
            let alumnus = back.is_some();
            let person = back.unwrap_or_else(|| {
                season::newcomer(m, &dice, kind, track, programme, start - dice.between(60, 300))
            });
            s.entrants.push(Entrant { person, programme, track: at, start, extra: false, alumnus });
        }
    }
}

/// Registering for an open day, and coming.
fn visit(m: &mut Making, s: &Seasons, dice: &Dice, leads: &mut [Lead]) {
    let sizes = &m.sector.sizes;
    let next = |day: Day, campus: Option<crate::UnitKey>, m: &Making| {
        let from = s.occasions.partition_point(|(d, _)| *d < day);
        let coming = s.occasions.get(from..)?;
        let first = coming.first()?.0;
        let same_day = coming.iter().take_while(|(d, _)| *d < first + 2);
        let best = same_day.clone().find(|(_, o)| Some(m.w.occasions[*o].campus) == campus);
        best.or(coming.first()).copied()
    };
    let able: Vec<f64> =
        leads.iter().map(|l| f64::from(u8::from(l.on <= m.window.month_day(l.back, 6, 9)))).collect();
    let registered = dice.by_weight(&able, (sizes.registered * leads.len() as f64).round() as usize);
    let mut seats = Vec::new();
    for at in registered {
        let Some(lead) = leads.get(at) else { continue };
        let campus = m.w.units.all[m.w.programmes[lead.programme].school].campus;
        let Some((day, occasion)) = next(lead.on, campus, m) else { continue };
        seats.push((at, day, occasion));
        if dice.hits(0.12)
            && let Some((again, occasion)) = next(day + 1, campus, m)
        {
            seats.push((at, again, occasion));
        }
    }
    let past: Vec<f64> = seats.iter().map(|(_, day, _)| f64::from(u8::from(*day < m.today()))).collect();
    let came = dice.by_weight(&past, (sizes.show_up * past.iter().sum::<f64>()).round() as usize);
    let mut present = vec![false; seats.len()];
    for at in came {
        if let Some(p) = present.get_mut(at) {
            *p = true;
        }
        if let Some(lead) = seats.get(at).and_then(|(lead, _, _)| leads.get_mut(*lead)) {
            lead.attended = true;
        }
    }
    let attendees: Vec<usize> =
        (0..leads.len()).filter(|at| leads.get(*at).is_some_and(|l| l.attended)).collect();
    for at in dice.some(attendees.len(), (PROMPT * attendees.len() as f64).round() as usize) {
        if let Some(lead) = attendees.get(at).and_then(|at| leads.get_mut(*at)) {
            lead.prompt = true;
        }
    }
    for ((at, _, occasion), attended) in seats.into_iter().zip(present) {
        let Some(lead) = leads.get(at) else { continue };
        let followed_up = match attended {
            false => None,
            true if lead.prompt => Some(dice.between(1, 23) as u16),
            true => dice.hits(0.6).then(|| dice.between(25, 240) as u16),
        };
        let companions = if attended { *dice.pick(&[0, 0, 0, 1, 1, 1, 1, 1, 2, 2]) } else { 0 };
        m.w.participations.push(Participation {
            person: lead.person,
            occasion,
            programme: lead.programme,
            registered: on(lead.on),
            booked_by: None,
            attended,
            companions,
            followed_up,
        });
    }
}

/// Who of the known prospects applies.
fn apply(m: &Making, s: &mut Seasons, dice: &Dice, leads: &mut [Lead]) {
    let sizes = &m.sector.sizes;
    // p(prompt) = 2 p(not), and together the stated share.
    let slow = sizes.attendee_applies / (1.0 + PROMPT);
    let groups: [(fn(&Lead) -> bool, f64); 3] = [
        (|l| l.attended && l.prompt, 2.0 * slow),
        (|l| l.attended && !l.prompt, slow),
        (|l| !l.attended, sizes.other_applies),
    ];
    for (belongs, share) in groups {
        let weights: Vec<f64> = leads
            .iter()
            .map(|l| f64::from(u8::from(belongs(l) && l.on < m.window.month_day(l.back, 7, 20))))
            .collect();
        let all = leads.iter().filter(|l| belongs(l)).count();
        let mut missing = 0;
        for at in dice.by_weight(&weights, (share * all as f64).round() as usize) {
            let Some(lead) = leads.get_mut(at) else { continue };
            if s.claim(lead) {
                lead.applied = Some(lead.on + dice.between(1, 40));
            } else {
                missing += 1;
            }
        }
        // An alumnus who studies here already does not apply; somebody else of the group does.
        for lead in leads.iter_mut() {
            if missing > 0 && belongs(lead) && lead.applied.is_none() && !lead.alumnus {
                lead.applied = Some(lead.on + dice.between(1, 40));
                missing -= 1;
            }
        }
    }
}

/// Applicants of whom nobody had heard, and alumni who simply apply again.
fn stealth(m: &mut Making, s: &mut Seasons, dice: &Dice, back: Option<i32>, leads: &mut Vec<Lead>) {
    let total: f64 = m.sector.tracks.iter().map(|t| t.intake).sum();
    let tracks = m.sector.tracks;
    for (at, track) in tracks.iter().enumerate() {
        let all = m.n(m.sector.sizes.stealth_a_year * track.intake / total);
        let known = m.n(track.intake * track.returned / track.enrolled / 0.78).min(all);
        let Some(kind) = m.sector.interests.iter().position(|k| k.track == track.key) else { continue };
        for n in 0..all {
            // The day is dealt out later; here only whether it is of this season or of six years ago.
            let probe = application_days(m, dice, track, 0, 1).first().copied().unwrap_or(m.today());
            let mine = back.unwrap_or(if probe <= m.today() { 0 } else { 6 });
            let day = if mine == 0 {
                probe
            } else {
                application_days(m, dice, track, mine, 1).first().copied().unwrap_or(m.today()).min(m.today())
            };
            let programme = s.programme(dice, at);
            // Who finishes in summer applies in spring: the diploma comes just before the start.
            let found =
                if n < known { s.comes_back(dice, at, m.window.month_day(mine, 7, 25)) } else { None };
            let alumnus = found.is_some();
            let person = match found {
                Some(key) => key,
                None => season::newcomer(m, dice, chosen(m.sector.interests, kind), track, programme, day),
            };
            leads.push(Lead {
                person,
                programme,
                kind,
                track: at,
                on: day,
                back: mine,
                stealth: true,
                alumnus,
                attended: false,
                prompt: false,
                applied: Some(day),
                start: None,
                extra: false,
            });
        }
    }
}

/// Deals the season's days of application out in the order in which people came to us; who would apply before we heard of
/// him was heard of a little earlier.
fn date_applications(m: &Making, dice: &Dice, back: Option<i32>, leads: &mut [Lead]) {
    for (at, track) in m.sector.tracks.iter().enumerate() {
        for season in back.map_or(vec![0, 6], |b| vec![b]) {
            let mut mine: Vec<&mut Lead> = leads
                .iter_mut()
                .filter(|l| l.track == at && l.back == season && l.applied.is_some())
                .collect();
            // Strangers of the running season have applied already; that is how we know them.
            mine.retain(|l| season > 0 || !l.stealth);
            mine.sort_by_key(|l| (l.on, l.person));
            let days = application_days(m, dice, track, season, mine.len());
            for (lead, day) in mine.into_iter().zip(days) {
                lead.applied = Some(day);
                if lead.stealth || lead.on > day {
                    lead.on = day - if lead.stealth { 0 } else { dice.between(2, 20) };
                }
            }
        }
    }
}

/// Who of the applicants begins, and when.
fn begin(m: &Making, dice: &Dice, leads: &mut [Lead], rolling: bool) {
    for (at, track) in m.sector.tracks.iter().enumerate() {
        let extra = m.n(track.intake * track.extra_start);
        let all = if rolling && matches!(track.start, Start::Year(_)) { extra } else { m.n(track.intake) };
        let known = (all as f64 * track.returned / track.enrolled).round() as usize;
        let mut begun: Vec<(Day, PersonKey, usize)> = Vec::new();
        for (alumni, count) in [(true, known), (false, all - known)] {
            let early = |l: &Lead| l.applied.is_some_and(|d| d <= m.window.month_day(l.back, 12, 20));
            let weights: Vec<f64> = leads
                .iter()
                .map(|l| {
                    l.track == at
                        && l.alumnus == alumni
                        && l.applied.is_some()
                        && (!rolling || track.extra_start == 0.0 || early(l))
                })
                .map(|fits| f64::from(u8::from(fits)))
                .collect();
            for place in dice.by_weight(&weights, count) {
                if let Some(l) = leads.get(place) {
                    begun.push((l.applied.unwrap_or(l.on), l.person, place));
                }
            }
        }
        // February is for who applied first.
        begun.sort_unstable();
        for (n, (applied, _, place)) in begun.into_iter().enumerate() {
            let Some(lead) = leads.get_mut(place) else { continue };
            lead.extra = n < extra && applied <= m.window.month_day(lead.back, 12, 31);
            let start = match track.start {
                Start::Year(_) if lead.extra => m.window.month_day(lead.back, 2, 1),
                Start::Year(month) => m.window.month_day(lead.back - 1, month, 1),
                Start::Waiting(weeks) => applied + (7.0 * dice.log_normal(weeks, 0.6)) as Day,
            };
            lead.start = Some(start).filter(|s| *s <= m.today());
            // The rest of that old season is not told: only its February starters are needed.
            if rolling && !lead.extra && matches!(track.start, Start::Year(_)) {
                lead.start = None;
            }
        }
    }
}
