//! The rules of the house as tables, and the functions that hold one source file against them.
//!
//! In: a file's path inside the checkout and its text. Out: [`Offence`]s. A new room gets its line
//! in [`FLOORS`]; a new kind of forbidden thing gets its line in [`FORBIDDEN`].

use crate::tokens::{Kind, Token, tokens};
use std::fmt;

/// Imports go down only; rooms on one floor never import each other.
const FLOORS: &[(&str, u8)] = &[
    ("text", 1),
    ("model", 2),
    ("lang", 3),
    ("network", 3),
    ("read", 4),
    ("extract", 4),
    ("resolve", 4),
    ("link", 4),
    ("graph", 4),
    ("store", 4),
    ("render", 5),
    ("app", 6),
    ("cli", 7),
];

/// Allowed by the floors, forbidden all the same: a picture is made from an answer, never from
/// the database.
const NEVER: &[(&str, &str)] = &[("render", "store")];

const PURE: &[&str] = &["text", "model", "lang", "network", "read", "extract", "resolve", "link", "graph"];

/// The only file that may hold `unsafe`: the integer kernels of the encoder.
const KERNEL: &str = "src/network/kernel.rs";

/// What must not be spelled outside certain rooms. A path is matched token by token.
struct Rule {
    spelled: &'static [&'static str],
    /// Rooms that may; an empty list means none.
    only_in: Allowed,
    why: &'static str,
}

enum Allowed {
    Rooms(&'static [&'static str]),
    AllBut(&'static [&'static str]),
}

const CLI: Allowed = Allowed::Rooms(&["cli"]);
const OUTSIDE_WORLD: &str = "rooms below `render`, but for `store`, do no I/O and read no clock";
const PRINTS: &str = "only `cli` prints";

const FORBIDDEN: &[Rule] = &[
    rule(&["rusqlite"], Allowed::Rooms(&["store"]), "SQL only in `store`"),
    rule(&["println", "!"], CLI, PRINTS),
    rule(&["eprintln", "!"], CLI, PRINTS),
    rule(&["print", "!"], CLI, PRINTS),
    rule(&["eprint", "!"], CLI, PRINTS),
    rule(&["dbg", "!"], Allowed::Rooms(&[]), "left over from a search for a fault"),
    rule(&["stdout", "("], CLI, PRINTS),
    rule(&["stderr", "("], CLI, PRINTS),
    rule(&["indicatif"], CLI, "progress is printing: only `cli` prints"),
    rule(&["anstream"], CLI, PRINTS),
    rule(&["clap"], CLI, "the command line is known to `cli` alone"),
    rule(&["std", "::", "fs"], Allowed::AllBut(PURE), OUTSIDE_WORLD),
    rule(&["std", "::", "net"], Allowed::AllBut(PURE), OUTSIDE_WORLD),
    rule(&["std", "::", "process"], Allowed::AllBut(PURE), OUTSIDE_WORLD),
    rule(&["std", "::", "env"], Allowed::AllBut(PURE), OUTSIDE_WORLD),
    rule(&["File", "::", "open"], Allowed::AllBut(PURE), OUTSIDE_WORLD),
    rule(&["stdin", "("], Allowed::AllBut(PURE), OUTSIDE_WORLD),
    rule(&["SystemTime"], Allowed::AllBut(PURE), OUTSIDE_WORLD),
    rule(&["Instant"], Allowed::AllBut(PURE), OUTSIDE_WORLD),
    rule(&["Zoned", "::", "now"], Allowed::AllBut(PURE), OUTSIDE_WORLD),
    rule(&["Timestamp", "::", "now"], Allowed::AllBut(PURE), OUTSIDE_WORLD),
    rule(&["rand"], Allowed::AllBut(PURE), "nothing random below `render`"),
];

const fn rule(spelled: &'static [&'static str], only_in: Allowed, why: &'static str) -> Rule {
    Rule { spelled, only_in, why }
}

/// How a statement of SQL begins; help texts that mention one further in are no offence.
const SQL_OPENINGS: &[&str] = &[
    "SELECT ",
    "INSERT INTO ",
    "INSERT OR ",
    "REPLACE INTO ",
    "UPDATE ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "CREATE VIEW ",
    "CREATE VIRTUAL ",
    "DROP TABLE ",
    "ALTER TABLE ",
    "PRAGMA ",
    "BEGIN IMMEDIATE",
    "ATTACH ",
    "WITH RECURSIVE ",
];

