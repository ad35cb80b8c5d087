//! `provenance evaluate`, `provenance train-join` and `provenance train-fast`: extraction measured against gold, and the
//! trainers of the joins and of the fast tier.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use crate::app::AppError;
use crate::app::evaluate::{
    self, EvaluateOptions, Evaluation, GoldDocument, Measures, Miss, Prf, Role, Speed, Wrong, predictions_jsonl,
    train_fast as train_tagger, train_join,
};
use crate::extract::encoder;
use crate::extract::fast::Model;
use crate::lang::language;
use crate::model::Extractor;

use super::Outcome;
use super::answer::{Answer, Rows, columns};
use super::context::Context;
use super::evaluate_linking::{self, Wanted};
use super::screen;

/// Measure extraction against gold (precision, recall and F1 of spans and attributions, by kind, with every error), linking
/// against judged pairs, or matching against judged queries.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// JSON Lines: {"doc_id", "text", "attributions": [{"cue": [[start, end]], "source": …, "content": …}]}, offsets in
    /// code points.
    #[arg(value_name = "GOLD.jsonl", required_unless_present_any = ["pairs", "retrieval"], conflicts_with_all = ["pairs", "retrieval"])]
    gold: Option<PathBuf>,
    /// Judged pairs instead: JSON Lines of {"id", "label", "a": {"text", "speaker"?, "date"?, …}, "b": {…}}.
    #[arg(long, value_name = "PAIRS.jsonl", conflicts_with = "retrieval")]
    pairs: Option<PathBuf>,
    /// Judged queries instead: a claim bank, and JSON Lines of {"id", "text", "relevant": [claim ids]}.
    #[arg(long, num_args = 2, value_names = ["CLAIMS", "QUERIES.jsonl"])]
    retrieval: Option<Vec<PathBuf>>,
    /// Probability from which a pair counts as linked.
    #[arg(long, default_value_t = 0.5, value_name = "P", requires = "pairs")]
    threshold: f64,
    /// Plain string metrics on the same pairs beside the score.
    #[arg(long, requires = "pairs")]
    metrics: bool,
    /// Which extractor to measure; pairs and queries: `rules` does without meanings.
    #[arg(long, default_value = "accurate", value_parser = ["accurate", "fast", "rules"])]
    extractor: String,
    /// Write what was predicted: in the form of the gold; {"id", "score"} for pairs; {"id", "results"} for queries.
    #[arg(long, value_name = "OUT.jsonl")]
    predictions: Option<PathBuf>,
    /// End with exit code 5 when attribution F1 (pairs: F1, queries: MAP@5) is below this (percent).
    #[arg(long, value_name = "PERCENT")]
    fail_under: Option<f64>,
    /// Measure a second time with every double quotation mark deleted.
    #[arg(long)]
    marks_lost: bool,
    /// With --extractor fast: weights from `train-fast` instead of those that come with the program.
    #[arg(long, value_name = "WEIGHTS.bin", hide = true)]
    weights: Option<PathBuf>,
    /// Measure speed instead: processor seconds of every tier, the accurate one on every instruction set there is.
    #[arg(long, hide = true)]
    speed: bool,
    /// Show every error in its context: {S source}, {C cue}, {Q content}.
    #[arg(long)]
    errors: bool,
}

/// Train the scorers that join tagged spans into attributions; prints their weights.
#[derive(Args, Debug)]
#[command(hide = true)]
pub(crate) struct TrainArguments {
    /// Articles to learn the joins from.
    #[arg(value_name = "TRAIN.jsonl")]
    train: PathBuf,
    /// Articles to learn the confidence from; the encoder must not have been trained on them.
    #[arg(long, value_name = "DEV.jsonl")]
    held_out: PathBuf,
}

/// Train the tagger of the fast tier; writes its weights.
#[derive(Args, Debug)]
#[command(hide = true)]
pub(crate) struct TrainFastArguments {
    /// Articles to learn from, in the form `evaluate` reads.
    #[arg(value_name = "GOLD.jsonl", required = true)]
    gold: Vec<PathBuf>,
    /// Where the weights go.
    #[arg(long, short, value_name = "OUT.bin")]
    out: PathBuf,
}

pub(crate) fn run(arguments: &Arguments, _context: &Context) -> Result<Answer, AppError> {
    let wanted = Wanted {
        meaning: arguments.extractor == Extractor::Accurate.name(),
        threshold: arguments.threshold,
        predictions: arguments.predictions.as_deref(),
        fail_under: arguments.fail_under,
        metrics: arguments.metrics,
    };
    match (&arguments.pairs, &arguments.retrieval, &arguments.gold) {
        (Some(path), ..) => evaluate_linking::pairs(path, &wanted),
        (_, Some(files), _) => evaluate_linking::retrieval(files, &wanted),
        (.., Some(gold)) => extraction(gold, arguments),
        _ => Err(AppError::usage("there is nothing to measure against", "give GOLD.jsonl, --pairs or --retrieval")),
    }
}

