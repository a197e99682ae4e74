//! What can be asked about people in a rule: what they asked us.

use kring_core::Lang;
use kring_frame::{
    Alike, Code, Event, Fact, Fut, Happens, Phrase, QuestionAsked, Tx, happening, rules::Kind,
};

use crate::{READ_TOPICS, Words, topic};

/// Every question that reached us, by topic.
pub const ASKED: Fact = Fact::new(
    "asked",
    Kind::Acts,
    &READ_TOPICS,
    happening!("question.asked"),
    Phrase {
        noun: |l| Words(l).fact_asked(),
        verb: |l| Words(l).fact_asked_is(),
        not: |l| Words(l).fact_asked_not(),
    },
)
.codes(topics)
.alike(Alike::Codes)
.happens(&[Happens { kind: QuestionAsked::KIND, detail: Some("topic") }]);

fn topics(tx: &mut Tx, lang: Lang) -> Fut<'_, Vec<Code>> {
    Box::pin(async move {
        let all = topic::active(tx).await?;
        Ok(all.iter().map(|topic| Code::new(topic.id, topic.name(lang))).collect())
    })
}
