//! One pair, side by side.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Lang, Result};
use kring_frame::{Mark, Permit, PersonId, Route, Tx, Visit};
use kring_lang::dates;
use kring_people::{
    address, contact,
    duplicates::{self, Decision, State, level_word},
    identifier, kind_names,
    merge::Attribute,
    person::{self, Person},
    roles,
};
use kring_web::Chrome;

use crate::{DECIDE, Words};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/duplicates/{id}", &DECIDE, show), Route::post("/duplicates/{id}", &DECIDE, decide)]
}

#[derive(Template)]
#[template(path = "review.html")]
struct ReviewPage {
    chrome: Chrome,
    w: Words,
    state: State,
    a: Side,
    b: Side,
    rows: Vec<Versus>,
    percent: String,
    held: Option<&'static str>,
    compared: Vec<Compared>,
    choices: Vec<Choice>,
    next: String,
}

impl ReviewPage {
    fn is_open(&self) -> bool {
        matches!(self.state, State::Sure | State::Ask | State::Different)
    }
}

/// One of the two, as far as it helps to tell.
struct Side {
    id: PersonId,
    name: String,
    rows: Vec<(&'static str, String)>,
}

/// A line of the comparison.
struct Versus {
    label: &'static str,
    a: String,
    b: String,
}

impl Versus {
    /// Both say something, and not the same. What one of them lacks is no difference.
    fn differs(&self) -> bool {
        !self.a.is_empty() && !self.b.is_empty() && self.a.to_lowercase() != self.b.to_lowercase()
    }
}

/// A field that was weighed.
struct Compared {
    field: &'static str,
    level: &'static str,
    tone: &'static str,
    bits: String,
}

/// A value in which the two differ, so that one has to be chosen.
struct Choice {
    attribute: &'static str,
    label: &'static str,
    a: String,
    b: String,
}

async fn show(v: Visit, permit: Permit) -> Result<Response> {
    let id: i64 = v.path("id")?;
    let w = Words(v.lang);
    let people = kring_people::Words(v.lang);
    // Two people are looked at, so two looks are written down.
    let mut tx = v.house.write(&v.actor).await?;
    let pair = duplicates::one(&mut tx, &permit, id).await?;
    let a = person::read(&mut tx, &permit, pair.a).await?;
    let b = person::read(&mut tx, &permit, pair.b).await?;
    let score = pair.score()?;
    let mut compared: Vec<_> = score.fields.iter().filter(|f| f.bits.abs() > 0.05).collect();
    compared.sort_by(|x, y| y.bits.abs().total_cmp(&x.bits.abs()));
    let compared = compared
        .into_iter()
        .filter_map(|f| {
            Some(Compared {
                field: people.find(&format!("field-{}", f.key))?,
                level: people.find(&format!("level-{}", level_word(f.level.word())))?,
                tone: if f.bits > 0.0 { "leaf" } else { "coral" },
                bits: signed(f.bits, v.lang),
            })
        })
        .collect();
    let next = duplicates::next(&mut tx, &permit, pair.state, (pair.bits, pair.id))
        .await?
        .map(|next| format!("/duplicates/{next}"))
        .unwrap_or_default();
    let (one, other) = (side(&mut tx, &v, &a).await?, side(&mut tx, &v, &b).await?);
    // Both have the same lines in the same order; what neither has is left out.
    let rows = one.rows.iter().zip(&other.rows);
    let rows = rows
        .map(|((label, a), (_, b))| Versus { label, a: a.clone(), b: b.clone() })
        .filter(|row| !row.a.is_empty() || !row.b.is_empty())
        .collect();
    let page = ReviewPage {
        chrome: v.chrome(&mut tx, w.review_title()).await?,
        w,
        state: pair.state,
        choices: choices(&a, &b, v.lang),
        a: one,
        b: other,
        rows,
        percent: chance(score.probability, v.lang),
        held: score.held.and_then(|why| people.find(&format!("held-{}", why.word().replace('_', "-")))),
        compared,
        next,
    };
    tx.commit().await?;
    v.html(&page)
}

async fn side(tx: &mut Tx, v: &Visit, p: &Person) -> Result<Side> {
    let people = kring_people::Words(v.lang);
    let zone = &v.house.settings.zone;
    let kinds = roles::kinds(tx).await?;
    let held = roles::of(tx, p.id).await?;
    let keys: Vec<&str> = held.iter().filter(|r| r.to.is_none()).map(|r| r.kind.as_str()).collect();
    let contacts = contact::of(tx, p.id).await?;
    let of = |kind| {
        contacts
            .iter()
            .filter(|c| c.kind == kind)
            .map(contact::ContactPoint::shown)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let address = address::of(tx, p.id).await?.into_iter().next();
    let codes = identifier::of(tx, p.id).await?;
    let student = codes.iter().find(|c| c.scheme == "student_number").map(|c| c.value.clone());
    let name = p.name();
    let rows = vec![
        (people.column_known(), dates::day(p.created_at, zone, v.lang)),
        (people.roles(), kind_names(&kinds, Some(&keys.join(" ")), v.lang).join(", ")),
        (people.find("given-names").unwrap_or_default(), name.given_names.clone()),
        (people.find("initials").unwrap_or_default(), name.initials.clone()),
        (people.find("birth-date").unwrap_or_default(), birth(p, v.lang)),
        (people.find("email").unwrap_or_default(), of(contact::Kind::Email)),
        (people.find("phone").unwrap_or_default(), of(contact::Kind::Phone)),
        (
            people.home_label(),
            match address {
                Some(_) if p.address_protected => people.address_protected().to_owned(),
                Some(address) => address.line(),
                None => String::new(),
            },
        ),
        (people.find("scheme-student-number").unwrap_or_default(), student.unwrap_or_default()),
    ];
    Ok(Side { id: p.id, name: p.display_name.clone(), rows })
}

/// A chance is never certain: what rounds to a hundred says that it is more than ninety-nine.
pub fn chance(share: f64, lang: Lang) -> String {
    if share >= 0.995 {
        return format!("> {}", kring_lang::numbers::percent(0.99, 0, lang));
    }
    kring_lang::numbers::percent(share, 0, lang)
}

/// A weight with its sign: "+7,6", "−2,4".
pub fn signed(bits: f64, lang: Lang) -> String {
    let size = kring_lang::numbers::decimal(bits.abs(), 1, lang);
    format!("{}{size}", if bits < 0.0 { "−" } else { "+" })
}

fn birth(p: &Person, lang: Lang) -> String {
    match (p.birth_date, p.birth_year) {
        (Some(day), _) => dates::short_date(day, lang),
        (None, Some(year)) => year.to_string(),
        (None, None) => String::new(),
    }
}

/// The values in which both have something, and not the same.
fn choices(a: &Person, b: &Person, lang: Lang) -> Vec<Choice> {
    let people = kring_people::Words(lang);
    let speaks = |p: &Person| p.lang.as_ref().map(|l| l.tag().to_uppercase()).unwrap_or_default();
    [
        (Attribute::Name, a.name().addressed(lang), b.name().addressed(lang)),
        (Attribute::BirthDate, birth(a, lang), birth(b, lang)),
        (Attribute::Lang, speaks(a), speaks(b)),
        (Attribute::Pronouns, a.pronouns.clone(), b.pronouns.clone()),
    ]
    .into_iter()
    .filter(|(_, a, b)| a != b && !a.is_empty() && !b.is_empty())
    .map(|(attribute, a, b)| Choice {
        attribute: attribute.key(),
        label: people.find(&format!("attribute-{}", attribute.key().replace('_', "-"))).unwrap_or_default(),
        a,
        b,
    })
    .collect()
}

async fn decide(v: Visit, permit: Permit) -> Result<Response> {
    let id: i64 = v.path("id")?;
    let form = v.form()?;
    let mut tx = v.house.write(&v.actor).await?;
    let pair = duplicates::one(&mut tx, &permit, id).await?;
    let next = duplicates::next(&mut tx, &permit, pair.state, (pair.bits, pair.id)).await?;
    let to = next
        .map_or_else(|| format!("/duplicates?state={}", pair.state), |next| format!("/duplicates/{next}"));
    match form.get("decision") {
        "different" => {
            duplicates::decide(&mut tx, &permit, id, &Decision::Different).await?;
            tx.commit().await?;
            v.see_done(&to, "done-different", None)
        }
        "same" => {
            let keep = if form.get("keep") == pair.b.to_string() { pair.b } else { pair.a };
            let side = if keep == pair.a { "b" } else { "a" };
            let take = Attribute::ALL
                .into_iter()
                .filter(|attribute| form.get(&format!("take-{}", attribute.key())) == side)
                .collect();
            let merge = duplicates::decide(&mut tx, &permit, id, &Decision::Same { keep, take }).await?;
            tx.trail(Mark::changed(&permit, "person").person(keep).detail("merge")).await?;
            tx.commit().await?;
            let undo = merge.map(|merge| format!("/people/merges/{merge}/undo"));
            v.see_done(&to, "done-same", undo.as_deref())
        }
        _ => Err(Error::NotFound),
    }
}
