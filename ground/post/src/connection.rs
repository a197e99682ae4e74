use std::{
    pin::Pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWriteExt, ReadBuf},
    time::timeout,
};

use crate::{
    Address, Outcome, Refusal, Stage, Timeouts,
    hello::Offers,
    reply::Reply,
    talk::{Duplex, Lost, Talk},
    transfer::stuffed,
};

/// An open conversation with a relay, for any number of mails one after another. The steps are apart so
/// that the sender can commit between them: [`envelope`](Self::envelope), then his own transaction, then
/// [`data`](Self::data). Where the relay allows it, the next envelope travels behind the body of the mail before it
/// ([`data_before`](Self::data_before)): then a mail costs two round trips and not three. A connection on which anything
/// unexpected happened answers `false` to [`is_alive`](Self::is_alive) and refuses further work; so does one whose future
/// was dropped half way.
pub struct Connection {
    pub(crate) talk: Talk<Box<dyn Duplex>>,
    pub(crate) offers: Offers,
    pub(crate) timeouts: Timeouts,
    pub(crate) secured: bool,
    pub(crate) state: State,
    /// An envelope that went out behind a body; its answers have not been read yet.
    pub(crate) ahead: Option<Ahead>,
}

pub(crate) struct Ahead {
    from: Address,
    to: Address,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Nothing is under way.
    Ready,
    /// Sender and recipient were accepted.
    Addressed,
    /// Something of an envelope may be left; it is reset together with the next one.
    Littered,
    /// Out of step, or closed. Also while a step runs, so that a cancelled one leaves it so.
    Broken,
}

impl Connection {
    /// MAIL FROM and RCPT TO for one recipient, in one packet where the relay allows it; only their answers, when they went
    /// out behind the mail before. Afterwards the relay waits for [`data`](Self::data); a refusal leaves the connection
    /// ready for the next envelope.
    pub async fn envelope(&mut self, from: &Address, to: &Address) -> Result<(), Refusal> {
        let mut state = self.take_state();
        if state == State::Broken {
            return Err(Refusal::ours(Stage::From, false, Lost::Closed));
        }
        if let Some(ahead) = self.ahead.take() {
            let refused = self.answers(&[Stage::From, Stage::To]).await?;
            if ahead.from == *from && ahead.to == *to {
                self.state = if refused.is_some() { State::Littered } else { State::Addressed };
                return refused.map_or(Ok(()), Err);
            }
            state = State::Littered;
        }
        if !self.can_address(from, to) {
            self.state = state;
            let why = "the address is not ASCII before the @, and the relay does not take such addresses";
            return Err(Refusal::ours(Stage::To, true, why));
        }
        let mut steps = Self::commands(from, to).to_vec();
        if state != State::Ready {
            steps.insert(0, ("RSET\r\n".to_owned(), Stage::From));
        }
        let refused = if self.offers.pipelining {
            let all: String = steps.iter().map(|(text, _)| text.as_str()).collect();
            let patience = self.timeouts.command;
            self.talk.send(all.as_bytes(), patience).await.map_err(|lost| lost.refusal(Stage::From))?;
            self.answers(&steps.iter().map(|(_, stage)| *stage).collect::<Vec<_>>()).await?
        } else {
            self.one_by_one(&steps).await?
        };
        self.state = if refused.is_some() { State::Littered } else { State::Addressed };
        refused.map_or(Ok(()), Err)
    }

    fn can_address(&self, from: &Address, to: &Address) -> bool {
        self.offers.utf8 || !(from.needs_utf8() || to.needs_utf8())
    }

    fn commands(from: &Address, to: &Address) -> [(String, Stage); 2] {
        let utf8 = if from.needs_utf8() || to.needs_utf8() { " SMTPUTF8" } else { "" };
        [(format!("MAIL FROM:<{from}>{utf8}\r\n"), Stage::From), (format!("RCPT TO:<{to}>\r\n"), Stage::To)]
    }

