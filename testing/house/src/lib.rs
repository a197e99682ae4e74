//! A house for tests: all the real rooms on a real database, with the clock in hand, chores on command, and a browser
//! that speaks to the router without a network. Every story runs on SQLite and on PostgreSQL.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod browser;
mod database;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use kring::rooms::{self, Ways};
use kring_access::{PasswordHash, demo_account};
use kring_core::{Chance, Clock, Id, Secret};
use kring_db::Db;
use kring_fetch::{Client, Rules};
use kring_frame::{Actor, ActorId, House, Settings, Tx, UnitId, actor_of, params, sql};
use kring_people::units;
use kring_post::{Address, Signer};
use kring_surveys::{Kind, Survey};
use kring_talks::{Arrived, Inbox, Out, Sender, Topic, Way, keep, topic};

pub use browser::{Browser, Page};
pub use database::Database;
pub use kring_db::Engine;
pub use kring_relay::{Receiver, Reply};

pub const PASSWORD: &str = "drie dingen die niemand raadt";
pub const SITE: &str = "http://127.0.0.1:7777";

/// A house with a small institution in it: two service units side by side, a school, a topic for each unit, a live
/// survey, and a colleague for each role.
pub struct TestHouse {
    pub house: House,
    pub clock: Clock,
    pub database: Database,
    pub units: Vec<UnitId>,
    pub topics: Vec<Topic>,
    pub survey: Id<Survey>,
    pub sender: Arc<Sender>,
    /// How often: each time with other chances, or it would give out the secrets of the time before.
    opened: u64,
}

/// Where answers come in.
fn inbox() -> Inbox {
    Inbox {
        reply: Some(Address::parse("reply@meerland.example").unwrap()),
        trusted: Some("mx.meerland.example".into()),
        ..Inbox::default()
    }
}

fn sender(out: Out, inbox: Inbox, signer: Option<Signer>) -> Sender {
    Sender::new(out, Address::parse("serviceplein@meerland.example").unwrap(), signer).with_inbox(inbox)
}

/// Monday morning, in working hours, in winter.
pub fn monday() -> Timestamp {
    "2026-11-23T09:00:00+01:00".parse().expect("a moment")
}

impl TestHouse {
    /// A new house on a new database, with its mail in the drawer.
    pub async fn new(engine: Engine) -> Self {
        Self::with_mail(engine, Out::Drawer).await
    }

    pub async fn with_mail(engine: Engine, out: Out) -> Self {
        let database = Database::new(engine).await;
        Self::on(database, out, monday()).await
    }

    /// A new house into which mail comes by these ways.
    pub async fn with_inbox(engine: Engine, out: Out, inbox: Inbox) -> Self {
        Self::opened(Database::new(engine).await, sender(out, inbox, None), None, monday(), 1).await
    }

    /// A new house that signs what it sends.
    pub async fn with_signer(engine: Engine, out: Out, signer: Signer) -> Self {
        let sender = sender(out, inbox(), Some(signer));
        Self::opened(Database::new(engine).await, sender, None, monday(), 1).await
    }

    /// A new house with a way out of its own.
    pub async fn with_sender(engine: Engine, sender: Sender) -> Self {
        Self::opened(Database::new(engine).await, sender, None, monday(), 1).await
    }

    /// A new house beside another system that can be told what happens in it.
    pub async fn with_receiver(engine: Engine) -> (Self, Receiver) {
        let receiver = Receiver::start().await.expect("a port on loopback");
        let rules =
            Rules { also: vec!["127.0.0.0/8".parse().unwrap()], ports: vec![receiver.port()], proxy: None };
        let client = Client::new(rules, Some(receiver.certificate())).unwrap();
        let patient = client.with_patience(std::time::Duration::from_millis(400));
        let database = Database::new(engine).await;
        let sender = sender(Out::Drawer, inbox(), None);
        (Self::opened(database, sender, Some(patient), monday(), 1).await, receiver)
    }

    /// A house on a database that may have been lived in.
    pub async fn on(database: Database, out: Out, now: Timestamp) -> Self {
        Self::opened(database, sender(out, inbox(), None), None, now, 1).await
    }

