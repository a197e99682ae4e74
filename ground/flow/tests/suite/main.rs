//! Journeys, one by one and by the thousand.
//!
//! One program for all of them: each would link everything below it anew, and take its room on the disk.

mod faults;
mod journeys;
