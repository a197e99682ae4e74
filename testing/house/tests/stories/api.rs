//! The API as a program meets it: keys with scopes, idempotency, problems, and a description that names every route.

use std::collections::BTreeSet;

use kring_access::MANAGE_STAFF;
use kring_frame::{RouteKind, sql};
use kring_people::{
    merge,
    organisation::{self, NewOrganisation},
};
use kring_testing::{Browser, TestHouse, both};
use serde_json::json;

both!(
    a_write_under_a_key_has_its_effect_once,
    a_key_reaches_its_scopes_and_units_only,
    organisations_come_in_once_and_are_read_in_pages,
    the_description_names_every_route
);

/// A key made by the administrator, for these scopes in this unit.
pub async fn key(t: &TestHouse, scopes: &[&str], unit: usize) -> Browser {
    let admin = t.actor("hanneke@meerland.example").await;
    let permit = admin.permit(&MANAGE_STAFF).unwrap();
    let mut tx = t.house.write(&admin).await.unwrap();
    let token = kring_access::make_key(&mut tx, &permit, "proef", scopes, t.units[unit]).await.unwrap();
    tx.commit().await.unwrap();
    t.browser().with_key(&token.reveal())
}

async fn a_write_under_a_key_has_its_effect_once(t: TestHouse) {
    let program = key(&t, &["desk.work", "people.read", "people.write"], 0).await;
    let body = json!({"name": "Noor", "email": "noor@mail.example.com", "topic": t.topics[0].id.get(), "text": "Kan dat?"});
    let headers = [("idempotency-key", "een")];
    let mut answers = Vec::new();
    // At the same moment and again afterwards.
    let (mut a, mut b, mut c) = (program.clone(), program.clone(), program.clone());
    let (one, two) = tokio::join!(
        a.post_json("/api/v1/requests", &body, &headers),
        b.post_json("/api/v1/requests", &body, &headers)
    );
    for page in [one, two, c.post_json("/api/v1/requests", &body, &headers).await] {
        assert_eq!(page.status, 201, "{}", page.text());
        answers.push(page.json());
    }
    assert!(answers.iter().all(|a| *a == answers[0]), "the first answer, each time");
    assert_eq!(t.count(sql!("select count(*) from requests")).await, 1);
    let other = json!({"name": "Noor", "email": "noor@mail.example.com", "topic": t.topics[0].id.get(), "text": "Iets anders"});
    let refused = c.post_json("/api/v1/requests", &other, &headers).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.headers["content-type"], "application/problem+json");
    assert_eq!(refused.json()["errors"][0]["code"], "key-reused");
    // What is not listed is refused, and what is wrong is named by its field.
    let sly = json!({"name": "Noor", "email": "geen adres", "language": "Nederlands"});
    let problem = c.post_json("/api/v1/people", &sly, &[]).await.json();
    let fields: BTreeSet<_> =
        problem["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
    assert_eq!(fields, BTreeSet::from(["email", "language"]));
    let admin = json!({"name": "Noor", "email": "n@mail.example.com", "owner_id": 1});
    assert_eq!(c.post_json("/api/v1/people", &admin, &[]).await.status, 422, "an unknown field is refused");
}

async fn a_key_reaches_its_scopes_and_units_only(t: TestHouse) {
    let topic = t.topics[1].id.to_string();
    let fields = [
        ("name", "Kim"),
        ("email", "kim@mail.example.com"),
        ("topic", &*topic),
        ("text", "Stage?"),
        ("website", ""),
    ];
    t.browser().post("/contact", &fields).await;
    t.settle().await;
    let id = t.count(sql!("select max(id) from requests")).await;
    let mut narrow = key(&t, &["desk.work"], 1).await;
    assert_eq!(narrow.get("/api/v1/people").await.status, 403, "not its scope");
    assert_eq!(
        narrow.get("/api/v1/requests").await.json()["requests"],
        json!([]),
        "another unit's request is not there"
    );
    let (foreign, made_up) =
        (narrow.get(&format!("/api/v1/requests/{id}")).await, narrow.get("/api/v1/requests/424242").await);
    assert_eq!((foreign.status, &foreign.body), (404, &made_up.body));
    let mut wide = key(&t, &["desk.work"], 0).await;
    assert_eq!(wide.get(&format!("/api/v1/requests/{id}")).await.json()["turns"][0]["text"], "Stage?");
    assert_eq!(wide.get("/people").await.status, 303, "a key opens no page");
}

