//! Two houses that answer by themselves, pointed at each other, fall silent.

use kring_frame::sql;
use kring_post::Address;
use kring_talks::{Inbox, Out, Sender};
use kring_testing::{Engine, TestHouse, both};

both!(two_houses_fall_silent, they_do_so_without_the_header_that_says_it_was_automatic);

/// Another institution, with Kring on its own domain; what comes to its desk by mail is a question, and gets a receipt.
async fn elsewhere() -> TestHouse {
    let inbox = Inbox {
        reply: Some(Address::parse("reply@elders.example").unwrap()),
        trusted: Some("mx.elders.example".into()),
        ..Inbox::default()
    };
    let from = Address::parse("serviceplein@elders.example").unwrap();
    let there =
        TestHouse::with_sender(Engine::Sqlite, Sender::new(Out::Drawer, from, None).with_inbox(inbox)).await;
    let mut admin = there.signed_in("hanneke@meerland.example").await;
    let fields = [("address", "vragen@elders.example"), ("topic", &*there.topics[0].id.to_string())];
    let made = admin.post("/operations/mail/quarantine/mailboxes", &fields).await;
    assert_eq!(made.status, 303, "{}", made.text());
    there
}

/// Carries what each sends to the other, until neither has anything new; how many mails that were.
async fn carry(here: &TestHouse, there: &TestHouse, also: impl Fn(&str) -> String) -> usize {
    let (mut from_here, mut from_there, mut carried) = (0, 0, 0);
    for _ in 0..10 {
        let before = carried;
        for raw in here.drawer_raw().await.into_iter().skip(from_here) {
            from_here += 1;
            carried += 1;
            there.mail_in(&["vragen@elders.example"], &also(&raw)).await;
        }
        for raw in there.drawer_raw().await.into_iter().skip(from_there) {
            from_there += 1;
            carried += 1;
            let parsed = mail_parser::MessageParser::default().parse(raw.as_bytes()).unwrap();
            let to = parsed.to().and_then(|to| to.first()).and_then(|to| to.address()).unwrap().to_owned();
            here.mail_in(&[&to], &also(&raw)).await;
        }
        if carried == before {
            return carried;
        }
        here.pass(61).await;
        there.pass(61).await;
    }
    panic!("they talked on: {carried} mails");
}

/// Somebody gives the address of another institution's desk as their own.
async fn begin(here: &TestHouse) {
    crate::inbound::ask(here, "Serviceplein", "vragen@elders.example", "Hoe laat gaan jullie open?").await;
    assert_eq!(here.drawer_raw().await.len(), 1, "a receipt");
}

async fn two_houses_fall_silent(here: TestHouse) {
    let there = elsewhere().await;
    begin(&here).await;
    assert_eq!(carry(&here, &there, ToOwned::to_owned).await, 1, "a receipt is not answered");
    assert_eq!(there.count(sql!("select count(*) from requests")).await, 0);
}

async fn they_do_so_without_the_header_that_says_it_was_automatic(here: TestHouse) {
    let there = elsewhere().await;
    begin(&here).await;
    // A gateway between them strips what it does not know.
    let known = [
        "from:",
        "to:",
        "subject:",
        "date:",
        "message-id:",
        "mime-version:",
        "content-",
        "reply-to:",
        "references:",
        "in-reply-to:",
    ];
    let strip = |raw: &str| {
        let (head, body) = raw.split_once("\r\n\r\n").or_else(|| raw.split_once("\n\n")).unwrap();
        let mut kept = Vec::new();
        let mut keeps = false;
        for line in head.lines() {
            if !line.starts_with([' ', '\t']) {
                let name = line.to_lowercase();
                keeps = known.iter().any(|known| name.starts_with(known));
            }
            if keeps {
                kept.push(line);
            }
        }
        format!("{}\n\n{body}", kept.join("\n"))
    };
    let carried = carry(&here, &there, strip).await;
    assert!(carried <= 2, "{carried} mails");
}
