//! Statements as linking sees them, read as they are needed.

use std::collections::{BTreeSet, HashMap};

use crate::app::analyse::{Printed, variant_in};
use crate::lang;
use crate::model::Variant;
use crate::store::Store;

use super::Stored;

/// Variants kept in memory between batches.
const KEPT: usize = 40_000;

/// Variants by statement key, loaded as they are needed; a bounded number is kept.
#[derive(Default)]
pub(super) struct Wordings {
    pub variants: HashMap<i64, Variant>,
}

impl Wordings {
    /// Reads those of these statements that are not here.
    pub fn load(&mut self, store: &Store, wanted: &[i64]) -> Stored<()> {
        if self.variants.len() > KEPT {
            let wanted: BTreeSet<i64> = wanted.iter().copied().collect();
            self.variants.retain(|key, _| wanted.contains(key));
        }
        let mut missing: Vec<(i64, i64)> = Vec::new();
        for key in wanted.iter().filter(|key| !self.variants.contains_key(key)) {
            missing.extend(store.document_of(*key)?.map(|document| (document, *key)));
        }
        missing.sort_unstable();
        for of_document in missing.chunk_by(|x, y| x.0 == y.0) {
            let wanted: Vec<i64> = of_document.iter().map(|(_, key)| *key).collect();
            read_variants(store, of_document[0].0, &wanted, &mut self.variants)?;
        }
        Ok(())
    }
}

/// Adds the wanted statements of a document, as linking sees them.
pub(in crate::app) fn read_variants(
    store: &Store,
    document: i64,
    wanted: &[i64],
    variants: &mut HashMap<i64, Variant>,
) -> Stored<()> {
    let Some(worded) = store.worded(document, wanted)? else { return Ok(()) };
    let language = lang::language(if worded.language.is_empty() { "und" } else { &worded.language });
    let printed = Printed { text: &worded.text, outlet: &worded.outlet, published: worded.published.as_ref() };
    for it in worded.statements {
        let mut variant = variant_in(&printed, &it.attribution, it.speaker.as_ref(), language);
        variant.statement = it.id;
        variant.document = worded.id.clone();
        variant.embedding = it.embedding;
        variants.insert(it.key, variant);
    }
    Ok(())
}
