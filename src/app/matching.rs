//! "Has this been said or checked before?": known claims of a bank, or statements of the store, ranked for any text.
//!
//! Both ways are one engine: candidates by their words, then words and meaning fused (`link::likeness`).

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rayon::prelude::*;
use serde::Deserialize;

use crate::lang::{self, Language};
use crate::link::{Meaning, Query, Retriever, likeness};
use crate::model::Embedding;
use crate::store::{Filter, Store};
use crate::text::{CodePoints, Span};

use super::ask::load;
use super::{AppError, Quoted};

/// This many texts, best by their words, are compared by meaning.
const COMPARED: usize = 100;

/// One known claim of a bank.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct BankClaim {
    pub id: String,
    pub claim: String,
    #[serde(default)]
    pub title: String,
}

/// One text to look up.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct MatchQuery {
    pub id: String,
    pub text: String,
}

/// Knobs of matching.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MatchOptions {
    /// Most results for one query.
    pub most: usize,
    /// Compare meanings too; without it only words count.
    pub meaning: bool,
    /// Results that score less are left out, 0 to 1.
    pub least: f64,
}

impl Default for MatchOptions {
    fn default() -> Self {
        MatchOptions { most: 10, meaning: true, least: 0.0 }
    }
}

/// One answer to a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Place in the bank.
    pub place: usize,
    /// 0 to 1: higher is nearer.
    pub score: f64,
    /// Share of the query's words, 0 to 1, rare ones counting more.
    pub words: f64,
    /// Cosine of the meanings; `None` where only words were compared.
    pub meaning: Option<f64>,
    /// Words of the claim that the query has too: bytes of its `claim`.
    pub shared: Vec<Span>,
}

/// A bank of known claims, ready to be asked. Meanings are computed when they are first needed.
pub struct Bank<'b> {
    claims: &'b [BankClaim],
    index: Retriever,
    language: &'static Language,
    meanings: Vec<OnceLock<Embedding>>,
    /// Equal for claims in the same words.
    wordings: Vec<u64>,
}

impl<'b> Bank<'b> {
    pub fn new(claims: &'b [BankClaim], language: &'static Language) -> Self {
        let texts: Vec<String> = claims.iter().map(in_full).collect();
        let index = Retriever::new(texts.iter().map(String::as_str), language);
        let meanings = claims.iter().map(|_| OnceLock::new()).collect();
        let wordings = claims.iter().map(|claim| Query::new(&claim.claim, language).wording()).collect();
        Bank { claims, index, language, meanings, wordings }
    }

    /// The best claims for a text, best first; equal scores in the order of the bank.
    pub fn rank(&self, text: &str, options: &MatchOptions) -> Vec<Hit> {
        let query = Query::new(text, self.language);
        let found = self.index.rank(&query, COMPARED.max(options.most));
        let asked =
            options.meaning.then(|| Meaning::of(self.language)).flatten().map(|mut it| it.of_text(query.readable()));
        let places: Vec<usize> = found.iter().map(|(place, _)| *place).collect();
        let cosines = asked.map(|asked| self.cosines(&asked, &places));
        let hits = found.into_iter().enumerate().map(|(at, (place, words))| {
            let meaning = cosines.as_ref().map(|cosines| cosines[at]);
            let shared = query.words_in(&self.claims[place].claim);
            Hit { place, score: likeness(words, meaning), words, meaning, shared }
        });
        let mut hits: Vec<Hit> = hits.collect();
        self.level_same_words(&mut hits);
        best(hits, options)
    }

    /// Claims in the same words are one claim checked twice: each has the best score of them, so that they keep the bank's order.
    fn level_same_words(&self, hits: &mut [Hit]) {
        let mut best: BTreeMap<u64, f64> = BTreeMap::new();
        for hit in hits.iter() {
            let score = best.entry(self.wordings[hit.place]).or_insert(hit.score);
            *score = score.max(hit.score);
        }
        hits.iter_mut().for_each(|hit| hit.score = best[&self.wordings[hit.place]]);
    }

