//! What there is to say about a row: what was left out or mended, or why the row is refused. Each has a code, by which rows
//! are counted, and most the value it speaks of.

use kring_core::Lang;
use serde::{Deserialize, Serialize};

use crate::Words;

macro_rules! remarks {
    (
        with a value: [$($v:ident = $vc:literal / $vw:ident,)*]
        refusing, with a value: [$($r:ident = $rc:literal / $rw:ident,)*]
        refusing: [$($n:ident = $nc:literal / $nw:ident,)*]
    ) => {
        /// What there is to say about a row. Those that refuse it come last.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Remark { $($v(String),)* $($r(String),)* $($n,)* }

        impl Remark {
            pub const fn refuses(&self) -> bool {
                match self {
                    $(Self::$v(_) => false,)*
                    $(Self::$r(_) => true,)*
                    $(Self::$n => true,)*
                }
            }

            pub const fn code(&self) -> &'static str {
                match self {
                    $(Self::$v(_) => $vc,)*
                    $(Self::$r(_) => $rc,)*
                    $(Self::$n => $nc,)*
                }
            }

            pub fn say(&self, lang: Lang) -> String {
                let w = Words(lang);
                match self {
                    $(Self::$v(value) => w.$vw(value),)*
                    $(Self::$r(value) => w.$rw(value),)*
                    $(Self::$n => w.$nw().to_owned(),)*
                }
            }

            /// The same without the value it speaks of: what remains when the row itself is gone.
            #[must_use]
            pub fn bare(&self) -> Self {
                match self {
                    $(Self::$v(_) => Self::$v("…".into()),)*
                    $(Self::$r(_) => Self::$r("…".into()),)*
                    $(Self::$n => Self::$n,)*
                }
            }
        }
    };
}

remarks! {
    with a value: [
    DateImpossible = "date_impossible" / remark_date_impossible,
    DateYearOnly = "date_year_only" / remark_date_year_only,
    MailRepaired = "mail_repaired" / remark_mail_repaired,
    MailInvalid = "mail_invalid" / remark_mail_invalid,
    PhoneInvalid = "phone_invalid" / remark_phone_invalid,
    PostcodeInvalid = "postcode_invalid" / remark_postcode_invalid,
    NewsletterUnclear = "newsletter_unclear" / remark_newsletter_unclear,
    NameDiffers = "name_differs" / remark_name_differs,
    RoleUnknown = "role_unknown" / remark_role_unknown,
    RoleDerived = "role_derived" / remark_role_derived,
    NameUsageUnknown = "name_usage_unknown" / remark_name_usage_unknown,
    HouseNumberInvalid = "house_number_invalid" / remark_house_number_invalid,
    CodeInvalid = "code_invalid" / remark_code_invalid,
    CodeTaken = "code_taken" / remark_code_taken,
    WebsiteInvalid = "website_invalid" / remark_website_invalid,
    SortUnknown = "sort_unknown" / remark_sort_unknown,
    ParentUnknown = "parent_unknown" / remark_parent_unknown,
    RolePeriod = "role_period" / remark_role_period,
    ]
    refusing, with a value: [
    DateUnreadable = "date_unreadable" / remark_date_unreadable,
    PeriodBackwards = "period_backwards" / remark_period_backwards,
    PersonUnknown = "person_unknown" / remark_person_unknown,
    PersonSeveral = "person_several" / remark_person_several,
    TieUnknown = "tie_unknown" / remark_tie_unknown,
    TieDerived = "tie_derived" / remark_tie_derived,
    TieNeedsOther = "tie_needs_other" / remark_tie_needs_other,
    TieNeedsPerson = "tie_needs_person" / remark_tie_needs_person,
    TieAlone = "tie_alone" / remark_tie_alone,
    UnitUnknown = "unit_unknown" / remark_unit_unknown,
    OrganisationUnknown = "organisation_unknown" / remark_organisation_unknown,
    OrganisationSeveral = "organisation_several" / remark_organisation_several,
    PurposeUnknown = "purpose_unknown" / remark_purpose_unknown,
    ChannelUnknown = "channel_unknown" / remark_channel_unknown,
    SaidUnknown = "said_unknown" / remark_said_unknown,
    DateFuture = "date_future" / remark_date_future,
    ControllerUnknown = "controller_unknown" / remark_controller_unknown,
    ]
    refusing: [
    NameMissing = "name_missing" / remark_name_missing,
    NothingToKnowBy = "nothing_to_know_by" / remark_nothing_to_know_by,
    Suppressed = "suppressed" / remark_suppressed,
    PersonMissing = "person_missing" / remark_person_missing,
    PersonConflict = "person_conflict" / remark_person_conflict,
    OrganisationConflict = "organisation_conflict" / remark_organisation_conflict,
    TieMissing = "tie_missing" / remark_tie_missing,
    TieSelf = "tie_self" / remark_tie_self,
    DateMissing = "date_missing" / remark_date_missing,
    ProofMissing = "proof_missing" / remark_proof_missing,
    ]
}

/// The codes of remarks as they are kept, apart by commas.
pub fn codes(remarks: &[Remark]) -> String {
    let mut codes: Vec<&str> = remarks.iter().map(Remark::code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes.join(",")
}

/// The words for many rows with one remark.
pub fn many(w: Words, code: &str) -> Option<&'static str> {
    w.find(&format!("many-{}", code.replace('_', "-")))
}
