use std::fmt::{self, Write};

/// A piece of SVG, safe to put into a page as it is: every word in it was escaped when it was made, and
/// there is no other way to make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Svg(pub(crate) String);

impl Svg {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Svg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A chart and the table that stands under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    pub svg: Svg,
    pub rows: Rows,
}

/// The numbers of a chart as plain text, not escaped: for a template that escapes, or for an export.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// The tone classes of the style sheet; they set `--tone` and `--ground` for what is inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Sun,
    Leaf,
    Sky,
    Petrol,
    Plum,
    Coral,
    Plain,
}

impl Tone {
    /// The five arcs of the ring, from twelve o'clock on.
    pub const ARCS: [Tone; 5] = [Tone::Sun, Tone::Leaf, Tone::Sky, Tone::Petrol, Tone::Plum];

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

/// Text made fit for both content and attribute. Controls, which neither may hold, become U+FFFD.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Where a link may lead: a place on this page or on this site. Anything else goes nowhere.
pub(crate) fn href(to: &str) -> String {
    let near = to.starts_with('#') || (to.starts_with('/') && !to.starts_with("//") && !to.contains('\\'));
    if near { escaped(to) } else { "#".to_owned() }
}

/// The start of an `svg` element: with a name it is an image, without one it is hidden from readers to
/// whom the words beside it say the same.
pub(crate) fn opened(class: &str, view_box: &str, label: Option<&str>) -> String {
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    let name = match label {
        Some(label) => format!("role=\"img\" aria-label=\"{}\"", escaped(label)),
        None => "aria-hidden=\"true\"".to_owned(),
    };
    format!("<svg{class} viewBox=\"{view_box}\" {name}>")
}

/// One decimal, and never `-0.0`.
pub(crate) fn one(value: f64) -> String {
    let rounded = if value.is_finite() { (value * 10.0).round() / 10.0 } else { 0.0 };
    format!("{:.1}", rounded + 0.0)
}

/// A path in the making.
#[derive(Default)]
pub(crate) struct Path(String);

impl Path {
    pub(crate) fn to(mut self, command: char, (x, y): (f64, f64)) -> Self {
        let _ = write!(self.0, "{command}{} {}", one(x), one(y));
        self
    }

    /// Along a circle round the origin; `radius` is written as given.
    pub(crate) fn arc(mut self, radius: impl fmt::Display, clockwise: bool, (x, y): (f64, f64)) -> Self {
        let _ = write!(self.0, "A{radius} {radius} 0 0 {} {} {}", u8::from(clockwise), one(x), one(y));
        self
    }

    pub(crate) fn closed(self) -> String {
        self.0 + "Z"
    }

    pub(crate) fn open(self) -> String {
        self.0
    }
}

/// The point at `degrees` clockwise from twelve o'clock.
pub(crate) fn polar(radius: f64, degrees: f64) -> (f64, f64) {
    let angle = degrees.to_radians();
    (radius * angle.sin(), -radius * angle.cos())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_becomes_markup_and_no_link_leaves_the_site() {
        assert_eq!(
            escaped("<a href=\"x\" onload='y'>&\0\n"),
            "&lt;a href=&quot;x&quot; onload=&#39;y&#39;&gt;&amp;\u{fffd} "
        );
        assert_eq!(href("/desk?open=1&mine=2"), "/desk?open=1&amp;mine=2");
        for bad in
            ["javascript:alert(1)", "//evil.nl", "/\\evil.nl", "https://evil.nl", "data:text/html,x", ""]
        {
            assert_eq!(href(bad), "#");
        }
        assert_eq!(
            (one(-0.04), one(2.25), one(f64::NAN)),
            ("0.0".to_owned(), "2.3".to_owned(), "0.0".to_owned())
        );
    }
}
