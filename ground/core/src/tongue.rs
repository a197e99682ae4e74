use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Lang;

/// A language that content is written in, as a BCP 47 tag of the form `language[-Script][-REGION]`: `nl`, `pt-BR`,
/// `zh-Hant`. Not [`Lang`], which is about the two languages of the house's own words: an institution may write to
/// people in any language without the interface speaking it.
///
/// Variants and extensions (`de-CH-1996`, `nl-u-co-phonebk`) are refused: nobody translates a mail for one, and
/// dropping them silently would make two tags equal that somebody wrote differently.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Tongue(String);

/// The way a language is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dir {
    Ltr,
    Rtl,
}

impl Dir {
    /// As in the attribute `dir` of HTML.
    pub const fn as_str(self) -> &'static str {
        match self {
            Dir::Ltr => "ltr",
            Dir::Rtl => "rtl",
        }
    }
}

impl Tongue {
    /// The longest canonical tag in bytes: `ckb-Arab-IQ`, or with a region in digits `ckb-Arab-145`.
    pub const LONGEST: usize = 12;

    /// The canonical tag, as in the attribute `lang` of HTML.
    pub fn tag(&self) -> &str {
        &self.0
    }

    /// The language without script and region: `zh` of `zh-Hant-TW`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }

    /// Four letters, the first a capital: `Hant`.
    pub fn script(&self) -> Option<&str> {
        self.0.split('-').skip(1).find(|part| part.len() == 4)
    }

    /// Two capitals or three digits (UN M.49): `NL`, `419`.
    pub fn region(&self) -> Option<&str> {
        self.0.split('-').skip(1).find(|part| part.len() < 4)
    }

