//! Working out the derived roles of somebody: what follows from the roles they have, and making it so.

use jiff::civil::Date;
use kring_core::Result;
use kring_frame::{About, Fut, PersonId, RoleDerived, Told, Tx, UnitId, params, sql};
use kring_lang::dates;

use super::{
    Rule,
    meaning::{self, Meaning},
};
use crate::merge;

/// The roles of one person, as far as definitions look at them.
pub(super) struct Held {
    pub(super) person: PersonId,
    born: Option<Date>,
    roles: Vec<HeldRole>,
}

/// From which day a rule holds for somebody; nobody may know the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Since(Option<Date>);

struct HeldRole {
    id: i64,
    kind: String,
    unit: Option<UnitId>,
    from: Option<Date>,
    to: Option<Date>,
    derived: bool,
}

impl Held {
    /// Has the derived role now, somewhere that counts.
    pub(super) fn has(&self, kind: &str, counts: impl Fn(Option<UnitId>) -> bool) -> bool {
        self.roles.iter().any(|r| r.derived && r.kind == kind && r.to.is_none() && counts(r.unit))
    }

    /// Where this person has the role, and since when there: in each unit by the roles in it and what holds for them.
    pub(super) fn places(&self, meaning: &Meaning, today: Date) -> Vec<(Option<UnitId>, Since)> {
        let mut units: Vec<Option<UnitId>> =
            self.roles.iter().filter(|r| !r.derived).map(|r| r.unit).collect();
        units.sort_unstable();
        units.dedup();
        let fits = |unit: Option<UnitId>| Some((unit, self.fits(meaning.in_unit(unit), unit, today)?));
        units.into_iter().filter_map(fits).collect()
    }

