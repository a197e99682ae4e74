//! What becomes of somebody on a journey.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

use jiff::tz::TimeZone;
use kring_core::Timestamp;
use kring_flow::{
    Act, By, Clash, Cue, Fault, Flow, Happening, Late, Limit, Next, Part, Placed, Player, Program, Seen,
    Spot, State, Step, StepId, Trace, Unit, Unknown, Until, Wait, Way, What, When, World, advance, awaits,
    check, insert, next_id, place, remove, shift, simulate,
};

type S = Step<&'static str, u32>;

fn say(id: StepId, deed: &'static str) -> S {
    Step::new(id, What::Do(deed))
}
fn ask(id: StepId, deed: &'static str) -> S {
    Step::new(id, What::Ask { deed, answers: vec!["yes".into(), "no".into()] })
}
fn days(id: StepId, n: u32) -> S {
    Step::new(id, What::Wait(Wait { until: vec![], at_most: Some(Limit::after(n, Unit::Days)) }))
}
fn wait(id: StepId, until: Vec<Until<u32>>, n: u32) -> S {
    Step::new(id, What::Wait(Wait { until, at_most: Some(Limit::after(n, Unit::Days)) }))
}
fn end(id: StepId, outcome: &str) -> S {
    Step::new(id, What::End(outcome.into()))
}
fn branch(id: StepId, ways: Vec<(When<u32>, Vec<S>)>, otherwise: Vec<S>) -> S {
    let ways = ways.into_iter().map(|(when, steps)| Way { when, steps }).collect();
    Step::new(id, What::Branch { ways, otherwise })
}
fn program(steps: Vec<S>) -> Program<&'static str, u32> {
    let flow = Flow { steps };
    assert_eq!(check(&flow), [], "the plan of a test is whole");
    Program::of(&flow)
}
fn zone() -> TimeZone {
    TimeZone::get("Europe/Amsterdam").unwrap()
}
fn at(text: &str) -> Timestamp {
    text.parse::<jiff::civil::DateTime>().unwrap().to_zoned(zone()).unwrap().timestamp()
}

/// A world in which these conditions hold, and nothing is known of others beyond a hundred.
struct Here {
    now: Timestamp,
    holds: Vec<u32>,
    zone: TimeZone,
    seed: u64,
}
impl Here {
    fn at(text: &str) -> Self {
        Self { now: at(text), holds: vec![], zone: zone(), seed: 7 }
    }
}
impl World<u32> for Here {
    fn now(&self) -> Timestamp {
        self.now
    }
    fn zone(&self) -> &TimeZone {
        &self.zone
    }
    fn holds(&self, condition: &u32) -> Option<bool> {
        (*condition < 100).then(|| self.holds.contains(condition))
    }
    fn seed(&self) -> u64 {
        self.seed
    }
}

fn deeds(acts: &[Act<'_, &'static str>]) -> Vec<&'static str> {
    acts.iter().map(|act| *act.deed).collect()
}

#[test]
fn an_answer_ends_the_wait_and_opens_its_way() {
    let answered = When::Answered { step: 1, any_of: vec!["yes".into()] };
    let plan = program(vec![
        ask(1, "do you come?"),
        wait(2, vec![Until::Answered(1)], 5),
        branch(
            3,
            vec![
                (answered, vec![say(4, "see you"), end(5, "comes")]),
                (When::Ended { wait: 2, by: By::Time }, vec![say(6, "a pity"), end(7, "silent")]),
            ],
            vec![end(8, "stays away")],
        ),
    ]);
    let world = Here::at("2026-12-01T09:00:00");
    let turn = advance(&plan, State::default(), Cue::Begin, &world).unwrap();
    assert_eq!(deeds(&turn.acts), ["do you come?"]);
    assert_eq!(turn.state.due, Some(at("2026-12-06T09:00:00")));
    assert_eq!(awaits(&plan, &turn.state), [Until::Answered(1)]);

    let yes = Cue::Answered { step: 1, answer: "yes" };
    let came = advance(&plan, turn.state.clone(), yes, &world).unwrap();
    assert_eq!(deeds(&came.acts), ["see you"]);
    assert_eq!(came.acts[0].deed_no, 1, "deeds are numbered through the run");
    assert_eq!(came.next, Next::Ended("comes".into()));
    assert_eq!(came.trace, [Trace::Waited { step: 2, by: By::Until(0) }, Trace::Took { step: 3, way: 0 }]);

    let no = Cue::Answered { step: 1, answer: "no" };
    assert_eq!(
        advance(&plan, turn.state.clone(), no, &world).unwrap().next,
        Next::Ended("stays away".into())
    );

    let early = advance(&plan, turn.state.clone(), Cue::Time, &Here::at("2026-12-06T08:59:59")).unwrap();
    assert!(!early.moved && early.state == turn.state, "no timer goes off early");
    let late = advance(&plan, turn.state, Cue::Time, &Here::at("2026-12-06T09:00:00")).unwrap();
    assert_eq!(late.next, Next::Ended("silent".into()));
}

