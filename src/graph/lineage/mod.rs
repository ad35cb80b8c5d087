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

use super::{DocumentCard, Material};
use align::{Alignment, align};
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

/// The texts of documents, read once, and those compared that share narrative. Depends on nothing but the documents.
pub struct Texts {
    profiles: Vec<Profile>,
    /// Numbers of two documents, and what they share.
    sharing: Vec<(usize, usize, Alignment)>,
}

impl Texts {
    pub fn of(documents: &[DocumentCard]) -> Texts {
        let profiles: Vec<Profile> = documents.par_iter().map(Profile::of).collect();
        let compared = candidates(documents, &profiles).into_par_iter().filter_map(|(a, b)| {
            let found = align(&profiles[a], &profiles[b]);
            pair::shares_narrative(&found).then_some((a, b, found))
        });
        Texts { sharing: compared.collect(), profiles }
    }
}

/// The documents of a material with their texts, for all that is asked of them together.
pub struct Ground<'m> {
    material: &'m Material,
    texts: &'m Texts,
    files: Vec<File<'m>>,
}

impl<'m> Ground<'m> {
    /// `texts` are those of the material's documents.
    pub fn new(material: &'m Material, texts: &'m Texts) -> Self {
        Ground { material, texts, files: files(material, Some(texts)) }
    }

    /// How documents derive from each other, from what they share.
    pub fn derivations(&self) -> Vec<Derivation> {
        let files = &self.files;
        let related: Vec<_> = self.texts.sharing.par_iter().map(|(a, b, found)| relate(files, *a, *b, found)).collect();
        let mut found = family::settle(&self.material.documents, files, related);
        found.extend(claims::cited_documents(files, &found));
        found.sort_by(|a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
        found
    }

    /// Pairs of statements that stand in the same place of a text which two documents share.
    pub fn same_places(&self) -> Vec<SamePlace> {
        places::same_places(self.material, &self.files, &self.texts.sharing)
    }

    /// Stretches of unattributed narrative that may repeat what a statement of another document says, by document,
    /// place and statement. Candidates: whoever asks compares the words.
    pub fn bare_repeats(&self, derivations: &[Derivation]) -> Vec<BareRepeat> {
        narrative::bare_repeats(self.material, &self.files, derivations)
    }
}

/// How documents derive from each other, from what they share.
pub fn derivations(material: &Material) -> Vec<Derivation> {
    Ground::new(material, &Texts::of(&material.documents)).derivations()
}

/// Which outlets and wire services every document gives credit to, in the order of the material; its own outlet excepted.
pub fn credits(material: &Material) -> Vec<Credited> {
    let names = Names::new(material.documents.iter().map(|card| card.outlet.as_str()));
    material.documents.par_iter().map(|card| names.credited(card)).collect::<Vec<_>>().concat()
}

/// Every document with its credits, claims and (where wanted) profile, in the order of the material.
fn files<'m>(material: &'m Material, texts: Option<&'m Texts>) -> Vec<File<'m>> {
    let mut outlets: Vec<&str> = material.documents.iter().map(|card| card.outlet.as_str()).collect();
    outlets.sort_unstable();
    outlets.dedup();
    let names = Names::new(outlets.into_iter());
    let mut claims = claims::by_document(material);
    let mut files: Vec<File> = material
        .documents
        .par_iter()
        .enumerate()
        .map(|(at, card)| File {
            card,
            profile: texts.map_or(&UNREAD, |texts| &texts.profiles[at]),
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

/// What is known of a text that nobody read.
static UNREAD: Profile = Profile { words: Vec::new(), sentences: Vec::new(), shingles: Vec::new() };

/// Pairs of documents that share several runs of words.
fn candidates(documents: &[DocumentCard], profiles: &[Profile]) -> Vec<(usize, usize)> {
    let mut holders: Vec<(u64, u32)> = Vec::with_capacity(profiles.iter().map(|it| it.shingles.len()).sum());
    for (at, profile) in profiles.iter().enumerate() {
        let own = profile.shingles.chunk_by(|x, y| x.0 == y.0).map(|places| (places[0].0, at as u32));
        holders.extend(own);
    }
    holders.par_sort_unstable();
    let earliest_first = by_date(documents);
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

/// For every document its rank by date (undated last), then id.
fn by_date(documents: &[DocumentCard]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..documents.len()).collect();
    order.sort_by_key(|&at| {
        let card = &documents[at];
        (card.published.is_none(), &card.published, &card.id)
    });
    let mut ranks = vec![0; documents.len()];
    for (rank, at) in order.into_iter().enumerate() {
        ranks[at] = rank;
    }
    ranks
}

fn id_of<'f>(files: &'f [File], at: usize) -> &'f Id {
    &files[at].card.id
}
