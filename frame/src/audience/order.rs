//! Where everybody stands in a list by name, kept in memory: so that the first fifty of a hundred thousand who fit are found
//! without sorting the hundred thousand in the database, which would fetch a row for each of them.
//!
//! Of each name the beginning is kept as a number that sorts as the name does. Names that begin alike are equal here; who
//! comes first among them, the database says.

use std::collections::BTreeSet;

use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize, Serializer};

/// The signs of folded names, in the order of their bytes. Others stand between these, and end what is kept of a name.
const SIGNS: &[u8] = b" '+,-./0123456789?abcdefghijklmnopqrstuvwxyz";
/// One digit for each sign, one for the end of a name, and one beyond all signs.
const BASE: u128 = SIGNS.len() as u128 + 2;
/// As many signs are kept: BASE to this power stays below 2^128.
const KEPT: usize = 23;

/// The beginning of a name as a number. Never 0.
pub fn place(name: &str) -> u128 {
    let mut signs = name.bytes().take(KEPT);
    let (mut number, mut left) = (0_u128, KEPT);
    for byte in signs.by_ref() {
        left -= 1;
        match SIGNS.binary_search(&byte) {
            Ok(at) => number = number * BASE + at as u128 + 1,
            // Behind all names that go on with the sign before it, whatever follows in them.
            Err(before) => {
                number = number * BASE + before as u128;
                for _ in 0..left {
                    number = number * BASE + (BASE - 1);
                }
                left = 0;
                break;
            }
        }
    }
    for _ in 0..left {
        number *= BASE;
    }
    number + 1
}

/// Everybody's place, by number and in order.
#[derive(Clone, Default, Deserialize)]
#[serde(from = "Vec<u128>")]
pub struct Order {
    /// 0 for whoever is not in lists.
    places: Vec<u128>,
    sorted: BTreeSet<(u128, u32)>,
    placed: RoaringBitmap,
}

impl From<Vec<u128>> for Order {
    fn from(places: Vec<u128>) -> Self {
        let known = || (0_u32..).zip(&places).filter(|(_, place)| **place != 0);
        Self {
            sorted: known().map(|(id, place)| (*place, id)).collect(),
            placed: known().map(|(id, _)| id).collect(),
            places,
        }
    }
}

impl Serialize for Order {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.places.serialize(to)
    }
}

impl Order {
    pub fn set(&mut self, id: i64, name: &str) {
        self.unset(id);
        let Ok(id) = u32::try_from(id) else { return };
        if self.places.len() <= id as usize {
            self.places.resize(id as usize + 1, 0);
        }
        if let Some(slot) = self.places.get_mut(id as usize) {
            *slot = place(name);
            self.sorted.insert((*slot, id));
            self.placed.insert(id);
        }
    }

    pub fn unset(&mut self, id: i64) {
        let Ok(id) = u32::try_from(id) else { return };
        if let Some(slot) = self.places.get_mut(id as usize) {
            self.sorted.remove(&(*slot, id));
            self.placed.remove(id);
            *slot = 0;
        }
    }

    fn of(&self, id: u32) -> u128 {
        self.places.get(id as usize).copied().unwrap_or(0)
    }

    /// Those among these people who have no place here.
    pub fn unplaced(&self, among: &RoaringBitmap) -> RoaringBitmap {
        among - &self.placed
    }

    /// The first `most` among these from a place on, and whoever shares the place of the last of them; with the place from
    /// which to go on, unless these were all.
    pub fn first(&self, among: &RoaringBitmap, from: u128, most: usize) -> (Vec<u32>, Option<u128>) {
        // Names in their order, for as long as that reads less than the places of all of these; who fit may all be called
        // De Vries, far from here.
        let patience = usize::try_from(among.len()).unwrap_or(usize::MAX);
        self.walked(among, from, most, patience).unwrap_or_else(|| self.selected(among, from, most))
    }

    /// Along the names; `None` when so many are passed without an answer.
    fn walked(
        &self,
        among: &RoaringBitmap,
        from: u128,
        most: usize,
        patience: usize,
    ) -> Option<(Vec<u32>, Option<u128>)> {
        let (mut found, mut last) = (Vec::with_capacity(most), 0);
        for (passed, &(place, id)) in self.sorted.range((from, 0)..).enumerate() {
            if found.len() >= most && place > last {
                return Some((found, Some(place)));
            }
            if passed > patience {
                return None;
            }
            if among.contains(id) {
                found.push(id);
                last = place;
            }
        }
        Some((found, None))
    }

