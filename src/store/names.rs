//! The index of names: which names there are, what they share with others, which local entities bear them.

use rusqlite::{Row, params};

use crate::model::{Evidence, Id, Spelled};

use super::entities::{StoredLocal, read_local, spelled};
use super::evidence::write_evidence;
use super::{Result, Store};

/// A name in the index.
#[derive(Clone, Debug, PartialEq)]
pub struct NameRow {
    pub key: i64,
    /// The caller's number for what kind of name it is.
    pub sort: i64,
    pub folded: String,
    /// As its first use spells it.
    pub text: String,
    /// How many local entities bear it.
    pub uses: usize,
    /// What it is compared by. Sorted.
    pub keys: Vec<i64>,
    /// Of a name that tells who is meant: who that is.
    pub entity: Option<i64>,
}

/// A local entity with the keys of its document and of the entity it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedLocal {
    pub local: StoredLocal,
    pub document: i64,
    pub entity: Option<i64>,
}

const COLUMNS: &str = "n.key, n.sort, n.folded, n.text, n.uses, n.keys, n.entity";

impl Store {
    /// Whether the index holds all names there are.
    pub fn has_names(&self) -> Result<bool> {
        let any = self.rows("SELECT EXISTS (SELECT 1 FROM name)", [], |row| row.get::<_, bool>(0))?;
        Ok(any == [true])
    }

    /// Empties the index.
    pub fn drop_names(&self) -> Result<()> {
        let sql = "DELETE FROM name; DELETE FROM name_use; DELETE FROM name_key";
        self.connection.execute_batch(sql).map_err(|e| self.at(e))
    }

