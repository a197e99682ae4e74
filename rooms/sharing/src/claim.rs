//! "I am in contact now." A claim holds until a day, warns whoever is about to approach, and blocks nobody.

use jiff::civil::Date;
use kring_consent::policy::{self, Limit};
use kring_core::{Error, Id, Lang, Result, Timestamp};
use kring_frame::{ActorId, ClaimEnded, ClaimMade, Mark, Permit, Tx, UnitId, params, record, sql};
use kring_lang::dates;
use kring_people::Party;

use crate::{colleague, party, say};

/// Two weeks, the last day included.
pub const USUAL_DAYS: i64 = 14;

record! {
    /// A claim with what a colleague needs to see of it.
    #[derive(Clone, Debug)]
    pub struct Claim {
        pub id: Id<Claim>,
        pub person: Option<kring_frame::PersonId>,
        pub organisation: Option<kring_frame::OrganisationId>,
        pub about: String,
        pub actor: ActorId,
        pub actor_name: String,
        pub unit: Option<UnitId>,
        pub unit_nl: Option<String>,
        pub unit_en: Option<String>,
        pub reason: String,
        pub from: Timestamp,
        pub until: Date,
    }
}

impl Claim {
    /// "Marit (Serviceplein)".
    pub fn who(&self, lang: Lang) -> String {
        let unit = match lang {
            Lang::Nl => &self.unit_nl,
            Lang::En => &self.unit_en,
        };
        match unit {
            Some(unit) => format!("{} ({unit})", self.actor_name),
            None => self.actor_name.clone(),
        }
    }

    pub fn party(&self) -> Result<Party> {
        party::of_row(self.person, self.organisation)
    }
}

pub fn today(tx: &Tx) -> Date {
    dates::date_of(tx.now(), &tx.house().settings.zone)
}

/// Claims that hold today, oldest first.
pub async fn of(tx: &mut Tx, party: Party) -> Result<Vec<Claim>> {
    let today = today(tx);
    let [person, organisation] = party.binds();
    tx.all(
        sql!(
            "select c.id, c.person_id, c.organisation_id, coalesce(p.display_name, o.name, ''), c.actor_id, a.name, c.unit_id,
                    u.name_nl, u.name_en, c.reason, c.from_at, c.until_day
             from claims c join actors a on a.id = c.actor_id left join units u on u.id = c.unit_id
             left join people p on p.id = c.person_id left join organisations o on o.id = c.organisation_id
             where (c.person_id = $1 or c.organisation_id = $2) and c.ended_at is null and c.until_day >= $3 order by c.id"
        ),
        vec![person, organisation, kring_db::ToValue::to_value(today)],
    )
    .await
}

/// Those of others than the actor at work: what they should see before they go on.
pub async fn of_others(tx: &mut Tx, party: Party) -> Result<Vec<Claim>> {
    let me = tx.actor().id;
    Ok(of(tx, party).await?.into_iter().filter(|c| c.actor != me).collect())
}

/// Claims that hold today and are the actor's own.
pub async fn mine(tx: &mut Tx) -> Result<Vec<Claim>> {
    let (today, me) = (today(tx), tx.actor().id);
    tx.all(
        sql!(
            "select c.id, c.person_id, c.organisation_id, coalesce(p.display_name, o.name, ''), c.actor_id, a.name, c.unit_id,
                    u.name_nl, u.name_en, c.reason, c.from_at, c.until_day
             from claims c join actors a on a.id = c.actor_id left join units u on u.id = c.unit_id
             left join people p on p.id = c.person_id left join organisations o on o.id = c.organisation_id
             where c.actor_id = $1 and c.ended_at is null and c.until_day >= $2 order by c.until_day, c.id limit 200"
        ),
        params![me, today],
    )
    .await
}

