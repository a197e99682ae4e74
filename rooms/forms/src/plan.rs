//! What a form is made of.

use jiff::civil::Date;
use kring_blocks::Phrase;
use kring_core::{Id, Lang, Tongue};
use kring_frame::Purpose;
use kring_talks::Topic;
use serde::{Deserialize, Serialize};

use crate::{
    answers::Answers,
    piece::{self, Built},
};

pub use crate::ask::{Ask, KINDS};

/// Fields of one form. Who asks more is not asking but moving house; and so many stay below what a form of ours takes in.
pub const MOST_FIELDS: usize = 40;
/// Options of one choice.
pub const MOST_OPTIONS: usize = 60;
/// Characters of a label, a hint or an option; of a text between fields.
pub const MOST_LINE: usize = 300;
pub const MOST_TEXT: usize = 4_000;
/// Megabytes of one file at most, whatever the form says: it goes through memory and the database.
pub const MOST_MEGABYTES: i64 = 10;

/// A form. What the public reads of it is in many languages; its shape is the same in all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// In which language it was first written, from which the others are translated.
    pub source: Tongue,
    /// In which languages it is offered, the source among them.
    pub tongues: Vec<Tongue>,
    pub title: Phrase,
    pub intro: Phrase,
    pub thanks: Phrase,
    pub fields: Vec<Field>,
    /// What the answers are for. Without, nothing is published.
    pub purpose: Option<Purpose>,
    /// What whoever answers wants to know; it opens a need, or a question to the desk.
    pub topic: Option<Id<Topic>>,
    /// The long text goes to the desk as a question on that topic.
    pub asks: bool,
    /// A role that whoever answers gets, unless they have it.
    pub role: Option<String>,
    /// Consent counts only after the link in a mail was used.
    pub confirm: bool,
    /// The sites on which it may stand in a frame, as origins.
    pub sites: Vec<String>,
    /// The last day on which it can be answered.
    pub until: Option<Date>,
}

/// One thing that is asked, or a text between.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Of this form alone, and never given twice.
    pub id: i64,
    pub kind: Ask,
    #[serde(default)]
    pub required: bool,
    /// It begins a new page.
    #[serde(default)]
    pub page: bool,
    /// Asked also of whom we know it.
    #[serde(default)]
    pub always: bool,
    pub label: Phrase,
    #[serde(default)]
    pub hint: Phrase,
    #[serde(default)]
    pub options: Vec<Opt>,
    #[serde(default)]
    pub when: Option<When>,
    /// Of a consent: for what, and by which channel (`mail`, `phone`, `post`).
    #[serde(default)]
    pub purpose: Option<Purpose>,
    #[serde(default)]
    pub channel: String,
    /// Of a number the bounds; of a file the megabytes at most.
    #[serde(default)]
    pub least: Option<i64>,
    #[serde(default)]
    pub most: Option<i64>,
    /// Of a hidden field: under which name its value stands in the address.
    #[serde(default)]
    pub code: String,
}

/// An answer one can choose: the same code in all languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opt {
    pub code: String,
    pub label: Phrase,
}

/// Only asked when an earlier field was answered so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    pub field: i64,
    /// Codes of options of which one was chosen; none: it was answered at all.
    pub any: Vec<String>,
}

impl Built for Plan {
    const KIND: piece::Kind = piece::Kind::Form;

    fn highest(&self) -> i64 {
        self.fields.iter().map(|field| field.id).max().unwrap_or(0)
    }
}

impl Plan {
    /// An empty form in one language.
    pub fn new(source: Tongue) -> Self {
        Self {
            tongues: vec![source.clone()],
            source,
            title: Phrase::default(),
            intro: Phrase::default(),
            thanks: Phrase::default(),
            fields: Vec::new(),
            purpose: None,
            topic: None,
            asks: false,
            role: None,
            confirm: true,
            sites: Vec::new(),
            until: None,
        }
    }

    pub fn field(&self, id: i64) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    pub fn first(&self, kind: Ask) -> Option<&Field> {
        self.fields.iter().find(|field| field.kind == kind)
    }

    /// The fields page by page.
    pub fn pages(&self) -> Vec<&[Field]> {
        self.fields.chunk_by(|_, next| !next.page).collect()
    }

    /// Whether a field is asked of whoever answered so.
    pub fn is_asked(&self, field: &Field, answers: &Answers) -> bool {
        let Some(when) = &field.when else { return true };
        let Some(earlier) = self.field(when.field) else { return false };
        // What hangs on a field that is not asked itself is not asked either; a condition only looks back, so this ends.
        let before = self.place(when.field) < self.place(field.id);
        before
            && self.is_asked(earlier, answers)
            && match answers.all(when.field) {
                given if when.any.is_empty() => given.iter().any(|value| !value.is_empty()),
                given => given.iter().any(|value| when.any.iter().any(|code| code == value)),
            }
    }

    pub fn place(&self, id: i64) -> Option<usize> {
        self.fields.iter().position(|field| field.id == id)
    }

    /// Every text that is translated, with the place by which a finding names it.
    pub fn phrases(&self) -> Vec<(Option<i64>, &Phrase)> {
        let own = [&self.title, &self.intro, &self.thanks].map(|phrase| (None, phrase));
        let fields = self.fields.iter().flat_map(|field| {
            let options = field.options.iter().map(|option| &option.label);
            [&field.label, &field.hint].into_iter().chain(options).map(|phrase| (Some(field.id), phrase))
        });
        own.into_iter().chain(fields).collect()
    }

