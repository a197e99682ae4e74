use askama::Template;
use kring_core::{Error, Lang, Result};
use kring_frame::{
    Event, Forgotten, Fut, Line, Markup, Panel, PersonId, RequestAnswered, RequestClosed, Section, Told,
    Tone, Tx, params, sql,
};
use kring_lang::dates;
use serde_json::json;

use crate::{WORK_REQUESTS, Words, request};

pub const KINDS: &[&str] = &["request.opened", "request.answered", "request.closed", "request.reopened"];

/// A request on the timeline: asked, answered, solved.
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
    let Some(id) = told.subject else { return Ok(None) };
    let Ok(r) = request::load(tx, id).await else { return Ok(None) };
    let (by,): (String,) = tx.one(sql!("select name from actors where id = $1"), params![told.actor]).await?;
    let mut line = Line {
        event: told.id,
        at: told.at,
        icon: "chat",
        tone: Tone::Leaf,
        title: String::new(),
        href: Some(format!("/desk/{id}")),
        text: Vec::new(),
        quote: None,
        by: w.by_desk().to_owned(),
        unsent: false,
    };
    match told.kind.as_str() {
        "request.opened" => {
            line.title = w.line_opened(&r.subject);
            let found: Option<(String,)> = tx
                .maybe(
                    sql!("select text from turns where dialogue_id = $1 and direction = 'in' order by id limit 1"),
                    params![r.dialogue],
                )
                .await?;
            line.quote = found.map(|(text,)| shorten(&text));
        }
        "request.answered" => {
            let turn = RequestAnswered::read(told)?.turn;
            let found: Option<(String, Option<String>)> = tx
                .maybe(
                    sql!("select t.text, m.state from turns t left join messages m on m.id = t.message_id where t.id = $1"),
                    params![turn],
                )
                .await?;
            let Some((text, state)) = found else { return Ok(None) };
            line.icon = "mail";
            line.title = w.line_answered(&r.subject);
            line.text = vec![shorten(&text)];
            if matches!(state.as_deref(), Some("planned" | "claimed" | "data")) {
                line.text.push(w.line_on_its_way().to_owned());
            }
            line.by = w.by_agent(by);
        }
        "request.closed" => {
            line.icon = "check";
            let minutes = r.closed_at.unwrap_or(told.at).duration_since(r.opened_at).as_mins();
            line.title = w.line_closed(&r.subject);
            let outcome = RequestClosed::read(told)?.outcome;
            line.text.extend(w.find(&format!("outcome-{}", outcome.replace('_', "-"))).map(str::to_owned));
            line.by = w.by_agent_in(by, how_long(minutes, w));
        }
        _ => {
            line.icon = "undo";
            line.title = w.line_reopened(&r.subject);
            line.by = w.by_agent(by);
        }
    }
    Ok(Some(line))
}

fn how_long(minutes: i64, w: Words) -> String {
    match minutes {
        ..60 => w.minutes(minutes.max(1)),
        60..2880 => w.hours(minutes / 60),
        _ => w.days(minutes / 1440),
    }
}

fn shorten(text: &str) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= 240 {
        return flat;
    }
    format!("{} …", flat.chars().take(237).collect::<String>())
}

#[derive(Template)]
#[template(path = "desk_panel.html")]
struct PanelBody {
    w: Words,
    rows: Vec<(i64, String, String)>,
}

/// The requests of this person that the viewer may see.
pub fn panel(tx: &mut Tx, lang: Lang, person: PersonId) -> Fut<'_, Option<Panel>> {
    Box::pin(async move {
        let w = Words(lang);
        let actor = tx.actor().clone();
        if !actor.may(&WORK_REQUESTS) {
            return Ok(None);
        }
        let found: Vec<(i64, String, String, kring_core::Timestamp)> = tx
            .all(
                sql!(
                    "select id, subject, state, opened_at from requests
                     where person_id = $1 and unit_id in (select unit_id from reach where actor_id = $2 and right_key = $3)
                     order by case when state = 'closed' then 1 else 0 end, id desc limit 5"
                ),
                params![person, actor.id, WORK_REQUESTS.key],
            )
            .await?;
        let (now, zone) = (tx.now(), tx.house().settings.zone.clone());
        let rows = found
            .into_iter()
            .map(|(id, subject, state, at)| {
                let state = w.find(&format!("state-{state}")).unwrap_or_default();
                (id, subject, format!("{state} · {}", dates::relative(at, now, &zone, lang)))
            })
            .collect();
        let body = PanelBody { w, rows }.render().map_err(Error::broken)?;
        Ok(Some(Panel {
            title: w.panel_title().to_owned(),
            tone: Tone::Leaf,
            note: None,
            href: None,
            body: Markup::from_template(body),
        }))
    })
}

pub fn dossier(tx: &mut Tx, person: PersonId) -> Fut<'_, Vec<Section>> {
    Box::pin(async move {
        let rows: Vec<(i64, String, String, kring_core::Timestamp, Option<kring_core::Timestamp>)> = tx
            .all(
                sql!("select id, subject, state, opened_at, closed_at from requests where person_id = $1 order by id"),
                params![person],
            )
            .await?;
        let rows: Vec<_> = rows
            .into_iter()
            .map(|(id, subject, state, opened, closed)| {
                json!({"number": id, "subject": subject, "state": state, "opened": opened, "closed": closed})
            })
            .collect();
        Ok(vec![Section { title: "desk".into(), data: json!({ "requests": rows }) }])
    })
}

/// Numbers and times of a request stay, for what was promised and kept; what it was about goes.
pub fn forget(tx: &mut Tx, person: PersonId) -> Fut<'_, Forgotten> {
    Box::pin(async move {
        let now = tx.now();
        let erased = tx
            .run(
                sql!(
                    "update requests set subject = '', state = 'closed', closed_at = coalesce(closed_at, $2),
                         outcome = coalesce(outcome, 'erased'), version = version + 1 where person_id = $1"
                ),
                params![person, now],
            )
            .await?;
        Ok(Forgotten { erased, kept: Vec::new() })
    })
}
