//! What a row brings to an organisation, and bringing it. Weighing and bringing work out the same plan, so a preview cannot
//! promise what the import does not do.

use jiff::civil::Date;
use kring_core::{Error, Result};
use kring_frame::{About, OrganisationChanged, OrganisationId, Tx, params, sql};
use kring_people::{
    Party,
    address::{self, NewAddress},
    contact, identifier, index,
    organisation::{self, Above, Brought, NewOrganisation},
    roles::{self, NewRole},
    source,
};
use serde::{Deserialize, Serialize};

use super::{
    Row,
    find::{find, meant, owner},
};
use crate::{
    list::Import,
    place,
    row::Remark,
    single::{Action, Done, Weighed, words::Book},
};

/// What a row did: enough to take it back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Changes {
    pub new: bool,
    /// Attribute, before, after.
    pub values: Vec<(String, String, String)>,
    /// Kind and canonical spelling.
    pub points: Vec<(String, String)>,
    pub codes: Vec<(String, String)>,
    /// The address that was made, and the one that ended with it.
    pub address: Option<(i64, Option<i64>)>,
    pub roles: Vec<i64>,
    /// Role, its last day before, and now.
    pub ends: Vec<(i64, Option<Date>, Option<Date>)>,
}

/// What a row would bring to an organisation that is there.
#[derive(Default)]
struct Plan {
    own: Brought,
    points: Vec<(contact::Kind, String)>,
    codes: Vec<(String, String)>,
    address: Option<(NewAddress, Option<i64>)>,
    role: Option<NewRole>,
    end: Option<(i64, Option<Date>, Option<Date>)>,
    remarks: Vec<Remark>,
}

impl Plan {
    fn is_empty(&self) -> bool {
        self.own == Brought::default()
            && self.points.is_empty()
            && self.codes.is_empty()
            && self.address.is_none()
            && self.role.is_none()
            && self.end.is_none()
    }
}

async fn plan(tx: &mut Tx, book: &Book, id: OrganisationId, row: &Row) -> Result<Plan> {
    let mut plan = Plan::default();
    let it = organisation::load(tx, id).await?;
    let traced = source::of_organisation(tx, id).await?;
    // A value is the list's as long as the list was the last to give it.
    let ours = |attribute: &str| {
        traced.iter().find(|t| t.attribute == attribute).is_some_and(|t| book.owns(&t.source))
    };
    if it.name != row.name && ours("name") {
        plan.own.name = Some(row.name.clone());
    }
    plan.own.kind = row.sort.parse().ok().filter(|kind| *kind != it.kind && ours("kind"));
    if !row.parent.is_empty() {
        match meant(tx, &row.parent).await? {
            Ok(above) if above == id || Some(above) == it.parent => {}
            Ok(above) if it.parent.is_none() || ours("parent") => {
                // Below itself is no place.
                let circle = organisation::path(tx, above).await?.iter().any(|(number, _)| *number == id);
                plan.own.parent = (!circle).then_some(Above::Organisation(above));
            }
            Ok(_) => {}
            Err(_) => plan.remarks.push(Remark::ParentUnknown(row.parent.clone())),
        }
    }
    let points = contact::of(tx, id).await?;
    for (kind, value) in row.points() {
        let canonical = contact::canonical(kind, value);
        if !points.iter().any(|p| p.kind == kind && p.canonical == canonical) {
            plan.points.push((kind, value.clone()));
        }
    }
    for (scheme, code) in &row.codes {
        match owner(tx, scheme, code).await? {
            None => plan.codes.push((scheme.clone(), code.clone())),
            Some(other) if other != id => plan.remarks.push(Remark::CodeTaken(code.clone())),
            Some(_) => {}
        }
    }
    let addresses = address::of(tx, id).await?;
    let now = addresses.iter().find(|a| a.valid_to.is_none() && a.kind == address::Kind::Visit);
    let owned = now.is_some_and(|a| book.owns(&a.source));
    plan.address = place::settle(now, &row.address(), owned).map(|new| (new, now.map(|a| a.id)));
    if !row.role.is_empty() {
        let held = roles::of(tx, id).await?;
        let same = held.iter().find(|r| r.kind == row.role && (row.from.is_none() || r.from == row.from));
        match same {
            None => {
                let (from, to) = (row.from, row.until);
                plan.role = Some(NewRole { kind: row.role.clone(), from, to, ..NewRole::default() });
            }
            Some(role) if row.until.is_some() && row.until != role.to && book.owns(&role.source) => {
                plan.end = Some((role.id, role.to, row.until));
            }
            Some(_) => {}
        }
    }
    Ok(plan)
}

