//! Two documents side by side: which statements were kept, reworded, dropped, added; which text was copied; who has it
//! from whom, and why that is known or not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::graph::{SharedText, shared_text};
use crate::model::{Derivation, Id, IdKind, Link, LinkStatus, PassageKind};
use crate::store::{Found, Store, StoredDocument};
use crate::text::match_key;

use super::claims::{Change, changes};
use super::graph::document_card;
use super::show::unknown;
use super::{AppError, Quoted};

/// Two documents compared; `a` is the one named first.
#[derive(Clone, Debug)]
pub struct DiffView {
    pub a: Arc<StoredDocument>,
    pub b: Arc<StoredDocument>,
    pub a_short: String,
    pub b_short: String,
    /// How one derives from the other, where anything says so.
    pub derivation: Option<Derivation>,
    /// Where nothing relates the two directly: documents between them, from `a` to `b`, ends included.
    pub through: Vec<Id>,
    pub shared: SharedText,
    /// By place in `a`.
    pub pairs: Vec<PairView>,
    /// Statements that only `a` has, and only `b`.
    pub dropped: Vec<Quoted>,
    pub added: Vec<Quoted>,
}

/// A statement of one document and the one of the other that says the same.
#[derive(Clone, Debug)]
pub struct PairView {
    pub a: Quoted,
    pub b: Quoted,
    pub fate: Fate,
    /// Probability of the link between them, where there is one.
    pub probability: Option<f64>,
    pub changes: Vec<Change>,
}

/// What became of a statement that both have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// The same words; quotation marks, speaker or source may have changed.
    Kept,
    Reworded,
    /// Only suggested to be the same.
    Perhaps,
}

impl Fate {
    pub fn name(self) -> &'static str {
        match self {
            Fate::Kept => "kept",
            Fate::Reworded => "reworded",
            Fate::Perhaps => "perhaps",
        }
    }
}

/// Compares two documents, typed as ids, paths or file names.
///
/// # Errors
/// A document that is not there, or the same one twice.
pub fn diff(store: &Store, a: &str, b: &str) -> Result<DiffView, AppError> {
    let (a, b) = (find_document(store, a)?, find_document(store, b)?);
    if a.id == b.id {
        return Err(AppError::usage("both name the same document", "give two documents"));
    }
    let derivations = store.derivations()?;
    let derivation = derivations
        .iter()
        .find(|it| (&it.from, &it.to) == (&a.id, &b.id) || (&it.from, &it.to) == (&b.id, &a.id))
        .cloned();
    let through = if derivation.is_none() { way(&derivations, &a.id, &b.id) } else { Vec::new() };
    let shared = shared_text(&document_card(store, (*a).clone())?, &document_card(store, (*b).clone())?);
    let (ours, theirs) = (statements(store, &a)?, statements(store, &b)?);
    let matched = match_statements(store, &ours, &theirs)?;
    let mut pairs = Vec::new();
    for (x, y, probability, sure) in &matched {
        let (x, y) = (&ours[*x], &theirs[*y]);
        let fate = match sure {
            false => Fate::Perhaps,
            true if match_key(&x.exact()) == match_key(&y.exact()) => Fate::Kept,
            true => Fate::Reworded,
        };
        pairs.push(PairView {
            a: x.clone(),
            b: y.clone(),
            fate,
            probability: *probability,
            changes: changes(store, Some(x), y)?,
        });
    }
    let left = |list: &[Quoted], taken: BTreeSet<usize>| -> Vec<Quoted> {
        list.iter().enumerate().filter(|(at, _)| !taken.contains(at)).map(|(_, it)| it.clone()).collect()
    };
    Ok(DiffView {
        a_short: store.short_id(&a.id)?,
        b_short: store.short_id(&b.id)?,
        derivation,
        through,
        shared,
        dropped: left(&ours, matched.iter().map(|(x, ..)| *x).collect()),
        added: left(&theirs, matched.iter().map(|(_, y, ..)| *y).collect()),
        pairs,
        a,
        b,
    })
}

/// The document that `typed` names: an id, or the path or file name it was read from.
pub(super) fn find_document(store: &Store, typed: &str) -> Result<Arc<StoredDocument>, AppError> {
    match store.find_id(typed)? {
        Found::One(IdKind::Document, key, _) => {
            return store.document(key)?.map(Arc::new).ok_or_else(|| unknown(typed));
        }
        Found::Many(ids) => {
            return Err(AppError::usage(
                format!("{typed} is the beginning of {} ids", ids.len()),
                format!("type more of it: {}", ids.iter().map(Id::as_str).collect::<Vec<_>>().join(", ")),
            ));
        }
        _ => {}
    }
    let mut found: Vec<StoredDocument> = store
        .documents()?
        .into_iter()
        .filter(|stored| {
            let path = stored.document.path.as_deref().unwrap_or("");
            let file = path.rsplit(['/', '\\']).next().unwrap_or("");
            let address = stored.document.url.as_ref().map_or("", |url| url.value.as_str());
            [path, file, address, stored.document.external_id.as_deref().unwrap_or("")].contains(&typed)
        })
        .collect();
    match found.len() {
        1 => Ok(Arc::new(found.remove(0))),
        0 => Err(AppError::not_found(
            format!("no document {typed}"),
            "give an id (d…), a path, a file name or an address; `provenance outlet NAME` lists documents",
        )),
        _ => Err(AppError::usage(
            format!("{typed} names {} documents", found.len()),
            format!("give one id: {}", found.iter().map(|it| it.id.as_str()).collect::<Vec<_>>().join(", ")),
        )),
    }
}

