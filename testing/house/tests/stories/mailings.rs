//! Mailings: a campaign with a reason and a budget, a text, a second person's yes, hours, a test of two texts, a pause and a stop.

use kring_consent::{Act, Channel, Entry, record};
use kring_frame::{Actor, PersonId, Purpose, params, sql};
use kring_testing::{Browser, Page, TestHouse, both};

use crate::{
    inbound::{mail, reply_address},
    people::{added, given},
};

both!(
    a_mailing_goes_to_those_who_may_get_it,
    nothing_goes_without_a_reason_and_a_budget,
    a_second_person_says_yes,
    two_texts_are_compared_once,
    a_pause_is_exact_and_a_stop_is_for_good,
    what_waits_for_the_morning_can_still_be_stopped,
    complaints_pause_it_by_themselves,
    colleagues_get_it_first,
    an_answer_comes_to_a_colleague_and_counts,
    what_came_of_it_is_in_the_dossier_and_is_forgotten,
    a_draft_is_undone_and_two_do_not_overwrite_each_other,
    what_smells_is_named_before_it_goes,
    whoever_may_not_send_may_at_most_look,
);

const ADMIN: &str = "hanneke@meerland.example";
const MARIT: &str = "marit@meerland.example";

async fn says(t: &TestHouse, person: PersonId, purpose: Purpose, act: Act, how: &str) {
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    record(&mut tx, &Entry::new(person, purpose, Channel::Mail, act, how)).await.unwrap();
    tx.commit().await.unwrap();
    t.settle().await;
}

/// So many grown-up prospects, and the segment of all prospects.
async fn people(t: &TestHouse, by: &mut Browser, n: usize) -> (Vec<PersonId>, String) {
    let mut people = Vec::new();
    for n in 0..n {
        let person = added(t, &format!("Kim {n}"), &format!("kim{n}@example.org"), Some("1999-05-05")).await;
        given(t, person, "prospect", "", "2026-11-23", None).await;
        people.push(person);
    }
    let mut fields = crate::segments::whoever_is("prospect");
    fields.extend([("name".to_owned(), "Zoekers".to_owned()), ("unit".to_owned(), t.units[1].to_string())]);
    let all: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(by.post("/segments", &all).await.status, 303);
    (people, t.count(sql!("select max(id) from segments")).await.to_string())
}

fn fields<'a>(
    unit: &'a str,
    purpose: &'a str,
    budget: &'a str,
    more: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let mut all = vec![
        ("name", "Open dag maart"),
        ("unit", unit),
        ("purpose", purpose),
        ("reason", "Wie zich oriënteert weet niet dat er een open dag is."),
        ("label", "process"),
        ("budget", budget),
        ("hours", "10"),
        ("mail_cost", "1000"),
        ("goal", "role.given=enrolled_student"),
        ("goal_days", "14"),
    ];
    for (name, value) in more {
        all.retain(|(known, _)| known != name);
        all.push((name, value));
    }
    all
}

async fn campaign(t: &TestHouse, by: &mut Browser, purpose: &str) -> String {
    let unit = t.units[1].to_string();
    let made = by.post("/campaigns", &fields(&unit, purpose, "1250,50", &[])).await;
    assert_eq!(made.status, 303, "{}", made.text());
    made.location().rsplit('/').next().unwrap().to_owned()
}

/// A mailing that is ready to go to a segment.
async fn mailing(
    t: &TestHouse,
    by: &mut Browser,
    campaign: &str,
    segment: &str,
    more: &[(&str, &str)],
) -> String {
    let made = by.post(&format!("/campaigns/{campaign}/mailings"), &[("name", "Kom kijken")]).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let mailing = made.location();
    write(by, &mailing, 0, "nl", "Kom kijken, {{ first_name }}").await;
    let add = [("draft", &*draft(by, &mailing).await), ("tongue", "en"), ("what", "add")];
    assert_eq!(by.post(&format!("{mailing}/0/languages"), &add).await.status, 303);
    write(by, &mailing, 0, "en", "Come and see, {{ first_name }}").await;
    let topic = t.count(sql!("select min(id) from topics")).await.to_string();
    let draft = draft(by, &mailing).await;
    let mut all = vec![
        ("draft", draft.as_str()),
        ("segment", segment),
        ("topic", &topic),
        ("over", "0"),
        ("hold_out", "0"),
        ("begins", ""),
    ];
    for (name, value) in more {
        all.retain(|(known, _)| known != name);
        all.push((name, value));
    }
    let saved = by.post(&mailing, &all).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    mailing
}

