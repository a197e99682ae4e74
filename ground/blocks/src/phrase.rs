use std::collections::BTreeMap;

use kring_core::Tongue;
use serde::{Deserialize, Serialize};

/// A short text in many languages: a label, a hint, the name of an option. Where a [`crate::Document`] is a sheet for each
/// language, of things that share their shape over all languages each text has its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    /// How often its source was really changed, from 1; 0 while it says nothing.
    #[serde(default)]
    revision: u32,
    #[serde(default)]
    said: BTreeMap<Tongue, Said>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    text: String,
    /// The revision of the source that it says.
    of: u32,
}

impl Phrase {
    pub fn new(tongue: &Tongue, text: &str) -> Self {
        let mut phrase = Self::default();
        phrase.put(tongue, tongue, text);
        phrase
    }

    /// Says it in one language; true when that changed anything. An empty text is none.
    ///
    /// A translation that is changed counts as compared with its source, unlike a sheet of a document: the source of so
    /// short a text stands beside the field in which it is typed.
    pub fn put(&mut self, source: &Tongue, tongue: &Tongue, text: &str) -> bool {
        let text = text.trim();
        if self.get(tongue) == text {
            return false;
        }
        if tongue == source {
            self.revision = self.revision.saturating_add(1);
        }
        if text.is_empty() {
            self.said.remove(tongue);
        } else {
            self.said.insert(tongue.clone(), Said { text: text.to_owned(), of: self.revision });
        }
        true
    }

    /// What it says in this very language; empty where it says nothing.
    pub fn get(&self, tongue: &Tongue) -> &str {
        self.said.get(tongue).map_or("", |said| said.text.as_str())
    }

    /// What somebody reads who wants this language, and in which language that is: the wanted one, else the same language
    /// elsewhere, else the source, else whatever is there.
    pub fn choose(&self, wanted: &Tongue, source: &Tongue) -> Option<(&Tongue, &str)> {
        let near = || self.said.iter().find(|(tongue, _)| tongue.primary() == wanted.primary());
        self.said
            .get_key_value(wanted)
            .or_else(near)
            .or_else(|| self.said.get_key_value(source))
            .or_else(|| self.said.first_key_value())
            .map(|(tongue, said)| (tongue, said.text.as_str()))
    }

    pub fn is_empty(&self) -> bool {
        self.said.is_empty()
    }

    /// The source says something that this language does not.
    pub fn is_missing(&self, source: &Tongue, tongue: &Tongue) -> bool {
        self.said.contains_key(source) && !self.said.contains_key(tongue)
    }

    /// The source was changed since this language said it.
    pub fn is_stale(&self, source: &Tongue, tongue: &Tongue) -> bool {
        tongue != source && self.said.get(tongue).is_some_and(|said| said.of < self.revision)
    }

    /// Somebody compared it with its source, and it holds.
    pub fn up_to_date(&mut self, tongue: &Tongue) {
        if let Some(said) = self.said.get_mut(tongue) {
            said.of = self.revision;
        }
    }

    pub fn drop_tongue(&mut self, tongue: &Tongue) {
        self.said.remove(tongue);
    }

    /// Characters of its longest text.
    pub fn longest(&self) -> usize {
        self.said.values().map(|said| said.text.chars().count()).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tongue(tag: &str) -> Tongue {
        tag.parse().unwrap()
    }

    #[test]
    fn a_translation_is_older_until_it_is_changed_or_compared() {
        let (nl, en, ar) = (tongue("nl"), tongue("en"), tongue("ar"));
        let mut label = Phrase::new(&nl, " Je naam ");
        assert!(label.is_missing(&nl, &en) && !label.is_missing(&nl, &nl));
        assert!(label.put(&nl, &en, "Your name") && label.put(&nl, &ar, "اسمك"));
        assert!(!label.is_stale(&nl, &en));
        assert!(!label.put(&nl, &nl, "Je naam"), "the same is no change");
        assert!(label.put(&nl, &nl, "Je hele naam"));
        assert!(label.is_stale(&nl, &en) && label.is_stale(&nl, &ar) && !label.is_stale(&nl, &nl));
        label.put(&nl, &en, "Your full name");
        label.up_to_date(&ar);
        assert!(!label.is_stale(&nl, &en) && !label.is_stale(&nl, &ar));
    }

    #[test]
    fn what_is_missing_is_said_in_the_nearest_language_and_says_which() {
        let (nl, en) = (tongue("nl"), tongue("en"));
        let mut label = Phrase::new(&nl, "Naam");
        assert_eq!(label.choose(&en, &nl).unwrap(), (&nl, "Naam"));
        label.put(&nl, &tongue("en-GB"), "Name");
        assert_eq!(label.choose(&en, &nl).unwrap().1, "Name");
        label.put(&nl, &nl, "");
        assert_eq!(label.get(&nl), "");
        assert_eq!(label.choose(&nl, &nl).unwrap().1, "Name");
        assert_eq!(Phrase::default().choose(&nl, &nl), None);
    }

    #[test]
    fn it_survives_being_kept() {
        let nl = tongue("nl");
        let label = Phrase::new(&nl, "Naam");
        let kept = serde_json::to_string(&label).unwrap();
        assert_eq!(serde_json::from_str::<Phrase>(&kept).unwrap(), label);
        assert_eq!(serde_json::from_str::<Phrase>("{}").unwrap(), Phrase::default());
    }
}
