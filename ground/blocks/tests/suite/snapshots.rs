//! One document in three languages as mail, plain text and page, to be read by people when it changes.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use kring_blocks::{Document, Dress, Link, Values, page_html, render};
use kring_core::Tongue;

fn document() -> Document {
    Document::read(include_str!("open_day.json")).unwrap()
}

fn values() -> Values {
    Values::new()
        .with("first_name", "Noor <b>& \"co\"</b>")
        .with("is_student", true)
        .with("seats", 12)
        .with("courses", vec!["Verpleegkunde".to_owned(), "**ICT**".to_owned()])
        .with("portal", "https://open.meerland.example/r/abc?x=1&y=2")
}

fn dress(unsubscribe: &str) -> Dress {
    let link = |label: &str, to: &str| {
        Some(Link { label: label.to_owned(), href: format!("https://kring.meerland.example/{to}") })
    };
    let choices = ["yes", "no"]
        .map(|code| (code.to_owned(), format!("https://kring.meerland.example/a/{code}?t=1&u=2")));
    Dress {
        institution: "Meerland & Zn.".to_owned(),
        brand: "#FF8800".to_owned(),
        logo: Some("https://kring.meerland.example/logo.png".to_owned()),
        base: Some("https://kring.meerland.example/".to_owned()),
        footer: vec!["Plein 1, 1234 AB Meerland".to_owned()],
        preferences: link("…", "p"),
        unsubscribe: link(unsubscribe, "u"),
        choices: choices.into(),
        ..Dress::default()
    }
}

#[test]
fn the_open_day_in_three_languages() {
    let document = document();
    for (tag, unsubscribe) in [("nl", "Meld je af"), ("en", "Unsubscribe"), ("ar", "إلغاء الاشتراك")]
    {
        let wanted: Tongue = tag.parse().unwrap();
        let (tongue, sheet) = document.choose(&[wanted]).unwrap();
        let letter = render(sheet, tongue, &values(), &dress(unsubscribe)).unwrap();
        insta::assert_snapshot!(format!("{tag}_head"), format!("{}\n{}", letter.subject, letter.preview));
        insta::assert_snapshot!(format!("{tag}_mail"), letter.html);
        insta::assert_snapshot!(format!("{tag}_text"), letter.text);
        insta::assert_snapshot!(
            format!("{tag}_page"),
            page_html(sheet, tongue, &values(), &dress("")).unwrap()
        );
        let turned = if tag == "ar" { "rtl" } else { "ltr" };
        assert!(letter.html.contains(&format!("<html lang=\"{tag}\" dir=\"{turned}\">")));
        assert!(letter.html.contains("<meta name=\"color-scheme\" content=\"light dark\">"));
        let on_white = letter.html.split("</style>").nth(1).unwrap();
        assert!(!on_white.contains("#FF8800"), "a colour that cannot be read is mended");
        assert!(letter.html.len() < 20_000, "{}", letter.html.len());
    }
}

#[test]
fn without_a_place_to_come_from_our_pictures_are_their_words() {
    let document = document();
    let (tongue, sheet) = document.choose(&[]).unwrap();
    let bare = Dress { base: None, logo: None, ..dress("x") };
    let letter = render(sheet, tongue, &values(), &bare).unwrap();
    assert!(!letter.html.contains("<img"), "{}", letter.html);
    assert!(letter.html.contains("Het plein voor de school"));
}

#[test]
fn whoever_it_is_not_for_does_not_get_the_block() {
    let document = document();
    let (tongue, sheet) = document.choose(&[]).unwrap();
    let letter =
        |student: bool| render(sheet, tongue, &values().with("is_student", student), &dress("x")).unwrap();
    assert!(letter(true).html.contains("studentenkaart") && letter(true).text.contains("studentenkaart"));
    assert!(!letter(false).html.contains("studentenkaart") && !letter(false).text.contains("studentenkaart"));
}

#[test]
fn links_of_the_dress_are_held_to_account() {
    let document = document();
    let (tongue, sheet) = document.choose(&[]).unwrap();
    for bad in ["javascript:alert(1)", "", "/u", "data:x"] {
        let unsubscribe = Some(Link { label: "x".to_owned(), href: bad.to_owned() });
        assert!(render(sheet, tongue, &values(), &Dress { unsubscribe, ..dress("x") }).is_err(), "{bad}");
        let mut dressed = dress("x");
        dressed.choices.insert("yes".to_owned(), bad.to_owned());
        assert!(render(sheet, tongue, &values(), &dressed).is_err(), "{bad}");
    }
    let mut dressed = dress("x");
    dressed.choices.remove("no");
    let error = render(sheet, tongue, &values(), &dressed).unwrap_err();
    assert_eq!(error.to_string(), "Block(7, Options): no link was given for the choice no");
}
