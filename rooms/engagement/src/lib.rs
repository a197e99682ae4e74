//! Engagement: what people did of their own accord, weighed by one formula that everybody can read, and opened up into the
//! acts it is made of. Of prospects what they did lately, as a number beside it and never mixed into it.
//!
//! For knowing whom one may ask for something, and never for a decision on admission, marks, discipline or care.
//!
//! A room whose people do something else declares it ([`kring_frame::OwnAct`]); nothing here knows any act by name.

mod account;
mod act;
mod api;
mod dossier;
mod facts;
mod figure;
mod formula;
mod groups;
mod lines;
mod pages;
mod panel;
mod preview;
mod score;
mod standing;

use kring_db::{Migration, migrations};
use kring_frame::{Chore, ConsentChanged, Merged, Place, Purpose, Right, Room, Unmerged, holding};

kring_lang::words!();

const MIGRATIONS: &[Migration] = migrations!("engagement": "0001_engagement");

/// Seeing how involved somebody is, and selecting on it.
pub static READ: Right = Right { key: "engagement.read", purpose: Purpose::Relation };
/// Reading the formula, and how the scores lie over groups: nobody's name. Not for research: whoever has a right for that
/// purpose sees on a timeline what people answered.
pub static FORMULA: Right = Right { key: "engagement.formula", purpose: Purpose::Operations };
/// Deciding what acts are worth, for the whole house.
pub static DECIDE: Right = Right { key: "engagement.decide", purpose: Purpose::Operations };

pub fn room() -> Room {
    Room::new("engagement")
        .migrations(MIGRATIONS)
        .rights(&[&READ, &FORMULA, &DECIDE])
        .routes(pages::routes())
        .routes(api::routes())
        .docs(api::docs())
        .place(Place {
            icon: "chart",
            label: |lang| Words(lang).engagement(),
            href: "/engagement",
            rights: vec![&FORMULA],
            order: 22,
            phone: false,
            count: None,
        })
        .words(|lang, key| Words(lang).find(key))
        .on_own_acts("engagement.acts", act::hear)
        .on::<Merged>("engagement.merged", act::merged)
        .on::<ConsentChanged>("engagement.consent", act::consent_changed)
        .on::<Unmerged>("engagement.unmerged", act::unmerged)
        .chore(Chore::new("engagement.nightly", 1, |house| {
            Box::pin(async move { standing::nightly(&house).await })
        }))
        .facts(facts::FACTS)
        .panel(55, panel::panel)
        .people(dossier::dossier, dossier::forget, &[holding!("engagement_acts")])
}
