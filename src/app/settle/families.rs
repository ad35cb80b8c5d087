//! Families: documents that share narrative, directly or through others.

use std::collections::BTreeSet;

use crate::store::Store;

use super::Stored;

/// Small families are taken together up to so many documents.
const TOGETHER: usize = 256;

/// The families of these documents, each whole; several small ones together.
pub(super) fn families(store: &Store, documents: &BTreeSet<i64>) -> Stored<Vec<BTreeSet<i64>>> {
    let mut batches: Vec<BTreeSet<i64>> = Vec::new();
    let mut seen: BTreeSet<i64> = BTreeSet::new();
    for &document in documents {
        if seen.contains(&document) {
            continue;
        }
        let family = closed(document, &|it| store.kin(it))?;
        seen.extend(&family);
        match batches.last_mut().filter(|batch| batch.len() + family.len() <= TOGETHER) {
            Some(batch) => batch.extend(family),
            None => batches.push(family),
        }
    }
    Ok(batches)
}

/// Everything that is reached from a document.
pub(super) fn closed(from: i64, next: &dyn Fn(i64) -> Stored<Vec<i64>>) -> Stored<BTreeSet<i64>> {
    let mut reached = BTreeSet::from([from]);
    let mut waiting = vec![from];
    while let Some(at) = waiting.pop() {
        for other in next(at)? {
            if reached.insert(other) {
                waiting.push(other);
            }
        }
    }
    Ok(reached)
}
