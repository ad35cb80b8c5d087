//! Stores in the wrong place or from somebody else: newer, foreign, read-only.

use std::path::Path;

use rusqlite::Connection;

use crate::common::{export, finished, newsroom, program, run};

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_string(), std::fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

/// Every command that reads or writes a store.
const COMMANDS: &[&[&str]] = &[
    &["stats"],
    &["who-said", "harbour"],
    &["speakers"],
    &["claims"],
    &["export", "json"],
    &["verify"],
    &["doctor"],
    &["rebuild"],
    &["undo"],
    &["ingest", "--extractor", "rules", "a.txt"],
    &["forget", "d000000", "--yes"],
    &["forget", "--sweep"],
];

#[test]
fn newer_and_foreign_files_are_refused_and_not_touched() {
    let setups: [(&str, &str); 4] = [
        (
            "newer",
            "PRAGMA application_id = 1886547830; PRAGMA user_version = 99; CREATE TABLE x (y); INSERT INTO x VALUES (1)",
        ),
        ("foreign", "CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')"),
        ("other program", "PRAGMA application_id = 1; CREATE TABLE recipes (name TEXT)"),
        (
            "newer with a log",
            "PRAGMA journal_mode = wal; PRAGMA application_id = 1886547830; PRAGMA user_version = 99; CREATE TABLE x (y)",
        ),
    ];
    for (name, setup) in setups {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.txt"), "The mayor said that the bridge is closed.").unwrap();
        Connection::open(folder.path().join("provenance.db")).unwrap().execute_batch(setup).unwrap();
        let before = files(folder.path());
        for command in COMMANDS {
            let outcome = run(folder.path(), command);
            let expected = if command[0] == "doctor" { 0 } else { 4 };
            assert_eq!(outcome.code, expected, "{name} {command:?}: {}{}", outcome.out, outcome.err);
            assert!(
                outcome.err.contains("hint: ") || outcome.out.contains("hint: "),
                "{name} {command:?}: {}",
                outcome.err
            );
            assert!(files(folder.path()) == before, "{name}: {command:?} changed a file");
        }
    }
}

/// What to put before the program so that it runs as somebody who may not write what is read-only: nothing, where that
/// is so anyway; `None` where there is no way.
#[cfg(unix)]
fn unprivileged(folder: &Path) -> Option<Vec<String>> {
    use std::os::unix::fs::PermissionsExt;
    let probe = folder.join("probe");
    std::fs::write(&probe, "x").unwrap();
    std::fs::set_permissions(&probe, std::fs::Permissions::from_mode(0o444)).unwrap();
    if std::fs::OpenOptions::new().append(true).open(&probe).is_err() {
        return Some(Vec::new());
    }
    let prefix: Vec<String> =
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"].map(str::to_string).to_vec();
    let can = std::process::Command::new(&prefix[0])
        .args(&prefix[1..])
        .arg(env!("CARGO_BIN_EXE_provenance"))
        .arg("--version")
        .current_dir(folder)
        .output()
        .is_ok_and(|output| output.status.success());
    can.then_some(prefix)
}

#[cfg(unix)]
#[test]
fn a_store_that_can_only_be_read_is_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    newsroom(folder.path());
    run(folder.path(), &["ingest", "--extractor", "rules", "articles"]).ok();
    let expected = export(folder.path(), "provenance.db");
    let Some(prefix) = unprivileged(folder.path()) else {
        println!("skipped: nobody here is without the right to write");
        return;
    };
    let mode = |path: &Path, mode: u32| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    for (what, file_mode, folder_mode) in [("file", 0o444, 0o777), ("file and folder", 0o444, 0o555)] {
        mode(&folder.path().join("provenance.db"), file_mode);
        mode(folder.path(), folder_mode);
        let before = std::fs::read(folder.path().join("provenance.db")).unwrap();
        let as_reader = |arguments: &[&str]| {
            let mut command = match prefix.split_first() {
                None => program(folder.path()),
                Some((first, rest)) => {
                    let mut command = std::process::Command::new(first);
                    command.args(rest).arg(env!("CARGO_BIN_EXE_provenance")).current_dir(folder.path());
                    command.env_remove("PROVENANCE_DB");
                    command
                }
            };
            finished(command.args(arguments))
        };
        assert_eq!(as_reader(&["export", "json"]).ok().out, expected, "{what}");
        as_reader(&["who-said", "harbour defences"]).ok();
        as_reader(&["verify"]).ok();
        as_reader(&["doctor"]).ok();
        let refused = as_reader(&["rebuild"]);
        assert_eq!(refused.code, 4, "{what}: {}", refused.err);
        assert!(refused.err.contains("permissions") || refused.err.contains("cannot be written"), "{}", refused.err);
        assert!(before == std::fs::read(folder.path().join("provenance.db")).unwrap(), "{what}");
        mode(folder.path(), 0o755);
        mode(&folder.path().join("provenance.db"), 0o644);
    }
}
