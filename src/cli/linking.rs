//! `provenance linking`: trains and cross-validates the linking score. For those who work on it; hidden from the list of commands.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::app::AppError;
use crate::app::evaluate_linking::{
    FoldOptions, Measures, Pair, Scored, best_threshold, cross_validate, measures, pair_facts, recall_at_precision,
    scored, train_pairs,
};
use crate::lang::background_table;
use crate::link::TrainOptions;

use super::answer::Answer;
use super::evaluate_linking::{pairs_of, text};

/// Train and cross-validate the linking score on judged pairs.
#[derive(Args, Debug)]
#[command(hide = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
    /// Without embeddings, as the extractors do that make none.
    #[arg(long, global = true)]
    words_only: bool,
    /// Judged pairs drawn in another way: to learn from, not to test, and not for the prior.
    #[arg(long, global = true, value_name = "PAIRS.jsonl")]
    apart: Vec<PathBuf>,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Train the weights on pairs files and print them as TOML.
    Weights { pairs: Vec<PathBuf> },
    /// Count word stems in JSON Lines files (fields `text` and `claim`) and print the background table.
    Background { texts: Vec<PathBuf> },
    /// Repeated five-fold cross-validation, by claim and document, over all files together.
    Measure {
        pairs: Vec<PathBuf>,
        /// Probability from which a pair counts as linked.
        #[arg(long, default_value_t = 0.5)]
        threshold: f64,
        /// Let different numbers and polarity pass, as paraphrase corpora do.
        #[arg(long)]
        no_veto: bool,
    },
    /// What the score rests on, pair by pair, as JSON Lines.
    Facts { pairs: Vec<PathBuf> },
}

pub(crate) fn run(arguments: &Arguments) -> Result<Answer, AppError> {
    let sets = |paths: &[PathBuf]| read_sets(paths, !arguments.words_only);
    let apart = sets(&arguments.apart)?;
    let apart: Vec<&Pair> = apart.iter().flat_map(|(_, set)| set).collect();
    let words = match &arguments.what {
        What::Weights { pairs } => {
            let sets = sets(pairs)?;
            let all: Vec<&Pair> = sets.iter().flat_map(|(_, set)| set).collect();
            train_pairs(&all, &apart, &TrainOptions::default()).to_toml()
        }
        What::Background { texts } => background(texts)?,
        What::Measure { pairs, threshold, no_veto } => {
            let options = FoldOptions { veto: !no_veto, ..FoldOptions::default() };
            measure_sets(&sets(pairs)?, &apart, *threshold, &options)
        }
        What::Facts { pairs } => {
            sets(pairs)?.iter().flat_map(|(_, set)| set).map(|pair| format!("{}\n", pair_facts(pair))).collect()
        }
    };
    Ok(Answer::words(words))
}

type Set = (String, Vec<Pair>);

fn read_sets(paths: &[PathBuf], meaning: bool) -> Result<Vec<Set>, AppError> {
    paths.iter().map(|path| Ok((path.display().to_string(), pairs_of(path, meaning)?))).collect()
}

fn background(paths: &[PathBuf]) -> Result<String, AppError> {
    let mut texts = Vec::new();
    for path in paths {
        texts.extend(fields_of(path)?);
    }
    Ok(background_table(texts.iter().map(String::as_str)))
}

fn fields_of(path: &Path) -> Result<Vec<String>, AppError> {
    let mut found = Vec::new();
    for line in text(path)?.lines() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
        let fields = ["text", "claim"].iter().filter_map(|field| record[*field].as_str());
        found.extend(fields.map(str::to_string));
    }
    Ok(found)
}

fn measure_sets(sets: &[Set], apart: &[&Pair], threshold: f64, options: &FoldOptions) -> String {
    let all: Vec<&Pair> = sets.iter().flat_map(|(_, set)| set).collect();
    let runs = cross_validate(&all, apart, options);
    let block = |name: &str, range: std::ops::Range<usize>| {
        let rows: Vec<Vec<Scored>> =
            runs.iter().map(|scores| scored(&all[range.clone()], &scores[range.clone()])).collect();
        format!("{name}: {} pairs\n{}", range.len(), table(&rows, threshold))
    };
    let mut out = String::new();
    let mut at = 0;
    for (name, set) in sets {
        out.push_str(&block(name, at..at + set.len()));
        at += set.len();
    }
    if sets.len() > 1 {
        out.push_str(&block("all together", 0..all.len()));
    }
    out
}

/// Means over the runs.
fn table(runs: &[Vec<Scored>], threshold: f64) -> String {
    let count = runs.len() as f64;
    let each: Vec<Measures> = runs.iter().map(|run| measures(run, threshold)).collect();
    let mean = |field: fn(&Measures) -> f64| each.iter().map(field).sum::<f64>() / count;
    let best = runs.iter().map(|run| best_threshold(run).0).sum::<f64>() / count;
    let sure = runs.iter().map(|run| recall_at_precision(run, 0.97).0).sum::<f64>() / count;
    let mut out = format!(
        "  P {:.3}  R {:.3}  F1 {:.3} (upper bound {best:.3})  accuracy {:.3}  average precision {:.3}\n  \
         Brier {:.3}  ECE {:.3}  recall at precision .97: {sure:.3}\n",
        mean(|it| it.precision),
        mean(|it| it.recall),
        mean(|it| it.f1),
        mean(|it| it.accuracy),
        mean(|it| it.average_precision),
        mean(|it| it.brier),
        mean(|it| it.ece),
    );
    let first = each.first().map(|it| &it.categories).into_iter().flatten();
    for (category, counts) in first {
        let linked: usize = each.iter().map(|it| it.categories.get(category).map_or(0, |it| it.linked)).sum();
        out.push_str(&format!("    {category:<18} linked {:.1} of {}\n", linked as f64 / count, counts.pairs));
    }
    out
}
