//! The departments' lists as files, with the truth beside them.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::Path,
};

use anyhow::Result;
use kring_meerland::{World, answer_key, lists, write_lookalikes, write_truth};

/// Writes `<list>.csv` for each list, `truth.csv`, `lookalikes.csv` and `answer-key.json`.
pub fn write(world: &World, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let all = lists(world);
    for list in &all {
        fs::write(folder.join(format!("{}.csv", list.key)), &list.bytes)?;
    }
    let file = |name: &str| File::create(folder.join(name)).map(BufWriter::new);
    write_truth(&all, file("truth.csv")?)?;
    write_lookalikes(world, file("lookalikes.csv")?)?;
    let mut key = file("answer-key.json")?;
    serde_json::to_writer_pretty(&mut key, &answer_key(world))?;
    writeln!(key)?;
    Ok(())
}
