//! Who may go where: generated from the route table, so that a new route is in it or the test fails.

use std::collections::BTreeMap;

use axum::body::Body;
use http::Method;
use kring_frame::{Access, Route, RouteKind, sql};
use kring_testing::{Browser, STAFF, TestHouse, both};

both!(
    every_route_refuses_who_may_not_come_in,
    a_foreign_request_and_a_made_up_one_answer_alike,
    every_unsafe_page_refuses_other_sites,
    what_each_may_read_by_purpose_unit_and_legal_entity,
    a_coach_of_two_units_writes_for_the_one_that_somebody_belongs_to
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

/// What is on the timeline of somebody of the institution: a note that all who know relations read, a note of a coach of the
/// school, and a question to each of two units.
const SAID: [&str; 4] =
    ["Houdt van zeilen", "Twijfelt aan de studie", "Vraag over het rooster", "Vraag over de stage"];

/// Who reads which of it: the matrix as the institution would write it down, and not as the code works it out. `None` is
/// somebody for whom the person is not there at all.
const READS: &[(&str, Option<[bool; 4]>)] = &[
    ("hanneke", Some([true, true, true, true])),
    ("marit", Some([true, false, true, false])),
    ("fleur", Some([true, false, true, false])),
    ("bas", Some([true, false, false, true])),
    ("piet", Some([true, false, false, false])),
    // Beside those of the house: a coach and a recruiter of the school, a coach of another school, and the alumni officer
    // of another legal entity.
    ("sanne", Some([true, true, false, false])),
    ("tom", Some([true, false, false, false])),
    ("lisa", Some([true, false, false, false])),
    ("fons", None),
    ("ria", None),
];

async fn what_each_may_read_by_purpose_unit_and_legal_entity(t: TestHouse) {
    let fund = newcomers(&t).await;
    for (topic, text) in [(0, SAID[2]), (1, SAID[3])] {
        let topic = t.topics[topic].id.to_string();
        let fields = [
            ("name", "Noor Bakker"),
            ("email", "noor@mail.example.com"),
            ("topic", &*topic),
            ("text", text),
            ("website", ""),
        ];
        assert_eq!(t.browser().post("/contact", &fields).await.status, 303);
        t.settle().await;
    }
    let person = t.count(sql!("select max(id) from people")).await;
    assert_eq!(person, 1, "the same person asked twice");
    let here = format!("/people/{person}");
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    admin.post(&format!("{here}/notes"), &[("text", SAID[0])]).await;
    let mut sanne = t.signed_in("sanne@meerland.example").await;
    sanne.post(&format!("{here}/coaching"), &[("text", SAID[1])]).await;
    t.settle().await;
    for (name, reads) in READS {
        let page = t.signed_in(&format!("{name}@meerland.example")).await.get(&here).await;
        let Some(reads) = reads else {
            assert!(matches!(page.status, 403 | 404), "{name}: {}", page.status);
            assert!(SAID.iter().all(|said| !page.has(said)) && !page.has("Noor"), "{name}: {}", page.text());
            continue;
        };
        for (said, reads) in SAID.iter().zip(reads) {
            assert_eq!(page.has(said), *reads, "{name} and {said:?}: {}", page.text());
        }
        // What one may not read is a locked line, so that nobody thinks there was no contact.
        let locked = page.text().matches("Je ziet dat het er was").count();
        let all = reads.iter().filter(|r| !**r).count();
        assert!(locked >= all.min(1), "{name} sees {locked} locked lines of {all}");
    }
    // The other entity may share relations, and so reads what everybody reads of one, and nothing that was said to others.
    let top = t.units[0].to_string();
    let shared = admin
        .post(
            "/policy/arrangements",
            &[
                ("from", &*top),
                ("to", &*fund.to_string()),
                ("article", "26"),
                ("purposes", "relation"),
                ("note", "x"),
            ],
        )
        .await;
    assert_eq!(shared.status, 303, "{}", shared.text());
    let page = t.signed_in("fons@meerland.example").await.get(&here).await;
    assert_eq!(page.status, 200);
    for (said, reads) in SAID.iter().zip([true, false, false, false]) {
        assert_eq!(page.has(said), reads, "fons and {said:?}: {}", page.text());
    }
}

async fn a_coach_of_two_units_writes_for_the_one_that_somebody_belongs_to(t: TestHouse) {
    newcomers(&t).await;
    let mut tx = t.house.write(&kring_frame::Actor::robot()).await.unwrap();
    let new = kring_people::NewPerson {
        name: kring_people::arrive::name_from("Noor Bakker"),
        source: "staff".into(),
        ..Default::default()
    };
    let noor = kring_people::person::add(&mut tx, &new).await.unwrap();
    let school = Some(t.units[3]);
    kring_people::roles::give(&mut tx, noor, "enrolled_student", school, "", None, "staff").await.unwrap();
    let tom = t.actor("tom@meerland.example").await;
    kring_access::grant(&mut tx, tom.id, "coach", t.units[3]).await.unwrap();
    tx.commit().await.unwrap();
    let here = format!("/people/{noor}");
    let mut tom = t.signed_in("tom@meerland.example").await;
    assert_eq!(tom.post(&format!("{here}/coaching"), &[("text", SAID[1])]).await.status, 303);
    t.settle().await;
    assert!(t.signed_in("sanne@meerland.example").await.get(&here).await.has(SAID[1]), "of the school");
    assert!(tom.get(&here).await.has(SAID[1]));
    // Without the school he no longer reads what he wrote for it.
    let mut tx = t.house.write(&kring_frame::Actor::robot()).await.unwrap();
    let id = t.actor("tom@meerland.example").await.id;
    kring_access::ungrant(&mut tx, id, "coach", t.units[3]).await.unwrap();
    tx.commit().await.unwrap();
    let page = t.signed_in("tom@meerland.example").await.get(&here).await;
    assert!(page.has("Je ziet dat het er was") && !page.has(SAID[1]), "{}", page.text());
}

/// Colleagues of two schools, and of a fund that is a legal entity of its own. Answers the unit of the fund.
async fn newcomers(t: &TestHouse) -> kring_frame::UnitId {
    let mut tx = t.house.write(&kring_frame::Actor::robot()).await.unwrap();
    let fund = kring_people::units::add(&mut tx, Some(t.units[0]), "Meerlandfonds", "Meerland Fund", "fund")
        .await
        .unwrap();
    tx.run(
        sql!("update units set legal_entity = true where id = $1 or parent_id is null"),
        kring_frame::params![fund],
    )
    .await
    .unwrap();
    let other = kring_people::units::add(
        &mut tx,
        Some(t.units[0]),
        "School voor Bouw",
        "School of Building",
        "school",
    )
    .await
    .unwrap();
    let hash = kring_access::PasswordHash::of(&kring_core::Chance::seeded(3), kring_testing::PASSWORD)
        .await
        .unwrap();
    for (name, role, unit) in [
        ("sanne", "coach", t.units[3]),
        ("tom", "coach", other),
        ("lisa", "recruiter", t.units[3]),
        ("fons", "alumni_officer", fund),
    ] {
        let email = format!("{name}@meerland.example");
        kring_access::demo_account(&mut tx, name, &email, &hash, role, unit).await.unwrap();
    }
    tx.commit().await.unwrap();
    fund
}
