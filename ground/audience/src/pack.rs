//! Happenings, roles and links as 64-bit words that sort the way they are read.

use kring_rules::Day;

use crate::Fault;

/// Day 1 of a packed day, 1 January 1900, less one; 0 is left for "open".
const BEFORE_FIRST: i32 = -25_568;
/// The end of an open role.
pub(crate) const OPEN: u16 = u16::MAX;

/// Days of happenings and roles lie from 1 January 1900 to 4 June 2079: two bytes.
pub(crate) fn day(day: Day) -> Result<u16, Fault> {
    let packed = u16::try_from(day.number() - BEFORE_FIRST).ok().filter(|&day| day != 0 && day != OPEN);
    packed.ok_or(Fault::Day(day))
}

/// The packed day of a day number; what lies outside becomes the nearest end.
pub(crate) fn clamped(number: i32) -> u16 {
    number.saturating_sub(BEFORE_FIRST).clamp(0, i32::from(OPEN)) as u16
}

/// Day, kind, detail; so a history is sorted by day. Detail 0 is none.
pub(crate) fn act(day: u16, kind: u8, detail: u32) -> u64 {
    u64::from(day) << 48 | u64::from(kind) << 40 | u64::from(detail)
}

pub(crate) fn act_day(word: u64) -> u16 {
    (word >> 48) as u16
}

pub(crate) fn act_kind(word: u64) -> u8 {
    (word >> 40) as u8
}

pub(crate) fn act_detail(word: u64) -> u32 {
    word as u32
}

/// First day (0 when open), last day ([`OPEN`] when open), number of the pair of kind and place.
pub(crate) fn span(from: u16, to: u16, pair: u32) -> u64 {
    u64::from(from) << 48 | u64::from(to) << 32 | u64::from(pair)
}

pub(crate) fn span_parts(word: u64) -> (u16, u16, u32) {
    ((word >> 48) as u16, (word >> 32) as u16, word as u32)
}

/// Thing, kind; so all links to one thing stand together.
pub(crate) fn link(thing: u32, kind: u32) -> u64 {
    u64::from(thing) << 32 | u64::from(kind)
}

pub(crate) fn link_parts(word: u64) -> (u32, u32) {
    ((word >> 32) as u32, word as u32)
}
