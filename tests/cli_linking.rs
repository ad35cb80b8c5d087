//! Linking and matching from the command line: measures against judged pairs and queries, lookups, and people's links.

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

fn run(folder: &Path, arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_provenance"));
    command.current_dir(folder).env_remove("PROVENANCE_DB").env("COLUMNS", "110").env("NO_COLOR", "1");
    let output = command.args(arguments).stdin(Stdio::null()).output().unwrap();
    let run = Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    };
    assert!(!run.err.contains("panicked"), "{}", run.err);
    run
}

/// Ten judged pairs of ours: (id, same, category, a, b).
const PAIRS: &[(&str, u8, &str, &str, &str)] = &[
    (
        "p0",
        1,
        "edited",
        "the harbour wall must be raised by two metres",
        "the harbor wall must be raised by two meters",
    ),
    ("p1", 1, "paraphrase", "the ferries will cost nothing from May", "from May on, ferries will be free of charge"),
    ("p2", 1, "paraphrase", "we are ready to talk to the unions", "her door stands open to organised labour"),
    ("p3", 0, "neg:negation", "the wall is safe for walkers", "the wall is not safe for walkers"),
    ("p4", 0, "neg:number", "the wall cost 40 million crowns", "the wall cost 65 million crowns"),
    ("p5", 0, "neg:stock", "we will see what happens", "we will see what happens next in the match"),
    ("p6", 0, "neg:same-speaker", "the harbour needs a new crane", "the museum will open on Sundays"),
    ("p7", 1, "contained", "no ship will be turned away", "no ship will be turned away, and no sailor left at sea"),
    ("p8", 1, "verbatim", "nobody told us about the leak in the dam", "nobody told us about the leak in the dam"),
    ("p9", 0, "neg:same-speaker", "the ferries will cost nothing from May", "the ferries were late again on Monday"),
];

fn pairs_file(folder: &Path) {
    let side = |text: &str, id: &str, which: &str| {
        format!(
            "{{\"text\": {text:?}, \"doc\": \"{id}{which}\", \"spans\": [[0, {}]], \"speaker\": \"Ada Brandt\", \"date\": \"2025-03-04\"}}",
            text.chars().count()
        )
    };
    let line = |&(id, label, category, a, b): &(&str, u8, &str, &str, &str)| {
        let (a, b) = (side(a, id, "a"), side(b, id, "b"));
        format!("{{\"id\": \"{id}\", \"label\": {label}, \"category\": \"{category}\", \"a\": {a}, \"b\": {b}}}\n")
    };
    std::fs::write(folder.join("pairs.jsonl"), PAIRS.iter().map(line).collect::<String>()).unwrap();
}

/// The measures are those of the scorer that others use, on the very same predictions.
#[test]
fn pairs_are_measured_as_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    pairs_file(folder.path());
    for extractor in ["accurate", "rules"] {
        let found = run(
            folder.path(),
            &["evaluate", "--pairs", "pairs.jsonl", "--extractor", extractor, "--predictions", "out.jsonl", "--json"],
        );
        assert_eq!(found.code, 0, "{}", found.err);
        let found = found.json();
        assert_eq!(found["schema"], "provenance.evaluation_pairs/1");
        let predictions = std::fs::read_to_string(folder.path().join("out.jsonl")).unwrap();
        let scores: Vec<f64> = predictions
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["score"].as_f64().unwrap())
            .collect();
        by_definition(&found, &scores);
        by_the_script(&found, folder.path());
    }
}

fn by_definition(found: &Value, scores: &[f64]) {
    let near = |field: &str, expected: f64| {
        let value = found[field].as_f64().unwrap();
        assert!((value - expected).abs() < 1e-9, "{field}: {value} for {expected}");
    };
    let hits = PAIRS.iter().zip(scores).filter(|(pair, score)| pair.1 == 1 && **score >= 0.5).count() as f64;
    let linked = scores.iter().filter(|score| **score >= 0.5).count() as f64;
    near("precision", if linked > 0.0 { hits / linked } else { 0.0 });
    near("recall", hits / 5.0);
    let square = |(pair, score): (&(&str, u8, &str, &str, &str), &f64)| (score - f64::from(pair.1)).powi(2);
    near("brier", PAIRS.iter().zip(scores).map(square).sum::<f64>() / PAIRS.len() as f64);
    let stock = found["categories"].as_array().unwrap().iter().find(|it| it["category"] == "neg:stock").unwrap();
    let expected = usize::from(scores[5] >= 0.5);
    assert_eq!((&stock["pairs"], &stock["linked"]), (&Value::from(1), &Value::from(expected)));
}

