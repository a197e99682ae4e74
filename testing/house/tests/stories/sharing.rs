//! One relation base, shared safely: who is in contact now, what another department did, an opportunity passed on.

use kring_frame::{PersonId, sql};
use kring_people::{NewPerson, merge, organisation, person};
use kring_testing::{TestHouse, both};

both!(
    a_claim_is_seen_before_a_second_one_is_made,
    another_department_is_told_and_oneself_is_not,
    a_tip_comes_back_to_its_giver,
    a_tip_that_nobody_answers_escalates_after_ten_working_days,
    who_looked_is_for_the_owner_and_the_steward,
    quality_counts_what_is_there,
    quality_is_a_page_that_leads_to_the_work,
    whoever_leaves_hands_over_whom_only_they_know,
    a_minute_captures_all_or_nothing,
    what_hangs_on_an_organisation_follows_when_it_turns_out_to_be_another,
);

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
    assert!(page.has("value=\"2026-12-07\""), "two weeks, unless somebody says otherwise");
    let page = fleur.post(&claim, &[("reason", ""), ("until", "2026-12-07"), ("seen", "")]).await;
    assert_eq!(page.status, 422);
    let page = fleur.post(&claim, &[("reason", "Stage"), ("until", "2028-12-07"), ("seen", "")]).await;
    assert!(page.status == 422 && page.has("tot en met 92 dagen verder"));
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

/// Makes somebody the owner of a relation.
async fn owned(t: &TestHouse, id: PersonId, owner: &str) {
    let (admin, owner) = (t.actor("hanneke@meerland.example").await, t.actor(owner).await);
    let permit = admin.permit(&kring_people::WRITE_PEOPLE).unwrap();
    let mut tx = t.house.write(&admin).await.unwrap();
    kring_people::owner::set(&mut tx, &permit, id.into(), "", Some(owner.id)).await.unwrap();
    tx.commit().await.unwrap();
    t.settle().await;
}

async fn another_department_is_told_and_oneself_is_not(t: TestHouse) {
    let id = known(&t, "Noor Bakker").await;
    owned(&t, id, "fleur@meerland.example").await;
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    fleur.post("/notices/read", &[("upto", "9999999")]).await;
    let note = format!("/people/{id}/notes");
    // Her own note and that of a colleague at the next desk are no news.
    fleur.post(&note, &[("text", "Belde zelf.")]).await;
    t.signed_in("omar@meerland.example").await.post(&note, &[("text", "Ook gebeld.")]).await;
    t.settle().await;
    assert!(
        fleur.get("/notices").await.has("Niets gebeurd")
            || !fleur.get("/notices").await.has("schreef een notitie")
    );
    let mut bas = t.signed_in("bas@meerland.example").await;
    bas.post(&note, &[("text", "Zoekt een leerbedrijf in Zwolle.")]).await;
    t.settle().await;
    let page = fleur.get("/notices").await;
    assert!(page.has("Bas de Tester schreef een notitie") && page.has("Noor Bakker"));
    assert!(!page.has("leerbedrijf"), "what was written is read where it stands");
    assert!(page.has("class=\"num small\""), "the bell in the bar counts");
    assert_eq!(t.count(sql!("select count(*) from notices where kind = 'note.written'")).await, 1);
    // Reading marks nothing: only the button does.
    fleur.get("/notices").await;
    assert_eq!(
        t.count(sql!("select count(*) from notices where kind = 'note.written' and read_at is null")).await,
        1
    );
    // Nobody marks what is another's.
    let notice = t.count(sql!("select max(id) from notices where kind = 'note.written'")).await;
    assert_eq!(bas.post(&format!("/notices/{notice}/read"), &[]).await.status, 404);
    assert_eq!(fleur.post(&format!("/notices/{notice}/read"), &[]).await.status, 303);
    assert_eq!(
        t.count(sql!("select count(*) from notices where kind = 'note.written' and read_at is null")).await,
        0
    );
    // A question to another desk: that it came is told, what it was about is behind its purpose.
    let topic = t.topics[1].id.to_string();
    let fields = [
        ("name", "Noor Bakker"),
        ("email", "noor.bakker@example.org"),
        ("topic", &*topic),
        ("text", "Geheim?"),
        ("website", ""),
    ];
    t.browser().post("/contact", &fields).await;
    t.settle().await;
    assert!(!fleur.get("/notices").await.has("Geheim?"));
}

