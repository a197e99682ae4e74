//! Some hundred rows on their way into the base: each is given its person, known or new; then all that they bring is written.

use std::collections::{HashMap, HashSet};

use kring_core::{Error, Result};
use kring_db::{Value, record};
use kring_frame::{NoteWritten, PersonAdded, PersonChanged, PersonId, Tx, params, sql};
use kring_people::{NewPerson, bulk};

use crate::{
    apply::entry,
    base,
    changes::{Changes, Owned, bring_in},
    known::{self, Known},
    list::{self, Import},
    row::Candidate,
    twins::{self, Face, Key, Verdict},
    writes::{Writes, owners},
};

/// Rows in one transaction.
const BATCH: u32 = 500;
/// In a long list: the words and keys of new people fall all over their indexes, so that few rows write nearly as many
/// pages as many do.
const LARGE: u32 = 4_000;

/// How many rows go together: a short list never makes others wait, a long one for seconds rather than for an hour.
fn size(import: &Import) -> u32 {
    if import.rows_total > i64::from(LARGE) * 2 { LARGE } else { BATCH }
}

record! {
    struct Row {
        line: i64,
        candidate: Option<String>,
        status: String,
        twin_line: Option<i64>,
        /// Whom the plan has found.
        person: Option<PersonId>,
        /// Whom the first row of the same person turned out to be.
        twin_person: Option<PersonId>,
    }
}

/// The next rows; `None` when there are none. Answers the last line and how many rows there were.
pub async fn next(tx: &mut Tx, import: &Import) -> Result<Option<(i64, i64)>> {
    let rows: Vec<Row> = tx
        .all(
            sql!(
                "select r.line, r.candidate, r.status, r.twin_line, r.person_id, t.person_id
                 from import_rows r left join import_rows t on t.import_id = r.import_id and t.line = r.twin_line
                 where r.import_id = $1 and r.line > $2 order by r.line limit $3"
            ),
            params![import.id, import.at_line, size(import)],
        )
        .await?;
    let Some(last) = rows.last().map(|r| r.line) else { return Ok(None) };
    let mut work = Batch::new(tx, import, &rows, last).await?;
    work.decide();
    work.add_people(tx).await?;
    work.bring_in(tx).await?;
    work.write(tx).await?;
    Ok(Some((last, rows.len() as i64)))
}

/// What would come of the rows between two lines, as the plan has them: written beside each, for the preview. Only of
/// those who are known: all others are new.
pub async fn foresee(tx: &mut Tx, import: &Import) -> Result<Option<i64>> {
    let rows: Vec<Row> = tx
        .all(
            sql!(
                "select r.line, r.candidate, r.status, r.twin_line, r.person_id, null
                 from import_rows r
                 where r.import_id = $1 and r.line > $2 and r.person_id is not null and r.twin_line is null and r.status <> 'refused'
                 order by r.line limit $3"
            ),
            params![import.id, import.at_line, size(import)],
        )
        .await?;
    let Some(last) = rows.last().map(|r| r.line) else { return Ok(None) };
    let mut work = Batch::new(tx, import, &rows, last).await?;
    work.decide();
    work.bring_in(tx).await?;
    let sets = work.bound.iter().map(|b| params![import.id, b.line, b.action]).collect();
    tx.many(sql!("update import_rows set expects = $3 where import_id = $1 and line = $2"), sets).await?;
    Ok(Some(last))
}

/// Somebody in this batch, known or new.
struct Slot {
    id: Option<PersonId>,
    known: Known,
    new: bool,
    /// Something that is searched by, or told, has changed.
    touched: bool,
}

/// A row with the person it is about.
struct Bound {
    line: i64,
    candidate: Candidate,
    slot: Option<usize>,
    action: &'static str,
    changes: Option<Changes>,
}

struct Batch<'a> {
    import: &'a Import,
    source: String,
    after: i64,
    last: i64,
    bound: Vec<Bound>,
    slots: Vec<Slot>,
    slot_of: HashMap<PersonId, usize>,
    twins: HashMap<i64, i64>,
    planned: HashMap<i64, PersonId>,
    known: HashMap<PersonId, Known>,
    /// Numbers and codes that somebody has already, by their scheme.
    taken: HashMap<(String, String), PersonId>,
}

