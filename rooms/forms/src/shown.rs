//! How a form is drawn: on its own page, inside a landing page, and as whoever builds it sees it.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use kring_blocks::Phrase;
use kring_core::{Error, Lang, Result, Tongue};
use kring_frame::{Tx, UnitId, Visit};
use kring_lang::dates;
use kring_people::units;
use kring_web::{Choice, Face, Form as Typed, Link, render_as};

use crate::{
    Words,
    answer::Form,
    look,
    piece::{self, Kind, State},
    plan::{Ask, Field, MOST_MEGABYTES, Plan, around},
    public::{self, Asked, Door},
    read, spam,
};

/// A part of a field that has several.
struct Part {
    name: String,
    label: &'static str,
    autocomplete: &'static str,
    optional: bool,
}

/// A field, ready to be drawn.
struct FieldView {
    name: String,
    kind: &'static str,
    label: String,
    hint: String,
    optional: bool,
    options: Vec<Choice>,
    parts: Vec<Part>,
    /// The language of its words where that is another than the page's: what is missing falls back visibly.
    written: String,
    dir: &'static str,
    /// On what it hangs, for whoever has script.
    when: String,
    any: String,
    /// Not asked as things stand.
    waits: bool,
}

/// A form with its fields, without the page around it.
#[derive(Template)]
#[template(path = "form_inside.html")]
pub struct FormView {
    w: Words,
    lang: Lang,
    form: Typed,
    action: String,
    intro: String,
    fields: Vec<FieldView>,
    /// What was filled in on the pages that are not shown.
    carried: Vec<(String, String)>,
    shown: String,
    began: String,
    page: usize,
    pages: usize,
    first: bool,
    last: bool,
    more: bool,
    by_link: String,
    files: bool,
    again: bool,
}

impl FormView {
    /// The HTML; askama's own `render` fails only when a value cannot be written, which none of ours can.
    pub fn html(&self) -> String {
        self.render().unwrap_or_default()
    }

    pub fn of(v: &Visit, tx: &Tx, asked: &Asked, form: Typed, page: usize, more: bool) -> Self {
        let (plan, piece) = (asked.plan(), &asked.form.piece);
        let lang = around(&asked.tongue);
        let w = Words(lang);
        let pages = plan.pages();
        let here = pages.get(page).copied().unwrap_or_default();
        let raw = read::raw(plan, &form);
        let put = |field: &&Field| asked.puts(field) && field.kind != Ask::Hidden;
        let fields: Vec<FieldView> = here
            .iter()
            .filter(put)
            .map(|field| FieldView::of(plan, field, &asked.tongue, w, !plan.is_asked(field, &raw)))
            .collect();
        // A field hangs perhaps on one of an earlier page; those are settled, and script has nothing to watch.
        let shown: Vec<String> = here
            .iter()
            .filter(put)
            .filter(|field| plan.is_asked(field, &raw))
            .map(|field| field.id.to_string())
            .collect();
        let ours = |name: &str| here.iter().any(|field| is_of(name, field) && field.kind != Ask::Hidden);
        let all = plan.fields.iter().filter(|field| asked.puts(field));
        let carried = all
            .flat_map(|field| {
                let names = form.names().filter(|name| is_of(name, field) && !ours(name));
                let mut names: Vec<&str> = names.collect();
                names.dedup();
                names.into_iter().flat_map(|name| {
                    form.all(name).into_iter().map(|value| (name.to_owned(), value.to_owned()))
                })
            })
            .collect();
        let lives = |page: &&[Field]| page.iter().any(|field| put(&field));
        let stamp = form.get("began").to_owned();
        let files = plan.fields.iter().any(|field| field.kind == Ask::File);
        Self {
            lang,
            intro: if page == 0 { plan.say(&plan.intro, &asked.tongue).to_owned() } else { String::new() },
            action: format!("{}?lang={}", asked.door.path(piece), asked.tongue),
            fields,
            carried,
            shown: shown.join(","),
            began: if stamp.is_empty() { spam::stamp(v, piece.id, tx.now()) } else { stamp },
            page,
            pages: pages.iter().filter(|page| lives(page)).count(),
            first: page == 0,
            last: page + 1 >= pages.len(),
            more,
            by_link: if asked.knows_something() { piece.path() } else { String::new() },
            again: files && (more || !form.faults().is_empty()),
            files,
            form,
            w,
        }
    }

