//! Hostile words as queries and as stored text: no error but in words, nothing changed, nothing raw on the terminal.

use std::path::Path;

use provenance::app::{self, WhoSaidOptions};
use provenance::store::Store;
use serde_json::json;

use crate::common::{Run, full, hostile_strings, naughty_strings, newsroom, run};

/// Commands that take words from a person. `{}` is the words.
const ASKING: &[&[&str]] = &[
    &["who-said", "--", "{}"],
    &["speaker", "--", "{}"],
    &["claim", "--", "{}"],
    &["variants", "--", "{}"],
    &["show", "--", "{}"],
    &["why", "--", "{}"],
    &["graph", "--", "{}"],
    &["report", "--", "{}"],
    &["explain", "--", "{}"],
    &["forget", "--", "{}"],
    &["who-said", "harbour", "--speaker={}", "--outlet={}", "--since={}", "--until={}"],
    &["who-said", "--all", "--json", "--", "{}"],
    &["show", "{}"],
    &["sql", "--", "{}"],
];

#[track_caller]
fn polite(outcome: &Run, what: &str) {
    assert!([0, 1, 2].contains(&outcome.code), "{what}: {} {}", outcome.code, outcome.err);
    let err = outcome.err.to_lowercase();
    for word in ["fts5", "syntax error", "damaged", "malformed", "unterminated", "panicked"] {
        assert!(!err.contains(word) || what.contains("[\"sql\""), "{what}: {}", outcome.err);
    }
    if outcome.code == 2 {
        assert!(err.contains("error: "), "{what}: {}", outcome.err);
    }
}

/// Every hostile string through every command that takes words, in the real program; the store keeps every byte.
#[test]
fn hostile_queries_change_nothing_and_fail_politely() {
    let folder = tempfile::tempdir().unwrap();
    newsroom(folder.path());
    run(folder.path(), &["ingest", "--extractor", "rules", "articles"]).ok();
    let before = std::fs::read(folder.path().join("provenance.db")).unwrap();
    let mut strings = hostile_strings();
    if full() {
        strings.extend(naughty_strings());
    }
    let mut asked = 0;
    for (number, text) in strings.iter().enumerate() {
        if text.contains('\0') {
            continue; // no system hands such an argument over
        }
        for (place, command) in ASKING.iter().enumerate() {
            // In the short form every string meets two commands, every command many strings.
            if !full() && (place + number) % 7 != 0 {
                continue;
            }
            let arguments: Vec<String> = command.iter().map(|part| part.replace("{}", text)).collect();
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let outcome = run(folder.path(), &arguments);
            polite(&outcome, &format!("{:?}", &arguments));
            clean(&outcome, &format!("{:?}", &arguments));
            asked += 1;
        }
    }
    println!("{asked} questions");
    assert!(before == std::fs::read(folder.path().join("provenance.db")).unwrap(), "a question changed the store");
}

/// All strings at hand through the questions themselves.
#[test]
fn no_string_breaks_a_question() {
    let folder = tempfile::tempdir().unwrap();
    newsroom(folder.path());
    run(folder.path(), &["ingest", "--extractor", "rules", "articles"]).ok();
    let store = Store::open_read_only(&folder.path().join("provenance.db")).unwrap();
    let mut strings = hostile_strings();
    strings.extend(naughty_strings());
    let mut refused = 0;
    for text in &strings {
        let options = WhoSaidOptions {
            speaker: None,
            outlet: Some(text.clone()),
            since: Some(text.clone()),
            ..WhoSaidOptions::default()
        };
        let outcomes = [
            app::who_said(&store, text, &WhoSaidOptions { all: true, ..WhoSaidOptions::default() }).err(),
            app::who_said(&store, "harbour", &options).err(),
            app::find_speaker(&store, text).err(),
            app::show(&store, text).err(),
            app::why(&store, text).err(),
            app::claim_card(&store, text).err(),
        ];
        for error in outcomes.into_iter().flatten() {
            assert!(!matches!(error, app::AppError::Store(_) | app::AppError::File { .. }), "{text:?}: {error}");
            assert!(!error.hint().is_empty(), "{text:?}: {error}");
            refused += 1;
        }
    }
    println!("{} strings × 6 questions, {refused} without an answer", strings.len());
}

/// Nothing but line ends and tabs below space, no DEL, no C1, no bidi control.
#[track_caller]
fn clean(outcome: &Run, what: &str) {
    for (stream, text) in [("output", &outcome.out), ("errors", &outcome.err)] {
        let raw = text.chars().find(|c| {
            (c.is_control() && !matches!(c, '\n' | '\t'))
                || matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
        });
        assert!(raw.is_none(), "{what}: {raw:?} on its {stream}: {}", text.escape_debug());
    }
}