    fn phrases_mut(&mut self) -> impl Iterator<Item = &mut Phrase> {
        let own = [&mut self.title, &mut self.intro, &mut self.thanks];
        let fields = self.fields.iter_mut().flat_map(|field| {
            let options = field.options.iter_mut().map(|option| &mut option.label);
            [&mut field.label, &mut field.hint].into_iter().chain(options)
        });
        own.into_iter().chain(fields)
    }

    /// A language has a text that is older than its source.
    pub fn is_stale(&self, tongue: &Tongue) -> bool {
        self.phrases().iter().any(|(_, phrase)| phrase.is_stale(&self.source, tongue))
    }

    pub fn is_missing(&self, tongue: &Tongue) -> bool {
        self.phrases().iter().any(|(_, phrase)| phrase.is_missing(&self.source, tongue))
    }

    /// Somebody compared all of a language with its source.
    pub fn up_to_date(&mut self, tongue: &Tongue) {
        self.phrases_mut().for_each(|phrase| phrase.up_to_date(tongue));
    }

    pub fn drop_tongue(&mut self, tongue: &Tongue) {
        if *tongue != self.source {
            self.tongues.retain(|known| known != tongue);
            self.phrases_mut().for_each(|phrase| phrase.drop_tongue(tongue));
        }
    }

    /// In which of its languages somebody reads it who wants these, best first.
    pub fn tongue(&self, wanted: &[Tongue]) -> &Tongue {
        let find = |want: &Tongue| {
            let same = |known: &&Tongue| *known == want;
            let near = |known: &&Tongue| known.primary() == want.primary();
            self.tongues.iter().find(same).or_else(|| self.tongues.iter().find(near))
        };
        wanted.iter().find_map(find).unwrap_or(&self.source)
    }

    /// What a phrase says to a reader of this language.
    pub fn say<'a>(&self, phrase: &'a Phrase, tongue: &Tongue) -> &'a str {
        phrase.choose(tongue, &self.source).map_or("", |(_, text)| text)
    }

    /// It knows who answers: nothing about a person can follow otherwise.
    pub fn knows_who(&self) -> bool {
        self.first(Ask::Email).is_some_and(|field| field.required && field.when.is_none())
            && self.first(Ask::Name).is_some_and(|field| field.required && field.when.is_none())
    }
}

impl Field {
    pub fn new(id: i64, kind: Ask, label: Phrase) -> Self {
        Self {
            id,
            kind,
            required: false,
            page: false,
            always: false,
            label,
            hint: Phrase::default(),
            options: Vec::new(),
            when: None,
            purpose: None,
            channel: String::new(),
            least: None,
            most: None,
            code: String::new(),
        }
    }

    /// Its name in a form.
    pub fn name(&self) -> String {
        format!("f{}", self.id)
    }

    /// Bytes of one file.
    pub fn most_bytes(&self) -> usize {
        let most = self.most.unwrap_or(MOST_MEGABYTES).clamp(1, MOST_MEGABYTES);
        usize::try_from(most).unwrap_or(1) * 1_000_000
    }
}

/// The language of the house in which we speak around what is written in a language.
pub fn around(tongue: &Tongue) -> Lang {
    tongue.primary().parse().unwrap_or(Lang::En)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tongue(tag: &str) -> Tongue {
        tag.parse().unwrap()
    }

    fn plan() -> Plan {
        let nl = tongue("nl");
        let mut plan = Plan::new(nl.clone());
        let field = |id, kind| Field::new(id, kind, Phrase::new(&nl, "?"));
        let mut second = field(2, Ask::Short);
        second.when = Some(When { field: 1, any: vec!["yes".into()] });
        let mut third = field(3, Ask::Short);
        third.when = Some(When { field: 2, any: vec![] });
        third.page = true;
        plan.fields = vec![field(1, Ask::One), second, third];
        plan
    }

    #[test]
    fn what_hangs_on_a_field_that_is_not_asked_is_not_asked() {
        let plan = plan();
        let asked = |answers: &Answers| -> Vec<i64> {
            plan.fields.iter().filter(|f| plan.is_asked(f, answers)).map(|f| f.id).collect()
        };
        let mut answers = Answers::default();
        assert_eq!(asked(&answers), [1]);
        answers.put(2, "", "left over");
        answers.put(1, "", "no");
        assert_eq!(asked(&answers), [1]);
        answers.put(1, "", "yes");
        assert_eq!(asked(&answers), [1, 2, 3]);
    }

    #[test]
    fn a_condition_never_looks_ahead_nor_in_a_circle() {
        let mut plan = plan();
        plan.fields[0].when = Some(When { field: 2, any: vec![] });
        assert!(plan.fields.iter().all(|field| !plan.is_asked(field, &Answers::default())));
    }

    #[test]
    fn pages_begin_where_a_field_says_so() {
        let pages: Vec<usize> = plan().pages().iter().map(|page| page.len()).collect();
        assert_eq!(pages, [2, 1]);
    }

    #[test]
    fn the_reader_gets_their_language_or_its_nearest_or_the_first() {
        let mut plan = plan();
        plan.tongues.push(tongue("en-GB"));
        assert_eq!(plan.tongue(&[tongue("en")]).tag(), "en-GB");
        assert_eq!(plan.tongue(&[tongue("fr"), tongue("en")]).tag(), "en-GB");
        assert_eq!(plan.tongue(&[tongue("fr")]).tag(), "nl");
        plan.drop_tongue(&tongue("nl"));
        assert_eq!(plan.tongues.len(), 2, "the source stays");
    }
}
