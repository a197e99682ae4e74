//! The editor of a landing page: its blocks in one language, what the public would see beside them, and what is wrong above.

use askama::Template;
use axum::response::Response;
use kring_blocks::{Act, Allowed, Document, EditorView, Sheet, form_of, note, read};
use kring_core::{Error, Id, Result, Tongue};
use kring_frame::{Permit, Route, Tx, Visit};
use kring_lang::{dates, numbers};
use kring_people::units;
use kring_web::{Choice, Chrome, Form, Tone};

use crate::{
    EDIT, USE, Words, figures,
    landing::{self, Landing},
    pages::{
        edit::{self, Language},
        list,
        piece::seen,
    },
    picture::{self, Picture},
    piece::{self, Kind, Piece, State},
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/pages/{id}", &USE, show),
        Route::post("/pages/{id}", &EDIT, save).limit(2 * 1024 * 1024),
        Route::post("/pages/{id}/languages", &EDIT, language),
    ]
}

#[derive(Template)]
#[template(path = "landing_edit.html")]
struct EditPage {
    chrome: Chrome,
    w: Words,
    piece: Piece,
    state: String,
    tone: Tone,
    unit: String,
    changed: String,
    seen: String,
    stops: Vec<String>,
    advice: Vec<String>,
    may_edit: bool,
    can_undo: bool,
    can_redo: bool,
    same: bool,
    tag: String,
    is_source: bool,
    stale: bool,
    source_name: String,
    languages: Vec<Language>,
    others: Vec<Choice>,
    editor: String,
    form: Form,
    naming: Form,
    units: Vec<Choice>,
    preview: String,
    narrow: bool,
    site: String,
    pictures: Vec<Picture>,
}

/// One sheet of a page, as it stands in the editor.
struct Sight {
    piece: Piece,
    landing: Landing,
    tongue: Tongue,
    sheet: Sheet,
    form: Form,
    act: Option<Act>,
    naming: Option<Form>,
}

impl Sight {
    async fn of(v: &Visit, tx: &mut Tx, id: Id<Piece>) -> Result<Self> {
        let piece = piece::one(tx, Kind::Page, id).await?;
        let landing: Landing = piece::draft(tx, &piece).await?;
        let asked: Option<Tongue> = v.query()?.get("tongue").parse().ok();
        let known = asked.filter(|tongue| landing.text.sheets.contains_key(tongue));
        let tongue = known.unwrap_or_else(|| landing.text.source.clone());
        let sheet = landing.text.sheets.get(&tongue).cloned().unwrap_or_default();
        let form = form_of(&sheet);
        Ok(Self { piece, landing, tongue, sheet, form, act: None, naming: None })
    }
}

async fn show(v: Visit, _permit: Permit) -> Result<Response> {
    let id: Id<Piece> = v.path("id")?;
    let mut tx = v.house.read(&v.actor).await?;
    let sight = Sight::of(&v, &mut tx, id).await?;
    let page = page(&v, &mut tx, sight).await?;
    v.html(&page)
}

/// The editor again, with why something else was not done.
pub async fn again(v: &Visit, id: Id<Piece>, form: Form) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    let mut sight = Sight::of(v, &mut tx, id).await?;
    for fault in form.faults().iter().filter(|fault| fault.field.is_empty()) {
        sight.form.fault("", fault.what.clone());
    }
    sight.naming = Some(form).filter(|form| form.id_of("name") == "name-name");
    let page = page(v, &mut tx, sight).await?;
    v.html_again(&page)
}

