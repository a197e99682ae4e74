//! Engagement: what people did of their own accord makes a number that opens into dated acts, fades, and moves segments.

use kring_consent::{Act, Channel, Entry};
use kring_frame::{Actor, PersonId, params, sql};
use kring_people::merge;
use kring_testing::{Browser, TestHouse, both};

use crate::{
    law::another_entity,
    people::{added, given, given_in},
    ring::{answer_and_close, ask, ids, letter, link},
    segments::{fields, saved, total},
};

both!(
    an_answer_scores_and_the_account_adds_up,
    what_was_done_fades_and_the_night_agrees_with_the_page,
    a_kind_counts_up_to_its_cap_in_a_year,
    a_new_version_is_looked_at_before_it_holds,
    what_a_colleague_does_scores_nothing,
    who_answers_joins_a_segment_and_leaves_by_time,
    of_a_prospect_behaviour_stands_beside_it_and_goes_stale,
    who_may_not_see_it_does_not,
    it_stands_in_the_dossier_and_is_forgotten,
    a_merge_brings_the_acts_and_gives_them_back,
    who_objects_or_is_a_child_has_no_score,
);

const DAY: i64 = 60 * 24;

async fn asks(t: &TestHouse, name: &str, email: &str) {
    let page = ask(t, name, email, "Hoe zit het?").await;
    assert_eq!(page.status, 303, "{}", page.text());
}

/// Asks, is answered, and says how that was: two own acts.
async fn asks_and_answers(t: &TestHouse, name: &str, email: &str) {
    asks(t, name, email).await;
    answer_and_close(t, "fleur@meerland.example").await;
    answers(t, &mut t.browser(), email).await;
}

