//! Links and claims, and the index of candidate keys that linking asks.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::{Row, params};

use crate::model::{Claim, Id, Link, LinkStatus, Relation};

use super::evidence::{read_weights, stored_rule, write_weights};
use super::postings::LINK_KEYS;
use super::{Result, Store};

/// A link as claims are made of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tie {
    pub a: i64,
    pub b: i64,
    pub relation: Relation,
    pub status: LinkStatus,
    pub probability: f64,
}

/// A claim as stored; its members without those that repeat it without a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredClaim {
    pub key: i64,
    pub id: Id,
    pub representative: i64,
    /// By row key.
    pub members: Vec<i64>,
}

impl Store {
    /// Who holds a candidate key, in key order, at most `limit` of them.
    pub fn holders(&self, key: u64, limit: usize) -> Result<Vec<i64>> {
        LINK_KEYS.of(&self.connection, short(key), limit).map_err(|e| self.at(e))
    }

    /// Goes through the index of candidate keys, each key with all who hold it, in order.
    pub fn scan_holders(&self, visit: &mut dyn FnMut(&[i64])) -> Result<()> {
        LINK_KEYS.scan(&self.connection, visit).map_err(|e| self.at(e))
    }

    /// No store has more statements than this.
    pub fn most_statements(&self) -> Result<usize> {
        let most = self.rows("SELECT coalesce(max(key), 0) FROM statement", [], |row| row.get::<_, i64>(0))?;
        Ok(most.first().map_or(0, |most| (*most).max(0) as usize))
    }

    /// Whether any link is stored.
    pub fn has_links(&self) -> Result<bool> {
        Ok(!self.rows("SELECT 1 FROM link LIMIT 1", [], |row| row.get::<_, i64>(0))?.is_empty())
    }

    /// Adds links; a known pair is replaced. Of their evidence the notes are not kept: they are made again from the two
    /// wordings by whoever shows them. `keys` gives the row key of every statement id in `links`.
    pub fn add_links(&self, links: &[Link], keys: &HashMap<Id, i64>) -> Result<()> {
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
        self.links_where("instr(l.evidence, ?1) > 0", [format!("[\"{}\",", stored_rule(rule))])
    }

    /// Links of these statements whose evidence names a rule, sorted by the ids of their ends.
    pub fn links_by_rule_of(&self, rule: &str, statements: &[i64]) -> Result<Vec<Link>> {
        let stored = format!("[\"{}\",", stored_rule(rule));
        let mut found = Vec::new();
        for statement in statements {
            let condition = "(l.a = ?1 OR l.b = ?1) AND instr(l.evidence, ?2) > 0";
            found.extend(self.links_where(condition, params![statement, stored])?);
        }
        found.sort_by(|x, y| (&x.a, &x.b).cmp(&(&y.a, &y.b)));
        found.dedup_by(|x, y| (&x.a, &x.b) == (&y.a, &y.b));
        Ok(found)
    }

    /// Statements that these are linked with, by key; those themselves may be among them.
    pub fn linked_with(&self, statements: &[i64]) -> Result<BTreeSet<i64>> {
        let mut found = BTreeSet::new();
        for statement in statements {
            found.extend(self.ties_of(*statement)?.iter().flat_map(|tie| [tie.a, tie.b]));
        }
        Ok(found)
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

    /// Goes through all links as claims are made of them, by their ends.
    pub fn each_tie(&self, visit: &mut dyn FnMut(Tie)) -> Result<()> {
        let mut read = || -> rusqlite::Result<()> {
            let mut query =
                self.connection.prepare_cached("SELECT a, b, relation, status, probability FROM link ORDER BY a, b")?;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                visit(read_tie(row)?);
            }
            Ok(())
        };
        read().map_err(|e| self.at(e))
    }

    /// The links of one statement as claims are made of them, sorted by their ends.
    pub fn ties_of(&self, statement: i64) -> Result<Vec<Tie>> {
        self.rows(
            "SELECT a, b, relation, status, probability FROM link WHERE a = ?1
              UNION ALL SELECT a, b, relation, status, probability FROM link WHERE b = ?1 ORDER BY 1, 2",
            [statement],
            read_tie,
        )
    }

