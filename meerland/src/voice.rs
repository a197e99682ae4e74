//! Who is asked for an opinion, what they say, and whether the call that they asked for came.

use crate::{
    calendar::{Day, at, day, on},
    desk::school_of,
    dice::Dice,
    making::Making,
    marks::deal,
    service::{Callback, Invitation, Response},
    table::{Key, PersonKey, RequestKey, ResponseKey, UnitKey},
};

/// Invitations in a year, and days between two.
pub(crate) const CAP: usize = 4;
const APART: Day = 30;
/// Response by channel of the question.
const RESPONSE: &[(&str, f64)] = &[("chat", 0.31), ("whatsapp", 0.24)];
const BY_MAIL: f64 = 0.18;
/// Not called back in time, in the slack queue and elsewhere.
const SLACK: f64 = 0.31;
const USUAL: f64 = 0.06;

pub(crate) fn make(m: &mut Making) {
    let dice = m.dice("voice");
    tired(m, &dice);
    invite(m, &dice);
    respond(m, &dice);
    callbacks(m, &dice);
}

/// People whom three departments asked six times in a year, each department well within the cap by its own count.
fn tired(m: &mut Making, dice: &Dice) {
    let departments =
        [m.w.units.named("serviceplein"), m.w.units.named("quality"), m.w.units.named("marketing")];
    let long: Vec<PersonKey> =
        m.w.enrolments
            .iter()
            .filter(|e| e.end.is_none() && m.today() - day(e.start) > 30)
            .map(|e| e.person)
            .collect();
    let count = m.n(m.sector.sizes.over_cap).min(long.len());
    for at in dice.some(long.len(), count) {
        let Some(person) = long.get(at).copied() else { continue };
        m.flags[person].planted = true;
        m.w.planted.over_cap.push(person);
        let unit = m.w.people[person].unit.unwrap_or(m.w.units.root());
        let first = m.today() - 355 + dice.between(0, 60);
        for n in 0..6 {
            let by = departments.get(n % 3).copied().unwrap_or(unit);
            let on = on(first + n as Day * 52 + dice.between(0, 9));
            m.w.invitations.push(Invitation { person, by, unit, request: None, channel: "mail", on });
        }
    }
    m.w.planted.over_cap.sort_unstable();
}

