//! Personae who have left, work here, or stand outside.

use kring_lang::names::NameUsage;

use crate::{
    calendar::{day, on},
    cast_before::mother,
    giving::{Answer, Ask, Giver, Term},
    making::Making,
    people::{Channel, Consent, Gender, Knows, Leaving, Note, NoteKind, Tie, TieKind, Wish},
    personae::{Cast, rename},
    study::PlacementState,
    table::{OrganisationKey, PersonKey},
};

pub(crate) fn make(m: &mut Making, cast: &mut Cast) {
    names(m, cast);
    anke(m, cast);
    kees(m, cast);
    asked(m, cast);
    companies(m, cast);
    shielded(m, cast);
    generous(m, cast);
}

fn alumni(m: &Making) -> Vec<PersonKey> {
    m.alumni.iter().copied().filter(|k| !m.flags[*k].staff && !m.flags[*k].student).collect()
}

/// The names that have to come through whole.
fn names(m: &mut Making, cast: &mut Cast) {
    let age = |m: &Making, k: PersonKey| (m.today() - m.w.people[k].born) / 365;
    if let Some(jan) = cast.find(m, alumni(m).into_iter(), |k| (30..60).contains(&age(m, k))) {
        rename(m, jan, "Jan", "", "Jansen", Gender::M);
        let name = &mut m.w.people[jan].name;
        name.partner_surname_prefix = "de".to_owned();
        name.partner_surname = "Wit".to_owned();
        name.name_usage = NameUsage::PartnerOwn;
        cast.add(7, "jan-de-wit-jansen", "goes by his partner's name and his own", Some(jan), &[]);
    }
    let twins = m.w.planted.lookalikes.iter().find(|l| l.2 == "twins").map(|l| (l.0, l.1));
    if let Some((one, other)) = twins.filter(|t| cast.take(t.0) && cast.take(t.1)) {
        let born = m.w.people[one].born;
        for (key, called) in [(one, "Pim"), (other, "Peter")] {
            rename(m, key, called, "'t", "Hart", Gender::M);
            m.w.people[key].birth = crate::people::Birth::Full(on(born));
        }
        cast.add(
            8,
            "p-t-hart",
            "a twin with the same initial, surname and day of birth",
            Some(one),
            &[other],
        );
    }
    if let Some(kim) = cast
        .find(m, m.students.clone().into_iter(), |k| m.w.people[k].gender != Gender::M && !m.flags[k].staff)
    {
        rename(m, kim, "Kim", "", "", Gender::X);
        m.w.people[kim].pronouns = "die/hun";
        cast.add(10, "kim", "x, die/hun, to be addressed neutrally", Some(kim), &[]);
    }
    let partner = m.sector.slots.public;
    let outside: Vec<PersonKey> = m.w.roles.iter().filter(|r| r.kind == partner).map(|r| r.person).collect();
    if let Some(professor) = cast.find(m, outside.into_iter(), |k| !m.flags[k].alumnus) {
        rename(m, professor, "Albert", "van der", "Meulen", Gender::M);
        let name = &mut m.w.people[professor].name;
        name.given_names = "Albert Bernard Cornelis".to_owned();
        name.initials = "A.B.C.".to_owned();
        name.title_prefix = "prof. dr. ir.".to_owned();
        name.title_suffix = "MSc".to_owned();
        let since = m.today() - 900;
        m.role(
            professor,
            m.sector.slots.contact,
            (m.w.units.find("board"), None),
            "industry board",
            (since, None),
            "board",
        );
        m.role(
            professor,
            partner,
            (m.w.units.find("board"), None),
            "member of the provincial council",
            (since, None),
            "board",
        );
        cast.add(
            11,
            "van-der-meulen",
            "partner in industry and in politics, with titles",
            Some(professor),
            &[],
        );
    }
}

