//! A house of two rooms, made for one test and thrown away after it.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::body::Body;
use futures_util::StreamExt;
use http::{Request, StatusCode, header};
use kring_db::{Db, Place, Schema};
use kring_exchange::Kind;
use kring_frame::{
    Actor, ActorKind, Chance, Clock, Fut, Gate, House, Id, Lang, Result, Rooms, Secret, Settings, SignedIn,
    Token, params, sql,
};
use tower::ServiceExt;

pub struct Test {
    pub house: House,
    pub actor: Actor,
    _dir: tempfile::TempDir,
}

/// Everybody who comes is the head of the desk; rights are the access room's business, and tested there.
struct Everybody(Actor);

impl Gate for Everybody {
    fn by_cookie<'a>(&'a self, _: &'a House, _: Token) -> Fut<'a, Option<(Actor, SignedIn)>> {
        let me = SignedIn {
            account: 1,
            session: 1,
            name: "Hanneke de Vos".into(),
            role: "Serviceplein".into(),
            lang: None,
        };
        Box::pin(async move { Ok(Some((self.0.clone(), me))) })
    }
    fn by_key<'a>(&'a self, _: &'a House, _: Token) -> Fut<'a, Option<Actor>> {
        Box::pin(async { Ok(None) })
    }
}

/// On SQLite; and with `KRING_TEST_POSTGRES` on PostgreSQL too, each in a database of its own.
pub async fn houses() -> Vec<Test> {
    let mut houses = vec![house(None).await];
    #[expect(clippy::disallowed_methods, reason = "tests are told by the environment where PostgreSQL is")]
    if let Ok(server) = std::env::var("KRING_TEST_POSTGRES") {
        houses.push(house(Some(&server)).await);
    }
    houses
}

