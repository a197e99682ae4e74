//! On a person's page: what they want to know, with the ways to settle it and to write down more.

use askama::Template;
use kring_core::{Error, Id, Lang, Result};
use kring_frame::{Fut, Markup, Panel, PersonId, Tone, Tx};
use kring_lang::dates;
use kring_talks::topic;
use kring_web::{Choice, Form};

use crate::{
    READ, WRITE, Words,
    asking::{self, Asking},
    need::{self, Need, Source, State},
};

/// So many at most are looked at for one person.
pub const MOST: u32 = 100;

/// A need as it is listed.
pub struct Row {
    pub id: Id<Need>,
    pub topic: String,
    pub open: bool,
    pub state: &'static str,
    /// Where, since when, how often.
    pub says: String,
    /// By what it was closed.
    pub closed: String,
    /// The newest words that whoever looks may read.
    pub words: String,
    /// Each time that it was asked.
    pub askings: Vec<Told>,
}

/// A time that it was asked, in words.
pub struct Told {
    pub when: String,
    pub exact: String,
    pub says: String,
    pub words: String,
}

/// The needs of somebody as the actor at work may read them, and whether any are there.
pub async fn rows(tx: &mut Tx, lang: Lang, person: PersonId) -> Result<Vec<Row>> {
    let permit = tx.actor().permit(&READ)?;
    let needs = need::of(tx, &permit, person, MOST).await?;
    if needs.is_empty() {
        return Ok(Vec::new());
    }
    let askings = asking::of_person(tx, person).await?;
    let of: Vec<(Id<Need>, (bool, Id<topic::Topic>))> =
        needs.iter().map(|n| (n.id, (n.state == State::Open, n.topic))).collect();
    let rows = need::together(needs).into_iter().map(|n| {
        // Those of a need that reads as one with another belong to both.
        let mine: Vec<&Asking> = askings
            .iter()
            .filter(|a| {
                a.need == n.id
                    || (n.state == State::Open
                        && of.iter().any(|(id, what)| *id == a.need && *what == (true, n.topic)))
            })
            .collect();
        row(tx, lang, n, &mine)
    });
    Ok(rows.collect())
}

fn row(tx: &Tx, lang: Lang, n: Need, askings: &[&Asking]) -> Row {
    let w = Words(lang);
    let (now, zone) = (tx.now(), &tx.house().settings.zone);
    let since = dates::last(n.opened_at, now, zone, lang);
    let says = if n.times > 1 {
        w.need_often(n.source.name(lang), since, n.times, dates::last(n.last_at, now, zone, lang))
    } else {
        w.need_once(n.source.name(lang), since)
    };
    let closed = match (n.closed_at, n.closed_with) {
        (None, _) => String::new(),
        (Some(at), Some(request)) => {
            w.need_closed_with(dates::last(at, now, zone, lang), request.to_string())
        }
        (Some(at), None) => {
            w.need_closed_by(dates::last(at, now, zone, lang), n.closed_by.clone().unwrap_or_default())
        }
    };
    Row {
        id: n.id,
        topic: n.topic(lang).to_owned(),
        open: n.state == State::Open,
        state: w.find(&format!("state-{}", n.state)).unwrap_or_default(),
        says,
        closed,
        words: askings
            .iter()
            .rev()
            .map(|a| a.words.as_str())
            .find(|w| !w.is_empty())
            .map(shorten)
            .unwrap_or_default(),
        askings: askings
            .iter()
            .map(|a| Told {
                when: dates::last(a.at, now, zone, lang),
                exact: dates::moment(a.at, zone, lang),
                says: if a.by.is_empty() || a.request.is_some() {
                    a.source.name(lang).to_owned()
                } else {
                    format!("{} · {}", a.source.name(lang), a.by)
                },
                words: a.words.clone(),
            })
            .collect(),
    }
}

fn shorten(text: &str) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= 160 {
        return flat;
    }
    format!("{} …", flat.chars().take(157).collect::<String>())
}

/// What can be chosen when a need is written down: topics, and where it was said.
pub async fn choices(tx: &mut Tx, lang: Lang) -> Result<(Vec<Choice>, Vec<Choice>)> {
    let topics = topic::active(tx).await?;
    let sources = [Source::Hand, Source::Phone].map(|s| Choice::new(s, s.name(lang))).to_vec();
    Ok((topics.iter().map(|t| Choice::new(t.id, t.name(lang))).collect(), sources))
}

#[derive(Template)]
#[template(path = "needs_panel.html")]
struct Body {
    w: Words,
    lang: Lang,
    person: PersonId,
    open: Vec<Row>,
    form: Form,
    topics: Vec<Choice>,
    sources: Vec<Choice>,
    may_write: bool,
}

pub fn panel(tx: &mut Tx, lang: Lang, person: PersonId) -> Fut<'_, Option<Panel>> {
    Box::pin(async move {
        if !tx.actor().may(&READ) {
            return Ok(None);
        }
        let w = Words(lang);
        // Whoever stands behind a wall reads this page by another right than this one.
        let all = match rows(tx, lang, person).await {
            Err(Error::NotFound) => return Ok(None),
            all => all?,
        };
        let (closed, may_write) = (all.iter().filter(|row| !row.open).count(), tx.actor().may(&WRITE));
        let (topics, sources) = if may_write { choices(tx, lang).await? } else { Default::default() };
        let body = Body {
            w,
            lang,
            person,
            open: all.into_iter().filter(|row| row.open).collect(),
            form: Form::of([("source", Source::Hand.as_str())]).placed("need"),
            topics,
            sources,
            may_write,
        };
        Ok(Some(Panel {
            title: w.panel_title().to_owned(),
            tone: Tone::Plain,
            note: None,
            href: (closed > 0).then(|| (w.panel_before(closed as i64), format!("/people/{person}/needs"))),
            body: Markup::from_template(body.render().map_err(Error::broken)?),
        }))
    })
}
