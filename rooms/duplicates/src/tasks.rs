use askama::Template;
use kring_core::{Error, Lang};
use kring_frame::{Entry, Fut, Markup, Panel, PersonId, Shelved, Task, Tone, Tx};
use kring_people::duplicates;

use crate::{DECIDE, Words};

/// How many pairs wait for a look; the sure ones are one button.
pub fn count(tx: &mut Tx) -> Fut<'_, i64> {
    Box::pin(async move { duplicates::asking(tx).await })
}

pub fn tasks(tx: &mut Tx, lang: Lang) -> Fut<'_, Vec<Task>> {
    Box::pin(async move {
        if !tx.actor().may(&DECIDE) {
            return Ok(Vec::new());
        }
        let w = Words(lang);
        let (sure, ask) = duplicates::waiting(tx).await?;
        if sure + ask == 0 {
            return Ok(Vec::new());
        }
        Ok(vec![Task {
            icon: "merge",
            title: w.task_title(sure + ask),
            href: if ask > 0 { "/duplicates".into() } else { "/duplicates?state=sure".into() },
            text: w.task_text(sure, ask),
            due: None,
        }])
    })
}

/// The pairs to look at, heaviest first.
pub fn shelf(tx: &mut Tx, lang: Lang) -> Fut<'_, Shelved> {
    Box::pin(async move {
        let (w, permit) = (Words(lang), tx.actor().permit(&DECIDE)?);
        let mut rows = Vec::new();
        for pair in duplicates::pairs(tx, &permit, duplicates::State::Ask, None, 5).await? {
            rows.push(Entry {
                title: w.shelf_pair(&pair.a_name, &pair.b_name),
                href: format!("/duplicates/{}", pair.id),
                text: duplicates::says(&pair.score()?, lang),
                note: String::new(),
                exact: String::new(),
            });
        }
        Ok(Shelved {
            icon: "merge",
            tone: Tone::Sun,
            title: w.shelf_title().to_owned(),
            all: Some((w.duplicates().to_owned(), "/duplicates".to_owned())),
            rows,
            empty: w.none_ask_help().to_owned(),
        })
    })
}

#[derive(Template)]
#[template(path = "panel.html")]
struct Body {
    w: Words,
    pairs: Vec<(i64, String, String)>,
}

/// On a person's page: somebody else who may be this person.
pub fn panel(tx: &mut Tx, lang: Lang, id: PersonId) -> Fut<'_, Option<Panel>> {
    Box::pin(async move {
        if !tx.actor().may(&DECIDE) {
            return Ok(None);
        }
        let w = Words(lang);
        let mut pairs = Vec::new();
        for pair in duplicates::of_person(tx, id).await? {
            let says = duplicates::says(&pair.score()?, lang);
            let other = if pair.a == id { pair.b_name } else { pair.a_name };
            pairs.push((pair.id, other, says));
        }
        if pairs.is_empty() {
            return Ok(None);
        }
        let body = Body { w, pairs }.render().map_err(Error::broken)?;
        Ok(Some(Panel {
            title: w.panel_title().to_owned(),
            tone: Tone::Sun,
            note: None,
            href: None,
            body: Markup::from_template(body),
        }))
    })
}
