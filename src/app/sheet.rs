//! Tables that people send back: CSV with a header, read row by row, each row with its line.
//!
//! Separator and byte order mark are noticed; a row that cannot be read is reported and the rest go on.

use std::collections::BTreeMap;

use super::AppError;

/// A row that was left out: its line in the file and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    pub line: u64,
    pub what: String,
}

/// One row: its line and its cells by column name (lower case); a name may stand over several columns.
pub(super) struct Row {
    pub line: u64,
    cells: BTreeMap<String, Vec<String>>,
}

impl Row {
    /// The first cell of a column, trimmed; empty where there is none.
    pub fn cell(&self, column: &str) -> &str {
        self.cells.get(column).and_then(|cells| cells.first()).map_or("", String::as_str)
    }

    /// All cells of the columns with this name that are not empty.
    pub fn all(&self, column: &str) -> impl Iterator<Item = &str> {
        self.cells.get(column).into_iter().flatten().map(String::as_str).filter(|cell| !cell.is_empty())
    }
}

/// The rows of a CSV table, and those that cannot be read.
///
/// # Errors
/// A column of `needed` is missing.
pub(super) fn rows(bytes: &[u8], needed: &[&str]) -> Result<(Vec<Row>, Vec<RowError>), AppError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).has_headers(false).delimiter(separator(bytes)).from_reader(bytes);
    let mut records = reader.byte_records();
    let header = match records.next() {
        Some(Ok(header)) => header,
        _ => return Err(AppError::file("the table is empty", columns_hint(needed))),
    };
    let columns: Vec<String> = header.iter().map(|cell| column_name(&String::from_utf8_lossy(cell))).collect();
    if let Some(missing) = needed.iter().find(|name| !columns.iter().any(|column| column == *name)) {
        return Err(AppError::file(format!("the table has no column “{missing}”"), columns_hint(needed)));
    }
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for record in records {
        let record = match record {
            Ok(record) => record,
            Err(e) => {
                bad.push(RowError { line: e.position().map_or(0, csv::Position::line), what: e.to_string() });
                continue;
            }
        };
        let line = record.position().map_or(0, |at| first_line(bytes, at));
        let mut cells: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut readable = true;
        for (at, cell) in record.iter().enumerate() {
            // Cells beyond the header belong to its last column: spreadsheets save further aliases so.
            let column = columns.get(at).or(columns.last()).cloned().unwrap_or_default();
            match std::str::from_utf8(cell) {
                Ok(text) => cells.entry(column).or_default().push(text.trim().to_string()),
                Err(_) => readable = false,
            }
        }
        if !readable {
            bad.push(RowError { line, what: "not UTF-8 text".to_string() });
        } else if cells.values().flatten().any(|cell| !cell.is_empty()) {
            good.push(Row { line, cells });
        }
    }
    Ok((good, bad))
}

/// The line on which a record begins: the reader's position may still be on the line end or blank lines before it.
fn first_line(bytes: &[u8], at: &csv::Position) -> u64 {
    let rest = bytes.get(at.byte() as usize..).unwrap_or_default();
    let ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count();
    at.line() + ends as u64
}

/// "Alias 2" and "alias_2" are `alias`.
fn column_name(cell: &str) -> String {
    let name = cell.trim().to_lowercase().replace(' ', "_");
    let bare = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('_');
    let bare = if bare == "aliases" { "alias" } else { bare };
    bare.to_string()
}

fn columns_hint(needed: &[&str]) -> String {
    format!("the first line names the columns; needed: {}", needed.join(", "))
}

/// Comma, semicolon or tab: whichever the first line has most of.
fn separator(bytes: &[u8]) -> u8 {
    let first = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| first.iter().filter(|b| **b == wanted).count();
    *[b',', b';', b'\t'].iter().rev().max_by_key(|wanted| count(**wanted)).unwrap_or(&b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_and_marks_are_noticed() {
        for text in ["name,qid\nA,Q1\n", "\u{feff}Name;QID\r\nA;Q1\r\n", "NAME\tqid\nA\tQ1"] {
            let (rows, bad) = rows(text.as_bytes(), &["name"]).unwrap();
            assert_eq!((rows.len(), bad.len()), (1, 0), "{text:?}");
            assert_eq!((rows[0].cell("name"), rows[0].cell("qid"), rows[0].line), ("A", "Q1", 2), "{text:?}");
        }
    }

    #[test]
    fn bad_rows_do_not_stop_the_rest() {
        let (good, bad) = rows(b"name,alias\nA,b,c\n\xff,d\n,\nE,", &["name"]).unwrap();
        assert_eq!(good.iter().map(|row| row.cell("name")).collect::<Vec<_>>(), ["A", "E"]);
        assert_eq!(good[0].all("alias").collect::<Vec<_>>(), ["b", "c"]);
        assert_eq!(bad, [RowError { line: 3, what: "not UTF-8 text".to_string() }]);
        assert!(rows(b"", &["name"]).is_err());
        assert!(rows(b"title\nx\n", &["name"]).is_err());
    }
}
