//! A colleague at the front door, with a watch in hand.

use std::time::Instant;

use anyhow::{Context, Result, bail};
use axum::{Router, body::Body};
use http::{Request, header};
use tower::ServiceExt;

use crate::{Figure, quantile};

/// A page that is asked for, or a form that is sent.
#[derive(Clone)]
pub struct Ask {
    pub path: String,
    pub form: Option<String>,
}

impl Ask {
    pub fn form(path: &str, fields: &[(&str, &str)]) -> Self {
        let field = |(name, value): &(&str, &str)| format!("{name}={}", kring_frame::encode(value));
        let form = fields.iter().map(field).collect::<Vec<_>>().join("&");
        Self { path: path.to_owned(), form: Some(form) }
    }
}

impl From<String> for Ask {
    fn from(path: String) -> Self {
        Self { path, form: None }
    }
}

pub struct Visitor {
    router: Router,
    cookie: String,
}

impl Visitor {
    pub async fn sign_in(router: &Router, email: &str, password: &str) -> Result<Self> {
        let form =
            format!("email={}&password={}&next=/", kring_frame::encode(email), kring_frame::encode(password));
        let request = Request::post("/sign-in")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(form))?;
        let answer = router.clone().oneshot(request).await?;
        let cookie = answer.headers().get(header::SET_COOKIE).context("signing in")?.to_str()?;
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        Ok(Self { router: router.clone(), cookie })
    }

    /// The whole answer.
    pub async fn ask(&self, ask: &Ask) -> Result<String> {
        let request = match &ask.form {
            None => Request::get(&ask.path).body(Body::empty()),
            Some(form) => Request::post(&ask.path)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header("sec-fetch-site", "same-origin")
                .body(Body::from(form.clone())),
        };
        let mut request = request?;
        request.headers_mut().insert(header::COOKIE, self.cookie.parse()?);
        let answer = self.router.clone().oneshot(request).await?;
        // A number that is typed leads straight to its person.
        if answer.status() != 200 && answer.status() != 303 {
            bail!("{} answered {}", ask.path, answer.status());
        }
        let body = axum::body::to_bytes(answer.into_body(), 8 << 20).await?;
        Ok(String::from_utf8_lossy(&body).into_owned())
    }

    /// Time on the server from the request to the whole answer: the 95th of a hundred, over these in turn.
    pub async fn time(&self, bench: &str, name: &str, asks: &[Ask], goal: f64, rounds: u32) -> Result<()> {
        let mut times = Vec::new();
        for ask in asks.iter().cycle().take(rounds as usize) {
            let begun = Instant::now();
            self.ask(ask).await?;
            times.push(begun.elapsed().as_secs_f64() * 1000.0);
        }
        times.sort_by(f64::total_cmp);
        let (min, max) = (quantile(&times, 0.0), quantile(&times, 1.0));
        let value = quantile(&times, 0.95);
        Figure { name, value, unit: "ms", goal, at_most: true, runs: rounds, min, max }.tell(bench);
        Ok(())
    }
}
