//! Taking an import back: people it added are taken away, values it changed are put back — unless something else
//! has happened with them since. Then they stay, and are listed.

use std::collections::HashSet;

use kring_core::{Error, Result};
use kring_frame::{About, Actor, House, ImportUndone, PersonAdded, PersonId, Tx, params, sql};
use kring_people::bulk;

use crate::{
    apply::Ended,
    command::{Phase, Progress, Step},
    list::{self, Import, State},
    preparing::advance,
    restore::put_back,
    single,
};

const BATCH: u32 = 500;

pub async fn run(
    house: &House,
    actor: &Actor,
    id: i64,
    turns: usize,
    progress: Progress<'_>,
) -> Result<Ended> {
    for turn in 0.. {
        let look = &mut house.read(actor).await?;
        let import = list::one(look, id).await?;
        if import.state != State::Undoing {
            return Ok(Ended::Over);
        }
        if turn >= turns {
            return Ok(Ended::More { from: import.at_line });
        }
        let lines: Vec<(i64,)> = look
            .all(
                sql!(
                    "select line from import_rows where import_id = $1 and line > $2 order by line limit $3"
                ),
                params![id, import.at_line, BATCH],
            )
            .await?;
        let lines: Vec<i64> = lines.into_iter().map(|(line,)| line).collect();
        if lines.is_empty() {
            return finish(house, actor, &import).await.map(|()| Ended::Over);
        }
        if !stretch(house, actor, import, &lines).await? {
            return Ok(Ended::Over);
        }
        let import = list::one(&mut house.read(actor).await?, id).await?;
        progress(Step { phase: Phase::Undoing, done: import.rows_done, total: import.rows_total });
    }
    Ok(Ended::Over)
}

/// Undoes these rows, which follow each other. Should a room that we do not know of hold on to somebody, the rows
/// are divided until the one is found, and that one stays. `false` when somebody else undoes beside us.
async fn stretch(house: &House, actor: &Actor, import: Import, lines: &[i64]) -> Result<bool> {
    let mut left: Vec<Vec<i64>> = vec![lines.to_vec()];
    let mut import = import;
    while let Some(mut part) = left.pop() {
        match batch(house, actor, &import, &part, false).await {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(Error::Broken(_)) if part.len() > 1 => {
                let second = part.split_off(part.len() / 2);
                left.push(second);
                left.push(part);
                continue;
            }
            Err(Error::Broken(_)) => {
                if !batch(house, actor, &import, &part, true).await? {
                    return Ok(false);
                }
            }
            Err(other) => return Err(other),
        }
        import = list::one(&mut house.read(actor).await?, import.id).await?;
    }
    Ok(true)
}

async fn batch(house: &House, actor: &Actor, import: &Import, lines: &[i64], keep_all: bool) -> Result<bool> {
    let (Some(&first), Some(&last)) = (lines.first(), lines.last()) else { return Ok(true) };
    let mut tx = house.write(actor).await?;
    let now = list::hold(&mut tx, import.id).await?;
    if now.state != State::Undoing || now.at_line != import.at_line {
        return Ok(false);
    }
    let (after, to) = (first - 1, last);
    let (removed, kept, restored) = if import.kind.is_single() {
        let (removed, restored, kept) = single::undo_batch(&mut tx, import, after, to, keep_all).await?;
        (removed, kept, restored)
    } else {
        let (removed, kept) = take_away(&mut tx, import, after, to, keep_all).await?;
        (removed as i64, kept as i64, put_back(&mut tx, import, after, to).await?)
    };
    tx.run(
        sql!("update imports set removed = removed + $2, kept = kept + $3, restored = restored + $4 where id = $1"),
        params![import.id, removed, kept, restored],
    )
    .await?;
    advance(&mut tx, import.id, last, import.rows_done + lines.len() as i64).await?;
    tx.commit().await?;
    Ok(true)
}

