//! A figure as every benchmark here tells it, and the arithmetic of few runs.

use serde_json::json;

pub struct Figure<'a> {
    pub name: &'a str,
    pub value: f64,
    pub unit: &'a str,
    /// The goal, and whether the value may be at most that (or must be at least).
    pub goal: Option<(f64, bool)>,
    pub runs: u32,
    pub min: f64,
    pub max: f64,
}

impl<'a> Figure<'a> {
    /// One without a goal, of which only one value is known.
    pub fn plain(name: &'a str, value: f64, unit: &'a str, runs: u32) -> Self {
        Self { name, value, unit, goal: None, runs, min: value, max: value }
    }

    pub fn at_most(name: &'a str, value: f64, unit: &'a str, goal: f64) -> Self {
        Self { goal: Some((goal, true)), ..Self::plain(name, value, unit, 1) }
    }

    pub fn tell(&self) {
        let round = |x: f64| (x * 1000.0).round() / 1000.0;
        let mut line = json!({"bench": "audience", "figure": self.name, "value": round(self.value), "unit": self.unit,
            "runs": self.runs, "min": round(self.min), "max": round(self.max)});
        if let (Some((goal, at_most)), Some(line)) = (self.goal, line.as_object_mut()) {
            line.insert("goal".into(), json!(goal));
            line.insert("holds".into(), json!(if at_most { self.value <= goal } else { self.value >= goal }));
        }
        println!("{line}");
    }
}

pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match (sorted.get(middle.wrapping_sub(1)), sorted.get(middle)) {
        (Some(low), Some(high)) if sorted.len().is_multiple_of(2) => f64::midpoint(*low, *high),
        (_, Some(middle)) => *middle,
        _ => 0.0,
    }
}

pub fn spread(values: &[f64]) -> (f64, f64) {
    (values.iter().copied().fold(f64::INFINITY, f64::min), values.iter().copied().fold(0.0, f64::max))
}
