//! Some documents with their statements, as the graph room wants them, and their row keys.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::graph::{document_card, statement_card};
use crate::graph::{ClaimCard, Material, Texts};
use crate::link;
use crate::model::{Claim, Id, LinkStatus};
use crate::store::{Store, Tie};
use crate::text::CodePoints;

use super::Stored;

/// Documents whose texts are kept at once.
const TEXTS: usize = 2048;

/// Documents and statements sorted by id, with claims of these statements among each other.
#[derive(Default)]
pub(super) struct Loaded {
    pub material: Material,
    /// Row keys of the documents, in their order.
    pub keys: Vec<i64>,
    /// Row key of every statement.
    pub statements: BTreeMap<Id, i64>,
}

impl Loaded {
    /// These documents; their texts are read.
    pub fn of(store: &Store, documents: &BTreeSet<i64>, texts: &mut Texts) -> Stored<Loaded> {
        let loaded = Loaded::unread(store, documents)?;
        if texts.count() > TEXTS.max(documents.len()) {
            *texts = Texts::default();
        }
        texts.read(&loaded.material.documents);
        Ok(loaded)
    }

    /// These documents, without reading their texts.
    pub fn unread(store: &Store, documents: &BTreeSet<i64>) -> Stored<Loaded> {
        let mut cards = Vec::with_capacity(documents.len());
        for &key in documents {
            if let Some(stored) = store.document(key)? {
                cards.push((document_card(store, stored)?, key));
            }
        }
        cards.sort_by(|(x, _), (y, _)| x.id.cmp(&y.id));
        let mut loaded = Loaded::default();
        loaded.material.outlets = store.outlet_names()?;
        let mut claims: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
        for (card, key) in cards {
            let told = store.told_in(key)?;
            let points = CodePoints::new(&card.text);
            loaded.material.statements.extend(told.iter().map(|told| statement_card(told, &card, &points)));
            for it in told {
                if let Some(claim) = it.claim {
                    claims.entry(claim).or_default().push(it.id.clone());
                }
                loaded.statements.insert(it.id, it.key);
            }
            loaded.material.documents.push(card);
            loaded.keys.push(key);
        }
        loaded.material.statements.sort_by(|x, y| x.id.cmp(&y.id));
        loaded.material.claims = claims.into_iter().filter_map(claim_card).collect();
        Ok(loaded)
    }

    /// Leaves out what repeats a statement without a source.
    pub fn with_sources_only(mut self) -> Loaded {
        let material = &mut self.material;
        material.statements.retain(|card| card.repeat_of.is_none());
        let sourced: BTreeSet<&Id> = material.statements.iter().map(|card| &card.id).collect();
        for card in &mut material.claims {
            card.claim.members.retain(|member| sourced.contains(member));
        }
        material.claims.retain(|card| !card.claim.members.is_empty());
        self
    }

    /// Places of the documents that share narrative, in pairs, sorted.
    pub fn kin(&self, store: &Store) -> Stored<Vec<(usize, usize)>> {
        let place: BTreeMap<i64, usize> = self.keys.iter().enumerate().map(|(at, key)| (*key, at)).collect();
        let mut pairs = Vec::new();
        for (at, &key) in self.keys.iter().enumerate() {
            let others = store.kin(key)?.into_iter().filter_map(|other| place.get(&other).copied());
            pairs.extend(others.filter(|&other| at < other).map(|other| (at, other)));
        }
        pairs.sort_unstable();
        Ok(pairs)
    }

    /// Finds the statements that only their place joins to others.
    pub fn find_those_by_place(&mut self, store: &Store) -> Stored<()> {
        let keys: Vec<i64> = self.statements.values().copied().collect();
        let placed = store.links_by_rule_of(link::PLACE, &keys)?;
        if placed.is_empty() {
            return Ok(());
        }
        let pairs: BTreeSet<(Id, Id)> = placed.into_iter().map(|link| (link.a, link.b)).collect();
        let ends: BTreeSet<&Id> = pairs.iter().flat_map(|(a, b)| [a, b]).collect();
        for id in ends {
            let Some(&key) = self.statements.get(id) else { continue };
            if self.joined_by_words(store, key, &pairs)?.is_empty() {
                self.material.by_place.insert(id.clone());
            }
        }
        Ok(())
    }

    /// The links of a statement that words make: those not in `placed`, with both ends.
    pub fn joined_by_words(&self, store: &Store, key: i64, placed: &BTreeSet<(Id, Id)>) -> Stored<Vec<(Id, Id)>> {
        let joins = |it: &Tie| matches!(it.status, LinkStatus::Auto | LinkStatus::Confirmed) && it.relation.joins();
        let mut found = Vec::new();
        for tie in store.ties_of(key)?.into_iter().filter(joins) {
            if let (Some(a), Some(b)) = (store.id_of_statement(tie.a)?, store.id_of_statement(tie.b)?)
                && !placed.contains(&(a.clone(), b.clone()))
                && !placed.contains(&(b.clone(), a.clone()))
            {
                found.push((a, b));
            }
        }
        Ok(found)
    }
}

fn claim_card((id, members): (Id, Vec<Id>)) -> Option<ClaimCard> {
    let representative = members.first()?.clone();
    let claim = Claim { id, representative, members };
    Some(ClaimCard { claim, text: String::new(), speaker_name: String::new(), speaker: None })
}
