//! The question: who said something with these words? Matching on keys, answering with the exact words in place.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::lang;
use crate::model::{Id, Kind, PassageKind};
use crate::store::{Filter, Store, StoreError, StoredDocument};
use crate::text::{CodePoints, Span};

use super::matching::{MatchOptions, match_statements};
use super::speakers::find_speakers;
use super::{AppError, Quoted};

/// Narrowing of `who-said` and other lists, as typed.
#[derive(Clone, Debug, Default)]
pub struct WhoSaidOptions {
    pub speaker: Option<String>,
    pub outlet: Option<String>,
    pub since: Option<String>,
    pub until: Option<String>,
    pub kind: Option<Kind>,
    pub min_confidence: f64,
    /// Captions, boilerplate, headlines and thoughts too, and hits outside statements.
    pub all: bool,
    /// At most so many statements, the best ones; `None`: all of them.
    pub most: Option<usize>,
}

/// Statements of one claim among the results.
#[derive(Clone, Debug)]
pub struct ClaimGroup {
    pub id: Id,
    /// The words that stand for the claim.
    pub text: String,
    pub speaker: Option<String>,
    /// Indices into `WhoSaid::results`.
    pub statements: Vec<usize>,
}

/// A place where the words stand outside any statement shown.
#[derive(Clone, Debug, PartialEq)]
pub struct HiddenHit {
    pub document: Id,
    pub zone: PassageKind,
    /// The line or sentence around the words, and the words in it.
    pub around: String,
    pub start: usize,
    pub end: usize,
}

/// The answer.
#[derive(Clone, Debug, Default)]
pub struct WhoSaid {
    pub query: String,
    /// The surface forms that matched, lower case, sorted.
    pub matched_terms: Vec<String>,
    /// The words stood apart: no statement has them as a phrase.
    pub words_apart: bool,
    pub results: Vec<Quoted>,
    pub claims: Vec<ClaimGroup>,
    pub hidden: Vec<HiddenHit>,
    /// Statements that hold the words but were left out, as `most` asked for.
    pub left_out: usize,
    /// The words are too common to say which statements are the best: those shown are no better than the others.
    pub unranked: bool,
    /// Documents with the words that were not searched for hidden hits.
    pub not_searched: usize,
    pub documents: usize,
}

/// Words that a phrase may leave out or put in.
const LITTLE_WORDS: &[&str] = &["a", "an", "the", "to", "of"];

/// Most statements of a fuzzy answer, and the least likeness that is worth showing.
const FUZZY_RESULTS: usize = 25;
const FUZZY_LEAST: f64 = 0.35;

/// Documents whose hits outside statements are counted where they are not shown.
const COUNTED: usize = 10;

/// How many other words may stand between two words of a phrase.
const GAP: usize = 2;

/// Answers `query`.
///
/// # Errors
/// A query without a word to look for, an unknown speaker, or a store problem.
pub fn who_said(store: &Store, query: &str, options: &WhoSaidOptions) -> Result<WhoSaid, AppError> {
    let keys = query_keys(query);
    if keys.is_empty() {
        return Err(AppError::usage(
            format!("there is no word to look for in {query:?}"),
            "give at least one word, for example: provenance who-said \"air defence\"",
        ));
    }
    let filter = filter(store, options)?;
    let mut answer = WhoSaid { query: query.to_string(), ..WhoSaid::default() };
    let mut documents = BTreeMap::new();
    let most = options.most.unwrap_or(usize::MAX);
    collect(store, &keys, true, &filter, most, &mut documents, &mut answer)?;
    if answer.results.is_empty() && keys.len() > 1 {
        collect(store, &keys, false, &filter, most, &mut documents, &mut answer)?;
        answer.words_apart = !answer.results.is_empty();
    }
    let searched = if options.all { most } else { most.min(COUNTED) };
    find_hidden(store, &keys, searched, &mut answer, &mut documents)?;
    answer.documents = answer.results.iter().map(|it| &it.statement.document).collect::<BTreeSet<_>>().len();
    group(store, &mut answer, &mut documents)?;
    Ok(answer)
}

