//! What waits for a colleague: a mailing to be approved, and one that paused by itself.

use kring_core::{Id, Lang, Result};
use kring_frame::{ActorId, Task, Tx, UnitId, params, sql};

use crate::{APPROVE, EDIT, Words, mailing::Mailing};

pub async fn tasks(tx: &mut Tx, lang: Lang) -> Result<Vec<Task>> {
    if !tx.actor().may(&APPROVE) && !tx.actor().may(&EDIT) {
        return Ok(Vec::new());
    }
    let w = Words(lang);
    let waiting: Vec<(Id<Mailing>, String, UnitId, String, Option<String>, ActorId)> = tx
        .all(
            sql!(
                "select m.id, m.name, c.unit_id, m.state, m.brake, m.actor_id from mailings m
                 join campaigns c on c.id = m.campaign_id
                 where m.state = 'asked' or m.state = 'paused' and m.brake is not null order by m.changed_at limit 50"
            ),
            params![],
        )
        .await?;
    let actor = tx.actor();
    let mine =
        |(_, _, unit, state, _, maker): &&(Id<Mailing>, String, UnitId, String, Option<String>, ActorId)| {
            if state == "asked" {
                actor.units(&APPROVE).contains(unit) && *maker != actor.id
            } else {
                actor.units(&EDIT).contains(unit)
            }
        };
    Ok(waiting
        .iter()
        .filter(mine)
        .map(|(id, name, _, _, brake, _)| Task {
            icon: "send",
            title: name.clone(),
            href: format!("/mailings/{id}"),
            text: match brake.as_deref() {
                Some(why) => w.find(&format!("brake-{why}")).unwrap_or_default().to_owned(),
                None => w.task_approve().to_owned(),
            },
            due: None,
        })
        .collect())
}
