//! `provenance evaluate --pairs` and `--retrieval`: linking and matching measured against judged pairs and queries.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::app::AppError;
use crate::app::evaluate_linking::{
    Bcubed, JudgedQuery, Measures, Pair, STRING_METRICS, Scored, average_precision, bcubed, best_threshold,
    embed_pairs, examples, measure_retrieval, measures, read_pairs, recall_at_precision, scored,
};
use crate::app::matching::MatchOptions;
use crate::link::Weights;

use super::Outcome;
use super::answer::{Answer, Rows, columns};
use super::r#match::bank;
use super::screen::visible;

/// What the two measurements share.
pub(super) struct Wanted<'a> {
    /// Embeddings too, as the accurate extractor makes them.
    pub(super) meaning: bool,
    /// Probability from which a pair counts as linked.
    pub(super) threshold: f64,
    pub(super) predictions: Option<&'a Path>,
    /// Percent of F1 (pairs) or MAP@5 (retrieval).
    pub(super) fail_under: Option<f64>,
    /// Plain string metrics beside the score.
    pub(super) metrics: bool,
}

/// Pairs of a file; its first bad line is an error.
pub(super) fn pairs_of(path: &Path, meaning: bool) -> Result<Vec<Pair>, AppError> {
    let (mut pairs, errors) = read_pairs(&text(path)?);
    if let Some(error) = errors.first() {
        return Err(AppError::file(
            format!("{}: {error}", path.display()),
            "each line is {\"id\", \"label\", \"a\": {\"text\", …}, \"b\": {…}}",
        ));
    }
    if pairs.is_empty() {
        return Err(AppError::file(format!("{} holds no pair", path.display()), "give JSON Lines of judged pairs"));
    }
    if meaning {
        embed_pairs(&mut pairs);
    }
    Ok(pairs)
}

pub(super) fn pairs(path: &Path, wanted: &Wanted) -> Result<Answer, AppError> {
    let pairs = pairs_of(path, wanted.meaning)?;
    let all: Vec<&Pair> = pairs.iter().collect();
    let log_odds: Vec<f64> =
        examples(&all).iter().map(|example| example.score(Weights::shipped(example.with_meaning))).collect();
    let rows = scored(&all, &log_odds);
    if let Some(out) = wanted.predictions {
        let lines =
            all.iter().zip(&rows).map(|(pair, row)| format!("{}\n", json!({"id": pair.id, "score": row.score})));
        write(out, &lines.collect::<String>())?;
    }
    let found = measures(&rows, wanted.threshold);
    let linked: Vec<bool> = rows.iter().map(|row| row.score >= wanted.threshold).collect();
    let clusters = bcubed(&all, &linked);
    let others = if wanted.metrics { string_metrics(&all, &rows) } else { Vec::new() };
    let mut answer = Answer::new(as_json(&found, &clusters, &rows, wanted.threshold, &others));
    answer.human = Some(in_words(path, &found, &clusters, &rows, wanted.threshold, &others));
    answer.list = "categories";
    answer.rows = Rows {
        columns: columns(&["category", "pairs", "linked"]),
        rows: found
            .categories
            .iter()
            .map(|(name, count)| vec![name.clone(), count.pairs.to_string(), count.linked.to_string()])
            .collect(),
    };
    gate(&mut answer, "F1", 100.0 * found.f1, wanted.fail_under);
    Ok(answer)
}

fn as_json(found: &Measures, clusters: &Bcubed, rows: &[Scored], threshold: f64, others: &[Metric]) -> Value {
    let (best, at) = best_threshold(rows);
    let categories: Vec<Value> = found
        .categories
        .iter()
        .map(|(name, count)| json!({"category": name, "pairs": count.pairs, "linked": count.linked}))
        .collect();
    json!({
        "schema": "provenance.evaluation_pairs/1", "pairs": found.pairs, "threshold": threshold,
        "precision": found.precision, "recall": found.recall, "f1": found.f1, "accuracy": found.accuracy,
        "average_precision": found.average_precision, "brier": found.brier, "ece": found.ece,
        "best_f1": best, "best_threshold": at, "recall_at_precision_97": recall_at_precision(rows, 0.97).0,
        "bcubed": {"precision": clusters.precision, "recall": clusters.recall, "f1": clusters.f1, "mentions": clusters.mentions},
        "categories": categories,
        "metrics": others.iter().map(|it| json!({"metric": it.0, "average_precision": it.1, "best_f1": it.2})).collect::<Vec<_>>(),
    })
}

