use std::{io::IsTerminal, net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use axum::Router;
use kring_core::{Chance, Clock};
use kring_db::Db;
use kring_frame::{House, router};
use kring_talks::Sender;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tower_http::compression::CompressionLayer;
use tracing_subscriber::EnvFilter;

use crate::{config::Config, health, rooms};

/// How long requests and letters under way may take after a stop was asked for.
const PATIENCE: Duration = Duration::from_secs(25);

/// Structured lines for machines, short ones for a person at a terminal; always to standard error.
pub fn logs() {
    let filter = EnvFilter::try_from_env("KRING_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        builder.compact().without_time().with_target(false).init();
    } else {
        builder.json().flatten_event(true).with_current_span(false).init();
    }
}

/// Opens the database and puts the rooms in the house.
pub async fn open(config: &Config, demo: bool) -> Result<(House, Arc<Sender>)> {
    open_with(config, demo, Clock::system(), Chance::system()).await
}

pub async fn open_with(
    config: &Config,
    demo: bool,
    clock: Clock,
    chance: Chance,
) -> Result<(House, Arc<Sender>)> {
    let ways = config.ways(demo)?;
    let sender = ways.sender.clone();
    let rooms = rooms::rooms(ways);
    let db = Db::open(&config.place()?, &rooms::schema(&rooms), clock.clone()).await.map_err(plain)?;
    Ok((House::new(db, clock, chance, config.settings(demo)?, rooms), sender))
}

/// The sentence of an error, without our internal word before it.
pub fn plain(error: kring_core::Error) -> anyhow::Error {
    match error {
        kring_core::Error::Broken(why) => anyhow::Error::msg(why),
        other => anyhow::Error::msg(other.to_string()),
    }
}

/// Serves until it is asked to stop, then finishes what is under way.
pub async fn serve(config: &Config, demo: bool) -> Result<()> {
    let (house, sender) = open(config, demo).await?;
    // What a crash left is dealt with before anything else happens.
    sender.start(&house).await.map_err(plain)?;
    kring_access::at_start(&house).await.map_err(plain)?;
    if let Some(path) = kring_access::first_token(&house).await.map_err(plain)? {
        crate::say(&format!(
            "nobody can sign in yet; make the first account here, within a day:\n  {}{path}",
            house.settings.site
        ))?;
    }
    kring_talks::open_doors(&house, &sender).await.with_context(|| {
        format!("mail cannot be taken in at {}", config.mail.inbox.lmtp.as_deref().unwrap_or_default())
    })?;
    listen(config, house).await
}

pub async fn listen(config: &Config, house: House) -> Result<()> {
    health::recorder();
    let listener = TcpListener::bind(config.listen).await.with_context(|| {
        format!("{} cannot be listened on; is something else running there?", config.listen)
    })?;
    let app: Router = router(&house).layer(CompressionLayer::new());
    house.start_chores();
    crate::say(&format!("ready {}", house.settings.site))?;
    let leaving = house.clone();
    let server = axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(async move {
            asked_to_stop().await;
            tracing::info!(event = "stopping");
            leaving.drain();
            leaving.stopping().cancel();
        });
    tokio::select! {
        done = async { server.await } => done?,
        () = overdue(&house) => tracing::warn!(event = "stopped_with_requests_under_way"),
    }
    house.close(PATIENCE).await;
    Ok(())
}

async fn overdue(house: &House) {
    house.stopping().cancelled().await;
    tokio::time::sleep(PATIENCE).await;
}

async fn asked_to_stop() {
    let (Ok(mut term), Ok(mut int)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
}
