//! Who may be profiled: scored by what they did, or called alike to others, so as to approach them better.

use std::collections::HashMap;

use jiff::{ToSpan, civil::Date};
use kring_core::{Error, Result};
use kring_db::{stored, two_faces};
use kring_frame::{PersonId, Tx, params};
use kring_lang::dates;

use crate::{Age, age};

stored! {
    /// Why somebody may not be.
    pub enum Withheld {
        /// An objection to direct marketing is absolute, and is one to the profiling that goes with it (GDPR 21(2) and (3)), over
        /// whichever channel it was made; whoever wants nothing from us at all objects as well.
        Objected = "objected",
        /// Under sixteen nobody is profiled (UAVG 5, GDPR recital 38). Whose age is not known is not taken for a child.
        Under16 = "under_16",
    }
}

/// Why this person may not be profiled; `None` when they may.
pub async fn withheld(tx: &mut Tx, person: PersonId) -> Result<Option<Withheld>> {
    Ok(withheld_among(tx, &[person]).await?.remove(&person))
}

/// Those among these people who may not be profiled.
pub async fn withheld_among(tx: &mut Tx, people: &[PersonId]) -> Result<HashMap<PersonId, Withheld>> {
    let (now, zone) = (tx.now(), tx.house().settings.zone.clone());
    // A year wide enough for whoever might be under sixteen; how old they are is reckoned in one place.
    let born_after = dates::date_of(now, &zone).saturating_sub(17.years());
    let ids = serde_json::to_string(people).map_err(Error::broken)?;
    let found: Vec<(PersonId, Option<Date>, Option<i64>, bool)> = tx
        .all(
            two_faces!(
                sqlite: "select x.id, x.birth_date, x.birth_year, x.objected
                     from (select p.id, p.birth_date, p.birth_year, exists (
                             select 1 from consent_ledger l
                             where l.person_id = p.id and l.void_at is null
                               and ((l.act = 'objection' and l.purpose = 'marketing') or l.act = 'block')
                               and not exists (
                                 select 1 from consent_ledger n
                                 where n.person_id = p.id and n.void_at is null
                                   and ((l.act = 'block' and n.act = 'unblock')
                                     or (l.act = 'objection' and n.purpose = l.purpose and n.channel = l.channel
                                         and n.act in ('lifted', 'consent')))
                                   and (coalesce(n.said_at, n.at) > coalesce(l.said_at, l.at)
                                     or (coalesce(n.said_at, n.at) = coalesce(l.said_at, l.at) and n.id > l.id)))
                           ) as objected
                           from json_each($1) j cross join people p where p.id = j.value) x
                     where x.objected or x.birth_date >= $2 or x.birth_year >= $3",
                postgres: "select x.id, x.birth_date, x.birth_year, x.objected
                     from (select p.id, p.birth_date, p.birth_year, exists (
                             select 1 from consent_ledger l
                             where l.person_id = p.id and l.void_at is null
                               and ((l.act = 'objection' and l.purpose = 'marketing') or l.act = 'block')
                               and not exists (
                                 select 1 from consent_ledger n
                                 where n.person_id = p.id and n.void_at is null
                                   and ((l.act = 'block' and n.act = 'unblock')
                                     or (l.act = 'objection' and n.purpose = l.purpose and n.channel = l.channel
                                         and n.act in ('lifted', 'consent')))
                                   and (coalesce(n.said_at, n.at) > coalesce(l.said_at, l.at)
                                     or (coalesce(n.said_at, n.at) = coalesce(l.said_at, l.at) and n.id > l.id)))
                           ) as objected
                           from json_array_elements_text($1::text::json) j join people p on p.id = j::bigint) x
                     where x.objected or x.birth_date >= $2 or x.birth_year >= $3",
            ),
            params![ids, born_after, i64::from(born_after.year())],
        )
        .await?;
    Ok(found
        .into_iter()
        .filter_map(|(id, born, year, objected)| {
            let young = age(born, year, now, &zone) == Age::Under16;
            let why = if objected { Some(Withheld::Objected) } else { young.then_some(Withheld::Under16) };
            Some((id, why?))
        })
        .collect())
}
