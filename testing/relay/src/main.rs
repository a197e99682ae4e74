//! The server on its own, for tests that need it to outlive what they kill.

use std::{path::PathBuf, time::Duration};

use anyhow::Context;
use clap::Parser;
use kring_relay::{AfterDot, Refuse, Relay, Script, Tls};

/// A scripted mail server on loopback. Prints `ready 127.0.0.1:PORT` once it listens; runs until it is
/// told to stop (Ctrl-C, SIGTERM).
#[derive(Parser)]
#[command(name = "kring-relay", version)]
struct Arguments {
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Add every message to this file, as JSON lines.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Wait this long before answering a final dot.
    #[arg(long, value_name = "N", default_value_t = 0)]
    delay_ms: u64,
    /// Refuse recipients: `550:*@nowhere.nl`; may be given more than once.
    #[arg(long, value_name = "CODE:PATTERN")]
    refuse: Vec<String>,
    /// Offer STARTTLS.
    #[arg(long)]
    starttls: bool,
    /// Take messages, but close instead of answering their final dot.
    #[arg(long)]
    mute: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let refuse = arguments.refuse.iter().map(|text| {
        let (code, pattern) = text.split_once(':').with_context(|| format!("{text}: write CODE:PATTERN"))?;
        Ok(Refuse::new(pattern, code.parse().with_context(|| format!("{code} is not a code"))?))
    });
    let script = Script {
        delay: Duration::from_millis(arguments.delay_ms),
        refuse: refuse.collect::<anyhow::Result<_>>()?,
        tls: if arguments.starttls { Tls::StartTls } else { Tls::None },
        after_dot: if arguments.mute { AfterDot::Close } else { AfterDot::Accept },
        ..Script::default()
    };
    let relay = Relay::start_at(arguments.port, arguments.record.as_deref(), script).await?;
    announce(&relay);
    let mut end = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = end.recv() => {}
    }
    relay.stop().await;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the line that a test waits for")]
fn announce(relay: &Relay) {
    println!("ready {}", relay.address());
}
