//! On the timeline: what a colleague wrote down or settled. Needs that follow a question have no line: the question has one.

use kring_core::{Id, Lang, Result};
use kring_frame::{Event, Fut, Line, NeedNoted, NeedSettled, Told, Tone, Tx, params, sql};
use kring_talks::topic;

use crate::{Words, need::Source};

pub const KINDS: &[&str] = &[NeedNoted::KIND, NeedSettled::KIND];

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
    let (by, kind): (String, String) =
        tx.one(sql!("select name, kind from actors where id = $1"), params![told.actor]).await?;
    let mut line = Line {
        event: told.id,
        at: told.at,
        icon: "info",
        tone: Tone::Plain,
        title: String::new(),
        href: None,
        text: Vec::new(),
        quote: None,
        by: if kind == "robot" { String::new() } else { by },
        unsent: false,
    };
    if told.kind == NeedNoted::KIND {
        let noted = NeedNoted::read(told)?;
        // What was taken back was never asked.
        let words: Option<(String,)> = tx
            .maybe(
                sql!("select words from askings where need_id = $1 and at = $2 and actor_id = $3 limit 1"),
                params![told.subject, told.at, told.actor],
            )
            .await?;
        let Some((words,)) = words else { return Ok(None) };
        let topic = topic::one(tx, Id::new(noted.topic)).await?;
        line.title = w.line_noted(topic.name(lang));
        line.quote = Some(words).filter(|words| !words.is_empty());
        line.text.extend(noted.source.parse::<Source>().ok().map(|source| source.name(lang).to_owned()));
        return Ok(Some(line));
    }
    let settled = NeedSettled::read(told)?;
    let stands: Option<(i64,)> = tx
        .maybe(
            sql!("select id from needs where id = $1 and closed_at = $2 and state <> 'open'"),
            params![told.subject, told.at],
        )
        .await?;
    if stands.is_none() {
        return Ok(None);
    }
    let topic = topic::one(tx, Id::new(settled.topic)).await?;
    (line.icon, line.title) = if settled.answered {
        ("check", w.line_answered(topic.name(lang)))
    } else {
        ("x", w.line_lapsed(topic.name(lang)))
    };
    Ok(Some(line))
}