async fn a_tip_comes_back_to_its_giver(t: TestHouse) {
    let (id, ans) = (known(&t, "Noor Bakker").await, known(&t, "Ans Visser").await);
    let placement = t.units[2].to_string();
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    let tip = format!("/people/{id}/tip");
    let page =
        fleur.post(&tip, &[("what", "Acht stagiairs zorg"), ("why", "Zei ze zelf"), ("to_unit", "")]).await;
    assert!(page.status == 422 && page.has("Acht stagiairs zorg"), "what was typed stays");
    let ans = ans.to_string();
    let fields = [
        ("what", "Acht stagiairs zorg"),
        ("why", "Zei ze zelf"),
        ("to_unit", &*placement),
        ("introducer", &*ans),
    ];
    let page = fleur.post(&tip, &fields).await;
    assert_eq!(page.status, 303, "{}", page.text());
    let number = t.count(sql!("select max(id) from tips")).await;
    assert_eq!(t.count(sql!("select count(*) from relationships where kind = 'introduced'")).await, 1);
    let mut bas = t.signed_in("bas@meerland.example").await;
    assert!(bas.get("/notices").await.has("gaf een tip door"));
    assert!(bas.get("/tips").await.has("Acht stagiairs zorg"));
    // Somebody of a third unit has nothing to do with it; the giver does not answer it.
    let one = format!("/tips/{number}");
    assert_eq!(t.signed_in("omar@meerland.example").await.get(&one).await.status, 404);
    assert_eq!(
        fleur.post(&format!("{one}/answer"), &[("decision", "accept"), ("reason", "")]).await.status,
        404
    );
    let page = bas.post(&format!("{one}/answer"), &[("decision", "decline"), ("reason", "")]).await;
    assert!(page.status == 422 && page.has("Zeg waarom"), "to decline takes a reason");
    let page =
        bas.post(&format!("{one}/answer"), &[("decision", "accept"), ("reason", "We bellen morgen")]).await;
    assert_eq!(page.status, 303, "{}", page.text());
    assert!(fleur.get("/notices").await.has("Bas de Tester antwoordde op de tip"));
    let page = bas.post(&format!("{one}/close"), &[("outcome", "won"), ("note", "Zes plaatsen")]).await;
    assert_eq!(page.status, 303);
    assert!(fleur.get("/notices").await.has("meldde hoe de tip afliep"));
    let page = bas.get("/tips?view=closed").await;
    assert!(
        page.has("Gelukt: Zes plaatsen") && page.has("Fleur de Tester (Serviceplein)"),
        "the giver keeps the credit"
    );
    let page = bas.get(&format!("/people/{id}")).await;
    assert!(page.has("Tip van Fleur de Tester"), "also on the timeline");
}

async fn a_tip_that_nobody_answers_escalates_after_ten_working_days(t: TestHouse) {
    let id = known(&t, "Noor Bakker").await;
    let desk = t.units[1].to_string();
    let mut bas = t.signed_in("bas@meerland.example").await;
    let fields = [("what", "Wil gastles geven"), ("why", "Vertelde ze"), ("to_unit", &*desk)];
    assert_eq!(bas.post(&format!("/people/{id}/tip"), &fields).await.status, 303);
    // Given on Monday at nine: nine working days later nothing has happened.
    t.pass(60 * 24 * 11).await;
    assert_eq!(t.count(sql!("select count(*) from events where kind = 'tip.escalated'")).await, 0);
    t.pass(60 * 24 * 3).await;
    assert_eq!(t.count(sql!("select count(*) from events where kind = 'tip.escalated'")).await, 1);
    // The head of the unit hears it, sees it late; the administrator, who leads everything, is not asked.
    let mut marit = t.signed_in("marit@meerland.example").await;
    assert!(marit.get("/notices").await.has("wacht al tien werkdagen"));
    assert!(marit.get("/tips").await.has("Te laat"));
    assert!(
        !t.signed_in("hanneke@meerland.example").await.get("/notices").await.has("wacht al tien werkdagen")
    );
}

