//! From what a person typed (a unique prefix of an id) to the row it names.

use crate::model::{Id, IdKind};

use super::{Result, Store};

/// What an id prefix names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Kind, row key, full id.
    One(IdKind, i64, Id),
    /// Several: their ids.
    Many(Vec<Id>),
    Nothing,
}

/// The shortest prefix ever printed or accepted: the letter and four digits.
const SHORTEST: usize = 5;

fn table(kind: IdKind) -> Option<&'static str> {
    match kind {
        IdKind::Document => Some("document"),
        IdKind::Statement => Some("statement"),
        IdKind::Claim => Some("claim"),
        IdKind::Entity => Some("entity"),
        IdKind::Outlet => Some("outlet"),
        IdKind::Decision => Some("decision"),
        IdKind::Link => None,
    }
}

impl Store {
    /// The row that `typed` names. A claim id goes on working when an earlier member renames the claim: it has the digits
    /// of the member it was once named after.
    pub fn find_id(&self, typed: &str) -> Result<Found> {
        let typed = typed.trim().to_lowercase();
        let kind = typed.chars().next().and_then(IdKind::of_letter);
        let digits = typed.get(1..).unwrap_or("");
        let well_formed = digits.len() + 1 >= SHORTEST && digits.bytes().all(|b| b.is_ascii_hexdigit());
        let (Some(kind), true) = (kind, well_formed) else { return Ok(Found::Nothing) };
        let Some(table) = table(kind) else { return Ok(Found::Nothing) };
        let found = self.with_prefix(table, &typed)?;
        if found.is_empty() && kind == IdKind::Claim {
            return self.claim_once_named(digits);
        }
        Ok(one_of(kind, found))
    }

    fn with_prefix(&self, table: &str, prefix: &str) -> Result<Vec<(i64, Id)>> {
        let sql = format!("SELECT key, id FROM {table} WHERE id >= ?1 AND id < ?1 || 'g' ORDER BY id LIMIT 9");
        self.rows(&sql, [prefix], |row| Ok((row.get(0)?, Id(row.get(1)?))))
    }

    fn claim_once_named(&self, digits: &str) -> Result<Found> {
        let found = self.rows(
            "SELECT DISTINCT c.key, c.id FROM statement s JOIN claim c ON c.key = s.claim
              WHERE s.id >= 's' || ?1 AND s.id < 's' || ?1 || 'g' ORDER BY c.id LIMIT 9",
            [digits],
            |row| Ok((row.get(0)?, Id(row.get(1)?))),
        )?;
        Ok(one_of(IdKind::Claim, found))
    }

    /// The shortest prefix (at least five characters) that no other id of its kind shares.
    pub fn short_id(&self, id: &Id) -> Result<String> {
        let Some(table) = id.kind().and_then(table) else { return Ok(id.0.clone()) };
        let sql =
            format!("SELECT (SELECT max(id) FROM {table} WHERE id < ?1), (SELECT min(id) FROM {table} WHERE id > ?1)");
        let neighbours: Vec<(Option<String>, Option<String>)> =
            self.rows(&sql, [id.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let shared = neighbours
            .iter()
            .flat_map(|(before, after)| [before, after])
            .flatten()
            .map(|other| common_prefix(other, id.as_str()))
            .max()
            .unwrap_or(0);
        Ok(id.0.chars().take((shared + 1).max(SHORTEST)).collect())
    }
}

fn one_of(kind: IdKind, mut found: Vec<(i64, Id)>) -> Found {
    match found.len() {
        0 => Found::Nothing,
        1 => found.pop().map_or(Found::Nothing, |(key, id)| Found::One(kind, key, id)),
        _ => Found::Many(found.into_iter().map(|(_, id)| id).collect()),
    }
}

fn common_prefix(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count()
}
