//! The colours of the house, once: `client/tokens.json` gives the style sheets their custom properties
//! and this table its constants, for mail, charts and the contrast test.

/// A colour in both themes, as `#RRGGBB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub name: &'static str,
    pub light: &'static str,
    pub dark: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/tokens.rs"));

/// Contrast between two `#RRGGBB` colours, from 1 to 21 (WCAG 2.2, "contrast ratio"); `None` when one of
/// them is no such colour. Also for a school's own colours, before they go on a public page.
pub fn contrast(one: &str, other: &str) -> Option<f64> {
    let (a, b) = (luminance(one)?, luminance(other)?);
    Some((a.max(b) + 0.05) / (a.min(b) + 0.05))
}

/// WCAG 2.2, "relative luminance".
fn luminance(colour: &str) -> Option<f64> {
    let digits = colour.strip_prefix('#').filter(|d| d.len() == 6 && d.is_ascii())?;
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()?) / 255.0;
        Some(if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) })
    };
    Some(0.2126 * channel(0)? + 0.7152 * channel(2)? + 0.0722 * channel(4)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HUES: [(Token, Token); 6] = [
        (SUN, SUN_GROUND),
        (LEAF, LEAF_GROUND),
        (SKY, SKY_GROUND),
        (PETROL, PETROL_GROUND),
        (PLUM, PLUM_GROUND),
        (CORAL, CORAL_GROUND),
    ];

    /// Every pair that a component puts together, with the ratio it needs (WCAG 2.2, 1.4.3 and 1.4.11).
    fn pairs() -> Vec<(Token, Token, f64)> {
        let mut pairs = vec![(ON_PETROL, PETROL, 4.5), (ON_CORAL, CORAL, 4.5), (PAPER, INK, 4.5)];
        for ground in [PAPER, SURFACE, WELL] {
            pairs.extend([(INK, ground, 4.5), (INK_SOFT, ground, 4.5), (EDGE, ground, 3.0)]);
            pairs.extend(HUES.map(|(hue, _)| (hue, ground, 4.5)));
        }
        for (hue, ground) in HUES {
            pairs.extend([(hue, ground, 4.5), (INK, ground, 4.5), (INK_SOFT, ground, 4.5)]);
        }
        pairs
    }

    #[test]
    fn every_pair_can_be_read_in_both_themes() {
        for (text, ground, needs) in pairs() {
            for (theme, a, b) in [("light", text.light, ground.light), ("dark", text.dark, ground.dark)] {
                let ratio = contrast(a, b).unwrap();
                assert!(
                    ratio >= needs,
                    "{theme}: {} on {} is {ratio:.2}, needs {needs}",
                    text.name,
                    ground.name
                );
            }
        }
    }

    #[test]
    fn the_extremes_and_nonsense() {
        assert!((contrast("#000000", "#FFFFFF").unwrap() - 21.0).abs() < 1e-9);
        assert!((contrast("#777777", "#777777").unwrap() - 1.0).abs() < 1e-9);
        assert!(["", "#FFF", "white", "#GGGGGG", "#é1é1é"].iter().all(|c| contrast(c, "#000000").is_none()));
        assert!(ALL.iter().all(|t| contrast(t.light, t.dark).is_some()));
    }
}
