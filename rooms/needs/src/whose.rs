//! Whose needs stand behind a number of the list, for whoever may see them.

use askama::Template;
use axum::response::Response;
use kring_core::{Id, Result, Timestamp};
use kring_frame::{Mark, Permit, PersonId, Route, Tx, Visit, params, record, sql};
use kring_lang::dates;
use kring_people::{READ_PEOPLE, wall};
use kring_talks::{Topic, topic};
use kring_web::Chrome;

use crate::{
    READ, Words,
    need::{Need, Source, State},
    overview::Filter,
};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/needs/topics/{topic}", &READ, show)]
}

const PAGE: usize = 50;

record! {
    struct Found {
        id: Id<Need>,
        person: PersonId,
        name: String,
        state: State,
        source: Source,
        opened_at: Timestamp,
        times: i64,
        last_at: Timestamp,
    }
}

/// Which number the list is behind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Behind {
    Open,
    Asked,
    Answered,
}

impl Behind {
    fn of(code: &str) -> Self {
        match code {
            "asked" => Self::Asked,
            "answered" => Self::Answered,
            _ => Self::Open,
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Asked => "asked",
            Self::Answered => "answered",
        }
    }
}

/// A page of them, the newest need first.
async fn page(
    tx: &mut Tx,
    permit: &Permit,
    topic: Id<Topic>,
    behind: Behind,
    filter: &Filter,
    after: i64,
) -> Result<Vec<Found>> {
    let wall = wall::of(tx, permit).await?;
    tx.all(
        sql!(
            "select n.id, n.person_id, p.display_name, n.state, n.source, n.opened_at, n.times, n.last_at
             from needs n join people p on p.id = n.person_id and p.state = 'known'
             where n.topic_id = $8 and n.id < $10
               and (($9 = 'open' and n.state = 'open') or ($9 = 'asked' and n.last_at >= $7)
                 or ($9 = 'answered' and n.state = 'answered' and n.opened_at >= $7))
               and (n.unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2)
                 or exists (select 1 from askings k join reach h on h.unit_id = k.unit_id
                    where k.need_id = n.id and h.actor_id = $1 and h.right_key = $2))
               and (cast($3 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id
                    where y.person_id = n.person_id and h.actor_id = $3 and h.right_key = $4))
               and ((cast($5 as text) is null and cast($6 as text) is null) or exists (select 1 from party_roles x
                    where x.person_id = n.person_id and x.valid_to is null and (cast($5 as text) is null or x.kind = $5)
                      and (cast($6 as text) is null or x.detail = $6)))
             order by n.id desc limit $11"
        ),
        params![
            permit.actor(),
            permit.right(),
            wall.actor,
            wall.right,
            filter.asked.role.clone(),
            filter.asked.programme.clone(),
            filter.asked.since,
            topic,
            behind.code(),
            after,
            PAGE + 1
        ],
    )
    .await
}

struct Row {
    person: PersonId,
    name: String,
    state: &'static str,
    tone: &'static str,
    source: &'static str,
    since: String,
    times: i64,
    last: String,
    exact: String,
}

#[derive(Template)]
#[template(path = "needs_people.html")]
struct PeoplePage {
    chrome: Chrome,
    w: Words,
    title: String,
    says: String,
    back: String,
    rows: Vec<Row>,
    first: String,
    next: String,
}

async fn show(v: Visit, permit: Permit) -> Result<Response> {
    v.actor.permit(&READ_PEOPLE)?;
    let w = Words(v.lang);
    let (id, query): (Id<Topic>, _) = (v.path("topic")?, v.query()?);
    let behind = Behind::of(query.get("show"));
    let after: Option<i64> = query.get("after").parse().ok();
    let mut tx = v.house.write(&v.actor).await?;
    let (now, zone) = (tx.now(), &v.house.settings.zone);
    let filter = Filter::of(&query, now);
    let topic = topic::one(&mut tx, id).await?;
    let mut found = page(&mut tx, &permit, id, behind, &filter, after.unwrap_or(i64::MAX)).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let people = found.iter().map(|f| f.person.to_string()).collect::<Vec<_>>().join(",");
    tx.trail(Mark::read(&permit, "needs").subject(id.get()).detail(format!("ids={people}"))).await?;
    let title = topic.name(v.lang).to_owned();
    let chrome = v.chrome(&mut tx, title.clone()).await?;
    tx.commit().await?;
    let base = format!("/needs/topics/{id}?{}&show={}", filter.query(), behind.code());
    let next =
        found.last().filter(|_| more).map(|last| format!("{base}&after={}", last.id)).unwrap_or_default();
    let page = PeoplePage {
        chrome,
        w,
        title,
        says: match behind {
            Behind::Open => w.whose_open().to_owned(),
            Behind::Asked => w.whose_asked(filter.days),
            Behind::Answered => w.whose_answered(filter.days),
        },
        back: format!("/needs?{}", filter.query()),
        rows: found
            .into_iter()
            .map(|f| Row {
                person: f.person,
                name: f.name,
                state: w.find(&format!("state-{}", f.state)).unwrap_or_default(),
                tone: if f.state == State::Open { "sun" } else { "leaf" },
                source: f.source.name(v.lang),
                since: dates::short_day(f.opened_at, zone, v.lang),
                times: f.times,
                last: dates::last(f.last_at, now, zone, v.lang),
                exact: dates::moment(f.last_at, zone, v.lang),
            })
            .collect(),
        first: if after.is_some() { base } else { String::new() },
        next,
    };
    v.html(&page)
}
