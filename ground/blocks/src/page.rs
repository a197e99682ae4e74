use std::collections::BTreeMap;

use askama::Template;
use kring_core::Tongue;

use crate::{
    Dress, RenderError, Sheet, Values, Why, inline,
    made::{At, Given, Letter, Made},
    rich::{Part, Run},
};

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    letter: &'a Letter,
    parts: &'a BTreeMap<String, String>,
    lang: &'a str,
    dir: &'static str,
}

/// A sheet as a piece of a public page: semantic HTML with the classes of the house, without a style of its own, which
/// the policy of the site would refuse. The page has its own title, so headings begin at `<h2>`. Of the dress only the
/// links of choices and the parts are used. Our own pictures keep their paths.
pub fn page_html(
    sheet: &Sheet,
    tongue: &Tongue,
    values: &Values,
    dress: &Dress,
) -> Result<String, RenderError> {
    let letter = Given { values, choices: &dress.choices, base: Some("") }.letter(sheet)?;
    let page = Page { letter: &letter, parts: &dress.parts, lang: tongue.tag(), dir: tongue.dir().as_str() };
    page.render().map_err(|_| RenderError::new(At::Sheet, Why::TooMuch))
}

impl Page<'_> {
    /// A part that is not there any more leaves nothing: a page outlives what was in it.
    fn part(&self, name: &str) -> &str {
        self.parts.get(name).map_or("", String::as_str)
    }

    fn runs(runs: &[Run]) -> String {
        inline::html(runs, "")
    }
}
