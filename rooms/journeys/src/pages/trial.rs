//! Trying a journey with a moving clock: for one person, and for ten thousand.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use kring_core::{Id, Lang, Result, Timestamp, Tongue};
use kring_flow::{By, Happening, Seen, StepId, Trace};
use kring_frame::{Permit, PersonId, Route, Visit, mark};
use kring_lang::{dates, numbers};
use kring_people::person;
use kring_web::{Choice, Chrome, Form, Tone};

use crate::{
    USE, Words,
    journey::{self, Journey},
    lines,
    plan::{Condition, Deed, Plan, What, two_years},
    say,
    sentence::{self, Names},
    simulate::{self, Assumed, Load, Shown, Somebody, Stand},
};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/journeys/{id}/try", &USE, one), Route::get("/journeys/{id}/many", &USE, many)]
}

struct Line {
    when: String,
    icon: &'static str,
    tone: Tone,
    title: String,
    note: String,
    refused: bool,
    preview: String,
}

struct Question {
    name: String,
    label: String,
    options: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "try.html")]
struct TryPage {
    chrome: Chrome,
    w: Words,
    journey: Journey,
    form: Form,
    languages: Vec<Choice>,
    questions: Vec<Question>,
    conditions: Vec<Choice>,
    played: Vec<Line>,
    who: String,
}

async fn one(v: Visit, _permit: Permit) -> Result<Response> {
    let id: Id<Journey> = v.path("id")?;
    let mut form = v.query()?;
    let w = Words(v.lang);
    let mut tx = v.house.write(&v.actor).await?;
    let journey = journey::one(&mut tx, id).await?;
    let plan = journey::draft(&mut tx, &journey).await?;
    let names = Names::load(&mut tx, v.lang).await?;
    let zone = v.house.settings.zone.clone();
    let now = tx.now();
    let asked = form.get("number").trim().to_owned();
    let known: Option<PersonId> = if asked.is_empty() { None } else { form.id::<mark::Person>("number") };
    let found = match known {
        Some(number) => {
            // Trying it for somebody is reading who they are.
            let permit = v.actor.permit(&kring_people::READ_PEOPLE)?;
            match person::read(&mut tx, &permit, number).await {
                Ok(found) => Some(found),
                Err(_) => {
                    form.fault("number", say::nobody_with_number());
                    None
                }
            }
        }
        None => None,
    };
    let cap = match kring_consent::Approach::of_mail(plan.purpose) {
        Some(approach) => Some(kring_consent::cap(&mut tx, approach, Some(journey.unit)).await?),
        None => None,
    };
    let (mut who, mut stand) = match &found {
        Some(found) => simulate::person(&mut tx, found.id, &plan, journey.unit).await?,
        None => (made_up(&v, &form), Stand::made_up(form.get("consent") != "no", cap)),
    };
    for step in plan.steps.all() {
        let given = form.get(&format!("q-{}", step.id));
        if !given.is_empty() {
            who.answers.insert(step.id, (given.to_owned(), 1));
        }
    }
    let until = two_years(dates::date_of(now, &zone)).to_zoned(zone.clone()).map_or(now, |z| z.timestamp());
    let laid = plan.laid();
    let seed = found.as_ref().map_or(1, |found| found.id.get().unsigned_abs());
    let played = simulate::play(&laid, &plan, &who, &mut stand, seed, (now, until), &zone);
    let teller =
        Teller { names: &names, plan: &plan, who: &who, journey: id, known: found.as_ref().map(|p| p.id) };
    let played = played
        .into_iter()
        .filter(|shown| teller.tells(shown))
        .map(|shown| teller.line(shown, now, &zone))
        .collect();
    let page = TryPage {
        chrome: v.chrome(&mut tx, w.try_title(&journey.name)).await?,
        languages: Tongue::common().map(|t| Choice::new(t.tag(), t.name_in_own_words())).collect(),
        questions: questions(&names, &plan),
        conditions: conditions(&names, &plan),
        who: found.map(|found| found.display_name).unwrap_or_default(),
        w,
        journey,
        form,
        played,
    };
    let faulty = page.form.done().is_err();
    tx.commit().await?;
    if faulty { v.html_again(&page) } else { v.html(&page) }
}

