//! A structured averaged perceptron over hashed features.
//!
//! In: sequences of buckets with their right labels, in a fixed order. Out: averaged weights. Weights change by whole
//! steps, so the same sequences in the same order give the same weights on every machine. Must not know what the features
//! mean.

use super::decode::Moves;
use super::features::BITS;
use super::model::Stage;

/// Buckets of the words of one sequence, `width` for each word.
#[derive(Clone, Debug, Default)]
pub struct Sequence {
    pub buckets: Vec<u32>,
    pub width: usize,
    pub labels: Vec<u8>,
}

impl Sequence {
    fn word(&self, at: usize) -> &[u32] {
        &self.buckets[at * self.width..][..self.width]
    }
}

/// A weight and the sum that its average is computed from.
#[derive(Clone, Copy, Debug, Default)]
struct Weight {
    now: i32,
    total: i64,
}

impl Weight {
    fn change(&mut self, by: i32, time: i64) {
        self.now += by;
        self.total += i64::from(by) * time;
    }

    fn average(&self, time: i64) -> f64 {
        f64::from(self.now) - self.total as f64 / time as f64
    }
}

/// The weights of one stage while they are learned.
pub struct Perceptron<const L: usize> {
    table: Vec<[Weight; L]>,
    bias: [Weight; L],
    start: [Weight; L],
    after: [[Weight; L]; L],
    time: i64,
}

impl<const L: usize> Perceptron<L> {
    pub fn new() -> Self {
        Perceptron {
            table: vec![[Weight::default(); L]; 1 << BITS],
            bias: [Weight::default(); L],
            start: [Weight::default(); L],
            after: [[Weight::default(); L]; L],
            time: 1,
        }
    }

    /// Labels the sequence with the weights of the moment and, where a label is wrong, moves them towards the right ones.
    pub fn learn(&mut self, sequence: &Sequence) {
        let moves =
            Moves { start: self.start.map(|w| w.now), after: self.after.map(|row| row.map(|weight| weight.now)) };
        let guessed = moves.labels(&self.scores(sequence));
        let mut before: Option<(usize, usize)> = None;
        for (at, (&right, &wrong)) in sequence.labels.iter().zip(&guessed).enumerate() {
            let (right, wrong) = (usize::from(right), usize::from(wrong));
            if right != wrong {
                for &bucket in sequence.word(at) {
                    self.table[bucket as usize][right].change(1, self.time);
                    self.table[bucket as usize][wrong].change(-1, self.time);
                }
                self.bias[right].change(1, self.time);
                self.bias[wrong].change(-1, self.time);
            }
            match before {
                None => {
                    self.start[right].change(1, self.time);
                    self.start[wrong].change(-1, self.time);
                }
                Some(before) => {
                    self.after[before.0][right].change(1, self.time);
                    self.after[before.1][wrong].change(-1, self.time);
                }
            }
            before = Some((right, wrong));
        }
        self.time += 1;
    }

    fn scores(&self, sequence: &Sequence) -> Vec<[i32; L]> {
        (0..sequence.labels.len())
            .map(|at| {
                let mut scores = self.bias.map(|weight| weight.now);
                for &bucket in sequence.word(at) {
                    for (score, weight) in scores.iter_mut().zip(&self.table[bucket as usize]) {
                        *score += weight.now;
                    }
                }
                scores
            })
            .collect()
    }

    /// The averaged weights as a stage, `help` added to the bias of label 1.
    pub fn stage<const W: usize>(&self, help: f64) -> Stage<L, W> {
        let mean = |weight: Weight| weight.average(self.time);
        let weights: Vec<[f64; L]> = self.table.iter().map(|row| row.map(mean)).collect();
        let mut bias = self.bias.map(mean);
        bias[1] += help;
        Stage::quantised(&weights, bias, (self.start.map(mean), self.after.map(|row| row.map(mean))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learns_what_decides_and_what_follows() {
        // bucket 1 begins a span, whatever comes next goes on with it
        let sequence =
            |first: u32, labels: &[u8]| Sequence { buckets: vec![first, 5, 6], width: 1, labels: labels.to_vec() };
        let examples = [sequence(1, &[1, 2, 2]), sequence(2, &[0, 0, 0])];
        let mut perceptron = Perceptron::<3>::new();
        for _ in 0..20 {
            examples.iter().for_each(|example| perceptron.learn(example));
        }
        let stage: Stage<3, 4> = perceptron.stage(0.0);
        for example in &examples {
            let scores: Vec<[i32; 3]> = (0..3)
                .map(|at| {
                    let mut scores = stage.bias;
                    stage.add(example.word(at), &mut scores);
                    scores
                })
                .collect();
            assert_eq!(stage.moves.labels(&scores), example.labels);
        }
    }
}
