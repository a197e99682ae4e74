//! A new version: its numbers, a reason, and what it would do before it holds. What is saved is what was looked at: a number
//! that was changed after the look is looked at again.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Result};
use kring_frame::{Permit, Route, Tx, Visit};
use kring_lang::numbers;
use kring_web::{Choice, Chrome, Form};

use super::{band_names, mode_name};
use crate::{
    DECIDE, Words,
    account::label,
    figure::points,
    formula::{self, Holding, kinds},
    preview::{Preview, preview},
    score::{Formula, Lately, Mode, Weight, Worth},
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/engagement/new", &DECIDE, begin),
        Route::post("/engagement/new", &DECIDE, look),
        Route::post("/engagement", &DECIDE, change),
    ]
}

#[derive(Template)]
#[template(path = "engagement_new.html")]
struct ChangePage {
    chrome: Chrome,
    w: Words,
    before: i64,
    form: Form,
    kinds: Vec<KindFields>,
    modes: Vec<ModeFields>,
    choices: Vec<Choice>,
    preview: Option<Shown>,
}

/// The names of the fields of one kind of act.
struct KindFields {
    what: String,
    points: String,
    half: String,
    cap: String,
    mode: String,
}

impl KindFields {
    fn new(kind: &str, what: String) -> Self {
        let field = |of: &str| format!("{of}.{kind}");
        Self { what, points: field("points"), half: field("half"), cap: field("cap"), mode: field("mode") }
    }
}

struct ModeFields {
    what: String,
    weight: String,
    k: String,
}

/// What the version would do, as the page says it.
struct Shown {
    /// The version that was looked at, to be sent along.
    looked: String,
    among: String,
    means: String,
    moves: Vec<(String, String)>,
    bands: Vec<Band>,
}

/// How many lie in a band before and after, each with its share of all.
struct Band {
    name: String,
    before: String,
    was: f64,
    after: String,
    will: f64,
}

async fn begin(v: Visit, _permit: Permit) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    let Holding { version, formula, .. } = formula::holding(&mut tx).await?;
    let form = filled(&formula, &kinds(&v.house), version);
    let page = page(&v, &mut tx, form, None).await?;
    v.html(&page)
}

async fn look(v: Visit, _permit: Permit) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    looked(&v, &mut tx, v.form()?).await
}

/// The form again, with what it would do or what is wrong with it.
async fn looked(v: &Visit, tx: &mut Tx, mut form: Form) -> Result<Response> {
    let holding = formula::holding(tx).await?;
    let typed = read(&mut form, &holding.formula, &kinds(&v.house));
    check(&mut form, &typed, &v.house)?;
    if form.done().is_err() {
        return v.html_again(&page(v, tx, form, None).await?);
    }
    let on = typed.modes_with(kinds(&v.house));
    let seen = preview(tx, &holding, &typed, &on).await?;
    let shown = shown(v, &typed, &seen)?;
    v.html(&page(v, tx, form, Some(shown)).await?)
}

async fn change(v: Visit, permit: Permit) -> Result<Response> {
    let mut form = v.form()?;
    let mut tx = v.house.write(&v.actor).await?;
    let old = formula::holding(&mut tx).await?.formula;
    let typed = read(&mut form, &old, &kinds(&v.house));
    check(&mut form, &typed, &v.house)?;
    let reason = form.required_line("reason", 300);
    let before = form.int("version", 0..=i64::MAX).unwrap_or_default();
    if form.done().is_ok() && form.get("looked") == fingerprint(&v, &typed)? {
        match formula::change(&mut tx, &permit, before, &typed, &reason).await {
            Ok(_) => {
                tx.commit().await?;
                v.house.doorbell.ring();
                return v.see_done("/engagement", "done-formula", None);
            }
            Err(Error::Conflict(what)) => form.fault("", what),
            Err(why) => form.absorb(why)?,
        }
    }
    if form.done().is_err() {
        return v.html_again(&page(&v, &mut tx, form, None).await?);
    }
    looked(&v, &mut tx, form).await
}

fn check(form: &mut Form, typed: &Formula, house: &kring_frame::House) -> Result<()> {
    match formula::check(typed, &kinds(house)) {
        Ok(()) => Ok(()),
        Err(why) => form.absorb(why),
    }
}

/// Stands for a formula in the form that was looked at.
fn fingerprint(v: &Visit, formula: &Formula) -> Result<String> {
    let text = serde_json::to_string(formula).map_err(Error::broken)?;
    Ok(kring_frame::fingerprint(&v.house, &text))
}

