use std::fmt::Write;

use crate::{
    Svg,
    svg::{Path, one, opened},
};

/// A figure's course in 64 × 20 units, with a dot at its last point. `None` is a gap: too few answers to
/// say. The scale runs from the lowest to the highest value, so it shows shape and never size: the number
/// stands beside it. Without a label it is hidden from readers who hear that number anyway.
pub fn sparkline(values: &[Option<f64>], label: Option<&str>) -> Svg {
    let mut out = opened("spark", "0 0 64 20", label);
    let known = || values.iter().flatten().copied().filter(|v| v.is_finite());
    let (low, high) = known().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    let step = 60.0 / (values.len().max(2) - 1) as f64;
    let place = |i: usize, v: f64| {
        let share = if high > low { (v - low) / (high - low) } else { 0.5 };
        (2.0 + step * i as f64, 17.0 - 14.0 * share)
    };
    let (mut path, mut pen_down, mut last) = (Path::default(), false, None);
    for (i, value) in values.iter().enumerate() {
        let Some(value) = value.filter(|v| v.is_finite()) else {
            pen_down = false;
            continue;
        };
        path = path.to(if pen_down { 'L' } else { 'M' }, place(i, value));
        pen_down = true;
        last = Some(place(i, value));
    }
    if let Some((x, y)) = last {
        let _ = write!(out, "<path d=\"{}\"/>", path.open());
        let _ = write!(out, "<circle cx=\"{}\" cy=\"{}\" r=\"2.5\"/>", one(x), one(y));
    }
    Svg(out + "</svg>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_the_one_that_was_drawn() {
        let values = [92.3, 92.3, 92.15, 92.3, 92.15, 92.15, 92.0, 92.0].map(Some);
        assert_eq!(
            sparkline(&values, None).as_str(),
            "<svg class=\"spark\" viewBox=\"0 0 64 20\" aria-hidden=\"true\"><path d=\"M2.0 3.0L10.6 3.0L19.1 10.0L27.7 3.0\
             L36.3 10.0L44.9 10.0L53.4 17.0L62.0 17.0\"/><circle cx=\"62.0\" cy=\"17.0\" r=\"2.5\"/></svg>"
        );
    }

    #[test]
    fn gaps_flat_lines_and_nothing_are_drawn_too() {
        let broken = sparkline(&[Some(1.0), None, Some(1.0), Some(1.0)], Some("a <b>")).to_string();
        assert!(
            broken.contains("d=\"M2.0 10.0M42.0 10.0L62.0 10.0\"")
                && broken.contains("role=\"img\" aria-label=\"a &lt;b&gt;\"")
        );
        assert!(!sparkline(&[], None).as_str().contains("path"));
        assert!(!sparkline(&[None, Some(f64::NAN)], None).as_str().contains("path"));
        assert!(sparkline(&[Some(5.0)], None).as_str().contains("cx=\"2.0\" cy=\"10.0\""));
    }
}
