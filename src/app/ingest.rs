//! Ingest: inputs in, documents stored and analysed, then joined with what is there.
//!
//! Work goes in rounds of a few dozen inputs: read, analyse in parallel, store in one transaction. Memory is bounded by a
//! round, and an interruption loses at most the round in hand.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::model::{Document, Extractor, Id};
use crate::read::{self, Input, ReadError, ReadOptions};
use crate::store::{Analysis, Kept, Store};

use super::{AppError, Progress, Source, analyse, connect};

/// Knobs of an ingest.
#[derive(Clone, Debug, Default)]
pub struct IngestOptions {
    pub read: ReadOptions,
    pub extractor: Extractor,
}

/// One document, as it went.
#[derive(Clone, Debug)]
pub struct Ingested {
    pub input: String,
    pub id: Id,
    pub kept: Kept,
    pub document: Document,
    pub statements: usize,
    /// Passages marked as boilerplate or captions.
    pub marked: usize,
}

/// What an ingest did.
#[derive(Clone, Debug, Default)]
pub struct IngestReport {
    pub documents: Vec<Ingested>,
    /// Input name and what went wrong with it.
    pub failures: Vec<(String, ReadError)>,
    pub claims: usize,
    pub claims_in_several_documents: usize,
    pub statements: usize,
    /// Joins of speakers waiting for a decision.
    pub suggested_speakers: usize,
}

/// Documents in one round.
const ROUND: usize = 48;

/// Reads, analyses, stores and connects. With a store in memory this is a dry run.
pub fn ingest(
    store: &mut Store,
    sources: Vec<Result<Source, AppError>>,
    options: &IngestOptions,
    progress: &dyn Progress,
) -> Result<IngestReport, AppError> {
    let mut report = IngestReport::default();
    let mut waiting: Vec<Read> = Vec::new();
    let total = sources.len();
    for (done, source) in sources.into_iter().enumerate() {
        progress.at("reading", done, total);
        match source.and_then(|source| Ok((source.name(), read_source(&source, options)?))) {
            Ok((name, documents)) => {
                let alone = documents.len() == 1;
                for document in documents {
                    match document {
                        Ok(document) => waiting.push(Read { input: name.clone(), alone, document }),
                        Err(error) => report.failures.push((name.clone(), error)),
                    }
                    if waiting.len() >= ROUND {
                        store_round(store, std::mem::take(&mut waiting), options, &mut report)?;
                        progress.at("reading", done, total);
                    }
                }
            }
            Err(error) => report.failures.push((String::new(), failure(&error))),
        }
    }
    store_round(store, waiting, options, &mut report)?;
    connect(store, progress)?;
    count(store, &mut report)?;
    Ok(report)
}

/// A document that was read and waits for its round.
struct Read {
    input: String,
    /// It is the only one of its input.
    alone: bool,
    document: Document,
}

fn read_source(source: &Source, options: &IngestOptions) -> Result<Vec<Result<Document, ReadError>>, AppError> {
    let bytes = source.bytes()?;
    let path = match source {
        Source::File(path) => Some(path.to_string_lossy().into_owned()),
        Source::StandardInput => None,
    };
    let input = Input { bytes: &bytes, path: path.as_deref() };
    Ok(read::documents(&input, &options.read))
}

fn failure(error: &AppError) -> ReadError {
    ReadError { code: "E200".to_string(), record: None, what: error.to_string(), hint: error.hint() }
}

fn store_round(
    store: &mut Store,
    round: Vec<Read>,
    options: &IngestOptions,
    report: &mut IngestReport,
) -> Result<(), AppError> {
    if round.is_empty() {
        return Ok(());
    }
    let fresh: BTreeSet<usize> =
        (0..round.len()).filter(|at| !store.knows(&round[*at].document).unwrap_or(false)).collect();
    let analyses: Vec<Option<Analysis>> = round
        .par_iter()
        .enumerate()
        .map(|(at, read)| fresh.contains(&at).then(|| analyse(&read.document, options.extractor)))
        .collect();
    let ingested = store.transaction(|store| {
        let run = store.run(env!("CARGO_PKG_VERSION"), &run_options(options.extractor))?;
        let mut ingested = Vec::with_capacity(round.len());
        for (read, analysis) in round.into_iter().zip(analyses) {
            let (key, kept) = store.add_document(&read.document, read.alone)?;
            let mut statements = 0;
            let mut marked = 0;
            if kept != Kept::Unchanged {
                let analysis = analysis.unwrap_or_else(|| analyse(&read.document, options.extractor));
                store.drop_analysis(key)?;
                if let Some(document) = store.document(key)? {
                    store.add_analysis(&document, &analysis, run)?;
                }
                store.mark_pending(key)?;
                statements = analysis.statements.len();
                marked = analysis.passages.iter().filter(|passage| !passage.evidence.is_empty()).count();
            }
            let id = store.document(key)?.map_or_else(|| read.document.id(), |document| document.id);
            ingested.push(Ingested { input: read.input, id, kept, document: read.document, statements, marked });
        }
        Ok(ingested)
    })?;
    report.documents.extend(ingested);
    Ok(())
}

/// The options that shape what is derived, as recorded with every run.
pub(super) fn run_options(extractor: Extractor) -> String {
    format!("extractor={}", extractor.name())
}

fn count(store: &Store, report: &mut IngestReport) -> Result<(), AppError> {
    let counts = store.claim_counts()?;
    report.claims = counts.claims;
    report.claims_in_several_documents = counts.in_several_documents;
    report.statements = counts.statements;
    report.suggested_speakers = counts.suggested_speakers;
    Ok(())
}
