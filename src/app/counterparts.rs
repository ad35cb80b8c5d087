//! Counterparts: statements that two documents which share their narrative have in the same place, each in its own words.
//!
//! Their links are added to those that the words alone make, before claims are made. They are a function of the set of
//! documents: what is stored is compared with what should be, and the difference is written.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use crate::graph::{Ground, Material, Place, SamePlace, Texts};
use crate::lang;
use crate::link::{self, LinkOptions};
use crate::model::{Id, Link, LinkStatus, Variant};
use crate::store::{Store, StoreError, StoredDocument};

use super::analyse::variant;

type Stored<T> = Result<T, StoreError>;

/// Brings the links between counterparts up to date. `material` needs documents and statements, no claims; `texts`
/// are those of its documents.
pub(super) fn link(store: &Store, material: &Material, texts: &Texts) -> Stored<()> {
    let places = Ground::new(material, texts).same_places();
    let before = store.links_by_rule(link::PLACE)?;
    if places.is_empty() && before.is_empty() {
        return Ok(());
    }
    let keys: HashMap<Id, i64> = store.statement_ids()?.into_iter().map(|(key, id)| (id, key)).collect();
    let ends = places.iter().flat_map(|it| [&it.a, &it.b]).chain(before.iter().flat_map(|it| [&it.a, &it.b]));
    let known = Known::load(store, &ends.filter_map(|id| keys.get(id)).copied().collect())?;
    let candidates: Vec<(Place, Link)> = places.par_iter().filter_map(|it| Some((it.place, known.link(it)?))).collect();
    let documents = material.statements.iter().map(|card| (&card.id, &card.document)).collect();
    let after = choose(candidates, &documents, &store.links()?);
    let same = |a: &Link, b: &Link| (&a.a, &a.b) == (&b.a, &b.b);
    for gone in before.iter().filter(|old| !after.iter().any(|new| same(old, new))) {
        restore(store, gone, &known, &keys)?;
    }
    store.add_links(&after, &keys)
}

/// Statements that have counterparts and are linked to nothing by their words.
pub(super) fn by_place_alone(store: &Store) -> Stored<BTreeSet<Id>> {
    let placed = store.links_by_rule(link::PLACE)?;
    if placed.is_empty() {
        return Ok(BTreeSet::new());
    }
    let links = store.links()?;
    let by_words: BTreeSet<&Id> = links.iter().filter(|it| joins_by_words(it)).flat_map(|it| [&it.a, &it.b]).collect();
    let ends = placed.iter().flat_map(|it| [&it.a, &it.b]);
    Ok(ends.filter(|id| !by_words.contains(id)).cloned().collect())
}

fn joins_by_words(link: &Link) -> bool {
    let joins = matches!(link.status, LinkStatus::Auto | LinkStatus::Confirmed) && link.relation.joins();
    joins && link.evidence.iter().all(|it| it.rule != link::PLACE)
}

/// Puts the link that the words alone make, if they make one, in the place of one between counterparts.
fn restore(store: &Store, gone: &Link, known: &Known, keys: &HashMap<Id, i64>) -> Stored<()> {
    if let (Some(&a), Some(&b)) = (keys.get(&gone.a), keys.get(&gone.b)) {
        store.drop_link(a, b)?;
    }
    let (Some(a), Some(b)) = (known.variants.get(&gone.a), known.variants.get(&gone.b)) else { return Ok(()) };
    let words_alone = link::link(a, b, &LinkOptions::default());
    store.add_links(words_alone.as_slice(), keys)
}

/// Statements with what linking looks at, and their sources as printed.
#[derive(Default)]
struct Known {
    variants: BTreeMap<Id, Variant>,
    sources: BTreeMap<Id, String>,
}

impl Known {
    fn load(store: &Store, keys: &BTreeSet<i64>) -> Stored<Known> {
        let keys: Vec<i64> = keys.iter().copied().collect();
        let mut documents: BTreeMap<i64, StoredDocument> = BTreeMap::new();
        let mut known = Known::default();
        for row in store.statements(&keys)? {
            if !documents.contains_key(&row.document_key) {
                documents.extend(store.document(row.document_key)?.map(|document| (row.document_key, document)));
            }
            let Some(document) = documents.get(&row.document_key) else { continue };
            let speaker = store.local_entity_of(row.key)?;
            let language = lang::language(document.document.language_code());
            let it = &row.statement;
            let made = Variant {
                statement: it.id.clone(),
                document: document.id.clone(),
                entity: it.speaker.clone(),
                embedding: store.embedding(row.key)?,
                ..variant(&document.document, &it.attribution, speaker.as_ref(), language)
            };
            let source = super::graph::words(&document.document.text, &it.attribution.source);
            known.sources.insert(it.id.clone(), source);
            known.variants.insert(it.id.clone(), made);
        }
        Ok(known)
    }

    fn link(&self, it: &SamePlace) -> Option<Link> {
        let side = |id: &Id| Some((self.variants.get(id)?, self.sources.get(id)?.as_str()));
        link::link_in_place(side(&it.a)?, side(&it.b)?, &LinkOptions::default())
    }
}

/// Statement → its document.
type Documents<'m> = BTreeMap<&'m Id, &'m Id>;

/// One counterpart a statement in each other document, the likeliest first; none where another statement of that document
/// is linked to it by its words. What merely stands between the same sentences must be the only one there that could be meant.
fn choose(mut candidates: Vec<(Place, Link)>, documents: &Documents, links: &[Link]) -> Vec<Link> {
    let mut taken: BTreeSet<(Id, Id)> = BTreeSet::new();
    for link in links.iter().filter(|it| joins_by_words(it)) {
        take(&mut taken, link, documents);
    }
    candidates.retain(|(_, link)| is_free(&taken, link, documents));
    let mut rivals: BTreeMap<(Id, Id), usize> = BTreeMap::new();
    for end in candidates.iter().flat_map(|(_, link)| ends(link, documents)) {
        *rivals.entry(end).or_default() += 1;
    }
    candidates.retain(|(place, link)| *place == Place::Sentence || ends(link, documents).all(|end| rivals[&end] == 1));
    candidates.sort_by(|(_, x), (_, y)| {
        y.probability.total_cmp(&x.probability).then_with(|| (&x.a, &x.b).cmp(&(&y.a, &y.b)))
    });
    let mut chosen = Vec::new();
    for (_, link) in candidates {
        if is_free(&taken, &link, documents) {
            take(&mut taken, &link, documents);
            chosen.push(link);
        }
    }
    chosen
}

/// A link seen from both sides: (statement, the other one's document).
fn ends<'l>(link: &'l Link, documents: &'l Documents) -> impl Iterator<Item = (Id, Id)> + 'l {
    [(&link.a, &link.b), (&link.b, &link.a)]
        .into_iter()
        .filter_map(|(one, other)| Some((one.clone(), (*documents.get(other)?).clone())))
}

fn is_free(taken: &BTreeSet<(Id, Id)>, link: &Link, documents: &Documents) -> bool {
    ends(link, documents).all(|end| !taken.contains(&end))
}

fn take(taken: &mut BTreeSet<(Id, Id)>, link: &Link, documents: &Documents) {
    taken.extend(ends(link, documents));
}
