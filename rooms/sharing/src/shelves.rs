//! On the start page: with whom one is in contact now, and what became of the tips one gave.

use kring_core::Lang;
use kring_frame::{Entry, Fut, Shelved, Tone, Tx};
use kring_lang::dates;

use crate::{
    Words, claim,
    tip::{self, View},
};

const ROWS: usize = 5;

pub fn claims(tx: &mut Tx, lang: Lang) -> Fut<'_, Shelved> {
    Box::pin(async move {
        let w = Words(lang);
        let mut rows = Vec::new();
        for held in claim::mine(tx).await?.into_iter().take(ROWS) {
            rows.push(Entry {
                href: held.party()?.href(),
                note: w.shelf_until(dates::short_date(held.until, lang)),
                exact: String::new(),
                text: held.reason,
                title: held.about,
            });
        }
        Ok(Shelved {
            icon: "hand",
            tone: Tone::Sun,
            title: w.shelf_claims().to_owned(),
            all: Some((w.shelf_all().to_owned(), "/claims".to_owned())),
            rows,
            empty: w.shelf_claims_empty().to_owned(),
        })
    })
}

pub fn given(tx: &mut Tx, lang: Lang) -> Fut<'_, Shelved> {
    Box::pin(async move {
        let w = Words(lang);
        let tips = tip::list(tx, View::Given, ROWS as u32).await?;
        let entry = |t: tip::Tip| Entry {
            href: format!("/tips/{}", t.id),
            text: t.about.clone(),
            note: w.find(&format!("tip-state-{}", t.state)).unwrap_or_default().to_owned(),
            exact: String::new(),
            title: t.what,
        };
        Ok(Shelved {
            icon: "send",
            tone: Tone::Petrol,
            title: w.shelf_given().to_owned(),
            all: Some((w.shelf_all().to_owned(), "/tips?view=given".to_owned())),
            rows: tips.into_iter().map(entry).collect(),
            empty: w.shelf_given_empty().to_owned(),
        })
    })
}
