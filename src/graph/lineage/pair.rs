//! Two documents in, what one is to the other out: whether they share narrative at all, in what manner, and which way.
//!
//! The ladder of directions: credit, then loss (what a copy cannot have restored), then dates to the day; otherwise
//! the order stays open. Dates alone never make two documents related.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::first_seen::surely_before;
use crate::graph::{DocumentCard, StatementCard};
use crate::model::{DocumentRelation, Evidence, Id, Kind, Order};
use crate::text::Span;

use super::align::{Alignment, countable};
use super::credit::Credit;
use super::profile::Profile;
use super::rules;

/// A document with all that lineage looks at.
pub struct File<'m> {
    pub card: &'m DocumentCard,
    pub profile: &'m Profile,
    pub credits: Vec<Credit>,
    /// The number of its outlet's name, where known.
    pub outlet: Option<usize>,
    /// Sources, cues and contents of all its statements.
    pub parts: Vec<Span>,
    /// Its statements by claim.
    pub claims: BTreeMap<&'m Id, Vec<&'m StatementCard>>,
    /// Of all documents, the statements that only their place joined to their claims.
    pub by_place: &'m BTreeSet<Id>,
}

impl File<'_> {
    fn label(&self) -> &str {
        if self.card.outlet.trim().is_empty() { "the one of unknown outlet" } else { &self.card.outlet }
    }

    /// The words by which it credits an outlet, its own excepted.
    pub fn credit_to(&self, outlet: Option<usize>) -> Option<&Credit> {
        let outlet = outlet.filter(|outlet| self.outlet != Some(*outlet))?;
        self.credits.iter().find(|credit| credit.name == outlet)
    }
}

/// Two documents that share narrative.
#[derive(Clone, Debug, PartialEq)]
pub struct Related {
    /// Numbers of the files; the parent is `from`, where `order` is known.
    pub from: usize,
    pub to: usize,
    pub order: Order,
    pub relation: DocumentRelation,
    pub score: f64,
    pub evidence: Vec<Evidence>,
    /// How much is shared: what decides between several parents.
    pub nearness: f64,
    /// Sentences of `from` and `to` that say the same.
    pub pairs: Vec<(usize, usize)>,
}

/// What two documents that share narrative are to each other.
pub fn relate(files: &[File], a: usize, b: usize, found: &Alignment) -> Related {
    let (first, second) = (&files[a], &files[b]);
    let mut evidence = vec![Evidence::new(
        rules::NARRATIVE,
        found.narrative_runs as f64,
        format!(
            "{} runs of unquoted words in common, the longest of {} words; {} of {} and {} sentences match, {:.0} % in the same order",
            found.narrative_runs,
            found.longest_run,
            found.pairs.len(),
            countable(first.profile),
            countable(second.profile),
            found.in_order * 100.0
        ),
    )];
    let (way, order) = direction(first, second, found, &mut evidence);
    let both_lack = both_lack(first, second, found);
    let swapped = way == Some(Way::BackToFirst);
    let (from, to) = if swapped { (b, a) } else { (a, b) };
    let share_of_child = match way {
        Some(Way::FirstToSecond) => found.share_b,
        Some(Way::BackToFirst) => found.share_a,
        None => found.share_a.max(found.share_b),
    };
    let mut relation = manner(found, share_of_child);
    evidence.push(Evidence::new(
        rules::MANNER,
        found.likeness,
        format!(
            "matched sentences are alike to {:.2}, {:.0} % of them word for word",
            found.likeness,
            found.identical * 100.0
        ),
    ));
    if let Some(note) = both_lack {
        if way.is_none() {
            relation = DocumentRelation::CommonSource;
            evidence.push(Evidence::new(rules::BOTH_LACK, 1.0, note));
        } else if order == Order::Date {
            // dates alone do not outweigh that neither can have all of its text from the other
            relation = DocumentRelation::CommonSource;
            evidence.push(Evidence::new(rules::BOTH_LACK, 1.0, note));
            return undirected(a, b, relation, found, evidence);
        } else {
            let child = if swapped { first } else { second };
            let extra = countable(child.profile).saturating_sub(found.pairs.len());
            let note = format!("{extra} sentences of it are not in the parent: perhaps from a longer version of it");
            evidence.push(Evidence::new(rules::LONGER_VERSION, extra as f64, note));
        }
    }
    if way.is_none() {
        return undirected(a, b, relation, found, evidence);
    }
    let pairs = found.pairs.iter().map(|pair| if swapped { (pair.b, pair.a) } else { (pair.a, pair.b) }).collect();
    Related { from, to, order, relation, score: score(found), evidence, nearness: nearness(found), pairs }
}