fn extraction(path: &Path, arguments: &Arguments) -> Result<Answer, AppError> {
    let gold = read_gold(path)?;
    if arguments.speed {
        return Ok(speed(&gold));
    }
    let extractor = Extractor::of_name(&arguments.extractor).unwrap_or_default();
    let fast_weights = arguments.weights.as_deref().map(read_weights).transpose()?;
    let options = EvaluateOptions { extractor, marks_lost: arguments.marks_lost, fast_weights };
    let found = evaluate::evaluate(&gold, &options);
    if let Some(path) = &arguments.predictions {
        write(path, predictions_jsonl(&found.predictions).as_bytes())?;
    }
    let mut json = json!({"schema": "provenance.evaluation/1"});
    if let (Some(object), Ok(serde_json::Value::Object(own))) = (json.as_object_mut(), serde_json::to_value(&found)) {
        object.extend(own);
        object.insert("errors".to_string(), serde_json::to_value(&found.errors).unwrap_or_default());
    }
    let mut answer = Answer::new(json);
    answer.human = Some(words(&found, path, arguments.errors));
    answer.list = "errors";
    answer.rows = error_rows(&found.errors);
    let reached = 100.0 * found.all.attribution["attr"].f;
    if let Some(floor) = arguments.fail_under.filter(|floor| reached < *floor) {
        answer.notes.push(format!("attribution F1 {reached:.1} is below {floor:.1}"));
        answer.outcome = Outcome::GateFailed;
    }
    Ok(answer)
}

pub(crate) fn train(arguments: &TrainArguments) -> Result<Answer, AppError> {
    let (train, held_out) = (read_gold(&arguments.train)?, read_gold(&arguments.held_out)?);
    let english = language("en");
    let encoder = encoder::encoder(english)
        .ok_or_else(|| AppError::usage("the encoder's weights cannot be read", "build the program anew"))?;
    let found = train_join(&train, &held_out, english, encoder);
    let mut answer = Answer::words(found.weights);
    let (ece, brier) = (found.reliability.ece, found.reliability.brier);
    answer.notes.push(format!("confidence, cross-validated on the held-out articles: ECE {ece:.3}, Brier {brier:.3}"));
    Ok(answer)
}

pub(crate) fn train_fast(arguments: &TrainFastArguments) -> Result<Answer, AppError> {
    let mut gold = Vec::new();
    for path in &arguments.gold {
        gold.extend(read_gold(path)?);
    }
    let found = train_tagger(&gold);
    write(&arguments.out, &found.bytes)?;
    let (ece, brier) = (found.reliability.ece, found.reliability.brier);
    Ok(Answer::words(format!(
        "{}: {} bytes from {} articles\nconfidence on the articles held out for it: ECE {ece:.3}, Brier {brier:.3}\n",
        screen::visible(&arguments.out.display().to_string()),
        found.bytes.len(),
        found.articles,
    )))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), AppError> {
    fs::write(path, bytes)
        .map_err(|error| AppError::file(format!("{}: {error}", path.display()), "choose a file that can be written"))
}

fn speed(gold: &[GoldDocument]) -> Answer {
    let found = evaluate::speeds(gold);
    let row = |own: &Speed| {
        format!(
            "{:<9} {:<12} {:8.3} s  {:8.1} articles of 750 words/s\n",
            own.extractor, own.path, own.seconds, own.articles
        )
    };
    let mut answer = Answer::new(json!({"schema": "provenance.speed/1", "speeds": found}));
    answer.human = Some(found.iter().map(row).collect());
    answer
}

/// Weights stay in memory until the program ends.
fn read_weights(path: &Path) -> Result<&'static Model, AppError> {
    let shown = path.display();
    let bad = |error: String| AppError::file(format!("{shown}: {error}"), "give a file that `train-fast` wrote");
    let bytes = fs::read(path).map_err(|error| bad(error.to_string()))?;
    let model = Model::open(bytes.leak()).map_err(|error| bad(error.to_string()))?;
    Ok(Box::leak(Box::new(model)))
}

fn read_gold(path: &Path) -> Result<Vec<GoldDocument>, AppError> {
    let shown = path.display();
    let text = fs::read_to_string(path)
        .map_err(|error| AppError::file(format!("{shown}: {error}"), "give a file of JSON Lines in UTF-8"))?;
    evaluate::parse(&text).map_err(|(line, error)| {
        AppError::file(
            format!("{shown}, line {line}: {error}"),
            "each line is {\"doc_id\", \"text\", \"attributions\": [{\"cue\": [[start, end]], \"source\": …, \"content\": …}]}",
        )
    })
}

