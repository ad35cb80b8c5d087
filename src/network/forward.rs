//! The network: wordpieces of one window in, one vector per wordpiece out.
//!
//! A BERT-style encoder with int8 matrices: every matrix takes activations quantised per row at run time; attention runs
//! on 16-bit levels. Integer sums are exact and float steps have a fixed order, so the result does not depend on the
//! machine, the number of threads or what else is in the batch. Must not know words, labels or text.

use super::aligned::Aligned;
use super::floats::{self, HEAD, HeadScratch, MOST_KEYS};
use super::kernel::{self, Path};
use super::matrix::{Layout, Packed};
use super::weights::{Weights, WeightsError};

/// One wordpiece as the network sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Piece {
    /// Index into the vocabulary.
    pub id: u32,
    /// Case class of its token, 0 to 3.
    pub case: u8,
    /// Quotation state of its token, 0 to 3.
    pub state: u8,
}

struct Linear {
    matrix: Packed<'static>,
    scales: Vec<f32>,
    bias: Vec<f32>,
}

struct Norm {
    gain: Vec<f32>,
    bias: Vec<f32>,
}

struct Layer {
    /// Queries, keys and values side by side.
    attention: Linear,
    merge: Linear,
    merge_norm: Norm,
    widen: Linear,
    narrow: Linear,
    narrow_norm: Norm,
}

/// The encoder with its embeddings.
pub struct Network {
    path: Path,
    hidden: usize,
    words: &'static [u8],
    word_scales: Vec<f32>,
    positions: Vec<f32>,
    cases: Vec<f32>,
    states: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
}

impl Network {
    /// Packs the matrices for this path.
    ///
    /// # Errors
    /// When a tensor is missing or has another shape than the header says.
    pub fn new(weights: &Weights, vocabulary: usize, path: Path) -> Result<Self, WeightsError> {
        Network::with_words(weights, weights, vocabulary, path)
    }

    /// The same with the word table of another network. A network that was not trained on case and quotation state has no
    /// tensors for them and does not look at them.
    ///
    /// # Errors
    /// As `new`.
    pub fn with_words(weights: &Weights, words: &Weights, vocabulary: usize, path: Path) -> Result<Self, WeightsError> {
        let config = &weights.config;
        let hidden = config.hidden;
        if hidden != config.heads * HEAD
            || !hidden.is_multiple_of(16)
            || config.window > MOST_KEYS.min(config.positions)
        {
            return Err(WeightsError::Header("a shape this program does not run".to_string()));
        }
        const WORDS: &str = "embeddings.word_embeddings.weight";
        Ok(Network {
            path,
            hidden,
            words: words.bytes(WORDS, vocabulary * hidden)?,
            word_scales: words.floats(&format!("{WORDS}.scale"), vocabulary)?,
            positions: weights.floats("embeddings.position_embeddings.weight", config.positions * hidden)?,
            cases: classes(weights, "x.case", hidden)?,
            states: classes(weights, "x.quote", hidden)?,
            norm: norm(weights, "embeddings.LayerNorm", hidden)?,
            layers: (0..config.layers).map(|number| layer(weights, number, path)).collect::<Result<_, _>>()?,
        })
    }

    /// Width of the vectors.
    pub fn hidden(&self) -> usize {
        self.hidden
    }

    /// The last layer: `hidden` values for every piece. Pieces past the window's limit and ids outside the vocabulary
    /// do not occur in windows made by `windows`; here they are cut off and taken for id 0.
    pub fn run(&self, pieces: &[Piece], scratch: &mut Scratch) -> Vec<f32> {
        self.run_all(&[pieces], scratch)
    }

    /// As `run`, of several windows, one after the other. Each gives what it gives alone; together they take less time, as
    /// every matrix comes from memory once for all of them.
    pub fn run_all(&self, windows: &[&[Piece]], scratch: &mut Scratch) -> Vec<f32> {
        let windows: Vec<&[Piece]> = windows.iter().map(|pieces| &pieces[..pieces.len().min(MOST_KEYS)]).collect();
        let mut rows = self.embed(&windows);
        for layer in &self.layers {
            self.attend(layer, &windows, &mut rows, scratch);
            self.feed(layer, &mut rows, scratch);
        }
        rows
    }

