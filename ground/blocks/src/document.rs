use std::collections::BTreeMap;

use kring_core::Tongue;
use serde::{Deserialize, Serialize};

use crate::{
    Block,
    block::{MOST_CODE, MOST_OPTIONS, What},
};

/// Characters of a subject that can be kept; from [`crate::LONG_SUBJECT`] on it is a problem already.
pub const MOST_SUBJECT: usize = 300;
/// Characters of the preview. Inboxes show 40 to 140.
pub const MOST_PREVIEW: usize = 300;
/// Blocks of a sheet. A form with so many stays below the number of fields that `kring_web::Form` takes.
pub const MOST_BLOCKS: usize = 40;
/// Languages of one document.
pub const MOST_TONGUES: usize = 60;
/// Bytes of a document as JSON.
pub const MOST_JSON: usize = 4_000_000;

/// One asset in many languages: what is said, once for each. It comes in by JSON only within its bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Document {
    /// The language it was first written in, from which the others are translated.
    pub source: Tongue,
    pub sheets: BTreeMap<Tongue, Sheet>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    source: Tongue,
    sheets: BTreeMap<Tongue, Sheet>,
}

/// What is said in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    pub subject: String,
    /// What an inbox shows after the subject.
    pub preview: String,
    pub blocks: Vec<Block>,
    /// How often it was really changed, from 1.
    #[serde(default)]
    pub revision: u32,
    /// The revision of the source from which this was translated; nothing on the source itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u32>,
}

/// Why a document cannot be taken in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("no document: {0}")]
    Json(String),
    #[error("larger than a document may be")]
    TooLarge,
}

impl Document {
    /// A document with its first sheet.
    pub fn new(source: Tongue, sheet: Sheet) -> Self {
        let sheet = Sheet { revision: 1, of: None, ..sheet };
        Self { sheets: BTreeMap::from([(source.clone(), sheet)]), source }
    }

    /// Reads JSON, within all bounds of this crate.
    pub fn read(json: &str) -> Result<Self, ReadError> {
        if json.len() > MOST_JSON {
            return Err(ReadError::TooLarge);
        }
        serde_json::from_str(json).map_err(|why| ReadError::Json(why.to_string()))
    }

    /// Puts a sheet there, as somebody edited it; true when that changed anything. Revisions are kept here and not taken
    /// from the sheet: who edits does not count. A new translation is one of the source as it is now; a translation that
    /// is edited stays as stale as it was until somebody says otherwise ([`Document::up_to_date`]), since mending a comma
    /// is no sign that the source was read.
    pub fn put(&mut self, tongue: &Tongue, sheet: Sheet) -> bool {
        let source = self.sheets.get(&self.source).map(|sheet| sheet.revision);
        if let Some(there) = self.sheets.get_mut(tongue) {
            if there.says_the_same(&sheet) {
                return false;
            }
            let (revision, of) = (there.revision.saturating_add(1), there.of);
            *there = Sheet { revision, of, ..sheet };
        } else {
            let of = if *tongue == self.source { None } else { source };
            self.sheets.insert(tongue.clone(), Sheet { revision: 1, of, ..sheet });
        }
        true
    }

    /// Marks a translation as one of the source as it is now; false where there is none.
    pub fn up_to_date(&mut self, tongue: &Tongue) -> bool {
        let Some(now) = self.sheets.get(&self.source).map(|sheet| sheet.revision) else { return false };
        match self.sheets.get_mut(tongue) {
            Some(sheet) if *tongue != self.source => {
                sheet.of = Some(now);
                true
            }
            _ => false,
        }
    }

    /// The translations that are older than the source. One that does not know what it was translated from counts as
    /// older: sending what nobody compared is the worse mistake.
    pub fn stale(&self) -> Vec<&Tongue> {
        let Some(source) = self.sheets.get(&self.source) else { return Vec::new() };
        let older = |sheet: &Sheet| sheet.of.is_none_or(|of| of < source.revision);
        self.sheets
            .iter()
            .filter(|(tongue, sheet)| **tongue != self.source && older(sheet))
            .map(|(tongue, _)| tongue)
            .collect()
    }

