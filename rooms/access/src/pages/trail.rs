use askama::Template;
use axum::response::Response;
use kring_core::{Result, Timestamp};
use kring_frame::{ActorId, Mark, Permit, PersonId, Route, Tx, Visit, params, record, sql};
use kring_lang::dates;
use kring_people::units::{self, Unit};
use kring_web::{Choice, Chrome, Form};

use crate::{
    READ_TRAIL, Words,
    pages::{keys::right_name, sign_in::role_name},
};

const PAGE: usize = 100;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/trail", &READ_TRAIL, page),
        // A look at everything is no change, but it costs a walk through the whole trail: it is asked for, not linked to.
        Route::post("/trail/verify", &READ_TRAIL, verify),
    ]
}

record! {
    struct Entry {
        id: i64,
        at: Timestamp,
        actor: ActorId,
        actor_name: String,
        actor_kind: String,
        deed: String,
        kind: String,
        person: Option<PersonId>,
        subject: Option<i64>,
        purpose: String,
        detail: String,
        /// Of the person, or of the account or key that it was done to.
        about: Option<String>,
    }
}

/// What to look for.
#[derive(Default)]
struct Wanted {
    person: Option<PersonId>,
    actor: Option<ActorId>,
    before: Option<i64>,
}

impl Wanted {
    /// What cannot be read is not looked for, and the form shows that it is not.
    fn read(form: &Form) -> Self {
        let digits = |name: &str| form.get(name).replace([' ', '.', ','], "");
        Self {
            person: digits("person").parse().ok(),
            actor: digits("actor").parse().ok(),
            before: digits("before").parse().ok(),
        }
    }

    fn address(&self, before: Option<i64>) -> String {
        let part = |name: &str, value: Option<i64>| value.map(|value| format!("{name}={value}"));
        let parts = [
            part("person", self.person.map(PersonId::get)),
            part("actor", self.actor.map(ActorId::get)),
            part("before", before),
        ];
        format!("/trail?{}", parts.into_iter().flatten().collect::<Vec<_>>().join("&"))
    }

    /// Newest first. One statement for each way of looking, so that each finds its index.
    async fn find(&self, tx: &mut Tx, most: usize) -> Result<Vec<Entry>> {
        let before = self.before.unwrap_or(i64::MAX);
        match (self.person, self.actor) {
            (None, None) => {
                tx.all(
                    sql!(
                        "select t.id, t.at, t.actor_id, n.name, n.kind, t.deed, t.kind, t.person_id, t.subject_id, t.purpose, t.detail,
                                coalesce(p.display_name, s.name)
                         from trail t join actors n on n.id = t.actor_id
                         left join people p on p.id = t.person_id
                         left join actors s on s.id = t.subject_id and t.kind in ('account', 'key')
                         where t.id < $1 order by t.id desc limit $2"
                    ),
                    params![before, most],
                )
                .await
            }
            (Some(person), None) => {
                tx.all(
                    sql!(
                        "select t.id, t.at, t.actor_id, n.name, n.kind, t.deed, t.kind, t.person_id, t.subject_id, t.purpose, t.detail,
                                coalesce(p.display_name, s.name)
                         from trail t join actors n on n.id = t.actor_id
                         left join people p on p.id = t.person_id
                         left join actors s on s.id = t.subject_id and t.kind in ('account', 'key')
                         where t.id < $1 and t.person_id = $3 order by t.id desc limit $2"
                    ),
                    params![before, most, person],
                )
                .await
            }
            (None, Some(actor)) => {
                tx.all(
                    sql!(
                        "select t.id, t.at, t.actor_id, n.name, n.kind, t.deed, t.kind, t.person_id, t.subject_id, t.purpose, t.detail,
                                coalesce(p.display_name, s.name)
                         from trail t join actors n on n.id = t.actor_id
                         left join people p on p.id = t.person_id
                         left join actors s on s.id = t.subject_id and t.kind in ('account', 'key')
                         where t.id < $1 and t.actor_id = $3 order by t.id desc limit $2"
                    ),
                    params![before, most, actor],
                )
                .await
            }
            (Some(person), Some(actor)) => {
                tx.all(
                    sql!(
                        "select t.id, t.at, t.actor_id, n.name, n.kind, t.deed, t.kind, t.person_id, t.subject_id, t.purpose, t.detail,
                                coalesce(p.display_name, s.name)
                         from trail t join actors n on n.id = t.actor_id
                         left join people p on p.id = t.person_id
                         left join actors s on s.id = t.subject_id and t.kind in ('account', 'key')
                         where t.id < $1 and t.person_id = $3 and t.actor_id = $4 order by t.id desc limit $2"
                    ),
                    params![before, most, person, actor],
                )
                .await
            }
        }
    }
}

#[derive(Template)]
#[template(path = "trail.html")]
struct TrailPage {
    chrome: Chrome,
    w: Words,
    form: Form,
    actors: Vec<Choice>,
    rows: Vec<Row>,
    filtered: bool,
    first: String,
    next: String,
    verdict: Option<Verdict>,
}

struct Row {
    entry: Entry,
    who: String,
    what: String,
    number: Option<i64>,
    detail: String,
    purpose: &'static str,
    when: String,
    exact: String,
}

/// Whether the chain holds, in words.
struct Verdict {
    whole: bool,
    text: String,
}

