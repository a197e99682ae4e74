//! The check cases of the methods, to the printed digits: the tolerance is half a unit of the last place.

#![expect(
    clippy::unwrap_used,
    clippy::float_cmp,
    reason = "a test fails by panicking, and some bounds are exact"
)]

use kring_stats::*;
use proptest::prelude::*;

fn near(got: f64, printed: &str) {
    let places = printed.split_once('.').map_or(0, |(_, p)| p.len());
    let want: f64 = printed.parse().unwrap();
    let half = 0.5 * 10_f64.powi(-(places as i32));
    assert!((got - want).abs() <= half * 1.000_001, "{got} is not {printed}");
}

fn bounds(figure: &Figure) -> (f64, f64) {
    (figure.low.unwrap(), figure.high.unwrap())
}

fn between(figure: &Figure, low: &str, high: &str) {
    near(figure.low.unwrap(), low);
    near(figure.high.unwrap(), high);
}

fn two(hits: u64, n: u64) -> Figure {
    share(hits, n, Level::P95, Sides::Two).unwrap()
}

#[test]
fn shares_as_published() {
    between(&two(81, 263), "0.2553", "0.3662");
    between(&two(0, 20), "0.0000", "0.1611");
    between(&two(1, 29), "0.0061", "0.1718");
    between(&two(100, 200), "0.4313609", "0.5686391");
    let low = share(100, 200, Level::P95, Sides::Lower).unwrap();
    let high = share(100, 200, Level::P95, Sides::Upper).unwrap();
    near(low.low.unwrap(), "0.442235");
    near(high.high.unwrap(), "0.557765");
    assert_eq!((low.high, high.low), (None, None));
    near(bounds(&two(1, 1)).0, "0.2065");
    assert_eq!((bounds(&two(0, 20)).0, bounds(&two(1, 1)).1), (0.0, 1.0));
    assert_eq!(share(0, 0, Level::P95, Sides::Two), Err(Why::TooFew));
    assert_eq!(share(2, 1, Level::P95, Sides::Two), Err(Why::Impossible));
    // 74 of 107: "between 59 % and 78 %", rounded outward.
    let (low, high) = bounds(&two(74, 107));
    assert_eq!(((low * 100.0).floor(), (high * 100.0).ceil()), (59.0, 78.0));
    // Clopper and Pearson's must not come out.
    assert!((bounds(&two(81, 263)).0 - 0.2527).abs() > 0.001);
}

#[test]
fn shares_mirror_contain_and_narrow() {
    for n in 1..=200 {
        for x in 0..=n {
            let ((low, high), (mirror_low, mirror_high)) = (bounds(&two(x, n)), bounds(&two(n - x, n)));
            assert!((low - (1.0 - mirror_high)).abs() < 1e-12 && (high - (1.0 - mirror_low)).abs() < 1e-12);
            let p = x as f64 / n as f64;
            assert!(0.0 <= low && low <= p && p <= high && high <= 1.0);
            let (low2, high2) = bounds(&two(2 * x, 2 * n));
            assert!(high2 - low2 < high - low);
        }
    }
}

#[test]
fn the_coverage_of_a_share_is_as_computed() {
    let coverage = |n: u64, p: f64| {
        // Binomial probabilities one from the other; log keeps n = 200 from vanishing.
        let mut log = n as f64 * (1.0 - p).ln();
        let mut sum = 0.0;
        for x in 0..=n {
            let (low, high) = bounds(&two(x, n));
            if low <= p && p <= high {
                sum += log.exp();
            }
            log += ((n - x) as f64 / (x + 1) as f64 * p / (1.0 - p)).ln();
        }
        sum
    };
    for (n, row) in [
        (10, ["0.9785", "0.9244", "0.9298", "0.9139"]),
        (25, ["0.9567", "0.9225", "0.9666", "0.9659"]),
        (60, ["0.9481", "0.9343", "0.9520", "0.9703"]),
        (200, ["0.9440", "0.9466", "0.9561", "0.9672"]),
    ] {
        for (p, want) in [0.5, 0.7, 0.9, 0.95].into_iter().zip(row) {
            near(coverage(n, p), want);
        }
    }
}

fn counted(hits: u64, n: u64) -> Counted {
    Counted { hits, n, version: 1 }
}

