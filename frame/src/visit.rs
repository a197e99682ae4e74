use std::{net::IpAddr, str::FromStr};

use axum::{
    body::{Body, Bytes},
    response::Response,
};
use http::{HeaderMap, Method, StatusCode, Uri, header};
use kring_core::{Error, Lang, Result, Token};
use kring_web::{Chrome, Face, Flash, Form, Link, Me, Notices, OtherLanguage, Tone, Undo, render_as};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use crate::{Actor, Fut, House, Tx, route};

/// Somebody who is signed in, as pages show them.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub account: i64,
    pub session: i64,
    pub name: String,
    pub role: String,
    pub lang: Option<Lang>,
}

/// Knows whom a cookie or a key belongs to; the access room provides it.
pub trait Gate: Send + Sync {
    fn by_cookie<'a>(&'a self, house: &'a House, token: Token) -> Fut<'a, Option<(Actor, SignedIn)>>;
    fn by_key<'a>(&'a self, house: &'a House, token: Token) -> Fut<'a, Option<Actor>>;
}

/// One request, with what a handler needs to answer it.
pub struct Visit {
    pub house: House,
    pub actor: Actor,
    pub signed_in: Option<SignedIn>,
    pub lang: Lang,
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub(crate) params: Vec<(String, String)>,
    pub(crate) peer: Option<IpAddr>,
}

impl Visit {
    /// A part of the path. What cannot be read is a page that does not exist.
    pub fn path<T: FromStr>(&self, name: &str) -> Result<T> {
        let (_, value) = self.params.iter().find(|(n, _)| n == name).ok_or(Error::NotFound)?;
        value.parse().map_err(|_| Error::NotFound)
    }

    /// The token in the path; nonsense is as unknown as a token that nobody gave out.
    pub fn token(&self, name: &str) -> Result<Token> {
        let text: String = self.path(name)?;
        Token::read(&text).ok_or(Error::NotFound)
    }

    /// What stands behind the question mark.
    pub fn query(&self) -> Result<Form> {
        Form::parse(self.uri.query().unwrap_or_default().as_bytes())
    }

    /// Where the page before ended, for lists of the API. Named and not a number of ours, it is refused.
    pub fn after(&self) -> Result<Option<i64>> {
        let query = self.query()?;
        if !query.names().any(|name| name == "after") {
            return Ok(None);
        }
        let number = query.get("after").parse().ok().filter(|n: &i64| *n >= 0);
        number.map(Some).ok_or_else(|| Error::field("after", crate::say::cursor_unknown()))
    }

