//! PostgreSQL on the server that `KRING_TEST_POSTGRES` names, in a database of its own.

use std::{fs::File, io::Read, path::Path, time::Instant};

use anyhow::{Context, Result};
use bytes::Bytes;
use futures_util::SinkExt;
use tokio::runtime::{Handle, Runtime};
use tokio_postgres::{Client, Config, NoTls};

use crate::{
    engine::{Answer, Best, Engine, ms},
    schema::{INDEXES, TABLES},
    segments::Segment,
};

const DATABASE: &str = "kring_bench_audience";

pub struct Postgres {
    runtime: Runtime,
    client: Option<Client>,
    server: Config,
    best: Best,
}

impl Postgres {
    #[expect(clippy::disallowed_methods, reason = "`./x bench audience` names the server in the environment")]
    pub fn load(folder: &Path) -> Result<Self> {
        let server = std::env::var("KRING_TEST_POSTGRES")
            .context("the peer postgres is missing: KRING_TEST_POSTGRES names no server")?;
        let server: Config = server.parse()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let client = runtime.block_on(async {
            let admin = connect(&server).await.context("the peer postgres is missing")?;
            admin.batch_execute(&format!("drop database if exists {DATABASE}")).await?;
            admin.batch_execute(&format!("create database {DATABASE}")).await?;
            let client = connect(server.clone().dbname(DATABASE)).await?;
            for (table, columns) in TABLES {
                client.batch_execute(&format!("create table {table} ({columns})")).await?;
                copy(&client, table, folder).await?;
            }
            client.batch_execute("set maintenance_work_mem = '512MB'").await?;
            for index in INDEXES {
                client.batch_execute(index).await?;
            }
            client.batch_execute("create index acts_person on acts (person, day, kind)").await?;
            client.batch_execute("vacuum analyze").await?;
            // As much as somebody would give it who wants answers, and no compiling of statements of milliseconds.
            client.batch_execute("set work_mem = '512MB'; set jit = off").await?;
            anyhow::Ok(client)
        })?;
        Ok(Self { runtime, client: Some(client), server, best: Best::default() })
    }
}

async fn connect(to: &Config) -> Result<Client> {
    let (client, connection) = to.connect(NoTls).await?;
    Handle::current().spawn(connection);
    Ok(client)
}

async fn copy(client: &Client, table: &str, folder: &Path) -> Result<()> {
    let mut file = File::open(folder.join(format!("{table}.csv")))?;
    let sink = client.copy_in::<_, Bytes>(&format!("copy {table} from stdin (format csv)")).await?;
    let mut sink = std::pin::pin!(sink);
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        sink.send(Bytes::copy_from_slice(buffer.get(..read).unwrap_or_default())).await?;
    }
    sink.finish().await?;
    Ok(())
}

impl Engine for Postgres {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn ask(&mut self, number: usize, segment: &Segment) -> Result<Answer> {
        let (runtime, client) = (&self.runtime, self.client.as_ref().context("the connection is closed")?);
        self.best.ask(number, segment, |text| {
            // The sum of whole numbers is a numeric there up to this cast.
            let text = text.replace("coalesce(sum(p.id), 0)", "cast(coalesce(sum(p.id), 0) as bigint)");
            let began = Instant::now();
            let row = runtime.block_on(client.query_one(&text, &[]))?;
            let ms = ms(began);
            Ok(Answer { count: row.get(0), sum: row.get(1), ms })
        })
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.client = None;
        let server = &self.server;
        let dropped = self.runtime.block_on(async {
            connect(server)
                .await?
                .batch_execute(&format!("drop database if exists {DATABASE} with (force)"))
                .await?;
            anyhow::Ok(())
        });
        if let Err(fault) = dropped {
            eprintln!("the database {DATABASE} stays behind: {fault}");
        }
    }
}
