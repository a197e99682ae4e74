use std::sync::Arc;

use axum::response::Response;
use http::Method;
use kring_core::{Error, Result};

use crate::{Fut, Permit, Right, Visit};

/// Who may come in. There is no fourth kind: a route without an answer does not build.
#[derive(Clone, Copy, Debug)]
pub enum Access {
    Right(&'static Right),
    /// Anybody who is signed in, and why that is enough.
    SignedIn(&'static str),
    /// Anybody at all, and why.
    Open(&'static str),
}

/// How a route speaks: pages in HTML with a cookie, the API in JSON with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteKind {
    Page,
    Api,
}

type Handler = Arc<dyn Fn(Visit) -> Fut<'static, Response> + Send + Sync>;

/// One row of the route table: the table is data, and the tests of who may go where are made from it.
#[derive(Clone)]
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub kind: RouteKind,
    pub access: Access,
    /// Bytes of body, at most; more is refused before it is read.
    pub limit: usize,
    /// Unsafe methods must come from our own pages, unless this says why not.
    pub from_anywhere: Option<&'static str>,
    pub(crate) handler: Handler,
}

const FORM_LIMIT: usize = 256 * 1024;

impl Route {
    pub fn get<F, Out>(path: &'static str, right: &'static Right, page: F) -> Self
    where
        F: Fn(Visit, Permit) -> Out + Send + Sync + Clone + 'static,
        Out: Future<Output = Result<Response>> + Send + 'static,
    {
        Self::with_right(Method::GET, RouteKind::Page, path, right, page)
    }

    pub fn post<F, Out>(path: &'static str, right: &'static Right, act: F) -> Self
    where
        F: Fn(Visit, Permit) -> Out + Send + Sync + Clone + 'static,
        Out: Future<Output = Result<Response>> + Send + 'static,
    {
        Self::with_right(Method::POST, RouteKind::Page, path, right, act)
    }

    pub fn api<F, Out>(method: Method, path: &'static str, right: &'static Right, act: F) -> Self
    where
        F: Fn(Visit, Permit) -> Out + Send + Sync + Clone + 'static,
        Out: Future<Output = Result<Response>> + Send + 'static,
    {
        Self::with_right(method, RouteKind::Api, path, right, act)
    }

    /// For everybody who is signed in; `why` says why no right is needed.
    pub fn signed_in<F, Out>(method: Method, path: &'static str, why: &'static str, page: F) -> Self
    where
        F: Fn(Visit) -> Out + Send + Sync + 'static,
        Out: Future<Output = Result<Response>> + Send + 'static,
    {
        Self::make(method, RouteKind::Page, path, Access::SignedIn(why), Arc::new(move |v| Box::pin(page(v))))
    }

    /// For everybody; `why` says why.
    pub fn open<F, Out>(method: Method, path: &'static str, why: &'static str, page: F) -> Self
    where
        F: Fn(Visit) -> Out + Send + Sync + 'static,
        Out: Future<Output = Result<Response>> + Send + 'static,
    {
        Self::make(method, RouteKind::Page, path, Access::Open(why), Arc::new(move |v| Box::pin(page(v))))
    }

    #[must_use]
    pub fn limit(self, bytes: usize) -> Self {
        Self { limit: bytes, ..self }
    }

    /// Takes unsafe requests from other sites; `why` says why that is safe here.
    #[must_use]
    pub fn from_anywhere(self, why: &'static str) -> Self {
        Self { from_anywhere: Some(why), ..self }
    }

    fn with_right<F, Out>(
        method: Method,
        kind: RouteKind,
        path: &'static str,
        right: &'static Right,
        act: F,
    ) -> Self
    where
        F: Fn(Visit, Permit) -> Out + Send + Sync + Clone + 'static,
        Out: Future<Output = Result<Response>> + Send + 'static,
    {
        let handler: Handler = Arc::new(move |visit: Visit| {
            let act = act.clone();
            Box::pin(async move {
                let permit = visit.actor.permit(right)?;
                act(visit, permit).await
            })
        });
        Self::make(method, kind, path, Access::Right(right), handler)
    }

    fn make(method: Method, kind: RouteKind, path: &'static str, access: Access, handler: Handler) -> Self {
        Self { method, path, kind, access, limit: FORM_LIMIT, from_anywhere: None, handler }
    }

    pub(crate) fn changes_something(&self) -> bool {
        !matches!(self.method, Method::GET | Method::HEAD)
    }

    /// Pages of signed-in people; all others are open.
    pub(crate) fn needs_somebody(&self) -> bool {
        !matches!(self.access, Access::Open(_))
    }
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {:?}", self.method, self.path, self.access)
    }
}

/// A path that may be returned to after signing in: one of ours, never another site.
pub(crate) fn is_local(path: &str) -> Result<()> {
    let fine = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(['\\', '\r', '\n', '\0'])
        && path.len() <= 512;
    if fine { Ok(()) } else { Err(Error::NotFound) }
}
