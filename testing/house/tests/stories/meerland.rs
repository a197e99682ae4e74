//! The demo institution in a house: what the answer key says of the world is what the house then counts, on both
//! databases; the copies in the lists are found and the look-alikes are not; nothing that must not be kept is there.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
};

use jiff::{Timestamp, civil::Date};
use kring::{
    demo::{Load, number},
    rooms::Ways,
};
use kring_core::Clock;
use kring_db::Sql;
use kring_frame::{Actor, House, PersonId, params, sql};
use kring_meerland::{EmailState, Pack, PersonKey, Settings, Wish, World, answer_key, personae};
use kring_people::duplicates;
use kring_post::Address;
use kring_talks::{Out, Sender};
use kring_testing::{Database, Engine};
use serde_json::Value;

const TODAY: &str = "2026-11-24";

fn now() -> Timestamp {
    "2026-11-24T10:00:00+01:00".parse().unwrap()
}

/// An empty house with the clock at the end of the world's history.
async fn empty(engine: Engine) -> (House, Database) {
    let database = Database::new(engine).await;
    let from = Address::parse("serviceplein@meerland.example").unwrap();
    let sender = Arc::new(Sender::new(Out::Drawer, from, None));
    let house = kring_testing::open(&database, Clock::hand(now()), Ways { sender, webhooks: None }).await;
    house.db.hurry(true).await.unwrap();
    (house, database)
}

fn world(scale: f64, pack: Pack) -> Arc<World> {
    let today: Date = TODAY.parse().unwrap();
    Arc::new(World::make(&Settings { seed: 7, scale, today, pack }))
}

async fn load(house: &House, world: &Arc<World>) -> Load {
    let mut load = Load::begin(house, world.clone(), now()).await.unwrap();
    load.people(&|_| {}).await.unwrap();
    load.wishes().await.unwrap();
    load.relations().await.unwrap();
    load
}

async fn count(house: &House, sql: Sql) -> usize {
    let mut tx = house.read(&Actor::robot()).await.unwrap();
    let (n,): (i64,) = tx.one(sql, params![]).await.unwrap();
    usize::try_from(n).unwrap()
}

/// How many people hold or held each kind of role.
async fn holders(house: &House) -> BTreeMap<String, usize> {
    let mut tx = house.read(&Actor::robot()).await.unwrap();
    let all: Vec<(String, i64)> = tx
        .all(
            sql!(
                "select r.kind, count(distinct r.person_id) from party_roles r where r.person_id is not null group by r.kind"
            ),
            params![],
        )
        .await
        .unwrap();
    all.into_iter().map(|(kind, n)| (kind, usize::try_from(n).unwrap())).collect()
}

fn n(value: &Value) -> usize {
    value.as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or_else(|| panic!("{value} is no number"))
}

/// Ids are listed, or counted where there are many.
fn ids(value: &Value) -> usize {
    value.as_array().map_or_else(|| n(&value["count"]), Vec::len)
}

