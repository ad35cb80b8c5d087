//! Counterparts: statements that two documents which share their narrative have in the same place, each in its own words.
//!
//! Their links are added to those that the words alone make, before claims are made. They are a function of the set of
//! documents: what is stored is compared with what should be, and the difference is written.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use crate::graph::{Ground, Material, Place, SamePlace, Texts};
use crate::link::{self, LinkOptions};
use crate::model::{Id, Link, LinkStatus, Variant};
use crate::store::{Store, StoreError, Tie};

use super::link_statements::{are_candidates, read_variants};

type Stored<T> = Result<T, StoreError>;

/// Brings the links between counterparts up to date. `material` needs documents and statements, no claims; `texts`
/// are those of its documents.
pub(super) fn link(store: &Store, material: &Material, texts: &Texts) -> Stored<()> {
    let places = Ground::new(material, texts).same_places();
    let before = store.links_by_rule(link::PLACE)?;
    if places.is_empty() && before.is_empty() {
        return Ok(());
    }
    let ids: BTreeMap<i64, Id> = store.statement_ids()?.into_iter().collect();
    let keys: HashMap<Id, i64> = ids.iter().map(|(key, id)| (id.clone(), *key)).collect();
    let ends = places.iter().flat_map(|it| [&it.a, &it.b]).chain(before.iter().flat_map(|it| [&it.a, &it.b]));
    let known = Known::load(store, material, ends.filter_map(|id| keys.get(id)).copied().collect())?;
    let candidates: Vec<(Place, Link)> = places.par_iter().filter_map(|it| Some((it.place, known.link(it)?))).collect();
    let documents = material.statements.iter().map(|card| (&card.id, &card.document)).collect();
    let after = choose(candidates, &documents, &joined_by_words(store, &ids)?);
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
    let ids: BTreeMap<i64, Id> = store.statement_ids()?.into_iter().collect();
    let joined = joined_by_words(store, &ids)?;
    let by_words: BTreeSet<&Id> = joined.iter().flat_map(|(a, b)| [*a, *b]).collect();
    let ends = placed.iter().flat_map(|it| [&it.a, &it.b]);
    Ok(ends.filter(|id| !by_words.contains(id)).cloned().collect())
}

/// Statements that their words join, in pairs; `ids` are those of all statements.
fn joined_by_words<'i>(store: &Store, ids: &'i BTreeMap<i64, Id>) -> Stored<Vec<(&'i Id, &'i Id)>> {
    let placed: BTreeSet<(i64, i64)> = store.linked_by_rule(link::PLACE)?.into_iter().collect();
    let joins = |it: &Tie| matches!(it.status, LinkStatus::Auto | LinkStatus::Confirmed) && it.relation.joins();
    let ties = store.ties()?;
    let by_words = ties.iter().filter(|it| joins(it) && !placed.contains(&(it.a, it.b)));
    Ok(by_words.filter_map(|it| Some((ids.get(&it.a)?, ids.get(&it.b)?))).collect())
}

/// Puts the link that the words alone make, if they make one, in the place of one between counterparts.
fn restore(store: &Store, gone: &Link, known: &Known<'_>, keys: &HashMap<Id, i64>) -> Stored<()> {
    if let (Some(&a), Some(&b)) = (keys.get(&gone.a), keys.get(&gone.b)) {
        store.drop_link(a, b)?;
    }
    let (Some(a), Some(b)) = (known.variants.get(&gone.a), known.variants.get(&gone.b)) else { return Ok(()) };
    if !are_candidates(store, a, b)? {
        return Ok(());
    }
    let words_alone = link::link(a, b, &LinkOptions::default());
    store.add_links(words_alone.as_slice(), keys)
}

/// Statements with what linking looks at, and their sources as printed.
struct Known<'m> {
    variants: BTreeMap<Id, Variant>,
    sources: BTreeMap<&'m Id, &'m str>,
}

impl<'m> Known<'m> {
    fn load(store: &Store, material: &'m Material, keys: BTreeSet<i64>) -> Stored<Known<'m>> {
        let mut by_document: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for key in keys {
            if let Some(document) = store.document_of(key)? {
                by_document.entry(document).or_default().push(key);
            }
        }
        let mut variants = HashMap::new();
        for (document, wanted) in by_document {
            read_variants(store, document, &|key| wanted.binary_search(&key).is_ok(), &mut variants)?;
        }
        let variants = variants.into_values().map(|it: Variant| (it.statement.clone(), it)).collect();
        let sources = material.statements.iter().map(|card| (&card.id, card.source.as_str())).collect();
        Ok(Known { variants, sources })
    }

    fn link(&self, it: &SamePlace) -> Option<Link> {
        let side = |id: &Id| Some((self.variants.get(id)?, *self.sources.get(id)?));
        link::link_in_place(side(&it.a)?, side(&it.b)?, &LinkOptions::default())
    }
}

/// Statement → its document.
type Documents<'m> = BTreeMap<&'m Id, &'m Id>;

/// One counterpart a statement in each other document, the likeliest first; none where another statement of that document
/// is linked to it by its words. What merely stands between the same sentences must be the only one there that could be meant.
fn choose(mut candidates: Vec<(Place, Link)>, documents: &Documents, joined: &[(&Id, &Id)]) -> Vec<Link> {
    let mut taken: BTreeSet<(Id, Id)> = BTreeSet::new();
    for (a, b) in joined {
        taken.extend(ends(a, b, documents));
    }
    candidates.retain(|(_, link)| is_free(&taken, link, documents));
    let mut rivals: BTreeMap<(Id, Id), usize> = BTreeMap::new();
    for end in candidates.iter().flat_map(|(_, link)| ends(&link.a, &link.b, documents)) {
        *rivals.entry(end).or_default() += 1;
    }
    candidates.retain(|(place, link)| {
        *place == Place::Sentence || ends(&link.a, &link.b, documents).all(|end| rivals[&end] == 1)
    });
    candidates.sort_by(|(_, x), (_, y)| {
        y.probability.total_cmp(&x.probability).then_with(|| (&x.a, &x.b).cmp(&(&y.a, &y.b)))
    });
    let mut chosen = Vec::new();
    for (_, link) in candidates {
        if is_free(&taken, &link, documents) {
            taken.extend(ends(&link.a, &link.b, documents));
            chosen.push(link);
        }
    }
    chosen
}

/// Two linked statements seen from both sides: (statement, the other one's document).
fn ends<'l>(a: &'l Id, b: &'l Id, documents: &'l Documents) -> impl Iterator<Item = (Id, Id)> + 'l {
    [(a, b), (b, a)].into_iter().filter_map(|(one, other)| Some((one.clone(), (*documents.get(other)?).clone())))
}

fn is_free(taken: &BTreeSet<(Id, Id)>, link: &Link, documents: &Documents) -> bool {
    ends(&link.a, &link.b, documents).all(|end| !taken.contains(&end))
}
