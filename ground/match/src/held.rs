//! What adding up bits cannot see: signs that belong together in a family. Each rule has a name, and takes a pair out
//! of *same*: to a question, or to *different*.
//!
//! | name | what is seen | becomes |
//! |---|---|---|
//! | own numbers | one administration gave each its own number | ask when names and birth date or mail or phone agree, else different |
//! | twins | surname and birth date agree, given names do not | ask |
//! | same initial | surname, birth date and an initial agree; no number or mail does | ask |
//! | namesakes | names agree, births lie twelve years or more apart: father and son | different; ask when they share the mail |
//! | other birth date | names agree, the birth dates have nothing in common | ask, unless mail and phone agree |
//! | shared contact | mail or phone agree, given names do not: a parent's, a partner's | different when the birth dates differ too, else ask |
//! | numbered mail | the mail addresses differ by a number at the end only: given to the second bearer of a name | ask |
//! | household | the address agrees, given names do not | different when the birth dates differ too, else ask |
//! | number reused | a number agrees; given name and birth date do not, nor surname and address to confirm it, or all the rest together speaks against | ask |
//! | name alone | nothing agrees but names, city and region | ask |
//!
//! A number (`Kind::Id`) that is the same but for a slip overrules every rule but the first and the last two. The strictest rule decides;
//! of equally strict ones the first in the table.

use serde::{Deserialize, Serialize};

use crate::level::Level;

/// Why a pair was taken out of *same*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    OwnNumbers,
    Twins,
    SameInitial,
    Namesakes,
    OtherBirthDate,
    SharedContact,
    NumberedMail,
    Household,
    NumberReused,
    NameAlone,
}

impl Why {
    /// Whether the two are held for different people until somebody says otherwise, so that no third record may join
    /// them. Where the rule only says that too little is known, a third record may know it.
    pub fn keeps_apart(self) -> bool {
        !matches!(self, Self::NameAlone | Self::SameInitial)
    }

    /// The name by which it is stored and shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::OwnNumbers => "own_numbers",
            Self::Twins => "twins",
            Self::SameInitial => "same_initial",
            Self::Namesakes => "namesakes",
            Self::OtherBirthDate => "other_birth_date",
            Self::SharedContact => "shared_contact",
            Self::NumberedMail => "numbered_mail",
            Self::Household => "household",
            Self::NumberReused => "number_reused",
            Self::NameAlone => "name_alone",
        }
    }
}

/// What the rule makes of a pair that would be *same*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Effect {
    Ask,
    Different,
}

/// What the rules look at. A field that the specification lacks is `Missing`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signs {
    pub given: Level,
    pub surname: Level,
    pub initials: Level,
    /// An organisation's.
    pub name: Level,
    pub birth: Level,
    pub years_apart: u32,
    /// The best of all numbers (`Kind::Id`).
    pub number: Level,
    /// Both have a number of one administration, and none is the same.
    pub own_numbers: bool,
    pub mail: Level,
    /// One of the mail addresses is the other's with a number behind it.
    pub numbered_mail: bool,
    pub phone: Level,
    pub postcode: Level,
    pub house: Level,
    pub street: Level,
    /// A code that belongs to nobody in particular agrees.
    pub code_agrees: bool,
    /// Evidence in bits of all but the numbers.
    pub other_bits: f64,
}

impl Signs {
    fn given_agrees(&self) -> bool {
        self.given.agrees()
    }

    fn given_differs(&self) -> bool {
        match self.given {
            Level::Other => true,
            // Like each other but no slip: a sister's name, or a poor hand. Twins share all but their own number.
            Level::Alike => !self.number_agrees(),
            Level::Missing => self.initials == Level::Other,
            _ => false,
        }
    }

    fn surname_agrees(&self) -> bool {
        self.surname.agrees()
    }

    fn names_agree(&self) -> bool {
        self.given_agrees() && self.surname_agrees()
    }

    fn contact_agrees(&self) -> bool {
        self.mail.agrees() || self.phone.agrees()
    }

    fn address_agrees(&self) -> bool {
        let area = self.postcode == Level::Exact || matches!(self.street, Level::Exact | Level::Close);
        area && matches!(self.house, Level::Exact | Level::Close | Level::Missing)
    }

    /// Equal, or but for a slip that is no neighbouring number.
    fn number_agrees(&self) -> bool {
        self.number.agrees()
    }

    fn births_agree(&self) -> bool {
        self.birth.agrees()
    }
}

type Rule = (Why, fn(&Signs) -> Option<Effect>);

const RULES: &[Rule] = &[
    (Why::OwnNumbers, |s| {
        let one = s.names_agree() && (s.births_agree() || s.contact_agrees());
        s.own_numbers.then_some(if one { Effect::Ask } else { Effect::Different })
    }),
    (Why::Twins, |s| {
        let twins = s.surname_agrees() && s.birth == Level::Exact && s.given_differs();
        (twins && !s.number_agrees()).then_some(Effect::Ask)
    }),
    (Why::SameInitial, |s| {
        let initial =
            s.given == Level::Initial || (s.given == Level::Missing && s.initials == Level::Initial);
        // A phone is the family's as often as not.
        let known = s.number_agrees() || s.mail.agrees();
        (initial && s.surname_agrees() && s.birth == Level::Exact && !known).then_some(Effect::Ask)
    }),
    (Why::Namesakes, |s| {
        let far = s.birth == Level::Other && s.years_apart >= 12;
        let effect = if s.mail.agrees() { Effect::Ask } else { Effect::Different };
        (s.names_agree() && far && !s.number_agrees()).then_some(effect)
    }),
    (Why::OtherBirthDate, |s| {
        let known = s.number_agrees() || (s.mail.agrees() && s.phone.agrees());
        (s.names_agree() && s.birth == Level::Other && !known).then_some(Effect::Ask)
    }),
    (Why::SharedContact, |s| {
        let effect = if s.birth == Level::Other { Effect::Different } else { Effect::Ask };
        (s.contact_agrees() && s.given_differs() && !s.number_agrees()).then_some(effect)
    }),
    (Why::NumberedMail, |s| (s.numbered_mail && !s.number_agrees()).then_some(Effect::Ask)),
    (Why::Household, |s| {
        let effect = if s.birth == Level::Other { Effect::Different } else { Effect::Ask };
        (s.address_agrees() && s.given_differs() && !s.births_agree() && !s.number_agrees()).then_some(effect)
    }),
    (Why::NumberReused, |s| {
        let confirmed = s.surname_agrees() && s.address_agrees();
        let other = s.given_differs() && s.birth == Level::Other && !confirmed;
        (s.number == Level::Exact && (other || s.other_bits < 0.0)).then_some(Effect::Ask)
    }),
    (Why::NameAlone, |s| {
        let more = s.births_agree()
            || s.contact_agrees()
            || s.number_agrees()
            || s.code_agrees
            || s.postcode.agrees()
            || s.street.agrees();
        let name = s.given_agrees() || s.surname_agrees() || s.name.agrees();
        (name && !more).then_some(Effect::Ask)
    }),
];

pub(crate) fn held(signs: &Signs) -> Option<(Why, Effect)> {
    let mut strictest: Option<(Why, Effect)> = None;
    for (why, rule) in RULES {
        if let Some(effect) = rule(signs)
            && strictest.is_none_or(|(_, known)| effect > known)
        {
            strictest = Some((*why, effect));
        }
    }
    strictest
}
