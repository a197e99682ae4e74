//! Forms: from a recipe to a person, a yes, a role, a need and a question; who is known and who is not; files, machines, frames on
//! other sites, many languages.

use axum::body::Body;
use http::Method;
use kring_consent::{Act, Channel, Entry, record};
use kring_frame::{Actor, PersonId, Purpose, params, sql};
use kring_people::contact;
use kring_testing::{Browser, Page, TestHouse, both};

use crate::{api::key, people::added};

both!(
    a_recipe_becomes_a_form_a_person_a_role_and_a_yes,
    what_hangs_on_an_answer_is_asked_on_the_next_round,
    what_is_wrong_is_said_and_what_was_typed_stays,
    a_question_reaches_the_desk_and_an_interest_becomes_a_need,
    what_a_stranger_types_changes_nothing_about_somebody_known,
    whoever_comes_by_their_own_link_is_not_asked_what_we_know,
    a_letter_of_a_journey_holds_a_link_of_its_reader,
    a_machine_is_held_and_a_colleague_decides,
    one_address_is_not_filled_with_mail,
    a_form_speaks_the_language_of_its_reader,
    a_file_is_taken_by_what_it_is,
    a_form_stands_on_the_sites_that_it_names,
    a_form_that_is_closed_says_where_to_go,
    faults_keep_it_from_being_published_and_changes_can_be_undone,
    answers_keep_the_version_they_were_given_to,
    answers_leave_the_house_with_a_trail,
    a_program_reads_answers_page_by_page,
    what_somebody_filled_in_is_in_the_dossier_and_is_forgotten,
    a_journey_begins_by_a_form_and_a_segment_knows_who_filled_it_in,
    two_answers_at_once_make_one_person,
    another_unit_sees_no_answer,
);

pub const ADMIN: &str = "hanneke@meerland.example";

/// Takes a recipe; its number.
pub async fn take(by: &mut Browser, recipe: &str) -> i64 {
    let made = by.post("/forms", &[("recipe", recipe)]).await;
    assert_eq!(made.status, 303, "{}", made.text());
    made.location().rsplit('/').next().unwrap().parse().unwrap()
}

async fn publish(by: &mut Browser, form: i64) {
    let page = by.get(&format!("/forms/{form}")).await;
    let done = by.post(&format!("/forms/{form}/publish"), &[("draft", &page.field("draft"))]).await;
    assert!(done.location().contains("done-published"), "{}", done.text());
}

/// Changes a form by one of its own forms; what must be said of it beforehand is the draft.
async fn change(by: &mut Browser, form: i64, path: &str, fields: &[(&str, &str)]) -> Page {
    let draft = by.get(&format!("/forms/{form}")).await.field("draft");
    let mut all = vec![("draft", draft.as_str())];
    all.extend_from_slice(fields);
    by.post(&format!("/forms/{form}{path}"), &all).await
}

/// Opens a form as a visitor does, and lets a minute go by while it is filled in.
async fn opened(t: &TestHouse, visitor: &mut Browser, path: &str) -> String {
    let page = visitor.get(path).await;
    assert_eq!(page.status, 200, "{}", page.text());
    t.pass(1).await;
    page.field("began")
}

const BROCHURE: &str = "/f/brochure-aanvragen";

/// Asks for a brochure by mail.
async fn brochure(
    t: &TestHouse,
    path: &str,
    first: &str,
    last: &str,
    email: &str,
    more: &[(&str, &str)],
) -> Page {
    let mut visitor = t.browser();
    let began = opened(t, &mut visitor, path).await;
    let mut fields = vec![
        ("began", began.as_str()),
        ("shown", "1,2,3,4,6"),
        ("page", "0"),
        ("f1-first", first),
        ("f1-last", last),
        ("f2", email),
        ("f3", "care"),
        ("f4", "mail"),
    ];
    fields.extend_from_slice(more);
    let sent = visitor.post(path, &fields).await;
    t.settle().await;
    sent
}

async fn person_of(t: &TestHouse, email: &str) -> PersonId {
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    let (id,) = tx
        .one(sql!("select person_id from address_owners where canonical = $1"), params![email])
        .await
        .unwrap();
    id
}

/// The address behind a path in a letter.
fn link(html: &str, path: &str) -> String {
    let at = html.find(path).unwrap_or_else(|| panic!("no {path} in {html}"));
    let end = html[at..].find('"').unwrap();
    html[at..at + end].replace("&amp;", "&")
}

async fn yeses(t: &TestHouse) -> i64 {
    t.count(sql!("select count(*) from consent_ledger where act = 'consent'")).await
}