/// Somebody fills in the survey of the newest letter, in this browser.
async fn answers(t: &TestHouse, by: &mut Browser, email: &str) {
    let (_, invitation) = letter(t, email).await;
    let here = link(&invitation, "/s/");
    let questions = ids(&by.get(&here).await);
    let sent = by.post(here.split('?').next().unwrap(), &[(&questions[0], "4")]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    t.settle().await;
}

async fn known(t: &TestHouse, email: &str) -> PersonId {
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    let (id,): (PersonId,) = tx
        .one(sql!("select person_id from contact_points where canonical = $1"), params![email])
        .await
        .unwrap();
    id
}

/// What rules are fed with.
async fn kept(t: &TestHouse, person: PersonId) -> Option<(i64, Option<i64>)> {
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    tx.maybe(sql!("select score, behaviour from engagement_scores where person_id = $1"), params![person])
        .await
        .unwrap()
}

async fn program(t: &TestHouse) -> Browser {
    let admin = t.actor("hanneke@meerland.example").await;
    let permit = admin.permit(&kring_access::MANAGE_STAFF).unwrap();
    let mut tx = t.house.write(&admin).await.unwrap();
    let token =
        kring_access::make_key(&mut tx, &permit, "proef", &["engagement.read"], t.units[0]).await.unwrap();
    tx.commit().await.unwrap();
    t.browser().with_key(&token.reveal())
}

/// Tenths of a point, as people and programs are told them.
fn tenths(number: &serde_json::Value) -> i64 {
    (number.as_f64().unwrap() * 10.0).round() as i64
}

async fn an_answer_scores_and_the_account_adds_up(t: TestHouse) {
    asks(&t, "Noor de Vries", "noor@mail.example.com").await;
    let noor = known(&t, "noor@mail.example.com").await;
    let here = format!("/people/{noor}");
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let page = admin.get(&here).await;
    assert!(page.has("25,9") && page.has("stelde een vraag") && page.has("3,0 van 3"), "{}", page.text());
    answer_and_close(&t, "fleur@meerland.example").await;
    answers(&t, &mut t.browser(), "noor@mail.example.com").await;
    let page = admin.get(&here).await;
    for seen in ["45,1", "vulde een vragenlijst in", "formule, versie 1", "Uit 2 eigen handelingen"] {
        assert!(page.has(seen), "{seen}: {}", page.text());
    }
    assert_eq!(kept(&t, noor).await, Some((45, Some(52))));
    let page = admin.get(&format!("{here}/engagement")).await;
    assert!(page.has("Contact") && page.has("45,1") && page.has("100\u{a0}%"), "{}", page.text());
    let mut program = program(&t).await;
    let told = program.get(&format!("/api/v1/people/{noor}/engagement")).await;
    let told = told.json();
    assert_eq!((tenths(&told["score"]), &told["formula_version"]), (451, &1.into()));
    let adds: Vec<i64> =
        told["contributions"].as_array().unwrap().iter().map(|one| tenths(&one["adds"])).collect();
    assert_eq!((adds.len(), adds.iter().sum::<i64>()), (2, 451), "{told}");
    let english = t.signed_in("hanneke@meerland.example").await.in_english().get(&here).await;
    assert!(english.has("answered a survey") && english.has("45.1"), "{}", english.text());
    // A second answer takes the place of the first, and is an act again; the letter that was only opened is none.
    assert_eq!(t.count(sql!("select count(*) from engagement_acts")).await, 2);
    t.browser().get(&link(&letter(&t, "noor@mail.example.com").await.1, "/s/")).await;
    t.settle().await;
    assert_eq!(t.count(sql!("select count(*) from engagement_acts")).await, 2);
}

async fn what_was_done_fades_and_the_night_agrees_with_the_page(t: TestHouse) {
    for (name, email) in [("Noor", "noor@mail.example.com"), ("Kim", "kim@mail.example.com")] {
        asks(&t, name, email).await;
        t.pass(9 * DAY).await;
        asks(&t, name, email).await;
    }
    let (noor, kim) = (known(&t, "noor@mail.example.com").await, known(&t, "kim@mail.example.com").await);
    let mut program = program(&t).await;
    let mut before = i64::MAX;
    for days in [0, 1, 30, 61, 200, 365] {
        t.pass(days * DAY).await;
        for person in [noor, kim] {
            let told = program.get(&format!("/api/v1/people/{person}/engagement")).await.json();
            let behaviour = &told["behaviour"];
            let lately = (!behaviour["stale"].as_bool().unwrap()).then(|| tenths(&behaviour["score"]) / 10);
            let score = tenths(&told["score"]);
            assert_eq!(kept(&t, person).await, Some((score / 10, lately)), "{days} days later: {told}");
            let adds = told["contributions"].as_array().unwrap().iter().map(|one| tenths(&one["adds"]));
            assert_eq!(adds.sum::<i64>(), score);
            if person == noor {
                assert!(score <= before, "{score} after {before}");
                before = score;
            }
        }
    }
    let aged = t.count(sql!("select count(*) from events where kind = 'engagement.aged'")).await;
    assert!((1..=7).contains(&aged), "one event a night and not one a person: {aged}");
}

async fn a_kind_counts_up_to_its_cap_in_a_year(t: TestHouse) {
    for _ in 0..4 {
        asks(&t, "Kim", "kim@mail.example.com").await;
        t.pass(2 * DAY).await;
    }
    let kim = known(&t, "kim@mail.example.com").await;
    let before = kept(&t, kim).await.unwrap();
    asks(&t, "Kim", "kim@mail.example.com").await;
    assert_eq!(kept(&t, kim).await.unwrap().0, before.0, "a fifth question in a year adds nothing");
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let page = admin.get(&format!("/people/{kim}")).await;
    assert!(page.has("het maximum van dat jaar was bereikt"), "{}", page.text());
    t.pass(40 * DAY).await;
    let faded = kept(&t, kim).await.unwrap();
    asks(&t, "Kim", "kim@mail.example.com").await;
    assert!(kept(&t, kim).await.unwrap().0 > faded.0, "and in January it counts again");
}

/// What stands in a field of a form.
fn value(page: &kring_testing::Page, name: &str) -> String {
    let text = page.text();
    let at = text.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("{name}: {text}"));
    text[at..].split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// The form of a new version as it is first shown, with some of its numbers changed.
async fn typed(by: &mut Browser, other: &[(&str, &str)]) -> Vec<(String, String)> {
    let page = by.get("/engagement/new").await;
    assert_eq!(page.status, 200, "{}", page.text());
    let mut all = vec![("version".to_owned(), value(&page, "version"))];
    for kind in ["question", "survey_answer", "reply", "form_answer"] {
        for field in ["points", "half", "cap"] {
            let name = format!("{field}.{kind}");
            all.push((name.clone(), value(&page, &name)));
        }
        all.push((format!("mode.{kind}"), "communication".to_owned()));
    }
    for mode in ["communication", "experiential", "volunteer", "philanthropic"] {
        for field in ["weight", "k"] {
            let name = format!("{field}.{mode}");
            all.push((name.clone(), value(&page, &name)));
        }
    }
    for field in ["lately.half", "lately.k", "lately.stale"] {
        all.push((field.to_owned(), value(&page, field)));
    }
    for (name, value) in other {
        all.retain(|(known, _)| known != name);
        all.push(((*name).to_owned(), (*value).to_owned()));
    }
    all
}

async fn post(by: &mut Browser, path: &str, fields: &[(String, String)]) -> kring_testing::Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    by.post(path, &fields).await
}

