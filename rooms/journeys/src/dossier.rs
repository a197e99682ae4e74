//! What this room knows of a person, and how it forgets.

use kring_core::Timestamp;
use kring_frame::{Forgotten, Fut, PersonId, Section, Tx, params, sql};
use serde_json::json;

pub fn dossier(tx: &mut Tx, person: PersonId) -> Fut<'_, Vec<Section>> {
    Box::pin(async move {
        let runs: Vec<(i64, String, String, Timestamp, Option<Timestamp>, Option<String>)> = tx
            .all(
                sql!(
                    "select r.id, j.name, r.state, r.began_at, r.ended_at, r.outcome from journey_runs r
                     join journeys j on j.id = r.journey_id where r.person_id = $1 order by r.id"
                ),
                params![person],
            )
            .await?;
        let deeds: Vec<(i64, i64, Timestamp, String, Option<String>, Option<Timestamp>)> = tx
            .all(
                sql!(
                    "select d.run_id, d.step, d.at, d.state, d.answer, d.answered_at from journey_deeds d
                     join journey_runs r on r.id = d.run_id where r.person_id = $1 order by d.id"
                ),
                params![person],
            )
            .await?;
        let tasks: Vec<(String, Timestamp, Option<String>, Option<String>)> = tx
            .all(
                sql!(
                    "select title, made_at, outcome, note from journey_tasks where person_id = $1 order by id"
                ),
                params![person],
            )
            .await?;
        let runs: Vec<_> = runs
            .into_iter()
            .map(|(id, journey, state, began, ended, outcome)| {
                let steps: Vec<_> = deeds
                    .iter()
                    .filter(|(run, ..)| *run == id)
                    .map(|(_, step, at, state, answer, answered)| {
                        json!({"step": step, "at": at, "state": state, "answer": answer, "answered": answered})
                    })
                    .collect();
                json!({
                    "journey": journey, "state": state, "began": began, "ended": ended, "outcome": outcome, "steps": steps,
                })
            })
            .collect();
        let tasks: Vec<_> = tasks
            .into_iter()
            .map(|(title, at, outcome, note)| json!({"title": title, "at": at, "outcome": outcome, "note": note}))
            .collect();
        Ok(vec![Section { title: "journeys".into(), data: json!({"runs": runs, "tasks": tasks}) }])
    })
}

/// All of it: that somebody was on a journey says nothing when nobody knows who.
pub fn forget(tx: &mut Tx, person: PersonId) -> Fut<'_, Forgotten> {
    Box::pin(async move {
        let mut erased = 0;
        for statement in [
            sql!("delete from journey_tasks where person_id = $1"),
            sql!(
                "delete from journey_missed where run_id in (select r.id from journey_runs r where r.person_id = $1)"
            ),
            sql!(
                "delete from journey_turns where run_id in (select r.id from journey_runs r where r.person_id = $1)"
            ),
            sql!(
                "delete from journey_deeds where run_id in (select r.id from journey_runs r where r.person_id = $1)"
            ),
            sql!("delete from journey_runs where person_id = $1"),
        ] {
            erased += tx.run(statement, params![person]).await?;
        }
        Ok(Forgotten { erased, kept: Vec::new() })
    })
}
