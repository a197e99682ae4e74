use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey},
    parser, unicode,
};

/// A part of a sentence, with all references filled in.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    Text(String),
    Value(String),
    Choice { on: String, arms: Vec<(Key, Vec<Piece>)>, default: Vec<Piece> },
}

#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    /// A plural category for a number, the exact word for a text.
    Word(String),
    Number(String),
}

/// The messages of one language, in the order of the file.
pub struct Catalogue {
    file: &'static str,
    messages: Vec<(String, Vec<Piece>)>,
}

/// One message in both languages.
pub struct Pair {
    pub key: String,
    pub nl: Vec<Piece>,
    pub en: Vec<Piece>,
    /// Names of the values, in order of first appearance in Dutch.
    pub values: Vec<String>,
}

/// Puts the two languages side by side; what only one of them knows is a fault.
pub fn pair(nl: &Catalogue, en: &Catalogue, faults: &mut Vec<String>) -> Vec<Pair> {
    let english: BTreeMap<&str, &Vec<Piece>> = en.messages.iter().map(|(k, p)| (k.as_str(), p)).collect();
    let dutch: BTreeSet<&str> = nl.messages.iter().map(|(k, _)| k.as_str()).collect();
    for key in english.keys().filter(|k| !dutch.contains(*k)) {
        faults.push(format!("{}: `{key}` is missing; {} has it", nl.file, en.file));
    }
    let mut pairs = Vec::new();
    for (key, nl_pieces) in &nl.messages {
        let Some(en_pieces) = english.get(key.as_str()) else {
            faults.push(format!("{}: `{key}` is missing; {} has it", en.file, nl.file));
            continue;
        };
        let (values, others) = (values(nl_pieces), values(en_pieces));
        let set = |names: &[String]| {
            names.iter().map(|n| format!("${n}")).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
        };
        if set(&values) != set(&others) {
            let list = |names: &[String]| match set(names).join(", ") {
                none if none.is_empty() => "no value".to_owned(),
                some => some,
            };
            faults.push(format!("`{key}` uses {} in Dutch but {} in English", list(&values), list(&others)));
        }
        pairs.push(Pair { key: key.clone(), nl: nl_pieces.clone(), en: (*en_pieces).clone(), values });
    }
    pairs
}

/// Names of the values a sentence uses, in order of first appearance.
fn values(pieces: &[Piece]) -> Vec<String> {
    fn note(name: &String, seen: &mut Vec<String>) {
        if !seen.contains(name) {
            seen.push(name.clone());
        }
    }
    fn walk(pieces: &[Piece], seen: &mut Vec<String>) {
        for piece in pieces {
            match piece {
                Piece::Text(_) => {}
                Piece::Value(name) => note(name, seen),
                Piece::Choice { on, arms, default } => {
                    note(on, seen);
                    for (_, pieces) in arms {
                        walk(pieces, seen);
                    }
                    walk(default, seen);
                }
            }
        }
    }
    let mut seen = Vec::new();
    walk(pieces, &mut seen);
    seen
}

impl Catalogue {
    /// Reads one file; what cannot be used is added to `faults` and left out.
    pub fn read(file: &'static str, source: &str, faults: &mut Vec<String>) -> Self {
        // A file saved on Windows must give the same sentences.
        let source = source.replace("\r\n", "\n");
        let resource = match parser::parse(source.as_str()) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                for error in errors {
                    let before = source.get(..error.pos.start).unwrap_or(&source);
                    let line = before.matches('\n').count() + 1;
                    faults.push(format!("{file}: line {line}: {}", error.kind));
                }
                resource
            }
        };
        let mut reader = Reader { file, entries: BTreeMap::new(), path: Vec::new(), faults };
        let mut order = Vec::new();
        for entry in &resource.body {
            let (key, pattern, attributes) = match entry {
                Entry::Message(m) => (m.id.name.to_owned(), m.value.as_ref(), &m.attributes),
                Entry::Term(t) => (format!("-{}", t.id.name), Some(&t.value), &t.attributes),
                // Junk was already told as a syntax error.
                _ => continue,
            };
            if !attributes.is_empty() {
                reader.refuse(&key, "has an attribute; make it a message of its own");
            }
            let Some(pattern) = pattern else { continue };
            if reader.entries.insert(key.clone(), pattern).is_some() {
                reader.refuse(&key, "stands there twice");
            } else if matches!(entry, Entry::Message(_)) {
                order.push(key);
            }
        }
        let messages = order.into_iter().map(|key| (key.clone(), reader.message(&key))).collect();
        Self { file, messages }
    }
}

