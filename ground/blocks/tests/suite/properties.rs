//! What holds for every document and all values.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use kring_blocks::{
    Act, Allowed, Answer, Block, Document, Dress, Kind, Link, Sheet, Value, Values, What, check, fields,
    form_of, on_dark, on_white, page_html, read, render,
};
use kring_core::Tongue;
use proptest::prelude::*;

/// Texts with everything in them that means something to somebody.
fn text() -> impl Strategy<Value = String> {
    let pieces = [
        "{{ name }}",
        "{{ list }}",
        "{% if flag %}",
        "{% endif %}",
        "{% else %}",
        "{% for x in list %}",
        "{% endfor %}",
        "{{ x }}",
        "{{",
        "%}",
        "{#",
        "#}",
        "**",
        "*",
        "_",
        "[",
        "](",
        ")",
        "https://a.example/",
        "javascript:",
        "\n",
        "\n\n",
        "- ",
        "1. ",
        "# ",
        "> ",
        "<",
        ">",
        "&",
        "\"",
        "'",
        "\\",
        "`",
        "<script>",
        "woord",
        " ",
        "é",
        "\u{202E}",
        "\u{E000}",
        "\u{E001}",
        "عربي",
        "\t",
        "\r\n",
        "\0",
        "{{ number|upper }}",
    ];
    prop_oneof![
        4 => prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..14).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
        2 => Just("Dag {{ name|default('jij') }}, [lees](https://a.example/?n={{ name }})".to_owned()),
    ]
}

fn what() -> impl Strategy<Value = What> {
    let option = ("[a-z]{1,3}", text()).prop_map(|(code, label)| Answer { code, label });
    prop_oneof![
        (0u8..9, text()).prop_map(|(level, text)| What::Heading { level, text }),
        text().prop_map(|text| What::Text { text }),
        (text(), prop_oneof![text(), Just("https://a.example/{{ name }}".to_owned())])
            .prop_map(|(label, link)| What::Button { label, link }),
        (
            prop_oneof![text(), Just("/a.png".to_owned())],
            text(),
            any::<bool>(),
            prop_oneof![text(), Just(String::new())]
        )
            .prop_map(|(src, alt, decorative, link)| What::Picture { src, alt, decorative, link }),
        (text(), text()).prop_map(|(text, who)| What::Quote { text, who }),
        Just(What::Divider {}),
        (text(), prop::collection::vec(option, 0..4))
            .prop_map(|(question, options)| What::Choices { question, options }),
    ]
}

fn sheet() -> impl Strategy<Value = Sheet> {
    let only_if = prop::option::weighted(
        0.2,
        prop::sample::select(&["flag", "name", "gone"][..]).prop_map(str::to_owned),
    );
    let block = (what(), only_if).prop_map(|(what, only_if)| Block { what, only_if });
    (text(), text(), prop::collection::vec(block, 0..5), any::<u32>(), any::<Option<u32>>())
        .prop_map(|(subject, preview, blocks, revision, of)| Sheet { subject, preview, blocks, revision, of })
}

fn tongue() -> impl Strategy<Value = Tongue> {
    prop::sample::select(&["nl", "nl-BE", "en", "ar", "ar-MA", "zh-Hant", "ckb", "fr"][..])
        .prop_map(|tag| tag.parse().unwrap())
}

fn document() -> impl Strategy<Value = Document> {
    (tongue(), prop::collection::btree_map(tongue(), sheet(), 0..4))
        .prop_map(|(source, sheets)| Document { source, sheets })
}

fn values() -> impl Strategy<Value = Values> {
    (text(), any::<i64>(), any::<bool>(), prop::collection::vec(text(), 0..4)).prop_map(
        |(name, number, flag, list)| {
            Values::new().with("name", name).with("number", number).with("flag", flag).with("list", list)
        },
    )
}

fn dress() -> impl Strategy<Value = Dress> {
    (text(), text(), text()).prop_map(|(institution, brand, line)| Dress {
        institution,
        brand,
        base: Some("https://kring.example".to_owned()),
        footer: vec![line.clone()],
        unsubscribe: Some(Link { label: line, href: "http://127.0.0.1:8080/u?a=1&b=2".to_owned() }),
        choices: "abc".chars().map(|c| (c.to_string(), format!("https://a.example/{c}"))).collect(),
        ..Dress::default()
    })
}

fn allowed() -> Allowed {
    Allowed { wanted: vec!["nl".parse().unwrap()], ..Allowed::default() }
        .field("name", Kind::Text)
        .field("number", Kind::Number)
        .field("flag", Kind::Flag)
        .field("list", Kind::List)
}

