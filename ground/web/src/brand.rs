//! An institution's own colour on its public pages, mended until everything that is drawn with it can be read (WCAG 2.2, 1.4.3
//! and 1.4.11), in the light and in the dark.

use crate::tokens::{
    CORAL_GROUND, INK, LEAF_GROUND, PAPER, PETROL, PLUM_GROUND, SKY_GROUND, SUN_GROUND, SURFACE, Token, WELL,
    contrast,
};

/// What text needs against its ground.
const READABLE: f64 = 4.5;

/// A colour as pages use it, in one of the two themes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shade {
    /// Links, filled buttons, borders of what is chosen.
    pub colour: String,
    /// Behind what is chosen.
    pub ground: String,
    /// Text on a filled button.
    pub on: String,
}

/// One colour, made fit for both themes.
#[derive(Clone, Debug, PartialEq)]
pub struct Brand {
    pub light: Shade,
    pub dark: Shade,
    /// The lowest contrast that the colour as it was given would have had in the light.
    pub was: f64,
    /// It had to be made darker for the light theme.
    pub mended: bool,
}

impl Brand {
    /// `None` for what is no `#RRGGBB` or `#RGB`.
    pub fn of(colour: &str) -> Option<Self> {
        let given = channels(colour)?;
        let light = shade(given, [0, 0, 0], Theme::Light)?;
        let dark = shade(given, [255, 255, 255], Theme::Dark)?;
        let was = Theme::Light.lowest(given)?;
        let mended = light.colour != hex(given);
        Some(Self { light, dark, was, mended })
    }

    /// As a style sheet that takes the place of the house's own colour in an element: `:root` is the whole page.
    pub fn css(&self, of: &str) -> String {
        let theme =
            |s: &Shade| format!("--petrol:{};--petrol-ground:{};--on-petrol:{}", s.colour, s.ground, s.on);
        format!(
            "{of}{{{}}}@media (prefers-color-scheme:dark){{{of}{{{}}}}}",
            theme(&self.light),
            theme(&self.dark)
        )
    }
}

#[derive(Clone, Copy)]
enum Theme {
    Light,
    Dark,
}

impl Theme {
    /// Everything that a link or a button can stand on: pages, cards, and notices in each of their colours.
    fn grounds(self) -> [&'static str; 8] {
        let of = |token: Token| match self {
            Self::Light => token.light,
            Self::Dark => token.dark,
        };
        [PAPER, SURFACE, WELL, SUN_GROUND, LEAF_GROUND, SKY_GROUND, PLUM_GROUND, CORAL_GROUND].map(of)
    }

    /// A tint of a colour to stand behind text.
    fn tint(self, colour: [u32; 3]) -> [u32; 3] {
        let (ground, share) = match self {
            Self::Light => (channels(SURFACE.light), 10),
            Self::Dark => (channels(SURFACE.dark), 16),
        };
        mix(ground.unwrap_or_default(), colour, share, 100)
    }

    /// The lowest contrast that a colour has with anything it stands on.
    fn lowest(self, colour: [u32; 3]) -> Option<f64> {
        let grounds = self.grounds().into_iter().map(str::to_owned).chain([hex(self.tint(colour))]);
        grounds.filter_map(|ground| contrast(&hex(colour), &ground)).reduce(f64::min)
    }

    fn ink(self) -> &'static str {
        match self {
            Self::Light => INK.light,
            Self::Dark => INK.dark,
        }
    }
}

/// The nearest shade of a colour on the way to `end` that can be read on every ground of the theme, with the tint of it and what
/// can be read on it.
fn shade(given: [u32; 3], end: [u32; 3], theme: Theme) -> Option<Shade> {
    let readable = |colour: &[u32; 3]| {
        let tint = hex(theme.tint(*colour));
        theme.lowest(*colour).is_some_and(|lowest| lowest >= READABLE)
            && contrast(theme.ink(), &tint).is_some_and(|ratio| ratio >= READABLE)
    };
    let colour =
        (0..=256).map(|step| mix(given, end, step, 256)).find(readable).or(channels(PETROL.light))?;
    // One of the two can always be read: the product of what white and black have with a colour is 21.
    let on = ["#FFFFFF", "#0B1215", "#000000"]
        .into_iter()
        .find(|on| contrast(on, &hex(colour)).is_some_and(|ratio| ratio >= READABLE))?;
    Some(Shade { colour: hex(colour), ground: hex(theme.tint(colour)), on: on.to_owned() })
}

fn mix(from: [u32; 3], to: [u32; 3], step: u32, of: u32) -> [u32; 3] {
    let mut mixed = from;
    for (channel, end) in mixed.iter_mut().zip(to) {
        *channel = (*channel * (of - step) + end * step) / of;
    }
    mixed
}

fn hex([r, g, b]: [u32; 3]) -> String {
    format!("#{r:02X}{g:02X}{b:02X}")
}

/// The red, green and blue of `#RRGGBB` or `#RGB`; `None` for what is no colour.
pub fn channels(colour: &str) -> Option<[u32; 3]> {
    let digits = colour.trim().strip_prefix('#')?;
    let digits: Vec<u32> = digits.chars().map(|c| c.to_digit(16)).collect::<Option<_>>()?;
    match *digits.as_slice() {
        [r, g, b] => Some([r, g, b].map(|digit| digit * 17)),
        [_, _, _, _, _, _] => {
            let mut pairs =
                digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |sum, digit| sum * 16 + digit));
            Some([pairs.next()?, pairs.next()?, pairs.next()?])
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_can_be_read_on_everything_it_stands_on() {
        let steps = [0, 51, 102, 153, 204, 255];
        for r in steps {
            for g in steps {
                for b in steps {
                    let given = hex([r, g, b]);
                    let brand = Brand::of(&given).unwrap();
                    for (shade, theme) in [(&brand.light, Theme::Light), (&brand.dark, Theme::Dark)] {
                        let grounds = theme.grounds().map(str::to_owned);
                        for ground in grounds.iter().chain([&shade.ground, &shade.on]) {
                            let ratio = contrast(&shade.colour, ground).unwrap();
                            assert!(ratio >= READABLE, "{given}: {} on {ground} is {ratio:.2}", shade.colour);
                        }
                        assert!(contrast(theme.ink(), &shade.ground).unwrap() >= READABLE, "{given}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_can_be_read_stays_and_what_cannot_is_no_darker_than_it_must_be() {
        let fine = Brand::of("#0E5A63").unwrap();
        assert!(!fine.mended && fine.light.colour == "#0E5A63");
        let yellow = Brand::of("#FFD400").unwrap();
        assert!(yellow.mended && yellow.was < 1.5, "{yellow:?}");
        assert!(Theme::Light.lowest(channels(&yellow.light.colour).unwrap()).unwrap() < 4.7);
        assert_eq!(yellow.dark.colour, "#FFD400", "bright on dark is fine");
        assert_eq!(Brand::of("#fd4").unwrap().light, Brand::of("#FFDD44").unwrap().light);
        assert!(["", "red", "#12", "url(x)", "#GGGGGG"].iter().all(|odd| Brand::of(odd).is_none()));
    }

    #[test]
    fn the_style_sheet_holds_nothing_but_colours() {
        let css = Brand::of("#CC0000").unwrap().css(":root");
        assert!(css.starts_with(":root{--petrol:#") && !css.contains("url"), "{css}");
    }
}
