//! What stands between people, organisations and the institution: wishes, roles, relations, owners, notes.

use std::collections::{BTreeSet, HashMap, HashSet};

use kring_consent::{Act, Channel};
use kring_core::Result;
use kring_db::Entry;
use kring_frame::{About, Event, NoteWritten, OrganisationId, PersonId, Purpose, RoleGiven, Tx, params, sql};
use kring_meerland::{
    Consent, Giver, KinshipKind, Organisation, OrganisationKind, PersonKey, Role, Size, TieKind, Wish,
};
use kring_people::{
    Party,
    address::NewAddress,
    bulk, contact, detect,
    organisation::{self, NewOrganisation},
    relationship::{Basis, Kind, NewRelationship, With},
    roles::NewRole,
};

use super::words;
use super::{
    institution::role_kind,
    load::{Load, number, postal},
};

/// Rows in one transaction.
const AT_ONCE: usize = 50_000;
/// So many roles at most are told to the log, the newest: a timeline is read from its end.
const TOLD: usize = 20_000;

/// For which of the house's purposes a wish of the world is.
fn purpose(of: &str) -> Purpose {
    match of {
        "orientation" => Purpose::Orientation,
        "alumni" | "association" => Purpose::Alumni,
        "survey" => Purpose::Research,
        // Newsletters, courses and gifts are promotion before the law.
        _ => Purpose::Marketing,
    }
}

fn channels(of: kring_meerland::Channel) -> &'static [Channel] {
    match of {
        kring_meerland::Channel::Mail => &[Channel::Mail],
        kring_meerland::Channel::Phone | kring_meerland::Channel::Message => &[Channel::Phone],
        kring_meerland::Channel::Post => &[Channel::Post],
        kring_meerland::Channel::Any => &[Channel::Mail, Channel::Phone, Channel::Post],
    }
}

pub(super) async fn wishes(load: &Load) -> Result<()> {
    let world = &load.world;
    let mut all: Vec<&Consent> = world.consents.iter().collect();
    // The newest row of the ledger counts.
    all.sort_by_key(|c| c.on);
    for some in all.chunks(AT_ONCE) {
        let mut tx = load.tx().await?;
        let actor = tx.actor().id;
        let mut sets = Vec::new();
        for c in some {
            let act = match c.wish {
                Wish::Consents => Act::Consent,
                Wish::Withdrew => Act::Withdrawal,
                Wish::Objects => Act::Objection,
            };
            let wording = (c.purpose == "newsletter" && c.wish == Wish::Consents).then_some("newsletter");
            let lang = wording.map(|_| world.people[c.person].lang);
            let controller =
                (c.controller != world.units.root()).then(|| load.institution.unit(c.controller)).flatten();
            for channel in channels(c.channel) {
                sets.push(params![
                    number(c.person),
                    purpose(c.purpose),
                    *channel,
                    act,
                    wording,
                    wording.map(|_| 1_i64),
                    lang,
                    c.how,
                    "",
                    actor,
                    load.moment(c.on),
                    controller,
                    c.by.map(number)
                ]);
            }
        }
        tx.many(
            sql!(
                "insert into consent_ledger (person_id, purpose, channel, act, wording_key, wording_version, lang, how, proof,
                     actor_id, at, controller_id, given_by)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
            ),
            sets,
        )
        .await?;
        tx.commit().await?;
    }
    Ok(())
}

fn kind_of(o: &Organisation) -> organisation::Kind {
    match o.kind {
        OrganisationKind::Accredited | OrganisationKind::Company if o.parent.is_some() => {
            organisation::Kind::Branch
        }
        OrganisationKind::Accredited | OrganisationKind::Company => organisation::Kind::Company,
        OrganisationKind::Partner("feeder_school") => organisation::Kind::School,
        OrganisationKind::Partner("municipality") => organisation::Kind::Municipality,
        OrganisationKind::Partner("government") => organisation::Kind::Government,
        OrganisationKind::Partner("hospital" | "practice") => organisation::Kind::Care,
        OrganisationKind::Partner("partner") => organisation::Kind::Foundation,
        OrganisationKind::Partner(_) => organisation::Kind::Other,
    }
}

