use std::fmt::Write;

use crate::{
    Chart, Rows, Svg, Tone,
    svg::{escaped, one, opened},
};

/// One bar with its words. What is shown is formatted by the caller: "92 %", "n = 2.986".
#[derive(Clone, Debug, PartialEq)]
pub struct Bar<'a> {
    pub label: &'a str,
    /// 0 to 1; `None` draws no bar: too few answers to say, and `shown` says that.
    pub share: Option<f64>,
    pub interval: Option<(f64, f64)>,
    pub shown: &'a str,
    pub note: &'a str,
    pub tone: Tone,
}

/// The words of a distribution chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Distribution<'a> {
    pub label: &'a str,
    /// Heads of the two columns of its table: "cijfer", "mensen".
    pub mark: &'a str,
    pub people: &'a str,
}

/// Widths of label, track and words in units, and the height of a row.
const LABEL: f64 = 200.0;
const TRACK: f64 = 300.0;
const WORDS: f64 = 140.0;
const ROW: f64 = 28.0;
/// Longer labels are cut in the picture; the table has them whole.
const LONGEST: usize = 30;

/// Bars under one another, each with its interval as a line and its n in words. `head` names the three
/// columns of the table.
pub fn bars(label: &str, head: [&str; 3], all: &[Bar<'_>]) -> Chart {
    let (width, height) = (LABEL + TRACK + WORDS, ROW * all.len().max(1) as f64);
    let mut out = opened("chart", &format!("0 0 {width} {height}"), Some(label));
    for (i, bar) in all.iter().enumerate() {
        let top = ROW * i as f64;
        let base = one(top + 18.5);
        let _ = write!(
            out,
            "<g class=\"{}\"><text x=\"0\" y=\"{base}\">{}</text><rect class=\"gap\" x=\"{LABEL}\" y=\"{}\" \
             width=\"{TRACK}\" height=\"14\" rx=\"3\"/>",
            bar.tone.class(),
            escaped(&cut(bar.label)),
            one(top + 7.0)
        );
        if let Some(share) = bar.share {
            let (y, width) = (one(top + 7.0), one(TRACK * part(share)));
            let _ = write!(
                out,
                "<rect class=\"dot\" x=\"{LABEL}\" y=\"{y}\" width=\"{width}\" height=\"14\" rx=\"3\"/>"
            );
        }
        if let Some((low, high)) = bar.interval {
            let (y, from, to) = (one(top + 14.0), LABEL + TRACK * part(low), LABEL + TRACK * part(high));
            let _ = write!(out, "<path class=\"whisker\" d=\"M{} {y}H{}\"/>", one(from), one(to));
        }
        let _ = write!(
            out,
            "<text class=\"strong\" x=\"{}\" y=\"{base}\">{}</text><text x=\"{}\" y=\"{base}\" text-anchor=\"end\">{}</text></g>",
            LABEL + TRACK + 12.0,
            escaped(bar.shown),
            LABEL + TRACK + WORDS,
            escaped(bar.note)
        );
    }
    let rows = all.iter().map(|bar| [bar.label, bar.shown, bar.note].map(str::to_owned).to_vec()).collect();
    Chart { svg: Svg(out + "</svg>"), rows: Rows { head: head.map(str::to_owned).to_vec(), rows } }
}

/// A single track, for a row of a list whose words are HTML; `limits` are drawn as thin lines.
pub fn track(share: f64, limits: &[f64]) -> Svg {
    let mut out = opened("track", "0 0 100 14", None).replace("<svg ", "<svg preserveAspectRatio=\"none\" ");
    let _ = write!(out, "<rect class=\"fill\" width=\"{}\" height=\"14\"/>", one(100.0 * part(share)));
    for limit in limits {
        let _ = write!(out, "<path class=\"limit\" d=\"M{} 0V14\"/>", one(100.0 * part(*limit)));
    }
    Svg(out + "</svg>")
}

/// The marks 1 to 10 as ten columns, each with its number of people above it. It stands beside every mean
/// mark, since 7.5 may be all sevens and eights, or nines and threes.
pub fn distribution(words: Distribution<'_>, counts: &[u64; 10], tone: Tone) -> Chart {
    const COLUMN: f64 = 32.0;
    const FLOOR: f64 = 100.0;
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    let mut out = opened(&format!("chart {}", tone.class()), "0 0 320 120", Some(words.label));
    let _ = write!(out, "<path class=\"grid\" d=\"M0 {FLOOR}H320\"/>");
    for (i, count) in counts.iter().enumerate() {
        let (left, tall) = (COLUMN * i as f64, 80.0 * *count as f64 / most);
        let middle = one(left + COLUMN / 2.0);
        if *count > 0 {
            let (x, y, tall) = (one(left + 4.0), one(FLOOR - tall), one(tall));
            let _ = write!(out, "<rect class=\"dot\" x=\"{x}\" y=\"{y}\" width=\"24\" height=\"{tall}\"/>");
        }
        let _ = write!(
            out,
            "<text class=\"strong\" x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{count}</text>\
             <text x=\"{middle}\" y=\"116\" text-anchor=\"middle\">{}</text>",
            one(FLOOR - tall - 4.0),
            i + 1
        );
    }
    let rows =
        counts.iter().zip(1..).map(|(count, mark)| vec![format!("{mark}"), count.to_string()]).collect();
    Chart {
        svg: Svg(out + "</svg>"),
        rows: Rows { head: vec![words.mark.to_owned(), words.people.to_owned()], rows },
    }
}

fn part(share: f64) -> f64 {
    if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) }
}

