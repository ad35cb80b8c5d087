//! Names that have a key in common, out of the index: each block read once, with what is a crowd.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::rc::Rc;

use crate::resolve::{BEST_KNOWN, CROWD, Crowds, FRONT, LOOKED_THROUGH, Sort, may_be_one};
use crate::store::{NameRow, Store};

use super::Stored;

/// Blocks that were read so far.
#[derive(Default)]
pub(super) struct Blocks {
    read: HashMap<(i64, Sort), Option<Rc<Vec<NameRow>>>>,
    pub crowds: Crowds,
}

/// The sorts that are compared with each other: those of names that tell who is meant first.
fn compared_with(sort: Sort) -> &'static [Sort] {
    match sort {
        Sort::Person | Sort::Unsure => &[Sort::Person, Sort::Unsure],
        Sort::Body | Sort::CommonBody => &[Sort::Body, Sort::CommonBody],
        Sort::Surname => &[Sort::Surname],
        Sort::Office => &[Sort::Office],
        Sort::Apart => &[],
    }
}

/// How many nodes of a name are compared with others.
pub(super) fn front_of(row: &NameRow) -> usize {
    if Sort::of_number(row.sort).tells_who() { 1 } else { row.uses.min(FRONT) }
}

impl Blocks {
    /// The names of a sort with this key; `None` where there are more than are looked through.
    pub fn names(&mut self, store: &Store, key: i64, sort: Sort) -> Stored<Option<Rc<Vec<NameRow>>>> {
        if let Some(known) = self.read.get(&(key, sort)) {
            return Ok(known.clone());
        }
        let names = store.names_with_key(key, sort.number(), LOOKED_THROUGH)?.map(Rc::new);
        self.read.insert((key, sort), names.clone());
        Ok(names)
    }

    /// How many nodes with this key would be compared with one of this sort.
    pub fn front(&mut self, store: &Store, key: i64, sort: Sort) -> Stored<usize> {
        let mut front = 0;
        for sort in compared_with(sort) {
            front += match self.names(store, key, *sort)? {
                Some(names) => names.iter().map(front_of).sum(),
                None => LOOKED_THROUGH,
            };
        }
        Ok(front)
    }

    /// The names that one of this sort with these keys is compared with; crowds are noted.
    pub fn neighbours(&mut self, store: &Store, keys: &[i64], sort: Sort) -> Stored<Vec<(i64, NameRow)>> {
        let mut found = Vec::new();
        for key in keys {
            if self.front(store, *key, sort)? > CROWD {
                self.crowds.compared.extend(compared_with(sort).first().map(|sort| (*sort, *key)));
                continue;
            }
            for sort in compared_with(sort) {
                let names = self.names(store, *key, *sort)?;
                found.extend(names.iter().flat_map(|names| names.iter()).map(|name| (*key, name.clone())));
            }
        }
        Ok(found)
    }

    /// The best-known persons with one of these keys and, where a surname is given, such a surname; none where there are too many.
    pub fn best_known(&mut self, store: &Store, keys: &[i64], surname: Option<&str>) -> Stored<Vec<NameRow>> {
        let mut found: Vec<NameRow> = Vec::new();
        for key in keys {
            match self.names(store, *key, Sort::Person)? {
                Some(names) => found.extend(
                    names
                        .iter()
                        .filter(|name| surname.is_none_or(|surname| may_be_one(surname, &name.text, false)))
                        .cloned(),
                ),
                None => {
                    self.crowds.looked_through.insert(*key);
                    return Ok(Vec::new());
                }
            }
        }
        let weight = |name: &NameRow| 1usize << name.uses.max(1).ilog2();
        found.sort_by(|a, b| (Reverse(weight(a)), &a.folded).cmp(&(Reverse(weight(b)), &b.folded)));
        found.dedup_by_key(|name| name.key);
        found.truncate(BEST_KNOWN);
        Ok(found)
    }
}
