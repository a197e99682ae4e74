//! The page of one import: what will happen, what has happened, and the buttons.

use askama::Template;
use axum::response::Response;
use jiff::tz::TimeZone;
use kring_core::Result;
use kring_frame::{Permit, Tx, Visit};
use kring_lang::dates;
use kring_web::{Chrome, Form};

use super::{state_name, tone};
use crate::{
    Words,
    command::{self, Expected},
    kept,
    kind::Kind,
    list::{self, Import, State},
    live,
    mapping::Field,
    preview::{self, Column, Example, Pair, Same, Seen},
};

#[derive(Template)]
#[template(path = "import.html")]
struct ImportPage {
    chrome: Chrome,
    w: Words,
    form: Form,
    i: Import,
    when: String,
    finished: String,
    state: &'static str,
    tone: &'static str,
    facts: Vec<String>,
    live: String,
    expected: Expected,
    columns: Vec<Column>,
    /// Whose understanding of the columns was taken over, with what is missing of it.
    mapped: Option<(String, String)>,
    sample: Vec<Seen>,
    examples: Vec<Example>,
    same: Vec<Same>,
    pairs: Vec<Pair>,
    remarks: Vec<(&'static str, i64)>,
    refused: Vec<Seen>,
    /// Why rows are refused, and how many.
    why: Vec<(&'static str, i64)>,
    kept: Vec<(String, String)>,
}

impl ImportPage {
    fn busy(&self) -> bool {
        self.i.state.is_busy()
    }
    fn ready(&self) -> bool {
        self.i.state == State::Ready
    }
    /// Something has been written, and it may be looked at.
    fn over(&self) -> bool {
        matches!(self.i.state, State::Done | State::Stopped | State::Undone)
    }
    fn undoable(&self) -> bool {
        matches!(self.i.state, State::Done | State::Stopped)
    }
    fn share(&self) -> i64 {
        self.i.rows_done * 100 / self.i.rows_total.max(1)
    }
    fn singles(&self) -> bool {
        self.i.kind.is_single()
    }
    /// The sentence for this kind of list.
    fn of_kind(&self, key: &str) -> &'static str {
        self.w.find(&format!("{key}-{}", self.i.kind)).unwrap_or_default()
    }
    fn undo_words(&self) -> &'static str {
        if self.singles() { self.of_kind("undo-help") } else { self.w.undo_help() }
    }
    fn onward(&self) -> &'static str {
        if self.i.kind == Kind::Organisations { self.w.to_organisations() } else { self.w.to_people() }
    }
    fn undone_words(&self) -> String {
        let (removed, restored) = (self.i.removed, self.i.restored);
        if self.singles() {
            self.w.undone_rows(removed, restored)
        } else {
            self.w.undone_result(removed, restored)
        }
    }
    fn title(&self) -> &'static str {
        match self.i.state {
            State::Reading => self.w.title_reading(),
            State::Undoing => self.w.title_undo(),
            _ => self.w.title_import(),
        }
    }
    fn doing(&self) -> String {
        let (done, total) = (self.i.rows_done, self.i.rows_total);
        match self.i.state {
            State::Reading => self.w.doing_reading(done, total),
            State::Undoing => self.w.doing_undo(done, total),
            State::Running if done >= total && !self.singles() => self.w.doing_findable().to_owned(),
            _ => self.w.doing_import(done, total),
        }
    }
}

pub async fn one(v: Visit, _permit: Permit) -> Result<Response> {
    show(&v, v.path("id")?, Form::default()).await
}

async fn show(v: &Visit, id: i64, form: Form) -> Result<Response> {
    let w = Words(v.lang);
    let zone = &v.house.settings.zone;
    let mut tx = v.house.read(&v.actor).await?;
    let i = list::one(&mut tx, id).await?;
    let busy = i.state.is_busy();
    let ready = i.state == State::Ready;
    let chrome = v.chrome(&mut tx, w.import_title(&i.name)).await?;
    let mut page = ImportPage {
        chrome,
        w,
        when: dates::moment(i.created_at, zone, v.lang),
        finished: i.undone_at.or(i.finished_at).map(|at| dates::moment(at, zone, v.lang)).unwrap_or_default(),
        state: state_name(w, i.state),
        tone: tone(i.state),
        facts: facts(&i, w),
        live: format!("/imports/{id}/live?at={}", live::mark(&i)),
        expected: Expected::default(),
        columns: Vec::new(),
        mapped: None,
        sample: Vec::new(),
        examples: Vec::new(),
        same: Vec::new(),
        pairs: Vec::new(),
        remarks: Vec::new(),
        refused: Vec::new(),
        why: Vec::new(),
        kept: Vec::new(),
        form,
        i,
    };
    if !busy {
        page.expected = command::expected(&mut tx, id).await?;
        let reasons = preview::reasons(&mut tx, id).await?;
        page.remarks = preview::in_words(&reasons, false, w);
        page.why = preview::in_words(&reasons, true, w);
        page.refused = preview::refused(&mut tx, &page.i, w).await?;
    }
    if ready {
        page.columns = preview::columns(&mut tx, &page.i, w).await?;
        page.mapped = mapped(&mut tx, &page.i, w, zone).await?;
        if page.i.kind.is_single() {
            page.examples = preview::examples(&mut tx, &page.i, w).await?;
        } else {
            page.sample = preview::sample(&mut tx, &page.i, w).await?;
        }
        page.same = preview::same(&mut tx, &page.i, w).await?;
        page.pairs = preview::pairs(&mut tx, &page.i, w).await?;
    }
    if page.i.kept > 0 {
        page.kept = preview::kept(&mut tx, &page.i).await?;
    }
    if page.form.faults().is_empty() { v.html(&page) } else { v.html_again(&page) }
}

