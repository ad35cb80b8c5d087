//! Sentence embeddings: what a text means as a unit vector, close for texts that mean alike.
//!
//! In: the bytes of a sentence network, and of the network whose word table it shares. Out: vectors of whole numbers.
//! Mean over all wordpieces, special ones included (Reimers and Gurevych 2019); case and quotation marks are not looked at.
//! Must not know what the texts are.

use crate::text::Span;

use super::forward::{Network, Piece, Scratch};
use super::input::{State, Tokens};
use super::kernel::Path;
use super::weights::{Weights, WeightsError};
use super::wordpiece::WordPieces;

/// A network that embeds texts.
pub struct SentenceEncoder {
    network: Network,
    pieces: WordPieces,
    cls: u32,
    sep: u32,
    /// Most wordpieces, special ones counted.
    window: usize,
}

impl SentenceEncoder {
    /// Opens a sentence network (`data`, without word table) on the word table and vocabulary of another one (`words`).
    ///
    /// # Errors
    /// When one of the two is no weights file of this program, or a tensor is missing.
    pub fn open(data: &'static [u8], words: &'static [u8], path: Path) -> Result<Self, WeightsError> {
        let (weights, words) = (Weights::open(data)?, Weights::open(words)?);
        let vocabulary = words.vocabulary()?;
        Ok(SentenceEncoder {
            network: Network::with_words(&weights, &words, vocabulary.len(), path)?,
            pieces: WordPieces::new(&vocabulary, words.config.unk),
            cls: words.config.cls,
            sep: words.config.sep,
            window: weights.config.window,
        })
    }

    /// The embeddings of texts as whole numbers from −127 to 127: only their direction means something. What goes beyond
    /// the window (256 wordpieces) is not looked at.
    pub fn embed(&self, texts: &[String], scratch: &mut Scratch) -> Vec<Vec<i8>> {
        let windows: Vec<Vec<Piece>> = texts.iter().map(|text| self.window_of(text)).collect();
        let hidden = self.network.hidden();
        let mut embeddings = Vec::with_capacity(texts.len());
        let mut rest = &windows[..];
        while !rest.is_empty() {
            let (batch, others) = rest.split_at(self.fitting(rest));
            let rows = self.network.run_all(&batch.iter().map(Vec::as_slice).collect::<Vec<_>>(), scratch);
            let mut rows = rows.chunks_exact(hidden);
            embeddings.extend(batch.iter().map(|window| mean(rows.by_ref().take(window.len()), hidden)));
            rest = others;
        }
        embeddings
    }

    /// How many of these, at least one, have no more wordpieces together than one window can have.
    fn fitting(&self, windows: &[Vec<Piece>]) -> usize {
        let mut pieces = 0;
        let fits = |window: &&Vec<Piece>| {
            pieces += window.len();
            pieces <= self.window
        };
        windows.iter().take_while(fits).count().max(1)
    }

    fn window_of(&self, text: &str) -> Vec<Piece> {
        let plain = |id| Piece { id, case: 0, state: 0 };
        let mut window = vec![plain(self.cls)];
        for span in Tokens::of(text, Span::new(0, text.len())).spans {
            let ids = self.pieces.ids(span.of(text), State::Outside);
            window.extend(ids.into_iter().map(plain));
            if window.len() >= self.window {
                break;
            }
        }
        window.truncate(self.window - 1);
        window.push(plain(self.sep));
        window
    }
}

/// The direction of the mean of rows.
fn mean<'r>(rows: impl Iterator<Item = &'r [f32]>, hidden: usize) -> Vec<i8> {
    let mut sums = vec![0f32; hidden];
    for row in rows {
        sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
    }
    let most = sums.iter().fold(f32::MIN_POSITIVE, |most, x| most.max(x.abs()));
    sums.iter().map(|x| (x * (127.0 / most)).round_ties_even() as i8).collect()
}
