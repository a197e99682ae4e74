//! What somebody begins with: shelves on the start page, chapters of a timeline, and what can be done with a person.
//!
//! A room supplies them as it supplies places: with the rights that open them. Which shelves come first is a matter of
//! the role one works in, and roles belong to one room; so that room names shelves by their keys, as it names rights.

use kring_core::{Lang, Result};

use crate::{
    Fut, Right, Tone, Tx,
    room::{Draft, Rooms},
};

/// A short list on the start page.
#[derive(Clone)]
pub struct Shelf {
    /// Stable for ever: roles name it. `people.mine`.
    pub key: &'static str,
    /// Shown to whoever has one of these.
    pub rights: Vec<&'static Right>,
    pub fill: FillFn,
}

pub type FillFn = for<'a> fn(&'a mut Tx, Lang) -> Fut<'a, Shelved>;

/// What stands on a shelf now.
#[derive(Clone, Debug, Default)]
pub struct Shelved {
    pub icon: &'static str,
    pub tone: Tone,
    pub title: String,
    /// The whole list: what its link says, and where it is.
    pub all: Option<(String, String)>,
    pub rows: Vec<Entry>,
    /// What belongs here, for when there is nothing.
    pub empty: String,
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub title: String,
    pub href: String,
    pub text: String,
    /// At the end of the line, where the eye lands; with what it says exactly.
    pub note: String,
    pub exact: String,
}

/// A part of the timeline by which it can be narrowed: some kinds of events under one word.
#[derive(Clone, Copy)]
pub struct Chapter {
    /// Stands in addresses.
    pub key: &'static str,
    pub label: fn(Lang) -> &'static str,
    pub kinds: &'static [&'static str],
}

/// Something that is done with a person, begun from their page: a tab beside the note.
#[derive(Clone, Copy)]
pub struct Doing {
    pub icon: &'static str,
    pub label: fn(Lang) -> &'static str,
    /// Behind `/people/{id}`.
    pub href: &'static str,
    pub right: &'static Right,
}

/// The keys of the shelves with which the actor at work begins, first things first.
pub type StartFn = for<'a> fn(&'a mut Tx) -> Fut<'a, Vec<&'static str>>;

/// More than this is not a place to begin but another list.
const MOST: usize = 6;

impl Draft {
    pub fn shelf(self, shelf: Shelf) -> Self {
        self.shelves([shelf])
    }
    pub fn shelves(mut self, shelves: impl IntoIterator<Item = Shelf>) -> Self {
        self.0.shelves.extend(shelves);
        self
    }
    pub fn chapter(self, chapter: Chapter) -> Self {
        self.chapters(&[chapter])
    }
    pub fn chapters(mut self, chapters: &[Chapter]) -> Self {
        self.0.chapters.extend_from_slice(chapters);
        self
    }
    pub fn doing(mut self, doing: Doing) -> Self {
        self.0.doings.push(doing);
        self
    }
    /// Knows what everybody begins with; one room of a house does.
    pub fn start(mut self, start: StartFn) -> Self {
        self.0.start = Some(start);
        self
    }
}

impl Rooms {
    /// The shelves of the actor at work, in the order of their role. A shelf that a role names and a right does not open
    /// is left out.
    pub async fn shelves(&self, tx: &mut Tx, lang: Lang) -> Result<Vec<Shelved>> {
        let Some(start) = self.start else { return Ok(Vec::new()) };
        let mut keys: Vec<&'static str> = Vec::new();
        for key in start(tx).await? {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let mut filled = Vec::new();
        for key in keys {
            let Some(shelf) = self.shelves.iter().find(|s| s.key == key) else { continue };
            if filled.len() < MOST && shelf.rights.iter().any(|r| tx.actor().may(r)) {
                filled.push((shelf.fill)(tx, lang).await?);
            }
        }
        Ok(filled)
    }

    pub fn shelf_keys(&self) -> impl Iterator<Item = &'static str> {
        self.shelves.iter().map(|s| s.key)
    }

    /// By what a timeline can be narrowed, in the order of the rooms.
    pub fn chapters(&self) -> &[Chapter] {
        &self.chapters
    }

    /// What this actor may do with a person.
    pub fn doings(&self, tx: &Tx) -> Vec<Doing> {
        self.doings.iter().filter(|d| tx.actor().may(d.right)).copied().collect()
    }
}
