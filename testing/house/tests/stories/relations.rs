//! One relation base: people with many dated roles, found by any of their names, merged and separated again. Each story goes
//! through the front door on both databases.

use kring_frame::{Actor, PersonId, params, sql};
use kring_people::{Filter, contact, duplicates, list, note, person, roles};
use kring_testing::{TestHouse, both};

use crate::people::{added, given};

both!(
    anke_is_many_things_at_once_and_is_found_by_each_of_her_names,
    two_numbers_become_one_and_two_again_after_later_edits,
    a_name_is_found_with_a_slip_and_leaks_nothing,
    a_list_says_what_it_shows_and_does_one_thing_for_all,
    a_narrowed_list_is_in_order_and_whole_from_page_to_page
);

async fn anke_is_many_things_at_once_and_is_found_by_each_of_her_names(t: TestHouse) {
    let mut browser = t.signed_in("hanneke@meerland.example").await;
    let page = browser
        .post(
            "/people/new",
            &[
                ("preferred_name", "Anke"),
                ("surname", "Hoekstra"),
                ("partner_surname_prefix", "van der"),
                ("partner_surname", "Ven"),
                ("name_usage", "partner-own"),
                ("form_of_address", "mrs"),
                ("email", "anke@mail.example.com"),
            ],
        )
        .await;
    assert_eq!(page.status, 303, "{}", page.text());
    let here = page.location().split('?').next().unwrap().to_owned();
    let id: PersonId = here.rsplit('/').next().unwrap().parse().unwrap();
    for (kind, detail, from) in
        [("employee", "docent Verpleegkunde", "2019-08-01"), ("graduate", "hbo-V", "2009-07-01")]
    {
        let page = browser
            .post(
                &format!("{here}/data"),
                &[("section", "role"), ("kind", kind), ("detail", detail), ("from", from)],
            )
            .await;
        assert_eq!(page.status, 303, "{}", page.text());
    }
    let firm = browser
        .post(
            "/organisations/new",
            &[("name", "Zorggroep Waterkant BV"), ("kind", "company"), ("parent", "")],
        )
        .await;
    assert_eq!(firm.status, 303, "{}", firm.text());
    let child = added(&t, "Jip Hoekstra", "", Some("2011-03-04")).await.to_string();
    for fields in [
        [("kind", "contact_of"), ("other", "waterkant"), ("basis", "own_word"), ("function", "teamleider")],
        [("kind", "parent_of"), ("other", &*child), ("basis", "own_word"), ("function", "")],
    ] {
        let mut form = vec![("section", "relation")];
        form.extend(fields);
        let page = browser.post(&format!("{here}/data"), &form).await;
        assert_eq!(page.status, 303, "{}", page.text());
    }
    t.settle().await;
    let page = browser.get(&here).await;
    for says in [
        "Anke van der Ven-Hoekstra",
        "medewerker · docent Verpleegkunde",
        "gediplomeerde · hbo-V",
        "alumnus",
        "contact bij Zorggroep Waterkant BV",
        "Jip Hoekstra",
        "nog geen eigenaar",
        "Geachte mevrouw Van der Ven-Hoekstra",
    ] {
        assert!(page.has(says), "{says}");
    }
    for typed in ["hoekstra", "ven anke", "Anke Hoekstra", "anke@mail", &id.to_string()] {
        let found = browser.get(&format!("/search/suggest?q={}", kring_frame::encode(typed))).await;
        assert!(found.has("Anke van der Ven-Hoekstra"), "{typed}: {}", found.text());
    }
    let firm = browser.get(firm.location().trim_end_matches("/data").split("/data").next().unwrap()).await;
    assert!(firm.has("Anke van der Ven-Hoekstra") && firm.has("eigen alumnus"), "{}", firm.text());
}

