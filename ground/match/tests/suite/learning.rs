//! What is learned from a base whose making is known.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use kring_match::{Base, Field, Kind, Learning, Level, Matcher, Model, Record, Spec, learn_and_find};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn spec() -> Spec {
    let fields = [
        ("given", Kind::Given),
        ("surname", Kind::Surname),
        ("birth", Kind::Date),
        ("phone", Kind::Phone),
        ("city", Kind::City),
        ("region", Kind::Region),
    ];
    Spec::new(fields.iter().map(|&(key, kind)| Field::new(key, kind)).collect()).unwrap()
}

/// Words of two syllables that are far from each other, as many as there are numbers below 400.
fn word(n: u32) -> String {
    let part = |n: u32| {
        [
            "bak", "dro", "fen", "gul", "hims", "jort", "kwes", "lap", "mond", "nik", "pruk", "rast", "sef",
            "tolm", "vaz", "wirf", "zug", "blee", "crix", "ody",
        ][n as usize % 20]
    };
    format!("{}{}", part(n), part(n / 20))
}

const PEOPLE: u32 = 4000;
const TWICE: u32 = 1000;

/// Of those who are in it twice: the city differs in three of ten, the region in one of ten, the phone in two of ten, the
/// birth date by a digit in one of twenty. Twenty cities and five regions, equally frequent.
fn base() -> Base {
    let mut chance = ChaCha8Rng::seed_from_u64(3);
    let mut draw = |below: u32| chance.random_range(0..below);
    let mut records: Vec<Record> = Vec::new();
    let mut first = Vec::new();
    for _ in 0..PEOPLE {
        let birth = format!("{}-{:02}-{:02}", 1960 + draw(50), 1 + draw(12), 1 + draw(28));
        first.push([
            word(draw(400)),
            word(draw(400)),
            birth,
            format!("+316{:08}", draw(100_000_000)),
            draw(20).to_string(),
            draw(5).to_string(),
        ]);
    }
    let of = |values: &[String; 6]| {
        let [given, surname, birth, phone, city, region] = values;
        let city = word(city.parse::<u32>().unwrap() * 21);
        let values = [
            ("given", given),
            ("surname", surname),
            ("birth", birth),
            ("phone", phone),
            ("city", &city),
            ("region", region),
        ];
        spec().record(0, &values.map(|(key, value)| (key, value.as_str()))).unwrap()
    };
    records.extend(first.iter().map(of));
    for person in first.iter().take(TWICE as usize) {
        let mut again = person.clone();
        if draw(10) < 3 {
            again[4] = ((again[4].parse::<u32>().unwrap() + 1 + draw(19)) % 20).to_string();
        }
        if draw(10) < 1 {
            again[5] = ((again[5].parse::<u32>().unwrap() + 1 + draw(4)) % 5).to_string();
        }
        if draw(10) < 2 {
            again[3] = format!("+316{:08}", draw(100_000_000));
        }
        if draw(20) < 1 {
            let digit = again[2].pop().and_then(|d| d.to_digit(10)).unwrap();
            again[2].push_str(&((digit + 1 + draw(8)) % 10).to_string());
        }
        records.push(of(&again));
    }
    Base::new(&spec(), records).unwrap()
}

fn weight(model: &Model, key: &str, level: Level) -> (f64, f64) {
    let field = model.fields.iter().find(|f| f.key == key).unwrap();
    let weight = field.weights.iter().find(|w| w.level == level).unwrap();
    (weight.m, weight.u)
}

#[test]
fn the_chances_that_made_a_base_are_found_again() {
    let base = base();
    let model = Model::learn(&base, &Learning::default(), &|_| {}).unwrap();
    for (key, m, u) in
        [("city", 0.70, 0.05), ("region", 0.90, 0.20), ("phone", 0.80, 0.000_001), ("birth", 0.95, 0.000_06)]
    {
        let (found_m, found_u) = weight(&model, key, Level::Exact);
        assert!((found_m - m).abs() < 0.04, "{key}: m {found_m}, made with {m}\n{model}");
        assert!((found_u - u).abs() < 0.15 * u + 0.000_05, "{key}: u {found_u}, made with {u}\n{model}");
    }
    let prior = f64::from(TWICE) / base.pairs();
    assert!((model.prior / prior - 1.0).abs() < 0.1, "{} and {prior}", model.prior);
    assert!(model.fields.iter().all(|f| f.learned), "{model}");
    assert_eq!(Model::learn(&base, &Learning::default(), &|_| {}).unwrap(), model);
}

#[test]
fn a_common_value_says_less() {
    let base = base();
    let (matcher, _) = learn_and_find(&base, &Learning::default(), &|_| {}).unwrap();
    let phone = spec().at("phone").unwrap();
    let region = spec().at("region").unwrap();
    assert!((matcher.surprise(region, "1") - 5_f64.log2()).abs() < 0.3);
    assert!(matcher.surprise(phone, "+31612345678") > 19.0);
    assert!(matcher.surprise(region, "nowhere") > 3.0);
}

#[test]
fn what_cannot_be_learned_stays_as_shipped() {
    let spec = spec();
    let others = (0..30_u32).map(|n| {
        let (given, surname) = (word(n), word(n + 100));
        spec.record(0, &[("given", &given), ("surname", &surname)].map(|(k, v)| (k, v.as_str()))).unwrap()
    });
    let base = Base::new(&spec, others).unwrap();
    let model = Model::learn(&base, &Learning::default(), &|_| {}).unwrap();
    let shipped = Model::shipped(&spec, 30);
    assert!(model.fields.iter().all(|f| !f.learned));
    for (learned, shipped) in model.fields.iter().zip(&shipped.fields) {
        for (one, other) in learned.weights.iter().zip(&shipped.weights) {
            assert!((one.m - other.m).abs() < 1e-12, "{}", learned.key);
        }
    }
    assert!((model.prior - shipped.prior).abs() < 1e-12);
    let empty = Base::new(&spec, []).unwrap();
    let (_, found) = learn_and_find(&empty, &Learning::default(), &|_| {}).unwrap();
    assert!(found.pairs.is_empty() && found.first.is_empty());
}

#[test]
fn a_model_survives_being_stored_and_fits_its_own_fields_only() {
    let model = Model::learn(&base(), &Learning::default(), &|_| {}).unwrap();
    let text = serde_json::to_string(&model).unwrap();
    let again: Model = serde_json::from_str(&text).unwrap();
    assert_eq!(again.fields.len(), model.fields.len());
    assert!(!text.contains("+316"), "a model names no phone");
    assert!(model.to_string().contains("surname"));
    let other = Spec::new(vec![Field::new("name", Kind::Name)]).unwrap();
    assert!(Matcher::new(other, again).is_err());
}
