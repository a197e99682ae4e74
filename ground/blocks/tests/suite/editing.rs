//! The editor as a browser without script meets it: a form comes, is posted, comes back.

use kring_blocks::{
    Act, Allowed, Answer, Block, Document, EditorView, Kind, Sheet, Trouble, What, check, form_of, note, read,
};
use kring_core::{Lang, Tongue};
use kring_web::Form;

fn allowed() -> Allowed {
    Allowed::default().field("first_name", Kind::Text).field("is_student", Kind::Flag)
}

fn one_of_each() -> Sheet {
    let block = |what| Block { what, only_if: None };
    let s = str::to_owned;
    let blocks = vec![
        block(What::Heading { level: 1, text: s("Welkom") }),
        Block { what: What::Text { text: s("Dag\n\n- een") }, only_if: Some(s("is_student")) },
        block(What::Button { label: s("Ga"), link: s("https://a.example/") }),
        block(What::Picture { src: s("/a.png"), alt: String::new(), decorative: true, link: String::new() }),
        block(What::Quote { text: s("Goed"), who: s("Noor") }),
        block(What::Divider {}),
        block(What::Choices {
            question: s("Kom je?"),
            options: vec![
                Answer { code: s("yes"), label: s("Ja = graag") },
                Answer { code: s("no"), label: s("Nee") },
            ],
        }),
    ];
    Sheet { subject: s("Hoi"), preview: s("Dag"), blocks, ..Sheet::default() }
}

/// What the browser would send of a page.
fn posted(form: &Form, act: &str) -> Form {
    let names: Vec<String> = form.names().map(str::to_owned).collect();
    let mut values: Vec<(String, String)> = names
        .iter()
        .map(|name| (name.clone(), form.get(name).to_owned()))
        .filter(|(n, v)| !(n.ends_with("decorative") && v.is_empty()))
        .collect();
    values.push(("act".to_owned(), act.to_owned()));
    Form::of(values)
}

#[test]
fn what_is_shown_and_sent_unchanged_is_unchanged() {
    let sheet = one_of_each();
    let (back, act) = read(&mut posted(&form_of(&sheet), ""));
    assert_eq!((back, act), (sheet, None));
}

#[test]
fn every_field_stands_on_the_page_in_both_languages() {
    let form = form_of(&one_of_each());
    let ar: Tongue = "ar".parse().unwrap();
    for lang in Lang::ALL {
        let html = EditorView::new(&form, lang, &ar, &allowed()).html();
        for name in form.names() {
            assert!(html.contains(&format!("name=\"{name}\"")), "{name} in {html}");
        }
        for part in [
            "add-0-text",
            "add-7-divider",
            "up-1",
            "down-0",
            "drop-6",
            "lang=\"ar\" dir=\"rtl\"",
            "first_name }}",
            "is_student\" selected",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("up-0") && !html.contains("down-6"));
        assert!(!html.contains("style=") && !html.contains("<script"));
        // The return key must save.
        assert!(html.find("<button class=\"hidden\"").unwrap() < html.find("name=\"act\"").unwrap());
        for label in html.split("<label for=\"").skip(1) {
            let id = label.split('"').next().unwrap();
            assert!(html.contains(&format!("id=\"{id}\"")), "{id}");
        }
    }
}