/// People whom these rows added go, unless somebody else has had to do with them.
async fn take_away(
    tx: &mut Tx,
    import: &Import,
    after: i64,
    to: i64,
    keep_all: bool,
) -> Result<(usize, usize)> {
    let span = || params![import.id, after, to];
    let added: Vec<(PersonId,)> = tx
        .all(
            sql!(
                "select r.person_id from import_rows r join people p on p.id = r.person_id
                 where r.import_id = $1 and r.line > $2 and r.line <= $3 and r.action = 'added'"
            ),
            span(),
        )
        .await?;
    let busy = busy(tx, import, after, to).await?;
    let (stay, go): (Vec<PersonId>, Vec<PersonId>) =
        added.into_iter().map(|(id,)| id).partition(|id| keep_all || busy.contains(id));
    let mark = |ids: &[PersonId], what: &'static str| -> Vec<Vec<kring_db::Value>> {
        ids.iter().map(|id| params![*id, import.id, what]).collect()
    };
    let (gone_marks, stay_marks) = (mark(&go, "removed"), mark(&stay, "kept"));
    tx.many(sql!("update import_rows set undone = $3 where person_id = $1 and import_id = $2 and action is not null"), gone_marks)
        .await?;
    tx.many(sql!("update import_rows set undone = $3 where person_id = $1 and import_id = $2 and action is not null"), stay_marks)
        .await?;
    for forget in [
        sql!("delete from import_notes where person_id = $1"),
        sql!("delete from lookalikes where person_id = $1"),
        sql!("delete from lookalikes where other_id = $1"),
        // The rows say of nobody any more whose they are, so nobody could have them forgotten: they are emptied now.
        sql!(
            "update import_rows set raw = '[]', candidate = null, remarks = '[]', number = null, student_number = null, email = null,
                 phone = null, sort_key = null, postcode = null, birth_date = null, fingerprint = null, before = null, person_id = null
             where person_id = $1"
        ),
        sql!("delete from import_pairs where person_id = $1"),
    ] {
        tx.many(forget, go.iter().map(|id| params![*id]).collect()).await?;
    }
    bulk::remove(tx, &go).await?;
    Ok((go.len(), stay.len()))
}

/// Those with whom something happened that is not this import's: an event, an owner, a contact, a value of another
/// source.
async fn busy(tx: &mut Tx, import: &Import, after: i64, to: i64) -> Result<HashSet<PersonId>> {
    let added = serde_json::to_string(&PersonAdded { how: "import".into() }).map_err(Error::broken)?;
    let mut busy: Vec<(PersonId,)> = tx
        .all(
            sql!(
                "select distinct r.person_id from import_rows r join events e on e.person_id = r.person_id
                 where r.import_id = $1 and r.line > $2 and r.line <= $3 and r.action = 'added'
                   and not (e.kind in ('person.added', 'person.changed') and coalesce(e.subject_id, 0) = $1 and e.payload = $4)
                   and not (e.kind = 'note.written' and exists
                        (select 1 from import_notes n where n.note_id = e.subject_id and n.import_id = $1))"
            ),
            params![import.id, after, to, added],
        )
        .await?;
    let others: Vec<(PersonId,)> = tx
        .all(
            sql!(
                "select r.person_id from import_rows r join people p on p.id = r.person_id
                 where r.import_id = $1 and r.line > $2 and r.line <= $3 and r.action = 'added'
                   and (p.state <> 'known' or p.owner_id is not null or p.last_contact_at is not null
                        or exists (select 1 from contact_points c where c.person_id = p.id and c.source <> $4)
                        or exists (select 1 from party_roles o where o.person_id = p.id and o.source <> $4)
                        or exists (select 1 from postal_addresses a where a.person_id = p.id and a.source <> $4)
                        or exists (select 1 from value_sources v where v.person_id = p.id and v.source <> $4)
                        or exists (select 1 from person_details d where d.person_id = p.id and d.source <> $4)
                        or exists (select 1 from identifiers i where i.person_id = p.id and i.source <> $4))"
            ),
            params![import.id, after, to, import.source()],
        )
        .await?;
    busy.extend(others);
    Ok(busy.into_iter().map(|(id,)| id).collect())
}

async fn finish(house: &House, actor: &Actor, import: &Import) -> Result<()> {
    let mut tx = house.write(actor).await?;
    let now = tx.now();
    tx.run(sql!("delete from lookalikes where import_id = $1"), params![import.id]).await?;
    let n = tx
        .run(
            sql!("update imports set state = 'undone', undone_at = $2 where id = $1 and state = 'undoing'"),
            params![import.id, now],
        )
        .await?;
    if n == 1 {
        let rows = import.removed + import.restored;
        tx.tell(About::default().subject(import.id), &ImportUndone { rows }).await?;
    }
    tx.commit().await
}
