//! A lead written down: interest, application, roles.

use crate::{
    calendar::{Day, at, on},
    dice::{Dice, chosen},
    making::Making,
    season::{Entrant, Lead, Seasons},
    study::{Application, Interest, Stage},
    table::{Key, ProgrammeKey},
};

/// Of the lost prospects of one programme, the share that one competitor takes: planted.
pub(crate) const RAIDED: f64 = 0.22;
/// Prospects are kept for two years after they last stirred.
const KEPT: Day = 730;

pub(crate) fn record(m: &mut Making, dice: &Dice, lead: &Lead, s: &mut Seasons) {
    if let Some(applied) = lead.applied.filter(|d| *d <= m.today()) {
        apply(m, dice, lead, applied);
    }
    if !lead.stealth {
        interest(m, dice, lead);
    }
    m.touch(lead.person, lead.applied.unwrap_or(lead.on).clamp(lead.on, m.window.today));
    if let Some(start) = lead.start {
        s.entrants.push(Entrant {
            person: lead.person,
            programme: lead.programme,
            track: lead.track,
            start,
            extra: lead.extra,
            alumnus: lead.alumnus,
        });
    }
}

fn interest(m: &mut Making, dice: &Dice, lead: &Lead) {
    let today = m.today();
    let person = lead.person;
    let applied = lead.applied.filter(|d| *d <= today);
    let running = lead.back == 0;
    let decided = |from: Day| (from + dice.between(20, 160)).min(today);
    let (stage, when) = match (applied, lead.start) {
        (Some(_), Some(start)) => (Stage::Enrolled, start),
        (Some(day), None) if running => (Stage::Applied, day),
        (Some(day), None) => (Stage::Lost, decided(day)),
        (None, _) if running => match dice.unit() {
            u if u < 0.34 => (Stage::New, lead.on),
            u if u < 0.70 => (Stage::Engaged, (lead.on + dice.between(1, 30)).min(today)),
            u if u < 0.88 => (Stage::Qualified, (lead.on + dice.between(5, 60)).min(today)),
            _ => (Stage::Lost, decided(lead.on)),
        },
        (None, _) => match dice.unit() {
            u if u < 0.56 => (Stage::Lost, decided(lead.on)),
            u if u < 0.95 => (Stage::Dormant, decided(lead.on + 120)),
            _ => (Stage::Deferred, decided(lead.on)),
        },
    };
    let (mut loss, mut competitor) = (None, None);
    if stage == Stage::Lost {
        (loss, competitor) = reason(m, dice);
    }
    let season = (m.window.year - lead.back) as i16;
    let deferred_to = (stage == Stage::Deferred).then_some(season + 2);
    m.w.interests.push(Interest {
        person,
        programme: lead.programme,
        kind: chosen(m.sector.interests, lead.kind).key,
        source: if lead.alumnus { "alumni-mail" } else { m.w.people[person].source },
        on: on(lead.on),
        stage,
        stage_on: on(when),
        loss,
        competitor,
        deferred_to,
        km: dice.log_normal(chosen(m.sector.tracks, lead.track).km, 0.8).clamp(0.0, 900.0) as u16,
        season,
    });
    let ends = match stage {
        Stage::Enrolled | Stage::Lost => Some(when),
        _ => Some(when + KEPT).filter(|d| *d <= today),
    };
    let place = (Some(m.w.programmes[lead.programme].school), Some(lead.programme));
    let key = chosen(m.sector.interests, lead.kind).key;
    m.role(person, m.sector.slots.interested, place, key, (lead.on, ends), m.w.people[person].source);
}

fn reason(m: &Making, dice: &Dice) -> (Option<&'static str>, Option<&'static str>) {
    let shares: Vec<f64> = m.sector.losses.iter().map(|l| l.1).collect();
    let (loss, _) = *chosen(m.sector.losses, dice.weighted(&shares));
    let (elsewhere, named) = m.sector.lost_elsewhere;
    let competitor = (loss == elsewhere && dice.hits(named)).then(|| dice.word(m.sector.competitors));
    (Some(loss), competitor)
}

