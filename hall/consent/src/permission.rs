//! The permission function: pure, so that its whole truth table can be tested. The law on mail and telephone is a table
//! of rules in [`rule`]; what follows is only what a rule means for one person.

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

/// Whom we address, as the Telecommunicatiewet tells them apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Recipient {
    /// A natural person. A sole trader and a partnership are natural persons, too.
    #[default]
    Person,
    /// Somebody as a representative of a legal person, at work.
    Company,
    /// An address that an organisation has published for such messages: info@.
    Generic,
}

/// What the ledger says last about one purpose, channel and controller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    #[default]
    Silent,
    Consented,
    /// A parent or guardian consented for them.
    ParentConsented,
    /// A paying customer who was told, and offered to refuse, when giving the address (Tw 11.7 lid 3).
    Customer,
    Withdrawn,
    Objected,
}

/// All that the decision depends on.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    pub deceased: bool,
    /// A person of the house stopped everything but what the law demands.
    pub blocked: bool,
    /// The person asked us to begin nothing for a while, and it is not over.
    pub paused: bool,
    pub age: Age,
    /// About this purpose, channel and controller.
    pub standing: Standing,
    /// There is a way to reach them: an address, a number.
    pub reachable: bool,
    pub recipient: Recipient,
    /// The address came from a list of somebody else's, and they have never had to do with us.
    pub cold: bool,
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

/// What a kind of message needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Purely informative, or a duty.
    Free,
    /// On the ground of its purpose until the person objects.
    UntilObjection,
    /// A yes beforehand, or a customer who was told and did not refuse.
    ConsentOrCustomer,
    /// A yes beforehand; nothing takes its place.
    Consent,
}

/// The table. Source: Telecommunicatiewet 11.7 as it holds since 1 July 2026 (by telephone no exception for customers any
/// more), GDPR 6 and 21. Commercial, charitable and idealistic messages count alike, so news and asks for alumni stand
/// where promotion stands.
#[expect(
    clippy::match_same_arms,
    reason = "a row of the law is a row of the table, also where two end alike"
)]
pub const fn rule(purpose: Purpose, channel: Channel, recipient: Recipient) -> Rule {
    match (purpose, channel, recipient) {
        (
            Purpose::Legal | Purpose::Service | Purpose::Relation | Purpose::Operations | Purpose::Coaching,
            _,
            _,
        ) => Rule::Free,
        // Research into our own service is no promotion; what somebody asked to hear is told until they say stop.
        (Purpose::Research | Purpose::Orientation, _, _) => Rule::UntilObjection,
        // By post: legitimate interest, and an objection is absolute.
        (Purpose::Marketing | Purpose::Alumni, Channel::Post, _) => Rule::UntilObjection,
        (Purpose::Marketing | Purpose::Alumni, Channel::Mail, Recipient::Generic) => Rule::UntilObjection,
        (Purpose::Marketing | Purpose::Alumni, Channel::Phone, Recipient::Company | Recipient::Generic) => {
            Rule::UntilObjection
        }
        (Purpose::Marketing, Channel::Mail, Recipient::Person | Recipient::Company) => {
            Rule::ConsentOrCustomer
        }
        // An alumna has bought nothing: for her the exception for customers does not exist.
        (Purpose::Alumni, Channel::Mail, Recipient::Person | Recipient::Company) => Rule::Consent,
        (Purpose::Marketing | Purpose::Alumni, Channel::Phone, Recipient::Person) => Rule::Consent,
    }
}

