//! Bits flipped and files cut off: nothing panics, and `verify` sees what changed.

use std::path::Path;

use provenance::app::{self, ExportOptions, GraphOptions, IngestOptions, Silent, WhoSaidOptions};
use provenance::model::Extractor;
use provenance::store::{Store, Table};

use crate::common::{Chance, corpus, full};

/// A small store of the example corpus, as bytes.
fn store_bytes(folder: &Path) -> Vec<u8> {
    let path = folder.join("whole.db");
    let options = IngestOptions { extractor: Extractor::Rules, ..IngestOptions::default() };
    let mut store = Store::open(&path).unwrap();
    app::ingest(&mut store, app::sources(&corpus()[..8]), &options, &Silent).unwrap();
    drop(store);
    std::fs::read(path).unwrap()
}

/// Texts, spans and links as they are stored, every column; `None` where they cannot be read.
fn contents(store: &Store) -> Option<Vec<Table>> {
    [
        "SELECT * FROM document ORDER BY key",
        "SELECT * FROM statement ORDER BY key",
        "SELECT * FROM statement_span ORDER BY statement, role, ordinal",
        "SELECT * FROM passage ORDER BY document, start",
        "SELECT * FROM link ORDER BY a, b",
        "SELECT * FROM claim ORDER BY key",
    ]
    .iter()
    .map(|query| store.sql(query).ok())
    .collect()
}

/// Asks whatever can be asked; errors are answers, panics are not.
fn ask_everything(store: &Store) {
    let mut out = Vec::new();
    for format in app::EXPORTS {
        let _ = app::export(store, format.name, &mut out, &ExportOptions::default());
    }
    let _ = app::who_said(store, "harbour defences", &WhoSaidOptions { all: true, ..WhoSaidOptions::default() });
    for (_, id) in store.document_keys().unwrap_or_default().into_iter().take(2) {
        let _ = app::show(store, id.as_str());
    }
    for (_, id) in store.statement_ids().unwrap_or_default().into_iter().take(3) {
        let _ = app::show(store, id.as_str());
        let _ = app::why(store, id.as_str());
    }
    let _ = app::graph(store, &GraphOptions { all: true, ..GraphOptions::default() });
    let _ = app::outlets(store);
    let _ = store.health();
}

#[derive(Debug, Default)]
struct Tally {
    tried: usize,
    refused: usize,
    changed: usize,
    detected: usize,
    detected_by_sqlite: usize,
    harmless_and_told: usize,
    missed: Vec<String>,
}

fn try_bytes(folder: &Path, bytes: &[u8], whole: &[Table], what: String, tally: &mut Tally) {
    tally.tried += 1;
    let path = folder.join(format!("damaged-{}.db", tally.tried));
    std::fs::write(&path, bytes).unwrap();
    match Store::open_read_only(&path) {
        Err(error) => {
            assert!(!error.hint().is_empty(), "{error}");
            tally.refused += 1;
        }
        Ok(store) => {
            let changed = contents(&store).is_none_or(|now| now != whole);
            let seen = store.verify(&|_, _| ());
            let told = !seen.findings.is_empty();
            if changed {
                tally.changed += 1;
                tally.detected += usize::from(told);
                tally.detected_by_sqlite += usize::from(seen.findings.iter().any(|finding| finding.check == "file"));
                if !told {
                    tally.missed.push(what);
                }
            } else {
                tally.harmless_and_told += usize::from(told);
            }
            ask_everything(&store);
        }
    }
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", path.display()));
    }
}

/// The name of a column that is no text any more: refused in words, whatever is asked.
#[test]
fn a_schema_that_is_not_text_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = store_bytes(folder.path());
    let name = b"published_from";
    let places: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(name)).collect();
    assert!(!places.is_empty());
    places.into_iter().for_each(|at| bytes[at + 3] |= 0x80);
    let path = folder.path().join("damaged.db");
    std::fs::write(&path, bytes).unwrap();
    for error in [Store::open_read_only(&path).err(), Store::open(&path).err()] {
        let told = error.map_or("opened".to_string(), |error| error.to_string());
        assert!(told.contains("is damaged"), "{told}");
    }
}

/// 150 single-bit flips and 20 truncations (1,000 and 100 in the long form).
#[test]
fn flipped_bits_are_found_and_never_fatal() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = store_bytes(folder.path());
    let whole = contents(&Store::open_read_only(&folder.path().join("whole.db")).unwrap()).unwrap();
    let mut chance = Chance(11);
    let mut flips = Tally::default();
    for _ in 0..if full() { 1000 } else { 150 } {
        let mut damaged = bytes.clone();
        let (at, bit) = (chance.below(bytes.len()), chance.below(8));
        damaged[at] ^= 1 << bit;
        try_bytes(folder.path(), &damaged, &whole, format!("byte {at} bit {bit}"), &mut flips);
    }
    let mut cuts = Tally::default();
    for _ in 0..if full() { 100 } else { 20 } {
        let length = chance.below(bytes.len());
        try_bytes(folder.path(), &bytes[..length], &whole, format!("cut at {length}"), &mut cuts);
    }
    println!("flips in {} bytes: {flips:?}\ncuts: {cuts:?}", bytes.len());
    assert!(flips.changed > 20, "too few flips hit anything: {flips:?}");
    assert!(flips.detected * 100 >= flips.changed * 99, "{flips:?}");
    assert_eq!(cuts.detected, cuts.changed, "{cuts:?}");
}

/// Damage that writing commands meet.
#[test]
fn writing_into_a_damaged_store_is_never_fatal() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = store_bytes(folder.path());
    let options = IngestOptions { extractor: Extractor::Rules, ..IngestOptions::default() };
    let mut chance = Chance(13);
    let mut failed = 0;
    for number in 0..if full() { 200 } else { 15 } {
        let mut damaged = bytes.clone();
        for _ in 0..20 {
            let at = chance.below(bytes.len());
            damaged[at] ^= 1 << chance.below(8);
        }
        let path = folder.path().join(format!("written-{number}.db"));
        std::fs::write(&path, damaged).unwrap();
        let Ok(mut store) = Store::open(&path) else { continue };
        failed += usize::from(app::ingest(&mut store, app::sources(&corpus()[8..10]), &options, &Silent).is_err());
        failed += usize::from(app::rebuild(&mut store, Extractor::Rules, &Silent).is_err());
    }
    println!("{failed} refusals");
}
