//! Runs of text as HTML and as plain text. The one place where a text becomes HTML, so the one place that escapes.

use crate::rich::{Part, Run};

/// The five signs that mean something in HTML, in text and in quoted attributes.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// `style` is written into each link; a page has none, since the policy of the site forbids it.
pub(crate) fn html(runs: &[Run], style: &str) -> String {
    let mut out = String::new();
    for same in runs.chunk_by(|a, b| a.link == b.link && a.text != "\n" && b.text != "\n") {
        let link = same.first().and_then(|run| run.link.as_ref());
        if let Some(link) = link {
            let attribute = if style.is_empty() { String::new() } else { format!(" style=\"{style}\"") };
            out.push_str(&format!("<a href=\"{}\"{attribute}>", escaped(link)));
        }
        for run in same {
            if run.text == "\n" {
                out.push_str("<br>\n");
                continue;
            }
            let text = escaped(&run.text);
            let text = if run.italic { format!("<em>{text}</em>") } else { text };
            out.push_str(&if run.bold { format!("<strong>{text}</strong>") } else { text });
        }
        if link.is_some() {
            out.push_str("</a>");
        }
    }
    out
}

/// The same words, with where a link leads behind it.
pub(crate) fn text(runs: &[Run]) -> String {
    let mut out = String::new();
    for same in runs.chunk_by(|a, b| a.link == b.link && a.text != "\n" && b.text != "\n") {
        let words: String = same.iter().map(|run| run.text.as_str()).collect();
        out.push_str(&words);
        if let Some(link) = same.first().and_then(|run| run.link.as_ref()) {
            let shown = link.strip_prefix("mailto:").or_else(|| link.strip_prefix("tel:")).unwrap_or(link);
            if words.trim() != shown && words.trim() != link {
                out.push_str(&format!(" ({shown})"));
            }
        }
    }
    out
}

pub(crate) fn text_of(parts: &[Part]) -> String {
    let part = |part: &Part| match part {
        Part::Para(runs) => text(runs),
        Part::List { first, items } => {
            let mut number = *first;
            let mut lines = Vec::new();
            for item in items {
                let sign = number.map_or("-".to_owned(), |n| format!("{n}."));
                lines.push(format!("{sign} {}", text(item).replace('\n', "\n  ")));
                number = number.map(|n| n.saturating_add(1));
            }
            lines.join("\n")
        }
    };
    parts.iter().map(part).collect::<Vec<_>>().join("\n\n")
}
