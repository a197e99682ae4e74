//! What a turn passed, as it is kept: short, since a journey of years has many.

use kring_core::{Error, Result};
use kring_flow::{By, StepId, Trace};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kept {
    /// A wait that its time ended, or the n-th of what it waited for.
    W(StepId, Option<u8>),
    /// A branch and the way that was open; none was.
    B(StepId, Option<usize>),
    /// A split and the part that was drawn.
    S(StepId, usize),
    /// A repetition and its round; nought when it was left.
    R(StepId, u32),
}

pub fn write(passed: &[Trace]) -> Result<String> {
    let kept: Vec<Kept> = passed
        .iter()
        .map(|trace| match *trace {
            Trace::Waited { step, by: By::Time } => Kept::W(step, None),
            Trace::Waited { step, by: By::Until(n) } => Kept::W(step, Some(n)),
            Trace::Took { step, way } => Kept::B(step, Some(way)),
            Trace::TookNone { step } => Kept::B(step, None),
            Trace::Drew { step, part } => Kept::S(step, part),
            Trace::Round { step, round } => Kept::R(step, round),
            Trace::Left { step } => Kept::R(step, 0),
        })
        .collect();
    serde_json::to_string(&kept).map_err(Error::broken)
}

pub fn read(text: &str) -> Result<Vec<Trace>> {
    let kept: Vec<Kept> = serde_json::from_str(text).map_err(Error::broken)?;
    Ok(kept
        .into_iter()
        .map(|kept| match kept {
            Kept::W(step, None) => Trace::Waited { step, by: By::Time },
            Kept::W(step, Some(n)) => Trace::Waited { step, by: By::Until(n) },
            Kept::B(step, Some(way)) => Trace::Took { step, way },
            Kept::B(step, None) => Trace::TookNone { step },
            Kept::S(step, part) => Trace::Drew { step, part },
            Kept::R(step, 0) => Trace::Left { step },
            Kept::R(step, round) => Trace::Round { step, round },
        })
        .collect())
}
