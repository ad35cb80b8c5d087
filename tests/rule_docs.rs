//! Holds docs/rules.md against the sources: every rule id of extraction is listed, and nothing else is.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// First parts of the rule ids of extraction.
const FAMILIES: &[&str] = &[
    "encoder",
    "fast",
    "quote",
    "cue",
    "phrase",
    "colon",
    "kind",
    "zone",
    "address",
    "medium",
    "when",
    "chain",
    "continuation",
    "marks_lost",
    "act",
    "nested",
    "repair",
    "doubt",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// Dotted ids between two `quote` characters.
fn ids(text: &str, quote: char) -> BTreeSet<String> {
    let is_id = |piece: &&str| {
        let Some((family, name)) = piece.split_once('.') else { return false };
        FAMILIES.contains(&family) && !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
    };
    text.split(quote).filter(is_id).map(str::to_string).collect()
}

#[test]
fn every_rule_of_extraction_is_documented_and_nothing_else() {
    let mut files = Vec::new();
    for room in ["rules", "enrich", "encoder", "fast"] {
        sources(&root().join("src/extract").join(room), &mut files);
    }
    let mut used = BTreeSet::new();
    for path in files {
        used.extend(ids(&fs::read_to_string(path).expect("a source file"), '"'));
    }
    // a definition and a refusal: nothing is left to carry them as evidence
    used.extend(["kind.marks", "repair.voice"].map(str::to_string));
    let documented = ids(&fs::read_to_string(root().join("docs/rules.md")).expect("docs/rules.md"), '`');
    let missing: Vec<&String> = used.difference(&documented).collect();
    let stale: Vec<&String> = documented.difference(&used).collect();
    assert!(
        missing.is_empty() && stale.is_empty(),
        "missing in docs/rules.md: {missing:?}; listed but unused: {stale:?}"
    );
}
