//! Which rows are whose. A room names the tables in which a row belongs to a person or an organisation, so that when two
//! numbers turn out to be one their rows can be brought together, and brought apart again when they were not. Declared rather
//! than written out by each room: a merge that forgets one table would be found years later.

use kring_db::Sql;

/// A table with an `id`, and the column that says whose a row is. [`holding!`](crate::holding) makes one.
#[derive(Clone, Copy, Debug)]
pub struct Holding {
    pub table: &'static str,
    pub column: &'static str,
    /// Notes which rows will move: `$1` the merge, `$2` who is kept, `$3` who goes.
    pub note: Sql,
    /// Moves what was noted: `$1` the merge, `$2` who is kept.
    pub take: Sql,
    /// Moves back what was noted and has not gone elsewhere: `$1` the merge, `$2` who had gone, `$3` whose it is now.
    pub back: Sql,
}

/// `holding!("notes")`, or `holding!("relationships", in "other_id")` for another column than `person_id`. Where a row
/// could clash with one that the other has already, say when it stays where it is: `holding!("contact_points", unless
/// "exists (select 1 from contact_points k where k.person_id = $2 and …)")`, with `t` for the row itself. What stays is
/// kept under the number that has gone: a losing value, not a lost one.
#[macro_export]
macro_rules! holding {
    ($table:literal $(, unless $clash:literal)?) => {
        $crate::holding!($table, in "person_id" $(, unless $clash)?)
    };
    ($table:literal, in $column:literal) => {
        $crate::holding!($table, in $column, unless "false")
    };
    ($table:literal, in $column:literal, unless $clash:literal) => {
        $crate::Holding {
            table: $table,
            column: $column,
            note: $crate::Sql::same(concat!(
                "insert into merge_rows (merge_id, table_name, row_id) select $1, '", $table, ".", $column, "', t.id from ",
                $table, " t where cast($2 as bigint) is not null and t.", $column, " = $3 and not (", $clash, ")"
            )),
            take: $crate::Sql::same(concat!(
                "update ", $table, " set ", $column,
                " = $2 where id in (select row_id from merge_rows where merge_id = $1 and table_name = '", $table, ".", $column, "')"
            )),
            back: $crate::Sql::same(concat!(
                "update ", $table, " set ", $column, " = $2 where ", $column,
                " = $3 and id in (select row_id from merge_rows where merge_id = $1 and table_name = '", $table, ".", $column, "')"
            )),
        }
    };
}
