//! Conditions on people: one typed tree for segments, journeys, permission on lists and reports.
//!
//! The tree knows kinds of facts and the operators on each, and no fact by name: what a key means is told by a
//! [`Catalog`] when it is checked, by a [`Subject`] when it is evaluated on one person, and by [`Tables`] when it is
//! compiled to SQL. The three readings say the same; `kring-audience` holds them equal to its index by a property test.
//!
//! Pure: no database, no clock. Days are whole calendar days of whoever asks; a window counts today, so the last 30
//! days are today and the 29 days before it.
//!
//! ```
//! use kring_rules::{Count, Day, Did, Now, Rule, Test, When, Year};
//!
//! let asked = Did { count: Count::AtLeast(1), details: vec!["housing".into()], when: When::Last(30) };
//! let rule = Rule::All(vec![
//!     Rule::fact("stage", Test::AnyOf(vec!["prospect".into()])),
//!     Rule::fact("asked", Test::Did(asked)),
//!     Rule::None(vec![Rule::fact("objected_to_mail", Test::Yes)]),
//! ]);
//! let text = serde_json::to_string(&rule).unwrap();
//! assert!(text.starts_with(r#"{"all":[{"fact":{"key":"stage","is":{"any_of":["prospect"]}}},"#));
//! assert_eq!(serde_json::from_str::<Rule>(&text).unwrap(), rule);
//! ```

mod bucket;
mod clash;
mod day;
mod facts;
mod holds;
mod path;
mod rule;
mod sql;
mod sql_rows;
mod tables;
mod validate;
mod window;

pub use bucket::Bucket;
pub use clash::{Clash, contradictions};
pub use day::{Day, Now, Year};
pub use facts::{About, Catalog, Kind, Known};
pub use holds::{Act, Link, Span, Subject, World, holds};
pub use path::Path;
pub use rule::{Count, Did, Held, Leaf, Linked, People, Role, Rule, Test, Then};
pub use sql::{NotInSql, Param, Sql, compile, compile_for};
pub use tables::{Column, Place, Rows, Tables, Written};
pub use validate::{Fault, MOST_BUCKETS, MOST_DAYS, MOST_DEPTH, MOST_NODES, MOST_VALUES, Why, validate};
pub use window::{Bound, Days, When};