fn in_words(
    path: &Path,
    found: &Measures,
    clusters: &Bcubed,
    rows: &[Scored],
    threshold: f64,
    others: &[Metric],
) -> String {
    let (best, at) = best_threshold(rows);
    let mut out = format!(
        "{} · {} pairs, linked from {threshold} on\n\nP {:.3}  R {:.3}  F1 {:.3}  accuracy {:.3}\n\
         average precision {:.3}  Brier {:.3}  ECE {:.3}\n\
         upper bound: F1 {best:.3} at {at:.3} (chosen on these pairs); recall at precision .97: {:.3}\n\
         B-cubed  P {:.3}  R {:.3}  F1 {:.3}  ({} mentions)\n\n",
        visible(&path.display().to_string()),
        found.pairs,
        found.precision,
        found.recall,
        found.f1,
        found.accuracy,
        found.average_precision,
        found.brier,
        found.ece,
        recall_at_precision(rows, 0.97).0,
        clusters.precision,
        clusters.recall,
        clusters.f1,
        clusters.mentions,
    );
    for (name, count) in &found.categories {
        let share = count.linked as f64 / count.pairs.max(1) as f64;
        out.push_str(&format!(
            "  {:<18} linked {:>4} of {:>4}  {share:.3}\n",
            visible(name),
            count.linked,
            count.pairs
        ));
    }
    if !others.is_empty() {
        out.push_str("\nmetric              average precision   best F1 (threshold chosen on these pairs)\n");
        for (name, precision, best) in others {
            out.push_str(&format!("  {name:<18} {precision:>15.3} {best:>9.3}\n"));
        }
    }
    out
}

/// Name, average precision, best F1.
type Metric = (String, f64, f64);

/// Plain string metrics on the same pairs, and the score itself as the last.
fn string_metrics(pairs: &[&Pair], own: &[Scored]) -> Vec<Metric> {
    let line = |name: &str, rows: &[Scored]| (name.to_string(), average_precision(rows), best_threshold(rows).0);
    let mut found: Vec<Metric> = STRING_METRICS
        .iter()
        .map(|(name, likeness)| {
            let score = |pair: &Pair| likeness(&pair.a.variant.text, &pair.b.variant.text);
            let rows: Vec<Scored> =
                own.iter().zip(pairs).map(|(row, pair)| Scored { score: score(pair), ..row.clone() }).collect();
            line(name, &rows)
        })
        .collect();
    found.push(line("linking score", own));
    found
}

/// `files` are the bank and the queries.
pub(super) fn retrieval(files: &[PathBuf], wanted: &Wanted) -> Result<Answer, AppError> {
    let [bank_path, queries_path] = files else {
        return Err(AppError::usage("--retrieval takes two files", "evaluate --retrieval CLAIMS.jsonl QUERIES.jsonl"));
    };
    let claims = bank(bank_path)?;
    let mut queries: Vec<JudgedQuery> = Vec::new();
    for (at, line) in text(queries_path)?.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        queries.push(serde_json::from_str(line).map_err(|error| {
            AppError::file(
                format!("{}: line {}: {error}", queries_path.display(), at + 1),
                "each line is {\"id\", \"text\", \"relevant\": [claim ids]}",
            )
        })?);
    }
    let options = MatchOptions { meaning: wanted.meaning, ..MatchOptions::default() };
    let (found, answers) = measure_retrieval(&claims, &queries, &options);
    if let Some(out) = wanted.predictions {
        write(out, &answers.iter().map(|it| format!("{}\n", json!(it))).collect::<String>())?;
    }
    let mut answer = Answer::new(json!({
        "schema": "provenance.evaluation_retrieval/1", "claims": claims.len(), "queries": found.queries,
        "map5": found.map5, "p1": found.precision1,
    }));
    answer.human = Some(format!(
        "{} · {} queries against {} claims\n\nMAP@5 {:.3}  P@1 {:.3}\n",
        visible(&queries_path.display().to_string()),
        found.queries,
        claims.len(),
        found.map5,
        found.precision1,
    ));
    gate(&mut answer, "MAP@5", 100.0 * found.map5, wanted.fail_under);
    Ok(answer)
}

fn gate(answer: &mut Answer, what: &str, reached: f64, floor: Option<f64>) {
    if let Some(floor) = floor.filter(|floor| reached < *floor) {
        answer.notes.push(format!("{what} {reached:.1} is below {floor:.1}"));
        answer.outcome = Outcome::GateFailed;
    }
}

pub(super) fn text(path: &Path) -> Result<String, AppError> {
    fs::read_to_string(path)
        .map_err(|error| AppError::file(format!("{}: {error}", path.display()), "give a file of JSON Lines in UTF-8"))
}

fn write(path: &Path, text: &str) -> Result<(), AppError> {
    fs::write(path, text)
        .map_err(|error| AppError::file(format!("{}: {error}", path.display()), "choose a file that can be written"))
}
