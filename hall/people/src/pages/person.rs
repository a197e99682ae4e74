use askama::Template;
use axum::response::Response;
use kring_core::{Lang, Result};
use kring_frame::{Doing, Line, Panel, Permit, PersonId, Route, Tx, Visit};
use kring_lang::dates;
use kring_web::{Chrome, Form, SmallRing};

use super::story::{Month, Pick, months, story};
use crate::{
    COACH, Party, READ_PEOPLE, WRITE_PEOPLE, Words, address, contact, merge, note, owner, person,
    relationship,
    roles::{self, Role},
    timeline::relation_words,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/people/{id}", &READ_PEOPLE, one),
        Route::post("/people/{id}/notes", &WRITE_PEOPLE, write_note),
        Route::post("/people/{id}/coaching", &COACH, write_note),
        Route::post("/people/merges/{merge}/undo", &WRITE_PEOPLE, unmerge),
    ]
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
    pronouns: String,
    deceased: bool,
    ring: SmallRing,
    roles: Vec<RoleChip>,
    contacts: Vec<(&'static str, String, bool)>,
    lives: Option<String>,
    heads: Vec<(String, Vec<String>)>,
    months: Vec<Month>,
    chapters: Vec<Pick>,
    units: Vec<Pick>,
    older: String,
    panels: Vec<Panel>,
    doings: Vec<Doing>,
    form: Form,
    may_write: bool,
    may_coach: bool,
}

/// A role as a chip: what, where, since when.
pub struct RoleChip {
    pub tone: &'static str,
    pub icon: &'static str,
    pub label: String,
    pub since: String,
    /// Where a relation leads.
    pub href: Option<String>,
}

async fn one(v: Visit, permit: Permit) -> Result<Response> {
    let id: PersonId = v.path("id")?;
    show(&v, &permit, id, Form::default()).await
}

/// The page of a person; `form` holds what stands in the composer.
async fn show(v: &Visit, permit: &Permit, id: PersonId, form: Form) -> Result<Response> {
    let w = Words(v.lang);
    // Looking at somebody is written down, so a look is a transaction.
    let mut tx = v.house.write(&v.actor).await?;
    let found = person::read(&mut tx, permit, id).await?;
    if found.merged_into.is_some() {
        let now = merge::current(&mut tx, id).await?;
        tx.commit().await?;
        return v.see(format!("/people/{now}"));
    }
    let contacts = contact::of(&mut tx, id).await?;
    let lives = address::of(&mut tx, id).await?.into_iter().find(|a| a.valid_to.is_none());
    let roles = roles::of(&mut tx, id).await?;
    let relations = relationship::of(&mut tx, id).await?;
    let party = Party::Person(id);
    let story = story(&mut tx, v, party).await?;
    let mut heads = v.house.rooms.heads(&mut tx, v.lang, id).await?;
    heads.push((w.head_known().to_owned(), known(&mut tx, v, &found).await?));
    let panels = v.house.rooms.panels(&mut tx, v.lang, id).await?;
    let doings = v.house.rooms.doings(&tx);
    let chrome = v.chrome(&mut tx, found.display_name.clone()).await?;
    let now = tx.now();
    tx.commit().await?;
    let name = found.name();
    let wrong = !form.faults().is_empty();
    let mut chips: Vec<RoleChip> = roles.iter().map(|r| chip(r, w, v.lang)).collect();
    // At an organisation one is somebody, too: that reads as a role.
    let at = relations.iter().filter(|r| r.organisation.is_some() && r.to.is_none()).map(|r| RoleChip {
        tone: "sky",
        icon: "brief",
        label: format!("{} {}", relation_words(w, r), r.name),
        since: r.from.map(|from| w.since(dates::short_date(from, v.lang))).unwrap_or_default(),
        href: r.organisation.map(|o| format!("/organisations/{o}")),
    });
    chips.extend(at);
    let page = PersonPage {
        chrome,
        w,
        id,
        initials: name.initials_for_avatar(),
        address: name.salutation(v.lang, true),
        pronouns: found.pronouns.clone(),
        deceased: found.deceased,
        ring: ring(&roles, &story.told.lines),
        roles: chips,
        contacts: contacts
            .into_iter()
            .map(|c| {
                let icon = if c.kind == contact::Kind::Email { "mail" } else { "phone" };
                (icon, c.shown(), c.state == contact::State::Dead)
            })
            .collect(),
        lives: match lives {
            Some(_) if found.address_protected => Some(w.address_protected().to_owned()),
            Some(address) => Some(address.line()),
            None => None,
        },
        heads,
        older: story.older(party),
        months: months(story.told.lines, v, now),
        chapters: story.chapters,
        units: story.units,
        panels,
        doings,
        form,
        may_write: v.actor.may(&WRITE_PEOPLE),
        may_coach: v.actor.may(&COACH),
        name: found.display_name,
    };
    if wrong { v.html_again(&page) } else { v.html(&page) }
}