    fn embed(&self, windows: &[&[Piece]]) -> Vec<f32> {
        let hidden = self.hidden;
        let count: usize = windows.iter().map(|pieces| pieces.len()).sum();
        let mut rows = vec![0f32; count * hidden];
        let mut added = vec![0f32; count * hidden];
        let placed = windows.iter().flat_map(|pieces| pieces.iter().enumerate());
        for (row, (position, piece)) in placed.enumerate() {
            let id = if (piece.id as usize) < self.word_scales.len() { piece.id as usize } else { 0 };
            let scale = self.word_scales[id];
            let place = row * hidden..(row + 1) * hidden;
            for (to, &level) in rows[place.clone()].iter_mut().zip(&self.words[id * hidden..]) {
                *to = f32::from(level as i8) * scale;
            }
            let case = &self.cases[usize::from(piece.case & 3) * hidden..];
            let state = &self.states[usize::from(piece.state & 3) * hidden..];
            let sums = self.positions[position * hidden..].iter().zip(case).zip(state);
            for (to, ((position, case), state)) in added[place].iter_mut().zip(sums) {
                *to = position + case + state;
            }
        }
        kernel::add_and_normalise(self.path, &mut rows, &added, &self.norm.gain, &self.norm.bias);
        rows
    }

    /// Attention of all heads within each window, merged, added to the rows and normalised.
    fn attend(&self, layer: &Layer, windows: &[&[Piece]], rows: &mut [f32], scratch: &mut Scratch) {
        let (tokens, panel) = (rows.len() / self.hidden, self.path.panel());
        let mut operands = std::mem::take(&mut scratch.operands);
        let all = operands.room(tokens * 3 * self.hidden);
        for (rows, out) in rows.chunks(panel * self.hidden).zip(all.chunks_mut(panel * 3 * self.hidden)) {
            layer.attention.apply(self.path, rows, self.hidden, out, scratch);
        }
        let mut mixed = std::mem::take(&mut scratch.mixed);
        let (mut operands_left, mut mixed_left) = (&operands[..], mixed.room(tokens * self.hidden));
        for pieces in windows {
            let (own, rest) = operands_left.split_at(pieces.len() * 3 * self.hidden);
            let (to, rest_to) = mixed_left.split_at_mut(pieces.len() * self.hidden);
            (0..self.hidden / HEAD).for_each(|head| self.mix_head(own, head, to, scratch));
            (operands_left, mixed_left) = (rest, rest_to);
        }
        scratch.operands = operands;
        let mut merged = std::mem::take(&mut scratch.narrow);
        for (rows, mixed) in rows.chunks_mut(panel * self.hidden).zip(mixed.chunks(panel * self.hidden)) {
            let merged = merged.room(rows.len());
            layer.merge.apply(self.path, mixed, self.hidden, merged, scratch);
            kernel::add_and_normalise(self.path, rows, merged, &layer.merge_norm.gain, &layer.merge_norm.bias);
        }
        scratch.mixed = mixed;
        scratch.narrow = merged;
    }

    /// One head: scores, softmax, weighted sum of the values, written into its columns of `mixed`.
    fn mix_head(&self, operands: &[f32], head: usize, mixed: &mut [f32], scratch: &mut Scratch) {
        const ROWS: usize = 8;
        let tokens = mixed.len() / self.hidden;
        let padded = floats::padded_keys(tokens);
        let own = &mut scratch.head;
        kernel::attention_operands(self.path, operands, tokens, head, self.path.word_layout(), own);
        for from in (0..tokens).step_by(ROWS) {
            let count = ROWS.min(tokens - from);
            let (levels, sums) = (scratch.levels.room(count * padded), scratch.sums.room(count * padded));
            let mut inverse = [0f32; ROWS];
            let queries = &own.queries[from * HEAD..];
            kernel::multiply_word_slices(self.path, queries, count, HEAD, &own.keys, padded, sums);
            kernel::softmax_levels(self.path, sums, tokens, own.score_scale, levels, &mut inverse);
            let mut out = [0i32; ROWS * HEAD];
            kernel::multiply_word_slices(self.path, levels, count, padded, &own.values, HEAD, &mut out);
            for (row, (sums, inverse)) in out.chunks_exact(HEAD).zip(inverse).take(count).enumerate() {
                let factor = inverse * own.value_scale;
                for (to, &sum) in mixed[(from + row) * self.hidden + head * HEAD..].iter_mut().zip(sums) {
                    *to = sum as f32 * factor;
                }
            }
        }
    }

