//! What happened with a person, over all departments, newest first. What the viewer may not see is a locked
//! line, not a hole: that something was there is shared, what it was about is not.

use kring_core::{Lang, Result, Timestamp};
use kring_frame::{Chapter, Event, Fut, Line, Told, Tone, Tx, UnitId, params, sql};

use crate::{
    Party, Words, merge, note, organisation,
    relationship::{self, Relationship},
    roles,
};

/// How many events one page of the timeline looks at.
pub const PAGE: u32 = 50;

/// The place to go on from: time and number of the last event seen.
#[derive(Clone, Copy, Debug)]
pub struct Before {
    pub at: Timestamp,
    pub event: i64,
}

/// Which part of a story is asked for; both empty is all of it. What one may not see is in every part: which part it
/// belongs to is not said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Only {
    /// A chapter, by its key.
    pub chapter: Option<&'static str>,
    pub unit: Option<UnitId>,
}

pub struct Timeline {
    pub lines: Vec<Line>,
    pub more: Option<Before>,
}

/// How many pages of events are looked through for one page of a part.
const LOOKS: usize = 8;
/// A page of a part is full with so many lines.
const FULL: usize = 20;

/// A page of a part of the timeline.
pub async fn part(
    tx: &mut Tx,
    lang: Lang,
    party: Party,
    before: Option<Before>,
    only: &Only,
) -> Result<Timeline> {
    let mut all = Timeline { lines: Vec::new(), more: before };
    for _ in 0..LOOKS {
        let next = page(tx, lang, party, all.more, only).await?;
        all.lines.extend(next.lines);
        all.more = next.more;
        if all.more.is_none() || all.lines.len() >= FULL || *only == Only::default() {
            break;
        }
    }
    Ok(all)
}

/// The parts that a story has, as far as the actor at work sees them: chapters, and the units in which things happened.
pub async fn parts(tx: &mut Tx, party: Party) -> Result<(Vec<Chapter>, Vec<UnitId>)> {
    let mut found: Vec<(String, String, Option<UnitId>)> = Vec::new();
    match party {
        Party::Organisation(id) => {
            for number in organisation::numbers_of(tx, id).await? {
                let some: Vec<(String, String, Option<UnitId>)> = tx
                    .all(
                        sql!(
                            "select distinct kind, purpose, unit_id from (select kind, purpose, unit_id from events
                                 where organisation_id = $1 order by id desc limit 1000) e"
                        ),
                        params![number],
                    )
                    .await?;
                found.extend(some);
            }
        }
        Party::Person(id) => {
            for number in merge::numbers_of(tx, id).await? {
                let some: Vec<(String, String, Option<UnitId>)> = tx
                    .all(
                        sql!(
                            "select distinct kind, purpose, unit_id from (select kind, purpose, unit_id from events
                                 where person_id = $1 order by id desc limit 1000) e"
                        ),
                        params![number],
                    )
                    .await?;
                found.extend(some);
            }
        }
    }
    let (house, actor) = (tx.house().clone(), tx.actor().clone());
    found.retain(|(_, purpose, unit)| actor.sees(purpose, *unit, &house.rooms.rights));
    let chapters = house.rooms.chapters().iter();
    let chapters: Vec<Chapter> = chapters
        .filter(|c| found.iter().any(|(kind, ..)| c.kinds.contains(&kind.as_str())))
        .copied()
        .collect();
    let told: Vec<&str> = house.rooms.told_kinds().collect();
    let mut units: Vec<UnitId> = found
        .iter()
        .filter(|(kind, ..)| told.contains(&kind.as_str()))
        .filter_map(|(_, _, unit)| *unit)
        .collect();
    units.sort_unstable();
    units.dedup();
    Ok((chapters, units))
}

