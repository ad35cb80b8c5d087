//! The user's table of names: read, checked row by row, stored as ground data, and used for joining.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{EntityKind, KnownName};
use crate::store::Store;
use crate::text::match_key;

use super::connect::catch_up;
use super::link_statements::Outlines;
use super::settle::{Part, Scope, settle};
use super::sheet::{self, Row, RowError};
use super::{AppError, Progress};

/// What an import did.
#[derive(Clone, Debug, Default)]
pub struct TableReport {
    /// Rows taken over.
    pub rows: usize,
    /// Rows that were there before and are gone.
    pub before: usize,
    /// Speakers that the table now names.
    pub speakers: usize,
    pub errors: Vec<RowError>,
    /// Spellings that several rows claim: they join nobody.
    pub shared: Vec<String>,
}

/// Puts a CSV table (`name`, `qid`, `kind`, one or more `alias` columns, `|` between several in one cell) in the place of the
/// one stored before. Rows that make no sense are left out and reported.
///
/// # Errors
/// No column `name`, or no row that can be used: then the stored table stays.
pub fn import_people(store: &mut Store, bytes: &[u8], progress: &dyn Progress) -> Result<TableReport, AppError> {
    let (rows, errors) = sheet::rows(bytes, &["name"])?;
    let mut report = TableReport { errors, ..TableReport::default() };
    let mut known = Vec::new();
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for row in &rows {
        match known_name(row, &mut seen) {
            Ok(name) => known.push(name),
            Err(what) => report.errors.push(RowError { line: row.line, what }),
        }
    }
    report.errors.sort_by_key(|error| error.line);
    if known.is_empty() && !report.errors.is_empty() {
        let first = &report.errors[0];
        return Err(AppError::file(
            format!("no row of the table can be used; line {}: {}", first.line, first.what),
            "columns: name, qid (Q42 or empty), kind (person, organisation or empty), alias",
        ));
    }
    report.rows = known.len();
    report.shared = shared_spellings(&known);
    report.before = store.known_names()?.len();
    store.transaction(|store| {
        catch_up(store, Outlines::default(), progress)?;
        store.replace_known_names(&known)?;
        settle(store, &Scope::Part(Part { names: true, ..Part::default() }), progress)
    })?;
    report.speakers = store.entity_cards(true)?.iter().filter(|card| from_table(card)).count();
    Ok(report)
}

fn from_table(card: &crate::store::EntityCard) -> bool {
    card.entity.evidence.iter().any(|evidence| evidence.rule == "entity.user_table")
}

/// The rows as stored.
pub fn people_table(store: &Store) -> Result<Vec<KnownName>, AppError> {
    Ok(store.known_names()?)
}

fn known_name(row: &Row, seen: &mut BTreeMap<String, u64>) -> Result<KnownName, String> {
    let name = row.cell("name").to_string();
    if match_key(&name).is_empty() {
        return Err("no name".to_string());
    }
    let qid = row.cell("qid").to_uppercase();
    let digits = qid.strip_prefix('Q').unwrap_or("");
    if !qid.is_empty() && (digits.is_empty() || digits.starts_with('0') || !digits.bytes().all(|b| b.is_ascii_digit()))
    {
        return Err(format!("{:?} is not a Wikidata id (Q and digits)", row.cell("qid")));
    }
    let kind = match row.cell("kind").to_lowercase().as_str() {
        "" => None,
        "person" => Some(EntityKind::Person),
        "organisation" | "organization" => Some(EntityKind::Organisation),
        other => return Err(format!("{other:?} is not a kind: person, organisation or empty")),
    };
    for (what, key) in [("qid", qid.clone()), ("name", format!("{} {qid}", match_key(&name)))] {
        if let Some(line) = (!key.trim().is_empty()).then(|| seen.insert(format!("{what} {key}"), row.line)).flatten() {
            return Err(format!("the {what} is that of line {line}"));
        }
    }
    let mut aliases: Vec<String> = Vec::new();
    for alias in row.all("alias").flat_map(|cell| cell.split('|')).map(str::trim) {
        if !match_key(alias).is_empty() && alias != name && !aliases.iter().any(|known| known == alias) {
            aliases.push(alias.to_string());
        }
    }
    Ok(KnownName { name, qid, kind, aliases })
}

/// Spellings of more than one row, as first written.
fn shared_spellings(known: &[KnownName]) -> Vec<String> {
    let mut rows: BTreeMap<String, (String, BTreeSet<usize>)> = BTreeMap::new();
    for (row, name) in known.iter().enumerate() {
        for spelling in std::iter::once(&name.name).chain(&name.aliases) {
            let entry = rows.entry(match_key(spelling)).or_insert_with(|| (spelling.clone(), BTreeSet::new()));
            entry.1.insert(row);
        }
    }
    rows.into_values().filter(|(_, rows)| rows.len() > 1).map(|(spelling, _)| spelling).collect()
}
