//! The page on which a text is written, in one of its languages, with what its reader would see beside it. Whatever keeps texts
//! (a step of a journey, a mailing) shows this one; what is done with what was written is its own.

use askama::Template;
use axum::{body::Body, response::Response};
use http::header;
use kring_blocks::{
    Act, Allowed, Document, Dress, EditorView, Link, Sheet, Values, What, check, form_of, note, read, render,
};
use kring_core::{Error, Lang, Result, Saying, Tongue};
use kring_frame::{Tx, Visit};
use kring_web::{Choice, Chrome, Form};

use crate::{Words, wording};

/// A text that is being written, and where.
#[derive(Clone, Debug)]
pub struct Writing {
    /// What the page is called.
    pub title: String,
    /// What stands above it: labels and addresses.
    pub way: Vec<(String, String)>,
    /// Its address; `/text`, `/languages` and `/preview` stand behind it.
    pub base: String,
    /// What the editor saw, sent along so that two who write at once do not undo each other.
    pub draft: i64,
    /// Where one goes when it is done, and what that is called.
    pub back: (String, String),
    pub text: Document,
}

/// A language of a text, as a tab.
pub struct Language {
    pub tag: String,
    pub name: String,
    pub stale: bool,
}

/// The languages of a text, its first one before the others.
pub fn languages(text: &Document) -> Vec<Language> {
    let stale: Vec<&Tongue> = text.stale();
    let mut tongues: Vec<&Tongue> = text.sheets.keys().collect();
    tongues.sort_by_key(|tongue| **tongue != text.source);
    tongues
        .into_iter()
        .map(|tongue| Language {
            tag: tongue.tag().to_owned(),
            name: tongue.name_in_own_words().to_owned(),
            stale: stale.contains(&tongue),
        })
        .collect()
}

#[derive(Template)]
#[template(path = "writing.html")]
struct Page {
    chrome: Chrome,
    w: Words,
    writing: Writing,
    tag: String,
    is_source: bool,
    stale: bool,
    source_name: String,
    languages: Vec<Language>,
    others: Vec<Choice>,
    editor: String,
    form: Form,
    narrow: bool,
    weight: String,
}

/// What came of a form.
pub enum Written {
    /// The list of blocks was changed, or something is wrong: the page is shown again.
    Again(Response),
    Sheet {
        tongue: Tongue,
        sheet: Sheet,
        form: Form,
    },
}

impl Writing {
    /// The language that the address asks for, as far as the text has it.
    pub fn tongue(&self, v: &Visit) -> Result<Tongue> {
        let asked = v.query()?.get("tongue").parse().ok();
        let known = asked.filter(|tongue| self.text.sheets.contains_key(tongue));
        Ok(known.unwrap_or_else(|| self.text.source.clone()))
    }

    pub async fn show(self, v: &Visit, tx: &mut Tx) -> Result<Response> {
        let tongue = self.tongue(v)?;
        let sheet = self.text.sheets.get(&tongue).cloned().unwrap_or_default();
        let page = self.page(v, tx, &tongue, &sheet, form_of(&sheet), None).await?;
        v.html(&page)
    }

    /// Reads what was written. A change of the list of blocks is shown again, not saved: what was typed in the others must not
    /// be half a draft.
    pub async fn read(&self, v: &Visit, tx: &mut Tx, mut form: Form) -> Result<Written> {
        let tongue: Tongue = form.get("tongue").parse().map_err(|()| Error::NotFound)?;
        let (mut sheet, act) = read(&mut form);
        let faulty = form.done().is_err();
        if act.is_none() && !faulty {
            return Ok(Written::Sheet { tongue, sheet, form });
        }
        if let Some(act) = &act {
            act.apply(&mut sheet);
            form = act.arrange(&form);
        }
        let page = self.clone().page(v, tx, &tongue, &sheet, form, act).await?;
        Ok(Written::Again(if faulty { v.html_again(&page)? } else { v.html(&page)? }))
    }

    /// The page again, with why it could not be kept and all that was typed.
    pub async fn again(
        self,
        v: &Visit,
        tx: &mut Tx,
        (tongue, sheet, mut form): (&Tongue, &Sheet, Form),
        why: Saying,
    ) -> Result<Response> {
        form.fault("", why);
        let page = self.page(v, tx, tongue, sheet, form, None).await?;
        v.html_again(&page)
    }

