//! What was answered: a form's results, one answer with its files, what is held, and the list as it leaves the house.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Id, Result, Timestamp, Tongue};
use kring_frame::{Deed, Mark, Permit, PersonId, Route, Tx, Visit, params, sql};
use kring_lang::{dates, numbers};
use kring_people::{READ_PEOPLE, person};
use kring_web::{Chrome, Form as Typed};

use crate::{
    ANSWERS, Words,
    answer::{self, Answer, Form, Origin, State},
    answers::Answers,
    export::{self, Table},
    figures,
    piece::{self, Kind, Piece},
    plan::{Ask, Plan},
};

const PAGE: i64 = 50;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/forms/{id}/answers", &ANSWERS, list),
        Route::get("/forms/{id}/answers/export", &ANSWERS, take_out),
        Route::get("/forms/held", &ANSWERS, held),
        Route::get("/forms/answers/{answer}", &ANSWERS, show),
        Route::post("/forms/answers/{answer}/decide", &ANSWERS, decide),
        Route::get("/forms/answers/{answer}/files/{file}", &ANSWERS, file),
    ]
}

struct Row {
    id: i64,
    when: String,
    who: String,
    person: Option<PersonId>,
    says: String,
    campaign: String,
    why: String,
    form: String,
}

struct Bar {
    label: String,
    n: String,
    share: f64,
}

struct Chart {
    label: String,
    bars: Vec<Bar>,
}

#[derive(Template)]
#[template(path = "form_answers.html")]
struct ListPage {
    chrome: Chrome,
    w: Words,
    piece: Piece,
    rows: Vec<Row>,
    charts: Vec<Chart>,
    seen: String,
    sent: String,
    held: i64,
    sees_people: bool,
    next: String,
    first: String,
}

type Found = (i64, Option<PersonId>, Option<String>, Timestamp, String, Option<String>, Id<Piece>, i64);

async fn list(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Piece> = v.path("id")?;
    let w = Words(v.lang);
    let after: i64 = v.query()?.get("after").parse().unwrap_or(i64::MAX);
    let mut tx = v.house.write(&v.actor).await?;
    let piece = piece::one(&mut tx, Kind::Form, id).await?;
    let found: Vec<Found> = tx
        .all(
            sql!(
                "select n.id, n.person_id, p.display_name, n.at, n.campaign, n.suspicion, n.form_id, n.version
                 from form_answers n left join people p on p.id = n.person_id
                 where n.form_id = $1 and n.state = 'counted' and n.id < $2
                   and n.unit_id in (select unit_id from reach where actor_id = $3 and right_key = $4)
                 order by n.id desc limit $5"
            ),
            params![id, after, permit.actor(), permit.right(), PAGE + 1],
        )
        .await?;
    let more = found.len() > PAGE as usize;
    let rows = rows(&v, &mut tx, found.into_iter().take(PAGE as usize).collect()).await?;
    let ids = rows.iter().map(|row| row.id.to_string()).collect::<Vec<_>>().join(",");
    tx.trail(Mark::read(&permit, "form answers").subject(id.get()).detail(format!("ids={ids}"))).await?;
    let (seen, sent) = figures::totals(&mut tx).await?.get(&id).copied().unwrap_or_default();
    let charts = match piece.version {
        0 => Vec::new(),
        version => {
            let plan: Plan = piece::version(&mut tx, id, version).await?;
            charts(&v, &mut tx, &plan, id).await?
        }
    };
    let here = format!("/forms/{id}/answers");
    let page = ListPage {
        next: rows.last().filter(|_| more).map(|row| format!("{here}?after={}", row.id)).unwrap_or_default(),
        first: if after == i64::MAX { String::new() } else { here },
        rows,
        charts,
        seen: numbers::int(seen, v.lang),
        sent: numbers::int(sent, v.lang),
        held: figures::held(&mut tx).await?,
        sees_people: v.actor.may(&READ_PEOPLE),
        chrome: v.chrome(&mut tx, w.answers_of(&piece.name)).await?,
        w,
        piece,
    };
    tx.commit().await?;
    v.html(&page)
}

async fn rows(v: &Visit, tx: &mut Tx, found: Vec<Found>) -> Result<Vec<Row>> {
    let w = Words(v.lang);
    let (now, zone, tongue) = (tx.now(), v.house.settings.zone.clone(), Tongue::from(v.lang));
    let mut rows = Vec::new();
    for (id, person, name, at, campaign, suspicion, form, version) in found {
        let plan: Plan = piece::version(tx, form, version).await?;
        let answers = Answers::load(tx, id).await?;
        let shown = plan
            .fields
            .iter()
            .filter(|field| !field.kind.says_who() && field.kind.asks() && field.kind != Ask::Consent);
        let said: Vec<String> = shown
            .map(|field| answers.said(&plan, field, &tongue))
            .filter(|said| !said.is_empty())
            .map(|said| said.chars().take(80).collect())
            .collect();
        let typed = answers.name(&plan).map(|name| name.display()).unwrap_or_default();
        rows.push(Row {
            id,
            when: dates::last(at, now, &zone, v.lang),
            who: name.unwrap_or(typed),
            person,
            says: said.into_iter().take(3).collect::<Vec<_>>().join(" · "),
            campaign,
            why: suspicion.map(|code| why(w, &code)).unwrap_or_default(),
            form: plan.say(&plan.title, &tongue).to_owned(),
        });
    }
    Ok(rows)
}

