//! Parents, partners and children: the circle around a prospect, a student or a client.

use crate::{
    dice::Dice,
    making::{Making, Newcomer, gender},
    people::{Basis, Birth, EmailState, KinshipKind},
    table::{PersonKey, Side},
};
use kring_core::Lang;

pub(crate) fn make(m: &mut Making) {
    let dice = m.dice("families");
    let want = m.n(m.sector.sizes.families);
    let elderly = m.sector.key == "care";
    let young: Vec<PersonKey> =
        m.w.people
            .iter()
            .filter(|(k, p)| {
                let age = (m.today() - p.born) / 365;
                if elderly { m.flags[*k].student || dice.hits(0.3) } else { age < 19 && !m.flags[*k].staff }
            })
            .map(|(k, _)| k)
            .collect();
    let mut booked = m.side::<Option<PersonKey>>();
    for at in dice.some(young.len(), want.min(young.len())) {
        let Some(child) = young.get(at).copied() else { continue };
        let relative = relative(m, &dice, child, elderly);
        booked[child] = Some(relative);
    }
    shared_mail(m, &dice, &booked);
    for p in &mut m.w.participations {
        let minor = m.window.today - m.w.people[p.person].born < 365 * 19;
        if minor && let Some(parent) = booked[p.person] {
            p.booked_by = Some(parent);
        }
    }
    referred(m, &dice);
}

fn relative(m: &mut Making, dice: &Dice, of: PersonKey, elderly: bool) -> PersonKey {
    let (born_of, since, unit) = {
        let p = &m.w.people[of];
        (p.born, crate::calendar::day(p.since), p.unit)
    };
    let born = if elderly && dice.hits(0.7) {
        born_of + 365 * dice.between(22, 38)
    } else if elderly {
        born_of + 365 * dice.between(-6, 6)
    } else {
        born_of - 365 * dice.between(22, 44)
    };
    let since = (since + dice.between(0, 60)).min(m.today());
    let new = Newcomer {
        born,
        gender: gender(dice, 0.6),
        lang: Lang::Nl,
        km: dice.log_normal(9.0, 0.6),
        since,
        source: "form",
        basis: Basis::LegitimateInterest,
        unit,
        reach: (0.9, 0.8, 0.0),
    };
    let key = m.add(dice, &new);
    let surname = (m.w.people[of].name.surname_prefix.clone(), m.w.people[of].name.surname.clone());
    let address = m.w.people[of].address.clone();
    let person = &mut m.w.people[key];
    person.birth = Birth::Unknown;
    person.address = address;
    if dice.hits(0.7) {
        (person.name.surname_prefix, person.name.surname) = surname;
    }
    let kind = m.sector.slots.family;
    m.role(key, kind, (unit, None), "", (since, None), "form");
    match (elderly, born > born_of + 365 * 15) {
        (true, true) => m.kin(of, key, KinshipKind::ParentOf, since, "intake"),
        (true, false) => m.kin(of, key, KinshipKind::PartnerOf, since, "intake"),
        (false, _) => m.kin(key, of, KinshipKind::ParentOf, since, "form"),
    }
    m.touch(key, since);
    key
}

/// One in seventy people has the mail address of a parent or child.
fn shared_mail(m: &mut Making, dice: &Dice, booked: &Side<PersonKey, Option<PersonKey>>) {
    let pairs: Vec<(PersonKey, PersonKey)> = booked.iter().filter_map(|(k, r)| r.map(|r| (k, r))).collect();
    // Both ends of a pair count.
    let count = (0.015 * m.w.people.len() as f64 / 2.0).round() as usize;
    for at in dice.some(pairs.len(), count.min(pairs.len()).max(1)) {
        let Some((child, parent)) = pairs.get(at).copied() else { continue };
        let Some(mut mail) = m.w.people[parent].emails.first().cloned() else { continue };
        mail.state = EmailState::Shared;
        if let Some(first) = m.w.people[parent].emails.first_mut() {
            first.state = EmailState::Shared;
        }
        let theirs = &mut m.w.people[child].emails;
        match theirs.first_mut() {
            Some(first) => *first = mail,
            None => theirs.push(mail),
        }
        m.w.planted.shared_mail += 2;
    }
}

/// Some came because somebody spoke well of us; some alumni were introduced by another.
fn referred(m: &mut Making, dice: &Dice) {
    let by_word: Vec<PersonKey> =
        m.w.people.iter().filter(|(_, p)| p.source == "recommended").map(|(k, _)| k).collect();
    fellows(m, dice);
    let givers = if m.students.is_empty() { m.alumni.clone() } else { m.students.clone() };
    if givers.is_empty() {
        return;
    }
    for key in by_word {
        if dice.hits(0.15) {
            let giver = *dice.pick(&givers);
            let since = crate::calendar::day(m.w.people[key].since);
            if giver != key {
                let kind = if dice.hits(0.7) { KinshipKind::Referred } else { KinshipKind::Introduced };
                m.kin(giver, key, kind, since, "form");
            }
        }
    }
}

/// Alumni of one programme and year who still know each other.
fn fellows(m: &mut Making, dice: &Dice) {
    let mut classes: Vec<_> =
        m.w.diplomas.iter().map(|d| (d.programme, d.on.year(), d.person, d.on)).collect();
    classes.sort_unstable();
    let count = m.n(m.sector.sizes.alumni * 0.02);
    for at in dice.some(classes.len().saturating_sub(1), count) {
        let (Some(one), Some(other)) = (classes.get(at), classes.get(at + 1)) else { continue };
        if (one.0, one.1) == (other.0, other.1) && one.2 != other.2 {
            m.kin(
                one.2,
                other.2,
                KinshipKind::Knows,
                crate::calendar::day(one.3.max(other.3)),
                "alumni-office",
            );
        }
    }
}
