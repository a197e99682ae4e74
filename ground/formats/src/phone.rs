use phonenumber::{Mode, country};

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

/// How a number in E.164 is shown: "06 13147088" and "030 234 5678" at home, international for others.
pub fn national(e164: &str) -> String {
    let Ok(number) = phonenumber::parse(None, e164) else { return e164.to_owned() };
    let mode = if number.code().value() == 31 { Mode::National } else { Mode::International };
    number.format().mode(mode).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

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
    }

    #[test]
    fn numbers_are_shown_as_they_are_dialled_here() {
        for e164 in ["+31613147088", "+31302345678"] {
            let shown = national(e164);
            assert!(shown.starts_with('0'), "{shown}");
            assert_eq!(phone(&shown).as_deref(), Some(e164), "what is shown can be typed again");
        }
        assert!(national("+4930123456").starts_with("+49"));
        assert_eq!(national("nonsense"), "nonsense");
    }
}
