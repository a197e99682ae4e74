//! What machines ask: is it alive, is it ready, how does it do, what does the API look like. And the gallery of
//! components, for who works on the looks.

use std::sync::OnceLock;

use axum::{body::Body, response::Response};
use http::{Method, StatusCode, header};
use kring_core::{Error, Result};
use kring_frame::{Room, Route, Visit};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

const MACHINES: &str =
    "load balancers and monitors ask without an account; the answer holds no personal data";
const DOCS: &str = "the description of the API is for whoever writes against it";
const GALLERY: &str = "the components with made-up content; nothing in it is anybody's";

pub fn room() -> Room {
    Room::new("health")
        .routes(vec![
            Route::open(Method::GET, "/health", MACHINES, live),
            Route::open(Method::GET, "/ready", MACHINES, ready),
            Route::open(Method::GET, "/metrics", MACHINES, metrics),
            Route::open(Method::GET, "/api/v1/openapi.json", DOCS, openapi),
            Route::open(Method::GET, "/gallery", GALLERY, gallery),
            Route::open(Method::GET, "/gallery/{page}", GALLERY, gallery),
        ])
        .knows_nobody()
}

fn text(status: StatusCode, body: impl Into<Body>) -> Result<Response> {
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "text/plain; charset=utf-8")
        .body(body.into())
        .map_err(Error::broken)
}

/// The loop turns.
async fn live(_: Visit) -> Result<Response> {
    text(StatusCode::OK, "ok\n")
}

/// The database can be written and we are not leaving. The relay is not asked: a mail server that is down is no
/// reason to stop taking questions.
async fn ready(v: Visit) -> Result<Response> {
    if v.house.is_draining() {
        return text(StatusCode::SERVICE_UNAVAILABLE, "draining\n");
    }
    let begun = async { v.house.write(&v.actor).await?.commit().await };
    match begun.await {
        Ok(()) => text(StatusCode::OK, "ready\n"),
        Err(_) => text(StatusCode::SERVICE_UNAVAILABLE, "database\n"),
    }
}

/// The recorder of this process; the first to ask installs it.
pub fn recorder() -> Option<&'static PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    HANDLE.get_or_init(|| PrometheusBuilder::new().install_recorder().ok()).as_ref()
}

/// Prometheus text. Counts only: no label names a person, an address or a path with a token.
async fn metrics(v: Visit) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    let mut body = recorder().map(PrometheusHandle::render).unwrap_or_default();
    let (waiting, parked) = kring_frame::count_jobs(&mut tx).await?;
    body.push_str(&format!("# TYPE kring_jobs gauge\nkring_jobs{{state=\"waiting\"}} {waiting}\nkring_jobs{{state=\"parked\"}} {parked}\n"));
    body.push_str("# TYPE kring_messages gauge\n");
    for (state, n) in kring_talks::counts(&mut tx).await? {
        body.push_str(&format!("kring_messages{{state=\"{state}\"}} {n}\n"));
    }
    let held = u8::from(kring_talks::is_held(&mut tx).await?);
    body.push_str(&format!("# TYPE kring_held gauge\nkring_held {held}\n"));
    text(StatusCode::OK, body)
}

async fn openapi(v: Visit) -> Result<Response> {
    v.json_answer(StatusCode::OK, &document(&v.house.rooms.docs, &v.house.settings.site))
}

/// The whole API as one document: each room describes its own part.
pub fn document(parts: &[utoipa::openapi::OpenApi], site: &str) -> utoipa::openapi::OpenApi {
    use utoipa::openapi::{
        InfoBuilder, OpenApiBuilder, Server,
        security::{Http, HttpAuthScheme, SecurityScheme},
    };
    let info = InfoBuilder::new()
        .title("Kring")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("One relation base and its dialogues. Errors are problem documents (RFC 9457)."))
        .build();
    let mut whole = OpenApiBuilder::new().info(info).servers(Some([Server::new(site)])).build();
    for part in parts {
        whole.merge(part.clone());
    }
    let mut components = whole.components.unwrap_or_default();
    components.add_security_scheme("key", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    whole.components = Some(components);
    whole
}

async fn gallery(v: Visit) -> Result<Response> {
    let page: String = v.path("page").unwrap_or_else(|_| "components".to_owned());
    kring_web::gallery::page(&page, v.lang).ok_or(Error::NotFound)
}
