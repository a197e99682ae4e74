use crate::{
    calendar::{Day, Window, along, on, workday},
    dice::{Dice, Wheel, chosen},
    making::{Making, Newcomer, born, gender},
    pack::{InterestKind, Start, Track},
    people::Basis,
    study::Occasion,
    table::{OccasionKey, PersonKey, ProgrammeKey},
};
use kring_core::Lang;

/// The intake of one season while it is made.
pub(crate) struct Lead {
    pub person: PersonKey,
    pub programme: ProgrammeKey,
    pub kind: usize,
    pub track: usize,
    pub on: Day,
    /// Academic years back.
    pub back: i32,
    pub stealth: bool,
    pub alumnus: bool,
    pub attended: bool,
    pub prompt: bool,
    pub applied: Option<Day>,
    pub start: Option<Day>,
    pub extra: bool,
}

/// Somebody who begins.
pub(crate) struct Entrant {
    pub person: PersonKey,
    pub programme: ProgrammeKey,
    pub track: usize,
    pub start: Day,
    pub extra: bool,
    pub alumnus: bool,
}

/// What the seasons share.
pub(crate) struct Seasons {
    pub occasions: Vec<(Day, OccasionKey)>,
    pub programmes: Vec<(Vec<ProgrammeKey>, Wheel)>,
    /// Alumni who come back for a course; each once before anybody twice.
    pub returners: Vec<PersonKey>,
    pub next_returner: usize,
    /// Alumni who come back to study, by track: the youngest diplomas first served.
    pub back_again: Vec<Vec<(Day, PersonKey)>>,
    pub busy: crate::table::Side<PersonKey, bool>,
    pub entrants: Vec<Entrant>,
}

impl Seasons {
    pub fn new(m: &mut Making, returners: Vec<PersonKey>) -> Self {
        let dice = m.dice("seasons");
        let programmes = m
            .sector
            .tracks
            .iter()
            .map(|t| {
                let keys: Vec<_> =
                    m.w.programmes.iter().filter(|(_, p)| p.track == t.key).map(|(k, _)| k).collect();
                let wheel = Wheel::new(keys.iter().map(|_| dice.log_normal(1.0, 0.5)));
                (keys, wheel)
            })
            .collect();
        let mut back_again: Vec<Vec<(Day, PersonKey)>> = m.sector.tracks.iter().map(|_| Vec::new()).collect();
        let mut seen = m.side::<bool>();
        for d in &m.w.diplomas {
            let (graduated, key) = (crate::calendar::day(d.on), d.person);
            let age = (m.today() - m.w.people[key].born) / 365;
            if seen[key] || m.flags[key].staff || m.flags[key].ambassador || age > 55 {
                continue;
            }
            seen[key] = true;
            // From the highest level of the first track one goes on to the second; the others stack within the first.
            let higher = m.w.programmes[d.programme].level == "mbo-4";
            let track = usize::from(higher).min(back_again.len().saturating_sub(1));
            if let Some(list) = back_again.get_mut(track) {
                list.push((graduated, key));
            }
        }
        for list in &mut back_again {
            list.sort_unstable();
        }
        let occasions = occasions(m);
        let busy = m.side();
        Self { occasions, programmes, returners, next_returner: 0, back_again, busy, entrants: Vec::new() }
    }

    pub fn programme(&self, dice: &Dice, track: usize) -> ProgrammeKey {
        let (keys, wheel) = chosen(&self.programmes, track);
        *chosen(keys, wheel.spin(dice))
    }

    pub fn returner(&mut self) -> Option<PersonKey> {
        let n = self.next_returner;
        self.next_returner += 1;
        self.returners.get(n % self.returners.len().max(1)).copied()
    }

    /// An alumnus who graduated before that day and is not here yet: most of them lately.
    pub fn comes_back(&mut self, dice: &Dice, track: usize, before: Day) -> Option<PersonKey> {
        for track in [track, (track + 1) % self.back_again.len().max(1)] {
            let list = self.back_again.get(track)?;
            let mut at = list.partition_point(|(day, _)| *day < before);
            at = at.saturating_sub(dice.below(at / 12 + 1));
            while at > 0 {
                at -= 1;
                let (_, key) = *list.get(at)?;
                if !self.busy[key] {
                    self.busy[key] = true;
                    return Some(key);
                }
            }
        }
        None
    }

    /// Whether an alumnus may apply now; newcomers always may.
    pub fn claim(&mut self, lead: &Lead) -> bool {
        if !lead.alumnus {
            return true;
        }
        !std::mem::replace(&mut self.busy[lead.person], true)
    }
}

