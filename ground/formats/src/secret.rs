//! Numbers that must not come in. A national number (BSN) is dropped from any text, since Kring has no ground to
//! hold one; a bank account is masked, since a note is no place for it.

use iban::Iban;

/// Where text comes from decides how sure a detector must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Remarks, names, whatever: nine digits that pass the test are a national number.
    Free,
    /// Numbers of other kinds stand here (phones, relation numbers); only a word beside it gives one away.
    Numbers,
    /// The column of national numbers itself: everything goes.
    Forbidden,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scrubbed {
    pub bsn: i64,
    pub iban: i64,
}

/// What stands where a number was.
const GONE: &str = "[…]";

/// Takes such numbers out of a cell and counts them.
pub fn scrub(cell: &mut String, place: Place) -> Scrubbed {
    let mut found = Scrubbed::default();
    if !cell.bytes().any(|b| b.is_ascii_digit()) {
        return found;
    }
    if place == Place::Forbidden {
        found.bsn = 1;
        cell.clear();
        return found;
    }
    found.iban = mask_ibans(cell);
    let groups = digit_groups(cell);
    let mut cut: Vec<(usize, usize)> = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        // Written in one, or in groups with one sign between: 111222333, 111.222.333, 1112 22 333.
        let mut digits = String::new();
        let mut end = at;
        while let Some(next) = groups.get(end) {
            let joined =
                end == at || groups.get(end - 1).is_some_and(|before| is_joint(cell, before.1, next.0));
            if !joined || digits.len() + (next.1 - next.0) > 9 {
                break;
            }
            digits.push_str(cell.get(next.0..next.1).unwrap_or_default());
            end += 1;
            let span = (group.0, next.1);
            if !matches!(digits.len(), 8 | 9) || !passes(&digits) {
                continue;
            }
            let whole = end == at + 1;
            // Groups that go on before or after are a longer number: a phone, mostly.
            let goes_on = groups.get(end).is_some_and(|n| is_joint(cell, span.1, n.0))
                || (at > 0 && groups.get(at - 1).is_some_and(|b| is_joint(cell, b.1, span.0)));
            let dialled = cell.get(..span.0).is_some_and(|before| before.ends_with('+'));
            let lettered = cell.get(..span.0).is_some_and(|b| b.ends_with(char::is_alphabetic));
            let alone = cell.trim().len() == span.1 - span.0;
            let sure = match place {
                Place::Free if digits.len() == 9 => (whole || !goes_on) && !dialled && !lettered,
                Place::Free => alone,
                Place::Numbers | Place::Forbidden => false,
            };
            if sure || is_named(cell, span) {
                cut.push(span);
                break;
            }
        }
    }
    cut.dedup_by(|b, a| b.0 < a.1);
    for (from, to) in cut.iter().rev() {
        cell.replace_range(from..to, GONE);
    }
    found.bsn = cut.len() as i64;
    found
}

/// Whether a value as a whole is a national number.
pub fn is_bsn(value: &str) -> bool {
    let digits: String = value.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).collect();
    digits.bytes().all(|b| b.is_ascii_digit()) && passes(&digits)
}

/// The eleven test: nine digits weighed 9 to 2 and −1 (with a leading zero for eight) make a multiple of eleven.
pub(crate) fn passes(digits: &str) -> bool {
    if !matches!(digits.len(), 8 | 9) {
        return false;
    }
    let weighed =
        digits.bytes().rev().zip([-1, 2, 3, 4, 5, 6, 7, 8, 9]).map(|(b, w)| i32::from(b - b'0') * w);
    let sum: i32 = weighed.sum();
    sum % 11 == 0 && digits.bytes().any(|b| b != b'0')
}

/// Where runs of digits begin and end, in bytes.
fn digit_groups(text: &str) -> Vec<(usize, usize)> {
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for (at, byte) in text.bytes().enumerate().filter(|(_, b)| b.is_ascii_digit()) {
        let _ = byte;
        match groups.last_mut() {
            Some(last) if last.1 == at => last.1 = at + 1,
            _ => groups.push((at, at + 1)),
        }
    }
    groups
}

fn is_joint(text: &str, from: usize, to: usize) -> bool {
    matches!(text.get(from..to), Some(" " | "." | "-"))
}

/// Whether a word shortly before or after says what the number is.
fn is_named(text: &str, (from, to): (usize, usize)) -> bool {
    const NEAR: usize = 32;
    let start = text.floor_char_boundary(from.saturating_sub(NEAR));
    let end = text.ceil_char_boundary((to + NEAR).min(text.len()));
    let around = text.get(start..end).unwrap_or_default().to_lowercase();
    ["bsn", "sofi", "burgerservice", "burger service"].iter().any(|word| around.contains(word))
}

