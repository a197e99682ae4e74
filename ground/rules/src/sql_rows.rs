//! Tests on other tables than the person's own: acts, roles and links as semi-joins.

use crate::{
    day::Day,
    facts::About,
    rule::{Count, Did, Held, Linked, Role, Then},
    sql::{Done, NotInSql, Row, Text},
    tables::{Column, Place, Rows},
    window::{Bound, Days},
};

impl Text<'_> {
    fn details(
        &mut self,
        of: &str,
        column: Option<Column>,
        codes: &[String],
        no: impl Fn() -> NotInSql,
    ) -> Done {
        if codes.is_empty() {
            return Ok(());
        }
        let column = column.ok_or_else(no)?;
        self.put(" and ");
        self.listed(&format!("{of}.{}", column.name), column, codes)
    }

    fn within(&mut self, name: &str, days: Days) {
        let from = (days.from != i32::MIN).then_some(i64::from(days.from));
        let to = (days.to != i32::MAX).then_some(i64::from(days.to));
        self.ends(name, from, to);
    }

    pub(crate) fn did(
        &mut self,
        did: &Did,
        rows: Rows,
        day: &str,
        detail: Option<Column>,
        row: &Row<'_>,
        no: impl Fn() -> NotInSql,
    ) -> Done {
        let (not, n, counted) = match did.count {
            Count::AtLeast(n) => ("", n, "*"),
            Count::FewerThan(n) => ("not ", n, "*"),
            Count::OnDays(n) => ("", n, day),
        };
        if n == 0 {
            // Everybody has done everything at least never, those without a single row too.
            self.put(if not.is_empty() { "true" } else { "false" });
            return Ok(());
        }
        self.put(not);
        let of = self.select(rows, row);
        self.details(&of, detail, &did.details, no)?;
        self.within(&format!("{of}.{day}"), did.when.days(self.now));
        if n > 1 {
            let counted = if counted == "*" { "*".to_owned() } else { format!("distinct {of}.{day}") };
            self.put(&format!(" group by {of}.{} having count({counted}) >= ", rows.owner));
            self.int(i64::from(n));
        }
        self.put(")");
        Ok(())
    }

    pub(crate) fn then(
        &mut self,
        then: &Then,
        rows: Rows,
        day: &str,
        detail: Option<Column>,
        row: &Row<'_>,
        no: impl Fn() -> NotInSql,
    ) -> Done {
        let next = self.tables.place(About::Person, &then.next);
        let Some(Place::Acts { rows: next_rows, day: next_day, detail: next_detail }) = next else {
            return Err(NotInSql::Fact(then.next.clone()));
        };
        let (a, b) = (self.alias(), self.alias());
        self.put(&format!(
            "{}.{} in (select {a}.{} from {} {a} join {} {b} on {b}.{} = {a}.{} where ",
            row.alias, row.key, rows.owner, rows.table, next_rows.table, next_rows.owner, rows.owner
        ));
        self.of_one(rows, row, &a);
        self.only(rows, &a);
        self.details(&a, detail, &then.details, no)?;
        let first = format!("{a}.{day}");
        self.within(&first, then.when.days(self.now));
        self.put(" and ");
        self.only(next_rows, &b);
        self.details(&b, next_detail, &then.next_details, || NotInSql::Fact(then.next.clone()))?;
        let second = format!("{b}.{next_day}");
        self.put(&format!(" and {second} >= {first} and {second} <= {first} + "));
        self.int(i64::from(then.within));
        self.ends(&second, None, Some(i64::from(self.now.today.number())));
        self.put(")");
        Ok(())
    }

    pub(crate) fn role(&mut self, role: &Role, at: Place, row: &Row<'_>) -> Done {
        let today = Some(self.now.today);
        match role.held {
            Held::Now => self.spans(role, at, row, (today, today), None),
            Held::Ever => self.spans(role, at, row, (None, today), None),
            Held::Formerly => {
                self.put("(");
                self.spans(role, at, row, (None, None), today)?;
                self.put(" and not ");
                self.spans(role, at, row, (today, today), None)?;
                self.put(")");
                Ok(())
            }
            // Begun by `to` and not ended before `from`.
            Held::During { from, to } => {
                let day = |bound: Option<Bound>| bound.map(|bound| bound.day(self.now));
                let days = (day(from), day(to));
                self.spans(role, at, row, days, None)
            }
        }
    }

    /// Who has a span that ends on or after the first day, begins on or before the second, and ended before the third.
    fn spans(
        &mut self,
        role: &Role,
        at: Place,
        row: &Row<'_>,
        (ends, begins): (Option<Day>, Option<Day>),
        ended: Option<Day>,
    ) -> Done {
        let Place::Spans { rows, kind, place, from, to, written } = at else { return Ok(()) };
        let of = self.select(rows, row);
        for (column, codes) in [(kind, &role.kinds), (place, &role.places)] {
            if !codes.is_empty() {
                self.put(" and ");
                self.listed(&format!("{of}.{}", column.name), column, codes)?;
            }
        }
        for (column, sign, day) in [(to, ">=", ends), (from, "<=", begins)] {
            if let Some(day) = day {
                self.put(&format!(" and ({of}.{column} is null or {of}.{column} {sign} "));
                self.day(day, written);
                self.put(")");
            }
        }
        if let Some(day) = ended {
            self.put(&format!(" and {of}.{to} < "));
            self.day(day, written);
        }
        self.put(")");
        Ok(())
    }

    pub(crate) fn linked(
        &mut self,
        linked: &Linked,
        key: &str,
        at: Place,
        row: &Row<'_>,
        steps: usize,
    ) -> Done {
        let Place::Links { rows, kind, to, things, thing_id } = at else { return Ok(()) };
        let of = self.select(rows, row);
        if !linked.kinds.is_empty() {
            self.put(" and ");
            self.listed(&format!("{of}.{}", kind.name), kind, &linked.kinds)?;
        }
        if let Some(rule) = &linked.to {
            let thing =
                Row { alias: self.alias(), key: thing_id, about: About::Linked(key), outermost: false };
            let alias = &thing.alias;
            self.put(&format!(" and {of}.{to} in (select {alias}.{thing_id} from {things} {alias} where "));
            self.rule(rule, &thing, steps)?;
            self.put(")");
        }
        if let Some(people) = &linked.people {
            let link = self.alias();
            let (table, key) = self.tables.people();
            self.put(&format!(" and {of}.{to} in (select {link}.{to} from {} {link} where ", rows.table));
            self.only(rows, &link);
            if !linked.kinds.is_empty() {
                self.put(" and ");
                self.listed(&format!("{link}.{}", kind.name), kind, &linked.kinds)?;
            }
            let person = Row { alias: self.alias(), key, about: About::Person, outermost: false };
            let alias = &person.alias;
            let owner = rows.owner;
            self.put(&format!(" and {link}.{owner} in (select {alias}.{key} from {table} {alias} where "));
            self.rule(&people.rule, &person, steps)?;
            self.put(&format!(") group by {link}.{to} having count(distinct {link}.{owner}) >= "));
            self.int(i64::from(people.at_least));
            self.put(")");
        }
        self.put(")");
        Ok(())
    }
}
