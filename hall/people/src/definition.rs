//! What it means to be an alumnus: a derived role. It is given by no hand but worked out from other roles by a definition
//! that the institution chooses, versioned, so that every count everywhere rests on the same words. A new version is
//! previewed before it holds, and the old ones stay readable beside the counts that were made with them.
//!
//! The role is a row like any other (materialised): lists, segments and reports read it without knowing the rule.

use std::sync::Arc;

use jiff::civil::Date;
use kring_core::{Error, Lang, Result, Timestamp};
use kring_frame::{Actor, Claimed, Fut, House, Job, Mark, Permit, PersonId, Told, Tx, params, record, sql};
use kring_lang::dates;
use serde::{Deserialize, Serialize};

use crate::{Words, merge};

/// Who has the role: whoever holds or held one of `kinds`, or held one of `former` and holds it no more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Having one of these is enough: a diploma stays one.
    pub kinds: Vec<String>,
    /// Having had one of these, which is over: studied here, with or without a diploma.
    pub former: Vec<String>,
    /// A former role counts when it lasted at least so many months.
    pub least_months: i64,
    /// Not before the eighteenth birthday; whose birthday is not known counts as grown up.
    pub adults_only: bool,
}

impl Rule {
    /// The rule as a sentence.
    pub fn says(&self, kinds: &[crate::roles::Kind], lang: Lang) -> String {
        let w = Words(lang);
        let named = |keys: &[String]| {
            let names: Vec<&str> = keys
                .iter()
                .map(|key| kinds.iter().find(|k| k.key == *key).map_or(key.as_str(), |k| k.name(lang)))
                .collect();
            names.join(w.or_between())
        };
        let mut parts = Vec::new();
        if !self.kinds.is_empty() {
            parts.push(w.rule_kinds(named(&self.kinds)));
        }
        if !self.former.is_empty() {
            let months = self.least_months;
            parts.push(if months > 0 {
                w.rule_former_months(months, named(&self.former))
            } else {
                w.rule_former(named(&self.former))
            });
        }
        let mut says = parts.join(w.rule_or());
        if self.adults_only {
            says.push_str(w.rule_adults());
        }
        says
    }
}

record! {
    /// One version of what a role means.
    #[derive(Clone, Debug)]
    pub struct Definition {
        pub kind: String,
        pub version: i64,
        rule: String,
        pub note: String,
        pub by: String,
        pub at: Timestamp,
        pub people: Option<i64>,
    }
}

impl Definition {
    pub fn rule(&self) -> Rule {
        serde_json::from_str(&self.rule).unwrap_or_default()
    }
}

/// All versions of a kind, newest first; the first is in force.
pub async fn versions(tx: &mut Tx, kind: &str) -> Result<Vec<Definition>> {
    tx.all(
        sql!(
            "select d.kind, d.version, d.rule, d.note, a.name, d.at, d.people from role_definitions d join actors a on a.id = d.actor_id
             where d.kind = $1 order by d.version desc"
        ),
        params![kind],
    )
    .await
}

/// The definitions in force, of the pack in use.
async fn in_force(tx: &mut Tx) -> Result<Vec<(String, Rule)>> {
    let rows: Vec<(String, String)> = tx
        .all(
            sql!(
                "select d.kind, d.rule from role_definitions d join role_kinds k on k.kind = d.kind
                 where d.version = (select max(x.version) from role_definitions x where x.kind = d.kind)
                   and (k.pack = 'all' or k.pack = (select f.value from schema_facts f where f.key = 'pack'))"
            ),
            params![],
        )
        .await?;
    Ok(rows.into_iter().map(|(kind, rule)| (kind, serde_json::from_str(&rule).unwrap_or_default())).collect())
}

/// How many a rule would make, and how many of these do not have the role now and the other way round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub people: i64,
    pub joins: i64,
    pub leaves: i64,
}

/// What a rule would make of the base, without changing it.
pub async fn preview(tx: &mut Tx, _permit: &Permit, kind: &str, rule: &Rule) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    let mut after = PersonId::new(0);
    loop {
        let page = page_of_roles(tx, after).await?;
        let Some(last) = page.last() else { break };
        after = last.person;
        let today = today(tx);
        for one in page {
            let (is, was) = (one.fits(rule, today).is_some(), one.has(kind));
            outcome.people += i64::from(is);
            outcome.joins += i64::from(is && !was);
            outcome.leaves += i64::from(was && !is);
        }
    }
    Ok(outcome)
}