    /// The sheet for somebody who wants these languages, best first. For each wanted language in turn: the very tag,
    /// then the same language in another region or script, plain before special (for `nl-BE`: `nl`, then `nl-SR`). When
    /// none of them is there: the source, and in a document that lacks even its source, whatever it has. So there is an
    /// answer whenever there is a sheet.
    ///
    /// A second wish comes after all of the first, since a Fleming who also reads English wants `nl` before `en`.
    pub fn choose(&self, wanted: &[Tongue]) -> Option<(&Tongue, &Sheet)> {
        let near = |want: &Tongue| {
            let same = self.sheets.iter().filter(|(tongue, _)| tongue.primary() == want.primary());
            // Another region in the same script can be read; another script perhaps not.
            same.min_by_key(|(tongue, _)| (tongue.script() != want.script(), tongue.tag().len()))
        };
        wanted
            .iter()
            .find_map(|want| self.sheets.get_key_value(want).or_else(|| near(want)))
            .or_else(|| self.sheets.get_key_value(&self.source))
            .or_else(|| self.sheets.first_key_value())
    }
}

impl Sheet {
    /// Whether two sheets say the same, whatever their revisions.
    pub fn says_the_same(&self, other: &Sheet) -> bool {
        (&self.subject, &self.preview, &self.blocks) == (&other.subject, &other.preview, &other.blocks)
    }

    /// Whether it is within the bounds of this crate.
    pub fn is_within(&self) -> bool {
        let fits = |block: &Block| {
            let named = block.only_if.as_ref().is_none_or(|name| name.len() <= MOST_CODE * 2);
            let options = match &block.what {
                What::Choices { options, .. } => {
                    options.len() <= MOST_OPTIONS && options.iter().all(|o| o.code.len() <= MOST_CODE)
                }
                _ => true,
            };
            named && options && block.what.too_long().is_none()
        };
        self.subject.chars().count() <= MOST_SUBJECT
            && self.preview.chars().count() <= MOST_PREVIEW
            && self.blocks.len() <= MOST_BLOCKS
            && self.blocks.iter().all(fits)
    }
}

impl TryFrom<Unchecked> for Document {
    type Error = ReadError;

