//! A rule in words: "people who are prospect at Nursing and asked about housing in the last 30 days, but did not …".

use kring_core::Lang;
use kring_frame::{
    Fact, Tenses,
    audience::Facts,
    rules::{About, Bound, Count, Day, Did, Held, Kind, Leaf, Rule, Test, When},
};
use kring_lang::dates;

use crate::{
    Words,
    draft::years_of_days,
    labels::{Labels, named},
};

/// Words that a fact has for one of its times.
type Tense = fn(Lang) -> &'static str;

/// What a sentence is made with.
pub struct Speaker<'a> {
    pub lang: Lang,
    pub facts: &'a Facts,
    pub labels: &'a Labels,
}

impl Speaker<'_> {
    /// The whole sentence.
    pub fn sentence(&self, rule: &Rule) -> String {
        let w = Words(self.lang);
        if matches!(rule, Rule::All(rules) if rules.is_empty()) {
            return w.say_everybody().to_owned();
        }
        w.say_people_who(self.rule(rule, About::Person))
    }

    /// One part of a rule, as it stands behind "people who".
    pub fn rule(&self, rule: &Rule, about: About<'_>) -> String {
        let w = Words(self.lang);
        match rule {
            Rule::All(rules) => self.group(rules, about, w.say_and()),
            Rule::Any(rules) => self.group(rules, about, w.say_or()),
            Rule::None(rules) => match rules.as_slice() {
                [Rule::Fact(leaf)] => self.leaf(leaf, about, true),
                [Rule::Segment(id)] => w.say_not_segment(self.labels.segment(*id)),
                _ => w.say_none_of(self.group(rules, about, w.say_or())),
            },
            Rule::Fact(leaf) => self.leaf(leaf, about, false),
            Rule::Segment(id) => w.say_segment(self.labels.segment(*id)),
            Rule::Bucket(bucket) => w.say_bucket(bucket.take, bucket.of),
        }
    }

    fn group(&self, rules: &[Rule], about: About<'_>, between: &str) -> String {
        let parts: Vec<String> = rules
            .iter()
            .map(|rule| match rule {
                Rule::All(inner) | Rule::Any(inner) if inner.len() > 1 => {
                    format!("({})", self.rule(rule, about))
                }
                _ => self.rule(rule, about),
            })
            .collect();
        match parts.as_slice() {
            [] => Words(self.lang).say_nothing().to_owned(),
            [.., _] if parts.len() < 3 => parts.join(&format!(" {between} ")),
            [first @ .., last] => format!("{} {between} {last}", first.join(", ")),
        }
    }

    fn leaf(&self, Leaf { key, is }: &Leaf, about: About<'_>, not: bool) -> String {
        let Some(fact) = self.facts.find(about, key) else { return key.clone() };
        let w = Words(self.lang);
        let verb = if not { (fact.phrase.not)(self.lang) } else { (fact.phrase.verb)(self.lang) };
        let noun = (fact.phrase.noun)(self.lang);
        match is {
            Test::AnyOf(codes) => format!("{verb} {}", self.listed(fact, codes, w.say_or())),
            Test::AllOf(codes) => format!("{verb} {}", self.listed(fact, codes, w.say_and())),
            Test::NoneOf(codes) => {
                format!("{} {}", (fact.phrase.not)(self.lang), self.listed(fact, codes, w.say_or()))
            }
            Test::Known | Test::Unknown if not == (*is == Test::Known) => w.say_unknown(noun),
            Test::Known | Test::Unknown => w.say_known(noun),
            Test::Between { from, to } => format!("{verb} {}", self.between(from.as_ref(), to.as_ref())),
            Test::Days { from, to } => self.days(fact, verb, *from, *to, not),
            Test::Yes | Test::No => verb.to_owned(),
            Test::Did(did) => self.did(fact, verb, did),
            Test::Then(then) => {
                let next = self.facts.find(About::Person, &then.next);
                let next = next.map_or(then.next.as_str(), |next| (next.phrase.verb)(self.lang));
                let first = self.object(fact, &then.details);
                let text = w.say_then(
                    format!("{} {first}", (fact.phrase.verb)(self.lang)).trim_end(),
                    self.when(&then.when),
                    next,
                    then.within,
                );
                if not { w.say_none_of(text) } else { text }
            }
            Test::Role(role) => {
                let own = |says: fn(&Tenses) -> Tense, of_role: &'static str| {
                    fact.tenses.map_or(of_role, |tenses| says(&tenses)(self.lang))
                };
                let kinds = if role.kinds.is_empty() {
                    own(|t| t.any, w.say_any_role()).to_owned()
                } else {
                    self.listed(fact, &role.kinds, w.say_or())
                };
                let verb = match (role.held, not) {
                    (Held::Now, _) => verb,
                    (Held::Ever, false) => own(|t| t.ever, w.say_ever()),
                    (Held::Ever, true) => own(|t| t.never, w.say_never()),
                    (Held::Formerly, false) => own(|t| t.formerly, w.say_formerly()),
                    (Held::Formerly, true) => own(|t| t.not_formerly, w.say_not_formerly()),
                    (Held::During { .. }, false) => own(|t| t.during, w.say_were()),
                    (Held::During { .. }, true) => own(|t| t.not_during, w.say_were_not()),
                };
                let mut text = format!("{verb} {kinds}");
                if !role.places.is_empty() {
                    let places: Vec<String> = self.places(fact, &role.places);
                    text = w.say_at(text, joined(&places, w.say_or()));
                }
                if let Held::During { from, to } = role.held {
                    text = format!("{text} {}", self.period(from, to));
                }
                text
            }
            Test::Linked(linked) => {
                let mut text = verb.to_owned();
                if !linked.kinds.is_empty() {
                    text = w.say_ties(text, self.listed(fact, &linked.kinds, w.say_or()));
                }
                if let Some(to) = &linked.to {
                    text = w.say_that(text, self.rule(to, About::Linked(fact.key)));
                }
                if let Some(people) = &linked.people {
                    text = w.say_where(text, people.at_least, self.rule(&people.rule, About::Person));
                }
                text
            }
        }
    }

    fn did(&self, fact: &Fact, verb: &str, did: &Did) -> String {
        let w = Words(self.lang);
        let times = match did.count {
            Count::AtLeast(0 | 1) => String::new(),
            Count::AtLeast(n) => w.say_at_least(n),
            Count::FewerThan(n) => w.say_fewer(n),
            Count::OnDays(n) => w.say_on_days(n),
        };
        let parts = [verb.to_owned(), self.object(fact, &did.details), times, self.when(&did.when)];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// What was done to: only of acts that have details.
    fn object(&self, fact: &Fact, details: &[String]) -> String {
        match (fact.codes, details) {
            (None, _) => String::new(),
            (Some(_), []) => Words(self.lang).say_anything().to_owned(),
            _ => self.listed(fact, details, Words(self.lang).say_or()),
        }
    }

    fn days(&self, fact: &Fact, verb: &str, from: Option<Bound>, to: Option<Bound>, not: bool) -> String {
        let w = Words(self.lang);
        if let (None | Some(Bound::Today(_)), None | Some(Bound::Today(_))) = (from, to)
            && (from.is_some() || to.is_some())
            && fact.kind == Kind::Day
        {
            let years = |bound: Option<Bound>, more: i32| match bound {
                Some(Bound::Today(days)) => Some(years_of_days(-days + more)),
                _ => None,
            };
            let age = match (years(to, 0), years(from, 1).map(|years| years - 1)) {
                (Some(least), Some(most)) => w.say_age_between(least, most),
                (Some(least), None) => w.say_age_least(least),
                (None, Some(most)) => w.say_age_most(most),
                (None, None) => String::new(),
            };
            return if not { w.say_none_of(age) } else { age };
        }
        format!("{verb} {}", self.period(from, to))
    }

    /// "between 1 March and 31 May 2026", "this school year".
    fn period(&self, from: Option<Bound>, to: Option<Bound>) -> String {
        let w = Words(self.lang);
        match (from, to) {
            (Some(Bound::YearStart(0)), Some(Bound::YearEnd(0))) => w.say_this_year().to_owned(),
            (Some(Bound::YearStart(-1)), Some(Bound::YearEnd(-1))) => w.say_last_year().to_owned(),
            (Some(from), Some(to)) => w.say_from_to(self.bound(from), self.bound(to)),
            (Some(from), None) => w.say_since(self.bound(from)),
            (None, Some(to)) => w.say_until(self.bound(to)),
            (None, None) => w.say_ever_at_all().to_owned(),
        }
    }

    fn bound(&self, bound: Bound) -> String {
        let w = Words(self.lang);
        match bound {
            Bound::On(day) => self.day(day),
            Bound::Today(0) => w.say_today().to_owned(),
            Bound::Today(days) if days < 0 => w.say_days_ago(-days),
            Bound::Today(days) => w.say_days_ahead(days),
            Bound::YearStart(years) => w.say_year_start(years),
            Bound::YearEnd(years) => w.say_year_end(years),
        }
    }

    fn day(&self, day: Day) -> String {
        dates::date(day.date(), self.lang)
    }

    fn when(&self, when: &When) -> String {
        let w = Words(self.lang);
        match *when {
            When::Ever => String::new(),
            When::Last(1) => w.say_today().to_owned(),
            When::Last(days) => w.say_last_days(days),
            When::Between { from, to } => self.period(from, to),
        }
    }

    fn between(&self, from: Option<&i64>, to: Option<&i64>) -> String {
        let w = Words(self.lang);
        match (from, to) {
            (Some(from), Some(to)) => w.say_from_to(from.to_string(), to.to_string()),
            (Some(from), None) => w.say_or_more(from.to_string()),
            (None, Some(to)) => w.say_or_less(to.to_string()),
            (None, None) => w.say_anything().to_owned(),
        }
    }

    fn listed(&self, fact: &Fact, codes: &[String], between: &str) -> String {
        if codes.is_empty() {
            return Words(self.lang).say_blank().to_owned();
        }
        let known = self.labels.codes(fact);
        joined(&codes.iter().map(|code| named(known, code)).collect::<Vec<_>>(), between)
    }

    fn places(&self, fact: &Fact, codes: &[String]) -> Vec<String> {
        let known = self.labels.places(fact);
        codes.iter().map(|code| named(known, code)).collect()
    }
}

fn joined(parts: &[String], between: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {between} {last}", first.join(", ")),
    }
}
