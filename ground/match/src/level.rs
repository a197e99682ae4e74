//! How far two values of a field agree: a few ordered levels per kind.

use serde::{Deserialize, Serialize};

use crate::spec::Kind;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// One of the two has no value: says nothing.
    Missing,
    /// Equal.
    Exact,
    /// Each stands in the other's field.
    Swapped,
    /// Written otherwise, sounding the same: Meijer and Meyer.
    Sound,
    /// A call name and its full name, or one of several given names.
    CallName,
    /// Day and month changed places.
    Turned,
    /// A slip of the hand.
    Close,
    /// One half of a double surname, a part of a longer name.
    Part,
    /// An initial that fits.
    Initial,
    /// The same name at another mail provider.
    Local,
    /// The same neighbourhood: the first four of a postcode.
    Area,
    /// The same year of birth.
    Year,
    /// Somewhat like each other, more than chance and less than a slip.
    Alike,
    /// Something else.
    Other,
}

impl Level {
    /// The levels of a kind, from the best to the worst. `Missing` is not among them.
    pub fn of(kind: Kind) -> &'static [Level] {
        use Level::{
            Alike, Area, CallName, Close, Exact, Initial, Local, Other, Part, Sound, Swapped, Turned, Year,
        };
        match kind {
            Kind::Given => &[Exact, Swapped, CallName, Close, Initial, Alike, Other],
            Kind::Surname => &[Exact, Swapped, Sound, Close, Part, Alike, Other],
            Kind::Initials => &[Exact, Initial, Other],
            Kind::Date => &[Exact, Turned, Close, Year, Other],
            Kind::Id | Kind::Phone | Kind::Number => &[Exact, Close, Other],
            Kind::Mail => &[Exact, Close, Local, Other],
            Kind::Code | Kind::Region => &[Exact, Other],
            Kind::Postcode => &[Exact, Close, Area, Other],
            Kind::Street | Kind::City | Kind::Text => &[Exact, Swapped, Close, Alike, Other],
            Kind::Name => &[Exact, Sound, Close, Part, Alike, Other],
        }
    }

    /// The word that stands in the table of a model.
    pub fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Exact => "exact",
            Self::Swapped => "swapped",
            Self::Sound => "sound",
            Self::CallName => "call name",
            Self::Turned => "turned",
            Self::Close => "close",
            Self::Part => "part",
            Self::Initial => "initial",
            Self::Local => "local part",
            Self::Area => "area",
            Self::Year => "year",
            Self::Alike => "alike",
            Self::Other => "other",
        }
    }

    /// Agreement that a slip of the hand, a habit of writing or a name's other form explains.
    pub fn agrees(self) -> bool {
        matches!(
            self,
            Self::Exact
                | Self::Swapped
                | Self::Sound
                | Self::CallName
                | Self::Turned
                | Self::Close
                | Self::Part
                | Self::Local
        )
    }

    /// Both have a value, and the two have nothing to do with each other.
    pub fn is_other(self) -> bool {
        self == Self::Other
    }
}