#[test]
fn buttons_add_move_and_remove() {
    let sheet = one_of_each();
    let kinds = |act: &str| {
        let mut form = posted(&form_of(&sheet), act);
        let act = read(&mut form).1.unwrap();
        let (after, none) = read(&mut act.arrange(&form));
        assert_eq!(none, None, "the button is not pressed a second time");
        let mut same = sheet.clone();
        act.apply(&mut same);
        assert_eq!(after, same);
        after.blocks.iter().map(|block| &block.what.kind()[..2]).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(kinds("add-0-quote"), "qu he te bu pi qu di ch");
    assert_eq!(kinds("add-7-text"), "he te bu pi qu di ch te");
    assert_eq!(kinds("add-2-choices"), "he te ch bu pi qu di ch");
    assert_eq!(kinds("up-2"), "he bu te pi qu di ch");
    assert_eq!(kinds("down-2"), "he te pi bu qu di ch");
    assert_eq!(kinds("drop-2"), "he te pi qu di ch");
    for nothing in ["up-0", "down-6", "down-99", "drop-7", "add-8-text"] {
        assert_eq!(kinds(nothing), "he te bu pi qu di ch", "{nothing}");
    }
    for odd in [
        "",
        "save",
        "add-1",
        "add-x-text",
        "add-1-html",
        "up",
        "up-1-text",
        "up--1",
        "drop-18446744073709551616",
    ] {
        assert_eq!(Act::read(odd), None, "{odd}");
    }
}

#[test]
fn the_page_comes_back_at_the_block_that_a_button_was_about() {
    let nl = Tongue::from(Lang::Nl);
    let form = form_of(&one_of_each());
    let (none, allowed) = (form_of(&Sheet::default()), allowed());
    let focused = |form: &Form, act: &str| {
        let html = EditorView::new(form, Lang::Nl, &nl, &allowed).after(&Act::read(act).unwrap()).html();
        assert!(html.matches("autofocus").count() <= 1);
        let before =
            html.split(" tabindex=\"-1\" autofocus").next().filter(|before| before.len() < html.len());
        before.and_then(|before| before.rsplit("id=\"").next()?.split('"').next().map(str::to_owned))
    };
    for (act, block) in [
        ("add-2-text", "b-2"),
        ("up-2", "b-1"),
        ("down-2", "b-3"),
        ("drop-2", "b-2"),
        ("drop-7", "b-6"),
        ("up-0", "b-0"),
    ] {
        assert_eq!(focused(&form, act).as_deref(), Some(block), "{act}");
    }
    assert_eq!(focused(&none, "drop-0"), None);
    assert!(!EditorView::new(&form, Lang::Nl, &nl, &allowed).html().contains("autofocus"));
}

#[test]
fn what_cannot_be_read_is_kept_and_said_beside_its_field() {
    let long = "x".repeat(600);
    let mut form = Form::of([
        ("csrf", "t"),
        ("subject", "Hoi"),
        ("blocks", "2"),
        ("b-0-kind", "button"),
        ("b-0-label", long.as_str()),
        ("b-1-kind", "choices"),
        ("b-1-options", "Ja\nnee thanks = x\nB = c\n\nno = Nee"),
        ("act", "down-0"),
    ]);
    let (sheet, act) = read(&mut form);
    assert!(form.error("b-0-label", Lang::Nl).is_some());
    let options = match &sheet.blocks[1].what {
        What::Choices { options, .. } => {
            options.iter().map(|o| format!("{}:{}", o.code, o.label)).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(options, ["1:Ja", "2:nee thanks = x", "3:B = c", "no:Nee"]);
    let after = act.unwrap().arrange(&form);
    assert_eq!((after.get("b-1-label"), after.get("csrf"), after.get("act")), (long.as_str(), "t", ""));
}

#[test]
fn problems_stand_beside_their_fields() {
    let nl = Tongue::from(Lang::Nl);
    let mut sheet = one_of_each();
    sheet.subject = String::new();
    sheet.blocks[2].what = What::Button { label: String::new(), link: "http://a.example".to_owned() };
    let problems = check(&Document::new(nl.clone(), sheet.clone()), &allowed());
    let mut form = form_of(&sheet);
    note(&mut form, &Tongue::from(Lang::En), &problems);
    assert!(form.faults().is_empty(), "those of another language");
    note(&mut form, &nl, &problems);
    assert_eq!(form.error("subject", Lang::En), Some("Write a subject."));
    assert!(form.error("b-2-label", Lang::Nl).is_some());
    assert!(problems.iter().any(|p| p.what == Trouble::Empty && p.place().nl == "Nederlands, blok 3"));
    let html = EditorView::new(&form, Lang::En, &nl, &allowed()).html();
    assert!(html.contains("error-b-2-label"));
}

#[test]
fn a_form_that_claims_more_blocks_than_there_can_be_is_cut() {
    let mut values = vec![("blocks".to_owned(), "4000000000".to_owned())];
    values.extend((0..200).map(|n| (format!("b-{n}-kind"), "divider".to_owned())));
    let mut form = Form::of(values);
    assert_eq!(read(&mut form).0.blocks.len(), kring_blocks::MOST_BLOCKS);
    let nl = Tongue::from(Lang::Nl);
    let html = EditorView::new(&form, Lang::Nl, &nl, &allowed()).html();
    assert!(!html.contains("add-0-text"), "a full sheet offers no more");
    // The form itself has a limit of fields, so a full one of the widest kind must fit.
    let widest =
        What::Picture { src: "/a".to_owned(), alt: "a".to_owned(), decorative: true, link: "x".to_owned() };
    let block = Block { what: widest, only_if: Some("x".to_owned()) };
    let full = Sheet { blocks: vec![block; kring_blocks::MOST_BLOCKS], ..Sheet::default() };
    assert!(form_of(&full).names().count() < 480);
}
