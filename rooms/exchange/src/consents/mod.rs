//! Lists of what people agreed to, withdrew or objected to. They go into the ledger by its own verbs, with the day on which
//! it was said: the newest counts, so an old yes in a list never overrides a later no.

use jiff::{ToSpan, civil::Date};
use kring_consent::{Act, Channel, Entry};
use kring_core::{Error, Lang, Result};
use kring_frame::{PersonId, Purpose, Timestamp, Tx, UnitId};
use serde::{Deserialize, Serialize};

use crate::{
    Words,
    list::Import,
    mapping::Field,
    row::{Cells, Remark},
    single::{
        Action, Done, Read, Undone, Weighed,
        whom::{self, Whom},
        words::{self, Book, Entity},
    },
};

/// A row in the words of the house.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Row {
    pub whom: Whom,
    pub purpose: String,
    pub channel: String,
    pub act: String,
    pub on: Option<Date>,
    /// A legal entity of the house; none is the institution.
    pub controller: Option<i64>,
    pub proof: String,
}

pub fn read(cells: &Cells<'_>, book: &Book, today: Date) -> Read<Row> {
    let mut remarks = Vec::new();
    let mut row = Row { whom: Whom::of(cells), proof: cells.line(Field::Proof), ..Row::default() };
    if row.whom.is_empty() {
        remarks.push(Remark::PersonMissing);
    }
    let (purpose, channel, said) =
        (cells.line(Field::Purpose), cells.line(Field::Channel), cells.line(Field::Said));
    match words::purpose(&purpose) {
        Some(known) => known.as_str().clone_into(&mut row.purpose),
        None => remarks.push(Remark::PurposeUnknown(purpose)),
    }
    match words::channel(&channel) {
        Some(known) => known.as_str().clone_into(&mut row.channel),
        None => remarks.push(Remark::ChannelUnknown(channel)),
    }
    let act = words::said(&said);
    match act {
        Some(known) => known.as_str().clone_into(&mut row.act),
        None => remarks.push(Remark::SaidUnknown(said)),
    }
    match cells.day(Field::On, today) {
        Ok(Some(day)) if day > today => remarks.push(Remark::DateFuture(cells.line(Field::On))),
        Ok(Some(day)) => row.on = Some(day),
        Ok(None) => remarks.push(Remark::DateMissing),
        Err(typed) => remarks.push(Remark::DateUnreadable(typed)),
    }
    let entity = cells.line(Field::Controller);
    match book.controller(&entity) {
        _ if entity.is_empty() => {}
        Some(Entity::Institution) => {}
        Some(Entity::Own(unit)) => row.controller = Some(unit.get()),
        None => remarks.push(Remark::ControllerUnknown(entity)),
    }
    // A no needs no proof; a yes that nobody can show is none (GDPR 7(1)).
    if act == Some(Act::Consent) && row.proof.is_empty() {
        remarks.push(Remark::ProofMissing);
    }
    let key = format!(
        "{}|{}|{}|{}|{:?}|{:?}",
        row.whom.shown(),
        row.purpose,
        row.channel,
        row.act,
        row.on,
        row.controller
    );
    Read { key, row, remarks }
}

impl Row {
    pub fn shown(&self, lang: Lang) -> String {
        let w = Words(lang);
        let word =
            |prefix: &str, key: &str| w.find(&format!("{prefix}-{key}")).unwrap_or_default().to_owned();
        let parts = [
            word("purpose", &self.purpose),
            word("channel", &self.channel),
            word("said", &self.act),
            self.on.map(|d| kring_lang::dates::short_date(d, lang)).unwrap_or_default(),
            self.proof.clone(),
        ];
        parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    /// As the ledger takes it. A list knows the day and not the hour: a yes counts from the beginning of that day and a no
    /// from its end, so that of two on one day the no stands.
    fn entry(&self, tx: &Tx, person: PersonId, import: &Import) -> Result<Entry> {
        let broken = || Error::broken("a consent that was read is not readable");
        let purpose: Purpose = self.purpose.parse().map_err(|()| broken())?;
        let channel: Channel = self.channel.parse().map_err(|()| broken())?;
        let act: Act = self.act.parse().map_err(|()| broken())?;
        let day = self.on.ok_or_else(broken)?;
        let zone = tx.house().settings.zone.clone();
        let begin = |day: Date| -> Result<Timestamp> {
            day.to_zoned(zone.clone()).map(|z| z.timestamp()).map_err(Error::broken)
        };
        let said = if act == Act::Consent {
            begin(day)?
        } else {
            let end = begin(day.checked_add(1.day()).map_err(Error::broken)?)?;
            end.checked_sub(1.second()).map_err(Error::broken)?.min(tx.now())
        };
        Ok(Entry {
            proof: self.proof.clone(),
            controller: self.controller.map(UnitId::new),
            said_at: Some(said),
            ..Entry::new(person, purpose, channel, act, &import.source())
        })
    }
}

/// What would come of a row; nothing is written.
pub async fn weigh(tx: &mut Tx, import: &Import, row: &Row) -> Result<Weighed> {
    let person = match whom::find(tx, &row.whom).await? {
        Ok(person) => person,
        Err(why) => return Ok(Weighed::refused(why)),
    };
    let entry = row.entry(tx, person, import)?;
    let known = kring_consent::holds(tx, &entry).await?;
    let expects = Some(if known { Action::Unchanged } else { Action::Added });
    Ok(Weighed { expects, person: Some(person), ..Weighed::default() })
}

/// Brings a row into the ledger, once.
pub async fn bring(tx: &mut Tx, import: &Import, row: &Row) -> Result<Done> {
    let person = match whom::find(tx, &row.whom).await? {
        Ok(person) => person,
        Err(why) => return Ok(Done::refused(why)),
    };
    let entry = row.entry(tx, person, import)?;
    if kring_consent::holds(tx, &entry).await? {
        return Ok(Done::unchanged(Vec::new()).of(person));
    }
    let id = kring_consent::record(tx, &entry).await?;
    Ok(Done {
        action: Some(Action::Added),
        person: Some(person),
        before: Some(id.to_string()),
        ..Done::default()
    })
}

/// The row of the ledger stays, and counts no more.
pub async fn take_back(tx: &mut Tx, import: &Import, person: PersonId, before: &str) -> Result<Undone> {
    let id: i64 = before.parse().map_err(Error::broken)?;
    let person = kring_people::merge::current(tx, person).await?;
    let gone = kring_consent::void(tx, person, id, &import.source()).await?;
    Ok(if gone { Undone::Removed } else { Undone::Nothing })
}
