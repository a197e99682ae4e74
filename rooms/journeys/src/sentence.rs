//! A step as a sentence, for the list, the why and the simulator: one wording for all of them.

use std::collections::BTreeMap;

use kring_core::{Lang, Result};
use kring_flow::{By, Day, Limit, StepId, Until, Wait, When, Window};
use kring_frame::{Tx, UnitId};
use kring_people::{roles, units};
use kring_talks::occasion;
use kring_web::{Choice, Tone};

use crate::{
    Words, journey, letter,
    plan::{Again, Condition, Deed, Handed, Mail, Plan, Start, Step, TaskKind, Trigger, What},
};

/// The names of whatever a plan refers to.
pub struct Names {
    pub lang: Lang,
    pub segments: Vec<Choice>,
    pub occasions: Vec<Choice>,
    pub units: Vec<(UnitId, String)>,
    pub roles: Vec<Choice>,
    pub journeys: Vec<Choice>,
}

/// A step in words.
pub struct Said {
    pub icon: &'static str,
    pub tone: Tone,
    pub title: String,
    pub note: String,
}

impl Names {
    pub async fn load(tx: &mut Tx, lang: Lang) -> Result<Self> {
        let house = tx.house().clone();
        let mut segments = Vec::new();
        if let Some(room) = house.rooms.segments {
            for (id, _) in (room.saved)(tx).await? {
                let name = (room.name)(tx, id).await?.unwrap_or_default();
                segments.push(Choice::new(id, name));
            }
        }
        segments.sort_by_key(|segment| segment.label.to_lowercase());
        let kinds = roles::kinds(tx).await?;
        Ok(Self {
            lang,
            segments,
            occasions: occasion::choices(tx, lang).await?,
            units: units::all(tx).await?.iter().map(|unit| (unit.id, unit.name(lang).to_owned())).collect(),
            roles: kinds
                .iter()
                .filter(|kind| !kind.derived && kind.party == "person")
                .map(|kind| Choice::new(&kind.key, kind.name(lang)))
                .collect(),
            journeys: journey::all(tx).await?.into_iter().map(|j| Choice::new(j.id, j.name)).collect(),
        })
    }

    pub fn segment(&self, id: i64) -> String {
        let known = self.segments.iter().find(|segment| segment.value == id.to_string());
        known.map_or_else(|| Words(self.lang).segment_gone(id), |segment| segment.label.clone())
    }

    pub fn occasion(&self, kind: &str, detail: Option<&str>) -> String {
        let key = match detail {
            Some(detail) => format!("{kind}={detail}"),
            None => kind.to_owned(),
        };
        let known = self.occasions.iter().find(|occasion| occasion.value == key);
        known.map_or(key, |occasion| occasion.label.clone())
    }

    pub fn unit(&self, id: UnitId) -> String {
        self.units.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone()).unwrap_or_default()
    }

    fn role(&self, kind: &str) -> String {
        let known = self.roles.iter().find(|role| role.value == kind);
        known.map_or_else(|| kind.to_owned(), |role| role.label.clone())
    }

    fn journey(&self, id: i64) -> String {
        let known = self.journeys.iter().find(|journey| journey.value == id.to_string());
        known.map_or_else(|| id.to_string(), |journey| journey.label.clone())
    }
}

/// The numbers by which people know the steps: in the order of the list, from 2, since the start is the first.
pub fn numbers(plan: &Plan) -> BTreeMap<StepId, usize> {
    plan.steps.all().into_iter().enumerate().map(|(n, step)| (step.id, n + 2)).collect()
}

pub fn start(names: &Names, start: &Start) -> Said {
    let w = Words(names.lang);
    let title = match &start.by {
        Trigger::Hand => w.start_hand().to_owned(),
        Trigger::Joins(segment) => w.start_joins(names.segment(*segment)),
        Trigger::Happens(o) => w.start_happens(names.occasion(&o.kind, o.detail.as_deref())),
    };
    let note = match start.again {
        Again::Never => w.again_never().to_owned(),
        Again::After(days) => w.again_after(i64::from(days)),
        Again::Always => w.again_always().to_owned(),
    };
    Said { icon: "flag", tone: Tone::Sun, title, note }
}

