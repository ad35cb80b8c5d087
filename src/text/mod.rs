//! Text and places in it: spans, code-point offsets, folded views, segmentation, quotation marks.
//! This floor knows nothing of news.

mod fold;
pub mod index;
mod offsets;
mod quotes;
mod segment;
mod span;

pub use fold::{Folded, fold, fold_word, match_key};
pub use offsets::CodePoints;
pub use quotes::{QuotePair, QuoteStyle, is_double_mark, is_quotation_mark, quote_pairs};
pub use segment::{Token, TokenKind, lines, sentences, tokens, words};
pub use span::Span;