fn made_up(v: &Visit, form: &Form) -> Somebody {
    let tongue: Tongue = form.get("tongue").parse().unwrap_or_else(|()| v.lang.into());
    let holds =
        form.all("holds").iter().filter_map(|id| Some(Condition::Segment(id.parse().ok()?))).collect();
    Somebody { tongues: vec![tongue], holds, answers: BTreeMap::new() }
}

fn questions(names: &Names, plan: &Plan) -> Vec<Question> {
    let asked = plan.steps.all().into_iter().filter_map(|step| match &step.what {
        What::Ask { answers, .. } => Some((step, answers)),
        _ => None,
    });
    asked
        .map(|(step, answers)| Question {
            name: format!("q-{}", step.id),
            label: sentence::step(names, plan, step).title,
            options: answers
                .iter()
                .map(|code| Choice::new(code, sentence::answer_label(names.lang, plan, step.id, code)))
                .collect(),
        })
        .collect()
}

fn conditions(names: &Names, plan: &Plan) -> Vec<Choice> {
    let mut ids: Vec<i64> = plan.steps.conditions().into_iter().map(|Condition::Segment(id)| *id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().map(|id| Choice::new(id, names.segment(id))).collect()
}

/// Tells what a trial saw.
struct Teller<'a> {
    names: &'a Names,
    plan: &'a Plan,
    who: &'a Somebody,
    journey: Id<Journey>,
    known: Option<PersonId>,
}

impl Teller<'_> {
    /// That time went by is told by the moments themselves.
    fn tells(&self, shown: &Shown<'_>) -> bool {
        let Seen::Went(Trace::Waited { step, by: By::Time }) = &shown.event.is else { return true };
        !matches!(self.plan.step(*step).map(|step| &step.what), Some(What::Wait(wait)) if wait.until.is_empty())
    }

    fn line(&self, shown: Shown<'_>, from: Timestamp, zone: &jiff::tz::TimeZone) -> Line {
        let w = Words(self.names.lang);
        let day = shown.event.at.duration_since(from).as_hours() / 24;
        let mut line = Line {
            when: format!("{} · {}", dates::moment(shown.event.at, zone, self.names.lang), w.on_day(day + 1)),
            icon: "clock",
            tone: Tone::Plain,
            title: String::new(),
            note: String::new(),
            refused: false,
            preview: String::new(),
        };
        match shown.event.is {
            Seen::Did(act) => self.did(act.step, act.deed, act.too_late, &mut line),
            Seen::Went(trace) => self.went(&trace, &mut line),
            Seen::Heard(happening) => {
                line.icon = "smile";
                line.tone = Tone::Leaf;
                line.title = match happening {
                    Happening::Answers { step, answer } => {
                        w.why_answered(sentence::answer_label(self.names.lang, self.plan, step, &answer))
                    }
                    Happening::Happens { kind, detail } => {
                        w.because_happened(self.names.occasion(&kind, detail.as_deref()))
                    }
                    Happening::Becomes(Condition::Segment(id)) => w.because_joined(self.names.segment(id)),
                };
            }
            Seen::Waits { step, due } => {
                line.title = match self.plan.step(step).map(|step| &step.what) {
                    Some(What::Wait(wait)) => sentence::wait_said(self.names, self.plan, wait),
                    _ => String::new(),
                };
                line.note =
                    due.map(|at| w.until_at(dates::moment(at, zone, self.names.lang))).unwrap_or_default();
            }
            Seen::Ended(outcome) => {
                line.icon = "check";
                line.tone = Tone::Leaf;
                line.title = w.step_end(lines::outcome_said(self.names.lang, &outcome));
            }
            Seen::Stuck => {
                line.icon = "alert";
                line.tone = Tone::Coral;
                line.title = w.stuck().to_owned();
            }
        }
        match shown.fate {
            Some(Err(why)) => {
                line.refused = true;
                line.tone = Tone::Coral;
                line.note = w.not_sent(why.in_lang(self.names.lang));
                line.preview.clear();
            }
            Some(Ok(at)) if at > shown.event.at => {
                line.note = w.goes_at(dates::moment(at, zone, self.names.lang));
            }
            _ => {}
        }
        line
    }

    fn did(&self, id: StepId, deed: &Deed, too_late: bool, line: &mut Line) {
        let w = Words(self.names.lang);
        let Some(step) = self.plan.step(id) else { return };
        let said = sentence::step(self.names, self.plan, step);
        (line.icon, line.tone, line.title, line.note) = (said.icon, said.tone, said.title, said.note);
        if too_late {
            w.because_late().clone_into(&mut line.note);
        }
        if let Deed::Mail(mail) = deed
            && let Some((tongue, sheet)) = mail.text.choose(&self.who.tongues)
        {
            line.title = w.mail_titled(sentence::fields_said(self.names.lang, &sheet.subject));
            tongue.name_in_own_words().clone_into(&mut line.note);
            let seen_by = self.known.map(|id| format!("&as={id}")).unwrap_or_default();
            line.preview = format!("/journeys/{}/steps/{id}/preview?tongue={tongue}{seen_by}", self.journey);
        }
    }

    fn went(&self, trace: &Trace, line: &mut Line) {
        let (icon, title) = crate::why::passed_said(self.names, self.plan, trace);
        (line.icon, line.title) = (icon, title);
        if let Trace::Waited { by: By::Until(_), .. } = trace {
            line.tone = Tone::Leaf;
        }
    }
}