fn why(w: Words, code: &str) -> String {
    w.find(&format!("held-{code}")).unwrap_or_default().to_owned()
}

async fn charts(v: &Visit, tx: &mut Tx, plan: &Plan, id: Id<Piece>) -> Result<Vec<Chart>> {
    let chosen = figures::chosen(tx, id).await?;
    let tongue = Tongue::from(v.lang);
    let fields = plan.fields.iter().filter(|field| field.kind.chooses());
    let chart = |field: &crate::plan::Field| {
        let n = |code: &str| chosen.get(&(field.id, code.to_owned())).copied().unwrap_or(0);
        let most = field.options.iter().map(|option| n(&option.code)).max().unwrap_or(0).max(1);
        let bars = field.options.iter().map(|option| Bar {
            label: plan.say(&option.label, &tongue).to_owned(),
            n: numbers::int(n(&option.code), v.lang),
            share: n(&option.code) as f64 / most as f64,
        });
        Chart { label: plan.say(&field.label, &tongue).to_owned(), bars: bars.collect() }
    };
    Ok(fields.map(chart).collect())
}

#[derive(Template)]
#[template(path = "forms_held.html")]
struct HeldPage {
    chrome: Chrome,
    w: Words,
    rows: Vec<Row>,
}

async fn held(v: Visit, permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let mut tx = v.house.write(&v.actor).await?;
    let found: Vec<Found> = tx
        .all(
            sql!(
                "select n.id, n.person_id, cast(null as text), n.at, n.campaign, n.suspicion, n.form_id, n.version
                 from form_answers n where n.state = 'held'
                   and n.unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2)
                 order by n.id limit 200"
            ),
            params![permit.actor(), permit.right()],
        )
        .await?;
    let rows = rows(&v, &mut tx, found).await?;
    let ids = rows.iter().map(|row| row.id.to_string()).collect::<Vec<_>>().join(",");
    tx.trail(Mark::read(&permit, "form answers").detail(format!("held={ids}"))).await?;
    let page = HeldPage { chrome: v.chrome(&mut tx, w.held()).await?, w, rows };
    tx.commit().await?;
    v.html(&page)
}

struct FileRow {
    id: i64,
    name: String,
    size: String,
}

#[derive(Template)]
#[template(path = "form_answer.html")]
struct AnswerPage {
    chrome: Chrome,
    w: Words,
    answer: Answer,
    form: Typed,
    piece: Piece,
    state: String,
    why: String,
    when: String,
    version: String,
    who: String,
    sees_people: bool,
    said: Vec<(String, String)>,
    files: Vec<FileRow>,
    yes: String,
}

async fn show(v: Visit, permit: Permit) -> Result<Response> {
    let page = answer_page(&v, &permit, Typed::default()).await?;
    v.html(&page)
}

async fn answer_page(v: &Visit, permit: &Permit, form: Typed) -> Result<AnswerPage> {
    let id: i64 = v.path("answer")?;
    let w = Words(v.lang);
    let mut tx = v.house.write(&v.actor).await?;
    let answer = answer::read(&mut tx, permit, id).await?;
    let to = Form::of(&mut tx, &answer).await?;
    let answers = Answers::load(&mut tx, id).await?;
    let zone = v.house.settings.zone.clone();
    let files: Vec<(i64, String, i64)> = tx
        .all(sql!("select id, name, size from form_files where answer_id = $1 order by id"), params![id])
        .await?;
    let yes: Option<(Option<Timestamp>, Timestamp)> = tx
        .maybe(
            sql!("select said_at, expires_at from form_yeses where answer_id = $1 order by id desc limit 1"),
            params![id],
        )
        .await?;
    let sees_people = v.actor.may(&READ_PEOPLE);
    let who = match answer.person {
        Some(person) if sees_people => person::load(&mut tx, person).await?.display_name,
        _ => String::new(),
    };
    let page = AnswerPage {
        state: w.find(&format!("answer-{}", answer.state)).unwrap_or_default().to_owned(),
        why: answer.suspicion.as_deref().map(|code| why(w, code)).unwrap_or_default(),
        when: dates::moment(answer.at, &zone, v.lang),
        version: w.answer_version(answer.version, answer.tongue.name_in_own_words()),
        said: answers.shown(&to.plan, &v.lang.into()),
        files: files
            .into_iter()
            .map(|(id, name, size)| FileRow {
                id,
                name,
                size: numbers::int(size.div_euclid(1024) + 1, v.lang),
            })
            .collect(),
        yes: match yes {
            Some((Some(said), _)) => w.yes_came(dates::moment(said, &zone, v.lang)),
            Some((None, until)) if until < tx.now() => w.yes_never().to_owned(),
            Some((None, until)) => w.yes_waits(dates::moment(until, &zone, v.lang)),
            None => String::new(),
        },
        chrome: v.chrome(&mut tx, &to.piece.name).await?,
        piece: to.piece,
        sees_people,
        who,
        answer,
        form,
        w,
    };
    tx.commit().await?;
    Ok(page)
}

