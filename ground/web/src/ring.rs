use kring_core::Lang;

use crate::{
    Link, Tone, Words,
    drawing::{self, Band},
};

/// The five arcs of the circle, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arc {
    Attract,
    Serve,
    Measure,
    Improve,
    Bind,
}

impl Arc {
    pub const ALL: [Self; 5] = [Self::Attract, Self::Serve, Self::Measure, Self::Improve, Self::Bind];

    pub const fn tone(self) -> Tone {
        match self {
            Self::Attract => Tone::Sun,
            Self::Serve => Tone::Leaf,
            Self::Measure => Tone::Sky,
            Self::Improve => Tone::Petrol,
            Self::Bind => Tone::Plum,
        }
    }

    pub const fn icon(self) -> &'static str {
        match self {
            Self::Attract => "magnet",
            Self::Serve => "chat",
            Self::Measure => "smile",
            Self::Improve => "tune",
            Self::Bind => "heart",
        }
    }

    pub fn name(self, lang: Lang) -> &'static str {
        let w = Words(lang);
        match self {
            Self::Attract => w.ring_attract(),
            Self::Serve => w.ring_serve(),
            Self::Measure => w.ring_measure(),
            Self::Improve => w.ring_improve(),
            Self::Bind => w.ring_bind(),
        }
    }

    /// The place around the ring: `a` on top, then clockwise.
    pub const fn slot(self) -> &'static str {
        match self {
            Self::Attract => "a",
            Self::Serve => "b",
            Self::Measure => "c",
            Self::Improve => "d",
            Self::Bind => "e",
        }
    }

    const fn index(self) -> usize {
        self as usize
    }
}

/// What the ring tells about one arc.
#[derive(Clone, Debug)]
pub struct ArcState {
    pub arc: Arc,
    /// The workspace it opens.
    pub href: String,
    /// The one live number; empty when there are too few answers to say, and then `what` says so.
    pub figure: String,
    /// "91–93", where the number is measured.
    pub interval: String,
    /// What the number counts, with n and period.
    pub what: String,
    pub trend: String,
    /// The latest values, oldest first.
    pub points: Vec<f64>,
    /// Why the arc is broken, as a sentence.
    pub broken: Option<String>,
    /// What waits for me here.
    pub mine: Option<Link>,
    /// Not the viewer's to know: the ring stays whole, the arc stays empty.
    pub unseen: bool,
}

impl ArcState {
    pub fn new(arc: Arc, href: impl Into<String>) -> Self {
        Self {
            arc,
            href: href.into(),
            figure: String::new(),
            interval: String::new(),
            what: String::new(),
            trend: String::new(),
            points: Vec::new(),
            broken: None,
            mine: None,
            unseen: false,
        }
    }

    /// An arc that is drawn, and of which nothing is told.
    pub fn unseen(arc: Arc) -> Self {
        Self { unseen: true, ..Self::new(arc, "") }
    }

    pub fn spark(&self) -> Option<(String, f64, f64)> {
        drawing::spark(&self.points)
    }

    pub fn bands(&self) -> Vec<String> {
        if self.broken.is_some() {
            Band::large().broken(self.arc.index()).into()
        } else {
            vec![Band::large().whole(self.arc.index())]
        }
    }

    pub fn bridge(&self) -> String {
        Band::large().bridge(self.arc.index())
    }

    pub fn reach(&self) -> String {
        Band::large().reach(self.arc.index())
    }

    pub fn baseline(&self) -> String {
        Band::large().baseline(self.arc.index(), self.broken.is_some())
    }

    /// What a screen reader says for the arc in the picture.
    pub fn spoken(&self, lang: Lang) -> String {
        let name = self.arc.name(lang);
        if self.broken.is_some() { Words(lang).ring_broken(name) } else { name.to_owned() }
    }
}

/// The ring of the home page.
#[derive(Clone, Debug)]
pub struct Ring {
    /// Whose ring it is: the institution.
    pub name: String,
    /// In the order of [`Arc::ALL`].
    pub arcs: Vec<ArcState>,
    /// In the middle: a word above, the number, and two lines below; empty ones are left out.
    pub above: String,
    pub number: String,
    pub below: String,
    pub last: String,
}

/// Where somebody is, or was, in the circle: the small ring of a person's page.
#[derive(Clone, Debug, Default)]
pub struct SmallRing {
    pub now: Vec<Arc>,
    pub before: Vec<Arc>,
}

impl SmallRing {
    /// For each arc its path and its classes.
    pub fn bands(&self) -> impl Iterator<Item = (String, String)> {
        Arc::ALL.into_iter().map(|arc| {
            let state = if self.now.contains(&arc) {
                " on"
            } else if self.before.contains(&arc) {
                " was"
            } else {
                ""
            };
            (Band::small().whole(arc.index()), format!("band{state} {}", arc.tone()))
        })
    }

    /// The same in words, for who hears the picture: "Waar in de kring: nu: bedienen; eerder: aantrekken".
    pub fn spoken(&self, lang: Lang) -> String {
        let title = Words(lang).ring_small();
        let parts: Vec<String> = self.parts(lang).map(|(word, arcs)| format!("{word}: {arcs}")).collect();
        if parts.is_empty() { title.to_owned() } else { format!("{title}: {}", parts.join("; ")) }
    }

    /// The lines that stand beside it: "Nu: bedienen", "Eerder: aantrekken".
    pub fn said(&self, lang: Lang) -> Vec<String> {
        self.parts(lang).map(|(word, arcs)| format!("{}: {arcs}", capitalised(word))).collect()
    }

    fn parts(&self, lang: Lang) -> impl Iterator<Item = (&'static str, String)> {
        let w = Words(lang);
        [(w.ring_now(), &self.now), (w.ring_before(), &self.before)]
            .into_iter()
            .filter(|(_, arcs)| !arcs.is_empty())
            .map(move |(word, arcs)| (word, arcs.iter().map(|a| a.name(lang)).collect::<Vec<_>>().join(", ")))
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// The mark of the house: for each arc its path and its tone.
pub fn mark() -> impl Iterator<Item = (String, Tone)> {
    Arc::ALL.into_iter().map(|arc| (Band::mark().whole(arc.index()), arc.tone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_small_ring_says_what_it_shows() {
        let ring = SmallRing { now: vec![Arc::Serve, Arc::Measure], before: vec![Arc::Attract] };
        assert_eq!(ring.said(Lang::Nl), ["Nu: bedienen, meten", "Eerder: aantrekken"]);
        assert_eq!(ring.spoken(Lang::Nl), "Waar in de kring: nu: bedienen, meten; eerder: aantrekken");
        assert!(SmallRing::default().said(Lang::En).is_empty());
    }
}
