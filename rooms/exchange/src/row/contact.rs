//! Addresses of all kinds: mail, phone, postcode, house number.

use phonenumber::{Mode, country};

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

/// A phone number in E.164, read as somebody in the Netherlands dials. Numbers that the metadata calls impossible
/// are refused, but any Dutch 06 with eight digits is taken: ranges are handed out faster than lists of them.
pub fn phone(text: &str) -> Option<String> {
    if text.len() > 40 || text.chars().any(char::is_alphabetic) {
        return None;
    }
    // "+31 (0)6": the trunk zero for who dials from home.
    let text = text.replace("(0)", "");
    let number = phonenumber::parse(Some(country::NL), text.trim()).ok()?;
    let mobile = number.code().value() == 31 && {
        let national = number.national().value();
        (600_000_000..700_000_000).contains(&national)
    };
    (mobile || number.is_valid()).then(|| number.format().mode(Mode::E164).to_string())
}

/// A Dutch postcode as `1234 AB`.
pub fn postcode(text: &str) -> Option<String> {
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
    let (digits, letters) = bare.split_at_checked(4)?;
    let fits = digits.bytes().all(|b| b.is_ascii_digit())
        && !digits.starts_with('0')
        && letters.len() == 2
        && letters.bytes().all(|b| b.is_ascii_uppercase())
        && !matches!(letters, "SA" | "SD" | "SS");
    fits.then(|| format!("{digits} {letters}"))
}

/// Short, with a digit, of letters, digits and blanks: as in Belgium, Germany or the United Kingdom.
pub fn is_foreign_postcode(text: &str) -> bool {
    let text = text.trim();
    let dutch_by_shape = text.len() >= 6
        && text.bytes().take(4).all(|b| b.is_ascii_digit())
        && text.bytes().rev().take(2).all(|b| b.is_ascii_alphabetic());
    !dutch_by_shape
        && (3..=10).contains(&text.len())
        && text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ' || c == '-')
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
    fn phones_become_e164() {
        for (typed, read) in [
            ("0613147088", Some("+31613147088")),
            ("06-13147088", Some("+31613147088")),
            ("+31 6 13147088", Some("+31613147088")),
            ("+31 (0)6 1314 7088", Some("+31613147088")),
            ("0031613147088", Some("+31613147088")),
            ("0669862062", Some("+31669862062")),
            ("030-2345678", Some("+31302345678")),
            ("+49 30 123456", Some("+4930123456")),
            ("112", None),
            ("06123", None),
            ("moeder", None),
            ("061314708861314", None),
        ] {
            assert_eq!(phone(typed).as_deref(), read, "{typed}");
        }
        assert_eq!(numbers("0612345678 / 030-1234567").count(), 2);
        assert_eq!(numbers("onbekend").count(), 0);
    }

    #[test]
    fn postcodes_and_house_numbers() {
        assert_eq!(postcode("1013 tz").as_deref(), Some("1013 TZ"));
        assert_eq!(postcode("1476AB").as_deref(), Some("1476 AB"));
        for wrong in ["0123AB", "1234SS", "1234", "12345", "1234ABC", "é234AB", ""] {
            assert_eq!(postcode(wrong), None, "{wrong}");
        }
        assert!(
            is_foreign_postcode("9000") && is_foreign_postcode("SW1A 1AA") && !is_foreign_postcode("1234 SS")
        );
        assert_eq!(house_number(" 72  bis "), "72 bis");
        assert_eq!(house_number("79A"), "79a");
        assert_eq!(house_number("?"), "");
    }
}
