//! A statement about one row made into one about many, for PostgreSQL: its parameters become arrays, side by side. The
//! server then plans, locks and answers once for thousands of rows, where sending them one after another, even without
//! waiting, costs it three times as much.
//!
//! Made from the text and not written twice: whoever calls `many` has one statement for both databases. Only what means the
//! same either way is made so. An insert that updates on conflict is not, since PostgreSQL refuses to touch a row twice in
//! one statement, which one after another is allowed; an update is, as long as no two sets of values name the same row.

use std::fmt::Write;

/// A statement over arrays.
#[derive(Debug, PartialEq)]
pub struct AtOnce {
    pub text: String,
    /// Which parameters, from 0, name the row: together they must differ in every set. Empty when it does not matter.
    pub key: Vec<usize>,
}

/// The statement over arrays; `None` when it has to go row by row. `types` are those of its parameters, in order.
pub fn at_once(text: &str, types: &[&str]) -> Option<AtOnce> {
    // A dollar that is not a parameter's would be taken for one.
    let parameters =
        text.match_indices('$').all(|(at, _)| text.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit));
    if types.is_empty() || !parameters {
        return None;
    }
    let freely = |text| AtOnce { text, key: Vec::new() };
    insert(text, types).or_else(|| delete(text, types)).map(freely).or_else(|| update(text, types))
}

/// In the order of the sets, so that numbers are given out in it.
fn insert(text: &str, types: &[&str]) -> Option<String> {
    let (head, rest) = text.split_at_checked(text.find("values (")?)?;
    if !head.trim_start().starts_with("insert into") {
        return None;
    }
    let rest = rest.trim_start_matches("values ");
    let end = closing(rest)?;
    let (row, tail) = (rest.get(1..end)?, rest.get(end + 1..)?.trim());
    let plain = tail.is_empty() || (tail.starts_with("on conflict") && tail.ends_with("do nothing"));
    if !plain || tail.contains('$') {
        return None;
    }
    Some(format!(
        "{head}select {} from {} order by many.place {tail}",
        of_arrays(row),
        arrays(types, " with ordinality", ", place")
    ))
}

fn delete(text: &str, types: &[&str]) -> Option<String> {
    let (head, condition) = text.split_once(" where ")?;
    if !head.trim_start().starts_with("delete from") || head.contains(" using ") {
        return None;
    }
    Some(format!("{head} using {} where {}", arrays(types, "", ""), of_arrays(condition)))
}

fn update(text: &str, types: &[&str]) -> Option<AtOnce> {
    let (head, condition) = text.split_once(" where ")?;
    if !head.trim_start().starts_with("update") || condition.contains(" or ") || text.contains("select") {
        return None;
    }
    // `id = $3`: two sets that differ there cannot mean the same row.
    let key: Vec<usize> = condition
        .split(" and ")
        .filter_map(|one| one.trim().split_once(" = $")?.1.parse::<usize>().ok()?.checked_sub(1))
        .collect();
    let text = format!("{} from {} where {}", of_arrays(head), arrays(types, "", ""), of_arrays(condition));
    (!key.is_empty()).then_some(AtOnce { text, key })
}

fn arrays(types: &[&str], with: &str, also: &str) -> String {
    let list = |each: &dyn Fn(usize, &str) -> String| {
        types.iter().enumerate().map(|(i, t)| each(i + 1, t)).collect::<Vec<_>>().join(", ")
    };
    format!(
        "unnest({}){with} as many({}{also})",
        list(&|n, t| format!("${n}::{t}[]")),
        list(&|n, _| format!("a{n}"))
    )
}

/// `$3` becomes `many.a3`.
fn of_arrays(text: &str) -> String {
    let mut parts = text.split('$');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // Writing to a text cannot fail.
        let _ = write!(out, "many.a{part}");
    }
    out
}

/// Where the bracket closes that the text begins with.
fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut quoted) = (0_u32, false);
    for (at, c) in text.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{AtOnce, at_once};

    fn text(statement: &str, types: &[&str]) -> Option<String> {
        at_once(statement, types).map(|made| made.text)
    }

    #[test]
    fn an_insert_takes_its_rows_from_arrays_in_their_order() {
        assert_eq!(
            text("insert into t (a, b, c) values ($1, lower($2), $1)", &["int8", "text"]).as_deref(),
            Some(
                "insert into t (a, b, c) select many.a1, lower(many.a2), many.a1 from \
                 unnest($1::int8[], $2::text[]) with ordinality as many(a1, a2, place) order by many.place "
            )
        );
        assert!(
            text("insert into t (a) values ($1) on conflict (a) do nothing", &["int8"])
                .is_some_and(|made| made.ends_with("order by many.place on conflict (a) do nothing"))
        );
    }

    #[test]
    fn a_delete_names_its_rows_by_arrays() {
        assert_eq!(
            text("delete from t where a = $1 and b = $2", &["int8", "text"]).as_deref(),
            Some(
                "delete from t using unnest($1::int8[], $2::text[]) as many(a1, a2) where a = many.a1 and b = many.a2"
            )
        );
    }

    #[test]
    fn an_update_says_which_of_its_values_name_the_row() {
        assert_eq!(
            at_once("update t set a = a + $3 where b = $1 and c = $2 and d is null", &["int8", "int8", "int4"]),
            Some(AtOnce {
                text: "update t set a = a + many.a3 from unnest($1::int8[], $2::int8[], $3::int4[]) as many(a1, a2, a3) \
                       where b = many.a1 and c = many.a2 and d is null"
                    .into(),
                key: vec![0, 1],
            })
        );
    }

    #[test]
    fn what_would_mean_something_else_goes_row_by_row() {
        for text in [
            "insert into t (a) values ($1) on conflict (a) do update set b = 1",
            "insert into t (a) values ($1), ($2)",
            "insert into t (a) values ($1) returning a",
            "insert into t (a) select $1 from u",
            "update t set a = $1",
            "update t set a = $1 where b > $2",
            "update t set a = $1 where b = $2 or c = 3",
            "delete from t where a = $1 and b <> '$'",
        ] {
            assert_eq!(at_once(text, &["int8", "int8"]), None, "{text}");
        }
        assert_eq!(at_once("insert into t (a) values (1)", &[]), None);
    }
}