#[test]
fn an_answer_before_the_wait_ends_it_as_it_begins() {
    let plan = program(vec![ask(1, "?"), days(2, 3), wait(3, vec![Until::Answered(1)], 30), end(4, "done")]);
    let world = Here::at("2026-12-01T09:00:00");
    let turn = advance(&plan, State::default(), Cue::Begin, &world).unwrap();
    let turn = advance(&plan, turn.state, Cue::Answered { step: 1, answer: "no" }, &world).unwrap();
    assert_eq!(turn.state.at, Some(2), "it waits on, and knows the answer");
    let turn = advance(&plan, turn.state, Cue::Time, &Here::at("2026-12-04T09:00:00")).unwrap();
    assert_eq!(turn.next, Next::Ended("done".into()));
}

#[test]
fn a_condition_that_is_not_known_is_asked_for_and_nothing_has_happened() {
    let plan = program(vec![branch(1, vec![(When::Holds(200), vec![say(2, "a")])], vec![say(3, "b")])]);
    let world = Here::at("2026-12-01T09:00:00");
    assert_eq!(advance(&plan, State::default(), Cue::Begin, &world).unwrap_err(), Unknown(200));
}

#[test]
fn a_wait_hears_only_what_it_waits_for() {
    let plan = program(vec![
        wait(
            1,
            vec![Until::Happens { kind: "visited".into(), detail: Some("harbour".into()) }, Until::Holds(5)],
            9,
        ),
        end(2, "x"),
    ]);
    let world = Here::at("2026-12-01T09:00:00");
    let state = advance(&plan, State::default(), Cue::Begin, &world).unwrap().state;
    let cue = |kind, detail| Cue::Happened { kind, detail };
    for other in
        [cue("visited", None), cue("visited", Some("city")), cue("called", Some("harbour")), Cue::Became(&6)]
    {
        assert!(!advance(&plan, state.clone(), other, &world).unwrap().moved);
    }
    for its in [cue("visited", Some("harbour")), Cue::Became(&5)] {
        assert_eq!(advance(&plan, state.clone(), its, &world).unwrap().next, Next::Ended("x".into()));
    }
}

#[test]
fn a_split_is_even_and_the_same_whenever_it_is_asked() {
    let part = |id, name: &str, share, deed| Part { name: name.into(), share, steps: vec![say(id, deed)] };
    let plan = program(vec![Step::new(
        1,
        What::Split { parts: vec![part(2, "aside", 1, "nothing"), part(3, "rest", 9, "letter")] },
    )]);
    let mut aside = 0;
    for seed in 0..20_000 {
        let world = Here { seed, ..Here::at("2026-12-01T09:00:00") };
        let first = advance(&plan, State::default(), Cue::Begin, &world).unwrap();
        let again = advance(&plan, State::default(), Cue::Begin, &world).unwrap();
        assert_eq!(first.acts, again.acts);
        aside += u32::from(deeds(&first.acts) == ["nothing"]);
    }
    // Binomial, n = 20,000, p = 0.1: 2,000 ± 4.9 σ.
    assert!((1_790..=2_210).contains(&aside), "{aside}");
}

