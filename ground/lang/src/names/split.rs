use super::fold::is_apostrophe;

/// What a full name falls apart into; an empty part was not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameParts {
    /// First names in full; a mononym stands here.
    pub given: String,
    /// "J.P.", when only initials were written.
    pub initials: String,
    pub prefix: String,
    pub surname: String,
}

/// Words a Dutch surname prefix is made of, in any combination ("van der", "op 't", "von und zu").
const PREFIXES: [&str; 42] = [
    "a", "aan", "af", "auf", "bij", "d'", "da", "dal", "de", "del", "della", "dem", "den", "der", "des",
    "di", "die", "do", "dos", "du", "el", "het", "in", "la", "las", "le", "les", "los", "op", "over", "'s",
    "'t", "te", "ten", "ter", "tot", "uit", "van", "vom", "von", "voor", "zu",
];
/// More of them that only ever follow another.
const FOLLOWERS: [&str; 3] = ["und", "l'", "zum"];

/// Particles that, written with a capital, belong to the surname itself and are kept so: "El Hamdaoui".
const PARTICLES: [&str; 24] = [
    "abd", "abdel", "abu", "aït", "al", "bel", "ben", "bin", "bint", "da", "de", "del", "den", "der", "di",
    "dos", "el", "la", "le", "mac", "ould", "van", "von", "o'",
];

/// Takes a full name apart as it stands in lists: "Jan de Vries", "Vries, Jan de", "de Vries, Jan",
/// "JAN DE VRIES", "J.P. Bakker", "Suharto". A prefix is recognised in lower case only, so that "El
/// Hamdaoui" and the Belgian "De Smet" keep their capital as part of the surname; a name all in capitals
/// was written by a machine, and gets its small letters back.
pub fn split_full_name(full: &str) -> NameParts {
    let shouted = is_shouted(full);
    let words = |part: &str| -> Vec<String> {
        part.split_whitespace().map(|w| if shouted { spoken(w) } else { w.to_owned() }).collect()
    };
    let sections: Vec<Vec<String>> = full.split(',').map(words).filter(|s| !s.is_empty()).collect();
    let mut parts = match sections.as_slice() {
        [] => return NameParts::default(),
        [one] => in_reading_order(one),
        // "Vries, de, Jan"
        [surname, prefix, first, ..] if all_prefix(prefix) => {
            NameParts { prefix: prefix.join(" "), ..surname_first(surname, first) }
        }
        [surname, first, ..] => surname_first(surname, first),
    };
    loosen_elision(&mut parts);
    if is_initials(&parts.given) {
        parts.initials = std::mem::take(&mut parts.given);
    }
    parts
}

/// The prefix and the main word of what stands in a surname column: "van den Berg" → ("van den", "Berg").
pub fn split_surname(surname: &str) -> (String, String) {
    let parts = split_full_name(&format!("{surname}, -"));
    (parts.prefix, parts.surname)
}

fn in_reading_order(words: &[String]) -> NameParts {
    let of = |given: &[String], prefix: &[String], surname: &[String]| NameParts {
        given: given.join(" "),
        initials: String::new(),
        prefix: prefix.join(" "),
        surname: surname.join(" "),
    };
    // The first prefix with something after it divides the name; a prefix at the start has no first name.
    for start in 0..words.len() {
        let (before, rest) = words.split_at(start);
        let (prefix, surname) = rest.split_at(leading_prefixes(rest));
        if !prefix.is_empty() && !surname.is_empty() {
            return of(before, prefix, surname);
        }
        if start > 0 && rest.len() > 1 && rest.first().is_some_and(|w| starts_surname(w)) {
            return of(before, &[], rest);
        }
    }
    match words {
        [] => NameParts::default(),
        [only] => of(std::slice::from_ref(only), &[], &[]),
        [given @ .., surname] => of(given, &[], std::slice::from_ref(surname)),
    }
}

fn surname_first(surname: &[String], first: &[String]) -> NameParts {
    // "de Vries, Jan", "Vries de, Jan" or "Vries, Jan de": the prefix stands in one of three places.
    let (before, main) = surname.split_at(leading_prefixes(surname));
    let (main, after) = main.split_at(main.len() - trailing_prefixes(main));
    let (given, last) = first.split_at(first.len() - trailing_prefixes(first));
    let prefix = [before, after, last].into_iter().find(|p| !p.is_empty()).unwrap_or_default();
    NameParts {
        given: given.join(" "),
        initials: String::new(),
        prefix: prefix.join(" "),
        surname: main.join(" "),
    }
}