fn statements(store: &Store, document: &Arc<StoredDocument>) -> Result<Vec<Quoted>, AppError> {
    let mut found = Vec::new();
    for row in store.statements_of_document(document.key)? {
        if !matches!(row.statement.attribution.zone, PassageKind::Caption | PassageKind::Boilerplate) {
            found.push(Quoted::new(store, row, document, Vec::new())?);
        }
    }
    found.sort_by_key(|it| (it.statement.attribution.start(), it.statement.id.clone()));
    Ok(found)
}

/// Place in `a`, place in `b`, probability of the link, and whether they are surely the same.
type Match = (usize, usize, Option<f64>, bool);

/// Pairs of statements. Each has one partner, the likeliest first; one
/// that its document says twice goes with the partner of its claim. What is only suggested pairs what is left.
fn match_statements(store: &Store, a: &[Quoted], b: &[Quoted]) -> Result<Vec<Match>, AppError> {
    let mut links: BTreeMap<(Id, Id), Link> = BTreeMap::new();
    for it in a {
        for link in store.links_of(it.key)? {
            links.insert((link.a.clone(), link.b.clone()), link);
        }
    }
    let link_of = |x: &Quoted, y: &Quoted| {
        let (x, y) = (x.statement.id.clone(), y.statement.id.clone());
        links.get(&if x <= y { (x, y) } else { (y, x) })
    };
    let mut candidates = Vec::new();
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            let same_claim = x.statement.claim.is_some() && x.statement.claim == y.statement.claim;
            let link = link_of(x, y).filter(|link| link.relation.joins() && link.status != LinkStatus::Rejected);
            if same_claim || link.is_some() {
                candidates.push((i, j, link.map(|link| link.probability), same_claim));
            }
        }
    }
    candidates.sort_by(|x, y| {
        let chance = |it: &Match| it.2.unwrap_or(0.0);
        y.3.cmp(&x.3).then(chance(y).total_cmp(&chance(x))).then((x.0, x.1).cmp(&(y.0, y.1)))
    });
    let (mut taken_a, mut taken_b) = (BTreeSet::new(), BTreeSet::new());
    let mut found = Vec::new();
    for &(i, j, probability, sure) in &candidates {
        if !taken_a.contains(&i) && !taken_b.contains(&j) {
            taken_a.insert(i);
            taken_b.insert(j);
            found.push((i, j, probability, sure));
        }
    }
    for &(i, j, probability, sure) in candidates.iter().filter(|it| it.3) {
        if taken_a.insert(i) | taken_b.insert(j) {
            found.push((i, j, probability, sure));
        }
    }
    found.sort_by_key(|it| (it.0, it.1));
    Ok(found)
}

/// The shortest way from one document to another over derivations, ends included; empty where there is none.
fn way(derivations: &[Derivation], from: &Id, to: &Id) -> Vec<Id> {
    let mut around: BTreeMap<&Id, BTreeSet<&Id>> = BTreeMap::new();
    for it in derivations {
        around.entry(&it.from).or_default().insert(&it.to);
        around.entry(&it.to).or_default().insert(&it.from);
    }
    let mut came_from: BTreeMap<&Id, &Id> = BTreeMap::new();
    let mut waiting = std::collections::VecDeque::from([from]);
    while let Some(at) = waiting.pop_front() {
        if at == to {
            let mut steps = vec![to.clone()];
            let mut back = to;
            while let Some(&before) = came_from.get(back) {
                steps.push(before.clone());
                back = before;
            }
            steps.reverse();
            return steps;
        }
        for &next in around.get(at).into_iter().flatten() {
            if next != from && !came_from.contains_key(next) {
                came_from.insert(next, at);
                waiting.push_back(next);
            }
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DocumentRelation, Order};

    #[test]
    fn the_way_between_two_documents_is_the_shortest() {
        let edge = |from: &str, to: &str| Derivation {
            from: Id(from.into()),
            to: Id(to.into()),
            relation: DocumentRelation::Copy,
            order: Order::Wording,
            score: 1.0,
            evidence: Vec::new(),
        };
        let all = [edge("d1", "d2"), edge("d2", "d3"), edge("d3", "d4"), edge("d1", "d3")];
        let steps = |from: &str, to: &str| {
            let found = way(&all, &Id(from.into()), &Id(to.into()));
            found.iter().map(|id| id.as_str().to_string()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(steps("d4", "d1"), "d4 d3 d1");
        assert_eq!(steps("d1", "d9"), "");
    }
}
