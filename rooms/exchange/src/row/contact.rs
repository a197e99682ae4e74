//! Addresses of all kinds: mail, phone, postcode, house number.

pub use kring_formats::{is_foreign_postcode, phone, postcode};

/// What stands in a column of mail addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mail {
    Fine(String),
    /// "jan (at) example.org" and the like. Never silently: a repair may be wrong.
    Repaired(String),
    Invalid,
    Nothing,
}

/// Words by which people leave a cell empty.
pub fn is_nothing(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    matches!(
        text.trim_matches(['.', '-', '?', ' ', '/', '*']),
        "" | "onbekend"
            | "unknown"
            | "geen"
            | "none"
            | "nvt"
            | "n.v.t"
            | "n/a"
            | "na"
            | "null"
            | "nb"
            | "n.b"
            | "leeg"
            | "idem"
            | "x"
    )
}

pub fn mail(text: &str) -> Mail {
    let typed = text.trim();
    if is_nothing(typed) {
        return Mail::Nothing;
    }
    if kring_web::is_email(typed) {
        return Mail::Fine(spoken(typed));
    }
    let mut fixed = typed.to_owned();
    for at in ["(at)", "[at]", "{at}", "<at>", "(AT)", "[AT]", "(apenstaartje)", " at "] {
        fixed = fixed.replace(at, "@");
    }
    // "Jan <jan@example.org>", "mailto:jan@example.org"
    if let Some((_, inside)) = fixed.rsplit_once('<')
        && let Some((address, _)) = inside.split_once('>')
    {
        fixed = address.to_owned();
    }
    let fixed = fixed.trim_start_matches("mailto:");
    let fixed: String =
        fixed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{200b}'..='\u{200f}')).collect();
    let fixed = fixed.trim_matches([';', ',', '.', '"', '\'']);
    if kring_web::is_email(fixed) { Mail::Repaired(spoken(fixed)) } else { Mail::Invalid }
}

/// An address in capitals was written by a machine; another keeps its letters.
fn spoken(address: &str) -> String {
    if address.chars().any(char::is_lowercase) { address.to_owned() } else { address.to_lowercase() }
}

/// The numbers in one cell: "0612345678 / 030-1234567".
pub fn numbers(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(['/', ';', '|', '\n'])
        .flat_map(|part| part.split(" of "))
        .map(str::trim)
        .filter(|n| !is_nothing(n))
}

/// "72 bis", "80-2", "79a": number, letter, addition, with the blanks as one.
pub fn house_number(text: &str) -> String {
    if is_nothing(text) {
        return String::new();
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase().chars().filter(|c| !c.is_control()).take(30).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_is_trimmed_repaired_with_a_word_or_refused() {
        for (typed, read) in [
            (" jan@example.org ", Mail::Fine("jan@example.org".into())),
            ("Jan.Bos@Example.org", Mail::Fine("Jan.Bos@Example.org".into())),
            ("SARA.Y38491 (at) MAIL.EXAMPLE.COM", Mail::Repaired("sara.y38491@mail.example.com".into())),
            ("jan (at) example.org", Mail::Repaired("jan@example.org".into())),
            ("jan@ example.org", Mail::Repaired("jan@example.org".into())),
            ("Jan Bos <jan@example.org>", Mail::Repaired("jan@example.org".into())),
            ("mailto:jan@example.org", Mail::Repaired("jan@example.org".into())),
            ("jan@example", Mail::Invalid),
            ("jan@@example.org", Mail::Invalid),
            ("a@b.nl\r\nBcc: c@d.nl", Mail::Invalid),
            ("onbekend", Mail::Nothing),
            ("-", Mail::Nothing),
        ] {
            assert_eq!(mail(typed), read, "{typed:?}");
        }
    }

    #[test]
    fn numbers_in_one_cell_and_house_numbers() {
        assert_eq!(numbers("0612345678 / 030-1234567").count(), 2);
        assert_eq!(numbers("onbekend").count(), 0);
        assert_eq!(house_number(" 72  bis "), "72 bis");
        assert_eq!(house_number("79A"), "79a");
        assert_eq!(house_number("?"), "");
    }
}
