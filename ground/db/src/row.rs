use std::sync::Arc;

use kring_core::{Error, Result};

use crate::{FromValue, Value};

/// One row, taken column by column in the order of the `select`.
pub struct Row {
    columns: Arc<[String]>,
    values: std::vec::IntoIter<Value>,
    at: usize,
}

impl Row {
    pub(crate) fn new(columns: Arc<[String]>, values: Vec<Value>) -> Self {
        Self { columns, values: values.into_iter(), at: 0 }
    }

    /// The next column. A wrong type names the column, so that the fault is found where it is.
    pub fn take<T: FromValue>(&mut self) -> Result<T> {
        let name = self.columns.get(self.at).map_or("beyond the last column", String::as_str);
        let value = self.values.next().unwrap_or(Value::Null);
        self.at += 1;
        T::from_value(value)
            .ok_or_else(|| Error::broken(format!("column {name} does not hold what was asked")))
    }

    pub(crate) fn into_values(self) -> Vec<Value> {
        self.values.collect()
    }
}

/// Can be filled from a row. Structs get it from [`record!`](crate::record), tuples have it.
pub trait FromRow: Sized {
    fn from_row(row: &mut Row) -> Result<Self>;
}

macro_rules! tuples {
    ($($name:ident)+) => {
        impl<$($name: FromValue),+> FromRow for ($($name,)+) {
            fn from_row(row: &mut Row) -> Result<Self> {
                Ok(($(row.take::<$name>()?,)+))
            }
        }
    };
}
tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);

/// A struct that is filled from a row, its fields in the order of the columns. The `select` stands beside
/// the struct, so the order is checked by the eye on one screen and by the tests in one run.
#[macro_export]
macro_rules! record {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($(#[$fmeta:meta])* $fvis:vis $field:ident : $type:ty),* $(,)? }) => {
        $(#[$meta])* $vis struct $name { $($(#[$fmeta])* $fvis $field: $type),* }
        impl $crate::FromRow for $name {
            fn from_row(row: &mut $crate::Row) -> ::kring_core::Result<Self> {
                Ok(Self { $($field: row.take()?),* })
            }
        }
    };
}

/// An enum kept as text in a column: its name in SQL beside its name in Rust.
#[macro_export]
macro_rules! stored {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$meta])* #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        $vis enum $name { $($(#[$vmeta])* $variant),* }
        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }
        }
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl ::std::str::FromStr for $name {
            type Err = ();
            fn from_str(s: &str) -> ::std::result::Result<Self, ()> {
                match s { $($text => Ok($name::$variant),)* _ => Err(()) }
            }
        }
        impl $crate::ToValue for $name {
            fn to_value(self) -> $crate::Value {
                self.as_str().to_value()
            }
        }
        impl $crate::FromValue for $name {
            fn from_value(value: $crate::Value) -> Option<Self> {
                <String as $crate::FromValue>::from_value(value)?.parse().ok()
            }
        }
    };
}
