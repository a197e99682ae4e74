//! The rights of the person behind the row: to see everything we know, and to be forgotten. Every room says what it
//! knows and how it forgets; this one asks them all.

mod pages;

use kring_core::Result;
use kring_db::{Migration, migrations};
use kring_frame::{
    Deed, Forgotten, Mark, Permit, PersonId, Purpose, Right, Room, Section, Tx, fingerprint, params, sql,
};

kring_lang::words!();

const MIGRATIONS: &[Migration] = migrations!("privacy": "0001_privacy");

/// Answering access requests, and erasing.
pub static HANDLE_PRIVACY: Right = Right { key: "privacy.handle", purpose: Purpose::Legal };

pub fn room() -> Room {
    Room::new("privacy")
        .migrations(MIGRATIONS)
        .rights(&[&HANDLE_PRIVACY])
        .routes(pages::routes())
        .words(|lang, key| Words(lang).find(key))
        .panel(90, pages::panel)
        .knows_nobody()
}

/// All that every room knows of a person, with who looked at it. The asking is itself in the trail.
pub async fn dossier(tx: &mut Tx, permit: &Permit, person: PersonId) -> Result<Vec<Section>> {
    let house = tx.house().clone();
    let mut sections = Vec::new();
    for (_, dossier, _) in &house.rooms.people {
        sections.extend(dossier(tx, person).await?);
    }
    let looks: Vec<(String, String, kring_core::Timestamp)> = tx
        .all(sql!("select purpose, deed, at from trail where person_id = $1 order by at"), params![person])
        .await?;
    let looks: Vec<_> = looks
        .into_iter()
        .map(|(purpose, deed, at)| serde_json::json!({"purpose": purpose, "deed": deed, "at": at}))
        .collect();
    sections.push(Section { title: "trail".into(), data: serde_json::Value::Array(looks) });
    note(tx, permit, person, "access", 0).await?;
    tx.trail(Mark::of(Deed::Exported, permit.purpose(), "person").person(person).detail("dossier")).await?;
    Ok(sections)
}

/// Forgets a person in every room, in one transaction, and leaves tombstones. What was told of them stays in the
/// log under the bare number: it holds no name, address or word of theirs.
pub async fn erase(tx: &mut Tx, permit: &Permit, person: PersonId) -> Result<Forgotten> {
    let house = tx.house().clone();
    let now = tx.now();
    let known: Vec<(String,)> = tx
        .all(
            sql!("select canonical from contact_points where person_id = $1 union select value from identifiers where person_id = $1"),
            params![person],
        )
        .await?;
    let stones = known
        .iter()
        .map(|(value,)| params![fingerprint(&house, &format!("tombstone/{value}")), now])
        .collect();
    tx.many(
        sql!("insert into tombstones (hash, erased_at) values ($1, $2) on conflict (hash) do nothing"),
        stones,
    )
    .await?;
    let mut all = Forgotten::default();
    // From the rooms down to the hall: who builds on a row lets go of it first.
    for (_, _, forget) in house.rooms.people.iter().rev() {
        let gone = forget(tx, person).await?;
        all.erased += gone.erased;
        all.kept.extend(gone.kept);
    }
    note(tx, permit, person, "erasure", i64::try_from(all.erased).unwrap_or(i64::MAX)).await?;
    tx.trail(Mark::of(Deed::Erased, permit.purpose(), "person").person(person)).await?;
    Ok(all)
}

async fn note(tx: &mut Tx, permit: &Permit, person: PersonId, kind: &str, erased: i64) -> Result<()> {
    let now = tx.now();
    tx.run(
        sql!(
            "insert into privacy_requests (person_id, kind, at, actor_id, erased) values ($1, $2, $3, $4, $5)"
        ),
        params![person, kind, now, permit.actor(), erased],
    )
    .await
    .map(drop)
}
