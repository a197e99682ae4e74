//! A rule as a condition in SQL: the reference for the index, and the way out when the index is not there.
//!
//! One text for both databases, in the house's common core. Every value is a bind, cast to its type so that neither
//! database has to guess. Conditions on other tables are `in (select …)` without a reference to the outer row: a
//! semi-join that any engine can hash, where a correlated `exists` with a count makes SQLite walk every person's rows.
//! Conditions are never null, so that `not` is the opposite.

use std::fmt::Write;

use crate::{
    bucket::{Bucket, PRIME},
    day::{Day, Now},
    facts::About,
    holds::World,
    rule::{Leaf, Rule, Test},
    tables::{Column, Place, Rows, Tables, Written},
};

/// A value that stands for `$n`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Param {
    Int(i64),
    Text(String),
}

/// A condition, and its binds in the order of `$1`, `$2`, …; each is used once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sql {
    pub text: String,
    pub params: Vec<Param>,
}

/// Why a rule has no SQL: it was not checked, or a fact has no place that fits the test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotInSql {
    Fact(String),
    Segment(i64),
    /// A code that is not a whole number, for a column of numbers.
    Code(String),
    /// Segments that lead on to segments without end.
    TooDeep,
}

const MOST_STEPS: usize = 60;

/// The condition on a row of the table of people, which the statement around it calls `alias`.
pub fn compile(
    rule: &Rule,
    tables: &dyn Tables,
    world: &dyn World,
    now: &Now,
    alias: &str,
) -> Result<Sql, NotInSql> {
    Text { tables, world, now, one: None, sql: Sql::default(), aliases: 0 }.of(rule, alias)
}

/// As [`compile`], for a statement that asks for one person: what is read of other tables are that person's rows only. Without
/// it a database reads those of everybody to answer for one.
pub fn compile_for(
    rule: &Rule,
    tables: &dyn Tables,
    world: &dyn World,
    now: &Now,
    alias: &str,
    person: i64,
) -> Result<Sql, NotInSql> {
    Text { tables, world, now, one: Some(person), sql: Sql::default(), aliases: 0 }.of(rule, alias)
}

/// The row that a condition is about.
pub(crate) struct Row<'a> {
    pub alias: String,
    pub key: &'static str,
    pub about: About<'a>,
    /// Of the statement itself, and not of a link within it.
    pub outermost: bool,
}

pub(crate) struct Text<'a> {
    pub tables: &'a dyn Tables,
    world: &'a dyn World,
    pub now: &'a Now,
    /// The only person who is asked about.
    one: Option<i64>,
    sql: Sql,
    aliases: usize,
}

pub(crate) type Done = Result<(), NotInSql>;

