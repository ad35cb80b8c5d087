//! The order within every layer, with few crossings: several starts, sweeps of medians and means to both sides, swaps of
//! neighbours, sifting (each point tries every place of its layer), and kicks out of orders that no small step betters.
//! The best order found is kept.
//!
//! Medians and swaps are Gansner and others' (1993), sifting is Rudell's as Matuszewski and others (1999) use it for
//! layers. How much is tried depends on the size of the graph alone, never on the clock.

use super::Net;

/// Sweeps from one start.
const SWEEPS: usize = 12;
/// Rounds of sifting over all layers, at most.
const SIFTS: usize = 12;
/// Comparisons of neighbour lists that may be spent on one search; larger graphs get fewer starts, rounds and kicks.
const BUDGET: usize = 24_000_000;
/// Most starts and kicks that small graphs get.
const STARTS: usize = 5;
const KICKS: usize = 120;

impl Net {
    /// Orders every layer from several starts.
    pub(super) fn order(&mut self) {
        let first = self.rows.clone();
        let mut best: Option<(usize, Vec<Vec<usize>>)> = None;
        for start in 0..self.affordable().clamp(2, STARTS) {
            self.rows = self.started(&first, start);
            self.sweep(start);
            self.sift(self.affordable().clamp(2, SIFTS));
            let crossings = self.crossings();
            if best.as_ref().is_none_or(|(fewest, _)| crossings < *fewest) {
                best = Some((crossings, self.rows.clone()));
            }
        }
        if let Some((_, rows)) = best {
            self.rows = rows;
        }
    }

    /// Betters an order that no small step betters, as often as the size of the graph allows; gives the number of
    /// crossings that remain. `share`: of that effort, one part in so many.
    pub(super) fn better(&mut self, share: usize) -> usize {
        let mut rows = self.rows.clone();
        let mut fewest = self.crossings();
        let mut chance = Chance(1);
        for _ in 0..self.affordable().min(KICKS) / share {
            if fewest == 0 {
                break;
            }
            self.rows.clone_from(&rows);
            self.kick(&mut chance);
            self.sift(SIFTS);
            let crossings = self.crossings();
            // going on from an equal order leads out of what small steps cannot leave
            if crossings <= fewest {
                fewest = crossings;
                rows.clone_from(&self.rows);
            }
        }
        self.rows = rows;
        fewest
    }

    /// How often all layers can be sifted to the end.
    fn affordable(&self) -> usize {
        BUDGET / (self.cost_of_sifting() * 3).max(1)
    }

    /// Turns a stretch of one layer round, and mixes one of another.
    fn kick(&mut self, chance: &mut Chance) {
        for mix in [false, true] {
            let row = chance.below(self.rows.len());
            let count = self.rows[row].len();
            if count < 2 {
                continue;
            }
            let width = 2 + chance.below(count - 1);
            let from = chance.below(count + 1 - width);
            let stretch = &mut self.rows[row][from..from + width];
            if mix { chance.shuffle(stretch) } else { stretch.reverse() }
        }
    }

    /// Comparisons that one round of sifting takes.
    fn cost_of_sifting(&self) -> usize {
        let links = |row: &[usize]| -> usize {
            row.iter().map(|&point| self.before[point].len() + self.after[point].len()).sum()
        };
        self.rows.iter().map(|row| 2 * row.len() * links(row)).sum()
    }

    /// Where a search begins: as given, depth first from either side, or shuffled.
    fn started(&self, first: &[Vec<usize>], start: usize) -> Vec<Vec<usize>> {
        match start {
            0 => self.depth_first(first, false),
            1 => self.depth_first(first, true),
            2 => first.to_vec(),
            _ => shuffled(first, start as u64),
        }
    }

    /// Every layer in the order in which a search along the links meets its points.
    fn depth_first(&self, first: &[Vec<usize>], from_right: bool) -> Vec<Vec<usize>> {
        let mut layer_of = vec![0; self.before.len()];
        for (layer, row) in first.iter().enumerate() {
            row.iter().for_each(|&point| layer_of[point] = layer);
        }
        let mut rows = vec![Vec::new(); first.len()];
        let mut seen = vec![false; self.before.len()];
        let layers: Vec<usize> = if from_right { (0..first.len()).rev().collect() } else { (0..first.len()).collect() };
        for &begin in layers.iter().flat_map(|&layer| &first[layer]) {
            let mut waiting = vec![begin];
            while let Some(point) = waiting.pop() {
                if std::mem::replace(&mut seen[point], true) {
                    continue;
                }
                rows[layer_of[point]].push(point);
                let (ahead, behind) = (&self.after[point], &self.before[point]);
                waiting.extend(if from_right { ahead.iter().chain(behind) } else { behind.iter().chain(ahead) });
            }
        }
        rows
    }

