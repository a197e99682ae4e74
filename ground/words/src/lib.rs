//! The sentences of a room, compiled. A room keeps `locales/nl.ftl` and `locales/en.ftl`; its build script
//! calls [`build`], and every message becomes a function. A sentence that is missing in one language, or
//! that wants a value nobody gives, is then an error of the compiler instead of an empty spot on a page.
//!
//! Why not a Fluent runtime: it finds a wrong key or a missing argument only when a visitor meets it, and
//! carries a parser and plural rules for a hundred languages where we need two.
//!
//! The subset: text, `{$value}`, a choice on a value (`one`/`other`, numbers, strings; always with a
//! default), `{another-message}` and `{-term}`. Functions, attributes and arguments to terms are refused.

mod catalogue;
mod code;

use std::{fs, path::Path};

use catalogue::Catalogue;

/// Compiles `locales/nl.ftl` and `locales/en.ftl` of the calling package into `$OUT_DIR/words.rs`, which
/// `kring_lang::words!()` takes in.
///
/// # Panics
/// With one line per fault (file, key, what is wrong); a build script has no better way to say no.
pub fn build() {
    let root = cargo_says("CARGO_MANIFEST_DIR");
    let read = |lang: &str| {
        let path = Path::new(&root).join("locales").join(format!("{lang}.ftl"));
        tell_cargo(&path);
        fs::read_to_string(&path).unwrap_or_else(|e| panic!("{} cannot be read: {e}", path.display()))
    };
    let code = compile(&read("nl"), &read("en"))
        .unwrap_or_else(|faults| panic!("the words of {root} do not hold:\n{}", faults.join("\n")));
    let out = Path::new(&cargo_says("OUT_DIR")).join("words.rs");
    fs::write(&out, code).unwrap_or_else(|e| panic!("{} cannot be written: {e}", out.display()));
}

/// The Rust source for two Fluent files, or everything that is wrong with them.
pub fn compile(nl: &str, en: &str) -> Result<String, Vec<String>> {
    let mut faults = Vec::new();
    let nl = Catalogue::read("locales/nl.ftl", nl, &mut faults);
    let en = Catalogue::read("locales/en.ftl", en, &mut faults);
    let pairs = catalogue::pair(&nl, &en, &mut faults);
    let code = code::write(&pairs, &mut faults);
    if faults.is_empty() { Ok(code) } else { Err(faults) }
}

#[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts through the environment")]
fn cargo_says(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is missing: build() is for build scripts"))
}

#[expect(clippy::print_stdout, reason = "cargo listens to the standard output of build scripts")]
fn tell_cargo(path: &Path) {
    println!("cargo:rerun-if-changed={}", path.display());
}

#[cfg(test)]
mod tests {
    use super::compile;

    fn faults(nl: &str, en: &str) -> String {
        compile(nl, en).expect_err("must be refused").join("\n")
    }

    #[test]
    fn a_text_becomes_a_function_in_words_in_say_and_in_find() {
        let code = compile("inbox-title = Postvak\n", "inbox-title = Inbox\n").unwrap();
        for part in [
            "pub fn inbox_title(&self) -> &'static str",
            "pub fn inbox_title() -> Saying",
            "\"inbox-title\" => Some(self.inbox_title())",
            "code: \"inbox-title\"",
        ] {
            assert!(code.contains(part), "{part} is missing in\n{code}");
        }
    }

    #[test]
    fn values_stand_in_the_order_of_the_dutch_text() {
        let code = compile("x = {$b} van {$a} van {$b}\n", "x = {$a} of {$b}\n").unwrap();
        assert!(code.contains("x<'a>(&self, b: impl Into<Arg<'a>>, a: impl Into<Arg<'a>>)"), "{code}");
        assert!(!code.contains("Some(self.x("), "a message with values cannot be found by key alone");
    }

    #[test]
    fn references_are_filled_in_and_keywords_survive() {
        let nl = "-kring = Kring\ntype = Soort\nboth = {type} in {-kring}\n";
        let code = compile(nl, nl).unwrap();
        assert!(code.contains("\"Soort in Kring\"") && code.contains("pub fn r#type(&self)"), "{code}");
    }

    #[test]
    fn line_breaks_stay_and_the_common_indent_goes() {
        let nl = "x =\n    Een\n    twee\n\n      drie\n";
        assert!(compile(nl, nl).unwrap().contains(r#""Een\ntwee\n\n  drie""#));
    }

    #[test]
    fn a_missing_sentence_and_a_strange_value_are_refused() {
        assert!(faults("a = A\nb = B\n", "a = A\n").contains("locales/en.ftl: `b` is missing"));
        assert!(faults("a = A\n", "a = A\nb = B\n").contains("locales/nl.ftl: `b` is missing"));
        let said = faults("a = {$n} en {$m}\n", "a = {$n}\n");
        assert!(said.contains("`a` uses $m, $n in Dutch but $n in English"), "{said}");
    }

    #[test]
    fn what_lies_outside_the_subset_is_refused_with_a_sentence() {
        for (text, why) in [
            ("a = {NUMBER($n)}\n", "a function"),
            ("a = A\n    .title = T\n", "an attribute"),
            ("a = {b.title}\nb = B\n", "an attribute"),
            ("-t = T\na = {-t(case: \"x\")}\n", "arguments to a term"),
            ("a = {nothing}\n", "`nothing`"),
            ("a = {b}\nb = {a}\n", "itself"),
            ("a = { $n ->\n    [few] x\n   *[other] y\n }\n", "`few` is never chosen"),
            ("a = {\n", "line 2: Expected an inline expression"),
            ("a = A\na = B\n", "twice"),
            ("a-b = A\na_b = B\n", "a_b"),
            ("find = A\n", "taken"),
            ("self = A\n", "taken"),
            ("a = {$self}\n", "taken"),
        ] {
            let said = faults(text, text);
            assert!(said.contains(why), "{text:?} said {said:?}");
        }
    }

    #[test]
    fn a_choice_without_a_default_is_refused() {
        assert!(faults("a = { $n ->\n    [one] x\n }\n", "a = A\n").contains("locales/nl.ftl"));
    }
}
