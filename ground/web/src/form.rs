use std::ops::RangeInclusive;

use jiff::civil::Date;
use kring_core::{Error, Fault, Id, Lang, Result, Saying};

use crate::say;

/// More fields than any page of ours has; a body with more is not a form but an attack on our memory.
const MOST_FIELDS: usize = 500;
/// RFC 5321, 4.5.3.1.3: a path has at most 256 octets, two of them the angle brackets.
const LONGEST_EMAIL: usize = 254;

/// What somebody typed, and what is wrong with it. Readers never fail: they note a fault and return a
/// neutral value, so that one round shows every fault; [`Form::done`] then says whether to go on. The
/// typed texts stay for showing the form again.
#[derive(Clone, Debug, Default)]
pub struct Form {
    values: Vec<(String, String)>,
    faults: Vec<Fault>,
    /// Before the ids of its fields, where a page has more than one form.
    place: String,
}

impl Form {
    /// Reads an `application/x-www-form-urlencoded` body. Bytes that are no UTF-8 become replacement
    /// signs, as the URL standard has it.
    pub fn parse(body: &[u8]) -> Result<Self> {
        let values: Vec<_> = form_urlencoded::parse(body)
            .take(MOST_FIELDS + 1)
            .map(|(k, v)| (k.into_owned(), v.into_owned()))
            .collect();
        if values.len() > MOST_FIELDS {
            return Err(Error::field("", say::form_too_many_fields()));
        }
        Ok(Self { values, ..Self::default() })
    }

    /// A form as it is first shown, filled with what we know already.
    pub fn of<K: Into<String>, V: Into<String>>(values: impl IntoIterator<Item = (K, V)>) -> Self {
        let values = values.into_iter().map(|(k, v)| (k.into(), v.into())).collect();
        Self { values, ..Self::default() }
    }

    /// The same form on a page that has more of them: its fields and their remarks get ids of their own.
    #[must_use]
    pub fn placed(mut self, place: &str) -> Self {
        self.place = format!("{place}-");
        self
    }

    /// What stands in the id of a field and of what is said about it: `f-…`, `hint-…`, `error-…`.
    pub fn id_of(&self, name: &str) -> String {
        format!("{}{name}", self.place)
    }

