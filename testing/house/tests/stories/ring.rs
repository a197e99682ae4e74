//! The ring turns once: from a contact to a measured service and a kept promise, through the front door.

use kring_frame::sql;
use kring_testing::{Page, TestHouse, both};

both!(
    the_ring_turns_once,
    two_forms_at_once_make_one_person,
    a_stale_answer_is_refused_with_what_changed,
    an_answer_can_be_taken_back_while_it_is_held,
    a_scanner_that_opens_every_link_leaves_no_vote,
    a_second_answer_takes_the_place_of_the_first,
    who_objects_is_not_asked_and_it_says_so,
    the_fifth_invitation_in_a_year_is_never_sent,
    one_click_stops_surveys_and_nothing_else,
    a_promise_that_is_not_kept_escalates,
    the_sixth_question_is_refused,
    names_of_all_kinds_survive,
    bad_input_keeps_what_was_typed,
);

pub const QUESTION: &str = "Wanneer komt het rooster voor blok 3 online? Ik moet mijn werk plannen.";

pub async fn ask(t: &TestHouse, name: &str, email: &str, text: &str) -> Page {
    let topic = t.topics[0].id.to_string();
    let page = t
        .browser()
        .post(
            "/contact?lang=nl",
            &[("name", name), ("email", email), ("topic", &topic), ("text", text), ("website", "")],
        )
        .await;
    t.settle().await;
    page
}

/// The newest letter to an address.
pub async fn letter(t: &TestHouse, to: &str) -> (String, String) {
    let (_, subject, html) = t
        .drawer()
        .await
        .into_iter()
        .rev()
        .find(|(address, _, _)| address == to)
        .expect("a letter in the drawer");
    (subject, html)
}

/// The first link in a letter that leads to such a path.
pub fn link(html: &str, path: &str) -> String {
    let start = html.find(&format!("{}{path}", kring_testing::SITE)).expect("a link in the letter");
    let url = html[start..].split('"').next().unwrap();
    url.trim_start_matches(kring_testing::SITE).replace("&amp;", "&").replace("&#38;", "&")
}

pub async fn answer_and_close(t: &TestHouse, by: &str) {
    let mut desk = t.signed_in(by).await;
    let inbox = desk.get("/desk").await;
    let id = first_request(&inbox);
    let open = desk.get(&format!("/desk/{id}")).await;
    let version = open.field("version");
    let last = open.field("last");
    let sent = desk
        .post(
            &format!("/desk/{id}/answer"),
            &[
                ("text", "Het rooster staat maandag online."),
                ("version", &version),
                ("last", &last),
                ("then", "close"),
            ],
        )
        .await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    t.pass(2).await;
}

fn first_request(inbox: &Page) -> String {
    number(inbox, "href=\"/desk/")
}

/// The first number that follows these letters on a page.
fn number(page: &Page, after: &str) -> String {
    let text = page.text();
    text.match_indices(after)
        .map(|(at, m)| text[at + m.len()..].split(['?', '"', '/']).next().unwrap().to_owned())
        .find(|id| id.parse::<i64>().is_ok())
        .unwrap_or_else(|| panic!("a number after {after}: {text}"))
}

