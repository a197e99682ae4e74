//! Who is the same as whom: surely (the same number, the same mail with a name that fits, the same phone with the
//! same name) or likely (worth a look, never joined by itself). Pure; weighing many small signs is `weigh`'s.

use std::collections::HashMap;

use jiff::civil::Date;
use kring_db::stored;
use kring_lang::names::{PersonName, fold};
use kring_match::Band;

use crate::{row::Candidate, weigh::Weighed};

stored! {
    /// Why two are the same, or may be.
    pub enum Reason {
        Number = "number",
        Email = "email",
        Phone = "phone",
        /// Many small signs together, by the house's weights.
        Weighed = "weighed",
        /// The same list had this row before, for this person.
        Before = "before",
        /// Somebody said so.
        Chosen = "chosen",
        /// The number is the same, name and birthday are not.
        NumberOther = "number_other",
        /// A shared address: a parent's, a partner's.
        SharedEmail = "shared_email",
        /// Same name and phone, but another mail address or birthday: relatives are named after each other.
        PhoneOther = "phone_other",
        Birthday = "birthday",
        Address = "address",
    }
}

/// What somebody is compared by, folded.
#[derive(Clone, Debug, Default)]
pub struct Face {
    pub number: String,
    /// Of the institution, each with its scheme.
    pub codes: Vec<String>,
    pub emails: Vec<String>,
    pub phones: Vec<String>,
    pub full: String,
    pub first: String,
    pub initials: String,
    pub surname: String,
    pub birth: Option<Date>,
    pub postcode: String,
}

impl Face {
    pub fn of(c: &Candidate) -> Self {
        let mut face = Self::named(&c.name(), c.birth_date);
        face.number.clone_from(&c.number);
        face.codes = c.codes.iter().map(|(scheme, code)| format!("{scheme}:{code}")).collect();
        face.emails = c.emails.iter().map(|e| e.to_lowercase()).collect();
        face.phones.clone_from(&c.phones);
        face.postcode.clone_from(&c.postcode);
        face
    }

    pub fn named(name: &PersonName, birth: Option<Date>) -> Self {
        Self {
            full: fold(&name.display()),
            first: fold(&name.preferred_name),
            initials: fold(&name.initials).chars().filter(|c| c.is_alphanumeric()).collect(),
            surname: fold(&name.surname),
            birth,
            ..Self::default()
        }
    }

    fn first_letter(&self) -> Option<char> {
        self.first.chars().next().or_else(|| self.initials.chars().next())
    }

    fn birthdays_differ(&self, other: &Face) -> bool {
        self.birth.zip(other.birth).is_some_and(|(a, b)| a != b)
    }

    fn mails_differ(&self, other: &Face) -> bool {
        !self.emails.is_empty()
            && !other.emails.is_empty()
            && !self.emails.iter().any(|e| other.emails.contains(e))
    }
}

/// What a shared key makes of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Same(Reason),
    Likely(Reason),
    Apart,
}

/// The key that two have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    Number,
    Email,
    Phone,
    Birthday,
    Address,
}

pub fn judge(key: Key, a: &Face, b: &Face) -> Verdict {
    match key {
        Key::Number if !fits(a, b) && a.birthdays_differ(b) => Verdict::Likely(Reason::NumberOther),
        Key::Number => Verdict::Same(Reason::Number),
        Key::Email if fits(a, b) && !a.birthdays_differ(b) => Verdict::Same(Reason::Email),
        Key::Email => Verdict::Likely(Reason::SharedEmail),
        Key::Phone if a.full != b.full || a.full.is_empty() => Verdict::Apart,
        Key::Phone if a.mails_differ(b) || a.birthdays_differ(b) => Verdict::Likely(Reason::PhoneOther),
        Key::Phone => Verdict::Same(Reason::Phone),
        Key::Birthday if a.surname == b.surname && !a.surname.is_empty() => Verdict::Likely(Reason::Birthday),
        Key::Address if a.full == b.full && !a.full.is_empty() => Verdict::Likely(Reason::Address),
        Key::Birthday | Key::Address => Verdict::Apart,
    }
}

