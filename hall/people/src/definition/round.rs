//! Working out everybody's derived roles: when a definition changed, and every night, since birthdays and last days pass
//! without anybody doing anything.

use std::sync::Arc;

use kring_core::Result;
use kring_frame::{About, Actor, Claimed, House, Job, PersonId, RoleDerived, Tx, UnitId, params, sql};
use serde::{Deserialize, Serialize};

use super::{
    derive::{page_of_roles, settle, today},
    meaning,
};

/// Works out everybody's derived roles.
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
        let meanings = meaning::all(&mut tx).await?;
        let page = page_of_roles(&mut tx, after).await?;
        let Some(last) = page.last() else {
            for meaning in &meanings {
                count(&mut tx, &meaning.kind, None).await?;
                for (unit, _) in meaning.own() {
                    count(&mut tx, &meaning.kind, Some(unit)).await?;
                }
            }
            return tx.commit().await;
        };
        after = last.person;
        let mut told = Vec::new();
        for held in &page {
            if settle(&mut tx, held, &meanings).await? {
                told.push(tx.entry(About::person(held.person), &RoleDerived {})?);
            }
        }
        tx.log_many(told).await?;
        tx.commit().await?;
    }
}

/// Writes beside the version in force how many it makes, in the unit and below.
async fn count(tx: &mut Tx, kind: &str, unit: Option<UnitId>) -> Result<()> {
    tx.run(
        sql!(
            "update role_definitions set people = (select count(distinct r.person_id) from party_roles r
                 join people p on p.id = r.person_id and p.state = 'known'
                 where r.kind = $1 and r.derived and r.valid_to is null
                   and (cast($2 as bigint) is null or r.unit_id in (with recursive under (id) as (
                        select u.id from units u where u.id = $2
                        union select u.id from units u join under on u.parent_id = under.id) select under.id from under)))
             where kind = $1 and unit_id is not distinct from $2
               and version = (select max(x.version) from role_definitions x where x.kind = $1 and x.unit_id is not distinct from $2)"
        ),
        params![kind, unit],
    )
    .await
    .map(drop)
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
