//! The pressure of contact: how often people are approached, by which unit and in which group, and what was held back. Counted
//! every night and kept, since at a million people the count goes through millions of approaches and its page must not.

use jiff::SignedDuration;
use kring_core::Result;
use kring_db::Sql;
use kring_frame::{Actor, House, Tx, UnitId, params, record, sql};
use kring_lang::dates;

use crate::{Approach, attention::cap};

/// Of how many days back it is counted.
pub const PERIODS: [i64; 3] = [30, 90, 365];

/// The day of the institution on which it was counted last.
const COUNTED: &str = "consent.pressure_on";

record! {
    /// A unit, a group of people, or everybody, in one period.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Figure {
        /// `unit`, `group`, `all`.
        pub part: String,
        pub key: String,
        pub promotion_mail: i64,
        pub promotion_call: i64,
        pub ask: i64,
        pub survey: i64,
        /// People who were approached, and those of them who have a cap that is used up at this moment.
        pub approached: i64,
        pub at_cap: i64,
        /// People there are in the group; of a unit nobody is a member.
        pub members: i64,
    }
}

impl Figure {
    pub fn approaches(&self) -> i64 {
        self.promotion_mail + self.promotion_call + self.ask + self.survey
    }
}

record! {
    /// How many messages were held back for one reason.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Refusals {
        pub unit: Option<UnitId>,
        pub reason: String,
        pub n: i64,
    }
}

/// A reason of the permission function or of the budget, and not of a relay or of a room that wanted it no more.
pub fn is_held_back(reason: &str) -> bool {
    matches!(reason, "over-cap" | "too-soon" | "paused-by-person")
        || reason.starts_with("no-") && crate::Words(kring_core::Lang::Nl).find(reason).is_some()
}

// Who has a cap of the institution that is used up, each over its own days ($1 to $8); what each person got from each unit
// since $9; and that by unit, by role as it stands on the day $10, and of everybody. One statement, so that the approaches
// are gone through once.
const FIGURES: Sql = sql!(
    "with capped as (
       select person_id from attention group by person_id
       having count(*) filter (where kind = 'promotion_mail' and at > $1) >= $2
         or count(*) filter (where kind = 'promotion_call' and at > $3) >= $4
         or count(*) filter (where kind = 'ask' and at > $5) >= $6
         or count(*) filter (where kind = 'survey' and at > $7) >= $8),
     per as (
       select person_id, unit_id, count(*) filter (where kind = 'promotion_mail') as mail,
         count(*) filter (where kind = 'promotion_call') as call, count(*) filter (where kind = 'ask') as ask,
         count(*) filter (where kind = 'survey') as survey
       from attention where at > $9 group by person_id, unit_id),
     sums as (
       select p.person_id, sum(p.mail) as mail, sum(p.call) as call, sum(p.ask) as ask, sum(p.survey) as survey,
         max(case when c.person_id is null then 0 else 1 end) as at_cap
       from per p left join capped c on c.person_id = p.person_id group by p.person_id)
     select 'unit', coalesce(cast(p.unit_id as text), ''), cast(sum(p.mail) as bigint), cast(sum(p.call) as bigint),
       cast(sum(p.ask) as bigint), cast(sum(p.survey) as bigint), count(*), cast(sum(s.at_cap) as bigint), cast(0 as bigint)
     from per p join sums s on s.person_id = p.person_id group by p.unit_id
     union all
     select 'group', r.kind, cast(coalesce(sum(s.mail), 0) as bigint), cast(coalesce(sum(s.call), 0) as bigint),
       cast(coalesce(sum(s.ask), 0) as bigint), cast(coalesce(sum(s.survey), 0) as bigint), count(s.person_id),
       cast(coalesce(sum(s.at_cap), 0) as bigint), count(*)
     from (select distinct person_id, kind from party_roles
           where person_id is not null and (valid_from is null or valid_from <= $10)
             and (valid_to is null or valid_to >= $10)) r
     left join sums s on s.person_id = r.person_id group by r.kind
     union all
     select 'all', '', cast(coalesce(sum(s.mail), 0) as bigint), cast(coalesce(sum(s.call), 0) as bigint),
       cast(coalesce(sum(s.ask), 0) as bigint), cast(coalesce(sum(s.survey), 0) as bigint), count(*),
       cast(coalesce(sum(s.at_cap), 0) as bigint), (select count(*) from people where state = 'known')
     from sums s"
);

/// What is counted of one period.
pub struct Counted {
    pub days: i64,
    pub figures: Vec<Figure>,
    pub refusals: Vec<Refusals>,
}

/// Whether it was not counted today.
pub async fn is_due(tx: &mut Tx) -> Result<bool> {
    let today = dates::date_of(tx.now(), &tx.house().settings.zone).to_string();
    Ok(tx.fact(COUNTED).await?.is_none_or(|day| day != today))
}

/// Counts the approaches of one period up to now.
pub async fn count(tx: &mut Tx, days: i64) -> Result<Vec<Figure>> {
    let (now, today) = (tx.now(), dates::date_of(tx.now(), &tx.house().settings.zone));
    let ago = |days: i64| now - SignedDuration::from_hours(24 * days);
    let mail = cap(tx, Approach::PromotionMail, None).await?;
    let call = cap(tx, Approach::PromotionCall, None).await?;
    let asked = cap(tx, Approach::Ask, None).await?;
    let survey = cap(tx, Approach::Survey, None).await?;
    tx.all(
        FIGURES,
        params![
            ago(mail.days),
            mail.most,
            ago(call.days),
            call.most,
            ago(asked.days),
            asked.most,
            ago(survey.days),
            survey.most,
            ago(days),
            today
        ],
    )
    .await
}

/// Keeps what was counted in the place of what stood there.
pub async fn keep(house: &House, counted: &[Counted]) -> Result<()> {
    let mut tx = house.write(&Actor::robot()).await?;
    let today = dates::date_of(tx.now(), &house.settings.zone);
    tx.run(sql!("delete from pressure_figures"), params![]).await?;
    tx.run(sql!("delete from pressure_refusals"), params![]).await?;
    for of in counted {
        for f in &of.figures {
            tx.run(
                sql!(
                    "insert into pressure_figures (days, part, part_key, promotion_mail, promotion_call, ask, survey, approached, at_cap,
                         members) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
                ),
                params![
                    of.days, &f.part, &f.key, f.promotion_mail, f.promotion_call, f.ask, f.survey, f.approached,
                    f.at_cap, f.members
                ],
            )
            .await?;
        }
        for r in &of.refusals {
            tx.run(
                sql!("insert into pressure_refusals (days, unit_id, reason, n) values ($1, $2, $3, $4)"),
                params![of.days, r.unit, &r.reason, r.n],
            )
            .await?;
        }
    }
    tx.set_fact(COUNTED, &today.to_string()).await?;
    tx.commit().await
}

/// What was counted last of a period, and on which day; `None` before the first night.
pub(crate) async fn kept(tx: &mut Tx, days: i64) -> Result<Option<(String, Counted)>> {
    let Some(day) = tx.fact(COUNTED).await? else { return Ok(None) };
    let figures = tx
        .all(
            sql!(
                "select part, part_key, promotion_mail, promotion_call, ask, survey, approached, at_cap, members
                 from pressure_figures where days = $1 order by part, part_key"
            ),
            params![days],
        )
        .await?;
    let refusals = tx
        .all(
            sql!("select unit_id, reason, n from pressure_refusals where days = $1 order by n desc, reason, unit_id"),
            params![days],
        )
        .await?;
    Ok(Some((day, Counted { days, figures, refusals })))
}
