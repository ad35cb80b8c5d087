//! Who speaks, across the example corpus, with its gold attributions: statements of one speaker in one entity, and no entity
//! with statements of two speakers. Needs nothing outside the repository.

use std::collections::{BTreeMap, BTreeSet};

use provenance::lang::language;
use provenance::model::{Date, EntityKind};
use provenance::resolve::{KnownLocal, NameDecisions, Resolution, entities, speakers};
use provenance::text::Span;
use serde_json::Value;

use crate::reading::{Bytes, attribution, read};

/// One statement of the gold: who says it, and the local entity it was resolved to.
struct Said {
    gold: String,
    local: Option<String>,
    id: String,
}

fn lines(name: &str) -> Vec<Value> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/gold").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn spans(value: &Value, bytes: &Bytes) -> Vec<Span> {
    let all = value.as_array().into_iter().flatten();
    all.map(|span| bytes.span(span[0].as_u64().unwrap(), span[1].as_u64().unwrap())).collect()
}

fn corpus() -> (Vec<KnownLocal>, Vec<Said>) {
    let gold: BTreeMap<String, Value> =
        lines("attributions.jsonl").into_iter().map(|it| (it["doc"].as_str().unwrap().to_string(), it)).collect();
    let (mut locals, mut said) = (Vec::new(), Vec::new());
    for row in lines("evaluate.jsonl") {
        let (id, text) = (row["doc_id"].as_str().unwrap(), row["text"].as_str().unwrap());
        let document = &gold[id];
        let bytes = Bytes::of(text);
        let attributions: Vec<_> = row["attributions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|a| attribution(spans(&a["source"], &bytes), spans(&a["cue"], &bytes), spans(&a["content"], &bytes)))
            .collect();
        let found = speakers(&read(text), &attributions, language("en"));
        for (of, gold) in found.of.iter().zip(document["attributions"].as_array().unwrap()) {
            said.push(Said {
                gold: gold["speaker"].as_str().unwrap_or("").to_string(),
                local: of.as_ref().map(|speaker| format!("{id}:{}", speaker.local)),
                id: gold["id"].as_str().unwrap().to_string(),
            });
        }
        let names: Vec<String> = found.entities.iter().map(|entity| entity.name.clone()).collect();
        for (at, entity) in found.entities.into_iter().enumerate() {
            locals.push(KnownLocal {
                key: format!("{id}:{at}"),
                row: locals.len() as i64,
                entity,
                outlet: document["outlet"].as_str().unwrap_or("").to_string(),
                date: document["date"].as_str().and_then(Date::parse_iso),
                together_with: names.clone().into(),
            });
        }
    }
    (locals, said)
}

/// Place of the entity that each local entity belongs to.
fn places<'l>(resolution: &Resolution, locals: &'l [KnownLocal]) -> BTreeMap<&'l str, usize> {
    let all = resolution.entities.iter().enumerate();
    all.flat_map(|(at, (_, rows))| rows.iter().map(move |row| (locals[*row as usize].key.as_str(), at))).collect()
}

#[test]
fn speakers_of_the_example_corpus() {
    let (locals, said) = corpus();
    let named: BTreeSet<String> = lines("speakers.jsonl")
        .iter()
        .filter(|speaker| speaker["kind"] != "unnamed")
        .map(|speaker| speaker["name"].as_str().unwrap().to_string())
        .collect();
    let resolution = entities(&locals, &NameDecisions::default());
    let places = places(&resolution, &locals);
    let mut by_entity: BTreeMap<usize, BTreeMap<&str, Vec<&str>>> = BTreeMap::new();
    let mut by_speaker: BTreeMap<&str, BTreeMap<Option<usize>, Vec<&str>>> = BTreeMap::new();
    for it in said.iter().filter(|it| named.contains(&it.gold)) {
        let place = it.local.as_deref().and_then(|key| places.get(key)).copied();
        by_speaker.entry(&it.gold).or_default().entry(place).or_default().push(&it.id);
        if let Some(place) = place {
            by_entity.entry(place).or_default().entry(&it.gold).or_default().push(&it.id);
        }
    }
    let (mut total, mut right, mut mixed) = (0, 0, 0);
    for (gold, places) in &by_speaker {
        let main = places.iter().filter(|(place, _)| place.is_some()).max_by_key(|(_, ids)| ids.len());
        total += places.values().map(Vec::len).sum::<usize>();
        right += main.map_or(0, |(_, ids)| ids.len());
        for (place, ids) in places.iter().filter(|(place, _)| main.is_none_or(|(known, _)| known != *place)) {
            let name = place.map_or("nobody", |at| resolution.entities[at].0.name.as_str());
            println!("apart: {gold} as {name}: {ids:?}");
        }
    }
    for (place, speakers) in by_entity.iter().filter(|(_, speakers)| speakers.len() > 1) {
        let most = speakers.values().map(Vec::len).max().unwrap_or(0);
        mixed += speakers.values().map(Vec::len).sum::<usize>() - most;
        println!("mixed: {} has {speakers:?}", resolution.entities[*place].0.name);
    }
    println!(
        "example corpus: {right}/{total} statements of named speakers in the speaker's one entity, {mixed} in somebody else's"
    );
    assert!(total >= 150, "{total}");
    assert!(right as f64 >= 0.80 * total as f64, "{right}/{total}");
    assert!(mixed as f64 <= 0.02 * total as f64, "{mixed}/{total}");
    for (a, b) in [("Greta Halden", "Jonas Halden"), ("Yevgeny Stolkov", "Marta Velenko")] {
        for (entity, rows) in resolution.entities.iter().filter(|(entity, _)| entity.kind == EntityKind::Person) {
            let has = |name: &str| entity.aliases.iter().any(|alias| alias.text == name);
            assert!(!(has(a) && has(b)), "{a} and {b} are one in {rows:?}");
        }
    }
}
