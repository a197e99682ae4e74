use std::ops::{Index, IndexMut};

use serde::Serialize;

/// A key is the place in its table; a person's key plus one can serve as a relation number.
pub trait Key: Copy {
    fn at(self) -> usize;
    fn from_at(at: usize) -> Self;
}

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        pub struct $name(pub u32);

        impl Key for $name {
            fn at(self) -> usize {
                self.0 as usize
            }
            fn from_at(at: usize) -> Self {
                Self(at as u32)
            }
        }
    )*};
}

keys!(
    /// Stable for a seed and a scale.
    PersonKey,
    OrganisationKey,
    UnitKey,
    ProgrammeKey,
    OfferingKey,
    OccasionKey,
    CampaignKey,
    RequestKey,
    ResponseKey,
);

/// Rows by key. Keys are given out by the table alone and rows are never taken away, so a key always finds its row.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Table<K, T>(Vec<T>, #[serde(skip)] std::marker::PhantomData<K>);

impl<K, T> Default for Table<K, T> {
    fn default() -> Self {
        Self(Vec::new(), std::marker::PhantomData)
    }
}

impl<K: Key, T> Table<K, T> {
    pub fn add(&mut self, row: T) -> K {
        self.0.push(row);
        K::from_at(self.0.len() - 1)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = (K, &T)> + DoubleEndedIterator {
        self.0.iter().enumerate().map(|(at, row)| (K::from_at(at), row))
    }

    pub fn rows(&self) -> &[T] {
        &self.0
    }

    pub fn keys(&self) -> impl ExactSizeIterator<Item = K> + DoubleEndedIterator + use<K, T> {
        (0..self.0.len()).map(K::from_at)
    }
}

#[expect(clippy::indexing_slicing, reason = "keys come from this table, which never shrinks")]
impl<K: Key, T> Index<K> for Table<K, T> {
    type Output = T;
    fn index(&self, key: K) -> &T {
        &self.0[key.at()]
    }
}

#[expect(clippy::indexing_slicing, reason = "keys come from this table, which never shrinks")]
impl<K: Key, T> IndexMut<K> for Table<K, T> {
    fn index_mut(&mut self, key: K) -> &mut T {
        &mut self.0[key.at()]
    }
}

/// A note per key of a table that lives elsewhere: counters and flags while the world is made.
pub(crate) struct Side<K, V>(Vec<V>, std::marker::PhantomData<K>);

impl<K: Key, V: Clone + Default> Side<K, V> {
    pub fn of(len: usize) -> Self {
        Self(vec![V::default(); len], std::marker::PhantomData)
    }

    pub fn iter(&self) -> impl Iterator<Item = (K, &V)> {
        self.0.iter().enumerate().map(|(at, v)| (K::from_at(at), v))
    }
}

#[expect(clippy::indexing_slicing, reason = "made as long as the table that gave out the keys")]
impl<K: Key, V> Index<K> for Side<K, V> {
    type Output = V;
    fn index(&self, key: K) -> &V {
        &self.0[key.at()]
    }
}

#[expect(clippy::indexing_slicing, reason = "made as long as the table that gave out the keys")]
impl<K: Key, V> IndexMut<K> for Side<K, V> {
    fn index_mut(&mut self, key: K) -> &mut V {
        &mut self.0[key.at()]
    }
}
