//! What ends by itself on a birthday: at eighteen nobody speaks for somebody any more, and a parent's consent lapses. Age
//! itself is never stored; it is asked of the day of birth each time.

use jiff::civil::Date;
use kring_core::Result;
use kring_frame::{About, Actor, House, PersonId, Purpose, RelationshipEnded, Tx, UnitId, params, sql};
use kring_lang::dates;

use crate::{Act, Channel, Entry, record};

/// Once a day: ends the relations of guardians of those who came of age, and lifts what they consented to. `false` when it
/// was done today.
pub async fn nightly(house: &House) -> Result<bool> {
    let mut look = house.read(&Actor::robot()).await?;
    let today = dates::date_of(look.now(), &house.settings.zone);
    if look.fact("consent.came_of_age_on").await?.as_deref() == Some(today.to_string().as_str()) {
        return Ok(false);
    }
    let grown = today.checked_sub(jiff::Span::new().years(18)).unwrap_or(today);
    // Looked for beside the work of others: this goes through everybody, and writing would wait for it.
    let guards: Vec<(i64, PersonId, PersonId, String)> = look
        .all(
            sql!(
                "select r.id, r.person_id, r.other_id, r.kind from relationships r join people c on c.id = r.other_id
                 where r.kind = 'represents' and r.valid_to is null and c.birth_date is not null and c.birth_date <= $1"
            ),
            params![grown],
        )
        .await?;
    drop(look);
    let mut tx = house.write(&Actor::robot()).await?;
    tx.set_fact("consent.came_of_age_on", &today.to_string()).await?;
    let last = today.yesterday().unwrap_or(today);
    for (id, guardian, child, kind) in guards {
        let ended = sql!("update relationships set valid_to = $2 where id = $1 and valid_to is null");
        if tx.run(ended, params![id, last]).await? == 0 {
            continue;
        }
        let told = RelationshipEnded { kind: kind.clone(), other: Some(guardian.get()) };
        tx.tell(About::person(child).subject(id), &told).await?;
        let told = RelationshipEnded { kind, other: Some(child.get()) };
        tx.tell(About::person(guardian).subject(id), &told).await?;
    }
    let lapsed = lapsed(&mut tx, grown).await?;
    for (person, purpose, channel, controller) in lapsed {
        let (Ok(purpose), Ok(channel)) = (purpose.parse::<Purpose>(), channel.parse::<Channel>()) else {
            continue;
        };
        let entry = Entry { controller, ..Entry::new(person, purpose, channel, Act::Lifted, "came_of_age") };
        record(&mut tx, &entry).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// The newest word on a purpose is a parent's yes: it was theirs to give, and is no longer.
async fn lapsed(tx: &mut Tx, grown: Date) -> Result<Vec<(PersonId, String, String, Option<UnitId>)>> {
    tx.all(
        sql!(
            "select l.person_id, l.purpose, l.channel, l.controller_id from consent_ledger l join people p on p.id = l.person_id
             where l.act = 'consent' and l.given_by is not null and l.void_at is null and p.birth_date is not null and p.birth_date <= $1
               and not exists (select 1 from consent_ledger n where n.person_id = l.person_id and n.purpose = l.purpose
                    and n.channel = l.channel and n.void_at is null
                    and (coalesce(n.said_at, n.at), n.id) > (coalesce(l.said_at, l.at), l.id))"
        ),
        params![grown],
    )
    .await
}
