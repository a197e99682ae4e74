use askama::Template;
use axum::response::Response;
use http::Method;
use kring_core::{Id, Lang, Result, Timestamp};
use kring_frame::{Found, Line, Panel, Permit, PersonId, Route, Tx, Visit};
use kring_lang::dates;
use kring_web::{Choice, Chrome, Form, SmallRing};

use crate::{
    Filter, Listed, READ_PEOPLE, WRITE_PEOPLE, Words, contact, list, note, person,
    roles::{self, Role},
    timeline::{self, Before},
};

const PAGE: u32 = 50;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/people", &READ_PEOPLE, people),
        Route::get("/people/{id}", &READ_PEOPLE, one),
        Route::post("/people/{id}/notes", &WRITE_PEOPLE, write_note),
        Route::signed_in(Method::GET, "/search", "each room finds only what the asker may see", search),
    ]
}

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    chrome: Chrome,
    w: Words,
    form: Form,
    kinds: Vec<Choice>,
    rows: Vec<Row>,
    filtered: bool,
    first: String,
    next: String,
}

struct Row {
    id: PersonId,
    name: String,
    roles: Vec<&'static str>,
    email: String,
    contact: String,
    exact: String,
}

impl Row {
    fn of(v: &Visit, p: Listed, now: Timestamp) -> Self {
        let w = Words(v.lang);
        let zone = &v.house.settings.zone;
        let kinds = p.roles.unwrap_or_default();
        Self {
            id: p.id,
            name: p.name,
            roles: kinds.split(' ').filter_map(|k| w.find(&role_key(k))).collect(),
            email: p.email.unwrap_or_default(),
            contact: p.last_contact_at.map(|at| dates::relative(at, now, zone, v.lang)).unwrap_or_default(),
            exact: p.last_contact_at.map(|at| dates::moment(at, zone, v.lang)).unwrap_or_default(),
        }
    }
}

fn role_key(kind: &str) -> String {
    format!("role-{}", kind.replace('_', "-"))
}

async fn people(v: Visit, permit: Permit) -> Result<Response> {
    let query = v.query()?;
    let filter = Filter {
        words: query.get("q").chars().take(200).collect(),
        role: Some(query.get("role").to_owned()).filter(|r| roles::KINDS.contains(&r.as_str())),
    };
    let after = match (query.get("after"), query.get("id").parse::<PersonId>()) {
        ("", _) | (_, Err(_)) => None,
        (key, Ok(id)) => Some((key.to_owned(), id)),
    };
    let mut tx = v.house.read(&v.actor).await?;
    let found = list(&mut tx, &permit, &filter, after.clone(), PAGE + 1).await?;
    let now = tx.now();
    let w = Words(v.lang);
    let chrome = v.chrome(&mut tx, w.people()).await?;
    let base = format!(
        "/people?q={}&role={}",
        kring_frame::encode(&filter.words),
        filter.role.clone().unwrap_or_default()
    );
    let next = match found.get(PAGE as usize - 1) {
        Some(last) if found.len() > PAGE as usize => {
            format!("{base}&after={}&id={}", kring_frame::encode(&last.sort_key), last.id)
        }
        _ => String::new(),
    };
    let page = PeoplePage {
        chrome,
        w,
        kinds: kinds(w),
        filtered: !filter.words.trim().is_empty() || filter.role.is_some(),
        form: query,
        rows: found.into_iter().take(PAGE as usize).map(|p| Row::of(&v, p, now)).collect(),
        first: if after.is_some() { base } else { String::new() },
        next,
    };
    v.html(&page)
}

fn kinds(w: Words) -> Vec<Choice> {
    roles::KINDS.iter().filter_map(|k| Some(Choice::new(k, w.find(&role_key(k))?))).collect()
}

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    chrome: Chrome,
    w: Words,
    id: PersonId,
    name: String,
    initials: String,
    address: String,
    deceased: bool,
    ring: SmallRing,
    roles: Vec<RoleChip>,
    contacts: Vec<(&'static str, String)>,
    heads: Vec<(String, Vec<String>)>,
    months: Vec<Month>,
    older: String,
    panels: Vec<Panel>,
    form: Form,
    may_write: bool,
}

struct RoleChip {
    tone: &'static str,
    icon: &'static str,
    label: String,
    since: String,
}

struct Month {
    title: String,
    lines: Vec<Moment>,
}

