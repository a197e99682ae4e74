use askama::Template;
use axum::response::Response;
use http::Method;
use kring_core::Result;
use kring_frame::{Found, OrganisationId, PersonId, Route, Tx, Visit};
use kring_web::Chrome;

use super::{kind_names, list::Row};
use crate::{READ_PEOPLE, Words, find, organisation, person, roles};

const WHY: &str = "each room finds only what the asker may see";

pub fn routes() -> Vec<Route> {
    vec![
        Route::signed_in(Method::GET, "/search", WHY, search),
        Route::signed_in(Method::GET, "/search/suggest", WHY, suggest),
    ]
}

/// What a search over everything found. Never how many there are beyond what is shown: a count tells of people whom the
/// asker may not see.
struct Results {
    people: Vec<Row>,
    organisations: Vec<Firm>,
    found: Vec<Found>,
}

struct Firm {
    id: OrganisationId,
    name: String,
    what: String,
}

impl Results {
    fn is_empty(&self) -> bool {
        self.people.is_empty() && self.organisations.is_empty() && self.found.is_empty()
    }
}

async fn look(tx: &mut Tx, v: &Visit, query: &str, most: u32) -> Result<Results> {
    let mut results = Results { people: Vec::new(), organisations: Vec::new(), found: Vec::new() };
    if query.is_empty() {
        return Ok(results);
    }
    let w = Words(v.lang);
    if let Ok(permit) = v.actor.permit(&READ_PEOPLE) {
        let kinds = roles::kinds(tx).await?;
        let now = tx.now();
        if let Some(number) = number_of(query)
            && let Ok(p) = person::load(tx, number).await
            && p.state != person::State::Forgotten
        {
            let current = crate::merge::current(tx, number).await?;
            results.people =
                crate::rows(tx, &[current]).await?.into_iter().map(|p| Row::of(v, &kinds, p, now)).collect();
        }
        for person in find(tx, &permit, query, most).await? {
            if !results.people.iter().any(|p| p.id == person.id) {
                results.people.push(Row::of(v, &kinds, person, now));
            }
        }
        results.people.truncate(most as usize);
        let firms = organisation::find(tx, &permit, query, most.min(8)).await?;
        results.organisations = firms
            .into_iter()
            .map(|o| {
                let kind = w.find(&format!("organisation-{}", o.kind)).unwrap_or_default().to_owned();
                let mut says = vec![kind];
                says.extend(kind_names(&kinds, o.roles.as_deref(), v.lang));
                says.extend(o.city);
                Firm { id: o.id, name: o.name, what: says.join(" · ") }
            })
            .collect();
    }
    results.found = v.house.rooms.find(tx, v.lang, query).await?;
    Ok(results)
}

fn number_of(query: &str) -> Option<PersonId> {
    query.replace([' ', '.'], "").parse().ok()
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    chrome: Chrome,
    w: Words,
    query: String,
    results: Results,
}

async fn search(v: Visit) -> Result<Response> {
    let form = v.query()?;
    let query: String = form.get("q").trim().chars().take(200).collect();
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    // A relation number leads straight to its person.
    if v.actor.may(&READ_PEOPLE)
        && let Some(number) = number_of(&query)
        && person::load(&mut tx, number).await.is_ok_and(|p| p.state != person::State::Forgotten)
    {
        return v.see(format!("/people/{number}"));
    }
    let results = look(&mut tx, &v, &query, 20).await?;
    let mut chrome = v.chrome(&mut tx, w.search_title()).await?;
    chrome.query.clone_from(&query);
    v.html(&SearchPage { chrome, w, query, results })
}

#[derive(Template)]
#[template(path = "suggest.html")]
struct Suggestions {
    w: Words,
    query: String,
    results: Results,
}

/// A fragment under the search field, as one types. A fragment and not JSON: there is one way in which a person is shown.
async fn suggest(v: Visit) -> Result<Response> {
    let form = v.query()?;
    let query: String = form.get("q").trim().chars().take(200).collect();
    let mut tx = v.house.read(&v.actor).await?;
    let mut results = look(&mut tx, &v, &query, 7).await?;
    results.found.truncate(4);
    results.organisations.truncate(4);
    v.html(&Suggestions { w: Words(v.lang), query, results })
}
