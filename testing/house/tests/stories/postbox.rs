//! Mail in by the distribution's own servers: Kring hands a letter to Postfix, Dovecot keeps it, and what is answered, or
//! comes back, is read over IMAP.

use std::time::{Duration, Instant};

use kring_frame::sql;
use kring_post::{
    Address, Connection, Relay, Security, Trust,
    imap::{Server, Session, Trouble},
};
use kring_talks::{Arrived, Inbox, Lying, Mailbox, Out, Way, fetch_new, keep, open_doors};
use kring_testing::{Engine, TestHouse};

use crate::{dovecot::Dovecot, inbound::ask, postfix::Postfix};

fn relay(server: &Postfix) -> Relay {
    let trust = Trust::DangerAnyOnLoopback;
    Relay::new("127.0.0.1", server.port, Security::StartTls, &trust, "kring.example").unwrap()
}

fn inbox(mailbox: Option<Mailbox>) -> Inbox {
    Inbox { reply: Some(Address::parse("reply@kring.example").unwrap()), mailbox, ..Inbox::default() }
}

/// Somebody's own mail program.
async fn send(server: &Postfix, from: &str, to: &str, raw: &str) {
    let mut connection = Connection::open(&relay(server)).await.unwrap();
    let address = |text: &str| Address::parse(text).unwrap();
    connection.envelope(&address(from), &address(to)).await.unwrap();
    let outcome = connection.data(raw.replace('\n', "\r\n").as_bytes()).await;
    assert!(matches!(outcome, kring_post::Outcome::Sent { .. }), "{outcome:?}");
}