async fn the_ring_turns_once(t: TestHouse) {
    // Contact: a visitor asks, without login or cookie.
    let form = t.browser().get("/contact?lang=nl").await;
    assert!(
        form.has("Stel je vraag") && !form.headers.contains_key("set-cookie"),
        "no cookie before a choice"
    );
    assert_eq!(ask(&t, "Noor de Vries", "noor@mail.example.com", QUESTION).await.status, 303);
    let (subject, receipt) = letter(&t, "noor@mail.example.com").await;
    assert!(subject.starts_with("We hebben je vraag") && receipt.contains("uiterlijk"), "{subject}");

    // Served: it is in the inbox, an agent answers, the letter goes after the hold.
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    assert!(fleur.get("/desk").await.has("Wanneer komt het rooster voor blok 3 online?"));
    answer_and_close(&t, "fleur@meerland.example").await;
    let (subject, _) = letter(&t, "noor@mail.example.com").await;
    assert_eq!(subject, "Hoe hielpen we je?", "the answer went, and then the invitation");
    assert_eq!(t.drawer().await.len(), 3, "a receipt, an answer, an invitation");

    // Measured: one click to the form with the first answer ready, and then the person's own act.
    let (_, invitation) = letter(&t, "noor@mail.example.com").await;
    let four = link(&invitation, "/s/").replace("a=1", "a=4");
    let survey = t.browser().get(&four).await;
    assert!(survey.has("value=\"4\" checked"), "the clicked face is ready");
    assert_eq!(t.count(sql!("select count(*) from responses")).await, 0, "a GET records nothing");
    let questions = ids(&survey);
    assert!(questions.len() <= 5 && questions.len() >= 2);
    let path = four.split('?').next().unwrap();
    let sent = t
        .browser()
        .post(
            path,
            &[
                (&questions[0], "4"),
                (&questions[1], "3"),
                (&questions[2], "8"),
                (&questions[3], "Fijn, maar te laat"),
                ("contact", "on"),
                ("channel", "phone"),
                ("phone", "06 12345678"),
                ("moment", "morning"),
            ],
        )
        .await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    t.settle().await;

    // Kept: a promise with an owner and a due time, and an outcome.
    let day = fleur.get("/feedback").await;
    for seen in [
        "Fijn, maar te laat",
        "06 12345678",
        "van Fleur de Tester",
        "ond het goed, verwachtte gewoon",
        "gaf een 8",
    ] {
        assert!(day.has(seen), "{seen} on the page of the day: {}", day.text());
    }
    let finish =
        day.text().split("action=\"/callbacks/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let kept = fleur.post(&format!("/callbacks/{finish}/finish"), &[("outcome", "reached")]).await;
    assert_eq!(kept.status, 303);
    t.settle().await;

    // Seen: the person's page tells all of it once, newest first.
    let found = fleur.get("/search?q=noor+vries").await;
    assert!(found.has("Noor de Vries"));
    let id = number(&found, "href=\"/people/");
    let page = fleur.get(&format!("/people/{id}")).await.text();
    let story = [
        "Beloofd contact: gesproken",
        "Wil dat we contact opnemen",
        "Zei hoe het ging",
        "Gevraagd hoe het ging",
        "Vraag afgerond",
        "Antwoord gestuurd",
        "Mail gestuurd: We hebben je vraag",
        "Vraag gesteld",
        "Bekend geworden",
    ];
    let places: Vec<usize> = story
        .iter()
        .map(|s| page.find(s).unwrap_or_else(|| panic!("“{s}” on the timeline: {page}")))
        .collect();
    for told in story {
        assert_eq!(page.matches(told).count(), 1, "“{told}” once");
    }
    assert!(places.is_sorted(), "newest first: {places:?}");
    assert!(page.contains("1 van 4 dit jaar"));
    let home = fleur.get("/").await;
    assert!(home.has("rapportcijfer: pas 1 antwoord in 4 weken"), "too few to say: {}", home.text());
    // In English too.
    let english = t.signed_in("omar@meerland.example").await.in_english().get(&format!("/people/{id}")).await;
    assert!(english.has("Said how it went") && english.has("Promise kept."));
}

/// The names of the questions on a survey page, in order.
pub fn ids(page: &Page) -> Vec<String> {
    let text = page.text();
    let mut found: Vec<String> = Vec::new();
    for (at, _) in text.match_indices("name=\"q") {
        let name = text[at + 6..].split('"').next().unwrap().to_owned();
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

async fn two_forms_at_once_make_one_person(t: TestHouse) {
    let topic = t.topics[0].id.to_string();
    let fields = [
        ("name", "Kim"),
        ("email", "kim@mail.example.com"),
        ("topic", topic.as_str()),
        ("text", "Twee keer?"),
        ("website", ""),
    ];
    let (mut one, mut two, mut three) = (t.browser(), t.browser(), t.browser());
    let pages = tokio::join!(
        one.post("/contact", &fields),
        two.post("/contact", &fields),
        three.post("/contact", &fields)
    );
    for page in [pages.0, pages.1, pages.2] {
        assert_eq!(page.status, 303, "{}", page.text());
    }
    t.settle().await;
    assert_eq!(t.count(sql!("select count(*) from people where preferred_name = 'Kim'")).await, 1);
    assert_eq!(t.count(sql!("select count(*) from requests")).await, 3, "each question is kept");
}

async fn a_stale_answer_is_refused_with_what_changed(t: TestHouse) {
    ask(&t, "Daan", "daan@mail.example.com", QUESTION).await;
    let (mut fleur, mut omar) =
        (t.signed_in("fleur@meerland.example").await, t.signed_in("omar@meerland.example").await);
    let id = first_request(&fleur.get("/desk").await);
    let (a, b) = (fleur.get(&format!("/desk/{id}")).await, omar.get(&format!("/desk/{id}")).await);
    assert!(b.has("Fleur de Tester kijkt ook mee"), "one sees who else is looking");
    let path = format!("/desk/{id}/answer");
    let first = fleur
        .post(
            &path,
            &[
                ("text", "Maandag."),
                ("version", &a.field("version")),
                ("last", &a.field("last")),
                ("then", "wait"),
            ],
        )
        .await;
    assert_eq!(first.status, 303);
    let second = omar
        .post(
            &path,
            &[
                ("text", "Dinsdag, denk ik."),
                ("version", &b.field("version")),
                ("last", &b.field("last")),
                ("then", "wait"),
            ],
        )
        .await;
    assert_eq!(second.status, 422);
    assert!(
        second.has("Er is intussen iets veranderd")
            && second.has("Maandag.")
            && second.has("Dinsdag, denk ik.")
    );
    t.pass(1).await;
    assert_eq!(t.drawer().await.len(), 2, "the receipt and one answer");
}

async fn an_answer_can_be_taken_back_while_it_is_held(t: TestHouse) {
    ask(&t, "Lotte", "lotte@mail.example.com", QUESTION).await;
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    let id = first_request(&fleur.get("/desk").await);
    let open = fleur.get(&format!("/desk/{id}")).await;
    let fields =
        [("text", "Te vroeg"), ("version", &*open.field("version")), ("last", ""), ("then", "close")];
    let sent = fleur.post(&format!("/desk/{id}/answer"), &fields).await;
    let undo = sent.location().split("undo=").nth(1).unwrap().to_owned();
    t.settle().await;
    let back = fleur.post(&undo, &[]).await;
    assert!(back.status == 200 && back.has("Te vroeg"), "the text is back in the box: {}", back.text());
    t.pass(60).await;
    assert_eq!(t.drawer().await.len(), 1, "only the receipt went; nobody is asked about it either");
    // Once it has gone it cannot be taken back.
    let open = fleur.get(&format!("/desk/{id}")).await;
    let sent = fleur
        .post(
            &format!("/desk/{id}/answer"),
            &[("text", "Nu wel"), ("version", &open.field("version")), ("last", ""), ("then", "wait")],
        )
        .await;
    let undo = sent.location().split("undo=").nth(1).unwrap().to_owned();
    t.pass(1).await;
    assert_eq!(fleur.post(&undo, &[]).await.status, 409);
}

async fn a_scanner_that_opens_every_link_leaves_no_vote(t: TestHouse) {
    ask(&t, "Sem", "sem@mail.example.com", QUESTION).await;
    answer_and_close(&t, "fleur@meerland.example").await;
    let (_, html) = letter(&t, "sem@mail.example.com").await;
    let mut opened = 0;
    for part in html.split(&format!("href=\"{}", kring_testing::SITE)).skip(1) {
        let path = part.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
        for method in [http::Method::GET, http::Method::HEAD] {
            let page = t
                .browser()
                .send(method, &path, None, axum::body::Body::empty(), &[("sec-fetch-site", "none")])
                .await;
            assert_eq!(page.status, 200, "{path}");
        }
        opened += 1;
    }
    assert!(opened >= 6, "five faces and a way out");
    assert_eq!(t.count(sql!("select count(*) from responses")).await, 0);
    assert_eq!(t.count(sql!("select count(*) from consent_ledger")).await, 0);
}

async fn a_second_answer_takes_the_place_of_the_first(t: TestHouse) {
    ask(&t, "Mei", "mei@mail.example.com", QUESTION).await;
    answer_and_close(&t, "fleur@meerland.example").await;
    let (_, html) = letter(&t, "mei@mail.example.com").await;
    let path = link(&html, "/s/");
    let q = ids(&t.browser().get(&path).await);
    let path = path.split('?').next().unwrap();
    for face in ["1", "5"] {
        assert_eq!(t.browser().post(path, &[(&q[0], face)]).await.status, 303);
    }
    assert_eq!(t.count(sql!("select count(*) from responses")).await, 1);
    assert_eq!(t.count(sql!("select max(times) from responses")).await, 2);
    assert_eq!(t.count(sql!("select max(number) from answers")).await, 5);
    // What is not on the scale is no answer, and what was typed stays.
    let wrong = t.browser().post(path, &[(&q[0], "9"), (&q[3], "mijn tekst")]).await;
    assert!(wrong.status == 422 && wrong.has("mijn tekst"));
}

async fn who_objects_is_not_asked_and_it_says_so(t: TestHouse) {
    ask(&t, "Ilse", "ilse@mail.example.com", QUESTION).await;
    let mut tx = t.house.write(&kring_frame::Actor::robot()).await.unwrap();
    let (person, _) = kring_people::arrive::find_or_make(
        &mut tx,
        &kring_people::arrive::Arrival {
            name: "Ilse".into(),
            email: "ilse@mail.example.com".into(),
            lang: kring_core::Lang::Nl.into(),
            source: "test".into(),
        },
    )
    .await
    .unwrap();
    let objection = kring_consent::Entry::new(
        person,
        kring_frame::Purpose::Research,
        kring_consent::Channel::Mail,
        kring_consent::Act::Objection,
        "staff",
    );
    kring_consent::record(&mut tx, &objection).await.unwrap();
    tx.commit().await.unwrap();
    answer_and_close(&t, "fleur@meerland.example").await;
    assert_eq!(t.drawer().await.len(), 2, "receipt and answer, no survey");
    let page = t.signed_in("fleur@meerland.example").await.get(&format!("/people/{person}")).await;
    assert!(page.has("Niet gevraagd hoe het ging") && page.has("Deze persoon maakte bezwaar."));
}

async fn the_fifth_invitation_in_a_year_is_never_sent(t: TestHouse) {
    for month in 0..6 {
        ask(&t, "Ravi", "ravi@mail.example.com", &format!("Vraag nummer {month}: wanneer begint het?")).await;
        answer_and_close(&t, "fleur@meerland.example").await;
        // Past the thirty days between two, and to a Monday morning again.
        t.pass(5 * 7 * 24 * 60).await;
    }
    let asked = t.drawer().await.iter().filter(|(_, subject, _)| subject == "Hoe hielpen we je?").count();
    assert_eq!(asked, 4);
    assert_eq!(t.count(sql!("select count(*) from attention where kind = 'survey'")).await, 4);
    assert_eq!(t.count(sql!("select count(*) from events where kind = 'survey.not_invited'")).await, 2);
}

async fn one_click_stops_surveys_and_nothing_else(t: TestHouse) {
    ask(&t, "Anke", "anke@mail.example.com", QUESTION).await;
    answer_and_close(&t, "fleur@meerland.example").await;
    let (_, html) = letter(&t, "anke@mail.example.com").await;
    let way_out = link(&html, "/choices/");
    let page = t.browser().get(&way_out).await;
    assert!(
        page.has("a…@mail.example.com") && !page.has("anke@mail.example.com"),
        "a forwarded mail shows nobody's data"
    );
    // As a mail program posts it: from elsewhere, without cookies, with exactly this body; twice.
    for _ in 0..2 {
        let done = t
            .browser()
            .send(
                http::Method::POST,
                &way_out,
                Some("application/x-www-form-urlencoded"),
                "List-Unsubscribe=One-Click".into(),
                &[("sec-fetch-site", "cross-site")],
            )
            .await;
        assert_eq!(done.status, 200);
    }
    assert_eq!(t.count(sql!("select count(*) from consent_ledger")).await, 1);
    // The page's own button is not for other sites.
    let foreign = t
        .browser()
        .send(
            http::Method::POST,
            &way_out,
            Some("application/x-www-form-urlencoded"),
            "choice=resume".into(),
            &[("sec-fetch-site", "cross-site")],
        )
        .await;
    assert_eq!(foreign.status, 403);
    t.pass(40 * 24 * 60).await;
    ask(&t, "Anke", "anke@mail.example.com", "Een nieuwe vraag over mijn rooster?").await;
    answer_and_close(&t, "fleur@meerland.example").await;
    let letters: Vec<_> = t.drawer().await.into_iter().map(|(_, subject, _)| subject).collect();
    assert_eq!(letters.len(), 5, "receipt, answer and survey; then receipt and answer: {letters:?}");
    // And it can be undone by the person.
    assert_eq!(t.browser().post(&way_out, &[("choice", "resume")]).await.status, 303);
    assert_eq!(t.count(sql!("select count(*) from consent_ledger")).await, 2);
}

async fn a_promise_that_is_not_kept_escalates(t: TestHouse) {
    ask(&t, "Fatima", "fatima@mail.example.com", QUESTION).await;
    answer_and_close(&t, "fleur@meerland.example").await;
    let (_, html) = letter(&t, "fatima@mail.example.com").await;
    let path = link(&html, "/s/");
    let q = ids(&t.browser().get(&path).await);
    let path = path.split('?').next().unwrap();
    assert_eq!(
        t.browser().post(path, &[(&q[0], "2"), ("contact", "on"), ("channel", "mail")]).await.status,
        303
    );
    t.settle().await;
    t.pass(8 * 60).await;
    assert_eq!(
        t.count(sql!("select count(*) from callbacks where escalated_at is not null")).await,
        0,
        "not due yet"
    );
    t.pass(24 * 60).await;
    assert_eq!(t.count(sql!("select count(*) from callbacks where escalated_at is not null")).await, 1);
    let mut omar = t.signed_in("omar@meerland.example").await;
    assert!(omar.get("/feedback").await.has("Te laat: dit was beloofd."));
    assert!(omar.get("/").await.has("Fatima mailen"), "it is on every colleague's list now");
    let bas = t.signed_in("bas@meerland.example").await.get("/feedback").await;
    assert!(!bas.has("Fatima"), "but not on that of another unit");
}

async fn the_sixth_question_is_refused(t: TestHouse) {
    let mut marit = t.signed_in("hanneke@meerland.example").await;
    let path = format!("/surveys/{}/questions", t.survey);
    let question = [("kind", "text"), ("text_nl", "En verder?"), ("text_en", "Anything else?")];
    assert_eq!(marit.post(&path, &question).await.status, 303, "the fifth");
    let sixth = marit.post(&path, &question).await;
    assert!(
        sixth.status == 422 && sixth.has("hooguit vijf vragen") && sixth.has("En verder?"),
        "{}",
        sixth.text()
    );
    let half =
        marit.post(&path, &[("kind", "text"), ("text_nl", "Alleen Nederlands"), ("text_en", "")]).await;
    assert_eq!(half.status, 422, "a question needs both languages");
}

async fn names_of_all_kinds_survive(t: TestHouse) {
    let names = [
        "Suharto",
        "P. 't Hart",
        "Zoë O’Neill 🎓",
        "محمد علي",
        "Nguyễn Thị Ánh",
        "IJsbrand de Wit-Jansen",
        "李小龍",
    ];
    for (n, name) in names.iter().enumerate() {
        let email = format!("naam{n}@mail.example.com");
        assert_eq!(
            ask(&t, name, &email, "Hallo 👋\n\nمرحبا <script>alert(1)</script> & groet").await.status,
            303,
            "{name}"
        );
    }
    let inbox = t.signed_in("fleur@meerland.example").await.get("/desk").await.text();
    for name in names {
        let escaped = name.replace('\'', "&#39;");
        assert!(inbox.contains(name) || inbox.contains(&escaped), "{name} in the inbox");
    }
    assert!(!inbox.contains("<script>alert"));
}

async fn bad_input_keeps_what_was_typed(t: TestHouse) {
    let topic = t.topics[0].id.to_string();
    for (name, email, text) in [
        ("", "x@mail.example.com", "tekst die blijft"),
        ("Kim", "geen adres", "tekst die blijft"),
        ("Kim\r\nBcc: all@example.org", "x@mail.example.com", "tekst die blijft"),
        ("Kim", "x@mail.example.com\r\nBcc: all@example.org", "tekst die blijft"),
    ] {
        let page = t
            .browser()
            .post(
                "/contact?lang=nl",
                &[("name", name), ("email", email), ("topic", &topic), ("text", text), ("website", "")],
            )
            .await;
        assert!(page.status == 422 && page.has("tekst die blijft"), "{name:?} {email:?}: {}", page.status);
    }
    assert_eq!(t.count(sql!("select count(*) from people")).await, 0, "nothing half done");
    let big = "x".repeat(300_000);
    let page = t.browser().post("/contact", &[("text", &big)]).await;
    assert_eq!(page.status, 413);
    let robot = [
        ("name", "Bot"),
        ("email", "bot@example.org"),
        ("topic", &*topic),
        ("text", "koop"),
        ("website", "x"),
    ];
    assert_eq!(t.browser().post("/contact", &robot).await.status, 303);
    assert_eq!(t.count(sql!("select count(*) from people")).await, 0);
}
