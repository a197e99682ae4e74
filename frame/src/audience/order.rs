//! Where everybody stands in a list by name, kept in memory: so that the first fifty of a hundred thousand who fit are found
//! without sorting the hundred thousand in the database, which would fetch a row for each of them.
//!
//! Of each name the beginning is kept as a number that sorts as the name does. Names that begin alike are equal here; who
//! comes first among them, the database says.

use roaring::RoaringBitmap;

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

/// Everybody's place, by number.
#[derive(Clone, Default)]
pub struct Order {
    /// 0 for whoever is not in lists.
    places: Vec<u128>,
}

impl Order {
    pub fn set(&mut self, id: i64, name: &str) {
        let Ok(id) = u32::try_from(id) else { return };
        if self.places.len() <= id as usize {
            self.places.resize(id as usize + 1, 0);
        }
        if let Some(slot) = self.places.get_mut(id as usize) {
            *slot = place(name);
        }
    }

    pub fn unset(&mut self, id: i64) {
        let Ok(id) = u32::try_from(id) else { return };
        if let Some(slot) = self.places.get_mut(id as usize) {
            *slot = 0;
        }
    }

    fn of(&self, id: u32) -> u128 {
        self.places.get(id as usize).copied().unwrap_or(0)
    }

    /// Those among these who have no place here.
    pub fn unplaced(&self, among: &RoaringBitmap) -> RoaringBitmap {
        among.iter().filter(|id| self.of(*id) == 0).collect()
    }

    /// The first `most` among these from a place on, and whoever shares the place of the last of them; with the place from
    /// which to go on, unless these were all.
    pub fn first(&self, among: &RoaringBitmap, from: u128, most: usize) -> (Vec<u32>, Option<u128>) {
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

    /// Bytes in memory.
    pub fn bytes(&self) -> usize {
        self.places.capacity() * size_of::<u128>()
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
