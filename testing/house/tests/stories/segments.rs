//! Segments: a sentence is made, saved and lives on: people join by an event and leave by time, and it says why.

use kring_frame::{
    Actor, PersonId, params,
    rules::{Bound, Bucket, Count, Did, Held, Linked, Role, Rule, Test, When},
    sql,
};
use kring_people::{
    merge,
    organisation::{self, NewOrganisation},
    relationship::{self, Basis, NewRelationship, With},
    roles,
};
use kring_testing::{Browser, Page, TestHouse, both};

use crate::{
    law::another_entity,
    people::{added, given, given_in},
};

both!(
    a_sentence_is_made_saved_and_followed,
    who_asked_long_ago_leaves_by_time,
    a_change_is_shown_before_it_is_saved,
    what_one_may_not_see_cannot_be_counted,
    another_legal_entity_counts_its_own,
    nonsense_is_refused_where_it_stands,
    a_merge_brings_what_was_asked_and_gives_it_back,
    a_list_an_export_and_a_snapshot_come_from_a_segment,
    the_index_and_the_database_say_the_same,
    what_was_told_before_there_were_segments_counts,
    what_happened_while_nobody_looked_is_found_at_the_start
);

/// A form of the builder: a group of all with these parts, each a list of fields without their place.
pub fn fields(parts: &[&[(&str, &str)]]) -> Vec<(String, String)> {
    let mut fields = vec![("r.is".to_owned(), "all".to_owned()), ("r.n".to_owned(), parts.len().to_string())];
    for (at, part) in parts.iter().enumerate() {
        fields.extend(part.iter().map(|(name, value)| (format!("r.{at}.{name}"), (*value).to_owned())));
    }
    fields
}

async fn send(by: &mut Browser, path: &str, fields: &[(String, String)], more: &[(&str, &str)]) -> Page {
    let mut all: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    all.extend_from_slice(more);
    by.post(path, &all).await
}

/// Prospects who asked about a topic in the last thirty days.
pub fn asking(topic: &str) -> Vec<(String, String)> {
    fields(&[
        &[("is", "fact"), ("key", "role"), ("was", "role"), ("held", "now"), ("codes", "prospect")],
        &[
            ("is", "fact"),
            ("key", "asked"),
            ("was", "asked"),
            ("codes", topic),
            ("times", "1"),
            ("when", "last"),
            ("days", "30"),
        ],
    ])
}

/// Whoever has a role now.
pub fn whoever_is(role: &str) -> Vec<(String, String)> {
    fields(&[&[("is", "fact"), ("key", "role"), ("was", "role"), ("held", "now"), ("codes", role)]])
}

