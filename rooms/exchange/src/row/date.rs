use jiff::civil::Date;

/// What stands in a column of birth days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    Full(Date),
    /// "1998", "00-00-1998".
    Year(i16),
    /// Empty, or said to be unknown.
    Unknown,
    /// 31 February, the year 1850, a day to come, or no day at all.
    Impossible,
}

const MONTHS: [&[&str]; 12] = [
    &["jan", "januari", "january"],
    &["feb", "februari", "february", "febr"],
    &["mrt", "maart", "mar", "march", "mrt."],
    &["apr", "april"],
    &["mei", "may"],
    &["jun", "juni", "june"],
    &["jul", "juli", "july"],
    &["aug", "augustus", "august"],
    &["sep", "sept", "september"],
    &["okt", "oktober", "oct", "october"],
    &["nov", "november"],
    &["dec", "december"],
];

/// Reads a day of birth as lists have them: 07-01-1987, 07.01.1987, 07/01/87, 1987-01-07, 7 Jan 1987. The day comes
/// before the month; a year of two digits is the latest that has been.
pub fn read(text: &str, today: Date) -> Day {
    let text = text.trim().to_lowercase();
    // A spreadsheet's midnight.
    let text = text
        .split_once([' ', 't'])
        .filter(|(_, time)| time.contains(':'))
        .map_or(text.as_str(), |(day, _)| day);
    if super::contact::is_nothing(text) {
        return Day::Unknown;
    }
    let parts: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || "-./,".contains(c)).filter(|p| !p.is_empty()).collect();
    let found = match parts.as_slice() {
        [all] => undivided(all, today),
        [a, b, c] if a.len() == 4 => day(c, b, a, today),
        // "May 16, 1993"
        [a, b, c] if month(a).is_some_and(|_| !a.starts_with(|c: char| c.is_ascii_digit())) => {
            day(b, a, c, today)
        }
        [a, b, c] => day(a, b, c, today),
        _ => None,
    };
    found.unwrap_or(Day::Impossible)
}

/// Whether this is written as a day, whenever that is.
pub fn is_day(text: &str) -> bool {
    matches!(read(text, Date::MAX), Day::Full(_))
}

fn undivided(text: &str, today: Date) -> Option<Day> {
    match (text.len(), text.get(..4), text.get(4..6), text.get(6..8)) {
        (4, Some(year), _, _) => a_year(year, today).map(Day::Year),
        (8, Some(year), Some(m), Some(d)) => match day(d, m, year, today) {
            Some(Day::Full(found)) => Some(Day::Full(found)),
            // 07011987
            _ => day(text.get(..2)?, text.get(2..4)?, text.get(4..)?, today),
        },
        _ => None,
    }
}

fn day(d: &str, m: &str, y: &str, today: Date) -> Option<Day> {
    let (d, m) = (number(d)?, month(m)?);
    if d == 0 || m == 0 {
        return (y.len() == 4).then(|| a_year(y, today).map(Day::Year))?;
    }
    let on = |year: i16| Date::new(year, i8::try_from(m).ok()?, i8::try_from(d).ok()?).ok();
    if y.len() == 2 {
        let short = i16::try_from(number(y)?).ok()?;
        let recent = on(2000 + short).filter(|day| *day <= today);
        return recent.or_else(|| on(1900 + short)).map(Day::Full);
    }
    on(a_year(y, today)?).filter(|day| *day <= today).map(Day::Full)
}

fn a_year(text: &str, today: Date) -> Option<i16> {
    let year = i16::try_from(number(text)?).ok()?;
    (text.len() == 4 && (1900..=today.year()).contains(&year)).then_some(year)
}

fn month(text: &str) -> Option<u16> {
    if let Some(at) = MONTHS.iter().position(|names| names.contains(&text)) {
        return u16::try_from(at + 1).ok();
    }
    number(text)
}

fn number(text: &str) -> Option<u16> {
    if text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn five_notations_and_what_never_was() {
        let today = date(2026, 11, 21);
        let full = |y, m, d| Day::Full(date(y, m, d));
        for (text, day) in [
            ("07-01-1987", full(1987, 1, 7)),
            ("04.11.2006", full(2006, 11, 4)),
            ("01/07/94", full(1994, 7, 1)),
            ("28/06/00", full(2000, 6, 28)),
            ("21/11/26", full(2026, 11, 21)),
            ("22/11/26", full(1926, 11, 22)),
            ("29/02/00", full(2000, 2, 29)),
            ("2001-04-18", full(2001, 4, 18)),
            ("2001-04-18 00:00", full(2001, 4, 18)),
            ("2001-04-18T00:00:00", full(2001, 4, 18)),
            ("16 May 1993", full(1993, 5, 16)),
            ("16 mei 1993", full(1993, 5, 16)),
            ("May 16, 1993", full(1993, 5, 16)),
            ("1 okt. 1999", full(1999, 10, 1)),
            ("19990131", full(1999, 1, 31)),
            ("31011999", full(1999, 1, 31)),
            ("1998", Day::Year(1998)),
            ("00-00-1990", Day::Year(1990)),
            ("", Day::Unknown),
            ("?", Day::Unknown),
            ("onbekend", Day::Unknown),
            ("31-02-2001", Day::Impossible),
            ("29-02-2001", Day::Impossible),
            ("01-13-1990", Day::Impossible),
            ("01-01-1850", Day::Impossible),
            ("01-01-2031", Day::Impossible),
            ("gisteren", Day::Impossible),
            ("1-2-3-4", Day::Impossible),
            ("é1-01-1990", Day::Impossible),
            ("99999", Day::Impossible),
        ] {
            assert_eq!(read(text, today), day, "{text}");
        }
    }
}
