//! Words of a list that stand for something of the house: a kind of role, a purpose, a channel. By key or by label in
//! either language; what is neither is unknown, never guessed.

use kring_consent::{Act, Channel};
use kring_core::{Lang, Result};
use kring_frame::{Purpose, Tx, UnitId};
use kring_lang::names::fold;
use kring_people::{organisation, relationship, roles, units};

/// A word as it is compared.
pub fn plain(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

fn is(text: &str, names: &[&str]) -> bool {
    names.iter().any(|name| plain(name) == text)
}

/// What the words of a list are looked up in.
pub struct Book {
    pub kinds: Vec<roles::Kind>,
    pub units: Vec<units::Unit>,
    /// The sources of all versions of the list.
    pub ours: Vec<String>,
}

impl Book {
    pub async fn open(tx: &mut Tx, list: &str) -> Result<Self> {
        let ids: Vec<(i64,)> = tx
            .all(kring_frame::sql!("select id from imports where list_key = $1"), kring_frame::params![list])
            .await?;
        Ok(Self {
            kinds: roles::kinds(tx).await?,
            units: units::all(tx).await?,
            ours: ids.into_iter().map(|(id,)| crate::list::source(id)).collect(),
        })
    }

    pub fn owns(&self, source: &str) -> bool {
        self.ours.iter().any(|ours| ours == source)
    }

    /// A kind of role of people, or of organisations.
    pub fn role(&self, party: &str, text: &str) -> Option<&roles::Kind> {
        role(&self.kinds, party, text)
    }

    pub fn unit(&self, text: &str) -> Option<UnitId> {
        let text = plain(text);
        let mut found = self.units.iter().filter(|u| is(&text, &[&u.name_nl, &u.name_en]));
        match (found.next(), found.next()) {
            (Some(one), None) => Some(one.id),
            _ => None,
        }
    }

    /// A legal entity of the house, by its name; of the institution itself the ledger keeps none.
    pub fn controller(&self, text: &str) -> Option<Entity> {
        let unit = self.unit(text)?;
        let it = self.units.iter().find(|u| u.id == unit)?;
        match it.parent {
            None => Some(Entity::Institution),
            Some(_) if it.legal_entity => Some(Entity::Own(unit)),
            Some(_) => None,
        }
    }
}

/// Whose consent it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entity {
    Institution,
    Own(UnitId),
}

/// A kind of role by its key or its label in either language.
pub fn role<'a>(kinds: &'a [roles::Kind], party: &str, text: &str) -> Option<&'a roles::Kind> {
    let text = plain(text);
    kinds.iter().find(|k| k.party == party && is(&text, &[&k.key, k.name(Lang::Nl), k.name(Lang::En)]))
}

pub fn tie(text: &str) -> Option<relationship::Kind> {
    let text = plain(text);
    relationship::Kind::ALL
        .iter()
        .copied()
        .find(|k| is(&text, &[k.as_str(), k.name(Lang::Nl), k.name(Lang::En)]))
}

pub fn sort(text: &str) -> Option<organisation::Kind> {
    let text = plain(text);
    organisation::Kind::ALL
        .iter()
        .copied()
        .find(|k| is(&text, &[k.as_str(), k.name(Lang::Nl), k.name(Lang::En)]))
}

/// Purposes for which somebody can say yes or no.
const PURPOSES: &[(Purpose, &[&str])] = &[
    (
        Purpose::Marketing,
        &["marketing", "nieuwsbrief", "newsletter", "nieuws", "news", "promotie", "promotion", "werving"],
    ),
    (Purpose::Orientation, &["orientation", "voorlichting", "studievoorlichting", "orientatie"]),
    (Purpose::Alumni, &["alumni", "alumnirelaties", "alumnirelations"]),
    (Purpose::Research, &["research", "onderzoek", "enquete", "vragenlijst", "survey", "surveys"]),
    (Purpose::Service, &["service", "serviceplein", "dienstverlening"]),
    (Purpose::Relation, &["relation", "relatiebeheer", "relaties"]),
];

pub fn purpose(text: &str) -> Option<Purpose> {
    let text = plain(text);
    PURPOSES.iter().find(|(_, names)| is(&text, names)).map(|(purpose, _)| *purpose)
}

const CHANNELS: &[(Channel, &[&str])] = &[
    (Channel::Mail, &["mail", "email", "epost", "per mail", "by mail"]),
    (Channel::Phone, &["phone", "telefoon", "telefonisch", "bellen", "tel", "call"]),
    (Channel::Post, &["post", "brief", "letter", "postadres", "per post"]),
];

pub fn channel(text: &str) -> Option<Channel> {
    let text = plain(text);
    CHANNELS.iter().find(|(_, names)| is(&text, names)).map(|(channel, _)| *channel)
}

/// "No" alone is not here: never asked, withdrawn and objected are three things.
const SAID: &[(Act, &[&str])] = &[
    (
        Act::Consent,
        &[
            "given",
            "gegeven",
            "toestemming",
            "toestemming gegeven",
            "consent",
            "ja",
            "yes",
            "j",
            "y",
            "optin",
            "akkoord",
        ],
    ),
    (
        Act::Withdrawal,
        &["withdrawn", "ingetrokken", "withdrawal", "optout", "afgemeld", "uitgeschreven", "unsubscribed"],
    ),
    (Act::Objection, &["objected", "objection", "bezwaar", "verzet", "bezwaar gemaakt"]),
];

pub fn said(text: &str) -> Option<Act> {
    let text = plain(text);
    SAID.iter().find(|(_, names)| is(&text, names)).map(|(act, _)| *act)
}