async fn a_recipe_becomes_a_form_a_person_a_role_and_a_yes(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    assert!(admin.get("/forms").await.has("Nog geen formulieren"));
    assert!(admin.get("/forms/new").await.has("Aanmelding open dag"));
    let form = take(&mut admin, "open-day").await;
    let page = admin.get(&format!("/forms/{form}")).await;
    assert!(page.has("Controleer en publiceer") && page.has("alleen als veld 4"), "{}", page.text());
    assert_eq!(t.browser().get("/f/aanmelding-open-dag").await.status, 404, "a draft is nobody's");
    let preview = admin.get(&format!("/forms/{form}/preview?tongue=en")).await;
    assert!(preview.has("Come to the open day") && preview.has("lang=\"en\""), "{}", preview.text());
    publish(&mut admin, form).await;

    let path = "/f/aanmelding-open-dag";
    let mut kim = t.browser();
    let first = kim.get(&format!("{path}?campaign=flyer")).await;
    assert!(first.has("Kom naar de open dag") && first.has("Bladzijde 1 van 2"), "{}", first.text());
    assert!(first.headers.get("set-cookie").is_none(), "no cookie before a choice");
    let began = first.field("began");
    let who = [
        ("began", began.as_str()),
        ("f1-first", "Kim"),
        ("f1-prefix", "van der"),
        ("f1-last", "Berg"),
        ("f2", "kim@mail.example.com"),
        ("f3", "care"),
        ("f8", "flyer"),
    ];
    let mut page_one = vec![("page", "0"), ("shown", "1,2,3"), ("go", "next")];
    page_one.extend_from_slice(&who);
    let second = kim.post(path, &page_one).await;
    assert!(second.has("Hoe kom je?") && second.has("value=\"kim@mail.example.com\""), "{}", second.text());
    t.pass(1).await;
    let mut page_two = vec![
        ("page", "1"),
        ("shown", "4,5,6,7"),
        ("f4", "campus"),
        ("f5", "2"),
        ("f7", "on"),
        ("go", "next"),
    ];
    page_two.extend_from_slice(&who);
    let sent = kim.post(path, &page_two).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert!(kim.get(&sent.location()).await.has("Leuk dat je komt"));
    t.settle().await;

    let person = person_of(&t, "kim@mail.example.com").await;
    let roles = t.count(sql!(
        "select count(*) from party_roles where kind = 'prospect' and detail = 'Zorg en welzijn' and valid_to is null"
    ));
    assert_eq!(roles.await, 1);
    let page = admin.get(&format!("/people/{person}")).await;
    assert!(page.has("Vulde in: Aanmelding open dag") && page.has("campagne flyer"), "{}", page.text());
    assert!(page.has("Kim van der Berg"));

    // The yes counts when it is said a second time, by whoever reads that mail.
    assert_eq!(yeses(&t).await, 0);
    let (to, subject, html) = t.drawer().await.remove(0);
    assert_eq!((to.as_str(), subject.as_str()), ("kim@mail.example.com", "Bevestig je keuze"));
    let confirm = link(&html, "/yes/");
    for _ in 0..3 {
        assert!(t.browser().get(&confirm).await.has("Ja, mail mij over studeren"));
    }
    assert_eq!(yeses(&t).await, 0, "a scanner that opens every link has said nothing");
    assert_eq!(t.browser().post(&confirm, &[]).await.status, 303);
    assert!(t.browser().get(&confirm).await.has("je keuze is bevestigd"));
    t.browser().post(&confirm, &[]).await;
    assert_eq!(yeses(&t).await, 1, "once, however often it is pressed");
    let said: (String, String, Option<String>, i64) = {
        let mut tx = t.house.read(&Actor::robot()).await.unwrap();
        tx.one(
            sql!(
                "select l.how, l.proof, w.text, l.wording_version from consent_ledger l left join wordings w
                   on w.wording_key = l.wording_key and w.version = l.wording_version and w.lang = l.lang"
            ),
            params![],
        )
        .await
        .unwrap()
    };
    assert_eq!((said.0.as_str(), said.3), (format!("form:{form}").as_str(), 1));
    assert!(said.1.starts_with("yes:") && said.2.unwrap().starts_with("Ja, mail mij over studeren"));

    let answers = admin.get(&format!("/forms/{form}/answers")).await;
    assert!(
        answers.has("Kim van der Berg") && answers.has("1 antwoorden, 1 keer geopend"),
        "{}",
        answers.text()
    );
    let id = t.count(sql!("select max(id) from form_answers")).await;
    let one = admin.get(&format!("/forms/answers/{id}")).await;
    assert!(one.has("Op de campus") && one.has("Toestemming bevestigd op"), "{}", one.text());
    assert!(
        t.count(sql!("select count(*) from trail where kind = 'form answer' and deed = 'read'")).await > 0
    );
}

