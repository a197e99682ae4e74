//! A backup is one SQLite file, whichever database it was taken from; restoring fills either. So the same
//! two commands also carry an institution from one machine to PostgreSQL, and back.

use std::path::Path;

use kring_core::{Error, Result};

use crate::{Db, Engine, Place, Row, Schema, Tx, Value, params, sql};

/// Called after each table: its name and how many rows came along.
pub type Progress<'a> = &'a mut (dyn FnMut(&str, u64) + Send);

/// What a restore found.
#[derive(Clone, Debug)]
pub struct BackupNote {
    pub tables: usize,
    pub rows: u64,
    /// The new epoch: claims made before the restore are void.
    pub epoch: i64,
}

const PAGE: usize = 2_000;

struct Table {
    name: String,
    columns: Vec<String>,
    /// By which SQLite keeps its rows in order: its hidden row number, or the key of a table without one.
    order: Vec<String>,
    has_id: bool,
}

impl Db {
    /// Writes a consistent copy to `file`, which must not exist yet. The server may go on working.
    pub async fn backup(&self, file: &Path, schema: &Schema, progress: Progress<'_>) -> Result<()> {
        if file.exists() {
            return Err(Error::broken(format!("{} is already there; name a new file", file.display())));
        }
        let copy = Db::open(&Place::Sqlite(file.to_owned()), schema, self.clock().clone()).await?;
        let mut to = copy.write().await?;
        let mut from = self.snapshot().await?;
        copy_all(&mut from, &mut to, progress).await?;
        to.commit().await?;
        copy.settle().await?;
        drop(copy);
        // A copy whose pages were never read back does not count.
        let check = Db::open(&Place::Sqlite(file.to_owned()), schema, self.clock().clone()).await?;
        let mut tx = check.read().await?;
        let verdict = tx.rows("pragma integrity_check", params![]).await?;
        match verdict.into_iter().next().map(|mut r| r.take::<String>()) {
            Some(Ok(ok)) if ok == "ok" => Ok(()),
            _ => Err(Error::broken("the copy did not pass its integrity check; keep the previous backup")),
        }
    }

    /// Fills this database, which must be empty of people, from a backup. The epoch goes up and sends are
    /// *held*: what was sent between the backup and the loss is not known here, so a person has to look first.
    pub async fn restore(&self, file: &Path, schema: &Schema, progress: Progress<'_>) -> Result<BackupNote> {
        if !file.exists() {
            return Err(Error::broken(format!("{} is not there", file.display())));
        }
        let copy = Db::open(&Place::Sqlite(file.to_owned()), schema, self.clock().clone()).await?;
        let mut from = copy.snapshot().await?;
        let mut to = self.write().await?;
        let used: (i64,) = to.one(sql!("select count(*) from events"), params![]).await?;
        if used.0 > 0 {
            return Err(Error::broken(
                "this database is in use; restore into a new data folder or an empty database",
            ));
        }
        let (tables, rows) = copy_all(&mut from, &mut to, progress).await?;
        // Transaction numbers of another server mean nothing here: all of it is simply past.
        to.run(sql!("update events set xid = 0"), params![]).await?;
        to.run(sql!("update event_cursors set xid = 0"), params![]).await?;
        let epoch = 1 + to.fact("epoch").await?.and_then(|e| e.parse::<i64>().ok()).unwrap_or(0);
        to.set_fact("epoch", &epoch.to_string()).await?;
        to.set_fact("held", "restored").await?;
        to.commit().await?;
        Ok(BackupNote { tables, rows, epoch })
    }

    /// One moment of the whole database.
    async fn snapshot(&self) -> Result<Tx> {
        match self.engine() {
            Engine::Sqlite => self.read().await,
            Engine::Postgres => {
                let mut tx = self.write().await?;
                tx.batch("set transaction isolation level repeatable read read only").await?;
                Ok(tx)
            }
        }
    }
}

async fn copy_all(from: &mut Tx, to: &mut Tx, progress: Progress<'_>) -> Result<(usize, u64)> {
    // Both sides carry the same schema, and one of them is always SQLite, which describes itself.
    let tables = tables(if from.engine() == Engine::Sqlite { from } else { to }).await?;
    for table in tables.iter().rev() {
        to.batch(&format!("delete from {}", table.name)).await?;
    }
    let mut all = 0;
    for table in &tables {
        let rows = copy_table(table, from, to).await?;
        progress(&table.name, rows);
        all += rows;
    }
    Ok((tables.len(), all))
}

