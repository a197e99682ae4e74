//! Webhooks: another system hears what happens, signed, once it listens again when it was away, and never more than its key
//! sees.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use kring_frame::sql;
use kring_testing::{Browser, Receiver, Reply, TestHouse, both};
use serde_json::Value;
use sha2::Sha256;

use crate::{
    law::another_entity,
    people::{added, given},
    segments::{saved, whoever_is},
};

both!(
    with a receiver:
    who_joins_and_leaves_is_told_to_another_system,
    a_system_that_was_away_hears_it_all_later,
    a_system_that_is_slow_or_gone_holds_up_nobody,
    a_message_that_is_refused_for_days_can_be_sent_again,
    an_address_inside_and_a_key_that_sees_less_are_refused,
    nobody_is_told_of_whom_the_key_does_not_see,
    who_is_forgotten_is_told_and_what_was_told_is_gone,
    a_new_secret_overlaps_the_old_one
);

/// Makes a key with these rights in a unit; its number.
async fn key(t: &TestHouse, by: &mut Browser, unit: usize, scopes: &[&str]) -> String {
    let unit = t.units[unit].to_string();
    let mut form = vec![("name", "Nieuwsbrief"), ("unit", unit.as_str())];
    form.extend(scopes.iter().map(|scope| ("scope", *scope)));
    let page = by.post("/keys/new", &form).await;
    assert_eq!(page.status, 200, "{}", page.text());
    t.count(sql!("select max(id) from actors where kind = 'key'")).await.to_string()
}

/// Makes a webhook; where it is, and its secret.
async fn webhook(
    t: &TestHouse,
    by: &mut Browser,
    receiver: &Receiver,
    key: &str,
    more: &[(&str, &str)],
) -> (String, String) {
    let url = receiver.url();
    let mut form = vec![("name", "Nieuwsbrief"), ("url", url.as_str()), ("key", key)];
    form.extend_from_slice(more);
    let page = by.post("/webhooks/new", &form).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let text = String::from_utf8_lossy(&page.body).into_owned();
    let at = text.find("whsec_").unwrap_or_else(|| panic!("{text}"));
    let secret = text[at..].split('<').next().unwrap().to_owned();
    let id = t.count(sql!("select max(id) from webhooks")).await;
    (format!("/webhooks/{id}"), secret.trim().replace("&#61;", "=").replace("&#x3d;", "="))
}

async fn prospects(by: &mut Browser) -> String {
    saved(by, "Prospects", &whoever_is("prospect")).await.rsplit('/').next().unwrap().to_owned()
}

fn signed(secret: &str, id: &str, at: &str, body: &[u8]) -> String {
    let secret = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut hash = Hmac::<Sha256>::new_from_slice(&secret).unwrap();
    hash.update(format!("{id}.{at}.").as_bytes());
    hash.update(body);
    format!("v1,{}", STANDARD.encode(hash.finalize().into_bytes()))
}

fn bodies(receiver: &Receiver) -> Vec<Value> {
    receiver.calls().iter().map(|call| serde_json::from_slice(&call.body).unwrap()).collect()
}

async fn who_joins_and_leaves_is_told_to_another_system(t: TestHouse, receiver: Receiver) {
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    assert!(admin.get("/webhooks").await.has("Nog geen ander systeem luistert mee"));
    assert!(admin.get("/webhooks/new").await.has("Eerst een sleutel"));
    let key = key(&t, &mut admin, 0, &["people.read", "segments.use"]).await;
    let segment = prospects(&mut admin).await;
    let page = admin.get(&format!("/segments/{segment}")).await;
    assert!(page.has(&format!("/webhooks/new?segment={segment}")), "{}", page.text());
    let early = added(&t, "Eva Eerder", "eva@mail.example.com", None).await;
    given(&t, early, "prospect", "Verpleegkunde", "2026-01-01", None).await;
    let wanted = [("kind", "segment.joined"), ("kind", "segment.left"), ("segment", segment.as_str())];
    let (at, secret) = webhook(&t, &mut admin, &receiver, &key, &wanted).await;
    t.settle().await;
    assert!(receiver.calls().is_empty(), "what was before is not told");

    let anke = added(&t, "Anke Smit", "anke@mail.example.com", None).await;
    given(&t, anke, "prospect", "Verpleegkunde", "2026-01-01", Some("2026-11-24")).await;
    t.settle().await;
    let calls = receiver.calls();
    assert_eq!(calls.len(), 1, "{calls:?}");
    let (id, when) = (calls[0].header("webhook-id").unwrap(), calls[0].header("webhook-timestamp").unwrap());
    assert_eq!(calls[0].header("webhook-signature").unwrap(), signed(&secret, id, when, &calls[0].body));
    assert_eq!(when, t.clock.now().as_second().to_string());
    let body = &bodies(&receiver)[0];
    assert_eq!(body["type"], "segment.joined");
    assert_eq!(body["data"]["person"], anke.get());
    assert_eq!(body["data"]["segment"].to_string(), segment);
    assert_eq!(body["data"]["cause"], "role.given");
    assert!(!body.to_string().contains("Anke"), "numbers and codes only");

    // The role ends with the day.
    t.pass(60 * 24 * 2).await;
    let told = bodies(&receiver);
    assert_eq!((told.len(), &told[1]["type"]), (2, &Value::from("segment.left")), "{told:?}");
    assert_eq!(told[1]["data"]["cause"], "day");
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let page = admin.get(&at).await;
    assert!(page.has("Aangekomen · 2") && page.has("antwoordde 204"), "{}", page.text());
}

