//! How good the relation base is, in numbers that each have one definition. Counted over everybody who is known: numbers
//! that were merged or forgotten are nobody.

use kring_consent::{Act, Age, Channel, Facts, MessageClass, Recipient, Standing, may};
use kring_core::Result;
use kring_frame::{PersonId, Purpose, Tx, params, sql};
use kring_people::{detect, duplicates};
use serde::{Deserialize, Serialize};

use crate::{claim, knowing};

/// Below this a share says more about one person than about the base.
pub const FEW: i64 = 10;

const PAGE: u32 = 2_000;

/// A part of a whole. The share is left out where the whole is smaller than [`FEW`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Share {
    pub part: i64,
    pub of: i64,
    /// From 0 to 1.
    pub share: Option<f64>,
}

impl Share {
    fn of(part: i64, of: i64) -> Self {
        Self { part, of, share: (of >= FEW).then(|| part as f64 / of as f64) }
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Quality {
    pub people: i64,
    pub organisations: i64,
    /// Pairs that are surely one person, and pairs that ask for a look, of all people.
    pub duplicates_sure: i64,
    pub duplicates_ask: i64,
    pub duplicate_rate: Share,
    /// Alive, with a mail address that works, and whom we may write to for service.
    pub contactable: Share,
    pub contactable_alumni: Share,
    pub contactable_students: Share,
    /// People who speak for a company.
    pub contactable_companies: Share,
    /// Alumni, and all people, whom exactly one colleague knows.
    pub known_by_one: i64,
    pub known_by_one_alumni: i64,
    /// No role, no relation, no consent and no contact: nothing on which to keep them.
    pub without_basis: i64,
    /// Whose address is shown to nobody.
    pub protected: i64,
    /// Younger than eighteen, as far as a date or year of birth says.
    pub minors: i64,
    /// Works somewhere by our books, and nobody confirmed it for two years.
    pub stale_employers: Share,
    /// Finds in free text that nobody looked at.
    pub detections_open: i64,
}

/// Everything, counted now. Reads the whole base: some seconds for a hundred thousand people.
pub async fn measure(tx: &mut Tx) -> Result<Quality> {
    let (people, protected): (i64, i64) = tx
        .one(
            sql!(
                "select count(*), count(*) filter (where address_protected) from people where state = 'known'"
            ),
            params![],
        )
        .await?;
    let (organisations,): (i64,) =
        tx.one(sql!("select count(*) from organisations where state = 'known'"), params![]).await?;
    let (sure, ask) = duplicates::waiting(tx).await?;
    let lone = knowing::alone(tx).await?;
    let mut quality = Quality {
        people,
        organisations,
        duplicates_sure: sure,
        duplicates_ask: ask,
        duplicate_rate: Share::of(sure + ask, people),
        known_by_one: lone.iter().map(|l| l.people).sum(),
        known_by_one_alumni: lone.iter().map(|l| l.alumni).sum(),
        without_basis: without_basis(tx).await?,
        protected,
        minors: minors(tx).await?,
        stale_employers: stale_employers(tx).await?,
        detections_open: detect::waiting(tx).await?,
        ..Quality::default()
    };
    contactable(tx, &mut quality).await?;
    Ok(quality)
}

async fn without_basis(tx: &mut Tx) -> Result<i64> {
    let (n,): (i64,) = tx
        .one(
            sql!(
                "select count(*) from people p where p.state = 'known' and p.last_contact_at is null
                   and not exists (select 1 from party_roles r where r.person_id = p.id)
                   and not exists (select 1 from relationships s where s.person_id = p.id or s.other_id = p.id)
                   and not exists (select 1 from consent_ledger c where c.person_id = p.id and c.act in ('consent', 'customer') and c.void_at is null)
                   and not exists (select 1 from events e where e.person_id = p.id and e.actor_id = 2)"
            ),
            params![],
        )
        .await?;
    Ok(n)
}

/// By date of birth, or by the year alone when in it nobody can have turned eighteen yet.
async fn minors(tx: &mut Tx) -> Result<i64> {
    let today = claim::today(tx);
    let grown = today.checked_sub(jiff::Span::new().years(18)).unwrap_or(today);
    let (n,): (i64,) = tx
        .one(
            sql!(
                "select count(*) from people where state = 'known' and not deceased
                   and (birth_date > $1 or (birth_date is null and birth_year > $2))"
            ),
            params![grown, i64::from(grown.year())],
        )
        .await?;
    Ok(n)
}

async fn stale_employers(tx: &mut Tx) -> Result<Share> {
    let today = claim::today(tx);
    let then = today.checked_sub(jiff::Span::new().years(2)).unwrap_or(today);
    let added = tx.now() - jiff::SignedDuration::from_hours(24 * 730);
    let (stale, all): (i64, i64) = tx
        .one(
            sql!(
                "select count(*) filter (where (r.confirmed_on is not null and r.confirmed_on < $1) or (r.confirmed_on is null and r.added_at < $2)),
                        count(*)
                 from relationships r join people p on p.id = r.person_id
                 where r.kind = 'employed_at' and r.valid_to is null and p.state = 'known'"
            ),
            params![then, added],
        )
        .await?;
    Ok(Share::of(stale, all))
}

/// Goes through everybody with the permission function itself, so that this number and what the house really sends cannot
/// come to mean different things.
async fn contactable(tx: &mut Tx, quality: &mut Quality) -> Result<()> {
    let today = claim::today(tx);
    let mut after = PersonId::new(0);
    let [mut all, mut alumni, mut students, mut companies] = [(0_i64, 0_i64); 4];
    loop {
        let page: Vec<(PersonId, bool, bool, Option<String>, Option<String>, bool, bool, bool)> = tx
            .all(
                sql!(
                    "select p.id, p.deceased,
                        exists (select 1 from contact_points c where c.person_id = p.id and c.kind = 'email' and c.state = 'fine') as mail,
                        (select l.act from consent_ledger l where l.person_id = p.id and l.act in ('block', 'unblock') and l.void_at is null
                             order by coalesce(l.said_at, l.at) desc, l.id desc limit 1),
                        (select l.act from consent_ledger l where l.person_id = p.id and l.purpose = 'service' and l.channel = 'mail'
                             and l.act not in ('block', 'unblock') and l.void_at is null
                             order by coalesce(l.said_at, l.at) desc, l.id desc limit 1),
                        exists (select 1 from party_roles r where r.person_id = p.id and r.kind = 'alumnus' and r.valid_to is null) as alumnus,
                        exists (select 1 from party_roles r where r.person_id = p.id and r.kind = 'enrolled_student'
                             and (r.valid_to is null or r.valid_to >= $3)) as student,
                        exists (select 1 from relationships s where s.person_id = p.id and s.valid_to is null
                             and s.kind in ('contact_of', 'supervisor_at', 'owner_of')) as company
                     from people p where p.state = 'known' and p.id > $1 order by p.id limit $2"
                ),
                params![after, PAGE, today],
            )
            .await?;
        let Some(last) = page.last() else { break };
        after = last.0;
        for (_, deceased, reachable, block, act, alumnus, student, company) in page {
            let standing = match act.as_deref().and_then(|a| a.parse::<Act>().ok()) {
                Some(Act::Withdrawal) => Standing::Withdrawn,
                Some(Act::Objection) => Standing::Objected,
                Some(Act::Consent) => Standing::Consented,
                Some(Act::Customer) => Standing::Customer,
                _ => Standing::Silent,
            };
            let facts = Facts {
                deceased,
                blocked: block.as_deref() == Some(Act::Block.as_str()),
                // A pause ends by itself: whoever asked for one can be reached all the same.
                paused: false,
                // Service asks neither for an age nor for whom somebody speaks.
                age: Age::Unknown,
                standing,
                reachable,
                recipient: Recipient::Person,
                cold: false,
            };
            let yes = may(&facts, Purpose::Service, Channel::Mail, MessageClass::Announcement).allowed;
            let count = |group: &mut (i64, i64), member: bool| {
                group.0 += i64::from(member && yes);
                group.1 += i64::from(member);
            };
            count(&mut all, true);
            count(&mut alumni, alumnus);
            count(&mut students, student);
            count(&mut companies, company);
        }
    }
    quality.contactable = Share::of(all.0, all.1);
    quality.contactable_alumni = Share::of(alumni.0, alumni.1);
    quality.contactable_students = Share::of(students.0, students.1);
    quality.contactable_companies = Share::of(companies.0, companies.1);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_few_is_not_said() {
        assert_eq!(Share::of(3, 9).share, None);
        assert_eq!(Share::of(0, 0).share, None);
        assert_eq!(Share::of(5, 10).share, Some(0.5));
    }
}
