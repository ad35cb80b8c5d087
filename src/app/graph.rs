//! The graph and its pictures: material from the store, a picture in any format, Graphviz when asked for.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::graph::{self, ClaimCard, DocumentCard, Material, ProvenanceGraph, StatementCard};
use crate::model::{Id, PassageKind};
use crate::store::{Found, Store, StoreError, StoredDocument, Told};
use crate::text::{CodePoints, Span};

use super::AppError;
use super::claims::find_claim;

/// All that graphs are made of, sorted by id. Statements in captions and boilerplate are left out.
pub fn material(store: &Store) -> Result<Material, StoreError> {
    claimed(store, unclaimed(store)?)
}

/// Adds the claims of the statements.
fn claimed(store: &Store, mut material: Material) -> Result<Material, StoreError> {
    material.claims = claim_cards(store, &material.statements)?;
    Ok(material)
}

/// Documents and statements without their claims.
fn unclaimed(store: &Store) -> Result<Material, StoreError> {
    let mut material = Material::default();
    let mut place: BTreeMap<i64, usize> = BTreeMap::new();
    for stored in store.documents()? {
        place.insert(stored.key, material.documents.len());
        material.documents.push(document_card(store, stored)?);
    }
    let told = store.told()?;
    for of_document in told.chunk_by(|x, y| x.document == y.document) {
        let Some(&at) = place.get(&of_document[0].document) else { continue };
        let document = &material.documents[at];
        let points = CodePoints::new(&document.text);
        material.statements.extend(of_document.iter().map(|told| statement_card(told, document, &points)));
    }
    material.statements.sort_by(|x, y| x.id.cmp(&y.id));
    Ok(material)
}

pub(super) fn statement_card(told: &Told, document: &DocumentCard, points: &CodePoints) -> StatementCard {
    let text = document.text.as_str();
    let spans = |found: &[(usize, usize)]| -> Vec<Span> {
        found.iter().map(|(start, end)| points.to_span(*start, *end)).collect()
    };
    let (source, cue, content) = (spans(&told.source), spans(&told.cue), spans(&told.content));
    StatementCard {
        id: told.id.clone(),
        document: document.id.clone(),
        speaker: told.speaker.clone(),
        speaker_name: told.speaker_name.clone().unwrap_or_default(),
        source: words(text, &source),
        cue: words(text, &cue),
        content: words(text, &content),
        start: content.first().map_or(0, |span| span.start),
        parts: [source, cue, content.clone()].concat(),
        spans: content,
        kind: told.kind,
        marks_lost: told.marks_lost,
        chain: spans(&told.chain).iter().map(|span| span.of(text).to_string()).collect(),
        repeat_of: told.repeat_of.clone(),
    }
}

/// A stored document as the graph room needs it.
pub(super) fn document_card(store: &Store, stored: StoredDocument) -> Result<DocumentCard, StoreError> {
    let document = stored.document;
    let passages = store.passages(stored.key)?;
    let points = CodePoints::new(&document.text);
    let zones = |kinds: &[PassageKind]| -> Vec<Span> {
        let wanted = passages.iter().filter(|(_, _, kind)| kinds.contains(kind));
        wanted.map(|(start, end, _)| points.to_span(*start, *end)).collect()
    };
    Ok(DocumentCard {
        asides: zones(&[PassageKind::Caption, PassageKind::Boilerplate]),
        headlines: zones(&[PassageKind::Headline]),
        id: stored.id,
        outlet_id: stored.outlet_id.unwrap_or_default(),
        outlet: document.outlet_name().to_string(),
        title: document.title.map_or(String::new(), |title| title.value),
        published: document.published.map(|date| date.value),
        url: document.url.map(|url| url.value),
        language: document.language.map_or(String::new(), |language| language.value),
        text: document.text,
    })
}