fn words(found: &Evaluation, gold: &Path, with_errors: bool) -> String {
    let all = &found.all;
    let mut out = format!(
        "{} · {} documents, {} attributions in the gold, {} predicted ({})\n\n",
        screen::visible(&gold.display().to_string()),
        all.docs,
        all.n_gold,
        all.n_pred,
        found.extractor
    );
    if all.n_gold == 0 {
        out.push_str(
            "Nothing in the gold: there is nothing to measure against, and the figures below are of no use.\n\n",
        );
    }
    out.push_str("                       P      R     F1\n");
    out.push_str(&line("attributions", &all.attribution["attr"]));
    out.push_str(&line("  speech only", &found.speech.attribution["attr"]));
    for kind in ["direct", "mixed", "indirect"] {
        out.push_str(&line(&format!("  {kind}"), &all.kind[kind]));
    }
    out.push_str(&line("  with the cue", &all.attribution["attr+cue"]));
    out.push_str(&line("  content alone", &all.attribution["content"]));
    out.push_str(&roles("exact", all));
    if let Some(lost) = &found.marks_lost {
        out.push_str("\nevery double quotation mark deleted\n");
        out.push_str(&line("attributions", &lost.attribution["attr"]));
        out.push_str(&roles("exact", lost));
    }
    if let Some(marked) = &found.marked_passages {
        out.push_str(&format!("\n{} passages with marks, exact F1 with them and without\n", marked.passages));
        for role in Role::ALL.map(Role::name) {
            let (with, without) = (&marked.with_marks[role], &marked.without_marks[role]);
            let (with, without) = (100.0 * with.f, 100.0 * without.f);
            out.push_str(&format!("  {role:<18} {with:5.1}  {without:5.1}  lost {:4.1}\n", with - without));
        }
    }
    out.push_str(&reliability(found));
    out.push_str(&error_list(&found.errors, with_errors));
    out
}

fn line(name: &str, prf: &Prf) -> String {
    format!("{name:<20} {:5.1}  {:5.1}  {:5.1}\n", 100.0 * prf.p, 100.0 * prf.r, 100.0 * prf.f)
}

fn roles(what: &str, measures: &Measures) -> String {
    let row = |role: Role| line(&format!("{what} {}", role.name()), &measures.exact[role.name()]);
    Role::ALL.map(row).concat()
}

fn reliability(found: &Evaluation) -> String {
    let all = &found.reliability;
    let mut out = format!("\nconfidence: expected calibration error {:.3}, Brier {:.3}\n", all.ece, all.brier);
    for bin in all.bins.iter().filter(|bin| bin.count > 0) {
        out.push_str(&format!(
            "  {:.1}–{:.1}  {:>5}  stated {:.2}  right {:.2}\n",
            bin.from,
            bin.from + 0.1,
            bin.count,
            bin.confidence,
            bin.right
        ));
    }
    out
}

fn error_list(errors: &[Miss], all: bool) -> String {
    let count = |wrong: Wrong| errors.iter().filter(|miss| miss.wrong == wrong).count();
    let mut out = format!(
        "\n{} missed, {} credited to somebody else, {} not in the gold{}\n",
        count(Wrong::Missed),
        count(Wrong::Source),
        count(Wrong::Spurious),
        if all || errors.is_empty() { "" } else { " (--errors shows them)" }
    );
    for miss in errors.iter().filter(|_| all) {
        let other = match miss.predicted_source.as_str() {
            "" => String::new(),
            source => format!("  [predicted: {}]", screen::visible(source)),
        };
        let place = format!("{}:{}", screen::visible(&miss.doc_id), miss.start);
        out.push_str(&format!(
            "{} {} {place}{other}\n    {}\n",
            named(miss.wrong),
            miss.kind,
            screen::visible(&miss.context)
        ));
    }
    out
}

fn named(wrong: Wrong) -> &'static str {
    match wrong {
        Wrong::Missed => "missed",
        Wrong::Source => "source",
        Wrong::Spurious => "spurious",
    }
}

fn error_rows(errors: &[Miss]) -> Rows {
    let row = |miss: &Miss| {
        let start = miss.start.to_string();
        vec![
            named(miss.wrong).to_string(),
            miss.kind.to_string(),
            miss.doc_id.clone(),
            start,
            miss.context.clone(),
            miss.predicted_source.clone(),
        ]
    };
    Rows {
        columns: columns(&["wrong", "kind", "document", "start", "context", "predicted_source"]),
        rows: errors.iter().map(row).collect(),
    }
}
