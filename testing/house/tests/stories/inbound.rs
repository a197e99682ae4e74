//! Mail comes in: each mail becomes one item in one thread, or waits for a person.

use std::time::Duration;

use kring_frame::sql;
use kring_post::{Address, lmtp::Listen};
use kring_talks::{Inbox, Out, Sender, open_doors};
use kring_testing::{TestHouse, both};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub async fn ask(t: &TestHouse, name: &str, email: &str, text: &str) {
    let topic = t.topics[0].id.to_string();
    let fields = [("name", name), ("email", email), ("topic", &*topic), ("text", text), ("website", "")];
    assert_eq!(t.browser().post("/contact?lang=nl", &fields).await.status, 303);
    t.settle().await;
}

/// The value of a header of the mail that lies last in the drawer.
pub async fn last_header(t: &TestHouse, name: &str) -> String {
    header(&t.drawer_raw().await.pop().unwrap(), name)
}

fn header(raw: &str, name: &str) -> String {
    let parsed = mail_parser::MessageParser::default().parse(raw.as_bytes()).unwrap();
    let value = parsed.header_raw(name).unwrap_or_default();
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub async fn reply_address(t: &TestHouse) -> String {
    address(last_header(t, "Reply-To").await)
}

/// Where somebody's answer goes: of letters that were written together, which lies last is chance.
pub async fn reply_address_of(t: &TestHouse, to: &str) -> String {
    let raw = t.drawer_raw().await.into_iter().rev().find(|raw| header(raw, "To").contains(to)).unwrap();
    address(header(&raw, "Reply-To"))
}

fn address(value: String) -> String {
    value.rsplit_once('<').map_or(value.clone(), |(_, a)| a.trim_end_matches('>').to_owned())
}

pub fn mail(from: &str, to: &str, subject: &str, more: &str, text: &str) -> String {
    let id = subject.len() * 1000 + text.len();
    format!(
        "From: {from}\nTo: {to}\nSubject: {subject}\nDate: Mon, 23 Nov 2026 10:00:00 +0100\nMessage-ID: <m{id}@far.example>\n{more}\n{text}\n"
    )
}

pub async fn heard(t: &TestHouse) -> i64 {
    t.count(sql!("select count(*) from turns where direction = 'in' and channel = 'mail'")).await
}

pub async fn waiting(t: &TestHouse) -> i64 {
    t.count(sql!("select count(*) from inbound_mails where state = 'quarantined'")).await
}

/// An answer finds its thread, whatever its subject says and from wherever it is sent; the desk sees it.
async fn an_answer_comes_into_its_thread(t: TestHouse) {
    ask(&t, "Kim", "kim@far.example", "Wanneer begint de les?").await;
    let to = reply_address(&t).await;
    assert!(to.starts_with("reply+d1-") && to.ends_with("@meerland.example"), "{to}");
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    let open = fleur.get("/desk/1").await;
    let fields =
        [("text", "Om negen."), ("version", &*open.field("version")), ("last", ""), ("then", "close")];
    assert_eq!(fleur.post("/desk/1/answer", &fields).await.status, 303);
    t.pass(1).await;
    assert_eq!(t.count(sql!("select count(*) from requests where state = 'closed'")).await, 1);
    let quoted = "Dank! En op dinsdag?\n\nOp ma 23 nov. 2026 om 09:12 schreef Meerland <a@meerland.example>:\n> Om negen.";
    let raw = mail("Kim <kim@elders.example>", &to.to_uppercase(), "heel iets anders", "", quoted);
    t.mail_in(&[&to], &raw).await;
    // Delivered twice, and once more with what another server wrote at its head.
    t.mail_in(&[&to], &raw).await;
    t.mail_in(&[&to], &format!("Received: by mx2\n{raw}")).await;
    assert_eq!(heard(&t).await, 1, "one item");
    assert_eq!(t.count(sql!("select count(*) from inbound_mails where outcome = 'duplicate'")).await, 1);
    let text = t
        .count(sql!("select count(*) from turns where text = 'Dank! En op dinsdag?' and dialogue_id = 1"))
        .await;
    assert_eq!(text, 1, "the new words only");
    assert_eq!(
        t.count(sql!("select count(*) from requests where state = 'assigned' and closed_at is null")).await,
        1
    );
    let page = fleur.get("/desk/1").await;
    assert!(page.has("En op dinsdag?"), "who answers sees it");
    let person = fleur.get("/people/1").await;
    assert!(person.has("Antwoordde per mail") && person.has("En op dinsdag?"), "{}", person.text());
    // The answer to it stands below it in Kim's mail program.
    let fields =
        [("text", "Dinsdag ook."), ("version", &*page.field("version")), ("last", ""), ("then", "wait")];
    assert_eq!(fleur.post("/desk/1/answer", &fields).await.status, 303);
    t.pass(1).await;
    assert!(last_header(&t, "In-Reply-To").await.ends_with("@far.example>"));
    // A second word while it waits makes it ours to answer.
    t.mail_in(&[&to], &mail("kim@far.example", &to, "Re", "", "Nog iets.")).await;
    assert_eq!(t.count(sql!("select count(*) from requests where state = 'assigned'")).await, 1);
    assert_eq!((heard(&t).await, waiting(&t).await), (2, 0));
}

/// Without a marked address: by the id of our mail, by the subject, by the only open thread. A mark that was tampered
/// with is none.
async fn other_ways_to_a_thread(t: TestHouse) {
    ask(&t, "Kim", "kim@far.example", "Wanneer begint de les?").await;
    let (id, marked) = (last_header(&t, "Message-ID").await, reply_address(&t).await);
    let subject = t.drawer().await.pop().unwrap().1;
    let desk = "serviceplein@meerland.example";
    let refer = format!("References: <other@x> {id}\nIn-Reply-To: {id}\n");
    t.mail_in(&[], &mail("Kim <k@privé.example>", desk, "x", &refer, "Een.")).await;
    t.mail_in(&[], &mail("KIM@far.example", desk, &format!("Antw: {subject}"), "", "Twee.")).await;
    t.mail_in(&[], &mail("kim@far.example", desk, "Zomaar", "", "Drie.")).await;
    assert_eq!((heard(&t).await, waiting(&t).await), (3, 0));
    let forged = marked.replacen("+d1-", "+d2-", 1);
    t.mail_in(&[&forged], &mail("evil@evil.example", &forged, "Re: x", "", "Vier.")).await;
    let last = marked.replacen('@', "0@", 1);
    t.mail_in(&[&last], &mail("evil@evil.example", &last, "Re: x", "", "Vijf!")).await;
    assert_eq!((heard(&t).await, waiting(&t).await), (3, 2), "a seal that is not ours opens nothing");
    // Our own server says that it is not Kim; with the mark nobody else has, it is Kim's thread all the same.
    let fail = "Authentication-Results: mx.meerland.example; dmarc=fail header.from=far.example\n";
    t.mail_in(&[], &mail("kim@far.example", desk, "Re: x", fail, "Zes zes.")).await;
    assert_eq!(t.count(sql!("select count(*) from inbound_mails where reason = 'forged'")).await, 1);
    t.mail_in(&[&marked], &mail("kim@far.example", &marked, "Re: x", fail, "Zeven zeven.")).await;
    assert_eq!((heard(&t).await, waiting(&t).await), (4, 3));
    // A second open thread, and it is not clear any more what a mail without any sign answers.
    ask(&t, "Kim", "kim@far.example", "En waar?").await;
    t.mail_in(&[], &mail("kim@far.example", desk, "Hallo", "", "Acht acht acht.")).await;
    assert_eq!(
        t.count(sql!("select count(*) from inbound_mails where reason = 'no-thread' and person_id = 1"))
            .await,
        1
    );
}

/// Mail to the address of a topic is a question, also from a stranger; a machine that answers receipts gets one a day.
async fn a_question_by_mail(t: TestHouse) {
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let topic = t.topics[1].id.to_string();
    let fields = [("address", "Stage@Meerland.example"), ("topic", &*topic)];
    assert_eq!(admin.post("/operations/mail/quarantine/mailboxes", &fields).await.status, 303);
    let stage = "stage@meerland.example";
    let pdf = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nMag ik bij jullie stage lopen?\n\n--b\n\
        Content-Type: application/pdf\nContent-Disposition: attachment; filename=cv.pdf\n\nJVBERi0=\n--b--";
    t.mail_in(
        &[stage],
        &mail("Noor van Dam <noor@far.example>", stage, "Stage", "", "x")
            .replace("\n\nx\n", &format!("\n{pdf}\n")),
    )
    .await;
    assert_eq!(
        t.count(sql!("select count(*) from requests where topic_id = 2 and channel = 'mail'")).await,
        1
    );
    assert_eq!(
        t.count(sql!("select count(*) from people where surname = 'Dam' and source = 'mail'")).await,
        1
    );
    assert_eq!(
        t.count(sql!("select count(*) from turns where text like '%stage lopen?%📎 cv.pdf (1 kB)'")).await,
        1
    );
    assert_eq!(t.drawer().await.len(), 1, "a receipt");
    for n in 0..3 {
        t.mail_in(
            &[stage],
            &mail("noor@far.example", stage, "Wij zijn dicht", "", &"Dank voor uw bericht. ".repeat(n + 1)),
        )
        .await;
    }
    assert_eq!(t.drawer().await.len(), 1, "a loop stops");
    t.pass(25 * 60).await;
    t.mail_in(&[stage], &mail("noor@far.example", stage, "Nieuw", "", "Een dag later nog een vraag.")).await;
    assert_eq!(t.drawer().await.len(), 2, "and the next day she hears from us again");
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let page = admin.get("/operations/mail/quarantine").await;
    assert!(page.has("stage@meerland.example") && page.has("Er wacht geen mail"), "{}", page.text());
    let id = page.text().split("mailboxes/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let path = format!("/operations/mail/quarantine/mailboxes/{id}/remove");
    assert_eq!(admin.post(&path, &[]).await.status, 303);
    t.mail_in(&[stage], &mail("zoe@far.example", stage, "Vraag", "", "Hallo?")).await;
    assert_eq!(waiting(&t).await, 1, "the address is no topic's any more");
}

/// What waits is read as text, and decided about; a decision is made once.
async fn a_person_decides(t: TestHouse) {
    ask(&t, "Kim", "kim@far.example", "Wanneer begint de les?").await;
    let html = "Content-Type: text/html\n\n<p>Hoi <b>jullie</b></p><script>alert(1)</script><img src='https://evil.example/p.gif'>";
    let raw = mail("Onbekend <who@evil.example>", "x@meerland.example", "<script>x", "", "x")
        .replace("\n\nx\n", &format!("\n{html}\n"));
    t.mail_in(&[], &raw).await;
    t.mail_in(&[], &mail("Sam <sam@far.example>", "x@meerland.example", "Vraag", "", "Waar is het?")).await;
    t.mail_in(&[], &mail("Reclame <r@spam.example>", "x@meerland.example", "Koop", "", "Koop nu!")).await;
    assert_eq!(waiting(&t).await, 3);
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    assert!(admin.get("/operations/mail").await.has("3 inkomende mails wachten op een besluit"));
    let list = admin.get("/operations/mail/quarantine").await;
    assert!(
        list.has("&#60;script&#62;x") && list.has("who@evil.example") && !list.has("<script>x"),
        "{}",
        list.text()
    );
    let mut english = t.signed_in("hanneke@meerland.example").await.in_english();
    assert!(english.get("/operations/mail/quarantine").await.has("Nobody with this address is known."));
    let one = admin.get("/operations/mail/quarantine/1").await;
    assert!(
        one.has("Hoi jullie") && !one.has("alert(1)") && !one.has("evil.example/p.gif"),
        "{}",
        one.text()
    );
    // Nobody whom it does not concern.
    let mut agent = t.signed_in("fleur@meerland.example").await;
    assert_eq!(agent.get("/operations/mail/quarantine").await.status, 403);
    assert_eq!(agent.get("/operations/mail/quarantine/1").await.status, 403);
    let trail =
        t.count(sql!("select count(*) from trail where kind = 'inbound_mail' and deed = 'read'")).await;
    assert_eq!(trail, 1, "who looked is known");
    // It belongs to Kim.
    let at = |id: i64, what: &str| format!("/operations/mail/quarantine/{id}/{what}");
    let wrong = admin.post(&at(1, "belongs"), &[("person", "999"), ("topic", "")]).await;
    assert!(
        wrong.status == 422 && wrong.has("niemand met dit relatienummer") && wrong.has("value=\"999\""),
        "{}",
        wrong.status
    );
    assert_eq!(admin.post(&at(1, "belongs"), &[("person", "1"), ("topic", "")]).await.status, 303);
    assert_eq!(admin.post(&at(1, "belongs"), &[("person", "1"), ("topic", "")]).await.status, 404);
    t.settle().await;
    assert_eq!(
        t.count(sql!("select count(*) from turns where dialogue_id = 1 and text = 'Hoi jullie'")).await,
        1
    );
    // A question of somebody new.
    let topic = t.topics[0].id.to_string();
    assert_eq!(admin.post(&at(2, "question"), &[("topic", "")]).await.status, 422);
    assert_eq!(admin.post(&at(2, "question"), &[("topic", &topic)]).await.status, 303);
    t.settle().await;
    assert_eq!(
        t.count(sql!("select count(*) from requests where channel = 'mail' and person_id <> 1")).await,
        1
    );
    assert!(t.drawer().await.iter().any(|(to, ..)| to == "sam@far.example"), "a receipt");
    // Thrown away, brought back, thrown away.
    let done = admin.post(&at(3, "discard"), &[]).await;
    assert!(done.location().contains("undo="));
    assert_eq!(waiting(&t).await, 0);
    assert!(admin.get(&at(3, "")[..at(3, "").len() - 1]).await.has("Haal terug"));
    assert_eq!(admin.post(&at(3, "restore"), &[]).await.status, 303);
    assert_eq!(waiting(&t).await, 1);
    // Read again, now that the sender is known.
    ask(&t, "Reclame", "r@spam.example", "Hallo?").await;
    assert_eq!(admin.post(&at(3, "again"), &[]).await.status, 303);
    t.settle().await;
    assert_eq!(waiting(&t).await, 0);
    assert_eq!(t.count(sql!("select count(*) from turns where text = 'Koop nu!'")).await, 1);
    assert_eq!(t.count(sql!("select count(*) from inbound_mails where decided_by is not null")).await, 3);
}

/// The door: what was answered with 250 is kept, and what is read follows from it.
#[expect(clippy::disallowed_methods, reason = "the other side of our own door, on loopback")]
async fn lmtp_at_the_door(t: TestHouse) {
    ask(&t, "Kim", "kim@far.example", "Wanneer begint de les?").await;
    let to = reply_address(&t).await;
    let from = Address::parse("serviceplein@meerland.example").unwrap();
    let lmtp = Some(Listen::read("127.0.0.1:0").unwrap());
    let sender = Sender::new(Out::Nowhere, from, None).with_inbox(Inbox { lmtp, ..Inbox::default() });
    let port = open_doors(&t.house, &sender).await.unwrap().port.unwrap();
    let body = mail("kim@far.example", &to, "Re", "", "Over LMTP.").replace('\n', "\r\n");
    for _ in 0..2 {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let script = format!(
            "LHLO mx\r\nMAIL FROM:<kim@far.example>\r\nRCPT TO:<{to}>\r\nRCPT TO:<x@meerland.example>\r\nDATA\r\n{body}.\r\nQUIT\r\n"
        );
        stream.write_all(script.as_bytes()).await.unwrap();
        let mut said = String::new();
        tokio::time::timeout(Duration::from_secs(20), stream.read_to_string(&mut said))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(said.matches("250 2.0.0 kept").count(), 2, "{said}");
    }
    t.settle().await;
    assert_eq!(heard(&t).await, 1);
    let kept = t.count(sql!("select size from inbound_mails")).await;
    assert_eq!(kept, body.len() as i64, "byte by byte");
}

both!(
    an_answer_comes_into_its_thread,
    other_ways_to_a_thread,
    a_question_by_mail,
    a_person_decides,
    lmtp_at_the_door,
);
