//! What is known of 65,536 people with consecutive numbers, fact by fact.

use serde::{Deserialize, Serialize};

use crate::{
    bits::{Bits, Set},
    column::Column,
    histories::Histories,
    lists::Lists,
    schema::{Fields, Holds},
    spans::Spans,
};

/// A shard is what is answered, kept in cache and saved at a time; nothing in it refers to another one.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Shard {
    /// Who there is.
    pub here: Bits,
    /// By the number of the fact.
    pub held: Vec<Stored>,
    pub acts: Histories,
}

/// How one fact is held.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) enum Stored {
    /// Both ways: who has the code, to answer; which code, to take the right one out when it changes.
    Choice {
        column: Column,
        sets: Vec<Set>,
    },
    Tags(Vec<Set>),
    Column(Column),
    Flag(Set),
    Spans(Spans),
    Links(Lists),
    /// A part of the history.
    Acts,
}

impl Shard {
    pub fn new(fields: &Fields) -> Self {
        let stored = |holds: &Holds| match holds {
            Holds::Choice => Stored::Choice { column: Column::default(), sets: Vec::new() },
            Holds::Tags => Stored::Tags(Vec::new()),
            Holds::Number | Holds::Day => Stored::Column(Column::default()),
            Holds::Flag => Stored::Flag(Set::default()),
            Holds::Acts(_) => Stored::Acts,
            Holds::Spans => Stored::Spans(Spans::default()),
            Holds::Links(_) => Stored::Links(Lists::default()),
        };
        let held = fields.list.iter().map(|field| stored(&field.holds)).collect();
        Self { here: Bits::new(), held, acts: Histories::default() }
    }

    pub fn field(&self, field: u16) -> Option<&Stored> {
        self.held.get(usize::from(field))
    }

    /// The roles or links of a row.
    pub fn list(&self, field: u16, row: u16) -> &[u64] {
        match self.field(field) {
            Some(Stored::Spans(spans)) => spans.get(row),
            Some(Stored::Links(lists)) => lists.get(row),
            _ => &[],
        }
    }

    pub fn has_code(&self, field: u16, row: u16, codes: &[u32]) -> bool {
        match self.field(field) {
            Some(Stored::Choice { column, .. }) => {
                column.get(row).is_some_and(|code| codes.binary_search(&(code as u32)).is_ok())
            }
            Some(Stored::Tags(sets)) => {
                codes.iter().any(|&code| sets.get(code as usize).is_some_and(|set| set.contains(row)))
            }
            _ => false,
        }
    }

    pub fn is_known(&self, field: u16, row: u16) -> bool {
        match self.field(field) {
            Some(Stored::Choice { column, .. } | Stored::Column(column)) => column.get(row).is_some(),
            Some(Stored::Tags(sets)) => sets.iter().any(|set| set.contains(row)),
            _ => false,
        }
    }

    pub fn number(&self, field: u16, row: u16) -> Option<i64> {
        match self.field(field) {
            Some(Stored::Column(column)) => column.get(row),
            _ => None,
        }
    }

    pub fn flag(&self, field: u16, row: u16) -> bool {
        matches!(self.field(field), Some(Stored::Flag(set)) if set.contains(row))
    }

    /// The tags of a row.
    pub fn tags(&self, field: u16, row: u16) -> Vec<u32> {
        match self.field(field) {
            Some(Stored::Tags(sets)) => {
                (0_u32..).zip(sets).filter(|(_, set)| set.contains(row)).map(|(code, _)| code).collect()
            }
            _ => Vec::new(),
        }
    }

    pub fn code(&self, field: u16, row: u16) -> Option<u32> {
        match self.field(field) {
            Some(Stored::Choice { column, .. }) => column.get(row).map(|code| code as u32),
            _ => None,
        }
    }

    pub fn set_code(&mut self, field: u16, row: u16, code: Option<u32>) {
        if let Some(Stored::Choice { column, sets }) = self.held.get_mut(usize::from(field)) {
            if let Some(old) = column.get(row)
                && let Some(set) = sets.get_mut(old as usize)
            {
                set.put(row, false);
            }
            column.set(row, code.map(i64::from));
            if let Some(code) = code {
                put(sets, code, row, true);
            }
        }
    }

    pub fn set_tag(&mut self, field: u16, row: u16, code: u32, on: bool) {
        if let Some(Stored::Tags(sets)) = self.held.get_mut(usize::from(field)) {
            put(sets, code, row, on);
        }
    }

    pub fn set_number(&mut self, field: u16, row: u16, value: Option<i64>) {
        if let Some(Stored::Column(column)) = self.held.get_mut(usize::from(field)) {
            column.set(row, value);
        }
    }

    pub fn set_flag(&mut self, field: u16, row: u16, on: bool) {
        if let Some(Stored::Flag(set)) = self.held.get_mut(usize::from(field)) {
            set.put(row, on);
        }
    }

    pub fn spans(&self, field: u16) -> Option<&Spans> {
        match self.field(field) {
            Some(Stored::Spans(spans)) => Some(spans),
            _ => None,
        }
    }

    pub fn spans_mut(&mut self, field: u16) -> Option<&mut Spans> {
        match self.held.get_mut(usize::from(field)) {
            Some(Stored::Spans(spans)) => Some(spans),
            _ => None,
        }
    }

    pub fn links_mut(&mut self, field: u16) -> Option<&mut Lists> {
        match self.held.get_mut(usize::from(field)) {
            Some(Stored::Links(lists)) => Some(lists),
            _ => None,
        }
    }
}

fn put(sets: &mut Vec<Set>, code: u32, row: u16, on: bool) {
    let place = code as usize;
    if on && sets.len() <= place {
        sets.resize_with(place + 1, Set::default);
    }
    if let Some(set) = sets.get_mut(place) {
        set.put(row, on);
    }
}