/// Absolute folders of somebody's machine, written in halves so that this file passes its own rule.
const FOREIGN_FOLDERS: &[(&str, &str)] =
    &[("/wo", "rk/"), ("/ro", "ot/"), ("/ho", "me/"), ("/Us", "ers/"), ("C:\\Us", "ers\\")];

#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Inside the checkout, with `/`.
    pub path: String,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offence {
    pub path: String,
    pub line: usize,
    pub what: String,
}

impl fmt::Display for Offence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

fn floor(room: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == room).map(|f| f.1)
}

/// `src/text/fold.rs` → `text`; `src/link.rs` → `link`; `main.rs` and `lib.rs` belong to no room.
fn room_of(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("src/")?;
    let room = inside.split_once('/').map_or_else(|| inside.trim_end_matches(".rs"), |(room, _)| room);
    (!matches!(room, "main" | "lib")).then_some(room)
}

/// How many names the module path of a file has: `src/text/mod.rs` 1, `src/text/fold.rs` 2.
fn module_depth(path: &str) -> usize {
    let inside = path.trim_start_matches("src/").trim_end_matches(".rs");
    inside.trim_end_matches("/mod").split('/').count()
}

fn is_test_file(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

pub fn check_file(file: &SourceFile) -> Vec<Offence> {
    let row = tokens(&file.text);
    let mut offences = upward_imports(file, &row);
    offences.extend(forbidden_words(file, &row));
    offences.extend(sql_texts(file, &row));
    offences.extend(unsafe_code(file, &row));
    offences.sort_by_key(|o| o.line);
    offences
}

/// A room without a floor escapes every rule, so it is an offence of its own.
pub fn check_room_names(file: &SourceFile) -> Vec<Offence> {
    match room_of(&file.path) {
        Some(room) if floor(room).is_none() => vec![Offence {
            path: file.path.clone(),
            line: 1,
            what: format!("room `{room}` has no floor; give it a line in FLOORS"),
        }],
        _ => Vec::new(),
    }
}

pub fn foreign_paths(path: &str, text: &str) -> Vec<Offence> {
    let mut offences = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for (head, tail) in FOREIGN_FOLDERS {
            let folder = format!("{head}{tail}");
            if starts_a_path(line, &folder) {
                offences.push(Offence {
                    path: path.to_string(),
                    line: number + 1,
                    what: format!("names {folder}, a folder of one machine"),
                });
            }
        }
    }
    offences
}

/// The folder at the root of a path, not in the middle of a relative one or of a web address.
fn starts_a_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/'))
    })
}

fn upward_imports(file: &SourceFile, row: &[Token]) -> Vec<Offence> {
    let Some(own) = room_of(&file.path) else {
        return Vec::new();
    };
    let Some(own_floor) = floor(own) else {
        return Vec::new();
    };
    let mut offences = Vec::new();
    for (room, line) in rooms_named(&file.path, row) {
        let Some(their_floor) = floor(&room) else {
            continue;
        };
        let never = NEVER.contains(&(own, room.as_str()));
        if room != own && (never || their_floor >= own_floor) {
            let why = if never {
                "never allowed".to_string()
            } else if their_floor == own_floor {
                format!("both are on floor {own_floor}; they meet in `model` and `app`")
            } else {
                format!("imports go down: floor {own_floor} must not know floor {their_floor}")
            };
            offences.push(Offence { path: file.path.clone(), line, what: format!("`{own}` imports `{room}`: {why}") });
        }
    }
    offences
}

/// Every first name after `crate::` (or after enough `super::`), in imports and in expressions.
fn rooms_named(path: &str, row: &[Token]) -> Vec<(String, usize)> {
    let depth = module_depth(path);
    let mut named = Vec::new();
    let mut at = 0;
    while at < row.len() {
        if row[at].is_word("crate") {
            first_names(row, at + 1, &mut named);
        } else if row[at].is_word("super") && !(at >= 2 && row[at - 2].is_word("super")) {
            let mut ups = 1;
            let mut last = at;
            while row.get(last + 2).is_some_and(|t| t.is_word("super")) {
                last += 2;
                ups += 1;
            }
            if ups == depth + row[at].inline_mods {
                first_names(row, last + 1, &mut named);
            }
        }
        at += 1;
    }
    named
}

