//! From the log to what waits: each webhook reads on from where it stood, as the key under which it listens.

use std::collections::BTreeMap;

use kring_core::{Error, Id, Result};
use kring_db::Told;
use kring_frame::{Actor, Event, House, PersonForgotten, Tx, UnitId, actor_of, params, rules::Rule, sql};
use kring_people::{READ_PEOPLE, wall};
use serde_json::{Map, Value};

use crate::{
    catalogue::{self, Offered},
    hook::{self, Webhook},
    message::{self, Body},
};

const PAGE: u32 = 256;

/// So many may wait for one webhook before it reads on; the log keeps the rest.
const AHEAD: i64 = 1_000;

/// Reads a page for each webhook; `false` when there was nothing for any.
pub async fn step(house: &House) -> Result<bool> {
    let mut look = house.read(&Actor::robot()).await?;
    let hooks = hook::on(&mut look).await?;
    let mut busy = false;
    for webhook in &hooks {
        if message::waiting(&mut look, webhook.id).await? < AHEAD {
            busy |= read_on(house, &mut look, webhook).await?;
        }
    }
    Ok(busy)
}

async fn read_on(house: &House, look: &mut Tx, webhook: &Webhook) -> Result<bool> {
    let reader = webhook.reader();
    let from = look.cursor_of(&reader).await?;
    let page = look.events_after(from, PAGE).await?;
    let full = page.len() == PAGE as usize;
    // A page with nothing for this one is read again next time rather than written about; it is one page at most.
    if !full && !page.iter().any(|told| webhook.hears(&told.kind)) {
        return Ok(false);
    }
    let Some(end) = page.last().map(Told::cursor) else { return Ok(false) };
    let key = actor_of(look, webhook.key).await?;
    let mut tx = house.write(&key).await?;
    if tx.cursor(&reader).await? != from {
        return Ok(true);
    }
    let segments = hook::segments_of(&mut tx, webhook.id).await?;
    for told in page.iter().filter(|told| webhook.hears(&told.kind)) {
        let Some(offered) = catalogue::find(&told.kind) else { continue };
        if offered.of_segment() && !told.subject.is_some_and(|id| segments.contains(&id)) {
            continue;
        }
        if sees(&mut tx, offered, told).await? {
            keep(&mut tx, webhook.id, offered, told).await?;
        }
    }
    tx.move_cursor(&reader, end).await?;
    tx.commit().await?;
    Ok(true)
}

/// Whether the key sees what this event is about, as it would over the API.
async fn sees(tx: &mut Tx, offered: &Offered, told: &Told) -> Result<bool> {
    let house = tx.house().clone();
    let unit = told.unit.map(UnitId::new);
    if !tx.actor().sees(offered.purpose.as_str(), unit, &house.rooms.rights) {
        return Ok(false);
    }
    if let (Some(segments), Some(id)) = (house.rooms.segments, told.subject.filter(|_| offered.of_segment()))
    {
        let saved: BTreeMap<i64, Rule> = (segments.saved)(tx).await?.into_iter().collect();
        // One that was put away is not among them; that it was is told.
        let asked = saved.get(&id).is_none_or(|rule| house.rooms.facts.may_ask(tx.actor(), &saved, rule));
        if !asked {
            return Ok(false);
        }
    }
    // Of somebody who was forgotten nothing is left that a wall could be held against; that this number is nobody any more
    // is for whoever may have been told of it.
    if told.kind == PersonForgotten::KIND || (told.person.is_none() && told.organisation.is_none()) {
        return Ok(true);
    }
    let Ok(permit) = tx.actor().permit(&READ_PEOPLE) else { return Ok(false) };
    let seen = match (told.person, told.organisation) {
        (Some(person), _) => wall::person(tx, &permit, Id::new(person)).await,
        (None, Some(organisation)) => wall::organisation(tx, &permit, Id::new(organisation)).await,
        (None, None) => Ok(()),
    };
    match seen {
        Ok(()) => Ok(true),
        Err(Error::NotFound | Error::Forbidden) => Ok(false),
        Err(why) => Err(why),
    }
}

async fn keep(tx: &mut Tx, webhook: Id<Webhook>, offered: &Offered, told: &Told) -> Result<()> {
    let person = told.person.filter(|_| told.kind != PersonForgotten::KIND);
    let (body, now) = (body(offered, told)?, tx.now());
    tx.run(
        sql!(
            "insert into webhook_messages (webhook_id, event_id, kind, person_id, body, state, due_at, made_at)
             values ($1, $2, $3, $4, $5, 'waiting', $6, $6) on conflict (webhook_id, event_id) do nothing"
        ),
        params![webhook, told.id, offered.kind, person, body, now],
    )
    .await?;
    Ok(())
}

/// What is told: which kind, when, and numbers and codes.
fn body(offered: &Offered, told: &Told) -> Result<String> {
    let mut data: Map<String, Value> = serde_json::from_str(&told.payload).unwrap_or_default();
    data.insert("event".into(), told.id.into());
    let about = [
        ("person", told.person),
        ("organisation", told.organisation),
        ("unit", told.unit),
        (offered.subject.unwrap_or_default(), told.subject.filter(|_| offered.subject.is_some())),
    ];
    data.extend(about.into_iter().filter_map(|(name, id)| Some((name.to_owned(), id?.into()))));
    Body { kind: offered.kind.into(), timestamp: told.at, data }.text()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_which_numbers_are_meant() {
        let told = Told {
            id: 91,
            xid: 0,
            kind: "segment.joined".into(),
            at: "2026-11-30T09:00:00Z".parse().unwrap(),
            person: Some(4711),
            organisation: None,
            unit: None,
            actor: 1,
            purpose: "relation".into(),
            subject: Some(3),
            payload: r#"{"cause":"role.given","because":90}"#.into(),
        };
        let body = body(catalogue::find("segment.joined").unwrap(), &told).unwrap();
        let data = r#"{"because":90,"cause":"role.given","event":91,"person":4711,"segment":3}"#;
        let whole =
            format!(r#"{{"type":"segment.joined","timestamp":"2026-11-30T09:00:00Z","data":{data}}}"#);
        assert_eq!(body, whole);
    }

    #[test]
    fn no_detail_of_an_event_hides_who_it_is_about() {
        let mut kinds: Vec<&str> = catalogue::all().map(|offered| offered.kind).collect();
        let all = kinds.len();
        kinds.sort_unstable();
        kinds.dedup();
        assert_eq!(kinds.len(), all, "each is offered once");
    }
}
