//! Makes Meerland and says how long it took: `cargo run --release -p kring-meerland --example make -- 1.0 [folder]`. With a
//! folder, also writes the departments' lists, the truth about them and the answer key there.

use std::{fs::File, path::Path, time::Instant};

use jiff::civil::date;
use kring_meerland::{Pack, Settings, World, answer_key, lists, write_lookalikes, write_truth};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let scale = arguments.next().and_then(|a| a.parse().ok()).unwrap_or(0.01);
    let began = Instant::now();
    let settings = Settings { seed: 7, scale, today: date(2026, 11, 29), pack: Pack::Education };
    let world = World::make(&settings);
    eprintln!("{} people in {:.1?}", world.people.len(), began.elapsed());
    let counts = [
        ("organisations", world.organisations.len()),
        ("roles", world.roles.len()),
        ("interests", world.interests.len()),
        ("participations", world.participations.len()),
        ("applications", world.applications.len()),
        ("enrolments", world.enrolments.len()),
        ("diplomas", world.diplomas.len()),
        ("placements", world.placements.len()),
        ("requests", world.requests.len()),
        ("invitations", world.invitations.len()),
        ("responses", world.responses.len()),
        ("callbacks", world.callbacks.len()),
        ("ties", world.ties.len()),
        ("asks", world.asks.len()),
        ("contributions", world.contributions.len()),
        ("consents", world.consents.len()),
        ("efforts", world.efforts.len()),
        ("company touches", world.company_touches.len()),
    ];
    for (what, count) in counts {
        eprintln!("{what:>16} {count:>9}");
    }
    if let Some(folder) = arguments.next().map(std::path::PathBuf::from) {
        let began = Instant::now();
        write(&world, &folder).unwrap_or_else(|e| eprintln!("{}: {e}", folder.display()));
        eprintln!("lists, truth and key in {:.1?}", began.elapsed());
    }
    let began = Instant::now();
    let touches = world.touches().count();
    eprintln!("{touches} letters in {:.1?}", began.elapsed());
    let memory = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    eprintln!("{}", memory.lines().find(|l| l.starts_with("VmHWM")).unwrap_or_default());
}

fn write(world: &World, folder: &Path) -> std::io::Result<()> {
    let lists = lists(world);
    for list in &lists {
        std::fs::write(folder.join(format!("{}.csv", list.key)), &list.bytes)?;
    }
    write_truth(&lists, File::create(folder.join("truth.csv"))?)?;
    write_lookalikes(world, File::create(folder.join("lookalikes.csv"))?)?;
    serde_json::to_writer_pretty(File::create(folder.join("answer-key.json"))?, &answer_key(world))?;
    Ok(())
}
