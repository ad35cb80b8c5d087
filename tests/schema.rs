//! docs/schema.md names every table, view and column of the store, and no others.

use std::collections::BTreeSet;

use provenance::store;

/// The bold names of the page, each with the `code` words of its line.
fn documented(page: &str) -> Vec<(String, BTreeSet<String>)> {
    page.lines()
        .filter_map(|line| {
            let (name, rest) = line.strip_prefix("- **")?.split_once("**")?;
            let columns = rest.split('`').skip(1).step_by(2).map(str::to_string).collect();
            Some((name.to_string(), columns))
        })
        .collect()
}

#[test]
fn the_schema_page_is_complete_and_true() {
    let page = include_str!("../docs/schema.md");
    let documented = documented(page);
    let tables = store::describe().unwrap();
    for table in &tables {
        let (_, columns) = documented
            .iter()
            .find(|(name, _)| *name == table.name)
            .unwrap_or_else(|| panic!("{} is not documented", table.name));
        for (column, _) in &table.columns {
            // The hidden columns of full-text tables are not ours.
            let hidden = table.name.ends_with("_search") && (column == &table.name || column == "rank");
            assert!(hidden || columns.contains(column), "{}.{column} is not documented", table.name);
        }
    }
    for (name, columns) in &documented {
        let table = tables.iter().find(|table| &table.name == name).unwrap_or_else(|| panic!("{name} does not exist"));
        for column in columns.iter().filter(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '_')) {
            let known = table.columns.iter().any(|(known, _)| known == column);
            let elsewhere = column.contains(' ') || tables.iter().any(|table| &table.name == column);
            assert!(known || elsewhere, "{name}.{column} does not exist");
        }
    }
}