async fn a_new_version_is_looked_at_before_it_holds(t: TestHouse) {
    asks(&t, "Noor de Vries", "noor@mail.example.com").await;
    let noor = known(&t, "noor@mail.example.com").await;
    let mut piet = t.signed_in("piet@meerland.example").await;
    let page = piet.get("/engagement").await;
    for seen in ["zoals Kring die meebrengt", "stelde een vraag", "telt niet mee", "toelating"] {
        assert!(page.has(seen), "{seen}: {}", page.text());
    }
    assert!(!page.has("gastles") && !page.has("guest_lesson"), "what nobody hears of is not offered");
    // Nonsense is refused beside its field.
    let wrong = typed(&mut piet, &[("cap.question", "2"), ("k.volunteer", "0"), ("half.question", "")]).await;
    let page = post(&mut piet, "/engagement/new", &wrong).await;
    assert_eq!(page.status, 422);
    assert!(
        page.has("lager dan wat één handeling waard is") && page.has("error-k.volunteer"),
        "{}",
        page.text()
    );
    assert!(page.has("error-half.question"));
    let nothing = typed(&mut piet, &[("weight.communication", "0")]).await;
    assert!(post(&mut piet, "/engagement/new", &nothing).await.has("anders heeft iedereen 0"));
    // What it would do, and nothing is done yet.
    let mut new = typed(&mut piet, &[("points.question", "10"), ("cap.question", "20")]).await;
    let page = post(&mut piet, "/engagement/new", &new).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.has("gaat van 25,9 naar 63,2") && page.has("Vaststellen"), "{}", page.text());
    assert_eq!(t.count(sql!("select max(version) from engagement_formulas")).await, 1);
    // What was not looked at is looked at first; without a reason it does not hold.
    new.push(("reason".to_owned(), "Vragen wegen zwaarder".to_owned()));
    let page = post(&mut piet, "/engagement", &new).await;
    assert!(page.status == 200 && page.has("Vragen wegen zwaarder"), "{}", page.text());
    new.push(("looked".to_owned(), value(&page, "looked")));
    let unsaid: Vec<_> = new.iter().filter(|(name, _)| name != "reason").cloned().collect();
    assert_eq!(post(&mut piet, "/engagement", &unsaid).await.status, 422);
    let page = post(&mut piet, "/engagement", &new).await;
    assert_eq!(page.status, 303, "{}", page.text());
    t.settle().await;
    assert_eq!(kept(&t, noor).await.unwrap().0, 63);
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let page = admin.get(&format!("/people/{noor}")).await;
    assert!(page.has("formule, versie 2") && page.has("63,2") && page.has("10,0 van 10"), "{}", page.text());
    let page = admin.get("/engagement").await;
    assert!(
        page.has("Vragen wegen zwaarder") && page.has("vastgesteld door Piet de Tester"),
        "{}",
        page.text()
    );
    let old = admin.get("/engagement?version=1").await;
    assert!(old.has("geldt niet meer") && old.has("zoals Kring die meebrengt"), "{}", old.text());
    assert_eq!(admin.get("/engagement?version=9").await.status, 404);
    // Two who decide at once: the second is told.
    let page = post(&mut admin, "/engagement", &new).await;
    assert!(page.status == 422 && page.has("intussen een nieuwe versie"), "{}", page.text());
    assert_eq!(t.count(sql!("select count(*) from events where kind = 'engagement.reweighed'")).await, 1);
}