fn claim_cards(store: &Store, statements: &[StatementCard]) -> Result<Vec<ClaimCard>, StoreError> {
    let shown: BTreeMap<&Id, &StatementCard> = statements.iter().map(|it| (&it.id, it)).collect();
    let mut cards = Vec::new();
    for (_, mut claim) in store.claims()? {
        claim.members.retain(|member| shown.contains_key(member));
        let Some(face) = shown.get(&claim.representative).or_else(|| shown.get(claim.members.first()?)) else {
            continue;
        };
        cards.push(ClaimCard {
            text: face.content.clone(),
            speaker_name: face.speaker_name.clone(),
            speaker: face.speaker.clone(),
            claim,
        });
    }
    Ok(cards)
}

/// Which part of the graph is wanted.
#[derive(Clone, Debug, Default)]
pub struct GraphOptions {
    /// Claim or statement ids, or one query; empty: claims in two documents or more.
    pub about: Vec<String>,
    /// Only what stands within `hops` of this id.
    pub around: Option<String>,
    pub hops: usize,
    /// Every claim, also those in a single document.
    pub all: bool,
}

/// The graph of what was asked for.
///
/// # Errors
/// An id that does not exist, or a query that nothing fits.
pub fn graph(store: &Store, options: &GraphOptions) -> Result<ProvenanceGraph, AppError> {
    let material = material(store)?;
    let whole = graph::build(&material, &store.claim_edges()?, &store.derivations()?);
    if let Some(typed) = &options.around {
        let Found::One(_, _, id) = store.find_id(typed)? else {
            return Err(super::show::unknown(typed));
        };
        return Ok(graph::around(&whole, &id, options.hops));
    }
    if options.all {
        return Ok(whole);
    }
    let claims = match options.about.as_slice() {
        [] => store.widest_claims(2, usize::MAX >> 1)?,
        typed => asked_claims(store, typed)?,
    };
    Ok(graph::about(&whole, &claims))
}

fn asked_claims(store: &Store, typed: &[String]) -> Result<Vec<Id>, AppError> {
    let mut claims = Vec::new();
    for it in typed {
        match find_claim(store, it) {
            Ok((_, id)) => claims.push(id),
            Err(_) => {
                let found = super::who_said(store, it, &super::WhoSaidOptions::default())?;
                if found.claims.is_empty() {
                    return Err(AppError::not_found(
                        format!("no claim and no statement fits {it:?}"),
                        "give claim ids (`provenance claims`) or words that someone said",
                    ));
                }
                claims.extend(found.claims.into_iter().map(|group| group.id));
            }
        }
    }
    claims.sort();
    claims.dedup();
    Ok(claims)
}

pub(super) fn words(text: &str, spans: &[Span]) -> String {
    let parts: Vec<&str> = spans.iter().map(|span| span.of(text)).collect();
    parts.join(" … ")
}

/// Runs Graphviz `dot` on a graph in DOT: no shell, the text on standard input, ended after `patience`.
///
/// # Errors
/// One clear sentence when `dot` is not there, does not end, or refuses the graph.
pub fn run_graphviz(dot: &str, format: &str, patience: Duration) -> Result<Vec<u8>, AppError> {
    let hint = "leave out `--engine graphviz`: the built-in pictures need nothing installed";
    let mut child = Command::new("dot")
        .arg(format!("-T{format}"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|_| AppError::file("Graphviz is not installed (no `dot` on the PATH)", hint))?;
    let mut input = child.stdin.take();
    let text = dot.to_string();
    let writer = std::thread::spawn(move || input.as_mut().map(|pipe| pipe.write_all(text.as_bytes())));
    let output = child.stdout.take().map(|mut pipe| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let read = std::io::Read::read_to_end(&mut pipe, &mut bytes);
            read.map(|_| bytes)
        })
    });
    let started = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if started.elapsed() > patience => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(AppError::file(format!("Graphviz did not finish in {} s", patience.as_secs()), hint));
            }
            Ok(None) => std::thread::sleep(Duration::from_millis(10)),
            Err(e) => return Err(AppError::file(format!("Graphviz: {e}"), hint)),
        }
    };
    let _ = writer.join();
    let bytes = output.and_then(|reader| reader.join().ok()).and_then(Result::ok).unwrap_or_default();
    if !status.success() || bytes.is_empty() {
        return Err(AppError::file("Graphviz could not draw this graph", hint));
    }
    Ok(bytes)
}
