//! Which passwords are too easy to guess. Length does most of the work; no rules about capitals and signs, which only
//! make people write "Welkom2026!". What remains is refused by reason: what everybody chooses, what is known of the
//! person, what a finger draws on a keyboard.

use std::collections::HashSet;

use kring_core::{Result, Saying};
use kring_lang::names::fold;

use crate::{common, say};

pub(crate) const SHORTEST: usize = 12;
const LONGEST: usize = 200;
/// What must be left when names, years and common words are taken out.
const OWN: usize = 8;

/// What an attacker knows of the person.
pub(crate) struct Known<'a> {
    pub email: &'a str,
    pub name: &'a str,
    pub institution: &'a str,
}

/// Why this password is refused, if it is.
pub(crate) fn refuse(password: &str, known: &Known<'_>) -> Result<(), Saying> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(say::password_short(SHORTEST));
    }
    if length > LONGEST {
        return Err(say::password_long(LONGEST));
    }
    let plain = password.to_lowercase();
    if is_repetition(&plain) || is_run(&plain) {
        return Err(say::password_pattern());
    }
    if is_common(&plain) {
        return Err(say::password_common());
    }
    if is_about(&plain, known) {
        return Err(say::password_personal());
    }
    Ok(())
}

/// A few signs over and over, or one short piece repeated: "aaaaaaaaaaaa", "abcabcabcabc", "welkomwelkom".
fn is_repetition(password: &str) -> bool {
    let signs: Vec<char> = password.chars().collect();
    if signs.iter().collect::<HashSet<_>>().len() < 5 {
        return true;
    }
    let repeats = |period: usize| signs.iter().zip(signs.iter().skip(period)).all(|(a, b)| a == b);
    (1..OWN).any(|period| 2 * period <= signs.len() && repeats(period))
}

/// Mostly steps to a neighbour, in the alphabet or on a keyboard: "123456789012", "qwertyuiop12".
fn is_run(password: &str) -> bool {
    const ROWS: &[&str] = &[
        "`1234567890-=",
        "qwertyuiop[]",
        "azertyuiop",
        "asdfghjkl;'",
        "zxcvbnm,./",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p",
        "abcdefghijklmnopqrstuvwxyz",
        "01234567890",
    ];
    let signs: Vec<char> = password.chars().collect();
    let neighbours = |a: char, b: char| {
        ROWS.iter().any(|row| {
            row.chars().zip(row.chars().skip(1)).any(|(x, y)| (x, y) == (a, b) || (y, x) == (a, b))
        })
    };
    let steps = signs.iter().zip(signs.iter().skip(1)).filter(|(a, b)| neighbours(**a, **b)).count();
    // Ordinary text makes about one such step in ten.
    steps * 10 >= signs.len().saturating_sub(1) * 7
}

/// On the list of what everybody chooses, or one or two such words dressed up with figures and signs: "Welkom2026!!",
/// "w@chtw00rd123", "zomer-school-2026".
fn is_common(password: &str) -> bool {
    let squeezed: String = password.chars().filter(|c| c.is_alphanumeric()).collect();
    if common::LONG.contains(&squeezed.as_str()) || common::LONG.contains(&password) {
        return true;
    }
    let inner = undressed(password);
    let left: String = undisguised(inner).chars().filter(|c| c.is_alphabetic()).collect();
    let is_word = |word: &str| common::WORDS.contains(&word);
    left.is_empty()
        || is_word(&left)
        || (1..left.len())
            .any(|cut| left.split_at_checked(cut).is_some_and(|(a, b)| is_word(a) && is_word(b)))
}

/// Without the figures and signs around it.
fn undressed(password: &str) -> &str {
    password.trim_matches(|c: char| !c.is_alphabetic() && !matches!(c, '@' | '$'))
}

/// Letters instead of the figures that look like them.
fn undisguised(password: &str) -> String {
    let letter = |c| match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    };
    fold(password).chars().map(letter).collect()
}