#[test]
fn differences_as_published() {
    for (a, b, low, high) in [
        ((56, 70), (48, 80), "0.0524", "0.3339"),
        ((9, 10), (3, 10), "0.1705", "0.8090"),
        ((0, 10), (0, 20), "-0.1611", "0.2775"),
        ((0, 10), (0, 10), "-0.2775", "0.2775"),
        ((10, 10), (0, 10), "0.6075", "1.0000"),
        ((7, 34), (1, 34), "0.0189", "0.3404"),
    ] {
        let figure = difference(counted(a.0, a.1), counted(b.0, b.1), Level::P95).unwrap();
        between(&figure, low, high);
        let mirror = difference(counted(b.0, b.1), counted(a.0, a.1), Level::P95).unwrap();
        let ((l, h), (ml, mh)) = (bounds(&figure), bounds(&mirror));
        assert!((l + mh).abs() < 1e-12 && (h + ml).abs() < 1e-12);
    }
    assert!(difference(counted(56, 70), counted(48, 80), Level::P95).unwrap().is_different());
    assert!(!difference(counted(0, 10), counted(0, 20), Level::P95).unwrap().is_different());
    assert_eq!(difference(counted(0, 0), counted(1, 2), Level::P95), Err(Why::TooFew));
    let other = Counted { version: 2, ..counted(1, 2) };
    assert_eq!(difference(counted(1, 2), other, Level::P95), Err(Why::Break));
}

#[test]
fn people_in_both_samples_are_drawn_together() {
    let people: Vec<_> = (0..60).map(|i| (Some(i % 3 == 0), Some(i % 3 == 0 || i % 4 == 0))).collect();
    let figure = difference_of_people(&people, Level::P95, 7).unwrap();
    near(figure.estimate, "-0.1667");
    assert!(figure.is_different());
    assert_eq!(figure, difference_of_people(&people, Level::P95, 7).unwrap());
    // Somebody who always gave the same twice adds nothing to the difference, whatever is drawn.
    let same: Vec<_> = (0..40).map(|i| (Some(i % 2 == 0), Some(i % 2 == 0))).collect();
    assert_eq!(bounds(&difference_of_people(&same, Level::P95, 7).unwrap()), (0.0, 0.0));
    assert_eq!(difference_of_people(&[(Some(true), None)], Level::P95, 7), Err(Why::TooFew));
}

const STUDENT: [f64; 10] = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4];

#[test]
fn means_as_published() {
    let figure = mean(&STUDENT, None, Level::P95, Sides::Two).unwrap();
    near(figure.estimate, "1.58");
    between(&figure, "0.7001142", "2.4598858");
    let lower = mean(&STUDENT, None, Level::P95, Sides::Lower).unwrap();
    near(lower.low.unwrap(), "0.866995");
    // t = 4.0621: the lower bound reaches 0 where the level's t does.
    let error = (figure.estimate - figure.low.unwrap()) / student_t(0.975, 9.0);
    near(figure.estimate / error, "4.0621");
    near(error * 10_f64.sqrt(), "1.229995");
    between(&mean(&[6.0, 7.0, 7.0, 8.0, 9.0], None, Level::P95, Sides::Two).unwrap(), "5.9843", "8.8157");

    let weighted: Vec<_> =
        [6.0, 7.0, 8.0, 8.0, 9.0, 10.0].into_iter().zip([1.0, 2.0, 1.0, 1.0, 2.0, 1.0]).collect();
    let figure = weighted_mean(&weighted, Some((1.0, 10.0)), Level::P95, Sides::Two).unwrap();
    near(figure.estimate, "8.0");
    near(figure.n_eff, "5.333333");
    near((figure.high.unwrap() - 8.0) / student_t(0.975, figure.n_eff - 1.0), "0.547723");
}

#[test]
fn edges_of_a_mean_are_named() {
    assert_eq!(mean(&[], None, Level::P95, Sides::Two), Err(Why::TooFew));
    assert_eq!(mean(&[f64::NAN], None, Level::P95, Sides::Two), Err(Why::Impossible));
    let one = mean(&[7.0], None, Level::P95, Sides::Two).unwrap();
    assert_eq!((one.low, one.flags.as_slice()), (None, &[Flag::OnePerson][..]));
    let same = mean(&[7.1; 30], None, Level::P95, Sides::Two).unwrap();
    assert_eq!((same.high, same.flags.as_slice()), (None, &[Flag::AllEqual][..]));
    assert_eq!(weighted_mean(&[(7.0, -1.0)], None, Level::P95, Sides::Two), Err(Why::Impossible));
    assert_eq!(weighted_mean(&[(7.0, 0.0)], None, Level::P95, Sides::Two), Err(Why::TooFew));
}

fn answers(marks: &[u8]) -> Vec<Answer> {
    marks.iter().zip(1..).map(|(mark, person)| Answer { person, mark: *mark }).collect()
}

