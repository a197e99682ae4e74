//! The letter of a deed: in the language of who gets it, with what its purpose may know of them, and links made for it alone.

use kring_blocks::What as Block;
use kring_core::{Id, Result, Tongue};
use kring_flow::What;
use kring_frame::{Tx, params, sql};
use kring_talks::{NewDialogue, thread, topic};

use crate::{
    journey::{self, Ready},
    plan::{Deed, Mail, Plan},
    run::{self, Run},
};

/// The kind of our messages; its subject is the deed.
pub const KIND: &str = "journeys.mail";

/// The mail of a step.
pub fn of(plan: &Plan, step: u32) -> Option<&Mail> {
    match plan.step(step).map(|step| &step.what) {
        Some(What::Do(Deed::Mail(mail)) | What::Ask { deed: Deed::Mail(mail), .. }) => Some(mail),
        _ => None,
    }
}

/// A deed with its run and its plan.
pub async fn behind(tx: &mut Tx, deed: i64) -> Result<(Run, Ready, u32)> {
    let (run, version, step): (Id<Run>, i64, i64) =
        tx.one(sql!("select run_id, version, step from journey_deeds where id = $1"), params![deed]).await?;
    let run = run::one(tx, run).await?;
    let ready = journey::ready(tx, run.journey, version).await?;
    Ok((run, ready, u32::try_from(step).unwrap_or_default()))
}

/// The thread of the journey's topic with somebody; `None` for a journey without one.
pub async fn thread_of(
    tx: &mut Tx,
    ready: &Ready,
    run: &Run,
    tongue: &Tongue,
) -> Result<Option<Id<kring_talks::Dialogue>>> {
    if run.dialogue.is_some() {
        return Ok(run.dialogue);
    }
    let Some(topic) = ready.plan.topic else { return Ok(None) };
    let topic = topic::one(tx, topic).await?;
    let new = NewDialogue {
        person: run.person,
        unit: Some(ready.unit),
        topic: topic.key,
        purpose: ready.plan.purpose,
        lang: tongue.primary().parse().unwrap_or_default(),
        channel: kring_consent::Channel::Mail,
    };
    let dialogue = thread(tx, &new).await?;
    tx.run(sql!("update journey_runs set dialogue_id = $2 where id = $1"), params![run.id, dialogue]).await?;
    Ok(Some(dialogue))
}

/// The codes of the answers that a mail asks for, as its first language has them.
pub fn codes(mail: &Mail) -> impl Iterator<Item = &str> {
    let sheet = mail.text.sheets.get(&mail.text.source);
    sheet.into_iter().flat_map(|sheet| &sheet.blocks).flat_map(|block| match &block.what {
        Block::Choices { options, .. } => options.iter().map(|option| option.code.as_str()).collect(),
        _ => Vec::new(),
    })
}