    async fn page(
        self,
        v: &Visit,
        tx: &mut Tx,
        tongue: &Tongue,
        sheet: &Sheet,
        mut form: Form,
        act: Option<Act>,
    ) -> Result<Page> {
        let w = Words(v.lang);
        let allowed = wording::allowed(tx, v.lang).await?;
        let shown =
            Document { source: self.text.source.clone(), sheets: [(tongue.clone(), sheet.clone())].into() };
        note(&mut form, tongue, &check(&shown, &Allowed { wanted: vec![], ..allowed.clone() }));
        let mut editor = EditorView::new(&form, v.lang, tongue, &allowed);
        if let Some(act) = &act {
            editor = editor.after(act);
        }
        let editor = editor.html();
        let settings = &v.house.settings;
        let sample = wording::with_places(wording::sample(&settings.institution), &settings.site, &allowed);
        let dressed = dressed(v, sheet, tongue, &sample);
        let others = Tongue::common()
            .filter(|other| !self.text.sheets.contains_key(other))
            .map(|other| Choice::new(other.tag(), other.name_in_own_words()))
            .collect();
        Ok(Page {
            chrome: v.chrome(tx, self.title.clone()).await?,
            w,
            tag: tongue.tag().to_owned(),
            is_source: *tongue == self.text.source,
            stale: self.text.stale().contains(&tongue),
            source_name: self.text.source.name_in_own_words().to_owned(),
            languages: languages(&self.text),
            others,
            editor,
            form,
            narrow: v.query()?.get("width") == "phone",
            weight: dressed
                .map(|html| w.writing_weight(i64::try_from(html.len() / 1024 + 1).unwrap_or_default()))
                .unwrap_or_default(),
            writing: self,
        })
    }

    /// The text as its reader gets it, for a frame.
    pub async fn preview(&self, v: &Visit, tx: &mut Tx, tongue: &Tongue, values: Values) -> Result<Response> {
        let sheet = self.text.sheets.get(tongue).cloned().unwrap_or_default();
        let allowed = wording::allowed(tx, v.lang).await?;
        let html =
            dressed(v, &sheet, tongue, &wording::with_places(values, &v.house.settings.site, &allowed));
        framed(html.unwrap_or_else(|| Words(v.lang).writing_unseen().to_owned()))
    }
}

/// Adds a language, as a copy of the first to be translated; takes one away; or says that a translation was compared. Gives the
/// language that is looked at next.
pub fn speak(text: &mut Document, form: &Form) -> Result<Tongue> {
    let tongue: Tongue = form.get("tongue").parse().map_err(|()| Error::NotFound)?;
    match form.get("what") {
        "add" => {
            if let Some(source) = text.sheets.get(&text.source).cloned()
                && !text.sheets.contains_key(&tongue)
            {
                text.put(&tongue, source);
            }
        }
        "drop" if tongue != text.source => {
            text.sheets.remove(&tongue);
            return Ok(text.source.clone());
        }
        _ => {
            text.up_to_date(&tongue);
        }
    }
    Ok(tongue)
}

/// What a recipient would see, without anything that is made for one.
fn dressed(v: &Visit, sheet: &Sheet, tongue: &Tongue, values: &Values) -> Option<String> {
    let w = Words(tongue.primary().parse().unwrap_or(Lang::En));
    let institution = v.house.settings.institution.clone();
    let choices = sheet.blocks.iter().filter_map(|block| match &block.what {
        What::Choices { options, .. } => Some(options),
        _ => None,
    });
    let site = &v.house.settings.site;
    let dress = Dress {
        footer: vec![institution.clone()],
        institution,
        base: Some(site.clone()),
        unsubscribe: Some(Link { label: w.less_of_this().to_owned(), href: format!("{site}/") }),
        choices: choices
            .flatten()
            .map(|option| option.code.clone())
            .chain(values.iter().map(|(name, _)| name.to_owned()))
            .map(|name| (name, format!("{site}/")))
            .collect(),
        ..Dress::default()
    };
    render(sheet, tongue, values, &dress).ok().map(|made| made.html)
}

/// A letter in a frame of its own: no script, style at the element, links go nowhere.
fn framed(html: String) -> Result<Response> {
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