/// A line of the story, with the day as it reads under its month, the time of day, and both written out.
struct Moment {
    line: Line,
    day: String,
    time: String,
    exact: String,
}

async fn one(v: Visit, permit: Permit) -> Result<Response> {
    let id: PersonId = v.path("id")?;
    show(&v, &permit, id, Form::default()).await
}

/// The page of a person; `form` holds what stands in the composer.
async fn show(v: &Visit, permit: &Permit, id: PersonId, form: Form) -> Result<Response> {
    let query = v.query()?;
    let before = match (query.get("before").parse::<i64>(), query.get("event").parse::<i64>()) {
        (Ok(at), Ok(event)) => Timestamp::from_millisecond(at).ok().map(|at| Before { at, event }),
        _ => None,
    };
    let w = Words(v.lang);
    // Looking at somebody is written down, so a look is a transaction.
    let mut tx = v.house.write(&v.actor).await?;
    let found = person::read(&mut tx, permit, id).await?;
    let contacts = contact::of(&mut tx, id).await?;
    let roles = roles::of(&mut tx, id).await?;
    let story = timeline::page(&mut tx, v.lang, id, before).await?;
    let mut heads = v.house.rooms.heads(&mut tx, v.lang, id).await?;
    heads.push((w.head_known().to_owned(), known(&mut tx, v, &found).await?));
    let panels = v.house.rooms.panels(&mut tx, v.lang, id).await?;
    let chrome = v.chrome(&mut tx, found.display_name.clone()).await?;
    let now = tx.now();
    tx.commit().await?;
    let name = found.name();
    let wrong = !form.faults().is_empty();
    let page = PersonPage {
        chrome,
        w,
        id,
        initials: name.initials_for_avatar(),
        address: name.salutation(v.lang, true),
        deceased: found.deceased,
        ring: ring(&roles, &story.lines),
        roles: roles.iter().map(|r| chip(r, w, v.lang)).collect(),
        contacts: contacts
            .into_iter()
            .map(|c| (if c.kind == contact::Kind::Email { "mail" } else { "phone" }, c.value))
            .collect(),
        heads,
        months: months(story.lines, v, now),
        older: story
            .more
            .map(|b| format!("/people/{id}?before={}&event={}", b.at.as_millisecond(), b.event))
            .unwrap_or_default(),
        panels,
        form,
        may_write: v.actor.may(&WRITE_PEOPLE),
        name: found.display_name,
    };
    if wrong { v.html_again(&page) } else { v.html(&page) }
}

async fn known(tx: &mut Tx, v: &Visit, p: &person::Person) -> Result<Vec<String>> {
    let w = Words(v.lang);
    let zone = &v.house.settings.zone;
    let mut says = vec![w.known_since(dates::day(p.created_at, zone, v.lang))];
    if let Some(owner) = p.owner {
        let (name,): (String,) = tx
            .one(kring_frame::sql!("select name from actors where id = $1"), kring_frame::params![owner])
            .await?;
        says.insert(0, w.owned_by(name));
    }
    says.push(match p.last_contact_at {
        Some(at) => w.last_contact(dates::relative(at, tx.now(), zone, v.lang)),
        None => w.no_contact_yet().to_owned(),
    });
    Ok(says)
}

