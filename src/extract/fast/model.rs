//! The weights of the fast tagger and the file they come in.
//!
//! A stage is a table with a row of int8 weights per bucket, scores of labels on their own and of label after label, all
//! on one scale. Sums are whole numbers, so every machine finds the same spans. The file: eight bytes that name the
//! format, the weights of the confidence, then both stages; everything little-endian, the same bytes for the same weights.

use std::borrow::Cow;

use thiserror::Error;

use crate::extract::encoder::Scorer;

use super::confidence;
use super::decode::Moves;
use super::features::BITS;

const FORMAT: &[u8; 8] = b"prvfast1";
const ROWS: usize = 1 << BITS;

/// Why a file is no model.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ModelError {
    #[error("not a file of the fast tagger, or of another version")]
    Format,
    #[error("the file has {found} bytes instead of {wanted}")]
    Length { found: usize, wanted: usize },
}

/// One stage with `L` labels; a row of its table takes `W` bytes, the first `L` of them used.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage<const L: usize, const W: usize> {
    table: Cow<'static, [u8]>,
    pub bias: [i32; L],
    pub moves: Moves<L>,
    /// How many steps of the weights make a score of 1.
    pub scale: f32,
}

pub type Cues = Stage<3, 4>;
pub type Roles = Stage<5, 8>;

/// Both stages and what turns their margins into a confidence.
#[derive(Clone, PartialEq)]
pub struct Model {
    pub cues: Cues,
    pub roles: Roles,
    pub confidence: Scorer<{ confidence::COUNT }>,
}

impl<const L: usize, const W: usize> Stage<L, W> {
    /// From weights as floats: `weights[bucket][label]`. Weights beyond the largest step are cut to it.
    pub fn quantised(weights: &[[f64; L]], bias: [f64; L], moves: ([f64; L], [[f64; L]; L])) -> Self {
        let scale = scale(weights);
        let step = |x: f64| (x * scale).round() as i32;
        let mut table = vec![0u8; ROWS * W];
        for (row, own) in table.chunks_exact_mut(W).zip(weights) {
            for (to, &weight) in row.iter_mut().zip(own) {
                *to = step(weight).clamp(-127, 127) as i8 as u8;
            }
        }
        Stage {
            table: Cow::Owned(table),
            bias: bias.map(step),
            moves: Moves { start: moves.0.map(step), after: moves.1.map(|row| row.map(step)) },
            scale: scale as f32,
        }
    }

    /// Adds the weights of these buckets to the scores of one word.
    pub fn add(&self, buckets: &[u32], scores: &mut [i32; L]) {
        for &bucket in buckets {
            let at = bucket as usize * W;
            for (score, &weight) in scores.iter_mut().zip(&self.table[at..at + W]) {
                *score += i32::from(weight as i8);
            }
        }
    }

    const NUMBERS: usize = 1 + L + L + L * L;
    const BYTES: usize = 4 * Self::NUMBERS + ROWS * W;

    fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.scale.to_le_bytes());
        let numbers = self.bias.iter().chain(&self.moves.start).chain(self.moves.after.as_flattened());
        numbers.for_each(|number| out.extend(number.to_le_bytes()));
        out.extend_from_slice(&self.table);
    }

    /// From exactly `BYTES` bytes.
    fn read(data: &'static [u8]) -> Self {
        let word = |at: usize| [data[4 * at], data[4 * at + 1], data[4 * at + 2], data[4 * at + 3]];
        let number = |at: usize| i32::from_le_bytes(word(1 + at));
        Stage {
            scale: f32::from_le_bytes(word(0)),
            bias: std::array::from_fn(number),
            moves: Moves {
                start: std::array::from_fn(|label| number(L + label)),
                after: std::array::from_fn(|from| std::array::from_fn(|label| number(L + L + from * L + label))),
            },
            table: Cow::Borrowed(&data[4 * Self::NUMBERS..]),
        }
    }
}

/// Steps per unit: all but the largest 1 in 1,000 weights in use fit.
fn scale<const L: usize>(weights: &[[f64; L]]) -> f64 {
    const BEYOND: f64 = 0.001;
    let mut sizes: Vec<f64> = weights.as_flattened().iter().map(|weight| weight.abs()).filter(|&w| w > 1e-9).collect();
    if sizes.is_empty() {
        return 1.0;
    }
    sizes.sort_by(f64::total_cmp);
    let beyond = (sizes.len() as f64 * BEYOND) as usize;
    127.0 / sizes[sizes.len() - 1 - beyond]
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model").field("confidence", &self.confidence).finish_non_exhaustive()
    }
}

impl Model {
    /// Opens a file of weights; the tables stay where they are.
    ///
    /// # Errors
    /// When the bytes are no such file.
    pub fn open(data: &'static [u8]) -> Result<Self, ModelError> {
        let head = FORMAT.len() + 8 * confidence::COUNT;
        let wanted = head + Cues::BYTES + Roles::BYTES;
        if data.get(..FORMAT.len()) != Some(FORMAT) {
            return Err(ModelError::Format);
        }
        if data.len() != wanted {
            return Err(ModelError::Length { found: data.len(), wanted });
        }
        let weight = |number: usize| {
            let at = FORMAT.len() + 8 * number;
            f64::from_le_bytes(std::array::from_fn(|byte| data[at + byte]))
        };
        Ok(Model {
            confidence: Scorer(std::array::from_fn(weight)),
            cues: Stage::read(&data[head..head + Cues::BYTES]),
            roles: Stage::read(&data[head + Cues::BYTES..]),
        })
    }

    /// As `open` reads it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = FORMAT.to_vec();
        self.confidence.0.iter().for_each(|weight| out.extend(weight.to_le_bytes()));
        self.cues.write(&mut out);
        self.roles.write(&mut out);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes_and_refuses_the_rest() {
        let mut weights = vec![[0.0; 3]; ROWS];
        (weights[7], weights[9]) = ([1.0, -2.0, 0.5], [0.0, 4.0, 0.0]);
        let cues = Stage::quantised(&weights, [0.0, 2.0, 0.0], ([1.0, 0.0, 0.0], [[0.25; 3]; 3]));
        let roles = Stage::quantised(&vec![[0.0; 5]; ROWS], [0.0; 5], ([0.0; 5], [[0.0; 5]; 5]));
        let mut scores = [0; 3];
        cues.add(&[7, 9], &mut scores);
        assert_eq!(scores[1], 127 - 64);
        let model = Model { cues, roles, confidence: Scorer([0.5; confidence::COUNT]) };
        let bytes: &'static [u8] = Vec::leak(model.to_bytes());
        assert!(Model::open(bytes).unwrap() == model);
        assert_eq!(Model::open(b"something else").unwrap_err(), ModelError::Format);
        assert!(matches!(Model::open(&bytes[..bytes.len() - 1]).unwrap_err(), ModelError::Length { .. }));
    }
}
