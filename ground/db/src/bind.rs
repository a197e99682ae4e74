//! Values into a statement of SQLite, and out of a row.

use rusqlite::types::ValueRef;

use crate::Value;

/// Where each of so many values goes. To SQLite `$2` is a name, numbered in order of appearance, while to PostgreSQL it is
/// the second value; looking them up by name, once a statement and not once a row, makes both mean the second.
pub(crate) fn places(
    statement: &rusqlite::Statement<'_>,
    values: usize,
) -> rusqlite::Result<Vec<Option<usize>>> {
    let wanted = statement.parameter_count();
    let places: Vec<Option<usize>> =
        (1..=values).map(|n| statement.parameter_index(&format!("${n}"))).collect::<rusqlite::Result<_>>()?;
    let bound = places.iter().flatten().count();
    if bound == wanted { Ok(places) } else { Err(rusqlite::Error::InvalidParameterCount(bound, wanted)) }
}

pub(crate) fn bind(
    statement: &mut rusqlite::Statement<'_>,
    places: &[Option<usize>],
    params: Vec<Value>,
) -> rusqlite::Result<()> {
    if params.len() != places.len() {
        return Err(rusqlite::Error::InvalidParameterCount(params.len(), places.len()));
    }
    for (place, value) in places.iter().zip(params) {
        if let Some(place) = place {
            statement.raw_bind_parameter(*place, Bound(value))?;
        }
    }
    Ok(())
}

struct Bound(Value);

impl rusqlite::ToSql for Bound {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput::Borrowed, ValueRef};
        Ok(Borrowed(match &self.0 {
            Value::Null => ValueRef::Null,
            Value::Int(n) => ValueRef::Integer(*n),
            Value::Bool(b) => ValueRef::Integer(i64::from(*b)),
            Value::Real(x) => ValueRef::Real(*x),
            Value::Text(s) => ValueRef::Text(s.as_bytes()),
            Value::Bytes(b) => ValueRef::Blob(b),
        }))
    }
}

pub(crate) fn value(found: ValueRef<'_>) -> Value {
    match found {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Int(n),
        ValueRef::Real(x) => Value::Real(x),
        ValueRef::Text(s) => Value::Text(String::from_utf8_lossy(s).into_owned()),
        ValueRef::Blob(b) => Value::Bytes(b.to_vec()),
    }
}
