//! The departments' lists: readable in their own shape, true line by line, and as dirty as was said.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic: that is how it fails")]

use std::collections::{HashMap, HashSet};

use jiff::civil::{Date, date};
use kring_lang::names::fold;
use kring_meerland::*;

const TODAY: Date = date(2026, 11, 29);

/// So many at scale 1.0, here.
fn scaled(full: usize, scale: f64) -> usize {
    (full as f64 * scale).round() as usize
}

fn world(scale: f64, pack: Pack) -> World {
    World::make(&Settings { seed: 7, scale, today: TODAY, pack })
}

/// Header and records, read as somebody would who knows the department.
fn read(list: &DirtyList) -> (Vec<String>, Vec<Vec<String>>) {
    let text = match list.encoding {
        Encoding::Utf8 => String::from_utf8(list.bytes.clone()).unwrap(),
        Encoding::Utf8Bom => {
            String::from_utf8(list.bytes.clone()).unwrap().strip_prefix('\u{feff}').unwrap().to_owned()
        }
        Encoding::Cp1252 => list.bytes.iter().map(|b| char::from(*b)).collect(),
    };
    let first = text.lines().next().unwrap();
    let delimiter = if first.contains(';') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut records: Vec<Vec<String>> =
        reader.records().map(|r| r.unwrap().iter().map(ToOwned::to_owned).collect()).collect();
    // A title line has one value only.
    if records[0].iter().skip(1).all(String::is_empty) {
        records.remove(0);
    }
    (records.remove(0), records)
}

#[test]
fn lists_have_shapes_of_their_own_and_a_truth_for_every_line() {
    let w = world(0.01, Pack::Education);
    let all = lists(&w);
    assert!(all.len() >= 14);
    let headers: HashSet<Vec<String>> = all.iter().map(|l| read(l).0).collect();
    assert_eq!(headers.len(), all.len(), "no two alike");
    for encoding in [Encoding::Utf8, Encoding::Utf8Bom, Encoding::Cp1252] {
        assert!(all.iter().any(|l| l.encoding == encoding));
    }
    for list in &all {
        let (header, records) = read(list);
        assert_eq!(records.len(), list.truth.len(), "{}", list.key);
        assert!(records.iter().all(|r| r.len() == header.len()), "{}", list.key);
        assert!(list.truth.iter().zip(1..).all(|(t, line)| t.line == line));
    }
}

#[test]
fn a_line_is_the_person_that_the_truth_says() {
    let w = world(0.02, Pack::Education);
    for list in lists(&w).iter().filter(|l| l.kind == ListKind::People) {
        let (header, records) = read(list);
        let mail = header.iter().position(|h| h.to_lowercase().contains("mail")).unwrap();
        for (record, truth) in records.iter().zip(&list.truth) {
            let Some(person) = truth.person else {
                assert!(record.iter().all(String::is_empty));
                continue;
            };
            let own = |m: &str| w.people[person].emails.iter().any(|e| e.address.eq_ignore_ascii_case(m));
            let changed = truth.slip == "changed_mail";
            assert!(changed || record[mail].is_empty() || own(&record[mail]), "{}: {record:?}", list.key);
        }
    }
}

#[test]
fn seven_in_a_hundred_people_and_twelve_companies_stand_there_twice() {
    for scale in [0.01, 0.1] {
        let w = world(scale, Pack::Education);
        let all = lists(&w);
        let slipped = |kind: ListKind| {
            all.iter()
                .filter(move |l| l.kind == kind)
                .flat_map(|l| &l.truth)
                .filter(|t| !t.slip.is_empty() && t.slip != "objector")
        };
        let people: HashSet<PersonKey> = slipped(ListKind::People).filter_map(|t| t.person).collect();
        let companies: HashSet<OrganisationKey> =
            slipped(ListKind::Organisations).filter_map(|t| t.organisation).collect();
        assert_eq!(people.len(), (0.07 * w.people.len() as f64).round() as usize);
        assert_eq!(companies.len(), (0.12 * w.organisations.len() as f64).round() as usize);
        let key = answer_key(&w);
        assert_eq!(key["defects"]["duplicate_people"], people.len());
        assert_eq!(key["defects"]["duplicate_companies"], companies.len());
        for kind in ["typo", "partner_name", "prefix_in_wrong_field", "nickname", "changed_mail", "moved"] {
            assert!(slipped(ListKind::People).any(|t| t.slip == kind), "{kind}");
        }
        for kind in ["typo", "legal_form", "branch_or_head", "moved"] {
            assert!(slipped(ListKind::Organisations).any(|t| t.slip == kind), "{kind}");
        }
        // Everybody stands in some list, as he is.
        let listed: HashSet<PersonKey> = all
            .iter()
            .filter(|l| l.kind == ListKind::People)
            .flat_map(|l| &l.truth)
            .filter(|t| t.slip.is_empty())
            .filter_map(|t| t.person)
            .collect();
        assert_eq!(listed.len(), w.people.len());
    }
}

