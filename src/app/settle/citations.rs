//! Documents that name an outlet as the source of a claim which a document of that outlet carries.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::{self, ClaimCard, DocumentCard, Material, StatementCard};
use crate::model::{Claim, Derivation, DocumentRelation, Id, Kind};
use crate::store::{Fellow, Store};

use super::Stored;
use super::loaded::Loaded;

/// Documents looked at together.
const TOGETHER: usize = 64;

/// Brings up to date what these documents derive from because they name it. Returns the documents at both ends of what is
/// other than before.
pub(super) fn update(store: &Store, documents: &BTreeSet<i64>) -> Stored<BTreeSet<i64>> {
    let documents: Vec<i64> = documents.iter().copied().collect();
    let mut moved = BTreeSet::new();
    for batch in documents.chunks(TOGETHER) {
        moved.extend(update_some(store, &batch.iter().copied().collect())?);
    }
    Ok(moved)
}

fn update_some(store: &Store, documents: &BTreeSet<i64>) -> Stored<BTreeSet<i64>> {
    let naming = naming(store, documents)?;
    let (mut before, mut known) = (Vec::new(), Vec::new());
    for &document in documents {
        let (own, others): (Vec<Derivation>, Vec<Derivation>) =
            store.derivations_of(document)?.into_iter().partition(|it| it.relation == DocumentRelation::Cites);
        before.extend(own);
        known.extend(others);
    }
    let loaded = Loaded::unread(store, &naming)?.with_sources_only();
    let own: BTreeSet<Id> = loaded.material.documents.iter().map(|card| card.id.clone()).collect();
    let mut fellows: Vec<Fellow> = Vec::new();
    for &document in &naming {
        fellows.extend(store.fellows(document)?);
    }
    let material = with_fellows(loaded.material, fellows);
    let mut after = graph::citations(&material, &known);
    after.retain(|it| own.contains(&it.to));
    let mut ids = BTreeSet::new();
    for &document in documents {
        ids.extend(store.document_id(document)?);
    }
    before.retain(|it| ids.contains(&it.to));
    before.sort_by(|a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
    let mut moved = BTreeSet::new();
    let other = before.iter().filter(|it| !after.contains(it)).chain(after.iter().filter(|it| !before.contains(it)));
    for id in other.flat_map(|it| [&it.from, &it.to]) {
        moved.extend(store.document_key(id)?);
    }
    if !moved.is_empty() {
        for &document in documents {
            store.drop_citations_of(document)?;
        }
        store.add_derivations(&after)?;
    }
    Ok(moved)
}

/// Of these documents, those that give credit to anybody.
fn naming(store: &Store, documents: &BTreeSet<i64>) -> Stored<BTreeSet<i64>> {
    let mut material = Material { outlets: store.outlet_names()?, ..Material::default() };
    let mut keys: BTreeMap<Id, i64> = BTreeMap::new();
    for &document in documents {
        if let Some(stored) = store.document(document)? {
            keys.insert(stored.id.clone(), document);
            let outlet = stored.document.outlet_name().to_string();
            let card = DocumentCard { id: stored.id, outlet, text: stored.document.text, ..DocumentCard::default() };
            material.documents.push(card);
        }
    }
    Ok(graph::credits(&material).iter().filter_map(|credit| keys.get(&credit.document)).copied().collect())
}

/// Adds statements of the same claims elsewhere, with as much of their documents as is needed to be named.
fn with_fellows(mut material: Material, fellows: Vec<Fellow>) -> Material {
    let mut members: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    for card in std::mem::take(&mut material.claims) {
        members.entry(card.claim.id).or_default().extend(card.claim.members);
    }
    let mut documents: BTreeMap<Id, DocumentCard> =
        std::mem::take(&mut material.documents).into_iter().map(|card| (card.id.clone(), card)).collect();
    let mut statements: BTreeMap<Id, StatementCard> =
        std::mem::take(&mut material.statements).into_iter().map(|card| (card.id.clone(), card)).collect();
    for it in fellows {
        documents.entry(it.document.clone()).or_insert_with(|| DocumentCard {
            id: it.document.clone(),
            outlet: it.outlet,
            published: it.published,
            ..DocumentCard::default()
        });
        members.entry(it.claim).or_default().insert(it.id.clone());
        statements.entry(it.id.clone()).or_insert_with(|| bare(it.id, it.document));
    }
    material.documents = documents.into_values().collect();
    material.statements = statements.into_values().collect();
    material.claims = members
        .into_iter()
        .filter_map(|(id, members)| {
            let representative = members.first()?.clone();
            let claim = Claim { id, representative, members: members.into_iter().collect() };
            Some(ClaimCard { claim, text: String::new(), speaker_name: String::new(), speaker: None })
        })
        .collect();
    material
}

/// A statement of which only matters that it is there.
fn bare(id: Id, document: Id) -> StatementCard {
    StatementCard {
        id,
        document,
        speaker: None,
        speaker_name: String::new(),
        source: String::new(),
        cue: String::new(),
        content: String::new(),
        start: 0,
        spans: Vec::new(),
        parts: Vec::new(),
        kind: Kind::Indirect,
        marks_lost: false,
        chain: Vec::new(),
        repeat_of: None,
    }
}
