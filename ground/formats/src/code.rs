//! Codes that the outside world gives. A code is never a key here and never a column: it is a row with a scheme, so
//! that old and new ones live side by side. A scheme says what its codes look like and to whom they belong.

/// Whose codes these are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    Person,
    Organisation,
}

macro_rules! schemes {
    ($($(#[$meta:meta])* $variant:ident = $key:literal for $holder:ident),* $(,)?) => {
        /// A scheme of codes. The key is stable for ever: rows hold it. There is none for a national number (BSN), and
        /// there will be none.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Scheme { $($(#[$meta])* $variant),* }
        impl Scheme {
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),* }
            }
            pub const fn holder(self) -> Holder {
                match self { $(Self::$variant => Holder::$holder),* }
            }
        }
    };
}

schemes! {
    /// The institution's own; opaque, with its leading zeros.
    StudentNumber = "student_number" for Person,
    EmployeeNumber = "employee_number" for Person,
    /// eduPersonPrincipalName: opaque, compared without regard to case.
    Eppn = "eppn" for Person,
    EduId = "eduid" for Person,
    /// The European student identifier.
    Esi = "esi" for Person,
    EckId = "eck_id" for Person,
    OeapiPerson = "oeapi_person" for Person,
    /// Eight digits.
    Kvk = "kvk" for Organisation,
    /// A branch (vestiging): twelve digits.
    KvkBranch = "kvk_branch" for Organisation,
    /// `99ZY`.
    Brin = "brin" for Organisation,
    /// `99ZY01`.
    BrinBranch = "brin_branch" for Organisation,
    /// `999A901`.
    RioProvider = "rio_provider" for Organisation,
    /// `999X901`.
    RioLocation = "rio_location" for Organisation,
    /// `999B901`.
    RioBoard = "rio_board" for Organisation,
    /// Given by SBB; opaque.
    TrainingCompany = "leerbedrijf_id" for Organisation,
    /// Nine digits that pass the eleven test. The only place where such a number is at home.
    Rsin = "rsin" for Organisation,
    OeapiOrganisation = "oeapi_organisation" for Organisation,
}

impl Scheme {
    pub fn find(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.key() == key)
    }

    pub fn of(holder: Holder) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |s| s.holder() == holder)
    }

    /// The code in one spelling, or nothing when it cannot be one of this scheme.
    pub fn read(self, text: &str) -> Option<String> {
        let bare: String = text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        let upper = || bare.to_ascii_uppercase();
        let digits = || {
            let digits: String = bare.chars().filter(|c| !matches!(c, '.' | '-')).collect();
            digits.bytes().all(|b| b.is_ascii_digit()).then_some(digits)
        };
        match self {
            Self::Kvk => digits().filter(|d| d.len() == 8),
            Self::KvkBranch => digits().filter(|d| d.len() == 12),
            Self::Rsin => digits().filter(|d| d.len() == 9 && crate::secret::passes(d)),
            Self::Brin => Some(upper()).filter(|c| has_shape(c, "99AA")),
            Self::BrinBranch => Some(upper()).filter(|c| has_shape(c, "99AA99")),
            Self::RioProvider => Some(upper()).filter(|c| has_shape(c, "999=A999")),
            Self::RioLocation => Some(upper()).filter(|c| has_shape(c, "999=X999")),
            Self::RioBoard => Some(upper()).filter(|c| has_shape(c, "999=B999")),
            Self::Eppn => Some(bare.to_lowercase()).filter(|c| is_opaque(c)),
            _ => Some(bare).filter(|c| is_opaque(c)),
        }
    }
}

fn is_opaque(code: &str) -> bool {
    !code.is_empty() && code.chars().count() <= 200
}

/// `9` is a digit, `A` a capital, `=` makes the next sign stand for itself.
fn has_shape(code: &str, shape: &str) -> bool {
    let mut signs = code.chars();
    let mut shape = shape.chars();
    while let Some(wanted) = shape.next() {
        let Some(sign) = signs.next() else { return false };
        let fits = match wanted {
            '9' => sign.is_ascii_digit(),
            'A' => sign.is_ascii_uppercase(),
            _ => shape.next() == Some(sign),
        };
        if !fits {
            return false;
        }
    }
    signs.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_into_one_spelling() {
        for (scheme, typed, read) in [
            (Scheme::Kvk, "9012 3456", Some("90123456")),
            (Scheme::Kvk, "901234567", None),
            (Scheme::KvkBranch, "000012345678", Some("000012345678")),
            (Scheme::Brin, "99zy", Some("99ZY")),
            (Scheme::Brin, "9ZY9", None),
            (Scheme::BrinBranch, "99ZY01", Some("99ZY01")),
            (Scheme::RioProvider, "999a901", Some("999A901")),
            (Scheme::RioProvider, "999X901", None),
            (Scheme::RioLocation, "999X901", Some("999X901")),
            (Scheme::RioBoard, "114B529", Some("114B529")),
            (Scheme::StudentNumber, " 0012345 ", Some("0012345")),
            (Scheme::StudentNumber, "", None),
            (Scheme::Eppn, "Noor@Meerland.Example", Some("noor@meerland.example")),
            (Scheme::Rsin, "111222333", Some("111222333")),
            (Scheme::Rsin, "111222334", None),
        ] {
            assert_eq!(scheme.read(typed).as_deref(), read, "{} {typed}", scheme.key());
        }
    }

    #[test]
    fn every_scheme_is_found_by_its_key() {
        for scheme in Scheme::ALL {
            assert_eq!(Scheme::find(scheme.key()), Some(*scheme));
        }
        assert_eq!(Scheme::find("bsn"), None, "there is no such scheme");
    }
}
