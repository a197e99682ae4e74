use std::{fmt, str::FromStr};

/// A mail address that is valid by RFC 5321 and 6531: at most 64 octets before the @, 254 in all. The
/// domain is kept in lower case and in ASCII (punycode); what stands before the @ is kept as written,
/// also when it is not ASCII. It holds no control character, so it can end no command and no header.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address(lettre::Address);

/// Why a text is no mail address. Nothing is repaired: a silently changed address reaches somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    #[error("there is no @ with something on both sides")]
    Parts,
    #[error("the address is longer than 254 octets, or has more than 64 before the @")]
    Long,
    #[error("what stands before the @ is not allowed there")]
    Local,
    #[error("what stands behind the @ is no domain")]
    Domain,
}

impl Address {
    pub fn parse(text: &str) -> Result<Self, BadAddress> {
        let (local, domain) = text.rsplit_once('@').ok_or(BadAddress::Parts)?;
        if local.is_empty() || domain.is_empty() {
            return Err(BadAddress::Parts);
        }
        // The library's grammar has no controls outside quotes; inside them RFC 5322 once allowed some.
        if local.chars().any(char::is_control) {
            return Err(BadAddress::Local);
        }
        let domain = if domain.starts_with('[') {
            domain.to_owned()
        } else {
            // Strict: without it "℀" becomes "a/c", and the library below lets the slash pass.
            idna::domain_to_ascii_strict(domain).map_err(|_| BadAddress::Domain)?.to_ascii_lowercase()
        };
        if local.len() > 64 || local.len() + 1 + domain.len() > 254 {
            return Err(BadAddress::Long);
        }
        lettre::Address::new(local, domain).map(Self).map_err(|error| match error {
            lettre::address::AddressError::InvalidDomain => BadAddress::Domain,
            _ => BadAddress::Local,
        })
    }

    /// What stands before the @, as written.
    pub fn local(&self) -> &str {
        self.0.user()
    }

    /// ASCII, lower case.
    pub fn domain(&self) -> &str {
        self.0.domain()
    }

    pub fn as_str(&self) -> &str {
        self.0.as_ref()
    }

    /// Whether only a relay that speaks SMTPUTF8 can take it.
    pub fn needs_utf8(&self) -> bool {
        !self.as_str().is_ascii()
    }

    pub(crate) fn inner(&self) -> lettre::Address {
        self.0.clone()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Address {
    type Err = BadAddress;
    fn from_str(text: &str) -> Result<Self, BadAddress> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_valid_is_taken_and_nothing_is_repaired() {
        for good in [
            "an@school.nl",
            "an.van-de.berg+tag@mail.school.nl",
            "o'brien@example.ie",
            "\"an van\"@school.nl",
            "x@localhost",
            "user@[127.0.0.1]",
            "!#$%&'*+-/=?^_`{|}~@example.org",
        ] {
            assert_eq!(Address::parse(good).unwrap().as_str(), good);
        }
        let unicode = Address::parse("josé@München.DE").unwrap();
        assert_eq!(unicode.as_str(), "josé@xn--mnchen-3ya.de");
        assert!(unicode.needs_utf8() && !Address::parse("an@münchen.de").unwrap().needs_utf8());
        assert_eq!(Address::parse("An@SCHOOL.nl").unwrap().as_str(), "An@school.nl");
    }

    #[test]
    fn what_could_end_a_command_or_name_a_second_person_is_refused() {
        for bad in [
            "",
            "@",
            "an",
            "an@",
            "@school.nl",
            "an@@school.nl",
            "an@school..nl",
            "an@-school.nl",
            ".an@school.nl",
            "an.@school.nl",
            "an @school.nl",
            " an@school.nl",
            "an@school.nl ",
            "an@school.nl,bob@school.nl",
            "an@school.nl>\r\nRCPT TO:<bob@school.nl",
            "an\r\n@school.nl",
            "\"an\r\nRSET\"@school.nl",
            "an\0@school.nl",
            "\"a\0n\"@school.nl",
            "an@school.nl\n",
            "an@sch\u{85}ool.nl",
            "<an@school.nl>",
            "An <an@school.nl>",
            "an@school.nl\u{2028}",
            "an@scho\u{2100}ol.nl",
            "a\u{7f}n@school.nl",
            "an@[127.0.0.1]>",
            "\u{202e}an@school.nl\r",
        ] {
            assert!(Address::parse(bad).is_err(), "{bad:?}");
        }
        assert_eq!(Address::parse(&format!("{}@school.nl", "a".repeat(65))), Err(BadAddress::Long));
        let long = format!("an@{}nl", "school.".repeat(40));
        assert!(Address::parse(&long).is_err());
    }
}
