//! The pairs that only look like one person, and the ones that are one, by name; with the weights that Kring ships, as in
//! a base of thirty.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use kring_match::{Band, Field, Kind, Level, Matcher, Model, Record, Spec, Why};

const BIRTH: &str = "2004-11-30";

fn spec() -> Spec {
    Spec::new(vec![
        Field::new("given", Kind::Given),
        Field::new("surname", Kind::Surname),
        Field::new("initials", Kind::Initials),
        Field::new("birth", Kind::Date),
        Field::new("number", Kind::Id),
        Field::new("mail", Kind::Mail),
        Field::new("phone", Kind::Phone),
        Field::new("postcode", Kind::Postcode),
        Field::new("house", Kind::Number),
        Field::new("city", Kind::City),
    ])
    .unwrap()
}

fn matcher(people: usize) -> Matcher {
    Matcher::new(spec(), Model::shipped(&spec(), people)).unwrap()
}

/// "key=value, key=value" on top of what the whole family shares.
fn record(source: u32, own: &str) -> Record {
    let own: Vec<(&str, &str)> = own.split(", ").filter_map(|pair| pair.split_once('=')).collect();
    let home = [("surname", "bos"), ("postcode", "5434pr"), ("house", "111"), ("city", "nijmegen")];
    let kept = home.into_iter().filter(|(key, _)| own.iter().all(|(k, _)| k != key));
    let all: Vec<(&str, &str)> = kept.chain(own.iter().copied()).collect();
    spec().record(source, &all).unwrap()
}

#[test]
fn every_rule_by_name() {
    let twin = format!("birth={BIRTH}");
    let (tim, tom) = (format!("{twin}, given=tim"), format!("{twin}, given=tom"));
    let cases: [(&str, String, String, Band, Option<Why>); 21] = [
        ("twins", tim.clone(), tom.clone(), Band::Ask, Some(Why::Twins)),
        (
            "twins with the family's phone and mail",
            format!("{tim}, phone=+31612345678, mail=bos@thuis.example"),
            format!("{tom}, phone=+31612345678, mail=bos@thuis.example"),
            Band::Ask,
            Some(Why::Twins),
        ),
        (
            "twins with numbers given one after another",
            format!("{tim}, number=401209"),
            format!("{tom}, number=401210"),
            Band::Ask,
            Some(Why::Twins),
        ),
        (
            "twins or one with an initial",
            tim.clone(),
            format!("{twin}, given=t"),
            Band::Ask,
            Some(Why::SameInitial),
        ),
        (
            "an initial with the person's own mail",
            format!("{tim}, mail=tim.bos@a.example"),
            format!("{twin}, given=t, mail=tim.bos@a.example"),
            Band::Same,
            None,
        ),
        (
            "father and son",
            "given=jan, birth=1970-02-03, phone=+31612345678".into(),
            "given=jan, birth=2001-08-19, phone=+31612345678".into(),
            Band::Different,
            Some(Why::Namesakes),
        ),
        (
            "father and son with one mail address",
            "given=jan, birth=1970-02-03, mail=jan.bos@a.example".into(),
            "given=jan, birth=2001-08-19, mail=jan.bos@a.example".into(),
            Band::Ask,
            Some(Why::Namesakes),
        ),
        (
            "cousins of one name",
            "given=jan, birth=1999-02-03, phone=+31612345678".into(),
            "given=jan, birth=2001-08-19, phone=+31612345678".into(),
            Band::Ask,
            Some(Why::OtherBirthDate),
        ),
        (
            "a child under its mother's mail",
            "given=ans, birth=1975-05-05, mail=bos@thuis.example".into(),
            format!("{tim}, mail=bos@thuis.example"),
            Band::Different,
            Some(Why::SharedContact),
        ),
        (
            "a mail address shared, no birth date known",
            "given=ans, mail=bos@thuis.example".into(),
            "given=tim, mail=bos@thuis.example".into(),
            Band::Ask,
            Some(Why::SharedContact),
        ),
        (
            "a phone shared by two of other names",
            "given=ans, surname=visser, phone=+31612345678, postcode=1111aa".into(),
            "given=tim, phone=+31612345678".into(),
            Band::Ask,
            Some(Why::SharedContact),
        ),
        (
            "spouses",
            "given=ans, birth=1975-05-05".into(),
            "given=piet, birth=1973-09-21".into(),
            Band::Different,
            Some(Why::Household),
        ),
        (
            "namesakes told apart by their mail system",
            format!("{tim}, mail=tim.bos@a.example, phone=+31612345678"),
            format!("{tim}, mail=tim.bos2@a.example, phone=+31612345678"),
            Band::Ask,
            Some(Why::NumberedMail),
        ),
        (
            "a number given to somebody else",
            "given=ans, birth=1975-05-05, number=40120977, postcode=1111aa".into(),
            "given=piet, surname=visser, birth=1988-09-21, number=40120977".into(),
            Band::Ask,
            Some(Why::NumberReused),
        ),
        (
            "one name and nothing else",
            "given=thijs, surname=zoetemelk, postcode=, house=".into(),
            "given=thijs, surname=zoetemelk, postcode=, house=".into(),
            Band::Ask,
            Some(Why::NameAlone),
        ),
        (
            "one student in two lists",
            format!("{tim}, number=40120977"),
            format!("{tim}, number=40120977, postcode=1111aa"),
            Band::Same,
            None,
        ),
        (
            "a call name, day and month turned, the same phone",
            "given=kees, birth=1987-05-04, phone=+31612345678".into(),
            "given=cornelis, birth=1987-04-05, phone=+31612345678".into(),
            Band::Same,
            None,
        ),
        (
            "names in each other's field",
            format!("{twin}, given=sanne, surname=zoetemelk, mail=sz@a.example"),
            format!("{twin}, given=zoetemelk, surname=sanne, mail=sz@a.example"),
            Band::Same,
            None,
        ),
        (
            "a maiden name",
            format!("{twin}, given=sanne, surname=de wit, mail=sanne@a.example"),
            format!("{twin}, given=sanne, surname=bos-de wit, mail=sanne@a.example"),
            Band::Same,
            None,
        ),
        (
            "moved, with another mail and one birth date",
            format!("{twin}, given=sanne, surname=zoetemelk, mail=sanne@a.example"),
            format!(
                "{twin}, given=sanne, surname=zoetemelk, mail=zoet@b.example, postcode=1111aa, house=3, city=breda"
            ),
            Band::Same,
            None,
        ),
        (
            "nothing in common",
            tim,
            "given=ans, surname=visser, postcode=1111aa, house=3".into(),
            Band::Different,
            None,
        ),
    ];
    for (what, a, b, band, held) in cases {
        let (a, b) = (record(0, &a), record(0, &b));
        let score = matcher(30).score(&a, &b).unwrap();
        assert_eq!((score.band, score.held), (band, held), "{what}: {score:#?}");
        assert_eq!(matcher(30).score(&b, &a).unwrap(), score, "{what}, the other way round");
    }
}