/// Against the scorer itself, where it lies beside the checkout and Python is there.
fn by_the_script(found: &Value, folder: &Path) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/eval/score/evaluate_linking.py");
    if !Path::new(script).exists() {
        eprintln!("skipped: no {script}");
        return;
    }
    let run =
        Command::new("python3").args([script, "pairs.jsonl", "--pairs", "out.jsonl"]).current_dir(folder).output();
    let Ok(output) = run else {
        eprintln!("skipped: no python3");
        return;
    };
    let printed = String::from_utf8(output.stdout).unwrap();
    let number = |line: &str, name: &str| -> f64 {
        let line = printed.lines().find(|it| it.starts_with(line)).unwrap_or_else(|| panic!("{line}: {printed}"));
        line[line.find(name).unwrap() + name.len()..].split_whitespace().next().unwrap().parse().unwrap()
    };
    let same = |value: &Value, expected: f64| assert!((value.as_f64().unwrap() - expected).abs() < 6e-4, "{printed}");
    same(&found["precision"], number("pairwise", "P "));
    same(&found["recall"], number("pairwise", "R "));
    same(&found["f1"], number("pairwise", "F1 "));
    same(&found["accuracy"], number("pairwise", "accuracy "));
    same(&found["average_precision"], number("average precision", "average precision "));
    same(&found["brier"], number("Brier", "Brier "));
    same(&found["ece"], number("Brier", "ECE(10 bins) "));
    same(&found["best_f1"], number("upper bound", "F1 "));
    same(&found["bcubed"]["f1"], number("B-cubed", "F1 "));
}

#[test]
fn a_floor_that_is_not_reached_ends_with_five() {
    let folder = tempfile::tempdir().unwrap();
    pairs_file(folder.path());
    let gate = |floor: &str| {
        run(folder.path(), &["evaluate", "--pairs", "pairs.jsonl", "--extractor", "rules", "--fail-under", floor]).code
    };
    assert_eq!((gate("1"), gate("100.1")), (0, 5));
    let metrics = run(folder.path(), &["evaluate", "--pairs", "pairs.jsonl", "--extractor", "rules", "--metrics"]);
    assert!(metrics.out.contains("linking score") && metrics.out.contains("TF-IDF"), "{}", metrics.out);
    std::fs::write(folder.path().join("bad.jsonl"), "{\"id\": 1}\n").unwrap();
    let bad = run(folder.path(), &["evaluate", "--pairs", "bad.jsonl"]);
    assert!(bad.code == 3 && bad.err.contains("line 1") && bad.err.contains("hint: "), "{}", bad.err);
    assert_eq!(run(folder.path(), &["evaluate"]).code, 2);
}

const BANK: &str = "{\"id\": \"c1\", \"claim\": \"The harbour wall was built without a permit\", \"title\": \"Was the wall legal?\"}\n\
{\"id\": \"c2\", \"claim\": \"Free ferries doubled the number of passengers\"}\n\
{\"id\": \"c3\", \"claim\": \"A whale swam up the river Lind\"}\n";