/// A page of the timeline of a person or an organisation, as the actor at work may see it. What happened under a number
/// that was merged into this one is part of it.
async fn page(
    tx: &mut Tx,
    lang: Lang,
    party: Party,
    before: Option<Before>,
    only: &Only,
) -> Result<Timeline> {
    let before = before.unwrap_or(Before { at: Timestamp::MAX, event: i64::MAX });
    let mut events = match party {
        Party::Organisation(id) => {
            let mut all: Vec<Told> = Vec::new();
            for number in organisation::numbers_of(tx, id).await? {
                let page: Vec<Told> = tx
                    .all(
                        sql!(
                            "select id, xid, kind, at, person_id, organisation_id, unit_id, actor_id, purpose, subject_id, payload
                             from events where organisation_id = $1 and (at, id) < ($2, $3) order by at desc, id desc limit $4"
                        ),
                        params![number, before.at, before.event, PAGE],
                    )
                    .await?;
                all.extend(page);
            }
            all
        }
        Party::Person(id) => {
            let mut all: Vec<Told> = Vec::new();
            for number in merge::numbers_of(tx, id).await? {
                let page: Vec<Told> = tx
                    .all(
                        sql!(
                            "select id, xid, kind, at, person_id, organisation_id, unit_id, actor_id, purpose, subject_id, payload
                             from events where person_id = $1 and (at, id) < ($2, $3) order by at desc, id desc limit $4"
                        ),
                        params![number, before.at, before.event, PAGE],
                    )
                    .await?;
                all.extend(page);
            }
            all
        }
    };
    events.sort_by_key(|e| std::cmp::Reverse((e.at, e.id)));
    events.truncate(PAGE as usize);
    let more = events
        .last()
        .filter(|_| events.len() == PAGE as usize)
        .map(|last| Before { at: last.at, event: last.id });
    let (house, actor) = (tx.house().clone(), tx.actor().clone());
    let (mut open, locked): (Vec<_>, Vec<_>) = events.into_iter().partition(|e| house.rooms.sees(&actor, e));
    let kinds = only.chapter.map(|key| {
        let chapter = house.rooms.chapters().iter().find(|c| c.key == key);
        chapter.map_or(&[][..], |c| c.kinds)
    });
    open.retain(|e| {
        kinds.is_none_or(|kinds| kinds.contains(&e.kind.as_str()))
            && only.unit.is_none_or(|unit| e.unit == Some(unit.get()))
    });
    let mut lines = house.rooms.say(tx, lang, &open).await?;
    let known: Vec<&str> = house.rooms.told_kinds().collect();
    let w = Words(lang);
    lines.extend(locked.iter().filter(|e| known.contains(&e.kind.as_str())).map(|e| Line {
        title: w.locked_title().to_owned(),
        text: vec![w.locked_text(w.find(&format!("purpose-{}", e.purpose)).unwrap_or(&e.purpose))],
        ..plain(e, "lock")
    }));
    lines.sort_by_key(|line| std::cmp::Reverse((line.at, line.event)));
    Ok(Timeline { lines, more })
}

fn plain(told: &Told, icon: &'static str) -> Line {
    Line {
        event: told.id,
        at: told.at,
        icon,
        tone: Tone::Plain,
        title: String::new(),
        href: None,
        text: Vec::new(),
        quote: None,
        by: String::new(),
        unsent: false,
    }
}

/// The kinds of events that this crate tells.
pub const KINDS: &[&str] = &[
    "person.added",
    "note.written",
    "coaching.noted",
    "role.given",
    "role.ended",
    "relationship.made",
    "relationship.ended",
    "relation.merged",
    "relation.unmerged",
    "organisation.added",
    "owner.changed",
];

/// How a story can be narrowed, as far as this crate tells it.
pub const CHAPTERS: &[Chapter] = &[
    Chapter {
        key: "notes",
        label: |lang| Words(lang).chapter_notes(),
        kinds: &["note.written", "coaching.noted"],
    },
    Chapter { key: "roles", label: |lang| Words(lang).chapter_roles(), kinds: &["role.given", "role.ended"] },
    Chapter {
        key: "relations",
        label: |lang| Words(lang).chapter_relations(),
        kinds: &["relationship.made", "relationship.ended"],
    },
    Chapter {
        key: "self",
        label: |lang| Words(lang).chapter_self(),
        kinds: &[
            "person.added",
            "organisation.added",
            "relation.merged",
            "relation.unmerged",
            "owner.changed",
        ],
    },
];

