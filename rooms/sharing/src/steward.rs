//! How good the relation base is, for the data steward: each number with what it means and the way to where one works on
//! it.

use askama::Template;
use axum::response::Response;
use http::Method;
use kring_core::{Lang, Result};
use kring_frame::{Access, Entry, Fut, Permit, Route, Shelved, Tone, Tx, Visit};
use kring_lang::{dates, numbers};
use kring_web::Chrome;

use crate::{
    QUALITY, Words, count,
    quality::{Quality, Share},
};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/quality", &QUALITY, show), Route::post("/quality/count", &QUALITY, ask)]
}

/// A number, by the key under which its words stand: `quality-…`, `quality-…-means`, `quality-…-link`.
struct Figure {
    key: &'static str,
    value: Value,
    /// Where one works on it; empty where nothing is to be done about it.
    href: &'static str,
}

enum Value {
    Number(i64),
    Of(Share),
}

/// The numbers under their headings. What the institution has none of is left out: a care house has no students.
fn figures(q: &Quality) -> Vec<(&'static str, Vec<Figure>)> {
    use Value::{Number, Of};
    let figure = |key, value, href| Figure { key, value, href };
    let mut all = vec![
        (
            "base",
            vec![
                figure("people", Number(q.people), "/people"),
                figure("organisations", Number(q.organisations), "/organisations"),
            ],
        ),
        (
            "double",
            vec![
                figure("duplicate-rate", Of(q.duplicate_rate), ""),
                figure("duplicates-sure", Number(q.duplicates_sure), "/duplicates?state=sure"),
                figure("duplicates-ask", Number(q.duplicates_ask), "/duplicates"),
            ],
        ),
        (
            "reach",
            vec![
                figure("contactable", Of(q.contactable), "/people?mail=no"),
                figure("contactable-alumni", Of(q.contactable_alumni), "/people?role=alumnus&mail=no"),
                figure(
                    "contactable-students",
                    Of(q.contactable_students),
                    "/people?role=enrolled_student&mail=no",
                ),
                figure(
                    "contactable-companies",
                    Of(q.contactable_companies),
                    "/people?role=company_contact&mail=no",
                ),
                figure("stale-employers", Of(q.stale_employers), ""),
            ],
        ),
        (
            "known",
            vec![
                figure("known-by-one", Number(q.known_by_one), "/known"),
                figure("known-by-one-alumni", Number(q.known_by_one_alumni), "/known"),
            ],
        ),
        (
            "careful",
            vec![
                figure("detections-open", Number(q.detections_open), "/privacy/found"),
                figure("without-basis", Number(q.without_basis), "/privacy"),
                figure("minors", Number(q.minors), ""),
                figure("protected", Number(q.protected), ""),
            ],
        ),
    ];
    let part = |figure: &Figure| {
        matches!(
            figure.key,
            "contactable-alumni" | "contactable-students" | "contactable-companies" | "stale-employers"
        )
    };
    for (_, figures) in &mut all {
        figures.retain(|f| !(part(f) && matches!(f.value, Of(Share { of: 0, .. }))));
    }
    all
}

impl Value {
    fn says(&self, w: Words, lang: Lang) -> String {
        match self {
            Self::Number(n) => numbers::int(*n, lang),
            Self::Of(Share { part, of, share: Some(share) }) => w.quality_share(
                numbers::percent(*share, 1, lang),
                numbers::int(*part, lang),
                numbers::int(*of, lang),
            ),
            // Of so few a share says more about one person than about the base.
            Self::Of(Share { part, of, share: None }) => {
                w.quality_few(numbers::int(*part, lang), numbers::int(*of, lang))
            }
        }
    }
}

