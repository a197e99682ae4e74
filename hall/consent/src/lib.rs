//! May we approach this person, for this purpose, over this channel, now? One function answers, with its reasons
//! as sentences, for mail, phone, survey and export alike; and one budget of attention per person holds over
//! all departments.

mod attention;
mod centre;
mod coming_of_age;
mod facts;
mod ledger;
mod link;
mod many;
mod own;
mod pages;
mod permission;
pub mod policy;
pub mod pressure;
mod pressure_page;
mod profiling;
mod quiet;
mod save;
mod settings;
mod void;
mod wishes;

use kring_db::{Migration, migrations};

pub use attention::{
    Approach, Cap, Claim, Grant, after_quiet_hours, approached, ask, cap, reserve, reserve_many, spent,
    spent_this_year,
};
pub use coming_of_age::nightly;
pub use facts::FACTS;
pub use ledger::{
    Act, Entry, Ledger, age, dossier, facts_for, facts_of, forget, head, keep_wording, ledger_of, record,
};
pub use link::{Link, new_link, new_links};
pub use many::{facts_of_many, own_of_many};
pub use own::{Own, own_of, quiet_of};
pub use permission::{Age, Channel, Facts, MessageClass, Recipient, Rule, Standing, Verdict, may, rule};
pub use profiling::{Withheld, withheld, withheld_among};
pub use quiet::Quiet;
pub use settings::{ARRANGE, POLICY};
pub use void::{holds, void};
pub use wishes::{lines, panel};

kring_lang::words!();

pub const MIGRATIONS: &[Migration] = migrations!("consent": "0001_consent", "0002_law", "0003_said", "0004_given", "0005_choices", "0006_pressure");

/// The pages behind links in mails, those on which the institution sets its policy, and what one person wants.
pub fn routes() -> Vec<kring_frame::Route> {
    [pages::routes(), pressure_page::routes(), settings::routes(), wishes::routes()].concat()
}
