//! One relation base: people and organisations with many dated roles, found by any of their names, merged and separated
//! again, shared within the law, forgotten for good. Each story goes through the front door on both databases.

use kring_frame::{Actor, PersonId, UnitId, params, sql};
use kring_people::{
    NewPerson, contact, duplicates, merge, note, person,
    relationship::{self, Basis, With},
    roles, suppression, units,
};
use kring_testing::{TestHouse, both};

both!(
    anke_is_many_things_at_once_and_is_found_by_each_of_her_names,
    two_numbers_become_one_and_two_again_after_later_edits,
    a_name_is_found_with_a_slip_and_leaks_nothing,
    a_list_says_what_it_shows_and_does_one_thing_for_all,
    who_counts_as_an_alumnus_is_one_definition,
    a_unit_is_stricter_about_who_counts_and_never_looser,
    a_part_may_only_tighten_the_policy,
    another_legal_entity_sees_its_own_until_there_is_an_arrangement,
    what_a_coach_writes_is_a_locked_line_to_others,
    a_parent_speaks_for_a_child_until_it_is_grown,
    what_somebody_says_at_the_desk_holds_at_once,
    whoever_is_forgotten_is_gone_under_every_number,
    what_is_kept_too_long_is_shown_first_and_then_forgotten,
    an_organisation_has_branches_people_and_numbers,
    organisations_that_are_one_are_brought_together_and_apart,
    a_unit_keeps_claims_shorter_and_never_longer
);

