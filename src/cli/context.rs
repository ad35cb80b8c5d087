//! What every command gets: the store's path, the wanted output form, colour.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::app::AppError;
use crate::store::Store;

/// Form of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Table,
    Json,
    /// One JSON object a line.
    Jsonl,
    Csv,
    /// A Markdown table.
    Md,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    Auto,
    Always,
    Never,
}

#[derive(Args, Debug)]
pub(crate) struct Global {
    /// The store: one SQLite file.
    #[arg(long, global = true, env = "PROVENANCE_DB", default_value = "provenance.db", value_name = "PATH")]
    db: PathBuf,
    /// The answer as JSON.
    #[arg(long, global = true)]
    json: bool,
    /// Form of the answer.
    #[arg(long, global = true, value_enum, value_name = "FORM")]
    format: Option<Format>,
    /// Colour: it never carries meaning alone.
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    color: Colour,
}

pub(crate) struct Context {
    db: PathBuf,
    pub(crate) format: Format,
    pub(crate) colour: bool,
    /// Columns to fill.
    pub(crate) width: usize,
}

impl Context {
    pub(crate) fn new(global: Global) -> Context {
        let format = match (global.json, global.format) {
            (true, _) => Format::Json,
            (false, Some(format)) => format,
            (false, None) => Format::Table,
        };
        Context {
            db: global.db,
            format,
            colour: super::screen::wants_colour(global.color),
            width: super::screen::width(),
        }
    }

    /// Where the store is, or would be.
    pub(crate) fn db(&self) -> &std::path::Path {
        &self.db
    }

    /// For tests: no colour, words for people.
    #[cfg(test)]
    pub(crate) fn plain(db: PathBuf) -> Context {
        Context { db, format: Format::Table, colour: false, width: 110 }
    }

    /// The store for reading.
    pub(crate) fn store(&self) -> Result<Store, AppError> {
        Ok(Store::open_read_only(&self.db)?)
    }

    /// The store for writing; made when it is not there.
    pub(crate) fn writable_store(&self) -> Result<Store, AppError> {
        Ok(Store::open(&self.db)?)
    }

    /// An existing store for writing.
    pub(crate) fn existing_store(&self) -> Result<Store, AppError> {
        if !self.db.exists() {
            return Err(crate::store::StoreError::Missing(self.db.clone()).into());
        }
        self.writable_store()
    }
}
