//! Fills in the merge fields. A value never meets a parser: the engine writes it as a run of letters between two marks
//! (its bytes in hexadecimal), Markdown is read over those letters as over any word, and only what is written at the
//! very end, as text or inside an address, is the value again. So no name can become bold, a link, a tag or another
//! merge field, and no list of dangerous signs has to be complete.

use std::{collections::BTreeMap, sync::LazyLock};

use minijinja::{Environment, ErrorKind, UndefinedBehavior, value::ValueKind};

use crate::{
    Value, Values,
    tag::{How, Slip},
    template,
    values::{MOST_LIST, MOST_VALUE},
};

const OPEN: char = '\u{E000}';
const CLOSE: char = '\u{E001}';
/// For one text: a step of the engine costs one, and so do 64 bytes that it reads or writes. A list of two hundred
/// written out takes some three thousand; two such lists inside one another are stopped within milliseconds.
const FUEL: u64 = 30_000;
/// Bytes of one filled-in text, in which a value counts double.
const MOST_OUTPUT: usize = 300_000;

/// Why a text could not be filled in. No value is in here: it may end in a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    #[error("a merge field is not written well: {0:?}")]
    Slip(Slip),
    #[error("no value was given for the field {0}")]
    Unknown(String),
    /// A yes/no field that is shown, a list that is a condition of a block, and the like.
    #[error("the field {0} is of another kind than its place asks")]
    Kind(String),
    #[error("the value of the field {0} is too long")]
    Value(String),
    /// More work or more output than one text may ask for.
    #[error("more than one text may ask for")]
    TooMuch,
    /// An address that is none of https, mailto and tel, or whose host comes from a field.
    #[error("an address that cannot be used")]
    Link,
    #[error("no link was given for the choice {0}")]
    Choice(String),
}

/// A text with its values between marks.
#[derive(Debug, PartialEq)]
pub(crate) struct Marked(String);

#[derive(Debug, PartialEq)]
pub(crate) enum Bit<'a> {
    Literal(&'a str),
    Value(String),
}

static ENGINE: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut env = Environment::empty();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_fuel(Some(FUEL));
    env.set_recursion_limit(50);
    env.set_formatter(|out, _, value| {
        let text = match value.kind() {
            ValueKind::String | ValueKind::Number => value.to_string(),
            ValueKind::Seq => {
                let parts: Vec<String> = value.try_iter()?.map(|part| part.to_string()).collect();
                parts.join(", ")
            }
            _ => return Err(ErrorKind::NonPrimitive.into()),
        };
        out.write_str(&mark(&text)).map_err(|_| ErrorKind::WriteFailure.into())
    });
    env.add_filter("upper", |text: String| text.to_uppercase());
    env.add_filter("lower", |text: String| text.to_lowercase());
    // In Jinja it is about fields that do not exist; here all do, and people mean the empty ones.
    env.add_filter(
        "default",
        |text: String, other: String| if text.trim().is_empty() { other } else { text },
    );
    env.add_filter("join", |list: Vec<String>, between: String| list.join(&between));
    env
});

/// Fills in a text of at most `most` characters.
pub(crate) fn merge(source: &str, values: &Values, most: usize) -> Result<Marked, Why> {
    let source: String = source.chars().filter(|c| !matches!(*c, OPEN | CLOSE)).collect();
    let scan = template::scan(&source, most).map_err(Why::Slip)?;
    if !scan.tagged {
        return Ok(Marked(source));
    }
    let mut given = BTreeMap::new();
    for (name, how) in &scan.uses {
        let value = values.get(name).ok_or_else(|| Why::Unknown(name.clone()))?;
        let fits = match how {
            How::Shown => !matches!(value, Value::Flag(_)),
            How::Tested => true,
            How::Looped => matches!(value, Value::List(_)),
        };
        if !fits {
            return Err(Why::Kind(name.clone()));
        }
        if !given.contains_key(name) {
            given.insert(name.clone(), engine_value(name, value)?);
        }
    }
    let made = ENGINE.render_str(&scan.clean, given).map_err(|error| match error.kind() {
        ErrorKind::OutOfFuel => Why::TooMuch,
        _ => Why::Slip(Slip::Order),
    })?;
    if made.len() > MOST_OUTPUT { Err(Why::TooMuch) } else { Ok(Marked(made)) }
}

fn engine_value(name: &str, value: &Value) -> Result<minijinja::Value, Why> {
    let text = |text: &str| {
        // Bytes first, so that a megabyte is refused without being read.
        let fits = text.len() <= MOST_VALUE * 4 && text.chars().count() <= MOST_VALUE;
        if fits { Ok(tame(text)) } else { Err(Why::Value(name.to_owned())) }
    };
    Ok(match value {
        Value::Text(value) => text(value)?.into(),
        Value::Number(number) => (*number).into(),
        Value::Flag(flag) => (*flag).into(),
        Value::List(list) if list.len() > MOST_LIST => return Err(Why::Value(name.to_owned())),
        Value::List(list) => list.iter().map(|value| text(value)).collect::<Result<Vec<_>, _>>()?.into(),
    })
}

