//! What can be asked about people in a rule: what they said we may send them. What the ledger says last counts, towards the
//! institution itself; whether a message may go is still decided by the permission function, at the moment it goes.

use kring_core::Lang;
use kring_frame::{
    Code, ConsentChanged, Event, Fact, Fut, Phrase, Purpose, Tx,
    rules::{Column, Kind, Place, Rows},
};
use kring_people::READ_PEOPLE;

use crate::Words;

/// The row that counts: not void, and none of the same purpose and channel is newer by when it was said.
macro_rules! newest {
    ($channel:literal, $acts:literal) => {
        concat!(
            "{}.channel = '",
            $channel,
            "' and {}.act in (",
            $acts,
            ") and {}.void_at is null and {}.controller_id is null and not exists (select 1 from consent_ledger n
                 where n.person_id = {}.person_id and n.purpose = {}.purpose and n.channel = {}.channel
                   and n.controller_id is null and n.void_at is null
                   and (coalesce(n.said_at, n.at) > coalesce({}.said_at, {}.at)
                     or (coalesce(n.said_at, n.at) = coalesce({}.said_at, {}.at) and n.id > {}.id)))"
        )
    };
}

macro_rules! ledger {
    ($key:literal, $channel:literal, $acts:literal, $noun:ident, $verb:ident, $not:ident) => {
        Fact::new(
            $key,
            Kind::Tags,
            &READ_PEOPLE,
            Place::Codes {
                rows: Rows {
                    table: "consent_ledger",
                    owner: "person_id",
                    only: Some(newest!($channel, $acts)),
                },
                code: Column::text("purpose"),
            },
            Phrase { noun: |l| Words(l).$noun(), verb: |l| Words(l).$verb(), not: |l| Words(l).$not() },
        )
        .codes(purposes)
        .moved_by(&[ConsentChanged::KIND])
    };
}

pub const FACTS: &[Fact] = &[
    ledger!("mail_yes", "mail", "'consent', 'customer'", fact_mail_yes, fact_mail_yes_is, fact_mail_yes_not),
    ledger!("mail_no", "mail", "'withdrawal', 'objection'", fact_mail_no, fact_mail_no_is, fact_mail_no_not),
    ledger!(
        "phone_yes",
        "phone",
        "'consent', 'customer'",
        fact_phone_yes,
        fact_phone_yes_is,
        fact_phone_yes_not
    ),
    ledger!(
        "phone_no",
        "phone",
        "'withdrawal', 'objection'",
        fact_phone_no,
        fact_phone_no_is,
        fact_phone_no_not
    ),
];

fn purposes(_tx: &mut Tx, lang: Lang) -> Fut<'_, Vec<Code>> {
    let w = kring_people::Words(lang);
    let said =
        [Purpose::Orientation, Purpose::Service, Purpose::Alumni, Purpose::Research, Purpose::Marketing];
    let codes = said
        .iter()
        .map(|purpose| {
            let key = purpose.as_str();
            Code::new(key, w.find(&format!("purpose-{key}")).unwrap_or(key))
        })
        .collect();
    Box::pin(async move { Ok(codes) })
}