async fn what_a_colleague_does_scores_nothing(t: TestHouse) {
    asks(&t, "Noor de Vries", "noor@mail.example.com").await;
    answer_and_close(&t, "fleur@meerland.example").await;
    let noor = known(&t, "noor@mail.example.com").await;
    // The link of the letter, filled in by somebody who is signed in: for the person, and not by them.
    let mut omar = t.signed_in("omar@meerland.example").await;
    answers(&t, &mut omar, "noor@mail.example.com").await;
    assert_eq!(t.count(sql!("select count(*) from responses")).await, 1);
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    admin.post(&format!("/people/{noor}/notes"), &[("text", "belde nog")]).await;
    t.settle().await;
    assert_eq!(t.count(sql!("select count(*) from engagement_acts")).await, 1, "the question alone");
    assert_eq!(kept(&t, noor).await.unwrap().0, 25);
}

async fn who_answers_joins_a_segment_and_leaves_by_time(t: TestHouse) {
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let rule = fields(&[&[("is", "fact"), ("key", "engagement"), ("was", "engagement"), ("from", "40")]]);
    let at = saved(&mut admin, "Betrokken", &rule).await;
    asks(&t, "Noor de Vries", "noor@mail.example.com").await;
    let page = admin.get(&at).await;
    assert!(total(&page) == "0" && page.has("hebben een betrokkenheid van"), "{}", page.text());
    answer_and_close(&t, "fleur@meerland.example").await;
    answers(&t, &mut t.browser(), "noor@mail.example.com").await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let page = admin.get(&at).await;
    assert!(total(&page) == "1" && page.has("iets wat zij zelf deden"), "{}", page.text());
    t.pass(60 * DAY).await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    assert_eq!(total(&admin.get(&at).await), "1", "6 points are 5,4 by now");
    t.pass(30 * DAY).await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let page = admin.get(&at).await;
    assert!(total(&page) == "0" && page.has("tijd die verstreek"), "{}", page.text());
    // Whoever never did anything has nought.
    added(&t, "Stille Sam", "sam@mail.example.com", None).await;
    let rule = fields(&[&[("is", "fact"), ("key", "engagement"), ("was", "engagement"), ("to", "10")]]);
    let at = saved(&mut admin, "Stil", &rule).await;
    assert_eq!(total(&admin.get(&at).await), "1");
}

async fn of_a_prospect_behaviour_stands_beside_it_and_goes_stale(t: TestHouse) {
    asks(&t, "Noor de Vries", "noor@mail.example.com").await;
    let noor = known(&t, "noor@mail.example.com").await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    assert!(!admin.get(&format!("/people/{noor}")).await.has("Gedrag van de laatste tijd"));
    given(&t, noor, "prospect", "Verpleegkunde", "2026-01-01", None).await;
    let page = admin.get(&format!("/people/{noor}")).await;
    assert!(page.has("Gedrag van de laatste tijd") && page.has("31,3"), "{}", page.text());
    assert_eq!(kept(&t, noor).await, Some((25, Some(31))));
    t.pass(91 * DAY).await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let page = admin.get(&format!("/people/{noor}")).await;
    assert!(page.has("Verouderd: de laatste eigen handeling was op"), "{}", page.text());
    let (score, behaviour) = kept(&t, noor).await.unwrap();
    assert!(score > 20 && behaviour.is_none(), "nobody selects on it any more");
}

