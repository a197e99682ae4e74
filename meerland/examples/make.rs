//! Makes Meerland and says how long it took: `cargo run --release -p kring-meerland --example make -- 1.0 [folder]`. With a
//! folder, also writes the departments' lists, the truth about them and the answer key there.

use std::time::Instant;

use jiff::civil::date;
use kring_meerland::{Pack, Settings, World};

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
    let memory = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    eprintln!("{}", memory.lines().find(|l| l.starts_with("VmHWM")).unwrap_or_default());
}
