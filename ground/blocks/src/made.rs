//! A sheet with its fields filled in: what the three writers (mail, page, plain text) have in common.

use std::collections::BTreeMap;

use kring_core::Tongue;

use crate::{
    Block, Sheet, Value, Values,
    block::{MOST_LINE, MOST_TEXT, Slot, What},
    document::{MOST_PREVIEW, MOST_SUBJECT},
    href::{self, Src, href},
    merge::{Why, merge, plain},
    rich::{self, Part},
};

/// Where in a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum At {
    Sheet,
    Subject,
    Preview,
    /// The number of the block, from 0, and which of its texts.
    Block(usize, Slot),
    /// The links and the logo that the caller gave.
    Dress,
}

/// Why a sheet could not be rendered, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at:?}: {why}")]
pub struct RenderError {
    pub at: At,
    pub why: Why,
}

impl RenderError {
    pub(crate) fn new(at: At, why: Why) -> Self {
        Self { at, why }
    }
}

/// A document is checked before it is used, so what fails at rendering is a fault of ours.
impl From<RenderError> for kring_core::Error {
    fn from(error: RenderError) -> Self {
        kring_core::Error::broken(error)
    }
}

#[derive(Debug, PartialEq)]
pub(crate) enum Made {
    Heading { level: u8, text: String },
    Text(Vec<Part>),
    Button { label: String, href: String },
    Picture { src: Option<String>, alt: String, href: Option<String> },
    Quote { parts: Vec<Part>, who: String },
    Divider,
    Choices { question: String, options: Vec<(String, String)> },
    Part(String),
}

pub(crate) struct Letter {
    pub subject: String,
    pub preview: String,
    pub blocks: Vec<Made>,
}

/// What the caller gives for one recipient.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    pub values: &'a Values,
    pub choices: &'a BTreeMap<String, String>,
    /// What paths of our own begin with; `None` leaves such pictures out.
    pub base: Option<&'a str>,
}

impl Given<'_> {
    pub(crate) fn letter(&self, sheet: &Sheet) -> Result<Letter, RenderError> {
        let line = |at, text, most| {
            merge(text, self.values, most).map(|text| text.line()).map_err(|why| RenderError::new(at, why))
        };
        let mut blocks = Vec::new();
        for (number, block) in sheet.blocks.iter().enumerate() {
            blocks.extend(self.block(number, block)?.0);
        }
        Ok(Letter {
            subject: line(At::Subject, &sheet.subject, MOST_SUBJECT)?,
            preview: line(At::Preview, &sheet.preview, MOST_PREVIEW)?,
            blocks,
        })
    }

    /// One block, or nothing where its condition says no; and whether a link in running text was left out.
    pub(crate) fn block(&self, number: usize, block: &Block) -> Result<(Option<Made>, bool), RenderError> {
        let fail = |slot, why| RenderError::new(At::Block(number, slot), why);
        if let Some(name) = &block.only_if {
            match self.values.get(name) {
                Some(Value::Flag(true)) => {}
                Some(Value::Flag(false)) => return Ok((None, false)),
                Some(_) => return Err(fail(Slot::OnlyIf, Why::Kind(name.clone()))),
                None => return Err(fail(Slot::OnlyIf, Why::Unknown(name.clone()))),
            }
        }
        let filled = |slot, text: &str, most| merge(text, self.values, most).map_err(|why| fail(slot, why));
        let line = |slot, text: &str| filled(slot, text, MOST_LINE).map(|text| text.line());
        let rich =
            |text: &str| Ok::<_, RenderError>(rich::read(filled(Slot::Text, text, MOST_TEXT)?.as_str()));
        let link = |text: &str| {
            let filled = filled(Slot::Link, text, MOST_LINE)?;
            // A link that the caller made for this recipient is the house's own, which on a laptop is http.
            let own = || {
                let text = plain(filled.as_str());
                self.choices.values().find(|made| made.trim() == text.trim()).and_then(|made| href::own(made))
            };
            href(filled.as_str()).or_else(own).ok_or_else(|| fail(Slot::Link, Why::Link))
        };
        let mut left_out = false;
        let made = match &block.what {
            What::Heading { level, text } => {
                Made::Heading { level: (*level).clamp(1, 3), text: line(Slot::Text, text)? }
            }
            What::Text { text } => {
                let (parts, bad) = rich(text)?;
                left_out = bad;
                Made::Text(parts)
            }
            What::Button { label, link: to } => {
                Made::Button { label: line(Slot::Label, label)?, href: link(to)? }
            }
            What::Picture { src, alt, decorative, link: to } => {
                let src = match href::src(src).ok_or_else(|| fail(Slot::Src, Why::Link))? {
                    Src::Away(address) => Some(address),
                    Src::Asset(path) => self.base.map(|base| format!("{}{path}", base.trim_end_matches('/'))),
                };
                let alt = if *decorative { String::new() } else { line(Slot::Alt, alt)? };
                let href = if to.trim().is_empty() { None } else { Some(link(to)?) };
                Made::Picture { src, alt, href }
            }
            What::Quote { text, who } => {
                let (parts, bad) = rich(text)?;
                left_out = bad;
                Made::Quote { parts, who: line(Slot::Who, who)? }
            }
            What::Divider {} => Made::Divider,
            What::Part { name } => Made::Part(name.clone()),
            What::Choices { question, options } => {
                let mut made = Vec::new();
                for option in options {
                    let to = self.choices.get(&option.code).and_then(|to| href::own(to));
                    let to = to.ok_or_else(|| fail(Slot::Options, Why::Choice(option.code.clone())))?;
                    made.push((line(Slot::Options, &option.label)?, to));
                }
                Made::Choices { question: line(Slot::Question, question)?, options: made }
            }
        };
        Ok((Some(made), left_out))
    }
}

/// Whether a language runs from right to left.
pub(crate) fn rtl(tongue: &Tongue) -> bool {
    tongue.dir() == kring_core::Dir::Rtl
}
