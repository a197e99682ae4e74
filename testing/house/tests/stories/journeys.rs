//! Journeys: from a recipe to the letter, the answer, the colleague and the end; paused, taken over, refused and explained.

use kring_consent::{Act, Channel, Entry, record};
use kring_frame::{Actor, PersonId, Purpose, params, sql};
use kring_people::contact;
use kring_testing::{Browser, Page, TestHouse, both};

use crate::{
    inbound::{mail, reply_address, reply_address_of},
    people::{added, given},
};

both!(
    a_recipe_becomes_letters_an_answer_and_a_task,
    a_letter_is_in_the_language_of_its_reader,
    a_pause_holds_everything_and_loses_nothing,
    a_stop_takes_back_what_has_not_gone,
    the_emergency_stop_holds_all_but_service,
    a_new_version_takes_over_on_purpose,
    patience_is_kept_and_told,
    steps_are_added_moved_and_undone,
    faults_keep_it_from_being_published,
    somebody_is_tried_with_a_moving_clock,
    a_yes_after_the_end_changes_the_answer_only,
    joining_a_segment_begins_and_ends_a_wait,
    on_a_journey_is_in_the_dossier_and_is_forgotten,
    another_unit_may_look_and_not_change,
    late_is_late_by_its_own_rule,
    a_segment_begins_over_hours_and_can_be_stopped,
    a_program_begins_one_once,
    why_a_message_came_is_told,
    who_writes_back_is_answered_by_a_colleague,
    a_wait_hears_who_writes_back,
);

const ADMIN: &str = "hanneke@meerland.example";

/// Takes a recipe; its number.
async fn take(by: &mut Browser, recipe: &str) -> i64 {
    let made = by.post("/journeys", &[("recipe", recipe)]).await;
    assert_eq!(made.status, 303, "{}", made.text());
    made.location().rsplit('/').next().unwrap().parse().unwrap()
}

async fn publish(by: &mut Browser, journey: i64) {
    let page = by.get(&format!("/journeys/{journey}")).await;
    let done = by.post(&format!("/journeys/{journey}/publish"), &[("draft", &page.field("draft"))]).await;
    assert!(done.location().contains("done-published"), "{}", done.text());
}

async fn state(by: &mut Browser, journey: i64, to: &str) {
    let done = by.post(&format!("/journeys/{journey}/state"), &[("state", to)]).await;
    assert!(done.location().contains("done-state"), "{}", done.text());
}

/// Changes a step by its form; what must be said of it beforehand is the draft.
async fn change(by: &mut Browser, journey: i64, path: &str, fields: &[(&str, &str)]) -> Page {
    let draft = by.get(&format!("/journeys/{journey}")).await.field("draft");
    let mut all = vec![("draft", draft.as_str())];
    all.extend_from_slice(fields);
    by.post(&format!("/journeys/{journey}{path}"), &all).await
}

async fn says(t: &TestHouse, person: PersonId, purpose: Purpose, act: Act) {
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    record(&mut tx, &Entry::new(person, purpose, Channel::Mail, act, "test")).await.unwrap();
    tx.commit().await.unwrap();
    t.settle().await;
}

/// Somebody grown up who begins to orient.
async fn prospect(t: &TestHouse, name: &str, email: &str) -> PersonId {
    let person = added(t, name, email, Some("1999-05-05")).await;
    given(t, person, "prospect", "", "2026-11-23", None).await;
    person
}

/// The link of a letter to an answer of its question, by its code.
fn link(html: &str, code: &str) -> String {
    let end = format!("a={code}\"");
    let at = html.find(&end).unwrap_or_else(|| panic!("no answer {code} in {html}"));
    let start = html[..at].rfind("/q/").unwrap();
    html[start..at + end.len() - 1].replace("&amp;", "&").replace("&#38;", "&")
}

async fn answer(t: &TestHouse, html: &str, code: &str, remark: &str) -> Page {
    let mut visitor = t.browser();
    let path = link(html, code);
    let seen = visitor.get(&path).await;
    assert_eq!(seen.status, 200, "{}", seen.text());
    assert!(seen.text().contains(&format!("value=\"{code}\" checked")), "what was clicked is ready");
    let sent = visitor.post(&path, &[("answer", code), ("remark", remark)]).await;
    t.settle().await;
    sent
}

async fn run_of(t: &TestHouse, person: PersonId) -> (i64, String, Option<i64>, Option<String>) {
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    tx.one(
        sql!(
            "select id, state, step, outcome from journey_runs where person_id = $1 order by id desc limit 1"
        ),
        params![person],
    )
    .await
    .unwrap()
}

const DAY: i64 = 24 * 60;