async fn organisations_come_in_once_and_are_read_in_pages(t: TestHouse) {
    let mut program = key(&t, &["people.read", "people.write"], 0).await;
    let here = "/api/v1/organisations";
    let firm = json!({
        "name": "Bouwbedrijf Waterkant BV", "kvk": "9012 3456", "email": "info@waterkantbouw.example", "phone": "020 123 4567",
        "address": {"street": "Kanaalweg", "house_number": "12 bis", "postcode": "1234ab", "city": "Meerstad"}
    });
    let made = program.post_json(here, &firm, &[("idempotency-key", "firma")]).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let made = made.json();
    let id = made["id"].as_i64().unwrap();
    assert_eq!((&made["kind"], &made["codes"][0]["value"]), (&json!("company"), &json!("90123456")));
    assert_eq!(made["addresses"][0]["house_number"], "12 bis");
    assert_eq!(made["addresses"][0]["postcode"], "1234 AB");
    assert_eq!(program.post_json(here, &firm, &[("idempotency-key", "firma")]).await.json()["id"], id);
    // Whoever has its number in the trade register is it, whatever it is called there.
    let again = program.post_json(here, &json!({"name": "Waterkant", "kvk": "90123456"}), &[]).await;
    assert_eq!((again.status, &again.json()["name"]), (200, &json!("Bouwbedrijf Waterkant BV")));
    // A branch has much in common with its head office and is not it.
    let branch =
        json!({"name": "Bouwbedrijf Waterkant Oost", "kind": "branch", "parent": id, "phone": "0201234567"});
    let branch = program.post_json(here, &branch, &[]).await;
    assert_eq!((branch.status, &branch.json()["parent"]), (201, &json!(id)), "{}", branch.text());
    // One that looks like it is not added before somebody says that it is another; then a colleague looks, too.
    let mut alike = json!({"name": "Waterkant Bouwbedrijf", "email": "post@waterkantbouw.example", "phone": "+31201234567"});
    let refused = program.post_json(here, &alike, &[]).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert!(refused.has(&format!("Bouwbedrijf Waterkant BV ({id})")), "{}", refused.text());
    assert_eq!(t.count(sql!("select count(*) from organisations")).await, 2);
    let seen: Vec<i64> =
        refused.text().split('(').skip(1).filter_map(|part| part.split(')').next()?.parse().ok()).collect();
    alike["different_from"] = json!(seen);
    let other = program.post_json(here, &alike, &[]).await;
    assert_eq!(other.status, 201, "{}", other.text());
    let waits = t.count(sql!("select count(*) from organisation_pairs where state in ('sure', 'ask')")).await;
    assert_eq!(waits, i64::try_from(seen.len()).unwrap());
    // What is wrong is named by its field, and nothing that is not listed comes in.
    let wrong = json!({"name": " ", "kvk": "12", "kind": "vereniging", "email": "geen adres", "phone": "bel maar",
                       "address": {"postcode": "12"}});
    let wrong = program.post_json(here, &wrong, &[]).await;
    assert_eq!(wrong.status, 422);
    let wrong = wrong.json();
    let fields: BTreeSet<_> =
        wrong["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
    assert_eq!(fields, BTreeSet::from(["name", "kvk", "kind", "email", "phone", "postcode"]));
    let orphan = program.post_json(here, &json!({"name": "Wees", "parent": 424_242}), &[]).await;
    assert_eq!((orphan.status, &orphan.json()["errors"][0]["field"]), (422, &json!("parent")));
    assert_eq!(program.post_json(here, &json!({"name": "x", "owner_id": 1}), &[]).await.status, 422);
    // A page at a time, by name; a place that is not ours is refused.
    let admin = t.actor("hanneke@meerland.example").await;
    let permit = admin.permit(&kring_people::WRITE_PEOPLE).unwrap();
    let mut tx = t.house.write(&admin).await.unwrap();
    let mut last = None;
    for n in 0..110 {
        let new = NewOrganisation {
            name: format!("Firma {n:03}"),
            source: "staff".into(),
            ..NewOrganisation::default()
        };
        last = Some(organisation::add(&mut tx, &new).await.unwrap());
    }
    tx.commit().await.unwrap();
    let (mut names, mut next) = (Vec::new(), String::new());
    loop {
        let page = program.get(&format!("{here}?q=&after={next}")).await.json();
        names.extend(page["organisations"].as_array().unwrap().iter().map(|o| o["name"].clone()));
        let Some(after) = page["next"].as_str() else { break };
        next = after.to_owned();
    }
    assert_eq!(names.len(), 113);
    assert_eq!(names.iter().map(ToString::to_string).collect::<BTreeSet<_>>().len(), 113, "each once");
    let found = program.get(&format!("{here}?q=kanaal")).await.json();
    assert_eq!(found["organisations"], json!([]), "a street is no name");
    let found = program.get(&format!("{here}?q=waterkant+bouw")).await.json();
    assert_eq!(found["organisations"].as_array().unwrap().len(), 3);
    assert_eq!(program.get(&format!("{here}?after=nergens")).await.status, 422);
    assert_eq!(program.get(&format!("{here}/424242")).await.status, 404);
    // A number that was merged answers with the one that stays; the reading is in the trail.
    let (last, kept) = (last.unwrap(), kring_frame::OrganisationId::new(id));
    let mut tx = t.house.write(&admin).await.unwrap();
    merge::organisations(&mut tx, &permit, kept, last, "").await.unwrap();
    tx.commit().await.unwrap();
    let reads = sql!("select count(*) from trail where kind = 'organisation' and deed = 'read'");
    let before = t.count(reads).await;
    assert_eq!(program.get(&format!("{here}/{last}")).await.json()["id"], id);
    assert_eq!(t.count(reads).await, before + 1);
    let mut reader = key(&t, &["people.read"], 0).await;
    assert_eq!(reader.get(&format!("{here}/{id}")).await.status, 200);
    assert_eq!(reader.post_json(here, &json!({"name": "Firma"}), &[]).await.status, 403, "not its scope");
}

async fn the_description_names_every_route(t: TestHouse) {
    let document = t.browser().get("/api/v1/openapi.json").await.json();
    let described: BTreeSet<String> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(move |m| format!("{} {path}", m.to_uppercase()))
        })
        .collect();
    let routes: BTreeSet<String> = t
        .house
        .rooms
        .routes
        .iter()
        .filter(|r| r.kind == RouteKind::Api)
        .map(|r| format!("{} {}", r.method, r.path))
        .collect();
    assert_eq!(described, routes);
}
