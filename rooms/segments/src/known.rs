//! Who was known to be in a segment, and who joined or left while nobody looked: an import by command, a night on which the
//! server was down, an event during its start. Known is what was found when the segment was last worked out for everybody, with
//! the moves since then; so it outlives a crash, and is written once per start and per change of a rule.

use kring_core::{Error, Result};
use kring_db::Sql;
use kring_frame::{
    Fut, Tx,
    audience::{Because, Membership},
    index::Shift,
    params, sql,
};
use roaring::RoaringBitmap;

use crate::membership;

/// The index has been filled: each segment with everybody who is in it now. Writes down who moved since it was last known,
/// unless the rule is another since then.
pub fn met<'a>(tx: &'a mut Tx, found: &'a [Shift]) -> Fut<'a, ()> {
    Box::pin(async move {
        let mut moves = Vec::new();
        for shift in found {
            if let Some(known) = known(tx, shift.segment).await? {
                let gone = (&known - &shift.joined).into_iter().map(|person| (person, false));
                let come = (&shift.joined - &known).into_iter().map(|person| (person, true));
                moves.extend(come.chain(gone).map(|(person, joined)| Membership {
                    segment: shift.segment,
                    person: person.into(),
                    joined,
                    because: Because::Away,
                }));
            }
        }
        for some in moves.chunks(5_000) {
            membership::moved(tx, some).await?;
        }
        for shift in found {
            keep(tx, shift.segment, &shift.joined).await?;
        }
        Ok(())
    })
}

/// Who is known to be in a segment under the rule it has now; `None` when that was never worked out.
pub async fn known(tx: &mut Tx, segment: i64) -> Result<Option<RoaringBitmap>> {
    let kept: Option<(Vec<u8>, i64)> = tx
        .maybe(
            sql!(
                "select k.people, k.moves_to from segment_known k join segments s on s.id = k.segment_id
                 where k.segment_id = $1 and k.version = s.version"
            ),
            params![segment],
        )
        .await?;
    let Some((bytes, moves_to)) = kept else { return Ok(None) };
    let mut people = RoaringBitmap::deserialize_from(bytes.as_slice()).map_err(Error::broken)?;
    let moves: Vec<(i64, bool)> = tx
        .all(
            sql!("select person_id, joined from segment_moves where segment_id = $1 and id > $2 order by id"),
            params![segment, moves_to],
        )
        .await?;
    for (person, joined) in moves {
        let Ok(person) = u32::try_from(person) else { continue };
        if joined {
            people.insert(person);
        } else {
            people.remove(person);
        }
    }
    Ok(Some(people))
}

const KEEP: Sql = sql!(
    "insert into segment_known (segment_id, version, people, moves_to)
     select s.id, s.version, $2, (select coalesce(max(m.id), 0) from segment_moves m where m.segment_id = $1)
     from segments s where s.id = $1
     on conflict (segment_id) do update set version = excluded.version, people = excluded.people, moves_to = excluded.moves_to"
);

/// Keeps who is in a segment now.
pub async fn keep(tx: &mut Tx, segment: i64, people: &RoaringBitmap) -> Result<()> {
    let mut bytes = Vec::with_capacity(people.serialized_size());
    people.serialize_into(&mut bytes).map_err(Error::broken)?;
    tx.run(KEEP, params![segment, bytes.as_slice()]).await.map(drop)
}
