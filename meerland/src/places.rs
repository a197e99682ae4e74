use crate::{
    dice::{Dice, chosen},
    name_lists::{AREAS, Area, STREETS},
    people::Address,
};

/// Pairs of letters of a postcode; SA, SD and SS are not given out in the Netherlands.
const LETTERS: &[u8] = b"ABCDEFGHJKLMNPRTVWXZ";

/// An address about so many kilometres from Meerland.
pub(crate) fn address(dice: &Dice, km: f64) -> Address {
    // Areas are few far away and many near by; a step of one or two keeps a distance from being one town.
    let nearest = AREAS.partition_point(|a| f64::from(a.3) < km).min(AREAS.len() - 1);
    let at = nearest.saturating_add_signed(dice.between(-1, 1) as isize).min(AREAS.len() - 1);
    let Area(first, run, city, _) = chosen(AREAS, at);
    let letter = || char::from(*dice.pick(LETTERS));
    let pair = loop {
        let pair = [letter(), letter()];
        if !matches!(pair, ['S', 'A' | 'D' | 'S']) {
            break pair;
        }
    };
    let number = first + dice.below(usize::from(*run)) as u16;
    Address {
        street: dice.word(STREETS),
        number: 1 + dice.below(240) as u16,
        addition: dice.word(&["", "", "", "", "", "", "a", "b", "bis", "2", "hs", "III"]),
        postcode: format!("{number} {}{}", pair[0], pair[1]),
        city,
        country: "NL",
        valid: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postcodes_are_well_formed_and_far_is_far() {
        let dice = Dice::of(3, "places");
        for _ in 0..2_000 {
            let a = address(&dice, 9.0);
            let bytes = a.postcode.as_bytes();
            assert!(
                bytes.len() == 7 && bytes[..4].iter().all(u8::is_ascii_digit) && bytes[4] == b' ',
                "{}",
                a.postcode
            );
        }
        assert!(["Venlo", "Middelburg", "Maastricht"].contains(&address(&dice, 400.0).city));
    }
}
