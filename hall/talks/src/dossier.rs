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
        let mails: Vec<(Option<String>, Option<String>, Option<String>, i64, Timestamp)> = tx
            .all(
                sql!("select from_address, subject, outcome, size, received_at from inbound_mails where person_id = $1 order by id"),
                params![id],
            )
            .await?;
        let mails: Vec<_> = mails
            .into_iter()
            .map(|(from, subject, outcome, size, at)| {
                json!({"from": from, "subject": subject, "outcome": outcome, "bytes": size, "at": at})
            })
            .collect();
        let mut sections = kring_consent::dossier(tx, id).await?;
        sections.push(Section {
            title: "talks".into(),
            data: json!({"turns": turns, "messages": messages, "mails": mails}),
        });
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
        // What they sent, as it came, and what nobody has decided about yet that came from an address of theirs. The bare
        // hash stays, so that a mailbox which still holds the mail does not bring it back.
        sql!(
            "update inbound_mails set raw = null, content = null, from_address = null, from_name = null, subject = null, mail_id = null,
                 recipients = '', sender = null, state = case when state = 'read' then 'read' else 'discarded' end
             where person_id = $1 or from_address in (select canonical from contact_points where person_id = $1 and kind = 'email')"
        ),
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
