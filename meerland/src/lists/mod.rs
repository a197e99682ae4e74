//! The lists that departments keep of what is true: each in its own shape, with its own columns and its own mistakes, and
//! beside each the truth about every line.

mod companies;
mod links;
mod members;
mod row;
mod shape;
mod shapes;
mod slips;

use std::io::Write;

use serde::Serialize;

use crate::{
    table::{OrganisationKey, PersonKey},
    world::World,
};
use slips::Plan;

/// A list as a department would send it.
#[derive(Clone, Debug)]
pub struct DirtyList {
    /// `alumni-office`, `student-system`, …: also its file name, with `.csv`.
    pub key: &'static str,
    pub kind: ListKind,
    pub encoding: Encoding,
    pub bytes: Vec<u8>,
    /// By line, in order.
    pub truth: Vec<Truth>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ListKind {
    People,
    Organisations,
    Roles,
    Relations,
    Consents,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Encoding {
    #[serde(rename = "utf-8")]
    Utf8,
    /// With a byte order mark.
    #[serde(rename = "utf-8-sig")]
    Utf8Bom,
    #[serde(rename = "windows-1252")]
    Cp1252,
}

/// Who a line really is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Truth {
    /// The record after the header, from 1; a value may contain line breaks, so this is not the line of the file.
    pub line: u32,
    pub person: Option<PersonKey>,
    pub organisation: Option<OrganisationKey>,
    /// What was done to this line to make a duplicate of it: `typo`, `moved`, …; empty for a line as it should be.
    pub slip: &'static str,
}

/// All lists: the people and companies first, then roles, relations and consents by relation number (the person's key plus
/// one).
pub fn lists(world: &World) -> Vec<DirtyList> {
    let members = members::members(world);
    let plan = Plan::of(world, &members);
    let context = row::Context::new(world);
    let mut all: Vec<DirtyList> = shapes::SHAPES
        .iter()
        .filter_map(|shape| {
            let (place, (_, people)) = members.iter().enumerate().find(|(_, m)| m.0 == shape.key)?;
            (!people.is_empty()).then(|| shapes::write(world, &context, &plan, shape, (place, people)))
        })
        .collect();
    all.push(companies::write(world, &plan));
    all.extend(links::write(world));
    all
}

/// `list,line,person,organisation,slip`, with relation numbers.
pub fn write_truth(lists: &[DirtyList], to: impl Write) -> csv::Result<()> {
    let mut out = csv::Writer::from_writer(to);
    out.write_record(["list", "line", "person", "organisation", "slip"])?;
    for list in lists {
        for t in &list.truth {
            let number = |key: Option<u32>| key.map_or_else(String::new, |k| (k + 1).to_string());
            let (person, organisation) = (number(t.person.map(|p| p.0)), number(t.organisation.map(|o| o.0)));
            out.write_record([list.key, &t.line.to_string(), &person, &organisation, t.slip])?;
        }
    }
    out.flush().map_err(csv::Error::from)
}

/// `kind,one,other,why`: pairs that look alike and must not become one.
pub fn write_lookalikes(world: &World, to: impl Write) -> csv::Result<()> {
    let mut out = csv::Writer::from_writer(to);
    out.write_record(["kind", "one", "other", "why"])?;
    for (one, other, why) in &world.planted.lookalikes {
        out.write_record(["person", &(one.0 + 1).to_string(), &(other.0 + 1).to_string(), why])?;
    }
    for (one, other) in &world.planted.lookalike_companies {
        let (one, other) = ((one.0 + 1).to_string(), (other.0 + 1).to_string());
        out.write_record(["organisation", &one, &other, "one name in two towns"])?;
    }
    out.flush().map_err(csv::Error::from)
}

/// How many people and organisations stand in the lists a second time, by a mistake.
pub(crate) fn doubled(world: &World) -> (usize, usize) {
    let plan = Plan::of(world, &members::members(world));
    (plan.doubled_people, plan.doubled_companies)
}