    async fn opened(
        database: Database,
        sender: Sender,
        webhooks: Option<Client>,
        now: Timestamp,
        opened: u64,
    ) -> Self {
        let clock = Clock::hand(now);
        let sender = Arc::new(sender);
        let ways = Ways { sender: sender.clone(), webhooks };
        let house = open_as(&database, clock.clone(), ways, opened).await;
        let mut tx = house.write(&Actor::robot()).await.unwrap();
        let furnished: (i64,) = tx.one(sql!("select count(*) from units"), params![]).await.unwrap();
        if furnished.0 == 0 {
            furnish(&mut tx).await;
        }
        let units = units::all(&mut tx).await.unwrap().into_iter().map(|u| u.id).collect();
        let topics = topic::active(&mut tx).await.unwrap();
        let (survey,): (Id<Survey>,) =
            tx.one(sql!("select id from surveys order by id limit 1"), params![]).await.unwrap();
        tx.commit().await.unwrap();
        Self { house, clock, database, units, topics, survey, sender, opened }
    }

    /// The same house, closed and started anew at this moment.
    pub async fn reopened(self) -> Self {
        self.closed_and_opened(|| {}).await
    }

    /// As [`Self::reopened`], with a file of the data folder as it was or might be.
    pub async fn reopened_with(self, file: &std::path::Path, bytes: &[u8]) -> Self {
        self.closed_and_opened(|| std::fs::write(file, bytes).unwrap()).await
    }

    async fn closed_and_opened(self, meanwhile: impl FnOnce()) -> Self {
        let Self { house, database, clock, opened, .. } = self;
        house.close(std::time::Duration::from_secs(5)).await;
        drop(house);
        meanwhile();
        let again = {
            let sender = sender(Out::Drawer, inbox(), None);
            Self::opened(database, sender, None, clock.now(), opened + 1).await
        };
        again.settle().await;
        again
    }

    /// Does all that waits, until nothing does.
    pub async fn settle(&self) {
        self.house.settle().await.expect("chores are done without a fault");
    }

    /// Lets time pass, and does what became due.
    pub async fn pass(&self, minutes: i64) {
        self.clock.advance(SignedDuration::from_mins(minutes));
        self.settle().await;
    }

    /// A colleague at work, with the rights they have now.
    pub async fn actor(&self, email: &str) -> Actor {
        let mut tx = self.house.read(&Actor::robot()).await.unwrap();
        let (id,): (ActorId,) =
            tx.one(sql!("select actor_id from accounts where email = $1"), params![email]).await.unwrap();
        actor_of(&mut tx, id).await.unwrap()
    }

    pub fn browser(&self) -> Browser {
        Browser::new(&self.house)
    }

    /// A browser in which this colleague has signed in.
    pub async fn signed_in(&self, email: &str) -> Browser {
        let mut browser = self.browser();
        let page = browser.post("/sign-in", &[("email", email), ("password", PASSWORD), ("next", "/")]).await;
        assert_eq!(page.status, 303, "{email} can sign in: {}", page.text());
        browser
    }

    /// Mail comes in by LMTP, for these recipients, and is read.
    pub async fn mail_in(&self, to: &[&str], raw: &str) {
        let arrived = Arrived {
            way: Way::Lmtp,
            lying: None,
            sender: None,
            recipients: to.iter().map(|r| (*r).to_owned()).collect(),
            raw: raw.replace("\r\n", "\n").replace('\n', "\r\n").into_bytes(),
            only_head: false,
        };
        let mut tx = self.house.write(&Actor::robot()).await.unwrap();
        keep(&mut tx, &arrived).await.unwrap();
        tx.commit().await.unwrap();
        self.settle().await;
    }

    /// The bytes of what lies in the drawer, oldest first.
    pub async fn drawer_raw(&self) -> Vec<String> {
        let mut tx = self.house.read(&Actor::robot()).await.unwrap();
        let all: Vec<(Vec<u8>,)> =
            tx.all(sql!("select raw from drawer order by id"), params![]).await.unwrap();
        all.into_iter().map(|(raw,)| String::from_utf8_lossy(&raw).into_owned()).collect()
    }