impl Text<'_> {
    fn of(mut self, rule: &Rule, alias: &str) -> Result<Sql, NotInSql> {
        let (_, key) = self.tables.people();
        let row = Row { alias: alias.to_owned(), key, about: About::Person, outermost: true };
        self.rule(rule, &row, MOST_STEPS)?;
        Ok(self.sql)
    }

    pub(crate) fn put(&mut self, text: &str) {
        self.sql.text.push_str(text);
    }

    pub(crate) fn int(&mut self, value: i64) {
        self.sql.params.push(Param::Int(value));
        let _ = write!(self.sql.text, "cast(${} as bigint)", self.sql.params.len());
    }

    pub(crate) fn day(&mut self, day: Day, written: Written) {
        match written {
            Written::Number => self.int(i64::from(day.number())),
            Written::Iso => self.text(day.date().to_string()),
        }
    }

    fn text(&mut self, value: String) {
        self.sql.params.push(Param::Text(value));
        let _ = write!(self.sql.text, "cast(${} as text)", self.sql.params.len());
    }

    fn code(&mut self, column: Column, code: &str) -> Done {
        if column.number {
            let number = code.parse().map_err(|_| NotInSql::Code(code.to_owned()))?;
            self.int(number);
        } else {
            self.text(code.to_owned());
        }
        Ok(())
    }

    pub(crate) fn alias(&mut self) -> String {
        self.aliases += 1;
        format!("r{}", self.aliases)
    }

    pub(crate) fn rule(&mut self, rule: &Rule, row: &Row<'_>, steps: usize) -> Done {
        let steps = steps.checked_sub(1).ok_or(NotInSql::TooDeep)?;
        match rule {
            Rule::All(rules) => self.group(rules, row, steps, " and ", "true"),
            Rule::Any(rules) => self.group(rules, row, steps, " or ", "false"),
            Rule::None(rules) => {
                self.put("not ");
                self.group(rules, row, steps, " or ", "false")
            }
            Rule::Fact(leaf) => self.leaf(leaf, row, steps),
            Rule::Segment(id) => {
                let rule = self.world.segment(*id).ok_or(NotInSql::Segment(*id))?.clone();
                self.rule(&rule, row, steps)
            }
            Rule::Bucket(bucket) => {
                self.bucket(bucket, row);
                Ok(())
            }
        }
    }

    fn group(&mut self, rules: &[Rule], row: &Row<'_>, steps: usize, between: &str, empty: &str) -> Done {
        self.put("(");
        for (place, rule) in rules.iter().enumerate() {
            self.put(if place == 0 { "" } else { between });
            self.rule(rule, row, steps)?;
        }
        self.put(if rules.is_empty() { empty } else { "" });
        self.put(")");
        Ok(())
    }

    fn leaf(&mut self, Leaf { key, is }: &Leaf, row: &Row<'_>, steps: usize) -> Done {
        let missing = || NotInSql::Fact(key.clone());
        let place = self.tables.place(row.about, key).ok_or_else(missing)?;
        match (is, place) {
            (Test::AnyOf(codes), _) => self.any_of(codes, place, row, missing),
            (Test::NoneOf(codes), _) => {
                self.put("not ");
                self.any_of(codes, place, row, missing)
            }
            (Test::AllOf(codes), _) => {
                self.put("(true");
                for code in codes {
                    self.put(" and ");
                    self.any_of(std::slice::from_ref(code), place, row, missing)?;
                }
                self.put(")");
                Ok(())
            }
            (Test::Known, _) => self.known(place, row, "", missing),
            (Test::Unknown, _) => self.known(place, row, "not ", missing),
            (Test::Between { from, to }, Place::Number(column)) => {
                self.between(column, *from, *to, row);
                Ok(())
            }
            (Test::Between { from, to }, Place::NumberIn { rows, number, otherwise }) => {
                self.between_in(rows, number, otherwise, (*from, *to), row);
                Ok(())
            }
            (Test::Days { from, to }, Place::Day(column, written)) => {
                let name = format!("{}.{column}", row.alias);
                self.put(&format!("({name} is not null"));
                for (sign, bound) in [(">=", from), ("<=", to)] {
                    if let Some(bound) = bound {
                        self.put(&format!(" and {name} {sign} "));
                        self.day(bound.day(self.now), written);
                    }
                }
                self.put(")");
                Ok(())
            }
            (Test::Yes | Test::No, Place::Flag(condition)) => {
                self.put(if *is == Test::Yes { "coalesce(" } else { "not coalesce(" });
                self.put(&condition.replace("{}", &row.alias));
                self.put(", false)");
                Ok(())
            }
            (Test::Did(did), Place::Acts { rows, day, detail }) => {
                self.did(did, rows, day, detail, row, missing)
            }
            (Test::Then(then), Place::Acts { rows, day, detail }) => {
                self.then(then, rows, day, detail, row, missing)
            }
            (Test::Role(role), Place::Spans { .. }) => self.role(role, place, row),
            (Test::Linked(linked), Place::Links { .. }) => self.linked(linked, key, place, row, steps),
            _ => Err(missing()),
        }
    }

    fn any_of(&mut self, codes: &[String], at: Place, row: &Row<'_>, no: impl Fn() -> NotInSql) -> Done {
        match at {
            Place::Choice(column) => {
                let name = format!("{}.{}", row.alias, column.name);
                self.put(&format!("({name} is not null and "));
                self.listed(&name, column, codes)?;
                self.put(")");
            }
            Place::Codes { rows, code } => {
                let of = self.select(rows, row);
                self.put(" and ");
                self.listed(&format!("{of}.{}", code.name), code, codes)?;
                self.put(")");
            }
            _ => return Err(no()),
        }
        Ok(())
    }

    /// `name in (…)`; false for an empty list, which `in ()` is not allowed to say.
    pub(crate) fn listed(&mut self, name: &str, column: Column, codes: &[String]) -> Done {
        if codes.is_empty() {
            self.put("false");
            return Ok(());
        }
        self.put(name);
        for (place, code) in codes.iter().enumerate() {
            self.put(if place == 0 { " in (" } else { ", " });
            self.code(column, code)?;
        }
        self.put(")");
        Ok(())
    }

    fn known(&mut self, at: Place, row: &Row<'_>, not: &str, no: impl Fn() -> NotInSql) -> Done {
        match at {
            Place::Choice(Column { name, .. }) | Place::Number(name) | Place::Day(name, _) => {
                let is = if not.is_empty() { "is not null" } else { "is null" };
                self.put(&format!("{}.{name} {is}", row.alias));
            }
            Place::Codes { rows, code } => {
                self.put(not);
                let of = self.select(rows, row);
                self.put(&format!(" and {of}.{} is not null)", code.name));
            }
            Place::NumberIn { otherwise: Some(_), .. } => {
                self.put(if not.is_empty() { "true" } else { "false" });
            }
            Place::NumberIn { rows, number, otherwise: None } => {
                self.put(not);
                let of = self.select(rows, row);
                self.put(&format!(" and {of}.{number} is not null)"));
            }
            _ => return Err(no()),
        }
        Ok(())
    }

    /// Where having no row means a number between the ends, those are meant who have none that lies outside: the other
    /// way round everybody without a row would have to be looked for.
    fn between_in(
        &mut self,
        rows: Rows,
        number: &str,
        otherwise: Option<i64>,
        (from, to): (Option<i64>, Option<i64>),
        row: &Row<'_>,
    ) {
        let within = |n: i64| from.is_none_or(|from| from <= n) && to.is_none_or(|to| n <= to);
        let outside = otherwise.is_some_and(within);
        self.put(if outside { "not " } else { "" });
        let of = self.select(rows, row);
        let name = format!("{of}.{number}");
        if outside {
            self.put(" and (false");
            for (sign, bound) in [("<", from), (">", to)] {
                if let Some(bound) = bound {
                    self.put(&format!(" or {name} {sign} "));
                    self.int(bound);
                }
            }
            self.put(")");
        } else {
            self.put(&format!(" and {name} is not null"));
            self.ends(&name, from, to);
        }
        self.put(")");
    }

    fn between(&mut self, column: &str, from: Option<i64>, to: Option<i64>, row: &Row<'_>) {
        let name = format!("{}.{column}", row.alias);
        self.put(&format!("({name} is not null"));
        self.ends(&name, from, to);
        self.put(")");
    }

    pub(crate) fn ends(&mut self, name: &str, from: Option<i64>, to: Option<i64>) {
        if let Some(from) = from {
            self.put(&format!(" and {name} >= "));
            self.int(from);
        }
        if let Some(to) = to {
            self.put(&format!(" and {name} <= "));
            self.int(to);
        }
    }

    /// `row.key in (select x.owner from table x where only` and leaves the parenthesis open; says what `x` is.
    pub(crate) fn select(&mut self, rows: Rows, row: &Row<'_>) -> String {
        let of = self.alias();
        self.put(&format!(
            "{}.{} in (select {of}.{} from {} {of} where ",
            row.alias, row.key, rows.owner, rows.table
        ));
        self.of_one(rows, row, &of);
        self.only(rows, &of);
        of
    }

    /// When only one person is asked about: only their rows.
    pub(crate) fn of_one(&mut self, rows: Rows, row: &Row<'_>, of: &str) {
        if let Some(person) = self.one.filter(|_| row.outermost) {
            self.put(&format!("{of}.{} = ", rows.owner));
            self.int(person);
            self.put(" and ");
        }
    }

    pub(crate) fn only(&mut self, rows: Rows, of: &str) {
        self.put(&rows.only.map_or_else(|| "true".to_owned(), |only| only.replace("{}", of)));
    }

    fn bucket(&mut self, bucket: &Bucket, row: &Row<'_>) {
        let (factor, shift) = bucket.constants();
        let Row { alias, key, .. } = row;
        let dealt = format!("(({alias}.{key} % {PRIME}) * {factor} + {shift}) % {PRIME}");
        let square = format!("(({dealt}) * ({dealt}) % {PRIME})");
        self.put(&format!("(({square} * {square} % {PRIME}) * ({dealt}) % {PRIME}) % "));
        self.int(i64::from(bucket.of.max(1)));
        self.put(" < ");
        self.int(i64::from(bucket.take));
    }
}
