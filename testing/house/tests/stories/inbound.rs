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
    let raw = t.drawer_raw().await.pop().unwrap();
    let parsed = mail_parser::MessageParser::default().parse(raw.as_bytes()).unwrap();
    let value = parsed.header_raw(name).unwrap_or_default();
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn reply_address(t: &TestHouse) -> String {
    let value = last_header(t, "Reply-To").await;
    value.rsplit_once('<').map_or(value.clone(), |(_, a)| a.trim_end_matches('>').to_owned())
}

fn mail(from: &str, to: &str, subject: &str, more: &str, text: &str) -> String {
    let id = subject.len() * 1000 + text.len();
    format!(
        "From: {from}\nTo: {to}\nSubject: {subject}\nDate: Mon, 23 Nov 2026 10:00:00 +0100\nMessage-ID: <m{id}@far.example>\n{more}\n{text}\n"
    )
}

async fn heard(t: &TestHouse) -> i64 {
    t.count(sql!("select count(*) from turns where direction = 'in' and channel = 'mail'")).await
}

async fn waiting(t: &TestHouse) -> i64 {
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

fn bounce(id: &str, recipient: &str, status: &str, said: &str) -> String {
    format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.far.example\nSubject: Undelivered Mail Returned to Sender\nDate: Mon, 23 Nov 2026 10:00:00 +0100\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.far.example\n\nFinal-Recipient: rfc822; {recipient}\nAction: failed\nStatus: {status}\nDiagnostic-Code: smtp; {said}\n\n\
         --b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {id}\n\n--b--\n"
    )
}

/// What came back for good makes the address dead and is told; what came back for now is counted; what is not about mail
/// of ours has no effect.
async fn mail_comes_back(t: TestHouse) {
    ask(&t, "Kim", "kim@far.example", "Wanneer begint de les?").await;
    let id = last_header(&t, "Message-ID").await;
    t.mail_in(&[], &bounce("<made@up.example>", "kim@far.example", "5.1.1", "550 5.1.1 User unknown")).await;
    t.mail_in(&[], &bounce(&id, "kim@far.example", "4.2.2", "452 4.2.2 Mailbox full")).await;
    assert_eq!(t.count(sql!("select count(*) from contact_points where state = 'dead'")).await, 0);
    assert_eq!(t.count(sql!("select count(*) from messages where bounces = 1 and state = 'sent'")).await, 1);
    t.mail_in(&[], &bounce(&id, "Kim@Far.example", "5.1.1", "550 5.1.1 User unknown")).await;
    assert_eq!(t.count(sql!("select count(*) from contact_points where state = 'dead'")).await, 1);
    assert_eq!(
        t.count(sql!("select count(*) from messages where state = 'refused' and reason = 'bounced'")).await,
        1
    );
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    assert!(
        fleur.get("/people/1").await.has("Op dit adres ontvangt niemand meer mail."),
        "it stands on the timeline"
    );
    // Nothing more is sent there, and it says why.
    let open = fleur.get("/desk/1").await;
    let fields =
        [("text", "Om negen."), ("version", &*open.field("version")), ("last", ""), ("then", "wait")];
    assert_eq!(fleur.post("/desk/1/answer", &fields).await.status, 303);
    t.pass(1).await;
    assert_eq!(
        t.count(sql!("select count(*) from messages where state = 'refused' and reason = 'bad-address'"))
            .await,
        1
    );
    assert_eq!(t.drawer().await.len(), 1);
    assert_eq!(t.count(sql!("select count(*) from inbound_mails where reason = 'bounce-unknown'")).await, 1);
    assert_eq!(waiting(&t).await, 1, "what is about no mail of ours is shown, and nothing follows from it");
}

