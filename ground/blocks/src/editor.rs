//! Editing one sheet with a plain form. Everything works without script: each change of the list of blocks is a post
//! that comes back with the same form, otherwise arranged.

use askama::Template;
use kring_core::{Lang, Tongue};
use kring_web::{Choice, Form};

use crate::{
    Allowed, Answer, Block, KINDS, Kind, Place, Problem, Sheet, What, Words,
    block::{MOST_CODE, MOST_LINE, MOST_OPTIONS, MOST_TEXT, Slot, is_code},
    document::{MOST_BLOCKS, MOST_PREVIEW, MOST_SUBJECT},
    say,
};

/// A change of the list of blocks, by its buttons. Blocks are counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// A new block before the one that has this number now; `add-0-text` at the beginning.
    Add(usize, &'static str),
    Up(usize),
    Down(usize),
    Drop(usize),
}

/// The fields of one block as names in the form.
const SLOTS: [&str; 13] = [
    "kind",
    "text",
    "level",
    "label",
    "link",
    "src",
    "alt",
    "decorative",
    "who",
    "question",
    "options",
    "only_if",
    "name",
];

/// The form that shows a sheet.
pub fn form_of(sheet: &Sheet) -> Form {
    let mut values = vec![
        ("subject".to_owned(), sheet.subject.clone()),
        ("preview".to_owned(), sheet.preview.clone()),
        ("blocks".to_owned(), sheet.blocks.len().to_string()),
    ];
    for (number, block) in sheet.blocks.iter().enumerate() {
        let mut put = |slot: &str, value: &str| values.push((format!("b-{number}-{slot}"), value.to_owned()));
        put("kind", block.what.kind());
        put("only_if", block.only_if.as_deref().unwrap_or_default());
        match &block.what {
            What::Heading { level, text } => {
                put("level", &level.to_string());
                put("text", text);
            }
            What::Text { text } => put("text", text),
            What::Button { label, link } => {
                put("label", label);
                put("link", link);
            }
            What::Picture { src, alt, decorative, link } => {
                put("src", src);
                put("alt", alt);
                put("link", link);
                put("decorative", if *decorative { "on" } else { "" });
            }
            What::Quote { text, who } => {
                put("text", text);
                put("who", who);
            }
            What::Divider {} => {}
            What::Part { name } => put("name", name),
            What::Choices { question, options } => {
                let lines: Vec<String> =
                    options.iter().map(|o| format!("{} = {}", o.code, o.label)).collect();
                put("question", question);
                put("options", &lines.join("\n"));
            }
        }
    }
    Form::of(values)
}

/// Reads the form: the sheet as it stands there, and the button that was pressed unless it was the one that saves. The
/// faults it notes are about what cannot be kept at all; what is unwise is for [`crate::check`]. Revisions are not in a
/// form: [`crate::Document::put`] keeps them.
pub fn read(form: &mut Form) -> (Sheet, Option<Act>) {
    let act = Act::read(form.get("act"));
    let count = form.get("blocks").parse().unwrap_or(0).min(MOST_BLOCKS);
    let subject = form.line("subject", MOST_SUBJECT);
    let preview = form.line("preview", MOST_PREVIEW);
    let blocks = (0..count).filter_map(|number| block(form, number)).collect();
    (Sheet { subject, preview, blocks, ..Sheet::default() }, act)
}

fn block(form: &mut Form, number: usize) -> Option<Block> {
    let name = |slot: &str| format!("b-{number}-{slot}");
    let what = What::empty(form.get(&name("kind")))?;
    let mut line = |slot: &str| form.line(&name(slot), MOST_LINE);
    let what = match what {
        What::Heading { .. } => {
            let level = line("level").parse().unwrap_or(2).clamp(1, 3);
            What::Heading { level, text: line("text") }
        }
        What::Text { .. } => What::Text { text: form.text(&name("text"), MOST_TEXT) },
        What::Button { .. } => What::Button { label: line("label"), link: line("link") },
        What::Picture { .. } => {
            let (src, alt, link) = (line("src"), line("alt"), line("link"));
            What::Picture { src, alt, decorative: form.tick(&name("decorative")), link }
        }
        What::Quote { .. } => What::Quote { who: line("who"), text: form.text(&name("text"), MOST_TEXT) },
        What::Divider {} => What::Divider {},
        What::Part { .. } => What::Part { name: line("name") },
        What::Choices { .. } => {
            What::Choices { question: line("question"), options: options(form, &name("options")) }
        }
    };
    let only_if = Some(form.line(&name("only_if"), MOST_CODE * 2)).filter(|field| !field.is_empty());
    Some(Block { what, only_if })
}

