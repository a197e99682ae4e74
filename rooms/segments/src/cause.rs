//! Because of what somebody moved, in words: the line that the event has on a timeline.

use std::collections::HashMap;

use kring_core::{Lang, Result};
use kring_frame::{Told, Tx, params, sql};

use crate::{
    Words,
    membership::{AWAY, DAY, Move},
};

pub struct Causes(Lang);

impl Causes {
    pub fn new(lang: Lang) -> Self {
        Self(lang)
    }

    /// A kind of event without the event.
    pub fn kind(&self, kind: &str) -> String {
        let w = Words(self.0);
        match kind {
            DAY => return w.show_because_day().to_owned(),
            AWAY => return w.show_because_away().to_owned(),
            _ => {}
        }
        w.find(&format!("cause-{}", kind.replace('.', "-"))).unwrap_or(w.show_because_unknown()).to_owned()
    }

    /// The causes of these moves, in their order. Of an event that the actor at work may not see only the kind is said.
    pub async fn of(&self, tx: &mut Tx, moves: &[Move]) -> Result<Vec<String>> {
        let house = tx.house().clone();
        let mut lines: HashMap<i64, String> = HashMap::new();
        for event in moves.iter().filter_map(|one| one.event) {
            let told: Option<Told> = tx
                .maybe(
                    sql!(
                        "select id, xid, kind, at, person_id, organisation_id, unit_id, actor_id, purpose, subject_id, payload
                         from events where id = $1"
                    ),
                    params![event],
                )
                .await?;
            let Some(told) = told.filter(|told| house.rooms.sees(tx.actor(), told)) else { continue };
            let said = house.rooms.say(tx, self.0, std::slice::from_ref(&told)).await?;
            lines.extend(said.into_iter().map(|line| (event, line.title)));
        }
        Ok(moves
            .iter()
            .map(|one| {
                let line = one.event.and_then(|event| lines.get(&event)).cloned();
                line.unwrap_or_else(|| self.kind(&one.cause))
            })
            .collect())
    }
}
