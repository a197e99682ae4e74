//! The text of a mail in one of its languages, with what somebody would see beside it.

use askama::Template;
use axum::{body::Body, response::Response};
use http::header;
use kring_blocks::{Act, Document, Dress, EditorView, Link, Sheet, form_of, note, read, render};
use kring_core::{Error, Id, Lang, Result, Tongue};
use kring_flow::StepId;
use kring_frame::{Permit, PersonId, Route, Tx, Visit};
use kring_people::person;
use kring_web::{Choice, Chrome, Form};

use crate::{
    EDIT, USE, Words, check,
    journey::{self, Journey},
    letter,
    pages::{
        change::{seen, with},
        edit::{Language, languages},
    },
    plan::{Deed, Mail, Plan, What},
    sentence,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/journeys/{id}/steps/{step}/text", &EDIT, show),
        Route::post("/journeys/{id}/steps/{step}/text", &EDIT, save).limit(2 * 1024 * 1024),
        Route::post("/journeys/{id}/steps/{step}/languages", &EDIT, language),
        Route::get("/journeys/{id}/steps/{step}/preview", &USE, preview),
    ]
}

#[derive(Template)]
#[template(path = "text.html")]
struct TextPage {
    chrome: Chrome,
    w: Words,
    journey: Journey,
    step: StepId,
    number: usize,
    tag: String,
    is_source: bool,
    stale: bool,
    source_name: String,
    languages: Vec<Language>,
    others: Vec<Choice>,
    editor: String,
    form: Form,
    preview: String,
    narrow: bool,
    weight: String,
}

fn mail_of(plan: &Plan, step: StepId) -> Result<&Mail> {
    letter::of(plan, step).ok_or(Error::NotFound)
}

fn tongue_of(v: &Visit, mail: &Mail) -> Result<Tongue> {
    let asked = v.query()?.get("tongue").parse().ok();
    let known = asked.filter(|tongue| mail.text.sheets.contains_key(tongue));
    Ok(known.unwrap_or_else(|| mail.text.source.clone()))
}

async fn show(v: Visit, _permit: Permit) -> Result<Response> {
    let (id, step): (Id<Journey>, StepId) = (v.path("id")?, v.path("step")?);
    let mut tx = v.house.read(&v.actor).await?;
    let journey = journey::one(&mut tx, id).await?;
    let plan = journey::draft(&mut tx, &journey).await?;
    let mail = mail_of(&plan, step)?;
    let tongue = tongue_of(&v, mail)?;
    let sheet = mail.text.sheets.get(&tongue).cloned().unwrap_or_default();
    let page =
        page(&v, &mut tx, journey, &plan, step, &mail.text, &tongue, &sheet, form_of(&sheet), None).await?;
    v.html(&page)
}

#[expect(clippy::too_many_arguments, reason = "a page of one sheet of one mail of one plan")]
async fn page(
    v: &Visit,
    tx: &mut Tx,
    journey: Journey,
    plan: &Plan,
    step: StepId,
    text: &Document,
    tongue: &Tongue,
    sheet: &Sheet,
    mut form: Form,
    act: Option<Act>,
) -> Result<TextPage> {
    let w = Words(v.lang);
    let allowed = check::allowed();
    let shown = Document { source: text.source.clone(), sheets: [(tongue.clone(), sheet.clone())].into() };
    let problems = kring_blocks::check(&shown, &kring_blocks::Allowed { wanted: vec![], ..allowed.clone() });
    note(&mut form, tongue, &problems);
    let mut editor = EditorView::new(&form, v.lang, tongue, &allowed);
    if let Some(act) = &act {
        editor = editor.after(act);
    }
    let editor = editor.html();
    let dressed = dressed(v, sheet, tongue, &letter::sample(&v.house.settings.institution));
    let mail = mail_of(plan, step)?;
    let here: Vec<Choice> = Tongue::common()
        .filter(|other| !mail.text.sheets.contains_key(other))
        .map(|other| Choice::new(other.tag(), other.name_in_own_words()))
        .collect();
    Ok(TextPage {
        chrome: v.chrome(tx, sentence::subject(v.lang, mail)).await?,
        w,
        number: sentence::numbers(plan).get(&step).copied().unwrap_or_default(),
        tag: tongue.tag().to_owned(),
        is_source: *tongue == text.source,
        stale: text.stale().contains(&tongue),
        source_name: text.source.name_in_own_words().to_owned(),
        languages: languages(mail),
        others: here,
        editor,
        form,
        preview: format!("/journeys/{}/steps/{step}/preview?tongue={tongue}", journey.id),
        narrow: v.query()?.get("width") == "phone",
        weight: dressed
            .map(|html| w.weight(i64::try_from(html.len() / 1024 + 1).unwrap_or_default()))
            .unwrap_or_default(),
        journey,
        step,
    })
}

