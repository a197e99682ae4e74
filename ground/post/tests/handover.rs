//! The client against a server that keeps to its script, also where the script is bad manners.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::time::{Duration, Instant};

use common::{address, mail};
use kring_core::Secret;
use kring_post::{Connection, Outcome, Refusal, Relay, Security, Stage, Timeouts, Trust};
use kring_relay::{AfterDot, Mechanism, Refuse, Relay as Server, Script, Tls};

fn relay(server: &Server, security: Security) -> Relay {
    let trust = Trust::Also(server.certificate().to_owned());
    let short = Duration::from_millis(500);
    let timeouts =
        Timeouts { connect: short, greeting: short, command: short, data: short, block: short, dot: short };
    Relay::new("localhost", server.port(), security, &trust, "kring.test").unwrap().timeouts(timeouts)
}

async fn open(server: &Server) -> Connection {
    Connection::open(&relay(server, Security::None)).await.unwrap()
}

async fn envelope(connection: &mut Connection, to: &str) -> Result<(), Refusal> {
    connection.envelope(&address("plein@school.nl"), &address(to)).await
}

async fn send(connection: &mut Connection) -> Outcome {
    envelope(connection, "an@example.nl").await.unwrap();
    connection.data(&mail().bytes(None).unwrap()).await
}

/// What the refusal was about: code, stage, permanent.
fn gist(refusal: &Refusal) -> (Option<u16>, Stage, bool) {
    assert!(!refusal.text.is_empty());
    (refusal.code, refusal.stage, refusal.permanent)
}

