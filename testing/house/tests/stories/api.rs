//! The API as a program meets it: keys with scopes, idempotency, problems, and a description that names every route.

use std::collections::BTreeSet;

use kring_access::MANAGE_STAFF;
use kring_frame::{RouteKind, sql};
use kring_testing::{Browser, TestHouse, both};
use serde_json::json;

both!(
    a_write_under_a_key_has_its_effect_once,
    a_key_reaches_its_scopes_and_units_only,
    the_description_names_every_route
);

/// A key made by the administrator, for these scopes in this unit.
async fn key(t: &TestHouse, scopes: &[&str], unit: usize) -> Browser {
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
    let sly = json!({"name": "Noor", "email": "geen adres", "language": "xx"});
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
