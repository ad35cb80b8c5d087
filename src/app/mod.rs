//! Use cases: what the program can do, without a command line and without printing.

mod analyse;
#[cfg(test)]
#[allow(dead_code)]
#[path = "../../examples/generate/articles.rs"]
mod articles;
mod ask;
mod claims;
mod connect;
mod decide;
mod decide_review;
mod demo;
mod diff;
mod doctor;
mod error;
pub mod evaluate;
pub mod evaluate_linking;
mod export;
mod export_corpus;
mod files;
mod forget;
mod graph;
mod graph_png;
mod ingest;
mod lineage;
mod link_statements;
pub mod matching;
mod outlet;
mod outlets;
mod quoted;
mod rebuild;
mod report;
mod rounds;
mod settle;
mod sheet;
mod show;
mod speakers;
mod speakers_contradictions;
mod speakers_table;
mod verify;
mod why;

pub use analyse::analyse;
pub use ask::{ClaimGroup, HiddenHit, WhoSaid, WhoSaidOptions, who_said, who_said_fuzzy};
use claims::face;
pub use claims::{Change, ClaimCardView, VariantView, claim_card, claim_list, variants};
pub use connect::connect;
pub use decide::{Signature, add_alias, decisions, import_decisions, judge, merge, split, undo};
pub use decide_review::{
    Queue, ReviewPair, ReviewReport, ReviewSide, decide_pair, finish_review, import_review, review_evidence,
    review_queue, review_side, undo_pair,
};
pub use demo::{CORPUS, DEMO_QUESTION, write_corpus};
pub use diff::{DiffView, Fate, PairView, diff};
pub use doctor::{Symptom, doctor};
pub use error::AppError;
pub use export::{EXPORTS, Export, ExportOptions, export, export_folder, export_format, statement_json};
pub use files::{Source, sources};
pub use forget::{Forgettable, forget, forgettable, sweep};
pub use graph::{GraphOptions, graph, material, run_graphviz};
pub use graph_png::{Png, png};
pub use ingest::{IngestOptions, IngestReport, Ingested, ingest};
pub use lineage::{Carrier, LineageView, RepeatEdge, lineage};
pub use outlet::{CreditView, OutletCard, TextView, TopClaim, Way, outlet};
pub use outlets::{OutletView, RepeatView, outlets};
pub use quoted::Quoted;
pub use rebuild::rebuild;
pub use report::report;
pub use sheet::RowError;
pub use show::{Shown, show};
pub use speakers::{SpeakerView, find_speaker, speaker, speakers};
pub use speakers_contradictions::{Contradiction, ContradictionView, CopyStatus, speaker_contradictions};
pub use speakers_table::{TableReport, import_people, people_table};
pub use verify::verify;
pub use why::{Reasons, why, why_pair};

/// Whoever watches long work: told the stage, how much is done and how much there is.
pub trait Progress {
    fn at(&self, stage: &str, done: usize, total: usize);
}

/// Nobody watches.
pub struct Silent;

impl Progress for Silent {
    fn at(&self, _stage: &str, _done: usize, _total: usize) {}
}
