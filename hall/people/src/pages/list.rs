use askama::Template;
use axum::response::Response;
use jiff::tz::TimeZone;
use kring_core::{Lang, Result, Timestamp};
use kring_frame::{ActorId, Permit, PersonId, Route, UnitId, Visit, encode};
use kring_lang::dates;
use kring_web::{Choice, Chrome, Form};

use super::{colleagues, kind_choices, kind_names, unit_choices};
use crate::{Filter, Listed, READ_PEOPLE, Words, list, roles, search::After, source::Names, view};

const PAGE: u32 = 50;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/people", &READ_PEOPLE, people),
        Route::post("/people/views", &READ_PEOPLE, keep_view),
        Route::post("/people/views/{view}/remove", &READ_PEOPLE, remove_view),
    ]
}

/// The columns one can choose; the name always stands first.
pub const COLUMNS: &[&str] = &["roles", "email", "phone", "city", "owner", "source", "known", "contact"];
const DEFAULT: &[&str] = &["roles", "email", "owner", "contact"];

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    chrome: Chrome,
    w: Words,
    form: Form,
    kinds: Vec<Choice>,
    units: Vec<Choice>,
    owners: Vec<Choice>,
    columns: Vec<(&'static str, &'static str, bool)>,
    shown: Vec<&'static str>,
    rows: Vec<Row>,
    filtered: bool,
    /// The name of the segment that is shown.
    segment: String,
    /// Where it is said who has the role that is shown, if a definition says so: words and address.
    meaning: Option<(String, String)>,
    /// The filter as it stands in an address, without page and columns.
    query: String,
    views: Vec<view::View>,
    may_write: bool,
    /// What other rooms do with this list: icon, label, address.
    offers: Vec<(&'static str, &'static str, String)>,
    first: String,
    next: String,
}

/// A row with every cell that can be chosen.
pub struct Row {
    pub id: PersonId,
    pub name: String,
    pub roles: Vec<String>,
    pub email: String,
    phone: String,
    city: String,
    owner: String,
    source: String,
    known: String,
    contact: String,
    exact: String,
}

impl Row {
    pub fn of(v: &Visit, kinds: &[roles::Kind], p: Listed, now: Timestamp) -> Self {
        let zone = &v.house.settings.zone;
        Self {
            id: p.id,
            name: p.name,
            roles: kind_names(kinds, p.roles.as_deref(), v.lang),
            email: p.email.unwrap_or_default(),
            phone: p.phone.map(|n| kring_formats::national(&n)).unwrap_or_default(),
            city: p.city.unwrap_or_default(),
            owner: p.owner.unwrap_or_default(),
            source: source_name(Words(v.lang), &p.source),
            known: dates::short_date(dates::date_of(p.known_since, zone), v.lang),
            contact: p.last_contact_at.map(|at| dates::last(at, now, zone, v.lang)).unwrap_or_default(),
            exact: p.last_contact_at.map(|at| dates::moment(at, zone, v.lang)).unwrap_or_default(),
        }
    }

