//! Documents: ground data. Added once, never changed but for facts that people supply later.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use rusqlite::{OptionalExtension, Row, params};

use crate::model::{Date, Document, Id, Known, Outlet, Warning};

use super::{Result, Store, digest};

/// What became of a document handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    New,
    Unchanged,
    /// Known text, but the reader now knows more (a date or outlet was supplied): facts updated, to be analysed anew.
    Updated,
    /// Other text under the same address as the document with this id, which is kept.
    Revision(Id),
}

/// A document as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredDocument {
    pub key: i64,
    pub id: Id,
    pub sha256: String,
    pub outlet_id: Option<Id>,
    pub revision_of: Option<Id>,
    pub document: Document,
}

const COLUMNS: &str = "d.key, d.id, d.sha256, d.text, d.format, \
    d.title, d.title_from, d.title_guessed, o.name, d.outlet_from, d.outlet_guessed, \
    d.author, d.author_from, d.author_guessed, d.published, d.published_from, d.published_guessed, \
    d.modified, d.modified_from, d.modified_guessed, d.captured, d.captured_from, d.captured_guessed, \
    d.url, d.url_from, d.url_guessed, d.language, d.language_from, d.language_guessed, \
    d.external_id, d.path, o.id, r.id";
const FROM: &str =
    "FROM document d LEFT JOIN outlet o ON o.key = d.outlet LEFT JOIN document r ON r.key = d.revision_of";

/// Compression level of raw records: pages are large and read rarely.
const RAW_LEVEL: i32 = 9;

/// The first byte of a record that is packed against its document's text; older ones are plain zstd.
const AGAINST_TEXT: u8 = 1;

/// A raw record, compressed with the text that was read from it as dictionary: most of it stands there already.
fn packed(raw: &[u8], text: &str) -> std::io::Result<Vec<u8>> {
    let mut packed = vec![AGAINST_TEXT];
    let mut encoder = zstd::stream::Encoder::with_dictionary(&mut packed, RAW_LEVEL, text.as_bytes())?;
    encoder.write_all(raw)?;
    encoder.finish()?;
    Ok(packed)
}

fn unpacked(packed: &[u8], text: &str) -> std::io::Result<Vec<u8>> {
    let Some(frame) = packed.strip_prefix(&[AGAINST_TEXT]) else { return zstd::decode_all(packed) };
    let mut raw = Vec::new();
    zstd::stream::Decoder::with_dictionary(frame, text.as_bytes())?.read_to_end(&mut raw)?;
    Ok(raw)
}

impl Store {
    /// Adds a document. `alone` says that its path holds only this one document, so that other text under the same
    /// path is a revision.
    pub fn add_document(&self, document: &Document, alone: bool) -> Result<(i64, Kept)> {
        let id = document.id();
        if let Some(known) = self.same_document(document, &id, alone)? {
            let updated = self.update_facts(&known, document, &id)?;
            return Ok((known.key, if updated { Kept::Updated } else { Kept::Unchanged }));
        }
        let revised = self.earlier_version(document, alone)?;
        let key = self.insert_document(document, &id, revised.as_ref().map(|(key, _)| *key))?;
        Ok((key, revised.map_or(Kept::New, |(_, id)| Kept::Revision(id))))
    }

    /// Whether this document is stored already and would change nothing.
    pub fn knows(&self, document: &Document) -> Result<bool> {
        let known = self.document_where("d.id = ?1", params![document.id().as_str()])?;
        Ok(known.is_some_and(|known| {
            let old = &known.document;
            !better(&document.published, &old.published)
                && !better(&document.url, &old.url)
                && !better(&document.language, &old.language)
        }))
    }

    /// The stored document that this one is: same id, or the same text from the same place.
    fn same_document(&self, document: &Document, id: &Id, alone: bool) -> Result<Option<StoredDocument>> {
        if let Some(found) = self.document_where("d.id = ?1", params![id.as_str()])? {
            return Ok(Some(found));
        }
        let place = if alone { document.path.as_deref() } else { None };
        self.document_where(
            "d.sha256 = ?1 AND ((?2 IS NOT NULL AND d.path = ?2) OR (?3 IS NOT NULL AND d.url = ?3))",
            params![document.sha256(), place, document.url.as_ref().map(|url| &url.value)],
        )
    }