pub async fn house(postgres: Option<&str>) -> Test {
    let dir = tempfile::tempdir().unwrap();
    let place = match postgres {
        None => Place::Sqlite(dir.path().join("kring.db")),
        Some(server) => Place::Postgres(Secret::new(fresh_database(server).await)),
    };
    let rights = [
        &kring_exchange::IMPORT,
        &kring_exchange::EXPORT,
        &kring_people::READ_PEOPLE,
        &kring_people::WRITE_PEOPLE,
    ];
    let rights: HashMap<String, Vec<_>> =
        rights.iter().map(|r| (r.key.to_owned(), vec![Id::new(1)])).collect();
    let actor = Actor::with_rights(Id::new(3), ActorKind::Staff, "Hanneke de Vos", rights);
    let gate = kring_frame::Room::new("gate").gate(Arc::new(Everybody(actor.clone()))).knows_nobody();
    let consent = kring_frame::Room::new("consent").migrations(kring_consent::MIGRATIONS).knows_nobody();
    let rooms = Rooms::of(vec![kring_people::room(), consent, kring_exchange::room(), gate]);
    let schema = Schema { generation: 1, migrations: rooms.migrations.clone() };
    let clock = Clock::hand("2026-11-21T12:00:00Z".parse().unwrap());
    let db = Db::open(&place, &schema, clock.clone()).await.unwrap();
    let settings = Settings {
        site: "http://localhost".into(),
        institution: "Meerland".into(),
        zone: jiff::tz::TimeZone::get("Europe/Amsterdam").unwrap(),
        trail_key: Secret::new([7; 32]),
        keep: None,
        demo: false,
        proxies: Vec::new(),
    };
    let house = House::new(db, clock, Chance::seeded(1), settings, rooms);
    let mut tx = house.write(&Actor::robot()).await.unwrap();
    tx.run(sql!("insert into actors (id, kind, name) values (3, 'staff', 'Hanneke de Vos')"), params![])
        .await
        .unwrap();
    tx.run(
        sql!(
            "insert into units (id, name_nl, name_en, kind) values (1, 'Meerland', 'Meerland', 'institution')"
        ),
        params![],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    Test { house, actor, _dir: dir }
}

/// A database that nobody has used, on a server where we may make one.
async fn fresh_database(server: &str) -> String {
    let name = format!("kring_{:016x}", u64::from_be_bytes(Chance::system().bytes()));
    let (client, connection) = tokio_postgres::connect(server, tokio_postgres::NoTls).await.unwrap();
    #[expect(clippy::disallowed_methods, reason = "ends with the test")]
    tokio::spawn(connection);
    client.batch_execute(&format!("create database {name}")).await.unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}

impl Test {
    pub async fn import(&self, name: &str, bytes: &[u8]) -> Result<kring_exchange::Summary> {
        let options = kring_exchange::Options::default();
        kring_exchange::import_file(&self.house, &self.actor, name, bytes.to_vec(), &options, &mut |_| {})
            .await
    }

    pub async fn import_as(&self, kind: Kind, name: &str, text: &str) -> Result<kring_exchange::Summary> {
        let options = kring_exchange::Options { kind, ..kring_exchange::Options::default() };
        let bytes = text.as_bytes().to_vec();
        kring_exchange::import_file(&self.house, &self.actor, name, bytes, &options, &mut |_| {}).await
    }

    pub async fn look_as(&self, kind: Kind, name: &str, text: &str) -> kring_exchange::Summary {
        let options =
            kring_exchange::Options { kind, preview_only: true, ..kring_exchange::Options::default() };
        let bytes = text.as_bytes().to_vec();
        kring_exchange::import_file(&self.house, &self.actor, name, bytes, &options, &mut |_| {})
            .await
            .unwrap()
    }

    pub async fn undo(&self, import: i64) -> kring_exchange::list::Import {
        kring_exchange::undo_import(&self.house, &self.actor, import, &mut |_| {}).await.unwrap()
    }

    pub async fn texts(&self, sql: kring_db::Sql) -> Vec<String> {
        let rows: Vec<(String,)> =
            self.house.read(&self.actor).await.unwrap().all(sql, params![]).await.unwrap();
        rows.into_iter().map(|(v,)| v).collect()
    }

    pub async fn count(&self, sql: kring_db::Sql) -> i64 {
        let (n,): (i64,) = self.house.read(&self.actor).await.unwrap().one(sql, params![]).await.unwrap();
        n
    }

    pub async fn get(&self, path: &str) -> (StatusCode, Vec<u8>) {
        self.send(Request::get(path), Body::empty()).await
    }

    pub async fn page(&self, path: &str) -> String {
        let (status, body) = self.get(path).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        String::from_utf8(body).unwrap()
    }

    /// The first thing that a stream of events says.
    pub async fn first_event(&self, path: &str) -> String {
        let request = signed(Request::get(path)).body(Body::empty()).unwrap();
        let response = kring_frame::router(&self.house).oneshot(request).await.unwrap();
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        let mut stream = response.into_body().into_data_stream();
        let first = tokio::time::timeout(Duration::from_secs(10), stream.next()).await.unwrap();
        String::from_utf8(first.unwrap().unwrap().to_vec()).unwrap()
    }

    /// Posts a form and follows where it leads.
    pub async fn post(&self, path: &str, form: &str) -> (StatusCode, String) {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.follow(request, Body::from(form.to_owned())).await
    }

    pub async fn upload(&self, file: &str, bytes: &[u8], list: &str) -> (StatusCode, String) {
        self.upload_as(Kind::People, file, bytes, list).await
    }

    pub async fn upload_as(&self, kind: Kind, file: &str, bytes: &[u8], list: &str) -> (StatusCode, String) {
        let mut body = format!(
            "--XX\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\n{kind}\r\n--XX\r\nContent-Disposition: form-data; name=\"list\"\r\n\r\n{list}\r\n--XX\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"{file}\"\r\nContent-Type: text/csv\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--XX--\r\n");
        let request =
            Request::post("/imports/new").header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX");
        self.follow(request, Body::from(body)).await
    }

    /// The status, and the page or where it leads.
    async fn follow(&self, request: http::request::Builder, body: Body) -> (StatusCode, String) {
        let request = signed(request).header("origin", "http://localhost").body(body).unwrap();
        let response = kring_frame::router(&self.house).oneshot(request).await.unwrap();
        let status = response.status();
        if let Some(to) = response.headers().get(header::LOCATION) {
            return (status, to.to_str().unwrap().to_owned());
        }
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    async fn send(&self, request: http::request::Builder, body: Body) -> (StatusCode, Vec<u8>) {
        let response =
            kring_frame::router(&self.house).oneshot(signed(request).body(body).unwrap()).await.unwrap();
        let status = response.status();
        let body = tokio::time::timeout(
            Duration::from_secs(60),
            axum::body::to_bytes(response.into_body(), usize::MAX),
        );
        (status, body.await.unwrap().unwrap().to_vec())
    }

    pub async fn settle(&self) {
        self.house.settle().await.unwrap();
    }
}

fn signed(request: http::request::Builder) -> http::request::Builder {
    let token = Token::new(&Chance::seeded(2)).reveal();
    request
        .header(header::COOKIE, format!("kring={token}; __Host-kring={token}"))
        .header(header::ACCEPT_LANGUAGE, Lang::Nl.tag())
}

pub fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../../testing/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}
