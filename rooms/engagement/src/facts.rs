//! What can be asked about people in a rule: how involved they are, and what they did lately. Both depend on the day, so they
//! are worked out at every act and once a night, and stand in a table like any other number.

use kring_frame::{
    EngagementAged, EngagementChanged, EngagementReweighed, Event, Fact, Phrase, Turned,
    rules::{Kind, Place, Rows},
    sql,
};

use crate::{READ, Words};

const SCORES: Rows = Rows { table: "engagement_scores", owner: "person_id", only: None };

const TURNED: &[Turned] = &[
    Turned {
        kind: EngagementAged::KIND,
        who: sql!("select person_id from engagement_scores where day = $1 order by person_id"),
    },
    Turned {
        kind: EngagementReweighed::KIND,
        who: sql!("select person_id from engagement_scores where day = $1 order by person_id"),
    },
];

/// Whoever never did anything has nought, and is found by "at most 10".
pub const ENGAGEMENT: Fact = Fact::new(
    "engagement",
    Kind::Number,
    &READ,
    Place::NumberIn { rows: SCORES, number: "score", otherwise: Some(0) },
    Phrase {
        noun: |l| Words(l).fact_engagement(),
        verb: |l| Words(l).fact_engagement_is(),
        not: |l| Words(l).fact_engagement_not(),
    },
)
.moved_by(&[EngagementChanged::KIND])
.turned_by(TURNED);

/// Of whoever did nothing for ninety days it is not known.
pub const BEHAVIOUR: Fact = Fact::new(
    "behaviour",
    Kind::Number,
    &READ,
    Place::NumberIn { rows: SCORES, number: "behaviour", otherwise: None },
    Phrase {
        noun: |l| Words(l).fact_behaviour(),
        verb: |l| Words(l).fact_behaviour_is(),
        not: |l| Words(l).fact_behaviour_not(),
    },
)
.moved_by(&[EngagementChanged::KIND])
.turned_by(TURNED);

pub const FACTS: &[Fact] = &[ENGAGEMENT, BEHAVIOUR];