impl<'a> Batch<'a> {
    async fn new(tx: &mut Tx, import: &'a Import, rows: &[Row], last: i64) -> Result<Self> {
        let after = import.at_line;
        let mut bound = Vec::with_capacity(rows.len());
        let mut planned = HashMap::new();
        for row in rows {
            let refused = row.status == "refused" || row.candidate.is_none();
            let text = row.candidate.as_deref().unwrap_or("{}");
            bound.push(Bound {
                line: row.line,
                candidate: serde_json::from_str(text).map_err(Error::broken)?,
                slot: None,
                action: if refused { "refused" } else { "unchanged" },
                changes: None,
            });
            // A twin goes where its first row went; if that is in this batch too, the plan said the same of both.
            if let Some(person) = row.twin_person.or(row.person) {
                planned.insert(row.line, person);
            }
        }
        let mut batch = Self {
            import,
            source: import.source(),
            after,
            last,
            bound,
            slots: Vec::new(),
            slot_of: HashMap::new(),
            twins: rows.iter().filter_map(|r| Some((r.line, r.twin_line?))).collect(),
            planned,
            known: HashMap::new(),
            taken: HashMap::new(),
        };
        batch.look_again(tx).await?;
        // Only where the plan has no word on it, or another.
        let written: HashMap<i64, PersonId> = rows.iter().filter_map(|r| Some((r.line, r.person?))).collect();
        let new = batch.planned.iter().filter(|(line, person)| written.get(line) != Some(person));
        let sets = new.map(|(line, person)| params![import.id, *line, *person]).collect();
        tx.many(sql!("update import_rows set person_id = $3 where import_id = $1 and line = $2"), sets)
            .await?;
        batch.known = known::load(tx, import.id, &import.scheme(), after, last).await?;
        let mut wanted: Vec<(String, String)> =
            batch.bound.iter().flat_map(|b| b.candidate.codes.clone()).collect();
        let scheme = import.scheme();
        let numbers = batch.bound.iter().filter(|b| !b.candidate.number.is_empty());
        wanted.extend(numbers.map(|b| (scheme.clone(), b.candidate.number.clone())));
        batch.taken = owners(tx, &wanted).await?;
        Ok(batch)
    }

    /// Since the plan was made, the same person may have come in by another door: their mail address tells.
    async fn look_again(&mut self, tx: &mut Tx) -> Result<()> {
        let hits: Vec<base::Hit> = tx
            .all(
                sql!(
                    "select r.line, p.id from import_rows r join contact_points c on c.kind = 'email' and c.canonical = r.email
                     join people p on p.id = c.person_id
                     where r.import_id = $1 and r.line > $2 and r.line <= $3 and r.person_id is null and r.twin_line is null
                       and r.status <> 'refused' and p.source <> $4 and p.state = 'known'
                     order by r.line, p.id"
                ),
                params![self.import.id, self.after, self.last, &self.source],
            )
            .await?;
        let faces = base::faces(tx, hits.iter()).await?;
        for hit in hits {
            let row = self.bound.iter().find(|b| b.line == hit.line);
            let Some((row, face)) = row.zip(faces.get(&hit.person)) else { continue };
            if let Verdict::Same(_) = twins::judge(Key::Email, &Face::of(&row.candidate), face) {
                self.planned.entry(hit.line).or_insert(hit.person);
            }
        }
        Ok(())
    }

