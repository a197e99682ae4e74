//! A rule on one person, read plainly: this is what a rule means, and what the other readings are held against.

use crate::{
    day::{Day, Now},
    rule::{Count, Did, Held, Leaf, Linked, Role, Rule, Test, Then},
    window::Days,
};

/// One happening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act<'a> {
    pub day: Day,
    pub detail: Option<&'a str>,
}

/// One role. See [`Held`] for what its days mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span<'a> {
    pub kind: &'a str,
    pub place: Option<&'a str>,
    pub from: Option<Day>,
    pub to: Option<Day>,
}

/// One tie to another thing, which [`World::thing`] knows by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link<'a> {
    pub kind: &'a str,
    pub to: i64,
}

/// What is known of one person, or of one thing that people are linked to.
///
/// Every answer is "nothing" unless it is given; an implementor tells what it has. Things have choices, tags, numbers,
/// days and flags only.
pub trait Subject {
    /// A person's number, on which buckets are dealt.
    fn id(&self) -> i64;

    fn choice(&self, _fact: &str) -> Option<&str> {
        None
    }
    fn tags(&self, _fact: &str) -> Vec<&str> {
        Vec::new()
    }
    fn number(&self, _fact: &str) -> Option<i64> {
        None
    }
    fn day(&self, _fact: &str) -> Option<Day> {
        None
    }
    fn flag(&self, _fact: &str) -> bool {
        false
    }
    /// In any order.
    fn acts(&self, _fact: &str) -> Vec<Act<'_>> {
        Vec::new()
    }
    fn spans(&self, _fact: &str) -> Vec<Span<'_>> {
        Vec::new()
    }
    fn links(&self, _fact: &str) -> Vec<Link<'_>> {
        Vec::new()
    }
}

/// What is beyond the one person.
pub trait World {
    /// The thing of this number that the fact leads to.
    fn thing(&self, fact: &str, id: i64) -> Option<&dyn Subject>;

    /// Everybody who is linked to the thing by this fact.
    fn linked(&self, fact: &str, thing: i64) -> Vec<&dyn Subject>;

    fn segment(&self, id: i64) -> Option<&Rule>;
}

/// How far segments may lead on to segments before the answer is no. [`validate`](crate::validate) refuses circles, so
/// this stands only between an unchecked rule and the end of the stack.
const MOST_STEPS: usize = 200;

/// Whether a rule holds for a person.
///
/// A test that the fact's kind does not know fails, and a segment that is not there has nobody in it.
pub fn holds(rule: &Rule, person: &dyn Subject, world: &dyn World, now: &Now) -> bool {
    Reading { world, now }.rule(rule, person, MOST_STEPS)
}

struct Reading<'a> {
    world: &'a dyn World,
    now: &'a Now,
}

