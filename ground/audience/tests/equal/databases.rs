//! The world as tables, and rules asked of them.

use std::{collections::BTreeSet, fmt::Write};

use kring_audience::Act;
use kring_rules::{Day, Param, Rule, Sql, compile, compile_for};
use tokio::runtime::{Handle, Runtime};
use tokio_postgres::{Client, NoTls, types::ToSql};

use crate::{
    base::{SCHEMA, Schema},
    model::World,
};

pub struct Sqlite(rusqlite::Connection);

impl Sqlite {
    pub fn open() -> Self {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        connection.execute_batch(SCHEMA).unwrap();
        Self(connection)
    }

    pub fn fill(&mut self, world: &World) {
        self.0.execute_batch(&format!("begin;{}commit;", script(world))).unwrap();
    }

    pub fn members(&self, rule: &Rule, world: &World) -> BTreeSet<i64> {
        self.ask(statement(rule, world))
    }

    /// The same question about one person.
    pub fn holds(&self, rule: &Rule, world: &World, person: i64) -> bool {
        let Sql { text, params } = compile_for(rule, &Schema, world, &world.now, "p", person).unwrap();
        !self.ask((format!("select p.id from people p where p.id = {person} and {text}"), params)).is_empty()
    }

    fn ask(&self, (text, params): (String, Vec<Param>)) -> BTreeSet<i64> {
        let mut statement = self.0.prepare(&text).unwrap_or_else(|fault| panic!("{fault}: {text}"));
        let params = params.iter().map(|param| match param {
            Param::Int(number) => rusqlite::types::Value::Integer(*number),
            Param::Text(text) => rusqlite::types::Value::Text(text.clone()),
        });
        let rows = statement.query_map(rusqlite::params_from_iter(params), |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }
}

/// Tables of this session only, so that threads and runs do not meet.
pub struct Postgres {
    runtime: Runtime,
    client: Client,
}

impl Postgres {
    pub fn open(server: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(server, NoTls).await.unwrap();
            // Driven whenever this runtime runs, which is as long as anybody waits for an answer.
            Handle::current().spawn(connection);
            client.batch_execute(&SCHEMA.replace("create table", "create temp table")).await.unwrap();
            client
        });
        Self { runtime, client }
    }

    pub fn fill(&mut self, world: &World) {
        self.runtime.block_on(self.client.batch_execute(&script(world))).unwrap();
    }

    pub fn members(&self, rules: &[Rule], world: &World) -> Vec<BTreeSet<i64>> {
        let asked = async |rule: &Rule| {
            let (text, params) = statement(rule, world);
            let params: Vec<&(dyn ToSql + Sync)> = params
                .iter()
                .map(|param| match param {
                    Param::Int(number) => number as &(dyn ToSql + Sync),
                    Param::Text(text) => text,
                })
                .collect();
            let rows = self.client.query(&text, &params).await;
            let rows = rows.unwrap_or_else(|fault| panic!("{fault}: {text}"));
            rows.into_iter().map(|row| row.get(0)).collect::<BTreeSet<i64>>()
        };
        self.runtime.block_on(async {
            let mut all = Vec::new();
            for rule in rules {
                all.push(asked(rule).await);
            }
            all
        })
    }
}

fn statement(rule: &Rule, world: &World) -> (String, Vec<Param>) {
    let Sql { text, params } = compile(rule, &Schema, world, &world.now, "p").unwrap();
    (format!("select p.id from people p where {text}"), params)
}

fn script(world: &World) -> String {
    let mut tables = Tables::default();
    for person in world.people.values() {
        let id = person.id.to_string();
        let choice = |fact| text(person.choices.get(fact).copied());
        let programme = person.choices.get("programme").copied().unwrap_or("null").to_owned();
        tables.row(
            "people",
            &[
                id.clone(),
                choice("country"),
                programme,
                iso(person.born),
                u8::from(person.consent).to_string(),
            ],
        );
        // Who has none has no row, or an empty one.
        if person.score.is_some() || person.id % 2 == 0 {
            tables.row("scores", &[id.clone(), number(person.score)]);
        }
        for code in &person.likes {
            tables.row("likes", &[id.clone(), text(Some(code))]);
        }
        for Act { kind, day, detail } in &person.acts {
            tables.row("acts", &[id.clone(), kind.to_string(), day.number().to_string(), text(*detail)]);
        }
        for role in &person.roles {
            tables.row(
                "roles",
                &[id.clone(), text(Some(role.kind)), text(role.place), iso(role.from), iso(role.to)],
            );
        }
        for (thing, kind) in &person.ties {
            tables.row("ties", &[id.clone(), text(Some(kind)), thing.to_string()]);
        }
    }
    for thing in world.things.values() {
        let id = thing.id.to_string();
        let hosts = u8::from(thing.hosts).to_string();
        tables
            .row("things", &[id.clone(), text(thing.sector), number(thing.size), day(thing.founded), hosts]);
        for code in &thing.offers {
            tables.row("offers", &[id.clone(), text(Some(code))]);
        }
    }
    tables.script()
}

/// Rows by table, as one statement a table.
#[derive(Default)]
struct Tables(std::collections::BTreeMap<&'static str, Vec<String>>);

impl Tables {
    fn row(&mut self, table: &'static str, values: &[String]) {
        self.0.entry(table).or_default().push(format!("({})", values.join(",")));
    }

    fn script(&self) -> String {
        let mut script = String::new();
        for table in ["people", "scores", "likes", "acts", "roles", "ties", "things", "offers"] {
            let _ = write!(script, "delete from {table};");
            if let Some(rows) = self.0.get(table) {
                let _ = write!(script, "insert into {table} values {};", rows.join(","));
            }
        }
        script
    }
}

fn text(code: Option<&str>) -> String {
    code.map_or_else(|| "null".to_owned(), |code| format!("'{code}'"))
}

fn number(number: Option<i64>) -> String {
    number.map_or_else(|| "null".to_owned(), |number| number.to_string())
}

fn iso(day: Option<Day>) -> String {
    day.map_or_else(|| "null".to_owned(), |day| format!("'{}'", day.date()))
}

fn day(day: Option<Day>) -> String {
    number(day.map(|day| i64::from(day.number())))
}
