//! The permission function: pure, so that its whole truth table can be tested.

use kring_db::stored;
use kring_frame::{Purpose, Saying};

use crate::say;

stored! {
    pub enum Channel {
        Mail = "mail",
        Phone = "phone",
        Post = "post",
    }
}

stored! {
    /// Why a message goes out, which decides whether a duplicate or a miss is the lesser evil.
    pub enum MessageClass {
        /// An answer to what the person asked, a receipt, a password link.
        Transactional = "transactional",
        /// Everything we begin ourselves.
        Announcement = "announcement",
    }
}

/// How old somebody is, as far as the law asks. Unknown counts as young where promotion is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    Under16,
    From16,
    Adult,
    Unknown,
}

/// What the ledger says last about one purpose and channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    #[default]
    Silent,
    Consented,
    Withdrawn,
    Objected,
}

/// All that the decision depends on.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    pub deceased: bool,
    /// A person of the house stopped everything but what the law demands.
    pub blocked: bool,
    pub age: Age,
    /// About this purpose and channel.
    pub standing: Standing,
    /// There is a way to reach them: an address, a number.
    pub reachable: bool,
}

/// Allowed or not, and why, most important reason first.
#[derive(Clone, Debug)]
pub struct Verdict {
    pub allowed: bool,
    pub reasons: Vec<Saying>,
}

impl Verdict {
    fn yes(reason: Saying) -> Self {
        Self { allowed: true, reasons: vec![reason] }
    }
    fn no(reasons: Vec<Saying>) -> Self {
        Self { allowed: false, reasons }
    }
}

/// May we approach somebody for this purpose over this channel? Quiet hours and the budget of attention are
/// about *when* and *how often*, and are asked apart.
///
/// Source of the rules: GDPR 6, 7, 8, 21; Telecommunicatiewet 11.7 (promotion by mail or phone only with prior
/// consent; since 1 July 2026 no exception for customers by phone); UAVG 5 (under 16 a parent consents).
pub fn may(facts: &Facts, purpose: Purpose, channel: Channel, class: MessageClass) -> Verdict {
    let mut no = Vec::new();
    if facts.deceased {
        no.push(say::no_deceased());
    }
    if facts.blocked {
        no.push(say::no_blocked());
    }
    if !facts.reachable {
        no.push(match channel {
            Channel::Mail => say::no_mail_address(),
            Channel::Phone => say::no_phone_number(),
            Channel::Post => say::no_post_address(),
        });
    }
    // What somebody asked for is answered, also when they object to everything else. An objection to service
    // itself (the person wants no answer by this channel) is still heard.
    let asked_for = class == MessageClass::Transactional && purpose == Purpose::Service;
    match facts.standing {
        Standing::Objected => no.push(say::no_objected()),
        Standing::Withdrawn if !asked_for => no.push(say::no_withdrawn()),
        Standing::Withdrawn | Standing::Consented | Standing::Silent => {}
    }
    if needs_consent(purpose) {
        if facts.standing == Standing::Silent {
            no.push(say::no_consent());
        }
        match facts.age {
            Age::Under16 => no.push(say::no_under_16()),
            Age::Unknown => no.push(say::no_age_unknown()),
            Age::From16 | Age::Adult => {}
        }
    }
    if !no.is_empty() {
        return Verdict::no(no);
    }
    Verdict::yes(match (purpose, facts.standing) {
        (_, Standing::Consented) => say::yes_consented(),
        (Purpose::Service, _) => say::yes_service(),
        (Purpose::Research, _) => say::yes_research(),
        (Purpose::Legal, _) => say::yes_legal(),
        _ => say::yes_basis(),
    })
}

/// Promotion and asks need a yes beforehand; questions that were asked, research and legal duties do not.
fn needs_consent(purpose: Purpose) -> bool {
    matches!(purpose, Purpose::Marketing | Purpose::Alumni)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every combination against the rules said another way round: a list of what is allowed.
    #[test]
    fn the_truth_table() {
        let (mut rows, mut allowed) = (0, 0);
        for purpose in Purpose::ALL.iter().copied() {
            for channel in Channel::ALL.iter().copied() {
                for class in MessageClass::ALL.iter().copied() {
                    for age in [Age::Under16, Age::From16, Age::Adult, Age::Unknown] {
                        for standing in
                            [Standing::Silent, Standing::Consented, Standing::Withdrawn, Standing::Objected]
                        {
                            for bits in 0..8 {
                                let (deceased, blocked, reachable) =
                                    (bits & 1 > 0, bits & 2 > 0, bits & 4 > 0);
                                let facts = Facts { deceased, blocked, age, standing, reachable };
                                let verdict = may(&facts, purpose, channel, class);
                                let promotion = [Purpose::Marketing, Purpose::Alumni].contains(&purpose);
                                let answer =
                                    purpose == Purpose::Service && class == MessageClass::Transactional;
                                let expected = reachable
                                    && !(deceased || blocked)
                                    && match standing {
                                        Standing::Objected => false,
                                        Standing::Withdrawn => answer,
                                        Standing::Consented => {
                                            !promotion || [Age::From16, Age::Adult].contains(&age)
                                        }
                                        Standing::Silent => !promotion,
                                    };
                                assert_eq!(
                                    verdict.allowed, expected,
                                    "{purpose} {channel} {class} {facts:?}"
                                );
                                assert!(!verdict.reasons.is_empty(), "a verdict always says why");
                                rows += 1;
                                allowed += u32::from(verdict.allowed);
                            }
                        }
                    }
                }
            }
        }
        assert_eq!(rows, 9 * 3 * 2 * 4 * 4 * 8);
        assert!(allowed > 0);
    }
}
