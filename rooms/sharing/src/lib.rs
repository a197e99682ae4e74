//! One relation base for all departments, shared safely: who is in contact now, what another department did, an
//! opportunity passed on, and who looked at whom.

mod capture;
mod claim;
mod claims;
mod colleague;
mod count;
mod dossier;
mod knowing;
mod known;
mod leaver;
mod lines;
mod notice;
mod notices;
mod panel;
mod party;
pub mod quality;
mod shelves;
mod steward;
mod tip;
mod tips;
mod viewed;

use kring_db::{Migration, migrations};
use kring_frame::{
    Chapter, Chore, ClaimMade, Doing, Merged, NoteWritten, OwnerChanged, Place, Purpose, RelationshipEnded,
    RelationshipMade, RequestOpened, Right, RoleEnded, RoleGiven, Room, Shelf, TipGiven, holding,
};

pub use count::count_quality;

kring_lang::words!();

const MIGRATIONS: &[Migration] = migrations!("sharing": "0001_claims", "0002_notices", "0003_tips", "0004_leavers", "0005_merged_organisations", "0006_quality");

/// Claiming a contact, passing on an opportunity, capturing somebody one met.
pub static SHARE: Right = Right { key: "sharing.share", purpose: Purpose::Relation };

/// Leading a unit: tips that nobody answered come here, and whom only one colleague knows.
pub static LEAD: Right = Right { key: "sharing.lead", purpose: Purpose::Relation };

/// Seeing who looked at anybody; whoever keeps a relation sees it of theirs without.
pub static VIEWED: Right = Right { key: "sharing.viewed", purpose: Purpose::Legal };

/// Seeing how good the relation base is: counts over everybody, and nobody's name.
pub static QUALITY: Right = Right { key: "sharing.quality", purpose: Purpose::Relation };

pub fn room() -> Room {
    Room::new("sharing")
        .migrations(MIGRATIONS)
        .rights(&[&SHARE, &LEAD, &VIEWED, &QUALITY])
        .routes(claims::routes())
        .routes(notices::routes())
        .routes(tips::routes())
        .routes(viewed::routes())
        .routes(known::routes())
        .routes(capture::routes())
        .routes(steward::routes())
        .new_thing(capture::NEW)
        .place(Place {
            icon: "hand",
            label: |lang| Words(lang).sharing(),
            href: "/tips",
            rights: vec![&SHARE],
            order: 14,
            phone: false,
            count: Some(tips::count),
        })
        .place(Place {
            icon: "chart",
            label: |lang| Words(lang).quality_title(),
            href: "/quality",
            rights: vec![&QUALITY],
            order: 44,
            phone: false,
            count: None,
        })
        .shelf(Shelf { key: "sharing.quality", rights: vec![&QUALITY], fill: steward::shelf })
        .shelf(Shelf { key: "sharing.claims", rights: vec![&SHARE], fill: shelves::claims })
        .shelf(Shelf { key: "sharing.given", rights: vec![&SHARE], fill: shelves::given })
        .doing(Doing { icon: "hand", label: |lang| Words(lang).doing_claim(), href: "/claim", right: &SHARE })
        .doing(Doing { icon: "send", label: |lang| Words(lang).doing_tip(), href: "/tip", right: &SHARE })
        .chapter(Chapter { key: "sharing", label: |lang| Words(lang).chapter(), kinds: lines::KINDS })
        .notices(notice::unread)
        .on::<NoteWritten>("sharing.notice_note", notice::hear)
        .on::<RequestOpened>("sharing.notice_request", notice::hear)
        .on::<RoleGiven>("sharing.notice_role_given", notice::hear)
        .on::<RoleEnded>("sharing.notice_role_ended", notice::hear)
        .on::<RelationshipMade>("sharing.notice_relation_made", notice::hear)
        .on::<RelationshipEnded>("sharing.notice_relation_ended", notice::hear)
        .on::<Merged>("sharing.notice_merged", notice::hear)
        .on::<OwnerChanged>("sharing.notice_owner", notice::hear)
        .on::<ClaimMade>("sharing.notice_claim", notice::hear)
        .on::<TipGiven>("sharing.notice_tip", notice::hear)
        .job::<tip::Escalate, _, _>(tip::escalate)
        .job::<count::Count, _, _>(count::run)
        .chore(Chore::new("sharing.nightly", 1, |house| {
            Box::pin(async move { count::nightly(&house).await })
        }))
        .tasks(tips::tasks)
        .tasks(known::tasks)
        .head(panel::head)
        .panel(2, panel::panel)
        .organisation_panel(panel::organisation)
        .lines(lines::KINDS, lines::lines)
        .words(|lang, key| Words(lang).find(key))
        .organisations(&[
            holding!("claims", in "organisation_id"),
            holding!("notices", in "organisation_id"),
            holding!("tips", in "organisation_id"),
        ])
        .people(
            dossier::dossier,
            dossier::forget,
            &[holding!("claims"), holding!("notices"), holding!("tips"), holding!("handovers")],
        )
}
