//! A person's score opened up: every act with its day, what it was worth, what is left of that, and what it adds. Worked out
//! when it is asked for, by the arithmetic that rules are fed with; what is shown adds up to what is shown.

use jiff::civil::Date;
use kring_consent::Withheld;
use kring_core::{Lang, Result};
use kring_frame::{PersonId, Tx, UnitId, rules::Day};

use crate::{
    Words, act,
    formula::{self, Holding},
    score::{self, Part, Score, score},
    standing,
};

/// For whom an account is drawn up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Somebody at work: an act whose purpose they may not see stands there without its name.
    Colleague,
    /// The person themselves, or the law.
    Themselves,
}

/// One line.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The name that formulas weigh it by; `None` for what the reader may not see.
    pub kind: Option<String>,
    pub day: Date,
    pub part: Part,
}

/// All of it, newest first.
#[derive(Clone, Debug)]
pub struct Account {
    pub holding: Holding,
    /// The day for which it holds.
    pub on: Date,
    pub score: Score,
    pub entries: Vec<Entry>,
    /// Why there is no score: then nothing counts, and only the person themselves reads what they did.
    pub withheld: Option<Withheld>,
}

impl Account {
    /// The day of the last act, when behaviour is known or was.
    pub fn last(&self) -> Option<Date> {
        self.score.behaviour.map(|lately| date(lately.last))
    }
}

/// The account of one person. Who may read it is the caller's matter.
pub async fn of(tx: &mut Tx, person: PersonId, reader: Reader) -> Result<Account> {
    let (holding, acts, today) =
        (formula::holding(tx).await?, act::of(tx, person).await?, standing::today(tx));
    let withheld = kring_consent::withheld(tx, person).await?;
    let weighed: Vec<score::Act<'_>> =
        acts.iter().filter(|_| withheld.is_none()).map(act::Act::weighed).collect();
    let score = score(&holding.formula, &holding.on, &weighed, today);
    let house = tx.house().clone();
    let shown = withheld.is_none() || reader == Reader::Themselves;
    let mut entries: Vec<Entry> = acts
        .iter()
        .filter(|_| shown)
        .zip(score.parts.iter().copied().chain(std::iter::repeat(Part::default())))
        .map(|(act, part)| {
            let sees =
                |purpose: &str| tx.actor().sees(purpose, act.unit.map(UnitId::new), &house.rooms.rights);
            let seen = reader == Reader::Themselves || act.purpose.as_deref().is_some_and(sees);
            Entry { kind: seen.then(|| act.kind.clone()), day: date(act.day), part }
        })
        .collect();
    entries.reverse();
    Ok(Account { on: date(today), holding, score, entries, withheld })
}

fn date(day: i64) -> Date {
    Day::new(i32::try_from(day).unwrap_or_default()).date()
}

/// Why there is no score, in a sentence.
pub fn says_withheld(withheld: Withheld, lang: Lang) -> &'static str {
    match withheld {
        Withheld::Objected => Words(lang).withheld_objected(),
        Withheld::Under16 => Words(lang).withheld_under_16(),
    }
}

/// What an act is called: by the room that tells of it; a kind that no room tells of any more keeps its own name.
pub fn label(tx: &Tx, kind: &str, lang: Lang) -> String {
    tx.house().rooms.own_act_label(kind, lang).unwrap_or(kind).to_owned()
}