/// The formula as typed. What is not on the form, acts that nobody tells of, stays as it was.
fn read(form: &mut Form, old: &Formula, kinds: &[&str]) -> Formula {
    let modes: Vec<(&str, Mode)> = Mode::ALL.iter().map(|mode| (mode.key(), *mode)).collect();
    let mut formula = old.clone();
    for kind in kinds {
        let names = KindFields::new(kind, String::new());
        let worth = Worth {
            mode: choice(form, &names.mode, &modes),
            points: number(form, &names.points, 0, 100),
            half_life: number(form, &names.half, 1, 3_650),
            cap: number(form, &names.cap, 0, 1_000),
        };
        formula.kinds.insert((*kind).to_owned(), worth);
    }
    for (key, mode) in modes {
        let weight = Weight {
            weight: number(form, &format!("weight.{key}"), 0, 100),
            k: number(form, &format!("k.{key}"), 1, 1_000),
        };
        formula.modes.insert(mode, weight);
    }
    formula.behaviour = Lately {
        half_life: number(form, "lately.half", 1, 3_650),
        k: number(form, "lately.k", 1, 1_000),
        stale: number(form, "lately.stale", 1, 3_650),
    };
    formula
}

fn number(form: &mut Form, field: &str, least: i64, most: i64) -> i64 {
    form.required(field);
    form.int(field, least..=most).unwrap_or(least)
}

fn choice(form: &mut Form, field: &str, modes: &[(&str, Mode)]) -> Mode {
    form.required(field);
    form.choice(field, modes).unwrap_or(Mode::Communication)
}

/// The form as a version fills it. A kind that it does not know yet is worth nothing until somebody says so.
fn filled(formula: &Formula, kinds: &[&str], version: i64) -> Form {
    let new = Worth { mode: Mode::Communication, points: 0, half_life: 365, cap: 0 };
    let mut values = vec![("version".to_owned(), version.to_string())];
    for kind in kinds {
        let worth = formula.kinds.get(*kind).unwrap_or(&new);
        values.push((format!("mode.{kind}"), worth.mode.key().to_owned()));
        values.push((format!("points.{kind}"), worth.points.to_string()));
        values.push((format!("half.{kind}"), worth.half_life.to_string()));
        values.push((format!("cap.{kind}"), worth.cap.to_string()));
    }
    for mode in Mode::ALL {
        let weight = formula.weight(mode);
        values.push((format!("weight.{}", mode.key()), weight.weight.to_string()));
        values.push((format!("k.{}", mode.key()), weight.k.to_string()));
    }
    let Lately { half_life, k, stale } = formula.behaviour;
    for (field, number) in [("lately.half", half_life), ("lately.k", k), ("lately.stale", stale)] {
        values.push((field.to_owned(), number.to_string()));
    }
    Form::of(values)
}

async fn page(v: &Visit, tx: &mut Tx, form: Form, preview: Option<Shown>) -> Result<ChangePage> {
    let w = Words(v.lang);
    Ok(ChangePage {
        chrome: v.chrome(tx, w.formula_new()).await?,
        w,
        before: form.get("version").parse().unwrap_or_default(),
        kinds: kinds(&v.house)
            .into_iter()
            .map(|kind| KindFields::new(kind, label(tx, kind, v.lang)))
            .collect(),
        modes: Mode::ALL
            .iter()
            .map(|mode| ModeFields {
                what: mode_name(*mode, v.lang),
                weight: format!("weight.{}", mode.key()),
                k: format!("k.{}", mode.key()),
            })
            .collect(),
        choices: Mode::ALL.iter().map(|mode| Choice::new(mode.key(), mode_name(*mode, v.lang))).collect(),
        form,
        preview,
    })
}

fn shown(v: &Visit, typed: &Formula, seen: &Preview) -> Result<Shown> {
    let w = Words(v.lang);
    let int = |n: i64| numbers::int(n, v.lang);
    let share = |n: i64| n as f64 / seen.people.max(1) as f64;
    let moves = [w.move_far_down(), w.move_down(), w.move_same(), w.move_up(), w.move_far_up()];
    let bands = band_names(v.lang).into_iter().zip(seen.before.iter().zip(&seen.after));
    Ok(Shown {
        looked: fingerprint(v, typed)?,
        among: if seen.people == seen.of {
            w.preview_all(int(seen.of))
        } else {
            w.preview_sample(int(seen.people), int(seen.of))
        },
        means: match seen.means() {
            Some((before, after)) => w.preview_means(points(before, v.lang), points(after, v.lang)),
            None => w.preview_nobody().to_owned(),
        },
        moves: moves.into_iter().zip(seen.moves).map(|(what, n)| (what.to_owned(), int(n))).collect(),
        bands: bands
            .map(|(name, (before, after))| Band {
                name,
                before: int(*before),
                was: share(*before),
                after: int(*after),
                will: share(*after),
            })
            .collect(),
    })
}
