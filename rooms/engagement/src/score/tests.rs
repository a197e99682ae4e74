use proptest::prelude::*;

use super::*;

/// The formula that the migration brings: these tests are about what really counts.
fn shipped() -> Formula {
    crate::formula::shipped()
}

fn of(kinds: &[&str]) -> BTreeSet<Mode> {
    shipped().modes_with(kinds.iter().copied())
}

fn act(kind: &str, day: i64) -> Act<'_> {
    Act { kind, day, year: 2026 + day.div_euclid(365) }
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

#[test]
fn what_is_shipped_is_what_was_decided() {
    let formula = shipped();
    let points = |kind: &str| formula.kinds[kind].points;
    assert_eq!((points("reply"), points("survey_answer"), points("profile_confirmed")), (3, 3, 4));
    assert_eq!((points("event_registered"), points("event_attended")), (1, 6));
    assert_eq!((points("guest_lesson"), points("placement_offered"), points("mentoring_month")), (12, 15, 8));
    assert_eq!((points("gift"), points("gift_recurring"), points("referral")), (8, 4, 6));
    assert!(formula.kinds.iter().all(|(kind, worth)| {
        let slow = ["mentoring_month", "gift", "gift_recurring"].contains(&kind.as_str());
        worth.half_life == if slow { 730 } else { 365 } && worth.cap >= worth.points
    }));
    let weights: Vec<i64> = Mode::ALL.iter().map(|mode| formula.weight(*mode).weight).collect();
    assert_eq!(weights, [20, 30, 35, 15]);
    assert_eq!(formula.behaviour.stale, 90);
    assert!(!formula.kinds.contains_key("open"), "an open is never evidence");
}

#[test]
fn one_answer_today_is_three_points() {
    let score = score(&shipped(), &of(&["survey_answer"]), &[act("survey_answer", 0)], 0);
    // 100 · (1 − e^(−3/10)) = 25.918…
    assert_eq!((score.tenths, score.whole()), (259, 25));
    assert_eq!(score.modes.len(), 1);
    assert!(near(score.modes[0].sum, 3.0) && near(score.modes[0].share, 1.0), "{score:?}");
    assert_eq!((score.parts[0].points, score.parts[0].counted, score.parts[0].tenths), (3, 3, 259));
    // Behaviour: 100 · (1 − e^(−3/8)) = 31.27…
    assert_eq!(score.behaviour, Some(Behaviour { tenths: 313, last: 0, stale: false }));
}

#[test]
fn it_halves_in_its_half_life() {
    let at = |day| score(&shipped(), &of(&["survey_answer"]), &[act("survey_answer", 0)], day);
    assert!(near(at(365).parts[0].now, 1.5) && near(at(730).parts[0].now, 0.75));
    assert_eq!(at(365).tenths, 139, "100 · (1 − e^(−0.15))");
    assert!(near(at(-3).parts[0].now, 3.0), "and what is dated tomorrow is worth no more for it");
}

#[test]
fn behaviour_fades_faster_and_goes_stale() {
    let at = |day| score(&shipped(), &of(&["question"]), &[act("question", 0)], day);
    assert_eq!(
        at(60).behaviour,
        Some(Behaviour { tenths: 171, last: 0, stale: false }),
        "100 · (1 − e^(−1.5/8))"
    );
    assert_eq!((at(90).behaviour(), at(91).behaviour()), (Some(12), None));
    assert!(at(91).behaviour.unwrap().stale && at(91).whole() > 0, "engagement is another number");
    assert_eq!(score(&shipped(), &of(&["question"]), &[], 0).behaviour, None);
}

#[test]
fn the_cap_is_one_of_the_calendar_year() {
    let acts: Vec<Act<'_>> =
        (0..6).map(|day| act("survey_answer", day)).chain([act("survey_answer", 365)]).collect();
    let score = score(&shipped(), &of(&["survey_answer"]), &acts, 365);
    let counted: Vec<i64> = score.parts.iter().map(|part| part.counted).collect();
    assert_eq!(counted, [3, 3, 3, 3, 0, 0, 3], "four answers in a year, and in the next anew");
    assert_eq!((score.parts[4].points, score.parts[4].tenths), (3, 0));
    let partly = Formula {
        kinds: [("x".to_owned(), Worth { mode: Mode::Volunteer, points: 4, half_life: 10, cap: 6 })].into(),
        ..shipped()
    };
    let on = partly.modes_with(["x"]);
    let score = super::score(&partly, &on, &[act("x", 0), act("x", 0), act("x", 0)], 0);
    assert_eq!(score.parts.iter().map(|part| part.counted).collect::<Vec<_>>(), [4, 2, 0]);
}

