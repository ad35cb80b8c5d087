//! Apparent contradictions: two statements of one speaker on one subject, of which one says it is so and the other that it is not.
//!
//! Apparent, because nobody here knows what was meant: minds change, translations lose a “not”, and copies of one text are no
//! second statement. Dates and copy status stand beside every pair.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::link::{self, LinkOptions, Prepared};
use crate::model::{Derivation, Evidence, Id, PassageKind, Relation};
use crate::store::{EntityCard, Store};

use super::why::full_variant;
use super::{AppError, Quoted};

/// How the documents of two statements depend on each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopyStatus {
    SameDocument,
    /// One document derives from the other, directly or through others: maybe one utterance, worded anew.
    Derived {
        from: Id,
        to: Id,
        relation: String,
        order: String,
    },
    /// Both are linked to a common text, in whatever direction.
    CommonSource,
    /// Nothing known connects the documents.
    Independent,
}

impl CopyStatus {
    pub fn name(&self) -> &'static str {
        match self {
            CopyStatus::SameDocument => "same_document",
            CopyStatus::Derived { .. } => "derived",
            CopyStatus::CommonSource => "common_source",
            CopyStatus::Independent => "independent",
        }
    }
}

/// Two statements that seem to contradict each other: the earlier first.
#[derive(Clone, Debug)]
pub struct Contradiction {
    pub a: Quoted,
    pub b: Quoted,
    /// Days between the documents, where both are dated.
    pub days: Option<i64>,
    pub copy: CopyStatus,
    /// How likely the two are about one thing, polarity left aside: 0 to 1.
    pub same_subject: f64,
    /// `link.veto_polarity` or `link.veto_antonym`, with the words that clash, and all other terms.
    pub evidence: Vec<Evidence>,
}

/// Apparent contradictions among these statements of one speaker, surest first.
pub(super) fn contradictions(store: &Store, statements: &[Quoted]) -> Result<Vec<Contradiction>, AppError> {
    let said: Vec<&Quoted> = statements
        .iter()
        .filter(|it| {
            matches!(it.statement.attribution.zone, PassageKind::Body | PassageKind::Headline)
                && !it.statement.attribution.content.is_empty()
        })
        .collect();
    let mut variants = Vec::with_capacity(said.len());
    for it in &said {
        variants.push(full_variant(store, it)?);
    }
    let pairs = pairs_with_shared_keys(&variants.iter().map(link::candidate_keys).collect::<Vec<_>>());
    let prepared: Vec<Prepared> = variants.par_iter().map(link::prepare).collect();
    let options = LinkOptions::default();
    let found: Vec<(usize, usize, f64, Vec<Evidence>)> = pairs
        .par_iter()
        .filter_map(|&(a, b)| {
            let link = link::link_prepared(&prepared[a], &prepared[b], &options)?;
            let opposed = |it: &Evidence| it.rule == "link.veto_polarity" || it.rule == "link.veto_antonym";
            if link.relation != Relation::Contradicts || !link.evidence.iter().any(opposed) {
                return None;
            }
            let vetoed: f64 =
                link.evidence.iter().filter(|it| it.rule.starts_with("link.veto")).map(|it| it.weight).sum();
            Some((a, b, link::probability(link.score - vetoed), link.evidence))
        })
        .collect();
    let derivations = store.derivations()?;
    let mut made: Vec<Contradiction> = found
        .into_iter()
        .map(|(a, b, same_subject, evidence)| {
            let (a, b) = (said[a].clone(), said[b].clone());
            let (a, b) = if a.order_key() <= b.order_key() { (a, b) } else { (b, a) };
            let copy = copy_status(&a.statement.document, &b.statement.document, &derivations);
            Contradiction { days: days_between(&a, &b), copy, same_subject, evidence, a, b }
        })
        .collect();
    made.sort_by(|x, y| {
        y.same_subject
            .total_cmp(&x.same_subject)
            .then_with(|| (&x.a.statement.id, &x.b.statement.id).cmp(&(&y.a.statement.id, &y.b.statement.id)))
    });
    Ok(made)
}

/// A key that more of one speaker's statements hold than this is a habit of speech.
const HABIT: usize = 120;

