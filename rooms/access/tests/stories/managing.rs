//! Stories of who keeps the house: colleagues, keys, the trail, work that is stuck.

use crate::house::{self, PASSWORD, TestHouse};
use http::{Method, StatusCode};
use jiff::SignedDuration;
use kring_frame::Actor;

#[tokio::test]
async fn an_invitation_works_once() {
    let t = TestHouse::new().await;
    let mut bea = t.signed_in("bea@meerland.example").await;
    let desk = t.desk.to_string();
    let invite = [
        ("name", "Omar Haddad"),
        ("email", "omar@meerland.example"),
        ("role", "desk_agent"),
        ("unit", &desk),
    ];
    let made = bea.post("/staff/new", &invite).await;
    let path = format!("/invitation/{}", made.between("/invitation/", "</textarea>"));
    assert!(bea.get("/staff").await.text.contains("uitgenodigd"));
    let twice = bea.post("/staff/new", &invite).await;
    assert!(twice.status == StatusCode::UNPROCESSABLE_ENTITY && twice.text.contains("al een account"));
    assert_eq!(
        t.browser().sign_in("omar@meerland.example", "").await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "no password is no way in"
    );
    let mut omar = t.browser();
    for _ in 0..3 {
        assert!(omar.get(&path).await.text.contains("Omar Haddad"), "looking uses nothing up");
    }
    let mut late = omar.clone();
    let new = [("password", "drie gele kano's"), ("again", "drie gele kano's")];
    assert_eq!(omar.post(&path, &new).await.to(), "/");
    assert_eq!(late.post(&path, &new).await.status, StatusCode::GONE);
    assert_eq!(late.get(&path).await.status, StatusCode::GONE);
    assert_eq!(omar.get("/people").await.status, StatusCode::OK);
    assert_eq!(omar.get("/staff").await.status, StatusCode::FORBIDDEN);
    // A new link ends the old one; choosing by it ends the sessions.
    let id =
        bea.get("/staff?q=omar").await.between("/staff/", "\">Omar").rsplit('/').next().unwrap().to_owned();
    let first = bea.post(&format!("/staff/{id}/link"), &[]).await;
    let second = bea.post(&format!("/staff/{id}/link"), &[]).await;
    let path = |made: &house::Answer| format!("/invitation/{}", made.between("/invitation/", "</textarea>"));
    assert_eq!(late.get(&path(&first)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(late.post(&path(&second), &new).await.status, StatusCode::SEE_OTHER);
    assert!(omar.get("/people").await.to().starts_with("/sign-in"));
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once() {
    let t = TestHouse::new().await;
    let id = t.staff("Fleur Smit", "fleur@meerland.example", "desk_agent", t.desk).await;
    let mut bea = t.signed_in("bea@meerland.example").await;
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    assert_eq!(fleur.get("/people").await.status, StatusCode::OK);
    let done = bea.post(&format!("/staff/{id}/disable"), &[]).await;
    assert_eq!(done.to(), format!("/staff/{id}?done=done-disabled&undo=/staff/{id}/enable"));
    assert!(fleur.get("/people").await.to().starts_with("/sign-in"));
    assert_eq!(
        t.browser().sign_in("fleur@meerland.example", PASSWORD).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    bea.post(&format!("/staff/{id}/enable"), &[]).await;
    assert!(fleur.get("/people").await.to().starts_with("/sign-in"), "an old session does not come back");
    let mut back = t.signed_in("fleur@meerland.example").await;
    assert_eq!(back.get("/people").await.status, StatusCode::OK, "the roles were kept");
}

#[tokio::test]
async fn a_role_given_or_taken_works_at_once_and_the_last_administrator_stays() {
    let t = TestHouse::new().await;
    let id = t.staff("Fleur Smit", "fleur@meerland.example", "board", t.desk).await;
    let mut bea = t.signed_in("bea@meerland.example").await;
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    assert_eq!(fleur.get("/people").await.status, StatusCode::FORBIDDEN);
    let (desk, top) = (t.desk.to_string(), t.top.to_string());
    bea.post(&format!("/staff/{id}/roles"), &[("role", "coach"), ("unit", &desk)]).await;
    assert!(fleur.get("/people").await.to().starts_with("/sign-in"), "other rights, another session");
    fleur = t.signed_in("fleur@meerland.example").await;
    assert_eq!(fleur.get("/people").await.status, StatusCode::OK);
    let nonsense = bea.post(&format!("/staff/{id}/roles"), &[("role", "root"), ("unit", &desk)]).await;
    assert!(
        nonsense.status == StatusCode::UNPROCESSABLE_ENTITY
            && nonsense.text.contains("Kies een van de rollen")
    );
    bea.post(&format!("/staff/{id}/roles/take"), &[("role", "coach"), ("unit", &desk)]).await;
    fleur = t.signed_in("fleur@meerland.example").await;
    assert_eq!(fleur.get("/people").await.status, StatusCode::FORBIDDEN);
    let own = bea
        .get("/staff?q=bea")
        .await
        .between("href=\"/staff/", "\">Bea")
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned();
    let last = bea.post(&format!("/staff/{own}/roles/take"), &[("role", "admin"), ("unit", &top)]).await;
    assert!(
        last.status == StatusCode::UNPROCESSABLE_ENTITY && last.text.contains("laatste"),
        "{}",
        last.text
    );
    assert_eq!(bea.get("/staff").await.status, StatusCode::OK, "and nothing was taken");
    let before = bea.cookie.clone();
    bea.post(&format!("/staff/{own}/roles"), &[("role", "steward"), ("unit", &top)]).await;
    assert_ne!(bea.cookie, before, "one's own rights changed, so one's own token did");
    assert_eq!(bea.get("/trail").await.status, StatusCode::OK);
}

#[tokio::test]
async fn who_manages_one_unit_cannot_reach_beyond_it() {
    let t = TestHouse::new().await;
    t.staff("Dirk Desk", "dirk@meerland.example", "admin", t.desk).await;
    let agent = t.staff("Fleur Smit", "fleur@meerland.example", "desk_agent", t.desk).await;
    let elsewhere = t.staff("Kim Zorg", "kim@meerland.example", "coach", t.college).await;
    // At home at the desk, but with a role over everything: not for the manager of the desk to take over.
    let both = t.staff("Tom Top", "tom@meerland.example", "desk_agent", t.desk).await;
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    kring_access::grant(&mut tx, both.into(), "admin", t.top).await.unwrap();
    tx.commit().await.unwrap();

    let mut dirk = t.signed_in("dirk@meerland.example").await;
    let list = dirk.get("/staff").await.text;
    assert!(list.contains("Fleur Smit") && !list.contains("Kim Zorg") && !list.contains("Tom Top"));
    assert_eq!(dirk.get(&format!("/staff/{agent}")).await.status, StatusCode::OK);
    let desk = t.desk.to_string();
    let role: &[(&str, &str)] = &[("role", "coach"), ("unit", &desk)];
    for (path, fields) in [
        ("", None),
        ("/link", Some(&[][..])),
        ("/disable", Some(&[])),
        ("/enable", Some(&[])),
        ("/roles", Some(role)),
        ("/roles/take", Some(role)),
    ] {
        let mut answers = Vec::new();
        for id in [elsewhere, both, 987_654] {
            let to = format!("/staff/{id}{path}");
            let answer = match fields {
                None => dirk.get(&to).await,
                Some(fields) => dirk.post(&to, fields).await,
            };
            answers.push((answer.status, answer.text));
        }
        assert_eq!(answers[0].0, StatusCode::NOT_FOUND, "{path}");
        assert!(answers.iter().all(|a| *a == answers[2]), "foreign and made-up answer alike: {path}");
    }
    // Nor give a role, or a key, where he manages nothing.
    let top = t.top.to_string();
    let over = dirk.post(&format!("/staff/{agent}/roles"), &[("role", "admin"), ("unit", &top)]).await;
    assert!(over.status == StatusCode::UNPROCESSABLE_ENTITY && over.text.contains("Kies een afdeling"));
    let key = dirk.post("/keys/new", &[("name", "x"), ("unit", &top), ("scope", "people.read")]).await;
    assert!(key.status == StatusCode::UNPROCESSABLE_ENTITY && key.text.contains("Kies een afdeling"));
    // What belongs to the whole house is not his, though his role names it.
    assert_eq!(dirk.get("/trail").await.status, StatusCode::FORBIDDEN);
    assert_eq!(dirk.get("/operations").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_key_does_what_it_was_made_for_and_nothing_after_it_is_revoked() {
    let t = TestHouse::new().await;
    let mut bea = t.signed_in("bea@meerland.example").await;
    let form = bea.get("/keys/new").await.text;
    assert!(
        form.contains("value=\"people.read\"") && !form.contains("access.manage"),
        "no route of the API asks for it"
    );
    let top = t.top.to_string();
    let none = bea.post("/keys/new", &[("name", "Rooster"), ("unit", &top)]).await;
    assert!(none.text.contains("minstens één"));
    let sly = bea.post("/keys/new", &[("name", "Rooster"), ("unit", &top), ("scope", "access.manage")]).await;
    assert_eq!(sly.status, StatusCode::UNPROCESSABLE_ENTITY);
    let made = bea.post("/keys/new", &[("name", "Rooster"), ("unit", &top), ("scope", "people.read")]).await;
    let key = made.between("id=\"secret\"", "</textarea>").rsplit('>').next().unwrap().to_owned();
    let call = |method, key: String| {
        let browser = t.browser();
        async move {
            let body = if method == Method::POST { r#"{"name":"Jo","email":"jo@example.org"}"# } else { "" };
            browser.api(method, "/api/v1/people", &key, body).await.status
        }
    };
    assert_eq!(call(Method::GET, key.clone()).await, StatusCode::OK);
    assert_eq!(call(Method::POST, key.clone()).await, StatusCode::FORBIDDEN);
    assert_eq!(call(Method::GET, "A".repeat(32)).await, StatusCode::UNAUTHORIZED);
    let mut as_cookie = t.browser();
    as_cookie.cookie = Some(format!("kring={key}"));
    assert!(as_cookie.get("/people").await.to().starts_with("/sign-in"), "a key opens no page");
    let cookie = bea.cookie.clone().unwrap().replace("kring=", "");
    assert_eq!(call(Method::GET, cookie).await, StatusCode::UNAUTHORIZED, "and a session no API");
    let list = bea.get("/keys").await;
    assert!(list.text.contains("Rooster") && !list.text.contains(&key), "shown once");
    let id = list.between("/keys/", "/revoke").rsplit('/').next().unwrap().to_owned();
    assert_eq!(bea.post(&format!("/keys/{id}/revoke"), &[]).await.to(), "/keys?done=done-key-revoked");
    assert_eq!(call(Method::GET, key).await, StatusCode::UNAUTHORIZED);
    assert_eq!(bea.post(&format!("/keys/{id}/revoke"), &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_trail_tells_who_did_what_and_notices_what_is_gone() {
    let t = TestHouse::new().await;
    let fleur = t.staff("Fleur Smit", "fleur@meerland.example", "desk_agent", t.desk).await;
    let mut bea = t.signed_in("bea@meerland.example").await;
    bea.post(&format!("/staff/{fleur}/disable"), &[]).await;
    let page = bea.get("/trail").await;
    assert!(
        page.text.contains("Bea Heer")
            && page.text.contains("veranderde een account")
            && page.text.contains("logde in")
    );
    assert!(page.text.contains("Fleur Smit") && page.text.contains("afgesloten"));
    assert!(bea.get(&format!("/trail?actor={fleur}")).await.text.contains("Niets gevonden"));
    assert!(bea.get("/trail?person=12&actor=x&before=-1").await.text.contains("Niets gevonden"));
    assert!(bea.post("/trail/verify", &[]).await.text.contains("De keten is heel"));
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    tx.run(kring_frame::sql!("delete from trail where detail = 'disabled'"), kring_frame::params![])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert!(bea.post("/trail/verify", &[]).await.text.contains("De keten is gebroken"));
}

#[tokio::test]
async fn roles_of_another_release_are_worked_out_anew() {
    let t = TestHouse::new().await;
    assert_eq!(kring_access::at_start(&t.house).await.unwrap(), 1);
    assert_eq!(kring_access::at_start(&t.house).await.unwrap(), 0, "nothing changed since");
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    tx.set_fact("access.roles", "an older table").await.unwrap();
    tx.run(kring_frame::sql!("delete from reach"), kring_frame::params![]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(kring_access::at_start(&t.house).await.unwrap(), 1);
    assert_eq!(t.signed_in("bea@meerland.example").await.get("/staff").await.status, StatusCode::OK);
}

#[tokio::test]
async fn operations_show_and_mend_parked_work() {
    let t = TestHouse::new().await;
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    tx.enqueue(&Unknown {}).await.unwrap();
    tx.commit().await.unwrap();
    for _ in 0..9 {
        t.house.settle().await.unwrap();
        t.clock.advance(SignedDuration::from_hours(2));
    }
    let mut bea = t.signed_in("bea@meerland.example").await;
    let page = bea.get("/operations").await;
    assert!(
        page.text.contains("test.unknown")
            && page.text.contains("geparkeerd")
            && page.text.contains("SQLite")
    );
    let id = page.between("/operations/jobs/", "/retry").to_owned();
    assert_eq!(
        bea.post(&format!("/operations/jobs/{id}/retry"), &[]).await.to(),
        "/operations?done=done-job-retried"
    );
    assert!(!bea.get("/operations").await.text.contains("/retry"));
    assert_eq!(
        bea.post(&format!("/operations/jobs/{id}/drop"), &[]).await.status,
        StatusCode::NOT_FOUND,
        "only what is parked"
    );
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Unknown {}

impl kring_frame::Job for Unknown {
    const KIND: &'static str = "test.unknown";
}