async fn what_hangs_on_an_answer_is_asked_on_the_next_round(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let form = take(&mut admin, "brochure").await;
    publish(&mut admin, form).await;
    let mut visitor = t.browser();
    let page = visitor.get(BROCHURE).await;
    assert!(page.has("data-when=\"f4\"") && page.has("data-name=\"f5\" hidden"), "{}", page.text());
    let began = page.field("began");
    t.pass(1).await;
    let mut fields = vec![
        ("began", began.as_str()),
        ("page", "0"),
        ("shown", "1,2,3,4,6"),
        ("f1-first", "Kim"),
        ("f1-last", "Berg"),
        ("f2", "kim@mail.example.com"),
        ("f3", "care"),
        ("f4", "post"),
    ];
    // Without script the address was not on the page: it is asked now, and nothing is held against anybody.
    let more = visitor.post(BROCHURE, &fields).await;
    assert_eq!(more.status, 200, "{}", more.text());
    assert!(more.has("nog een vraag bij gekomen") && !more.has("data-name=\"f5\" hidden"), "{}", more.text());
    assert!(more.has("name=\"shown\" value=\"1,2,3,4,5,6\""));
    fields[2] = ("shown", "1,2,3,4,5,6");
    let missing = visitor.post(BROCHURE, &fields).await;
    assert_eq!(missing.status, 422, "{}", missing.text());
    assert!(missing.has("error-f5-street"));
    fields.extend_from_slice(&[
        ("f5-street", "Kanaalweg"),
        ("f5-number", "12"),
        ("f5-postcode", "1234 AB"),
        ("f5-city", "Meerstad"),
    ]);
    assert_eq!(visitor.post(BROCHURE, &fields).await.status, 303);
    assert_eq!(t.count(sql!("select count(*) from postal_addresses where city = 'Meerstad'")).await, 1);
    // What is no longer asked is not kept, whatever was left in its fields.
    let sent = brochure(&t, BROCHURE, "Sam", "Vos", "sam@mail.example.com", &[("f5-city", "Elders")]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert_eq!(t.count(sql!("select count(*) from form_values where value = 'Elders'")).await, 0);
}

async fn what_is_wrong_is_said_and_what_was_typed_stays(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let form = take(&mut admin, "brochure").await;
    publish(&mut admin, form).await;
    let sent = brochure(&t, BROCHURE, "<b>Kim</b>", "", "geen adres", &[("f3", "hacking")]).await;
    assert_eq!(sent.status, 422);
    let text = sent.text();
    assert!(text.contains("error-f2") && text.contains("error-f1-last"), "{text}");
    assert!(text.contains("value=\"geen adres\"") && text.contains("&#60;b&#62;Kim"), "{text}");
    assert_eq!(t.count(sql!("select count(*) from form_answers")).await, 0);
    // Lines cannot be smuggled in, and a second page cannot be claimed.
    let sent = brochure(&t, BROCHURE, "Kim\r\nBcc: x", "Berg", "kim@mail.example.com", &[]).await;
    assert_eq!(sent.status, 422);
    let mut visitor = t.browser();
    let sent = visitor.post(BROCHURE, &[("page", "99"), ("shown", "1,2,3,4,5,6")]).await;
    assert_eq!(sent.status, 422, "every page is read before anything is taken in");
}

async fn a_question_reaches_the_desk_and_an_interest_becomes_a_need(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let form = take(&mut admin, "ask-student").await;
    publish(&mut admin, form).await;
    let mut visitor = t.browser();
    let path = "/f/vraag-het-een-student";
    let began = opened(&t, &mut visitor, path).await;
    let sent = visitor
        .post(
            path,
            &[
                ("began", &began),
                ("page", "0"),
                ("shown", "1,2,3,4,5"),
                ("f1", "Is het rooster vol? Mijn BSN is 111222333."),
                ("f3-first", "Kim"),
                ("f3-last", "Berg"),
                ("f4", "kim@mail.example.com"),
                ("f5", "mail"),
            ],
        )
        .await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    t.settle().await;
    assert_eq!(t.count(sql!("select count(*) from requests")).await, 1);
    assert_eq!(t.count(sql!("select count(*) from needs where state = 'open' and source = 'form'")).await, 1);
    assert_eq!(t.count(sql!("select count(*) from form_values where value like '%111222333%'")).await, 0);
    assert_eq!(
        t.count(sql!("select count(*) from detections where place = 'form' and what = 'bsn'")).await,
        1
    );

    // An interest without a question: a need, and nothing that a colleague must answer.
    let form = take(&mut admin, "brochure").await;
    let topic = t.topics[1].id.to_string();
    let page = admin.get(&format!("/forms/{form}")).await;
    let settings = [
        ("title", "Brochure"),
        ("purpose", "orientation"),
        ("topic", topic.as_str()),
        ("role", "prospect"),
        ("confirm", "on"),
        ("draft", &page.field("draft")),
    ];
    let kept = admin.post(&format!("/forms/{form}/settings"), &settings).await;
    assert!(kept.location().contains("done-settings"), "{}", kept.text());
    publish(&mut admin, form).await;
    brochure(&t, BROCHURE, "Noor", "Vos", "noor@mail.example.com", &[]).await;
    assert_eq!(t.count(sql!("select count(*) from requests")).await, 1, "no question");
    assert_eq!(t.count(sql!("select count(*) from needs where state = 'open' and source = 'form'")).await, 2);
}

async fn what_a_stranger_types_changes_nothing_about_somebody_known(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let form = take(&mut admin, "alumni").await;
    // Even where the form asks no confirmation.
    let set = [("title", "Gegevens"), ("purpose", "alumni"), ("thanks", "Dank")];
    assert_eq!(change(&mut admin, form, "/settings", &set).await.status, 303);
    publish(&mut admin, form).await;
    let anna = added(&t, "Anna Vos", "anna@example.org", Some("1990-05-05")).await;
    let path = "/f/kloppen-je-gegevens-nog";
    let mut stranger = t.browser();
    let began = opened(&t, &mut stranger, path).await;
    let sent = stranger
        .post(
            path,
            &[
                ("began", &began),
                ("page", "0"),
                ("shown", "1,2,3,4,5,7"),
                ("f1-first", "Hans"),
                ("f1-last", "Kwaad"),
                ("f2", "Anna@Example.org"),
                ("f3", "0612345678"),
                ("f7", "on"),
            ],
        )
        .await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    t.settle().await;
    assert_eq!(t.count(sql!("select count(*) from people where surname = 'Kwaad'")).await, 0);
    assert_eq!(t.count(sql!("select count(*) from contact_points where kind = 'phone'")).await, 0);
    assert_eq!(yeses(&t).await, 0);
    let letters = t.drawer().await;
    assert_eq!((letters.len(), letters[0].0.as_str()), (1, "anna@example.org"), "she is asked herself");
    // Whoever typed an address that we do not know reads the very same.
    let known = stranger.get(&sent.location()).await.text();
    let began = opened(&t, &mut stranger, path).await;
    let fields = [
        ("began", began.as_str()),
        ("page", "0"),
        ("shown", "1,2,3,4,5,7"),
        ("f1-first", "Hans"),
        ("f1-last", "Kwaad"),
        ("f2", "hans@example.org"),
        ("f3", "0612345679"),
        ("f7", "on"),
    ];
    let sent = stranger.post(path, &fields).await;
    assert_eq!(stranger.get(&sent.location()).await.text(), known);
    t.settle().await;
    assert_eq!(yeses(&t).await, 1, "somebody new says it once, as the form is set");
    assert_eq!(t.count(sql!("select count(*) from contact_points where kind = 'phone'")).await, 1);
    let page = admin.get(&format!("/people/{anna}")).await;
    assert!(page.has("Vulde in: Kloppen je gegevens nog?"), "{}", page.text());
}

/// A link of somebody's own, as a letter gets it.
async fn own_link(t: &TestHouse, form: i64, person: PersonId) -> String {
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    let (link, to) = t.house.rooms.own_link(&format!("form_{form}")).unwrap();
    let url = (link.make)(&mut tx, to, person).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    url[url.find("/f/").unwrap()..].to_owned()
}

async fn whoever_comes_by_their_own_link_is_not_asked_what_we_know(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let form = take(&mut admin, "brochure").await;
    publish(&mut admin, form).await;
    let anna = added(&t, "Anna Vos", "anna@example.org", Some("1990-05-05")).await;
    let path = own_link(&t, form, anna).await;
    let mut reader = t.browser();
    let page = reader.get(&path).await;
    let text = page.text();
    assert!(text.contains("We weten al wie je bent") && !text.contains("f1-first"), "{text}");
    for secret in ["Anna", "Vos", "anna@example.org"] {
        assert!(!text.contains(secret), "a mail may have been passed on: {secret}");
    }
    assert_eq!(page.headers["referrer-policy"], "no-referrer");
    // No wait: whoever holds a link of ours is no machine.
    let sent = reader
        .post(&path, &[("page", "0"), ("shown", "3,4,6"), ("f3", "care"), ("f4", "mail"), ("f6", "on")])
        .await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    t.settle().await;
    let of: (PersonId, String) = {
        let mut tx = t.house.read(&Actor::robot()).await.unwrap();
        tx.one(sql!("select person_id, origin from form_answers"), params![]).await.unwrap()
    };
    assert_eq!(of, (anna, "link".to_owned()));
    assert_eq!(t.count(sql!("select count(*) from people")).await, 1);
    assert_eq!(
        t.count(sql!("select count(*) from form_links where length(hash) = 32")).await,
        1,
        "its hash only"
    );
    // A link of another form or nobody leads to the form that is everybody's.
    let made_up = reader.get(&format!("{BROCHURE}/by/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")).await;
    assert_eq!((made_up.status, made_up.location()), (303, BROCHURE.to_owned()));
}

async fn a_letter_of_a_journey_holds_a_link_of_its_reader(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let form = take(&mut admin, "alumni").await;
    publish(&mut admin, form).await;
    let made = admin.post("/journeys", &[("recipe", "open-day")]).await;
    let journey: i64 = made.location().rsplit('/').next().unwrap().parse().unwrap();
    // Its letters name the form in a button: whoever writes one copies the field from a list.
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    let (plan,): (String,) = tx
        .one(
            sql!("select plan from journey_drafts where journey_id = $1 order by no desc limit 1"),
            params![journey],
        )
        .await
        .unwrap();
    let button = format!(r#"{{"what":{{"button":{{"label":"Kijk","link":"{{{{ form_{form} }}}}"}}}}}},"#);
    let with = plan.replace("\"blocks\":[", &format!("\"blocks\":[{button}"));
    tx.run(sql!("update journey_drafts set plan = $2 where journey_id = $1"), params![journey, with])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let page = admin.get(&format!("/journeys/{journey}")).await;
    let done = admin.post(&format!("/journeys/{journey}/publish"), &[("draft", &page.field("draft"))]).await;
    assert!(done.location().contains("done-published"), "{}", done.text());
    let anna = added(&t, "Anna Vos", "anna@example.org", Some("1990-05-05")).await;
    let begun = admin.post(&format!("/people/{anna}/journeys"), &[("journey", &journey.to_string())]).await;
    assert_eq!(begun.status, 303, "{}", begun.text());
    t.settle().await;
    for _ in 0..7 {
        t.pass(24 * 60).await;
    }
    let letters = t.drawer().await;
    let html = &letters.iter().find(|letter| letter.2.contains("/by/")).expect("a letter with the link").2;
    let path = link(html, "/f/kloppen-je-gegevens-nog/by/");
    assert!(t.browser().get(&path).await.has("We weten al wie je bent"));
    assert_eq!(
        t.count(sql!("select count(*) from messages where body like '%/by/%'")).await,
        0,
        "what we keep of a letter holds no link that is a secret"
    );
}

async fn a_machine_is_held_and_a_colleague_decides(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let form = take(&mut admin, "brochure").await;
    publish(&mut admin, form).await;
    let all = |email: &'static str, began: String| {
        vec![
            ("began", began),
            ("page", "0".to_owned()),
            ("shown", "1,2,3,4,6".to_owned()),
            ("f1-first", "Kim".to_owned()),
            ("f1-last", "Berg".to_owned()),
            ("f2", email.to_owned()),
            ("f3", "care".to_owned()),
            ("f4", "mail".to_owned()),
        ]
    };
    let began = t.browser().get(BROCHURE).await.field("began");
    let send = async |fields: Vec<(&str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let sent = t.browser().post(BROCHURE, &fields).await;
        assert_eq!(sent.status, 303, "the same thanks for all: {}", sent.text());
        sent.location()
    };
    let fast = send(all("fast@example.org", began.clone())).await;
    t.pass(1).await;
    let mut trapped = all("trap@example.org", began.clone());
    trapped.push(("website", "https://x.example".to_owned()));
    assert_eq!(send(trapped).await, fast);
    send(all("unsigned@example.org", String::new())).await;
    send(all("forged@example.org", "1-abcdef".to_owned())).await;
    t.settle().await;
    assert_eq!(t.count(sql!("select count(*) from people")).await, 0, "nothing has followed");
    assert_eq!(
        t.count(sql!("select count(*) from form_answers where state = 'held'")).await,
        4,
        "nothing is lost"
    );
    send(all("real@example.org", began)).await;
    t.settle().await;
    assert_eq!(t.count(sql!("select count(*) from people")).await, 1);

    let held = admin.get("/forms/held").await;
    for why in ["binnen drie seconden", "dat mensen niet zien", "zonder het formulier te openen"] {
        assert!(held.has(why), "{why} in {}", held.text());
    }
    let id = t.count(sql!("select id from form_answers where suspicion = 'fast'")).await;
    let decide = format!("/forms/answers/{id}/decide");
    assert!(admin.post(&decide, &[("what", "refuse")]).await.location().contains("done-refused"));
    assert_eq!(admin.post(&decide, &[("what", "refuse")]).await.status, 422, "decided already");
    // It was meant after all: then what would have followed at once follows now.
    assert!(admin.post(&decide, &[("what", "count")]).await.location().contains("done-counted"));
    t.settle().await;
    person_of(&t, "fast@example.org").await;
    assert_eq!(t.count(sql!("select count(*) from party_roles where kind = 'prospect'")).await, 2);
}

async fn one_address_is_not_filled_with_mail(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    for name in ["A", "B", "C", "D", "E"] {
        let form = admin.post("/forms", &[("recipe", "brochure"), ("name", name)]).await;
        let form: i64 = form.location().rsplit('/').next().unwrap().parse().unwrap();
        publish(&mut admin, form).await;
        for _ in 0..2 {
            let path = format!("/f/{}", name.to_lowercase());
            let sent = brochure(&t, &path, "Kim", "Berg", "kim@mail.example.com", &[("f6", "on")]).await;
            assert_eq!(sent.status, 303, "{}", sent.text());
        }
    }
    assert_eq!(t.drawer().await.len(), 3, "three a day over all forms, one for each");
    assert_eq!(t.count(sql!("select count(*) from form_answers where state = 'counted'")).await, 10);
}

async fn a_form_speaks_the_language_of_its_reader(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let form = take(&mut admin, "brochure").await;
    change(&mut admin, form, "/languages", &[("what", "add"), ("which", "ar")]).await;
    let draft = [
        ("tongue", "ar"),
        ("title", "اطلب كتيبا"),
        ("purpose", "orientation"),
        ("confirm", "on"),
        ("role", "prospect"),
    ];
    change(&mut admin, form, "/settings", &draft).await;
    let page = admin.get(&format!("/forms/{form}")).await;
    assert!(
        page.has("niet af") && page.has("De woorden van een toestemming moeten er in elke taal staan"),
        "{}",
        page.text()
    );
    let yes = [("tongue", "ar"), ("label", "نعم، راسلوني"), ("for", "marketing"), ("channel", "mail")];
    assert_eq!(change(&mut admin, form, "/fields/6", &yes).await.status, 303);
    publish(&mut admin, form).await;
    let read = async |accept: &str, query: &str| {
        let path = format!("{BROCHURE}{query}");
        t.browser().send(Method::GET, &path, None, Body::empty(), &[("accept-language", accept)]).await.text()
    };
    let arabic = read("ar-MA,nl;q=0.5", "").await;
    assert!(arabic.contains("اطلب كتيبا") && arabic.contains("dir=\"rtl\""), "{arabic}");
    assert!(arabic.contains("lang=\"nl\" dir=\"ltr\""), "what is missing is there in Dutch, and says so");
    assert!(read("en-GB", "").await.contains("Request a brochure"));
    assert!(read("fr", "").await.contains("Vraag een brochure aan"), "the first language for all others");
    assert!(
        read("en", "?lang=ar").await.contains("اطلب كتيبا"),
        "what was chosen goes before what the browser says"
    );
    assert!(read("nl", "").await.contains("hreflang=\"ar\""));

    // What changes in the first language makes the others older, text by text, until somebody has looked.
    let label = [("label", "Hoe heet je?"), ("required", "on")];
    assert_eq!(change(&mut admin, form, "/fields/1", &label).await.status, 303);
    let page = admin.get(&format!("/forms/{form}?tongue=en&field=1")).await;
    assert!(page.has("English") && page.has("ouder") && page.has("Hoe heet je?"), "{}", page.text());
    change(&mut admin, form, "/languages", &[("what", "same"), ("which", "en")]).await;
    assert!(!admin.get(&format!("/forms/{form}?tongue=en")).await.has("ouder dan de eerste taal"));
}

/// A form with a file, as a browser sends it.
fn multipart(fields: &[(&str, &str)], file: (&str, &str, &[u8])) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend_from_slice(
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
        );
    }
    let (name, called, bytes) = file;
    let head = format!(
        "--x\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{called}\"\r\nContent-Type: text/html\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--x--\r\n");
    ("multipart/form-data; boundary=x".to_owned(), body)
}

