//! Text in, tagged spans out: the way through tokens, windows, network and CRF.
//!
//! Windows are independent of each other, so they run on all cores; the result does not depend on how many. Memory is
//! bounded: about 2 MB per thread beside the text's own tokens.

use rayon::prelude::*;

use crate::text::Span;

use super::crf::{Crf, LABEL_NAMES, LABELS, Role};
use super::windows::{Passage, Special, Window, windows};
use crate::network::floats;
use crate::network::forward::{Network, Scratch};
use crate::network::input::Tokens;
use crate::network::kernel::Path;
use crate::network::weights::{Weights, WeightsError};
use crate::network::wordpiece::WordPieces;

/// The network with everything that stands before and after it.
pub struct Encoder {
    pub(super) network: Network,
    pieces: WordPieces,
    pub(super) special: Special,
    pub(super) window: usize,
    head: Vec<f32>,
    head_bias: Vec<f32>,
    pub(super) crf: Crf,
}

/// A span that the encoder tagged. Content lies inside its quotation marks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TaggedSpan {
    pub role: Role,
    /// Bytes of the text.
    pub span: Span,
    /// Index of the passage it was found in.
    pub passage: usize,
    /// The model's probability of exactly this span, 0 to 1.
    pub probability: f64,
}

impl Encoder {
    /// Opens a weights file (see docs/recipes/README.md) for one path of the kernels.
    ///
    /// # Errors
    /// When the file is no weights file of this program, or a tensor is missing.
    pub fn open(data: &'static [u8], path: Path) -> Result<Self, WeightsError> {
        let weights = Weights::open(data)?;
        let config = &weights.config;
        if config.labels != LABEL_NAMES {
            return Err(WeightsError::Header("other labels than this program's".to_string()));
        }
        let vocabulary = weights.vocabulary()?;
        let network = Network::new(&weights, vocabulary.len(), path)?;
        let transitions = weights.floats("crf.trans", LABELS * LABELS)?;
        let row = |values: &[f32]| -> [f32; LABELS] { std::array::from_fn(|label| values[label]) };
        Ok(Encoder {
            pieces: WordPieces::new(&vocabulary, config.unk),
            special: Special { cls: config.cls, sep: config.sep },
            window: config.window,
            head: weights.floats("head.w", LABELS * config.hidden)?,
            head_bias: weights.floats("head.b", LABELS)?,
            crf: Crf {
                start: row(&weights.floats("crf.start", LABELS)?),
                transitions: std::array::from_fn(|from| row(&transitions[from * LABELS..])),
                end: row(&weights.floats("crf.end", LABELS)?),
            },
            network,
        })
    }

    /// Tags the given passages of a text. Spans come in text order.
    pub fn tag(&self, text: &str, passages: &[Span]) -> Vec<TaggedSpan> {
        let passages = self.passages(text, passages);
        let windows = windows(&passages, self.special, self.window);
        let found: Vec<Vec<TaggedSpan>> = windows
            .par_iter()
            .map_init(Scratch::default, |scratch, window| self.tag_window(&passages, window, scratch))
            .collect();
        found.into_iter().flatten().collect()
    }

    pub(super) fn passages<'t>(&self, text: &'t str, spans: &[Span]) -> Vec<Passage<'t>> {
        spans.iter().map(|span| Passage::new(text, Tokens::of(text, span.snapped(text)), &self.pieces)).collect()
    }

    pub(super) fn tag_window(&self, passages: &[Passage], window: &Window, scratch: &mut Scratch) -> Vec<TaggedSpan> {
        let rows = self.network.run(&window.pieces, scratch);
        let mut found = Vec::new();
        for segment in &window.segments {
            let emissions = self.emissions(&rows, &segment.first);
            let spans = &passages[segment.passage].tokens.spans[segment.tokens.clone()];
            for tagged in self.crf.spans(&emissions) {
                found.push(TaggedSpan {
                    role: tagged.role,
                    span: spans[tagged.tokens.start].cover(spans[tagged.tokens.end - 1]),
                    passage: segment.passage,
                    probability: tagged.probability,
                });
            }
        }
        found
    }

    /// Scores of the labels at the given rows of the network's output.
    pub(super) fn emissions(&self, rows: &[f32], places: &[usize]) -> Vec<[f32; LABELS]> {
        let hidden = self.network.hidden();
        places
            .iter()
            .map(|&place| {
                let row = &rows[place * hidden..][..hidden];
                std::array::from_fn(|label| {
                    floats::dot(row, &self.head[label * hidden..][..hidden]) + self.head_bias[label]
                })
            })
            .collect()
    }
}
