//! Ingest: inputs in, documents stored and analysed, then joined with what is there.
//!
//! Work goes in rounds of a few dozen documents: read, analyse in parallel, store in one transaction. While a round is stored
//! the next ones are analysed. Memory is bounded by the rounds under way, and an interruption loses at most those.

use std::collections::VecDeque;

use rayon::prelude::*;

use crate::link::Outline;
use crate::model::{Date, Document, Extractor, Id, Known, Warning};
use crate::read::{ReadError, ReadOptions};
use crate::store::{Analysis, Kept, Store, StoreError};
use crate::text::words;

use super::analyse::analyse_outlined;
use super::connect::connect_outlined;
use super::files::{Articles, unfetched};
use super::link_statements::Outlines;
use super::rounds::in_rounds;
use super::{AppError, Progress, Source};

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
    pub about: About,
    pub words: usize,
    pub statements: usize,
    /// Passages marked as boilerplate or captions.
    pub marked: usize,
}

/// What is reported of a document: no more, because the report of a hundred thousand of them stays in memory.
#[derive(Clone, Debug)]
pub struct About {
    pub title: Option<Known<String>>,
    pub outlet: Option<Known<String>>,
    pub published: Option<Known<Date>>,
    pub language: Option<Known<String>>,
    pub format: String,
    pub warnings: Vec<Warning>,
}

impl About {
    fn of(document: Document) -> About {
        let Document { title, outlet, published, language, format, warnings, .. } = document;
        About { title, outlet, published, language, format, warnings }
    }
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

/// Of so many documents, if more than one in this many is new, digests are made from all rows at the end: it costs less than
/// to keep them up.
const PART: usize = 8;

/// Documents in one round.
const ROUND: usize = 48;

/// Reads, analyses, stores and connects. With a store in memory this is a dry run.
pub fn ingest(
    store: &mut Store,
    sources: Vec<Result<Source, AppError>>,
    options: &IngestOptions,
    progress: &dyn Progress,
) -> Result<IngestReport, AppError> {
    let expected = sources.len();
    let mut going = Going {
        store,
        options,
        progress,
        sources: sources.into_iter(),
        open: None,
        waiting: VecDeque::new(),
        expected,
        seen: 0,
        changed: 0,
        outlines: Outlines::default(),
        report: IngestReport::default(),
    };
    in_rounds(
        &mut going,
        Going::next_round,
        |round| {
            let analyse = |(read, fresh): &(Read, bool)| Made {
                analysis: fresh.then(|| analyse_outlined(&read.document, options.extractor)),
                words: words(&read.document.text).len(),
            };
            round.par_iter().map(analyse).collect::<Vec<_>>()
        },
        Going::store_round,
    )?;
    let Going { mut report, outlines, .. } = going;
    connect_outlined(store, outlines, progress)?;
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

/// What was made of a document.
struct Made {
    /// None where the store knows the document already.
    analysis: Option<(Analysis, Vec<Outline>)>,
    words: usize,
}

/// Documents of one round, and whether each is new to the store.
type Round = Vec<(Read, bool)>;

/// An ingest under way.
struct Going<'a> {
    store: &'a mut Store,
    options: &'a IngestOptions,
    progress: &'a dyn Progress,
    sources: std::vec::IntoIter<Result<Source, AppError>>,
    /// The input that is being read, by name.
    open: Option<(String, Articles)>,
    waiting: VecDeque<Read>,
    /// Inputs that are not read yet, and documents found in those that are.
    expected: usize,
    seen: usize,
    /// Documents that are new to the store, or other than they were.
    changed: usize,
    /// Of the statements that were stored.
    outlines: Outlines,
    report: IngestReport,
}

impl Going<'_> {
    fn next_round(&mut self) -> Result<Option<Round>, AppError> {
        while self.waiting.len() < ROUND && self.read_more() {}
        let many = self.waiting.len().min(ROUND);
        let fresh = |read: Read| {
            let known = self.store.knows(&read.document).unwrap_or(false);
            (read, !known)
        };
        let round: Round = self.waiting.drain(..many).map(fresh).collect();
        Ok((!round.is_empty()).then_some(round))
    }

    /// Reads the next part of an input, or opens the next input. False when there is nothing left.
    fn read_more(&mut self) -> bool {
        let Some((name, mut articles)) = self.open.take() else { return self.open_next() };
        match articles.next(&self.options.read) {
            Ok(Some(documents)) => {
                let alone = articles.is_whole() && documents.len() == 1;
                self.seen += documents.iter().filter(|document| document.is_ok()).count();
                for document in documents {
                    match document {
                        Ok(document) => self.waiting.push_back(Read { input: name.clone(), alone, document }),
                        Err(error) => self.report.failures.push((name.clone(), error)),
                    }
                }
                self.open = Some((name, articles));
            }
            Ok(None) => {}
            Err(error) => self.report.failures.push((name, error)),
        }
        true
    }

    fn open_next(&mut self) -> bool {
        let Some(source) = self.sources.next() else { return false };
        self.expected -= 1;
        match source {
            Ok(source) => match source.articles(&self.options.read) {
                Ok(articles) => self.open = Some((source.name(), articles)),
                Err(error) => self.report.failures.push((source.name(), error)),
            },
            Err(error) => self.report.failures.push((String::new(), unfetched(&error))),
        }
        true
    }

    fn store_round(&mut self, round: Round, made: Vec<Made>) -> Result<(), AppError> {
        let extractor = self.options.extractor;
        let ingested = self.store.transaction(|store| {
            let run = store.run(env!("CARGO_PKG_VERSION"), &run_options(extractor))?;
            let documents = round.into_iter().zip(made);
            let ingested = documents
                .map(|((read, _), made)| store_one(store, read, made, extractor, run, &mut self.outlines))
                .collect::<Result<Vec<_>, StoreError>>()?;
            let changed = ingested.iter().filter(|it| it.kept != Kept::Unchanged).count();
            self.changed += changed;
            if changed > 0 && self.changed * PART > store.most_documents()? {
                store.unseal()?;
            }
            Ok(ingested)
        })?;
        self.report.documents.extend(ingested);
        self.progress.at("articles", self.report.documents.len(), self.seen + self.expected);
        Ok(())
    }
}

fn store_one(
    store: &Store,
    read: Read,
    made: Made,
    extractor: Extractor,
    run: i64,
    outlines: &mut Outlines,
) -> Result<Ingested, StoreError> {
    let (key, kept) = store.add_document(&read.document, read.alone)?;
    let mut statements = 0;
    let mut marked = 0;
    if kept != Kept::Unchanged {
        let (analysis, outlined) = made.analysis.unwrap_or_else(|| analyse_outlined(&read.document, extractor));
        store.drop_analysis(key)?;
        if let Some(document) = store.document(key)? {
            let keys = store.add_analysis(&document, &analysis, run)?;
            // What was known of the document before may be kept besides what this reading tells.
            outlines.keep(&keys, if kept == Kept::Updated { Vec::new() } else { outlined });
        }
        store.mark_pending(key, kept == Kept::Updated)?;
        statements = analysis.statements.len();
        marked = analysis.passages.iter().filter(|passage| !passage.evidence.is_empty()).count();
    }
    let id = store.document(key)?.map_or_else(|| read.document.id(), |document| document.id);
    let about = About::of(read.document);
    Ok(Ingested { input: read.input, id, kept, about, words: made.words, statements, marked })
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
