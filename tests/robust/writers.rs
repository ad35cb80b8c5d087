//! Several programs on one store.

use std::process::Stdio;

use crate::common::{articles, export, finished, full, program, run};

/// Eight writers with overlapping articles, all started at once on a store that does not exist yet, and a reader beside
/// them: nothing lost, nothing twice, nobody is told of a lock.
#[test]
fn eight_writers_lose_and_double_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (writers, each, step) = if full() { (8, 200, 100) } else { (8, 24, 12) };
    let texts = articles(step * (writers - 1) + each);
    std::fs::create_dir(folder.path().join("all")).unwrap();
    let mut names = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let name = format!("all/{number:04}.txt");
        std::fs::write(folder.path().join(&name), text).unwrap();
        names.push(name);
    }
    let children: Vec<_> = (0..writers)
        .map(|writer| {
            let mut command = program(folder.path());
            command.args(["ingest", "--extractor", "rules", "--jobs", "1"]);
            command.args(&names[writer * step..writer * step + each]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for _ in 0..5 {
        let reader = run(folder.path(), &["stats"]);
        assert!(!reader.err.contains("lock") && !reader.err.contains("written by"), "{}", reader.err);
    }
    for child in children {
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{err}");
        assert!(!err.contains("lock") && !err.contains("another process"), "{err}");
    }
    let count = run(folder.path(), &["sql", "SELECT count(*) AS n, count(DISTINCT id) AS ids FROM document", "--json"])
        .ok()
        .json();
    assert_eq!(count["rows"][0]["n"], texts.len());
    assert_eq!(count["rows"][0]["ids"], texts.len());
    run(folder.path(), &["verify"]).ok();
    finished(program(folder.path()).args(["--db", "alone.db", "ingest", "--extractor", "rules", "all"])).ok();
    assert!(
        export(folder.path(), "provenance.db") == export(folder.path(), "alone.db"),
        "differs from one writer's store"
    );
}
