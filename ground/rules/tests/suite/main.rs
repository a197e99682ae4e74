//! What a rule may be.
//!
//! One program for all of them: each would link everything below it anew, and take its room on the disk.

mod checks;
mod numbers;
