//! A house of people and access alone, on SQLite in a folder that goes away, with a browser to walk through it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{Router, body::Body, extract::ConnectInfo, response::Response};
use http::{HeaderMap, Method, Request, StatusCode, header};
use jiff::tz::TimeZone;
use kring_access::PasswordHash;
use kring_db::{Db, Place, Schema};
use kring_frame::{Actor, Chance, Clock, House, Rooms, Secret, Settings, UnitId};
use kring_people::units;
use tempfile::TempDir;
use tower::ServiceExt;

pub const PASSWORD: &str = "vierkante tomaat";

pub struct TestHouse {
    pub house: House,
    pub clock: Clock,
    pub router: Router,
    pub top: UnitId,
    pub desk: UnitId,
    pub college: UnitId,
    _folder: TempDir,
}

/// The settings of a school with a single plain address.
fn settings(demo: bool) -> Settings {
    Settings {
        site: "http://127.0.0.1:8080".into(),
        institution: "Meerland".into(),
        zone: TimeZone::get("Europe/Amsterdam").unwrap(),
        trail_key: Secret::new([7; 32]),
        keep: None,
        demo,
        proxies: Vec::new(),
    }
}

impl TestHouse {
    /// Nobody in it, and no units.
    pub async fn empty(demo: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::hand("2026-11-24T08:00:00Z".parse().unwrap());
        let rooms = Rooms::of(vec![kring_people::room(), kring_access::room()]);
        let schema = Schema { generation: 1, migrations: rooms.migrations.clone() };
        let place = Place::Sqlite(folder.path().join("kring.db"));
        let db = Db::open(&place, &schema, clock.clone()).await.unwrap();
        let house = House::new(db, clock.clone(), Chance::seeded(1), settings(demo), rooms);
        let router = kring_frame::router(&house);
        let none = UnitId::new(0);
        Self { house, clock, router, top: none, desk: none, college: none, _folder: folder }
    }

    /// A school with a desk and a college below its top, and one administrator over all of it.
    pub async fn new() -> Self {
        let mut t = Self::empty(false).await;
        let mut tx = t.house.write(&Actor::robot()).await.unwrap();
        t.top = units::add(&mut tx, None, "Meerland", "Meerland", "institution").await.unwrap();
        t.desk = units::add(&mut tx, Some(t.top), "Serviceplein", "Service desk", "service").await.unwrap();
        t.college =
            units::add(&mut tx, Some(t.top), "College Zorg", "College of Care", "school").await.unwrap();
        tx.commit().await.unwrap();
        t.staff("Bea Heer", "bea@meerland.example", "admin", t.top).await;
        t
    }

    /// A colleague with a role, who has chosen [`PASSWORD`].
    pub async fn staff(&self, name: &str, email: &str, role: &str, unit: UnitId) -> i64 {
        let hash = PasswordHash::of(&self.house.chance, PASSWORD).await.unwrap();
        let mut tx = self.house.write(&Actor::robot()).await.unwrap();
        let new = kring_access::NewAccount { name, email, unit, lang: None };
        let id = kring_access::add_account(&mut tx, &new, Some(&hash)).await.unwrap();
        kring_access::grant(&mut tx, id, role, unit).await.unwrap();
        tx.commit().await.unwrap();
        id.get()
    }

    pub fn browser(&self) -> Browser {
        Browser {
            router: self.router.clone(),
            cookie: None,
            network: IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)),
            site: "same-origin",
        }
    }

    /// A browser in which this colleague has signed in.
    pub async fn signed_in(&self, email: &str) -> Browser {
        let mut browser = self.browser();
        let answer = browser.sign_in(email, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        browser
    }

    /// How many rows of the trail tell of this deed.
    pub async fn deeds(&self, deed: &str) -> i64 {
        let mut tx = self.house.read(&Actor::robot()).await.unwrap();
        let sql = kring_frame::sql!("select count(*) from trail where deed = $1");
        let (n,): (i64,) = tx.one(sql, kring_frame::params![deed]).await.unwrap();
        n
    }
}

/// What came back, read whole.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 22).await.unwrap();
        Self {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    pub fn to(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    pub fn cookie(&self) -> Option<String> {
        let line = self.headers.get(header::SET_COOKIE)?.to_str().ok()?;
        line.split(';').next().map(ToOwned::to_owned)
    }

    /// What stands between two texts.
    pub fn between(&self, before: &str, after: &str) -> &str {
        let rest = self.text.split_once(before).unwrap_or_else(|| panic!("no {before} in {}", self.text)).1;
        rest.split_once(after).unwrap().0
    }
}

/// A browser that keeps the cookie it was given.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    pub cookie: Option<String>,
    pub network: IpAddr,
    pub site: &'static str,
}

impl Browser {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, "").await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = fields
            .iter()
            .map(|(k, v)| format!("{k}={}", kring_frame::encode(v).replace("%20", "+")))
            .collect();
        self.send(Method::POST, path, &body.join("&")).await
    }

    pub async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        self.post("/sign-in", &[("email", email), ("password", password), ("next", "/account")]).await
    }

    async fn send(&mut self, method: Method, path: &str, body: &str) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("sec-fetch-site", self.site)
            .header(
                header::USER_AGENT,
                "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
            )
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let request = request.extension(ConnectInfo(SocketAddr::new(self.network, 4000)));
        let answer = Answer::of(
            self.router.clone().oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap(),
        )
        .await;
        if let Some(cookie) = answer.cookie() {
            self.cookie = Some(cookie).filter(|c| !c.ends_with('='));
        }
        answer
    }

    /// A call to the API with a key.
    pub async fn api(&self, method: Method, path: &str, key: &str, body: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_owned()))
            .unwrap();
        Answer::of(self.router.clone().oneshot(request).await.unwrap()).await
    }
}
