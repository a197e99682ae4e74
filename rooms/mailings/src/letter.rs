//! The letter of a mailing: in the language of who gets it, with what its purpose may know of them.

use std::collections::{HashMap, hash_map::Entry};

use kring_blocks::Document;
use kring_core::{Error, Id, Lang, Result, Tongue};
use kring_db::two_faces;
use kring_frame::{Composed, Content, Envelope, PersonId, Purpose, Still, Tx, params, sql};
use kring_people::{person, roles, units};
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

/// Whether they may still go.
pub async fn stills(tx: &mut Tx, envelopes: &[Envelope]) -> Result<Vec<Still>> {
    let found: Vec<(i64, MailingState)> = tx
        .all(
            two_faces!(
                sqlite: "select p.id, m.state from json_each($1) e cross join mailing_people p
                     join mailings m on m.id = p.mailing_id where p.id = e.value",
                postgres: "select p.id, m.state from json_array_elements_text($1::text::json) e
                     join mailing_people p on p.id = e::bigint join mailings m on m.id = p.mailing_id",
            ),
            params![listed(envelopes)?],
        )
        .await?;
    let found: HashMap<i64, MailingState> = found.into_iter().collect();
    let still = |envelope: &Envelope| match found.get(&envelope.subject) {
        Some(MailingState::Sending | MailingState::Done) => Still::Go,
        Some(MailingState::Paused) => Still::Later,
        _ => Still::Never,
    };
    Ok(envelopes.iter().map(still).collect())
}

/// What all who get one mailing share: read once for a batch.
struct Ready {
    mailing: Mailing,
    plan: Plan,
    purpose: Purpose,
    topic: Option<String>,
    /// By text, the fields that are links of its reader's own.
    own: Vec<Vec<String>>,
}

impl Ready {
    async fn load(tx: &mut Tx, mailing: Mailing) -> Result<Self> {
        let plan = mailing::plan(tx, &mailing).await?;
        let topic = match plan.topic {
            Some(topic) => Some(topic::one(tx, topic).await?.key),
            None => None,
        };
        let purpose = campaign::one(tx, mailing.campaign).await?.purpose;
        let own = plan.texts.iter().map(|text| wording::own_fields(tx, text)).collect();
        Ok(Self { mailing, plan, purpose, topic, own })
    }

    fn text(&self, variant: i64) -> Option<(&Document, &[String])> {
        let n = usize::try_from(variant).ok()?;
        self.plan.texts.get(n).zip(self.own.get(n).map(Vec::as_slice))
    }

    /// The thread of its topic, which is opened with the first word of it, and not for those who never get one.
    async fn thread(&self, tx: &mut Tx, person: PersonId, tongue: &Tongue) -> Result<Option<i64>> {
        let Some(topic) = &self.topic else { return Ok(None) };
        let new = NewDialogue {
            person,
            unit: Some(self.mailing.unit),
            topic: topic.clone(),
            purpose: self.purpose,
            lang: tongue.primary().parse().unwrap_or_default(),
            channel: kring_consent::Channel::Mail,
        };
        Ok(Some(thread(tx, &new).await?.get()))
    }
}

/// Writes the letters of many: what is read for one of them is read for all who go with the same batch.
pub async fn write(tx: &mut Tx, envelopes: &[Envelope]) -> Result<Vec<Option<Content>>> {
    let rows: Vec<(i64, Id<Mailing>, Option<i64>)> = tx
        .all(
            two_faces!(
                sqlite: "select p.id, p.mailing_id, p.variant from json_each($1) e cross join mailing_people p where p.id = e.value",
                postgres: "select p.id, p.mailing_id, p.variant from json_array_elements_text($1::text::json) e
                     join mailing_people p on p.id = e::bigint",
            ),
            params![listed(envelopes)?],
        )
        .await?;
    let rows: HashMap<i64, (Id<Mailing>, Option<i64>)> =
        rows.into_iter().map(|(id, mailing, variant)| (id, (mailing, variant))).collect();
    let people: Vec<PersonId> = envelopes.iter().map(|envelope| envelope.person).collect();
    let known = person::load_many(tx, &people).await?;
    let roles = roles::of_many(tx, &people).await?;
    let units = units::all(tx).await?;
    let mut mailings: HashMap<Id<Mailing>, Ready> = HashMap::new();
    let mut written = Vec::with_capacity(envelopes.len());
    for envelope in envelopes {
        let Some((id, Some(variant))) = rows.get(&envelope.subject).copied() else {
            written.push(None);
            continue;
        };
        let ready = match mailings.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let mailing = mailing::one(tx, id).await?;
                new.insert(Ready::load(tx, mailing).await?)
            }
        };
        let person = known.get(&envelope.person).ok_or(Error::NotFound)?;
        let chosen = ready.text(variant).and_then(|(text, own)| Some((text.choose(&person.reads())?, own)));
        let Some(((tongue, sheet), own)) = chosen else {
            written.push(None);
            continue;
        };
        let held = roles.get(&envelope.person).map(Vec::as_slice).unwrap_or_default();
        let mut values = wording::values_of(tx, person, held, &units, ready.mailing.unit, tongue);
        let choices = wording::own_links(tx, envelope.person, own, &mut values).await?;
        let dialogue = ready.thread(tx, envelope.person, tongue).await?;
        let (tongue, sheet) = (tongue.clone(), sheet.clone());
        written.push(Some(Composed { tongue, sheet, values, choices, dialogue }.into()));
    }
    Ok(written)
}

fn listed(envelopes: &[Envelope]) -> Result<String> {
    let subjects: Vec<i64> = envelopes.iter().map(|envelope| envelope.subject).collect();
    serde_json::to_string(&subjects).map_err(Error::broken)
}

/// A trial for a colleague: no word to anybody, so it has no thread.
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
    let ready = Ready::load(tx, mailing).await?;
    let Some((text, own)) = ready.text(variant) else { return Ok(None) };
    let Some((tongue, sheet)) = text.choose(&[tongue]) else { return Ok(None) };
    let mut values = wording::values(tx, envelope.person, ready.mailing.unit, tongue).await?;
    let choices = wording::own_links(tx, envelope.person, own, &mut values).await?;
    let mut sheet = sheet.clone();
    sheet.subject = Words(tongue.primary().parse().unwrap_or(Lang::En)).trial_subject(sheet.subject);
    Ok(Some(Composed { tongue: tongue.clone(), sheet, values, choices, dialogue: None }.into()))
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
