//! Derivations between documents and the edges of claims, as stored.

use std::collections::BTreeSet;

use rusqlite::params;

use crate::model::{ClaimEdge, Derivation, DocumentRelation, Id, Order};

use super::evidence::{read_evidence, write_evidence};
use super::{Result, Store};

impl Store {
    /// Takes away all derivations and claim edges.
    pub fn drop_lineage(&self) -> Result<()> {
        self.connection.execute_batch("DELETE FROM claim_edge; DELETE FROM derivation;").map_err(|e| self.at(e))
    }

    /// Takes away the derivations between these documents that rest on their texts.
    pub fn drop_derivations_between(&self, documents: &BTreeSet<i64>) -> Result<()> {
        for document in documents {
            let derived = self.derived_from(*document)?;
            for (parent, _, _) in derived.iter().filter(|(parent, cites, _)| !cites && documents.contains(parent)) {
                self.drop_derivation(*parent, *document)?;
            }
        }
        Ok(())
    }

    fn drop_derivation(&self, parent: i64, child: i64) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM derivation WHERE parent = ?1 AND child = ?2")
            .and_then(|mut delete| delete.execute([parent, child]))
            .map(|_| ())
            .map_err(|e| self.at(e))
    }

    /// Takes away what a document derives from because it names it.
    pub fn drop_citations_of(&self, child: i64) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM derivation WHERE child = ?1 AND relation = ?2")
            .and_then(|mut delete| delete.execute(params![child, DocumentRelation::Cites.name()]))
            .map(|_| ())
            .map_err(|e| self.at(e))
    }

    /// Adds derivations between documents that are stored; of two documents that are related already, these hold.
    pub fn add_derivations(&self, derivations: &[Derivation]) -> Result<()> {
        let add = || -> rusqlite::Result<()> {
            let mut insert = self.connection.prepare_cached(
                "INSERT OR REPLACE INTO derivation (parent, child, relation, basis, score, evidence)
                 SELECT p.key, k.key, ?3, ?4, ?5, ?6 FROM document p, document k WHERE p.id = ?1 AND k.id = ?2",
            )?;
            for it in derivations {
                let evidence = write_evidence(&it.evidence);
                let (from, to) = (it.from.as_str(), it.to.as_str());
                insert.execute(params![from, to, it.relation.name(), it.order.name(), it.score, evidence])?;
            }
            Ok(())
        };
        add().map_err(|e| self.at(e))
    }

    /// Takes away the edges of a claim.
    pub fn drop_edges(&self, claim: i64) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM claim_edge WHERE claim = ?1")
            .and_then(|mut delete| delete.execute([claim]))
            .map(|_| ())
            .map_err(|e| self.at(e))
    }

    /// Adds edges of claims that are stored.
    pub fn add_edges(&self, edges: &[ClaimEdge]) -> Result<()> {
        let add = || -> rusqlite::Result<()> {
            let mut insert = self.connection.prepare_cached(
                "INSERT OR IGNORE INTO claim_edge (claim, parent, child, relation, basis, score, evidence)
                 SELECT c.key, p.key, k.key, ?4, ?5, ?6, ?7 FROM claim c, document p, document k
                  WHERE c.id = ?1 AND p.id = ?2 AND k.id = ?3",
            )?;
            for it in edges {
                let ids = (it.claim.as_str(), it.from.as_str(), it.to.as_str());
                let evidence = write_evidence(&it.evidence);
                insert.execute(params![
                    ids.0,
                    ids.1,
                    ids.2,
                    it.relation.name(),
                    it.order.name(),
                    it.score,
                    evidence
                ])?;
            }
            Ok(())
        };
        add().map_err(|e| self.at(e))
    }

    /// What a document derives from: the other's key, whether only by naming it, and whether the direction is known.
    pub fn derived_from(&self, document: i64) -> Result<Vec<(i64, bool, bool)>> {
        self.rows(
            "SELECT parent, relation = ?2, basis <> ?3 FROM derivation WHERE child = ?1 ORDER BY parent",
            params![document, DocumentRelation::Cites.name(), Order::Unknown.name()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
    }

    /// Derivations into these documents, sorted by the ids of their ends.
    pub fn derivations_into(&self, documents: &BTreeSet<i64>) -> Result<Vec<Derivation>> {
        let mut found = Vec::new();
        for document in documents {
            found.extend(self.derivations_where("d.child = ?1", [document])?);
        }
        found.sort_by(|a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
        Ok(found)
    }

    /// All derivations, sorted by the ids of their documents.
    pub fn derivations(&self) -> Result<Vec<Derivation>> {
        self.derivations_where("1", [])
    }

    /// Derivations into and out of a document, sorted by the ids of their ends.
    pub fn derivations_of(&self, document: i64) -> Result<Vec<Derivation>> {
        self.derivations_where("d.child = ?1 OR d.parent = ?1", [document])
    }

    /// Documents that derive from this one, or it from them, by their texts.
    pub fn related_by_text(&self, document: i64) -> Result<Vec<i64>> {
        self.rows(
            "SELECT parent FROM derivation WHERE child = ?1 AND relation <> ?2
              UNION SELECT child FROM derivation WHERE parent = ?1 AND relation <> ?2 ORDER BY 1",
            params![document, DocumentRelation::Cites.name()],
            |row| row.get(0),
        )
    }

    fn derivations_where(&self, condition: &str, values: impl rusqlite::Params) -> Result<Vec<Derivation>> {
        let sql = format!(
            "SELECT p.id, k.id, d.relation, d.basis, d.score, d.evidence
               FROM derivation d JOIN document p ON p.key = d.parent JOIN document k ON k.key = d.child
              WHERE {condition} ORDER BY p.id, k.id"
        );
        self.rows(&sql, values, |row| {
            let (relation, order): (String, String) = (row.get(2)?, row.get(3)?);
            Ok(Derivation {
                from: Id(row.get(0)?),
                to: Id(row.get(1)?),
                relation: DocumentRelation::of_name(&relation).unwrap_or(DocumentRelation::CommonSource),
                order: Order::of_name(&order).unwrap_or(Order::Unknown),
                score: row.get(4)?,
                evidence: read_evidence(&row.get::<_, String>(5)?),
            })
        })
    }

    /// All claim edges, sorted by claim and the ids of their documents.
    pub fn claim_edges(&self) -> Result<Vec<ClaimEdge>> {
        self.claim_edges_where("1", [])
    }

    /// The edges of one claim, sorted by the ids of their documents.
    pub fn edges_of_claim(&self, claim: i64) -> Result<Vec<ClaimEdge>> {
        self.claim_edges_where("x.claim = ?1", [claim])
    }

    fn claim_edges_where(&self, condition: &str, values: impl rusqlite::Params) -> Result<Vec<ClaimEdge>> {
        let sql = format!(
            "SELECT c.id, p.id, k.id, x.relation, x.basis, x.score, x.evidence
               FROM claim_edge x JOIN claim c ON c.key = x.claim
               JOIN document p ON p.key = x.parent JOIN document k ON k.key = x.child
              WHERE {condition} ORDER BY c.id, p.id, k.id"
        );
        self.rows(&sql, values, |row| {
            let (relation, order): (String, String) = (row.get(3)?, row.get(4)?);
            Ok(ClaimEdge {
                claim: Id(row.get(0)?),
                from: Id(row.get(1)?),
                to: Id(row.get(2)?),
                relation: DocumentRelation::of_name(&relation).unwrap_or(DocumentRelation::CommonSource),
                order: Order::of_name(&order).unwrap_or(Order::Unknown),
                score: row.get(5)?,
                evidence: read_evidence(&row.get::<_, String>(6)?),
            })
        })
    }
}
