//! Who has what from whom: derivations between the documents of a family, and the edges of claims.

use std::collections::BTreeSet;

use crate::graph::{self, Ground, Texts};
use crate::model::{Derivation, DocumentRelation, Id};
use crate::store::Store;

use super::Stored;
use super::families::closed;
use super::loaded::Loaded;

/// Claims whose edges are made at once.
const TOGETHER: usize = 128;

/// Brings the derivations between the documents of whole families up to date. True if any of them is another one than before.
pub(super) fn derive(store: &Store, family: &BTreeSet<i64>, texts: &mut Texts) -> Stored<bool> {
    let mut loaded = Loaded::of(store, family, texts)?.with_sources_only();
    loaded.find_those_by_place(store)?;
    let after = Ground::new(&loaded.material, texts, &loaded.kin(store)?).derivations();
    let mut before = store.derivations_into(family)?;
    before.retain(|it| it.relation != DocumentRelation::Cites);
    if before == after {
        return Ok(false);
    }
    store.drop_derivations_between(family)?;
    store.add_derivations(&after)?;
    Ok(true)
}

/// Makes the edges of these claims anew.
pub(super) fn make_edges(store: &Store, claims: &BTreeSet<i64>) -> Stored<()> {
    let mut several = Vec::new();
    for &claim in claims {
        store.drop_edges(claim)?;
        let carriers = store.carriers(claim)?;
        if carriers.len() > 1 {
            several.push((claim, carriers));
        }
    }
    for batch in several.chunks(TOGETHER) {
        let carriers: BTreeSet<i64> = batch.iter().flat_map(|(_, carriers)| carriers).copied().collect();
        let mut asked: BTreeSet<Id> = BTreeSet::new();
        for (claim, _) in batch {
            asked.extend(store.claim_id(*claim)?);
        }
        let mut material = Loaded::unread(store, &carriers)?.material;
        material.claims.retain(|card| asked.contains(&card.claim.id));
        let derivations = derivations_around(store, &carriers)?;
        store.add_edges(&graph::claim_edges(&material, &derivations))?;
    }
    Ok(())
}

/// Derivations among these documents and all that share text with them.
fn derivations_around(store: &Store, documents: &BTreeSet<i64>) -> Stored<Vec<Derivation>> {
    let mut reached = BTreeSet::new();
    for &document in documents {
        if !reached.contains(&document) {
            reached.extend(closed(document, &|it| store.related_by_text(it))?);
        }
    }
    store.derivations_into(&reached)
}
