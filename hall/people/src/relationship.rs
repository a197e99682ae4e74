//! How people stand to each other, and to organisations: typed, dated, with who said so. The decision circle around a
//! prospect is read from these, and an introducer has credit by one.

use jiff::civil::Date;
use kring_core::{Error, Lang, Result, Timestamp};
use kring_db::stored;
use kring_frame::{
    About, Mark, OrganisationId, Permit, PersonId, RelationshipEnded, RelationshipMade, Tx, params, record,
    sql,
};

use crate::Words;

stored! {
    /// Read from the first person to the other side; the other side reads it the other way round.
    pub enum Kind {
        ParentOf = "parent_of",
        /// Decides for somebody who may not, or not yet.
        Represents = "represents",
        PartnerOf = "partner_of",
        SiblingOf = "sibling_of",
        FriendOf = "friend_of",
        MentorOf = "mentor_of",
        /// Brought the other to us: the introducer keeps the credit.
        Introduced = "introduced",
        Knows = "knows",
        EmployedAt = "employed_at",
        ContactOf = "contact_of",
        SupervisorAt = "supervisor_at",
        OwnerOf = "owner_of",
    }
}

impl Kind {
    /// As it reads from the first person to the other side: "works at".
    pub fn name(self, lang: Lang) -> &'static str {
        Words(lang).find(&format!("relation-{}", self.as_str().replace('_', "-"))).unwrap_or_default()
    }

    pub const fn with_organisation(self) -> bool {
        matches!(self, Self::EmployedAt | Self::ContactOf | Self::SupervisorAt | Self::OwnerOf)
    }

    /// The same read from either side.
    pub const fn is_mutual(self) -> bool {
        matches!(self, Self::PartnerOf | Self::SiblingOf | Self::FriendOf | Self::Knows)
    }

    /// Whoever helps somebody choose: parents, partners, friends, mentors.
    pub const fn is_circle(self) -> bool {
        matches!(
            self,
            Self::ParentOf
                | Self::Represents
                | Self::PartnerOf
                | Self::SiblingOf
                | Self::FriendOf
                | Self::MentorOf
        )
    }

    /// Speaks for somebody under age; it lapses when they come of age.
    pub const fn is_guardian(self) -> bool {
        matches!(self, Self::ParentOf | Self::Represents)
    }
}

stored! {
    /// Who said so, which decides what it may be used for.
    pub enum Basis {
        OwnWord = "own_word",
        OtherParty = "other_party",
        Staff = "staff",
        List = "list",
    }
}

record! {
    /// A relation as it is read from one side.
    #[derive(Clone, Debug)]
    pub struct Relationship {
        pub id: i64,
        pub kind: Kind,
        /// Read from the second person: "child of" where the kind says "parent of".
        pub inverse: bool,
        pub other: Option<PersonId>,
        pub organisation: Option<OrganisationId>,
        pub name: String,
        /// Function, in the words of its source.
        pub detail: String,
        pub from: Option<Date>,
        pub to: Option<Date>,
        pub basis: Basis,
        pub confirmed_on: Option<Date>,
        pub source: String,
        pub added_at: Timestamp,
    }
}

#[derive(Clone, Debug)]
pub struct NewRelationship {
    pub kind: Kind,
    pub detail: String,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub basis: Basis,
    pub confirmed_on: Option<Date>,
    pub source: String,
}

/// The other side of a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum With {
    Person(PersonId),
    Organisation(OrganisationId),
}

/// Writes down a relation and tells it; the same one that still holds is there once.
pub async fn make(tx: &mut Tx, person: PersonId, with: With, new: &NewRelationship) -> Result<i64> {
    let (other, organisation) = match with {
        With::Person(id) => (Some(id), None),
        With::Organisation(id) => (None, Some(id)),
    };
    if new.kind.with_organisation() != organisation.is_some() {
        return Err(Error::field("kind", crate::say::relationship_other_side()));
    }
    if other == Some(person) {
        return Err(Error::field("other", crate::say::relationship_with_self()));
    }
    if let (Some(from), Some(to)) = (new.from, new.to)
        && to < from
    {
        return Err(Error::field("to", crate::say::period_backwards()));
    }
    let known: Option<(i64,)> = tx
        .maybe(
            sql!(
                "select id from relationships where kind = $4 and valid_to is null
                   and ((person_id = $1 and (other_id = $2 or organisation_id = $3))
                     or (person_id = $2 and other_id = $1 and $5))"
            ),
            params![person, other, organisation, new.kind, new.kind.is_mutual()],
        )
        .await?;
    if let Some((id,)) = known {
        return Ok(id);
    }
    let (now, actor) = (tx.now(), tx.actor().id);
    let (id,): (i64,) = tx
        .one(
            sql!(
                "insert into relationships (person_id, other_id, organisation_id, kind, detail, valid_from, valid_to, basis, source,
                     confirmed_on, actor_id, added_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id"
            ),
            params![
                person,
                other,
                organisation,
                new.kind,
                &new.detail,
                new.from,
                new.to,
                new.basis,
                &new.source,
                new.confirmed_on,
                actor,
                now
            ],
        )
        .await?;
    tell(tx, person, with, |other| RelationshipMade { kind: new.kind.to_string(), other }, id).await?;
    Ok(id)
}