/// After `crate`: `::name` gives one name, `::{a, b::{c}, d as e}` gives each branch's first.
fn first_names(row: &[Token], at: usize, named: &mut Vec<(String, usize)>) {
    if !row.get(at).is_some_and(|t| t.is("::")) {
        return;
    }
    let Some(next) = row.get(at + 1) else { return };
    if next.kind == Kind::Word {
        named.push((next.text.clone(), next.line));
    }
    if !next.is("{") {
        return;
    }
    let (mut depth, mut fresh) = (1, true);
    for token in &row[at + 2..] {
        match token.text.as_str() {
            "{" if token.kind == Kind::Punct => depth += 1,
            "}" if token.kind == Kind::Punct => depth -= 1,
            "," if token.kind == Kind::Punct && depth == 1 => fresh = true,
            _ if fresh && depth == 1 && token.kind == Kind::Word => {
                named.push((token.text.clone(), token.line));
                fresh = false;
            }
            _ => {}
        }
        if depth == 0 {
            return;
        }
    }
}

fn forbidden_words(file: &SourceFile, row: &[Token]) -> Vec<Offence> {
    let Some(room) = room_of(&file.path) else {
        return Vec::new();
    };
    if is_test_file(&file.path) {
        return Vec::new();
    }
    let mut offences = Vec::new();
    for (at, token) in row.iter().enumerate() {
        if token.in_test || token.kind != Kind::Word || (at > 0 && row[at - 1].is(".")) {
            continue;
        }
        for rule in FORBIDDEN {
            let allowed = match rule.only_in {
                Allowed::Rooms(rooms) => rooms.contains(&room),
                Allowed::AllBut(rooms) => !rooms.contains(&room),
            };
            if !allowed && spelled_at(row, at, rule.spelled) {
                offences.push(Offence {
                    path: file.path.clone(),
                    line: token.line,
                    what: format!("`{}` in `{room}`: {}", rule.spelled.concat(), rule.why),
                });
            }
        }
    }
    offences
}

/// The spelling at this place; a last word may also stand in the braces of an import
/// (`use std::{fs, io}`).
fn spelled_at(row: &[Token], at: usize, spelled: &[&str]) -> bool {
    let matches = |from: usize, words: &[&str]| {
        words.iter().enumerate().all(|(n, w)| row.get(from + n).is_some_and(|t| t.kind != Kind::Text && t.text == *w))
    };
    if matches(at, spelled) {
        return true;
    }
    let [head @ .., "::", last] = spelled else {
        return false;
    };
    if head.is_empty() || !matches(at, head) {
        return false;
    }
    let mut branches = Vec::new();
    first_names(row, at + head.len(), &mut branches);
    branches.iter().any(|(name, _)| name == last)
}

fn sql_texts(file: &SourceFile, row: &[Token]) -> Vec<Offence> {
    if matches!(room_of(&file.path), Some("store")) || is_test_file(&file.path) {
        return Vec::new();
    }
    row.iter()
        .filter(|t| t.kind == Kind::Text && !t.in_test)
        .filter(|t| {
            let text = t.text.trim_start();
            SQL_OPENINGS.iter().any(|opening| text.starts_with(opening))
        })
        .map(|t| Offence {
            path: file.path.clone(),
            line: t.line,
            what: "a text that begins like SQL: SQL only in `store`".to_string(),
        })
        .collect()
}

fn unsafe_code(file: &SourceFile, row: &[Token]) -> Vec<Offence> {
    if file.path == KERNEL {
        return Vec::new();
    }
    row.iter()
        .filter(|t| t.is_word("unsafe"))
        .map(|t| Offence { path: file.path.clone(), line: t.line, what: format!("`unsafe` outside {KERNEL}") })
        .collect()
}

#[cfg(test)]
mod checks {
    use super::*;

    fn check(path: &str, text: &str, expected: usize) {
        let offences = check_file(&SourceFile { path: path.to_string(), text: text.to_string() });
        assert_eq!(offences.len(), expected, "{path}: {text}\n{offences:?}");
    }

    #[test]
    fn upward_imports_are_seen_in_every_form() {
        check("src/text/fold.rs", "use crate::model::Span;", 1);
        check("src/text/fold.rs", "use crate::text::Span;", 0);
        check("src/model/mod.rs", "use crate::text::Span;", 0);
        check("src/link/score.rs", "use crate::{model::Span, text};", 0);
        check("src/link/score.rs", "use crate::{model::{A, B}, extract::C};", 1);
        check("src/link/score.rs", "use crate::{\n  app,\n  cli::run,\n};", 2);
        check("src/link.rs", "fn f() { crate::resolve::g() }", 1);
        check("src/link/score.rs", "pub(crate) fn f() {}", 0);
        check("src/cli/mod.rs", "use crate::{app, store, text};", 0);
        check("src/render/svg.rs", "use crate::store::Store;", 1);
        check("src/app/ask.rs", "use crate::cli;", 1);
        check("src/lib.rs", "pub use crate::cli::run;", 0);
        // a module that happens to share a room's name is not that room
        check("src/link/score.rs", "use crate::model::{text, app};", 0);
    }

