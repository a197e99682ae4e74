//! What a branch asks, as one list of sentences to choose from: answers, how waits ended, segments.

use kring_flow::{By, When};
use kring_web::Choice;

use crate::{
    plan::{Condition, Plan, What},
    sentence::{self, Names},
};

/// Everything that a plan can ask, in the order of its steps.
pub fn conditions(names: &Names, plan: &Plan) -> Vec<Choice> {
    let mut found = Vec::new();
    let mut add = |when: When<Condition>| {
        found.push(Choice::new(write_when(&when), sentence::when_said(names, plan, &when)));
    };
    for step in plan.steps.all() {
        match &step.what {
            What::Ask { answers, .. } => {
                for answer in answers {
                    add(When::Answered { step: step.id, any_of: vec![answer.clone()] });
                }
                add(When::Answered { step: step.id, any_of: vec![] });
            }
            What::Wait(wait) => {
                for n in 0..wait.until.len() {
                    add(When::Ended { wait: step.id, by: By::Until(u8::try_from(n).unwrap_or(u8::MAX)) });
                }
                if wait.at_most.is_some() && !wait.until.is_empty() {
                    add(When::Ended { wait: step.id, by: By::Time });
                }
            }
            _ => {}
        }
    }
    for segment in &names.segments {
        if let Ok(id) = segment.value.parse() {
            add(When::Holds(Condition::Segment(id)));
            add(When::Not(Box::new(When::Holds(Condition::Segment(id)))));
        }
    }
    found
}

/// What a way asks, as one value of a list: `a:2:yes`, `e:3:t`, `s:7`, with `!` for "not".
pub fn write_when(when: &When<Condition>) -> String {
    match when {
        When::Holds(Condition::Segment(id)) => format!("s:{id}"),
        When::Not(inner) => format!("!{}", write_when(inner)),
        When::Answered { step, any_of } if any_of.is_empty() => format!("a:{step}"),
        When::Answered { step, any_of } => format!("a:{step}:{}", any_of.join(",")),
        When::Ended { wait, by: By::Time } => format!("e:{wait}:t"),
        When::Ended { wait, by: By::Until(n) } => format!("e:{wait}:{n}"),
    }
}

pub fn read_when(text: &str) -> Option<When<Condition>> {
    if let Some(inner) = text.strip_prefix('!') {
        return Some(When::Not(Box::new(read_when(inner)?)));
    }
    let mut parts = text.splitn(3, ':');
    let (kind, id, rest) = (parts.next()?, parts.next()?, parts.next());
    Some(match kind {
        "s" => When::Holds(Condition::Segment(id.parse().ok()?)),
        "a" => {
            let any_of =
                rest.map(|rest| rest.split(',').map(ToOwned::to_owned).collect()).unwrap_or_default();
            When::Answered { step: id.parse().ok()?, any_of }
        }
        "e" => {
            let by = match rest? {
                "t" => By::Time,
                n => By::Until(n.parse().ok()?),
            };
            When::Ended { wait: id.parse().ok()?, by }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_way_asks_goes_through_the_form_unchanged() {
        for when in [
            When::Holds(Condition::Segment(7)),
            When::Not(Box::new(When::Holds(Condition::Segment(7)))),
            When::Answered { step: 2, any_of: vec![] },
            When::Answered { step: 2, any_of: vec!["yes".into(), "no".into()] },
            When::Ended { wait: 3, by: By::Time },
            When::Ended { wait: 3, by: By::Until(1) },
        ] {
            assert_eq!(read_when(&write_when(&when)), Some(when));
        }
        for odd in ["", "x", "s:", "s:x", "a:", "e:3", "e:3:x", "!"] {
            assert_eq!(read_when(odd), None, "{odd}");
        }
    }
}