/// Brings a new version into force; the roles follow in the background. `before` is the version the editor saw.
pub async fn change(
    tx: &mut Tx,
    permit: &Permit,
    kind: &str,
    before: i64,
    rule: &Rule,
    note: &str,
) -> Result<i64> {
    if rule.kinds.is_empty() && rule.former.is_empty() {
        return Err(Error::field("kinds", crate::say::rule_empty()));
    }
    let (now, actor) = (tx.now(), tx.actor().id);
    let text = serde_json::to_string(rule).map_err(Error::broken)?;
    let version = before + 1;
    let new = tx
        .run(
            sql!(
                "insert into role_definitions (kind, version, rule, note, actor_id, at) values ($1, $2, $3, $4, $5, $6)
                 on conflict (kind, version) do nothing"
            ),
            params![kind, version, text, note, actor, now],
        )
        .await?;
    if new == 0 {
        return Err(Error::Conflict(crate::say::changed_meanwhile()));
    }
    tx.trail(Mark::changed(permit, "definition").detail(format!("kind={kind},version={version}"))).await?;
    tx.enqueue(&DeriveAll {}).await?;
    Ok(version)
}

/// The roles of one person, as far as definitions look at them.
struct Held {
    person: PersonId,
    born: Option<Date>,
    roles: Vec<HeldRole>,
}

/// From which day a rule holds for somebody; nobody may know the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Since(Option<Date>);

struct HeldRole {
    id: i64,
    kind: String,
    from: Option<Date>,
    to: Option<Date>,
    derived: bool,
}

impl Held {
    fn has(&self, kind: &str) -> bool {
        self.roles.iter().any(|r| r.derived && r.kind == kind && r.to.is_none())
    }

    /// Since when the rule holds for this person; `None` when it does not. The day is that of the diploma, or the day
    /// after the last of the former role, or the eighteenth birthday if that is later.
    fn fits(&self, rule: &Rule, today: Date) -> Option<Since> {
        let grown = self.born.and_then(|b| b.checked_add(jiff::Span::new().years(18)).ok());
        if rule.adults_only && grown.is_some_and(|day| day > today) {
            return None;
        }
        let mut since: Vec<Option<Date>> = Vec::new();
        for r in self.roles.iter().filter(|r| !r.derived) {
            if rule.kinds.contains(&r.kind) && r.from.is_none_or(|from| from <= today) {
                since.push(r.from);
            }
            if rule.former.contains(&r.kind)
                && let Some(to) = r.to.filter(|to| *to < today)
                && months(r.from, to) >= rule.least_months
                && !self.roles.iter().any(|o| o.kind == r.kind && o.to.is_none_or(|end| end >= today))
            {
                since.push(to.tomorrow().ok());
            }
        }
        if since.is_empty() {
            return None;
        }
        let first = since.iter().flatten().min().copied();
        Some(Since(match (first, grown.filter(|_| rule.adults_only)) {
            (Some(day), Some(grown)) => Some(day.max(grown)),
            (first, _) => first,
        }))
    }
}

/// Whole months between two days; a role whose beginning is not known counts as long.
fn months(from: Option<Date>, to: Date) -> i64 {
    from.map_or(i64::MAX, |from| {
        let days = from.until(to).map_or(0, |span| span.get_days());
        i64::from(days) * 12 / 365
    })
}

fn today(tx: &Tx) -> Date {
    dates::date_of(tx.now(), &tx.house().settings.zone)
}

type RoleRow = (PersonId, Option<Date>, i64, String, Option<Date>, Option<Date>, bool);

fn gather(rows: Vec<RoleRow>) -> Vec<Held> {
    let mut all: Vec<Held> = Vec::new();
    for (person, born, id, kind, from, to, derived) in rows {
        let role = HeldRole { id, kind, from, to, derived };
        match all.last_mut() {
            Some(last) if last.person == person => last.roles.push(role),
            _ => all.push(Held { person, born, roles: vec![role] }),
        }
    }
    all
}

