//! The pure parts on the real lists, on arbitrary bytes, and on files made to hurt.

use std::{collections::HashMap, io::Write};

use crate::common::fixture;
use jiff::civil::date;
use kring_core::Error;
use kring_exchange::{
    mapping::{Field, Mapping},
    reading::{self, Table},
    row::{self, Candidate, Remark},
    twins::{self, Face},
};
use proptest::prelude::*;

fn today() -> jiff::civil::Date {
    date(2026, 11, 21)
}

fn code(bytes: &[u8]) -> &'static str {
    match reading::read(bytes) {
        Err(Error::Invalid(faults)) => faults[0].what.code,
        other => panic!("{:?}", other.map(|t| t.rows.len())),
    }
}

#[test]
fn the_three_messy_lists_are_read() {
    let csv = reading::read(&fixture("people-messy.csv")).unwrap();
    assert_eq!((csv.rows.len(), csv.form.blank, csv.columns.len()), (9_840, 60, 15));
    assert_eq!((csv.form.encoding.as_str(), csv.form.delimiter.as_str()), ("utf-8", ";"));
    assert!(csv.form.title.starts_with("Uitdraai relaties CRM-oud"), "{}", csv.form.title);
    let old = reading::read(&fixture("people-messy-cp1252.csv")).unwrap();
    assert_eq!((old.form.encoding.as_str(), old.columns.len()), ("windows-1252", 15));
    assert!(old.rows[0].cells[1].starts_with("RENÉE"));
    let book = reading::read(&fixture("people-messy.xlsx")).unwrap();
    assert_eq!((book.form.sheet.as_str(), book.columns.len()), ("Relaties", 15));
    assert_eq!(book.columns, csv.columns);
    // The same rows, whichever form they came in.
    for (a, b) in csv.rows.iter().zip(&book.rows) {
        assert_eq!(a.cells, b.cells, "line {} and row {}", a.line, b.line);
    }
    use Field::*;
    let fields = [
        Number,
        FullName,
        PreferredName,
        Prefix,
        Surname,
        BirthDate,
        Email,
        Phone,
        Postcode,
        HouseNumber,
        City,
        Interest,
        Source,
        Notes,
        Newsletter,
    ];
    for table in [&csv, &old, &book] {
        assert_eq!(Mapping::guess(table).0, fields);
    }
}

fn cleaned(table: &Table) -> Vec<(u32, Candidate, Vec<Remark>)> {
    let mapping = Mapping::guess(table);
    let clean = |r: &reading::Record| {
        let cleaned = row::clean(&r.cells, &mapping, today());
        (r.line, cleaned.candidate, cleaned.remarks)
    };
    table.rows.iter().map(clean).collect()
}

#[test]
fn rows_become_people() {
    let table = reading::read(&fixture("people-messy.csv")).unwrap();
    let rows = cleaned(&table);
    let (_, first, remarks) = &rows[0];
    assert_eq!(first.name().display(), "Renée Visser");
    assert_eq!((first.number.as_str(), first.birth_date), ("401209", Some(date(1993, 5, 16))));
    assert_eq!((first.phones[0].as_str(), first.postcode.as_str()), ("+31613147088", "1476 AB"));
    assert_eq!((first.newsletter, remarks.len()), (Some(true), 0));
    let refused = rows.iter().filter(|(_, _, remarks)| remarks.iter().any(Remark::refuses)).count();
    assert!((1..40).contains(&refused), "only rows that were cut off are refused: {refused}");
    let invalid = |test: fn(&Remark) -> bool| rows.iter().flat_map(|(_, _, r)| r).filter(|r| test(r)).count();
    assert_eq!(invalid(|r| matches!(r, Remark::PhoneInvalid(_))), 0);
    assert_eq!(invalid(|r| matches!(r, Remark::MailInvalid(_))), 0);
    assert_eq!(invalid(|r| matches!(r, Remark::NewsletterUnclear(_))), 0);
    assert!(invalid(|r| matches!(r, Remark::MailRepaired(_))) > 500);
    assert_eq!(invalid(|r| matches!(r, Remark::DateImpossible(_))), 64);
    assert_eq!(invalid(|r| matches!(r, Remark::DateYearOnly(_))), 153);
}

