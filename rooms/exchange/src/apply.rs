//! The second step: rows become people, batch by batch. A batch is one transaction with its progress in it, so an
//! import that is killed goes on where it was, and one that is stopped can be undone.

use kring_core::{Error, Result};
use kring_db::Entry;
use kring_frame::{
    About, Actor, Deed, Event, House, ImportFinished, Mark, PersonId, Purpose, Tx, params, sql,
};

use crate::{
    batch,
    command::{Phase, Progress, Step},
    findable,
    list::{self, Import, State},
    plan,
    preparing::advance,
    single,
};

/// How a stretch of work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nothing is left, or somebody stopped it.
    Over,
    /// The turn is over; there is more.
    More { from: i64 },
}

/// Does batches until none is left, or `turns` have been done.
pub async fn run(
    house: &House,
    actor: &Actor,
    id: i64,
    turns: usize,
    progress: Progress<'_>,
) -> Result<Ended> {
    for turn in 0.. {
        let mut tx = house.write(actor).await?;
        let import = list::hold(&mut tx, id).await?;
        if import.state != State::Running {
            drop(tx);
            if import.state == State::Stopped && !import.kind.is_single() {
                findable::make(house, actor, &import, progress).await?;
            }
            return Ok(Ended::Over);
        }
        if turn >= turns {
            return Ok(Ended::More { from: import.at_line });
        }
        if turn == 0
            && import.at_line == 0
            && !import.kind.is_single()
            && !plan::stands(&mut tx, &import).await?
        {
            // The base has lived on since the preview. It does so while we look again, too; who comes in by another door then
            // is met in the batch (`look_again`).
            drop(tx);
            let again = plan::compare(&mut house.read(actor).await?, &import).await?;
            tx = house.write(actor).await?;
            let now = list::hold(&mut tx, id).await?;
            if now.state != State::Running || now.at_line != 0 {
                continue;
            }
            plan::keep(&mut tx, &now, again).await?;
        }
        let next = if import.kind.is_single() {
            single::next(&mut tx, &import).await?
        } else {
            batch::next(&mut tx, &import).await?
        };
        let Some((last, count)) = next else {
            if !import.kind.is_single() {
                drop(tx);
                findable::make(house, actor, &import, progress).await?;
                tx = house.write(actor).await?;
            }
            finish(&mut tx, &import).await?;
            tx.commit().await?;
            return Ok(Ended::Over);
        };
        let done = import.rows_done + count;
        advance(&mut tx, id, last, done).await?;
        tx.commit().await?;
        progress(Step { phase: Phase::Importing, done, total: import.rows_total });
    }
    Ok(Ended::Over)
}

/// An event as the log takes it in bulk.
pub fn entry<E: Event>(tx: &Tx, person: Option<PersonId>, subject: Option<i64>, event: &E) -> Result<Entry> {
    Ok(Entry {
        kind: E::KIND,
        at: tx.now(),
        person: person.map(PersonId::get),
        organisation: None,
        unit: None,
        actor: tx.actor().id.get(),
        purpose: E::PURPOSE.as_str(),
        subject,
        payload: serde_json::to_string(event).map_err(Error::broken)?,
    })
}

async fn finish(tx: &mut Tx, import: &Import) -> Result<()> {
    let now = tx.now();
    let n = tx
        .run(
            sql!(
                "update imports set state = 'done', finished_at = $2,
                     warned = (select count(*) from import_rows r where r.import_id = $1 and r.status = 'warned')
                 where id = $1 and state = 'running' and at_line = $3"
            ),
            params![import.id, now, import.at_line],
        )
        .await?;
    if n == 0 {
        return Ok(());
    }
    // Both of a pair that was kept apart are shown to whoever looks at one of them.
    tx.run(
        sql!(
            "insert into lookalikes (person_id, other_id, import_id, reason)
             select r.person_id, coalesce(o.person_id, p.person_id), p.import_id, min(p.reason)
             from import_pairs p
             join import_rows r on r.import_id = p.import_id and r.line = p.line
             left join import_rows o on o.import_id = p.import_id and o.line = p.other_line
             where p.import_id = $1 and not p.same and r.person_id is not null
               and coalesce(o.person_id, p.person_id) is not null and coalesce(o.person_id, p.person_id) <> r.person_id
             group by r.person_id, coalesce(o.person_id, p.person_id), p.import_id
             on conflict (person_id, other_id) do nothing"
        ),
        params![import.id],
    )
    .await?;
    let detail = format!("added={},changed={},refused={}", import.added, import.changed, import.refused);
    tx.trail(Mark::of(Deed::Changed, Purpose::Relation, "import").subject(import.id).detail(detail)).await?;
    let event = ImportFinished { added: import.added, changed: import.changed, refused: import.refused };
    tx.tell(About::default().subject(import.id), &event).await.map(drop)
}
