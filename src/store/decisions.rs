//! Decisions of people: ground data, kept through every rebuild.

use rusqlite::{OptionalExtension, Row, params};

use crate::model::{Decision, Id, Verb};

use super::{Result, Store, digest};

const COLUMNS: &str = "id, verb, a, b, who, at, why, undone";

/// From a row of these columns.
fn decision(row: &Row<'_>) -> rusqlite::Result<Decision> {
    let verb: String = row.get(1)?;
    Ok(Decision {
        id: Id(row.get(0)?),
        verb: Verb::of_name(&verb).unwrap_or(Verb::Confirm),
        a: row.get(2)?,
        b: row.get(3)?,
        who: row.get(4)?,
        when: row.get(5)?,
        why: row.get(6)?,
        undone: row.get(7)?,
    })
}

impl Store {
    /// Records a decision; the same one again counts as taken now, so that it holds against what was decided in between.
    pub fn add_decision(&self, decision: &Decision) -> Result<()> {
        self.connection
            .execute(
                "INSERT OR REPLACE INTO decision (id, verb, a, b, who, at, why, undone) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    decision.id.as_str(),
                    decision.verb.name(),
                    decision.a,
                    decision.b,
                    decision.who,
                    decision.when,
                    decision.why,
                    decision.undone
                ],
            )
            .and_then(|_| digest::seal_decisions(&self.connection))
            .map_err(|e| self.at(e))
    }

    /// All decisions in the order they were taken, undone ones too.
    pub fn decisions(&self) -> Result<Vec<Decision>> {
        self.rows(&format!("SELECT {COLUMNS} FROM decision ORDER BY key"), [], decision)
    }

    /// Decisions from which nothing was derived yet as they stand now: new ones, those that were taken back or brought back since,
    /// and those taken again, which hold against others now.
    pub fn unsettled_decisions(&self) -> Result<Vec<Decision>> {
        self.rows(
            &format!(
                "SELECT {COLUMNS} FROM decision d
                  WHERE undone = EXISTS (SELECT 1 FROM settled_decision s WHERE s.key = d.key AND s.id = d.id)
                     OR EXISTS (SELECT 1 FROM settled_decision s WHERE s.id = d.id AND s.key <> d.key)
                  ORDER BY key"
            ),
            [],
            decision,
        )
    }

    /// Notes that everything is derived from the decisions as they stand now.
    pub fn note_settled_decisions(&self) -> Result<()> {
        self.connection
            .execute_batch(
                "DELETE FROM settled_decision;
                 INSERT INTO settled_decision (key, id) SELECT key, id FROM decision WHERE NOT undone",
            )
            .map_err(|e| self.at(e))
    }

    /// Takes back the newest decision that stands (`undone` = true) or brings back the oldest that was taken back after
    /// it (`undone` = false). Returns its id.
    pub fn flip_decision(&self, undone: bool) -> Result<Option<Id>> {
        let sql = if undone {
            "SELECT id FROM decision WHERE undone = 0 ORDER BY key DESC LIMIT 1"
        } else {
            "SELECT id FROM decision WHERE undone = 1
               AND key > coalesce((SELECT max(key) FROM decision WHERE undone = 0), 0) ORDER BY key LIMIT 1"
        };
        let found: Option<String> =
            self.connection.query_row(sql, [], |row| row.get(0)).optional().map_err(|e| self.at(e))?;
        let Some(id) = found else { return Ok(None) };
        self.connection
            .execute("UPDATE decision SET undone = ?2 WHERE id = ?1", params![id, undone])
            .and_then(|_| digest::seal_decisions(&self.connection))
            .map_err(|e| self.at(e))?;
        Ok(Some(Id(id)))
    }
}
