//! Everybody begins with their own work, and a story can be narrowed without hiding that there is more.

use kring_access::{PasswordHash, demo_account};
use kring_core::Chance;
use kring_frame::{Actor, PersonId};
use kring_people::{NewPerson, organisation, owner, person, roles};
use kring_testing::{PASSWORD, TestHouse, both};

both!(every_role_begins_with_its_own_work, a_story_is_narrowed_and_what_is_locked_stays);

/// Colleagues in the roles that the house of tests has nobody for.
async fn hire(t: &TestHouse) {
    let hash = PasswordHash::of(&Chance::seeded(3), PASSWORD).await.unwrap();
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    for (name, email, role, unit) in [
        ("Lisa de Tester", "lisa@meerland.example", "recruiter", 0),
        ("Sanne de Tester", "sanne@meerland.example", "coach", 0),
        ("Willem de Tester", "willem@meerland.example", "alumni_officer", 0),
        ("Daan de Tester", "daan@meerland.example", "placement_officer", 2),
        ("Els de Tester", "els@meerland.example", "account_manager", 0),
    ] {
        demo_account(&mut tx, name, email, &hash, role, t.units[unit]).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn known(t: &TestHouse, given: &str, role: &str) -> PersonId {
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    let name = kring_lang::names::PersonName {
        preferred_name: given.into(),
        surname: "Bakker".into(),
        ..Default::default()
    };
    let new = NewPerson { name, source: "staff".into(), ..NewPerson::default() };
    let id = person::add(&mut tx, &new).await.unwrap();
    roles::give(&mut tx, id, role, None, "", None, "staff").await.unwrap();
    tx.commit().await.unwrap();
    t.settle().await;
    id
}

async fn every_role_begins_with_its_own_work(t: TestHouse) {
    hire(&t).await;
    let noor = known(&t, "Noor", "prospect").await;
    let yusuf = known(&t, "Yusuf", "graduate").await;
    let (admin, daan) = (t.actor("hanneke@meerland.example").await, t.actor("daan@meerland.example").await);
    let permit = admin.permit(&kring_people::WRITE_PEOPLE).unwrap();
    let mut tx = t.house.write(&admin).await.unwrap();
    let firm = organisation::NewOrganisation {
        name: "Zorggroep Waterkant".into(),
        source: "staff".into(),
        kind: Some(organisation::Kind::Company),
        ..Default::default()
    };
    let firm = organisation::add(&mut tx, &firm).await.unwrap();
    person::contacted(&mut tx, yusuf).await.unwrap();
    owner::set(&mut tx, &permit, firm.into(), "", Some(daan.id)).await.unwrap();
    tx.commit().await.unwrap();
    let note = format!("/people/{yusuf}/notes");
    t.signed_in("willem@meerland.example").await.post(&note, &[("text", "Wil gastles geven.")]).await;
    let note = format!("/people/{noor}/coaching");
    t.signed_in("sanne@meerland.example")
        .await
        .post(&note, &[("text", "Twijfelt over haar richting.")])
        .await;
    t.settle().await;
    // What somebody's page begins with, and what is nobody's business there.
    let start = |email: &'static str| {
        let t = &t;
        async move { t.signed_in(email).await.get("/").await.text() }
    };
    let lisa = start("lisa@meerland.example").await;
    let first = |page: &str, words: &str| page.find(words).unwrap_or_else(|| panic!("no {words} in {page}"));
    assert!(first(&lisa, "Nieuw in beeld") < first(&lisa, "Noor Bakker"));
    assert!(first(&lisa, "Nieuw in beeld") < first(&lisa, "Mijn mensen"));
    assert!(!lisa.contains("Zo staat het Serviceplein") && !lisa.contains("Gevonden in vrije tekst"));
    let sanne = start("sanne@meerland.example").await;
    assert!(first(&sanne, "Waar ik gebleven was") < first(&sanne, "Noor Bakker"));
    assert!(!sanne.contains("Nieuw in beeld") && !sanne.contains("Twijfelt"));
    let willem = start("willem@meerland.example").await;
    assert!(first(&willem, "Alumni die we net spraken") < first(&willem, "Yusuf Bakker"));
    assert!(!willem.contains("Noor Bakker"));
    let daan = start("daan@meerland.example").await;
    assert!(first(&daan, "Mijn organisaties") < first(&daan, "Zorggroep Waterkant"));
    let els = start("els@meerland.example").await;
    assert!(els.contains("Je beheert nog geen organisaties") && !els.contains("Zorggroep Waterkant"));
    let marit = start("marit@meerland.example").await;
    assert!(marit.contains("Zo staat het Serviceplein ervoor"));
    let piet = start("piet@meerland.example").await;
    assert!(piet.contains("Gevonden in vrije tekst") && !piet.contains("Zo staat het Serviceplein"));
    // The board reads every arc and nobody's name, and no arc leads where it may not go.
    let ria = start("ria@meerland.example").await;
    assert!(!ria.contains("Bakker") && !ria.contains("href=\"/people") && !ria.contains("href=\"/desk"));
    for arc in ["arc a", "arc b", "arc c", "arc d", "arc e"] {
        assert!(ria.contains(&format!("class=\"{arc} ")), "{arc} is the board's too");
    }
    // A coach has no figures of the desk: the ring is drawn whole, and the arc says nothing.
    assert!(sanne.contains("class=\"unseen\"") && !sanne.contains("class=\"arc b "));
    // Nobody gets further than their start page says.
    for (email, closed) in [
        ("lisa@meerland.example", "/desk"),
        ("sanne@meerland.example", "/duplicates"),
        ("willem@meerland.example", "/privacy"),
        ("daan@meerland.example", "/trail"),
        ("els@meerland.example", "/desk"),
        ("ria@meerland.example", "/people"),
        ("piet@meerland.example", "/desk"),
    ] {
        assert_eq!(t.signed_in(email).await.get(closed).await.status, 403, "{email} at {closed}");
    }
}

async fn a_story_is_narrowed_and_what_is_locked_stays(t: TestHouse) {
    hire(&t).await;
    let noor = known(&t, "Noor", "enrolled_student").await;
    let page = format!("/people/{noor}");
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    fleur.post(&format!("{page}/notes"), &[("text", "Belde over het rooster.")]).await;
    let mut sanne = t.signed_in("sanne@meerland.example").await;
    sanne.post(&format!("{page}/coaching"), &[("text", "Twijfelt over haar richting.")]).await;
    t.settle().await;
    let all = fleur.get(&page).await;
    assert!(all.has("Belde over het rooster.") && all.has("Kreeg de rol: student"));
    assert!(all.has("?about=notes#tl") && all.has("?about=roles#tl"), "{}", all.text());
    let notes = fleur.get(&format!("{page}?about=notes")).await;
    assert!(notes.has("Belde over het rooster.") && !notes.has("Kreeg de rol"));
    assert!(notes.has("class=\"pick\"") && notes.has("aria-current=\"true\">notities"));
    // Which part a locked line belongs to is not said: it stands in all of them.
    let roles = fleur.get(&format!("{page}?about=roles")).await;
    assert!(!roles.has("Belde over het rooster.") && roles.has("Kreeg de rol: student"));
    for part in [&all, &notes, &roles] {
        assert!(part.has(" locked") && !part.has("Twijfelt"), "{}", part.text());
    }
    // The coach reads what is locked for others, under its own word.
    assert!(sanne.get(&format!("{page}?about=notes")).await.has("Twijfelt over haar richting."));
    // A part that is not there is all of it.
    assert!(fleur.get(&format!("{page}?about=nonsense")).await.has("Kreeg de rol: student"));
    // What can be done with a person stands beside the note, for whoever may.
    assert!(all.has(&format!("href=\"{page}/tip\"")) && all.has("Tip doorgeven"));
}
