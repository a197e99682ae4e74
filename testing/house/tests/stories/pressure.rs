//! The pressure of contact: counted by unit and by group, shown to whom it concerns; and two units that write to one person on
//! one day.

use kring_consent::{Approach, Grant, MessageClass, reserve};
use kring_frame::{Actor, PersonId, Purpose, UnitId, sql};
use kring_testing::{TestHouse, both};

use crate::people::{added, given};

both!(
    the_pressure_of_contact_is_counted_by_unit_and_by_group,
    who_is_about_to_write_hears_that_another_unit_does
);

async fn approached(t: &TestHouse, person: PersonId, approach: Approach, unit: UnitId, times: i64) {
    for n in 0..times {
        let mut tx = t.house.write(&Actor::robot()).await.unwrap();
        let claim = format!("story/{person}/{unit}/{approach}/{n}");
        let grant = reserve(&mut tx, person, approach, Some(unit), &claim).await.unwrap();
        assert_eq!(grant, Grant::Granted);
        tx.commit().await.unwrap();
    }
}

async fn planned(t: &TestHouse, person: PersonId, unit: UnitId, purpose: Purpose, hours: i64) -> i64 {
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    let plan = kring_talks::Plan {
        person,
        dialogue: None,
        unit: Some(unit),
        kind: "desk.receipt",
        subject: 0,
        purpose,
        class: MessageClass::Announcement,
        approach: None,
        told_by_room: true,
        due: tx.now() + jiff::SignedDuration::from_hours(hours),
    };
    let id = kring_talks::plan(&mut tx, &plan).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn the_pressure_of_contact_is_counted_by_unit_and_by_group(t: TestHouse) {
    let (desk, placement) = (t.units[1], t.units[2]);
    let mut people = Vec::new();
    for n in 0..20 {
        let id = added(&t, &format!("Student {n}"), &format!("s{n}@mail.example.com"), None).await;
        given(&t, id, "prospect", "Kok", "2026-09-01", None).await;
        people.push(id);
    }
    // Twelve got one mail from the desk; of those, three got their second from placement, which is the cap of a month.
    for person in people.iter().take(12) {
        approached(&t, *person, Approach::PromotionMail, desk, 1).await;
    }
    for person in people.iter().take(3) {
        approached(&t, *person, Approach::PromotionMail, placement, 1).await;
    }
    approached(&t, people[0], Approach::Survey, desk, 1).await;
    // One message stands ready that nobody consented to.
    planned(&t, people[5], desk, Purpose::Marketing, 0).await;
    t.settle().await;
    t.pass(24 * 60).await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let page = admin.get("/pressure?days=30").await;
    assert_eq!(page.status, 200, "{}", page.text());
    let file = admin.get("/pressure.csv?days=30").await;
    let text = file.text();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    // Promotion, calls, asks, surveys, together; people, per person, at their cap.
    assert!(lines.contains(&"Iedereen;15;0;0;1;16;20;0,80;15,0\u{a0}%"), "{text}");
    assert!(lines.contains(&"prospect;15;0;0;1;16;20;0,80;15,0\u{a0}%"), "{text}");
    assert!(lines.contains(&"Serviceplein;12;0;0;1;13;12;1,08;25,0\u{a0}%"), "{text}");
    assert!(lines.contains(&"Stagebureau;3;0;0;0;3;3;te weinig;te weinig"), "{text}");
    assert!(lines.contains(&"Er is geen toestemming voor gegeven.;1"), "{text}");
    for words in
        ["Serviceplein", "Stagebureau", "prospect", "te weinig", "Er is geen toestemming voor gegeven."]
    {
        assert!(page.has(words), "{words}: {}", page.text());
    }
    // The head of one unit reads that unit, and neither its neighbour nor the house.
    let mut marit = t.signed_in("marit@meerland.example").await;
    let text = marit.get("/pressure.csv?days=30").await.text();
    assert!(text.contains("Serviceplein;12") && text.contains("geen toestemming"), "{text}");
    assert!(
        !text.contains("Stagebureau") && !text.contains("Iedereen") && !text.contains("prospect;"),
        "{text}"
    );
    assert_eq!(t.signed_in("fleur@meerland.example").await.get("/pressure").await.status, 403);
    // After a month it is over for thirty days, and not for ninety. Whoever is merged or erased takes theirs along.
    t.pass(24 * 60 * 31).await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let month = admin.get("/pressure.csv?days=30").await;
    assert!(month.has("Iedereen;0;") && !month.has("Serviceplein;"), "{}", month.text());
    assert!(admin.get("/pressure.csv?days=90").await.has("Serviceplein;12"));
    let english = t.signed_in("hanneke@meerland.example").await.in_english().get("/pressure?days=90").await;
    assert!(english.has("Contact pressure") && english.has("At their limit"), "{}", english.text());
    assert_eq!(t.count(sql!("select count(*) from attention where unit_id is null")).await, 0);
}

async fn who_is_about_to_write_hears_that_another_unit_does(t: TestHouse) {
    let (desk, placement, school) = (t.units[1], t.units[2], t.units[3]);
    let noor = added(&t, "Noor Bakker", "noor@mail.example.com", None).await;
    let here = format!("/people/{noor}");
    let says = "Stagebureau schrijft deze persoon vandaag ook.";
    let (mut fleur, mut bas) =
        (t.signed_in("fleur@meerland.example").await, t.signed_in("bas@meerland.example").await);
    planned(&t, noor, placement, Purpose::Service, 3).await;
    planned(&t, noor, school, Purpose::Service, 30).await;
    planned(&t, noor, school, Purpose::Coaching, 2).await;
    let page = fleur.get(&here).await;
    assert!(page.has(says), "{}", page.text());
    assert!(
        !page.has("School voor Zorg schrijft"),
        "tomorrow is not today, and what coaches write is theirs"
    );
    assert!(!bas.get(&here).await.has("schrijft deze persoon"), "one's own unit is no other");
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    let others = kring_talks::approached_today(&mut tx, noor, Some(desk)).await.unwrap();
    assert_eq!(others, [placement]);
    assert!(kring_talks::approached_today(&mut tx, noor, Some(placement)).await.unwrap().is_empty());
    drop(tx);
    // Taken back, nobody writes.
    let first = t.count(sql!("select min(id) from messages")).await;
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    assert!(kring_talks::cancel(&mut tx, first).await.unwrap());
    tx.commit().await.unwrap();
    assert!(!fleur.get(&here).await.has(says));
}
