//! The builder: a sentence about people that counts while it is being made. Every button sends the whole form; what comes
//! back is the page with the tree as it is then. Nothing is kept until *save*.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use kring_consent::Channel;
use kring_core::{Error, Id, Result};
use kring_frame::{
    Fact, Permit, PersonId, Purpose, Route, Tx, Visit,
    audience::By,
    rules::{Rule, contradictions, validate},
};
use kring_lang::numbers;
use kring_people::READ_PEOPLE;
use kring_web::{Choice, Chrome, Form};

use super::nodes::{self, Drawing, Node};
use crate::{
    EDIT, USE, Words, draft,
    labels::Labels,
    reach::{self, PURPOSES, Reach},
    segment::{self, Draft, Segment},
    sentence::Speaker,
    who::{self, Who},
};

/// Fewer than these are not counted out to whoever may not see individuals: a count of three is three people.
pub const FEW: u64 = 10;
const SAMPLE: u32 = 5;

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

async fn new(v: Visit, permit: Permit) -> Result<Response> {
    page(&v, &permit, None, Form::default(), Rule::All(Vec::new())).await
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
    _permit: &Permit,
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
    let counts = if faults.is_empty() { nodes::counts(&mut tx, &rule).await? } else { BTreeMap::new() };
    let counted = if faults.is_empty() { Some(count(&mut tx, v, &form, &rule, own).await?) } else { None };
    let clashes = contradictions(&rule, &catalog)
        .iter()
        .map(|clash| {
            let say =
                |path| at(&rule, path).map(|rule| speaker.rule(rule, kring_frame::rules::About::Person));
            w.build_clash(say(&clash.one).unwrap_or_default(), say(&clash.other).unwrap_or_default())
        })
        .collect();
    let shift = match (&segment, faults.is_empty()) {
        (Some(segment), true) => change_of(&mut tx, segment, &rule, v).await?,
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
    let drawing =
        Drawing { lang: v.lang, facts, allowed: &allowed, labels: &labels, faults: &faults, counts: &counts };
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

/// Who would join and leave by saving, in words.
async fn change_of(
    tx: &mut Tx,
    segment: &Segment,
    rule: &Rule,
    v: &Visit,
) -> Result<Option<(String, String)>> {
    let old = segment.rule()?;
    if old == *rule {
        return Ok(None);
    }
    let (before, after) = (tx.people_who(&old).await?.is, tx.people_who(rule).await?.is);
    let (joins, leaves) = ((&after - &before).len(), (&before - &after).len());
    let w = Words(v.lang);
    let number = |n: u64| shown(n, v);
    Ok(Some((w.build_joins(number(joins)), w.build_leaves(number(leaves)))))
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
    fn unknown(form: &Form) -> Self {
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
    let mut shared = Vec::new();
    for other in segment::all(tx, false).await? {
        let id = other.id.get();
        if Some(id) == own || !tx.may_ask(&other.rule()?).await? {
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
