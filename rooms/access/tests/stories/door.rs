//! Stories at the door.

use crate::house::{self, PASSWORD, TestHouse};
use http::StatusCode;
use jiff::SignedDuration;
use kring_frame::Actor;

#[tokio::test]
async fn the_first_start_makes_one_administrator_and_no_second() {
    let t = TestHouse::empty(false).await;
    let old = kring_access::first_token(&t.house).await.unwrap().unwrap();
    let path = kring_access::first_token(&t.house).await.unwrap().unwrap();
    let mut browser = t.browser();
    assert_eq!(
        browser.get(&old).await.status,
        StatusCode::NOT_FOUND,
        "a new start ends the token of the last"
    );
    let page = browser.get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Meerland") && page.headers["referrer-policy"] == "no-referrer");
    let fields = [
        ("top", "Meerland"),
        ("name", "Bea de Heer"),
        ("email", "Bea@Meerland.example"),
        ("again", PASSWORD),
    ];
    let with = |password| [fields.as_slice(), &[("password", password)]].concat();
    let short = browser.post(&path, &with("kort")).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        short.text.contains("Bea de Heer") && !short.text.contains("kort\""),
        "typed is kept, but for the password"
    );
    let mut other = browser.clone();
    let done = browser.post(&path, &with(PASSWORD)).await;
    assert_eq!((done.status, done.to()), (StatusCode::SEE_OTHER, "/"));
    assert_eq!(other.post(&path, &with(PASSWORD)).await.status, StatusCode::GONE);
    assert_eq!(browser.get(&path).await.status, StatusCode::GONE);
    assert_eq!(kring_access::first_token(&t.house).await.unwrap(), None);
    let staff = browser.get("/staff").await;
    assert_eq!(staff.status, StatusCode::OK);
    assert!(staff.text.contains("Bea de Heer") && staff.text.contains("Beheerder"));
    let again = t.browser().sign_in("bea@meerland.EXAMPLE", PASSWORD).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "an address is one, however it is typed");
}

#[tokio::test]
async fn the_first_token_is_worth_nothing_after_a_day() {
    let t = TestHouse::empty(false).await;
    let path = kring_access::first_token(&t.house).await.unwrap().unwrap();
    t.clock.advance(SignedDuration::from_hours(25));
    assert_eq!(t.browser().get(&path).await.status, StatusCode::GONE);
    let made_up = format!("/set-up/{}", "A".repeat(32));
    assert_eq!(t.browser().get(&made_up).await.status, StatusCode::NOT_FOUND);
    assert_eq!(t.browser().get("/set-up/short").await.status, StatusCode::NOT_FOUND);
    let invitation = path.replace("set-up", "invitation");
    assert_eq!(
        t.browser().get(&invitation).await.status,
        StatusCode::NOT_FOUND,
        "a token opens its own door only"
    );
}

#[tokio::test]
async fn signing_in_and_out() {
    let t = TestHouse::new().await;
    let mut browser = t.browser();
    assert_eq!(browser.get("/staff").await.to(), "/sign-in?next=/staff");
    let next = [("email", "bea@meerland.example"), ("password", PASSWORD), ("next", "/staff?q=x")];
    assert_eq!(browser.post("/sign-in", &next).await.to(), "/staff?q=x");
    assert_eq!(browser.get("/staff").await.status, StatusCode::OK);
    assert_eq!(browser.get("/sign-in?next=//evil.example").await.to(), "/");
    let held = browser.cookie.clone();
    assert!(browser.post("/sign-out", &[]).await.to().starts_with("/sign-in"));
    assert_eq!(browser.cookie, None);
    let mut thief = t.browser();
    thief.cookie = held;
    assert!(
        thief.get("/staff").await.to().starts_with("/sign-in"),
        "the session is over, not only the cookie"
    );
    let mut elsewhere = t.browser();
    elsewhere.site = "cross-site";
    assert_eq!(elsewhere.sign_in("bea@meerland.example", PASSWORD).await.status, StatusCode::FORBIDDEN);
    assert_eq!((t.deeds("signed_in").await, t.deeds("signed_out").await), (1, 1));
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    assert_eq!(tx.verify_trail().await.unwrap(), None);
}

#[tokio::test]
async fn known_and_unknown_get_the_same_answer() {
    let t = TestHouse::new().await;
    let wrong = |answer: &house::Answer, email: &str| {
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        answer.text.replace(email, "…")
    };
    let known = t.browser().sign_in("bea@meerland.example", "paarse regenjas").await;
    let unknown = t.browser().sign_in("noor@meerland.example", "paarse regenjas").await;
    let one = wrong(&known, "bea@meerland.example");
    assert_eq!(one, wrong(&unknown, "noor@meerland.example"));
    assert!(one.contains("horen niet bij elkaar"));
    assert_eq!(t.deeds("sign_in_refused").await, 2);
}

