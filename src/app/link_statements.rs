//! Links of statements: who shares a key that is not a stock phrase is a candidate, whom the bound of their outlines turns
//! away has no relation, and the rest are compared word by word.
//!
//! Few statements are looked up one by one; many go through the whole index of keys once. Both find the same pairs.

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;

use crate::lang;
use crate::link::{self, LinkOptions, Outline, OutlineSpeakers};
use crate::model::{Id, Link, Variant};
use crate::store::{Store, StoreError};

use super::Progress;
use super::analyse::{Printed, variant_in};

type Stored<T> = Result<T, StoreError>;

/// A key that more statements hold than this is a stock phrase: it brings no candidates.
pub(super) const STOCK_KEY: usize = 200;

/// More statements than this, and more than one in `PART` of all, go through the whole index.
const MANY: usize = 2000;
const PART: usize = 8;

/// Statements of one document are compared with so many before and after them (row keys follow their order): a text of a
/// thousand statements must not cost what all its pairs would.
const WITHIN: i64 = 40;

/// Pairs that wait before they are sorted out, and those that are compared before their links are stored.
const WAITING: usize = 1 << 22;
const BATCH: usize = 1 << 15;

/// Variants kept in memory between batches.
const KEPT: usize = 40_000;

/// Makes the links of the new statements, and anew of those whose key the new ones turned into a stock phrase: what such a key alone
/// had brought together must fall apart, whatever the order of arrival. Returns the statements whose links may be others now.
pub(super) fn link_new(store: &Store, new: &BTreeSet<i64>, progress: &dyn Progress) -> Stored<BTreeSet<i64>> {
    let many = MANY.max(store.most_statements()? / PART);
    link_in_bulk_from(many, store, new, progress)
}

/// As `link_new`; more statements than `many` go through the whole index.
fn link_in_bulk_from(
    many: usize,
    store: &Store,
    new: &BTreeSet<i64>,
    progress: &dyn Progress,
) -> Stored<BTreeSet<i64>> {
    let (displaced, touched, wordings) = (BTreeSet::new(), new.clone(), Wordings::default());
    let mut linking = Linking { store, many, new, displaced, touched, wordings, progress };
    linking.link(new)?;
    let mut displaced = std::mem::take(&mut linking.displaced);
    displaced.retain(|statement| !new.contains(statement));
    linking.link(&displaced)?;
    let mut touched = linking.touched;
    touched.extend(displaced);
    Ok(touched)
}

/// Pairs of statements that are to be compared, as places among their keys: half the room that pairs of keys take.
struct Pairs {
    keys: Vec<i64>,
    places: Vec<(u32, u32)>,
}

struct Linking<'s> {
    store: &'s Store,
    many: usize,
    new: &'s BTreeSet<i64>,
    /// Old holders of keys that became stock through the new ones.
    displaced: BTreeSet<i64>,
    /// Statements that lost or got a link.
    touched: BTreeSet<i64>,
    wordings: Wordings,
    progress: &'s dyn Progress,
}