/// A line for each option, `code = label`; without a code it gets the number of its line.
fn options(form: &mut Form, name: &str) -> Vec<Answer> {
    let typed = form.text(name, (MOST_LINE + MOST_CODE + 4) * MOST_OPTIONS);
    let mut options = Vec::new();
    for line in typed.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let coded = line.split_once('=').map(|(code, label)| (code.trim(), label.trim()));
        let (code, label) = match coded {
            Some((code, label)) if is_code(code) => (code.to_owned(), label),
            _ => ((options.len() + 1).to_string(), line),
        };
        if label.chars().count() > MOST_LINE {
            form.fault(name, say::problem_too_long(MOST_LINE));
        }
        options.push(Answer { code, label: label.chars().take(MOST_LINE).collect() });
    }
    if options.len() > MOST_OPTIONS {
        form.fault(name, say::too_many_options(MOST_OPTIONS));
        options.truncate(MOST_OPTIONS);
    }
    options
}

/// Puts what [`crate::check`] found in this language beside the fields.
pub fn note(form: &mut Form, tongue: &Tongue, problems: &[Problem]) {
    for problem in problems.iter().filter(|problem| problem.tongue == *tongue) {
        form.fault(&problem.field(), problem.saying());
    }
}

impl Act {
    /// What a button says: `add-2-text`, `up-2`, `down-2`, `drop-2`.
    pub fn read(value: &str) -> Option<Act> {
        let mut parts = value.splitn(3, '-');
        let (verb, number, kind) = (parts.next()?, parts.next()?.parse().ok()?, parts.next());
        match (verb, kind) {
            ("add", Some(kind)) => Some(Act::Add(number, KINDS.iter().find(|known| **known == kind)?)),
            ("up", None) => Some(Act::Up(number)),
            ("down", None) => Some(Act::Down(number)),
            ("drop", None) => Some(Act::Drop(number)),
            _ => None,
        }
    }

    /// Which block comes at each place: its number now, or the kind of a new one. A number that is not there changes
    /// nothing, as when somebody presses a button of an old page.
    fn order(&self, count: usize) -> Vec<Result<usize, &'static str>> {
        let mut order: Vec<Result<usize, &'static str>> = (0..count).map(Ok).collect();
        match *self {
            Act::Add(at, kind) if at <= count && count < MOST_BLOCKS => order.insert(at, Err(kind)),
            Act::Up(at) if at > 0 && at < count => order.swap(at, at - 1),
            Act::Down(at) if at + 1 < count => order.swap(at, at + 1),
            Act::Drop(at) if at < count => drop(order.drain(at..=at)),
            _ => {}
        }
        order
    }

    /// Does it to a sheet.
    pub fn apply(&self, sheet: &mut Sheet) {
        let empty = |kind: &str| What::empty(kind).map(|what| Block { what, only_if: None });
        sheet.blocks = self
            .order(sheet.blocks.len())
            .into_iter()
            .filter_map(|block| block.map_or_else(empty, |number| sheet.blocks.get(number).cloned()))
            .collect();
    }

    /// Does it to the form, so that what was typed is kept to the letter, also what cannot be read.
    pub fn arrange(&self, form: &Form) -> Form {
        let count = form.get("blocks").parse().unwrap_or(0).min(MOST_BLOCKS);
        let order = self.order(count);
        let ours = |name: &str| name == "blocks" || name == "act" || name.starts_with("b-");
        let mut seen = Vec::new();
        let mut values = vec![("blocks".to_owned(), order.len().to_string())];
        for name in form.names().filter(|name| !ours(name)) {
            if !seen.contains(&name) {
                seen.push(name);
                values.extend(form.all(name).into_iter().map(|value| (name.to_owned(), value.to_owned())));
            }
        }
        for (to, from) in order.into_iter().enumerate() {
            match from {
                Ok(from) => {
                    for slot in SLOTS {
                        let there = form.all(&format!("b-{from}-{slot}"));
                        values.extend(there.into_iter().map(|v| (format!("b-{to}-{slot}"), v.to_owned())));
                    }
                }
                Err(kind) => values.push((format!("b-{to}-kind"), kind.to_owned())),
            }
        }
        Form::of(values)
    }
}

