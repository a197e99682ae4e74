//! The editor: the list of steps, the settings of one of them beside it, and everything that is wrong in words above.

use askama::Template;
use axum::response::Response;
use kring_core::{Id, Result};
use kring_flow::StepId;
use kring_frame::{Permit, Purpose, Route, Tx, Visit, params, sql};
use kring_lang::{dates, numbers};
use kring_people::READ_PEOPLE;
use kring_talks::topic;
use kring_talks::writing::{Language, languages};
use kring_web::{Choice, Chrome, Form, Tone};

use crate::{
    EDIT, USE, Words,
    check::{self, Finding},
    journey::{self, Journey, JourneyState},
    letter,
    pages::{
        fields::{self, Choices},
        list,
        rows::{Shown, kinds},
    },
    plan::{Again, Deed, Plan, Trigger, What},
    sentence::{self, Names},
};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/journeys/{id}", &USE, show)]
}

#[derive(Template)]
#[template(path = "journey.html")]
pub struct EditPage {
    chrome: Chrome,
    w: Words,
    journey: Journey,
    state: String,
    tone: Tone,
    unit: String,
    running: String,
    /// Keeps it from being published.
    stops: Vec<String>,
    /// Worth knowing.
    advice: Vec<String>,
    start_title: String,
    start_note: String,
    rows: Vec<String>,
    may_edit: bool,
    /// Names are shown behind it.
    sees_people: bool,
    can_undo: bool,
    can_redo: bool,
    /// The draft is what runs.
    same: bool,
    /// Of the step that is chosen; 0 is the start.
    step: StepId,
    kind: &'static str,
    number: usize,
    title: String,
    form: Form,
    choices: Choices,
    purposes: Vec<Choice>,
    topics: Vec<Choice>,
    triggers: Vec<Choice>,
    agains: Vec<Choice>,
    if_fulls: Vec<Choice>,
    gives: Vec<Choice>,
    task_kinds: Vec<Choice>,
    /// Existing ways or parts, and one more.
    places: Vec<usize>,
    languages: Vec<Language>,
    preview: String,
    kinds: Vec<(&'static str, &'static str)>,
    changed: String,
}

async fn show(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Journey> = v.path("id")?;
    let step = v.query()?.get("step").parse().unwrap_or(0);
    let mut tx = v.house.read(&v.actor).await?;
    let journey = journey::one(&mut tx, id).await?;
    let plan = journey::draft(&mut tx, &journey).await?;
    let page = page(&v, &permit, &mut tx, journey, &plan, step, None).await?;
    v.html(&page)
}