async fn a_file_is_taken_by_what_it_is(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let form = take(&mut admin, "company").await;
    publish(&mut admin, form).await;
    let path = "/f/bedrijf-met-een-stageplaats";
    let began = opened(&t, &mut t.browser(), path).await;
    let fields = [
        ("began", began.as_str()),
        ("page", "1"),
        ("shown", "5,6,7,8,9"),
        ("f1", "Bakkerij Vos"),
        ("f2-first", "Kim"),
        ("f2-last", "Vos"),
        ("f3", "kim@vos.example"),
        ("f5", "Brood bakken"),
        ("f6", "care"),
        ("f7", "2"),
    ];
    let send = async |file: (&str, &str, &[u8])| {
        let (kind, body) = multipart(&fields, file);
        t.browser().send(Method::POST, path, Some(&kind), Body::from(body), &[]).await
    };
    for odd in [&b"<html><script>alert(1)</script>"[..], b"<svg onload=alert(1)>", b"MZ\x90\x00", b"GIF89a"] {
        let refused = send(("f9", "cv.pdf", odd)).await;
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert!(refused.has("Dit bestand kunnen we niet aannemen") && refused.has("Brood bakken"));
    }
    let large = [b"%PDF-1.7 ".to_vec(), vec![b'x'; 6_000_000]].concat();
    assert!(send(("f9", "cv.pdf", &large)).await.has("te groot: hooguit 5 MB"));
    let sent = send(("f9", "../../etc/Plan <b>.exe", b"%PDF-1.7 inhoud")).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    t.settle().await;
    let id = t.count(sql!("select max(id) from form_answers")).await;
    let file = t.count(sql!("select max(id) from form_files")).await;
    let page = admin.get(&format!("/forms/answers/{id}")).await;
    assert!(page.has("Plan b.pdf"), "{}", page.text());
    let taken = admin.get(&format!("/forms/answers/{id}/files/{file}")).await;
    assert_eq!(taken.body, b"%PDF-1.7 inhoud");
    assert_eq!(taken.headers["x-content-type-options"], "nosniff");
    assert!(taken.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    assert!(taken.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
    assert_eq!(
        t.count(sql!("select count(*) from trail where kind = 'form file' and deed = 'exported'")).await,
        1
    );
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    assert_eq!(fleur.get(&format!("/forms/answers/{id}/files/{file}")).await.status, 403);
}

async fn a_form_stands_on_the_sites_that_it_names(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let form = take(&mut admin, "brochure").await;
    publish(&mut admin, form).await;
    let embed = format!("{BROCHURE}/embed");
    assert_eq!(t.browser().get(&embed).await.status, 404, "nowhere unless it says so");
    let refused =
        change(&mut admin, form, "/share", &[("sites", "https://www.school.nl\n*.school.nl")]).await;
    assert!(refused.status == 422 && refused.has("is geen site"), "{}", refused.text());
    let kept = change(
        &mut admin,
        form,
        "/share",
        &[("sites", "https://www.School.nl/open-dag\nhttps://mijn.school.nl")],
    )
    .await;
    assert_eq!(kept.status, 303, "{}", kept.text());
    publish(&mut admin, form).await;
    assert!(admin.get(&format!("/forms/{form}/share")).await.has("&#60;iframe src=&#34;http"));
    let page = t.browser().get(&embed).await;
    let policy = page.headers["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("frame-ancestors https://www.school.nl https://mijn.school.nl;"), "{policy}");
    assert!(!page.has("class=\"school\""), "the site has a head of its own");
    let own = t.browser().get(BROCHURE).await;
    assert!(own.headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"));
    let sent = brochure(&t, &embed, "Kim", "Berg", "kim@mail.example.com", &[]).await;
    assert_eq!(sent.location(), format!("{embed}/thanks?lang=nl"));
    let thanks = t.browser().get(&sent.location()).await;
    assert!(thanks.headers["content-security-policy"].to_str().unwrap().contains("https://mijn.school.nl"));
    let elsewhere = t
        .browser()
        .send(
            Method::POST,
            &embed,
            Some("application/x-www-form-urlencoded"),
            Body::from("f2=x"),
            &[("sec-fetch-site", "cross-site")],
        )
        .await;
    assert_eq!(elsewhere.status, 403, "only our own page sends it, in whatever frame");
}

async fn a_form_that_is_closed_says_where_to_go(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let (form, other) = (take(&mut admin, "brochure").await, take(&mut admin, "open-day").await);
    publish(&mut admin, form).await;
    publish(&mut admin, other).await;
    let state = format!("/forms/{form}/state");
    assert!(admin.post(&state, &[("state", "closed")]).await.location().contains("done-closed"));
    let gone = t.browser().get(BROCHURE).await;
    assert_eq!(gone.status, 410);
    assert!(
        gone.has("niet meer open") && gone.has("/f/aanmelding-open-dag") && gone.has("/contact"),
        "{}",
        gone.text()
    );
    assert_eq!(t.browser().post(BROCHURE, &[("f2", "x")]).await.status, 410);
    let lost = t.browser().get("/f/bestaat-niet").await;
    assert!(lost.status == 404 && lost.has("Hier staat niets") && lost.has("/f/aanmelding-open-dag"));
    admin.post(&state, &[("state", "live")]).await;
    assert_eq!(t.browser().get(BROCHURE).await.status, 200);

    // It ends by itself on its date.
    let day = [
        ("title", "Brochure"),
        ("purpose", "orientation"),
        ("confirm", "on"),
        ("until", "2026-11-25"),
        ("role", "prospect"),
    ];
    assert_eq!(change(&mut admin, form, "/settings", &day).await.status, 303);
    publish(&mut admin, form).await;
    assert_eq!(t.browser().get(BROCHURE).await.status, 200);
    t.pass(3 * 24 * 60).await;
    assert_eq!(t.browser().get(BROCHURE).await.status, 410);
}

async fn faults_keep_it_from_being_published_and_changes_can_be_undone(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let form = take(&mut admin, "blank-form").await;
    let page = admin.get(&format!("/forms/{form}")).await;
    for fault in ["Schrijf een titel", "Er wordt nog niets gevraagd", "Kies waarvoor de antwoorden zijn"] {
        assert!(page.has(fault), "{fault} in {}", page.text());
    }
    let refused = change(&mut admin, form, "/publish", &[]).await;
    assert!(
        refused.status == 422 && refused.has("Er zijn nog dingen die eerst moeten"),
        "{}",
        refused.text()
    );
    let set = [("title", "Vraag"), ("purpose", "service"), ("thanks", "Dank"), ("confirm", "on")];
    assert!(change(&mut admin, form, "/settings", &set).await.location().contains("done-settings"));
    let made = change(&mut admin, form, "/fields", &[("add", "one@0")]).await.location();
    assert!(made.contains("done-field-added") && made.contains("field=1"), "{made}");
    let page = admin.get(&format!("/forms/{form}?field=1")).await;
    assert!(page.has("Schrijf wat je vraagt") && page.has("Geef minstens één keuze"), "{}", page.text());
    let id = "1";
    let own = format!("/fields/{id}");
    let choice = [("label", "Kleur?"), ("options", "Rood\nBlauw"), ("required", "on")];
    assert_eq!(change(&mut admin, form, &own, &choice).await.status, 303);
    // Hung on what comes later: by moving it up.
    change(&mut admin, form, "/fields", &[("add", &format!("short@{id}"))]).await;
    let short = t.count(sql!("select fields from form_pieces")).await.to_string();
    let hung = [("label", "Welk rood?"), ("when", &format!("{id}=rood"))];
    let kept = change(&mut admin, form, &format!("/fields/{short}"), &hung).await;
    assert_eq!(kept.status, 303, "{}", kept.text());
    assert!(admin.get(&format!("/forms/{form}")).await.has("(Kleur?) is: Rood"));
    change(&mut admin, form, &format!("/fields/{short}/move"), &[("to", "up")]).await;
    let page = admin.get(&format!("/forms/{form}")).await;
    assert!(page.has("gaat over een veld dat later komt"), "{}", page.text());
    let undone = admin.post(&format!("/forms/{form}/undo"), &[]).await;
    assert!(undone.location().contains("done-undone"));
    assert!(!admin.get(&format!("/forms/{form}")).await.has("gaat over een veld dat later komt"));
    admin.post(&format!("/forms/{form}/redo"), &[]).await;
    assert!(admin.get(&format!("/forms/{form}")).await.has("gaat over een veld dat later komt"));
    admin.post(&format!("/forms/{form}/undo"), &[]).await;
    // Two who edit at once do not overwrite each other.
    let old = admin.post(&format!("/forms/{form}/settings"), &[("draft", "2"), ("title", "Anders")]).await;
    assert!(old.status == 422 && old.has("Intussen heeft iemand anders"), "{}", old.text());
    publish(&mut admin, form).await;
    // Another address, which is nobody else's.
    let other = take(&mut admin, "brochure").await;
    let unit = t.units[0].to_string();
    let taken =
        change(&mut admin, form, "/name", &[("name", "X"), ("slug", "brochure-aanvragen"), ("unit", &unit)])
            .await;
    assert!(taken.status == 422 && taken.has("Dit adres is al in gebruik"), "{}", taken.text());
    let named =
        change(&mut admin, other, "/name", &[("name", "X"), ("slug", "folder"), ("unit", &unit)]).await;
    assert!(named.location().contains("done-named"), "{}", named.text());
}

async fn answers_keep_the_version_they_were_given_to(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let form = take(&mut admin, "brochure").await;
    publish(&mut admin, form).await;
    brochure(&t, BROCHURE, "Kim", "Berg", "kim@mail.example.com", &[]).await;
    let choice = [("label", "Welke richting?"), ("options", "care = Zorg\nart = Kunst"), ("required", "on")];
    assert_eq!(change(&mut admin, form, "/fields/3", &choice).await.status, 303);
    assert_eq!(change(&mut admin, form, "/fields/4/move", &[("to", "away")]).await.status, 303);
    let page = admin.get(&format!("/forms/{form}")).await;
    assert!(page.has("gaat over een veld dat er niet meer is"), "{}", page.text());
    assert_eq!(change(&mut admin, form, "/fields/5/move", &[("to", "away")]).await.status, 303);
    publish(&mut admin, form).await;
    let first = t.count(sql!("select min(id) from form_answers")).await;
    let page = admin.get(&format!("/forms/answers/{first}")).await;
    assert!(
        page.has("Waarin heb je interesse?")
            && page.has("Zorg en welzijn")
            && page.has("Hoe wil je hem hebben?"),
        "{}",
        page.text()
    );
    assert!(page.has("versie 1, gelezen in Nederlands"));
    let versions = admin.get(&format!("/forms/{form}/versions")).await;
    assert!(
        versions.has("<th scope=\"row\">2</th>") && versions.has("<th scope=\"row\">1</th>"),
        "{}",
        versions.text()
    );
}

async fn answers_leave_the_house_with_a_trail(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let form = take(&mut admin, "brochure").await;
    publish(&mut admin, form).await;
    brochure(&t, BROCHURE, "=Kim", "Berg", "kim@mail.example.com", &[("f7", "=cmd|x")]).await;
    let csv = admin.get(&format!("/forms/{form}/answers/export?as=csv")).await;
    let text = csv.text();
    assert!(text.starts_with('\u{feff}') && text.contains("kim@mail.example.com"), "{text}");
    assert!(text.contains("'=Kim Berg") && text.contains("'=cmd|x"), "{text}");
    let book = admin.get(&format!("/forms/{form}/answers/export?as=xlsx")).await;
    assert!(book.body.starts_with(b"PK"));
    assert_eq!(
        t.count(sql!("select count(*) from trail where kind = 'form answers' and deed = 'exported' and detail like 'n=1,%'"))
            .await,
        2
    );
}

async fn a_program_reads_answers_page_by_page(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let form = take(&mut admin, "brochure").await;
    publish(&mut admin, form).await;
    brochure(&t, BROCHURE, "Kim", "Berg", "kim@mail.example.com", &[("f7", "flyer")]).await;
    brochure(&t, BROCHURE, "Sam", "Vos", "sam@mail.example.com", &[]).await;
    let mut program = key(&t, &["forms.use", "forms.answers"], 0).await;
    let forms = program.get("/api/v1/forms").await.json();
    assert_eq!(forms["forms"][0]["state"], "live");
    assert_eq!(forms["forms"][0]["fields"][2]["codes"][0], "care");
    let path = format!("/api/v1/forms/{form}/answers");
    let page = program.get(&path).await.json();
    let all = page["answers"].as_array().unwrap();
    assert_eq!((all.len(), page["next"].is_null()), (2, true));
    assert_eq!((all[1]["campaign"].as_str(), all[1]["origin"].as_str()), (Some("flyer"), Some("typed")));
    let given = all[1]["given"].as_array().unwrap();
    assert!(given.iter().any(|g| g["field"] == 1 && g["part"] == "first" && g["value"] == "Kim"), "{page}");
    let last = all[0]["id"].as_i64().unwrap();
    let older = program.get(&format!("{path}?after={last}")).await.json();
    assert_eq!(older["answers"].as_array().unwrap().len(), 1);
    assert_eq!(program.get(&format!("{path}?after=x")).await.status, 422);
    assert_eq!(program.get("/api/v1/forms/999/answers").await.status, 404);
    let mut narrow = key(&t, &["forms.use"], 0).await;
    assert_eq!(narrow.get(&path).await.status, 403);
    let mut elsewhere = key(&t, &["forms.use", "forms.answers"], 2).await;
    assert_eq!(elsewhere.get(&path).await.json()["answers"].as_array().unwrap().len(), 0);
}

async fn what_somebody_filled_in_is_in_the_dossier_and_is_forgotten(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let form = take(&mut admin, "brochure").await;
    publish(&mut admin, form).await;
    brochure(&t, BROCHURE, "Kanarie", "Uniek", "kanarie@mail.example.com", &[("f6", "on")]).await;
    let person = person_of(&t, "kanarie@mail.example.com").await;
    own_link(&t, form, person).await;
    // And one that is held, of which nobody knows yet whose it is.
    let fields = [
        ("page", "0"),
        ("shown", "1,2,3,4,6"),
        ("f1-first", "Kanarie"),
        ("f1-last", "Twee"),
        ("f2", "Kanarie@mail.example.com"),
        ("f3", "care"),
        ("f4", "mail"),
    ];
    t.browser().post(BROCHURE, &fields).await;
    assert_eq!(t.count(sql!("select count(*) from form_answers where state = 'held'")).await, 1);
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    let mut known = String::new();
    for (_, dossier, _) in &t.house.rooms.people {
        for section in dossier(&mut tx, person).await.unwrap() {
            known.push_str(&section.data.to_string());
        }
    }
    assert!(known.contains("Vraag een brochure aan") && known.contains("Zorg en welzijn"), "{known}");
    for (_, _, forget) in t.house.rooms.people.iter().rev() {
        forget(&mut tx, person).await.unwrap();
    }
    tx.commit().await.unwrap();
    for left in [
        sql!("select count(*) from form_answers"),
        sql!("select count(*) from form_values"),
        sql!("select count(*) from form_yeses"),
        sql!("select count(*) from form_links"),
    ] {
        assert_eq!(t.count(left).await, 0);
    }
    t.settle().await;
    assert!(admin.get(&format!("/forms/{form}/answers")).await.has("Nog geen antwoorden"));
}

async fn a_journey_begins_by_a_form_and_a_segment_knows_who_filled_it_in(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let (form, other) = (take(&mut admin, "brochure").await, take(&mut admin, "open-day").await);
    publish(&mut admin, form).await;
    publish(&mut admin, other).await;
    let made = admin.post("/journeys", &[("recipe", "open-day")]).await;
    let journey: i64 = made.location().rsplit('/').next().unwrap().parse().unwrap();
    let page = admin.get(&format!("/journeys/{journey}")).await;
    assert!(page.has(&format!("value=\"o:form.answered={form}\"")), "{}", page.text());
    let topic = t.topics[0].id.to_string();
    let start = [
        ("draft", page.field("draft")),
        ("by", format!("o:form.answered={form}")),
        ("again", "never".into()),
        ("purpose", "orientation".into()),
        ("topic", topic),
    ];
    let start: Vec<(&str, &str)> = start.iter().map(|(k, v)| (*k, v.as_str())).collect();
    assert_eq!(admin.post(&format!("/journeys/{journey}/start"), &start).await.status, 303);
    let page = admin.get(&format!("/journeys/{journey}")).await;
    admin.post(&format!("/journeys/{journey}/publish"), &[("draft", &page.field("draft"))]).await;
    brochure(&t, BROCHURE, "Kim", "Berg", "kim@mail.example.com", &[]).await;
    assert_eq!(t.count(sql!("select count(*) from journey_runs")).await, 1);
    assert_eq!(t.count(sql!("select count(*) from happenings where kind = 'form.answered'")).await, 1);
    assert!(admin.get("/webhooks").await.status == 200);
}

async fn two_answers_at_once_make_one_person(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let form = take(&mut admin, "brochure").await;
    publish(&mut admin, form).await;
    let began = opened(&t, &mut t.browser(), BROCHURE).await;
    let fields = [
        ("began", began.as_str()),
        ("page", "0"),
        ("shown", "1,2,3,4,6"),
        ("f1-first", "Kim"),
        ("f1-last", "Berg"),
        ("f2", "kim@mail.example.com"),
        ("f3", "care"),
        ("f4", "mail"),
    ];
    let (mut one, mut two, mut three) = (t.browser(), t.browser(), t.browser());
    let pages =
        tokio::join!(one.post(BROCHURE, &fields), two.post(BROCHURE, &fields), three.post(BROCHURE, &fields));
    for page in [pages.0, pages.1, pages.2] {
        assert_eq!(page.status, 303, "{}", page.text());
    }
    t.settle().await;
    assert_eq!(t.count(sql!("select count(*) from people")).await, 1);
    assert_eq!(t.count(sql!("select count(*) from form_answers where state = 'counted'")).await, 3);
    assert_eq!(t.count(sql!("select count(*) from party_roles")).await, 1, "and one role");
}

async fn another_unit_sees_no_answer(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let form = take(&mut admin, "brochure").await;
    publish(&mut admin, form).await;
    brochure(&t, BROCHURE, "Kim", "Berg", "kim@mail.example.com", &[]).await;
    let id = t.count(sql!("select max(id) from form_answers")).await;
    // Marit heads the desk: the form is of the institution, above her.
    let mut marit = t.signed_in("marit@meerland.example").await;
    assert!(marit.get("/forms").await.has("Brochure aanvragen"));
    assert!(!marit.get(&format!("/forms/{form}/answers")).await.has("Kim Berg"));
    let foreign = marit.get(&format!("/forms/answers/{id}")).await;
    let made_up = marit.get("/forms/answers/424242").await;
    assert_eq!((foreign.status, foreign.body), (404, made_up.body));
    let mine = [("draft", "1"), ("title", "Van mij")];
    assert_eq!(marit.post(&format!("/forms/{form}/settings"), &mine).await.status, 403);
    // A held answer of hers would be hers to decide, and this one is not.
    assert_eq!(marit.post(&format!("/forms/answers/{id}/decide"), &[("what", "count")]).await.status, 404);
    let person = person_of(&t, "kim@mail.example.com").await;
    let says = Entry::new(person, Purpose::Marketing, Channel::Mail, Act::Objection, "test");
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    record(&mut tx, &says).await.unwrap();
    assert!(contact::email_of(&mut tx, person).await.unwrap().is_some());
}
