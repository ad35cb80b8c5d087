//! Connecting: who is who across documents, what is the same claim, who has it from whom.
//!
//! Links are made for the documents that wait; entities, claims and lineage are computed over everything, so that the
//! result is a function of the set of documents and decisions and equals `rebuild`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::graph::{self, Material, Texts};
use crate::model::{Decision, Verb};
use crate::resolve::{self, KnownLocal, NameDecisions};
use crate::store::{Store, StoreError};

use super::link_statements::link_new;
use super::settle_claims::make_claims;
use super::{AppError, Progress, counterparts, unsourced};

/// Joins and links whatever waits, in one transaction. Does nothing when nothing waits.
pub fn connect(store: &mut Store, progress: &dyn Progress) -> Result<(), AppError> {
    if store.pending()?.is_empty() {
        return Ok(());
    }
    store.transaction(|store| {
        // Read inside: what another program adds until then would be cleared without having been linked.
        let waiting = store.pending()?;
        let new = new_statements(store, &waiting)?;
        link_new(store, &new, progress)?;
        settle(store, progress)?;
        store.clear_pending()
    })?;
    Ok(())
}

/// What depends on everything there is and on what people decided: entities, claims, lineage. Runs inside a transaction.
pub(super) fn settle(store: &Store, progress: &dyn Progress) -> Stored<()> {
    let decisions: Vec<Decision> = store.decisions()?.into_iter().filter(|it| !it.undone).collect();
    unsourced::clear(store)?;
    progress.at("joining speakers", 0, 1);
    join_speakers(store, &decisions)?;
    progress.at("claims", 0, 1);
    let material = super::graph::unclaimed(store)?;
    let texts = Texts::of(&material.documents);
    counterparts::link(store, &material, &texts)?;
    make_claims(store, &decisions)?;
    progress.at("lineage", 0, 1);
    make_lineage(store, super::graph::claimed(store, material)?, &texts, &decisions)?;
    store.seal()
}

type Stored<T> = Result<T, StoreError>;

fn join_speakers(store: &Store, decisions: &[Decision]) -> Stored<()> {
    let stored = store.local_entities()?;
    let mut together: Vec<Arc<[String]>> = Vec::with_capacity(stored.len());
    for locals in stored.chunk_by(|x, y| x.document == y.document) {
        let names: Arc<[String]> = locals.iter().map(|local| local.entity.name.clone()).collect();
        together.extend(std::iter::repeat_n(names, locals.len()));
    }
    let keys: BTreeMap<String, i64> =
        stored.iter().map(|local| (format!("{}:{}", local.document, local.ordinal), local.key)).collect();
    let locals: Vec<KnownLocal> = stored
        .into_iter()
        .zip(together)
        .map(|(local, together_with)| KnownLocal {
            key: format!("{}:{}", local.document, local.ordinal),
            entity: local.entity,
            outlet: local.outlet,
            date: local.date,
            together_with,
        })
        .collect();
    let decided = NameDecisions { known: store.known_names()?, ..name_decisions(decisions) };
    let resolution = resolve::entities(&locals, &decided);
    let entities: Vec<_> = resolution
        .entities
        .into_iter()
        .map(|(entity, members)| {
            let members: Vec<i64> = members.iter().filter_map(|key| keys.get(key)).copied().collect();
            (entity, members)
        })
        .collect();
    store.replace_entities(&entities, &resolution.suggested)?;
    store.set_qids(&resolution.qids)
}

/// On one pair of names the newest decision counts.
fn name_decisions(decisions: &[Decision]) -> NameDecisions {
    let mut newest: BTreeMap<(&str, &str), bool> = BTreeMap::new();
    for it in decisions {
        let same = match it.verb {
            Verb::Merge | Verb::Alias => true,
            Verb::Split => false,
            Verb::Confirm | Verb::Reject => continue,
        };
        newest.insert((it.a.as_str().min(&it.b), it.a.as_str().max(&it.b)), same);
    }
    let pairs = |wanted: bool| {
        let chosen = newest.iter().filter(|(_, same)| **same == wanted);
        chosen.map(|((a, b), _)| (a.to_string(), b.to_string())).collect()
    };
    NameDecisions { same: pairs(true), different: pairs(false), known: Vec::new() }
}

/// Statements of the waiting documents.
fn new_statements(store: &Store, waiting: &[i64]) -> Stored<BTreeSet<i64>> {
    let mut new = BTreeSet::new();
    for document in waiting {
        new.extend(store.statement_keys_of_document(*document)?);
    }
    Ok(new)
}

fn make_lineage(store: &Store, mut material: Material, texts: &Texts, decisions: &[Decision]) -> Stored<()> {
    let derivations = unsourced::derive(store, &mut material, texts, decisions)?;
    let edges = graph::claim_edges(&material, &derivations);
    store.replace_lineage(&derivations, &edges)
}