/// Whether two names may be one person's: written the other way round, with an initial, with a slip of the hand, or
/// with one half of a double surname.
pub fn fits(a: &Face, b: &Face) -> bool {
    if a.full == b.full || words(&a.full) == words(&b.full) {
        return true;
    }
    let surnames = a.surname.is_empty()
        || b.surname.is_empty()
        || is_slip(&a.surname, &b.surname)
        || a.surname.split(' ').any(|half| half.len() > 3 && b.surname.split(' ').any(|other| half == other));
    let firsts = if a.first.is_empty() || b.first.is_empty() {
        match (a.first_letter(), b.first_letter()) {
            (Some(x), Some(y)) => x == y,
            _ => true,
        }
    } else {
        a.first == b.first || is_slip(&a.first, &b.first)
    };
    surnames && firsts
}

fn words(full: &str) -> Vec<&str> {
    let mut words: Vec<&str> = full.split(' ').collect();
    words.sort_unstable();
    words
}

/// Equal but for one letter more, less or other, or two that changed places; in short words nothing is a slip.
fn is_slip(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len().min(other.len()) < 4 || one.len().abs_diff(other.len()) > 1 {
        return false;
    }
    let start = one.iter().zip(&other).take_while(|(x, y)| x == y).count();
    let end = one.iter().rev().zip(other.iter().rev()).take_while(|(x, y)| x == y).count();
    let middle = |word: &[char]| {
        word.get(start..word.len().saturating_sub(end).max(start)).unwrap_or_default().to_vec()
    };
    let (mut left, right) = (middle(&one), middle(&other));
    if left.len() == 2 && right.len() == 2 {
        left.reverse();
        return left == right;
    }
    left.len() <= 1 && right.len() <= 1
}

/// What a list says of itself: the first row of each person, and the pairs worth a look.
#[derive(Clone, Debug, Default)]
pub struct Within {
    /// For each row the first row of the same person; itself when it is the first.
    pub first: Vec<usize>,
    /// Why a row that is not the first is the same.
    pub reason: Vec<Option<Reason>>,
    /// Later row, earlier row, why.
    pub likely: Vec<(usize, usize, Reason)>,
}

/// A key that very many share says nothing (the school's own phone), and comparing all with all would be slow.
const CROWD: usize = 20;

/// Finds the rows of one person within a list. `same` are pairs that somebody said are one; `weighed` is what the weights
/// say, which joins more, and turns a shared address into a question where the two may be twins or relatives.
pub fn within(faces: &[Face], same: &[(usize, usize)], weighed: &Weighed) -> Within {
    let mut by_key: HashMap<(Key, String), Vec<usize>> = HashMap::new();
    let mut groups = Groups((0..faces.len()).collect());
    let mut reason = vec![None; faces.len()];
    let mut likely = Vec::new();
    for (at, face) in faces.iter().enumerate() {
        for (key, value) in keys(face) {
            let bearers = by_key.entry((key, value)).or_default();
            for &before in bearers.iter().take(CROWD) {
                let Some(other) = faces.get(before) else { continue };
                match judge(key, face, other) {
                    Verdict::Same(why @ (Reason::Email | Reason::Phone))
                        if weighed.doubts_rows(before, at) =>
                    {
                        likely.push((at, before, why));
                    }
                    Verdict::Same(why) => {
                        groups.join(before, at);
                        if let Some(slot) = reason.get_mut(at) {
                            slot.get_or_insert(why);
                        }
                    }
                    Verdict::Likely(why) => likely.push((at, before, why)),
                    Verdict::Apart => {}
                }
            }
            bearers.push(at);
        }
    }
    let mut more: Vec<_> = weighed.rows.iter().collect();
    more.sort_unstable_by_key(|(pair, _)| **pair);
    for (&(a, b), band) in more {
        match band {
            Band::Same => {
                groups.join(a, b);
                if let Some(slot) = reason.get_mut(b) {
                    slot.get_or_insert(Reason::Weighed);
                }
            }
            Band::Ask => likely.push((b, a, Reason::Weighed)),
            Band::Different => {}
        }
    }
    for &(a, b) in same {
        groups.join(a, b);
        if let Some(slot) = reason.get_mut(a.max(b)) {
            slot.get_or_insert(Reason::Chosen);
        }
    }
    let first: Vec<usize> = (0..faces.len()).map(|at| groups.root(at)).collect();
    let together = |a: usize, b: usize| first.get(a) == first.get(b);
    likely.retain(|&(a, b, _)| !together(a, b) || same.contains(&(a, b)));
    // One pair is one question, whatever they share.
    likely.sort_by_key(|&(a, b, _)| (a, b));
    likely.dedup_by_key(|&mut (a, b, _)| (a, b));
    for (at, slot) in reason.iter_mut().enumerate() {
        // A row that became the first by joining two groups through a later one has no reason of its own.
        if first.get(at) == Some(&at) {
            *slot = None;
        } else {
            slot.get_or_insert(Reason::Number);
        }
    }
    Within { first, reason, likely }
}

