mod list;

use kring_core::{Error, Lang, Result, Timestamp};
use kring_db::stored;
use kring_frame::{
    About, ActorId, Mark, OrganisationAdded, OrganisationChanged, OrganisationId, Permit, Tx, UnitId, params,
    record, sql,
};
use kring_lang::names::fold;

pub use list::{Filter, Listed, find, list};

use crate::{Words, index, source, wall};

stored! {
    pub enum Kind {
        Company = "company",
        Branch = "branch",
        School = "school",
        Municipality = "municipality",
        Government = "government",
        Association = "association",
        Foundation = "foundation",
        Care = "care",
        Other = "other",
    }
}

impl Kind {
    pub fn name(self, lang: Lang) -> &'static str {
        Words(lang).find(&format!("organisation-{self}")).unwrap_or_default()
    }
}

record! {
    #[derive(Clone, Debug)]
    pub struct Organisation {
        pub id: OrganisationId,
        pub parent: Option<OrganisationId>,
        pub kind: Kind,
        pub name: String,
        pub also_known_as: String,
        pub size_class: String,
        pub sole_trader: bool,
        pub unit: Option<UnitId>,
        pub owner: Option<ActorId>,
        pub source: String,
        pub state: String,
        pub merged_into: Option<OrganisationId>,
        pub created_at: Timestamp,
        pub last_contact_at: Option<Timestamp>,
        pub version: i64,
    }
}

/// Something to be added or changed.
#[derive(Clone, Debug, Default)]
pub struct NewOrganisation {
    pub parent: Option<OrganisationId>,
    pub kind: Option<Kind>,
    pub name: String,
    /// Trade names, abbreviations: it is found by these too.
    pub also_known_as: String,
    /// `1-9`, `10-49`, `50-249`, `250+`, or empty.
    pub size_class: String,
    /// Before the law on mail and telephone a sole trader is a natural person.
    pub sole_trader: bool,
    pub unit: Option<UnitId>,
    pub source: String,
}

pub const SIZE_CLASSES: &[&str] = &["1-9", "10-49", "50-249", "250+"];

/// One organisation for whoever has the right; the reading is traced.
pub async fn read(tx: &mut Tx, permit: &Permit, id: OrganisationId) -> Result<Organisation> {
    let found = load(tx, id).await?;
    wall::organisation(tx, permit, id).await?;
    tx.trail(Mark::read(permit, "organisation").subject(id.get())).await?;
    Ok(found)
}

/// One organisation, for the house's own work.
pub async fn load(tx: &mut Tx, id: OrganisationId) -> Result<Organisation> {
    tx.one(
        sql!(
            "select id, parent_id, kind, name, also_known_as, size_class, sole_trader, unit_id, owner_id, source, state,
                    merged_into, created_at, last_contact_at, version
             from organisations where id = $1"
        ),
        params![id],
    )
    .await
}

/// Adds an organisation and tells it. Does not look for an existing one.
pub async fn add(tx: &mut Tx, new: &NewOrganisation) -> Result<OrganisationId> {
    let name = named(new)?;
    let now = tx.now();
    let (id,): (OrganisationId,) = tx
        .one(
            sql!(
                "insert into organisations (parent_id, kind, name, sort_key, also_known_as, size_class, sole_trader, unit_id,
                     source, created_at, changed_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) returning id"
            ),
            params![
                new.parent,
                new.kind.unwrap_or(Kind::Company),
                name,
                fold(name),
                new.also_known_as.trim(),
                &new.size_class,
                new.sole_trader,
                new.unit,
                &new.source,
                now
            ],
        )
        .await?;
    index::index_organisation(tx, id).await?;
    let how = new.source.split(':').next().unwrap_or_default().to_owned();
    tx.tell(About::organisation(id), &OrganisationAdded { how }).await?;
    Ok(id)
}

/// Changes what the form shows. `version` is what the editor saw; when somebody else was first, nothing is changed.
pub async fn change(
    tx: &mut Tx,
    permit: &Permit,
    id: OrganisationId,
    version: i64,
    new: &NewOrganisation,
) -> Result<()> {
    let name = named(new)?;
    if let Some(parent) = new.parent
        && path(tx, parent).await?.iter().any(|(above, _)| *above == id)
    {
        return Err(Error::field("parent", crate::say::parent_below()));
    }
    let before = load(tx, id).await?;
    let now = tx.now();
    let n = tx
        .run(
            sql!(
                "update organisations set parent_id = $3, kind = $4, name = $5, sort_key = $6, also_known_as = $7, size_class = $8,
                     sole_trader = $9, changed_at = $10, version = version + 1
                 where id = $1 and version = $2 and state = 'known'"
            ),
            params![
                id,
                version,
                new.parent,
                new.kind.unwrap_or(Kind::Company),
                name,
                fold(name),
                new.also_known_as.trim(),
                &new.size_class,
                new.sole_trader,
                now
            ],
        )
        .await?;
    if n == 0 {
        load(tx, id).await?;
        return Err(Error::Conflict(crate::say::changed_meanwhile()));
    }
    let after = load(tx, id).await?;
    for ((attribute, was), (_, is)) in before.values().into_iter().zip(after.values()) {
        if was != is {
            source::note(tx, id, attribute, &is, &was, "staff").await?;
        }
    }
    index::index_organisation(tx, id).await?;
    tx.trail(Mark::changed(permit, "organisation").subject(id.get())).await?;
    tx.tell(About::organisation(id), &OrganisationChanged { how: "staff".into() }).await.map(drop)
}

