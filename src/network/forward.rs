//! The network: wordpieces of one window in, one vector per wordpiece out.
//!
//! A BERT-style encoder with int8 matrices: every matrix takes activations quantised per row at run time; attention runs
//! on 16-bit levels. Integer sums are exact and float steps have a fixed order, so the result does not depend on the
//! machine, the number of threads or what else is in the batch. Must not know words, labels or text.

use super::floats::{self, HEAD, HeadScratch, MOST_KEYS};
use super::kernel::{self, Path};
use super::matrix::{Layout, Packed};
use super::weights::{Weights, WeightsError};

/// Rows that go through a pair of matrices together: their intermediate values stay in the near caches.
const PANEL: usize = 24;

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
        let pieces = &pieces[..pieces.len().min(MOST_KEYS)];
        let mut rows = self.embed(pieces);
        for layer in &self.layers {
            self.attend(layer, &mut rows, scratch);
            self.feed(layer, &mut rows, scratch);
        }
        rows
    }

    fn embed(&self, pieces: &[Piece]) -> Vec<f32> {
        let hidden = self.hidden;
        let mut rows = vec![0f32; pieces.len() * hidden];
        let mut added = vec![0f32; pieces.len() * hidden];
        for (position, piece) in pieces.iter().enumerate() {
            let id = if (piece.id as usize) < self.word_scales.len() { piece.id as usize } else { 0 };
            let scale = self.word_scales[id];
            let place = position * hidden..(position + 1) * hidden;
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

    /// Attention of all heads, merged, added to the rows and normalised.
    fn attend(&self, layer: &Layer, rows: &mut [f32], scratch: &mut Scratch) {
        let tokens = rows.len() / self.hidden;
        let mut operands = std::mem::take(&mut scratch.operands);
        operands.resize(tokens * 3 * self.hidden, 0.0);
        for (rows, out) in rows.chunks(PANEL * self.hidden).zip(operands.chunks_mut(PANEL * 3 * self.hidden)) {
            layer.attention.apply(self.path, rows, self.hidden, out, scratch);
        }
        let mut mixed = std::mem::take(&mut scratch.mixed);
        mixed.resize(tokens * self.hidden, 0.0);
        for head in 0..self.hidden / HEAD {
            self.mix_head(&operands, head, &mut mixed, scratch);
        }
        scratch.operands = operands;
        let mut merged = Vec::new();
        for (rows, mixed) in rows.chunks_mut(PANEL * self.hidden).zip(mixed.chunks(PANEL * self.hidden)) {
            merged.resize(rows.len(), 0.0);
            layer.merge.apply(self.path, mixed, self.hidden, &mut merged, scratch);
            kernel::add_and_normalise(self.path, rows, &merged, &layer.merge_norm.gain, &layer.merge_norm.bias);
        }
        scratch.mixed = mixed;
    }

    /// One head: scores, softmax, weighted sum of the values, written into its columns of `mixed`.
    fn mix_head(&self, operands: &[f32], head: usize, mixed: &mut [f32], scratch: &mut Scratch) {
        const ROWS: usize = 8;
        let tokens = mixed.len() / self.hidden;
        let padded = floats::padded_keys(tokens);
        let own = &mut scratch.head;
        own.queries.resize(tokens * HEAD, 0);
        own.keys.resize(padded * HEAD, 0);
        own.values.resize(padded * HEAD, 0);
        kernel::attention_operands(self.path, operands, tokens, head, self.path.word_layout(), own);
        let mut levels = [0i16; ROWS * MOST_KEYS];
        let mut sums = [0i32; ROWS * MOST_KEYS];
        for from in (0..tokens).step_by(ROWS) {
            let count = ROWS.min(tokens - from);
            let (levels, sums) = (&mut levels[..count * padded], &mut sums[..count * padded]);
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
        let inner = layer.widen.bias.len();
        let (mut wide, mut narrow) = (Vec::new(), Vec::new());
        for rows in rows.chunks_mut(PANEL * self.hidden) {
            wide.resize(rows.len() / self.hidden * inner, 0.0);
            narrow.resize(rows.len(), 0.0);
            layer.widen.apply(self.path, rows, self.hidden, &mut wide, scratch);
            kernel::gelu(self.path, &mut wide);
            layer.narrow.apply(self.path, &wide, inner, &mut narrow, scratch);
            kernel::add_and_normalise(self.path, rows, &narrow, &layer.narrow_norm.gain, &layer.narrow_norm.bias);
        }
    }
}

impl Linear {
    /// `rows` of `width` values times the matrix, into rows of `out`.
    fn apply(&self, path: Path, rows: &[f32], width: usize, out: &mut [f32], scratch: &mut Scratch) {
        let count = rows.len() / width;
        let (depth, columns) = (self.matrix.depth(), self.matrix.columns());
        scratch.scales.clear();
        scratch.scales.resize(count, 0.0);
        scratch.sums.resize(count * columns, 0);
        if path.layout() == Layout::Fours {
            scratch.bytes.clear();
            scratch.bytes.resize(count * depth, 0);
            kernel::quantise_bytes(path, rows, width, &mut scratch.bytes, &mut scratch.scales);
            kernel::multiply_bytes(path, &scratch.bytes, count, &self.matrix, &mut scratch.sums);
        } else {
            scratch.words.clear();
            scratch.words.resize(count * depth, 0);
            kernel::quantise_words(path, rows, width, &mut scratch.words, &mut scratch.scales);
            kernel::multiply_words(path, &scratch.words, count, &self.matrix, &mut scratch.sums);
        }
        kernel::finish(path, &scratch.sums, columns, &scratch.scales, &self.scales, &self.bias, out);
    }
}

/// Buffers that one thread uses again and again (about 2 MB).
#[derive(Default)]
pub struct Scratch {
    bytes: Vec<u8>,
    words: Vec<i16>,
    scales: Vec<f32>,
    sums: Vec<i32>,
    operands: Vec<f32>,
    mixed: Vec<f32>,
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
