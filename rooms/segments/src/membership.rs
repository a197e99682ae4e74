//! Who joined and who left, when, and because of what: written as the index says it.

use kring_core::{Id, Result, Timestamp};
use kring_db::Sql;
use kring_frame::{
    About, Fut, PersonId, SegmentJoined, SegmentLeft, Tx,
    audience::{Because, Membership},
    index::Shift,
    params, record, sql,
};

use crate::{known, segment::Segment};

/// The cause that stands for a day that went by.
pub const DAY: &str = "day";
/// The cause that stands for whatever happened while nobody looked.
pub const AWAY: &str = "away";

record! {
    /// One move, newest first in every list.
    #[derive(Clone, Debug)]
    pub struct Move {
        pub id: i64,
        pub segment: Id<Segment>,
        pub person: PersonId,
        pub joined: bool,
        pub at: Timestamp,
        pub event: Option<i64>,
        pub cause: String,
    }
}

const MOVE: Sql = sql!(
    "insert into segment_moves (segment_id, person_id, joined, at, event_id, cause)
     select s.id, p.id, $3, $4, $5, $6 from segments s, people p
     where s.id = $1 and p.id = $2 and p.state <> 'forgotten' and $3 is distinct from
       (select m.joined from segment_moves m where m.segment_id = $1 and m.person_id = $2 order by m.id desc limit 1)"
);

/// Writes moves down, and tells those in the log that somebody outside listens for. Another node of the house may have seen
/// the same: whoever is there already does not join again, and is not told of again.
pub fn moved<'a>(tx: &'a mut Tx, moves: &'a [Membership]) -> Fut<'a, ()> {
    Box::pin(async move {
        let now = tx.now();
        let wanted = tx.house().clone().rooms.moves_wanted(tx).await?;
        let (heard, quiet): (Vec<_>, Vec<_>) =
            moves.iter().partition(|moved| wanted.contains(&moved.segment));
        let row = |moved: &Membership| {
            let (event, cause) = cause_of(moved);
            params![moved.segment, moved.person, moved.joined, now, event, cause]
        };
        tx.many(MOVE, quiet.into_iter().map(row).collect()).await?;
        for moved in heard {
            if tx.run(MOVE, row(moved)).await? == 0 {
                continue;
            }
            let about = About::person(PersonId::new(moved.person)).subject(moved.segment);
            let (because, cause) = cause_of(moved);
            let cause = cause.to_owned();
            if moved.joined {
                tx.tell(about, &SegmentJoined { cause, because }).await?;
            } else {
                tx.tell(about, &SegmentLeft { cause, because }).await?;
            }
        }
        Ok(())
    })
}

/// The event that moved somebody, where its number is known, and its kind.
fn cause_of(moved: &Membership) -> (Option<i64>, &str) {
    match &moved.because {
        Because::Event { id, kind } => (Some(*id).filter(|id| *id > 0), kind.as_str()),
        Because::Day(_) => (None, DAY),
        Because::Away => (None, AWAY),
    }
}

/// Writes down how many a new rule brought and took.
pub fn shifted<'a>(tx: &'a mut Tx, shifts: &'a [Shift]) -> Fut<'a, ()> {
    Box::pin(async move {
        let sets = shifts
            .iter()
            .map(|shift| params![shift.segment, shift.joined.len() as i64, shift.left.len() as i64])
            .collect();
        tx.many(
            sql!(
                "update segment_versions set joined = $2, gone = $3
                 where segment_id = $1 and joined is null and version = (select s.version from segments s where s.id = $1)"
            ),
            sets,
        )
        .await?;
        for shift in shifts {
            let now = tx.house().audience.ask(|index| index.members_kept(shift.segment));
            if let Some(Ok(people)) = now {
                known::keep(tx, shift.segment, &people).await?;
            }
        }
        Ok(())
    })
}

/// The newest moves of a segment.
pub async fn of_segment(tx: &mut Tx, id: Id<Segment>, most: u32) -> Result<Vec<Move>> {
    tx.all(
        sql!(
            "select id, segment_id, person_id, joined, at, event_id, cause from segment_moves
             where segment_id = $1 order by id desc limit $2"
        ),
        params![id, most],
    )
    .await
}

/// The newest move of somebody in each segment.
pub async fn of_person(tx: &mut Tx, person: PersonId) -> Result<Vec<Move>> {
    tx.all(
        sql!(
            "select m.id, m.segment_id, m.person_id, m.joined, m.at, m.event_id, m.cause from segment_moves m
             where m.person_id = $1 and m.id = (select max(n.id) from segment_moves n
                 where n.person_id = $1 and n.segment_id = m.segment_id)
             order by m.id desc"
        ),
        params![person],
    )
    .await
}

record! {
    /// How many joined and left by one cause since a moment.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Tally {
        pub day: i64,
        pub cause: String,
        pub joined: i64,
        pub gone: i64,
    }
}

/// Joiners and leavers since a moment, by day (of 24 hours since then) and cause.
pub async fn tally(tx: &mut Tx, id: Id<Segment>, since: Timestamp) -> Result<Vec<Tally>> {
    tx.all(
        sql!(
            "select (at - $2) / 86400000, cause, sum(case when joined then 1 else 0 end), sum(case when joined then 0 else 1 end)
             from segment_moves where segment_id = $1 and at >= $2
             group by (at - $2) / 86400000, cause order by 1, 2"
        ),
        params![id, since],
    )
    .await
}
