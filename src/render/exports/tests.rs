//! Every export parsed back: as many things as went in, the same words, ends that exist, nothing active.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde_json::Value;

use super::samples::corpus;
use super::*;
use crate::render::escape::bibtex as escaped;
use crate::render::samples::hostile_labels;

const PLAIN: &str = "A plain label";

fn on_every_label(check: impl Fn(&str) + Sync) {
    check(PLAIN);
    hostile_labels().par_iter().for_each(|text| check(text));
}

fn json(text: &str) -> Value {
    let lower = text.to_ascii_lowercase();
    assert!(!lower.contains("<script") && !lower.contains("</"), "{text}");
    serde_json::from_str(text).expect("JSON")
}

/// Strings under a key, anywhere.
fn under<'v>(value: &'v Value, key: &str, found: &mut Vec<&'v str>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if let (true, Some(text)) = (name == key, value.as_str()) {
                    found.push(text);
                }
                under(value, key, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| under(item, key, found)),
        _ => {}
    }
}

fn all<'v>(value: &'v Value, key: &str) -> Vec<&'v str> {
    let mut found = Vec::new();
    under(value, key, &mut found);
    found
}

fn assert_addresses(found: &[&str]) {
    for address in found {
        let lower = address.to_ascii_lowercase();
        assert!(lower.starts_with("http") || lower.starts_with("file:"), "{address:?}");
    }
}

fn statements(corpus: &Corpus) -> usize {
    corpus.papers.iter().map(|paper| paper.statements.len()).sum()
}

fn code_points(text: &str, start: &Value, end: &Value) -> String {
    let place = |value: &Value| value.as_u64().expect("an offset") as usize;
    text.chars().skip(place(start)).take(place(end) - place(start)).collect()
}

#[test]
fn annotations_find_their_words() {
    on_every_label(|label| {
        let corpus = corpus(label);
        let made = json(&webanno(&corpus));
        let items = made["first"]["items"].as_array().expect("items");
        assert_eq!(items.len(), statements(&corpus), "{label:?}");
        assert_eq!(made["total"], items.len());
        let texts: BTreeMap<String, &str> =
            corpus.papers.iter().map(|paper| (iri(&paper.id), paper.document.text.as_str())).collect();
        for target in items.iter().flat_map(|item| item["target"].as_array().expect("targets")) {
            let text = texts[target["source"]["id"].as_str().expect("a source")];
            let (quote, place) = (&target["selector"][0], &target["selector"][1]);
            assert_eq!(code_points(text, &place["start"], &place["end"]), quote["exact"].as_str().expect("words"));
            let around = |key: &str| quote[key].as_str().expect("words").to_string();
            assert!(text.contains(&(around("prefix") + &around("exact") + &around("suffix"))), "{label:?}");
        }
        assert_addresses(&all(&made, "via"));
    });
}

#[test]
fn provenance_relates_what_exists_and_points_nowhere_unknown() {
    let plain: Vec<usize> = sections(&json(&prov(&corpus(PLAIN))));
    on_every_label(|label| {
        let corpus = corpus(label);
        let made = json(&prov(&corpus));
        if statements(&corpus) == 6 && !label.trim().is_empty() {
            assert_eq!(sections(&made), plain, "{label:?}");
        }
        let known: BTreeSet<&String> = ["entity", "agent", "activity"]
            .iter()
            .flat_map(|kind| made[kind].as_object().expect("a section").keys())
            .collect();
        for (section, rows) in made.as_object().expect("sections") {
            for row in rows.as_object().into_iter().flatten().filter(|(name, _)| name.starts_with("_:")) {
                for (key, end) in row.1.as_object().expect("a relation") {
                    let is_end = key.starts_with("prov:") && key != "prov:type";
                    assert!(!is_end || known.contains(&end.as_str().expect("an end").to_string()), "{section} {row:?}");
                }
            }
        }
        let label_of = |id: &Id| made["entity"][format!("p:{id}")]["prov:label"].as_str().unwrap_or("").to_string();
        assert!(label.trim().is_empty() || label_of(&corpus.papers[0].id) == label, "{label:?}");
        assert_addresses(&all(&made, "prov:location"));
    });
}

fn sections(made: &Value) -> Vec<usize> {
    made.as_object().expect("sections").values().map(|rows| rows.as_object().map_or(0, |rows| rows.len())).collect()
}

#[test]
fn unknown_order_gives_no_arrow() {
    let corpus = corpus(PLAIN);
    let made = json(&prov(&corpus));
    let arrows: BTreeSet<(String, String)> = made["wasDerivedFrom"]
        .as_object()
        .expect("relations")
        .values()
        .map(|it| (it["prov:generatedEntity"].to_string(), it["prov:usedEntity"].to_string()))
        .collect();
    let arrow = |from: usize, to: usize| {
        let name = |at: usize| format!("\"p:{}\"", corpus.papers[at].id);
        arrows.contains(&(name(to), name(from)))
    };
    assert!(arrow(0, 1), "what is ordered is derived");
    assert!(!arrow(1, 2) && !arrow(2, 1), "what is not, is not");
    assert!(!arrow(0, 2) && !arrow(2, 0), "a common source is neither's");
    // reported words are never shown as a quotation
    let linked = json(&jsonld(&corpus));
    let kinds = all(&linked, "@type");
    assert_eq!(kinds.iter().filter(|kind| **kind == "Quotation").count(), 3);
    assert_eq!(kinds.iter().filter(|kind| **kind == "Statement").count(), 3);
}

