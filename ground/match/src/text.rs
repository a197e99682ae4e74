//! Strings as they are compared: the forms a value is kept in, and the slips of the hand between two.

use std::borrow::Cow;

use crate::spec::Kind;

/// Particles before a Dutch, German, French, Spanish, Portuguese, Italian or Arabic surname. They are left out, written
/// together and abbreviated so often that only what follows is compared.
const PARTICLES: &[&str] = &[
    "van", "von", "vom", "zu", "zur", "de", "den", "der", "des", "du", "da", "di", "do", "dos", "del",
    "della", "la", "le", "les", "het", "t", "s", "d", "te", "ter", "ten", "tot", "op", "in", "aan", "bij",
    "onder", "over", "uit", "voor", "v", "vd", "el", "al", "ait", "ben", "bin", "ibn",
];

/// Legal forms and words that an organisation's name has today and not tomorrow.
const LEGAL: &[&str] = &[
    "bv",
    "nv",
    "vof",
    "cv",
    "ua",
    "ba",
    "stichting",
    "vereniging",
    "cooperatie",
    "cooperatief",
    "maatschap",
    "holding",
    "groep",
    "group",
    "beheer",
    "nederland",
    "the",
    "de",
    "het",
    "en",
    "and",
    "bvba",
    "gmbh",
    "ltd",
    "llc",
    "inc",
    "sa",
    "ag",
    "plc",
    "co",
    "eenmanszaak",
];

/// The form in which a value is kept: words and one space for names and places, nothing but letters and digits for
/// codes, digits for dates; empty when nothing is left.
pub fn normal(kind: Kind, value: &str) -> String {
    match kind {
        Kind::Given | Kind::Surname | Kind::Street | Kind::City | Kind::Text | Kind::Region => words(value),
        Kind::Name => {
            // Dots first, or "b.v." would be two words.
            let all = words(&value.replace('.', ""));
            let kept: Vec<&str> = all.split(' ').filter(|w| !LEGAL.contains(w)).collect();
            if kept.is_empty() { all } else { kept.join(" ") }
        }
        Kind::Date => value.chars().filter(char::is_ascii_digit).take(8).collect(),
        Kind::Mail | Kind::Code => value.chars().filter(|c| !c.is_whitespace()).collect(),
        Kind::Number => house(value),
        Kind::Id | Kind::Phone | Kind::Postcode | Kind::Initials => {
            value.chars().filter(|c| c.is_alphanumeric()).collect()
        }
    }
}

