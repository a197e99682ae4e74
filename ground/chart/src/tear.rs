//! The geometry that all rings share: an arrow-shaped band for each fifth, whole or broken. Angles are in
//! degrees clockwise from twelve o'clock; arc `i` is centred on 72°·i.

use crate::svg::{Path, polar};

/// The measures of one size of ring.
pub(crate) struct Shape {
    /// Outer radius R and width w of the band.
    pub(crate) outer: f64,
    pub(crate) width: f64,
    /// Between two arcs, and how far tip and notch run ahead.
    pub(crate) gap: f64,
    pub(crate) lead: f64,
    /// Where a broken arc stops and goes on, and where the bridge over the break begins; from its centre.
    pub(crate) stop: f64,
    pub(crate) resume: f64,
    pub(crate) bridge: f64,
}

impl Shape {
    pub(crate) const HOME: Self =
        Self { outer: 184.0, width: 46.0, gap: 4.0, lead: 6.0, stop: 9.0, resume: 21.0, bridge: 11.0 };
    pub(crate) const SMALL: Self =
        Self { outer: 48.0, width: 15.0, gap: 9.0, lead: 6.0, stop: 4.0, resume: 21.0, bridge: 7.0 };
    pub(crate) const MARK: Self =
        Self { outer: 47.0, width: 17.0, gap: 10.0, lead: 6.0, stop: 4.0, resume: 21.0, bridge: 7.0 };

    pub(crate) fn centre(arc: usize) -> f64 {
        72.0 * arc as f64
    }

    pub(crate) fn from(&self, arc: usize) -> f64 {
        Self::centre(arc) - 36.0 + self.gap / 2.0
    }

    pub(crate) fn until(&self, arc: usize) -> f64 {
        Self::centre(arc) + 36.0 - self.gap / 2.0
    }

    pub(crate) fn inner(&self) -> f64 {
        self.outer - self.width
    }

    pub(crate) fn middle(&self) -> f64 {
        self.outer - self.width / 2.0
    }

    /// A whole arc.
    pub(crate) fn band(&self, arc: usize) -> String {
        self.head(self.from(arc), self.until(arc)).to('L', self.notch(arc)).closed()
    }

    /// The two pieces of a broken arc. The torn edges do not fit each other on purpose.
    pub(crate) fn pieces(&self, arc: usize) -> [String; 2] {
        let (stop, resume) = (Self::centre(arc) + self.stop, Self::centre(arc) + self.resume);
        let (shallow, deep) = (self.outer - 0.3 * self.width, self.outer - 0.62 * self.width);
        let first = Path::default()
            .to('M', polar(self.outer, self.from(arc)))
            .arc(self.outer, true, polar(self.outer, stop))
            .to('L', polar(shallow, stop - 2.2))
            .to('L', polar(deep, stop + 1.6))
            .to('L', polar(self.inner(), stop - 1.0))
            .arc(self.inner(), false, polar(self.inner(), self.from(arc)))
            .to('L', self.notch(arc));
        let second = self
            .head(resume, self.until(arc))
            .to('L', polar(deep, resume + 2.6))
            .to('L', polar(shallow, resume - 1.2));
        [first.closed(), second.closed()]
    }

    /// The dashed line over the break.
    pub(crate) fn bridge(&self, arc: usize) -> String {
        let centre = Self::centre(arc);
        Path::default()
            .to('M', polar(self.middle(), centre + self.bridge))
            .arc(format_args!("{:.1}", self.middle()), true, polar(self.middle(), centre + self.resume))
            .open()
    }

    /// From `from` along the outer edge to `until`, over the tip, and back along the inner edge.
    fn head(&self, from: f64, until: f64) -> Path {
        Path::default()
            .to('M', polar(self.outer, from))
            .arc(self.outer, true, polar(self.outer, until))
            .to('L', polar(self.middle(), until + self.lead))
            .to('L', polar(self.inner(), until))
            .arc(self.inner(), false, polar(self.inner(), from))
    }

    fn notch(&self, arc: usize) -> (f64, f64) {
        polar(self.middle(), self.from(arc) + self.lead)
    }
}
