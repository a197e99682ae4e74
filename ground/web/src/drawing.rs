//! Geometry for the small pictures of the house. Angles run clockwise from twelve o'clock, in degrees:
//! x = r·sin θ, y = −r·cos θ. The formulas are those of the drawn look.

use std::fmt::Write;

/// A point on a circle around the origin, as SVG writes it.
pub(crate) fn at(radius: f64, degrees: f64) -> String {
    let angle = degrees.to_radians();
    format!("{} {}", short(radius * angle.sin()), short(-radius * angle.cos()))
}

/// One decimal is a tenth of a pixel; "-0" would only be noise.
fn short(value: f64) -> String {
    let text = format!("{value:.1}");
    if text == "-0.0" { "0.0".to_owned() } else { text }
}

/// A band of the ring with a tip at its end and a notch at its start, so that the eye goes round.
#[derive(Clone, Copy)]
pub(crate) struct Band {
    /// Outer radius.
    pub r: f64,
    pub width: f64,
    /// Degrees left open between two bands.
    pub space: f64,
    /// Degrees that tip and notch stand out.
    pub tip: f64,
    /// Where a broken band stops, and where it goes on, in degrees after its middle.
    pub gap: (f64, f64),
}

impl Band {
    pub const fn large() -> Self {
        Self { r: 184.0, width: 46.0, space: 4.0, tip: 6.0, gap: (9.0, 21.0) }
    }
    pub const fn small() -> Self {
        Self { r: 48.0, width: 15.0, space: 9.0, tip: 6.0, gap: (4.0, 21.0) }
    }
    /// For the mark of the house, a little slimmer still.
    pub const fn mark() -> Self {
        Self { r: 47.0, width: 17.0, space: 10.0, tip: 6.0, gap: (4.0, 21.0) }
    }

    /// The middle of band 0 to 4, and where it starts and ends.
    fn angles(self, index: usize) -> (f64, f64, f64) {
        let middle = 72.0 * index as f64;
        (middle, middle - 36.0 + self.space / 2.0, middle + 36.0 - self.space / 2.0)
    }

    pub fn whole(self, index: usize) -> String {
        let (_, from, to) = self.angles(index);
        let (r, inner, mid) = (self.r, self.r - self.width, self.r - self.width / 2.0);
        format!(
            "M{}A{r} {r} 0 0 1 {}L{}L{}A{inner} {inner} 0 0 0 {}L{}Z",
            at(r, from),
            at(r, to),
            at(mid, to + self.tip),
            at(inner, to),
            at(inner, from),
            at(mid, from + self.tip),
        )
    }

    /// The two halves of a broken band, with torn edges.
    pub fn broken(self, index: usize) -> [String; 2] {
        let (middle, from, to) = self.angles(index);
        let (r, inner, mid) = (self.r, self.r - self.width, self.r - self.width / 2.0);
        let (stop, on) = (middle + self.gap.0, middle + self.gap.1);
        let (high, low) = (r - 0.3 * self.width, r - 0.62 * self.width);
        let first = format!(
            "M{}A{r} {r} 0 0 1 {}L{}L{}L{}A{inner} {inner} 0 0 0 {}L{}Z",
            at(r, from),
            at(r, stop),
            at(high, stop - 2.2),
            at(low, stop + 1.6),
            at(inner, stop - 1.0),
            at(inner, from),
            at(mid, from + self.tip),
        );
        let second = format!(
            "M{}A{r} {r} 0 0 1 {}L{}L{}A{inner} {inner} 0 0 0 {}L{}L{}Z",
            at(r, on),
            at(r, to),
            at(mid, to + self.tip),
            at(inner, to),
            at(inner, on),
            at(low, on + 2.6),
            at(high, on - 1.2),
        );
        [first, second]
    }

    /// The dashed line over the gap of a broken band.
    pub fn bridge(self, index: usize) -> String {
        let (middle, ..) = self.angles(index);
        let mid = self.r - self.width / 2.0;
        format!("M{}A{mid} {mid} 0 0 1 {}", at(mid, middle + self.gap.0 + 2.0), at(mid, middle + self.gap.1))
    }

    /// The dashed line from the gap towards the words.
    pub fn reach(self, index: usize) -> String {
        let angle = 72.0 * index as f64 + f64::midpoint(self.gap.0, self.gap.1) + 0.5;
        format!("M{}L{}", at(self.r - 14.0, angle), at(self.r + 16.0, angle))
    }

