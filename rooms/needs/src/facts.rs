//! What can be asked about people in a rule: what they want to know, now or in a time gone by.

use kring_core::Lang;
use kring_frame::{
    Alike, Code, Event, Fact, Fut, NeedClosed, NeedNoted, NeedOpened, NeedReopened, NeedSettled, Phrase,
    Tenses, Tx,
    rules::{Column, Kind, Place, Rows, Written},
};
use kring_talks::{READ_TOPICS, topic};

use crate::Words;

/// A need as a span, from the day on which it was opened to the last on which it was open to its end. Tags would say as
/// well who wants to know something now; a span also says who wanted to last month, and no longer does.
pub const WANTS: Fact = Fact::new(
    "wants",
    Kind::Spans,
    &READ_TOPICS,
    Place::Spans {
        rows: Rows { table: "needs", owner: "person_id", only: None },
        kind: Column::number("topic_id"),
        place: Column::number("unit_id"),
        from: "open_from",
        to: "open_to",
        written: Written::Iso,
    },
    Phrase {
        noun: |l| Words(l).fact_wants(),
        verb: |l| Words(l).fact_wants_is(),
        not: |l| Words(l).fact_wants_not(),
    },
)
.tenses(Tenses {
    any: |l| Words(l).fact_wants_any(),
    ever: |l| Words(l).fact_wants_ever(),
    never: |l| Words(l).fact_wants_never(),
    formerly: |l| Words(l).fact_wants_formerly(),
    not_formerly: |l| Words(l).fact_wants_not_formerly(),
    during: |l| Words(l).fact_wants_during(),
    not_during: |l| Words(l).fact_wants_not_during(),
})
.codes(topics)
.alike(Alike::Codes)
.moved_by(&[NeedOpened::KIND, NeedNoted::KIND, NeedClosed::KIND, NeedSettled::KIND, NeedReopened::KIND]);

fn topics(tx: &mut Tx, lang: Lang) -> Fut<'_, Vec<Code>> {
    Box::pin(async move {
        let all = topic::active(tx).await?;
        Ok(all.iter().map(|topic| Code::new(topic.id, topic.name(lang))).collect())
    })
}