async fn save(v: Visit, permit: Permit) -> Result<Response> {
    let (id, step): (Id<Journey>, StepId) = (v.path("id")?, v.path("step")?);
    let mut form = v.form()?;
    let before = seen(&form)?;
    let tongue: Tongue = form.get("tongue").parse().map_err(|()| Error::NotFound)?;
    let (mut sheet, act) = read(&mut form);
    let mut tx = v.house.write(&v.actor).await?;
    if act.is_some() || form.done().is_err() {
        // A change of the list of blocks is shown again, not saved: what was typed in the others must not be half a draft.
        let journey = journey::one(&mut tx, id).await?;
        let plan = journey::draft(&mut tx, &journey).await?;
        let mail = mail_of(&plan, step)?;
        let faulty = form.done().is_err();
        if let Some(act) = &act {
            act.apply(&mut sheet);
            form = act.arrange(&form);
        }
        let page = page(&v, &mut tx, journey, &plan, step, &mail.text, &tongue, &sheet, form, act).await?;
        return if faulty { v.html_again(&page) } else { v.html(&page) };
    }
    let changed = journey::change(&mut tx, &permit, id, before, |plan, _| {
        change_text(plan, step, |text| {
            text.put(&tongue, sheet.clone());
        })
    })
    .await;
    match changed {
        Ok(_) => {
            tx.commit().await?;
            let to = format!("/journeys/{id}/steps/{step}/text?tongue={tongue}");
            v.see_done(&to, "done-text", Some(&format!("/journeys/{id}/undo")))
        }
        Err(Error::Conflict(what)) => {
            form.fault("", what);
            drop(tx);
            let mut tx = v.house.read(&v.actor).await?;
            let journey = journey::one(&mut tx, id).await?;
            let plan = journey::draft(&mut tx, &journey).await?;
            let mail = mail_of(&plan, step)?;
            let page =
                page(&v, &mut tx, journey, &plan, step, &mail.text, &tongue, &sheet, form, None).await?;
            v.html_again(&page)
        }
        Err(why) => Err(why),
    }
}

fn change_text(plan: &mut Plan, step: StepId, change: impl FnOnce(&mut Document)) -> Result<()> {
    with(plan, step, |step| {
        if let What::Do(Deed::Mail(mail)) | What::Ask { deed: Deed::Mail(mail), .. } = &mut step.what {
            change(&mut mail.text);
        }
        Ok(())
    })
}

/// Adds a language, as a copy of the first to be translated; takes one away; or says that a translation was compared.
async fn language(v: Visit, permit: Permit) -> Result<Response> {
    let (id, step): (Id<Journey>, StepId) = (v.path("id")?, v.path("step")?);
    let form = v.form()?;
    let before = seen(&form)?;
    let tongue: Tongue = form.get("tongue").parse().map_err(|()| Error::NotFound)?;
    let what = form.get("what").to_owned();
    let mut tx = v.house.write(&v.actor).await?;
    journey::change(&mut tx, &permit, id, before, |plan, _| {
        change_text(plan, step, |text| match what.as_str() {
            "add" => {
                if let Some(source) = text.sheets.get(&text.source).cloned()
                    && !text.sheets.contains_key(&tongue)
                {
                    text.put(&tongue, source);
                }
            }
            "drop" if tongue != text.source => {
                text.sheets.remove(&tongue);
            }
            _ => {
                text.up_to_date(&tongue);
            }
        })
    })
    .await?;
    tx.commit().await?;
    let here = if what == "drop" { String::new() } else { format!("?tongue={tongue}") };
    let to = format!("/journeys/{id}/steps/{step}/text{here}");
    v.see_done(&to, "done-language", Some(&format!("/journeys/{id}/undo")))
}

/// What a recipient would see, without anything that is made for one.
fn dressed(v: &Visit, sheet: &Sheet, tongue: &Tongue, values: &kring_blocks::Values) -> Option<String> {
    let w = Words(tongue.primary().parse().unwrap_or(Lang::En));
    let institution = v.house.settings.institution.clone();
    let choices = sheet.blocks.iter().filter_map(|block| match &block.what {
        kring_blocks::What::Choices { options, .. } => Some(options),
        _ => None,
    });
    let site = &v.house.settings.site;
    let dress = Dress {
        footer: vec![institution.clone()],
        institution,
        base: Some(site.clone()),
        unsubscribe: Some(Link { label: w.unsubscribe().to_owned(), href: format!("{site}/") }),
        choices: choices.flatten().map(|option| (option.code.clone(), format!("{site}/"))).collect(),
        ..Dress::default()
    };
    render(sheet, tongue, values, &dress).ok().map(|made| made.html)
}

/// The mail as its reader gets it, for a frame: as somebody who is named, or with sample words.
async fn preview(v: Visit, _permit: Permit) -> Result<Response> {
    let (id, step): (Id<Journey>, StepId) = (v.path("id")?, v.path("step")?);
    let mut tx = v.house.write(&v.actor).await?;
    let journey = journey::one(&mut tx, id).await?;
    let plan = journey::draft(&mut tx, &journey).await?;
    let mail = mail_of(&plan, step)?;
    let tongue = tongue_of(&v, mail)?;
    let sheet = mail.text.sheets.get(&tongue).cloned().unwrap_or_default();
    let values = match v.query()?.id::<kring_frame::mark::Person>("as") {
        Some(somebody) => values_of(&v, &mut tx, somebody, &journey, &tongue).await?,
        None => letter::sample(&v.house.settings.institution),
    };
    tx.commit().await?;
    let html = dressed(&v, &sheet, &tongue, &values).unwrap_or_else(|| Words(v.lang).no_preview().to_owned());
    framed(html)
}

/// Seeing a mail as somebody is reading who they are.
async fn values_of(
    v: &Visit,
    tx: &mut Tx,
    somebody: PersonId,
    journey: &Journey,
    tongue: &Tongue,
) -> Result<kring_blocks::Values> {
    let permit = v.actor.permit(&kring_people::READ_PEOPLE)?;
    person::read(tx, &permit, somebody).await?;
    letter::values(tx, somebody, journey.unit, tongue).await
}

/// A letter in a frame of its own: no script, style at the element, links go nowhere.
pub fn framed(html: String) -> Result<Response> {
    Response::builder()
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; img-src 'self' https: data:; style-src 'unsafe-inline'; frame-ancestors 'self'; \
             form-action 'none'; sandbox",
        )
        .header("cross-origin-resource-policy", "same-origin")
        .body(Body::from(html))
        .map_err(Error::broken)
}