    /// The line a name stands on; turned round in the lower half, so that it stays upright.
    pub fn baseline(self, index: usize, broken: bool) -> String {
        let middle = 72.0 * index as f64;
        if matches!(index, 2 | 3) {
            let r = self.r - 17.5;
            let (from, to) =
                if broken { (middle + 9.0, middle - 35.0) } else { (middle + 36.0, middle - 36.0) };
            return format!("M{}A{r} {r} 0 0 0 {}", at(r, from), at(r, to));
        }
        let r = self.r - 28.5;
        let (from, to) = (middle - 33.0, middle + if broken { 15.0 } else { 39.0 });
        format!("M{}A{r} {r} 0 0 1 {}", at(r, from), at(r, to))
    }
}

/// A slice of a pie with centre (8, 8) and radius 5.5, for what is left of a promise; empty at nothing.
pub(crate) fn slice(share: f64) -> String {
    // A full circle cannot be drawn as one arc.
    let share = share.clamp(0.0, 0.999);
    if share <= 0.0 {
        return String::new();
    }
    let angle = (share * 360.0).to_radians();
    let (x, y) = (8.0 + 5.5 * angle.sin(), 8.0 - 5.5 * angle.cos());
    format!("M8 8V2.5A5.5 5.5 0 {} 1 {x:.2} {y:.2}Z", u8::from(share > 0.5))
}

/// A line through points in a field of 64 by 20, and where it ends; nothing for fewer than two points.
pub(crate) fn spark(points: &[f64]) -> Option<(String, f64, f64)> {
    let steps = points.len().checked_sub(1).filter(|n| *n > 0)?;
    let low = points.iter().copied().fold(f64::INFINITY, f64::min);
    let high = points.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let span = high - low;
    let (mut path, mut last) = (String::new(), (0.0, 0.0));
    for (i, value) in points.iter().enumerate() {
        let x = 2.0 + 60.0 * i as f64 / steps as f64;
        // A flat line runs through the middle.
        let y = if span > 0.0 { 17.0 - 14.0 * (value - low) / span } else { 10.0 };
        let _ = write!(path, "{}{x:.1} {y:.1}", if i == 0 { 'M' } else { 'L' });
        last = (x, y);
    }
    Some((path, last.0, last.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bands_are_those_of_the_drawing() {
        let band = Band::large();
        assert_eq!(
            band.whole(0),
            "M-102.9 -152.5A184 184 0 0 1 102.9 -152.5L103.5 -123.3L77.2 -114.4A138 138 0 0 0 -77.2 -114.4L-75.6 -142.2Z"
        );
        let [first, second] = band.broken(1);
        assert!(
            first.starts_with("M113.3 -145.0A184 184 0 0 1 181.7 -28.8L167.0 -33.1L154.2 -20.0L135.9 -24.0")
        );
        assert!(second.starts_with("M183.7 9.6A184 184 0 0 1 176.9 50.7L149.3 60.3L132.7 38.0"));
        assert_eq!(band.bridge(1), "M159.8 -19.6A161 161 0 0 1 160.8 8.4");
        assert_eq!(band.baseline(0, false), "M-84.7 -130.4A155.5 155.5 0 0 1 97.9 -120.8");
        assert_eq!(band.baseline(2, false), "M0.0 166.5A166.5 166.5 0 0 0 158.4 51.5");
        assert!(Band::small().whole(0).starts_with("M-25.1 -40.9A48 48 0 0 1 25.1 -40.9"));
    }

    #[test]
    fn a_promise_empties() {
        assert_eq!(slice(0.0), "");
        assert!(slice(0.18).starts_with("M8 8V2.5A5.5 5.5 0 0 1 12.98 5.66"));
        assert!(slice(0.75).contains(" 0 1 1 "));
        assert!(slice(9.0).contains(" 0 1 1 "), "more than all is all");
    }

    #[test]
    fn a_spark_needs_two_points() {
        assert_eq!(spark(&[1.0]), None);
        assert_eq!(spark(&[0.0, 1.0]).unwrap().0, "M2.0 17.0L62.0 3.0");
        assert_eq!(spark(&[5.0, 5.0]).unwrap().0, "M2.0 10.0L62.0 10.0");
    }
}