fn keys(face: &Face) -> Vec<(Key, String)> {
    let mut keys = Vec::with_capacity(5);
    if !face.number.is_empty() {
        keys.push((Key::Number, face.number.clone()));
    }
    keys.extend(face.codes.iter().map(|code| (Key::Number, code.clone())));
    keys.extend(face.emails.iter().map(|e| (Key::Email, e.clone())));
    keys.extend(face.phones.iter().map(|p| (Key::Phone, p.clone())));
    if let Some(birth) = face.birth {
        keys.push((Key::Birthday, format!("{birth} {}", face.surname)));
    }
    if !face.postcode.is_empty() {
        keys.push((Key::Address, format!("{} {}", face.postcode, face.full)));
    }
    keys
}

/// Rows joined into groups, each known by its first row.
struct Groups(Vec<usize>);

impl Groups {
    fn root(&mut self, mut at: usize) -> usize {
        while let Some(&up) = self.0.get(at) {
            if up == at {
                break;
            }
            let over = self.0.get(up).copied().unwrap_or(up);
            if let Some(slot) = self.0.get_mut(at) {
                *slot = over;
            }
            at = over;
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(slot) = self.0.get_mut(a.max(b)) {
            *slot = a.min(b);
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn face(full: &str, email: &str, phone: &str) -> Face {
        let mut c = Candidate::default();
        let parts = kring_lang::names::split_full_name(full);
        (c.preferred_name, c.initials, c.surname_prefix, c.surname) =
            (parts.given, parts.initials, parts.prefix, parts.surname);
        c.emails.extend((!email.is_empty()).then(|| email.to_owned()));
        c.phones.extend((!phone.is_empty()).then(|| phone.to_owned()));
        Face::of(&c)
    }

    #[test]
    fn names_that_fit_and_names_that_do_not() {
        for (a, b, fit) in [
            ("Jan de Vries", "Vries, Jan de", true),
            ("Jan Bakker", "Bakker Jan", true),
            ("J. Bakker", "Jan Bakker", true),
            ("Mei Çelik", "Mei Çeilk", true),
            ("Els de Wit-Jansen", "Els Jansen", true),
            ("Renée Visser", "RENEE VISSER", true),
            ("P. Bakker", "Jan Bakker", false),
            ("Jan Bakker", "Piet Bakker", false),
            ("Jan Bos", "Jan Bot", false),
            ("Jan Bakker", "Jan Visser", false),
        ] {
            assert_eq!(fits(&face(a, "", ""), &face(b, "", "")), fit, "{a} / {b}");
        }
    }

    #[test]
    fn a_shared_address_is_likely_and_a_fitting_name_is_sure() {
        let (parent, child) =
            (face("Ans Bos", "bos@example.org", ""), face("Tim Bos", "bos@example.org", ""));
        assert_eq!(judge(Key::Email, &parent, &child), Verdict::Likely(Reason::SharedEmail));
        let again = face("A. Bos", "bos@example.org", "");
        assert_eq!(judge(Key::Email, &parent, &again), Verdict::Same(Reason::Email));
        let (father, son) = (
            Face { birth: Some(date(1970, 1, 1)), ..face("Jan Bos", "", "+31612345678") },
            Face { birth: Some(date(2004, 5, 6)), ..face("Jan Bos", "", "+31612345678") },
        );
        assert_eq!(judge(Key::Phone, &father, &son), Verdict::Likely(Reason::PhoneOther));
    }

    #[test]
    fn rows_of_one_person_are_found_over_several_keys() {
        let rows = [
            face("Jan Bos", "jan@example.org", ""),
            face("Eva Smit", "", "+31611111111"),
            face("Jan Bos", "", "+31622222222"),
            face("Jan Bos", "jan@example.org", "+31622222222"),
        ];
        let found = within(&rows, &[], &Weighed::default());
        assert_eq!(found.first, [0, 1, 0, 0]);
        assert!(found.reason[0].is_none() && found.reason[2].is_some());
        let chosen = within(&rows[..3], &[(2, 0)], &Weighed::default());
        assert_eq!(chosen.first, [0, 1, 0]);
    }
}
