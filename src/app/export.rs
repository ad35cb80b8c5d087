//! Export: everything in the store in the public contracts and in the formats of other programs. Never capped; rows in
//! a fixed order.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use crate::link;
use crate::model::{Evidence, PassageKind};
use crate::render::contract::{self, StatementJson};
use crate::render::exports::{self, BratFile, Corpus};
use crate::render::spreadsheet_cell;
use crate::store::{Store, StoredDocument};
use crate::text::CodePoints;

use super::ask::Documents;
use super::export_corpus::corpus;
use super::{AppError, Quoted};

/// An export format: name, what it holds, and how it is written.
pub struct Export {
    pub name: &'static str,
    pub what: &'static str,
    how: How,
}

/// How an export is written.
enum How {
    /// Row by row from the store.
    Rows(fn(&Store, &mut dyn Write, &ExportOptions) -> Result<(), AppError>),
    /// Made of everything at once.
    Whole(fn(&Corpus) -> String),
    /// Several files in a folder.
    Folder(fn(&Corpus) -> Vec<BratFile>),
}

impl Export {
    /// Whether it takes a folder and not a file.
    pub fn is_folder(&self) -> bool {
        matches!(self.how, How::Folder(_))
    }
}

/// Knobs of exports.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExportOptions {
    /// CSV cells exactly as they are, even those that a spreadsheet would take for a formula.
    pub raw: bool,
}

/// Every export format.
pub const EXPORTS: &[Export] = &[
    Export { name: "jsonl", what: "one statement a line (provenance.statement/1)", how: How::Rows(jsonl) },
    Export { name: "json", what: "everything in one object (provenance.export/1)", how: How::Rows(json_object) },
    Export { name: "csv", what: "one statement a row, for spreadsheets", how: How::Rows(csv) },
    Export { name: "webanno", what: "statements as W3C Web Annotations", how: How::Whole(exports::webanno) },
    Export { name: "prov", what: "who has it from whom as PROV-JSON", how: How::Whole(exports::prov) },
    Export {
        name: "jsonld",
        what: "schema.org JSON-LD: articles, quotations, claims",
        how: How::Whole(exports::jsonld),
    },
    Export { name: "csl", what: "documents as references: CSL-JSON", how: How::Whole(exports::csl) },
    Export { name: "bibtex", what: "documents as references: BibTeX", how: How::Whole(exports::bibtex) },
    Export {
        name: "brat",
        what: "a folder of texts with standoff annotations for brat",
        how: How::Folder(exports::brat),
    },
];

/// The export format of this name.
///
/// # Errors
/// A usage error that names those there are.
pub fn export_format(name: &str) -> Result<&'static Export, AppError> {
    let known = || EXPORTS.iter().map(|export| export.name).collect::<Vec<_>>().join(", ");
    EXPORTS
        .iter()
        .find(|export| export.name == name)
        .ok_or_else(|| AppError::usage(format!("there is no export format {name:?}"), format!("known: {}", known())))
}

/// Writes the whole store in the named format to a stream.
///
/// # Errors
/// An unknown format, one that needs a folder, a store or a stream that fails.
pub fn export(store: &Store, format: &str, out: &mut dyn Write, options: &ExportOptions) -> Result<(), AppError> {
    match export_format(format)?.how {
        How::Rows(write) => write(store, out, options),
        How::Whole(render) => written(out.write_all(render(&corpus(store)?).as_bytes())),
        How::Folder(_) => Err(AppError::usage(
            format!("{format} is a folder of files and cannot be one stream"),
            format!("`provenance export {format} -o FOLDER`"),
        )),
    }
}

/// Writes an export that is a folder: makes the folder, and gives the number of files written.
///
/// # Errors
/// A folder that cannot be made or written.
pub fn export_folder(store: &Store, format: &str, folder: &Path) -> Result<usize, AppError> {
    let How::Folder(render) = export_format(format)?.how else {
        return Err(AppError::usage(format!("{format} is no folder"), "give a file"));
    };
    written(std::fs::create_dir_all(folder))?;
    let files = render(&corpus(store)?);
    for file in &files {
        written(std::fs::write(folder.join(&file.name), &file.text))?;
    }
    Ok(files.len())
}

