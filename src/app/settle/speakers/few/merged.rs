//! Names that people said are one with others: whom such a merge brings in, and where it depends on the document.

use std::collections::BTreeSet;

use crate::resolve::{Card, KnownLocal, Merges, plain, spellings};
use crate::store::NameRow;

use super::{Finder, Stored};

/// Whether a merge means this local entity by another spelling than its name, or by a name that does not tell who is meant: then not all
/// who bear the name are one with it.
pub(super) fn depends_on_document(local: &KnownLocal, merges: &Merges) -> bool {
    merges.has_spelling_of(local) || merges.has(&local.entity.name) && !Card::of(local).sort.tells_who()
}

impl Finder<'_> {
    /// All who have a name or one that people said is one with it.
    pub(super) fn add_merged(&mut self, name: &str) -> Stored<()> {
        let mut with: BTreeSet<String> = self.merges.with(name).map(str::to_string).collect();
        with.insert(plain(name));
        for name in with {
            for entity in self.store.entities_spelled(&name)? {
                self.add_entity(entity)?;
                let names = self.store.names_of_entity(entity)?;
                names.iter().try_for_each(|name| self.add_changed(name))?;
                self.met_judged |= self.has_lone(entity, &names, &name)?;
            }
        }
        Ok(())
    }

    /// Whether one who is meant by this spelling, whatever else is known, has no name that tells who it is.
    fn has_lone(&mut self, entity: i64, names: &[NameRow], spelling: &str) -> Stored<bool> {
        let mut named = BTreeSet::new();
        for name in names {
            named.extend(self.store.uses_of_name(name.key, usize::MAX)?);
        }
        for local in self.store.locals_of_entity(entity)?.into_iter().filter(|local| !named.contains(local)) {
            if let Some((own, _)) = self.known.local(self.store, local)?
                && spellings(own).any(|text| plain(text) == spelling)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
