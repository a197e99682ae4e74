//! What the database promises the rooms: readers of the log that never skip a late commit, migrations that are whole
//! or absent, a backup that goes from one database to the other and comes back held.

use kring_core::{Clock, Error};
use kring_db::{Cursor, Db, Entry, Migration, Schema, params, sql};
use kring_frame::{Actor, House};
use kring_talks::Out;
use kring_testing::{Database, Engine, TestHouse, both, monday};

both!(
    a_backup_comes_back_held_in_either_database,
    a_removed_trail_entry_is_found,
    a_change_of_anything_shows_in_the_trail
);

fn entry(subject: i64) -> Entry {
    Entry {
        kind: "test.told",
        at: monday(),
        person: None,
        organisation: None,
        unit: None,
        actor: 1,
        purpose: "operations",
        subject: Some(subject),
        payload: "{}".into(),
    }
}

/// On PostgreSQL ids are drawn before commits. A transaction that draws first and commits last must still be read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cursor_never_skips_an_event_that_commits_late() {
    let t = TestHouse::new(Engine::Postgres).await;
    let db = &t.house.db;
    t.settle().await;
    let mut tx = db.write().await.unwrap();
    let start = tx
        .events_after(Cursor::default(), 10_000)
        .await
        .unwrap()
        .last()
        .map(kring_db::Told::cursor)
        .unwrap_or_default();
    drop(tx);

    let mut late = db.write().await.unwrap();
    let early_id = late.log(entry(1)).await.unwrap();
    let mut quick = db.write().await.unwrap();
    let later_id = quick.log(entry(2)).await.unwrap();
    assert!(early_id < later_id, "the one that commits last drew first");
    quick.commit().await.unwrap();

    let mut reader = db.read().await.unwrap();
    assert!(
        reader.events_after(start, 10).await.unwrap().is_empty(),
        "nothing may be read past a transaction that still runs"
    );
    assert!(reader.events_held_back().await.unwrap());
    late.commit().await.unwrap();
    // Other tests' transactions on this server may hold it back a little longer.
    let mut told = Vec::new();
    for _ in 0..6_000 {
        told = reader.events_after(start, 10).await.unwrap();
        if told.len() == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let subjects: Vec<_> = told.iter().map(|e| e.subject.unwrap()).collect();
    assert_eq!(subjects, [1, 2], "both are read, once, in the order of their transactions");
    let after = told.last().unwrap().cursor();
    assert!(reader.events_after(after, 10).await.unwrap().is_empty());
}

const ONE: Migration =
    Migration { room: "trial", name: "0001", sql: "create table trial (id {id}, n bigint not null);" };
const BROKEN: Migration = Migration {
    room: "trial",
    name: "0002",
    sql: "create table half (id {id}); insert into trial (n) values ('x' || no_such_column);",
};
const EDITED: Migration =
    Migration { room: "trial", name: "0001", sql: "create table trial (id {id}, other bigint);" };

fn schema(generation: i64, migrations: &[Migration]) -> Schema {
    Schema { generation, migrations: migrations.to_vec() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrations_are_whole_or_absent_and_newer_databases_are_refused() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let database = Database::new(engine).await;
        let open = async |schema: Schema| Db::open(&database.place, &schema, Clock::system()).await;
        drop(open(schema(1, &[ONE])).await.unwrap());
        settle_files().await;
        let broken = open(schema(1, &[ONE, BROKEN])).await;
        assert!(matches!(broken, Err(Error::Broken(_))));
        settle_files().await;
        let db = open(schema(1, &[ONE])).await.unwrap();
        assert!(db.prepare("select id from half").await.is_err(), "nothing of the broken migration is there");
        drop(db);
        settle_files().await;
        let edited = open(schema(1, &[EDITED])).await.err().unwrap().to_string();
        assert!(edited.contains("never edited"), "{edited}");
        settle_files().await;
        drop(open(schema(2, &[ONE])).await.unwrap());
        settle_files().await;
        let old = open(schema(1, &[ONE])).await.err().unwrap().to_string();
        assert!(old.contains("newer kring") && old.contains("nothing was changed"), "{old}");
    }
}