/// Teacher, alumna, contact of a company, mother of a prospect.
fn anke(m: &mut Making, cast: &mut Cast) {
    let teachers: Vec<PersonKey> =
        m.staff.iter().filter(|s| s.function == "teacher" && !s.leaving).map(|s| s.key).collect();
    let Some(anke) = cast.find(m, teachers.into_iter(), |k| m.flags[k].alumnus) else { return };
    rename(m, anke, "Anke", "", "Postma", Gender::F);
    let company =
        m.w.organisations
            .iter()
            .find(|(k, o)| {
                !o.sole_trader
                    && o.parent.is_none()
                    && !m.w.planted.idle_companies.contains(k)
                    && !o.accreditations.is_empty()
            })
            .map(|(k, _)| k);
    let since = m.today() - 1_100;
    if let Some(organisation) = company {
        let (from, confirmed) = (on(since), on(m.today() - 40));
        m.w.ties.push(Tie {
            person: anke,
            organisation,
            kind: TieKind::ContactOf,
            function: "adviser",
            from,
            to: None,
            confirmed,
            stale: false,
        });
        m.role(
            anke,
            m.sector.slots.contact,
            (m.w.units.find("bpv-office"), None),
            "adviser",
            (since, None),
            "bpv-office",
        );
    }
    let has_mother: Vec<PersonKey> = m.w.kinships.iter().map(|k| k.to).collect();
    let prospects: Vec<PersonKey> = m.w.interests.iter().rev().take(4_000).map(|i| i.person).collect();
    let child = cast.find(m, prospects.into_iter(), |k| {
        !has_mother.contains(&k) && !m.flags[k].alumnus && !m.flags[k].student
    });
    if let Some(child) = child {
        let born = m.w.people[child].born - 365 * 29;
        m.reborn(anke, born.max(m.today() - 365 * 62));
        mother(m, anke, child);
        let from = day(m.w.people[child].since);
        m.role(anke, m.sector.slots.family, (m.w.people[child].unit, None), "", (from, None), "form");
    }
    cast.add(
        14,
        "anke",
        "teacher, alumna, contact of a company and mother of a prospect",
        Some(anke),
        &child.map_or_else(Vec::new, |c| vec![c]),
    );
    cast.last_organisation(company);
}

/// Known to one teacher alone, who retires in June.
fn kees(m: &mut Making, cast: &mut Cast) {
    let Some(bert) = m.w.leaving.first().map(|l| l.staff).filter(|b| cast.take(*b)) else { return };
    rename(m, bert, "Bert", "", "Kooistra", Gender::M);
    m.reborn(bert, m.today() - 365 * 66 - 120);
    let june = m.window.june();
    for l in m.w.leaving.iter_mut().filter(|l| l.staff == bert) {
        *l = Leaving { staff: bert, on: on(june), reason: "retires" };
    }
    let known: Vec<PersonKey> = m.w.knows.iter().filter(|k| k.staff == bert).map(|k| k.person).collect();
    let single = m.w.planted.single_leaving.clone();
    let fits = |k: PersonKey| single.binary_search(&k).is_ok();
    let kees = cast.find(m, known.into_iter(), fits).or_else(|| {
        // In a small Meerland Bert may know nobody; somebody is his acquaintance then instead of a colleague's.
        let found = cast.find(m, single.iter().copied(), |_| true)?;
        for k in m.w.knows.iter_mut().filter(|k| k.person == found) {
            *k = Knows { staff: bert, ..*k };
        }
        m.w.people[found].owner = Some(bert);
        Some(found)
    });
    let Some(kees) = kees else { return };
    rename(m, kees, "Kees", "", "Timmermans", Gender::M);
    let graduated = crate::calendar::ymd(1979, 6, 22);
    m.reborn(kees, crate::calendar::ymd(1957, 3, 9));
    m.w.people[kees].since = on(graduated - 365 * 3);
    m.w.diplomas.retain({
        let mut first = true;
        move |d| d.person != kees || std::mem::take(&mut first)
    });
    for d in m.w.diplomas.iter_mut().filter(|d| d.person == kees) {
        d.on = on(graduated);
    }
    let enrolled = m.sector.slots.enrolled;
    m.w.roles.retain(|r| r.person != kees || r.kind != enrolled);
    let slots = &m.sector.slots;
    let gained = [slots.finished, slots.alumnus];
    for r in m.w.roles.iter_mut().filter(|r| r.person == kees && gained.contains(&r.kind)) {
        r.from = on(graduated);
    }
    cast.add(15, "kees", "alumnus of 1979, known to Bert alone, who retires in June", Some(kees), &[bert]);
}

