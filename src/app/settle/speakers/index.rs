//! The index of names, kept up to date: all of it at once, or for the names of documents that are new.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::resolve::{self, Card, Gathering, KnownLocal, SAMPLE, Sort};
use crate::store::{NameRow, Store};

use super::Stored;
use super::known::Known;

/// A name that new documents use.
pub(super) struct Touched {
    /// As it was; `None` where it is new.
    pub before: Option<NameRow>,
    pub after: NameRow,
    /// The new local entities that bear it.
    pub new: Vec<i64>,
    /// Whether it is compared by more, or more is known of it.
    pub is_other: bool,
}

/// The place of a document in the order of ids, by its id or by the key of a local entity of it.
pub(super) fn place(key: &str) -> i64 {
    let document = key.split(':').next().unwrap_or_default();
    let digits = document.get(1..).unwrap_or_default();
    (u64::from_str_radix(digits, 16).unwrap_or(0) ^ (1 << 63)) as i64
}

/// Writes the index of all names. `places`: of the documents of local entities.
pub(super) fn write_all(store: &Store, gathering: &Gathering, places: &HashMap<i64, i64>) -> Stored<()> {
    store.drop_names()?;
    let mut keys: Vec<(i64, i64, i64)> = Vec::new();
    for name in gathering.names() {
        let Card { sort, folded, keys: own } = name.card;
        let (text, uses) = (name.text.to_string(), name.rows.len());
        let key = store.add_name(&NameRow { text, uses, keys: own.clone(), ..new_name(sort, folded) })?;
        if uses > SAMPLE && sort.tells_who() {
            store.note_spelled(key, &name.spelled)?;
        }
        keys.extend(own.into_iter().map(|it| (it, sort.number(), key)));
        let mut uses: Vec<(i64, i64)> = name.rows.iter().map(|local| (places[local], *local)).collect();
        uses.sort_unstable();
        uses.into_iter().try_for_each(|(place, local)| store.add_name_use(key, place, local))?;
    }
    keys.sort_unstable();
    keys.into_iter().try_for_each(|(key, sort, name)| store.add_name_key(key, sort, name))
}

/// A new local entity that bears a name.
struct Use {
    card: Card,
    local: KnownLocal,
    place: i64,
}

/// Adds the names of documents. The entities of those that are compared with nothing are stored at once.
pub(super) fn add(store: &Store, locals: Vec<KnownLocal>, known: &mut Known) -> Stored<Vec<Touched>> {
    let mut uses: BTreeMap<(Sort, String), Vec<Use>> = BTreeMap::new();
    for local in locals {
        match resolve::alone(&local) {
            Some(entity) => {
                store.put_entity(&entity, &[local.row])?;
            }
            None => {
                let (card, place) = (Card::of(&local), place(&local.key));
                uses.entry((card.sort, card.folded.clone())).or_default().push(Use { card, local, place });
            }
        }
    }
    uses.into_values().map(|uses| add_uses(store, known, &uses)).collect()
}

/// `uses`: of one name.
fn add_uses(store: &Store, known: &mut Known, uses: &[Use]) -> Stored<Touched> {
    let Card { sort, folded, .. } = &uses[0].card;
    let before = store.name(sort.number(), folded)?;
    let mut after = match &before {
        Some(row) => row.clone(),
        None => {
            let mut row = new_name(*sort, folded.clone());
            row.key = store.add_name(&row)?;
            row
        }
    };
    let sample = known.sample(store, &after)?;
    after.uses += uses.len();
    for Use { card, local, place } in uses {
        store.add_name_use(after.key, *place, local.row)?;
        for key in &card.keys {
            if let Err(at) = after.keys.binary_search(key) {
                after.keys.insert(at, *key);
                store.add_name_key(*key, after.sort, after.key)?;
            }
        }
    }
    let sample_now = known.sample(store, &after)?;
    if let Some(first) = sample_now.first() {
        after.text.clone_from(&first.entity.name);
    }
    store.change_name(&after)?;
    if after.uses > SAMPLE && sort.tells_who() {
        note_more(store, after.key, uses)?;
    }
    let is_other = before.as_ref().is_none_or(|before| {
        let alike = resolve::is_known_alike((&sample, before.uses), (&sample_now, after.uses));
        // The first of two names is named first in what speaks for a join of them.
        let first = |uses: &[KnownLocal]| uses.first().map(|local| local.row);
        before.keys != after.keys || before.text != after.text || first(&sample) != first(&sample_now) || !alike
    });
    Ok(Touched { before, after, new: uses.iter().map(|it| it.local.row).collect(), is_other })
}

/// A name that nobody bears yet.
pub(super) fn new_name(sort: Sort, folded: String) -> NameRow {
    NameRow { key: 0, sort: sort.number(), folded, text: String::new(), uses: 0, keys: Vec::new(), entity: None }
}

/// Notes how a name is spelled with these uses of it, which are in the index already.
fn note_more(store: &Store, name: i64, uses: &[Use]) -> Stored<()> {
    let spelled = match store.spelled(name)? {
        Some(mut spelled) => {
            uses.iter().for_each(|it| spelled.add(&it.local.entity));
            spelled
        }
        None => store.count_spelled(name)?,
    };
    store.note_spelled(name, &spelled)
}

/// The local entities of documents.
pub(super) fn locals_of(store: &Store, documents: &BTreeSet<i64>, known: &mut Known) -> Stored<Vec<KnownLocal>> {
    let mut found = Vec::new();
    for document in documents {
        for stored in store.local_entities(*document, &|_| true)? {
            found.push(known.take(store, stored, *document)?);
        }
    }
    Ok(found)
}
