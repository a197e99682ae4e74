use askama::Template;
use kring_consent::{Approach, spent_this_year};
use kring_core::{Error, Lang, Result, Timestamp};
use kring_frame::{
    CallbackClosed, Event, Fut, Line, Markup, Panel, PersonId, SurveyNotInvited, Told, Tone, Tx, params, sql,
};
use kring_lang::dates;

use crate::{READ_ANSWERS, Words, day::verdict};

pub const KINDS: &[&str] = &[
    "survey.invited",
    "survey.not_invited",
    "survey.answered",
    "callback.wanted",
    "callback.attempted",
    "callback.escalated",
    "callback.closed",
];

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
        icon: "smile",
        tone: Tone::Sky,
        title: String::new(),
        href: None,
        text: Vec::new(),
        quote: None,
        by: if kind == "staff" { by } else { String::new() },
        unsent: false,
    };
    match told.kind.as_str() {
        "survey.invited" => {
            // Whether the mail arrived or was refused has its own line; this one is about asking.
            w.line_invited().clone_into(&mut line.title);
            w.by_itself().clone_into(&mut line.by);
        }
        "survey.not_invited" => {
            line.icon = "pause";
            line.tone = Tone::Plain;
            line.unsent = true;
            w.line_not_invited().clone_into(&mut line.title);
            let reason = SurveyNotInvited::read(told)?.reason;
            line.text.push(match w.find(&format!("reason-{reason}")) {
                Some(said) => said.to_owned(),
                None => kring_talks::reason_in_words(lang, &reason),
            });
        }
        "survey.answered" => {
            let found: Option<(Option<i64>, Option<i64>, Option<i64>, Option<String>)> = tx
                .maybe(
                    sql!(
                        "select (select n.number from answers n join questions q on q.id = n.question_id where n.response_id = r.id and q.kind = 'experience'),
                                (select n.number from answers n join questions q on q.id = n.question_id where n.response_id = r.id and q.kind = 'expectation'),
                                (select n.number from answers n join questions q on q.id = n.question_id where n.response_id = r.id and q.kind = 'mark'),
                                (select string_agg(n.text, ' · ') from answers n where n.response_id = r.id and n.text is not null)
                         from responses r where r.id = $1"
                    ),
                    params![told.subject],
                )
                .await?;
            let Some((experience, expectation, mark, text)) = found else { return Ok(None) };
            w.line_answered().clone_into(&mut line.title);
            line.text.push(verdict(w, experience, expectation, mark));
            line.quote = text;
        }
        "callback.closed" => {
            let closed = CallbackClosed::read(told)?;
            line.icon = "phone";
            line.tone = if closed.kept { Tone::Leaf } else { Tone::Sun };
            let outcome =
                w.find(&format!("outcome-{}", closed.outcome.replace('_', "-"))).unwrap_or_default();
            line.title = w.line_callback_closed(outcome);
            line.text.push(if closed.kept { w.promise_kept() } else { w.promise_not_kept() }.to_owned());
        }
        other => {
            line.icon = "phone";
            let (tone, title) = match other {
                "callback.wanted" => (Tone::Sun, w.line_callback_wanted()),
                "callback.attempted" => (Tone::Plain, w.line_callback_attempted()),
                _ => (Tone::Coral, w.line_callback_escalated()),
            };
            line.tone = tone;
            title.clone_into(&mut line.title);
        }
    }
    Ok(Some(line))
}

#[derive(Template)]
#[template(path = "surveys_panel.html")]
struct PanelBody {
    w: Words,
    rows: Vec<(String, String)>,
}

/// What this person answered, and how much of the year's patience is used.
pub fn panel(tx: &mut Tx, lang: Lang, person: PersonId) -> Fut<'_, Option<Panel>> {
    Box::pin(async move {
        let w = Words(lang);
        let (used, most) = spent_this_year(tx, person, Approach::Survey).await?;
        let actor = tx.actor().clone();
        let mut rows = Vec::new();
        if actor.may(&READ_ANSWERS) {
            let found: Vec<(Timestamp, Option<i64>, Option<i64>, Option<i64>)> = tx
                .all(
                    sql!(
                        "select r.at,
                                (select n.number from answers n join questions q on q.id = n.question_id where n.response_id = r.id and q.kind = 'experience'),
                                (select n.number from answers n join questions q on q.id = n.question_id where n.response_id = r.id and q.kind = 'expectation'),
                                (select n.number from answers n join questions q on q.id = n.question_id where n.response_id = r.id and q.kind = 'mark')
                         from responses r where r.person_id = $1
                           and r.unit_id in (select unit_id from reach where actor_id = $2 and right_key = $3)
                         order by r.id desc limit 3"
                    ),
                    params![person, actor.id, READ_ANSWERS.key],
                )
                .await?;
            let zone = tx.house().settings.zone.clone();
            rows = found
                .into_iter()
                .map(|(at, was, wanted, mark)| {
                    (dates::short_day(at, &zone, lang), verdict(w, was, wanted, mark))
                })
                .collect();
        }
        let body = PanelBody { w, rows }.render().map_err(Error::broken)?;
        Ok(Some(Panel {
            title: w.surveys().to_owned(),
            tone: Tone::Sky,
            note: Some(w.used_of(used, most)),
            href: None,
            body: Markup::from_template(body),
        }))
    })
}
