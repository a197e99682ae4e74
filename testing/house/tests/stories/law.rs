//! The law as stories: whose data it is, who speaks for a child, what somebody said, and being forgotten for good.

use kring_frame::{Actor, UnitId, params, sql};
use kring_people::{
    merge,
    relationship::{self, Basis, With},
    roles, suppression, units,
};
use kring_testing::{TestHouse, both};

use crate::people::{added, given};

both!(
    another_legal_entity_sees_its_own_until_there_is_an_arrangement,
    what_a_coach_writes_is_a_locked_line_to_others,
    a_parent_speaks_for_a_child_until_it_is_grown,
    what_somebody_says_at_the_desk_holds_at_once,
    whoever_is_forgotten_is_gone_under_every_number,
    what_is_kept_too_long_is_shown_first_and_then_forgotten
);

/// A fund that is a controller of its own, with Fons (fons@meerland.example) as its alumni officer.
pub async fn another_entity(t: &TestHouse) -> UnitId {
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    let fund = units::add(&mut tx, Some(t.units[0]), "Meerlandfonds", "Meerland Fund", "fund").await.unwrap();
    tx.run(sql!("update units set legal_entity = true where id = $1 or parent_id is null"), params![fund])
        .await
        .unwrap();
    let hash = kring_access::PasswordHash::of(&kring_core::Chance::seeded(3), kring_testing::PASSWORD)
        .await
        .unwrap();
    kring_access::demo_account(&mut tx, "Fons Fonds", "fons@meerland.example", &hash, "alumni_officer", fund)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    fund
}

async fn another_legal_entity_sees_its_own_until_there_is_an_arrangement(t: TestHouse) {
    let fund = another_entity(&t).await;
    let donor = added(&t, "Dona Gever", "dona@mail.example.com", None).await;
    let student = added(&t, "Sem Smit", "sem@mail.example.com", None).await;
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    roles::give(&mut tx, donor, "donor", Some(fund), "", None, "staff").await.unwrap();
    tx.commit().await.unwrap();
    let mut fons = t.signed_in("fons@meerland.example").await;
    assert_eq!(fons.get(&format!("/people/{donor}")).await.status, 200);
    let (foreign, made_up) =
        (fons.get(&format!("/people/{student}")).await, fons.get("/people/424242").await);
    assert_eq!(
        (foreign.status, foreign.body),
        (made_up.status, made_up.body),
        "behind the wall nobody is there"
    );
    assert!(
        !fons.get("/people").await.has("Sem Smit") && !fons.get("/search/suggest?q=smit").await.has("Sem")
    );
    assert_eq!(fons.post(&format!("/people/{student}/notes"), &[("text", "x")]).await.status, 404);
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let (from, to) = (t.units[0].to_string(), fund.to_string());
    let done = admin
        .post(
            "/policy/arrangements",
            &[("from", &from), ("to", &to), ("article", "26"), ("purposes", "relation"), ("note", "map 3")],
        )
        .await;
    assert_eq!(done.status, 303, "{}", done.text());
    assert_eq!(fons.get(&format!("/people/{student}")).await.status, 200, "now it is shared");
    let id = t.count(sql!("select max(id) from arrangements")).await;
    admin.post(&format!("/policy/arrangements/{id}/end"), &[]).await;
    t.pass(60 * 48).await;
    let mut fons = t.signed_in("fons@meerland.example").await;
    assert_eq!(fons.get(&format!("/people/{student}")).await.status, 404, "and from the day after, no more");
}

async fn what_a_coach_writes_is_a_locked_line_to_others(t: TestHouse) {
    let noor = added(&t, "Noor Bakker", "noor@mail.example.com", None).await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let done = admin
        .post(&format!("/people/{noor}/coaching"), &[("text", "Twijfelt over haar richting, BSN 111222333")])
        .await;
    assert!(done.location().contains("done-note-cleaned"), "{}", done.location());
    let page = admin.get(&format!("/people/{noor}")).await;
    assert!(page.has("Twijfelt over haar richting, BSN […]"), "{}", page.text());
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    let page = fleur.get(&format!("/people/{noor}")).await;
    assert!(!page.has("Twijfelt") && page.has("Je ziet dat het er was"), "{}", page.text());
    assert_eq!(fleur.post(&format!("/people/{noor}/coaching"), &[("text", "x")]).await.status, 403);
    // The steward hears that there was a number, and not which.
    let mut piet = t.signed_in("piet@meerland.example").await;
    let page = piet.get("/privacy/found").await;
    assert!(
        page.has("burgerservicenummer") && page.has("Noor Bakker") && !page.has("111222333"),
        "{}",
        page.text()
    );
}