fn undirected(a: usize, b: usize, relation: DocumentRelation, found: &Alignment, evidence: Vec<Evidence>) -> Related {
    let pairs = found.pairs.iter().map(|pair| (pair.a, pair.b)).collect();
    Related {
        from: a,
        to: b,
        order: Order::Unknown,
        relation,
        score: score(found),
        evidence,
        nearness: nearness(found),
        pairs,
    }
}

/// Two reports of one event share names and a few phrases; a copy shares sentences, in order.
pub fn shares_narrative(found: &Alignment) -> bool {
    let share = found.share_a.max(found.share_b);
    let in_words = found.narrative_pairs >= 3 && found.narrative_runs >= 5 && share >= 0.3 && found.likeness >= 0.5;
    let verbatim = found.narrative_pairs >= 2 && found.longest_run >= 14 && share >= 0.2;
    (in_words || verbatim) && found.in_order >= 0.6
}

fn manner(found: &Alignment, share_of_child: f64) -> DocumentRelation {
    match found.identical {
        identical if identical >= 0.75 && share_of_child >= 0.6 => DocumentRelation::Copy,
        identical if identical >= 0.3 => DocumentRelation::Edited,
        // a text that went through another language and back changes a little in nearly every sentence
        _ if found.likeness >= 0.74 => DocumentRelation::BackTranslated,
        _ => DocumentRelation::Paraphrased,
    }
}

fn score(found: &Alignment) -> f64 {
    let share = found.share_a.max(found.share_b).min(1.0);
    ((share + found.likeness + found.in_order) / 3.0 * 100.0).round() / 100.0
}

fn nearness(found: &Alignment) -> f64 {
    found.pairs.iter().map(|pair| pair.alike * if pair.identical { 1.25 } else { 1.0 }).sum()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    FirstToSecond,
    BackToFirst,
}

fn direction(first: &File, second: &File, found: &Alignment, evidence: &mut Vec<Evidence>) -> (Option<Way>, Order) {
    if let Some(way) = by_credit(first, second, evidence) {
        return (Some(way), Order::Citation);
    }
    let earlier = by_date(first, second);
    if let Some(way) = by_loss(first, second, found, evidence) {
        if earlier.is_some_and(|date| date != way) {
            let note = format!("{} and {} are dated the other way round", first.label(), second.label());
            evidence.push(Evidence::new(rules::DATE_AGAINST, -1.0, note));
            return (None, Order::Unknown);
        }
        return (Some(way), Order::Wording);
    }
    if let Some(way) = earlier {
        let (parent, child) = ends(first, second, way);
        let date = |file: &File| file.card.published.as_ref().map_or(String::new(), |date| date.to_string());
        let note = format!("{} is dated {}, {} {}", parent.label(), date(parent), child.label(), date(child));
        evidence.push(Evidence::new(rules::DATE, 1.0, note));
        return (Some(way), Order::Date);
    }
    (None, Order::Unknown)
}

fn ends<'f, 'm>(first: &'f File<'m>, second: &'f File<'m>, way: Way) -> (&'f File<'m>, &'f File<'m>) {
    if way == Way::FirstToSecond { (first, second) } else { (second, first) }
}

fn by_credit(first: &File, second: &File, evidence: &mut Vec<Evidence>) -> Option<Way> {
    let (credit, way) = match (second.credit_to(first.outlet), first.credit_to(second.outlet)) {
        (Some(credit), None) => (credit, Way::FirstToSecond),
        (None, Some(credit)) => (credit, Way::BackToFirst),
        _ => return None,
    };
    let (parent, _) = ends(first, second, way);
    let note = format!("it says “{}”, and {} has the same narrative", credit.words, parent.label());
    evidence.push(Evidence::new(rules::CREDIT, 1.0, note));
    Some(way)
}

