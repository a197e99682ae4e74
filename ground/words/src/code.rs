use std::{collections::BTreeMap, fmt::Write};

use crate::catalogue::{Key, Pair, Piece};

/// Keywords that may be a name when written raw.
const RAW: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];
/// Names that cannot be a function here: reserved even when raw, or in use by the generated code itself.
const TAKEN: [&str; 5] = ["self", "super", "crate", "find", "_"];

/// Writes `words.rs`: the texts once in a private module, and two doors to them, `Words` and `say`.
pub fn write(pairs: &[Pair], faults: &mut Vec<String>) -> String {
    let mut texts = String::new();
    let mut methods = String::new();
    let mut sayings = String::new();
    let mut finds = String::new();
    let mut names: BTreeMap<String, &str> = BTreeMap::new();

    for pair in pairs {
        let name = ident(&pair.key);
        if TAKEN.contains(&name.as_str()) {
            faults.push(format!("`{}` would become the function {name}, a name that is taken", pair.key));
        }
        if let Some(other) = names.insert(name.clone(), &pair.key) {
            faults.push(format!("`{}` and `{other}` would both become the function {name}", pair.key));
        }
        if pair.values.iter().any(|v| matches!(v.as_str(), "self" | "super" | "crate")) {
            faults.push(format!("`{}` has a value with a name that is taken", pair.key));
        }
        let key = &pair.key;
        let doc = format!("```text\n{}\n```", shown(&pair.en));
        let params: Vec<String> = pair.values.iter().map(|v| ident(v)).collect();
        if params.is_empty() {
            let (nl, en) = (plain(&pair.nl), plain(&pair.en));
            let _ = write!(
                methods,
                "#[doc = {doc:?}]\npub fn {name}(&self) -> &'static str {{\n    match self.0 {{ Lang::Nl => {nl:?}, Lang::En => {en:?} }}\n}}\n"
            );
            let _ = write!(
                sayings,
                "#[doc = {doc:?}]\npub fn {name}() -> Saying {{\n    Saying {{ code: {key:?}, nl: Cow::Borrowed({nl:?}), en: Cow::Borrowed({en:?}) }}\n}}\n"
            );
            let _ = writeln!(finds, "{key:?} => Some(self.{name}()),");
            continue;
        }
        let wants: Vec<String> = params.iter().map(|p| format!("{p}: impl Into<Arg<'a>>")).collect();
        let wants = wants.join(", ");
        let takes: Vec<String> = pair.values.iter().map(|v| format!("{}: &Arg<'_>", inner(v))).collect();
        let gives: Vec<String> = params.iter().map(|p| format!("&{p}.into()")).collect();
        let _ = write!(
            texts,
            "pub fn {name}(lang: Lang, {}) -> String {{\n    let mut out = String::new();\n    match lang {{\n        Lang::Nl => {{\n{}        }}\n        Lang::En => {{\n{}        }}\n    }}\n    out\n}}\n",
            takes.join(", "),
            body(&pair.nl),
            body(&pair.en)
        );
        let _ = write!(
            methods,
            "#[doc = {doc:?}]\npub fn {name}<'a>(&self, {wants}) -> String {{\n    texts::{name}(self.0, {})\n}}\n",
            gives.join(", ")
        );
        let binds: Vec<String> = params.iter().map(|p| format!("let {p} = {p}.into();")).collect();
        let refs: Vec<String> = params.iter().map(|p| format!("&{p}")).collect();
        let refs = refs.join(", ");
        let _ = write!(
            sayings,
            "#[doc = {doc:?}]\npub fn {name}<'a>({wants}) -> Saying {{\n    {}\n    Saying {{ code: {key:?}, nl: Cow::Owned(texts::{name}(Lang::Nl, {refs})), en: Cow::Owned(texts::{name}(Lang::En, {refs})) }}\n}}\n",
            binds.join(" ")
        );
    }
    format!(
        r"// Written by kring-words from locales/nl.ftl and locales/en.ftl; a change here is lost at the next build.
use ::kring_lang::{{Arg, Lang}};

/// The sentences of this crate in one language.
#[derive(Clone, Copy, Debug)]
pub struct Words(pub Lang);

impl Words {{
    /// A sentence by its key, for keys that come from data. Only sentences without values can be found.
    pub fn find(&self, key: &str) -> Option<&'static str> {{
        match key {{
            {finds}
            _ => None,
        }}
    }}
    {methods}
}}

/// The same sentences in both languages at once, for errors.
pub mod say {{
    use std::borrow::Cow;

    use ::kring_lang::{{Arg, Lang, Saying}};

    use super::texts;
    {sayings}
}}

mod texts {{
    use ::kring_lang::{{Arg, Lang}};
    {texts}
}}
"
    )
}

fn ident(key: &str) -> String {
    let name = key.replace('-', "_").to_lowercase();
    if RAW.contains(&name.as_str()) { format!("r#{name}") } else { name }
}

/// Values get a name of their own inside `texts`, where `lang` and `out` already mean something.
fn inner(value: &str) -> String {
    format!("v_{}", value.replace('-', "_").to_lowercase())
}

fn plain(pieces: &[Piece]) -> &str {
    match pieces {
        [Piece::Text(text)] => text,
        _ => "",
    }
}

fn body(pieces: &[Piece]) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => {
                let _ = writeln!(out, "out.push_str({text:?});");
            }
            Piece::Value(name) => {
                let _ = writeln!(out, "{}.write(lang, &mut out);", inner(name));
            }
            Piece::Choice { on, arms, default } => {
                for (key, pieces) in arms {
                    let test = match key {
                        Key::Word(word) => format!("is({word:?})"),
                        Key::Number(number) => format!("equals({}_f64)", float(number)),
                    };
                    let _ = write!(out, "if {}.{test} {{\n{}}} else ", inner(on), body(pieces));
                }
                let _ = writeln!(out, "{{\n{}}}", body(default));
            }
        }
    }
    out
}

/// Fluent numbers are Rust numbers, apart from a missing fraction.
fn float(number: &str) -> String {
    if number.contains('.') { number.to_owned() } else { format!("{number}.0") }
}

/// The sentence as a reader of the code wants to see it.
fn shown(pieces: &[Piece]) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Value(name) => {
                let _ = write!(out, "{{${name}}}");
            }
            Piece::Choice { on, arms, default } => {
                let _ = write!(out, "{{${on}:");
                for (key, pieces) in arms {
                    let (Key::Word(key) | Key::Number(key)) = key;
                    let _ = write!(out, " [{key}] {}", shown(pieces));
                }
                let _ = write!(out, " [*] {}}}", shown(default));
            }
        }
    }
    out
}