async fn who_objects_or_is_a_child_has_no_score(t: TestHouse) {
    asks(&t, "Noor de Vries", "noor@mail.example.com").await;
    let noor = known(&t, "noor@mail.example.com").await;
    assert_eq!(kept(&t, noor).await, Some((25, Some(31))));
    let here = format!("/people/{noor}");
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let mut program = program(&t).await;
    let score = format!("/api/v1/people/{noor}/engagement");
    said(&t, noor, Act::Objection).await;
    assert_eq!(kept(&t, noor).await, Some((0, None)), "rules find nothing either");
    assert!(!admin.get(&here).await.has("Uit 1 eigen handeling"));
    let page = admin.get(&format!("{here}/engagement")).await;
    assert!(
        page.has("wil geen werving of promotie van ons") && !page.has("stelde een vraag"),
        "{}",
        page.text()
    );
    let told = program.get(&score).await.json();
    assert_eq!((&told["score"], &told["withheld"]), (&serde_json::Value::Null, &"objected".into()), "{told}");
    assert_eq!(told["contributions"].as_array().unwrap().len(), 0);
    // What she does goes on being kept, since it is there for other reasons; a night changes nothing; she herself reads it.
    asks(&t, "Noor de Vries", "noor@mail.example.com").await;
    t.pass(DAY).await;
    assert_eq!(kept(&t, noor).await, Some((0, None)));
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    let acts =
        tx.one::<(i64,)>(sql!("select acts from engagement_scores where person_id = $1"), params![noor]);
    assert_eq!(acts.await.unwrap(), (2,));
    drop(tx);
    // By another channel it is an objection just as well, until each is taken back.
    said_by(&t, noor, Channel::Phone, Act::Objection).await;
    said(&t, noor, Act::Lifted).await;
    assert_eq!(kept(&t, noor).await, Some((0, None)));
    said_by(&t, noor, Channel::Phone, Act::Consent).await;
    let (back, _) = kept(&t, noor).await.unwrap();
    assert!(back > 25, "{back}: and both acts count");
    // To say no to one thing is no objection to being known.
    said(&t, noor, Act::Withdrawal).await;
    assert_eq!(kept(&t, noor).await.unwrap().0, back);

    let born = |date: &'static str| {
        let t = &t;
        async move {
            let mut tx = t.house.write(&Actor::robot()).await.unwrap();
            tx.run(sql!("update people set birth_date = $2 where id = $1"), params![noor, date])
                .await
                .unwrap();
            tx.commit().await.unwrap();
            t.pass(DAY).await;
        }
    };
    born("2010-12-25").await;
    assert_eq!(kept(&t, noor).await, Some((0, None)), "fifteen");
    let mut admin = t.signed_in("hanneke@meerland.example").await.in_english();
    let page = admin.get(&format!("{here}/engagement")).await;
    assert!(page.has("younger than 16"), "{}", page.text());
    t.pass(40 * DAY).await;
    assert!(kept(&t, noor).await.unwrap().0 > 0, "sixteen since Christmas");
}

async fn said(t: &TestHouse, person: PersonId, act: Act) {
    said_by(t, person, Channel::Mail, act).await;
}

async fn said_by(t: &TestHouse, person: PersonId, channel: Channel, act: Act) {
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    let entry = Entry::new(person, kring_frame::Purpose::Marketing, channel, act, "staff");
    kring_consent::record(&mut tx, &entry).await.unwrap();
    tx.commit().await.unwrap();
    t.settle().await;
}

