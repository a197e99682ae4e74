//! What waits, in the order in which promises run out; and who is looking at what.

use jiff::SignedDuration;
use kring_core::{Id, Lang, Result, Timestamp};
use kring_frame::{ActorId, Found, Permit, Task, Tx, params, record, sql};
use kring_lang::dates;

use crate::{Request, RequestState, WORK_REQUESTS, Words};

/// Who has not been seen for this long has gone.
const GONE: SignedDuration = SignedDuration::from_secs(25);

record! {
    #[derive(Clone, Debug)]
    pub struct Item {
        pub id: Id<Request>,
        pub person_name: String,
        pub subject: String,
        pub channel: String,
        pub lang: Lang,
        pub state: RequestState,
        pub topic_nl: String,
        pub topic_en: String,
        pub owner: Option<ActorId>,
        pub owner_name: Option<String>,
        pub opened_at: Timestamp,
        pub due_at: Timestamp,
        pub answered_at: Option<Timestamp>,
        /// Somebody else who is looking now.
        pub looking: Option<String>,
    }
}

/// Which requests the list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Everything open in my units.
    Open,
    Mine,
    Closed,
}

/// A page of requests: open ones by promise, closed ones by when.
pub async fn list(tx: &mut Tx, permit: &Permit, view: View, most: u32) -> Result<Vec<Item>> {
    let seen = tx.now() - GONE;
    let params = params![permit.actor(), permit.right(), seen, most];
    match view {
        View::Open => {
            tx.all(
                sql!(
                    "select r.id, p.display_name, r.subject, r.channel, r.lang, r.state, t.name_nl, t.name_en, r.owner_id, a.name,
                            r.opened_at, r.due_at, r.answered_at,
                            (select min(la.name) from request_looking l join actors la on la.id = l.actor_id
                              where l.request_id = r.id and l.actor_id <> $1 and l.seen_at > $3)
                     from requests r join people p on p.id = r.person_id join topics t on t.id = r.topic_id
                     left join actors a on a.id = r.owner_id
                     where r.state in ('new', 'assigned', 'waiting')
                       and r.unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2)
                     order by case when r.state = 'waiting' then 1 else 0 end, r.due_at, r.id limit $4"
                ),
                params,
            )
            .await
        }
        View::Mine => {
            tx.all(
                sql!(
                    "select r.id, p.display_name, r.subject, r.channel, r.lang, r.state, t.name_nl, t.name_en, r.owner_id, a.name,
                            r.opened_at, r.due_at, r.answered_at,
                            (select min(la.name) from request_looking l join actors la on la.id = l.actor_id
                              where l.request_id = r.id and l.actor_id <> $1 and l.seen_at > $3)
                     from requests r join people p on p.id = r.person_id join topics t on t.id = r.topic_id
                     left join actors a on a.id = r.owner_id
                     where r.state in ('new', 'assigned', 'waiting') and r.owner_id = $1
                       and r.unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2)
                     order by case when r.state = 'waiting' then 1 else 0 end, r.due_at, r.id limit $4"
                ),
                params,
            )
            .await
        }
        View::Closed => {
            tx.all(
                sql!(
                    "select r.id, p.display_name, r.subject, r.channel, r.lang, r.state, t.name_nl, t.name_en, r.owner_id, a.name,
                            r.opened_at, r.due_at, r.answered_at,
                            (select min(la.name) from request_looking l join actors la on la.id = l.actor_id
                              where l.request_id = r.id and l.actor_id <> $1 and l.seen_at > $3)
                     from requests r join people p on p.id = r.person_id join topics t on t.id = r.topic_id
                     left join actors a on a.id = r.owner_id
                     where r.state = 'closed'
                       and r.unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2)
                     order by r.closed_at desc, r.id desc limit $4"
                ),
                params,
            )
            .await
        }
    }
}

/// Open requests that wait for us, for the number in the rail.
pub async fn count_open(tx: &mut Tx) -> Result<i64> {
    let (n, _) = open_and_late(tx).await?;
    Ok(n)
}

/// How many wait for us, and how many of those are late.
pub async fn open_and_late(tx: &mut Tx) -> Result<(i64, i64)> {
    let (actor, now) = (tx.actor().id, tx.now());
    tx.one(
        sql!(
            "select count(*), count(*) filter (where due_at < $3 and answered_at is null) from requests
             where state in ('new', 'assigned')
               and unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2)"
        ),
        params![actor, WORK_REQUESTS.key, now],
    )
    .await
}

/// Notes that this actor is looking at a request; returns who else is.
pub async fn look(tx: &mut Tx, permit: &Permit, id: Id<Request>) -> Result<Vec<(String, Timestamp)>> {
    let now = tx.now();
    tx.run(
        sql!(
            "insert into request_looking (request_id, actor_id, since, seen_at) values ($1, $2, $3, $3)
             on conflict (request_id, actor_id) do update set
                 since = case when request_looking.seen_at < $4 then $3 else request_looking.since end, seen_at = $3"
        ),
        params![id, permit.actor(), now, now - GONE],
    )
    .await?;
    tx.all(
        sql!(
            "select a.name, l.since from request_looking l join actors a on a.id = l.actor_id
             where l.request_id = $1 and l.actor_id <> $2 and l.seen_at > $3 order by l.since"
        ),
        params![id, permit.actor(), now - GONE],
    )
    .await
}

/// What waits for me, for the list of the day.
pub async fn tasks(tx: &mut Tx, lang: Lang) -> Result<Vec<Task>> {
    let (actor, w) = (tx.actor().clone(), Words(lang));
    if !actor.may(&WORK_REQUESTS) {
        return Ok(Vec::new());
    }
    let mine: Vec<(Id<Request>, String, String, Timestamp)> = tx
        .all(
            sql!(
                "select r.id, p.display_name, r.subject, r.due_at from requests r join people p on p.id = r.person_id
                 where r.state in ('new', 'assigned') and (r.owner_id = $1 or r.owner_id is null)
                   and r.unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2)
                 order by r.due_at limit 20"
            ),
            params![actor.id, WORK_REQUESTS.key],
        )
        .await?;
    Ok(mine
        .into_iter()
        .map(|(id, person, subject, due)| Task {
            icon: "chat",
            title: w.task_answer(person),
            href: format!("/desk/{id}"),
            text: subject,
            due: Some(due),
        })
        .collect())
}

/// Requests whose subject or number matches, of the units this actor reaches.
pub async fn find(tx: &mut Tx, lang: Lang, words: &str) -> Result<Vec<Found>> {
    let actor = tx.actor().clone();
    if !actor.may(&WORK_REQUESTS) {
        return Ok(Vec::new());
    }
    let needle = words.to_lowercase().replace(['%', '_', '\\'], " ");
    let found: Vec<(Id<Request>, String, String, Timestamp)> = tx
        .all(
            sql!(
                "select r.id, p.display_name, r.subject, r.opened_at from requests r join people p on p.id = r.person_id
                 where (lower(r.subject) like '%' || $3 || '%' or r.id = $4)
                   and r.unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2)
                 order by r.id desc limit 20"
            ),
            params![actor.id, WORK_REQUESTS.key, needle, words.parse::<i64>().unwrap_or_default()],
        )
        .await?;
    let (now, zone) = (tx.now(), tx.house().settings.zone.clone());
    Ok(found
        .into_iter()
        .map(|(id, person, subject, at)| Found {
            icon: "chat",
            title: subject,
            text: format!("{person} · {}", dates::relative(at, now, &zone, lang)),
            href: format!("/desk/{id}"),
        })
        .collect())
}
