//! What holds for the institution that was never there.
//!
//! One program for all of them: each would link everything below it anew, and take its room on the disk.

mod care;
mod findings;
mod lists;
mod personae;
mod world;
