//! The review queue: joins of speakers and links of statements that are only suggested, for a person to decide.
//!
//! Most statements at stake first. What was decided never comes back, neither way.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{AliasKind, Decision, Evidence, Id, IdKind, Relation, Verb};
use crate::store::{Found, Store};

use super::ask::load;
use super::connect::catch_up;
use super::decide::{Signature, decision_name, recorded};
use super::link_statements::Outlines;
use super::sheet::{self, RowError};
use super::{AppError, Progress, Quoted};

/// What is reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// Pairs of speakers that may be one.
    Speakers,
    /// Pairs of statements that may be one claim.
    Claims,
}

impl Queue {
    fn verb(self, same: bool) -> Verb {
        match (self, same) {
            (Queue::Speakers, true) => Verb::Merge,
            (Queue::Speakers, false) => Verb::Split,
            (Queue::Claims, true) => Verb::Confirm,
            (Queue::Claims, false) => Verb::Reject,
        }
    }
}

/// A pair to decide on: ids, what speaks for it, and how many statements change hands.
#[derive(Clone, Debug)]
pub struct ReviewPair {
    pub a: Id,
    pub b: Id,
    pub probability: f64,
    pub at_stake: usize,
    pub evidence: Vec<Evidence>,
}

/// One side of a pair, as far as a person needs it to decide.
#[derive(Clone, Debug)]
pub struct ReviewSide {
    pub id: Id,
    pub name: String,
    pub kind: String,
    pub roles: Vec<String>,
    pub outlets: Vec<String>,
    /// Earliest and latest date of its documents; empty where none is known.
    pub first: String,
    pub last: String,
    pub statements: usize,
    /// Something that was said, in place.
    pub example: Option<Quoted>,
}

/// Everything that waits for a decision, most statements at stake first, then likeliest, then by id.
pub fn review_queue(store: &Store, queue: Queue) -> Result<Vec<ReviewPair>, AppError> {
    let decided = decided_pairs(store)?;
    let mut pairs = match queue {
        Queue::Speakers => speaker_pairs(store)?,
        Queue::Claims => claim_pairs(store)?,
    };
    if queue == Queue::Claims {
        pairs.retain(|pair| !decided.contains(&(pair.a.0.clone(), pair.b.0.clone())));
    }
    pairs.sort_by(|x, y| {
        y.at_stake
            .cmp(&x.at_stake)
            .then(y.probability.total_cmp(&x.probability))
            .then_with(|| (&x.a, &x.b).cmp(&(&y.a, &y.b)))
    });
    Ok(pairs)
}

fn decided_pairs(store: &Store) -> Result<BTreeSet<(String, String)>, AppError> {
    let standing = store.decisions()?.into_iter().filter(|it| !it.undone);
    Ok(standing.flat_map(|it| [(it.a.clone(), it.b.clone()), (it.b, it.a)]).collect())
}

/// Suggested joins in which both sides say something: what nobody says has no speaker to be wrong about.
fn speaker_pairs(store: &Store) -> Result<Vec<ReviewPair>, AppError> {
    let counts: BTreeMap<Id, usize> =
        store.entity_cards(false)?.into_iter().map(|card| (card.entity.id, card.statements)).collect();
    let mut pairs = Vec::new();
    for it in store.suggestions(None)? {
        if let (Some(a), Some(b)) = (counts.get(&it.a), counts.get(&it.b)) {
            let at_stake = *a.min(b);
            pairs.push(ReviewPair { a: it.a, b: it.b, probability: it.probability, at_stake, evidence: it.evidence });
        }
    }
    Ok(pairs)
}

fn claim_pairs(store: &Store) -> Result<Vec<ReviewPair>, AppError> {
    let mut sizes: BTreeMap<Id, usize> = BTreeMap::new();
    for (_, claim) in store.claims()? {
        let size = claim.members.len();
        sizes.extend(claim.members.into_iter().map(|member| (member, size)));
    }
    let size = |id: &Id| sizes.get(id).copied().unwrap_or(1);
    let mut pairs = Vec::new();
    for (a, b, probability, relation) in store.suggested_links()? {
        if Relation::of_name(&relation).is_some_and(Relation::joins) {
            let at_stake = size(&a).min(size(&b));
            pairs.push(ReviewPair { a, b, probability, at_stake, evidence: Vec::new() });
        }
    }
    Ok(pairs)
}

