//! Facts of people and of linked things, read from their tables for the index. The texts are composed once from what the
//! facts say of where they stand; a person's number is a bind.

use std::collections::HashMap;

use jiff::civil::Date;
use kring_audience::{Act, Audience, Change, Fault, Moved, Value};
use kring_core::{Error, Result};
use kring_db::{Engine, Row, params};
use kring_rules::{Day, Kind, Place, Rows, Span, Written};

use super::{Base, Known, facts::Facts};
use crate::Fact;

/// The texts for one table of people or things.
pub(super) struct Reader {
    /// Of people: their name and whether they count come before the facts.
    of_people: bool,
    own: String,
    others: Vec<(usize, String)>,
    acts: Option<String>,
}

/// What is known of one person or thing.
#[derive(Default)]
pub(super) struct Read {
    pub id: i64,
    /// Of people: the name by which they stand in lists, and whether they are an answer to rules.
    pub listed: Option<(String, bool)>,
    own: Vec<(&'static str, Own)>,
    tags: Vec<(&'static str, String)>,
    acts: Vec<(u8, i32, Option<String>)>,
    spans: Vec<(&'static str, String, Option<String>, Option<Day>, Option<Day>)>,
    links: Vec<(&'static str, String, i64)>,
}

enum Own {
    Choice(Option<String>),
    Number(Option<i64>),
    Day(Option<Day>),
    Flag(bool),
}

impl Reader {
    /// Of people.
    pub fn of_people(facts: &[Fact], base: Base, engine: Engine) -> Self {
        let before = vec![format!("p.{}", base.order), format!("({})", base.only.replace("{}", "p"))];
        let reader = Self::reading(before, facts, base.table, base.key, base.listed, engine);
        Self { of_people: true, ..reader }
    }

    /// Of a table whose rows are these facts' people or things; `only` tells who counts, with `{}` for the alias.
    pub fn new(facts: &[Fact], table: &str, key: &str, only: &str, engine: Engine) -> Self {
        Self::reading(Vec::new(), facts, table, key, only, engine)
    }

    fn reading(
        before: Vec<String>,
        facts: &[Fact],
        table: &str,
        key: &str,
        only: &str,
        engine: Engine,
    ) -> Self {
        let mut columns = vec![format!("p.{key}")];
        columns.extend(before);
        let (mut others, mut acts) = (Vec::new(), false);
        for (at, fact) in facts.iter().enumerate() {
            match fact.place {
                Place::Choice(column) => columns.push(format!("cast(p.{} as text)", column.name)),
                Place::Number(column) | Place::Day(column, _) => columns.push(format!("p.{column}")),
                Place::Flag(condition) => {
                    columns.push(format!("coalesce({}, false)", condition.replace("{}", "p")));
                }
                Place::NumberIn { rows, number, .. } => {
                    others.push((at, of_rows(rows, &format!("x.{number}"), engine)));
                }
                Place::Acts { .. } => acts = true,
                Place::Codes { rows, code } => {
                    let code = format!("cast(x.{} as text)", code.name);
                    others.push((at, of_rows(rows, &code, engine)));
                }
                Place::Spans { rows, kind, place, from, to, .. } => {
                    let columns = format!(
                        "cast(x.{} as text), cast(x.{} as text), x.{from}, x.{to}",
                        kind.name, place.name
                    );
                    others.push((at, of_rows(rows, &columns, engine)));
                }
                Place::Links { rows, kind, to, .. } => {
                    let columns = format!("cast(x.{} as text), x.{to}", kind.name);
                    others.push((at, of_rows(rows, &columns, engine)));
                }
            }
        }
        let own = format!(
            "select {} from {} and {}",
            columns.join(", "),
            among(table, "p", key, engine),
            only.replace("{}", "p")
        );
        let happenings = Rows { table: "happenings", owner: "person_id", only: None };
        let acts = acts.then(|| of_rows(happenings, "x.kind, x.day, x.detail", engine));
        Self { of_people: false, own, others, acts }
    }

    /// All that is known of those among these numbers who are there, by number.
    pub async fn read(
        &self,
        tx: &mut kring_db::Tx,
        all: &Facts,
        facts: &[Fact],
        ids: &[i64],
    ) -> Result<Vec<Read>> {
        let bind = serde_json::to_string(ids).map_err(Error::broken)?;
        let mut found: HashMap<i64, Read> = HashMap::with_capacity(ids.len());
        for mut row in tx.composed(&self.own, params![&bind]).await? {
            let mut read = Read { id: row.take()?, ..Read::default() };
            if self.of_people {
                read.listed = Some((row.take()?, row.take()?));
            }
            for fact in facts {
                if let Some(own) = own(fact, &mut row)? {
                    read.own.push((fact.key, own));
                }
            }
            found.insert(read.id, read);
        }
        for (at, text) in &self.others {
            let Some(fact) = facts.get(*at) else { continue };
            for mut row in tx.composed(text, params![&bind]).await? {
                let Some(read) = found.get_mut(&row.take()?) else { continue };
                read.other(fact, &mut row)?;
            }
            if let Place::NumberIn { otherwise: Some(number), .. } = fact.place {
                for read in found.values_mut() {
                    read.otherwise(fact.key, number);
                }
            }
        }
        if let Some(text) = &self.acts {
            for mut row in tx.composed(text, params![&bind]).await? {
                let Some(read) = found.get_mut(&row.take()?) else { continue };
                let (kind, day, detail): (String, i32, Option<String>) =
                    (row.take()?, row.take()?, row.take()?);
                if let Some(number) = all.act_number(&kind) {
                    read.acts.push((number, day, detail));
                }
            }
        }
        let mut found: Vec<Read> = found.into_values().collect();
        found.sort_unstable_by_key(|read| read.id);
        Ok(found)
    }
}

/// The rows of a table for the numbers in `$1`, a JSON list. SQLite keeps the order of a cross join, so it never walks the
/// table to look each row up in the list.
fn among(table: &str, alias: &str, key: &str, engine: Engine) -> String {
    match engine {
        Engine::Sqlite => {
            format!("json_each($1) j cross join {table} {alias} where {alias}.{key} = j.value")
        }
        Engine::Postgres => format!(
            "json_array_elements_text($1::text::json) j join {table} {alias} on {alias}.{key} = j::bigint where true"
        ),
    }
}

fn of_rows(rows: Rows, columns: &str, engine: Engine) -> String {
    let only = rows.only.map_or_else(|| "true".to_owned(), |only| only.replace("{}", "x"));
    let among = among(rows.table, "x", rows.owner, engine);
    format!("select x.{}, {columns} from {among} and {only}", rows.owner)
}

fn own(fact: &Fact, row: &mut Row) -> Result<Option<Own>> {
    Ok(Some(match fact.place {
        Place::Choice(_) => Own::Choice(row.take()?),
        Place::Number(_) => Own::Number(row.take()?),
        Place::Day(_, written) => Own::Day(day(row, written)?),
        Place::Flag(_) => Own::Flag(row.take()?),
        _ => return Ok(None),
    }))
}

fn day(row: &mut Row, written: Written) -> Result<Option<Day>> {
    Ok(match written {
        Written::Number => row.take::<Option<i32>>()?.map(Day::new),
        Written::Iso => row.take::<Option<Date>>()?.map(Day::from),
    })
}

impl Read {
    fn other(&mut self, fact: &Fact, row: &mut Row) -> Result<()> {
        match fact.place {
            Place::Codes { .. } => {
                if let Some(code) = row.take::<Option<String>>()? {
                    match fact.kind {
                        Kind::Choice => self.own.push((fact.key, Own::Choice(Some(code)))),
                        _ => self.tags.push((fact.key, code)),
                    }
                }
            }
            Place::NumberIn { .. } => self.own.push((fact.key, Own::Number(row.take()?))),
            Place::Spans { written, .. } => {
                let (kind, place) = (row.take()?, row.take()?);
                self.spans.push((fact.key, kind, place, day(row, written)?, day(row, written)?));
            }
            Place::Links { .. } => self.links.push((fact.key, row.take()?, row.take()?)),
            _ => {}
        }
        Ok(())
    }

    /// The number of whoever has none where it stands.
    fn otherwise(&mut self, key: &'static str, number: i64) {
        let known = |(of, own): &(&'static str, Own)| *of == key && matches!(own, Own::Number(Some(_)));
        if !self.own.iter().any(known) {
            self.own.push((key, Own::Number(Some(number))));
        }
    }

    /// Tells the index of a person, who is not in it yet; of the dead the one beside it, which knows of no other things.
    pub fn tell_person(&self, known: &mut Known, facts: &[Fact]) -> std::result::Result<Vec<Moved>, Fault> {
        let id = self.id;
        let counts = self.listed.as_ref().is_none_or(|(_, counts)| *counts);
        if let Some((name, _)) = &self.listed {
            known.order.set(id, name);
        }
        let index = if counts { &mut known.index } else { &mut known.apart };
        let mut moves = index.apply(&Change::Person(id))?;
        for (fact, own) in &self.own {
            moves.extend(index.apply(&Change::Set { person: id, fact, value: own.value() })?);
        }
        for (fact, code) in &self.tags {
            let value = Value::Tag { code, on: true };
            moves.extend(index.apply(&Change::Set { person: id, fact, value })?);
        }
        let acts: Vec<Act<'_>> = self
            .acts
            .iter()
            .map(|(kind, day, detail)| Act { kind: *kind, day: Day::new(*day), detail: detail.as_deref() })
            .collect();
        if !acts.is_empty() {
            moves.extend(index.apply(&Change::Acts { person: id, acts: &acts })?);
        }
        for fact in facts.iter().filter(|fact| fact.kind == Kind::Spans) {
            let mine = self.spans.iter().filter(|(key, ..)| *key == fact.key);
            let spans: Vec<Span<'_>> = mine
                .map(|(_, kind, place, from, to)| Span {
                    kind,
                    place: place.as_deref(),
                    from: *from,
                    to: *to,
                })
                .collect();
            if !spans.is_empty() {
                moves.extend(index.apply(&Change::Spans { person: id, fact: fact.key, spans: &spans })?);
            }
        }
        for (fact, kind, to) in self.links.iter().filter(|_| counts) {
            moves.extend(index.apply(&Change::Link { person: id, fact, kind, to: *to, on: true })?);
        }
        Ok(moves)
    }

    /// Tells the index of a thing that `of` leads to, which has no facts there yet.
    pub fn tell_thing(
        &self,
        index: &mut Audience,
        of: &'static str,
    ) -> std::result::Result<Vec<Moved>, Fault> {
        let id = self.id;
        let mut moves = index.apply(&Change::Thing { fact: of, id, on: true })?;
        for (fact, own) in &self.own {
            moves.extend(index.apply(&Change::SetThing { of, id, fact, value: own.value() })?);
        }
        for (fact, code) in &self.tags {
            let value = Value::Tag { code, on: true };
            moves.extend(index.apply(&Change::SetThing { of, id, fact, value })?);
        }
        Ok(moves)
    }
}

impl Own {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Choice(code) => Value::Choice(code.as_deref()),
            Self::Number(number) => Value::Number(*number),
            Self::Day(day) => Value::Day(*day),
            Self::Flag(on) => Value::Flag(*on),
        }
    }
}
