//! The form in which a message travels behind DATA (RFC 5321, 4.5.2).

/// Doubles every dot at a line start and ends the message with its final dot. Every CR and every LF that
/// stands alone becomes a CR LF: servers that read them as line ends, and clients that do not, together
/// let a sender smuggle a second message. Gives the bytes and the place of the final dot in them.
pub(crate) fn stuffed(message: &[u8]) -> (Vec<u8>, usize) {
    let mut out = Vec::with_capacity(message.len() + message.len() / 32 + 8);
    let mut line_start = true;
    let mut before = 0;
    for &byte in message {
        match byte {
            b'\n' if before == b'\r' => {}
            b'\r' | b'\n' => {
                out.extend_from_slice(b"\r\n");
                line_start = true;
            }
            _ => {
                if line_start && byte == b'.' {
                    out.push(b'.');
                }
                out.push(byte);
                line_start = false;
            }
        }
        before = byte;
    }
    if !line_start {
        out.extend_from_slice(b"\r\n");
    }
    let dot = out.len();
    out.extend_from_slice(b".\r\n");
    (out, dot)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_final_dot_stands_alone() {
        for (message, wire) in [
            (&b""[..], &b".\r\n"[..]),
            (b".", b"..\r\n.\r\n"),
            (b"a", b"a\r\n.\r\n"),
            (b"a\r\n", b"a\r\n.\r\n"),
            (b"a\r\n.\r\nMAIL FROM:<x@y>\r\n", b"a\r\n..\r\nMAIL FROM:<x@y>\r\n.\r\n"),
            (b"a\n.\nb", b"a\r\n..\r\nb\r\n.\r\n"),
            (b"a\r.\rb", b"a\r\n..\r\nb\r\n.\r\n"),
            (b"a\r\r\n.b", b"a\r\n\r\n..b\r\n.\r\n"),
            (b"a\n\r.", b"a\r\n\r\n..\r\n.\r\n"),
            (b"a.b\r\n..c", b"a.b\r\n...c\r\n.\r\n"),
        ] {
            let (bytes, dot) = stuffed(message);
            assert_eq!(String::from_utf8_lossy(&bytes), String::from_utf8_lossy(wire));
            assert_eq!(&bytes[dot..], b".\r\n");
        }
    }
}
