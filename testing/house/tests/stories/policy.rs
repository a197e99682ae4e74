//! What the institution decides for all, and units may only tighten: who counts as what, how often, for how long.

use kring_frame::{Actor, sql};
use kring_testing::{TestHouse, both};

use crate::people::{added, given, given_in};

both!(
    who_counts_as_an_alumnus_is_one_definition,
    a_unit_is_stricter_about_who_counts_and_never_looser,
    a_part_may_only_tighten_the_policy,
    a_unit_keeps_claims_shorter_and_never_longer
);

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