async fn who_looked_is_for_the_owner_and_the_steward(t: TestHouse) {
    let id = known(&t, "Noor Bakker").await;
    owned(&t, id, "fleur@meerland.example").await;
    t.signed_in("bas@meerland.example").await.get(&format!("/people/{id}")).await;
    // A list that leaves the house names whom it held as ranges.
    assert_eq!(t.signed_in("marit@meerland.example").await.get("/people.csv").await.status, 200);
    let viewed = format!("/people/{id}/viewed");
    for who in ["fleur@meerland.example", "piet@meerland.example"] {
        let page = t.signed_in(who).await.get(&viewed).await;
        assert_eq!(page.status, 200, "{who}");
        assert!(page.has("Bas de Tester") && page.has("gelezen: de gegevens"), "{who}");
        assert!(page.has("Marit de Tester") && page.has("meegenomen: in een lijst"), "{who}");
    }
    // Neither owner nor steward: no. Somebody else's list is not this one's.
    assert_eq!(t.signed_in("bas@meerland.example").await.get(&viewed).await.status, 403);
    let other = known(&t, "Ans Visser").await;
    let page = t.signed_in("piet@meerland.example").await.get(&format!("/people/{other}/viewed")).await;
    assert!(!page.has("meegenomen"));
}

async fn quality_counts_what_is_there(t: TestHouse) {
    let mut tx = t.house.read(&kring_frame::Actor::robot()).await.unwrap();
    let before = kring_sharing::quality::measure(&mut tx).await.unwrap();
    drop(tx);
    let noor = known(&t, "Noor Bakker").await;
    known(&t, "Ans Visser").await;
    owned(&t, noor, "fleur@meerland.example").await;
    let mut tx = t.house.write(&kring_frame::Actor::robot()).await.unwrap();
    let gone = kring_people::NewPerson {
        name: kring_lang::names::PersonName { surname: "Jong".into(), ..Default::default() },
        birth_year: Some(2015),
        source: "staff".into(),
        ..NewPerson::default()
    };
    person::add(&mut tx, &gone).await.unwrap();
    tx.commit().await.unwrap();
    t.settle().await;
    let mut tx = t.house.read(&kring_frame::Actor::robot()).await.unwrap();
    let q = kring_sharing::quality::measure(&mut tx).await.unwrap();
    assert_eq!(q.people, before.people + 3);
    assert_eq!(
        (q.contactable.part, q.contactable.of),
        (before.contactable.part + 2, before.contactable.of + 3)
    );
    assert_eq!(q.contactable.share, None, "of so few no share is said");
    assert_eq!(q.known_by_one, before.known_by_one + 1, "Fleur alone keeps Noor");
    assert_eq!(q.minors, before.minors + 1);
    assert_eq!(q.without_basis, before.without_basis + 3);
    // What the count says of somebody is what the permission function says of them.
    let facts =
        kring_consent::facts_of(&mut tx, noor, kring_frame::Purpose::Service, kring_consent::Channel::Mail)
            .await
            .unwrap();
    let class = kring_consent::MessageClass::Announcement;
    assert!(
        kring_consent::may(&facts, kring_frame::Purpose::Service, kring_consent::Channel::Mail, class)
            .allowed
    );
}

