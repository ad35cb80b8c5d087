//! `verify` from outside: what it finds, what it says, how it ends.

use rusqlite::Connection;

use crate::common::{newsroom, run};

/// Tables whose rows `verify` does not compare: what waits for linking, candidate keys, runs of words, and full-text search, which has a
/// check of its own.
const NOT_COMPARED: &[&str] = &["pending", "waiting_keys", "link_key", "shingle"];

/// One value of every column of every table is changed behind the program's back: every time, `verify` says so.
#[test]
fn a_changed_value_in_any_column_is_found() {
    let folder = tempfile::tempdir().unwrap();
    newsroom(folder.path());
    run(folder.path(), &["ingest", "--extractor", "rules", "articles"]).ok();
    run(folder.path(), &["--db", "provenance.db", "verify"]).ok();
    let ids = run(folder.path(), &["sql", "SELECT id FROM statement ORDER BY id LIMIT 2", "--format", "csv"]).ok().out;
    let ids: Vec<&str> = ids.lines().skip(1).collect();
    run(folder.path(), &["confirm", ids[0], ids[1], "--because", "test"]).ok();
    run(folder.path(), &["verify"]).ok();
    let whole = std::fs::read(folder.path().join("provenance.db")).unwrap();
    let tables = run(folder.path(), &["schema", "--json"]).ok().json();
    let (mut tried, mut empty) = (0, Vec::new());
    for table in tables["tables"].as_array().unwrap().iter().filter(|table| table["view"] == false) {
        let name = table["name"].as_str().unwrap();
        if NOT_COMPARED.contains(&name) || name.ends_with("_search") {
            continue;
        }
        for column in table["columns"].as_array().unwrap() {
            let (column, kind) = (column["name"].as_str().unwrap(), column["type"].as_str().unwrap());
            let path = folder.path().join("changed.db");
            std::fs::write(&path, &whole).unwrap();
            let connection = Connection::open(&path).unwrap();
            connection.execute_batch("PRAGMA foreign_keys = off; PRAGMA ignore_check_constraints = on").unwrap();
            let other = match kind {
                "TEXT" => format!("coalesce({column}, '') || 'x'"),
                "BLOB" => format!("CAST(coalesce({column}, x'') || x'01' AS BLOB)"),
                _ => format!("coalesce({column}, 0) + 1000003"),
            };
            let changed = connection.execute(
                &format!("UPDATE {name} SET {column} = {other} WHERE {column} = (SELECT max({column}) FROM {name})"),
                [],
            );
            drop(connection);
            match changed {
                Ok(0) => empty.push(format!("{name}.{column}")),
                Err(e) => panic!("{name}.{column}: {e}"),
                Ok(_) => {
                    tried += 1;
                    let verified = run(folder.path(), &["--db", "changed.db", "verify"]);
                    assert_eq!(verified.code, 5, "{name}.{column}: {}{}", verified.out, verified.err);
                    assert!(verified.err.contains("hint: "), "{name}.{column}: {}", verified.err);
                }
            }
        }
    }
    println!("{tried} columns changed; without values here: {empty:?}");
    assert!(tried > 80);
}

#[test]
fn derived_damage_is_mended_by_a_rebuild_and_ground_damage_is_not() {
    let folder = tempfile::tempdir().unwrap();
    newsroom(folder.path());
    run(folder.path(), &["ingest", "--extractor", "rules", "articles"]).ok();
    let change = |sql: &str| Connection::open(folder.path().join("provenance.db")).unwrap().execute_batch(sql).unwrap();
    change("UPDATE statement_span SET start = start + 1 WHERE role = 'cue'");
    let derived = run(folder.path(), &["verify", "--json"]);
    assert_eq!(derived.code, 5);
    let findings = derived.json()["findings"].as_array().unwrap().clone();
    assert!(!findings.is_empty() && findings.iter().all(|it| it["ground"] == false), "{findings:#?}");
    assert!(run(folder.path(), &["verify"]).err.contains("provenance rebuild"));
    run(folder.path(), &["rebuild", "--extractor", "rules"]).ok();
    let mended = run(folder.path(), &["verify"]).ok();
    assert!(mended.out.contains("spans"), "{}", mended.out);
    change("UPDATE document SET text = replace(text, 'harbour', 'harbors')");
    run(folder.path(), &["rebuild", "--extractor", "rules"]).ok();
    let ground = run(folder.path(), &["verify"]);
    assert_eq!(ground.code, 5);
    assert!(ground.out.contains("SHA-256") && ground.err.contains("restore a backup"), "{}{}", ground.out, ground.err);
}

#[test]
fn an_interrupted_ingest_is_told_and_is_no_damage() {
    let folder = tempfile::tempdir().unwrap();
    newsroom(folder.path());
    run(folder.path(), &["ingest", "--extractor", "rules", "articles"]).ok();
    Connection::open(folder.path().join("provenance.db"))
        .unwrap()
        .execute_batch("INSERT INTO pending (document) SELECT key FROM document LIMIT 2; DELETE FROM link;")
        .unwrap();
    let waiting = run(folder.path(), &["verify"]).ok();
    assert!(waiting.err.contains("2 documents are not linked"), "{}", waiting.err);
    let doctor = run(folder.path(), &["doctor"]).ok();
    assert!(doctor.out.contains("! pending"), "{}", doctor.out);
}
