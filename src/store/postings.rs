//! Posting lists: who has a key (a candidate key, a run of words), packed in blocks.
//!
//! A row `(key, number, more)` is a block: its first posting, and those that follow it in order, as differences in bytes of
//! variable length (Witten, Moffat and Bell, "Managing Gigabytes", 1999, chapter 3). A posting takes 4 to 5 bytes so; as a
//! row of its own it took 14. Blocks are small: a row of up to a quarter of a page stays on its page.

use std::collections::BTreeSet;

use integer_encoding::VarInt;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// A number under a key: a statement, or the rank of a document; not negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Posting {
    pub key: u32,
    pub number: i64,
}

/// The most bytes that follow the first posting of a block.
const FULL: usize = 640;

/// What a block that grew too large is cut down to, or less.
const CUT: usize = FULL * 3 / 4;

/// An index in a table of its own.
pub(super) struct Postings {
    table: &'static str,
}

/// Candidate keys of statements.
pub(super) const LINK_KEYS: Postings = Postings { table: "link_key" };

/// Runs of words, with ranks of documents.
pub(super) const RUNS: Postings = Postings { table: "shingle" };

impl Postings {
    /// Adds postings; those that are there already stay.
    pub fn add(&self, connection: &Connection, postings: &mut Vec<Posting>) -> rusqlite::Result<()> {
        postings.sort_unstable();
        postings.dedup();
        let mut rest = &postings[..];
        while let Some(first) = rest.first() {
            let mut block = self.block_before(connection, *first)?;
            let next = self.block_after(connection, *first)?;
            let until = next.map_or(rest.len(), |next| rest.partition_point(|it| *it < next));
            block.extend_from_slice(&rest[..until]);
            block.sort();
            block.dedup();
            self.write(connection, &block)?;
            rest = &rest[until..];
        }
        Ok(())
    }

    /// Numbers under a key in their order, at most `limit` of them.
    pub fn of(&self, connection: &Connection, key: u32, limit: usize) -> rusqlite::Result<Vec<i64>> {
        let mut found = Vec::new();
        let sql = format!("SELECT * FROM {} WHERE key < ?1 ORDER BY key DESC, number DESC LIMIT 1", self.table);
        let before = connection.prepare_cached(&sql)?.query_row([key], read_block).optional()?.unwrap_or_default();
        found.extend(before.iter().filter(|it| it.key == key).map(|it| it.number));
        let sql = format!("SELECT * FROM {} WHERE key = ?1 ORDER BY number", self.table);
        let mut query = connection.prepare_cached(&sql)?;
        let mut rows = query.query([key])?;
        while found.len() < limit
            && let Some(row) = rows.next()?
        {
            found.extend(read_block(row)?.iter().filter(|it| it.key == key).map(|it| it.number));
        }
        found.truncate(limit);
        Ok(found)
    }

    /// Goes through the index in order: every key with all numbers under it.
    pub fn scan(&self, connection: &Connection, visit: &mut dyn FnMut(&[i64])) -> rusqlite::Result<()> {
        let (mut key, mut numbers): (u32, Vec<i64>) = (0, Vec::new());
        self.each_block(connection, &mut |block| {
            for it in block {
                if it.key != key && !numbers.is_empty() {
                    visit(&numbers);
                    numbers.clear();
                }
                key = it.key;
                numbers.push(it.number);
            }
        })?;
        if !numbers.is_empty() {
            visit(&numbers);
        }
        Ok(())
    }

    /// Takes these numbers away from under all keys.
    pub fn remove(&self, connection: &Connection, gone: &BTreeSet<i64>) -> rusqlite::Result<()> {
        let mut changed: Vec<Vec<Posting>> = Vec::new();
        self.each_block(connection, &mut |block| {
            if block.iter().any(|it| gone.contains(&it.number)) {
                changed.push(block.to_vec());
            }
        })?;
        let sql = format!("DELETE FROM {} WHERE key = ?1 AND number = ?2", self.table);
        let mut delete = connection.prepare_cached(&sql)?;
        for mut block in changed {
            delete.execute(params![block[0].key, block[0].number])?;
            block.retain(|it| !gone.contains(&it.number));
            self.write(connection, &block)?;
        }
        Ok(())
    }

    fn each_block(&self, connection: &Connection, visit: &mut dyn FnMut(&[Posting])) -> rusqlite::Result<()> {
        let mut query = connection.prepare_cached(&format!("SELECT * FROM {} ORDER BY key, number", self.table))?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            visit(&read_block(row)?);
        }
        Ok(())
    }

    /// The block that a posting belongs into; empty if it comes before all blocks.
    fn block_before(&self, connection: &Connection, it: Posting) -> rusqlite::Result<Vec<Posting>> {
        let sql = format!(
            "SELECT * FROM {} WHERE (key, number) <= (?1, ?2) ORDER BY key DESC, number DESC LIMIT 1",
            self.table
        );
        let found = connection.prepare_cached(&sql)?.query_row(params![it.key, it.number], read_block).optional()?;
        Ok(found.unwrap_or_default())
    }

    /// Where the next block begins.
    fn block_after(&self, connection: &Connection, it: Posting) -> rusqlite::Result<Option<Posting>> {
        let sql = format!(
            "SELECT key, number FROM {} WHERE (key, number) > (?1, ?2) ORDER BY key, number LIMIT 1",
            self.table
        );
        connection.prepare_cached(&sql)?.query_row(params![it.key, it.number], read_first).optional()
    }

    /// Writes sorted postings as one block, or as several alike where one would be too large. A block with the same first
    /// posting is replaced.
    fn write(&self, connection: &Connection, postings: &[Posting]) -> rusqlite::Result<()> {
        let size = pack(postings).len();
        let parts = if size > FULL { size.div_ceil(CUT) } else { 1 };
        let sql = format!("INSERT OR REPLACE INTO {} (key, number, more) VALUES (?1, ?2, ?3)", self.table);
        let mut insert = connection.prepare_cached(&sql)?;
        for block in postings.chunks(postings.len().div_ceil(parts).max(1)) {
            insert.execute(params![block[0].key, block[0].number, pack(block)])?;
        }
        Ok(())
    }
}

