//! From an HTTP request to a handler and back: who is it, may they, is the body small enough, does it come from
//! our own pages; and whatever happens, an answer from the closed list with the security headers.

use std::{net::SocketAddr, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{ConnectInfo, FromRequestParts, RawPathParams, Request},
    response::Response,
    routing::{MethodFilter, MethodRouter, on},
};
use futures_util::FutureExt;
use http::{HeaderMap, StatusCode, header, request::Parts};
use kring_core::{Error, Lang, Result, Token};
use kring_web::{
    Face, Problem,
    headers::{self, Keeping, SessionCookie},
};

use crate::{Access, Actor, ActorKind, House, Route, RouteKind, SignedIn, Visit, visit};

const BODY_PATIENCE: Duration = Duration::from_secs(60);

/// The whole site: every route of every room, the assets, and a page for what does not exist.
pub fn router(house: &House) -> Router {
    let mut router = Router::new();
    let mut paths: Vec<(&'static str, MethodRouter)> = Vec::new();
    for route in &house.rooms.routes {
        let (house, route) = (house.clone(), Arc::new(route.clone()));
        let path = route.path;
        let filter = MethodFilter::try_from(route.method.clone()).unwrap_or(MethodFilter::GET);
        let service = on(filter, move |request: Request| serve(house.clone(), route.clone(), request));
        match paths.iter_mut().find(|(p, _)| *p == path) {
            Some((_, methods)) => *methods = std::mem::take(methods).merge(service),
            None => paths.push((path, service)),
        }
    }
    for (path, methods) in paths {
        router = router.route(path, methods);
    }
    router = router.route(
        "/assets/{*file}",
        axum::routing::get(|request: Request| async move {
            let path = request.uri().path().trim_start_matches("/assets/").to_owned();
            kring_web::assets::serve(&path, request.headers())
        }),
    );
    let lost = house.clone();
    let refused = house.clone();
    router
        .method_not_allowed_fallback(async move |request: Request| {
            nowhere(&refused, &request, StatusCode::METHOD_NOT_ALLOWED)
        })
        .fallback(async move |request: Request| nowhere(&lost, &request, StatusCode::NOT_FOUND))
}

fn nowhere(house: &House, request: &Request, status: StatusCode) -> Response {
    let kind = if request.uri().path().starts_with("/api/") { RouteKind::Api } else { RouteKind::Page };
    let lang = language(request.headers(), request.uri().query(), None);
    finish(house, Keeping::Personal, say(house, kind, Problem::status(status, lang, ""), lang))
}

async fn serve(house: House, route: Arc<Route>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let lang = language(&parts.headers, parts.uri.query(), None);
    let begun = tokio::time::Instant::now();
    // A panic is a fault of ours in one request; the others go on.
    let outcome = AssertUnwindSafe(answer(&house, &route, &mut parts, body)).catch_unwind().await;
    let response = match outcome {
        Ok(Ok(response)) => response,
        Ok(Err((why, lang))) => refuse(&house, route.kind, lang, &why),
        Err(_) => refuse(&house, route.kind, lang, &Error::broken("a handler panicked")),
    };
    let took = begun.elapsed();
    let status = response.status().as_u16().to_string();
    metrics::counter!("kring_requests_total", "method" => route.method.to_string(), "route" => route.path, "status" => status)
        .increment(1);
    metrics::histogram!("kring_request_seconds", "route" => route.path).record(took.as_secs_f64());
    // The pattern of the path, never the path itself: links carry tokens.
    tracing::info!(event = "request", method = %route.method, route = route.path, status = response.status().as_u16(), ms = took.as_millis() as u64);
    // A path with a token is itself a secret; where a form leads must not tell it to the next site.
    let keeping = if route.path.contains("{token}") { Keeping::SecretLink } else { Keeping::Personal };
    finish(&house, keeping, response)
}

type Refusal = (Error, Lang);

async fn answer(house: &House, route: &Route, parts: &mut Parts, body: Body) -> Result<Response, Refusal> {
    let guess = language(&parts.headers, parts.uri.query(), None);
    let (actor, signed_in) = who(house, route, &parts.headers).await.map_err(|e| (e, guess))?;
    let lang = language(&parts.headers, parts.uri.query(), signed_in.as_ref().and_then(|s| s.lang));
    let fail = |e: Error| (e, lang);
    if route.kind == RouteKind::Page
        && route.changes_something()
        && route.from_anywhere.is_none()
        && !headers::same_origin(&parts.headers, std::slice::from_ref(&house.settings.site))
    {
        return Err(fail(Error::Forbidden));
    }
    if route.needs_somebody() && actor.kind == ActorKind::Visitor {
        return sign_in_first(house, route, parts, lang).map_err(fail);
    }
    if let Access::Right(right) = route.access
        && !actor.may(right)
    {
        return Err(fail(Error::Forbidden));
    }
    let params = RawPathParams::from_request_parts(parts, &()).await.map_err(|_| fail(Error::NotFound))?;
    let params = params.iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
    let body = if route.changes_something() {
        match read_body(&parts.headers, body, route.limit).await.map_err(fail)? {
            Some(body) => body,
            None => {
                let problem = Problem::status(StatusCode::PAYLOAD_TOO_LARGE, lang, "");
                return Ok(say(house, route.kind, problem, lang));
            }
        }
    } else {
        Bytes::new()
    };
    let visit = Visit {
        house: house.clone(),
        actor,
        signed_in,
        lang,
        method: parts.method.clone(),
        uri: parts.uri.clone(),
        headers: parts.headers.clone(),
        body,
        params,
        peer,
    };
    (route.handler)(visit).await.map_err(fail)
}

/// Whom the cookie or the key belongs to. An API key opens no page, and a cookie no API.
async fn who(house: &House, route: &Route, headers: &HeaderMap) -> Result<(Actor, Option<SignedIn>)> {
    let Some(gate) = house.gate() else { return Ok((Actor::visitor(), None)) };
    match route.kind {
        RouteKind::Page => {
            let token = SessionCookie::for_site(&house.settings.site).read(headers).and_then(Token::read);
            if let Some(token) = token
                && let Some((actor, me)) = gate.by_cookie(house, token).await?
            {
                return Ok((actor, Some(me)));
            }
        }
        RouteKind::Api => {
            let bearer = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
            let token = bearer.and_then(|v| v.strip_prefix("Bearer ")).and_then(|t| Token::read(t.trim()));
            if let Some(token) = token
                && let Some(actor) = gate.by_key(house, token).await?
            {
                return Ok((actor, None));
            }
        }
    }
    Ok((Actor::visitor(), None))
}

/// The language of the answer: asked for in the address, then the person's own, then the browser's.
fn language(headers: &HeaderMap, query: Option<&str>, own: Option<Lang>) -> Lang {
    let asked = query.and_then(|q| q.split('&').find_map(|p| p.strip_prefix("lang=")?.parse().ok()));
    let accepted =
        || headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).and_then(Lang::accepted);
    asked.or(own).or_else(accepted).unwrap_or_default()
}

