//! Style sheets, scripts, icons and fonts, made by `./x assets` and carried inside the binary. Their names
//! hold a hash of their content, so a browser may keep them for ever.

use std::{collections::BTreeMap, sync::LazyLock};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../client/dist/"]
#[allow_missing = true]
struct Dist;

/// Where the assets live, with a slash at the end.
pub const PREFIX: &str = "/assets/";

/// From the name a template uses to the address with the hash.
static MANIFEST: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let names: Option<BTreeMap<String, String>> =
        Dist::get("manifest.json").and_then(|file| serde_json::from_slice(&file.data).ok());
    let with_prefix = |(name, file)| (name, format!("{PREFIX}{file}"));
    names.unwrap_or_default().into_iter().map(with_prefix).collect()
});

/// The address of an asset by its plain name, `kring.css`. Empty when the assets were never made: pages
/// then go without, and say so.
pub fn asset_url(name: &str) -> &'static str {
    MANIFEST.get(name).map_or("", String::as_str)
}

/// Whether the assets were made.
pub fn present() -> bool {
    !MANIFEST.is_empty()
}

/// Answers a request for an asset; `path` is what comes after [`PREFIX`]. Sends the smallest form that
/// the build made and the browser takes.
pub fn serve(path: &str, headers: &HeaderMap) -> Response {
    let Some(kind) = content_type(path) else { return StatusCode::NOT_FOUND.into_response() };
    let Some(plain) = Dist::get(path) else { return StatusCode::NOT_FOUND.into_response() };
    let tag = format!("\"{}\"", hex(&plain.metadata.sha256_hash()));
    let unchanged = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .any(|v| v.split(',').any(|t| t.trim().trim_start_matches("W/") == tag));
    let (encoding, file) = smallest(path, plain, headers);
    let mut answer = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Response::new(Body::from(file.data.into_owned()))
    };
    let to = answer.headers_mut();
    to.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    to.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    // The name changes with the content, so what a browser has can never be old.
    to.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        to.insert(header::ETAG, tag);
    }
    if let Some(encoding) = encoding.filter(|_| !unchanged) {
        to.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    answer
}

fn smallest(path: &str, plain: EmbeddedFile, headers: &HeaderMap) -> (Option<&'static str>, EmbeddedFile) {
    for (encoding, ending) in [("br", "br"), ("gzip", "gz")] {
        if accepts(headers, encoding)
            && let Some(small) = Dist::get(&format!("{path}.{ending}"))
        {
            return (Some(encoding), small);
        }
    }
    (None, plain)
}

fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        let refused = weight.trim().trim_start_matches("q=").parse() == Ok(0.0);
        name.trim().eq_ignore_ascii_case(encoding) && !refused
    })
}

/// Only what a page of ours asks for; the manifest and the compressed siblings are nobody's business.
fn content_type(path: &str) -> Option<&'static str> {
    let (_, ending) = path.rsplit_once('.')?;
    Some(match ending {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "png" => "image/png",
        _ => return None,
    })
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().take(16).fold(String::new(), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_the_list_is_served() {
        for path in [
            "manifest.json",
            "../package.json",
            "../css/base.css",
            "kring.css.br",
            "",
            "/etc/passwd",
            "a.css",
        ] {
            assert_eq!(serve(path, &HeaderMap::new()).status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[test]
    fn an_encoding_can_be_refused() {
        let with = |v| HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(v))]);
        assert!(accepts(&with("gzip, br;q=0.5"), "br"));
        assert!(!accepts(&with("gzip, br;q=0"), "br"));
        assert!(!accepts(&HeaderMap::new(), "gzip"));
    }

    #[test]
    fn assets_come_small_and_may_be_kept() {
        // Runs with and without `./x assets` having run.
        let Some(name) = asset_url("kring.css").strip_prefix(PREFIX) else { return };
        let asks = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static("br, gzip"))]);
        let answer = serve(name, &asks);
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-encoding"], "br");
        assert!(answer.headers()["cache-control"].to_str().unwrap().contains("immutable"));
        let again = HeaderMap::from_iter([(header::IF_NONE_MATCH, answer.headers()["etag"].clone())]);
        assert_eq!(serve(name, &again).status(), StatusCode::NOT_MODIFIED);
    }
}
