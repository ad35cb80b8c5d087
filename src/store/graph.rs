//! Derivations between documents and the edges of claims, as stored.

use std::collections::BTreeMap;

use rusqlite::params;

use crate::model::{ClaimEdge, Derivation, DocumentRelation, Id, Order};

use super::evidence::{read_evidence, write_evidence};
use super::{Result, Store};

impl Store {
    /// Puts these in the place of all stored derivations and claim edges.
    pub fn replace_lineage(&self, derivations: &[Derivation], edges: &[ClaimEdge]) -> Result<()> {
        let documents: BTreeMap<Id, i64> = self.document_keys()?.into_iter().map(|(key, id)| (id, key)).collect();
        let claims: BTreeMap<Id, i64> =
            self.rows("SELECT id, key FROM claim", [], |row| Ok((Id(row.get(0)?), row.get(1)?)))?.into_iter().collect();
        let replace = || -> rusqlite::Result<()> {
            self.connection.execute_batch("DELETE FROM claim_edge; DELETE FROM derivation;")?;
            let mut insert = self.connection.prepare_cached(
                "INSERT OR IGNORE INTO derivation (parent, child, relation, basis, score, evidence)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for it in derivations {
                let (Some(from), Some(to)) = (documents.get(&it.from), documents.get(&it.to)) else { continue };
                let evidence = write_evidence(&it.evidence);
                insert.execute(params![from, to, it.relation.name(), it.order.name(), it.score, evidence])?;
            }
            let mut insert = self.connection.prepare_cached(
                "INSERT OR IGNORE INTO claim_edge (claim, parent, child, relation, basis, score, evidence)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?;
            for it in edges {
                let ends = (claims.get(&it.claim), documents.get(&it.from), documents.get(&it.to));
                let (Some(claim), Some(from), Some(to)) = ends else { continue };
                let evidence = write_evidence(&it.evidence);
                insert.execute(params![claim, from, to, it.relation.name(), it.order.name(), it.score, evidence])?;
            }
            Ok(())
        };
        replace().map_err(|e| self.at(e))
    }

    /// All derivations, sorted by the ids of their documents.
    pub fn derivations(&self) -> Result<Vec<Derivation>> {
        self.rows(
            "SELECT p.id, k.id, d.relation, d.basis, d.score, d.evidence
               FROM derivation d JOIN document p ON p.key = d.parent JOIN document k ON k.key = d.child
              ORDER BY p.id, k.id",
            [],
            |row| {
                let (relation, order): (String, String) = (row.get(2)?, row.get(3)?);
                Ok(Derivation {
                    from: Id(row.get(0)?),
                    to: Id(row.get(1)?),
                    relation: DocumentRelation::of_name(&relation).unwrap_or(DocumentRelation::CommonSource),
                    order: Order::of_name(&order).unwrap_or(Order::Unknown),
                    score: row.get(4)?,
                    evidence: read_evidence(&row.get::<_, String>(5)?),
                })
            },
        )
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
