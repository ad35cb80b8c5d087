//! Which statements of two documents stand in the same place of a text that both have.
//!
//! In: documents that share narrative, with their statements. Out: pairs of statements, one of each document, that stand in
//! sentences which answer to each other, or between the same two such sentences. Candidates: nothing is called the same here,
//! whoever asks compares what is said and who is credited.
//!
//! Only sentences that come in the same order in both count, and each answers to one other. A pair of documents is judged by
//! itself: a third one changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::graph::{Material, StatementCard};
use crate::model::Id;

use super::align::{Alignment, Pair, in_order};
use super::narrative::word_range;
use super::pair::File;
use super::profile::Profile;

/// Between two sentences that answer to each other, a stretch longer than this is no place.
const LONGEST_GAP: usize = 6;

/// How near to each other two statements stand in what both documents have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In sentences that answer to each other.
    Sentence,
    /// Between the same two pairs of such sentences.
    Between,
}

/// Two statements in one place; `a < b`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SamePlace {
    pub a: Id,
    pub b: Id,
    pub place: Place,
}

/// All pairs of statements in one place, among these pairs of documents that share narrative; sorted.
pub fn same_places(material: &Material, files: &[File], sharing: &[(usize, usize, Alignment)]) -> Vec<SamePlace> {
    let mut of_document: BTreeMap<&Id, Vec<&StatementCard>> = BTreeMap::new();
    for card in material.statements.iter().filter(|card| card.repeat_of.is_none()) {
        of_document.entry(&card.document).or_default().push(card);
    }
    let standing: Vec<Vec<Standing>> = files
        .par_iter()
        .map(|file| standing(file.profile, of_document.get(&file.card.id).map_or(&[][..], Vec::as_slice)))
        .collect();
    let mut found: Vec<SamePlace> = sharing
        .par_iter()
        .flat_map_iter(|(x, y, alignment)| between_two(&standing[*x], &standing[*y], alignment))
        .collect();
    found.sort();
    found.dedup_by(|next, kept| (&next.a, &next.b) == (&kept.a, &kept.b));
    found
}

/// A statement and the sentences its words stand in, first and last.
struct Standing<'m> {
    id: &'m Id,
    first: usize,
    last: usize,
}

/// Statements in the story; what stands in captions and boilerplate has no sentence here.
fn standing<'m>(profile: &Profile, cards: &[&'m StatementCard]) -> Vec<Standing<'m>> {
    let sentence_of = |word: usize| profile.sentences.partition_point(|sentence| sentence.to <= word);
    let mut found: Vec<Standing> = cards
        .iter()
        .filter_map(|card| {
            let ranges = card.spans.iter().map(|span| word_range(profile, *span)).filter(|(from, to)| from < to);
            let sentences: BTreeSet<usize> = ranges.flat_map(|(from, to)| [from, to - 1]).map(sentence_of).collect();
            Some(Standing { id: &card.id, first: *sentences.first()?, last: *sentences.last()? })
        })
        .collect();
    found.sort_by_key(|it| (it.first, it.last, it.id));
    found
}

fn between_two(said_a: &[Standing], said_b: &[Standing], alignment: &Alignment) -> Vec<SamePlace> {
    let anchors = in_order(&alignment.pairs);
    let mut found = in_sentences(said_a, said_b, &anchors);
    found.extend(in_gaps(said_a, said_b, &anchors));
    found
}

fn in_sentences(said_a: &[Standing], said_b: &[Standing], anchors: &[Pair]) -> Vec<SamePlace> {
    let mut found = Vec::new();
    for anchor in anchors {
        for x in said_a.iter().filter(|it| it.first <= anchor.a && anchor.a <= it.last) {
            for y in said_b.iter().filter(|it| it.first <= anchor.b && anchor.b <= it.last) {
                found.push(same_place(x.id, y.id, Place::Sentence));
            }
        }
    }
    found
}

/// Where one document has the statement in a sentence of its own and the other one has it in the same stretch, be it in
/// one of the sentences that bound it: a copy joins sentences and takes them apart.
fn in_gaps(said_a: &[Standing], said_b: &[Standing], anchors: &[Pair]) -> Vec<SamePlace> {
    let mut found = Vec::new();
    for ends in anchors.windows(2) {
        let (before, after) = (&ends[0], &ends[1]);
        if after.a - before.a > LONGEST_GAP || after.b - before.b > LONGEST_GAP {
            continue;
        }
        let inside = |it: &Standing, from: usize, to: usize| from < it.first && it.last < to;
        let within = |it: &Standing, from: usize, to: usize| from <= it.first && it.last <= to;
        for x in said_a.iter().filter(|it| within(it, before.a, after.a)) {
            for y in said_b.iter().filter(|it| within(it, before.b, after.b)) {
                if inside(x, before.a, after.a) || inside(y, before.b, after.b) {
                    found.push(same_place(x.id, y.id, Place::Between));
                }
            }
        }
    }
    found
}

