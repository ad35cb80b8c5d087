//! Rebuild: everything derived is dropped and made again from documents and decisions.

use rayon::prelude::*;

use crate::model::Extractor;
use crate::store::Store;

use super::analyse::analyse_outlined;
use super::connect::connect_outlined;
use super::ingest::run_options;
use super::link_statements::Outlines;
use super::{AppError, Progress};

/// Documents analysed together.
const ROUND: usize = 48;

/// Drops what is derived and derives it anew. Returns the number of documents.
pub fn rebuild(store: &mut Store, extractor: Extractor, progress: &dyn Progress) -> Result<usize, AppError> {
    let documents = store.document_keys()?;
    let mut outlines = Outlines::default();
    store.transaction(|store| {
        store.drop_derived()?;
        let run = store.run(env!("CARGO_PKG_VERSION"), &run_options(extractor))?;
        for (round, keys) in documents.chunks(ROUND).enumerate() {
            progress.at("analysing", round * ROUND, documents.len());
            let mut loaded = Vec::new();
            for (key, _) in keys {
                loaded.extend(store.document(*key)?);
            }
            let analyses: Vec<_> =
                loaded.par_iter().map(|stored| analyse_outlined(&stored.document, extractor)).collect();
            for (stored, (analysis, outlined)) in loaded.iter().zip(analyses) {
                outlines.keep(&store.add_analysis(stored, &analysis, run)?, outlined);
                store.mark_pending(stored.key, false)?;
            }
        }
        Ok(())
    })?;
    connect_outlined(store, outlines, progress)?;
    Ok(documents.len())
}
