use indicatif::ProgressBar;
use jiff::{SignedDuration, civil::Date};
use kring_core::{Chance, Lang, Result};
use kring_frame::{Actor, PersonId, Tx};
use kring_lang::names::{FormOfAddress, PersonName};
use kring_people::{NewPerson, person, roles};

use super::{Meerland, words};

/// Somebody of Meerland, as far as the year needs to know.
pub struct Somebody {
    pub id: PersonId,
    pub lang: Lang,
    /// How many questions a year, relative to others.
    pub asks: u64,
}

/// The kinds of people, in a hundred, and how often they ask.
const MIX: &[(&str, u64, u64)] = &[
    ("enrolled_student", 46, 10),
    ("prospect", 12, 5),
    ("applicant", 6, 8),
    ("alumnus", 22, 2),
    ("employee", 8, 6),
    ("company_contact", 4, 3),
    ("parent_guardian", 2, 3),
];

/// Those who are known when the year begins.
pub async fn make(m: &Meerland, count: u32, bar: &ProgressBar) -> Result<Vec<Somebody>> {
    bar.set_message("people");
    bar.set_length(count.into());
    bar.set_position(0);
    let mut everybody = Vec::new();
    let mut tx = m.house.write(&Actor::robot()).await?;
    for _ in 0..count {
        everybody.push(one(m, &mut tx).await?);
        bar.inc(1);
    }
    tx.commit().await?;
    Ok(everybody)
}

/// Somebody who comes to be known during the year.
pub async fn arrive(m: &Meerland) -> Result<Somebody> {
    let mut tx = m.house.write(&Actor::robot()).await?;
    let somebody = one(m, &mut tx).await?;
    tx.commit().await?;
    Ok(somebody)
}

async fn one(m: &Meerland, tx: &mut Tx) -> Result<Somebody> {
    let (kind, asks) = pick(&m.chance);
    let (name, lang) = name(&m.chance);
    let mark = m.chance.below(100_000);
    let phone = format!("06{:08}", 10_000_000 + m.chance.below(89_999_999));
    let new = NewPerson {
        emails: vec![mail(&name, mark, kind)],
        phones: if m.chance.below(10) < 6 { vec![phone] } else { Vec::new() },
        name,
        lang: Some(lang),
        birth_date: Some(birth(m, kind)),
        unit: None,
        source: "demo".into(),
        ..NewPerson::default()
    };
    let id = person::add(tx, &new).await?;
    let studies = matches!(kind, "enrolled_student" | "alumnus" | "prospect" | "applicant");
    let detail = if studies { words::pick(&m.chance, words::PROGRAMMES) } else { "" };
    let unit = if studies { m.units.get(5 + m.chance.below(2) as usize).copied() } else { None };
    let since = tx.now() - SignedDuration::from_hours(24 * m.chance.below(1_200) as i64);
    let since = since.to_zoned(m.house.settings.zone.clone()).date();
    roles::give(tx, id, kind, unit, detail, Some(since), "demo").await?;
    // One in twelve is two things at once.
    if m.chance.below(12) == 0 && kind != "alumnus" {
        roles::give(tx, id, "alumnus", None, words::pick(&m.chance, words::PROGRAMMES), None, "demo").await?;
    }
    Ok(Somebody { id, lang, asks })
}

fn pick(chance: &Chance) -> (&'static str, u64) {
    let mut draw = chance.below(MIX.iter().map(|m| m.1).sum());
    for (kind, share, asks) in MIX {
        if draw < *share {
            return (kind, *asks);
        }
        draw -= share;
    }
    ("enrolled_student", 1)
}

fn name(chance: &Chance) -> (PersonName, Lang) {
    let international = chance.below(12) == 0;
    let (first, form) = words::FIRST_NAMES
        .get(chance.below(words::FIRST_NAMES.len() as u64) as usize)
        .copied()
        .unwrap_or(("Kim", 'x'));
    let (prefix, last) = words::SURNAMES
        .get(chance.below(words::SURNAMES.len() as u64) as usize)
        .copied()
        .unwrap_or(("", "Smit"));
    let name = PersonName {
        preferred_name: first.to_owned(),
        initials: first.chars().take(1).chain(['.']).collect(),
        surname_prefix: prefix.to_owned(),
        surname: if chance.below(150) == 0 { String::new() } else { last.to_owned() },
        form_of_address: match form {
            'f' => FormOfAddress::Mrs,
            'm' => FormOfAddress::Mr,
            _ => FormOfAddress::Neutral,
        },
        ..PersonName::default()
    };
    (name, if international { Lang::En } else { Lang::Nl })
}

fn mail(name: &PersonName, n: u64, kind: &str) -> String {
    let local: String = kring_lang::names::fold(&name.display())
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '.' })
        .collect();
    let host = match kind {
        "enrolled_student" => "student.meerland.example",
        "employee" => "meerland.example",
        _ => "mail.example.com",
    };
    format!("{}{}@{host}", local.trim_matches('.').replace("..", "."), n)
}

fn birth(m: &Meerland, kind: &str) -> Date {
    let today = m.now.to_zoned(m.house.settings.zone.clone()).date();
    let age = match kind {
        "prospect" | "applicant" => 15 + m.chance.below(6),
        "enrolled_student" => 16 + m.chance.below(9),
        "alumnus" => 22 + m.chance.below(40),
        _ => 28 + m.chance.below(38),
    };
    let days = i64::try_from(age * 365 + m.chance.below(365)).unwrap_or(7_000);
    today.checked_sub(jiff::Span::new().days(days)).unwrap_or(today)
}
