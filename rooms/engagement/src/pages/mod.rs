//! The pages of engagement: the formula and how the scores lie, a new version with what it would do, and one person's account.

mod change;
mod person;
mod show;

use kring_core::Lang;
use kring_frame::{Route, Tx};
use kring_lang::numbers;

use crate::{
    Words,
    formula::kinds,
    groups::BANDS,
    score::{Formula, Mode},
};

pub fn routes() -> Vec<Route> {
    [show::routes(), change::routes(), person::routes()].concat()
}

/// The bands in words: "none", "1–19", …, "60–100".
fn band_names(lang: Lang) -> Vec<String> {
    let ends = BANDS.iter().skip(1).map(|next| next - 1).chain([100]);
    BANDS
        .iter()
        .zip(ends)
        .map(|(from, to)| if to == 0 { Words(lang).band_none().to_owned() } else { format!("{from}–{to}") })
        .collect()
}

fn mode_name(mode: Mode, lang: Lang) -> String {
    Words(lang).find(&format!("mode-{}", mode.key())).unwrap_or(mode.key()).to_owned()
}

/// A kind of act as a version weighs it. Only kinds that some room tells of stand on a page: what nobody hears of yet is no
/// worth to anybody.
struct KindRow {
    what: String,
    mode: String,
    points: String,
    half_life: String,
    cap: String,
}

fn kind_rows(tx: &Tx, formula: &Formula, lang: Lang) -> Vec<KindRow> {
    kinds(tx.house())
        .into_iter()
        .filter_map(|kind| {
            let worth = formula.kinds.get(kind)?;
            Some(KindRow {
                what: crate::account::label(tx, kind, lang),
                mode: mode_name(worth.mode, lang),
                points: numbers::int(worth.points, lang),
                half_life: numbers::int(worth.half_life, lang),
                cap: numbers::int(worth.cap, lang),
            })
        })
        .collect()
}

struct ModeRow {
    name: String,
    /// Its part of the whole, when it counts today.
    share: Option<String>,
    weight: String,
    k: String,
}

fn mode_rows(tx: &Tx, formula: &Formula, lang: Lang) -> Vec<ModeRow> {
    let on = formula.modes_with(kinds(tx.house()));
    let whole: i64 = on.iter().map(|mode| formula.weight(*mode).weight).sum();
    Mode::ALL
        .into_iter()
        .map(|mode| {
            let weight = formula.weight(mode);
            let share = weight.weight as f64 / whole.max(1) as f64;
            ModeRow {
                name: mode_name(mode, lang),
                share: on.contains(&mode).then(|| numbers::percent(share, 0, lang)),
                weight: numbers::int(weight.weight, lang),
                k: numbers::int(weight.k, lang),
            }
        })
        .collect()
}
