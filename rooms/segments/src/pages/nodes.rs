//! The tree of a rule as fields: each part with its switches, its count and what is wrong with it.

use std::collections::BTreeMap;

use askama::Template;
use kring_core::{Lang, Result};
use kring_frame::{
    Code, Fact, Tx,
    audience::Facts,
    rules::{About, Bound, Count, Did, Fault, Held, Kind, Leaf, Path, Role, Rule, Test, Then, When},
};
use kring_lang::numbers;
use kring_web::{Choice, Form};

use crate::{Words, draft::years_of_days, labels::Labels, pages::faults, sentence::Speaker};

/// A part of the tree, and through its children the whole.
#[derive(Template)]
#[template(path = "node.html")]
pub struct Node {
    w: Words,
    /// The name of its fields, and its place for buttons.
    at: String,
    is: &'static str,
    joiner: &'static str,
    not: bool,
    parts: Vec<Node>,
    count: String,
    wrong: Vec<String>,
    words: String,
    fields: Fields,
    /// Whether it is the root, which cannot be removed.
    root: bool,
    /// Inside a link, where only facts of the other side are asked.
    linked: bool,
}

/// The fields of one condition; those that its kind does not have stay empty.
#[derive(Default)]
struct Fields {
    key: String,
    kind: &'static str,
    facts: Vec<Choice>,
    how: &'static str,
    /// Code, label, chosen.
    codes: Vec<(String, String, bool)>,
    chosen: String,
    /// The codes as a text, where there is no list of them.
    typed: Option<String>,
    held: &'static str,
    places: Vec<(String, String, bool)>,
    placed: String,
    from: String,
    to: String,
    least: String,
    most: String,
    times: String,
    when: &'static str,
    days: String,
    next: String,
    nexts: Vec<Choice>,
    within: String,
    /// The conditions on the other side of a link.
    thing: Option<Box<Node>>,
    people: String,
    raw: String,
    segment: i64,
    segments: Vec<Choice>,
    percent: String,
    seed: u64,
    /// The fields whose text could not be read.
    bad: Vec<String>,
}

/// A switch of a condition: values with their words.
type Ways<const N: usize> = [(&'static str, &'static str); N];

impl Node {
    fn invalid(&self, name: &str) -> &'static str {
        if self.fields.bad.iter().any(|bad| bad == name) { r#" aria-invalid="true""# } else { "" }
    }

    fn helds(&self) -> Ways<5> {
        let w = self.w;
        [
            ("now", w.build_held_now()),
            ("ever", w.build_held_ever()),
            ("formerly", w.build_held_formerly()),
            ("year", w.build_held_year()),
            ("during", w.build_held_during()),
        ]
    }

    fn dayhows(&self) -> Ways<3> {
        let w = self.w;
        [("", w.build_how_dates()), ("age", w.build_how_age()), ("known", w.build_how_known())]
    }

    fn acthows(&self) -> Ways<4> {
        let w = self.w;
        [
            ("", w.build_at_least()),
            ("fewer", w.build_fewer()),
            ("days", w.build_on_days()),
            ("then", w.build_then()),
        ]
    }

    fn whens(&self) -> Ways<5> {
        let w = self.w;
        [
            ("", w.build_when_ever()),
            ("last", w.build_when_last()),
            ("year", w.build_when_year()),
            ("lastyear", w.build_when_lastyear()),
            ("between", w.build_when_between()),
        ]
    }
}

/// What a tree is drawn with.
pub struct Drawing<'a> {
    pub lang: Lang,
    pub facts: &'a Facts,
    /// The facts that the actor may ask.
    pub allowed: &'a [Fact],
    pub labels: &'a Labels,
    pub faults: &'a [Fault],
    pub counts: &'a BTreeMap<Path, u64>,
    pub form: &'a Form,
}