async fn counts_as_the_key(engine: Engine) {
    let (house, _database) = empty(engine).await;
    let world = world(0.01, Pack::Education);
    let key = answer_key(&world);
    let (quality, defects) = (&key["quality"], &key["defects"]);
    let load = load(&house, &world).await;

    // Everybody once, and the copies that lists brought.
    assert_eq!(
        count(&house, sql!("select count(*) from people where source not like 'import:%'")).await,
        n(&quality["people"])
    );
    assert_eq!(
        count(&house, sql!("select count(*) from people where source like 'import:%'")).await,
        load.doubles.len()
    );
    // An importer refuses a line by which nobody can be known.
    assert_eq!(load.doubles.len() + load.refused, n(&defects["duplicate_people"]));
    assert!(load.refused * 50 < load.doubles.len(), "{} refused", load.refused);
    assert_eq!(count(&house, sql!("select count(*) from organisations")).await, n(&quality["organisations"]));

    // Roles by kind, as the world has them; one that a definition makes as the definition does.
    let mut expected: BTreeMap<String, HashSet<PersonKey>> = BTreeMap::new();
    for r in &world.roles {
        let kind = match r.kind {
            "former_student_without_diploma" => "former_student",
            "alumni_association_member" => "association_member",
            "partner" => "partner_contact",
            other => other,
        };
        expected.entry(kind.to_owned()).or_default().insert(r.person);
    }
    let expected: BTreeMap<String, usize> = expected.into_iter().map(|(k, who)| (k, who.len())).collect();
    let found = holders(&house).await;
    assert_eq!(found, expected);
    assert_eq!(found["alumnus"], n(&quality["alumni"]));
    let students = sql!(
        "select count(distinct person_id) from party_roles where kind = 'enrolled_student' and valid_to is null"
    );
    assert_eq!(count(&house, students).await, n(&quality["students"]));

    // By what is on record: of whom only the year is known, the youngest they may be.
    let young = |key: &PersonKey| match world.people[*key].birth {
        kring_meerland::Birth::Full(_) => world.is_minor(*key),
        kring_meerland::Birth::Year(_) | kring_meerland::Birth::Unknown => false,
    };
    let minors = world.people.keys().filter(young).count();
    let listed =
        sql!("select count(*) from people where birth_date > '2008-11-24' and source not like 'import:%'");
    assert_eq!(count(&house, listed).await, minors);
    let minor_students = sql!(
        "select count(distinct p.id) from people p join party_roles r on r.person_id = p.id
         where r.kind = 'enrolled_student' and r.valid_to is null and p.birth_date > '2008-11-24'"
    );
    assert_eq!(count(&house, minor_students).await, n(&quality["minor_students"]));

    assert_eq!(
        count(&house, sql!("select count(*) from people where address_protected")).await,
        ids(&defects["protected"])
    );
    assert_eq!(
        count(&house, sql!("select count(*) from people where deceased")).await,
        ids(&defects["deceased_marked"])
    );
    let reachable = sql!(
        "select count(distinct c.person_id) from contact_points c join people p on p.id = c.person_id
         where c.kind = 'email' and c.state = 'fine' and p.source not like 'import:%'"
    );
    let with_mail = |p: &kring_meerland::Person| p.emails.iter().any(|e| e.state != EmailState::Dead);
    assert_eq!(count(&house, reachable).await, world.people.rows().iter().filter(|p| with_mail(p)).count());

    // What people said: an objection to everything is one for each channel.
    let said = |wish: Wish| world.consents.iter().filter(move |c| c.wish == wish);
    let wide = |c: &kring_meerland::Consent| {
        if c.channel == kring_meerland::Channel::Any { 3 } else { 1 }
    };
    for (wish, rows) in [
        (Wish::Consents, sql!("select count(*) from consent_ledger where act = 'consent'")),
        (Wish::Withdrew, sql!("select count(*) from consent_ledger where act = 'withdrawal'")),
        (Wish::Objects, sql!("select count(*) from consent_ledger where act = 'objection'")),
    ] {
        assert_eq!(count(&house, rows).await, said(wish).map(wide).sum::<usize>());
    }
    let elsewhere = said(Wish::Consents).filter(|c| c.controller != world.units.root()).count();
    assert!(elsewhere > 0, "the association and the fund asked for themselves");
    assert_eq!(
        count(&house, sql!("select count(*) from consent_ledger where controller_id is not null")).await,
        elsewhere
    );

    nothing_forbidden_is_kept(&house, &world, defects).await;
    keys_are_as_if_made_one_by_one(&house).await;
    copies_are_found(&house, &load, defects).await;
    named_people_are_found(&house, &world).await;
}

