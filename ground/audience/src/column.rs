//! A number, a day or a code for each row of a shard, in as few bytes as its values need.

use serde::{Deserialize, Serialize};

use crate::bits::{Bits, SHARD};

/// Two bytes a row while all values lie within 65,535 of each other, as scores, years, days and codes do; eight from
/// the first value on that does not fit.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) enum Column {
    #[default]
    Empty,
    /// 0 is no value, else `value - base + 1`.
    Narrow {
        base: i64,
        slots: Vec<u16>,
    },
    Wide(Vec<Option<i64>>),
}

impl Column {
    pub fn get(&self, row: u16) -> Option<i64> {
        match self {
            Self::Empty => None,
            Self::Narrow { base, slots } => match slots.get(usize::from(row)) {
                None | Some(0) => None,
                Some(slot) => Some(base + (i64::from(*slot) - 1)),
            },
            Self::Wide(values) => values.get(usize::from(row)).copied().flatten(),
        }
    }

    pub fn set(&mut self, row: u16, value: Option<i64>) {
        if let (Self::Empty, Some(value)) = (&*self, value) {
            // Codes and scores start near nought: a base of nought keeps all of them; days and large numbers get as
            // much room below as above.
            let base = if (0..32_768).contains(&value) { 0 } else { value.saturating_sub(32_767) };
            *self = Self::Narrow { base, slots: vec![0; SHARD as usize] };
        }
        if let Self::Narrow { base, slots } = self {
            let slot = match value {
                None => Some(0),
                Some(value) => value
                    .checked_sub(*base)
                    .and_then(|from| u16::try_from(from).ok())
                    .and_then(|slot| slot.checked_add(1)),
            };
            match slot {
                Some(slot) => {
                    if let Some(place) = slots.get_mut(usize::from(row)) {
                        *place = slot;
                    }
                    return;
                }
                None => self.widen(),
            }
        }
        if let Self::Wide(values) = self
            && let Some(place) = values.get_mut(usize::from(row))
        {
            *place = value;
        }
    }

    fn widen(&mut self) {
        *self = Self::Wide((0..SHARD).map(|row| self.get(row as u16)).collect());
    }

    /// The rows with a value from `from` to `to`, both included.
    pub fn range(&self, from: i64, to: i64, out: &mut Bits) {
        match self {
            Self::Empty => out.clear(),
            Self::Narrow { base, slots } => {
                let last = base.saturating_add(i64::from(u16::MAX) - 1);
                if from > to || to < *base || from > last {
                    return out.clear();
                }
                let low = (from.max(*base) - base) as u16 + 1;
                let span = (to.min(last) - base) as u16 + 1 - low;
                out.fill(slots, |slot| slot.wrapping_sub(low) <= span);
            }
            Self::Wide(values) => {
                out.fill(values, |value| value.is_some_and(|value| (from..=to).contains(&value)));
            }
        }
    }

    pub fn known(&self, out: &mut Bits) {
        match self {
            Self::Empty => out.clear(),
            Self::Narrow { slots, .. } => out.fill(slots, |slot| slot != 0),
            Self::Wide(values) => out.fill(values, |value| value.is_some()),
        }
    }

    pub fn bytes(&self) -> usize {
        match self {
            Self::Empty => 0,
            Self::Narrow { slots, .. } => slots.capacity() * 2,
            Self::Wide(values) => values.capacity() * 16,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(column: &Column, from: i64, to: i64) -> Vec<u16> {
        let mut bits = Bits::new();
        column.range(from, to, &mut bits);
        bits.rows().collect()
    }

    #[test]
    fn a_column_widens_when_a_value_does_not_fit() {
        for first in [-9_i64, 0, 500, 40_000, i64::MAX, i64::MIN] {
            let mut column = Column::default();
            column.set(3, Some(first));
            column.set(9, None);
            assert_eq!((column.get(3), column.get(9)), (Some(first), None));
            assert_eq!(range(&column, i64::MIN, i64::MAX), [3]);
            assert_eq!(range(&column, first, first), [3]);
            column.set(70, Some(i64::MAX - 5));
            column.set(71, Some(i64::MIN + 5));
            assert_eq!(column.get(3), Some(first));
            assert_eq!(range(&column, i64::MAX - 5, i64::MAX - 5), [70]);
            assert_eq!(range(&column, i64::MIN + 5, i64::MIN + 5), [71]);
            column.set(3, None);
            assert_eq!(column.get(3), None);
        }
    }

    #[test]
    fn the_ends_of_a_range_belong_to_it() {
        let mut column = Column::default();
        for row in 0..1_000 {
            column.set(row, Some(i64::from(row)));
        }
        assert_eq!(range(&column, 10, 12), [10, 11, 12]);
        assert_eq!(range(&column, -5, 1), [0, 1]);
        assert_eq!(range(&column, 998, 70_000), [998, 999]);
        assert!(range(&column, 12, 10).is_empty());
    }
}
