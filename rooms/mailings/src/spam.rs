//! What makes filters and people take a mail for junk, as far as a text shows it. Rules that can be read, each with a sentence
//! that says what to do; no score, since a score cannot be mended.

use kring_blocks::{Sheet, What};

/// Links of one mail at most, before it looks like a list of links.
const MANY_LINKS: usize = 12;
/// Words below which pictures carry the message alone.
const FEW_WORDS: usize = 30;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Smell {
    /// The subject shouts: most of its letters are capitals.
    Capitals,
    /// `!!`, `??`, `€€`
    Repeated,
    /// The subject pretends to answer or to pass on.
    Pretends,
    /// Pictures and hardly a word.
    OnlyPictures,
    ManyLinks(usize),
    /// Words that show one address and lead to another, as forgers do it.
    OtherAddress {
        shown: String,
        leads: String,
    },
    /// An address that hides where it leads.
    Shortened(String),
    /// Not encrypted, or no address at all.
    Unsafe(String),
}

pub fn smells(sheet: &Sheet) -> Vec<Smell> {
    let mut found = Vec::new();
    subject(&sheet.subject, &mut found);
    let links = links(sheet);
    let words: usize = texts(sheet).iter().map(|text| text.split_whitespace().count()).sum();
    let pictures = sheet.blocks.iter().filter(|block| matches!(block.what, What::Picture { .. })).count();
    if pictures > 0 && words < FEW_WORDS {
        found.push(Smell::OnlyPictures);
    }
    if links.len() > MANY_LINKS {
        found.push(Smell::ManyLinks(links.len()));
    }
    for (label, link) in &links {
        address(label, link, &mut found);
    }
    found
}

fn subject(subject: &str, found: &mut Vec<Smell>) {
    let letters: Vec<char> = subject.chars().filter(|c| c.is_alphabetic()).collect();
    let capitals = letters.iter().filter(|c| c.is_uppercase()).count();
    if letters.len() >= 8 && capitals * 10 > letters.len() * 6 {
        found.push(Smell::Capitals);
    }
    let signs: Vec<char> = subject.chars().collect();
    if signs.windows(2).any(|two| matches!(two, [a, b] if a == b && "!?€$*".contains(*a))) {
        found.push(Smell::Repeated);
    }
    let start = subject.trim_start().to_lowercase();
    if ["re:", "fw:", "fwd:", "antw:", "antwoord:"].iter().any(|mark| start.starts_with(mark)) {
        found.push(Smell::Pretends);
    }
}

fn address(label: &str, link: &str, found: &mut Vec<Smell>) {
    // A merge field, or a path on our own server, is filled in when it goes.
    if link.contains("{{") || link.starts_with('/') || link.starts_with("mailto:") || link.starts_with("tel:")
    {
        return;
    }
    let Some(host) = host(link) else {
        found.push(Smell::Unsafe(link.to_owned()));
        return;
    };
    if SHORTENERS.contains(&host.trim_start_matches("www.")) {
        found.push(Smell::Shortened(host.clone()));
    }
    let shown = label.trim().trim_end_matches('/');
    if let Some(named) = named(shown)
        && named.trim_start_matches("www.") != host.trim_start_matches("www.")
    {
        found.push(Smell::OtherAddress { shown: named, leads: host });
    }
}

/// Services behind whose addresses anything can be; lists of filters hold them.
const SHORTENERS: [&str; 8] =
    ["bit.ly", "tinyurl.com", "t.co", "goo.gl", "ow.ly", "is.gd", "buff.ly", "rebrand.ly"];

/// The host of an https address.
fn host(link: &str) -> Option<String> {
    let rest = link.strip_prefix("https://")?;
    let end = rest.find(['/', '?', '#', ':']).unwrap_or(rest.len());
    let host = rest.get(..end)?.to_lowercase();
    (host.contains('.') && !host.ends_with('.') && !host.contains('@')).then_some(host)
}

/// A host that a label names, as in "www.school.nl".
fn named(label: &str) -> Option<String> {
    let bare = label.strip_prefix("https://").or_else(|| label.strip_prefix("http://")).unwrap_or(label);
    let end = bare.find(['/', '?']).unwrap_or(bare.len());
    let host = bare.get(..end)?.to_lowercase();
    let (before, last) = host.rsplit_once('.')?;
    let plain =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c));
    (plain(before) && last.len() >= 2 && last.chars().all(|c| c.is_ascii_lowercase())).then_some(host)
}

/// Every link with its words.
pub fn links(sheet: &Sheet) -> Vec<(String, String)> {
    let mut links = Vec::new();
    for block in &sheet.blocks {
        match &block.what {
            What::Button { label, link } => links.push((label.clone(), link.clone())),
            What::Picture { alt, link, .. } if !link.is_empty() => links.push((alt.clone(), link.clone())),
            What::Text { text } => inline(text, &mut links),
            _ => {}
        }
    }
    links
}

/// `[words](address)` in a running text.
fn inline(text: &str, links: &mut Vec<(String, String)>) {
    let mut rest = text;
    while let Some(at) = rest.find("](") {
        let label = rest.get(..at).and_then(|before| before.rsplit_once('[')).map(|(_, label)| label);
        let after = rest.get(at + 2..).unwrap_or_default();
        let Some(end) = after.find(')') else { return };
        if let (Some(label), Some(link)) = (label, after.get(..end)) {
            links.push((label.to_owned(), link.trim().to_owned()));
        }
        rest = after.get(end..).unwrap_or_default();
    }
}

fn texts(sheet: &Sheet) -> Vec<&str> {
    sheet
        .blocks
        .iter()
        .filter_map(|block| match &block.what {
            What::Heading { text, .. } | What::Text { text } | What::Quote { text, .. } => {
                Some(text.as_str())
            }
            What::Choices { question, .. } => Some(question.as_str()),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use kring_blocks::Block;

    use super::*;

    fn mail(subject: &str, blocks: Vec<What>) -> Sheet {
        let blocks = blocks.into_iter().map(|what| Block { what, only_if: None }).collect();
        Sheet { subject: subject.into(), blocks, ..Sheet::default() }
    }

    fn text(text: &str) -> What {
        What::Text { text: text.into() }
    }

    #[test]
    fn a_plain_letter_smells_of_nothing() {
        let sheet = mail(
            "Welkom op de open dag van Zorg & Welzijn",
            vec![text(
                "Kom je ook? Kijk op [www.meerland.example](https://meerland.example/open-dag) of bel ons.",
            )],
        );
        assert_eq!(smells(&sheet), vec![]);
    }

    #[test]
    fn what_junk_does_is_named() {
        let picture = What::Picture {
            src: "/a.png".into(),
            alt: "Kom".into(),
            decorative: false,
            link: "http://school.example".into(),
        };
        let sheet = mail(
            "RE: LAATSTE KANS!!",
            vec![text("[www.bank.nl](https://elders.example/x) [kort](https://bit.ly/abc)"), picture],
        );
        assert_eq!(
            smells(&sheet),
            vec![
                Smell::Capitals,
                Smell::Repeated,
                Smell::Pretends,
                Smell::OnlyPictures,
                Smell::OtherAddress { shown: "www.bank.nl".into(), leads: "elders.example".into() },
                Smell::Shortened("bit.ly".into()),
                Smell::Unsafe("http://school.example".into()),
            ]
        );
    }

    #[test]
    fn words_that_are_no_address_show_none() {
        let sheet =
            mail("Vragen?", vec![text("[Lees meer...](https://a.example) en [v2.0](https://b.example)")]);
        assert_eq!(smells(&sheet), vec![]);
    }
}