impl Linking<'_> {
    /// Makes all links of these statements anew.
    fn link(&mut self, statements: &BTreeSet<i64>) -> Stored<()> {
        if statements.is_empty() {
            return Ok(());
        }
        if self.store.has_links()? {
            let statements: Vec<i64> = statements.iter().copied().collect();
            self.touched.extend(self.store.linked_with(&statements)?);
            self.store.drop_links(&statements)?;
        }
        let many = statements.len() > self.many;
        if many {
            let pairs = self.pairs_of_many(statements)?;
            self.compare(&pairs, true)
        } else {
            let pairs = self.pairs_of_few(statements)?;
            self.compare(&pairs, false)
        }
    }

    fn pairs_of_few(&mut self, statements: &BTreeSet<i64>) -> Stored<Pairs> {
        let mut pairs = BTreeSet::new();
        let mut of_document = 0..=0;
        for chunk in statements.iter().copied().collect::<Vec<_>>().chunks(MANY) {
            self.wordings.load(self.store, chunk)?;
            for &statement in chunk {
                if !of_document.contains(&statement) {
                    of_document = self.store.statements_beside(statement)?;
                }
                for other in self.candidates(statement)? {
                    let far = of_document.contains(&other) && (other - statement).abs() > WITHIN;
                    if other != statement && !far {
                        pairs.insert((other.min(statement), other.max(statement)));
                    }
                }
            }
        }
        let keys: BTreeSet<i64> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
        let keys: Vec<i64> = keys.into_iter().collect();
        let place = |key: i64| keys.partition_point(|known| *known < key) as u32;
        Ok(Pairs { places: pairs.into_iter().map(|(a, b)| (place(a), place(b))).collect(), keys })
    }

    /// Statements that share a key with this one which is not a stock phrase.
    fn candidates(&mut self, statement: i64) -> Stored<BTreeSet<i64>> {
        let mut found = BTreeSet::new();
        let Some(variant) = self.wordings.variants.get(&statement) else { return Ok(found) };
        for key in link::candidate_keys(variant) {
            let holders = self.store.holders(key, STOCK_KEY + 1)?;
            if holders.len() <= STOCK_KEY {
                found.extend(holders);
                continue;
            }
            // Keys of rows grow, so old holders come first: if all are old, the key was a stock phrase before.
            if holders.iter().any(|holder| self.new.contains(holder)) {
                self.displaced.extend(holders.iter().filter(|holder| !self.new.contains(holder)));
            }
        }
        Ok(found)
    }

    /// As `pairs_of_few`, through the whole index at once.
    fn pairs_of_many(&mut self, statements: &BTreeSet<i64>) -> Stored<Pairs> {
        let linkable = self.store.linkable()?;
        let outlines = self.outlines(&linkable)?;
        let keys: Vec<i64> = linkable.iter().map(|(key, _)| *key).collect();
        let asked: Vec<bool> = keys.iter().map(|key| statements.contains(key)).collect();
        let mut sieve = Sieve { outlines: &outlines, waiting: Vec::new(), left: Vec::new(), once: 0 };
        let (new, displaced) = (self.new, &mut self.displaced);
        self.store.scan_holders(&mut |holders| {
            if holders.len() > STOCK_KEY {
                let old: Vec<i64> = holders.iter().copied().filter(|holder| !new.contains(holder)).collect();
                if old.len() <= STOCK_KEY {
                    displaced.extend(old);
                }
                return;
            }
            // All that a pair is asked for is looked up once a holder.
            let known = |holder: &i64| {
                let at = keys.binary_search(holder).ok()?;
                Some((at as u32, linkable[at], asked[at]))
            };
            let known: Vec<(u32, (i64, i64), bool)> = holders.iter().filter_map(known).collect();
            for (n, &(b, other, other_asked)) in known.iter().enumerate() {
                for &(a, one, one_asked) in &known[..n] {
                    let far = one.1 == other.1 && (other.0 - one.0).abs() > WITHIN;
                    if (one_asked || other_asked) && !far {
                        sieve.add(a, b);
                    }
                }
            }
        })?;
        let places = sieve.finish();
        Ok(Pairs { keys, places })
    }

    /// The outlines of all statements; as many of these as may be are kept to be compared in full.
    fn outlines(&mut self, linkable: &[(i64, i64)]) -> Stored<Vec<Outline>> {
        const DOCUMENTS: usize = 256;
        let mut outlines: Vec<Outline> = Vec::with_capacity(linkable.len());
        let mut speakers = OutlineSpeakers::default();
        let mut documents: Vec<&[(i64, i64)]> = Vec::new();
        let mut by_document = linkable.chunk_by(|x, y| x.1 == y.1).peekable();
        while let Some(of_document) = by_document.next() {
            documents.push(of_document);
            if documents.len() < DOCUMENTS && by_document.peek().is_some() {
                continue;
            }
            let mut variants: HashMap<i64, Variant> = HashMap::new();
            for statements in &documents {
                read_variants(
                    self.store,
                    statements[0].1,
                    &|key| statements.binary_search(&(key, statements[0].1)).is_ok(),
                    &mut variants,
                )?;
            }
            let keys: Vec<i64> =
                documents.iter().flat_map(|statements| statements.iter().map(|(key, _)| *key)).collect();
            let mut made: Vec<Outline> = keys
                .par_iter()
                .map(|key| variants.get(key).map(|variant| link::outline(&link::prepare(variant))).unwrap_or_default())
                .collect();
            made.iter_mut().for_each(|outline| speakers.share(outline));
            outlines.extend(made);
            documents.clear();
            if self.wordings.variants.len() < KEPT {
                self.wordings.variants.extend(variants);
            }
            self.progress.at("reading statements", outlines.len(), linkable.len());
        }
        Ok(outlines)
    }

    /// Compares pairs in full and stores the links, batch by batch. `sifted`: the bound of their outlines let them through.
    fn compare(&mut self, pairs: &Pairs, sifted: bool) -> Stored<()> {
        let options = LinkOptions::default();
        for (round, batch) in pairs.places.chunks(BATCH).enumerate() {
            self.progress.at("linking", round * BATCH, pairs.places.len());
            let key = |place: u32| pairs.keys[place as usize];
            let mut wanted: Vec<i64> = batch.iter().flat_map(|(a, b)| [key(*a), key(*b)]).collect();
            wanted.sort_unstable();
            wanted.dedup();
            self.wordings.load(self.store, &wanted)?;
            let variants: Vec<(i64, &Variant)> =
                wanted.iter().filter_map(|key| Some((*key, self.wordings.variants.get(key)?))).collect();
            let prepared: HashMap<i64, (link::Prepared, Outline)> = variants
                .par_iter()
                .map(|(key, variant)| {
                    let prepared = link::prepare(variant);
                    let outline = if sifted { Outline::default() } else { link::outline(&prepared) };
                    (*key, (prepared, outline))
                })
                .collect();
            let links: Vec<Link> = batch
                .par_iter()
                .filter_map(|(a, b)| {
                    let (a, b) = (prepared.get(&key(*a))?, prepared.get(&key(*b))?);
                    let may_relate = sifted || link::may_relate(&a.1, &b.1, &options);
                    if may_relate { link::link_prepared(&a.0, &b.0, &options) } else { None }
                })
                .collect();
            let keys: HashMap<Id, i64> =
                variants.iter().map(|(key, variant)| (variant.statement.clone(), *key)).collect();
            drop(prepared);
            let ends = links.iter().flat_map(|link| [keys.get(&link.a), keys.get(&link.b)]);
            self.touched.extend(ends.flatten());
            self.store.add_links(&links, &keys)?;
        }
        Ok(())
    }
}

