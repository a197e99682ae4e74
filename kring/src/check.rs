use anyhow::Result;
use clap::{Args, Subcommand};
use kring_frame::Actor;
use kring_sharing::quality::{self, Quality, Share};
use std::{fmt::Write as _, path::PathBuf};

use crate::{
    config::Config,
    say,
    serve::{self, plain},
};

#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// How good the relation base is: duplicates, who can be reached, who is known to one colleague only, and what is
    /// kept without a reason.
    Quality {
        /// Where a demo institution keeps its data, instead of the configured place.
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
        /// As JSON, for another program.
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(mut config: Config, options: Options) -> Result<()> {
    let What::Quality { data, json } = options.what;
    if let Some(data) = data {
        config.data = data;
    }
    let (house, _) = serve::open(&config, false).await?;
    let mut tx = house.read(&Actor::robot()).await.map_err(plain)?;
    let quality = quality::measure(&mut tx).await.map_err(plain)?;
    if json {
        return say(&serde_json::to_string_pretty(&quality)?);
    }
    say(table(&quality).trim_end())
}

/// A line for each number: the number, its name, its definition.
fn table(q: &Quality) -> String {
    let lines = [
        (q.people.to_string(), "people", "known; merged and forgotten numbers are nobody"),
        (q.organisations.to_string(), "organisations", "known"),
        (
            share(q.duplicate_rate),
            "duplicate rate",
            "pairs that are surely one person or ask for a look, of all people",
        ),
        (q.duplicates_sure.to_string(), "  sure", "pairs that may be merged with one button"),
        (q.duplicates_ask.to_string(), "  to look at", "pairs on which a colleague decides"),
        (
            share(q.contactable),
            "contactable",
            "alive, a mail address that works, and may be written to for service",
        ),
        (share(q.contactable_alumni), "  alumni", "the same, of alumni"),
        (share(q.contactable_students), "  students", "the same, of enrolled students"),
        (share(q.contactable_companies), "  companies", "the same, of people who speak for an organisation"),
        (
            q.known_by_one.to_string(),
            "known by one",
            "people whom exactly one colleague keeps, wrote about or helped in three years",
        ),
        (q.known_by_one_alumni.to_string(), "  alumni", "of these, alumni"),
        (
            q.without_basis.to_string(),
            "without basis",
            "no role, no relation, no consent, no contact and nothing of their own",
        ),
        (q.protected.to_string(), "protected", "whose address is shown to nobody"),
        (q.minors.to_string(), "minors", "younger than eighteen by date or year of birth"),
        (
            share(q.stale_employers),
            "stale employers",
            "present employers that nobody confirmed for two years, of all present employers",
        ),
        (q.detections_open.to_string(), "detections open", "finds in free text that nobody looked at"),
    ];
    let width = lines.iter().map(|(number, _, _)| number.len()).max().unwrap_or(0);
    lines.iter().fold(String::new(), |mut text, (number, name, what)| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{number:>width$}  {name:<16} {what}");
        text
    })
}

/// "12.5 % (5 of 40)"; of few people no share is said.
fn share(s: Share) -> String {
    match s.share {
        Some(share) => format!("{:.1} % ({} of {})", share * 100.0, s.part, s.of),
        None => format!("{} of {} (too few for a share)", s.part, s.of),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_stands_with_its_definition() {
        let some = Share { part: 5, of: 40, share: Some(0.125) };
        let few = Share { part: 1, of: 3, share: None };
        let text =
            table(&Quality { people: 40, contactable: some, contactable_alumni: few, ..Quality::default() });
        assert!(text.contains("12.5 % (5 of 40)  contactable"), "{text}");
        assert!(text.contains("1 of 3 (too few for a share)"), "{text}");
        assert_eq!(text.lines().count(), 16);
    }
}