    fn accept() -> &'static str {
        ".pdf,.docx,.odt,.png,.jpg,.jpeg,.webp"
    }

    /// The question, with a word where it need not be answered: legends have no place of their own for it.
    fn asking(&self, field: &FieldView) -> String {
        if field.optional { format!("{} ({})", field.label, self.w.optional()) } else { field.label.clone() }
    }

    /// The introduction, a paragraph for each line that is not empty.
    pub fn paragraphs(&self) -> impl Iterator<Item = &str> {
        self.intro.lines().map(str::trim).filter(|line| !line.is_empty())
    }

    fn number(&self) -> i64 {
        i64::try_from(self.page + 1).unwrap_or_default()
    }

    fn of_pages(&self) -> i64 {
        i64::try_from(self.pages).unwrap_or_default()
    }
}

/// Whether a name in the form belongs to a field: `f12`, `f12-last`.
fn is_of(name: &str, field: &Field) -> bool {
    let own = field.name();
    name == own || name.strip_prefix(&own).is_some_and(|rest| rest.starts_with('-'))
}

impl FieldView {
    fn of(plan: &Plan, field: &Field, tongue: &Tongue, w: Words, waits: bool) -> Self {
        let chosen = field.label.choose(tongue, &plan.source);
        let other =
            chosen.map(|(in_which, _)| in_which).filter(|in_which| in_which.primary() != tongue.primary());
        let say = |phrase: &Phrase| plan.say(phrase, tongue).to_owned();
        let mut hint = say(&field.hint);
        if field.kind == Ask::File {
            let most = field.most.unwrap_or(MOST_MEGABYTES).clamp(1, MOST_MEGABYTES);
            let own = w.file_hint(most);
            hint = if hint.is_empty() { own } else { format!("{hint} {own}") };
        }
        let parts = match field.kind {
            Ask::Name => parts(field, &read::NAME, &["prefix"], w),
            Ask::Address => parts(field, &read::ADDRESS, &["addition"], w),
            _ => Vec::new(),
        };
        let when = field.when.as_ref();
        Self {
            name: field.name(),
            kind: field.kind.key(),
            label: say(&field.label),
            hint,
            optional: !field.required,
            options: field.options.iter().map(|o| Choice::new(&o.code, say(&o.label))).collect(),
            parts,
            written: other.map(|tongue| tongue.tag().to_owned()).unwrap_or_default(),
            dir: other.map_or("", |tongue| tongue.dir().as_str()),
            when: when.map(|when| format!("f{}", when.field)).unwrap_or_default(),
            any: when.map(|when| when.any.join(" ")).unwrap_or_default(),
            waits,
        }
    }

    fn autocomplete(&self) -> &'static str {
        match self.kind {
            "email" => "email",
            "phone" => "tel",
            _ => "off",
        }
    }

    fn type_of(&self) -> &'static str {
        match self.kind {
            "email" => "email",
            "phone" => "tel",
            "date" => "date",
            "number" => "number",
            _ => "text",
        }
    }
}

