//! Settled bit by bit is settled at once.

mod decided;
mod names;

use std::collections::{BTreeMap, BTreeSet};

use crate::app::{IngestOptions, Silent, analyse, articles, connect, ingest, sources};
use crate::model::{Document, Extractor};
use crate::read::{self, Input, ReadOptions};
use crate::store::{Store, StoreError};

use super::{Scope, settle};

fn document(line: &str) -> Document {
    let input = Input { bytes: line.as_bytes(), path: Some("articles.jsonl") };
    read::documents(&input, &ReadOptions::default()).remove(0).unwrap()
}

fn made_up(seed: u64, number: u64) -> Document {
    let it = articles::article(seed, number);
    let fields =
        serde_json::json!({"outlet": it.outlet, "date": it.date, "title": it.title, "language": "en", "text": it.text});
    document(&fields.to_string())
}

/// Stores a document as read by the rules; returns its key.
fn put(store: &Store, document: &Document, run: i64) -> Result<i64, StoreError> {
    let (key, _) = store.add_document(document, false)?;
    let stored = store.document(key)?.unwrap();
    store.add_analysis(&stored, &analyse(document, Extractor::Rules), run)?;
    Ok(key)
}

fn add(store: &mut Store, documents: &[Document]) {
    store
        .transaction(|store| {
            let run = store.run("test", "test")?;
            for document in documents {
                let key = put(store, document, run)?;
                store.mark_pending(key, false)?;
            }
            Ok(())
        })
        .unwrap();
    connect(store, &Silent).unwrap();
}

/// Everything that is settled, by public ids.
fn settled(store: &Store) -> BTreeMap<&'static str, Vec<String>> {
    let shown = |it: &dyn std::fmt::Debug| format!("{it:?}");
    let ids: BTreeMap<i64, String> =
        store.document_keys().unwrap().into_iter().map(|(key, id)| (key, id.to_string())).collect();
    let mut near: Vec<String> = Vec::new();
    for (key, id) in &ids {
        let others = store.near(*key).unwrap();
        near.extend(others.iter().map(|(other, narrative)| format!("{id} {} {narrative}", ids[other])));
    }
    near.sort();
    BTreeMap::from([
        ("links", store.links().unwrap().iter().map(|it| shown(it)).collect()),
        ("claims", store.claims().unwrap().iter().map(|(_, it)| shown(it)).collect()),
        ("echoes", echoes(store)),
        ("edges", store.claim_edges().unwrap().iter().map(|it| shown(it)).collect()),
        ("derivations", store.derivations().unwrap().iter().map(|it| shown(it)).collect()),
        ("statements", store.all_statements().unwrap().iter().map(|it| shown(&it.statement)).collect()),
        ("near", near),
        ("entities", store.entity_cards(true).unwrap().iter().map(|it| shown(&(&it.entity, it.documents))).collect()),
        ("suggested", store.suggestions(None).unwrap().iter().map(|it| shown(it)).collect()),
    ])
}

/// What settling everything gives; it is not kept.
fn settled_anew(store: &mut Store) -> BTreeMap<&'static str, Vec<String>> {
    let mut found = BTreeMap::new();
    let undone = store.transaction(|store| {
        settle(store, &Scope::Everything, &Silent)?;
        found = settled(store);
        Err::<(), _>(StoreError::Query { what: "not kept".into() })
    });
    assert!(undone.is_err());
    found
}

/// Compares these parts of what is settled.
#[track_caller]
fn assert_settled(
    expected: &BTreeMap<&'static str, Vec<String>>,
    found: &BTreeMap<&'static str, Vec<String>>,
    parts: &[&str],
    when: &str,
) {
    for what in parts {
        let (expected, found) = (&expected[what], &found[what]);
        let missing: Vec<&String> = expected.iter().filter(|it| !found.contains(it)).collect();
        let extra: Vec<&String> = found.iter().filter(|it| !expected.contains(it)).collect();
        assert!(expected == found, "{when}, {what}: missing {missing:#?}, not expected {extra:#?}");
    }
}

/// All parts of what is settled.
const PARTS: &[&str] =
    &["links", "claims", "echoes", "edges", "derivations", "statements", "near", "entities", "suggested"];

