use std::{io, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::timeout,
};

use crate::{Refusal, Stage, reply::Reply};

/// No answer of a relay is longer; EHLO's takes some hundred octets.
pub(crate) const MOST: usize = 64 * 1024;

/// How a conversation ends without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Lost {
    #[error("the relay closed the connection")]
    Closed,
    #[error("the relay did not answer in time")]
    Late,
    #[error("the relay's answer was not SMTP")]
    Nonsense,
    #[error("the connection broke ({0})")]
    Broke(io::ErrorKind),
}

impl Lost {
    pub(crate) fn refusal(self, stage: Stage) -> Refusal {
        Refusal::ours(stage, false, self)
    }
}

impl From<io::Error> for Lost {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Closed,
            kind => Self::Broke(kind),
        }
    }
}

/// Bytes both ways: a socket, or TLS on one.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// A stream on which commands go out and answers come in.
pub(crate) struct Talk<S> {
    pub(crate) stream: S,
    input: Vec<u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Talk<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self { stream, input: Vec::new() }
    }

    /// Nothing came in that was not asked for. An answer that lies ready before its question would be
    /// taken for the answer to the next one.
    pub(crate) fn quiet(&self) -> bool {
        self.input.is_empty()
    }

    /// All of it in one write.
    pub(crate) async fn send(&mut self, bytes: &[u8], patience: Duration) -> Result<(), Lost> {
        let write = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        timeout(patience, write).await.map_err(|_| Lost::Late)?.map_err(Lost::from)
    }

    pub(crate) async fn reply(&mut self, patience: Duration) -> Result<Reply, Lost> {
        let read = async {
            loop {
                if let Some(reply) = Reply::take(&mut self.input)? {
                    return Ok(reply);
                }
                if self.stream.read_buf(&mut self.input).await? == 0 {
                    return Err(Lost::Closed);
                }
            }
        };
        timeout(patience, read).await.map_err(|_| Lost::Late)?
    }

    pub(crate) async fn ask(&mut self, command: &str, patience: Duration) -> Result<Reply, Lost> {
        self.send(command.as_bytes(), patience).await?;
        self.reply(patience).await
    }
}