async fn a_system_that_was_away_hears_it_all_later(t: TestHouse, receiver: Receiver) {
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let key = key(&t, &mut admin, 0, &["people.read"]).await;
    let (at, _) = webhook(&t, &mut admin, &receiver, &key, &[("kind", "person.added")]).await;
    receiver.always(Reply::status(503));
    for n in 0..5 {
        added(&t, &format!("Persoon {n}"), &format!("p{n}@mail.example.com"), None).await;
    }
    t.settle().await;
    assert!(receiver.calls().len() < 5, "nobody there: the others wait without trying");
    assert!(admin.get(&at).await.has("geeft geen antwoord"));
    // Three days, in steps: it is tried again and again.
    for _ in 0..75 {
        t.pass(60).await;
    }
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    assert!(admin.get(&at).await.has("Wacht · 5"), "none was given up: {}", admin.get(&at).await.text());
    receiver.always(Reply::status(200));
    let before = receiver.calls().len();
    for _ in 0..24 {
        t.pass(60).await;
    }
    let told: Vec<String> =
        receiver.calls()[before..].iter().map(|call| call.header("webhook-id").unwrap().to_owned()).collect();
    let mut all = told.clone();
    all.sort_unstable();
    all.dedup();
    assert_eq!((told.len(), all.len()), (5, 5), "each arrived, and once");
    // Paused by hand, it goes on where it was.
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    assert_eq!(admin.post(&format!("{at}/pause"), &[]).await.status, 303);
    added(&t, "Laat Ter", "later@mail.example.com", None).await;
    t.settle().await;
    assert_eq!(receiver.calls().len(), before + 5);
    assert_eq!(admin.post(&format!("{at}/resume"), &[]).await.status, 303);
    t.settle().await;
    assert_eq!(receiver.calls().len(), before + 6);
}

async fn a_system_that_is_slow_or_gone_holds_up_nobody(t: TestHouse, receiver: Receiver) {
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let key = key(&t, &mut admin, 0, &["people.read"]).await;
    let (first, _) = webhook(&t, &mut admin, &receiver, &key, &[("kind", "person.added")]).await;
    let asked = |n: i64| Reply::status(429).header(&format!("Retry-After: {n}"));
    receiver.once(asked(600));
    added(&t, "Een", "een@mail.example.com", None).await;
    t.settle().await;
    t.pass(5).await;
    assert_eq!(receiver.calls().len(), 1, "it asked for ten minutes");
    t.pass(6).await;
    assert_eq!(receiver.calls().len(), 2);
    receiver.once(Reply { silent: true, ..Reply::status(200) });
    added(&t, "Twee", "twee@mail.example.com", None).await;
    t.settle().await;
    assert!(admin.get(&first).await.has("geen antwoord op tijd"), "{}", admin.get(&first).await.text());
    t.pass(6).await;
    receiver.once(Reply::status(302).header("Location: https://127.0.0.1/elsewhere"));
    added(&t, "Drie", "drie@mail.example.com", None).await;
    t.settle().await;
    assert!(admin.get(&first).await.has("antwoordde 302"), "a redirect is not followed");
    t.pass(1).await;
    assert!(admin.get(&first).await.has("Wacht · 0"), "{}", admin.get(&first).await.text());

    receiver.once(Reply::status(410));
    added(&t, "Vier", "vier@mail.example.com", None).await;
    t.settle().await;
    let page = admin.get(&first).await;
    assert!(page.has("bestaat niet meer") && page.has("Wacht · 1"), "{}", page.text());
    assert!(admin.get("/").await.has("staat stil"), "somebody is asked to look");
    let before = receiver.calls().len();
    t.pass(60).await;
    assert_eq!(receiver.calls().len(), before, "and nothing is tried");
    assert_eq!(admin.post(&format!("{first}/resume"), &[]).await.status, 303);
    t.pass(1).await;
    assert_eq!(receiver.calls().len(), before + 1, "what waited still goes");
}

