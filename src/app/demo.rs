//! The bundled example corpus: fictional outlets, real-world structure (see examples/README.md).

use std::path::{Path, PathBuf};

use super::AppError;

/// Every file of the corpus, in the order of its name.
pub const CORPUS: &[(&str, &[u8])] = &[
    ("01_meridian_flash.txt", include_bytes!("../../examples/corpus/01_meridian_flash.txt")),
    ("02_courier_original.txt", include_bytes!("../../examples/corpus/02_courier_original.txt")),
    ("03_ledger.html", include_bytes!("../../examples/corpus/03_ledger.html")),
    ("04_compass_copy.txt", include_bytes!("../../examples/corpus/04_compass_copy.txt")),
    ("05_quickbrief.txt", include_bytes!("../../examples/corpus/05_quickbrief.txt")),
    ("06_kuestenbote.txt", include_bytes!("../../examples/corpus/06_kuestenbote.txt")),
    ("07_gazette_denial.md", include_bytes!("../../examples/corpus/07_gazette_denial.md")),
    ("08_ledger_correction.txt", include_bytes!("../../examples/corpus/08_ledger_correction.txt")),
    ("09_lagoon.jsonl", include_bytes!("../../examples/corpus/09_lagoon.jsonl")),
    ("10_standard.xml", include_bytes!("../../examples/corpus/10_standard.xml")),
    ("11_inland.csv", include_bytes!("../../examples/corpus/11_inland.csv")),
    ("12_gazette_speech.txt", include_bytes!("../../examples/corpus/12_gazette_speech.txt")),
    ("13_courier_inquiry.txt", include_bytes!("../../examples/corpus/13_courier_inquiry.txt")),
    ("14_meridian_chain.txt", include_bytes!("../../examples/corpus/14_meridian_chain.txt")),
    ("15_phare.txt", include_bytes!("../../examples/corpus/15_phare.txt")),
    ("16_courier_fortnight.md", include_bytes!("../../examples/corpus/16_courier_fortnight.md")),
];

/// The question that the demo answers.
pub const DEMO_QUESTION: &str = "harbour defences";

/// Writes the corpus into `folder`, which is made where it is missing. Returns the paths.
pub fn write_corpus(folder: &Path) -> Result<Vec<PathBuf>, AppError> {
    let failed = |path: &Path, e: std::io::Error| {
        AppError::file(format!("{}: {e}", path.display()), "name another folder: provenance demo DIR")
    };
    std::fs::create_dir_all(folder).map_err(|e| failed(folder, e))?;
    let mut paths = Vec::new();
    for (name, bytes) in CORPUS {
        let path = folder.join(name);
        std::fs::write(&path, bytes).map_err(|e| failed(&path, e))?;
        paths.push(path);
    }
    Ok(paths)
}