/// The mails of a mailbox, once there are so many.
async fn lying(server: &Server, count: usize, dovecot: &Dovecot, postfix: &Postfix) -> Vec<(u32, Vec<u8>)> {
    let begun = Instant::now();
    loop {
        let mut session = Session::open(server).await.unwrap();
        let mut all = Vec::new();
        for uid in session.numbers(1).await.unwrap() {
            all.push((uid, session.fetch(uid, usize::MAX).await.unwrap().unwrap()));
        }
        session.close().await;
        if all.len() >= count {
            return all;
        }
        assert!(begun.elapsed() < Duration::from_secs(40), "{}\n{}", postfix.log(), dovecot.log());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn header(raw: &[u8], name: &str) -> String {
    let parsed = mail_parser::MessageParser::default().parse(raw).unwrap();
    let value = parsed.header_raw(name).unwrap_or_default();
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn heard(t: &TestHouse) -> i64 {
    t.count(sql!("select count(*) from turns where direction = 'in' and channel = 'mail'")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answered_and_returned_by_real_servers() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let dovecot = Dovecot::start(&["reply", "kim"]);
        // Postfix takes whatever it is given, and finds out from Dovecot that somebody is not there.
        let settings = format!(
            "virtual_mailbox_domains = kring.example, box.example\nvirtual_transport = lmtp:inet:127.0.0.1:{}\nrecipient_delimiter = +\n\
             smtpd_reject_unlisted_recipient = no\n",
            dovecot.lmtp
        );
        let postfix = Postfix::with(&settings, "lmtp unix - - n - - lmtp\n");
        let replies = dovecot.mailbox("reply", "INBOX");
        let mailbox = Mailbox { server: replies.clone(), done: Some("Kring".into()) };
        let out = Out::Smtp { relay: Box::new(relay(&postfix)), connections: 2 };
        let t = TestHouse::with_inbox(engine, out, inbox(Some(mailbox.clone()))).await;

        // A letter of Kring's reaches Kim, who answers it.
        ask(&t, "Kim", "kim@box.example", "Wanneer begint de les?").await;
        let kims = dovecot.mailbox("kim", "INBOX");
        let letter = lying(&kims, 1, &dovecot, &postfix).await.remove(0).1;
        let to = header(&letter, "Reply-To");
        let to = to.rsplit_once('<').map_or(to.as_str(), |(_, a)| a.trim_end_matches('>')).to_owned();
        assert!(to.starts_with("reply+d1-"), "{to}");
        assert!(
            header(&letter, "Return-Path").starts_with("<reply+m1-"),
            "{}",
            header(&letter, "Return-Path")
        );
        let answer = |id: &str, text: &str| {
            format!(
                "From: Kim <kim@box.example>\nTo: {to}\nSubject: iets\nDate: Mon, 23 Nov 2026 10:00:00 +0100\nMessage-ID: <{id}@box.example>\n\
                 Content-Type: text/plain; charset=utf-8\n\n{text}\n.\n"
            )
        };
        send(&postfix, "kim@box.example", &to, &answer("a", "En dinsdag? 👋")).await;
        let raw = lying(&replies, 1, &dovecot, &postfix).await.remove(0).1;
        assert_eq!(fetch_new(&t.house, &mailbox).await.unwrap(), 1);
        t.settle().await;
        assert_eq!(heard(&t).await, 1);
        assert_eq!(t.count(sql!("select count(*) from turns where text like 'En dinsdag? 👋%'")).await, 1);
        let mut tx = t.house.read(&kring_frame::Actor::robot()).await.unwrap();
        let (kept,): (Vec<u8>,) =
            tx.one(sql!("select raw from inbound_mails"), kring_frame::params![]).await.unwrap();
        drop(tx);
        assert_eq!(kept, raw, "byte by byte");
        assert!(lying(&replies, 0, &dovecot, &postfix).await.is_empty(), "moved out of the way");
        assert_eq!(fetch_new(&t.house, &mailbox).await.unwrap(), 0);

        // Killed after it was kept, before it was moved: kept once, and moved now.
        send(&postfix, "kim@box.example", &to, &answer("b", "Twee.")).await;
        let (uid, raw) = lying(&replies, 1, &dovecot, &postfix).await.remove(0);
        let session = Session::open(&replies).await.unwrap();
        let place = Lying { account: replies.label(), validity: session.validity(), uid };
        session.close().await;
        let arrived = Arrived {
            way: Way::Imap,
            lying: Some(place),
            sender: None,
            recipients: Vec::new(),
            raw,
            only_head: false,
        };
        let mut tx = t.house.write(&kring_frame::Actor::robot()).await.unwrap();
        keep(&mut tx, &arrived).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(fetch_new(&t.house, &mailbox).await.unwrap(), 0);
        assert!(lying(&replies, 0, &dovecot, &postfix).await.is_empty());
        // The same mails under other numbers, as when a mailbox is made anew: fetched, and the same.
        let elsewhere = Mailbox { server: dovecot.mailbox("reply", "Kring"), done: None };
        assert_eq!(fetch_new(&t.house, &elsewhere).await.unwrap(), 2);
        assert_eq!(fetch_new(&t.house, &elsewhere).await.unwrap(), 0);
        t.settle().await;
        assert_eq!(heard(&t).await, 2);

        // Nobody is there: Postfix writes the notice itself, to the address that the letter came from.
        ask(&t, "Weg", "nobody@box.example", "Bestaat dit adres?").await;
        lying(&replies, 1, &dovecot, &postfix).await;
        // From here on Kring watches by itself.
        open_doors(&t.house, &t.sender).await.unwrap();
        wait_for(&t, 3).await;
        let dead = t.count(sql!("select count(*) from contact_points where state = 'dead' and canonical = 'nobody@box.example'")).await;
        assert_eq!(dead, 1, "{}", postfix.log());
        assert_eq!(t.count(sql!("select count(*) from messages where reason = 'bounced'")).await, 1);
        // It listens: the next answer is there as soon as it lies there.
        send(&postfix, "kim@box.example", &to, &answer("c", "Drie.")).await;
        wait_for(&t, 4).await;
        assert_eq!(heard(&t).await, 3);
        assert_eq!(t.count(sql!("select count(*) from inbound_mails where state <> 'read'")).await, 0);
        t.house.close(Duration::from_secs(5)).await;
    }
}

async fn wait_for(t: &TestHouse, mails: i64) {
    let begun = Instant::now();
    while t.count(sql!("select count(*) from inbound_mails")).await < mails {
        assert!(begun.elapsed() < Duration::from_secs(40), "the mail was not fetched");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    t.settle().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mailbox_that_does_not_open_says_why() {
    let dovecot = Dovecot::start(&["reply"]);
    let wrong = dovecot.with_password("reply", "INBOX", "verkeerd");
    assert_eq!(Session::open(&wrong).await.err(), Some(Trouble::SignIn));
    assert_eq!(
        Session::open(&dovecot.mailbox("reply", "Nergens")).await.err(),
        Some(Trouble::Refused("SELECT"))
    );
    let password = || kring_core::Secret::new("x".to_owned());
    let public = Server::new(
        "127.0.0.1",
        dovecot.imap,
        Security::Implicit,
        &Trust::Public,
        "reply",
        password(),
        "INBOX",
    )
    .unwrap();
    assert_eq!(Session::open(&public).await.err(), Some(Trouble::Certificate));
    let plain =
        Server::new("127.0.0.1", 1, Security::None, &Trust::Public, "reply", password(), "INBOX").unwrap();
    assert_eq!(Session::open(&plain).await.err(), Some(Trouble::Unreachable));
}

/// Postfix hands over by LMTP itself: what Kring cannot keep stays in Postfix' queue.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postfix_hands_over_by_lmtp() {
    let from = Address::parse("serviceplein@meerland.example").unwrap();
    let t = TestHouse::with_inbox(Engine::Sqlite, Out::Drawer, inbox(None)).await;
    ask(&t, "Kim", "kim@box.example", "Wanneer begint de les?").await;
    let to = header(t.drawer_raw().await[0].as_bytes(), "Reply-To");
    let to = to.rsplit_once('<').map_or(to.as_str(), |(_, a)| a.trim_end_matches('>')).to_owned();
    let lmtp = Some(kring_post::lmtp::Listen::read("127.0.0.1:0").unwrap());
    let door =
        kring_talks::Sender::new(Out::Nowhere, from, None).with_inbox(Inbox { lmtp, ..Inbox::default() });
    let port = open_doors(&t.house, &door).await.unwrap().port.unwrap();
    let settings =
        format!("virtual_mailbox_domains = kring.example\nvirtual_transport = lmtp:inet:127.0.0.1:{port}\n");
    let postfix = Postfix::with(&settings, "lmtp unix - - n - - lmtp\n");
    let raw = "From: Kim <kim@box.example>\nSubject: x\nMessage-ID: <l@box.example>\nDate: Mon, 23 Nov 2026 10:00:00 +0100\n\n.begint met een punt\n..\n";
    send(&postfix, "kim@box.example", &to, &raw.replace("\n.", "\n..")).await;
    wait_for(&t, 1).await;
    assert_eq!(heard(&t).await, 1, "{}", postfix.log());
    t.house.close(Duration::from_secs(5)).await;
}
