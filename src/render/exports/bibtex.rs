//! BibTeX: the documents as `@article` entries, keyed by their ids.

use crate::render::escape::{bibtex as escaped, visible};

use super::{Corpus, Paper, value};

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// One entry a document.
pub fn bibtex(corpus: &Corpus) -> String {
    let entries: Vec<String> = corpus.papers.iter().map(entry).collect();
    entries.join("\n")
}

fn entry(paper: &Paper) -> String {
    let document = &paper.document;
    let date = value(&document.published).map(|date| date.as_str());
    let part = |at: usize| date.and_then(|date| date.split(['-', 'T']).nth(at));
    let month = part(1).and_then(|month| MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?));
    let texts = [
        ("title", paper.title()),
        ("journal", paper.outlet()),
        ("author", paper.author()),
        ("language", value(&document.language).map(String::as_str)),
    ];
    let mut fields: Vec<(&str, String)> = Vec::new();
    for (name, text) in texts {
        // doubled braces: no style may change capitals or take a byline apart at "and"
        fields.extend(text.map(|text| (name, format!("{{{{{}}}}}", escaped(text)))));
    }
    fields.extend(part(0).map(|year| ("year", format!("{{{year}}}"))));
    fields.extend(month.map(|month| ("month", month.to_string())));
    fields.extend(part(2).map(|day| ("day", format!("{{{}}}", day.trim_start_matches('0')))));
    fields.extend(paper.address().map(|address| ("url", format!("{{{}}}", visible(&address)))));
    fields.extend(value(&document.captured).and_then(|date| date.day()).map(|day| ("urldate", format!("{{{day}}}"))));
    fields.extend(paper.guesses().map(|note| ("note", format!("{{{{{}}}}}", escaped(&note)))));
    let fields: Vec<String> = fields.into_iter().map(|(name, text)| format!("  {name} = {text}")).collect();
    let comma = if fields.is_empty() { "" } else { ",\n" };
    format!("@article{{{}{comma}{}\n}}\n", paper.id, fields.join(",\n"))
}
