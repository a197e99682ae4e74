use std::time::Duration;

/// What the server does, and what it does wrong. It is read anew at every step, so a test can change it
/// in the middle of a connection.
#[derive(Clone, Debug)]
pub struct Script {
    pub tls: Tls,
    /// Announce PIPELINING. Several commands in one packet are answered either way.
    pub pipelining: bool,
    /// Announce SMTPUTF8.
    pub smtputf8: bool,
    /// Announce SIZE with this limit.
    pub size: Option<usize>,
    /// User and password; with it, mail is taken only after AUTH.
    pub account: Option<(String, String)>,
    /// The mechanisms announced behind AUTH.
    pub mechanisms: Vec<Mechanism>,
    /// Say 421 instead of hello, and close.
    pub busy: bool,
    /// The first pattern that fits a recipient decides.
    pub refuse: Vec<Refuse>,
    /// Refuse the DATA command itself with this code.
    pub refuse_data: Option<u16>,
    /// Close the connection once this many bytes of a body have come in.
    pub close_in_body: Option<usize>,
    /// Wait this long between the final dot and the answer to it.
    pub delay: Duration,
    pub after_dot: AfterDot,
    /// Send every answer byte by byte.
    pub in_pieces: bool,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            tls: Tls::None,
            pipelining: true,
            smtputf8: true,
            size: None,
            account: None,
            mechanisms: vec![Mechanism::Plain, Mechanism::Login],
            busy: false,
            refuse: Vec::new(),
            refuse_data: None,
            close_in_body: None,
            delay: Duration::ZERO,
            after_dot: AfterDot::Accept,
            in_pieces: false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    None,
    /// Announced after EHLO; nothing is asked of a client that does not use it.
    StartTls,
    /// From the first byte.
    Implicit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mechanism {
    Plain,
    Login,
}

/// What happens when a whole message has come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AfterDot {
    /// 250.
    Accept,
    /// This code, 4xx or 5xx.
    Refuse(u16),
    /// Nothing: the connection is closed. The message counts as taken, since a real server may have it.
    Close,
    /// 250, and then a reset, which may overtake the answer.
    AcceptThenReset,
    /// Whatever text this is, as it stands.
    Say(String),
}

/// A refusal for recipients that fit a pattern: an address in which one `*` stands for anything.
#[derive(Clone, Debug)]
pub struct Refuse {
    pub pattern: String,
    pub code: u16,
}

impl Refuse {
    pub fn new(pattern: &str, code: u16) -> Self {
        Self { pattern: pattern.to_ascii_lowercase(), code }
    }

    pub(crate) fn fits(&self, address: &str) -> bool {
        let address = address.to_ascii_lowercase();
        match self.pattern.split_once('*') {
            None => address == self.pattern,
            Some((head, tail)) => {
                address.len() >= head.len() + tail.len()
                    && address.starts_with(head)
                    && address.ends_with(tail)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        assert!(Refuse::new("*@full.nl", 452).fits("An@FULL.nl"));
        assert!(Refuse::new("*", 550).fits("x@y.nl"));
        assert!(Refuse::new("an@*", 550).fits("an@school.nl"));
        assert!(!Refuse::new("an@*", 550).fits("jan@school.nl"));
        assert!(!Refuse::new("an*an", 550).fits("an"));
    }
}