impl Row {
    fn of(v: &Visit, now: Timestamp, units: &[Unit], entry: Entry) -> Self {
        let w = Words(v.lang);
        let zone = &v.house.settings.zone;
        // An own sentence where there is one ("signed in"), a verb with its object otherwise.
        let object = w.find(&format!("thing-{}", entry.kind.replace('_', "-"))).unwrap_or(&entry.kind);
        let what = match entry.deed.as_str() {
            "read" => w.did_read(object),
            "changed" => w.did_change(object),
            "exported" => w.did_export(object),
            "erased" => w.did_erase(object),
            "signed_in" => w.did_sign_in().to_owned(),
            "signed_out" => w.did_sign_out().to_owned(),
            "sign_in_refused" => w.did_refuse().to_owned(),
            other => other.to_owned(),
        };
        let who = match entry.actor_kind.as_str() {
            "visitor" => w.visitor().to_owned(),
            "key" => w.by_key(&entry.actor_name),
            _ => entry.actor_name.clone(),
        };
        Self {
            who,
            what,
            // A name says more than a number.
            number: entry.subject.filter(|_| entry.about.is_none() || entry.person.is_some()),
            detail: detail(v, units, &entry.kind, &entry.detail),
            purpose: w.find(&format!("purpose-{}", entry.purpose)).unwrap_or_default(),
            when: dates::relative(entry.at, now, zone, v.lang),
            exact: dates::moment(entry.at, zone, v.lang),
            entry,
        }
    }
}

/// The codes beside a deed in words, as far as this room wrote them; those of others are shown as they are.
fn detail(v: &Visit, units: &[Unit], kind: &str, codes: &str) -> String {
    let w = Words(v.lang);
    let pairs: Vec<(&str, &str)> =
        codes.split(',').map(|code| code.split_once('=').unwrap_or((code, ""))).collect();
    let value = |key: &str| pairs.iter().find(|(k, _)| *k == key).map_or("", |(_, value)| value);
    let unit = || {
        let found = units.iter().find(|u| u.id.to_string() == value("unit"));
        found.map_or_else(|| value("unit").to_owned(), |u| u.name(v.lang).to_owned())
    };
    if let Some((_, ids)) = codes.split_once("ids=") {
        // Which rows of a list were shown: how many says enough here, the numbers themselves stay in the trail.
        return w.detail_ids(ids.split(',').map(how_many).sum::<i64>());
    }
    match pairs.first() {
        Some(("granted", role)) => w.detail_granted(role_name(w, role), unit()),
        Some(("taken", role)) => w.detail_taken(role_name(w, role), unit()),
        Some(("made", "")) => {
            let scopes: Vec<String> = value("scopes").split('+').map(|s| right_name(w, s)).collect();
            w.detail_made(scopes.join(", "), unit())
        }
        Some((code, "")) => {
            let code = code.replace(' ', "-");
            let own = w.find(&format!("detail-{kind}-{code}"));
            own.or_else(|| w.find(&format!("detail-{code}"))).unwrap_or(codes).to_owned()
        }
        _ => codes.to_owned(),
    }
}

/// "12" is one, "3-9" is seven.
fn how_many(ids: &str) -> i64 {
    match ids.split_once('-') {
        Some((from, to)) => match (from.parse::<i64>(), to.parse::<i64>()) {
            (Ok(from), Ok(to)) => (to - from).max(0) + 1,
            _ => 0,
        },
        None => i64::from(!ids.is_empty()),
    }
}

async fn page(v: Visit, permit: Permit) -> Result<Response> {
    let query = v.query()?;
    show(&v, &permit, query, None).await
}

/// The trail; that somebody looked at it stands in it from the next look on.
async fn show(v: &Visit, permit: &Permit, form: Form, verdict: Option<Verdict>) -> Result<Response> {
    let w = Words(v.lang);
    let wanted = Wanted::read(&form);
    let mut tx = v.house.write(&v.actor).await?;
    let mut found = wanted.find(&mut tx, PAGE + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let mut mark = Mark::read(permit, "trail");
    mark.person = wanted.person;
    tx.trail(wanted.actor.iter().fold(mark, |m, a| m.detail(format!("actor={a}")))).await?;
    let now = tx.now();
    let units = units::all(&mut tx).await?;
    let actors: Vec<(ActorId, String)> = tx
        .all(
            sql!("select id, name from actors where kind in ('staff', 'key') order by name, id limit 500"),
            params![],
        )
        .await?;
    let page = TrailPage {
        chrome: v.chrome(&mut tx, w.trail()).await?,
        w,
        actors: actors.into_iter().map(|(id, name)| Choice::new(id, name)).collect(),
        filtered: wanted.person.is_some() || wanted.actor.is_some(),
        first: if wanted.before.is_some() { wanted.address(None) } else { String::new() },
        next: found.last().filter(|_| more).map(|last| wanted.address(Some(last.id))).unwrap_or_default(),
        rows: found.into_iter().map(|entry| Row::of(v, now, &units, entry)).collect(),
        form,
        verdict,
    };
    tx.commit().await?;
    v.html(&page)
}

async fn verify(v: Visit, permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    // Not in a transaction that writes: on SQLite everybody else would wait for the whole walk.
    let broken = v.house.read(&v.actor).await?.verify_trail().await?;
    let verdict = match broken {
        None => Verdict { whole: true, text: w.chain_whole().to_owned() },
        Some(at) => {
            tracing::error!(event = "trail_broken", chain = at.chain, seq = at.seq);
            Verdict { whole: false, text: w.chain_broken(at.chain, at.seq) }
        }
    };
    show(&v, &permit, Form::default(), Some(verdict)).await
}