/// How many words at the start are prefix, leaving at least one for the surname.
fn leading_prefixes(words: &[String]) -> usize {
    let count =
        words.iter().enumerate().take_while(|(i, w)| is_prefix(w) || (*i > 0 && is_follower(w))).count();
    count.min(words.len().saturating_sub(1))
}

fn trailing_prefixes(words: &[String]) -> usize {
    let count = words.iter().rev().take_while(|w| is_prefix(w) || is_follower(w)).count();
    count.min(words.len().saturating_sub(1))
}

/// A particle with a capital, the first half of a double name ("Jansen-de" before "Wit"), the first of two
/// Spanish surnames ("Martínez López"), or the first word of an eastern Dutch one ("Oude Kempers").
fn starts_surname(word: &str) -> bool {
    let small = word.to_lowercase();
    PARTICLES.contains(&small.as_str())
        || matches!(small.as_str(), "oude" | "nieuwe" | "klein" | "groot" | "grote")
        || (small.ends_with("ez") && small.chars().count() > 5)
        || word.rsplit_once('-').is_some_and(|(head, tail)| !head.is_empty() && is_prefix(tail))
}

fn all_prefix(words: &[String]) -> bool {
    words.iter().all(|w| is_prefix(w))
}

/// Whether this word, folded, is what Dutch surname prefixes are made of: by itself it hardly tells who is meant.
pub fn is_particle(word: &str) -> bool {
    word.len() > 1 && (PREFIXES.contains(&word) || PARTICLES.contains(&word))
}

fn is_prefix(word: &str) -> bool {
    PREFIXES.contains(&straight(word).as_str())
}

fn is_follower(word: &str) -> bool {
    FOLLOWERS.contains(&straight(word).as_str())
}

/// The word with a plain apostrophe, for comparing only; the person's own stays in the name.
fn straight(word: &str) -> String {
    word.chars().map(|c| if is_apostrophe(c) { '\'' } else { c }).collect()
}

/// "d'Ancona" is a prefix and a surname without a space between; the Irish "O'Neill" is one word.
fn loosen_elision(parts: &mut NameParts) {
    let Some(at) = parts.surname.find(is_apostrophe) else { return };
    let (head, tail) = parts.surname.split_at(at);
    let mut tail = tail.chars();
    let Some(mark) = tail.next() else { return };
    if matches!(head, "d" | "l") && tail.as_str().starts_with(char::is_uppercase) {
        let elided = format!("{head}{mark}");
        parts.prefix = if parts.prefix.is_empty() { elided } else { format!("{} {elided}", parts.prefix) };
        parts.surname = tail.as_str().to_owned();
    }
}

/// Nothing but single letters with dots: "J.", "J.P.", "A. B.", "Th.".
fn is_initials(text: &str) -> bool {
    text.ends_with('.')
        && text.split(['.', ' ']).all(|bit| bit.chars().count() <= 2 && bit.chars().all(char::is_alphabetic))
}

/// All in capitals, with at least one word longer than initials are.
fn is_shouted(text: &str) -> bool {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    letters().any(char::is_uppercase)
        && !letters().any(char::is_lowercase)
        && text.split(|c: char| !c.is_alphabetic()).any(|w| w.chars().count() > 2)
}

