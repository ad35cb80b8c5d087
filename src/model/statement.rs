//! A statement: an attribution as stored, with its document, speaker and claim. What questions are answered with.

use super::{Attribution, EntityKind, Id, Via};

/// One stored attribution with what the later stages found out about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    pub id: Id,
    pub document: Id,
    pub attribution: Attribution,
    /// Entity id of the speaker; `None` where there is no source.
    pub speaker: Option<Id>,
    pub speaker_name: Option<String>,
    pub speaker_kind: Option<EntityKind>,
    pub via: Option<Via>,
    pub claim: Option<Id>,
    /// The statement this one repeats without naming any source.
    pub repeat_of: Option<Id>,
    pub nested_in: Option<Id>,
}
