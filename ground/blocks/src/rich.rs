//! Running text: paragraphs, lists, bold, italic and links out of Markdown, by pulldown-cmark. Everything else that
//! Markdown knows is escaped before it is read, so that it stays the letters that somebody typed: a price of `<5`, a
//! `#1`, a line of dashes. Turning it off is not possible there, and a parser of our own would have to get right what
//! bold and italic mean beside one another, which is most of CommonMark.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::{href::href, merge::plain};

/// A run of text in one style. Flat and not a tree, so that a thousand stars in a row cost no stack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Run {
    /// `"\n"` is a line break, and is a run of its own.
    pub text: String,
    pub bold: bool,
    pub italic: bool,
    /// Where it leads.
    pub link: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Para(Vec<Run>),
    /// `first` is the number of the first item in a numbered list.
    List {
        first: Option<u64>,
        items: Vec<Vec<Run>>,
    },
}

/// Reads a filled-in text; true when a link in it cannot be used, whose words then stand without it.
pub(crate) fn read(marked: &str) -> (Vec<Part>, bool) {
    let guarded = guard(marked);
    let mut reader = Reader::default();
    for event in Parser::new(&guarded) {
        reader.hear(event);
    }
    reader.finish();
    (reader.parts, reader.bad_link)
}

#[derive(Default)]
struct Reader {
    parts: Vec<Part>,
    line: Vec<Run>,
    bold: usize,
    italic: usize,
    link: Option<String>,
    lists: usize,
    bad_link: bool,
}

impl Reader {
    fn hear(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::SoftBreak | Event::HardBreak => self.line_break(),
            // Only text gets here, as all else was escaped; were it not, it would still be shown as text.
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                self.say(&text);
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Strong => self.bold += 1,
            Tag::Emphasis => self.italic += 1,
            Tag::Link { dest_url, .. } => {
                self.link = href(&dest_url);
                self.bad_link |= self.link.is_none();
            }
            Tag::List(first) => {
                self.flush();
                if self.lists == 0 {
                    self.parts.push(Part::List { first, items: Vec::new() });
                }
                self.lists += 1;
            }
            Tag::Item => self.flush(),
            Tag::Image { .. } => {}
            _ if self.lists > 0 => {
                if !self.line.is_empty() {
                    self.line_break();
                }
            }
            _ => self.flush(),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => self.bold = self.bold.saturating_sub(1),
            TagEnd::Emphasis => self.italic = self.italic.saturating_sub(1),
            TagEnd::Link => self.link = None,
            TagEnd::List(_) => {
                self.flush();
                self.lists = self.lists.saturating_sub(1);
            }
            TagEnd::Item => self.flush(),
            TagEnd::Image => {}
            _ if self.lists > 0 => {}
            _ => self.flush(),
        }
    }

    fn say(&mut self, text: &str) {
        let run = Run {
            text: text.to_owned(),
            bold: self.bold > 0,
            italic: self.italic > 0,
            link: self.link.clone(),
        };
        match self.line.last_mut() {
            // Markdown hands a text over in pieces; joined before values are read back, so that no piece ends in one.
            Some(last)
                if last.text != "\n"
                    && (last.bold, last.italic, &last.link) == (run.bold, run.italic, &run.link) =>
            {
                last.text.push_str(text);
            }
            _ => self.line.push(run),
        }
    }

    /// What people type as a new line is meant as one, though Markdown would run it on.
    fn line_break(&mut self) {
        self.line.push(Run { text: "\n".to_owned(), ..Run::default() });
    }

    fn flush(&mut self) {
        let mut line = std::mem::take(&mut self.line);
        for run in &mut line {
            run.text = plain(&run.text);
        }
        line.retain(|run| !run.text.is_empty());
        if line.iter().all(|run| run.text.trim().is_empty()) {
            return;
        }
        match self.parts.last_mut() {
            Some(Part::List { items, .. }) if self.lists > 0 => items.push(line),
            _ => self.parts.push(Part::Para(line)),
        }
    }

    fn finish(&mut self) {
        self.flush();
        self.parts.retain(|part| !matches!(part, Part::List { items, .. } if items.is_empty()));
    }
}

