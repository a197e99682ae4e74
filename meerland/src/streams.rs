//! The large volumes of two years: letters, clicks, forms, chats, the trail. Made on the fly from the seed, each entry from
//! its own number alone, because three million letters are more than the rest of the world together.

use jiff::civil::DateTime;
use serde::Serialize;

use crate::{
    calendar::{Day, at, day},
    dice::{chosen, mix, mixed},
    people::{EmailState, Wish},
    table::{CampaignKey, PersonKey, Side, UnitKey},
    world::World,
};

/// Letters to one person in a month, at most.
const CAP: u64 = 2;
const QUESTIONS: u8 = 8;
/// Where the planted form loses people, and how many.
pub(crate) const LEAK: (u8, u64) = (6, 40);

/// A campaign's letter to a person.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Touch {
    pub campaign: CampaignKey,
    pub person: PersonKey,
    pub at: DateTime,
    pub bounced: bool,
    pub clicked: bool,
}

/// Somebody on a form of eight questions.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct FormVisit {
    pub campus: UnitKey,
    pub at: DateTime,
    /// Known once it was sent.
    pub person: Option<PersonKey>,
    /// The last question that was shown.
    pub reached: u8,
    pub sent: bool,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct ChatTurn {
    pub chat: u32,
    pub person: PersonKey,
    pub at: DateTime,
    pub ours: bool,
    pub topic: &'static str,
}

/// A line of the trail.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct AuditEntry {
    pub actor: PersonKey,
    pub person: PersonKey,
    pub at: DateTime,
    pub deed: &'static str,
}

struct Audience {
    /// By month, from two years ago on.
    campaigns: Vec<Vec<(Day, CampaignKey)>>,
}

