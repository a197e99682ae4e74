//! What can be asked about people in a rule: that they answered, never what.

use kring_frame::{Event, Fact, Happens, Phrase, SurveyAnswered, happening, rules::Kind};

use crate::{READ_ANSWERS, Words};

pub const ANSWERED: Fact = Fact::new(
    "answered",
    Kind::Acts,
    &READ_ANSWERS,
    happening!("survey.answered"),
    Phrase {
        noun: |l| Words(l).fact_answered(),
        verb: |l| Words(l).fact_answered_is(),
        not: |l| Words(l).fact_answered_not(),
    },
)
.happens(&[Happens { kind: SurveyAnswered::KIND, detail: None }]);