/// Those that say who is who.
const SPEAKERS: &[&str] = &["entities", "suggested"];

fn echoes(store: &Store) -> Vec<String> {
    let claims = store.claims().unwrap();
    claims.iter().map(|(key, claim)| format!("{} {:?}", claim.id, store.echoes_of(*key).unwrap())).collect()
}

fn check(documents: &[Document], parts: &[usize]) {
    let mut at_once = Store::in_memory().unwrap();
    add(&mut at_once, documents);
    let mut bit_by_bit = Store::in_memory().unwrap();
    let mut rest = documents;
    for &part in parts {
        let (now, later) = rest.split_at(part.min(rest.len()));
        add(&mut bit_by_bit, now);
        rest = later;
        // In memory the search indices cannot be compared.
        let mut findings = bit_by_bit.verify(&|_, _| ()).findings;
        findings.retain(|it| it.check != "search");
        assert_eq!(findings, [], "after {part} more");
    }
    assert!(rest.is_empty(), "{} are left", rest.len());
    let (expected, found) = (settled(&at_once), settled(&bit_by_bit));
    for what in ["links", "claims", "edges", "derivations", "near", "entities"] {
        assert!(!expected[what].is_empty(), "no {what} to compare");
    }
    assert_eq!(expected.keys().copied().collect::<BTreeSet<_>>(), PARTS.iter().copied().collect());
    assert_settled(&expected, &found, PARTS, "bit by bit");
}

fn examples() -> Vec<Document> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/corpus");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut documents = Vec::new();
    for file in &files {
        let bytes = std::fs::read(file).unwrap();
        let input = Input { bytes: &bytes, path: file.to_str() };
        documents.extend(read::documents(&input, &ReadOptions::default()).into_iter().flatten());
    }
    documents
}

#[test]
fn example_articles_come_in_any_order() {
    let mut examples = examples();
    // So many that what comes after is few.
    let documents: Vec<Document> = (0..examples.len() as u64 * 8).map(|number| made_up(2, number)).collect();
    let mut parts = vec![documents.len()];
    parts.extend(vec![1; examples.len()]);
    for turn in [0, 5, 11] {
        examples.rotate_left(turn);
        if turn == 5 {
            examples.reverse();
        }
        let all: Vec<Document> = documents.iter().chain(&examples).cloned().collect();
        check(&all, &parts);
    }
}

#[test]
fn one_by_one_is_all_at_once() {
    let documents: Vec<Document> = (0..90).map(|number| made_up(5, number)).collect();
    let mut parts = vec![60];
    parts.extend([1; 30]);
    check(&documents, &parts);
}

#[test]
fn backwards_and_in_handfuls() {
    let documents: Vec<Document> = (0..120).rev().map(|number| made_up(9, number)).collect();
    check(&documents, &[70, 3, 1, 5, 2, 4, 1, 6, 3, 5, 2, 7, 11]);
}

/// More is known of an article when it comes a second time in one ingest: it counts as if all had been known at once.
#[test]
fn one_text_twice_in_one_ingest_has_all_its_facts() {
    let folder = tempfile::tempdir().unwrap();
    let line = |number: u64, whole: bool| {
        let it = articles::article(3, number);
        let mut fields = serde_json::json!({"outlet": it.outlet, "title": it.title, "language": "en", "text": it.text});
        if whole {
            fields["date"] = it.date.into();
        }
        fields.to_string()
    };
    let ingested = |name: &str, lines: Vec<String>| {
        let file = folder.path().join(name);
        std::fs::write(&file, lines.join("\n")).unwrap();
        let mut store = Store::in_memory().unwrap();
        let options = IngestOptions { extractor: Extractor::Rules, ..IngestOptions::default() };
        let report = ingest(&mut store, sources(&[file]), &options, &Silent).unwrap();
        assert_eq!(report.failures.len(), 0);
        store
    };
    let all: Vec<String> = (0..30).map(|number| line(number, true)).collect();
    let twice = (0..30).flat_map(|number| [line(number, number % 3 > 0), line(29 - number, true)]).collect();
    let (expected, found) = (settled(&ingested("once.jsonl", all)), settled(&ingested("twice.jsonl", twice)));
    assert_settled(&expected, &found, PARTS, "twice in one ingest");
}