/// No text in which nine digits pass the eleven test; and what was taken out was reported.
async fn nothing_forbidden_is_kept(house: &House, world: &World, defects: &Value) {
    let mut tx = house.read(&Actor::robot()).await.unwrap();
    let texts: Vec<(String,)> = tx.all(sql!("select text from notes"), params![]).await.unwrap();
    assert_eq!(texts.len(), world.notes.len());
    for (text,) in texts {
        let digits: Vec<i64> = text.chars().filter_map(|c| c.to_digit(10)).map(i64::from).collect();
        let passes = digits.windows(9).any(|d| {
            (0..8_usize).map(|i| d[i] * (9 - i as i64)).sum::<i64>() % 11 == d[8] % 11
                && d.iter().any(|x| *x > 0)
        });
        assert!(!passes, "{text}");
    }
    let (bsn, iban): (i64, i64) = tx
        .one(
            sql!(
                "select count(distinct case when what = 'bsn' then subject_id end), count(distinct case when what = 'iban' then subject_id end) from detections"
            ),
            params![],
        )
        .await
        .unwrap();
    assert_eq!(usize::try_from(bsn).unwrap(), n(&defects["notes_with_bsn"]["count"]));
    assert_eq!(usize::try_from(iban).unwrap(), n(&defects["notes_with_iban"]["count"]));
}

/// In bulk the keys are made from what is at hand; read back from the base they must be the same, or somebody new would not
/// be compared with those who are there.
async fn keys_are_as_if_made_one_by_one(house: &House) {
    let mut tx = house.write(&Actor::robot()).await.unwrap();
    let all = sql!("select key, person_id from match_keys where person_id % 7 = 3 order by key, person_id");
    let before: Vec<(i64, PersonId)> = tx.all(all, params![]).await.unwrap();
    let some: BTreeSet<PersonId> = before.iter().map(|(_, id)| *id).collect();
    assert!(some.len() > 500, "{}", some.len());
    duplicates::rekey(&mut tx, &some.into_iter().collect::<Vec<_>>()).await.unwrap();
    let after: Vec<(i64, PersonId)> = tx.all(all, params![]).await.unwrap();
    assert!(before == after, "{} keys in bulk, {} one by one", before.len(), after.len());
}

/// Of the pairs that the sweep is sure of, nearly all are true; of the true ones, nearly all are found; and twins, fathers
/// and namesakes stay two.
async fn copies_are_found(house: &House, load: &Load, defects: &Value) {
    duplicates::sweep(house).await.unwrap();
    let mut tx = house.read(&Actor::robot()).await.unwrap();
    let pairs: Vec<(PersonId, PersonId, String)> =
        tx.all(sql!("select a_id, b_id, state from duplicate_pairs"), params![]).await.unwrap();
    let truth: HashSet<(PersonId, PersonId)> = load.doubles.iter().map(|d| (d.of, d.person)).collect();
    let sure: Vec<_> = pairs.iter().filter(|p| p.2 == "sure").map(|p| (p.0, p.1)).collect();
    let right = sure.iter().filter(|p| truth.contains(p)).count();
    let precision = right as f64 / sure.len() as f64;
    let found: HashSet<_> = pairs.iter().map(|p| (p.0, p.1)).filter(|p| truth.contains(p)).collect();
    let recall = found.len() as f64 / truth.len() as f64;
    let missed: Vec<_> = load.doubles.iter().filter(|d| !found.contains(&(d.of, d.person))).collect();
    let mut wrong = Vec::new();
    for (a, b) in sure.iter().filter(|p| !truth.contains(p)) {
        wrong.push(duplicates::load(&mut tx, &[*a, *b]).await.unwrap());
    }
    assert!(precision >= 0.995, "{precision}: {wrong:#?}");
    assert!(recall >= 0.98, "{recall}: {missed:?}");
    for pair in defects["lookalike_people"].as_array().unwrap() {
        let of = |at: usize| number(PersonKey(u32::try_from(n(&pair[at])).unwrap()));
        let (a, b) = (of(0).min(of(1)), of(0).max(of(1)));
        assert!(!sure.contains(&(a, b)), "{} became one: {a} and {b}", pair[2]);
    }
}