    /// The newest stored document with the same address but other text.
    fn earlier_version(&self, document: &Document, alone: bool) -> Result<Option<(i64, Id)>> {
        let place = if alone { document.path.as_deref() } else { None };
        self.connection
            .prepare_cached(
                "SELECT key, id FROM document
                  WHERE (?1 IS NOT NULL AND url = ?1) OR (?2 IS NOT NULL AND path = ?2 AND external_id IS ?3)
                  ORDER BY key DESC LIMIT 1",
            )
            .and_then(|mut statement| {
                statement
                    .query_row(
                        params![document.url.as_ref().map(|url| &url.value), place, document.external_id],
                        |row| Ok((row.get(0)?, Id(row.get(1)?))),
                    )
                    .optional()
            })
            .map_err(|e| self.at(e))
    }

    fn insert_document(&self, document: &Document, id: &Id, revision_of: Option<i64>) -> Result<i64> {
        let outlet = self.outlet_key(document)?;
        let raw = document.raw.as_deref().and_then(|raw| packed(raw, &document.text).ok());
        let insert = || -> rusqlite::Result<i64> {
            self.connection
                .prepare_cached(
                    "INSERT INTO document (id, sha256, text, format, title, title_from, title_guessed,
                       outlet, outlet_from, outlet_guessed, author, author_from, author_guessed,
                       published, published_from, published_guessed, modified, modified_from, modified_guessed,
                       captured, captured_from, captured_guessed, url, url_from, url_guessed,
                       language, language_from, language_guessed, external_id, path, raw, revision_of)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
                       ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32)",
                )?
                .execute(params![
                    id.as_str(),
                    document.sha256(),
                    document.text,
                    document.format,
                    value(&document.title),
                    from(&document.title),
                    guessed(&document.title),
                    outlet,
                    from(&document.outlet),
                    guessed(&document.outlet),
                    value(&document.author),
                    from(&document.author),
                    guessed(&document.author),
                    document.published.as_ref().map(|date| date.value.as_str()),
                    from(&document.published),
                    guessed(&document.published),
                    document.modified.as_ref().map(|date| date.value.as_str()),
                    from(&document.modified),
                    guessed(&document.modified),
                    document.captured.as_ref().map(|date| date.value.as_str()),
                    from(&document.captured),
                    guessed(&document.captured),
                    value(&document.url),
                    from(&document.url),
                    guessed(&document.url),
                    value(&document.language),
                    from(&document.language),
                    guessed(&document.language),
                    document.external_id,
                    document.path,
                    raw,
                    revision_of,
                ])?;
            let key = self.connection.last_insert_rowid();
            let mut warn = self
                .connection
                .prepare_cached("INSERT INTO warning (document, ordinal, code, note) VALUES (?1, ?2, ?3, ?4)")?;
            for (ordinal, warning) in document.warnings.iter().enumerate() {
                warn.execute(params![key, ordinal as i64, warning.code, warning.note])?;
            }
            digest::seal_ground(&self.connection, key)?;
            Ok(key)
        };
        insert().map_err(|e| self.at(e))
    }

    /// Takes over a date, outlet, address or language that is better founded than the stored one.
    fn update_facts(&self, known: &StoredDocument, document: &Document, id: &Id) -> Result<bool> {
        let old = &known.document;
        let mut changed = Vec::new();
        if better(&document.published, &old.published) {
            changed.push((
                "published",
                document.published.as_ref().map(|d| d.value.to_string()),
                from(&document.published),
            ));
        }
        if better(&document.url, &old.url) {
            changed.push(("url", value(&document.url).cloned(), from(&document.url)));
        }
        if better(&document.language, &old.language) {
            changed.push(("language", value(&document.language).cloned(), from(&document.language)));
        }
        let new_outlet = better(&document.outlet, &old.outlet);
        for (column, value, from) in &changed {
            let sql =
                format!("UPDATE document SET {column} = ?2, {column}_from = ?3, {column}_guessed = 0 WHERE key = ?1");
            self.connection.execute(&sql, params![known.key, value, from]).map_err(|e| self.at(e))?;
        }
        if new_outlet {
            let outlet = self.outlet_key(document)?;
            self.connection
                .execute(
                    "UPDATE document SET outlet = ?2, outlet_from = ?3, outlet_guessed = 0, id = ?4 WHERE key = ?1",
                    params![known.key, outlet, from(&document.outlet), id.as_str()],
                )
                .map_err(|e| self.at(e))?;
        }
        let updated = new_outlet || !changed.is_empty();
        if updated {
            digest::seal_ground(&self.connection, known.key).map_err(|e| self.at(e))?;
        }
        Ok(updated)
    }

    fn outlet_key(&self, document: &Document) -> Result<Option<i64>> {
        let Some(outlet) = &document.outlet else { return Ok(None) };
        let outlet = Outlet::named(&outlet.value);
        let find = || -> rusqlite::Result<i64> {
            self.connection
                .prepare_cached("INSERT INTO outlet (id, name) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING")?
                .execute(params![outlet.id.as_str(), outlet.name])?;
            self.connection
                .prepare_cached("SELECT key FROM outlet WHERE id = ?1")?
                .query_row([outlet.id.as_str()], |row| row.get(0))
        };
        find().map(Some).map_err(|e| self.at(e))
    }

    /// The document with this key.
    pub fn document(&self, key: i64) -> Result<Option<StoredDocument>> {
        self.document_where("d.key = ?1", params![key])
    }

    /// Keys and ids of all documents, sorted by id.
    pub fn document_keys(&self) -> Result<Vec<(i64, Id)>> {
        self.rows("SELECT key, id FROM document ORDER BY id", [], |row| Ok((row.get(0)?, Id(row.get(1)?))))
    }

    /// Names of the outlets that have documents, sorted.
    pub fn outlet_names(&self) -> Result<Vec<String>> {
        let sql =
            "SELECT name FROM outlet o WHERE EXISTS (SELECT 1 FROM document d WHERE d.outlet = o.key) ORDER BY name";
        self.rows(sql, [], |row| row.get(0))
    }

    /// When a document was published, where it is known.
    pub fn published(&self, document: i64) -> Result<Option<Date>> {
        let found: Vec<Option<String>> =
            self.rows("SELECT published FROM document WHERE key = ?1", [document], |row| row.get(0))?;
        Ok(found.into_iter().flatten().next().and_then(|day| Date::parse_iso(&day)))
    }

    /// Key of a document's outlet.
    pub fn outlet_of(&self, document: i64) -> Result<Option<i64>> {
        Ok(self.rows("SELECT outlet FROM document WHERE key = ?1", [document], |row| row.get(0))?.pop().flatten())
    }

    /// The name of an outlet.
    pub fn outlet_name(&self, outlet: i64) -> Result<Option<String>> {
        Ok(self.rows("SELECT name FROM outlet WHERE key = ?1", [outlet], |row| row.get(0))?.pop())
    }

    /// Whether an outlet has no more documents than this.
    pub fn has_at_most(&self, outlet: i64, documents: usize) -> Result<bool> {
        let sql = "SELECT 1 FROM document WHERE outlet = ?1 LIMIT 1 OFFSET ?2";
        Ok(self.rows(sql, params![outlet, documents as i64], |row| row.get::<_, i64>(0))?.is_empty())
    }

    /// The id of a document.
    pub fn document_id(&self, key: i64) -> Result<Option<Id>> {
        Ok(self.rows("SELECT id FROM document WHERE key = ?1", [key], |row| row.get(0).map(Id))?.pop())
    }

    /// The key of the document with this id.
    pub fn document_key(&self, id: &Id) -> Result<Option<i64>> {
        Ok(self.rows("SELECT key FROM document WHERE id = ?1", [id.as_str()], |row| row.get(0))?.pop())
    }

    /// How many documents there are.
    pub fn document_count(&self) -> Result<usize> {
        self.rows_covered("document")
    }

    /// No store has more documents than this.
    pub fn most_documents(&self) -> Result<usize> {
        let most = self.rows("SELECT coalesce(max(key), 0) FROM document", [], |row| row.get::<_, i64>(0))?;
        Ok(most.first().map_or(0, |most| (*most).max(0) as usize))
    }

    /// All documents, sorted by id.
    pub fn documents(&self) -> Result<Vec<StoredDocument>> {
        let mut found = Vec::new();
        for (key, _) in self.document_keys()? {
            found.extend(self.document(key)?);
        }
        Ok(found)
    }

    /// The documents with these keys.
    pub fn documents_of(&self, keys: impl IntoIterator<Item = i64>) -> Result<BTreeMap<i64, StoredDocument>> {
        let mut found = BTreeMap::new();
        for key in keys {
            if !found.contains_key(&key)
                && let Some(document) = self.document(key)?
            {
                found.insert(key, document);
            }
        }
        Ok(found)
    }

    /// The raw record of a document, where one was kept.
    pub fn raw_record(&self, key: i64) -> Result<Option<Vec<u8>>> {
        let row: Option<(Option<Vec<u8>>, String)> = self
            .connection
            .query_row("SELECT raw, text FROM document WHERE key = ?1", [key], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
            .map_err(|e| self.at(e))?;
        Ok(row.and_then(|(raw, text)| unpacked(&raw?, &text).ok()))
    }

    fn document_where(&self, condition: &str, values: impl rusqlite::Params) -> Result<Option<StoredDocument>> {
        let sql = format!("SELECT {COLUMNS} {FROM} WHERE {condition} LIMIT 1");
        let found = self
            .connection
            .prepare_cached(&sql)
            .and_then(|mut statement| statement.query_row(values, read_document).optional())
            .map_err(|e| self.at(e))?;
        let Some(mut found) = found else { return Ok(None) };
        found.document.warnings =
            self.rows("SELECT code, note FROM warning WHERE document = ?1 ORDER BY ordinal", [found.key], |row| {
                Ok(Warning { code: row.get(0)?, note: row.get(1)? })
            })?;
        Ok(Some(found))
    }

    /// All rows of a fixed query.
    pub(super) fn rows<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_map(values, read)?.collect())
            .map_err(|e| self.at(e))
    }
}

