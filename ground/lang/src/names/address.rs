use serde::{Deserialize, Serialize};

/// The four forms of the Dutch population register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameUsage {
    #[default]
    Own,
    Partner,
    PartnerOwn,
    OwnPartner,
}

impl NameUsage {
    pub const ALL: [Self; 4] = [Self::Own, Self::Partner, Self::PartnerOwn, Self::OwnPartner];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Partner => "partner",
            Self::PartnerOwn => "partner-own",
            Self::OwnPartner => "own-partner",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|u| u.code() == code)
    }
}

/// How somebody wants to be addressed. Unknown is neutral; it is never guessed from a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum FormOfAddress {
    Mr,
    Mrs,
    #[default]
    Neutral,
    /// In the person's own words, put before the surname: "professor".
    Custom(String),
}

impl FormOfAddress {
    /// As kept in a database: `mr`, `mrs`, `neutral`, or `custom:` and the words.
    pub fn code(&self) -> String {
        match self {
            Self::Mr => "mr".into(),
            Self::Mrs => "mrs".into(),
            Self::Neutral => "neutral".into(),
            Self::Custom(words) => format!("custom:{words}"),
        }
    }

    /// Anything unknown is neutral.
    pub fn from_code(code: &str) -> Self {
        match code {
            "mr" => Self::Mr,
            "mrs" => Self::Mrs,
            _ => match code.strip_prefix("custom:").map(str::trim) {
                Some(words) if !words.is_empty() => Self::Custom(words.to_owned()),
                _ => Self::Neutral,
            },
        }
    }
}

impl From<String> for FormOfAddress {
    fn from(code: String) -> Self {
        Self::from_code(&code)
    }
}
impl From<FormOfAddress> for String {
    fn from(form: FormOfAddress) -> Self {
        form.code()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_survive_the_database() {
        for form in [
            FormOfAddress::Mr,
            FormOfAddress::Mrs,
            FormOfAddress::Neutral,
            FormOfAddress::Custom("Mx".into()),
        ] {
            assert_eq!(FormOfAddress::from_code(&form.code()), form);
        }
        assert_eq!(FormOfAddress::from_code("custom:"), FormOfAddress::Neutral);
        assert_eq!(FormOfAddress::from_code("nonsense"), FormOfAddress::Neutral);
    }
}
