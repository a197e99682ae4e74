//! The base as facts of the index and as tables.

use kring_audience::{Field, Holds};
use kring_rules::{About, Column, Place, Rows, Tables, Written};

use crate::base::KINDS;

pub const CHOICES: [&str; 6] = ["country", "language", "status", "programme", "city", "source"];
pub const NUMBERS: [&str; 2] = ["intake", "score"];

pub fn fields() -> Vec<Field> {
    let mut fields: Vec<Field> = CHOICES.iter().map(|key| Field::new(key, Holds::Choice)).collect();
    fields.extend(NUMBERS.iter().map(|key| Field::new(key, Holds::Number)));
    fields.push(Field::new("born", Holds::Day));
    fields.push(Field::new("consent", Holds::Flag));
    fields.extend(crate::base::TAGS.iter().map(|(key, _, _)| Field::new(key, Holds::Tags)));
    fields.push(Field::new("employer", Holds::Links(vec![Field::new("hosts", Holds::Flag)])));
    fields.extend((0_u8..).zip(KINDS).map(|(kind, (key, _))| Field::new(key, Holds::Acts(vec![kind]))));
    fields.push(Field::new("active", Holds::Acts((0..KINDS.len() as u8).collect())));
    fields
}

/// Columns in the order of the csv. Small whole numbers are what engines of columns like best.
pub const TABLES: [(&str, &str); 6] = [
    (
        "people",
        "id integer not null, country smallint not null, language smallint not null, status smallint not null, \
         programme smallint not null, intake smallint not null, city smallint not null, source smallint not null, \
         consent smallint not null, score smallint not null, born integer not null, employer integer",
    ),
    ("interests", "person integer not null, code smallint not null"),
    ("topics", "person integer not null, code smallint not null"),
    ("channels", "person integer not null, code smallint not null"),
    ("acts", "person integer not null, kind smallint not null, day integer not null"),
    ("organisations", "id integer not null, hosts smallint not null"),
];

/// For the engines of rows: what each of the ten segments can use.
pub const INDEXES: [&str; 8] = [
    "create unique index people_id on people (id)",
    "create index people_country on people (country)",
    "create index people_employer on people (employer)",
    "create unique index organisations_id on organisations (id)",
    "create index interests_code on interests (code, person)",
    "create index topics_code on topics (code, person)",
    "create index channels_code on channels (code, person)",
    "create index acts_kind on acts (kind, day, person)",
];

pub struct Schema;

impl Tables for Schema {
    fn people(&self) -> (&'static str, &'static str) {
        ("people", "id")
    }

    fn place(&self, about: About<'_>, key: &str) -> Option<Place> {
        if about != About::Person {
            return (key == "hosts").then_some(Place::Flag("{}.hosts = 1"));
        }
        let tags = |table| Place::Codes {
            rows: Rows { table, owner: "person", only: None },
            code: Column::number("code"),
        };
        let acts = |only| Place::Acts {
            rows: Rows { table: "acts", owner: "person", only },
            day: "day",
            detail: None,
        };
        Some(match key {
            "country" => Place::Choice(Column::number("country")),
            "language" => Place::Choice(Column::number("language")),
            "status" => Place::Choice(Column::number("status")),
            "programme" => Place::Choice(Column::number("programme")),
            "city" => Place::Choice(Column::number("city")),
            "source" => Place::Choice(Column::number("source")),
            "intake" => Place::Number("intake"),
            "score" => Place::Number("score"),
            "born" => Place::Day("born", Written::Number),
            "consent" => Place::Flag("{}.consent = 1"),
            "interests" => tags("interests"),
            "topics" => tags("topics"),
            "channels" => tags("channels"),
            "employer" => Place::Links {
                rows: Rows { table: "people", owner: "id", only: Some("{}.employer is not null") },
                kind: Column::number("employer"),
                to: "employer",
                things: "organisations",
                thing_id: "id",
            },
            "sent" => acts(Some("{}.kind = 0")),
            "opened" => acts(Some("{}.kind = 1")),
            "clicked" => acts(Some("{}.kind = 2")),
            "page" => acts(Some("{}.kind = 3")),
            "form" => acts(Some("{}.kind = 4")),
            "open_day" => acts(Some("{}.kind = 5")),
            "applied" => acts(Some("{}.kind = 6")),
            "called" => acts(Some("{}.kind = 7")),
            "asked" => acts(Some("{}.kind = 8")),
            "event" => acts(Some("{}.kind = 9")),
            "active" => acts(None),
            _ => return None,
        })
    }
}
