//! What another system can be told. Not all that happens: coaching, complaints and what people answered stay in the house.

use kring_frame::{
    CallbackClosed, CallbackWanted, ConsentChanged, EngagementChanged, Event, FormAnswered, ImportFinished,
    JourneyBegun, JourneyEnded, JourneyReached, Merged, NeedClosed, NeedOpened, NeedReopened,
    OrganisationAdded, OrganisationChanged, OwnerChanged, PersonAdded, PersonChanged, PersonForgotten,
    Purpose, RelationshipEnded, RelationshipMade, RequestClosed, RequestOpened, RequestReopened, RoleDerived,
    RoleEnded, RoleGiven, SegmentChanged, SegmentJoined, SegmentLeft, TipAnswered, TipClosed, TipGiven,
    Unmerged,
};

/// A kind of event that can be told.
#[derive(Clone, Copy, Debug)]
pub struct Offered {
    /// Also the `type` of the message, and stable for ever.
    pub kind: &'static str,
    pub purpose: Purpose,
    /// Under which name the message gives the number of the row that the event is about.
    pub subject: Option<&'static str>,
}

impl Offered {
    /// Whether it is about a segment, of which somebody chooses which.
    pub fn of_segment(&self) -> bool {
        self.subject == Some("segment")
    }

    /// Part of the key of its sentence.
    pub fn word(&self) -> String {
        format!("event-{}", self.kind.replace(['.', '_'], "-"))
    }
}

const fn offered<E: Event>(subject: Option<&'static str>) -> Offered {
    Offered { kind: E::KIND, purpose: E::PURPOSE, subject }
}

/// By subject, as a form shows them.
pub const GROUPS: &[(&str, &[Offered])] = &[
    (
        "group-segments",
        &[
            offered::<SegmentJoined>(Some("segment")),
            offered::<SegmentLeft>(Some("segment")),
            offered::<SegmentChanged>(Some("segment")),
        ],
    ),
    (
        "group-people",
        &[
            offered::<PersonAdded>(None),
            offered::<PersonChanged>(None),
            offered::<PersonForgotten>(None),
            offered::<Merged>(Some("merge")),
            offered::<Unmerged>(Some("merge")),
            offered::<RoleGiven>(Some("role")),
            offered::<RoleEnded>(Some("role")),
            offered::<RoleDerived>(None),
            offered::<RelationshipMade>(Some("relationship")),
            offered::<RelationshipEnded>(Some("relationship")),
            offered::<OwnerChanged>(None),
            offered::<ConsentChanged>(None),
            offered::<EngagementChanged>(None),
        ],
    ),
    ("group-organisations", &[offered::<OrganisationAdded>(None), offered::<OrganisationChanged>(None)]),
    (
        "group-service",
        &[
            offered::<RequestOpened>(Some("request")),
            offered::<RequestClosed>(Some("request")),
            offered::<RequestReopened>(Some("request")),
            offered::<NeedOpened>(Some("need")),
            offered::<NeedClosed>(Some("need")),
            offered::<NeedReopened>(Some("need")),
            offered::<FormAnswered>(Some("answer")),
            offered::<CallbackWanted>(Some("callback")),
            offered::<CallbackClosed>(Some("callback")),
        ],
    ),
    (
        "group-journeys",
        &[
            offered::<JourneyBegun>(Some("run")),
            offered::<JourneyReached>(Some("run")),
            offered::<JourneyEnded>(Some("run")),
        ],
    ),
    (
        "group-work",
        &[
            offered::<TipGiven>(Some("tip")),
            offered::<TipAnswered>(Some("tip")),
            offered::<TipClosed>(Some("tip")),
            offered::<ImportFinished>(Some("import")),
        ],
    ),
];

pub fn all() -> impl Iterator<Item = &'static Offered> {
    GROUPS.iter().flat_map(|(_, list)| list.iter())
}

pub fn find(kind: &str) -> Option<&'static Offered> {
    all().find(|offered| offered.kind == kind)
}
