//! What is wrong with a part of a rule, in words.

use kring_core::{Lang, Saying};
use kring_frame::{
    audience::Facts,
    rules::{About, Why},
};

use crate::Words;

pub fn say(why: &Why, lang: Lang, facts: &Facts) -> String {
    let w = Words(lang);
    let noun = |key: &str| {
        let fact = facts.find(About::Person, key);
        fact.map_or_else(|| key.to_owned(), |fact| (fact.phrase.noun)(lang).to_owned())
    };
    match why {
        Why::TooDeep(most) => w.fault_too_deep(*most as i64),
        Why::TooManyNodes(most) => w.fault_too_many_nodes(*most as i64),
        Why::TooManyValues(most) => w.fault_too_many_values(*most as i64),
        Why::TooManyDays(most) => w.fault_too_many_days(*most),
        Why::Empty => w.fault_empty().to_owned(),
        Why::Backwards => w.fault_backwards().to_owned(),
        Why::UnknownFact(key) => w.fault_unknown_fact(noun(key)),
        Why::UnknownCode(code) | Why::UnknownPlace(code) => w.fault_unknown_code(code.as_str()),
        Why::UnknownSegment(_) => w.fault_unknown_segment().to_owned(),
        Why::WrongTest(_) => w.fault_wrong_test().to_owned(),
        Why::NotAllowed(key) => w.fault_not_allowed(noun(key)),
        Why::OnlyOfPeople => w.fault_only_of_people().to_owned(),
        Why::Circular(_) => w.fault_circular().to_owned(),
        Why::BadBucket(_) => w.fault_bad_bucket().to_owned(),
    }
}

/// The same in both languages, for an error that leaves the house.
pub fn say_both(why: &Why, facts: &Facts) -> Saying {
    let said = |lang| say(why, lang, facts).into();
    Saying { code: "rule-faulty", nl: said(Lang::Nl), en: said(Lang::En) }
}
