//! A step as a form, and a form as a step.

use jiff::civil::Time;
use kring_core::Id;
use kring_flow::{Day, Late, Limit, Part, Span, StepId, Unit, Until, Wait, Way, Window};
use kring_frame::mark;
use kring_web::{Choice, Form};

use crate::{
    Words,
    pages::conditions::{conditions, read_when, write_when},
    plan::{Condition, Deed, Handed, IfFull, Plan, Step, TaskKind, What},
    say,
    sentence::{self, Names},
};

/// Ways, parts or things waited for in one step.
const MOST: usize = 12;

/// What may be chosen in the form of a step.
pub struct Choices {
    pub units: Vec<Choice>,
    pub roles: Vec<Choice>,
    pub journeys: Vec<Choice>,
    pub segments: Vec<Choice>,
    pub occasions: Vec<Choice>,
    /// Everything that a branch can ask, as codes of [`write_when`].
    pub conditions: Vec<Choice>,
    /// Questions whose answer can be waited for.
    pub asked: Vec<Choice>,
    pub steps: Vec<Choice>,
    pub time_units: Vec<Choice>,
    pub days: Vec<Choice>,
}

impl Choices {
    pub fn of(names: &Names, plan: &Plan, own: i64) -> Self {
        let w = Words(names.lang);
        let numbers = sentence::numbers(plan);
        let titled = |step: &Step| {
            let number = numbers.get(&step.id).copied().unwrap_or_default();
            format!("{number} {}", sentence::step(names, plan, step).title)
        };
        let asked: Vec<&Step> =
            plan.steps.all().into_iter().filter(|step| matches!(step.what, What::Ask { .. })).collect();
        Self {
            units: names.units.iter().map(|(id, name)| Choice::new(id, name)).collect(),
            roles: names.roles.clone(),
            journeys: names.journeys.iter().filter(|j| j.value != own.to_string()).cloned().collect(),
            segments: names.segments.clone(),
            occasions: names.occasions.clone(),
            conditions: conditions(names, plan),
            asked: asked.iter().map(|step| Choice::new(step.id, titled(step))).collect(),
            steps: plan.steps.all().into_iter().map(|step| Choice::new(step.id, titled(step))).collect(),
            time_units: Unit::ALL
                .iter()
                .map(|unit| {
                    Choice::new(unit.key(), w.find(&format!("unit-{}", unit.key())).unwrap_or_default())
                })
                .collect(),
            days: DAYS
                .iter()
                .map(|(key, _)| Choice::new(*key, w.find(&format!("day-{key}")).unwrap_or_default()))
                .chain([Choice::new("yearly", w.day_yearly())])
                .collect(),
        }
    }
}

const DAYS: [(&str, Day); 9] = [
    ("any", Day::Any),
    ("working", Day::Working),
    ("monday", Day::Monday),
    ("tuesday", Day::Tuesday),
    ("wednesday", Day::Wednesday),
    ("thursday", Day::Thursday),
    ("friday", Day::Friday),
    ("saturday", Day::Saturday),
    ("sunday", Day::Sunday),
];

