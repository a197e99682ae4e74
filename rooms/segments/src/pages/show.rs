//! One segment: who is in it, who came and went and why, what it was before, and its snapshots.

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Id, Result, Timestamp};
use kring_frame::{Permit, PersonId, Route, Tx, Visit, params, rules::Rule, sql};
use kring_lang::{dates, numbers};
use kring_people::READ_PEOPLE;
use kring_web::{Choice, Chrome, Form};

use super::counted::{Counted, count, purposes};
use crate::{
    EDIT, USE, Words,
    cause::Causes,
    labels::Labels,
    membership::{self, Move, Tally},
    persona::{self, Persona},
    scope,
    segment::{self, Segment},
    sentence::Speaker,
    snapshot, who,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/segments/{id}", &USE, show),
        Route::post("/segments/{id}/archive", &EDIT, archive),
        Route::post("/segments/{id}/restore", &EDIT, restore),
        Route::post("/segments/{id}/snapshots", &EDIT, take),
        Route::get("/segments/{id}/snapshots/{snapshot}", &READ_PEOPLE, people_then),
    ]
}

#[derive(Template)]
#[template(path = "segment.html")]
struct SegmentPage {
    chrome: Chrome,
    w: Words,
    form: Form,
    segment: Segment,
    /// Where its buttons lead.
    people: String,
    edit: String,
    archive: String,
    restore: String,
    words: String,
    changed: String,
    used_by: String,
    persona: Option<Persona>,
    face: String,
    alike: String,
    /// What other rooms do with a segment: an icon, what it says, and where.
    offers: Vec<(&'static str, &'static str, String)>,
    may_change: bool,
    sees_people: bool,
    counted: Counted,
    purposes: Vec<Choice>,
    moves: Vec<MoveRow>,
    bars: Vec<Bar>,
    first_day: String,
    last_day: String,
    tallies: Vec<(String, i64, i64)>,
    versions: Vec<VersionRow>,
    snapshots: Vec<(i64, String, String)>,
}

struct MoveRow {
    person: PersonId,
    name: String,
    joined: bool,
    when: String,
    exact: String,
    because: String,
}

/// A day of the growth chart; heights from 0 to 40.
struct Bar {
    x: usize,
    up: i64,
    down: i64,
    says: String,
}

struct VersionRow {
    title: String,
    words: String,
    shift: String,
}

#[derive(Template)]
#[template(path = "segment_locked.html")]
struct LockedPage {
    chrome: Chrome,
    w: Words,
    name: String,
}

async fn show(v: Visit, permit: Permit) -> Result<Response> {
    let form = v.query()?;
    page(&v, &permit, form).await
}