async fn a_parent_speaks_for_a_child_until_it_is_grown(t: TestHouse) {
    use kring_consent::{Act, Channel, Entry, MessageClass, facts_of, may, record};
    use kring_frame::Purpose;
    let child = added(&t, "Jip Bos", "jip@mail.example.com", Some("2008-12-01")).await;
    let parent = added(&t, "Els Bos", "els@mail.example.com", Some("1980-01-01")).await;
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    let yes = Entry {
        given_by: Some(parent),
        ..Entry::new(child, Purpose::Marketing, Channel::Mail, Act::Consent, "form")
    };
    assert!(
        record(&mut tx, &yes).await.is_err(),
        "nobody speaks for a child without a relation that says so"
    );
    let new = relationship::NewRelationship {
        kind: relationship::Kind::Represents,
        detail: String::new(),
        from: None,
        to: None,
        basis: Basis::OwnWord,
        confirmed_on: None,
        source: "staff".into(),
    };
    relationship::make(&mut tx, parent, With::Person(child), &new).await.unwrap();
    record(&mut tx, &yes).await.unwrap();
    let asked = |facts| may(&facts, Purpose::Marketing, Channel::Mail, MessageClass::Announcement).allowed;
    assert!(asked(facts_of(&mut tx, child, Purpose::Marketing, Channel::Mail).await.unwrap()));
    tx.commit().await.unwrap();
    t.settle().await;
    // Seven days before the eighteenth birthday the clock stands at 23 November; then it passes.
    t.pass(60 * 24 * 9).await;
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    assert!(
        !asked(facts_of(&mut tx, child, Purpose::Marketing, Channel::Mail).await.unwrap()),
        "it was the parent's to give"
    );
    assert!(relationship::of(&mut tx, child).await.unwrap().iter().all(|r| r.to.is_some()));
}

async fn what_somebody_says_at_the_desk_holds_at_once(t: TestHouse) {
    let id = added(&t, "Noor Bakker", "noor@mail.example.com", Some("1990-05-06")).await;
    let here = format!("/people/{id}/wishes");
    let mut browser = t.signed_in("hanneke@meerland.example").await;
    let page = browser.get(&here).await;
    assert!(page.has("Er is geen toestemming voor gegeven."), "{}", page.text());
    let said = |act, purpose, channel, proof| {
        [("act", act), ("purpose", purpose), ("channel", channel), ("door", "phone"), ("proof", proof)]
    };
    // A yes that nobody can show is none, and what was typed stays.
    let page = browser.post(&here, &said("consent", "marketing", "mail", "")).await;
    assert_eq!(page.status, 422);
    assert!(page.has("zonder bewijs geldt een ja niet"), "{}", page.text());
    // By telephone there is no exception for customers.
    let page = browser.post(&here, &said("customer", "marketing", "phone", "factuur 12")).await;
    assert_eq!(page.status, 422);
    assert!(page.has("geldt alleen voor nieuws en aanbod per mail"), "{}", page.text());
    let page = browser.post(&here, &said("customer", "marketing", "mail", "cursus 12, met uitleg")).await;
    assert_eq!(page.status, 303, "{}", page.text());
    let page = browser.get(&here).await;
    assert!(page.has("Dit is een klant die wist dat dit kon komen en niet weigerde."), "{}", page.text());
    let page = browser.post(&here, &said("objection", "marketing", "mail", "")).await;
    assert_eq!(page.status, 303, "{}", page.text());
    t.settle().await;
    let page = browser.get(&format!("/people/{id}")).await;
    assert!(page.has("Maakt bezwaar: Nieuws en aanbod, per mail"), "{}", page.text());
    assert!(page.has("Deze persoon maakte bezwaar."), "{}", page.text());
    let mut english = t.signed_in("hanneke@meerland.example").await.in_english();
    assert!(english.get(&here).await.has("Objects: News and offers, by mail"));
    // Whoever may only read sees what holds, and has no form.
    let mut reader = t.signed_in("ria@meerland.example").await;
    let page = reader.get(&here).await;
    assert!(page.status == 403 || !page.has("name=\"act\""), "{}", page.text());
}

