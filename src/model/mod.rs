//! The nouns: plain data with public fields. No SQL, no public formats, no behaviour that needs the world.

#[macro_use]
mod names;

mod attribution;
mod date;
mod decision;
mod document;
mod entity;
mod evidence;
mod id;
mod known;
mod link;
mod outlet;
mod reading;
mod statement;

pub use attribution::{Act, Attribution, Extractor, Kind};
pub use date::{Date, Precision};
pub use decision::{Decision, Verb};
pub use document::{Document, Known, Warning};
pub use entity::{Alias, AliasKind, Entity, EntityKind, LocalEntity, Mention, Spelled, Via};
pub use evidence::Evidence;
pub use id::{Id, IdKind, sha256_hex};
pub use known::KnownName;
pub use link::{Claim, ClaimEdge, Derivation, DocumentRelation, Embedding, Link, LinkStatus, Order, Relation, Variant};
pub use outlet::Outlet;
pub use reading::{Passage, PassageKind, Reading, Sentence};
pub use statement::Statement;
