use kring_core::{Lang, Result};
use kring_frame::{DialogueHeard, Event, Fut, Line, Told, Tone, Tx, params, sql};

use crate::{READ_MESSAGES, Words};

/// What becomes of a message. A room that tells its own story (an answer, an invitation) marks its messages, so
/// that one thing is on the timeline once; what was *not* sent is always told, with its reason.
pub const KINDS: &[&str] = &["message.sent", "message.refused", "message.doubtful", "dialogue.heard"];

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
    if told.kind == DialogueHeard::KIND {
        return heard(tx, w, told).await;
    }
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
            line.title = if reason.as_deref() == Some("bounced") {
                w.line_returned(&what)
            } else {
                w.line_refused(&what)
            };
            line.text.push(reason_in_words(lang, reason.as_deref().unwrap_or_default()));
        }
    }
    Ok(Some(line))
}

/// What somebody said in a dialogue that was there already: the turn that was written with the event.
async fn heard(tx: &mut Tx, w: Words, told: &Told) -> Result<Option<Line>> {
    let found: Option<(String,)> = tx
        .maybe(
            sql!(
                "select text from turns where dialogue_id = $1 and direction = 'in' and channel <> 'automatic' and at = $2
                 order by id desc limit 1"
            ),
            params![told.subject, told.at],
        )
        .await?;
    Ok(found.map(|(text,)| Line {
        event: told.id,
        at: told.at,
        icon: "mail",
        tone: Tone::Leaf,
        title: w.line_heard().to_owned(),
        href: None,
        text: Vec::new(),
        quote: Some(shorten(&text)).filter(|t| !t.is_empty()),
        by: w.line_heard_by().to_owned(),
        unsent: false,
    }))
}

fn shorten(text: &str) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= 240 {
        return flat;
    }
    format!("{} …", flat.chars().take(237).collect::<String>())
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
