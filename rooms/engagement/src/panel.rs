//! On a person's page: how involved they are and why, and of a prospect what they did lately, as a number beside it.

use askama::Template;
use kring_core::{Error, Lang, Result};
use kring_frame::{Fut, Markup, Panel, PersonId, Tone, Tx};
use kring_lang::dates;
use kring_people::roles;

use crate::{
    FORMULA, READ, Words,
    account::{self, Account, Reader},
    figure::tenths,
    lines::{Line, lines},
};

/// Lines on the card; the page has the others.
const FEW: usize = 5;
/// The group of roles for which behaviour is read: of who comes before being a student.
const BEFORE: &str = "before";

#[derive(Template)]
#[template(path = "engagement_panel.html")]
struct Body {
    w: Words,
    /// From 0 to 1.
    share: f64,
    score: String,
    says: String,
    /// Where the formula can be read.
    formula: bool,
    version: i64,
    lines: Vec<Line>,
    /// How many more there are, and what they add together.
    rest: Option<(String, String)>,
    behaviour: Option<Lately>,
}

/// Behaviour as it is shown.
pub struct Lately {
    pub figure: String,
    pub share: f64,
    /// Since when nothing was done, or what it stands on.
    pub says: String,
    pub stale: bool,
}

pub fn panel(tx: &mut Tx, lang: Lang, person: PersonId) -> Fut<'_, Option<Panel>> {
    Box::pin(async move { card(tx, lang, person).await })
}

async fn card(tx: &mut Tx, lang: Lang, person: PersonId) -> Result<Option<Panel>> {
    if !tx.actor().may(&READ) {
        return Ok(None);
    }
    let w = Words(lang);
    let account = account::of(tx, person, Reader::Colleague).await?;
    // Whoever may not be profiled has an empty account too: a card would say of whom it is that they did something.
    // Most people never did anything, and a card that says so on every page is read by nobody.
    if account.entries.is_empty() {
        return Ok(None);
    }
    let mut lines = lines(tx, &account, lang);
    let older = lines.split_off(lines.len().min(FEW));
    let rest = (!older.is_empty()).then(|| {
        let together = account.entries.iter().skip(FEW).map(|entry| entry.part.tenths).sum();
        (w.panel_older(i64::try_from(older.len()).unwrap_or(i64::MAX)), tenths(together, lang))
    });
    let body = Body {
        w,
        share: account.score.tenths as f64 / 1_000.0,
        score: tenths(account.score.tenths, lang),
        says: says(&account, lang),
        formula: tx.actor().may(&FORMULA),
        version: account.holding.version,
        lines,
        rest,
        behaviour: behaviour(tx, &account, person, lang).await?,
    };
    Ok(Some(Panel {
        title: w.engagement().to_owned(),
        tone: Tone::Plain,
        note: None,
        href: Some((w.panel_all().to_owned(), format!("/people/{person}/engagement"))),
        body: Markup::from_template(body.render().map_err(Error::broken)?),
    }))
}

/// How the score came about, in a sentence.
pub fn says(account: &Account, lang: Lang) -> String {
    let n = i64::try_from(account.entries.len()).unwrap_or(i64::MAX);
    Words(lang).panel_says(n, dates::date(account.on, lang))
}

/// Of whoever orients themselves now; of others it would be a number without a question.
pub async fn behaviour(
    tx: &mut Tx,
    account: &Account,
    person: PersonId,
    lang: Lang,
) -> Result<Option<Lately>> {
    let roles = roles::of(tx, person).await?;
    if !roles.iter().any(|role| role.group == BEFORE && role.holds(account.on)) {
        return Ok(None);
    }
    let w = Words(lang);
    let (Some(lately), Some(last)) = (account.score.behaviour, account.last()) else {
        return Ok(Some(Lately {
            figure: tenths(0, lang),
            share: 0.0,
            says: w.behaviour_nothing().to_owned(),
            stale: false,
        }));
    };
    let day = dates::date(last, lang);
    let says = if lately.stale {
        w.behaviour_stale(day, account.holding.formula.behaviour.stale)
    } else {
        w.behaviour_says(day)
    };
    Ok(Some(Lately {
        figure: tenths(lately.tenths, lang),
        share: lately.tenths as f64 / 1_000.0,
        says,
        stale: lately.stale,
    }))
}
