//! What a mail's bytes are, read back by a parser that is not ours.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{address, mail, text};
use kring_post::{
    Address, HeaderName, HeaderText, Link, ListId, Mail, Mailbox, MessageId, Unmailable, Unsubscribe,
};
use mail_parser::{HeaderForm, Message, MessageParser, MimeHeaders};

/// Values that have broken out of headers and commands elsewhere, and their cousins.
const POISON: [&str; 34] = [
    "x\r\nBcc: bob@evil.nl",
    "x\nBcc: bob@evil.nl",
    "x\rBcc: bob@evil.nl",
    "x\r\n\r\n<script>",
    "x\n\n.\n",
    "x\r\n.\r\nMAIL FROM:<bob@evil.nl>\r\n",
    "x\0",
    "x\0\r\nBcc: bob@evil.nl",
    "x\u{b}Bcc: bob@evil.nl",
    "x\u{c}Bcc: bob@evil.nl",
    "x\u{85}Bcc: bob@evil.nl",
    "x\u{2028}Bcc: bob@evil.nl",
    "x\u{2029}Bcc: bob@evil.nl",
    "x\r\n Bcc: bob@evil.nl",
    "x\r\n\tBcc: bob@evil.nl",
    "x%0d%0aBcc: bob@evil.nl",
    "x=0D=0ABcc: bob@evil.nl",
    "=?utf-8?q?x=0D=0ABcc:_bob@evil.nl?=",
    "=?utf-8?B?eA0KQmNjOiBib2JAZXZpbC5ubA==?=",
    "x, bob@evil.nl",
    "x; bob@evil.nl",
    "<bob@evil.nl>",
    "x <bob@evil.nl>, y",
    "\"x\" <bob@evil.nl>, \"y",
    "x\\\" <bob@evil.nl>, \\\"",
    "x\\",
    "(comment) x (comment",
    "group: bob@evil.nl, carol@evil.nl;",
    "bob@evil.nl> NOTIFY=SUCCESS ORCPT=rfc822;carol@evil.nl",
    "x@evil.nl\r\nRCPT TO:<bob@evil.nl>",
    "To: bob@evil.nl",
    "x\u{560a}\u{560d}Bcc: bob@evil.nl",
    "\u{10a}\u{10d}x\u{202e}",
    "--kring-00000000000000000000000000000000--",
];

/// Names and words that have broken software that meant well.
const NAUGHTY: [&str; 22] = [
    "Zoë O’Brien-van 't Hof",
    "D'Angelo \"Dee\" O'Neil",
    "Жанна Петровна",
    "张伟",
    "שלום עולם",
    "مرحبا بالعالم",
    "\u{202b}gemengd \u{202c}links",
    "👩🏽‍🎓👨‍👩‍👧‍👦🇳🇱 geslaagd",
    "é e\u{301} ﬁ Å Å",
    "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮",
    "𝕳𝖊𝖑𝖑𝖔",
    "NULL",
    "undefined; drop table people;--",
    "<b>vet</b> & &amp; %s %n {{7*7}} ${x}",
    "=?utf-8?q?al_gecodeerd?=",
    "dubbele  spatie   hier",
    "1.000,00 €",
    "een, twee; drie: vier <vijf>",
    "a@b.nl",
    "\u{feff}begin",
    "x",
    "Ⅻ ½ ㎏ \u{ad}zacht",
];

fn read(bytes: &[u8]) -> Message<'_> {
    MessageParser::new().parse(bytes).unwrap()
}

/// One message, one recipient, exactly these headers, all of it 7-bit in short lines.
fn sound(bytes: &[u8], expected: &[&str]) {
    assert!(bytes.is_ascii());
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.split("\r\n").all(|line| line.len() <= 998 && !line.contains(['\r', '\n', '\0'])));
    let message = read(bytes);
    let names: Vec<_> = message.headers_raw().map(|(name, _)| name).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    assert_eq!(sorted, expected, "{text}");
    assert_eq!(message.to().unwrap().iter().count(), 1);
    assert_eq!(message.to().unwrap().first().unwrap().address(), Some("an@example.nl"));
    assert_eq!(message.from().unwrap().first().unwrap().address(), Some("plein@school.nl"));
    assert!(message.cc().is_none() && message.bcc().is_none());
    assert_eq!(message.parts.len(), 3);
}

const USUAL: [&str; 7] = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"];

