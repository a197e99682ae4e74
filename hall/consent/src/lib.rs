//! May we approach this person, for this purpose, over this channel, now? One function answers, with its reasons
//! as sentences, for mail, phone, survey and export alike; and one budget of attention per person holds over
//! all departments.

mod attention;
mod ledger;
mod pages;
mod permission;

use kring_db::{Migration, migrations};

pub use attention::{Approach, Grant, after_quiet_hours, ask, reserve, spent_this_year};
pub use ledger::{Act, Entry, Ledger, Link, dossier, facts_of, forget, head, ledger_of, new_link, record};
pub use pages::routes;
pub use permission::{Age, Channel, Facts, MessageClass, Standing, Verdict, may};

kring_lang::words!();

pub const MIGRATIONS: &[Migration] = migrations!("consent": "0001_consent");
