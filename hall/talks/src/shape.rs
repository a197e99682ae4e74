//! A letter becomes a mail: text for everybody, HTML for who has it, in one column, readable on a phone, the
//! same words in both.

use askama::Template;
use kring_core::{Error, Lang, Result};
use kring_frame::{Block, Letter};

use crate::Words;

/// A letter in its two forms, and what we keep of it.
pub struct Shaped {
    pub subject: String,
    pub text: String,
    pub html: String,
    /// The text without its links: they hold secrets that only the recipient should have.
    pub kept: String,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct LetterPage<'a> {
    w: Words,
    lang: Lang,
    institution: &'a str,
    letter: &'a Letter,
    unsubscribe: Option<&'a str>,
}

pub fn shape(letter: &Letter, institution: &str, unsubscribe: Option<&str>) -> Result<Shaped> {
    let w = Words(letter.lang);
    let page = LetterPage { w, lang: letter.lang, institution, letter, unsubscribe };
    let html = page.render().map_err(Error::broken)?;
    Ok(Shaped {
        // A subject is one line; what a visitor put into it stays harmless text.
        subject: letter.subject.split_whitespace().collect::<Vec<_>>().join(" "),
        text: text(letter, institution, unsubscribe, w, str::to_owned),
        html,
        kept: text(letter, institution, None, w, |_| w.link_kept_back().to_owned()),
    })
}

fn text(
    letter: &Letter,
    institution: &str,
    unsubscribe: Option<&str>,
    w: Words,
    link: impl Fn(&str) -> String,
) -> String {
    let mut out = format!("{}\n", letter.greeting);
    for block in &letter.blocks {
        out.push('\n');
        match block {
            Block::Paragraph(p) | Block::Small(p) => out.push_str(p),
            Block::Quote(q) => {
                out.push_str(&q.lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n"));
            }
            Block::Button { label, url } => out.push_str(&format!("{label}:\n{}", link(url))),
            Block::Faces { question, faces } => {
                out.push_str(question);
                for (label, url) in faces {
                    out.push_str(&format!("\n- {label}: {}", link(url)));
                }
            }
        }
        out.push('\n');
    }
    if !letter.closing.is_empty() {
        out.push('\n');
        out.push_str(&letter.closing.join("\n"));
        out.push('\n');
    }
    out.push_str(&format!("\n-- \n{institution}\n"));
    if let Some(url) = unsubscribe {
        out.push_str(&format!("{}: {url}\n", w.unsubscribe()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_say_the_same_and_the_kept_text_holds_no_link() {
        let letter = Letter {
            lang: Lang::Nl,
            subject: "Je vraag\r\nBcc: iedereen@example.org".into(),
            greeting: "Beste Kim,".into(),
            blocks: vec![
                Block::Paragraph("Tot <b>morgen</b> & daarna.".into()),
                Block::Button { label: "Open".into(), url: "https://kring.example/s/geheim".into() },
            ],
            closing: vec!["Fleur".into()],
        };
        let shaped = shape(&letter, "Meerland", Some("https://kring.example/choices/x")).unwrap();
        assert_eq!(shaped.subject, "Je vraag Bcc: iedereen@example.org");
        assert!(shaped.text.contains("Tot <b>morgen</b> & daarna."));
        assert!(!shaped.html.contains("<b>morgen"), "what people wrote is text, never markup");
        assert!(shaped.html.contains("https://kring.example/s/geheim"));
        assert!(!shaped.kept.contains("geheim") && !shaped.kept.contains("choices"));
    }
}
