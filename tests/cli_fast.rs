//! The trainer of the fast tier and its use, through the real program in a fresh directory.

use std::path::Path;
use std::process::Command;

struct Run {
    code: i32,
    out: String,
    err: String,
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_provenance"));
    command.current_dir(folder).env_remove("PROVENANCE_DB").env("COLUMNS", "110").env("NO_COLOR", "1");
    let output = command.args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let run = Run { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) };
    assert!(!run.err.contains("panicked"), "{}", run.err);
    run
}

/// A line of gold from a text with {S source}, {C cue} and {Q content}, which do not nest.
fn gold_line(name: &str, marked: &str) -> String {
    let (mut text, mut place) = (String::new(), 0);
    let mut spans = [("source", Vec::new()), ("cue", Vec::new()), ("content", Vec::new())];
    let mut open: Option<(usize, usize)> = None;
    let mut chars = marked.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '{' => {
                let role = "SCQ".find(chars.next().unwrap()).unwrap();
                chars.next();
                open = Some((role, place));
            }
            '}' => {
                let (role, start) = open.take().unwrap();
                spans[role].1.push([start, place]);
            }
            c => {
                text.push(c);
                place += 1;
            }
        }
    }
    let attribution: serde_json::Value = spans
        .into_iter()
        .map(|(name, spans)| (name.to_string(), serde_json::json!(spans)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    serde_json::json!({"doc_id": name, "text": text, "attributions": [attribution]}).to_string() + "\n"
}

fn gold(folder: &Path) {
    let articles = [
        "{S The mayor} {C said} {Q the bridge was closed}. It rained all day.",
        "{Q “We will rebuild the mill,”} {S Ada Brandt} {C said}. Nobody asked when.",
        "{S The guild} {C announced} {Q that prices would rise}. The market was empty.",
        "{Q “The road is safe,”} {S the harbour master} {C said}. The wind fell.",
        "{S Hill} {C told} reporters {Q the ferry would sail}. The sun came out.",
    ];
    let lines: String = (0..20).map(|i| gold_line(&format!("a{i}"), articles[i % articles.len()])).collect();
    std::fs::write(folder.join("gold.jsonl"), lines).unwrap();
}

#[test]
fn trains_to_the_same_bytes_and_measures_what_it_trained() {
    let folder = tempfile::tempdir().unwrap();
    gold(folder.path());
    for name in ["one.bin", "two.bin"] {
        let trained = run(folder.path(), &["train-fast", "gold.jsonl", "--out", name]);
        assert_eq!(trained.code, 0, "{}", trained.err);
        assert!(trained.out.contains("20 articles"), "{}", trained.out);
    }
    let bytes = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    assert!(bytes("one.bin") == bytes("two.bin"), "the same gold gave other bytes");
    assert!(bytes("one.bin").len() < 5_000_000);
    let measured = run(
        folder.path(),
        &["evaluate", "gold.jsonl", "--extractor", "fast", "--weights", "one.bin", "--fail-under", "80"],
    );
    assert_eq!(measured.code, 0, "{}{}", measured.out, measured.err);
}

#[test]
fn says_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    gold(folder.path());
    std::fs::write(folder.path().join("bad.jsonl"), "{\"doc_id\": 1}\n").unwrap();
    for (arguments, words) in [
        (vec!["train-fast", "missing.jsonl", "-o", "out.bin"], "missing.jsonl"),
        (vec!["train-fast", "bad.jsonl", "-o", "out.bin"], "bad.jsonl, line 1"),
        (vec!["train-fast", "gold.jsonl", "-o", "nowhere/out.bin"], "nowhere/out.bin"),
        (
            vec!["evaluate", "gold.jsonl", "--extractor", "fast", "--weights", "gold.jsonl"],
            "not a file of the fast tagger",
        ),
    ] {
        let run = run(folder.path(), &arguments);
        assert_eq!(run.code, 3, "{arguments:?} {}{}", run.out, run.err);
        assert!(run.err.contains("error: ") && run.err.contains("hint: ") && run.err.contains(words), "{}", run.err);
    }
}
