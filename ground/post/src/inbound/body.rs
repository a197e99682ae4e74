//! What somebody wrote, apart from what they quote.

use mail_parser::{Message, MessagePart, PartType, decoders::html::html_to_text};

use super::Incoming;

/// Bytes of text that are looked at: a letter is shorter, and what is not one is not read aloud.
const MOST_TEXT: usize = 512 * 1024;
/// Bytes that are kept of each of the two.
const MOST_KEPT: usize = 64 * 1024;

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Body {
    pub new: String,
    pub quoted: String,
}

pub(super) fn of(message: &Message<'_>) -> Body {
    let mut plain = String::new();
    let mut html = String::new();
    for part in message.text_bodies().take(20) {
        gather(part, &mut plain, &mut html);
    }
    if plain.trim().is_empty() && html.is_empty() {
        for part in message.html_bodies().take(20) {
            gather(part, &mut plain, &mut html);
        }
    }
    if !plain.trim().is_empty() {
        return split(&plain);
    }
    let (new, quoted) = cut_html(clipped(&html, MOST_TEXT));
    let mut body = split(&html_to_text(new));
    body.quoted.push_str(clipped(&html_to_text(quoted), MOST_KEPT));
    body
}

fn gather(part: &MessagePart<'_>, plain: &mut String, html: &mut String) {
    match &part.body {
        PartType::Text(text) if plain.len() < MOST_TEXT => {
            plain.push_str(clipped(text, MOST_TEXT - plain.len()));
            plain.push('\n');
        }
        PartType::Html(text) if html.len() < MOST_TEXT => html.push_str(clipped(text, MOST_TEXT)),
        _ => {}
    }
}

/// Where mail programs begin what they quote in HTML.
const QUOTES: [&str; 9] = [
    "<blockquote",
    "class=\"gmail_quote",
    "class=\"moz-cite-prefix",
    "class=\"yahoo_quoted",
    "class=\"protonmail_quote",
    "id=\"divrplyfwdmsg",
    "id=\"appendonsend",
    "id=\"mail-editor-reference-message",
    "id=\"ms-outlook-mobile-body-separator",
];

fn cut_html(html: &str) -> (&str, &str) {
    let lower = html.to_ascii_lowercase();
    let found = QUOTES.iter().filter_map(|mark| lower.find(mark)).min();
    // Back to where the element begins, so that no half of a tag is taken for text.
    let at = found.map(|at| lower.get(..=at).and_then(|head| head.rfind('<')).unwrap_or(at));
    match at.and_then(|at| html.split_at_checked(at)) {
        Some((new, quoted)) if !html_to_text(new).trim().is_empty() => (new, quoted),
        _ => (html, ""),
    }
}

/// Parts what is new from what is quoted. When nothing would be left, all of it is new: rather too much than somebody's
/// words lost.
pub(super) fn split(text: &str) -> Body {
    let text = clean(clipped(text, MOST_TEXT));
    let lines: Vec<&str> = text.lines().collect();
    let (mut new, mut quoted) = (Vec::new(), Vec::new());
    let mut i = 0;
    while let Some(line) = lines.get(i) {
        let rest = lines.get(i..).unwrap_or_default();
        if line.trim_start().starts_with('>') {
            quoted.push(*line);
        } else if let Some(long) = attribution(rest) {
            let (head, tail) = rest.split_at_checked(long).unwrap_or((rest, &[]));
            quoted.extend(head);
            let marked =
                tail.iter().find(|l| !l.trim().is_empty()).is_some_and(|l| l.trim_start().starts_with('>'));
            if !marked {
                quoted.extend(tail);
                break;
            }
            i += long;
            continue;
        } else if is_original(rest) || *line == "-- " || *line == "--" {
            quoted.extend(rest);
            break;
        } else {
            new.push(*line);
        }
        i += 1;
    }
    while new.last().is_some_and(|line| line.trim().is_empty() || sent_from(line)) {
        quoted.extend(new.pop());
    }
    let new = new.join("\n").trim().to_owned();
    if new.is_empty() {
        return Body { new: clipped(text.trim(), MOST_KEPT).to_owned(), quoted: String::new() };
    }
    Body {
        new: clipped(&new, MOST_KEPT).to_owned(),
        quoted: clipped(quoted.join("\n").trim(), MOST_KEPT).to_owned(),
    }
}

/// "On Monday … Kim wrote:", over at most three lines. How many lines it takes.
fn attribution(lines: &[&str]) -> Option<usize> {
    const BEGINS: [&str; 8] = ["on ", "op ", "am ", "le ", "el ", "il ", "den ", "em "];
    const SAYS: [&str; 9] = [
        " wrote",
        " schreef",
        " schrieb",
        " a écrit",
        "geschreven",
        " escribió",
        " ha scritto",
        " skrev",
        " escreveu",
    ];
    let first = lines.first()?.trim().to_lowercase();
    if !BEGINS.iter().any(|b| first.starts_with(b)) {
        return None;
    }
    let mut whole = String::new();
    for (i, line) in lines.iter().take(3).enumerate() {
        whole.push_str(&line.trim().to_lowercase());
        whole.push(' ');
        let end = whole.trim_end();
        if end.ends_with(':') {
            return SAYS.iter().any(|s| end.contains(s)).then_some(i + 1);
        }
        if end.len() > 400 {
            return None;
        }
    }
    None
}