    /// A statement's id, the day it was said or printed (empty where unknown), and the length of its content in code points.
    pub fn wording_facts(&self, statement: i64) -> Result<Option<(Id, String, usize)>> {
        let found = self.rows(
            "SELECT s.id, coalesce(s.said_on, d.published, ''),
                    (SELECT sum(x.end - x.start + 1) FROM statement_span x WHERE x.statement = s.key AND x.role = 'content')
               FROM statement s JOIN document d ON d.key = s.document WHERE s.key = ?1",
            [statement],
            |row| {
                let length: Option<i64> = row.get(2)?;
                Ok((Id(row.get(0)?), row.get(1)?, length.unwrap_or(0).max(0) as usize))
            },
        )?;
        Ok(found.into_iter().next())
    }

    /// Takes away all claims and echoes.
    pub fn drop_claims(&self) -> Result<()> {
        self.connection
            .execute_batch(
                "DELETE FROM claim_edge; DELETE FROM echo;
                 UPDATE statement SET claim = NULL WHERE claim IS NOT NULL; DELETE FROM claim;",
            )
            .map_err(|e| self.at(e))
    }

    /// Adds a claim with its members; returns its row key.
    pub fn add_claim(&self, id: &Id, representative: i64, members: &[i64]) -> Result<i64> {
        let add = || -> rusqlite::Result<i64> {
            self.connection
                .prepare_cached("INSERT INTO claim (id, representative) VALUES (?1, ?2)")?
                .execute(params![id.as_str(), representative])?;
            let key = self.connection.last_insert_rowid();
            let mut own = self.connection.prepare_cached("UPDATE statement SET claim = ?2 WHERE key = ?1")?;
            members.iter().try_for_each(|member| own.execute([*member, key]).map(|_| ()))?;
            Ok(key)
        };
        add().map_err(|e| self.at(e))
    }

    /// The claim of a statement, with its members.
    pub fn claim_of(&self, statement: i64) -> Result<Option<StoredClaim>> {
        let found = self.rows(
            "SELECT c.key, c.id, c.representative FROM statement s JOIN claim c ON c.key = s.claim WHERE s.key = ?1",
            [statement],
            |row| Ok((row.get(0)?, Id(row.get(1)?), row.get(2)?)),
        )?;
        let Some((key, id, representative)) = found.into_iter().next() else { return Ok(None) };
        let members =
            self.rows("SELECT key FROM statement WHERE claim = ?1 AND repeat_of IS NULL ORDER BY key", [key], |row| {
                row.get(0)
            })?;
        Ok(Some(StoredClaim { key, id, representative, members }))
    }

    /// The id of a claim.
    pub fn claim_id(&self, key: i64) -> Result<Option<Id>> {
        Ok(self.rows("SELECT id FROM claim WHERE key = ?1", [key], |row| row.get(0).map(Id))?.pop())
    }

