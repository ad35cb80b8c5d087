//! Exports of the whole store in formats that other programs read: annotations, provenance, linked data, references.
//!
//! In: everything stored, as plain data (`Corpus`). Out: one text a format. Nothing is capped, rows stand in a fixed
//! order, and every string passes an escaper or a library that escapes.

mod bibtex;
mod brat;
mod csl;
mod jsonld;
mod prov;
mod webanno;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

pub use bibtex::bibtex;
pub use brat::{BratFile, brat};
pub use csl::csl;
pub use jsonld::jsonld;
pub use prov::prov;
pub use webanno::webanno;

use std::collections::BTreeMap;

use crate::model::{Claim, ClaimEdge, Date, Derivation, Document, EntityKind, Id, Known, Statement};

use super::escape::web_address;

/// Ids as IRIs: this, then the public id.
const IRI: &str = "urn:x-provenance:";

/// All that is stored, in the order of the store.
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    pub papers: Vec<Paper>,
    pub speakers: Vec<Speaker>,
    pub claims: Vec<ClaimFace>,
    pub claim_edges: Vec<ClaimEdge>,
    pub derivations: Vec<Derivation>,
    /// Version and options of the runs that derived it.
    pub runs: Vec<(String, String)>,
}

/// A document with what was found in it.
#[derive(Clone, Debug, Default)]
pub struct Paper {
    pub id: Id,
    pub sha256: String,
    pub outlet_id: Option<Id>,
    pub revision_of: Option<Id>,
    pub document: Document,
    /// By place in the text.
    pub statements: Vec<Statement>,
}

/// Someone who is credited with statements.
#[derive(Clone, Debug)]
pub struct Speaker {
    pub id: Id,
    pub name: String,
    pub kind: EntityKind,
}

/// A claim with the words that stand for it.
#[derive(Clone, Debug)]
pub struct ClaimFace {
    pub claim: Claim,
    pub text: String,
}

fn iri(id: &Id) -> String {
    format!("{IRI}{id}")
}

fn value<T>(known: &Option<Known<T>>) -> Option<&T> {
    known.as_ref().map(|known| &known.value)
}

impl Paper {
    /// The document's address, where a reader may follow it.
    fn address(&self) -> Option<String> {
        value(&self.document.url).and_then(|url| web_address(url))
    }

    fn title(&self) -> Option<&str> {
        value(&self.document.title).map(String::as_str).filter(|title| !title.trim().is_empty())
    }

    fn outlet(&self) -> Option<&str> {
        value(&self.document.outlet).map(String::as_str).filter(|name| !name.trim().is_empty())
    }

    fn author(&self) -> Option<&str> {
        value(&self.document.author).map(String::as_str).filter(|name| !name.trim().is_empty())
    }

    /// What was inferred and not read, in words: references carry it as a note, so that no guess looks like a fact.
    fn guesses(&self) -> Option<String> {
        let document = &self.document;
        let guessed: Vec<String> = [
            guess("title", &document.title),
            guess("outlet", &document.outlet),
            guess("author", &document.author),
            guess("date", &document.published),
            guess("address", &document.url),
        ]
        .into_iter()
        .flatten()
        .collect();
        (!guessed.is_empty()).then(|| format!("not printed in the document but inferred: {}", guessed.join("; ")))
    }
}

fn guess<T>(name: &str, known: &Option<Known<T>>) -> Option<String> {
    known.as_ref().filter(|known| known.guessed).map(|known| format!("{name} ({})", known.from))
}

impl Corpus {
    /// (claim, document) → the first statement of the claim there.
    fn firsts(&self) -> BTreeMap<(&Id, &Id), &Statement> {
        let mut firsts = BTreeMap::new();
        for paper in &self.papers {
            for statement in &paper.statements {
                if let Some(claim) = &statement.claim {
                    firsts.entry((claim, &paper.id)).or_insert(statement);
                }
            }
        }
        firsts
    }

    /// Claims → the documents that carry them, with their dates, in the order of the store.
    fn carriers(&self) -> BTreeMap<&Id, Vec<(&Id, Option<&Date>)>> {
        let mut carriers: BTreeMap<&Id, Vec<(&Id, Option<&Date>)>> = BTreeMap::new();
        for paper in &self.papers {
            for claim in paper.statements.iter().filter_map(|statement| statement.claim.as_ref()) {
                let of_claim = carriers.entry(claim).or_default();
                if of_claim.last().is_none_or(|(last, _)| **last != paper.id) {
                    of_claim.push((&paper.id, value(&paper.document.published)));
                }
            }
        }
        carriers
    }
}
