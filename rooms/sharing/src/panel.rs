//! On a person's page: who is in contact now, and the ways to say so oneself. The line in the head stands above the
//! field for a note, so that it is read before something is written.

use askama::Template;
use kring_core::{Error, Lang, Result};
use kring_frame::{Fut, Markup, OrganisationId, Panel, PersonId, Tone, Tx};
use kring_people::{Party, owner};

use crate::{
    SHARE, VIEWED, Words, claim,
    claims::{Row, row},
};

#[derive(Template)]
#[template(path = "panel.html")]
struct Body {
    w: Words,
    href: String,
    claims: Vec<Row>,
    mine: bool,
    shares: bool,
    /// May see who looked.
    looked: bool,
}

pub fn panel(tx: &mut Tx, lang: Lang, id: PersonId) -> Fut<'_, Option<Panel>> {
    Box::pin(async move { card(tx, lang, id.into()).await })
}

pub fn organisation(tx: &mut Tx, lang: Lang, id: OrganisationId) -> Fut<'_, Option<Panel>> {
    Box::pin(async move { card(tx, lang, id.into()).await })
}

async fn card(tx: &mut Tx, lang: Lang, party: Party) -> Result<Option<Panel>> {
    let (w, me) = (Words(lang), tx.actor().id);
    let shares = tx.actor().may(&SHARE);
    let looked = match party {
        // Who looked is kept per person.
        Party::Organisation(_) => false,
        Party::Person(_) if tx.actor().may(&VIEWED) => true,
        Party::Person(_) => owner::of(tx, party).await?.iter().any(|o| o.actor == me),
    };
    if !shares && !looked {
        return Ok(None);
    }
    let claims = claim::of(tx, party).await?;
    let mine = claims.iter().any(|c| c.actor == me);
    let tone = if claims.iter().any(|c| c.actor != me) { Tone::Sun } else { Tone::Plain };
    let claims = claims.into_iter().map(|c| row(c, lang)).collect::<Result<_>>()?;
    let body = Body { w, href: party.href(), claims, mine, shares, looked };
    Ok(Some(Panel {
        title: w.panel_title().to_owned(),
        tone,
        note: None,
        href: None,
        body: Markup::from_template(body.render().map_err(Error::broken)?),
    }))
}

pub fn head(tx: &mut Tx, lang: Lang, id: PersonId) -> Fut<'_, Option<(String, Vec<String>)>> {
    Box::pin(async move {
        let w = Words(lang);
        let others = claim::of_others(tx, id.into()).await?;
        if others.is_empty() {
            return Ok(None);
        }
        let says = others
            .iter()
            .map(|c| w.head_claim(c.who(lang), kring_lang::dates::short_date(c.until, lang)))
            .collect();
        Ok(Some((w.head_contact().to_owned(), says)))
    })
}