/// A shouted word in its usual letters: prefixes small, names with a capital, also after a dash or an
/// apostrophe, and the Dutch IJ with two.
fn spoken(word: &str) -> String {
    let small = word.to_lowercase();
    // A particle that is not also a Dutch prefix keeps a capital, as its bearers mostly write it.
    if is_prefix(&small) && !matches!(small.as_str(), "el" | "la" | "le" | "las" | "los") {
        return small;
    }
    if word.contains('.') {
        return word.to_owned();
    }
    let mut out = String::with_capacity(word.len());
    for part in small.split_inclusive(|c: char| c == '-' || is_apostrophe(c)) {
        // "'T HART" and "D'ANCONA" keep their small letter, as does a prefix after a dash.
        if (part.ends_with(is_apostrophe) && matches!(part.chars().next(), Some('d' | 'l')))
            || (out.ends_with(is_apostrophe) && matches!(part, "t" | "s"))
            || (out.ends_with('-') && is_prefix(part))
        {
            out.push_str(part);
        } else if let Some(rest) = part.strip_prefix("ij") {
            out.push_str("IJ");
            out.push_str(rest);
        } else {
            let mut chars = part.chars();
            out.extend(chars.next().into_iter().flat_map(char::to_uppercase));
            out.push_str(chars.as_str());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(given: &str, prefix: &str, surname: &str) -> NameParts {
        NameParts {
            given: given.into(),
            initials: String::new(),
            prefix: prefix.into(),
            surname: surname.into(),
        }
    }

    #[test]
    fn names_fall_apart_as_people_write_them() {
        for (full, given, prefix, surname) in [
            ("Jan de Vries", "Jan", "de", "Vries"),
            ("Vries, Jan de", "Jan", "de", "Vries"),
            ("de Vries, Jan", "Jan", "de", "Vries"),
            ("Vries de, Jan", "Jan", "de", "Vries"),
            ("Vries, de, Jan", "Jan", "de", "Vries"),
            ("JAN DE VRIES", "Jan", "de", "Vries"),
            ("VRIES, JAN DE", "Jan", "de", "Vries"),
            ("  Imane   van der Ven ", "Imane", "van der", "Ven"),
            ("Veld, Omar op 't", "Omar", "op 't", "Veld"),
            ("Eva ’t Hart", "Eva", "’t", "Hart"),
            ("EVA 'T HART", "Eva", "'t", "Hart"),
            ("Karel van 't Hof", "Karel", "van 't", "Hof"),
            ("Piet in 't Veld", "Piet", "in 't", "Veld"),
            ("Nguyễn von Ahlefeld", "Nguyễn", "von", "Ahlefeld"),
            ("Hedy d'Ancona", "Hedy", "d'", "Ancona"),
            ("HEDY D'ANCONA", "Hedy", "d'", "Ancona"),
            ("Luuk O'Neill", "Luuk", "", "O'Neill"),
            ("LUUK O'NEILL", "Luuk", "", "O'Neill"),
            ("María El Hamdaoui", "María", "", "El Hamdaoui"),
            ("MARÍA EL HAMDAOUI", "María", "", "El Hamdaoui"),
            ("El Hamdaoui, María", "María", "", "El Hamdaoui"),
            ("Jan De Smet", "Jan", "", "De Smet"),
            ("IJsbrand van den Berg", "IJsbrand", "van den", "Berg"),
            ("IJSBRAND IJZERMAN", "IJsbrand", "", "IJzerman"),
            ("Joost de Wit-Jansen", "Joost", "de", "Wit-Jansen"),
            ("Els Jansen-de Wit", "Els", "", "Jansen-de Wit"),
            ("JOOST JANSEN-DE WIT", "Joost", "", "Jansen-de Wit"),
            ("Jan Willem Bakker", "Jan Willem", "", "Bakker"),
            ("Sara Шевченко", "Sara", "", "Шевченко"),
            ("EMMA OUDE KEMPERS", "Emma", "", "Oude Kempers"),
            ("Joost Martínez López", "Joost", "", "Martínez López"),
            ("de Vries", "", "de", "Vries"),
            ("Suharto", "Suharto", "", ""),
            ("SUHARTO", "Suharto", "", ""),
            ("王小明", "王小明", "", ""),
            ("", "", "", ""),
            (" , ", "", "", ""),
        ] {
            assert_eq!(split_full_name(full), parts(given, prefix, surname), "{full}");
        }
    }

    #[test]
    fn initials_are_not_a_first_name() {
        let jp = split_full_name("J.P. van der Bakker");
        assert_eq!((jp.initials.as_str(), jp.given.as_str(), jp.prefix.as_str()), ("J.P.", "", "van der"));
        assert_eq!(split_full_name("Vries, Th. de").initials, "Th.");
        assert_eq!(split_full_name("Vries, J. P. de").initials, "J. P.");
    }

    #[test]
    fn a_surname_column_may_hold_the_prefix() {
        for (column, prefix, surname) in [
            ("van den Berg", "van den", "Berg"),
            ("Berg, van den", "van den", "Berg"),
            ("d'Ancona", "d'", "Ancona"),
            ("El Hamdaoui", "", "El Hamdaoui"),
            ("BERG", "", "Berg"),
            ("", "", ""),
        ] {
            assert_eq!(split_surname(column), (prefix.to_owned(), surname.to_owned()), "{column}");
        }
    }
}
