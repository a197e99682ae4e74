//! What this room knows of a person, and how it forgets.

use base64::{Engine, engine::general_purpose::STANDARD};
use kring_core::{Result, Timestamp, Tongue};
use kring_frame::{Forgotten, Fut, PersonId, Section, Tx, params, sql};
use serde_json::{Value, json};

use crate::{
    answer::{self, Form},
    answers::Answers,
};

pub fn dossier(tx: &mut Tx, person: PersonId) -> Fut<'_, Vec<Section>> {
    Box::pin(async move {
        let ids: Vec<(i64,)> = tx
            .all(sql!("select id from form_answers where person_id = $1 order by id"), params![person])
            .await?;
        let mut given = Vec::new();
        for (id,) in ids {
            given.extend(one(tx, id).await?);
        }
        let links: Vec<(Timestamp,)> = tx
            .all(sql!("select made_at from form_links where person_id = $1 order by id"), params![person])
            .await?;
        let links: Vec<_> = links.into_iter().map(|(at,)| at).collect();
        Ok(vec![Section { title: "forms".into(), data: json!({"answers": given, "links_sent": links}) }])
    })
}

async fn one(tx: &mut Tx, id: i64) -> Result<Option<Value>> {
    let Some(answer) = answer::known(tx, id).await? else { return Ok(None) };
    let form = Form::of(tx, &answer).await?;
    let source: Tongue = form.plan.source.clone();
    let said: Vec<_> = Answers::load(tx, id)
        .await?
        .shown(&form.plan, &source)
        .into_iter()
        .map(|(question, answer)| json!({"question": question, "answer": answer}))
        .collect();
    let files: Vec<(String, String, Vec<u8>)> = tx
        .all(sql!("select name, kind, content from form_files where answer_id = $1 order by id"), params![id])
        .await?;
    let files: Vec<_> = files
        .into_iter()
        .map(|(name, kind, content)| json!({"name": name, "kind": kind, "content": STANDARD.encode(content)}))
        .collect();
    Ok(Some(json!({
        "form": form.plan.say(&form.plan.title, &source),
        "version": answer.version,
        "at": answer.at,
        "campaign": answer.campaign,
        "answers": said,
        "files": files,
    })))
}

/// All of it, with what is held and names an address of theirs: it would have become theirs.
pub fn forget(tx: &mut Tx, person: PersonId) -> Fut<'_, Forgotten> {
    Box::pin(async move {
        let mut erased = 0;
        tx.run(
            sql!(
                "update form_answers set person_id = $1 where person_id is null and id in (
                    select v.answer_id from form_values v join contact_points c on c.canonical = lower(v.value)
                    where c.person_id = $1 and c.kind = 'email')"
            ),
            params![person],
        )
        .await?;
        for statement in [
            sql!("delete from form_yeses where person_id = $1"),
            sql!(
                "delete from form_files where answer_id in (select n.id from form_answers n where n.person_id = $1)"
            ),
            sql!(
                "delete from form_values where answer_id in (select n.id from form_answers n where n.person_id = $1)"
            ),
            sql!("delete from form_answers where person_id = $1"),
            sql!("delete from form_links where person_id = $1"),
        ] {
            erased += tx.run(statement, params![person]).await?;
        }
        Ok(Forgotten { erased, kept: Vec::new() })
    })
}