#[test]
fn one_administration_does_not_number_somebody_twice() {
    let of = |source: u32, number: &str, birth: &str| {
        record(source, &format!("given=sanne, birth={birth}, phone=+31612345678, number={number}"))
    };
    let seen = |a: &Record, b: &Record| {
        let score = matcher(30).score(a, b).unwrap();
        (score.band, score.held)
    };
    let one = of(1, "401209", BIRTH);
    assert_eq!(seen(&one, &of(1, "777777", BIRTH)), (Band::Ask, Some(Why::OwnNumbers)));
    assert_eq!(seen(&one, &of(2, "777777", BIRTH)), (Band::Same, None));
    assert_eq!(seen(&of(0, "401209", BIRTH), &of(0, "777777", BIRTH)), (Band::Same, None));
    let other = record(1, "given=tom, birth=1990-01-01, number=777777");
    assert_eq!(seen(&one, &other), (Band::Different, Some(Why::OwnNumbers)));
}

#[test]
fn a_missing_value_says_nothing_and_the_fields_add_up() {
    let a = record(0, &format!("given=sanne, birth={BIRTH}, mail=s@a.example"));
    let b = record(0, "given=sanne");
    let score = matcher(30).score(&a, &b).unwrap();
    for field in score.fields.iter().filter(|f| f.level == Level::Missing) {
        assert!(field.bits.abs() < f64::EPSILON, "{field:?}");
    }
    assert!(score.fields.iter().any(|f| f.key == "birth" && f.level == Level::Missing));
    assert!((score.fields.iter().map(|f| f.bits).sum::<f64>() - score.bits).abs() < 1e-9);
    let address = score.fields.iter().filter(|f| ["postcode", "house", "city"].contains(&f.key.as_str()));
    let bits: f64 = address.map(|f| f.bits).sum();
    assert!(bits <= matcher(30).model().address_most + 1e-9, "{bits}");
}

#[test]
fn organisations_by_the_same_rules() {
    let spec = Spec::new(vec![
        Field::new("name", Kind::Name),
        Field::new("kvk", Kind::Id),
        Field::new("postcode", Kind::Postcode),
        Field::new("phone", Kind::Phone),
        Field::new("domain", Kind::Code),
    ])
    .unwrap();
    let matcher = Matcher::new(spec.clone(), Model::shipped(&spec, 500)).unwrap();
    let of = |values: &[(&str, &str)]| spec.record(0, values).unwrap();
    let band = |a: &Record, b: &Record| {
        let score = matcher.score(a, b).unwrap();
        (score.band, score.held)
    };
    let one = of(&[("name", "bakkerij jansen b.v."), ("kvk", "12345678"), ("postcode", "1234ab")]);
    let same = of(&[("name", "bakkerij jansen"), ("kvk", "12345678"), ("postcode", "9999zz")]);
    let neighbour = of(&[("name", "garage visser"), ("postcode", "1234ab"), ("kvk", "87654321")]);
    let name = of(&[("name", "bakkerij jansen")]);
    assert_eq!(band(&one, &same), (Band::Same, None));
    assert_eq!(band(&one, &neighbour), (Band::Different, None));
    assert_eq!(band(&one, &name), (Band::Ask, Some(Why::NameAlone)));
}
