//! Keys are kept as rows, so they may never change; and what they find.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use kring_match::{Field, Keys, Kind, Spec};

fn spec() -> Spec {
    let fields = [
        ("given", Kind::Given),
        ("surname", Kind::Surname),
        ("birth", Kind::Date),
        ("mail", Kind::Mail),
        ("postcode", Kind::Postcode),
        ("house", Kind::Number),
        ("city", Kind::City),
    ];
    Spec::new(fields.iter().map(|&(key, kind)| Field::new(key, kind)).collect()).unwrap()
}

fn keys(values: &[(&str, &str)]) -> Vec<u64> {
    Keys::of(&spec()).keys(&spec().record(0, values).unwrap()).unwrap()
}

fn share(a: &[(&str, &str)], b: &[(&str, &str)]) -> bool {
    let (a, b) = (keys(a), keys(b));
    a.iter().any(|key| b.contains(key))
}

/// If this fails, every stored key must be made anew: say so in the changelog, or leave the keys as they are.
#[test]
fn keys_never_change() {
    let sum = |values: &[(&str, &str)]| keys(values).iter().fold(0_u64, |sum, key| sum.rotate_left(7) ^ key);
    assert_eq!(sum(&[("mail", "jan.bos@a.example")]), KEYS_OF_A_MAIL);
    let whole = [
        ("given", "johannes"),
        ("surname", "van dijk"),
        ("birth", "1987-05-04"),
        ("mail", "jan@a.example"),
        ("postcode", "1234 ab"),
        ("house", "12a"),
        ("city", "den haag"),
    ];
    assert_eq!((keys(&whole).len(), sum(&whole)), (14, KEYS_OF_A_PERSON));
}

const KEYS_OF_A_MAIL: u64 = 9_762_027_016_936_387_162;
const KEYS_OF_A_PERSON: u64 = 17_132_721_885_335_194_331;

#[test]
fn what_finds_whom() {
    let jan = [
        ("given", "jan"),
        ("surname", "meijer"),
        ("birth", "1987-05-04"),
        ("postcode", "1234ab"),
        ("house", "1"),
    ];
    for (what, other) in [
        ("another spelling", vec![("given", "jan"), ("surname", "meyer")]),
        ("names in each other's field", vec![("given", "meijer"), ("surname", "jan")]),
        ("a partner's name", vec![("surname", "bos-meijer"), ("birth", "1987-05-04")]),
        ("another surname", vec![("given", "jan"), ("surname", "bos"), ("birth", "1987-05-04")]),
        (
            "the house, and the first name",
            vec![("given", "jan"), ("surname", "bos"), ("postcode", "1234 ab"), ("house", "1a")],
        ),
    ] {
        assert!(share(&jan, &other), "{what}");
    }
    assert!(!share(
        &jan,
        &[("given", "piet"), ("surname", "bos"), ("birth", "1987-05-05"), ("postcode", "1234ab")]
    ));
    assert!(keys(&[]).is_empty() && keys(&[("given", "jan")]).is_empty());
}

#[test]
fn the_order_of_fields_is_not_in_a_key() {
    let mut fields = spec().fields().to_vec();
    fields.reverse();
    let turned = Spec::new(fields).unwrap();
    let values = [("given", "jan"), ("surname", "bos"), ("birth", "1987-05-04"), ("mail", "jan@a.example")];
    let there = Keys::of(&turned).keys(&turned.record(0, &values).unwrap()).unwrap();
    assert_eq!(there, keys(&values));
}
