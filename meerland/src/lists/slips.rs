use kring_lang::names::NameUsage;

use super::{members::Members, row::Row};
use crate::{
    dice::Dice,
    name_lists::NICK,
    names::Names,
    organisations::OrganisationKind,
    places,
    table::{OrganisationKey, PersonKey, Side},
    world::World,
};

const PEOPLE: f64 = 0.07;
const COMPANIES: f64 = 0.12;
/// By which mistake somebody stands in the lists a second time.
pub(super) const SLIPS: [&str; 6] =
    ["typo", "partner_name", "prefix_in_wrong_field", "nickname", "changed_mail", "moved"];
pub(super) const COMPANY_SLIPS: [&str; 4] = ["typo", "legal_form", "branch_or_head", "moved"];

/// Who is doubled, how, and in which list.
pub(crate) struct Plan {
    /// Place of the slip in `SLIPS` plus one.
    people: Side<PersonKey, u8>,
    home: Side<PersonKey, u8>,
    companies: Side<OrganisationKey, u8>,
    pub doubled_people: usize,
    pub doubled_companies: usize,
}

impl Plan {
    pub fn of(w: &World, members: &Members) -> Self {
        let dice = Dice::of(w.settings.seed, "slips");
        let mut home: Side<PersonKey, u8> = Side::of(w.people.len());
        for (n, (_, people)) in members.iter().enumerate() {
            for p in people {
                if home[*p] == 0 {
                    home[*p] = n as u8 + 1;
                }
            }
        }
        // A pair that must not merge is hard enough without a third; nor may the objector's own line be spoilt.
        let mut able: Vec<f64> = home.iter().map(|(_, h)| f64::from(u8::from(*h > 0))).collect();
        let spared = w.planted.lookalikes.iter().flat_map(|l| [l.0, l.1]).chain(w.planted.objector);
        for key in spared {
            if let Some(weight) = able.get_mut(key.0 as usize) {
                *weight = 0.0;
            }
        }
        let mut people: Side<PersonKey, u8> = Side::of(w.people.len());
        let chosen = dice.by_weight(&able, (PEOPLE * w.people.len() as f64).round() as usize);
        let doubled_people = chosen.len();
        for (n, at) in chosen.into_iter().enumerate() {
            people[PersonKey(at as u32)] = 1 + (n % SLIPS.len()) as u8;
        }
        let spared: Vec<OrganisationKey> =
            w.planted.lookalike_companies.iter().flat_map(|l| [l.0, l.1]).collect();
        let able: Vec<f64> = w
            .organisations
            .iter()
            .map(|(k, o)| {
                f64::from(u8::from(!matches!(o.kind, OrganisationKind::Partner(_)) && !spared.contains(&k)))
            })
            .collect();
        let count = (COMPANIES * w.organisations.len() as f64).round().max(1.0) as usize;
        let mut companies: Side<OrganisationKey, u8> = Side::of(w.organisations.len());
        let chosen = dice.by_weight(&able, count);
        let doubled_companies = chosen.len();
        for (n, at) in chosen.into_iter().enumerate() {
            companies[OrganisationKey(at as u32)] = 1 + (n % COMPANY_SLIPS.len()) as u8;
        }
        Self { people, home, companies, doubled_people, doubled_companies }
    }

    /// The slip of somebody in the list with this place among the memberships.
    pub fn person(&self, key: PersonKey, list: usize) -> Option<&'static str> {
        let slip = usize::from(self.people[key]).checked_sub(1)?;
        (usize::from(self.home[key]) == list + 1).then(|| SLIPS.get(slip).copied()).flatten()
    }

    pub fn company(&self, key: OrganisationKey) -> Option<&'static str> {
        COMPANY_SLIPS.get(usize::from(self.companies[key]).checked_sub(1)?).copied()
    }
}

/// Makes the mistake, and says which it was in the end: not everybody has a partner's name, a prefix or a nickname.
pub(super) fn slip(
    dice: &Dice,
    names: &Names,
    row: &mut Row,
    slip: &'static str,
    key: PersonKey,
) -> &'static str {
    let name = &mut row.name;
    match slip {
        "partner_name" if !name.partner_surname.is_empty() => {
            name.name_usage = match name.name_usage {
                NameUsage::Own => NameUsage::PartnerOwn,
                NameUsage::Partner | NameUsage::PartnerOwn | NameUsage::OwnPartner => NameUsage::Own,
            };
            slip
        }
        "partner_name" if !name.surname.is_empty() => {
            (name.partner_surname_prefix, name.partner_surname) = {
                let (prefix, surname) = names.surname(dice);
                (prefix.to_owned(), surname.to_owned())
            };
            name.name_usage = NameUsage::PartnerOwn;
            slip
        }
        "prefix_in_wrong_field" if !name.surname_prefix.is_empty() && name.name_usage == NameUsage::Own => {
            name.surname = if key.0.is_multiple_of(2) {
                format!("{} {}", name.surname_prefix, name.surname)
            } else {
                format!("{} {}", name.surname, name.surname_prefix)
            };
            name.surname_prefix.clear();
            slip
        }
        "nickname" => {
            let called = NICK.iter().find(|n| n.0 == name.preferred_name).map(|n| n.1);
            let back = NICK.iter().find(|n| n.1 == name.preferred_name).map(|n| n.0);
            name.preferred_name = match called.or(back) {
                Some(other) => other.to_owned(),
                None => name.initials.clone(),
            };
            slip
        }
        "changed_mail" if !row.mail.is_empty() => {
            row.mail = format!("{}.{}@post.example.net", crate::names::local(name), key.0 % 9_973);
            slip
        }
        "moved" if row.address.is_some() => {
            row.address = Some(places::address(dice, dice.log_normal(20.0, 0.9)));
            slip
        }
        _ => {
            let at =
                if name.surname.chars().count() > 3 { &mut name.surname } else { &mut name.preferred_name };
            *at = typo(dice, at);
            "typo"
        }
    }
}

/// Two letters changed places, one forgotten, or one typed twice; never the first.
pub(super) fn typo(dice: &Dice, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 3 {
        return format!("{text}e");
    }
    let at = 1 + dice.below(letters.len() - 2);
    match dice.below(3) {
        0 if letters.get(at) != letters.get(at + 1) => letters.swap(at, at + 1),
        1 => {
            letters.remove(at);
        }
        _ => {
            if let Some(letter) = letters.get(at).copied() {
                letters.insert(at, letter);
            }
        }
    }
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_changes_a_name_and_keeps_its_first_letter() {
        let dice = Dice::of(2, "typos");
        for name in ["Bakker", "Vos", "van der Meer", "Öztürk", "Li"] {
            for _ in 0..50 {
                let wrong = typo(&dice, name);
                assert_ne!(wrong, name);
                assert_eq!(wrong.chars().next(), name.chars().next());
            }
        }
    }
}
