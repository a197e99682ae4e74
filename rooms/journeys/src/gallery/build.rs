//! What the recipes are written in.

use kring_blocks::{Answer, Block, Document, Sheet, What as Part};
use kring_core::{Lang, Tongue};
use kring_flow::{Day, Limit, Span, Unit, Until, Wait, Way, When, Window};
use kring_frame::{Event, Purpose};

use crate::plan::{
    Again, Condition, Deed, Handed, IfFull, Mail, Occasion, Plan, Start, Step, Steps, TaskKind, Trigger, What,
};

pub fn tongue(tag: &str) -> Tongue {
    tag.parse().unwrap_or_else(|()| Lang::Nl.into())
}

pub fn text(words: &str) -> Block {
    Block { what: Part::Text { text: words.to_owned() }, only_if: None }
}

pub fn choices(question: &str, options: &[(&str, &str)]) -> Block {
    let options =
        options.iter().map(|(code, label)| Answer { code: (*code).into(), label: (*label).into() }).collect();
    Block { what: Part::Choices { question: question.to_owned(), options }, only_if: None }
}

pub fn sheet(subject: &str, preview: &str, blocks: Vec<Block>) -> Sheet {
    Sheet { subject: subject.into(), preview: preview.into(), blocks, ..Sheet::default() }
}

pub fn mail(nl: Sheet, en: Sheet, more: Vec<(&str, Sheet)>) -> Mail {
    let mut text = Document::new(Lang::Nl.into(), nl);
    text.put(&Lang::En.into(), en);
    for (tag, sheet) in more {
        text.put(&tongue(tag), sheet);
    }
    Mail { text, if_full: IfFull::Postpone(7) }
}

pub fn send(id: u32, mail: Mail) -> Step {
    Step::new(id, What::Do(Deed::Mail(mail)))
}

pub fn ask(id: u32, mail: Mail, answers: &[&str]) -> Step {
    let answers = answers.iter().map(|code| (*code).to_owned()).collect();
    Step::new(id, What::Ask { deed: Deed::Mail(mail), answers })
}

pub fn hand(lang: Lang, id: u32, kind: TaskKind, (nl, en): (&str, &str), within: u32) -> Step {
    let title = if lang == Lang::Nl { nl } else { en };
    let deed = Deed::Task(Handed { kind, title: title.to_owned(), unit: None, within });
    Step::new(id, What::Ask { deed, answers: crate::task::answers() })
}

pub fn morning(n: u32, unit: Unit) -> Limit {
    let at = |hour| jiff::civil::Time::constant(hour, 0, 0, 0);
    Limit { after: Span::new(n, unit), window: Some(Window { day: Day::Working, from: at(9), to: at(12) }) }
}

pub fn wait(id: u32, n: u32, unit: Unit) -> Step {
    Step::new(id, What::Wait(Wait { until: vec![], at_most: Some(morning(n, unit)) }))
}

pub fn wait_for(id: u32, until: Vec<Until<Condition>>, n: u32, unit: Unit) -> Step {
    Step::new(id, What::Wait(Wait { until, at_most: Some(morning(n, unit)) }))
}

pub fn way(when: When<Condition>, steps: Vec<Step>) -> Way<Deed, Condition> {
    Way { when, steps }
}

pub fn said(step: u32, code: &str) -> When<Condition> {
    When::Answered { step, any_of: vec![code.to_owned()] }
}

pub fn branch(id: u32, ways: Vec<Way<Deed, Condition>>, otherwise: Vec<Step>) -> Step {
    Step::new(id, What::Branch { ways, otherwise })
}

pub fn end(id: u32, outcome: &str) -> Step {
    Step::new(id, What::End(outcome.to_owned()))
}

pub fn happens<E: Event>(detail: Option<&str>) -> Trigger {
    Trigger::Happens(Occasion { kind: E::KIND.to_owned(), detail: detail.map(ToOwned::to_owned) })
}

pub fn plan(by: Trigger, again: Again, purpose: Purpose, steps: Vec<Step>) -> Plan {
    Plan { start: Start { by, again }, purpose, topic: None, yields: true, steps: Steps { steps } }
}