async fn two_numbers_become_one_and_two_again_after_later_edits(t: TestHouse) {
    let mut browser = t.signed_in("hanneke@meerland.example").await;
    let one = added(&t, "Johannes de Vries", "jan@mail.example.com", Some("1987-01-07")).await;
    let other = added(&t, "Jan de Vries", "jdevries@werk.example.com", Some("1987-01-07")).await;
    given(&t, other, "graduate", "Kok", "2008-07-01", None).await;
    let mut tx = t.house.write(&t.actor("hanneke@meerland.example").await).await.unwrap();
    let permit = tx.actor().permit(&kring_people::WRITE_PEOPLE).unwrap();
    note::write(&mut tx, &permit, other, "Belde over een gastles").await.unwrap();
    tx.commit().await.unwrap();
    let mut look = t.house.read(&Actor::robot()).await.unwrap();
    let pairs = duplicates::of_person(&mut look, one).await.unwrap();
    drop(look);
    let pair = pairs.first().expect("they are found as soon as the second is known").id;
    let page = browser.get(&format!("/duplicates/{pair}")).await;
    assert!(page.has("Eén of twee?") && page.has("geboortedatum"), "{}", page.text());
    let keep = one.to_string();
    let done = browser
        .post(&format!("/duplicates/{pair}"), &[("decision", "same"), ("keep", &keep), ("take-name", "b")])
        .await;
    assert_eq!(done.status, 303, "{}", done.text());
    t.settle().await;
    let page = browser.get(&format!("/people/{one}")).await;
    assert!(
        page.has("Jan de Vries") && page.has("Belde over een gastles") && page.has("Kok"),
        "{}",
        page.text()
    );
    assert_eq!(browser.get(&format!("/people/{other}")).await.location(), format!("/people/{one}"));
    let found = browser.get("/search/suggest?q=vries").await;
    assert_eq!(
        found.text().matches("de Vries").count(),
        2,
        "one person, in the list and in the words: {}",
        found.text()
    );
    // Later a colleague changes the name and adds an address; then somebody sees that they were two after all.
    let mut tx = t.house.write(&t.actor("hanneke@meerland.example").await).await.unwrap();
    let p = person::load(&mut tx, one).await.unwrap();
    let mut details = person::Details::of(&p);
    details.name.preferred_name = "Johan".into();
    let permit = tx.actor().permit(&kring_people::WRITE_PEOPLE).unwrap();
    person::change(&mut tx, &permit, one, p.version, &details, "staff").await.unwrap();
    contact::add(&mut tx, one, contact::Kind::Email, "johan@mail.example.com", "staff").await.unwrap();
    tx.commit().await.unwrap();
    let merged = t.count(sql!("select max(id) from merges")).await;
    let undone = browser.post(&format!("/people/merges/{merged}/undo"), &[]).await;
    assert!(undone.location().starts_with(&format!("/people/{other}")), "{}", undone.text());
    t.settle().await;
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    let (a, b) = (person::load(&mut tx, one).await.unwrap(), person::load(&mut tx, other).await.unwrap());
    assert_eq!(a.display_name, "Johan de Vries", "the later edit stays");
    assert_eq!((b.display_name.as_str(), b.state), ("Jan de Vries", person::State::Known));
    let mails = |all: Vec<contact::ContactPoint>| all.into_iter().map(|c| c.value).collect::<Vec<_>>();
    assert_eq!(
        mails(contact::of(&mut tx, one).await.unwrap()),
        ["johan@mail.example.com", "jan@mail.example.com"]
    );
    assert_eq!(mails(contact::of(&mut tx, other).await.unwrap()), ["jdevries@werk.example.com"]);
    assert_eq!(roles::of(&mut tx, other).await.unwrap().iter().filter(|r| !r.derived).count(), 1);
    assert_eq!(kring_people::arrive::owner(&mut tx, "jdevries@werk.example.com").await.unwrap(), Some(other));
    assert_eq!(note::of(&mut tx, other).await.unwrap().len(), 1);
}

async fn a_name_is_found_with_a_slip_and_leaks_nothing(t: TestHouse) {
    added(&t, "Renée Çelik", "renee@mail.example.com", None).await;
    added(&t, "Jan de Vries", "jan@mail.example.com", None).await;
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    for (typed, name) in [
        ("celik", "Renée Çelik"),
        ("celki", "Renée Çelik"),
        ("vries jan de", "Jan de Vries"),
        ("vreis", "Jan de Vries"),
    ] {
        let found = fleur.get(&format!("/search/suggest?q={}", kring_frame::encode(typed))).await;
        assert!(found.has(name), "{typed}: {}", found.text());
    }
    // The board has no business with people, and learns nothing of them, not even that there are any.
    let mut ria = t.signed_in("ria@meerland.example").await;
    let (known, unknown) =
        (ria.get("/search/suggest?q=celik").await, ria.get("/search/suggest?q=qqqqq").await);
    assert_eq!(known.body.len(), unknown.body.len());
    assert!(!known.has("Renée"));
}

