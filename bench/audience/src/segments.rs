//! The ten segments: as rules, as the compiler's SQL, and as SQL that somebody would write who knows the tables.

use kring_rules::{
    Bound, Count, Day, Did, Linked, Now, Param, People, Rule, Subject, Test, Then, When, World, compile,
};

use crate::{base::TODAY, schema::Schema};

pub struct Segment {
    pub name: &'static str,
    pub rule: Rule,
    /// Whole statements that answer with a count and a sum; every engine takes the one it is fastest with.
    pub texts: Vec<String>,
}

pub fn codes(codes: &[u32]) -> Vec<String> {
    codes.iter().map(u32::to_string).collect()
}

pub fn any(fact: &str, of: &[u32]) -> Rule {
    Rule::fact(fact, Test::AnyOf(codes(of)))
}

pub fn did(fact: &str, count: Count, when: When) -> Rule {
    Rule::fact(fact, Test::Did(Did { count, details: Vec::new(), when }))
}

pub fn never(fact: &str, when: When) -> Rule {
    did(fact, Count::FewerThan(1), when)
}

pub fn at_least(n: u32, fact: &str, days: u32) -> Rule {
    did(fact, Count::AtLeast(n), When::Last(days))
}

pub fn score(from: i64) -> Rule {
    Rule::fact("score", Test::Between { from: Some(from), to: None })
}

pub fn consent() -> Rule {
    Rule::fact("consent", Test::Yes)
}

pub fn hosting() -> Rule {
    let to = Some(Box::new(Rule::fact("hosts", Test::Yes)));
    Rule::fact("employer", Test::Linked(Linked { kinds: Vec::new(), to, people: None }))
}

pub fn colleagues(at_least: u32, rule: Rule) -> Rule {
    let people = Some(People { at_least, rule: Box::new(rule) });
    Rule::fact("employer", Test::Linked(Linked { kinds: Vec::new(), to: None, people }))
}

pub fn then(first: &str, days: u32, next: &str, within: u32) -> Rule {
    let when = When::Last(days);
    let (details, next_details) = (Vec::new(), Vec::new());
    Rule::fact(first, Test::Then(Then { details, when, next: next.into(), next_details, within }))
}

pub fn ten(now: Now) -> Vec<Segment> {
    let born = |year: i32| Some(Bound::On(Day::new(TODAY - year * 365)));
    let rules = [
        any("country", &[3]),
        Rule::All(vec![
            any("status", &[0]),
            consent(),
            any("language", &[1, 2]),
            Rule::fact("interests", Test::NoneOf(codes(&[5]))),
        ]),
        Rule::All(vec![
            Rule::Any(vec![any("programme", &[3, 9, 17, 24, 40, 61, 77, 90, 120, 150]), any("city", &[77])]),
            Rule::fact("born", Test::Days { from: born(35), to: born(20) }),
            any("topics", &[4, 11, 30]),
            Rule::Any(vec![any("channels", &[2, 6]), score(800)]),
        ]),
        at_least(3, "opened", 30),
        Rule::All(vec![at_least(1, "open_day", 90), never("applied", When::Ever)]),
        Rule::All(vec![any("status", &[3]), hosting()]),
        Rule::All(vec![at_least(5, "sent", 180), never("opened", When::Last(180)), consent()]),
        then("clicked", 365, "form", 14),
        Rule::All(vec![
            at_least(10, "page", 90),
            did("page", Count::OnDays(3), When::Last(90)),
            at_least(1, "active", 7),
            never("event", When::Last(365)),
            any("status", &[0, 1]),
        ]),
        Rule::All(vec![
            colleagues(2, Rule::All(vec![any("status", &[3]), at_least(1, "event", 180)])),
            score(700),
            never("called", When::Last(90)),
        ]),
    ];
    let names = ["S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10"];
    let by_hand = by_hand();
    names
        .into_iter()
        .zip(rules)
        .map(|(name, rule)| {
            let own = by_hand.iter().filter(|(of, _)| *of == name).map(|(_, condition)| statement(condition));
            let compiled = compiled(&rule, now).map(|condition| statement(&condition));
            let texts = compiled.into_iter().chain(own).collect();
            Segment { name, rule, texts }
        })
        .collect()
}

fn statement(condition: &str) -> String {
    format!("select count(*), coalesce(sum(p.id), 0) from people p where {condition}")
}

/// Where one pass with counts by case, or the column of the person's own row, spares what the compiler does apart.
fn by_hand() -> Vec<(&'static str, String)> {
    let since = |days: i32| TODAY - days + 1;
    vec![
        ("S6", "p.status = 3 and p.employer in (select id from organisations where hosts = 1)".into()),
        (
            "S7",
            format!(
                "p.consent = 1 and p.id in (select person from acts where day >= {} and kind in (0, 1) group by person \
                 having sum(case when kind = 0 then 1 else 0 end) >= 5 \
                 and sum(case when kind = 1 then 1 else 0 end) = 0)",
                since(180)
            ),
        ),
        (
            "S9",
            format!(
                "p.status in (0, 1) and p.id in (select person from acts where day >= {year} group by person \
                 having sum(case when kind = 3 and day >= {quarter} then 1 else 0 end) >= 10 \
                 and count(distinct case when kind = 3 and day >= {quarter} then day end) >= 3 \
                 and max(day) >= {week} and sum(case when kind = 9 then 1 else 0 end) = 0)",
                year = since(365),
                quarter = since(90),
                week = since(7)
            ),
        ),
        (
            "S10",
            format!(
                "p.score >= 700 and p.id not in (select person from acts where kind = 7 and day >= {}) \
                 and p.employer in (select q.employer from people q where q.status = 3 and q.employer is not null \
                 and q.id in (select person from acts where kind = 9 and day >= {}) \
                 group by q.employer having count(*) >= 2)",
                since(90),
                since(180)
            ),
        ),
    ]
}

/// The compiler's condition with its binds written out: not every peer takes `$1`. All of them are numbers here.
fn compiled(rule: &Rule, now: Now) -> Option<String> {
    let sql = compile(rule, &Schema, &Nothing, &now, "p").ok()?;
    let mut text = sql.text;
    for (at, param) in sql.params.iter().enumerate().rev() {
        let Param::Int(number) = param else { return None };
        text = text.replace(&format!("${} as", at + 1), &format!("{number} as"));
    }
    Some(text)
}

/// The rules above ask no world beyond the person.
struct Nothing;

impl World for Nothing {
    fn thing(&self, _: &str, _: i64) -> Option<&dyn Subject> {
        None
    }
    fn linked(&self, _: &str, _: i64) -> Vec<&dyn Subject> {
        Vec::new()
    }
    fn segment(&self, _: i64) -> Option<&Rule> {
        None
    }
}
