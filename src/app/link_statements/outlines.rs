//! The outlines of statements: kept as documents are analysed, read from the store where nobody did.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::app::Progress;
use crate::link::{self, Outline, OutlineSpeakers};
use crate::model::Variant;
use crate::store::Store;

use super::Stored;
use super::wordings::read_variants;

/// Documents whose statements are read together.
const DOCUMENTS: usize = 256;

/// Outlines of statements that were just stored.
#[derive(Default)]
pub(in crate::app) struct Outlines {
    /// By the key of their statement, ascending; those of a document together, so that room is given back as they are used.
    kept: Vec<Vec<(i64, Outline)>>,
    speakers: OutlineSpeakers,
}

impl Outlines {
    /// Keeps those of a document's statements, given in the order in which these were stored. Documents come in that order, too.
    /// Without outlines, what was kept under these keys is forgotten: they were other statements' before.
    pub fn keep(&mut self, statements: &[i64], outlines: Vec<Outline>) {
        let Some(first) = statements.first() else { return };
        while let Some(last) = self.kept.last_mut() {
            last.truncate(last.partition_point(|(key, _)| key < first));
            if !last.is_empty() {
                break;
            }
            self.kept.pop();
        }
        let mut kept: Vec<(i64, Outline)> = statements.iter().copied().zip(outlines).collect();
        kept.iter_mut().for_each(|(_, outline)| self.speakers.share(outline));
        self.kept.push(kept);
    }

    /// The outlines of these statements (with their documents, all of a document's side by side), in their order.
    pub fn of(mut self, store: &Store, linkable: &[(i64, i64)], progress: &dyn Progress) -> Stored<Vec<Outline>> {
        let mut kept = std::mem::take(&mut self.kept).into_iter().flatten().peekable();
        let mut outlines: Vec<Outline> = Vec::with_capacity(linkable.len());
        let mut missing: Vec<(usize, (i64, i64))> = Vec::new();
        for (at, statement) in linkable.iter().enumerate() {
            while kept.next_if(|(key, _)| *key < statement.0).is_some() {}
            let found = kept.next_if(|(key, _)| *key == statement.0);
            if found.is_none() {
                missing.push((at, *statement));
            }
            outlines.push(found.map(|(_, outline)| outline).unwrap_or_default());
        }
        let mut documents = missing.chunk_by(|x, y| x.1.1 == y.1.1);
        let mut done = 0;
        loop {
            let together: Vec<&[(usize, (i64, i64))]> = documents.by_ref().take(DOCUMENTS).collect();
            if together.is_empty() {
                return Ok(outlines);
            }
            for (at, mut outline) in read(store, &together)? {
                self.speakers.share(&mut outline);
                outlines[at] = outline;
            }
            done += together.iter().map(|document| document.len()).sum::<usize>();
            progress.at("reading statements", done, missing.len());
        }
    }
}

/// The outlines of statements of some documents, each with its place.
fn read(store: &Store, documents: &[&[(usize, (i64, i64))]]) -> Stored<Vec<(usize, Outline)>> {
    let mut variants: HashMap<i64, Variant> = HashMap::new();
    for statements in documents {
        let wanted: Vec<i64> = statements.iter().map(|(_, (statement, _))| *statement).collect();
        read_variants(store, statements[0].1.1, &wanted, &mut variants)?;
    }
    let statements: Vec<(usize, i64)> =
        documents.iter().flat_map(|statements| statements.iter().map(|(at, (key, _))| (*at, *key))).collect();
    let outline = |key: &i64| variants.get(key).map(|variant| link::outline(&link::prepare(variant)));
    Ok(statements.par_iter().map(|(at, key)| (*at, outline(key).unwrap_or_default())).collect())
}
