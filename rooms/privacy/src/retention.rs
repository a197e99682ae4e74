//! How long relations are kept. A rule names a kind of relation and a time; it is previewed before it is switched on, and
//! then carried out every night, a few hundred at a time, through the same verb that forgets somebody who asks for it.

use jiff::SignedDuration;
use kring_core::{Error, Result, Timestamp};
use kring_db::stored;
use kring_frame::{Actor, House, Mark, Permit, PersonId, Tx, params, sql};
use kring_lang::dates;

use crate::{HANDLE_PRIVACY, erase};

stored! {
    /// A rule. The terms they are shipped with are templates: the institution decides.
    pub enum Rule {
        /// Whoever only oriented: so long after the last sign of life.
        Prospects = "prospects",
        /// Applicants who never enrolled.
        Applicants = "applicants",
        /// Contacts at organisations, after the last contact.
        Contacts = "contacts",
        /// Came by a list and no role, no request, no contact since.
        Strangers = "strangers",
    }
}

impl Rule {
    pub const fn shipped_months(self) -> i64 {
        match self {
            Self::Prospects | Self::Applicants | Self::Contacts => 24,
            Self::Strangers => 12,
        }
    }

    /// The kinds of role to which somebody must be limited for the rule to reach them.
    const fn kinds(self) -> &'static str {
        match self {
            Self::Prospects => " prospect visitor potential_client ",
            Self::Applicants => " prospect visitor applicant ",
            Self::Contacts => {
                " company_contact workplace_supervisor school_contact municipal_contact partner_contact referrer "
            }
            Self::Strangers => " ",
        }
    }
}

/// A rule as it is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    pub rule: Rule,
    pub months: i64,
    pub active: bool,
}

pub async fn settings(tx: &mut Tx) -> Result<Vec<Setting>> {
    let set: Vec<(Rule, i64, bool)> =
        tx.all(sql!("select rule_key, months, active from retention_rules"), params![]).await?;
    Ok(Rule::ALL
        .iter()
        .map(|rule| match set.iter().find(|(r, _, _)| r == rule) {
            Some((rule, months, active)) => Setting { rule: *rule, months: *months, active: *active },
            None => Setting { rule: *rule, months: rule.shipped_months(), active: false },
        })
        .collect())
}

/// Sets a rule, and switches it on or off.
pub async fn set(tx: &mut Tx, permit: &Permit, setting: Setting) -> Result<()> {
    if !(1..=600).contains(&setting.months) {
        return Err(Error::field("months", crate::say::months_range()));
    }
    let (now, actor) = (tx.now(), tx.actor().id);
    tx.run(
        sql!(
            "insert into retention_rules (rule_key, months, active, actor_id, at) values ($1, $2, $3, $4, $5)
             on conflict (rule_key) do update set months = excluded.months, active = excluded.active,
                 actor_id = excluded.actor_id, at = excluded.at"
        ),
        params![setting.rule, setting.months, setting.active, actor, now],
    )
    .await?;
    let detail = format!("rule={},months={},active={}", setting.rule, setting.months, setting.active);
    tx.trail(Mark::changed(permit, "retention").detail(detail)).await
}

/// Whom a rule reaches now: everybody whose roles are all of its kinds, of whom the last sign of life (contact, event of
/// their own, or coming to be known) is older than its term, and whom nobody has consent from. The first `most` by number.
pub async fn reached(tx: &mut Tx, setting: Setting, most: u32) -> Result<Vec<(PersonId, String)>> {
    let before = before(tx, setting.months);
    tx.all(
        sql!(
            "select p.id, p.display_name from people p
             where p.state = 'known' and p.created_at < $1 and (p.last_contact_at is null or p.last_contact_at < $1)
               and ($3 = ' ') = not exists (select 1 from party_roles r where r.person_id = p.id)
               and not exists (select 1 from party_roles r where r.person_id = p.id and $3 not like '% ' || r.kind || ' %')
               and not exists (select 1 from events e where e.person_id = p.id and e.at >= $1 and e.actor_id = 2)
               and not exists (select 1 from consent_ledger c where c.person_id = p.id and c.act = 'consent' and c.void_at is null
                    and coalesce(c.said_at, c.at) >= $1)
               and not exists (select 1 from relationships s where (s.person_id = p.id or s.other_id = p.id) and s.valid_to is null
                    and s.kind in ('parent_of', 'represents'))
             order by p.id limit $2"
        ),
        params![before, most, setting.rule.kinds()],
    )
    .await
}

fn before(tx: &Tx, months: i64) -> Timestamp {
    let zone = tx.house().settings.zone.clone();
    let day = dates::date_of(tx.now(), &zone);
    let then = day.checked_sub(jiff::Span::new().months(months)).unwrap_or(day);
    then.to_zoned(zone)
        .map_or_else(|_| tx.now() - SignedDuration::from_hours(24 * 30 * months), |z| z.timestamp())
}

/// Carries out what is switched on, once a day, a few hundred people at a time; `true` while there is more to do.
pub async fn nightly(house: &House) -> Result<bool> {
    const AT_ONCE: u32 = 200;
    let mut look = house.read(&Actor::robot()).await?;
    let today = dates::date_of(look.now(), &house.settings.zone).to_string();
    if look.fact("privacy.swept_on").await?.as_deref() == Some(today.as_str()) {
        return Ok(false);
    }
    let active: Vec<Setting> = settings(&mut look).await?.into_iter().filter(|s| s.active).collect();
    drop(look);
    for setting in active {
        let mut tx = house.write(&Actor::robot()).await?;
        let due = reached(&mut tx, setting, AT_ONCE).await?;
        if due.is_empty() {
            continue;
        }
        // The house carries out what a person switched on; the trail names the house and the rule.
        let permit = tx.actor().duty(&HANDLE_PRIVACY)?;
        for (person, _) in &due {
            erase(&mut tx, &permit, *person).await?;
        }
        let now = tx.now();
        tx.run(
            sql!("insert into retention_runs (rule_key, at, people) values ($1, $2, $3)"),
            params![setting.rule, now, due.len()],
        )
        .await?;
        tx.commit().await?;
        house.db.settle().await?;
        return Ok(true);
    }
    let mut tx = house.write(&Actor::robot()).await?;
    tx.set_fact("privacy.swept_on", &today).await?;
    tx.commit().await?;
    Ok(false)
}

/// What was carried out lately: rule, when, how many.
pub async fn runs(tx: &mut Tx) -> Result<Vec<(String, Timestamp, i64)>> {
    tx.all(sql!("select rule_key, at, people from retention_runs order by id desc limit 20"), params![]).await
}