/// Claims that hold today of colleagues in this unit, without the actor's own.
pub async fn in_unit(tx: &mut Tx, unit: UnitId) -> Result<Vec<Claim>> {
    let (today, me) = (today(tx), tx.actor().id);
    tx.all(
        sql!(
            "select c.id, c.person_id, c.organisation_id, coalesce(p.display_name, o.name, ''), c.actor_id, a.name, c.unit_id,
                    u.name_nl, u.name_en, c.reason, c.from_at, c.until_day
             from claims c join actors a on a.id = c.actor_id left join units u on u.id = c.unit_id
             left join people p on p.id = c.person_id left join organisations o on o.id = c.organisation_id
             where c.unit_id = $1 and c.actor_id <> $2 and c.ended_at is null and c.until_day >= $3 order by c.until_day, c.id limit 200"
        ),
        params![unit, me, today],
    )
    .await
}

/// Claims a party for the actor at work, for so many days at most as the policy of their unit allows: longer is not contact
/// but ownership, and for that there are owners. One who has a claim already prolongs it. `seen` holds the numbers of the claims
/// that were on the page: when another has come since, nothing is written and the page is shown again.
pub async fn make(
    tx: &mut Tx,
    permit: &Permit,
    party: Party,
    reason: &str,
    until: Date,
    seen: &[Id<Claim>],
) -> Result<Id<Claim>> {
    let today = today(tx);
    let unit = colleague::unit_of(tx, tx.actor().id).await?;
    let most = policy::limit(tx, unit, Limit::ClaimDays).await?;
    let last = today.checked_add(jiff::Span::new().days(most)).unwrap_or(today);
    if until < today || until > last {
        return Err(Error::field("until", say::claim_until_range(most)));
    }
    party::name(tx, permit, party).await?;
    let others = of_others(tx, party).await?;
    if others.iter().any(|c| !seen.contains(&c.id)) {
        return Err(Error::field("", say::claim_others_first()));
    }
    let (now, me) = (tx.now(), tx.actor().id);
    let own = of(tx, party).await?.into_iter().find(|c| c.actor == me);
    let id = if let Some(own) = own {
        tx.run(
            sql!("update claims set reason = $2, until_day = $3 where id = $1"),
            params![own.id, reason, until],
        )
        .await?;
        own.id
    } else {
        let [person, organisation] = party.binds();
        let mut values = vec![person, organisation];
        values.extend(params![me, unit, reason, now, until]);
        let (id,): (Id<Claim>,) = tx
            .one(
                sql!(
                    "insert into claims (person_id, organisation_id, actor_id, unit_id, reason, from_at, until_day)
                     values ($1, $2, $3, $4, $5, $6, $7) returning id"
                ),
                values,
            )
            .await?;
        let told = ClaimMade { until: until.to_string(), beside: others.len() as i64 };
        tx.tell(party.about().subject(id.get()), &told).await?;
        id
    };
    tx.trail(marked(Mark::changed(permit, "claim"), party).subject(id.get())).await?;
    Ok(id)
}

/// A mark about a party: an organisation's number has no column of its own there.
pub fn marked(mark: Mark, party: Party) -> Mark {
    match party {
        Party::Person(id) => mark.person(id),
        Party::Organisation(id) => mark.detail(format!("organisation={id}")),
    }
}

/// Ends a claim of one's own, or takes the end back: the undo.
pub async fn end(tx: &mut Tx, permit: &Permit, id: Id<Claim>, again: bool) -> Result<Party> {
    let (now, me) = (tx.now(), tx.actor().id);
    let ended = if again { None } else { Some(now) };
    let found: Option<(Option<kring_frame::PersonId>, Option<kring_frame::OrganisationId>)> = tx
        .maybe(
            sql!(
                "update claims set ended_at = $3 where id = $1 and actor_id = $2 and (ended_at is null) = $4
                 returning person_id, organisation_id"
            ),
            params![id, me, ended, !again],
        )
        .await?;
    let (person, organisation) = found.ok_or(Error::NotFound)?;
    let party = party::of_row(person, organisation)?;
    tx.trail(marked(Mark::changed(permit, "claim"), party).subject(id.get())).await?;
    let about = party.about().subject(id.get());
    if !again {
        tx.tell(about, &ClaimEnded {}).await?;
    }
    Ok(party)
}