    /// The two matrices of the feed-forward part, added to the rows and normalised.
    fn feed(&self, layer: &Layer, rows: &mut [f32], scratch: &mut Scratch) {
        let (inner, panel) = (layer.widen.bias.len(), self.path.panel());
        let (mut wide, mut narrow) = (std::mem::take(&mut scratch.wide), std::mem::take(&mut scratch.narrow));
        for rows in rows.chunks_mut(panel * self.hidden) {
            let wide = wide.room(rows.len() / self.hidden * inner);
            let narrow = narrow.room(rows.len());
            layer.widen.apply(self.path, rows, self.hidden, wide, scratch);
            kernel::gelu(self.path, wide);
            layer.narrow.apply(self.path, wide, inner, narrow, scratch);
            kernel::add_and_normalise(self.path, rows, narrow, &layer.narrow_norm.gain, &layer.narrow_norm.bias);
        }
        (scratch.wide, scratch.narrow) = (wide, narrow);
    }
}

impl Linear {
    /// `rows` of `width` values times the matrix, into rows of `out`.
    fn apply(&self, path: Path, rows: &[f32], width: usize, out: &mut [f32], scratch: &mut Scratch) {
        let count = rows.len() / width;
        let (depth, padded) = (self.matrix.depth(), path.padded_rows(count));
        let Scratch { bytes, words, scales, sums, .. } = scratch;
        let (scales, sums) = (scales.room(count), sums.room(padded * self.matrix.columns()));
        if path.layout() == Layout::Fours {
            let levels = bytes.room(padded * depth);
            kernel::quantise_bytes(path, rows, width, &mut levels[..count * depth], scales);
            kernel::multiply_bytes(path, levels, count, &self.matrix, sums);
        } else {
            let levels = words.room(count * depth);
            kernel::quantise_words(path, rows, width, levels, scales);
            kernel::multiply_words(path, levels, count, &self.matrix, sums);
        }
        kernel::finish(path, sums, self.matrix.columns(), scales, &self.scales, &self.bias, out);
    }
}

/// Buffers that one thread uses again and again (about 2 MB).
#[derive(Default)]
pub struct Scratch {
    bytes: Aligned<u8>,
    words: Aligned<i16>,
    scales: Aligned<f32>,
    sums: Aligned<i32>,
    operands: Aligned<f32>,
    mixed: Aligned<f32>,
    wide: Aligned<f32>,
    narrow: Aligned<f32>,
    levels: Aligned<i16>,
    head: HeadScratch,
}

/// Vectors of the four classes of case or quotation state; zeros where the network knows none.
fn classes(weights: &Weights, name: &str, hidden: usize) -> Result<Vec<f32>, WeightsError> {
    if weights.holds(name) { weights.floats(name, 4 * hidden) } else { Ok(vec![0.0; 4 * hidden]) }
}

fn layer(weights: &Weights, number: usize, path: Path) -> Result<Layer, WeightsError> {
    let (hidden, inner) = (weights.config.hidden, weights.config.inner);
    let name = |part: &str| format!("encoder.layer.{number}.{part}");
    let one = |part: &str, depth, outputs| linear(weights, &[name(part)], depth, outputs, path);
    let parts = ["query", "key", "value"].map(|part| name(&format!("attention.self.{part}")));
    Ok(Layer {
        attention: linear(weights, &parts, hidden, hidden, path)?,
        merge: one("attention.output.dense", hidden, hidden)?,
        merge_norm: norm(weights, &name("attention.output.LayerNorm"), hidden)?,
        widen: one("intermediate.dense", hidden, inner)?,
        narrow: one("output.dense", inner, hidden)?,
        narrow_norm: norm(weights, &name("output.LayerNorm"), hidden)?,
    })
}

/// The matrices of these names one below the other, each with `outputs` rows of `depth` weights.
fn linear(
    weights: &Weights,
    names: &[String],
    depth: usize,
    outputs: usize,
    path: Path,
) -> Result<Linear, WeightsError> {
    let (mut parts, mut scales, mut bias) = (Vec::new(), Vec::new(), Vec::new());
    for name in names {
        parts.push(weights.bytes(&format!("{name}.weight"), outputs * depth)?);
        scales.extend(weights.floats(&format!("{name}.weight.scale"), outputs)?);
        bias.extend(weights.floats(&format!("{name}.bias"), outputs)?);
    }
    Ok(Linear { matrix: Packed::new(path.layout(), &parts, depth), scales, bias })
}

fn norm(weights: &Weights, name: &str, hidden: usize) -> Result<Norm, WeightsError> {
    Ok(Norm {
        gain: weights.floats(&format!("{name}.weight"), hidden)?,
        bias: weights.floats(&format!("{name}.bias"), hidden)?,
    })
}
