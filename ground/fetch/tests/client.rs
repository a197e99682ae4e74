//! The client against a real receiver with TLS on loopback, which is inside unless a test says that it may be reached.
#![expect(clippy::disallowed_methods, reason = "a proxy for the client")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot be set up has failed")]

use std::{net::SocketAddr, sync::Arc, time::Duration};

use http::{HeaderMap, HeaderValue};
use kring_fetch::{Answer, Client, Failure, Rules, Target};
use kring_relay::{Receiver, Reply};

fn open_rules(receiver: &Receiver) -> Rules {
    Rules { also: vec!["127.0.0.0/8".parse().unwrap()], ports: vec![receiver.port()], proxy: None }
}

/// A client for which every name leads to this address, at every question another of them.
fn leading_to(rules: Rules, authority: Option<&str>, answers: &'static [&'static str]) -> Client {
    let asked = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    Client::new(rules, authority).unwrap().with_lookup(Arc::new(move |_, port| {
        let at = asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let address = answers[at % answers.len()];
        Box::pin(async move { Ok(vec![SocketAddr::new(address.parse().unwrap(), port)]) })
    }))
}

async fn post(client: &Client, target: &Target) -> Result<Answer, Failure> {
    client.open(target).await?.post(target, HeaderMap::new(), "{}".into()).await
}

#[tokio::test]
async fn a_body_arrives_and_one_connection_serves_many() {
    let receiver = Receiver::start().await.unwrap();
    let rules = open_rules(&receiver);
    let client = Client::new(rules.clone(), Some(receiver.certificate())).unwrap();
    let target = Target::read(&receiver.url(), &rules).unwrap();
    receiver.once(Reply::status(202));
    receiver.once(Reply::status(429).header("Retry-After: 120"));
    let mut session = client.open(&target).await.unwrap();
    let mut headers = HeaderMap::new();
    headers.insert("webhook-id", HeaderValue::from_static("msg_1"));
    let first = session.post(&target, headers, "{\"a\":1}".into()).await.unwrap();
    assert_eq!(first, Answer { status: 202, retry_after: None });
    let second = session.post(&target, HeaderMap::new(), "{}".into()).await.unwrap();
    assert_eq!(second, Answer { status: 429, retry_after: Some("120".into()) });
    assert!(session.is_open());
    let calls = receiver.calls();
    assert_eq!(calls[0].line, "POST /hook HTTP/1.1");
    assert_eq!(calls[0].header("webhook-id"), Some("msg_1"));
    assert_eq!(calls[0].header("host"), Some(format!("127.0.0.1:{}", receiver.port()).as_str()));
    assert_eq!((calls[0].body.as_slice(), calls.len()), (b"{\"a\":1}".as_slice(), 2));
    assert_eq!(receiver.connections(), 1);
}

#[tokio::test]
async fn a_name_that_leads_inside_is_not_connected_to() {
    let receiver = Receiver::start().await.unwrap();
    let rules = Rules { ports: vec![receiver.port()], ..Rules::default() };
    let target = Target::read(&format!("https://crm.example.nl:{}/", receiver.port()), &rules).unwrap();
    for inside in [&["127.0.0.1"], &["::1"], &["::ffff:127.0.0.1"], &["169.254.169.254"]] {
        let client = leading_to(rules.clone(), Some(receiver.certificate()), inside);
        assert_eq!(post(&client, &target).await, Err(Failure::Inside));
    }
    assert_eq!(receiver.connections(), 0);
}

/// The name is harmless when it is first asked and leads inside afterwards. It is asked once for each connection, and the
/// connection goes to the answer that was looked at.
#[tokio::test]
async fn a_name_that_changes_its_mind_gains_nothing() {
    let receiver = Receiver::start().await.unwrap();
    let rules = Rules { ports: vec![receiver.port()], ..Rules::default() };
    let target = Target::read(&format!("https://crm.example.nl:{}/", receiver.port()), &rules).unwrap();
    let client = leading_to(rules, Some(receiver.certificate()), &["192.0.0.9", "127.0.0.1"])
        .with_patience(Duration::from_millis(200));
    for _ in 0..4 {
        assert!(post(&client, &target).await.is_err());
    }
    assert_eq!(receiver.connections(), 0);
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let (receiver, other) = (Receiver::start().await.unwrap(), Receiver::start().await.unwrap());
    let rules = open_rules(&receiver);
    let client = Client::new(rules.clone(), Some(receiver.certificate())).unwrap();
    let target = Target::read(&receiver.url(), &rules).unwrap();
    receiver.once(Reply::status(307).header(&format!("Location: {}", other.url())));
    assert_eq!(post(&client, &target).await.unwrap().status, 307);
    assert_eq!((receiver.calls().len(), other.connections()), (1, 0));
}

#[tokio::test]
async fn a_stranger_s_certificate_a_long_silence_and_a_flood_are_failures() {
    let receiver = Receiver::start().await.unwrap();
    let rules = open_rules(&receiver);
    let target = Target::read(&receiver.url(), &rules).unwrap();
    let unknown = Client::new(rules.clone(), None).unwrap();
    assert_eq!(post(&unknown, &target).await, Err(Failure::Tls));

    let client = Client::new(rules, Some(receiver.certificate())).unwrap();
    let patient = client.clone().with_patience(Duration::from_millis(300));
    receiver.once(Reply { silent: true, ..Reply::status(200) });
    assert_eq!(post(&patient, &target).await, Err(Failure::Slow));

    receiver.once(Reply { body: vec![b'x'; 1_000_000], ..Reply::status(200) });
    let mut session = client.open(&target).await.unwrap();
    let answer = session.post(&target, HeaderMap::new(), "{}".into()).await.unwrap();
    assert_eq!(answer.status, 200, "it was taken, whatever else came");
    assert!(!session.is_open(), "but nobody reads on");

    let port = receiver.port();
    drop(receiver);
    let gone = Target::read(&format!("https://127.0.0.1:{port}/"), client.rules()).unwrap();
    assert_eq!(post(&client, &gone).await, Err(Failure::Connect));
}

#[tokio::test]
async fn a_proxy_is_asked_for_a_way_through() {
    let receiver = Receiver::start().await.unwrap();
    let proxy = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = proxy.local_addr().unwrap();
    let there = receiver.port();
    let asked = tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut near, _) = proxy.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(near.read_u8().await.unwrap());
        }
        let mut far = tokio::net::TcpStream::connect(("127.0.0.1", there)).await.unwrap();
        near.write_all(b"HTTP/1.1 200 fine\r\n\r\n").await.unwrap();
        let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
        String::from_utf8(head).unwrap()
    });
    let rules = Rules { ports: vec![there], proxy: Some(address.to_string()), ..Rules::default() };
    let client = Client::new(rules.clone(), Some(receiver.certificate())).unwrap();
    let target = Target::read(&format!("https://crm.example.nl:{there}/"), &rules).unwrap();
    // Its certificate is not for this name: the proxy cannot pretend to be somebody else.
    assert_eq!(post(&client, &target).await, Err(Failure::Tls));
    assert!(asked.await.unwrap().starts_with(&format!("CONNECT crm.example.nl:{there} HTTP/1.1\r\n")));
}
