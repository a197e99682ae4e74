//! Who begins: enrolment, and how it ends. The number of those enrolled today and of those who finished is set; who is
//! neither has left, February starters more often than others.

use crate::{
    calendar::{Day, on},
    dice::{Dice, chosen},
    graduates::become_alumnus,
    making::Making,
    pack::{Start, Track},
    people::EmailState,
    season::Entrant,
    study::{Diploma, Enrolment, Outcome},
    table::{Key, OfferingKey, PersonKey, ProgrammeKey},
};

/// How much more often a February starter leaves: planted.
const FEBRUARY: f64 = 1.4;
const REASONS: &[&str] =
    &["wrong_choice", "other_school", "work", "personal", "level", "health", "negative_advice", "unknown"];

struct Course {
    entrant: Entrant,
    offering: OfferingKey,
    prior: &'static str,
    leaving: f64,
    /// When it would end with a diploma.
    ends: Day,
    outcome: Outcome,
    end: Option<Day>,
}

pub(crate) fn make(m: &mut Making, entrants: Vec<Entrant>) {
    let dice = m.dice("cohorts");
    let mut offerings = vec![Vec::new(); m.w.programmes.len()];
    for (key, offering) in m.w.offerings.iter() {
        if let Some(list) = offerings.get_mut(offering.programme.at()) {
            list.push((key, offering.form));
        }
    }
    let mut groups: Vec<Vec<Course>> = (0..m.sector.tracks.len() * 2).map(|_| Vec::new()).collect();
    for entrant in entrants {
        let group = entrant.track * 2 + usize::from(entrant.alumnus);
        let course = course(m, &dice, entrant, &offerings);
        if let Some(list) = groups.get_mut(group) {
            list.push(course);
        }
    }
    let mut rate = 0.0;
    for (at, mut courses) in groups.into_iter().enumerate() {
        let track = chosen(m.sector.tracks, at / 2);
        let returned = m.n(track.returned.min(track.enrolled));
        let (enrolled, leavers) = if at % 2 == 0 {
            let enrolled = m.n(track.enrolled) - returned;
            let leavers = courses.len().saturating_sub(enrolled + m.n(track.finished));
            rate = leavers as f64 / courses.len().max(1) as f64;
            (enrolled, leavers)
        } else {
            // Who was here before leaves as often as who is new; otherwise the two would blur the effect of the start.
            let most = courses.len().saturating_sub(returned);
            (returned, ((rate * courses.len() as f64).round() as usize).min(most))
        };
        let finished = courses.len().saturating_sub(enrolled + leavers);
        leave(m, &dice, track, &mut courses, leavers);
        finish(m, &dice, &mut courses, finished);
        for course in courses {
            record(m, &dice, track, course);
        }
    }
    students(m);
}

