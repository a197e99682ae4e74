//! The arcs that listening knows a number for: the report mark with its interval, and the promises to contact
//! somebody that were kept.

use jiff::SignedDuration;
use kring_core::{Lang, Result, Timestamp};
use kring_frame::{ArcState, RingArc, Tx, params, sql};
use kring_lang::numbers;
use kring_people::READ_FIGURES;
use kring_stats::{Answer, Level, Minimum, Sides, report_mark, share};

use crate::{CALL_BACK, READ_ANSWERS, Words, callback};

const FOUR_WEEKS: SignedDuration = SignedDuration::from_hours(24 * 28);
const WEEKS: i64 = 8;

/// The mean report mark of the last four weeks.
pub async fn measured(tx: &mut Tx, lang: Lang) -> Result<Option<ArcState>> {
    if !tx.actor().may(&READ_ANSWERS) {
        return Ok(None);
    }
    let w = Words(lang);
    let now = tx.now();
    let marks = marks(tx, now - FOUR_WEEKS - FOUR_WEEKS, now).await?;
    let recent: Vec<Answer> = marks
        .iter()
        .filter(|(_, _, at)| *at > now - FOUR_WEEKS)
        .map(|(person, mark, _)| answer(*person, *mark))
        .collect();
    let mut people: Vec<i64> = recent.iter().map(|a| a.person).collect();
    people.sort_unstable();
    people.dedup();
    let n = people.len() as i64;
    let mut arc = ArcState::new(RingArc::Measure, "/feedback");
    arc.what = w.arc_measured_few(n);
    if Minimum::SCORES.allows(people.len() as u64).is_ok()
        && let Ok(report) = report_mark(&recent, Level::P95, 1)
    {
        let found = &report.figure;
        arc.figure = numbers::decimal(found.estimate, 1, lang);
        if let (Some(low), Some(high)) = (found.low, found.high) {
            let (low, high) = ((low * 10.0).floor() / 10.0, (high * 10.0).ceil() / 10.0);
            arc.interval = format!("{}–{}", numbers::decimal(low, 1, lang), numbers::decimal(high, 1, lang));
        }
        arc.what = w.arc_measured(n);
        arc.points = by_week(&marks, now);
    }
    let wanting = callback::count_open(tx).await?;
    if wanting > 0 {
        arc.mine = Some(kring_web::Link::new(w.arc_contact(wanting), "/feedback"));
    }
    Ok(Some(arc))
}

fn answer(person: i64, mark: i64) -> Answer {
    Answer { person, mark: u8::try_from(mark).unwrap_or(0) }
}

async fn marks(tx: &mut Tx, from: Timestamp, to: Timestamp) -> Result<Vec<(i64, i64, Timestamp)>> {
    let actor = tx.actor().id;
    tx.all(
        sql!(
            "select r.person_id, a.number, r.at from responses r join answers a on a.response_id = r.id
             join questions q on q.id = a.question_id
             where q.kind = 'mark' and a.number is not null and r.at > $3 and r.at <= $4
               and r.unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2)"
        ),
        params![actor, READ_ANSWERS.key, from, to],
    )
    .await
}

/// Weekly means, oldest first; a week under the smallest group has no point.
fn by_week(marks: &[(i64, i64, Timestamp)], now: Timestamp) -> Vec<f64> {
    (0..WEEKS)
        .rev()
        .filter_map(|ago| {
            let (from, to) = (now - weeks(ago + 1), now - weeks(ago));
            let week: Vec<i64> = marks.iter().filter(|m| m.2 > from && m.2 <= to).map(|m| m.1).collect();
            Minimum::SCORES.allows(week.len() as u64).ok()?;
            Some(week.iter().sum::<i64>() as f64 / week.len() as f64)
        })
        .collect()
}

fn weeks(n: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * 7 * n)
}

/// Promises to contact somebody that were kept, over a quarter of a year.
pub async fn improved(tx: &mut Tx, lang: Lang) -> Result<Option<ArcState>> {
    let Some(right) = [&CALL_BACK, &READ_FIGURES].into_iter().find(|right| tx.actor().may(right)) else {
        return Ok(None);
    };
    let w = Words(lang);
    let (now, actor) = (tx.now(), tx.actor().id);
    let (kept, all, late): (i64, i64, i64) = tx
        .one(
            sql!(
                "select count(*) filter (where outcome = 'reached' and closed_at <= due_at),
                        count(*) filter (where due_at <= $3 or state = 'closed'),
                        count(*) filter (where state <> 'closed' and due_at < $3)
                 from callbacks where wanted_at > $4 and (outcome is null or outcome <> 'not_needed')
                   and unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2)"
            ),
            params![actor, right.key, now, now - weeks(13)],
        )
        .await?;
    let mut arc = ArcState::new(RingArc::Improve, "/feedback");
    arc.what = w.arc_kept_few(all);
    if Minimum::SCORES.allows(all.max(0) as u64).is_ok()
        && let Ok(found) = share(kept as u64, all as u64, Level::P95, Sides::Two)
    {
        arc.figure = numbers::percent(found.estimate, 0, lang);
        if let (Some(low), Some(high)) = (found.low, found.high) {
            arc.interval = format!("{}–{}", (low * 100.0).floor(), (high * 100.0).ceil());
        }
        arc.what = w.arc_kept(all);
    }
    if late > 0 {
        arc.broken = Some(w.arc_late(late));
    }
    Ok(Some(arc))
}
