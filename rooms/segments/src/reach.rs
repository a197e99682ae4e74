//! How many of a segment may be approached, and why the rest may not: the permission function as rules, for a count. What
//! really goes out is decided one by one, at the moment it goes.

use kring_consent::{Channel, Recipient, Rule as Law};
use kring_core::Result;
use kring_frame::{
    Purpose, Tx,
    rules::{Rule, Test},
};

/// How many may be approached over one channel, and the others by the first reason that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    pub yes: u64,
    pub no_address: u64,
    pub objected: u64,
    /// `None` where the law asks for no consent.
    pub no_consent: Option<u64>,
}

/// The purposes for which a segment may be approached, in the order in which they are offered.
pub const PURPOSES: [Purpose; 4] =
    [Purpose::Orientation, Purpose::Alumni, Purpose::Research, Purpose::Marketing];

/// Counts over everybody for whom a rule holds: three or four questions to the index.
pub async fn reach(
    tx: &mut Tx,
    rule: &Rule,
    total: u64,
    purpose: Purpose,
    channel: Channel,
) -> Result<Reach> {
    let (address, said_no, said_yes) = match channel {
        Channel::Phone => ("phone", "phone_no", "phone_yes"),
        _ => ("mail", "mail_no", "mail_yes"),
    };
    let about = vec![purpose.as_str().to_owned()];
    let has = Rule::fact(address, Test::Yes);
    let no = Rule::fact(said_no, Test::AnyOf(about.clone()));
    let yes = Rule::fact(said_yes, Test::AnyOf(about));
    let with = |mut more: Vec<Rule>| {
        more.insert(0, rule.clone());
        Rule::All(more)
    };
    let no_address = tx.count_people(&with(vec![Rule::None(vec![has.clone()])])).await?.is;
    let objected = tx.count_people(&with(vec![has.clone(), no.clone()])).await?.is;
    let no_consent = match kring_consent::rule(purpose, channel, Recipient::Person) {
        Law::Consent | Law::ConsentOrCustomer => {
            Some(tx.count_people(&with(vec![has, Rule::None(vec![no]), Rule::None(vec![yes])])).await?.is)
        }
        Law::Free | Law::UntilObjection => None,
    };
    let not = no_address + objected + no_consent.unwrap_or_default();
    Ok(Reach { yes: total.saturating_sub(not), no_address, objected, no_consent })
}