/// Escapes what is not ours.
fn guard(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
    let mut in_list = false;
    for (number, line) in text.split('\n').map(str::trim).enumerate() {
        if number > 0 {
            out.push('\n');
        }
        let before = out.len();
        let rest = marker(line, &mut out);
        let item = out.len() > before;
        if in_list && !item {
            // Whoever does not go on with the list has ended it; to Markdown it would still be the last item.
            out.push('\n');
        }
        in_list = item;
        let first = rest.chars().next().unwrap_or(' ');
        // Headings, quotes, fences, underlines, rules, and lists with other signs or inside one another.
        let begins = matches!(first, '#' | '>' | '=' | '~' | '+' | '|' | ':')
            || (matches!(first, '-' | '*')
                && rest.chars().nth(1).is_none_or(|c| c == ' ' || c == first)
                && !bold(rest))
            || (first == '_' && rest.chars().all(|c| matches!(c, '_' | ' ')));
        if begins {
            out.push('\\');
        }
        // A number that begins no list of ours: `1)`, `2026.`, or one inside an item.
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = rest.split_at(digits);
        out.push_str(number);
        if digits > 0 && rest.starts_with(['.', ')']) {
            out.push('\\');
        }
        inline(rest, &mut out);
    }
    out
}

/// `**bold** at the start` is no list and no rule.
fn bold(line: &str) -> bool {
    line.starts_with("**") && !line.chars().all(|c| matches!(c, '*' | ' '))
}

/// Writes the sign of a list item at the start of a line, once, and gives what comes after it.
fn marker<'a>(line: &'a str, out: &mut String) -> &'a str {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let length = match line.as_bytes().get(digits) {
        Some(b'.') if (1..=3).contains(&digits) => digits + 1,
        Some(b'-' | b'*') if digits == 0 => 1,
        _ => return line,
    };
    let (sign, after) = line.split_at(length);
    let content = after.trim_start();
    let only_signs = content.chars().all(|c| matches!(c, '-' | '*' | '_' | ' '));
    if !after.starts_with(' ') || content.is_empty() || (digits == 0 && only_signs) {
        return line;
    }
    out.push_str(sign);
    out.push(' ');
    content
}

