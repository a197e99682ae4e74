//! Records in little memory: every distinct text once, a record as numbers, and what comparing needs computed once.

use hashbrown::HashTable;

use crate::{
    callname, hash,
    sound::spelling,
    spec::{Fault, Kind, Record, Spec},
    text,
};

/// What is known of one distinct text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Symbol {
    /// Hash of class and text, stable.
    pub hash: u64,
    /// Hash of the spelling without particles, for names.
    pub sound: u64,
    /// Lines of the table of call names.
    pub lines: u64,
    /// Which letters it has.
    bag: u64,
    start: u32,
    len: u32,
    /// Date as yyyymmdd, or the leading digits of a house number.
    pub number: u32,
    pub first: char,
    /// A single letter.
    pub is_initial: bool,
    /// One word of ASCII.
    is_plain: bool,
}

impl Symbol {
    const NONE: Self = Self {
        hash: 0,
        sound: 0,
        lines: 0,
        bag: 0,
        start: 0,
        len: 0,
        number: 0,
        first: '\0',
        is_initial: false,
        is_plain: false,
    };

    /// Whether two plain words are certainly neither close nor alike.
    pub fn is_far(&self, other: &Self) -> bool {
        let known = |s: &Self| (s.len as usize, s.bag);
        self.is_plain && other.is_plain && text::are_far(known(self), known(other))
    }

    /// The same of any texts of ASCII, where words within them do not count.
    pub fn is_far_as_text(&self, other: &Self) -> bool {
        self.bag >> 63 == 0
            && other.bag >> 63 == 0
            && text::are_far((self.len as usize, self.bag), (other.len as usize, other.bag))
    }
}

/// Texts that may be compared with each other are kept together: a given name stands in the surname's field at times.
fn class(kind: Kind) -> u8 {
    match kind {
        Kind::Given | Kind::Surname => 0,
        Kind::Street | Kind::City | Kind::Text | Kind::Name | Kind::Region => 1,
        Kind::Initials => 2,
        Kind::Date => 3,
        Kind::Id => 4,
        Kind::Mail => 5,
        Kind::Phone => 6,
        Kind::Code => 7,
        Kind::Postcode => 8,
        Kind::Number => 9,
    }
}

/// The hash by which a model knows a value.
pub(crate) fn value_hash(kind: Kind, normal: &str) -> u64 {
    hash::Hash::default().part(&class(kind).to_string()).part(normal).finish()
}

/// Records that are compared, in memory. About 400 bytes a person with ten fields.
#[derive(Debug)]
pub struct Base {
    spec: Spec,
    texts: String,
    symbols: Vec<Symbol>,
    table: HashTable<u32>,
    /// Where the values of each field of each record begin: `records × fields + 1`.
    starts: Vec<u32>,
    values: Vec<u32>,
    sources: Vec<u32>,
    /// Where the second of two lists begins; the number of records when there is one list.
    second: usize,
}

impl Base {
    /// One list.
    pub fn new(spec: &Spec, records: impl IntoIterator<Item = Record>) -> Result<Self, Fault> {
        let mut base = Self {
            spec: spec.clone(),
            texts: String::new(),
            symbols: Vec::new(),
            table: HashTable::new(),
            starts: vec![0],
            values: Vec::new(),
            sources: Vec::new(),
            second: 0,
        };
        for record in records {
            base.add(&record)?;
        }
        base.second = base.sources.len();
        Ok(base)
    }

    /// Two lists whose records are compared across. The second's records are numbered on from the first's.
    pub fn two(
        spec: &Spec,
        first: impl IntoIterator<Item = Record>,
        second: impl IntoIterator<Item = Record>,
    ) -> Result<Self, Fault> {
        let mut base = Self::new(spec, first)?;
        for record in second {
            base.add(&record)?;
        }
        Ok(base)
    }

    pub fn len(&self) -> usize {
        self.sources.len()
    }

    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// Where the second of two lists begins; `len` when there is one.
    pub fn second(&self) -> usize {
        self.second
    }

    /// Whether these two records are compared at all: across, when there are two lists.
    pub(crate) fn may_pair(&self, a: usize, b: usize) -> bool {
        self.second == self.len() || (a < self.second) != (b < self.second)
    }

    /// In how many ways two records can be chosen to be compared.
    pub fn pairs(&self) -> f64 {
        let (n, first) = (self.len() as f64, self.second as f64);
        if self.second == self.len() { n * (n - 1.0) / 2.0 } else { first * (n - first) }
    }