#[test]
fn linked_data_keeps_things_and_words() {
    on_every_label(|label| {
        let corpus = corpus(label);
        let made = json(&jsonld(&corpus));
        let count = |kind: &str| all(&made, "@type").iter().filter(|it| **it == kind).count();
        assert_eq!(count("NewsArticle"), corpus.papers.len());
        assert_eq!(count("Quotation") + count("Statement"), statements(&corpus), "{label:?}");
        assert_eq!(count("Claim"), 1);
        let titles = all(&made, "headline");
        assert!(label.trim().is_empty() || titles == [label; 3], "{label:?}");
        let urls: Vec<&str> =
            made["@graph"].as_array().expect("a graph").iter().filter_map(|it| it["url"]["@id"].as_str()).collect();
        assert_addresses(&urls);
    });
}

#[test]
fn references_keep_titles_and_dates() {
    on_every_label(|label| {
        let corpus = corpus(label);
        let made = json(&csl(&corpus));
        let items = made.as_array().expect("references");
        assert_eq!(items.len(), corpus.papers.len());
        let titles: Vec<&str> = items.iter().filter_map(|item| item["title"].as_str()).collect();
        assert!(label.trim().is_empty() || titles == [label; 3], "{label:?}");
        assert_eq!(items[1]["issued"]["date-parts"], serde_json::json!([[2024, 3, 2]]));
        assert_eq!(items[2]["issued"]["date-parts"], serde_json::json!([[2024, 4]]));
        assert_addresses(&items.iter().filter_map(|item| item["URL"].as_str()).collect::<Vec<_>>());
    });
}

/// Entries and their fields, read by braces as BibTeX does: (key, name → content without its outer braces).
fn read_bibtex(text: &str) -> Vec<(String, BTreeMap<String, String>)> {
    let mut entries = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("@article{") {
        rest = &rest[at + "@article{".len()..];
        let end = closing(rest);
        let (key, fields) = rest[..end].split_once(',').unwrap_or((&rest[..end], ""));
        let mut found = BTreeMap::new();
        let mut fields = fields;
        while let Some((name, after)) = fields.split_once('=') {
            let after = after.trim_start();
            let (content, next) = match after.strip_prefix('{') {
                Some(inside) => (&inside[..closing(inside)], &inside[closing(inside) + 1..]),
                None => after.split_at(after.find([',', '\n']).unwrap_or(after.len())),
            };
            found.insert(name.trim_matches([',', '\n', ' ']).to_string(), content.to_string());
            fields = next;
        }
        entries.push((key.to_string(), found));
        rest = &rest[end + 1..];
    }
    assert!(!rest.contains('@'), "something stands outside of entries: {rest:?}");
    entries
}

/// Where the brace that is open closes.
fn closing(text: &str) -> usize {
    let mut depth = 1;
    for (at, c) in text.char_indices() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        if depth == 0 {
            return at;
        }
    }
    panic!("an open brace in {text:?}");
}

#[test]
fn bibtex_keeps_entries_and_fields() {
    on_every_label(|label| {
        let corpus = corpus(label);
        let text = bibtex(&corpus);
        assert!(!text.to_ascii_lowercase().contains("<script"));
        let entries = read_bibtex(&text);
        let keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_str()).collect();
        let ids: Vec<&str> = corpus.papers.iter().map(|paper| paper.id.as_str()).collect();
        assert_eq!(keys, ids, "{label:?}");
        for (_, fields) in &entries {
            assert_eq!(fields["year"], "2024");
            let title = fields.get("title").map_or(String::new(), |title| title.clone());
            assert!(label.trim().is_empty() || title == format!("{{{}}}", escaped(label)), "{label:?} {title:?}");
            if let Some(url) = fields.get("url") {
                assert_addresses(&[url]);
            }
        }
        assert_eq!(entries[0].1["month"], "mar");
        assert_eq!(entries[0].1["day"], "1");
    });
}

#[test]
fn brat_offsets_name_their_words() {
    on_every_label(|label| {
        let corpus = corpus(label);
        let files = brat(&corpus);
        assert_eq!(files.len(), 1 + 2 * corpus.papers.len());
        for pair in files[1..].chunks(2) {
            let text = pair[0].text.as_str();
            let bound = pair[1].text.split('\n').filter(|line| line.starts_with('T'));
            for line in bound {
                let mut fields = line.splitn(3, '\t');
                let (_, place, words) = (fields.next(), fields.next().expect("a place"), fields.next().expect("words"));
                let pieces: Vec<String> = place
                    .split_once(' ')
                    .expect("a name")
                    .1
                    .split(';')
                    .map(|piece| {
                        let (start, end) = piece.split_once(' ').expect("two offsets");
                        let number = |it: &str| Value::from(it.parse::<u64>().expect("an offset"));
                        code_points(text, &number(start), &number(end))
                    })
                    .collect();
                assert_eq!(words, pieces.join(" "), "{label:?}");
            }
        }
    });
}

#[test]
fn guesses_are_called_guesses() {
    let corpus = corpus(PLAIN);
    let made = json(&csl(&corpus));
    assert!(made[1]["note"].as_str().expect("a note").contains("outlet (sample)"));
    assert!(made[0]["note"].is_null());
    assert!(bibtex(&corpus).contains("note = {{not printed in the document but inferred: outlet (sample)}}"));
}

#[test]
fn the_same_bytes_every_time() {
    for render in [webanno, prov, jsonld, csl, bibtex] {
        assert_eq!(render(&corpus(PLAIN)), render(&corpus(PLAIN)));
    }
}
