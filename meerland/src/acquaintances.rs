//! Who of the staff knows whom. Eleven thousand alumni are known to one teacher alone; some of those teachers leave.

use crate::{calendar::on, dice::Dice, making::Making, people::Knows, table::PersonKey};

/// Alumni who are known to several.
const SEVERAL: f64 = 2_000.0;

pub(crate) fn make(m: &mut Making) {
    let dice = m.dice("acquaintances");
    let teachers = |leaving: bool| -> Vec<PersonKey> {
        let of = m.staff.iter().filter(|s| s.function == "teacher" && s.leaving == leaving);
        of.map(|s| s.key).collect()
    };
    let (staying, leaving) = (teachers(false), teachers(true));
    if staying.is_empty() || m.sector.sizes.single_known <= 0.0 {
        return;
    }
    let pool: Vec<PersonKey> = m.alumni.iter().copied().filter(|k| !m.flags[*k].staff).collect();
    let single = m.n(m.sector.sizes.single_known);
    let last = m.n(m.sector.sizes.single_leaving);
    let mut some: Vec<PersonKey> = dice
        .some(pool.len(), single + m.n(SEVERAL))
        .into_iter()
        .filter_map(|at| pool.get(at).copied())
        .collect();
    dice.shuffle(&mut some);
    for (n, person) in some.into_iter().enumerate() {
        if n < single {
            let goes = n < last && !leaving.is_empty();
            let teacher = *dice.pick(if goes { &leaving } else { &staying });
            knows(m, &dice, teacher, person);
            m.w.people[person].owner = Some(teacher);
            m.w.planted.single_known.push(person);
            if goes {
                m.w.planted.single_leaving.push(person);
            }
        } else {
            let one = *dice.pick(&staying);
            knows(m, &dice, one, person);
            m.w.people[person].owner = Some(one);
            let colleagues: Vec<PersonKey> = m.staff.iter().map(|s| s.key).filter(|k| *k != one).collect();
            let other = (!colleagues.is_empty()).then(|| *dice.pick(&colleagues));
            if let Some(other) = other {
                knows(m, &dice, other, person);
            }
        }
    }
    m.w.planted.single_known.sort_unstable();
    m.w.planted.single_leaving.sort_unstable();
}

fn knows(m: &mut Making, dice: &Dice, staff: PersonKey, person: PersonKey) {
    let since = crate::calendar::day(m.w.people[person].since);
    let last = m.today() - dice.between(1, 1_800).min((m.today() - since).max(1));
    m.w.knows.push(Knows { staff, person, since: on(since), last_contact: on(last) });
    m.touch(person, last);
}
