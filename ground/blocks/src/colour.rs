//! An institution's own colour, mended until its text can be read (WCAG 2.2, 1.4.3).

use kring_web::{
    channels,
    tokens::{PETROL, contrast},
};

/// What text needs against its ground.
pub const READABLE: f64 = 4.5;
/// The ground of a mail in the dark.
pub(crate) const DARK: &str = "#1C2328";

/// The colour itself as `#RRGGBB` when it has at least 4.5:1 on white, else the nearest darker shade of it that has:
/// all three channels by the same factor, so the hue stays. What is no colour (`#RGB` or `#RRGGBB`) gives the house's.
pub fn on_white(brand: &str) -> String {
    mend(brand, "#FFFFFF", |channel, step| channel * (256 - step) / 256)
}

/// The same for text on the dark ground of a mail: lighter until it can be read.
pub fn on_dark(brand: &str) -> String {
    mend(brand, DARK, |channel, step| channel + (255 - channel) * step / 256)
}

fn mend(brand: &str, ground: &str, shade: impl Fn(u32, u32) -> u32) -> String {
    let channels = channels(brand).or_else(|| channels(PETROL.light)).unwrap_or_default();
    let shades = (0..=256).map(|step| {
        let [r, g, b] = channels.map(|channel| shade(channel, step));
        format!("#{r:02X}{g:02X}{b:02X}")
    });
    let readable = |colour: &String| contrast(colour, ground).is_some_and(|ratio| ratio >= READABLE);
    shades.into_iter().find(readable).unwrap_or_else(|| PETROL.light.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_read_stays_and_the_rest_gets_darker() {
        assert_eq!(on_white("#0E5A63"), "#0E5A63");
        assert_eq!(on_white("#c00"), "#CC0000");
        for colour in ["#FFFFFF", "#FFD400", "#00FF00", "#FF8800", "#777777", "#000000", "#abc"] {
            assert!(contrast(&on_white(colour), "#FFFFFF").unwrap() >= READABLE, "{colour}");
            assert!(contrast(&on_dark(colour), DARK).unwrap() >= READABLE, "{colour}");
        }
    }

    #[test]
    fn it_is_no_darker_than_it_must_be_and_keeps_its_hue() {
        let mended = channels(&on_white("#FF8800")).unwrap();
        let ratio = contrast(&on_white("#FF8800"), "#FFFFFF").unwrap();
        assert!(ratio < 4.6, "{ratio}");
        assert!(mended[0] > mended[1] && mended[1] > mended[2] && mended[2] == 0);
    }

    #[test]
    fn what_is_no_colour_is_the_houses() {
        for odd in ["", "red", "#12", "#GGGGGG", "0E5A63", "#1234567", "#é1é1é1", "url(x)"] {
            assert_eq!(on_white(odd), PETROL.light, "{odd}");
        }
    }
}
