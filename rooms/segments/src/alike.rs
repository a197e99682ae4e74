//! People like these: what the members of a segment have in common that others have less, and who else has most of it.
//!
//! Each trait weighs the logarithm of how much likelier a member is to have it than somebody else (the weight of evidence,
//! as of a word in a naive Bayes classifier); somebody's likeness is the sum of what they have. So the answer is its own
//! explanation. Only facts that their room has allowed for this are looked at: nothing of age, descent, health, where
//! somebody lives or what they struggle with.

use kring_core::{Lang, Result};
use kring_frame::{
    Alike, Fact, PersonId, Tx,
    rules::{Count, Did, Held, Kind, Role, Rule, Test, When},
};
use roaring::RoaringBitmap;

/// Of fewer members nothing is said: what they have in common would be what one of them is.
pub const FEWEST: u64 = 10;
/// Traits that are shown and weighed.
const MOST_TRAITS: usize = 12;
/// People who are shown.
const MOST_PEOPLE: usize = 50;
/// As many are looked at, since some of them may not be profiled.
const LOOKED_AT: usize = 4 * MOST_PEOPLE;
/// At least so many of a hundred members have a trait, or it is no trait of theirs.
const SHARE: u64 = 10;
/// Natural logarithm: members have it at least this much more often than others; e^0.5 is 1.65 times.
const LIFT: f64 = 0.5;

/// What members have more often than others.
#[derive(Clone, Debug)]
pub struct Trait {
    pub fact: &'static str,
    pub rule: Rule,
    pub code: String,
    /// Of the members and of all others, how many have it.
    pub members: u64,
    pub others: u64,
    /// ln of (share of members / share of others).
    pub weight: f64,
    bearers: RoaringBitmap,
}

/// Somebody who is no member, with the places of the traits that they have.
#[derive(Clone, Debug, PartialEq)]
pub struct Likely {
    pub person: PersonId,
    pub score: f64,
    pub traits: Vec<usize>,
}

/// What a segment's people are like.
#[derive(Clone, Debug, Default)]
pub struct Likeness {
    pub members: u64,
    pub others: u64,
    pub traits: Vec<Trait>,
    /// Most like first.
    pub people: Vec<Likely>,
}

/// Works out the traits of `members` among `everybody`, both within what the actor at work may know. `None` while the index is
/// being filled: some hundred questions are too many for the database.
pub async fn likeness(
    tx: &mut Tx,
    lang: Lang,
    members: &RoaringBitmap,
    everybody: &RoaringBitmap,
) -> Result<Option<Likeness>> {
    let others = everybody - members;
    let mut found = Likeness { members: members.len(), others: others.len(), ..Likeness::default() };
    if found.members < FEWEST {
        return Ok(Some(found));
    }
    let house = tx.house().clone();
    let facts: Vec<Fact> = house.rooms.facts.of(tx.actor()).copied().collect();
    for fact in facts {
        for (code, rule) in questions(tx, lang, &fact).await? {
            let Some(Ok(bearers)) = house.audience.ask(|index| index.members(&rule)) else { return Ok(None) };
            let (of_members, of_others) =
                (bearers.intersection_len(members), bearers.intersection_len(&others));
            if of_members < FEWEST / 2 || of_members * 100 < found.members * SHARE {
                continue;
            }
            let weight = evidence(of_members, found.members, of_others, found.others);
            if weight >= LIFT {
                found.traits.push(Trait {
                    fact: fact.key,
                    rule,
                    code,
                    members: of_members,
                    others: of_others,
                    weight,
                    bearers,
                });
            }
        }
    }
    // By what a trait adds for a member: how much it says, times how many it says it of.
    let gain = |t: &Trait| t.weight * t.members as f64;
    found.traits.sort_by(|a, b| gain(b).total_cmp(&gain(a)).then_with(|| a.code.cmp(&b.code)));
    found.traits.truncate(MOST_TRAITS);
    found.people = nearest(&found.traits, &others);
    let people: Vec<PersonId> = found.people.iter().map(|likely| likely.person).collect();
    let withheld = kring_consent::withheld_among(tx, &people).await?;
    found.people.retain(|likely| !withheld.contains_key(&likely.person));
    found.people.truncate(MOST_PEOPLE);
    Ok(Some(found))
}

/// The natural logarithm of how much likelier members have something than others, with half a person added to each side: a
/// trait that no other has would weigh without end.
fn evidence(of_members: u64, members: u64, of_others: u64, others: u64) -> f64 {
    let share = |having: u64, all: u64| (having as f64 + 0.5) / (all as f64 + 1.0);
    (share(of_members, members) / share(of_others, others)).ln()
}

