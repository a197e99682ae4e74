//! The third step: whoever is new is found by name, and compared with others, when all rows are in. Row by row it would cost
//! more than all the rest; see `kring_people::bulk::make_findable`.

use kring_core::Result;
use kring_frame::{Actor, House, PersonId, params, sql};
use kring_people::bulk;

use crate::{
    command::{Phase, Progress, Step},
    list::Import,
};

/// Makes findable whom the rows so far have added, and notes how far that is: an import that was stopped has made its people
/// findable too.
pub async fn make(house: &House, actor: &Actor, import: &Import, progress: Progress<'_>) -> Result<()> {
    let mut look = house.read(actor).await?;
    let added: Vec<(PersonId,)> = look
        .all(
            sql!(
                "select r.person_id from imports i join import_rows r on r.import_id = i.id
                 where i.id = $1 and r.line > i.found_to and r.line <= $2 and r.action = 'added' and r.person_id is not null
                 order by r.line"
            ),
            params![import.id, import.at_line],
        )
        .await?;
    drop(look);
    let people: Vec<PersonId> = added.into_iter().map(|(id,)| id).collect();
    let total = people.len() as i64;
    let mut done = |share: f64| {
        let done = (share * total as f64) as i64;
        progress(Step { phase: Phase::Finding, done, total });
    };
    bulk::make_findable(house, actor, &people, &mut done).await?;
    let mut tx = house.write(actor).await?;
    tx.run(
        sql!("update imports set found_to = $2 where id = $1 and found_to < $2"),
        params![import.id, import.at_line],
    )
    .await?;
    tx.commit().await
}
