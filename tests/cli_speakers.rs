//! Decisions about speakers with the real program: merge, split, undo, redo, rebuild, ingest again, review, the user's table.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

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

fn run_with(folder: &Path, arguments: &[&str], typed: &str) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_provenance"))
        .current_dir(folder)
        .env_remove("PROVENANCE_DB")
        .env("COLUMNS", "110")
        .env("NO_COLOR", "1")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that does not read its input closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
    let output = child.wait_with_output().unwrap();
    let run = Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    };
    assert!(!run.err.contains("panicked"), "{}", run.err);
    run
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    run_with(folder, arguments, "")
}

/// Articles in which one mayor has two spellings, an initial and a nickname, and a schoolteacher shares the surname.
const ARTICLES: &[(&str, &str)] = &[
    (
        "a.txt",
        "Harbour plan\n\nMarch 4, 2025\n\nAda Brandt, the mayor of Lindow, said that the harbour wall would be raised by two metres.\n\nBrandt said that the work would begin in May.\n",
    ),
    ("b.txt", "School roof\n\nJune 25, 2025\n\nA. Brandt said that the school roof would be mended in summer.\n"),
    (
        "c.txt",
        "Lesson\n\nMarch 6, 2025\n\nGerd Brandt, a teacher, said that the pupils had painted the wall.\n\nBrandt said that lessons would end early.\n",
    ),
    ("d.txt", "Night boats\n\nMarch 7, 2025\n\nSea Otter said that the night boats would stop on Sunday.\n"),
];

fn newsroom() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in ARTICLES {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    ingest(folder.path());
    folder
}

fn ingest(folder: &Path) {
    let read = run(folder, &["ingest", "--extractor", "rules", "a.txt", "b.txt", "c.txt", "d.txt"]);
    assert_eq!(read.code, 0, "{}", read.err);
}

/// Speakers with their ids and numbers of statements: what decisions change.
fn speakers(folder: &Path) -> Value {
    run(folder, &["sql", "SELECT e.id, e.name, count(s.key) FROM entity e JOIN local_entity l ON l.entity = e.key JOIN statement s ON s.speaker = l.key GROUP BY e.id ORDER BY e.id", "--json"]).json()
}

fn names(folder: &Path) -> Vec<String> {
    let all = run(folder, &["speakers", "--json"]).json();
    let mut names: Vec<String> =
        all["speakers"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_string()).collect();
    names.sort();
    names
}

#[test]
fn merge_undo_redo_rebuild_and_ingest_keep_decisions_and_ids() {
    let folder = newsroom();
    let path = folder.path();
    let original = speakers(path);
    assert!(names(path).contains(&"Sea Otter".to_string()), "{:?}", names(path));
    let merged = run(path, &["merge", "Sea Otter", "Ada Brandt", "--because", "her boat"]);
    assert_eq!(merged.code, 0, "{}", merged.err);
    assert!(merged.err.contains("provenance undo"), "{}", merged.err);
    let together = speakers(path);
    assert_ne!(together, original);
    assert!(!names(path).contains(&"Sea Otter".to_string()));
    let ada = run(path, &["speaker", "Sea Otter", "--json"]).json();
    assert_eq!(ada["speakers"][0]["name"], "Ada Brandt", "{ada:#}");
    run(path, &["rebuild", "--extractor", "rules"]);
    assert_eq!(speakers(path), together);
    ingest(path);
    assert_eq!(speakers(path), together);
    run(path, &["undo"]);
    assert_eq!(speakers(path), original);
    run(path, &["redo"]);
    assert_eq!(speakers(path), together);
    // A copy of the decisions makes another store the same.
    let decisions = run(path, &["decisions", "export"]).out;
    std::fs::remove_file(path.join("provenance.db")).unwrap();
    ingest(path);
    assert_eq!(speakers(path), original);
    let imported = run_with(path, &["decisions", "import", "-"], &decisions);
    assert_eq!(imported.code, 0, "{}", imported.err);
    assert_eq!(speakers(path), together);
}

