//! What people said we may do: consents with how and when, objections, newsletters.

use crate::{
    calendar::{Day, day, on},
    dice::Dice,
    making::Making,
    people::{Channel, Consent, KinshipKind, Subscription, Wish},
    table::{PersonKey, UnitKey},
};

const NEWSLETTER: f64 = 0.22;
const OPT_OUT: f64 = 0.103;
const MEMBERS: f64 = 0.06;

pub(crate) fn make(m: &mut Making) {
    let dice = m.dice("wishes");
    let root = m.w.units.root();
    interested(m, &dice, root);
    alumni(m, &dice, root);
    others(m, &dice, root);
}

#[expect(clippy::too_many_arguments, reason = "the columns of one row, each of another type")]
fn say(
    m: &mut Making,
    person: PersonKey,
    purpose: &'static str,
    channel: Channel,
    wish: Wish,
    when: Day,
    how: &'static str,
    controller: UnitKey,
) {
    let on = on(when.min(m.today()));
    m.w.consents.push(Consent { person, purpose, channel, wish, on, how, by: None, controller });
}

/// Seven in ten tick the box; for who is under sixteen a parent must, where we know one.
fn interested(m: &mut Making, dice: &Dice, root: UnitKey) {
    let mut parent = m.side::<Option<PersonKey>>();
    for k in m.w.kinships.iter().filter(|k| k.kind == KinshipKind::ParentOf) {
        parent[k.to] = Some(k.from);
    }
    let asked: Vec<(PersonKey, Day)> = m.w.interests.iter().map(|i| (i.person, day(i.on))).collect();
    let mut seen = m.side::<bool>();
    for (person, when) in asked {
        if std::mem::replace(&mut seen[person], true) || !dice.hits(0.7) {
            continue;
        }
        let young = when - m.w.people[person].born < 365 * 16;
        if young && parent[person].is_none() {
            continue;
        }
        say(m, person, "orientation", Channel::Mail, Wish::Consents, when, "form", root);
        if young && let Some(last) = m.w.consents.last_mut() {
            last.by = parent[person];
        }
        if dice.hits(0.3) && !young {
            say(m, person, "orientation", Channel::Phone, Wish::Consents, when, "form", root);
        }
        if dice.hits(0.06) {
            say(
                m,
                person,
                "orientation",
                Channel::Mail,
                Wish::Withdrew,
                when + dice.between(10, 300),
                "mail",
                root,
            );
        }
    }
}

fn alumni(m: &mut Making, dice: &Dice, root: UnitKey) {
    let mut all: Vec<PersonKey> = m.alumni.clone();
    dice.shuffle(&mut all);
    let (letters, refusals, members) = (
        (NEWSLETTER * all.len() as f64).round() as usize,
        (OPT_OUT * all.len() as f64).round() as usize,
        (MEMBERS * all.len() as f64).round() as usize,
    );
    let association = m.w.units.find("association").unwrap_or(root);
    for (n, person) in all.into_iter().enumerate() {
        let known = day(m.w.people[person].since).max(m.window.start() - 1_500);
        let when = dice.between(known, m.today() - 5);
        if n < letters {
            say(
                m,
                person,
                "newsletter",
                Channel::Mail,
                Wish::Consents,
                when,
                dice.word(&["form", "counter", "form", "phone"]),
                root,
            );
            let until = m.w.people[person].deceased.filter(|d| d.marked).map(|d| d.on.max(on(when)));
            m.w.subscriptions.push(Subscription { person, letter: "alumni-letter", since: on(when), until });
            if dice.hits(0.35) {
                say(m, person, "llo", Channel::Mail, Wish::Consents, when, "form", root);
            }
        } else if n < letters + refusals {
            say(
                m,
                person,
                "marketing",
                Channel::Any,
                Wish::Objects,
                when,
                dice.word(&["mail", "form", "phone"]),
                root,
            );
        }
        if n % 17 == 3 && n / 17 < members {
            m.role(person, m.sector.slots.member, (Some(association), None), "", (when, None), "association");
            say(m, person, "association", Channel::Mail, Wish::Consents, when, "form", association);
        }
    }
}

/// Contacts of companies for their letter, a few students against surveys, donors for the fund.
fn others(m: &mut Making, dice: &Dice, root: UnitKey) {
    let fund = m.w.units.find("fund").unwrap_or(root);
    let roles: Vec<(PersonKey, &'static str, Day)> =
        m.w.roles.iter().filter(|r| r.to.is_none()).map(|r| (r.person, r.kind, day(r.from))).collect();
    let slots = &m.sector.slots;
    for (person, kind, since) in roles {
        if (kind == slots.contact || kind == slots.supervisor) && dice.hits(0.15) {
            say(m, person, "newsletter", Channel::Mail, Wish::Consents, since, "counter", root);
            let since = on(since);
            m.w.subscriptions.push(Subscription { person, letter: "company-letter", since, until: None });
        } else if kind == slots.enrolled && dice.hits(0.01) {
            say(
                m,
                person,
                "survey",
                Channel::Any,
                Wish::Objects,
                m.today() - dice.between(1, 300),
                "form",
                root,
            );
        } else if kind == slots.donor {
            say(m, person, "fundraising", Channel::Mail, Wish::Consents, since, "form", fund);
        }
    }
}