    /// Who this is, in one line: roles and a way to reach them.
    pub fn says(&self) -> String {
        let parts = self.roles.iter().map(String::as_str).chain([self.email.as_str()]);
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    fn cell(&self, column: &str) -> &str {
        match column {
            "email" => &self.email,
            "phone" => &self.phone,
            "city" => &self.city,
            "owner" => &self.owner,
            "source" => &self.source,
            "known" => &self.known,
            _ => &self.contact,
        }
    }
}

/// "lijst 12", "formulier": a source in words.
pub fn source_name(w: Words, source: &str) -> String {
    match source.split_once(':') {
        Some((kind, number)) => match w.find(&format!("source-{kind}")) {
            Some(kind) => format!("{kind} {number}"),
            None => source.to_owned(),
        },
        None => w.find(&format!("source-{source}")).unwrap_or(source).to_owned(),
    }
}

/// As [`source_name`], with the name of the list and its day where it has one.
pub fn source_named(w: Words, names: &Names, zone: &TimeZone, source: &str) -> String {
    match names.get(source) {
        Some((label, at)) => w.source_list(label, dates::day(*at, zone, w.0)),
        None => source_name(w, source),
    }
}

/// The filter that stands in an address; what is not one of ours asks nothing.
pub fn filter_of(query: &Form, kinds: &[roles::Kind], me: ActorId) -> Filter {
    Filter {
        words: query.get("q").chars().take(200).collect(),
        role: Some(query.get("role").to_owned()).filter(|r| kinds.iter().any(|k| k.key == *r)),
        unit: query.get("unit").parse::<UnitId>().ok(),
        owner: match query.get("owner") {
            "me" => Some(me),
            other => other.parse().ok(),
        },
        nobodys: query.get("owner") == "nobody",
        silent_days: query.get("silent").parse().ok().filter(|d| (0..=40_000).contains(d)),
        has_mail: match query.get("mail") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        segment: query.get("segment").parse().ok(),
    }
}

/// The filter as it stands in an address.
pub fn query_of(query: &Form) -> String {
    ["q", "role", "unit", "owner", "silent", "mail", "segment"]
        .iter()
        .filter(|name| !query.get(name).is_empty())
        .map(|name| format!("{name}={}", encode(query.get(name))))
        .collect::<Vec<_>>()
        .join("&")
}

fn after_of(query: &Form) -> Option<After> {
    match (query.get("after"), query.get("id").parse::<PersonId>()) {
        ("", _) | (_, Err(_)) => None,
        (key, Ok(id)) => Some((key.to_owned(), id)),
    }
}

async fn people(v: Visit, permit: Permit) -> Result<Response> {
    let query = v.query()?;
    let mut tx = v.house.read(&v.actor).await?;
    let kinds = roles::kinds(&mut tx).await?;
    let filter = filter_of(&query, &kinds, v.actor.id);
    let after = after_of(&query);
    let found = list(&mut tx, &permit, &filter, after.clone(), PAGE + 1).await?;
    let now = tx.now();
    let w = Words(v.lang);
    let units = unit_choices(&mut tx, v.lang).await?;
    let mut owners = vec![Choice::new("me", w.owner_me()), Choice::new("nobody", w.owner_nobody())];
    owners.extend(colleagues(&mut tx).await?);
    let views = view::of(&mut tx, v.actor.id, "people").await?;
    let chrome = v.chrome(&mut tx, w.people()).await?;
    let chosen = query.all("col");
    let shown: Vec<&'static str> = match chosen.as_slice() {
        [] => DEFAULT.to_vec(),
        some => COLUMNS.iter().copied().filter(|c| some.contains(c)).collect(),
    };
    let columns = COLUMNS
        .iter()
        .filter_map(|c| Some((*c, w.find(&format!("column-{c}"))?, shown.contains(c))))
        .collect();
    let filter_query = query_of(&query);
    let picked: String = chosen.iter().filter(|c| COLUMNS.contains(c)).map(|c| format!("&col={c}")).collect();
    let base = format!("/people?{filter_query}{picked}");
    let next = match found.get(PAGE as usize - 1) {
        Some(last) if found.len() > PAGE as usize => {
            format!("{base}&after={}&id={}", encode(&last.sort_key), last.id)
        }
        _ => String::new(),
    };
    let derived = kinds.iter().find(|k| k.derived && Some(&k.key) == filter.role.as_ref());
    let meaning = derived.map(|k| {
        let unit = filter.unit.map(|u| format!("?unit={u}")).unwrap_or_default();
        (w.definition_title(k.name(v.lang)), format!("/definitions/{}{unit}", k.key))
    });
    let segment = match (filter.segment, v.house.rooms.segments) {
        (Some(id), Some(segments)) => (segments.name)(&mut tx, id).await?.unwrap_or_default(),
        _ => String::new(),
    };
    let page = PeoplePage {
        chrome,
        w,
        kinds: kind_choices(&kinds, "person", v.lang),
        units,
        owners,
        columns,
        shown,
        filtered: !filter.is_empty(),
        segment,
        meaning,
        query: filter_query.clone(),
        views,
        offers: v
            .house
            .rooms
            .offers("people", &v.actor)
            .map(|o| (o.icon, (o.label)(v.lang), format!("{}?{filter_query}", o.href)))
            .collect(),
        may_write: v.actor.may(&crate::WRITE_PEOPLE),
        form: query,
        rows: found.into_iter().take(PAGE as usize).map(|p| Row::of(&v, &kinds, p, now)).collect(),
        first: if after.is_some() { base } else { String::new() },
        next,
    };
    v.html(&page)
}

async fn keep_view(v: Visit, _permit: Permit) -> Result<Response> {
    let mut form = v.form()?;
    let name = form.line("name", 60);
    let query = Form::parse(form.get("query").as_bytes())?;
    let columns: String =
        form.all("col").iter().filter(|c| COLUMNS.contains(c)).map(|c| format!("&col={c}")).collect();
    // Written anew from what we know of a filter, so that nothing else is kept and shown to colleagues.
    let query = format!("{}{columns}", query_of(&query));
    let mut tx = v.house.write(&v.actor).await?;
    if name.is_empty() {
        return v.see(format!("/people?{query}"));
    }
    view::keep(&mut tx, "people", &name, &query, form.tick("shared")).await?;
    tx.commit().await?;
    v.see_done(&format!("/people?{query}"), "done-view", None)
}

async fn remove_view(v: Visit, _permit: Permit) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    view::remove(&mut tx, v.path("view")?).await?;
    tx.commit().await?;
    v.see_done("/people", "done-view-gone", None)
}

impl PeoplePage {
    fn heading(&self, column: &str) -> &'static str {
        self.columns.iter().find(|(c, _, _)| *c == column).map_or("", |(_, label, _)| label)
    }

    /// The choices for how long there has been no contact.
    fn silences(&self) -> Vec<Choice> {
        let w = self.w;
        vec![
            Choice::new("30", w.silent_month()),
            Choice::new("180", w.silent_half_year()),
            Choice::new("365", w.silent_year()),
            Choice::new("1826", w.silent_five_years()),
        ]
    }

    const fn lang(&self) -> Lang {
        self.chrome.lang
    }
}