async fn copy_table(table: &Table, from: &mut Tx, to: &mut Tx) -> Result<u64> {
    let columns = table.columns.join(", ");
    let binds = (1..=table.columns.len()).map(|i| format!("${i}")).collect::<Vec<_>>().join(", ");
    let insert = format!("insert into {} ({columns}) values ({binds})", table.name);
    let mut copied = 0;
    if from.engine() == Engine::Postgres {
        // A name of its own for each: a prepared `fetch` remembers the columns of its cursor.
        let cursor = format!("copying_{}", table.name);
        from.batch(&format!("declare {cursor} no scroll cursor for select {columns} from {}", table.name))
            .await?;
        loop {
            let page: Vec<_> = from
                .rows(&format!("fetch {PAGE} from {cursor}"), params![])
                .await?
                .into_iter()
                .map(Row::into_values)
                .collect();
            if page.is_empty() {
                break;
            }
            copied += to.many_text(&insert, page).await?;
        }
        from.batch(&format!("close {cursor}")).await?;
    } else {
        let order = table.order.join(", ");
        let select = |after: &str| {
            format!("select {order}, {columns} from {} {after} order by {order} limit {PAGE}", table.name)
        };
        let places = (1..=table.order.len()).map(|i| format!("${i}")).collect::<Vec<_>>().join(", ");
        let (first, next) = (select(""), select(&format!("where ({order}) > ({places})")));
        let mut last: Vec<Value> = Vec::new();
        loop {
            let mut page = Vec::new();
            let text = if last.is_empty() { &first } else { &next };
            for row in from.rows(text, last.clone()).await? {
                let mut place = row.into_values();
                page.push(place.split_off(table.order.len()));
                last = place;
            }
            if page.is_empty() {
                break;
            }
            copied += to.many_text(&insert, page).await?;
        }
    }
    if to.engine() == Engine::Postgres && table.has_id {
        to.batch(&format!(
            "select setval(pg_get_serial_sequence('{0}', 'id'), greatest((select coalesce(max(id), 0) from {0}), 1))",
            table.name
        ))
        .await?;
    }
    Ok(copied)
}

/// Every table of the house, those that are referred to before those that refer.
async fn tables(sqlite: &mut Tx) -> Result<Vec<Table>> {
    let mut names = Vec::new();
    for mut row in sqlite
        .rows(
            "select m.name, l.wr from sqlite_master m join pragma_table_list l on l.name = m.name and l.schema = 'main'
             where m.type = 'table' and m.name not like 'sqlite_%' and m.name <> 'schema_migrations' order by m.rootpage",
            params![],
        )
        .await?
    {
        names.push((row.take::<String>()?, row.take::<i64>()? == 1));
    }
    let mut tables: Vec<(Table, Vec<String>)> = Vec::new();
    for (name, clustered) in names {
        let (mut columns, mut refers, mut has_id) = (Vec::new(), Vec::new(), false);
        let mut keys: Vec<(i64, String)> = Vec::new();
        for mut row in
            sqlite.rows(&format!("select name, type, pk from pragma_table_info('{name}')"), params![]).await?
        {
            let (column, kind, key): (String, String, i64) = (row.take()?, row.take()?, row.take()?);
            has_id |= key == 1 && column == "id" && kind.eq_ignore_ascii_case("integer");
            if clustered && key > 0 {
                keys.push((key, column.clone()));
            }
            columns.push(column);
        }
        keys.sort();
        let order = if clustered {
            keys.into_iter().map(|(_, column)| column).collect()
        } else {
            vec!["rowid".to_owned()]
        };
        for mut row in sqlite
            .rows(&format!("select \"table\" from pragma_foreign_key_list('{name}')"), params![])
            .await?
        {
            let other: String = row.take()?;
            if other != name {
                refers.push(other);
            }
        }
        tables.push((Table { name, columns, order, has_id }, refers));
    }
    let mut ordered: Vec<Table> = Vec::new();
    while !tables.is_empty() {
        let ready = tables
            .iter()
            .position(|(_, refers)| refers.iter().all(|r| ordered.iter().any(|t| &t.name == r)))
            .ok_or_else(|| Error::broken("tables refer to each other in a circle"))?;
        ordered.push(tables.remove(ready).0);
    }
    Ok(ordered)
}