async fn a_message_that_is_refused_for_days_can_be_sent_again(t: TestHouse, receiver: Receiver) {
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let key = key(&t, &mut admin, 0, &["people.read"]).await;
    let (at, _) = webhook(&t, &mut admin, &receiver, &key, &[("kind", "person.added")]).await;
    receiver.always(Reply::status(400));
    added(&t, "Een", "een@mail.example.com", None).await;
    t.settle().await;
    for _ in 0..80 {
        t.pass(60).await;
    }
    let calls = receiver.calls();
    assert_eq!(calls.len(), 10, "ten tries in 75 hours");
    assert!(
        calls
            .iter()
            .all(|call| call.body == calls[0].body
                && call.header("webhook-id") == calls[0].header("webhook-id"))
    );
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    assert!(admin.get(&at).await.has("Mislukt · 1"));
    receiver.always(Reply::status(200));
    assert_eq!(admin.post(&format!("{at}/again"), &[]).await.status, 303);
    t.settle().await;
    assert!(admin.get(&at).await.has("Aangekomen · 1"));
    assert_eq!(receiver.calls().last().unwrap().header("webhook-id"), calls[0].header("webhook-id"));
    // Delivered, it can be asked for once more; waiting, it cannot.
    let message = t.count(sql!("select max(id) from webhook_messages")).await;
    let page = format!("/webhooks/messages/{message}");
    assert!(admin.get(&page).await.has("antwoordde 400"));
    assert_eq!(admin.post(&format!("{page}/again"), &[]).await.status, 303);
    assert_eq!(admin.post(&format!("{page}/again"), &[]).await.status, 409);
    t.settle().await;
    assert_eq!(receiver.calls().len(), 12);
}

async fn an_address_inside_and_a_key_that_sees_less_are_refused(t: TestHouse, receiver: Receiver) {
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let narrow = key(&t, &mut admin, 0, &["surveys.read"]).await;
    let segment = prospects(&mut admin).await;
    for (url, says) in [
        ("http://crm.example.nl/", "geen adres dat met https:// begint"),
        ("https://10.1.2.3/", "deze poort is niet toegestaan"),
        ("", "geen adres"),
    ] {
        let form = [("name", "X"), ("url", url), ("key", narrow.as_str()), ("kind", "person.added")];
        let page = admin.post("/webhooks/new", &form).await;
        assert_eq!(page.status, 422, "{url}");
        assert!(page.text().to_lowercase().contains(&says.to_lowercase()), "{url}: {}", page.text());
    }
    let inside = format!("https://10.1.2.3:{}/", receiver.port());
    let form =
        [("name", "Mijn CRM"), ("url", inside.as_str()), ("key", narrow.as_str()), ("kind", "person.added")];
    let page = admin.post("/webhooks/new", &form).await;
    assert!(page.status == 422 && page.has("binnen een netwerk") && page.has("Mijn CRM"), "{}", page.text());
    let url = receiver.url();
    let form = [("name", "X"), ("url", url.as_str()), ("key", narrow.as_str()), ("kind", "person.added")];
    let page = admin.post("/webhooks/new", &form).await;
    assert!(page.status == 422 && page.has("Deze sleutel mag ‘person.added’ niet zien"), "{}", page.text());
    let form = [("name", "X"), ("url", url.as_str()), ("key", narrow.as_str())];
    assert!(admin.post("/webhooks/new", &form).await.has("minstens één soort"));
    let wide = key(&t, &mut admin, 0, &["people.read"]).await;
    let form = [("name", "X"), ("url", url.as_str()), ("key", wide.as_str()), ("kind", "segment.joined")];
    assert!(admin.post("/webhooks/new", &form).await.has("minstens één segment"));
    let form = [
        ("name", "X"),
        ("url", url.as_str()),
        ("key", wide.as_str()),
        ("kind", "segment.joined"),
        ("segment", segment.as_str()),
    ];
    assert_eq!(admin.post("/webhooks/new", &form).await.status, 200);
    // Who does not manage webhooks finds none.
    let mut desk = t.signed_in("fleur@meerland.example").await;
    assert_eq!(desk.get("/webhooks").await.status, 403);
}

