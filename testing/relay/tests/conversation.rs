//! The server examined with nothing but a socket: what it records has to be beyond doubt before it can
//! judge a client.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

use kring_relay::{AfterDot, Line, Received, Refuse, Relay, Script};

struct Talk(BufReader<TcpStream>);

impl Talk {
    fn open(relay: &Relay) -> Self {
        let stream = TcpStream::connect(relay.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        Self(BufReader::new(stream))
    }
    fn send(&mut self, text: &str) {
        self.0.get_mut().write_all(text.as_bytes()).unwrap();
    }
    fn hear(&mut self) -> String {
        let mut out = String::new();
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).unwrap_or(0) == 0 {
                return out;
            }
            out.push_str(&line);
            if line.as_bytes().get(3) == Some(&b' ') {
                return out;
            }
        }
    }
    fn ask(&mut self, text: &str) -> String {
        self.send(text);
        self.hear()
    }
    fn hello(relay: &Relay) -> Self {
        let mut talk = Self::open(relay);
        assert!(talk.hear().starts_with("220"));
        assert!(talk.ask("EHLO me\r\n").contains("250-PIPELINING"));
        talk
    }
    fn mail(&mut self, body: &str) -> String {
        assert!(self.ask("MAIL FROM:<a@x.nl>\r\n").starts_with("250"));
        assert!(self.ask("RCPT TO:<b@x.nl>\r\n").starts_with("250"));
        assert!(self.ask("DATA\r\n").starts_with("354"));
        self.ask(body)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_sent_is_on_record_before_it_is_answered() {
    let file = std::env::temp_dir().join(format!("kring-relay-{}.jsonl", std::process::id()));
    let _ = std::fs::remove_file(&file);
    let relay = Relay::start_at(0, Some(&file), Script::default()).await.unwrap();
    let mut talk = Talk::hello(&relay);
    let answer = talk.mail("Message-ID: <1@x>\r\n\r\n..stuffed\r\n.\n.\r\n smuggled\r\n.\r\n");
    assert_eq!(answer, "250 2.0.0 kept as 0\r\n");
    assert_eq!(talk.mail(".\r\n"), "250 2.0.0 kept as 1\r\n");

    // An answer is recorded after it was written; the server is past that when it hears the next command.
    assert!(talk.ask("QUIT\r\n").starts_with("221"));
    let all = relay.wait_for(2, Duration::from_secs(2)).await;
    let Received { from, to, bytes, message_id, bare_line_end, .. } = &all[0];
    assert_eq!((from.as_str(), to.as_slice()), ("a@x.nl", &["b@x.nl".to_owned()][..]));
    assert_eq!(bytes, b"Message-ID: <1@x>\r\n\r\n.stuffed\r\n\n.\r\n smuggled\r\n");
    assert_eq!(message_id.as_deref(), Some("<1@x>"));
    assert!(*bare_line_end && all[0].taken());
    assert!(all[1].bytes.is_empty());

    let lines = Line::read(&file).unwrap();
    assert!(matches!(&lines[0], Line::Data { number: 0, message_id: Some(id), .. } if id == "<1@x>"));
    assert!(matches!(&lines[1], Line::Answer { number: 0, code: 250, .. }));
    assert_eq!(lines.len(), 4);
    relay.stop().await;
    std::fs::remove_file(&file).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_is_followed_and_may_change_in_between() {
    let relay = Relay::start(Script { refuse: vec![Refuse::new("*@full.nl", 452)], ..Script::default() })
        .await
        .unwrap();
    let mut talk = Talk::hello(&relay);
    // Three commands in one packet: three answers, in order.
    talk.send("MAIL FROM:<a@x.nl>\r\nRCPT TO:<c@FULL.nl>\r\nDATA\r\n");
    assert!(talk.hear().starts_with("250"));
    assert!(talk.hear().starts_with("452"));
    assert!(talk.hear().starts_with("554"));
    assert!(talk.ask("RSET\r\n").starts_with("250"));

    relay.script(|s| s.after_dot = AfterDot::Refuse(554));
    assert!(talk.mail("x\r\n.\r\n").starts_with("554 5.6.0"));
    relay.script(|s| (s.after_dot, s.in_pieces) = (AfterDot::AcceptThenReset, true));
    talk.send("MAIL FROM:<a@x.nl>\r\nRCPT TO:<b@x.nl>\r\nDATA\r\ny\r\n.\r\n");
    let mut rest = Vec::new();
    let _ = talk.0.read_to_end(&mut rest);
    assert!(String::from_utf8_lossy(&rest).starts_with("250"));
    assert_eq!(relay.received().iter().map(Received::taken).collect::<Vec<_>>(), [false, true]);

    relay.script(|s| s.busy = true);
    assert!(Talk::open(&relay).hear().starts_with("421"));
    assert_eq!(relay.visits().len(), 2);
}