    /// The answers to commands that went out together. The first refusal is the reason; what follows it is only its echo.
    /// `Err` is the end of the connection.
    async fn answers(&mut self, stages: &[Stage]) -> Result<Option<Refusal>, Refusal> {
        let mut refused = None;
        for stage in stages {
            let reply = self.answer(*stage).await?;
            if !reply.good() {
                refused.get_or_insert_with(|| reply.refusal(*stage));
            }
        }
        Ok(refused)
    }

    async fn one_by_one(&mut self, steps: &[(String, Stage)]) -> Result<Option<Refusal>, Refusal> {
        for (text, stage) in steps {
            let sent = self.talk.send(text.as_bytes(), self.timeouts.command).await;
            sent.map_err(|lost| lost.refusal(*stage))?;
            let reply = self.answer(*stage).await?;
            if !reply.good() {
                return Ok(Some(reply.refusal(*stage)));
            }
        }
        Ok(None)
    }

    /// With 421 the relay closes, whatever it was asked.
    async fn answer(&mut self, stage: Stage) -> Result<Reply, Refusal> {
        let reply = self.talk.reply(self.timeouts.command).await.map_err(|lost| lost.refusal(stage))?;
        if reply.code == 421 { Err(reply.refusal(stage)) } else { Ok(reply) }
    }

    /// DATA, the message and its final dot, and the relay's answer. Call it only when what it means is on
    /// record: from here on there may be no certainty any more.
    pub async fn data(&mut self, message: &[u8]) -> Outcome {
        self.data_before(message, None).await
    }

    /// As [`data`](Self::data), with the envelope of the next mail behind the final dot (RFC 2920, 3.1) where the relay takes
    /// commands together. What the relay says to it is read by [`envelope`](Self::envelope), called with the same two; called
    /// with others, what went ahead is taken back. An envelope binds nobody: until its own DATA nothing is handed over.
    pub async fn data_before(&mut self, message: &[u8], next: Option<(&Address, &Address)>) -> Outcome {
        match self.hand_over(message, next).await {
            Ok(outcome) => outcome,
            Err(refusal) => Outcome::Refused(refusal),
        }
    }

    /// `Err` is certain: the final dot did not leave us.
    async fn hand_over(
        &mut self,
        message: &[u8],
        next: Option<(&Address, &Address)>,
    ) -> Result<Outcome, Refusal> {
        match self.take_state() {
            State::Addressed => {}
            State::Broken => return Err(Lost::Closed.refusal(Stage::Data)),
            other => {
                self.state = other;
                return Err(Refusal::ours(Stage::Data, false, "there is no accepted recipient"));
            }
        }
        let (mut bytes, dot) = stuffed(message);
        if let Some(most) = self.offers.size.filter(|most| bytes.len() > *most) {
            self.state = State::Littered;
            let why = format!("{} bytes are more than the relay takes ({most})", bytes.len());
            return Err(Refusal::ours(Stage::Data, true, why));
        }
        if !self.talk.quiet() {
            return Err(Lost::Nonsense.refusal(Stage::Data));
        }
        let asked = self.talk.ask("DATA\r\n", self.timeouts.data).await;
        let reply = asked.map_err(|lost| lost.refusal(Stage::Data))?;
        // An answer that came along with the 354 would later be taken for the answer to the dot.
        if reply.code == 354 && !self.talk.quiet() {
            return Err(Lost::Nonsense.refusal(Stage::Data));
        }
        if reply.code != 354 {
            if reply.code >= 400 && reply.code != 421 {
                self.state = State::Littered;
            }
            return Err(reply.refusal(Stage::Data));
        }
        let next = next.filter(|(from, to)| self.offers.pipelining && self.can_address(from, to));
        if let Some((from, to)) = next {
            for (command, _) in Self::commands(from, to) {
                bytes.extend_from_slice(command.as_bytes());
            }
        }
        if let Err((lost, reached)) = self.transmit(&bytes).await {
            if reached > dot {
                return Ok(Outcome::Doubtful { why: lost.to_string() });
            }
            // A relay that closes in the middle has often said why.
            let last = self.talk.reply(Duration::from_secs(1)).await.ok().filter(|r| r.code >= 400);
            return Err(last.map_or_else(|| lost.refusal(Stage::Body), |reply| reply.refusal(Stage::Body)));
        }
        let reply = self.talk.reply(self.timeouts.dot).await;
        if reply.as_ref().is_ok_and(|r| r.code != 421 && (r.good() || r.code >= 400)) {
            self.state = State::Ready;
            self.ahead = next.map(|(from, to)| Ahead { from: from.clone(), to: to.clone() });
        }
        match reply {
            Ok(reply) if reply.good() => {
                Ok(Outcome::Sent { reply: format!("{} {}", reply.code, reply.text()).trim().to_owned() })
            }
            Ok(reply) if reply.code >= 400 => Err(reply.refusal(Stage::Dot)),
            Ok(_) => Ok(Outcome::Doubtful { why: Lost::Nonsense.to_string() }),
            Err(lost) => Ok(Outcome::Doubtful { why: lost.to_string() }),
        }
    }