/// By the number of their key, with their roles; and in the words by which one searches.
async fn named_people_are_found(house: &House, world: &World) {
    let mut tx = house.read(&Actor::robot()).await.unwrap();
    for persona in &personae(world).all {
        let Some(key) = persona.person else { continue };
        let person = kring_people::person::load(&mut tx, number(key)).await.unwrap();
        assert_eq!(person.name().display(), world.people[key].name.display(), "{}", persona.key);
        let folded = kring_lang::names::fold(&person.name().display());
        let word = folded.split_whitespace().next().unwrap().to_owned();
        let (found,): (i64,) = tx
            .one(
                sql!("select count(*) from person_words where person_id = $1 and word = $2"),
                params![number(key), &word],
            )
            .await
            .unwrap();
        assert_eq!(found, 1, "{} by {word}", persona.key);
    }
    let anke = personae(world).get("anke").and_then(|p| p.person).unwrap();
    let roles = kring_people::roles::of(&mut tx, number(anke)).await.unwrap();
    for kind in ["employee", "alumnus", "company_contact", "parent_guardian"] {
        assert!(roles.iter().any(|r| r.kind == kind), "Anke is {kind}");
    }
}

/// The house of the care pack: its own kinds of role, none of the school's.
async fn care_is_data(engine: Engine) {
    let (house, _database) = empty(engine).await;
    let world = world(0.02, Pack::Care);
    load(&house, &world).await;
    let found = holders(&house).await;
    let mut tx = house.read(&Actor::robot()).await.unwrap();
    let known: BTreeSet<String> =
        kring_people::roles::kinds(&mut tx).await.unwrap().into_iter().map(|k| k.key).collect();
    assert!(known.contains("client") && known.contains("waiting") && !known.contains("enrolled_student"));
    assert!(found.keys().all(|kind| known.contains(kind)), "{found:?}");
    let of = |kind: &str| {
        let who: HashSet<_> = world.roles.iter().filter(|r| r.kind == kind).map(|r| r.person).collect();
        who.len()
    };
    for kind in ["client", "relative", "volunteer", "referrer"] {
        assert!(found[kind] > 0);
        assert_eq!(found[kind], of(kind), "{kind}");
    }
    let units: Vec<_> = kring_people::units::all(&mut tx).await.unwrap();
    assert!(units.iter().any(|u| u.name_nl == "Zorgbemiddeling"));
}

macro_rules! stories {
    ($($story:ident),+) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() { super::$story(super::Engine::Sqlite).await; })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() { super::$story(super::Engine::Postgres).await; })+
        }
    };
}
stories!(counts_as_the_key, care_is_data);

/// Twice from one seed: the same numbers, whichever order threads had.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_seed_fills_the_same_house() {
    let mut seen = Vec::new();
    for _ in 0..2 {
        let (house, _database) = empty(Engine::Sqlite).await;
        load(&house, &world(0.005, Pack::Education)).await;
        let mut tx = house.read(&Actor::robot()).await.unwrap();
        let everybody: Vec<(PersonId, String, i64, i64)> = tx
            .all(
                sql!(
                    "select p.id, p.display_name, (select count(*) from party_roles r where r.person_id = p.id),
                            (select count(*) from match_keys k where k.person_id = p.id) from people p order by p.id"
                ),
                params![],
            )
            .await
            .unwrap();
        let rest: (i64, i64, i64, i64) = tx
            .one(
                sql!(
                    "select (select count(*) from relationships), (select count(*) from consent_ledger),
                            (select count(*) from relation_owners), (select count(*) from events)"
                ),
                params![],
            )
            .await
            .unwrap();
        seen.push((everybody, rest));
    }
    assert!(!seen[0].0.is_empty() && seen[0] == seen[1]);
}
