//! The measures against the published scorer.

use super::*;

fn shared(path: &str) -> Option<String> {
    let found = std::fs::read_to_string(format!("{}/../shared/eval/{path}", env!("CARGO_MANIFEST_DIR"))).ok();
    if found.is_none() {
        println!("skipped: ../shared/eval/{path} is not here");
    }
    found
}

/// Figures on the development articles: `cargo test --release development -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn development_figures() {
    let Some(text) = shared("attribution/polnear_dev.jsonl") else { return };
    let gold = parse(&text).unwrap();
    for extractor in crate::model::Extractor::ALL {
        let start = std::time::Instant::now();
        let found = evaluate(&gold, &EvaluateOptions { extractor: *extractor, marks_lost: true });
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