struct Bar {
    label: String,
    n: String,
    share: f64,
}

#[derive(Template)]
#[template(path = "many.html")]
struct ManyPage {
    chrome: Chrome,
    w: Words,
    journey: Journey,
    form: Form,
    asked: bool,
    people: String,
    sent: String,
    busiest: String,
    refused: Vec<(String, String)>,
    hours: String,
    work: String,
    under_way: String,
    months: Vec<Bar>,
    outcomes: Vec<(String, String)>,
}

async fn many(v: Visit, _permit: Permit) -> Result<Response> {
    let id: Id<Journey> = v.path("id")?;
    let mut form = v.query()?;
    let asked = form.names().any(|name| name == "answer");
    if !asked {
        let shipped = Assumed::default();
        form = Form::of(
            [
                ("answer", shipped.answer),
                ("over", shipped.over),
                ("task", shipped.task),
                ("call", shipped.call),
            ]
            .map(|(name, n)| (name, n.to_string())),
        );
    }
    let mut number = |name: &str, most: i64| {
        form.required(name);
        form.int(name, 0..=most).and_then(|n| u32::try_from(n).ok()).unwrap_or_default()
    };
    let assumed = Assumed {
        answer: number("answer", 100),
        over: number("over", 730),
        task: number("task", 480),
        call: number("call", 480),
    };
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let journey = journey::one(&mut tx, id).await?;
    let plan = journey::draft(&mut tx, &journey).await?;
    let faulty = form.done().is_err();
    let load = if asked && !faulty {
        simulate::many(&mut tx, &plan, journey.unit, assumed).await?
    } else {
        Load::default()
    };
    let page = ManyPage {
        chrome: v.chrome(&mut tx, w.many_title(&journey.name)).await?,
        w,
        form,
        asked: asked && !faulty,
        people: people(w, v.lang, &load),
        sent: numbers::int(count(load.sent), v.lang),
        busiest: load
            .busiest()
            .map(|(day, n)| w.busiest(dates::long_date(day, v.lang), numbers::int(count(n), v.lang)))
            .unwrap_or_default(),
        refused: load
            .refused
            .values()
            .map(|(why, n)| (why.in_lang(v.lang).to_owned(), numbers::int(count(*n), v.lang)))
            .collect(),
        hours: w.hours(count(load.minutes.div_ceil(60))),
        work: w.work(numbers::int(count(load.tasks), v.lang), numbers::int(count(load.calls), v.lang)),
        under_way: numbers::int(count(load.under_way), v.lang),
        months: bars(&load, v.lang),
        outcomes: load
            .outcomes
            .iter()
            .map(|(outcome, n)| (lines::outcome_said(v.lang, outcome), numbers::int(count(*n), v.lang)))
            .collect(),
        journey,
    };
    if faulty { v.html_again(&page) } else { v.html(&page) }
}

fn people(w: Words, lang: Lang, load: &Load) -> String {
    let n = numbers::int(count(load.people as u64), lang);
    if load.real { w.people_real(n) } else { w.people_made_up(n) }
}

fn count(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn bars(load: &Load, lang: Lang) -> Vec<Bar> {
    let months = load.months();
    let most = months.iter().map(|(_, n)| *n).max().unwrap_or(1).max(1);
    months
        .into_iter()
        .map(|(month, n)| Bar {
            label: format!("{} {}", dates::month(month, lang), month.year()),
            n: numbers::int(count(n), lang),
            share: n as f64 / most as f64,
        })
        .collect()
}
