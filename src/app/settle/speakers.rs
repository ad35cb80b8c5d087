//! Who is who across documents: local entities, joined.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{Decision, Entity, Id, Verb};
use crate::resolve::{self, KnownLocal, NameDecisions, Resolution};
use crate::store::Store;

use super::{Scope, Stored};

/// Local entities that may be others now, with what people decided about names.
pub(super) struct Waiting {
    /// Row key of every local entity, by the name it has here.
    keys: BTreeMap<String, i64>,
    locals: Vec<KnownLocal>,
    decided: NameDecisions,
    /// Entities of kinds that never meet others stay as they are.
    kept: bool,
}

impl Waiting {
    /// All of them; when documents are only added and nobody decided anything about names, without those in older documents
    /// that are never joined with any other.
    pub fn load(store: &Store, scope: &Scope, decisions: &[Decision]) -> Stored<Waiting> {
        let decided = NameDecisions { known: store.known_names()?, ..name_decisions(decisions) };
        let undecided = decided.same.is_empty() && decided.different.is_empty() && decided.known.is_empty();
        let new = match scope {
            Scope::New { documents, .. } if undecided => Some(documents),
            _ => None,
        };
        let asked = |kind, document: i64| new.is_none_or(|new| resolve::may_meet(kind) || new.contains(&document));
        let mut waiting = Waiting { keys: BTreeMap::new(), locals: Vec::new(), decided, kept: new.is_some() };
        let new_ids: BTreeSet<Id> = match new {
            Some(new) => new.iter().filter_map(|key| store.document_id(*key).transpose()).collect::<Stored<_>>()?,
            None => BTreeSet::new(),
        };
        let stored = store.local_entities(&asked)?;
        for locals in stored.chunk_by(|x, y| x.document == y.document) {
            let names: Arc<[String]> = locals.iter().map(|local| local.entity.name.clone()).collect();
            for local in locals {
                if waiting.kept && !resolve::may_meet(local.entity.kind) && !new_ids.contains(&local.document) {
                    continue;
                }
                let key = format!("{}:{}", local.document, local.ordinal);
                waiting.keys.insert(key.clone(), local.key);
                waiting.locals.push(KnownLocal {
                    key,
                    entity: local.entity.clone(),
                    outlet: local.outlet.clone(),
                    date: local.date.clone(),
                    together_with: names.clone(),
                });
            }
        }
        Ok(waiting)
    }

    /// Who is who. Needs no store, so that it can be found out while other things are.
    pub fn resolve(&self) -> Resolution {
        resolve::entities(&self.locals, &self.decided)
    }

    /// Puts the entities in the place of those that are stored, but for those that stay.
    pub fn keep(&self, store: &Store, resolution: Resolution) -> Stored<()> {
        let keys = |members: Vec<String>| members.iter().filter_map(|key| self.keys.get(key)).copied().collect();
        let entities: Vec<(Entity, Vec<i64>)> =
            resolution.entities.into_iter().map(|(entity, members)| (entity, keys(members))).collect();
        let replaced = |kind| !self.kept || resolve::may_meet(kind);
        store.replace_entities(&entities, &resolution.suggested, &replaced)?;
        store.set_qids(&resolution.qids)
    }
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