/// What speaks for a pair; that of links is worked out from the two wordings.
pub fn review_evidence(store: &Store, pair: &ReviewPair) -> Result<Vec<Evidence>, AppError> {
    if !pair.evidence.is_empty() {
        return Ok(pair.evidence.clone());
    }
    let reasons = super::why_pair(store, pair.a.as_str(), pair.b.as_str())?;
    Ok(reasons.link.map(|link| link.evidence).unwrap_or_default())
}

/// One side of a pair with what a person needs to see.
///
/// # Errors
/// The id names neither a speaker nor a statement.
pub fn review_side(store: &Store, id: &Id) -> Result<ReviewSide, AppError> {
    match store.find_id(id.as_str())? {
        Found::One(IdKind::Entity, key, _) => speaker_side(store, key, id),
        Found::One(IdKind::Statement, key, _) => statement_side(store, key, id),
        _ => Err(super::show::unknown(id.as_str())),
    }
}

fn speaker_side(store: &Store, key: i64, id: &Id) -> Result<ReviewSide, AppError> {
    let card = store.entity_card(key)?.ok_or_else(|| super::show::unknown(id.as_str()))?;
    let mut documents = BTreeMap::new();
    let mut outlets = BTreeSet::new();
    let mut dates = BTreeSet::new();
    let mut example: Option<Quoted> = None;
    for row in store.statements_of_entity(key)? {
        let Some(document) = load(store, &mut documents, row.document_key)? else { continue };
        let quoted = Quoted::new(store, row, document, Vec::new())?;
        outlets.extend(Some(quoted.outlet().to_string()).filter(|name| !name.is_empty()));
        dates.extend(Some(quoted.date().to_string()).filter(|date| !date.is_empty()));
        if example.as_ref().is_none_or(|known| telling(&quoted) > telling(known)) {
            example = Some(quoted);
        }
    }
    let roles = card.entity.aliases.iter().filter(|alias| alias.kind == AliasKind::Role);
    Ok(ReviewSide {
        id: id.clone(),
        kind: card.entity.kind.name().to_string(),
        roles: roles.take(4).map(|alias| alias.text.clone()).collect(),
        name: card.entity.name,
        outlets: outlets.into_iter().collect(),
        first: dates.first().cloned().unwrap_or_default(),
        last: dates.last().cloned().unwrap_or_default(),
        statements: card.statements,
        example,
    })
}

/// A source with a name and words around it tells more than “he”.
fn telling(it: &Quoted) -> usize {
    it.source().chars().count().min(60)
}

fn statement_side(store: &Store, key: i64, id: &Id) -> Result<ReviewSide, AppError> {
    let quoted = super::show::quoted(store, key, id.as_str())?;
    let claim = quoted.statement.claim.clone();
    let statements = match claim.map(|claim| store.find_id(claim.as_str())).transpose()? {
        Some(Found::One(IdKind::Claim, claim, _)) => store.statements_of_claim(claim)?.len(),
        _ => 1,
    };
    Ok(ReviewSide {
        id: id.clone(),
        name: quoted.speaker().unwrap_or_default(),
        kind: quoted.statement.attribution.kind.name().to_string(),
        roles: Vec::new(),
        outlets: Some(quoted.outlet().to_string()).filter(|name| !name.is_empty()).into_iter().collect(),
        first: quoted.date().to_string(),
        last: quoted.date().to_string(),
        statements,
        example: Some(quoted),
    })
}

/// Writes a decision on a pair down at once. What follows from it is derived by [`finish_review`], or by the next command that
/// derives anything should the review break off.
pub fn decide_pair(
    store: &mut Store,
    queue: Queue,
    a: &Id,
    b: &Id,
    same: bool,
    by: &Signature,
) -> Result<Decision, AppError> {
    let (a, b) = (name_of(store, queue, a)?, name_of(store, queue, b)?);
    let decision = recorded(queue.verb(same), &a, &b, by);
    store.transaction(|store| store.add_decision(&decision))?;
    Ok(decision)
}