/// Lengths of bank account numbers by country, of those one meets in the Netherlands.
const IBANS: [(&str, usize); 24] = [
    ("AT", 20),
    ("BE", 16),
    ("BG", 22),
    ("CH", 21),
    ("CZ", 24),
    ("DE", 22),
    ("DK", 18),
    ("ES", 24),
    ("FI", 18),
    ("FR", 27),
    ("GB", 22),
    ("GR", 27),
    ("HU", 28),
    ("IE", 22),
    ("IT", 27),
    ("LT", 20),
    ("LU", 20),
    ("NL", 18),
    ("NO", 15),
    ("PL", 28),
    ("PT", 25),
    ("RO", 24),
    ("SE", 24),
    ("TR", 26),
];

fn mask_ibans(cell: &mut String) -> i64 {
    let mut masked = 0;
    let mut from = 0;
    while let Some((start, end)) = next_iban(cell, from) {
        let country = cell.get(start..start + 2).unwrap_or_default().to_uppercase();
        let tail: String =
            cell.get(start..end).unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
        let tail = tail.get(tail.len().saturating_sub(4)..).unwrap_or_default().to_owned();
        let mask = format!("{country}••••{tail}");
        cell.replace_range(start..end, &mask);
        from = start + mask.len();
        masked += 1;
    }
    masked
}

fn next_iban(text: &str, from: usize) -> Option<(usize, usize)> {
    let starts = text.char_indices().filter(|(at, c)| {
        *at >= from
            && c.is_ascii_alphabetic()
            && !text.get(..*at).is_some_and(|b| b.ends_with(|c: char| c.is_alphanumeric()))
    });
    for (start, _) in starts {
        let Some(country) = text.get(start..start + 2).map(str::to_uppercase) else { continue };
        let Some((_, length)) = IBANS.iter().find(|(code, _)| *code == country) else { continue };
        let (mut bare, mut end) = (String::with_capacity(*length), start);
        for c in text.get(start..).unwrap_or_default().chars() {
            if bare.len() == *length || !(c.is_ascii_alphanumeric() || matches!(c, ' ' | '.')) {
                break;
            }
            if c.is_ascii_alphanumeric() {
                bare.push(c.to_ascii_uppercase());
            }
            end += c.len_utf8();
        }
        let ends = !text.get(end..).is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric()));
        if bare.len() == *length && ends && is_iban(&bare) {
            return Some((start, end));
        }
    }
    None
}

/// The library knows the length and the make-up of each country's numbers beside the checksum (ISO 13616).
fn is_iban(bare: &str) -> bool {
    bare.parse::<Iban>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scrubbed(text: &str, place: Place) -> (String, i64, i64) {
        let mut cell = text.to_owned();
        let found = scrub(&mut cell, place);
        (cell, found.bsn, found.iban)
    }

    #[test]
    fn national_numbers_go_and_other_numbers_stay() {
        for (text, left, count) in [
            ("BSN 111222333 genoteerd door balie", "BSN […] genoteerd door balie", 1),
            ("bsn: 111.222.333", "bsn: […]", 1),
            ("111222333", "[…]", 1),
            ("belt na 16:00 111222333 !", "belt na 16:00 […] !", 1),
            ("sofinummer 12345672", "sofinummer […]", 1),
            ("BSN111222333", "BSN[…]", 1),
            ("111222333 en 123456782", "[…] en […]", 2),
            ("111222334", "111222334", 0),
            ("+31612345678", "+31612345678", 0),
            ("06-12345678", "06-12345678", 0),
            ("19980401 geboren", "19980401 geboren", 0),
            ("000000000", "000000000", 0),
            ("geen cijfers", "geen cijfers", 0),
        ] {
            assert_eq!(scrubbed(text, Place::Free), (left.to_owned(), count, 0), "{text}");
        }
        assert_eq!(
            scrubbed("111222333", Place::Numbers).1,
            0,
            "a relation number may pass the test by chance"
        );
        assert_eq!(scrubbed("111222333 (BSN)", Place::Numbers).1, 1);
        assert_eq!(scrubbed("anything 1", Place::Forbidden), (String::new(), 1, 0));
    }

    #[test]
    fn bank_accounts_are_masked() {
        for (text, left) in [
            ("NL91ABNA0417164300", "NL••••4300"),
            ("rek. NL91 ABNA 0417 1643 00 graag", "rek. NL••••4300 graag"),
            ("nl91abna0417164300;BE68539007547034", "NL••••4300;BE••••7034"),
            ("NL92ABNA0417164300", "NL92ABNA0417164300"),
            ("SNL91ABNA0417164300", "SNL91ABNA0417164300"),
        ] {
            assert_eq!(scrubbed(text, Place::Free).0, left, "{text}");
        }
    }
}
