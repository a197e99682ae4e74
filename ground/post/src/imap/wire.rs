//! Commands out, answers in. An answer is a line, in which literals of a stated length may stand; both are bounded, so
//! that a server cannot fill our memory.

use std::time::Duration;

use imap_proto::{AttributeValue, Response, Status};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};

use super::Trouble;
use crate::talk::Duplex;

/// Of one answer, besides the one literal that was asked for.
const MOST_ANSWER: usize = 4 * 1024 * 1024;
/// Answers to one command.
const MOST_ANSWERS: usize = 100_000;

pub(super) struct Wire {
    stream: Box<dyn Duplex>,
    input: Vec<u8>,
    patience: Duration,
    tag: u32,
    /// Bytes of a literal that were asked for.
    expected: usize,
}

/// How a command ended, and what was said until then.
pub(super) struct Answer {
    pub status: Status,
    pub untagged: Vec<Vec<u8>>,
}

impl Answer {
    pub fn ok(self) -> Result<(), Trouble> {
        if self.status == Status::Ok { Ok(()) } else { Err(Trouble::Refused("command")) }
    }

    /// Something of the mail with this number.
    pub fn fetched<T>(&self, uid: u32, find: impl Fn(&AttributeValue<'_>) -> Option<T>) -> Option<T> {
        self.untagged.iter().find_map(|raw| match Response::parse(raw) {
            Ok((_, Response::Fetch(_, all))) if all.contains(&AttributeValue::Uid(uid)) => {
                all.iter().find_map(&find)
            }
            _ => None,
        })
    }
}

impl Wire {
    pub fn new(stream: Box<dyn Duplex>, patience: Duration) -> Self {
        Self { stream, input: Vec::new(), patience, tag: 0, expected: 0 }
    }

    pub fn into_stream(self) -> Box<dyn Duplex> {
        self.stream
    }

    /// Nothing came in that was not asked for.
    pub fn quiet(&self) -> bool {
        self.input.is_empty()
    }

    pub fn expect(&mut self, bytes: usize) {
        self.expected = bytes;
    }

    pub async fn command(&mut self, text: &str) -> Result<Answer, Trouble> {
        self.begin(text).await?;
        self.finish().await
    }

    pub async fn begin(&mut self, text: &str) -> Result<(), Trouble> {
        self.tag += 1;
        let line = format!("k{} {text}", self.tag);
        self.line(&line).await
    }

    pub async fn line(&mut self, text: &str) -> Result<(), Trouble> {
        let write = async {
            self.stream.write_all(format!("{text}\r\n").as_bytes()).await?;
            self.stream.flush().await
        };
        timeout(self.patience, write).await.map_err(|_| Trouble::Late)?.map_err(|_| Trouble::Lost)
    }

    /// Everything until the command is answered.
    pub async fn finish(&mut self) -> Result<Answer, Trouble> {
        let (mut untagged, mut bytes) = (Vec::new(), 0);
        loop {
            let raw = self.patiently().await?;
            if let Some(status) = self.done(&raw) {
                return Ok(Answer { status, untagged });
            }
            bytes += raw.len();
            if untagged.len() > MOST_ANSWERS || bytes > MOST_ANSWER + self.expected {
                return Err(Trouble::Nonsense);
            }
            untagged.push(raw);
        }
    }

    /// Until the server asks for more: `None`. `Some` is an end without asking.
    pub async fn until_asked(&mut self) -> Result<Option<Answer>, Trouble> {
        for _ in 0..100 {
            let raw = self.patiently().await?;
            if raw.starts_with(b"+") {
                return Ok(None);
            }
            if let Some(status) = self.done(&raw) {
                return Ok(Some(Answer { status, untagged: Vec::new() }));
            }
        }
        Err(Trouble::Nonsense)
    }

    /// The next answer, however long it takes.
    pub async fn untagged(&mut self) -> Result<Vec<u8>, Trouble> {
        loop {
            if let Some(end) = complete(&self.input, self.expected)? {
                return Ok(self.input.drain(..end).collect());
            }
            self.input.reserve(64 * 1024);
            match self.stream.read_buf(&mut self.input).await {
                Ok(0) | Err(_) => return Err(Trouble::Lost),
                Ok(_) => {}
            }
        }
    }

    async fn patiently(&mut self) -> Result<Vec<u8>, Trouble> {
        // A large mail over a thin line takes longer than an answer does.
        let patience = self.patience + Duration::from_secs(self.expected as u64 / 50_000);
        timeout(patience, self.untagged()).await.map_err(|_| Trouble::Late)?
    }

    /// How the command that was begun last ended, when this says so.
    fn done(&self, raw: &[u8]) -> Option<Status> {
        let tag = format!("k{} ", self.tag);
        let rest = raw.strip_prefix(tag.as_bytes())?;
        // Only the word is read, since what follows it is written for people, in every way there is.
        Some(match rest.get(..2) {
            Some(word) if word.eq_ignore_ascii_case(b"OK") => Status::Ok,
            Some(word) if word.eq_ignore_ascii_case(b"NO") => Status::No,
            _ => Status::Bad,
        })
    }
}

/// Where the first answer ends, when all of it is there: at the first line end that no `{123}` stands before.
fn complete(input: &[u8], expected: usize) -> Result<Option<usize>, Trouble> {
    let mut at = 0;
    loop {
        let rest = input.get(at..).unwrap_or_default();
        let Some(end) = rest.windows(2).position(|w| w == b"\r\n") else {
            return if rest.len() > MOST_ANSWER { Err(Trouble::Nonsense) } else { Ok(None) };
        };
        let line = rest.get(..end).unwrap_or_default();
        at += end + 2;
        match literal(line) {
            None => return Ok(Some(at)),
            Some(length) if length > MOST_ANSWER.max(expected) => return Err(Trouble::Nonsense),
            Some(length) => at += length,
        }
        if at > MOST_ANSWER + expected {
            return Err(Trouble::Nonsense);
        }
        if at > input.len() {
            return Ok(None);
        }
    }
}

fn literal(line: &[u8]) -> Option<usize> {
    let inner = line.strip_suffix(b"}")?;
    let open = inner.iter().rposition(|b| *b == b'{')?;
    let digits = std::str::from_utf8(inner.get(open + 1..)?).ok()?;
    let digits = digits.strip_suffix('+').unwrap_or(digits);
    (!digits.is_empty() && digits.len() < 12 && digits.bytes().all(|b| b.is_ascii_digit()))
        .then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_where_no_literal_follows() {
        assert_eq!(complete(b"* OK hi\r\n* 1 EX", 0), Ok(Some(9)));
        assert_eq!(complete(b"* 1 FETCH (BODY[] {5}\r\na\r\nb\r)\r\nk1", 9), Ok(Some(31)));
        assert_eq!(complete(b"* 1 FETCH (BODY[] {5}\r\na\r", 9), Ok(None));
        assert_eq!(complete(b"* X {99999999}\r\n", 9), Err(Trouble::Nonsense));
        assert_eq!(complete(b"* X {99999999999999999999}\r\n", 9), Ok(Some(28)));
        assert_eq!(complete(&vec![b'a'; MOST_ANSWER + 2], 0), Err(Trouble::Nonsense));
    }
}
