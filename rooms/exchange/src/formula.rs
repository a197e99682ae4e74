//! Cells that a spreadsheet would take for a formula. In a file that leaves the house they become text by an
//! apostrophe in front, as spreadsheets themselves mark text; our import takes it away again.

use std::borrow::Cow;

/// The cell as it may stand in a CSV file.
pub fn safe(cell: &str) -> Cow<'_, str> {
    if is_formula(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// The cell without the mark that says "text". A lone mark is an empty cell.
pub fn unmark(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some("") => "",
        Some(rest) if is_formula(rest) || rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => cell,
    }
}

/// Whether some spreadsheet calculates with this: it begins with `=`, `+`, `-`, `@`, a tab or a line break, also
/// after quotes or blanks, which programs strip before they look. Plain numbers and phone numbers are harmless.
pub fn is_formula(cell: &str) -> bool {
    let quote = |c: char| matches!(c, '\'' | '"' | '`' | '’' | '‘' | '“' | '”' | '„');
    let start = cell.trim_start_matches(quote);
    if start.starts_with(['\t', '\r', '\n']) {
        return true;
    }
    let unseen = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
    };
    let start = start.trim_start_matches(|c| quote(c) || unseen(c));
    start.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '−']) && !is_number(start)
}

/// "-12,5", "+31612345678", "+31 6 1234 5678": a sign, then digits in groups, one decimal sign at most.
fn is_number(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['+', '-']) else { return false };
    let digits = rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | ',' | '.'));
    digits
        && rest.starts_with(|c: char| c.is_ascii_digit())
        && rest.ends_with(|c: char| c.is_ascii_digit())
        && rest.matches([',', '.']).count() <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMULAS: [&str; 30] = [
        "=1+1",
        "=HYPERLINK(\"http://evil\";\"x\")",
        "=cmd|' /C calc'!A0",
        "+1+1",
        "+cmd|' /C calc'!A0",
        "-1+1",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1)",
        "@A1",
        "\t=1",
        "\r=1",
        "\n=1",
        "\tplain",
        "\rplain",
        " =1",
        "  +A1",
        "'=1",
        "\"=1",
        "\"'=1",
        "' =1",
        "\u{a0}=1",
        "\u{feff}=1",
        "\u{200b}=1",
        "＝1+1",
        "＋1+A1",
        "－1+A1",
        "＠A1",
        "-",
        "+31-6",
        "+31 6=1",
    ];

    #[test]
    fn no_formula_leaves_the_house_and_each_comes_back_as_it_was() {
        for cell in FORMULAS {
            let sent = safe(cell);
            assert_eq!(sent, format!("'{cell}"), "{cell:?}");
            assert_eq!(unmark(&sent), cell, "{cell:?}");
        }
    }

    #[test]
    fn numbers_phones_and_names_stay_as_they_are() {
        for cell in [
            "-12",
            "-12,5",
            "+31612345678",
            "+31 6 1234 5678",
            "'t Hart",
            "'s-Gravenhage",
            "a=b",
            "",
            "-3.14",
        ] {
            assert_eq!(safe(cell), cell);
            assert_eq!(unmark(cell), cell);
        }
        assert_eq!(unmark("'"), "");
        assert_eq!(unmark("'+31 6 09928573"), "+31 6 09928573");
    }
}
