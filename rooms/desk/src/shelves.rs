//! On the start page of whoever leads a desk: how it stands in each unit.

use kring_core::Lang;
use kring_frame::{Entry, Fut, Shelved, Tone, Tx, params, sql};

use crate::{WORK_REQUESTS, Words};

pub fn units(tx: &mut Tx, lang: Lang) -> Fut<'_, Shelved> {
    Box::pin(async move {
        let (w, now, actor) = (Words(lang), tx.now(), tx.actor().id);
        let found: Vec<(String, String, i64, i64, i64)> = tx
            .all(
                sql!(
                    "select u.name_nl, u.name_en, count(*), count(*) filter (where r.due_at < $3), count(*) filter (where r.owner_id is null)
                     from requests r join units u on u.id = r.unit_id
                     where r.state in ('new', 'assigned') and r.unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2)
                     group by u.id, u.name_nl, u.name_en order by 4 desc, 3 desc limit 6"
                ),
                params![actor, WORK_REQUESTS.key, now],
            )
            .await?;
        let entry = |(nl, en, open, late, free): (String, String, i64, i64, i64)| Entry {
            title: if lang == Lang::Nl { nl } else { en },
            href: "/desk".to_owned(),
            text: w.shelf_unit(open, free),
            note: if late > 0 { w.shelf_late(late) } else { String::new() },
            exact: String::new(),
        };
        Ok(Shelved {
            icon: "inbox",
            tone: Tone::Leaf,
            title: w.shelf_units().to_owned(),
            all: Some((w.desk().to_owned(), "/desk".to_owned())),
            rows: found.into_iter().map(entry).collect(),
            empty: w.shelf_units_empty().to_owned(),
        })
    })
}