#[test]
fn the_report_mark_counts_people_and_draws_when_skewed() {
    let mut given = answers(&[6, 7, 7, 8, 9]);
    given.push(Answer { person: 1, mark: 9 });
    let report = report_mark(&given, Level::P95, 1).unwrap();
    assert_eq!((report.figure.n, report.figure.method), (5, Method::T));
    near(report.figure.estimate, "7.7");
    assert_eq!(report.counts, [0, 0, 0, 0, 0, 0, 2, 2, 1, 0]);
    assert_eq!(report.low_marks.estimate, 0.0);

    let skewed = answers(&[9, 9, 9, 9, 10, 9, 9, 10, 9, 9, 9, 1]);
    let report = report_mark(&skewed, Level::P95, 42).unwrap();
    assert_eq!(report.figure.method, Method::Bootstrap { seed: 42 });
    let (low, high) = bounds(&report.figure);
    assert!(low < report.figure.estimate && report.figure.estimate < high && high <= 10.0);
    assert_eq!(report, report_mark(&skewed, Level::P95, 42).unwrap());

    assert_eq!(report_mark(&answers(&[11]), Level::P95, 1), Err(Why::Impossible));
    assert_eq!(report_mark(&[], Level::P95, 1), Err(Why::TooFew));
    let same = report_mark(&answers(&[8; 12]), Level::P95, 1).unwrap();
    assert_eq!((same.figure.flags, same.counts[7]), (vec![Flag::AllEqual], 12));
}

#[test]
fn the_response_stands_with_the_figure() {
    let missing = Missing { no_answer: 10, not_applicable: 2, do_not_know: 1 };
    let figure = two(74, 107).of_asked(400, missing);
    near(figure.response().unwrap(), "0.2675");
    assert_eq!(figure.flags, [Flag::ManyMissing]);
    assert!(two(74, 107).of_asked(400, Missing { no_answer: 11, ..Missing::default() }).flags.is_empty());
}

#[test]
fn gaps_as_published() {
    let equal: Vec<_> = [-0.65, -1.10, -0.83, -0.70, -1.01].map(|gap| (gap, 20.0)).into();
    near(overall(&equal).unwrap(), "-0.858");
    let first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    let second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    let pair = |(expected, experienced): (f64, f64)| Pair {
        expected: Some(expected),
        experienced: Some(experienced),
    };
    let mut pairs: Vec<_> = first.into_iter().zip(second).map(pair).collect();
    pairs.push(Pair { expected: Some(7.0), experienced: None });
    let item = Item { pairs: &pairs, version_before: 3, version_after: 3 };
    let gap = gap_paired(item, Level::P95).unwrap();
    near(gap.figure.estimate, "1.58");
    between(&gap.figure, "0.7001", "2.4599");
    assert_eq!((gap.halves, gap.figure.n), (1, 10));
    near(gap.above.estimate, "0.9");
    near(gap.at.estimate, "0.1");
    assert_eq!(gap_paired(Item { version_after: 4, ..item }, Level::P95), Err(Why::Break));

    near(reliability((1.0, 1.0), (0.8, 0.8), 0.5).unwrap(), "0.6");
    assert_eq!(reliability((0.0, 0.0), (0.8, 0.8), 0.5), Err(Why::NoVariation));
    assert_eq!(reliability((1.0, 1.0), (0.8, 0.8), 1.0), Err(Why::NoVariation));
}

#[test]
fn a_gap_between_groups_takes_welch() {
    // Student's two columns as if they were two groups; scipy.stats.ttest_ind(equal_var=False).
    let first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    let second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    let figure = gap_between(&first, &second, Level::P95).unwrap();
    between(&figure, "-0.2054832", "3.3654832");
    let swapped = gap_between(&second, &first, Level::P95).unwrap();
    assert!((swapped.estimate + figure.estimate).abs() < 1e-12);
    assert_eq!(gap_between(&[1.0], &second, Level::P95), Err(Why::TooFew));
    assert_eq!(gap_between(&[1.0, 1.0], &[2.0, 2.0], Level::P95), Err(Why::AllEqual));
}

