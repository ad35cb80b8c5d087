//! `provenance linking`: trains and measures the linking score. For those who work on it; hidden from the list of commands.

use std::fs;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::app::AppError;
use crate::app::evaluate_linking::{
    BankClaim, FoldOptions, JudgedQuery, Measures, Pair, STRING_METRICS, Scored, average_precision, best_threshold,
    cross_validate, examples, measure_retrieval, measures, read_pairs, recall_at_precision, scored, train_pairs,
};
use crate::lang::{background_table, language};
use crate::link::{TrainOptions, Weights};

use super::answer::Answer;

/// Train and measure the linking score on judged pairs.
#[derive(Args, Debug)]
#[command(hide = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Train the weights on pairs files and print them as TOML.
    Weights { pairs: Vec<PathBuf> },
    /// Count word stems in JSON Lines files (fields `text` and `claim`) and print the background table.
    Background { texts: Vec<PathBuf> },
    /// Measure the shipped weights on pairs files, or weights trained on the other folds.
    Measure {
        pairs: Vec<PathBuf>,
        /// Repeated five-fold cross-validation, by claim and document, over all files together.
        #[arg(long)]
        cross_validate: bool,
        /// Probability from which a pair counts as linked.
        #[arg(long, default_value_t = 0.5)]
        threshold: f64,
        /// Let different numbers and polarity pass, as paraphrase corpora do.
        #[arg(long)]
        no_veto: bool,
    },
    /// Plain string metrics on pairs files.
    Strings { pairs: Vec<PathBuf> },
    /// MAP@5 and P@1 of judged queries against a claim bank (JSON Lines).
    Retrieval { bank: PathBuf, queries: Vec<PathBuf> },
}

pub(crate) fn run(arguments: &Arguments) -> Result<Answer, AppError> {
    let words = match &arguments.what {
        What::Weights { pairs } => {
            let sets = read_sets(pairs)?;
            let all: Vec<&Pair> = sets.iter().flat_map(|(_, set)| set).collect();
            train_pairs(&all, &TrainOptions::default()).to_toml()
        }
        What::Background { texts } => background(texts)?,
        What::Measure { pairs, cross_validate, threshold, no_veto } => {
            measure_sets(&read_sets(pairs)?, *cross_validate, *threshold, !no_veto)
        }
        What::Strings { pairs } => strings(&read_sets(pairs)?),
        What::Retrieval { bank, queries } => retrieval(bank, queries)?,
    };
    Ok(Answer::words(words))
}

type Set = (String, Vec<Pair>);

fn read(path: &PathBuf) -> Result<String, AppError> {
    fs::read_to_string(path).map_err(|error| AppError::File {
        what: format!("{}: {error}", path.display()),
        hint: "give a file of JSON Lines in UTF-8".to_string(),
    })
}

fn read_sets(paths: &[PathBuf]) -> Result<Vec<Set>, AppError> {
    let mut sets = Vec::new();
    for path in paths {
        let (pairs, errors) = read_pairs(&read(path)?);
        if let Some(error) = errors.first() {
            return Err(AppError::File {
                what: format!("{}: {error}", path.display()),
                hint: "each line is {\"id\", \"label\", \"a\": {\"text\", …}, \"b\": {…}}".to_string(),
            });
        }
        sets.push((path.display().to_string(), pairs));
    }
    Ok(sets)
}

fn background(paths: &[PathBuf]) -> Result<String, AppError> {
    let mut texts = Vec::new();
    for path in paths {
        for line in read(path)?.lines() {
            let record: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
            let fields = ["text", "claim"].iter().filter_map(|field| record[*field].as_str());
            texts.extend(fields.map(str::to_string));
        }
    }
    Ok(background_table(texts.iter().map(String::as_str)))
}

fn measure_sets(sets: &[Set], folds: bool, threshold: f64, veto: bool) -> String {
    let all: Vec<&Pair> = sets.iter().flat_map(|(_, set)| set).collect();
    let mut examples = examples(&all);
    if !veto {
        examples.iter_mut().for_each(|example| example.veto = None);
    }
    let runs = if folds {
        cross_validate(&all, &examples, &FoldOptions { veto, ..FoldOptions::default() })
    } else {
        vec![examples.iter().map(|example| example.score(Weights::shipped())).collect()]
    };
    let mut out = String::new();
    let mut at = 0;
    for (name, set) in sets {
        let range = at..at + set.len();
        at = range.end;
        let rows: Vec<Vec<Scored>> =
            runs.iter().map(|scores| scored(&all[range.clone()], &scores[range.clone()])).collect();
        out.push_str(&format!("{name}: {} pairs\n", set.len()));
        out.push_str(&table(&rows, threshold));
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
    for (category, first) in each.first().map(|it| &it.categories).into_iter().flatten() {
        let linked: usize = each.iter().map(|it| it.categories.get(category).map_or(0, |it| it.linked)).sum();
        out.push_str(&format!("    {category:<18} linked {:.1} of {}\n", linked as f64 / count, first.pairs));
    }
    out
}

fn strings(sets: &[Set]) -> String {
    let mut out = String::new();
    for (name, set) in sets {
        out.push_str(&format!("{name}: {} pairs\n", set.len()));
        for (metric, likeness) in STRING_METRICS {
            let one = |pair: &Pair| Scored {
                score: likeness(&pair.a.variant.text, &pair.b.variant.text),
                same: pair.same,
                category: pair.category.clone(),
            };
            let rows: Vec<Scored> = set.iter().map(one).collect();
            let (best, _) = best_threshold(&rows);
            let precision = average_precision(&rows);
            out.push_str(&format!("  {metric:<18} average precision {precision:.3}  best F1 {best:.3}\n"));
        }
    }
    out
}

fn retrieval(bank: &PathBuf, queries: &[PathBuf]) -> Result<String, AppError> {
    let bank: Vec<BankClaim> = read(bank)?.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let mut out = String::new();
    for path in queries {
        let queries: Vec<JudgedQuery> =
            read(path)?.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let found = measure_retrieval(&bank, &queries, language("en"));
        let (map5, precision1) = (found.map5, found.precision1);
        out.push_str(&format!("{}: {} queries  MAP@5 {map5:.3}  P@1 {precision1:.3}\n", path.display(), found.queries));
    }
    Ok(out)
}
