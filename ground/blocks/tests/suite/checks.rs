//! What is found before anybody gets it.

use kring_blocks::{
    Allowed, Answer, At, Block, Document, Kind, MOST_BLOCKS, Problem, Sheet, Slip, Slot, Trouble, What,
    check, fields,
};
use kring_core::{Lang, Tongue};

fn allowed() -> Allowed {
    Allowed::default()
        .field("first_name", Kind::Text)
        .field("n", Kind::Number)
        .field("is_student", Kind::Flag)
        .field("courses", Kind::List)
        .field("portal", Kind::Link)
}

fn sheet(what: Vec<What>) -> Sheet {
    let blocks = what.into_iter().map(|what| Block { what, only_if: None }).collect();
    Sheet {
        subject: "Dag {{ first_name }}".to_owned(),
        preview: "Nieuws".to_owned(),
        blocks,
        ..Sheet::default()
    }
}

fn of(sheet: Sheet) -> Vec<(At, Trouble)> {
    let problems = check(&Document::new(Tongue::from(Lang::Nl), sheet), &allowed());
    for problem in &problems {
        assert!(problem.saying().nl.len() > 10 && problem.saying().en.len() > 10);
    }
    problems.into_iter().map(|problem| (problem.at, problem.what)).collect()
}

fn text(text: &str) -> What {
    What::Text { text: text.to_owned() }
}

fn found(what: What) -> Vec<(Slot, Trouble)> {
    let slot = |(at, what)| match at {
        At::Block(0, slot) => (slot, what),
        other => panic!("{other:?}: {what:?}"),
    };
    of(sheet(vec![what, text("Tekst")])).into_iter().map(slot).collect()
}

fn button(label: &str, link: &str) -> What {
    What::Button { label: label.to_owned(), link: link.to_owned() }
}

fn picture(src: &str, alt: &str, decorative: bool) -> What {
    What::Picture { src: src.to_owned(), alt: alt.to_owned(), decorative, link: String::new() }
}

fn choices(options: &[(&str, &str)]) -> What {
    let answer =
        |(code, label): &(&str, &str)| Answer { code: (*code).to_owned(), label: (*label).to_owned() };
    What::Choices { question: "Kom je?".to_owned(), options: options.iter().map(answer).collect() }
}

#[test]
fn a_good_document_has_no_problems() {
    let good = vec![
        text(
            "Dag {{ first_name|default('jij') }}{% if is_student %}, student{% endif %}\n{% for c in courses %}\n- {{ c }}\n{% endfor %}\n[kijk]({{ portal }}) [of](https://a.example/{{ first_name }})",
        ),
        button("Ga", "{{ portal }}"),
        button("Mail", "mailto:a@school.nl?subject={{ first_name }}"),
        picture("/a.png", "Een plein", false),
        picture("https://a.example/a.png", "", true),
        What::Divider {},
        choices(&[("yes", "Ja"), ("no", "Nee")]),
    ];
    assert_eq!(of(sheet(good)), []);
}

#[test]
fn each_kind_of_problem_is_found_in_its_place() {
    let field = |field: &str| field.to_owned();
    for (what, slot, trouble) in [
        (text("{{ last_name }}"), Slot::Text, Trouble::UnknownField { field: field("last_name") }),
        (text("{% if no %}{{ nope }}{% endif %}"), Slot::Text, Trouble::UnknownField { field: field("no") }),
        (text("{{ is_student }}"), Slot::Text, Trouble::WrongKind { field: field("is_student") }),
        (
            text("{% for c in first_name %}{% endfor %}"),
            Slot::Text,
            Trouble::WrongKind { field: field("first_name") },
        ),
        (text("{{ first_name"), Slot::Text, Trouble::Slip(Slip::Unclosed)),
        (text("{{ first_name n }}"), Slot::Text, Trouble::Slip(Slip::Order)),
        (text("{% include 'x' %}"), Slot::Text, Trouble::Slip(Slip::Statement(field("include")))),
        (text("[x](http://a.example)"), Slot::Text, Trouble::BadLink),
        (text("[x]({{ first_name }})"), Slot::Text, Trouble::BadLink),
        (text("{% if is_student %}a{% else %}[x](javascript:x){% endif %}"), Slot::Text, Trouble::BadLink),
        (text(" "), Slot::Text, Trouble::Empty),
        (What::Heading { level: 1, text: String::new() }, Slot::Text, Trouble::Empty),
        (button("", "https://a.example/"), Slot::Label, Trouble::Empty),
        (button("x", ""), Slot::Link, Trouble::Empty),
        (button("x", "javascript:alert(1)"), Slot::Link, Trouble::BadLink),
        (button("x", "{{ first_name }}"), Slot::Link, Trouble::BadLink),
        (button("x", "https://{{ portal }}"), Slot::Link, Trouble::BadLink),
        (picture("/a.png", "", false), Slot::Alt, Trouble::NoAlt),
        (picture("http://a.example/a.png", "x", false), Slot::Src, Trouble::BadPicture),
        (picture("", "x", false), Slot::Src, Trouble::BadPicture),
        (choices(&[]), Slot::Options, Trouble::NoOptions),
        (choices(&[("yes", "")]), Slot::Options, Trouble::Empty),
        (choices(&[("Ja!", "Ja")]), Slot::Options, Trouble::BadCode { code: field("Ja!") }),
        (choices(&[("a", "Ja"), ("a", "Nee")]), Slot::Options, Trouble::SameCode { code: field("a") }),
        (text(&"x".repeat(20_001)), Slot::Text, Trouble::TooLong { most: 20_000 }),
    ] {
        let problems: Vec<_> = of(sheet(vec![what.clone(), text("Tekst")]))
            .into_iter()
            .filter(|(at, _)| *at != At::Sheet)
            .collect();
        assert_eq!(problems, [(At::Block(0, slot), trouble)], "{what:?}");
    }
    let two = found(button("", ""));
    assert_eq!(two, [(Slot::Label, Trouble::Empty), (Slot::Link, Trouble::Empty)]);
    let mut conditional = sheet(vec![text("a"), text("b")]);
    conditional.blocks[0].only_if = Some("first_name".to_owned());
    conditional.blocks[1].only_if = Some("gone".to_owned());
    let expected = [
        (At::Block(0, Slot::OnlyIf), Trouble::WrongKind { field: field("first_name") }),
        (At::Block(1, Slot::OnlyIf), Trouble::UnknownField { field: field("gone") }),
    ];
    assert_eq!(of(conditional), expected);
}

