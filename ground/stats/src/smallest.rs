use crate::Why;

/// How few people a figure may rest on. Settings can only raise it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Minimum(u64);

impl Minimum {
    /// For scores, shares and marks.
    pub const SCORES: Minimum = Minimum(10);
    /// For texts that people wrote.
    pub const TEXTS: Minimum = Minimum(5);

    #[must_use]
    pub fn raised(self, to: u64) -> Self {
        Self(self.0.max(to))
    }

    pub const fn get(self) -> u64 {
        self.0
    }

    /// Whether a figure over `n` people may be shown. Nothing is computed for display before this.
    pub fn allows(self, n: u64) -> Result<(), Why> {
        if n >= self.0 { Ok(()) } else { Err(Why::TooFew) }
    }

    /// Whether a figure over a part may stand beside one over the whole: a unit and a filter on it, this
    /// week and the snapshot of last week. n and mean of both give n and mean of the rest, so the rest is
    /// nobody, or enough people as well.
    pub fn allows_part(self, whole: u64, part: u64) -> Result<(), Why> {
        self.allows(whole).and(self.allows(part))?;
        match whole.abs_diff(part) {
            0 => Ok(()),
            rest => self.allows(rest),
        }
    }
}

/// What becomes of one cell of a printed table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    Shown(u64),
    /// Withheld: too few people.
    First,
    /// Withheld, because a first one could be computed from it.
    Second,
}

/// People by row and column, each counted in one cell. It is printed with a total for every row and
/// column and one for all, and these are cells like the others: row 0 … R−1 and R for the totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    rows: usize,
    columns: usize,
    /// With the totals, row by row.
    counts: Vec<u64>,
}

impl Table {
    pub fn new(counts: &[Vec<u64>]) -> Result<Self, Why> {
        let (rows, columns) = (counts.len(), counts.first().map_or(0, Vec::len));
        if rows == 0 || columns == 0 {
            return Err(Why::TooFew);
        }
        if counts.iter().any(|row| row.len() != columns) {
            return Err(Why::Impossible);
        }
        let mut all = Vec::with_capacity((rows + 1) * (columns + 1));
        for row in counts {
            all.extend_from_slice(row);
            all.push(row.iter().sum());
        }
        for column in 0..columns {
            all.push(counts.iter().filter_map(|row| row.get(column)).sum());
        }
        all.push(counts.iter().flatten().sum());
        Ok(Self { rows, columns, counts: all })
    }

    /// Which cells may be printed, totals included: (R + 1) rows of (C + 1). Cells below the minimum are
    /// withheld, empty ones too, since that nobody was dissatisfied in a unit of ten says something of
    /// each of the ten. Then, as long as a withheld cell can be computed from what is left, the rectangle
    /// through it that withholds the fewest people more.
    pub fn withheld(&self, minimum: Minimum) -> Vec<Vec<Cell>> {
        let first: Vec<bool> = self.counts.iter().map(|n| *n < minimum.get()).collect();
        let mut hidden = first.clone();
        while let Some(open) = self.exposed(&hidden).into_iter().next() {
            let Some(corners) = self.cheapest_rectangle(open, &hidden) else { break };
            for corner in corners {
                if let Some(cell) = hidden.get_mut(corner) {
                    *cell = true;
                }
            }
        }
        let cell = |((n, first), hidden): ((&u64, &bool), &bool)| match (first, hidden) {
            (true, _) => Cell::First,
            (_, true) => Cell::Second,
            _ => Cell::Shown(*n),
        };
        let cells: Vec<_> = self.counts.iter().zip(&first).zip(&hidden).map(cell).collect();
        cells.chunks(self.columns + 1).map(<[Cell]>::to_vec).collect()
    }

    /// Corners of the rectangle through a cell that hides the fewest people more; totals are spared.
    fn cheapest_rectangle(&self, cell: usize, hidden: &[bool]) -> Option<[usize; 3]> {
        let width = self.columns + 1;
        let (row, column) = (cell / width, cell % width);
        let others = (0..=self.rows).filter(|r| *r != row);
        let corners = others.flat_map(|r| {
            let columns = (0..width).filter(|c| *c != column);
            columns.map(move |c| [r * width + column, row * width + c, r * width + c])
        });
        let cost = |corner: usize| match hidden.get(corner) {
            Some(false) => {
                let totals =
                    u64::from(corner / width == self.rows) + u64::from(corner % width == self.columns);
                // A person may be counted anew in every corner; a total is worse than all cells together.
                let all = self.counts.last().copied().unwrap_or(0) + 1;
                self.counts.get(corner).copied().unwrap_or(0) + 1 + totals * 8 * all * all
            }
            _ => 0,
        };
        corners
            .filter(|all| all.iter().any(|c| cost(*c) > 0))
            .min_by_key(|all| all.iter().map(|c| cost(*c)).sum::<u64>())
    }

    /// The withheld cells whose count follows from the printed ones. Unknowns are the withheld cells,
    /// equations the rows and columns, each of whose cells add up to its total. A cell follows exactly
    /// when its unit vector lies in the space of the equations.
    pub fn exposed(&self, hidden: &[bool]) -> Vec<usize> {
        let unknowns: Vec<usize> = hidden.iter().enumerate().filter(|(_, h)| **h).map(|(i, _)| i).collect();
        let width = self.columns + 1;
        let sign = |line: bool, total: bool| i128::from(line) * if total { -1 } else { 1 };
        let rows = (0..=self.rows)
            .map(|r| unknowns.iter().map(|i| sign(i / width == r, i % width == self.columns)).collect());
        let columns = (0..width)
            .map(|c| unknowns.iter().map(|i| sign(i % width == c, i / width == self.rows)).collect());
        let reduced = reduce(rows.chain(columns).collect(), unknowns.len());
        let single = reduced.iter().filter_map(|row| {
            let mut set = row.iter().enumerate().filter(|(_, v)| **v != 0);
            let (at, _) = set.next()?;
            if set.next().is_none() { unknowns.get(at).copied() } else { None }
        });
        let mut out: Vec<usize> = single.collect();
        out.sort_unstable();
        out
    }
}

/// Gauss and Jordan in whole numbers: every pivot is alone in its column.
fn reduce(mut rows: Vec<Vec<i128>>, columns: usize) -> Vec<Vec<i128>> {
    let value = |row: &[i128], at: usize| row.get(at).copied().unwrap_or(0);
    let mut done = Vec::new();
    for column in 0..columns {
        let Some(at) = rows.iter().position(|row| value(row, column) != 0) else { continue };
        let pivot = rows.swap_remove(at);
        for row in rows.iter_mut().chain(&mut done) {
            let (a, b) = (value(&pivot, column), value(row, column));
            if b != 0 {
                for (cell, p) in row.iter_mut().zip(&pivot) {
                    *cell = *cell * a - p * b;
                }
                // The matrix of a table keeps to −1, 0 and 1 once common factors are out.
                let common = row.iter().fold(0, |g, v| gcd(g, v.abs())).max(1);
                for cell in row.iter_mut() {
                    *cell /= common;
                }
            }
        }
        done.push(pivot);
    }
    done
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}