    #[test]
    fn upward_imports_by_super_are_seen() {
        check("src/text/mod.rs", "use super::cli;", 1);
        check("src/text/fold.rs", "use super::super::cli;", 1);
        check("src/text/fold.rs", "use super::cli;", 0);
        check("src/text/fold.rs", "mod t { use super::super::super::cli; }", 1);
        check("src/text/fold.rs", "mod t { use super::super::cli; }", 0);
    }

    #[test]
    fn tests_inside_a_room_keep_to_the_floors_too() {
        check("src/text/fold.rs", "#[cfg(test)] mod tests { use crate::app; }", 1);
    }

    #[test]
    fn sql_stays_in_store() {
        check("src/app/ask.rs", "use rusqlite::Connection;", 1);
        check("src/store/mod.rs", "use rusqlite::Connection;", 0);
        check("src/app/ask.rs", "let q = \"SELECT id FROM claim\";", 1);
        check("src/app/ask.rs", "let q = r#\"\n  UPDATE claim SET x = 1\"#;", 1);
        check("src/cli/sql.rs", "let help = \"try: provenance sql 'SELECT 1'\";", 0);
        check("src/store/mod.rs", "let q = \"SELECT id FROM claim\";", 0);
        check("src/app/ask.rs", "// rusqlite is not for here, \"SELECT 1\" neither", 0);
    }

    #[test]
    fn printing_stays_in_cli() {
        check("src/app/ask.rs", "fn f() { println!(\"x\"); }", 1);
        check("src/app/ask.rs", "fn f() { eprint!(\"x\"); dbg!(1); }", 2);
        check("src/cli/ask.rs", "fn f() { println!(\"x\"); }", 0);
        check("src/cli/ask.rs", "fn f() { dbg!(1); }", 1);
        check("src/main.rs", "fn main() { println!(\"x\"); }", 0);
        check("src/app/ask.rs", "let out = std::io::stdout();", 1);
        check("src/app/dot.rs", "cmd.stdout(pipe()); let t = child.stdout;", 0);
        check("src/app/ask.rs", "#[cfg(test)] mod tests { fn f() { println!(); } }", 0);
        check("src/app/ask.rs", "#[cfg(test)] mod tests {} fn f() { println!(); }", 1);
        check("src/app/ask.rs", "let text = \"println!\"; // println!(1)", 0);
        check("src/app/ask.rs", "use clap::Parser;", 1);
    }

    #[test]
    fn pure_rooms_do_not_touch_the_world() {
        check("src/read/html.rs", "let page = std::fs::read(path)?;", 1);
        check("src/read/html.rs", "use std::{fmt, fs};", 1);
        check("src/read/html.rs", "use std::{fmt, io};", 0);
        check("src/link/score.rs", "let now = Instant::now();", 1);
        check("src/store/open.rs", "std::fs::copy(a, b)?;", 0);
        check("src/app/ingest.rs", "std::fs::read(path)?;", 0);
        check("src/text/dates.rs", "let today = jiff::Zoned::now();", 1);
    }

    #[test]
    fn unsafe_code_has_one_place() {
        check("src/link/score.rs", "fn f() { unsafe { g() } }", 1);
        check("src/link/score.rs", "#![deny(unsafe_code)] // no unsafe", 0);
        check("src/network/kernel.rs", "unsafe fn f() {}", 0);
    }

    #[test]
    fn a_room_without_a_floor_is_an_offence() {
        let file = |path: &str| SourceFile { path: path.to_string(), text: String::new() };
        assert_eq!(check_room_names(&file("src/attic/mod.rs")).len(), 1);
        assert!(check_room_names(&file("src/text/mod.rs")).is_empty());
        assert!(check_room_names(&file("src/main.rs")).is_empty());
    }

    #[test]
    fn folders_of_one_machine_are_named() {
        let line = |folder: &str| foreign_paths("docs/x.md", &format!("see {folder}notes"));
        assert_eq!(line(&["/ho", "me/"].concat()).len(), 1);
        assert_eq!(line(&["C:\\Us", "ers\\"].concat()).len(), 1);
        assert!(line("https://example.org/home/").is_empty());
        assert!(line("examples/corpus/").is_empty());
        assert!(line("../works/").is_empty());
    }
}
