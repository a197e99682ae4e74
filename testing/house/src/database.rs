use kring_core::Secret;
use kring_db::{Engine, Place};
use tempfile::TempDir;
use tokio_postgres::NoTls;

/// A new, empty database, gone when the test ends.
pub struct Database {
    pub place: Place,
    folder: TempDir,
    name: Option<String>,
}

const MISSING: &str = "KRING_TEST_POSTGRES is not set: it names a PostgreSQL server on which tests make and drop \
    databases, as postgres://user@host:port/postgres. `./x test` starts one and sets it; or run `./x postgres`.";

impl Database {
    pub async fn new(engine: Engine) -> Self {
        let folder = TempDir::with_prefix("kring-test-").expect("a temporary folder");
        match engine {
            Engine::Sqlite => {
                Self { place: Place::Sqlite(folder.path().join("kring.db")), folder, name: None }
            }
            Engine::Postgres => {
                let server = server();
                let name = format!("kring_test_{}", hex());
                admin(&server, &format!("create database {name}")).await;
                let (head, _) = server.rsplit_once('/').expect("a database name at the end of the address");
                Self {
                    place: Place::Postgres(Secret::new(format!("{head}/{name}"))),
                    folder,
                    name: Some(name),
                }
            }
        }
    }

    pub fn engine(&self) -> Engine {
        match self.place {
            Place::Sqlite(_) => Engine::Sqlite,
            Place::Postgres(_) => Engine::Postgres,
        }
    }

    /// The data folder of a house on it: an embedded database, and what a house keeps beside it.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some(name) = self.name.take() else { return };
        // On a thread of its own, since a drop cannot wait and the test's runtime may be ending.
        let _ = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            if let Ok(runtime) = runtime {
                runtime.block_on(admin(&server(), &format!("drop database if exists {name} with (force)")));
            }
        })
        .join();
    }
}

#[expect(clippy::disallowed_methods, reason = "which server the tests may use is the environment's to say")]
fn server() -> String {
    std::env::var("KRING_TEST_POSTGRES").expect(MISSING)
}

fn hex() -> String {
    kring_core::Chance::system().bytes::<8>().iter().map(|b| format!("{b:02x}")).collect()
}

async fn admin(server: &str, statement: &str) {
    let (client, connection) = tokio_postgres::connect(server, NoTls).await.expect("PostgreSQL answers");
    let (done, _) = tokio::join!(
        async move {
            let done = client.batch_execute(statement).await;
            drop(client);
            done
        },
        connection
    );
    done.expect("databases can be made and dropped");
}
