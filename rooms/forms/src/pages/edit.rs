//! The editor of a form: its fields with the settings of one of them in place, the page as the public would see it beside it, and
//! everything that is wrong in words above.

use askama::Template;
use axum::response::Response;
use kring_core::{Id, Result, Tongue};
use kring_frame::{Permit, Purpose, Route, Tx, Visit};
use kring_lang::dates;
use kring_people::{roles, units};
use kring_talks::topic;
use kring_web::{Choice, Chrome, Form, Tone};

use crate::{
    ANSWERS, EDIT, USE, Words,
    check::{self, Finding},
    pages::{
        fields::{self, Settings},
        list,
    },
    piece::{self, Kind, Piece, State},
    plan::{KINDS, Plan},
};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/forms/{id}", &USE, show)]
}

/// A language of what is built, for the tabs above it.
pub struct Language {
    pub tag: String,
    pub name: String,
    pub stale: bool,
    pub lacks: bool,
}

struct Row {
    id: i64,
    number: usize,
    icon: &'static str,
    title: String,
    note: String,
    page: bool,
    wrong: Vec<String>,
    first: bool,
    last: bool,
}

#[derive(Template)]
#[template(path = "form_edit.html")]
pub struct EditPage {
    chrome: Chrome,
    w: Words,
    piece: Piece,
    state: String,
    tone: Tone,
    unit: String,
    changed: String,
    stops: Vec<String>,
    advice: Vec<String>,
    rows: Vec<Row>,
    may_edit: bool,
    may_read: bool,
    can_undo: bool,
    can_redo: bool,
    /// The draft is what the public sees.
    same: bool,
    /// The field that is chosen; 0 is the form as a whole.
    chosen: i64,
    settings: Settings,
    form: Form,
    naming: Form,
    units: Vec<Choice>,
    tag: String,
    dir: &'static str,
    is_source: bool,
    source_name: String,
    stale: bool,
    languages: Vec<Language>,
    others: Vec<Choice>,
    kinds: Vec<(&'static str, &'static str)>,
    purposes: Vec<Choice>,
    topics: Vec<Choice>,
    roles: Vec<Choice>,
    preview: String,
    narrow: bool,
    site: String,
}

async fn show(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Piece> = v.path("id")?;
    let chosen = v.query()?.get("field").parse().unwrap_or(0);
    let mut tx = v.house.read(&v.actor).await?;
    let piece = piece::one(&mut tx, Kind::Form, id).await?;
    let plan: Plan = piece::draft(&mut tx, &piece).await?;
    let page = page(&v, &permit, &mut tx, piece, &plan, chosen, None).await?;
    v.html(&page)
}

/// The editor again, with what was typed and what is wrong with it.
pub async fn again(v: &Visit, permit: &Permit, id: Id<Piece>, chosen: i64, form: Form) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    let piece = piece::one(&mut tx, Kind::Form, id).await?;
    let plan: Plan = piece::draft(&mut tx, &piece).await?;
    let page = page(v, permit, &mut tx, piece, &plan, chosen, Some(form)).await?;
    v.html_again(&page)
}

/// The language that is worked on: of the form or of the address, as far as the plan has it.
pub fn tongue_of(v: &Visit, form: Option<&Form>, plan: &Plan) -> Result<Tongue> {
    let typed = form.and_then(|form| form.get("tongue").parse().ok());
    let asked = typed.or(v.query()?.get("tongue").parse().ok());
    Ok(asked.filter(|tongue| plan.tongues.contains(tongue)).unwrap_or_else(|| plan.source.clone()))
}

