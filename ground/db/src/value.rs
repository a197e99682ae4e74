use std::borrow::Cow;

use kring_core::{Id, Lang, Timestamp, TokenHash, Tongue};

/// What goes into a statement and comes out of a row: the common core of both databases.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Int(i64),
    Real(f64),
    Bool(bool),
    Text(String),
    Bytes(Vec<u8>),
}

/// Can be bound to a statement.
pub trait ToValue {
    fn to_value(self) -> Value;
}

/// Can be read from a column. `None` means that the column holds something else.
pub trait FromValue: Sized {
    fn from_value(value: Value) -> Option<Self>;
}

macro_rules! whole_numbers {
    ($($t:ty),*) => {$(
        impl ToValue for $t {
            fn to_value(self) -> Value {
                Value::Int(i64::from(self))
            }
        }
        impl FromValue for $t {
            fn from_value(value: Value) -> Option<Self> {
                match value {
                    Value::Int(n) => n.try_into().ok(),
                    _ => None,
                }
            }
        }
    )*};
}
whole_numbers!(i64, i32, u32, u16, u8);

impl ToValue for usize {
    fn to_value(self) -> Value {
        Value::Int(i64::try_from(self).unwrap_or(i64::MAX))
    }
}
impl ToValue for bool {
    fn to_value(self) -> Value {
        Value::Bool(self)
    }
}
impl FromValue for bool {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Bool(b) => Some(b),
            Value::Int(n) => Some(n != 0), // SQLite has no truth, only numbers
            _ => None,
        }
    }
}
impl ToValue for f64 {
    fn to_value(self) -> Value {
        Value::Real(self)
    }
}
impl FromValue for f64 {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Real(x) => Some(x),
            Value::Int(n) => Some(n as f64),
            _ => None,
        }
    }
}
impl ToValue for &str {
    fn to_value(self) -> Value {
        Value::Text(self.to_owned())
    }
}
impl ToValue for String {
    fn to_value(self) -> Value {
        Value::Text(self)
    }
}
impl ToValue for &String {
    fn to_value(self) -> Value {
        Value::Text(self.clone())
    }
}
impl ToValue for Cow<'_, str> {
    fn to_value(self) -> Value {
        Value::Text(self.into_owned())
    }
}
impl FromValue for String {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Text(s) => Some(s),
            _ => None,
        }
    }
}
impl ToValue for Vec<u8> {
    fn to_value(self) -> Value {
        Value::Bytes(self)
    }
}
impl ToValue for &[u8] {
    fn to_value(self) -> Value {
        Value::Bytes(self.to_vec())
    }
}
impl FromValue for Vec<u8> {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Bytes(b) => Some(b),
            _ => None,
        }
    }
}
impl ToValue for TokenHash {
    fn to_value(self) -> Value {
        Value::Bytes(self.0.to_vec())
    }
}
impl<T> ToValue for Id<T> {
    fn to_value(self) -> Value {
        Value::Int(self.get())
    }
}
impl<T> FromValue for Id<T> {
    fn from_value(value: Value) -> Option<Self> {
        i64::from_value(value).map(Id::new)
    }
}
/// Instants are whole milliseconds since 1970 in both databases: they compare as numbers, and no driver
/// has an opinion on zones.
impl ToValue for Timestamp {
    fn to_value(self) -> Value {
        Value::Int(self.as_millisecond())
    }
}
impl FromValue for Timestamp {
    fn from_value(value: Value) -> Option<Self> {
        i64::from_value(value).and_then(|ms| Timestamp::from_millisecond(ms).ok())
    }
}
impl ToValue for jiff::civil::Date {
    fn to_value(self) -> Value {
        Value::Text(self.to_string())
    }
}
impl FromValue for jiff::civil::Date {
    fn from_value(value: Value) -> Option<Self> {
        String::from_value(value)?.parse().ok()
    }
}
impl ToValue for Lang {
    fn to_value(self) -> Value {
        self.tag().to_value()
    }
}
impl FromValue for Lang {
    fn from_value(value: Value) -> Option<Self> {
        String::from_value(value)?.parse().ok()
    }
}
impl ToValue for Tongue {
    fn to_value(self) -> Value {
        self.tag().to_value()
    }
}
impl ToValue for &Tongue {
    fn to_value(self) -> Value {
        self.tag().to_value()
    }
}
impl FromValue for Tongue {
    fn from_value(value: Value) -> Option<Self> {
        String::from_value(value)?.parse().ok()
    }
}
impl ToValue for Value {
    fn to_value(self) -> Value {
        self
    }
}
impl FromValue for Value {
    fn from_value(value: Value) -> Option<Self> {
        Some(value)
    }
}
impl<T: ToValue> ToValue for Option<T> {
    fn to_value(self) -> Value {
        self.map_or(Value::Null, T::to_value)
    }
}
impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            other => T::from_value(other).map(Some),
        }
    }
}