async fn who_may_not_see_it_does_not(t: TestHouse) {
    asks_and_answers(&t, "Noor de Vries", "noor@mail.example.com").await;
    let noor = known(&t, "noor@mail.example.com").await;
    let here = format!("/people/{noor}/engagement");
    // The desk helps everybody alike; the board sees how it is spread, and nobody.
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    assert!(!fleur.get(&format!("/people/{noor}")).await.has("Betrokkenheid"));
    assert_eq!((fleur.get(&here).await.status, fleur.get("/engagement").await.status), (403, 403));
    let mut ria = t.signed_in("ria@meerland.example").await;
    let page = ria.get("/engagement").await;
    assert!(page.has("Iedereen") && page.has("te weinig mensen"), "{}", page.text());
    assert!(!page.has("/engagement/new"));
    assert_eq!((ria.get(&here).await.status, ria.get("/engagement/new").await.status), (403, 403));
    for at in 0..10 {
        let one = added(&t, &format!("Al Umna {at}"), &format!("al{at}@mail.example.com"), None).await;
        given(&t, one, "alumnus", "", "2020-01-01", None).await;
    }
    let page = ria.get("/engagement").await;
    assert!(page.has("<td class=\"r num\">9\u{a0}%</td>"), "one of eleven: {}", page.text());
    assert!(page.has("te weinig mensen"), "without the ten alumni one would be left: {}", page.text());
    for at in 0..9 {
        added(&t, &format!("An Der {at}"), &format!("an{at}@mail.example.com"), None).await;
    }
    let page = ria.get("/engagement").await;
    assert!(page.has("alumnus") && !page.has("te weinig mensen"), "{}", page.text());
    // Behind the wall nobody is there, not even in a count.
    let fund = another_entity(&t).await;
    let donor = added(&t, "Dona Gever", "dona@mail.example.com", None).await;
    given_in(&t, donor, Some(fund), "donor", "", "2020-01-01", None).await;
    let mut fons = t.signed_in("fons@meerland.example").await;
    let (foreign, made_up) = (fons.get(&here).await, fons.get("/people/424242/engagement").await);
    assert_eq!((foreign.status, foreign.body), (404, made_up.body));
    assert_eq!(fons.get(&format!("/people/{donor}/engagement")).await.status, 200);
    assert!(!fons.get("/engagement").await.has("alumnus"));
    // Somebody who may see the number and not what was answered sees a line without its name.
    let hash = kring_access::PasswordHash::of(&kring_core::Chance::seeded(4), kring_testing::PASSWORD)
        .await
        .unwrap();
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    kring_access::demo_account(
        &mut tx,
        "Alma Tester",
        "alma@meerland.example",
        &hash,
        "alumni_officer",
        t.units[0],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let mut alma = t.signed_in("alma@meerland.example").await;
    let page = alma.get(&here).await;
    assert!(page.has("een handeling die u niet mag zien") && page.has("45,1"), "{}", page.text());
    assert!(!page.has("vragenlijst"), "{}", page.text());
}

async fn it_stands_in_the_dossier_and_is_forgotten(t: TestHouse) {
    asks(&t, "Noor de Vries", "noor@mail.example.com").await;
    let noor = known(&t, "noor@mail.example.com").await;
    let mut piet = t.signed_in("piet@meerland.example").await;
    let dossier = piet.post(&format!("/people/{noor}/privacy/dossier"), &[]).await;
    for seen in ["\"engagement\"", "stelde een vraag", "25.9", "half_life", "adds_to_behaviour"] {
        assert!(dossier.text().contains(seen), "{seen}: {}", dossier.text());
    }
    let gone = piet.post(&format!("/people/{noor}/privacy/erase"), &[("number", &noor.to_string())]).await;
    assert_eq!(gone.status, 303, "{}", gone.text());
    t.pass(DAY).await;
    assert_eq!(t.count(sql!("select count(*) from engagement_acts")).await, 0);
    assert_eq!(t.count(sql!("select count(*) from engagement_scores")).await, 0);
}

async fn a_merge_brings_the_acts_and_gives_them_back(t: TestHouse) {
    asks(&t, "Noor de Vries", "noor@mail.example.com").await;
    asks(&t, "N. de Vries", "nvries@mail.example.com").await;
    let (noor, other) =
        (known(&t, "noor@mail.example.com").await, known(&t, "nvries@mail.example.com").await);
    let mut tx = t.house.write(&t.actor("hanneke@meerland.example").await).await.unwrap();
    let permit = tx.actor().permit(&kring_people::WRITE_PEOPLE).unwrap();
    let one = merge::people(&mut tx, &permit, noor, other, &[], "").await.unwrap();
    tx.commit().await.unwrap();
    t.settle().await;
    assert_eq!((kept(&t, noor).await.unwrap().0, kept(&t, other).await), (45, None));
    let mut tx = t.house.write(&t.actor("hanneke@meerland.example").await).await.unwrap();
    merge::undo_people(&mut tx, &permit, one).await.unwrap();
    tx.commit().await.unwrap();
    t.settle().await;
    assert_eq!((kept(&t, noor).await.unwrap().0, kept(&t, other).await.unwrap().0), (25, 25));
}

/// What rooms may not declare, held by a machine: nothing of coaching, of the law or of running the house is an own act, and each
/// kind of event is one act at most.
#[tokio::test]
async fn no_room_declares_what_must_not_score() {
    use kring_frame::{CATALOGUE, Purpose};
    let t = TestHouse::new(kring_testing::Engine::Sqlite).await;
    let acts = &t.house.rooms.own_acts;
    assert!(!acts.is_empty());
    for act in acts {
        let (_, purpose) = CATALOGUE.iter().find(|(kind, _)| *kind == act.event).unwrap();
        let guarded = [Purpose::Coaching, Purpose::Legal, Purpose::Operations];
        assert!(!guarded.contains(purpose), "{} is of {purpose}", act.event);
        assert_eq!(acts.iter().filter(|other| other.event == act.event).count(), 1, "{}", act.event);
    }
}