    /// From the places of all of these.
    fn selected(&self, among: &RoaringBitmap, from: u128, most: usize) -> (Vec<u32>, Option<u128>) {
        let mut found: Vec<(u128, u32)> = among
            .iter()
            .map(|id| (self.of(id), id))
            .filter(|(place, _)| *place != 0 && *place >= from)
            .collect();
        let mut next = None;
        if most > 0 && found.len() > most {
            let (_, last, _) = found.select_nth_unstable(most - 1);
            let last = last.0;
            next = found.iter().map(|(place, _)| *place).filter(|place| *place > last).min();
            found.retain(|(place, _)| *place <= last);
        }
        (found.into_iter().map(|(_, id)| id).collect(), next)
    }

    /// Bytes in memory, estimated: an entry of the set is 32 bytes, in nodes that are two thirds full.
    pub fn bytes(&self) -> usize {
        self.places.capacity() * size_of::<u128>() + self.sorted.len() * 48 + self.placed.serialized_size()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn signs_are_in_the_order_of_their_bytes() {
        assert!(SIGNS.is_sorted());
        assert!(BASE.checked_pow(KEPT as u32).is_some());
    }

    proptest! {
        #[test]
        fn places_stand_as_names_do(a in "[ ',a-z?é_Ł\u{0}-\u{7f}]{0,30}", b in "[ ',a-z?é_Ł\u{0}-\u{7f}]{0,30}") {
            if a.as_bytes() < b.as_bytes() {
                prop_assert!(place(&a) <= place(&b), "{a:?} {b:?}");
            }
        }
    }

    proptest! {
        /// Along the names and from all places at once are two ways to one answer; where the one goes on may be a place that
        /// nobody of these has.
        #[test]
        fn both_ways_find_the_same(
            names in prop::collection::vec("[a-c]{1,2}", 1..60),
            among in prop::collection::btree_set(0_u32..60, 0..60),
            most in 1_usize..10,
        ) {
            let mut order = Order::default();
            for (id, name) in (0..).zip(&names) {
                order.set(id, "zz");
                order.set(id, name);
            }
            order.unset(3);
            let among: RoaringBitmap = among.into_iter().collect();
            let all = |way: &dyn Fn(u128) -> (Vec<u32>, Option<u128>)| {
                let (mut all, mut from) = (Vec::new(), Some(0));
                while let Some(here) = from {
                    let (mut ids, next) = way(here);
                    ids.sort_by_key(|id| (order.of(*id), *id));
                    all.extend(ids);
                    from = next;
                }
                all
            };
            let walked = all(&|from| order.walked(&among, from, most, usize::MAX).unwrap());
            prop_assert_eq!(&walked, &all(&|from| order.selected(&among, from, most)));
            prop_assert_eq!(&walked, &all(&|from| order.first(&among, from, most)));
            let again = Order::from(order.places.clone());
            prop_assert_eq!((&again.sorted, &again.placed), (&order.sorted, &order.placed));
        }
    }

    #[test]
    fn the_first_come_with_whoever_shares_their_place() {
        let mut order = Order::default();
        let names = ["vries, jan de", "bakker, an", "vries, an de", "vries, an de", "yilmaz, su"];
        for (id, name) in (1..).zip(names) {
            order.set(id, name);
        }
        let all: RoaringBitmap = (1..=6).collect();
        assert_eq!(order.unplaced(&all).iter().collect::<Vec<_>>(), [6]);
        let page = |order: &Order, from, most| {
            let (mut ids, next) = order.first(&all, from, most);
            ids.sort_unstable();
            (ids, next)
        };
        let (ids, next) = page(&order, 0, 2);
        assert_eq!(ids, [2, 3, 4], "two of one name are not torn apart");
        assert_eq!(page(&order, next.unwrap(), 2), (vec![1, 5], None));
        order.unset(2);
        assert_eq!(page(&order, 0, 2).0, [3, 4]);
    }
}