async fn draft(by: &mut Browser, mailing: &str) -> String {
    by.get(mailing).await.field("draft")
}

async fn write(by: &mut Browser, mailing: &str, text: i64, tongue: &str, subject: &str) {
    let draft = draft(by, mailing).await;
    let sheet = [
        ("draft", draft.as_str()),
        ("tongue", tongue),
        ("subject", subject),
        ("preview", "Zaterdag 12 maart"),
        ("blocks", "1"),
        ("b-0-kind", "text"),
        ("b-0-text", "Beste {{ first_name }}, zaterdag is de school open. Kom je?"),
    ];
    let saved = by.post(&format!("{mailing}/{text}/text"), &sheet).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
}

async fn act(by: &mut Browser, mailing: &str, what: &str) -> Page {
    let draft = by.get(mailing).await.text();
    let draft =
        if draft.contains("name=\"draft\"") { self::draft(by, mailing).await } else { "0".to_owned() };
    by.post(&format!("{mailing}/state"), &[("what", what), ("draft", &draft)]).await
}

async fn went(t: &TestHouse) -> i64 {
    t.count(sql!("select count(*) from messages where kind = 'mailings.mail' and state = 'sent'")).await
}

async fn a_mailing_goes_to_those_who_may_get_it(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    assert!(admin.get("/campaigns").await.has("Nog geen campagnes"));
    let (people, segment) = people(&t, &mut admin, 6).await;
    says(&t, people[2], Purpose::Orientation, Act::Objection, "test").await;
    let campaign = campaign(&t, &mut admin, "orientation").await;
    let mailing = mailing(&t, &mut admin, &campaign, &segment, &[]).await;
    let page = admin.get(&mailing).await;
    assert!(page.has("1 van de 6 mensen mogen deze mail niet krijgen"), "{}", page.text());
    assert!(!page.has("moet eerst"), "{}", page.text());
    let sent = act(&mut admin, &mailing, "send").await;
    assert!(sent.location().contains("done-sending"), "{}", sent.text());
    t.settle().await;
    assert_eq!(went(&t).await, 5);
    let letters = t.drawer().await;
    assert!(letters.iter().any(|(to, subject, _)| to == "kim0@example.org" && subject == "Kom kijken, Kim"));
    assert!(letters.iter().all(|(to, ..)| to != "kim2@example.org"), "who objects gets nothing");
    // Every one of them can stop it, by one press and without a page.
    assert!(
        t.drawer_raw()
            .await
            .iter()
            .all(|raw| raw.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"))
    );

    // What it is held for is counted, for those who got it, within its days.
    given(&t, people[0], "enrolled_student", "", "2026-11-23", None).await;
    given(&t, people[2], "enrolled_student", "", "2026-11-23", None).await;
    t.settle().await;
    let page = admin.get(&mailing).await;
    assert!(page.has("Klaar: 6 mensen") && page.has("1 van 5") && page.has("20,0"), "{}", page.text());
    let page = admin.get(&format!("/campaigns/{campaign}")).await;
    // Five mails at ten euros a thousand... the price of a thousand is a thousand euros here, to be seen.
    assert!(page.has("€ 5,00 van € 1250,50") || page.has("€ 5,00 van € 1.250,50"), "{}", page.text());
    let message = t.count(sql!("select min(id) from messages where kind = 'mailings.mail'")).await;
    let why = admin.get(&format!("/messages/{message}/why")).await;
    assert!(why.has("Wie zich oriënteert weet niet") && why.has("Kom kijken"), "{}", why.text());

    // Nobody gets it twice: it is through, and a second press changes nothing.
    let again = act(&mut admin, &mailing, "send").await;
    assert_eq!(again.status, 422, "{}", again.text());
    t.pass(60).await;
    assert_eq!(went(&t).await, 5);
}

async fn nothing_goes_without_a_reason_and_a_budget(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let unit = t.units[1].to_string();
    let refused = admin
        .post("/campaigns", &fields(&unit, "orientation", "", &[("reason", " "), ("hours", "veel")]))
        .await;
    assert_eq!(refused.status, 422);
    assert!(refused.has("Open dag maart"), "what was typed is kept");
    assert_eq!(t.count(sql!("select count(*) from campaigns")).await, 0);

    // A budget of one euro and a price of a thousand euros for a thousand mails: two people are too many.
    let (_, segment) = people(&t, &mut admin, 2).await;
    let made = admin.post("/campaigns", &fields(&unit, "orientation", "1", &[])).await;
    let campaign = made.location().rsplit('/').next().unwrap().to_owned();
    let mailing = mailing(&t, &mut admin, &campaign, &segment, &[]).await;
    let page = admin.get(&mailing).await;
    assert!(page.has("kost € 2,00 en er is nog € 1,00"), "{}", page.text());
    let refused = act(&mut admin, &mailing, "send").await;
    assert!(refused.status == 422 && refused.has("nog niet klaar"), "{}", refused.text());
    t.settle().await;
    assert_eq!(t.count(sql!("select count(*) from mailing_people")).await, 0);

    // What was booked counts, and what was taken back does not.
    let raised =
        admin.post(&format!("/campaigns/{campaign}"), &fields(&unit, "orientation", "10", &[])).await;
    assert_eq!(raised.status, 303, "{}", raised.text());
    let booked =
        admin.post(&format!("/campaigns/{campaign}/costs"), &[("what", "Drukwerk"), ("cents", "9,50")]).await;
    assert!(booked.location().contains("done-cost"), "{}", booked.text());
    assert!(admin.get(&mailing).await.has("er is nog € 0,50"));
    let cost = t.count(sql!("select max(id) from campaign_costs")).await;
    admin.post(&format!("/campaigns/costs/{cost}/back"), &[]).await;
    let sent = act(&mut admin, &mailing, "send").await;
    assert!(sent.location().contains("done-sending"), "{}", sent.text());

    // It closes with an account, and takes no more.
    t.settle().await;
    let without = admin.post(&format!("/campaigns/{campaign}/close"), &[("outcome", "")]).await;
    assert_eq!(without.status, 422);
    admin.post(&format!("/campaigns/{campaign}/close"), &[("outcome", "Twee mensen bereikt.")]).await;
    assert!(admin.get(&format!("/campaigns/{campaign}")).await.has("Twee mensen bereikt."));
    let late = admin.post(&format!("/campaigns/{campaign}/mailings"), &[("name", "Nog een")]).await;
    assert!(late.status == 422 && late.has("afgesloten"), "{}", late.text());
}

async fn a_second_person_says_yes(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let mut marit = t.signed_in(MARIT).await;
    admin.post("/campaigns/policy", &[("from", "3")]).await;
    let (_, segment) = people(&t, &mut admin, 3).await;
    let campaign = campaign(&t, &mut marit, "orientation").await;
    let mailing = mailing(&t, &mut marit, &campaign, &segment, &[]).await;
    let refused = act(&mut marit, &mailing, "send").await;
    assert!(refused.has("akkoord van een tweede persoon"), "{}", refused.text());
    act(&mut marit, &mailing, "ask").await;
    let own = marit.post(&format!("{mailing}/verdict"), &[("what", "yes")]).await;
    assert!(own.has("wat je zelf hebt gemaakt"), "{}", own.text());
    assert!(admin.get("/").await.has("Wacht op jouw akkoord"), "it lies among what is to be done");
    let back =
        admin.post(&format!("{mailing}/verdict"), &[("what", "no"), ("remark", "Noem de tijd.")]).await;
    assert!(back.location().contains("done-returned"), "{}", back.text());
    assert!(marit.get(&mailing).await.has("Noem de tijd."));

    act(&mut marit, &mailing, "ask").await;
    admin.post(&format!("{mailing}/verdict"), &[("what", "yes")]).await;
    // A change undoes the yes: what was approved is what goes.
    write(&mut marit, &mailing, 0, "nl", "Kom om tien uur").await;
    let refused = act(&mut marit, &mailing, "send").await;
    assert!(refused.has("akkoord van een tweede persoon"), "{}", refused.text());
    act(&mut marit, &mailing, "ask").await;
    admin.post(&format!("{mailing}/verdict"), &[("what", "yes")]).await;
    let sent = act(&mut marit, &mailing, "send").await;
    assert!(sent.location().contains("done-sending"), "{}", sent.text());
    t.settle().await;
    assert_eq!(went(&t).await, 3);
}

async fn two_texts_are_compared_once(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let (people, segment) = people(&t, &mut admin, 60).await;
    let campaign = campaign(&t, &mut admin, "orientation").await;
    let more = [("compares", "yes"), ("share", "50"), ("hours", "24"), ("hold_out", "10")];
    let mailing = mailing(&t, &mut admin, &campaign, &segment, &[]).await;
    let add = [("draft", &*draft(&mut admin, &mailing).await), ("what", "add")];
    admin.post(&format!("{mailing}/second"), &add).await;
    let same = admin.get(&mailing).await;
    assert!(same.has("Tekst A en B zijn gelijk"), "{}", same.text());
    write(&mut admin, &mailing, 1, "nl", "Zaterdag open").await;
    write(&mut admin, &mailing, 1, "en", "Open on Saturday").await;
    let draft = draft(&mut admin, &mailing).await;
    let topic = t.count(sql!("select min(id) from topics")).await.to_string();
    let mut all = vec![
        ("draft", draft.as_str()),
        ("segment", &segment),
        ("topic", &topic),
        ("over", "0"),
        ("begins", ""),
    ];
    all.extend(more);
    assert_eq!(admin.post(&mailing, &all).await.status, 303);
    let page = admin.get(&mailing).await;
    assert!(
        page.has("Van elke honderd doen er 50 mee") && page.has("procentpunt of meer gevonden"),
        "{}",
        page.text()
    );
    // The lot is drawn from a seed: one for which the story is the same on both databases.
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    tx.run(sql!("update mailings set seed = 7"), params![]).await.unwrap();
    tx.commit().await.unwrap();
    let sent = act(&mut admin, &mailing, "send").await;
    assert!(sent.location().contains("done-sending"), "{}", sent.text());
    t.settle().await;
    let in_test = went(&t).await;
    assert!((15..45).contains(&in_test), "{in_test}");
    let of_text = t.drawer().await.iter().filter(|(_, subject, _)| subject == "Zaterdag open").count();
    assert!(of_text > 5 && (of_text as i64) < in_test - 5, "{of_text} of {in_test}");
    let page = admin.get(&mailing).await;
    assert!(page.has("wordt gekeken welke tekst de rest krijgt"), "{}", page.text());

    // Everybody who got text B does it; that is no chance.
    let second: Vec<(PersonId,)> = {
        let mut tx = t.house.read(&Actor::robot()).await.unwrap();
        tx.all(sql!("select person_id from mailing_people where variant = 1"), params![]).await.unwrap()
    };
    for (person,) in second {
        given(&t, person, "enrolled_student", "", "2026-11-23", None).await;
    }
    t.pass(23 * 60).await;
    assert_eq!(went(&t).await, in_test, "nobody looks before the time");
    t.pass(2 * 60).await;
    assert_eq!(t.count(sql!("select winner from mailings")).await, 1);
    let mut admin = t.signed_in(ADMIN).await;
    let page = admin.get(&mailing).await;
    assert!(page.has("Tekst B deed het aantoonbaar beter"), "{}", page.text());
    t.pass(60).await;
    let held_out = t.count(sql!("select count(*) from mailing_people where variant is null")).await;
    let people = people.len() as i64;
    assert!(held_out > 0);
    assert_eq!(t.count(sql!("select count(*) from mailing_people")).await, people, "each stands in it once");
    assert_eq!(
        t.count(sql!("select count(*) from messages where kind = 'mailings.mail'")).await,
        people - held_out
    );
    let page = admin.get(&mailing).await;
    assert!(page.has("Kreeg niets, om te vergelijken"), "{}", page.text());
}

async fn a_pause_is_exact_and_a_stop_is_for_good(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let (_, segment) = people(&t, &mut admin, 10).await;
    let campaign = campaign(&t, &mut admin, "service").await;
    let mailing = mailing(&t, &mut admin, &campaign, &segment, &[("over", "240")]).await;
    act(&mut admin, &mailing, "send").await;
    t.settle().await;
    assert_eq!(went(&t).await, 1, "the first at once");
    t.pass(120).await;
    assert_eq!(went(&t).await, 5);
    act(&mut admin, &mailing, "pause").await;
    t.pass(120).await;
    assert_eq!(went(&t).await, 5, "nothing goes in a pause");
    assert!(admin.get(&mailing).await.has("Gepauzeerd bij 5 van 10"));
    act(&mut admin, &mailing, "go").await;
    t.settle().await;
    assert_eq!(went(&t).await, 5, "the hours of the pause are not made up for");
    t.pass(48).await;
    assert_eq!(went(&t).await, 7);
    act(&mut admin, &mailing, "stop").await;
    t.pass(600).await;
    assert_eq!(went(&t).await, 7);
    assert!(admin.get(&mailing).await.has("Gestopt bij 7 van 10"));
    let again = act(&mut admin, &mailing, "go").await;
    assert_eq!(again.status, 422, "a stop is for good");
}

async fn what_waits_for_the_morning_can_still_be_stopped(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let (_, segment) = people(&t, &mut admin, 4).await;
    let campaign = campaign(&t, &mut admin, "orientation").await;
    let mailing = mailing(&t, &mut admin, &campaign, &segment, &[]).await;
    // Everything that we begin ourselves stands still, so all four are planned and none has gone.
    admin.post("/operations/mail/stop", &[("stop", "yes")]).await;
    act(&mut admin, &mailing, "send").await;
    t.pass(10).await;
    let planned = sql!("select count(*) from messages where kind = 'mailings.mail' and state = 'planned'");
    assert_eq!(t.count(planned).await, 4);
    let page = admin.get(&mailing).await;
    assert!(page.has("4 van 4 zijn onderweg of aangekomen") && page.has("value=\"stop\""), "{}", page.text());
    let stopped = act(&mut admin, &mailing, "stop").await;
    assert!(stopped.location().contains("done-stopped"), "{}", stopped.text());
    admin.post("/operations/mail/stop", &[("stop", "no")]).await;
    t.pass(30).await;
    assert_eq!(went(&t).await, 0, "a stop is for all of it");
}

async fn complaints_pause_it_by_themselves(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let (people, segment) = people(&t, &mut admin, 10).await;
    let campaign = campaign(&t, &mut admin, "orientation").await;
    let mailing = mailing(&t, &mut admin, &campaign, &segment, &[("over", "240")]).await;
    act(&mut admin, &mailing, "send").await;
    t.pass(120).await;
    assert_eq!(went(&t).await, 5);
    for person in &people[..2] {
        says(&t, *person, Purpose::Orientation, Act::Objection, "complaint").await;
    }
    t.pass(120).await;
    assert_eq!(went(&t).await, 5);
    let page = admin.get(&mailing).await;
    assert!(page.has("Vanzelf gepauzeerd"), "{}", page.text());
    assert!(admin.get("/").await.has("Vanzelf gepauzeerd"));
    act(&mut admin, &mailing, "go").await;
    t.pass(240).await;
    assert_eq!(went(&t).await, 10, "whoever lets it go on has seen why");
}

async fn colleagues_get_it_first(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let (_, segment) = people(&t, &mut admin, 1).await;
    added(&t, "Bo Collega", "bo@meerland.example", Some("1980-01-01")).await;
    let campaign = campaign(&t, &mut admin, "orientation").await;
    let mailing = mailing(&t, &mut admin, &campaign, &segment, &[]).await;
    assert!(admin.get(&mailing).await.has("Nog geen collega heeft de mail gezien"));
    let nobody = admin.post(&format!("{mailing}/seeds"), &[("who", "niemand@meerland.example")]).await;
    assert!(nobody.status == 422 && nobody.has("niemand met dit nummer of adres"), "{}", nobody.text());
    let added = admin.post(&format!("{mailing}/seeds"), &[("who", "bo@meerland.example")]).await;
    assert!(added.location().contains("done-seed"), "{}", added.text());
    act(&mut admin, &mailing, "try").await;
    t.settle().await;
    let subjects: Vec<String> = t.drawer().await.into_iter().map(|(_, subject, _)| subject).collect();
    assert_eq!(subjects.len(), 2, "in each language: {subjects:?}");
    assert!(subjects.contains(&"[proef] Kom kijken, Bo".to_owned()), "{subjects:?}");
    assert!(!admin.get(&mailing).await.has("Nog geen collega heeft de mail gezien"));
    write(&mut admin, &mailing, 0, "nl", "Anders").await;
    assert!(admin.get(&mailing).await.has("Nog geen collega heeft de mail gezien"), "it is another mail now");
}

async fn an_answer_comes_to_a_colleague_and_counts(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let (_, segment) = people(&t, &mut admin, 1).await;
    let campaign = campaign(&t, &mut admin, "orientation").await;
    let mailing = mailing(&t, &mut admin, &campaign, &segment, &[]).await;
    act(&mut admin, &mailing, "send").await;
    t.settle().await;
    let to = reply_address(&t).await;
    t.mail_in(&[&to], &mail("kim0@example.org", &to, "Re: Kom kijken", "", "Is er parkeerplaats?")).await;
    t.settle().await;
    let page = admin.get(&mailing).await;
    assert!(page.has("Schreven terug") && page.has("1 van 1"), "{}", page.text());
    assert_eq!(t.count(sql!("select count(*) from requests")).await, 1, "somebody answers it");
}

async fn what_came_of_it_is_in_the_dossier_and_is_forgotten(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let (people, segment) = people(&t, &mut admin, 2).await;
    let campaign = campaign(&t, &mut admin, "orientation").await;
    let mailing = mailing(&t, &mut admin, &campaign, &segment, &[]).await;
    act(&mut admin, &mailing, "send").await;
    t.settle().await;
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    let mut known = Vec::new();
    for (_, dossier, _) in &t.house.rooms.people {
        known.extend(dossier(&mut tx, people[0]).await.unwrap());
    }
    let of_ours = known.iter().find(|section| section.title == "mailings").unwrap();
    assert_eq!(of_ours.data[0]["mailing"], "Kom kijken");
    for (_, _, forget) in t.house.rooms.people.iter().rev() {
        forget(&mut tx, people[0]).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(t.count(sql!("select count(*) from mailing_people")).await, 1);
}

async fn a_draft_is_undone_and_two_do_not_overwrite_each_other(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let (_, segment) = people(&t, &mut admin, 1).await;
    let campaign = campaign(&t, &mut admin, "orientation").await;
    let mailing = mailing(&t, &mut admin, &campaign, &segment, &[]).await;
    let seen = draft(&mut admin, &mailing).await;
    write(&mut admin, &mailing, 0, "nl", "Eerste").await;
    let sheet = [
        ("draft", seen.as_str()),
        ("tongue", "nl"),
        ("subject", "Tweede"),
        ("blocks", "1"),
        ("b-0-kind", "text"),
        ("b-0-text", "Wat ik typte"),
    ];
    let late = admin.post(&format!("{mailing}/0/text"), &sheet).await;
    assert!(
        late.status == 422 && late.has("intussen veranderd") && late.has("Wat ik typte"),
        "{}",
        late.text()
    );
    assert!(admin.get(&mailing).await.has("<b>Eerste</b>"));
    admin.post(&format!("{mailing}/undo"), &[]).await;
    assert!(admin.get(&mailing).await.has("Kom kijken, {{ first_name }}"));
    admin.post(&format!("{mailing}/redo"), &[]).await;
    assert!(admin.get(&mailing).await.has("<b>Eerste</b>"));
    let mut english = t.signed_in(ADMIN).await.in_english();
    assert!(english.get(&mailing).await.has("For whom and when"));
}

async fn what_smells_is_named_before_it_goes(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let (_, segment) = people(&t, &mut admin, 1).await;
    let campaign = campaign(&t, &mut admin, "orientation").await;
    let mailing = mailing(&t, &mut admin, &campaign, &segment, &[]).await;
    write(&mut admin, &mailing, 0, "nl", "LAATSTE KANS!!").await;
    let page = admin.get(&mailing).await;
    assert!(page.has("schreeuwt") && page.has("tekens achter elkaar"), "{}", page.text());
}

async fn whoever_may_not_send_may_at_most_look(t: TestHouse) {
    let mut admin = t.signed_in(ADMIN).await;
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    let (_, segment) = people(&t, &mut admin, 1).await;
    let campaign = campaign(&t, &mut admin, "orientation").await;
    let mailing = mailing(&t, &mut admin, &campaign, &segment, &[]).await;
    // Who answers at the desk sends nothing to many.
    assert_eq!(fleur.get(&mailing).await.status, 403);
    assert_eq!(fleur.post(&format!("{mailing}/state"), &[("what", "send")]).await.status, 403);
    // Another unit may look, and not send.
    let mut ria = t.signed_in("ria@meerland.example").await;
    let seen = ria.get(&mailing).await;
    assert!(seen.status == 200 && !seen.has("value=\"send\""), "{}", seen.text());
    assert_eq!(ria.post(&format!("{mailing}/state"), &[("what", "send")]).await.status, 403);
}