/// A store whose texts, titles, names, addresses and paths are full of terminal controls.
fn poisoned(folder: &Path) -> Vec<String> {
    let poison =
        "\u{1b}]8;;http://evil.example\u{7}x\u{1b}]8;;\u{7}\u{1b}[31m\u{9b}2J\u{7f}\u{202e}\u{2066}\u{200f}\u{8}\r";
    let lines: String = (0..3)
        .map(|i| {
            let record = json!({
                "title": format!("{poison} harbour title {poison}"),
                "text": format!("{poison}\n\nAda{poison} Brandt said on Tuesday that the harbour {poison} defences would be raised by two metres, item {i}.\n\n“We cannot {poison} wait,” Ada{poison} Brandt told the Lindow{poison} Echo.\n\n=1+1, said Piotr Wieczorek.\n"),
                "outlet": format!("Post{poison} {i}"), "author": poison, "date": "2025-03-04", "url": format!("https://x.example/{poison}"),
                "id": format!("{poison}{i}"), "language": "en",
            });
            format!("{record}\n")
        })
        .collect();
    // A file name may hold anything but a slash and NUL.
    let name = "feed\u{1b}[31m\u{202e}.jsonl";
    std::fs::write(folder.join(name), lines).unwrap();
    std::fs::write(folder.join("bad\u{1b}[2J.bin"), [0u8, 1, 2, 3].repeat(100)).unwrap();
    let read = run(folder, &["ingest", "--extractor", "rules", name, "bad\u{1b}[2J.bin", "none\u{9b}31m.txt"]);
    assert_eq!(read.code, 3, "{}", read.err);
    clean(&read, "ingest");
    let ids = run(
        folder,
        &[
            "sql",
            "SELECT id FROM document UNION ALL SELECT id FROM statement UNION ALL SELECT id FROM claim UNION ALL SELECT id FROM entity",
            "--format",
            "csv",
        ],
    );
    ids.ok().out.lines().skip(1).map(str::to_string).collect()
}

#[test]
fn nothing_raw_reaches_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let ids = poisoned(folder.path());
    assert!(ids.len() > 8);
    let first = |letter: char| ids.iter().filter(|id| id.starts_with(letter)).take(2).cloned().collect::<Vec<_>>();
    let (documents, statements, claims, people) = (first('d'), first('s'), first('c'), first('p'));
    let mut commands: Vec<Vec<String>> = Vec::new();
    let mut add = |parts: &[&str]| commands.push(parts.iter().map(|part| part.to_string()).collect());
    for plain in ["stats", "speakers", "claims", "outlets", "graph", "report", "verify", "doctor", "log", "schema"] {
        add(&[plain]);
    }
    for format in ["json", "jsonl", "csv", "md"] {
        for list in ["speakers", "claims", "outlets", "stats"] {
            add(&[list, "--format", format]);
        }
        add(&["who-said", "harbour", "--format", format]);
    }
    for format in ["jsonl", "json", "csv"] {
        add(&["export", format]);
    }
    add(&["sql", "SELECT * FROM document"]);
    add(&["sql", "SELECT * FROM quotes", "--json"]);
    add(&["sql", "SELECT * FROM document", "--format", "csv"]);
    add(&["sql", "SELECT 'x' AS \"\u{1b}[31m\u{202e}\""]);
    add(&["sql", "SELECT \"\u{1b}[31m\" FROM nowhere"]);
    add(&["who-said", "harbour", "--all"]);
    add(&["who-said", "harbour\u{1b}[31m\u{202e}"]);
    add(&["speaker", "\u{1b}[31mNobody\u{202e}"]);
    add(&["\u{1b}[31m\u{202e}"]);
    add(&["stats", "--\u{1b}[31m\u{9b}"]);
    add(&["--db", "none\u{1b}[31m\u{202e}.db", "stats"]);
    add(&["ingest", "none\u{1b}[31m.txt"]);
    add(&["explain", "W\u{1b}[31m"]);
    add(&["decisions", "export"]);
    for id in documents.iter().chain(&statements).chain(&claims).chain(&people) {
        add(&["show", id]);
        add(&["show", id, "--json"]);
        add(&["why", id]);
    }
    for id in &claims {
        add(&["claim", id]);
        add(&["variants", id]);
        add(&["graph", id]);
        add(&["report", id]);
    }
    for id in &people {
        add(&["speaker", id]);
    }
    add(&["why", &statements[0], &statements[1]]);
    add(&["confirm", &statements[0], &statements[1], "--because", "\u{1b}[31m\u{202e}"]);
    add(&["log"]);
    add(&["undo"]);
    add(&["merge", "\u{1b}[31m", "\u{202e}"]);
    add(&["forget", &documents[0]]);
    add(&["forget", &documents[0], "--yes"]);
    for command in &commands {
        let arguments: Vec<&str> = command.iter().map(String::as_str).collect();
        clean(&run(folder.path(), &arguments), &format!("{arguments:?}"));
    }
    println!("{} commands over {} hostile rows", commands.len(), ids.len());
}

#[test]
fn no_cell_of_a_csv_is_a_formula() {
    let folder = tempfile::tempdir().unwrap();
    let lines: String = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "=cmd|' /C calc'!A0"]
        .iter()
        .enumerate()
        .map(|(i, trigger)| {
            let text = format!("{trigger} the mayor said on Tuesday that {trigger} is open, item {i}.\n\n“{trigger} is closed,” {trigger} said.");
            format!("{}\n", json!({"title": trigger, "text": text, "outlet": trigger, "url": trigger, "id": trigger, "date": "2025-03-04"}))
        })
        .collect();
    std::fs::write(folder.path().join("=feed.jsonl"), lines).unwrap();
    run(folder.path(), &["ingest", "--extractor", "rules", "=feed.jsonl"]).ok();
    let mut cells = 0;
    for command in [
        vec!["export", "csv"],
        vec!["who-said", "open", "--format", "csv"],
        vec!["claims", "--format", "csv"],
        vec!["speakers", "--format", "csv"],
        vec!["outlets", "--format", "csv"],
        vec!["sql", "SELECT * FROM document", "--format", "csv"],
    ] {
        let out = run(folder.path(), &command).out;
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(out.as_bytes());
        for record in reader.records() {
            for cell in record.unwrap().iter() {
                cells += 1;
                assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{command:?}: {cell:?}");
            }
        }
    }
    println!("{cells} cells");
    assert!(cells > 100);
    let raw = run(folder.path(), &["export", "csv", "--raw"]).ok().out;
    assert!(raw.contains("=feed.jsonl") && !raw.contains("'=feed.jsonl"));
}
