use crate::{
    people::TieKind,
    table::{PersonKey, Side},
    world::World,
};

/// Who stands in which list, in the order of the lists; within a list by key.
pub(crate) type Members = Vec<(&'static str, Vec<PersonKey>)>;

pub(crate) fn members(w: &World) -> Members {
    let slots = &w.sector().slots;
    let held = |kinds: &[&str]| {
        let mut list: Vec<PersonKey> =
            w.roles.iter().filter(|r| kinds.contains(&r.kind)).map(|r| r.person).collect();
        list.sort_unstable();
        list.dedup();
        list
    };
    let sorted = |people: Vec<PersonKey>| {
        let mut people = people;
        people.sort_unstable();
        people.dedup();
        people
    };
    let lately = i16::from(w.settings.today.month() < 8);
    let season = w.settings.today.year() - lately - 1;
    let visitors =
        w.participations.iter().filter(|p| w.occasions[p.occasion].on.year() >= w.settings.today.year() - 2);
    let fair = w.interests.iter().filter(|i| i.season >= season).map(|i| i.person);
    let deans =
        w.ties.iter().filter(|t| t.kind == TieKind::ContactOf && t.function == "dean").map(|t| t.person);
    let askers =
        w.requests.iter().filter(|(_, r)| r.at.year() >= w.settings.today.year() - 1).map(|(_, r)| r.person);
    let mut lists: Members = vec![
        ("student-system", held(&[slots.enrolled])),
        ("staff", held(&[slots.staff])),
        ("alumni-office", if slots.alumnus.is_empty() { Vec::new() } else { held(&[slots.alumnus]) }),
        ("placement-contacts", held(&[slots.contact, slots.supervisor])),
        ("feeder-school-deans", sorted(deans.collect())),
        ("fair", sorted(fair.collect())),
        ("event-registrations", sorted(visitors.map(|p| p.person).collect())),
        ("fund-donors", held(&[slots.donor])),
        ("service-desk", sorted(askers.collect())),
        ("private-list-of-a-teacher", sorted(w.knows.iter().map(|k| k.person).collect())),
        ("parents", held(&[slots.family])),
    ];
    lists.retain(|(key, _)| w.sector().lists.iter().any(|l| l.0 == *key));
    // Whoever is in none of these stands in the old system that nobody dared to switch off.
    let mut seen: Side<PersonKey, bool> = Side::of(w.people.len());
    for p in lists.iter().flat_map(|l| &l.1) {
        seen[*p] = true;
    }
    let noted = w.notes.iter().filter(|n| n.kind != crate::people::NoteKind::Plain).map(|n| n.person);
    let rest = w.people.keys().filter(|k| !seen[*k]).chain(noted);
    lists.push(("old-crm", sorted(rest.collect())));
    lists
}
