//! Journeys on somebody's timeline: that they began, what they answered, how it ended. What was sent has lines of its own.

use kring_core::{Lang, Result};
use kring_frame::{
    Event, Fut, JourneyAnswered, JourneyBegun, JourneyEnded, Line, Told, Tone, Tx, params, sql,
};

use crate::{Words, journey, sentence};

pub const KINDS: &[&str] = &[JourneyBegun::KIND, JourneyAnswered::KIND, JourneyEnded::KIND];

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
    let found: Option<(String, i64, i64)> = tx
        .maybe(
            sql!(
                "select j.name, j.id, r.version from journey_runs r join journeys j on j.id = r.journey_id where r.id = $1"
            ),
            params![told.subject],
        )
        .await?;
    let Some((name, journey, version)) = found else { return Ok(None) };
    let (icon, tone, title) = match told.kind.as_str() {
        "journey.begun" => ("route", Tone::Plain, w.line_begun(&name)),
        "journey.answered" => {
            let answered = JourneyAnswered::read(told)?;
            let plan = journey::version(tx, kring_core::Id::new(journey), version).await?;
            let step = u32::try_from(answered.step).unwrap_or_default();
            let label = sentence::answer_label(lang, &plan, step, &answered.answer);
            ("smile", Tone::Leaf, w.line_answered(&name, label))
        }
        _ => {
            let outcome = JourneyEnded::read(told)?.outcome;
            ("check", Tone::Plain, w.line_ended(&name, outcome_said(lang, &outcome)))
        }
    };
    Ok(Some(Line {
        event: told.id,
        at: told.at,
        icon,
        tone,
        title,
        href: told.subject.map(|run| format!("/journeys/runs/{run}")),
        text: Vec::new(),
        quote: None,
        by: w.by_journey().to_owned(),
        unsent: false,
    }))
}

/// An outcome in words: those of the house are known, others are the words of whoever made the plan.
pub fn outcome_said(lang: Lang, outcome: &str) -> String {
    let key = format!("outcome-{}", outcome.replace('_', "-"));
    Words(lang).find(&key).map_or_else(|| outcome.to_owned(), ToOwned::to_owned)
}
