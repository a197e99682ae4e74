//! What is wrong with a document before anybody gets it: what can be seen in its texts, and what turns up when it is
//! written with ordinary values.

use std::collections::{BTreeMap, BTreeSet};

use kring_core::Tongue;

use crate::{
    Allowed, Block, Document, Dress, Kind, LARGE_MAIL, Place, Problem, Sheet, Slip, Slot, Trouble, What, Why,
    block::{MOST_LINE, MOST_TEXT, is_code},
    document::{MOST_PREVIEW, MOST_SUBJECT},
    href,
    made::{At, Given},
    mail::render,
    tag::How,
    template,
};

/// Characters of a subject beyond which hardly any inbox shows it.
pub const LONG_SUBJECT: usize = 150;

/// The names of all fields that a document uses, in all its languages. What cannot be read is left out; [`check`] names
/// it.
pub fn fields(document: &Document) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for sheet in document.sheets.values() {
        let blocks = sheet.blocks.iter().flat_map(|block| block.what.texts());
        let heads = [(Slot::Text, sheet.subject.as_str()), (Slot::Text, sheet.preview.as_str())];
        for (_, text) in heads.into_iter().chain(blocks) {
            names.extend(
                template::scan(text, MOST_TEXT).unwrap_or_default().uses.into_iter().map(|(name, _)| name),
            );
        }
        names.extend(sheet.blocks.iter().filter_map(|block| block.only_if.clone()));
    }
    names
}

/// Everything that is wrong, by language and then in the order of the sheet. Empty: it can be used.
pub fn check(document: &Document, allowed: &Allowed) -> Vec<Problem> {
    let mut problems = Vec::new();
    for wanted in &allowed.wanted {
        if !document.sheets.keys().any(|there| there.primary() == wanted.primary()) {
            problems.push(Problem { tongue: wanted.clone(), at: At::Sheet, what: Trouble::Missing });
        }
    }
    let stale = document.stale();
    for (tongue, sheet) in &document.sheets {
        let mut checker = Checker { tongue, allowed, problems: Vec::new() };
        if stale.contains(&tongue) {
            checker.note(At::Sheet, Trouble::Stale);
        }
        checker.sheet(sheet);
        if document.sheets.get(&document.source).is_some_and(|source| codes(source) != codes(sheet)) {
            checker.note(At::Sheet, Trouble::OtherCodes);
        }
        problems.extend(checker.problems);
    }
    problems
}

struct Checker<'a> {
    tongue: &'a Tongue,
    allowed: &'a Allowed,
    problems: Vec<Problem>,
}

