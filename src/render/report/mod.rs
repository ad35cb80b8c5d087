//! A report on chosen claims as one file: HTML that opens from disk with the network off, or Markdown.
//!
//! In: the graph of the chosen claims, and what only the caller knows (`Report`). Out: text. The pictures are the same
//! as those of the views, drawn into the page.

mod html;
mod markdown;
mod parts;

use std::collections::BTreeMap;

use crate::model::Id;

pub use html::html;
pub use markdown::markdown;

/// What the graph does not know: all of it untrusted text but the rows of `methods`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    pub title: String,
    /// The day it was made, as it is to be printed; empty to leave it out.
    pub made_on: String,
    /// A hash of the store's documents and decisions: two reports with the same hash rest on the same material.
    pub store_hash: String,
    /// Rows of the methods box: versions, thresholds, counts of automatic and confirmed links, caveats.
    pub methods: Vec<(String, String)>,
    /// Statements in their context; one without context is shown with its words alone.
    pub quoted: BTreeMap<Id, Quoted>,
}

/// A statement in place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quoted {
    pub before: String,
    pub exact: String,
    pub after: String,
    /// Who is credited, as printed; empty where nobody is.
    pub source: String,
    /// Named changes against the wording it repeats ("marks lost", "speaker dropped").
    pub changes: Vec<String>,
    /// The address of the document, with a text fragment where it has one.
    pub link: Option<String>,
    /// For what is repeated without a source: what the document it is compared with has.
    pub lost: Option<Lost>,
}

/// Whose words they were where they still had a source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lost {
    pub outlet: String,
    /// Who was credited, chain included, as printed.
    pub credited: String,
    pub exact: String,
}

#[cfg(test)]
mod tests;