fn written(outcome: std::io::Result<()>) -> Result<(), AppError> {
    outcome.map_err(|e| AppError::file(format!("the export could not be written: {e}"), "check the disk and the path"))
}

/// Statements in the contract's shape, by document and place.
pub fn statements(store: &Store) -> Result<Vec<StatementJson>, AppError> {
    let mut made = Vec::new();
    each_statement(store, &mut |it| {
        made.push(it);
        Ok(())
    })?;
    Ok(made)
}

fn each_statement(store: &Store, with: &mut dyn FnMut(StatementJson) -> Result<(), AppError>) -> Result<(), AppError> {
    for (key, _) in store.document_keys()? {
        let Some(stored) = store.document(key)? else { continue };
        let points = CodePoints::new(&stored.document.text);
        for row in store.statements_of_document(key)? {
            with(contract::statement(&row.statement, &stored.id, &stored.sha256, &stored.document, &points))?;
        }
    }
    Ok(())
}

/// One quoted statement in the contract's shape.
pub fn statement_json(it: &Quoted) -> StatementJson {
    let StoredDocument { id, sha256, document, .. } = &*it.document;
    contract::statement(&it.statement, id, sha256, document, &CodePoints::new(&document.text))
}

fn jsonl(store: &Store, out: &mut dyn Write, _: &ExportOptions) -> Result<(), AppError> {
    each_statement(store, &mut |it| {
        let line = serde_json::to_string(&it).unwrap_or_default();
        written(writeln!(out, "{line}"))
    })
}

fn json_object(store: &Store, out: &mut dyn Write, _: &ExportOptions) -> Result<(), AppError> {
    let object = json!({
        "schema": "provenance.export/1",
        "documents": documents(store)?,
        "statements": statements(store)?,
        "entities": entities(store)?,
        "claims": claims(store)?,
        "links": links(store)?,
        "derivations": derivations(store)?,
        "runs": runs(store)?,
    });
    written(serde_json::to_writer(&mut *out, &object).map_err(std::io::Error::other))?;
    written(writeln!(out))
}

fn documents(store: &Store) -> Result<Vec<Value>, AppError> {
    let mut made = Vec::new();
    for stored in store.documents()? {
        let reference = contract::document_ref(&stored.id, &stored.sha256, &stored.document);
        let mut value = serde_json::to_value(reference).unwrap_or_default();
        if let Some(fields) = value.as_object_mut() {
            let document = &stored.document;
            fields.insert("format".into(), json!(document.format));
            fields.insert("text".into(), json!(document.text));
            fields.insert("author".into(), json!(document.author.as_ref().map(|author| &author.value)));
            fields.insert("modified".into(), json!(document.modified.as_ref().map(|date| date.value.as_str())));
            fields.insert("captured".into(), json!(document.captured.as_ref().map(|date| date.value.as_str())));
            fields.insert("revision_of".into(), json!(stored.revision_of));
            fields.insert("warnings".into(), json!(document.warnings));
            fields.insert("passages".into(), json!(marked_passages(store, &stored)?));
        }
        made.push(value);
    }
    Ok(made)
}

/// Passages that are not body, as `{start, end, kind}`.
fn marked_passages(store: &Store, stored: &StoredDocument) -> Result<Vec<Value>, AppError> {
    let passages = store.passages(stored.key)?;
    let marked = passages.into_iter().filter(|(_, _, kind)| *kind != PassageKind::Body);
    Ok(marked.map(|(start, end, kind)| json!({"start": start, "end": end, "kind": kind.name()})).collect())
}

fn entities(store: &Store) -> Result<Vec<Value>, AppError> {
    let mut made: Vec<(String, Value)> = Vec::new();
    for card in store.entity_cards(true)? {
        let entity = card.entity;
        let value = json!({
            "id": entity.id, "name": entity.name, "kind": entity.kind.name(), "aliases": entity.aliases,
            "qid": card.qid, "statements": card.statements, "documents": card.documents, "evidence": entity.evidence,
        });
        made.push((entity.id.0, value));
    }
    made.sort_by(|x, y| x.0.cmp(&y.0));
    Ok(made.into_iter().map(|(_, value)| value).collect())
}