async fn added(t: &TestHouse, name: &str, email: &str, born: Option<&str>) -> PersonId {
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    let new = NewPerson {
        name: kring_people::arrive::name_from(name),
        emails: Some(email).filter(|e| !e.is_empty()).map(str::to_owned).into_iter().collect(),
        birth_date: born.map(|b| b.parse().unwrap()),
        source: "staff".into(),
        ..NewPerson::default()
    };
    let id = person::add(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    t.settle().await;
    id
}

async fn given(t: &TestHouse, id: PersonId, kind: &str, detail: &str, from: &str, to: Option<&str>) {
    given_in(t, id, None, kind, detail, from, to).await;
}

async fn given_in(
    t: &TestHouse,
    id: PersonId,
    unit: Option<UnitId>,
    kind: &str,
    detail: &str,
    from: &str,
    to: Option<&str>,
) {
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    let role = roles::NewRole {
        kind: kind.into(),
        unit,
        detail: detail.into(),
        from: Some(from.parse().unwrap()),
        to: to.map(|d| d.parse().unwrap()),
    };
    roles::give_new(&mut tx, id, &role, "staff").await.unwrap();
    tx.commit().await.unwrap();
    t.settle().await;
}

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

async fn who_counts_as_an_alumnus_is_one_definition(t: TestHouse) {
    let graduate = added(&t, "Ada Bos", "ada@mail.example.com", None).await;
    given(&t, graduate, "graduate", "Kok", "2015-07-01", None).await;
    let stopped = added(&t, "Ravi Smit", "ravi@mail.example.com", None).await;
    given(&t, stopped, "enrolled_student", "Kok", "2018-09-01", Some("2020-01-31")).await;
    let alumni = sql!("select count(*) from party_roles where kind = 'alumnus' and valid_to is null");
    assert_eq!(t.count(alumni).await, 1);
    let mut browser = t.signed_in("hanneke@meerland.example").await;
    let wide = "kinds=graduate&former=enrolled_student&least_months=6";
    let page = browser.get(&format!("/definitions/alumnus?preview=1&{wide}")).await;
    assert!(page.has("2 mensen tellen dan mee") && page.has("1 erbij, 0 eraf"), "{}", page.text());
    let page = browser
        .post(
            "/definitions/alumnus",
            &[
                ("version", "1"),
                ("kinds", "graduate"),
                ("former", "enrolled_student"),
                ("least_months", "6"),
                ("note", "besluit"),
            ],
        )
        .await;
    assert_eq!(page.status, 303, "{}", page.text());
    t.settle().await;
    assert_eq!(t.count(alumni).await, 2);
    let page = browser.get("/definitions/alumnus").await;
    assert!(page.has("besluit") && page.has("student was en dat niet meer is"), "{}", page.text());
    // The editor who still saw version 1 is told.
    let late = browser.post("/definitions/alumnus", &[("version", "1"), ("kinds", "graduate")]).await;
    assert_eq!(late.status, 422);
}

async fn a_unit_is_stricter_about_who_counts_and_never_looser(t: TestHouse) {
    let (placement, school) = (t.units[2], t.units[3]);
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    let hash = kring_access::PasswordHash::of(&kring_core::Chance::seeded(3), kring_testing::PASSWORD)
        .await
        .unwrap();
    kring_access::demo_account(&mut tx, "Sterre Zorg", "sterre@meerland.example", &hash, "steward", school)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let wide =
        [("version", "1"), ("kinds", "graduate"), ("former", "enrolled_student"), ("least_months", "6")];
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    assert_eq!(admin.post("/definitions/alumnus", &wide).await.status, 303);
    t.settle().await;
    for (name, unit, kind, to) in [
        ("Ada Bos", school, "graduate", None),
        ("Ravi Smit", school, "enrolled_student", Some("2020-01-31")),
        ("Kim Haan", placement, "enrolled_student", Some("2020-01-31")),
    ] {
        let id = added(&t, name, "", None).await;
        given_in(&t, id, Some(unit), kind, "Zorg", "2018-09-01", to).await;
    }
    let alumni = sql!("select count(*) from party_roles where kind = 'alumnus' and valid_to is null");
    let of_school = sql!(
        "select count(*) from party_roles r join units u on u.id = r.unit_id
         where r.kind = 'alumnus' and r.valid_to is null and u.kind = 'school'"
    );
    assert_eq!((t.count(alumni).await, t.count(of_school).await), (3, 2), "each in the unit they were in");
    let at = school.to_string();
    let here = format!("/definitions/alumnus?unit={at}");
    let mut sterre = t.signed_in("sterre@meerland.example").await;
    assert!(sterre.get(&here).await.has("volgt wat erboven geldt"));
    // What is looser is refused, field by field, with what the institution says; what was typed stays.
    let loose = [
        ("unit", &*at),
        ("version", "0"),
        ("kinds", "graduate"),
        ("kinds", "enrolled_student"),
        ("former", "prospect"),
        ("least_months", "3"),
    ];
    let page = sterre.post("/definitions/alumnus", &loose).await;
    assert_eq!(page.status, 422);
    for says in [
        "hier telt alleen gediplomeerde.",
        "hier telt alleen student of gediplomeerde.",
        "hier geldt minstens 6 maanden",
        "value=\"3\"",
    ] {
        assert!(page.has(says), "{says}: {}", page.text());
    }
    let preview = sterre.get(&format!("{here}&preview=1&kinds=graduate&former=prospect")).await;
    assert!(preview.status == 422 && !preview.has("tellen dan mee"), "nor has it an effect to show");
    let preview = sterre.get(&format!("{here}&preview=1&kinds=graduate")).await;
    for says in ["Nu tellen 2 mensen.", "Eén mens telt dan mee.", "0 erbij, 1 eraf."] {
        assert!(preview.has(says), "{says}: {}", preview.text());
    }
    // She decides for the school, and neither for another part nor for the institution.
    let other = placement.to_string();
    let strict = |unit: &str| {
        [
            ("unit", unit.to_owned()),
            ("version", "0".into()),
            ("kinds", "graduate".into()),
            ("note", "diploma".into()),
        ]
    };
    for elsewhere in [&*other, "", &t.units[0].to_string(), "424242"] {
        let fields = strict(elsewhere);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let page = sterre.post("/definitions/alumnus", &fields).await;
        assert_eq!(page.status, 404, "{elsewhere}: {}", page.text());
    }
    let fields = strict(&at);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let page = sterre.post("/definitions/alumnus", &fields).await;
    assert_eq!(page.status, 303, "{}", page.text());
    t.settle().await;
    assert_eq!((t.count(alumni).await, t.count(of_school).await), (2, 1), "Ravi has no diploma");
    let list = sterre.get(&format!("/people?role=alumnus&unit={at}")).await;
    assert!(list.has("Ada Bos") && !list.has("Ravi Smit"), "{}", list.text());
    assert!(list.has(&format!("href=\"{here}\"")), "the list leads to what it means: {}", list.text());
    assert_eq!(
        t.count(sql!(
            "select count(*) from events where kind = 'definition.changed' and unit_id is not null"
        ))
        .await,
        1
    );
    assert_eq!(
        t.count(sql!("select count(*) from trail where detail = 'kind=alumnus,version=1'")).await,
        1,
        "who decided it is in the trail"
    );
    let page = admin.get("/definitions/alumnus").await;
    assert!(page.has("Strenger in een onderdeel") && page.has("School voor Zorg"), "{}", page.text());
    let page = t.signed_in("fleur@meerland.example").await.get(&here).await;
    assert!(page.has("diploma") && !page.has("name=\"kinds\""), "everybody reads it: {}", page.text());
    // The institution becomes stricter in another way: in the school both hold.
    let young = added(&t, "Jip Bos", "", Some("2010-01-01")).await;
    given_in(&t, young, Some(school), "graduate", "Zorg", "2026-07-01", None).await;
    assert_eq!(t.count(of_school).await, 2);
    let stricter =
        [("version", "2"), ("kinds", "graduate"), ("former", "enrolled_student"), ("adults_only", "on")];
    assert_eq!(admin.post("/definitions/alumnus", &stricter).await.status, 303);
    t.settle().await;
    assert_eq!((t.count(alumni).await, t.count(of_school).await), (2, 1));
    let page = sterre.get(&here).await;
    assert!(page.has("wie gediplomeerde is of was, vanaf de achttiende verjaardag"), "{}", page.text());
    // What the unit said of its own can be taken back; then what is above it holds, and nothing looser.
    let back = [("unit", &*at), ("version", "1"), ("inherit", "1")];
    assert_eq!(sterre.post("/definitions/alumnus", &back).await.status, 303);
    t.settle().await;
    assert_eq!(
        (t.count(alumni).await, t.count(of_school).await),
        (3, 2),
        "Ravi is back, Jip is still too young"
    );
}

async fn a_part_may_only_tighten_the_policy(t: TestHouse) {
    let mut head = t.signed_in("marit@meerland.example").await;
    let desk = t.units[1].to_string();
    let refused = head.post("/policy", &[("unit", &desk), ("survey_year", "9")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.has("Ruimer dan de instelling mag niet: hier geldt 4"), "{}", refused.text());
    let tighter = head.post("/policy", &[("unit", &desk), ("survey_year", "2")]).await;
    assert_eq!(tighter.status, 303, "{}", tighter.text());
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    use kring_consent::policy::{Limit, limit};
    assert_eq!(limit(&mut tx, Some(t.units[1]), Limit::SurveyYear).await.unwrap(), 2);
    assert_eq!(limit(&mut tx, Some(t.units[2]), Limit::SurveyYear).await.unwrap(), 4);
    drop(tx);
    // The institution tightens for all: the unit's own looser number no longer counts.
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let top = t.units[0].to_string();
    assert_eq!(admin.post("/policy", &[("unit", &top), ("survey_year", "1")]).await.status, 303);
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    assert_eq!(limit(&mut tx, Some(t.units[1]), Limit::SurveyYear).await.unwrap(), 1);
    drop(tx);
    // A head of one part cannot reach another.
    let other = t.units[2].to_string();
    assert_eq!(head.post("/policy", &[("unit", &other), ("survey_year", "1")]).await.status, 404);
}

async fn another_legal_entity_sees_its_own_until_there_is_an_arrangement(t: TestHouse) {
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    let fund = units::add(&mut tx, Some(t.units[0]), "Meerlandfonds", "Meerland Fund", "fund").await.unwrap();
    tx.run(sql!("update units set legal_entity = true where id = $1 or parent_id is null"), params![fund])
        .await
        .unwrap();
    let hash = kring_access::PasswordHash::of(&kring_core::Chance::seeded(3), kring_testing::PASSWORD)
        .await
        .unwrap();
    kring_access::demo_account(&mut tx, "Fons Fonds", "fons@meerland.example", &hash, "alumni_officer", fund)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let donor = added(&t, "Dona Gever", "dona@mail.example.com", None).await;
    let student = added(&t, "Sem Smit", "sem@mail.example.com", None).await;
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    roles::give(&mut tx, donor, "donor", Some(fund), "", None, "staff").await.unwrap();
    tx.commit().await.unwrap();
    let mut fons = t.signed_in("fons@meerland.example").await;
    assert_eq!(fons.get(&format!("/people/{donor}")).await.status, 200);
    let (foreign, made_up) =
        (fons.get(&format!("/people/{student}")).await, fons.get("/people/424242").await);
    assert_eq!(
        (foreign.status, foreign.body),
        (made_up.status, made_up.body),
        "behind the wall nobody is there"
    );
    assert!(
        !fons.get("/people").await.has("Sem Smit") && !fons.get("/search/suggest?q=smit").await.has("Sem")
    );
    assert_eq!(fons.post(&format!("/people/{student}/notes"), &[("text", "x")]).await.status, 404);
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let (from, to) = (t.units[0].to_string(), fund.to_string());
    let done = admin
        .post(
            "/policy/arrangements",
            &[("from", &from), ("to", &to), ("article", "26"), ("purposes", "relation"), ("note", "map 3")],
        )
        .await;
    assert_eq!(done.status, 303, "{}", done.text());
    assert_eq!(fons.get(&format!("/people/{student}")).await.status, 200, "now it is shared");
    let id = t.count(sql!("select max(id) from arrangements")).await;
    admin.post(&format!("/policy/arrangements/{id}/end"), &[]).await;
    t.pass(60 * 48).await;
    let mut fons = t.signed_in("fons@meerland.example").await;
    assert_eq!(fons.get(&format!("/people/{student}")).await.status, 404, "and from the day after, no more");
}

async fn what_a_coach_writes_is_a_locked_line_to_others(t: TestHouse) {
    let noor = added(&t, "Noor Bakker", "noor@mail.example.com", None).await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let done = admin
        .post(&format!("/people/{noor}/coaching"), &[("text", "Twijfelt over haar richting, BSN 111222333")])
        .await;
    assert!(done.location().contains("done-note-cleaned"), "{}", done.location());
    let page = admin.get(&format!("/people/{noor}")).await;
    assert!(page.has("Twijfelt over haar richting, BSN […]"), "{}", page.text());
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    let page = fleur.get(&format!("/people/{noor}")).await;
    assert!(!page.has("Twijfelt") && page.has("Je ziet dat het er was"), "{}", page.text());
    assert_eq!(fleur.post(&format!("/people/{noor}/coaching"), &[("text", "x")]).await.status, 403);
    // The steward hears that there was a number, and not which.
    let mut piet = t.signed_in("piet@meerland.example").await;
    let page = piet.get("/privacy/found").await;
    assert!(
        page.has("burgerservicenummer") && page.has("Noor Bakker") && !page.has("111222333"),
        "{}",
        page.text()
    );
}

async fn what_somebody_says_at_the_desk_holds_at_once(t: TestHouse) {
    let id = added(&t, "Noor Bakker", "noor@mail.example.com", Some("1990-05-06")).await;
    let here = format!("/people/{id}/wishes");
    let mut browser = t.signed_in("hanneke@meerland.example").await;
    let page = browser.get(&here).await;
    assert!(page.has("Er is geen toestemming voor gegeven."), "{}", page.text());
    let said = |act, purpose, channel, proof| {
        [("act", act), ("purpose", purpose), ("channel", channel), ("door", "phone"), ("proof", proof)]
    };
    // A yes that nobody can show is none, and what was typed stays.
    let page = browser.post(&here, &said("consent", "marketing", "mail", "")).await;
    assert_eq!(page.status, 422);
    assert!(page.has("zonder bewijs geldt een ja niet"), "{}", page.text());
    // By telephone there is no exception for customers.
    let page = browser.post(&here, &said("customer", "marketing", "phone", "factuur 12")).await;
    assert_eq!(page.status, 422);
    assert!(page.has("geldt alleen voor nieuws en aanbod per mail"), "{}", page.text());
    let page = browser.post(&here, &said("customer", "marketing", "mail", "cursus 12, met uitleg")).await;
    assert_eq!(page.status, 303, "{}", page.text());
    let page = browser.get(&here).await;
    assert!(page.has("Dit is een klant die wist dat dit kon komen en niet weigerde."), "{}", page.text());
    let page = browser.post(&here, &said("objection", "marketing", "mail", "")).await;
    assert_eq!(page.status, 303, "{}", page.text());
    t.settle().await;
    let page = browser.get(&format!("/people/{id}")).await;
    assert!(page.has("Maakt bezwaar: Nieuws en aanbod, per mail"), "{}", page.text());
    assert!(page.has("Deze persoon maakte bezwaar."), "{}", page.text());
    let mut english = t.signed_in("hanneke@meerland.example").await.in_english();
    assert!(english.get(&here).await.has("Objects: News and offers, by mail"));
    // Whoever may only read sees what holds, and has no form.
    let mut reader = t.signed_in("ria@meerland.example").await;
    let page = reader.get(&here).await;
    assert!(page.status == 403 || !page.has("name=\"act\""), "{}", page.text());
}

async fn a_parent_speaks_for_a_child_until_it_is_grown(t: TestHouse) {
    use kring_consent::{Act, Channel, Entry, MessageClass, facts_of, may, record};
    use kring_frame::Purpose;
    let child = added(&t, "Jip Bos", "jip@mail.example.com", Some("2008-12-01")).await;
    let parent = added(&t, "Els Bos", "els@mail.example.com", Some("1980-01-01")).await;
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    let yes = Entry {
        given_by: Some(parent),
        ..Entry::new(child, Purpose::Marketing, Channel::Mail, Act::Consent, "form")
    };
    assert!(
        record(&mut tx, &yes).await.is_err(),
        "nobody speaks for a child without a relation that says so"
    );
    let new = relationship::NewRelationship {
        kind: relationship::Kind::Represents,
        detail: String::new(),
        from: None,
        to: None,
        basis: Basis::OwnWord,
        confirmed_on: None,
        source: "staff".into(),
    };
    relationship::make(&mut tx, parent, With::Person(child), &new).await.unwrap();
    record(&mut tx, &yes).await.unwrap();
    let asked = |facts| may(&facts, Purpose::Marketing, Channel::Mail, MessageClass::Announcement).allowed;
    assert!(asked(facts_of(&mut tx, child, Purpose::Marketing, Channel::Mail).await.unwrap()));
    tx.commit().await.unwrap();
    t.settle().await;
    // Seven days before the eighteenth birthday the clock stands at 23 November; then it passes.
    t.pass(60 * 24 * 9).await;
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    assert!(
        !asked(facts_of(&mut tx, child, Purpose::Marketing, Channel::Mail).await.unwrap()),
        "it was the parent's to give"
    );
    assert!(relationship::of(&mut tx, child).await.unwrap().iter().all(|r| r.to.is_some()));
}

async fn whoever_is_forgotten_is_gone_under_every_number(t: TestHouse) {
    const CANARIES: [&str; 6] =
        ["Kwibus", "Zwaluwstaart", "kanarie@vogel.example", "0612345699", "Fluitketellaan", "veergeheim"];
    let one = added(&t, "Kwibus Zwaluwstaart", "kanarie@vogel.example", Some("1990-02-03")).await;
    let other = added(&t, "K. Zwaluwstaart", "", Some("1990-02-03")).await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    for form in [
        vec![("section", "contact"), ("value", "0612345699"), ("label", "private")],
        vec![
            ("section", "address"),
            ("street", "Fluitketellaan"),
            ("house_number", "3"),
            ("postcode", "1234 AB"),
            ("city", "Meerstad"),
        ],
    ] {
        assert_eq!(admin.post(&format!("/people/{one}/data"), &form).await.status, 303);
    }
    admin.post(&format!("/people/{other}/notes"), &[("text", "vertelde een veergeheim")]).await;
    let topic = t.topics[0].id.to_string();
    t.browser()
        .post(
            "/contact",
            &[
                ("name", "Kwibus Zwaluwstaart"),
                ("email", "kanarie@vogel.example"),
                ("topic", &topic),
                ("text", "veergeheim?"),
                ("website", ""),
            ],
        )
        .await;
    t.settle().await;
    let mut tx = t.house.write(&t.actor("hanneke@meerland.example").await).await.unwrap();
    let permit = tx.actor().permit(&kring_people::WRITE_PEOPLE).unwrap();
    merge::people(&mut tx, &permit, one, other, &[], "").await.unwrap();
    tx.commit().await.unwrap();
    t.settle().await;
    let mut piet = t.signed_in("piet@meerland.example").await;
    let dossier = piet.post(&format!("/people/{one}/privacy/dossier"), &[]).await;
    for canary in CANARIES {
        let canary = if canary == "0612345699" { "612345699" } else { canary };
        assert!(dossier.text().contains(canary), "the dossier holds {canary}");
    }
    assert!(piet.post(&format!("/people/{one}/privacy/read"), &[]).await.has("Fluitketellaan"));
    let gone = piet.post(&format!("/people/{one}/privacy/erase"), &[("number", &one.to_string())]).await;
    assert_eq!(gone.status, 303, "{}", gone.text());
    t.settle().await;
    t.house.db.settle().await.unwrap();
    assert!(!admin.get("/people").await.has("Zwaluwstaart"));
    assert!(!admin.get("/search/suggest?q=zwaluwstaart").await.has("Zwaluwstaart"));
    if let Some(folder) = t.database.folder() {
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            for canary in CANARIES.iter().map(|c| c.to_lowercase()).chain(CANARIES.map(str::to_owned)) {
                let needle = canary.as_bytes();
                assert!(
                    !bytes.windows(needle.len()).any(|w| w == needle),
                    "{canary} is still in {}",
                    path.display()
                );
            }
        }
    }
    for count in [
        sql!("select count(*) from person_words where word like '%zwaluw%'"),
        sql!("select count(*) from name_words where word like '%zwaluw%'"),
        sql!("select count(*) from word_slips where word like '%zwaluw%'"),
        sql!("select count(*) from merges where chosen like '%wibus%'"),
        sql!("select count(*) from people where display_name like '%waluw%'"),
    ] {
        assert_eq!(t.count(count).await, 0);
    }
    // Neither number comes back by a list, and the merge cannot be undone.
    let name = kring_people::arrive::name_from("Kwibus Zwaluwstaart");
    let marks = suppression::marks(&t.house, &name, Some("1990-02-03".parse().unwrap()), std::iter::empty());
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    assert!(suppression::holds(&mut tx, &marks).await.unwrap());
    drop(tx);
    let merged = t.count(sql!("select max(id) from merges")).await;
    assert_eq!(admin.post(&format!("/people/merges/{merged}/undo"), &[]).await.status, 409);
}

async fn what_is_kept_too_long_is_shown_first_and_then_forgotten(t: TestHouse) {
    let old = added(&t, "Oude Prospect", "oud@mail.example.com", None).await;
    given(&t, old, "prospect", "Kok", "2023-01-01", None).await;
    let student = added(&t, "Vaste Student", "vast@mail.example.com", None).await;
    given(&t, student, "enrolled_student", "Kok", "2023-09-01", None).await;
    t.clock.advance(jiff::SignedDuration::from_hours(24 * 800));
    t.settle().await;
    let young = added(&t, "Nieuwe Prospect", "nieuw@mail.example.com", None).await;
    given(&t, young, "prospect", "Kok", "2028-01-01", None).await;
    let mut piet = t.signed_in("piet@meerland.example").await;
    let page = piet.get("/privacy").await;
    assert!(page.has("Raakt nu één mens.") && page.has("Oude Prospect"), "{}", page.text());
    assert!(!page.has("Nieuwe Prospect") && !page.has("Vaste Student"));
    t.pass(60 * 25).await;
    let known = sql!("select count(*) from people where state = 'known'");
    assert_eq!(t.count(known).await, 3, "nothing happens until it is switched on");
    // A session does not last a night.
    let mut piet = t.signed_in("piet@meerland.example").await;
    let done =
        piet.post("/privacy/retention", &[("rule", "prospects"), ("months", "24"), ("active", "on")]).await;
    assert!(done.location().contains("done-retention"), "{}", done.text());
    t.pass(60 * 25).await;
    let mut piet = t.signed_in("piet@meerland.example").await;
    assert_eq!(t.count(known).await, 2);
    assert_eq!(t.count(sql!("select count(*) from people where display_name = 'Oude Prospect'")).await, 0);
    assert!(piet.get("/privacy").await.has("1 vergeten"));
}

async fn an_organisation_has_branches_people_and_numbers(t: TestHouse) {
    let mut browser = t.signed_in("hanneke@meerland.example").await;
    let head =
        browser.post("/organisations/new", &[("name", "Bouwbedrijf Kluts BV"), ("kind", "company")]).await;
    let head = head.location().split("/data").next().unwrap().to_owned();
    let number = head.rsplit('/').next().unwrap().to_owned();
    let branch = browser
        .post("/organisations/new", &[("name", "Kluts Haven"), ("kind", "branch"), ("parent", &number)])
        .await;
    let branch = branch.location().split("/data").next().unwrap().to_owned();
    let wrong = browser
        .post(&format!("{head}/data"), &[("section", "code"), ("scheme", "kvk"), ("code", "12")])
        .await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.has("Dit kan geen nummer van deze soort zijn."));
    for form in [
        vec![("section", "code"), ("scheme", "kvk"), ("code", "9012 3456")],
        vec![("section", "role"), ("kind", "training_company"), ("from", "2024-01-01")],
        vec![("section", "contact"), ("value", "info@kluts.example"), ("label", "work")],
    ] {
        let page = browser.post(&format!("{head}/data"), &form).await;
        assert_eq!(page.status, 303, "{}", page.text());
    }
    let page = browser.get(&head).await;
    for says in ["90123456", "leerbedrijf", "info@kluts.example", "Kluts Haven"] {
        assert!(page.has(says), "{says}: {}", page.text());
    }
    assert!(browser.get(&branch).await.has("onderdeel van"));
    // A tree cannot hang below its own branch.
    let below = branch.rsplit('/').next().unwrap();
    let loops = browser
        .post(
            &format!("{head}/edit"),
            &[("version", "1"), ("name", "Bouwbedrijf Kluts BV"), ("kind", "company"), ("parent", below)],
        )
        .await;
    assert_eq!(loops.status, 422);
    assert!(browser.get("/organisations?q=90123456").await.has("Bouwbedrijf Kluts BV"));
    t.settle().await;
    assert!(browser.get("/search/suggest?q=klust").await.has("Kluts"), "with a slip");
}

