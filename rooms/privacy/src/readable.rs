//! The dossier as somebody reads it: the same sections as the file, laid out as lists of what and value.

use kring_frame::Section;
use serde_json::Value;

/// A line: how deep it stands, what it is called, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub depth: usize,
    pub name: String,
    pub value: String,
}

/// The lines of a section. Empty values are left out: they are in the file.
pub fn lines(section: &Section) -> Vec<Line> {
    let mut lines = Vec::new();
    walk(&section.data, "", 0, &mut lines);
    lines
}

fn walk(value: &Value, name: &str, depth: usize, lines: &mut Vec<Line>) {
    let say = |name: &str, value: String, lines: &mut Vec<Line>| {
        if !value.is_empty() {
            lines.push(Line { depth, name: name.replace('_', " "), value });
        }
    };
    match value {
        Value::Null => {}
        Value::Bool(yes) => say(name, if *yes { "✓".into() } else { String::new() }, lines),
        Value::Number(n) => say(name, n.to_string(), lines),
        Value::String(text) => say(name, text.clone(), lines),
        Value::Array(all) => {
            // A list of plain values reads as one line.
            if all.iter().all(|v| !v.is_object() && !v.is_array()) {
                let texts: Vec<String> =
                    all.iter().map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).collect();
                say(name, texts.join(", "), lines);
                return;
            }
            for (at, one) in all.iter().enumerate() {
                lines.push(Line {
                    depth,
                    name: format!("{} {}", name.replace('_', " "), at + 1).trim().to_owned(),
                    value: String::new(),
                });
                walk(one, "", depth + 1, lines);
            }
        }
        Value::Object(fields) => {
            let inside = if name.is_empty() { depth } else { depth + 1 };
            if !name.is_empty() {
                lines.push(Line { depth, name: name.replace('_', " "), value: String::new() });
            }
            for (name, value) in fields {
                walk(value, name, inside, lines);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_section_reads_as_lines() {
        let section = Section {
            title: "people".into(),
            data: json!({"display_name": "Noor", "empty": null, "languages": ["nl", "en"],
                "contact": [{"kind": "email", "value": "noor@example.org"}]}),
        };
        let said: Vec<String> = lines(&section)
            .into_iter()
            .map(|l| format!("{}{}={}", " ".repeat(l.depth), l.name, l.value))
            .collect();
        assert_eq!(
            said,
            ["contact 1=", " kind=email", " value=noor@example.org", "display name=Noor", "languages=nl, en"]
        );
    }
}
