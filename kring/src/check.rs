use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use kring_frame::{
    Actor, Fact,
    audience::{self, Standing},
    rules::{Count, Did, Held, Kind, Linked, Role, Rule, Test, When},
};
use kring_sharing::quality::{self, Quality, Share};
use std::{
    fmt::Write as _,
    path::PathBuf,
    time::{Duration, Instant},
};

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
    /// Whether the index of segments and the database say the same of everybody, and how long each takes.
    Audiences {
        /// Where a demo institution keeps its data, instead of the configured place.
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
}

pub async fn run(mut config: Config, options: Options) -> Result<()> {
    match options.what {
        What::Quality { data, json } => {
            config.data = data.unwrap_or(config.data);
            quality(&config, json).await
        }
        What::Audiences { data } => {
            config.data = data.unwrap_or(config.data);
            audiences(&config).await
        }
    }
}

/// Asks the index and the database everything that can be asked in one word, and every saved segment.
async fn audiences(config: &Config) -> Result<()> {
    let (house, _) = serve::open(config, false).await?;
    audience::open(&house).await.map_err(plain)?;
    if let Standing::Down(why) = house.audience.standing() {
        bail!("the index is down, and the database answers: {why}");
    }
    let mut tx = house.read(&Actor::robot()).await.map_err(plain)?;
    let mut asked: Vec<(String, Rule)> =
        house.rooms.facts.list.iter().map(|fact| (fact.key.to_owned(), any(fact))).collect();
    for segment in kring_segments::segment::all(&mut tx, false).await.map_err(plain)? {
        asked.push((format!("segment {}", segment.id), segment.rule().map_err(plain)?));
    }
    let mut other = 0;
    for (what, rule) in asked {
        let begun = Instant::now();
        let index = tx.people_who(&rule).await.map_err(plain)?.is;
        let by_index = begun.elapsed();
        let begun = Instant::now();
        let database = tx.people_who_in_database(&rule).await.map_err(plain)?;
        let by_database = begun.elapsed();
        let apart = (&index ^ &database).len();
        other += apart;
        let ms = |took: Duration| took.as_secs_f64() * 1000.0;
        say(&format!(
            "{:>9} people  {:>8.2} ms  {:>9.2} ms in the database  {what}{}",
            index.len(),
            ms(by_index),
            ms(by_database),
            if apart == 0 { String::new() } else { format!("  APART BY {apart}") }
        ))?;
    }
    let memory = house.audience.ask(|index| index.memory().total()).unwrap_or_default();
    say(&format!("{} MB in memory", memory >> 20))?;
    if other > 0 {
        bail!("index and database are apart; a restart fills the index anew, and please report it");
    }
    Ok(())
}

/// Whoever has anything of a fact.
fn any(fact: &Fact) -> Rule {
    let test = match fact.kind {
        Kind::Choice | Kind::Tags | Kind::Number | Kind::Day => Test::Known,
        Kind::Flag => Test::Yes,
        Kind::Acts => Test::Did(Did { count: Count::AtLeast(1), details: Vec::new(), when: When::Ever }),
        Kind::Spans => Test::Role(Role { kinds: Vec::new(), places: Vec::new(), held: Held::Now }),
        Kind::Links => Test::Linked(Linked { kinds: Vec::new(), to: None, people: None }),
    };
    Rule::fact(fact.key, test)
}

async fn quality(config: &Config, json: bool) -> Result<()> {
    let (house, _) = serve::open(config, false).await?;
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
