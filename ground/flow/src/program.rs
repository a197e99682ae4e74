//! A flow laid out flat: one operation after another, with jumps, so that a place in it is one number and a step costs no walk
//! through a tree.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::{Flow, Step, StepId, Until, What, When};

/// `to` and the like are places in [`Program::ops`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Deed,
    Wait,
    /// On when the n-th way of the branch is open, else to `no`.
    Way {
        n: usize,
        no: usize,
    },
    /// To where the drawn part begins: the n-th of [`Program::parts`].
    Draw {
        from: usize,
    },
    /// A repetition begins.
    Enter,
    /// Another round, or on at `out`.
    Round {
        out: usize,
    },
    Jump {
        to: usize,
    },
    End,
}

#[derive(Clone, Debug)]
pub struct Program<D, C> {
    flow: BTreeMap<StepId, Step<D, C>>,
    pub(crate) ops: Vec<(StepId, Op)>,
    /// Where the parts of splits begin.
    pub(crate) parts: Vec<usize>,
    /// Where each step begins.
    pub(crate) begins: BTreeMap<StepId, usize>,
    /// Steps that one can come to more than once.
    again: BTreeSet<StepId>,
    /// Waits of which a branch asks how they ended.
    asked: BTreeSet<StepId>,
    /// Steps whose answers are asked for.
    heeded: BTreeSet<StepId>,
}

impl<D: Clone, C: Clone> Program<D, C> {
    /// Lays out a flow. What [`check`](crate::check) finds wrong with it is made harmless: a jump to nowhere ends the journey.
    pub fn of(flow: &Flow<D, C>) -> Self {
        let mut program = Self {
            flow: BTreeMap::new(),
            ops: Vec::new(),
            parts: Vec::new(),
            begins: BTreeMap::new(),
            again: BTreeSet::new(),
            asked: BTreeSet::new(),
            heeded: BTreeSet::new(),
        };
        let mut jumps = Vec::new();
        program.lay(&flow.steps, &mut jumps, false);
        program.ops.push((0, Op::End));
        let end = program.ops.len() - 1;
        for (op, target) in jumps {
            let to = program.begins.get(&target).copied().unwrap_or(end);
            if let Some((_, jump)) = program.ops.get_mut(op) {
                *jump = Op::Jump { to };
            }
            // Everything between the two is passed again.
            if to <= op {
                let passed = program.ops.get(to..=op).unwrap_or_default();
                program.again.extend(passed.iter().map(|(step, _)| *step));
            }
        }
        program
    }

    fn lay(&mut self, steps: &[Step<D, C>], jumps: &mut Vec<(usize, StepId)>, again: bool) {
        for step in steps {
            let begin = self.ops.len();
            self.begins.entry(step.id).or_insert(begin);
            if again {
                self.again.insert(step.id);
            }
            match &step.what {
                What::Do(_) | What::Ask { .. } => self.ops.push((step.id, Op::Deed)),
                What::Wait(wait) => {
                    self.heeded.extend(wait.until.iter().filter_map(|until| match until {
                        Until::Answered(step) => Some(*step),
                        _ => None,
                    }));
                    self.ops.push((step.id, Op::Wait));
                }
                What::Branch { ways, otherwise } => {
                    let mut outs = Vec::new();
                    for (n, way) in ways.iter().enumerate() {
                        self.note(&way.when);
                        let test = self.ops.len();
                        self.ops.push((step.id, Op::Way { n, no: 0 }));
                        self.lay(&way.steps, jumps, again);
                        outs.push(self.ops.len());
                        self.ops.push((step.id, Op::Jump { to: 0 }));
                        let no = self.ops.len();
                        self.set(test, Op::Way { n, no });
                    }
                    self.lay(otherwise, jumps, again);
                    let to = self.ops.len();
                    for out in outs {
                        self.set(out, Op::Jump { to });
                    }
                }
                What::Split { parts } => {
                    let from = self.parts.len();
                    self.ops.push((step.id, Op::Draw { from }));
                    self.parts.resize(from + parts.len(), 0);
                    let mut outs = Vec::new();
                    for (n, part) in parts.iter().enumerate() {
                        let begin = self.ops.len();
                        if let Some(place) = self.parts.get_mut(from + n) {
                            *place = begin;
                        }
                        self.lay(&part.steps, jumps, again);
                        outs.push(self.ops.len());
                        self.ops.push((step.id, Op::Jump { to: 0 }));
                    }
                    let to = self.ops.len();
                    for out in outs {
                        self.set(out, Op::Jump { to });
                    }
                }
                What::Repeat { until, steps, .. } => {
                    if let Some(when) = until {
                        self.note(when);
                    }
                    self.ops.push((step.id, Op::Enter));
                    let round = self.ops.len();
                    self.ops.push((step.id, Op::Round { out: 0 }));
                    self.lay(steps, jumps, true);
                    self.ops.push((step.id, Op::Jump { to: round }));
                    let out = self.ops.len();
                    self.set(round, Op::Round { out });
                }
                What::GoTo(target) => {
                    jumps.push((self.ops.len(), *target));
                    self.ops.push((step.id, Op::End));
                }
                What::End(_) => self.ops.push((step.id, Op::End)),
            }
            self.flow.insert(step.id, step.clone());
        }
    }

    fn set(&mut self, at: usize, op: Op) {
        if let Some((_, place)) = self.ops.get_mut(at) {
            *place = op;
        }
    }

    fn note(&mut self, when: &When<C>) {
        match when.bare() {
            When::Ended { wait, .. } => {
                self.asked.insert(*wait);
            }
            When::Answered { step, .. } => {
                self.heeded.insert(*step);
            }
            _ => {}
        }
    }
}

impl<D, C> Program<D, C> {
    pub fn step(&self, id: StepId) -> Option<&Step<D, C>> {
        self.flow.get(&id)
    }

    /// Can one come to this step more than once?
    pub fn comes_again(&self, id: StepId) -> bool {
        self.again.contains(&id)
    }

    pub(crate) fn asks_how_it_ended(&self, wait: StepId) -> bool {
        self.asked.contains(&wait)
    }

    pub(crate) fn asks_for_answer(&self, step: StepId) -> bool {
        self.heeded.contains(&step)
    }
}