async fn organisations_that_are_one_are_brought_together_and_apart(t: TestHouse) {
    let mut browser = t.signed_in("hanneke@meerland.example").await;
    let mut made = Vec::new();
    for (name, parent, mail) in [
        ("Bouwbedrijf Waterkant BV", None, "info@waterkantbouw.example"),
        ("Waterkant Bouwbedrijf", None, "info@waterkantbouw.example"),
        ("Bouwbedrijf Waterkant BV, vestiging Oost", Some(0), "info@waterkantbouw.example"),
        ("Zorggroep De Linde", None, "info@linde.example"),
    ] {
        let parent: String =
            parent.map(|at: usize| made[at]).map(|id: i64| id.to_string()).unwrap_or_default();
        let fields = [("name", name), ("kind", "company"), ("parent", &*parent)];
        let page = browser.post("/organisations/new", &fields).await;
        assert_eq!(page.status, 303, "{}", page.text());
        let here = page.location().split("/data").next().unwrap().to_owned();
        let id: i64 = here.rsplit('/').next().unwrap().parse().unwrap();
        let mut tx = t.house.write(&Actor::robot()).await.unwrap();
        let party = kring_people::Party::Organisation(kring_frame::OrganisationId::new(id));
        contact::add(&mut tx, party, contact::Kind::Email, mail, "staff").await.unwrap();
        if mail.contains("waterkant") {
            contact::add(&mut tx, party, contact::Kind::Phone, "0201234567", "staff").await.unwrap();
        }
        tx.commit().await.unwrap();
        made.push(id);
    }
    browser.post("/duplicates/sweep", &[]).await;
    t.settle().await;
    let page = browser.get("/duplicates/organisations").await;
    assert!(page.has("Waterkant Bouwbedrijf"), "{}", page.text());
    assert!(!page.has("De Linde"), "{}", page.text());
    let pairs = t
        .count(sql!("select count(*) from organisation_pairs p join organisations a on a.id = p.a_id join organisations b on b.id = p.b_id where b.parent_id = a.id"))
        .await;
    assert_eq!(pairs, 0, "a head office and its branch are no pair");
    let text = page.text();
    let action = text.split("action=\"/duplicates/organisations/").nth(1).unwrap();
    let pair = action.split('"').next().unwrap().to_owned();
    let keep = made[0].to_string();
    let decided = browser.post(&format!("/duplicates/organisations/{pair}"), &[("keep", &*keep)]).await;
    assert_eq!(decided.status, 303, "{}", decided.text());
    assert_eq!(t.count(sql!("select count(*) from organisations where state = 'merged'")).await, 1);
    let merge = t.count(sql!("select max(id) from merges where party = 'organisation'")).await;
    browser.post(&format!("/organisations/merges/{merge}/undo"), &[]).await;
    assert_eq!(t.count(sql!("select count(*) from organisations where state = 'merged'")).await, 0);
    // What was decided is not asked again.
    browser.post("/duplicates/sweep", &[]).await;
    t.settle().await;
    let again = t.count(sql!("select count(*) from organisation_pairs where state = 'merged'")).await;
    assert_eq!(again, 1);
}

async fn a_unit_keeps_claims_shorter_and_never_longer(t: TestHouse) {
    let id = added(&t, "Kim Smit", "kim@mail.example.com", None).await;
    let mut browser = t.signed_in("hanneke@meerland.example").await;
    let (top, desk) = (t.units[0].to_string(), t.units[1].to_string());
    let page = browser.post("/policy", &[("unit", &*top), ("claim_days", "30")]).await;
    assert_eq!(page.status, 303, "{}", page.text());
    let page = browser.post("/policy", &[("unit", &*desk), ("claim_days", "60")]).await;
    assert_eq!(page.status, 422);
    assert!(page.has("hier geldt 30") && page.has("value=\"60\""), "{}", page.text());
    let page = browser.post("/policy", &[("unit", &*desk), ("claim_days", "7")]).await;
    assert_eq!(page.status, 303, "{}", page.text());
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    let far = [("reason", "gesprek"), ("until", "2026-12-10")];
    let page = fleur.post(&format!("/people/{id}/claim"), &far).await;
    assert!(page.status == 422 && page.has("tot en met 7 dagen verder"), "{} {}", page.status, page.text());
}