    fn cosines(&self, asked: &Embedding, places: &[usize]) -> Vec<f64> {
        places.par_chunks(16).for_each(|places| self.embed(places));
        places.iter().map(|place| self.meanings[*place].get().map_or(0.0, |made| asked.cosine(made))).collect()
    }

    /// Makes the meanings that are not made yet.
    fn embed(&self, places: &[usize]) {
        let Some(mut meaning) = Meaning::of(self.language) else { return };
        let unmade: Vec<usize> = places.iter().copied().filter(|place| self.meanings[*place].get().is_none()).collect();
        let texts: Vec<String> = unmade.iter().map(|place| in_full(&self.claims[*place])).collect();
        for (place, made) in unmade.into_iter().zip(meaning.of_texts(&texts)) {
            self.meanings[place].get_or_init(|| made);
        }
    }
}

fn in_full(claim: &BankClaim) -> String {
    format!("{} {}", claim.claim, claim.title)
}

fn best(mut hits: Vec<Hit>, options: &MatchOptions) -> Vec<Hit> {
    hits.retain(|hit| hit.score >= options.least);
    hits.sort_by(|x, y| y.score.total_cmp(&x.score).then(x.place.cmp(&y.place)));
    hits.truncate(options.most);
    hits
}

/// A statement of the store that answers a query; the shared words are its highlights.
#[derive(Clone, Debug)]
pub struct StatementHit {
    pub score: f64,
    pub words: f64,
    pub meaning: Option<f64>,
    pub statement: Quoted,
}

/// The statements nearest to a text, best first. Statements of one claim all count; grouping them is up to the caller.
///
/// # Errors
/// When the text has no word to look for, or the store cannot be read.
pub fn match_statements(
    store: &Store,
    text: &str,
    filter: &Filter,
    options: &MatchOptions,
) -> Result<Vec<StatementHit>, AppError> {
    let language = lang::language("en");
    let query = Query::new(text, language);
    if query.is_empty() {
        return Err(AppError::usage(
            format!("there is no word to look for in {text:?}"),
            "give at least one word that is not a function word",
        ));
    }
    let rows: Vec<i64> = store.search_any(&query.rarest(MOST_ASKED), 2 * COMPARED.max(options.most), filter)?;
    let rows = store.statements(&rows)?;
    let mut documents = BTreeMap::new();
    let mut contents = Vec::with_capacity(rows.len());
    for row in &rows {
        let Some(document) = load(store, &mut documents, row.document_key)? else { continue };
        contents.push(super::graph::words(&document.document.text, &row.statement.attribution.content));
    }
    let index = Retriever::on_background(contents.iter().map(String::as_str), language);
    let asked = options.meaning.then(|| Meaning::of(language)).flatten().map(|mut it| it.of_text(query.readable()));
    let mut hits = Vec::new();
    for (place, words) in index.rank(&query, COMPARED.max(options.most)) {
        let meaning = match &asked {
            Some(asked) => store.embedding(rows[place].key)?.map(|known| asked.cosine(&known)),
            None => None,
        };
        hits.push(Hit { place, score: likeness(words, meaning), words, meaning, shared: Vec::new() });
    }
    let mut found = Vec::new();
    for hit in best(hits, options) {
        let row = rows[hit.place].clone();
        let Some(document) = load(store, &mut documents, row.document_key)? else { continue };
        let highlights = highlights(&query, &document.document.text, &row.statement.attribution.content);
        let statement = Quoted::new(store, row, document, highlights)?;
        found.push(StatementHit { score: hit.score, words: hit.words, meaning: hit.meaning, statement });
    }
    Ok(found)
}

/// Longer queries are looked up by their rarest words.
const MOST_ASKED: usize = 24;

fn highlights(query: &Query, text: &str, content: &[Span]) -> Vec<Span> {
    let within = |span: &Span| {
        let start = span.start;
        query.words_in(span.of(text)).into_iter().map(move |word| Span::new(word.start + start, word.end + start))
    };
    content.iter().flat_map(|span| within(span).collect::<Vec<_>>()).collect()
}