/// Those others who have most, by weight; of equals the lower number first, so that the answer is the same each time.
fn nearest(traits: &[Trait], others: &RoaringBitmap) -> Vec<Likely> {
    let Some(highest) = others.max() else { return Vec::new() };
    let mut scores = vec![0_f32; highest as usize + 1];
    for one in traits {
        for person in &one.bearers & others {
            if let Some(score) = scores.get_mut(person as usize) {
                *score += one.weight as f32;
            }
        }
    }
    let mut ranked: Vec<(f32, u32)> =
        scores.into_iter().zip(0_u32..).filter(|(score, _)| *score > 0.0).collect();
    let best_first = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1));
    if ranked.len() > LOOKED_AT {
        ranked.select_nth_unstable_by(LOOKED_AT, best_first);
        ranked.truncate(LOOKED_AT);
    }
    ranked.sort_by(best_first);
    let has = |person: u32| {
        let all = traits.iter().enumerate();
        all.filter(|(_, one)| one.bearers.contains(person)).map(|(at, _)| at).collect()
    };
    ranked
        .into_iter()
        .map(|(score, person)| Likely {
            person: PersonId::new(person.into()),
            score: score.into(),
            traits: has(person),
        })
        .collect()
}

/// What can be asked of a fact, code by code.
async fn questions(tx: &mut Tx, lang: Lang, fact: &Fact) -> Result<Vec<(String, Rule)>> {
    let read = match fact.alike {
        Some(Alike::Codes) => fact.codes,
        Some(Alike::Places) => fact.places,
        None => None,
    };
    let Some(read) = read else { return Ok(Vec::new()) };
    let ask: fn(String) -> Test = match (fact.kind, fact.alike) {
        (Kind::Choice | Kind::Tags, _) => |code| Test::AnyOf(vec![code]),
        (Kind::Spans, Some(Alike::Places)) => |place| held(Vec::new(), vec![place]),
        (Kind::Spans, _) => |kind| held(vec![kind], Vec::new()),
        (Kind::Acts, _) => {
            |code| Test::Did(Did { count: Count::AtLeast(1), details: vec![code], when: When::Last(365) })
        }
        _ => return Ok(Vec::new()),
    };
    let codes = read(tx, lang).await?;
    Ok(codes.into_iter().map(|code| (code.code.clone(), Rule::fact(fact.key, ask(code.code)))).collect())
}

fn held(kinds: Vec<String>, places: Vec<String>) -> Test {
    Test::Role(Role { kinds, places, held: Held::Now })
}

/// A segment of people like these who are not in it: of the two facts that say most, one of the codes that members have. What
/// no other has is left out, since it would leave nobody.
pub fn proposal(segment: i64, traits: &[Trait]) -> Rule {
    let traits: Vec<&Trait> = traits.iter().filter(|one| one.others > 0).collect();
    let mut facts: Vec<&'static str> = Vec::new();
    for one in &traits {
        if !facts.contains(&one.fact) {
            facts.push(one.fact);
        }
    }
    let mut parts = vec![Rule::None(vec![Rule::Segment(segment)])];
    for fact in facts.into_iter().take(2) {
        let mut rules: Vec<Rule> =
            traits.iter().filter(|one| one.fact == fact).take(3).map(|one| one.rule.clone()).collect();
        match rules.len() {
            1 => parts.append(&mut rules),
            _ => parts.push(Rule::Any(rules)),
        }
    }
    Rule::All(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn having(fact: &'static str, code: &str, weight: f64, bearers: &[u32]) -> Trait {
        let rule = Rule::fact(fact, Test::AnyOf(vec![code.to_owned()]));
        let bearers = bearers.iter().copied().collect();
        Trait { fact, rule, code: code.to_owned(), members: 10, others: 1, weight, bearers }
    }

    #[test]
    fn evidence_is_the_logarithm_of_a_ratio_of_shares() {
        // (40.5 / 101) / (100.5 / 1001) = 3.9939…
        assert!((evidence(40, 100, 100, 1_000) - 3.993_941_185_f64.ln()).abs() < 1e-6);
        assert!(evidence(10, 100, 100, 1_000).abs() < 0.05, "as many of both says nothing");
        assert!(evidence(100, 100, 0, 1_000).is_finite());
    }

    #[test]
    fn whoever_has_most_comes_first_and_no_member_comes() {
        let traits = [having("role", "a", 2.0, &[1, 2, 3, 9]), having("asked", "b", 1.0, &[2, 4, 9])];
        let others: RoaringBitmap = [1, 2, 3, 4, 5].into_iter().collect();
        let people = nearest(&traits, &others);
        let order: Vec<i64> = people.iter().map(|one| one.person.get()).collect();
        assert_eq!(order, [2, 1, 3, 4], "9 is a member, 5 has nothing");
        assert_eq!(people.first().map(|one| one.traits.clone()), Some(vec![0, 1]));
    }

    #[test]
    fn a_proposal_asks_the_two_facts_that_say_most() {
        let traits = [
            having("role", "a", 2.0, &[1]),
            having("asked", "x", 1.5, &[1]),
            having("asked", "y", 1.0, &[1]),
            having("needs", "z", 0.6, &[1]),
        ];
        let Rule::All(parts) = proposal(7, &traits) else { panic!("a group") };
        assert_eq!(parts.len(), 3);
        assert_eq!(parts.first(), Some(&Rule::None(vec![Rule::Segment(7)])));
        assert!(matches!(parts.get(2), Some(Rule::Any(either)) if either.len() == 2));
    }
}
