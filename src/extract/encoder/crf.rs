//! From scores of labels to spans: the best path through a linear-chain CRF, and how sure it is.
//!
//! In: seven scores per token of one segment. Out: labels, spans of tokens, and for each span the probability that the
//! model gives to exactly this span. Must not know text.

use std::ops::Range;

/// Number of labels: O, and B and I of each role.
pub const LABELS: usize = 7;

/// What a span is in an attribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Source,
    Cue,
    Content,
}

/// The order of the labels in the weights file.
pub const LABEL_NAMES: [&str; LABELS] = ["O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content"];

/// A tagged span of tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Tagged {
    pub role: Role,
    pub tokens: Range<usize>,
    /// The model's probability of exactly this span, 0 to 1.
    pub probability: f64,
}

/// Scores of a path: `start[y0] + Σ emissions + Σ transitions[from][to] + end[last]`.
#[derive(Clone, Debug)]
pub struct Crf {
    pub start: [f32; LABELS],
    pub transitions: [[f32; LABELS]; LABELS],
    pub end: [f32; LABELS],
}

impl Crf {
    /// The best labels (Viterbi); on a tie the lower label.
    pub fn best(&self, emissions: &[[f32; LABELS]]) -> Vec<u8> {
        let Some((head, tail)) = emissions.split_first() else { return Vec::new() };
        let mut scores: [f32; LABELS] = std::array::from_fn(|y| self.start[y] + head[y]);
        let mut back: Vec<[u8; LABELS]> = Vec::with_capacity(tail.len());
        for emission in tail {
            let mut from = [0u8; LABELS];
            let next = std::array::from_fn(|to| {
                let best = first_largest(std::array::from_fn(|y| scores[y] + self.transitions[y][to]));
                from[to] = best as u8;
                scores[best] + self.transitions[best][to] + emission[to]
            });
            scores = next;
            back.push(from);
        }
        let mut label = first_largest(std::array::from_fn(|y| scores[y] + self.end[y])) as u8;
        let mut labels = vec![label];
        for from in back.iter().rev() {
            label = from[usize::from(label)];
            labels.push(label);
        }
        labels.reverse();
        labels
    }

    /// The spans of the best path with their probabilities.
    pub fn spans(&self, emissions: &[[f32; LABELS]]) -> Vec<Tagged> {
        let labels = self.best(emissions);
        let lattice = Lattice::new(self, emissions);
        let mut found = Vec::new();
        let mut at = 0;
        while at < labels.len() {
            let Some(role) = begins(labels[at]) else {
                at += 1;
                continue;
            };
            let mut end = at + 1;
            while end < labels.len() && labels[end] == labels[at] + 1 {
                end += 1;
            }
            found.push(Tagged { role, tokens: at..end, probability: lattice.probability(labels[at], at..end) });
            at = end;
        }
        found
    }
}

fn begins(label: u8) -> Option<Role> {
    match label {
        1 => Some(Role::Source),
        3 => Some(Role::Cue),
        5 => Some(Role::Content),
        _ => None,
    }
}

fn first_largest(scores: [f32; LABELS]) -> usize {
    let mut best = 0;
    for (label, score) in scores.iter().enumerate() {
        if *score > scores[best] {
            best = label;
        }
    }
    best
}

/// Forward and backward sums over all paths, as logarithms.
struct Lattice<'a> {
    crf: &'a Crf,
    emissions: &'a [[f32; LABELS]],
    forward: Vec<[f64; LABELS]>,
    backward: Vec<[f64; LABELS]>,
    total: f64,
}

impl<'a> Lattice<'a> {
    fn new(crf: &'a Crf, emissions: &'a [[f32; LABELS]]) -> Self {
        let length = emissions.len();
        let score = |from: usize, to: usize| f64::from(crf.transitions[from][to]);
        let mut forward = vec![[0f64; LABELS]; length];
        let mut backward = vec![crf.end.map(f64::from); length];
        for at in 0..length {
            for to in 0..LABELS {
                let before = match at {
                    0 => f64::from(crf.start[to]),
                    _ => log_sum(std::array::from_fn(|from| forward[at - 1][from] + score(from, to))),
                };
                forward[at][to] = before + f64::from(emissions[at][to]);
            }
        }
        for at in (1..length).rev() {
            let after = backward[at];
            backward[at - 1] = std::array::from_fn(|from| {
                log_sum(std::array::from_fn(|to| score(from, to) + f64::from(emissions[at][to]) + after[to]))
            });
        }
        let total = match forward.last() {
            Some(last) => log_sum(std::array::from_fn(|y| last[y] + f64::from(crf.end[y]))),
            None => 0.0,
        };
        Lattice { crf, emissions, forward, backward, total }
    }

