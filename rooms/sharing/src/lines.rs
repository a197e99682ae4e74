//! How the events of this room read on a timeline.

use kring_core::{Lang, Result};
use kring_frame::{Fut, Line, Told, Tone, Tx, params, sql};

use crate::Words;

pub const KINDS: &[&str] = &["claim.made", "claim.ended"];

pub fn lines<'a>(tx: &'a mut Tx, lang: Lang, events: &'a [Told]) -> Fut<'a, Vec<Line>> {
    Box::pin(async move {
        let mut lines = Vec::with_capacity(events.len());
        for told in events {
            lines.extend(line(tx, lang, told).await?);
        }
        Ok(lines)
    })
}

async fn line(tx: &mut Tx, lang: Lang, told: &Told) -> Result<Option<Line>> {
    let w = Words(lang);
    let by: Option<(String,)> =
        tx.maybe(sql!("select name from actors where id = $1"), params![told.actor]).await?;
    let mut line = Line {
        event: told.id,
        at: told.at,
        icon: "hand",
        tone: Tone::Plain,
        title: String::new(),
        href: None,
        text: Vec::new(),
        quote: None,
        by: by.map(|(name,)| name).unwrap_or_default(),
        unsent: false,
    };
    match told.kind.as_str() {
        "claim.made" => {
            let reason: Option<(String,)> =
                tx.maybe(sql!("select reason from claims where id = $1"), params![told.subject]).await?;
            // A claim that was forgotten with its person has no line.
            let Some((reason,)) = reason else { return Ok(None) };
            w.line_claim_made().clone_into(&mut line.title);
            line.text.push(reason);
        }
        "claim.ended" => w.line_claim_ended().clone_into(&mut line.title),
        _ => return Ok(None),
    }
    Ok(Some(line))
}