/// A step, filled in.
pub fn form_of(step: &Step) -> Form {
    let mut values: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: String| values.push((name.to_owned(), value));
    if let Late::SkipAfter(hours) = step.late {
        put("late", hours.to_string());
    }
    match &step.what {
        What::Do(deed) | What::Ask { deed, .. } => match deed {
            Deed::Mail(mail) => {
                put("if_full", if matches!(mail.if_full, IfFull::Skip) { "skip" } else { "postpone" }.into());
                if let IfFull::Postpone(days) = mail.if_full {
                    put("days", days.to_string());
                }
            }
            Deed::Task(handed) => {
                put("kind", handed.kind.to_string());
                put("title", handed.title.clone());
                put("unit", handed.unit.map(|unit| unit.to_string()).unwrap_or_default());
                put("within", handed.within.to_string());
            }
            Deed::Role { kind, give } => {
                put("role", kind.clone());
                put("give", if *give { "give" } else { "end" }.into());
            }
            Deed::Begin(id) | Deed::Stop(id) => put("journey", id.to_string()),
            Deed::Tell(code) => put("code", code.clone()),
        },
        What::Wait(wait) => {
            for until in &wait.until {
                match until {
                    Until::Answered(step) => put("answered", step.to_string()),
                    Until::Happens { kind, detail } => put(
                        "happens",
                        detail.as_ref().map_or_else(|| kind.clone(), |detail| format!("{kind}={detail}")),
                    ),
                    Until::Holds(Condition::Segment(id)) => put("segment", id.to_string()),
                }
            }
            if let Some(limit) = &wait.at_most {
                put("n", limit.after.n.to_string());
                put("unit", limit.after.unit.key().to_owned());
                if let Some(window) = &limit.window {
                    let at = |time: Time| format!("{:02}:{:02}", time.hour(), time.minute());
                    put("from", at(window.from));
                    put("to", at(window.to));
                    match window.day {
                        Day::Yearly { month, day } => {
                            put("day", "yearly".into());
                            put("date", format!("{day}-{month}"));
                        }
                        ref other => {
                            let key = DAYS.iter().find(|(_, day)| day == other).map_or("any", |(key, _)| key);
                            put("day", key.to_owned());
                        }
                    }
                }
            }
        }
        What::Branch { ways, .. } => {
            for (n, way) in ways.iter().enumerate() {
                put(&format!("way-{n}"), write_when(&way.when));
            }
        }
        What::Split { parts } => {
            for (n, part) in parts.iter().enumerate() {
                put(&format!("part-{n}"), part.name.clone());
                put(&format!("share-{n}"), part.share.to_string());
            }
        }
        What::Repeat { times, until, .. } => {
            put("times", times.to_string());
            put("until", until.as_ref().map(write_when).unwrap_or_default());
        }
        What::GoTo(to) => put("to", to.to_string()),
        What::End(outcome) => put("outcome", outcome.clone()),
    }
    Form::of(values)
}

/// Reads the form of a step into it; what lies in the step stays. Faults stand in the form.
pub fn read(form: &mut Form, step: &mut Step) {
    step.late = match form.int("late", 1..=8_760) {
        Some(hours) => Late::SkipAfter(u32::try_from(hours).unwrap_or(u32::MAX)),
        None => Late::Do,
    };
    match &mut step.what {
        What::Do(deed) | What::Ask { deed, .. } => read_deed(form, deed),
        What::Wait(wait) => *wait = read_wait(form),
        What::Branch { ways, .. } => read_ways(form, ways),
        What::Split { parts } => read_parts(form, parts),
        What::Repeat { times, until, .. } => {
            form.required("times");
            *times = form.int("times", 1..=1_000).and_then(|n| u32::try_from(n).ok()).unwrap_or(*times);
            let chosen = form.get("until").to_owned();
            *until = if chosen.is_empty() { None } else { read_when(&chosen) };
        }
        What::GoTo(to) => {
            form.required("to");
            *to = form.get("to").parse().unwrap_or(*to);
        }
        What::End(outcome) => *outcome = form.required_line("outcome", 60),
    }
}

fn read_deed(form: &mut Form, deed: &mut Deed) {
    match deed {
        Deed::Mail(mail) => {
            mail.if_full = if form.get("if_full") == "postpone" {
                form.required("days");
                IfFull::Postpone(form.int("days", 1..=60).and_then(|n| u32::try_from(n).ok()).unwrap_or(7))
            } else {
                IfFull::Skip
            };
        }
        Deed::Task(handed) => {
            form.required("within");
            *handed = Handed {
                kind: form
                    .choice("kind", &[("task", TaskKind::Task), ("call", TaskKind::Call)])
                    .unwrap_or(handed.kind),
                title: form.required_line("title", 120),
                unit: form.id::<mark::Unit>("unit"),
                within: form.int("within", 1..=400).and_then(|n| u32::try_from(n).ok()).unwrap_or(8),
            };
        }
        Deed::Role { kind, give } => {
            *kind = form.required_line("role", 60);
            *give = form.get("give") != "end";
        }
        Deed::Begin(id) | Deed::Stop(id) => {
            form.required("journey");
            *id = form.id::<crate::journey::Journey>("journey").map_or(*id, Id::get);
        }
        Deed::Tell(code) => {
            *code = form.required_line("code", 40);
            if !code.is_empty() && !kring_blocks::is_code(code) {
                form.fault("code", say::code_odd());
            }
        }
    }
}

