//! The real program in a fresh directory: answers, exit codes, errors with a way out, nothing lost.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// One run of the program: exit code, standard output, standard error.
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}\n{}", self.out, self.err))
    }
}

fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_provenance"));
    command.current_dir(folder).env_remove("PROVENANCE_DB").env("COLUMNS", "110").env("NO_COLOR", "1");
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    let output = program(folder).args(arguments).stdin(Stdio::null()).output().unwrap();
    let run = Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    };
    assert!(!run.err.contains("panicked"), "{}", run.err);
    run
}

/// A folder with two articles of ours that share a statement.
fn newsroom() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let first = "Harbour plan approved\n\nMarch 4, 2025\n\nThe mayor of Lindow, Ada Brandt, said on Tuesday that the harbour defences would be raised by two metres. “We cannot wait for the next flood,” Brandt told the Lindow Echo.\n";
    let second = "Lindow to raise its sea wall\n\n2025-03-05\n\nAda Brandt, the mayor of Lindow, said that the harbor defenses would be raised by two metres.\n";
    std::fs::write(folder.path().join("first.txt"), first).unwrap();
    std::fs::write(folder.path().join("second.txt"), second).unwrap();
    folder
}

#[test]
fn what_a_limit_leaves_out_is_said() {
    let folder = newsroom();
    run(folder.path(), &["ingest", "first.txt", "second.txt"]);
    let all = run(folder.path(), &["who-said", "harbour defences", "--limit", "0", "--json"]).json();
    let one = run(folder.path(), &["who-said", "harbour defences", "--limit", "1", "--json"]).json();
    let shown = |answer: &Value| answer["results"].as_array().unwrap().len();
    assert_eq!((shown(&all), &all["left_out"]), (2, &Value::from(0)));
    assert_eq!((shown(&one), &one["left_out"]), (1, &Value::from(1)));
    let told = run(folder.path(), &["who-said", "harbour defences", "--limit", "1"]);
    assert!(told.err.contains("the best 1 statements; 1 more"), "{}", told.err);
}

fn error_and_hint(run: &Run, code: i32, words: &str) {
    assert_eq!(run.code, code, "{}{}", run.out, run.err);
    assert!(run.err.contains("error: ") && run.err.contains("hint: "), "{}", run.err);
    assert!(run.err.contains(words), "{words:?} not in {}", run.err);
}

#[test]
fn ingest_then_ask_in_either_spelling() {
    let folder = newsroom();
    let read = run(folder.path(), &["ingest", "first.txt", "second.txt"]);
    assert_eq!(read.code, 0, "{}", read.err);
    assert!(read.out.contains("2 read, 2 new"), "{}", read.out);
    let british = run(folder.path(), &["who-said", "harbour defences", "--json"]).json();
    let american = run(folder.path(), &["who-said", "harbor defense", "--json"]).json();
    assert_eq!(british["schema"], "provenance.who_said/1");
    let ids = |answer: &Value| -> Vec<String> {
        answer["results"].as_array().unwrap().iter().map(|it| it["id"].to_string()).collect()
    };
    assert_eq!(ids(&british).len(), 2, "{british:#}");
    assert_eq!(ids(&british), ids(&american));
    for result in british["results"].as_array().unwrap() {
        let path = result["document"]["path"].as_str().unwrap();
        let text: Vec<char> = std::fs::read_to_string(folder.path().join(path)).unwrap().chars().collect();
        for span in result["content"].as_array().unwrap() {
            let (start, end) = (span["start"].as_u64().unwrap() as usize, span["end"].as_u64().unwrap() as usize);
            assert_eq!(text[start..end].iter().collect::<String>(), span["exact"].as_str().unwrap());
        }
    }
}

#[test]
fn a_second_ingest_changes_nothing() {
    let folder = newsroom();
    run(folder.path(), &["ingest", "first.txt", "second.txt"]);
    let before = run(folder.path(), &["export", "jsonl"]).out;
    let again = run(folder.path(), &["ingest", "second.txt", "first.txt"]);
    assert!(again.out.contains("2 read, 0 new, 2 unchanged"), "{}", again.out);
    assert_eq!(before, run(folder.path(), &["export", "jsonl"]).out);
    assert!(!before.is_empty());
}

#[test]
fn other_text_under_the_same_path_is_a_revision_and_the_old_one_stays() {
    let folder = newsroom();
    run(folder.path(), &["ingest", "first.txt"]);
    let text = std::fs::read_to_string(folder.path().join("first.txt")).unwrap();
    std::fs::write(folder.path().join("first.txt"), text.replace("two metres", "three metres")).unwrap();
    let again = run(folder.path(), &["ingest", "first.txt"]);
    assert!(again.out.contains("1 revised") && again.out.contains("revision of d"), "{}", again.out);
    let found = run(folder.path(), &["sql", "SELECT count(*) AS n FROM document", "--json"]).json();
    assert_eq!(found["rows"][0]["n"], 2);
}

