//! Statements: the analysis of one document goes in whole; statements come out with byte spans into their text.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Row, params};

use crate::model::{
    Act, Attribution, Date, Embedding, EntityKind, Evidence, Extractor, Id, IdKind, Kind, LocalEntity, Passage,
    PassageKind, Statement, Via,
};
use crate::text::{CodePoints, Span};

use super::evidence::{read_evidence, write_evidence, write_spellings};
use super::links::short;
use super::postings::{LINK_KEYS, Posting};
use super::{Result, Store, StoredDocument, digest, to_json};

/// Everything derived from one document alone.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    pub passages: Vec<Passage>,
    pub entities: Vec<LocalEntity>,
    pub statements: Vec<NewStatement>,
    /// The match keys of the whole text, joined by spaces.
    pub folded: String,
}

/// One statement on its way in.
#[derive(Clone, Debug)]
pub struct NewStatement {
    pub attribution: Attribution,
    /// Index into the analysis' entities, how it is known, and why.
    pub speaker: Option<(usize, Via, Vec<Evidence>)>,
    /// The match keys of the content, joined by spaces.
    pub folded: String,
    /// Keys under which linking finds candidates.
    pub link_keys: Vec<u64>,
    /// What it means, where the extractor's tier goes that far.
    pub embedding: Option<Embedding>,
}

/// A stored statement.
#[derive(Clone, Debug, PartialEq)]
pub struct StatementRow {
    pub key: i64,
    pub document_key: i64,
    pub speaker_evidence: Vec<Evidence>,
    pub statement: Statement,
}

const COLUMNS: &str = "s.key, s.id, s.document, d.id, s.kind, s.act, s.negated, s.marks_lost, s.zone, s.said_on, \
    s.confidence, s.extractor, n.id, r.id, e.id, e.name, e.kind, s.via, s.evidence, s.speaker_evidence, c.id, l.name";
const FROM: &str = "FROM statement s JOIN document d ON d.key = s.document \
    LEFT JOIN statement n ON n.key = s.nested_in LEFT JOIN statement r ON r.key = s.repeat_of \
    LEFT JOIN local_entity l ON l.key = s.speaker LEFT JOIN entity e ON e.key = l.entity \
    LEFT JOIN claim c ON c.key = s.claim";

/// The public id of an attribution in a document: from the document's id and the spans of source, cue and content.
pub fn statement_id(document: &Id, attribution: &Attribution, points: &CodePoints) -> Id {
    let mut parts = vec![document.as_str().to_string()];
    for (role, spans) in [("s", &attribution.source), ("c", &attribution.cue), ("q", &attribution.content)] {
        for span in spans {
            let (start, end) = points.of_span(*span);
            parts.push(format!("{role}{start}-{end}"));
        }
    }
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    Id::of(IdKind::Statement, &parts)
}

impl Store {
    /// The row of a run: program version and the options that shaped what was derived.
    pub fn run(&self, version: &str, options: &str) -> Result<i64> {
        let find = || -> rusqlite::Result<i64> {
            let added = self.connection.execute(
                "INSERT INTO run (version, options) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                [version, options],
            )?;
            if added > 0 {
                digest::seal_runs(&self.connection)?;
            }
            self.connection.query_row(
                "SELECT key FROM run WHERE version = ?1 AND options = ?2",
                [version, options],
                |row| row.get(0),
            )
        };
        find().map_err(|e| self.at(e))
    }

