//! What must hold of any records at all.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZero,
};

use kring_match::{
    Band, Base, Field, Found, Kind, Learning, Matcher, Model, Record, Spec, explain, find, learn_and_find,
};
use proptest::prelude::*;

fn spec() -> Spec {
    let fields = [
        ("given", Kind::Given),
        ("surname", Kind::Surname),
        ("initials", Kind::Initials),
        ("birth", Kind::Date),
        ("number", Kind::Id),
        ("mail", Kind::Mail),
        ("phone", Kind::Phone),
        ("postcode", Kind::Postcode),
        ("house", Kind::Number),
    ];
    Spec::new(fields.iter().map(|&(key, kind)| Field::new(key, kind)).collect()).unwrap()
}

fn matcher() -> Matcher {
    Matcher::new(spec(), Model::shipped(&spec(), 100)).unwrap()
}

/// Few values, so that all kinds of families come about.
fn record() -> impl Strategy<Value = Record> {
    let pick = |of: &'static [&'static str]| prop::sample::select(of.to_vec());
    (
        pick(&["tim", "tom", "t", "timotheus", "sanne", "sannne", "bos", ""]),
        pick(&["bos", "boss", "de wit-bos", "de wit", "zoetemelk", "soetemelk", "tim", ""]),
        pick(&["t", "ts", "s", ""]),
        pick(&["2004-11-30", "2004-11-03", "2004-03-11", "1971-11-30", "2004", ""]),
        pick(&["40120977", "40120978", "40129077", ""]),
        pick(&["bos@a.example", "tim.bos@a.example", "tim.bos2@a.example", "tim.bos@b.example", ""]),
        pick(&["+31612345678", "+31612354678", "+31687654321", ""]),
        pick(&["5434pr", "5434xy", "5443pr", ""]),
        pick(&["111", "111a", "7", ""]),
        0..3_u32,
    )
        .prop_map(|(given, surname, initials, birth, number, mail, phone, postcode, house, source)| {
            let values = [
                ("given", given),
                ("surname", surname),
                ("initials", initials),
                ("birth", birth),
                ("number", number),
                ("mail", mail),
                ("phone", phone),
                ("postcode", postcode),
                ("house", house),
            ];
            spec().record(source, &values).unwrap()
        })
}

fn alone(records: &[Record]) -> (Base, Found) {
    let base = Base::new(&spec(), records.to_vec()).unwrap();
    let found = find(&matcher(), &base, NonZero::<usize>::MIN, &|_| {}).unwrap();
    (base, found)
}

/// People as sets of what their records hold.
fn people(records: &[Record], found: &Found) -> BTreeSet<BTreeSet<String>> {
    let mut people: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    for (record, first) in records.iter().zip(&found.first) {
        people.entry(*first).or_default().insert(format!("{record:?}"));
    }
    people.into_values().collect()
}

fn distinct(records: Vec<Record>) -> Vec<Record> {
    let mut seen = BTreeSet::new();
    records.into_iter().filter(|r| seen.insert(format!("{:?}", r.values))).collect()
}

proptest! {
    #[test]
    fn a_score_is_the_same_both_ways(a in record(), b in record()) {
        prop_assert_eq!(matcher().score(&a, &b).unwrap(), matcher().score(&b, &a).unwrap());
    }

    #[test]
    fn the_fields_add_up_and_the_band_follows(a in record(), b in record()) {
        let score = matcher().score(&a, &b).unwrap();
        prop_assert!((score.fields.iter().map(|f| f.bits).sum::<f64>() - score.bits).abs() < 1e-9);
        let model = matcher().model().clone();
        match score.band {
            Band::Same => prop_assert!(score.probability >= model.same && score.held.is_none()),
            Band::Ask => prop_assert!(score.probability >= model.ask),
            Band::Different => prop_assert!(score.probability < model.ask || score.held.is_some()),
        }
    }

    #[test]
    fn nobody_is_joined_with_whom_a_rule_keeps_apart(records in prop::collection::vec(record(), 2..40)) {
        let (base, found) = alone(&records);
        for cluster in found.clusters() {
            let within = |(at, &a): (usize, &u32)| cluster[at + 1..].iter().map(move |&b| (a, b)).collect::<Vec<_>>();
            let pairs: Vec<(u32, u32)> = cluster.iter().enumerate().flat_map(within).collect();
            for score in explain(&matcher(), &base, &pairs) {
                prop_assert!(!score.held.is_some_and(kring_match::Why::keeps_apart), "{:?}", score);
                prop_assert!(score.bits >= 0.0, "{:?}", score);
            }
        }
    }

    #[test]
    fn pairs_say_what_scoring_them_says(records in prop::collection::vec(record(), 2..40)) {
        let (_, found) = alone(&records);
        for pair in &found.pairs {
            let score = matcher().score(&records[pair.a as usize], &records[pair.b as usize]).unwrap();
            prop_assert_eq!((score.band, score.held), (pair.band, pair.held));
            prop_assert!((score.bits - pair.bits).abs() < 1e-9);
        }
    }

    #[test]
    fn the_order_of_a_list_decides_nothing(
        (records, shuffled) in prop::collection::vec(record(), 2..40)
            .prop_map(distinct)
            .prop_flat_map(|records| (Just(records.clone()), Just(records).prop_shuffle()))
    ) {
        let ((_, one), (_, other)) = (alone(&records), alone(&shuffled));
        prop_assert_eq!(one.pairs.len(), other.pairs.len());
        prop_assert_eq!(people(&records, &one), people(&shuffled, &other));
    }

    #[test]
    fn threads_change_nothing(records in prop::collection::vec(record(), 2..200)) {
        let base = Base::new(&spec(), records).unwrap();
        let with = |threads| {
            let learning = Learning { threads: NonZero::new(threads).unwrap(), ..Learning::default() };
            let (matcher, found) = learn_and_find(&base, &learning, &|_| {}).unwrap();
            (matcher.model().clone(), found)
        };
        prop_assert_eq!(with(1), with(3));
    }

    #[test]
    fn two_lists_pair_across_only(
        first in prop::collection::vec(record(), 1..20),
        second in prop::collection::vec(record(), 1..20),
    ) {
        let border = first.len() as u32;
        let base = Base::two(&spec(), first, second).unwrap();
        let found = find(&matcher(), &base, NonZero::<usize>::MIN, &|_| {}).unwrap();
        prop_assert!(found.pairs.iter().all(|p| p.a < border && p.b >= border));
    }
}