    fn try_from(read: Unchecked) -> Result<Self, ReadError> {
        if read.sheets.len() > MOST_TONGUES || !read.sheets.values().all(Sheet::is_within) {
            return Err(ReadError::TooLarge);
        }
        Ok(Self { source: read.source, sheets: read.sheets })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tongue(tag: &str) -> Tongue {
        tag.parse().unwrap()
    }

    fn sheet(subject: &str) -> Sheet {
        Sheet { subject: subject.to_owned(), ..Sheet::default() }
    }

    fn document(tags: &[&str]) -> Document {
        let mut document = Document::new(tongue(tags[0]), sheet(tags[0]));
        for tag in &tags[1..] {
            document.put(&tongue(tag), sheet(tag));
        }
        document
    }

    fn chosen(tags: &[&str], wanted: &[&str]) -> String {
        let wanted: Vec<_> = wanted.iter().map(|tag| tongue(tag)).collect();
        document(tags).choose(&wanted).unwrap().0.to_string()
    }

    #[test]
    fn the_exact_tag_comes_before_the_language_and_the_first_wish_before_the_second() {
        let tags = ["en", "nl", "nl-BE", "ar", "pt-BR"];
        assert_eq!(chosen(&tags, &["nl-BE"]), "nl-BE");
        assert_eq!(chosen(&tags, &["nl-SR"]), "nl");
        assert_eq!(chosen(&tags, &["pt"]), "pt-BR");
        assert_eq!(chosen(&tags, &["pt-PT", "en"]), "pt-BR");
        assert_eq!(chosen(&tags, &["fr", "ar-MA", "nl"]), "ar");
        assert_eq!(chosen(&tags, &["fr", "de"]), "en");
        assert_eq!(chosen(&tags, &[]), "en");
        assert_eq!(chosen(&["en", "zh-Hans", "zh-Hant-HK"], &["zh-Hant-TW"]), "zh-Hant-HK");
    }

    #[test]
    fn without_its_source_a_document_still_answers() {
        let mut d = document(&["en", "nl"]);
        d.sheets.remove(&tongue("en"));
        assert_eq!(d.choose(&[tongue("fr")]).unwrap().0.tag(), "nl");
        d.sheets.clear();
        assert_eq!(d.choose(&[tongue("fr")]), None);
    }

    #[test]
    fn a_translation_is_stale_when_the_source_was_really_changed() {
        let mut d = document(&["nl", "en", "ar"]);
        assert!(d.stale().is_empty());
        assert!(!d.put(&tongue("nl"), Sheet { revision: 99, ..sheet("nl") }), "nothing was changed");
        assert!(d.stale().is_empty());
        assert_eq!(d.sheets[&tongue("nl")].revision, 1);
        assert!(d.put(&tongue("nl"), sheet("Nieuw")));
        assert_eq!(d.stale(), [&tongue("ar"), &tongue("en")]);
        assert!(d.put(&tongue("en"), sheet("comma")), "an edit");
        assert_eq!(d.stale().len(), 2, "an edit is no comparison");
        assert!(d.up_to_date(&tongue("en")));
        assert_eq!(d.stale(), [&tongue("ar")]);
        assert!(!d.up_to_date(&tongue("nl")) && !d.up_to_date(&tongue("fr")));
        d.put(&tongue("fr"), sheet("fr"));
        assert_eq!(d.stale(), [&tongue("ar")], "a new translation is of the source as it is");
        d.sheets.get_mut(&tongue("fr")).unwrap().of = None;
        assert_eq!(d.stale(), [&tongue("ar"), &tongue("fr")]);
    }

    #[test]
    fn json_keeps_its_names_and_knows_no_others() {
        let json = r#"{"source":"nl","sheets":{"nl":{"subject":"Hoi","preview":"","blocks":[
            {"what":{"heading":{"level":1,"text":"A"}}},
            {"what":{"text":{"text":"B"}},"only_if":"is_student"},
            {"what":{"button":{"label":"C","link":"https://a.example/"}}},
            {"what":{"picture":{"src":"/a.png","alt":"D"}}},
            {"what":{"quote":{"text":"E","who":""}}},
            {"what":{"divider":{}}},
            {"what":{"choices":{"question":"F","options":[{"code":"yes","label":"Ja"}]}}}
        ],"revision":3}}}"#;
        let d = Document::read(json).unwrap();
        assert_eq!(d.sheets[&tongue("nl")].blocks.len(), 7);
        assert_eq!(Document::read(&serde_json::to_string(&d).unwrap()).unwrap(), d);
        for (from, to) in [
            ("\"preview\"", "\"html\":\"\",\"preview\""),
            ("\"label\":\"C\"", "\"label\":\"C\",\"style\":\"\""),
            ("\"divider\":{}", "\"divider\":{\"x\":1}"),
            ("\"text\":{\"text\"", "\"html\":{\"text\""),
            ("\"source\"", "\"x\":1,\"source\""),
            ("\"only_if\"", "\"only\""),
        ] {
            assert!(Document::read(&json.replacen(from, to, 1)).is_err(), "{to}");
        }
    }

    #[test]
    fn what_is_larger_than_its_bounds_does_not_come_in() {
        let mut d = document(&["nl"]);
        let nl = tongue("nl");
        let divider = Block { what: What::Divider {}, only_if: None };
        let read = |d: &Document| Document::read(&serde_json::to_string(d).unwrap());
        d.sheets.get_mut(&nl).unwrap().blocks = vec![divider.clone(); MOST_BLOCKS];
        assert!(read(&d).is_ok());
        d.sheets.get_mut(&nl).unwrap().blocks.push(divider);
        assert!(read(&d).is_err());
        let text = "x".repeat(crate::block::MOST_TEXT + 1);
        d.sheets.get_mut(&nl).unwrap().blocks = vec![Block { what: What::Text { text }, only_if: None }];
        assert!(read(&d).is_err());
        assert_eq!(Document::read(&" ".repeat(MOST_JSON + 1)), Err(ReadError::TooLarge));
    }
}
