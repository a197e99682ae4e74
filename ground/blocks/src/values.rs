use std::collections::BTreeMap;

use kring_core::Tongue;

/// Characters of one value: an address or an answer fits, a book does not.
pub const MOST_VALUE: usize = 2_000;
/// Entries of a list.
pub const MOST_LIST: usize = 200;

/// What a field stands for in one letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Text(String),
    /// A whole number. An amount with decimals is a text, since a language decides how it is written.
    Number(i64),
    Flag(bool),
    List(Vec<String>),
}

/// The values for one letter. Every field that a sheet names must be here, even where its branch is not taken: what is
/// unknown is an empty text on purpose, and never a gap by accident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<String, Value>);

/// What kind of value a field has, for whoever checks a document before there is anybody to write to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
    /// Yes or no: for `if` and for blocks with a condition, never shown.
    Flag,
    /// Texts, for `for`.
    List,
    /// A text that is a whole address, which alone may stand as the target of a link.
    Link,
}

/// What a document may use, and in which languages it is wanted.
#[derive(Clone, Debug, Default)]
pub struct Allowed {
    pub fields: BTreeMap<String, Kind>,
    pub wanted: Vec<Tongue>,
    pub place: Place,
    /// What can be put in it as a part: the name, and what it is called.
    pub parts: Vec<(String, String)>,
    /// What a field is, in words, where its name does not say it.
    pub said: BTreeMap<String, String>,
}

/// Where a document is read, which decides what is wise in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    #[default]
    Mail,
    /// A page: its subject is the title, its preview what search engines show.
    Page,
}

impl Values {
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more value.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.set(name, value);
        self
    }

    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl Allowed {
    /// With one more field.
    #[must_use]
    pub fn field(mut self, name: &str, kind: Kind) -> Self {
        self.fields.insert(name.to_owned(), kind);
        self
    }

    /// Values of each kind, of an ordinary length, with all yes/no fields alike.
    pub fn sample(&self, flags: bool) -> Values {
        let sample = |kind: &Kind| match kind {
            Kind::Text => Value::Text("Xxxxxxxx".to_owned()),
            Kind::Number => Value::Number(12),
            Kind::Flag => Value::Flag(flags),
            Kind::List => Value::List(vec!["Xxxxxxxx".to_owned(); 3]),
            Kind::Link => Value::Text("https://example.org/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".to_owned()),
        };
        Values(self.fields.iter().map(|(name, kind)| (name.clone(), sample(kind))).collect())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::Number(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Value::Flag(flag)
    }
}

impl From<Vec<String>> for Value {
    fn from(list: Vec<String>) -> Self {
        Value::List(list)
    }
}
