//! Personae on their way in and while they study.

use crate::{
    calendar::{Day, at, day, on},
    making::Making,
    people::{Birth, Gender, Kinship, KinshipKind, Tie, TieKind},
    personae::{Cast, rename},
    study::{Outcome, Placement, PlacementState},
    table::PersonKey,
};

pub(crate) fn make(m: &mut Making, cast: &mut Cast) {
    noor(m, cast);
    switcher(m, cast);
    visitor(m, cast);
    stealth(m, cast);
    february(m, cast);
    nurse(m, cast);
    abroad(m, cast);
    marit(m, cast);
    ravi(m, cast);
}

/// Birthday such that somebody is of that age today.
fn aged(m: &Making, years: i32) -> Day {
    m.today() - years * 365 - 150
}

fn noor(m: &mut Making, cast: &mut Cast) {
    let booked: Vec<(usize, PersonKey, PersonKey)> =
        m.w.participations
            .iter()
            .enumerate()
            .rev()
            .filter_map(|(at, p)| p.booked_by.map(|by| (at, p.person, by)))
            .collect();
    let young = |k: PersonKey| m.today() - m.w.people[k].born < 365 * 18;
    let Some(noor) = cast.find(m, booked.iter().map(|b| b.1), young) else { return };
    let Some((_, _, mother)) = booked.iter().find(|b| b.1 == noor).copied() else { return };
    cast.take(mother);
    rename(m, noor, "Noor", "", "", Gender::F);
    let born = aged(m, 15);
    m.w.people[noor].birth = Birth::Full(on(born));
    m.reborn(noor, born);
    let surname = m.w.people[noor].name.surname.clone();
    let prefix = m.w.people[noor].name.surname_prefix.clone();
    rename(m, mother, "Saskia", &prefix, &surname, Gender::F);
    m.reborn(mother, born - 365 * 31);
    cast.add(1, "noor", "15, vmbo-tl, finds her way; her mother books", Some(noor), &[mother]);
}

fn switcher(m: &mut Making, cast: &mut Cast) {
    let level = |m: &Making, p| m.w.programmes[p].level;
    let mut fits = m.side::<bool>();
    for e in
        m.w.enrolments.iter().filter(|e| e.outcome == Outcome::Current && level(m, e.programme) == "mbo-3")
    {
        fits[e.person] = true;
    }
    let pool: Vec<PersonKey> = m.students.clone();
    let is_minor = |k: PersonKey| fits[k] && m.today() - m.w.people[k].born < 365 * 18;
    let Some(yassin) = cast
        .find(m, pool.iter().copied(), is_minor)
        .or_else(|| cast.find(m, pool.iter().copied(), |k| fits[k]))
    else {
        return;
    };
    rename(m, yassin, "Yassin", "", "Bouzid", Gender::M);
    m.w.people[yassin].birth = Birth::Full(on(m.today()));
    m.reborn(yassin, aged(m, 17));
    // He began one level lower and changed over after a few months.
    let lower = m.w.programmes.iter().find(|(_, p)| p.level == "mbo-2").map(|(k, _)| k);
    let mine = m.w.enrolments.iter_mut().find(|e| e.person == yassin && e.outcome == Outcome::Current);
    if let (Some(lower), Some(mine)) = (lower, mine) {
        let mut before = *mine;
        let (start, today) = (day(mine.start), m.window.today);
        let change = start + (today - start) / 2;
        mine.start = on(change);
        before.programme = lower;
        before.outcome = Outcome::Left("level");
        before.end = Some(on(change));
        before.next = Some(mine.programme);
        before.early_leaver = false;
        m.w.enrolments.push(before);
        let school = m.w.programmes[lower].school;
        m.role(
            yassin,
            m.sector.slots.enrolled,
            (Some(school), Some(lower)),
            "bol",
            (start, Some(change)),
            "sis",
        );
        let enrolled = m.sector.slots.enrolled;
        for r in m.w.roles.iter_mut().filter(|r| r.person == yassin && r.kind == enrolled && r.to.is_none()) {
            r.from = on(change);
        }
    }
    cast.add(2, "yassin", "17, changes from mbo-2 to mbo-3", Some(yassin), &[]);
}

fn visitor(m: &mut Making, cast: &mut Cast) {
    let mut days = m.side::<u8>();
    for p in m.w.participations.iter().filter(|p| p.attended) {
        days[p.person] += 1;
    }
    let mut applied = m.side::<bool>();
    for a in &m.w.applications {
        applied[a.person] = true;
    }
    let all: Vec<PersonKey> = m.w.interests.iter().rev().map(|i| i.person).collect();
    let fits = |k: PersonKey| days[k] == 2 && !applied[k] && !m.flags[k].alumnus;
    let Some(sem) = cast.find(m, all.into_iter(), fits) else { return };
    rename(m, sem, "Sem", "", "", Gender::M);
    cast.add(3, "sem", "two open days, never applies", Some(sem), &[]);
}

