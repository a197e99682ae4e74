//! The letter of a mailing: in the language of who gets it, with what its purpose may know of them.

use kring_core::{Error, Id, Lang, Result, Tongue};
use kring_frame::{Composed, Content, Envelope, Still, Tx, params, sql};
use kring_talks::{NewDialogue, thread, topic, wording};

use crate::{
    Words, campaign,
    mailing::{self, Mailing, MailingState},
    plan::Plan,
};

/// The kind of our messages; its subject is made of the mailing and of the person.
pub const KIND: &str = "mailings.mail";

/// The same for colleagues who try it; its subject is the trial.
pub const TRIAL: &str = "mailings.trial";

/// The number of somebody in a mailing. Relation numbers have 32 bits, as the rows of the index do.
pub fn subject(mailing: Id<Mailing>, person: i64) -> Result<i64> {
    let high = mailing.get().checked_mul(1 << 32).ok_or_else(|| Error::broken("too many mailings"))?;
    Ok(high + person)
}

/// All numbers of a mailing, from the first to the last.
pub fn subjects(mailing: i64) -> Result<(i64, i64)> {
    Ok((subject(Id::new(mailing), 0)?, subject(Id::new(mailing + 1), 0)? - 1))
}

/// Somebody's row: of which mailing, and which text they get.
async fn row(tx: &mut Tx, subject: i64) -> Result<(Mailing, Option<i64>)> {
    let (mailing, variant): (Id<Mailing>, Option<i64>) = tx
        .one(sql!("select mailing_id, variant from mailing_people where id = $1"), params![subject])
        .await?;
    Ok((mailing::one(tx, mailing).await?, variant))
}

/// Whether it may still go.
pub async fn still(tx: &mut Tx, envelope: Envelope) -> Result<Still> {
    let found: Option<(MailingState,)> = tx
        .maybe(
            sql!(
                "select m.state from mailing_people p join mailings m on m.id = p.mailing_id where p.id = $1"
            ),
            params![envelope.subject],
        )
        .await?;
    Ok(match found {
        Some((MailingState::Sending | MailingState::Done,)) => Still::Go,
        Some((MailingState::Paused,)) => Still::Later,
        _ => Still::Never,
    })
}

pub async fn write(tx: &mut Tx, envelope: Envelope) -> Result<Option<Content>> {
    let (mailing, variant) = row(tx, envelope.subject).await?;
    let plan = mailing::plan(tx, &mailing).await?;
    let Some(variant) = variant else { return Ok(None) };
    composed(tx, &mailing, &plan, variant, &envelope, None).await
}

pub async fn write_trial(tx: &mut Tx, envelope: Envelope) -> Result<Option<Content>> {
    let (mailing, draft, variant, tongue): (Id<Mailing>, i64, i64, Tongue) = tx
        .one(
            sql!("select mailing_id, draft, variant, tongue from mailing_trials where id = $1"),
            params![envelope.subject],
        )
        .await?;
    let mailing = Mailing { draft, ..mailing::one(tx, mailing).await? };
    // The draft it was tried with may have been undone since; then there is nothing to try.
    let (there,): (i64,) = tx
        .one(
            sql!("select count(*) from mailing_drafts where mailing_id = $1 and no = $2"),
            params![mailing.id, draft],
        )
        .await?;
    if there == 0 {
        return Ok(None);
    }
    let plan = mailing::plan(tx, &mailing).await?;
    composed(tx, &mailing, &plan, variant, &envelope, Some(tongue)).await
}

/// Writes it. The thread of its topic is opened with the first word of it, and not for those who never get one; a trial is no
/// word to anybody.
async fn composed(
    tx: &mut Tx,
    mailing: &Mailing,
    plan: &Plan,
    variant: i64,
    envelope: &Envelope,
    trial: Option<Tongue>,
) -> Result<Option<Content>> {
    let text = usize::try_from(variant).ok().and_then(|n| plan.texts.get(n));
    let Some(text) = text else { return Ok(None) };
    let is_trial = trial.is_some();
    let wanted = match trial {
        Some(tongue) => vec![tongue],
        None => wording::reads(tx, envelope.person).await?,
    };
    let Some((tongue, sheet)) = text.choose(&wanted) else { return Ok(None) };
    let values = wording::values(tx, envelope.person, mailing.unit, tongue).await?;
    let dialogue = match plan.topic {
        Some(topic) if !is_trial => {
            let campaign = campaign::one(tx, mailing.campaign).await?;
            let new = NewDialogue {
                person: envelope.person,
                unit: Some(mailing.unit),
                topic: topic::one(tx, topic).await?.key,
                purpose: campaign.purpose,
                lang: tongue.primary().parse().unwrap_or_default(),
                channel: kring_consent::Channel::Mail,
            };
            Some(thread(tx, &new).await?.get())
        }
        _ => None,
    };
    let mut sheet = sheet.clone();
    if is_trial {
        let w = Words(tongue.primary().parse().unwrap_or(Lang::En));
        sheet.subject = w.trial_subject(sheet.subject);
    }
    let composed = Composed { tongue: tongue.clone(), sheet, values, choices: Vec::new(), dialogue };
    Ok(Some(composed.into()))
}

/// Of what a message is a part: its mailing, and the reason that its campaign has.
pub async fn part_of(tx: &mut Tx, lang: Lang, envelope: Envelope) -> Result<Option<(String, String)>> {
    let (mailing, variant) = row(tx, envelope.subject).await?;
    let campaign = campaign::one(tx, mailing.campaign).await?;
    let w = Words(lang);
    let plan = mailing::plan(tx, &mailing).await?;
    let says = match variant {
        Some(variant) if plan.compares() => w.part_of_text(
            mailing.name.clone(),
            campaign.name,
            campaign.reason,
            crate::check::letter_of(variant),
        ),
        _ => w.part_of(mailing.name.clone(), campaign.name, campaign.reason),
    };
    Ok(Some((says, format!("/mailings/{}", mailing.id))))
}
