//! Who read, changed or took along what we have of a person: for whoever keeps the relation, and for the steward. Lists
//! that left the house name whom they held as ranges of numbers, and count too.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Result, Timestamp};
use kring_frame::{Mark, Permit, PersonId, Route, Tx, Visit, params, record, sql};
use kring_lang::dates;
use kring_people::{READ_PEOPLE, merge, owner};
use kring_web::Chrome;

use crate::{VIEWED, Words, party};

const PAGE: usize = 50;

pub fn routes() -> Vec<Route> {
    vec![Route::get("/people/{id}/viewed", &READ_PEOPLE, show)]
}

record! {
    #[derive(Clone, Debug)]
    struct Look {
        id: i64,
        at: Timestamp,
        by: String,
        deed: String,
        kind: String,
        purpose: String,
        person: Option<i64>,
        detail: String,
    }
}

/// Whether the ranges in a detail (`n=3,ids=3-9,12`) hold a number. Ranges stand last, since they hold commas themselves.
fn holds(detail: &str, number: i64) -> bool {
    let Some((_, ranges)) = detail.split_once("ids=") else { return false };
    ranges.split(',').any(|range| {
        let (from, to) = range.split_once('-').unwrap_or((range, range));
        matches!((from.parse::<i64>(), to.parse::<i64>()), (Ok(from), Ok(to)) if from <= number && number <= to)
    })
}

/// Newest first, before an entry. A list is looked at whole, since a range cannot be found by an index; there are few.
async fn looks(tx: &mut Tx, person: PersonId, before: i64) -> Result<Vec<Look>> {
    let numbers = merge::numbers_of(tx, person).await?;
    let mut found: Vec<Look> = Vec::new();
    for number in &numbers {
        let own: Vec<Look> = tx
            .all(
                sql!(
                    "select t.id, t.at, a.name, t.deed, t.kind, t.purpose, t.person_id, t.detail from trail t join actors a on a.id = t.actor_id
                     where t.person_id = $1 and t.id < $2 order by t.id desc limit $3"
                ),
                params![*number, before, PAGE + 1],
            )
            .await?;
        found.extend(own);
    }
    let mut at = before;
    let mut lists = 0;
    while lists <= PAGE {
        let page: Vec<Look> = tx
            .all(
                sql!(
                    "select t.id, t.at, a.name, t.deed, t.kind, t.purpose, t.person_id, t.detail from trail t join actors a on a.id = t.actor_id
                     where t.person_id is null and t.detail like '%ids=%' and t.id < $1 order by t.id desc limit 200"
                ),
                params![at],
            )
            .await?;
        let Some(last) = page.last() else { break };
        at = last.id;
        for look in page {
            if numbers.iter().any(|n| holds(&look.detail, n.get())) {
                found.push(look);
                lists += 1;
            }
        }
    }
    found.sort_by_key(|l| std::cmp::Reverse(l.id));
    found.truncate(PAGE + 1);
    Ok(found)
}

#[derive(Template)]
#[template(path = "viewed.html")]
struct ViewedPage {
    chrome: Chrome,
    w: Words,
    name: String,
    href: String,
    rows: Vec<Row>,
    first: String,
    next: String,
}

struct Row {
    who: String,
    what: String,
    purpose: String,
    when: String,
    machine: Timestamp,
}

async fn show(v: Visit, permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let id: PersonId = v.path("id")?;
    let before: i64 = v.query()?.get("before").parse().unwrap_or(i64::MAX);
    let mut tx = v.house.write(&v.actor).await?;
    let name = party::name(&mut tx, &permit, id.into()).await?;
    let keeps = owner::of(&mut tx, id).await?.iter().any(|o| o.actor == v.actor.id);
    if !keeps && !v.actor.may(&VIEWED) {
        return Err(Error::Forbidden);
    }
    let mut found = looks(&mut tx, id, before).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|l| format!("/people/{id}/viewed?before={}", l.id));
    // Looking at who looked is a look, too.
    tx.trail(Mark::read(&permit, "trail").person(id)).await?;
    let chrome = v.chrome(&mut tx, w.viewed_title(&name)).await?;
    tx.commit().await?;
    let zone = &v.house.settings.zone;
    let rows = found
        .into_iter()
        .map(|l| {
            let deed = w.find(&format!("viewed-{}", l.deed.replace('_', "-"))).unwrap_or(&l.deed);
            let what = if l.person.is_none() { w.viewed_in_list(deed) } else { thing(w, deed, &l.kind) };
            Row {
                what,
                purpose: w.find(&format!("viewed-for-{}", l.purpose)).unwrap_or(&l.purpose).to_owned(),
                when: dates::moment(l.at, zone, v.lang),
                machine: l.at,
                who: l.by,
            }
        })
        .collect();
    let first = if before == i64::MAX { String::new() } else { format!("/people/{id}/viewed") };
    let href = format!("/people/{id}");
    v.html(&ViewedPage { chrome, w, name, href, rows, first, next: next.unwrap_or_default() })
}

/// "read: the record", "changed: a note"; a thing without a word of its own is named by its code.
fn thing(w: Words, deed: &str, kind: &str) -> String {
    let thing = w.find(&format!("viewed-thing-{}", kind.replace('_', "-"))).unwrap_or(kind);
    format!("{deed}: {thing}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_what_lies_between_their_ends() {
        let detail = "n=9,ids=3-9,12,20-21";
        let held: Vec<i64> = (0..30).filter(|n| holds(detail, *n)).collect();
        assert_eq!(held, [3, 4, 5, 6, 7, 8, 9, 12, 20, 21]);
        assert!(!holds("fields=email", 3) && !holds("", 0) && !holds("ids=", 0));
    }
}