async fn page(
    v: &Visit,
    _permit: &Permit,
    tx: &mut Tx,
    piece: Piece,
    plan: &Plan,
    chosen: i64,
    form: Option<Form>,
) -> Result<EditPage> {
    let w = Words(v.lang);
    let tongue = tongue_of(v, form.as_ref(), plan)?;
    let findings = check::check(tx, plan).await?;
    let said = |stops: bool| -> Vec<String> {
        let of = findings.iter().filter(|finding| finding.stops == stops);
        of.map(|finding| finding.said(plan, v.lang)).collect()
    };
    let (can_undo, can_redo) = piece::can_undo(tx, &piece).await?;
    let may_edit = v.actor.permit(&EDIT).is_ok_and(|permit| piece::is_mine(tx, &permit, &piece));
    let same = piece.version > 0 && piece::version::<Plan>(tx, piece.id, piece.version).await? == *plan;
    let units = units::all(tx).await?;
    let topics = topic::active(tx).await?;
    let kinds = roles::kinds(tx).await?;
    let field = plan.field(chosen);
    let naming = naming(&piece);
    // What was refused about the name belongs to that form, and all else to the one that is open.
    let about_name = form.as_ref().is_some_and(|form| form.id_of("name") == "name-name");
    let (form, naming) = match form {
        Some(form) if about_name => (fields::form_of(plan, field, &tongue), form),
        Some(form) if form.names().next().is_some() => (form, naming),
        Some(mut bare) => {
            let mut fresh = fields::form_of(plan, field, &tongue);
            for fault in std::mem::take(&mut bare).faults() {
                fresh.fault(&fault.field, fault.what.clone());
            }
            (fresh, naming)
        }
        None => (fields::form_of(plan, field, &tongue), naming),
    };
    let narrow = v.query()?.get("width") == "phone";
    Ok(EditPage {
        state: w.find(&format!("state-{}", piece.state)).unwrap_or_default().to_owned(),
        tone: list::tone(piece.state),
        unit: units
            .iter()
            .find(|u| u.id == piece.unit)
            .map(|u| u.name(v.lang).to_owned())
            .unwrap_or_default(),
        changed: dates::last(piece.changed_at, tx.now(), &v.house.settings.zone, v.lang),
        stops: said(true),
        advice: said(false),
        rows: rows(plan, &findings, v.lang),
        may_edit,
        may_read: v.actor.may(&ANSWERS),
        can_undo,
        can_redo,
        same,
        chosen: field.map(|field| field.id).unwrap_or_default(),
        settings: Settings::of(plan, field, &tongue, v.lang),
        form,
        naming,
        tag: tongue.tag().to_owned(),
        dir: tongue.dir().as_str(),
        is_source: tongue == plan.source,
        source_name: plan.source.name_in_own_words().to_owned(),
        stale: plan.is_stale(&tongue),
        languages: plan
            .tongues
            .iter()
            .map(|t| Language {
                tag: t.tag().to_owned(),
                name: t.name_in_own_words().to_owned(),
                stale: plan.is_stale(t),
                lacks: plan.is_missing(t),
            })
            .collect(),
        others: Tongue::common()
            .filter(|other| !plan.tongues.contains(other))
            .map(|other| Choice::new(other.tag(), other.name_in_own_words()))
            .collect(),
        kinds: KINDS
            .into_iter()
            .map(|kind| (kind.key(), w.find(&format!("kind-{}", kind.key())).unwrap_or_default()))
            .collect(),
        purposes: [
            Purpose::Orientation,
            Purpose::Service,
            Purpose::Relation,
            Purpose::Research,
            Purpose::Alumni,
        ]
        .iter()
        .map(|purpose| {
            let name = kring_people::Words(v.lang).find(&format!("purpose-{purpose}")).unwrap_or_default();
            Choice::new(*purpose, name)
        })
        .collect(),
        topics: topics.iter().map(|topic| Choice::new(topic.id, topic.name(v.lang))).collect(),
        roles: kinds
            .iter()
            .filter(|kind| kind.party == "person" && !kind.derived)
            .map(|kind| Choice::new(&kind.key, kind.name(v.lang)))
            .collect(),
        preview: format!("/forms/{}/preview?tongue={tongue}", piece.id),
        narrow,
        site: v.house.settings.site.clone(),
        units: own_units(v, &units),
        chrome: v.chrome(tx, &piece.name).await?,
        w,
        piece,
    })
}

/// The form with which a piece is named, as it is.
pub fn naming(piece: &Piece) -> Form {
    let now = [("name", piece.name.clone()), ("slug", piece.slug.clone()), ("unit", piece.unit.to_string())];
    Form::of(now).placed("name")
}

/// The units to which it can be given.
pub fn own_units(v: &Visit, all: &[units::Unit]) -> Vec<Choice> {
    let mine = v.actor.units(&EDIT);
    let own = all.iter().filter(|unit| mine.contains(&unit.id));
    own.map(|unit| Choice::new(unit.id, unit.name(v.lang))).collect()
}

fn rows(plan: &Plan, findings: &[Finding], lang: kring_core::Lang) -> Vec<Row> {
    let w = Words(lang);
    let tongue = Tongue::from(lang);
    let count = plan.fields.len();
    let row = |(at, field): (usize, &crate::plan::Field)| {
        let kind = w.find(&format!("kind-{}", field.kind.key())).unwrap_or_default();
        let label = plan.say(&field.label, &tongue);
        let mut notes = vec![kind.to_owned()];
        if field.required {
            notes.push(w.note_required().to_owned());
        }
        if let Some(when) = &field.when {
            notes.push(fields::condition(plan, when, lang));
        }
        Row {
            id: field.id,
            number: at + 1,
            icon: field.kind.icon(),
            title: if label.is_empty() { kind.to_owned() } else { label.to_owned() },
            note: notes.join(" · "),
            page: field.page && at > 0,
            wrong: findings.iter().filter(|f| f.field == Some(field.id)).map(|f| f.alone(lang)).collect(),
            first: at == 0,
            last: at + 1 == count,
        }
    };
    plan.fields.iter().enumerate().map(row).collect()
}