/// Open days from October to June, on each campus; the coming ones are planned already.
fn occasions(m: &mut Making) -> Vec<(Day, OccasionKey)> {
    let days = [(10, 8), (11, 5), (11, 19), (1, 14), (1, 28), (2, 25), (3, 11), (3, 25), (5, 13), (6, 10)];
    let mut all = Vec::new();
    for back in (0..=6).rev() {
        for (n, (month, d)) in days.into_iter().enumerate() {
            let mut day = m.window.month_day(back, month, d);
            while !workday(day) {
                day += 1;
            }
            // Saturdays for the big ones, evenings in the week for the others.
            let day = if n % 3 == 1 { day + 5 - crate::calendar::weekday(day) } else { day };
            for campus in m.w.units.campuses.clone() {
                let unit = &m.w.units.all[campus];
                let (nl, en) = (format!("Open dag {}", unit.nl), format!("Open day {}", unit.en));
                let key = m.w.occasions.add(Occasion { nl, en, campus, on: on(day), seats: 1_200 });
                all.push((day, key));
            }
        }
    }
    all.sort_unstable();
    all
}

pub(crate) fn day_of(window: Window, dice: &Dice, months: &Wheel, back: Option<i32>) -> (Day, i32) {
    let month = months.spin(dice) as i32;
    let (month, d) = ((month + 7) % 12 + 1, dice.between(1, 28));
    let back = back.unwrap_or_else(|| if window.month_day(0, month, d) <= window.today { 0 } else { 6 });
    (window.month_day(back, month, d), back)
}

/// The known prospects of a season. `None`: the season that runs now, filled up with the same season's remainder of six
/// years ago, so that there are as many people whatever day today is.
pub(crate) fn leads(m: &mut Making, s: &mut Seasons, dice: &Dice, back: Option<i32>) -> Vec<Lead> {
    let count = m.n(m.sector.sizes.interested_a_year);
    let months = Wheel::new(m.sector.months);
    // Apart from all else that is drawn, so that the season's course is the same whatever day today is.
    let days = m.dice(&format!("days {back:?}"));
    let total: f64 = m.sector.interests.iter().map(|k| k.share).sum();
    let mut leads = Vec::with_capacity(count);
    let mut known = 0.0;
    for n in 0..count {
        let share = (n as f64 + 0.5) / count as f64 * total;
        let mut sum = 0.0;
        let at = m
            .sector
            .interests
            .iter()
            .position(|k| {
                sum += k.share;
                share < sum
            })
            .unwrap_or(0);
        let kind = chosen(m.sector.interests, at);
        let track = m.sector.tracks.iter().position(|t| t.key == kind.track).unwrap_or(0);
        let (day, back) = day_of(m.window, &days, &months, back);
        let programme = s.programme(dice, track);
        known += kind.known;
        let alumnus = if known >= 1.0 {
            known -= 1.0;
            s.returner()
        } else {
            None
        };
        let person = match alumnus {
            Some(key) => key,
            None => newcomer(m, dice, kind, chosen(m.sector.tracks, track), programme, day),
        };
        leads.push(Lead {
            person,
            programme,
            kind: at,
            track,
            on: day,
            back,
            stealth: false,
            alumnus: alumnus.is_some(),
            attended: false,
            prompt: false,
            applied: None,
            start: None,
            extra: false,
        });
    }
    leads
}

pub(crate) fn newcomer(
    m: &mut Making,
    dice: &Dice,
    kind: &InterestKind,
    track: &Track,
    programme: ProgrammeKey,
    day: Day,
) -> PersonKey {
    let new = Newcomer {
        born: born(dice, day, kind.ages),
        gender: gender(dice, track.female),
        lang: if dice.hits(kind.english) { Lang::En } else { Lang::Nl },
        km: dice.log_normal(track.km, 0.8),
        since: day,
        source: dice.word(&[
            "website",
            "website",
            "open-day",
            "fair",
            "school-visit",
            "phone",
            "recommended",
        ]),
        basis: if dice.hits(0.6) { Basis::PreContract } else { Basis::Consent },
        unit: Some(m.w.programmes[programme].school),
        reach: (0.96, 0.6, 0.35),
    };
    m.add(dice, &new)
}

/// Application days along the season's curve, in order.
pub(crate) fn application_days(m: &Making, dice: &Dice, track: &Track, back: i32, count: usize) -> Vec<Day> {
    let mut days: Vec<Day> = (0..count)
        .map(|n| {
            let share = (n as f64 + dice.unit()) / count.max(1) as f64;
            match track.start {
                Start::Year(_) => along(track.curve, m.window, back, share.min(0.999)),
                Start::Waiting(_) => m.window.august(back) + (share * 364.0) as Day,
            }
        })
        .collect();
    days.sort_unstable();
    days
}
