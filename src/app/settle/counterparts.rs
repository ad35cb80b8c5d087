//! Counterparts: statements that two documents which share their narrative have in the same place, each in its own words.
//!
//! Their links are added to those that the words alone make, before claims are made. They are a function of the set of
//! documents: what is stored is compared with what should be, and the difference is written.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use crate::app::link_statements::{are_candidates, read_variants};
use crate::graph::{Ground, Material, Place, SamePlace, Texts};
use crate::link::{self, LinkOptions};
use crate::model::{Id, Link, Variant};
use crate::store::Store;

use super::Stored;
use super::loaded::Loaded;

/// Takes away the links between counterparts of documents that share no narrative any more, as all are about to be made anew.
pub(super) fn clear(store: &Store) -> Stored<()> {
    for link in store.links_by_rule(link::PLACE)? {
        let (a, b) = (store.key_of_statement(&link.a)?, store.key_of_statement(&link.b)?);
        if let Some((a, b)) = a.zip(b) {
            restore(store, a, b)?;
        }
    }
    Ok(())
}

/// Brings the links between counterparts of some families of documents up to date. Returns the statements whose links
/// are others now.
pub(super) fn link(store: &Store, loaded: &Loaded, texts: &Texts) -> Stored<BTreeSet<i64>> {
    let material = &loaded.material;
    let places = Ground::new(material, texts, &loaded.kin(store)?).same_places();
    let own: Vec<i64> = loaded.statements.values().copied().collect();
    let before = store.links_by_rule_of(link::PLACE, &own)?;
    let mut changed = BTreeSet::new();
    if places.is_empty() && before.is_empty() {
        return Ok(changed);
    }
    let placed: BTreeSet<(Id, Id)> = before.iter().map(|link| (link.a.clone(), link.b.clone())).collect();
    let mut joined = Vec::new();
    for &key in &own {
        joined.extend(loaded.joined_by_words(store, key, &placed)?);
    }
    let ends = places.iter().flat_map(|it| [&it.a, &it.b]);
    let known = Known::load(store, material, ends.filter_map(|id| loaded.statements.get(id)).copied().collect())?;
    let candidates: Vec<(Place, Link)> = places.par_iter().filter_map(|it| Some((it.place, known.link(it)?))).collect();
    let documents = material.statements.iter().map(|card| (&card.id, &card.document)).collect();
    let after = choose(candidates, &documents, &joined.iter().map(|(a, b)| (a, b)).collect::<Vec<_>>());
    let key = |id: &Id| loaded.statements.get(id).copied();
    for gone in before.iter().filter(|old| !after.iter().any(|new| (&new.a, &new.b) == (&old.a, &old.b))) {
        if let (Some(a), Some(b)) = (store.key_of_statement(&gone.a)?, store.key_of_statement(&gone.b)?) {
            restore(store, a, b)?;
            changed.extend([a, b]);
        }
    }
    let same = |x: &Link, y: &Link| (&x.a, &x.b, x.relation, x.status) == (&y.a, &y.b, y.relation, y.status);
    let others = after.iter().filter(|new| {
        !before.iter().any(|old| same(old, new) && old.probability.to_bits() == new.probability.to_bits())
    });
    let others: Vec<Link> = others.cloned().collect();
    changed.extend(others.iter().flat_map(|link| [key(&link.a), key(&link.b)]).flatten());
    let keys: HashMap<Id, i64> = loaded.statements.iter().map(|(id, key)| (id.clone(), *key)).collect();
    store.add_links(&others, &keys)?;
    Ok(changed)
}

/// Puts the link that the words alone make, if they make one, in the place of one between counterparts.
fn restore(store: &Store, a: i64, b: i64) -> Stored<()> {
    store.drop_link(a, b)?;
    let mut variants = HashMap::new();
    for key in [a, b] {
        if let Some(document) = store.document_of(key)? {
            read_variants(store, document, &[key], &mut variants)?;
        }
    }
    let (Some(x), Some(y)) = (variants.get(&a), variants.get(&b)) else { return Ok(()) };
    if !are_candidates(store, x, y)? {
        return Ok(());
    }
    let keys = HashMap::from([(x.statement.clone(), a), (y.statement.clone(), b)]);
    store.add_links(link::link(x, y, &LinkOptions::default()).as_slice(), &keys)
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
            read_variants(store, document, &wanted, &mut variants)?;
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
