//! Personas: a segment with a face, and people who are like those of a segment.

use kring_testing::{TestHouse, both};

use crate::{
    people::{added, given},
    segments::{alma_and_bea, asking, asks, fields, prospect, saved, total},
};

both!(a_persona_is_a_segment_with_a_face, people_like_these_share_what_members_have);

async fn a_persona_is_a_segment_with_a_face(t: TestHouse) {
    let anke = prospect(&t, "Anke Smit", "anke@mail.example.com").await;
    asks(&t, "Anke Smit", "anke@mail.example.com").await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let asking_now = saved(&mut admin, "Vraagt nu", &asking(&t.topics[0].id.to_string())).await;
    let prospects = fields(&[&[
        ("is", "fact"),
        ("key", "role"),
        ("was", "role"),
        ("held", "now"),
        ("codes", "prospect"),
    ]]);
    let all = saved(&mut admin, "Kijkt rond", &prospects).await;
    assert!(admin.get("/personas").await.has("Nog geen persona"));
    let empty = admin.post(&format!("{all}/persona"), &[("version", "0"), ("portrait", "")]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.has("Zonder beschrijving is er geen gezicht."));
    for (at, portrait) in [(&all, "Kijkt nog rond."), (&asking_now, "Wil het nu weten.")] {
        let form =
            [("version", "0"), ("portrait", portrait), ("wants", "Duidelijkheid"), ("approach", "Kort")];
        let page = admin.post(&format!("{at}/persona"), &form).await;
        assert_eq!(page.status, 303, "{}", page.text());
    }
    // She is in both: the first in the order is hers, until the order is changed.
    let page = admin.get(&format!("/people/{anke}")).await;
    assert!(page.has("Persona: Kijkt rond") && page.has("Kijkt nog rond."), "{}", page.text());
    admin.post(&format!("{asking_now}/persona/up"), &[]).await;
    let page = admin.get(&format!("/people/{anke}")).await;
    assert!(page.has("Persona: Vraagt nu") && page.has("sinds"), "{}", page.text());
    let page = admin.get("/personas").await;
    assert!(page.has("Duidelijkheid") && page.has("van wie we kennen"), "{}", page.text());
    // Two people change one face: the second is told.
    let again = [("version", "7"), ("portrait", "Anders")];
    let page = admin.post(&format!("{all}/persona"), &again).await;
    assert_eq!(page.status, 422, "{}", page.text());
    assert!(page.has("Iemand anders heeft deze persona intussen gewijzigd") && page.has("Anders"));
    // Taken off, and put back by the link that says so.
    admin.post(&format!("{asking_now}/persona/drop"), &[]).await;
    assert!(admin.get(&format!("/people/{anke}")).await.has("Persona: Kijkt rond"));
    admin.post(&format!("{asking_now}/persona/restore"), &[]).await;
    assert!(admin.get(&format!("/people/{anke}")).await.has("Persona: Vraagt nu"));
    // Who may not see what people asked is not told who has a persona that rests on it.
    alma_and_bea(&t).await;
    let mut alma = t.signed_in("alma@meerland.example").await;
    assert!(!alma.get(&format!("/people/{anke}")).await.has("Persona:"));
}

async fn people_like_these_share_what_members_have(t: TestHouse) {
    let topic = t.topics[0].id.to_string();
    // Twelve who asked, all but two of nursing; ten others of nursing who did not ask, and thirty of elsewhere.
    let mut quiet = Vec::new();
    for n in 0..52 {
        let name = format!("{} Proef", ["Ada", "Bob", "Cas", "Dirk"][n % 4]);
        let id = added(&t, &name, &format!("proef{n}@mail.example.com"), None).await;
        let nursing = n < 10 || (12..22).contains(&n);
        given(&t, id, "prospect", if nursing { "Verpleegkunde" } else { "Bouwkunde" }, "2026-01-01", None)
            .await;
        if n < 12 {
            asks(&t, &name, &format!("proef{n}@mail.example.com")).await;
        } else if nursing {
            quiet.push(id);
        }
    }
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let at = saved(&mut admin, "Vraagt nu", &asking(&topic)).await;
    assert_eq!(total(&admin.get(&at).await), "12");
    let page = admin.get(&format!("{at}/alike")).await;
    assert!(
        page.has("Verpleegkunde") && page.has("Hoeveel vaker") && !page.has("Bouwkunde"),
        "{}",
        page.text()
    );
    for id in &quiet {
        assert!(page.has(&format!("href=\"/people/{id}\"")), "{id}: {}", page.text());
    }
    // The proposal opens in the builder and means exactly them.
    let id = at.rsplit('/').next().unwrap();
    let page = admin.get(&format!("/segments/new?like={id}")).await;
    assert_eq!(total(&page), "10", "{}", page.text());
    // Of a handful nothing is said.
    let few = fields(&[&[("is", "fact"), ("key", "city"), ("was", "city"), ("codes", "Nergens")]]);
    let at = saved(&mut admin, "Bijna niemand", &few).await;
    assert!(admin.get(&format!("{at}/alike")).await.has("Van minder dan 10 mensen"));
}
