use kring_lang::names::{FormOfAddress, NameUsage, PersonName, fold};

use crate::{
    dice::{Dice, Wheel, chosen},
    name_lists::{FIRST, First, NICK, SUR, Sur},
    people::Gender,
};

/// The two lists as wheels: surnames, and first names by who bears them and when.
pub(crate) struct Names {
    surnames: Wheel,
    /// Old, middle and young; female, male, both.
    firsts: [[Wheel; 3]; 3],
}

impl Names {
    pub fn new() -> Self {
        let of = |era: usize, who: usize| {
            Wheel::new(FIRST.iter().map(|First(_, bears, when, weight)| {
                let bearer = match (who, bears) {
                    (0, 'f') | (1, 'm') | (2, 'x') => 1.0,
                    (0 | 1, 'x') => 0.25,
                    _ => 0.0,
                };
                let time = match (era, when) {
                    (0, 'o') | (2, 'n') => 1.0,
                    (0, 'n') => 0.0,
                    (2, 'o') => 0.02,
                    (1, 'o' | 'n') => 0.4,
                    _ => 0.8,
                };
                f64::from(*weight) * bearer * time
            }))
        };
        Self {
            surnames: Wheel::new(SUR.iter().map(|s| f64::from(s.2))),
            firsts: [0, 1, 2].map(|era| [0, 1, 2].map(|who| of(era, who))),
        }
    }

    pub fn surname(&self, dice: &Dice) -> (&'static str, &'static str) {
        let Sur(prefix, name, _) = chosen(SUR, self.surnames.spin(dice));
        (prefix, name)
    }

    pub fn first(&self, dice: &Dice, gender: Gender, born: i32) -> &'static str {
        let era = chosen(&self.firsts, if born < 1965 { 0 } else { 1 + usize::from(born >= 1990) });
        let who = match gender {
            Gender::F => 0,
            Gender::M => 1,
            Gender::X | Gender::Unknown => 2,
        };
        chosen(FIRST, chosen(era, who).spin(dice)).0
    }

    /// A name of somebody of that gender, born in that year, of the given age.
    pub fn make(&self, dice: &Dice, gender: Gender, born: i32, age: i32) -> PersonName {
        let first = self.first(dice, gender, born);
        let (prefix, surname) = self.surname(dice);
        let second = if dice.hits(0.35) { self.first(dice, gender, born.min(1964)) } else { "" };
        let called =
            NICK.iter().find(|(full, _)| *full == first).filter(|_| dice.hits(0.45)).map_or(first, |n| n.1);
        let mut name = PersonName {
            given_names: [first, second]
                .iter()
                .filter(|n| !n.is_empty())
                .copied()
                .collect::<Vec<_>>()
                .join(" "),
            initials: initials(&[first, second]),
            preferred_name: called.to_owned(),
            surname_prefix: prefix.to_owned(),
            surname: surname.to_owned(),
            form_of_address: match gender {
                _ if dice.hits(0.04) => FormOfAddress::Neutral,
                Gender::F => FormOfAddress::Mrs,
                Gender::M => FormOfAddress::Mr,
                Gender::X | Gender::Unknown => FormOfAddress::Neutral,
            },
            ..PersonName::default()
        };
        if dice.hits(0.003) {
            // A mononym.
            name.surname_prefix.clear();
            name.surname.clear();
            name.given_names = first.to_owned();
        } else if age >= 25 && dice.hits(if gender == Gender::F { 0.32 } else { 0.04 }) {
            let (prefix, surname) = self.surname(dice);
            name.partner_surname_prefix = prefix.to_owned();
            name.partner_surname = surname.to_owned();
            name.name_usage = *dice.pick(&[
                NameUsage::PartnerOwn,
                NameUsage::PartnerOwn,
                NameUsage::Partner,
                NameUsage::Own,
                NameUsage::OwnPartner,
            ]);
        }
        if age >= 27 && dice.hits(0.035) {
            let (before, after) = *dice.pick(&[
                ("drs.", ""),
                ("ing.", ""),
                ("ir.", ""),
                ("dr.", ""),
                ("mr.", ""),
                ("", "MSc"),
                ("", "BSc"),
                ("", "MA"),
                ("dr. ir.", ""),
            ]);
            name.title_prefix = before.to_owned();
            name.title_suffix = after.to_owned();
        }
        name
    }
}

/// "J.P." for Jan Pieter, "IJ." for IJsbrand, "J.-P." for Jean-Pierre.
pub(crate) fn initials(names: &[&str]) -> String {
    let one = |name: &str| match name {
        n if n.starts_with("IJ") => "IJ.".to_owned(),
        n => n.chars().next().map(|c| format!("{c}.")).unwrap_or_default(),
    };
    let parts = |name: &&str| name.split('-').map(one).collect::<Vec<_>>().join("-");
    names.iter().map(parts).collect()
}

/// The part of a mail address before the at: only ASCII, so that a name in another script becomes `relatie`.
pub(crate) fn local(name: &PersonName) -> String {
    let plain = |text: &str| fold(text).chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let (first, last) =
        (plain(&name.preferred_name), plain(&format!("{}{}", name.surname_prefix, name.surname)));
    match (first.is_empty(), last.is_empty()) {
        (false, false) => format!("{first}.{last}"),
        (true, true) => "relatie".to_owned(),
        _ => first + &last,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_keep_the_ij_and_the_hyphen() {
        assert_eq!(initials(&["Jan", "Pieter"]), "J.P.");
        assert_eq!(initials(&["IJsbrand", ""]), "IJ.");
        assert_eq!(initials(&["Jean-Pierre"]), "J.-P.");
    }

    #[test]
    fn mail_addresses_are_plain() {
        let name = |preferred: &str, prefix: &str, surname: &str| PersonName {
            preferred_name: preferred.into(),
            surname_prefix: prefix.into(),
            surname: surname.into(),
            ..PersonName::default()
        };
        assert_eq!(local(&name("Renée", "van 't", "Hof")), "renee.vanthof");
        assert_eq!(local(&name("Suharto", "", "")), "suharto");
        assert_eq!(local(&name("王", "", "")), "relatie");
    }

    #[test]
    fn every_wheel_of_first_names_has_somebody() {
        let (names, dice) = (Names::new(), Dice::of(1, "names"));
        for gender in [Gender::F, Gender::M, Gender::X] {
            for born in [1930, 1975, 2008] {
                assert!(!names.first(&dice, gender, born).is_empty());
            }
        }
    }
}
