//! Who may go where: generated from the route table, so that a new route is in it or the test fails.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a story that cannot go on has failed"
)]

use std::collections::BTreeMap;

use axum::body::Body;
use http::Method;
use kring_frame::{Access, Route, RouteKind, sql};
use kring_testing::{Browser, STAFF, TestHouse, both};

both!(
    every_route_refuses_who_may_not_come_in,
    a_foreign_request_and_a_made_up_one_answer_alike,
    every_unsafe_page_refuses_other_sites
);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_role_names_rights_that_some_room_declares() {
    let t = TestHouse::new(kring_testing::Engine::Sqlite).await;
    assert_eq!(kring_access::check_roles(&t.house.rooms), Vec::<String>::new());
}

/// The path with something in its blanks.
fn filled(path: &str, id: &str) -> String {
    path.split('/')
        .map(|part| match part {
            "{token}" => "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            part if part.starts_with('{') => id,
            part => part,
        })
        .collect::<Vec<_>>()
        .join("/")
}

async fn visit(browser: &mut Browser, route: &Route, id: &str) -> kring_testing::Page {
    let path = filled(route.path, id);
    browser
        .send(route.method.clone(), &path, Some("application/x-www-form-urlencoded"), Body::empty(), &[])
        .await
}

async fn every_route_refuses_who_may_not_come_in(t: TestHouse) {
    let mut browsers = BTreeMap::new();
    for (email, _, _) in STAFF {
        browsers.insert(*email, (t.signed_in(email).await, t.actor(email).await));
    }
    let (mut checked, mut refused) = (0, 0);
    for route in t.house.rooms.routes.clone() {
        // Streams do not end, and signing out would end the test's own session.
        if route.path.ends_with("/live") || route.path == "/sign-out" {
            continue;
        }
        let nobody = visit(&mut t.browser(), &route, "999999").await;
        match (route.kind, &route.access) {
            (_, Access::Open(why)) => assert!(!why.is_empty(), "{route:?} says why"),
            (RouteKind::Page, _) => {
                assert_eq!(nobody.status, 303, "{route:?}");
                assert!(nobody.location().starts_with("/sign-in?next="), "{route:?} {}", nobody.location());
            }
            (RouteKind::Api, _) => assert_eq!(nobody.status, 401, "{route:?}"),
        }
        if let (Access::Right(right), RouteKind::Page) = (&route.access, route.kind) {
            for (email, (browser, actor)) in &mut browsers {
                let page = visit(browser, &route, "999999").await;
                if actor.may(right) {
                    assert_ne!(page.status, 403, "{email} may {route:?}");
                    assert!(page.status < 500, "{email} {route:?}: {} {}", page.status, page.text());
                } else {
                    assert_eq!(page.status, 403, "{email} may not {route:?}");
                    refused += 1;
                }
                checked += 1;
            }
        }
    }
    assert!(checked > 100 && refused > 50, "{checked} checked, {refused} refused");
}

async fn a_foreign_request_and_a_made_up_one_answer_alike(t: TestHouse) {
    let topic = t.topics[0].id.to_string();
    let fields = [
        ("name", "Kim"),
        ("email", "kim@mail.example.com"),
        ("topic", &*topic),
        ("text", "Geheim?"),
        ("website", ""),
    ];
    t.browser().post("/contact", &fields).await;
    t.settle().await;
    let id = t.count(sql!("select max(id) from requests")).await.to_string();
    // Bas works for another unit; the same right, another reach.
    let mut bas = t.signed_in("bas@meerland.example").await;
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    assert_eq!(fleur.get(&format!("/desk/{id}")).await.status, 200);
    let routes = t.house.rooms.routes.clone();
    let scoped = routes.iter().filter(|r| r.kind == RouteKind::Page && r.path.starts_with("/desk/{id}"));
    for route in scoped {
        let before = t.count(sql!("select count(*) from events")).await;
        let (foreign, made_up) = (visit(&mut bas, route, &id).await, visit(&mut bas, route, "424242").await);
        assert_eq!(foreign.status, made_up.status, "{route:?}");
        assert!(matches!(foreign.status, 404 | 422), "{route:?}: {}", foreign.status);
        if foreign.status == 404 {
            assert_eq!(foreign.body, made_up.body, "{route:?}");
        }
        assert_eq!(
            t.count(sql!("select count(*) from events")).await,
            before,
            "a refused call changes nothing"
        );
    }
    for path in ["/desk", "/desk?view=mine", "/desk?view=closed", "/search?q=geheim", "/", "/feedback"] {
        let page = bas.get(path).await;
        assert!(!page.has("Geheim?"), "{path} leaks the subject");
    }
    // Whose relation it is, is shared; what was asked is behind a lock.
    let person = t.count(sql!("select max(id) from people")).await;
    let page = bas.get(&format!("/people/{person}")).await;
    assert!(page.has("Je ziet dat het er was") && !page.has("Geheim?"), "a locked line, not a hole");
}

async fn every_unsafe_page_refuses_other_sites(t: TestHouse) {
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let mut checked = 0;
    for route in t.house.rooms.routes.clone() {
        if route.kind != RouteKind::Page || route.method == Method::GET || route.from_anywhere.is_some() {
            continue;
        }
        let path = filled(route.path, "1");
        for headers in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", ""), ("origin", "https://evil.example")],
        ] {
            let page = admin
                .send(
                    route.method.clone(),
                    &path,
                    Some("application/x-www-form-urlencoded"),
                    Body::empty(),
                    headers,
                )
                .await;
            assert_eq!(page.status, 403, "{route:?} {headers:?}");
        }
        checked += 1;
    }
    assert!(checked > 20);
}
