//! The best labels of a sequence, and how much better they are than the next best.
//!
//! In: scores of labels per word and of label after label, whole numbers. Out: labels, and per word the margin by which
//! the best way through the sequence beats the best way that has another label there. Labels come in pairs: 0 is outside,
//! an odd one begins a span, the even one after it goes on with it.

/// Scores that do not depend on the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moves<const L: usize> {
    pub start: [i32; L],
    /// `after[before][label]`
    pub after: [[i32; L]; L],
}

impl<const L: usize> Default for Moves<L> {
    fn default() -> Self {
        Moves { start: [0; L], after: [[0; L]; L] }
    }
}

/// A score no sum of real ones reaches.
const NEVER: i64 = i64::MIN / 4;

/// Whether `label` may follow `before` (`None`: the start).
pub fn may_follow(before: Option<usize>, label: usize) -> bool {
    label == 0 || label % 2 == 1 || before.is_some_and(|before| before == label || before + 1 == label)
}

impl<const L: usize> Moves<L> {
    fn start(&self, label: usize) -> i64 {
        if may_follow(None, label) { i64::from(self.start[label]) } else { NEVER }
    }

    fn after(&self, before: usize, label: usize) -> i64 {
        if may_follow(Some(before), label) { i64::from(self.after[before][label]) } else { NEVER }
    }

    /// Best score of any way up to each word that ends in each label.
    fn forward(&self, scores: &[[i32; L]]) -> Vec<[i64; L]> {
        let mut best: Vec<[i64; L]> = Vec::with_capacity(scores.len());
        for own in scores {
            let row = std::array::from_fn(|label| {
                let way = match best.last() {
                    None => self.start(label),
                    Some(row) => (0..L).map(|before| row[before] + self.after(before, label)).max().unwrap_or(NEVER),
                };
                (way + i64::from(own[label])).max(NEVER)
            });
            best.push(row);
        }
        best
    }

    /// Best score of any way on from each word and label, the word's own score left out.
    fn backward(&self, scores: &[[i32; L]]) -> Vec<[i64; L]> {
        let mut best = vec![[0i64; L]; scores.len()];
        for at in (0..scores.len().saturating_sub(1)).rev() {
            let next: [i64; L] = std::array::from_fn(|label| best[at + 1][label] + i64::from(scores[at + 1][label]));
            best[at] = std::array::from_fn(|before| {
                (0..L).map(|label| next[label] + self.after(before, label)).max().unwrap_or(NEVER)
            });
        }
        best
    }

    /// The best labels; of two equally good ways the one with the lower labels at the end.
    pub fn labels(&self, scores: &[[i32; L]]) -> Vec<u8> {
        let forward = self.forward(scores);
        let mut labels = vec![0u8; scores.len()];
        let mut next: Option<usize> = None;
        for at in (0..scores.len()).rev() {
            let onward = |label: usize| forward[at][label] + next.map_or(0, |next| self.after(label, next));
            let label = (0..L).rev().max_by_key(|&label| onward(label)).unwrap_or(0);
            labels[at] = label as u8;
            next = Some(label);
        }
        labels
    }

    /// For every word, by how much the best way beats the best way with another label there (never below 0).
    pub fn margins(&self, scores: &[[i32; L]], labels: &[u8]) -> Vec<i64> {
        let (forward, backward) = (self.forward(scores), self.backward(scores));
        labels
            .iter()
            .enumerate()
            .map(|(at, &own)| {
                let through = |label: usize| forward[at][label] + backward[at][label];
                let rival = (0..L).filter(|&label| label != usize::from(own)).map(through).max().unwrap_or(NEVER);
                (through(usize::from(own)) - rival).max(0)
            })
            .collect()
    }
}

/// Runs of labels `begin` and `begin + 1`, as ranges of places. A new `begin` starts a new run.
pub fn runs(labels: &[u8], begin: u8) -> Vec<std::ops::Range<usize>> {
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, &label) in labels.iter().enumerate() {
        if label == begin {
            found.push(at..at + 1);
        } else if label == begin + 1
            && let Some(last) = found.last_mut().filter(|last| last.end == at)
        {
            last.end = at + 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn total(moves: &Moves<3>, scores: &[[i32; 3]], labels: &[u8]) -> i64 {
        let mut before = None;
        let mut sum = 0;
        for (own, &label) in scores.iter().zip(labels) {
            let label = usize::from(label);
            sum += i64::from(own[label]) + before.map_or(moves.start(label), |before| moves.after(before, label));
            before = Some(label);
        }
        sum
    }

    fn ways(length: usize) -> Vec<Vec<u8>> {
        (0..3usize.pow(length as u32))
            .map(|number| (0..length).map(|at| (number / 3usize.pow(at as u32) % 3) as u8).collect())
            .collect()
    }

    proptest! {
        #[test]
        fn labels_are_the_best_of_all_ways(
            scores in prop::collection::vec(prop::array::uniform3(-9i32..9), 1..6),
            after in prop::array::uniform3(prop::array::uniform3(-5i32..5)),
        ) {
            let moves = Moves { start: [1, -1, 0], after };
            let labels = moves.labels(&scores);
            let own = total(&moves, &scores, &labels);
            let best = ways(scores.len()).iter().map(|way| total(&moves, &scores, way)).max().unwrap();
            prop_assert_eq!(own, best);
            for (at, margin) in moves.margins(&scores, &labels).into_iter().enumerate() {
                let other = ways(scores.len()).into_iter().filter(|way| way[at] != labels[at]);
                let rival = other.map(|way| total(&moves, &scores, &way)).max().unwrap();
                prop_assert_eq!(margin, best - rival);
            }
        }
    }

    #[test]
    fn runs_of_labels() {
        assert_eq!(runs(&[0, 1, 2, 1, 0, 3, 4, 2, 3], 1), [1..3, 3..4]);
        assert_eq!(runs(&[0, 1, 2, 1, 0, 3, 4, 2, 3], 3), [5..7, 8..9]);
        assert_eq!(Moves::<3>::default().labels(&[]), Vec::<u8>::new());
    }
}
