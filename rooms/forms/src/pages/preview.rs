//! A draft as the public would see it, in a frame beside the editor.

use axum::response::Response;
use http::{HeaderValue, header};
use kring_core::{Id, Result, Tongue};
use kring_frame::{Permit, Route, Visit};
use kring_web::Form as Typed;

use crate::{
    USE,
    answer::Form,
    landing::{Landing, LandingPage},
    pages::edit::tongue_of,
    piece::{self, Kind, Piece},
    plan::{Plan, around},
    public::{Asked, Door},
    shown::FormPage,
};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/forms/{id}/preview", &USE, form), Route::get("/pages/{id}/preview", &USE, page)]
}

/// Seen and not sent: it is shown to us alone, and no button of it does anything.
fn framed(mut response: Response) -> Response {
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; font-src 'self'; \
             form-action 'none'; frame-ancestors 'self'; base-uri 'none'",
        ),
    );
    response
}

async fn form(mut v: Visit, _permit: Permit) -> Result<Response> {
    let id: Id<Piece> = v.path("id")?;
    let mut tx = v.house.read(&v.actor).await?;
    let piece = piece::one(&mut tx, Kind::Form, id).await?;
    let plan: Plan = piece::draft(&mut tx, &piece).await?;
    let tongue = tongue_of(&v, None, &plan)?;
    v.lang = around(&tongue);
    let page = v.query()?.get("page").parse().unwrap_or(0);
    let asked = Asked::of(Form { piece, plan }, tongue, Door::default());
    let page = FormPage::of(&v, &mut tx, &asked, Typed::default(), page, false).await?;
    Ok(framed(v.html(&page)?))
}

async fn page(mut v: Visit, _permit: Permit) -> Result<Response> {
    let id: Id<Piece> = v.path("id")?;
    let mut tx = v.house.read(&v.actor).await?;
    let piece = piece::one(&mut tx, Kind::Page, id).await?;
    let landing: Landing = piece::draft(&mut tx, &piece).await?;
    let wanted: Vec<Tongue> = v.query()?.get("tongue").parse().into_iter().collect();
    let (tongue, sheet) = landing.text.choose(&wanted).ok_or(kring_core::Error::NotFound)?;
    v.lang = around(tongue);
    let own = [tongue.clone()];
    match LandingPage::of(&v, &mut tx, &piece, sheet, tongue, &own).await {
        Ok(page) => Ok(framed(v.html(&page)?)),
        // What cannot be drawn yet is told beside its field; the frame says nothing.
        Err(kring_core::Error::Broken(_)) => Ok(framed(v.html(&LandingPage::empty(&v, sheet, tongue))?)),
        Err(why) => Err(why),
    }
}
