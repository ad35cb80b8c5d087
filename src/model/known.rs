//! People and bodies as a table of the user's names them. Ground data, kept through every rebuild.

use super::EntityKind;

/// One row of the table: a name, its Wikidata id (may be empty), and other spellings of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownName {
    pub name: String,
    /// "Q42", or empty.
    pub qid: String,
    /// `None`: a person or an organisation, whichever the documents have.
    pub kind: Option<EntityKind>,
    pub aliases: Vec<String>,
}
