//! Taking a row back. An organisation that the list brought goes, unless something else happened with it; what the list
//! changed becomes what it was, as far as it still is what the list left.

use kring_core::{Error, Result};
use kring_frame::{About, OrganisationChanged, OrganisationId, Tx, params, sql};
use kring_people::{index, organisation, source};

use super::bring::Changes;
use crate::{list::Import, single::Undone};

pub async fn take_back(tx: &mut Tx, import: &Import, id: OrganisationId, before: &str) -> Result<Undone> {
    let changes: Changes = serde_json::from_str(before).map_err(Error::broken)?;
    let here: Option<(String,)> =
        tx.maybe(sql!("select state from organisations where id = $1"), params![id]).await?;
    if here.is_none() {
        return Ok(Undone::Nothing);
    }
    let source = import.source();
    if changes.new {
        if is_busy(tx, import, id, &source).await? {
            return Ok(Undone::Kept);
        }
        tx.run(sql!("update import_rows set organisation_id = null where organisation_id = $1"), params![id])
            .await?;
        organisation::remove(tx, id).await?;
        return Ok(Undone::Removed);
    }
    put_back(tx, id, changes, &source).await?;
    index::index_organisation(tx, id).await?;
    let told = OrganisationChanged { how: "undo".into() };
    tx.tell(About::organisation(id).subject(import.id), &told).await?;
    Ok(Undone::Restored)
}

/// Whether something holds on to it that is not this import's: a value of another source, people, branches, an owner, an
/// event.
async fn is_busy(tx: &mut Tx, import: &Import, id: OrganisationId, source: &str) -> Result<bool> {
    let (held,): (bool,) = tx
        .one(
            sql!(
                "select exists (select 1 from contact_points c where c.organisation_id = $1 and c.source <> $2)
                     or exists (select 1 from identifiers i where i.organisation_id = $1 and i.source <> $2)
                     or exists (select 1 from postal_addresses a where a.organisation_id = $1 and a.source <> $2)
                     or exists (select 1 from party_roles r where r.organisation_id = $1 and r.source <> $2)
                     or exists (select 1 from organisation_value_sources s where s.organisation_id = $1 and s.source <> $2)
                     or exists (select 1 from relationships r where r.organisation_id = $1)
                     or exists (select 1 from relation_owners w where w.organisation_id = $1)
                     or exists (select 1 from organisations b where b.parent_id = $1 or b.merged_into = $1)
                     or exists (select 1 from organisations o where o.id = $1 and (o.owner_id is not null
                          or o.last_contact_at is not null or o.state <> 'known'))
                     or exists (select 1 from events e where e.organisation_id = $1 and not (
                          (e.kind in ('organisation.added', 'organisation.changed') and e.payload like '%import%')
                          or (e.kind = 'role.given' and exists (select 1 from party_roles r
                                where r.id = e.subject_id and r.organisation_id = $1 and r.source = $2))))"
            ),
            params![id, source],
        )
        .await?;
    // A later version of the list has said something of it, too.
    let (listed,): (bool,) = tx
        .one(
            sql!(
                "select exists (select 1 from import_rows r where r.organisation_id = $1 and r.import_id <> $2
                     and r.action = 'changed' and r.undone is null)"
            ),
            params![id, import.id],
        )
        .await?;
    Ok(held || listed)
}

async fn put_back(tx: &mut Tx, id: OrganisationId, changes: Changes, source: &str) -> Result<()> {
    let traced = source::of_organisation(tx, id).await?;
    let mut own = organisation::Brought::default();
    for (key, was, is) in changes.values {
        let last = traced.iter().find(|t| t.attribute == key);
        if last.is_none_or(|t| t.value != is || t.source != source) {
            continue;
        }
        match key.as_str() {
            "name" => own.name = Some(was.clone()),
            "kind" => own.kind = was.parse().ok(),
            _ => {
                let above =
                    was.parse().map_or(organisation::Above::Nothing, organisation::Above::Organisation);
                own.parent = Some(above);
            }
        }
        // The value is again from where it was before.
        tx.run(
            sql!(
                "delete from organisation_value_sources where organisation_id = $1 and attribute = $2 and source = $3 and value = $4"
            ),
            params![id, &key, source, &is],
        )
        .await?;
    }
    if own != organisation::Brought::default() {
        let before: Vec<(i64,)> = tx
            .all(
                sql!("select id from organisation_value_sources where organisation_id = $1 order by id desc limit 1"),
                params![id],
            )
            .await?;
        organisation::bring(tx, id, &own, "undo").await?;
        let newest = before.first().map_or(0, |(id,)| *id);
        tx.run(
            sql!("delete from organisation_value_sources where organisation_id = $1 and source = 'undo' and id > $2"),
            params![id, newest],
        )
        .await?;
    }
    for (kind, canonical) in changes.points {
        tx.run(
            sql!("delete from contact_points where organisation_id = $1 and kind = $2 and canonical = $3 and source = $4"),
            params![id, kind, canonical, source],
        )
        .await?;
    }
    for (scheme, code) in changes.codes {
        tx.run(
            sql!("delete from identifiers where organisation_id = $1 and scheme = $2 and value = $3 and source = $4"),
            params![id, scheme, code, source],
        )
        .await?;
    }
    if let Some((made, ended)) = changes.address {
        let gone = tx
            .run(
                sql!("delete from postal_addresses where id = $1 and source = $2 and valid_to is null"),
                params![made, source],
            )
            .await?;
        if gone == 1 {
            tx.run(sql!("update postal_addresses set valid_to = null where id = $1"), params![ended]).await?;
        }
    }
    for role in changes.roles {
        tx.run(sql!("delete from party_roles where id = $1 and source = $2"), params![role, source]).await?;
    }
    for (role, was, is) in changes.ends {
        tx.run(
            sql!("update party_roles set valid_to = $2 where id = $1 and valid_to is not distinct from $3"),
            params![role, was, is],
        )
        .await?;
    }
    Ok(())
}
