//! Text in, tagged spans out: the way through tokens, windows, network and CRF.
//!
//! Windows are independent of each other, so they run on all cores; the result does not depend on how many. Memory is
//! bounded: about 2 MB per thread beside the text's own tokens.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::text::Span;

use super::crf::{Crf, LABEL_NAMES, LABELS, Role, Tagged};
use super::windows::{Passage, Segment, Special, Window, windows};
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

    /// Tags the given passages of a text. Spans come in text order. A window that looks like one before it is not
    /// computed again, and one without words holds nothing: texts of one sign repeated cost no more than reading them.
    pub fn tag(&self, text: &str, passages: &[Span]) -> Vec<TaggedSpan> {
        let passages = self.passages(text, passages);
        let windows = windows(&passages, self.special, self.window);
        let mut seen = HashMap::new();
        let mut kinds: Vec<&Window> = Vec::new();
        let mut kind_of: Vec<(&Window, usize)> = Vec::new();
        for window in windows.iter().filter(|window| window.has_words(&passages)) {
            let kind = *seen.entry(window.look()).or_insert(kinds.len());
            if kind == kinds.len() {
                kinds.push(window);
            }
            kind_of.push((window, kind));
        }
        let labels = |scratch: &mut Scratch, window: &&Window| self.labels(window, scratch);
        let found: Vec<Vec<Vec<Tagged>>> = kinds.par_iter().map_init(Scratch::default, labels).collect();
        let on_text = |(window, kind): (&Window, usize)| spans(&passages, window, &found[kind]).collect::<Vec<_>>();
        kind_of.into_iter().flat_map(on_text).collect()
    }

    pub(super) fn passages<'t>(&self, text: &'t str, spans: &[Span]) -> Vec<Passage<'t>> {
        spans.iter().map(|span| Passage::new(text, Tokens::of(text, span.snapped(text)), &self.pieces)).collect()
    }

    /// The tagged spans of each segment, as tokens of it.
    fn labels(&self, window: &Window, scratch: &mut Scratch) -> Vec<Vec<Tagged>> {
        let rows = self.network.run(&window.pieces, scratch);
        let of = |segment: &Segment| self.crf.spans(&self.emissions(&rows, &segment.first));
        window.segments.iter().map(of).collect()
    }

    #[cfg(test)]
    pub(super) fn tag_window(&self, passages: &[Passage], window: &Window, scratch: &mut Scratch) -> Vec<TaggedSpan> {
        spans(passages, window, &self.labels(window, scratch)).collect()
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

/// Spans of tokens as spans of the text.
fn spans<'a>(
    passages: &'a [Passage],
    window: &'a Window,
    tagged: &'a [Vec<Tagged>],
) -> impl Iterator<Item = TaggedSpan> + 'a {
    window.segments.iter().zip(tagged).flat_map(|(segment, tagged)| {
        let spans = &passages[segment.passage].tokens.spans[segment.tokens.clone()];
        tagged.iter().map(move |tagged| TaggedSpan {
            role: tagged.role,
            span: spans[tagged.tokens.start].cover(spans[tagged.tokens.end - 1]),
            passage: segment.passage,
            probability: tagged.probability,
        })
    })
}
