use kring_core::{Result, Timestamp};
use kring_frame::{Forgotten, Fut, PersonId, Section, Tx, params, sql};
use serde_json::json;

/// Every word to or from a person, and every message with what became of it.
pub fn dossier(tx: &mut Tx, id: PersonId) -> Fut<'_, Vec<Section>> {
    Box::pin(async move {
        let turns: Vec<(String, String, String, String, Timestamp)> = tx
            .all(
                sql!(
                    "select d.topic, t.direction, t.channel, t.text, t.at from turns t join dialogues d on d.id = t.dialogue_id
                     where d.person_id = $1 order by t.at"
                ),
                params![id],
            )
            .await?;
        let messages: Vec<(String, String, Option<String>, Option<String>, Option<Timestamp>)> = tx
            .all(
                sql!("select purpose, state, subject, body, handed_at from messages where person_id = $1 order by id"),
                params![id],
            )
            .await?;
        let turns: Vec<_> = turns
            .into_iter()
            .map(|(topic, direction, channel, text, at)| {
                json!({"topic": topic, "direction": direction, "channel": channel, "text": text, "at": at})
            })
            .collect();
        let messages: Vec<_> = messages
            .into_iter()
            .map(|(purpose, state, subject, body, at)| {
                json!({"purpose": purpose, "state": state, "subject": subject, "text": body, "at": at})
            })
            .collect();
        let mut sections = kring_consent::dossier(tx, id).await?;
        sections.push(Section { title: "talks".into(), data: json!({"turns": turns, "messages": messages}) });
        Ok(sections)
    })
}

pub fn forget(tx: &mut Tx, id: PersonId) -> Fut<'_, Forgotten> {
    Box::pin(async move {
        let mut all = kring_consent::forget(tx, id).await?;
        all.erased += drop_all(tx, id).await?;
        Ok(all)
    })
}

/// The states of messages stay, under the number alone: that something was sent is not forgotten, or the caps
/// would be wrong; what was in it is.
async fn drop_all(tx: &mut Tx, id: PersonId) -> Result<u64> {
    let mut erased = 0;
    for statement in [
        sql!(
            "update turns set text = '', message_id = null where dialogue_id in (select id from dialogues where person_id = $1)"
        ),
        sql!("update dialogues set topic = '', state = 'closed', outcome = 'erased' where person_id = $1"),
        sql!("delete from drawer where person_id = $1"),
        sql!("update messages set state = 'cancelled' where person_id = $1 and state = 'planned'"),
        sql!("update messages set subject = null, body = null, mail_id = null where person_id = $1"),
    ] {
        erased += tx.run(statement, params![id]).await?;
    }
    Ok(erased)
}