async fn whoever_is_forgotten_is_gone_under_every_number(t: TestHouse) {
    const CANARIES: [&str; 6] =
        ["Kwibus", "Zwaluwstaart", "kanarie@vogel.example", "0612345699", "Fluitketellaan", "veergeheim"];
    let one = added(&t, "Kwibus Zwaluwstaart", "kanarie@vogel.example", Some("1990-02-03")).await;
    let other = added(&t, "K. Zwaluwstaart", "", Some("1990-02-03")).await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    for form in [
        vec![("section", "contact"), ("value", "0612345699"), ("label", "private")],
        vec![
            ("section", "address"),
            ("street", "Fluitketellaan"),
            ("house_number", "3"),
            ("postcode", "1234 AB"),
            ("city", "Meerstad"),
        ],
    ] {
        assert_eq!(admin.post(&format!("/people/{one}/data"), &form).await.status, 303);
    }
    admin.post(&format!("/people/{other}/notes"), &[("text", "vertelde een veergeheim")]).await;
    let topic = t.topics[0].id.to_string();
    t.browser()
        .post(
            "/contact",
            &[
                ("name", "Kwibus Zwaluwstaart"),
                ("email", "kanarie@vogel.example"),
                ("topic", &topic),
                ("text", "veergeheim?"),
                ("website", ""),
            ],
        )
        .await;
    t.settle().await;
    let mut tx = t.house.write(&t.actor("hanneke@meerland.example").await).await.unwrap();
    let permit = tx.actor().permit(&kring_people::WRITE_PEOPLE).unwrap();
    merge::people(&mut tx, &permit, one, other, &[], "").await.unwrap();
    tx.commit().await.unwrap();
    t.settle().await;
    let mut piet = t.signed_in("piet@meerland.example").await;
    let dossier = piet.post(&format!("/people/{one}/privacy/dossier"), &[]).await;
    for canary in CANARIES {
        let canary = if canary == "0612345699" { "612345699" } else { canary };
        assert!(dossier.text().contains(canary), "the dossier holds {canary}");
    }
    assert!(piet.post(&format!("/people/{one}/privacy/read"), &[]).await.has("Fluitketellaan"));
    let gone = piet.post(&format!("/people/{one}/privacy/erase"), &[("number", &one.to_string())]).await;
    assert_eq!(gone.status, 303, "{}", gone.text());
    t.settle().await;
    t.house.db.settle().await.unwrap();
    assert!(!admin.get("/people").await.has("Zwaluwstaart"));
    assert!(!admin.get("/search/suggest?q=zwaluwstaart").await.has("Zwaluwstaart"));
    for file in std::fs::read_dir(t.database.folder()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for canary in CANARIES.iter().map(|c| c.to_lowercase()).chain(CANARIES.map(str::to_owned)) {
            let needle = canary.as_bytes();
            assert!(
                !bytes.windows(needle.len()).any(|w| w == needle),
                "{canary} is still in {}",
                path.display()
            );
        }
    }
    for count in [
        sql!("select count(*) from person_words where word like '%zwaluw%'"),
        sql!("select count(*) from name_words where word like '%zwaluw%'"),
        sql!("select count(*) from word_slips where word like '%zwaluw%'"),
        sql!("select count(*) from merges where chosen like '%wibus%'"),
        sql!("select count(*) from people where display_name like '%waluw%'"),
    ] {
        assert_eq!(t.count(count).await, 0);
    }
    // Neither number comes back by a list, and the merge cannot be undone.
    let name = kring_people::arrive::name_from("Kwibus Zwaluwstaart");
    let marks = suppression::marks(&t.house, &name, Some("1990-02-03".parse().unwrap()), std::iter::empty());
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    assert!(suppression::holds(&mut tx, &marks).await.unwrap());
    drop(tx);
    let merged = t.count(sql!("select max(id) from merges")).await;
    assert_eq!(admin.post(&format!("/people/merges/{merged}/undo"), &[]).await.status, 409);
}

async fn what_is_kept_too_long_is_shown_first_and_then_forgotten(t: TestHouse) {
    let old = added(&t, "Oude Prospect", "oud@mail.example.com", None).await;
    given(&t, old, "prospect", "Kok", "2023-01-01", None).await;
    let student = added(&t, "Vaste Student", "vast@mail.example.com", None).await;
    given(&t, student, "enrolled_student", "Kok", "2023-09-01", None).await;
    t.clock.advance(jiff::SignedDuration::from_hours(24 * 800));
    t.settle().await;
    let young = added(&t, "Nieuwe Prospect", "nieuw@mail.example.com", None).await;
    given(&t, young, "prospect", "Kok", "2028-01-01", None).await;
    let mut piet = t.signed_in("piet@meerland.example").await;
    let page = piet.get("/privacy").await;
    assert!(page.has("Raakt nu één mens.") && page.has("Oude Prospect"), "{}", page.text());
    assert!(!page.has("Nieuwe Prospect") && !page.has("Vaste Student"));
    t.pass(60 * 25).await;
    let known = sql!("select count(*) from people where state = 'known'");
    assert_eq!(t.count(known).await, 3, "nothing happens until it is switched on");
    // A session does not last a night.
    let mut piet = t.signed_in("piet@meerland.example").await;
    let done =
        piet.post("/privacy/retention", &[("rule", "prospects"), ("months", "24"), ("active", "on")]).await;
    assert!(done.location().contains("done-retention"), "{}", done.text());
    t.pass(60 * 25).await;
    let mut piet = t.signed_in("piet@meerland.example").await;
    assert_eq!(t.count(known).await, 2);
    assert_eq!(t.count(sql!("select count(*) from people where display_name = 'Oude Prospect'")).await, 0);
    assert!(piet.get("/privacy").await.has("1 vergeten"));
}