/// The name, the address or the school, with too little beside it.
fn is_about(password: &str, known: &Known<'_>) -> bool {
    let told = [known.email, known.name, known.institution, "kring"].join(" ");
    let told = fold(&told);
    let parts = told.split(|c: char| !c.is_alphanumeric()).filter(|part| part.chars().count() >= 4);
    let mut left: String = fold(password).chars().filter(|c| c.is_alphanumeric()).collect();
    let whole = left.len();
    for part in parts {
        left = left.replace(part, "");
    }
    left.len() < whole && left.chars().filter(|c| c.is_alphabetic()).count() < OWN
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(password: &str) -> Option<&'static str> {
        let known = Known {
            email: "fleur.smit@meerland.example",
            name: "Fleur Smit-Jansen",
            institution: "Meerland College",
        };
        refuse(password, &known).err().map(|s| s.code)
    }

    #[test]
    fn length_counts_signs_and_nothing_is_demanded_of_them() {
        assert_eq!(verdict("kort"), Some("password-short"));
        assert_eq!(verdict("elf tekens!"), Some("password-short"));
        assert_eq!(verdict("één óf ander ü"), None);
        assert_eq!(verdict("王王他们在学校后面种了树和花"), None);
        assert_eq!(verdict(&"ab de koe zei ".repeat(15)), Some("password-long"));
        assert_eq!(verdict("regenjas tafel varen"), None);
        assert_eq!(verdict("vierkante tomaat"), None);
        assert_eq!(verdict("correct paard batterij"), None);
        assert_eq!(verdict("8xK#vq2Lw9!zPd"), None);
        assert_eq!(verdict("de zomer was lang en nat"), None, "a sentence may hold common words");
    }

    #[test]
    fn patterns_are_refused() {
        for weak in [
            "aaaaaaaaaaaa",
            "ababababababab",
            "abcabcabcabc",
            "welkomwelkom",
            "123456789012",
            "987654321098",
            "qwertyuiop12",
            "QWERTYuiop[]",
            "abcdefghijklm",
            "1qaz2wsx3edc",
            "            ",
        ] {
            assert_eq!(verdict(weak), Some("password-pattern"), "{weak}");
        }
    }

    #[test]
    fn what_everybody_chooses_is_refused_in_any_dress() {
        for weak in [
            "Welkom2026!!!",
            "w@chtw00rd123",
            "Wachtwoord2026",
            "P@ssw0rd1234",
            "zomer-school-2026",
            "IloveYou123456",
            "correcthorsebatterystaple",
            "Correct-Horse-Battery-Staple",
            "passwordpassword1",
            "admin123456789",
            "Amsterdam2026!",
            "20262026!2027#",
            "112233445566",
        ] {
            assert_eq!(verdict(weak), Some("password-common"), "{weak}");
        }
    }

    #[test]
    fn what_is_known_of_the_person_is_no_secret() {
        for weak in
            ["fleursmit2026!", "Meerland2026!!", "fleur.smit@meerland", "jansen-fleur-99", "KringMeerland#1"]
        {
            assert_eq!(verdict(weak), Some("password-personal"), "{weak}");
        }
        assert_eq!(verdict("fleur koopt paarse laarzen"), None, "a name inside a long sentence is fine");
    }

    #[test]
    fn the_lists_hold_what_they_should() {
        assert!(common::LONG.len() >= 200, "{}", common::LONG.len());
        assert!(common::LONG.iter().all(|p| p.chars().count() >= SHORTEST && *p == p.to_lowercase()));
        assert!(common::WORDS.iter().all(|w| w.chars().all(|c| c.is_ascii_lowercase())));
        let distinct = |list: &[&str]| list.iter().collect::<HashSet<_>>().len() == list.len();
        assert!(distinct(common::LONG) && distinct(common::WORDS));
    }
}
