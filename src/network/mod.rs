//! Small neural encoders, run on our own kernels: text as wordpieces in, one vector per wordpiece out.
//!
//! In: the bytes of a weights file and a text. Out: vectors. Who uses them decides what they mean: `extract` tags spans
//! with them, `link` compares meanings. Pure arithmetic: the same bits on every machine. Must not know labels, statements or documents.

pub mod aligned;
pub mod floats;
pub mod forward;
pub mod input;
pub mod kernel;
pub mod matrix;
pub mod sentence;
pub mod weights;
pub mod wordpiece;

pub use forward::{Network, Piece, Scratch};
pub use sentence::SentenceEncoder;
pub use weights::{Weights, WeightsError};
pub use wordpiece::WordPieces;
