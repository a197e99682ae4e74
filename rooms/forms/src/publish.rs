//! Putting a draft before the public, once nothing keeps it from that.

use kring_core::{Error, Id, Lang, Result};
use kring_frame::{Permit, Tx};

use crate::{
    answer::wording_key,
    check,
    landing::{self, Landing},
    piece::{self, Kind, Piece},
    plan::{Ask, Plan},
    say,
};

/// A form.
pub async fn form(tx: &mut Tx, permit: &Permit, id: Id<Piece>, before: i64) -> Result<i64> {
    let form = piece::mine(tx, permit, Kind::Form, id).await?;
    if form.draft != before {
        return Err(Error::Conflict(say::draft_meanwhile()));
    }
    let plan: Plan = piece::draft(tx, &form).await?;
    if check::stops(&check::check(tx, &plan).await?) {
        return Err(Error::Conflict(say::not_publishable()));
    }
    let version = piece::publish(tx, permit, &form, &plan).await?;
    // The words of every yes are kept with the version, in each language in which somebody may say it.
    for field in plan.fields.iter().filter(|field| field.kind == Ask::Consent) {
        for tongue in &plan.tongues {
            let words = plan.say(&field.label, tongue);
            kring_consent::keep_wording(tx, &wording_key(id, field.id), version, tongue, words).await?;
        }
    }
    Ok(version)
}

/// A landing page.
pub async fn page(tx: &mut Tx, permit: &Permit, id: Id<Piece>, before: i64) -> Result<i64> {
    let page = piece::mine(tx, permit, Kind::Page, id).await?;
    if page.draft != before {
        return Err(Error::Conflict(say::draft_meanwhile()));
    }
    let plan: Landing = piece::draft(tx, &page).await?;
    if landing::check(tx, &plan, Lang::default()).await?.iter().any(|(_, stops)| *stops) {
        return Err(Error::Conflict(say::not_publishable()));
    }
    piece::publish(tx, permit, &page, &plan).await
}
