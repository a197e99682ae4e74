//! The ways back that a letter names: where it is answered, whither it comes back, where "stop" is said by mail.

use kring_core::{Id, Result};
use kring_frame::{Tx, params, sql};
use kring_post::{Address, MessageId};

use super::sign::{Mark, marked};
use crate::{Dialogue, Message, Sender};

pub(crate) struct Ways {
    pub reply: Option<Address>,
    pub back: Address,
    pub stop: Option<Address>,
    /// The mail that it answers.
    pub answers: Option<MessageId>,
}

pub(crate) async fn back(tx: &mut Tx, sender: &Sender, m: &Message) -> Result<Ways> {
    let Some(base) = &sender.inbox.reply else {
        return Ok(Ways { reply: None, back: sender.from.clone(), stop: None, answers: None });
    };
    let house = tx.house().clone();
    let thread = m.dialogue.map_or(Mark::Message(m.id), |d| Mark::Dialogue(d.get()));
    let answers = match m.dialogue {
        Some(dialogue) => last_heard(tx, dialogue).await?,
        None => None,
    };
    Ok(Ways {
        reply: Some(marked(&house, base, thread)?),
        back: marked(&house, base, Mark::Message(m.id))?,
        stop: Some(marked(&house, base, Mark::Stop(m.id))?),
        answers,
    })
}

/// The mail that was heard last in a thread, so that an answer to it stands below it in the person's mail program.
async fn last_heard(tx: &mut Tx, dialogue: Id<Dialogue>) -> Result<Option<MessageId>> {
    let found: Option<(String,)> = tx
        .maybe(
            sql!(
                "select mail_id from inbound_mails where dialogue_id = $1 and state = 'read' and mail_id is not null
                   and outcome in ('turn', 'question') order by id desc limit 1"
            ),
            params![dialogue],
        )
        .await?;
    Ok(found.and_then(|(id,)| MessageId::read(&id).ok()))
}
