//! Which documents share runs of words: an index of runs, and the pairs that were found through it.

use rusqlite::{OptionalExtension, params};

use super::postings::{Posting, RUNS};
use super::{Result, Store};

impl Store {
    /// Documents whose runs are not in the index, by key.
    pub fn without_runs(&self) -> Result<Vec<i64>> {
        let without = "WHERE NOT EXISTS (SELECT 1 FROM document_rank r WHERE r.document = x.key) ORDER BY x.key";
        // They are among those that wait, unless the index is younger than the store.
        let waiting = format!("SELECT x.key FROM (SELECT document AS key FROM pending) x {without}");
        let found = self.rows(&waiting, [], |row| row.get(0))?;
        if self.rows_covered("document_rank")? + found.len() == self.document_count()? {
            return Ok(found);
        }
        self.rows(&format!("SELECT x.key FROM document x {without}"), [], |row| row.get(0))
    }

    /// The rank of a document in the index of runs.
    pub fn rank(&self, document: i64) -> Result<Option<i64>> {
        self.connection
            .prepare_cached("SELECT rank FROM document_rank WHERE document = ?1")
            .and_then(|mut query| query.query_row([document], |row| row.get(0)).optional())
            .map_err(|e| self.at(e))
    }

    /// The documents with these ranks, in this order.
    pub fn documents_of_ranks(&self, ranks: &[i64]) -> Result<Vec<i64>> {
        let find = || -> rusqlite::Result<Vec<i64>> {
            let mut query = self.connection.prepare_cached("SELECT document FROM document_rank WHERE rank = ?1")?;
            let mut found = Vec::with_capacity(ranks.len());
            for rank in ranks {
                found.extend(query.query_row([rank], |row| row.get::<_, i64>(0)).optional()?);
            }
            Ok(found)
        };
        find().map_err(|e| self.at(e))
    }

    /// Gives a document its place among all: this one, or where another document has it, the next free one. Returns it.
    pub fn add_rank(&self, document: i64, rank: i64) -> Result<i64> {
        let add = || -> rusqlite::Result<i64> {
            let mut rank = rank;
            let mut place = self.connection.prepare_cached(
                "INSERT INTO document_rank (document, rank) VALUES (?1, ?2) ON CONFLICT (rank) DO NOTHING",
            )?;
            while place.execute([document, rank])? == 0 {
                rank += 1;
            }
            Ok(rank)
        };
        add().map_err(|e| self.at(e))
    }

    /// Adds runs, each by its hash with the rank of a document that has it, to the index.
    pub fn add_runs(&self, runs: Vec<(u32, i64)>) -> Result<()> {
        let mut postings: Vec<Posting> = runs.into_iter().map(|(key, number)| Posting { key, number }).collect();
        RUNS.add(&self.connection, &mut postings).map_err(|e| self.at(e))
    }

    /// Ranks of the documents that have a run, earliest first, at most `limit` of them.
    pub fn shingle_ranks(&self, hash: u32, limit: usize) -> Result<Vec<i64>> {
        RUNS.of(&self.connection, hash, limit).map_err(|e| self.at(e))
    }

    /// Goes through the index: for every run the ranks of all documents that have it, earliest first.
    pub fn scan_shingles(&self, visit: &mut dyn FnMut(&[i64])) -> Result<()> {
        RUNS.scan(&self.connection, visit).map_err(|e| self.at(e))
    }

    /// All ranks with their documents, by rank.
    pub fn ranks(&self) -> Result<Vec<(i64, i64)>> {
        self.rows("SELECT rank, document FROM document_rank ORDER BY rank", [], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Documents near this one, each with whether the two share narrative.
    pub fn near(&self, document: i64) -> Result<Vec<(i64, bool)>> {
        self.rows(
            "SELECT b, narrative FROM near WHERE a = ?1 UNION ALL SELECT a, narrative FROM near WHERE b = ?1 ORDER BY 1",
            [document],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
    }

    /// The kin of a document: those that share narrative with it, by key.
    pub fn kin(&self, document: i64) -> Result<Vec<i64>> {
        Ok(self.near(document)?.into_iter().filter(|(_, narrative)| *narrative).map(|(other, _)| other).collect())
    }

    /// All pairs that share narrative, smaller key first.
    pub fn narrative_pairs(&self) -> Result<Vec<(i64, i64)>> {
        self.rows("SELECT a, b FROM near WHERE narrative ORDER BY a, b", [], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Stores whether two documents (smaller key first) that share runs share narrative.
    pub fn add_near(&self, a: i64, b: i64, narrative: bool) -> Result<()> {
        self.connection
            .prepare_cached("INSERT OR REPLACE INTO near (a, b, narrative) VALUES (?1, ?2, ?3)")
            .and_then(|mut insert| insert.execute(params![a, b, narrative]))
            .map(|_| ())
            .map_err(|e| self.at(e))
    }

    pub fn drop_near(&self, a: i64, b: i64) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM near WHERE a = ?1 AND b = ?2")
            .and_then(|mut delete| delete.execute([a, b]))
            .map(|_| ())
            .map_err(|e| self.at(e))
    }

    /// Takes away the index and all pairs.
    pub fn drop_shingles(&self) -> Result<()> {
        self.connection
            .execute_batch("DELETE FROM near; DELETE FROM shingle; DELETE FROM document_rank;")
            .map_err(|e| self.at(e))
    }
}
