//! The facts of the tests: each kind at least once, with few codes, so that they meet; and some codes that nobody has
//! at first, since codes come by while segments are live.

use kring_audience::{Field, Holds};
use kring_rules::{About, Column, Place, Rows, Tables, Written};

pub const COUNTRIES: [&str; 4] = ["nl", "be", "de", "xx"];
pub const PROGRAMMES: [&str; 4] = ["11", "12", "13", "99"];
pub const LIKES: [&str; 5] = ["art", "law", "care", "tech", "rare"];
pub const ACTS: [(&str, &[u8]); 3] = [("opened", &[0]), ("asked", &[1]), ("did", &[0, 1, 2])];
pub const DETAILS: [&str; 3] = ["housing", "money", "rare"];
pub const ROLES: [&str; 3] = ["student", "intern", "rare"];
pub const PLACES: [&str; 3] = ["north", "south", "rare"];
pub const TIES: [&str; 3] = ["works", "studied", "rare"];
pub const SECTORS: [&str; 3] = ["health", "school", "rare"];

pub fn fields() -> Vec<Field> {
    let things = vec![
        Field::new("sector", Holds::Choice),
        Field::new("offers", Holds::Tags),
        Field::new("size", Holds::Number),
        Field::new("founded", Holds::Day),
        Field::new("hosts", Holds::Flag),
    ];
    let mut fields = vec![
        Field::new("country", Holds::Choice),
        Field::new("programme", Holds::Choice),
        Field::new("likes", Holds::Tags),
        Field::new("score", Holds::Number),
        Field::new("born", Holds::Day),
        Field::new("consent", Holds::Flag),
        Field::new("role", Holds::Spans),
        Field::new("tie", Holds::Links(things)),
    ];
    fields.extend(ACTS.iter().map(|(key, kinds)| Field::new(key, Holds::Acts(kinds.to_vec()))));
    fields
}

pub const SCHEMA: &str = "
create table people (id bigint primary key, country text, programme bigint, born text, consent integer);
create table scores (person bigint not null, score bigint);
create table likes (person bigint not null, code text not null);
create table acts (person bigint not null, kind integer not null, day integer not null, detail text);
create table roles (person bigint not null, kind text not null, place text, since text, until text);
create table ties (person bigint not null, kind text not null, thing bigint not null);
create table things (id bigint primary key, sector text, size bigint, founded integer, hosts integer);
create table offers (thing bigint not null, code text not null);
";

/// The same facts as tables.
pub struct Schema;

impl Tables for Schema {
    fn people(&self) -> (&'static str, &'static str) {
        ("people", "id")
    }

    fn place(&self, about: About<'_>, key: &str) -> Option<Place> {
        let rows = |table| Rows { table, owner: "person", only: None };
        let acts = |only| Place::Acts {
            rows: Rows { only, ..rows("acts") },
            day: "day",
            detail: Some(Column::text("detail")),
        };
        Some(match (about, key) {
            (About::Person, "country") => Place::Choice(Column::text("country")),
            (About::Person, "programme") => Place::Choice(Column::number("programme")),
            (About::Person, "likes") => Place::Codes { rows: rows("likes"), code: Column::text("code") },
            // A number in another table; that of things is in their own row.
            (About::Person, "score") => {
                Place::NumberIn { rows: rows("scores"), number: "score", otherwise: None }
            }
            (About::Person, "born") => Place::Day("born", Written::Iso),
            (About::Person, "consent") => Place::Flag("{}.consent = 1"),
            (About::Person, "opened") => acts(Some("{}.kind = 0")),
            (About::Person, "asked") => acts(Some("{}.kind = 1")),
            (About::Person, "did") => acts(None),
            (About::Person, "role") => Place::Spans {
                rows: rows("roles"),
                kind: Column::text("kind"),
                place: Column::text("place"),
                from: "since",
                to: "until",
                written: Written::Iso,
            },
            (About::Person, "tie") => Place::Links {
                rows: rows("ties"),
                kind: Column::text("kind"),
                to: "thing",
                things: "things",
                thing_id: "id",
            },
            (About::Linked("tie"), "sector") => Place::Choice(Column::text("sector")),
            (About::Linked("tie"), "offers") => Place::Codes {
                rows: Rows { table: "offers", owner: "thing", only: None },
                code: Column::text("code"),
            },
            (About::Linked("tie"), "size") => Place::Number("size"),
            (About::Linked("tie"), "founded") => Place::Day("founded", Written::Number),
            (About::Linked("tie"), "hosts") => Place::Flag("{}.hosts = 1"),
            _ => return None,
        })
    }
}