/// After closed requests and once a year by the quality office, within the cap.
fn invite(m: &mut Making, dice: &Dice) {
    let service = m.w.units.named("serviceplein");
    let quality = m.w.units.named("quality");
    let mut recent = m.side::<[Day; CAP]>();
    let mut occasions: Vec<(Day, PersonKey, UnitKey, UnitKey, Option<RequestKey>, &'static str)> = Vec::new();
    for (key, r) in m.w.requests.iter() {
        if let Some(closed) = r.closed {
            occasions.push((day(closed.date()), r.person, service, r.unit, Some(key), r.channel));
        }
    }
    for e in &m.w.enrolments {
        let (start, end) = (day(e.start), e.end.map_or(m.today(), day));
        let unit = m.w.programmes[e.programme].school;
        for back in 0..6 {
            let survey = m.window.month_day(back, 5, 1 + dice.between(0, 20));
            if survey > start && survey < end.min(m.today()) && dice.hits(0.7) {
                occasions.push((survey, e.person, quality, unit, None, "mail"));
            }
        }
    }
    occasions.sort_unstable_by_key(|o| (o.0, o.1, o.4));
    for (when, person, by, unit, request, channel) in occasions {
        let scored = m.w.units.all[school_of(m, unit)].mean.is_some();
        if m.flags[person].planted || !scored {
            continue;
        }
        let last = &mut recent[person];
        let within = last.iter().filter(|d| **d != 0 && when - **d < 365).count();
        let newest = last.iter().copied().max().unwrap_or_default();
        if within >= CAP || (newest != 0 && when - newest < APART) {
            continue;
        }
        if let Some(oldest) = last.iter_mut().min() {
            *oldest = when;
        }
        let channel = if matches!(channel, "chat" | "whatsapp") { channel } else { "mail" };
        m.w.invitations.push(Invitation { person, by, unit, request, channel, on: on(when) });
    }
    m.w.invitations.sort_by_key(|i| (i.on, i.person, i.request));
}

fn respond(m: &mut Making, dice: &Dice) {
    let mut given: Vec<(usize, Day)> = Vec::new();
    for back in 0..6 {
        let (from, to) = (m.window.august(back), m.window.august(back - 1).min(m.today()));
        let places: Vec<usize> = (0..m.w.invitations.len())
            .filter(|at| m.w.invitations.get(*at).is_some_and(|i| (from..to - 1).contains(&day(i.on))))
            .collect();
        let rate = |at: &usize| {
            let channel = m.w.invitations.get(*at).map_or("", |i| i.channel);
            RESPONSE.iter().find(|r| r.0 == channel).map_or(BY_MAIL, |r| r.1)
        };
        let weights: Vec<f64> = places.iter().map(rate).collect();
        // As many as the year should bring, and never more than people answer.
        let most = (0.34 * places.len() as f64).round() as usize;
        let due = f64::from(to - from) / 365.0 * m.sector.sizes.answers_a_year;
        for at in dice.by_weight(&weights, m.n(due).min(most)) {
            let Some(place) = places.get(at).copied() else { continue };
            let asked = m.w.invitations.get(place).map_or(from, |i| day(i.on));
            given.push((place, (asked + dice.between(0, 3)).min(m.today() - 1)));
        }
    }
    given.sort_unstable_by_key(|(place, day)| (*day, *place));
    let scores = deal(m, dice, &given);
    for ((place, when), score) in given.into_iter().zip(scores) {
        let Some(invitation) = m.w.invitations.get(place) else { continue };
        let away = (f64::from(score) - 7.56) / 1.67;
        let expectation = 7.7 + 1.1 * (0.35 * away + (1.0_f64 - 0.35 * 0.35).sqrt() * dice.normal());
        let hour = dice.between(8, 22);
        m.w.responses.add(Response {
            invitation: place as u32,
            person: invitation.person,
            unit: school_of(m, invitation.unit),
            score,
            expectation: expectation.round().clamp(1.0, 10.0) as u8,
            wants_contact: dice.hits(if score <= 5 { 0.4 } else { 0.091 }),
            at: at(when, hour * 60 + dice.between(0, 59)),
        });
    }
}

/// A working day later it should have happened. One queue is slack.
fn callbacks(m: &mut Making, dice: &Dice) {
    let slack = m.w.units.find("queue-timetable").or(m.w.units.queues.last().copied());
    let general = m.w.units.named("queue-general");
    let mut by_queue: Vec<(UnitKey, Vec<ResponseKey>)> = Vec::new();
    for (key, r) in m.w.responses.iter().filter(|(_, r)| r.wants_contact) {
        let request = m.w.invitations.get(r.invitation as usize).and_then(|i| i.request);
        let queue = request.map_or(general, |r| m.w.requests[r].queue);
        match by_queue.iter_mut().find(|(q, _)| *q == queue) {
            Some((_, list)) => list.push(key),
            None => by_queue.push((queue, vec![key])),
        }
    }
    for (queue, all) in by_queue {
        let due: Vec<f64> = all
            .iter()
            .map(|k| f64::from(u8::from(day(m.w.responses[*k].at.date()) + 4 < m.today())))
            .collect();
        let share = if Some(queue) == slack { SLACK } else { USUAL };
        let missed = dice.by_weight(&due, (share * due.iter().sum::<f64>()).round() as usize);
        for (n, key) in all.into_iter().enumerate() {
            let r = m.w.responses[key];
            let wanted = day(r.at.date());
            let minute = i32::from(r.at.hour()) * 60 + i32::from(r.at.minute());
            let next = (wanted + 1..wanted + 5).find(|d| crate::calendar::workday(*d)).unwrap_or(wanted + 1);
            let kept = missed.binary_search(&n).is_err();
            let called = if kept { next } else { next + dice.between(1, 9) };
            let reached = (called < m.today() && (kept || dice.hits(0.6)))
                .then(|| at(called, minute.clamp(540, 1_000) - dice.between(0, 30)));
            m.w.callbacks.push(Callback {
                response: key,
                person: r.person,
                queue,
                wanted: r.at,
                due: at(next, minute.clamp(540, 1_020)),
                attempts: 1 + u8::from(dice.hits(0.2)),
                reached,
                kept: kept && reached.is_some(),
            });
        }
    }
    m.w.callbacks.sort_by_key(|c| (c.wanted, ResponseKey::at(c.response)));
    m.w.planted.slack_queue = slack;
}