async fn a_list_says_what_it_shows_and_does_one_thing_for_all(t: TestHouse) {
    for n in 0..5 {
        let id = added(&t, &format!("Persoon Nummer{n}"), &format!("p{n}@mail.example.com"), None).await;
        given(&t, id, if n < 3 { "prospect" } else { "ambassador" }, "Kok", "2026-01-01", None).await;
    }
    let mut browser = t.signed_in("hanneke@meerland.example").await;
    let page = browser.get("/people?role=prospect&col=email&col=phone").await;
    assert!(page.has("Nummer0") && !page.has("Nummer4") && page.has("Telefoon"));
    let hanneke = t.actor("hanneke@meerland.example").await.id.to_string();
    let preview = browser.get(&format!("/people/bulk?deed=owner&role=prospect&to={hanneke}")).await;
    assert!(
        preview.has("3 mensen in deze lijst") && preview.has("verandert iets voor 3"),
        "{}",
        preview.text()
    );
    let done =
        browser.post("/people/bulk", &[("deed", "owner"), ("role", "prospect"), ("to", &hanneke)]).await;
    let location = done.location();
    assert!(location.contains("undo=/people/bulk/"), "{location}");
    assert_eq!(t.count(sql!("select count(*) from people where owner_id is not null")).await, 3);
    let undo = location.split("undo=").nth(1).unwrap();
    // Somebody has given one of them another owner meanwhile: that one stays.
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    tx.run(sql!("update people set owner_id = 1 where id = (select min(id) from people)"), params![])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    browser.post(undo, &[]).await;
    assert_eq!(t.count(sql!("select count(*) from people where owner_id is not null")).await, 1);
    browser
        .post(
            "/people/views",
            &[("name", "Mijn prospects"), ("query", "role=prospect&x=<b>"), ("shared", "on")],
        )
        .await;
    let mut marit = t.signed_in("marit@meerland.example").await;
    let page = marit.get("/people").await;
    assert!(page.has("Mijn prospects") && page.text().contains("/people?role=prospect\""), "{}", page.text());
}

/// Those who are listed page by page, with the index and without it.
async fn listed(t: &TestHouse, filter: &Filter, page: u32) -> Vec<PersonId> {
    let mut tx = t.house.read(&t.actor("hanneke@meerland.example").await).await.unwrap();
    let permit = tx.actor().permit(&kring_people::READ_PEOPLE).unwrap();
    let (mut ids, mut after) = (Vec::new(), None);
    loop {
        let rows = list(&mut tx, &permit, filter, after, page).await.unwrap();
        let Some(last) = rows.last() else { return ids };
        after = Some((last.sort_key.clone(), last.id));
        ids.extend(rows.iter().map(|row| row.id));
    }
}

async fn a_narrowed_list_is_in_order_and_whole_from_page_to_page(t: TestHouse) {
    let mut all: Vec<(String, PersonId)> = Vec::new();
    for n in 0..40 {
        // Namesakes, and names that begin alike for longer than is kept in memory.
        let first = ["Anna", "Bo", "Cornelia Wilhelmina Jacoba", "Cornelia Wilhelmina Jacobina"][n % 4];
        let last = ["de Vries", "Bakker"][n / 20];
        let id = added(&t, &format!("{first} {last}"), &format!("p{n}@mail.example.com"), None).await;
        given(&t, id, "prospect", "Zorg", "2026-01-01", Some("2026-11-20").filter(|_| n % 5 == 4)).await;
        if n % 5 != 4 {
            let mut tx = t.house.read(&Actor::robot()).await.unwrap();
            let (key,): (String,) =
                tx.one(sql!("select sort_key from people where id = $1"), params![id]).await.unwrap();
            all.push((key, id));
        }
    }
    // One died: in lists still, and in no segment.
    let dead = all[3].1;
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    tx.run(sql!("update people set deceased = true where id = $1"), params![dead]).await.unwrap();
    let changed = kring_frame::PersonChanged { how: "staff".into() };
    tx.tell(kring_frame::About::person(dead), &changed).await.unwrap();
    tx.commit().await.unwrap();
    t.settle().await;
    all.sort();
    let expected: Vec<PersonId> = all.iter().map(|(_, id)| *id).collect();
    let of = |words: &str| Filter { role: Some("prospect".into()), words: words.into(), ..Filter::default() };
    for page in [3, 100] {
        assert_eq!(listed(&t, &of(""), page).await, expected, "by pages of {page}");
    }
    let named = |part: &str| -> Vec<PersonId> {
        all.iter().filter(|(key, _)| key.starts_with(part)).map(|(_, id)| *id).collect()
    };
    assert_eq!(listed(&t, &of("vries"), 3).await, named("vries"));
    assert_eq!(listed(&t, &of("cornelia bakker"), 2).await, named("bakker, cornelia"));
    let rule = kring_frame::rules::Rule::fact(
        "role",
        kring_frame::rules::Test::Role(kring_frame::rules::Role {
            kinds: vec!["prospect".into()],
            places: Vec::new(),
            held: kring_frame::rules::Held::Now,
        }),
    );
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    assert_eq!(tx.count_people(&rule).await.unwrap().is, expected.len() as u64 - 1);
    drop(tx);
    // Without the index the database says the same.
    t.house.audience.rest();
    assert_eq!(listed(&t, &of(""), 3).await, expected);
    assert_eq!(listed(&t, &of("cornelia bakker"), 2).await, named("bakker, cornelia"));
}
