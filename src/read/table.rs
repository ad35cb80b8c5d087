//! Tables (CSV, TSV, semicolons, bars): the first row names the fields, every further row is a document. The stored
//! text is the text field, unchanged; the row is kept as the raw record.

use super::codes::error;
use super::fields::{Record, aliases, fill, find};
use super::readers::{Documents, Sample, too_large};
use super::{DOCUMENT_LIMIT, ReadError, ReadOptions};
use crate::model::Document;

const DELIMITERS: &[u8] = b",\t;|";

/// Fields that a table of articles may have besides the text.
const OTHERS: &[&str] = &["title", "outlet", "date", "url", "author", "language", "id"];

struct Row<'r> {
    names: &'r [String],
    cells: &'r csv::StringRecord,
}

impl Record for Row<'_> {
    fn field(&self, name: &str) -> Option<String> {
        let at = self.names.iter().position(|known| known.eq_ignore_ascii_case(name))?;
        self.cells.get(at).map(str::to_string)
    }
}

/// Every path of a table has its field names in the first row: one that holds the text, and one more we know.
pub(super) fn sniff(sample: &Sample) -> bool {
    let delimiter = delimiter_of(sample.text);
    let names = names_of(sample.text, delimiter);
    let has =
        |field: &&str| names.iter().any(|name| aliases(field).iter().any(|alias| alias.eq_ignore_ascii_case(name)));
    let by_name = sample.path_ends(&[".csv", ".tsv"]) && names.len() > 1;
    by_name || (names.len() > 1 && has(&"text") && OTHERS.iter().any(has))
}

/// The delimiter that cuts the first row into most fields.
fn delimiter_of(text: &str) -> u8 {
    let fields = |delimiter: &&u8| names_of(text, **delimiter).len();
    *DELIMITERS.iter().rev().max_by_key(fields).unwrap_or(&b',')
}

fn names_of(text: &str, delimiter: u8) -> Vec<String> {
    let first = text.split_inclusive('\n').next().unwrap_or("");
    let first = if first.len() > 10_000 { "" } else { first };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(first.as_bytes());
    let record = reader.records().next().and_then(Result::ok).unwrap_or_default();
    record.iter().map(|name| name.trim().to_string()).collect()
}

pub(super) fn read(sample: &Sample, options: &ReadOptions) -> Documents {
    let delimiter = delimiter_of(sample.text);
    let names = names_of(sample.text, delimiter);
    let mut reader = csv::ReaderBuilder::new().flexible(true).delimiter(delimiter).from_reader(sample.text.as_bytes());
    let mut found = Vec::new();
    let mut rows = reader.records().peekable();
    while let Some(row) = rows.next() {
        match row {
            Err(failure) => found.push(Err(error("E208", None, format!("malformed table: {failure}")))),
            Ok(cells) => {
                let from = cells.position().map_or(0, |position| position.byte() as usize);
                let next = rows.peek().and_then(|next| next.as_ref().ok()).and_then(csv::StringRecord::position);
                let to = next.map_or(sample.text.len(), |position| position.byte() as usize);
                let raw = sample.text.get(from..to).unwrap_or("").trim_end_matches(['\r', '\n']);
                found.push(document(&Row { names: &names, cells: &cells }, raw, options));
            }
        }
    }
    if found.is_empty() {
        found.push(Err(error("E201", None, "the table has no rows below its field names")));
    }
    found
}

fn document(row: &Row, raw: &str, options: &ReadOptions) -> Result<Document, ReadError> {
    let line = row.cells.position().map(|position| position.line() as usize);
    let place = line.map_or(String::new(), |line| format!("line {line}: "));
    let Some((text, _)) = find(row, "text", options) else {
        let what = format!("{place}no field holds the article text; fields here: {}", row.names.join(", "));
        return Err(error("E205", line, what));
    };
    if text.len() > DOCUMENT_LIMIT {
        return Err(too_large(line, text.len()));
    }
    let mut document = Document { text, raw: Some(raw.as_bytes().to_vec()), ..Document::default() };
    fill(&mut document, row, options);
    Ok(document)
}

#[cfg(test)]
mod tests {
    use crate::model::Document;
    use crate::read::{Input, ReadError, ReadOptions, documents};

    fn read(text: &str) -> Vec<Result<Document, ReadError>> {
        documents(&Input { bytes: text.as_bytes(), path: None }, &ReadOptions::default())
    }

    #[test]
    fn field_names_in_many_words() {
        for text in [
            "headline,source,pubdate,link,body\nFerry,Harbour Post,2023-05-31,https://h.example/1,\"It sails, he said.\"\n",
            "Titel;Quelle;Datum;URL;Text\nFerry;Harbour Post;31.05.2023;https://h.example/1;\"It sails, he said.\"\n",
            "title\tsite\tdate\turl\tmaintext\nFerry\tHarbour Post\tMay 31, 2023\thttps://h.example/1\tIt sails, he said.\n",
        ] {
            let document = read(text).remove(0).unwrap();
            assert_eq!(document.format, "table");
            assert_eq!(document.text, "It sails, he said.");
            assert_eq!(document.outlet_name(), "Harbour Post");
            assert_eq!(document.published.as_ref().unwrap().value.as_str(), "2023-05-31");
            assert_eq!(document.url.as_ref().unwrap().value, "https://h.example/1");
            assert_eq!(document.title.as_ref().unwrap().value, "Ferry");
        }
    }

    #[test]
    fn rows_with_line_ends_inside_and_rows_without_text() {
        let found = read("id,text,date\n1,\"One.\r\n\r\n“Two,” he said.\",2023-05-31\n2,,2023-05-31\n3,Three.\n");
        assert_eq!(found.len(), 3);
        assert_eq!(found[0].as_ref().unwrap().text, "One.\r\n\r\n“Two,” he said.");
        assert_eq!(
            found[0].as_ref().unwrap().raw.as_deref(),
            Some("1,\"One.\r\n\r\n“Two,” he said.\",2023-05-31".as_bytes())
        );
        assert_eq!(found[1].as_ref().unwrap_err().code, "E205");
        assert_eq!(found[1].as_ref().unwrap_err().record, Some(5));
        assert_eq!(found[2].as_ref().unwrap().external_id.as_deref(), Some("3"));
    }

    #[test]
    fn a_map_names_the_fields() {
        let options = ReadOptions {
            format: Some("table".into()),
            map: [("text".into(), "para".into()), ("outlet".into(), "who".into())].into(),
            ..ReadOptions::default()
        };
        let input = Input { bytes: b"who,para\nHarbour Post,It sails.\n", path: None };
        let document = documents(&input, &options).remove(0).unwrap();
        assert_eq!((document.text.as_str(), document.outlet_name()), ("It sails.", "Harbour Post"));
    }

    #[test]
    fn prose_with_commas_is_no_table() {
        assert_eq!(
            read("The text, the date, the title: all lost.\nIt sails, he said.").remove(0).unwrap().format,
            "text"
        );
    }
}
