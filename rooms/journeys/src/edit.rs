//! Changes of a draft: a new step of a kind, and what belongs to a plan before it is first shown.

use kring_blocks::{Document, Sheet, What as Part};
use kring_core::{Result, Tongue};
use kring_flow::{Limit, Part as Share, StepId, Unit, Wait};
use kring_frame::{Tx, UnitId};
use kring_talks::topic;

use crate::{
    plan::{Deed, Handed, IfFull, Mail, Plan, Step, TaskKind, What},
    task,
};

/// A step of a kind as it begins: whole enough to be shown, with what must be said still open. `None` for a kind that there is
/// not.
pub fn new_step(kind: &str, id: StepId, lang: Tongue) -> Option<Step> {
    let task = |kind| What::Ask {
        deed: Deed::Task(Handed { kind, title: String::new(), unit: None, within: 8 }),
        answers: task::answers(),
    };
    Some(Step::new(
        id,
        match kind {
            "mail" => {
                let text = Part::Text { text: "{{ salutation }},\n\n".to_owned() };
                let sheet = Sheet {
                    blocks: vec![kring_blocks::Block { what: text, only_if: None }],
                    ..Sheet::default()
                };
                What::Do(Deed::Mail(Mail { text: Document::new(lang, sheet), if_full: IfFull::Skip }))
            }
            "wait" => What::Wait(Wait { until: vec![], at_most: Some(Limit::after(3, Unit::Days)) }),
            "branch" => What::Branch { ways: vec![], otherwise: vec![] },
            "task" => task(TaskKind::Task),
            "call" => task(TaskKind::Call),
            "split" => {
                let part = |name: &str, share| Share { name: name.to_owned(), share, steps: vec![] };
                What::Split { parts: vec![part("A", 1), part("B", 1)] }
            }
            "repeat" => What::Repeat { times: 3, until: None, steps: vec![] },
            "role" => What::Do(Deed::Role { kind: String::new(), give: true }),
            "begin" => What::Do(Deed::Begin(0)),
            "stop" => What::Do(Deed::Stop(0)),
            "tell" => What::Do(Deed::Tell(String::new())),
            "goto" => What::GoTo(0),
            "end" => What::End(String::new()),
            _ => return None,
        },
    ))
}

/// A step whose mail asks something waits for its answers; one that no longer does, does not.
pub fn asks(step: &mut Step) {
    let deed = match &step.what {
        What::Do(deed @ Deed::Mail(_)) | What::Ask { deed: deed @ Deed::Mail(_), .. } => deed.clone(),
        _ => return,
    };
    let Deed::Mail(mail) = &deed else { return };
    let answers: Vec<String> = crate::letter::codes(mail).map(ToOwned::to_owned).collect();
    step.what = if answers.is_empty() { What::Do(deed) } else { What::Ask { deed, answers } };
}

/// A recipe in a house: with the topic of whoever takes it, so that its dialogues have a thread.
pub async fn settled(tx: &mut Tx, plan: Plan, unit: UnitId) -> Result<Plan> {
    let topics = topic::active(tx).await?;
    let own = topics.iter().find(|topic| topic.unit == unit).or(topics.first());
    Ok(Plan { topic: plan.topic.or(own.map(|topic| topic.id)), ..plan })
}