/// What follows the first posting: for each its key less the key before it, then its number; under the same key, the number
/// less the one before it.
fn pack(postings: &[Posting]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut put = |value: u64| {
        let mut room = [0; 10];
        let length = value.encode_var(&mut room);
        bytes.extend_from_slice(&room[..length]);
    };
    for pair in postings.windows(2) {
        let (before, it) = (pair[0], pair[1]);
        put(u64::from(it.key - before.key));
        let from = if it.key == before.key { before.number } else { 0 };
        put(it.number.wrapping_sub(from) as u64);
    }
    bytes
}

/// The postings of a block whose first one is given; of damaged bytes those up to the damage.
fn unpack(first: Posting, mut bytes: &[u8]) -> Vec<Posting> {
    let mut postings = vec![first];
    let mut last = first;
    let mut take = || -> Option<u64> {
        let (value, length) = u64::decode_var(bytes)?;
        bytes = &bytes[length..];
        Some(value)
    };
    while let Some((apart, number)) = take().zip(take()) {
        let from = if apart == 0 { last.number } else { 0 };
        let key = u32::try_from(apart).ok().and_then(|apart| last.key.checked_add(apart));
        let number = i64::try_from(number).ok().and_then(|number| from.checked_add(number));
        let Some((key, number)) = key.zip(number) else { break };
        last = Posting { key, number };
        postings.push(last);
    }
    postings
}

fn read_first(row: &Row<'_>) -> rusqlite::Result<Posting> {
    Ok(Posting { key: row.get(0)?, number: row.get(1)? })
}

fn read_block(row: &Row<'_>) -> rusqlite::Result<Vec<Posting>> {
    Ok(unpack(read_first(row)?, row.get_ref(2)?.as_blob()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn new_index() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(include_str!("../../migrations/schema.sql")).unwrap();
        connection
    }

    fn all(connection: &Connection) -> Vec<Posting> {
        let mut all = Vec::new();
        LINK_KEYS.each_block(connection, &mut |block| all.extend_from_slice(block)).unwrap();
        all
    }

    fn postings() -> impl Strategy<Value = Vec<Posting>> {
        let key = prop_oneof![0u32..6, 0u32..3000, any::<u32>()];
        let number = prop_oneof![0i64..50, 0i64..5000, 0i64..1 << 48];
        prop::collection::vec((key, number).prop_map(|(key, number)| Posting { key, number }), 0..600)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// Against a sorted set: in any order, in any number of batches, with some taken away.
        #[test]
        fn an_index_holds_what_was_added(batches in prop::collection::vec(postings(), 1..6), gone in prop::collection::btree_set(0i64..50, 0..9)) {
            let connection = new_index();
            let mut wanted: BTreeSet<Posting> = BTreeSet::new();
            for mut batch in batches {
                wanted.extend(&batch);
                LINK_KEYS.add(&connection, &mut batch).unwrap();
            }
            LINK_KEYS.remove(&connection, &gone).unwrap();
            wanted.retain(|it| !gone.contains(&it.number));
            prop_assert_eq!(all(&connection), wanted.iter().copied().collect::<Vec<_>>());
            for key in [0, 1, 5, 77, 3000, u32::MAX].into_iter().chain(wanted.iter().map(|it| it.key).take(40)) {
                let numbers: Vec<i64> = wanted.iter().filter(|it| it.key == key).map(|it| it.number).collect();
                prop_assert_eq!(&LINK_KEYS.of(&connection, key, 3).unwrap(), &numbers[..numbers.len().min(3)]);
                prop_assert_eq!(LINK_KEYS.of(&connection, key, usize::MAX).unwrap(), numbers);
            }
            let mut scanned = Vec::new();
            LINK_KEYS.scan(&connection, &mut |numbers| scanned.push(numbers.to_vec())).unwrap();
            let groups: Vec<Posting> = wanted.into_iter().collect();
            let groups: Vec<Vec<i64>> =
                groups.chunk_by(|a, b| a.key == b.key).map(|same| same.iter().map(|it| it.number).collect()).collect();
            prop_assert_eq!(scanned, groups);
        }

        #[test]
        fn damaged_bytes_end_a_block(key in any::<u32>(), number in any::<i64>(), bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let first = Posting { key, number };
            let read = unpack(first, &bytes);
            prop_assert_eq!(read[0], first);
            prop_assert!(read.is_sorted_by_key(|it| it.key));
        }
    }

    #[test]
    fn blocks_stay_small_and_full() {
        let connection = new_index();
        for batch in 0..40u32 {
            let mut postings: Vec<Posting> = (0..500u32)
                .map(|at| Posting {
                    key: (at * 40 + batch).wrapping_mul(2_654_435_761),
                    number: i64::from(batch * 500 + at),
                })
                .collect();
            LINK_KEYS.add(&connection, &mut postings).unwrap();
        }
        let (blocks, bytes, longest): (i64, i64, i64) = connection
            .query_row("SELECT count(*), sum(length(more)), max(length(more)) FROM link_key", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .unwrap();
        assert!(longest <= FULL as i64);
        assert!(bytes / blocks > FULL as i64 / 3, "{bytes} bytes in {blocks} blocks");
        assert!(bytes < 20_000 * 6, "{bytes} bytes for 20,000 postings");
    }
}