/// People with roles, a page at a time, whole people only.
async fn page_of_roles(tx: &mut Tx, after: PersonId) -> Result<Vec<Held>> {
    let rows: Vec<RoleRow> = tx
        .all(
            sql!(
                "select p.id, p.birth_date, r.id, r.kind, r.valid_from, r.valid_to, r.derived
                 from (select id, birth_date from people where id > $1 and state = 'known' order by id limit 5000) p
                 join party_roles r on r.person_id = p.id order by p.id, r.id"
            ),
            params![after],
        )
        .await?;
    if rows.is_empty() {
        // A page of people without any role is passed over.
        let (next,): (Option<PersonId>,) = tx
            .one(sql!("select min(person_id) from party_roles where person_id > $1"), params![after])
            .await?;
        let Some(next) = next else { return Ok(Vec::new()) };
        let rows: Vec<RoleRow> = tx
            .all(
                sql!(
                    "select p.id, p.birth_date, r.id, r.kind, r.valid_from, r.valid_to, r.derived
                     from (select id, birth_date from people where id >= $1 and state = 'known' order by id limit 5000) p
                     join party_roles r on r.person_id = p.id order by p.id, r.id"
                ),
                params![next],
            )
            .await?;
        return Ok(gather(rows));
    }
    Ok(gather(rows))
}

/// Works out the derived roles of one person anew.
pub async fn derive(tx: &mut Tx, person: PersonId) -> Result<()> {
    let rows: Vec<RoleRow> = tx
        .all(
            sql!(
                "select p.id, p.birth_date, r.id, r.kind, r.valid_from, r.valid_to, r.derived
                 from people p join party_roles r on r.person_id = p.id where p.id = $1 and p.state = 'known' order by p.id, r.id"
            ),
            params![person],
        )
        .await?;
    let rules = in_force(tx).await?;
    for held in gather(rows) {
        settle(tx, &held, &rules).await?;
    }
    Ok(())
}

/// Makes the derived roles of somebody what the rules say. A role that no longer follows ends the day before today, so
/// that what was counted yesterday stays explicable.
async fn settle(tx: &mut Tx, held: &Held, rules: &[(String, Rule)]) -> Result<bool> {
    let (today, now) = (today(tx), tx.now());
    let mut changed = false;
    for (kind, rule) in rules {
        let stands = held.roles.iter().find(|r| r.derived && r.kind == *kind && r.to.is_none());
        match (held.fits(rule, today), stands) {
            (Some(Since(since)), None) => {
                tx.run(
                    sql!(
                        "insert into party_roles (person_id, kind, valid_from, source, added_at, derived) values ($1, $2, $3, 'definition', $4, true)
                         on conflict do nothing"
                    ),
                    params![held.person, kind, since, now],
                )
                .await?;
                // The same role may have been taken away by an earlier version: then it goes on.
                tx.run(
                    sql!(
                        "update party_roles set valid_to = null where person_id = $1 and kind = $2 and derived
                           and valid_from is not distinct from $3"
                    ),
                    params![held.person, kind, since],
                )
                .await?;
                changed = true;
            }
            (Some(Since(since)), Some(role)) if role.from != since => {
                tx.run(sql!("update party_roles set valid_from = $2 where id = $1"), params![role.id, since])
                    .await?;
                changed = true;
            }
            (None, Some(role)) => {
                let last = today.yesterday().unwrap_or(today);
                let last = role.from.map_or(last, |from| last.max(from));
                tx.run(sql!("update party_roles set valid_to = $2 where id = $1"), params![role.id, last])
                    .await?;
                changed = true;
            }
            (Some(_), Some(_)) | (None, None) => {}
        }
    }
    Ok(changed)
}

/// Somebody got or lost a role, or became part of another number.
pub fn hear<'a>(tx: &'a mut Tx, told: &'a Told) -> Fut<'a, ()> {
    Box::pin(async move {
        let Some(id) = told.person.map(PersonId::new) else { return Ok(()) };
        let id = merge::current(tx, id).await?;
        derive(tx, id).await
    })
}

/// Works out everybody's derived roles: when a definition changed, and every night, since birthdays and last days pass
/// without anybody doing anything.
#[derive(Serialize, Deserialize)]
pub struct DeriveAll {}

