//! Which local entities a typed name means: in decisions of people and in their table of names.
//!
//! In: a name as typed or stored in a decision. Out: nodes. A name may be tied to documents (`Smith @d12…,d34…`): a
//! surname or an office alone is somebody else in the next document.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{AliasKind, EntityKind};
use crate::text::match_key;

use super::super::{KnownLocal, NameDecisions};
use super::facts::Facts;
use super::gathering::Node;

/// Stands between a name and the documents it is tied to.
const TIED: &str = " @";

/// A name that means only those of these documents.
pub(in crate::resolve) fn tied(name: &str, documents: &[&str]) -> String {
    if documents.is_empty() { name.to_string() } else { format!("{name}{TIED}{}", documents.join(",")) }
}

/// Whether a typed name means only those of some documents.
pub fn is_tied(typed: &str) -> bool {
    !untied(typed).1.is_empty()
}

/// The name and the documents that it is tied to (none: all).
pub(in crate::resolve) fn untied(typed: &str) -> (&str, Vec<&str>) {
    match typed.rsplit_once(TIED) {
        Some((name, documents)) if documents.split(',').all(is_document) => (name, documents.split(',').collect()),
        _ => (typed, Vec::new()),
    }
}

fn is_document(word: &str) -> bool {
    word.strip_prefix('d').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Folded name without its article.
pub fn plain(name: &str) -> String {
    let key = match_key(name);
    key.strip_prefix("the ").unwrap_or(&key).to_string()
}

/// Names, plain, about which people said what depends on the document: names that they keep apart from others, names tied to
/// documents, and all that these were said to be one with.
#[derive(Clone, Debug, Default)]
pub struct Judged(pub(super) BTreeSet<String>);

impl Judged {
    /// Those of decisions.
    pub fn of(decisions: &NameDecisions) -> Judged {
        let apart = decisions.different.iter().flat_map(|(a, b)| [a, b]);
        let tied = decisions.same.iter().flat_map(|(a, b)| [a, b]).filter(|name| is_tied(name));
        let mut judged: BTreeSet<String> = apart.chain(tied).map(|name| plain(untied(name).0)).collect();
        loop {
            let with = decisions.same.iter().map(|(a, b)| [plain(untied(a).0), plain(untied(b).0)]);
            let reached: BTreeSet<String> =
                with.filter(|pair| pair.iter().any(|name| judged.contains(name))).flatten().collect();
            if reached.is_subset(&judged) {
                return Judged(judged);
            }
            judged.extend(reached);
        }
    }

    /// Those of decisions, and all of the user's table.
    pub fn all_of(decisions: &NameDecisions) -> Judged {
        let mut judged = Judged::of(decisions);
        for known in &decisions.known {
            judged.0.extend(std::iter::once(&known.name).chain(&known.aliases).map(|name| plain(name)));
        }
        judged
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains(&plain(name))
    }

    /// Whether a local entity has such a name or spelling.
    pub fn is_about(&self, local: &KnownLocal) -> bool {
        !self.is_empty() && spellings(local).any(|name| self.has(name))
    }
}

/// What people said are names of one, wherever they stand.
#[derive(Clone, Debug, Default)]
pub struct Merges {
    pub(super) pairs: Vec<(String, String)>,
    /// Of each name, plain, the number of those that are one.
    groups: BTreeMap<String, usize>,
}

impl Merges {
    /// Those of decisions where nothing depends on the document.
    pub fn of(decisions: &NameDecisions, judged: &Judged) -> Merges {
        let pairs = decisions.same.iter().filter(|(a, _)| !judged.has(untied(a).0));
        let mut merges = Merges { pairs: pairs.cloned().collect(), groups: BTreeMap::new() };
        for (number, (a, b)) in merges.pairs.iter().enumerate() {
            let group = |name: &str| merges.groups.get(&plain(name)).copied();
            let before: Vec<usize> = [group(a), group(b)].into_iter().flatten().collect();
            merges.groups.values_mut().filter(|group| before.contains(group)).for_each(|group| *group = number);
            merges.groups.extend([(plain(a), number), (plain(b), number)]);
        }
        merges
    }

    pub fn has(&self, name: &str) -> bool {
        !self.groups.is_empty() && self.groups.contains_key(&plain(name))
    }

    /// The names, plain, that are one with this one, itself among them.
    pub fn with(&self, name: &str) -> impl Iterator<Item = &str> {
        let group = self.groups.get(&plain(name));
        self.groups.iter().filter(move |(_, number)| Some(*number) == group).map(|(name, _)| name.as_str())
    }

    /// Whether a local entity has, besides its name, another spelling that is one of these names.
    pub fn has_spelling_of(&self, local: &KnownLocal) -> bool {
        let own = plain(&local.entity.name);
        !self.groups.is_empty() && spellings(local).any(|name| self.has(name) && plain(name) != own)
    }
}

/// The name of a local entity and all its spellings.
pub fn spellings(local: &KnownLocal) -> impl Iterator<Item = &String> {
    std::iter::once(&local.entity.name).chain(local.entity.aliases.iter().map(|alias| &alias.text))
}

/// Nodes by their names and by spellings that are names of their own.
#[derive(Default)]
pub(super) struct Typed {
    by_name: BTreeMap<String, Vec<usize>>,
    /// Document of every node: of its first local entity.
    documents: Vec<String>,
    kinds: Vec<EntityKind>,
}

impl Typed {
    pub fn of(nodes: &[Node], facts: &[Facts]) -> Typed {
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, node) in nodes.iter().enumerate() {
            let mut keys: BTreeSet<String> = node.spelled.names.iter().map(|(name, _)| plain(name)).collect();
            keys.extend(names(
                node.spelled.spellings.iter().map(|((kind, text), _)| (*kind, text.as_str())),
                &facts[place],
            ));
            for key in keys.into_iter().filter(|key| !key.is_empty()) {
                by_name.entry(key).or_default().push(place);
            }
        }
        let documents = nodes.iter().map(|node| document_of(&node.first).to_string()).collect();
        Typed { by_name, documents, kinds: facts.iter().map(|facts| facts.kind).collect() }
    }

    /// The nodes that a typed name means, ascending. (Who bears a name that people decided about is a node for each document.)
    pub fn nodes(&self, typed: &str) -> Vec<usize> {
        let (name, documents) = untied(typed);
        let known = self.by_name.get(&plain(name)).into_iter().flatten().copied();
        known.filter(|&node| documents.is_empty() || documents.contains(&self.documents[node].as_str())).collect()
    }

    /// The nodes of a name in a table; `kind` where the table gives one.
    pub fn nodes_of_kind(&self, name: &str, kind: Option<EntityKind>) -> Vec<usize> {
        let fits = |node: &usize| match kind {
            Some(kind) => self.kinds[*node] == kind,
            None => super::may_meet(self.kinds[*node]),
        };
        self.by_name.get(&plain(name)).into_iter().flatten().copied().filter(fits).collect()
    }
}

