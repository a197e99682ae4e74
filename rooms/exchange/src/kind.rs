//! What a list holds. The kinds share reading, mapping, preview, work and undo; what a row is and where it goes is each
//! kind's own.

use kring_db::stored;
use kring_web::Choice;

use crate::{Words, mapping::Field};

stored! {
    #[derive(Default)]
    pub enum Kind {
        #[default]
        People = "people",
        Organisations = "organisations",
        /// Roles of people, and how they stand to organisations and to each other.
        Relations = "relations",
        Consents = "consents",
    }
}

impl Kind {
    /// The meanings that a column of such a list can have, in the order in which they are offered.
    pub const fn fields(self) -> &'static [Field] {
        use Field as F;
        match self {
            Self::People => &[
                F::Number,
                F::StudentNumber,
                F::EmployeeNumber,
                F::Account,
                F::FullName,
                F::PreferredName,
                F::Initials,
                F::Prefix,
                F::Surname,
                F::PartnerPrefix,
                F::PartnerSurname,
                F::NameUsage,
                F::Pronouns,
                F::BirthDate,
                F::Email,
                F::Phone,
                F::Street,
                F::HouseNumber,
                F::Postcode,
                F::City,
                F::Interest,
                F::Role,
                F::Programme,
                F::From,
                F::Until,
                F::Source,
                F::Notes,
                F::Newsletter,
                F::Ignore,
            ],
            Self::Organisations => &[
                F::Name,
                F::Sort,
                F::Parent,
                F::Kvk,
                F::KvkBranch,
                F::Brin,
                F::BrinBranch,
                F::RioProvider,
                F::RioLocation,
                F::RioBoard,
                F::TrainingCompany,
                F::Street,
                F::HouseNumber,
                F::Postcode,
                F::City,
                F::Website,
                F::Email,
                F::Phone,
                F::Role,
                F::From,
                F::Until,
                F::Ignore,
            ],
            Self::Relations => &[
                F::RelationNumber,
                F::Email,
                F::StudentNumber,
                F::EmployeeNumber,
                F::Account,
                F::Tie,
                F::Programme,
                F::Unit,
                F::Organisation,
                F::OtherNumber,
                F::OtherEmail,
                F::Function,
                F::From,
                F::Until,
                F::Ignore,
            ],
            Self::Consents => &[
                F::RelationNumber,
                F::Email,
                F::StudentNumber,
                F::EmployeeNumber,
                F::Account,
                F::Purpose,
                F::Channel,
                F::Said,
                F::On,
                F::Proof,
                F::Controller,
                F::Ignore,
            ],
        }
    }

    pub fn name(self, w: Words) -> &'static str {
        w.find(&format!("kind-{self}")).unwrap_or_default()
    }

    /// The kinds, for a field.
    pub fn choices(w: Words) -> Vec<Choice> {
        Self::ALL.iter().map(|kind| Choice::new(kind, kind.name(w))).collect()
    }

    /// Rows of which each stands on its own: weighed and brought in one by one.
    pub const fn is_single(self) -> bool {
        !matches!(self, Self::People)
    }

    /// Something in Kring of the same kind, to go to when it is done.
    pub const fn href(self) -> &'static str {
        match self {
            Self::Organisations => "/organisations",
            _ => "/people",
        }
    }
}
