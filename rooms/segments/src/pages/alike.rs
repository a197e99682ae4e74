//! People like those of a segment: what they have in common, and who else has most of it.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Id, Result};
use kring_frame::{
    Permit, PersonId, Route, Tx, Visit,
    rules::{About, Rule},
};
use kring_lang::numbers;
use kring_people::READ_PEOPLE;
use kring_web::Chrome;

use super::counted::shown;
use crate::{
    USE, Words,
    alike::{self, FEWEST, Likeness},
    labels::Labels,
    scope,
    segment::{self, Segment},
    sentence::Speaker,
    who,
};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/segments/{id}/alike", &USE, show)]
}

#[derive(Template)]
#[template(path = "alike.html")]
struct AlikePage {
    chrome: Chrome,
    w: Words,
    segment: Segment,
    /// The index is still being filled.
    waiting: bool,
    /// There are too few members to say what they have in common.
    too_few: String,
    intro: String,
    traits: Vec<TraitRow>,
    people: Vec<PersonRow>,
    sees_people: bool,
    propose: String,
}

struct TraitRow {
    words: String,
    members: String,
    others: String,
    /// How many times as often.
    times: String,
}

struct PersonRow {
    who: who::Who,
    shares: String,
    traits: String,
}

async fn show(v: Visit, permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let id: Id<Segment> = v.path("id")?;
    let mut tx = v.house.read(&v.actor).await?;
    let segment = segment::one(&mut tx, id).await?;
    let chrome = v.chrome(&mut tx, w.alike_title(segment.name.as_str())).await?;
    let found = likeness(&mut tx, &v, &permit, &segment).await?;
    let sees_people = v.actor.may(&READ_PEOPLE);
    let mut page = AlikePage {
        chrome,
        w,
        segment,
        waiting: found.is_none(),
        too_few: String::new(),
        intro: String::new(),
        traits: Vec::new(),
        people: Vec::new(),
        sees_people,
        propose: format!("/segments/new?like={id}"),
    };
    let Some(found) = found else { return v.html(&page) };
    if found.members < FEWEST {
        page.too_few = w.alike_too_few(FEWEST as i64);
        return v.html(&page);
    }
    page.intro = w.alike_intro(numbers::int(found.members as i64, v.lang));
    let rules: Vec<&Rule> = found.traits.iter().map(|one| &one.rule).collect();
    let labels = Labels::of(&mut tx, v.lang, &rules).await?;
    let speaker = Speaker { lang: v.lang, facts: &v.house.rooms.facts, labels: &labels };
    let words: Vec<String> = rules.iter().map(|rule| speaker.rule(rule, About::Person)).collect();
    let percent = |n: u64, of: u64| match n as f64 / of.max(1) as f64 {
        // Not "0 %", which would be nobody.
        share if n > 0 && share < 0.005 => format!("< {}", numbers::percent(0.01, 0, v.lang)),
        share => numbers::percent(share, 0, v.lang),
    };
    page.traits = found
        .traits
        .iter()
        .zip(&words)
        .map(|(one, words)| TraitRow {
            words: words.clone(),
            members: format!("{} ({})", percent(one.members, found.members), shown(one.members, &v)),
            others: percent(one.others, found.others),
            times: w.alike_times(numbers::decimal(
                one.weight.exp(),
                u8::from(one.weight.exp() < 100.0),
                v.lang,
            )),
        })
        .collect();
    if sees_people {
        let ids: Vec<PersonId> = found.people.iter().map(|one| one.person).collect();
        let who = who::of(&mut tx, v.lang, &ids).await?;
        page.people = who
            .into_iter()
            .filter_map(|who| {
                let one = found.people.iter().find(|one| one.person == who.id)?;
                let traits: Vec<&str> =
                    one.traits.iter().filter_map(|at| words.get(*at)).map(String::as_str).collect();
                let shares = w.alike_shares(traits.len() as i64, found.traits.len() as i64);
                Some(PersonRow { who, shares, traits: traits.join(" · ") })
            })
            .collect();
    }
    v.html(&page)
}

/// The rule that a builder begins with: people like those of a segment who are not in it.
pub async fn proposed(v: &Visit, permit: &Permit, id: Id<Segment>) -> Result<Rule> {
    let mut tx = v.house.read(&v.actor).await?;
    let segment = segment::one(&mut tx, id).await?;
    let found = likeness(&mut tx, v, permit, &segment).await?;
    Ok(alike::proposal(id.get(), &found.unwrap_or_default().traits))
}

/// What the members of a segment have in common, among those whom the visitor may know of.
async fn likeness(tx: &mut Tx, v: &Visit, permit: &Permit, of: &Segment) -> Result<Option<Likeness>> {
    let rule = of.rule()?;
    if !tx.may_ask(&rule).await? {
        return Err(Error::Forbidden);
    }
    let among = scope::within(tx, permit, &rule).await?;
    let all = scope::within(tx, permit, &Rule::All(Vec::new())).await?;
    let (members, everybody) = (tx.people_who(&among).await?.is, tx.people_who(&all).await?.is);
    alike::likeness(tx, v.lang, &members, &everybody).await
}
