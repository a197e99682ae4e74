//! Information needs: a question opens one and its answer closes it; what is said in a conversation is written down; segments
//! and the list of needs follow, and who may not see it does not.

use kring_frame::{
    About, Actor, PersonId, RequestOpened, params,
    rules::{Bound, Held, Role, Rule, Test},
    sql,
};
use kring_people::merge;
use kring_testing::{Browser, Page, TestHouse, both};

use crate::people::{added, given};

both!(
    a_question_opens_a_need_and_its_answer_closes_it,
    asked_again_is_the_same_need,
    written_down_by_hand_and_taken_back,
    a_need_stays_open_as_long_as_a_question_behind_it_is,
    who_wants_to_know_something_joins_and_leaves,
    another_unit_and_another_purpose_do_not_see_it,
    the_list_of_needs_counts_and_hides,
    an_event_that_is_heard_twice_makes_one_need,
    a_merge_brings_needs_together_and_apart,
    needs_are_in_the_dossier_and_are_forgotten,
    a_program_writes_needs_down_and_settles_them,
);

async fn ask(t: &TestHouse, name: &str, email: &str, topic: usize, text: &str) {
    let topic = t.topics[topic].id.to_string();
    let page = t
        .browser()
        .post(
            "/contact?lang=nl",
            &[("name", name), ("email", email), ("topic", &topic), ("text", text), ("website", "")],
        )
        .await;
    assert!(page.status < 400, "{}", page.text());
    t.settle().await;
}

