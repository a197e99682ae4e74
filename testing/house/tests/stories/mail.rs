//! Mail by real SMTP: to the distribution's Postfix, and to a scripted server for what Postfix would not do.

use std::time::Duration;

use kring_core::Chance;
use kring_frame::sql;
use kring_post::{
    Address, Connection, Outcome, Pace, Rates, Relay, Security, Signer, Trust,
    dkim::{Algorithm, SigningKey, generate},
};
use kring_relay::{AfterDot, Refuse, Script};
use kring_talks::{Out, Sender, WarmUp};
use kring_testing::{Engine, TestHouse};

use crate::postfix::{
    Postfix,
    opendkim::{OpenDkim, results},
};

async fn with_relay(engine: Engine, port: u16, security: Security, trust: &Trust) -> TestHouse {
    let relay = Relay::new("127.0.0.1", port, security, trust, "kring.meerland.example").unwrap();
    TestHouse::with_mail(engine, Out::Smtp { relay: Box::new(relay), connections: 4 }).await
}

async fn ask(t: &TestHouse, name: &str, email: &str, text: &str) {
    let topic = t.topics[0].id.to_string();
    let fields = [("name", name), ("email", email), ("topic", &*topic), ("text", text), ("website", "")];
    assert_eq!(t.browser().post("/contact?lang=nl", &fields).await.status, 303);
    t.settle().await;
}

/// The story's mails arrive in a real mailbox: over STARTTLS, each once, with the words as they were written.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postfix_takes_the_storys_mails() {
    let server = Postfix::start();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        server.empty();
        let t = with_relay(engine, server.port, Security::StartTls, &Trust::DangerAnyOnLoopback).await;
        ask(
            &t,
            "Zoë O’Neill",
            "zoe@postfix.example",
            "Kan het op 't Plein? Groet 👋\n.\nBcc: iedereen@example.org",
        )
        .await;
        let mails = server.wait_for(1, Duration::from_secs(30));
        assert_eq!(mails.len(), 1, "one receipt, once");
        let parsed = mail_parser::MessageParser::default()
            .parse(mails[0].as_bytes())
            .expect("a mail that can be read");
        assert_eq!(parsed.to().unwrap().first().unwrap().address().unwrap(), "zoe@postfix.example");
        assert_eq!(parsed.to().unwrap().first().unwrap().name().unwrap(), "Zoë O’Neill");
        assert!(parsed.bcc().is_none() && parsed.subject().unwrap().starts_with("We hebben je vraag"));
        assert!(
            parsed.body_text(0).unwrap().contains("Groet 👋")
                && parsed.body_html(0).unwrap().contains("uiterlijk")
        );
        assert!(
            mails[0].contains("Received:") && mails[0].contains("(using TLS"),
            "it came over TLS: {}",
            mails[0]
        );
        assert_eq!(t.count(sql!("select count(*) from messages where state = 'sent'")).await, 1);
        assert!(parsed.header("List-Unsubscribe").is_none(), "an answer to a question is no list");
    }
}

