//! Settling: who is who across documents, what is the same claim, who has it from whom.
//!
//! The result is a function of the set of documents and decisions. When documents are added or people decide something, only
//! what that can have changed is made again: the documents that share text or claims with new ones, and the claims whose
//! members are others now. When more may have changed, everything is.

mod citations;
mod claims;
mod counterparts;
mod decided;
mod families;
mod loaded;
mod near;
mod repeats;
mod speakers;
mod unsourced;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::graph::Texts;
use crate::model::Decision;
use crate::store::{Store, StoreError};

use super::Progress;
use families::families;
use loaded::Loaded;

type Stored<T> = Result<T, StoreError>;

/// In stores of more documents the names of all speakers take so much room that they are joined before texts are compared,
/// in smaller ones at the same time.
const HELD_TOGETHER: usize = 20_000;

/// What may be other than when everything was settled last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Documents went, or their facts changed.
    Everything,
    Part(Part),
}

/// What changed, where it is known; nothing by default. What people decided is added by `settle` itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    /// New documents.
    pub documents: BTreeSet<i64>,
    /// Statements (those of new documents among them) whose links may be others.
    pub statements: BTreeSet<i64>,
    /// Older documents that may name an outlet that is new.
    pub naming: BTreeSet<i64>,
    /// Documents with repeats without a source about which people decided something.
    pub repeating: BTreeSet<i64>,
    /// Whether people said something else about names of speakers, besides these merges.
    pub names: bool,
    /// Names that people said are one with others, wherever they stand, or no longer.
    pub merged: BTreeSet<String>,
}

/// Brings everything that depends on more than one document up to date. Runs inside a transaction.
pub(super) fn settle(store: &Store, scope: &Scope, progress: &dyn Progress) -> Stored<()> {
    let scope = &decided::with_decisions(store, scope)?;
    if *scope == Scope::Everything {
        store.unseal()?;
    }
    let decisions: Vec<Decision> = store.decisions()?.into_iter().filter(|it| !it.undone).collect();
    settle_all_of(store, scope, &decisions, progress)?;
    store.note_settled_decisions()?;
    store.seal()
}

/// Speakers, claims and lineage.
fn settle_all_of(store: &Store, scope: &Scope, decisions: &[Decision], progress: &dyn Progress) -> Stored<()> {
    if speakers::settle_few(store, scope, decisions)? {
        return settle_texts(store, scope, decisions, progress);
    }
    let (speakers, stored) = speakers::Waiting::load(store, scope, decisions)?.split();
    // Nothing of the texts looks at who a speaker is across documents.
    if store.document_count()? > HELD_TOGETHER {
        progress.at("joining speakers", 0, 1);
        stored.keep(store, speakers.resolve())?;
        return settle_texts(store, scope, decisions, progress);
    }
    std::thread::scope(|threads| {
        let resolving = threads.spawn(|| speakers.resolve());
        settle_texts(store, scope, decisions, progress)?;
        progress.at("joining speakers", 0, 1);
        let resolution = resolving.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        stored.keep(store, resolution)
    })
}

/// Claims and lineage.
fn settle_texts(store: &Store, scope: &Scope, decisions: &[Decision], progress: &dyn Progress) -> Stored<()> {
    let mut texts = Texts::default();
    progress.at("shared text", 0, 1);
    if *scope == Scope::Everything {
        store.drop_shingles()?;
    }
    let moved = near::update(store, &mut texts)?;
    match scope {
        Scope::Part(part) => {
            let documents = part.documents.iter().chain(&moved).copied().collect();
            settle_part(store, &Part { documents, ..part.clone() }, decisions, &mut texts, progress)
        }
        Scope::Everything => settle_all(store, decisions, &mut texts, progress),
    }
}

fn settle_all(store: &Store, decisions: &[Decision], texts: &mut Texts, progress: &dyn Progress) -> Stored<()> {
    unsourced::clear(store)?;
    store.drop_lineage()?;
    let kin: BTreeSet<i64> = store.narrative_pairs()?.into_iter().flat_map(|(a, b)| [a, b]).collect();
    let families = families(store, &kin)?;
    counterparts::clear(store)?;
    for family in &families {
        counterparts::link(store, &Loaded::of(store, family, texts)?, texts)?;
    }
    progress.at("claims", 0, 1);
    claims::make_all(store, decisions)?;
    progress.at("lineage", 0, 1);
    for family in &families {
        repeats::derive(store, family, texts)?;
    }
    let documents: BTreeSet<i64> = store.document_keys()?.into_iter().map(|(key, _)| key).collect();
    citations::update(store, &documents)?;
    unsourced::update(store, &documents, texts, decisions)?;
    repeats::make_edges(store, &store.shared_claims()?.into_iter().collect())
}

/// Documents that share text with others than before count as new ones.
fn settle_part(
    store: &Store,
    part: &Part,
    decisions: &[Decision],
    texts: &mut Texts,
    progress: &dyn Progress,
) -> Stored<()> {
    let Part { documents, statements, naming: named, repeating, .. } = part;
    let mut touched = documents.clone();
    touched.extend(store.documents_of_statements(statements)?);
    let mut relinked = statements.clone();
    for family in families(store, &touched)? {
        relinked.extend(counterparts::link(store, &Loaded::of(store, &family, texts)?, texts)?);
    }
    progress.at("claims", 0, 1);
    let changed = claims::make_around(store, &relinked, decisions)?;
    // Statements in captions and boilerplate have no links: each is a claim of its own.
    documents.iter().try_for_each(|document| store.add_single_claims_in(*document))?;
    progress.at("lineage", 0, 1);
    touched = documents.iter().chain(&changed.reordered).chain(named).copied().collect();
    let mut related = touched.clone();
    for family in families(store, &touched)? {
        if repeats::derive(store, &family, texts)? {
            related.extend(&family);
        }
    }
    let naming: BTreeSet<i64> = related.union(&changed.documents).copied().collect();
    related.extend(citations::update(store, &naming)?);
    related.extend(unsourced::may_repeat(store, documents, texts)?);
    related.extend(repeating);
    related.extend(store.adrift()?);
    let mut claims = changed.claims;
    claims.extend(unsourced::update(store, &related, texts, decisions)?);
    for document in &related {
        claims.extend(store.claims_carried(*document)?);
    }
    repeats::make_edges(store, &claims)
}
