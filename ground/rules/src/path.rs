//! Where in a tree something is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The way from the root down, each step being a place in [`Rule::below`](crate::Rule::below); empty is the root.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Path(pub Vec<usize>);

impl Path {
    #[must_use]
    pub fn step(&self, place: usize) -> Self {
        let mut steps = self.0.clone();
        steps.push(place);
        Self(steps)
    }
}

impl fmt::Display for Path {
    /// `0.2.1`; the root is empty.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, step) in self.0.iter().enumerate() {
            write!(f, "{}{step}", if place == 0 { "" } else { "." })?;
        }
        Ok(())
    }
}
