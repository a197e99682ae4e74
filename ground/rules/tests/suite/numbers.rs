//! Numbers that stand in another table, where having no row means a number of its own or none.

use kring_rules::{About, Day, Now, Place, Rows, Rule, Subject, Tables, Test, World, Year, compile};

struct House(Option<i64>);

impl Tables for House {
    fn people(&self) -> (&'static str, &'static str) {
        ("people", "id")
    }
    fn place(&self, _about: About<'_>, _key: &str) -> Option<Place> {
        let rows = Rows { table: "scores", owner: "person", only: None };
        Some(Place::NumberIn { rows, number: "score", otherwise: self.0 })
    }
}

struct Nothing;

impl World for Nothing {
    fn thing(&self, _fact: &str, _id: i64) -> Option<&dyn Subject> {
        None
    }
    fn linked(&self, _fact: &str, _thing: i64) -> Vec<&dyn Subject> {
        Vec::new()
    }
    fn segment(&self, _id: i64) -> Option<&Rule> {
        None
    }
}

fn text(otherwise: Option<i64>, is: Test) -> String {
    let now = Now { today: Day::new(20_000), year: Year::CALENDAR };
    compile(&Rule::fact("score", is), &House(otherwise), &Nothing, &now, "p")
        .map(|sql| sql.text)
        .unwrap_or_default()
}

fn between(from: Option<i64>, to: Option<i64>) -> Test {
    Test::Between { from, to }
}

#[test]
fn whoever_has_no_row_is_found_only_where_that_means_a_number_in_between() {
    let inside = "p.id in (select r1.person from scores r1 where true and r1.score is not null and r1.score >= cast($1 as bigint))";
    assert_eq!(text(None, between(Some(40), None)), inside);
    assert_eq!(text(Some(0), between(Some(40), None)), inside, "nought is not at least forty");
    assert_eq!(
        text(Some(0), between(None, Some(10))),
        "not p.id in (select r1.person from scores r1 where true and (false or r1.score > cast($1 as bigint)))",
        "at most ten is everybody but those above"
    );
    assert_eq!(
        text(Some(0), between(Some(0), Some(10))),
        "not p.id in (select r1.person from scores r1 where true and (false or r1.score < cast($1 as bigint) or r1.score > cast($2 as bigint)))"
    );
    assert_eq!(text(Some(0), Test::Known), "true");
    assert_eq!(text(Some(0), Test::Unknown), "false");
    assert_eq!(
        text(None, Test::Unknown),
        "not p.id in (select r1.person from scores r1 where true and r1.score is not null)"
    );
}
