//! Forms on somebody's timeline and page: that they filled one in. What they filled in is read on the answer.

use askama::Template;
use kring_core::{Error, Id, Lang, Result};
use kring_frame::{Event, FormAnswered, Fut, Line, Markup, Panel, PersonId, Told, Tone, Tx, params, sql};
use kring_lang::dates;

use crate::{
    ANSWERS, Words,
    piece::{self, Kind, Piece},
};

pub const KINDS: &[&str] = &[FormAnswered::KIND];

pub fn lines<'a>(tx: &'a mut Tx, lang: Lang, events: &'a [Told]) -> Fut<'a, Vec<Line>> {
    Box::pin(async move {
        let w = Words(lang);
        let may = tx.actor().may(&ANSWERS);
        let mut lines = Vec::new();
        for told in events {
            let answered = FormAnswered::read(told)?;
            let piece = piece::one(tx, Kind::Form, Id::new(answered.form)).await?;
            let found: Option<(String, String)> = tx
                .maybe(sql!("select origin, campaign from form_answers where id = $1"), params![told.subject])
                .await?;
            let (origin, campaign) = found.unwrap_or_default();
            let mut text = Vec::new();
            if origin == "link" {
                text.push(w.line_by_link().to_owned());
            }
            if !campaign.is_empty() {
                text.push(w.line_campaign(campaign));
            }
            lines.push(Line {
                event: told.id,
                at: told.at,
                icon: "edit",
                tone: Tone::Sun,
                title: w.line_answered(piece.name),
                href: told.subject.filter(|_| may).map(|id| format!("/forms/answers/{id}")),
                text,
                quote: None,
                by: String::new(),
                unsent: false,
            });
        }
        Ok(lines)
    })
}

struct Row {
    id: i64,
    name: String,
    when: String,
}

#[derive(Template)]
#[template(path = "forms_panel.html")]
struct Body {
    rows: Vec<Row>,
}

/// On a person's page: what they filled in last, for whoever may read it.
pub fn panel(tx: &mut Tx, lang: Lang, person: PersonId) -> Fut<'_, Option<Panel>> {
    Box::pin(async move {
        let rows = rows(tx, lang, person).await?;
        if rows.is_empty() {
            return Ok(None);
        }
        let body = Body { rows }.render().map_err(Error::broken)?;
        Ok(Some(Panel {
            title: Words(lang).forms().to_owned(),
            tone: Tone::Sun,
            note: None,
            href: None,
            body: Markup::from_template(body),
        }))
    })
}

async fn rows(tx: &mut Tx, lang: Lang, person: PersonId) -> Result<Vec<Row>> {
    let actor = tx.actor().id;
    let (now, zone) = (tx.now(), tx.house().settings.zone.clone());
    let found: Vec<(i64, Id<Piece>, String, kring_core::Timestamp)> = tx
        .all(
            sql!(
                "select n.id, p.id, p.name, n.at from form_answers n join form_pieces p on p.id = n.form_id
                 where n.person_id = $1 and n.state = 'counted'
                   and n.unit_id in (select unit_id from reach where actor_id = $2 and right_key = $3)
                 order by n.id desc limit 5"
            ),
            params![person, actor, ANSWERS.key],
        )
        .await?;
    let row = |(id, _, name, at)| Row { id, name, when: dates::last(at, now, &zone, lang) };
    Ok(found.into_iter().map(row).collect())
}