async fn known(tx: &mut Tx, v: &Visit, p: &person::Person) -> Result<Vec<String>> {
    let w = Words(v.lang);
    let zone = &v.house.settings.zone;
    let mut says = owners(tx, w, p.id.into()).await?;
    says.push(w.known_since(dates::day(p.created_at, zone, v.lang)));
    says.push(match p.last_contact_at {
        Some(at) => w.last_contact(dates::last(at, tx.now(), zone, v.lang)),
        None => w.no_contact_yet().to_owned(),
    });
    Ok(says)
}

/// Who keeps the relation, in words; that nobody does is said too.
pub async fn owners(tx: &mut Tx, w: Words, party: Party) -> Result<Vec<String>> {
    let owners = owner::of(tx, party).await?;
    if owners.is_empty() {
        return Ok(vec![w.no_owner().to_owned()]);
    }
    Ok(owners
        .into_iter()
        .map(|o| match w.find(&format!("group-{}", o.group)) {
            Some(group) => w.owned_for(&o.name, group),
            None => w.owned_by(&o.name),
        })
        .collect())
}

/// A role as a chip, in the colour of its arc of the ring.
pub fn chip(role: &Role, w: Words, lang: Lang) -> RoleChip {
    let (tone, icon) = match role.group.as_str() {
        "before" => ("sun", "people"),
        "after" | "giving" => ("plum", "cap"),
        "outside" => ("sky", "brief"),
        _ => ("leaf", "book"),
    };
    let label = role.name(lang);
    let place = role.place(lang);
    RoleChip {
        tone: if role.to.is_some() { "past" } else { tone },
        icon,
        label: if place.is_empty() { label.to_owned() } else { format!("{label} · {place}") },
        since: match (role.from, role.to) {
            (Some(from), Some(to)) if from.year() == to.year() => from.year().to_string(),
            (Some(from), Some(to)) => format!("{}–{}", from.year(), to.year()),
            (None, Some(to)) => w.until(dates::short_date(to, lang)),
            (Some(from), None) => w.since(dates::short_date(from, lang)),
            (None, None) => String::new(),
        },
        href: None,
    }
}

fn ring(roles: &[Role], lines: &[Line]) -> SmallRing {
    use kring_web::Arc;
    let arc = |role: &Role| match (role.group.as_str(), role.kind.as_str()) {
        (_, "panel_member" | "client_council_member") => Arc::Improve,
        ("before", _) => Arc::Attract,
        ("after" | "giving" | "outside", _) => Arc::Bind,
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

async fn unmerge(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    let separate = merge::undo_people(&mut tx, &permit, v.path("merge")?).await?;
    tx.commit().await?;
    v.see_done(&format!("/people/{separate}"), "done-unmerged", None)
}

async fn write_note(v: Visit, permit: Permit) -> Result<Response> {
    let id: PersonId = v.path("id")?;
    let mut form = v.form()?;
    let text = form.required_text("text", 5_000);
    if form.done().is_ok() {
        let mut tx = v.house.write(&v.actor).await?;
        match note::write(&mut tx, &permit, id, &text).await {
            Ok(written) => {
                tx.commit().await?;
                let done = if written.cleaned { "done-note-cleaned" } else { "done-note" };
                return v.see_done(&format!("/people/{id}"), done, None);
            }
            Err(why) => form.absorb(why)?,
        }
    }
    let read = v.actor.permit(&READ_PEOPLE)?;
    show(&v, &read, id, form).await
}