struct Reader<'a> {
    file: &'static str,
    entries: BTreeMap<String, &'a Pattern<&'a str>>,
    /// The messages we are inside of, to notice a circle.
    path: Vec<String>,
    faults: &'a mut Vec<String>,
}

impl Reader<'_> {
    fn refuse(&mut self, key: &str, why: &str) {
        self.faults.push(format!("{}: `{key}` {why}", self.file));
    }

    /// Refuses in the name of the message that is being read.
    fn refuse_here(&mut self, why: &str) {
        let key = self.path.last().cloned().unwrap_or_default();
        self.refuse(&key, why);
    }

    fn message(&mut self, key: &str) -> Vec<Piece> {
        let Some(pattern) = self.entries.get(key).copied() else {
            self.refuse_here(&format!("refers to `{key}`, which does not exist"));
            return Vec::new();
        };
        if self.path.iter().any(|k| k == key) {
            self.refuse_here(&format!("leads back to itself through `{key}`"));
            return Vec::new();
        }
        self.path.push(key.to_owned());
        let pieces = self.pattern(pattern);
        self.path.pop();
        pieces
    }

    fn pattern(&mut self, pattern: &Pattern<&str>) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => pieces.push(Piece::Text((*value).to_owned())),
                PatternElement::Placeable { expression } => pieces.extend(self.expression(expression)),
            }
        }
        merged(pieces)
    }

    fn expression(&mut self, expression: &Expression<&str>) -> Vec<Piece> {
        let (selector, variants) = match expression {
            Expression::Inline(inline) => return self.inline(inline),
            Expression::Select { selector, variants } => (selector, variants),
        };
        let InlineExpression::VariableReference { id } = selector else {
            self.refuse_here("chooses on something that is not a value");
            return Vec::new();
        };
        let (mut arms, mut default) = (Vec::new(), Vec::new());
        for variant in variants {
            let pieces = self.pattern(&variant.value);
            // The default may also be asked for by name, in its place among the others.
            if variant.default {
                default.clone_from(&pieces);
            }
            let key = match variant.key {
                VariantKey::NumberLiteral { value } => Key::Number(value.to_owned()),
                VariantKey::Identifier { name } => {
                    if matches!(name, "zero" | "two" | "few" | "many") {
                        self.refuse_here(&format!(
                            "`{name}` is never chosen in Dutch or English; write a number"
                        ));
                    }
                    Key::Word(name.to_owned())
                }
            };
            arms.push((key, pieces));
        }
        // The last arm needs no test of its own when it is the default.
        if variants.last().is_some_and(|v| v.default) {
            arms.pop();
        }
        vec![Piece::Choice { on: id.name.to_owned(), arms, default }]
    }

    fn inline(&mut self, inline: &InlineExpression<&str>) -> Vec<Piece> {
        match inline {
            InlineExpression::StringLiteral { value } => {
                vec![Piece::Text(unicode::unescape_unicode_to_string(value).into_owned())]
            }
            InlineExpression::NumberLiteral { value } => vec![Piece::Text((*value).to_owned())],
            InlineExpression::VariableReference { id } => vec![Piece::Value(id.name.to_owned())],
            InlineExpression::Placeable { expression } => self.expression(expression),
            InlineExpression::MessageReference { id, attribute: None } => self.message(id.name),
            InlineExpression::TermReference { id, attribute: None, arguments: None } => {
                self.message(&format!("-{}", id.name))
            }
            InlineExpression::TermReference { attribute: None, .. } => self.no("arguments to a term"),
            InlineExpression::FunctionReference { .. } => self.no("a function"),
            InlineExpression::MessageReference { .. } | InlineExpression::TermReference { .. } => {
                self.no("an attribute")
            }
        }
    }

    fn no(&mut self, what: &str) -> Vec<Piece> {
        self.refuse_here(&format!("uses {what}, which our subset of Fluent leaves out"));
        Vec::new()
    }
}

/// Neighbouring texts become one, so that a sentence without values is a single static text.
fn merged(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (out.last_mut(), piece) {
            (Some(Piece::Text(before)), Piece::Text(text)) => before.push_str(&text),
            (_, piece) => out.push(piece),
        }
    }
    out
}