async fn quality_is_a_page_that_leads_to_the_work(t: TestHouse) {
    let mut piet = t.signed_in("piet@meerland.example").await;
    let page = piet.get("/quality").await;
    assert!(page.status == 200 && page.has("Nog niet geteld") && page.has("Tel nu"), "{}", page.text());
    assert!(piet.get("/").await.has("href=\"/quality\""), "it stands on the start page");
    // The house counts by night, and a colleague whenever they ask.
    t.settle().await;
    assert!(!piet.get("/quality").await.has("Nog niet geteld"));
    let noor = known(&t, "Noor Bakker").await;
    owned(&t, noor, "fleur@meerland.example").await;
    known(&t, "Ans Visser").await;
    let people = t.count(sql!("select count(*) from people where state = 'known'")).await;
    assert_eq!(piet.post("/quality/count", &[]).await.status, 303);
    t.settle().await;
    let page = piet.get("/quality").await;
    for says in [
        "Geteld op 23 november 2026",
        "Paren waarover een collega beslist.",
        &*format!("{people} van {people}, te weinig voor een percentage"),
        "href=\"/duplicates?state=sure\"",
        "href=\"/people?mail=no\"",
        "href=\"/privacy/found\"",
    ] {
        assert!(page.has(says), "{says}: {}", page.text());
    }
    assert!(!page.has("Alumni te bereiken"), "of whom there are none, nothing is said");
    // A way that is closed to whoever looks is no way.
    assert!(!page.has("href=\"/known\""), "he leads nobody");
    let mut hanneke = t.signed_in("hanneke@meerland.example").await.in_english();
    let page = hanneke.get("/quality").await;
    assert!(page.has("href=\"/known\"") && page.has("Known by one colleague"), "{}", page.text());
    assert!(piet.get("/").await.has("Bij één collega bekend"));
    for email in ["fleur@meerland.example", "ria@meerland.example"] {
        let mut browser = t.signed_in(email).await;
        assert_eq!(browser.get("/quality").await.status, 403, "{email}");
        assert!(!browser.get("/").await.has("href=\"/quality\""), "{email}");
    }
}

async fn whoever_leaves_hands_over_whom_only_they_know(t: TestHouse) {
    let (noor, ans) = (known(&t, "Noor Bakker").await, known(&t, "Ans Visser").await);
    owned(&t, noor, "fleur@meerland.example").await;
    let (fleur, omar) =
        (t.actor("fleur@meerland.example").await.id, t.actor("omar@meerland.example").await.id);
    t.signed_in("fleur@meerland.example")
        .await
        .post(&format!("/people/{ans}/notes"), &[("text", "Gebeld.")])
        .await;
    t.settle().await;
    let list = format!("/known/{fleur}");
    let mut marit = t.signed_in("marit@meerland.example").await;
    assert!(marit.get("/known").await.has("2 mensen"));
    let page = marit.get(&list).await;
    assert!(page.has("Noor Bakker") && page.has("Ans Visser"));
    // Whoever does not lead her learns nothing.
    assert_eq!(t.signed_in("omar@meerland.example").await.get(&list).await.status, 403);
    let csv = marit.get(&format!("{list}/people.csv")).await;
    assert!(csv.text().starts_with('\u{feff}') && csv.has("Noor Bakker"));
    assert_eq!(
        t.count(sql!("select count(*) from trail where deed = 'exported' and detail like 'n=2,ids=%'")).await,
        1
    );
    // She leaves on Friday; the head has it on the day page.
    assert_eq!(marit.post(&format!("{list}/leaves"), &[("on", "")]).await.status, 422);
    assert_eq!(marit.post(&format!("{list}/leaves"), &[("on", "2026-11-27")]).await.status, 303);
    assert!(marit.get("/").await.has("Overdracht van Fleur de Tester"));
    t.pass(60 * 24 * 7).await;
    let mut marit = t.signed_in("marit@meerland.example").await;
    assert!(marit.get("/").await.has("Te laat: overdracht van Fleur de Tester"));
    assert!(t.signed_in("hanneke@meerland.example").await.get("/").await.has("Te laat: overdracht"));
    // One by one: Ans goes to Omar, who is told, and it can be taken back.
    let (to, one) = (omar.to_string(), ans.to_string());
    let page = marit.post(&format!("{list}/hand-over"), &[("to", &to)]).await;
    assert!(page.status == 422 && page.has("minstens"), "nobody was chosen");
    let page = marit.post(&format!("{list}/hand-over"), &[("person", &one), ("to", &to)]).await;
    assert_eq!(page.status, 303, "{}", page.text());
    assert!(t.signed_in("omar@meerland.example").await.get("/notices").await.has("wees een beheerder aan"));
    assert!(!marit.get(&list).await.has("Ans Visser"));
    let undo = page.location().split("undo=").nth(1).unwrap().to_owned();
    assert_eq!(marit.post(&undo, &[]).await.status, 303);
    assert!(marit.get(&list).await.has("Ans Visser"));
    // In bulk: the list is empty, and so is the day page.
    let both =
        [("person", &*one), ("person", &*noor.to_string()), ("to", &*to)].map(|(k, v)| (k, v.to_owned()));
    let both: Vec<(&str, &str)> = both.iter().map(|(k, v)| (*k, v.as_str())).collect();
    assert_eq!(marit.post(&format!("{list}/hand-over"), &both).await.status, 303);
    assert!(!marit.get("/").await.has("overdracht van Fleur"));
    let owner = t
        .count(sql!(
            "select count(*) from people p join actors a on a.id = p.owner_id where a.name = 'Omar de Tester'"
        ))
        .await;
    assert_eq!(owner, 2);
}

