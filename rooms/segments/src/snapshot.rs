//! The members of one moment, with the reason for which they are kept.

use kring_core::{Id, Result, Timestamp};
use kring_frame::{Mark, Permit, Tx, params, record, sql};

use crate::segment::Segment;

record! {
    #[derive(Clone, Debug)]
    pub struct Snapshot {
        pub id: Id<Snapshot>,
        pub version: i64,
        pub reason: String,
        pub by: String,
        pub at: Timestamp,
        pub people: i64,
    }
}

/// Newest first.
pub async fn of_segment(tx: &mut Tx, segment: Id<Segment>) -> Result<Vec<Snapshot>> {
    tx.all(
        sql!(
            "select s.id, s.version, s.reason, a.name, s.at, s.people
             from segment_snapshots s join actors a on a.id = s.actor_id where s.segment_id = $1 order by s.id desc"
        ),
        params![segment],
    )
    .await
}

/// Writes down who is in now.
pub async fn take(tx: &mut Tx, permit: &Permit, segment: &Segment, reason: &str) -> Result<Id<Snapshot>> {
    let members = tx.people_who(&segment.rule()?).await?.is;
    let (now, actor) = (tx.now(), tx.actor().id);
    let (id,): (Id<Snapshot>,) = tx
        .one(
            sql!(
                "insert into segment_snapshots (segment_id, version, reason, actor_id, at, people)
                 values ($1, $2, $3, $4, $5, $6) returning id"
            ),
            params![segment.id, segment.version, reason, actor, now, members.len() as i64],
        )
        .await?;
    let sets = members.iter().map(|person| params![id, person]).collect();
    tx.many(sql!("insert into segment_snapshot_people (snapshot_id, person_id) values ($1, $2)"), sets)
        .await?;
    let mark = Mark::changed(permit, "segment").subject(segment.id.get()).detail(format!("snapshot={id}"));
    tx.trail(mark).await?;
    Ok(id)
}
