use crate::{
    Refusal, Stage,
    outcome::printable,
    talk::{Lost, MOST},
};

/// One answer of a relay (RFC 5321, 4.2): a code and the texts behind it, one for each line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) code: u16,
    pub(crate) lines: Vec<String>,
}

impl Reply {
    pub(crate) fn good(&self) -> bool {
        (200..300).contains(&self.code)
    }

    pub(crate) fn text(&self) -> String {
        printable(&self.lines.join(" "))
    }

    /// As a refusal. An answer that is neither 4xx nor 5xx makes no sense where it is not expected; the
    /// same relay may make sense later.
    pub(crate) fn refusal(&self, stage: Stage) -> Refusal {
        Refusal { permanent: self.code >= 500, code: Some(self.code), text: self.text(), stage }
    }

    /// Takes the first whole answer off the front of what came in; `None` while it is not yet whole.
    pub(crate) fn take(input: &mut Vec<u8>) -> Result<Option<Self>, Lost> {
        let mut lines = Vec::new();
        let mut at = 0;
        let mut code = None;
        while let Some(end) = input.get(at..).and_then(|rest| rest.iter().position(|&b| b == b'\n')) {
            let line = input.get(at..at + end).unwrap_or_default();
            at += end + 1;
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let (digits, rest) = line.split_at_checked(3).ok_or(Lost::Nonsense)?;
            let this =
                std::str::from_utf8(digits).ok().and_then(|d| d.parse::<u16>().ok()).ok_or(Lost::Nonsense)?;
            if !(200..600).contains(&this) || *code.get_or_insert(this) != this {
                return Err(Lost::Nonsense);
            }
            let (last, text) = match rest.split_first() {
                None => (true, rest),
                Some((b' ', text)) => (true, text),
                Some((b'-', text)) => (false, text),
                Some(_) => return Err(Lost::Nonsense),
            };
            lines.push(String::from_utf8_lossy(text).into_owned());
            if last {
                input.drain(..at);
                return Ok(Some(Self { code: this, lines }));
            }
        }
        if input.len() > MOST { Err(Lost::Nonsense) } else { Ok(None) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(text: &str) -> Result<Option<(u16, usize, usize)>, Lost> {
        let mut input = text.as_bytes().to_vec();
        Reply::take(&mut input).map(|r| r.map(|r| (r.code, r.lines.len(), input.len())))
    }

    #[test]
    fn answers_are_whole_waited_for_or_nonsense() {
        assert_eq!(take("250 fine\r\n"), Ok(Some((250, 1, 0))));
        assert_eq!(take("250-a\r\n250-b\r\n250 c\r\n354 next"), Ok(Some((250, 3, 8))));
        assert_eq!(take("250\r\n"), Ok(Some((250, 1, 0))));
        assert_eq!(take("250 no carriage return\n"), Ok(Some((250, 1, 0))));
        for part in ["", "2", "250 fine", "250-a\r\n", "250-a\r\n250 b"] {
            assert_eq!(take(part), Ok(None), "{part:?}");
        }
        for bad in [
            "hello\r\n",
            "25\r\n",
            "\r\n",
            "2x0 a\r\n",
            "250-a\r\n251 b\r\n",
            "250_a\r\n",
            "999 a\r\n",
            "+25 a\r\n",
            "150 a\r\n",
        ] {
            assert_eq!(take(bad), Err(Lost::Nonsense), "{bad:?}");
        }
        assert_eq!(take(&"250-a\r\n".repeat(20_000)), Err(Lost::Nonsense));
    }

    #[test]
    fn a_text_is_one_printable_line() {
        let reply = Reply { code: 550, lines: vec!["no\u{1b}[31m\u{202e}".to_owned(), "x".repeat(1000)] };
        let refusal = reply.refusal(Stage::To);
        assert!(refusal.permanent && refusal.text.chars().count() <= 300);
        assert!(refusal.text.starts_with("no [31m") && !refusal.text.contains(char::is_control));
    }
}