/// How this crate's own events read.
pub fn lines<'a>(tx: &'a mut Tx, lang: Lang, events: &'a [Told]) -> Fut<'a, Vec<Line>> {
    Box::pin(async move {
        let mut lines = Vec::with_capacity(events.len());
        for told in events {
            lines.extend(line(tx, lang, told).await?);
        }
        Ok(lines)
    })
}

async fn line(tx: &mut Tx, lang: Lang, told: &Told) -> Result<Option<Line>> {
    let w = Words(lang);
    let mut line = plain(told, "people");
    match told.kind.as_str() {
        "person.added" => w.person_added().clone_into(&mut line.title),
        "organisation.added" => {
            line.icon = "brief";
            w.organisation_added().clone_into(&mut line.title);
        }
        "note.written" | "coaching.noted" => {
            let Some(found) = note::one(tx, told.subject.unwrap_or_default(), told.person).await? else {
                return Ok(None);
            };
            let coaching = told.kind == "coaching.noted";
            line.icon = "note";
            if coaching { w.coaching_title() } else { w.note_title() }.clone_into(&mut line.title);
            line.text = found.text.lines().map(str::to_owned).collect();
            line.by = found.by;
        }
        "role.given" | "role.ended" => {
            let Some(role) = roles::one(tx, told.subject.unwrap_or_default()).await? else { return Ok(None) };
            let given = told.kind == "role.given";
            let name = role.name(lang);
            line.title = if given { w.line_role_given(name) } else { w.line_role_ended(name) };
            line.text.extend(Some(role.place(lang)).filter(|p| !p.is_empty()));
            if !given {
                line.tone = Tone::Plain;
            }
        }
        "relationship.made" | "relationship.ended" => {
            let Some(r) = relationship::one(tx, told.subject.unwrap_or_default(), told.person).await? else {
                return Ok(None);
            };
            let says = format!("{} {}", relation_words(w, &r), r.name);
            let made = told.kind == "relationship.made";
            line.title = if made { w.line_relation_made(&says) } else { w.line_relation_ended(&says) };
            line.href = r
                .other
                .map(|id| format!("/people/{id}"))
                .or_else(|| r.organisation.map(|id| format!("/organisations/{id}")));
        }
        "relation.merged" => {
            let told = kring_frame::Merged::read(told)?;
            line.title = w.line_merged(told.gone);
        }
        "relation.unmerged" => {
            let about_organisation = told.person.is_none();
            let told = kring_frame::Unmerged::read(told)?;
            line.title = w.line_unmerged(told.gone);
            let place = if about_organisation { "organisations" } else { "people" };
            line.href = Some(format!("/{place}/{}", told.gone));
        }
        "owner.changed" => {
            let told = kring_frame::OwnerChanged::read(told)?;
            let owner: Option<(String,)> =
                tx.maybe(sql!("select name from actors where id = $1"), params![told.owner]).await?;
            line.icon = "person";
            line.title = match owner {
                Some((name,)) => w.line_owner(&name),
                None => w.line_no_owner().to_owned(),
            };
            line.text.extend(w.find(&format!("group-{}", told.group)).map(str::to_owned));
        }
        _ => return Ok(None),
    }
    Ok(Some(line))
}

/// "child of", "employed at": a relation as it reads from this side.
pub fn relation_words(w: Words, r: &Relationship) -> String {
    let key = r.kind.as_str().replace('_', "-");
    let key =
        if r.inverse && !r.kind.is_mutual() { format!("inverse-{key}") } else { format!("relation-{key}") };
    w.find(&key).unwrap_or(r.kind.as_str()).to_owned()
}