    /// Gives each row its person: one who is known, the one of its first row, or a new one.
    fn decide(&mut self) {
        let mut slot_of_line: HashMap<i64, usize> = HashMap::new();
        for at in 0..self.bound.len() {
            let Some(row) = self.bound.get(at).filter(|b| b.action != "refused") else { continue };
            let line = row.line;
            let twin = self.twins.get(&line).and_then(|first| slot_of_line.get(first)).copied();
            let known = self.planned.get(&line).copied().filter(|p| self.known.contains_key(p));
            let slot = match (twin, known) {
                (Some(slot), _) => slot,
                (None, Some(person)) => self.slot_for(person),
                (None, None) => {
                    let known = Known::fresh(&row.candidate, &self.source);
                    self.slots.push(Slot { id: None, known, new: true, touched: true });
                    self.slots.len() - 1
                }
            };
            slot_of_line.insert(line, slot);
            if let Some(row) = self.bound.get_mut(at) {
                row.slot = Some(slot);
            }
        }
    }

    fn slot_for(&mut self, person: PersonId) -> usize {
        if let Some(&slot) = self.slot_of.get(&person) {
            return slot;
        }
        let known = self.known.remove(&person).unwrap_or_default();
        self.slots.push(Slot { id: Some(person), known, new: false, touched: false });
        let slot = self.slots.len() - 1;
        self.slot_of.insert(person, slot);
        // The person stays known to later rows of the batch.
        self.known.insert(person, Known::default());
        slot
    }

    async fn add_people(&mut self, tx: &mut Tx) -> Result<()> {
        let new: Vec<NewPerson> = self
            .slots
            .iter()
            .filter(|s| s.new)
            .map(|s| NewPerson {
                name: s.known.name.clone(),
                birth_date: s.known.birth,
                pronouns: s.known.pronouns.clone(),
                ..NewPerson::default()
            })
            .collect();
        let ids = bulk::add(tx, &new, &self.source).await?;
        if ids.len() != new.len() {
            return Err(Error::broken("people were added from this source beside this import"));
        }
        for (slot, id) in self.slots.iter_mut().filter(|s| s.new).zip(ids) {
            slot.id = Some(id);
        }
        Ok(())
    }

    async fn bring_in(&mut self, tx: &mut Tx) -> Result<()> {
        let sources: HashSet<String> = self.sources(tx).await?;
        let before = self.earlier(tx).await?;
        let none: Vec<Candidate> = Vec::new();
        let scheme = self.import.scheme();
        let mut first_of_new: HashSet<usize> = HashSet::new();
        for row in &mut self.bound {
            let Some((at, slot)) = row.slot.and_then(|s| Some((s, self.slots.get_mut(s)?))) else { continue };
            let Some(id) = slot.id else { continue };
            let mut candidate = row.candidate.clone();
            let mut mine = |scheme: &str, code: &str| {
                *self.taken.entry((scheme.to_owned(), code.to_owned())).or_insert(id) == id
            };
            if !candidate.number.is_empty() && !mine(&scheme, &candidate.number) {
                candidate.number.clear();
            }
            candidate.codes.retain(|(scheme, code)| mine(scheme, code));
            let owned = Owned { sources: &sources, before: before.get(&id).unwrap_or(&none) };
            let changes = bring_in(&mut slot.known, &candidate, &owned, &self.source);
            row.action = if slot.new && first_of_new.insert(at) {
                "added"
            } else if changes.is_empty() {
                "unchanged"
            } else {
                "changed"
            };
            slot.touched |= !changes.is_empty();
            row.changes = Some(changes);
        }
        Ok(())
    }

    /// The sources of all versions of this list.
    async fn sources(&self, tx: &mut Tx) -> Result<HashSet<String>> {
        let ids: Vec<(i64,)> =
            tx.all(sql!("select id from imports where list_key = $1"), params![&self.import.list]).await?;
        Ok(ids.into_iter().map(|(id,)| list::source(id)).collect())
    }

    /// What earlier versions of this list said of the people in this batch.
    async fn earlier(&self, tx: &mut Tx) -> Result<HashMap<PersonId, Vec<Candidate>>> {
        let rows: Vec<(PersonId, String)> = tx
            .all(
                sql!(
                    "select distinct q.person_id, q.candidate from import_rows r
                     join import_rows q on q.person_id = r.person_id and q.import_id <> r.import_id
                     join imports i on i.id = q.import_id and i.list_key = $4
                     where r.import_id = $1 and r.line > $2 and r.line <= $3 and q.candidate is not null and q.action is not null"
                ),
                params![self.import.id, self.after, self.last, &self.import.list],
            )
            .await?;
        let mut earlier: HashMap<PersonId, Vec<Candidate>> = HashMap::new();
        for (person, text) in rows {
            earlier.entry(person).or_default().push(serde_json::from_str(&text).map_err(Error::broken)?);
        }
        Ok(earlier)
    }

