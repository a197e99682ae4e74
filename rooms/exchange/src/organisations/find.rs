//! Which organisation a row is about.

use std::collections::HashSet;

use kring_core::Result;
use kring_formats::code::Scheme;
use kring_frame::{OrganisationId, Tx, params, sql};
use kring_lang::names::fold;
use kring_people::organisation;

use super::Row;
use crate::{list::Import, row::Remark};

/// Schemes of which an organisation has one code: another of the same scheme is another organisation.
const ONE_EACH: &[&str] = &["kvk_branch", "brin_branch", "rio_location", "leerbedrijf_id", "kvk", "brin"];

/// The organisation of a row, or none when it is a new one, or why neither can be said.
pub async fn find(
    tx: &mut Tx,
    import: &Import,
    key: &str,
    row: &Row,
) -> Result<std::result::Result<Option<OrganisationId>, Remark>> {
    let mut found: Vec<OrganisationId> = Vec::new();
    let mut owners: HashSet<OrganisationId> = HashSet::new();
    for (scheme, code) in &row.codes {
        let Some(id) = owner(tx, scheme, code).await? else { continue };
        owners.insert(id);
        // The number of a company on the row of another branch: the number is the company's, the row is not.
        if !found.contains(&id) && fits(tx, id, row).await? {
            found.push(id);
        }
        // What a place of business is known by says more than what the whole is known by.
        if !found.is_empty() && matches!(scheme.as_str(), "kvk_branch" | "brin_branch" | "rio_location") {
            return Ok(Ok(found.first().copied()));
        }
    }
    match found.as_slice() {
        [one] => return Ok(Ok(Some(*one))),
        [] if owners.len() < 2 => {}
        _ => return Ok(Err(Remark::OrganisationConflict)),
    }
    if !row.postcode.is_empty() {
        let named: Vec<(OrganisationId,)> = tx
            .all(
                sql!(
                    "select distinct o.id from organisations o join postal_addresses a on a.organisation_id = o.id
                     where o.sort_key = $1 and o.state = 'known' and a.postcode = $2 order by o.id"
                ),
                params![fold(&row.name), &row.postcode],
            )
            .await?;
        let mut same = Vec::new();
        for (id,) in named {
            if fits(tx, id, row).await? {
                same.push(id);
            }
        }
        match same.as_slice() {
            [one] => return Ok(Ok(Some(*one))),
            [] => {}
            _ => return Ok(Err(Remark::OrganisationSeveral(row.name.clone()))),
        }
    }
    match before(tx, import, key).await? {
        Some(id) if fits(tx, id, row).await? => Ok(Ok(Some(id))),
        _ => Ok(Ok(None)),
    }
}

/// Whose code it is, under the number by which it is known now.
pub async fn owner(tx: &mut Tx, scheme: &str, code: &str) -> Result<Option<OrganisationId>> {
    let found: Option<(Option<OrganisationId>,)> = tx
        .maybe(
            sql!("select organisation_id from identifiers where scheme = $1 and value = $2"),
            params![scheme, code],
        )
        .await?;
    match found {
        Some((Some(id),)) => organisation::current(tx, id).await.map(Some),
        _ => Ok(None),
    }
}

/// Whether the codes of a row can be this organisation's: it has no other of the same scheme.
async fn fits(tx: &mut Tx, id: OrganisationId, row: &Row) -> Result<bool> {
    let codes: Vec<(String, String)> =
        tx.all(sql!("select scheme, value from identifiers where organisation_id = $1"), params![id]).await?;
    Ok(row.codes.iter().filter(|(scheme, _)| ONE_EACH.contains(&scheme.as_str())).all(|(scheme, code)| {
        let mut own = codes.iter().filter(|(s, _)| s == scheme).peekable();
        own.peek().is_none() || own.any(|(_, value)| value == code)
    }))
}

/// The organisation that an earlier row of this list, with the same words, was about.
async fn before(tx: &mut Tx, import: &Import, key: &str) -> Result<Option<OrganisationId>> {
    let found: Option<(OrganisationId,)> = tx
        .maybe(
            sql!(
                "select r.organisation_id from import_rows r join imports i on i.id = r.import_id
                 join organisations o on o.id = r.organisation_id
                 where r.fingerprint = $1 and i.list_key = $2 and i.kind = 'organisations' and r.action is not null and r.undone is null
                 order by r.import_id desc, r.line limit 1"
            ),
            params![crate::preparing::fingerprint_of(key), &import.list],
        )
        .await?;
    match found {
        Some((id,)) => organisation::current(tx, id).await.map(Some),
        None => Ok(None),
    }
}

/// The organisation that somebody means by a code or its exact name, or why there is none.
pub async fn meant(tx: &mut Tx, text: &str) -> Result<std::result::Result<OrganisationId, Remark>> {
    let mut found: HashSet<OrganisationId> = HashSet::new();
    for scheme in Scheme::ALL {
        if let Some(code) = scheme.read(text)
            && let Some(id) = owner(tx, scheme.key(), &code).await?
        {
            found.insert(id);
        }
    }
    if found.is_empty() {
        let named: Vec<(OrganisationId,)> = tx
            .all(
                sql!(
                    "select id from organisations where sort_key = $1 and state = 'known' order by id limit 2"
                ),
                params![fold(text)],
            )
            .await?;
        found.extend(named.into_iter().map(|(id,)| id));
    }
    let mut found = found.into_iter();
    Ok(match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(Remark::OrganisationUnknown(text.to_owned())),
        _ => Err(Remark::OrganisationSeveral(text.to_owned())),
    })
}
