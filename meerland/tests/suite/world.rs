//! What holds for every Meerland: the same settings give the same bytes, nothing has happened after today, the sizes are
//! those of the domain.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic: that is how it fails")]

use jiff::civil::{Date, DateTime, date};
use kring_meerland::*;
use sha2::{Digest, Sha256};

const TODAY: Date = date(2026, 11, 29);

fn world(scale: f64, today: Date) -> World {
    World::make(&Settings { seed: 7, scale, today, pack: Pack::Education })
}

fn hash(world: &World) -> Vec<u8> {
    Sha256::digest(serde_json::to_vec(world).unwrap()).to_vec()
}

#[test]
fn the_same_settings_give_the_same_bytes() {
    let (one, other) = (world(0.01, TODAY), world(0.01, TODAY));
    assert_eq!(hash(&one), hash(&other));
    let list_bytes = |w: &World| lists(w).into_iter().map(|l| l.bytes).collect::<Vec<_>>();
    assert!(list_bytes(&one) == list_bytes(&other));
    assert_eq!(answer_key(&one), answer_key(&other));
    let letters = |w: &World| w.touches().map(|t| (t.person, t.at)).collect::<Vec<_>>();
    assert_eq!(letters(&one), letters(&other));
    let another = World::make(&Settings { seed: 8, scale: 0.01, today: TODAY, pack: Pack::Education });
    assert_ne!(hash(&one), hash(&another));
}

