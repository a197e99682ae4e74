//! How far two values agree, by kind of field. Pure and symmetric; what is dear is remembered.

use crate::{
    base::{Base, Symbol},
    hash::mix,
    level::Level,
    spec::Kind,
    text,
};

type Side<'a> = (&'a Symbol, &'a str);

/// The level of two values whose texts differ.
fn level(kind: Kind, a: Side<'_>, b: Side<'_>) -> Level {
    match kind {
        Kind::Given => given(a, b),
        Kind::Surname => surname(a, b),
        Kind::Initials => initials(a.1, b.1),
        Kind::Date => date(a.0.number, b.0.number),
        Kind::Id if are_neighbours(a.1, b.1) => Level::Other,
        Kind::Id => code(a.1, b.1, 5),
        Kind::Phone => code(a.1, b.1, 8),
        Kind::Mail => mail(a.1, b.1),
        Kind::Code | Kind::Region => Level::Other,
        Kind::Postcode => postcode(a.1, b.1),
        Kind::Number => number(a, b),
        Kind::Street | Kind::City | Kind::Text => place(a, b),
        Kind::Name => organisation(a, b),
    }
}

fn given(a: Side<'_>, b: Side<'_>) -> Level {
    if a.0.is_initial || b.0.is_initial {
        return if a.0.first == b.0.first { Level::Initial } else { Level::Other };
    }
    if a.0.lines & b.0.lines != 0 || a.0.sound == b.0.sound || share_word(a.1, b.1) {
        Level::CallName
    } else if text::is_close(a.1, b.1) {
        Level::Close
    } else if text::is_alike(a.1, b.1) {
        Level::Alike
    } else {
        Level::Other
    }
}

/// One of several names: "anna maria" and "maria".
fn share_word(a: &str, b: &str) -> bool {
    (a.contains(' ') || b.contains(' '))
        && a.split(' ').any(|word| word.chars().nth(2).is_some() && b.split(' ').any(|other| other == word))
}

fn surname(a: Side<'_>, b: Side<'_>) -> Level {
    if a.0.sound == b.0.sound {
        return Level::Sound;
    }
    // "vandijk" for "van dijk".
    if a.1.contains(' ') != b.1.contains(' ') && a.1.replace(' ', "") == b.1.replace(' ', "") {
        return Level::Sound;
    }
    let (one, other) = (text::joined_core(a.1), text::joined_core(b.1));
    if text::is_close(&one, &other) {
        Level::Close
    } else if share_half(&one, &other) {
        Level::Part
    } else if text::is_alike(&one, &other) {
        Level::Alike
    } else {
        Level::Other
    }
}

/// One half of a double surname, with a slip at most: a maiden name beside a partner's.
fn share_half(a: &str, b: &str) -> bool {
    let shared = |word: &str| {
        word.chars().nth(2).is_some()
            && b.split(' ').any(|other| other == word || text::is_close(other, word))
    };
    (a.contains(' ') || b.contains(' ')) && a.split(' ').any(shared)
}

pub(crate) fn initials(a: &str, b: &str) -> Level {
    match (a.chars().next(), b.chars().next()) {
        (Some(x), Some(y)) if x != y => Level::Other,
        _ if a == b && a.chars().nth(1).is_some() => Level::Exact,
        _ => Level::Initial,
    }
}

fn date(a: u32, b: u32) -> Level {
    let parts = |n: u32| (n / 10_000, n / 100 % 100, n % 100);
    let (one, other) = (parts(a), parts(b));
    let same_year = one.0 == other.0;
    if one.2 == 0 || other.2 == 0 {
        let months = one.1 == other.1 || one.1 == 0 || other.1 == 0;
        return if same_year && months { Level::Year } else { Level::Other };
    }
    if one == (other.0, other.2, other.1) {
        return Level::Turned;
    }
    let digit = |n: u32, place: u32| n / 10_u32.pow(place) % 10;
    let mut off = (0..8).filter(|&place| digit(a, place) != digit(b, place));
    let slip = match (off.next(), off.next(), off.next()) {
        (Some(_), None, _) => true,
        (Some(p), Some(q), None) => q == p + 1 && digit(a, p) == digit(b, q) && digit(a, q) == digit(b, p),
        _ => false,
    };
    if slip {
        Level::Close
    } else if same_year {
        Level::Year
    } else {
        Level::Other
    }
}

fn code(a: &str, b: &str, least: usize) -> Level {
    if a.len().min(b.len()) >= least && text::is_slip(a, b) { Level::Close } else { Level::Other }
}