fn parts(field: &Field, names: &[(&str, &'static str)], optional: &[&str], w: Words) -> Vec<Part> {
    let part = |(part, autocomplete): &(&str, &'static str)| Part {
        name: format!("{}-{part}", field.name()),
        label: w.find(&format!("part-{part}")).unwrap_or_default(),
        autocomplete,
        optional: !field.required || optional.contains(part),
    };
    names.iter().map(part).collect()
}

#[derive(Template)]
#[template(path = "form.html")]
pub struct FormPage {
    face: Face,
    title: String,
    written: String,
    dir: &'static str,
    inside: FormView,
    /// Some field hangs on another.
    script: bool,
}

impl FormPage {
    pub async fn of(
        v: &Visit,
        tx: &mut Tx,
        asked: &Asked,
        form: Typed,
        page: usize,
        more: bool,
    ) -> Result<Self> {
        let face = public::face(v, tx, asked).await?;
        Ok(Self {
            title: asked.plan().say(&asked.plan().title, &asked.tongue).to_owned(),
            written: asked.tongue.tag().to_owned(),
            dir: asked.tongue.dir().as_str(),
            inside: FormView::of(v, tx, asked, form, page, more),
            script: hangs(asked.plan()),
            face,
        })
    }
}

/// Some field hangs on another, so that script has something to do.
pub fn hangs(plan: &Plan) -> bool {
    plan.fields.iter().any(|field| field.when.is_some())
}

#[derive(Template)]
#[template(path = "form_thanks.html")]
pub struct ThanksPage {
    face: Face,
    w: Words,
    text: String,
    written: String,
    dir: &'static str,
    /// A mail may come that asks for a second yes. Said to everybody who could have said one, or it would tell whom we know.
    mail: bool,
    again: String,
}

impl ThanksPage {
    pub fn of(face: Face, w: Words, asked: &Asked) -> Self {
        let plan = asked.plan();
        Self {
            face,
            w,
            text: plan.say(&plan.thanks, &asked.tongue).to_owned(),
            written: asked.tongue.tag().to_owned(),
            dir: asked.tongue.dir().as_str(),
            mail: plan.fields.iter().any(|field| field.kind == Ask::Consent),
            again: format!("{}?lang={}", asked.door.path(&asked.form.piece), asked.tongue),
        }
    }
}

#[derive(Template)]
#[template(path = "form_gone.html")]
pub struct GonePage {
    pub face: Face,
    pub w: Words,
    pub title: String,
    pub text: String,
    pub others: Vec<Link>,
}

/// An address at which nothing stands, or not any more: what it says, and where one can go.
pub async fn lost(v: &Visit, tx: &mut Tx, status: StatusCode) -> Result<Response> {
    let w = Words(v.lang);
    let tops = units::all(tx).await?;
    let top = tops.iter().find(|unit| unit.parent.is_none()).map(|unit| unit.id);
    let mut face = Face::new(v.lang, w.lost_title(), v.house.settings.institution.clone());
    let mut links = Vec::new();
    if let Some(top) = top {
        look::dress(tx, &mut face, top).await?;
        links = others(tx, top, &v.lang.into()).await?;
    }
    let page =
        GonePage { face, w, title: w.lost_title().to_owned(), text: w.lost_text().to_owned(), others: links };
    Ok(render_as(status, &page))
}

/// What can be filled in now, of a unit and all below it, five at most: for whoever came too late.
pub async fn others(tx: &mut Tx, unit: UnitId, tongue: &Tongue) -> Result<Vec<Link>> {
    let all = units::all(tx).await?;
    let near = units::below(&all, unit);
    let today = dates::date_of(tx.now(), &tx.house().settings.zone);
    let mut links = Vec::new();
    for piece in piece::all(tx, Kind::Form).await? {
        if piece.state != State::Live || !near.contains(&piece.unit) || links.len() == 5 {
            continue;
        }
        let form = Form::live(tx, piece).await?;
        if form.is_open(today) {
            let title = form.plan.say(&form.plan.title, tongue).to_owned();
            links.push(Link::new(title, form.piece.path()));
        }
    }
    Ok(links)
}

/// A form as it would stand inside another page.
pub async fn inside(v: &Visit, tx: &mut Tx, slug: &str, wanted: &[Tongue]) -> Result<Option<(String, bool)>> {
    let Some(piece) = piece::find(tx, Kind::Form, slug).await?.filter(|piece| piece.version > 0) else {
        return Ok(None);
    };
    let form = Form::live(tx, piece).await?;
    let today = dates::date_of(tx.now(), &v.house.settings.zone);
    if !form.is_open(today) {
        return Ok(None);
    }
    let tongue = form.plan.tongue(wanted).clone();
    let script = hangs(&form.plan);
    let asked = Asked::of(form, tongue, Door::default());
    let view = FormView::of(v, tx, &asked, Typed::default(), 0, false);
    let shell = InsideShell {
        title: asked.plan().say(&asked.plan().title, &asked.tongue).to_owned(),
        written: asked.tongue.tag().to_owned(),
        dir: asked.tongue.dir().as_str(),
        inside: view,
    };
    Ok(Some((shell.render().map_err(Error::broken)?, script)))
}

#[derive(Template)]
#[template(path = "form_part.html")]
struct InsideShell {
    title: String,
    written: String,
    dir: &'static str,
    inside: FormView,
}
