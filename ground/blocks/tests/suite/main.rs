//! Documents, as whoever writes them and whoever reads them meets them.
//!
//! One program for all of them: each would link everything below it anew, and take its room on the disk.

mod checks;
mod editing;
mod hostile;
mod properties;
mod snapshots;