    /// The probability that `begin` starts at the first token, goes on with its I label, and ends with the last one.
    fn probability(&self, begin: u8, tokens: Range<usize>) -> f64 {
        let (begin, inside) = (usize::from(begin), usize::from(begin) + 1);
        let mut score = self.forward[tokens.start][begin];
        let mut label = begin;
        for at in tokens.start + 1..tokens.end {
            score += f64::from(self.crf.transitions[label][inside]) + f64::from(self.emissions[at][inside]);
            label = inside;
        }
        let rest = match self.emissions.get(tokens.end) {
            None => f64::from(self.crf.end[label]),
            Some(emission) => {
                let after = &self.backward[tokens.end];
                let on = |to: usize| f64::from(self.crf.transitions[label][to]) + f64::from(emission[to]) + after[to];
                log_sum(std::array::from_fn(|to| if to == inside { f64::NEG_INFINITY } else { on(to) }))
            }
        };
        (score + rest - self.total).exp().clamp(0.0, 1.0)
    }
}

/// log Σ exp, without overflow.
fn log_sum(terms: [f64; LABELS]) -> f64 {
    let most = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY {
        return most;
    }
    most + terms.iter().map(|term| (term - most).exp()).sum::<f64>().ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn forbidding() -> Crf {
        let mut crf = Crf { start: [0.0; LABELS], transitions: [[0.0; LABELS]; LABELS], end: [0.0; LABELS] };
        for inside in [2, 4, 6] {
            crf.start[inside] = -1e4;
            for from in (0..LABELS).filter(|&from| from != inside && from + 1 != inside) {
                crf.transitions[from][inside] = -1e4;
            }
        }
        crf
    }

    /// Every path and its score, the slow way.
    fn paths(crf: &Crf, emissions: &[[f32; LABELS]]) -> Vec<(Vec<u8>, f64)> {
        let mut found: Vec<(Vec<u8>, f64)> = vec![(Vec::new(), 0.0)];
        for emission in emissions {
            found = found
                .into_iter()
                .flat_map(|(path, score)| {
                    (0..LABELS as u8).map(move |label| {
                        let y = usize::from(label);
                        let step = match path.last() {
                            None => crf.start[y],
                            Some(&before) => crf.transitions[usize::from(before)][y],
                        };
                        let path = path.iter().copied().chain([label]).collect();
                        (path, score + f64::from(step) + f64::from(emission[y]))
                    })
                })
                .collect();
        }
        for (path, score) in &mut found {
            *score += path.last().map_or(0.0, |&last| f64::from(crf.end[usize::from(last)]));
        }
        found
    }

    fn spans_of(labels: &[u8]) -> Vec<(Role, Range<usize>)> {
        let mut found: Vec<(Role, Range<usize>)> = Vec::new();
        for (at, &label) in labels.iter().enumerate() {
            match begins(label) {
                Some(role) => found.push((role, at..at + 1)),
                None if label > 0 => {
                    if let Some(last) = found.last_mut() {
                        last.1.end = at + 1;
                    }
                }
                None => {}
            }
        }
        found
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn agrees_with_trying_every_path(
            emissions in proptest::collection::vec(proptest::array::uniform7(-3f32..3.0), 1..5),
            steps in proptest::array::uniform7(-1f32..1.0),
        ) {
            let mut crf = forbidding();
            crf.end = steps;
            crf.transitions[0] = std::array::from_fn(|y| crf.transitions[0][y] + steps[LABELS - 1 - y]);
            let all = paths(&crf, &emissions);
            let best = all.iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(path, _)| path.clone()).unwrap_or_default();
            prop_assert_eq!(&crf.best(&emissions), &best);
            let total: f64 = all.iter().map(|(_, score)| score.exp()).sum();
            for tagged in crf.spans(&emissions) {
                let having = all.iter().filter(|(path, _)| spans_of(path).contains(&(tagged.role, tagged.tokens.clone())));
                let expected = having.map(|(_, score)| score.exp()).sum::<f64>() / total;
                prop_assert!((tagged.probability - expected).abs() < 1e-6, "{} {}", tagged.probability, expected);
            }
        }
    }

    #[test]
    fn no_tokens_no_spans() {
        assert!(forbidding().spans(&[]).is_empty());
    }
}