/// One line, without the signs that would turn the direction of the text around it (UAX 9, explicit formatting).
fn tame(text: &str) -> String {
    let turning = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let line = |c: char| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c };
    text.chars().filter(|c| !turning(*c)).map(line).collect()
}

fn mark(text: &str) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |half: u8| DIGITS.get(usize::from(half)).copied().unwrap_or('0');
    let digits = text.bytes().flat_map(|b| [digit(b >> 4), digit(b & 15)]);
    std::iter::once(OPEN).chain(digits).chain(std::iter::once(CLOSE)).collect()
}

fn unmark(digits: &str) -> String {
    let bytes = digits.as_bytes().chunks(2);
    let bytes =
        bytes.filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect();
    String::from_utf8(bytes).unwrap_or_default()
}

/// The literal parts and the values of a text, in order.
pub(crate) fn bits(marked: &str) -> Vec<Bit<'_>> {
    let mut out = Vec::new();
    let mut rest = marked;
    while let Some((before, after)) = rest.split_once(OPEN) {
        if !before.is_empty() {
            out.push(Bit::Literal(before));
        }
        let (digits, after) = after.split_once(CLOSE).unwrap_or((after, ""));
        out.push(Bit::Value(unmark(digits)));
        rest = after;
    }
    if !rest.is_empty() {
        out.push(Bit::Literal(rest));
    }
    out
}

/// The text as people read it.
pub(crate) fn plain(marked: &str) -> String {
    bits(marked)
        .into_iter()
        .map(|bit| match bit {
            Bit::Literal(text) => text.to_owned(),
            Bit::Value(value) => value,
        })
        .collect()
}

impl Marked {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// As one line of text.
    pub(crate) fn line(&self) -> String {
        plain(&self.0).split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Values {
        Values::new()
            .with("name", "Noor")
            .with("empty", "")
            .with("n", 3)
            .with("yes", true)
            .with("list", vec!["a".to_owned(), "b".to_owned()])
    }

    fn filled(source: &str) -> Result<String, Why> {
        merge(source, &values(), 5000).map(|marked| plain(marked.as_str()))
    }

    #[test]
    fn fields_conditions_lists_and_filters() {
        for (source, text) in [
            ("Dag {{ name }}!", "Dag Noor!"),
            ("{{ name|upper }} {{ name|lower }}", "NOOR noor"),
            ("{{ empty|default(\"you\") }}", "you"),
            ("{{ name|default('you')|upper }}", "NOOR"),
            ("{{ list }} / {{ list|join(' + ') }}", "a, b / a + b"),
            ("{% if yes and n > 2 %}ja{% else %}nee{% endif %}", "ja"),
            ("{% if empty %}ja{% else %}nee{% endif %}", "nee"),
            ("{% if name == \"Noor\" %}x{% elif yes %}y{% endif %}", "x"),
            (
                "{% for x in list %}{{ loop.index }}{{ x }}{% if not loop.last %};{% endif %}{% endfor %}",
                "1a;2b",
            ),
            ("{# niets #}{ {{ n }} }", "{ 3 }"),
        ] {
            assert_eq!(filled(source).as_deref(), Ok(text), "{source}");
        }
    }

    #[test]
    fn what_is_not_given_is_an_error_even_where_it_is_not_reached() {
        assert_eq!(filled("{{ nobody }}"), Err(Why::Unknown("nobody".to_owned())));
        assert_eq!(filled("{% if not yes %}{{ nobody }}{% endif %}"), Err(Why::Unknown("nobody".to_owned())));
        assert_eq!(filled("{{ yes }}"), Err(Why::Kind("yes".to_owned())));
        assert_eq!(filled("{% for x in name %}{% endfor %}"), Err(Why::Kind("name".to_owned())));
        assert_eq!(filled("{{ n == 3 }}"), Err(Why::Slip(Slip::Order)), "true is no word of any language");
        assert_eq!(filled("{{ name name }}"), Err(Why::Slip(Slip::Order)));
    }

    #[test]
    fn values_are_one_line_and_do_not_turn_the_text() {
        let values = Values::new().with("a", "x\ny\u{202E}z\u{2028}\u{E000}{{ a }}**");
        let marked = merge("[{{ a }}]", &values, 99).unwrap();
        assert_eq!(plain(marked.as_str()), "[x yz \u{E000}{{ a }}**]");
        assert!(
            marked.as_str().chars().all(|c| c.is_ascii_alphanumeric() || "[]\u{E000}\u{E001}".contains(c))
        );
    }

    #[test]
    fn marks_in_the_text_itself_are_taken_out() {
        assert_eq!(filled("\u{E000}3c\u{E001}").as_deref(), Ok("3c"));
    }
}
