use serde::{Deserialize, Serialize};

/// Characters of a running text: about eight pages, more than anybody reads in a mail.
pub const MOST_TEXT: usize = 20_000;
/// Characters of a label, a heading, an alternative text or an address.
pub const MOST_LINE: usize = 500;
/// Options of one question: a thumb finds its way among so many.
pub const MOST_OPTIONS: usize = 12;
/// Characters of the code of an option.
pub const MOST_CODE: usize = 40;

/// One block of a sheet. All texts in it may hold merge fields (see [`crate::fields`]); none is ever HTML.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    pub what: What,
    /// The name of a yes/no field: the block is only there for whom it says yes. A name and no expression, so that
    /// whoever edits chooses from a list and whoever checks can say who will see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_if: Option<String>,
}

/// The kinds of blocks. The names in JSON are the variants in snake case and stay what they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum What {
    /// `level` 1 to 3; other numbers are taken for the nearest.
    Heading {
        level: u8,
        text: String,
    },
    /// Paragraphs and lists, with `**bold**`, `*italic*` and `[links](https://…)`.
    Text {
        text: String,
    },
    /// One thing to do.
    Button {
        label: String,
        link: String,
    },
    /// `src` is an https address or a path on our own server that starts with `/`. `alt` is only empty when the picture
    /// is marked as decoration: then readers skip it knowingly, and nobody forgot it.
    Picture {
        src: String,
        alt: String,
        #[serde(default)]
        decorative: bool,
        /// Where a click leads; empty is nowhere.
        #[serde(default)]
        link: String,
    },
    /// What somebody said, and who; `who` may be empty.
    Quote {
        text: String,
        who: String,
    },
    Divider {},
    /// A question with a link for each answer. The links come at rendering, one for each code, since they differ for
    /// each recipient.
    Choices {
        question: String,
        options: Vec<Answer>,
    },
    /// Something that the caller puts there, by its name: a form in the middle of a page. A mail has none.
    Part {
        name: String,
    },
}

/// An answer one can choose: the same code in all languages, a label in each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    pub code: String,
    pub label: String,
}

/// Which text of a block is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    Text,
    Label,
    Link,
    Src,
    Alt,
    Who,
    Question,
    Options,
    OnlyIf,
    Name,
}

impl Slot {
    /// As in the name of its field in the editor.
    pub const fn as_str(self) -> &'static str {
        match self {
            Slot::Text => "text",
            Slot::Label => "label",
            Slot::Link => "link",
            Slot::Src => "src",
            Slot::Alt => "alt",
            Slot::Who => "who",
            Slot::Question => "question",
            Slot::Options => "options",
            Slot::OnlyIf => "only_if",
            Slot::Name => "name",
        }
    }
}

/// The kinds as the editor and JSON name them, in the order in which they are offered.
pub const KINDS: [&str; 8] = ["text", "heading", "button", "picture", "quote", "choices", "divider", "part"];

impl What {
    /// An empty block of a kind; `None` for a kind that does not exist.
    pub fn empty(kind: &str) -> Option<What> {
        let none = String::new;
        Some(match kind {
            "heading" => What::Heading { level: 2, text: none() },
            "text" => What::Text { text: none() },
            "button" => What::Button { label: none(), link: none() },
            "picture" => What::Picture { src: none(), alt: none(), decorative: false, link: none() },
            "quote" => What::Quote { text: none(), who: none() },
            "divider" => What::Divider {},
            "choices" => What::Choices { question: none(), options: Vec::new() },
            "part" => What::Part { name: none() },
            _ => return None,
        })
    }

    pub const fn kind(&self) -> &'static str {
        match self {
            What::Heading { .. } => "heading",
            What::Text { .. } => "text",
            What::Button { .. } => "button",
            What::Picture { .. } => "picture",
            What::Quote { .. } => "quote",
            What::Divider {} => "divider",
            What::Choices { .. } => "choices",
            What::Part { .. } => "part",
        }
    }

    /// Every text in which a merge field may stand, with its place.
    pub fn texts(&self) -> Vec<(Slot, &str)> {
        match self {
            What::Heading { text, .. } | What::Text { text } => vec![(Slot::Text, text)],
            What::Button { label, link } => vec![(Slot::Label, label), (Slot::Link, link)],
            What::Picture { alt, link, .. } => vec![(Slot::Alt, alt), (Slot::Link, link)],
            What::Quote { text, who } => vec![(Slot::Text, text), (Slot::Who, who)],
            What::Divider {} | What::Part { .. } => Vec::new(),
            What::Choices { question, options } => {
                let labels = options.iter().map(|option| (Slot::Options, option.label.as_str()));
                std::iter::once((Slot::Question, question.as_str())).chain(labels).collect()
            }
        }
    }

    /// The first text that is longer than it may be, with how many characters it may have.
    pub(crate) fn too_long(&self) -> Option<(Slot, usize)> {
        let longest = |slot, text: &str| {
            let prose = slot == Slot::Text && !matches!(self, What::Heading { .. });
            let most = if prose { MOST_TEXT } else { MOST_LINE };
            (text.chars().count() > most).then_some((slot, most))
        };
        let src = if let What::Picture { src, .. } = self { longest(Slot::Src, src) } else { None };
        let name = if let What::Part { name } = self { longest(Slot::Name, name) } else { None };
        src.or(name).or_else(|| self.texts().into_iter().find_map(|(slot, text)| longest(slot, text)))
    }
}

/// Whether a text can be the code of an option: it stands in addresses and in the answers of people.
pub fn is_code(code: &str) -> bool {
    (1..=MOST_CODE).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'))
}
