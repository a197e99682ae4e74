//! Why did somebody get this, or not? The whole chain of decisions in sentences: what began the journey, what each turn passed,
//! what was done and what became of it.

use kring_core::{Lang, Result, Timestamp};
use kring_flow::{By, StepId, Trace};
use kring_frame::{Envelope, PersonId, Tx, params, sql};
use kring_talks::reason_in_words;

use crate::{
    Words,
    deed::DeedState,
    journey::{self, JourneyState, Ready},
    letter,
    plan::{Again, Plan, Trigger, What},
    run::{self, Not, Run},
    sentence::{self, Names},
    trace,
};

/// One link of the chain.
pub struct Link {
    pub at: Timestamp,
    pub icon: &'static str,
    pub tone: kring_web::Tone,
    pub says: String,
    pub because: Vec<String>,
    /// A message, for its own page.
    pub message: Option<i64>,
}

/// Everything that became of a run, in its order.
pub async fn chain(tx: &mut Tx, lang: Lang, run: &Run) -> Result<Vec<Link>> {
    let names = Names::load(tx, lang).await?;
    let w = Words(lang);
    let mut links = Vec::new();
    let (cause,): (Option<i64>,) =
        tx.one(sql!("select cause from journey_runs where id = $1"), params![run.id]).await?;
    let because = match cause {
        Some(event) => event_said(tx, &names, event).await?,
        None => w.because_hand().to_owned(),
    };
    links.push(Link {
        at: run.began_at,
        icon: "flag",
        tone: kring_web::Tone::Sun,
        says: w.why_began(run.version),
        because: vec![because],
        message: None,
    });
    turns(tx, &names, run, &mut links).await?;
    deeds(tx, &names, run, &mut links).await?;
    // Stable: what was passed stands before what was done because of it.
    links.sort_by_key(|link| link.at);
    Ok(links)
}

async fn turns(tx: &mut Tx, names: &Names, run: &Run, links: &mut Vec<Link>) -> Result<()> {
    let turns: Vec<(i64, Timestamp, String, Option<i64>)> = tx
        .all(
            sql!("select version, at, trace, cause from journey_turns where run_id = $1 order by no"),
            params![run.id],
        )
        .await?;
    for (version, at, text, cause) in turns {
        let plan = journey::version(tx, run.journey, version).await?;
        for passed in trace::read(&text)? {
            let (icon, says) = passed_said(names, &plan, &passed);
            let mut because = Vec::new();
            if let (Trace::Waited { by: By::Until(_), .. }, Some(event)) = (&passed, cause) {
                because.push(event_said(tx, names, event).await?);
            }
            links.push(Link { at, icon, tone: kring_web::Tone::Plain, says, because, message: None });
        }
    }
    Ok(())
}

async fn deeds(tx: &mut Tx, names: &Names, run: &Run, links: &mut Vec<Link>) -> Result<()> {
    let w = Words(names.lang);
    let deeds: Vec<(i64, i64, Timestamp, DeedState, Option<String>, Option<i64>, Option<String>)> = tx
        .all(
            sql!(
                "select version, step, at, state, reason, message_id, answer from journey_deeds where run_id = $1 order by id"
            ),
            params![run.id],
        )
        .await?;
    for (version, step, at, state, reason, message, answer) in deeds {
        let plan = journey::version(tx, run.journey, version).await?;
        let id = StepId::try_from(step).unwrap_or_default();
        let Some(step) = plan.step(id) else { continue };
        let said = sentence::step(names, &plan, step);
        let mut because = Vec::new();
        let mut tone = said.tone;
        match state {
            DeedState::Late => because.push(w.because_late().to_owned()),
            DeedState::Refused | DeedState::Postponed => {
                tone = kring_web::Tone::Coral;
                because.push(reason_in_words(names.lang, reason.as_deref().unwrap_or("refused")));
                if state == DeedState::Postponed {
                    because.push(w.because_postponed().to_owned());
                }
            }
            DeedState::Done => {}
        }
        if let Some(message) = message {
            because.extend(message_said(tx, names.lang, message).await?);
        }
        if let Some(answer) = answer {
            because.push(w.why_answered(sentence::answer_label(names.lang, &plan, id, &answer)));
        }
        let message = message.filter(|_| tx.actor().may(&kring_talks::READ_MESSAGES));
        links.push(Link { at, icon: said.icon, tone, says: said.title, because, message });
    }
    Ok(())
}

async fn message_said(tx: &mut Tx, lang: Lang, message: i64) -> Result<Option<String>> {
    let found: Option<(String, Option<String>, Option<Timestamp>)> = tx
        .maybe(sql!("select state, reason, handed_at from messages where id = $1"), params![message])
        .await?;
    let zone = tx.house().settings.zone.clone();
    let w = Words(lang);
    Ok(found.map(|(state, reason, handed)| {
        let when = handed.map(|at| kring_lang::dates::moment(at, &zone, lang)).unwrap_or_default();
        match state.as_str() {
            "sent" => w.message_sent(when),
            "doubtful" => w.message_doubtful(when),
            "refused" => reason_in_words(lang, reason.as_deref().unwrap_or("refused")),
            "cancelled" => w.message_cancelled().to_owned(),
            _ => w.message_waits().to_owned(),
        }
    }))
}

