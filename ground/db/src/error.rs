use jiff::SignedDuration;
use kring_core::Error;

/// Database errors become the house error. The text stays in our log; only `Broken` ever carries it.
pub(crate) fn sqlite(e: rusqlite::Error) -> Error {
    match e.sqlite_error_code() {
        // A full disk or a busy file is not a fault of the request: it may be tried again.
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DiskFull) => {
            Error::Busy(SignedDuration::from_secs(5))
        }
        _ => Error::broken(format!("sqlite: {e}")),
    }
}

pub(crate) fn postgres(e: tokio_postgres::Error) -> Error {
    match e.code().map(tokio_postgres::error::SqlState::code) {
        // Deadlock, serialisation failure, out of connections, out of space: try again.
        Some("40P01" | "40001" | "53300" | "53100") => Error::Busy(SignedDuration::from_secs(2)),
        Some(_) => {
            let why = e.as_db_error().map_or_else(String::new, |d| d.message().to_owned());
            Error::broken(format!("postgres: {why}"))
        }
        None => Error::broken(format!("postgres: {e}")),
    }
}
