//! Hours for alumni work: given, planned and spent, by team and goal.

use crate::{
    calendar::on,
    dice::chosen,
    giving::{EffortBudget, EffortEntry},
    making::Making,
    table::{PersonKey, UnitKey},
};

/// Policy areas of the sector's guide for alumni work.
const GOALS: &[&str] = &[
    "ambassadors",
    "feedback",
    "working_capital",
    "placements",
    "llo",
    "aftercare",
    "binding",
    "administration",
];

pub(crate) fn make(m: &mut Making) {
    let dice = m.dice("effort");
    let mut teams: Vec<(UnitKey, Vec<PersonKey>)> = Vec::new();
    for team in m.w.units.teams.clone() {
        let members: Vec<PersonKey> = m.staff.iter().filter(|s| s.unit == team).map(|s| s.key).collect();
        if !members.is_empty() {
            teams.push((team, members));
        }
    }
    let Some((overloaded, _)) = teams.get(teams.len() / 2) else { return };
    let overloaded = *overloaded;
    m.w.planted.overloaded_team = Some(overloaded);
    for back in (0..=5).rev() {
        let year = (m.window.year - back) as i16;
        for (team, _) in &teams {
            let goal = dice.word(GOALS);
            // Forty hours given and a hundred and sixty planned, in one team, this year.
            let (facilitated, planned) = if *team == overloaded && back == 0 {
                (40, 160)
            } else {
                let given = 40 + 10 * dice.below(16) as u16;
                (given, given - 5 * dice.below(usize::from(given) / 10) as u16)
            };
            m.w.budgets.push(EffortBudget { team: *team, year, goal, facilitated, planned });
        }
        let from = m.window.august(back);
        for _ in 0..m.n(m.sector.sizes.effort_a_year) {
            let day = from + dice.between(20, 340);
            let (team, members) = chosen(&teams, dice.below(teams.len()));
            let (staff, goal) = (*dice.pick(members), dice.word(GOALS));
            if day < m.today() {
                let quarters = 1 + dice.below(12) as u16;
                m.w.efforts.push(EffortEntry { staff, team: *team, goal, quarters, on: on(day) });
            }
        }
    }
}
