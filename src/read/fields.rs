//! Field names of the world: which field of a record holds the text, the title, the outlet, a date, …
//! One table for JSON and tables; `--map` comes before it.

use serde_json::Value;

use super::ReadOptions;
use super::date::read_date;
use crate::lang::{host_of, outlet_of_url};
use crate::model::{Date, Document, Known, Warning};

/// Our field and the names it goes by, best first. A dot goes into an inner object.
const ALIASES: &[(&str, &[&str])] = &[
    (
        "text",
        &[
            "text",
            "maintext",
            "body",
            "content",
            "content_text",
            "article_text",
            "article_body",
            "articleBody",
            "full_text",
            "fulltext",
            "raw_text",
            "article",
            "story",
        ],
    ),
    ("title", &["title", "headline", "titel", "article_title", "name"]),
    (
        "outlet",
        &[
            "outlet",
            "source-hostname",
            "source_hostname",
            "meta_site_name",
            "site_name",
            "sitename",
            "publisher.name",
            "publisher",
            "publication",
            "newspaper",
            "media",
            "source_name",
            "source.name",
            "thread.site",
            "site",
            "source_domain",
            "hostname",
            "domain",
            "source",
            "quelle",
        ],
    ),
    (
        "date",
        &[
            "date",
            "published",
            "date_publish",
            "publish_date",
            "datePublished",
            "date_published",
            "published_at",
            "publishedAt",
            "published_date",
            "publication_date",
            "pub_date",
            "pubDate",
            "pubdate",
            "datum",
            "datetime",
            "created_at",
            "timestamp",
        ],
    ),
    ("modified", &["modified", "date_modify", "dateModified", "date_modified", "updated", "updated_at", "modified_at"]),
    (
        "captured",
        &[
            "captured",
            "date_download",
            "download_date",
            "crawled",
            "crawled_at",
            "retrieved",
            "filedate",
            "captured_at",
        ],
    ),
    ("url", &["url", "canonical_link", "link", "canonical_url", "source_url", "webUrl", "uri", "source", "urls"]),
    ("author", &["author", "authors", "byline", "autor", "creator"]),
    ("language", &["language", "lang", "meta_lang", "sprache", "locale"]),
    ("id", &["doc_id", "external_id", "id", "article_id", "uuid", "quoteID", "_id"]),
];

/// Language names that some services write out.
const LANGUAGE_NAMES: &[(&str, &str)] = &[
    ("english", "en"),
    ("german", "de"),
    ("russian", "ru"),
    ("ukrainian", "uk"),
    ("french", "fr"),
    ("spanish", "es"),
    ("italian", "it"),
    ("polish", "pl"),
    ("portuguese", "pt"),
    ("turkish", "tr"),
    ("dutch", "nl"),
    ("arabic", "ar"),
    ("chinese", "zh"),
];

/// The names `field` goes by.
pub(super) fn aliases(field: &str) -> &'static [&'static str] {
    ALIASES.iter().find(|(name, _)| *name == field).map_or(&[], |(_, names)| names)
}

/// Something that gives the words of a named field: a JSON object, a table row.
pub(super) trait Record {
    fn field(&self, name: &str) -> Option<String>;
}

impl Record for Value {
    fn field(&self, name: &str) -> Option<String> {
        let whole = self.get(name);
        let value = whole.or_else(|| name.split('.').try_fold(self, |value, part| value.get(part)))?;
        words_of(value)
    }
}

