//! A statement ready to be shown: with its document, its short ids and what is to be highlighted.

use std::sync::Arc;

use crate::model::{Evidence, Id, Statement};
use crate::store::{StatementRow, Store, StoreError, StoredDocument};
use crate::text::Span;

/// A statement with what is needed to show it in place.
#[derive(Clone, Debug)]
pub struct Quoted {
    pub key: i64,
    pub statement: Statement,
    pub speaker_evidence: Vec<Evidence>,
    pub document: Arc<StoredDocument>,
    pub short_id: String,
    pub document_short_id: String,
    pub highlights: Vec<Span>,
}

impl Quoted {
    pub(super) fn new(
        store: &Store,
        row: StatementRow,
        document: &Arc<StoredDocument>,
        highlights: Vec<Span>,
    ) -> Result<Quoted, StoreError> {
        Ok(Quoted {
            key: row.key,
            short_id: store.short_id(&row.statement.id)?,
            document_short_id: store.short_id(&row.statement.document)?,
            statement: row.statement,
            speaker_evidence: row.speaker_evidence,
            document: Arc::clone(document),
            highlights,
        })
    }

    /// The words of the content; parts that stand apart are joined by an ellipsis.
    pub fn exact(&self) -> String {
        super::graph::words(&self.document.document.text, &self.statement.attribution.content)
    }

    pub fn source(&self) -> String {
        super::graph::words(&self.document.document.text, &self.statement.attribution.source)
    }

    pub fn speaker(&self) -> Option<String> {
        self.statement.speaker_name.clone()
    }

    pub fn outlet(&self) -> &str {
        self.document.document.outlet_name()
    }

    /// The document's date as printed; empty where unknown.
    pub fn date(&self) -> &str {
        self.document.document.published.as_ref().map_or("", |date| date.value.as_str())
    }

    /// By date (unknown last), document and place.
    pub(super) fn order_key(&self) -> (String, Id, usize) {
        let date = if self.date().is_empty() { "9999" } else { self.date() };
        (date.to_string(), self.statement.document.clone(), self.statement.attribution.start())
    }
}
