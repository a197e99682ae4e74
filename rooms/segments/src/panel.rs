//! On a person's page: the segments they are in, since when and because of what.

use std::collections::HashMap;

use askama::Template;
use kring_core::{Error, Lang, Result};
use kring_frame::{Fut, Markup, Panel, PersonId, Tone, Tx};
use kring_lang::dates;

use crate::{
    USE, Words,
    cause::Causes,
    membership,
    persona::{self, Persona},
    segment,
};

#[derive(Template)]
#[template(path = "panel.html")]
struct Body {
    w: Words,
    persona: Option<Persona>,
    within: Vec<(i64, String, String)>,
}

pub fn panel(tx: &mut Tx, lang: Lang, person: PersonId) -> Fut<'_, Option<Panel>> {
    Box::pin(async move { card(tx, lang, person).await })
}

async fn card(tx: &mut Tx, lang: Lang, person: PersonId) -> Result<Option<Panel>> {
    if !tx.actor().may(&USE) {
        return Ok(None);
    }
    let rules = segment::rules(tx).await?;
    if rules.is_empty() {
        return Ok(None);
    }
    let w = Words(lang);
    let moves = membership::of_person(tx, person).await?;
    let because = Causes::new(lang).of(tx, &moves).await?;
    let zone = tx.house().settings.zone.clone();
    let since: HashMap<i64, (bool, String)> = moves
        .iter()
        .zip(because)
        .map(|(one, because)| {
            let day = dates::day(one.at, &zone, lang);
            (one.segment.get(), (one.joined, w.panel_since(day, because)))
        })
        .collect();
    let house = tx.house().clone();
    let mut within = Vec::new();
    let segments = tx.segments_of(person).await?;
    for id in segments.iter().copied() {
        let seen = rules.get(&id).is_some_and(|rule| house.rooms.facts.may_ask(tx.actor(), &rules, rule));
        let Some(name) = segment::name(tx, id).await?.filter(|_| seen) else { continue };
        let says = match since.get(&id) {
            Some((true, says)) => says.clone(),
            _ => w.panel_before().to_owned(),
        };
        within.push((id, name, says));
    }
    // Whose segment the viewer may not see, that persona is not told of either.
    let seen: Vec<i64> = within.iter().map(|(id, ..)| *id).collect();
    let persona = persona::among(tx, &segments).await?.filter(|one| seen.contains(&one.segment.get()));
    let body = Body { w, persona, within };
    Ok(Some(Panel {
        title: w.panel_title().to_owned(),
        tone: Tone::Plain,
        note: None,
        href: Some((w.segments().to_owned(), "/segments".to_owned())),
        body: Markup::from_template(body.render().map_err(Error::broken)?),
    }))
}