async fn decide(v: Visit, permit: Permit) -> Result<Response> {
    let id: i64 = v.path("answer")?;
    let counts = match v.form()?.get("what") {
        "count" => true,
        "refuse" => false,
        _ => return Err(Error::NotFound),
    };
    let mut tx = v.house.write(&v.actor).await?;
    match answer::decide(&mut tx, &permit, id, counts).await {
        Ok(()) => {
            tx.commit().await?;
            let done = if counts { "done-counted" } else { "done-refused" };
            v.see_done(&format!("/forms/answers/{id}"), done, None)
        }
        Err(Error::Conflict(what)) => {
            drop(tx);
            let mut form = Typed::default();
            form.fault("", what);
            let page = answer_page(&v, &permit, form).await?;
            v.html_again(&page)
        }
        Err(why) => Err(why),
    }
}

/// A file goes to disk and is never shown in place; that it was taken is in the trail.
async fn file(v: Visit, permit: Permit) -> Result<Response> {
    let (id, file): (i64, i64) = (v.path("answer")?, v.path("file")?);
    let mut tx = v.house.write(&v.actor).await?;
    let answer = answer::read(&mut tx, &permit, id).await?;
    let (name, kind, content): (String, String, Vec<u8>) = tx
        .one(
            sql!("select name, kind, content from form_files where id = $1 and answer_id = $2"),
            params![file, id],
        )
        .await?;
    let mut mark = Mark::of(Deed::Exported, permit.purpose(), "form file").subject(id);
    mark.person = answer.person;
    tx.trail(mark.detail(format!("file={file}"))).await?;
    tx.commit().await?;
    export::file(content, &kind, &name)
}

async fn take_out(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Piece> = v.path("id")?;
    let w = Words(v.lang);
    let workbook = v.query()?.get("as") == "xlsx";
    let mut tx = v.house.write(&v.actor).await?;
    let piece = piece::one(&mut tx, Kind::Form, id).await?;
    let found: Vec<(i64, Option<i64>, Timestamp, String, i64)> = tx
        .all(
            sql!(
                "select n.id, n.person_id, n.at, n.campaign, n.version from form_answers n
                 where n.form_id = $1 and n.state = 'counted'
                   and n.unit_id in (select unit_id from reach where actor_id = $2 and right_key = $3) order by n.id"
            ),
            params![id, permit.actor(), permit.right()],
        )
        .await?;
    let (tongue, zone) = (Tongue::from(v.lang), v.house.settings.zone.clone());
    // The columns are those of the newest version; what older ones asked besides comes after them.
    let mut columns: Vec<(i64, String)> = Vec::new();
    let mut plans: Vec<(i64, Plan)> = Vec::new();
    for version in (1..=piece.version).rev() {
        let plan: Plan = piece::version(&mut tx, id, version).await?;
        for field in plan.fields.iter().filter(|field| field.kind != Ask::Text && field.kind != Ask::File) {
            if !columns.iter().any(|(known, _)| *known == field.id) {
                let label = match plan.say(&field.label, &tongue) {
                    "" => field.code.clone(),
                    label => label.to_owned(),
                };
                columns.push((field.id, label));
            }
        }
        plans.push((version, plan));
    }
    let mut rows = Vec::new();
    for (answer, person, at, campaign, version) in &found {
        let Some((_, plan)) = plans.iter().find(|(known, _)| known == version) else { continue };
        let answers = Answers::load(&mut tx, *answer).await?;
        let number = person.map(|person| person.to_string()).unwrap_or_default();
        let mut row = vec![answer.to_string(), dates::moment(*at, &zone, v.lang), number, campaign.clone()];
        row.extend(columns.iter().map(|(field, _)| {
            plan.field(*field).map(|field| answers.said(plan, field, &tongue)).unwrap_or_default()
        }));
        rows.push(row);
    }
    let ids = found.iter().map(|row| row.0.to_string()).collect::<Vec<_>>().join(",");
    let mark = Mark::of(Deed::Exported, permit.purpose(), "form answers").subject(id.get());
    tx.trail(mark.detail(format!("n={},ids={ids}", found.len()))).await?;
    let when = dates::moment(tx.now(), &zone, v.lang);
    let own = [w.column_answer(), w.column_when(), w.column_person(), w.column_campaign()];
    let table = Table {
        origin: w.export_origin(&*piece.name, &*v.actor.name, when),
        columns: own
            .into_iter()
            .map(str::to_owned)
            .chain(columns.into_iter().map(|(_, label)| label))
            .collect(),
        rows,
        name: piece.name,
    };
    tx.commit().await?;
    if workbook { table.xlsx() } else { table.csv() }
}
