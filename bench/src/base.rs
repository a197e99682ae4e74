//! A base of so many people, with one of them having five thousand events behind them.

use indicatif::ProgressBar;
use kring_core::Chance;
use kring_db::Entry;
use kring_frame::{Actor, House, PersonId, Tx, params, sql};
use kring_lang::names::{PersonName, fold};

const FIRST: &[&str] =
    &["Noor", "Yassin", "Sem", "Lotte", "Daan", "Fatima", "Jan", "Kim", "Mei", "Piotr", "Renée", "IJsbrand"];
const LAST: &[(&str, &str)] = &[
    ("de", "Vries"),
    ("", "Bakker"),
    ("van den", "Berg"),
    ("", "Visser"),
    ("", "Öztürk"),
    ("'t", "Hart"),
    ("", "Nguyen"),
    ("", "Smit"),
];
const BATCH: u32 = 5_000;

/// Fills people, their addresses, roles and words in bulk, and gives the first one a long story.
pub async fn fill(house: &House, people: u32) -> kring_core::Result<PersonId> {
    let bar = ProgressBar::new(people.into());
    let chance = Chance::seeded(7);
    let mut first = None;
    let mut at = 0;
    while at < people {
        let n = BATCH.min(people - at);
        let mut tx = house.write(&Actor::robot()).await?;
        let from = batch(&mut tx, &chance, at, n).await?;
        first = first.or(Some(from));
        tx.commit().await?;
        at += n;
        bar.inc(n.into());
    }
    bar.finish_and_clear();
    let first = PersonId::new(first.unwrap_or(1));
    story(house, first).await?;
    Ok(first)
}

async fn batch(tx: &mut Tx, chance: &Chance, at: u32, n: u32) -> kring_core::Result<i64> {
    let now = tx.now();
    let names: Vec<PersonName> = (0..n)
        .map(|_| {
            let (prefix, last) =
                LAST.get(chance.below(LAST.len() as u64) as usize).copied().unwrap_or(("", "Smit"));
            PersonName {
                preferred_name: FIRST
                    .get(chance.below(FIRST.len() as u64) as usize)
                    .copied()
                    .unwrap_or("Kim")
                    .to_owned(),
                surname_prefix: prefix.to_owned(),
                surname: format!(
                    "{last}{}",
                    ["", "", "", "-Jansen", "sen"].get(chance.below(5) as usize).copied().unwrap_or("")
                ),
                ..PersonName::default()
            }
        })
        .collect();
    let (last,): (Option<i64>,) = tx.one(sql!("select max(id) from people"), params![]).await?;
    let from = last.unwrap_or(0) + 1;
    let rows = names
        .iter()
        .map(|name| {
            params![
                &name.preferred_name,
                &name.surname_prefix,
                &name.surname,
                name.display(),
                fold(&name.sort_name()),
                now
            ]
        })
        .collect();
    tx.many(
        sql!(
            "insert into people (preferred_name, surname_prefix, surname, display_name, sort_key, source, created_at, changed_at)
             values ($1, $2, $3, $4, $5, 'bench', $6, $6)"
        ),
        rows,
    )
    .await?;
    let id = |i: usize| from + i64::try_from(i).unwrap_or(0);
    let mail = |i: usize| format!("p{}@mail.example.com", at as usize + i);
    tx.many(
        sql!(
            "insert into contact_points (person_id, kind, value, canonical, source, added_at) values ($1, 'email', $2, $2, 'bench', $3)"
        ),
        (0..names.len()).map(|i| params![id(i), mail(i), now]).collect(),
    )
    .await?;
    tx.many(
        sql!("insert into party_roles (person_id, kind, detail, source) values ($1, $2, '', 'bench')"),
        (0..names.len())
            .map(|i| params![id(i), if i % 3 == 0 { "alumnus" } else { "enrolled_student" }])
            .collect(),
    )
    .await?;
    let mut words = Vec::new();
    for (i, name) in names.iter().enumerate() {
        let address = mail(i);
        words.extend(
            kring_people::words_of(name, std::iter::once(address.as_str()), std::iter::empty())
                .into_iter()
                .map(|w| params![w, id(i)]),
        );
    }
    tx.many(sql!("insert into person_words (word, person_id) values ($1, $2)"), words).await?;
    Ok(from)
}

/// Five thousand events: notes, which are told with their text.
pub async fn story(house: &House, person: PersonId) -> kring_core::Result<()> {
    let mut tx = house.write(&Actor::robot()).await?;
    let now = tx.now();
    let at = |n: i64| now - jiff::SignedDuration::from_mins(n * 37);
    tx.many(
        sql!("insert into notes (person_id, actor_id, text, at) values ($1, 1, $2, $3)"),
        (0..5_000).map(|n| params![person, format!("Gesprek nummer {n}"), at(n)]).collect(),
    )
    .await?;
    let notes: Vec<(i64, kring_core::Timestamp)> =
        tx.all(sql!("select id, at from notes where person_id = $1 order by id"), params![person]).await?;
    let entries = notes
        .into_iter()
        .map(|(id, at)| Entry {
            kind: "note.written",
            at,
            person: Some(person.get()),
            organisation: None,
            unit: None,
            actor: 1,
            purpose: "relation",
            subject: Some(id),
            payload: "{}".into(),
        })
        .collect();
    tx.log_many(entries).await?;
    tx.commit().await
}

/// A list as departments have them, of so many rows; another edition is of other people.
pub fn list(rows: u32, edition: u64) -> Vec<u8> {
    let chance = Chance::seeded(11 + edition);
    let mut csv = String::from(
        "Relatienr.;Roepnaam;Tussenv.;Achternaam;Geb.dat;E-mailadres;Mobiel;Postcode;Huisnr\r\n",
    );
    for n in 0..rows {
        let (prefix, last) =
            LAST.get(chance.below(LAST.len() as u64) as usize).copied().unwrap_or(("", "Smit"));
        let first = FIRST.get(chance.below(FIRST.len() as u64) as usize).copied().unwrap_or("Kim");
        csv.push_str(&format!(
            "L{edition}-{n};{first};{prefix};{last};{:02}-{:02}-{};import{n}.{edition}@mail.example.org;06{:08};{}AB;{}\r\n",
            1 + chance.below(28),
            1 + chance.below(12),
            1960 + chance.below(48),
            10_000_000 + chance.below(89_999_999),
            1000 + chance.below(8_999),
            1 + chance.below(300)
        ));
    }
    csv.into_bytes()
}
