use askama::Template;
use kring_core::Tongue;

use crate::{
    Dress, Link, RenderError, Sheet, Values, Why, colour, href, inline,
    made::{At, Given, Letter, Made, rtl},
    rich::{Part, Run},
    text,
};

/// Bytes of a mail's HTML from which Gmail cuts it off and hides the way to unsubscribe.
pub const LARGE_MAIL: usize = 100_000;

/// A letter for one person. HTML and plain text say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// One line.
    pub preview: String,
    pub html: String,
    pub text: String,
}

/// Writes a sheet for one person. It fails where a field has no value, where an address cannot be used, or where a text
/// asks for more than it may; what [`crate::check`] finds nothing in fails only by its values.
pub fn render(
    sheet: &Sheet,
    tongue: &Tongue,
    values: &Values,
    dress: &Dress,
) -> Result<Rendered, RenderError> {
    let given = Given { values, choices: &dress.choices, base: dress.base.as_deref() };
    let letter = given.letter(sheet)?;
    let dress = checked(dress)?;
    let text = text::text(&letter, &dress);
    let mail = Mail::new(&letter, tongue, &dress);
    let html = mail.render().map_err(|_| RenderError::new(At::Sheet, Why::TooMuch))?;
    Ok(Rendered { subject: letter.subject, preview: letter.preview, html, text })
}

/// The dress with addresses that can be used.
fn checked(dress: &Dress) -> Result<Dress, RenderError> {
    let own = |address: &str| href::own(address).ok_or_else(|| RenderError::new(At::Dress, Why::Link));
    let link = |link: &Option<Link>| {
        let known = link.as_ref();
        known.map(|link| Ok(Link { label: link.label.clone(), href: own(&link.href)? })).transpose()
    };
    Ok(Dress {
        logo: dress.logo.as_deref().map(own).transpose()?,
        preferences: link(&dress.preferences)?,
        unsubscribe: link(&dress.unsubscribe)?,
        ..dress.clone()
    })
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Mail<'a> {
    letter: &'a Letter,
    dress: &'a Dress,
    lang: &'a str,
    dir: &'static str,
    /// The side where lines begin: mail programs of some age know `align` and not `start`.
    start: &'static str,
    brand: String,
    brand_dark: String,
    dark: &'static str,
}

impl<'a> Mail<'a> {
    fn new(letter: &'a Letter, tongue: &'a Tongue, dress: &'a Dress) -> Self {
        Self {
            letter,
            dress,
            lang: tongue.tag(),
            dir: tongue.dir().as_str(),
            start: if rtl(tongue) { "right" } else { "left" },
            brand: colour::on_white(&dress.brand),
            brand_dark: colour::on_dark(&dress.brand),
            dark: colour::DARK,
        }
    }

    fn links(&self) -> impl Iterator<Item = &Link> {
        [&self.dress.preferences, &self.dress.unsubscribe].into_iter().flatten()
    }

    fn runs(&self, runs: &[Run]) -> String {
        inline::html(runs, &format!("color:{};text-decoration:underline", self.brand))
    }

    /// Pixels.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "askama hands over references")]
    fn size(level: &u8) -> u8 {
        match *level {
            1 => 27,
            2 => 21,
            _ => 17,
        }
    }
}