fn claims(store: &Store) -> Result<Vec<Value>, AppError> {
    let mut edges: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for edge in store.claim_edges()? {
        edges.entry(edge.claim.0).or_default().push(json!({
            "from": edge.from, "to": edge.to, "relation": edge.relation.name(), "order": edge.order.name(),
            "score": rounded(edge.score), "evidence": edge.evidence,
        }));
    }
    let mut made = Vec::new();
    for (_, claim) in store.claims()? {
        let (text, speaker) = super::claims::face(store, &claim.id, &mut Documents::new())?.unwrap_or_default();
        made.push(json!({
            "id": claim.id, "text": text, "speaker": speaker, "first_seen": claim.members.first(),
            "members": claim.members, "edges": edges.remove(claim.id.as_str()).unwrap_or_default(),
        }));
    }
    Ok(made)
}

fn links(store: &Store) -> Result<Vec<Value>, AppError> {
    let links = store.links()?;
    Ok(links
        .into_iter()
        .map(|link| {
            json!({
                "a": link.a, "b": link.b, "relation": link.relation.name(), "score": rounded(link.score),
                "probability": rounded(link.probability), "status": link.status.name(),
                "evidence": explained(link.evidence),
            })
        })
        .collect())
}

fn derivations(store: &Store) -> Result<Vec<Value>, AppError> {
    let found = store.derivations()?;
    Ok(found
        .into_iter()
        .map(|it| {
            json!({
                "from": it.from, "to": it.to, "relation": it.relation.name(), "order": it.order.name(),
                "score": rounded(it.score), "evidence": it.evidence,
            })
        })
        .collect())
}

fn runs(store: &Store) -> Result<Vec<Value>, AppError> {
    Ok(store.runs()?.into_iter().map(|(version, options)| json!({"version": version, "options": options})).collect())
}

fn rounded(score: f64) -> f64 {
    (score * 10_000.0).round() / 10_000.0
}

/// Evidence of a link with what each rule means: the store keeps only the weights.
pub(super) fn explained(evidence: Vec<Evidence>) -> Vec<Evidence> {
    evidence.into_iter().map(|it| Evidence { note: link::explain(&it.rule).to_string(), ..it }).collect()
}

const CSV_COLUMNS: [&str; 18] = [
    "id",
    "document",
    "outlet",
    "published",
    "url",
    "path",
    "speaker",
    "via",
    "kind",
    "act",
    "negated",
    "marks_lost",
    "zone",
    "source",
    "cue",
    "content",
    "claim",
    "confidence",
];

fn csv(store: &Store, out: &mut dyn Write, options: &ExportOptions) -> Result<(), AppError> {
    let mut table = csv::Writer::from_writer(out);
    let csv_error = |e: csv::Error| AppError::file(format!("the export could not be written: {e}"), "check the disk");
    table.write_record(CSV_COLUMNS).map_err(csv_error)?;
    each_statement(store, &mut |it| {
        let joined =
            |spans: &[contract::SpanJson]| spans.iter().map(|span| span.exact.as_str()).collect::<Vec<_>>().join(" … ");
        let speaker = it.speaker.as_ref();
        let row = [
            it.id.clone(),
            it.document.id.clone(),
            it.document.outlet.clone().unwrap_or_default(),
            it.document.published.clone().unwrap_or_default(),
            it.document.url.clone().unwrap_or_default(),
            it.document.path.clone().unwrap_or_default(),
            speaker.map_or(String::new(), |speaker| speaker.name.clone()),
            speaker.map_or("", |speaker| speaker.via).to_string(),
            it.kind.to_string(),
            it.act.to_string(),
            it.negated.to_string(),
            it.marks_lost.to_string(),
            it.zone.to_string(),
            joined(&it.source),
            joined(&it.cue),
            joined(&it.content),
            it.claim.clone().unwrap_or_default(),
            it.confidence.to_string(),
        ];
        let row = row.map(|cell| if options.raw { cell } else { spreadsheet_cell(&cell) });
        table.write_record(row).map_err(csv_error)
    })?;
    written(table.flush())
}
