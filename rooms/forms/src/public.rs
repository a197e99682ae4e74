//! A form as the public meets it: one column, page by page, without a login, a cookie or a script. What is not asked yet, the
//! server asks on the next round; with script it appears at once.

use axum::response::Response;
use http::{HeaderValue, Method, StatusCode, header};
use kring_core::{Error, Id, Result, Tongue};
use kring_frame::{PersonId, Route, Tx, Visit, params, sql};
use kring_lang::dates;
use kring_people::{address, contact, merge, person};
use kring_web::{Face, Form as Typed, OtherLanguage, render_as};

use crate::{
    Words,
    answer::{self, Form, New},
    answers::Answers,
    figures, look,
    piece::{self, Kind, Piece},
    plan::{Ask, Field, MOST_MEGABYTES, Plan, around},
    round::Round,
    say,
    shown::{self, FormPage, GonePage, ThanksPage},
    spam,
    upload::{self, Upload},
};

const WHY: &str = "anybody may fill in a form of the school";

/// The body of a form with files in it.
const LIMIT: usize = (MOST_MEGABYTES as usize * 2 + 1) * 1_000_000;

pub fn routes() -> Vec<Route> {
    vec![
        Route::open(Method::GET, "/f/{slug}", WHY, show),
        Route::open(Method::POST, "/f/{slug}", WHY, send).limit(LIMIT),
        Route::open(Method::GET, "/f/{slug}/thanks", WHY, thanks),
        Route::open(Method::GET, "/f/{slug}/embed", WHY, show_embedded),
        Route::open(Method::POST, "/f/{slug}/embed", WHY, send_embedded).limit(LIMIT),
        Route::open(Method::GET, "/f/{slug}/embed/thanks", WHY, thanks_embedded),
        Route::open(Method::GET, "/f/{slug}/by/{token}", WHY, show_by_link),
        Route::open(Method::POST, "/f/{slug}/by/{token}", WHY, send_by_link).limit(LIMIT),
    ]
}

/// By which door somebody comes.
#[derive(Clone, Debug, Default)]
pub struct Door {
    /// In a frame on another site.
    pub embedded: bool,
    /// By a link of their own: whose, and its path.
    pub by_link: Option<(PersonId, String)>,
}

impl Door {
    pub fn path(&self, piece: &Piece) -> String {
        match &self.by_link {
            Some((_, path)) => path.clone(),
            None if self.embedded => format!("{}/embed", piece.path()),
            None => piece.path(),
        }
    }
}

/// What is asked of this visitor, and what is not since we know it.
pub struct Asked {
    pub form: Form,
    pub tongue: Tongue,
    pub door: Door,
    known: Vec<Ask>,
}

impl Asked {
    /// For somebody of whom we know nothing.
    pub fn of(form: Form, tongue: Tongue, door: Door) -> Self {
        Self { form, tongue, door, known: Vec::new() }
    }

    pub fn plan(&self) -> &Plan {
        &self.form.plan
    }

    /// Whether a field is put to this visitor at all.
    pub fn puts(&self, field: &Field) -> bool {
        field.always || !self.known.contains(&field.kind)
    }

    pub fn knows_something(&self) -> bool {
        !self.known.is_empty()
    }
}

async fn found(tx: &mut Tx, v: &Visit) -> Result<Option<Piece>> {
    let slug: String = v.path("slug")?;
    piece::find(tx, Kind::Form, &slug).await
}

/// The form behind an address, in the language of its reader; or the page that helps on.
async fn asked(v: &mut Visit, tx: &mut Tx, door: Door) -> Result<Result<Asked, Response>> {
    let piece = found(tx, v).await?;
    let today = dates::date_of(tx.now(), &v.house.settings.zone);
    let Some(piece) = piece.filter(|piece| piece.version > 0) else {
        return shown::lost(v, tx, StatusCode::NOT_FOUND).await.map(Err);
    };
    let form = Form::live(tx, piece).await?;
    if !form.is_open(today) {
        return gone(v, tx, &form).await.map(Err);
    }
    let mut wanted = wanted(v)?;
    let mut known = Vec::new();
    if let Some((person, _)) = &door.by_link {
        wanted.extend(person::load(tx, *person).await?.reads());
        known = known_of(tx, *person).await?;
    }
    wanted.extend(accepted(v));
    let tongue = form.plan.tongue(&wanted).clone();
    v.lang = around(&tongue);
    Ok(Ok(Asked { form, tongue, door, known }))
}

/// The language in the address.
fn wanted(v: &Visit) -> Result<Vec<Tongue>> {
    Ok(v.query()?.get("lang").parse().into_iter().collect())
}

