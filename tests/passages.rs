//! How the passage kinds agree with hand annotation, where the evaluation data is beside the checkout.
//! Skips, saying so, where it is absent. The figures are floors, not targets.

use std::path::{Path, PathBuf};

use provenance::lang::language;
use provenance::model::PassageKind;
use provenance::read::reading;
use provenance::text::{CodePoints, Span};
use serde_json::Value;

fn shared(path: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/eval").join(path);
    if !found.exists() {
        println!("skipped: {} is not here", found.display());
    }
    found.exists().then_some(found)
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn span(value: &Value, points: &CodePoints) -> Span {
    let at = |name: &str| points.byte_of(value[name].as_u64().unwrap() as usize);
    Span::new(at("start"), at("end"))
}

/// Gold spans that lie in passages marked as caption or debris, and all gold spans, of one text.
fn hidden(text: &str, spans: &[Span], show: bool) -> usize {
    let reading = reading(text, language("en"));
    let is_hidden =
        |span: &&Span| matches!(reading.zone_at(span.start), PassageKind::Caption | PassageKind::Boilerplate);
    let found: Vec<&Span> = spans.iter().filter(is_hidden).collect();
    if show {
        for span in &found {
            let passage = &reading.passages[reading.passage_at(span.start).unwrap()];
            println!("hidden: {:?} in [{}] {}", span.of(text), passage.evidence[0].rule, passage.span.of(text));
        }
    }
    found.len()
}

#[test]
fn content_of_news_articles_is_not_hidden() {
    let (mut all, mut lost) = (0, 0);
    for part in ["attribution/polnear_dev.jsonl", "attribution/polnear_train.jsonl"] {
        let Some(path) = shared(part) else { return };
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let article: Value = serde_json::from_str(line).unwrap();
            let text = article["text"].as_str().unwrap();
            let points = CodePoints::new(text);
            let pieces =
                article["attributions"].as_array().unwrap().iter().flat_map(|a| a["content"].as_array().unwrap());
            let spans: Vec<Span> = pieces
                .map(|piece| {
                    Span::new(
                        points.byte_of(piece[0].as_u64().unwrap() as usize),
                        points.byte_of(piece[1].as_u64().unwrap() as usize),
                    )
                })
                .collect();
            all += spans.len();
            lost += hidden(text, &spans, true);
        }
    }
    println!("content spans in passages marked as caption or debris: {lost} of {all}");
    assert!(lost * 200 < all, "{lost} of {all}");
}

#[test]
fn debris_of_the_seeds_is_marked() {
    let Some(path) = shared("seeds/gold.json") else { return };
    let gold = json(&path);
    for document in gold["documents"].as_array().unwrap() {
        let text = std::fs::read_to_string(path.with_file_name(document["file"].as_str().unwrap())).unwrap();
        let points = CodePoints::new(&text);
        let reading = reading(&text, language("en"));
        let debris: Vec<Span> = document["boilerplate"].as_array().unwrap().iter().map(|b| span(b, &points)).collect();
        let (mut right, mut missed, mut wrong) = (0, 0, 0);
        for passage in &reading.passages {
            let is_debris =
                debris.iter().any(|span| span.contains(passage.span.trimmed(&text)) || passage.span.contains(*span));
            match (is_debris, passage.kind == PassageKind::Body) {
                (true, false) => right += 1,
                (true, true) => missed += 1,
                (false, false) => wrong += 1,
                (false, true) => {}
            }
            if is_debris == (passage.kind == PassageKind::Body) {
                println!(
                    "{} gold debris {is_debris}, marked {:?}: {}",
                    document["id"],
                    passage.kind,
                    passage.span.of(&text)
                );
            }
        }
        println!("{}: {right} right, {missed} missed, {wrong} beyond the annotation", document["id"]);
        assert!(missed * 20 <= right, "{}", document["id"]);
        let quoted = gold["attributions"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|a| a["doc"] == document["id"] && a["zone"] == "body");
        let spans: Vec<Span> =
            quoted.flat_map(|a| a["content"].as_array().unwrap()).map(|c| span(c, &points)).collect();
        assert_eq!(hidden(&text, &spans, true), 0, "{}", document["id"]);
    }
}