fn chip(role: &Role, w: Words, lang: Lang) -> RoleChip {
    let (tone, icon) = match role.kind.as_str() {
        "prospect" | "applicant" | "visitor" | "parent_guardian" => ("sun", "people"),
        "alumnus" | "graduate" | "ambassador" | "mentor" => ("plum", "cap"),
        "company_contact" | "workplace_supervisor" | "school_contact" => ("sky", "brief"),
        _ => ("leaf", "book"),
    };
    let label = w.find(&role_key(&role.kind)).unwrap_or(&role.kind);
    let unit = match lang {
        Lang::Nl => &role.unit_nl,
        Lang::En => &role.unit_en,
    };
    let place = [Some(role.detail.as_str()).filter(|d| !d.is_empty()), unit.as_deref()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ");
    RoleChip {
        tone: if role.to.is_some() { "past" } else { tone },
        icon,
        label: if place.is_empty() { label.to_owned() } else { format!("{label} · {place}") },
        since: match (role.from, role.to) {
            (Some(from), Some(to)) => format!("{}–{}", from.year(), to.year()),
            (Some(from), None) => w.since(dates::short_date(from, lang)),
            _ => String::new(),
        },
    }
}

fn ring(roles: &[Role], lines: &[Line]) -> SmallRing {
    use kring_web::Arc;
    let arc = |role: &Role| match role.kind.as_str() {
        "prospect" | "applicant" | "visitor" | "parent_guardian" => Arc::Attract,
        "alumnus" | "ambassador" | "mentor" | "guest_teacher" | "company_contact" => Arc::Bind,
        "panel_member" => Arc::Improve,
        _ => Arc::Serve,
    };
    let told = |icon| lines.iter().any(|l| l.icon == icon);
    let is = |a: Arc| {
        roles.iter().any(|r| r.to.is_none() && arc(r) == a)
            || a == Arc::Measure && told("smile")
            || a == Arc::Serve && told("chat")
    };
    let was = |a: Arc| roles.iter().any(|r| r.to.is_some() && arc(r) == a);
    SmallRing {
        now: Arc::ALL.into_iter().filter(|a| is(*a)).collect(),
        before: Arc::ALL.into_iter().filter(|a| !is(*a) && was(*a)).collect(),
    }
}

/// Lines under the headings by which people remember: this week, earlier this month, October.
fn months(lines: Vec<Line>, v: &Visit, now: Timestamp) -> Vec<Month> {
    let w = Words(v.lang);
    let zone = &v.house.settings.zone;
    let today = dates::date_of(now, zone);
    let monday = today
        .checked_sub(jiff::Span::new().days(i64::from(today.weekday().to_monday_zero_offset())))
        .unwrap_or(today);
    let mut months: Vec<Month> = Vec::new();
    for line in lines {
        let day = dates::date_of(line.at, zone);
        let title = if day >= monday {
            w.this_week().to_owned()
        } else if (day.year(), day.month()) == (today.year(), today.month()) {
            w.earlier_in(dates::month(day, v.lang))
        } else {
            let month = dates::month(day, v.lang);
            let mut title: String =
                month.chars().take(1).flat_map(char::to_uppercase).chain(month.chars().skip(1)).collect();
            if day.year() != today.year() {
                title.push_str(&format!(" {}", day.year()));
            }
            title
        };
        let moment = Moment {
            day: match (today - day).get_days() {
                0 | 1 => dates::relative_day(day, today, v.lang),
                _ => dates::day_in_month(day, v.lang),
            },
            time: dates::time(line.at, zone),
            exact: dates::moment(line.at, zone, v.lang),
            line,
        };
        match months.last_mut() {
            Some(month) if month.title == title => month.lines.push(moment),
            _ => months.push(Month { title, lines: vec![moment] }),
        }
    }
    months
}

async fn write_note(v: Visit, permit: Permit) -> Result<Response> {
    let id: PersonId = v.path("id")?;
    let mut form = v.form()?;
    let text = form.required_text("text", 5_000);
    if form.done().is_ok() {
        let mut tx = v.house.write(&v.actor).await?;
        match note::write(&mut tx, &permit, id, &text).await {
            Ok(_) => {
                tx.commit().await?;
                return v.see_done(&format!("/people/{id}"), "done-note", None);
            }
            Err(why) => form.absorb(why)?,
        }
    }
    let read = v.actor.permit(&READ_PEOPLE)?;
    show(&v, &read, id, form).await
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    chrome: Chrome,
    w: Words,
    query: String,
    people: Vec<Row>,
    found: Vec<Found>,
}

async fn search(v: Visit) -> Result<Response> {
    let form = v.query()?;
    let query: String = form.get("q").trim().chars().take(200).collect();
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let mut people = Vec::new();
    if let Ok(permit) = v.actor.permit(&READ_PEOPLE)
        && !query.is_empty()
    {
        // A relation number leads straight to its person.
        if let Ok(number) = query.replace([' ', '.'], "").parse::<Id<kring_frame::mark::Person>>()
            && person::load(&mut tx, number).await.is_ok()
        {
            return v.see(format!("/people/{number}"));
        }
        let now = tx.now();
        let filter = Filter { words: query.clone(), role: None };
        people = list(&mut tx, &permit, &filter, None, 20)
            .await?
            .into_iter()
            .map(|p| Row::of(&v, p, now))
            .collect();
    }
    let found =
        if query.is_empty() { Vec::new() } else { v.house.rooms.find(&mut tx, v.lang, &query).await? };
    let mut chrome = v.chrome(&mut tx, w.search_title()).await?;
    chrome.query.clone_from(&query);
    v.html(&SearchPage { chrome, w, query, people, found })
}