fn cut(label: &str) -> String {
    if label.chars().count() <= LONGEST {
        return label.to_owned();
    }
    label.chars().take(LONGEST - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_have_their_rows_and_say_when_there_is_nothing_to_say() {
        let bar = |label, share, shown| Bar {
            label,
            share,
            interval: share.map(|s| (s - 0.1, s + 0.1)),
            shown,
            note: "n = 12",
            tone: Tone::Leaf,
        };
        let long = "Een heel lang onderwerp dat niet in het plaatje past";
        let chart = bars(
            "Op tijd",
            ["onderwerp", "op tijd", "aantal"],
            &[bar("<Stage>", Some(0.5), "50 %"), bar(long, None, "te weinig")],
        );
        let svg = chart.svg.as_str();
        assert!(
            svg.starts_with(
                "<svg class=\"chart\" viewBox=\"0 0 640 56\" role=\"img\" aria-label=\"Op tijd\">"
            )
        );
        assert!(svg.contains("&lt;Stage&gt;") && svg.contains("Een heel lang onderwerp dat n…"));
        assert!(
            svg.contains("<rect class=\"dot\" x=\"200\" y=\"7.0\" width=\"150.0\" height=\"14\" rx=\"3\"/>")
        );
        assert!(svg.contains("<path class=\"whisker\" d=\"M320.0 14.0H380.0\"/>"));
        assert_eq!(svg.matches("class=\"dot\"").count(), 1);
        assert_eq!(chart.rows.rows, [["<Stage>", "50 %", "n = 12"], [long, "te weinig", "n = 12"]]);
        assert!(bars("niets", ["", "", ""], &[]).svg.as_str().contains("0 0 640 28"));
    }

    #[test]
    fn a_track_stays_within_its_ends() {
        let svg = track(1.7, &[0.7, -1.0]).to_string();
        assert!(svg.contains("width=\"100.0\"") && svg.contains("M70.0 0V14") && svg.contains("M0.0 0V14"));
        assert!(svg.starts_with("<svg preserveAspectRatio=\"none\" class=\"track\""));
    }

    #[test]
    fn a_distribution_shows_all_ten_marks() {
        let words = Distribution { label: "Cijfers van 143 mensen", mark: "cijfer", people: "mensen" };
        let chart = distribution(words, &[0, 0, 1, 0, 4, 10, 40, 60, 20, 8], Tone::Sky);
        let svg = chart.svg.as_str();
        assert_eq!(svg.matches("class=\"dot\"").count(), 7);
        assert!(svg.contains("<rect class=\"dot\" x=\"228.0\" y=\"20.0\" width=\"24\" height=\"80.0\"/>"));
        assert_eq!(
            (chart.rows.rows.len(), chart.rows.rows[7].as_slice()),
            (10, &["8".to_owned(), "60".to_owned()][..])
        );
        assert!(!distribution(words, &[0; 10], Tone::Sky).svg.as_str().contains("NaN"));
    }
}