    /// Writes the message. When that fails, also tells how many bytes of it may have left us. A small
    /// message goes in one write: one that sends the final dot apart waits for the other side's delayed
    /// acknowledgement wherever Nagle's rule is on.
    async fn transmit(&mut self, bytes: &[u8]) -> Result<(), (Lost, usize)> {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let block = rest.get(..64 * 1024).unwrap_or(rest);
            match timeout(self.timeouts.block, self.talk.stream.write(block)).await {
                Ok(Ok(0)) => return Err((Lost::Closed, at)),
                Ok(Ok(n)) => at += n,
                // A socket whose write failed took nothing of it. TLS may have sent a part before it failed.
                Ok(Err(e)) => return Err((e.into(), if self.secured { at + block.len() } else { at })),
                // A write that still waits has taken nothing.
                Err(_) => return Err((Lost::Late, at)),
            }
        }
        match timeout(self.timeouts.block, self.talk.stream.flush()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(e)) => Err((e.into(), bytes.len())),
            Err(_) => Err((Lost::Late, bytes.len())),
        }
    }

    /// Gives up the envelope that was accepted.
    pub async fn reset(&mut self) -> Result<(), Refusal> {
        if self.take_state() == State::Broken {
            return Err(Lost::Closed.refusal(Stage::From));
        }
        if self.ahead.take().is_some() {
            self.answers(&[Stage::From, Stage::To]).await?;
        }
        let asked = self.talk.ask("RSET\r\n", self.timeouts.command).await;
        let reply = asked.map_err(|lost| lost.refusal(Stage::From))?;
        if !reply.good() {
            return Err(reply.refusal(Stage::From));
        }
        self.state = State::Ready;
        Ok(())
    }

    /// Says goodbye. The answer is waited for, but not for long: nothing depends on it.
    pub async fn quit(mut self) {
        if self.state != State::Broken {
            let _ = self.talk.ask("QUIT\r\n", Duration::from_secs(2)).await;
        }
        let _ = timeout(Duration::from_secs(1), self.talk.stream.shutdown()).await;
    }

    /// Whether it is at its end. Asks nothing of the wire, so a relay that has just closed is not seen.
    pub fn is_broken(&self) -> bool {
        self.state == State::Broken
    }

    /// Whether an idle connection can be used again, asked without a word on the wire: a relay that has
    /// closed, or has said anything unasked (421 before it closes), is not alive.
    pub fn is_alive(&mut self) -> bool {
        if self.ahead.is_some() {
            return self.state != State::Broken;
        }
        let mut space = [0; 1];
        let mut context = Context::from_waker(Waker::noop());
        let look = Pin::new(&mut self.talk.stream).poll_read(&mut context, &mut ReadBuf::new(&mut space));
        if self.state != State::Broken && (look.is_ready() || !self.talk.quiet()) {
            self.state = State::Broken;
        }
        self.state != State::Broken && matches!(look, Poll::Pending)
    }

    fn take_state(&mut self) -> State {
        std::mem::replace(&mut self.state, State::Broken)
    }
}