/// Surely the same is joined without asking, so it has to be right; what it misses is only asked about.
#[test]
fn surely_the_same_is_hardly_ever_wrong() {
    let bytes = fixture("people-messy.csv");
    // The truth counts records, empty ones too, so the place of each line is found by reading them all.
    let text = String::from_utf8(bytes.clone()).unwrap();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .has_headers(false)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let record_of: HashMap<u64, usize> =
        reader.records().enumerate().map(|(n, r)| (r.unwrap().position().unwrap().line(), n)).collect();
    let truth: Vec<u32> = String::from_utf8(fixture("people-messy-truth.csv"))
        .unwrap()
        .lines()
        .skip(1)
        .map(|l| l.split(',').nth(1).unwrap().parse().unwrap())
        .collect();
    let rows = cleaned(&reading::read(&bytes).unwrap());
    let rows: Vec<_> =
        rows.into_iter().filter(|(_, _, remarks)| !remarks.iter().any(Remark::refuses)).collect();
    // Above the records are the title and the header.
    let person = |i: usize| truth[record_of[&u64::from(rows[i].0)] - 2];
    let faces: Vec<Face> = rows.iter().map(|(_, c, _)| Face::of(c)).collect();
    let found = twins::within(&faces, &[], &kring_exchange::weigh::Weighed::default());
    let (mut right, mut wrong) = (0_u32, 0_u32);
    for (i, first) in found.first.iter().enumerate().filter(|(i, first)| i != *first) {
        if person(i) == person(*first) {
            right += 1;
        } else {
            wrong += 1;
            println!("wrong: {:?} / {:?} ({:?})", rows[i].1, rows[*first].1, found.reason[i]);
        }
    }
    let mut seen: HashMap<u32, usize> = HashMap::new();
    for i in 0..rows.len() {
        *seen.entry(person(i)).or_default() += 1;
    }
    let all: usize = seen.values().map(|n| n - 1).sum();
    let likely_right = found.likely.iter().filter(|(a, b, _)| person(*a) == person(*b)).count();
    let precision = f64::from(right) / f64::from(right + wrong);
    let recall = f64::from(right) / all as f64;
    println!(
        "exact: precision {precision:.4}, recall {recall:.4} ({right} of {all}); likely: {} pairs, {likely_right} of them right",
        found.likely.len()
    );
    assert!(precision >= 0.995, "{precision}");
    assert!(recall >= 0.9, "{recall}");
}

#[test]
fn every_encoding_and_separator_is_found() {
    let text = "Naam;E-mailadres\nRenée Çelik;renee@example.org\nSøren Smit;soren@example.org\n";
    let utf16le: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let utf16be: Vec<u8> =
        [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    let bare16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (old, ..) = encoding_rs::WINDOWS_1252.encode(text);
    for bytes in [text.as_bytes(), format!("\u{feff}{text}").as_bytes(), &utf16le, &utf16be, &bare16, &old] {
        let table = reading::read(bytes).unwrap();
        assert_eq!(table.rows[0].cells, ["Renée Çelik", "renee@example.org"]);
        assert_eq!(table.rows[1].line, 3);
    }
    for delimiter in [",", "\t", "|"] {
        let table = reading::read(text.replace(';', delimiter).as_bytes()).unwrap();
        assert_eq!((table.columns.len(), table.form.delimiter.as_str()), (2, delimiter));
    }
    let headless = reading::read(b"Jan Bos;jan@example.org\nEva Smit;eva@example.org\n").unwrap();
    assert_eq!(
        (headless.rows.len(), headless.columns.as_slice()),
        (2, [String::new(), String::new()].as_slice())
    );
    assert_eq!(Mapping::guess(&headless).0[1], Field::Email);
    let one = reading::read(b"E-mailadres\njan@example.org\neva@example.org\n").unwrap();
    assert_eq!((one.columns.len(), one.rows.len()), (1, 2));
}

#[test]
fn files_made_to_hurt_are_refused_in_words() {
    assert_eq!(code(b""), "file-empty");
    assert_eq!(code(b"\n\n;;;\n"), "file-empty");
    assert_eq!(code(b"%PDF-1.7 ..."), "file-no-table");
    assert_eq!(code(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1]), "file-old-excel");
    assert_eq!(code(&vec![0; 100_000]), "file-no-table");
    assert_eq!(code(&(0..=255).cycle().take(50_000).collect::<Vec<u8>>()), "file-no-table");
    let wide = format!("a;b\n{}\n", "x;".repeat(1_000_000));
    assert_eq!(code(wide.as_bytes()), "file-too-wide");
    let open = format!("naam;mail\n\"Jan;jan@example.org\n{}", "Eva;eva@example.org\n".repeat(20));
    assert_eq!(code(open.as_bytes()), "file-quote-open");
    let swallowed = format!("naam;mail\n\"Jan;jan@example.org\n{}", "Eva;eva@example.org\n".repeat(100_000));
    assert_eq!(code(swallowed.as_bytes()), "file-quote-open");
    let nuls = reading::read("naam;mail\nJa\0n;jan@example.org\nEva;eva@example.org\nLang genoeg om een tekst te blijven;x@example.org\n\
        en nog een regel om het deel van de stuurtekens klein te houden;y@example.org\n".as_bytes()).unwrap();
    assert_eq!(nuls.rows[0].cells[0], "Jan");
}