/// Ends a relation on a day, which is its last.
pub async fn end(tx: &mut Tx, permit: &Permit, person: PersonId, id: i64, last: Date) -> Result<()> {
    let found: Option<(PersonId, Option<PersonId>, Option<OrganisationId>, Kind, Option<Date>)> = tx
        .maybe(
            sql!(
                "select person_id, other_id, organisation_id, kind, valid_from from relationships
                 where id = $1 and (person_id = $2 or other_id = $2)"
            ),
            params![id, person],
        )
        .await?;
    let Some((one, other, organisation, kind, from)) = found else { return Err(Error::NotFound) };
    if from.is_some_and(|from| last < from) {
        return Err(Error::field("to", crate::say::period_backwards()));
    }
    tx.run(sql!("update relationships set valid_to = $2 where id = $1"), params![id, last]).await?;
    tx.trail(Mark::changed(permit, "relationship").person(person).subject(id)).await?;
    let with = match (other, organisation) {
        (Some(other), _) => With::Person(other),
        (None, Some(organisation)) => With::Organisation(organisation),
        (None, None) => return Err(Error::broken("a relation with nobody")),
    };
    tell(tx, one, with, |other| RelationshipEnded { kind: kind.to_string(), other }, id).await
}

/// Told once, on the story of both: an event has one person, so the other person has an event of their own.
async fn tell<E: kring_frame::Event>(
    tx: &mut Tx,
    person: PersonId,
    with: With,
    event: impl Fn(Option<i64>) -> E,
    id: i64,
) -> Result<()> {
    match with {
        With::Organisation(organisation) => {
            tx.tell(About::person(person).at(organisation).subject(id), &event(None)).await?;
        }
        With::Person(other) => {
            tx.tell(About::person(person).subject(id), &event(Some(other.get()))).await?;
            tx.tell(About::person(other).subject(id), &event(Some(person.get()))).await?;
        }
    }
    Ok(())
}

/// All relations of a person, those that hold first.
pub async fn of(tx: &mut Tx, person: PersonId) -> Result<Vec<Relationship>> {
    tx.all(
        sql!(
            "select x.id, x.kind, x.inverse, x.other, x.organisation, x.name, x.detail, x.valid_from, x.valid_to, x.basis,
                    x.confirmed_on, x.source, x.added_at
             from (
                 select r.id, r.kind, false as inverse, r.other_id as other, r.organisation_id as organisation,
                        coalesce(p.display_name, o.name) as name, r.detail, r.valid_from, r.valid_to, r.basis, r.confirmed_on, r.source, r.added_at
                 from relationships r left join people p on p.id = r.other_id left join organisations o on o.id = r.organisation_id
                 where r.person_id = $1
                 union all
                 select r.id, r.kind, true, r.person_id, null, p.display_name, r.detail, r.valid_from, r.valid_to, r.basis, r.confirmed_on, r.source, r.added_at
                 from relationships r join people p on p.id = r.person_id where r.other_id = $1
             ) x order by case when x.valid_to is null then 0 else 1 end, x.added_at desc, x.id desc"
        ),
        params![person],
    )
    .await
}

record! {
    /// Somebody at an organisation.
    #[derive(Clone, Debug)]
    pub struct Member {
        pub id: i64,
        pub person: PersonId,
        pub name: String,
        pub kind: Kind,
        pub detail: String,
        pub from: Option<Date>,
        pub to: Option<Date>,
        pub confirmed_on: Option<Date>,
        /// One of our own: studied here.
        pub alumnus: bool,
    }
}

/// The people of an organisation; those who are there now first. At most `most`.
pub async fn members(tx: &mut Tx, id: OrganisationId, most: u32) -> Result<Vec<Member>> {
    tx.all(
        sql!(
            "select r.id, p.id, p.display_name, r.kind, r.detail, r.valid_from, r.valid_to, r.confirmed_on,
                    exists (select 1 from party_roles a where a.person_id = p.id and a.kind in ('alumnus', 'graduate', 'former_client'))
             from relationships r join people p on p.id = r.person_id
             where r.organisation_id = $1 and p.state = 'known'
             order by case when r.valid_to is null then 0 else 1 end, p.sort_key, r.id limit $2"
        ),
        params![id, most],
    )
    .await
}

/// The relation that an event tells of, as it reads from this person's side.
pub(crate) async fn one(tx: &mut Tx, id: i64, side: Option<i64>) -> Result<Option<Relationship>> {
    tx.maybe(
        sql!(
            "select r.id, r.kind, r.other_id is not distinct from $2, case when r.other_id = $2 then r.person_id else r.other_id end,
                    r.organisation_id, coalesce(o.name, p.display_name), r.detail, r.valid_from, r.valid_to, r.basis, r.confirmed_on,
                    r.source, r.added_at
             from relationships r left join organisations o on o.id = r.organisation_id
             left join people p on p.id = case when r.other_id = $2 then r.person_id else r.other_id end
             where r.id = $1"
        ),
        params![id, side],
    )
    .await
}

/// How many people somebody brought to us, and how many of those came to learn or were helped: the introducer's credit.
pub async fn introduced_by(tx: &mut Tx, id: PersonId) -> Result<(i64, i64)> {
    tx.one(
        sql!(
            "select count(*), count(*) filter (where exists (select 1 from party_roles o join role_kinds k on k.kind = o.kind
                    where o.person_id = r.other_id and k.relation_group in ('during', 'after')))
             from relationships r join people p on p.id = r.other_id
             where r.person_id = $1 and r.kind = 'introduced' and p.state = 'known'"
        ),
        params![id],
    )
    .await
}