    /// The text as typed; empty when the field was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.values.iter().find(|(k, _)| k == name).map_or("", |(_, v)| v)
    }

    /// All values of a field that may be sent more than once.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.values.iter().filter(|(k, _)| k == name).map(|(_, v)| v.as_str()).collect()
    }

    /// Whether this value was chosen; for ticks, options and radio buttons that are shown again.
    pub fn has(&self, name: &str, value: impl ToString) -> bool {
        let value = value.to_string();
        self.values.iter().any(|(k, v)| k == name && *v == value)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|(k, _)| k.as_str())
    }

    /// One line of text, trimmed, at most `max` characters. Line breaks and control characters are taken
    /// out with a fault: they have no place in a name, and in a mail header they would be an attack.
    pub fn line(&mut self, name: &str, max: usize) -> String {
        let typed = self.get(name).trim();
        let mut clean: String = typed.chars().map(|c| if c == '\t' { ' ' } else { c }).collect();
        let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        if clean.contains(breaks) {
            clean.retain(|c| !breaks(c));
            self.fault(name, say::field_one_line());
        }
        self.within(name, clean, max)
    }

    /// As [`Form::line`], and empty is a fault.
    pub fn required_line(&mut self, name: &str, max: usize) -> String {
        self.required(name);
        self.line(name, max)
    }

    /// Text of several lines, trimmed at its ends, with Unix line breaks and without NUL, which
    /// PostgreSQL cannot keep.
    pub fn text(&mut self, name: &str, max: usize) -> String {
        let text = self.get(name).replace("\r\n", "\n").replace('\r', "\n").replace('\0', "");
        let text = text.trim().to_owned();
        self.within(name, text, max)
    }

    /// As [`Form::text`], and empty is a fault.
    pub fn required_text(&mut self, name: &str, max: usize) -> String {
        self.required(name);
        self.text(name, max)
    }

    /// Notes a fault when nothing was typed or chosen; goes before the reader of any kind of field.
    pub fn required(&mut self, name: &str) {
        if self.all(name).iter().all(|v| v.trim().is_empty()) {
            self.fault(name, say::field_required());
        }
    }

    /// A mail address as typed, or `None`, with a fault unless the field was empty. Addresses with
    /// non-ASCII letters are addresses too (RFC 6531).
    pub fn email(&mut self, name: &str) -> Option<String> {
        let before = self.faults.len();
        let typed = self.line(name, LONGEST_EMAIL);
        if typed.is_empty() || self.faults.len() > before {
            return None;
        }
        if is_email(&typed) {
            Some(typed)
        } else {
            self.fault(name, say::field_email());
            None
        }
    }

    /// The key of something chosen from a list.
    pub fn id<T>(&mut self, name: &str) -> Option<Id<T>> {
        self.parsed(name, say::field_choose)
    }

    /// A whole number; "1.234" and "1 234" are not taken for one, since a language decides what they mean.
    pub fn int(&mut self, name: &str, range: RangeInclusive<i64>) -> Option<i64> {
        let number = self.parsed::<i64>(name, say::field_number)?;
        if range.contains(&number) {
            return Some(number);
        }
        self.fault(name, say::field_range(range.start(), range.end()));
        None
    }

    /// A day, as `<input type=date>` sends it or as people in the Netherlands write it.
    pub fn date(&mut self, name: &str) -> Option<Date> {
        let typed = self.get(name).trim();
        if typed.is_empty() {
            return None;
        }
        let day = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"]
            .iter()
            .find_map(|format| Date::strptime(format, typed).ok());
        if day.is_none() {
            self.fault(name, say::field_date());
        }
        day
    }

    /// Whether a box was ticked. An unticked box is simply not sent.
    pub fn tick(&self, name: &str) -> bool {
        matches!(self.get(name), "on" | "true" | "1" | "yes")
    }

    /// One of the options, by the code the page sends; `None` without a fault when nothing was chosen.
    pub fn choice<T: Clone>(&mut self, name: &str, options: &[(&str, T)]) -> Option<T> {
        let typed = self.get(name).trim();
        if typed.is_empty() {
            return None;
        }
        let found = options.iter().find(|(code, _)| *code == typed).map(|(_, value)| value.clone());
        if found.is_none() {
            self.fault(name, say::field_choose());
        }
        found
    }

    /// Notes what is wrong with a field. The first fault of a field stays: two sentences beside one field
    /// only confuse, and the later one mostly follows from the first.
    pub fn fault(&mut self, field: &str, what: Saying) {
        if !self.faults.iter().any(|f| f.field == field) {
            self.faults.push(Fault { field: field.to_owned().into(), what });
        }
    }

    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The first field that has a fault.
    pub fn first_fault(&self) -> Option<&str> {
        self.faults.iter().map(|f| f.field.as_ref()).find(|field| !field.is_empty())
    }

    /// The faults so far, as an error, or nothing to complain of.
    pub fn done(&self) -> Result<()> {
        if self.faults.is_empty() { Ok(()) } else { Err(Error::Invalid(self.faults.clone())) }
    }

    /// The sentence beside a field.
    pub fn error(&self, name: &str, lang: Lang) -> Option<&str> {
        self.faults.iter().find(|f| f.field == name).map(|f| f.what.in_lang(lang))
    }

    /// Takes in the faults that a verb found, so that the form can be shown again; any other error goes
    /// on to whoever asked.
    pub fn absorb(&mut self, error: Error) -> Result<()> {
        match error {
            Error::Invalid(faults) => {
                for fault in faults {
                    self.fault(&fault.field, fault.what);
                }
                Ok(())
            }
            other => Err(other),
        }
    }

    fn within(&mut self, name: &str, text: String, max: usize) -> String {
        if text.chars().count() <= max {
            return text;
        }
        self.fault(name, say::field_too_long(max));
        text.chars().take(max).collect()
    }

    fn parsed<T: std::str::FromStr>(&mut self, name: &str, otherwise: fn() -> Saying) -> Option<T> {
        let typed = self.get(name).trim();
        if typed.is_empty() {
            return None;
        }
        let value = typed.parse().ok();
        if value.is_none() {
            self.fault(name, otherwise());
        }
        value
    }
}

