//! A letter becomes a mail: text for everybody, HTML for who has it, in one column, readable on a phone, the
//! same words in both.

use askama::Template;
use kring_blocks::{Dress, Link, render};
use kring_core::{Error, Lang, Result};
use kring_frame::{Block, Composed, Content, Letter};

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

/// Either kind of letter, with the links made for its recipient. `site` is where our own pictures are.
pub fn shape_content(
    content: &Content,
    institution: &str,
    site: &str,
    unsubscribe: Option<&str>,
) -> Result<Shaped> {
    match content {
        Content::Letter(letter) => shape(letter, institution, unsubscribe),
        Content::Composed(composed) => dress(composed, institution, site, unsubscribe),
    }
}

/// The language of the house in which the frame around a letter speaks: that of the letter, or English.
pub fn frame_lang(content: &Content) -> Lang {
    match content {
        Content::Letter(letter) => letter.lang,
        Content::Composed(composed) => composed.tongue.primary().parse().unwrap_or(Lang::En),
    }
}

fn dress(composed: &Composed, institution: &str, site: &str, unsubscribe: Option<&str>) -> Result<Shaped> {
    let w = Words(composed.tongue.primary().parse().unwrap_or(Lang::En));
    let link = |href: &str| Link { label: w.unsubscribe().to_owned(), href: href.to_owned() };
    let dress = Dress {
        institution: institution.to_owned(),
        base: Some(site.to_owned()),
        footer: vec![institution.to_owned()],
        unsubscribe: unsubscribe.map(link),
        choices: composed.choices.iter().cloned().collect(),
        ..Dress::default()
    };
    let made = render(&composed.sheet, &composed.tongue, &composed.values, &dress).map_err(Error::broken)?;
    // What we keep is the text with every link of this recipient's own taken out: it holds a secret.
    let own = composed.choices.iter().map(|(_, href)| href.as_str()).chain(unsubscribe);
    let kept = own.fold(made.text.clone(), |text, href| text.replace(href, w.link_kept_back()));
    Ok(Shaped { subject: made.subject, text: made.text, html: made.html, kept })
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
