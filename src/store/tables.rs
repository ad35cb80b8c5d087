//! What tables and views a store has: for `schema`, and for the test that holds docs/schema.md against it.

use super::{Result, Store};

/// A table or view with its columns as (name, type).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableInfo {
    pub name: String,
    pub is_view: bool,
    pub columns: Vec<(String, String)>,
}

/// The tables and views of a new store, sorted by name; the inner tables of full-text search are left out.
pub fn describe() -> Result<Vec<TableInfo>> {
    let store = Store::in_memory()?;
    let names: Vec<(String, String)> = store.rows(
        "SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE '%\\_search\\_%' ESCAPE '\\'
          ORDER BY name",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let mut tables = Vec::new();
    for (name, kind) in names {
        let columns = store.rows("SELECT name, type FROM pragma_table_info(?1) ORDER BY cid", [&name], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        tables.push(TableInfo { name, is_view: kind == "view", columns });
    }
    Ok(tables)
}