/// A house number with its addition close to it: "12 a" is "12a", but "80-2" stays apart from "802".
fn house(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for word in words(value).split(' ') {
        let digits = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        if digits(out.chars().next_back()) && digits(word.chars().next()) {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

fn words(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        if c.is_alphanumeric() {
            out.push(c);
        } else if c == '\'' || c == '’' {
            // Within a word it is no border: o'neill.
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// A surname without its particles, its words joined by one space.
pub fn joined_core(surname: &str) -> Cow<'_, str> {
    if surname.contains(' ') {
        Cow::Owned(core(surname).collect::<Vec<_>>().join(" "))
    } else {
        Cow::Borrowed(surname)
    }
}

/// A surname without its particles; the whole of it when nothing else is there.
pub fn core(surname: &str) -> impl Iterator<Item = &str> {
    let all_particles = surname.split(' ').all(|w| PARTICLES.contains(&w));
    surname.split(' ').filter(move |w| all_particles || !PARTICLES.contains(w))
}

/// A date as yyyymmdd; month and day are 0 when only the year is known. `None` is no date.
pub fn date(digits: &str) -> Option<u32> {
    let number: u32 = digits.parse().ok()?;
    match digits.len() {
        8 => Some(number),
        6 => Some(number * 100),
        4 => Some(number * 10_000),
        _ => None,
    }
}

/// The leading digits of a house number; 0 when there are none.
pub fn leading(number: &str) -> u32 {
    number.chars().map_while(|c| c.to_digit(10)).fold(0, |n, d| (n.saturating_mul(10)).saturating_add(d))
}

/// One letter more, less or other, or two neighbours that changed places: an optimal string alignment of at most 1.
/// Written out since it runs for most pairs of unequal codes, without memory of its own, and `strsim` has no bound.
pub fn is_slip(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return one_apart(a.as_bytes(), b.as_bytes());
    }
    one_apart(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>())
}

fn one_apart<T: PartialEq>(a: &[T], b: &[T]) -> bool {
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (a.get(start..).unwrap_or_default(), b.get(start..).unwrap_or_default());
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    match (a.get(..a.len() - end).unwrap_or_default(), b.get(..b.len() - end).unwrap_or_default()) {
        ([] | [_], [] | [_]) => true,
        ([one, two], other) => matches!(other, [first, second] if one == second && two == first),
        _ => false,
    }
}

/// A slip in a word of four letters or more; two in eight, three in fourteen. In a word of three another letter makes
/// another word (Tim and Tom), but a letter too many or two that changed places do not.
pub fn is_close(a: &str, b: &str) -> bool {
    let (one, other) = (a.chars().count(), b.chars().count());
    let shorter = one.min(other);
    if shorter == 3 {
        let changed = a.chars().zip(b.chars()).filter(|(x, y)| x != y).count();
        return (one != other || changed == 2) && is_slip(a, b);
    }
    if shorter < 3 {
        return false;
    }
    if is_slip(a, b) {
        return true;
    }
    let bound = match shorter {
        0..8 => return false,
        8..14 => 2,
        _ => 3,
    };
    // Each slip changes two letters of the bag at most, so most pairs need no table.
    let bags = bag(a) ^ bag(b);
    bags.count_ones() as usize <= 2 * bound
        && a.len().abs_diff(b.len()) <= 4 * bound
        && strsim::osa_distance(a, b) <= bound
}

/// Which letters a text has: one bit for each of a to z and 0 to 9, the rest shared; the highest when it is not ASCII.
pub fn bag(text: &str) -> u64 {
    text.bytes().fold(0, |bag, byte| match byte {
        b'a'..=b'z' => bag | 1 << (byte - b'a'),
        b'0'..=b'9' => bag | 1 << (26 + byte - b'0'),
        0x80.. => bag | 1 << 63 | 1 << (36 + byte % 27),
        _ => bag | 1 << (36 + byte % 27),
    })
}

/// Whether one mail address is the other's with a number behind its local part, as in "jan.bos2@" or "jan.bos.2@": what
/// an administrator or a provider hands to the second bearer of a name. A longer number than two digits, or a digit
/// behind a digit, is no such thing.
pub fn is_numbered(a: &str, b: &str) -> bool {
    let (Some((one, domain)), Some((other, at))) = (a.split_once('@'), b.split_once('@')) else {
        return false;
    };
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let Some(rest) = long.strip_prefix(short).filter(|_| domain == at && !short.is_empty()) else {
        return false;
    };
    let number = rest.trim_start_matches(['.', '-', '_']);
    let apart = number.len() < rest.len() || !short.ends_with(|c: char| c.is_ascii_digit());
    apart && (1..=2).contains(&number.len()) && number.bytes().all(|c| c.is_ascii_digit())
}

/// Jaro–Winkler of 0.88 and more. Below it, unrelated Dutch surnames begin to look alike.
pub fn is_alike(a: &str, b: &str) -> bool {
    (!a.is_ascii() || !b.is_ascii() || may_be_alike((a.len(), bag(a)), (b.len(), bag(b))))
        && strsim::jaro_winkler(a, b) >= 0.88
}

/// Whether two texts, known by their lengths and bags, can be alike at all. The prefix adds at most 0.4 of what Jaro
/// lacks, so Jaro must be 0.8 and the letters in common, as parts of each text, 1.4 together; a letter that the other
/// lacks is not in common.
fn may_be_alike((len_a, bag_a): (usize, u64), (len_b, bag_b): (usize, u64)) -> bool {
    let part = |letters: usize, own: u64, other: u64| {
        (letters as f64 - f64::from((own & !other).count_ones())) / letters.max(1) as f64
    };
    part(len_a, bag_a, bag_b) + part(len_b, bag_b, bag_a) >= 1.4
}

/// Whether two texts are certainly neither close nor alike; cheap, for the many pairs that have nothing in common.
pub fn are_far((len_a, bag_a): (usize, u64), (len_b, bag_b): (usize, u64)) -> bool {
    const SLIPS: u32 = 3;
    (bag_a ^ bag_b).count_ones() > 2 * SLIPS && !may_be_alike((len_a, bag_a), (len_b, bag_b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_kept_in_one_form() {
        for (kind, value, kept) in [
            (Kind::Surname, "de wit-jansen", "de wit jansen"),
            (Kind::Surname, "o'neill", "oneill"),
            (Kind::Name, "stichting de zon b.v.", "zon"),
            (Kind::Name, "holding bv", "holding bv"),
            (Kind::Postcode, "1234 ab", "1234ab"),
            (Kind::Date, "2001-04-18", "20010418"),
            (Kind::Number, "80-2", "80 2"),
            (Kind::Number, "80 bis", "80bis"),
            (Kind::Mail, " a@b.example ", "a@b.example"),
            (Kind::Street, " - ", ""),
        ] {
            assert_eq!(normal(kind, value), kept, "{value}");
        }
        assert_eq!(core("van den berg").collect::<Vec<_>>(), ["berg"]);
        assert_eq!(core("de").collect::<Vec<_>>(), ["de"]);
        assert_eq!((date("2001"), date("20010418"), date("201")), (Some(20_010_000), Some(20_010_418), None));
        assert_eq!((leading("12a"), leading("b")), (12, 0));
    }

    #[test]
    fn a_number_behind_a_mail_address_is_somebody_else() {
        for (a, b, numbered) in [
            ("jan.bos@a.example", "jan.bos2@a.example", true),
            ("jan.bos123@a.example", "jan.bos123.2@a.example", true),
            ("jan.bos@a.example", "jan.bos.12@a.example", true),
            ("jan.bos@a.example", "jan.bos2@b.example", false),
            ("jan.bos12@a.example", "jan.bos123@a.example", false),
            ("jan.bos@a.example", "jan.bos1987@a.example", false),
            ("jan.bos@a.example", "jan.bos@a.example", false),
            ("jan.bos", "jan.bos2", false),
        ] {
            assert_eq!((is_numbered(a, b), is_numbered(b, a)), (numbered, numbered), "{a} {b}");
        }
    }

    #[test]
    fn slips_of_the_hand() {
        for (a, b, slip) in [
            ("jansen", "janssen", true),
            ("jansen", "jansne", true),
            ("jansen", "jensen", true),
            ("çelik", "çeilk", true),
            ("jansen", "jansen", true),
            ("jansen", "hansne", false),
            ("jansen", "jan", false),
            ("abcd", "badc", false),
        ] {
            assert_eq!(is_slip(a, b), slip, "{a} {b}");
            assert_eq!(is_slip(b, a), slip, "{b} {a}");
        }
        assert!(is_close("goldsworthy", "goldsworpth") && !is_close("bos", "bot"));
        assert!(is_close("sam", "sma") && is_close("joh", "john") && !is_close("tim", "tom"));
        assert!(!is_close("bakker", "becker") && is_alike("marinus", "marinos"));
    }
}