pub fn step(names: &Names, plan: &Plan, step: &Step) -> Said {
    let w = Words(names.lang);
    let said = |icon, tone, title: String, note: String| Said { icon, tone, title, note };
    match &step.what {
        What::Do(deed) | What::Ask { deed, .. } => deed_said(names, deed),
        What::Wait(wait) => said("clock", Tone::Plain, wait_said(names, plan, wait), String::new()),
        What::Branch { .. } => said("split", Tone::Petrol, w.step_branch().to_owned(), String::new()),
        What::Split { parts } => {
            let all: u32 = parts.iter().map(|part| part.share).sum();
            let shares: Vec<String> = parts
                .iter()
                .map(|part| {
                    format!("{} {} %", part.name, u64::from(part.share) * 100 / u64::from(all.max(1)))
                })
                .collect();
            said("dice", Tone::Plain, w.step_split().to_owned(), shares.join(" · "))
        }
        What::Repeat { times, until, .. } => {
            let note =
                until.as_ref().map(|when| w.until_that(when_said(names, plan, when))).unwrap_or_default();
            said("loop", Tone::Petrol, w.step_repeat(i64::from(*times)), note)
        }
        What::GoTo(to) => {
            let number = numbers(plan).get(to).copied().unwrap_or_default();
            said("right", Tone::Plain, w.step_goto(i64::try_from(number).unwrap_or_default()), String::new())
        }
        What::End(outcome) => said("check", Tone::Leaf, w.step_end(outcome), String::new()),
    }
}

fn deed_said(names: &Names, deed: &Deed) -> Said {
    let w = Words(names.lang);
    match deed {
        Deed::Mail(mail) => {
            let asks = letter::codes(mail).next().is_some();
            let languages: Vec<&str> = mail.text.sheets.keys().map(kring_core::Tongue::tag).collect();
            let title = subject(names.lang, mail);
            let title = if title.is_empty() { w.mail_untitled().to_owned() } else { w.mail_titled(title) };
            let note = if asks { w.mail_asks(languages.join(", ")) } else { languages.join(", ") };
            Said { icon: "mail", tone: Tone::Sky, title, note }
        }
        Deed::Task(Handed { kind, title, unit, within }) => {
            let hours = w.task_within(i64::from(*within));
            let note = match unit {
                Some(unit) => format!("{} · {hours}", names.unit(*unit)),
                None => hours,
            };
            let (icon, tone) =
                if *kind == TaskKind::Call { ("phone", Tone::Coral) } else { ("handover", Tone::Leaf) };
            let title = if title.is_empty() { w.task_untitled().to_owned() } else { title.clone() };
            Said { icon, tone, title, note }
        }
        Deed::Role { kind, give } => {
            let role = names.role(kind);
            let title = if *give { w.role_give(role) } else { w.role_end(role) };
            Said { icon: "people", tone: Tone::Plum, title, note: String::new() }
        }
        Deed::Begin(id) => {
            let title = w.other_begin(names.journey(*id));
            Said { icon: "route", tone: Tone::Petrol, title, note: String::new() }
        }
        Deed::Stop(id) => {
            let title = w.other_stop(names.journey(*id));
            Said { icon: "route", tone: Tone::Plain, title, note: String::new() }
        }
        Deed::Tell(code) => {
            Said { icon: "send", tone: Tone::Plain, title: w.tell(code), note: w.tell_note().to_owned() }
        }
    }
}

/// The subject of a mail for who looks in a language, with the names of its fields in their words.
pub fn subject(lang: Lang, mail: &Mail) -> String {
    mail.text.choose(&[lang.into()]).map(|(_, sheet)| fields_said(lang, &sheet.subject)).unwrap_or_default()
}

/// A text with `{first name}` for `{{ first_name }}`.
pub fn fields_said(lang: Lang, text: &str) -> String {
    let mut said = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((field, behind)) = after.split_once("}}") else { break };
        let key = format!("field-{}", field.trim().replace('_', "-"));
        said.push_str(before);
        said.push('{');
        said.push_str(Words(lang).find(&key).unwrap_or(field.trim()));
        said.push('}');
        rest = behind;
    }
    said.push_str(rest);
    said
}

pub fn wait_said(names: &Names, plan: &Plan, wait: &Wait<Condition>) -> String {
    let w = Words(names.lang);
    let untils: Vec<String> = wait.until.iter().map(|until| until_said(names, plan, until)).collect();
    let limit = wait.at_most.as_ref().map(|limit| limit_said(names.lang, limit));
    match (untils.is_empty(), limit) {
        (true, Some(limit)) => w.wait_for(limit),
        (true, None) => w.wait_nothing().to_owned(),
        (false, Some(limit)) => w.wait_until_most(untils.join(&format!(" {} ", w.or())), limit),
        (false, None) => w.wait_until(untils.join(&format!(" {} ", w.or()))),
    }
}