/// The languages that the browser names, best first.
pub fn accepted(v: &Visit) -> Vec<Tongue> {
    let header = v.headers.get(header::ACCEPT_LANGUAGE).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let mut weighed: Vec<(f32, Tongue)> = header
        .split(',')
        .take(20)
        .filter_map(|part| {
            let (tag, rest) = part.split_once(';').unwrap_or((part, ""));
            let weight = rest.trim().strip_prefix("q=").and_then(|q| q.parse().ok()).unwrap_or(1.0);
            Some((weight, tag.trim().parse().ok()?))
        })
        .collect();
    weighed.sort_by(|a, b| b.0.total_cmp(&a.0));
    weighed.into_iter().map(|(_, tongue)| tongue).collect()
}

/// As it stands in an address.
pub fn tag(tongue: &Tongue) -> &str {
    tongue.tag()
}

/// What we know of somebody, of what forms ask. Whoever was forwarded the mail learns from this only that we know it.
async fn known_of(tx: &mut Tx, person: PersonId) -> Result<Vec<Ask>> {
    let mut known = vec![Ask::Name];
    let contacts = contact::of(tx, person).await?;
    let fine = |kind| contacts.iter().any(|c| c.kind == kind && c.state == contact::State::Fine);
    if fine(contact::Kind::Email) {
        known.push(Ask::Email);
    }
    if fine(contact::Kind::Phone) {
        known.push(Ask::Phone);
    }
    if address::post_of(tx, person).await?.is_some() {
        known.push(Ask::Address);
    }
    Ok(known)
}

pub async fn face(v: &Visit, tx: &mut Tx, asked: &Asked) -> Result<Face> {
    let plan = asked.plan();
    let mut face =
        Face::new(v.lang, plan.say(&plan.title, &asked.tongue), v.house.settings.institution.clone());
    let path = asked.door.path(&asked.form.piece);
    let others = plan.tongues.iter().filter(|tongue| **tongue != asked.tongue);
    face.others =
        others.map(|t| OtherLanguage { lang: t.clone(), href: format!("{path}?lang={t}") }).collect();
    face.bare = asked.door.embedded;
    face.listed = asked.door.by_link.is_none() && !asked.door.embedded;
    face.about = plan.say(&plan.intro, &asked.tongue).chars().take(160).collect();
    look::dress(tx, &mut face, asked.form.piece.unit).await?;
    Ok(face)
}

async fn show(v: Visit) -> Result<Response> {
    begin(v, Door::default()).await
}

async fn show_embedded(v: Visit) -> Result<Response> {
    begin(v, Door { embedded: true, by_link: None }).await
}

async fn show_by_link(v: Visit) -> Result<Response> {
    match by_link(&v).await? {
        Some(door) => begin(v, door).await,
        // A link of a form that was forgotten with its person, or made up: the form itself is for everybody.
        None => v.see(format!("/f/{}", v.path::<String>("slug")?)),
    }
}

async fn by_link(v: &Visit) -> Result<Option<Door>> {
    let token = v.token("token")?;
    let mut tx = v.house.read(&v.actor).await?;
    let found: Option<(Id<Piece>, PersonId)> = tx
        .maybe(sql!("select form_id, person_id from form_links where hash = $1"), params![token.hash()])
        .await?;
    let piece = self::found(&mut tx, v).await?;
    let (Some((form, person)), Some(piece)) = (found, piece) else { return Ok(None) };
    let person = merge::current(&mut tx, person).await?;
    let path = format!("{}/by/{}", piece.path(), token.reveal());
    Ok((form == piece.id).then_some(Door { embedded: false, by_link: Some((person, path)) }))
}

/// The first page of a form.
async fn begin(mut v: Visit, door: Door) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    let asked = match asked(&mut v, &mut tx, door).await? {
        Ok(asked) => asked,
        Err(response) => return Ok(response),
    };
    if asked.door.embedded && asked.plan().sites.is_empty() {
        return shown::lost(&v, &mut tx, StatusCode::NOT_FOUND).await;
    }
    let query = v.query()?;
    let hidden = asked.plan().fields.iter().filter(|field| field.kind == Ask::Hidden);
    let given: Vec<(String, String)> =
        hidden.map(|field| (field.name(), query.get(&field.code).to_owned())).collect();
    let page = FormPage::of(&v, &mut tx, &asked, Typed::of(given), 0, false).await?;
    drop(tx);
    seen(&v, asked.form.piece.id).await?;
    framed(&asked, v.html(&page)?)
}

/// Counts that it was opened: a total of the day, and nothing of whoever opened it.
pub async fn seen(v: &Visit, piece: Id<Piece>) -> Result<()> {
    let mut tx = v.house.write(&v.actor).await?;
    figures::opened(&mut tx, piece).await?;
    tx.commit().await
}

