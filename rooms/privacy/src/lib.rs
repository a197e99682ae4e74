//! The rights of the person behind the row: to see everything we know, and to be forgotten. Every room says what it
//! knows and how it forgets; this one asks them all.

mod detections;
mod pages;
pub mod readable;
pub mod retention;
mod settings;

use kring_core::Result;
use kring_db::{Migration, migrations};
use kring_frame::{
    About, Chore, Deed, Forgotten, Mark, Permit, PersonForgotten, PersonId, Place, Purpose, Right, Room,
    Section, Shelf, Tx, holding, params, sql,
};
use kring_people::{merge, suppression};

kring_lang::words!();

const MIGRATIONS: &[Migration] = migrations!("privacy": "0001_privacy", "0002_retention");

/// Answering access requests, and erasing.
pub static HANDLE_PRIVACY: Right = Right { key: "privacy.handle", purpose: Purpose::Legal };

pub fn room() -> Room {
    Room::new("privacy")
        .migrations(MIGRATIONS)
        .rights(&[&HANDLE_PRIVACY])
        .routes(pages::routes())
        .routes(settings::routes())
        .routes(detections::routes())
        .place(Place {
            icon: "lock",
            label: |lang| Words(lang).privacy(),
            href: "/privacy",
            rights: vec![&HANDLE_PRIVACY],
            order: 45,
            phone: false,
            count: Some(detections::count),
        })
        .tasks(detections::tasks)
        .shelf(Shelf { key: "privacy.found", rights: vec![&HANDLE_PRIVACY], fill: detections::shelf })
        .chore(Chore::new("privacy.retention", 1, |house| {
            Box::pin(async move { retention::nightly(&house).await })
        }))
        .words(|lang, key| Words(lang).find(key))
        .panel(90, pages::panel)
        .people(detections::dossier, detections::forget, &[holding!("privacy_requests")])
}

/// All that every room knows of a person, under their number and every number that was merged into it, with who looked at
/// it. The asking is itself in the trail.
pub async fn dossier(tx: &mut Tx, permit: &Permit, person: PersonId) -> Result<Vec<Section>> {
    let house = tx.house().clone();
    let person = merge::current(tx, person).await?;
    let mut sections = Vec::new();
    for number in merge::numbers_of(tx, person).await? {
        for (_, dossier, _) in &house.rooms.people {
            sections.extend(dossier(tx, number).await?);
        }
        let looks: Vec<(String, String, kring_core::Timestamp)> = tx
            .all(
                sql!("select purpose, deed, at from trail where person_id = $1 order by at"),
                params![number],
            )
            .await?;
        let looks: Vec<_> = looks
            .into_iter()
            .map(|(purpose, deed, at)| serde_json::json!({"purpose": purpose, "deed": deed, "at": at}))
            .collect();
        sections.push(Section { title: "trail".into(), data: serde_json::Value::Array(looks) });
    }
    note(tx, permit, person, "access", 0).await?;
    tx.trail(Mark::of(Deed::Exported, permit.purpose(), "person").person(person).detail("dossier")).await?;
    Ok(sections)
}

/// Forgets a person in every room, in one transaction, under their number and every number that was merged into it, and
/// leaves marks by which a list cannot bring them back. What was told of them stays in the log under the bare number: it
/// holds no name, address or word of theirs.
pub async fn erase(tx: &mut Tx, permit: &Permit, person: PersonId) -> Result<Forgotten> {
    let house = tx.house().clone();
    let person = merge::current(tx, person).await?;
    let numbers = merge::numbers_of(tx, person).await?;
    for number in &numbers {
        suppression::leave(tx, *number).await?;
    }
    let mut all = Forgotten::default();
    for number in &numbers {
        // From the rooms down to the hall: who builds on a row lets go of it first.
        for (_, _, forget) in house.rooms.people.iter().rev() {
            let gone = forget(tx, *number).await?;
            all.erased += gone.erased;
            all.kept.extend(gone.kept);
        }
        tx.tell(About::person(*number), &PersonForgotten {}).await?;
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