fn same_place(a: &Id, b: &Id, place: Place) -> SamePlace {
    SamePlace { a: a.min(b).clone(), b: a.max(b).clone(), place }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::lineage::{Ground, Texts, kin};
    use crate::graph::{DocumentCard, Material};
    use crate::model::Kind;
    use crate::text::Span;

    const FIRST: &str = "The northern quay burned for nine hours on Tuesday after a barge loaded with paint broke loose.\n\n\
        Two cranes collapsed into the basin and blocked the entrance for eleven freighters. [The harbour master said nobody was on board.]\n\n\
        The company, Northline Shipping, paid a fine of forty thousand crowns four years ago.\n\n\
        Divers will search the basin on Thursday, and the quay stays closed until the cranes are lifted out, [said the port].";

    const SECOND: &str = "The north quay burned for nine hours on Tuesday after a barge laden with paint broke loose.\n\n\
        Two cranes fell into the basin and blocked the entrance for eleven freighters. \
        But [no crew had been aboard, an official added].\n\n\
        The company, Northline Shipping, had paid a fine of forty thousand crowns four years ago.\n\n\
        Divers search the basin on Thursday, and the quay stays closed until the cranes are lifted out, [the port said].";

    /// A document of which the stretches in brackets are statements, called by their first words.
    fn read(id: &str, marked: &str) -> (DocumentCard, Vec<StatementCard>) {
        let (mut text, mut statements) = (String::new(), Vec::new());
        for piece in marked.split(']') {
            let (before, words) = piece.split_once('[').unwrap_or((piece, ""));
            text.push_str(before);
            let span = Span::new(text.len(), text.len() + words.len());
            text.push_str(words);
            if !words.is_empty() {
                let name: Vec<&str> = words.split(' ').take(2).collect();
                statements.push(StatementCard {
                    id: Id(name.join(" ")),
                    document: Id(id.to_string()),
                    speaker: None,
                    speaker_name: String::new(),
                    source: String::new(),
                    cue: String::new(),
                    content: words.to_string(),
                    start: span.start,
                    spans: vec![span],
                    parts: vec![span],
                    kind: Kind::Indirect,
                    marks_lost: false,
                    chain: Vec::new(),
                    repeat_of: None,
                });
            }
        }
        let language = "en".to_string();
        (DocumentCard { id: Id(id.to_string()), text, language, ..DocumentCard::default() }, statements)
    }

    fn check(first: &str, second: &str, expected: &[(&str, &str, Place)]) {
        let mut material = Material::default();
        for (id, text) in [("d1", first), ("d2", second)] {
            let (card, statements) = read(id, text);
            material.documents.push(card);
            material.statements.extend(statements);
        }
        let mut texts = Texts::default();
        texts.read(&material.documents);
        let found = Ground::new(&material, &texts, &kin(&material, &texts)).same_places();
        let found: Vec<(&str, &str, Place)> = found.iter().map(|it| (it.a.as_str(), it.b.as_str(), it.place)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn sentences_that_answer_and_stretches_between_them() {
        check(FIRST, SECOND, &[("The harbour", "no crew", Place::Between), ("said the", "the port", Place::Sentence)]);
    }

    #[test]
    fn a_statement_elsewhere_is_no_counterpart() {
        let moved = "But [no crew had been aboard, an official added].";
        let second = SECOND.replace(moved, "").replace("\n\nDivers", &format!(" {moved}\n\nDivers"));
        // it now stands before the port's word, and could only be that
        check(FIRST, &second, &[("no crew", "said the", Place::Between), ("said the", "the port", Place::Sentence)]);
    }

    #[test]
    fn texts_that_share_no_narrative_share_no_places() {
        let other = "A fire destroyed part of the port this week, [the port said], and shipping is at a standstill.\n\n\
            Schools were closed because of the smoke, [said the mayor], and doctors treated four people for coughs.";
        check(FIRST, other, &[]);
    }
}
