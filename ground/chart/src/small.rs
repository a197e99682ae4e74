use std::fmt::Write;

use crate::{Svg, Tone, svg::opened, tear::Shape};

/// Where somebody stands in one arc of the ring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// Grey.
    #[default]
    Never,
    /// Pale.
    Earlier,
    /// Filled.
    Now,
    /// Filled, with a break: something goes wrong there now.
    Broken,
}

/// The small ring of a person's page and of the public promises. The label says all of it in words.
pub fn ring_small(label: &str, places: [Place; 5]) -> Svg {
    let shape = Shape::SMALL;
    let mut out = opened("ring-small", "-50 -50 100 100", Some(label));
    for (i, (place, tone)) in places.into_iter().zip(Tone::ARCS).enumerate() {
        let tone = tone.class();
        let class = match place {
            Place::Never => "band",
            Place::Earlier => "band was",
            Place::Now | Place::Broken => "band on",
        };
        let paths = if place == Place::Broken { shape.pieces(i).to_vec() } else { vec![shape.band(i)] };
        for path in paths {
            let _ = write!(out, "<path class=\"{class} {tone}\" d=\"{path}\"/>");
        }
        if place == Place::Broken {
            // `fine` has shorter dashes than the big ring's bridge.
            let _ = write!(out, "<path class=\"bridge fine\" d=\"{}\"/>", shape.bridge(i));
        }
    }
    Svg(out + "</svg>")
}

/// The mark of the house, beside its name.
pub fn mark() -> Svg {
    let mut out = opened("mark", "-50 -50 100 100", None);
    for (i, tone) in Tone::ARCS.into_iter().enumerate() {
        let _ = write!(out, "<path class=\"{}\" d=\"{}\"/>", tone.class(), Shape::MARK.band(i));
    }
    Svg(out + "</svg>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_small_rings_are_the_ones_that_were_drawn() {
        let person = [Place::Now, Place::Earlier, Place::Never, Place::Never, Place::Now];
        let svg = ring_small("Anke \"in\" de kring", person).to_string();
        for path in [
            "<svg class=\"ring-small\" viewBox=\"-50 -50 100 100\" role=\"img\" aria-label=\"Anke &quot;in&quot; de kring\">",
            "<path class=\"band on sun\" d=\"M-25.1 -40.9A48 48 0 0 1 25.1 -40.9L24.7 -32.1L17.2 -28.1A33 33 0 0 0 -17.2 -28.1L-17.4 -36.6Z\"/>",
            "<path class=\"band was leaf\" d=\"M31.2 -36.5A48 48 0 0 1 46.7 11.2L38.2 13.5L32.1 7.7A33 33 0 0 0 21.4 -25.1L29.4 -27.9Z\"/>",
            "<path class=\"band sky\" d=\"M44.3 18.4A48 48 0 0 1 3.8 47.9L-1.1 40.5L2.6 32.9A33 33 0 0 0 30.5 12.6L35.6 19.3Z\"/>",
            "<path class=\"band petrol\" d=\"M-3.8 47.9A48 48 0 0 1 -44.3 18.4L-38.8 11.5L-30.5 12.6A33 33 0 0 0 -2.6 32.9L-7.4 39.8Z\"/>",
            "<path class=\"band on plum\" d=\"M-46.7 11.2A48 48 0 0 1 -31.2 -36.5L-22.9 -33.4L-21.4 -25.1A33 33 0 0 0 -32.1 7.7L-40.2 5.3Z\"/>",
        ] {
            assert!(svg.contains(path), "{path}\n{svg}");
        }
        let promise = ring_small("De kring", [Place::Now, Place::Broken, Place::Now, Place::Now, Place::Now])
            .to_string();
        for path in [
            "<path class=\"band on leaf\" d=\"M31.2 -36.5A48 48 0 0 1 46.6 -11.6L41.8 -12.1L37.8 -8.3L31.9 -8.5A33 33 0 0 0 21.4 -25.1L29.4 -27.9Z\"/>",
            "<path class=\"band on leaf\" d=\"M47.9 2.5A48 48 0 0 1 46.7 11.2L38.2 13.5L32.1 7.7A33 33 0 0 0 33.0 1.7L38.5 3.8L43.5 1.4Z\"/>",
            "d=\"M39.8 -7.7A40.5 40.5 0 0 1 40.4 2.1\"/>",
        ] {
            assert!(promise.contains(path), "{path}\n{promise}");
        }
        assert!(!promise.contains("style="));
    }

    #[test]
    fn the_mark_is_the_one_that_was_drawn() {
        let svg = mark().to_string();
        for path in [
            "M-24.2 -40.3A47 47 0 0 1 24.2 -40.3L23.2 -30.7L15.5 -25.7A30 30 0 0 0 -15.5 -25.7L-16.3 -34.9Z",
            "M43.3 18.4A47 47 0 0 1 4.1 46.8L-0.7 38.5L2.6 29.9A30 30 0 0 0 27.6 11.7L33.7 18.7Z",
            "M-45.8 10.6A47 47 0 0 1 -30.8 -35.5L-22.1 -31.5L-19.7 -22.6A30 30 0 0 0 -29.2 6.7L-38.2 4.7Z",
        ] {
            assert!(svg.contains(path), "{path}\n{svg}");
        }
    }
}