fn apply(m: &mut Making, dice: &Dice, lead: &Lead, applied: Day) {
    let more = (m.sector.sizes.applications_each - 1.0).max(0.0);
    let programmes = [(lead.programme, true), (other(m, dice, lead), false)];
    let count = if dice.hits(more) { 2 } else { 1 };
    for (programme, main) in programmes.into_iter().take(count) {
        let day = if main { applied } else { (applied + dice.between(0, 20)).min(m.today()) };
        let begins = lead.start.filter(|_| main);
        let states = states(m, dice, lead, day, begins);
        m.w.applications.push(Application {
            person: lead.person,
            programme,
            at: at(day, minute(dice)),
            stealth: lead.stealth,
            season: (m.window.year - lead.back) as i16,
            states,
            enrolled: begins.is_some(),
        });
    }
    let ends = lead.start.or((lead.back > 0).then_some((applied + 150).min(m.today())));
    let place = (Some(m.w.programmes[lead.programme].school), Some(lead.programme));
    m.role(lead.person, m.sector.slots.applicant, place, "", (applied, ends), "application");
}

fn other(m: &Making, dice: &Dice, lead: &Lead) -> ProgrammeKey {
    let key = ProgrammeKey::from_at(dice.below(m.w.programmes.len()));
    if m.w.programmes[key].track == m.w.programmes[lead.programme].track { key } else { lead.programme }
}

/// As the mbo's application flow, Studielink or the sector itself says it; every change is dated.
fn states(
    m: &Making,
    dice: &Dice,
    lead: &Lead,
    day: Day,
    begins: Option<Day>,
) -> Vec<(&'static str, jiff::civil::Date)> {
    let today = m.today();
    let codes: [&'static str; 5] = match chosen(m.sector.tracks, lead.track).scheme {
        "crebo" => ["AO", "OA", "LI", "AI", "LNI"],
        "croho" => ["V", "U", "I", "A", "A"],
        _ => ["received", "waiting", "started", "withdrawn", "withdrawn"],
    };
    let [received, offered, enrolled, withdrawn, refused] = codes;
    let mut states = vec![(received, on(day))];
    let next = (day + dice.between(10, 60)).min(begins.unwrap_or(today));
    match begins {
        Some(start) => {
            states.push((offered, on(next)));
            states.push((enrolled, on(start)));
        }
        None if lead.back > 0 => {
            let last = (next + dice.between(10, 60)).min(today);
            states.push((if dice.hits(0.6) { withdrawn } else { refused }, on(last)));
        }
        None if next < today => states.push((offered, on(next))),
        None => {}
    }
    states
}

/// Forms come in after school and on Sunday evening.
fn minute(dice: &Dice) -> i32 {
    let hour = if dice.hits(0.6) { dice.between(16, 21) } else { dice.between(8, 23) };
    hour * 60 + dice.between(0, 59)
}

/// Has one competitor take its share of the lost prospects of the programme that lost most.
pub(crate) fn raid(m: &mut Making) {
    let dice = m.dice("raid");
    let mut lost = vec![Vec::new(); m.w.programmes.len()];
    for (at, interest) in m.w.interests.iter().enumerate().filter(|(_, i)| i.stage == Stage::Lost) {
        if let Some(list) = lost.get_mut(interest.programme.at()) {
            list.push(at);
        }
    }
    let Some((programme, lost)) = lost.into_iter().enumerate().max_by_key(|(_, l)| l.len()) else { return };
    let [raider, rest @ ..] = m.sector.competitors else { return };
    let mut taken = vec![false; lost.len()];
    for at in dice.some(lost.len(), (RAIDED * lost.len() as f64).round() as usize) {
        if let Some(t) = taken.get_mut(at) {
            *t = true;
        }
    }
    for (at, taken) in lost.into_iter().zip(taken) {
        let Some(interest) = m.w.interests.get_mut(at) else { continue };
        if taken {
            interest.loss = Some(m.sector.lost_elsewhere.0);
            interest.competitor = Some(raider);
        } else if interest.competitor == Some(raider) {
            interest.competitor = Some(dice.word(rest));
        }
    }
    m.w.planted.raided_programme = Some(ProgrammeKey::from_at(programme));
    m.w.planted.raider = raider;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_come_by_daylight_and_evening() {
        let dice = Dice::of(1, "minutes");
        assert!((0..500).map(|_| minute(&dice)).all(|m| (480..1_440).contains(&m)));
    }
}