#[test]
fn no_small_group_can_be_worked_out() {
    let table = Table::new(&[vec![5, 2, 0], vec![6, 3, 4]]).unwrap();
    // The package's example withholds counts of at most 1; the house never goes below its own minimum.
    let small = [false, false, true, false, false, false, false, false, false, false, false, false];
    assert_eq!(table.exposed(&small), [2]);
    let published = [false, true, true, false, false, true, true, false, false, false, false, false];
    assert!(table.exposed(&published).is_empty());

    assert_eq!(Minimum::SCORES.raised(5).get(), 10);
    assert_eq!(Minimum::SCORES.allows_part(14, 11), Err(Why::TooFew));
    assert_eq!(Minimum::SCORES.allows_part(14, 13), Err(Why::TooFew));
    assert_eq!(Minimum::SCORES.allows_part(14, 14), Ok(()));
    assert_eq!(Minimum::SCORES.allows_part(30, 20), Ok(()));
    let (rest, mean) = (14 - 11, (14.0 * 7.5 - 11.0 * 8.0) / 3.0);
    assert_eq!(rest, 3);
    near(mean, "5.67");
}

#[test]
fn the_second_cells_are_as_few_as_published() {
    // The example times ten: below the minimum of ten is only the empty cell.
    let table = Table::new(&[vec![50, 20, 0], vec![60, 30, 40]]).unwrap();
    let cells = table.withheld(Minimum::SCORES);
    let (shown, second) = (Cell::Shown, Cell::Second);
    assert_eq!(cells[0], [shown(50), second, Cell::First, shown(70)]);
    assert_eq!(cells[1], [shown(60), second, second, shown(130)]);
    assert_eq!(cells[2], [shown(110), shown(50), shown(40), shown(200)]);

    let tiny = Table::new(&[vec![3, 4], vec![2, 5]]).unwrap().withheld(Minimum::SCORES);
    assert!(tiny[..2].iter().flatten().all(|cell| *cell == Cell::First));
    assert_eq!(tiny[2][2], Cell::Shown(14));
    assert!(Table::new(&[vec![1], vec![1, 2]]).is_err() && Table::new(&[]).is_err());
}

proptest! {
    #[test]
    fn whatever_the_table_nothing_withheld_follows(
        (counts, minimum) in (1..5_usize, 1..5_usize).prop_flat_map(|(rows, columns)| {
            (prop::collection::vec(prop::collection::vec(0..40_u64, columns), rows), 0..25_u64)
        })
    ) {
        let table = Table::new(&counts).unwrap();
        let minimum = Minimum::SCORES.raised(minimum);
        let cells: Vec<_> = table.withheld(minimum).concat();
        let hidden: Vec<_> = cells.iter().map(|cell| !matches!(cell, Cell::Shown(_))).collect();
        prop_assert!(table.exposed(&hidden).is_empty());
        let small = cells.iter().any(|cell| matches!(cell, Cell::Shown(n) if *n < minimum.get()));
        prop_assert!(!small);
    }

    #[test]
    fn means_shift_and_scale(
        values in prop::collection::vec(1..=10_u8, 2..40), shift in -50.0..50.0_f64, by in 0.1..20.0_f64
    ) {
        let plain: Vec<f64> = values.iter().copied().map(f64::from).collect();
        let figure = |of: &[f64]| mean(of, None, Level::P95, Sides::Two).unwrap();
        let (base, moved) = (figure(&plain), figure(&plain.iter().map(|y| y * by + shift).collect::<Vec<_>>()));
        let weighted = weighted_mean(&plain.iter().map(|y| (*y, 2.5)).collect::<Vec<_>>(), None, Level::P95, Sides::Two);
        let weighted = weighted.unwrap();
        prop_assert!((moved.estimate - (base.estimate * by + shift)).abs() < 1e-9);
        prop_assert!((weighted.estimate - base.estimate).abs() < 1e-9);
        for (b, (m, w)) in [(base.low, (moved.low, weighted.low)), (base.high, (moved.high, weighted.high))] {
            if let (Some(b), Some(m), Some(w)) = (b, m, w) {
                prop_assert!((m - (b * by + shift)).abs() < 1e-6 && (w - b).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn equal_answers_have_no_gap_and_swapping_flips_it(marks in prop::collection::vec((1..=10_u8, 1..=10_u8), 2..30)) {
        let pairs = |swap: bool, same: bool| -> Vec<Pair> {
            marks.iter().map(|(a, b)| {
                let (a, b) = if swap { (b, a) } else { (a, b) };
                Pair { expected: Some(f64::from(*a)), experienced: Some(f64::from(if same { *a } else { *b })) }
            }).collect()
        };
        let gap = |pairs: &[Pair]| {
            gap_paired(Item { pairs, version_before: 1, version_after: 1 }, Level::P95).unwrap().figure.estimate
        };
        prop_assert_eq!(gap(&pairs(false, true)), 0.0);
        prop_assert!((gap(&pairs(false, false)) + gap(&pairs(true, false))).abs() < 1e-12);
    }
}
