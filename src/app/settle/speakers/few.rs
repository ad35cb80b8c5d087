//! Who is who after a few documents came, found again only where they can have changed it.
//!
//! A region is put together: names that the new documents use and of which more is known now, whoever they may be one with, and
//! surnames and offices alone that may mean them. It is resolved as everything would be; where that shows that more may have
//! changed, the region grows and is resolved again. What comes out is what resolving everything would give (a test compares).

mod merged;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Id;
use crate::resolve::{
    CROWD, Card, FRONT, Judged, LONE_SHOWN, LOOKED_THROUGH, Merges, Region, Resolution, Sort, is_id_key, may_be_one,
};
use crate::store::{NameRow, Store};

use super::Stored;
use super::blocks::{Blocks, front_of};
use super::index::{self, Touched};
use super::known::Known;

/// Brings entities up to date after these documents were added, and these names merged with others or no longer. Returns false where
/// people decided something about a name that comes in, but for merges of names that tell who is meant: then everything is to be
/// looked at.
pub(super) fn settle(
    store: &Store,
    documents: &BTreeSet<i64>,
    renamed: &BTreeSet<String>,
    judged: Judged,
    merges: Merges,
) -> Stored<bool> {
    if renamed.iter().any(|name| judged.has(name)) {
        return Ok(false);
    }
    let mut known = Known::default();
    let locals = index::locals_of(store, documents, &mut known)?;
    if locals.iter().any(|local| judged.is_about(local) || merged::depends_on_document(local, &merges)) {
        return Ok(false);
    }
    let merged: BTreeMap<i64, String> = locals
        .iter()
        .filter(|local| merges.has(&local.entity.name))
        .map(|local| (local.row, local.entity.name.clone()))
        .collect();
    let touched = index::add(store, locals, &mut known)?;
    let mut finder = Finder { known, judged, merges, ..Finder::new(store) };
    finder.begin(&touched)?;
    for it in touched.iter().filter(|it| it.before.is_none()) {
        it.new.iter().filter_map(|local| merged.get(local)).try_for_each(|name| finder.add_merged(name))?;
    }
    renamed.iter().try_for_each(|name| finder.add_merged(name))?;
    while !finder.met_judged {
        let found = finder.region()?.resolve(&finder.merges);
        if !finder.grow_by(&found)? {
            finder.keep(found)?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// A region while it grows. Names and local entities are known by their keys.
struct Finder<'s> {
    store: &'s Store,
    known: Known,
    blocks: Blocks,
    names: BTreeMap<i64, NameRow>,
    /// Names that may be one with others than before.
    changed: BTreeSet<i64>,
    /// Names that others are compared with.
    beside: BTreeSet<i64>,
    /// Entities that will be written anew, with all that belongs to them.
    entities: BTreeSet<i64>,
    /// Local entities, not known by a name that tells who they are, that may belong elsewhere than before.
    lone: BTreeSet<i64>,
    /// Others of these that stay where they are, each with one that does, too, and has a name.
    settled: BTreeMap<i64, i64>,
    judged: Judged,
    merges: Merges,
    /// An entity came in that people decided something about.
    met_judged: bool,
    met: BTreeSet<i64>,
}

impl<'s> Finder<'s> {
    fn new(store: &'s Store) -> Finder<'s> {
        Finder {
            store,
            known: Known::default(),
            blocks: Blocks::default(),
            names: BTreeMap::new(),
            changed: BTreeSet::new(),
            beside: BTreeSet::new(),
            entities: BTreeSet::new(),
            lone: BTreeSet::new(),
            settled: BTreeMap::new(),
            judged: Judged::default(),
            merges: Merges::default(),
            met_judged: false,
            met: BTreeSet::new(),
        }
    }

    /// Notes whether people decided something about an entity that comes in.
    fn meet(&mut self, entity: Option<i64>) -> Stored<()> {
        let Some(entity) = entity.filter(|_| !self.judged.is_empty()) else { return Ok(()) };
        if self.met.insert(entity) {
            self.met_judged |= self.store.spellings_of(entity)?.iter().any(|text| self.judged.has(text));
        }
        Ok(())
    }

    fn begin(&mut self, touched: &[Touched]) -> Stored<()> {
        for it in touched {
            self.names.insert(it.after.key, it.after.clone());
        }
        for it in touched {
            if !sort(&it.after).tells_who() {
                it.new.iter().try_for_each(|local| self.add_lone(*local))?;
                self.add_front(&it.after, it.new.len())?;
            } else if it.is_other {
                self.add_changed(&it.after)?;
            } else if let Some(entity) = it.after.entity {
                self.add_entity(entity)?;
            }
        }
        self.add_crowds(touched)
    }

    /// Blocks that have just become too large: what was compared in them is compared no more.
    fn add_crowds(&mut self, touched: &[Touched]) -> Stored<()> {
        let mut more: BTreeMap<(i64, Sort), usize> = BTreeMap::new();
        for Touched { before, after, .. } in touched {
            for key in &after.keys {
                let had = before.as_ref().filter(|before| before.keys.binary_search(key).is_ok()).map_or(0, front_of);
                *more.entry((*key, sort(after))).or_default() += front_of(after).saturating_sub(had);
            }
        }
        for ((key, sort), more) in more.into_iter().filter(|(_, more)| *more > 0) {
            let front = self.blocks.front(self.store, key, sort)?;
            if front > CROWD && front.saturating_sub(more) <= CROWD {
                for sort in [Sort::Person, Sort::Unsure, Sort::Body, Sort::CommonBody, Sort::Surname, Sort::Office] {
                    self.add_block(key, sort)?;
                }
            }
            let persons = match sort {
                Sort::Person => self.store.names_with_key(key, sort.number(), LOOKED_THROUGH + more)?,
                _ => None,
            };
            if persons.is_some_and(|it| it.len() > LOOKED_THROUGH && it.len().saturating_sub(more) <= LOOKED_THROUGH) {
                self.add_block(key, Sort::Surname)?;
                self.add_block(key, Sort::Office)?;
            }
        }
        Ok(())
    }

    /// All names of a sort with this key.
    fn add_block(&mut self, key: i64, of: Sort) -> Stored<()> {
        let Some(names) = self.blocks.names(self.store, key, of)? else { return Ok(()) };
        for name in names.iter() {
            if of.tells_who() {
                self.add_changed(name)?;
            } else {
                self.add_uses(name, usize::MAX)?;
            }
        }
        Ok(())
    }

    /// A name that may be one with others than before.
    fn add_changed(&mut self, name: &NameRow) -> Stored<()> {
        if !self.changed.insert(name.key) {
            return Ok(());
        }
        self.names.entry(name.key).or_insert_with(|| name.clone());
        if let Some(entity) = name.entity {
            self.add_entity(entity)?;
            for other in self.store.names_of_entity(entity)? {
                self.add_changed(&other)?;
            }
        }
        self.add_neighbours(name)?;
        if sort(name) == Sort::Person {
            self.add_dependents(name)?;
        }
        Ok(())
    }

    /// What a name or one who bears it is compared with.
    fn add_neighbours(&mut self, name: &NameRow) -> Stored<()> {
        let of = sort(name);
        let bodies = matches!(of, Sort::Body | Sort::CommonBody);
        for (key, other) in self.blocks.neighbours(self.store, &name.keys, of)? {
            // Offices are no names.
            if of != Sort::Office && !is_id_key(key) && !may_be_one(&name.text, &other.text, bodies) {
                continue;
            }
            if sort(&other).tells_who() { self.add_beside(&other)? } else { self.add_uses(&other, FRONT)? }
        }
        Ok(())
    }

    /// Surnames and offices alone that may mean this person.
    fn add_dependents(&mut self, name: &NameRow) -> Stored<()> {
        let mut seen = BTreeSet::new();
        for key in &name.keys {
            for of in [Sort::Surname, Sort::Office] {
                let names = self.blocks.names(self.store, *key, of)?;
                for other in names.iter().flat_map(|names| names.iter()) {
                    if !seen.insert((other.key, if of == Sort::Office { *key } else { 0 })) {
                        continue;
                    }
                    let best = match of {
                        Sort::Surname if !may_be_one(&other.text, &name.text, false) => continue,
                        Sort::Surname => self.blocks.best_known(self.store, &other.keys, Some(&other.text))?,
                        _ => self.blocks.best_known(self.store, &[*key], None)?,
                    };
                    if best.iter().any(|it| it.key == name.key) {
                        self.add_uses(other, usize::MAX)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// A name that others are compared with, and the other names of the same entity.
    fn add_beside(&mut self, name: &NameRow) -> Stored<()> {
        if !self.beside.insert(name.key) {
            return Ok(());
        }
        self.meet(name.entity)?;
        self.names.entry(name.key).or_insert_with(|| name.clone());
        for other in name.entity.map(|entity| self.store.names_of_entity(entity)).transpose()?.unwrap_or_default() {
            self.add_beside(&other)?;
        }
        Ok(())
    }

    /// The first of those who bear a name that does not tell who they are.
    fn add_uses(&mut self, name: &NameRow, most: usize) -> Stored<()> {
        let uses = self.store.uses_of_name(name.key, most)?;
        uses.into_iter().try_for_each(|local| self.add_lone(local))
    }

    /// Those who bear a name and are compared with others, or were before `new` ones came.
    fn add_front(&mut self, name: &NameRow, new: usize) -> Stored<()> {
        if sort(name) == Sort::Surname && !self.are_orphans(name)? {
            return Ok(());
        }
        self.add_uses(name, FRONT + new)
    }

    /// Whether nobody is known by name who may be meant by a surname.
    fn are_orphans(&mut self, surname: &NameRow) -> Stored<bool> {
        // A suffix may clash with that of everybody who has the surname.
        let plain = !surname.text.contains(' ');
        Ok(!plain || self.blocks.best_known(self.store, &surname.keys, Some(&surname.text))?.is_empty())
    }

    /// One who may belong elsewhere than before.
    fn add_lone(&mut self, local: i64) -> Stored<()> {
        if !self.lone.insert(local) {
            return Ok(());
        }
        let Some((own, entity)) = self.known.local(self.store, local)?.cloned() else { return Ok(()) };
        self.meet(entity)?;
        let card = Card::of(&own);
        let text = own.entity.name.clone();
        let name = NameRow { text, uses: 1, keys: card.keys, ..index::new_name(card.sort, card.folded) };
        match card.sort {
            Sort::Surname => {
                for other in self.blocks.best_known(self.store, &name.keys, Some(&name.text))? {
                    self.add_beside(&other)?;
                }
                if self.are_orphans(&name)? {
                    self.add_neighbours(&name)?;
                }
            }
            Sort::Office => {
                for key in &name.keys {
                    for other in self.blocks.best_known(self.store, &[*key], None)? {
                        self.add_beside(&other)?;
                    }
                }
                self.add_neighbours(&name)?;
            }
            _ => self.add_neighbours(&name)?,
        }
        let Some(entity) = entity else { return Ok(()) };
        let names = self.store.names_of_entity(entity)?;
        if names.is_empty() {
            return self.store.locals_of_entity(entity)?.into_iter().try_for_each(|other| self.add_lone(other));
        }
        names.iter().try_for_each(|name| self.add_beside(name))
    }

    /// An entity with all that belongs to it.
    fn add_entity(&mut self, entity: i64) -> Stored<()> {
        if !self.entities.insert(entity) {
            return Ok(());
        }
        self.meet(Some(entity))?;
        let names = self.store.names_of_entity(entity)?;
        let mut named = BTreeSet::new();
        for name in &names {
            self.add_beside(name)?;
            named.extend(self.store.uses_of_name(name.key, usize::MAX)?);
            self.add_namesakes(name)?;
        }
        let mut lone = Vec::new();
        for local in self.store.locals_of_entity(entity)?.into_iter().filter(|local| !named.contains(local)) {
            lone.extend(self.known.local(self.store, local)?.map(|(known, _)| (index::place(&known.key), local)));
        }
        lone.sort();
        let with = match names.first() {
            Some(name) => self.store.uses_of_name(name.key, 1)?.first().copied(),
            None => None,
        };
        for (at, (_, local)) in lone.into_iter().enumerate() {
            match with {
                Some(with) if at >= LONE_SHOWN => {
                    self.settled.insert(local, with);
                }
                _ => self.add_lone(local)?,
            }
        }
        Ok(())
    }

    /// Names from which the same id would be made.
    fn add_namesakes(&mut self, name: &NameRow) -> Stored<()> {
        for key in name.keys.iter().filter(|key| is_id_key(**key)) {
            let names = self.blocks.names(self.store, *key, sort(name))?;
            for other in names.iter().flat_map(|names| names.iter()) {
                self.add_beside(other)?;
            }
        }
        Ok(())
    }

    /// All of the region, to be resolved.
    fn region(&mut self) -> Stored<Region> {
        let mut region = Region::new(self.blocks.crowds.clone());
        let names: Vec<NameRow> = self.changed.union(&self.beside).map(|name| self.names[name].clone()).collect();
        for name in names {
            let sample = self.known.sample(self.store, &name)?;
            let whole = if self.is_whole(&name) { self.known.whole(self.store, &name)? } else { None };
            region.add_name(name.keys.clone(), name.uses, &sample, whole.as_deref());
        }
        let lone: Vec<i64> = self.lone.iter().copied().collect();
        self.known.all(self.store, &lone)?.iter().for_each(|local| region.add_lone(local));
        for (local, with) in self.settled.iter().filter(|(local, _)| !self.lone.contains(local)) {
            if let Some((local, _)) = self.known.local(self.store, *local)? {
                region.add_settled(local, *with);
            }
        }
        Ok(region)
    }

    /// Whether everybody is here who bears a name.
    fn is_whole(&self, name: &NameRow) -> bool {
        self.changed.contains(&name.key) || name.entity.is_some_and(|entity| self.entities.contains(&entity))
    }

    /// Lets the region grow by what it shows to be other than before. Returns whether it did.
    fn grow_by(&mut self, found: &Resolution) -> Stored<bool> {
        let before = self.size();
        for cluster in self.clusters(found)? {
            let Cluster { id, names, lone, .. } = &cluster;
            if names.iter().any(|name| self.changed.contains(&name.key)) {
                names.iter().try_for_each(|name| self.add_changed(name))?;
            } else if let Some(entity) = names.first().and_then(|name| name.entity) {
                let all = self.store.names_of_entity(entity)?;
                let same = all.len() == names.len() && names.iter().all(|name| name.entity == Some(entity));
                if !same || self.store.entity_id(entity)?.is_none_or(|known| known != *id) {
                    names.iter().chain(&all).try_for_each(|name| self.add_changed(name))?;
                }
            }
            self.show_first(&cluster)?;
            let own: BTreeSet<i64> = names.iter().filter_map(|name| name.entity).collect();
            for local in lone {
                let was = self.known.local(self.store, *local)?.and_then(|(_, entity)| *entity);
                if was.is_some_and(|was| own.contains(&was)) {
                    continue;
                }
                own.iter().try_for_each(|entity| self.add_entity(*entity))?;
                if let Some(was) = was
                    && !self.store.names_of_entity(was)?.is_empty()
                {
                    self.add_entity(was)?;
                }
            }
        }
        Ok(self.size() > before)
    }

    /// Why the first of those belong to an entity who have no name of their own is shown with it: they may be others than before.
    fn show_first(&mut self, cluster: &Cluster) -> Stored<()> {
        if cluster.settled.is_empty() {
            return Ok(());
        }
        let mut all = Vec::new();
        for local in cluster.lone.iter().chain(&cluster.settled) {
            all.extend(self.known.local(self.store, *local)?.map(|(known, _)| (index::place(&known.key), *local)));
        }
        all.sort_unstable();
        let first = all.into_iter().take(LONE_SHOWN).map(|(_, local)| local);
        first.filter(|local| cluster.settled.contains(local)).try_for_each(|local| self.add_lone(local))
    }

    fn size(&self) -> usize {
        self.changed.len() + self.beside.len() + self.entities.len() + self.lone.len()
    }

    /// What the entities found consist of.
    fn clusters(&self, found: &Resolution) -> Stored<Vec<Cluster>> {
        let mut name_of: BTreeMap<i64, i64> = BTreeMap::new();
        for name in self.changed.union(&self.beside) {
            let first = self.store.uses_of_name(*name, 1)?;
            name_of.extend(first.into_iter().map(|local| (local, *name)));
        }
        let clusters = found.entities.iter().map(|(entity, rows)| Cluster {
            id: entity.id.clone(),
            names: rows.iter().filter_map(|row| name_of.get(row)).map(|name| self.names[name].clone()).collect(),
            lone: rows.iter().copied().filter(|row| self.lone.contains(row)).collect(),
            settled: rows
                .iter()
                .copied()
                .filter(|row| self.settled.contains_key(row) && !self.lone.contains(row))
                .collect(),
        });
        Ok(clusters.collect())
    }

    /// Stores what was found.
    fn keep(&mut self, found: Resolution) -> Stored<()> {
        let clusters = self.clusters(&found)?;
        let mut gone = self.entities.clone();
        for local in self.lone.clone() {
            let was = self.known.local(self.store, local)?.and_then(|(_, entity)| *entity);
            if let Some(was) = was
                && self.store.names_of_entity(was)?.is_empty()
            {
                gone.insert(was);
            }
        }
        let mut keys = Vec::with_capacity(clusters.len());
        let mut compared = Vec::with_capacity(clusters.len());
        for ((entity, rows), cluster) in found.entities.iter().zip(&clusters) {
            let changed = cluster.names.is_empty() || cluster.names.iter().any(|name| self.changed.contains(&name.key));
            let known = cluster.names.first().and_then(|name| name.entity);
            let key = match known {
                Some(known) if !changed && !self.entities.contains(&known) => known,
                _ => self.store.put_entity(entity, rows)?,
            };
            for name in cluster.names.iter().filter(|name| name.entity != Some(key)) {
                self.store.change_name(&NameRow { entity: Some(key), ..name.clone() })?;
            }
            gone.remove(&key);
            keys.push(key);
            compared.push(changed);
        }
        gone.iter().try_for_each(|entity| self.store.drop_entity(*entity))?;
        for (key, _) in keys.iter().zip(&compared).filter(|(_, compared)| **compared) {
            self.store.drop_suggestions(*key)?;
        }
        for (a, b, probability, evidence) in &found.suggested {
            if compared[*a] || compared[*b] {
                self.store.suggest(keys[*a], keys[*b], *probability, evidence)?;
            }
        }
        Ok(())
    }
}

/// An entity that was found: its names that tell who is meant, those without one that may be new to it, and those that stay.
struct Cluster {
    id: Id,
    names: Vec<NameRow>,
    lone: Vec<i64>,
    settled: BTreeSet<i64>,
}

fn sort(name: &NameRow) -> Sort {
    Sort::of_number(name.sort)
}