async fn a_minute_captures_all_or_nothing(t: TestHouse) {
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    let people = t.count(sql!("select count(*) from people")).await;
    let placement = t.units[2].to_string();
    // An organisation that we do not know: nothing is written, and what was typed stays.
    let about = ("about", "Zoekt een stagiair zorg");
    let page = fleur.post("/capture", &[("name", "Noor Bakker"), about, ("company", "Nergens bv")]).await;
    assert!(page.status == 422 && page.has("Zoekt een stagiair zorg"));
    assert_eq!(t.count(sql!("select count(*) from people")).await, people);
    let all = [
        ("name", "Noor Bakker"),
        ("email", "noor.bakker@example.org"),
        about,
        ("met", "Open dag"),
        ("next", "Bellen over maart"),
        ("to_unit", &*placement),
        ("seen", ""),
    ];
    let page = fleur.post("/capture", &all).await;
    assert_eq!(page.status, 303, "{}", page.text());
    assert!(page.location().starts_with("/capture?saved="), "another can be written at once");
    t.settle().await;
    let id = t.count(sql!("select max(id) from people")).await;
    let page = fleur.get(&format!("/people/{id}")).await;
    assert!(
        page.has("Zoekt een stagiair zorg") && page.has("Ontmoet: Open dag") && page.has("Bellen over maart")
    );
    assert_eq!(t.count(sql!("select count(*) from claims")).await, 1);
    assert_eq!(t.count(sql!("select count(*) from tips")).await, 1);
    // The same person met by a colleague: found, and not added again.
    let mut bas = t.signed_in("bas@meerland.example").await;
    let again = [("name", "Noor Bakker"), ("email", "noor.bakker@example.org"), ("about", "Belde terug")];
    let page = bas.post("/capture", &again).await;
    assert!(page.status == 422 && page.has("Is het een van hen?"));
    let who = id.to_string();
    let mut chosen = again.to_vec();
    chosen.push(("who", &who));
    assert_eq!(bas.post("/capture", &chosen).await.status, 303);
    assert_eq!(t.count(sql!("select count(*) from people")).await, people + 1);
    assert_eq!(t.count(sql!("select count(*) from notes")).await, 2);
    // With a next step he sees first that Fleur is in contact, and then may go on.
    chosen.push(("next", "Zelf bellen"));
    let page = bas.post("/capture", &chosen).await;
    assert!(page.status == 422 && page.has("Fleur de Tester (Serviceplein)"));
    assert_eq!(t.count(sql!("select count(*) from notes")).await, 2, "nothing of it was written");
    let seen = page.field("seen");
    chosen.push(("seen", &seen));
    assert_eq!(bas.post("/capture", &chosen).await.status, 303);
}