    /// Takes away a claim, its edges and its echoes.
    pub fn drop_claim(&self, claim: i64) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM claim WHERE key = ?1")
            .and_then(|mut delete| delete.execute([claim]))
            .map(|_| ())
            .map_err(|e| self.at(e))
    }

    /// Gives a stored claim another id, representative and members; statements that belonged to it go on belonging to it.
    pub fn change_claim(&self, claim: i64, id: &Id, representative: i64, members: &[i64]) -> Result<()> {
        let change = || -> rusqlite::Result<()> {
            self.connection
                .prepare_cached("UPDATE claim SET id = ?2, representative = ?3 WHERE key = ?1")?
                .execute(params![claim, id.as_str(), representative])?;
            let mut own =
                self.connection.prepare_cached("UPDATE statement SET claim = ?2 WHERE key = ?1 AND claim IS NOT ?2")?;
            members.iter().try_for_each(|member| own.execute([*member, claim]).map(|_| ()))
        };
        change().map_err(|e| self.at(e))
    }

    /// Takes away the echoes of a claim.
    pub fn drop_echoes(&self, claim: i64) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM echo WHERE a = ?1 OR b = ?1")
            .and_then(|mut delete| delete.execute([claim]))
            .map(|_| ())
            .map_err(|e| self.at(e))
    }

    /// Documents that carry a claim, by key; those that repeat it without a source among them.
    pub fn carriers(&self, claim: i64) -> Result<Vec<i64>> {
        self.rows("SELECT DISTINCT document FROM statement WHERE claim = ?1 ORDER BY document", [claim], |row| {
            row.get(0)
        })
    }

    /// Claims that a document carries, by key.
    pub fn claims_carried(&self, document: i64) -> Result<Vec<i64>> {
        self.rows(
            "SELECT DISTINCT claim FROM statement WHERE document = ?1 AND claim IS NOT NULL ORDER BY claim",
            [document],
            |row| row.get(0),
        )
    }

    /// Claims that several documents carry, by key.
    pub fn shared_claims(&self) -> Result<Vec<i64>> {
        self.rows(
            "SELECT claim FROM statement WHERE claim IS NOT NULL GROUP BY claim HAVING min(document) < max(document) ORDER BY claim",
            [],
            |row| row.get(0),
        )
    }

    /// Documents that carry at least `several` claims of a document, claims in more than `wide` documents not counted, nor
    /// what repeats without a source.
    pub fn sharing_claims(&self, document: i64, several: usize, wide: usize) -> Result<Vec<i64>> {
        self.rows(
            "WITH own(claim) AS (SELECT DISTINCT s.claim FROM statement s
                WHERE s.document = ?1 AND s.claim IS NOT NULL AND s.repeat_of IS NULL
                  AND s.zone NOT IN ('caption', 'boilerplate')),
             carried(claim, document) AS (SELECT DISTINCT own.claim, s.document FROM own JOIN statement s ON s.claim = own.claim
                WHERE s.repeat_of IS NULL AND s.zone NOT IN ('caption', 'boilerplate')),
             narrow(claim) AS (SELECT claim FROM carried GROUP BY claim HAVING count(*) BETWEEN 2 AND ?3)
             SELECT document FROM carried WHERE claim IN narrow AND document <> ?1
              GROUP BY document HAVING count(*) >= ?2 ORDER BY document",
            params![document, several as i64, wide as i64],
            |row| row.get(0),
        )
    }

    /// Every statement that has no claim yet becomes one of its own.
    pub fn add_single_claims(&self) -> Result<()> {
        self.connection
            .execute_batch(
                "INSERT INTO claim (id, representative) SELECT 'c' || substr(id, 2), key FROM statement WHERE claim IS NULL ORDER BY id;
                 UPDATE statement SET claim = (SELECT c.key FROM claim c WHERE c.representative = statement.key) WHERE claim IS NULL;",
            )
            .map_err(|e| self.at(e))
    }

    /// As `add_single_claims`, of one document.
    pub fn add_single_claims_in(&self, document: i64) -> Result<()> {
        let add = || -> rusqlite::Result<()> {
            for sql in [
                "INSERT INTO claim (id, representative) SELECT 'c' || substr(id, 2), key FROM statement
                  WHERE document = ?1 AND claim IS NULL ORDER BY id",
                "UPDATE statement SET claim = (SELECT c.key FROM claim c WHERE c.representative = statement.key)
                  WHERE document = ?1 AND claim IS NULL",
            ] {
                self.connection.prepare_cached(sql)?.execute([document])?;
            }
            Ok(())
        };
        add().map_err(|e| self.at(e))
    }

    /// The claims of two statements echo each other, unless they are one.
    pub fn add_echo(&self, a: i64, b: i64) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT OR IGNORE INTO echo (a, b) SELECT min(x.claim, y.claim), max(x.claim, y.claim)
                   FROM statement x, statement y WHERE x.key = ?1 AND y.key = ?2 AND x.claim <> y.claim",
            )
            .and_then(|mut insert| insert.execute([a, b]))
            .map(|_| ())
            .map_err(|e| self.at(e))
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
pub(super) fn short(key: u64) -> u32 {
    key as u32
}

fn read_tie(row: &Row<'_>) -> rusqlite::Result<Tie> {
    let (relation, status): (String, String) = (row.get(2)?, row.get(3)?);
    Ok(Tie {
        a: row.get(0)?,
        b: row.get(1)?,
        relation: Relation::of_name(&relation).unwrap_or(Relation::Unrelated),
        status: LinkStatus::of_name(&status).unwrap_or(LinkStatus::Suggested),
        probability: row.get(4)?,
    })
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
        evidence: read_weights(&row.get::<_, String>(6)?),
    })
}
