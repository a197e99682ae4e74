use askama::Template;
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kring_core::{Error, Fault, Lang};
use serde_json::{Value, json};

use crate::{Chrome, Face, Words, page::render_as};

/// An error as a visitor meets it: what happened, why, and what to do. All its sentences come from our
/// own list; what a library or a database said stays in the log, under `error_id`.
#[derive(Clone, Debug)]
pub struct Problem {
    pub status: StatusCode,
    /// Stable for machines: `conflict`, or the code of the sentence that says which.
    pub code: &'static str,
    pub title: &'static str,
    pub why: String,
    pub advice: String,
    pub faults: Vec<Fault>,
    /// Seconds until another try makes sense.
    pub retry_after: Option<i64>,
    /// What the visitor may mention and the log knows; empty when there is nothing to look up.
    pub error_id: String,
    lang: Lang,
}

impl Problem {
    /// The one place where the house error meets HTTP.
    pub fn of(error: &Error, lang: Lang, error_id: impl Into<String>) -> Self {
        let status = match error {
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::Forbidden => StatusCode::FORBIDDEN,
            Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Conflict(_) => StatusCode::CONFLICT,
            Error::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Error::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
            Error::Gone => StatusCode::GONE,
            Error::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let mut problem = Self::status(status, lang, error_id);
        match error {
            Error::Invalid(faults) => problem.faults.clone_from(faults),
            Error::Conflict(saying) => {
                problem.code = saying.code;
                saying.in_lang(lang).clone_into(&mut problem.why);
            }
            Error::TooMany(wait) => {
                let seconds = wait.as_secs().max(1);
                problem.retry_after = Some(seconds);
                problem.advice = Words(lang).problem_too_many_do(seconds);
            }
            Error::Busy(wait) => problem.retry_after = Some(wait.as_secs().max(1)),
            _ => {}
        }
        problem
    }

    /// For what never reached a verb: an unknown address, a body that is too large, a signed-out visitor.
    pub fn status(status: StatusCode, lang: Lang, error_id: impl Into<String>) -> Self {
        let w = Words(lang);
        let (code, title, why, advice) = match status {
            StatusCode::BAD_REQUEST => (
                "bad-request",
                w.problem_bad_request(),
                w.problem_bad_request_why(),
                w.problem_bad_request_do(),
            ),
            StatusCode::UNAUTHORIZED => (
                "unauthorized",
                w.problem_unauthorized(),
                w.problem_unauthorized_why(),
                w.problem_unauthorized_do(),
            ),
            StatusCode::FORBIDDEN => {
                ("forbidden", w.problem_forbidden(), w.problem_forbidden_why(), w.problem_forbidden_do())
            }
            StatusCode::NOT_FOUND => {
                ("not-found", w.problem_missing(), w.problem_missing_why(), w.problem_missing_do())
            }
            StatusCode::METHOD_NOT_ALLOWED => {
                ("method-not-allowed", w.problem_method(), w.problem_method_why(), w.problem_method_do())
            }
            StatusCode::CONFLICT => {
                ("conflict", w.problem_conflict(), w.problem_conflict_why(), w.problem_conflict_do())
            }
            StatusCode::GONE => ("gone", w.problem_gone(), w.problem_gone_why(), w.problem_gone_do()),
            StatusCode::PAYLOAD_TOO_LARGE => {
                ("too-large", w.problem_too_large(), w.problem_too_large_why(), w.problem_too_large_do())
            }
            StatusCode::UNPROCESSABLE_ENTITY => {
                ("invalid", w.problem_invalid(), w.problem_invalid_why(), w.problem_invalid_do())
            }
            StatusCode::TOO_MANY_REQUESTS => {
                ("too-many", w.problem_too_many(), w.problem_too_many_why(), w.problem_unavailable_do())
            }
            StatusCode::SERVICE_UNAVAILABLE => (
                "unavailable",
                w.problem_unavailable(),
                w.problem_unavailable_why(),
                w.problem_unavailable_do(),
            ),
            _ => ("broken", w.problem_broken(), w.problem_broken_why(), w.problem_broken_do()),
        };
        Self {
            status,
            code,
            title,
            why: why.to_owned(),
            advice: advice.to_owned(),
            faults: Vec::new(),
            retry_after: None,
            error_id: error_id.into(),
            lang,
        }
    }

    /// The page inside the staff frame.
    pub fn staff_page(self, mut chrome: Chrome) -> Response {
        self.title.clone_into(&mut chrome.title);
        let page = StaffPage { chrome, problem: self };
        page.problem.with_headers(render_as(page.problem.status, &page))
    }

    /// The page for somebody from outside.
    pub fn public_page(self, mut face: Face) -> Response {
        self.title.clone_into(&mut face.title);
        let page = PublicPage { face, problem: self };
        page.problem.with_headers(render_as(page.problem.status, &page))
    }

    /// RFC 9457, `application/problem+json`.
    pub fn json(self) -> Response {
        let mut body = json!({
            "type": format!("/problems/{}", self.code),
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.why,
            "code": self.code,
        });
        if let Value::Object(map) = &mut body {
            if !self.faults.is_empty() {
                let fault = |f: &Fault| json!({ "field": f.field, "code": f.what.code, "detail": f.what.in_lang(self.lang) });
                map.insert("errors".into(), self.faults.iter().map(fault).collect());
            }
            if !self.error_id.is_empty() {
                map.insert("error_id".into(), self.error_id.clone().into());
            }
        }
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))];
        self.with_headers((self.status, kind, body.to_string()).into_response())
    }

    fn with_headers(&self, mut response: Response) -> Response {
        let headers: &mut HeaderMap = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(self.lang.tag()));
        response
    }

    /// The sentence with the number to mention.
    pub fn mention(&self) -> String {
        Words(self.lang).problem_id(&self.error_id)
    }
}

