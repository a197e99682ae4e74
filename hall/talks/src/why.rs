//! Why did somebody get this message, or not? What it was for, of what it is a part, what the law and patience say, and what
//! became of it, in sentences.

use askama::Template;
use axum::response::Response;
use kring_consent::{Approach, Channel, MessageClass, cap, facts_of, may, spent};
use kring_core::{Error, Result, Timestamp};
use kring_frame::{Envelope, Mark, Permit, PersonId, Purpose, Route, UnitId, Visit, params, record, sql};
use kring_lang::dates;
use kring_people::person;
use kring_web::Chrome;

use crate::{MessageState, READ_MESSAGES, Words, lines::reason_in_words};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/messages/{id}/why", &READ_MESSAGES, show)]
}

record! {
    struct Looked {
        person: PersonId,
        unit: Option<UnitId>,
        kind: String,
        subject_id: i64,
        purpose: Purpose,
        channel: Channel,
        class: MessageClass,
        approach: Option<Approach>,
        state: MessageState,
        reason: Option<String>,
        subject: Option<String>,
        attempts: i64,
        created_at: Timestamp,
        due_at: Timestamp,
        handed_at: Option<Timestamp>,
    }
}

#[derive(Template)]
#[template(path = "why.html")]
struct WhyPage {
    chrome: Chrome,
    w: Words,
    title: String,
    person: PersonId,
    name: String,
    part_of: Option<(String, String)>,
    planned: String,
    purpose: String,
    allowed: bool,
    law: Vec<String>,
    patience: String,
    became: Vec<String>,
}

async fn show(v: Visit, permit: Permit) -> Result<Response> {
    let id: i64 = v.path("id")?;
    let w = Words(v.lang);
    let mut tx = v.house.write(&v.actor).await?;
    let m: Looked = tx
        .one(
            sql!(
                "select person_id, unit_id, kind, subject_id, purpose, channel, class, approach, state, reason, subject, attempts,
                        created_at, due_at, handed_at
                 from messages where id = $1"
            ),
            params![id],
        )
        .await?;
    // Behind a wall nobody finds out that there is a message.
    let name = person::read(&mut tx, &permit, m.person).await?.display_name;
    tx.trail(Mark::read(&permit, "message").person(m.person).subject(id)).await?;
    let facts = facts_of(&mut tx, m.person, m.purpose, m.channel).await?;
    let verdict = may(&facts, m.purpose, m.channel, m.class);
    let patience = match m.approach {
        Some(approach) => {
            let cap = cap(&mut tx, approach, m.unit).await?;
            let used = spent(&mut tx, m.person, approach, cap.days).await?;
            w.why_patience(used, cap.days, cap.most)
        }
        None => w.why_no_patience().to_owned(),
    };
    let envelope = Envelope { message: id, person: m.person, subject: m.subject_id };
    let house = v.house.clone();
    let part_of = house.rooms.because(&mut tx, v.lang, &m.kind, envelope).await?;
    let kind = w.find(&format!("kind-{}", m.kind.replace('.', "-"))).unwrap_or(&m.kind).to_owned();
    let zone = &v.house.settings.zone;
    let purpose = kring_people::Words(v.lang).find(&format!("purpose-{}", m.purpose)).unwrap_or_default();
    let page = WhyPage {
        chrome: v.chrome(&mut tx, w.why_title()).await?,
        title: m.subject.clone().unwrap_or(kind),
        person: m.person,
        name,
        part_of,
        planned: w.why_planned(dates::moment(m.created_at, zone, v.lang)),
        purpose: w.why_purpose(purpose),
        allowed: verdict.allowed,
        law: verdict.reasons.iter().map(|reason| reason.in_lang(v.lang).to_owned()).collect(),
        patience,
        became: became(&v, &m)?,
        w,
    };
    tx.commit().await?;
    v.html(&page)
}

fn became(v: &Visit, m: &Looked) -> Result<Vec<String>> {
    let w = Words(v.lang);
    let zone = &v.house.settings.zone;
    let when = |at: Option<Timestamp>| at.map(|at| dates::moment(at, zone, v.lang)).unwrap_or_default();
    let mut says = vec![match m.state {
        MessageState::Planned => w.why_waits(when(Some(m.due_at))),
        MessageState::Claimed | MessageState::Data => w.why_under_way().to_owned(),
        MessageState::Sent => w.why_sent(when(m.handed_at)),
        MessageState::Doubtful => w.why_doubtful(when(m.handed_at)),
        MessageState::Cancelled => w.why_cancelled().to_owned(),
        MessageState::Refused => w.why_refused().to_owned(),
    }];
    says.extend(m.reason.as_deref().map(|reason| reason_in_words(v.lang, reason)));
    if m.attempts > 1 {
        says.push(w.why_attempts(m.attempts));
    }
    if says.iter().any(String::is_empty) {
        return Err(Error::broken("a state without words"));
    }
    Ok(says)
}