impl Drawing<'_> {
    pub fn root(&self, rule: &Rule) -> Node {
        self.node(rule, "r", &Path::default(), About::Person, "")
    }

    fn node(&self, rule: &Rule, at: &str, path: &Path, about: About<'_>, joiner: &'static str) -> Node {
        let w = Words(self.lang);
        let linked = about != About::Person;
        let words = Speaker { lang: self.lang, facts: self.facts, labels: self.labels }.rule(rule, about);
        let count = match self.counts.get(path) {
            Some(count) if !linked => numbers::int(*count as i64, self.lang),
            _ => String::new(),
        };
        let mut node = Node {
            w,
            at: at.to_owned(),
            is: "raw",
            joiner,
            not: false,
            parts: Vec::new(),
            count,
            wrong: self.wrong(path),
            words,
            fields: Fields::default(),
            root: at == "r",
            linked,
        };
        match rule {
            // The switch of a condition.
            Rule::None(rules) if at != "r" => match rules.as_slice() {
                [inner @ (Rule::Fact(_) | Rule::Segment(_))] => {
                    let mut inner = self.node(inner, at, &path.step(0), about, joiner);
                    inner.not = true;
                    inner.count = node.count;
                    inner.words = node.words;
                    inner.wrong.extend(node.wrong);
                    return inner;
                }
                rules => self.group(&mut node, "none", rules, path, about),
            },
            Rule::None(rules) => self.group(&mut node, "none", rules, path, about),
            Rule::All(rules) => self.group(&mut node, "all", rules, path, about),
            Rule::Any(rules) => self.group(&mut node, "any", rules, path, about),
            Rule::Fact(leaf) => self.leaf(&mut node, leaf, path, about),
            Rule::Segment(id) => {
                node.is = "segment";
                node.fields.segment = *id;
                node.fields.segments = choices(&self.labels.segments);
            }
            Rule::Bucket(bucket) if bucket.of == 100 => {
                node.is = "bucket";
                (node.fields.percent, node.fields.seed) = (bucket.take.to_string(), bucket.seed);
            }
            Rule::Bucket(_) => node.fields.raw = serde_json::to_string(rule).unwrap_or_default(),
        }
        self.typed(&mut node);
        node
    }

    /// What was typed and could not be read stands in its field as it was typed, with the reason below the part.
    fn typed(&self, node: &mut Node) {
        for fault in self.form.faults() {
            let own = fault.field.strip_prefix(node.at.as_str()).and_then(|rest| rest.strip_prefix('.'));
            let fields = &mut node.fields;
            let (name, field) = match own {
                Some(name @ "from") => (name, &mut fields.from),
                Some(name @ "to") => (name, &mut fields.to),
                Some(name @ "least") => (name, &mut fields.least),
                Some(name @ "most") => (name, &mut fields.most),
                Some(name @ "times") => (name, &mut fields.times),
                Some(name @ "days") => (name, &mut fields.days),
                Some(name @ "within") => (name, &mut fields.within),
                Some(name @ "percent") => (name, &mut fields.percent),
                _ => continue,
            };
            self.form.get(&fault.field).clone_into(field);
            fields.bad.push(name.to_owned());
            node.wrong.push(fault.what.in_lang(self.lang).to_owned());
        }
    }

    fn group(&self, node: &mut Node, is: &'static str, rules: &[Rule], path: &Path, about: About<'_>) {
        let w = Words(self.lang);
        node.is = is;
        node.parts = rules
            .iter()
            .enumerate()
            .map(|(part, rule)| {
                let joiner = match (part, is) {
                    (0, "any") => w.build_either(),
                    (0, _) if about == About::Person => w.build_who(),
                    (0, _) => w.build_it(),
                    (_, "any") => w.build_or(),
                    (_, "none") => w.build_nor(),
                    _ => w.build_and(),
                };
                self.node(rule, &format!("{}.{part}", node.at), &path.step(part), about, joiner)
            })
            .collect();
    }

    fn wrong(&self, path: &Path) -> Vec<String> {
        let mine = self.faults.iter().filter(|fault| fault.at == *path);
        mine.map(|fault| faults::say(&fault.why, self.lang, self.facts)).collect()
    }

    fn leaf(&self, node: &mut Node, leaf: &Leaf, path: &Path, about: About<'_>) {
        let facts: Vec<&Fact> = match about {
            About::Person => self.allowed.iter().collect(),
            About::Linked(link) => {
                self.facts.find(About::Person, link).map_or(Vec::new(), |fact| fact.things.iter().collect())
            }
        };
        node.is = "fact";
        let fields = &mut node.fields;
        fields.key.clone_from(&leaf.key);
        fields.facts =
            facts.iter().map(|fact| Choice::new(fact.key, (fact.phrase.noun)(self.lang))).collect();
        let Some(fact) = self.facts.find(about, &leaf.key) else { return };
        fields.kind = kind(fact.kind);
        let listed = |chosen: &[String], known: &[Code]| -> Vec<(String, String, bool)> {
            let mut all: Vec<_> = known
                .iter()
                .map(|code| (code.code.clone(), code.label.clone(), chosen.contains(&code.code)))
                .collect();
            let gone = chosen.iter().filter(|code| !known.iter().any(|known| known.code == **code));
            all.extend(gone.map(|code| (code.clone(), code.clone(), true)));
            all
        };
        let codes = match &leaf.is {
            Test::AnyOf(codes) | Test::AllOf(codes) | Test::NoneOf(codes) => codes.as_slice(),
            Test::Did(did) => &did.details,
            Test::Then(then) => &then.details,
            Test::Role(role) => &role.kinds,
            Test::Linked(linked) => &linked.kinds,
            _ => &[],
        };
        if fact.codes.is_some() {
            fields.codes = listed(codes, self.labels.codes(fact));
            fields.chosen = chosen(&fields.codes);
        } else if matches!(fact.kind, Kind::Choice | Kind::Tags) {
            fields.typed = Some(codes.join(", "));
        }
        let day = |bound: &Option<Bound>| match bound {
            Some(Bound::On(day)) => day.date().to_string(),
            _ => String::new(),
        };
        match &leaf.is {
            Test::NoneOf(_) | Test::No => node.not = true,
            Test::AllOf(_) => fields.how = "all",
            Test::Known => fields.how = "known",
            Test::Unknown => (fields.how, node.not) = ("known", true),
            Test::Between { from, to } => {
                fields.from = from.map(|n| n.to_string()).unwrap_or_default();
                fields.to = to.map(|n| n.to_string()).unwrap_or_default();
            }
            Test::Days { from, to } => {
                (fields.from, fields.to) = (day(from), day(to));
                if let Some(Bound::Today(days)) = to {
                    (fields.how, fields.least) = ("age", years_of_days(-days).to_string());
                }
                if let Some(Bound::Today(days)) = from {
                    (fields.how, fields.most) = ("age", (years_of_days(-days + 1) - 1).to_string());
                }
            }
            Test::Did(Did { count, when, .. }) => {
                let (how, times) = match count {
                    Count::AtLeast(n) => ("", *n),
                    Count::FewerThan(n) => ("fewer", *n),
                    Count::OnDays(n) => ("days", *n),
                };
                (fields.how, fields.times) = (how, times.to_string());
                Self::when(fields, when, day);
            }
            Test::Then(Then { when, next, within, .. }) => {
                fields.how = "then";
                (fields.next, fields.within) = (next.clone(), within.to_string());
                Self::when(fields, when, day);
            }
            Test::Role(Role { places, held, .. }) => {
                fields.held = match held {
                    Held::Now => "now",
                    Held::Ever => "ever",
                    Held::Formerly => "formerly",
                    Held::During { from: Some(Bound::YearStart(0)), to: Some(Bound::YearEnd(0)) } => "year",
                    Held::During { from, to } => {
                        (fields.from, fields.to) = (day(from), day(to));
                        "during"
                    }
                };
                fields.places = listed(places, self.labels.places(fact));
                fields.placed = chosen(&fields.places);
            }
            Test::Linked(linked) => {
                let group = Rule::All(Vec::new());
                let to = linked.to.as_deref().unwrap_or(&group);
                let at = format!("{}.t", node.at);
                fields.thing = Some(Box::new(self.node(to, &at, &path.step(0), About::Linked(fact.key), "")));
                fields.people =
                    linked.people.as_ref().and_then(|p| serde_json::to_string(p).ok()).unwrap_or_default();
            }
            Test::AnyOf(_) | Test::Yes => {}
        }
        if fact.kind == Kind::Acts {
            let acts = self.allowed.iter().filter(|fact| fact.kind == Kind::Acts);
            fields.nexts = acts.map(|fact| Choice::new(fact.key, (fact.phrase.noun)(self.lang))).collect();
        }
    }

    fn when(fields: &mut Fields, when: &When, day: impl Fn(&Option<Bound>) -> String) {
        fields.when = match when {
            When::Ever => "",
            When::Last(days) => {
                fields.days = days.to_string();
                "last"
            }
            When::Between { from: Some(Bound::YearStart(0)), to: Some(Bound::YearEnd(0)) } => "year",
            When::Between { from: Some(Bound::YearStart(-1)), to: Some(Bound::YearEnd(-1)) } => "lastyear",
            When::Between { from, to } => {
                (fields.from, fields.to) = (day(from), day(to));
                "between"
            }
        };
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Choice => "choice",
        Kind::Tags => "tags",
        Kind::Number => "number",
        Kind::Day => "day",
        Kind::Flag => "flag",
        Kind::Acts => "acts",
        Kind::Spans => "spans",
        Kind::Links => "links",
    }
}

