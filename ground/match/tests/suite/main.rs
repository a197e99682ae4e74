//! What the matcher must tell apart, and what it must not.
//!
//! One program for all of them: each would link everything below it anew, and take its room on the disk.

mod families;
mod keys;
mod learning;
mod properties;