/// Spans of a text as pairs of code points.
pub fn code_points(text: &str, spans: &[Span]) -> Vec<(usize, usize)> {
    let points = CodePoints::new(text);
    spans.iter().map(|span| points.of_span(*span)).collect()
}

/// Reads a bank: JSON Lines of `{id, claim, title?}`, or CSV with these columns (found by name).
///
/// # Errors
/// The first line that cannot be read, and why.
pub fn read_bank(bytes: &[u8], is_csv: bool) -> Result<Vec<BankClaim>, String> {
    if is_csv {
        let mut table = csv::Reader::from_reader(bytes);
        return table.deserialize().map(|row| row.map_err(|error| error.to_string())).collect();
    }
    read_lines(bytes)
}

/// Reads queries from JSON Lines of `{id, text}`.
///
/// # Errors
/// The first line that cannot be read, and why.
pub fn read_queries(bytes: &[u8]) -> Result<Vec<MatchQuery>, String> {
    read_lines(bytes)
}

fn read_lines<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<Vec<T>, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| format!("not UTF-8: {error}"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(at, line)| serde_json::from_str(line).map_err(|error| format!("line {}: {error}", at + 1))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bank() -> Vec<BankClaim> {
        let claim = |id: &str, claim: &str| BankClaim { id: id.into(), claim: claim.into(), title: String::new() };
        vec![
            claim("a", "The harbour wall will be rebuilt with foreign money"),
            claim("b", "Ferries carried two million passengers last year"),
            claim("c", "The mayor never promised free ferries"),
            claim("d", "A shark was seen swimming on a flooded motorway"),
        ]
    }

    fn check(text: &str, meaning: bool, best: Option<&str>) {
        let claims = bank();
        let bank = Bank::new(&claims, lang::language("en"));
        let found = bank.rank(text, &MatchOptions { meaning, ..MatchOptions::default() });
        assert_eq!(found.first().map(|hit| claims[hit.place].id.as_str()), best, "{text}");
    }

    #[test]
    fn the_claim_is_found_in_other_words() {
        for meaning in [false, true] {
            check("did she promise that the ferry is free?", meaning, Some("c"));
            check("#FloodedMotorway shark!!", meaning, Some("d"));
            check("the of", meaning, None);
        }
        // by its words alone it would be the mayor's
        check("The ferries transported over two million people last year, the mayor was told", true, Some("b"));
    }

    #[test]
    fn claims_in_the_same_words_keep_the_order_of_the_bank() {
        let mut claims = bank();
        claims[0].title = "Who pays for the wall of the harbour, and with which foreign money?".to_string();
        claims.push(BankClaim { id: "e".into(), title: String::new(), ..claims[0].clone() });
        let bank = Bank::new(&claims, lang::language("en"));
        let found = bank.rank("the harbor wall is rebuilt with money from abroad", &MatchOptions::default());
        let ids: Vec<&str> = found.iter().take(2).map(|hit| claims[hit.place].id.as_str()).collect();
        assert_eq!(ids, ["a", "e"]);
        assert_eq!(found[0].score, found[1].score);
    }

    #[test]
    fn shared_words_lie_in_the_claim() {
        let claims = bank();
        let hit =
            Bank::new(&claims, lang::language("en")).rank("rebuilt: the harbor", &MatchOptions::default()).remove(0);
        let words: Vec<&str> = hit.shared.iter().map(|span| span.of(&claims[hit.place].claim)).collect();
        assert_eq!(words, ["harbour", "rebuilt"]);
        assert!((0.0..=1.0).contains(&hit.score));
    }

    #[test]
    fn banks_are_read_and_bad_lines_named() {
        assert_eq!(read_bank(b"id,title,claim\n1,T,\"C, c\"\n", true).unwrap()[0].claim, "C, c");
        assert_eq!(read_bank(b"\xef\xbb\xbf{\"id\":\"1\",\"claim\":\"c\"}\n\n", false).unwrap().len(), 1);
        assert!(read_bank(b"{\"id\":\"1\",\"claim\":\"c\"}\n{}", false).unwrap_err().starts_with("line 2"));
        assert!(read_queries(b"\xff").is_err());
    }
}
