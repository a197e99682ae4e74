//! What only some lists of people have: numbers of the institution, a street, a partner's name, pronouns, a role.

use jiff::civil::Date;
use kring_formats::code::Scheme;
use kring_lang::names::NameUsage;
use kring_people::roles;

use super::{Candidate, Cells, Held, Remark};
use crate::{
    mapping::Field,
    place,
    single::words::{plain, role},
};

const CODES: &[(Field, Scheme)] = &[
    (Field::StudentNumber, Scheme::StudentNumber),
    (Field::EmployeeNumber, Scheme::EmployeeNumber),
    (Field::Account, Scheme::Eppn),
];

pub fn read(
    cells: &Cells<'_>,
    kinds: &[roles::Kind],
    today: Date,
    c: &mut Candidate,
    remarks: &mut Vec<Remark>,
) {
    for (field, scheme) in CODES {
        let cell = cells.line(*field);
        c.codes.extend(scheme.read(&cell).map(|code| (scheme.key().to_owned(), code)));
    }
    c.street = cells.line(Field::Street);
    if c.house_number.is_empty()
        && let Some((street, number)) = place::parted(&c.street)
    {
        c.house_number = super::contact::house_number(number);
        c.street = street.to_owned();
    }
    c.pronouns = cells.line(Field::Pronouns);
    c.partner_prefix = cells.line(Field::PartnerPrefix);
    c.partner_surname = cells.line(Field::PartnerSurname);
    let usage = cells.line(Field::NameUsage);
    match name_usage(&usage) {
        Some(known) => known.code().clone_into(&mut c.name_usage),
        None if usage.is_empty() => {}
        None => remarks.push(Remark::NameUsageUnknown(usage)),
    }
    let said = cells.line(Field::Role);
    if said.is_empty() {
        return;
    }
    let Some(kind) = role(kinds, "person", &said) else {
        remarks.push(Remark::RoleUnknown(said));
        return;
    };
    if kind.derived {
        remarks.push(Remark::RoleDerived(said));
        return;
    }
    match (cells.day(Field::From, today), cells.day(Field::Until, today)) {
        (Ok(from), Ok(until)) if from.zip(until).is_none_or(|(from, until)| from <= until) => {
            let programme = cells.line(Field::Programme);
            c.role = Some(Held { kind: kind.key.clone(), programme, from, until });
        }
        _ => remarks.push(Remark::RolePeriod(said)),
    }
}

/// How somebody wants to be named, by the letters of the register (E, P, V, N) or in words.
fn name_usage(text: &str) -> Option<NameUsage> {
    let text = plain(text);
    if let Some(usage) = NameUsage::ALL.iter().find(|u| plain(u.code()) == text) {
        return Some(*usage);
    }
    Some(match text.as_str() {
        "e" | "eigen" | "eigennaam" | "eigenachternaam" | "own" | "ownname" => NameUsage::Own,
        "p" | "partner" | "partnernaam" | "naampartner" | "achternaampartner" | "partnername" => {
            NameUsage::Partner
        }
        "v" | "partnereigen" | "partnerdaneigen" | "partnervooreigen" | "partnerthenown" => {
            NameUsage::PartnerOwn
        }
        "n" | "eigenpartner" | "eigendanpartner" | "eigenvoorpartner" | "ownthenpartner" => {
            NameUsage::OwnPartner
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_register_and_people_spell_name_usage_each_in_their_way() {
        for (typed, usage) in [
            ("E", Some(NameUsage::Own)),
            ("v", Some(NameUsage::PartnerOwn)),
            ("Eigen - partner", Some(NameUsage::OwnPartner)),
            ("naam partner", Some(NameUsage::Partner)),
            ("zoals het valt", None),
        ] {
            assert_eq!(name_usage(typed), usage, "{typed}");
        }
    }
}