/// A verifier that is not ours reads what arrived in a real mailbox: each of both signatures passes by itself, and the same mail with
/// one word changed, or one header more, does not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn opendkim_passes_both_signatures_and_no_other() {
    let chance = Chance::seeded(4);
    let made = |algorithm, name: &str| generate(algorithm, name, "meerland.example", &chance).unwrap();
    let (rsa, ed) = (made(Algorithm::Rsa, "rsa1"), made(Algorithm::Ed25519, "ed1"));
    for algorithms in [&[Algorithm::Rsa][..], &[Algorithm::Ed25519], &[Algorithm::Rsa, Algorithm::Ed25519]] {
        let keys = algorithms.iter().map(|algorithm| match algorithm {
            Algorithm::Rsa => ("rsa1", &rsa),
            Algorithm::Ed25519 => ("ed1", &ed),
        });
        let keys: Vec<_> = keys.collect();
        let verifier = OpenDkim::start(&[(&rsa.dns_name, &rsa.dns_text), (&ed.dns_name, &ed.dns_text)]);
        let server = Postfix::with(&verifier.settings(), "");
        let relay = Relay::new(
            "127.0.0.1",
            server.port,
            Security::StartTls,
            &Trust::DangerAnyOnLoopback,
            "kring.meerland.example",
        )
        .unwrap();
        let out = Out::Smtp { relay: Box::new(relay.clone()), connections: 2 };
        let keys = keys.into_iter().map(|(name, key)| SigningKey::read(name, &key.private).unwrap());
        let signer = Signer::new("meerland.example", keys.collect()).unwrap();
        let t = TestHouse::with_signer(Engine::Sqlite, out, signer).await;
        ask(
            &t,
            "Zoë O’Neill",
            "zoe@postfix.example",
            "Kan het op 't Plein? Groet 👋\n.\nEn   ruimte  ertussen ",
        )
        .await;
        let mails = server.wait_for(1, Duration::from_secs(30));
        let of = algorithms.len();
        assert_eq!(mails.len(), 1, "{}", server.log());
        assert_eq!(mails[0].matches("DKIM-Signature:").count(), of);
        assert_eq!(results(&mails[0]), vec!["pass"; of], "{}", mails[0]);
        // What arrived, sent on as somebody else might have made it.
        let whole = mails[0].split("DKIM-Signature:").collect::<Vec<_>>()[1..].join("DKIM-Signature:");
        let whole = format!("DKIM-Signature:{whole}");
        let from = Address::parse("elsewhere@meerland.example").unwrap();
        let to = Address::parse("zoe@postfix.example").unwrap();
        for (changed, result) in [
            (whole.clone(), "pass"),
            (whole.replacen("Plein", "Klein", 1), "fail"),
            (format!("Subject: Win een fiets\r\n{whole}"), "fail"),
            (format!("Reply-To: boef@elders.example\r\n{whole}"), "fail"),
        ] {
            server.empty();
            let mut connection = Connection::open(&relay).await.unwrap();
            connection.envelope(&from, &to).await.unwrap();
            assert!(matches!(connection.data(changed.as_bytes()).await, Outcome::Sent { .. }));
            let mails = server.wait_for(1, Duration::from_secs(30));
            assert_eq!(results(&mails[0]), vec![result; of], "{}", mails[0]);
        }
    }
}

/// Who withdraws in the moment before DATA gets nothing, and the relay saw no DATA.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_says_becomes_the_state() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let server = kring_relay::Relay::start(Script::default()).await.unwrap();
        let t = with_relay(engine, server.port(), Security::None, &Trust::Public).await;
        // Refused for good, refused for now, and lost after the dot.
        server.script(|s| s.refuse = vec![Refuse::new("gone@*", 550), Refuse::new("later@*", 451)]);
        ask(&t, "Weg", "gone@mail.example.com", "Een?").await;
        ask(&t, "Later", "later@mail.example.com", "Twee?").await;
        assert_eq!(server.received().len(), 0);
        assert_eq!(
            t.count(sql!("select count(*) from messages where state = 'refused' and reason = 'smtp-550'"))
                .await,
            1
        );
        assert_eq!(
            t.count(sql!("select count(*) from messages where state = 'planned' and reason = 'smtp-451'"))
                .await,
            1
        );
        server.script(|s| {
            s.refuse.clear();
            s.after_dot = AfterDot::Close;
        });
        t.pass(2).await;
        assert_eq!(t.count(sql!("select count(*) from messages where state = 'doubtful'")).await, 1);
        server.script(|s| s.after_dot = AfterDot::Accept);
        t.pass(24 * 60).await;
        assert_eq!(server.received().len(), 1, "what is in doubt is never sent again by itself");
        // A person settles it from the server's log.
        let mut admin = t.signed_in("hanneke@meerland.example").await;
        let page = admin.get("/operations/mail").await;
        assert!(page.has("Is aangekomen"));
        let id = page
            .text()
            .split("/operations/mail/")
            .find_map(|s| s.split('/').next()?.parse::<i64>().ok())
            .unwrap();
        assert_eq!(
            admin.post(&format!("/operations/mail/{id}/settle"), &[("arrived", "yes")]).await.status,
            303
        );
        assert_eq!(t.count(sql!("select count(*) from messages where state = 'doubtful'")).await, 0);
    }
}