#[tokio::test]
async fn a_guesser_is_stopped_and_a_colleague_elsewhere_is_not() {
    let t = TestHouse::new().await;
    t.staff("Fleur Smit", "fleur@meerland.example", "desk_agent", t.desk).await;
    let mut guesser = t.browser();
    for _ in 0..10 {
        assert_eq!(
            guesser.sign_in("bea@meerland.example", "een gok").await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    let refused = guesser.sign_in("bea@meerland.example", PASSWORD).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "also with the right password");
    assert!(refused.headers.contains_key("retry-after") && refused.text.contains("minuten"));
    assert_eq!(t.deeds("sign_in_refused").await, 10, "what is refused unseen leaves nothing");
    // Somebody else behind the same address, and the same colleague from home.
    assert_eq!(t.browser().sign_in("fleur@meerland.example", PASSWORD).await.status, StatusCode::SEE_OTHER);
    let mut home = t.browser();
    home.network = "198.51.100.7".parse().unwrap();
    assert_eq!(home.sign_in("bea@meerland.example", PASSWORD).await.status, StatusCode::SEE_OTHER);
    t.clock.advance(SignedDuration::from_mins(16));
    assert_eq!(guesser.sign_in("bea@meerland.example", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn coming_in_often_is_no_guessing() {
    let t = TestHouse::new().await;
    for _ in 0..15 {
        t.signed_in("bea@meerland.example").await;
    }
    let mut clumsy = t.browser();
    for _ in 0..9 {
        clumsy.sign_in("bea@meerland.example", "een gok").await;
    }
    assert_eq!(clumsy.sign_in("bea@meerland.example", PASSWORD).await.status, StatusCode::SEE_OTHER);
    let again = clumsy.sign_in("bea@meerland.example", "een gok").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "counting begins anew");
}

#[tokio::test]
async fn noise_from_everywhere_does_not_lock_out_who_comes_in_daily() {
    let t = TestHouse::new().await;
    let mut own = t.signed_in("bea@meerland.example").await;
    own.post("/sign-out", &[]).await;
    // A hundred tries at one account from a hundred networks use up what strangers may try in an hour.
    for n in 1..=100_u8 {
        let mut stranger = t.browser();
        stranger.network = std::net::IpAddr::from([203, 0, 113, n]);
        stranger.sign_in("bea@meerland.example", "een gok").await;
    }
    let mut hotel = t.browser();
    hotel.network = "198.51.100.7".parse().unwrap();
    assert_eq!(hotel.sign_in("bea@meerland.example", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(own.sign_in("bea@meerland.example", "een gok").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(own.sign_in("bea@meerland.example", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_cookie_laid_ready_is_not_the_session() {
    let t = TestHouse::new().await;
    let planted = format!("kring={}", "A".repeat(32));
    let mut browser = t.browser();
    browser.cookie = Some(planted.clone());
    browser.sign_in("bea@meerland.example", PASSWORD).await;
    let first = browser.cookie.clone().unwrap();
    assert_ne!(first, planted);
    let mut thief = t.browser();
    thief.cookie = Some(planted);
    assert!(thief.get("/account").await.to().starts_with("/sign-in"));
    // Signing in once more gives another session and ends the one of before.
    browser.sign_in("bea@meerland.example", PASSWORD).await;
    thief.cookie = Some(first.clone());
    assert_ne!(browser.cookie.as_ref(), Some(&first));
    assert!(thief.get("/account").await.to().starts_with("/sign-in"));
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_session_ends_by_silence_and_by_age() {
    let t = TestHouse::new().await;
    let mut quiet = t.signed_in("bea@meerland.example").await;
    t.clock.advance(SignedDuration::from_hours(13));
    assert!(quiet.get("/account").await.to().starts_with("/sign-in"));
    let mut busy = t.signed_in("bea@meerland.example").await;
    for _ in 0..33 {
        assert_eq!(busy.get("/account").await.status, StatusCode::OK);
        t.clock.advance(SignedDuration::from_hours(10));
    }
    assert_eq!(busy.get("/account").await.status, StatusCode::OK, "13 days and 18 hours");
    t.clock.advance(SignedDuration::from_hours(10));
    assert!(busy.get("/account").await.to().starts_with("/sign-in"), "two weeks is the end");
}

#[tokio::test]
async fn a_new_password_ends_every_other_session_and_renews_this_one() {
    let t = TestHouse::new().await;
    let mut here = t.signed_in("bea@meerland.example").await;
    let mut there = t.signed_in("bea@meerland.example").await;
    let before = here.cookie.clone();
    let new = "scheve lantaarnpaal";
    let change = |current, password, again| [("current", current), ("password", password), ("again", again)];
    let wrong = here.post("/account/password", &change("iets anders", new, new)).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.text.contains("niet je huidige"));
    let weak = here.post("/account/password", &change(PASSWORD, "Welkom2026!!!", "Welkom2026!!")).await;
    assert!(weak.text.contains("heel veel mensen") && weak.text.contains("niet hetzelfde"));
    assert_eq!(there.get("/account").await.status, StatusCode::OK, "nothing happened yet");
    let done = here.post("/account/password", &change(PASSWORD, new, new)).await;
    assert_eq!(done.to(), "/account?done=done-password");
    assert_eq!(here.get("/account").await.status, StatusCode::OK);
    assert!(there.get("/account").await.to().starts_with("/sign-in"));
    let mut thief = t.browser();
    thief.cookie = before;
    assert!(thief.get("/account").await.to().starts_with("/sign-in"), "the old cookie is dead too");
    assert_eq!(
        t.browser().sign_in("bea@meerland.example", PASSWORD).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(t.browser().sign_in("bea@meerland.example", new).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_owner_only() {
    let t = TestHouse::new().await;
    t.staff("Fleur Smit", "fleur@meerland.example", "desk_agent", t.desk).await;
    let mut here = t.signed_in("bea@meerland.example").await;
    let mut there = t.signed_in("bea@meerland.example").await;
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    let page = here.get("/account").await;
    assert!(page.text.contains("Firefox · Linux"));
    let id = page.text.split("/end\"").next().unwrap().rsplit('/').next().unwrap();
    let end = format!("/account/sessions/{id}/end");
    assert_eq!(page.text.matches("/end\"").count(), 1, "one's own has no button");
    let foreign = fleur.post(&end, &[]).await;
    let made_up = fleur.post("/account/sessions/999/end", &[]).await;
    assert_eq!((foreign.status, &foreign.text), (StatusCode::NOT_FOUND, &made_up.text));
    here.post(&end, &[]).await;
    assert!(there.get("/account").await.to().starts_with("/sign-in"));
    let mut third = t.signed_in("bea@meerland.example").await;
    here.post("/account/sessions/end-others", &[]).await;
    assert!(third.get("/account").await.to().starts_with("/sign-in"));
    assert_eq!(here.get("/account").await.status, StatusCode::OK);
    assert_eq!(fleur.get("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_language_is_kept_on_the_account_and_in_the_address_before() {
    let t = TestHouse::new().await;
    let mut browser = t.browser();
    let asked = browser.post("/language", &[("lang", "en"), ("back", "/sign-in?next=/staff")]).await;
    assert_eq!(asked.to(), "/sign-in?next=/staff&lang=en");
    let page = browser.get(asked.to()).await;
    assert!(page.text.contains("Sign in") && page.text.contains("action=\"/sign-in?lang=en\""));
    let fields = [("email", "bea@meerland.example"), ("password", PASSWORD)];
    browser.post("/sign-in?lang=en", &fields).await;
    assert!(browser.get("/account").await.text.contains("My account"), "what was chosen at the door stays");
    let back =
        browser.post("/language", &[("lang", "nl"), ("back", "/account?lang=en&done=done-account")]).await;
    assert_eq!(back.to(), "/account");
    assert!(browser.get("/account").await.text.contains("Mijn account"));
    assert_eq!(
        browser.post("/language", &[("lang", "en"), ("back", "https://evil.example")]).await.to(),
        "/"
    );
}

#[tokio::test]
async fn a_demo_account_opens_nothing_outside_the_demo() {
    for (demo, status) in [(true, StatusCode::SEE_OTHER), (false, StatusCode::UNPROCESSABLE_ENTITY)] {
        let t = TestHouse::empty(demo).await;
        let hash = kring_access::PasswordHash::of(&t.house.chance, PASSWORD).await.unwrap();
        let mut tx = t.house.write(&Actor::robot()).await.unwrap();
        let top =
            kring_people::units::add(&mut tx, None, "Meerland", "Meerland", "institution").await.unwrap();
        for (name, email) in
            [("Hanneke Vos", "hanneke@meerland.example"), ("Bas Tol", "bas@meerland.example")]
        {
            kring_access::demo_account(&mut tx, name, email, &hash, "admin", top).await.unwrap();
        }
        tx.commit().await.unwrap();
        let door = t.browser().get("/sign-in").await.text;
        assert_eq!(door.contains("Hanneke Vos") && door.contains("email=bas%40meerland.example"), demo);
        assert!(!door.contains(PASSWORD));
        assert_eq!(t.browser().sign_in("bas@meerland.example", PASSWORD).await.status, status);
    }
}
