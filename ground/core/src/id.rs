use std::{cmp::Ordering, fmt, hash, marker::PhantomData, num::ParseIntError, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The 64-bit key of one `T`. Keys are never secrets: whoever holds one still has to ask for the row
/// through a scoped query. The type parameter keeps a person's key out of a request's place.
pub struct Id<T>(i64, PhantomData<fn() -> T>);

impl<T> Id<T> {
    pub const fn new(value: i64) -> Self {
        Self(value, PhantomData)
    }
    pub const fn get(self) -> i64 {
        self.0
    }
}

// Written out, since a derive would ask `T` for traits that a phantom does not need.
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> hash::Hash for Id<T> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
impl<T> From<i64> for Id<T> {
    fn from(value: i64) -> Self {
        Self::new(value)
    }
}
impl<T> FromStr for Id<T> {
    type Err = ParseIntError;
    fn from_str(s: &str) -> std::result::Result<Self, ParseIntError> {
        s.parse().map(Self::new)
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.serialize_i64(self.0)
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        i64::deserialize(from).map(Self::new)
    }
}
