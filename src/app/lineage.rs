//! The lineage of one claim: who may have been first, who has it from whom and why that is known, what stays open, and how
//! the wording changed.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::{self, Witness};
use crate::model::{ClaimEdge, Date, DocumentRelation, Id, Order};
use crate::store::Store;

use super::claims::{Change, changes};
use super::{AppError, ClaimCardView, Quoted, claim_card};

/// A claim with its documents and what is known of the ways between them.
#[derive(Clone, Debug)]
pub struct LineageView {
    pub card: ClaimCardView,
    /// By date (undated last), then id.
    pub carriers: Vec<Carrier>,
    /// Carriers that may have been first.
    pub first: Vec<usize>,
    /// First by date are several on the same day: their order is not known from dates.
    pub tie: bool,
    /// Repeats with a direction.
    pub repeats: Vec<RepeatEdge>,
    /// Related without a direction, a source that is not here among them.
    pub open: Vec<RepeatEdge>,
    /// The mutation tree: for every carrier the one whose wording it hangs on.
    pub tree: Vec<Option<usize>>,
}

/// A document that carries the claim, with the fullest of its wordings.
#[derive(Clone, Debug)]
pub struct Carrier {
    pub quoted: Quoted,
    /// Sources behind the source, farthest first, as printed.
    pub chain: Vec<String>,
    /// It names no source for it.
    pub unsourced: bool,
}

/// One carrier has the claim from another (or, in `open`, nobody knows which from which).
#[derive(Clone, Debug)]
pub struct RepeatEdge {
    pub from: usize,
    pub to: usize,
    pub edge: ClaimEdge,
    /// What changed from one to the other.
    pub changes: Vec<Change>,
}

impl LineageView {
    /// Carriers that nothing relates to any other.
    pub fn alone(&self) -> Vec<usize> {
        let related: BTreeSet<usize> = self.repeats.iter().chain(&self.open).flat_map(|it| [it.from, it.to]).collect();
        (0..self.carriers.len()).filter(|at| !related.contains(at)).collect()
    }

    /// Repeats by the one they repeat, in the order of carriers.
    pub fn children(&self, of: usize) -> Vec<&RepeatEdge> {
        self.repeats.iter().filter(|it| it.from == of).collect()
    }

    /// Carriers that repeat nobody with a known direction, but are repeated.
    pub fn roots(&self) -> Vec<usize> {
        let repeats: BTreeSet<usize> = self.repeats.iter().map(|it| it.to).collect();
        let repeated: BTreeSet<usize> = self.repeats.iter().map(|it| it.from).collect();
        repeated.difference(&repeats).copied().collect()
    }

    /// Whether an open edge says that both have it from something that is not here.
    pub fn is_unseen_source(edge: &RepeatEdge) -> bool {
        edge.edge.relation == DocumentRelation::CommonSource
    }
}

/// The lineage of the claim that `typed` names.
pub fn lineage(store: &Store, typed: &str) -> Result<LineageView, AppError> {
    let card = claim_card(store, typed)?;
    let carriers = carriers(&card);
    let place: BTreeMap<&Id, usize> =
        carriers.iter().enumerate().map(|(at, it)| (&it.quoted.statement.document, at)).collect();
    let (mut repeats, mut open) = (Vec::new(), Vec::new());
    for edge in &card.edges {
        let (Some(&from), Some(&to)) = (place.get(&edge.from), place.get(&edge.to)) else { continue };
        let changes = changes(store, Some(&carriers[from].quoted), &carriers[to].quoted)?;
        let made = RepeatEdge { from, to, edge: edge.clone(), changes };
        if edge.order == Order::Unknown { open.push(made) } else { repeats.push(made) }
    }
    repeats.sort_by_key(|it: &RepeatEdge| (it.from, it.to));
    open.sort_by_key(|it: &RepeatEdge| (it.from, it.to));
    let dates: Vec<Option<&Date>> = carriers.iter().map(published).collect();
    let dated: Vec<(&Id, Option<&Date>)> =
        carriers.iter().zip(&dates).map(|(it, date)| (&it.quoted.statement.document, *date)).collect();
    let first_ids = graph::first_seen(&dated, &card.edges.iter().collect::<Vec<_>>());
    let first: Vec<usize> =
        first_ids.iter().filter_map(|id| place.get(id).copied()).collect::<BTreeSet<_>>().into_iter().collect();
    let tree = tree(&carriers, &first, &repeats, &open);
    Ok(LineageView { tie: ties(&dates), first, tree, repeats, open, carriers, card })
}

/// One carrier per document: its own words with a source before others, the fullest first.
fn carriers(card: &ClaimCardView) -> Vec<Carrier> {
    let mut of: BTreeMap<&Id, &Quoted> = BTreeMap::new();
    let rank = |it: &Quoted| (it.statement.repeat_of.is_none(), it.exact().len());
    for it in &card.statements {
        let best = of.entry(&it.statement.document).or_insert(it);
        if rank(it) > rank(best) {
            *best = it;
        }
    }
    let mut found: Vec<Carrier> = of
        .into_values()
        .map(|it| {
            let attribution = &it.statement.attribution;
            let text = &it.document.document.text;
            Carrier {
                quoted: it.clone(),
                chain: attribution.chain.iter().map(|span| span.of(text).to_string()).collect(),
                unsourced: it.statement.repeat_of.is_some()
                    || attribution.source.is_empty() && it.statement.speaker.is_none(),
            }
        })
        .collect();
    found.sort_by_key(|it| (published(it).is_none(), published(it).cloned(), it.quoted.statement.document.clone()));
    found
}

fn published(carrier: &Carrier) -> Option<&Date> {
    carrier.quoted.document.document.published.as_ref().map(|date| &date.value)
}

/// Several carriers may be the earliest, for all that the dates say.
fn ties(dates: &[Option<&Date>]) -> bool {
    let known: Vec<&Date> = dates.iter().copied().flatten().collect();
    let earliest = known.iter().filter(|date| !known.iter().any(|other| graph::surely_before(other, date)));
    earliest.count() > 1
}

fn tree(carriers: &[Carrier], first: &[usize], repeats: &[RepeatEdge], open: &[RepeatEdge]) -> Vec<Option<usize>> {
    let witnesses: Vec<Witness> = carriers
        .iter()
        .enumerate()
        .map(|(at, it)| Witness {
            words: it.quoted.exact(),
            date: published(it).cloned(),
            first_seen: first.contains(&at),
        })
        .collect();
    let known: Vec<(usize, usize, bool)> =
        repeats.iter().map(|it| (it.from, it.to, true)).chain(open.iter().map(|it| (it.from, it.to, false))).collect();
    graph::wording_tree(&witnesses, &known)
}
