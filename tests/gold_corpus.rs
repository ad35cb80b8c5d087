//! Keeps the hand-made gold in `examples/gold` true to the texts in `examples/corpus`: every exact
//! string stands where the gold says, every id that is referred to exists, and the offsets in
//! `evaluate.jsonl` are the same spans. It judges the gold, not the program.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

/// A span by its words; `occurrence` (from 1) is given only where the words stand more than once.
#[derive(Deserialize, Clone, Debug)]
#[serde(untagged)]
enum Exact {
    Once(String),
    Nth { exact: String, occurrence: usize },
}

#[derive(Deserialize)]
struct Attribution {
    id: String,
    content: Vec<Exact>,
    source: Option<Exact>,
    cue: Option<Exact>,
    speaker: Option<String>,
    kind: String,
    claim: Option<String>,
    nested_in: Option<String>,
    /// Sources behind the source, nearest first.
    #[serde(default)]
    chain: Vec<Behind>,
    #[serde(default)]
    marks_lost: bool,
}

#[derive(Deserialize)]
struct Behind {
    source: Exact,
    cue: Exact,
    speaker: String,
}

#[derive(Deserialize)]
struct Repeat {
    id: String,
    content: Exact,
    claim: String,
}

#[derive(Deserialize)]
struct GoldDocument {
    doc: String,
    path: String,
    /// Only where the stored text is the input's own text: not for HTML and feeds.
    text_sha256: Option<String>,
    attributions: Vec<Attribution>,
    repeats: Vec<Repeat>,
    not_counted: Vec<Exact>,
}

#[derive(Deserialize)]
struct Relation {
    kind: String,
    claim: String,
}

#[derive(Deserialize)]
struct Claim {
    id: String,
    members: Vec<String>,
    documents: Vec<String>,
    first_seen: String,
    #[serde(default)]
    relations: Vec<Relation>,
}

#[derive(Deserialize)]
struct Speaker {
    name: String,
    spellings: Vec<String>,
}

#[derive(Deserialize)]
struct Derivation {
    from: String,
    to: String,
}

#[derive(Deserialize)]
struct Question {
    expected: Vec<String>,
    #[serde(default)]
    must_not: Vec<String>,
}

#[derive(Deserialize)]
struct EvaluateDocument {
    doc_id: String,
    text: String,
    attributions: Vec<EvaluateAttribution>,
}

type Offsets = Vec<(usize, usize)>;

#[derive(Deserialize)]
struct EvaluateAttribution {
    cue: Offsets,
    source: Offsets,
    content: Offsets,
}

impl Attribution {
    fn spans(&self) -> impl Iterator<Item = &Exact> {
        let behind = self.chain.iter().flat_map(|b| [&b.source, &b.cue]);
        self.content.iter().chain(&self.source).chain(&self.cue).chain(behind)
    }

    fn speakers(&self) -> impl Iterator<Item = &String> {
        self.speaker.iter().chain(self.chain.iter().map(|behind| &behind.speaker))
    }
}

fn examples() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples")
}

fn read(path: &str) -> String {
    fs::read_to_string(examples().join(path)).unwrap_or_else(|e| panic!("examples/{path}: {e}"))
}

fn lines<T: DeserializeOwned>(name: &str) -> Vec<T> {
    read(&format!("gold/{name}"))
        .lines()
        .enumerate()
        .map(|(n, line)| serde_json::from_str(line).unwrap_or_else(|e| panic!("{name}:{}: {e}", n + 1)))
        .collect()
}

fn gold() -> Vec<GoldDocument> {
    lines("attributions.jsonl")
}

/// The text a gold document is about. Pages and feeds are searched as they are: their marked
/// strings never cross a tag.
fn text_of(document: &GoldDocument) -> String {
    let raw = read(&format!("corpus/{}", document.path));
    match document.path.rsplit('.').next() {
        Some("jsonl") => json_record(&raw, &document.doc),
        Some("csv") => csv_record(&raw, &document.doc),
        Some("xml") => feed_item(&raw, &document.doc),
        _ => raw,
    }
}

fn json_record(raw: &str, id: &str) -> String {
    raw.lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a JSON line"))
        .find(|record| record["id"] == id)
        .map(|record| record["text"].as_str().expect("a text").to_string())
        .unwrap_or_else(|| panic!("no record {id}"))
}

fn csv_record(raw: &str, id: &str) -> String {
    let mut table = csv::Reader::from_reader(raw.as_bytes());
    let headers = table.headers().expect("a header row").clone();
    let column = |name: &str| headers.iter().position(|h| h == name).expect("the column");
    let (id_column, body) = (column("id"), column("body"));
    table
        .records()
        .map(|row| row.expect("a row"))
        .find(|row| &row[id_column] == id)
        .map(|row| row[body].to_string())
        .unwrap_or_else(|| panic!("no row {id}"))
}