/// "Columns as on 3 November by Hanneke", and which of them are gone.
async fn mapped(tx: &mut Tx, i: &Import, w: Words, zone: &TimeZone) -> Result<Option<(String, String)>> {
    let (Some(by), Some(at)) = (&i.mapping_by, i.mapping_at) else { return Ok(None) };
    let gone = match kept::of(tx, &i.list, i.kind).await? {
        Some(kept) => kept.missing(&i.columns()),
        None => Vec::new(),
    };
    let names: Vec<&str> = gone.into_iter().map(|f| preview::field_name(w, f)).collect();
    let missing = if names.is_empty() { String::new() } else { w.mapping_missing(names.join(", ")) };
    Ok(Some((w.mapping_kept(dates::day(at, zone, w.0), by), missing)))
}

pub async fn forget_mapping(v: Visit, permit: Permit) -> Result<Response> {
    let id: i64 = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    list::guess_again(&mut tx, &permit, id).await?;
    tx.commit().await?;
    v.see_done(&format!("/imports/{id}"), "mapping-forgotten", None)
}

/// How the file was read, in words.
fn facts(i: &Import, w: Words) -> Vec<String> {
    let form = i.form();
    let mut facts = vec![match form.encoding.as_str() {
        "xlsx" => w.fact_sheet(form.sheet),
        encoding => {
            let between = match form.delimiter.as_str() {
                ";" => w.delimiter_semicolon(),
                "," => w.delimiter_comma(),
                "\t" => w.delimiter_tab(),
                _ => w.delimiter_bar(),
            };
            w.fact_text(encoding.to_uppercase(), between)
        }
    }];
    facts.push(w.fact_rows(i.rows_total));
    if form.blank > 0 {
        facts.push(w.fact_blank(form.blank));
    }
    if !form.title.is_empty() {
        facts.push(w.fact_title(form.title));
    }
    facts
}

pub async fn remap(v: Visit, permit: Permit) -> Result<Response> {
    let id: i64 = v.path("id")?;
    let mut form = v.form()?;
    let width = list::one(&mut v.house.read(&v.actor).await?, id).await?.columns().len();
    let fields: Vec<Field> =
        (0..width).map(|at| form.get(&format!("column-{at}")).parse().unwrap_or(Field::Ignore)).collect();
    let list = form.required_line("list", 60);
    if form.done().is_ok() {
        let mut tx = v.house.write(&v.actor).await?;
        match list::remap(&mut tx, &permit, id, &list, fields).await {
            Ok(()) => {
                tx.commit().await?;
                return v.see(format!("/imports/{id}"));
            }
            Err(why) => form.absorb(why)?,
        }
    }
    show(&v, id, form).await
}

pub async fn start(v: Visit, permit: Permit) -> Result<Response> {
    let id: i64 = v.path("id")?;
    let mut form = v.form()?;
    let same: Vec<i64> = form.all("same").iter().filter_map(|pair| pair.parse().ok()).collect();
    let mut tx = v.house.write(&v.actor).await?;
    match list::start(&mut tx, &permit, id, &same).await {
        Ok(()) => {
            tx.commit().await?;
            v.see(format!("/imports/{id}"))
        }
        Err(why) => {
            drop(tx);
            form.absorb(why)?;
            show(&v, id, form).await
        }
    }
}

pub async fn stop(v: Visit, permit: Permit) -> Result<Response> {
    let id: i64 = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    list::stop(&mut tx, &permit, id).await?;
    tx.commit().await?;
    v.see(format!("/imports/{id}"))
}

pub async fn undo(v: Visit, permit: Permit) -> Result<Response> {
    let id: i64 = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    list::undo(&mut tx, &permit, id).await?;
    tx.commit().await?;
    v.see(format!("/imports/{id}"))
}
