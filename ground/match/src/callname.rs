//! Dutch call names beside the full names that they are short for. General knowledge of the language, kept short: a
//! pair that is missing costs a question to a person, a wrong one joins two people.

/// Each line is one name in its forms. A form may stand in more than one line: Jan is short for Johannes and for Janus.
const NAMES: &[&[&str]] = &[
    &["jan", "johannes", "johan", "hans", "joannes", "hannes"],
    &["kees", "cornelis", "cees", "cor"],
    &["piet", "pieter", "petrus", "peter"],
    &["henk", "hendrik", "hendrikus", "henricus"],
    &["wim", "willem", "wilhelmus", "willy"],
    &["bert", "albert", "albertus", "lambertus", "hubertus", "egbert"],
    &["rob", "robert", "robbert", "robertus"],
    &["koos", "jacobus", "jacob", "jaap", "ko"],
    &["toon", "antonius", "anton", "ton", "antoon", "teun", "theunis"],
    &["sjaak", "jacques", "jacobus"],
    &["frans", "franciscus", "frank"],
    &["joop", "johannes", "jozef", "josephus", "jos", "jo"],
    &["klaas", "nicolaas", "nico", "niek", "nicolas"],
    &["dirk", "diederik", "theodorus"],
    &["theo", "theodorus", "dorus"],
    &["gert", "gerrit", "gerard", "gerardus", "gerhardus", "ger"],
    &["arie", "adrianus", "adriaan", "ad", "arjan"],
    &["martin", "martinus", "maarten", "tinus", "rinus", "marinus"],
    &["bas", "sebastiaan", "bastiaan", "sebastian"],
    &["chris", "christiaan", "christian", "christoffel", "christianus"],
    &["lex", "alexander", "alex", "sander", "sacha"],
    &["michiel", "michael", "michel", "chiel"],
    &["daan", "daniel", "danny"],
    &["tom", "thomas", "thom"],
    &["tim", "timotheus", "timo"],
    &["max", "maximiliaan", "maxim"],
    &["sam", "samuel", "sammy"],
    &["mat", "mathijs", "matthijs", "thijs", "matthias", "matheus"],
    &["bram", "abraham"],
    &["ben", "benjamin", "bernardus", "bernard"],
    &["joost", "justus", "jodocus"],
    &["nick", "nicolaas", "nicholas"],
    &["fred", "frederik", "freek", "frits"],
    &["leo", "leonardus", "leendert", "leonard"],
    &["ron", "ronald"],
    &["eef", "eva", "evelien", "eefje"],
    &["els", "elisabeth", "elizabeth", "liesbeth", "lies", "bets", "betty", "elise", "ellis"],
    &["marijke", "maria", "marie", "ria", "mia", "mieke", "marieke", "miep", "rie"],
    &["annie", "anna", "anneke", "ans", "antje", "annemieke", "anja"],
    &["truus", "geertruida", "trudy", "geertje", "truida"],
    &["ineke", "catharina", "tineke", "rina"],
    &["karin", "catharina", "katrien", "kaatje", "toos", "trijntje"],
    &["wil", "wilhelmina", "mien", "willemijn", "willie", "mina", "wilma"],
    &["joke", "johanna", "hanna", "anneke", "jo", "hanneke", "jantje", "janneke"],
    &["corrie", "cornelia", "cora", "nel", "nelly"],
    &["riet", "margaretha", "greet", "gre", "margriet", "greetje", "grietje"],
    &["jet", "henriette", "hendrika", "riek", "jetje", "rika"],
    &["leen", "helena", "lena", "leni", "helene"],
    &["thea", "dorothea", "theodora", "dora"],
    &["tonny", "antonia", "toos", "antoinette"],
    &["sofie", "sophia", "sofia", "fieke"],
    &["saskia", "sas"],
    &["linda", "lin"],
    &["jacqueline", "jacoba", "coba"],
    &["fien", "josephina", "josefien", "jozefien"],
    &["lotte", "charlotte", "lot"],
    &["floor", "florentine", "florentina"],
    &["sanne", "susanna", "suzanne", "sanna"],
    &["noor", "eleonora", "noortje"],
    &["tess", "theresia", "therese", "trees"],
    &["mohamed", "mohammed", "muhammad", "mohammad", "mo"],
    &["ahmed", "ahmad", "ahmet"],
    &["youssef", "yusuf", "joesoef", "yousef"],
];

/// The lines that a form stands in, as a set of bits.
pub(crate) fn lines(word: &str) -> u64 {
    NAMES
        .iter()
        .enumerate()
        .filter(|(_, forms)| forms.contains(&word))
        .fold(0, |bits, (at, _)| bits | 1_u64.checked_shl(at as u32).unwrap_or_default())
}

/// Whether two are forms of one name.
pub fn are_one(a: &str, b: &str) -> bool {
    a == b || lines(a) & lines(b) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_a_bit_of_its_own_and_two_forms() {
        assert!(NAMES.len() <= 64);
        assert!(NAMES.iter().all(|forms| forms.len() > 1));
        assert!(NAMES.iter().flat_map(|f| f.iter()).all(|n| n.chars().all(|c| c.is_ascii_lowercase())));
    }

    #[test]
    fn a_call_name_and_its_full_name_are_one() {
        for (a, b) in [("jan", "johannes"), ("kees", "cornelis"), ("piet", "pieter"), ("els", "elisabeth")] {
            assert!(are_one(a, b) && are_one(b, a));
        }
        assert!(!are_one("jan", "piet") && !are_one("tim", "tom") && !are_one("onbekend", "jan"));
    }
}
