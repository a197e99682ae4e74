//! What is compared: the fields of a record, what kind of thing each holds, and the record itself.

use serde::{Deserialize, Serialize};

/// What a field holds, which decides how two values of it are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Given names or the call name; a single letter counts as an initial.
    Given,
    /// The surname, with or without its particles; both halves of a double one.
    Surname,
    /// Initials without dots. They speak only where one of the two has no given name, since they repeat it.
    Initials,
    /// `yyyy-mm-dd`, `yyyymmdd`, `yyyy-mm` or `yyyy`.
    Date,
    /// A number that an administration gave to one person or organisation: a student number, a KvK number.
    Id,
    /// A mail address. May be shared within a family.
    Mail,
    /// A phone number in one notation (E.164). May be shared within a family.
    Phone,
    /// A value that is equal or not and belongs to nobody in particular: the domain of a web site.
    Code,
    Postcode,
    /// A house number with its addition.
    Number,
    Street,
    City,
    /// One of a few: a province, a country.
    Region,
    /// The name of an organisation; legal forms (`bv`, `stichting`) are dropped.
    Name,
    /// Free text with typing errors: a second address line.
    Text,
}

impl Kind {
    /// Whether the field tells where somebody lives. Those change together, at a removal, and agree together, in a
    /// household; so their bits are bounded together.
    pub fn is_address(self) -> bool {
        matches!(self, Self::Postcode | Self::Number | Self::Street | Self::City | Self::Region | Self::Text)
    }

    /// Whether a value belongs to one bearer by design, so that its rarity cannot be learned from a base in which the
    /// only repeats are the duplicates themselves.
    pub fn is_personal(self) -> bool {
        matches!(self, Self::Id | Self::Mail | Self::Phone)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    pub key: String,
    pub kind: Kind,
}

impl Field {
    pub fn new(key: &str, kind: Kind) -> Self {
        Self { key: key.to_owned(), kind }
    }
}

/// At most so many fields: the levels of a pair are packed in one 64-bit word, four bits each.
pub const MOST_FIELDS: usize = 16;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("a specification has 1 to {MOST_FIELDS} fields, not {0}")]
    Fields(usize),
    #[error("there is no field {0:?}")]
    NoField(String),
    #[error("the field {0:?} is there twice")]
    Twice(String),
    #[error("the model was made for other fields than the specification has")]
    OtherFields,
    #[error("more than 4,294,967,295 values or bytes of text in one base")]
    TooLarge,
}

/// The fields, and which of them are sometimes filled in each other's place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    fields: Vec<Field>,
    /// Pairs of fields whose values change places; the given name and the surname always do.
    swaps: Vec<(usize, usize)>,
}

impl Spec {
    pub fn new(fields: Vec<Field>) -> Result<Self, Fault> {
        if fields.is_empty() || fields.len() > MOST_FIELDS {
            return Err(Fault::Fields(fields.len()));
        }
        for (at, field) in fields.iter().enumerate() {
            if fields.iter().take(at).any(|f| f.key == field.key) {
                return Err(Fault::Twice(field.key.clone()));
            }
        }
        let mut spec = Self { fields, swaps: Vec::new() };
        if let (Some(given), Some(surname)) = (spec.first(Kind::Given), spec.first(Kind::Surname)) {
            spec.swaps.push((given, surname));
        }
        Ok(spec)
    }

    /// The same, where these two are also sometimes filled in each other's place (two address lines). A field changes
    /// places with one other at most; a second request is refused by `NoField`.
    pub fn swapping(mut self, one: &str, other: &str) -> Result<Self, Fault> {
        let find = |key: &str| {
            let at = self.at(key).filter(|&at| self.partner(at).is_none());
            at.ok_or_else(|| Fault::NoField(key.to_owned()))
        };
        let pair = (find(one)?, find(other)?);
        self.swaps.push(pair);
        Ok(self)
    }

    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    pub fn at(&self, key: &str) -> Option<usize> {
        self.fields.iter().position(|f| f.key == key)
    }

    pub fn kind(&self, at: usize) -> Option<Kind> {
        self.fields.get(at).map(|f| f.kind)
    }

    /// The first field of a kind.
    pub fn first(&self, kind: Kind) -> Option<usize> {
        self.fields.iter().position(|f| f.kind == kind)
    }

    pub(crate) fn swaps(&self) -> &[(usize, usize)] {
        &self.swaps
    }

    pub(crate) fn partner(&self, at: usize) -> Option<usize> {
        self.swaps.iter().find_map(|&(a, b)| if a == at { Some(b) } else { (b == at).then_some(a) })
    }

    /// A record from keys and values; a key may come more than once. Empty values are nothing.
    pub fn record(&self, source: u32, values: &[(&str, &str)]) -> Result<Record, Fault> {
        let mut record = Record { source, values: vec![Vec::new(); self.fields.len()] };
        for (key, value) in values {
            let at = self.at(key).ok_or_else(|| Fault::NoField((*key).to_owned()))?;
            record.add(at, value);
        }
        Ok(record)
    }
}

/// One record as the caller has it: folded to lower case without accents, 0 to n values a field in the order of the
/// specification.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The administration it comes from; 0 is unknown. Two records of one administration that gave each its own number
    /// are two there.
    pub source: u32,
    pub values: Vec<Vec<String>>,
}

impl Record {
    /// More values than this in one field are a mistake of whoever filled it, and would multiply the keys.
    pub const MOST_VALUES: usize = 8;

    /// Adds a value to the field at this place of the specification; nothing when empty, known or too many.
    pub fn add(&mut self, at: usize, value: &str) {
        let value = value.trim();
        if self.values.len() <= at {
            self.values.resize(at + 1, Vec::new());
        }
        if let Some(held) = self.values.get_mut(at)
            && !value.is_empty()
            && held.len() < Self::MOST_VALUES
            && !held.iter().any(|v| v == value)
        {
            held.push(value.to_owned());
        }
    }

    pub fn values(&self, at: usize) -> &[String] {
        self.values.get(at).map_or(&[], Vec::as_slice)
    }
}