    /// Sweeps to both sides; keeps the best order met.
    fn sweep(&mut self, start: usize) {
        let mut best = self.rows.clone();
        let mut fewest = self.crossings();
        let depth = self.rows.len();
        for sweep in 0..SWEEPS {
            let forward = sweep % 2 == 0;
            let means = (sweep / 2 + start) % 2 == 1;
            for step in 1..depth {
                let row = if forward { step } else { depth - 1 - step };
                self.sort_by_neighbours(row, forward, means, sweep % 4 < 2);
            }
            self.swap_neighbours(sweep % 4 == 3);
            let crossings = self.crossings();
            if crossings < fewest {
                fewest = crossings;
                best.clone_from(&self.rows);
            }
            if fewest == 0 {
                break;
            }
        }
        self.rows = best;
    }

    fn positions(&self) -> Vec<usize> {
        let mut at = vec![0; self.before.len()];
        for row in &self.rows {
            for (place, &point) in row.iter().enumerate() {
                at[point] = place;
            }
        }
        at
    }

    /// Sorts a layer by the median or mean place of the neighbours on one side; points without any stay where they are.
    fn sort_by_neighbours(&mut self, row: usize, forward: bool, means: bool, ties_turn: bool) {
        // neighbours stand in the layer beside, and in no other
        let beside = if forward { row.checked_sub(1) } else { Some(row + 1) };
        let Some(beside) = beside.and_then(|beside| self.rows.get(beside)) else { return };
        let mut at = vec![0; self.before.len()];
        for (place, &point) in beside.iter().enumerate() {
            at[point] = place;
        }
        let mut moving: Vec<(f64, usize, usize)> = Vec::new();
        let mut free: Vec<usize> = Vec::new();
        for (place, &point) in self.rows[row].iter().enumerate() {
            let neighbours = if forward { &self.before[point] } else { &self.after[point] };
            let mut places: Vec<usize> = neighbours.iter().map(|&other| at[other]).collect();
            places.sort_unstable();
            if let Some(wanted) = if means { mean(&places) } else { median(&places) } {
                moving.push((wanted, if ties_turn { place } else { usize::MAX - place }, point));
                free.push(place);
            }
        }
        moving.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (place, (_, _, point)) in free.into_iter().zip(moving) {
            self.rows[row][place] = point;
        }
    }

    /// Swaps neighbours as long as that removes crossings; `ties`: also where it changes nothing, once a layer.
    fn swap_neighbours(&mut self, ties: bool) {
        for round in 0..8 {
            let mut better = false;
            for row in 0..self.rows.len() {
                let sides = self.sides(row);
                let mut order: Vec<usize> = (0..self.rows[row].len()).collect();
                for place in 1..order.len() {
                    let (a, b) = (order[place - 1], order[place]);
                    let (now, then) = (sides.crossings(a, b), sides.crossings(b, a));
                    if then < now || (ties && round == 0 && then == now) {
                        order.swap(place - 1, place);
                        better |= then < now;
                    }
                }
                self.rows[row] = order.into_iter().map(|at| self.rows[row][at]).collect();
            }
            if !better {
                return;
            }
        }
    }

    /// Every point of every layer tries all places of its layer and takes the best, as long as that helps.
    fn sift(&mut self, rounds: usize) {
        for _ in 0..rounds {
            let mut better = false;
            for row in 0..self.rows.len() {
                better |= self.sift_row(row);
            }
            if !better {
                return;
            }
        }
    }

    fn sift_row(&mut self, row: usize) -> bool {
        let sides = self.sides(row);
        let count = self.rows[row].len();
        let mut order: Vec<usize> = (0..count).collect();
        let mut better = false;
        for point in 0..count {
            let Some(here) = order.iter().position(|&it| it == point) else { continue };
            // what moving past each of the others changes, from the top place down
            let mut best = (0i64, here);
            for down in [false, true] {
                let mut change = 0i64;
                let range: Vec<usize> = if down { (here + 1..count).collect() } else { (0..here).rev().collect() };
                for place in range {
                    let other = order[place];
                    let (above, below) = (sides.crossings(point, other) as i64, sides.crossings(other, point) as i64);
                    change += if down { below - above } else { above - below };
                    if change < best.0 {
                        best = (change, place);
                    }
                }
            }
            if best.1 != here {
                let moved = order.remove(here);
                order.insert(best.1, moved);
                better = true;
            }
        }
        self.rows[row] = order.into_iter().map(|at| self.rows[row][at]).collect();
        better
    }

