//! Who is who across documents: local entities, joined. All of them, or only those that a few new documents can have changed.

mod blocks;
mod few;
mod index;
mod known;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::model::{Decision, EntityKind, Verb};
use crate::resolve::{self, Gathering, Judged, KnownLocal, Merges, NameDecisions, Resolution};
use crate::store::{Store, StoredLocal};

use super::{Part, Scope, Stored};
use known::known_local;

/// Of so many documents, if fewer than one in this many are new, only what they can have changed is looked at.
const FEW: usize = 50;

/// Looks only at what new documents and merges of names can have changed, where that is all there is to do and less than looking at
/// everything. Returns whether it did.
pub(super) fn settle_few(store: &Store, scope: &Scope, decisions: &[Decision]) -> Stored<bool> {
    let Scope::Part(Part { documents, names: false, merged, .. }) = scope else { return Ok(false) };
    if documents.is_empty() && merged.is_empty() {
        return Ok(true);
    }
    if documents.len() * FEW > store.document_count()? || !store.has_names()? {
        return Ok(false);
    }
    let decided = NameDecisions { known: store.known_names()?, ..name_decisions(decisions) };
    let judged = Judged::all_of(&decided);
    let merges = Merges::of(&decided, &judged);
    few::settle(store, documents, merged, judged, merges)
}

/// Those who may be others now, with what people decided about names.
pub(super) struct Waiting {
    gathering: Gathering,
    stored: Stand,
}

/// What is stored so far of the entities that are to be.
pub(super) struct Stand {
    keys: HashSet<i64>,
    /// Entities of kinds that never meet others stay as they are.
    rest_stays: bool,
}

impl Waiting {
    /// All of them; when documents are only added and nobody decided anything about names, without those in older documents
    /// that are never joined with any other. Entities that depend on one document are stored at once.
    pub fn load(store: &Store, scope: &Scope, decisions: &[Decision]) -> Stored<Waiting> {
        let decided = NameDecisions { known: store.known_names()?, ..name_decisions(decisions) };
        let new = match scope {
            Scope::Part(Part { documents, names: false, merged, .. }) if decided.is_empty() && merged.is_empty() => {
                Some(documents)
            }
            _ => None,
        };
        let stored = Stand { keys: HashSet::new(), rest_stays: new.is_some() };
        let mut waiting = Waiting { gathering: Gathering::new(decided), stored };
        let mut places: HashMap<i64, i64> = HashMap::new();
        let mut documents = store.document_keys()?;
        documents.sort_by(|(_, a), (_, b)| a.cmp(b));
        for (document, id) in documents {
            let asked = |kind| new.is_none_or(|new| resolve::may_meet(kind) || new.contains(&document));
            let locals = known_locals(store.local_entities(document, &asked)?, &asked);
            let place = index::place(id.as_str());
            places.extend(
                locals.iter().filter(|local| resolve::may_meet(local.entity.kind)).map(|local| (local.row, place)),
            );
            for (entity, row) in waiting.gathering.add(locals) {
                waiting.stored.keys.insert(store.put_entity(&entity, &[row])?);
            }
        }
        index::write_all(store, &waiting.gathering, &places)?;
        Ok(waiting)
    }

    /// The work that is left, which needs no store, so that it can be done while other things are; and what is stored.
    pub fn split(self) -> (Gathering, Stand) {
        (self.gathering, self.stored)
    }
}

impl Stand {
    /// Puts the entities in the place of those that are stored, but for those that stay.
    pub fn keep(mut self, store: &Store, resolution: Resolution) -> Stored<()> {
        let mut keys = Vec::with_capacity(resolution.entities.len());
        for (entity, locals) in resolution.entities {
            keys.push(store.put_entity(&entity, &locals)?);
        }
        self.keys.extend(&keys);
        store.drop_entities_but(&self.keys, &|kind| !self.rest_stays || resolve::may_meet(kind))?;
        let suggested = resolution.suggested.into_iter();
        let suggested: Vec<_> = suggested.map(|(a, b, p, evidence)| (keys[a], keys[b], p, evidence)).collect();
        store.replace_suggestions(&suggested)?;
        store.settle_names(resolve::Sort::THAT_TELL.map(resolve::Sort::number))?;
        store.set_qids(&resolution.qids)
    }
}

/// The local entities of a document that are asked for, each with the names of all.
fn known_locals(stored: Vec<StoredLocal>, asked: &dyn Fn(EntityKind) -> bool) -> Vec<KnownLocal> {
    let names: Arc<[String]> = stored.iter().map(|local| local.entity.name.clone()).collect();
    let asked = stored.into_iter().filter(|local| asked(local.entity.kind));
    asked.map(|local| known_local(local, names.clone())).collect()
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