async fn a_recipe_becomes_letters_an_answer_and_a_task(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    assert!(admin.get("/journeys").await.has("Nog geen journeys"));
    let journey = take(&mut admin, "welcome").await;
    let page = admin.get(&format!("/journeys/{journey}")).await;
    assert!(page.has("Controleer en publiceer") && page.has("krijgt een rol"), "{}", page.text());
    publish(&mut admin, journey).await;

    let person = prospect(&t, "Suharto Wijaya", "suharto@example.org").await;
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    contact::add(&mut tx, person, contact::Kind::Phone, "0612345678", "staff").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(run_of(&t, person).await.2, Some(1), "an hour to go, and then a working morning");
    assert!(t.drawer().await.is_empty());
    t.pass(61).await;
    let letters = t.drawer().await;
    assert_eq!(letters.len(), 1);
    let (to, subject, html) = &letters[0];
    assert_eq!(to, "suharto@example.org");
    assert!(subject.starts_with("Welkom bij"), "{subject}");
    assert!(html.contains("Suharto") && html.contains("lang=\"nl\""));

    // A scanner opens every link; nothing has been said by that.
    for code in ["study", "living", "visit"] {
        assert_eq!(t.browser().get(&link(html, code)).await.status, 200);
    }
    t.settle().await;
    assert_eq!(run_of(&t, person).await.2, Some(3), "it waits on");
    let thanks = answer(&t, html, "living", "Kan ik in Harbour wonen?").await;
    assert!(thanks.location().contains("/thanks"), "{}", thanks.text());
    t.pass(1).await;
    let letters = t.drawer().await;
    assert_eq!(letters[1].1, "Wonen en geld: hier begin je", "the answer opened its way");

    // What they wrote is a turn of the thread of the journey's topic, as is every letter.
    let turns = t.count(sql!("select count(*) from turns t join dialogues d on d.id = t.dialogue_id")).await;
    assert_eq!(turns, 3);
    assert_eq!(t.count(sql!("select count(distinct dialogue_id) from turns")).await, 1);

    t.pass(37 * DAY).await;
    let still = t.drawer().await.last().unwrap().2.clone();
    answer(&t, &still, "call", "").await;
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    let task: Option<(i64, String)> =
        tx.maybe(sql!("select id, kind from journey_tasks where done_at is null"), params![]).await.unwrap();
    drop(tx);
    // They never said that they may be phoned for orientation; by law that needs no yes beforehand, only no objection.
    let (task, kind) = task.expect("a call on somebody's list");
    assert_eq!(kind, "call");
    let mut admin = t.signed_in(ADMIN).await;
    assert!(admin.get("/").await.has("Suharto"), "on the start page");
    let page = admin.get(&format!("/journeys/tasks/{task}")).await;
    assert!(page.has("Niet bereikt"), "{}", page.text());
    let done =
        admin.post(&format!("/journeys/tasks/{task}"), &[("end", "done"), ("note", "Komt meelopen")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    t.settle().await;
    let (run, state, _, outcome) = run_of(&t, person).await;
    assert_eq!((state.as_str(), outcome.as_deref()), ("ended", Some("in-conversation")));

    let why = admin.get(&format!("/journeys/runs/{run}")).await;
    for said in ["krijgt een rol", "Wonen en geld", "Antwoordde", "Verstuurd op"] {
        assert!(why.has(said), "{said}: {}", why.text());
    }
    let page = admin.get(&format!("/people/{person}")).await;
    assert!(page.has("Begon aan") && page.has("antwoordde"), "{}", page.text());
}

async fn a_letter_is_in_the_language_of_its_reader(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let journey = take(&mut admin, "welcome").await;
    publish(&mut admin, journey).await;
    let mut people = Vec::new();
    for (name, email, tag) in [
        ("Layla Haddad", "layla@example.org", "ar"),
        ("Ann Lee", "ann@example.org", "en"),
        ("Lars Berg", "lars@example.org", "sv"),
    ] {
        let person = added(&t, name, email, Some("1999-05-05")).await;
        let mut tx = t.house.write(&Actor::robot()).await.unwrap();
        tx.run(sql!("update people set lang = $2 where id = $1"), params![person, tag]).await.unwrap();
        tx.commit().await.unwrap();
        given(&t, person, "prospect", "", "2026-11-23", None).await;
        people.push(person);
    }
    t.pass(61).await;
    let letters = t.drawer().await;
    let of = |email: &str| letters.iter().find(|(to, ..)| to == email).unwrap();
    let arabic = &of("layla@example.org").2;
    assert!(arabic.contains("lang=\"ar\"") && arabic.contains("dir=\"rtl\""), "{arabic}");
    assert!(of("ann@example.org").1.starts_with("Welcome to"));
    assert!(
        of("lars@example.org").1.starts_with("Welcome to"),
        "no Swedish: English comes before Dutch for them"
    );
    let page = t.browser().get(&link(arabic, "visit")).await;
    assert!(page.text().contains("dir=\"rtl\""), "the page of the question, too: {}", page.text());
}

async fn a_pause_holds_everything_and_loses_nothing(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let journey = take(&mut admin, "welcome").await;
    publish(&mut admin, journey).await;
    let first = prospect(&t, "Anna Vos", "anna@example.org").await;
    t.pass(61).await;
    let html = t.drawer().await[0].2.clone();
    let second = prospect(&t, "Bram Vos", "bram@example.org").await;
    state(&mut admin, journey, "paused").await;

    let third = prospect(&t, "Cor Vos", "cor@example.org").await;
    answer(&t, &html, "visit", "").await;
    t.pass(120).await;
    assert_eq!(t.drawer().await.len(), 1, "nothing leaves");
    assert_eq!(run_of(&t, first).await.2, Some(3), "the answer is kept, and nobody goes on");
    assert_eq!(t.count(sql!("select count(*) from journey_runs")).await, 2, "and nobody begins");
    assert!(admin.get(&format!("/journeys/{journey}/why?number={third}")).await.has("gepauzeerd"));

    state(&mut admin, journey, "live").await;
    t.settle().await;
    let subjects: Vec<String> = t.drawer().await.into_iter().map(|(_, subject, _)| subject).collect();
    assert_eq!(subjects.len(), 3, "{subjects:?}");
    assert!(subjects.contains(&"Kom een dagdeel meelopen".to_owned()), "the answer counts: {subjects:?}");
    assert_eq!(run_of(&t, second).await.2, Some(3));
}

async fn a_stop_takes_back_what_has_not_gone(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let journey = take(&mut admin, "welcome").await;
    publish(&mut admin, journey).await;
    let person = prospect(&t, "Anna Vos", "anna@example.org").await;
    t.clock.advance(jiff::SignedDuration::from_mins(61));
    t.house.settle_but(&["send"]).await.unwrap();
    assert_eq!(t.count(sql!("select count(*) from messages where state = 'planned'")).await, 1);
    let (run, ..) = run_of(&t, person).await;
    let done = admin.post(&format!("/journeys/runs/{run}/stop"), &[]).await;
    assert_eq!(done.status, 303);
    t.settle().await;
    assert!(t.drawer().await.is_empty());
    assert_eq!(t.count(sql!("select count(*) from messages where state = 'cancelled'")).await, 1);
    assert_eq!(run_of(&t, person).await.1, "stopped");
}

async fn the_emergency_stop_holds_all_but_service(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let journey = take(&mut admin, "welcome").await;
    publish(&mut admin, journey).await;
    prospect(&t, "Anna Vos", "anna@example.org").await;
    let stop = admin.post("/operations/mail/stop", &[("stop", "yes")]).await;
    assert_eq!(stop.status, 303, "{}", stop.text());
    assert!(admin.get("/operations/mail").await.has("Noodstop"));
    t.pass(61).await;
    let topic = t.topics[0].id.to_string();
    t.browser()
        .post(
            "/contact?lang=nl",
            &[
                ("name", "Bo"),
                ("email", "bo@example.org"),
                ("topic", &topic),
                ("text", "Hoe laat?"),
                ("website", ""),
            ],
        )
        .await;
    t.settle().await;
    let letters = t.drawer().await;
    assert_eq!(letters.len(), 1, "what somebody asked is answered");
    assert_eq!(letters[0].0, "bo@example.org");
    admin.post("/operations/mail/stop", &[("stop", "no")]).await;
    t.settle().await;
    assert_eq!(t.drawer().await.len(), 2, "and the rest goes on where it was");
}

async fn a_new_version_takes_over_on_purpose(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let journey = take(&mut admin, "welcome").await;
    publish(&mut admin, journey).await;
    let person = prospect(&t, "Anna Vos", "anna@example.org").await;
    // The wait of an hour becomes one of three days; another step is put before it.
    let wait = [("n", "3"), ("unit", "days"), ("day", ""), ("happens", ""), ("segment", "")];
    assert_eq!(change(&mut admin, journey, "/steps/1", &wait).await.status, 303);
    publish(&mut admin, journey).await;
    t.pass(61).await;
    assert_eq!(t.drawer().await.len(), 1, "whoever began stays on what they began with");
    let second = prospect(&t, "Bram Vos", "bram@example.org").await;
    t.pass(61).await;
    assert_eq!(t.drawer().await.len(), 1, "who begins now waits three days");

    // Their step goes away in the third version.
    assert_eq!(change(&mut admin, journey, "/steps/1/move", &[("to", "away")]).await.status, 303);
    publish(&mut admin, journey).await;
    let page = admin.get(&format!("/journeys/{journey}/versions/2/take-over")).await;
    assert!(page.has("deze stap is er niet meer"), "{}", page.text());
    let moved = admin.post(&format!("/journeys/{journey}/versions/2/take-over"), &[("to-1", "")]).await;
    assert_eq!(moved.status, 303);
    assert_eq!(
        t.count(sql!("select count(*) from journey_runs where version = 2")).await,
        1,
        "left where it was"
    );
    let moved = admin.post(&format!("/journeys/{journey}/versions/2/take-over"), &[("to-1", "3")]).await;
    assert_eq!(moved.status, 303);
    assert_eq!(run_of(&t, second).await.2, Some(3));
    assert_eq!(run_of(&t, person).await.2, Some(3));
    let page = admin.get(&format!("/journeys/{journey}/versions/1/take-over")).await;
    assert!(page.has("blijft bij dezelfde stap"), "{}", page.text());
    admin.post(&format!("/journeys/{journey}/versions/1/take-over"), &[]).await;
    assert_eq!(t.count(sql!("select count(*) from journey_runs where version = 3")).await, 2);
}

async fn patience_is_kept_and_told(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let one = take(&mut admin, "welcome").await;
    let person = added(&t, "Anna Vos", "anna@example.org", Some("1999-05-05")).await;
    for _ in 0..2 {
        let mut tx = t.house.write(&Actor::robot()).await.unwrap();
        tx.run(
            sql!("insert into attention (person_id, kind, claim, at) values ($1, 'promotion_mail', $2, $3)"),
            params![person, format!("test/{}", t.clock.now()), t.clock.now()],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        t.pass(1).await;
    }
    publish(&mut admin, one).await;
    given(&t, person, "prospect", "", "2026-11-23", None).await;
    t.pass(61).await;
    assert!(t.drawer().await.is_empty(), "two a month is the patience of anybody");
    let (run, ..) = run_of(&t, person).await;
    let why = admin.get(&format!("/journeys/runs/{run}")).await;
    assert!(why.has("vaak genoeg") && why.has("morgen opnieuw"), "{}", why.text());
    // The step says: seven days at most. It is tried each day and then left.
    for _ in 0..9 {
        t.pass(DAY).await;
    }
    assert!(t.drawer().await.is_empty());
    let refused =
        sql!("select count(*) from messages where subject_id = (select min(id) from journey_deeds)");
    assert_eq!(t.count(refused).await, 7, "once a day");
    let left = sql!(
        "select count(*) from journey_deeds where state = 'refused' and id = (select min(id) from journey_deeds)"
    );
    assert_eq!(t.count(left).await, 1, "and then it is left, and the journey has gone on");

    // Whoever says no is written to no more, whatever was planned.
    let other = prospect(&t, "Bram Vos", "bram@example.org").await;
    says(&t, other, Purpose::Orientation, Act::Objection).await;
    t.pass(61).await;
    assert!(t.drawer().await.iter().all(|(to, ..)| to != "bram@example.org"));
}

async fn steps_are_added_moved_and_undone(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let unit = t.units[1].to_string();
    let made = admin.post("/journeys", &[("name", "Proef"), ("unit", &unit)]).await;
    let journey: i64 = made.location().rsplit('/').next().unwrap().parse().unwrap();
    let path = format!("/journeys/{journey}");
    assert!(admin.get(&path).await.has("Er zijn nog geen stappen"));
    let added = change(&mut admin, journey, "/steps", &[("add", "wait@first")]).await;
    assert!(added.location().contains("step=1"), "{}", added.location());
    change(&mut admin, journey, "/steps", &[("add", "end@after-1")]).await;
    change(&mut admin, journey, "/steps/2", &[("outcome", "gezien")]).await;
    change(&mut admin, journey, "/steps", &[("add", "split@after-1")]).await;
    change(&mut admin, journey, "/steps", &[("add", "tell@into-3-0")]).await;
    let faulty = change(&mut admin, journey, "/steps/4", &[("code", "Niet Goed")]).await;
    assert_eq!(faulty.status, 422);
    assert!(faulty.has("Niet Goed") && faulty.has("kleine letters"), "{}", faulty.text());
    change(&mut admin, journey, "/steps/4", &[("code", "gezien")]).await;
    change(&mut admin, journey, "/steps/3/move", &[("to", "up")]).await;
    let text = admin.get(&path).await.text();
    let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("no {what}"));
    assert!(at("Verdeel door loting") < at("Wacht 3 dagen"));
    assert!(text.contains("Meld “gezien”"));

    // Two at once: the second sees that the first was there, and loses nothing typed.
    let stale = admin.post(&format!("{path}/steps/2"), &[("draft", "1"), ("outcome", "anders")]).await;
    assert_eq!(stale.status, 422);
    assert!(stale.has("intussen veranderd"), "{}", stale.text());

    admin.post(&format!("{path}/undo"), &[]).await;
    let text = admin.get(&path).await.text();
    let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("no {what}"));
    assert!(at("Wacht 3 dagen") < at("Verdeel door loting"), "one step back");
    let redone = admin.post(&format!("{path}/redo"), &[]).await;
    assert!(redone.location().contains("done-redone"));
    let nothing = admin.post(&format!("{path}/redo"), &[]).await;
    assert_eq!(nothing.status, 422, "nothing to step forward to");
}

async fn faults_keep_it_from_being_published(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let unit = t.units[1].to_string();
    let made = admin.post("/journeys", &[("name", "Proef"), ("unit", &unit)]).await;
    let journey: i64 = made.location().rsplit('/').next().unwrap().parse().unwrap();
    change(&mut admin, journey, "/steps", &[("add", "mail@first")]).await;
    let page = admin.get(&format!("/journeys/{journey}?step=1")).await;
    assert!(page.has("Stap 2"), "{}", page.text());
    let draft = page.field("draft");
    let refused = admin.post(&format!("/journeys/{journey}/publish"), &[("draft", &draft)]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.has("Los eerst op"), "{}", refused.text());

    let text = format!("/journeys/{journey}/steps/1/text");
    let fields = [
        ("tongue", "nl"),
        ("subject", "Hallo {{ first_name }}"),
        ("preview", "Kort"),
        ("blocks", "1"),
        ("b-0-kind", "text"),
        ("b-0-text", "Dag {{ naam }}"),
    ];
    let mut all = vec![("draft", draft.as_str())];
    all.extend(fields);
    assert_eq!(admin.post(&text, &all).await.status, 303);
    let page = admin.get(&format!("/journeys/{journey}?step=1")).await;
    assert!(page.has("naam"), "an unknown field is named: {}", page.text());
    // A block is added without losing what was typed, and nothing is saved by that.
    let draft = page.field("draft");
    let mut all = vec![("draft", draft.as_str()), ("act", "add-1-choices")];
    all.extend(fields);
    let shown = admin.post(&text, &all).await;
    assert!(shown.has("Dag {{ naam }}") && shown.text().contains("b-1-question"), "{}", shown.text());
    let mut all = vec![("draft", draft.as_str())];
    all.extend(fields.map(
        |(name, value)| if name == "b-0-text" { (name, "Dag {{ first_name }}") } else { (name, value) },
    ));
    assert_eq!(admin.post(&text, &all).await.status, 303);
    let preview = admin.get(&format!("/journeys/{journey}/steps/1/preview")).await;
    assert!(preview.has("Hallo") || preview.has("Dag Sam"), "{}", preview.text());
    let start =
        [("by", "hand"), ("again", "never"), ("purpose", "service"), ("topic", &t.topics[0].id.to_string())];
    assert_eq!(change(&mut admin, journey, "/start", &start).await.status, 303);
    publish(&mut admin, journey).await;

    // English is wanted and falls back; adding it makes a copy to translate, and Dutch that changes makes it older.
    assert_eq!(
        change(&mut admin, journey, "/steps/1/languages", &[("what", "add"), ("tongue", "en")]).await.status,
        303
    );
    let draft = admin.get(&format!("/journeys/{journey}")).await.field("draft");
    let mut all = vec![("draft", draft.as_str())];
    all.extend(fields.map(|(name, value)| {
        if name == "b-0-text" { (name, "Goedendag {{ first_name }}") } else { (name, value) }
    }));
    admin.post(&text, &all).await;
    assert!(admin.get(&format!("{text}?tongue=en")).await.has("veranderd sinds"));
    change(&mut admin, journey, "/steps/1/languages", &[("what", "same"), ("tongue", "en")]).await;
    assert!(!admin.get(&format!("{text}?tongue=en")).await.has("veranderd sinds"));
}

async fn somebody_is_tried_with_a_moving_clock(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let journey = take(&mut admin, "welcome").await;
    let person = added(&t, "Anna Vos", "anna@example.org", Some("1999-05-05")).await;
    says(&t, person, Purpose::Orientation, Act::Objection).await;
    let page = admin.get(&format!("/journeys/{journey}/try?q-2=living")).await;
    assert!(page.has("Wonen en geld") && page.has("Antwoordde"), "{}", page.text());
    let page = admin.get(&format!("/journeys/{journey}/try?number={person}")).await;
    assert!(page.has("Gaat niet"), "an objection is shown as it would be: {}", page.text());
    let page = admin.get(&format!("/journeys/{journey}/try?number=999999")).await;
    assert_eq!(page.status, 422);
    let page = admin.get(&format!("/journeys/{journey}/many?answer=30&over=30&task=10&call=8")).await;
    assert!(page.has("verzonnen mensen") && page.has("Drukste dag"), "{}", page.text());
    assert!(t.drawer().await.is_empty());
    assert_eq!(t.count(sql!("select count(*) from messages")).await, 0, "a trial sends nothing");
}

async fn a_yes_after_the_end_changes_the_answer_only(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let journey = take(&mut admin, "open-day").await;
    publish(&mut admin, journey).await;
    let person = added(&t, "Anna Vos", "anna@example.org", Some("1999-05-05")).await;
    let began = admin.post(&format!("/people/{person}/journeys"), &[("journey", &journey.to_string())]).await;
    assert_eq!(began.status, 303, "{}", began.text());
    let again = admin.post(&format!("/people/{person}/journeys"), &[("journey", &journey.to_string())]).await;
    assert_eq!(again.status, 409, "twice at once never");
    t.pass(1).await;
    let html = t.drawer().await[0].2.clone();
    t.pass(8 * DAY).await;
    assert_eq!(run_of(&t, person).await.3.as_deref(), Some("left-in-peace"));
    answer(&t, &html, "yes", "").await;
    t.pass(DAY).await;
    assert_eq!(t.drawer().await.len(), 1, "the end stays the end");
    assert_eq!(
        t.count(sql!("select count(*) from journey_deeds where answer = 'yes'")).await,
        1,
        "and the answer is known"
    );
    answer(&t, &html, "no", "").await;
    assert_eq!(t.count(sql!("select count(*) from journey_deeds where answer = 'no'")).await, 1);
    let odd = t.browser().post(&link(&html, "yes"), &[("answer", "maybe")]).await;
    assert_eq!(odd.status, 422);
    assert_eq!(t.browser().get("/q/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await.status, 404);
}

async fn joining_a_segment_begins_and_ends_a_wait(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let mut fields = crate::segments::whoever_is("prospect");
    fields.extend([("name".to_owned(), "Zoekers".to_owned()), ("unit".to_owned(), t.units[1].to_string())]);
    let all: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let saved = admin.post("/segments", &all).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    let mut fields = crate::segments::whoever_is("enrolled_student");
    fields.extend([("name".to_owned(), "Studenten".to_owned()), ("unit".to_owned(), t.units[1].to_string())]);
    let all: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    admin.post("/segments", &all).await;
    let (seekers, students) = (
        t.count(sql!("select min(id) from segments")).await,
        t.count(sql!("select max(id) from segments")).await,
    );

    let unit = t.units[1].to_string();
    let made = admin.post("/journeys", &[("name", "Tot student"), ("unit", &unit)]).await;
    let journey: i64 = made.location().rsplit('/').next().unwrap().parse().unwrap();
    change(&mut admin, journey, "/steps", &[("add", "wait@first")]).await;
    let students = students.to_string();
    let wait = [("n", "2"), ("unit", "years"), ("day", ""), ("happens", ""), ("segment", &students)];
    assert_eq!(change(&mut admin, journey, "/steps/1", &wait).await.status, 303);
    change(&mut admin, journey, "/steps", &[("add", "branch@after-1")]).await;
    assert_eq!(change(&mut admin, journey, "/steps/2", &[("way-0", "e:1:0")]).await.status, 303);
    change(&mut admin, journey, "/steps", &[("add", "end@into-2-0")]).await;
    change(&mut admin, journey, "/steps/3", &[("outcome", "student")]).await;
    let by = format!("s:{seekers}");
    let start = [
        ("by", by.as_str()),
        ("again", "never"),
        ("purpose", "service"),
        ("topic", &t.topics[0].id.to_string()),
    ];
    assert_eq!(change(&mut admin, journey, "/start", &start).await.status, 303);
    publish(&mut admin, journey).await;

    let person = prospect(&t, "Anna Vos", "anna@example.org").await;
    t.settle().await;
    assert_eq!(run_of(&t, person).await.2, Some(1), "joining began it");
    given(&t, person, "enrolled_student", "Verpleegkunde", "2026-11-23", None).await;
    t.settle().await;
    let (run, state, _, outcome) = run_of(&t, person).await;
    assert_eq!((state.as_str(), outcome.as_deref()), ("ended", Some("student")));
    let why = admin.get(&format!("/journeys/runs/{run}")).await;
    assert!(
        why.has("Kwam in het segment “Zoekers”") && why.has("Kwam in het segment “Studenten”"),
        "{}",
        why.text()
    );
    assert!(admin.get(&format!("/journeys/{journey}/why?number={person}")).await.has("één keer"));
}

async fn on_a_journey_is_in_the_dossier_and_is_forgotten(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let journey = take(&mut admin, "welcome").await;
    publish(&mut admin, journey).await;
    let person = prospect(&t, "Anna Vos", "anna@example.org").await;
    t.pass(61).await;
    let html = t.drawer().await[0].2.clone();
    answer(&t, &html, "visit", "").await;
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    let mut known = String::new();
    for (_, dossier, _) in &t.house.rooms.people {
        for section in dossier(&mut tx, person).await.unwrap() {
            known.push_str(&section.data.to_string());
        }
    }
    assert!(known.contains("Welkom voor wie zich") && known.contains("visit"), "{known}");
    for (_, _, forget) in t.house.rooms.people.iter().rev() {
        forget(&mut tx, person).await.unwrap();
    }
    tx.commit().await.unwrap();
    for left in [
        sql!("select count(*) from journey_runs"),
        sql!("select count(*) from journey_deeds"),
        sql!("select count(*) from journey_turns"),
    ] {
        assert_eq!(t.count(left).await, 0);
    }
    t.pass(30 * DAY).await;
    assert_eq!(t.drawer().await.len(), 0, "erased with the rest, and nothing came after");
}

async fn another_unit_may_look_and_not_change(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let journey = take(&mut admin, "welcome").await;
    publish(&mut admin, journey).await;
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    tx.run(sql!("update journeys set unit_id = $1"), params![t.units[2]]).await.unwrap();
    tx.commit().await.unwrap();
    let mut head = t.signed_in("marit@meerland.example").await;
    let page = head.get(&format!("/journeys/{journey}")).await;
    assert_eq!(page.status, 200);
    assert!(!page.has("Voeg een stap toe"), "no buttons for what one may not do");
    let draft = admin.get(&format!("/journeys/{journey}")).await.field("draft");
    for (path, fields) in [
        ("publish", vec![("draft", draft.as_str())]),
        ("state", vec![("state", "paused")]),
        ("steps", vec![("draft", draft.as_str()), ("add", "wait@first")]),
        ("undo", vec![]),
    ] {
        let refused = head.post(&format!("/journeys/{journey}/{path}"), &fields).await;
        assert_eq!(refused.status, 403, "{path}");
    }
}

async fn late_is_late_by_its_own_rule(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let journey = take(&mut admin, "welcome").await;
    let late = [("if_full", "skip"), ("late", "12")];
    assert_eq!(change(&mut admin, journey, "/steps/2", &late).await.status, 303);
    publish(&mut admin, journey).await;
    let person = prospect(&t, "Anna Vos", "anna@example.org").await;
    // The house was down for three days.
    t.clock.advance(jiff::SignedDuration::from_hours(72));
    t.settle().await;
    assert!(t.drawer().await.is_empty(), "a welcome that is days late is left out");
    let (run, _, step, _) = run_of(&t, person).await;
    assert_eq!(step, Some(3), "and the journey goes on");
    assert!(admin_page(&t, run).await.has("Overgeslagen"));
}

async fn admin_page(t: &TestHouse, run: i64) -> Page {
    t.signed_in(ADMIN).await.get(&format!("/journeys/runs/{run}")).await
}

async fn a_segment_begins_over_hours_and_can_be_stopped(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let mut people = Vec::new();
    for n in 0..10 {
        let person = added(&t, &format!("Kim {n}"), &format!("kim{n}@example.org"), Some("1999-05-05")).await;
        given(&t, person, "prospect", "", "2026-11-23", None).await;
        people.push(person);
    }
    let mut fields = crate::segments::whoever_is("prospect");
    fields.extend([("name".to_owned(), "Zoekers".to_owned()), ("unit".to_owned(), t.units[1].to_string())]);
    let all: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let saved = admin.post("/segments", &all).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    let segment = t.count(sql!("select max(id) from segments")).await.to_string();
    assert!(admin.get(&format!("/segments/{segment}")).await.has("Begin een journey voor deze mensen"));
    let journey = take(&mut admin, "open-day").await.to_string();
    publish(&mut admin, journey.parse().unwrap()).await;
    says(&t, people[3], Purpose::Orientation, Act::Objection).await;

    let page = admin.get(&format!("/journeys/begin?segment={segment}&journey={journey}")).await;
    assert!(page.has("10 mensen zitten er nu in") && page.has("9 mogen we"), "{}", page.text());
    let begun = [("segment", segment.as_str()), ("journey", &journey), ("over", "240")];
    assert_eq!(admin.post("/journeys/begin", &begun).await.status, 303);
    t.settle().await;
    assert_eq!(t.count(sql!("select count(*) from journey_runs")).await, 1, "the first at once");
    t.pass(120).await;
    assert_eq!(t.count(sql!("select count(*) from journey_runs")).await, 5, "half of them in half the time");
    let page = admin.get(&format!("/journeys/{journey}/groups")).await;
    assert!(page.has("5 van 10"), "{}", page.text());
    state(&mut admin, journey.parse().unwrap(), "paused").await;
    t.pass(60).await;
    assert_eq!(t.count(sql!("select count(*) from journey_runs")).await, 5, "a pause holds beginning, too");
    state(&mut admin, journey.parse().unwrap(), "live").await;
    t.settle().await;
    assert_eq!(t.count(sql!("select count(*) from journey_runs")).await, 8);
    let group = t.count(sql!("select max(id) from journey_groups")).await;
    assert_eq!(admin.post(&format!("/journeys/groups/{group}/stop"), &[]).await.status, 303);
    t.pass(600).await;
    assert_eq!(t.count(sql!("select count(*) from journey_runs")).await, 8, "stopped is stopped");
    // Over the next morning and out of the quiet hours.
    t.pass(35 * 60).await;
    let letters = t.drawer().await;
    assert_eq!(letters.len(), 7, "eight began, and one of them objects: {letters:?}");

    // Once more: whoever is on it does not begin twice.
    let mut admin = t.signed_in(ADMIN).await;
    let again = [("segment", segment.as_str()), ("journey", &journey), ("over", "0")];
    assert_eq!(admin.post("/journeys/begin", &again).await.status, 303);
    t.settle().await;
    assert_eq!(t.count(sql!("select count(*) from journey_runs")).await, 10);
    assert!(admin.get(&format!("/journeys/{journey}/groups")).await.has("van 10 begonnen er 2"));
}

async fn a_program_begins_one_once(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let journey = take(&mut admin, "open-day").await;
    publish(&mut admin, journey).await;
    let person = added(&t, "Anna Vos", "anna@example.org", Some("1999-05-05")).await;
    let mut program = crate::api::key(&t, &["journeys.use", "journeys.tasks", "people.read"], 0).await;
    let listed = program.get("/api/v1/journeys").await;
    assert_eq!(listed.json()["journeys"][0]["state"], "live");
    let path = format!("/api/v1/journeys/{journey}/runs");
    let body = serde_json::json!({"person": person.get()});
    let begun = program.post_json(&path, &body, &[("Idempotency-Key", "one")]).await;
    assert_eq!(begun.status, 201, "{}", begun.text());
    let again = program.post_json(&path, &body, &[("Idempotency-Key", "one")]).await;
    assert_eq!((again.status, again.text()), (201, begun.text()), "a repeated write has its effect once");
    let twice = program.post_json(&path, &body, &[("Idempotency-Key", "two")]).await;
    assert_eq!(twice.status, 409, "{}", twice.text());
    let of = program.get(&format!("/api/v1/people/{person}/journeys")).await;
    assert_eq!(of.json()["runs"].as_array().unwrap().len(), 1);
}

async fn why_a_message_came_is_told(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let journey = take(&mut admin, "welcome").await;
    publish(&mut admin, journey).await;
    let person = prospect(&t, "Anna Vos", "anna@example.org").await;
    t.pass(61).await;
    let message = t.count(sql!("select max(id) from messages")).await;
    let page = admin.get(&format!("/people/{person}")).await;
    assert!(page.has(&format!("/messages/{message}/why")), "{}", page.text());
    let why = admin.get(&format!("/messages/{message}/why")).await;
    for said in ["Verstuurd op", "uit de journey", "1 keer benaderd in 30 dagen; 2 mag"] {
        assert!(why.has(said), "{said}: {}", why.text());
    }
}

async fn who_writes_back_is_answered_by_a_colleague(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let journey = take(&mut admin, "welcome").await;
    publish(&mut admin, journey).await;
    let person = prospect(&t, "Anna Vos", "anna@example.org").await;
    t.pass(61).await;
    let to = reply_address(&t).await;
    assert!(to.starts_with("reply+d"), "the letter leads back to its thread: {to}");
    // A holiday notice is nobody's answer.
    let notice =
        mail("anna@example.org", &to, "Afwezig", "Auto-Submitted: auto-replied\n", "Ik ben er niet.");
    t.mail_in(&[&to], &notice).await;
    assert_eq!(run_of(&t, person).await.1, "running");
    t.mail_in(&[&to], &mail("anna@example.org", &to, "Re: Welkom", "", "Kan ik ook in deeltijd?")).await;
    let (run, state, _, outcome) = run_of(&t, person).await;
    assert_eq!((state.as_str(), outcome.as_deref()), ("stopped", Some("taken-over")), "the robot stays out");
    let request =
        t.count(sql!("select count(*) from requests where subject = 'Kan ik ook in deeltijd?'")).await;
    assert_eq!(request, 1, "and a colleague sees the question, in the thread it stands in");
    assert_eq!(t.count(sql!("select count(*) from dialogues")).await, 1);
    assert_eq!(t.drawer().await.len(), 1, "without a receipt: they are in a conversation");
    assert!(admin.get(&format!("/journeys/runs/{run}")).await.has("overgenomen door een collega"));
}

async fn a_wait_hears_who_writes_back(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let journey = take(&mut admin, "welcome").await;
    let wait = [("n", "4"), ("unit", "days"), ("day", ""), ("happens", "dialogue.heard"), ("segment", "")];
    assert_eq!(change(&mut admin, journey, "/steps/3", &wait).await.status, 303);
    publish(&mut admin, journey).await;
    let person = prospect(&t, "Anna Vos", "anna@example.org").await;
    let other = prospect(&t, "Bram Vos", "bram@example.org").await;
    t.pass(61).await;
    let to = reply_address_of(&t, "bram@example.org").await;
    t.mail_in(&[&to], &mail("bram@example.org", &to, "Re: Welkom", "", "Dank je, ik lees mee.")).await;
    assert_eq!(run_of(&t, other).await.2, Some(8), "what they wrote ended the wait");
    assert_eq!(run_of(&t, person).await.2, Some(3), "in their thread only");
}