async fn what_hangs_on_an_organisation_follows_when_it_turns_out_to_be_another(t: TestHouse) {
    let admin = t.actor("hanneke@meerland.example").await;
    let permit = admin.permit(&kring_people::WRITE_PEOPLE).unwrap();
    let mut tx = t.house.write(&admin).await.unwrap();
    let mut made = Vec::new();
    for name in ["Zorggroep Waterkant", "Waterkant Zorg"] {
        let new =
            organisation::NewOrganisation { name: name.into(), source: "staff".into(), ..Default::default() };
        made.push(organisation::add(&mut tx, &new).await.unwrap());
    }
    tx.commit().await.unwrap();
    let (kept, gone) = (made[0], made[1]);
    let (keeps, goes) = (format!("/organisations/{kept}"), format!("/organisations/{gone}"));
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    let claim = [("reason", "Vier stageplaatsen"), ("until", "2026-12-07"), ("seen", "")];
    assert_eq!(fleur.post(&format!("{goes}/claim"), &claim).await.status, 303);
    let placement = t.units[2].to_string();
    let tip = [("what", "Acht stagiairs zorg"), ("why", "Zeiden ze zelf"), ("to_unit", &*placement)];
    assert_eq!(fleur.post(&format!("{goes}/tip"), &tip).await.status, 303);
    t.settle().await;
    let mut tx = t.house.write(&admin).await.unwrap();
    let merged = merge::organisations(&mut tx, &permit, kept, gone, "").await.unwrap();
    tx.commit().await.unwrap();
    t.settle().await;
    // Whoever comes to the one that stays sees who is in contact, and the tip leads there.
    let mut bas = t.signed_in("bas@meerland.example").await;
    let page = bas.get(&keeps).await;
    assert!(page.has("Vier stageplaatsen") && page.has("Fleur de Tester (Serviceplein)"), "{}", page.text());
    assert!(page.has("Acht stagiairs zorg"), "the story of both is one: {}", page.text());
    let page = bas.post(&format!("{keeps}/claim"), &[("reason", "Open dag"), ("until", "2026-12-01")]).await;
    assert!(page.status == 422 && page.has("Vier stageplaatsen"), "seen before another is made");
    let number = t.count(sql!("select max(id) from tips")).await;
    let page = bas.get(&format!("/tips/{number}")).await;
    assert!(page.has(&keeps) && page.has("Zorggroep Waterkant"), "{}", page.text());
    let seen = t.count(sql!("select max(id) from claims")).await.to_string();
    let own = [("reason", "Open dag"), ("until", "2026-12-01"), ("seen", &*seen)];
    assert_eq!(bas.post(&format!("{keeps}/claim"), &own).await.status, 303);
    assert_eq!(
        bas.post(&format!("/tips/{number}/answer"), &[("decision", "accept"), ("reason", "")]).await.status,
        303
    );
    // They were two after all: what moved goes back as it is now, what came later stays.
    let mut boss = t.signed_in("hanneke@meerland.example").await;
    let undone = boss.post(&format!("/organisations/merges/{merged}/undo"), &[]).await;
    assert_eq!(undone.status, 303, "{}", undone.text());
    t.settle().await;
    let (at, there) = (bas.get(&keeps).await, bas.get(&goes).await);
    assert!(at.has("Open dag") && !at.has("Vier stageplaatsen"), "{}", at.text());
    assert!(there.has("Vier stageplaatsen") && there.has("Acht stagiairs zorg"), "{}", there.text());
    assert!(bas.get(&format!("/tips/{number}")).await.has(&goes));
    for (state, table) in [
        (
            "tips",
            sql!(
                "select count(*) from tips t join organisations o on o.id = t.organisation_id where o.name = 'Waterkant Zorg' and t.state = 'accepted'"
            ),
        ),
        (
            "claims",
            sql!(
                "select count(*) from claims c join organisations o on o.id = c.organisation_id where o.name = 'Waterkant Zorg'"
            ),
        ),
        (
            "notices",
            sql!(
                "select count(distinct o.id) from notices n join organisations o on o.id = n.organisation_id where n.kind = 'tip.given' and o.name = 'Waterkant Zorg'"
            ),
        ),
    ] {
        assert_eq!(t.count(table).await, 1, "{state}");
    }
}
