//! Resolution: who a source span names, within one document and then across documents.

mod across;
mod bodies;
mod body_scan;
mod document;
mod function_words;
mod lookup;
mod name;
mod phrase;
mod pronoun;
mod role;
mod role_phrase;
mod roster;
mod rules;
mod run;
mod script;
mod spelling;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use across::{
    AllUses, BEST_KNOWN, CROWD, Card, Crowds, FRONT, Gathering, Judged, LONE_SHOWN, LOOKED_THROUGH, Merges, Region,
    SAMPLE, Sort, alone, is_id_key, is_known_alike, is_tied, may_be_one, plain, spellings,
};

use crate::lang::Language;
use crate::model::{
    Alias, Attribution, Entity, EntityKind, Evidence, Id, KnownName, LocalEntity, Mention, Reading, Via,
};

/// Speakers of one document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Speakers {
    pub entities: Vec<LocalEntity>,
    pub mentions: Vec<Mention>,
    /// One for each attribution: who speaks, and how that is known. `None` where there is no source.
    pub of: Vec<Option<Speaker>>,
}

/// The speaker of one attribution.
#[derive(Clone, Debug, PartialEq)]
pub struct Speaker {
    /// Index into `Speakers::entities`.
    pub local: usize,
    pub via: Via,
    pub evidence: Vec<Evidence>,
}

/// One document's entity as input to resolution across documents. `key` is stable ("document id:number").
#[derive(Clone, Debug, PartialEq)]
pub struct KnownLocal {
    pub key: String,
    /// What the caller knows it by.
    pub row: i64,
    pub entity: LocalEntity,
    pub outlet: String,
    pub date: Option<crate::model::Date>,
    /// Other names in the same document, for context.
    pub together_with: Arc<[String]>,
}

/// Whether an entity of this kind may be one with others of other documents, decisions of people aside.
pub fn may_meet(kind: EntityKind) -> bool {
    across::may_meet(kind)
}

/// What people decided about names. A name may be tied to documents, see [`tied`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NameDecisions {
    pub same: Vec<(String, String)>,
    pub different: Vec<(String, String)>,
    /// The table of names that the user brought.
    pub known: Vec<KnownName>,
}

impl NameDecisions {
    /// Whether nobody decided anything.
    pub fn is_empty(&self) -> bool {
        self.same.is_empty() && self.different.is_empty() && self.known.is_empty()
    }
}

/// Entities across documents: each with the rows of its local entities; plus joins that are only suggested.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resolution {
    pub entities: Vec<(Entity, Vec<i64>)>,
    /// Indices into `entities`, probability, evidence.
    pub suggested: Vec<(usize, usize, f64, Vec<Evidence>)>,
    /// Wikidata ids from the user's table.
    pub qids: BTreeMap<Id, String>,
}

/// Who speaks in one document.
pub fn speakers(reading: &Reading, attributions: &[Attribution], language: &Language) -> Speakers {
    document::speakers(reading, attributions, language)
}

/// Joins local entities across documents. The result does not depend on the order of `locals`.
pub fn entities(locals: &[KnownLocal], decisions: &NameDecisions) -> Resolution {
    across::entities(locals, decisions)
}

/// A name that a decision ties to documents (by id): a surname or an office alone means somebody else elsewhere.
pub fn tied(name: &str, documents: &[&str]) -> String {
    across::tied(name, documents)
}

/// The name in a decision, and the ids of the documents it is tied to (none: all).
pub fn untied(name: &str) -> (&str, Vec<&str>) {
    across::untied(name)
}

/// Whether a name alone tells who is meant, in whatever document: a person's full name, a body's own name.
pub fn tells_who(name: &str, kind: EntityKind) -> bool {
    across::tells_who(name, kind)
}

/// How well a typed name fits an entity's spellings: 1.0 the same, 0 no relation. For lookups and did-you-mean.
pub fn name_match(typed: &str, aliases: &[Alias]) -> f64 {
    lookup::name_match(typed, aliases)
}
