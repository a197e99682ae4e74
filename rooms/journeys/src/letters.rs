//! Letters of many deeds at once: a mailing by way of a journey reaches a hundred thousand people, and what is read for one of
//! them is read for all who go with the same batch.

use std::collections::{HashMap, hash_map::Entry};

use kring_core::{Error, Id, Result, Token};
use kring_db::two_faces;
use kring_frame::{Composed, Content, Envelope, PersonId, Still, Tx, params, record, sql};
use kring_people::{person, roles, units};
use kring_talks::{
    Dialogue,
    wording::{own_fields, own_links, values_of},
};

use crate::{
    journey::{self, Journey, JourneyState, Ready},
    letter::{codes, of, thread_of},
    run::{self, Run, RunState},
};

record! {
    struct Behind {
        deed: i64,
        run: Id<Run>,
        version: i64,
        step: i64,
        journey: Id<Journey>,
        person: PersonId,
        dialogue: Option<Id<Dialogue>>,
    }
}

/// Whether they may still go.
pub async fn stills(tx: &mut Tx, envelopes: &[Envelope]) -> Result<Vec<Still>> {
    let found: Vec<(i64, JourneyState, RunState)> = tx
        .all(
            two_faces!(
                sqlite: "select d.id, j.state, r.state from json_each($1) e cross join journey_deeds d
                     join journey_runs r on r.id = d.run_id join journeys j on j.id = r.journey_id where d.id = e.value",
                postgres: "select d.id, j.state, r.state from json_array_elements_text($1::text::json) e
                     join journey_deeds d on d.id = e::bigint join journey_runs r on r.id = d.run_id
                     join journeys j on j.id = r.journey_id",
            ),
            params![listed(envelopes)?],
        )
        .await?;
    let found: HashMap<i64, (JourneyState, RunState)> =
        found.into_iter().map(|(deed, journey, run)| (deed, (journey, run))).collect();
    let still = |envelope: &Envelope| match found.get(&envelope.subject) {
        None | Some((_, RunState::Stopped)) => Still::Never,
        Some((JourneyState::Paused, _)) => Still::Later,
        Some(_) => Still::Go,
    };
    Ok(envelopes.iter().map(still).collect())
}

/// Writes the letters. The thread of a topic is opened with the first word of it, and not for those who never get one.
pub async fn write(tx: &mut Tx, envelopes: &[Envelope]) -> Result<Vec<Option<Content>>> {
    let behind = behind(tx, envelopes).await?;
    let people: Vec<PersonId> = behind.values().map(|deed| deed.person).collect();
    let known = person::load_many(tx, &people).await?;
    let roles = roles::of_many(tx, &people).await?;
    let units = units::all(tx).await?;
    let mut journeys: HashMap<(Id<Journey>, i64), Ready> = HashMap::new();
    let mut own: HashMap<(Id<Journey>, i64, u32), Vec<String>> = HashMap::new();
    let (mut tokens, mut carried) = (Vec::new(), Vec::new());
    let mut written = Vec::with_capacity(envelopes.len());
    for envelope in envelopes {
        let deed = behind.get(&envelope.subject).ok_or(Error::NotFound)?;
        let ready = match journeys.entry((deed.journey, deed.version)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(journey::ready(tx, deed.journey, deed.version).await?),
        };
        let person = known.get(&deed.person).ok_or(Error::NotFound)?;
        let step = u32::try_from(deed.step).unwrap_or_default();
        let chosen = of(&ready.plan, step).and_then(|mail| Some((mail, mail.text.choose(&person.reads())?)));
        let Some((mail, (tongue, sheet))) = chosen else {
            written.push(None);
            continue;
        };
        let held = roles.get(&deed.person).map(Vec::as_slice).unwrap_or_default();
        let mut values = values_of(tx, person, held, &units, ready.unit, tongue);
        let own = own.entry((deed.journey, deed.version, step)).or_insert_with(|| own_fields(tx, &mail.text));
        let mut choices = own_links(tx, deed.person, own, &mut values).await?;
        let mut codes = codes(mail).peekable();
        if codes.peek().is_some() {
            let token = Token::new(&tx.house().chance);
            tokens.push(params![envelope.subject, token.hash()]);
            let site = &tx.house().settings.site;
            let page = format!("{site}/q/{}?lang={}", token.reveal(), tongue.primary());
            choices.extend(codes.map(|code| (code.to_owned(), format!("{page}&a={code}"))));
        }
        carried.push(params![envelope.subject, envelope.message]);
        let dialogue = match (deed.dialogue, ready.plan.topic) {
            (None, Some(_)) => {
                let run = run::one(tx, deed.run).await?;
                thread_of(tx, ready, &run, tongue).await?
            }
            (known, _) => known,
        };
        let (tongue, sheet, dialogue) = (tongue.clone(), sheet.clone(), dialogue.map(Id::get));
        written.push(Some(Composed { tongue, sheet, values, choices, dialogue }.into()));
    }
    tx.many(sql!("update journey_deeds set token_hash = $2 where id = $1"), tokens).await?;
    tx.many(sql!("update journey_deeds set message_id = $2 where id = $1"), carried).await?;
    Ok(written)
}

async fn behind(tx: &mut Tx, envelopes: &[Envelope]) -> Result<HashMap<i64, Behind>> {
    let found: Vec<Behind> = tx
        .all(
            two_faces!(
                sqlite: "select d.id, d.run_id, d.version, d.step, r.journey_id, r.person_id, r.dialogue_id
                     from json_each($1) e cross join journey_deeds d join journey_runs r on r.id = d.run_id where d.id = e.value",
                postgres: "select d.id, d.run_id, d.version, d.step, r.journey_id, r.person_id, r.dialogue_id
                     from json_array_elements_text($1::text::json) e join journey_deeds d on d.id = e::bigint
                     join journey_runs r on r.id = d.run_id",
            ),
            params![listed(envelopes)?],
        )
        .await?;
    Ok(found.into_iter().map(|behind| (behind.deed, behind)).collect())
}

fn listed(envelopes: &[Envelope]) -> Result<String> {
    let deeds: Vec<i64> = envelopes.iter().map(|envelope| envelope.subject).collect();
    serde_json::to_string(&deeds).map_err(Error::broken)
}