/// "document id:number"
pub(super) fn document_of(key: &str) -> &str {
    key.rsplit_once(':').map_or(key, |(document, _)| document)
}

/// Of spellings those that are names by themselves, folded: not the surname or given name alone of somebody known in full.
pub(super) fn names<'s>(
    spellings: impl Iterator<Item = (AliasKind, &'s str)>,
    facts: &Facts,
) -> impl Iterator<Item = String> {
    let is_name = |kind| {
        matches!(
            kind,
            AliasKind::Name
                | AliasKind::Spelling
                | AliasKind::Transliteration
                | AliasKind::Translation
                | AliasKind::Acronym
                | AliasKind::Given
        )
    };
    let part_of_full = |key: &str| {
        let name = facts.name.as_ref().filter(|name| name.is_full());
        name.is_some_and(|name| {
            key == name.surname_key()
                || super::super::spelling::same_surname(key, &name.surname_key())
                || name.given.iter().any(|given| match_key(given) == key)
        })
    };
    let named = spellings.filter(move |(kind, _)| is_name(*kind)).map(|(_, text)| plain(text));
    named.filter(move |key| !part_of_full(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_depends_on_documents_reaches_as_far_as_merges() {
        let pairs = |pairs: &[[&str; 2]]| pairs.iter().map(|[a, b]| (a.to_string(), b.to_string())).collect();
        let decisions = NameDecisions {
            same: pairs(&[
                ["Ann Hale", "A. Hale"],
                ["The Bay", "Bay"],
                ["A. Hale", "Hale @d1a"],
                ["x", "y"],
                ["z", "y"],
            ]),
            different: pairs(&[["Bob", "Rob"]]),
            known: Vec::new(),
        };
        let judged = Judged::of(&decisions);
        assert_eq!(judged.0.iter().collect::<Vec<_>>(), ["a hale", "ann hale", "bob", "hale", "rob"]);
        let merges = Merges::of(&decisions, &judged);
        assert_eq!(merges.pairs.len(), 3);
        assert_eq!(merges.with("X").collect::<Vec<_>>(), ["x", "y", "z"]);
        assert_eq!(merges.with("the bay").collect::<Vec<_>>(), ["bay"]);
        assert_eq!(merges.with("Ann Hale").count() + merges.with("nobody").count(), 0);
    }

    #[test]
    fn names_may_be_tied_to_documents() {
        assert_eq!(tied("Smith", &["d1a", "d2b"]), "Smith @d1a,d2b");
        assert_eq!(untied("Smith @d1a,d2b"), ("Smith", vec!["d1a", "d2b"]));
        assert_eq!(untied("Smith"), ("Smith", vec![]));
        assert_eq!(untied("Smith @home"), ("Smith @home", vec![]));
        assert_eq!(untied("a @d"), ("a @d", vec![]));
    }
}