#[test]
fn rounds_are_counted_and_each_visit_has_its_number() {
    let answered = When::Answered { step: 2, any_of: vec![] };
    let plan = program(vec![
        Step::new(
            1,
            What::Repeat {
                times: 3,
                until: Some(answered),
                steps: vec![ask(2, "still there?"), wait(3, vec![Until::Answered(2)], 2)],
            },
        ),
        end(4, "over"),
    ]);
    let mut state =
        advance(&plan, State::default(), Cue::Begin, &Here::at("2026-12-01T09:00:00")).unwrap().state;
    let mut visits = vec![];
    for day in [3, 5, 7] {
        let turn = advance(&plan, state, Cue::Time, &Here::at(&format!("2026-12-0{day}T09:00:00"))).unwrap();
        visits.extend(turn.acts.iter().map(|act| (act.visit, act.deed_no)));
        state = turn.state;
        if day == 7 {
            assert_eq!(turn.next, Next::Ended("over".into()));
        }
    }
    assert_eq!(visits, [(1, 1), (2, 2)]);
}

#[test]
fn what_comes_late_follows_its_own_rule() {
    let mut morning = say(2, "good morning");
    morning.late = Late::SkipAfter(12);
    let plan = program(vec![days(1, 1), morning, say(3, "invoice")]);
    let state = advance(&plan, State::default(), Cue::Begin, &Here::at("2026-12-01T09:00:00")).unwrap().state;
    let turn = advance(&plan, state.clone(), Cue::Time, &Here::at("2026-12-02T20:00:00")).unwrap();
    assert!(turn.acts.iter().all(|act| !act.too_late));
    let turn = advance(&plan, state, Cue::Time, &Here::at("2026-12-05T09:00:00")).unwrap();
    assert_eq!(turn.acts.iter().map(|act| act.too_late).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn faults_are_found_before_anybody_is_on_it() {
    let faults = |steps: Vec<S>| {
        check(&Flow { steps }).into_iter().map(|p| (p.step.unwrap_or(0), p.fault)).collect::<Vec<_>>()
    };
    let for_ever = Step::new(
        1,
        What::Wait(Wait { until: vec![Until::Happens { kind: "x".into(), detail: None }], at_most: None }),
    );
    let holds = |n| wait(n, vec![Until::Holds(1)], 3);
    for (what, steps, found) in [
        ("nothing in it", vec![], vec![(0, Fault::Empty)]),
        ("one number twice", vec![say(1, "a"), say(1, "b")], vec![(1, Fault::Twice)]),
        ("to nowhere", vec![days(1, 1), Step::new(2, What::GoTo(9))], vec![(2, Fault::Nowhere(9))]),
        ("for ever", vec![for_ever], vec![(1, Fault::ForEver)]),
        ("after the end", vec![end(1, "x"), say(2, "a")], vec![(2, Fault::Unreachable)]),
        ("a circle", vec![say(1, "a"), Step::new(2, What::GoTo(1))], vec![(2, Fault::Spins)]),
        ("a circle past a condition", vec![holds(1), Step::new(2, What::GoTo(1))], vec![(2, Fault::Spins)]),
        ("a circle that takes a day", vec![days(1, 1), Step::new(2, What::GoTo(1))], vec![]),
        ("a wait of no time", vec![days(1, 0), Step::new(2, What::GoTo(1))], vec![(2, Fault::Spins)]),
        ("an end without a name", vec![end(1, " ")], vec![(1, Fault::NoOutcome)]),
        (
            "an answer that is none",
            vec![
                ask(1, "?"),
                branch(2, vec![(When::Answered { step: 1, any_of: vec!["maybe".into()] }, vec![])], vec![]),
                branch(3, vec![(When::Answered { step: 2, any_of: vec![] }, vec![])], vec![]),
            ],
            vec![(2, Fault::NoSuchAnswer(1, "maybe".into())), (3, Fault::AsksNothing(2))],
        ),
        (
            "an end that a wait does not have",
            vec![days(1, 1), branch(2, vec![(When::Ended { wait: 1, by: By::Until(0) }, vec![])], vec![])],
            vec![(2, Fault::CannotEndSo(1))],
        ),
    ] {
        assert_eq!(faults(steps), found, "{what}");
    }
}

#[test]
fn a_plan_is_edited_step_by_step() {
    let mut flow: Flow<&str, u32> =
        Flow { steps: vec![say(1, "a"), branch(2, vec![(When::Holds(1), vec![])], vec![])] };
    let id = next_id(&flow, 5);
    assert_eq!(id, 6, "a number is never given twice");
    insert(&mut flow, Spot::Into(2, 0), say(id, "yes")).unwrap();
    insert(&mut flow, Spot::Into(2, 1), say(7, "no")).unwrap();
    insert(&mut flow, Spot::After(6), say(8, "then")).unwrap();
    insert(&mut flow, Spot::First, say(9, "first")).unwrap();
    let order = |flow: &Flow<&str, u32>| flow.all().iter().map(|step| step.id).collect::<Vec<_>>();
    assert_eq!(order(&flow), [9, 1, 2, 6, 8, 7]);
    shift(&mut flow, 8, false).unwrap();
    assert_eq!(order(&flow), [9, 1, 2, 8, 6, 7]);
    assert_eq!(shift(&mut flow, 8, false), Err(Clash::NoRoom));
    assert_eq!(shift(&mut flow, 7, true), Err(Clash::NoRoom));
    assert_eq!(remove(&mut flow, 2).unwrap().id, 2);
    assert_eq!(remove(&mut flow, 6).unwrap_err(), Clash::Gone);
    assert_eq!(order(&flow), [9, 1]);
}

#[test]
fn another_version_takes_over_where_its_step_still_waits() {
    let old = program(vec![days(1, 10), days(2, 10)]);
    let new = program(vec![say(9, "new"), days(1, 4), end(3, "x")]);
    let first = advance(&old, State::default(), Cue::Begin, &Here::at("2026-12-01T09:00:00")).unwrap().state;
    assert_eq!(place(&first, &new), Some(Placed::Same(1)));
    let moved = first.clone().moved_to(&new, 1, &zone());
    assert_eq!(moved.due, Some(at("2026-12-05T09:00:00")), "what it waited counts");
    let second = advance(&old, first, Cue::Time, &Here::at("2026-12-11T09:00:00")).unwrap().state;
    assert_eq!(place(&second, &new), Some(Placed::Lost(2)));
    assert_eq!(place(&State::default(), &new), None);
}

#[test]
fn the_stored_form_stays_what_it_is() {
    let flow: Flow<String, u32> = Flow {
        steps: vec![
            Step::new(1, What::Do("hello".into())),
            Step::new(
                2,
                What::Wait(Wait {
                    until: vec![Until::Answered(1)],
                    at_most: Some(Limit::after(3, Unit::Weeks)),
                }),
            ),
            Step::new(3, What::End("done".into())),
        ],
    };
    let text = serde_json::to_string(&flow).unwrap();
    assert_eq!(
        text,
        r#"{"steps":[{"id":1,"do":"hello"},{"id":2,"wait":{"until":[{"answered":1}],"at_most":{"after":{"n":3,"unit":"weeks"}}}},{"id":3,"end":"done"}]}"#
    );
    assert_eq!(serde_json::from_str::<Flow<String, u32>>(&text).unwrap(), flow);
}

/// Answers the second time it is asked, a day after.
#[derive(Default)]
struct Slow {
    asked: u32,
}
impl Player<&'static str, u32> for Slow {
    fn holds(&self, _: &u32, _: Timestamp) -> bool {
        false
    }
    fn meet(&mut self, act: &Act<'_, &'static str>, at: Timestamp) -> Vec<(Timestamp, Happening<u32>)> {
        self.asked += 1;
        let later = Limit::after(1, Unit::Days).ends(at, &zone());
        let answers = Happening::Answers { step: act.step, answer: "yes".into() };
        if self.asked == 2 { vec![(later, answers)] } else { vec![] }
    }
}

#[test]
fn with_a_moving_clock_years_pass_in_a_moment() {
    let plan = program(vec![
        Step::new(
            1,
            What::Repeat {
                times: 5,
                until: Some(When::Answered { step: 2, any_of: vec![] }),
                steps: vec![ask(2, "are you well?"), {
                    Step::new(
                        3,
                        What::Wait(Wait {
                            until: vec![Until::Answered(2)],
                            at_most: Some(Limit::after(1, Unit::Years)),
                        }),
                    )
                }],
            },
        ),
        end(4, "heard"),
    ]);
    let seen = simulate(
        &plan,
        &mut Slow::default(),
        1,
        at("2026-02-28T09:00:00"),
        at("2036-01-01T00:00:00"),
        &zone(),
    );
    let times: Vec<_> = seen
        .iter()
        .filter(|event| matches!(event.is, Seen::Did(_) | Seen::Ended(_)))
        .map(|event| event.at.to_zoned(zone()).date().to_string())
        .collect();
    assert_eq!(times, ["2026-02-28", "2027-02-28", "2027-03-01"]);
}
