//! The grammar of merge fields, checked before minijinja sees a letter of it: an allow-list of words, signs and
//! filters instead of a list of what is forbidden. So there is no include, macro, call, set, multiplication of texts
//! or recursion to think of, and a new release of the engine cannot bring one in.

use crate::tag::{How, Open, Slip, expression, statement, tokens};

/// Tags in one text.
const MOST_TAGS: usize = 200;
#[derive(Debug, Default)]
pub(crate) struct Scan {
    pub uses: Vec<(String, How)>,
    /// The text for the engine. A line of nothing but statements is gone with its line break, so that `for` around the
    /// lines of a list does not tear it apart.
    pub clean: String,
    /// Whether there is any tag at all.
    pub tagged: bool,
}

enum Bit<'a> {
    Data(&'a str),
    /// With its braces; true for statements and remarks, which show nothing.
    Tag(&'a str, bool),
}

/// Reads a text of at most `most` characters.
pub(crate) fn scan(source: &str, most: usize) -> Result<Scan, Slip> {
    if source.chars().count() > most {
        return Err(Slip::TooLong);
    }
    let mut scan = Scan::default();
    let mut bits = Vec::new();
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut rest = source;
    while let Some((start, sign)) = next_tag(rest) {
        let (data, tag) = rest.split_at(start);
        bits.push(Bit::Data(data));
        let inner = tag.get(2..).unwrap_or_default();
        let length = if sign == '#' {
            2 + inner.find("#}").ok_or(Slip::Unclosed)? + 2
        } else {
            let (tokens, length) = tokens(inner, if sign == '%' { "%}" } else { "}}" })?;
            if sign == '%' {
                statement(&tokens, &mut open, &mut scan.uses)?;
            } else {
                expression(&tokens, How::Shown, &open, &mut scan.uses)?;
            }
            2 + length
        };
        let (tag, after) = tag.split_at(length);
        bits.push(Bit::Tag(tag, sign != '{'));
        if bits.len() > MOST_TAGS * 2 {
            return Err(Slip::TooLong);
        }
        rest = after;
    }
    if !open.is_empty() {
        return Err(Slip::Unbalanced);
    }
    scan.tagged = !bits.is_empty();
    bits.push(Bit::Data(rest));
    scan.clean = clean(&bits);
    Ok(scan)
}

/// Where the engine would see the next tag: the first brace with one of its three partners.
fn next_tag(text: &str) -> Option<(usize, char)> {
    text.match_indices('{').find_map(|(at, _)| {
        let sign = text.get(at + 1..)?.chars().next()?;
        matches!(sign, '{' | '%' | '#').then_some((at, sign))
    })
}

/// Puts the bits together again, without the lines that hold nothing but statements.
fn clean(bits: &[Bit<'_>]) -> String {
    // Lines of (text, shows something, has a tag).
    let mut lines = vec![(String::new(), false, false)];
    for bit in bits {
        match bit {
            Bit::Data(data) => {
                for (part, text) in data.split('\n').enumerate() {
                    if part > 0 {
                        lines.push((String::new(), false, false));
                    }
                    if let Some(line) = lines.last_mut() {
                        line.0.push_str(text);
                        line.1 |= !text.trim().is_empty();
                    }
                }
            }
            Bit::Tag(tag, silent) => {
                if let Some(line) = lines.last_mut() {
                    line.0.push_str(tag);
                    line.1 |= !silent;
                    line.2 = true;
                }
            }
        }
    }
    let mut out = String::new();
    let last = lines.len() - 1;
    for (number, (text, shows, tagged)) in lines.into_iter().enumerate() {
        if tagged && !shows {
            out.push_str(text.trim());
        } else {
            out.push_str(&text);
            if number < last {
                out.push('\n');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tag::is_field;

    fn slip(source: &str) -> Slip {
        scan(source, 10_000).expect_err(source)
    }

    #[test]
    fn uses_are_found_with_how() {
        let s = scan("{{ a|default(\"x\")|upper }}{% if b and not (c == 'd') %}{% for x in list %}{{ x }}{{ loop.index }}{% endfor %}{% elif e %}{% else %}{% endif %}{# {{ no }} #}", 999).unwrap();
        let uses: Vec<_> = s.uses.iter().map(|(n, h)| (n.as_str(), *h)).collect();
        let expected = [
            ("a", How::Shown),
            ("b", How::Tested),
            ("c", How::Tested),
            ("list", How::Looped),
            ("e", How::Tested),
        ];
        assert_eq!(uses, expected);
        assert!(!scan("no { tag } }} here %}", 99).unwrap().tagged);
    }

    #[test]
    fn what_is_not_on_the_list_is_refused() {
        for word in [
            "include",
            "import",
            "from",
            "extends",
            "macro",
            "call",
            "set",
            "with",
            "filter",
            "block",
            "do",
            "raw",
            "autoescape",
            "break",
        ] {
            assert_eq!(slip(&format!("{{% {word} x %}}")), Slip::Statement(word.to_owned()));
        }
        for (source, sign) in [
            ("{{ f() }}", "("),
            ("{{ a.upper() }}", "."),
            ("{{ a.b }}", "."),
            ("{{ a[0] }}", "["),
            ("{{ 'a' * 99 }}", "*"),
            ("{{ a ~ b }}", "~"),
            ("{{ a + 1 }}", "+"),
            ("{{- a }}", "-"),
            ("{{ a is defined }}", "is"),
            ("{{ a if b else c }}", "if"),
            ("{{ 'a\\n' }}", "\\"),
            ("{{ '}}' }}", "}"),
            ("{{ loop.index }}", "loop"),
            ("{% for x in l %}{{ loop(x) }}{% endfor %}", "loop"),
            ("{% for x in l %}{{ loop.cycle(x) }}{% endfor %}", "cycle"),
            ("{{ (a, b) }}", ","),
            ("{{ {} }}", "{"),
            ("{{ 1e9 }}", "1e9"),
            ("{{ a|upper(b)(c) }}", "("),
        ] {
            assert_eq!(slip(source), Slip::Sign(sign.to_owned()), "{source}");
        }
        assert_eq!(slip("{{ a|tojson }}"), Slip::Filter("tojson".to_owned()));
        for open in ["{{ a", "{{", "{% if a", "{# x", "{{ a\n}}", "{{ 'a }}", "{{ (a }}", "{% if a }}"] {
            assert!(matches!(slip(open), Slip::Unclosed | Slip::Sign(_)), "{open}");
        }
        for odd in [
            "{% if a %}",
            "{% endif %}",
            "{% else %}",
            "{% for x in l %}{% endif %}",
            "{% if a %}{% else %}{% else %}{% endif %}",
            "{% if a %}{% else %}{% elif b %}{% endif %}",
            "{% for x in l %}{% else %}{% endfor %}",
        ] {
            assert_eq!(slip(odd), Slip::Unbalanced, "{odd}");
        }
        for odd in [
            "{{ }}",
            "{% if %}{% endif %}",
            "{% for x in a|join %}",
            "{% for x, y in l %}",
            "{% for x in l recursive %}",
            "{% endif x %}",
            "{% for loop in l %}",
        ] {
            assert_eq!(slip(odd), Slip::Order, "{odd}");
        }
    }

    #[test]
    fn depth_and_length_end() {
        assert_eq!(slip(&"{% if a %}".repeat(5)), Slip::TooDeep);
        assert_eq!(slip(&format!("{{{{ {}a{} }}}}", "(".repeat(5), ")".repeat(5))), Slip::TooDeep);
        assert_eq!(slip(&"{{ a }}".repeat(201)), Slip::TooLong);
        assert_eq!(slip(&"x".repeat(10_001)), Slip::TooLong);
    }

    #[test]
    fn a_line_of_statements_leaves_no_line() {
        let clean = |s: &str| scan(s, 999).unwrap().clean;
        assert_eq!(
            clean("a\n {% for x in l %} \n- {{ x }}\n{% endfor %}\nb"),
            "a\n{% for x in l %}- {{ x }}\n{% endfor %}b"
        );
        assert_eq!(clean("a {% if b %}c{% endif %}\nd"), "a {% if b %}c{% endif %}\nd");
        assert_eq!(clean("{{ a }}\n\n{{ b }}"), "{{ a }}\n\n{{ b }}");
        assert_eq!(clean("{\n{# x #}\n{ a }}"), "{\n{# x #}{ a }}");
    }

    #[test]
    fn names_of_fields() {
        assert!(is_field("first_name") && is_field("a1"));
        for bad in ["", "_a", "1a", "A", "a-b", "if", "loop", "é"] {
            assert!(!is_field(bad), "{bad}");
        }
    }
}