#[test]
fn split_is_remembered_and_the_newest_decision_counts() {
    let folder = newsroom();
    let path = folder.path();
    run(path, &["merge", "Ada Brandt", "A. Brandt"]);
    let together = speakers(path);
    let split = run(path, &["split", "Ada Brandt", "A. Brandt"]);
    assert_eq!(split.code, 0, "{}", split.err);
    let apart = speakers(path);
    assert_ne!(apart, together);
    run(path, &["rebuild", "--extractor", "rules"]);
    assert_eq!(speakers(path), apart);
    run(path, &["undo"]);
    assert_eq!(speakers(path), together);
    run(path, &["redo"]);
    assert_eq!(speakers(path), apart);
    assert_eq!(run(path, &["merge", "Ada Brandt", "A. Brandt"]).code, 0);
    assert_eq!(speakers(path), together);
}

#[test]
fn what_cannot_be_parted_or_told_apart_is_said() {
    let folder = newsroom();
    let path = folder.path();
    let within = run(path, &["split", "Ada Brandt", "Brandt"]);
    assert_eq!(within.code, 2, "{}{}", within.out, within.err);
    assert!(within.err.contains("hint: "), "{}", within.err);
    let unclear = run(path, &["merge", "Brandt", "Sea Otter"]);
    assert_eq!(unclear.code, 2, "{}{}", unclear.out, unclear.err);
    assert!(unclear.err.contains("Ada Brandt") && unclear.err.contains("Gerd Brandt"), "{}", unclear.err);
    assert_eq!(run(path, &["log", "--json"]).code, 1);
}

#[test]
fn the_queue_goes_out_as_csv_and_comes_back() {
    let folder = newsroom();
    let path = folder.path();
    let queue = run(path, &["review", "--speakers", "--json"]).json();
    assert_eq!(queue["schema"], "provenance.review/1");
    let pairs = queue["pairs"].as_array().unwrap();
    let about = |pair: &Value| format!("{}/{}", pair["a"]["name"], pair["b"]["name"]);
    assert!(
        pairs.iter().any(|pair| about(pair).contains("A. Brandt") && about(pair).contains("Ada Brandt")),
        "{queue:#}"
    );
    assert!(pairs[0]["a"]["example"]["content"][0]["exact"].is_string(), "{queue:#}");
    let csv = run(path, &["review", "--speakers", "--format", "csv"]).out;
    let before = speakers(path);
    let open = run_with(path, &["review", "--speakers", "--import", "-"], &csv);
    assert_eq!(open.code, 0, "{}", open.err);
    assert_eq!(speakers(path), before);
    // Fill in the column, break a line, name an id that is not there.
    let mut lines: Vec<String> = csv.lines().map(str::to_string).collect();
    for line in lines.iter_mut().skip(1) {
        line.insert_str(0, "different");
    }
    lines.push("perhaps,x,y,,,,,,,,p0000000000000000,p1111111111111111".into());
    lines.push("same,x,y,,,,,,,,,p0000000000000000,p1111111111111111".into());
    let sent = lines.join("\n");
    let back = run_with(path, &["review", "--speakers", "--import", "-"], &sent);
    assert_eq!(back.code, 3, "{}{}", back.out, back.err);
    assert_eq!(back.err.matches("left out").count(), 2, "{}", back.err);
    let left = run(path, &["review", "--speakers", "--json"]);
    assert_eq!((left.code, left.json()["pairs"].as_array().unwrap().len()), (1, 0), "{}", left.out);
    run(path, &["rebuild", "--extractor", "rules"]);
    assert_eq!(run(path, &["review", "--speakers", "--json"]).code, 1);
    let again = run_with(path, &["review", "--speakers", "--import", "-"], &sent);
    assert!(again.out.starts_with("0 decisions stored"), "{}", again.out);
    run(path, &["undo"]);
    assert_eq!(run(path, &["review", "--speakers", "--json"]).code, 0);
    assert_eq!(run(path, &["review"]).code, 2);
}