    /// Versions and options of all runs.
    pub fn runs(&self) -> Result<Vec<(String, String)>> {
        self.rows("SELECT version, options FROM run ORDER BY version, options", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }

    /// Stores the analysis of a document; returns the keys of its statements in order.
    pub fn add_analysis(&self, document: &StoredDocument, analysis: &Analysis, run: i64) -> Result<Vec<i64>> {
        self.insert_analysis(document, analysis, run).map_err(|e| self.at(e))
    }

    fn insert_analysis(&self, document: &StoredDocument, analysis: &Analysis, run: i64) -> rusqlite::Result<Vec<i64>> {
        let points = CodePoints::new(&document.document.text);
        self.insert_passages(document.key, &analysis.passages, &points)?;
        self.connection
            .prepare_cached("INSERT INTO document_search (rowid, folded) VALUES (?1, ?2)")?
            .execute(params![document.key, analysis.folded])?;
        let locals = self.insert_local_entities(document.key, &analysis.entities)?;
        let mut keys: Vec<i64> = Vec::with_capacity(analysis.statements.len());
        for (ordinal, new) in analysis.statements.iter().enumerate() {
            let parent = new.attribution.parent.and_then(|parent| keys.get(parent)).copied();
            keys.push(self.insert_statement(document, ordinal, new, &locals, parent, run, &points)?);
        }
        let mut link_keys: Vec<Posting> = Vec::new();
        for (new, key) in analysis.statements.iter().zip(&keys) {
            // What is never linked must not be found as a candidate either, or the order of arrival would matter.
            if !matches!(new.attribution.zone, PassageKind::Caption | PassageKind::Boilerplate) {
                link_keys.extend(new.link_keys.iter().map(|it| Posting { key: short(*it), number: *key }));
            }
            if let Some(embedding) = &new.embedding {
                self.insert_embedding(*key, embedding)?;
            }
            // A parent may come after its child in text order.
            if let Some(parent) = new.attribution.parent.and_then(|parent| keys.get(parent)) {
                self.connection
                    .prepare_cached("UPDATE statement SET nested_in = ?2 WHERE key = ?1 AND nested_in IS NULL")?
                    .execute([key, parent])?;
            }
        }
        self.keep_link_keys(document.key, &link_keys)?;
        digest::seal_derived(&self.connection, document.key)?;
        Ok(keys)
    }

    fn insert_passages(&self, document: i64, passages: &[Passage], points: &CodePoints) -> rusqlite::Result<()> {
        let mut insert = self.connection.prepare_cached(
            "INSERT OR IGNORE INTO passage (document, start, end, kind, evidence) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for passage in passages {
            let (start, end) = points.of_span(passage.span);
            let evidence = write_evidence(&passage.evidence);
            insert.execute(params![document, start as i64, end as i64, passage.kind.name(), evidence])?;
        }
        Ok(())
    }

    fn insert_local_entities(&self, document: i64, entities: &[LocalEntity]) -> rusqlite::Result<Vec<i64>> {
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO local_entity (document, ordinal, name, kind, roles, aliases, evidence)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        let mut keys = Vec::with_capacity(entities.len());
        for (ordinal, entity) in entities.iter().enumerate() {
            insert.execute(params![
                document,
                ordinal as i64,
                entity.name,
                entity.kind.name(),
                to_json(&entity.roles),
                write_spellings(&entity.aliases),
                write_evidence(&entity.evidence),
            ])?;
            keys.push(self.connection.last_insert_rowid());
        }
        Ok(keys)
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn insert_statement(
        &self,
        document: &StoredDocument,
        ordinal: usize,
        new: &NewStatement,
        locals: &[i64],
        parent: Option<i64>,
        run: i64,
        points: &CodePoints,
    ) -> rusqlite::Result<i64> {
        let it = &new.attribution;
        let id = statement_id(&document.id, it, points);
        let speaker = new.speaker.as_ref().and_then(|(local, ..)| locals.get(*local)).copied();
        let via = new.speaker.as_ref().map(|(_, via, _)| via.name());
        let speaker_evidence = new.speaker.as_ref().map_or(Vec::new(), |(.., evidence)| evidence.clone());
        self.connection
            .prepare_cached(
                "INSERT INTO statement (id, document, ordinal, kind, act, negated, marks_lost, zone, said_on, confidence,
                   extractor, nested_in, speaker, via, evidence, speaker_evidence, run)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
            )?
            .execute(params![
                id.as_str(),
                document.key,
                ordinal as i64,
                it.kind.name(),
                it.act.name(),
                it.negated,
                it.marks_lost,
                it.zone.name(),
                it.said_on.as_ref().map(Date::as_str),
                it.confidence,
                it.extractor.name(),
                parent,
                speaker,
                via,
                write_evidence(&it.evidence),
                write_evidence(&speaker_evidence),
                run,
            ])?;
        let key = self.connection.last_insert_rowid();
        self.connection
            .prepare_cached("INSERT INTO statement_search (rowid, folded) VALUES (?1, ?2)")?
            .execute(params![key, new.folded])?;
        self.insert_spans(key, it, points)?;
        Ok(key)
    }

    fn insert_spans(&self, statement: i64, it: &Attribution, points: &CodePoints) -> rusqlite::Result<()> {
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO statement_span (statement, role, ordinal, start, end) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        let addressee: Vec<Span> = it.addressee.into_iter().collect();
        let medium: Vec<Span> = it.medium.into_iter().collect();
        let roles: [(&str, &[Span]); 6] = [
            ("source", &it.source),
            ("cue", &it.cue),
            ("content", &it.content),
            ("addressee", &addressee),
            ("medium", &medium),
            ("chain", &it.chain),
        ];
        for (role, spans) in roles {
            for (ordinal, span) in spans.iter().enumerate() {
                let (start, end) = points.of_span(*span);
                insert.execute(params![statement, role, ordinal as i64, start as i64, end as i64])?;
            }
        }
        Ok(())
    }

    /// Takes away everything derived from one document.
    pub fn drop_analysis(&self, document: i64) -> Result<()> {
        let drop = || -> rusqlite::Result<()> {
            let statements = "SELECT key FROM statement WHERE document = ?1";
            let known: bool = self
                .connection
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM passage WHERE document = ?1) OR EXISTS (SELECT 1 FROM statement WHERE document = ?1)",
                )?
                .query_row([document], |row| row.get(0))?;
            if !known {
                // Candidate keys have no index by statement: looking for those of a new document would cost a scan each time.
                return Ok(());
            }
            let mut query = self.connection.prepare_cached(statements)?;
            let gone = query.query_map([document], |row| row.get(0))?.collect::<rusqlite::Result<BTreeSet<i64>>>()?;
            LINK_KEYS.remove(&self.connection, &gone)?;
            for sql in [
                "DELETE FROM waiting_keys WHERE document = ?1".to_string(),
                format!("DELETE FROM link WHERE a IN ({statements}) OR b IN ({statements})"),
                format!("DELETE FROM claim WHERE representative IN ({statements})"),
                "DELETE FROM statement WHERE document = ?1".to_string(),
                "DELETE FROM local_entity WHERE document = ?1".to_string(),
                "DELETE FROM passage WHERE document = ?1".to_string(),
                "DELETE FROM document_search WHERE rowid = ?1".to_string(),
            ] {
                self.connection.execute(&sql, [document])?;
            }
            Ok(())
        };
        drop().map_err(|e| self.at(e))
    }

    /// Takes away everything derived.
    pub fn drop_derived(&self) -> Result<()> {
        self.connection
            .execute_batch(
                "DELETE FROM pending; DELETE FROM near; DELETE FROM shingle; DELETE FROM document_rank; DELETE FROM claim_edge; DELETE FROM derivation; DELETE FROM echo; DELETE FROM link;
                 DELETE FROM link_key; DELETE FROM waiting_keys; UPDATE statement SET claim = NULL, speaker = NULL, nested_in = NULL, repeat_of = NULL;
                 DELETE FROM claim; DELETE FROM statement; DELETE FROM local_entity; DELETE FROM entity_suggestion;
                 DELETE FROM alias; DELETE FROM entity; DELETE FROM passage; DELETE FROM run;
                 INSERT INTO document_search(document_search) VALUES ('delete-all');
                 INSERT INTO statement_search(statement_search) VALUES ('delete-all');",
            )
            .map_err(|e| self.at(e))
    }

    /// The statements with these keys, in this order; unknown keys are passed over.
    pub fn statements(&self, keys: &[i64]) -> Result<Vec<StatementRow>> {
        let mut documents = TextCache::default();
        let mut found = Vec::with_capacity(keys.len());
        for key in keys {
            found.extend(self.statements_where("s.key = ?1", [key], &mut documents)?);
        }
        Ok(found)
    }

    /// Every statement, by document id and place.
    pub fn all_statements(&self) -> Result<Vec<StatementRow>> {
        self.statements_where("1 ORDER BY d.id, s.ordinal", [], &mut TextCache::default())
    }

    /// The id of a statement.
    pub fn id_of_statement(&self, key: i64) -> Result<Option<Id>> {
        Ok(self.rows("SELECT id FROM statement WHERE key = ?1", [key], |row| row.get(0).map(Id))?.pop())
    }

    /// The key of the statement with this id.
    pub fn key_of_statement(&self, id: &Id) -> Result<Option<i64>> {
        Ok(self.rows("SELECT key FROM statement WHERE id = ?1", [id.as_str()], |row| row.get(0))?.pop())
    }

    /// The documents of these statements, by key.
    pub fn documents_of_statements(&self, statements: &BTreeSet<i64>) -> Result<BTreeSet<i64>> {
        let mut found = BTreeSet::new();
        for &statement in statements {
            found.extend(self.document_of(statement)?);
        }
        Ok(found)
    }

    /// Keys of a document's statements that links may be made for: not those in captions and boilerplate.
    pub fn statement_keys_of_document(&self, document: i64) -> Result<Vec<i64>> {
        self.rows(
            "SELECT key FROM statement WHERE document = ?1 AND zone NOT IN ('caption', 'boilerplate') ORDER BY ordinal",
            [document],
            |row| row.get(0),
        )
    }

    /// Keys and ids of all statements, sorted by id.
    pub fn statement_ids(&self) -> Result<Vec<(i64, Id)>> {
        self.rows("SELECT key, id FROM statement ORDER BY id", [], |row| Ok((row.get(0)?, Id(row.get(1)?))))
    }

    pub fn statements_of_document(&self, document: i64) -> Result<Vec<StatementRow>> {
        self.statements_where("s.document = ?1 ORDER BY s.ordinal", [document], &mut TextCache::default())
    }

    /// The statements of a claim, by date of document, then id.
    pub fn statements_of_claim(&self, claim: i64) -> Result<Vec<StatementRow>> {
        let order = "s.claim = ?1 ORDER BY coalesce(d.published, '9999'), s.id";
        self.statements_where(order, [claim], &mut TextCache::default())
    }

    /// What an entity said, by date of document, then place.
    pub fn statements_of_entity(&self, entity: i64) -> Result<Vec<StatementRow>> {
        let order = "l.entity = ?1 ORDER BY coalesce(d.published, '9999'), d.id, s.ordinal";
        self.statements_where(order, [entity], &mut TextCache::default())
    }

    fn statements_where(
        &self,
        condition: &str,
        values: impl rusqlite::Params,
        texts: &mut TextCache,
    ) -> Result<Vec<StatementRow>> {
        let sql = format!("SELECT {COLUMNS} {FROM} WHERE {condition}");
        let mut found = self.rows(&sql, values, read_statement)?;
        for row in &mut found {
            self.fill_spans(row, texts)?;
        }
        Ok(found)
    }

    fn fill_spans(&self, row: &mut StatementRow, texts: &mut TextCache) -> Result<()> {
        let spans: Vec<(String, i64, i64)> = self.rows(
            "SELECT role, start, end FROM statement_span WHERE statement = ?1 ORDER BY role, ordinal",
            [row.key],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let text = texts.of(self, row.document_key)?;
        let points = CodePoints::new(text);
        let it = &mut row.statement.attribution;
        for (role, start, end) in spans {
            let span = points.to_span(start.max(0) as usize, end.max(0) as usize);
            match role.as_str() {
                "source" => it.source.push(span),
                "cue" => it.cue.push(span),
                "content" => it.content.push(span),
                "addressee" => it.addressee = Some(span),
                "medium" => it.medium = Some(span),
                _ => it.chain.push(span),
            }
        }
        Ok(())
    }
}