    /// What lies in the drawer: to whom, subject and HTML, oldest first.
    pub async fn drawer(&self) -> Vec<(String, String, String)> {
        let mut tx = self.house.read(&Actor::robot()).await.unwrap();
        tx.all(sql!("select to_address, subject, html from drawer order by id"), params![]).await.unwrap()
    }

    pub async fn count(&self, sql: kring_db::Sql) -> i64 {
        let mut tx = self.house.read(&Actor::robot()).await.unwrap();
        let (n,): (i64,) = tx.one(sql, params![]).await.unwrap();
        n
    }
}

/// The house on a database, as the server would open it.
pub async fn open(database: &Database, clock: Clock, ways: Ways) -> House {
    open_as(database, clock, ways, 1).await
}

async fn open_as(database: &Database, clock: Clock, ways: Ways, seed: u64) -> House {
    let rooms = rooms::rooms(ways);
    let db =
        Db::open(&database.place, &rooms::schema(&rooms), clock.clone()).await.expect("the database opens");
    let settings = Settings {
        site: SITE.into(),
        institution: "Meerland".into(),
        zone: TimeZone::get("Europe/Amsterdam").unwrap(),
        trail_key: Secret::new([7; 32]),
        keep: Some(database.folder().to_owned()),
        demo: true,
        proxies: Vec::new(),
    };
    House::new(db, clock, Chance::seeded(seed), settings, rooms)
}

/// Who works here.
pub const STAFF: &[(&str, &str, usize)] = &[
    ("hanneke@meerland.example", "admin", 0),
    ("marit@meerland.example", "desk_head", 1),
    ("fleur@meerland.example", "desk_agent", 1),
    ("omar@meerland.example", "desk_agent", 1),
    ("bas@meerland.example", "desk_agent", 2),
    ("ria@meerland.example", "board", 0),
    ("piet@meerland.example", "steward", 0),
];

async fn furnish(tx: &mut Tx) {
    let top = units::add(tx, None, "Meerland", "Meerland", "institution").await.unwrap();
    let desk = units::add(tx, Some(top), "Serviceplein", "Serviceplein", "service").await.unwrap();
    let placement = units::add(tx, Some(top), "Stagebureau", "Placement office", "service").await.unwrap();
    let school = units::add(tx, Some(top), "School voor Zorg", "School of Care", "school").await.unwrap();
    let all = [top, desk, placement, school];
    topic::add(tx, "timetable", "Rooster", "Timetable", desk, 1).await.unwrap();
    topic::add(tx, "placement", "Stage", "Placement", placement, 2).await.unwrap();
    let survey = kring_surveys::make(tx, "Na een vraag", "After a question", top).await.unwrap();
    kring_surveys::add_question(tx, survey, Kind::Mark, "Welk cijfer geef je?", "Which mark do you give?")
        .await
        .unwrap();
    kring_surveys::add_question(tx, survey, Kind::Text, "Wat kan beter?", "What could be better?")
        .await
        .unwrap();
    kring_surveys::publish(tx, survey).await.unwrap();
    let hash = PasswordHash::of(&Chance::seeded(2), PASSWORD).await.unwrap();
    for (email, role, unit) in STAFF {
        let name = email.split('@').next().unwrap();
        let name = format!("{}{} de Tester", name[..1].to_uppercase(), &name[1..]);
        demo_account(tx, &name, email, &hash, role, *all.get(*unit).unwrap()).await.unwrap();
    }
}

/// Runs a story on both databases: `both!(asked_and_answered)` makes a test of it on each.
#[macro_export]
macro_rules! both {
    (with a receiver: $($story:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                let (t, receiver) = $crate::TestHouse::with_receiver($crate::Engine::Sqlite).await;
                super::$story(t, receiver).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                let (t, receiver) = $crate::TestHouse::with_receiver($crate::Engine::Postgres).await;
                super::$story(t, receiver).await;
            })+
        }
    };
    ($($(#[$meta:meta])* $story:ident),+ $(,)?) => {
        mod sqlite {
            $($(#[$meta])* #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() { super::$story($crate::TestHouse::new($crate::Engine::Sqlite).await).await; })+
        }
        mod postgres {
            $($(#[$meta])* #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() { super::$story($crate::TestHouse::new($crate::Engine::Postgres).await).await; })+
        }
    };
}