#[test]
fn nothing_breaks_out_of_a_field() {
    for value in POISON {
        // The typed fields either refuse a value …
        let breaks = value.contains(['\r', '\n', '\0']);
        assert!(Address::parse(value).is_err());
        assert!(!breaks || Address::parse(&format!("{value}@school.nl")).is_err());
        assert!(!breaks || Link::new(&format!("https://school.nl/{value}")).is_err());
        assert!(!breaks || MessageId::read(&format!("<{value}>")).is_err());
        assert!(Link::new(value).is_err() && HeaderName::new(value).is_err());
        assert!(MessageId::read(&format!("<1@{value}>")).is_err() || !breaks);
        assert!(ListId::new(text("x"), value).is_err());

        // … or hold it, and then it comes out as it went in, and as nothing else.
        let mut all = vec![Mail { text: value.to_owned(), html: Some(value.to_owned()), ..mail() }];
        if let Ok(held) = HeaderText::new(value) {
            assert!(!value.contains(['\r', '\n', '\0']));
            let named = |address: &str| Mailbox::new(Some(held.clone()), common::address(address));
            all.push(Mail { subject: held.clone(), ..mail() });
            all.push(Mail { from: named("plein@school.nl"), ..mail() });
            all.push(Mail { to: named("an@example.nl"), ..mail() });
        }
        for one in &all {
            let bytes = one.bytes(None).unwrap();
            sound(&bytes, &USUAL);
            let message = read(&bytes);
            let lines = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n");
            assert_eq!(lines(&message.body_text(0).unwrap()), lines(&one.text), "{value:?}");
            assert_eq!(message.subject().unwrap_or_default(), one.subject.as_str());
            assert_eq!(
                message.to().unwrap().first().unwrap().name(),
                one.to.name.as_ref().map(HeaderText::as_str)
            );
            assert_eq!(
                message.from().unwrap().first().unwrap().name(),
                one.from.name.as_ref().map(HeaderText::as_str)
            );
        }

        let Ok(held) = HeaderText::new(value) else { continue };
        let list = ListId::new(held.clone(), "nieuws.school.nl").unwrap();
        let extra = vec![(HeaderName::new("X-Kring-Topic").unwrap(), held.clone())];
        let reply_to = Some(Mailbox::new(Some(held.clone()), address("vraag@school.nl")));
        let bytes = Mail { list_id: Some(list), extra, reply_to, ..mail() }.bytes(None).unwrap();
        sound(&bytes, &[&USUAL[..], &["List-ID", "X-Kring-Topic", "Reply-To"]].concat());
        let message = read(&bytes);
        assert_eq!(message.reply_to().unwrap().iter().count(), 1);
        assert_eq!(message.reply_to().unwrap().first().unwrap().address(), Some("vraag@school.nl"));
        let topic = message.header_as("X-Kring-Topic", HeaderForm::Text);
        assert_eq!(topic[0].as_text(), Some(held.as_str()));
    }
}

#[test]
fn every_name_and_word_comes_back_as_it_was() {
    let long = ["Betreft: ".to_owned() + &"zeer ".repeat(150) + "lang", "ö".repeat(700), "w".repeat(2000)];
    for value in NAUGHTY.iter().copied().chain(long.iter().map(String::as_str)) {
        let held = text(value);
        let body = format!("{value}\n\n.\n..\nFrom {value}\n{}\n", value.repeat(40));
        let one = Mail {
            subject: held.clone(),
            to: Mailbox::new(Some(held.clone()), address("an@example.nl")),
            text: body.clone(),
            html: Some(body.clone()),
            ..mail()
        };
        let bytes = one.bytes(None).unwrap();
        sound(&bytes, &USUAL);
        let message = read(&bytes);
        assert_eq!(message.subject(), Some(held.as_str()));
        assert_eq!(message.to().unwrap().first().unwrap().name(), Some(held.as_str()));
        assert_eq!(message.body_text(0).unwrap().replace("\r\n", "\n"), body);
        assert_eq!(message.body_html(0).unwrap().replace("\r\n", "\n"), body);
        assert_eq!(one.bytes(None).unwrap(), bytes, "the same value, the same bytes");
    }
}

#[test]
fn the_headers_of_a_mailing_are_there_and_of_an_answer_are_not() {
    let id = |text: &str| MessageId::read(text).unwrap();
    let link = format!("https://school.nl/u/{}", "a".repeat(300));
    let mailing = Mail {
        auto_submitted: true,
        unsubscribe: Some(Unsubscribe {
            link: Link::new(&link).unwrap(),
            mailto: Some(address("u+a%b@school.nl")),
        }),
        list_id: Some(ListId::new(text("Nieuws, wekelijks"), "Nieuws.School.nl").unwrap()),
        ..mail()
    };
    let bytes = mailing.bytes(None).unwrap();
    let list = ["Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post", "List-ID"];
    sound(&bytes, &[&USUAL[..], &list].concat());
    let raw = String::from_utf8(bytes).unwrap();
    assert!(raw.contains("\r\nAuto-Submitted: auto-generated\r\n"));
    assert!(raw.contains(&format!("\r\nList-Unsubscribe: <{link}>,\r\n <mailto:u+a%25b@school.nl>\r\n")));
    assert!(raw.contains("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
    assert!(raw.contains("\r\nList-Id: \"Nieuws, wekelijks\" <nieuws.school.nl>\r\n"));
    assert!(raw.contains("\r\nDate: Mon, 01 Jun 2026 10:00:00 +0000\r\n"));

    let many: Vec<_> =
        (0..30).map(|n| id(&format!("<{n}.abcdefghijklmnopqrstuvwxyz@mail.example.nl>"))).collect();
    let answer = Mail { in_reply_to: many.last().cloned(), references: many.clone(), html: None, ..mail() };
    let bytes = answer.bytes(None).unwrap();
    let message = read(&bytes);
    assert_eq!(message.references().as_text_list().unwrap().len(), 30);
    assert_eq!(message.message_id(), Some("1@school.nl"));
    assert_eq!(message.parts.len(), 1);
    assert_eq!(message.content_type().unwrap().ctype(), "text");
}

#[test]
fn what_cannot_be_mailed_says_so() {
    let utf8 = |text: &str| Mailbox::new(None, address(text));
    assert_eq!(Mail { from: utf8("josé@school.nl"), ..mail() }.bytes(None), Err(Unmailable::NotAscii));
    assert_eq!(
        Mail { reply_to: Some(utf8("josé@school.nl")), ..mail() }.bytes(None),
        Err(Unmailable::NotAscii)
    );
    assert_eq!(Mail { text: "x".repeat(11_000_000), ..mail() }.bytes(None), Err(Unmailable::Large));
    let bytes = Mail { to: utf8("josé@münchen.de"), ..mail() }.bytes(None).unwrap();
    assert!(String::from_utf8(bytes).unwrap().contains("\r\nTo: josé@xn--mnchen-3ya.de\r\n"));
}