fn stealth(m: &mut Making, cast: &mut Cast) {
    let last = m.window.year - 1;
    let all: Vec<PersonKey> = m
        .w
        .applications
        .iter()
        .filter(|a| a.stealth && i32::from(a.season) == last && m.w.programmes[a.programme].scheme == "crebo")
        .map(|a| a.person)
        .collect();
    let Some(lotte) = cast.find(m, all.into_iter(), |k| !m.flags[k].alumnus && !m.flags[k].staff) else {
        return;
    };
    rename(m, lotte, "Lotte", "", "", Gender::F);
    let deadline = m.window.month_day(1, 3, 31);
    for a in m.w.applications.iter_mut().filter(|a| a.person == lotte) {
        a.at = at(deadline, 23 * 60 + 50);
        let mut before = deadline;
        for (n, (_, when)) in a.states.iter_mut().enumerate() {
            before = if n == 0 { deadline } else { before.max(day(*when)) };
            *when = on(before);
        }
    }
    for r in m.w.roles.iter_mut().filter(|r| r.person == lotte && r.kind == "applicant") {
        r.from = on(deadline);
        r.to = r.to.map(|to| to.max(r.from));
    }
    m.w.people[lotte].since = on(deadline);
    cast.add(4, "lotte", "nobody knew her until she applied on 31 March at 23:50", Some(lotte), &[]);
}

fn february(m: &mut Making, cast: &mut Cast) {
    let all: Vec<PersonKey> =
        m.w.enrolments
            .iter()
            .rev()
            .filter(|e| e.extra_start && e.outcome == Outcome::Current)
            .map(|e| e.person)
            .collect();
    let Some(daan) = cast.find(m, all.into_iter(), |k| !m.flags[k].staff) else { return };
    rename(m, daan, "Daan", "", "", Gender::M);
    cast.add(5, "daan", "began on 1 February", Some(daan), &[]);
}

/// Learns on the job at a care company whose contact is an alumna.
fn nurse(m: &mut Making, cast: &mut Cast) {
    let care = |m: &Making, p| {
        let p: &crate::study::Programme = &m.w.programmes[p];
        p.scheme == "crebo" && m.w.units.all[p.school].key == "zorg"
    };
    let mut bbl = m.side::<bool>();
    for e in m.w.enrolments.iter().filter(|e| e.outcome == Outcome::Current && care(m, e.programme)) {
        bbl[e.person] |= m.w.offerings[e.offering].form == "bbl";
    }
    let students = m.students.clone();
    let fits = |k: PersonKey| bbl[k] && !m.flags[k].staff;
    let found = cast.find(m, students.into_iter(), fits).or_else(|| to_care(m, cast));
    let Some(fatima) = found else { return };
    let contacts: Vec<PersonKey> =
        m.w.ties
            .iter()
            .filter(|t| t.kind == TieKind::ContactOf || t.kind == TieKind::SupervisorAt)
            .map(|t| t.person)
            .collect();
    let Some(alumna) = cast.find(m, contacts.into_iter(), |k| m.flags[k].alumnus) else { return };
    rename(m, fatima, "Fatima", "", "El Hamdaoui", Gender::F);
    rename(m, alumna, "Hanneke", "van der", "Wal", Gender::F);
    let Some(tie) = m.w.ties.iter().find(|t| t.person == alumna && t.kind != TieKind::EmployedAt).copied()
    else {
        return;
    };
    let company = tie.organisation;
    m.w.organisations[company].name = "Zorgboerderij De Kleine Meer".to_owned();
    let Some(e) =
        m.w.enrolments.iter().find(|e| e.person == fatima && e.outcome == Outcome::Current).copied()
    else {
        return;
    };
    let start = (day(e.start) + 5).min(m.today());
    // The company takes her, so it is one with placements from now on.
    m.w.placements.push(Placement {
        student: fatima,
        organisation: company,
        supervisor: Some(alumna),
        tutor: m.staff.iter().find(|s| s.function == "teacher").map(|s| s.key),
        programme: e.programme,
        start: on(start),
        end: on(start + 365 * 2),
        hours: 1_600,
        state: PlacementState::Running,
        signed: Some(on(start - 10)),
        student_mark: None,
        supervisor_mark: None,
    });
    let accreditation =
        crate::organisations::Accreditation { programme: e.programme, from: on(start - 400), until: None };
    m.w.organisations[company].accreditations.push(accreditation);
    m.w.planted.idle_companies.retain(|c| *c != company);
    m.w.ties.push(Tie {
        person: fatima,
        organisation: company,
        kind: TieKind::EmployedAt,
        function: "nurse in training",
        from: on(start),
        to: None,
        confirmed: on(start),
        stale: false,
    });
    cast.add(
        6,
        "fatima-el-hamdaoui",
        "nurse in training on the job; the contact of her company is an alumna",
        Some(fatima),
        &[alumna],
    );
    cast.last_organisation(Some(company));
}