#[test]
fn hostile_workbooks_are_refused_in_time() {
    let good = fixture("people-messy.xlsx");
    for cut in [10, 1_000, good.len() / 2, good.len() - 30] {
        assert_eq!(code(&good[..cut]), "file-damaged");
    }
    let mut flipped = good.clone();
    for at in (200..flipped.len()).step_by(997) {
        flipped[at] ^= 0x55;
    }
    let _ = reading::read(&flipped);
    assert_eq!(code(&book(&[("xl/worksheets/sheet1.xml", vec![b' '; 300 * 1024 * 1024])])), "file-bomb");
    let attributes: String = (0..100_000).map(|n| format!(" a{n}=\"1\"")).collect();
    assert_eq!(
        code(&book(&[("xl/workbook.xml", format!("<workbook{attributes}/>").into_bytes())])),
        "file-bomb"
    );
    let entities = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><x>&b;</x>";
    assert_eq!(code(&book(&[("xl/workbook.xml", entities.into())])), "file-bomb");
    let many: Vec<(String, Vec<u8>)> = (0..2_000).map(|n| (format!("f{n}.xml"), Vec::new())).collect();
    let many: Vec<(&str, Vec<u8>)> = many.iter().map(|(n, b)| (n.as_str(), b.clone())).collect();
    assert_eq!(code(&book(&many)), "file-bomb");
    assert_eq!(code(&book(&[("readme.txt", b"no workbook".to_vec())])), "file-damaged");
    // A lone cell in the last corner costs nothing; in a column of ours it would be the 16,384th.
    let corner = sheet(
        "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Naam</t></is></c></row>\
         <row r=\"1048576\"><c r=\"XFD1048576\" t=\"inlineStr\"><is><t>x</t></is></c></row>",
    );
    assert_eq!(code(&corner), "file-too-wide");
    // One long shared string, named by very many cells.
    let cells: String =
        (1..=60_000).map(|n| format!("<row r=\"{n}\"><c r=\"A{n}\" t=\"s\"><v>0</v></c></row>")).collect();
    let shared = format!(
        "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><si><t>{}</t></si></sst>",
        "x".repeat(90_000)
    );
    assert_eq!(code(&workbook(&cells, Some(&shared))), "file-bomb");
}