/// Closes the newest request as an agent does, without a letter.
async fn close(t: &TestHouse, by: &str, request: i64, outcome: &str) {
    let mut desk = t.signed_in(by).await;
    let version = desk.get(&format!("/desk/{request}")).await.field("version");
    let done =
        desk.post(&format!("/desk/{request}/close"), &[("version", &version), ("outcome", outcome)]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    t.settle().await;
}

async fn newest(t: &TestHouse) -> i64 {
    t.count(sql!("select max(id) from requests")).await
}

async fn states(t: &TestHouse) -> Vec<(String, i64)> {
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    tx.all(sql!("select state, times from needs order by id"), params![]).await.unwrap()
}

fn states_are(found: &[(String, i64)], wanted: &[(&str, i64)]) {
    let found: Vec<(&str, i64)> = found.iter().map(|(state, times)| (state.as_str(), *times)).collect();
    assert_eq!(found, wanted);
}

/// What stands in the panel, up to the next one.
fn panel(page: &Page) -> String {
    let text = page.text();
    let at = text.find("<h2>Wil weten</h2>").unwrap_or_else(|| panic!("no panel: {text}"));
    text[at..].split("</section>").next().unwrap().to_owned()
}

/// Where a button of the panel posts to: `/needs/7/answered`.
fn button(page: &Page, ends: &str) -> String {
    let text = page.text();
    let (path, _) = text
        .match_indices("action=\"/needs/")
        .map(|(at, _)| text[at + 8..].split_once('"').unwrap())
        .find(|(path, _)| path.ends_with(ends))
        .unwrap_or_else(|| panic!("no {ends}: {text}"));
    path.to_owned()
}

/// The undo that a page after a deed offers.
fn undo(done: &Page) -> String {
    done.location().split("undo=").nth(1).unwrap_or_default().to_owned()
}

async fn person_called(t: &TestHouse, name: &str) -> PersonId {
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    let (id,) =
        tx.one(sql!("select max(id) from people where display_name = $1"), params![name]).await.unwrap();
    id
}

async fn a_question_opens_a_need_and_its_answer_closes_it(t: TestHouse) {
    ask(&t, "Noor de Vries", "noor@mail.example.com", 0, "Wanneer komt het rooster?").await;
    let noor = person_called(&t, "Noor de Vries").await;
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    let page = fleur.get(&format!("/people/{noor}")).await;
    let card = panel(&page);
    for seen in ["Rooster", "formulier", "Wanneer komt het rooster?", "Beantwoord", "Hoeft niet meer"] {
        assert!(card.contains(seen), "{seen}: {card}");
    }
    // The question has a line of its own; the need that follows it has none.
    assert!(!page.has("Wil weten: Rooster"), "{}", page.text());
    let request = newest(&t).await;
    close(&t, "fleur@meerland.example", request, "answered_elsewhere").await;
    states_are(&states(&t).await, &[("answered", 1)]);
    let page = fleur.get(&format!("/people/{noor}")).await;
    assert!(
        panel(&page).contains("staat er niets open") && panel(&page).contains("eerder: 1"),
        "{}",
        panel(&page)
    );
    let page = fleur.get(&format!("/people/{noor}/needs")).await;
    assert!(page.has(&format!("met vraag {request}")) && page.has("beantwoord"), "{}", page.text());
    // The request is opened again, and the need with it.
    fleur.post(&format!("/desk/{request}/reopen"), &[]).await;
    t.settle().await;
    states_are(&states(&t).await, &[("open", 1)]);
    close(&t, "fleur@meerland.example", request, "no_question").await;
    states_are(&states(&t).await, &[("lapsed", 1)]);
    // The words are in the dialogue, and nowhere else: not in what was told.
    let leaks = t.count(sql!("select count(*) from events where payload like '%rooster?%'")).await;
    assert_eq!(leaks, 0);
    assert_eq!(t.count(sql!("select count(*) from askings where words <> ''")).await, 0);
}

async fn asked_again_is_the_same_need(t: TestHouse) {
    ask(&t, "Noor de Vries", "noor@mail.example.com", 0, "Wanneer komt het rooster?").await;
    t.pass(60 * 24 * 3).await;
    ask(&t, "Noor de Vries", "noor@mail.example.com", 0, "Is het rooster er al?").await;
    ask(&t, "Noor de Vries", "noor@mail.example.com", 1, "Mag ik stage lopen?").await;
    states_are(&states(&t).await, &[("open", 2), ("open", 1)]);
    let noor = person_called(&t, "Noor de Vries").await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let card = panel(&admin.get(&format!("/people/{noor}")).await);
    assert!(card.contains("2 keer gevraagd") && card.contains("Is het rooster er al?"), "{card}");
    // Answered, and asked once more: another need.
    let settled =
        admin.post(&button(&admin.clone().get(&format!("/people/{noor}")).await, "/answered"), &[]).await;
    assert_eq!(settled.status, 303, "{}", settled.text());
    let open = t.count(sql!("select count(*) from needs where state = 'open'")).await;
    assert_eq!(open, 1);
}

async fn written_down_by_hand_and_taken_back(t: TestHouse) {
    let noor = added(&t, "Noor de Vries", "noor@mail.example.com", None).await;
    let here = format!("/people/{noor}");
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    // Without a topic it is refused beside the field, and what was typed stays.
    let again = fleur.post(&format!("{here}/needs"), &[("words", "Iets over roosters")]).await;
    assert_eq!(again.status, 422);
    assert!(again.has("error-topic") && again.has("Iets over roosters"), "{}", again.text());
    let topic = t.topics[0].id.to_string();
    let said = [("topic", &*topic), ("words", "Kan het rooster anders? BSN 111222333"), ("source", "phone")];
    let done = fleur.post(&format!("{here}/needs"), &said).await;
    assert!(done.location().contains("done-need-cleaned"), "{}", done.location());
    let page = fleur.get(&here).await;
    assert!(panel(&page).contains("Kan het rooster anders? BSN […]") && panel(&page).contains("telefoon"));
    assert!(page.has("Wil weten: Rooster"), "it has a line: {}", page.text());
    let found = t.count(sql!("select count(*) from detections where place = 'need'")).await;
    assert_eq!(found, 1, "the steward hears of the number");
    // Once more, and that taken back; then the first too.
    let more = fleur.post(&format!("{here}/needs"), &[("topic", &topic), ("source", "hand")]).await;
    assert!(more.location().contains("done-need-again"), "{}", more.location());
    states_are(&states(&t).await, &[("open", 2)]);
    assert_eq!(fleur.post(&undo(&more), &[]).await.status, 303);
    states_are(&states(&t).await, &[("open", 1)]);
    // Somebody else cannot take it back.
    let mut omar = t.signed_in("omar@meerland.example").await;
    assert_eq!(omar.post(&undo(&done), &[]).await.status, 404);
    // Answered with one click, and open again by its undo.
    let settled = fleur.post(&button(&page, "/answered"), &[]).await;
    assert!(settled.location().contains("done-need-answered"), "{}", settled.location());
    states_are(&states(&t).await, &[("answered", 1)]);
    assert!(fleur.get(&here).await.has("Beantwoord: Rooster"));
    let twice = fleur.post(&button(&page, "/lapsed"), &[]).await;
    assert_eq!(twice.status, 409, "it was settled already");
    assert_eq!(fleur.post(&undo(&settled), &[]).await.status, 303);
    states_are(&states(&t).await, &[("open", 1)]);
    assert!(!fleur.get(&here).await.has("Beantwoord: Rooster"), "what was taken back has no line");
    assert_eq!(fleur.post(&undo(&done), &[]).await.status, 303);
    assert_eq!(t.count(sql!("select count(*) from needs")).await, 0);
    assert!(!fleur.get(&here).await.has("Wil weten: Rooster"));
}

async fn a_need_stays_open_as_long_as_a_question_behind_it_is(t: TestHouse) {
    ask(&t, "Noor de Vries", "noor@mail.example.com", 0, "Wanneer komt het rooster?").await;
    let first = newest(&t).await;
    ask(&t, "Noor de Vries", "noor@mail.example.com", 0, "Is het rooster er al?").await;
    let second = newest(&t).await;
    close(&t, "fleur@meerland.example", first, "answered_elsewhere").await;
    states_are(&states(&t).await, &[("open", 2)]);
    // The other was the same question: what was answered was answered.
    close(&t, "fleur@meerland.example", second, "double").await;
    states_are(&states(&t).await, &[("answered", 2)]);
    // Asked anew; then the first goes on, which is one more time that the new one is asked.
    ask(&t, "Noor de Vries", "noor@mail.example.com", 0, "En het rooster van mei?").await;
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    fleur.post(&format!("/desk/{first}/reopen"), &[]).await;
    t.settle().await;
    states_are(&states(&t).await, &[("answered", 2), ("open", 2)]);
    close(&t, "fleur@meerland.example", newest(&t).await, "answered_elsewhere").await;
    states_are(&states(&t).await, &[("answered", 2), ("open", 2)]);
    close(&t, "fleur@meerland.example", first, "answered_elsewhere").await;
    states_are(&states(&t).await, &[("answered", 2), ("answered", 2)]);
}

/// A form of the builder with one condition: who wants to know something about a topic.
fn wanting(topic: &str, held: &str) -> Vec<(String, String)> {
    [
        ("r.is", "all"),
        ("r.n", "1"),
        ("r.0.is", "fact"),
        ("r.0.key", "wants"),
        ("r.0.was", "wants"),
        ("r.0.held", held),
        ("r.0.codes", topic),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

async fn send(by: &mut Browser, path: &str, fields: &[(String, String)], more: &[(&str, &str)]) -> Page {
    let mut all: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    all.extend_from_slice(more);
    by.post(path, &all).await
}

async fn saved(by: &mut Browser, name: &str, fields: &[(String, String)]) -> String {
    let done = send(by, "/segments", fields, &[("name", name)]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    done.location().split(['?', '#']).next().unwrap().to_owned()
}

fn total(page: &Page) -> String {
    let text = page.text();
    let at = text.find("class=\"total\">").unwrap_or_else(|| panic!("{text}")) + 14;
    text[at..].split('<').next().unwrap().to_owned()
}

/// Index and database have the same members for every way to ask it.
async fn same(t: &TestHouse) {
    let topic = t.topics[0].id.to_string();
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    let year = Held::During { from: Some(Bound::YearStart(0)), to: Some(Bound::YearEnd(0)) };
    for held in [Held::Now, Held::Ever, Held::Formerly, year] {
        for kinds in [vec![topic.clone()], Vec::new()] {
            let rule = Rule::fact("wants", Test::Role(Role { kinds, places: Vec::new(), held }));
            let index = tx.people_who(&rule).await.unwrap();
            assert_eq!(index.by, kring_frame::audience::By::Index);
            assert_eq!(index.is, tx.people_who_in_database(&rule).await.unwrap(), "{rule:?}");
        }
    }
}

async fn who_wants_to_know_something_joins_and_leaves(t: TestHouse) {
    let topic = t.topics[0].id.to_string();
    let noor = added(&t, "Noor de Vries", "noor@mail.example.com", None).await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let page = send(&mut admin, "/segments/build", &wanting(&topic, "now"), &[("op", "update")]).await;
    assert!(page.has("Mensen die iets willen weten over Rooster"), "{}", page.text());
    let page = send(&mut admin, "/segments/build", &wanting(&topic, "formerly"), &[("op", "update")]).await;
    assert!(page.has("vroeger iets wilden weten, en nu niet meer, over Rooster"), "{}", page.text());
    let mut english = t.signed_in("marit@meerland.example").await.in_english();
    let page = send(&mut english, "/segments/build", &wanting(&topic, "now"), &[("op", "update")]).await;
    assert!(page.has("People who want to know about Timetable"), "{}", page.text());
    let now = saved(&mut admin, "Wil nu weten", &wanting(&topic, "now")).await;
    let before = saved(&mut admin, "Wilde weten", &wanting(&topic, "formerly")).await;
    assert_eq!(total(&admin.get(&now).await), "0");
    let done = admin.post(&format!("/people/{noor}/needs"), &[("topic", &topic), ("source", "hand")]).await;
    // Nobody has settled anything: it was so before the colleague got an answer.
    let page = admin.get(&now).await;
    assert_eq!(total(&page), "1", "{}", page.text());
    assert!(page.has("Noor de Vries") && page.has("Wil weten: Rooster"), "the cause: {}", page.text());
    same(&t).await;
    let need = undo(&done);
    let settle = button(&admin.get(&format!("/people/{noor}")).await, "/answered");
    admin.post(&settle, &[]).await;
    let page = admin.get(&now).await;
    assert_eq!(total(&page), "0", "the very day: {}", page.text());
    assert!(page.has("ging eruit") && page.has("Beantwoord: Rooster"), "{}", page.text());
    assert_eq!(total(&admin.get(&before).await), "1");
    same(&t).await;
    assert_eq!(admin.post(&need, &[]).await.status, 409, "what was answered is not taken back");
    // By a question of the form, and out again by its answer.
    ask(&t, "Noor de Vries", "noor@mail.example.com", 0, "Wanneer komt het rooster?").await;
    let page = admin.get(&now).await;
    assert_eq!(total(&page), "1");
    assert!(page.has("iets dat iemand wil weten"), "{}", page.text());
    assert_eq!(total(&admin.get(&before).await), "0", "now again");
    close(&t, "fleur@meerland.example", newest(&t).await, "answered_elsewhere").await;
    let page = admin.get(&now).await;
    assert_eq!(total(&page), "0");
    assert!(page.has("een vraag die werd afgesloten"), "{}", page.text());
    t.pass(60 * 24 * 2).await;
    same(&t).await;
}

async fn another_unit_and_another_purpose_do_not_see_it(t: TestHouse) {
    ask(&t, "Noor de Vries", "noor@mail.example.com", 0, "Wanneer komt het rooster?").await;
    let noor = person_called(&t, "Noor de Vries").await;
    let (here, id) = (format!("/people/{noor}"), t.count(sql!("select max(id) from needs")).await);
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    assert!(panel(&fleur.get(&here).await).contains("Rooster"));
    // Bas works for another unit; the same right, another reach.
    let mut bas = t.signed_in("bas@meerland.example").await;
    let card = panel(&bas.get(&here).await);
    assert!(card.contains("staat er niets open") && !card.contains("Wanneer komt"), "{card}");
    assert!(!bas.get(&format!("{here}/needs")).await.has("Wanneer komt"));
    let (foreign, made_up) = (
        bas.post(&format!("/needs/{id}/answered"), &[]).await,
        bas.post("/needs/424242/answered", &[]).await,
    );
    assert_eq!((foreign.status, foreign.body), (404, made_up.body));
    let list = bas.get(&format!("/needs/topics/{}?show=open", t.topics[0].id)).await;
    assert!(!list.has("Noor de Vries"), "{}", list.text());
    assert!(!bas.get("/needs").await.has("Rooster</th>"));
    // What he writes down himself is seen by both: by his unit, and by the one that answers.
    let topic = t.topics[0].id.to_string();
    let sam = added(&t, "Sam Bos", "sam@mail.example.com", None).await;
    let said = [("topic", &*topic), ("words", "Vroeg naar het rooster van de stage"), ("source", "hand")];
    assert_eq!(bas.post(&format!("/people/{sam}/needs"), &said).await.status, 303);
    for by in [&mut bas, &mut fleur] {
        assert!(panel(&by.get(&format!("/people/{sam}")).await).contains("rooster van de stage"));
    }
    // The steward has no business with what people ask.
    let mut piet = t.signed_in("piet@meerland.example").await;
    let page = piet.get(&here).await;
    assert!(!page.has("<h2>Wil weten</h2>"), "{}", page.text());
    assert_eq!(piet.get(&format!("{here}/needs")).await.status, 403);
    let denied = piet.get(&format!("/needs/topics/{topic}?show=open")).await;
    assert_eq!(denied.status, 403);
}

async fn the_list_of_needs_counts_and_hides(t: TestHouse) {
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    assert!(admin.get("/needs").await.has("Nog niemand vroeg iets"));
    for n in 0..12 {
        let (name, email) = (format!("Mens {n} Jansen"), format!("mens{n}@mail.example.com"));
        let id = added(&t, &name, &email, None).await;
        if n < 9 {
            given(&t, id, "prospect", "Verpleegkunde", "2026-01-01", None).await;
        }
        // A colleague of the counter, so that no address asks too often.
        let topic = t.topics[0].id.to_string();
        let said = [("topic", &*topic), ("source", if n == 0 { "phone" } else { "hand" })];
        assert_eq!(admin.post(&format!("/people/{id}/needs"), &said).await.status, 303);
    }
    t.pass(60 * 5).await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let topic = t.topics[0].id;
    let list = admin.get(&format!("/needs/topics/{topic}?show=open")).await;
    assert!(list.has("Mens 11 Jansen") && list.has("gesprek"), "{}", list.text());
    for id in 1..=10 {
        assert_eq!(admin.post(&format!("/needs/{id}/answered"), &[]).await.status, 303);
    }
    let page = admin.get("/needs").await;
    for seen in
        ["Rooster", "show=open\">2<", "show=asked\">12<", "5 uur (n = 10)", "83", "gesprek 11 · telefoon 1"]
    {
        assert!(page.has(seen), "{seen}: {}", page.text());
    }
    let page = admin.get("/needs?role=prospect&programme=Verpleegkunde&days=90").await;
    assert!(page.has("show=asked\">9<") && page.has("te weinig"), "{}", page.text());
    assert!(admin.get("/needs?role=alumnus").await.has("Niemand in deze groep"));
    let file = admin.get("/needs.csv").await;
    assert!(file.status == 200 && file.has("Rooster;2;12;"), "{}", file.text());
    // The board counts, but not to the person, and not by taking a part from the whole.
    let mut ria = t.signed_in("ria@meerland.example").await;
    let page = ria.get("/needs").await;
    assert!(page.has("minder dan 10") && page.has(">12<") && !page.has("show=open"), "{}", page.text());
    assert!(!page.has("telefoon 1"), "{}", page.text());
    let page = ria.get("/needs?role=prospect").await;
    assert!(!page.has(">9<") && !page.has(">12<"), "{}", page.text());
    assert_eq!(ria.get(&format!("/needs/topics/{topic}?show=open")).await.status, 403);
    assert!(!ria.get("/needs.csv").await.has(";2;"));
}

async fn an_event_that_is_heard_twice_makes_one_need(t: TestHouse) {
    ask(&t, "Noor de Vries", "noor@mail.example.com", 0, "Wanneer komt het rooster?").await;
    let (noor, request) = (person_called(&t, "Noor de Vries").await, newest(&t).await);
    // Told once more, as it is when two nodes race.
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    let again = RequestOpened { topic: t.topics[0].id.get(), channel: "form".into(), dialogue: None };
    tx.tell(About::person(noor).in_unit(t.units[1]).subject(request), &again).await.unwrap();
    tx.commit().await.unwrap();
    t.settle().await;
    states_are(&states(&t).await, &[("open", 1)]);
    close(&t, "fleur@meerland.example", request, "answered_elsewhere").await;
    // And heard again from the first event on, as in a house that was there before this room.
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    tx.run(sql!("delete from event_cursors where reader like 'needs.%'"), params![]).await.unwrap();
    tx.commit().await.unwrap();
    let t = t.reopened().await;
    states_are(&states(&t).await, &[("answered", 1)]);
    assert_eq!(t.count(sql!("select count(*) from events where kind = 'need.closed'")).await, 1);
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    for table in [
        sql!("delete from askings"),
        sql!("delete from needs"),
        sql!("delete from event_cursors where reader like 'needs.%'"),
    ] {
        tx.run(table, params![]).await.unwrap();
    }
    tx.commit().await.unwrap();
    let t = t.reopened().await;
    states_are(&states(&t).await, &[("answered", 1)]);
    assert_eq!(t.count(sql!("select count(*) from askings where closed and answered")).await, 1);
}

async fn a_merge_brings_needs_together_and_apart(t: TestHouse) {
    ask(&t, "Noor de Vries", "noor@mail.example.com", 0, "Wanneer komt het rooster?").await;
    let first = newest(&t).await;
    ask(&t, "N. de Vries", "n.devries@work.example.com", 0, "Is het rooster er al?").await;
    let (noor, also) = (person_called(&t, "Noor de Vries").await, person_called(&t, "N. de Vries").await);
    assert_ne!(noor, also);
    let actor = t.actor("hanneke@meerland.example").await;
    let permit = actor.permit(&kring_people::WRITE_PEOPLE).unwrap();
    let mut tx = t.house.write(&actor).await.unwrap();
    let merged = merge::people(&mut tx, &permit, noor, also, &[], "").await.unwrap();
    tx.commit().await.unwrap();
    t.settle().await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let page = admin.get(&format!("/people/{noor}")).await;
    assert!(panel(&page).contains("2 keer gevraagd"), "{}", panel(&page));
    assert_eq!(panel(&page).matches("/answered").count(), 1, "they read as one: {}", panel(&page));
    same(&t).await;
    // Settled as one, and open again as one.
    let settled = admin.post(&button(&page, "/answered"), &[]).await;
    states_are(&states(&t).await, &[("answered", 1), ("answered", 1)]);
    assert_eq!(admin.post(&undo(&settled), &[]).await.status, 303);
    states_are(&states(&t).await, &[("open", 1), ("open", 1)]);
    // Asked by the one they are now, it is one of theirs that is asked once more.
    let topic = t.topics[0].id.to_string();
    admin.post(&format!("/people/{noor}/needs"), &[("topic", &topic), ("source", "hand")]).await;
    states_are(&states(&t).await, &[("open", 2), ("open", 1)]);
    let mut tx = t.house.write(&actor).await.unwrap();
    merge::undo_people(&mut tx, &permit, merged).await.unwrap();
    tx.commit().await.unwrap();
    t.settle().await;
    let card = panel(&admin.get(&format!("/people/{also}")).await);
    assert!(card.contains("Is het rooster er al?") && !card.contains("keer gevraagd"), "{card}");
    close(&t, "fleur@meerland.example", first, "answered_elsewhere").await;
    states_are(&states(&t).await, &[("answered", 2), ("open", 1)]);
    same(&t).await;
}

async fn needs_are_in_the_dossier_and_are_forgotten(t: TestHouse) {
    let noor = added(&t, "Noor de Vries", "noor@mail.example.com", None).await;
    let topic = t.topics[0].id.to_string();
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let said = [("topic", &*topic), ("words", "Zoekt een kamer in Meerstad"), ("source", "hand")];
    assert_eq!(admin.post(&format!("/people/{noor}/needs"), &said).await.status, 303);
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    let (_, tell, _) = t.house.rooms.people.iter().find(|(room, ..)| *room == "needs").unwrap();
    let told = tell(&mut tx, noor).await.unwrap();
    let data = serde_json::to_string(&told).unwrap();
    assert!(data.contains("Zoekt een kamer in Meerstad") && data.contains("timetable"), "{data}");
    drop(tx);
    let gone = admin.post(&format!("/people/{noor}/privacy/erase"), &[("number", &noor.to_string())]).await;
    assert_eq!(gone.status, 303, "{}", gone.text());
    t.settle().await;
    assert_eq!(t.count(sql!("select count(*) from needs")).await, 0);
    assert_eq!(t.count(sql!("select count(*) from askings")).await, 0);
    // A question of theirs that is heard late opens nothing.
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    let late = RequestOpened { topic: t.topics[0].id.get(), channel: "form".into(), dialogue: None };
    tx.tell(About::person(noor).subject(77), &late).await.unwrap();
    tx.commit().await.unwrap();
    t.settle().await;
    assert_eq!(t.count(sql!("select count(*) from needs")).await, 0);
}

async fn a_program_writes_needs_down_and_settles_them(t: TestHouse) {
    let noor = added(&t, "Noor de Vries", "noor@mail.example.com", None).await;
    let key = |scopes: &'static [&'static str], unit: usize| {
        let t = &t;
        async move {
            let admin = t.actor("hanneke@meerland.example").await;
            let permit = admin.permit(&kring_access::MANAGE_STAFF).unwrap();
            let mut tx = t.house.write(&admin).await.unwrap();
            let token =
                kring_access::make_key(&mut tx, &permit, "proef", scopes, t.units[unit]).await.unwrap();
            tx.commit().await.unwrap();
            t.browser().with_key(&token.reveal())
        }
    };
    let mut program = key(&["needs.read", "needs.write"], 0).await;
    let body = serde_json::json!({"person": noor.get(), "topic": t.topics[0].id.get(), "words": "Wil het rooster", "source": "hand"});
    let headers = [("idempotency-key", "een")];
    let made = program.post_json("/api/v1/needs", &body, &headers).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(program.post_json("/api/v1/needs", &body, &headers).await.json(), made.json(), "once");
    assert_eq!(program.post_json("/api/v1/needs", &body, &[]).await.json()["times"], 2);
    for (body, field) in [
        (serde_json::json!({"person": 424_242, "topic": t.topics[0].id.get()}), "person"),
        (serde_json::json!({"person": noor.get(), "topic": 424_242}), "topic"),
        (
            serde_json::json!({"person": noor.get(), "topic": t.topics[0].id.get(), "source": "droom"}),
            "source",
        ),
    ] {
        let refused = program.post_json("/api/v1/needs", &body, &[]).await;
        assert_eq!(
            (refused.status, &refused.json()["errors"][0]["field"]),
            (422, &field.into()),
            "{}",
            refused.text()
        );
    }
    let list = program.get(&format!("/api/v1/needs?state=open&topic={}", t.topics[0].id)).await;
    assert_eq!(list.json()["needs"].as_array().unwrap().len(), 1, "{}", list.text());
    assert!(!list.has("rooster"), "the words are not told");
    assert_eq!(program.get("/api/v1/needs?state=lapsed").await.json()["needs"], serde_json::json!([]));
    assert_eq!(program.get("/api/v1/needs?state=dicht").await.status, 422);
    let id = made.json()["id"].as_i64().unwrap();
    let mut other = key(&["needs.read", "needs.write"], 2).await;
    assert_eq!(other.get(&format!("/api/v1/needs/{id}")).await.status, 404, "another unit's need");
    let mut reader = key(&["needs.read"], 0).await;
    let nothing = serde_json::json!({});
    assert_eq!(reader.post_json(&format!("/api/v1/needs/{id}/answer"), &nothing, &[]).await.status, 403);
    let answered = program.post_json(&format!("/api/v1/needs/{id}/answer"), &nothing, &[]).await;
    assert_eq!((answered.status, &answered.json()["state"]), (200, &"answered".into()));
    assert_eq!(program.post_json(&format!("/api/v1/needs/{id}/lapse"), &nothing, &[]).await.status, 409);
}