fn value<T>(known: &Option<Known<T>>) -> Option<&T> {
    known.as_ref().map(|known| &known.value)
}

fn from<T>(known: &Option<Known<T>>) -> Option<&str> {
    known.as_ref().map(|known| known.from.as_str())
}

fn guessed<T>(known: &Option<Known<T>>) -> Option<bool> {
    known.as_ref().map(|known| known.guessed)
}

/// Whether `new` tells more than `old`: something read where nothing or a guess was stored, or another value that the
/// user supplied by an option.
fn better<T: PartialEq>(new: &Option<Known<T>>, old: &Option<Known<T>>) -> bool {
    match (new, old) {
        (Some(new), None) => !new.guessed,
        (Some(new), Some(old)) if new.value != old.value => (!new.guessed && old.guessed) || new.from.starts_with("--"),
        _ => false,
    }
}

fn known_text(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Known<String>>> {
    let value: Option<String> = row.get(at)?;
    let from: Option<String> = row.get(at + 1)?;
    let guessed: Option<bool> = row.get(at + 2)?;
    Ok(value.map(|value| Known { value, from: from.unwrap_or_default(), guessed: guessed.unwrap_or(false) }))
}

fn known_date(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Known<Date>>> {
    let known = known_text(row, at)?;
    Ok(known.and_then(|known| {
        Some(Known { value: Date::parse_iso(&known.value)?, from: known.from, guessed: known.guessed })
    }))
}

fn read_document(row: &Row<'_>) -> rusqlite::Result<StoredDocument> {
    Ok(StoredDocument {
        key: row.get(0)?,
        id: Id(row.get(1)?),
        sha256: row.get(2)?,
        outlet_id: row.get::<_, Option<String>>(31)?.map(Id),
        revision_of: row.get::<_, Option<String>>(32)?.map(Id),
        document: Document {
            text: row.get(3)?,
            format: row.get(4)?,
            title: known_text(row, 5)?,
            outlet: known_text(row, 8)?,
            author: known_text(row, 11)?,
            published: known_date(row, 14)?,
            modified: known_date(row, 17)?,
            captured: known_date(row, 20)?,
            url: known_text(row, 23)?,
            language: known_text(row, 26)?,
            external_id: row.get(29)?,
            path: row.get(30)?,
            raw: None,
            warnings: Vec::new(),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_record_costs_little_beside_its_text() {
        let text: String = (0..300).map(|number| format!("The harbour master counted {number} barges. ")).collect();
        let raw = format!("{{\"title\": \"Barges\", \"text\": \"{text}\"}}");
        let made = packed(raw.as_bytes(), &text).unwrap();
        assert!(made.len() * 3 < zstd::encode_all(raw.as_bytes(), RAW_LEVEL).unwrap().len(), "{}", made.len());
        assert_eq!(unpacked(&made, &text).unwrap(), raw.as_bytes());
    }

    #[test]
    fn a_record_of_an_older_store_is_read() {
        let older = zstd::encode_all(&b"<p>Barges</p>"[..], RAW_LEVEL).unwrap();
        assert_eq!(unpacked(&older, "Barges").unwrap(), b"<p>Barges</p>");
    }

    proptest! {
        #[test]
        fn any_record_comes_back(raw in proptest::collection::vec(any::<u8>(), 0..600), text in "\\PC{0,300}") {
            prop_assert_eq!(unpacked(&packed(&raw, &text).unwrap(), &text).unwrap(), raw);
        }
    }
}