/// Answers `query` in any wording: the nearest statements by words and meaning, grouped by claim as `who_said` does.
///
/// # Errors
/// As `who_said`.
pub fn who_said_fuzzy(store: &Store, query: &str, options: &WhoSaidOptions) -> Result<WhoSaid, AppError> {
    let near = MatchOptions { most: FUZZY_RESULTS, least: FUZZY_LEAST, ..MatchOptions::default() };
    let mut answer = WhoSaid { query: query.to_string(), words_apart: true, ..WhoSaid::default() };
    answer.results =
        match_statements(store, query, &filter(store, options)?, &near)?.into_iter().map(|hit| hit.statement).collect();
    let words = |it: &Quoted| -> Vec<String> {
        it.highlights.iter().map(|span| span.of(&it.document.document.text).to_lowercase()).collect()
    };
    answer.matched_terms = answer.results.iter().flat_map(words).collect::<BTreeSet<_>>().into_iter().collect();
    answer.documents = answer.results.iter().map(|it| &it.statement.document).collect::<BTreeSet<_>>().len();
    group(store, &mut answer, &mut Documents::new())?;
    Ok(answer)
}

/// The match keys of a query; little words are dropped where others remain.
pub(super) fn query_keys(query: &str) -> Vec<String> {
    let keys: Vec<String> = lang::keys(query).into_iter().map(|(key, _)| key).collect();
    let content: Vec<String> = keys.iter().filter(|key| !LITTLE_WORDS.contains(&key.as_str())).cloned().collect();
    if content.is_empty() { keys } else { content }
}

pub(super) fn filter(store: &Store, options: &WhoSaidOptions) -> Result<Filter, AppError> {
    let speakers = match &options.speaker {
        Some(name) => Some(find_speakers(store, name)?.into_iter().map(|card| card.key).collect()),
        None => None,
    };
    Ok(Filter {
        speakers,
        outlet: options.outlet.clone(),
        since: options.since.clone(),
        until: options.until.clone(),
        kind: options.kind,
        min_confidence: options.min_confidence,
        ..if options.all { Filter::default() } else { Filter::usual() }
    })
}

fn collect(
    store: &Store,
    keys: &[String],
    as_phrase: bool,
    filter: &Filter,
    most: usize,
    documents: &mut Documents,
    answer: &mut WhoSaid,
) -> Result<(), AppError> {
    let hits = store.search_statements(keys, as_phrase, filter, most)?;
    (answer.left_out, answer.unranked) = (hits.left_out, hits.unranked);
    let mut terms: BTreeSet<String> = BTreeSet::new();
    for row in store.statements(&hits.best)? {
        let document = load(store, documents, row.document_key)?;
        let Some(document) = document else { continue };
        let text = &document.document.text;
        let content = &row.statement.attribution.content;
        let highlights: Vec<Span> = content.iter().flat_map(|span| matches(text, *span, keys, as_phrase)).collect();
        if highlights.is_empty() {
            continue;
        }
        terms.extend(highlights.iter().map(|span| span.of(text).to_lowercase()));
        answer.results.push(Quoted::new(store, row, document, highlights)?);
    }
    answer.matched_terms = terms.into_iter().collect();
    Ok(())
}

/// Documents by row key, each loaded once.
pub(super) type Documents = BTreeMap<i64, Arc<StoredDocument>>;

pub(super) fn load<'d>(
    store: &Store,
    documents: &'d mut Documents,
    key: i64,
) -> Result<Option<&'d Arc<StoredDocument>>, StoreError> {
    if !documents.contains_key(&key) {
        documents.extend(store.document(key)?.map(|document| (key, Arc::new(document))));
    }
    Ok(documents.get(&key))
}

