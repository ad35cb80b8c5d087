//! What changed from one wording to another, by name: for reading two variants of a claim side by side.
//!
//! In: two variants, the earlier (or the claim's representative) first. Out: changes with byte spans of each side's text.

use std::collections::BTreeSet;

use crate::lang::{language, wording};
use crate::model::{EntityKind, Kind, Variant};
use crate::text::Span;

use super::align::{How, Matched, align};
use super::names::{SpeakerRelation, speaker_relation};
use super::words::{Prepared, WordKind, prepare};

/// A named change. `name()` is what tables and JSON print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// Words that stand in quotation marks on the first side stand without them on the second.
    MarksLost,
    MarksAdded,
    /// Direct speech became reported speech.
    QuoteToIndirect,
    IndirectToQuote,
    Negated,
    NumberChanged,
    NameChanged,
    NameRespelled,
    HedgeAdded,
    HedgeDropped,
    Reworded,
    Dropped,
    Added,
    Reordered,
    SpeakerDropped,
    SpeakerAdded,
    /// A name became a description ("officials").
    SpeakerGeneralised,
    SpeakerChanged,
    SpeakerRespelled,
    /// Who was credited with saying it is now the one who does it.
    SourceTurnedActor,
    /// What somebody said is told as a fact.
    ClaimTurnedFact,
    /// The one from whom the source has it is no longer named.
    ChainShortened,
}

impl ChangeKind {
    pub fn name(self) -> &'static str {
        match self {
            ChangeKind::MarksLost => "marks lost",
            ChangeKind::MarksAdded => "marks added",
            ChangeKind::QuoteToIndirect => "quote to indirect",
            ChangeKind::IndirectToQuote => "indirect to quote",
            ChangeKind::Negated => "negation",
            ChangeKind::NumberChanged => "number changed",
            ChangeKind::NameChanged => "name changed",
            ChangeKind::NameRespelled => "name respelled",
            ChangeKind::HedgeAdded => "hedge added",
            ChangeKind::HedgeDropped => "hedge dropped",
            ChangeKind::Reworded => "reworded",
            ChangeKind::Dropped => "dropped",
            ChangeKind::Added => "added",
            ChangeKind::Reordered => "reordered",
            ChangeKind::SpeakerDropped => "speaker dropped",
            ChangeKind::SpeakerAdded => "speaker added",
            ChangeKind::SpeakerGeneralised => "speaker generalised",
            ChangeKind::SpeakerChanged => "speaker changed",
            ChangeKind::SpeakerRespelled => "speaker respelled",
            ChangeKind::SourceTurnedActor => "source turned into actor",
            ChangeKind::ClaimTurnedFact => "claim turned into fact",
            ChangeKind::ChainShortened => "source of the source dropped",
        }
    }
}

/// One change and where it shows; a side without words for it has no span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    pub kind: ChangeKind,
    pub a: Option<Span>,
    pub b: Option<Span>,
}

/// A variant with what its document tells of where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Telling<'v> {
    pub variant: &'v Variant,
    /// The source as printed; empty where the document names none, in no form.
    pub source: String,
    /// Sources behind the source as printed, farthest first.
    pub chain: Vec<String>,
    pub speaker_kind: Option<EntityKind>,
    /// The document tells it in its own voice: no source, no word of reporting, no quotation marks.
    pub bare: bool,
}

impl<'v> Telling<'v> {
    /// A variant of which nothing more is known.
    pub fn of(variant: &'v Variant) -> Self {
        let source = variant.speaker.clone();
        Telling { variant, source, chain: Vec::new(), speaker_kind: None, bare: false }
    }
}

/// Runs of equal words shorter than this do not show that marks were lost.
const RUN: usize = 3;

/// All changes from `a` to `b`: speaker and source first, then form, then in the order of the text.
pub fn changes(a: &Telling, b: &Telling) -> Vec<Change> {
    let (left, right) = (prepare(a.variant), prepare(b.variant));
    let pairs = align(&left, &right).pairs;
    let mut found = Vec::new();
    found.extend(speaker_change(&left, &right, a, b));
    found.extend(source_change(a, b, &left, &right));
    found.extend(form_change(&left, &right, &pairs));
    let mut words = word_changes(&left, &right, &pairs);
    words.extend(hedges(&left, &right));
    words.extend(stretches(&left, &right, &pairs));
    words.sort_by_key(|change| (change.a.or(change.b).map(|span| span.start), change.kind, change.b));
    words.dedup();
    found.extend(words);
    found
}