/// Where nobody learns nursing on the job, as in a very small Meerland, somebody of the mbo does from now on.
fn to_care(m: &mut Making, cast: &mut Cast) -> Option<PersonKey> {
    let zorg = m.w.units.named("zorg");
    let offered = m.w.offerings.iter().filter(|(_, o)| m.w.programmes[o.programme].school == zorg);
    let (offering, programme) =
        offered.map(|(k, o)| (o.form == "bbl", k, o.programme)).max().map(|o| (o.1, o.2))?;
    let pool: Vec<PersonKey> =
        m.programme_of.iter().filter(|p| m.w.programmes[p.1].scheme == "crebo").map(|p| p.0).collect();
    let found = cast.find(m, pool.into_iter(), |k| !m.flags[k].staff)?;
    for e in m.w.enrolments.iter_mut().filter(|e| e.person == found && e.outcome == Outcome::Current) {
        (e.offering, e.programme) = (offering, programme);
    }
    let enrolled = m.sector.slots.enrolled;
    for r in m.w.roles.iter_mut().filter(|r| r.person == found && r.kind == enrolled && r.to.is_none()) {
        (r.unit, r.programme, r.detail) = (Some(zorg), Some(programme), "bbl");
    }
    m.w.people[found].unit = Some(zorg);
    Some(found)
}

fn abroad(m: &mut Making, cast: &mut Cast) {
    let all: Vec<PersonKey> =
        m.w.interests.iter().rev().filter(|i| i.kind == "international").map(|i| i.person).collect();
    let students = |k: PersonKey| m.flags[k].student && !m.flags[k].alumnus;
    let found = cast
        .find(m, all.iter().copied(), students)
        .or_else(|| cast.find(m, all.iter().copied(), |k| !m.flags[k].alumnus));
    let Some(suharto) = found else { return };
    rename(m, suharto, "Suharto", "", "", Gender::M);
    let person = &mut m.w.people[suharto];
    person.name.surname.clear();
    person.name.surname_prefix.clear();
    person.lang = kring_core::Lang::En;
    let asked = m.window.today - 6;
    let queue = m.w.units.named("queue-general");
    let unit = m.w.people[suharto].unit.unwrap_or(queue);
    m.w.requests.add(crate::service::Request {
        person: suharto,
        queue,
        unit,
        topic: "international",
        channel: "mail",
        at: at(asked, 21 * 60 + 4),
        replied: None,
        closed: None,
        agent: None,
        late: true,
    });
    cast.add(9, "suharto", "one name only, from abroad, asks about housing", Some(suharto), &[]);
}

/// From our mbo to our hbo, under one number.
fn marit(m: &mut Making, cast: &mut Cast) {
    let mut mbo = m.side::<bool>();
    for d in &m.w.diplomas {
        mbo[d.person] |= m.w.programmes[d.programme].level == "mbo-4";
    }
    let hbo: Vec<PersonKey> =
        m.w.enrolments
            .iter()
            .rev()
            .filter(|e| e.outcome == Outcome::Current && m.w.programmes[e.programme].track == "hbo")
            .map(|e| e.person)
            .collect();
    let Some(marit) = cast.find(m, hbo.into_iter(), |k| mbo[k] && !m.flags[k].staff) else { return };
    rename(m, marit, "Marit", "", "Hoekstra", Gender::F);
    cast.add(12, "marit", "from mbo-4 to our own hbo, same relation number", Some(marit), &[]);
}

/// Left without a diploma, comes back by recognition of what he learned since.
fn ravi(m: &mut Making, cast: &mut Cast) {
    let left: Vec<(PersonKey, crate::table::ProgrammeKey, Day)> =
        m.w.enrolments
            .iter()
            .filter(|e| matches!(e.outcome, Outcome::Left(_)) && m.w.programmes[e.programme].track == "mbo")
            .map(|e| (e.person, e.programme, e.end.map_or(0, day)))
            .collect();
    let busy = |m: &Making, k: PersonKey| m.flags[k].student || m.flags[k].alumnus || m.flags[k].staff;
    let Some(ravi) = cast.find(m, left.iter().map(|l| l.0), |k| !busy(m, k)) else { return };
    let Some((_, programme, end)) = left.iter().find(|l| l.0 == ravi).copied() else { return };
    rename(m, ravi, "Ravi", "", "Ramdin", Gender::M);
    let when = (m.today() - 25).max(end);
    let school = m.w.programmes[programme].school;
    m.role(ravi, m.sector.slots.interested, (Some(school), Some(programme)), "evc", (when, None), "phone");
    let by = m.staff.iter().find(|s| s.function == "coach").map(|s| s.key);
    m.w.notes.push(crate::people::Note {
        person: ravi,
        by,
        on: on(when),
        kind: crate::people::NoteKind::Plain,
        text: "Wil terug via EVC: werkte vier jaar in het vak. Portfolio volgt.".to_owned(),
    });
    m.touch(ravi, when);
    cast.add(
        13,
        "ravi",
        "left without a diploma, wants to come back by recognition of prior learning",
        Some(ravi),
        &[],
    );
}

/// Makes somebody the mother of another.
pub(crate) fn mother(m: &mut Making, mother: PersonKey, child: PersonKey) {
    let since = m.w.people[child].since;
    m.w.kinships.push(Kinship {
        from: mother,
        to: child,
        kind: KinshipKind::ParentOf,
        since,
        until: None,
        basis: "form",
    });
}