fn read_wait(form: &mut Form) -> Wait<Condition> {
    let mut until: Vec<Until<Condition>> = Vec::new();
    until.extend(
        form.all("answered").iter().filter_map(|step| Some(Until::Answered(step.parse::<StepId>().ok()?))),
    );
    until.extend(form.all("happens").iter().filter(|kind| !kind.is_empty()).map(|chosen| {
        let (kind, detail) = match chosen.split_once('=') {
            Some((kind, detail)) => (kind, Some(detail.to_owned())),
            None => (*chosen, None),
        };
        Until::Happens { kind: kind.to_owned(), detail }
    }));
    until.extend(
        form.all("segment").iter().filter_map(|id| Some(Until::Holds(Condition::Segment(id.parse().ok()?)))),
    );
    until.truncate(MOST);
    form.required("n");
    let unit = Unit::ALL.into_iter().find(|unit| unit.key() == form.get("unit")).unwrap_or(Unit::Days);
    let n = form.int("n", 0..=i64::from(Span::most(unit))).and_then(|n| u32::try_from(n).ok()).unwrap_or(1);
    let window = read_window(form);
    Wait { until, at_most: Some(Limit { after: Span::new(n, unit), window }) }
}

/// Without a day chosen there is no window.
fn read_window(form: &mut Form) -> Option<Window> {
    let day = match form.get("day") {
        "" => return None,
        "yearly" => {
            let typed = form.get("date").to_owned();
            match read_date(&typed) {
                Some((month, day)) => Day::Yearly { month, day },
                None => {
                    form.fault("date", say::date_odd());
                    return None;
                }
            }
        }
        key => DAYS.iter().find(|(known, _)| *known == key).map(|(_, day)| day.clone())?,
    };
    let mut time = |name: &str, otherwise: i8| match form.get(name).trim() {
        "" => Time::constant(otherwise, 0, 0, 0),
        typed => typed.parse().unwrap_or_else(|_| {
            form.fault(name, say::time_odd());
            Time::constant(otherwise, 0, 0, 0)
        }),
    };
    Some(Window { day, from: time("from", 9), to: time("to", 17) })
}

/// `1-10` and `1 10` are the first of October.
fn read_date(typed: &str) -> Option<(i8, i8)> {
    let mut parts = typed.split(['-', '/', '.', ' ']).filter(|part| !part.is_empty());
    let (day, month) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    // A leap year, so that 29 February can be meant.
    jiff::civil::Date::new(2024, month, day).ok().map(|_| (month, day))
}

/// The ways as chosen: an empty one goes with its steps, a new one comes at the end.
fn read_ways(form: &mut Form, ways: &mut Vec<Way<Deed, Condition>>) {
    let mut kept = Vec::new();
    for n in 0..MOST {
        let name = format!("way-{n}");
        let chosen = form.get(&name).to_owned();
        if chosen.is_empty() {
            continue;
        }
        let Some(when) = read_when(&chosen) else {
            form.fault(&name, say::condition_odd());
            continue;
        };
        let steps = ways.get_mut(n).map(|way| std::mem::take(&mut way.steps)).unwrap_or_default();
        kept.push(Way { when, steps });
    }
    if kept.is_empty() {
        form.fault("way-0", say::way_needed());
    }
    *ways = kept;
}

fn read_parts(form: &mut Form, parts: &mut Vec<Part<Deed, Condition>>) {
    let mut kept = Vec::new();
    for n in 0..MOST {
        let (name, share) = (format!("part-{n}"), format!("share-{n}"));
        let called = form.line(&name, 60);
        if called.is_empty() {
            continue;
        }
        form.required(&share);
        let share = form.int(&share, 0..=1_000).and_then(|n| u32::try_from(n).ok()).unwrap_or(1);
        let steps = parts.get_mut(n).map(|part| std::mem::take(&mut part.steps)).unwrap_or_default();
        kept.push(Part { name: called, share, steps });
    }
    if kept.is_empty() {
        form.fault("part-0", say::part_needed());
    }
    *parts = kept;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_goes_through_the_form_unchanged() {
        let wait = Wait {
            until: vec![
                Until::Answered(2),
                Until::Happens { kind: "role.given".into(), detail: Some("prospect".into()) },
                Until::Holds(Condition::Segment(4)),
            ],
            at_most: Some(Limit {
                after: Span::new(3, Unit::Weeks),
                window: Some(Window {
                    day: Day::Yearly { month: 10, day: 1 },
                    from: Time::constant(9, 30, 0, 0),
                    to: Time::constant(12, 0, 0, 0),
                }),
            }),
        };
        let mut step = Step::new(1, What::Wait(wait.clone()));
        let mut form = form_of(&step);
        read(&mut form, &mut step);
        assert!(form.done().is_ok());
        assert_eq!(step.what, What::Wait(wait));
    }
}