fn course(
    m: &Making,
    dice: &Dice,
    entrant: Entrant,
    offerings: &[Vec<(OfferingKey, &'static str)>],
) -> Course {
    let track = chosen(m.sector.tracks, entrant.track);
    let programme = &m.w.programmes[entrant.programme];
    let level = track.levels.iter().find(|l| l.key == programme.level).unwrap_or(chosen(track.levels, 0));
    let age = (entrant.start - m.w.people[entrant.person].born) / 365;
    // Beside work for who is older; at school for who comes from school.
    let shares: Vec<f64> = level
        .forms
        .iter()
        .map(|(_, share, (_, mode, _))| share * if (*mode > 20) == (age > 20) { 1.0 } else { 0.12 })
        .collect();
    let (form, _, _) = chosen(level.forms, dice.weighted(&shares));
    let offered = chosen(offerings, entrant.programme.at());
    let offering =
        offered.iter().find(|(_, f)| f == form).or(offered.first()).map_or(OfferingKey(0), |o| o.0);
    let priors: Vec<f64> = track.prior.iter().map(|p| p.1).collect();
    let (prior, _, leaving) = *chosen(track.prior, dice.weighted(&priors));
    let prior = if entrant.alumnus && track.key == "hbo" { "mbo" } else { prior };
    let lasts = programme.years + if dice.hits(0.3) { dice.unit() } else { 0.0 };
    let ends = entrant.start + (lasts * 365.25) as Day;
    let leaving = leaving * level.leaving;
    Course { entrant, offering, prior, leaving, ends, outcome: Outcome::Current, end: None }
}

fn leave(m: &Making, dice: &Dice, track: &Track, courses: &mut [Course], leavers: usize) {
    let gone = |c: &Course| (m.window.today - c.entrant.start - 45).clamp(0, 540);
    let extra = courses.iter().filter(|c| c.entrant.extra).count();
    let main = courses.len() - extra;
    let rate = leavers as f64 / (main as f64 + FEBRUARY * extra as f64).max(1.0);
    let february = ((FEBRUARY * rate * extra as f64).round() as usize).min(extra);
    for (is_extra, count) in [(true, february), (false, leavers - february)] {
        let weights: Vec<f64> = courses
            .iter()
            .map(|c| if c.entrant.extra == is_extra { c.leaving * f64::from(gone(c)) } else { 0.0 })
            .collect();
        for at in dice.by_weight(&weights, count) {
            let Some(c) = courses.get_mut(at) else { continue };
            let end = leaving_day(m, dice, track, c.entrant.start);
            c.outcome = Outcome::Left(dice.word(REASONS));
            c.end = Some(end);
        }
    }
}

/// In the first year mostly, and then around October, before 1 February, and in summer.
fn leaving_day(m: &Making, dice: &Dice, track: &Track, start: Day) -> Day {
    let last = m.today() - 1;
    for _ in 0..12 {
        let year = if dice.hits(0.68) { 0 } else { 1 + dice.between(0, 1) };
        let peak = match track.start {
            Start::Year(_) => *dice.pick(&[75, 80, 150, 170, 172, 300, 320, 345]),
            Start::Waiting(_) => dice.between(20, 360),
        };
        let day = start + year * 365 + peak + dice.between(-14, 14);
        if day <= last {
            return day.max(start + 20);
        }
    }
    start + 20 + dice.between(0, (last - start - 20).max(0))
}

/// Those whose course would end first have finished, as many as there must be; the others are still here.
fn finish(m: &Making, dice: &Dice, courses: &mut [Course], count: usize) {
    let mut staying: Vec<&mut Course> =
        courses.iter_mut().filter(|c| c.outcome == Outcome::Current).collect();
    staying.sort_by_key(|c| (c.ends, c.entrant.person));
    for c in staying.into_iter().take(count) {
        let summer =
            crate::calendar::ymd(i32::from(on(c.ends.min(m.today())).year()), 6, 12 + dice.between(0, 28));
        let mut day = if summer < m.today() { summer } else { c.ends };
        if day >= m.today() || day < c.entrant.start + 150 {
            day = (c.entrant.start + 300).min(m.today() - 2).max(c.entrant.start);
        }
        c.outcome = Outcome::Finished;
        c.end = Some(day);
    }
}

fn record(m: &mut Making, dice: &Dice, track: &Track, c: Course) {
    let Entrant { person, programme, start, extra, .. } = c.entrant;
    let school = m.w.programmes[programme].school;
    let place = (Some(school), Some(programme));
    let form = m.w.offerings[c.offering].form;
    m.role(person, m.sector.slots.enrolled, place, form, (start, c.end), "sis");
    m.enrol_person(dice, person, track.km);
    m.w.people[person].basis = crate::people::Basis::PublicTask;
    m.w.people[person].unit = Some(school);
    m.touch(person, c.end.unwrap_or(m.today() - dice.between(1, 60)).min(m.today()));
    match c.outcome {
        Outcome::Left(_) => {
            m.role(person, m.sector.slots.left, place, "", (c.end.unwrap_or(start), None), "sis");
        }
        Outcome::Finished => {
            let day = c.end.unwrap_or(start);
            m.w.diplomas.push(Diploma { person, programme, on: on(day) });
            become_alumnus(m, person, programme, day, "sis");
        }
        Outcome::Current => m.programme_of.push((person, programme)),
    }
    if c.outcome != Outcome::Current {
        m.flags[person].student = false;
        // The school's mailbox goes with the student.
        for mail in &mut m.w.people[person].emails {
            if mail.kind == crate::people::EmailKind::School {
                mail.state = EmailState::Dead;
            }
        }
    }
    let age = (c.end.unwrap_or(m.today()) - m.w.people[person].born) / 365;
    let qualified = matches!(m.w.programmes[programme].level, "mbo-3" | "mbo-4") && dice.hits(0.5);
    let early = matches!(c.outcome, Outcome::Left(_)) && track.scheme == "crebo" && age < 23 && !qualified;
    let switches = matches!(c.outcome, Outcome::Left(_)) && track.scheme == "croho" && dice.hits(0.3);
    let next = switches.then(|| ProgrammeKey::from_at(dice.below(m.w.programmes.len())));
    m.w.enrolments.push(Enrolment {
        person,
        offering: c.offering,
        programme,
        prior: c.prior,
        start: on(start),
        extra_start: extra,
        outcome: c.outcome,
        end: c.end.map(on),
        early_leaver: early,
        next,
    });
}

fn students(m: &mut Making) {
    m.programme_of.sort_unstable();
    m.students = m.programme_of.iter().map(|(k, _)| *k).collect();
    // Each student is the relation of a coach.
    let dice = m.dice("coaches");
    let coaches: Vec<PersonKey> = m.staff.iter().filter(|s| s.function == "coach").map(|s| s.key).collect();
    for key in m.students.clone() {
        if !coaches.is_empty() {
            m.w.people[key].owner = Some(*dice.pick(&coaches));
        }
    }
}

/// As many minors among the given people as there should be: those next to the line move over it, by as little as it
/// takes, so that the ages of all others stay as they were drawn.
pub(crate) fn minors(m: &mut Making, mut people: Vec<PersonKey>, count: usize) {
    let dice = m.dice("minors");
    people.sort_by_key(|k| (std::cmp::Reverse(m.w.people[*k].born), *k));
    people.dedup();
    // Eighteen today or later is a minor no more.
    let line = crate::calendar::ymd(
        i32::from(on(m.today()).year()) - 18,
        i32::from(on(m.today()).month()),
        i32::from(on(m.today()).day()),
    );
    for (n, key) in people.into_iter().enumerate() {
        let born = m.w.people[key].born;
        if n < count && born <= line {
            m.reborn(key, line + 1 + dice.between(0, 200));
        } else if n >= count && born > line {
            m.reborn(key, line - dice.between(0, 200));
        }
    }
}
