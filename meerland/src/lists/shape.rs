use super::{DirtyList, Encoding, ListKind, Truth};

/// What a column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Number,
    Initials,
    Called,
    Prefix,
    Surname,
    Full,
    Reversed,
    Gender,
    Born,
    Mail,
    Phone,
    Street,
    House,
    Postcode,
    City,
    Programme,
    Year,
    Employer,
    Function,
    Teacher,
    Source,
    Date,
    Note,
    Letter,
    Bsn,
    Student,
    Amount,
    Company,
    Wish,
}

pub(super) const FIELDS: usize = Field::Wish as usize + 1;

/// How a department writes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub key: &'static str,
    pub delimiter: u8,
    pub encoding: Encoding,
    pub dates: Dates,
    pub phones: Phones,
    /// Everything in capitals, as old systems do.
    pub capitals: bool,
    pub columns: &'static [(&'static str, Field)],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dates {
    /// 22-06-1979
    Dutch,
    /// 22.06.79
    Dots,
    /// 1979-06-22
    Iso,
    /// 22 Jun 1979
    English,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phones {
    /// +31619000000
    Bare,
    /// 0619000000
    National,
    /// 06-19 00 00 00
    Spaced,
    /// 0031619000000
    Zeros,
}

/// Writes records in the shape's way and keeps the truth beside them.
pub(super) struct Sheet {
    key: &'static str,
    kind: ListKind,
    encoding: Encoding,
    out: csv::Writer<Vec<u8>>,
    truth: Vec<Truth>,
}

impl Sheet {
    pub fn new(
        key: &'static str,
        kind: ListKind,
        encoding: Encoding,
        delimiter: u8,
        title: &str,
        header: &[&str],
    ) -> Self {
        let mut start = Vec::new();
        if encoding == Encoding::Utf8Bom {
            start.extend("\u{feff}".bytes());
        }
        if !title.is_empty() {
            start.extend(encoded(title, encoding));
            start.extend(std::iter::repeat_n(delimiter, header.len().saturating_sub(1)));
            start.extend(b"\r\n");
        }
        let out = csv::WriterBuilder::new()
            .delimiter(delimiter)
            .terminator(csv::Terminator::CRLF)
            .flexible(true)
            .from_writer(start);
        let mut sheet = Self { key, kind, encoding, out, truth: Vec::new() };
        sheet.put(header);
        sheet
    }

    fn put<T: AsRef<str>>(&mut self, values: &[T]) {
        // Into memory: there is nothing that could fail.
        let _ = self.out.write_record(values.iter().map(|v| encoded(v.as_ref(), self.encoding)));
    }

    pub fn record<T: AsRef<str>>(&mut self, values: &[T], truth: Truth) {
        self.put(values);
        self.truth.push(Truth { line: self.truth.len() as u32 + 1, ..truth });
    }

    pub fn done(self) -> DirtyList {
        let bytes = self.out.into_inner().unwrap_or_default();
        DirtyList { key: self.key, kind: self.kind, encoding: self.encoding, bytes, truth: self.truth }
    }
}

/// In Windows-1252 what it does not have becomes a question mark, as in the lists that come that way.
fn encoded(text: &str, encoding: Encoding) -> Vec<u8> {
    if encoding != Encoding::Cp1252 {
        return text.as_bytes().to_vec();
    }
    let one = |c: char| match c {
        '\0'..='\u{7f}' | '\u{a0}'..='\u{ff}' => c as u8,
        '€' => 0x80,
        'Š' => 0x8a,
        'Œ' => 0x8c,
        'Ž' => 0x8e,
        '‘' => 0x91,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '–' => 0x96,
        'š' => 0x9a,
        'œ' => 0x9c,
        'ž' => 0x9e,
        'Ÿ' => 0x9f,
        _ => b'?',
    };
    text.chars().map(one).collect()
}

pub(super) fn date(day: jiff::civil::Date, dates: Dates) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (y, m, d) = (day.year(), day.month(), day.day());
    match dates {
        Dates::Dutch => format!("{d:02}-{m:02}-{y}"),
        Dates::Dots => format!("{d:02}.{m:02}.{:02}", y % 100),
        Dates::Iso => format!("{y}-{m:02}-{d:02}"),
        Dates::English => format!("{d} {} {y}", MONTHS.get(m as usize - 1).unwrap_or(&"")),
    }
}

pub(super) fn phone(number: &str, phones: Phones) -> String {
    let Some(rest) = number.strip_prefix("+31") else { return number.to_owned() };
    match phones {
        Phones::Bare => number.to_owned(),
        Phones::National => format!("0{rest}"),
        Phones::Zeros => format!("0031{rest}"),
        Phones::Spaced => {
            let digits: Vec<char> = rest.chars().skip(1).collect();
            let pairs: Vec<String> = digits.chunks(2).map(|p| p.iter().collect()).collect();
            format!("0{}-{}", rest.chars().take(1).collect::<String>(), pairs.join(" "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_of_dates_and_numbers() {
        let day = jiff::civil::date(1979, 6, 2);
        assert_eq!(date(day, Dates::Dutch), "02-06-1979");
        assert_eq!(date(day, Dates::Dots), "02.06.79");
        assert_eq!(date(day, Dates::English), "2 Jun 1979");
        assert_eq!(phone("+31619000123", Phones::Spaced), "06-19 00 01 23");
        assert_eq!(phone("+31619000123", Phones::Zeros), "0031619000123");
    }

    #[test]
    fn what_the_old_code_page_lacks_is_lost() {
        assert_eq!(encoded("Renée €5 Łukasz", Encoding::Cp1252), b"Ren\xe9e \x805 ?ukasz");
    }
}
