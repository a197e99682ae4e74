//! Organisations: trees of branches, with people and numbers; brought together and taken apart.

use kring_frame::{Actor, sql};
use kring_people::contact;
use kring_testing::{TestHouse, both};

both!(
    an_organisation_has_branches_people_and_numbers,
    who_adds_an_organisation_sees_the_one_that_looks_like_it,
    organisations_that_are_one_are_brought_together_and_apart
);

async fn an_organisation_has_branches_people_and_numbers(t: TestHouse) {
    let mut browser = t.signed_in("hanneke@meerland.example").await;
    let head =
        browser.post("/organisations/new", &[("name", "Bouwbedrijf Kluts BV"), ("kind", "company")]).await;
    let head = head.location().split("/data").next().unwrap().to_owned();
    let number = head.rsplit('/').next().unwrap().to_owned();
    let branch = browser
        .post("/organisations/new", &[("name", "Kluts Haven"), ("kind", "branch"), ("parent", &number)])
        .await;
    let branch = branch.location().split("/data").next().unwrap().to_owned();
    let wrong = browser
        .post(&format!("{head}/data"), &[("section", "code"), ("scheme", "kvk"), ("code", "12")])
        .await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.has("Dit kan geen nummer van deze soort zijn."));
    for form in [
        vec![("section", "code"), ("scheme", "kvk"), ("code", "9012 3456")],
        vec![("section", "role"), ("kind", "training_company"), ("from", "2024-01-01")],
        vec![("section", "contact"), ("value", "info@kluts.example"), ("label", "work")],
    ] {
        let page = browser.post(&format!("{head}/data"), &form).await;
        assert_eq!(page.status, 303, "{}", page.text());
    }
    let page = browser.get(&head).await;
    for says in ["90123456", "leerbedrijf", "info@kluts.example", "Kluts Haven"] {
        assert!(page.has(says), "{says}: {}", page.text());
    }
    assert!(browser.get(&branch).await.has("onderdeel van"));
    // A tree cannot hang below its own branch.
    let below = branch.rsplit('/').next().unwrap();
    let loops = browser
        .post(
            &format!("{head}/edit"),
            &[("version", "1"), ("name", "Bouwbedrijf Kluts BV"), ("kind", "company"), ("parent", below)],
        )
        .await;
    assert_eq!(loops.status, 422);
    assert!(browser.get("/organisations?q=90123456").await.has("Bouwbedrijf Kluts BV"));
    t.settle().await;
    assert!(browser.get("/search/suggest?q=klust").await.has("Kluts"), "with a slip");
}

async fn who_adds_an_organisation_sees_the_one_that_looks_like_it(t: TestHouse) {
    let mut browser = t.signed_in("hanneke@meerland.example").await;
    let new = |name: &'static str| vec![("name", name), ("kind", "company"), ("size", "2_9")];
    let first = browser.post("/organisations/new", &new("Installatiebedrijf Veenstra")).await;
    let here = first.location().split("/data").next().unwrap().to_owned();
    let again = browser.post("/organisations/new", &new("Instalatiebedrijf Veenstra BV")).await;
    assert_eq!(again.status, 422, "{}", again.text());
    assert!(again.has("Kennen we deze organisatie al?") && again.has(&format!("href=\"{here}\"")));
    // What was typed is still there, and the button says that it is another one.
    assert!(again.has("Instalatiebedrijf Veenstra BV") && again.has("another_one"));
    let mut other = new("Instalatiebedrijf Veenstra BV");
    other.push(("another_one", "on"));
    assert_eq!(browser.post("/organisations/new", &other).await.status, 303);
    assert_eq!(browser.post("/organisations/new", &new("Zorggroep De Linde")).await.status, 303);
}

async fn organisations_that_are_one_are_brought_together_and_apart(t: TestHouse) {
    let mut browser = t.signed_in("hanneke@meerland.example").await;
    let mut made = Vec::new();
    for (name, parent, mail) in [
        ("Bouwbedrijf Waterkant BV", None, "info@waterkantbouw.example"),
        ("Waterkant Bouwbedrijf", None, "info@waterkantbouw.example"),
        ("Bouwbedrijf Waterkant BV, vestiging Oost", Some(0), "info@waterkantbouw.example"),
        ("Zorggroep De Linde", None, "info@linde.example"),
    ] {
        let parent: String =
            parent.map(|at: usize| made[at]).map(|id: i64| id.to_string()).unwrap_or_default();
        let fields = [("name", name), ("kind", "company"), ("parent", &*parent)];
        let page = browser.post("/organisations/new", &fields).await;
        assert_eq!(page.status, 303, "{}", page.text());
        let here = page.location().split("/data").next().unwrap().to_owned();
        let id: i64 = here.rsplit('/').next().unwrap().parse().unwrap();
        let mut tx = t.house.write(&Actor::robot()).await.unwrap();
        let party = kring_people::Party::Organisation(kring_frame::OrganisationId::new(id));
        contact::add(&mut tx, party, contact::Kind::Email, mail, "staff").await.unwrap();
        if mail.contains("waterkant") {
            contact::add(&mut tx, party, contact::Kind::Phone, "0201234567", "staff").await.unwrap();
        }
        tx.commit().await.unwrap();
        made.push(id);
    }
    browser.post("/duplicates/sweep", &[]).await;
    t.settle().await;
    let page = browser.get("/duplicates/organisations").await;
    assert!(page.has("Waterkant Bouwbedrijf"), "{}", page.text());
    assert!(!page.has("De Linde"), "{}", page.text());
    let pairs = t
        .count(sql!("select count(*) from organisation_pairs p join organisations a on a.id = p.a_id join organisations b on b.id = p.b_id where b.parent_id = a.id"))
        .await;
    assert_eq!(pairs, 0, "a head office and its branch are no pair");
    let text = page.text();
    let action = text.split("action=\"/duplicates/organisations/").nth(1).unwrap();
    let pair = action.split('"').next().unwrap().to_owned();
    let keep = made[0].to_string();
    let decided = browser.post(&format!("/duplicates/organisations/{pair}"), &[("keep", &*keep)]).await;
    assert_eq!(decided.status, 303, "{}", decided.text());
    assert_eq!(t.count(sql!("select count(*) from organisations where state = 'merged'")).await, 1);
    let merge = t.count(sql!("select max(id) from merges where party = 'organisation'")).await;
    browser.post(&format!("/organisations/merges/{merge}/undo"), &[]).await;
    assert_eq!(t.count(sql!("select count(*) from organisations where state = 'merged'")).await, 0);
    // What was decided is not asked again.
    browser.post("/duplicates/sweep", &[]).await;
    t.settle().await;
    let again = t.count(sql!("select count(*) from organisation_pairs where state = 'merged'")).await;
    assert_eq!(again, 1);
}