fn book(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn sheet(rows: &str) -> Vec<u8> {
    workbook(rows, None)
}

fn workbook(rows: &str, shared: Option<&str>) -> Vec<u8> {
    const NS: &str = "http://schemas.openxmlformats.org";
    let mut members = vec![
        ("[Content_Types].xml", format!("<Types xmlns=\"{NS}/package/2006/content-types\"/>")),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{NS}/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{NS}/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{NS}/spreadsheetml/2006/main\" xmlns:r=\"{NS}/officeDocument/2006/relationships\"><sheets><sheet name=\"Blad1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{NS}/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{NS}/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!(
                "<worksheet xmlns=\"{NS}/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData></worksheet>"
            ),
        ),
    ];
    if let Some(shared) = shared {
        members.push(("xl/sharedStrings.xml", shared.to_owned()));
    }
    let members: Vec<(&str, Vec<u8>)> = members.into_iter().map(|(n, t)| (n, t.into_bytes())).collect();
    book(&members)
}

#[test]
fn a_column_of_national_numbers_stays_one() {
    let table = reading::read(
        b"Naam;Kenmerk;BSN\nJan Bos;111222333;111222333\nEva Smit;123456782;\nBo;111222333;x\nCo;123456782;\nDo;111222333;\n",
    )
    .unwrap();
    let guess = Mapping::guess(&table);
    assert_eq!(guess.0, [Field::FullName, Field::Number, Field::Secret]);
    let chosen = Mapping::chosen(
        kring_exchange::Kind::People,
        &guess,
        vec![Field::FullName, Field::Secret, Field::Number],
    )
    .unwrap();
    assert_eq!(chosen.0, [Field::FullName, Field::Ignore, Field::Secret]);
    let twice = Mapping::chosen(kring_exchange::Kind::People, &guess, vec![Field::FullName, Field::FullName]);
    assert!(matches!(twice, Err(Error::Invalid(f)) if f[0].field == "column-1"));
    assert!(Mapping::chosen(kring_exchange::Kind::People, &guess, vec![Field::Email]).is_err());
}

fn cell() -> impl Strategy<Value = String> {
    // What survives reading: no control characters but line breaks, no blanks at the ends, no marks of text.
    "[a-zA-Zéßж0-9@.,;\"' \n-]{0,20}".prop_map(|s| s.replace('\'', "").trim().to_owned())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = reading::read(&bytes);
        let _ = reading::read(&[b"PK\x03\x04".as_slice(), &bytes].concat());
    }

    #[test]
    fn arbitrary_text_never_panics(cells in proptest::collection::vec(".{0,40}", 1..16)) {
        let text = cells.join(";");
        if let Ok(table) = reading::read(text.as_bytes()) {
            let mapping = Mapping::guess(&table);
            for row in &table.rows {
                row::clean(&row.cells, &mapping, today());
            }
        }
        use Field::*;
        let all = Mapping(vec![Number, FullName, PreferredName, Prefix, Surname, BirthDate, Email, Phone, Postcode, HouseNumber, City, Interest, Source, Notes, Newsletter, Initials]);
        let cleaned = row::clean(&cells, &all, today());
        for remark in &cleaned.remarks {
            prop_assert!(!remark.say(kring_core::Lang::Nl).is_empty());
        }
        let mut cell = cells.concat();
        row::secret::scrub(&mut cell, row::secret::Place::Free);
    }

    #[test]
    fn a_table_that_is_written_reads_back(rows in proptest::collection::vec((cell(), cell(), cell()), 2..20)) {
        let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
        writer.write_record(["Naam", "Plaats", "Opmerkingen"]).unwrap();
        for (a, b, c) in &rows {
            writer.write_record([a, b, c]).unwrap();
        }
        let written = writer.into_inner().unwrap();
        let kept: Vec<Vec<String>> = rows.iter().map(|(a, b, c)| vec![a.clone(), b.clone(), c.clone()])
            .filter(|r| r.iter().any(|c| !c.is_empty())).collect();
        match reading::read(&written) {
            Ok(table) => {
                let read: Vec<Vec<String>> = table.rows.into_iter().map(|r| r.cells).collect();
                let width = kept.iter().filter_map(|r| r.iter().rposition(|c| !c.is_empty())).max().map_or(3, |n| (n + 1).max(3));
                prop_assert_eq!(width, 3);
                prop_assert_eq!(read, kept);
            }
            Err(why) => prop_assert!(kept.is_empty(), "{}", why),
        }
    }
}