#[test]
fn a_date_given_later_is_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("x.txt"), "The mayor said that the bridge is closed until further notice.\n")
        .unwrap();
    run(folder.path(), &["ingest", "x.txt"]);
    let again = run(folder.path(), &["ingest", "x.txt", "--date", "2025-03-04"]);
    assert!(again.out.contains("1 updated"), "{}", again.out);
    let found = run(folder.path(), &["sql", "SELECT published, published_from FROM document", "--json"]).json();
    assert_eq!(found["rows"][0]["published"], "2025-03-04");
}

#[test]
fn a_dry_run_stores_nothing() {
    let folder = newsroom();
    let dry = run(folder.path(), &["ingest", "--dry-run", "first.txt"]);
    assert_eq!(dry.code, 0);
    assert!(dry.out.contains("would be stored"), "{}", dry.out);
    assert!(!folder.path().join("provenance.db").exists());
}

#[test]
fn one_bad_input_is_reported_and_the_rest_go_on() {
    let folder = newsroom();
    std::fs::write(folder.path().join("noise.bin"), [0u8, 159, 146, 150, 0, 1, 2, 3].repeat(64)).unwrap();
    std::fs::write(folder.path().join("empty.txt"), "").unwrap();
    let mixed = run(folder.path(), &["ingest", "missing.txt", "noise.bin", "empty.txt", "first.txt"]);
    error_and_hint(&mixed, 3, "missing.txt");
    assert!(mixed.err.contains("noise.bin") && mixed.err.contains("empty.txt"), "{}", mixed.err);
    assert!(mixed.out.contains("1 read, 1 new, 0 unchanged, 3 failed"), "{}", mixed.out);
}

#[test]
fn a_malformed_json_line_is_named_and_the_rest_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let lines = "{\"title\":\"A\",\"text\":\"The minister said the dam would hold through the night.\",\"date\":\"2025-03-04\"}\n{broken\n{\"title\":\"B\",\"text\":\"The governor said that the road was open again.\",\"date\":\"2025-03-05\"}\n";
    std::fs::write(folder.path().join("feed.jsonl"), lines).unwrap();
    let read = run(folder.path(), &["ingest", "feed.jsonl"]);
    error_and_hint(&read, 3, "2");
    assert!(read.out.contains("2 read, 2 new, 0 unchanged, 1 failed"), "{}", read.out);
}

#[test]
fn nothing_to_read_makes_no_store() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("hollow")).unwrap();
    error_and_hint(&run(folder.path(), &["ingest", "hollow"]), 3, "no files");
    error_and_hint(&run(folder.path(), &["ingest", "nowhere.txt"]), 3, "nowhere.txt");
    assert!(!folder.path().join("provenance.db").exists());
}

#[test]
fn wrong_usage_has_its_own_exit_code() {
    let folder = newsroom();
    assert_eq!(run(folder.path(), &["ingest"]).code, 2);
    assert_eq!(run(folder.path(), &["fly"]).code, 2);
    error_and_hint(&run(folder.path(), &["ingest", "first.txt", "--date", "soon"]), 2, "soon");
    error_and_hint(&run(folder.path(), &["ingest", "first.txt", "--map", "title"]), 2, "=");
    run(folder.path(), &["ingest", "first.txt"]);
    error_and_hint(&run(folder.path(), &["who-said", "!!!"]), 2, "no word");
    error_and_hint(&run(folder.path(), &["sql", "DELETE FROM document"]), 2, "reading query");
    error_and_hint(&run(folder.path(), &["graph", "-o", "x.gif"]), 2, "gif");
}

#[test]
fn nothing_found_is_exit_code_one() {
    let folder = newsroom();
    run(folder.path(), &["ingest", "first.txt"]);
    let nothing = run(folder.path(), &["who-said", "xylophone", "--json"]);
    assert_eq!(nothing.code, 1);
    assert_eq!(nothing.json()["results"], Value::Array(vec![]));
    error_and_hint(&run(folder.path(), &["show", "d00000"]), 1, "d00000");
    error_and_hint(&run(folder.path(), &["explain", "W999"]), 1, "W999");
    error_and_hint(&run(folder.path(), &["speaker", "Nobody Whatsoever"]), 1, "no speaker");
}

#[test]
fn a_misspelt_speaker_gets_a_suggestion() {
    let folder = newsroom();
    run(folder.path(), &["ingest", "first.txt", "second.txt"]);
    let near = run(folder.path(), &["speaker", "Ada Brand"]);
    assert!(
        near.out.contains("Ada Brandt") || near.err.contains("did you mean Ada Brandt"),
        "{}{}",
        near.out,
        near.err
    );
}

