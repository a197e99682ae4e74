//! Mail comes in that nobody wrote to be answered: what comes back, what is wanted no more, what machines say, and what
//! cannot be read; and forgetting reaches all of it.

use kring_frame::sql;
use kring_testing::{TestHouse, both};

use crate::inbound::{ask, heard, last_header, mail, reply_address, waiting};

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
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let (topic, path) = (t.topics[0].id.to_string(), "/operations/mail/quarantine/1");
    assert!(!admin.get(path).await.has("Maak er een vraag van"));
    assert_eq!(
        admin.post(&format!("{path}/question"), &[("topic", &topic)]).await.status,
        422,
        "a machine asks nothing"
    );
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

both!(
    mail_comes_back,
    people_want_no_more,
    machines_answer,
    poison_waits_and_the_rest_goes_on,
    forgetting_reaches_the_bytes,
);