impl Job for DeriveAll {
    const KIND: &'static str = "people.derive_all";
    fn unique_key(&self) -> Option<String> {
        Some("all".into())
    }
}

pub(crate) async fn run(house: House, _job: DeriveAll, claimed: Arc<Claimed>) -> Result<()> {
    derive_all(&house).await?;
    let mut tx = house.write(&Actor::robot()).await?;
    claimed.finish(&mut tx).await?;
    tx.commit().await
}

/// Everybody, in short transactions.
pub async fn derive_all(house: &House) -> Result<()> {
    let mut after = PersonId::new(0);
    loop {
        let mut tx = house.write(&Actor::robot()).await?;
        let rules = in_force(&mut tx).await?;
        let page = page_of_roles(&mut tx, after).await?;
        let Some(last) = page.last() else {
            for (kind, _) in rules {
                tx.run(
                    sql!(
                        "update role_definitions set people = (select count(distinct r.person_id) from party_roles r
                             join people p on p.id = r.person_id and p.state = 'known'
                             where r.kind = $1 and r.derived and r.valid_to is null)
                         where kind = $1 and version = (select max(x.version) from role_definitions x where x.kind = $1)"
                    ),
                    params![kind],
                )
                .await?;
            }
            return tx.commit().await;
        };
        after = last.person;
        for held in &page {
            settle(&mut tx, held, &rules).await?;
        }
        tx.commit().await?;
    }
}

/// Asks for the nightly round once a day.
pub async fn nightly(house: &House) -> Result<bool> {
    let mut look = house.read(&Actor::robot()).await?;
    let today = today(&look).to_string();
    if look.fact("people.derived_on").await?.as_deref() == Some(today.as_str()) {
        return Ok(false);
    }
    drop(look);
    let mut tx = house.write(&Actor::robot()).await?;
    tx.set_fact("people.derived_on", &today).await?;
    tx.enqueue(&DeriveAll {}).await?;
    tx.commit().await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn held(born: Option<Date>, roles: &[(&str, Option<Date>, Option<Date>)]) -> Held {
        let roles = roles
            .iter()
            .map(|(kind, from, to)| HeldRole {
                id: 1,
                kind: (*kind).into(),
                from: *from,
                to: *to,
                derived: false,
            })
            .collect();
        Held { person: PersonId::new(1), born, roles }
    }

    #[test]
    fn a_diploma_counts_and_so_does_having_studied_where_the_institution_says_so() {
        let today = date(2026, 11, 29);
        let narrow = Rule { kinds: vec!["graduate".into()], ..Rule::default() };
        let wide = Rule { former: vec!["enrolled_student".into()], least_months: 6, ..narrow.clone() };
        let graduate = held(None, &[("graduate", Some(date(2019, 7, 1)), None)]);
        assert_eq!(graduate.fits(&narrow, today), Some(Since(Some(date(2019, 7, 1)))));
        let stopped = held(None, &[("enrolled_student", Some(date(2020, 9, 1)), Some(date(2021, 8, 31)))]);
        assert_eq!(stopped.fits(&narrow, today), None);
        assert_eq!(stopped.fits(&wide, today), Some(Since(Some(date(2021, 9, 1)))));
        let short = held(None, &[("enrolled_student", Some(date(2020, 9, 1)), Some(date(2020, 10, 15)))]);
        assert_eq!(short.fits(&wide, today), None, "six weeks are not six months");
        let back = held(
            None,
            &[
                ("enrolled_student", Some(date(2020, 9, 1)), Some(date(2021, 8, 31))),
                ("enrolled_student", Some(date(2026, 9, 1)), None),
            ],
        );
        assert_eq!(back.fits(&wide, today), None, "who studies here now is not a former student");
    }

    #[test]
    fn nobody_is_one_before_coming_of_age_where_the_rule_says_so() {
        let rule = Rule { kinds: vec!["graduate".into()], adults_only: true, ..Rule::default() };
        let young = held(Some(date(2009, 6, 1)), &[("graduate", Some(date(2026, 7, 1)), None)]);
        assert_eq!(young.fits(&rule, date(2026, 11, 29)), None);
        assert_eq!(young.fits(&rule, date(2027, 6, 1)), Some(Since(Some(date(2027, 6, 1)))));
    }
}
