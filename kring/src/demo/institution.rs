//! The institution before anybody is in it: units, kinds of role, topics, a survey, and the colleagues who sign in.

use kring_access::{PasswordHash, demo_account};
use kring_core::{Id, Result};
use kring_frame::{Actor, ActorId, House, Tx, UnitId, params, sql};
use kring_meerland::{UnitKey, UnitKind, World};
use kring_people::units;
use kring_surveys::Kind;
use kring_talks::{Topic, topic};

use super::words;

/// Every account of the demo has it. It opens nothing outside a demo.
pub const PASSWORD: &str = "meerland-demo-2026";

/// A colleague who signs in.
pub struct Colleague {
    pub name: &'static str,
    pub role: &'static str,
    /// In the first of these units that the pack has.
    units: &'static [&'static str],
    /// As which function of the staff: the colleague keeps the relations of one of them.
    pub function: &'static str,
}

const fn colleague(
    name: &'static str,
    role: &'static str,
    units: &'static [&'static str],
    function: &'static str,
) -> Colleague {
    Colleague { name, role, units, function }
}

/// Who works at Meerland: one of each kind, and a desk that is manned.
pub const STAFF: &[Colleague] = &[
    colleague("Hanneke Vos", "admin", &["meerland"], ""),
    colleague("Marit de Boer", "desk_head", &["serviceplein"], ""),
    colleague("Fleur Smit", "desk_agent", &["serviceplein"], "service_agent"),
    colleague("Omar Haddad", "desk_agent", &["serviceplein"], "support"),
    colleague(
        "Bas Terpstra",
        "placement_officer",
        &["queue-placement", "queue-intake"],
        "placement_coordinator",
    ),
    colleague("Yara Mulder", "account_manager", &["meerland"], "marketeer"),
    colleague("Lisa Jonker", "recruiter", &["meerland"], "marketeer"),
    colleague("Sanne Kuipers", "coach", &["zorg", "home-care"], "coach"),
    colleague("Willem Kok", "alumni_officer", &["meerland"], "alumni_officer"),
    colleague("Ria Post", "board", &["meerland"], ""),
    colleague("Piet van Dam", "steward", &["meerland"], ""),
];

impl Colleague {
    pub fn address(&self) -> String {
        format!("{}@meerland.example", kring_lang::names::fold(self.name).replace(' ', "."))
    }
}

/// What the makers of people and of the year need of the institution.
pub struct Institution {
    /// By their place in the world.
    units: Vec<UnitId>,
    pub topics: Vec<Topic>,
    pub survey: Id<kring_surveys::Survey>,
    /// As in [`STAFF`].
    pub accounts: Vec<ActorId>,
    /// Whoever answers questions, with the units they reach.
    pub agents: Vec<Actor>,
}

impl Institution {
    pub fn unit(&self, key: UnitKey) -> Option<UnitId> {
        self.units.get(key.0 as usize).copied()
    }
}

pub async fn furnish(house: &House, world: &World) -> Result<Institution> {
    let mut tx = house.write(&Actor::robot()).await?;
    tx.set_fact("pack", world.sector().key).await?;
    let units = make_units(&mut tx, world).await?;
    name_roles(&mut tx, world).await?;
    let named = |keys: &[&str]| {
        let found = keys.iter().find_map(|key| world.units.find(key));
        units.get(found.map_or(0, |k| k.0 as usize)).copied().unwrap_or(UnitId::new(1))
    };
    for (position, t) in world.sector().topics.iter().enumerate() {
        let position = i64::try_from(position).unwrap_or(0);
        let id = topic::add(&mut tx, t.key, t.label.nl, t.label.en, named(&[t.queue]), position).await?;
        kring_desk::set_promise(&mut tx, id, words::of(t.key).map_or(540, |w| w.promise_minutes)).await?;
    }
    let topics = topic::active(&mut tx).await?;
    let survey = make_survey(&mut tx, named(&["meerland"])).await?;
    let hash = PasswordHash::of(&house.chance, PASSWORD).await?;
    let mut accounts = Vec::new();
    for c in STAFF {
        accounts.push(demo_account(&mut tx, c.name, &c.address(), &hash, c.role, named(c.units)).await?);
    }
    let mut agents = Vec::new();
    for (id, c) in accounts.iter().zip(STAFF) {
        let actor = kring_frame::actor_of(&mut tx, *id).await?;
        // Whoever runs the house may answer too, and does not.
        if c.role != "admin" && actor.may(&kring_desk::WORK_REQUESTS) {
            agents.push(actor);
        }
    }
    tx.commit().await?;
    Ok(Institution { units, topics, survey, accounts, agents })
}

