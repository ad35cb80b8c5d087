//! `forget`: afterwards the store is as if the document had never come, down to the bytes of its files.

use std::path::Path;

use crate::common::{articles, export, newsroom, run};

const SECRET: &str = "Zyxoquark";

/// How often a word stands in the store's files, whatever the case.
fn hits(folder: &Path, word: &str) -> usize {
    let wanted = word.to_lowercase().into_bytes();
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("provenance.db"))
        .map(|path| {
            let bytes = std::fs::read(path).unwrap().to_ascii_lowercase();
            bytes.windows(wanted.len()).filter(|window| *window == wanted).count()
        })
        .sum()
}

fn secret_article() -> String {
    format!(
        "{SECRET} resigns\n\n2025-03-09\n\nMinister Otto {SECRET} said on Tuesday that the harbour defences would be raised by two metres.\n\n“We cannot wait for the next {SECRET}flood,” {SECRET} told the {SECRET} Echo.\n"
    )
}

fn document_named(folder: &Path, path: &str) -> String {
    let query = format!("SELECT id FROM document WHERE path = '{path}'");
    run(folder, &["sql", &query, "--format", "csv"]).ok().out.lines().nth(1).unwrap().to_string()
}

#[test]
fn a_forgotten_document_leaves_no_byte_and_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    newsroom(folder.path());
    run(folder.path(), &["ingest", "--extractor", "rules", "articles"]).ok();
    let without = export(folder.path(), "provenance.db");
    std::fs::write(folder.path().join("secret.txt"), secret_article()).unwrap();
    run(folder.path(), &["ingest", "--extractor", "rules", "secret.txt", "--outlet", &format!("{SECRET} Post")]).ok();
    // Rows that were written again leave copies in free pages.
    run(
        folder.path(),
        &[
            "ingest",
            "--extractor",
            "rules",
            "secret.txt",
            "--outlet",
            &format!("{SECRET} Post"),
            "--date",
            "2025-03-10",
        ],
    )
    .ok();
    run(folder.path(), &["rebuild", "--extractor", "rules"]).ok();
    assert!(hits(folder.path(), SECRET) > 5);
    let document = document_named(folder.path(), "secret.txt");

    let asked = run(folder.path(), &["forget", &document]);
    assert_eq!(asked.code, 2, "{}", asked.err);
    assert!(asked.err.contains("--yes") && hits(folder.path(), SECRET) > 5, "{}", asked.err);

    let done = run(folder.path(), &["forget", &document, "--yes"]).ok();
    assert!(done.out.contains("is forgotten"), "{}", done.out);
    assert_eq!(hits(folder.path(), SECRET), 0);
    assert!(export(folder.path(), "provenance.db") == without, "the store differs from one that never had it");
    run(folder.path(), &["verify"]).ok();
    assert_eq!(run(folder.path(), &["who-said", SECRET]).code, 1);
    assert_eq!(run(folder.path(), &["forget", &document, "--yes"]).code, 1);
}

#[test]
fn decisions_about_it_stay_in_the_log_and_are_told() {
    let folder = tempfile::tempdir().unwrap();
    newsroom(folder.path());
    std::fs::write(folder.path().join("secret.txt"), secret_article()).unwrap();
    run(folder.path(), &["ingest", "--extractor", "rules", "articles", "secret.txt"]).ok();
    let document = document_named(folder.path(), "secret.txt");
    let of = |condition: &str| {
        let query = format!("SELECT id FROM quotes WHERE document {condition} ORDER BY id LIMIT 1");
        run(folder.path(), &["sql", &query, "--format", "csv"]).ok().out.lines().nth(1).unwrap().to_string()
    };
    let (own, other) = (of(&format!("= '{document}'")), of(&format!("<> '{document}'")));
    run(folder.path(), &["confirm", &own, &other]).ok();
    let done = run(folder.path(), &["forget", &document, "--yes"]).ok();
    assert!(done.err.contains("1 decisions name its statements"), "{}", done.err);
    assert_eq!(run(folder.path(), &["log", "--json"]).ok().json()["decisions"].as_array().unwrap().len(), 1);
    run(folder.path(), &["verify"]).ok();
    run(folder.path(), &["rebuild", "--extractor", "rules"]).ok();
    run(folder.path(), &["verify"]).ok();
}

/// A phrase that more than 200 statements share brings no candidates; once enough of them are forgotten it does again.
#[test]
fn what_a_crowd_had_kept_apart_is_linked_again() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("crowd")).unwrap();
    let line = |i: usize| {
        format!(
            "{{\"text\":\"Ada Brandt said that the harbour defences would be raised by two metres, item {i}.\",\"date\":\"2025-03-04\",\"id\":\"{i}\"}}\n"
        )
    };
    let all: String = (0..201).map(line).collect();
    let fewer: String = (1..201).map(line).collect();
    std::fs::write(folder.path().join("all.jsonl"), all).unwrap();
    std::fs::write(folder.path().join("fewer.jsonl"), fewer).unwrap();
    run(folder.path(), &["ingest", "--extractor", "rules", "all.jsonl"]).ok();
    let query = "SELECT id FROM document WHERE external_id = '0'";
    let document = run(folder.path(), &["sql", query, "--format", "csv"]).ok().out.lines().nth(1).unwrap().to_string();
    run(folder.path(), &["forget", &document, "--yes"]).ok();
    std::fs::rename(folder.path().join("fewer.jsonl"), folder.path().join("all.jsonl")).unwrap();
    run(folder.path(), &["--db", "fewer.db", "ingest", "--extractor", "rules", "all.jsonl"]).ok();
    assert!(export(folder.path(), "provenance.db") == export(folder.path(), "fewer.db"));
}

#[test]
fn only_documents_are_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.txt"), &articles(1)[0]).unwrap();
    run(folder.path(), &["ingest", "--extractor", "rules", "a.txt"]).ok();
    let before = export(folder.path(), "provenance.db");
    let statement = run(folder.path(), &["sql", "SELECT id FROM quotes LIMIT 1", "--format", "csv"]).ok().out;
    assert_eq!(run(folder.path(), &["forget", statement.lines().nth(1).unwrap(), "--yes"]).code, 2);
    assert_eq!(run(folder.path(), &["forget", "d0000000", "--yes"]).code, 1);
    assert_eq!(run(folder.path(), &["forget"]).code, 2);
    run(folder.path(), &["forget", "--sweep"]).ok();
    assert_eq!(before, export(folder.path(), "provenance.db"));
}