#[test]
fn look_alikes_look_alike_and_are_two() {
    for (scale, people, companies) in [(0.01, 4, 1), (0.1, 4, 1), (1.0, 30, 10)] {
        if scale > 0.5 && cfg!(debug_assertions) {
            // Half a million people in an unoptimised build take longer than they tell.
            continue;
        }
        let w = world(scale, Pack::Education);
        let key = answer_key(&w);
        let pairs = key["defects"]["lookalike_people"].as_array().unwrap();
        assert_eq!(pairs.len(), people);
        for pair in pairs {
            let of = |n: usize| &w.people[PersonKey(pair[n].as_u64().unwrap() as u32)];
            let (one, other) = (of(0), of(1));
            assert_eq!(fold(&one.name.surname), fold(&other.name.surname));
            let born = |p: &Person| match p.birth {
                Birth::Full(day) => day,
                Birth::Year(_) | Birth::Unknown => panic!("a full day is on record"),
            };
            match pair[2].as_str().unwrap() {
                "twins" => {
                    assert_eq!((born(one), &one.address), (born(other), &other.address));
                    assert_eq!(one.name.initials, other.name.initials);
                }
                "father and son" => {
                    assert_eq!(one.name.display(), other.name.display());
                    assert!((20..46).contains(&(born(other).year() - born(one).year())));
                }
                "namesakes of one year" => {
                    assert_eq!(one.name, other.name);
                    assert!(born(one).year() == born(other).year() && born(one) != born(other));
                }
                _ => assert_eq!(one.address, other.address),
            }
        }
        let pairs = key["defects"]["lookalike_companies"].as_array().unwrap();
        assert_eq!(pairs.len(), companies);
        for pair in pairs {
            let of = |n: usize| &w.organisations[OrganisationKey(pair[n].as_u64().unwrap() as u32)];
            assert_eq!(of(0).name, of(1).name);
            assert_ne!(of(0).address.city, of(1).address.city);
        }
    }
}

/// 9a + 8b + … − i, as the detector will reckon.
fn passes_the_eleven_test(digits: &str) -> bool {
    let d: Vec<i64> = digits.chars().filter_map(|c| c.to_digit(10)).map(i64::from).collect();
    d.len() == 9 && (0..8).map(|i| d[i] * (9 - i as i64)).sum::<i64>() % 11 == d[8] % 11
}

#[test]
fn what_must_not_be_kept_is_in_the_lists() {
    let w = world(0.1, Pack::Education);
    let key = answer_key(&w);
    let count = |what: &str| key["defects"][what]["count"].as_u64().unwrap();
    assert_eq!((count("notes_with_bsn"), count("notes_with_iban"), count("notes_on_health")), (6, 3, 20));
    for n in w.notes.iter().filter(|n| n.kind == NoteKind::Bsn) {
        let digits: String = n.text.chars().filter(char::is_ascii_digit).collect();
        assert!(passes_the_eleven_test(&digits), "{}", n.text);
        assert!(["bsn", "sofi", "burgerservicenummer"].iter().any(|w| n.text.to_lowercase().contains(w)));
    }
    let all = lists(&w);
    let old = all.iter().find(|l| l.key == "old-crm").unwrap();
    let (header, records) = read(old);
    let column = header.iter().position(|h| h == "Sofinr").unwrap();
    let filled: Vec<&String> = records.iter().map(|r| &r[column]).filter(|v| !v.is_empty()).collect();
    assert!(filled.len() >= 6 && filled.iter().all(|v| passes_the_eleven_test(v)));
    let (_, health) = (header, records.iter().filter(|r| r.iter().any(|v| v.contains("allergisch"))).count());
    assert!(health > 0);
}

#[test]
fn the_other_defects_are_as_many_as_was_said() {
    for scale in [0.01, 0.1] {
        let w = world(scale, Pack::Education);
        let key = answer_key(&w);
        let basis = w.people.iter().filter(|(_, p)| p.basis == Basis::None).count();
        assert_eq!(basis, scaled(300, scale));
        assert_eq!(key["defects"]["without_basis"].as_array().unwrap().len(), basis);
        let hidden = w.people.iter().filter(|(_, p)| p.protected).count();
        assert_eq!(hidden, scaled(90, scale).max(2));
        // Two people in three hundred, each end of a pair counted.
        let mut by_mail: HashMap<&str, Vec<PersonKey>> = HashMap::new();
        for (k, p) in w.people.iter() {
            p.emails.iter().for_each(|e| by_mail.entry(e.address.as_str()).or_default().push(k));
        }
        let shared: usize = by_mail.values().filter(|who| who.len() > 1).map(Vec::len).sum();
        let share = shared as f64 / w.people.len() as f64;
        assert!((share - 0.015).abs() < 0.002, "{share}");
        for who in by_mail.values().filter(|who| who.len() > 1) {
            let kin = w.kinships.iter().any(|k| who.contains(&k.from) && who.contains(&k.to));
            assert!(kin && who.len() == 2, "{who:?}");
        }
        let employers: Vec<&Tie> = w.ties.iter().filter(|t| t.kind == TieKind::EmployedAt).collect();
        let stale = employers.iter().filter(|t| t.stale).count();
        assert!((stale as f64 / employers.len() as f64 - 0.12).abs() < 0.02);
        assert!(employers.iter().all(|t| t.stale == t.to.is_some()));
        assert_eq!(key["quality"]["minor_students"], scaled(3_400, scale));
        let minors = key["quality"]["minor_prospects"].as_f64().unwrap();
        assert!((minors / (24_000.0 * scale) - 1.0).abs() < 0.02, "{minors}");
    }
}

#[test]
fn all_of_it_can_be_written_into_a_folder() {
    let w = world(0.005, Pack::Education);
    let folder = tempfile::tempdir().unwrap();
    let all = lists(&w);
    for list in &all {
        std::fs::write(folder.path().join(format!("{}.csv", list.key)), &list.bytes).unwrap();
    }
    let (truth, pairs) = (folder.path().join("truth.csv"), folder.path().join("lookalikes.csv"));
    write_truth(&all, std::fs::File::create(&truth).unwrap()).unwrap();
    write_lookalikes(&w, std::fs::File::create(&pairs).unwrap()).unwrap();
    let lines = |path| std::fs::read_to_string(path).unwrap().lines().count();
    assert_eq!(lines(&truth), 1 + all.iter().map(|l| l.truth.len()).sum::<usize>());
    assert!(lines(&pairs) > 4);
}