/// What would come of a row; nothing is written.
pub async fn weigh(tx: &mut Tx, book: &Book, import: &Import, key: &str, row: &Row) -> Result<Weighed> {
    let id = match find(tx, import, key, row).await? {
        Err(why) => return Ok(Weighed::refused(why)),
        Ok(id) => id,
    };
    let Some(id) = id else {
        let mut remarks = Vec::new();
        if !row.parent.is_empty() && meant(tx, &row.parent).await?.is_err() {
            remarks.push(Remark::ParentUnknown(row.parent.clone()));
        }
        for (scheme, code) in &row.codes {
            if owner(tx, scheme, code).await?.is_some() {
                remarks.push(Remark::CodeTaken(code.clone()));
            }
        }
        return Ok(Weighed { expects: Some(Action::Added), remarks, ..Weighed::default() });
    };
    let plan = plan(tx, book, id, row).await?;
    let expects = Some(if plan.is_empty() { Action::Unchanged } else { Action::Changed });
    Ok(Weighed { expects, organisation: Some(id), remarks: plan.remarks, ..Weighed::default() })
}

/// Brings a row in.
pub async fn bring(tx: &mut Tx, book: &Book, import: &Import, key: &str, row: &Row) -> Result<Done> {
    let source = import.source();
    let found = match find(tx, import, key, row).await? {
        Err(why) => return Ok(Done::refused(why)),
        Ok(found) => found,
    };
    let mut changes = Changes { new: found.is_none(), ..Changes::default() };
    let id = match found {
        Some(id) => id,
        None => add(tx, row, &source).await?,
    };
    let plan = plan(tx, book, id, row).await?;
    if plan.is_empty() && !changes.new {
        return Ok(Done::unchanged(plan.remarks).at(id));
    }
    let (role, end, remarks) = (plan.role.clone(), plan.end, plan.remarks.clone());
    write(tx, id, plan, &source, &mut changes).await?;
    if let Some(role) = role {
        changes.roles.push(roles::give_new(tx, id, &role, &source).await?);
    }
    if let Some((role, was, is)) = end {
        tx.run(sql!("update party_roles set valid_to = $2 where id = $1"), params![role, is]).await?;
        changes.ends.push((role, was, is));
    }
    index::index_organisation(tx, id).await?;
    let action = if changes.new {
        Action::Added
    } else {
        let told = OrganisationChanged { how: "import".into() };
        tx.tell(About::organisation(id).subject(import.id), &told).await?;
        Action::Changed
    };
    let before = serde_json::to_string(&changes).map_err(Error::broken)?;
    Ok(Done {
        action: Some(action),
        organisation: Some(id),
        before: Some(before),
        remarks,
        ..Done::default()
    })
}

async fn add(tx: &mut Tx, row: &Row, source: &str) -> Result<OrganisationId> {
    let kind = row.sort.parse().ok();
    let new =
        NewOrganisation { name: row.name.clone(), kind, source: source.into(), ..NewOrganisation::default() };
    let id = organisation::add(tx, &new).await?;
    source::note(tx, id, "name", &row.name, "", source).await?;
    let kind = organisation::load(tx, id).await?.kind;
    source::note(tx, id, "kind", kind.as_str(), "", source).await?;
    Ok(id)
}

async fn write(
    tx: &mut Tx,
    id: OrganisationId,
    plan: Plan,
    source: &str,
    changes: &mut Changes,
) -> Result<()> {
    if plan.own != Brought::default() {
        let before = organisation::load(tx, id).await?.values();
        organisation::bring(tx, id, &plan.own, source).await?;
        let after = organisation::load(tx, id).await?.values();
        let turned = before.into_iter().zip(after).filter(|(was, is)| was != is);
        changes.values = turned.map(|((key, was), (_, is))| (key.to_owned(), was, is)).collect();
    }
    for (kind, value) in plan.points {
        contact::add_labelled(tx, Party::Organisation(id), kind, &value, "", source).await?;
        changes.points.push((kind.to_string(), contact::canonical(kind, &value)));
    }
    for (scheme, code) in plan.codes {
        let Some(of) = kring_formats::code::Scheme::find(&scheme) else { continue };
        identifier::give(tx, id, of, &code, source).await?;
        changes.codes.push((scheme, code));
    }
    if let Some((new, ended)) = plan.address {
        address::add(tx, id, &new, source).await?;
        let made =
            address::of(tx, id).await?.into_iter().find(|a| a.valid_to.is_none() && a.source == source);
        changes.address = made.map(|a| (a.id, ended));
    }
    Ok(())
}