/// The fields of a sheet, for a page of a room: `{{ editor.html()|safe }}` inside its `<form class="form">`, above its own
/// button that saves.
#[derive(Template)]
#[template(path = "editor.html")]
pub struct EditorView<'a> {
    form: &'a Form,
    lang: Lang,
    w: Words,
    tongue: &'a Tongue,
    /// What may stand between braces, to copy from.
    fields: Vec<(&'a str, &'a str)>,
    flags: Vec<Choice>,
    place: Place,
    parts: Vec<Choice>,
    blocks: Vec<BlockView>,
    full: bool,
    /// The block that a button was about, where the page begins after it.
    focus: Option<usize>,
}

/// What a block of the editor needs to know before it is drawn.
struct BlockView {
    at: String,
    number: usize,
    kind: String,
    name: &'static str,
    last: bool,
}

impl BlockView {
    fn field(&self, slot: Slot) -> String {
        format!("{}-{}", self.at, slot.as_str())
    }
}

impl<'a> EditorView<'a> {
    /// `lang` is that of whoever edits, `tongue` that of what is written.
    pub fn new(form: &'a Form, lang: Lang, tongue: &'a Tongue, allowed: &'a Allowed) -> Self {
        let w = Words(lang);
        let count: usize = form.get("blocks").parse().unwrap_or(0).min(MOST_BLOCKS);
        let named =
            |kind: Kind| move |(name, known): (&'a String, &Kind)| (*known == kind).then_some(name.as_str());
        let flags = allowed.fields.iter().filter_map(named(Kind::Flag));
        let shown = allowed.fields.iter().filter(|(_, kind)| **kind != Kind::Flag);
        let blocks = (0..count).map(|number| {
            let kind = form.get(&format!("b-{number}-kind")).to_owned();
            BlockView {
                at: format!("b-{number}"),
                number,
                name: w.find(&format!("kind-{kind}")).unwrap_or_default(),
                last: number + 1 == count,
                kind,
            }
        });
        Self {
            form,
            lang,
            w,
            tongue,
            fields: shown
                .map(|(name, _)| (name.as_str(), allowed.said.get(name).map_or("", String::as_str)))
                .collect(),
            flags: flags.map(|name| Choice::new(name, name)).collect(),
            place: allowed.place,
            parts: allowed.parts.iter().map(|(name, label)| Choice::new(name, label)).collect(),
            blocks: blocks.collect(),
            full: count >= MOST_BLOCKS,
            focus: None,
        }
    }

    /// After a button was pressed: the page comes back at the block it was about, and not at its top.
    #[must_use]
    pub fn after(self, act: &Act) -> Self {
        let lands = match *act {
            Act::Add(at, _) | Act::Drop(at) => at,
            Act::Up(at) => at.saturating_sub(1),
            Act::Down(at) => at.saturating_add(1),
        };
        Self { focus: self.blocks.len().checked_sub(1).map(|last| lands.min(last)), ..self }
    }

    /// The HTML; askama's own `render` fails only when a value cannot be written, which none of ours can.
    pub fn html(&self) -> String {
        self.render().unwrap_or_default()
    }

    /// The condition of a block where there is no field to choose, so that saving does not lose it.
    fn only_if(&self, block: &BlockView) -> &str {
        self.form.get(&block.field(Slot::OnlyIf))
    }

    fn is_focus(&self, block: &BlockView) -> bool {
        self.focus == Some(block.number)
    }

    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        // A page cannot say whose answer a choice would be, and a mail has nothing to put in a part.
        let offered = |kind: &&&str| match **kind {
            "choices" => self.place == Place::Mail,
            "part" => !self.parts.is_empty(),
            _ => true,
        };
        let named = |kind: &&'static str| (*kind, self.w.find(&format!("kind-{kind}")).unwrap_or_default());
        KINDS.iter().filter(offered).map(named).collect()
    }

    fn levels(&self) -> Vec<Choice> {
        let names = [self.w.level_1(), self.w.level_2(), self.w.level_3()];
        names.into_iter().enumerate().map(|(number, name)| Choice::new(number + 1, name)).collect()
    }
}
