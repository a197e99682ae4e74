use kring_core::{Saying, Tongue};

use crate::{Slip, made::At, say};

/// Something that whoever edits should know, and where. Data; the words are [`Problem::saying`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub tongue: Tongue,
    pub at: At,
    pub what: Trouble,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// A wanted language has no sheet, nor one of the same language in another region.
    Missing,
    /// The translation is older than the source.
    Stale,
    NoBlocks,
    NoSubject,
    /// Characters.
    LongSubject {
        most: usize,
    },
    /// In capitals.
    LoudSubject,
    NoPreview,
    /// An empty heading, text, label, question or quote.
    Empty,
    NoAlt,
    BadLink,
    BadPicture,
    NoOptions,
    /// The code cannot be one.
    BadCode {
        code: String,
    },
    /// The code stands there twice, so an answer would not say which was meant.
    SameCode {
        code: String,
    },
    /// The choices have other codes than in the source.
    OtherCodes,
    OnlyPictures,
    /// A part that there is not.
    NoPart,
    /// A page without a title.
    NoTitle,
    NoSummary,
    /// Kilobytes of HTML.
    Large {
        kilobytes: usize,
    },
    TooLong {
        most: usize,
    },
    Bounds,
    UnknownField {
        field: String,
    },
    /// The field is of another kind than its place asks.
    WrongKind {
        field: String,
    },
    Slip(Slip),
    /// It could not be written with ordinary values, for a reason that is none of the above.
    Unwritable,
}

impl Problem {
    /// Whether it should keep the document from being used. The others are advice.
    pub fn is_grave(&self) -> bool {
        !matches!(
            self.what,
            Trouble::Stale
                | Trouble::LongSubject { .. }
                | Trouble::LoudSubject
                | Trouble::NoPreview
                | Trouble::NoSummary
                | Trouble::OnlyPictures
                | Trouble::Large { .. }
        )
    }

    /// The name of the field of the editor beside which it belongs; empty when it is about the whole.
    pub fn field(&self) -> String {
        match self.at {
            At::Sheet | At::Dress => String::new(),
            At::Subject => "subject".to_owned(),
            At::Preview => "preview".to_owned(),
            At::Block(number, slot) => format!("b-{number}-{}", slot.as_str()),
        }
    }

    /// "العربية, block 3": for a list of problems away from the fields.
    pub fn place(&self) -> Saying {
        let tongue = self.tongue.name_in_own_words();
        match self.at {
            At::Sheet | At::Dress => say::at_sheet(tongue),
            At::Subject => say::at_subject(tongue),
            At::Preview => say::at_preview(tongue),
            At::Block(number, _) => say::at_block(tongue, number + 1),
        }
    }

    pub fn saying(&self) -> Saying {
        match &self.what {
            Trouble::Missing => say::problem_missing(),
            Trouble::Stale => say::problem_stale(),
            Trouble::NoBlocks => say::problem_no_blocks(),
            Trouble::NoSubject => say::problem_no_subject(),
            Trouble::LongSubject { most } => say::problem_long_subject(*most),
            Trouble::LoudSubject => say::problem_loud_subject(),
            Trouble::NoPreview => say::problem_no_preview(),
            Trouble::Empty => say::problem_empty(),
            Trouble::NoPart => say::problem_no_part(),
            Trouble::NoTitle => say::problem_no_title(),
            Trouble::NoSummary => say::problem_no_summary(),
            Trouble::NoAlt => say::problem_no_alt(),
            Trouble::BadLink => say::problem_bad_link(),
            Trouble::BadPicture => say::problem_bad_picture(),
            Trouble::NoOptions => say::problem_no_options(),
            Trouble::BadCode { code } => say::problem_bad_code(code.as_str()),
            Trouble::SameCode { code } => say::problem_same_code(code.as_str()),
            Trouble::OtherCodes => say::problem_other_codes(),
            Trouble::OnlyPictures => say::problem_only_pictures(),
            Trouble::Large { kilobytes } => say::problem_large(*kilobytes),
            Trouble::TooLong { most } => say::problem_too_long(*most),
            Trouble::Bounds => say::problem_bounds(),
            Trouble::UnknownField { field } => say::problem_unknown_field(field.as_str()),
            Trouble::WrongKind { field } => say::problem_wrong_kind(field.as_str()),
            Trouble::Slip(slip) => slipped(slip),
            Trouble::Unwritable => say::problem_unwritable(),
        }
    }
}

fn slipped(slip: &Slip) -> Saying {
    match slip {
        Slip::Unclosed => say::slip_unclosed(),
        Slip::Statement(word) => say::slip_statement(word.as_str()),
        Slip::Filter(word) => say::slip_filter(word.as_str()),
        Slip::Sign(sign) => say::slip_sign(sign.as_str()),
        Slip::Unbalanced => say::slip_unbalanced(),
        Slip::TooDeep => say::slip_too_deep(),
        Slip::TooLong => say::slip_too_long(),
        Slip::Order => say::slip_order(),
    }
}