fn asked(m: &mut Making, cast: &mut Cast) {
    let mut asks = m.side::<bool>();
    for person in m.w.asks.iter().map(|a| a.person).chain(m.w.offers.iter().map(|o| o.person)) {
        asks[person] = true;
    }
    for e in &m.w.engagements {
        asks[e.person] = true;
    }
    let mut refused = m.side::<bool>();
    for c in m.w.consents.iter().filter(|c| c.wish == Wish::Objects) {
        refused[c.person] = true;
    }
    let fit = |m: &Making, k: PersonKey| {
        !asks[k]
            && !refused[k]
            && m.w.people[k].emails.iter().any(|e| e.state == crate::people::EmailState::Valid)
    };
    let root = m.w.units.root();
    if let Some(ilse) = cast.find(m, alumni(m).into_iter(), |k| fit(m, k)) {
        rename(m, ilse, "Ilse", "", "Brouwer", Gender::F);
        let by = m.staff.iter().find(|s| s.function == "alumni_officer").map_or(ilse, |s| s.key);
        for (n, kind) in ["guest_lesson", "open_day", "mentor", "placement", "panel"].into_iter().enumerate()
        {
            let when = m.today() - 330 + 60 * n as i32;
            let answer = if n < 2 { Answer::No } else { Answer::None };
            let answered = (n < 2).then(|| on(when + 3));
            m.w.asks.push(Ask {
                person: ilse,
                by,
                kind,
                on: on(when),
                answer,
                answered,
                done: None,
                thanked: None,
            });
            m.touch(ilse, when);
        }
        cast.add(16, "ilse", "asked five times in a year, never offered anything", Some(ilse), &[]);
    }
    if let Some(wim) = cast.find(m, alumni(m).into_iter().rev(), |k| fit(m, k)) {
        rename(m, wim, "Wim", "", "Boonstra", Gender::M);
        let when = on(m.today() - 210);
        m.w.consents.push(Consent {
            person: wim,
            purpose: "alumni",
            channel: Channel::Mail,
            wish: Wish::Consents,
            on: when,
            how: "form",
            by: None,
            controller: root,
        });
        let text = "Geeft graag gastlessen en neemt stagiairs; wacht op een vraag van ons.".to_owned();
        m.w.notes.push(Note { person: wim, by: None, on: when, kind: NoteKind::Plain, text });
        cast.add(17, "willing-wim", "willing and reachable, never asked", Some(wim), &[]);
    }
}

fn companies(m: &mut Making, cast: &mut Cast) {
    let owner = |m: &Making, o: OrganisationKey| {
        m.w.ties.iter().find(|t| t.organisation == o && t.to.is_none()).map(|t| t.person)
    };
    let alone =
        m.w.organisations
            .iter()
            .find(|(k, o)| o.sole_trader && !o.accreditations.is_empty() && owner(m, *k).is_some())
            .map(|(k, _)| k);
    let alone = alone.or_else(|| alone_from_now(m, cast));
    if let Some(key) = alone {
        let person = owner(m, key).filter(|p| cast.take(*p));
        cast.add_at(
            18,
            "sole-trader",
            "a sole trader with a training place: a natural person to the law",
            (person, Some(key)),
        );
    }
    let nurse = cast.organisation(6);
    // The recognition of a company ends while a student is there.
    let running = m.w.placements.iter().rev().find(|p| {
        let o = &m.w.organisations[p.organisation];
        p.state == PlacementState::Running
            && !cast.is_taken(p.student)
            && Some(p.organisation) != nurse
            && Some(p.organisation) != alone
            && o.accreditations.iter().any(|a| a.programme == p.programme)
    });
    if let Some(p) = running.copied() {
        let lapses = (day(p.start) + 12).min(m.today() - 1).max(day(p.start) + 1);
        for a in
            m.w.organisations[p.organisation].accreditations.iter_mut().filter(|a| a.programme == p.programme)
        {
            a.until = Some(on(lapses));
        }
        cast.add_at(
            19,
            "lapsing-company",
            "its recognition lapses while a student is there",
            (Some(p.student), Some(p.organisation)),
        );
    }
}

