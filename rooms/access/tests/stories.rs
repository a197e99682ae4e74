//! Stories at the door, told through the whole server.

mod house;

use http::{Method, StatusCode};
use house::{PASSWORD, TestHouse};
use jiff::SignedDuration;
use kring_frame::Actor;

#[tokio::test]
async fn the_first_start_makes_one_administrator_and_no_second() {
    let t = TestHouse::empty(false).await;
    let old = kring_access::first_token(&t.house).await.unwrap().unwrap();
    let path = kring_access::first_token(&t.house).await.unwrap().unwrap();
    let mut browser = t.browser();
    assert_eq!(browser.get(&old).await.status, StatusCode::NOT_FOUND, "a new start ends the token of the last");
    let page = browser.get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Meerland") && page.headers["referrer-policy"] == "no-referrer");
    let fields =
        [("top", "Meerland"), ("name", "Bea de Heer"), ("email", "Bea@Meerland.example"), ("again", PASSWORD)];
    let with = |password| [fields.as_slice(), &[("password", password)]].concat();
    let short = browser.post(&path, &with("kort")).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.text.contains("Bea de Heer") && !short.text.contains("kort\""), "typed is kept, but for the password");
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
    assert_eq!(t.browser().get(&invitation).await.status, StatusCode::NOT_FOUND, "a token opens its own door only");
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
    assert!(thief.get("/staff").await.to().starts_with("/sign-in"), "the session is over, not only the cookie");
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
        assert_eq!(guesser.sign_in("bea@meerland.example", "een gok").await.status, StatusCode::UNPROCESSABLE_ENTITY);
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
    assert_eq!(t.browser().sign_in("bea@meerland.example", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
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
    let end = format!("/account/sessions/{}/end", page.between("/account/sessions/", "/end\""));
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
async fn an_invitation_works_once() {
    let t = TestHouse::new().await;
    let mut bea = t.signed_in("bea@meerland.example").await;
    let desk = t.desk.to_string();
    let invite = [("name", "Omar Haddad"), ("email", "omar@meerland.example"), ("role", "desk_agent"), ("unit", &desk)];
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
    let id = bea.get("/staff?q=omar").await.between("/staff/", "\">Omar").rsplit('/').next().unwrap().to_owned();
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
    assert_eq!(t.browser().sign_in("fleur@meerland.example", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
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
    assert!(nonsense.status == StatusCode::UNPROCESSABLE_ENTITY && nonsense.text.contains("Kies een van de rollen"));
    bea.post(&format!("/staff/{id}/roles/take"), &[("role", "coach"), ("unit", &desk)]).await;
    fleur = t.signed_in("fleur@meerland.example").await;
    assert_eq!(fleur.get("/people").await.status, StatusCode::FORBIDDEN);
    let own = bea.get("/staff?q=bea").await.between("href=\"/staff/", "\">Bea").rsplit('/').next().unwrap().to_owned();
    let last = bea.post(&format!("/staff/{own}/roles/take"), &[("role", "admin"), ("unit", &top)]).await;
    assert!(last.status == StatusCode::UNPROCESSABLE_ENTITY && last.text.contains("laatste"), "{}", last.text);
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
    for (path, fields) in [("", None), ("/link", Some(&[][..])), ("/disable", Some(&[])), ("/enable", Some(&[])), ("/roles", Some(role)), ("/roles/take", Some(role))] {
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
    assert!(form.contains("value=\"people.read\"") && !form.contains("access.manage"), "no route of the API asks for it");
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
    assert!(page.text.contains("Bea Heer") && page.text.contains("veranderde een account") && page.text.contains("logde in"));
    assert!(page.text.contains("Fleur Smit") && page.text.contains("disabled"));
    assert!(bea.get(&format!("/trail?actor={fleur}")).await.text.contains("Niets gevonden"));
    assert!(bea.get("/trail?person=12&actor=x&before=-1").await.text.contains("Niets gevonden"));
    assert!(bea.post("/trail/verify", &[]).await.text.contains("De keten is heel"));
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    tx.run(kring_frame::sql!("delete from trail where detail = 'disabled'"), kring_frame::params![]).await.unwrap();
    tx.commit().await.unwrap();
    assert!(bea.post("/trail/verify", &[]).await.text.contains("De keten is gebroken"));
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
    let back = browser.post("/language", &[("lang", "nl"), ("back", "/account?lang=en&done=done-account")]).await;
    assert_eq!(back.to(), "/account");
    assert!(browser.get("/account").await.text.contains("Mijn account"));
    assert_eq!(browser.post("/language", &[("lang", "en"), ("back", "https://evil.example")]).await.to(), "/");
}

#[tokio::test]
async fn a_demo_account_opens_nothing_outside_the_demo() {
    for (demo, status) in [(true, StatusCode::SEE_OTHER), (false, StatusCode::UNPROCESSABLE_ENTITY)] {
        let t = TestHouse::empty(demo).await;
        let hash = kring_access::PasswordHash::of(&t.house.chance, PASSWORD).await.unwrap();
        let mut tx = t.house.write(&Actor::robot()).await.unwrap();
        let top = kring_people::units::add(&mut tx, None, "Meerland", "Meerland", "institution").await.unwrap();
        for (name, email) in [("Hanneke Vos", "hanneke@meerland.example"), ("Bas Tol", "bas@meerland.example")] {
            kring_access::demo_account(&mut tx, name, email, &hash, "admin", top).await.unwrap();
        }
        tx.commit().await.unwrap();
        let door = t.browser().get("/sign-in").await.text;
        assert_eq!(door.contains("Hanneke Vos") && door.contains("email=bas%40meerland.example"), demo);
        assert!(!door.contains(PASSWORD));
        assert_eq!(t.browser().sign_in("bas@meerland.example", PASSWORD).await.status, status);
    }
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
    assert!(page.text.contains("test.unknown") && page.text.contains("geparkeerd") && page.text.contains("SQLite"));
    let id = page.between("/operations/jobs/", "/retry").to_owned();
    assert_eq!(bea.post(&format!("/operations/jobs/{id}/retry"), &[]).await.to(), "/operations?done=done-job-retried");
    assert!(!bea.get("/operations").await.text.contains("/retry"));
    assert_eq!(bea.post(&format!("/operations/jobs/{id}/drop"), &[]).await.status, StatusCode::NOT_FOUND, "only what is parked");
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Unknown {}

impl kring_frame::Job for Unknown {
    const KIND: &'static str = "test.unknown";
}