/// Numbers given out one after another, as to twins or to a class that was entered in one go, are two numbers and not
/// one with a slip.
fn are_neighbours(a: &str, b: &str) -> bool {
    let number = |text: &str| text.parse::<u64>().ok();
    number(a).zip(number(b)).is_some_and(|(a, b)| a.abs_diff(b) < 10)
}

fn mail(a: &str, b: &str) -> Level {
    let local = |mail: &str| mail.split_once('@').map_or(0, |(local, _)| local.len());
    let (x, y) = (local(a), local(b));
    // A local part of "info" or "jan" is many people's.
    if x >= 6 && x == y && a.get(..x) == b.get(..y) {
        Level::Local
    } else if text::is_numbered(a, b) {
        Level::Other
    } else {
        code(a, b, 10)
    }
}

fn postcode(a: &str, b: &str) -> Level {
    if a.len().min(b.len()) >= 4 && text::is_slip(a, b) {
        return Level::Close;
    }
    let same = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    if same >= 4 && a.len().max(b.len()) > 4 || same >= 3 && a.len().max(b.len()) == 4 {
        Level::Area
    } else {
        Level::Other
    }
}

fn number(a: Side<'_>, b: Side<'_>) -> Level {
    let same = a.0.number == b.0.number && a.0.number != 0;
    if same || (a.1.len().min(b.1.len()) >= 2 && text::is_slip(a.1, b.1)) {
        Level::Close
    } else {
        Level::Other
    }
}

fn place(a: Side<'_>, b: Side<'_>) -> Level {
    if text::is_close(a.1, b.1) {
        Level::Close
    } else if text::is_alike(a.1, b.1) {
        Level::Alike
    } else {
        Level::Other
    }
}

fn organisation(a: Side<'_>, b: Side<'_>) -> Level {
    if a.0.sound == b.0.sound {
        return Level::Sound;
    }
    if text::is_close(a.1, b.1) {
        return Level::Close;
    }
    let within = |one: &str, other: &str| {
        one.split(' ').any(|w| w.chars().nth(3).is_some())
            && one.split(' ').all(|w| other.split(' ').any(|o| o == w || text::is_close(o, w)))
    };
    if within(a.1, b.1) || within(b.1, a.1) {
        Level::Part
    } else if text::is_alike(a.1, b.1) {
        Level::Alike
    } else {
        Level::Other
    }
}

/// Whether two texts need no comparing, by what is known of each: the fate of nearly all pairs taken at random.
fn nothing_in_common(kind: Kind, a: &Symbol, b: &Symbol) -> bool {
    match kind {
        Kind::Street | Kind::City | Kind::Text => a.is_far_as_text(b),
        Kind::Given | Kind::Surname | Kind::Name => {
            let named = a.sound == b.sound || a.lines & b.lines != 0 || a.is_initial || b.is_initial;
            !named && a.is_far(b)
        }
        _ => false,
    }
}

/// What was compared before, by one thread. Bounded: a newer pair takes an older one's place, so a million people cost
/// no more memory than a hundred.
pub(crate) struct Memory {
    places: Vec<(u64, u8, Level)>,
}

impl Memory {
    /// For many pairs: about 4 MB.
    pub fn large() -> Self {
        Self { places: vec![(u64::MAX, 0, Level::Missing); 1 << 18] }
    }

    pub fn none() -> Self {
        Self { places: Vec::new() }
    }

    /// The level of two values of a field of this kind. A letter that stands for a given name fits another such letter
    /// no better than a name.
    pub fn level(&mut self, base: &Base, kind: Kind, a: u32, b: u32) -> Level {
        if a == b {
            let initial = kind == Kind::Given && base.symbol(a).0.is_initial;
            return if initial { Level::Initial } else { Level::Exact };
        }
        let (a, b) = (a.min(b), a.max(b));
        let dear =
            matches!(kind, Kind::Given | Kind::Surname | Kind::Street | Kind::City | Kind::Text | Kind::Name);
        let (x, y) = (base.symbol(a), base.symbol(b));
        if dear && nothing_in_common(kind, x.0, y.0) {
            return Level::Other;
        }
        if !dear || self.places.is_empty() {
            return level(kind, x, y);
        }
        let tag = kind as u8;
        let pair = u64::from(a) << 32 | u64::from(b);
        let place = (mix(pair ^ u64::from(tag)) as usize) & (self.places.len() - 1);
        let Some(held) = self.places.get_mut(place) else { return Level::Missing };
        if (held.0, held.1) != (pair, tag) {
            *held = (pair, tag, level(kind, x, y));
        }
        held.2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Field, Spec};

