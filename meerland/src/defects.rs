//! What is wrong on purpose: people who died, records without a basis, addresses to protect, notes with what should not be
//! in them, and pairs who look alike and are two people.

use crate::{
    calendar::{Day, day, on, ymd},
    dice::{Dice, chosen},
    making::Making,
    names::initials,
    people::{Basis, Birth, Deceased, KinshipKind, Note, NoteKind},
    table::PersonKey,
};

/// Of the alumni: noted, and not noted.
const MARKED: f64 = 0.019;
const UNMARKED: f64 = 0.006;

/// Before anybody is asked or employed: the dead take no part in what comes after.
pub(crate) fn deaths(m: &mut Making) {
    let dice = m.dice("deaths");
    let mut busy = m.side::<bool>();
    for person in m.w.interests.iter().map(|i| i.person).chain(m.w.enrolments.iter().map(|e| e.person)) {
        busy[person] = true;
    }
    let weights: Vec<f64> = m
        .alumni
        .iter()
        .map(|k| {
            let (flags, age) = (m.flags[*k], (m.today() - m.w.people[*k].born) / 365);
            if busy[*k] || flags.staff || flags.student || flags.ambassador {
                0.0
            } else {
                f64::from(age.max(20) - 19).powi(2)
            }
        })
        .collect();
    let all = m.n(m.sector.sizes.alumni) as f64;
    if m.sector.sizes.alumni <= 0.0 {
        return;
    }
    let count = |share: f64| ((share * all).round() as usize).max(1);
    let mut dead: Vec<PersonKey> = dice
        .by_weight(&weights, count(MARKED) + count(UNMARKED))
        .into_iter()
        .filter_map(|at| m.alumni.get(at).copied())
        .collect();
    dice.shuffle(&mut dead);
    for (n, key) in dead.into_iter().enumerate() {
        let marked = n >= count(UNMARKED);
        let since = day(m.w.people[key].since).max(m.today() - 4_000) + 900;
        let when = dice.between(since.min(m.today() - 30), m.today() - 20);
        m.w.people[key].deceased = Some(Deceased { on: on(when), marked });
        m.flags[key].gone = true;
        if marked { m.w.planted.marked.push(key) } else { m.w.planted.unmarked.push(key) }
    }
    m.w.planted.marked.sort_unstable();
    m.w.planted.unmarked.sort_unstable();
}

pub(crate) fn make(m: &mut Making) {
    let dice = m.dice("defects");
    lookalikes(m, &dice);
    let sizes = &m.sector.sizes;
    let (no_basis, protected) = (m.n(sizes.no_basis), m.settings().at_least(2, sizes.protected));
    let quiet: Vec<PersonKey> =
        m.w.people
            .iter()
            .filter(|(k, _)| {
                let f = m.flags[*k];
                !f.staff && !f.student && !f.planted && !f.gone
            })
            .map(|(k, _)| k)
            .collect();
    for at in dice.some(quiet.len(), no_basis) {
        let Some(key) = quiet.get(at).copied() else { continue };
        m.w.people[key].basis = Basis::None;
        m.flags[key].planted = true;
        m.w.planted.no_basis.push(key);
    }
    let housed: Vec<PersonKey> =
        m.w.people
            .iter()
            .filter(|(k, p)| p.address.is_some() && !m.flags[*k].gone && !m.flags[*k].planted)
            .map(|(k, _)| k)
            .collect();
    for at in dice.some(housed.len(), protected) {
        let Some(key) = housed.get(at).copied() else { continue };
        m.w.people[key].protected = true;
        m.flags[key].planted = true;
        m.w.planted.protected.push(key);
    }
    notes(m, &dice);
}