/// Texts of documents, loaded once.
#[derive(Default)]
struct TextCache(BTreeMap<i64, String>);

impl TextCache {
    fn of(&mut self, store: &Store, document: i64) -> Result<&str> {
        if !self.0.contains_key(&document) {
            if self.0.len() > 256 {
                self.0.clear(); // bounds memory on long exports
            }
            let text: String = store
                .connection
                .prepare_cached("SELECT text FROM document WHERE key = ?1")
                .and_then(|mut statement| statement.query_row([document], |row| row.get(0)))
                .map_err(|e| store.at(e))?;
            self.0.insert(document, text);
        }
        Ok(self.0.get(&document).map_or("", String::as_str))
    }
}

fn read_statement(row: &Row<'_>) -> rusqlite::Result<StatementRow> {
    let text = |at: usize| row.get::<_, String>(at);
    let maybe = |at: usize| row.get::<_, Option<String>>(at);
    let extractor = Extractor::of_name(&text(11)?).unwrap_or_default();
    let mut it = Attribution::new(extractor, Vec::new(), Vec::new(), Vec::new());
    it.kind = Kind::of_name(&text(4)?).unwrap_or(Kind::Indirect);
    it.act = Act::of_name(&text(5)?).unwrap_or(Act::Statement);
    it.negated = row.get(6)?;
    it.marks_lost = row.get(7)?;
    it.zone = PassageKind::of_name(&text(8)?).unwrap_or(PassageKind::Body);
    it.said_on = maybe(9)?.as_deref().and_then(Date::parse_iso);
    it.confidence = row.get(10)?;
    it.evidence = read_evidence(&text(18)?);
    Ok(StatementRow {
        key: row.get(0)?,
        document_key: row.get(2)?,
        speaker_evidence: read_evidence(&text(19)?),
        statement: Statement {
            id: Id(text(1)?),
            document: Id(text(3)?),
            attribution: it,
            speaker: maybe(14)?.map(Id),
            speaker_name: maybe(15)?.or(maybe(21)?),
            speaker_kind: maybe(16)?.as_deref().and_then(EntityKind::of_name),
            via: maybe(17)?.as_deref().and_then(Via::of_name),
            claim: maybe(20)?.map(Id),
            repeat_of: maybe(13)?.map(Id),
            nested_in: maybe(12)?.map(Id),
        },
    })
}