/// Whether a text is a mail address we can use: after RFC 5321 and 6531, with a domain that has a dot,
/// and no display name around it.
pub fn is_email(text: &str) -> bool {
    use email_address::{EmailAddress, Options};
    let options = Options::default().without_display_text().without_domain_literal().with_required_tld();
    text.len() <= LONGEST_EMAIL
        && !text.contains(char::is_control)
        && EmailAddress::parse_with_options(text, options).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(body: &str) -> Form {
        Form::parse(body.as_bytes()).unwrap()
    }

    fn code<'a>(form: &'a Form, field: &str) -> Option<&'a str> {
        form.faults().iter().find(|f| f.field == field).map(|f| f.what.code)
    }

    #[test]
    fn lines_are_trimmed_and_never_carry_a_line_break() {
        let mut f = form(
            "a=+Jan%09de+Vries%0D%0A&b=x%0D%0ABcc:+all&c=%00&d=z%E2%80%A8y&e=%F0%9F%99%82+%E2%80%8F%D7%A9",
        );
        assert_eq!(f.line("a", 50), "Jan de Vries");
        assert_eq!(f.line("b", 50), "xBcc: all");
        assert_eq!(f.line("c", 50), "");
        assert_eq!(f.line("d", 50), "zy");
        assert_eq!(f.line("e", 50), "🙂 \u{200f}ש");
        assert_eq!(f.line("missing", 50), "");
        assert_eq!((code(&f, "a"), code(&f, "b")), (None, Some("field-one-line")));
        assert_eq!((code(&f, "c"), code(&f, "d")), (Some("field-one-line"), Some("field-one-line")));
        assert_eq!(code(&f, "e"), None);
    }

    #[test]
    fn texts_keep_their_lines() {
        let mut f = form("t=een%0D%0Atwee%0Ddrie%00+&long=%C3%A9%C3%A9%C3%A9");
        assert_eq!(f.text("t", 50), "een\ntwee\ndrie");
        assert_eq!(f.text("long", 2), "éé");
        assert_eq!(f.get("long"), "ééé", "what was typed is kept");
        assert_eq!(f.error("long", Lang::Nl), Some("Maak dit korter: hooguit 2 tekens."));
        assert!(f.done().is_err());
    }

    #[test]
    fn empty_is_a_fault_only_where_something_is_required() {
        let mut f = form("a=+&b=");
        f.required_line("a", 5);
        f.required_text("b", 5);
        assert_eq!((f.line("c", 5), f.email("c"), f.int("c", 0..=9)), (String::new(), None, None));
        assert_eq!(f.faults().len(), 2);
        assert_eq!(code(&f, "a"), Some("field-required"));
    }

    #[test]
    fn addresses() {
        for good in
            ["a@b.nl", "o'neill@mail.example.com", "x+y@sub.example.org", "用户@例子.广告", "jan@münchen.de"]
        {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@b",
            "a@@b.nl",
            "a b@c.nl",
            "Jan <a@b.nl>",
            "a@b.nl\r\nBcc: x@y.nl",
            "a@[127.0.0.1]",
            "a@b..nl",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
        assert!(!is_email(&format!("{}@example.org", "a".repeat(250))));
        let mut f = form("m=+a%40b.nl+&n=a(at)b.nl&o=a%40b.nl%0D%0Ax");
        assert_eq!(f.email("m").as_deref(), Some("a@b.nl"));
        assert_eq!((f.email("n"), code(&f, "n")), (None, Some("field-email")));
        assert_eq!((f.email("o"), code(&f, "o")), (None, Some("field-one-line")));
    }

    #[test]
    fn numbers_keys_days_and_choices() {
        let mut f = form(
            "n=7&big=99&x=seven&id=42&bad=4x&d=2026-11-24&e=24-11-2026&f=31-02-2026&c=b&z=q&t=on&t2=off",
        );
        assert_eq!(f.int("n", 1..=10), Some(7));
        assert_eq!((f.int("big", 1..=10), code(&f, "big")), (None, Some("field-range")));
        assert_eq!((f.int("x", 1..=10), code(&f, "x")), (None, Some("field-number")));
        assert_eq!(f.id::<Form>("id"), Some(Id::new(42)));
        assert_eq!((f.id::<Form>("bad"), code(&f, "bad")), (None, Some("field-choose")));
        let day = jiff::civil::date(2026, 11, 24);
        assert_eq!((f.date("d"), f.date("e"), f.date("f")), (Some(day), Some(day), None));
        assert_eq!(f.choice("c", &[("a", 1), ("b", 2)]), Some(2));
        assert_eq!((f.choice("z", &[("a", 1)]), code(&f, "z")), (None, Some("field-choose")));
        assert!(f.tick("t") && !f.tick("t2") && !f.tick("t3"));
    }

    #[test]
    fn a_body_with_too_many_fields_is_refused() {
        assert!(Form::parse("a=1&".repeat(500).as_bytes()).is_ok());
        assert!(matches!(Form::parse("a=1&".repeat(501).as_bytes()), Err(Error::Invalid(_))));
    }

    #[test]
    fn faults_of_a_verb_come_beside_the_fields_and_other_errors_pass() {
        let mut f = form("a=1&a=2");
        f.absorb(Error::field("a", say::field_choose())).unwrap();
        f.fault("a", say::field_required());
        assert_eq!(f.error("a", Lang::En), Some("Choose one of the options."));
        assert!(matches!(f.absorb(Error::Gone), Err(Error::Gone)));
        assert_eq!(f.all("a"), ["1", "2"]);
    }
}
