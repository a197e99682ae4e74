//! Mail handed over by LMTP: the answer comes after the keeping, one for each recipient, and no bytes are changed.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test on loopback, without a house to tend its tasks"
)]

use std::{
    pin::Pin,
    sync::{Arc, Mutex},
    time::Duration,
};

use kring_post::lmtp::{Delivery, Keep, Kept, Listen, Listener, converse};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

type Taken = Arc<Mutex<Vec<Delivery>>>;

/// A server for one caller; what it keeps, and whether it does.
async fn server(kept: Kept, patience: Duration) -> (u16, Taken) {
    let listener = Listener::bind(&Listen::read("127.0.0.1:0").unwrap()).await.unwrap();
    let port = listener.port().unwrap();
    let taken = Taken::default();
    let list = taken.clone();
    let keep: Keep = Arc::new(move |delivery| -> Pin<Box<dyn Future<Output = Kept> + Send>> {
        let list = list.clone();
        Box::pin(async move {
            list.lock().unwrap().push(delivery);
            kept
        })
    });
    tokio::spawn(async move {
        loop {
            let caller = listener.accept().await.unwrap();
            converse(caller, "kring.example", &keep, patience).await;
        }
    });
    (port, taken)
}
async fn talk(port: u16, script: &[u8]) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(script).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut said = String::new();
    let _ = stream.read_to_string(&mut said).await;
    said
}

fn codes(said: &str) -> Vec<&str> {
    said.lines().filter(|l| l.as_bytes().get(3) == Some(&b' ')).filter_map(|l| l.get(..3)).collect()
}

const MINUTE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn each_recipient_gets_an_answer_and_the_bytes_are_the_same() {
    let (port, taken) = server(Kept::Yes, MINUTE).await;
    let script = b"LHLO mx\r\nMAIL FROM:<a@far.example> SIZE=10 BODY=8BITMIME\r\nRCPT TO:<b@kring.example>\r\nRCPT TO:<@x,@y:c@kring.example>\r\n\
        RCPT TO:<>\r\nDATA\r\n..first\r\nSubject: \xff\0\r\n\r\n.\n.\r\r\n.x\r\n..\r\nend\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<b@kring.example>\r\nDATA\r\n.\r\nQUIT\r\n";
    let said = talk(port, script).await;
    assert_eq!(
        codes(&said),
        ["220", "250", "250", "250", "250", "501", "354", "250", "250", "250", "250", "354", "250", "221"],
        "{said}"
    );
    let taken = taken.lock().unwrap();
    assert_eq!(taken.len(), 2);
    assert_eq!(taken[0].to, ["b@kring.example", "c@kring.example"]);
    assert_eq!(taken[0].raw, b".first\r\nSubject: \xff\0\r\n\r\n\n.\r\r\nx\r\n.\r\nend\r\n");
    assert_eq!((taken[1].from.as_str(), taken[1].raw.len()), ("", 0));
}

#[tokio::test]
async fn what_cannot_be_kept_stays_with_the_mail_server() {
    let (port, _) = server(Kept::Later, MINUTE).await;
    let script = b"LHLO mx\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<b@kring.example>\r\nRCPT TO:<c@kring.example>\r\nDATA\r\nx\r\n.\r\n";
    let said = talk(port, script).await;
    assert_eq!(codes(&said), ["220", "250", "250", "250", "250", "354", "451", "451"], "{said}");
}

#[tokio::test]
async fn a_mail_that_was_not_ended_is_not_kept() {
    let (port, taken) = server(Kept::Yes, MINUTE).await;
    let head = b"LHLO mx\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<b@kring.example>\r\nDATA\r\n".to_vec();
    // Cut before the dot; a dot that bare line ends surround; nothing.
    for rest in [&b"Subject: x\r\n\r\nhalf"[..], b"x\n.\nRSET\r\n", b""] {
        let said = talk(port, &[head.as_slice(), rest].concat()).await;
        assert_eq!(codes(&said).last(), Some(&"354"), "{said}");
    }
    assert!(taken.lock().unwrap().is_empty());
}

#[tokio::test]
async fn nonsense_and_silence_come_to_an_end() {
    let (port, taken) = server(Kept::Yes, Duration::from_millis(300)).await;
    let said = talk(port, &b"HELO x\r\n".repeat(50)).await;
    assert_eq!((codes(&said).len(), codes(&said).last()), (12, Some(&"421")));
    let said = talk(port, b"MAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\nDATA\r\nLHLO\r\nLHLO x\r\nMAIL FROM:<a b>\r\nMAIL FROM:<a@b> SIZE=99999999\r\nMAIL TO:<x>\r\n").await;
    assert_eq!(codes(&said), ["220", "503", "503", "503", "500", "250", "501", "552", "501"], "{said}");
    assert!(codes(&talk(port, &vec![b'a'; 100_000]).await).len() < 2, "a line without end is hung up on");
    let many = format!("LHLO x\r\nMAIL FROM:<a@b>\r\n{}", "RCPT TO:<a@b>\r\n".repeat(150));
    assert_eq!(codes(&talk(port, many.as_bytes()).await).iter().filter(|c| **c == "452").count(), 50);
    let mut silent = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let mut said = String::new();
    silent.read_to_string(&mut said).await.unwrap();
    assert_eq!(codes(&said), ["220"], "whoever says nothing is not waited for");
    assert!(taken.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_is_too_large_is_refused_and_the_next_is_taken() {
    let (port, taken) = server(Kept::Yes, MINUTE).await;
    let mut script = b"LHLO mx\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<b@kring.example>\r\nDATA\r\n".to_vec();
    script.extend(b"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd\r\n".repeat(820_000));
    script.extend(
        b".\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<b@kring.example>\r\nDATA\r\nsmall\r\n.\r\nQUIT\r\n",
    );
    let said = talk(port, &script).await;
    assert_eq!(
        codes(&said),
        ["220", "250", "250", "250", "354", "552", "250", "250", "354", "250", "221"],
        "{said}"
    );
    assert_eq!(taken.lock().unwrap().len(), 1);
}

#[test]
fn nobody_from_elsewhere_hands_over() {
    assert!(Listen::read("127.0.0.1:24").is_ok() && Listen::read("[::1]:24").is_ok());
    assert!(Listen::read("unix:/run/kring/lmtp").is_ok());
    for bad in ["0.0.0.0:24", "192.0.2.1:24", "unix:relative", "24", ""] {
        assert!(Listen::read(bad).is_err(), "{bad}");
    }
}
