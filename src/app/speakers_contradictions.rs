//! Apparent contradictions: two statements of one speaker on one subject, of which one says it is so and the other that it is not.
//!
//! Apparent, because nobody here knows what was meant: minds change, translations lose a “not”, and copies of one text are no
//! second statement. Dates and copy status stand beside every pair.

use std::collections::{BTreeMap, BTreeSet};

use crate::link::{self, Opposition};
use crate::model::{Derivation, Evidence, Id, Kind, PassageKind, Variant};
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
    /// The two are likely one utterance, and the difference an error of one who copied or translated it.
    pub copy_error: bool,
    /// How much of the two clauses is shared, 0 to 1.
    pub same_subject: f64,
    /// The words that clash.
    pub words: (String, String),
    /// Further pairs of statements of the same two claims.
    pub more: usize,
    /// What it rests on: the rules of [`link::OPPOSED`].
    pub evidence: Vec<Evidence>,
}

/// Apparent contradictions among these statements of one speaker, surest first; of the many variants of two claims one pair.
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
    let derivations = store.derivations()?;
    let mut made: Vec<Contradiction> = Vec::new();
    for (found, more) in one_per_claims(link::oppositions(&variants), &said) {
        let ordered = said[found.a].order_key() <= said[found.b].order_key();
        let (x, y) = if ordered { (found.a, found.b) } else { (found.b, found.a) };
        let words = if ordered { found.words } else { (found.words.1, found.words.0) };
        let (a, b) = (said[x].clone(), said[y].clone());
        let copy = copy_status(&a.statement.document, &b.statement.document, &derivations);
        let days = days_between(&a, &b);
        let copy_error = is_copy_error(&variants[x], &variants[y], &copy, days);
        let (same_subject, evidence) = (found.same_subject, found.evidence);
        made.push(Contradiction { a, b, days, copy, copy_error, same_subject, words, more, evidence });
    }
    Ok(made)
}

/// One pair for every two claims, the surest, with how many others there are.
fn one_per_claims(found: Vec<Opposition>, said: &[&Quoted]) -> Vec<(Opposition, usize)> {
    let claim = |at: usize| {
        let statement = &said[at].statement;
        statement.claim.clone().unwrap_or_else(|| statement.id.clone())
    };
    let mut places: BTreeMap<(Id, Id), usize> = BTreeMap::new();
    let mut kept: Vec<(Opposition, usize)> = Vec::new();
    for it in found {
        let (x, y) = (claim(it.a), claim(it.b));
        match places.entry(if x <= y { (x, y) } else { (y, x) }) {
            std::collections::btree_map::Entry::Occupied(known) => kept[*known.get()].1 += 1,
            std::collections::btree_map::Entry::Vacant(new) => {
                new.insert(kept.len());
                kept.push((it, 0));
            }
        }
    }
    kept
}

/// Share of the words of both statements, function words included, from which on they are one wording.
const ONE_WORDING: f64 = 0.75;

/// Days within which two printings of one wording are of one utterance.
const ONE_OCCASION: i64 = 3;

/// A word was lost or turned round where one text follows the other: nearly the same words, and documents that depend on each
/// other or print them as spoken within a few days.
fn is_copy_error(a: &Variant, b: &Variant, copy: &CopyStatus, days: Option<i64>) -> bool {
    let depends = matches!(copy, CopyStatus::Derived { .. } | CopyStatus::CommonSource);
    let printed = a.kind == Kind::Direct && b.kind == Kind::Direct && days.is_some_and(|days| days <= ONE_OCCASION);
    let apart = *copy != CopyStatus::SameDocument;
    apart && (depends || printed) && link::measure(&link::prepare(a), &link::prepare(b)).all_words >= ONE_WORDING
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
    fn an_error_of_a_copy_is_told_from_a_change_of_mind() {
        let said = |text: &str, kind: Kind| Variant {
            statement: Id::default(),
            document: Id::default(),
            text: text.to_string(),
            speaker: "Ada Brandt".to_string(),
            speaker_aliases: Vec::new(),
            cue: "said".to_string(),
            kind,
            negated: false,
            act: crate::model::Act::Statement,
            entity: None,
            outlet: String::new(),
            date: None,
            language: "en".to_string(),
            embedding: None,
        };
        let first = "the city will not raise the harbour tax before the autumn storms";
        let lost = "the city will raise the harbour tax before the autumn storms";
        let other = "the harbour tax is something that the city will raise";
        let derived = CopyStatus::Derived {
            from: Id("d1".into()),
            to: Id("d2".into()),
            relation: "copy".into(),
            order: "date".into(),
        };
        let check = |text: &str, kind: Kind, copy: &CopyStatus, days: i64, error: bool| {
            let found = is_copy_error(&said(first, kind), &said(text, kind), copy, Some(days));
            assert_eq!(found, error, "{text} {kind:?} {copy:?} {days}");
        };
        check(lost, Kind::Indirect, &derived, 400, true);
        check(lost, Kind::Indirect, &CopyStatus::CommonSource, 1, true);
        check(other, Kind::Indirect, &derived, 1, false);
        check(lost, Kind::Direct, &CopyStatus::Independent, 1, true);
        check(lost, Kind::Direct, &CopyStatus::Independent, 40, false);
        check(lost, Kind::Indirect, &CopyStatus::Independent, 1, false);
        check(lost, Kind::Direct, &CopyStatus::SameDocument, 0, false);
    }
}
