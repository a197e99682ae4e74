//! Who is the same as whom: probabilistic record linkage that learns without labels and says why.
//!
//! Records are compared field by field in a few ordered levels; each level weighs as many bits as it is likelier in two
//! records of one person than in two of different people (Fellegi and Sunter 1969); a rare value that two share weighs
//! more. Rules that adding up cannot see (twins, a father and his son, a family's mail address) hold a pair back by
//! name. A pair is *same*, a question to a person, or *different*.
//!
//! Pure: no database, no clock, chance by seed. The names of fields are the caller's.
//!
//! ```
//! use kring_match::{Band, Field, Kind, Matcher, Model, Spec};
//!
//! let spec = Spec::new(vec![
//!     Field::new("given", Kind::Given),
//!     Field::new("surname", Kind::Surname),
//!     Field::new("birth", Kind::Date),
//!     Field::new("mail", Kind::Mail),
//! ])?;
//! let matcher = Matcher::new(spec.clone(), Model::shipped(&spec, 30))?;
//! let one = spec.record(0, &[("given", "johannes"), ("surname", "van dijk"), ("birth", "1987-05-04")])?;
//! let two = spec.record(0, &[("given", "jan"), ("surname", "dijk"), ("birth", "1987-04-05")])?;
//! let score = matcher.score(&one, &two)?;
//! assert_eq!(score.band, Band::Ask);
//! assert_eq!(score.fields.len(), 4);
//! # Ok::<(), kring_match::Fault>(())
//! ```

mod base;
mod callname;
mod candidates;
mod cluster;
mod compare;
mod found;
mod hash;
mod held;
mod keys;
mod learn;
mod level;
mod model;
mod score;
mod shipped;
mod sound;
mod spec;
mod text;
mod view;

pub use base::Base;
pub use callname::are_one;
pub use candidates::{Progress, Stage, Watch};
pub use found::{Found, Pair, explain, find, judge, learn_and_find};
pub use held::Why;
pub use keys::{CROWD, Keys};
pub use learn::Learning;
pub use level::Level;
pub use model::{Common, FieldModel, Model, Weight};
pub use score::{Band, FieldScore, Matcher, Score};
pub use sound::{skeleton, spelling};
pub use spec::{Fault, Field, Kind, MOST_FIELDS, Record, Spec};
