//! Pictures and exports by the real program: files that other programs open, errors with a way out, the same bytes.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_provenance"))
        .current_dir(folder)
        .env_remove("PROVENANCE_DB")
        .env("NO_COLOR", "1")
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("the program runs");
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"), "{arguments:?}");
    output
}

fn fine(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// A folder with a store of the example corpus.
fn corpus() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let articles = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/corpus");
    // what is found matters less here than that it is written: the quicker extractor will do
    fine(folder.path(), &["ingest", "--extractor", "rules", articles.to_str().expect("UTF-8")]);
    folder
}

#[test]
fn every_export_is_the_same_twice_and_on_standard_output_too() {
    let folder = corpus();
    for name in ["webanno", "prov", "jsonld", "csl", "bibtex"] {
        fine(folder.path(), &["export", name, "-o", "once"]);
        fine(folder.path(), &["export", name, "-o", "twice"]);
        let read = |file: &str| std::fs::read(folder.path().join(file)).expect("written");
        assert_eq!(read("once"), read("twice"), "{name}");
        assert_eq!(fine(folder.path(), &["export", name]), read("once"), "{name}");
    }
    fine(folder.path(), &["export", "brat", "-o", "brat"]);
    let files: Vec<PathBuf> =
        std::fs::read_dir(folder.path().join("brat")).expect("a folder").map(|it| it.expect("a file").path()).collect();
    let count = |ending: &str| files.iter().filter(|path| path.extension().is_some_and(|it| it == ending)).count();
    assert_eq!((count("txt"), count("ann"), count("conf")), (count("ann"), count("txt"), 1));
    assert!(count("txt") >= 16);
    let refused = run(folder.path(), &["export", "brat"]);
    let words = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(2) && words.contains("error: ") && words.contains("hint: "), "{words}");
}

#[test]
fn the_ending_chooses_the_format() {
    let folder = corpus();
    let head = |file: &str| {
        fine(folder.path(), &["graph", "-o", file]);
        let text = std::fs::read_to_string(folder.path().join(file)).expect("written");
        text.lines().next().expect("a line").to_string()
    };
    assert!(head("harbour.nodes.csv").starts_with("Id,Label,Kind"));
    assert!(head("harbour.csv").starts_with("Source,Target,"));
    assert!(head("harbour.graphml").starts_with("<?xml"));
}

#[test]
fn a_picture_is_the_same_twice() {
    let folder = corpus();
    for view in ["repeats", "lanes", "matrix", "stemma", "chain", "network"] {
        let draw = || fine(folder.path(), &["graph", "--view", view]);
        assert_eq!(draw(), draw(), "{view}");
    }
}

#[test]
fn a_png_is_drawn_or_refused_in_one_sentence() {
    let folder = corpus();
    let output = run(folder.path(), &["graph", "-o", "picture.png"]);
    let written = std::fs::read(folder.path().join("picture.png"));
    if cfg!(feature = "png") {
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        // a machine without fonts is told so
        assert!(words.contains("no fonts") || written.expect("written").starts_with(b"\x89PNG"), "{words}");
        return;
    }
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{words}");
    assert!(words.contains("error: this build draws no PNG") && words.contains("hint: "), "{words}");
    assert!(written.is_err(), "nothing half done is left");
}

/// Opens every format with the programs it is written for, as far as they are installed.
#[test]
fn consumers_open_what_is_written() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let checked = Command::new("python3")
        .arg(root.join("tests/consumers/check.py"))
        .arg(env!("CARGO_BIN_EXE_provenance"))
        .arg(root.join("examples/corpus"))
        .stdin(Stdio::null())
        .output();
    let Ok(output) = checked else {
        eprintln!("skipped: python3 is not installed");
        return;
    };
    let told = String::from_utf8_lossy(&output.stdout);
    for line in told.lines().filter(|line| line.starts_with("skipped")) {
        eprintln!("{line}");
    }
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
}

/// Opens the report and every picture in headless Chromium, where there is one, and uses them as a reader would.
#[test]
fn a_browser_opens_report_and_pictures() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let checked = Command::new("python3")
        .arg(root.join("tests/consumers/browser.py"))
        .arg(env!("CARGO_BIN_EXE_provenance"))
        .arg(root.join("examples/corpus"))
        .stdin(Stdio::null())
        .output();
    let Ok(output) = checked else {
        eprintln!("skipped: python3 is not installed");
        return;
    };
    let told = String::from_utf8_lossy(&output.stdout);
    for line in told.lines().filter(|line| line.starts_with("skipped")) {
        eprintln!("{line}");
    }
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
}