    /// Since when a rule holds for this person by their roles in a unit; `None` when it does not. The day is that of the
    /// diploma, or the day after the last of the former role, or the eighteenth birthday if that is later. Whoever still
    /// holds a role elsewhere in the institution is no former holder of it: it is one institution to them.
    fn fits(&self, rule: &Rule, unit: Option<UnitId>, today: Date) -> Option<Since> {
        let grown = self.born.and_then(|b| b.checked_add(jiff::Span::new().years(18)).ok());
        if rule.adults_only && grown.is_some_and(|day| day > today) {
            return None;
        }
        let mut since: Vec<Option<Date>> = Vec::new();
        for r in self.roles.iter().filter(|r| !r.derived && r.unit == unit) {
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

pub(super) fn today(tx: &Tx) -> Date {
    dates::date_of(tx.now(), &tx.house().settings.zone)
}

type RoleRow = (PersonId, Option<Date>, i64, String, Option<UnitId>, Option<Date>, Option<Date>, bool);

fn gather(rows: Vec<RoleRow>) -> Vec<Held> {
    let mut all: Vec<Held> = Vec::new();
    for (person, born, id, kind, unit, from, to, derived) in rows {
        let role = HeldRole { id, kind, unit, from, to, derived };
        match all.last_mut() {
            Some(last) if last.person == person => last.roles.push(role),
            _ => all.push(Held { person, born, roles: vec![role] }),
        }
    }
    all
}

/// People with roles, a page at a time, whole people only.
pub(super) async fn page_of_roles(tx: &mut Tx, after: PersonId) -> Result<Vec<Held>> {
    let rows: Vec<RoleRow> = tx
        .all(
            sql!(
                "select p.id, p.birth_date, r.id, r.kind, r.unit_id, r.valid_from, r.valid_to, r.derived
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
                    "select p.id, p.birth_date, r.id, r.kind, r.unit_id, r.valid_from, r.valid_to, r.derived
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
                "select p.id, p.birth_date, r.id, r.kind, r.unit_id, r.valid_from, r.valid_to, r.derived
                 from people p join party_roles r on r.person_id = p.id where p.id = $1 and p.state = 'known' order by p.id, r.id"
            ),
            params![person],
        )
        .await?;
    let meanings = meaning::all(tx).await?;
    for held in gather(rows) {
        if settle(tx, &held, &meanings).await? {
            tx.tell(About::person(held.person), &RoleDerived {}).await?;
        }
    }
    Ok(())
}

/// Makes the derived roles of somebody what the definitions say. A role that no longer follows ends the day before today,
/// so that what was counted yesterday stays explicable. Whether any became another.
pub(super) async fn settle(tx: &mut Tx, held: &Held, meanings: &[Meaning]) -> Result<bool> {
    let today = today(tx);
    let mut other = 0;
    for meaning in meanings {
        let places = held.places(meaning, today);
        let open = |r: &&HeldRole| r.derived && r.kind == meaning.kind && r.to.is_none();
        let mut over: Vec<&HeldRole> = Vec::new();
        for role in held.roles.iter().filter(open) {
            match places.iter().find(|(unit, _)| *unit == role.unit) {
                Some((_, Since(since))) if role.from != *since => {
                    other += tx
                        .run(
                            sql!("update party_roles set valid_from = $2 where id = $1"),
                            params![role.id, *since],
                        )
                        .await?;
                }
                Some(_) => {}
                None => over.push(role),
            }
        }
        for (unit, since) in places {
            if held.roles.iter().filter(open).any(|r| r.unit == unit) {
                continue;
            }
            // A role that stood in no unit, and follows from roles that stand in one, takes its place there.
            let homeless = over.iter().position(|r| r.unit.is_none());
            if let Some(at) = homeless
                && let Some(role) = over.get(at)
                && moves(tx, role.id, unit, since).await?
            {
                other += 1;
                over.remove(at);
                continue;
            }
            other += begin(tx, held.person, &meaning.kind, unit, since).await?;
        }
        for role in over {
            let last = today.yesterday().unwrap_or(today);
            let last = role.from.map_or(last, |from| last.max(from));
            other += tx
                .run(sql!("update party_roles set valid_to = $2 where id = $1"), params![role.id, last])
                .await?;
        }
    }
    Ok(other > 0)
}

async fn begin(tx: &mut Tx, person: PersonId, kind: &str, unit: Option<UnitId>, since: Since) -> Result<u64> {
    let now = tx.now();
    let new = tx
        .run(
            sql!(
                "insert into party_roles (person_id, kind, unit_id, valid_from, source, added_at, derived)
                 values ($1, $2, $3, $4, 'definition', $5, true) on conflict do nothing"
            ),
            params![person, kind, unit, since.0, now],
        )
        .await?;
    if new == 0 {
        // The same role was taken away by an earlier version: then it goes on.
        return tx
            .run(
                sql!(
                    "update party_roles set valid_to = null where person_id = $1 and kind = $2 and derived
                       and unit_id is not distinct from $3 and valid_from is not distinct from $4"
                ),
                params![person, kind, unit, since.0],
            )
            .await;
    }
    Ok(new)
}

/// Gives a role its unit, unless it stands there already.
async fn moves(tx: &mut Tx, role: i64, unit: Option<UnitId>, since: Since) -> Result<bool> {
    let moved = tx
        .run(
            sql!(
                "update party_roles set unit_id = $2, valid_from = $3 where id = $1
                   and not exists (select 1 from party_roles o where o.person_id = party_roles.person_id and o.kind = party_roles.kind
                        and o.detail = party_roles.detail and o.unit_id is not distinct from $2 and o.valid_from is not distinct from $3)"
            ),
            params![role, unit, since.0],
        )
        .await?;
    Ok(moved > 0)
}

/// Somebody got or lost a role, or became part of another number.
pub fn hear<'a>(tx: &'a mut Tx, told: &'a Told) -> Fut<'a, ()> {
    Box::pin(async move {
        let Some(id) = told.person.map(PersonId::new) else { return Ok(()) };
        let id = merge::current(tx, id).await?;
        derive(tx, id).await
    })
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
                unit: None,
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
        assert_eq!(graduate.fits(&narrow, None, today), Some(Since(Some(date(2019, 7, 1)))));
        let stopped = held(None, &[("enrolled_student", Some(date(2020, 9, 1)), Some(date(2021, 8, 31)))]);
        assert_eq!(stopped.fits(&narrow, None, today), None);
        assert_eq!(stopped.fits(&wide, None, today), Some(Since(Some(date(2021, 9, 1)))));
        let short = held(None, &[("enrolled_student", Some(date(2020, 9, 1)), Some(date(2020, 10, 15)))]);
        assert_eq!(short.fits(&wide, None, today), None, "six weeks are not six months");
        let back = held(
            None,
            &[
                ("enrolled_student", Some(date(2020, 9, 1)), Some(date(2021, 8, 31))),
                ("enrolled_student", Some(date(2026, 9, 1)), None),
            ],
        );
        assert_eq!(back.fits(&wide, None, today), None, "who studies here now is not a former student");
    }

    #[test]
    fn nobody_is_one_before_coming_of_age_where_the_rule_says_so() {
        let rule = Rule { kinds: vec!["graduate".into()], adults_only: true, ..Rule::default() };
        let young = held(Some(date(2009, 6, 1)), &[("graduate", Some(date(2026, 7, 1)), None)]);
        assert_eq!(young.fits(&rule, None, date(2026, 11, 29)), None);
        assert_eq!(young.fits(&rule, None, date(2027, 6, 1)), Some(Since(Some(date(2027, 6, 1)))));
    }

    #[test]
    fn a_role_stands_in_the_unit_of_the_roles_it_follows_from_and_by_what_holds_there() {
        let unit = |id: i64, parent: Option<i64>| crate::units::Unit {
            id: UnitId::new(id),
            parent: parent.map(UnitId::new),
            name_nl: String::new(),
            name_en: String::new(),
            kind: String::new(),
            legal_entity: false,
            location: String::new(),
        };
        let tree = [unit(1, None), unit(2, Some(1)), unit(3, Some(2)), unit(4, Some(1))];
        let house = Rule {
            kinds: vec!["graduate".into()],
            former: vec!["enrolled_student".into()],
            ..Rule::default()
        };
        let own = Rule { kinds: vec!["graduate".into()], ..Rule::default() };
        let own = std::iter::once((UnitId::new(2), own)).collect();
        let meaning = Meaning::new("alumnus".into(), house, own, &tree);
        let today = date(2026, 11, 29);
        let at = |units: &[Option<i64>]| {
            let (from, to) = (Some(date(2020, 9, 1)), Some(date(2021, 8, 31)));
            let mut one =
                held(None, &units.iter().map(|_| ("enrolled_student", from, to)).collect::<Vec<_>>());
            for (role, unit) in one.roles.iter_mut().zip(units) {
                role.unit = unit.map(UnitId::new);
            }
            let places = one.places(&meaning, today).into_iter();
            places.map(|(unit, _)| unit.map(UnitId::get)).collect::<Vec<_>>()
        };
        assert_eq!(at(&[None, Some(4)]), [None, Some(4)], "by the institution's");
        assert!(at(&[Some(2), Some(3)]).is_empty(), "the unit is stricter, and so is what is below it");
        assert_eq!(at(&[Some(3), Some(4)]), [Some(4)]);
        // The institution becomes stricter in its own way: what holds is both.
        let adults = Rule { adults_only: true, ..meaning.in_unit(None).clone() };
        let later = meaning.clone().with(None, Some(&adults));
        assert!(later.in_unit(Some(UnitId::new(3))).adults_only);
        assert!(later.in_unit(Some(UnitId::new(3))).former.is_empty());
        assert!(!later.above(UnitId::new(2)).former.is_empty());
    }
}