/// The tags of a piece of HTML that is written as ours is: no `<` and no quote outside of a tag. `None` where it is not.
fn tags(html: &str) -> Option<Vec<String>> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        if rest[..at].contains('>') {
            return None;
        }
        let tag = &rest[at..];
        let end = if tag.starts_with("<!--") {
            tag.find("-->")? + 3
        } else {
            let mut quoted = false;
            tag.find(|c| {
                quoted ^= c == '"';
                c == '>' && !quoted
            })? + 1
        };
        tags.push(tag[..end].to_owned());
        rest = &tag[end..];
    }
    // The style sheet has a `>` nowhere, so any other is a leak.
    (!rest.contains('>')).then_some(tags)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_and_html_is_ours_only(document in document(), values in values(), dress in dress()) {
        fields(&document);
        for problem in check(&document, &allowed()) {
            prop_assert!(!problem.saying().nl.is_empty() && !problem.place().en.is_empty());
        }
        for (tongue, sheet) in &document.sheets {
            let page = page_html(sheet, tongue, &values, &dress);
            let mail = render(sheet, tongue, &values, &dress).map(|mail| mail.html);
            for html in page.into_iter().chain(mail) {
                prop_assert!(!html.to_lowercase().contains("<script"));
                let tags = tags(&html);
                prop_assert!(tags.is_some(), "{html}");
                for tag in tags.unwrap_or_default() {
                    let name: String = tag.trim_start_matches(['<', '/']).chars().take_while(char::is_ascii_alphanumeric).collect();
                    let known = [
                        "", "html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td", "p", "ul", "ol", "li", "a", "img", "strong",
                        "em", "br", "h1", "h2", "h3", "h4", "blockquote", "figure", "figcaption", "hr", "b",
                    ];
                    prop_assert!(known.contains(&name.as_str()), "{tag}");
                    prop_assert!(!tag.contains("javascript:") || !tag.contains("href=\"javascript"), "{tag}");
                    prop_assert!(!tag.contains(" on"), "{tag}");
                }
            }
        }
    }

    #[test]
    fn a_value_is_never_there_unescaped(name in "[a-z]{0,4}[<>\"'&]{1,3}[a-z<>]{0,5}") {
        let text = "{{ name }} **{{ name }}** [{{ name }}](https://a.example/{{ name }}/)\n\n- {{ name }}".to_owned();
        let alt = || "{{ name }}".to_owned();
        let what = [
            What::Text { text: text.clone() },
            What::Heading { level: 1, text: alt() },
            What::Button { label: alt(), link: "https://a.example/?{{ name }}=".to_owned() },
            What::Picture { src: "/a.png".to_owned(), alt: alt(), decorative: false, link: String::new() },
            What::Quote { text, who: alt() },
            What::Choices { question: alt(), options: vec![Answer { code: "a".to_owned(), label: alt() }] },
        ];
        let blocks = what.into_iter().map(|what| Block { what, only_if: None }).collect();
        let sheet = Sheet { subject: alt(), preview: alt(), blocks, ..Sheet::default() };
        let dress = Dress { choices: BTreeMap::from([("a".to_owned(), "https://a.example/".to_owned())]), ..Dress::default() };
        let values = Values::new().with("name", Value::Text(format!("Q{name}Q")));
        let tongue = "nl".parse().unwrap();
        let letter = render(&sheet, &tongue, &values, &dress).unwrap();
        let bad = format!("Q{name}Q");
        prop_assert!(letter.text.matches(&bad).count() >= 12, "{}", letter.text);
        prop_assert_eq!(&letter.subject, &bad);
        prop_assert!(!letter.html.contains(&bad), "{}", letter.html);
        prop_assert!(!page_html(&sheet, &tongue, &values, &dress).unwrap().contains(&bad));
    }

    #[test]
    fn the_plain_part_has_each_paragraph(paragraphs in prop::collection::vec("[A-Za-z][a-z ,.!?;:#<>&`()-]{0,30}[a-z]", 1..5)) {
        let block = Block { what: What::Text { text: paragraphs.join("\n\n") }, only_if: None };
        let sheet = Sheet { blocks: vec![block], ..Sheet::default() };
        let letter = render(&sheet, &"nl".parse().unwrap(), &Values::new(), &Dress::default()).unwrap();
        for paragraph in &paragraphs {
            prop_assert!(letter.text.contains(paragraph.as_str()), "{paragraph:?} is not in {:?}", letter.text);
        }
    }

    #[test]
    fn json_and_the_form_give_back_what_they_got(document in document()) {
        let json = serde_json::to_string(&document).unwrap();
        prop_assert_eq!(&Document::read(&json).unwrap(), &document);
        for sheet in document.sheets.values() {
            let once = read(&mut form_of(sheet)).0;
            // A form takes out what cannot stand in a line, and what it leaves at the ends at the next reading.
            let twice = read(&mut form_of(&once)).0;
            prop_assert_eq!(&read(&mut form_of(&twice)).0, &twice);
            prop_assert_eq!(once.blocks.len(), sheet.blocks.len());
        }
    }

    #[test]
    fn there_is_a_sheet_for_everybody(document in document(), wanted in prop::collection::vec(tongue(), 0..4)) {
        let chosen = document.choose(&wanted);
        prop_assert_eq!(chosen.is_some(), !document.sheets.is_empty());
        if let (Some((tongue, _)), Some(first)) = (chosen, wanted.first()) {
            prop_assert!(!document.sheets.contains_key(first) || tongue == first);
        }
    }

    #[test]
    fn the_form_and_the_sheet_are_arranged_alike(sheet in sheet(), act in "(add|up|down|drop)-[0-6](-(text|button|x))?") {
        let Some(act) = Act::read(&act) else { return Ok(()) };
        let form = form_of(&sheet);
        let mut by_sheet = read(&mut form.clone()).0;
        act.apply(&mut by_sheet);
        prop_assert_eq!(read(&mut act.arrange(&form)).0, by_sheet);
    }

    #[test]
    fn every_colour_becomes_readable(r: u8, g: u8, b: u8) {
        let colour = format!("#{r:02x}{g:02X}{b:02x}");
        let ratio = |one: &str, other: &str| kring_web::tokens::contrast(one, other).unwrap();
        prop_assert!(ratio(&on_white(&colour), "#FFFFFF") >= 4.5);
        prop_assert!(ratio(&on_dark(&colour), "#1C2328") >= 4.5);
        if ratio(&colour, "#FFFFFF") >= 4.5 {
            prop_assert_eq!(on_white(&colour), colour.to_uppercase());
        }
    }
}