impl World {
    /// Letters of the last two years in order of month, about three million at scale 1.0, never more than two a month to one
    /// person, never to who objects, is dead to our knowledge, or has no address that works.
    pub fn touches(&self) -> impl Iterator<Item = Touch> + '_ {
        let audiences = self.audiences();
        let of = self.audience_of();
        // Months in which somebody was known to us and can be written to.
        let today = day(self.settings.today);
        let known = |k: PersonKey| f64::from(today - day(self.people[k].since)) / 30.0;
        let months: f64 = of.iter().filter(|(_, a)| **a > 0).map(|(k, _)| known(k).clamp(0.0, 24.0)).sum();
        let seed = mix(self.settings.seed, 41, 0);
        let mean = self.settings.n(self.sector().sizes.mails_two_years) as f64 / months.max(1.0);
        // Mean letters a month; with two as the most, one person gets one or two, or none.
        let (two, one) = (mean / 4.0, mean * 3.0 / 4.0);
        (0..24_u64).flat_map(move |month| {
            let (audiences, of) = (audiences.clone(), of.clone());
            self.people.keys().flat_map(move |person| {
                let draw = mixed(seed, u64::from(person.0), month);
                let count = if draw < two { CAP } else { u64::from(draw < one) };
                let audience = of[person];
                let letters = (0..if audience == 0 { 0 } else { count })
                    .map(|n| self.touch(&audiences, usize::from(audience), person, month, n));
                letters.flatten().collect::<Vec<_>>()
            })
        })
    }

    fn touch(
        &self,
        all: &[Audience],
        audience: usize,
        person: PersonKey,
        month: u64,
        n: u64,
    ) -> Option<Touch> {
        let h = mix(self.settings.seed, u64::from(person.0), 1_000 + month);
        let campaigns = all.get(audience - 1)?.campaigns.get(month as usize)?;
        if n >= campaigns.len() as u64 {
            return None;
        }
        let (on, campaign) = *campaigns.get(((h >> 8) + n) as usize % campaigns.len())?;
        let since = day(self.people[person].since);
        if since > on {
            return None;
        }
        let draw = |k: u64| mixed(h, k, n);
        // Old addresses bounce more.
        let years = f64::from(on - since) / 365.0;
        let bounced = draw(1) < (0.02 + 0.007 * years).min(0.09);
        let minute = 8 * 60 + (draw(2) * 600.0) as i32;
        Some(Touch { campaign, person, at: at(on, minute), bounced, clicked: !bounced && draw(3) < 0.0425 })
    }

    /// The letters that were clicked on.
    pub fn clicks(&self) -> impl Iterator<Item = Touch> + '_ {
        self.touches().filter(|t| t.clicked)
    }

    fn audiences(&self) -> std::rc::Rc<[Audience]> {
        let today = day(self.settings.today);
        ["prospects", "students", "alumni", "contacts"]
            .into_iter()
            .map(|key| {
                let mut campaigns = vec![Vec::new(); 24];
                for (campaign, c) in self.campaigns.iter().filter(|(_, c)| c.audience == key) {
                    let ago = (today - day(c.on)) / 30;
                    if let Some(list) = campaigns.get_mut(23_usize.wrapping_sub(ago.max(0) as usize)) {
                        list.push((day(c.on), campaign));
                    }
                }
                Audience { campaigns }
            })
            .collect()
    }

    /// Which audience somebody belongs to: its place plus one, 0 for who gets no letters.
    fn audience_of(&self) -> std::rc::Rc<Side<PersonKey, u8>> {
        let slots = &self.sector().slots;
        let mut of: Side<PersonKey, u8> = Side::of(self.people.len());
        for r in self.roles.iter().filter(|r| r.to.is_none()) {
            let audience = match r.kind {
                k if k == slots.enrolled => 2,
                k if k == slots.alumnus => 3,
                k if k == slots.interested || k == slots.applicant || k == slots.family => 1,
                k if k == slots.contact || k == slots.supervisor => 4,
                _ => 0,
            };
            of[r.person] = of[r.person].max(audience);
        }
        for (key, p) in self.people.iter() {
            let works = p.emails.iter().any(|e| e.state != EmailState::Dead);
            if !works || p.deceased.is_some_and(|d| d.marked) {
                of[key] = 0;
            }
        }
        for c in self.consents.iter().filter(|c| c.wish == Wish::Objects && c.purpose == "marketing") {
            of[c.person] = 0;
        }
        std::rc::Rc::new(of)
    }

    /// Visits of two years to the forms of the campuses. At one of them two in five who see question six leave there.
    pub fn form_visits(&self) -> impl Iterator<Item = FormVisit> + '_ {
        let leaky = self.planted.leaky_campus;
        let campuses = &self.units.campuses;
        let seed = mix(self.settings.seed, 43, 0);
        // Of those who begin, this share sends: all questions survived, and one campus in so many leaks.
        let stays = 0.94_f64.powi(i32::from(QUESTIONS));
        let share = stays * (1.0 - (1.0 - 0.6 / 0.94) / campuses.len().max(1) as f64);
        let visits = (self.settings.n(self.sector().sizes.forms_two_years) as f64 / share).round() as u64;
        let mut seen = 0_u64;
        (0..if campuses.is_empty() { 0 } else { visits }).map(move |n| {
            let h = mix(seed, n, 0);
            let campus = *chosen(campuses, (h % campuses.len() as u64) as usize);
            let (mut reached, mut left) = (0, false);
            while !left && reached < QUESTIONS {
                reached += 1;
                left = if Some(campus) == leaky && reached == LEAK.0 {
                    seen += 1;
                    (seen * LEAK.1) / 100 > ((seen - 1) * LEAK.1) / 100
                } else {
                    mixed(h, u64::from(reached), 1) < 0.06
                };
            }
            let sent = !left;
            let on = day(self.settings.today) - 1 - (mixed(h, 1, 2) * 729.0) as i32;
            let person = sent.then(|| self.somebody(mix(h, 3, 3)));
            FormVisit { campus, at: at(on, 8 * 60 + (mixed(h, 2, 2) * 900.0) as i32), person, reached, sent }
        })
    }

    fn somebody(&self, h: u64) -> PersonKey {
        PersonKey((h % self.people.len().max(1) as u64) as u32)
    }

    /// Chats of two years, six turns each.
    pub fn chat_turns(&self) -> impl Iterator<Item = ChatTurn> + '_ {
        let turns = self.settings.n(self.sector().sizes.chats_two_years) as u64;
        let topics = self.sector().topics;
        let seed = mix(self.settings.seed, 44, 0);
        (0..turns).map(move |n| {
            let (chat, turn) = (n / 6, n % 6);
            let h = mix(seed, chat, 0);
            let on = day(self.settings.today) - 1 - (mixed(h, 1, 2) * 729.0) as i32;
            let minute = 9 * 60 + (mixed(h, 2, 2) * 720.0) as i32 + turn as i32;
            let topic = chosen(topics, (mix(h, 4, 4) % topics.len() as u64) as usize).key;
            ChatTurn {
                chat: chat as u32,
                person: self.somebody(h),
                at: at(on, minute),
                ours: turn % 2 == 1,
                topic,
            }
        })
    }

    /// Lines of the trail of two years: twenty million at scale 1.0.
    pub fn audit(&self) -> impl Iterator<Item = AuditEntry> + '_ {
        const DEEDS: [&str; 5] = ["viewed", "viewed", "changed", "searched", "exported"];
        let staff: Vec<PersonKey> =
            self.roles.iter().filter(|r| r.kind == self.sector().slots.staff).map(|r| r.person).collect();
        let lines = self.settings.n(self.sector().sizes.audit_two_years) as u64;
        let seed = mix(self.settings.seed, 45, 0);
        (0..if staff.is_empty() { 0 } else { lines }).map(move |n| {
            let h = mix(seed, n, 0);
            // In the order in which they were written.
            let on = day(self.settings.today) - 730 + (n * 729 / lines) as i32;
            AuditEntry {
                actor: *chosen(&staff, (h % staff.len() as u64) as usize),
                person: self.somebody(mix(h, 1, 1)),
                at: at(on, 480 + ((n * 729) % lines.max(1) * 600 / lines.max(1)) as i32),
                deed: chosen::<&'static str>(&DEEDS, (h >> 40) as usize % DEEDS.len()),
            }
        })
    }
}
