//! A journey begun for everybody who is in a segment now: who is meant is decided once, and they begin in the order of their
//! numbers, spread over hours where that is asked, with a place that is kept in the transaction in which they begin.

use jiff::SignedDuration;
use kring_core::{Error, Id, Result, Timestamp};
use kring_db::{stored, two_faces};
use kring_frame::{Actor, House, Mark, Permit, PersonId, Tx, params, record, rules::Rule, sql};
use roaring::RoaringBitmap;

use crate::{
    journey::{self, Journey, JourneyState},
    run, say,
};

/// People who begin in one transaction.
const AT_ONCE: i64 = 200;

stored! {
    pub enum GroupState {
        Running = "running",
        Stopped = "stopped",
        Done = "done",
    }
}

record! {
    #[derive(Clone, Debug)]
    pub struct Group {
        pub id: Id<Group>,
        pub journey: Id<Journey>,
        pub version: i64,
        pub segment: i64,
        pub segment_name: String,
        pub by: String,
        people: Option<Vec<u8>>,
        pub total: i64,
        pub taken: i64,
        pub begun: i64,
        pub over_minutes: i64,
        pub state: GroupState,
        pub made_at: Timestamp,
    }
}

impl Group {
    /// How many should have been taken by now: evenly over its time, all at once without.
    fn should(&self, now: Timestamp) -> i64 {
        if self.over_minutes == 0 {
            return self.total;
        }
        let passed = now.duration_since(self.made_at);
        let over = SignedDuration::from_mins(self.over_minutes);
        let share = (passed.as_secs_f64() / over.as_secs_f64()).clamp(0.0, 1.0);
        // Rounded up, so that the first begins at once and somebody sees that it works.
        ((self.total as f64 * share).ceil() as i64).clamp(1, self.total)
    }
}

/// Those in a segment at this moment.
pub async fn who(tx: &mut Tx, segment: i64) -> Result<RoaringBitmap> {
    Ok(tx.people_who(&Rule::Segment(segment)).await?.is)
}

/// Begins it for everybody who is in a segment now.
pub async fn make(
    tx: &mut Tx,
    permit: &Permit,
    id: Id<Journey>,
    segment: i64,
    name: &str,
    over_minutes: i64,
) -> Result<Id<Group>> {
    let journey = journey::mine(tx, permit, id).await?;
    if journey.state != JourneyState::Live {
        return Err(Error::Conflict(say::not_at_rest()));
    }
    let people = who(tx, segment).await?;
    let mut bytes = Vec::with_capacity(people.serialized_size());
    people.serialize_into(&mut bytes).map_err(Error::broken)?;
    let (now, actor) = (tx.now(), tx.actor().id);
    let total = i64::try_from(people.len()).map_err(Error::broken)?;
    let (group,): (Id<Group>,) = tx
        .one(
            sql!(
                "insert into journey_groups (journey_id, version, segment_id, segment_name, actor_id, people, total, taken, begun,
                     over_minutes, state, made_at)
                 values ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8, 'running', $9) returning id"
            ),
            params![id, journey.version, segment, name, actor, bytes.as_slice(), total, over_minutes, now],
        )
        .await?;
    let detail = format!("group of {total} from segment {segment}");
    tx.trail(Mark::changed(permit, "journey").subject(id.get()).detail(detail)).await?;
    Ok(group)
}

/// The groups of a journey, newest first.
pub async fn of(tx: &mut Tx, id: Id<Journey>) -> Result<Vec<Group>> {
    tx.all(
        sql!(
            "select g.id, g.journey_id, g.version, g.segment_id, g.segment_name, a.name, g.people, g.total, g.taken, g.begun,
                    g.over_minutes, g.state, g.made_at
             from journey_groups g join actors a on a.id = g.actor_id where g.journey_id = $1 order by g.id desc limit 50"
        ),
        params![id],
    )
    .await
}

/// Nobody else of it begins. Whoever has begun goes on.
pub async fn stop(tx: &mut Tx, permit: &Permit, id: Id<Group>) -> Result<Id<Journey>> {
    let (journey,): (Id<Journey>,) =
        tx.one(sql!("select journey_id from journey_groups where id = $1"), params![id]).await?;
    journey::mine(tx, permit, journey).await?;
    let now = tx.now();
    tx.run(
        sql!(
            "update journey_groups set state = 'stopped', people = null, ended_at = $2 where id = $1 and state = 'running'"
        ),
        params![id, now],
    )
    .await?;
    tx.trail(Mark::changed(permit, "journey").subject(journey.get()).detail("group stopped")).await?;
    Ok(journey)
}

/// Some of a group begin; `false` when nobody is to begin now.
pub async fn step(house: &House) -> Result<bool> {
    let mut look = house.read(&Actor::robot()).await?;
    let running: Vec<(Id<Group>,)> = look
        .all(sql!("select id from journey_groups where state = 'running' order by id"), params![])
        .await?;
    drop(look);
    let mut some = false;
    for (id,) in running {
        some |= some_begin(house, id).await?;
    }
    Ok(some)
}

async fn some_begin(house: &House, id: Id<Group>) -> Result<bool> {
    let mut tx = house.write(&Actor::robot()).await?;
    let held: Option<Group> = tx
        .maybe(
            two_faces!(
                sqlite: "select g.id, g.journey_id, g.version, g.segment_id, g.segment_name, '', g.people, g.total, g.taken, g.begun,
                        g.over_minutes, g.state, g.made_at
                     from journey_groups g where g.id = $1 and g.state = 'running'",
                postgres: "select g.id, g.journey_id, g.version, g.segment_id, g.segment_name, '', g.people, g.total, g.taken, g.begun,
                        g.over_minutes, g.state, g.made_at
                     from journey_groups g where g.id = $1 and g.state = 'running' for update skip locked",
            ),
            params![id],
        )
        .await?;
    let Some(group) = held else { return Ok(false) };
    let journey = journey::one(&mut tx, group.journey).await?;
    if journey.state == JourneyState::Paused {
        return Ok(false);
    }
    let now = tx.now();
    let some = (group.should(now) - group.taken).min(AT_ONCE);
    if some <= 0 && group.taken < group.total {
        return Ok(false);
    }
    let people = RoaringBitmap::deserialize_from(group.people.as_deref().unwrap_or_default())
        .map_err(Error::broken)?;
    // Those who begin now begin with what is published now.
    let ready = journey::ready(&mut tx, group.journey, journey.version).await?;
    let mut begun = 0;
    let skipped = usize::try_from(group.taken).map_err(Error::broken)?;
    for person in people.iter().skip(skipped).take(usize::try_from(some).unwrap_or_default()) {
        let began = run::begin(&mut tx, &ready, PersonId::new(i64::from(person)), None).await?;
        begun += i64::from(began.is_ok());
    }
    let taken = group.taken + some;
    let done = taken >= group.total || journey.state == JourneyState::Ended;
    tx.run(
        sql!(
            "update journey_groups set taken = $2, begun = begun + $3, state = case when $4 then 'done' else state end,
                 people = case when $4 then null else people end, ended_at = case when $4 then $5 else ended_at end
             where id = $1"
        ),
        params![id, taken, begun, done, now],
    )
    .await?;
    tx.commit().await?;
    Ok(some > 0)
}
