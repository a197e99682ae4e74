//! The lines of an account as a page shows them.

use kring_core::Lang;
use kring_frame::Tx;
use kring_lang::{dates, numbers};

use crate::{
    Words,
    account::{Account, Entry, label},
    figure::{points, tenths},
};

pub struct Line {
    pub what: String,
    /// The reader may not see what it was.
    pub locked: bool,
    pub day: String,
    /// "2,8 of 3", or that the cap of its year was reached.
    pub points: String,
    /// What it adds to the score, and to behaviour.
    pub adds: String,
    pub lately: String,
}

pub fn lines(tx: &Tx, account: &Account, lang: Lang) -> Vec<Line> {
    account.entries.iter().map(|entry| line(tx, entry, lang)).collect()
}

fn line(tx: &Tx, entry: &Entry, lang: Lang) -> Line {
    let w = Words(lang);
    let part = entry.part;
    let whole = numbers::int(part.points, lang);
    Line {
        what: match &entry.kind {
            Some(kind) => label(tx, kind, lang),
            None => w.line_locked().to_owned(),
        },
        locked: entry.kind.is_none(),
        day: dates::short_date(entry.day, lang),
        points: if part.counted == 0 && part.points > 0 {
            w.line_capped(whole)
        } else {
            w.line_points(points(part.now, lang), whole)
        },
        adds: tenths(part.tenths, lang),
        lately: tenths(part.lately, lang),
    }
}