fn speaker_change(left: &Prepared, right: &Prepared, a: &Telling, b: &Telling) -> Option<Change> {
    let named = |prepared: &Prepared| !prepared.speakers.is_empty();
    let blank = |prepared: &Prepared| prepared.variant.speaker.trim().is_empty();
    let body = |kind| matches!(kind, Some(EntityKind::Organisation | EntityKind::Group | EntityKind::Unnamed));
    let person_to_body = a.speaker_kind == Some(EntityKind::Person) && body(b.speaker_kind);
    let kind = match (blank(left), blank(right)) {
        (true, true) => return None,
        (false, true) => ChangeKind::SpeakerDropped,
        (true, false) => ChangeKind::SpeakerAdded,
        (false, false) if named(left) && !named(right) => ChangeKind::SpeakerGeneralised,
        (false, false) => match speaker_relation(left, right) {
            SpeakerRelation::Different if person_to_body => ChangeKind::SpeakerGeneralised,
            SpeakerRelation::Different => ChangeKind::SpeakerChanged,
            SpeakerRelation::Transliteration => ChangeKind::SpeakerRespelled,
            _ => return None,
        },
    };
    Some(Change { kind, a: None, b: None })
}

/// What became of the source: told as a fact, with the source acting in it or gone; or a longer chain made shorter.
fn source_change(a: &Telling, b: &Telling, left: &Prepared, right: &Prepared) -> Option<Change> {
    if !a.bare && b.bare {
        let sources = a.chain.iter().chain([&a.source]);
        let actor = sources.filter(|source| acts(source, left).is_none()).find_map(|source| acts(source, right));
        return Some(match actor {
            Some(span) => Change { kind: ChangeKind::SourceTurnedActor, a: None, b: Some(span) },
            None => Change { kind: ChangeKind::ClaimTurnedFact, a: None, b: None },
        });
    }
    let farthest = a.chain.first().filter(|_| a.chain.len() > 1)?;
    let wanted = head(farthest);
    let named = |words: &str| !wanted.is_empty() && contains_words(&keys_of(words), &wanted);
    let kept = b.chain.iter().any(|it| named(it)) || named(&b.source) || named(&b.variant.text);
    (!kept && !wanted.is_empty()).then_some(Change { kind: ChangeKind::ChainShortened, a: None, b: None })
}

/// Where a source stands as the one who does something: first in its clause, with words after it.
fn acts(source: &str, told: &Prepared) -> Option<Span> {
    let wanted = head(source);
    let text = &told.variant.text;
    let first = wanted.first()?;
    let words = &told.words;
    (0..words.len()).find_map(|at| {
        let end = at + wanted.len();
        let here = words.get(at..end)?;
        let same = lang_key(here[0].span.of(text)) == *first
            && here.iter().zip(&wanted).all(|(word, key)| lang_key(word.span.of(text)) == *key);
        let opens =
            words[..at].iter().rev().take_while(|word| word.clause == here[0].clause).all(|word| !word.is_content());
        let goes_on = words.get(end).is_some_and(|word| word.clause == here[0].clause);
        (same && opens && goes_on).then(|| here[0].span.cover(here[here.len() - 1].span))
    })
}

/// The match keys of a source's last words that carry meaning, at most two: "local emergency services" → emergency services.
/// Nothing for a pronoun.
fn head(source: &str) -> Vec<String> {
    let keys: Vec<String> = keys_of(source).into_iter().filter(|key| key.chars().count() > 3).collect();
    keys[keys.len().saturating_sub(2)..].to_vec()
}

fn keys_of(words: &str) -> Vec<String> {
    crate::lang::keys(words).into_iter().map(|(key, _)| key).collect()
}

fn lang_key(word: &str) -> String {
    crate::lang::key(word)
}

fn contains_words(words: &[String], wanted: &[String]) -> bool {
    words.windows(wanted.len()).any(|here| here == wanted)
}