    /// From the script where one is named, else from how the language is mostly written (CLDR, likely subtags).
    pub fn dir(&self) -> Dir {
        const SCRIPTS: [&str; 11] =
            ["Adlm", "Arab", "Aran", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"];
        const LANGUAGES: [&str; 30] = [
            "ar", "arc", "ary", "arz", "apc", "azb", "bal", "bqi", "ckb", "dv", "fa", "glk", "haz", "he",
            "ks", "lrc", "mzn", "nqo", "pnb", "prs", "ps", "rhg", "sd", "sdh", "skr", "syr", "ug", "ur",
            "uzs", "yi",
        ];
        // Written otherwise on this side of a border.
        const HERE: [(&str, &str); 5] =
            [("az", "IR"), ("ku", "IQ"), ("ku", "IR"), ("pa", "PK"), ("uz", "AF")];
        let rtl = match (self.script(), self.region()) {
            (Some(script), _) => SCRIPTS.contains(&script),
            (None, Some(region)) if HERE.contains(&(self.primary(), region)) => true,
            (None, _) => LANGUAGES.contains(&self.primary()),
        };
        if rtl { Dir::Rtl } else { Dir::Ltr }
    }

    /// The languages that are offered for choosing, in the order of their tags.
    pub fn common() -> impl Iterator<Item = Self> {
        NAMES.iter().filter_map(|(tag, _)| tag.parse().ok())
    }

    /// What its speakers call it, for choosing a language without knowing another; the tag where we do not know.
    pub fn name_in_own_words(&self) -> &str {
        let named = |tag: &str| NAMES.iter().find(|(known, _)| *known == tag).map(|(_, name)| *name);
        let scripted = self.script().and_then(|script| named(&format!("{}-{script}", self.primary())));
        let only_language = self.primary() == self.0;
        named(&self.0)
            .or(scripted)
            // Two regions of one language stand side by side in a list, so the name alone would not tell them apart.
            .or_else(|| only_language.then(|| named(self.primary())).flatten())
            .unwrap_or(&self.0)
    }
}

/// Language names as CLDR has them, with the capital of the start of a line.
const NAMES: [(&str, &str); 50] = [
    ("am", "አማርኛ"),
    ("ar", "العربية"),
    ("bg", "Български"),
    ("bn", "বাংলা"),
    ("ca", "Català"),
    ("ckb", "کوردیی ناوەندی"),
    ("cs", "Čeština"),
    ("da", "Dansk"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("en-GB", "English (UK)"),
    ("en-US", "English (US)"),
    ("es", "Español"),
    ("et", "Eesti"),
    ("fa", "فارسی"),
    ("fi", "Suomi"),
    ("fr", "Français"),
    ("fy", "Frysk"),
    ("he", "עברית"),
    ("hi", "हिन्दी"),
    ("hr", "Hrvatski"),
    ("hu", "Magyar"),
    ("id", "Bahasa Indonesia"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("ku", "Kurmancî"),
    ("lt", "Lietuvių"),
    ("lv", "Latviešu"),
    ("nl", "Nederlands"),
    ("nl-BE", "Nederlands (België)"),
    ("no", "Norsk"),
    ("pap", "Papiamentu"),
    ("pl", "Polski"),
    ("ps", "پښتو"),
    ("pt", "Português"),
    ("pt-BR", "Português (Brasil)"),
    ("ro", "Română"),
    ("ru", "Русский"),
    ("sk", "Slovenčina"),
    ("so", "Soomaali"),
    ("sv", "Svenska"),
    ("ti", "ትግርኛ"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("ur", "اردو"),
    ("vi", "Tiếng Việt"),
    ("zh", "中文"),
    ("zh-Hant", "繁體中文"),
];

/// Tags that were replaced (IANA registry), still sent by older software.
const OLD: [(&str, &str); 4] = [("iw", "he"), ("in", "id"), ("ji", "yi"), ("mo", "ro")];

impl FromStr for Tongue {
    type Err = ();

    /// Takes any case and `_` for `-`.
    fn from_str(s: &str) -> Result<Self, ()> {
        if s.len() > Self::LONGEST {
            return Err(());
        }
        let mut parts = s.split(['-', '_']).peekable();
        let letters = |part: &str| part.bytes().all(|b| b.is_ascii_alphabetic());
        let language = parts.next().filter(|p| (2..=3).contains(&p.len()) && letters(p)).ok_or(())?;
        let language = language.to_ascii_lowercase();
        let mut tag =
            OLD.iter().find(|(old, _)| *old == language).map_or(language, |(_, new)| (*new).to_owned());
        if let Some(script) = parts.next_if(|p| p.len() == 4 && letters(p)) {
            let (first, rest) = script.split_at(1);
            tag.push('-');
            tag.push_str(&first.to_ascii_uppercase());
            tag.push_str(&rest.to_ascii_lowercase());
        }
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if let Some(region) = parts.next_if(|p| (p.len() == 2 && letters(p)) || (p.len() == 3 && digits(p))) {
            tag.push('-');
            tag.push_str(&region.to_ascii_uppercase());
        }
        if parts.next().is_some() { Err(()) } else { Ok(Self(tag)) }
    }
}

impl From<Lang> for Tongue {
    fn from(lang: Lang) -> Self {
        Self(lang.tag().to_owned())
    }
}

impl TryFrom<String> for Tongue {
    type Error = &'static str;

    fn try_from(tag: String) -> Result<Self, Self::Error> {
        tag.parse().map_err(|()| "no language tag (BCP 47)")
    }
}

impl From<Tongue> for String {
    fn from(tongue: Tongue) -> Self {
        tongue.0
    }
}

impl fmt::Display for Tongue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tongue(tag: &str) -> Tongue {
        tag.parse().unwrap()
    }

    #[test]
    fn tags_take_their_canonical_case() {
        for (typed, tag) in [
            ("NL", "nl"),
            ("pt_br", "pt-BR"),
            ("ZH-hANT-tw", "zh-Hant-TW"),
            ("es-419", "es-419"),
            ("CKB-arab-iq", "ckb-Arab-IQ"),
            ("ckb-arab-145", "ckb-Arab-145"),
            ("iw-IL", "he-IL"),
        ] {
            assert_eq!(tongue(typed).tag(), tag);
            assert_eq!(tongue(tag), tongue(typed));
        }
    }

    #[test]
    fn what_is_no_tag_is_refused() {
        for bad in [
            "",
            "n",
            "dutch",
            "n1",
            "nl-",
            "-nl",
            "nl--NL",
            "nl-N",
            "nl-1234",
            "nl-NL-Latn",
            "nl-NL-x-a",
            "nl NL",
            "x-klingon",
            "é",
            "nl-NL-u-co-phonebk",
            "abc-Defg-123-",
        ] {
            assert_eq!(bad.parse::<Tongue>(), Err(()), "{bad}");
        }
    }

    #[test]
    fn parts_are_found_by_their_length() {
        let t = tongue("zh-hant-tw");
        assert_eq!((t.primary(), t.script(), t.region()), ("zh", Some("Hant"), Some("TW")));
        let t = tongue("es-419");
        assert_eq!((t.primary(), t.script(), t.region()), ("es", None, Some("419")));
        assert_eq!((tongue("nl").script(), tongue("nl").region()), (None, None));
    }

    #[test]
    fn the_script_decides_the_direction_before_the_language() {
        for rtl in [
            "ar", "he", "fa-AF", "ur", "ps", "dv", "ckb", "yi", "ar-MA", "ku-IQ", "pa-PK", "az-Arab", "ug",
            "sd", "ji",
        ] {
            assert_eq!(tongue(rtl).dir(), Dir::Rtl, "{rtl}");
        }
        for ltr in ["nl", "en", "tr", "ku", "pa", "pa-IN", "ar-Latn", "yi-Latn", "az", "so", "ti", "sd-Deva"]
        {
            assert_eq!(tongue(ltr).dir(), Dir::Ltr, "{ltr}");
        }
        assert_eq!((Dir::Rtl.as_str(), Dir::Ltr.as_str()), ("rtl", "ltr"));
    }

    #[test]
    fn languages_have_their_own_name_and_unknown_ones_their_tag() {
        for (tag, name) in [
            ("nl", "Nederlands"),
            ("nl-BE", "Nederlands (België)"),
            ("nl-SR", "nl-SR"),
            ("ar", "العربية"),
            ("zh-Hant-TW", "繁體中文"),
            ("tlh", "tlh"),
        ] {
            assert_eq!(tongue(tag).name_in_own_words(), name);
        }
        assert!(NAMES.is_sorted_by_key(|(tag, _)| *tag));
        assert!(NAMES.iter().all(|(tag, _)| tongue(tag).tag() == *tag));
        for lang in Lang::ALL {
            assert_ne!(Tongue::from(lang).name_in_own_words(), lang.tag());
        }
    }

    #[test]
    fn json_is_the_tag_and_only_a_tag() {
        fn read(text: &str) -> Result<Tongue, serde::de::value::Error> {
            use serde::de::IntoDeserializer;
            Tongue::deserialize(text.into_deserializer())
        }
        assert_eq!(read("pt-br").unwrap().to_string(), "pt-BR");
        assert!(read("portuguese").is_err());
        assert_eq!(String::from(tongue("pt-br")), "pt-BR");
    }
}
