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
pub(super) fn plain(name: &str) -> String {
    let key = match_key(name);
    key.strip_prefix("the ").unwrap_or(&key).to_string()
}

/// Names, plain, that people said something about.
#[derive(Clone, Debug, Default)]
pub struct Judged(pub(super) BTreeSet<String>);

impl Judged {
    /// Those of decisions.
    pub fn of(decisions: &NameDecisions) -> Judged {
        let pairs = decisions.same.iter().chain(&decisions.different);
        Judged(pairs.flat_map(|(a, b)| [a, b]).map(|name| plain(untied(name).0)).collect())
    }

    /// Those of decisions and of the user's table.
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
        let spellings = local.entity.aliases.iter().map(|alias| &alias.text);
        !self.is_empty() && std::iter::once(&local.entity.name).chain(spellings).any(|name| self.has(name))
    }
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
    fn names_may_be_tied_to_documents() {
        assert_eq!(tied("Smith", &["d1a", "d2b"]), "Smith @d1a,d2b");
        assert_eq!(untied("Smith @d1a,d2b"), ("Smith", vec!["d1a", "d2b"]));
        assert_eq!(untied("Smith"), ("Smith", vec![]));
        assert_eq!(untied("Smith @home"), ("Smith @home", vec![]));
        assert_eq!(untied("a @d"), ("a @d", vec![]));
    }
}
