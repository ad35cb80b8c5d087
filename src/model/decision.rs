//! What people decided. Ground data: keyed by stable public ids, never by derived rows.

use serde::{Deserialize, Serialize};

use super::Id;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// Two statements are the same claim (or a suggested join of speakers is right).
    Confirm,
    /// They are not.
    Reject,
    /// Two entities are one.
    Merge,
    /// Two spellings are not one entity.
    Split,
    /// A spelling belongs to an entity.
    Alias,
}

names!(Verb {
    Confirm => "confirm",
    Reject => "reject",
    Merge => "merge",
    Split => "split",
    Alias => "alias",
});

/// One human decision about a pair of things: statement ids, or names of entities.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    pub id: Id,
    pub verb: Verb,
    /// A statement id, or a speaker's name.
    pub a: String,
    pub b: String,
    pub who: String,
    /// ISO date and time, UTC.
    pub when: String,
    pub why: String,
    /// Taken back by `undo`; kept for the log.
    pub undone: bool,
}
