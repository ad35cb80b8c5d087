//! Connecting: who is who across documents, what is the same claim, who has it from whom.
//!
//! Links are made for the documents that wait; entities, claims and lineage are computed over everything, so that the
//! result is a function of the set of documents and decisions and equals `rebuild`.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::graph;
use crate::lang;
use crate::link::{self, LinkOptions, Prepared};
use crate::model::{Claim, Decision, Id, Link, LinkStatus, Relation, Variant, Verb};
use crate::resolve::{self, KnownLocal, NameDecisions};
use crate::store::{Store, StoreError, StoredDocument};

use super::analyse::variant;
use super::{AppError, Progress, counterparts, unsourced};

/// A key that more statements hold than this is a stock phrase: it brings no candidates.
pub(super) const STOCK_KEY: usize = 200;

/// Joins and links whatever waits, in one transaction. Does nothing when nothing waits.
pub fn connect(store: &mut Store, progress: &dyn Progress) -> Result<(), AppError> {
    if store.pending()?.is_empty() {
        return Ok(());
    }
    store.transaction(|store| {
        // Read inside: what another program adds until then would be cleared without having been linked.
        let waiting = store.pending()?;
        let mut variants = Variants::default();
        let new = new_statements(store, &waiting)?;
        link_new(store, &new, &mut variants, progress)?;
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
    counterparts::link(store, &super::graph::unclaimed(store)?)?;
    make_claims(store, &decisions)?;
    progress.at("lineage", 0, 1);
    make_lineage(store, &decisions)?;
    store.seal()
}

type Stored<T> = Result<T, StoreError>;

fn join_speakers(store: &Store, decisions: &[Decision]) -> Stored<()> {
    let stored = store.local_entities()?;
    let mut names: BTreeMap<&Id, Vec<String>> = BTreeMap::new();
    for local in &stored {
        names.entry(&local.document).or_default().push(local.entity.name.clone());
    }
    let keys: BTreeMap<String, i64> =
        stored.iter().map(|local| (format!("{}:{}", local.document, local.ordinal), local.key)).collect();
    let locals: Vec<KnownLocal> = stored
        .iter()
        .map(|local| KnownLocal {
            key: format!("{}:{}", local.document, local.ordinal),
            entity: local.entity.clone(),
            outlet: local.outlet.clone(),
            date: local.date.clone(),
            together_with: names.get(&local.document).cloned().unwrap_or_default(),
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

/// Links of the new statements, and anew of those whose key the new ones turned into a stock phrase: what such a key alone
/// had brought together must fall apart, whatever the order of arrival.
fn link_new(store: &Store, new: &BTreeSet<i64>, variants: &mut Variants, progress: &dyn Progress) -> Stored<()> {
    let mut displaced = BTreeSet::new();
    link_statements(store, new, &mut displaced, new, variants, progress)?;
    displaced.retain(|statement| !new.contains(statement));
    link_statements(store, &displaced, &mut BTreeSet::new(), new, variants, progress)
}

/// Makes all links of these statements anew. `displaced` collects the old holders of keys that became stock through `new`.
fn link_statements(
    store: &Store,
    statements: &BTreeSet<i64>,
    displaced: &mut BTreeSet<i64>,
    new: &BTreeSet<i64>,
    variants: &mut Variants,
    progress: &dyn Progress,
) -> Stored<()> {
    // Large, because every batch reads the words of all its candidates anew.
    const BATCH: usize = 8192;
    let keys: Vec<i64> = statements.iter().copied().collect();
    let options = LinkOptions::default();
    for (round, batch) in keys.chunks(BATCH).enumerate() {
        progress.at("linking", round * BATCH, keys.len());
        store.drop_links(batch)?;
        variants.load(store, &batch.iter().copied().collect())?;
        let mut pairs = BTreeSet::new();
        for statement in batch {
            let Some(variant) = variants.get(*statement) else { continue };
            for other in candidates(store, variant, displaced, new)? {
                if other != *statement {
                    pairs.insert((other.min(*statement), other.max(*statement)));
                }
            }
        }
        variants.load(store, &pairs.iter().flat_map(|(a, b)| [*a, *b]).collect())?;
        let wanted: BTreeSet<i64> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
        let wanted: Vec<(i64, &Variant)> = wanted.iter().filter_map(|key| Some((*key, variants.get(*key)?))).collect();
        let prepared: BTreeMap<i64, Prepared> =
            wanted.par_iter().map(|(key, variant)| (*key, link::prepare(variant))).collect();
        let pairs: Vec<(&Prepared, &Prepared)> =
            pairs.iter().filter_map(|(a, b)| Some((prepared.get(a)?, prepared.get(b)?))).collect();
        let links: Vec<Link> = pairs.par_iter().filter_map(|(a, b)| link::link_prepared(a, b, &options)).collect();
        store.add_links(&links, &variants.keys)?;
    }
    Ok(())
}

/// Statements that share a key with this variant which is not a stock phrase.
fn candidates(
    store: &Store,
    variant: &Variant,
    displaced: &mut BTreeSet<i64>,
    new: &BTreeSet<i64>,
) -> Stored<BTreeSet<i64>> {
    let mut found = BTreeSet::new();
    for key in link::candidate_keys(variant) {
        let holders = store.holders(key, STOCK_KEY + 1)?;
        if holders.len() <= STOCK_KEY {
            found.extend(holders);
            continue;
        }
        // Keys of rows grow, so old holders come first: if all are old, the key was a stock phrase before.
        if holders.iter().any(|holder| new.contains(holder)) {
            displaced.extend(holders.iter().filter(|holder| !new.contains(holder)));
        }
    }
    Ok(found)
}

/// Claims from all links and decisions.
fn make_claims(store: &Store, decisions: &[Decision]) -> Stored<()> {
    let mut variants = Variants::default();
    let mut links = store.links()?;
    decide(&mut links, decisions);
    let ids = store.statement_ids()?;
    variants.keys = ids.iter().map(|(key, id)| (id.clone(), *key)).collect();
    let linked: BTreeSet<i64> =
        links.iter().flat_map(|link| [&link.a, &link.b]).filter_map(|id| variants.keys.get(id)).copied().collect();
    variants.load(store, &linked)?;
    let involved: Vec<Variant> = linked.iter().filter_map(|key| variants.get(*key)).cloned().collect();
    let (mut claims, echoes) = link::claims(&involved, &links);
    let joined: BTreeSet<Id> = claims.iter().flat_map(|claim| claim.members.iter().cloned()).collect();
    for (_, id) in ids.iter().filter(|(_, id)| !joined.contains(id)) {
        claims.push(Claim { id: link::claim_id(id), representative: id.clone(), members: vec![id.clone()] });
    }
    claims.sort_by(|x, y| x.id.cmp(&y.id));
    store.replace_claims(&claims, &echoes, &variants.keys)
}

/// Puts what people decided over what was computed; a confirmed pair without a link gets one.
fn decide(links: &mut Vec<Link>, decisions: &[Decision]) {
    for decision in decisions {
        let status = match decision.verb {
            Verb::Confirm => LinkStatus::Confirmed,
            Verb::Reject => LinkStatus::Rejected,
            _ => continue,
        };
        let (a, b) = if decision.a <= decision.b { (&decision.a, &decision.b) } else { (&decision.b, &decision.a) };
        match links.iter_mut().find(|link| link.a.as_str() == a && link.b.as_str() == b) {
            Some(link) => link.status = status,
            None => links.push(Link {
                a: Id(a.clone()),
                b: Id(b.clone()),
                relation: Relation::Paraphrase,
                score: 0.0,
                probability: if status == LinkStatus::Confirmed { 1.0 } else { 0.0 },
                status,
                evidence: Vec::new(),
            }),
        }
    }
}

fn make_lineage(store: &Store, decisions: &[Decision]) -> Stored<()> {
    let mut material = super::graph::material(store)?;
    let derivations = unsourced::derive(store, &mut material, decisions)?;
    let edges = graph::claim_edges(&material, &derivations);
    store.replace_lineage(&derivations, &edges)
}

/// Variants by statement key, loaded as they are needed.
#[derive(Default)]
struct Variants {
    loaded: BTreeMap<i64, Variant>,
    keys: BTreeMap<Id, i64>,
}

impl Variants {
    fn get(&self, key: i64) -> Option<&Variant> {
        self.loaded.get(&key)
    }

    fn load(&mut self, store: &Store, wanted: &BTreeSet<i64>) -> Stored<()> {
        let missing: Vec<i64> = wanted.iter().filter(|key| !self.loaded.contains_key(key)).copied().collect();
        let rows = store.statements(&missing)?;
        let mut documents: BTreeMap<i64, StoredDocument> = BTreeMap::new();
        for row in rows {
            if !documents.contains_key(&row.document_key) {
                documents.extend(store.document(row.document_key)?.map(|document| (row.document_key, document)));
            }
            let Some(document) = documents.get(&row.document_key) else { continue };
            let speaker = store.local_entity_of(row.key)?;
            let language = lang::language(document.document.language_code());
            let mut variant = variant(&document.document, &row.statement.attribution, speaker.as_ref(), language);
            variant.statement = row.statement.id.clone();
            variant.document = document.id.clone();
            variant.entity = row.statement.speaker.clone();
            variant.embedding = store.embedding(row.key)?;
            self.keys.insert(row.statement.id, row.key);
            self.loaded.insert(row.key, variant);
        }
        Ok(())
    }
}