    fn sides(&self, row: usize) -> Sides {
        let mut at = vec![0; self.before.len()];
        for beside in [row.wrapping_sub(1), row + 1] {
            for (place, &point) in self.rows.get(beside).into_iter().flatten().enumerate() {
                at[point] = place;
            }
        }
        let places = |neighbours: &[usize]| {
            let mut places: Vec<usize> = neighbours.iter().map(|&other| at[other]).collect();
            places.sort_unstable();
            places
        };
        Sides(self.rows[row].iter().map(|&it| [places(&self.before[it]), places(&self.after[it])]).collect())
    }

    /// Crossings of all links, layer by layer.
    pub(super) fn crossings(&self) -> usize {
        let at = self.positions();
        self.rows.iter().map(|row| self.crossings_after(row, &at)).sum()
    }

    /// Crossings between a layer and the next: inversions, counted with a tree of sums.
    fn crossings_after(&self, row: &[usize], at: &[usize]) -> usize {
        let mut ends: Vec<usize> = Vec::new();
        for &point in row {
            let mut own: Vec<usize> = self.after[point].iter().map(|&other| at[other]).collect();
            own.sort_unstable();
            ends.extend(own);
        }
        let size = ends.iter().max().map_or(0, |largest| largest + 1);
        let mut sums = vec![0usize; size + 1];
        let mut crossings = 0;
        for (seen, &end) in ends.iter().enumerate() {
            let mut not_greater = 0;
            let mut i = end + 1;
            while i > 0 {
                not_greater += sums[i];
                i &= i - 1;
            }
            crossings += seen - not_greater;
            let mut i = end + 1;
            while i <= size {
                sums[i] += 1;
                i += i & i.wrapping_neg();
            }
        }
        crossings
    }
}

/// For every point of a layer the places of its neighbours before and after, in order.
struct Sides(Vec<[Vec<usize>; 2]>);

impl Sides {
    /// Crossings between the links of two points when `upper` stands above `lower`.
    fn crossings(&self, upper: usize, lower: usize) -> usize {
        let pairs = self.0[upper].iter().zip(&self.0[lower]);
        pairs.map(|(upper, lower)| inversions(upper, lower)).sum()
    }
}

/// How many pairs (x of `upper`, y of `lower`) have y before x; both are sorted.
fn inversions(upper: &[usize], lower: &[usize]) -> usize {
    let (mut smaller, mut count) = (0, 0);
    for &x in upper {
        while smaller < lower.len() && lower[smaller] < x {
            smaller += 1;
        }
        count += smaller;
    }
    count
}

fn mean(places: &[usize]) -> Option<f64> {
    (!places.is_empty()).then(|| places.iter().sum::<usize>() as f64 / places.len() as f64)
}

fn median(places: &[usize]) -> Option<f64> {
    let middle = places.len() / 2;
    match places.len() {
        0 => None,
        n if n % 2 == 1 => Some(places[middle] as f64),
        2 => Some((places[0] + places[1]) as f64 / 2.0),
        n => {
            // the weighted median of Gansner and others leans to the side that is closer together
            let left = (places[middle - 1] - places[0]) as f64;
            let right = (places[n - 1] - places[middle]) as f64;
            let (a, b) = (places[middle - 1] as f64, places[middle] as f64);
            Some(if left + right == 0.0 { (a + b) / 2.0 } else { (a * right + b * left) / (left + right) })
        }
    }
}

/// The layers in an order that depends on `seed` alone.
fn shuffled(rows: &[Vec<usize>], seed: u64) -> Vec<Vec<usize>> {
    let mut chance = Chance(seed);
    let mut rows = rows.to_vec();
    rows.iter_mut().for_each(|row| chance.shuffle(row));
    rows
}

/// Numbers that only look like chance: the same at every run.
pub(super) struct Chance(pub u64);

impl Chance {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) % limit.max(1) as u64) as usize
    }

    fn shuffle(&mut self, points: &mut [usize]) {
        for last in (1..points.len()).rev() {
            let other = self.below(last + 1);
            points.swap(last, other);
        }
    }
}
