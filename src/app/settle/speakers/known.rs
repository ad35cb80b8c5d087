//! Local entities as resolution wants them, each read once.

use std::collections::HashMap;
use std::sync::Arc;

use crate::resolve::{AllUses, KnownLocal, SAMPLE};
use crate::store::{NameRow, Store, StoredLocal};

use super::Stored;

/// What was read so far.
#[derive(Default)]
pub(super) struct Known {
    locals: HashMap<i64, (KnownLocal, Option<i64>)>,
    /// All uses of a name.
    whole: HashMap<i64, Arc<AllUses>>,
    /// All names of a document.
    names: HashMap<i64, Arc<[String]>>,
}

impl Known {
    /// A local entity that was read with its document.
    pub fn take(&mut self, store: &Store, stored: StoredLocal, document: i64) -> Stored<KnownLocal> {
        let names = self.names(store, document)?;
        let local = known_local(stored, names);
        self.locals.insert(local.row, (local.clone(), None));
        Ok(local)
    }

    /// A local entity, and the entity that it belongs to so far.
    pub fn local(&mut self, store: &Store, key: i64) -> Stored<Option<&(KnownLocal, Option<i64>)>> {
        if !self.locals.contains_key(&key) {
            let Some(placed) = store.placed_local(key)? else { return Ok(None) };
            let names = self.names(store, placed.document)?;
            self.locals.insert(key, (known_local(placed.local, names), placed.entity));
        }
        Ok(self.locals.get(&key))
    }

    /// Those with these keys, in order.
    pub fn all(&mut self, store: &Store, keys: &[i64]) -> Stored<Vec<KnownLocal>> {
        let mut found = Vec::with_capacity(keys.len());
        for key in keys {
            found.extend(self.local(store, *key)?.map(|(local, _)| local.clone()));
        }
        Ok(found)
    }

    /// The uses of a name by which it is known.
    pub fn sample(&mut self, store: &Store, name: &NameRow) -> Stored<Vec<KnownLocal>> {
        let keys = store.uses_of_name(name.key, SAMPLE)?;
        self.all(store, &keys)
    }

    /// All uses of a name that has more than its sample.
    pub fn whole(&mut self, store: &Store, name: &NameRow) -> Stored<Option<Arc<AllUses>>> {
        if name.uses <= SAMPLE {
            return Ok(None);
        }
        if let Some(whole) = self.whole.get(&name.key) {
            return Ok(Some(whole.clone()));
        }
        let spelled = match store.spelled(name.key)? {
            Some(spelled) => spelled,
            None => store.count_spelled(name.key)?,
        };
        let whole = Arc::new(AllUses { rows: store.uses_of_name(name.key, usize::MAX)?, spelled });
        self.whole.insert(name.key, whole.clone());
        Ok(Some(whole))
    }

    fn names(&mut self, store: &Store, document: i64) -> Stored<Arc<[String]>> {
        if let Some(names) = self.names.get(&document) {
            return Ok(names.clone());
        }
        let names: Arc<[String]> = store.names_in_document(document)?.into();
        self.names.insert(document, names.clone());
        Ok(names)
    }
}

/// `names`: of all in the document.
pub(super) fn known_local(stored: StoredLocal, names: Arc<[String]>) -> KnownLocal {
    KnownLocal {
        key: format!("{}:{}", stored.document, stored.ordinal),
        row: stored.key,
        entity: stored.entity,
        outlet: stored.outlet,
        date: stored.date,
        together_with: names,
    }
}