fn choices(codes: &[Code]) -> Vec<Choice> {
    codes.iter().map(|code| Choice::new(&code.code, &code.label)).collect()
}

/// What is chosen, for the summary of a list that is closed.
fn chosen(codes: &[(String, String, bool)]) -> String {
    codes.iter().filter(|(.., on)| *on).map(|(_, label, _)| label.as_str()).collect::<Vec<_>>().join(", ")
}

/// How many fit each part: of a group of all the count after it and all before it, as a funnel; of other groups the count of
/// the part itself.
pub async fn counts(tx: &mut Tx, rule: &Rule) -> Result<BTreeMap<Path, u64>> {
    const MOST: usize = 24;
    let mut asked = Vec::new();
    funnel(rule, &Path::default(), &mut asked);
    let mut counts = BTreeMap::new();
    for (path, rule) in asked.into_iter().take(MOST) {
        counts.insert(path, tx.count_people(&rule).await?.is);
    }
    Ok(counts)
}

fn funnel(rule: &Rule, at: &Path, asked: &mut Vec<(Path, Rule)>) {
    let (Rule::All(rules) | Rule::Any(rules) | Rule::None(rules)) = rule else { return };
    for (part, below) in rules.iter().enumerate() {
        let path = at.step(part);
        let so_far = match rule {
            Rule::All(rules) => Rule::All(rules.iter().take(part + 1).cloned().collect()),
            _ => below.clone(),
        };
        asked.push((path.clone(), so_far));
        let switch = matches!(below, Rule::None(inner) if inner.len() == 1);
        if !switch {
            funnel(below, &path, asked);
        }
    }
}