/// Pairs of statements that share a candidate key of linking.
fn pairs_with_shared_keys(keys: &[Vec<u64>]) -> Vec<(usize, usize)> {
    let mut holders: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (at, own) in keys.iter().enumerate() {
        for key in own {
            holders.entry(*key).or_default().push(at);
        }
    }
    let mut pairs = BTreeSet::new();
    for held in holders.values().filter(|held| held.len() <= HABIT) {
        for (number, &a) in held.iter().enumerate() {
            pairs.extend(held[number + 1..].iter().filter(|&&b| b != a).map(|&b| (a.min(b), a.max(b))));
        }
    }
    pairs.into_iter().collect()
}

fn days_between(a: &Quoted, b: &Quoted) -> Option<i64> {
    let date = |it: &Quoted| it.document.document.published.as_ref().map(|date| date.value.clone());
    date(b)?.days_since(&date(a)?).map(i64::abs)
}

/// Derivations are followed from parent to child through other documents.
fn copy_status(a: &Id, b: &Id, derivations: &[Derivation]) -> CopyStatus {
    if a == b {
        return CopyStatus::SameDocument;
    }
    for (from, to) in [(a, b), (b, a)] {
        if let Some(first) = path(from, to, derivations) {
            let last_order = first.order.name().to_string();
            let relation = first.relation.name().to_string();
            return CopyStatus::Derived { from: from.clone(), to: to.clone(), relation, order: last_order };
        }
    }
    let parents = |document: &Id| -> BTreeSet<&Id> {
        derivations.iter().filter(|it| it.to == *document).map(|it| &it.from).collect()
    };
    if parents(a).is_disjoint(&parents(b)) { CopyStatus::Independent } else { CopyStatus::CommonSource }
}

/// The derivation that a path from `from` to `to` begins with.
fn path<'d>(from: &Id, to: &Id, derivations: &'d [Derivation]) -> Option<&'d Derivation> {
    let mut seen: BTreeSet<&Id> = BTreeSet::new();
    let mut waiting: Vec<(&Derivation, &Id)> =
        derivations.iter().filter(|it| it.from == *from).map(|it| (it, &it.to)).collect();
    while let Some((first, at)) = waiting.pop() {
        if at == to {
            return Some(first);
        }
        if seen.insert(at) {
            waiting.extend(derivations.iter().filter(|it| it.from == *at).map(|it| (first, &it.to)));
        }
    }
    None
}

/// One speaker with what seems to contradict itself.
#[derive(Clone, Debug)]
pub struct ContradictionView {
    pub card: EntityCard,
    /// How many statements were compared.
    pub statements: usize,
    pub found: Vec<Contradiction>,
}

/// Apparent contradictions of everyone that `typed` fits; with `about`, among statements with those words.
pub fn speaker_contradictions(
    store: &Store,
    typed: &str,
    about: Option<&str>,
) -> Result<Vec<ContradictionView>, AppError> {
    let mut views = Vec::new();
    for view in super::speaker(store, typed, about)? {
        let found = contradictions(store, &view.statements)?;
        views.push(ContradictionView { card: view.card, statements: view.statements.len(), found });
    }
    Ok(views)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DocumentRelation, Order};

    fn derived(from: &str, to: &str) -> Derivation {
        Derivation {
            from: Id(from.into()),
            to: Id(to.into()),
            relation: DocumentRelation::Copy,
            order: Order::Date,
            score: 1.0,
            evidence: Vec::new(),
        }
    }

    fn check(a: &str, b: &str, edges: &[(&str, &str)], name: &str) {
        let edges: Vec<Derivation> = edges.iter().map(|(from, to)| derived(from, to)).collect();
        assert_eq!(copy_status(&Id(a.into()), &Id(b.into()), &edges).name(), name, "{a} {b} {edges:?}");
    }

    #[test]
    fn documents_that_depend_on_each_other_are_told_apart() {
        check("d1", "d1", &[], "same_document");
        check("d1", "d2", &[("d1", "d2")], "derived");
        check("d2", "d1", &[("d1", "d3"), ("d3", "d2")], "derived");
        check("d1", "d2", &[("d3", "d1"), ("d3", "d2")], "common_source");
        check("d1", "d2", &[("d1", "d3"), ("d2", "d3")], "independent");
        check("d1", "d2", &[("d1", "d3"), ("d3", "d1")], "independent");
    }

    #[test]
    fn habits_of_speech_bring_nothing_together() {
        assert_eq!(pairs_with_shared_keys(&[vec![1, 2], vec![2], vec![3], vec![1]]), [(0, 1), (0, 3)]);
        assert!(pairs_with_shared_keys(&vec![vec![7]; HABIT + 1]).is_empty());
    }
}