    fn add(&mut self, record: &Record) -> Result<(), Fault> {
        let kinds: Vec<Kind> = self.spec.fields().iter().map(|f| f.kind).collect();
        for (at, kind) in kinds.into_iter().enumerate() {
            let begin = self.values.len();
            for value in record.values(at).iter().take(Record::MOST_VALUES) {
                let normal = text::normal(kind, value);
                if normal.is_empty() || (kind == Kind::Date && text::date(&normal).is_none()) {
                    continue;
                }
                let symbol = self.intern(kind, &normal)?;
                if !self.values.get(begin..).unwrap_or_default().contains(&symbol) {
                    self.values.push(symbol);
                }
            }
            self.starts.push(u32::try_from(self.values.len()).map_err(|_| Fault::TooLarge)?);
        }
        self.sources.push(record.source);
        Ok(())
    }

    fn intern(&mut self, kind: Kind, normal: &str) -> Result<u32, Fault> {
        let hash = value_hash(kind, normal);
        let known = self.table.find(hash, |&at| {
            let held = self.symbols.get(at as usize);
            held.is_some_and(|s| s.hash == hash && self.text_of(s) == normal)
        });
        if let Some(&at) = known {
            return Ok(at);
        }
        let at = u32::try_from(self.symbols.len()).map_err(|_| Fault::TooLarge)?;
        let start = u32::try_from(self.texts.len()).map_err(|_| Fault::TooLarge)?;
        self.texts.push_str(normal);
        let names = matches!(class(kind), 0 | 1);
        let mut symbol = Symbol {
            hash,
            start,
            len: normal.len() as u32,
            first: normal.chars().next().unwrap_or_default(),
            is_initial: normal.chars().nth(1).is_none(),
            bag: text::bag(normal),
            is_plain: normal.bytes().all(|b| b.is_ascii_alphanumeric()),
            ..Symbol::NONE
        };
        if names {
            let core = if class(kind) == 0 { text::joined_core(normal) } else { normal.into() };
            symbol.sound = hash::of([spelling(&core).as_str()]);
        }
        if class(kind) == 0 {
            symbol.lines = normal.split(' ').fold(0, |lines, word| lines | callname::lines(word));
        }
        symbol.number = match kind {
            Kind::Date => text::date(normal).unwrap_or_default(),
            Kind::Number => text::leading(normal),
            _ => 0,
        };
        self.symbols.push(symbol);
        let symbols = &self.symbols;
        self.table.insert_unique(hash, at, |&other| symbols.get(other as usize).map_or(0, |s| s.hash));
        Ok(at)
    }

    fn text_of(&self, symbol: &Symbol) -> &str {
        let start = symbol.start as usize;
        self.texts.get(start..start + symbol.len as usize).unwrap_or_default()
    }

    pub(crate) fn symbol(&self, at: u32) -> (&Symbol, &str) {
        let symbol = self.symbols.get(at as usize).unwrap_or(&Symbol::NONE);
        (symbol, self.text_of(symbol))
    }

    /// The places of the values of one field of one record; `value` gives what stands there.
    pub(crate) fn slots(&self, record: usize, field: usize) -> std::ops::Range<usize> {
        let at = record * self.spec.fields().len() + field;
        let bound = |at: usize| self.starts.get(at).copied().unwrap_or_default() as usize;
        bound(at)..bound(at + 1)
    }

    pub(crate) fn value(&self, slot: usize) -> u32 {
        self.values.get(slot).copied().unwrap_or_default()
    }

    pub(crate) fn slot_count(&self) -> usize {
        self.values.len()
    }

    pub(crate) fn symbol_count(&self) -> usize {
        self.symbols.len()
    }

    /// The texts of one field of one record.
    pub(crate) fn texts(&self, record: usize, field: usize) -> impl Iterator<Item = &str> {
        self.slots(record, field).map(|slot| self.symbol(self.value(slot)).1)
    }

    /// A stable hash of all that a record holds.
    pub(crate) fn fingerprint(&self, record: usize) -> u64 {
        (0..self.spec.fields().len()).fold(0, |all, field| {
            let values = self.slots(record, field);
            values.fold(hash::mix(all ^ field as u64), |all, slot| {
                hash::mix(all ^ self.symbol(self.value(slot)).0.hash)
            })
        })
    }

    pub(crate) fn source(&self, record: usize) -> u32 {
        self.sources.get(record).copied().unwrap_or_default()
    }
}
