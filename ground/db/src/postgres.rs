//! The PostgreSQL side: a pool, prepared statements, plain `begin` and `commit`, nothing that a pooler in
//! transaction mode would trip over.

use std::{collections::HashSet, error::Error as StdError, sync::Arc};

use deadpool_postgres::{Manager, ManagerConfig, Object, RecyclingMethod};
use jiff::SignedDuration;
use kring_core::{Error, Result, Secret};
use tokio_postgres::{
    Statement,
    types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked},
};

use crate::{
    Row, Value,
    at_once::{AtOnce, at_once},
    error::postgres as house_error,
};

const CONNECTIONS: usize = 16;
/// Fewer sets of values than this are not worth a second statement.
const FEW: usize = 16;
/// Rows in one statement: its arrays stay within some megabytes.
const AT_ONCE: usize = 4_000;

/// Statements are written with their way in: the few rows first, the rest asked of each. A plan for all values keeps to it; one
/// made for the values of a call folds away what is not asked, joins what is left the other way round, and took a hundred
/// milliseconds for ten in a base of a million. Compiling a plan (JIT) takes longer than any page may.
const SESSION: &str = "-c synchronous_commit=on -c idle_in_transaction_session_timeout=60s -c jit=off \
                       -c plan_cache_mode=force_generic_plan";

pub(crate) struct Pool(deadpool_postgres::Pool);

impl Pool {
    pub async fn open(url: &Secret<String>) -> Result<Self> {
        let mut config: tokio_postgres::Config = url.reveal().parse().map_err(|_| {
            // The library's text may quote the address, and with it the password.
            Error::broken(
                "the PostgreSQL address cannot be read; write it as postgres://user:password@host/name",
            )
        })?;
        config.application_name("kring").options(SESSION);
        let manager = Manager::from_config(
            config,
            tokio_postgres::NoTls,
            ManagerConfig { recycling_method: RecyclingMethod::Fast },
        );
        let pool = deadpool_postgres::Pool::builder(manager)
            .max_size(CONNECTIONS)
            .wait_timeout(Some(std::time::Duration::from_secs(30)))
            .runtime(deadpool_postgres::Runtime::Tokio1)
            .build()
            .map_err(Error::broken)?;
        let pool = Self(pool);
        drop(pool.connection().await?);
        Ok(pool)
    }

    async fn connection(&self) -> Result<Object> {
        self.0.get().await.map_err(|e| match e {
            deadpool_postgres::PoolError::Timeout(_) => Error::Busy(SignedDuration::from_secs(5)),
            deadpool_postgres::PoolError::Backend(e) => Error::broken(format!(
                "PostgreSQL does not answer: {}",
                e.source().map_or_else(|| e.to_string(), ToString::to_string)
            )),
            other => Error::broken(other),
        })
    }

    pub async fn read(&self) -> Result<Session> {
        Ok(Session { client: Some(self.connection().await?), mode: Mode::Reading })
    }

    pub async fn write(&self) -> Result<Session> {
        let client = self.connection().await?;
        let session = Session { client: Some(client), mode: Mode::Writing };
        session.client()?.batch_execute("begin").await.map_err(house_error)?;
        Ok(session)
    }

    pub async fn prepare(&self, text: &str) -> Result<()> {
        let statement = self.connection().await?.prepare(text).await.map_err(house_error)?;
        match statement.columns().iter().find(|c| !readable(c.type_())) {
            Some(c) => {
                Err(Error::broken(format!("column {} is {}: cast it in the SQL", c.name(), c.type_())))
            }
            None => Ok(()),
        }
    }
}

#[derive(PartialEq)]
enum Mode {
    Reading,
    Writing,
    Done,
}

pub(crate) struct Session {
    client: Option<Object>,
    mode: Mode,
}

impl Session {
    fn client(&self) -> Result<&Object> {
        self.client.as_ref().ok_or_else(|| Error::broken("the connection is gone"))
    }

    async fn prepared(&self, text: &str) -> Result<Statement> {
        self.client()?.prepare_cached(text).await.map_err(house_error)
    }

    pub async fn rows(&mut self, text: &str, params: Vec<Value>) -> Result<Vec<Row>> {
        let statement = self.prepared(text).await?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
        let found = self.client()?.query(&statement, &params).await.map_err(house_error)?;
        let columns: Arc<[String]> = statement.columns().iter().map(|c| c.name().to_owned()).collect();
        found
            .iter()
            .map(|row| {
                let values = (0..row.len()).map(|i| value(row, i)).collect::<Result<_>>()?;
                Ok(Row::new(columns.clone(), values))
            })
            .collect()
    }

    pub async fn run(&mut self, text: &str, params: Vec<Value>) -> Result<u64> {
        if self.mode == Mode::Reading {
            return Err(Error::broken("a statement that writes, in a session that reads"));
        }
        let statement = self.prepared(text).await?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
        self.client()?.execute(&statement, &params).await.map_err(house_error)
    }