#[test]
fn weights_are_shared_anew_among_the_modes_in_which_something_can_be_done() {
    let acts = [act("survey_answer", 0), act("event_attended", 0)];
    let both = score(&shipped(), &of(&["survey_answer", "event_attended"]), &acts, 0);
    // 0.4 · 25.918 + 0.6 · 100 · (1 − e^(−6/15)) = 10.367 + 19.781
    assert_eq!(both.tenths, 301);
    assert_eq!(both.modes.iter().map(|mode| mode.tenths).collect::<Vec<_>>(), [104, 197]);
    let alone = score(&shipped(), &of(&["survey_answer"]), &acts, 0);
    assert_eq!((alone.tenths, alone.parts[1].points), (259, 0), "a mode that is off has no acts");
    let mut off = shipped();
    off.modes.insert(Mode::Communication, Weight { weight: 0, k: 10 });
    assert_eq!(off.modes_with(["survey_answer"]), BTreeSet::new());
    assert_eq!(score(&off, &BTreeSet::new(), &acts, 0).tenths, 0);
}

#[test]
fn an_act_that_the_formula_does_not_know_is_worth_nothing() {
    let score = score(&shipped(), &of(&["survey_answer"]), &[act("opened_a_mail", 0)], 0);
    assert_eq!((score.tenths, score.parts[0].points, score.behaviour), (0, 0, None));
}

#[test]
fn what_is_dealt_adds_up() {
    assert_eq!(shared(10, &[1.0, 1.0, 1.0]), [4, 3, 3]);
    assert_eq!(shared(0, &[1.0]), [0]);
    assert_eq!(shared(7, &[]), Vec::<i64>::new());
    assert_eq!(shared(100, &[0.0, 2.0]), [0, 100]);
}

const KINDS: [&str; 6] =
    ["survey_answer", "question", "event_attended", "guest_lesson", "gift", "unheard_of"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn contributions_always_add_up(
        chosen in proptest::collection::vec((0..KINDS.len(), 0_i64..2_000), 0..60),
        on in proptest::collection::vec(any::<bool>(), KINDS.len()),
        weights in proptest::collection::vec(0_i64..100, 4),
        later in 0_i64..2_500,
    ) {
        let mut chosen = chosen;
        chosen.sort_by_key(|(_, day)| *day);
        let acts: Vec<Act<'_>> = chosen.iter().map(|(kind, day)| act(KINDS[*kind], *day)).collect();
        let mut formula = shipped();
        for (mode, weight) in Mode::ALL.into_iter().zip(weights) {
            let k = formula.weight(mode).k;
            formula.modes.insert(mode, Weight { weight, k });
        }
        let heard = KINDS.into_iter().zip(on).filter(|(_, on)| *on).map(|(kind, _)| kind);
        let on = formula.modes_with(heard);
        let score = score(&formula, &on, &acts, later);
        prop_assert!((0..=1_000).contains(&score.tenths));
        prop_assert_eq!(score.parts.iter().map(|part| part.tenths).sum::<i64>(), score.tenths);
        prop_assert_eq!(score.modes.iter().map(|mode| mode.tenths).sum::<i64>(), score.tenths);
        let lately = score.behaviour.map_or(0, |lately| lately.tenths);
        prop_assert_eq!(score.parts.iter().map(|part| part.lately).sum::<i64>(), lately);
        prop_assert!(score.parts.iter().all(|part| part.tenths >= 0 && part.lately >= 0 && part.now >= 0.0));
        // No kind counts for more than its cap in any year.
        let mut years: HashMap<(&str, i64), i64> = HashMap::new();
        for (act, part) in acts.iter().zip(&score.parts) {
            *years.entry((act.kind, act.year)).or_default() += part.counted;
        }
        prop_assert!(years.iter().all(|((kind, _), sum)| *sum <= formula.kinds.get(*kind).map_or(0, |w| w.cap)));
        // After all has been done, time only takes away, and one more act only adds.
        let end = acts.last().map_or(0, |act| act.day).max(later);
        let now = super::score(&formula, &on, &acts, end);
        prop_assert!(super::score(&formula, &on, &acts, end + 30).tenths <= now.tenths);
        let mut more = acts.clone();
        more.push(act(KINDS[0], end));
        prop_assert!(super::score(&formula, &on, &more, end).tenths >= now.tenths);
    }
}
