use kring_core::{Lang, Result};
use kring_frame::{Fut, Line, Told, Tone, Tx, params, sql};

use crate::{READ_MESSAGES, Words};

/// What becomes of a message. A room that tells its own story (an answer, an invitation) marks its messages, so
/// that one thing is on the timeline once; what was *not* sent is always told, with its reason.
pub const KINDS: &[&str] = &["message.sent", "message.refused", "message.doubtful"];

pub fn lines<'a>(tx: &'a mut Tx, lang: Lang, events: &'a [Told]) -> Fut<'a, Vec<Line>> {
    Box::pin(async move {
        let mut lines = Vec::new();
        for told in events {
            lines.extend(line(tx, lang, told).await?);
        }
        Ok(lines)
    })
}

async fn line(tx: &mut Tx, lang: Lang, told: &Told) -> Result<Option<Line>> {
    let w = Words(lang);
    let found: Option<(String, Option<String>, bool, Option<String>)> = tx
        .maybe(
            sql!("select kind, subject, told_by_room, reason from messages where id = $1"),
            params![told.subject],
        )
        .await?;
    let Some((kind, subject, told_by_room, reason)) = found else { return Ok(None) };
    let what = subject
        .unwrap_or_else(|| w.find(&format!("kind-{}", kind.replace('.', "-"))).unwrap_or(&kind).to_owned());
    let mut line = Line {
        event: told.id,
        at: told.at,
        icon: "mail",
        tone: Tone::Plain,
        title: String::new(),
        href: tx
            .actor()
            .may(&READ_MESSAGES)
            .then(|| told.subject.map(|id| format!("/messages/{id}/why")))
            .flatten(),
        text: Vec::new(),
        quote: None,
        by: w.by_house().to_owned(),
        unsent: false,
    };
    match told.kind.as_str() {
        "message.sent" if told_by_room => return Ok(None),
        "message.sent" => line.title = w.line_sent(&what),
        "message.doubtful" => {
            line.tone = Tone::Sun;
            line.icon = "alert";
            line.title = w.line_doubtful(&what);
            line.text.push(w.line_doubtful_why().to_owned());
        }
        _ => {
            line.icon = "pause";
            line.unsent = true;
            line.title = w.line_refused(&what);
            line.text.push(reason_in_words(lang, reason.as_deref().unwrap_or_default()));
        }
    }
    Ok(Some(line))
}

/// The sentence behind a reason: of the permission function, or of the relay.
pub fn reason_in_words(lang: Lang, code: &str) -> String {
    let w = Words(lang);
    if let Some(said) = kring_consent::Words(lang).find(code).or_else(|| w.find(&format!("reason-{code}"))) {
        return said.to_owned();
    }
    match code {
        "over-cap" => w.reason_over_cap().to_owned(),
        "too-soon" => w.reason_too_soon().to_owned(),
        _ => match code.strip_prefix("smtp-") {
            Some(smtp) => w.reason_relay(smtp),
            None => code.to_owned(),
        },
    }
}
