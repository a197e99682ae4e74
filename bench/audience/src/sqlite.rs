//! SQLite as the house has it: bundled, one connection.

use std::{path::Path, time::Instant};

use anyhow::Result;
use rusqlite::{Connection, params_from_iter, types::Value};

use crate::{
    base::{Base, TAGS},
    engine::{Answer, Best, Engine, ms},
    schema::{INDEXES, TABLES},
    segments::Segment,
};

pub struct Sqlite {
    connection: Connection,
    best: Best,
}

impl Sqlite {
    pub fn load(base: &Base, folder: &Path) -> Result<Self> {
        let file = folder.join("base.sqlite");
        for name in ["base.sqlite", "base.sqlite-wal", "base.sqlite-shm"] {
            let _ = std::fs::remove_file(folder.join(name));
        }
        let connection = Connection::open(file)?;
        // A base made for one run: nothing is lost with it. A gigabyte of cache, so that it answers from memory.
        connection.execute_batch(
            "pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -1000000; \
             pragma temp_store = memory; pragma mmap_size = 4000000000;",
        )?;
        for (table, columns) in TABLES {
            connection.execute_batch(&format!("create table {table} ({columns})"))?;
        }
        connection.execute_batch("begin")?;
        {
            let insert = |table: &str, columns: usize| {
                let binds = vec!["?"; columns].join(",");
                connection.prepare(&format!("insert into {table} values ({binds})"))
            };
            let (mut people, mut acts) = (insert("people", 12)?, insert("acts", 3)?);
            let mut tags = [insert(TAGS[0].0, 2)?, insert(TAGS[1].0, 2)?, insert(TAGS[2].0, 2)?];
            for person in base.everybody() {
                let id = i64::from(person.id);
                let known = [
                    person.id,
                    person.country,
                    person.language,
                    person.status,
                    person.programme,
                    person.intake,
                    person.city,
                    person.source,
                    u32::from(person.consent),
                    person.score,
                ];
                let employer = person.employer.map_or(Value::Null, |employer| i64::from(employer).into());
                let row = known.iter().map(|&number| Value::from(i64::from(number)));
                people.execute(params_from_iter(row.chain([i64::from(person.born).into(), employer])))?;
                for (insert, codes) in tags.iter_mut().zip(&person.tags) {
                    for code in codes {
                        insert.execute((id, *code))?;
                    }
                }
                for (kind, day) in &person.acts {
                    acts.execute((id, *kind, *day))?;
                }
            }
            let mut organisations = insert("organisations", 2)?;
            for id in 1..=crate::base::ORGANISATIONS {
                organisations.execute((id, Base::hosts(id)))?;
            }
        }
        connection.execute_batch("commit")?;
        for index in INDEXES {
            connection.execute_batch(index)?;
        }
        connection.execute_batch("create index acts_person on acts (person, day, kind); analyze")?;
        Ok(Self { connection, best: Best::default() })
    }
}

impl Engine for Sqlite {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn ask(&mut self, number: usize, segment: &Segment) -> Result<Answer> {
        let connection = &self.connection;
        self.best.ask(number, segment, |text| {
            let began = Instant::now();
            let (count, sum) =
                connection.prepare_cached(text)?.query_row((), |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(Answer { count, sum, ms: ms(began) })
        })
    }
}