/// Marks that came or went around the same words; else direct speech that became reported, or the other way round.
fn form_change(left: &Prepared, right: &Prepared, pairs: &[Matched]) -> Vec<Change> {
    let lost = |pair: &Matched| left.words[pair.a].quoted && !right.words[pair.b].quoted && pair.how == How::Same;
    let gained = |pair: &Matched| !left.words[pair.a].quoted && right.words[pair.b].quoted && pair.how == How::Same;
    let mut found = runs(left, right, pairs, ChangeKind::MarksLost, &lost);
    found.extend(runs(left, right, pairs, ChangeKind::MarksAdded, &gained));
    if found.is_empty() {
        let kind = match (left.variant.kind, right.variant.kind) {
            (Kind::Direct, Kind::Indirect) => Some(ChangeKind::QuoteToIndirect),
            (Kind::Indirect, Kind::Direct) => Some(ChangeKind::IndirectToQuote),
            _ => None,
        };
        found.extend(kind.map(|kind| Change { kind, a: None, b: None }));
    }
    found
}

/// Runs of pairs that follow each other on both sides and for which `keep` holds.
fn runs(
    left: &Prepared,
    right: &Prepared,
    pairs: &[Matched],
    kind: ChangeKind,
    keep: &dyn Fn(&Matched) -> bool,
) -> Vec<Change> {
    let mut found = Vec::new();
    let kept: Vec<&Matched> = pairs.iter().filter(|pair| pair.ordered && keep(pair)).collect();
    for run in kept.chunk_by(|one, next| next.b > one.b && next.b - one.b <= 3 && next.a - one.a <= 3) {
        let (first, last) = (run[0], run[run.len() - 1]);
        if last.a + 1 - first.a >= RUN && run.len() >= 2 {
            let a = left.words[first.a].span.cover(left.words[last.a].span);
            let b = right.words[first.b].span.cover(right.words[last.b].span);
            found.push(Change { kind, a: Some(a), b: Some(b) });
        }
    }
    found
}

fn word_changes(left: &Prepared, right: &Prepared, pairs: &[Matched]) -> Vec<Change> {
    let mut found = Vec::new();
    for pair in pairs {
        let kind = match pair.how {
            _ if pair.clash => ChangeKind::Negated,
            How::Spelling => ChangeKind::NameRespelled,
            How::Synonym | How::Derived | How::Antonym => ChangeKind::Reworded,
            How::Same if !pair.ordered => ChangeKind::Reordered,
            How::Same | How::Number => continue,
        };
        found.push(Change { kind, a: Some(left.words[pair.a].span), b: Some(right.words[pair.b].span) });
    }
    found
}

/// Hedges that one side has and the other has not, by match key.
fn hedges(left: &Prepared, right: &Prepared) -> Vec<Change> {
    let words = wording(language(&left.variant.language));
    let of = |prepared: &Prepared| -> Vec<(u64, Span)> {
        let text = &prepared.variant.text;
        let all = prepared.words.iter().map(|word| (word.key, word.span));
        all.filter(|(_, span)| words.is_hedge(&crate::text::match_key(span.of(text)))).collect()
    };
    let (a, b) = (of(left), of(right));
    let absent = |key: u64, list: &[(u64, Span)]| !list.iter().any(|(other, _)| *other == key);
    let mut found = Vec::new();
    for (key, span) in a.iter().filter(|(key, _)| absent(*key, &b)) {
        let _ = key;
        found.push(Change { kind: ChangeKind::HedgeDropped, a: Some(*span), b: None });
    }
    for (_, span) in b.iter().filter(|(key, _)| absent(*key, &a)) {
        found.push(Change { kind: ChangeKind::HedgeAdded, a: None, b: Some(*span) });
    }
    found
}

/// What stands between two ordered pairs on either side and answers to nothing: numbers and names that changed, words put
/// for others, words dropped or added.
fn stretches(left: &Prepared, right: &Prepared, pairs: &[Matched]) -> Vec<Change> {
    let taken_left: BTreeSet<usize> = pairs.iter().map(|pair| pair.a).collect();
    let taken_right: BTreeSet<usize> = pairs.iter().map(|pair| pair.b).collect();
    let mut anchors: Vec<(usize, usize)> =
        pairs.iter().filter(|pair| pair.ordered).map(|pair| (pair.a + 1, pair.b + 1)).collect();
    anchors.insert(0, (0, 0));
    anchors.push((left.words.len() + 1, right.words.len() + 1));
    let mut found = Vec::new();
    for two in anchors.windows(2) {
        let free = |prepared: &Prepared, taken: &BTreeSet<usize>, from: usize, to: usize| -> Vec<usize> {
            let inside = from..to.saturating_sub(1).max(from);
            inside.filter(|at| prepared.words[*at].is_content() && !taken.contains(at)).collect()
        };
        let a = free(left, &taken_left, two[0].0, two[1].0);
        let b = free(right, &taken_right, two[0].1, two[1].1);
        found.extend(stretch(left, right, &a, &b));
    }
    found
}

