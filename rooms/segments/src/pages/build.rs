//! The builder: a sentence about people that counts while it is being made. Every button sends the whole form; what comes
//! back is the page with the tree as it is then. Nothing is kept until *save*.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Id, Result};
use kring_frame::{
    Fact, Permit, Route, Tx, Visit,
    rules::{Rule, contradictions, validate},
};
use kring_people::READ_PEOPLE;
use kring_web::{Choice, Chrome, Form};

use super::{
    alike,
    counted::{Counted, FEW, count, purposes, shown},
    nodes::{self, Drawing, Node},
};
use crate::{
    EDIT, USE, Words, draft,
    labels::Labels,
    scope,
    segment::{self, Draft, Segment},
    sentence::Speaker,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/segments/new", &USE, new),
        Route::post("/segments/build", &USE, build),
        Route::post("/segments", &EDIT, make),
        Route::get("/segments/{id}/edit", &EDIT, edit),
        Route::post("/segments/{id}/build", &EDIT, rebuild),
        Route::post("/segments/{id}", &EDIT, change),
    ]
}

#[derive(Template)]
#[template(path = "build.html")]
struct BuildPage {
    chrome: Chrome,
    w: Words,
    form: Form,
    title: String,
    /// Where the form is sent to be shown again, and where it is saved.
    build: String,
    save: String,
    version: i64,
    fresh: u64,
    tree: Node,
    may_save: bool,
    counted: Counted,
    words: String,
    clashes: Vec<String>,
    purposes: Vec<Choice>,
    /// Joiners and leavers of a change: only when a segment is being changed.
    shift: Option<(String, String)>,
}

async fn new(v: Visit, permit: Permit) -> Result<Response> {
    let query = v.query()?;
    let rule = match query.get("like").parse() {
        Ok(like) => alike::proposed(&v, &permit, Id::new(like)).await?,
        Err(_) => Rule::All(Vec::new()),
    };
    page(&v, &permit, None, Form::default(), rule).await
}

async fn build(v: Visit, permit: Permit) -> Result<Response> {
    let (form, rule) = sent(&v)?;
    page(&v, &permit, None, form, rule).await
}

/// The form and its rule, after what the pressed button asks.
fn sent(v: &Visit) -> Result<(Form, Rule)> {
    let mut form = v.form()?;
    let facts = &v.house.rooms.facts;
    let mut rule = draft::read(&mut form, facts);
    let op = form.get("op").to_owned();
    draft::act(&mut rule, &mut form, facts, &op);
    Ok((form, rule))
}

async fn make(v: Visit, permit: Permit) -> Result<Response> {
    let (mut form, rule) = sent(&v)?;
    let draft = read_draft(&mut form, &rule);
    let mut tx = v.house.write(&v.actor).await?;
    let unit = v.actor.units_of(&permit).first().copied().ok_or(Error::Forbidden)?;
    match save(&form, segment::make(&mut tx, &permit, unit, &draft)).await {
        Ok(id) => {
            tx.commit().await?;
            v.see_done(&format!("/segments/{id}"), "done-segment-saved", None)
        }
        Err(why) => {
            form.absorb(why)?;
            drop(tx);
            page(&v, &permit, None, form, rule).await
        }
    }
}

/// Does not save what the form has faults of already.
async fn save<T>(form: &Form, saving: impl Future<Output = Result<T>>) -> Result<T> {
    form.done()?;
    saving.await
}

fn read_draft(form: &mut Form, rule: &Rule) -> Draft {
    let name = form.required_line("name", 120);
    let note = form.text("note", 1_000);
    Draft { name, note, rule: rule.clone() }
}

async fn edit(v: Visit, permit: Permit) -> Result<Response> {
    let segment = of_path(&v, &permit).await?;
    let rule = segment.rule()?;
    let form = Form::of([("name", segment.name.clone()), ("note", segment.note.clone())]);
    page(&v, &permit, Some(segment), form, rule).await
}

async fn of_path(v: &Visit, permit: &Permit) -> Result<Segment> {
    let mut tx = v.house.read(&v.actor).await?;
    let segment = segment::mine(&mut tx, permit, v.path("id")?).await?;
    if tx.may_ask(&segment.rule()?).await? { Ok(segment) } else { Err(Error::Forbidden) }
}

async fn rebuild(v: Visit, permit: Permit) -> Result<Response> {
    let segment = of_path(&v, &permit).await?;
    let (form, rule) = sent(&v)?;
    page(&v, &permit, Some(segment), form, rule).await
}