/// Takes back the newest decision without deriving anything.
pub fn undo_pair(store: &mut Store) -> Result<(), AppError> {
    store.transaction(|store| store.flip_decision(true))?;
    Ok(())
}

/// Derives everything that depends on the decisions taken.
pub fn finish_review(store: &mut Store, progress: &dyn Progress) -> Result<(), AppError> {
    super::connect(store, progress)
}

fn name_of(store: &Store, queue: Queue, id: &Id) -> Result<String, AppError> {
    match (queue, store.find_id(id.as_str())?) {
        (Queue::Speakers, Found::One(IdKind::Entity, key, _)) => {
            let card = store.entity_card(key)?.ok_or_else(|| super::show::unknown(id.as_str()))?;
            decision_name(store, &card)
        }
        (Queue::Claims, Found::One(IdKind::Statement, _, full)) => Ok(full.0),
        _ => Err(super::show::unknown(id.as_str())),
    }
}

/// What an import of a reviewed table did.
#[derive(Clone, Debug, Default)]
pub struct ReviewReport {
    pub decisions: Vec<Decision>,
    /// Rows without a decision.
    pub open: usize,
    /// Rows decided the same way before.
    pub unchanged: usize,
    pub errors: Vec<RowError>,
}

/// Reads a queue back: CSV with the columns `a`, `b` and `decision` (same, different or empty). Rows that make no sense are
/// reported by line and left out.
pub fn import_review(
    store: &mut Store,
    queue: Queue,
    bytes: &[u8],
    by: &Signature,
    progress: &dyn Progress,
) -> Result<ReviewReport, AppError> {
    let (rows, errors) = sheet::rows(bytes, &["a", "b", "decision"])?;
    let mut report = ReviewReport { errors, ..ReviewReport::default() };
    let standing: Vec<Decision> = store.decisions()?.into_iter().filter(|it| !it.undone).collect();
    for row in &rows {
        let same = match row.cell("decision").to_lowercase().as_str() {
            "" => {
                report.open += 1;
                continue;
            }
            "same" | "confirm" | "y" | "yes" => Ok(true),
            "different" | "reject" | "n" | "no" => Ok(false),
            other => Err(format!("{other:?} is not a decision: same, different or empty")),
        };
        let decided = same.and_then(|same| {
            let verb = queue.verb(same);
            let names = [("a", "a_name"), ("b", "b_name")].map(|(id, name)| {
                let known = name_of(store, queue, &Id(row.cell(id).to_string())).ok();
                known.ok_or_else(|| row.cell(name).to_string())
            });
            match names {
                [Ok(a), Ok(b)] if a == b => Err("both sides are one already".to_string()),
                [Ok(a), Ok(b)] => Ok(recorded(verb, &a, &b, by)),
                [a, b] => {
                    let (a, b) = (a.unwrap_or_else(|name| name), b.unwrap_or_else(|name| name));
                    let known = standing.iter().find(|it| it.verb == verb && is_about(it, &a, &b));
                    known.cloned().ok_or_else(|| {
                        format!("nothing has the id {} or {}: export the queue again", row.cell("a"), row.cell("b"))
                    })
                }
            }
        });
        match decided {
            Ok(decision) if standing.iter().any(|it| it.id == decision.id) => report.unchanged += 1,
            Ok(decision) => report.decisions.push(decision),
            Err(what) => report.errors.push(RowError { line: row.line, what }),
        }
    }
    report.errors.sort_by_key(|error| error.line);
    if !report.decisions.is_empty() {
        store.transaction(|store| {
            for decision in &report.decisions {
                store.add_decision(decision)?;
            }
            catch_up(store, Outlines::default(), progress)
        })?;
    }
    Ok(report)
}

/// Whether a decision is about these two, whatever documents its names are tied to.
fn is_about(decision: &Decision, a: &str, b: &str) -> bool {
    let untied = |name: &str| crate::resolve::untied(name).0.to_string();
    let (x, y) = (untied(&decision.a), untied(&decision.b));
    let (a, b) = (untied(a), untied(b));
    (x == a && y == b) || (x == b && y == a)
}