/// The line or the block of headers that Outlook and others put before the mail that is answered.
fn is_original(lines: &[&str]) -> bool {
    const LINES: [&str; 10] = [
        "original message",
        "oorspronkelijk bericht",
        "ursprüngliche nachricht",
        "message d'origine",
        "message original",
        "forwarded message",
        "doorgestuurd bericht",
        "weitergeleitete nachricht",
        "original appointment",
        "originele bericht",
    ];
    const FIRST: [&str; 4] = ["from:", "van:", "von:", "de :"];
    const MORE: [&str; 15] = [
        "sent:",
        "verzonden:",
        "gesendet:",
        "envoyé :",
        "to:",
        "aan:",
        "an:",
        "à :",
        "subject:",
        "onderwerp:",
        "betreff:",
        "objet :",
        "date:",
        "datum:",
        "cc:",
    ];
    let Some(line) = lines.first().map(|l| l.trim().to_lowercase()) else { return false };
    if line.starts_with("---") && LINES.iter().any(|l| line.contains(l)) {
        return true;
    }
    let bare = |l: &str| l.trim().trim_matches(['*', '_']).trim_start().to_lowercase();
    let ruled = line.len() >= 10 && line.bytes().all(|b| b == b'_');
    let head: Vec<String> = lines.iter().take(9).map(|l| bare(l)).collect();
    let begins = |l: &String| FIRST.iter().any(|f| l.starts_with(f));
    let first = if ruled { head.iter().take(4).any(begins) } else { head.first().is_some_and(begins) };
    first && head.iter().filter(|l| MORE.iter().any(|m| l.starts_with(m))).count() >= 2
}

fn sent_from(line: &str) -> bool {
    const BEGINS: [&str; 7] = [
        "sent from my",
        "verstuurd vanaf mijn",
        "verzonden vanaf mijn",
        "von meinem iphone",
        "gesendet von",
        "envoyé de mon",
        "get outlook for",
    ];
    let line = line.trim().to_lowercase();
    line.len() < 80 && BEGINS.iter().any(|b| line.starts_with(b))
}

/// Is the whole of it a wish to hear no more? The words of the mail count; where there are none, the subject.
pub(super) fn only_stop(mail: &Incoming) -> bool {
    const WORDS: [&str; 17] = [
        "stop",
        "stopp",
        "unsubscribe",
        "unsubscribe me",
        "please unsubscribe",
        "please unsubscribe me",
        "afmelden",
        "uitschrijven",
        "graag afmelden",
        "meld mij af",
        "schrijf mij uit",
        "abmelden",
        "bitte abmelden",
        "désinscription",
        "se désinscrire",
        "désabonner",
        "remove me",
    ];
    let said = if mail.text.trim().is_empty() { &mail.subject } else { &mail.text };
    if said.len() > 60 {
        return false;
    }
    let said = said.to_lowercase();
    let said =
        said.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
    WORDS.contains(&said.as_str())
}

/// One line of at most `most` characters.
pub(super) fn line(text: &str, most: usize) -> String {
    let line = clipped(text, most * 8).split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|c| !c.is_control()).take(most).collect()
}

/// Line ends as ours, and no control characters, which no database and no page wants.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// At most `most` bytes, whole characters.
pub(super) fn clipped(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let end = (0..=most).rev().find(|i| text.is_char_boundary(*i)).unwrap_or_default();
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_is_parted_from_what_is_quoted() {
        for (mail, new) in [
            (
                "Ja, graag.\n\nOp ma 23 nov. 2026 om 09:12 schreef Serviceplein <a@b.nl>:\n> Kom je?\n> Groet",
                "Ja, graag.",
            ),
            ("Yes.\n\nOn Mon, 23 Nov 2026, at 09:12,\nSome Body <a@b.nl> wrote:\n\n> Coming?\n", "Yes."),
            ("Ja.\n\nAm 23.11.2026 schrieb Meerland:\nKommst du?\n", "Ja."),
            ("Oui.\n\nLe lun. 23 nov. 2026 à 09:12, Meerland <a@b.nl> a écrit :\n> Tu viens ?\n", "Oui."),
            (
                "Prima\n\nVan: Serviceplein <a@b.nl>\nVerzonden: maandag\nAan: Kim\nOnderwerp: Je vraag\n\nKom je?",
                "Prima",
            ),
            (
                "Fine\n________________________________\nFrom: A <a@b.nl>\nSent: Monday\nTo: Kim\nSubject: x\n\nComing?",
                "Fine",
            ),
            ("Goed\n\n-----Oorspronkelijk bericht-----\nVan: A\n\nKom je?", "Goed"),
            ("> Kom je?\nJa.\n> Hoe laat?\nOm negen.\n-- \nKim", "Ja.\nOm negen."),
            ("Ok\n\nVerstuurd vanaf mijn iPhone\n", "Ok"),
            ("Op maandag kom ik:\nom negen uur.", "Op maandag kom ik:\nom negen uur."),
            ("Van: harte\nGefeliciteerd", "Van: harte\nGefeliciteerd"),
            ("> alles staat hier", "> alles staat hier"),
            ("a\r\nb\0c\u{85}", "a\nbc"),
        ] {
            assert_eq!(split(mail).new, new, "{mail}");
        }
        assert!(split("Ja\n\nOp ma schreef A:\n> Kom je?").quoted.contains("Kom je?"));
    }

    #[test]
    fn html_is_cut_before_it_becomes_text() {
        let (new, quoted) = cut_html("<p>Ja</p><div dir=x class=\"gmail_quote\">Op ma: <p>Kom je?</p></div>");
        assert_eq!((html_to_text(new).trim(), quoted.contains("Kom je?")), ("Ja", true));
        assert_eq!(cut_html("<blockquote>alles</blockquote>").1, "");
        assert_eq!(clipped("aé", 2), "a");
    }
}
