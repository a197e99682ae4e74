//! What people do after they were written to: what the campaign is held for, an answer, or wanting no more of it.

use jiff::SignedDuration;
use kring_core::{Id, Result, Timestamp};
use kring_frame::{ConsentChanged, DialogueHeard, Event, PersonId, Purpose, Told, Tx, params, record, sql};
use kring_talks::occasion;

use crate::{campaign::Campaign, letter};

/// What somebody does counts for a mailing of at most so many days ago; the goal of a campaign may look as far.
pub const MOST_DAYS: i64 = 92;
/// Who wants no more of it so soon after a mailing does so because of it.
const LEFT_DAYS: i64 = 14;

record! {
    struct Row {
        id: i64,
        at: Timestamp,
        campaign: Id<Campaign>,
        purpose: Purpose,
        goal_kind: Option<String>,
        goal_detail: Option<String>,
        goal_days: i64,
        written: bool,
    }
}

pub async fn told(tx: &mut Tx, told: &Told) -> Result<()> {
    let Some(person) = told.person.map(PersonId::new) else { return Ok(()) };
    let at = told.at;
    let rows: Vec<Row> = tx
        .all(
            sql!(
                "select p.id, p.at, c.id, c.purpose, c.goal_kind, c.goal_detail, c.goal_days, p.variant is not null
                 from mailing_people p join mailings m on m.id = p.mailing_id join campaigns c on c.id = m.campaign_id
                 where p.person_id = $1 and p.at <= $2 and p.at > $3"
            ),
            params![person, at, at - SignedDuration::from_hours(24 * MOST_DAYS)],
        )
        .await?;
    for row in rows {
        let within = |days: i64| at.duration_since(row.at) <= SignedDuration::from_hours(24 * days);
        if row.goal_kind.as_deref() == Some(told.kind.as_str())
            && within(row.goal_days)
            && (row.goal_detail.is_none() || row.goal_detail == occasion::detail(told))
        {
            tx.run(
                sql!("update mailing_people set reached_at = $2 where id = $1 and reached_at is null"),
                params![row.id, at],
            )
            .await?;
        }
        if told.kind == DialogueHeard::KIND && row.written {
            answered(tx, &row, told).await?;
        }
        if told.kind == ConsentChanged::KIND && row.written && within(LEFT_DAYS) {
            left(tx, person, &row, told).await?;
        }
    }
    Ok(())
}

/// An answer in the thread that the mailing is a turn of.
async fn answered(tx: &mut Tx, row: &Row, told: &Told) -> Result<()> {
    tx.run(
        sql!(
            "update mailing_people set wrote_at = $2 where id = $1 and wrote_at is null
               and exists (select 1 from messages x where x.kind = $3 and x.subject_id = $1 and x.dialogue_id = $4)"
        ),
        params![row.id, told.at, letter::KIND, told.subject],
    )
    .await
    .map(drop)
}

async fn left(tx: &mut Tx, person: PersonId, row: &Row, told: &Told) -> Result<()> {
    let Ok(changed) = serde_json::from_str::<ConsentChanged>(&told.payload) else { return Ok(()) };
    let away = matches!(changed.act.as_str(), "withdrawal" | "objection");
    if !away || changed.channel != "mail" || changed.purpose != row.purpose.to_string() {
        return Ok(());
    }
    let how: Option<(String,)> = tx
        .maybe(
            sql!(
                "select how from consent_ledger where person_id = $1 and purpose = $2 and channel = 'mail' order by id desc limit 1"
            ),
            params![person, row.purpose],
        )
        .await?;
    let complained = how.is_some_and(|(how,)| how == "complaint");
    tx.run(
        sql!(
            "update mailing_people set left_at = coalesce(left_at, $2),
                 complained_at = case when $3 then coalesce(complained_at, $2) else complained_at end where id = $1"
        ),
        params![row.id, told.at, complained],
    )
    .await
    .map(drop)
}