/// "Stop", the address behind the button, and a complaint: each is in the ledger at once, with what shows it.
async fn people_want_no_more(t: TestHouse) {
    for (name, email) in
        [("Kim", "kim@far.example"), ("Noor", "noor@far.example"), ("Sam", "sam@far.example")]
    {
        ask(&t, name, email, "Wanneer begint de les?").await;
    }
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    for id in 1..=3 {
        let open = fleur.get(&format!("/desk/{id}")).await;
        let fields =
            [("text", "Om negen."), ("version", &*open.field("version")), ("last", ""), ("then", "close")];
        assert_eq!(fleur.post(&format!("/desk/{id}/answer"), &fields).await.status, 303);
    }
    t.pass(2).await;
    let invitations: Vec<String> =
        t.drawer_raw().await.into_iter().filter(|raw| raw.contains("List-Unsubscribe-Post")).collect();
    assert_eq!(invitations.len(), 3);
    let of = |email: &str| invitations.iter().find(|raw| raw.contains(&format!("<{email}>"))).unwrap();
    let header = |raw: &str, name: &str| {
        let parsed = mail_parser::MessageParser::default().parse(raw.as_bytes()).unwrap();
        parsed.header_raw(name).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    // Kim answers "stop".
    let id = header(of("kim@far.example"), "Message-ID");
    t.mail_in(
        &[],
        &mail("kim@far.example", "x@meerland.example", "Re: x", &format!("In-Reply-To: {id}\n"), "STOP"),
    )
    .await;
    // Noor's mail program writes to the address behind its button.
    let ways = header(of("noor@far.example"), "List-Unsubscribe");
    let mailto = ways.split("<mailto:").nth(1).unwrap().trim_end_matches('>').replace("%2B", "+");
    t.mail_in(&[&mailto], &mail("noor@far.example", &mailto, "unsubscribe", "", "")).await;
    t.mail_in(&[&mailto], &mail("noor@far.example", &mailto, "", "", "Dit is een bericht van Mail.")).await;
    assert_eq!(t.count(sql!("select count(*) from consent_ledger where act = 'withdrawal' and how = 'mail:stop' and purpose = 'research'")).await, 2);
    // Sam calls it unwanted.
    let id = header(of("sam@far.example"), "Message-ID");
    let complaint = format!(
        "From: feedback@far.example\nSubject: complaint\nContent-Type: multipart/report; report-type=feedback-report; boundary=c\n\n--c\n\
         Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\n\n--c\nContent-Type: message/rfc822\n\nMessage-ID: {id}\n\nx\n--c--\n"
    );
    t.mail_in(&[], &complaint).await;
    assert_eq!(t.count(sql!("select count(*) from consent_ledger where act = 'objection' and how = 'complaint' and proof like 'mail/%'")).await, 1);
    // "Stop" in answer to an answer is a letter: somebody wants something else stopped.
    let answer = t
        .drawer_raw()
        .await
        .into_iter()
        .find(|raw| raw.contains("negen") && raw.contains("<kim@far.example>"))
        .unwrap();
    let id = header(&answer, "Message-ID");
    t.mail_in(
        &[],
        &mail("kim@far.example", "x@meerland.example", "Re: y", &format!("In-Reply-To: {id}\n"), "Stop"),
    )
    .await;
    assert_eq!((heard(&t).await, waiting(&t).await), (1, 0));
}

/// A machine's answer stands in the thread, and nothing follows from it.
async fn machines_answer(t: TestHouse) {
    ask(&t, "Kim", "kim@far.example", "Wanneer begint de les?").await;
    let to = reply_address(&t).await;
    let before = t.count(sql!("select count(*) from messages")).await;
    let auto = "Auto-Submitted: auto-replied\n";
    t.mail_in(&[&to], &mail("kim@far.example", &to, "Afwezig", auto, "Ik ben er maandag weer.")).await;
    t.mail_in(
        &[&to],
        &mail("kim@far.example", &to, "Re: Je vraag", "", "Ik ben met vakantie tot en met vrijdag."),
    )
    .await;
    t.mail_in(&[], &mail("noreply@shop.example", "x@meerland.example", "Uw bestelling", "", "Onderweg."))
        .await;
    t.mail_in(&[&to], &mail("reply@meerland.example", &to, "Re: Re:", "", "Onszelf.")).await;
    assert_eq!((heard(&t).await, waiting(&t).await), (0, 0));
    assert_eq!(
        t.count(sql!("select count(*) from turns where channel = 'automatic' and dialogue_id = 1")).await,
        2
    );
    assert_eq!(t.count(sql!("select count(*) from inbound_mails where outcome = 'automatic'")).await, 3);
    assert_eq!(t.count(sql!("select count(*) from inbound_mails where outcome = 'own'")).await, 1);
    assert_eq!(t.count(sql!("select count(*) from messages")).await, before, "nobody answers a machine");
    assert_eq!(t.count(sql!("select count(*) from requests where state = 'new'")).await, 1);
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    assert!(fleur.get("/desk/1").await.has("automatisch antwoord"));
}

/// What cannot be read is shown; the rest goes on.
async fn poison_waits_and_the_rest_goes_on(t: TestHouse) {
    ask(&t, "Kim", "kim@far.example", "Wanneer begint de les?").await;
    let to = reply_address(&t).await;
    let deep: String =
        (0..3_000).map(|i| format!("Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n")).collect();
    let parts = format!(
        "From: a@far.example\nSubject: veel\nContent-Type: multipart/mixed; boundary=b\n\n{}--b--",
        "--b\nContent-Type: text/plain\n\nx\n".repeat(5_000)
    );
    for raw in ["", "\0\0\0", "geen mail", &deep, &parts, &"X: y\n".repeat(2_000)] {
        t.mail_in(&[&to], raw).await;
    }
    let large = mail(
        "kim@far.example",
        &to,
        "Groot",
        "",
        &"regel van zestig tekens, een hele grote mail die toch past ...\n".repeat(200_000),
    );
    t.mail_in(&[&to], &large).await;
    assert_eq!((heard(&t).await, waiting(&t).await), (1, 6));
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let list = admin.get("/operations/mail/quarantine").await;
    assert!(
        list.has("Te veel onderdelen")
            && list.has("geen afzender, geen datum")
            && list.has("Te veel kopregels")
    );
    for id in 1..=6 {
        assert_eq!(admin.get(&format!("/operations/mail/quarantine/{id}")).await.status, 200);
        assert_eq!(admin.post(&format!("/operations/mail/quarantine/{id}/again"), &[]).await.status, 303);
    }
    t.settle().await;
    assert_eq!(waiting(&t).await, 6, "read again, it is no better");
    assert_eq!(
        admin.post("/operations/mail/quarantine/1/belongs", &[("person", "1"), ("topic", "")]).await.status,
        409
    );
}

/// Forgetting somebody erases the bytes of what they sent, also of what nobody has decided about.
async fn forgetting_reaches_the_bytes(t: TestHouse) {
    ask(&t, "Kim", "kim@far.example", "Wanneer begint de les?").await;
    let to = reply_address(&t).await;
    t.mail_in(&[&to], &mail("kim@far.example", &to, "kanarie-een", "", "kanarie-twee")).await;
    let fail = "Authentication-Results: mx.meerland.example; dmarc=fail\n";
    t.mail_in(&[], &mail("kim@far.example", "x@meerland.example", "kanarie-drie", fail, "kanarie-vier"))
        .await;
    assert_eq!((heard(&t).await, waiting(&t).await), (1, 1));
    let mut piet = t.signed_in("piet@meerland.example").await;
    let dossier = piet.post("/people/1/privacy/dossier", &[]).await;
    if dossier.status == 200 {
        assert!(dossier.has("kanarie-twee") && dossier.has("kanarie-een"), "{}", dossier.text());
    }
    let actor = t.actor("piet@meerland.example").await;
    let permit = actor.permit(&kring_privacy::HANDLE_PRIVACY).unwrap();
    let mut tx = t.house.write(&actor).await.unwrap();
    let sections = kring_privacy::dossier(&mut tx, &permit, kring_frame::PersonId::new(1)).await.unwrap();
    let whole = format!("{sections:?}");
    assert!(whole.contains("kanarie-een") && whole.contains("kanarie-twee"), "{whole}");
    kring_privacy::erase(&mut tx, &permit, kring_frame::PersonId::new(1)).await.unwrap();
    tx.commit().await.unwrap();
    let left = t
        .count(sql!(
            "select count(*) from inbound_mails where raw is not null or subject is not null or from_address is not null
                or mail_id is not null or content is not null or recipients <> ''"
        ))
        .await;
    assert_eq!(left, 0);
    assert_eq!(t.count(sql!("select count(*) from turns where text like '%kanarie%'")).await, 0);
    // Their marked address leads nowhere any more, and the mailbox that still holds the mail does not bring it back.
    t.mail_in(&[&to], &mail("kim@far.example", &to, "kanarie-een", "", "kanarie-twee")).await;
    t.mail_in(&[&to], &mail("kim@far.example", &to, "nog een keer", "", "Bent u daar?")).await;
    assert_eq!(waiting(&t).await, 1);
    assert_eq!(t.count(sql!("select count(*) from turns where text <> ''")).await, 0);
}

/// The door: what was answered with 250 is kept, and what is read follows from it.
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
    mail_comes_back,
    people_want_no_more,
    machines_answer,
    poison_waits_and_the_rest_goes_on,
    forgetting_reaches_the_bytes,
    lmtp_at_the_door,
);