fn feed_item(raw: &str, id: &str) -> String {
    raw.split("<item>")
        .find(|item| item.contains(&format!(">{id}</guid>")))
        .unwrap_or_else(|| panic!("no item {id}"))
        .to_string()
}

/// Where the words stand: overlapping occurrences count, as in the gold.
fn starts(text: &str, words: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find(words) {
        found.push(from + at);
        from += at + words.chars().next().map_or(1, char::len_utf8);
    }
    found
}

/// The byte range of a span, or what is wrong with it. In markup the order of occurrences is that
/// of the readable text, so there only the words are looked for.
fn locate(text: &str, span: &Exact, markup: bool) -> Result<(usize, usize), String> {
    let (words, nth) = match span {
        Exact::Once(words) => (words, None),
        Exact::Nth { exact, occurrence } => (exact, Some(*occurrence)),
    };
    let found = starts(text, words);
    match (nth, found.len()) {
        (_, 0) => Err(format!("not found: {words:?}")),
        (None, n) if n > 1 && !markup => Err(format!("stands {n} times, needs an occurrence: {words:?}")),
        (Some(_), 1) => Err(format!("stands once, needs no occurrence: {words:?}")),
        (Some(nth), n) if nth == 0 || nth > n => Err(format!("occurrence {nth} of {n}: {words:?}")),
        (nth, _) => {
            let start = found[nth.unwrap_or(1) - 1];
            Ok((start, start + words.len()))
        }
    }
}