fn notes(m: &mut Making, dice: &Dice) {
    const PLAIN: &[&str] = &[
        "Belde over de open dag; stuurt nog een mail.",
        "Liever 's avonds bellen.",
        "Enthousiast over gastlessen, komt graag nog eens langs.",
        "Gesproken op de stagemarkt, visitekaartje gekregen.",
        "Wil graag op de hoogte blijven van cursussen.",
        "Wacht op antwoord van de coördinator.",
        "+1 persoon mee naar de voorlichting.",
    ];
    const HEALTH: &[&str] = &[
        "Is allergisch voor noten, let op bij lunch.",
        "Heeft dyslexie en adhd, vraagt extra tijd.",
        "Was lang ziek (burn-out), voorzichtig benaderen.",
        "Zit in een rolstoel, lift nodig.",
        "Slikt medicatie voor epilepsie.",
        "Moeder vertelde dat zij zwanger is.",
    ];
    let sizes = &m.sector.sizes;
    let kinds = [
        (NoteKind::Bsn, m.n(sizes.notes_bsn)),
        (NoteKind::Iban, m.n(sizes.notes_iban)),
        (NoteKind::Health, m.n(sizes.notes_health)),
        (NoteKind::Plain, m.n(sizes.notes_health * 30.0)),
    ];
    let writers: Vec<PersonKey> = m.staff.iter().map(|s| s.key).collect();
    for (kind, count) in kinds {
        for n in 0..count {
            let person = PersonKey(dice.below(m.w.people.len()) as u32);
            let since = day(m.w.people[person].since);
            let text = match kind {
                NoteKind::Plain => dice.word(PLAIN).to_owned(),
                NoteKind::Health => dice.word(HEALTH).to_owned(),
                NoteKind::Bsn => bsn_text(dice, n),
                NoteKind::Iban => format!(
                    "Reiskosten overmaken naar {} t.n.v. {}",
                    iban(dice),
                    m.w.people[person].name.display()
                ),
            };
            let on = on(dice.between(since.min(m.today()), m.today()));
            let by = (!writers.is_empty()).then(|| *dice.pick(&writers));
            m.w.notes.push(Note { person, by, on, kind, text });
        }
    }
}

fn bsn_text(dice: &Dice, n: usize) -> String {
    let number = bsn_like(dice);
    match n % 4 {
        0 => format!("BSN {number} genoteerd door balie"),
        1 => {
            let (front, back) = number.split_at(4);
            let (middle, back) = back.split_at(2);
            format!("sofinr: {front}.{middle}.{back}")
        }
        2 => format!("Kopie paspoort gezien, burgerservicenummer {number}, terugbellen"),
        _ => format!("bsn={number}; aanmelding compleet"),
    }
}

/// Nine digits that pass the eleven-test, from 9999 00000 on: no such number is given out, and a detector cannot tell.
pub(crate) fn bsn_like(dice: &Dice) -> String {
    loop {
        let number = 999_900_000 + dice.below(99_999) as u32;
        if eleven_test(number) {
            return number.to_string();
        }
    }
}

/// 9a + 8b + … + 2h − i divisible by eleven.
pub(crate) fn eleven_test(number: u32) -> bool {
    let (mut rest, mut sum) = (number, -i64::from(number % 10));
    rest /= 10;
    for weight in 2..=9 {
        sum += weight * i64::from(rest % 10);
        rest /= 10;
    }
    sum % 11 == 0
}

/// Well-formed, of a bank that does not exist.
pub(crate) fn iban(dice: &Dice) -> String {
    let account = dice.below(1_000_000_000);
    // MEER as numbers, then NL and 00: the check digits are 98 minus that number modulo 97.
    let digits = format!("22141427{account:010}232100");
    let rest = digits.bytes().fold(0_u64, |r, b| (r * 10 + u64::from(b - b'0')) % 97);
    format!("NL{:02}MEER{account:010}", 98 - rest)
}

fn lookalikes(m: &mut Making, dice: &Dice) {
    let count = m.settings().at_least(4, m.sector.sizes.lookalikes * 0.75);
    let kinds = ["twins", "father and son", "namesakes of one year", "one household"];
    let able = |m: &Making, k: PersonKey| {
        let (p, f) = (&m.w.people[k], m.flags[k]);
        let known = matches!(p.birth, Birth::Full(_)) && !p.emails.is_empty() && !p.name.surname.is_empty();
        known && !f.planted && !f.gone && !f.staff && p.name.initials.is_ascii()
    };
    let mut pool: Vec<PersonKey> = Vec::new();
    while pool.len() < count * 40 {
        let key = PersonKey(dice.below(m.w.people.len()) as u32);
        if able(m, key) && !pool.contains(&key) {
            pool.push(key);
        }
        if m.w.people.len() < count * 80 {
            break;
        }
    }
    if pool.is_empty() {
        pool = m.w.people.keys().filter(|k| able(m, *k)).collect();
    }
    pool.sort_by_key(|k| (m.w.people[*k].born, *k));
    for n in 0..count {
        let kind = *chosen(&kinds, n % kinds.len());
        let gap = |a: Day, b: Day| match kind {
            "father and son" => (365 * 20..365 * 45).contains(&(b - a)),
            _ => (b - a).abs() < 365 * 6,
        };
        let found = pool.iter().enumerate().find_map(|(at, one)| {
            let other =
                pool.iter().skip(at + 1).position(|o| gap(m.w.people[*one].born, m.w.people[*o].born))?;
            Some((at, at + 1 + other))
        });
        let Some((at, then)) = found else { continue };
        let (other, one) = (pool.remove(then), pool.remove(at));
        alike(m, dice, (one, other), kind);
    }
}