/// Where the words stand in `within`: as a phrase in order with small gaps, or (apart) each word that fits.
pub(super) fn matches(text: &str, within: Span, keys: &[String], as_phrase: bool) -> Vec<Span> {
    let words: Vec<(String, Span)> = lang::keys(within.of(text))
        .into_iter()
        .map(|(key, span)| (key, Span::new(span.start + within.start, span.end + within.start)))
        .collect();
    if !as_phrase {
        return words.into_iter().filter(|(key, _)| keys.contains(key)).map(|(_, span)| span).collect();
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match phrase_at(&words[at..], keys) {
            Some(length) => {
                found.push(words[at].1.cover(words[at + length - 1].1));
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// How many words a phrase takes at the start of `words`; `None` where it does not stand there.
fn phrase_at(words: &[(String, Span)], keys: &[String]) -> Option<usize> {
    let mut at = 0;
    for (number, key) in keys.iter().enumerate() {
        let reach = if number == 0 { 1 } else { GAP + 1 };
        let found = words.get(at..)?.iter().take(reach).position(|(word, _)| word == key)?;
        at += found + 1;
    }
    Some(at)
}

/// Hits outside the statements shown: in captions and boilerplate, and in the narrative.
fn find_hidden(
    store: &Store,
    keys: &[String],
    most: usize,
    answer: &mut WhoSaid,
    documents: &mut Documents,
) -> Result<(), AppError> {
    let as_phrase = !answer.words_apart;
    let (found, not_searched) = store.search_documents(keys, as_phrase, most)?;
    answer.not_searched = not_searched;
    answer.hidden = hidden(store, keys, as_phrase, &found, answer, documents)?;
    Ok(())
}

fn hidden(
    store: &Store,
    keys: &[String],
    as_phrase: bool,
    in_documents: &[i64],
    answer: &WhoSaid,
    documents: &mut Documents,
) -> Result<Vec<HiddenHit>, AppError> {
    let mut shown: BTreeMap<&Id, Vec<Span>> = BTreeMap::new();
    for quoted in &answer.results {
        shown.entry(&quoted.statement.document).or_default().extend(&quoted.statement.attribution.content);
    }
    let mut hits = Vec::new();
    for &key in in_documents {
        let passages = store.passages(key)?;
        let Some(document) = load(store, documents, key)? else { continue };
        let text = &document.document.text;
        let points = CodePoints::new(text);
        // Statements that were left out hold their hits as well as those shown.
        let mut inside: Vec<Span> = shown.get(&document.id).cloned().unwrap_or_default();
        inside.extend(store.contents(key)?.into_iter().map(|(start, end)| points.to_span(start, end)));
        for (start, end, zone) in passages {
            let passage = points.to_span(start, end);
            for words in matches(text, passage, keys, as_phrase) {
                if !inside.iter().any(|span| span.contains(words)) {
                    let around = around(text, passage, words);
                    hits.push(HiddenHit {
                        document: document.id.clone(),
                        zone,
                        around: around.of(text).to_string(),
                        start: words.start - around.start,
                        end: words.end - around.start,
                    });
                }
            }
        }
    }
    hits.sort_by(|x, y| (&x.document, &x.around, x.start).cmp(&(&y.document, &y.around, y.start)));
    Ok(hits)
}

/// Some words to the left and right, within the passage.
fn around(text: &str, passage: Span, words: Span) -> Span {
    const REACH: usize = 60;
    let near = Span::new(words.start.saturating_sub(REACH).max(passage.start), (words.end + REACH).min(passage.end));
    near.snapped(text).trimmed(text)
}

/// Groups the results by claim: claims with most documents first, single statements last.
fn group(store: &Store, answer: &mut WhoSaid, documents: &mut Documents) -> Result<(), AppError> {
    answer.results.sort_by_key(|it| it.order_key());
    let mut groups: BTreeMap<Id, Vec<usize>> = BTreeMap::new();
    for (at, quoted) in answer.results.iter().enumerate() {
        let claim = quoted.statement.claim.clone().unwrap_or_else(|| quoted.statement.id.clone());
        groups.entry(claim).or_default().push(at);
    }
    let mut claims = Vec::new();
    for (id, statements) in groups {
        let (text, speaker) = super::claims::face(store, &id, documents)?
            .unwrap_or_else(|| (answer.results[statements[0]].exact(), answer.results[statements[0]].speaker()));
        claims.push(ClaimGroup { id, text, speaker, statements });
    }
    claims.sort_by_key(|group| {
        let documents: BTreeSet<&Id> =
            group.statements.iter().map(|at| &answer.results[*at].statement.document).collect();
        (std::cmp::Reverse(documents.len()), std::cmp::Reverse(group.statements.len()), group.id.clone())
    });
    answer.claims = claims;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str, text: &str, found: &[&str]) {
        let keys = query_keys(query);
        let hits = matches(text, Span::new(0, text.len()), &keys, true);
        assert_eq!(hits.iter().map(|span| span.of(text)).collect::<Vec<_>>(), found, "{query} in {text}");
    }

    #[test]
    fn phrases_match_in_every_spelling() {
        check("air defense", "The air defences and air-defense systems held.", &["air defences", "air-defense"]);
        check("build a wall", "We will build the wall. Building walls is dear.", &["build the wall", "Building walls"]);
        check("build a wall", "a wall was to build", &[]);
        check("Kiev", "Kyiv said", &["Kyiv"]);
    }

    #[test]
    fn near_misses_do_not_match() {
        check("air defense", "The air was clear; in defense of the town", &[]);
        check("air defense", "defense air", &[]);
    }
}
