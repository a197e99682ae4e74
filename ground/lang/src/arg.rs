use std::borrow::Cow;

use kring_core::Lang;

use crate::numbers;

/// A value inside a sentence. Numbers are written as the language writes them, so a caller never formats.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg<'a> {
    Text(Cow<'a, str>),
    Int(i64),
    /// A number with this many digits after the decimal sign.
    Float(f64, u8),
}

impl Arg<'_> {
    /// Adds the value to a sentence.
    pub fn write(&self, lang: Lang, out: &mut String) {
        match self {
            Arg::Text(text) => out.push_str(text),
            Arg::Int(n) => out.push_str(&numbers::int(*n, lang)),
            Arg::Float(value, digits) => out.push_str(&numbers::decimal(*value, *digits, lang)),
        }
    }

    /// Whether a variant of a choice fits: the plural category of a number, or the very text. Dutch and
    /// English know two categories, and `one` is the integer 1 only: a "1,0" has a visible fraction
    /// (CLDR plural rules, operand v).
    pub fn is(&self, key: &str) -> bool {
        match self {
            Arg::Text(text) => text == key,
            Arg::Int(1) => key == "one",
            Arg::Int(_) | Arg::Float(..) => key == "other",
        }
    }

    /// Whether a numeric variant fits.
    pub fn equals(&self, number: f64) -> bool {
        match self {
            Arg::Text(_) => false,
            Arg::Int(n) => (*n as f64 - number).abs() < f64::EPSILON,
            Arg::Float(value, _) => (value - number).abs() < f64::EPSILON,
        }
    }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Arg::Text(Cow::Borrowed(text))
    }
}
impl From<String> for Arg<'_> {
    fn from(text: String) -> Self {
        Arg::Text(Cow::Owned(text))
    }
}
impl<'a> From<Cow<'a, str>> for Arg<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Arg::Text(text)
    }
}

// Templates hand values over by reference, and a reference to what they iterate over is one more.
macro_rules! text_behind {
    ($($from:ty),*) => {$(
        impl<'a> From<$from> for Arg<'a> {
            fn from(text: $from) -> Self {
                Arg::Text(Cow::Borrowed(text))
            }
        }
    )*};
}
text_behind!(&'a String, &'a Cow<'_, str>, &'a &str, &'a &String, &'a &&str);

macro_rules! whole {
    ($($from:ty),*) => {$(
        impl From<$from> for Arg<'_> {
            fn from(n: $from) -> Self {
                Arg::Int(n.into())
            }
        }
        impl From<&$from> for Arg<'_> {
            fn from(n: &$from) -> Self {
                Arg::Int((*n).into())
            }
        }
        impl From<&&$from> for Arg<'_> {
            fn from(n: &&$from) -> Self {
                Arg::Int((**n).into())
            }
        }
    )*};
}
whole!(i64, i32, u32, i16, u16, u8);

// No count of ours comes near 2^63; one that did would be shown as that bound.
impl From<usize> for Arg<'_> {
    fn from(n: usize) -> Self {
        Arg::Int(i64::try_from(n).unwrap_or(i64::MAX))
    }
}
impl From<&usize> for Arg<'_> {
    fn from(n: &usize) -> Self {
        (*n).into()
    }
}
impl From<u64> for Arg<'_> {
    fn from(n: u64) -> Self {
        Arg::Int(i64::try_from(n).unwrap_or(i64::MAX))
    }
}
impl From<&u64> for Arg<'_> {
    fn from(n: &u64) -> Self {
        (*n).into()
    }
}
