//! Lists in and out. A list is read whatever its form, compared with itself and with the base before anything is
//! written, brought in by a job that survives a closed page, and can be undone as a whole.

mod apply;
mod base;
mod batch;
mod changes;
mod command;
mod consents;
mod dossier;
mod downloads;
pub mod export;
mod findable;
pub mod formula;
mod headers;
mod kept;
pub mod kind;
mod known;
pub mod list;
mod live;
pub mod mapping;
mod organisations;
mod pages;
mod panel;
mod place;
mod plan;
mod preparing;
mod preview;
pub mod reading;
mod refusal;
mod relations;
mod restore;
pub mod row;
mod single;
pub mod twins;
mod undo;
pub mod weigh;
mod work;
mod writes;

use kring_db::{Migration, migrations};
use kring_frame::{Chore, New, Offer, Place, Purpose, Right, Room, holding};

pub use command::{
    Expected, Options, Phase, Progress, Step, Summary, import_file, reason_in_words, undo_import,
};
pub use kind::Kind;

kring_lang::words!();

const MIGRATIONS: &[Migration] =
    migrations!("exchange": "0001_exchange", "0002_kinds", "0003_whose", "0004_findable");

/// Bringing lists in, and taking an import back.
pub static IMPORT: Right = Right { key: "exchange.import", purpose: Purpose::Relation };
/// Taking lists of people out.
pub static EXPORT: Right = Right { key: "exchange.export", purpose: Purpose::Relation };

pub fn room() -> Room {
    Room::new("exchange")
        .migrations(MIGRATIONS)
        .rights(&[&IMPORT, &EXPORT])
        .routes(pages::routes())
        .place(Place {
            icon: "upload",
            label: |lang| Words(lang).imports(),
            href: "/imports",
            rights: vec![&IMPORT],
            order: 18,
            phone: false,
            count: None,
        })
        .new_thing(New { label: |lang| Words(lang).import_a_list(), href: "/imports/new", right: &IMPORT })
        .offer(Offer {
            list: "people",
            icon: "download",
            label: |lang| Words(lang).people_as_workbook(),
            href: "/people.xlsx",
            right: &EXPORT,
        })
        .offer(Offer {
            list: "people",
            icon: "download",
            label: |lang| Words(lang).people_as_csv(),
            href: "/people.csv",
            right: &EXPORT,
        })
        .words(|lang, key| Words(lang).find(key))
        .panel(80, panel::lookalikes)
        .chore(Chore::new("exchange.refused", 1, |house| {
            Box::pin(async move { refusal::sweep(&house).await })
        }))
        .job::<work::ReadList, _, _>(work::read)
        .job::<work::RunImport, _, _>(work::run)
        .job::<work::UndoImport, _, _>(work::undo)
        .people(dossier::dossier, dossier::forget, &[holding!("import_pairs")])
}
