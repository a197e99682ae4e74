//! How engagement lies over groups of people: counts and nobody's name. Asked of the index that segments are counted by, so
//! that a group is counted here and in a segment by one meaning of the role.

use kring_core::{Lang, Result};
use kring_frame::{
    Permit, Tx,
    rules::{Held, Role, Rule, Test},
};
use kring_people::{roles, wall};
use kring_stats::Minimum;

/// The lowest score of each band; the last ends at a hundred. Nobody did anything in the first.
pub const BANDS: [i64; 5] = [0, 1, 20, 40, 60];

/// One group: how many there are, and how many in each band; `None` when there are too few to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// `None` for everybody.
    pub name: Option<String>,
    pub people: u64,
    pub bands: Option<[u64; BANDS.len()]>,
}

/// The band that a score lies in.
pub fn band(score: i64) -> usize {
    BANDS.iter().rposition(|from| *from <= score).unwrap_or(0)
}

/// Everybody, and whoever has a role of each kind now; groups without anybody are left out.
pub async fn all(tx: &mut Tx, permit: &Permit, lang: Lang) -> Result<Vec<Group>> {
    let wall = wall::rule(tx, permit).await?;
    let mut groups = vec![group(tx, None, Vec::new(), wall.clone(), None).await?];
    let whole = groups.first().map(|all| all.people);
    for kind in roles::kinds(tx).await?.into_iter().filter(|kind| kind.party == "person") {
        let held = Test::Role(Role { kinds: vec![kind.key.clone()], places: Vec::new(), held: Held::Now });
        let name = Some(kind.name(lang).to_owned());
        groups.push(group(tx, name, vec![Rule::fact("role", held)], wall.clone(), whole).await?);
    }
    groups.retain(|group| group.people > 0);
    Ok(groups)
}

/// `whole` is everybody, beside whom a part stands: where but a few are in the one and not in the other, both together
/// would tell of these few.
async fn group(
    tx: &mut Tx,
    name: Option<String>,
    mut rules: Vec<Rule>,
    wall: Option<Rule>,
    whole: Option<u64>,
) -> Result<Group> {
    rules.extend(wall);
    let people = tx.count_people(&Rule::All(rules.clone())).await?.is;
    if Minimum::SCORES.allows_part(whole.unwrap_or(people), people).is_err() {
        return Ok(Group { name, people, bands: None });
    }
    let mut bands = [0; BANDS.len()];
    let ends = BANDS.iter().skip(1).map(|next| Some(next - 1)).chain([None]);
    for ((count, from), to) in bands.iter_mut().zip(BANDS).zip(ends) {
        let mut rules = rules.clone();
        rules.push(Rule::fact("engagement", Test::Between { from: Some(from), to }));
        *count = tx.count_people(&Rule::All(rules)).await?.is;
    }
    Ok(Group { name, people, bands: Some(bands) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_score_lies_in_one_band() {
        assert_eq!([0, 1, 19, 20, 39, 40, 59, 60, 100].map(band), [0, 1, 1, 2, 2, 3, 3, 4, 4]);
    }
}