/// In a frame only on the sites that the form names; on a page of its own in none.
fn framed(asked: &Asked, mut response: Response) -> Result<Response> {
    if asked.door.embedded {
        let sites = asked.plan().sites.join(" ");
        let policy = format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
             connect-src 'none'; form-action 'self'; frame-ancestors {sites}; base-uri 'none'"
        );
        let policy = HeaderValue::try_from(policy).map_err(Error::broken)?;
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        response.headers_mut().insert(
            header::HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("cross-origin"),
        );
    }
    Ok(response)
}

async fn send(v: Visit) -> Result<Response> {
    go(v, Door::default()).await
}

async fn send_embedded(v: Visit) -> Result<Response> {
    go(v, Door { embedded: true, by_link: None }).await
}

async fn send_by_link(v: Visit) -> Result<Response> {
    match by_link(&v).await? {
        Some(door) => go(v, door).await,
        None => Err(Error::NotFound),
    }
}

/// One round: the next page, the page before, more questions on this one, what is wrong, or thanks.
async fn go(mut v: Visit, door: Door) -> Result<Response> {
    let (form, files) = upload::received(&v).await?;
    let mut tx = v.house.read(&v.actor).await?;
    let asked = match asked(&mut v, &mut tx, door).await? {
        Ok(asked) => asked,
        Err(response) => return Ok(response),
    };
    let round = Round::of(&asked, form, &files);
    let (new, form) = match round {
        Round::Show { form, page, more, fault } => {
            let page = FormPage::of(&v, &mut tx, &asked, form, page, more).await?;
            return framed(&asked, if fault { v.html_again(&page)? } else { v.html(&page)? });
        }
        Round::Done { answers, files, form } => ((answers, files), form),
    };
    drop(tx);
    match take(&v, &asked, &form, new.0, new.1).await {
        Ok(()) => {
            let to = if asked.door.embedded { "/embed/thanks" } else { "/thanks" };
            v.see(format!("{}{to}?lang={}", asked.form.piece.path(), asked.tongue))
        }
        Err(why) => {
            let mut form = form;
            match why {
                Error::TooMany(_) => form.fault("", say::too_often()),
                why => form.absorb(why)?,
            }
            let last = asked.plan().pages().len().saturating_sub(1);
            let mut tx = v.house.read(&v.actor).await?;
            let page = FormPage::of(&v, &mut tx, &asked, form, last, false).await?;
            framed(&asked, v.html_again(&page)?)
        }
    }
}

async fn take(v: &Visit, asked: &Asked, form: &Typed, answers: Answers, files: Vec<Upload>) -> Result<()> {
    let id = asked.form.piece.id;
    let many = spam::knock(v, id).await?;
    let suspicion = match &asked.door.by_link {
        // Whoever holds a link of ours is no machine, or has somebody's mail.
        Some(_) => None,
        None => {
            let now = v.house.clock.now();
            spam::suspicion(v, id, now, form.get("began"), form.get("website"), &answers)
                .or(many.then_some("many"))
        }
    };
    let new = New {
        answers,
        files,
        tongue: asked.tongue.clone(),
        by_link: asked.door.by_link.as_ref().map(|(person, _)| *person),
        suspicion,
    };
    let mut tries = 0;
    loop {
        let mut tx = v.house.write(&v.actor).await?;
        let given = answer::give(&mut tx, &asked.form, &new).await;
        let given = match given {
            Ok(_) => tx.commit().await,
            Err(why) => Err(why),
        };
        match given {
            Err(Error::TooMany(_) | Error::Broken(_)) if tries < 3 => tries += 1,
            other => return other,
        }
    }
}

async fn thanks(v: Visit) -> Result<Response> {
    thank(v, Door::default()).await
}

async fn thanks_embedded(v: Visit) -> Result<Response> {
    thank(v, Door { embedded: true, by_link: None }).await
}

async fn thank(mut v: Visit, door: Door) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    let asked = match asked(&mut v, &mut tx, door).await? {
        Ok(asked) => asked,
        Err(response) => return Ok(response),
    };
    let mut face = face(&v, &mut tx, &asked).await?;
    face.others = Vec::new();
    face.listed = false;
    let page = ThanksPage::of(face, Words(v.lang), &asked);
    framed(&asked, v.html(&page)?)
}

/// It can no longer be answered, and where one can go instead.
async fn gone(v: &mut Visit, tx: &mut Tx, form: &Form) -> Result<Response> {
    let mut wanted = wanted(v)?;
    wanted.extend(accepted(v));
    let tongue = form.plan.tongue(&wanted).clone();
    v.lang = around(&tongue);
    let w = Words(v.lang);
    let title = form.plan.say(&form.plan.title, &tongue).to_owned();
    let mut face = Face::new(v.lang, &title, v.house.settings.institution.clone());
    look::dress(tx, &mut face, form.piece.unit).await?;
    let others = shown::others(tx, form.piece.unit, &tongue).await?;
    let page = GonePage { face, w, title: w.gone_title(title), text: w.gone_form().to_owned(), others };
    Ok(render_as(StatusCode::GONE, &page))
}
