//! CSL-JSON: the documents as references for Zotero, pandoc and others that format citations.

use serde_json::{Map, Value, json};

use crate::model::Date;
use crate::render::escape::json_text;

use super::{Corpus, Paper, value};

/// One reference a document.
pub fn csl(corpus: &Corpus) -> String {
    json_text(&Value::Array(corpus.papers.iter().map(reference).collect()))
}

fn reference(paper: &Paper) -> Value {
    let document = &paper.document;
    let texts = [
        ("title", paper.title().map(String::from)),
        ("container-title", paper.outlet().map(String::from)),
        ("URL", paper.address()),
        ("language", value(&document.language).cloned()),
        ("note", paper.guesses()),
    ];
    let mut item = Map::new();
    item.insert("id".to_string(), json!(paper.id));
    item.insert("type".to_string(), json!("article-newspaper"));
    for (name, text) in texts {
        if let Some(text) = text {
            item.insert(name.to_string(), json!(text));
        }
    }
    if let Some(author) = paper.author() {
        // taking a byline apart into given and family names would be a guess
        item.insert("author".to_string(), json!([{ "literal": author }]));
    }
    for (name, date) in [("issued", value(&document.published)), ("accessed", value(&document.captured))] {
        if let Some(date) = date {
            item.insert(name.to_string(), json!({ "date-parts": [parts(date)] }));
        }
    }
    Value::Object(item)
}

/// Year, month and day as numbers, as far as they are known.
fn parts(date: &Date) -> Vec<u32> {
    let day = date.as_str().split('T').next().unwrap_or("");
    day.split('-').filter_map(|part| part.parse().ok()).collect()
}