    /// Adds a name without its keys and uses. Its own key is 0 in `row`; returns the one it got.
    pub fn add_name(&self, row: &NameRow) -> Result<i64> {
        let add = || {
            let sql = "INSERT INTO name (sort, folded, text, uses, keys, entity) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            self.connection.prepare_cached(sql)?.insert(params![
                row.sort,
                row.folded,
                row.text,
                row.uses as i64,
                packed(&row.keys),
                row.entity
            ])
        };
        add().map_err(|e| self.at(e))
    }

    /// Writes down what changed about a name.
    pub fn change_name(&self, row: &NameRow) -> Result<()> {
        let sql = "UPDATE name SET text = ?2, uses = ?3, keys = ?4, entity = ?5 WHERE key = ?1";
        let values = params![row.key, row.text, row.uses as i64, packed(&row.keys), row.entity];
        self.connection.prepare_cached(sql).and_then(|mut it| it.execute(values)).map(|_| ()).map_err(|e| self.at(e))
    }

    /// `place`: of the local entity's document in the order of ids.
    pub fn add_name_use(&self, name: i64, place: i64, local: i64) -> Result<()> {
        self.run_cached("INSERT OR IGNORE INTO name_use (name, place, local) VALUES (?1, ?2, ?3)", [name, place, local])
    }

    /// `sort`: of the name.
    pub fn add_name_key(&self, key: i64, sort: i64, name: i64) -> Result<()> {
        self.run_cached("INSERT OR IGNORE INTO name_key (key, sort, name) VALUES (?1, ?2, ?3)", [key, sort, name])
    }

    /// Gives every name of these kinds the entity of its first use.
    pub fn settle_names(&self, sorts: [i64; 2]) -> Result<()> {
        let sql = "UPDATE name SET entity = (SELECT l.entity FROM name_use u JOIN local_entity l ON l.key = u.local
                     WHERE u.name = name.key ORDER BY u.place, u.local LIMIT 1) WHERE sort IN (?1, ?2)";
        self.run_cached(sql, sorts)
    }

    pub fn name(&self, sort: i64, folded: &str) -> Result<Option<NameRow>> {
        let sql = format!("SELECT {COLUMNS} FROM name n WHERE n.sort = ?1 AND n.folded = ?2");
        Ok(self.rows(&sql, params![sort, folded], read_row)?.pop())
    }

    pub fn name_of_key(&self, key: i64) -> Result<Option<NameRow>> {
        Ok(self.rows(&format!("SELECT {COLUMNS} FROM name n WHERE n.key = ?1"), [key], read_row)?.pop())
    }

    /// The names of a kind that have this key; `None` where there are more than `most`.
    pub fn names_with_key(&self, key: i64, sort: i64, most: usize) -> Result<Option<Vec<NameRow>>> {
        let more = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
        let sql = "SELECT count(*) FROM (SELECT 1 FROM name_key WHERE key = ?1 AND sort = ?2 LIMIT ?3)";
        if self.rows(sql, [key, sort, more], |row| row.get::<_, i64>(0))? == [more] {
            return Ok(None);
        }
        let sql = format!(
            "SELECT {COLUMNS} FROM name_key k JOIN name n ON n.key = k.name WHERE k.key = ?1 AND k.sort = ?2
              ORDER BY n.key"
        );
        self.rows(&sql, [key, sort], read_row).map(Some)
    }

    /// The names that tell who is meant of an entity.
    pub fn names_of_entity(&self, entity: i64) -> Result<Vec<NameRow>> {
        self.rows(&format!("SELECT {COLUMNS} FROM name n WHERE n.entity = ?1"), [entity], read_row)
    }

    /// The first local entities that bear a name, in the order of their documents' ids.
    pub fn uses_of_name(&self, name: i64, most: usize) -> Result<Vec<i64>> {
        let sql = "SELECT local FROM name_use WHERE name = ?1 ORDER BY place, local LIMIT ?2";
        self.rows(sql, [name, i64::try_from(most).unwrap_or(i64::MAX)], |row| row.get(0))
    }

    /// How those who bear a name are spelled, as noted by `note_spelled`.
    pub fn spelled(&self, name: i64) -> Result<Option<Spelled>> {
        let noted =
            self.rows("SELECT spelled FROM name WHERE key = ?1", [name], |row| row.get::<_, Option<String>>(0))?;
        Ok(noted.into_iter().flatten().next().and_then(|noted| serde_json::from_str(&noted).ok()))
    }

    /// Notes it, so that not all of them need be read when it is asked.
    pub fn note_spelled(&self, name: i64, spelled: &Spelled) -> Result<()> {
        let mut spelled = spelled.clone();
        spelled.names.sort();
        let noted = serde_json::to_string(&spelled).unwrap_or_default();
        self.run_cached("UPDATE name SET spelled = ?2 WHERE key = ?1", params![name, noted])
    }

    /// The same, counted from all who bear it.
    pub fn count_spelled(&self, name: i64) -> Result<Spelled> {
        let sql = "SELECT l.name, l.kind, l.roles, l.aliases, count(*)
                     FROM name_use u JOIN local_entity l ON l.key = u.local WHERE u.name = ?1 GROUP BY 1, 2, 3, 4";
        let alike = self.rows(sql, [name], |row| {
            let [kind, roles, aliases]: [String; 3] = [row.get(1)?, row.get(2)?, row.get(3)?];
            Ok((spelled(row.get(0)?, &kind, &roles, &aliases), row.get::<_, i64>(4)?))
        })?;
        let mut counted = Spelled::default();
        alike.iter().for_each(|(local, uses)| (0..*uses).for_each(|_| counted.add(local)));
        Ok(counted)
    }

    /// The local entities that belong to an entity.
    pub fn locals_of_entity(&self, entity: i64) -> Result<Vec<i64>> {
        self.rows("SELECT key FROM local_entity WHERE entity = ?1 ORDER BY key", [entity], |row| row.get(0))
    }

    pub fn placed_local(&self, local: i64) -> Result<Option<PlacedLocal>> {
        let sql = "SELECT l.key, d.id, l.ordinal, l.name, l.kind, l.roles, l.aliases, l.evidence, o.name, d.published,
                     l.document, l.entity
                FROM local_entity l JOIN document d ON d.key = l.document LEFT JOIN outlet o ON o.key = d.outlet
               WHERE l.key = ?1";
        let read =
            |row: &Row<'_>| Ok(PlacedLocal { local: read_local(row)?, document: row.get(10)?, entity: row.get(11)? });
        Ok(self.rows(sql, [local], read)?.pop())
    }

    /// The names of all local entities of a document, in order.
    pub fn names_in_document(&self, document: i64) -> Result<Vec<String>> {
        self.rows("SELECT name FROM local_entity WHERE document = ?1 ORDER BY ordinal", [document], |row| row.get(0))
    }

    /// The entities with a spelling that folds to this, an article before it or not.
    pub fn entities_spelled(&self, plain: &str) -> Result<Vec<i64>> {
        let sql = "SELECT DISTINCT entity FROM alias WHERE folded IN (?1, 'the ' || ?1) ORDER BY entity";
        self.rows(sql, [plain], |row| row.get(0))
    }

    /// All spellings of an entity.
    pub fn spellings_of(&self, entity: i64) -> Result<Vec<String>> {
        self.rows("SELECT text FROM alias WHERE entity = ?1", [entity], |row| row.get(0))
    }

    /// The id of the entity with this key.
    pub fn entity_id(&self, entity: i64) -> Result<Option<Id>> {
        Ok(self.rows("SELECT id FROM entity WHERE key = ?1", [entity], |row| Ok(Id(row.get(0)?)))?.pop())
    }

    pub fn drop_entity(&self, entity: i64) -> Result<()> {
        self.run_cached("DELETE FROM entity WHERE key = ?1", [entity])
    }

    /// Takes away suggested joins of an entity with any other.
    pub fn drop_suggestions(&self, entity: i64) -> Result<()> {
        self.run_cached("DELETE FROM entity_suggestion WHERE a = ?1", [entity])?;
        self.run_cached("DELETE FROM entity_suggestion WHERE b = ?1", [entity])
    }

    pub fn suggest(&self, a: i64, b: i64, probability: f64, evidence: &[Evidence]) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO entity_suggestion (a, b, probability, evidence) VALUES (?1, ?2, ?3, ?4)";
        let values = params![a, b, probability, write_evidence(evidence)];
        self.connection.prepare_cached(sql).and_then(|mut it| it.execute(values)).map(|_| ()).map_err(|e| self.at(e))
    }

    fn run_cached(&self, sql: &str, values: impl rusqlite::Params) -> Result<()> {
        self.connection.prepare_cached(sql).and_then(|mut it| it.execute(values)).map(|_| ()).map_err(|e| self.at(e))
    }
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<NameRow> {
    Ok(NameRow {
        key: row.get(0)?,
        sort: row.get(1)?,
        folded: row.get(2)?,
        text: row.get(3)?,
        uses: row.get::<_, i64>(4)?.clamp(0, i64::from(u32::MAX)) as usize,
        keys: unpacked(row.get_ref(5)?.as_blob()?),
        entity: row.get(6)?,
    })
}

fn packed(keys: &[i64]) -> Vec<u8> {
    keys.iter().flat_map(|key| key.to_le_bytes()).collect()
}

fn unpacked(bytes: &[u8]) -> Vec<i64> {
    bytes.chunks_exact(8).map(|it| i64::from_le_bytes(std::array::from_fn(|at| it[at]))).collect()
}
