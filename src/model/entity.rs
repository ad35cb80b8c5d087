//! Who is named: mentions in one document, the one they name there, and the entity across documents.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::text::Span;

use super::{Evidence, Id};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    Person,
    Organisation,
    /// Several people without a common name ("local officials").
    Group,
    /// One person without a name ("a woman in Belgorod").
    Unnamed,
}

names!(EntityKind {
    Person => "person",
    Organisation => "organisation",
    Group => "group",
    Unnamed => "unnamed",
});

/// How a source span was understood as its speaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    Name,
    Surname,
    Role,
    Metonym,
    Pronoun,
    /// The source is left out; the speaker carries on from the statement before.
    Inherited,
}

names!(Via {
    Name => "name",
    Surname => "surname",
    Role => "role",
    Metonym => "metonym",
    Pronoun => "pronoun",
    Inherited => "inherited",
});

/// What kind of spelling an alias is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AliasKind {
    Name,
    Surname,
    Transliteration,
    Spelling,
    Acronym,
    Title,
    Translation,
    Role,
    Pronoun,
    /// A place or building that speaks for the entity ("Moscow" for Russia).
    Metonym,
    /// Given by a person (`alias add` or a user table).
    Given,
}

names!(AliasKind {
    Name => "name",
    Surname => "surname",
    Transliteration => "transliteration",
    Spelling => "spelling",
    Acronym => "acronym",
    Title => "title",
    Translation => "translation",
    Role => "role",
    Pronoun => "pronoun",
    Metonym => "metonym",
    Given => "given",
});

/// A span that names someone, resolved within its document.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    pub span: Span,
    /// Index into the document's local entities.
    pub local: usize,
    pub via: Via,
}

/// Someone as known within one document.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalEntity {
    /// The fullest name the document gives ("Vyacheslav Gladkov"), or the phrase where there is no name.
    pub name: String,
    pub kind: EntityKind,
    /// Role phrases seen with the name ("governor of Belgorod").
    pub roles: Vec<String>,
    /// Spellings in this document with counts.
    pub aliases: Vec<Alias>,
    pub evidence: Vec<Evidence>,
}

/// A spelling of an entity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alias {
    pub text: String,
    pub kind: AliasKind,
    pub count: usize,
}

/// How the local entities that bear one name are spelled, counted over all of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Spelled {
    /// Their names, each with how many have it, in the order in which they came.
    pub names: Vec<(String, usize)>,
    /// How often each spelling was seen; roles are among them. Sorted.
    pub spellings: Vec<((AliasKind, String), usize)>,
}

impl Spelled {
    pub fn add(&mut self, local: &LocalEntity) {
        self.add_name(&local.name, 1);
        for Alias { text, kind, count } in &local.aliases {
            self.add_spelling(*kind, text, *count);
        }
        for role in local.roles.iter().collect::<BTreeSet<_>>() {
            self.add_spelling(AliasKind::Role, role, 1);
        }
    }

    pub fn add_all(&mut self, other: &Spelled) {
        other.names.iter().for_each(|(name, uses)| self.add_name(name, *uses));
        other.spellings.iter().for_each(|((kind, text), count)| self.add_spelling(*kind, text, *count));
    }

    fn add_name(&mut self, name: &str, more: usize) {
        match self.names.iter_mut().find(|(known, _)| known == name) {
            Some((_, uses)) => *uses += more,
            None => self.names.push((name.to_string(), more)),
        }
    }

    fn add_spelling(&mut self, kind: AliasKind, text: &str, more: usize) {
        match self.spellings.binary_search_by(|((k, t), _)| (*k, t.as_str()).cmp(&(kind, text))) {
            Ok(at) => self.spellings[at].1 += more,
            Err(at) => self.spellings.insert(at, ((kind, text.to_string()), more)),
        }
    }
}

/// The one named, across documents.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    pub id: Id,
    pub name: String,
    pub kind: EntityKind,
    pub aliases: Vec<Alias>,
    pub evidence: Vec<Evidence>,
}
