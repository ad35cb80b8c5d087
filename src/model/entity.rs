//! Who is named: mentions in one document, the one they name there, and the entity across documents.

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

/// The one named, across documents.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    pub id: Id,
    pub name: String,
    pub kind: EntityKind,
    pub aliases: Vec<Alias>,
    pub evidence: Vec<Evidence>,
}
