use axum::{Router, body::Body};
use http::{Method, Request, header};
use kring_frame::House;
use tower::ServiceExt;

/// A browser as far as stories need one: it keeps cookies, names its language, says that its forms are ours, and
/// follows nothing by itself.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    cookie: Option<String>,
    lang: &'static str,
    key: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub body: Vec<u8>,
}

impl Page {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
    pub fn location(&self) -> String {
        self.headers.get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
    }
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
    pub fn has(&self, words: &str) -> bool {
        self.text().contains(words)
    }
    /// The value of a hidden field, or of any input with this name.
    pub fn field(&self, name: &str) -> String {
        let text = self.text();
        let Some(at) = text.find(&format!("name=\"{name}\" value=\"")) else { return String::new() };
        text[at..].split('"').nth(3).unwrap_or_default().to_owned()
    }
}

impl Browser {
    pub(crate) fn new(house: &House) -> Self {
        Self { router: kring_frame::router(house), cookie: None, lang: "nl", key: None }
    }

    #[must_use]
    pub fn in_english(mut self) -> Self {
        self.lang = "en";
        self
    }

    /// Speaks to the API with this key.
    #[must_use]
    pub fn with_key(mut self, key: &str) -> Self {
        self.key = Some(key.to_owned());
        self
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Method::GET, path, None, Body::empty(), &[]).await
    }

    /// Sends a form.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = fields
            .iter()
            .map(|(k, v)| format!("{k}={}", kring_frame::encode(v)))
            .collect::<Vec<_>>()
            .join("&");
        self.send(Method::POST, path, Some("application/x-www-form-urlencoded"), Body::from(body), &[]).await
    }

    pub async fn post_json(
        &mut self,
        path: &str,
        body: &serde_json::Value,
        headers: &[(&str, &str)],
    ) -> Page {
        self.send(Method::POST, path, Some("application/json"), Body::from(body.to_string()), headers).await
    }

    /// Anything at all, for requests that no browser of good will makes.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        kind: Option<&str>,
        body: Body,
        headers: &[(&str, &str)],
    ) -> Page {
        let given = |known: &str| headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(known));
        let mut request = Request::builder().method(&method).uri(path);
        if !given("accept-language") {
            request = request.header(header::ACCEPT_LANGUAGE, self.lang);
        }
        if !given("sec-fetch-site") {
            request = request.header("sec-fetch-site", "same-origin");
        }
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if let Some(key) = &self.key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self
            .router
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .expect("the router always answers");
        for set in response.headers().get_all(header::SET_COOKIE) {
            let pair = set.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
            self.cookie = if pair.ends_with('=') { None } else { Some(pair.to_owned()) };
        }
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 64 << 20).await.expect("a body that ends").to_vec();
        Page { status: parts.status.as_u16(), headers: parts.headers, body }
    }
}