#[derive(Template)]
#[template(path = "quality.html")]
struct QualityPage {
    chrome: Chrome,
    w: Words,
    /// When it was counted; empty before the first time.
    counted: String,
    sections: Vec<(&'static str, Vec<Row>)>,
}

struct Row {
    label: &'static str,
    means: &'static str,
    figure: String,
    /// What the link says, and where it leads.
    link: Option<(&'static str, &'static str)>,
}

/// Whether this way is open to whoever looks: the places belong to other rooms, which may not be there, and know
/// themselves who may come in.
fn is_open(v: &Visit, href: &str) -> bool {
    let path = href.split('?').next().unwrap_or_default();
    v.house.rooms.routes.iter().any(|route| {
        route.method == Method::GET
            && route.path == path
            && match &route.access {
                Access::Right(right) => v.actor.may(right),
                Access::SignedIn(_) | Access::Open(_) => true,
            }
    })
}

async fn show(v: Visit, _permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let last = count::last(&mut tx).await?;
    let word = |key: String| w.find(&key).unwrap_or_default();
    let row = |f: Figure| Row {
        label: word(format!("quality-{}", f.key)),
        means: word(format!("quality-{}-means", f.key)),
        figure: f.value.says(w, v.lang),
        link: is_open(&v, f.href).then(|| (word(format!("quality-{}-link", f.key)), f.href)),
    };
    let (counted, sections) = match last {
        Some((at, quality)) => {
            let sections = figures(&quality).into_iter().map(|(key, figures)| {
                (word(format!("quality-about-{key}")), figures.into_iter().map(row).collect())
            });
            (w.quality_counted(dates::moment(at, &v.house.settings.zone, v.lang)), sections.collect())
        }
        None => (String::new(), Vec::new()),
    };
    let chrome = v.chrome(&mut tx, w.quality_title()).await?;
    v.html(&QualityPage { chrome, w, counted, sections })
}

async fn ask(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    count::ask(&mut tx, &permit).await?;
    tx.commit().await?;
    v.see_done("/quality", "done-quality", None)
}

/// What asks for work most, and the way to the rest.
pub fn shelf(tx: &mut Tx, lang: Lang) -> Fut<'_, Shelved> {
    Box::pin(async move {
        let w = Words(lang);
        let mut shelved = Shelved {
            icon: "chart",
            tone: Tone::Petrol,
            title: w.quality_title().to_owned(),
            all: Some((w.quality_all().to_owned(), "/quality".to_owned())),
            rows: Vec::new(),
            empty: w.quality_none().to_owned(),
        };
        let Some((at, quality)) = count::last(tx).await? else { return Ok(shelved) };
        let (now, zone) = (tx.now(), tx.house().settings.zone.clone());
        let shown = ["duplicate-rate", "contactable", "known-by-one", "without-basis"];
        let all = figures(&quality).into_iter().flat_map(|(_, figures)| figures);
        shelved.rows = all
            .filter(|f| shown.contains(&f.key))
            .map(|f| Entry {
                title: w.find(&format!("quality-{}", f.key)).unwrap_or_default().to_owned(),
                href: "/quality".to_owned(),
                text: f.value.says(w, lang),
                note: dates::last(at, now, &zone, lang),
                exact: dates::moment(at, &zone, lang),
            })
            .collect();
        Ok(shelved)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_its_words_in_both_languages() {
        let one = Share { part: 1, of: 2, share: None };
        let full = Quality {
            contactable_alumni: one,
            contactable_students: one,
            contactable_companies: one,
            stale_employers: one,
            ..Quality::default()
        };
        let mut numbers = 0;
        for lang in Lang::ALL {
            let w = Words(lang);
            for (about, figures) in figures(&full) {
                assert!(w.find(&format!("quality-about-{about}")).is_some(), "{about}");
                for f in figures {
                    assert!(w.find(&format!("quality-{}", f.key)).is_some(), "{}", f.key);
                    assert!(w.find(&format!("quality-{}-means", f.key)).is_some(), "{}", f.key);
                    let link = w.find(&format!("quality-{}-link", f.key));
                    assert_eq!(link.is_some(), !f.href.is_empty(), "{}", f.key);
                    numbers += 1;
                }
            }
        }
        assert_eq!(numbers, 2 * 16);
        let left = figures(&Quality::default()).into_iter().map(|(_, f)| f.len()).sum::<usize>();
        assert_eq!(left, 12, "of whom there are none, nothing is said");
    }
}
