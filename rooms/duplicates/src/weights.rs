//! What the weighing rests on, open to whoever asks: how much each agreement and difference counts.

use askama::Template;
use axum::response::Response;
use kring_core::Result;
use kring_frame::{Permit, Route, Visit};
use kring_lang::numbers;
use kring_people::duplicates::{self, level_word};
use kring_web::Chrome;

use crate::{DECIDE, Words};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/duplicates/weights", &DECIDE, show)]
}

#[derive(Template)]
#[template(path = "weights.html")]
struct WeightsPage {
    chrome: Chrome,
    w: Words,
    same: String,
    ask: String,
    records: usize,
    fields: Vec<Field>,
}

struct Field {
    name: String,
    learned: bool,
    rows: Vec<Row>,
}

struct Row {
    level: String,
    m: String,
    u: String,
    bits: String,
}

async fn show(v: Visit, _permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let people = kring_people::Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let matcher = duplicates::matcher(&mut tx).await?;
    let model = matcher.model();
    let fields = model
        .fields
        .iter()
        .map(|field| Field {
            name: people.find(&format!("field-{}", field.key)).unwrap_or(&field.key).to_owned(),
            learned: field.learned,
            rows: field
                .weights
                .iter()
                .map(|weight| Row {
                    level: people
                        .find(&format!("level-{}", level_word(weight.level.word())))
                        .unwrap_or(weight.level.word())
                        .to_owned(),
                    m: numbers::percent(weight.m, 2, v.lang),
                    u: numbers::percent(weight.u, 3, v.lang),
                    bits: crate::review::signed(weight.bits(), v.lang),
                })
                .collect(),
        })
        .collect();
    let page = WeightsPage {
        chrome: v.chrome(&mut tx, w.weights_title()).await?,
        w,
        same: numbers::percent(model.same, 1, v.lang),
        ask: numbers::percent(model.ask, 1, v.lang),
        records: model.records,
        fields,
    };
    v.html(&page)
}