async fn page(v: &Visit, tx: &mut Tx, sight: Sight) -> Result<EditPage> {
    let w = Words(v.lang);
    let Sight { piece, landing, tongue, sheet, mut form, act, naming } = sight;
    let text = &landing.text;
    let allowed = landing::allowed(tx, v.lang).await?;
    let shown = Document { source: text.source.clone(), sheets: [(tongue.clone(), sheet)].into() };
    let here = kring_blocks::check(&shown, &Allowed { wanted: vec![], ..allowed.clone() });
    note(&mut form, &tongue, &here);
    let mut editor = EditorView::new(&form, v.lang, &tongue, &allowed);
    if let Some(act) = &act {
        editor = editor.after(act);
    }
    let editor = editor.html();
    let found = landing::check(tx, &landing, v.lang).await?;
    let said = |stops: bool| -> Vec<String> {
        let of = found.iter().filter(|(_, stop)| *stop == stops);
        of.map(|(p, _)| format!("{}: {}", p.place().in_lang(v.lang), p.saying().in_lang(v.lang))).collect()
    };
    let (can_undo, can_redo) = piece::can_undo(tx, &piece).await?;
    let units = units::all(tx).await?;
    let stale = text.stale();
    let mut tongues: Vec<&Tongue> = text.sheets.keys().collect();
    tongues.sort_by_key(|tongue| **tongue != text.source);
    let (seen, _) = figures::totals(tx).await?.get(&piece.id).copied().unwrap_or_default();
    Ok(EditPage {
        state: w.find(&format!("state-{}", piece.state)).unwrap_or_default().to_owned(),
        tone: list::tone(piece.state),
        unit: units
            .iter()
            .find(|u| u.id == piece.unit)
            .map(|u| u.name(v.lang).to_owned())
            .unwrap_or_default(),
        changed: dates::last(piece.changed_at, tx.now(), &v.house.settings.zone, v.lang),
        seen: numbers::int(seen, v.lang),
        stops: said(true),
        advice: said(false),
        may_edit: v.actor.permit(&EDIT).is_ok_and(|permit| piece::is_mine(tx, &permit, &piece)),
        can_undo,
        can_redo,
        same: piece.version > 0 && piece::version::<Landing>(tx, piece.id, piece.version).await? == landing,
        tag: tongue.tag().to_owned(),
        is_source: tongue == text.source,
        stale: stale.contains(&&tongue),
        source_name: text.source.name_in_own_words().to_owned(),
        languages: tongues
            .into_iter()
            .map(|t| Language {
                tag: t.tag().to_owned(),
                name: t.name_in_own_words().to_owned(),
                stale: stale.contains(&t),
                lacks: false,
            })
            .collect(),
        others: Tongue::common()
            .filter(|other| !text.sheets.contains_key(other))
            .map(|other| Choice::new(other.tag(), other.name_in_own_words()))
            .collect(),
        editor,
        form,
        naming: naming.unwrap_or_else(|| edit::naming(&piece)),
        units: edit::own_units(v, &units),
        preview: format!("/pages/{}/preview?tongue={tongue}", piece.id),
        narrow: v.query()?.get("width") == "phone",
        site: v.house.settings.site.clone(),
        pictures: picture::newest(tx, 12).await?,
        chrome: v.chrome(tx, &piece.name).await?,
        w,
        piece,
    })
}

async fn save(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Piece> = v.path("id")?;
    let mut form = v.form()?;
    let before = seen(&form)?;
    let tongue: Tongue = form.get("tongue").parse().map_err(|()| Error::NotFound)?;
    let (mut sheet, act) = read(&mut form);
    let mut tx = v.house.write(&v.actor).await?;
    if act.is_some() || form.done().is_err() {
        // A change of the list of blocks is shown again, not saved: what was typed in the others must not be half a draft.
        let faulty = form.done().is_err();
        if let Some(act) = &act {
            act.apply(&mut sheet);
            form = act.arrange(&form);
        }
        let sight = Sight { tongue, sheet, form, act, ..Sight::of(&v, &mut tx, id).await? };
        let page = page(&v, &mut tx, sight).await?;
        return if faulty { v.html_again(&page) } else { v.html(&page) };
    }
    let kept = sheet.clone();
    let changed = piece::change(&mut tx, &permit, id, before, |landing: &mut Landing, _| {
        landing.text.put(&tongue, kept);
        Ok(())
    })
    .await;
    match changed {
        Ok(_) => {
            tx.commit().await?;
            let to = format!("/pages/{id}?tongue={tongue}");
            v.see_done(&to, "done-text", Some(&format!("/pages/{id}/undo")))
        }
        Err(Error::Conflict(what)) => {
            form.fault("", what);
            drop(tx);
            let mut tx = v.house.read(&v.actor).await?;
            let sight = Sight { tongue, sheet, form, ..Sight::of(&v, &mut tx, id).await? };
            let page = page(&v, &mut tx, sight).await?;
            v.html_again(&page)
        }
        Err(why) => Err(why),
    }
}

/// Adds a language, as a copy of the first to be translated; takes one away; or says that a translation was compared.
async fn language(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Piece> = v.path("id")?;
    let form = v.form()?;
    let before = seen(&form)?;
    let which: Tongue = form.get("which").parse().map_err(|()| Error::NotFound)?;
    let what = form.get("what").to_owned();
    let mut tx = v.house.write(&v.actor).await?;
    let changed = piece::change(&mut tx, &permit, id, before, |landing: &mut Landing, _| {
        let text = &mut landing.text;
        match what.as_str() {
            "add" => {
                if let Some(source) = text.sheets.get(&text.source).cloned()
                    && !text.sheets.contains_key(&which)
                {
                    text.put(&which, source);
                }
            }
            "drop" if which != text.source => {
                text.sheets.remove(&which);
            }
            _ => {
                text.up_to_date(&which);
            }
        }
        Ok(())
    })
    .await;
    match changed {
        Ok(_) => {
            tx.commit().await?;
            let here = if what == "drop" { String::new() } else { format!("?tongue={which}") };
            v.see_done(&format!("/pages/{id}{here}"), "done-language", Some(&format!("/pages/{id}/undo")))
        }
        Err(Error::Conflict(what)) => {
            drop(tx);
            let mut form = Form::default();
            form.fault("", what);
            again(&v, id, form).await
        }
        Err(why) => Err(why),
    }
}
