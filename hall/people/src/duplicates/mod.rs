//! Who may be the same as whom. The weighing is `kring-match`'s; here are the people it is fed with, the keys by which
//! one person finds those to be compared with, and the queue of pairs that a colleague decides on.

mod keys;
mod organisations;
mod queue;
mod record;
mod sweep;

use std::num::NonZero;

use kring_core::{Error, Lang, Result};
use kring_frame::{PersonId, Tx, params, sql};
use kring_match::{Band, Matcher, Model, Score, Spec};

pub use keys::{bearers, candidates, keys_of, rekey};
pub use organisations::{
    Marks, OrganisationLikeness, OrganisationPair, alike_in_sight, decide_organisations, like_organisation,
    organisation_pairs, organisations_waiting, propose_organisations, sweep as sweep_organisations,
};
pub(crate) use queue::settle;
pub use queue::{Decision, Pair, State, asking, decide, next, of_person, one, pairs, propose, waiting};
pub(crate) use record::load_with_words;
pub use record::{Known, Subject, load, subject_of};
pub(crate) use sweep::run;
pub use sweep::{FindDuplicates, Swept, hear_person, last_sweep, sweep};

use crate::{Words, person::NewPerson};

fn broken(fault: kring_match::Fault) -> Error {
    Error::broken(fault.to_string())
}

/// Comparing many takes two threads: the rest of the house goes on working.
pub const THREADS: NonZero<usize> = NonZero::<usize>::MIN.saturating_add(1);

/// What people are compared on.
pub fn spec() -> Result<Spec> {
    record::spec()
}

/// The weights in use: those that were learned from this base last, or the shipped ones while it is small.
pub async fn matcher(tx: &mut Tx) -> Result<Matcher> {
    matcher_for(tx, 0).await
}

/// As [`matcher`], for a base that so many more are about to join.
pub async fn matcher_for(tx: &mut Tx, more: usize) -> Result<Matcher> {
    let spec = spec()?;
    let learned: Option<(String,)> =
        tx.maybe(sql!("select model from match_models order by id desc limit 1"), params![]).await?;
    let model = match learned {
        Some((text,)) => serde_json::from_str::<Model>(&text).ok().filter(|m| m.fits(&spec).is_ok()),
        None => None,
    };
    let model = match model {
        Some(model) => model,
        None => {
            let (n,): (i64,) = tx.one(sql!("select coalesce(max(id), 0) from people"), params![]).await?;
            Model::shipped(&spec, usize::try_from(n).unwrap_or(0) + more)
        }
    };
    Matcher::new(spec, model).map_err(broken)
}

/// Somebody who looks like the one that is being added.
#[derive(Clone, Debug)]
pub struct Likeness {
    pub person: PersonId,
    pub name: String,
    pub score: Score,
}

impl Likeness {
    /// On what they agree and differ, in words, heaviest first.
    pub fn says(&self, lang: Lang) -> String {
        says(&self.score, lang)
    }
    pub fn is_sure(&self) -> bool {
        self.score.band == Band::Same
    }
}

/// A score in words: "same birth date, almost the same surname, other phone".
pub fn says(score: &Score, lang: Lang) -> String {
    let w = Words(lang);
    let mut fields: Vec<_> = score.fields.iter().filter(|f| f.bits.abs() > 0.5).collect();
    fields.sort_by(|a, b| b.bits.abs().total_cmp(&a.bits.abs()));
    let said = fields.into_iter().take(5).filter_map(|f| {
        let field = w.find(&format!("field-{}", f.key))?;
        let level = w.find(&format!("level-{}", level_word(f.level.word())))?;
        Some(format!("{field}: {level}"))
    });
    let mut all: Vec<String> = said.collect();
    if let Some(why) = score.held {
        all.extend(w.find(&format!("held-{}", why.word().replace('_', "-"))).map(str::to_owned));
    }
    all.join(" · ")
}

/// A level as the key of its sentence.
pub fn level_word(word: &str) -> String {
    word.replace(['_', ' '], "-")
}

/// Who in the base may be this new person, most likely first. The public forms, the API and the page on which somebody
/// is added all ask here, so there is one answer to "do we know you?".
pub async fn like(tx: &mut Tx, new: &NewPerson) -> Result<Vec<Likeness>> {
    like_subject(tx, &record::of_new(new), None).await
}

/// As [`like`], for somebody who is in the base already and is not to be compared with themselves.
pub async fn like_subject(tx: &mut Tx, subject: &Subject, but: Option<PersonId>) -> Result<Vec<Likeness>> {
    let matcher = matcher(tx).await?;
    let record = subject.record(matcher.spec())?;
    let ids: Vec<PersonId> =
        candidates(tx, &record).await?.into_iter().filter(|id| Some(*id) != but).collect();
    let mut found = Vec::new();
    for other in load(tx, &ids).await? {
        let score = matcher.score(&record, &other.record(matcher.spec())?).map_err(broken)?;
        if score.band != Band::Different {
            found.push(Likeness { person: other.id, name: other.name, score });
        }
    }
    found.sort_by(|a, b| b.score.bits.total_cmp(&a.score.bits));
    found.truncate(8);
    Ok(found)
}
