//! One relation base, shared safely: who is in contact now, what another department did, an opportunity passed on.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a story that cannot go on has failed"
)]

use kring_frame::{PersonId, sql};
use kring_people::{NewPerson, person};
use kring_testing::{TestHouse, both};

both!(a_claim_is_seen_before_a_second_one_is_made);

async fn known(t: &TestHouse, name: &str) -> PersonId {
    let mut tx = t.house.write(&kring_frame::Actor::robot()).await.unwrap();
    let (given, surname) = name.split_once(' ').unwrap();
    let new = NewPerson {
        name: kring_lang::names::PersonName {
            preferred_name: given.into(),
            surname: surname.into(),
            ..Default::default()
        },
        emails: vec![format!("{}@example.org", name.to_lowercase().replace(' ', "."))],
        source: "staff".into(),
        ..NewPerson::default()
    };
    let id = person::add(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    t.settle().await;
    id
}

async fn a_claim_is_seen_before_a_second_one_is_made(t: TestHouse) {
    let id = known(&t, "Noor Bakker").await;
    let claim = format!("/people/{id}/claim");
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    let page = fleur.get(&claim).await;
    assert_eq!(page.field("until"), "2026-12-07", "two weeks, unless somebody says otherwise");
    let page = fleur.post(&claim, &[("reason", ""), ("until", "2026-12-07"), ("seen", "")]).await;
    assert_eq!(page.status, 422);
    let page = fleur.post(&claim, &[("reason", "Stage"), ("until", "2028-12-07"), ("seen", "")]).await;
    assert!(page.status == 422 && page.has("hoogstens drie maanden"));
    let page =
        fleur.post(&claim, &[("reason", "Vier stageplaatsen"), ("until", "2026-12-07"), ("seen", "")]).await;
    assert_eq!(page.status, 303, "{}", page.text());
    // A colleague of another unit reads it on the person's page before writing anything.
    let mut bas = t.signed_in("bas@meerland.example").await;
    let page = bas.get(&format!("/people/{id}")).await;
    assert!(page.has("Fleur de Tester (Serviceplein)") && page.has("Vier stageplaatsen"));
    // A form that was opened before the claim came is shown again, with the claim.
    let fields = [("reason", "Open dag"), ("until", "2026-12-01"), ("seen", "")];
    let page = bas.post(&claim, &fields).await;
    assert!(page.status == 422 && page.has("Vier stageplaatsen"));
    let seen = page.field("seen");
    let page = bas.post(&claim, &[("reason", "Open dag"), ("until", "2026-12-01"), ("seen", &seen)]).await;
    assert_eq!(page.status, 303, "a warning never blocks");
    assert_eq!(t.count(sql!("select count(*) from claims")).await, 2);
    assert_eq!(t.count(sql!("select count(*) from events where kind = 'claim.made'")).await, 2);
    // Nobody ends the claim of another; one's own can be ended and the end taken back.
    let first = t.count(sql!("select min(id) from claims")).await;
    assert_eq!(bas.post(&format!("/claims/{first}/end"), &[]).await.status, 404);
    assert_eq!(fleur.post(&format!("/claims/{first}/end"), &[]).await.status, 303);
    assert!(!bas.get(&format!("/people/{id}")).await.has("Vier stageplaatsen · tot"));
    assert_eq!(fleur.post(&format!("/claims/{first}/again"), &[]).await.status, 303);
    assert!(t.signed_in("omar@meerland.example").await.get("/claims").await.has("Vier stageplaatsen"));
    // It runs out by the clock.
    t.pass(60 * 24 * 15).await;
    let page = t.signed_in("bas@meerland.example").await.get(&format!("/people/{id}")).await;
    assert!(!page.has("Nu in contact"));
}
