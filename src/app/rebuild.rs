//! Rebuild: everything derived is dropped and made again from documents and decisions.

use rayon::prelude::*;

use crate::model::Extractor;
use crate::store::Store;

use super::ingest::run_options;
use super::{AppError, Progress, analyse, connect};

/// Documents analysed together.
const ROUND: usize = 48;

/// Drops what is derived and derives it anew. Returns the number of documents.
pub fn rebuild(store: &mut Store, extractor: Extractor, progress: &dyn Progress) -> Result<usize, AppError> {
    let documents = store.document_keys()?;
    store.transaction(|store| {
        store.drop_derived()?;
        let run = store.run(env!("CARGO_PKG_VERSION"), &run_options(extractor))?;
        for (round, keys) in documents.chunks(ROUND).enumerate() {
            progress.at("analysing", round * ROUND, documents.len());
            let mut loaded = Vec::new();
            for (key, _) in keys {
                loaded.extend(store.document(*key)?);
            }
            let analyses: Vec<_> = loaded.par_iter().map(|stored| analyse(&stored.document, extractor)).collect();
            for (stored, analysis) in loaded.iter().zip(&analyses) {
                store.add_analysis(stored, analysis, run)?;
                store.mark_pending(stored.key, false)?;
            }
        }
        Ok(())
    })?;
    connect(store, progress)?;
    Ok(documents.len())
}