    pub fn form(&self) -> Result<Form> {
        Form::parse(&self.body)
    }

    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        let mut reader = serde_json::Deserializer::from_slice(&self.body);
        let value = T::deserialize(&mut reader).and_then(|v| reader.end().map(|()| v));
        value.map_err(|e| {
            Error::field("body", crate::say::json_unreadable(i64::try_from(e.line()).unwrap_or(0)))
        })
    }

    /// A stand-in for the caller's network, for counting knocks: never stored as an address.
    pub fn network(&self) -> String {
        let network = match self.address() {
            Some(IpAddr::V4(v4)) => v4.to_string(),
            // One household has a /64, and may use every address in it.
            Some(IpAddr::V6(v6)) => v6.segments().iter().take(4).map(|s| format!("{s:x}:")).collect(),
            None => String::new(),
        };
        fingerprint(&self.house, &network)
    }

    /// The caller's address; a forwarded one is believed only from a proxy that is configured.
    fn address(&self) -> Option<IpAddr> {
        let peer = self.peer?;
        if !self.house.settings.proxies.contains(&peer) {
            return Some(peer);
        }
        let forwarded = self.headers.get("x-forwarded-for").and_then(|v| v.to_str().ok());
        forwarded.and_then(|v| v.rsplit(',').next()?.trim().parse().ok()).or(Some(peer))
    }

    /// What the frame around a staff page needs: the places this actor may go, with what waits there.
    pub async fn chrome(&self, tx: &mut Tx, title: impl Into<String>) -> Result<Chrome> {
        let mut places = Vec::new();
        for place in &self.house.rooms.places {
            if !place.rights.iter().any(|r| self.actor.may(r)) {
                continue;
            }
            let count = match place.count {
                Some(count) => Some(count(tx).await?).filter(|n| *n > 0),
                None => None,
            };
            let here = self.uri.path();
            let current =
                here == place.href || (place.href != "/" && here.starts_with(&format!("{}/", place.href)));
            places.push(kring_web::Place {
                icon: place.icon,
                label: (place.label)(self.lang).to_owned(),
                href: place.href.to_owned(),
                count,
                current,
                group: place.order / 10,
                phone: place.phone,
            });
        }
        let mut chrome = Chrome::new(self.lang, title);
        chrome.institution.clone_from(&self.house.settings.institution);
        chrome.places = places;
        chrome.me = self.signed_in.as_ref().map(|me| Me {
            name: me.name.clone(),
            initials: initials(&me.name),
            role: me.role.clone(),
            links: vec![Link::new(crate::Words(self.lang).my_account(), "/account")],
        });
        chrome.new = self.house.rooms.news(self.lang, &self.actor);
        chrome.notices =
            self.house.rooms.notices(tx).await?.map(|(count, href)| Notices { count, href: href.to_owned() });
        chrome.path = self.here();
        chrome.flash = self.flash();
        Ok(chrome)
    }

    /// What a public page needs around it.
    pub fn face(&self, title: impl Into<String>) -> Face {
        let mut face = Face::new(self.lang, title, self.house.settings.institution.clone());
        let path = self.uri.path();
        face.others = Lang::ALL
            .into_iter()
            .filter(|l| *l != self.lang)
            .map(|lang| OtherLanguage { lang: lang.into(), href: format!("{path}?lang={lang}") })
            .collect();
        face
    }

    fn here(&self) -> String {
        self.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string)
    }

    /// A remark that the page before left for this one: a code from the closed list in the address, so that
    /// nothing has to be stored and nobody can put words in our mouth.
    fn flash(&self) -> Option<Flash> {
        let query = self.query().ok()?;
        let code = query.get("done");
        let text = self.house.rooms.flash(self.lang, code)?;
        let undo =
            Some(query.get("undo")).filter(|u| route::is_local(u).is_ok() && !u.is_empty()).map(|action| {
                Undo { action: action.to_owned(), label: crate::Words(self.lang).undo().to_owned() }
            });
        Some(Flash { tone: Tone::Leaf, text: text.to_owned(), undo })
    }

    /// After a form: look at this page. 303, so that a reload asks nothing again.
    pub fn see(&self, to: impl AsRef<str>) -> Result<Response> {
        redirect(to.as_ref())
    }

    /// As [`Self::see`], with a remark on the page and perhaps an undo.
    pub fn see_done(&self, to: &str, code: &str, undo: Option<&str>) -> Result<Response> {
        let join = if to.contains('?') { '&' } else { '?' };
        let mut target = format!("{to}{join}done={code}");
        if let Some(undo) = undo {
            target.push_str("&undo=");
            target.push_str(undo);
        }
        redirect(&target)
    }

    pub fn html(&self, page: &impl askama::Template) -> Result<Response> {
        Ok(render_as(StatusCode::OK, page))
    }

    /// The same page again with what was typed and what is wrong with it.
    pub fn html_again(&self, page: &impl askama::Template) -> Result<Response> {
        Ok(render_as(StatusCode::UNPROCESSABLE_ENTITY, page))
    }

    pub fn json_answer(&self, status: StatusCode, value: &impl Serialize) -> Result<Response> {
        let body = serde_json::to_vec(value).map_err(Error::broken)?;
        Response::builder()
            .status(status)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body))
            .map_err(Error::broken)
    }
}

impl Visit {
    /// The path to return to after signing in, if it is one of ours.
    pub fn next(&self, form: &Form) -> String {
        let next = form.get("next");
        if route::is_local(next).is_ok() { next.to_owned() } else { "/".to_owned() }
    }
}

/// A stand-in for something that must not be stored itself, the same each time: for counting knocks by address.
pub fn fingerprint(house: &House, text: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(house.settings.trail_key.reveal());
    hash.update(text);
    hash.finalize().iter().take(9).map(|b| format!("{b:02x}")).collect()
}

/// "Hanneke de Vos" is HV.
fn initials(name: &str) -> String {
    let mut letters =
        name.split_whitespace().filter_map(|word| word.chars().next()).filter(|c| c.is_uppercase());
    let first = letters.next();
    first.into_iter().chain(letters.next_back()).collect()
}

pub(crate) fn redirect(to: &str) -> Result<Response> {
    Response::builder()
        .status(StatusCode::SEE_OTHER)
        .header(header::LOCATION, to)
        .body(Body::empty())
        .map_err(Error::broken)
}