/// The body, or `None` when it is more than the route takes; an announced excess is not read at all.
async fn read_body(headers: &HeaderMap, body: Body, limit: usize) -> Result<Option<Bytes>> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|n| n > limit) {
        return Ok(None);
    }
    let read = tokio::time::timeout(BODY_PATIENCE, axum::body::to_bytes(body, limit)).await;
    Ok(read.map_err(|_| Error::TooMany(jiff::SignedDuration::from_secs(10)))?.ok())
}

/// A page that needs somebody leads those who are not signed in to the door, and back afterwards. The API
/// says that it wants a key.
fn sign_in_first(house: &House, route: &Route, parts: &Parts, lang: Lang) -> Result<Response> {
    if route.kind == RouteKind::Api {
        let mut response = say(house, route.kind, Problem::status(StatusCode::UNAUTHORIZED, lang, ""), lang);
        response.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer"));
        return Ok(response);
    }
    let here = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let next = if route.changes_something() { "/" } else { here };
    visit::redirect(&format!("/sign-in?next={}", encode(next)))
}

fn refuse(house: &House, kind: RouteKind, lang: Lang, why: &Error) -> Response {
    let error_id: String = house.chance.bytes::<6>().iter().map(|b| format!("{b:02x}")).collect();
    if let Error::Broken(reason) = why {
        tracing::error!(event = "broken", error_id, reason);
    }
    let shown = if matches!(why, Error::Broken(_)) { error_id } else { String::new() };
    say(house, kind, Problem::of(why, lang, shown), lang)
}

fn say(house: &House, kind: RouteKind, problem: Problem, lang: Lang) -> Response {
    match kind {
        RouteKind::Page => {
            let mut face = Face::new(lang, "", house.settings.institution.clone());
            face.home = "/".into();
            problem.public_page(face)
        }
        RouteKind::Api => problem.json(),
    }
}

/// A value for behind a question mark.
pub fn encode(path: &str) -> String {
    path.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' => char::from(b).to_string(),
            _ => format!("%{b:02X}"),
        })
        .collect()
}

fn finish(house: &House, keeping: Keeping, mut response: Response) -> Response {
    let https = house.settings.site.starts_with("https://");
    headers::secure(response.headers_mut(), keeping, https);
    response
}
