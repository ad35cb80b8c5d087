//! Embeddings of statements: one vector of bytes each, where the accurate tier made one.

use rusqlite::{OptionalExtension, params};

use crate::model::Embedding;

use super::{Result, Store};

impl Store {
    pub(super) fn insert_embedding(&self, statement: i64, embedding: &Embedding) -> rusqlite::Result<()> {
        let bytes: Vec<u8> = embedding.0.iter().map(|level| *level as u8).collect();
        self.connection
            .prepare_cached("INSERT OR REPLACE INTO statement_embedding (statement, vector) VALUES (?1, ?2)")?
            .execute(params![statement, bytes])?;
        Ok(())
    }

    /// The embedding of a statement, where one was made.
    pub fn embedding(&self, statement: i64) -> Result<Option<Embedding>> {
        let read = || -> rusqlite::Result<Option<Vec<u8>>> {
            self.connection
                .prepare_cached("SELECT vector FROM statement_embedding WHERE statement = ?1")?
                .query_row([statement], |row| row.get(0))
                .optional()
        };
        let bytes = read().map_err(|e| self.at(e))?;
        Ok(bytes.map(|bytes| Embedding(bytes.into_iter().map(|byte| byte as i8).collect())))
    }
}