/// Pairs on their way through the bound: each once, and only those that may relate.
struct Sieve<'o> {
    outlines: &'o [Outline],
    waiting: Vec<(u32, u32)>,
    left: Vec<(u32, u32)>,
    /// So many of those left are there once.
    once: usize,
}

impl Sieve<'_> {
    fn add(&mut self, a: u32, b: u32) {
        self.waiting.push((a, b));
        if self.waiting.len() >= WAITING {
            self.sift();
        }
    }

    fn sift(&mut self) {
        let options = LinkOptions::default();
        self.waiting.par_sort_unstable();
        self.waiting.dedup();
        let outlines = self.outlines;
        let relate = |(a, b): &&(u32, u32)| link::may_relate(&outlines[*a as usize], &outlines[*b as usize], &options);
        let left: Vec<(u32, u32)> = self.waiting.par_iter().filter(relate).copied().collect();
        self.left.extend(left);
        self.waiting.clear();
        // A pair that shares many keys comes again and again.
        if self.left.len() > 2 * self.once + WAITING / 2 {
            self.tidy();
        }
    }

    fn tidy(&mut self) {
        self.left.par_sort_unstable();
        self.left.dedup();
        self.once = self.left.len();
    }

    fn finish(mut self) -> Vec<(u32, u32)> {
        self.sift();
        self.tidy();
        self.left
    }
}

/// Variants by statement key, loaded as they are needed; a bounded number is kept.
#[derive(Default)]
struct Wordings {
    variants: HashMap<i64, Variant>,
}

impl Wordings {
    fn load(&mut self, store: &Store, wanted: &[i64]) -> Stored<()> {
        if self.variants.len() > KEPT {
            let wanted: BTreeSet<i64> = wanted.iter().copied().collect();
            self.variants.retain(|key, _| wanted.contains(key));
        }
        let mut missing: Vec<(i64, i64)> = Vec::new();
        for key in wanted.iter().filter(|key| !self.variants.contains_key(key)) {
            missing.extend(store.document_of(*key)?.map(|document| (document, *key)));
        }
        missing.sort_unstable();
        for of_document in missing.chunk_by(|x, y| x.0 == y.0) {
            let document = of_document[0].0;
            let wanted = |key| of_document.binary_search(&(document, key)).is_ok();
            read_variants(store, document, &wanted, &mut self.variants)?;
        }
        Ok(())
    }
}

