//! The measures against the published scorer.

use super::*;

fn shared(path: &str) -> Option<String> {
    let found = std::fs::read_to_string(format!("{}/../shared/eval/{path}", env!("CARGO_MANIFEST_DIR"))).ok();
    if found.is_none() {
        println!("skipped: ../shared/eval/{path} is not here");
    }
    found
}

/// The same predictions through both scorers: all figures agree to nine decimals.
#[test]
fn figures_agree_with_the_published_scorer() {
    let Some(gold) = shared("attribution/polnear_dev.jsonl") else { return };
    let gold: Vec<GoldDocument> = parse(&gold).unwrap().into_iter().take(12).collect();
    let predictions =
        predict(&gold, &EvaluateOptions { extractor: crate::model::Extractor::Rules, ..EvaluateOptions::default() });
    let folder = tempfile::tempdir().unwrap();
    let (gold_path, predicted_path) = (folder.path().join("gold.jsonl"), folder.path().join("predicted.jsonl"));
    let lines = gold.iter().map(|document| serde_json::to_string(document).unwrap() + "\n").collect::<String>();
    std::fs::write(&gold_path, lines).unwrap();
    std::fs::write(&predicted_path, predictions_jsonl(&predictions)).unwrap();
    let scorer = format!("{}/../shared/eval/score/evaluate_attribution.py", env!("CARGO_MANIFEST_DIR"));
    let mut command = std::process::Command::new("python3");
    command.arg(scorer).arg(gold_path).arg(predicted_path).arg("--json");
    let Ok(output) = command.output() else {
        println!("skipped: no python3 here");
        return;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let theirs: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    compare(&measure(&gold, &predictions), &theirs);
}

/// A few sentences of our own with predictions that are right, wrong, short and long; the figures are those that the
/// published scorer gives for them.
#[test]
fn figures_of_the_stored_example() {
    let stored: serde_json::Value =
        serde_json::from_str(include_str!("../../../tests/data/attribution_measures.json")).unwrap();
    let documents = |key: &str| -> Vec<GoldDocument> { serde_json::from_value(stored[key].clone()).unwrap() };
    compare(&measure(&documents("gold"), &documents("predicted")), &stored["measures"]);
}

fn compare(ours: &Measures, theirs: &serde_json::Value) {
    let ours = serde_json::to_value(ours).unwrap();
    for (section, their_section) in [
        ("token", "token"),
        ("exact", "exact"),
        ("overlap", "overlap"),
        ("citron", "citron"),
        ("attribution", "attribution"),
        ("kind", "type"),
    ] {
        let table = ours[section].as_object().unwrap();
        assert_eq!(table.len(), theirs[their_section].as_object().unwrap().len());
        for (name, prf) in table {
            for field in ["p", "r", "f", "n_pred", "n_gold"] {
                let (own, their) = (prf[field].as_f64().unwrap(), theirs[their_section][name][field].as_f64().unwrap());
                assert!((own - their).abs() < 1e-9, "{section} {name} {field}: {own} {their}");
            }
        }
    }
}

/// Figures on the development articles: `cargo test --release development -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn development_figures() {
    let Some(text) = shared("attribution/polnear_dev.jsonl") else { return };
    let gold = parse(&text).unwrap();
    for extractor in crate::model::Extractor::ALL {
        let start = std::time::Instant::now();
        let found =
            evaluate(&gold, &EvaluateOptions { extractor: *extractor, marks_lost: true, ..EvaluateOptions::default() });
        let f = |measures: &Measures, section: &str, key: &str| {
            let table = match section {
                "exact" => &measures.exact,
                "kind" => &measures.kind,
                _ => &measures.attribution,
            };
            format!("{:.1}", 100.0 * table[key].f)
        };
        let all = &found.all;
        println!(
            "{:9} ATTR {} (P {:.1} R {:.1}) speech {} d/m/i {}/{}/{} exact S/C/Q {}/{}/{} in {:.1} s",
            found.extractor,
            f(all, "attr", "attr"),
            100.0 * all.attribution["attr"].p,
            100.0 * all.attribution["attr"].r,
            f(&found.speech, "attr", "attr"),
            f(all, "kind", "direct"),
            f(all, "kind", "mixed"),
            f(all, "kind", "indirect"),
            f(all, "exact", "source"),
            f(all, "exact", "cue"),
            f(all, "exact", "content"),
            start.elapsed().as_secs_f64(),
        );
        let lost = found.marks_lost.as_ref().unwrap();
        println!(
            "   marks lost: ATTR {} exact S/C/Q {}/{}/{}   ECE {:.3} Brier {:.3}",
            f(lost, "attr", "attr"),
            f(lost, "exact", "source"),
            f(lost, "exact", "cue"),
            f(lost, "exact", "content"),
            found.reliability.ece,
            found.reliability.brier,
        );
    }
}

/// Weights of the join scorers: `cargo test --release join_weights -- --ignored --nocapture`.
#[test]
#[ignore = "training"]
fn join_weights() {
    let (Some(train), Some(dev)) = (shared("attribution/polnear_train.jsonl"), shared("attribution/polnear_dev.jsonl"))
    else {
        return;
    };
    let language = crate::lang::language("en");
    let encoder = crate::extract::encoder::encoder(language).unwrap();
    let found = train_join(&parse(&train).unwrap(), &parse(&dev).unwrap(), language, encoder);
    println!("{}\nECE {:.3} Brier {:.3}", found.weights, found.reliability.ece, found.reliability.brier);
}
