//! Placements: many a year at few companies. A company takes a student only while it is recognised for the programme.

use crate::{
    calendar::{Day, day, on},
    contacts::Workplaces,
    dice::{Dice, Wheel, chosen},
    making::Making,
    organisations::{Accreditation, OrganisationKind},
    study::{Outcome, Placement, PlacementState, Wanted},
    table::{Key, OrganisationKey, PersonKey, ProgrammeKey, Side, UnitKey},
};

/// Years of placements, the current one included.
const YEARS: i32 = 6;

pub(crate) fn make(m: &mut Making, w: &Workplaces) -> Side<OrganisationKey, bool> {
    let dice = m.dice("placements");
    let mut placed: Side<OrganisationKey, bool> = Side::of(m.w.organisations.len());
    let open: Vec<OrganisationKey> =
        m.w.organisations
            .iter()
            .filter(|(k, o)| !matches!(o.kind, OrganisationKind::Partner(_)) && !w.idle[*k])
            .map(|(k, _)| k)
            .collect();
    let recognised: Vec<OrganisationKey> =
        open.iter().copied().filter(|k| m.w.organisations[*k].kind == OrganisationKind::Accredited).collect();
    let teachers: Vec<(PersonKey, UnitKey)> =
        m.staff.iter().filter(|s| s.function == "teacher").map(|s| (s.key, s.unit)).collect();
    for track in m.sector.tracks.iter().filter(|t| t.placements > 0.0) {
        let mbo = track.scheme == "crebo";
        let mut companies = if mbo { recognised.clone() } else { open.clone() };
        if companies.is_empty() {
            continue;
        }
        dice.shuffle(&mut companies);
        let wheel = concentration(companies.len());
        let studies = studies(m, track.key);
        for back in (0..YEARS).rev() {
            let count = m.n(track.placements);
            place(m, &dice, w, &mut placed, &companies, &wheel, &studies, &teachers, (back, count, mbo));
        }
    }
    seekers(m, &dice);
    placed
}

/// The hundredth part of the companies has a quarter of the placements (Zipf, bent at the head so that a single company
/// does not have them all).
pub(crate) fn concentration(n: usize) -> Wheel {
    let top = (n as f64 / 100.0).ceil().max(1.0) as usize;
    let law = |at: usize| 1.0 / (at as f64 + 8.0);
    let tail: f64 = (top..n).map(law).sum::<f64>().max(1e-9);
    Wheel::new(
        (0..n).map(|at| if at < top { 0.25 / top as f64 } else { 0.75 * law(at) / tail }).collect::<Vec<_>>(),
    )
}

/// Who studied what in which days.
fn studies(m: &Making, track: &str) -> Vec<(PersonKey, ProgrammeKey, Day, Day)> {
    m.w.enrolments
        .iter()
        .filter(|e| m.w.programmes[e.programme].track == track)
        .map(|e| {
            let end = if e.outcome == Outcome::Current { m.today() } else { e.end.map_or(m.today(), day) };
            (e.person, e.programme, day(e.start), end)
        })
        .collect()
}

#[expect(clippy::too_many_arguments, reason = "the year's companies, students and teachers, all read-only")]
fn place(
    m: &mut Making,
    dice: &Dice,
    w: &Workplaces,
    placed: &mut Side<OrganisationKey, bool>,
    companies: &[OrganisationKey],
    wheel: &Wheel,
    studies: &[(PersonKey, ProgrammeKey, Day, Day)],
    teachers: &[(PersonKey, UnitKey)],
    (back, count, mbo): (i32, usize, bool),
) {
    let year = m.window.august(back);
    let here: Vec<_> =
        studies.iter().filter(|(_, _, from, to)| *from < year + 330 && *to > year + 40).collect();
    if here.is_empty() {
        return;
    }
    // The oldest years know only the cohorts that the demo tells: fewer students, fewer placements.
    let share = (f64::from(YEARS - back) / 4.0).clamp(0.5, 1.0);
    let count = (count as f64 * share).round() as usize;
    let from = dice.below(here.len());
    for n in 0..count {
        let (student, programme, since, until) = **chosen(&here, (from + n) % here.len());
        let first = since.max(year + 10);
        let start = first + dice.between(5, 240.min((until - first).max(6)));
        // Placements of this year that begin after today have not been made yet, but for those already agreed.
        if start > m.today() {
            continue;
        }
        let end = start + dice.between(60, 200);
        let organisation = *chosen(companies, wheel.spin(dice));
        placed[organisation] = true;
        if mbo {
            recognise(m, organisation, programme, start);
        }
        let people = w.contacts.get(organisation.at()).map_or(&[][..], Vec::as_slice);
        let supervisor = (!people.is_empty()).then(|| *dice.pick(people));
        let tutor = (!teachers.is_empty()).then(|| dice.pick(teachers).0);
        let (state, end) = match dice.unit() {
            u if u < 0.045 && start + 20 < m.today() => {
                let broken = (start + dice.between(10, 60)).min(m.today());
                (
                    PlacementState::BrokenOff(dice.word(&[
                        "illness",
                        "no_match",
                        "company",
                        "left_programme",
                    ])),
                    broken,
                )
            }
            _ if end <= m.today() => (PlacementState::Completed, end),
            _ => (PlacementState::Running, end),
        };
        let marked = state == PlacementState::Completed;
        let mark = |mean: f64| (mean + dice.normal() * 1.1).round().clamp(1.0, 10.0) as u8;
        m.w.placements.push(Placement {
            student,
            organisation,
            supervisor,
            tutor,
            programme,
            start: on(start),
            end: on(end),
            hours: if mbo {
                160 + 20 * dice.between(0, 40) as u16
            } else {
                400 + 20 * dice.between(0, 20) as u16
            },
            state,
            signed: Some(on(start - dice.between(1, 40))),
            student_mark: (marked && dice.hits(0.5)).then(|| mark(8.2)),
            supervisor_mark: (marked && dice.hits(0.4)).then(|| mark(7.6)),
        });
        m.touch(student, start);
        let organisation = &mut m.w.organisations[organisation];
        organisation.last_contact = organisation.last_contact.max(Some(on(start)));
    }
}

/// The recognition that a placement presupposes.
fn recognise(m: &mut Making, at: OrganisationKey, programme: ProgrammeKey, start: Day) {
    let company = &mut m.w.organisations[at];
    match company.accreditations.iter_mut().find(|a| a.programme == programme) {
        Some(a) => a.from = a.from.min(on(start - 30)),
        None => company.accreditations.push(Accreditation { programme, from: on(start - 30), until: None }),
    }
}

/// Three in two hundred students of the first track look for a place that begins in six weeks.
fn seekers(m: &mut Making, dice: &Dice) {
    let mbo: Vec<(PersonKey, ProgrammeKey)> =
        m.programme_of.iter().copied().filter(|(_, p)| m.w.programmes[*p].scheme == "crebo").collect();
    let count = if mbo.is_empty() { 0 } else { ((0.015 * mbo.len() as f64).round() as usize).max(1) };
    for at in dice.some(mbo.len(), count) {
        if let Some((student, programme)) = mbo.get(at).copied() {
            let start = on(m.today() + dice.between(30, 42));
            m.w.wanted.push(Wanted { student, programme, start });
        }
    }
}
