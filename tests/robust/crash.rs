//! The program killed, and the disk full, at any moment: what was acknowledged stays, nothing is torn, running it again
//! completes it.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use provenance::app::{self, IngestOptions, Silent};
use provenance::model::Extractor;
use provenance::store::{Store, StoreError};

use crate::common::{Chance, articles, export, finished, full, newsroom, program, run};

const INGEST: [&str; 4] = ["ingest", "--extractor", "rules", "articles"];

/// Ids of the documents in a store; empty where it does not open yet.
fn documents(folder: &Path, db: &str) -> BTreeSet<String> {
    if !folder.join(db).exists() {
        return BTreeSet::new();
    }
    let Ok(store) = Store::open(&folder.join(db)) else { return BTreeSet::new() };
    let ids = store.document_keys().unwrap().into_iter().map(|(_, id)| id.0).collect();
    let seen = store.verify(&|_, _| ());
    assert!(seen.findings.is_empty(), "torn: {:#?}", seen.findings);
    ids
}

/// 30 kills (200 in the long form), each somewhere in the course of an ingest; every store is killed several times over
/// before it may finish.
#[test]
fn kills_lose_and_tear_nothing() {
    let folder = tempfile::tempdir().unwrap();
    newsroom(folder.path());
    // Rounds are of 48 documents: with more than that there are commits in the middle.
    for (number, text) in articles(60).iter().enumerate() {
        std::fs::write(folder.path().join(format!("articles/{number:03}.txt")), text).unwrap();
    }
    let started = Instant::now();
    finished(program(folder.path()).args(["--db", "whole.db"]).args(INGEST));
    let whole = started.elapsed();
    let expected = export(folder.path(), "whole.db");
    let kills = if full() { 200 } else { 30 };
    let mut chance = Chance(7);
    let (mut killed, mut stores, mut in_the_middle) = (0, 0, 0);
    while killed < kills {
        let db = format!("killed-{stores}.db");
        stores += 1;
        let mut kept = BTreeSet::new();
        for _ in 0..5 {
            let mut child = program(folder.path())
                .args(["--db", &db])
                .args(INGEST)
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .spawn()
                .unwrap();
            let patience = Duration::from_micros((whole.as_micros() as u64 * chance.below(1000) as u64) / 1000);
            std::thread::sleep(patience);
            let ended = child.try_wait().unwrap().is_some();
            child.kill().unwrap();
            child.wait().unwrap();
            if ended {
                break;
            }
            killed += 1;
            let now = documents(folder.path(), &db);
            assert!(now.is_superset(&kept), "lost: {:?}", kept.difference(&now).collect::<Vec<_>>());
            in_the_middle += usize::from(!now.is_empty());
            kept = now;
        }
        finished(program(folder.path()).args(["--db", &db]).args(INGEST));
        assert!(export(folder.path(), &db) == expected, "{db} differs from an uninterrupted ingest");
        run(folder.path(), &["--db", &db, "verify"]).ok();
    }
    println!("{killed} kills in {stores} stores ({in_the_middle} with documents in them), one ingest takes {whole:?}");
    assert!(in_the_middle > 0, "no kill came after the first commit");
}

/// An ingest and a rebuild into a file that may have no more than so many pages, for many ceilings.
#[test]
fn a_full_disk_leaves_the_old_data() {
    let folder = tempfile::tempdir().unwrap();
    let names = newsroom(folder.path());
    let options = IngestOptions { extractor: Extractor::Rules, ..IngestOptions::default() };
    let sources =
        |names: &[String]| app::sources(&names.iter().map(|name| folder.path().join(name)).collect::<Vec<_>>());
    let first = folder.path().join("first.db");
    app::ingest(&mut Store::open(&first).unwrap(), sources(&names[..3]), &options, &Silent).unwrap();
    let whole = folder.path().join("whole.db");
    std::fs::copy(&first, &whole).unwrap();
    app::ingest(&mut Store::open(&whole).unwrap(), sources(&names), &options, &Silent).unwrap();
    let old = exported(&first);
    let expected = exported(&whole);
    let pages = |path: &Path| (std::fs::metadata(path).unwrap().len() / 4096) as u32;
    let (least, most) = (pages(&first), pages(&whole));
    assert!(most > least + 20);
    let mut full_disks = 0;
    for ceiling in (least..most + 8).step_by(if full() { 1 } else { 9 }) {
        let path = folder.path().join(format!("capped-{ceiling}.db"));
        std::fs::copy(&first, &path).unwrap();
        let mut store = Store::open(&path).unwrap();
        store.cap_pages(ceiling).unwrap();
        let outcome = app::ingest(&mut store, sources(&names), &options, &Silent);
        match outcome {
            Ok(_) => assert!(exported(&path) == expected, "{ceiling} pages"),
            Err(app::AppError::Store(error @ StoreError::Full(_))) => {
                full_disks += 1;
                assert!(
                    error.to_string().contains("capped") && error.hint().contains("MB"),
                    "{error} {}",
                    error.hint()
                );
            }
            Err(other) => panic!("{ceiling} pages: {other}"),
        }
        drop(store);
        let mut store = Store::open(&path).unwrap();
        let seen = store.verify(&|_, _| ());
        assert!(seen.findings.is_empty(), "{ceiling} pages: {:#?}", seen.findings);
        assert!(store.document_keys().unwrap().len() >= 3, "{ceiling} pages");
        app::ingest(&mut store, sources(&names), &options, &Silent).unwrap();
        drop(store);
        assert!(exported(&path) == expected, "{ceiling} pages, finished later");
    }
    assert_eq!(exported(&first), old);
    println!("{full_disks} full disks between {least} and {most} pages");
    assert!(full_disks > 3);
}

fn exported(path: &Path) -> String {
    let mut out = Vec::new();
    app::export(&Store::open(path).unwrap(), "json", &mut out, &app::ExportOptions::default()).unwrap();
    String::from_utf8(out).unwrap()
}

/// Real files that may not grow: writes fail with an error of the system, not with "disk full".
#[cfg(unix)]
#[test]
fn a_failed_write_is_an_error_with_a_way_out() {
    let folder = tempfile::tempdir().unwrap();
    newsroom(folder.path());
    run(folder.path(), &["ingest", "--extractor", "rules", "articles/01_meridian_flash.txt"]).ok();
    let before = export(folder.path(), "provenance.db");
    let mut failures = 0;
    for blocks in [1, 40, 200, 400, 700] {
        let shell = "trap '' XFSZ; ulimit -f $1; shift; exec \"$@\"";
        let mut limited = std::process::Command::new("sh");
        limited
            .current_dir(folder.path())
            .args(["-c", shell, "sh", &blocks.to_string()])
            .arg(env!("CARGO_BIN_EXE_provenance"));
        limited.env_remove("PROVENANCE_DB").args(INGEST);
        let outcome = finished(&mut limited);
        if outcome.code != 0 {
            failures += 1;
            assert_eq!(outcome.code, 4, "{}", outcome.err);
            assert!(
                outcome.err.contains("error: ")
                    && outcome.err.contains("hint: ")
                    && outcome.err.contains("provenance.db"),
                "{}",
                outcome.err
            );
        }
        run(folder.path(), &["verify"]).ok();
        let now = export(folder.path(), "provenance.db");
        assert!(now == before || now.len() > before.len());
    }
    assert!(failures > 0, "no write failed");
    run(folder.path(), &INGEST).ok();
    run(folder.path(), &["--db", "whole.db", "ingest", "--extractor", "rules", "articles"]).ok();
    assert!(export(folder.path(), "provenance.db") == export(folder.path(), "whole.db"));
}