#[test]
fn codes_are_one_list_for_the_whole_sheet() {
    let twice = of(sheet(vec![choices(&[("yes", "Ja")]), choices(&[("yes", "Ja")])]));
    assert_eq!(twice, [(At::Block(1, Slot::Options), Trouble::SameCode { code: "yes".to_owned() })]);
}

#[test]
fn subjects_and_previews() {
    let with = |subject: &str| {
        let mut sheet = sheet(vec![text("a")]);
        sheet.subject = subject.to_owned();
        of(sheet)
    };
    assert_eq!(with(" "), [(At::Subject, Trouble::NoSubject)]);
    assert_eq!(with("LAATSTE KANS voor {{ first_name }}"), []);
    assert_eq!(with("LAATSTE KANS {{ first_name }}!"), [(At::Subject, Trouble::LoudSubject)]);
    assert_eq!(with("MBO 4"), [], "a short one is a name");
    assert_eq!(with("مرحبا بكم في الجامعة"), [], "a script without capitals is never loud");
    assert_eq!(with(&"a".repeat(150)), []);
    assert_eq!(with(&"a".repeat(151)), [(At::Subject, Trouble::LongSubject { most: 150 })]);
    assert_eq!(with("{{ x }}"), [(At::Subject, Trouble::UnknownField { field: "x".to_owned() })]);
    let mut sheet = sheet(vec![text("a")]);
    sheet.preview = String::new();
    assert_eq!(of(sheet), [(At::Preview, Trouble::NoPreview)]);
}

#[test]
fn the_whole_sheet() {
    assert_eq!(of(sheet(vec![])), [(At::Sheet, Trouble::NoBlocks)]);
    assert_eq!(
        of(sheet(vec![picture("/a.png", "x", false), What::Divider {}])),
        [(At::Sheet, Trouble::OnlyPictures)]
    );
    let large = of(sheet(vec![text(&"woord ".repeat(3_300)); 6]));
    assert!(matches!(large[..], [(At::Sheet, Trouble::Large { kilobytes: 115..140 })]), "{large:?}");
    let many = of(sheet(vec![What::Divider {}; MOST_BLOCKS + 1]));
    assert_eq!(many, [(At::Sheet, Trouble::Bounds)]);
}

#[test]
fn languages_that_lack_or_lag() {
    let tag = |tag: &str| tag.parse::<Tongue>().unwrap();
    let mut document = Document::new(tag("nl"), sheet(vec![text("a")]));
    document.put(&tag("en"), sheet(vec![text("a {{ n }}")]));
    document.put(&tag("nl"), sheet(vec![text("b")]));
    let wanted = Allowed { wanted: vec![tag("nl-BE"), tag("ar")], ..allowed() };
    let problems = check(&document, &wanted);
    let expected = [
        Problem { tongue: tag("ar"), at: At::Sheet, what: Trouble::Missing },
        Problem { tongue: tag("en"), at: At::Sheet, what: Trouble::Stale },
    ];
    assert_eq!(problems, expected);
    assert!(problems[0].is_grave() && !problems[1].is_grave());
    assert_eq!(fields(&document).into_iter().collect::<Vec<_>>(), ["first_name", "n"]);
}

#[test]
fn the_same_choices_in_every_language() {
    let tag = |tag: &str| tag.parse::<Tongue>().unwrap();
    let mut document = Document::new(tag("nl"), sheet(vec![choices(&[("yes", "Ja"), ("no", "Nee")])]));
    document.put(&tag("en"), sheet(vec![choices(&[("no", "No"), ("yes", "Yes")])]));
    assert_eq!(check(&document, &allowed()), []);
    document.put(&tag("fr"), sheet(vec![choices(&[("oui", "Oui"), ("no", "Non")])]));
    let problem = Problem { tongue: tag("fr"), at: At::Sheet, what: Trouble::OtherCodes };
    assert_eq!(check(&document, &allowed()), [problem]);
}
