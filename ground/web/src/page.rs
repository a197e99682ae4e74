use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use kring_core::{Lang, Tongue};

use crate::{Words, assets};

/// What the staff frame shows around a page: the rail, the bar, and what just happened. A room's template
/// has one of these in a field `chrome` and extends `frame.html`.
#[derive(Clone, Debug)]
pub struct Chrome {
    pub lang: Lang,
    pub w: Words,
    /// Of the page; the institution comes after it in the tab.
    pub title: String,
    pub institution: String,
    pub places: Vec<Place>,
    /// Who looks; `None` on the pages before signing in.
    pub me: Option<Me>,
    /// The path and query of this page, to come back to after switching the language.
    pub path: String,
    pub flash: Option<Flash>,
    /// What stands in the search field.
    pub query: String,
    /// Under the button *new* in the bar; without any there is no button.
    pub new: Vec<Link>,
    pub notices: Option<Notices>,
    /// Whether the style sheets were made.
    pub assets: bool,
}

impl Chrome {
    /// An empty frame; the caller fills in what it has.
    pub fn new(lang: Lang, title: impl Into<String>) -> Self {
        Self {
            lang,
            w: Words(lang),
            title: title.into(),
            institution: String::new(),
            places: Vec::new(),
            me: None,
            path: String::new(),
            flash: None,
            query: String::new(),
            new: Vec::new(),
            notices: None,
            assets: assets::present(),
        }
    }

    /// The places in the rail, each with whether a line belongs before it.
    pub fn rail(&self) -> impl Iterator<Item = (bool, &Place)> {
        let mut before = None;
        self.places.iter().map(move |place| {
            let starts = before.replace(place.group).is_some_and(|group| group != place.group);
            (starts, place)
        })
    }

    /// The language that the switch leads to.
    pub const fn other_lang(&self) -> Lang {
        match self.lang {
            Lang::Nl => Lang::En,
            Lang::En => Lang::Nl,
        }
    }

    /// The places that do not fit in the bottom bar of a phone.
    pub fn more(&self) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(|p| !p.phone)
    }

    /// Whether *more* in the bottom bar of a phone has something to open.
    pub fn has_more(&self) -> bool {
        self.me.is_some() || self.more().next().is_some()
    }
}

/// A workspace in the rail.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// A name from the icon sheet (`client/icons.json`).
    pub icon: &'static str,
    pub label: String,
    pub href: String,
    /// What waits there.
    pub count: Option<i64>,
    pub current: bool,
    /// Places of one group stand together; a line divides groups.
    pub group: u8,
    /// Whether it has a place of its own in the bottom bar of a phone; four fit beside *more*.
    pub phone: bool,
}

/// Who is signed in.
#[derive(Clone, Debug, Default)]
pub struct Me {
    pub name: String,
    pub initials: String,
    /// In words: "Serviceplein".
    pub role: String,
    /// To the own account, the own sessions.
    pub links: Vec<Link>,
}

#[derive(Clone, Debug, Default)]
pub struct Link {
    pub label: String,
    pub href: String,
}

impl Link {
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into() }
    }
}

/// The bell in the bar.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    pub count: i64,
    pub href: String,
}

/// What just happened, said once.
#[derive(Clone, Debug, Default)]
pub struct Flash {
    pub tone: Tone,
    pub text: String,
    pub undo: Option<Undo>,
}

/// A way back, posted to `action`.
#[derive(Clone, Debug, Default)]
pub struct Undo {
    pub action: String,
    pub label: String,
}

/// A colour with a meaning. A word or a shape always stands beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    Sun,
    Leaf,
    Sky,
    Petrol,
    Plum,
    Coral,
    #[default]
    Plain,
}

impl Tone {
    /// The class on the element.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Sun => "sun",
            Self::Leaf => "leaf",
            Self::Sky => "sky",
            Self::Petrol => "petrol",
            Self::Plum => "plum",
            Self::Coral => "coral",
            Self::Plain => "plain",
        }
    }
}

impl std::fmt::Display for Tone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.class())
    }
}

/// What stands around a public page: one column, one purpose, no login. A template has one in a field
/// `face` and extends `public.html`.
#[derive(Clone, Debug)]
pub struct Face {
    pub lang: Lang,
    pub w: Words,
    pub title: String,
    pub institution: String,
    /// Where the name of the institution leads; empty when it leads nowhere.
    pub home: String,
    /// The same page in another language. Public pages keep the language in the address, since there is
    /// no cookie before a choice.
    pub others: Vec<OtherLanguage>,
    /// Whether search engines may list the page; a page behind a secret link never is.
    pub listed: bool,
    /// What search engines say under its title.
    pub about: String,
    /// Style sheets of our own after the house's: an institution's colours.
    pub styles: Vec<String>,
    /// The address of the institution's own sign, in the place of the house's.
    pub logo: Option<String>,
    /// Shown in a frame on a site that has a head of its own.
    pub bare: bool,
    pub assets: bool,
}

impl Face {
    pub fn new(lang: Lang, title: impl Into<String>, institution: impl Into<String>) -> Self {
        Self {
            lang,
            w: Words(lang),
            title: title.into(),
            institution: institution.into(),
            home: String::new(),
            others: Vec::new(),
            listed: false,
            about: String::new(),
            styles: Vec::new(),
            logo: None,
            bare: false,
            assets: assets::present(),
        }
    }
}

#[derive(Clone, Debug)]
pub struct OtherLanguage {
    /// Any language: what an institution writes is in more than the house speaks.
    pub lang: Tongue,
    pub href: String,
}

impl OtherLanguage {
    /// The name of a language in that language.
    pub fn name(&self) -> &str {
        self.lang.name_in_own_words()
    }
}

/// One of the options of a select, a row of radio buttons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    /// A sentence under the label, for radio buttons.
    pub hint: String,
}

impl Choice {
    pub fn new(value: impl ToString, label: impl Into<String>) -> Self {
        Self { value: value.to_string(), label: label.into(), hint: String::new() }
    }
}

/// A template as an answer.
pub fn render(page: &impl Template) -> Response {
    render_as(StatusCode::OK, page)
}

/// A template as an answer with a status of its own: 422 for a form that is shown again.
pub fn render_as(status: StatusCode, page: &impl Template) -> Response {
    let Ok(html) = page.render() else {
        // Rendering fails only when a value cannot be formatted: a fault of ours, with nothing to show.
        let plain = HeaderValue::from_static("text/plain; charset=utf-8");
        let words = Words(Lang::Nl).problem_broken();
        return (StatusCode::INTERNAL_SERVER_ERROR, [(header::CONTENT_TYPE, plain)], words).into_response();
    };
    (status, Html(html)).into_response()
}