    async fn write(&self, tx: &mut Tx) -> Result<()> {
        let mut writes = Writes::default();
        let mut changed: HashSet<PersonId> = HashSet::new();
        for row in &self.bound {
            let (Some(at), Some(changes)) = (row.slot, &row.changes) else { continue };
            let Some((slot, id)) = self.slots.get(at).and_then(|s| Some((s, s.id?))) else { continue };
            if row.action == "changed" && !slot.new {
                changed.insert(id);
            }
            writes.take(id, slot.new, &slot.known, changes)?;
        }
        let notes = std::mem::take(&mut writes.notes);
        writes.write(tx, self.import, &self.source).await?;
        let written = bulk::notes(tx, &notes).await?;
        if written.len() != notes.len() {
            return Err(Error::broken("notes were written beside this import"));
        }
        // Those who are new are made findable when all are in.
        let known = self.slots.iter().filter(|s| s.touched && !s.new);
        bulk::index(tx, known.filter_map(|s| Some((s.id?, s.known.words()))).collect()).await?;
        self.tell(tx, &changed, &notes, &written).await?;
        self.keep_rows(tx).await?;
        self.count(tx).await
    }

    async fn tell(
        &self,
        tx: &mut Tx,
        changed: &HashSet<PersonId>,
        notes: &[(PersonId, String)],
        written: &[i64],
    ) -> Result<()> {
        let mut entries = Vec::new();
        for id in self.slots.iter().filter(|s| s.new).filter_map(|s| s.id) {
            entries.push(entry(tx, Some(id), Some(self.import.id), &PersonAdded { how: "import".into() })?);
        }
        let mut changed: Vec<&PersonId> = changed.iter().collect();
        changed.sort_unstable();
        for id in changed {
            entries.push(entry(
                tx,
                Some(*id),
                Some(self.import.id),
                &PersonChanged { how: "import".into() },
            )?);
        }
        for ((id, _), note) in notes.iter().zip(written) {
            entries.push(entry(tx, Some(*id), Some(*note), &NoteWritten {})?);
        }
        tx.log_many(entries).await?;
        let sets =
            notes.iter().zip(written).map(|((id, _), note)| params![*note, self.import.id, *id]).collect();
        tx.many(sql!("insert into import_notes (note_id, import_id, person_id) values ($1, $2, $3)"), sets)
            .await
            .map(drop)
    }

    /// What became of each row, with enough to take it back.
    async fn keep_rows(&self, tx: &mut Tx) -> Result<()> {
        let mut sets: Vec<Vec<Value>> = Vec::with_capacity(self.bound.len());
        for row in &self.bound {
            let person = row.slot.and_then(|s| self.slots.get(s)?.id);
            let before = match &row.changes {
                Some(changes) if row.action == "changed" => {
                    Some(serde_json::to_string(changes).map_err(Error::broken)?)
                }
                _ => None,
            };
            sets.push(params![self.import.id, row.line, person, row.action, before]);
        }
        tx.many(
            sql!("update import_rows set person_id = $3, action = $4, before = $5 where import_id = $1 and line = $2"),
            sets,
        )
        .await
        .map(drop)
    }

    async fn count(&self, tx: &mut Tx) -> Result<()> {
        let of = |action: &str| self.bound.iter().filter(|b| b.action == action).count();
        tx.run(
            sql!(
                "update imports set added = added + $2, changed = changed + $3, unchanged = unchanged + $4, refused = refused + $5
                 where id = $1"
            ),
            params![self.import.id, of("added"), of("changed"), of("unchanged"), of("refused")],
        )
        .await
        .map(drop)
    }
}
