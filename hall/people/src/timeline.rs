//! What happened with a person, over all departments, newest first. What the viewer may not see is a locked
//! line, not a hole: that something was there is shared, what it was about is not.

use kring_core::{Lang, Result, Timestamp};
use kring_frame::{Fut, Line, PersonId, Told, Tone, Tx, params, sql};

use crate::{Words, note};

/// How many events one page of the timeline looks at.
pub const PAGE: u32 = 50;

/// The place to go on from: time and number of the last event seen.
#[derive(Clone, Copy, Debug)]
pub struct Before {
    pub at: Timestamp,
    pub event: i64,
}

pub struct Timeline {
    pub lines: Vec<Line>,
    pub more: Option<Before>,
}

/// A page of somebody's timeline as the actor at work may see it.
pub async fn page(tx: &mut Tx, lang: Lang, person: PersonId, before: Option<Before>) -> Result<Timeline> {
    let before = before.unwrap_or(Before { at: Timestamp::MAX, event: i64::MAX });
    let events: Vec<Told> = tx
        .all(
            sql!(
                "select id, xid, kind, at, person_id, organisation_id, unit_id, actor_id, purpose, subject_id, payload
                 from events where person_id = $1 and (at, id) < ($2, $3) order by at desc, id desc limit $4"
            ),
            params![person, before.at, before.event, PAGE],
        )
        .await?;
    let more = events
        .last()
        .filter(|_| events.len() == PAGE as usize)
        .map(|last| Before { at: last.at, event: last.id });
    let (house, actor) = (tx.house().clone(), tx.actor().clone());
    let (open, locked): (Vec<_>, Vec<_>) = events.into_iter().partition(|e| house.rooms.sees(&actor, e));
    let mut lines = house.rooms.say(tx, lang, &open).await?;
    let known: Vec<&str> = house.rooms.told_kinds().collect();
    let w = Words(lang);
    lines.extend(locked.iter().filter(|e| known.contains(&e.kind.as_str())).map(|e| Line {
        event: e.id,
        at: e.at,
        icon: "lock",
        tone: Tone::Plain,
        title: w.locked_title().to_owned(),
        href: None,
        text: vec![w.locked_text(w.find(&format!("purpose-{}", e.purpose)).unwrap_or(&e.purpose))],
        quote: None,
        by: String::new(),
        unsent: false,
    }));
    lines.sort_by_key(|line| std::cmp::Reverse((line.at, line.event)));
    Ok(Timeline { lines, more })
}

/// How this crate's own events read.
pub fn lines<'a>(tx: &'a mut Tx, lang: Lang, events: &'a [Told]) -> Fut<'a, Vec<Line>> {
    Box::pin(async move {
        let w = Words(lang);
        let mut lines = Vec::with_capacity(events.len());
        for told in events {
            let mut line = Line {
                event: told.id,
                at: told.at,
                icon: "people",
                tone: Tone::Plain,
                title: String::new(),
                href: None,
                text: Vec::new(),
                quote: None,
                by: String::new(),
                unsent: false,
            };
            match told.kind.as_str() {
                "person.added" => w.person_added().clone_into(&mut line.title),
                "note.written" => {
                    let Some(found) = note::one(tx, told.subject.unwrap_or_default(), told.person).await?
                    else {
                        continue;
                    };
                    line.icon = "note";
                    w.note_title().clone_into(&mut line.title);
                    line.text = found.text.lines().map(str::to_owned).collect();
                    line.by = found.by;
                }
                _ => continue,
            }
            lines.push(line);
        }
        Ok(lines)
    })
}