impl Reading<'_> {
    fn rule(&self, rule: &Rule, of: &dyn Subject, steps: usize) -> bool {
        let Some(steps) = steps.checked_sub(1) else { return false };
        match rule {
            Rule::All(rules) => rules.iter().all(|rule| self.rule(rule, of, steps)),
            Rule::Any(rules) => rules.iter().any(|rule| self.rule(rule, of, steps)),
            Rule::None(rules) => !rules.iter().any(|rule| self.rule(rule, of, steps)),
            Rule::Fact(leaf) => self.leaf(leaf, of, steps),
            Rule::Segment(id) => self.world.segment(*id).is_some_and(|rule| self.rule(rule, of, steps)),
            Rule::Bucket(bucket) => bucket.contains(of.id()),
        }
    }

    fn leaf(&self, Leaf { key, is }: &Leaf, of: &dyn Subject, steps: usize) -> bool {
        match is {
            Test::AnyOf(codes) => codes.iter().any(|code| has(of, key, code)),
            Test::AllOf(codes) => codes.iter().all(|code| has(of, key, code)),
            Test::NoneOf(codes) => !codes.iter().any(|code| has(of, key, code)),
            Test::Known => known(of, key),
            Test::Unknown => !known(of, key),
            Test::Between { from, to } => of.number(key).is_some_and(|number| {
                from.is_none_or(|from| from <= number) && to.is_none_or(|to| number <= to)
            }),
            Test::Days { from, to } => {
                of.day(key).is_some_and(|day| Days::between(*from, *to, self.now).contains(day))
            }
            Test::Yes => of.flag(key),
            Test::No => !of.flag(key),
            Test::Did(did) => self.did(did, key, of),
            Test::Then(then) => self.then(then, key, of),
            Test::Role(role) => self.role(role, key, of),
            Test::Linked(linked) => self.linked(linked, key, of, steps),
        }
    }

    fn did(&self, did: &Did, key: &str, of: &dyn Subject) -> bool {
        let window = did.when.days(self.now);
        let mut days: Vec<Day> =
            matching(of, key, &did.details).filter(|day| window.contains(*day)).collect();
        match did.count {
            Count::AtLeast(n) => days.len() >= n as usize,
            Count::FewerThan(n) => days.len() < n as usize,
            Count::OnDays(n) => {
                days.sort_unstable();
                days.dedup();
                days.len() >= n as usize
            }
        }
    }

    fn then(&self, then: &Then, key: &str, of: &dyn Subject) -> bool {
        let window = then.when.days(self.now);
        let later: Vec<Day> =
            matching(of, &then.next, &then.next_details).filter(|day| *day <= self.now.today).collect();
        let within = i64::from(then.within);
        matching(of, key, &then.details).filter(|day| window.contains(*day)).any(|first| {
            later.iter().any(|next| {
                let days = i64::from(next.number()) - i64::from(first.number());
                (0..=within).contains(&days)
            })
        })
    }

    fn role(&self, role: &Role, key: &str, of: &dyn Subject) -> bool {
        let today = self.now.today;
        let spans: Vec<Span<'_>> = of
            .spans(key)
            .into_iter()
            .filter(|span| among(&role.kinds, Some(span.kind)) && among(&role.places, span.place))
            .collect();
        let begun = |span: &Span<'_>| span.from.is_none_or(|from| from <= today);
        let runs = |span: &Span<'_>| begun(span) && span.to.is_none_or(|to| today <= to);
        match role.held {
            Held::Now => spans.iter().any(runs),
            Held::Ever => spans.iter().any(begun),
            Held::Formerly => {
                spans.iter().any(|span| span.to.is_some_and(|to| to < today)) && !spans.iter().any(runs)
            }
            Held::During { from, to } => {
                let days = Days::between(from, to, self.now);
                spans.iter().any(|span| {
                    span.from.is_none_or(|from| from.number() <= days.to)
                        && span.to.is_none_or(|to| to.number() >= days.from)
                })
            }
        }
    }

    fn linked(&self, linked: &Linked, key: &str, of: &dyn Subject, steps: usize) -> bool {
        let by_kind = |link: &Link<'_>| among(&linked.kinds, Some(link.kind));
        of.links(key).iter().filter(|link| by_kind(link)).any(|link| {
            let to_holds = linked.to.as_deref().is_none_or(|rule| {
                self.world.thing(key, link.to).is_some_and(|thing| self.rule(rule, thing, steps))
            });
            let enough = || {
                linked.people.as_ref().is_none_or(|people| {
                    let those = self.world.linked(key, link.to).into_iter().filter(|person| {
                        person.links(key).iter().any(|l| l.to == link.to && by_kind(l))
                            && self.rule(&people.rule, *person, steps)
                    });
                    those.count() >= people.at_least as usize
                })
            };
            to_holds && enough()
        })
    }
}

fn has(of: &dyn Subject, key: &str, code: &str) -> bool {
    of.choice(key) == Some(code) || of.tags(key).contains(&code)
}

fn known(of: &dyn Subject, key: &str) -> bool {
    of.choice(key).is_some() || of.number(key).is_some() || of.day(key).is_some() || !of.tags(key).is_empty()
}

/// Whether a code is asked for: an empty list asks for all, and for none at all too.
fn among(codes: &[String], code: Option<&str>) -> bool {
    codes.is_empty() || code.is_some_and(|code| codes.iter().any(|one| one == code))
}

fn matching<'a>(of: &'a dyn Subject, key: &str, details: &'a [String]) -> impl Iterator<Item = Day> + 'a {
    of.acts(key).into_iter().filter(move |act| among(details, act.detail)).map(|act| act.day)
}
