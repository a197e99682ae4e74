//! A landing page: a document in many languages on a page of the institution, with a form in it where it names one.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use http::{Method, StatusCode};
use kring_blocks::{Allowed, Block, Document, Dress, Place, Problem, Sheet, Trouble, Values, What};
use kring_core::{Lang, Result, Tongue};
use kring_frame::{Route, Tx, Visit};
use kring_web::{Face, OtherLanguage, render_as};
use serde::{Deserialize, Serialize};

use crate::{
    Words, look,
    piece::{self, Built, Kind, Piece, State},
    plan::{Plan, around},
    public, shown,
};

const WHY: &str = "anybody may read a page of the school";

pub fn routes() -> Vec<Route> {
    vec![Route::open(Method::GET, "/p/{slug}", WHY, show)]
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Landing {
    pub text: Document,
}

impl Built for Landing {
    const KIND: Kind = Kind::Page;
}

impl Landing {
    /// Puts a form at the end, in every language, by its address.
    pub fn put_form(&mut self, slug: &str) {
        let what = What::Part { name: slug.to_owned() };
        for sheet in self.text.sheets.values_mut() {
            sheet.blocks.push(Block { what: what.clone(), only_if: None });
        }
    }

    pub fn new(source: Tongue, title: &str) -> Self {
        let sheet = Sheet { subject: title.to_owned(), ..Sheet::default() };
        Self { text: Document::new(source, sheet) }
    }
}

/// What a page may hold: the forms that the public can see, and no fields, since it does not know who reads it.
pub async fn allowed(tx: &mut Tx, lang: Lang) -> Result<Allowed> {
    let mut parts = Vec::new();
    for form in piece::all(tx, Kind::Form).await? {
        if form.state == State::Live {
            let plan: Plan = piece::version(tx, form.id, form.version).await?;
            parts.push((form.slug, plan.say(&plan.title, &lang.into()).to_owned()));
        }
    }
    let wanted = Lang::ALL.into_iter().map(Tongue::from).collect();
    Ok(Allowed { wanted, place: Place::Page, parts, ..Allowed::default() })
}

/// What is wrong with a page, and whether that keeps it from being published. A language that is missing falls back to another,
/// which whoever publishes should know and may want.
pub async fn check(tx: &mut Tx, page: &Landing, lang: Lang) -> Result<Vec<(Problem, bool)>> {
    let allowed = allowed(tx, lang).await?;
    let found = kring_blocks::check(&page.text, &allowed).into_iter();
    Ok(found
        .map(|problem| {
            let stops = problem.is_grave() && problem.what != Trouble::Missing;
            (problem, stops)
        })
        .collect())
}

#[derive(Template)]
#[template(path = "landing.html")]
pub struct LandingPage {
    face: Face,
    title: String,
    written: String,
    dir: &'static str,
    body: String,
    script: bool,
}

impl LandingPage {
    /// One of its languages, as the public reads it.
    pub async fn of(
        v: &Visit,
        tx: &mut Tx,
        piece: &Piece,
        sheet: &Sheet,
        tongue: &Tongue,
        wanted: &[Tongue],
    ) -> Result<Self> {
        let mut parts = BTreeMap::new();
        let mut script = false;
        for block in &sheet.blocks {
            let What::Part { name } = &block.what else { continue };
            if let Some((html, hangs)) = shown::inside(v, tx, name, wanted).await? {
                script |= hangs;
                parts.insert(name.clone(), html);
            }
        }
        let dress = Dress { parts, ..Dress::default() };
        let body = kring_blocks::page_html(sheet, tongue, &Values::new(), &dress)?;
        let mut face = Face::new(around(tongue), &sheet.subject, v.house.settings.institution.clone());
        face.about.clone_from(&sheet.preview);
        face.listed = true;
        look::dress(tx, &mut face, piece.unit).await?;
        Ok(Self {
            title: sheet.subject.clone(),
            written: tongue.tag().to_owned(),
            dir: tongue.dir().as_str(),
            face,
            body,
            script,
        })
    }

    /// A draft that cannot be drawn yet.
    pub fn empty(v: &Visit, sheet: &Sheet, tongue: &Tongue) -> Self {
        Self {
            face: Face::new(around(tongue), &sheet.subject, v.house.settings.institution.clone()),
            title: sheet.subject.clone(),
            written: tongue.tag().to_owned(),
            dir: tongue.dir().as_str(),
            body: String::new(),
            script: false,
        }
    }
}

async fn show(mut v: Visit) -> Result<Response> {
    let slug: String = v.path("slug")?;
    let mut tx = v.house.read(&v.actor).await?;
    let piece = piece::find(&mut tx, Kind::Page, &slug).await?.filter(|piece| piece.version > 0);
    let Some(piece) = piece else { return shown::lost(&v, &mut tx, StatusCode::NOT_FOUND).await };
    let landing: Landing = piece::version(&mut tx, piece.id, piece.version).await?;
    let mut wanted: Vec<Tongue> = v.query()?.get("lang").parse().into_iter().collect();
    wanted.extend(public::accepted(&v));
    let Some((tongue, sheet)) = landing.text.choose(&wanted) else {
        return shown::lost(&v, &mut tx, StatusCode::NOT_FOUND).await;
    };
    v.lang = around(tongue);
    if piece.state != State::Live {
        let w = Words(v.lang);
        let mut face = Face::new(v.lang, &sheet.subject, v.house.settings.institution.clone());
        look::dress(&mut tx, &mut face, piece.unit).await?;
        let others = shown::others(&mut tx, piece.unit, tongue).await?;
        let title = w.gone_title(sheet.subject.as_str());
        let page = shown::GonePage { face, w, title, text: w.gone_page().to_owned(), others };
        return Ok(render_as(StatusCode::GONE, &page));
    }
    // The form in it is read in the language of the page, also where the page is not in the language that was wanted.
    let own = [tongue.clone()];
    let mut page = LandingPage::of(&v, &mut tx, &piece, sheet, tongue, &own).await?;
    let path = piece.path();
    page.face.others = landing
        .text
        .sheets
        .keys()
        .filter(|other| *other != tongue)
        .map(|other| OtherLanguage { lang: other.clone(), href: format!("{path}?lang={other}") })
        .collect();
    drop(tx);
    public::seen(&v, piece.id).await?;
    v.html(&page)
}
