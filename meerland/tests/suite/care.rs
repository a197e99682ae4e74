//! The care pack is the same making with other data.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic: that is how it fails")]

use std::collections::HashSet;

use jiff::civil::{Date, date};
use kring_meerland::*;

const TODAY: Date = date(2026, 11, 29);

fn world(scale: f64) -> World {
    World::make(&Settings { seed: 7, scale, today: TODAY, pack: Pack::Care })
}

fn holders(w: &World, kind: &str, now: bool) -> usize {
    let all: HashSet<PersonKey> =
        w.roles.iter().filter(|r| r.kind == kind && (!now || r.to.is_none())).map(|r| r.person).collect();
    all.len()
}

#[test]
fn the_sizes_are_those_of_the_care_tenant() {
    let w = world(1.0);
    assert_eq!(holders(&w, "client", true), 1_400);
    assert_eq!(holders(&w, "relative", false), 2_600);
    assert_eq!(holders(&w, "staff", true), 900);
    assert_eq!(w.interests.iter().filter(|i| i.season == 2024).count(), 700);
    assert!((150..=160).contains(&holders(&w, "referrer", false)), "{}", holders(&w, "referrer", false));
    assert_eq!(holders(&w, "volunteer", false), 420);
    assert_eq!(w.units.campuses.len(), 3);
}

#[test]
fn no_word_of_education_is_in_it() {
    let w = world(0.2);
    let kinds: HashSet<&str> = w.sector().roles.iter().map(|r| r.code).collect();
    assert!(
        w.roles.iter().all(|r| kinds.contains(r.kind)),
        "{:?}",
        w.roles.iter().find(|r| !kinds.contains(r.kind))
    );
    assert!(w.diplomas.is_empty() || holders(&w, "alumnus", false) == 0);
    assert!(w.people.iter().all(|(_, p)| p.identifiers.iter().all(|i| i.scheme == "client_number")));
    assert!(w.people.iter().all(|(_, p)| p.emails.iter().all(|e| !e.address.contains("student"))));
    assert!(w.placements.is_empty() && w.knows.is_empty());
    assert!(
        w.outside_scores
            .iter()
            .all(|s| matches!(s.instrument, "cq" | "prem") && (7.0..=9.3).contains(&s.mean))
    );
    assert!(w.programmes.iter().all(|(_, p)| p.scheme == "service"));
    let education = World::make(&Settings { seed: 7, scale: 0.01, today: TODAY, pack: Pack::Education });
    let kinds: HashSet<&str> = education.sector().roles.iter().map(|r| r.code).collect();
    assert!(education.roles.iter().all(|r| kinds.contains(r.kind)));
}

#[test]
fn one_waits_about_seven_weeks() {
    let w = world(1.0);
    let mut weeks: Vec<f64> = w
        .applications
        .iter()
        .filter(|a| a.enrolled)
        .filter_map(|a| Some(f64::from(a.at.date().until(a.states.last()?.1).ok()?.get_days()) / 7.0))
        .collect();
    weeks.sort_unstable_by(f64::total_cmp);
    let median = weeks[weeks.len() / 2];
    assert!((6.0..8.0).contains(&median), "{median}");
}

#[test]
fn the_gate_has_all_its_states_and_one_location_is_not_ready() {
    let w = world(1.0);
    let key = answer_key(&w);
    let unit = &w.units.all[UnitKey(key["findings"]["c"]["ids"]["unit"].as_u64().unwrap() as u32)];
    assert_eq!(unit.key, "duinhof-care");
    let means: Vec<f64> = w.units.schools.iter().filter_map(|s| w.units.all[*s].mean).collect();
    assert!(means.iter().any(|m| *m <= 7.5) && means.iter().any(|m| *m > 8.5));
    assert!(means.iter().any(|m| (7.5..=8.0).contains(m)) && means.iter().any(|m| (8.0..=8.5).contains(m)));
}

#[test]
fn a_daughter_is_the_first_contact_of_a_future_client() {
    for scale in [0.05, 1.0] {
        let w = world(scale);
        let case = personae(&w).get("relative").unwrap();
        let (daughter, parent) = (case.person.unwrap(), case.others[0]);
        assert!(
            w.kinships
                .iter()
                .any(|k| k.kind == KinshipKind::ParentOf && (k.from, k.to) == (parent, daughter))
        );
        assert!(w.roles_of(parent).iter().any(|r| r.kind == "potential_client"));
        assert!(!w.roles_of(parent).iter().any(|r| r.kind == "client" && r.to.is_none()));
        assert!(w.roles_of(daughter).iter().any(|r| r.kind == "relative" && r.detail == "first contact"));
        assert!(!lists(&w).is_empty());
    }
}
