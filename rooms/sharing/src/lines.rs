//! How the events of this room read on a timeline.

use kring_core::{Lang, Result};
use kring_frame::{Event, Fut, Line, TipAnswered, Told, Tone, Tx, params, sql};

use crate::Words;

pub const KINDS: &[&str] =
    &["claim.made", "claim.ended", "tip.given", "tip.answered", "tip.escalated", "tip.closed"];

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
        kind if kind.starts_with("tip.") => {
            let found: Option<(String, String, String, String)> = tx
                .maybe(
                    sql!(
                        "select t.what, t.answer, t.outcome_note, a.name from tips t join actors a on a.id = t.giver_id where t.id = $1"
                    ),
                    params![told.subject],
                )
                .await?;
            let Some((what, answer, outcome, giver)) = found else { return Ok(None) };
            let title = match kind {
                "tip.given" => w.line_tip_given(),
                "tip.answered" if TipAnswered::read(told)?.accepted => w.line_tip_accepted(),
                "tip.answered" => w.line_tip_declined(),
                "tip.escalated" => w.line_tip_escalated(),
                _ => w.line_tip_closed(),
            };
            title.clone_into(&mut line.title);
            line.text.push(what);
            line.text.extend(match kind {
                "tip.answered" => Some(answer).filter(|a| !a.is_empty()),
                "tip.closed" => Some(outcome).filter(|o| !o.is_empty()),
                _ => None,
            });
            // Whoever gave it keeps the credit, whoever brings it to its end.
            if kind != "tip.given" {
                line.text.push(w.line_tip_credit(giver));
            }
        }
        _ => return Ok(None),
    }
    Ok(Some(line))
}
