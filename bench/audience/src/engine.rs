//! What every engine does: answer a segment with a count and a sum of numbers.

use std::time::Instant;

use anyhow::Result;

use crate::segments::Segment;

#[derive(Clone, Copy, Debug)]
pub struct Answer {
    pub count: i64,
    /// The sum of the members' numbers: equal counts of different people do not pass.
    pub sum: i64,
    pub ms: f64,
}

pub trait Engine {
    fn name(&self) -> &str;

    /// `number` is the segment's place among the ten.
    fn ask(&mut self, number: usize, segment: &Segment) -> Result<Answer>;
}

/// Which of a segment's texts an engine is fastest with: the compiler's, or one written by hand. The first time both are
/// run, afterwards the better one.
#[derive(Default)]
pub struct Best {
    chosen: Vec<(usize, usize)>,
}

impl Best {
    pub fn ask(
        &mut self,
        number: usize,
        segment: &Segment,
        mut run: impl FnMut(&str) -> Result<Answer>,
    ) -> Result<Answer> {
        if let Some((_, text)) = self.chosen.iter().find(|(segment, _)| *segment == number)
            && let Some(text) = segment.texts.get(*text)
        {
            return run(text);
        }
        let mut best: Option<(usize, Answer)> = None;
        for (at, text) in segment.texts.iter().enumerate() {
            // Twice, since the first one reads pages that the second text would find warm.
            run(text)?;
            let answer = run(text)?;
            if let Some((_, other)) = &best {
                anyhow::ensure!(
                    (answer.count, answer.sum) == (other.count, other.sum),
                    "the texts of {} differ: {answer:?} and {other:?}",
                    segment.name
                );
            }
            if best.as_ref().is_none_or(|(_, other)| answer.ms < other.ms) {
                best = Some((at, answer));
            }
        }
        let (at, answer) = best.ok_or_else(|| anyhow::anyhow!("{} has no text", segment.name))?;
        self.chosen.push((number, at));
        Ok(answer)
    }
}

pub fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}
