use ring::digest::{Context, SHA256};

/// A mail taken apart for signing. Our own serialiser made it, so it is well formed.
pub(super) struct Canon<'a> {
    /// Each with its folding, without its last line end.
    headers: Vec<&'a str>,
    body: &'a [u8],
}

impl<'a> Canon<'a> {
    pub(super) fn read(mail: &'a [u8]) -> Self {
        let end = mail.windows(4).position(|w| w == b"\r\n\r\n").unwrap_or(mail.len());
        let head = mail.get(..end).and_then(|head| std::str::from_utf8(head).ok()).unwrap_or_default();
        let mut headers = Vec::new();
        let mut from = 0;
        for (at, _) in head.match_indices("\r\n") {
            if !head.get(at + 2..).is_some_and(|rest| rest.starts_with([' ', '\t'])) {
                headers.extend(head.get(from..at));
                from = at + 2;
            }
        }
        headers.extend(head.get(from..));
        Self { headers, body: mail.get(end + 4..).unwrap_or_default() }
    }

    /// The headers of this name, the last one first.
    pub(super) fn named<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'a str> + 's {
        let is = move |header: &&&str| {
            header.split_once(':').is_some_and(|(n, _)| n.trim().eq_ignore_ascii_case(name))
        };
        self.headers.iter().rev().filter(is).copied()
    }

    pub(super) fn count(&self, name: &str) -> usize {
        self.named(name).count()
    }

    /// SHA-256 of the relaxed body (RFC 6376, 3.4.4): space within a line is one space, none at its end,
    /// no empty lines at the end of all.
    pub(super) fn body_hash(&self) -> [u8; 32] {
        let mut hash = Context::new(&SHA256);
        let mut empty = 0;
        let mut line_out = Vec::new();
        let mut lines = self.body.split(|b| *b == b'\n').peekable();
        while let Some(line) = lines.next() {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            // Behind the last line end there is no line.
            if line.is_empty() && lines.peek().is_none() {
                break;
            }
            line_out.clear();
            let mut space = false;
            for &byte in line {
                if matches!(byte, b' ' | b'\t') {
                    space = true;
                } else {
                    if std::mem::take(&mut space) {
                        line_out.push(b' ');
                    }
                    line_out.push(byte);
                }
            }
            if line_out.is_empty() {
                empty += 1;
                continue;
            }
            for _ in 0..std::mem::take(&mut empty) {
                hash.update(b"\r\n");
            }
            hash.update(&line_out);
            hash.update(b"\r\n");
        }
        let mut out = [0; 32];
        out.copy_from_slice(hash.finish().as_ref());
        out
    }
}

/// One header relaxed (RFC 6376, 3.4.2): name in lower case, unfolded, space within the value one space.
pub(super) fn relaxed(header: &str) -> String {
    let (name, value) = header.split_once(':').unwrap_or((header, ""));
    let words: Vec<_> = value.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty()).collect();
    format!("{}:{}", name.trim_end().to_ascii_lowercase(), words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine, engine::general_purpose::STANDARD};

    #[test]
    fn the_body_hashes_as_published() {
        let hash =
            |body: &str| STANDARD.encode(Canon::read(format!("A: b\r\n\r\n{body}").as_bytes()).body_hash());
        // RFC 6376, 3.4.4: of no body.
        assert_eq!(hash(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        assert_eq!(hash("\r\n\r\n"), hash(""));
        // RFC 8463, appendix A.
        let game = "Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n";
        assert_eq!(hash(game), "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=");
        assert_eq!(hash(&format!("{} \t\r\n\r\n \r\n", &game[..game.len() - 2])), hash(game));
        // RFC 6376, 3.4.5: a body of lines with space inside and at the ends.
        assert_eq!(hash(" C \r\nD \t E\r\n\r\n\r\n"), hash(" C\r\nD E\r\n"));
    }

    #[test]
    fn a_header_is_relaxed_as_in_the_standard() {
        assert_eq!(relaxed("A: X"), "a:X");
        assert_eq!(relaxed("B : Y\t\r\n\tZ  "), "b:Y Z");
        let canon = Canon::read(b"A: 1\r\nB: 2\r\n folded\r\nA: 3\r\n\r\nA: body");
        assert_eq!(canon.named("a").collect::<Vec<_>>(), ["A: 3", "A: 1"]);
        assert_eq!(canon.named("B").collect::<Vec<_>>(), ["B: 2\r\n folded"]);
    }
}
