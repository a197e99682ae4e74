//! The answer key: what was planted, with the numbers that somebody who looks should find and who is involved. It is
//! written from what the making put in; the tests count again from the records.

use serde_json::{Map, Value, json};

use crate::{
    contacts::MANY,
    dice::mix,
    people::{Basis, EmailState, NoteKind},
    study::Stage,
    table::{Key, PersonKey},
    voice::CAP,
    world::World,
};

/// Beyond so many, ids are given as a count and a hash.
const LISTED: usize = 500;

/// `findings` a to n, `defects`, `quality` and `personae`. Ids are keys (a relation number is the key plus one).
pub fn answer_key(world: &World) -> Value {
    json!({
        "settings": world.settings,
        "findings": findings(world),
        "defects": defects(world),
        "quality": quality(world),
        "personae": world.personae.all,
    })
}

/// The ids themselves, or when there are many their count and a hash: FNV-1a, 64 bits, over the ids in ascending order as
/// four bytes each, lowest first.
fn ids<K: Key>(keys: &[K]) -> Value {
    let mut ids: Vec<u32> = keys.iter().map(|k| k.at() as u32).collect();
    ids.sort_unstable();
    if ids.len() <= LISTED {
        return json!(ids);
    }
    let hash = ids
        .iter()
        .flat_map(|id| id.to_le_bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    json!({ "count": ids.len(), "fnv1a": format!("{hash:016x}") })
}

fn findings(w: &World) -> Value {
    let p = &w.planted;
    let mut all = Map::new();
    let mut add = |id: &str, what: &str, expected: Value, involved: Value| {
        all.insert(id.to_owned(), json!({ "what": what, "expected": expected, "ids": involved }));
    };
    add(
        "a",
        "companies with five alumni or more and no placement ever",
        json!({ "companies": p.idle_companies.len(), "alumni_at_least": MANY }),
        ids(&p.idle_companies),
    );
    add(
        "b",
        "the form of one campus loses two in five of those who see question six",
        json!({ "question": 6, "loss": 0.40, "elsewhere": 0.06 }),
        json!(p.leaky_campus),
    );
    add(
        "c",
        "a unit at 7.5 that sends campaigns",
        json!({ "mean_at_most": 7.5, "campaigns": p.unready_campaigns.len() }),
        json!({ "unit": p.unready_unit, "campaigns": p.unready_campaigns }),
    );
    add(
        "d",
        "a follow-up within a day doubles the chance to apply (visitors of open days, seasons that are over)",
        json!({ "ratio": 2.0, "within_hours": 24 }),
        Value::Null,
    );
    add(
        "e",
        "alumni known to exactly one teacher, and those whose teacher leaves this year",
        json!({ "single": p.single_known.len(), "leaving": p.single_leaving.len() }),
        json!({ "single": ids(&p.single_known), "leaving": ids(&p.single_leaving) }),
    );
    add(
        "f",
        "a team with forty hours given and a hundred and sixty planned",
        json!({ "facilitated": 40, "planned": 160 }),
        json!(p.overloaded_team),
    );
    add(
        "g",
        "a service whose own people put speed first while the panel puts clarity first",
        json!({ "department": "speed", "panel": "clarity" }),
        json!(p.disputed_service),
    );
    add(
        "h",
        "ambassadors come back for a course so many times as often as other alumni",
        json!({ "ratio": 2.3 }),
        Value::Null,
    );
    add(
        "i",
        "people invited to more surveys in a year than the cap, by three departments",
        json!({ "people": p.over_cap.len(), "cap": CAP, "departments": 3 }),
        ids(&p.over_cap),
    );
    add("j", "one queue does not keep its callbacks", json!({ "not_kept": 0.31 }), json!(p.slack_queue));
    add(
        "k",
        "February starters leave without a diploma so many times as often, within mbo and hbo",
        json!({ "ratio": 1.4 }),
        Value::Null,
    );
    add(
        "l",
        "two departments write to one company on one day",
        json!({ "pairs": usize::from(p.doubled.is_some()) }),
        json!(p.doubled),
    );
    let lost = w
        .interests
        .iter()
        .filter(|i| i.stage == Stage::Lost && Some(i.programme) == p.raided_programme)
        .count();
    add(
        "m",
        "one competitor takes its share of one programme's lost prospects",
        json!({ "share": crate::leads::RAIDED, "lost": lost, "competitor": p.raider }),
        json!(p.raided_programme),
    );
    add(
        "n",
        "a topic with a peak of questions in two days",
        json!({ "questions": p.crisis_count, "from": p.crisis_day, "days": 2, "topic": w.sector().crisis }),
        Value::Null,
    );
    if w.sector().sizes.alumni <= 0.0 {
        // What has to do with alumni or terms is not planted where there are none.
        for id in ["a", "e", "h", "k"] {
            all.remove(id);
        }
    }
    Value::Object(all)
}

fn defects(w: &World) -> Value {
    let p = &w.planted;
    let (people, companies) = crate::lists::doubled(w);
    let notes = |kind: NoteKind| {
        let on: Vec<PersonKey> = w.notes.iter().filter(|n| n.kind == kind).map(|n| n.person).collect();
        json!({ "count": on.len(), "people": ids(&on) })
    };
    let pairs: Vec<Value> = p.lookalikes.iter().map(|(a, b, why)| json!([a, b, why])).collect();
    json!({
        "duplicate_people": people,
        "duplicate_companies": companies,
        "lookalike_people": pairs,
        "lookalike_companies": p.lookalike_companies,
        "shared_mail": p.shared_mail,
        "notes_with_bsn": notes(NoteKind::Bsn),
        "notes_with_iban": notes(NoteKind::Iban),
        "notes_on_health": notes(NoteKind::Health),
        "without_basis": ids(&p.no_basis),
        "protected": ids(&p.protected),
        "deceased_marked": ids(&p.marked),
        "deceased_unmarked": ids(&p.unmarked),
        "stale_employers": p.stale_ties,
        "objector_in_dirty_list": p.objector,
    })
}

/// Counted from the truth.
fn quality(w: &World) -> Value {
    let slots = &w.sector().slots;
    let holders = |kind: &str, now: bool| {
        let mut some: Vec<PersonKey> =
            w.roles.iter().filter(|r| r.kind == kind && (!now || r.to.is_none())).map(|r| r.person).collect();
        some.sort_unstable();
        some.dedup();
        some
    };
    let minors = |people: &[PersonKey]| people.iter().filter(|k| w.is_minor(**k)).count();
    let (alumni, students) = (holders(slots.alumnus, false), holders(slots.enrolled, true));
    let interested: Vec<PersonKey> = holders(slots.interested, true)
        .into_iter()
        .filter(|k| students.binary_search(k).is_err() && alumni.binary_search(k).is_err())
        .collect();
    let reachable = |k: &&PersonKey| w.people[**k].emails.iter().any(|e| e.state != EmailState::Dead);
    let share =
        |part: usize, of: usize| if of == 0 { 0.0 } else { (part as f64 / of as f64 * 1e4).round() / 1e4 };
    let (doubled, doubled_companies) = crate::lists::doubled(w);
    let contactable =
        w.people.iter().filter(|(_, p)| p.emails.iter().any(|e| e.state != EmailState::Dead)).count();
    let mut reached: Vec<PersonKey> = w.engagements.iter().map(|e| e.person).collect();
    reached.sort_unstable();
    reached.dedup();
    json!({
        "people": w.people.len(),
        "organisations": w.organisations.len(),
        "duplicate_rate_people": share(doubled, w.people.len()),
        "duplicate_rate_companies": share(doubled_companies, w.organisations.len()),
        "contactable_by_mail": share(contactable, w.people.len()),
        "alumni": alumni.len(),
        "alumni_contactable_by_mail": share(alumni.iter().filter(reachable).count(), alumni.len()),
        "alumni_reached": reached.len(),
        "alumni_reached_share": share(reached.len(), alumni.len()),
        "known_by_one": w.planted.single_known.len(),
        "students": students.len(),
        "minor_students": minors(&students),
        "minor_prospects": minors(&interested),
        "protected": w.people.iter().filter(|(_, p)| p.protected).count(),
        "deceased_unmarked": w.people.iter().filter(|(_, p)| p.deceased.is_some_and(|d| !d.marked)).count(),
        "without_basis": w.people.iter().filter(|(_, p)| p.basis == Basis::None).count(),
        "fingerprint": format!("{:016x}", fingerprint(w)),
    })
}

/// A number that changes with the people.
fn fingerprint(w: &World) -> u64 {
    w.people.iter().fold(w.settings.seed, |h, (_, p)| mix(h, p.born as u64, p.name.surname.len() as u64))
}