    fn compared(kind: Kind, a: &str, b: &str) -> Level {
        let spec = Spec::new(vec![Field::new("it", kind)]).unwrap();
        let record = |value: &str| spec.record(0, &[("it", value)]).unwrap();
        let base = Base::new(&spec, [record(a), record(b)]).unwrap();
        let (x, y) = (base.value(base.slots(0, 0).start), base.value(base.slots(1, 0).start));
        let found = Memory::none().level(&base, kind, x, y);
        assert_eq!(found, Memory::large().level(&base, kind, y, x), "{a} / {b} the other way round");
        assert!(Level::of(kind).contains(&found), "{found:?} is no level of {kind:?}");
        found
    }

    #[test]
    fn every_level_of_every_kind() {
        use Level::*;
        for (kind, a, b, level) in [
            (Kind::Given, "jan", "jan", Exact),
            (Kind::Given, "j", "j", Initial),
            (Kind::Given, "j", "jan", Initial),
            (Kind::Given, "p", "jan", Other),
            (Kind::Given, "kees", "cornelis", CallName),
            (Kind::Given, "sophie", "sofie", CallName),
            (Kind::Given, "anna maria", "maria", CallName),
            (Kind::Given, "jackson", "jackaon", Close),
            (Kind::Given, "tim", "tom", Other),
            (Kind::Given, "annemarie", "annemiek", Alike),
            (Kind::Surname, "van dijk", "van dijk", Exact),
            (Kind::Surname, "van den berg", "berg", Sound),
            (Kind::Surname, "meijer", "meyer", Sound),
            (Kind::Surname, "van den berg", "vandenberg", Sound),
            (Kind::Surname, "visser", "vissre", Close),
            (Kind::Surname, "de wit-jansen", "jansen", Part),
            (Kind::Surname, "jansen-de wit", "de wit-jansen", Part),
            (Kind::Surname, "bos", "bot", Other),
            (Kind::Initials, "jp", "jp", Exact),
            (Kind::Initials, "jp", "j", Initial),
            (Kind::Initials, "jp", "p", Other),
            (Kind::Date, "2001-04-18", "20010418", Exact),
            (Kind::Date, "2001-04-08", "2001-08-04", Turned),
            (Kind::Date, "2001-04-18", "2011-04-18", Close),
            (Kind::Date, "2001-04-18", "2001-04-81", Close),
            (Kind::Date, "2001-04-18", "2001-05-29", Year),
            (Kind::Date, "2001-04-18", "2001", Year),
            (Kind::Date, "2001-04", "2001-05-29", Other),
            (Kind::Date, "2001-04-18", "1987-05-29", Other),
            (Kind::Id, "401209", "401299", Close),
            (Kind::Id, "401209", "401290", Close),
            (Kind::Id, "401209", "401207", Other),
            (Kind::Id, "401209", "409298", Other),
            (Kind::Mail, "renee.visser@a.example", "renee.visser@b.example", Local),
            (Kind::Mail, "renee.visser@a.example", "renee.vsiser@a.example", Close),
            (Kind::Mail, "renee.visser@a.example", "renee.visser2@a.example", Other),
            (Kind::Mail, "jan@a.example", "jan@bcd.example", Other),
            (Kind::Phone, "+31612345678", "+31612354678", Close),
            (Kind::Phone, "+31612345678", "+31687654321", Other),
            (Kind::Postcode, "1234ab", "1243ab", Close),
            (Kind::Postcode, "1234ab", "1234xy", Area),
            (Kind::Postcode, "2119", "2112", Close),
            (Kind::Postcode, "2119", "4881", Other),
            (Kind::Number, "12a", "12", Close),
            (Kind::Number, "12", "21", Close),
            (Kind::Number, "1", "2", Other),
            (Kind::Street, "agnewstreet", "agnew street", Close),
            (Kind::Street, "kerkstraat", "dorpsweg", Other),
            (Kind::Region, "nsw", "vic", Other),
            (Kind::Name, "bakkerij jansen b.v.", "bakkerij jansen", Exact),
            (Kind::Name, "bakkerij jansen", "bakkerij jansen en zonen", Part),
            (Kind::Name, "garage fisser", "garage visser", Sound),
            (Kind::Name, "garage visser", "apotheek zuid", Other),
        ] {
            assert_eq!(compared(kind, a, b), level, "{kind:?}: {a} / {b}");
        }
    }
}