#[derive(Template)]
#[template(path = "problem_staff.html")]
struct StaffPage {
    chrome: Chrome,
    problem: Problem,
}

#[derive(Template)]
#[template(path = "problem_public.html")]
struct PublicPage {
    face: Face,
    problem: Problem,
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use kring_core::Saying;

    use super::*;
    use crate::say;

    async fn body(response: Response) -> String {
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    fn every_error() -> Vec<(Error, u16)> {
        let stale =
            Saying { code: "answered-already", nl: "Al beantwoord.".into(), en: "Answered already.".into() };
        vec![
            (Error::NotFound, 404),
            (Error::Forbidden, 403),
            (Error::field("mail", say::field_email()), 422),
            (Error::Conflict(stale), 409),
            (Error::TooMany(SignedDuration::from_secs(30)), 429),
            (Error::Busy(SignedDuration::from_secs(1)), 503),
            (Error::Gone, 410),
            (Error::Broken("disk <full>".into()), 500),
        ]
    }

    #[tokio::test]
    async fn every_error_has_a_page_and_a_document_in_both_languages() {
        for lang in Lang::ALL {
            for (error, status) in every_error() {
                let problem = Problem::of(&error, lang, "E-42");
                for response in [
                    problem.clone().staff_page(Chrome::new(lang, "")),
                    problem.clone().public_page(Face::new(lang, "", "Meerland")),
                ] {
                    assert_eq!(response.status(), status);
                    let html = body(response).await;
                    assert!(html.contains(&format!("lang=\"{lang}\"")) && html.contains("E-42"), "{html}");
                    assert!(!html.contains("disk"), "inner details stay inside");
                }
                let response = problem.json();
                assert_eq!(response.headers()["content-type"], "application/problem+json");
                let document: Value = serde_json::from_str(&body(response).await).unwrap();
                assert_eq!(document["status"], status);
                assert!(document["title"].as_str().is_some_and(|t| !t.is_empty()));
            }
        }
    }

    #[tokio::test]
    async fn details_reach_whoever_can_use_them() {
        let invalid = Problem::of(&Error::field("mail", say::field_email()), Lang::En, "").json();
        let document: Value = serde_json::from_str(&body(invalid).await).unwrap();
        assert_eq!(document["errors"][0]["field"], "mail");
        assert_eq!(document["errors"][0]["code"], "field-email");
        assert!(document.get("error_id").is_none());
        let wait = Problem::of(&Error::TooMany(SignedDuration::from_secs(30)), Lang::Nl, "");
        assert!(wait.advice.contains("30 seconden"));
        assert_eq!(wait.json().headers()["retry-after"], "30");
        let conflict = Problem::of(&every_error().remove(3).0, Lang::Nl, "");
        assert_eq!((conflict.code, conflict.why.as_str()), ("answered-already", "Al beantwoord."));
        assert_eq!(Problem::status(StatusCode::PAYLOAD_TOO_LARGE, Lang::Nl, "").code, "too-large");
        assert_eq!(Problem::status(StatusCode::IM_A_TEAPOT, Lang::Nl, "").code, "broken");
    }
}