/// What a copy loses cannot come back: quotation marks round the same words, speech with its speaker, the source of a
/// source. So many more losses on one side make it the copy.
fn by_loss(first: &File, second: &File, found: &Alignment, evidence: &mut Vec<Evidence>) -> Option<Way> {
    let (marks_second, marks_first) = (found.marks_only_in_a, found.marks_only_in_b);
    let (detail_second, detail_first) = details_lost(first, second, found);
    let excerpt = |own: f64, other: f64| usize::from(own >= 0.9 && other <= 0.6);
    let lost_by_second = 2 * marks_second + detail_second + excerpt(found.share_b, found.share_a);
    let lost_by_first = 2 * marks_first + detail_first + excerpt(found.share_a, found.share_b);
    let way = if lost_by_second >= 2 && lost_by_second > 2 * lost_by_first {
        Way::FirstToSecond
    } else if lost_by_first >= 2 && lost_by_first > 2 * lost_by_second {
        Way::BackToFirst
    } else {
        return None;
    };
    let second_lost = way == Way::FirstToSecond;
    let (marks, details) = if second_lost { (marks_second, detail_second) } else { (marks_first, detail_first) };
    if marks > 0 {
        let note = format!("{marks} runs of words that the parent prints in quotation marks stand here without");
        evidence.push(Evidence::new(rules::MARKS_LOST, 2.0 * marks as f64, note));
    }
    if details > 0 {
        let note = format!("{details} statements lost their marks, speaker or source on the way");
        evidence.push(Evidence::new(rules::DETAIL_LOST, details as f64, note));
    }
    let excerpts =
        if second_lost { excerpt(found.share_b, found.share_a) } else { excerpt(found.share_a, found.share_b) };
    if excerpts > 0 {
        evidence.push(Evidence::new(rules::EXCERPT, 1.0, "nearly all of it is in the parent, which has more"));
    }
    Some(way)
}

/// How many statements the second tells with less than the first, and the first with less than the second.
fn details_lost(first: &File, second: &File, found: &Alignment) -> (usize, usize) {
    let (mut by_second, mut by_first) = (0, 0);
    for pair in &found.pairs {
        let (a, b) = (&first.profile.sentences[pair.a], &second.profile.sentences[pair.b]);
        by_second += usize::from(a.quoted >= 3 && b.quoted == 0);
        by_first += usize::from(b.quoted >= 3 && a.quoted == 0);
    }
    let by_words = |list: &[&'_ StatementCard]| -> Vec<StatementCard> {
        list.iter().filter(|it| !first.by_place.contains(&it.id)).map(|it| (*it).clone()).collect()
    };
    for (claim, ours) in &first.claims {
        let Some(theirs) = second.claims.get(claim) else { continue };
        let (ours, theirs) = (by_words(ours), by_words(theirs));
        if ours.is_empty() || theirs.is_empty() {
            continue;
        }
        by_second += usize::from(richer(&ours, &theirs));
        by_first += usize::from(richer(&theirs, &ours));
    }
    (by_second, by_first)
}

/// Whether `a` names a speaker or a chain of sources, or quotes, where `b` does not.
fn richer(a: &[StatementCard], b: &[StatementCard]) -> bool {
    let named = |list: &[StatementCard]| list.iter().any(|it| !it.source.is_empty() || it.has_speaker());
    let chained = |list: &[StatementCard]| list.iter().any(|it| !it.chain.is_empty());
    let quoted = |list: &[StatementCard]| list.iter().any(|it| it.kind != Kind::Indirect && !it.marks_lost);
    (named(a) && !named(b)) || (chained(a) && !chained(b)) || (quoted(a) && !quoted(b) && named(b))
}

fn by_date(first: &File, second: &File) -> Option<Way> {
    let (a, b) = (first.card.published.as_ref()?, second.card.published.as_ref()?);
    if surely_before(a, b) {
        Some(Way::FirstToSecond)
    } else if surely_before(b, a) {
        Some(Way::BackToFirst)
    } else {
        None
    }
}

/// A sentence that says what is missing where each has much that the other lacks.
fn both_lack(first: &File, second: &File, found: &Alignment) -> Option<String> {
    let lacking = |file: &File| {
        let all = countable(file.profile);
        let extra = all.saturating_sub(found.pairs.len());
        (extra >= 2 && extra * 6 >= all).then_some(extra)
    };
    let (a, b) = (lacking(first)?, lacking(second)?);
    Some(format!("{a} sentences of {} and {b} of {} are not in the other", first.label(), second.label()))
}