/// Adds the organisations with addresses, codes, roles and words; answers the number of the first.
pub(super) async fn organisations(load: &Load, tx: &mut Tx) -> Result<OrganisationId> {
    let world = &load.world;
    let all: Vec<_> = world
        .organisations
        .iter()
        .map(|(_, o)| {
            let size = match o.size {
                Size::Micro => "1-9",
                Size::Small => "10-49",
                Size::Medium => "50-249",
                Size::Large => "250+",
            };
            let new = NewOrganisation {
                kind: Some(kind_of(o)),
                name: o.name.clone(),
                size_class: size.to_owned(),
                sole_trader: o.sole_trader,
                source: "meerland".into(),
                ..NewOrganisation::default()
            };
            let owner = o.owner.and_then(|k| load.keepers.get(&k).copied());
            let last = o.last_contact.map(|day| load.moment(day));
            (new, o.parent.map(|p| p.0 as usize), owner, load.moment(o.since), last)
        })
        .collect();
    let first = bulk::organisations(tx, &all).await?;
    let placed: HashSet<_> = world.placements.iter().map(|p| p.organisation).collect();
    let sponsors: HashSet<_> = world
        .gifts
        .iter()
        .filter_map(|g| match g.giver {
            Giver::Organisation(key) => Some(key),
            Giver::Person(_) => None,
        })
        .collect();
    let (mut points, mut addresses, mut codes, mut given) = (vec![], vec![], vec![], vec![]);
    for (key, o) in world.organisations.iter() {
        let party = Party::Organisation(OrganisationId::new(first.get() + i64::from(key.0)));
        let at = load.moment(o.since);
        let mut point = |kind, value: String| {
            let (state, source) = (contact::State::Fine, "meerland".to_owned());
            points.push(bulk::Point { party, kind, value, label: "work", state, source, at });
        };
        point(contact::Kind::Phone, o.phone.clone());
        point(contact::Kind::Email, format!("info@{}", o.domain));
        let visit = NewAddress { kind: Some(kring_people::address::Kind::Visit), ..postal(&o.address) };
        addresses.push((party, visit, None, at));
        codes.extend(o.identifiers.iter().map(|i| (party, i.scheme.to_owned(), i.value.clone())));
        let mut role = |kind: &str, from| {
            let role = NewRole { kind: kind.to_owned(), from: Some(from), ..NewRole::default() };
            given.push(bulk::Given { party, role, source: "meerland".into(), derived: false });
        };
        match o.kind {
            OrganisationKind::Accredited => {
                role("training_company", o.accreditations.iter().map(|a| a.from).min().unwrap_or(o.since));
            }
            OrganisationKind::Company => {}
            OrganisationKind::Partner("feeder_school") => role("feeder_school", o.since),
            OrganisationKind::Partner("municipality") => role("municipality", o.since),
            OrganisationKind::Partner("hospital" | "practice") => role("referring_organisation", o.since),
            OrganisationKind::Partner(_) => role("partner", o.since),
        }
        if placed.contains(&key) {
            role("placement_company", o.since);
        }
        if sponsors.contains(&key) {
            role("sponsor", o.since);
        }
    }
    bulk::points(tx, &points).await?;
    bulk::addresses(tx, &addresses, "meerland").await?;
    bulk::codes(tx, &codes, "meerland").await?;
    bulk::give_roles(tx, &given, load.now).await?;
    let ids = (0..all.len() as i64).map(|n| OrganisationId::new(first.get() + n));
    bulk::index_organisations(tx, ids).await?;
    Ok(first)
}

/// A role as the house keeps it. One that a definition makes is open for as long as the definition says so.
fn given(load: &Load, r: &Role, derived: &BTreeSet<String>) -> bulk::Given {
    let kind = role_kind(load.world.sector().key, r.kind);
    let derived = derived.contains(kind);
    let programme = r.programme.map(|p| load.world.programmes[p].nl.as_str());
    let role = NewRole {
        kind: kind.to_owned(),
        unit: r.unit.and_then(|u| load.institution.unit(u)),
        detail: if derived {
            String::new()
        } else {
            programme.unwrap_or(words::function(r.detail)).to_owned()
        },
        from: Some(r.from),
        to: r.to.filter(|_| !derived),
    };
    let source = if derived { "definition" } else { r.source };
    bulk::Given { party: Party::Person(number(r.person)), role, source: source.to_owned(), derived }
}

