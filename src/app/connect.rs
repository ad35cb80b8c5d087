//! Connecting: documents that wait are linked with what is there, and everything is settled.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::lineage::spellings_of;
use crate::store::{Store, StoreError};

use super::analyse::folded;
use super::link_statements::{Outlines, link_new};
use super::settle::{Part, Scope, settle};
use super::{AppError, Progress};

type Stored<T> = Result<T, StoreError>;

/// Of so many documents, if more than one in this many waits, everything is settled: it costs less.
const PART: usize = 8;

/// Joins and links whatever waits, and derives what follows from decisions, in one transaction. Does nothing when nothing waits.
pub fn connect(store: &mut Store, progress: &dyn Progress) -> Result<(), AppError> {
    connect_outlined(store, Outlines::default(), progress)
}

/// As `connect`; outlines that are given need not be read.
pub(super) fn connect_outlined(store: &mut Store, outlines: Outlines, progress: &dyn Progress) -> Result<(), AppError> {
    if store.pending()?.is_empty() && store.unsettled_decisions()?.is_empty() {
        return Ok(());
    }
    while store.many_keys_wait()? {
        store.transaction(|store| store.index_link_keys())?;
    }
    store.transaction(|store| catch_up(store, outlines, progress))?;
    Ok(())
}

/// As `connect`, inside a transaction.
pub(super) fn catch_up(store: &Store, outlines: Outlines, progress: &dyn Progress) -> Stored<()> {
    while store.index_link_keys()? {}
    // Read inside: what another program adds until then would be cleared without having been linked.
    let waiting = store.pending()?;
    let documents: BTreeSet<i64> = waiting.iter().map(|(document, _)| *document).collect();
    let statements = link_new(store, &statements_of(store, &documents)?, outlines, progress)?;
    settle(store, &scope(store, &waiting, documents, statements)?, progress)?;
    store.clear_pending()
}

/// `statements`: those whose links may be others.
fn scope(store: &Store, waiting: &[(i64, bool)], documents: BTreeSet<i64>, statements: BTreeSet<i64>) -> Stored<Scope> {
    let changed = waiting.iter().any(|(_, changed)| *changed);
    // Documents of an older store are in no index yet.
    let strange = store.without_runs()?.iter().any(|document| !documents.contains(document));
    let many = documents.len() * PART > store.document_count()?;
    if changed || strange || many {
        return Ok(Scope::Everything);
    }
    let naming = naming_new_outlets(store, &documents)?;
    Ok(Scope::Part(Part { documents, statements, naming, ..Part::default() }))
}

/// Older documents that may name an outlet of which these documents are the first: until now nobody could tell that they do.
fn naming_new_outlets(store: &Store, documents: &BTreeSet<i64>) -> Stored<BTreeSet<i64>> {
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for document in documents {
        if let Some(outlet) = store.outlet_of(*document)? {
            *counts.entry(outlet).or_default() += 1;
        }
    }
    let mut found = BTreeSet::new();
    for (outlet, count) in counts {
        if !store.has_at_most(outlet, count)? {
            continue;
        }
        for spelling in store.outlet_name(outlet)?.iter().flat_map(|name| spellings_of(name)) {
            found.extend(store.documents_with_phrase(&folded(&spelling))?);
        }
    }
    Ok(found.difference(documents).copied().collect())
}

/// Statements of the waiting documents.
fn statements_of(store: &Store, documents: &BTreeSet<i64>) -> Stored<BTreeSet<i64>> {
    let mut found = BTreeSet::new();
    for document in documents {
        found.extend(store.statement_keys_of_document(*document)?);
    }
    Ok(found)
}
