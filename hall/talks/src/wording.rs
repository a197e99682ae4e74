//! What a text may say of whoever gets it. Nothing here is more than who somebody is and what they are to us: what coaches or
//! the desk know never comes into a mail by a template.

use kring_blocks::{Allowed, Document, Kind, Values};
use kring_core::{Lang, Result, Tongue};
use kring_frame::{PersonId, Tx, UnitId};
use kring_lang::dates;
use kring_people::{
    person::{self, Person},
    roles::{self, Role},
    units::{self, Unit},
};

/// The fields, for whoever writes.
pub fn fields() -> Allowed {
    Allowed::default()
        .field("first_name", Kind::Text)
        .field("full_name", Kind::Text)
        .field("salutation", Kind::Text)
        .field("salutation_formal", Kind::Text)
        .field("institution", Kind::Text)
        .field("unit", Kind::Text)
        .field("programme", Kind::Text)
        .field("today", Kind::Text)
        .field("is_student", Kind::Flag)
        .field("is_alumnus", Kind::Flag)
}

/// The same with the links of somebody's own that other rooms offer (to a form that knows who comes), and with the languages of
/// the house wanted for every text.
pub async fn allowed(tx: &mut Tx, lang: Lang) -> Result<Allowed> {
    let mut allowed = Allowed { wanted: Lang::ALL.into_iter().map(Tongue::from).collect(), ..fields() };
    for (name, said) in tx.own_links(lang).await? {
        allowed.said.insert(name.clone(), said);
        allowed = allowed.field(&name, Kind::Link);
    }
    Ok(allowed)
}

/// An address where links of somebody's own would stand: nobody gets one by being looked at.
pub fn with_places(mut values: Values, site: &str, allowed: &Allowed) -> Values {
    for (name, _) in allowed.fields.iter().filter(|(_, kind)| **kind == Kind::Link) {
        values.set(name, format!("{site}/"));
    }
    values
}

/// The fields of a text that are links of its reader's own: looked up once for all who get it.
pub fn own_fields(tx: &Tx, text: &Document) -> Vec<String> {
    let rooms = &tx.house().rooms;
    kring_blocks::fields(text).into_iter().filter(|field| rooms.own_link(field).is_some()).collect()
}

/// Makes those links for one of them. They are given back with those of the answers: what we keep of a letter is without any
/// of them.
pub async fn own_links(
    tx: &mut Tx,
    person: PersonId,
    fields: &[String],
    values: &mut Values,
) -> Result<Vec<(String, String)>> {
    let house = tx.house().clone();
    let mut made = Vec::new();
    for field in fields {
        let Some((link, to)) = house.rooms.own_link(field) else { continue };
        let href = (link.make)(tx, to, person).await?.unwrap_or_else(|| house.settings.site.clone());
        values.set(field, href.clone());
        made.push((field.clone(), href));
    }
    Ok(made)
}

/// Values of nobody, for looking at a mail before there is anybody to send it to.
pub fn sample(institution: &str) -> Values {
    Values::new()
        .with("first_name", "Sam")
        .with("full_name", "Sam de Jong")
        .with("salutation", "Sam")
        .with("salutation_formal", "Sam de Jong")
        .with("institution", institution)
        .with("unit", institution)
        .with("programme", "Social Work")
        .with("today", "1-9-2027")
        .with("is_student", true)
        .with("is_alumnus", true)
}

/// The values of one person, as `unit` writes to them.
pub async fn values(tx: &mut Tx, to: PersonId, unit: UnitId, tongue: &Tongue) -> Result<Values> {
    let person = person::load(tx, to).await?;
    let held = roles::of(tx, to).await?;
    let units = units::all(tx).await?;
    Ok(values_of(tx, &person, &held, &units, unit, tongue))
}

/// The same, of what has been read already.
pub fn values_of(
    tx: &Tx,
    person: &Person,
    held: &[Role],
    units: &[Unit],
    unit: UnitId,
    tongue: &Tongue,
) -> Values {
    let lang = tongue.primary().parse().unwrap_or(Lang::En);
    let settings = &tx.house().settings;
    let today = dates::date_of(tx.now(), &settings.zone);
    let running: Vec<_> = held.iter().filter(|role| role.holds(today)).collect();
    let is = |kind: &str| running.iter().any(|role| role.kind == kind);
    let unit = units.iter().find(|known| known.id == unit).map(|unit| unit.name(lang)).unwrap_or_default();
    let name = person.name();
    let programme = running.iter().map(|role| role.detail.as_str()).find(|detail| !detail.is_empty());
    Values::new()
        .with("first_name", name.preferred_name.clone())
        .with("full_name", person.display_name.clone())
        .with("salutation", name.salutation(lang, false))
        .with("salutation_formal", name.salutation(lang, true))
        .with("institution", settings.institution.clone())
        .with("unit", unit.to_owned())
        .with("programme", programme.unwrap_or_default().to_owned())
        .with("today", dates::long_date(today, lang))
        .with("is_student", is("enrolled_student"))
        .with("is_alumnus", is("alumnus"))
}

/// The languages somebody reads, best first.
pub async fn reads(tx: &mut Tx, person: PersonId) -> Result<Vec<Tongue>> {
    Ok(person::load(tx, person).await?.reads())
}
