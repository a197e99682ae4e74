//! Names as frequent as names are.

use rand::{Rng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

const SURNAMES: &[&str] = &[
    "de jong",
    "jansen",
    "de vries",
    "van den berg",
    "van dijk",
    "bakker",
    "janssen",
    "visser",
    "smit",
    "meijer",
    "de boer",
    "mulder",
    "de groot",
    "bos",
    "vos",
    "peters",
    "hendriks",
    "van leeuwen",
    "dekker",
    "brouwer",
    "de wit",
    "dijkstra",
    "smits",
    "de graaf",
    "van der meer",
    "van der linden",
    "kok",
    "jacobs",
    "de haan",
    "vermeulen",
    "van den heuvel",
    "van der veen",
    "van den broek",
    "de bruijn",
    "schouten",
    "van beek",
    "willems",
    "van vliet",
    "hoekstra",
    "maas",
    "verhoeven",
    "koster",
    "prins",
    "blom",
    "huisman",
    "peeters",
    "kuipers",
    "van veen",
    "postma",
    "kuiper",
    "veenstra",
    "kramer",
    "van den brink",
    "scholten",
    "van wijk",
    "post",
    "martens",
    "vink",
    "timmermans",
    "groen",
    "gerritsen",
    "yilmaz",
    "nguyen",
    "el amrani",
    "singh",
    "kaya",
    "ali",
    "mohamed",
    "chen",
    "kowalski",
    "santos",
    "ramdin",
];

const GIVEN: &[&str] = &[
    "jan",
    "emma",
    "daan",
    "sophie",
    "sem",
    "julia",
    "lucas",
    "anna",
    "levi",
    "sara",
    "finn",
    "lisa",
    "thomas",
    "eva",
    "tim",
    "lotte",
    "bram",
    "noor",
    "lars",
    "fleur",
    "ruben",
    "sanne",
    "jesse",
    "iris",
    "max",
    "maud",
    "thijs",
    "roos",
    "mohamed",
    "fatima",
    "ali",
    "aylin",
    "johannes",
    "maria",
    "pieter",
    "johanna",
    "cornelis",
    "elisabeth",
    "willem",
    "hendrik",
    "petra",
    "erik",
    "monique",
    "marcel",
    "linda",
    "dennis",
    "kim",
    "kevin",
    "laura",
    "jeroen",
    "esther",
    "sven",
    "femke",
    "niels",
    "anouk",
    "joost",
    "marieke",
    "koen",
    "ilse",
    "wouter",
    "naomi",
    "youssef",
    "imane",
];

const ONSETS: &[&str] = &[
    "b", "br", "d", "dr", "f", "g", "gr", "h", "j", "k", "kr", "l", "m", "n", "p", "pr", "r", "s", "st", "t",
    "v", "w", "z",
];
const VOWELS: &[&str] = &["a", "e", "i", "o", "u", "aa", "ee", "ie", "oe", "ij", "oo"];
const ENDS: &[&str] = &[
    "man", "stra", "sma", "inga", "ma", "sen", "ers", "huis", "veld", "kamp", "berg", "horst", "link",
    "mans", "t",
];
const GIVEN_ENDS: &[&str] = &["n", "a", "s", "ke", "ra", "lo", "nne", "t", "mi", "el"];
/// Forty thousand surnames; the commonest are the Netherlands' own, the rest is made of syllables.
pub fn surnames(chance: &mut ChaCha8Rng) -> Names {
    Names::new(chance, SURNAMES, 40_000, ENDS, 25.0)
}

/// Three thousand given names.
pub fn given(chance: &mut ChaCha8Rng) -> Names {
    Names::new(chance, GIVEN, 3000, GIVEN_ENDS, 15.0)
}

/// Names of which the second is about half as frequent as the first and the tail is long: the share of rank r is
/// proportional to 1 / (r + shift), as Zipf and Mandelbrot have it.
pub struct Names {
    names: Vec<String>,
    /// Running sums of the shares.
    sums: Vec<f64>,
}

impl Names {
    fn new(chance: &mut ChaCha8Rng, known: &[&str], many: usize, ends: &[&str], shift: f64) -> Self {
        let mut names: Vec<String> = known.iter().map(|&n| n.to_owned()).collect();
        let any =
            |chance: &mut ChaCha8Rng, of: &[&'static str]| of.choose(chance).copied().unwrap_or_default();
        while names.len() < many {
            let mut name = String::new();
            for _ in 0..chance.random_range(1..3) {
                name.push_str(any(chance, ONSETS));
                name.push_str(any(chance, VOWELS));
            }
            name.push_str(ends.choose(chance).copied().unwrap_or_default());
            names.push(name);
        }
        let mut sum = 0.0;
        let sums = (0..names.len()).map(|rank| {
            sum += 1.0 / (rank as f64 + shift);
            sum
        });
        Self { sums: sums.collect(), names }
    }

    pub fn draw(&self, chance: &mut ChaCha8Rng) -> String {
        let most = self.sums.last().copied().unwrap_or(1.0);
        let wanted = chance.random_range(0.0..most);
        let at = self.sums.partition_point(|sum| *sum <= wanted);
        self.names.get(at).cloned().unwrap_or_default()
    }
}