/// Every date of the world that tells what has happened.
fn happened(w: &World) -> Vec<(&'static str, Date)> {
    let mut all: Vec<(&'static str, Date)> = Vec::new();
    let mut add = |what, day: Option<Date>| all.extend(day.map(|d| (what, d)));
    for (_, p) in w.people.iter() {
        add("since", Some(p.since));
        add("last contact", p.last_contact);
        add("death", p.deceased.map(|d| d.on));
        if let Birth::Full(day) = p.birth {
            add("birth", Some(day));
        }
    }
    for (_, o) in w.organisations.iter() {
        add("organisation", Some(o.since));
        add("organisation contact", o.last_contact);
        o.accreditations.iter().for_each(|a| add("accreditation", Some(a.from)));
    }
    for r in &w.roles {
        add("role from", Some(r.from));
        add("role to", r.to);
        assert!(r.to.is_none_or(|to| to >= r.from), "{r:?}");
    }
    w.kinships.iter().for_each(|k| add("kinship", Some(k.since)));
    for t in &w.ties {
        add("tie", Some(t.from));
        add("tie to", t.to);
        add("tie confirmed", Some(t.confirmed));
    }
    w.knows.iter().for_each(|k| add("knows", Some(k.last_contact)));
    w.consents.iter().for_each(|c| add("consent", Some(c.on)));
    w.subscriptions.iter().for_each(|s| add("subscription", Some(s.since)));
    w.notes.iter().for_each(|n| add("note", Some(n.on)));
    for i in &w.interests {
        add("interest", Some(i.on));
        add("stage", Some(i.stage_on));
        assert!(i.stage_on >= i.on, "{i:?}");
    }
    w.participations.iter().for_each(|p| add("registration", Some(p.registered)));
    for a in &w.applications {
        add("application", Some(a.at.date()));
        assert!(a.states.is_sorted_by_key(|s| s.1), "{a:?}");
        a.states.iter().for_each(|s| add("application state", Some(s.1)));
    }
    for e in &w.enrolments {
        add("start", Some(e.start));
        add("end", e.end);
    }
    w.diplomas.iter().for_each(|d| add("diploma", Some(d.on)));
    for p in &w.placements {
        add("placement", Some(p.start));
        if p.state != PlacementState::Running {
            add("placement end", Some(p.end));
        }
    }
    for (_, r) in w.requests.iter() {
        add("request", Some(r.at.date()));
        add("reply", r.replied.map(DateTime::date));
        add("closing", r.closed.map(DateTime::date));
    }
    w.invitations.iter().for_each(|i| add("invitation", Some(i.on)));
    w.responses.iter().for_each(|(_, r)| add("response", Some(r.at.date())));
    w.callbacks.iter().for_each(|c| add("call", c.reached.map(DateTime::date)));
    w.outside_scores.iter().for_each(|s| add("outside score", Some(s.on)));
    w.panel.iter().for_each(|p| add("panel", Some(p.from)));
    w.rankings.iter().for_each(|r| add("ranking", Some(r.on)));
    for a in &w.asks {
        for day in [Some(a.on), a.answered, a.done, a.thanked] {
            add("ask", day);
        }
    }
    w.offers.iter().for_each(|o| add("offer", Some(o.on)));
    w.contributions.iter().for_each(|c| add("contribution", Some(c.on)));
    w.gifts.iter().for_each(|g| add("gift", Some(g.on)));
    w.terms.iter().for_each(|t| add("term", Some(t.from)));
    w.engagements.iter().for_each(|e| add("engagement", Some(e.on)));
    w.efforts.iter().for_each(|e| add("effort", Some(e.on)));
    w.campaigns.iter().for_each(|(_, c)| add("campaign", Some(c.on)));
    w.company_touches.iter().for_each(|t| add("company letter", Some(t.on)));
    w.touches().for_each(|t| add("letter", Some(t.at.date())));
    w.form_visits().for_each(|v| add("form", Some(v.at.date())));
    w.chat_turns().for_each(|c| add("chat", Some(c.at.date())));
    all
}

#[test]
fn nothing_has_happened_after_today_whatever_day_it_is() {
    let mut people = Vec::new();
    for today in
        [TODAY, date(2026, 8, 1), date(2027, 2, 2), date(2027, 7, 31), date(2028, 2, 29), date(2026, 12, 9)]
    {
        let w = world(0.01, today);
        people.push(w.people.len());
        for (what, day) in happened(&w) {
            assert!(day <= today, "{today}: {what} on {day}");
        }
    }
    assert!(people.iter().all(|n| *n == people[0]), "{people:?}");
}

#[test]
fn moving_today_moves_the_whole_institution() {
    let (one, other) = (world(0.01, TODAY), world(0.01, date(2029, 11, 29)));
    let first = |w: &World| w.enrolments.iter().map(|e| e.start).min().unwrap();
    assert_eq!(i32::from(first(&other).year()) - i32::from(first(&one).year()), 3);
    let open = |w: &World| w.interests.iter().filter(|i| i.season == w.settings.today.year()).count();
    assert_eq!(open(&one), open(&other));
    assert_eq!(one.people.len(), other.people.len());
}

fn holders(w: &World, kind: &str, now: bool) -> usize {
    let mut all: Vec<PersonKey> =
        w.roles.iter().filter(|r| r.kind == kind && (!now || r.to.is_none())).map(|r| r.person).collect();
    all.sort_unstable();
    all.dedup();
    all.len()
}

fn close(what: &str, got: f64, want: f64, within: f64) {
    assert!((got - want).abs() <= within * want, "{what}: {got}, expected {want}");
}

#[test]
fn the_sizes_are_those_of_the_domain() {
    for scale in [0.01, 0.1] {
        let w = world(scale, TODAY);
        let n = |full: f64| (full * scale).round();
        let exactly = |got: usize, full: f64| assert_eq!(got, n(full) as usize);
        exactly(holders(&w, "enrolled_student", true), 20_000.0);
        exactly(holders(&w, "alumnus", false), 150_000.0);
        exactly(w.organisations.len(), 8_000.0);
        close(
            "staff",
            holders(&w, "employee", true) as f64,
            n(2_300.0),
            if scale < 0.1 { 0.5 } else { 0.05 },
        );
        for season in 2021..=2025 {
            let of = |i: &&Interest| i.season == season;
            exactly(w.interests.iter().filter(of).count(), 60_000.0);
            let enrolled = w.applications.iter().filter(|a| a.season == season && a.enrolled).count() as f64;
            close("enrolled", enrolled, n(6_100.0), 0.03);
            let mut who: Vec<_> =
                w.applications.iter().filter(|a| a.season == season).map(|a| a.person).collect();
            let applications = who.len() as f64;
            who.sort_unstable();
            who.dedup();
            close("applicants", who.len() as f64, n(8_500.0), 0.04);
            close("applications", applications / who.len() as f64, 1.22, 0.08);
        }
        let current = |e: &&Enrolment| e.outcome == Outcome::Current;
        let mbo = w.enrolments.iter().filter(current).filter(|e| w.programmes[e.programme].track == "mbo");
        exactly(mbo.count(), 12_000.0);
        let requests =
            w.requests.iter().filter(|(_, r)| (date(2025, 8, 1)..date(2026, 8, 1)).contains(&r.at.date()));
        close("requests", requests.count() as f64, n(78_000.0), 0.06);
    }
}

#[test]
fn rates_are_those_of_the_domain() {
    let w = world(0.1, TODAY);
    let share = |part: usize, of: usize| part as f64 / of as f64;
    let season = |p: &Participation| {
        let on = w.occasions[p.occasion].on;
        (date(2022, 8, 1)..date(2026, 8, 1)).contains(&on)
    };
    let visits: Vec<&Participation> = w.participations.iter().filter(|p| season(p)).collect();
    close("show-up", share(visits.iter().filter(|p| p.attended).count(), visits.len()), 0.75, 0.02);
    let companions: usize = visits.iter().map(|p| usize::from(p.companions)).sum();
    close("companions", share(companions, visits.iter().filter(|p| p.attended).count()), 0.9, 0.05);
    let valid = |k: PersonKey| w.people[k].emails.iter().any(|e| e.state != EmailState::Dead);
    let alumni: Vec<PersonKey> = w.roles.iter().filter(|r| r.kind == "alumnus").map(|r| r.person).collect();
    close("alumni with mail", share(alumni.iter().filter(|k| valid(**k)).count(), alumni.len()), 0.55, 0.03);
    let present = alumni.iter().filter(|k| !w.people[**k].emails.is_empty()).count();
    close("alumni with any mail", share(present, alumni.len()), 0.71, 0.03);
    let dead = |marked: bool| {
        alumni.iter().filter(|k| w.people[**k].deceased.is_some_and(|d| d.marked == marked)).count()
    };
    close("deceased, noted", share(dead(true), alumni.len()), 0.019, 0.01);
    close("deceased, not noted", share(dead(false), alumni.len()), 0.006, 0.01);
    let letters =
        w.consents.iter().filter(|c| c.purpose == "newsletter" && alumni.binary_search(&c.person).is_ok());
    close("newsletter", share(letters.count(), alumni.len()), 0.22, 0.04);
    let objects = w.consents.iter().filter(|c| c.purpose == "marketing" && c.wish == Wish::Objects);
    close("opt-out", share(objects.count(), alumni.len()), 0.103, 0.01);
    let mean = w.responses.iter().map(|(_, r)| f64::from(r.score)).sum::<f64>() / w.responses.len() as f64;
    close("mean mark", mean, 7.56, 0.03);
    let wants = share(w.responses.iter().filter(|(_, r)| r.wants_contact).count(), w.responses.len());
    close("wants contact", wants, 0.12, 0.15);
    let late = share(w.requests.iter().filter(|(_, r)| r.late).count(), w.requests.len());
    close("late", late, 0.08, 0.06);
    let mut reached: Vec<PersonKey> = w.engagements.iter().map(|e| e.person).collect();
    reached.sort_unstable();
    reached.dedup();
    assert_eq!(reached.len(), 620);
    assert!(reached.iter().all(|k| alumni.binary_search(k).is_ok()));
    let mut by_company = std::collections::HashMap::new();
    w.placements.iter().for_each(|p| *by_company.entry(p.organisation).or_insert(0_usize) += 1);
    let mut counts: Vec<usize> = by_company.into_values().collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let top: usize = counts.iter().take(w.organisations.len() / 100).sum();
    close("placements at the top hundredth", share(top, w.placements.len()), 0.25, 0.25);
    for ask in w.sector().asks {
        let of: Vec<&Ask> = w.asks.iter().filter(|a| a.kind == ask.key).collect();
        let yes = of.iter().filter(|a| a.answer == Answer::Yes).count();
        // Whole people, five years of them.
        assert!((yes as f64 - ask.yes * of.len() as f64).abs() <= 2.5, "{}: {yes} of {}", ask.key, of.len());
    }
}

#[test]
fn a_company_is_recognised_when_a_student_begins() {
    let w = world(0.1, TODAY);
    for p in w.placements.iter().filter(|p| w.programmes[p.programme].scheme == "crebo") {
        let o = &w.organisations[p.organisation];
        assert!(o.accreditations.iter().any(|a| a.programme == p.programme && a.from <= p.start), "{p:?}");
    }
}

#[test]
fn letters_respect_the_cap_and_objections() {
    let w = world(0.01, TODAY);
    let mut objects = vec![false; w.people.len()];
    w.consents.iter().filter(|c| c.purpose == "marketing").for_each(|c| objects[c.person.at()] = true);
    let mut count = std::collections::HashMap::new();
    let mut total = 0.0;
    for t in w.touches() {
        assert!(!objects[t.person.at()]);
        assert!(!w.people[t.person].deceased.is_some_and(|d| d.marked));
        let days = t.at.date().until(TODAY).unwrap().get_days();
        *count.entry((t.person, days / 30)).or_insert(0) += 1;
        total += 1.0;
    }
    assert!(count.values().all(|n| *n <= 2));
    close("letters", total, 30_000.0, 0.15);
    let clicks = w.clicks().count() as f64;
    close("clicks", clicks / total, 0.04, 0.1);
    let sent = w.form_visits().filter(|v| v.sent).count() as f64;
    close("forms", sent, 2_100.0, 0.06);
    assert_eq!(w.chat_turns().count(), 9_000);
    assert_eq!(w.audit().count(), 200_000);
}

#[test]
fn nobody_can_be_reached_by_accident() {
    let w = world(0.01, TODAY);
    let mut phones: Vec<&str> =
        w.people.iter().flat_map(|(_, p)| &p.phones).map(|p| p.number.as_str()).collect();
    assert!(phones.iter().all(|n| n.starts_with("+31619") && n.len() == 12));
    let all = phones.len();
    phones.sort_unstable();
    phones.dedup();
    assert_eq!(phones.len(), all, "no two people have one number");
    let reserved = [".example", "example.com", "example.net", "example.org"];
    for (_, p) in w.people.iter() {
        for mail in &p.emails {
            assert!(reserved.iter().any(|r| mail.address.ends_with(r)), "{}", mail.address);
        }
    }
    for (_, o) in w.organisations.iter() {
        assert!(o.domain.ends_with(".example"));
        assert!(
            o.identifiers
                .iter()
                .filter(|i| i.scheme == "kvk")
                .all(|i| i.value.starts_with("99") && i.value.len() == 8)
        );
    }
}
