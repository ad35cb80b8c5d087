//! Links and claims, and the index of candidate keys that linking asks.

use std::collections::BTreeMap;

use rusqlite::{Row, params};

use crate::model::{Claim, Echo, Id, Link, LinkStatus, Relation};

use super::evidence::{read_evidence, write_weights};
use super::{Result, Store};

impl Store {
    pub(super) fn insert_link_keys(&self, statement: i64, keys: &[u64]) -> rusqlite::Result<()> {
        let mut insert =
            self.connection.prepare_cached("INSERT OR IGNORE INTO link_key (key, statement) VALUES (?1, ?2)")?;
        for key in keys {
            insert.execute([short(*key), statement])?;
        }
        Ok(())
    }

    /// Who holds a candidate key, in key order, at most `limit` of them.
    pub fn holders(&self, key: u64, limit: usize) -> Result<Vec<i64>> {
        self.rows(
            "SELECT statement FROM link_key WHERE key = ?1 ORDER BY statement LIMIT ?2",
            [short(key), limit as i64],
            |row| row.get(0),
        )
    }

    /// Adds links; a known pair is replaced. Of their evidence the notes are not kept: they are made again from the two
    /// wordings by whoever shows them. `keys` gives the row key of every statement id in `links`.
    pub fn add_links(&self, links: &[Link], keys: &BTreeMap<Id, i64>) -> Result<()> {
        let add = || -> rusqlite::Result<()> {
            let mut insert = self.connection.prepare_cached(
                "INSERT OR REPLACE INTO link (a, b, relation, score, probability, status, evidence)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?;
            for link in links {
                let (Some(a), Some(b)) = (keys.get(&link.a), keys.get(&link.b)) else { continue };
                let evidence = write_weights(&link.evidence);
                let (relation, status) = (link.relation.name(), link.status.name());
                insert.execute(params![a, b, relation, link.score, link.probability, status, evidence])?;
            }
            Ok(())
        };
        add().map_err(|e| self.at(e))
    }

    /// Takes away the links of these statements.
    pub fn drop_links(&self, statements: &[i64]) -> Result<()> {
        for statement in statements {
            self.connection
                .prepare_cached("DELETE FROM link WHERE a = ?1 OR b = ?1")
                .and_then(|mut delete| delete.execute([statement]))
                .map_err(|e| self.at(e))?;
        }
        Ok(())
    }

    /// All links, sorted by the ids of their ends.
    pub fn links(&self) -> Result<Vec<Link>> {
        self.links_where("1", [])
    }

    /// Links of one statement, strongest first.
    pub fn links_of(&self, statement: i64) -> Result<Vec<Link>> {
        let mut links = self.links_where("l.a = ?1 OR l.b = ?1", [statement])?;
        links.sort_by(|x, y| y.probability.total_cmp(&x.probability).then_with(|| (&x.a, &x.b).cmp(&(&y.a, &y.b))));
        Ok(links)
    }

    /// Links whose evidence names a rule, sorted by the ids of their ends.
    pub fn links_by_rule(&self, rule: &str) -> Result<Vec<Link>> {
        self.links_where("instr(l.evidence, ?1) > 0", [format!("\"{rule}\"")])
    }

    /// Takes away the link between two statements.
    pub fn drop_link(&self, a: i64, b: i64) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM link WHERE (a = ?1 AND b = ?2) OR (a = ?2 AND b = ?1)")
            .and_then(|mut delete| delete.execute([a, b]))
            .map(|_| ())
            .map_err(|e| self.at(e))
    }

    /// Links with both ends in one claim.
    pub fn links_in_claim(&self, claim: i64) -> Result<Vec<Link>> {
        self.links_where("a.claim = ?1 AND b.claim = ?1", [claim])
    }

    fn links_where(&self, condition: &str, values: impl rusqlite::Params) -> Result<Vec<Link>> {
        let sql = format!(
            "SELECT a.id, b.id, l.relation, l.score, l.probability, l.status, l.evidence
               FROM link l JOIN statement a ON a.key = l.a JOIN statement b ON b.key = l.b
              WHERE {condition} ORDER BY a.id, b.id"
        );
        self.rows(&sql, values, read_link)
    }

