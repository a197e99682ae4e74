//! What another did with a relation that somebody keeps. A notice names the kind of event, who, and about whom; what it
//! says is decided when it is read, by what the reader may see then.

use kring_core::{Id, Result, Timestamp};
use kring_frame::{ActorId, Fut, OrganisationId, PersonId, Told, Tx, UnitId, params, record, sql};
use kring_people::{Party, READ_PEOPLE, owner};

use crate::{claim, colleague};

/// The house and the anonymous visitor: what they do is told only where it came from outside.
const NOBODY: [i64; 2] = [1, 2];

record! {
    #[derive(Clone, Debug)]
    pub struct Notice {
        pub id: Id<Notice>,
        pub kind: String,
        pub person: Option<PersonId>,
        pub organisation: Option<OrganisationId>,
        pub by: ActorId,
        pub by_name: String,
        pub purpose: String,
        pub unit: Option<UnitId>,
        pub subject: Option<i64>,
        pub at: Timestamp,
        pub read: Option<Timestamp>,
    }
}

/// How many the actor at work has not read. Whoever sees no relations gets no notices.
pub fn unread(tx: &mut Tx) -> Fut<'_, Option<(i64, &'static str)>> {
    Box::pin(async move {
        if !tx.actor().may(&READ_PEOPLE) {
            return Ok(None);
        }
        let me = tx.actor().id;
        let (n,): (i64,) = tx
            .one(sql!("select count(*) from notices where actor_id = $1 and read_at is null"), params![me])
            .await?;
        Ok(Some((n, "/notices")))
    })
}

/// The actor's own, newest first.
pub async fn page(tx: &mut Tx, before: i64, most: u32) -> Result<Vec<Notice>> {
    let me = tx.actor().id;
    tx.all(
        sql!(
            "select n.id, n.kind, n.person_id, n.organisation_id, n.by_id, a.name, n.purpose, n.unit_id, n.subject_id, n.at, n.read_at
             from notices n join actors a on a.id = n.by_id where n.actor_id = $1 and n.id < $2 order by n.id desc limit $3"
        ),
        params![me, before, most],
    )
    .await
}

/// Marks as read: all of the actor's own up to a number, so that what came while reading stays unread.
pub async fn read_all(tx: &mut Tx, upto: i64) -> Result<()> {
    let (me, now) = (tx.actor().id, tx.now());
    tx.run(
        sql!("update notices set read_at = $3 where actor_id = $1 and id <= $2 and read_at is null"),
        params![me, upto, now],
    )
    .await
    .map(drop)
}

/// The same for one relation: that of this notice.
pub async fn read_relation(tx: &mut Tx, id: Id<Notice>) -> Result<()> {
    let (me, now) = (tx.actor().id, tx.now());
    let found: Option<(Option<PersonId>, Option<OrganisationId>)> = tx
        .maybe(
            sql!("select person_id, organisation_id from notices where id = $1 and actor_id = $2"),
            params![id, me],
        )
        .await?;
    let (person, organisation) = found.ok_or(kring_core::Error::NotFound)?;
    tx.run(
        sql!(
            "update notices set read_at = $5 where (person_id = $1 or organisation_id = $2) and actor_id = $3 and id <= $4 and read_at is null"
        ),
        params![person, organisation, me, id, now],
    )
    .await
    .map(drop)
}

/// Writes a notice for each of these, but for whoever did it; one event is told to somebody once.
pub async fn give(tx: &mut Tx, to: &[ActorId], party: Party, told: &Told) -> Result<()> {
    let [person, organisation] = party.binds();
    for actor in to.iter().filter(|a| a.get() != told.actor) {
        let mut values = vec![person.clone(), organisation.clone()];
        values.extend(params![
            *actor,
            &told.kind,
            told.id,
            told.actor,
            &told.purpose,
            told.unit,
            told.subject,
            told.at
        ]);
        tx.run(
            sql!(
                "insert into notices (person_id, organisation_id, actor_id, kind, event_id, by_id, purpose, unit_id, subject_id, at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (actor_id, event_id) do nothing"
            ),
            values,
        )
        .await?;
    }
    Ok(())
}

/// Hears what was done and tells whoever keeps the relation from another unit, and whoever is in contact now.
pub fn hear<'a>(tx: &'a mut Tx, told: &'a Told) -> Fut<'a, ()> {
    Box::pin(async move {
        let outside = NOBODY.contains(&told.actor);
        if outside && told.kind != "request.opened" {
            return Ok(());
        }
        let doer = ActorId::new(told.actor);
        let at = if outside { told.unit.map(UnitId::new) } else { colleague::unit_of(tx, doer).await? };
        for party in parties(tx, told).await? {
            let mut to = Vec::new();
            for owner in owner::of(tx, party).await? {
                if at.is_some() && colleague::unit_of(tx, owner.actor).await? != at {
                    to.push(owner.actor);
                }
            }
            to.extend(claim::of(tx, party).await?.into_iter().map(|c| c.actor));
            give(tx, &to, party, told).await?;
        }
        Ok(())
    })
}

/// Whom and what an event touches: also the organisation for which somebody speaks, so that whoever keeps a company hears
/// of a contact with its people.
async fn parties(tx: &mut Tx, told: &Told) -> Result<Vec<Party>> {
    let mut parties: Vec<Party> = told.person.map(|p| Party::Person(PersonId::new(p))).into_iter().collect();
    parties.extend(told.organisation.map(|o| Party::Organisation(OrganisationId::new(o))));
    if told.kind == "note.written" || told.kind == "request.opened" {
        let speaks: Vec<(OrganisationId,)> = tx
            .all(
                sql!(
                    "select distinct organisation_id from relationships where person_id = $1 and valid_to is null
                       and kind in ('contact_of', 'supervisor_at', 'owner_of')"
                ),
                params![told.person],
            )
            .await?;
        for (organisation,) in speaks {
            let party = Party::Organisation(organisation);
            if !parties.contains(&party) {
                parties.push(party);
            }
        }
    }
    Ok(parties)
}