#[test]
fn stores_that_are_not_ours_are_left_alone() {
    let folder = newsroom();
    std::fs::write(folder.path().join("notes.db"), "plain notes, not a database ".repeat(50)).unwrap();
    let before = std::fs::read(folder.path().join("notes.db")).unwrap();
    error_and_hint(&run(folder.path(), &["--db", "notes.db", "ingest", "first.txt"]), 4, "not a provenance store");
    error_and_hint(&run(folder.path(), &["--db", "notes.db", "stats"]), 4, "not a provenance store");
    assert_eq!(before, std::fs::read(folder.path().join("notes.db")).unwrap());
    error_and_hint(&run(folder.path(), &["--db", "none.db", "stats"]), 4, "no store");
    assert!(!folder.path().join("none.db").exists());
}

#[test]
fn hostile_queries_are_only_words() {
    let folder = newsroom();
    run(folder.path(), &["ingest", "first.txt"]);
    let before = run(folder.path(), &["export", "jsonl"]).out;
    for query in [
        "it's",
        "C++",
        "air - x",
        "NEAR(",
        "\"",
        "a AND b",
        "*",
        "'; DROP TABLE document; --",
        "col:x",
        "^x",
        "\u{202e}abc",
    ] {
        for command in ["who-said", "speaker", "show", "why", "claim", "explain"] {
            let it = run(folder.path(), &[command, "--", query]);
            assert!([0, 1, 2].contains(&it.code), "{command} {query}: {} {}", it.code, it.err);
            assert!(!it.err.contains("syntax") && !it.err.contains("fts5"), "{command} {query}: {}", it.err);
        }
    }
    assert_eq!(before, run(folder.path(), &["export", "jsonl"]).out);
}

#[test]
fn order_and_splitting_of_the_input_do_not_matter() {
    let folder = newsroom();
    let export = |db: &str| run(folder.path(), &["--db", db, "export", "json"]).out;
    run(folder.path(), &["--db", "a.db", "ingest", "first.txt", "second.txt"]);
    run(folder.path(), &["--db", "b.db", "ingest", "second.txt", "first.txt", "--jobs", "1"]);
    run(folder.path(), &["--db", "c.db", "ingest", "second.txt"]);
    run(folder.path(), &["--db", "c.db", "ingest", "first.txt"]);
    assert_eq!(export("a.db"), export("b.db"));
    assert_eq!(export("a.db"), export("c.db"));
    run(folder.path(), &["--db", "c.db", "rebuild"]);
    assert_eq!(export("a.db"), export("c.db"));
}

#[test]
fn decisions_survive_a_rebuild_and_can_be_taken_back() {
    let folder = newsroom();
    run(folder.path(), &["ingest", "first.txt", "second.txt"]);
    let claims = || run(folder.path(), &["sql", "SELECT id, statements FROM claims ORDER BY id", "--json"]).json();
    let found = run(folder.path(), &["who-said", "harbour defences", "--json"]).json();
    let id = |at: usize| found["results"][at]["id"].as_str().unwrap().to_string();
    let original = claims();
    let rejected = run(folder.path(), &["reject", &id(0), &id(1), "--because", "other plan"]);
    assert_eq!(rejected.code, 0, "{}", rejected.err);
    let apart = claims();
    run(folder.path(), &["rebuild"]);
    assert_eq!(claims(), apart);
    run(folder.path(), &["undo"]);
    assert_eq!(claims(), original);
    run(folder.path(), &["confirm", &id(0), &id(1)]);
    let together = run(folder.path(), &["claim", &id(0), "--json"]).json();
    assert_eq!(together["statements"].as_array().unwrap().len(), 2, "{together:#}");
    let log = run(folder.path(), &["log", "--json"]).json();
    assert_eq!(log["decisions"].as_array().unwrap().len(), 2);
}

#[test]
fn the_demo_answers_and_draws() {
    let folder = tempfile::tempdir().unwrap();
    let demo = run(folder.path(), &["demo"]);
    assert_eq!(demo.code, 0, "{}", demo.err);
    assert!(demo.out.contains("who-said \"harbour defences\"") && demo.out.contains("try next"), "{}", demo.out);
    let picture = std::fs::read_to_string(folder.path().join("provenance-demo/repeats.svg")).unwrap();
    assert!(picture.starts_with("<svg") || picture.starts_with("<?xml"), "{}", &picture[..60]);
    let again = run(folder.path(), &["demo"]);
    assert_eq!(again.code, 0);
    assert_eq!(picture, std::fs::read_to_string(folder.path().join("provenance-demo/repeats.svg")).unwrap());
}

#[test]
fn every_command_explains_itself() {
    let folder = tempfile::tempdir().unwrap();
    let help = run(folder.path(), &["--help"]);
    assert_eq!(help.code, 0);
    for command in ["ingest", "who-said", "speakers", "claims", "variants", "graph", "export", "why", "demo"] {
        assert!(help.out.contains(command), "{command}");
        let own = run(folder.path(), &[command, "--help"]);
        assert_eq!(own.code, 0, "{command}");
        assert!(own.out.contains("Usage: provenance"), "{}", own.out);
    }
}