    /// Puts these claims and echoes in the place of all that are stored.
    pub fn replace_claims(&self, claims: &[Claim], echoes: &[Echo], keys: &BTreeMap<Id, i64>) -> Result<()> {
        let replace = || -> rusqlite::Result<()> {
            self.connection.execute_batch(
                "DELETE FROM claim_edge; DELETE FROM echo;
                 UPDATE statement SET claim = NULL WHERE claim IS NOT NULL; DELETE FROM claim;",
            )?;
            let mut insert =
                self.connection.prepare_cached("INSERT INTO claim (id, representative) VALUES (?1, ?2)")?;
            let mut own = self.connection.prepare_cached("UPDATE statement SET claim = ?2 WHERE key = ?1")?;
            let mut claim_keys = BTreeMap::new();
            for claim in claims {
                let Some(representative) = keys.get(&claim.representative) else { continue };
                insert.execute(params![claim.id.as_str(), representative])?;
                let key = self.connection.last_insert_rowid();
                claim_keys.insert(&claim.id, key);
                for member in claim.members.iter().filter_map(|member| keys.get(member)) {
                    own.execute([*member, key])?;
                }
            }
            let mut echo = self.connection.prepare_cached("INSERT OR IGNORE INTO echo (a, b) VALUES (?1, ?2)")?;
            for it in echoes {
                if let (Some(a), Some(b)) = (claim_keys.get(&it.a), claim_keys.get(&it.b)) {
                    echo.execute([a, b])?;
                }
            }
            Ok(())
        };
        replace().map_err(|e| self.at(e))
    }

    /// All claims with their members (by date of document, then id), sorted by claim id.
    pub fn claims(&self) -> Result<Vec<(i64, Claim)>> {
        let mut members: BTreeMap<i64, Vec<Id>> = BTreeMap::new();
        let rows: Vec<(i64, String)> = self.rows(
            "SELECT s.claim, s.id FROM statement s JOIN document d ON d.key = s.document
              WHERE s.claim IS NOT NULL ORDER BY coalesce(d.published, '9999'), s.id",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        for (claim, member) in rows {
            members.entry(claim).or_default().push(Id(member));
        }
        let claims = self.rows(
            "SELECT c.key, c.id, s.id FROM claim c JOIN statement s ON s.key = c.representative ORDER BY c.id",
            [],
            |row| Ok((row.get(0)?, Id(row.get(1)?), Id(row.get(2)?))),
        )?;
        Ok(claims
            .into_iter()
            .map(|(key, id, representative)| {
                (key, Claim { id, representative, members: members.remove(&key).unwrap_or_default() })
            })
            .collect())
    }

    /// Row key of the statement that stands for a claim.
    pub fn representative(&self, claim: i64) -> Result<Option<i64>> {
        Ok(self.rows("SELECT representative FROM claim WHERE key = ?1", [claim], |row| row.get(0))?.pop())
    }

    /// Ids of claims in at least `least` documents: most outlets first, then most documents, then by id.
    pub fn widest_claims(&self, least: usize, most: usize) -> Result<Vec<Id>> {
        self.rows(
            "SELECT c.id FROM statement s JOIN claim c ON c.key = s.claim JOIN document d ON d.key = s.document
              WHERE s.zone NOT IN ('caption', 'boilerplate')
              GROUP BY c.key HAVING count(DISTINCT s.document) >= ?1
              ORDER BY count(DISTINCT d.outlet) DESC, count(DISTINCT s.document) DESC, count(*) DESC, c.id LIMIT ?2",
            [least as i64, most as i64],
            |row| row.get(0).map(Id),
        )
    }

    /// Ids of claims with the same proposition from other speakers.
    pub fn echoes_of(&self, claim: i64) -> Result<Vec<Id>> {
        self.rows(
            "SELECT c.id FROM echo x JOIN claim c ON c.key = CASE WHEN x.a = ?1 THEN x.b ELSE x.a END
              WHERE x.a = ?1 OR x.b = ?1 ORDER BY c.id",
            [claim],
            |row| row.get(0).map(Id),
        )
    }
}

/// Four bytes of a candidate key are kept: two keys that fall together only bring a candidate more.
fn short(key: u64) -> i64 {
    i64::from(key as u32 as i32)
}

fn read_link(row: &Row<'_>) -> rusqlite::Result<Link> {
    let (relation, status): (String, String) = (row.get(2)?, row.get(5)?);
    Ok(Link {
        a: Id(row.get(0)?),
        b: Id(row.get(1)?),
        relation: Relation::of_name(&relation).unwrap_or(Relation::Unrelated),
        score: row.get(3)?,
        probability: row.get(4)?,
        status: LinkStatus::of_name(&status).unwrap_or(LinkStatus::Suggested),
        evidence: read_evidence(&row.get::<_, String>(6)?),
    })
}
