//! Where somebody lives or an organisation sits, as a list has it: read from its columns, and brought in line with what is
//! known.

use kring_formats::HouseNumber;
use kring_lang::names::fold;
use kring_people::address::{Address, NewAddress};

use crate::{
    mapping::Field,
    row::{Cells, Remark, contact},
};

/// Reads street, number, postcode and city. A street with its number behind it ("Kanaalweg 12 bis") is parted, as long as
/// no column has the number.
pub fn read(cells: &Cells<'_>, remarks: &mut Vec<Remark>) -> NewAddress {
    let mut street = cells.line(Field::Street);
    let mut number = contact::house_number(&cells.of(Field::HouseNumber).collect::<Vec<_>>().join(" "));
    if number.is_empty()
        && let Some((name, rest)) = parted(&street)
    {
        (number, street) = (rest.to_lowercase(), name.to_owned());
    }
    let HouseNumber { number, addition } = match kring_formats::house_number(&number) {
        Some(read) => read,
        None if number.is_empty() => HouseNumber::default(),
        None => {
            remarks.push(Remark::HouseNumberInvalid(number));
            HouseNumber::default()
        }
    };
    let typed = cells.one(Field::Postcode);
    let (postcode, country) = match contact::postcode(typed) {
        Some(dutch) => (dutch, String::new()),
        None if contact::is_nothing(typed) => (String::new(), String::new()),
        // Other countries have postcodes too; they are kept as written.
        None if contact::is_foreign_postcode(typed) => {
            (cells.line(Field::Postcode).to_uppercase(), String::new())
        }
        None => {
            remarks.push(Remark::PostcodeInvalid(cells.line(Field::Postcode)));
            (String::new(), String::new())
        }
    };
    NewAddress {
        kind: None,
        street,
        house_number: number,
        addition,
        postcode,
        city: cells.line(Field::City),
        country,
    }
}

/// Name and number of a street that has both in one cell: the last word that begins with a digit, and what follows it.
pub fn parted(street: &str) -> Option<(&str, &str)> {
    let at = street
        .char_indices()
        .zip(street.chars().skip(1))
        .filter(|((_, space), next)| *space == ' ' && next.is_ascii_digit())
        .map(|((at, _), _)| at)
        .last()?;
    let (name, number) = street.split_at(at);
    Some((name.trim_end(), number.trim_start())).filter(|(name, _)| !name.is_empty())
}

/// Number and addition as one word, since earlier imports kept them so.
fn number(number: &str, addition: &str) -> String {
    format!("{number}{addition}").to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

fn same_spot(a: &Address, b: &NewAddress) -> bool {
    (b.postcode.is_empty() || a.postcode.is_empty() || a.postcode == b.postcode)
        && (b.house_number.is_empty()
            || a.house_number.is_empty()
            || number(&a.house_number, &a.addition) == number(&b.house_number, &b.addition))
        && (b.postcode == a.postcode
            || b.city.is_empty()
            || a.city.is_empty()
            || fold(&a.city) == fold(&b.city))
}

/// The address to be written, if the list brings one: a new one, or the same with what it did not have. What another
/// source says stays.
pub fn settle(current: Option<&Address>, listed: &NewAddress, owned: bool) -> Option<NewAddress> {
    if listed.is_empty() {
        return None;
    }
    let Some(now) = current else { return Some(listed.clone()) };
    if !owned {
        return None;
    }
    if !same_spot(now, listed) {
        return Some(listed.clone());
    }
    let or = |new: &str, old: &str| if new.is_empty() { old.to_owned() } else { new.to_owned() };
    let (house_number, addition) = if listed.house_number.is_empty()
        || number(&now.house_number, &now.addition) == number(&listed.house_number, &listed.addition)
    {
        (now.house_number.clone(), now.addition.clone())
    } else {
        (listed.house_number.clone(), listed.addition.clone())
    };
    let whole = NewAddress {
        kind: listed.kind,
        street: or(&listed.street, &now.street),
        house_number,
        addition,
        postcode: or(&listed.postcode, &now.postcode),
        city: or(&listed.city, &now.city),
        country: now.country.clone(),
    };
    let same = (&whole.street, &whole.house_number, &whole.postcode, &whole.city)
        == (&now.street, &now.house_number, &now.postcode, &now.city);
    (!same).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_street_with_its_number_is_parted() {
        assert_eq!(parted("Kanaalweg 12 bis"), Some(("Kanaalweg", "12 bis")));
        assert_eq!(parted("Plein 1945 7"), Some(("Plein 1945", "7")));
        assert_eq!(parted("2e Dwarsstraat"), None);
        assert_eq!(parted("Kanaalweg"), None);
    }
}