/// Two articles of which the program is not sure whether they report one statement.
const CLAIMS: &[(&str, &str)] = &[
    (
        "a.txt",
        "Works at the quay\n\nMarch 5, 2025\n\nAda Brandt, the mayor of Lindow, said that work on the harbour wall would begin in May, ahead of the storms.\n",
    ),
    ("b.txt", "A wall\n\nMarch 9, 2025\n\n“We will raise the wall at the harbour,” Ada Brandt said.\n"),
];

/// Claims as sets of statements: what decisions on links change.
fn claims(folder: &Path) -> Value {
    let rows =
        "SELECT c.id AS claim, s.id AS statement FROM statement s JOIN claim c ON s.claim = c.key ORDER BY c.id, s.id";
    run(folder, &["sql", rows, "--json"]).json()
}

#[test]
fn claims_are_reviewed_by_csv_and_what_was_decided_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    for (name, text) in CLAIMS {
        std::fs::write(path.join(name), text).unwrap();
    }
    let ingest = || assert_eq!(run(path, &["ingest", "--extractor", "rules", "a.txt", "b.txt"]).code, 0);
    ingest();
    let apart = claims(path);
    let queue = run(path, &["review", "--claims", "--json"]).json();
    assert_eq!((&queue["queue"], &queue["total"]), (&"claims".into(), &1.into()), "{queue:#}");
    assert!(queue["pairs"][0]["evidence"].as_array().unwrap().iter().any(|it| it["rule"] == "link.prior"), "{queue:#}");
    let csv = run(path, &["review", "--claims", "--format", "csv"]).out;
    assert!(csv.contains("raise the wall") && csv.contains("begin in May"), "{csv}");
    let answer = |word: &str| {
        let lines: Vec<String> = csv
            .lines()
            .enumerate()
            .map(|(at, line)| if at == 0 { line.into() } else { format!("{word}{line}") })
            .collect();
        run_with(path, &["review", "--claims", "--import", "-"], &lines.join("\n"))
    };
    let open = answer("");
    assert!(open.code == 0 && open.out.contains("1 rows left open"), "{}{}", open.out, open.err);
    assert_eq!(claims(path), apart);
    let same = answer("same");
    assert!(same.code == 0 && same.err.contains("provenance undo"), "{}{}", same.out, same.err);
    let together = claims(path);
    assert_ne!(together, apart);
    let card = run(path, &["claims", "--json"]).json();
    assert_eq!(card["claims"].as_array().unwrap().len(), 1, "{card:#}");
    // What was decided is asked no more, and stays through a rebuild and another ingest.
    assert_eq!(run(path, &["review", "--claims", "--json"]).code, 1);
    run(path, &["rebuild", "--extractor", "rules"]);
    assert_eq!(claims(path), together);
    ingest();
    assert_eq!(claims(path), together);
    assert!(answer("same").out.starts_with("0 decisions stored, 1 stood already"));
    // Taken back, the question is open again.
    run(path, &["undo"]);
    assert_eq!(claims(path), apart);
    assert_eq!(run(path, &["review", "--claims", "--json"]).json()["total"], 1);
    assert_eq!(answer("different").code, 0);
    assert_eq!(claims(path), apart);
    assert_eq!(run(path, &["review", "--claims", "--json"]).code, 1);
    run(path, &["rebuild", "--extractor", "rules"]);
    assert_eq!(run(path, &["review", "--claims", "--json"]).code, 1);
    // The newest word counts.
    assert_eq!(answer("same").code, 0);
    assert_eq!(claims(path), together);
    let wrong = answer("perhaps");
    assert!(wrong.code == 3 && wrong.err.contains("line 2"), "{}{}", wrong.out, wrong.err);
}

