use mail_parser::{Message, PartType};

/// A mail may hold this many bytes.
pub const MOST_BYTES: usize = 50 * 1024 * 1024;
const MOST_HEADERS: usize = 1_000;
const MOST_HEADER_BYTES: usize = 256 * 1024;
const MOST_PARTS: usize = 1_000;
const MOST_DEPTH: usize = 50;

/// Why a mail cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("larger than 50 MB")]
    Large,
    #[error("more than 1,000 headers, or 256 kB of them")]
    Headers,
    #[error("more than 1,000 parts")]
    Parts,
    #[error("parts within parts, more than 50 deep")]
    Deep,
    #[error("no mail: it has no sender, no date and no subject")]
    Empty,
    #[error("broken in a way that nobody foresaw")]
    Broken,
}

impl Unreadable {
    /// As it stands in a table.
    pub fn code(self) -> &'static str {
        match self {
            Self::Large => "large",
            Self::Headers => "headers",
            Self::Parts => "parts",
            Self::Deep => "deep",
            Self::Empty => "empty",
            Self::Broken => "broken",
        }
    }
}

/// Looked at before anything is built: one pass over the bytes, no memory. A mail in a mail in a mail is a value in a
/// value in a value, and letting go of it takes as much stack as it is deep; so depth is bounded here, and generously,
/// since this counts also what only looks like a part.
pub(super) fn before(raw: &[u8]) -> Result<(), Unreadable> {
    if raw.len() > MOST_BYTES {
        return Err(Unreadable::Large);
    }
    if raw.is_empty() {
        return Err(Unreadable::Empty);
    }
    let (mut headers, mut length, mut in_head) = (0, 0, true);
    let (mut nested, mut multiparts, mut digests) = (0_usize, 0_usize, false);
    for line in raw.split(|b| *b == b'\n') {
        if in_head {
            length += line.len() + 1;
            headers += usize::from(!line.starts_with(b" ") && !line.starts_with(b"\t"));
            in_head = !line.iter().all(u8::is_ascii_whitespace);
            if headers > MOST_HEADERS || length > MOST_HEADER_BYTES {
                return Err(Unreadable::Headers);
            }
        }
        if line.len() < 4096 {
            nested += usize::from(has(line, b"message/rfc822") || has(line, b"message/global"));
            multiparts += usize::from(has(line, b"multipart/"));
            digests |= has(line, b"multipart/digest");
        }
    }
    // In a digest every part without a type is a mail.
    let deep = if digests { MOST_DEPTH } else { 4 * MOST_DEPTH };
    if nested > deep || multiparts > MOST_PARTS {
        return Err(Unreadable::Deep);
    }
    Ok(())
}

fn has(line: &[u8], word: &[u8]) -> bool {
    line.windows(word.len()).any(|w| w.eq_ignore_ascii_case(word))
}

/// Looked at when the mail is taken apart: how many parts in all, and how deep.
pub(super) fn after(message: &Message<'_>) -> Result<(), Unreadable> {
    let mut parts = 0;
    let mut open = vec![(message, 0_usize)];
    while let Some((message, depth)) = open.pop() {
        if depth > MOST_DEPTH {
            return Err(Unreadable::Deep);
        }
        parts += message.parts.len();
        if parts > MOST_PARTS {
            return Err(Unreadable::Parts);
        }
        let mut depths = vec![depth; message.parts.len()];
        for (i, part) in message.parts.iter().enumerate() {
            let here = depths.get(i).copied().unwrap_or(depth);
            if here > MOST_DEPTH {
                return Err(Unreadable::Deep);
            }
            match &part.body {
                PartType::Multipart(below) => {
                    for id in below {
                        if let Some(d) = depths.get_mut(*id as usize) {
                            *d = here + 1;
                        }
                    }
                }
                PartType::Message(inner) => open.push((inner, here + 1)),
                _ => {}
            }
        }
    }
    Ok(())
}
