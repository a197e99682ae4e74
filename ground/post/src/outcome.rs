use std::fmt;

/// Where in the conversation something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    Connect,
    Greeting,
    Hello,
    Tls,
    SignIn,
    From,
    To,
    /// The DATA command, before anything of the message was sent.
    Data,
    /// The message, up to and without its final dot.
    Body,
    /// The answer to the final dot.
    Dot,
}

/// The mail was certainly not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Trying the same again later is no use.
    pub permanent: bool,
    /// The relay's code; `None` when it is not the relay that refused: no connection, no answer, or a
    /// rule of our own.
    pub code: Option<u16>,
    /// Printable, on one line, at most 300 characters. The relay's words are for the log and for the
    /// operations page; they may quote an address.
    pub text: String,
    pub stage: Stage,
}

impl Refusal {
    pub(crate) fn ours(stage: Stage, permanent: bool, text: impl fmt::Display) -> Self {
        Self { permanent, code: None, text: printable(&text.to_string()), stage }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(f, "{code} {}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

impl std::error::Error for Refusal {}

/// What is known after DATA.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The relay answered the final dot with 2xx: the mail is its responsibility now.
    Sent { reply: String },
    /// Certainly not taken: the relay said so, or the final dot never left us.
    Refused(Refusal),
    /// The final dot, or part of what follows it, may have reached the relay, and no answer came. Counts
    /// as sent; only evidence or a person settles it.
    Doubtful { why: String },
}

/// One line of at most 300 characters, without controls or marks that turn the direction of writing.
pub(crate) fn printable(text: &str) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut out = String::new();
    for c in text.chars().take(300) {
        out.push(if c.is_control() || turns(c) { ' ' } else { c });
    }
    out.trim().to_owned()
}
