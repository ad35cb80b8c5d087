//! Who has what from whom: documents from documents, and claims from documents.
//!
//! In: material. Out: derivations between documents and repeats of claims, each with its reasons. Pairs of documents
//! are found through shared runs of words, never by comparing all with all.

mod align;
mod claims;
mod credit;
mod family;
mod narrative;
mod near;
mod pair;
mod places;
mod profile;
pub mod rules;
mod shared;
mod voice;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use crate::model::{Derivation, Id};
use crate::text::Span;

use super::{DocumentCard, Material};
use align::{Alignment, align};
use credit::Names;
use pair::{File, relate};
use profile::Profile;

pub use claims::claim_edges;
pub use credit::{Credited, spellings_of};
pub use narrative::{Around, BareRepeat, SHARED_CLAIMS, Tie, WIDE_CLAIM};
pub use near::{COMMON_RUN, FIRSTS, RARE_RUN, count as count_of_run, is_enough, partners, rank, several};
pub use places::{Place, SamePlace};
pub use shared::{SharedRun, SharedSentence, SharedText, shared_text};

/// The texts of documents, each read once. What is read of one depends on nothing but the document.
#[derive(Default)]
pub struct Texts {
    /// Only looked up.
    profiles: HashMap<Id, Profile>,
}

impl Texts {
    /// Reads those that are not read yet.
    pub fn read(&mut self, documents: &[DocumentCard]) {
        let new: Vec<&DocumentCard> = documents.iter().filter(|card| !self.profiles.contains_key(&card.id)).collect();
        let read: Vec<(Id, Profile)> = new.par_iter().map(|card| (card.id.clone(), Profile::of(card))).collect();
        self.profiles.extend(read);
    }

    pub fn has(&self, document: &Id) -> bool {
        self.profiles.contains_key(document)
    }

    /// How many have been read.
    pub fn count(&self) -> usize {
        self.profiles.len()
    }

    /// The runs of words of a document under which others find it, as short hashes; sorted, each once.
    pub fn runs(&self, document: &Id) -> Vec<u32> {
        near::chosen_runs(self.profile(document))
    }

    /// Of these pairs, how near the two are to each other.
    pub fn nearness(&self, pairs: &[(&Id, &Id)]) -> Vec<Nearness> {
        // An alignment is seen from its first document: always the one of the smaller id.
        let of_pair = |&(a, b): &(&Id, &Id)| {
            let (x, y) = (self.profile(a.min(b)), self.profile(a.max(b)));
            if pair::shares_narrative(&align(x, y)) {
                Nearness::Narrative
            } else if narrative::may_have_from(x, y) {
                Nearness::Words
            } else {
                Nearness::Nothing
            }
        };
        pairs.par_iter().map(of_pair).collect()
    }

    fn profile(&self, document: &Id) -> &Profile {
        self.profiles.get(document).unwrap_or(&UNREAD)
    }
}

/// How near two documents are whose texts have runs of words in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nearness {
    /// One tells the story of the other.
    Narrative,
    /// A sentence of one, in its own words, has a long run of words with the other in common.
    Words,
    Nothing,
}

/// The documents of a material with their texts, for all that is asked of them together.
pub struct Ground<'m> {
    material: &'m Material,
    files: Vec<File<'m>>,
    /// Places of two documents that share narrative, and what they share.
    sharing: Vec<(usize, usize, Alignment)>,
}

impl<'m> Ground<'m> {
    /// `texts` must have read the material's documents; `kin` are the places of those that share narrative, in pairs. All
    /// the kin of a document must be in the material for what is found about it to be right.
    pub fn new(material: &'m Material, texts: &'m Texts, kin: &[(usize, usize)]) -> Self {
        let files = files(material, Some(texts));
        let sharing = kin.par_iter().map(|&(a, b)| (a, b, align(files[a].profile, files[b].profile))).collect();
        Ground { material, files, sharing }
    }

    /// How documents derive from each other, from the narrative they share.
    pub fn derivations(&self) -> Vec<Derivation> {
        let files = &self.files;
        let related = self.sharing.par_iter().map(|(a, b, found)| relate(files, *a, *b, found)).collect();
        let mut found = family::settle(&self.material.documents, files, related);
        found.sort_by(|a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
        found
    }

    /// Pairs of statements that stand in the same place of a text which two documents share.
    pub fn same_places(&self) -> Vec<SamePlace> {
        places::same_places(self.material, &self.files, &self.sharing)
    }

    /// Stretches of unattributed narrative that may repeat what a statement of another document says, by document,
    /// place and statement. Candidates: whoever asks compares the words.
    pub fn bare_repeats(&self, derivations: &[Derivation], around: &Around) -> Vec<BareRepeat> {
        narrative::bare_repeats(self.material, &self.files, derivations, around)
    }
}

/// Documents that name an outlet as the source of a claim which a document of that outlet carries, where none of `known`
/// relates the two. Of the documents that do the naming the texts are needed, of the others what else is known of them.
pub fn citations(material: &Material, known: &[Derivation]) -> Vec<Derivation> {
    claims::cited_documents(&files(material, None), known)
}

/// How all documents of a material derive from each other.
pub fn derivations(material: &Material) -> Vec<Derivation> {
    let mut texts = Texts::default();
    texts.read(&material.documents);
    let mut found = Ground::new(material, &texts, &kin(material, &texts)).derivations();
    found.extend(citations(material, &found));
    found.sort_by(|a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
    found
}

/// Places of the documents of a material that share narrative, in pairs.
pub fn kin(material: &Material, texts: &Texts) -> Vec<(usize, usize)> {
    let pairs = near_pairs(material, texts);
    let ids: Vec<(&Id, &Id)> =
        pairs.iter().map(|&(a, b)| (&material.documents[a].id, &material.documents[b].id)).collect();
    let near = texts.nearness(&ids);
    pairs.into_iter().zip(near).filter(|(_, near)| *near == Nearness::Narrative).map(|(pair, _)| pair).collect()
}

/// Places of the documents of a material that share runs of words, in pairs.
fn near_pairs(material: &Material, texts: &Texts) -> Vec<(usize, usize)> {
    let profiles: Vec<&Profile> = material.documents.iter().map(|card| texts.profile(&card.id)).collect();
    near::among(&material.documents, &profiles)
}

/// Which outlets and wire services every document gives credit to, in the order of the material; its own outlet excepted.
pub fn credits(material: &Material) -> Vec<Credited> {
    let names = Names::new(material.documents.iter().map(|card| card.outlet.as_str()));
    material.documents.par_iter().map(|card| names.credited(card)).collect::<Vec<_>>().concat()
}

/// Every document with its credits, claims and (where wanted) profile, in the order of the material.
fn files<'m>(material: &'m Material, texts: Option<&'m Texts>) -> Vec<File<'m>> {
    let own = material.documents.iter().map(|card| card.outlet.as_str());
    let mut outlets: Vec<&str> = material.outlets.iter().map(String::as_str).chain(own).collect();
    outlets.sort_unstable();
    outlets.dedup();
    let names = Names::new(outlets.into_iter());
    let mut claims = claims::by_document(material);
    let mut files: Vec<File> = material
        .documents
        .par_iter()
        .map(|card| File {
            card,
            profile: texts.map_or(&UNREAD, |texts| texts.profile(&card.id)),
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
