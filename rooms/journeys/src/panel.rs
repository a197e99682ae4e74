//! On a person's page: the journeys they are on, and beginning one for them.

use askama::Template;
use kring_core::{Error, Id, Lang};
use kring_frame::{Fut, Markup, Panel, PersonId, Tone, Tx};
use kring_lang::dates;
use kring_web::{Choice, Form};

use crate::{
    TASKS, USE, Words,
    journey::{self, JourneyState},
    lines,
    run::{self, Run, RunState},
};

/// So many of the newest are shown; the page of each leads to the others.
const MOST: u32 = 5;

struct Row {
    id: Id<Run>,
    name: String,
    says: String,
    running: bool,
}

#[derive(Template)]
#[template(path = "panel.html")]
struct Body {
    w: Words,
    lang: Lang,
    person: PersonId,
    rows: Vec<Row>,
    form: Form,
    journeys: Vec<Choice>,
}

pub fn panel(tx: &mut Tx, lang: Lang, person: PersonId) -> Fut<'_, Option<Panel>> {
    Box::pin(async move {
        if !tx.actor().may(&USE) {
            return Ok(None);
        }
        let w = Words(lang);
        let (now, zone) = (tx.now(), tx.house().settings.zone.clone());
        let mut rows = Vec::new();
        for run in run::of(tx, person, MOST).await? {
            let journey = journey::one(tx, run.journey).await?;
            let began = dates::last(run.began_at, now, &zone, lang);
            let says = match (run.state, run.due_at) {
                (RunState::Running, _) if journey.state == JourneyState::Paused => w.run_paused(began),
                (RunState::Running, Some(due)) => w.run_until(began, dates::moment(due, &zone, lang)),
                (RunState::Running, None) => w.run_waits(began),
                (state, _) => {
                    let outcome = run.outcome.clone().unwrap_or_else(|| state.to_string());
                    w.run_ended(began, lines::outcome_said(lang, &outcome))
                }
            };
            rows.push(Row { id: run.id, name: journey.name, says, running: run.state == RunState::Running });
        }
        let mut journeys = Vec::new();
        if tx.actor().may(&TASKS) {
            let live = journey::all(tx).await?.into_iter().filter(|j| j.state == JourneyState::Live);
            journeys = live.map(|j| Choice::new(j.id, j.name)).collect();
        }
        if rows.is_empty() && journeys.is_empty() {
            return Ok(None);
        }
        let body = Body { w, lang, person, rows, form: Form::default().placed("journey"), journeys };
        Ok(Some(Panel {
            title: w.journeys().to_owned(),
            tone: Tone::Plain,
            note: None,
            href: None,
            body: Markup::from_template(body.render().map_err(Error::broken)?),
        }))
    })
}