/// What was passed, with a picture for it.
pub fn passed_said(names: &Names, plan: &Plan, passed: &Trace) -> (&'static str, String) {
    let w = Words(names.lang);
    match passed {
        Trace::Waited { step, by } => {
            let wait = match plan.step(*step).map(|step| &step.what) {
                Some(What::Wait(wait)) => Some(wait),
                _ => None,
            };
            let says = match (wait, by) {
                (Some(wait), By::Time) => match &wait.at_most {
                    Some(limit) if wait.until.is_empty() => {
                        w.why_passed(sentence::limit_said(names.lang, limit))
                    }
                    Some(limit) => w.why_time(sentence::limit_said(names.lang, limit)),
                    None => w.why_waited().to_owned(),
                },
                (Some(wait), By::Until(n)) => match wait.until.get(usize::from(*n)) {
                    Some(until) => w.why_until(sentence::until_said(names, plan, until)),
                    None => w.why_waited().to_owned(),
                },
                (None, _) => w.why_waited().to_owned(),
            };
            ("clock", says)
        }
        Trace::Took { step, way } => {
            let when = match plan.step(*step).map(|step| &step.what) {
                Some(What::Branch { ways, .. }) => ways.get(*way).map(|way| &way.when),
                _ => None,
            };
            let said = when.map(|when| sentence::when_said(names, plan, when)).unwrap_or_default();
            ("split", w.why_way(said))
        }
        Trace::TookNone { .. } => ("split", w.why_no_way().to_owned()),
        Trace::Drew { step, part } => {
            let name = match plan.step(*step).map(|step| &step.what) {
                Some(What::Split { parts }) => parts.get(*part).map(|part| part.name.clone()),
                _ => None,
            };
            ("dice", w.why_drawn(name.unwrap_or_default()))
        }
        Trace::Round { round, .. } => ("loop", w.why_round(i64::from(*round))),
        Trace::Left { .. } => ("loop", w.why_left().to_owned()),
    }
}

/// What an event was, in words.
async fn event_said(tx: &mut Tx, names: &Names, event: i64) -> Result<String> {
    let w = Words(names.lang);
    let found: Option<(String, Option<i64>, String)> =
        tx.maybe(sql!("select kind, subject_id, payload from events where id = $1"), params![event]).await?;
    let Some((kind, subject, payload)) = found else { return Ok(w.because_gone().to_owned()) };
    if kind == "segment.joined" {
        return Ok(w.because_joined(names.segment(subject.unwrap_or_default())));
    }
    if kind == "journey.answered" {
        return Ok(w.because_answered().to_owned());
    }
    let detail = kring_talks::occasion::detail_of(&kind, &payload);
    Ok(w.because_happened(names.occasion(&kind, detail.as_deref())))
}

/// Why somebody is not on a journey, or would be now.
pub async fn not_on_it(tx: &mut Tx, lang: Lang, ready: &Ready, person: PersonId) -> Result<Vec<String>> {
    let w = Words(lang);
    let names = Names::load(tx, lang).await?;
    let mut says = Vec::new();
    match &ready.plan.start.by {
        Trigger::Hand => says.push(w.not_hand().to_owned()),
        Trigger::Joins(segment) => {
            let rule = crate::plan::Condition::Segment(*segment).rule();
            let may = tx.may_ask(&rule).await?;
            let fits = may && tx.fits(&rule, person).await?;
            let segment = names.segment(*segment);
            says.push(if !may {
                w.fault_segment_closed(segment)
            } else if fits {
                w.not_in_before(segment)
            } else {
                w.not_in_segment(segment)
            });
        }
        Trigger::Happens(o) => says.push(w.not_happened(names.occasion(&o.kind, o.detail.as_deref()))),
    }
    match run::may_begin(tx, ready, person).await? {
        Some(Not::AtRest) => says.push(match ready.state {
            JourneyState::Paused => w.not_paused().to_owned(),
            _ => w.not_live().to_owned(),
        }),
        Some(Not::OnIt) => says.push(w.not_on_it_already().to_owned()),
        Some(Not::Nobody) => says.push(w.not_nobody().to_owned()),
        Some(Not::Before) => says.push(match ready.plan.start.again {
            Again::After(days) => w.not_again_before(i64::from(days)),
            _ => w.not_again().to_owned(),
        }),
        None => {}
    }
    Ok(says)
}

/// Of what a message is a part: the step of its journey.
pub async fn part_of(tx: &mut Tx, lang: Lang, envelope: Envelope) -> Result<Option<(String, String)>> {
    let (run, ready, step) = letter::behind(tx, envelope.subject).await?;
    let journey = journey::one(tx, ready.journey).await?;
    let number = sentence::numbers(&ready.plan).get(&step).copied().unwrap_or_default();
    let says = Words(lang).part_of(journey.name, i64::try_from(number).unwrap_or_default());
    Ok(Some((says, format!("/journeys/runs/{}", run.id))))
}
