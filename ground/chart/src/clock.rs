use crate::{Svg, svg::opened};

/// A promise as a pie that empties: `left` is the part of its time that is left, 1 to 0. Empty when it is
/// past. Always hidden from readers: the time stands beside it in words.
pub fn clock(left: f64) -> Svg {
    let left = if left.is_nan() { 0.0 } else { left.clamp(0.0, 1.0) };
    let pie = if left < 0.005 {
        String::new()
    } else if left > 0.995 {
        // An arc whose ends meet is not drawn at all, so a full one is two halves.
        "<path d=\"M8 2.5A5.5 5.5 0 0 1 8 13.5A5.5 5.5 0 0 1 8 2.5Z\"/>".to_owned()
    } else {
        let angle = (360.0 * left).to_radians();
        let (x, y) = (8.0 + 5.5 * angle.sin(), 8.0 - 5.5 * angle.cos());
        format!("<path d=\"M8 8 L8 2.5 A5.5 5.5 0 {} 1 {x:.2} {y:.2}Z\"/>", u8::from(left > 0.5))
    };
    Svg(format!("{}<circle cx=\"8\" cy=\"8\" r=\"7\"/>{pie}</svg>", opened("", "0 0 16 16", None)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clocks_are_the_ones_that_were_drawn() {
        for (left, end) in [
            (0.18, "0 0 1 12.98 5.66Z"),
            (0.30, "0 0 1 13.23 9.70Z"),
            (0.55, "0 1 1 6.30 13.23Z"),
            (0.60, "0 1 1 4.77 12.45Z"),
            (0.70, "0 1 1 2.77 9.70Z"),
            (0.80, "0 1 1 2.77 6.30Z"),
            (0.90, "0 1 1 4.77 3.55Z"),
        ] {
            let svg = clock(left).to_string();
            assert!(svg.contains(&format!("<path d=\"M8 8 L8 2.5 A5.5 5.5 {end}\"/>")), "{left}: {svg}");
        }
        for past in [0.0, -3.0, f64::NAN] {
            let svg =
                "<svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><circle cx=\"8\" cy=\"8\" r=\"7\"/></svg>";
            assert_eq!(clock(past).as_str(), svg);
        }
        assert!(clock(7.0).as_str().contains("M8 2.5A5.5 5.5 0 0 1 8 13.5A"));
    }
}