/// May we approach somebody for this purpose over this channel? Quiet hours and the budget of attention are
/// about *when* and *how often*, and are asked apart.
pub fn may(facts: &Facts, purpose: Purpose, channel: Channel, class: MessageClass) -> Verdict {
    let mut no = Vec::new();
    if facts.deceased {
        no.push(say::no_deceased());
    }
    if facts.blocked {
        no.push(say::no_blocked());
    }
    // Refused, and not put off: what was written for this week would come in autumn, all of it on one morning, and whoever
    // planned it would believe that it went. So it is told at once, and what is still true by then is said anew. An answer
    // is no beginning of ours, and a duty of the law waits for nobody.
    if facts.paused && class == MessageClass::Announcement && purpose != Purpose::Legal {
        no.push(say::paused_by_person());
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
        _ => {}
    }
    let promotes = matches!(purpose, Purpose::Marketing | Purpose::Alumni);
    let rule = rule(purpose, channel, facts.recipient);
    let said_yes = matches!(facts.standing, Standing::Consented | Standing::ParentConsented);
    let silent = matches!(facts.standing, Standing::Silent | Standing::Customer);
    match rule {
        Rule::Free => {}
        // A list from elsewhere is no ground for promotion, by whatever way.
        Rule::UntilObjection => {
            if promotes && facts.cold && !said_yes && facts.recipient != Recipient::Generic {
                no.push(say::no_cold());
            }
        }
        Rule::ConsentOrCustomer if facts.standing == Standing::Customer => {}
        Rule::ConsentOrCustomer | Rule::Consent => {
            if silent {
                no.push(say::no_consent());
            }
        }
    }
    // A child's own yes to promotion is none (UAVG 5); whose age we do not know is a child here.
    if promotes && facts.recipient == Recipient::Person && facts.standing != Standing::ParentConsented {
        match facts.age {
            Age::Under16 => no.push(say::no_under_16()),
            Age::Unknown => no.push(say::no_age_unknown()),
            Age::From16 | Age::Adult => {}
        }
    }
    if !no.is_empty() {
        return Verdict::no(no);
    }
    Verdict::yes(match (purpose, facts.standing, facts.recipient) {
        (_, Standing::Consented, _) => say::yes_consented(),
        (_, Standing::ParentConsented, _) => say::yes_parent(),
        (Purpose::Service, _, _) => say::yes_service(),
        (Purpose::Research, _, _) => say::yes_research(),
        (Purpose::Legal, _, _) => say::yes_legal(),
        (Purpose::Marketing, Standing::Customer, _) if channel == Channel::Mail => say::yes_customer(),
        (_, _, Recipient::Generic) if promotes => say::yes_generic(),
        (_, _, Recipient::Company) if promotes && channel == Channel::Phone => say::yes_company_phone(),
        _ if promotes => say::yes_post(),
        _ => say::yes_basis(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STANDINGS: [Standing; 6] = [
        Standing::Silent,
        Standing::Consented,
        Standing::ParentConsented,
        Standing::Customer,
        Standing::Withdrawn,
        Standing::Objected,
    ];

    /// Every combination against the rules said another way round: a list of what is allowed.
    #[test]
    fn the_truth_table() {
        let (mut rows, mut allowed) = (0, 0);
        for purpose in Purpose::ALL.iter().copied() {
            for channel in Channel::ALL.iter().copied() {
                for class in MessageClass::ALL.iter().copied() {
                    for age in [Age::Under16, Age::From16, Age::Adult, Age::Unknown] {
                        for standing in STANDINGS {
                            for recipient in [Recipient::Person, Recipient::Company, Recipient::Generic] {
                                for bits in 0..32 {
                                    let facts = Facts {
                                        deceased: bits & 1 > 0,
                                        blocked: bits & 2 > 0,
                                        reachable: bits & 4 > 0,
                                        cold: bits & 8 > 0,
                                        paused: bits & 16 > 0,
                                        age,
                                        standing,
                                        recipient,
                                    };
                                    let verdict = may(&facts, purpose, channel, class);
                                    let expected = expected(facts, purpose, channel, class);
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
        }
        assert_eq!(rows, 9 * 3 * 2 * 4 * 6 * 3 * 32);
        assert!(allowed > 0);
    }

    fn expected(f: Facts, purpose: Purpose, channel: Channel, class: MessageClass) -> bool {
        let promotion = [Purpose::Marketing, Purpose::Alumni].contains(&purpose);
        let answer = purpose == Purpose::Service && class == MessageClass::Transactional;
        let at_all = f.reachable && !f.deceased && !f.blocked && f.standing != Standing::Objected;
        let not_stopped = f.standing != Standing::Withdrawn || answer;
        let begun_in_a_pause = f.paused && class == MessageClass::Announcement && purpose != Purpose::Legal;
        if !at_all || !not_stopped || begun_in_a_pause {
            return false;
        }
        if !promotion {
            return true;
        }
        let grown = f.recipient != Recipient::Person
            || f.standing == Standing::ParentConsented
            || [Age::From16, Age::Adult].contains(&f.age);
        let yes = [Standing::Consented, Standing::ParentConsented].contains(&f.standing);
        let ground = yes
            || match channel {
                Channel::Post => !f.cold || f.recipient == Recipient::Generic,
                Channel::Mail => {
                    f.recipient == Recipient::Generic
                        || purpose == Purpose::Marketing && f.standing == Standing::Customer
                }
                Channel::Phone => match f.recipient {
                    Recipient::Person => false,
                    Recipient::Company => !f.cold,
                    Recipient::Generic => true,
                },
            };
        grown && ground
    }

    /// The rows of the law, as a lawyer would read them aloud.
    #[test]
    fn the_law_on_mail_and_telephone_row_by_row() {
        use Channel::{Mail, Phone, Post};
        let adult = Facts {
            deceased: false,
            blocked: false,
            paused: false,
            age: Age::Adult,
            standing: Standing::Silent,
            reachable: true,
            recipient: Recipient::Person,
            cold: false,
        };
        let company = Facts { recipient: Recipient::Company, ..adult };
        let generic = Facts { recipient: Recipient::Generic, ..adult };
        let with = |standing, facts: Facts| Facts { standing, ..facts };
        let asks = |f: &Facts, p, c| may(f, p, c, MessageClass::Announcement).allowed;
        for (what, facts, purpose, channel, allowed) in [
            ("a service message", adult, Purpose::Service, Mail, true),
            ("promotion by mail without a yes", adult, Purpose::Marketing, Mail, false),
            ("with a yes", with(Standing::Consented, adult), Purpose::Marketing, Mail, true),
            ("to a customer who was told", with(Standing::Customer, adult), Purpose::Marketing, Mail, true),
            (
                "the same customer by telephone, since July 2026",
                with(Standing::Customer, adult),
                Purpose::Marketing,
                Phone,
                false,
            ),
            ("by telephone with a yes", with(Standing::Consented, adult), Purpose::Marketing, Phone, true),
            ("by telephone to a company", company, Purpose::Marketing, Phone, true),
            ("by mail to somebody at a company", company, Purpose::Marketing, Mail, false),
            ("by mail to info@", generic, Purpose::Marketing, Mail, true),
            ("by post", adult, Purpose::Marketing, Post, true),
            ("by post after an objection", with(Standing::Objected, adult), Purpose::Marketing, Post, false),
            ("a survey", adult, Purpose::Research, Mail, true),
            ("alumni news without a yes", adult, Purpose::Alumni, Mail, false),
            ("alumni news to a customer", with(Standing::Customer, adult), Purpose::Alumni, Mail, false),
            ("a cold prospect by post", Facts { cold: true, ..adult }, Purpose::Marketing, Post, false),
            ("a cold info@", Facts { cold: true, ..generic }, Purpose::Marketing, Mail, true),
        ] {
            assert_eq!(asks(&facts, purpose, channel), allowed, "{what}");
        }
        let paused = Facts { paused: true, standing: Standing::Consented, ..adult };
        assert!(!asks(&paused, Purpose::Marketing, Mail) && !asks(&paused, Purpose::Service, Phone));
        assert!(asks(&paused, Purpose::Legal, Mail), "the law waits for nobody");
        let answer = may(&paused, Purpose::Service, Mail, MessageClass::Transactional);
        assert!(answer.allowed, "whoever asks is answered, also in a pause");
        let child = Facts { age: Age::Under16, standing: Standing::Consented, ..adult };
        assert!(!asks(&child, Purpose::Marketing, Mail), "a child's own yes is none");
        assert!(asks(&with(Standing::ParentConsented, child), Purpose::Marketing, Mail), "a parent's is one");
    }
}