/// Roles with their periods; the newest, and all of those who are known by name, are told at their day.
pub(super) async fn roles(load: &Load) -> Result<()> {
    let world = &load.world;
    let mut tx = load.tx().await?;
    let kinds = kring_people::roles::kinds(&mut tx).await?;
    drop(tx);
    let derived: BTreeSet<String> = kinds.into_iter().filter(|k| k.derived).map(|k| k.key).collect();
    let known = named(load);
    let year = world.settings.today.checked_sub(jiff::Span::new().years(1)).unwrap_or(world.settings.today);
    let mut recent: Vec<_> = world.roles.iter().map(|r| r.from).filter(|from| *from > year).collect();
    recent.sort_unstable();
    let since = recent.len().checked_sub(TOLD).and_then(|at| recent.get(at)).copied().unwrap_or(year);
    // The roles stand by person; nobody has one of them twice from the same day, nor one that is derived twice at all.
    let (mut who, mut seen) = (None, HashSet::new());
    for some in world.roles.chunks(AT_ONCE) {
        let mut all = Vec::with_capacity(some.len());
        for r in some {
            if who.replace(r.person) != Some(r.person) {
                seen.clear();
            }
            let one = given(load, r, &derived);
            let from = one.role.from.filter(|_| !one.derived);
            if seen.insert((one.role.kind.clone(), one.role.unit, one.role.detail.clone(), from)) {
                all.push((r, one));
            }
        }
        let mut tx = load.tx().await?;
        let rows: Vec<bulk::Given> = all.iter().map(|(_, g)| g.clone()).collect();
        let first = bulk::give_roles(&mut tx, &rows, load.now).await?;
        let mut told = Vec::new();
        for ((r, g), id) in all.iter().zip(first..) {
            if !g.derived && (r.from > since || known.contains(&r.person)) {
                let about = About { unit: g.role.unit, ..About::person(number(r.person)).subject(id) };
                told.push(entry(load, &tx, about, r.from, &RoleGiven { kind: g.role.kind.clone() })?);
            }
        }
        tx.log_many(told).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The personae.
fn named(load: &Load) -> HashSet<PersonKey> {
    let all = &kring_meerland::personae(&load.world).all;
    all.iter().flat_map(|p| p.person.into_iter().chain(p.others.iter().copied())).collect()
}

fn entry<E: Event>(load: &Load, tx: &Tx, about: About, on: jiff::civil::Date, event: &E) -> Result<Entry> {
    Ok(Entry { at: load.moment(on), ..tx.entry(about, event)? })
}

pub(super) async fn relationships(load: &Load) -> Result<()> {
    let world = &load.world;
    let mut all = Vec::new();
    let new = |kind, detail: &str, from, to, basis, confirmed_on| NewRelationship {
        kind,
        detail: detail.to_owned(),
        from: Some(from),
        to,
        basis,
        confirmed_on,
        source: "meerland".into(),
    };
    for k in &world.kinships {
        let kind = match k.kind {
            KinshipKind::ParentOf => Kind::ParentOf,
            KinshipKind::PartnerOf => Kind::PartnerOf,
            KinshipKind::MentorOf => Kind::MentorOf,
            KinshipKind::Introduced | KinshipKind::Referred => Kind::Introduced,
            KinshipKind::Knows => Kind::Knows,
        };
        let basis = if k.basis == "staff" { Basis::Staff } else { Basis::OwnWord };
        let made = new(kind, "", k.since, k.until, basis, None);
        all.push((number(k.from), With::Person(number(k.to)), made));
    }
    for t in &world.ties {
        let kind = match t.kind {
            TieKind::EmployedAt => Kind::EmployedAt,
            TieKind::ContactOf => Kind::ContactOf,
            TieKind::SupervisorAt => Kind::SupervisorAt,
            TieKind::OwnerOf => Kind::OwnerOf,
        };
        let made = new(kind, words::function(t.function), t.from, t.to, Basis::List, Some(t.confirmed));
        all.push((number(t.person), With::Organisation(load.organisation(t.organisation)), made));
    }
    for k in &world.knows {
        let made = new(Kind::Knows, "", k.since, None, Basis::Staff, Some(k.last_contact));
        all.push((number(k.staff), With::Person(number(k.person)), made));
    }
    for some in all.chunks(AT_ONCE) {
        let mut tx = load.tx().await?;
        bulk::relationships(&mut tx, some, load.now).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The account manager of a company keeps the relation with its people, whoever keeps them as a whole.
pub(super) async fn owners(load: &Load) -> Result<()> {
    let world = &load.world;
    let mut outside: HashMap<PersonId, _> = HashMap::new();
    for t in world.ties.iter().filter(|t| t.to.is_none() && t.kind != TieKind::EmployedAt) {
        let keeper = world.organisations[t.organisation].owner.and_then(|k| load.keepers.get(&k));
        if let Some(actor) = keeper {
            outside.entry(number(t.person)).or_insert((*actor, load.moment(t.from)));
        }
    }
    let mut all: Vec<_> =
        outside.into_iter().map(|(id, (actor, at))| (Party::Person(id), actor, at)).collect();
    all.sort_unstable_by_key(|(_, _, at)| *at);
    let mut tx = load.tx().await?;
    bulk::group_owners(&mut tx, "outside", &all).await?;
    tx.commit().await
}

/// Notes as they were typed, less what must not be kept; what was found is for the steward.
pub(super) async fn notes(load: &Load) -> Result<()> {
    let mut tx = load.tx().await?;
    let robot = tx.actor().id;
    let mut all = Vec::new();
    for n in &load.world.notes {
        let mut text = n.text.clone();
        let found = detect::clean(&mut text);
        let by = n.by.and_then(|k| load.keepers.get(&k).copied()).unwrap_or(robot);
        all.push((n, found, (number(n.person), by, text, load.moment(n.on))));
    }
    let rows: Vec<_> = all.iter().map(|(_, _, row)| row.clone()).collect();
    let first = bulk::notes_of(&mut tx, &rows).await?;
    let mut told = Vec::new();
    for ((n, found, _), id) in all.iter().zip(first..) {
        let person = number(n.person);
        detect::report(&mut tx, Some(person), "note", Some(id), *found).await?;
        told.push(entry(load, &tx, About::person(person).subject(id), n.on, &NoteWritten {})?);
    }
    tx.log_many(told).await?;
    tx.commit().await
}
