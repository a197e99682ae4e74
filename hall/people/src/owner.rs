//! Who keeps a relation. One colleague keeps it as a whole; each group of roles (before, during, after …) may have one
//! of its own, since the recruiter of a school is not the account manager of the same person's company.

use kring_core::Result;
use kring_frame::{ActorId, Mark, OwnerChanged, Permit, Tx, params, record, sql};

use crate::party::{Party, bound};

record! {
    #[derive(Clone, Debug)]
    pub struct Owner {
        /// Empty for the relation as a whole.
        pub group: String,
        pub actor: ActorId,
        pub name: String,
    }
}

/// The owner of the whole first, then those of groups.
pub async fn of(tx: &mut Tx, party: impl Into<Party>) -> Result<Vec<Owner>> {
    tx.all(
        sql!(
            "select x.relation_group, a.id, a.name from (
                 select '' as relation_group, p.owner_id as actor_id from people p where p.id = $1
                 union all select '', o.owner_id from organisations o where o.id = $2
                 union all select w.relation_group, w.actor_id from relation_owners w where w.person_id = $1 or w.organisation_id = $2
             ) x join actors a on a.id = x.actor_id order by x.relation_group"
        ),
        bound(party.into(), params![]),
    )
    .await
}

/// Gives a relation an owner, as a whole (`group` empty) or for a group of roles; `None` takes the owner away.
pub async fn set(
    tx: &mut Tx,
    permit: &Permit,
    party: Party,
    group: &str,
    owner: Option<ActorId>,
) -> Result<()> {
    let now = tx.now();
    if group.is_empty() {
        let touched = tx
            .run(
                sql!("update people set owner_id = $3, changed_at = $4 where id = $1 and cast($2 as bigint) is null"),
                bound(party, params![owner, now]),
            )
            .await?
            + tx.run(
                sql!("update organisations set owner_id = $3, changed_at = $4 where id = $2 and cast($1 as bigint) is null"),
                bound(party, params![owner, now]),
            )
            .await?;
        if touched == 0 {
            return Err(kring_core::Error::NotFound);
        }
    } else {
        tx.run(
            sql!("delete from relation_owners where (person_id = $1 or organisation_id = $2) and relation_group = $3"),
            bound(party, params![group]),
        )
        .await?;
        if let Some(owner) = owner {
            tx.run(
                sql!(
                    "insert into relation_owners (person_id, organisation_id, relation_group, actor_id, since)
                     values ($1, $2, $3, $4, $5)"
                ),
                bound(party, params![group, owner, now]),
            )
            .await?;
        }
    }
    let mark = Mark::changed(permit, "owner").detail(format!("group={group}"));
    let mark = match party {
        Party::Person(id) => mark.person(id),
        Party::Organisation(id) => mark.subject(id.get()),
    };
    tx.trail(mark).await?;
    let told = OwnerChanged { group: group.to_owned(), owner: owner.map(kring_core::Id::get) };
    tx.tell(party.about(), &told).await.map(drop)
}