pub async fn saved(by: &mut Browser, name: &str, fields: &[(String, String)]) -> String {
    let done = send(by, "/segments", fields, &[("name", name)]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    done.location().split(['?', '#']).next().unwrap().to_owned()
}

pub async fn asks(t: &TestHouse, name: &str, email: &str) {
    let topic = t.topics[0].id.to_string();
    let page = t
        .browser()
        .post(
            "/contact?lang=nl",
            &[("name", name), ("email", email), ("topic", &topic), ("text", "Hoe zit het?"), ("website", "")],
        )
        .await;
    assert!(page.status < 400, "{}", page.text());
}

/// The big number on a page of a segment.
pub fn total(page: &Page) -> String {
    let text = String::from_utf8_lossy(&page.body);
    let at = text.find("class=\"total\">").unwrap_or_else(|| panic!("{text}")) + 14;
    text[at..].split('<').next().unwrap().to_owned()
}

pub async fn prospect(t: &TestHouse, name: &str, email: &str) -> PersonId {
    let id = added(t, name, email, None).await;
    given(t, id, "prospect", "Verpleegkunde", "2026-01-01", None).await;
    id
}

async fn a_sentence_is_made_saved_and_followed(t: TestHouse) {
    let anke = prospect(&t, "Anke Smit", "anke@mail.example.com").await;
    prospect(&t, "Bo Bakker", "bo@mail.example.com").await;
    let topic = t.topics[0].id.to_string();
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let page = admin.get("/segments").await;
    assert!(page.has("Nog geen segment"));
    let page = admin.get("/segments/new").await;
    assert!(page.has("Alle mensen") && page.has("add:r"), "{}", page.text());
    // A condition is added, and another fact chosen: its fields change with it.
    let page = send(&mut admin, "/segments/build", &fields(&[]), &[("op", "add:r")]).await;
    assert!(page.has("name=\"r.0.key\""), "{}", page.text());
    let other = fields(&[&[("is", "fact"), ("key", "asked"), ("was", "role")]]);
    let page = send(&mut admin, "/segments/build", &other, &[("op", "update")]).await;
    assert!(page.has("name=\"r.0.days\"") && page.has("in de laatste 30 dagen"), "{}", page.text());
    let only = fields(&[&[("is", "fact"), ("key", "role"), ("was", "role"), ("codes", "prospect")]]);
    let page = send(&mut admin, "/segments/build", &only, &[("op", "update")]).await;
    assert_eq!(total(&page), "2", "{}", page.text());
    assert!(page.has("Anke Smit") && page.has("Bo Bakker"));

    let at = saved(&mut admin, "Vraagt nu", &asking(&topic)).await;
    let page = admin.get(&at).await;
    assert_eq!(total(&page), "0");
    asks(&t, "Anke Smit", "anke@mail.example.com").await;
    // Nobody has settled anything: it was so before the visitor got an answer.
    let page = admin.get(&at).await;
    assert_eq!(total(&page), "1", "{}", page.text());
    assert!(page.has("Anke Smit") && page.has("kwam erbij"), "{}", page.text());
    let page = admin.get(&format!("/people/{anke}")).await;
    assert!(page.has("Vraagt nu") && page.has("sinds"), "{}", page.text());
    let moves = t.count(sql!("select count(*) from segment_moves")).await;
    assert_eq!(moves, 1);
    t.settle().await;
    assert_eq!(t.count(sql!("select count(*) from segment_moves")).await, 1, "and it is told once");
}

async fn who_asked_long_ago_leaves_by_time(t: TestHouse) {
    prospect(&t, "Anke Smit", "anke@mail.example.com").await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let at = saved(&mut admin, "Vraagt nu", &asking(&t.topics[0].id.to_string())).await;
    asks(&t, "Anke Smit", "anke@mail.example.com").await;
    t.pass(60 * 24 * 29).await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    assert_eq!(total(&admin.get(&at).await), "1", "the thirtieth day is still one of thirty");
    t.pass(60 * 24).await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let page = admin.get(&at).await;
    assert_eq!(total(&page), "0");
    assert!(page.has("ging eruit") && page.has("er ging een dag voorbij"), "{}", page.text());
}

async fn a_change_is_shown_before_it_is_saved(t: TestHouse) {
    prospect(&t, "Anke Smit", "anke@mail.example.com").await;
    let bo = added(&t, "Bo Bakker", "bo@mail.example.com", None).await;
    given(&t, bo, "alumnus", "", "2020-01-01", None).await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let role = |kind: &'static str| {
        fields(&[&[("is", "fact"), ("key", "role"), ("was", "role"), ("held", "now"), ("codes", kind)]])
    };
    let at = saved(&mut admin, "Wie", &role("prospect")).await;
    let page = send(&mut admin, &format!("{at}/build"), &role("alumnus"), &[("op", "update")]).await;
    assert!(page.has("1 komen erbij") && page.has("1 gaan eruit"), "{}", page.text());
    assert_eq!(total(&admin.get(&at).await), "1", "nothing was saved");
    let done = send(&mut admin, &at, &role("alumnus"), &[("name", "Wie"), ("version", "1")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let page = admin.get(&at).await;
    assert!(page.has("1 erbij, 1 eruit") && page.has("versie 2"), "{}", page.text());
    // Somebody who still sees the first version is told so, and keeps what was typed.
    let late = send(&mut admin, &at, &role("prospect"), &[("name", "Anders"), ("version", "1")]).await;
    assert_eq!(late.status, 409, "{}", late.text());
}

async fn what_one_may_not_see_cannot_be_counted(t: TestHouse) {
    prospect(&t, "Anke Smit", "anke@mail.example.com").await;
    let topic = t.topics[0].id.to_string();
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let at = saved(&mut admin, "Vraagt nu", &asking(&topic)).await;
    alma_and_bea(&t).await;
    let mut alma = t.signed_in("alma@meerland.example").await;
    let page = alma.get(&at).await;
    assert!(page.has("niet mag zien") && !page.has("class=\"total\""), "{}", page.text());
    let page = send(&mut alma, "/segments/build", &asking(&topic), &[("op", "update")]).await;
    assert!(page.has("mag u niet vragen"), "{}", page.text());
    assert_eq!(total(&page), "…");
    // Through another segment neither.
    let through = fields(&[&[("is", "segment"), ("segment", at.rsplit('/').next().unwrap())]]);
    let refused = send(&mut alma, "/segments", &through, &[("name", "Omweg")]).await;
    let page = if refused.status == 303 { alma.get(&refused.location()).await } else { refused };
    assert!(!page.has("class=\"total\">0") && !page.has("class=\"total\">1"), "{}", page.text());
    // The board counts, but not to the person.
    let mut bea = t.signed_in("bea@meerland.example").await;
    assert_eq!(bea.get("/segments").await.status, 200);
    let denied = send(&mut bea, "/segments", &fields(&[]), &[("name", "x")]).await;
    assert_eq!(denied.status, 403);
}

async fn another_legal_entity_counts_its_own(t: TestHouse) {
    let fund = another_entity(&t).await;
    let donor = added(&t, "Dona Gever", "dona@mail.example.com", None).await;
    added(&t, "Sem Smit", "sem@mail.example.com", None).await;
    given_in(&t, donor, Some(fund), "donor", "", "2026-01-01", None).await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let mail = fields(&[&[("is", "fact"), ("key", "mail"), ("was", "mail")]]);
    let at = saved(&mut admin, "Met mail", &mail).await;
    assert_eq!(total(&admin.get(&at).await), "2");
    let mut fons = t.signed_in("fons@meerland.example").await;
    let page = fons.get(&at).await;
    assert_eq!(total(&page), "1", "{}", page.text());
    assert!(page.has("Dona Gever") && !page.has("Sem Smit"));
    let page = send(&mut fons, "/segments/build", &mail, &[("op", "update")]).await;
    assert_eq!(total(&page), "1");
    assert!(!page.has("Sem Smit"));
    let list = fons.get(&format!("/people?segment={}", at.rsplit('/').next().unwrap())).await;
    assert!(list.has("Dona Gever") && !list.has("Sem Smit"), "{}", list.text());
}

async fn nonsense_is_refused_where_it_stands(t: TestHouse) {
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    for (part, says) in [
        (&[("is", "fact"), ("key", "shoe"), ("was", "shoe")][..], "weten we niet meer"),
        (&[("is", "segment"), ("segment", "99")], "Kies een segment"),
        (&[("is", "any"), ("n", "0")], "ontbreekt nog iets"),
        (&[("is", "raw"), ("raw", r#"{"bucket":{"seed":1,"of":1,"take":1}}"#)], "tussen 1 en 99"),
    ] {
        let page = send(&mut admin, "/segments", &fields(&[part]), &[("name", "Onzin")]).await;
        assert_eq!(page.status, 422, "{says}: {}", page.text());
        assert!(page.has(says) && page.has("Onzin"), "{says}: {}", page.text());
    }
    // A number that cannot be: it stays in its field, with what it may be beside it.
    let asked = |days: &'static str| {
        fields(&[
            &[("is", "fact"), ("key", "mail"), ("was", "mail")],
            &[
                ("is", "fact"),
                ("key", "asked"),
                ("was", "asked"),
                ("times", "1"),
                ("when", "last"),
                ("days", days),
            ],
        ])
    };
    for (days, says) in [("99999", "3.650"), ("een week", "heel getal")] {
        let page = send(&mut admin, "/segments", &asked(days), &[("name", "Onzin")]).await;
        let typed = format!(
            r#"id="f-r.1.days" aria-invalid="true" name="r.1.days" type="number" min="1" max="3650" value="{days}""#
        );
        assert_eq!(page.status, 422, "{}", page.text());
        let html = String::from_utf8_lossy(&page.body).into_owned();
        assert!(html.contains(&typed), "{html}");
        let beside = html.rsplit_once(&typed).unwrap().1;
        let beside =
            beside.split_once(r#"class="wrong" role="alert">"#).unwrap().1.split('<').next().unwrap();
        assert!(beside.contains(says), "{beside}");
    }
    assert_eq!(t.count(sql!("select count(*) from segments")).await, 0, "nothing was saved half");
    // A rule that leads back to itself.
    let everybody = fields(&[&[("is", "fact"), ("key", "mail"), ("was", "mail")]]);
    let first = saved(&mut admin, "Eerste", &everybody).await;
    let id = first.rsplit('/').next().unwrap().to_owned();
    let second = saved(&mut admin, "Tweede", &fields(&[&[("is", "segment"), ("segment", &id)]])).await;
    let other = second.rsplit('/').next().unwrap();
    let circle = fields(&[&[("is", "segment"), ("segment", other)]]);
    let page = send(&mut admin, &first, &circle, &[("name", "Eerste"), ("version", "1")]).await;
    assert!(page.status == 422 && page.has("naar zichzelf"), "{}", page.text());
    let stays = admin.post(&format!("{first}/archive"), &[]).await;
    assert_eq!(stays.status, 409, "{}", stays.text());
    // Deeper than a sentence can be.
    let mut deep = r#"{"fact":{"key":"mail","is":"yes"}}"#.to_owned();
    for _ in 0..40 {
        deep = format!(r#"{{"any":[{deep}]}}"#);
    }
    let page =
        send(&mut admin, "/segments", &fields(&[&[("is", "raw"), ("raw", &deep)]]), &[("name", "Diep")])
            .await;
    assert!(page.status == 422 && page.has("hoogstens 8 lagen"), "{}", page.text());
}

async fn a_merge_brings_what_was_asked_and_gives_it_back(t: TestHouse) {
    let anke = prospect(&t, "Anke Smit", "anke@mail.example.com").await;
    let also = added(&t, "A. Smit", "a.smit@work.example.com", None).await;
    asks(&t, "A. Smit", "a.smit@work.example.com").await;
    t.settle().await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let at = saved(&mut admin, "Vraagt nu", &asking(&t.topics[0].id.to_string())).await;
    assert_eq!(total(&admin.get(&at).await), "0");
    let actor = t.actor("hanneke@meerland.example").await;
    let permit = actor.permit(&kring_people::WRITE_PEOPLE).unwrap();
    let mut tx = t.house.write(&actor).await.unwrap();
    let merged = merge::people(&mut tx, &permit, anke, also, &[], "").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(total(&admin.get(&at).await), "1", "both are one, who is prospect and asked");
    let mut tx = t.house.write(&actor).await.unwrap();
    merge::undo_people(&mut tx, &permit, merged).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(total(&admin.get(&at).await), "0", "and two again");
    same(&t).await;
}

async fn a_list_an_export_and_a_snapshot_come_from_a_segment(t: TestHouse) {
    let anke = prospect(&t, "Anke Smit", "anke@mail.example.com").await;
    added(&t, "Bo Bakker", "bo@mail.example.com", None).await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let role = fields(&[&[("is", "fact"), ("key", "role"), ("was", "role"), ("codes", "prospect")]]);
    let at = saved(&mut admin, "Prospects", &role).await;
    let id = at.rsplit('/').next().unwrap().to_owned();
    let list = admin.get(&format!("/people?segment={id}")).await;
    assert!(list.has("Anke Smit") && !list.has("Bo Bakker"), "{}", list.text());
    let page = admin.post(&format!("{at}/snapshots"), &[("reason", "Nulmeting")]).await;
    assert_eq!(page.status, 303, "{}", page.text());
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    tx.run(sql!("update party_roles set valid_to = '2026-01-02' where person_id = $1"), params![anke])
        .await
        .unwrap();
    tx.tell(kring_frame::About::person(anke), &kring_frame::RoleEnded { kind: "prospect".into() })
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let page = admin.get(&at).await;
    assert_eq!(total(&page), "0");
    assert!(page.has("Nulmeting"), "{}", page.text());
    let then = t.count(sql!("select max(id) from segment_snapshots")).await;
    assert!(admin.get(&format!("{at}/snapshots/{then}")).await.has("Anke Smit"), "the study does not shift");
}

/// Rules of every kind, over facts of every room.
fn rules(t: &TestHouse) -> Vec<Rule> {
    let topic = t.topics[0].id.to_string();
    let unit = t.units[0].to_string();
    let role = |kinds: &[&str], places: &[&str], held| {
        Test::Role(Role {
            kinds: kinds.iter().map(|k| (*k).to_owned()).collect(),
            places: places.iter().map(|p| (*p).to_owned()).collect(),
            held,
        })
    };
    let did = |count, when| Test::Did(Did { count, details: vec![topic.clone()], when });
    let codes = |codes: &[&str]| codes.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
    let works = Linked {
        kinds: codes(&["employed_at"]),
        to: Some(Box::new(Rule::fact("organisation_kind", Test::AnyOf(codes(&["company"]))))),
        people: None,
    };
    vec![
        Rule::All(vec![]),
        Rule::fact("role", role(&["prospect"], &[], Held::Now)),
        Rule::fact("role", role(&["prospect"], &[&unit], Held::Ever)),
        Rule::fact("role", role(&[], &[], Held::Formerly)),
        Rule::fact("programme", role(&[], &["Verpleegkunde"], Held::Now)),
        Rule::fact(
            "role",
            role(
                &["prospect"],
                &[],
                Held::During { from: Some(Bound::YearStart(0)), to: Some(Bound::YearEnd(0)) },
            ),
        ),
        Rule::fact("asked", did(Count::AtLeast(1), When::Last(30))),
        Rule::None(vec![Rule::fact("asked", did(Count::AtLeast(2), When::Ever))]),
        Rule::fact("asked", did(Count::FewerThan(1), When::Last(7))),
        Rule::fact("mail", Test::Yes),
        Rule::fact("phone", Test::No),
        Rule::fact("born", Test::Days { from: None, to: Some(Bound::Today(-6575)) }),
        Rule::fact("born", Test::Unknown),
        Rule::fact("mail_yes", Test::AnyOf(codes(&["orientation", "alumni"]))),
        Rule::fact("mail_no", Test::Known),
        Rule::fact("city", Test::AnyOf(codes(&["Meerstad"]))),
        Rule::fact("language", Test::NoneOf(codes(&["en"]))),
        Rule::fact("owner", Test::Unknown),
        // Numbers in another table: nought for whoever has none, or not known.
        Rule::fact("engagement", Test::Between { from: Some(20), to: None }),
        Rule::fact("engagement", Test::Between { from: None, to: Some(30) }),
        Rule::fact("engagement", Test::Between { from: None, to: None }),
        Rule::fact("engagement", Test::Known),
        Rule::fact("behaviour", Test::Between { from: Some(0), to: Some(40) }),
        Rule::fact("behaviour", Test::Unknown),
        Rule::fact("organisation", Test::Linked(works)),
        Rule::Bucket(Bucket { seed: 5, of: 3, take: 1 }),
    ]
}

/// Index and database have the same members, whatever is asked.
async fn same(t: &TestHouse) {
    let mut tx = t.house.read(&Actor::robot()).await.unwrap();
    assert_eq!(t.house.audience.standing(), kring_frame::audience::Standing::Ready);
    for rule in rules(t) {
        let index = tx.people_who(&rule).await.unwrap();
        assert_eq!(index.by, kring_frame::audience::By::Index);
        let database = tx.people_who_in_database(&rule).await.unwrap();
        assert_eq!(index.is, database, "{rule:?}");
    }
}

async fn said(t: &TestHouse, person: PersonId, act: kring_consent::Act) {
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    let (about, by) = (kring_frame::Purpose::Orientation, kring_consent::Channel::Mail);
    let entry = kring_consent::Entry::new(person, about, by, act, "staff");
    kring_consent::record(&mut tx, &entry).await.unwrap();
    tx.commit().await.unwrap();
}

async fn the_index_and_the_database_say_the_same(t: TestHouse) {
    t.settle().await;
    let names =
        ["Anke Smit", "Bo Bakker", "Cas de Vries", "Dee Yilmaz", "Els van Dam", "Fay Jansen", "Gijs Mulder"];
    let mut people = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let email = format!("p{at}@mail.example.com");
        let born = (at % 2 == 0).then_some(if at % 4 == 0 { "2010-05-06" } else { "1990-05-06" });
        people.push(added(&t, name, if at == 3 { "" } else { &email }, born).await);
    }
    same(&t).await;
    given_in(&t, people[0], Some(t.units[0]), "prospect", "Verpleegkunde", "2026-01-01", None).await;
    given(&t, people[1], "prospect", "Verpleegkunde", "2020-01-01", Some("2021-01-01")).await;
    given(&t, people[2], "alumnus", "Techniek", "2022-01-01", None).await;
    same(&t).await;
    asks(&t, "Anke Smit", "p0@mail.example.com").await;
    asks(&t, "Anke Smit", "p0@mail.example.com").await;
    asks(&t, "Bo Bakker", "p1@mail.example.com").await;
    same(&t).await;
    t.settle().await;
    same(&t).await;
    let actor = t.actor("hanneke@meerland.example").await;
    let mut tx = t.house.write(&actor).await.unwrap();
    let works = organisation::add(
        &mut tx,
        &NewOrganisation { name: "De Linde".into(), source: "staff".into(), ..NewOrganisation::default() },
    )
    .await
    .unwrap();
    let tie = NewRelationship {
        kind: relationship::Kind::EmployedAt,
        detail: String::new(),
        from: None,
        to: None,
        basis: Basis::OwnWord,
        confirmed_on: None,
        source: "staff".into(),
    };
    relationship::make(&mut tx, people[4], With::Organisation(works), &tie).await.unwrap();
    roles::give(&mut tx, people[4], "company_contact", None, "", None, "staff").await.unwrap();
    tx.commit().await.unwrap();
    said(&t, people[5], kring_consent::Act::Consent).await;
    same(&t).await;
    said(&t, people[5], kring_consent::Act::Withdrawal).await;
    same(&t).await;
    t.pass(60 * 24 * 40).await;
    same(&t).await;
    t.pass(60 * 24 * 60).await;
    same(&t).await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let number = people[0].to_string();
    let gone = admin.post(&format!("/people/{number}/privacy/erase"), &[("number", &*number)]).await;
    assert_eq!(gone.status, 303, "{}", gone.text());
    // Whoever is forgotten is gone from memory with the answer, and leaves no line that they left.
    same(&t).await;
    t.settle().await;
    same(&t).await;
    let mut look = t.house.read(&Actor::robot()).await.unwrap();
    let (moves,): (i64,) = look
        .one(sql!("select count(*) from segment_moves where person_id = $1"), params![people[0]])
        .await
        .unwrap();
    assert_eq!(moves, 0);
}

async fn what_was_told_before_there_were_segments_counts(t: TestHouse) {
    prospect(&t, "Anke Smit", "anke@mail.example.com").await;
    asks(&t, "Anke Smit", "anke@mail.example.com").await;
    // As a house is that was there before this version.
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    tx.run(sql!("delete from happenings"), params![]).await.unwrap();
    tx.run(sql!("delete from happening_kinds"), params![]).await.unwrap();
    tx.commit().await.unwrap();
    let topic = t.topics[0].id.to_string();
    let again = t.reopened().await;
    let asked = Rule::fact(
        "asked",
        Test::Did(Did { count: Count::AtLeast(1), details: vec![topic], when: When::Last(30) }),
    );
    let mut tx = again.house.read(&Actor::robot()).await.unwrap();
    assert_eq!(tx.count_people(&asked).await.unwrap().is, 1);
    assert_eq!(tx.people_who_in_database(&asked).await.unwrap().len(), 1);
    // And while the index is not there, the database answers, of everybody and of one.
    again.house.audience.rest();
    let by = tx.count_people(&asked).await.unwrap();
    assert_eq!((by.is, by.by), (1, kring_frame::audience::By::Database));
    let (anke,): (PersonId,) =
        tx.one(sql!("select person_id from happenings limit 1"), params![]).await.unwrap();
    assert!(tx.fits(&asked, anke).await.unwrap());
    assert!(!tx.fits(&asked, PersonId::new(424_242)).await.unwrap());
}

async fn what_happened_while_nobody_looked_is_found_at_the_start(t: TestHouse) {
    let anke = prospect(&t, "Anke Smit", "anke@mail.example.com").await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let at = saved(&mut admin, "Prospects", &whoever_is("prospect")).await;
    prospect(&t, "Bo Bakker", "bo@mail.example.com").await;
    t.settle().await;
    assert_eq!(t.count(sql!("select count(*) from segment_moves")).await, 1, "Bo, at once");
    // As a command does that runs beside the server, or a server that is starting.
    drop(admin);
    t.house.audience.rest();
    prospect(&t, "Cas Claassen", "cas@mail.example.com").await;
    silently_ended(&t, anke).await;
    let index = t.database.folder().join("audience.index");
    let t = t.reopened_with(&index, b"lost with its disk").await;
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let page = admin.get(&at).await;
    assert_eq!(total(&page), "2", "{}", page.text());
    assert!(page.has("Cas Claassen") && page.has("iets terwijl Kring niet keek"), "{}", page.text());
    assert_eq!(t.count(sql!("select count(*) from segment_moves where cause = 'away' and joined")).await, 1);
    assert_eq!(
        t.count(sql!("select count(*) from segment_moves where cause = 'away' and not joined")).await,
        1
    );
    drop(admin);
    // Once is enough; and another rule is another segment, not a thousand moves.
    let t = t.reopened().await;
    assert_eq!(t.count(sql!("select count(*) from segment_moves")).await, 3);
    t.house.audience.rest();
    let mut admin = t.signed_in("hanneke@meerland.example").await;
    let other = whoever_is("student");
    let changed = send(&mut admin, &at, &other, &[("name", "Prospects"), ("version", "1")]).await;
    assert!(changed.status < 400, "{}", changed.text());
    drop(admin);
    let t = t.reopened().await;
    assert_eq!(t.count(sql!("select count(*) from segment_moves")).await, 3);
}

/// Ends a role without a word in the log: what the index learns of it, it has read from the table.
pub async fn silently_ended(t: &TestHouse, person: PersonId) {
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    tx.run(sql!("update party_roles set valid_to = '2026-11-01' where person_id = $1"), params![person])
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// An alumni officer, who may not see what people asked, and somebody of the board, who sees no people.
pub async fn alma_and_bea(t: &TestHouse) {
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    let hash = kring_access::PasswordHash::of(&kring_core::Chance::seeded(3), kring_testing::PASSWORD)
        .await
        .unwrap();
    for (name, email, role) in [
        ("Alma Mater", "alma@meerland.example", "alumni_officer"),
        ("Bea Bestuur", "bea@meerland.example", "board"),
    ] {
        kring_access::demo_account(&mut tx, name, email, &hash, role, t.units[0]).await.unwrap();
    }
    tx.commit().await.unwrap();
}
