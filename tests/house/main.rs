//! The architecture, as a test: reads the sources of this crate and fails when a room imports
//! upwards, when SQL leaves `store`, when something other than `cli` prints, when a pure room
//! touches the outside world, when `unsafe` appears outside the one kernel file, and when a file
//! of the project names a path of somebody's machine.
//!
//! In: the files of the checkout. Out: one line per offence, `file:line: what, and the rule`.
//! The checker itself is tested on small bad snippets, so that it is known to be able to fail.

mod rules;
mod tokens;

use rules::{Offence, SourceFile, check_file, check_room_names, foreign_paths};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `folder` with one of the endings, sorted, so that messages keep their order.
fn files_below(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return found;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_below(&path, endings));
        } else if path.extension().and_then(|e| e.to_str()).is_some_and(|e| endings.contains(&e)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn relative(path: &Path) -> String {
    let inside = path.strip_prefix(root()).unwrap_or(path);
    inside.to_string_lossy().replace('\\', "/")
}

fn sources() -> Vec<SourceFile> {
    files_below(&root().join("src"), &["rs"])
        .iter()
        .map(|path| SourceFile {
            path: relative(path),
            text: fs::read_to_string(path).expect("a source file is readable UTF-8"),
        })
        .collect()
}

fn report(offences: &[Offence]) {
    let lines: Vec<String> = offences.iter().map(Offence::to_string).collect();
    assert!(lines.is_empty(), "{} offence(s):\n{}", lines.len(), lines.join("\n"));
}

#[test]
fn every_source_file_keeps_the_rules_of_its_room() {
    let files = sources();
    assert!(files.iter().any(|f| f.path == "src/lib.rs"), "no sources were read");
    let offences: Vec<Offence> = files.iter().flat_map(check_file).collect();
    report(&offences);
}

#[test]
fn every_room_has_a_floor() {
    let offences: Vec<Offence> = sources().iter().flat_map(check_room_names).collect();
    report(&offences);
}

#[test]
fn main_only_opens_the_door() {
    let text = fs::read_to_string(root().join("src/main.rs")).expect("src/main.rs");
    let lines = text.lines().count();
    assert!(lines < 20, "src/main.rs has {lines} lines; its work belongs in cli");
}

#[test]
fn no_file_names_a_path_of_somebodys_machine() {
    let endings = ["rs", "md", "toml", "sql", "txt", "json", "jsonl", "csv", "html", "xml", "svg", "py", "sh"];
    let mut files = Vec::new();
    for folder in ["src", "tests", "docs", "examples", "benches", "migrations", ".ci"] {
        files.extend(files_below(&root().join(folder), &endings));
    }
    for name in ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "Cargo.toml", "deny.toml", ".ci/run"] {
        files.push(root().join(name));
    }
    let mut offences = Vec::new();
    for path in files {
        let Ok(bytes) = fs::read(&path) else { continue };
        let text = String::from_utf8_lossy(&bytes);
        offences.extend(foreign_paths(&relative(&path), &text));
    }
    report(&offences);
}