fn inline(text: &str, out: &mut String) {
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        match (c, next) {
            ('\\', Some(escaped)) if escaped.is_ascii_punctuation() => {
                out.push(c);
                out.push(escaped);
                chars.next();
            }
            // Code, HTML, entities, pictures, and the definitions of links that stand elsewhere.
            ('\\' | '`' | '<' | '&', _) | ('!', Some('[')) => {
                out.push('\\');
                out.push(c);
            }
            (']', Some(':')) => {
                out.push_str("]\\:");
                chars.next();
            }
            _ => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inline;

    fn html(text: &str) -> String {
        let (parts, _) = read(text);
        let part = |part: &Part| match part {
            Part::Para(runs) => format!("<p>{}</p>", inline::html(runs, "")),
            Part::List { first, items } => {
                let items: String =
                    items.iter().map(|i| format!("<li>{}</li>", inline::html(i, ""))).collect();
                first.map_or(format!("<ul>{items}</ul>"), |n| format!("<ol {n}>{items}</ol>"))
            }
        };
        parts.iter().map(part).collect()
    }

    #[test]
    fn paragraphs_lists_and_three_kinds_of_marks() {
        for (text, expected) in [
            ("a\nb\n\n c", "<p>a<br>\nb</p><p>c</p>"),
            (
                "**a** *b* ***c*** **d *e***",
                "<p><strong>a</strong> <em>b</em> <strong><em>c</em></strong> <strong>d </strong><strong><em>e</em></strong></p>",
            ),
            (
                "[a **b**](https://a.example/?c=1&d=2)",
                "<p><a href=\"https://a.example/?c=1&amp;d=2\">a <strong>b</strong></a></p>",
            ),
            ("voor:\n- a\n- b\nna", "<p>voor:</p><ul><li>a</li><li>b</li></ul><p>na</p>"),
            ("* a\n\n* b", "<ul><li>a</li><li>b</li></ul>"),
            ("1. a\n2. b", "<ol 1><li>a</li><li>b</li></ol>"),
            ("**vet** begin", "<p><strong>vet</strong> begin</p>"),
            ("*schuin* begin", "<p><em>schuin</em> begin</p>"),
            ("5 * 3 * 2, snake_case_name, 2 ** 3", "<p>5 * 3 * 2, snake_case_name, 2 ** 3</p>"),
        ] {
            assert_eq!(html(text), expected, "{text}");
        }
    }

    #[test]
    fn everything_else_stays_what_was_typed() {
        for text in [
            "# kop",
            "#1",
            "> quote",
            "```",
            "~~~",
            "`code`",
            "---",
            "- - -",
            "***",
            "* * *",
            "___",
            "===",
            "+ a",
            "+31 6 12345678",
            "1) a",
            "<b>a</b>",
            "<https://a.example>",
            "<!-- x -->",
            "&amp; &lt; &#60;",
            "![a](https://a.example/a.png",
            "[a]: https://a.example",
            "| a | b |",
            "[a][b]",
            "a\\b",
            "\\",
            "https://a.example",
            "- ",
            "12345. a",
            "[ ] x",
            "~~a~~",
            "^a",
            "$x$",
            ":::",
            "-",
            "*",
            "_",
            "__",
            "**",
            "[",
            "](",
            "\\\\`",
        ] {
            let plain = match read(text).0.as_slice() {
                [Part::Para(runs)] => inline::text(runs),
                other => panic!("{text}: {other:?}"),
            };
            let expected = if text == "\\\\`" { "\\`" } else { text.trim() };
            assert_eq!(plain, expected, "{text}");
        }
        let (parts, bad) = read("    indented\n\ttabbed");
        assert_eq!(inline::text_of(&parts), "indented\ntabbed");
        assert!(!bad);
        assert_eq!(html("a\n==="), "<p>a<br>\n===</p>");
        assert_eq!(html("a\n-"), "<p>a<br>\n-</p>");
        assert_eq!(
            html("- # a\n- > b\n- - c\n- 1. d\n-       e"),
            "<ul><li># a</li><li>&gt; b</li><li>- c</li><li>1. d</li><li>e</li></ul>"
        );
        assert_eq!(
            html("![a](https://a.example/a.png)"),
            "<p>!<a href=\"https://a.example/a.png\">a</a></p>"
        );
        assert_eq!(
            html("[a\nb]: https://a.example\n\n[a b]"),
            "<p>[a<br>\nb]: https://a.example</p><p>[a b]</p>"
        );
    }

    #[test]
    fn a_link_that_cannot_be_used_leaves_its_words() {
        for text in [
            "[a](javascript:alert(1))",
            "[a](http://a.example)",
            "[a](/x)",
            "[a]()",
            "[a](<https://a.example>)",
            "[a](data:x)",
        ] {
            let (parts, bad) = read(text);
            assert!(bad, "{text}");
            assert_eq!(inline::text_of(&parts), "a", "{text}");
            assert!(!html(text).contains("href"), "{text}");
        }
    }

    #[test]
    fn thousands_of_marks_cost_no_stack() {
        for text in
            ["*", "**", "[", "](", "*a ", "**a", "- ", "> ", "_a_", "[a](https://a.example/)", "\\", "a*b_"]
        {
            let _ = html(&text.repeat(20_000 / text.len()));
        }
    }
}
