//! The letter of a deed: in the language of who gets it, with what its purpose may know of them, and links made for it alone.

use kring_blocks::{Allowed, Kind, Values, What as Block};
use kring_core::{Id, Lang, Result, Token, Tongue};
use kring_flow::What;
use kring_frame::{Composed, Content, Envelope, PersonId, Still, Tx, UnitId, params, sql};
use kring_lang::dates;
use kring_people::{person, roles, units};
use kring_talks::{NewDialogue, thread, topic};

use crate::{
    journey::{self, JourneyState, Ready},
    plan::{Deed, Mail, Plan},
    run::{self, Run, RunState},
};

/// The kind of our messages; its subject is the deed.
pub const KIND: &str = "journeys.mail";

/// What a text may use. Nothing here is more than who somebody is and what they are to us: the purposes that journeys serve
/// need no more, and what coaches or the desk know never comes into a mail by a template.
pub fn fields() -> Allowed {
    Allowed::default()
        .field("first_name", Kind::Text)
        .field("full_name", Kind::Text)
        .field("salutation", Kind::Text)
        .field("salutation_formal", Kind::Text)
        .field("institution", Kind::Text)
        .field("unit", Kind::Text)
        .field("programme", Kind::Text)
        .field("today", Kind::Text)
        .field("is_student", Kind::Flag)
        .field("is_alumnus", Kind::Flag)
}

/// Values of nobody, for looking at a mail before there is anybody to send it to.
pub fn sample(institution: &str) -> Values {
    Values::new()
        .with("first_name", "Sam")
        .with("full_name", "Sam de Jong")
        .with("salutation", "Sam")
        .with("salutation_formal", "Sam de Jong")
        .with("institution", institution)
        .with("unit", institution)
        .with("programme", "Social Work")
        .with("today", "1-9-2027")
        .with("is_student", true)
        .with("is_alumnus", true)
}

/// The values of one person.
pub async fn values(tx: &mut Tx, to: PersonId, unit: UnitId, tongue: &Tongue) -> Result<Values> {
    let lang = tongue.primary().parse().unwrap_or(Lang::En);
    let person = person::load(tx, to).await?;
    let today = dates::date_of(tx.now(), &tx.house().settings.zone);
    let held = roles::of(tx, to).await?;
    let running: Vec<_> = held.iter().filter(|role| role.holds(today)).collect();
    let is = |kind: &str| running.iter().any(|role| role.kind == kind);
    let all = units::all(tx).await?;
    let unit = all.iter().find(|known| known.id == unit).map(|unit| unit.name(lang)).unwrap_or_default();
    let name = person.name();
    let programme = running.iter().map(|role| role.detail.as_str()).find(|detail| !detail.is_empty());
    Ok(Values::new()
        .with("first_name", name.preferred_name.clone())
        .with("full_name", person.display_name.clone())
        .with("salutation", name.salutation(lang, false))
        .with("salutation_formal", name.salutation(lang, true))
        .with("institution", tx.house().settings.institution.clone())
        .with("unit", unit.to_owned())
        .with("programme", programme.unwrap_or_default().to_owned())
        .with("today", dates::long_date(today, lang))
        .with("is_student", is("enrolled_student"))
        .with("is_alumnus", is("alumnus")))
}

/// The languages somebody reads, best first.
pub async fn reads(tx: &mut Tx, person: PersonId) -> Result<Vec<Tongue>> {
    Ok(person::load(tx, person).await?.reads())
}

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

/// Whether it may still go.
pub async fn still(tx: &mut Tx, envelope: Envelope) -> Result<Still> {
    let found: Option<(JourneyState, RunState)> = tx
        .maybe(
            sql!(
                "select j.state, r.state from journey_deeds d join journey_runs r on r.id = d.run_id
                 join journeys j on j.id = r.journey_id where d.id = $1"
            ),
            params![envelope.subject],
        )
        .await?;
    Ok(match found {
        None | Some((_, RunState::Stopped)) => Still::Never,
        Some((JourneyState::Paused, _)) => Still::Later,
        Some(_) => Still::Go,
    })
}

/// Writes the letter. The thread of its topic is opened with the first word of it, and not for those who never get one.
pub async fn write(tx: &mut Tx, envelope: Envelope) -> Result<Option<Content>> {
    let (run, ready, step) = behind(tx, envelope.subject).await?;
    let Some(mail) = of(&ready.plan, step) else { return Ok(None) };
    let wanted = reads(tx, run.person).await?;
    let Some((tongue, sheet)) = mail.text.choose(&wanted) else { return Ok(None) };
    let values = values(tx, run.person, ready.unit, tongue).await?;
    let codes: Vec<&str> = codes(mail).collect();
    let mut choices = Vec::new();
    if !codes.is_empty() {
        let token = Token::new(&tx.house().chance);
        tx.run(
            sql!("update journey_deeds set token_hash = $2 where id = $1"),
            params![envelope.subject, token.hash()],
        )
        .await?;
        let site = &tx.house().settings.site;
        let page = format!("{site}/q/{}?lang={}", token.reveal(), tongue.primary());
        choices = codes.into_iter().map(|code| (code.to_owned(), format!("{page}&a={code}"))).collect();
    }
    tx.run(
        sql!("update journey_deeds set message_id = $2 where id = $1"),
        params![envelope.subject, envelope.message],
    )
    .await?;
    let dialogue = thread_of(tx, &ready, &run, tongue).await?;
    let dialogue = dialogue.map(Id::get);
    let composed = Composed { tongue: tongue.clone(), sheet: sheet.clone(), values, choices, dialogue };
    Ok(Some(composed.into()))
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
