use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

/// One whole message: everything up to and with the final dot has come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// From 0, in the order of the final dots.
    pub number: usize,
    /// The connection it came over, from 0.
    pub connection: usize,
    pub from: String,
    pub to: Vec<String>,
    /// The message with dot-stuffing undone, without the final dot.
    pub bytes: Vec<u8>,
    /// As it stands in the header, with its angle brackets.
    pub message_id: Option<String>,
    /// A CR or LF without its other half came in: what smuggles messages past careless servers.
    pub bare_line_end: bool,
    /// Of the final dot, milliseconds since 1970.
    pub at_ms: u64,
    /// The code that was written to the socket, once it was.
    pub answer: Option<u16>,
}

impl Received {
    /// Whether the server took the message upon itself: whatever it answered was not a refusal. One that
    /// it took without being able to say so counts.
    pub fn taken(&self) -> bool {
        self.answer.is_none_or(|code| code < 400)
    }
}

/// One connection, from its greeting on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visit {
    /// Command lines as they came, without their ends; of AUTH only the first word.
    pub commands: Vec<String>,
    pub tls: bool,
    pub user: Option<String>,
    pub closed: bool,
}

/// One line of the record file. A message makes two: `Data` at its final dot, *before* anything is
/// answered, and `Answer` once the answer was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum Line {
    Data {
        number: usize,
        connection: usize,
        at_ms: u64,
        message_id: Option<String>,
        from: String,
        to: Vec<String>,
        /// Base64.
        bytes: String,
    },
    Answer {
        number: usize,
        code: u16,
        at_ms: u64,
    },
}

impl Line {
    /// Reads a record file. A half line at its end, left by a killed server, is passed over.
    pub fn read(path: &Path) -> io::Result<Vec<Line>> {
        Ok(std::fs::read_to_string(path)?
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect())
    }
}

/// Everything that came in, in memory and, when asked for, in a file that outlives the process.
#[derive(Default)]
pub(crate) struct Book {
    pages: Mutex<Pages>,
    pub(crate) news: Notify,
}

#[derive(Default)]
struct Pages {
    received: Vec<Received>,
    visits: Vec<Visit>,
    file: Option<File>,
}

impl Book {
    pub(crate) fn new(record: Option<&Path>) -> io::Result<Self> {
        let file = record.map(|path| OpenOptions::new().create(true).append(true).open(path)).transpose()?;
        let pages = Mutex::new(Pages { file, ..Pages::default() });
        Ok(Self { pages, news: Notify::new() })
    }

    pub(crate) fn open(&self) -> usize {
        let mut pages = self.pages();
        pages.visits.push(Visit::default());
        pages.visits.len() - 1
    }

    pub(crate) fn visit(&self, connection: usize, change: impl FnOnce(&mut Visit)) {
        if let Some(visit) = self.pages().visits.get_mut(connection) {
            change(visit);
        }
        self.news.notify_waiters();
    }

    /// Keeps a message and gives its number.
    pub(crate) fn data(&self, mut message: Received) -> io::Result<usize> {
        let mut pages = self.pages();
        message.number = pages.received.len();
        message.at_ms = now_ms();
        message.message_id = message_id(&message.bytes);
        let number = message.number;
        pages.write(&Line::Data {
            number,
            connection: message.connection,
            at_ms: message.at_ms,
            message_id: message.message_id.clone(),
            from: message.from.clone(),
            to: message.to.clone(),
            bytes: STANDARD.encode(&message.bytes),
        })?;
        pages.received.push(message);
        drop(pages);
        self.news.notify_waiters();
        Ok(number)
    }

    pub(crate) fn answered(&self, number: usize, code: u16) -> io::Result<()> {
        let mut pages = self.pages();
        if let Some(message) = pages.received.get_mut(number) {
            message.answer = Some(code);
        }
        pages.write(&Line::Answer { number, code, at_ms: now_ms() })?;
        drop(pages);
        self.news.notify_waiters();
        Ok(())
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.pages().received.clone()
    }

    pub(crate) fn visits(&self) -> Vec<Visit> {
        self.pages().visits.clone()
    }

    pub(crate) fn clear(&self) {
        self.pages().received.clear();
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pages {
    /// One write per line, so that a line is whole or absent; the page cache outlives a killed process.
    fn write(&mut self, line: &Line) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        file.write_all(&text)?;
        file.flush()
    }
}

/// The value of the first Message-ID header.
fn message_id(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let head = text.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ").replace("\r\n\t", " ");
    head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("message-id").then(|| value.trim().to_owned())
    })
}

#[expect(clippy::disallowed_methods, reason = "the house's clock is above this crate, which knows no other")]
fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_millis() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_id_is_found_folded_and_in_any_case() {
        assert_eq!(
            message_id(b"From: x\r\nMESSAGE-id:\r\n <a@b>\r\n\r\nMessage-ID: <no>").as_deref(),
            Some("<a@b>")
        );
        assert_eq!(message_id(b"From: x\r\n\r\nMessage-ID: <no>"), None);
    }
}
