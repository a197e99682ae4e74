//! What should not stand in free text. A national number is taken out before anything is stored, a bank account is
//! masked, and words that speak of somebody's health are left but pointed out: a machine cannot tell "he is ill today"
//! from a diagnosis, so a person decides.

use kring_core::Result;
use kring_formats::secret::{Place, scrub};
use kring_frame::{PersonId, Timestamp, Tx, params, record, sql};
use kring_lang::names::fold;

/// What was found in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub bsn: i64,
    pub iban: i64,
    pub health: i64,
}

impl Found {
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// Beginnings of words, folded. Conditions and treatments, not moods: "moe" and "druk" would drown the steward.
const HEALTH: &[&str] = &[
    "adhd",
    "autis",
    "depress",
    "dyslex",
    "epileps",
    "kanker",
    "chemo",
    "medicijn",
    "medicatie",
    "psychiat",
    "psycholo",
    "diagnose",
    "ziekenhuis",
    "burn out",
    "burnout",
    "verslaa",
    "zwanger",
    "diabet",
    "hiv",
    "angststoornis",
    "eetstoornis",
    "ptss",
    "handicap",
    "hospital",
    "cancer",
    "medication",
    "pregnan",
    "disorder",
    "disabilit",
    "addict",
];

/// Takes out what must not be kept, and says what was found. Pure.
pub fn clean(text: &mut String) -> Found {
    let scrubbed = scrub(text, Place::Free);
    let folded = format!(" {}", fold(text));
    let health = HEALTH.iter().filter(|word| folded.contains(&format!(" {word}"))).count() as i64;
    Found { bsn: scrubbed.bsn, iban: scrubbed.iban, health }
}

/// Cleans a text that somebody wrote about a person, and leaves a task for the data steward when there was something.
/// `place` is where it stands (`note`, `request`, `form`, `import`), `subject` the row, once it is known.
pub async fn report(
    tx: &mut Tx,
    person: Option<PersonId>,
    place: &str,
    subject: Option<i64>,
    found: Found,
) -> Result<()> {
    let (now, actor) = (tx.now(), tx.actor().id);
    let sets = [("bsn", found.bsn), ("iban", found.iban), ("health", found.health)]
        .into_iter()
        .filter(|(_, times)| *times > 0)
        .map(|(what, times)| params![person, place, what, times, subject, actor, now])
        .collect();
    tx.many(
        sql!(
            "insert into detections (person_id, place, what, times, subject_id, actor_id, at) values ($1, $2, $3, $4, $5, $6, $7)"
        ),
        sets,
    )
    .await
    .map(drop)
}

record! {
    /// Something for the data steward to look at.
    #[derive(Clone, Debug)]
    pub struct Detection {
        pub id: i64,
        pub person: Option<PersonId>,
        pub name: Option<String>,
        pub place: String,
        pub what: String,
        pub times: i64,
        pub by: String,
        pub at: Timestamp,
    }
}

/// Those that nobody has looked at yet, oldest first.
pub async fn open(tx: &mut Tx, most: u32) -> Result<Vec<Detection>> {
    tx.all(
        sql!(
            "select d.id, d.person_id, p.display_name, d.place, d.what, d.times, a.name, d.at
             from detections d left join people p on p.id = d.person_id join actors a on a.id = d.actor_id
             where d.handled_at is null order by d.id limit $1"
        ),
        params![most],
    )
    .await
}

/// How many wait.
pub async fn waiting(tx: &mut Tx) -> Result<i64> {
    let (n,) = tx.one(sql!("select count(*) from detections where handled_at is null"), params![]).await?;
    Ok(n)
}

/// The steward has looked at it.
pub async fn handle(tx: &mut Tx, id: i64) -> Result<()> {
    let (now, actor) = (tx.now(), tx.actor().id);
    let n = tx
        .run(
            sql!(
                "update detections set handled_at = $2, handled_by = $3 where id = $1 and handled_at is null"
            ),
            params![id, now, actor],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(kring_core::Error::NotFound) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_accounts_are_masked_and_health_is_pointed_out() {
        let mut text = "BSN 111222333, rekening NL91ABNA0417164300, heeft dyslexie en ADHD".to_owned();
        let found = clean(&mut text);
        assert_eq!(text, "BSN […], rekening NL••••4300, heeft dyslexie en ADHD");
        assert_eq!(found, Found { bsn: 1, iban: 1, health: 2 });
        let mut plain = "Belt maandag terug over de open dag, nummer 12345678".to_owned();
        assert!(clean(&mut plain).is_nothing(), "{plain}");
    }
}
