//! Numbers of a score as people and machines read them.

use kring_core::Lang;
use kring_lang::numbers;

/// Tenths of a point with one digit: "41,3". What adds up in tenths adds up as it is shown.
pub fn tenths(n: i64, lang: Lang) -> String {
    numbers::decimal(n as f64 / 10.0, 1, lang)
}

/// Points that are left, with one digit.
pub fn points(n: f64, lang: Lang) -> String {
    numbers::decimal(n, 1, lang)
}

/// The same for a machine.
pub fn plain(tenths: i64) -> f64 {
    tenths as f64 / 10.0
}