/// Whether linking would compare two statements of different documents: they share a key that is not a stock phrase.
pub(super) fn are_candidates(store: &Store, a: &Variant, b: &Variant) -> Stored<bool> {
    let others: BTreeSet<u64> = link::candidate_keys(b).into_iter().collect();
    for key in link::candidate_keys(a).into_iter().filter(|key| others.contains(key)) {
        if store.holders(key, STOCK_KEY + 1)?.len() <= STOCK_KEY {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Adds the wanted statements of a document, as linking sees them.
pub(super) fn read_variants(
    store: &Store,
    document: i64,
    wanted: &dyn Fn(i64) -> bool,
    variants: &mut HashMap<i64, Variant>,
) -> Stored<()> {
    let Some(worded) = store.worded(document, wanted)? else { return Ok(()) };
    let language = lang::language(if worded.language.is_empty() { "und" } else { &worded.language });
    let printed = Printed { text: &worded.text, outlet: &worded.outlet, published: worded.published.as_ref() };
    for it in worded.statements {
        let mut variant = variant_in(&printed, &it.attribution, it.speaker.as_ref(), language);
        variant.statement = it.id;
        variant.document = worded.id.clone();
        variant.embedding = it.embedding;
        variants.insert(it.key, variant);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Silent, analyse, articles};
    use crate::model::{Document, Extractor};
    use crate::read::{self, Input, ReadOptions};

    /// A store with made-up articles, linked in two goes that each count as few or many from `many` statements on.
    fn linked(many: usize) -> Vec<Link> {
        let made_up = |numbers: std::ops::Range<u64>| numbers.map(|number| articles::article(3, number).text).collect();
        linked_texts(many, [made_up(0..40), made_up(40..60)]).links().unwrap()
    }

    fn linked_texts(many: usize, parts: [Vec<String>; 2]) -> Store {
        let mut store = Store::in_memory().unwrap();
        for part in parts {
            let new = store.transaction(|store| add(store, &part)).unwrap();
            store.transaction(|store| link_in_bulk_from(many, store, &new, &Silent)).unwrap();
        }
        store
    }

    fn add(store: &Store, texts: &[String]) -> Stored<BTreeSet<i64>> {
        let run = store.run("test", "test")?;
        let mut new = BTreeSet::new();
        for text in texts {
            let document = document(text);
            let (key, _) = store.add_document(&document, true)?;
            let stored = store.document(key)?.unwrap();
            new.extend(store.add_analysis(&stored, &analyse(&document, Extractor::Rules), run)?);
        }
        store.index_link_keys()?;
        Ok(new)
    }

    fn document(text: &str) -> Document {
        let input = Input { bytes: text.as_bytes(), path: None };
        read::documents(&input, &ReadOptions::default()).remove(0).unwrap()
    }

    #[test]
    fn few_and_many_find_the_same_links() {
        let few = linked(usize::MAX);
        assert!(few.len() > 100, "{}", few.len());
        assert!(few == linked(0));
    }

    #[test]
    fn a_long_document_is_compared_with_what_is_near() {
        let said = "“The ferry to the northern harbour will sink in the autumn storms,” Ada Brook said.\n\n";
        let parts = || [vec![said.repeat(60)], vec![format!("Lantern\n\n{said}")]];
        let ends = |store: Store| -> Vec<(i64, i64)> { store.ties().unwrap().iter().map(|it| (it.a, it.b)).collect() };
        let few = ends(linked_texts(usize::MAX, parts()));
        assert!(few == ends(linked_texts(0, parts())));
        let inside = |(a, b): &&(i64, i64)| a.max(b) <= &60;
        assert!(few.iter().filter(inside).all(|(a, b)| (a - b).abs() <= WITHIN), "{few:?}");
        assert_eq!(few.iter().filter(|pair| !inside(pair)).count(), 60);
        assert!(few.iter().filter(inside).any(|(a, b)| (a - b).abs() == WITHIN));
    }
}
