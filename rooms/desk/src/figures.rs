//! The arcs that the desk knows a number for: how many were answered within the promise, and how many new people
//! came with a question.

use jiff::SignedDuration;
use kring_core::{Lang, Result, Timestamp};
use kring_frame::{ArcState, Right, RingArc, Tx, params, sql};
use kring_lang::numbers;
use kring_people::READ_FIGURES;
use kring_stats::{Level, Minimum, Sides, share};

use crate::{WORK_REQUESTS, Words, inbox};

const WEEKS: i64 = 8;

/// By which right this actor sees the figures of the desk: as somebody who works there, or as one who steers by numbers.
fn right(tx: &Tx) -> Option<&'static Right> {
    [&WORK_REQUESTS, &READ_FIGURES].into_iter().find(|right| tx.actor().may(right))
}

/// Answered within the promise, over the last 28 days, in the units this actor reaches.
pub async fn served(tx: &mut Tx, lang: Lang) -> Result<Option<ArcState>> {
    let Some(right) = right(tx) else { return Ok(None) };
    let works = right.key == WORK_REQUESTS.key;
    let w = Words(lang);
    let now = tx.now();
    let weeks = kept_by_week(tx, right, now).await?;
    let (kept, all) = weeks.iter().rev().take(4).fold((0, 0), |(k, n), (kept, all)| (k + kept, n + all));
    let mut arc = ArcState::new(RingArc::Serve, if works { "/desk" } else { "" });
    arc.what = w.arc_served_few(all);
    if Minimum::SCORES.allows(all.max(0) as u64).is_ok()
        && let Ok(found) = share(kept as u64, all as u64, Level::P95, Sides::Two)
    {
        arc.figure = numbers::percent(found.estimate, 0, lang);
        if let (Some(low), Some(high)) = (found.low, found.high) {
            arc.interval = format!("{}–{}", (low * 100.0).floor(), (high * 100.0).ceil());
        }
        arc.what = w.arc_served(all);
        arc.points = weeks.iter().filter(|(_, n)| *n > 0).map(|(k, n)| *k as f64 / *n as f64).collect();
    }
    if !works {
        return Ok(Some(arc));
    }
    let (open, late) = inbox::open_and_late(tx).await?;
    if late > 0 {
        arc.broken = Some(w.arc_broken(late));
    }
    if open > 0 {
        arc.mine = Some(kring_web::Link::new(w.arc_mine(open), "/desk"));
    }
    Ok(Some(arc))
}

/// Per week, oldest first: first answers within the promise, and requests whose promise has run out or was kept.
async fn kept_by_week(tx: &mut Tx, right: &Right, now: Timestamp) -> Result<Vec<(i64, i64)>> {
    let (week, actor) = (7 * 86_400_000_i64, tx.actor().id);
    let from = now - SignedDuration::from_hours(24 * 7 * WEEKS);
    let rows: Vec<(i64, i64, i64)> = tx
        .all(
            sql!(
                "select ($3 - due_at) / $4, count(*) filter (where answered_at <= due_at), count(*) from requests
                 where due_at > $5 and due_at <= $3 and (answered_at is not null or state <> 'closed')
                   and unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2)
                 group by 1 order by 1 desc"
            ),
            params![actor, right.key, now, week, from],
        )
        .await?;
    Ok((0..WEEKS).rev().map(|ago| rows.iter().find(|r| r.0 == ago).map_or((0, 0), |r| (r.1, r.2))).collect())
}

/// Per week, oldest first: people who came to be known. After a large import it is hundreds of thousands.
async fn added_by_week(tx: &mut Tx) -> Result<[i64; WEEKS as usize]> {
    const NAME: &str = "desk.added_by_week";
    let house = tx.house().clone();
    if let Some(weeks) = house.kept.get(NAME) {
        return Ok(weeks);
    }
    let begun = std::time::Instant::now();
    let (now, week) = (tx.now(), 7 * 86_400_000_i64);
    let from = now - SignedDuration::from_hours(24 * 7 * WEEKS);
    let rows: Vec<(i64, i64)> = tx
        .all(
            sql!(
                "select ($1 - at) / $2, count(*) from events where kind = 'person.added' and at > $3 and at <= $1
                 group by 1 order by 1 desc"
            ),
            params![now, week, from],
        )
        .await?;
    let ago = |ago| rows.iter().find(|(week, _)| *week == ago).map_or(0, |(_, n)| *n);
    let weeks = std::array::from_fn(|at| ago(WEEKS - 1 - at as i64));
    house.kept.put(NAME, begun, &weeks);
    Ok(weeks)
}

/// People who came to be known in the last 28 days.
pub async fn attracted(tx: &mut Tx, lang: Lang) -> Result<Option<ArcState>> {
    let reads = tx.actor().may(&kring_people::READ_PEOPLE);
    if !reads && !tx.actor().may(&READ_FIGURES) {
        return Ok(None);
    }
    let w = Words(lang);
    let weeks = added_by_week(tx).await?;
    let (last, before): (i64, i64) = (weeks.iter().rev().take(4).sum(), weeks.iter().rev().skip(4).sum());
    let mut arc = ArcState::new(RingArc::Attract, if reads { "/people" } else { "" });
    arc.figure = numbers::int(last, lang);
    arc.what = w.arc_attracted().to_owned();
    arc.trend = match last - before {
        0 => w.arc_same().to_owned(),
        more if more > 0 => w.arc_more(more),
        less => w.arc_less(-less),
    };
    arc.points = weeks.into_iter().map(|n| n as f64).collect();
    Ok(Some(arc))
}