#[test]
fn a_table_of_names_joins_and_is_replaced() {
    let folder = newsroom();
    let path = folder.path();
    let before = speakers(path);
    let table = "name,qid,kind,alias,alias\nAda Brandt,Q64,person,Sea Otter|Ada the Bold,A. Brandt\nNobody,Qx,,\n,Q5,,\nGerd Brandt,Q64,,\n";
    std::fs::write(path.join("names.csv"), table).unwrap();
    let read = run(path, &["people", "import", "names.csv"]);
    assert_eq!(read.code, 3, "{}{}", read.out, read.err);
    for line in ["line 3", "line 4", "line 5"] {
        assert!(read.err.contains(line), "{}", read.err);
    }
    let ada = run(path, &["speaker", "Ada the Bold", "--json"]).json();
    assert_eq!(
        (&ada["speakers"][0]["name"], &ada["speakers"][0]["qid"]),
        (&"Ada Brandt".into(), &"Q64".into()),
        "{ada:#}"
    );
    assert_eq!(ada["speakers"][0]["statements"], 4, "{ada:#}");
    assert!(run(path, &["speaker", "Ada Brandt"]).out.contains("user table, Q64"));
    let with = speakers(path);
    run(path, &["rebuild", "--extractor", "rules"]);
    assert_eq!(speakers(path), with);
    let export = run(path, &["export", "json"]).json();
    assert!(export["entities"].as_array().unwrap().iter().any(|it| it["qid"] == "Q64"));
    // A person's word outweighs the table.
    run(path, &["split", "Ada Brandt", "Sea Otter"]);
    assert!(names(path).contains(&"Sea Otter".to_string()));
    run(path, &["undo"]);
    let gone = run_with(path, &["people", "import", "-"], "name,qid,kind,alias\n");
    assert_eq!(gone.code, 0, "{}", gone.err);
    assert_eq!(speakers(path), before);
    assert_eq!(run(path, &["people", "list"]).code, 1);
    assert_eq!(run_with(path, &["people", "import", "-"], "title\nx\n").code, 3);
    assert_eq!(run(path, &["people", "import", "no.csv"]).code, 3);
}

#[test]
fn apparent_contradictions_stand_side_by_side() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let texts = [
        (
            "a.txt",
            "Tax\n\nMarch 4, 2025\n\nAda Brandt, the mayor of Lindow, said that the city would raise the harbour tax next year.\n",
        ),
        (
            "b.txt",
            "Tax again\n\nApril 9, 2025\n\nAda Brandt, the mayor of Lindow, said that the city would not raise the harbour tax next year.\n",
        ),
        ("c.txt", "Roof\n\nApril 9, 2025\n\nAda Brandt said that the school roof would be mended in summer.\n"),
        ("d.txt", "Rival\n\nApril 9, 2025\n\nGerd Holm said that the school roof would not be mended in summer.\n"),
    ];
    for (name, text) in texts {
        std::fs::write(path.join(name), text).unwrap();
    }
    run(path, &["ingest", "--extractor", "rules", "a.txt", "b.txt", "c.txt", "d.txt"]);
    let found = run(path, &["speaker", "Ada Brandt", "--contradictions", "--json"]).json();
    let pairs = found["speakers"][0]["contradictions"].as_array().unwrap().clone();
    assert_eq!(pairs.len(), 1, "{found:#}");
    assert_eq!((&pairs[0]["status"], &pairs[0]["days"]), (&"apparent".into(), &36.into()), "{found:#}");
    assert_eq!(pairs[0]["a"]["document"]["published"], "2025-03-04");
    assert!(pairs[0]["copy"]["status"].is_string());
    let words = run(path, &["speaker", "Ada Brandt", "--contradictions"]).out;
    assert!(words.contains("apparent contradiction") && words.contains("36 days apart"), "{words}");
    let none = run(path, &["speaker", "Ada Brandt", "--contradictions", "--about", "school roof", "--json"]);
    assert_eq!((none.code, none.json()["speakers"][0]["contradictions"].as_array().unwrap().len()), (1, 0));
    assert_eq!(run(path, &["speaker", "Ada Brandt", "--contradictions", "--about", "harbour tax", "--json"]).code, 0);
}