/// The tree. A fund and an association are controllers of their own; they hang under the institution here, since the tree
/// says who may be given a right where, and the mark of a legal entity says whose the data are.
async fn make_units(tx: &mut Tx, world: &World) -> Result<Vec<UnitId>> {
    let mut made: Vec<UnitId> = Vec::new();
    for (_, unit) in world.units.all.iter() {
        let parent = unit.parent.map_or(0, |p| p.0 as usize);
        let id = units::add(tx, made.get(parent).copied(), &unit.nl, &unit.en, kind(unit.kind)).await?;
        let campus = unit.campus.map_or("", |c| world.units.all[c].nl.as_str());
        tx.run(
            sql!("update units set legal_entity = $2, location = $3 where id = $1"),
            params![id, unit.legal_entity, campus],
        )
        .await?;
        made.push(id);
    }
    // What they share with the institution is arranged, or its own colleagues could not work for them.
    let (since, now) = (world.settings.today, tx.now());
    let since = since.checked_sub(jiff::Span::new().years(6)).unwrap_or(since);
    let top = made.first().copied();
    let entities = world.units.all.iter().filter(|(k, u)| u.legal_entity && *k != world.units.root());
    let sets = entities
        .filter_map(|(key, unit)| {
            let id = made.get(key.0 as usize).copied()?;
            let note = format!("Samenwerking met {}", unit.nl);
            Some(params![top, id, "26", "relation alumni", note, since, tx.actor().id, now])
        })
        .collect();
    tx.many(
        sql!(
            "insert into arrangements (from_unit, to_unit, article, purposes, note, valid_from, actor_id, at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        sets,
    )
    .await?;
    Ok(made)
}

const fn kind(kind: UnitKind) -> &'static str {
    match kind {
        UnitKind::Institution => "institution",
        UnitKind::Division => "division",
        UnitKind::Campus => "campus",
        UnitKind::School => "school",
        UnitKind::Team => "team",
        UnitKind::Service => "service",
        UnitKind::Queue => "queue",
        UnitKind::Office => "office",
        UnitKind::Fund => "fund",
        UnitKind::Association => "association",
    }
}

/// Where the house already has a kind of role for what the world calls otherwise: (pack, or none for both, world, house).
const RENAMED: &[(&str, &str, &str)] = &[
    ("", "former_student_without_diploma", "former_student"),
    ("", "alumni_association_member", "association_member"),
    ("", "partner", "partner_contact"),
    ("care", "staff", "employee"),
    // The house's applicant is one for a place at a school.
    ("care", "applicant", "waiting"),
];

/// The house's name for a kind of role of the world.
pub fn role_kind(pack: &str, code: &'static str) -> &'static str {
    RENAMED
        .iter()
        .find(|(of, world, _)| *world == code && (of.is_empty() || *of == pack))
        .map_or(code, |(_, _, house)| *house)
}

/// Kinds of role that the pack has and the house does not know yet are rows like the others.
async fn name_roles(tx: &mut Tx, world: &World) -> Result<()> {
    let sector = world.sector();
    let known = kring_people::roles::kinds(tx).await?;
    let new = sector.roles.iter().map(|r| (role_kind(sector.key, r.code), r));
    let new: Vec<_> = new.filter(|(kind, _)| !known.iter().any(|k| k.key == *kind)).collect();
    let sets = new
        .into_iter()
        .zip(80_i64..)
        .map(|((kind, role), position)| {
            let group = if role.group == "learning" { "during" } else { role.group };
            params![kind, sector.key, group, role.label.nl, role.label.en, position]
        })
        .collect();
    tx.many(
        sql!(
            "insert into role_kinds (kind, pack, party, relation_group, name_nl, name_en, position)
             values ($1, $2, 'person', $3, $4, $5, $6)"
        ),
        sets,
    )
    .await
    .map(drop)
}

async fn make_survey(tx: &mut Tx, top: UnitId) -> Result<Id<kring_surveys::Survey>> {
    let id = kring_surveys::make(tx, "Na een vraag", "After a question", top).await?;
    kring_surveys::add_question(
        tx,
        id,
        Kind::Mark,
        "Welk rapportcijfer geef je onze service?",
        "Which mark do you give our service?",
    )
    .await?;
    kring_surveys::add_question(tx, id, Kind::Text, "Wat kunnen we beter doen?", "What can we do better?")
        .await?;
    kring_surveys::publish(tx, id).await?;
    Ok(id)
}
