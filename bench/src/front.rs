//! A colleague at the front door, with a watch in hand.

use std::time::Instant;

use anyhow::{Context, Result, bail};
use axum::{Router, body::Body};
use http::{Request, header};
use tower::ServiceExt;

use crate::{Figure, quantile};

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
    pub async fn get(&self, path: &str) -> Result<String> {
        let request = Request::get(path).header(header::COOKIE, &self.cookie).body(Body::empty())?;
        let answer = self.router.clone().oneshot(request).await?;
        // A number that is typed leads straight to its person.
        if answer.status() != 200 && answer.status() != 303 {
            bail!("{path} answered {}", answer.status());
        }
        let body = axum::body::to_bytes(answer.into_body(), 8 << 20).await?;
        Ok(String::from_utf8_lossy(&body).into_owned())
    }

    /// Time on the server from the request to the whole answer: the 95th of a hundred, over these pages in turn.
    pub async fn time(
        &self,
        bench: &str,
        name: &str,
        paths: &[String],
        goal: f64,
        rounds: u32,
    ) -> Result<()> {
        let mut times = Vec::new();
        for path in paths.iter().cycle().take(rounds as usize) {
            let begun = Instant::now();
            self.get(path).await?;
            times.push(begun.elapsed().as_secs_f64() * 1000.0);
        }
        times.sort_by(f64::total_cmp);
        let (min, max) = (quantile(&times, 0.0), quantile(&times, 1.0));
        let value = quantile(&times, 0.95);
        Figure { name, value, unit: "ms", goal, at_most: true, runs: rounds, min, max }.tell(bench);
        Ok(())
    }
}
