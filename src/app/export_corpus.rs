//! The whole store as plain data for the exports that are made of everything at once.

use std::collections::BTreeMap;

use crate::model::{Id, Statement};
use crate::render::exports::{ClaimFace, Corpus, Paper, Speaker};
use crate::store::Store;

use super::AppError;

/// Everything stored: documents with their statements, speakers, claims, lineage, runs.
///
/// # Errors
/// What reading the store brings.
pub fn corpus(store: &Store) -> Result<Corpus, AppError> {
    let papers = papers(store)?;
    let words: BTreeMap<&Id, String> =
        papers.iter().flat_map(|paper| paper.statements.iter().map(|it| (&it.id, words(paper, it)))).collect();
    let claims = store.claims()?.into_iter().map(|(_, claim)| {
        let text = words.get(&claim.representative).cloned().unwrap_or_default();
        ClaimFace { claim, text }
    });
    let claims = claims.collect();
    let mut speakers: Vec<Speaker> = store
        .entity_cards(true)?
        .into_iter()
        .map(|card| Speaker { id: card.entity.id, name: card.entity.name, kind: card.entity.kind })
        .collect();
    speakers.sort_by(|x, y| x.id.cmp(&y.id));
    let (claim_edges, derivations, runs) = (store.claim_edges()?, store.derivations()?, store.runs()?);
    Ok(Corpus { speakers, claims, claim_edges, derivations, runs, papers })
}

fn papers(store: &Store) -> Result<Vec<Paper>, AppError> {
    let mut papers = Vec::new();
    for stored in store.documents()? {
        let rows = store.statements_of_document(stored.key)?;
        papers.push(Paper {
            id: stored.id,
            sha256: stored.sha256,
            outlet_id: stored.outlet_id,
            revision_of: stored.revision_of,
            document: stored.document,
            statements: rows.into_iter().map(|row| row.statement).collect(),
        });
    }
    Ok(papers)
}

fn words(paper: &Paper, statement: &Statement) -> String {
    super::graph::words(&paper.document.text, &statement.attribution.content)
}