/// The page for a plan, which need not be the draft: after a fault it is what was sent.
pub async fn page(
    v: &Visit,
    _permit: &Permit,
    tx: &mut Tx,
    journey: Journey,
    plan: &Plan,
    step: StepId,
    form: Option<Form>,
) -> Result<EditPage> {
    let w = Words(v.lang);
    let names = Names::load(tx, v.lang).await?;
    let findings = check::check(tx, &journey, plan).await?;
    let said = |stops: bool| -> Vec<String> {
        let of: Vec<&Finding> = findings.iter().filter(|finding| finding.stops == stops).collect();
        of.into_iter().map(|finding| check::said(&names, plan, finding)).collect()
    };
    let may_edit = v.actor.permit(&EDIT).is_ok_and(|permit| journey::may_change(tx, &permit, &journey));
    let waiting: Vec<(i64, i64)> = tx
        .all(
            sql!(
                "select step, count(*) from journey_runs
                 where journey_id = $1 and state = 'running' and step is not null group by step"
            ),
            params![journey.id],
        )
        .await?;
    let running: i64 = waiting.iter().map(|(_, n)| n).sum();
    let waiting: Vec<(StepId, String)> = waiting
        .into_iter()
        .filter_map(|(step, n)| Some((StepId::try_from(step).ok()?, w.waiting(numbers::int(n, v.lang)))))
        .collect();
    let shown = Shown {
        names: &names,
        plan,
        findings: &findings,
        waiting: &waiting,
        selected: Some(step).filter(|step| *step > 0),
        journey: journey.id.get(),
        draft: journey.draft,
        may_edit,
    };
    let rows = shown.list(&plan.steps.steps)?;
    let chosen = plan.step(step);
    let start = sentence::start(&names, &plan.start);
    let (title, kind) = match chosen {
        Some(step) => (sentence::step(&names, plan, step).title, kind_of(&step.what)),
        None => (start.title.clone(), "start"),
    };
    let languages = chosen
        .and_then(|step| letter::of(plan, step.id))
        .map(|mail| languages(&mail.text))
        .unwrap_or_default();
    let (can_undo, can_redo) = journey::can_undo(tx, &journey).await?;
    let same = journey.version > 0 && journey::version(tx, journey.id, journey.version).await? == *plan;
    let topics = topic::active(tx).await?;
    let numbers_of = sentence::numbers(plan);
    let first = languages.first().map(|language| language.tag.clone()).unwrap_or_default();
    Ok(EditPage {
        chrome: v.chrome(tx, &journey.name).await?,
        state: w.find(&format!("state-{}", journey.state)).unwrap_or_default().to_owned(),
        tone: list::tone(journey.state),
        unit: names.unit(journey.unit),
        running: numbers::int(running, v.lang),
        stops: said(true),
        advice: said(false),
        start_title: start.title,
        start_note: start.note,
        rows,
        may_edit,
        sees_people: v.actor.may(&READ_PEOPLE),
        can_undo,
        can_redo,
        same,
        step: chosen.map(|step| step.id).unwrap_or_default(),
        kind,
        number: chosen.and_then(|step| numbers_of.get(&step.id).copied()).unwrap_or(1),
        title,
        form: form.unwrap_or_else(|| chosen.map_or_else(|| start_form(plan), fields::form_of)),
        choices: Choices::of(&names, plan, journey.id.get()),
        purposes: [
            Purpose::Orientation,
            Purpose::Service,
            Purpose::Relation,
            Purpose::Research,
            Purpose::Alumni,
            Purpose::Marketing,
            Purpose::Coaching,
        ]
        .iter()
        .map(|purpose| {
            let name = kring_people::Words(v.lang).find(&format!("purpose-{purpose}")).unwrap_or_default();
            Choice::new(*purpose, name)
        })
        .collect(),
        topics: topics.iter().map(|topic| Choice::new(topic.id, topic.name(v.lang))).collect(),
        triggers: triggers(w, &names),
        agains: vec![
            Choice::new("never", w.again_never()),
            Choice::new("after", w.again_after_days()),
            Choice::new("always", w.again_always()),
        ],
        if_fulls: vec![Choice::new("skip", w.if_full_skip()), Choice::new("postpone", w.if_full_postpone())],
        gives: vec![Choice::new("give", w.give()), Choice::new("end", w.end())],
        task_kinds: vec![Choice::new("task", w.add_task()), Choice::new("call", w.add_call())],
        places: (0..=places(chosen.map(|step| &step.what))).collect(),
        preview: if first.is_empty() {
            String::new()
        } else {
            format!("/journeys/{}/steps/{step}/preview?tongue={first}", journey.id)
        },
        languages,
        kinds: kinds(w),
        changed: dates::last(journey.changed_at, tx.now(), &v.house.settings.zone, v.lang),
        w,
        journey,
    })
}

fn places(what: Option<&What>) -> usize {
    match what {
        Some(What::Branch { ways, .. }) => ways.len(),
        Some(What::Split { parts }) => parts.len(),
        _ => 0,
    }
}

fn kind_of(what: &What) -> &'static str {
    match what {
        What::Do(deed) | What::Ask { deed, .. } => match deed {
            Deed::Mail(_) => "mail",
            Deed::Task(_) => "task",
            Deed::Role { .. } => "role",
            Deed::Begin(_) | Deed::Stop(_) => "journey",
            Deed::Tell(_) => "tell",
        },
        What::Wait(_) => "wait",
        What::Branch { .. } => "branch",
        What::Split { .. } => "split",
        What::Repeat { .. } => "repeat",
        What::GoTo(_) => "goto",
        What::End(_) => "end",
    }
}

fn triggers(w: Words, names: &Names) -> Vec<Choice> {
    let segments =
        names.segments.iter().map(|s| Choice::new(format!("s:{}", s.value), w.start_joins(s.label.as_str())));
    let occasions = names
        .occasions
        .iter()
        .map(|o| Choice::new(format!("o:{}", o.value), w.start_happens(o.label.as_str())));
    [Choice::new("hand", w.start_hand())].into_iter().chain(segments).chain(occasions).collect()
}

fn start_form(plan: &Plan) -> Form {
    let by = match &plan.start.by {
        Trigger::Hand => "hand".to_owned(),
        Trigger::Joins(segment) => format!("s:{segment}"),
        Trigger::Happens(o) => match &o.detail {
            Some(detail) => format!("o:{}={detail}", o.kind),
            None => format!("o:{}", o.kind),
        },
    };
    let (again, days) = match plan.start.again {
        Again::Never => ("never", String::new()),
        Again::After(days) => ("after", days.to_string()),
        Again::Always => ("always", String::new()),
    };
    Form::of([
        ("by", by),
        ("again", again.to_owned()),
        ("days", days),
        ("purpose", plan.purpose.to_string()),
        ("topic", plan.topic.map(|topic| topic.to_string()).unwrap_or_default()),
        ("yields", if plan.yields { "on".to_owned() } else { String::new() }),
    ])
}