/// Gives the second the outward signs of the first.
fn alike(m: &mut Making, dice: &Dice, (one, other): (PersonKey, PersonKey), kind: &'static str) {
    let (first, born) = (m.w.people[one].clone(), m.w.people[one].born);
    let like = &mut m.w.people[other];
    like.name.surname_prefix.clone_from(&first.name.surname_prefix);
    like.name.surname.clone_from(&first.name.surname);
    like.name.partner_surname.clear();
    like.name.partner_surname_prefix.clear();
    like.name.name_usage = first.name.name_usage;
    let same_name = matches!(kind, "father and son" | "namesakes of one year");
    if same_name {
        like.name = first.name.clone();
    } else {
        // Another first name with the same letter.
        let letter = first.name.initials.chars().next().unwrap_or('P');
        let twin = crate::name_lists::FIRST
            .iter()
            .map(|f| f.0)
            .find(|n| n.starts_with(letter) && *n != first.name.preferred_name);
        let twin = twin.unwrap_or("Pim");
        like.name.preferred_name = twin.to_owned();
        like.name.given_names = twin.to_owned();
        like.name.initials = initials(&[twin]);
    }
    if kind != "namesakes of one year" {
        like.address.clone_from(&first.address);
    }
    match kind {
        "twins" => {
            m.w.people[one].name.initials = m.w.people[other].name.initials.clone();
            m.reborn(other, born);
        }
        "namesakes of one year" => {
            let year = i32::from(on(born).year());
            let (from, to) = (ymd(year, 1, 1), ymd(year, 12, 31));
            let mut new = dice.between(from, to);
            while new == born {
                new = dice.between(from, to);
            }
            m.reborn(other, new);
        }
        "father and son" => {
            let since = m.w.people[one].since;
            m.kin(one, other, KinshipKind::ParentOf, day(since), "form");
        }
        _ => {}
    }
    for key in [one, other] {
        m.flags[key].planted = true;
    }
    m.w.planted.lookalikes.push((one, other, kind));
}

/// As many minors as there should be: among those enrolled, and among those who are interested.
pub(crate) fn minors(m: &mut Making) {
    let sizes = &m.sector.sizes;
    if sizes.minors_enrolled <= 0.0 {
        return;
    }
    let (enrolled, interested) = (m.n(sizes.minors_enrolled), m.n(sizes.minors_interested));
    let interested_kind = m.sector.slots.interested;
    let young: Vec<PersonKey> =
        m.w.roles
            .iter()
            .filter(|r| {
                r.kind == interested_kind
                    && r.to.is_none()
                    && !m.flags[r.person].alumnus
                    && !m.flags[r.person].student
            })
            .filter(|r| matches!(r.detail, "mbo-youth" | "hbo-youth"))
            .map(|r| r.person)
            .collect();
    let students: Vec<PersonKey> =
        m.students.iter().copied().filter(|k| !m.flags[*k].alumnus && !m.flags[*k].staff).collect();
    crate::cohorts::minors(m, students, enrolled);
    crate::cohorts::minors(m, young, interested);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planted_numbers_look_real() {
        let dice = Dice::of(5, "numbers");
        assert!(eleven_test(111_222_333) && eleven_test(123_456_782) && !eleven_test(123_456_789));
        for _ in 0..50 {
            assert!(eleven_test(bsn_like(&dice).parse().unwrap()));
            let iban = iban(&dice);
            let turned = format!("{}{}", &iban[4..], &iban[..4]);
            let digits: String = turned.chars().map(|c| c.to_digit(36).unwrap().to_string()).collect();
            assert_eq!(digits.bytes().fold(0_u64, |r, b| (r * 10 + u64::from(b - b'0')) % 97), 1, "{iban}");
        }
    }
}