/// The words of a JSON value: strings and numbers as they are, the entries of a list (or their names) joined by commas.
fn words_of(value: &Value) -> Option<String> {
    match value {
        Value::String(words) => Some(words.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(items) => {
            let words: Vec<String> = items.iter().filter_map(words_of).collect();
            (!words.is_empty()).then(|| words.join(", "))
        }
        Value::Object(_) => value.get("name").and_then(words_of),
        Value::Null | Value::Bool(_) => None,
    }
}

/// Words that stand for "nothing" in exported data.
fn is_nothing(words: &str) -> bool {
    let words = words.trim();
    words.is_empty() || ["None", "null", "NULL", "nan", "NaN", "N/A", "n/a", "NaT", "undefined", "-"].contains(&words)
}

/// The value of our field `field` and the name of the input's field it stood in.
pub(super) fn find(record: &dyn Record, field: &str, options: &ReadOptions) -> Option<(String, String)> {
    let present =
        |name: &str| record.field(name).filter(|words| !is_nothing(words)).map(|words| (words, name.to_string()));
    if let Some(name) =
        options.map.get(field).or_else(|| (field == "date").then(|| options.map.get("published")).flatten())
    {
        return present(name);
    }
    aliases(field).iter().find_map(|name| present(name))
}

/// Fills everything but the text from a record's fields.
pub(super) fn fill(document: &mut Document, record: &dyn Record, options: &ReadOptions) {
    let known = |field: &str| {
        find(record, field, options).map(|(words, name)| Known::read(words.trim().to_string(), &from(&name)))
    };
    document.title = known("title");
    document.author = known("author");
    document.external_id = find(record, "id", options).map(|(words, _)| words);
    document.url = url(record, options);
    document.outlet = outlet(record, options);
    document.language = known("language").and_then(|known| {
        let code = language_code(&known.value)?;
        Some(Known { value: code, ..known })
    });
    document.published = date(document, record, "date", options);
    document.modified = date(document, record, "modified", options);
    document.captured = date(document, record, "captured", options);
}

fn from(name: &str) -> String {
    format!("field {name}")
}

fn url(record: &dyn Record, options: &ReadOptions) -> Option<Known<String>> {
    let is_url = |words: &str| words.starts_with("http://") || words.starts_with("https://");
    let first = |words: String| words.split(", ").next().unwrap_or("").to_string();
    if options.map.contains_key("url") {
        return find(record, "url", options).map(|(words, name)| Known::read(words, &from(&name)));
    }
    let candidates = aliases("url").iter().filter_map(|name| record.field(name).map(|words| (first(words), name)));
    candidates.filter(|(words, _)| is_url(words)).map(|(words, name)| Known::read(words, &from(name))).next()
}

/// A site name as it is; a host or URL by the outlet table.
fn outlet(record: &dyn Record, options: &ReadOptions) -> Option<Known<String>> {
    let (words, name) = find(record, "outlet", options)?;
    let words = words.trim();
    let value = match host_of(words) {
        Some(_) if !words.contains(' ') => outlet_of_url(words)?,
        _ => words.to_string(),
    };
    Some(Known::read(value, &from(&name)))
}

fn date(document: &mut Document, record: &dyn Record, field: &str, options: &ReadOptions) -> Option<Known<Date>> {
    let (words, name) = find(record, field, options)?;
    known_date(document, &words, &from(&name))
}

/// A date with its warnings: W113 where it cannot be read, W108 where it can be read in two ways.
pub(super) fn known_date(document: &mut Document, words: &str, from: &str) -> Option<Known<Date>> {
    let Some(read) = read_date(words) else {
        let shown: String = words.chars().take(40).collect();
        document.warnings.push(Warning::new("W113", format!("{from}: “{shown}”")));
        return None;
    };
    if read.ambiguous {
        document.warnings.push(Warning::new("W108", format!("{from}: “{}”", words.trim())));
    }
    Some(Known::read(read.date, from))
}

/// ISO 639-1 code of "en", "en-US", "EN_gb", "English". `None` for anything else.
pub(super) fn language_code(words: &str) -> Option<String> {
    let lower = words.trim().to_lowercase();
    if let Some((_, code)) = LANGUAGE_NAMES.iter().find(|(name, _)| *name == lower) {
        return Some((*code).to_string());
    }
    let code = lower.split(['-', '_']).next()?;
    (code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase())).then(|| code.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn filled(record: Value) -> Document {
        let mut document = Document::default();
        fill(&mut document, &record, &ReadOptions::default());
        document
    }

    #[test]
    fn a_url_is_no_outlet_and_an_outlet_no_url() {
        let document = filled(json!({"source": "https://www.cnn.com/a", "hostname": "cnn.com"}));
        assert_eq!(document.url.unwrap().value, "https://www.cnn.com/a");
        assert_eq!(document.outlet.unwrap(), Known::read("CNN".into(), "field hostname"));
        let document = filled(json!({"source": "Harbour Post", "link": "https://harbour.example/1"}));
        assert_eq!(document.outlet_name(), "Harbour Post");
    }

    #[test]
    fn the_words_for_nothing_are_nothing() {
        let document = filled(json!({"date_publish": "None", "title": "", "author": null, "date_modify": "nan"}));
        assert_eq!((document.published, document.title, document.author), (None, None, None));
        assert!(document.warnings.is_empty());
    }

    #[test]
    fn lists_and_inner_objects() {
        let document =
            filled(json!({"authors": ["A. Writer", {"name": "B. Other"}], "publisher": {"name": "Harbour Post"}}));
        assert_eq!(document.author.unwrap().value, "A. Writer, B. Other");
        assert_eq!(document.outlet.unwrap().from, "field publisher.name");
    }

    #[test]
    fn unreadable_dates_are_named() {
        let document = filled(json!({"date": "last week", "modified": "03/04/2023"}));
        assert_eq!(document.published, None);
        assert_eq!(document.modified.unwrap().value.as_str(), "2023");
        assert_eq!(document.warnings.iter().map(|w| w.code.as_str()).collect::<Vec<_>>(), ["W113", "W108"]);
    }

    #[test]
    fn language_codes() {
        for (words, code) in
            [("en", Some("en")), ("en-US", Some("en")), ("English", Some("en")), ("RU_ru", Some("ru")), ("x", None)]
        {
            assert_eq!(language_code(words).as_deref(), code, "{words}");
        }
    }
}
