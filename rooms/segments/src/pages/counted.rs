//! What a rule comes to: how many, who may be approached, some of them, and what it shares with other segments.

use kring_consent::Channel;
use kring_core::Result;
use kring_frame::{PersonId, Purpose, Tx, Visit, audience::By, rules::Rule};
use kring_lang::numbers;
use kring_people::READ_PEOPLE;
use kring_web::{Choice, Form};

use crate::{
    Words,
    reach::{self, PURPOSES, Reach},
    segment,
    who::{self, Who},
};

/// Fewer than these are not counted out to whoever may not see individuals: a count of three is three people.
pub const FEW: u64 = 10;
const SAMPLE: u32 = 5;

/// What a rule comes to, for whoever looks.
pub struct Counted {
    pub total: String,
    pub people: String,
    pub nobody: bool,
    pub slow: bool,
    pub mail: Option<Split>,
    pub phone: Option<Split>,
    pub sample: Vec<Who>,
    pub sample_of: String,
    pub overlap: Vec<(i64, String, String)>,
    pub seed: u64,
}

/// How many may be approached over one channel, as it is drawn.
pub struct Split {
    pub title: String,
    pub about: String,
    pub share: f64,
    pub rows: Vec<(&'static str, String, bool)>,
}

pub fn purposes(v: &Visit) -> Vec<Choice> {
    PURPOSES
        .iter()
        .map(|purpose| {
            let key = purpose.as_str();
            Choice::new(key, kring_people::Words(v.lang).find(&format!("purpose-{key}")).unwrap_or(key))
        })
        .collect()
}

pub fn purpose_of(form: &Form) -> Purpose {
    let typed = form.get("purpose");
    PURPOSES.into_iter().find(|purpose| purpose.as_str() == typed).unwrap_or(Purpose::Orientation)
}

/// A count as this visitor may read it.
pub fn shown(n: u64, v: &Visit) -> String {
    if n > 0 && n < FEW && !v.actor.may(&READ_PEOPLE) {
        return Words(v.lang).build_few(FEW as i64);
    }
    numbers::int(n as i64, v.lang)
}

impl Counted {
    /// Of a rule that is not right yet.
    pub fn unknown(form: &Form) -> Self {
        Self {
            total: "…".to_owned(),
            people: String::new(),
            nobody: false,
            slow: false,
            mail: None,
            phone: None,
            sample: Vec::new(),
            sample_of: String::new(),
            overlap: Vec::new(),
            seed: form.get("seed").parse().unwrap_or_default(),
        }
    }
}

/// Counts a rule that is right, with whoever may be approached, some of the people, and what it shares with other segments.
pub async fn count(tx: &mut Tx, v: &Visit, form: &Form, rule: &Rule, own: Option<i64>) -> Result<Counted> {
    let w = Words(v.lang);
    let answer = tx.count_people(rule).await?;
    let (total, sees) = (answer.is, v.actor.may(&READ_PEOPLE));
    let mut counted = Counted {
        total: shown(total, v),
        people: w.build_people(total as i64),
        nobody: total == 0,
        slow: answer.by == By::Database,
        ..Counted::unknown(form)
    };
    if total == 0 || (!sees && total < FEW) {
        return Ok(counted);
    }
    let purpose = purpose_of(form);
    let named =
        purposes(v).into_iter().find(|p| p.value == purpose.as_str()).map(|p| p.label).unwrap_or_default();
    for (channel, place) in [(Channel::Mail, &mut counted.mail), (Channel::Phone, &mut counted.phone)] {
        let reach = reach::reach(tx, rule, total, purpose, channel).await?;
        *place = Some(split(v, &reach, channel, total, &named));
    }
    if sees {
        let seed = if form.get("op") == "sample" { v.house.chance.below(1 << 31) } else { counted.seed };
        counted.seed = seed;
        counted.sample = sample(tx, v, rule, seed).await?;
        counted.sample_of = w.build_sample(numbers::int(total as i64, v.lang));
    }
    counted.overlap = overlap(tx, v, rule, total, own).await?;
    Ok(counted)
}

fn split(v: &Visit, reach: &Reach, channel: Channel, total: u64, purpose: &str) -> Split {
    let w = Words(v.lang);
    let (title, yes, none) = match channel {
        Channel::Phone => (w.reach_phone(shown(reach.yes, v)), w.reach_yes_phone(), w.reach_no_number()),
        _ => (w.reach_mail(shown(reach.yes, v)), w.reach_yes_mail(), w.reach_no_address()),
    };
    let mut rows = vec![(yes, shown(reach.yes, v), true)];
    for (label, n) in [
        (none, Some(reach.no_address)),
        (w.reach_objected(), Some(reach.objected)),
        (w.reach_no_consent(), reach.no_consent),
    ] {
        rows.extend(n.filter(|n| *n > 0).map(|n| (label, shown(n, v), false)));
    }
    Split { title, about: w.reach_for(purpose), share: reach.yes as f64 / total.max(1) as f64, rows }
}

async fn sample(tx: &mut Tx, v: &Visit, rule: &Rule, seed: u64) -> Result<Vec<Who>> {
    let drawn = match v.house.audience.ask(|index| index.sample(rule, SAMPLE, seed)) {
        Some(Ok(drawn)) => drawn,
        _ => tx.people_who(rule).await?.is.iter().take(SAMPLE as usize).map(i64::from).collect(),
    };
    let ids: Vec<PersonId> = drawn.into_iter().map(PersonId::new).collect();
    who::of(tx, v.lang, &ids).await
}

/// The saved segments that share most with this rule.
async fn overlap(
    tx: &mut Tx,
    v: &Visit,
    rule: &Rule,
    total: u64,
    own: Option<i64>,
) -> Result<Vec<(i64, String, String)>> {
    const MOST: usize = 5;
    let w = Words(v.lang);
    let Some(Ok(mine)) = v.house.audience.ask(|index| index.members(rule)) else { return Ok(Vec::new()) };
    let saved = segment::rules(tx).await?;
    let mut shared = Vec::new();
    for other in segment::all(tx, false).await? {
        let id = other.id.get();
        if Some(id) == own || !v.house.rooms.facts.may_ask(&v.actor, &saved, &other.rule()?) {
            continue;
        }
        let Some(Ok(theirs)) = v.house.audience.ask(|index| index.members_kept(id)) else { continue };
        let both = mine.intersection_len(&theirs);
        if both > 0 && (both >= FEW || v.actor.may(&READ_PEOPLE)) {
            shared.push((both, id, other.name));
        }
    }
    shared.sort_by_key(|(both, id, _)| (std::cmp::Reverse(*both), *id));
    shared.truncate(MOST);
    Ok(shared
        .into_iter()
        .map(|(both, id, name)| {
            let share = numbers::percent(both as f64 / total.max(1) as f64, 0, v.lang);
            (id, name, w.build_overlap_of(numbers::int(both as i64, v.lang), share))
        })
        .collect())
}