/// Where no sole trader has a training place, the owner of a small company is one.
fn alone_from_now(m: &mut Making, cast: &Cast) -> Option<OrganisationKey> {
    let heads: Vec<OrganisationKey> = m.w.organisations.iter().filter_map(|(_, o)| o.parent).collect();
    let free = |m: &Making, o: OrganisationKey| {
        let of = &m.w.organisations[o];
        let single = of.parent.is_none() && !heads.contains(&o) && !m.w.planted.idle_companies.contains(&o);
        single && !of.accreditations.is_empty() && cast.organisation(6) != Some(o)
    };
    let contact = |t: &Tie| matches!(t.kind, TieKind::ContactOf | TieKind::SupervisorAt);
    let at =
        m.w.ties.iter().position(|t| contact(t) && free(m, t.organisation) && !cast.is_taken(t.person))?;
    let tie = m.w.ties.get_mut(at)?;
    (tie.kind, tie.function) = (TieKind::OwnerOf, "owner");
    let key = tie.organisation;
    let company = &mut m.w.organisations[key];
    (company.sole_trader, company.size) = (true, crate::organisations::Size::Micro);
    Some(key)
}

fn shielded(m: &mut Making, cast: &mut Cast) {
    let dead: Option<PersonKey> =
        m.w.planted.marked.iter().copied().find(|k| m.w.people[*k].deceased.is_some());
    if let Some(key) = dead.filter(|k| cast.take(*k)) {
        let mine = m.w.subscriptions.iter_mut().find(|s| s.person == key);
        let since = m.w.people[key].since;
        match mine {
            Some(s) => s.until = None,
            None => m.w.subscriptions.push(crate::people::Subscription {
                person: key,
                letter: "alumni-letter",
                since,
                until: None,
            }),
        }
        cast.add(20, "deceased", "died, as we know, and still has a newsletter", Some(key), &[]);
    }
    if let Some(key) = m.w.planted.protected.iter().copied().find(|k| cast.take(*k)) {
        cast.add(21, "protected", "nobody may see the address who does not need it", Some(key), &[]);
    }
    let objectors: Vec<PersonKey> =
        m.w.consents
            .iter()
            .filter(|c| c.wish == Wish::Objects && c.purpose == "marketing")
            .map(|c| c.person)
            .collect();
    let known =
        |k: PersonKey| m.w.people[k].emails.iter().any(|e| e.state == crate::people::EmailState::Valid);
    if let Some(key) = cast.find(m, objectors.into_iter(), known) {
        m.w.planted.objector = Some(key);
        cast.add(22, "objector", "objects, and a dirty list brings him or her in again", Some(key), &[]);
    }
}

fn generous(m: &mut Making, cast: &mut Cast) {
    let donor = m.w.gifts.iter().filter(|g| g.agreement.is_some()).find_map(|g| match g.giver {
        Giver::Person(p) => Some(p),
        Giver::Organisation(_) => None,
    });
    if let Some(key) = donor.filter(|k| cast.take(*k)) {
        cast.add(
            23,
            "donor",
            "gives every year by agreement, of which we keep the transaction number alone",
            Some(key),
            &[],
        );
    }
    let panel: Vec<PersonKey> =
        m.w.panel
            .iter()
            .filter(|p| p.group == "students" && day(p.until) < m.window.today)
            .map(|p| p.person)
            .collect();
    if let Some(key) = cast.find(m, panel.into_iter(), |k| !m.flags[k].staff && !m.flags[k].alumnus) {
        let from = m.today() - 90;
        let programme = m.programme_of.iter().find(|p| p.0 == key).map(|p| p.1);
        let (kind, unit) = (m.sector.slots.ambassador, m.w.units.find("alumni-office"));
        m.w.terms.push(Term { person: key, kind, programme, from: on(from), to: None });
        m.role(key, kind, (unit, programme), "", (from, None), "alumni-office");
        cast.add(24, "panel-member", "was on the panel and is an ambassador now", Some(key), &[]);
    }
}