async fn page(v: &Visit, permit: &Permit, form: Form) -> Result<Response> {
    let w = Words(v.lang);
    let id: Id<Segment> = v.path("id")?;
    let mut tx = v.house.read(&v.actor).await?;
    let segment = segment::one(&mut tx, id).await?;
    let rule = segment.rule()?;
    let chrome = v.chrome(&mut tx, segment.name.as_str()).await?;
    if !tx.may_ask(&rule).await? {
        return v.html(&LockedPage { chrome, w, name: segment.name });
    }
    let versions = segment::versions(&mut tx, id).await?;
    let rules: Vec<Rule> = versions.iter().map(segment::Version::rule).collect::<Result<_>>()?;
    let labels = Labels::of(&mut tx, v.lang, &rules.iter().collect::<Vec<_>>()).await?;
    let speaker = Speaker { lang: v.lang, facts: &v.house.rooms.facts, labels: &labels };
    let zone = &v.house.settings.zone;
    let now = tx.now();
    let among = scope::within(&mut tx, permit, &rule).await?;
    let counted = count(&mut tx, v, &form, &among, Some(id.get())).await?;
    let walled = scope::is_walled(&mut tx, permit).await?;
    let sees_people = v.actor.may(&READ_PEOPLE) && !walled;
    let moves = if sees_people { moves(&mut tx, v, id).await? } else { Vec::new() };
    // By days of the institution, the last of them today: a bar stands under the date on which somebody moved.
    let midnight = now.to_zoned(v.house.settings.zone.clone()).start_of_day().map_err(Error::broken)?;
    let since = midnight.timestamp() - jiff::SignedDuration::from_hours(24 * 30);
    let tally = if walled { Vec::new() } else { membership::tally(&mut tx, id, since).await? };
    let bars = bars(v, &tally, since);
    let mut by_cause: HashMap<&str, (i64, i64)> = HashMap::new();
    for one in &tally {
        let sum = by_cause.entry(one.cause.as_str()).or_default();
        *sum = (sum.0 + one.joined, sum.1 + one.gone);
    }
    let causes = Causes::new(v.lang);
    let mut tallies: Vec<(String, i64, i64)> =
        by_cause.into_iter().map(|(cause, (joined, gone))| (causes.kind(cause), joined, gone)).collect();
    tallies.sort_by_key(|(cause, joined, gone)| (std::cmp::Reverse(joined + gone), cause.clone()));
    let oldest = versions.last().map_or(1, |version| version.version);
    let versions = versions
        .iter()
        .zip(&rules)
        .map(|(version, rule)| VersionRow {
            title: format!(
                "{} · {} · {}",
                w.segment_version(version.version),
                dates::moment(version.at, zone, v.lang),
                version.by
            ),
            words: speaker.sentence(rule),
            shift: match (version.joined, version.gone) {
                _ if walled => String::new(),
                _ if version.version == oldest => w.show_version_first().to_owned(),
                (Some(joined), Some(gone)) => {
                    w.show_version_shift(numbers::int(joined, v.lang), numbers::int(gone, v.lang))
                }
                _ => String::new(),
            },
        })
        .collect();
    let kept = if walled { Vec::new() } else { snapshot::of_segment(&mut tx, id).await? };
    let snapshots = kept
        .into_iter()
        .map(|one| {
            let people = super::counted::shown(one.people.unsigned_abs(), v);
            let says = w.show_snapshot_of(people, dates::day(one.at, zone, v.lang), one.by.as_str());
            (one.id.get(), one.reason, says)
        })
        .collect();
    let used_by = segment::used_by(&mut tx, id).await?;
    let persona = persona::of_segment(&mut tx, id).await?;
    let offers = v.house.rooms.offers("segment", &v.actor);
    let offers = offers.map(|o| (o.icon, (o.label)(v.lang), format!("{}?segment={id}", o.href))).collect();
    let wrong = !form.faults().is_empty();
    let page = SegmentPage {
        chrome,
        w,
        people: format!("/people?segment={id}"),
        edit: format!("/segments/{id}/edit"),
        archive: format!("/segments/{id}/archive"),
        restore: format!("/segments/{id}/restore"),
        persona,
        face: format!("/segments/{id}/persona"),
        alike: format!("/segments/{id}/alike"),
        offers,
        words: speaker.sentence(&rule),
        changed: dates::relative(segment.changed_at, now, zone, v.lang),
        used_by: if used_by.is_empty() { String::new() } else { w.segment_used_by(used_by.join(", ")) },
        may_change: v.actor.may(&EDIT) && {
            let edit = v.actor.permit(&EDIT)?;
            segment::may_change(&tx, &edit, &segment)
        },
        sees_people,
        counted,
        purposes: purposes(v),
        moves,
        bars,
        first_day: dates::short_day(
            since + jiff::SignedDuration::from_hours(12),
            &v.house.settings.zone,
            v.lang,
        ),
        last_day: dates::short_day(v.house.clock.now(), &v.house.settings.zone, v.lang),
        tallies,
        versions,
        snapshots,
        segment,
        form,
    };
    if wrong { v.html_again(&page) } else { v.html(&page) }
}

async fn moves(tx: &mut Tx, v: &Visit, id: Id<Segment>) -> Result<Vec<MoveRow>> {
    const MOST: u32 = 50;
    let moves = membership::of_segment(tx, id, MOST).await?;
    let people: Vec<PersonId> = moves.iter().map(|one| one.person).collect();
    let names: HashMap<PersonId, String> =
        who::of(tx, v.lang, &people).await?.into_iter().map(|who| (who.id, who.name)).collect();
    let because = Causes::new(v.lang).of(tx, &moves).await?;
    let (zone, now) = (v.house.settings.zone.clone(), tx.now());
    Ok(moves
        .into_iter()
        .zip(because)
        .filter_map(|(one, because): (Move, String)| {
            Some(MoveRow {
                name: names.get(&one.person)?.clone(),
                person: one.person,
                joined: one.joined,
                when: dates::relative(one.at, now, &zone, v.lang),
                exact: dates::moment(one.at, &zone, v.lang),
                because,
            })
        })
        .collect())
}