fn assert_none(faults: Vec<String>) {
    assert!(faults.is_empty(), "{} fault(s):\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_exact_string_stands_in_its_text() {
    let mut faults = Vec::new();
    let mut spans = 0;
    for document in gold() {
        let text = text_of(&document);
        let markup = document.text_sha256.is_none();
        let of_attributions = document.attributions.iter().flat_map(|a| a.spans().map(|span| (&a.id, span)));
        let of_repeats = document.repeats.iter().map(|r| (&r.id, &r.content));
        let of_captions = document.not_counted.iter().map(|span| (&document.doc, span));
        for (id, span) in of_attributions.chain(of_repeats).chain(of_captions) {
            spans += 1;
            if let Err(fault) = locate(&text, span, markup) {
                faults.push(format!("{id}: {fault}"));
            }
        }
    }
    assert_none(faults);
    assert!(spans > 500, "only {spans} spans were checked");
}

#[test]
fn texts_are_the_ones_that_were_annotated() {
    let mut hashed = 0;
    for document in gold() {
        let Some(expected) = &document.text_sha256 else { continue };
        let actual: String =
            Sha256::digest(text_of(&document).as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(&actual, expected, "{} was changed after it was annotated", document.doc);
        hashed += 1;
    }
    assert!(hashed >= 10, "only {hashed} documents carry a hash");
}

#[test]
fn kinds_agree_with_the_marks_in_the_text() {
    const MARKS: &[char] = &['“', '”', '"', '‘', '’', '«', '»', '„'];
    let mut faults = Vec::new();
    for attribution in gold().iter().flat_map(|d| &d.attributions) {
        let words = attribution.content.iter().map(|span| match span {
            Exact::Once(words) => words.as_str(),
            Exact::Nth { exact, .. } => exact.as_str(),
        });
        let all: Vec<&str> = words.collect();
        let marked = |part: &&str| part.starts_with(MARKS) && part.ends_with(MARKS);
        let kind = if all.iter().all(marked) {
            "direct"
        } else if all.iter().any(|part| part.contains(MARKS)) {
            "mixed"
        } else {
            "indirect"
        };
        if kind != attribution.kind && !attribution.marks_lost {
            faults.push(format!("{}: {} in the gold, {kind} by its marks", attribution.id, attribution.kind));
        }
    }
    assert_none(faults);
}

#[test]
fn ids_refer_to_what_exists() {
    let documents = gold();
    let mut document_of: BTreeMap<String, String> = BTreeMap::new();
    let mut claim_of: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for document in &documents {
        let statements = document.attributions.iter().map(|a| (&a.id, a.claim.as_ref()));
        let repeats = document.repeats.iter().map(|r| (&r.id, Some(&r.claim)));
        for (id, claim) in statements.chain(repeats) {
            let twice = document_of.insert(id.clone(), document.doc.clone());
            assert!(twice.is_none(), "{id} is there twice");
            if let Some(claim) = claim {
                claim_of.entry(claim.clone()).or_default().insert(id.clone());
            }
        }
    }
    let claims: Vec<Claim> = lines("claims.jsonl");
    let known: BTreeSet<&String> = claims.iter().map(|c| &c.id).collect();
    assert_eq!(known.len(), claims.len(), "a claim is there twice");
    assert_eq!(known, claim_of.keys().collect(), "claims and the attributions' claims differ");
    for claim in &claims {
        let members: BTreeSet<String> = claim.members.iter().cloned().collect();
        assert_eq!(members, claim_of[&claim.id], "members of {}", claim.id);
        let carriers: BTreeSet<&String> = members.iter().map(|m| &document_of[m]).collect();
        assert_eq!(carriers, claim.documents.iter().collect(), "documents of {}", claim.id);
        assert!(claim.documents.contains(&claim.first_seen), "first seen of {}", claim.id);
        for relation in &claim.relations {
            assert!(matches!(relation.kind.as_str(), "echo" | "contradicts"), "{}", relation.kind);
            let other = claims.iter().find(|c| c.id == relation.claim).expect("the related claim");
            let back = other.relations.iter().any(|r| r.claim == claim.id && r.kind == relation.kind);
            assert!(back, "{} knows {}, not the other way round", claim.id, other.id);
        }
    }
    for attribution in documents.iter().flat_map(|d| &d.attributions) {
        if let Some(outer) = &attribution.nested_in {
            assert!(document_of.contains_key(outer), "{} is nested in {outer}", attribution.id);
        }
    }
    let docs: BTreeSet<&String> = documents.iter().map(|d| &d.doc).collect();
    for edge in lines::<Derivation>("derivations.jsonl") {
        assert!(docs.contains(&edge.from) && docs.contains(&edge.to), "{} → {}", edge.from, edge.to);
    }
    for question in lines::<Question>("questions.jsonl") {
        assert!(!question.expected.is_empty());
        for id in question.expected.iter().chain(&question.must_not) {
            assert!(document_of.contains_key(id), "a question expects {id}");
        }
    }
}

#[test]
fn speakers_are_listed_and_their_spellings_occur() {
    let documents = gold();
    let speakers: Vec<Speaker> = lines("speakers.jsonl");
    let names: BTreeSet<&String> = speakers.iter().map(|s| &s.name).collect();
    let all: String = documents.iter().map(text_of).collect();
    for attribution in documents.iter().flat_map(|d| &d.attributions) {
        for speaker in attribution.speakers() {
            assert!(names.contains(speaker), "{}: {speaker} is not listed", attribution.id);
        }
    }
    for speaker in &speakers {
        for spelling in &speaker.spellings {
            assert!(all.contains(spelling), "{}: {spelling} occurs nowhere", speaker.name);
        }
    }
}

/// Code-point offsets as byte offsets, to compare with [`locate`].
fn in_bytes(text: &str, spans: &Offsets) -> Vec<(usize, usize)> {
    let mut bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    bytes.push(text.len());
    spans.iter().map(|(start, end)| (bytes[*start], bytes[*end])).collect()
}

#[test]
fn the_offsets_for_evaluate_are_the_same_spans() {
    let documents = gold();
    let rows: Vec<EvaluateDocument> = lines("evaluate.jsonl");
    let stored = documents.iter().filter(|d| d.text_sha256.is_some());
    assert_eq!(rows.len(), stored.clone().count());
    for (document, row) in stored.zip(&rows) {
        assert_eq!((&document.doc, &text_of(document)), (&row.doc_id, &row.text));
        assert_eq!(document.attributions.len(), row.attributions.len(), "{}", row.doc_id);
        for (gold, offsets) in document.attributions.iter().zip(&row.attributions) {
            let places = |spans: &[Exact]| -> Vec<(usize, usize)> {
                spans.iter().map(|s| locate(&row.text, s, false).expect("a findable span")).collect()
            };
            assert_eq!(in_bytes(&row.text, &offsets.content), places(&gold.content), "{}", gold.id);
            assert_eq!(in_bytes(&row.text, &offsets.source), places(gold.source.as_slice()), "{}", gold.id);
            assert_eq!(in_bytes(&row.text, &offsets.cue), places(gold.cue.as_slice()), "{}", gold.id);
        }
    }
}

#[test]
fn a_wrong_span_is_noticed() {
    let once = |words: &str| Exact::Once(words.to_string());
    let nth = |words: &str, occurrence| Exact::Nth { exact: words.to_string(), occurrence };
    let text = "he said, she said";
    assert_eq!(locate(text, &once("she"), false), Ok((9, 12)));
    assert_eq!(locate(text, &nth("said", 2), false), Ok((13, 17)));
    assert!(locate(text, &once("said"), false).is_err());
    assert!(locate(text, &nth("said", 3), false).is_err());
    assert!(locate(text, &nth("she", 1), false).is_err());
    assert!(locate(text, &once("they"), false).is_err());
}
