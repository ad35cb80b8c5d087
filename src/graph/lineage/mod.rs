//! Who has what from whom: documents from documents, and claims from documents.
//!
//! In: material. Out: derivations between documents and repeats of claims, each with its reasons. Pairs of documents
//! are found through shared runs of words, never by comparing all with all.

mod align;
mod claims;
mod credit;
mod family;
mod narrative;
mod pair;
mod places;
mod profile;
pub mod rules;
mod shared;
mod voice;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::model::{Derivation, Id};
use crate::text::Span;

use super::Material;
use credit::Names;
use pair::{File, relate};
use profile::Profile;

pub use claims::claim_edges;
pub use credit::Credited;
pub use narrative::{BareRepeat, Tie};
pub use places::{Place, SamePlace};
pub use shared::{SharedRun, SharedSentence, SharedText, shared_text};

/// Runs of words that stand in more documents than this are stock phrases, unless the documents are many copies of one
/// text: then every one is compared with the first few.
const COMMON_RUN: usize = 24;

/// Pairs with fewer shared runs are not looked at.
const SHARED_RUNS: usize = 4;

/// The documents of a material, read once for all that is asked of them together.
pub struct Ground<'m> {
    material: &'m Material,
    files: Vec<File<'m>>,
}

impl<'m> Ground<'m> {
    pub fn new(material: &'m Material) -> Self {
        Ground { material, files: files(material, true) }
    }

    /// How documents derive from each other, from what they share.
    pub fn derivations(&self) -> Vec<Derivation> {
        let files = &self.files;
        let related: Vec<_> = candidates(files).into_par_iter().filter_map(|(a, b)| relate(files, a, b)).collect();
        let mut found = family::settle(files, related);
        found.extend(claims::cited_documents(files, &found));
        found.sort_by(|a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
        found
    }

    /// Pairs of statements that stand in the same place of a text which two documents share.
    pub fn same_places(&self) -> Vec<SamePlace> {
        places::same_places(self.material, &self.files, &candidates(&self.files))
    }

    /// Stretches of unattributed narrative that may repeat what a statement of another document says, by document,
    /// place and statement. Candidates: whoever asks compares the words.
    pub fn bare_repeats(&self, derivations: &[Derivation]) -> Vec<BareRepeat> {
        narrative::bare_repeats(self.material, &self.files, derivations)
    }
}

/// How documents derive from each other, from what they share.
pub fn derivations(material: &Material) -> Vec<Derivation> {
    Ground::new(material).derivations()
}

/// Which outlets and wire services every document gives credit to, in the order of the material; its own outlet excepted.
pub fn credits(material: &Material) -> Vec<Credited> {
    let names = Names::new(material.documents.iter().map(|card| card.outlet.as_str()));
    material.documents.par_iter().map(|card| names.credited(card)).collect::<Vec<_>>().concat()
}

/// Every document with its credits, claims and (where wanted) profile, in the order of the material.
fn files(material: &Material, profiles: bool) -> Vec<File<'_>> {
    let mut outlets: Vec<&str> = material.documents.iter().map(|card| card.outlet.as_str()).collect();
    outlets.sort_unstable();
    outlets.dedup();
    let names = Names::new(outlets.into_iter());
    let mut claims = claims::by_document(material);
    let mut files: Vec<File> = material
        .documents
        .par_iter()
        .map(|card| File {
            card,
            profile: if profiles { Profile::of(card) } else { Profile::default() },
            credits: names.credits(&card.text),
            outlet: names.number(&card.outlet),
            parts: Vec::new(),
            claims: BTreeMap::new(),
            by_place: &material.by_place,
        })
        .collect();
    let mut parts: BTreeMap<&Id, Vec<Span>> = BTreeMap::new();
    for card in &material.statements {
        parts.entry(&card.document).or_default().extend(&card.parts);
    }
    for file in &mut files {
        file.parts = parts.remove(&file.card.id).unwrap_or_default();
        file.claims = claims.remove(&file.card.id).unwrap_or_default();
    }
    files
}

/// Pairs of documents that share several runs of words.
fn candidates(files: &[File]) -> Vec<(usize, usize)> {
    let mut holders: Vec<(u64, u32)> = Vec::with_capacity(files.iter().map(|file| file.profile.shingles.len()).sum());
    for (at, file) in files.iter().enumerate() {
        let own = file.profile.shingles.chunk_by(|x, y| x.0 == y.0).map(|places| (places[0].0, at as u32));
        holders.extend(own);
    }
    holders.par_sort_unstable();
    let earliest_first = by_date(files);
    let mut shared: Vec<(u32, u32)> = Vec::new();
    for list in holders.chunk_by(|x, y| x.0 == y.0).filter(|list| list.len() > 1) {
        let mut firsts: Vec<u32> = list.iter().map(|(_, at)| *at).collect();
        if list.len() > COMMON_RUN {
            firsts.sort_by_key(|&at| earliest_first[at as usize]);
            firsts.truncate(COMMON_RUN / 4);
        }
        for &(_, b) in list {
            let before = |a: &u32| !firsts.contains(&b) || *a < b;
            shared.extend(firsts.iter().filter(|a| **a != b && before(a)).map(|&a| (a.min(b), a.max(b))));
        }
    }
    shared.par_sort_unstable();
    let pairs = shared.chunk_by(|x, y| x == y).filter(|same| same.len() >= SHARED_RUNS);
    pairs.map(|same| (same[0].0 as usize, same[0].1 as usize)).collect()
}

/// For every file its rank by date (undated last), then id.
fn by_date(files: &[File]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..files.len()).collect();
    order.sort_by_key(|&at| {
        let card = files[at].card;
        (card.published.is_none(), card.published.clone(), card.id.clone())
    });
    let mut ranks = vec![0; files.len()];
    for (rank, at) in order.into_iter().enumerate() {
        ranks[at] = rank;
    }
    ranks
}

fn id_of<'f>(files: &'f [File], at: usize) -> &'f Id {
    &files[at].card.id
}