/// The threads of a dropped database let go of the file a moment later.
async fn settle_files() {
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_process_on_the_same_file_is_refused() {
    let t = TestHouse::new(Engine::Sqlite).await;
    let second = Db::open(&t.database.place, &Schema::default(), Clock::system()).await;
    assert!(second.err().unwrap().to_string().contains("in use by another kring"));
}

async fn planned(house: &House) -> i64 {
    let mut tx = house.read(&Actor::robot()).await.unwrap();
    let (n,): (i64,) =
        tx.one(sql!("select count(*) from messages where state = 'planned'"), params![]).await.unwrap();
    n
}

/// Backs up from one database and restores into the other kind, which then sends nothing until it is released.
async fn a_backup_comes_back_held_in_either_database(t: TestHouse) {
    let topic = t.topics[0].id.to_string();
    let fields = [
        ("name", "Zoë 't Hart"),
        ("email", "zoe@mail.example.com"),
        ("topic", &*topic),
        ("text", "Bewaard?"),
        ("website", ""),
    ];
    assert_eq!(t.browser().post("/contact", &fields).await.status, 303);
    t.settle().await;
    assert_eq!(t.browser().post("/contact", &fields).await.status, 303);
    // The second question is heard, its receipt planned, and not yet sent.
    t.house.settle_but(&["send"]).await.unwrap();
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("copy.kring");
    let rooms = kring::rooms::rooms(kring::rooms::Ways { sender: t.sender.clone(), webhooks: None });
    let schema = kring::rooms::schema(&rooms);
    t.house.db.backup(&file, &schema, &mut |_, _| {}).await.unwrap();
    assert!(
        t.house.db.backup(&file, &schema, &mut |_, _| {}).await.is_err(),
        "a backup is never written over"
    );

    let other = if t.database.engine() == Engine::Sqlite { Engine::Postgres } else { Engine::Sqlite };
    let target = Database::new(other).await;
    let db = Db::open(&target.place, &schema, t.clock.clone()).await.unwrap();
    let note = db.restore(&file, &schema, &mut |_, _| {}).await.unwrap();
    assert_eq!(note.epoch, 2);
    assert!(
        db.restore(&file, &schema, &mut |_, _| {}).await.is_err(),
        "a database in use is not filled again"
    );
    drop(db);
    settle_files().await;

    let back = TestHouse::on(target, Out::Drawer, monday()).await;
    let (before, waiting) = (back.drawer().await.len(), planned(&back.house).await);
    assert_eq!(waiting, 1);
    back.pass(60).await;
    assert_eq!(back.drawer().await.len(), before, "held: nothing is sent");
    let mut admin = back.signed_in("hanneke@meerland.example").await;
    let page = admin.get("/operations/mail").await;
    assert!(page.has("Er gaat niets weg"));
    assert_eq!(admin.post("/operations/mail/release", &[]).await.status, 303);
    back.settle().await;
    assert_eq!(back.drawer().await.len(), before + 1, "released, what was planned goes, once");
    // New rows get new numbers, and the trail is whole.
    assert_eq!(back.browser().post("/contact", &fields).await.status, 303);
    back.settle().await;
    assert_eq!(back.count(sql!("select count(*) from requests")).await, 3);
    let mut tx = back.house.read(&Actor::robot()).await.unwrap();
    assert_eq!(tx.verify_trail().await.unwrap(), None);
}

async fn a_removed_trail_entry_is_found(t: TestHouse) {
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    for _ in 0..3 {
        fleur.get("/feedback").await;
    }
    let mut tx = t.house.write(&Actor::robot()).await.unwrap();
    assert_eq!(tx.verify_trail().await.unwrap(), None);
    let (chain, seq): (i64, i64) = tx
        .one(sql!("select chain, seq from trail where seq > 1 order by id limit 1"), params![])
        .await
        .unwrap();
    tx.run(sql!("delete from trail where chain = $1 and seq = $2"), params![chain, seq]).await.unwrap();
    let found = tx.verify_trail().await.unwrap().expect("the gap is found");
    assert_eq!((found.chain, found.seq), (chain, seq));
}

async fn a_change_of_anything_shows_in_the_trail(t: TestHouse) {
    let mut fleur = t.signed_in("fleur@meerland.example").await;
    fleur.get("/feedback").await;
    fleur.get("/feedback").await;
    for change in [
        sql!("update trail set actor_id = actor_id + 1 where id = (select max(id) from trail)"),
        sql!("update trail set detail = detail || 'x' where id = (select min(id) from trail)"),
        sql!("update trail_heads set seq = seq - 1 where seq > 0"),
    ] {
        let mut tx = t.house.write(&Actor::robot()).await.unwrap();
        tx.run(change, params![]).await.unwrap();
        assert!(tx.verify_trail().await.unwrap().is_some());
    }
}

/// Two hundred at once, of which some think better of it and some break a rule: each is wholly there when it was answered, and
/// not at all otherwise, whoever it shared its commit with. Long writes come in between.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn short_writes_that_share_a_commit_are_each_whole_or_absent() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let t = TestHouse::new(engine).await;
        let mut writers = tokio::task::JoinSet::new();
        for n in 0..200_i64 {
            let db = t.house.db.clone();
            writers.spawn(async move {
                let mut tx =
                    if n % 7 == 3 { db.write().await.unwrap() } else { db.write_short().await.unwrap() };
                tx.log(entry(n)).await.unwrap();
                if n % 5 == 1 {
                    // A statement that is refused undoes itself; whether the rest is kept is for its writer to say.
                    let twice = sql!(
                        "insert into units (id, name_nl, name_en, kind) select min(id), '', '', '' from units"
                    );
                    assert!(tx.run(twice, params![]).await.is_err());
                    return None;
                }
                tokio::task::yield_now().await;
                tx.log(entry(n + 1_000)).await.unwrap();
                if n % 3 == 0 {
                    return None;
                }
                tx.commit().await.unwrap();
                // Answered is durable: whoever looks now finds it.
                let mut look = db.read().await.unwrap();
                let (found,): (i64,) = look
                    .one(
                        sql!("select count(*) from events where kind = 'test.told' and subject_id = $1"),
                        params![n],
                    )
                    .await
                    .unwrap();
                assert_eq!(found, 1);
                Some(n)
            });
        }
        let mut kept: Vec<i64> = writers.join_all().await.into_iter().flatten().collect();
        kept.sort_unstable();
        let mut look = t.house.db.read().await.unwrap();
        let found: Vec<(i64,)> = look
            .all(
                sql!("select subject_id from events where kind = 'test.told' order by subject_id"),
                params![],
            )
            .await
            .unwrap();
        let wanted: Vec<i64> = kept.iter().copied().chain(kept.iter().map(|n| n + 1_000)).collect();
        assert_eq!(found.into_iter().map(|(n,)| n).collect::<Vec<_>>(), wanted);
        assert!(kept.len() > 80);
    }
}

