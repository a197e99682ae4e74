//! Two organisations that turn out to be one, and are taken apart again.

use kring_core::{Error, Result};
use kring_frame::{About, Holding, Mark, Merged, OrganisationId, Permit, Tx, Unmerged, holding, params, sql};

use super::{begin, close, standing};
use crate::{index, organisation};

/// The hall's own tables in which a row is an organisation's.
pub(super) const HOLDINGS: &[Holding] = &[
    holding!(
        "contact_points", in "organisation_id",
        unless "exists (select 1 from contact_points k where k.organisation_id = $2 and k.kind = t.kind and k.canonical = t.canonical)"
    ),
    holding!(
        "party_roles", in "organisation_id",
        unless "exists (select 1 from party_roles k where k.organisation_id = $2 and k.kind = t.kind
            and coalesce(k.unit_id, 0) = coalesce(t.unit_id, 0) and k.detail = t.detail and coalesce(k.valid_from, '') = coalesce(t.valid_from, ''))"
    ),
    holding!("identifiers", in "organisation_id"),
    holding!("postal_addresses", in "organisation_id"),
    holding!("relationships", in "organisation_id"),
    holding!(
        "relation_owners", in "organisation_id",
        unless "exists (select 1 from relation_owners k where k.organisation_id = $2 and k.relation_group = t.relation_group)"
    ),
    holding!("organisations", in "parent_id", unless "t.id = $2"),
];

/// Brings two organisations together: branches, people, roles, codes and addresses of the one that goes follow, and so does
/// what the rooms hold of it.
pub async fn organisations(
    tx: &mut Tx,
    permit: &Permit,
    kept: OrganisationId,
    gone: OrganisationId,
    why: &str,
) -> Result<i64> {
    if kept == gone {
        return Err(Error::field("other", crate::say::merge_with_self()));
    }
    for id in [kept.min(gone), kept.max(gone)] {
        let held = tx
            .run(
                sql!("update organisations set version = version + 1 where id = $1 and state = 'known'"),
                params![id],
            )
            .await?;
        if held == 0 {
            organisation::load(tx, id).await?;
            return Err(Error::Conflict(crate::say::merge_moved_on()));
        }
    }
    // A head office that would come below its own branch changes places with it first.
    if organisation::path(tx, kept).await?.iter().any(|(above, _)| *above == gone) {
        tx.run(
            sql!("update organisations set parent_id = (select g.parent_id from organisations g where g.id = $2) where id = $1"),
            params![kept, gone],
        )
        .await?;
    }
    let merge = begin(tx, "organisation", kept.get(), gone.get(), why).await?;
    let house = tx.house().clone();
    for held in HOLDINGS.iter().chain(&house.rooms.organisation_holdings) {
        tx.run(held.note, params![merge, kept, gone]).await?;
        tx.run(held.take, params![merge, kept]).await?;
    }
    let now = tx.now();
    tx.run(
        sql!("update organisations set state = 'merged', merged_into = $2, changed_at = $3 where id = $1"),
        params![gone, kept, now],
    )
    .await?;
    index::index_organisation(tx, gone).await?;
    index::index_organisation(tx, kept).await?;
    tx.trail(Mark::changed(permit, "organisation").subject(kept.get()).detail(format!("merge={merge}")))
        .await?;
    tx.tell(About::organisation(kept).subject(merge), &Merged { gone: gone.get() }).await?;
    Ok(merge)
}

/// Takes a merge of organisations back.
pub async fn undo_organisations(tx: &mut Tx, permit: &Permit, merge: i64) -> Result<OrganisationId> {
    let (kept, gone) = standing(tx, "organisation", merge).await?;
    let (mut kept, gone) = (OrganisationId::new(kept), OrganisationId::new(gone));
    while let Some(next) = organisation::load(tx, kept).await?.merged_into {
        kept = next;
    }
    let house = tx.house().clone();
    for held in HOLDINGS.iter().chain(&house.rooms.organisation_holdings) {
        tx.run(held.back, params![merge, gone, kept]).await?;
    }
    let now = tx.now();
    tx.run(
        sql!("update organisations set state = 'known', merged_into = null, changed_at = $2 where id = $1"),
        params![gone, now],
    )
    .await?;
    close(tx, merge).await?;
    index::index_organisation(tx, kept).await?;
    index::index_organisation(tx, gone).await?;
    tx.trail(Mark::changed(permit, "organisation").subject(gone.get()).detail(format!("unmerge={merge}")))
        .await?;
    tx.tell(About::organisation(kept).subject(merge), &Unmerged { gone: gone.get() }).await?;
    Ok(gone)
}
