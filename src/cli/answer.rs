//! An answer in all its forms: words for people, JSON for programs, rows for spreadsheets and Markdown.

use comfy_table::{ContentArrangement, Table, presets};
use serde_json::{Value, json};

use crate::app::AppError;
use crate::render;

use super::Outcome;
use super::context::{Context, Format};
use super::screen;

/// Rows under column names. Cells are strangers' text until they are printed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// Column names.
pub(crate) fn columns(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| name.to_string()).collect()
}

/// What a command answers.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Words for people, ready to print. `None`: the rows as a table.
    pub(crate) human: Option<String>,
    pub(crate) json: Value,
    /// The member of `json` that holds the list.
    pub(crate) list: &'static str,
    pub(crate) rows: Rows,
    /// Lines for the person beside the answer (hints, next steps).
    pub(crate) notes: Vec<String>,
    pub(crate) outcome: Outcome,
    /// The command has written its answer itself.
    written: bool,
}

impl Answer {
    pub(crate) fn new(json: Value) -> Answer {
        Answer {
            human: None,
            json,
            list: "",
            rows: Rows::default(),
            notes: Vec::new(),
            outcome: Outcome::Done,
            written: false,
        }
    }

    /// Something that was already written, or plain words.
    pub(crate) fn words(text: impl Into<String>) -> Answer {
        let text = text.into();
        let mut answer = Answer::new(json!({"schema": "provenance.message/1", "message": text.trim_end()}));
        answer.human = Some(text);
        answer
    }

    /// The command has written its answer itself.
    pub(crate) fn silent() -> Answer {
        let mut answer = Answer::words("");
        answer.written = true;
        answer
    }

    pub(crate) fn print(self, context: &Context) -> Result<Outcome, AppError> {
        if self.written {
            return Ok(self.outcome);
        }
        let text = match context.format {
            Format::Table => self.human.clone().unwrap_or_else(|| plain_table(&self.rows, context)),
            Format::Json => screen::safe_json(&format!("{:#}\n", self.json)),
            Format::Jsonl => screen::safe_json(&json_lines(&self.json, self.list)),
            Format::Csv => csv_text(&self.rows),
            Format::Md => markdown(&self.rows),
        };
        screen::print(&text).map_err(|e| AppError::file(format!("the answer could not be printed: {e}"), ""))?;
        if context.format == Format::Table {
            self.notes.iter().for_each(|note| screen::note(note));
        }
        Ok(self.outcome)
    }
}

fn json_lines(json: &Value, list: &str) -> String {
    match json.get(list).and_then(Value::as_array) {
        Some(items) => items.iter().map(|item| format!("{item}\n")).collect(),
        None => format!("{json}\n"),
    }
}

/// A table without frames, as wide as the page.
pub(crate) fn plain_table(rows: &Rows, context: &Context) -> String {
    if rows.rows.is_empty() {
        return String::new();
    }
    if rows.columns.len() * NARROWEST > context.width {
        return records(rows);
    }
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(context.width.min(u16::MAX as usize) as u16);
    table.set_header(rows.columns.clone());
    for row in &rows.rows {
        table.add_row(row.iter().map(|cell| screen::visible(cell)).collect::<Vec<_>>());
    }
    let printed = table.to_string();
    printed.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Columns narrower than this cannot be read: such tables are printed record by record.
const NARROWEST: usize = 12;

/// One line a cell, a blank line between records.
fn records(rows: &Rows) -> String {
    let widest = rows.columns.iter().map(|column| column.chars().count()).max().unwrap_or(0);
    let mut out = String::new();
    for (number, row) in rows.rows.iter().enumerate() {
        if number > 0 {
            out.push('\n');
        }
        for (column, cell) in rows.columns.iter().zip(row) {
            out.push_str(&format!("{column:>widest$}  {}\n", screen::visible(cell)));
        }
    }
    out
}

fn csv_text(rows: &Rows) -> String {
    let mut table = csv::Writer::from_writer(Vec::new());
    let _ = table.write_record(&rows.columns);
    for row in &rows.rows {
        let _ = table.write_record(row.iter().map(|cell| render::spreadsheet_cell(&screen::visible(cell))));
    }
    table.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

fn markdown(rows: &Rows) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut out = line(rows.columns.clone());
    out.push_str(&line(rows.columns.iter().map(|_| "---".to_string()).collect()));
    for row in &rows.rows {
        out.push_str(&line(row.iter().map(|cell| render::markdown_text(cell)).collect()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stay_in_their_cells() {
        let rows = Rows { columns: columns(&["x"]), rows: vec![vec!["=1+1".into()], vec!["a\u{1b}b".into()]] };
        assert_eq!(csv_text(&rows), "x\n'=1+1\na\\u{1b}b\n");
    }

    #[test]
    fn an_empty_list_has_no_lines() {
        assert_eq!(json_lines(&json!({"items": []}), "items"), "");
    }
}