/// The machinery fails under one of them and takes the transaction with it: whoever waited for the same commit is told, and what they
/// wrote is not there. Whether two share a commit is a matter of moments, so it is tried until they did.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_is_lost_is_lost_for_all_who_shared_it() {
    let t = TestHouse::new(Engine::Sqlite).await;
    let db = t.house.db.clone();
    let (mut kept, mut lost) = (0, 0);
    for n in 0..200 {
        let first = async {
            let mut tx = db.write_short().await.unwrap();
            tx.log(entry(n)).await.unwrap();
            tx.commit().await
        };
        let second = async {
            let mut tx = db.write_short().await.unwrap();
            tx.log(entry(-1)).await.unwrap();
            // As a full disk does it.
            let _ = tx.composed("rollback", params![]).await;
            assert!(tx.log(entry(-1)).await.is_err(), "nothing is done outside a transaction");
            assert!(tx.commit().await.is_err());
        };
        let (answer, ()) = tokio::join!(first, second);
        match answer {
            Ok(()) => kept += 1,
            Err(Error::Busy(_)) => lost += 1,
            Err(why) => panic!("{why}"),
        }
        if lost > 3 {
            break;
        }
    }
    assert!(lost > 3, "{kept} were kept, {lost} lost");
    assert_eq!(t.count(sql!("select count(*) from events where kind = 'test.told'")).await, kept);
}