pub fn until_said(names: &Names, plan: &Plan, until: &Until<Condition>) -> String {
    let w = Words(names.lang);
    match until {
        Until::Happens { kind, detail } => names.occasion(kind, detail.as_deref()),
        Until::Holds(Condition::Segment(id)) => w.in_segment(names.segment(*id)),
        Until::Answered(step) => w.answer_to(asked(names.lang, plan, *step)),
    }
}

/// What a step asks, by its title.
fn asked(lang: Lang, plan: &Plan, step: StepId) -> String {
    match plan.step(step).map(|step| &step.what) {
        Some(What::Ask { deed: Deed::Mail(mail), .. }) => format!("“{}”", subject(lang, mail)),
        Some(What::Ask { deed: Deed::Task(handed), .. }) => format!("“{}”", handed.title),
        _ => format!("{step}"),
    }
}

pub fn limit_said(lang: Lang, limit: &Limit) -> String {
    let w = Words(lang);
    let n = i64::from(limit.after.n);
    let span = match limit.after.unit {
        kring_flow::Unit::Minutes => w.minutes(n),
        kring_flow::Unit::Hours => w.hours(n),
        kring_flow::Unit::Days => w.days(n),
        kring_flow::Unit::Weeks => w.weeks(n),
        kring_flow::Unit::Months => w.months(n),
        kring_flow::Unit::Years => w.years(n),
    };
    match &limit.window {
        None => span,
        Some(window) if n == 0 => w.the_next(window_said(lang, window)),
        Some(window) => w.then_the_next(span, window_said(lang, window)),
    }
}

fn window_said(lang: Lang, window: &Window) -> String {
    let w = Words(lang);
    let day = match window.day {
        Day::Any => w.day_any().to_owned(),
        Day::Working => w.day_working().to_owned(),
        Day::Monday => w.day_monday().to_owned(),
        Day::Tuesday => w.day_tuesday().to_owned(),
        Day::Wednesday => w.day_wednesday().to_owned(),
        Day::Thursday => w.day_thursday().to_owned(),
        Day::Friday => w.day_friday().to_owned(),
        Day::Saturday => w.day_saturday().to_owned(),
        Day::Sunday => w.day_sunday().to_owned(),
        Day::Yearly { month, day } => {
            let date = jiff::civil::Date::new(2024, month, day).unwrap_or_default();
            kring_lang::dates::day_in_month(date, lang)
        }
    };
    let at = |time: jiff::civil::Time| format!("{:02}:{:02}", time.hour(), time.minute());
    w.window(day, at(window.from), at(window.to))
}

pub fn when_said(names: &Names, plan: &Plan, when: &When<Condition>) -> String {
    let w = Words(names.lang);
    match when {
        When::Holds(Condition::Segment(id)) => w.in_segment(names.segment(*id)),
        When::Not(inner) => w.not_that(when_said(names, plan, inner)),
        When::Answered { step, any_of } if any_of.is_empty() => w.answered_to(asked(names.lang, plan, *step)),
        When::Answered { step, any_of } => {
            let labels: Vec<String> =
                any_of.iter().map(|code| answer_label(names.lang, plan, *step, code)).collect();
            w.answered_that(labels.join(", "), asked(names.lang, plan, *step))
        }
        When::Ended { wait, by } => match (plan.step(*wait).map(|step| &step.what), by) {
            (Some(What::Wait(wait)), By::Time) => match &wait.at_most {
                Some(limit) => w.nothing_in(limit_said(names.lang, limit)),
                None => w.nothing().to_owned(),
            },
            (Some(What::Wait(wait)), By::Until(n)) => match wait.until.get(usize::from(*n)) {
                Some(until) => until_said(names, plan, until),
                None => w.nothing().to_owned(),
            },
            _ => w.nothing().to_owned(),
        },
    }
}

/// An answer as people see it: the label in the first language of the mail, or the word for how a task ended.
pub fn answer_label(lang: Lang, plan: &Plan, step: StepId, code: &str) -> String {
    let Some(What::Ask { deed, .. }) = plan.step(step).map(|step| &step.what) else { return code.to_owned() };
    match deed {
        Deed::Mail(mail) => {
            let sheet = mail.text.choose(&[lang.into()]).map(|(_, sheet)| sheet);
            let options =
                sheet.into_iter().flat_map(|sheet| &sheet.blocks).find_map(|block| match &block.what {
                    kring_blocks::What::Choices { options, .. } => Some(options),
                    _ => None,
                });
            let known = options.into_iter().flatten().find(|option| option.code == code);
            known.map_or_else(|| code.to_owned(), |option| option.label.clone())
        }
        _ => Words(lang).find(&format!("end-{}", code.replace('_', "-"))).unwrap_or(code).to_owned(),
    }
}