fn stretch(left: &Prepared, right: &Prepared, a: &[usize], b: &[usize]) -> Option<Change> {
    let span = |prepared: &Prepared, words: &[usize]| {
        let spans: Vec<Span> = words.iter().map(|at| prepared.words[*at].span).collect();
        Span::covering(&spans)
    };
    let only = |kind: WordKind| {
        let of = |prepared: &Prepared, words: &[usize]| -> Vec<usize> {
            words.iter().copied().filter(|at| prepared.words[*at].kind == kind).collect()
        };
        let (x, y) = (of(left, a), of(right, b));
        (!x.is_empty() && !y.is_empty()).then_some((x, y))
    };
    if let Some((x, y)) = only(WordKind::Number) {
        return Some(Change { kind: ChangeKind::NumberChanged, a: span(left, &x), b: span(right, &y) });
    }
    if let Some((x, y)) = only(WordKind::Name) {
        return Some(Change { kind: ChangeKind::NameChanged, a: span(left, &x), b: span(right, &y) });
    }
    let kind = match (a.is_empty(), b.is_empty()) {
        (true, true) => return None,
        (false, true) => ChangeKind::Dropped,
        (true, false) => ChangeKind::Added,
        (false, false) => ChangeKind::Reworded,
    };
    Some(Change { kind, a: span(left, a), b: span(right, b) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::testing::{said, variant};
    use proptest::prelude::*;

    /// Each expected change: name, words of a, words of b ("" for none).
    fn check(a: &Variant, b: &Variant, expected: &[(&str, &str, &str)]) {
        let found = changes(&Telling::of(a), &Telling::of(b));
        let words = |span: Option<Span>, text: &str| span.map_or(String::new(), |span| span.of(text).to_string());
        let rows: Vec<(&str, String, String)> = found
            .iter()
            .map(|change| (change.kind.name(), words(change.a, &a.text), words(change.b, &b.text)))
            .collect();
        let rows: Vec<(&str, &str, &str)> = rows.iter().map(|(name, a, b)| (*name, a.as_str(), b.as_str())).collect();
        assert_eq!(rows, expected, "{} / {}", a.text, b.text);
    }

    fn direct(text: &str) -> Variant {
        Variant { kind: Kind::Direct, ..variant(text) }
    }

    #[test]
    fn the_same_words_have_no_changes() {
        check(&variant("the ferry sails at dawn"), &variant("The ferry sails at dawn."), &[]);
    }

    #[test]
    fn names_single_words_that_changed() {
        check(
            &variant("the ferry carried 40 goats"),
            &variant("the ferry carried 60 goats"),
            &[("number changed", "40", "60")],
        );
        check(
            &variant("the ferry to Oslo sank"),
            &variant("the ferry to Bergen sank"),
            &[("name changed", "Oslo", "Bergen")],
        );
        check(
            &variant("the ferry met Gladkov"),
            &variant("the ferry met Gladkow"),
            &[("name respelled", "Gladkov", "Gladkow")],
        );
        check(
            &variant("tariffs were banned"),
            &variant("tariffs were prohibited"),
            &[("reworded", "banned", "prohibited")],
        );
        check(&variant("the ferry is safe"), &variant("the ferry is not safe"), &[("negation", "safe", "safe")]);
    }

    #[test]
    fn hedges_come_and_go() {
        check(&variant("the ferry will sink"), &variant("the ferry may sink"), &[("hedge added", "", "may")]);
        check(
            &variant("the ferry possibly sank"),
            &variant("the ferry sank"),
            &[("hedge dropped", "possibly", ""), ("dropped", "possibly", "")],
        );
    }

    #[test]
    fn marks_and_form() {
        let quote = direct("“The ferry sank near the lighthouse”");
        check(
            &quote,
            &variant("the ferry sank near the lighthouse"),
            &[("marks lost", "ferry sank near the lighthouse", "ferry sank near the lighthouse")],
        );
        let told = variant("that a boat went down off the coast");
        let found = changes(&Telling::of(&quote), &Telling::of(&told));
        assert_eq!(found[0].kind, ChangeKind::QuoteToIndirect);
    }

    #[test]
    fn speakers() {
        let by = |speaker: &str| said(speaker, "2031-05-01", "the ferry sank");
        check(&by("Ines Falk"), &by(""), &[("speaker dropped", "", "")]);
        check(&by("Ines Falk"), &by("officials"), &[("speaker generalised", "", "")]);
        check(&by("Ines Falk"), &by("Karl Berg"), &[("speaker changed", "", "")]);
        check(&by("Podolyak"), &by("Podoliak"), &[("speaker respelled", "", "")]);
        check(&by("Ines Falk"), &by("Falk"), &[]);
    }

    /// A statement of `source` (with those behind it) told by another document in its own voice.
    fn told_as_fact(source: &str, chain: &[&str], text: &str, bare_text: &str) -> Vec<(&'static str, String)> {
        let (a, b) = (said(source, "2031-05-01", text), variant(bare_text));
        let chain = chain.iter().map(|it| it.to_string()).collect();
        let from = Telling { chain, ..Telling::of(&a) };
        let to = Telling { bare: true, ..Telling::of(&b) };
        let words = |span: Option<Span>| span.map_or(String::new(), |span| span.of(bare_text).to_string());
        let found = changes(&from, &to).into_iter().map(|change| (change.kind.name(), words(change.b)));
        found.filter(|(name, _)| name.contains("turned")).collect()
    }

    #[test]
    fn a_source_that_acts_and_a_source_that_is_gone() {
        let text = "ten barges were turned back or sunk";
        let acting = told_as_fact(
            "RIA",
            &["emergency services", "RIA"],
            text,
            "However, emergency services turned back ten barges",
        );
        assert_eq!(acting, [("source turned into actor", "emergency services".to_string())]);
        let gone = told_as_fact("Ines Falk", &[], text, "Ten barges were turned back or sunk");
        assert_eq!(gone, [("claim turned into fact", String::new())]);
        let elsewhere = told_as_fact("Halden", &[], text, "Ten barges were turned back near Halden or sunk");
        assert_eq!(elsewhere, [("claim turned into fact", String::new())]);
        let always = told_as_fact("the police", &[], "police sank ten barges", "Police sank ten barges");
        assert_eq!(always, [("claim turned into fact", String::new())]);
    }

    #[test]
    fn a_chain_made_shorter() {
        let (a, b) = (said("RIA", "2031-05-01", "ten barges sank"), said("RIA", "2031-05-02", "ten barges sank"));
        let long = Telling { chain: vec!["emergency services".into(), "RIA".into()], ..Telling::of(&a) };
        let names = |found: Vec<Change>| found.into_iter().map(|change| change.kind.name()).collect::<Vec<_>>();
        assert_eq!(names(changes(&long, &Telling::of(&b))), ["source of the source dropped"]);
        let kept = Telling { chain: vec!["the emergency services".into(), "RIA".into()], ..Telling::of(&b) };
        assert_eq!(names(changes(&long, &kept)), [""; 0]);
    }

    #[test]
    fn a_person_who_became_a_body() {
        let (a, b) =
            (said("Dmitry Falk", "2031-05-01", "it is alarming"), said("Russia", "2031-05-01", "it is alarming"));
        let kind = |variant, kind| Telling { speaker_kind: Some(kind), ..Telling::of(variant) };
        let found = changes(&kind(&a, EntityKind::Person), &kind(&b, EntityKind::Organisation));
        assert_eq!(found[0].kind, ChangeKind::SpeakerGeneralised);
        let found = changes(&kind(&a, EntityKind::Person), &kind(&b, EntityKind::Person));
        assert_eq!(found[0].kind, ChangeKind::SpeakerChanged);
    }

    proptest! {
        #[test]
        fn spans_slice_on_any_text(a in "\\PC{0,120}", b in "\\PC{0,120}") {
            for change in changes(&Telling::of(&variant(&a)), &Telling::of(&variant(&b))) {
                prop_assert!(change.a.is_none_or(|span| a.get(span.start..span.end).is_some_and(|it| !it.is_empty())));
                prop_assert!(change.b.is_none_or(|span| b.get(span.start..span.end).is_some_and(|it| !it.is_empty())));
            }
        }
    }
}