fn refused(outcome: Outcome) -> (Option<u16>, Stage, bool) {
    match outcome {
        Outcome::Refused(refusal) => gist(&refusal),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn many_mails_go_over_one_connection_exactly_as_they_are() {
    for (pipelining, in_pieces) in [(true, false), (false, false), (true, true)] {
        let server = Server::start(Script { pipelining, in_pieces, ..Script::default() }).await.unwrap();
        let mut connection = open(&server).await;
        let bodies = [
            &b".\r\n..\r\n.x\r\n\r\n.\r\n"[..],
            b"",
            b"a\r\n.\r\nMAIL FROM:<e@evil.nl>\r\n",
            &vec![b'x'; 300_000],
        ];
        for body in bodies {
            envelope(&mut connection, "an@example.nl").await.unwrap();
            let outcome = connection.data(body).await;
            assert!(
                matches!(&outcome, Outcome::Sent { reply } if reply.starts_with("250 2.0.0 kept")),
                "{outcome:?}"
            );
            assert!(connection.is_alive());
        }
        connection.quit().await;
        let all = server.received();
        for (received, body) in all.iter().zip(bodies) {
            let ended = if body.is_empty() || body.ends_with(b"\r\n") {
                body.to_vec()
            } else {
                [body, b"\r\n"].concat()
            };
            assert_eq!(received.bytes, ended);
            assert!(!received.bare_line_end);
            assert_eq!(
                (received.from.as_str(), &received.to),
                ("plein@school.nl", &vec!["an@example.nl".to_owned()])
            );
        }
        assert_eq!((all.len(), server.visits().len()), (4, 1));
        assert_eq!(server.visits()[0].commands.last().unwrap(), "QUIT");
    }
}

#[tokio::test]
async fn poison_in_a_body_makes_no_second_message() {
    let server = Server::start(Script::default()).await.unwrap();
    let mut connection = open(&server).await;
    for end in ["\n.\n", "\r.\r", "\n.\r\n", "\r\n.\n", "\r\n.\r", "\r.\r\n", "\0\r\n.\r\n"] {
        let body = format!(
            "Subject: x\r\n\r\nx{end}MAIL FROM:<e@evil.nl>\r\nRCPT TO:<bob@evil.nl>\r\nDATA\r\ny{end}"
        );
        envelope(&mut connection, "an@example.nl").await.unwrap();
        assert!(matches!(connection.data(body.as_bytes()).await, Outcome::Sent { .. }));
    }
    let all = server.received();
    assert_eq!(all.len(), 7);
    assert!(all.iter().all(|m| m.to == ["an@example.nl"] && !m.bare_line_end));
}

#[tokio::test]
async fn refusals_tell_when_and_for_how_long_and_the_connection_goes_on() {
    for pipelining in [true, false] {
        let refuse = vec![Refuse::new("gone@*", 550), Refuse::new("full@*", 452)];
        let server = Server::start(Script { refuse, pipelining, ..Script::default() }).await.unwrap();
        let mut connection = open(&server).await;
        let gone = envelope(&mut connection, "gone@example.nl").await.unwrap_err();
        assert_eq!(gist(&gone), (Some(550), Stage::To, true));
        assert_eq!(refused(connection.data(b"x").await), (None, Stage::Data, false));
        let full = envelope(&mut connection, "full@example.nl").await.unwrap_err();
        assert_eq!(gist(&full), (Some(452), Stage::To, false));

        for (code, permanent) in [(451, false), (554, true)] {
            server.script(|s| s.refuse_data = Some(code));
            assert_eq!(refused(send(&mut connection).await), (Some(code), Stage::Data, permanent));
            server.script(|s| (s.refuse_data, s.after_dot) = (None, AfterDot::Refuse(code)));
            assert_eq!(refused(send(&mut connection).await), (Some(code), Stage::Dot, permanent));
        }
        server.script(|s| s.after_dot = AfterDot::Accept);
        envelope(&mut connection, "an@example.nl").await.unwrap();
        connection.reset().await.unwrap();
        assert!(matches!(send(&mut connection).await, Outcome::Sent { .. }));
        assert_eq!(server.received().iter().filter(|m| m.taken()).count(), 1);
        assert_eq!(server.visits().len(), 1);
    }
}

#[tokio::test]
async fn doubt_begins_with_the_final_dot_and_not_before() {
    let server = Server::start(Script::default()).await.unwrap();
    let scripts: [(AfterDot, Duration); 4] = [
        (AfterDot::Close, Duration::ZERO),
        (AfterDot::Accept, Duration::from_secs(5)),
        (AfterDot::Say("what?\r\n".to_owned()), Duration::ZERO),
        (AfterDot::Say("354 go on\r\n".to_owned()), Duration::ZERO),
    ];
    for (after_dot, delay) in scripts {
        server.script(|s| (s.after_dot, s.delay) = (after_dot, delay));
        let mut connection = open(&server).await;
        let outcome = send(&mut connection).await;
        assert!(matches!(&outcome, Outcome::Doubtful { why } if !why.is_empty()), "{outcome:?}");
        assert!(!connection.is_alive());
        assert_eq!(
            gist(&envelope(&mut connection, "an@example.nl").await.unwrap_err()),
            (None, Stage::From, false)
        );
    }

    // A reset may overtake the 250: sent or doubtful, never refused.
    server.script(|s| (s.after_dot, s.delay) = (AfterDot::AcceptThenReset, Duration::ZERO));
    for _ in 0..20 {
        let outcome = send(&mut open(&server).await).await;
        assert!(matches!(outcome, Outcome::Sent { .. } | Outcome::Doubtful { .. }), "{outcome:?}");
    }

    // Closed in the middle of a body too large for the buffers in between: the dot never left.
    let taken = server.received().len();
    server.script(|s| (s.after_dot, s.close_in_body) = (AfterDot::Accept, Some(10_000)));
    for security in [Security::None, Security::Implicit] {
        server.script(|s| s.tls = if security == Security::None { Tls::None } else { Tls::Implicit });
        let mut connection = Connection::open(&relay(&server, security)).await.unwrap();
        envelope(&mut connection, "an@example.nl").await.unwrap();
        assert_eq!(refused(connection.data(&vec![b'x'; 64_000_000]).await), (None, Stage::Body, false));
        assert!(!connection.is_alive());
    }
    assert_eq!(server.received().len(), taken);
}

#[tokio::test]
async fn a_dropped_step_leaves_a_connection_that_nobody_uses() {
    let server = Server::start(Script { delay: Duration::from_secs(5), ..Script::default() }).await.unwrap();
    let mut connection = open(&server).await;
    let cut = tokio::time::timeout(Duration::from_millis(50), send(&mut connection)).await;
    assert!(cut.is_err() && !connection.is_alive());
    assert_eq!(refused(connection.data(b"x").await), (None, Stage::Data, false));
}

#[tokio::test]
async fn a_busy_or_silent_or_absent_relay_is_a_passing_refusal() {
    let server = Server::start(Script { busy: true, ..Script::default() }).await.unwrap();
    let plain = relay(&server, Security::None);
    assert_eq!(gist(&Connection::open(&plain).await.err().unwrap()), (Some(421), Stage::Greeting, false));

    // It speaks TLS and waits for the client to begin: no greeting ever comes.
    server.script(|s| (s.busy, s.tls) = (false, Tls::Implicit));
    let start = Instant::now();
    assert_eq!(gist(&Connection::open(&plain).await.err().unwrap()), (None, Stage::Greeting, false));
    assert!(start.elapsed() < Duration::from_secs(3));

    server.stop().await;
    assert_eq!(gist(&Connection::open(&plain).await.err().unwrap()), (None, Stage::Connect, false));
}

#[tokio::test]
async fn an_idle_connection_knows_that_it_was_closed() {
    let server = Server::start(Script::default()).await.unwrap();
    let mut connection = open(&server).await;
    assert!(connection.is_alive() && connection.is_alive());
    server.stop().await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!connection.is_alive());
}

#[tokio::test]
async fn tls_is_used_checked_and_never_left_out() {
    for (tls, security) in [(Tls::StartTls, Security::StartTls), (Tls::Implicit, Security::Implicit)] {
        let server = Server::start(Script { tls, ..Script::default() }).await.unwrap();
        let mut connection = Connection::open(&relay(&server, security)).await.unwrap();
        for _ in 0..2 {
            assert!(matches!(send(&mut connection).await, Outcome::Sent { .. }));
            assert!(connection.is_alive());
        }
        assert!(server.visits()[0].tls);
        if security == Security::StartTls {
            let commands = &server.visits()[0].commands;
            assert_eq!(commands[..3], ["EHLO kring.test", "STARTTLS", "EHLO kring.test"]);
        }

        // Nobody we know signed the certificate; on loopback one may choose not to care.
        let stranger =
            Relay::new("localhost", server.port(), security, &Trust::Public, "kring.test").unwrap();
        assert_eq!(gist(&Connection::open(&stranger).await.err().unwrap()), (None, Stage::Tls, false));
        let trust = Trust::DangerAnyOnLoopback;
        let trying = Relay::new("127.0.0.1", server.port(), security, &trust, "kring.test").unwrap();
        assert!(matches!(send(&mut Connection::open(&trying).await.unwrap()).await, Outcome::Sent { .. }));
    }
    let server = Server::start(Script::default()).await.unwrap();
    let bare = Connection::open(&relay(&server, Security::StartTls)).await.err().unwrap();
    assert_eq!(gist(&bare), (None, Stage::Tls, true));
    assert_eq!(server.visits()[0].commands, ["EHLO kring.test"]);
}

#[tokio::test]
async fn signing_in_works_both_ways_and_says_when_it_does_not() {
    let account = Some(("kring".to_owned(), "geheim wachtwoord é".to_owned()));
    let server = Server::start(Script { account, tls: Tls::StartTls, ..Script::default() }).await.unwrap();
    let with = |password: &str| {
        relay(&server, Security::StartTls).account("kring", Secret::new(password.to_owned())).unwrap()
    };
    for mechanisms in [vec![Mechanism::Plain, Mechanism::Login], vec![Mechanism::Login]] {
        server.script(|s| s.mechanisms.clone_from(&mechanisms));
        let mut connection = Connection::open(&with("geheim wachtwoord é")).await.unwrap();
        assert!(matches!(send(&mut connection).await, Outcome::Sent { .. }));
        let wrong = Connection::open(&with("mis")).await.err().unwrap();
        assert_eq!(gist(&wrong), (Some(535), Stage::SignIn, true));
        assert!(!wrong.to_string().contains("mis"));
    }
    assert_eq!(server.visits()[0].user.as_deref(), Some("kring"));
    server.script(|s| s.mechanisms.clear());
    assert_eq!(gist(&Connection::open(&with("x")).await.err().unwrap()), (None, Stage::SignIn, true));
    let mut nobody = Connection::open(&relay(&server, Security::StartTls)).await.unwrap();
    assert_eq!(
        gist(&envelope(&mut nobody, "an@example.nl").await.unwrap_err()),
        (Some(530), Stage::From, true)
    );
}

#[tokio::test]
async fn what_the_relay_cannot_take_is_not_tried() {
    let server =
        Server::start(Script { smtputf8: false, size: Some(1000), ..Script::default() }).await.unwrap();
    let mut connection = open(&server).await;
    let utf8 = envelope(&mut connection, "josé@example.nl").await.unwrap_err();
    assert_eq!(gist(&utf8), (None, Stage::To, true));
    envelope(&mut connection, "an@münchen.de").await.unwrap();
    assert_eq!(refused(connection.data(&[b'x'; 2000]).await), (None, Stage::Data, true));
    envelope(&mut connection, "an@münchen.de").await.unwrap();
    assert!(matches!(connection.data(b"x").await, Outcome::Sent { .. }));
    assert_eq!(server.received()[0].to, ["an@xn--mnchen-3ya.de"]);

    server.script(|s| s.smtputf8 = true);
    let mut connection = open(&server).await;
    envelope(&mut connection, "josé@example.nl").await.unwrap();
    assert!(matches!(connection.data(b"x").await, Outcome::Sent { .. }));
    let commands = &server.visits()[1].commands;
    assert_eq!(commands[1..3], ["MAIL FROM:<plein@school.nl> SMTPUTF8", "RCPT TO:<josé@example.nl>"]);
}

/// What went ahead of its turn is read when its turn comes, and is nobody's when another is wanted.
#[tokio::test]
async fn the_next_envelope_travels_behind_the_mail_before_it() {
    let refuse = vec![Refuse::new("gone@*", 550)];
    for (pipelining, in_pieces) in [(true, false), (true, true), (false, false)] {
        let script = Script { refuse: refuse.clone(), pipelining, in_pieces, ..Script::default() };
        let server = Server::start(script).await.unwrap();
        let mut connection = open(&server).await;
        let plein = address("plein@school.nl");
        let to = |name: &str| address(&format!("{name}@example.nl"));
        let taken = |outcome: Outcome| assert!(matches!(outcome, Outcome::Sent { .. }), "{outcome:?}");
        connection.envelope(&plein, &to("a")).await.unwrap();
        taken(connection.data_before(b"one\r\n", Some((&plein, &to("b")))).await);
        connection.envelope(&plein, &to("b")).await.unwrap();
        taken(connection.data_before(b"two\r\n", Some((&plein, &to("gone")))).await);
        assert!(connection.is_alive());
        assert_eq!(gist(&envelope(&mut connection, "gone@example.nl").await.unwrap_err()).0, Some(550));
        // Another than was announced; and one that is given up altogether.
        connection.envelope(&plein, &to("c")).await.unwrap();
        taken(connection.data_before(b"three\r\n", Some((&plein, &to("d")))).await);
        connection.envelope(&plein, &to("e")).await.unwrap();
        taken(connection.data_before(b"four\r\n", Some((&plein, &to("f")))).await);
        connection.reset().await.unwrap();
        assert!(connection.is_alive());
        connection.envelope(&plein, &to("g")).await.unwrap();
        taken(connection.data(b"five\r\n").await);
        let all: Vec<_> = server.received().into_iter().map(|m| (m.to[0].clone(), m.bytes)).collect();
        let whom: Vec<_> = all.iter().map(|(to, _)| to.split('@').next().unwrap()).collect();
        assert_eq!(whom, ["a", "b", "c", "e", "g"]);
        assert_eq!(all[3].1, b"four\r\n");
        assert_eq!(server.visits().len(), 1);
        let commands = &server.visits()[0].commands;
        assert_eq!(commands.iter().any(|c| c.contains("<d@")), pipelining, "only where it is announced");
    }
}

/// A mail in doubt says nothing of the one whose envelope went behind it: that one was certainly not handed over.
#[tokio::test]
async fn an_envelope_that_went_ahead_of_a_mail_in_doubt_is_only_refused() {
    let server = Server::start(Script { after_dot: AfterDot::Close, ..Script::default() }).await.unwrap();
    let mut connection = open(&server).await;
    let (plein, next) = (address("plein@school.nl"), address("b@example.nl"));
    envelope(&mut connection, "a@example.nl").await.unwrap();
    let outcome = connection.data_before(b"one\r\n", Some((&plein, &next))).await;
    assert!(matches!(outcome, Outcome::Doubtful { .. }), "{outcome:?}");
    assert!(!connection.is_alive());
    assert!(connection.envelope(&plein, &next).await.is_err());
    assert_eq!(server.received().len(), 1);
}
