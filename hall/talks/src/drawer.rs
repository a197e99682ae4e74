//! The demo institution's mail: it goes through the same gate, and lies in a drawer to be read in the browser.

use std::sync::Arc;

use kring_core::Result;
use kring_frame::{Actor, House, params, sql};

use crate::{
    Sender, fate,
    gate::{At, Gate, gates},
    tray::{Pressed, Taken},
    write::Mailed,
};

impl Sender {
    pub(crate) async fn lay_in_drawer(self: &Arc<Self>, house: &House, node: i64) -> Result<bool> {
        if !self.fill(house, node).await? {
            return Ok(false);
        }
        let mut mails = Vec::new();
        loop {
            match self.tray.take(house.clock.now()) {
                Taken::Pressed(Pressed::Mail(mail)) => mails.push(*mail),
                Taken::Pressed(Pressed::Failed(message)) => {
                    let mut tx = house.write(&Actor::robot()).await?;
                    fate::unwritable(&mut tx, &message).await?;
                    tx.commit().await?;
                }
                Taken::Wait => self.tray.wait().await,
                Taken::Until(_) | Taken::Empty => break,
            }
        }
        // They were made beside each other; in the drawer they lie in the order in which they were planned.
        mails.sort_by_key(|mail| mail.ask.message.id);
        let mut tx = house.write(&Actor::robot()).await?;
        let asks: Vec<_> = mails.iter().map(|mail| &mail.ask).collect();
        let at = At { node, relay: "drawer", warm_up: self.warm_up.as_ref() };
        let gates = gates(&mut tx, &at, &asks).await?;
        let passed = mails.iter().zip(gates).filter(|(_, gate)| matches!(gate, Gate::Open(_)));
        let passed: Vec<&Mailed> = passed.map(|(mail, _)| mail).collect();
        let now = tx.now();
        let set = |mail: &&Mailed| {
            let m = &mail.ask.message;
            params![
                m.id,
                m.person,
                mail.to.as_str(),
                &mail.ask.subject,
                mail.bytes.as_slice(),
                &mail.html,
                now
            ]
        };
        tx.many(
            sql!(
                "insert into drawer (message_id, person_id, to_address, subject, raw, html, at) values ($1, $2, $3, $4, $5, $6, $7)"
            ),
            passed.iter().map(set).collect(),
        )
        .await?;
        fate::sent(&mut tx, &passed.iter().map(|mail| &mail.ask.message).collect::<Vec<_>>()).await?;
        tx.commit().await?;
        Ok(true)
    }
}