async fn change(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Segment> = v.path("id")?;
    let (mut form, rule) = sent(&v)?;
    let draft = read_draft(&mut form, &rule);
    let version = form.int("version", 1..=i64::MAX).unwrap_or_default();
    let mut tx = v.house.write(&v.actor).await?;
    match save(&form, segment::change(&mut tx, &permit, id, version, &draft)).await {
        Ok(()) => {
            tx.commit().await?;
            v.see_done(&format!("/segments/{id}"), "done-segment-saved", None)
        }
        Err(why) => {
            form.absorb(why)?;
            drop(tx);
            let segment = of_path(&v, &permit).await?;
            page(&v, &permit, Some(segment), form, rule).await
        }
    }
}

async fn page(
    v: &Visit,
    permit: &Permit,
    segment: Option<Segment>,
    form: Form,
    rule: Rule,
) -> Result<Response> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let facts = &v.house.rooms.facts;
    let rules = segment::rules(&mut tx).await?;
    let own = segment.as_ref().map(|segment| segment.id.get());
    let catalog = facts.catalog(&v.actor, &rules);
    let faults = validate(&rule, &catalog, own);
    let allowed: Vec<Fact> = facts.of(&v.actor).copied().collect();
    let labels = Labels::of(&mut tx, v.lang, &[&rule]).await?;
    let speaker = Speaker { lang: v.lang, facts, labels: &labels };
    // A rule that is not right yet is not counted: half of it would be another question.
    let among = scope::within(&mut tx, permit, &rule).await?;
    let counts = if faults.is_empty() && !scope::is_walled(&mut tx, permit).await? {
        nodes::counts(&mut tx, &rule).await?
    } else {
        BTreeMap::new()
    };
    let counted = if faults.is_empty() { Some(count(&mut tx, v, &form, &among, own).await?) } else { None };
    let clashes = contradictions(&rule, &catalog)
        .iter()
        .map(|clash| {
            let say =
                |path| at(&rule, path).map(|rule| speaker.rule(rule, kring_frame::rules::About::Person));
            w.build_clash(say(&clash.one).unwrap_or_default(), say(&clash.other).unwrap_or_default())
        })
        .collect();
    let shift = match (&segment, faults.is_empty()) {
        (Some(segment), true) => change_of(&mut tx, permit, segment, &rule, v).await?,
        _ => None,
    };
    let wrong = !form.faults().is_empty();
    let title = match &segment {
        Some(segment) => w.segment_edit_title(segment.name.as_str()),
        None => w.segment_new().to_owned(),
    };
    let chrome = v.chrome(&mut tx, title.as_str()).await?;
    let sees = v.actor.may(&READ_PEOPLE);
    let counts = if sees { counts } else { counts.into_iter().filter(|(_, n)| *n >= FEW).collect() };
    let drawing = Drawing {
        lang: v.lang,
        facts,
        allowed: &allowed,
        labels: &labels,
        faults: &faults,
        counts: &counts,
        form: &form,
    };
    let page = BuildPage {
        chrome,
        w,
        title,
        build: segment.as_ref().map_or("/segments/build".to_owned(), |s| format!("/segments/{}/build", s.id)),
        save: segment.as_ref().map_or("/segments".to_owned(), |s| format!("/segments/{}", s.id)),
        version: segment.as_ref().map_or(0, |s| s.version),
        fresh: v.house.chance.below(1 << 31),
        tree: drawing.root(&rule),
        may_save: v.actor.may(&EDIT),
        words: speaker.sentence(&rule),
        counted: counted.unwrap_or_else(|| Counted::unknown(&form)),
        clashes,
        purposes: purposes(v),
        shift,
        form,
    };
    if wrong { v.html_again(&page) } else { v.html(&page) }
}

/// The part of a rule at a path.
fn at<'a>(rule: &'a Rule, path: &kring_frame::rules::Path) -> Option<&'a Rule> {
    path.0.iter().try_fold(rule, |rule, step| rule.below().get(*step).copied())
}

/// Who would join and leave by saving, in words.
async fn change_of(
    tx: &mut Tx,
    permit: &Permit,
    segment: &Segment,
    rule: &Rule,
    v: &Visit,
) -> Result<Option<(String, String)>> {
    let old = segment.rule()?;
    if old == *rule {
        return Ok(None);
    }
    let (old, new) = (scope::within(tx, permit, &old).await?, scope::within(tx, permit, rule).await?);
    let (before, after) = (tx.people_who(&old).await?.is, tx.people_who(&new).await?.is);
    let (joins, leaves) = ((&after - &before).len(), (&before - &after).len());
    let w = Words(v.lang);
    let number = |n: u64| shown(n, v);
    Ok(Some((w.build_joins(number(joins)), w.build_leaves(number(leaves)))))
}
