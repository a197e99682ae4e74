use jiff::SignedDuration;
use kring_core::{Error, Result};
use kring_db::{params, sql};

use crate::Tx;

impl Tx {
    /// Counts a knock on a door (sign-in of one account, forms from one network) and refuses with `TooMany`
    /// when it was knocked on more than `most` times in this window. Counted in the database, so that nodes
    /// share the limit; in fixed windows, so that it is one row and one statement.
    ///
    /// The caller must commit even when refused, or the knock is not counted.
    pub async fn knock(&mut self, door: &str, most: i64, window: SignedDuration) -> Result<()> {
        let size = window.as_millis() as i64;
        let start = self.now().as_millisecond() / size * size;
        let (times,): (i64,) = self
            .one(
                sql!(
                    "insert into knocks (door, window_start, times) values ($1, $2, 1)
                     on conflict (door, window_start) do update set times = knocks.times + 1 returning times"
                ),
                params![door, start],
            )
            .await?;
        if times == 1 {
            self.run(sql!("delete from knocks where window_start < $1"), params![start - 86_400_000]).await?;
        }
        if times <= most {
            return Ok(());
        }
        Err(Error::TooMany(SignedDuration::from_millis(start + size - self.now().as_millisecond())))
    }
}
