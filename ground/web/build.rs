//! Compiles the sentences, turns the design tokens of the client into constants, and refuses a release
//! without a front end: a server that goes out naked should fail here, not at a visitor.

use std::{fmt::Write, fs, path::Path};

use serde_json::Value;

fn main() {
    kring_words::build();
    let client = Path::new(&cargo_says("CARGO_MANIFEST_DIR")).join("../../client");
    let tokens = client.join("tokens.json");
    let manifest = client.join("dist/manifest.json");
    watch(&tokens);
    watch(&manifest);
    let text =
        fs::read_to_string(&tokens).unwrap_or_else(|e| panic!("{} cannot be read: {e}", tokens.display()));
    let out = Path::new(&cargo_says("OUT_DIR")).join("tokens.rs");
    fs::write(&out, constants(&text)).unwrap_or_else(|e| panic!("{} cannot be written: {e}", out.display()));
    assert!(
        cargo_says("PROFILE") != "release" || manifest.exists(),
        "front end is missing: run ./x assets first"
    );
}

/// `pub const INK_SOFT: Token = …` for each colour, and the list of all.
fn constants(text: &str) -> String {
    let json: Value = serde_json::from_str(text).unwrap_or_else(|e| panic!("client/tokens.json: {e}"));
    let colours = json.get("colours").and_then(Value::as_object);
    let colours = colours.unwrap_or_else(|| panic!("client/tokens.json has no colours"));
    let (mut code, mut all) = (String::new(), String::new());
    for (name, pair) in colours {
        let shade = |i: usize| {
            pair[i]
                .as_str()
                .unwrap_or_else(|| panic!("client/tokens.json: {name} wants a light and a dark value"))
        };
        let constant = name.replace('-', "_").to_uppercase();
        let _ = writeln!(
            code,
            "/// `--{name}`: {light} in the light, {dark} in the dark.\npub const {constant}: Token = Token {{ name: {name:?}, light: {light:?}, dark: {dark:?} }};",
            light = shade(0),
            dark = shade(1),
        );
        let _ = write!(all, "{constant}, ");
    }
    let _ = writeln!(
        code,
        "/// Every colour of the house.\npub const ALL: [Token; {}] = [{all}];",
        colours.len()
    );
    code
}

#[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts through the environment")]
fn cargo_says(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is missing: this is a build script"))
}

fn watch(path: &Path) {
    println!("cargo:rerun-if-changed={}", path.display());
}