/// Thirty days, joiners upwards and leavers downwards, as high as the busiest day.
fn bars(v: &Visit, tally: &[Tally], since: Timestamp) -> Vec<Bar> {
    const HIGH: i64 = 40;
    let of_day = |day: i64| {
        tally
            .iter()
            .filter(|one| one.day == day)
            .fold((0, 0), |sum, one| (sum.0 + one.joined, sum.1 + one.gone))
    };
    let days: Vec<(i64, i64)> = (0..31).map(of_day).collect();
    let most = days.iter().map(|(joined, gone)| *joined.max(gone)).max().unwrap_or_default();
    if most == 0 {
        return Vec::new();
    }
    let (w, zone) = (Words(v.lang), &v.house.settings.zone);
    let height = |n: i64| if n == 0 { 0 } else { (n * HIGH / most).max(2) };
    days.into_iter()
        .enumerate()
        .map(|(at, (joined, gone))| {
            // At noon, which is the same day also where the clocks went forward or back in between.
            let day = since + jiff::SignedDuration::from_hours(24 * at as i64 + 12);
            Bar {
                x: at * 10,
                up: height(joined),
                down: height(gone),
                says: w.show_growth_day(
                    dates::short_day(day, zone, v.lang),
                    numbers::int(joined, v.lang),
                    numbers::int(gone, v.lang),
                ),
            }
        })
        .collect()
}

async fn archive(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Segment> = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    segment::archive(&mut tx, &permit, id, true).await?;
    tx.commit().await?;
    v.see_done("/segments", "done-segment-archived", Some(&format!("/segments/{id}/restore")))
}

async fn restore(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Segment> = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    segment::archive(&mut tx, &permit, id, false).await?;
    tx.commit().await?;
    v.see_done(&format!("/segments/{id}"), "done-segment-restored", None)
}

async fn take(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Segment> = v.path("id")?;
    let mut form = v.form()?;
    let reason = form.required_line("reason", 300);
    if form.done().is_err() {
        return page(&v, &permit, form).await;
    }
    let mut tx = v.house.write(&v.actor).await?;
    let segment = segment::one(&mut tx, id).await?;
    if !tx.may_ask(&segment.rule()?).await? {
        return Err(Error::Forbidden);
    }
    if scope::is_walled(&mut tx, &permit).await? {
        return Err(Error::NotFound);
    }
    snapshot::take(&mut tx, &permit, &segment, &reason).await?;
    tx.commit().await?;
    v.see_done(&format!("/segments/{id}"), "done-segment-snapshot", None)
}

#[derive(Template)]
#[template(path = "snapshot.html")]
struct SnapshotPage {
    chrome: Chrome,
    w: Words,
    segment: Segment,
    reason: String,
    says: String,
    people: Vec<who::Who>,
    next: String,
}

async fn people_then(v: Visit, permit: Permit) -> Result<Response> {
    const PAGE: usize = 100;
    let w = Words(v.lang);
    let (id, number): (Id<Segment>, Id<snapshot::Snapshot>) = (v.path("id")?, v.path("snapshot")?);
    let mut tx = v.house.read(&v.actor).await?;
    let segment = segment::one(&mut tx, id).await?;
    if !tx.may_ask(&segment.rule()?).await? {
        return Err(Error::Forbidden);
    }
    if scope::is_walled(&mut tx, &permit).await? {
        return Err(Error::NotFound);
    }
    let all = snapshot::of_segment(&mut tx, id).await?;
    let one = all.into_iter().find(|one| one.id == number).ok_or(Error::NotFound)?;
    let after: i64 = v.query()?.get("after").parse().unwrap_or_default();
    let found: Vec<(PersonId,)> = tx
        .all(
            sql!(
                "select person_id from segment_snapshot_people where snapshot_id = $1 and person_id > $2 order by person_id limit $3"
            ),
            params![number, after, PAGE],
        )
        .await?;
    let ids: Vec<PersonId> = found.into_iter().map(|(id,)| id).collect();
    let next = match ids.last() {
        Some(last) if ids.len() == PAGE => format!("/segments/{id}/snapshots/{number}?after={last}"),
        _ => String::new(),
    };
    let people = who::of(&mut tx, v.lang, &ids).await?;
    let zone = &v.house.settings.zone;
    let says = w.show_snapshot_of(
        numbers::int(one.people, v.lang),
        dates::moment(one.at, zone, v.lang),
        one.by.as_str(),
    );
    let chrome = v.chrome(&mut tx, w.show_snapshot_people()).await?;
    v.html(&SnapshotPage { chrome, w, segment, reason: one.reason, says, people, next })
}
