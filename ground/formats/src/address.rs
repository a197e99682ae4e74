/// A Dutch postcode as `1234 AB`. SA, SD and SS are never given out.
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

/// Number, then letter and addition as people write them behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HouseNumber {
    pub number: String,
    /// "a", "bis", "2": lower case, without the dash or blank before it.
    pub addition: String,
}

/// "72 bis", "80-2", "79A": the number and what follows it. Nothing when it does not begin with a digit.
pub fn house_number(text: &str) -> Option<HouseNumber> {
    let text = text.trim().to_lowercase();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    if number.is_empty() || number.len() > 6 {
        return None;
    }
    let words: Vec<&str> =
        rest.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    let addition = words.join(" ");
    let addition = addition.trim_start_matches(['-', '/', ' ']).chars().take(20).collect();
    Some(HouseNumber { number: number.to_owned(), addition })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postcodes() {
        assert_eq!(postcode("1013 tz").as_deref(), Some("1013 TZ"));
        assert_eq!(postcode("1476AB").as_deref(), Some("1476 AB"));
        for wrong in ["0123AB", "1234SS", "1234", "12345", "1234ABC", "é234AB", ""] {
            assert_eq!(postcode(wrong), None, "{wrong}");
        }
        assert!(
            is_foreign_postcode("9000") && is_foreign_postcode("SW1A 1AA") && !is_foreign_postcode("1234 SS")
        );
    }

    #[test]
    fn house_numbers() {
        let of = |text: &str| house_number(text).map(|h| (h.number, h.addition));
        let is = |n: &str, a: &str| Some((n.to_owned(), a.to_owned()));
        assert_eq!(of(" 72  bis "), is("72", "bis"));
        assert_eq!(of("79A"), is("79", "a"));
        assert_eq!(of("80-2"), is("80", "2"));
        assert_eq!(of("12"), is("12", ""));
        assert_eq!(of("?"), None);
        assert_eq!(of("bis 3"), None);
    }
}