impl Checker<'_> {
    /// The first problem of a place stays: the next one mostly follows from it.
    fn note(&mut self, at: At, what: Trouble) {
        if at == At::Sheet || !self.problems.iter().any(|problem| problem.at == at) {
            self.problems.push(Problem { tongue: self.tongue.clone(), at, what });
        }
    }

    fn sheet(&mut self, sheet: &Sheet) {
        if !sheet.is_within() {
            self.note(At::Sheet, Trouble::Bounds);
        }
        let mail = self.allowed.place == Place::Mail;
        if mail {
            self.subject(&sheet.subject);
        } else if sheet.subject.trim().is_empty() {
            self.note(At::Subject, Trouble::NoTitle);
        }
        if sheet.preview.trim().is_empty() {
            self.note(At::Preview, if mail { Trouble::NoPreview } else { Trouble::NoSummary });
        }
        self.template(At::Preview, &sheet.preview, MOST_PREVIEW);
        if sheet.blocks.is_empty() {
            self.note(At::Sheet, Trouble::NoBlocks);
        }
        let mut codes = BTreeSet::new();
        for (number, block) in sheet.blocks.iter().enumerate() {
            let before = self.problems.len();
            self.block(number, block, &mut codes);
            // What cannot be read cannot be written either, for the same reason.
            if self.problems.len() == before {
                self.written(number, block);
            }
        }
        let words = |what: &What| !matches!(what, What::Picture { .. } | What::Divider {});
        let picture = |what: &What| matches!(what, What::Picture { .. });
        let blocks = || sheet.blocks.iter().map(|block| &block.what);
        if blocks().any(picture) && !blocks().any(words) {
            self.note(At::Sheet, Trouble::OnlyPictures);
        }
        if mail {
            self.size(sheet);
        }
    }

    fn subject(&mut self, subject: &str) {
        if subject.trim().is_empty() {
            self.note(At::Subject, Trouble::NoSubject);
        }
        self.template(At::Subject, subject, MOST_SUBJECT);
        if subject.chars().count() > LONG_SUBJECT {
            self.note(At::Subject, Trouble::LongSubject { most: LONG_SUBJECT });
        }
        // Of the text itself: a field may well be a code in capitals. Scripts without capitals are never loud.
        let mut letters = 0;
        for c in outside_tags(subject).chars().filter(|c| c.is_alphabetic()) {
            if !c.is_uppercase() {
                return;
            }
            letters += 1;
        }
        if letters >= 6 {
            self.note(At::Subject, Trouble::LoudSubject);
        }
    }

    fn block(&mut self, number: usize, block: &Block, codes: &mut BTreeSet<String>) {
        let at = |slot| At::Block(number, slot);
        if let Some((slot, most)) = block.what.too_long() {
            self.note(at(slot), Trouble::TooLong { most });
        }
        if let Some(field) = &block.only_if {
            self.field(at(Slot::OnlyIf), field, &[Kind::Flag]);
        }
        for (slot, text) in block.what.texts() {
            let prose = slot == Slot::Text && !matches!(block.what, What::Heading { .. });
            self.template(at(slot), text, if prose { MOST_TEXT } else { MOST_LINE });
            let optional = slot == Slot::Who || matches!(block.what, What::Picture { .. });
            if text.trim().is_empty() && !optional {
                self.note(at(slot), Trouble::Empty);
            }
        }
        match &block.what {
            What::Picture { src, alt, decorative, .. } => {
                if href::src(src).is_none() {
                    self.note(at(Slot::Src), Trouble::BadPicture);
                }
                if alt.trim().is_empty() && !decorative {
                    self.note(at(Slot::Alt), Trouble::NoAlt);
                }
            }
            What::Choices { options, .. } => {
                if options.is_empty() {
                    self.note(at(Slot::Options), Trouble::NoOptions);
                }
                for option in options {
                    let code = option.code.clone();
                    if !is_code(&code) {
                        self.note(at(Slot::Options), Trouble::BadCode { code });
                    } else if !codes.insert(code.clone()) {
                        self.note(at(Slot::Options), Trouble::SameCode { code });
                    }
                }
            }
            What::Part { name } if !self.allowed.parts.iter().any(|(known, _)| known == name) => {
                self.note(at(Slot::Name), Trouble::NoPart);
            }
            _ => {}
        }
    }

    fn template(&mut self, at: At, text: &str, most: usize) {
        match template::scan(text, most) {
            Err(Slip::TooLong) if text.chars().count() > most => self.note(at, Trouble::TooLong { most }),
            Err(slip) => self.note(at, Trouble::Slip(slip)),
            Ok(scan) => {
                for (field, how) in scan.uses {
                    let kinds: &[Kind] = match how {
                        How::Shown => &[Kind::Text, Kind::Number, Kind::List, Kind::Link],
                        How::Tested => &[Kind::Text, Kind::Number, Kind::List, Kind::Link, Kind::Flag],
                        How::Looped => &[Kind::List],
                    };
                    self.field(at, &field, kinds);
                }
            }
        }
    }

    fn field(&mut self, at: At, field: &str, kinds: &[Kind]) {
        let field = field.to_owned();
        match self.allowed.fields.get(&field) {
            None => self.note(at, Trouble::UnknownField { field }),
            Some(kind) if !kinds.contains(kind) => self.note(at, Trouble::WrongKind { field }),
            Some(_) => {}
        }
    }

    /// Writes the block with all yes/no fields on and with all off, which walks through both branches of most `if`s.
    /// A field that is a whole address is only taken for one when its kind says so, since the sample of any other kind
    /// is none.
    fn written(&mut self, number: usize, block: &Block) {
        let choices = choices(std::slice::from_ref(block));
        for flags in [true, false] {
            let values = self.allowed.sample(flags);
            let given = Given { values: &values, choices: &choices, base: None };
            // Its own condition would hide it in one of the two.
            let shown = Block { only_if: None, ..block.clone() };
            match given.block(number, &shown) {
                Ok((_, true)) => self.note(At::Block(number, Slot::Text), Trouble::BadLink),
                Ok(_) => {}
                Err(error) => self.note(error.at, trouble(error.why)),
            }
        }
    }

    fn size(&mut self, sheet: &Sheet) {
        let dress = Dress { choices: choices(&sheet.blocks), ..Dress::default() };
        // An error was told of where it was found.
        let Ok(letter) = render(sheet, self.tongue, &self.allowed.sample(true), &dress) else { return };
        if letter.html.len() > LARGE_MAIL {
            self.note(At::Sheet, Trouble::Large { kilobytes: letter.html.len().div_ceil(1000) });
        }
    }
}

fn trouble(why: Why) -> Trouble {
    match why {
        Why::Slip(slip) => Trouble::Slip(slip),
        Why::Unknown(field) => Trouble::UnknownField { field },
        Why::Kind(field) => Trouble::WrongKind { field },
        Why::Link => Trouble::BadLink,
        Why::Value(_) | Why::TooMuch | Why::Choice(_) => Trouble::Unwritable,
    }
}

/// The codes that people can choose, which must be the same whatever language they read.
fn codes(sheet: &Sheet) -> BTreeSet<&str> {
    let options = sheet.blocks.iter().filter_map(|block| match &block.what {
        What::Choices { options, .. } => Some(options),
        _ => None,
    });
    options.flatten().map(|option| option.code.as_str()).collect()
}

/// A link for each code, of the length that links with a secret have.
fn choices(blocks: &[Block]) -> BTreeMap<String, String> {
    let options = blocks.iter().filter_map(|block| match &block.what {
        What::Choices { options, .. } => Some(options),
        _ => None,
    });
    let link = "https://example.org/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    options.flatten().map(|option| (option.code.clone(), link.to_owned())).collect()
}

/// The text without what stands between braces.
fn outside_tags(text: &str) -> String {
    let mut depth = 0usize;
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}
