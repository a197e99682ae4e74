//! The plain part of a mail: the same words, links written out, not wrapped, since the window of the reader does that
//! and a wrapped address is a broken one.

use crate::{
    Dress, Link, inline,
    made::{Letter, Made},
};

pub(crate) fn text(letter: &Letter, dress: &Dress) -> String {
    let mut parts: Vec<String> = letter.blocks.iter().map(block).collect();
    parts.push(foot(dress));
    parts.retain(|part| !part.trim().is_empty());
    let mut out = parts.join("\n\n");
    out.push('\n');
    out
}

fn block(made: &Made) -> String {
    match made {
        Made::Heading { text, .. } => text.clone(),
        Made::Text(parts) => inline::text_of(parts),
        Made::Button { label, href } => linked(label, href),
        Made::Picture { alt, href, .. } => match (alt.as_str(), href) {
            ("", None) => String::new(),
            ("", Some(href)) => href.clone(),
            (alt, None) => format!("[{alt}]"),
            (alt, Some(href)) => linked(&format!("[{alt}]"), href),
        },
        Made::Quote { parts, who } => {
            let text = inline::text_of(parts);
            let mut lines: Vec<String> =
                text.lines().map(|line| format!("> {line}").trim_end().to_owned()).collect();
            if !who.is_empty() {
                lines.push(format!("— {who}"));
            }
            lines.join("\n")
        }
        Made::Divider => "* * *".to_owned(),
        Made::Part(_) => String::new(),
        Made::Choices { question, options } => {
            let options = options.iter().map(|(label, href)| format!("- {}", linked(label, href)));
            std::iter::once(question.clone()).chain(options).collect::<Vec<_>>().join("\n")
        }
    }
}

fn foot(dress: &Dress) -> String {
    let links = [&dress.preferences, &dress.unsubscribe].into_iter().flatten();
    let links = links.map(|Link { label, href }| linked(label, href));
    let name = Some(&dress.institution).filter(|name| !name.is_empty());
    let lines: Vec<String> = name.into_iter().chain(&dress.footer).cloned().chain(links).collect();
    // RFC 3676, 4.3: what comes after two dashes and a space is a signature, which answers leave out.
    if lines.is_empty() { String::new() } else { format!("-- \n{}", lines.join("\n")) }
}

fn linked(label: &str, href: &str) -> String {
    format!("{label}: {}", href.strip_prefix("mailto:").unwrap_or(href))
}