#[test]
fn a_bank_answers_queries() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bank.jsonl"), BANK).unwrap();
    let csv = "claim,id,title\n\"A whale swam up the river Lind\",c3,\n";
    std::fs::write(folder.path().join("bank.csv"), csv).unwrap();
    let queries = "{\"id\": \"q1\", \"text\": \"OMG a #whale in the river!\", \"relevant\": [\"c3\"]}\n\
        {\"id\": \"q2\", \"text\": \"nobody ever permitted that harbor wall\", \"relevant\": [\"c1\"]}\n";
    std::fs::write(folder.path().join("queries.jsonl"), queries).unwrap();
    let found = run(folder.path(), &["match", "--bank", "bank.jsonl", "queries.jsonl", "--json"]);
    assert_eq!(found.code, 0, "{}", found.err);
    let lines: Vec<Value> = found.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    for (line, (query, claim)) in lines.iter().zip([("q1", "c3"), ("q2", "c1")]) {
        assert_eq!((&line["id"], &line["results"][0]["id"]), (&Value::from(query), &Value::from(claim)));
        assert_eq!(line["schema"], "provenance.match/1");
    }
    let shared = lines[0]["results"][0]["shared"].as_array().unwrap();
    assert_eq!(shared[0], serde_json::json!([2, 7]), "whale");
    let words = run(folder.path(), &["match", "--bank", "bank.csv", "have you seen the whale?"]);
    assert!(words.code == 0 && words.out.contains("A ⟦whale⟧ swam"), "{}", words.out);
    let nothing = run(folder.path(), &["match", "--bank", "bank.csv", "budget talks"]);
    assert_eq!(nothing.code, 1, "{}", nothing.out);
    let measured = run(folder.path(), &["evaluate", "--retrieval", "bank.jsonl", "queries.jsonl", "--json"]).json();
    assert_eq!((measured["map5"].as_f64(), measured["p1"].as_f64()), (Some(1.0), Some(1.0)));
    let missing = run(folder.path(), &["match", "--bank", "none.jsonl", "whale"]);
    assert!(missing.code == 3 && missing.err.contains("hint: "), "{}", missing.err);
}

/// A folder with a store of two articles of ours that say the same in other words.
fn store() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let first = "Harbour plan approved\n\nMarch 4, 2025\n\nThe mayor of Lindow, Ada Brandt, said on Tuesday that the harbour defences would be raised by two metres.\n\n“The ferries stay free for everyone,” said Jon Peel of the harbour board.\n";
    let second = "Cranes and fares\n\n2025-03-09\n\nAda Brandt, the mayor of Lindow, said that the port needs a bigger crane.\n\nPassengers will go on travelling without a ticket, Jon Peel said.\n";
    std::fs::write(folder.path().join("first.txt"), first).unwrap();
    std::fs::write(folder.path().join("second.txt"), second).unwrap();
    let read = run(folder.path(), &["ingest", "first.txt", "second.txt"]);
    assert_eq!(read.code, 0, "{}", read.err);
    folder
}

#[test]
fn the_store_answers_in_other_words() {
    let folder = store();
    let found = run(folder.path(), &["match", "higher sea defences for the harbor", "--json"]).json();
    let best = &found["results"][0];
    assert!(best["content"].to_string().contains("harbour defences"), "{found}");
    assert!(best["score"].as_f64().unwrap() > 0.3 && best["meaning"].is_number());
    let fuzzy = run(folder.path(), &["who-said", "--fuzzy", "raising harbor defenses", "--json"]).json();
    assert!(fuzzy["results"].to_string().contains("harbour defences"), "{fuzzy}");
    assert_eq!(run(folder.path(), &["match", "the of"]).code, 2);
}

#[test]
fn people_link_and_unlink_what_the_program_did_not() {
    let folder = store();
    let id = |words: &str| {
        let found = run(folder.path(), &["who-said", words, "--json"]).json();
        found["results"][0]["id"].as_str().unwrap_or_else(|| panic!("{words}: {found}")).to_string()
    };
    let claim_of = |words: &str| {
        run(folder.path(), &["who-said", words, "--json"]).json()["results"][0]["claim"].as_str().unwrap().to_string()
    };
    let (a, b) = (id("ferries"), id("ticket"));
    assert_ne!(claim_of("ferries"), claim_of("ticket"));
    let linked = run(folder.path(), &["link", &a, &b, "--because", "both mean no fares"]);
    assert_eq!(linked.code, 0, "{}", linked.err);
    assert_eq!(claim_of("ferries"), claim_of("ticket"));
    assert_eq!(run(folder.path(), &["rebuild"]).code, 0);
    assert_eq!(claim_of("ferries"), claim_of("ticket"), "a rebuild keeps what people said");
    assert_eq!(run(folder.path(), &["undo"]).code, 0);
    assert_ne!(claim_of("ferries"), claim_of("ticket"));
    assert_eq!(run(folder.path(), &["link", &a, &b]).code, 0);
    assert_eq!(run(folder.path(), &["unlink", &a, &b]).code, 0);
    assert_ne!(claim_of("ferries"), claim_of("ticket"), "the newer decision holds");
    assert_eq!(run(folder.path(), &["link", &a, &a]).code, 2);
}