/// A survey is bulk: it carries both headers of one-click, and Postfix' reader sees one recipient.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_can_be_stopped_with_one_click() {
    let server = kring_relay::Relay::start(Script::default()).await.unwrap();
    let t = with_relay(Engine::Sqlite, server.port(), Security::None, &Trust::Public).await;
    ask(&t, "Kim", "kim@mail.example.com", "Wanneer?").await;
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    let open = fleur.get("/desk/1").await;
    let fields =
        [("text", "Maandag."), ("version", &*open.field("version")), ("last", ""), ("then", "close")];
    assert_eq!(fleur.post("/desk/1/answer", &fields).await.status, 303);
    t.settle().await;
    t.pass(2).await;
    let mails: Vec<String> =
        server.received().iter().map(|m| String::from_utf8_lossy(&m.bytes).into_owned()).collect();
    assert_eq!(mails.len(), 3);
    let invitation = &mails[2];
    assert!(invitation.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
    let link = invitation.split("List-Unsubscribe: <").nth(1).unwrap().split('>').next().unwrap();
    let path = link.trim_start_matches(kring_testing::SITE);
    let done = t
        .browser()
        .send(
            http::Method::POST,
            path,
            Some("application/x-www-form-urlencoded"),
            "List-Unsubscribe=One-Click".into(),
            &[("sec-fetch-site", "none")],
        )
        .await;
    assert_eq!(done.status, 200);
    assert_eq!(t.count(sql!("select count(*) from consent_ledger where act = 'withdrawal'")).await, 1);
}

/// On the first day of a new sender two mails may go: the answers to a person went, and are counted; the survey that we begin ourselves
/// waits for the next day, and says why.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_sender_warms_up_and_lets_answers_through() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let server = kring_relay::Relay::start(Script::default()).await.unwrap();
        let relay =
            Relay::new("127.0.0.1", server.port(), Security::None, &Trust::Public, "kring.test").unwrap();
        let out = Out::Smtp { relay: Box::new(relay), connections: 2 };
        let from = Address::parse("serviceplein@meerland.example").unwrap();
        let plan = WarmUp { from: "2026-11-23".parse().unwrap(), days: vec![1] };
        let sender = Sender::new(out, from, None).with_pace(Pace::default(), Some(plan));
        let t = TestHouse::with_sender(engine, sender).await;
        ask(&t, "Kim", "kim@mail.example.com", "Wanneer?").await;
        let mut fleur = t.signed_in("fleur@meerland.example").await;
        let open = fleur.get("/desk/1").await;
        let fields =
            [("text", "Maandag."), ("version", &*open.field("version")), ("last", ""), ("then", "close")];
        assert_eq!(fleur.post("/desk/1/answer", &fields).await.status, 303);
        t.settle().await;
        t.pass(2).await;
        assert_eq!(server.received().len(), 2, "receipt and answer go, though the day had room for one");
        let waits = sql!(
            "select count(*) from messages where state = 'planned' and reason = 'warm-up' and attempts = 0"
        );
        assert_eq!(t.count(waits).await, 1);
        t.pass(24 * 60).await;
        assert_eq!(server.received().len(), 3, "the plan is over on the second day");
    }
}

/// A receiver that takes one mail a second gets one a second, and nobody else waits for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_receiver_is_given_time_and_holds_up_nobody() {
    let server = kring_relay::Relay::start(Script::default()).await.unwrap();
    let relay = Relay::new("127.0.0.1", server.port(), Security::None, &Trust::Public, "kring.test").unwrap();
    let out = Out::Smtp { relay: Box::new(relay), connections: 2 };
    let from = Address::parse("serviceplein@meerland.example").unwrap();
    let rates = Rates { each: None, named: [("slow.example".to_owned(), 1)].into() };
    let sender = Sender::new(out, from, None).with_pace(Pace::new(rates), None);
    let t = TestHouse::with_sender(Engine::Sqlite, sender).await;
    let topic = t.topics[0].id.to_string();
    for n in 0..6 {
        let email = format!("n{n}@slow.example");
        let fields =
            [("name", "Kim"), ("email", &*email), ("topic", &*topic), ("text", "Wanneer?"), ("website", "")];
        assert_eq!(t.browser().post("/contact?lang=nl", &fields).await.status, 303);
    }
    ask(&t, "Sam", "sam@fast.example", "En wij?").await;
    let there = || server.received().into_iter().map(|m| m.to[0].clone()).collect::<Vec<_>>();
    let slow = there().iter().filter(|to| to.ends_with("slow.example")).count();
    assert!(there().contains(&"sam@fast.example".to_owned()) && (1..=4).contains(&slow), "{:?}", there());
    assert_eq!(
        t.count(sql!("select count(*) from messages where attempts > 0 and state = 'planned'")).await,
        0
    );
    t.pass(1).await;
    t.pass(1).await;
    assert_eq!(there().len(), 7, "{:?}", there());
}