async fn nobody_is_told_of_whom_the_key_does_not_see(t: TestHouse, receiver: Receiver) {
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let own = key(&t, &mut admin, 0, &["people.read"]).await;
    let (at, _) = webhook(&t, &mut admin, &receiver, &own, &[("kind", "role.given")]).await;
    let fund = another_entity(&t).await;
    // The key is cut down to the other legal entity.
    let mut tx = t.house.write(&kring_frame::Actor::robot()).await.unwrap();
    let number: i64 = own.parse().unwrap();
    kring_people::units::set_reach(&mut tx, kring_core::Id::new(number), &[("people.read", fund)])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let anke = added(&t, "Anke Smit", "anke@mail.example.com", None).await;
    given(&t, anke, "prospect", "Verpleegkunde", "2026-01-01", None).await;
    t.settle().await;
    assert!(receiver.calls().is_empty(), "she is behind the wall");
    // Revoked, the key sees nothing, and its page says so.
    let revoked = admin.post(&format!("/keys/{own}/revoke"), &[]).await;
    assert_eq!(revoked.status, 303, "{}", revoked.text());
    assert!(admin.get(&at).await.has("De sleutel is ingetrokken"));
    given(&t, anke, "student", "Verpleegkunde", "2026-01-01", None).await;
    t.settle().await;
    assert!(receiver.calls().is_empty());
}

async fn who_is_forgotten_is_told_and_what_was_told_is_gone(t: TestHouse, receiver: Receiver) {
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let key = key(&t, &mut admin, 0, &["people.read"]).await;
    let wanted = [("kind", "person.added"), ("kind", "person.forgotten")];
    webhook(&t, &mut admin, &receiver, &key, &wanted).await;
    let anke = added(&t, "Anke Smit", "anke@mail.example.com", None).await;
    t.settle().await;
    let mut piet = t.signed_in("piet@meerland.example").await;
    let dossier = piet.post(&format!("/people/{anke}/privacy/dossier"), &[]).await;
    assert!(dossier.has("told_to_other_systems") && dossier.has("Nieuwsbrief"), "{}", dossier.text());
    let gone = piet.post(&format!("/people/{anke}/privacy/erase"), &[("number", &anke.to_string())]).await;
    assert_eq!(gone.status, 303, "{}", gone.text());
    t.settle().await;
    let told = bodies(&receiver);
    assert_eq!(told.last().unwrap()["type"], "person.forgotten");
    assert_eq!(told.last().unwrap()["data"]["person"], anke.get());
    assert_eq!(t.count(sql!("select count(*) from webhook_messages where kind = 'person.added'")).await, 0);
    assert_eq!(t.count(sql!("select count(*) from webhook_attempts")).await, 1);
}

async fn a_new_secret_overlaps_the_old_one(t: TestHouse, receiver: Receiver) {
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let key = key(&t, &mut admin, 0, &["people.read"]).await;
    let (at, old) = webhook(&t, &mut admin, &receiver, &key, &[("kind", "person.added")]).await;
    let page = admin.post(&format!("{at}/secret"), &[]).await;
    let text = String::from_utf8_lossy(&page.body).into_owned();
    let from = text.find("whsec_").unwrap();
    let new = text[from..].split('<').next().unwrap().trim().replace("&#61;", "=");
    assert_ne!(old, new);
    assert_eq!(admin.post(&format!("{at}/try"), &[]).await.status, 303);
    t.settle().await;
    let call = receiver.calls().pop().unwrap();
    let parts = [call.header("webhook-id").unwrap(), call.header("webhook-timestamp").unwrap()];
    let both = [&new, &old].map(|secret| signed(secret, parts[0], parts[1], &call.body)).join(" ");
    assert_eq!(call.header("webhook-signature").unwrap(), both);
    t.pass(60 * 25).await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    assert_eq!(admin.post(&format!("{at}/try"), &[]).await.status, 303);
    t.settle().await;
    let call = receiver.calls().pop().unwrap();
    let parts = [call.header("webhook-id").unwrap(), call.header("webhook-timestamp").unwrap()];
    assert_eq!(call.header("webhook-signature").unwrap(), signed(&new, parts[0], parts[1], &call.body));
    assert!(admin.get(&format!("{at}/remove")).await.has("hoort dan niets meer"));
    assert_eq!(admin.post(&format!("{at}/remove"), &[]).await.status, 303);
    assert_eq!(admin.get(&at).await.status, 404);
}