    pub async fn many(&mut self, text: &str, sets: Vec<Vec<Value>>) -> Result<u64> {
        let statement = self.prepared(text).await?;
        if sets.len() >= FEW
            && let Some(made) = over_arrays(text, &statement)
            && differ(&made.key, &sets)
        {
            return self.many_over_arrays(&made.text, &sets).await;
        }
        let client = self.client()?;
        let mut touched = 0;
        // A window of requests under way keeps the wire busy without flooding the server's buffer.
        for window in sets.chunks(256) {
            let sends = window.iter().map(|params| async {
                let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
                client.execute(&statement, &params).await
            });
            for outcome in futures_util::future::join_all(sends).await {
                touched += outcome.map_err(house_error)?;
            }
        }
        Ok(touched)
    }

    async fn many_over_arrays(&self, text: &str, sets: &[Vec<Value>]) -> Result<u64> {
        let statement = self.prepared(text).await?;
        let mut touched = 0;
        for sets in sets.chunks(AT_ONCE) {
            let columns: Vec<Vec<&Value>> = (0..statement.params().len())
                .map(|i| sets.iter().map(|set| set.get(i).unwrap_or(&Value::Null)).collect())
                .collect();
            let params: Vec<&(dyn ToSql + Sync)> = columns.iter().map(|c| c as _).collect();
            touched += self.client()?.execute(&statement, &params).await.map_err(house_error)?;
        }
        Ok(touched)
    }

    pub async fn batch(&mut self, text: &str) -> Result<()> {
        self.client()?.batch_execute(text).await.map_err(house_error)
    }

    pub async fn commit(mut self) -> Result<()> {
        if self.mode == Mode::Writing {
            self.client()?.batch_execute("commit").await.map_err(house_error)?;
        }
        self.mode = Mode::Done;
        Ok(())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.mode != Mode::Writing {
            return;
        }
        let Some(client) = self.client.take() else { return };
        // Rolled back beside us and only then given back; without a runtime the connection is closed, which
        // undoes the transaction just the same.
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => {
                runtime.spawn(async move {
                    if client.batch_execute("rollback").await.is_err() {
                        drop(Object::take(client));
                    }
                });
            }
            Err(_) => drop(Object::take(client)),
        }
    }
}

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match (self, ty) {
            (Value::Null, _) => Ok(IsNull::Yes),
            (Value::Int(n), &Type::INT8) => n.to_sql(ty, out),
            (Value::Int(n), &Type::INT4) => i32::try_from(*n)?.to_sql(ty, out),
            // A backup comes out of SQLite, where truth is a number.
            (Value::Int(n), &Type::BOOL) => (*n != 0).to_sql(ty, out),
            (Value::Int(n), &Type::FLOAT8) => (*n as f64).to_sql(ty, out),
            (Value::Real(x), &Type::FLOAT8) => x.to_sql(ty, out),
            (Value::Bool(b), &Type::BOOL) => b.to_sql(ty, out),
            (Value::Text(s), &Type::TEXT | &Type::VARCHAR) => s.as_str().to_sql(ty, out),
            (Value::Bytes(b), &Type::BYTEA) => b.as_slice().to_sql(ty, out),
            (_, ty) => Err(format!("a value of another type where PostgreSQL wants {ty}").into()),
        }
    }
    fn accepts(_: &Type) -> bool {
        true
    }
    to_sql_checked!();
}

/// The same statement with an array for each parameter, where that means the same and its types are ours.
fn over_arrays(text: &str, statement: &Statement) -> Option<AtOnce> {
    let types = statement.params();
    types.iter().all(readable).then_some(())?;
    at_once(text, &types.iter().map(Type::name).collect::<Vec<_>>())
}

/// Whether every set has other values in these places.
fn differ(key: &[usize], sets: &[Vec<Value>]) -> bool {
    let mut seen = HashSet::with_capacity(sets.len());
    key.is_empty()
        || sets.iter().all(|set| {
            let named: Vec<_> = key.iter().filter_map(|i| set.get(*i)).map(|v| format!("{v:?}")).collect();
            seen.insert(named)
        })
}

fn readable(ty: &Type) -> bool {
    matches!(
        *ty,
        Type::INT8 | Type::INT4 | Type::FLOAT8 | Type::BOOL | Type::TEXT | Type::VARCHAR | Type::BYTEA
    )
}

fn value(row: &tokio_postgres::Row, i: usize) -> Result<Value> {
    let column = row.columns().get(i).ok_or_else(|| Error::broken("no such column"))?;
    fn get<'a, T: tokio_postgres::types::FromSql<'a>>(
        row: &'a tokio_postgres::Row,
        i: usize,
    ) -> Result<Option<T>> {
        row.try_get(i).map_err(house_error)
    }
    Ok(match *column.type_() {
        Type::INT8 => get::<i64>(row, i)?.map(Value::Int),
        Type::INT4 => get::<i32>(row, i)?.map(|n| Value::Int(n.into())),
        Type::FLOAT8 => get::<f64>(row, i)?.map(Value::Real),
        Type::BOOL => get::<bool>(row, i)?.map(Value::Bool),
        Type::TEXT | Type::VARCHAR => get::<String>(row, i)?.map(Value::Text),
        Type::BYTEA => get::<Vec<u8>>(row, i)?.map(Value::Bytes),
        _ => {
            return Err(Error::broken(format!(
                "column {} is {}: cast it in the SQL",
                column.name(),
                column.type_()
            )));
        }
    }
    .unwrap_or(Value::Null))
}
