//! The most quoted entities of a large news corpus, with gold attributions: printed for reading, and checked for
//! people of one surname who were taken for one.

use std::collections::BTreeMap;

use provenance::lang::language;
use provenance::model::{AliasKind, Date, EntityKind};
use provenance::resolve::{KnownLocal, NameDecisions, entities, speakers};
use provenance::text::{Span, match_key};
use serde_json::Value;

use crate::reading::{Bytes, attribution, read, shared};

fn spans(value: &Value, bytes: &Bytes) -> Vec<Span> {
    let all = value.as_array().into_iter().flatten();
    all.map(|span| bytes.span(span[0].as_u64().unwrap(), span[1].as_u64().unwrap())).collect()
}

#[test]
fn the_most_quoted_of_the_corpus() {
    let mut locals = Vec::new();
    let mut said: BTreeMap<String, usize> = BTreeMap::new();
    let mut documents = 0;
    for part in ["train", "dev"] {
        let Ok(file) = std::fs::read_to_string(shared(&format!("eval/attribution/polnear_{part}.jsonl"))) else {
            println!("skipped: the shared evaluation texts are not beside this checkout");
            return;
        };
        for line in file.lines() {
            let article: Value = serde_json::from_str(line).unwrap();
            let text = article["text"].as_str().unwrap();
            let bytes = Bytes::of(text);
            let attributions: Vec<_> = article["attributions"]
                .as_array()
                .unwrap()
                .iter()
                .map(|a| {
                    attribution(spans(&a["source"], &bytes), spans(&a["cue"], &bytes), spans(&a["content"], &bytes))
                })
                .collect();
            let found = speakers(&read(text), &attributions, language("en"));
            documents += 1;
            let id = article["doc_id"].as_str().unwrap();
            let names: Vec<String> = found.entities.iter().map(|entity| entity.name.clone()).collect();
            for speaker in found.of.iter().flatten() {
                *said.entry(format!("{id}:{}", speaker.local)).or_default() += 1;
            }
            for (at, entity) in found.entities.into_iter().enumerate() {
                locals.push(KnownLocal {
                    key: format!("{id}:{at}"),
                    row: locals.len() as i64,
                    entity,
                    outlet: article["outlet"].as_str().unwrap_or("").to_string(),
                    date: article["date"].as_str().and_then(Date::parse_iso),
                    together_with: names.clone().into(),
                });
            }
        }
    }
    let begun = std::time::Instant::now();
    let resolution = entities(&locals, &NameDecisions::default());
    println!(
        "{documents} articles, {} local entities, {} entities, {} suggested, {:.1} s",
        locals.len(),
        resolution.entities.len(),
        resolution.suggested.len(),
        begun.elapsed().as_secs_f64()
    );
    let mut ranked: Vec<(usize, usize)> = resolution
        .entities
        .iter()
        .enumerate()
        .map(|(at, (_, rows))| {
            let keys = rows.iter().map(|row| &locals[*row as usize].key);
            (keys.map(|key| said.get(key).copied().unwrap_or(0)).sum(), at)
        })
        .collect();
    ranked.sort_by_key(|(count, at)| (std::cmp::Reverse(*count), *at));
    for (count, at) in ranked.iter().take(50) {
        let (entity, rows) = &resolution.entities[*at];
        let names: Vec<String> = entity
            .aliases
            .iter()
            .filter(|alias| !matches!(alias.kind, AliasKind::Role | AliasKind::Pronoun))
            .take(9)
            .map(|alias| format!("{} {}", alias.text, alias.count))
            .collect();
        println!("{count:5} {} {} [{} docs]: {}", entity.kind.name(), entity.name, rows.len(), names.join(", "));
    }
    for (entity, rows) in &resolution.entities {
        let full: Vec<String> = rows
            .iter()
            .map(|row| match_key(&locals[*row as usize].entity.name))
            .filter(|name| name.contains(' '))
            .collect();
        let families = [
            ["bill clinton", "hillary clinton"],
            ["donald trump", "eric trump"],
            ["donald trump", "donald trump jr"],
            ["barack obama", "michelle obama"],
            ["jeb bush", "george w bush"],
        ];
        for [a, b] in families {
            let both = full.iter().any(|name| name == a) && full.iter().any(|name| name == b);
            assert!(!both || entity.kind != EntityKind::Person, "{a} and {b} were joined in {}", entity.name);
        }
    }
}