impl Organisation {
    /// The values of the own row that a list may bring, each as it is kept beside its source.
    pub fn values(&self) -> [(&'static str, String); 3] {
        [
            ("name", self.name.clone()),
            ("kind", self.kind.to_string()),
            ("parent", self.parent.map(|id| id.to_string()).unwrap_or_default()),
        ]
    }
}

/// Values of the own row that a list brings; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brought {
    pub name: Option<String>,
    pub kind: Option<Kind>,
    pub parent: Option<Above>,
}

/// What an organisation comes to be a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Above {
    Nothing,
    Organisation(OrganisationId),
}

/// Writes what a list brings and where each value came from. Whether the list may is the caller's to know: see the
/// importer. A parent that lies below the organisation itself is left out; answers whether it was.
pub async fn bring(tx: &mut Tx, id: OrganisationId, new: &Brought, from: &str) -> Result<bool> {
    let before = load(tx, id).await?;
    let mut parent = match new.parent {
        Some(Above::Organisation(id)) => Some(id),
        Some(Above::Nothing) => None,
        None => before.parent,
    };
    let mut circle = false;
    if let Some(above) = parent
        && path(tx, above).await?.iter().any(|(number, _)| *number == id)
    {
        (parent, circle) = (before.parent, true);
    }
    let (name, kind) = (new.name.as_deref().unwrap_or(&before.name), new.kind.unwrap_or(before.kind));
    let now = tx.now();
    tx.run(
        sql!(
            "update organisations set parent_id = $2, kind = $3, name = $4, sort_key = $5, changed_at = $6, version = version + 1
             where id = $1"
        ),
        params![id, parent, kind, name, fold(name), now],
    )
    .await?;
    let after = load(tx, id).await?;
    for ((attribute, was), (_, is)) in before.values().into_iter().zip(after.values()) {
        if was != is {
            source::note(tx, id, attribute, &is, &was, from).await?;
        }
    }
    Ok(circle)
}

/// The number by which an organisation is known now, after all merges.
pub async fn current(tx: &mut Tx, id: OrganisationId) -> Result<OrganisationId> {
    let mut at = id;
    for _ in 0..64 {
        match load(tx, at).await?.merged_into {
            Some(next) => at = next,
            None => return Ok(at),
        }
    }
    Err(Error::broken("a merge that leads back to itself"))
}

/// All numbers that lead to this one, itself first.
pub async fn numbers_of(tx: &mut Tx, id: OrganisationId) -> Result<Vec<OrganisationId>> {
    let found: Vec<(OrganisationId,)> = tx
        .all(
            sql!(
                "with recursive under (id) as (
                     select id from organisations where id = $1
                     union select o.id from organisations o join under on o.merged_into = under.id
                 ) select id from under order by case when id = $1 then 0 else 1 end, id"
            ),
            params![id],
        )
        .await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Takes an organisation away whole, as if it had never been added: for an import that is undone. The caller has seen that
/// nothing else holds on to it.
pub async fn remove(tx: &mut Tx, id: OrganisationId) -> Result<()> {
    for delete in [
        sql!("delete from organisation_words where organisation_id = $1"),
        sql!("delete from organisation_value_sources where organisation_id = $1"),
        sql!("delete from postal_addresses where organisation_id = $1"),
        sql!("delete from identifiers where organisation_id = $1"),
        sql!("delete from party_roles where organisation_id = $1"),
        sql!("delete from contact_points where organisation_id = $1"),
        sql!("delete from organisations where id = $1"),
    ] {
        tx.run(delete, params![id]).await?;
    }
    Ok(())
}

fn named(new: &NewOrganisation) -> Result<&str> {
    let name = new.name.trim();
    if name.is_empty() {
        return Err(Error::field("name", crate::say::organisation_name_missing()));
    }
    Ok(name)
}

/// From the top of the tree down to this one: number and name. A tree is a few levels deep; sixteen end a loop that a
/// broken import might have made.
pub async fn path(tx: &mut Tx, id: OrganisationId) -> Result<Vec<(OrganisationId, String)>> {
    tx.all(
        sql!(
            "with recursive up (id, parent_id, name, depth) as (
                 select id, parent_id, name, 0 from organisations where id = $1
                 union all
                 select o.id, o.parent_id, o.name, up.depth + 1 from organisations o join up on o.id = up.parent_id where up.depth < 16
             ) select id, name from up order by depth desc"
        ),
        params![id],
    )
    .await
}

/// The branches directly below.
pub async fn below(tx: &mut Tx, id: OrganisationId) -> Result<Vec<(OrganisationId, String)>> {
    tx.all(
        sql!("select id, name from organisations where parent_id = $1 and state = 'known' order by sort_key, id"),
        params![id],
    )
    .await
}
