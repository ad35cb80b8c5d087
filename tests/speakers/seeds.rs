//! Speaker accuracy on the annotated seed articles, with gold attributions, by kind of resolution.

use std::collections::BTreeMap;

use provenance::lang::language;
use provenance::model::Via;
use provenance::resolve::speakers;
use provenance::text::{Span, match_key};
use serde_json::Value;

use crate::reading::{Bytes, attribution, read, shared};

struct Gold {
    entities: BTreeMap<String, Value>,
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_string).collect()
}

fn plain(name: &str) -> String {
    let key = match_key(name);
    ["the ", "a ", "an "].iter().find_map(|article| key.strip_prefix(article)).unwrap_or(&key).to_string()
}

impl Gold {
    /// Whether `said` names the entity: by the scorer's rule, a person's name may stand inside a longer one.
    fn names(&self, canonical: &str, said: &str) -> bool {
        let said = plain(said);
        let entity = &self.entities[canonical];
        let names: Vec<String> =
            strings(&entity["names"]).iter().map(|name| plain(name)).chain([plain(canonical)]).collect();
        let person = entity["kind"] == "person";
        names.iter().any(|name| {
            *name == said || (person && !name.is_empty() && format!(" {said} ").contains(&format!(" {name} ")))
        })
    }
}

fn spans(value: &Value, bytes: &Bytes) -> Vec<Span> {
    let all = value.as_array().into_iter().flatten();
    all.map(|span| bytes.span(span["start"].as_u64().unwrap(), span["end"].as_u64().unwrap())).collect()
}

#[test]
fn speakers_of_the_seed_articles() {
    let Ok(file) = std::fs::read_to_string(shared("eval/seeds/gold.json")) else {
        println!("skipped: the shared evaluation texts are not beside this checkout");
        return;
    };
    let gold: Value = serde_json::from_str(&file).unwrap();
    let entities = gold["entities"].as_array().unwrap();
    let entities = entities.iter().map(|e| (e["canonical"].as_str().unwrap().to_string(), e.clone())).collect();
    let names = Gold { entities };
    let mut by_kind: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let (mut right, mut total) = (0, 0);
    for document in gold["documents"].as_array().unwrap() {
        let path = shared("eval/seeds").join(document["file"].as_str().unwrap());
        let text = std::fs::read_to_string(path).unwrap();
        let bytes = Bytes::of(&text);
        let all: Vec<&Value> =
            gold["attributions"].as_array().unwrap().iter().filter(|a| a["doc"] == document["id"]).collect();
        let attributions: Vec<_> = all
            .iter()
            .map(|a| attribution(spans(&a["source"], &bytes), spans(&a["cue"], &bytes), spans(&a["content"], &bytes)))
            .collect();
        let found = speakers(&read(&text), &attributions, language("en"));
        for (item, speaker) in all.iter().zip(&found.of) {
            let accept = strings(&item["speaker_accept"]);
            let name = speaker.as_ref().map_or("", |speaker| found.entities[speaker.local].name.as_str());
            let together = name
                .contains(" and ")
                .then(|| name.split(" and ").all(|part| accept.iter().any(|a| names.names(a, part))));
            let ok = together == Some(true) || accept.iter().any(|canonical| names.names(canonical, name));
            if item["optional"] == true {
                if !ok {
                    println!("optional {} {}: {name:?}", item["id"], item["speaker"]);
                }
                continue;
            }
            let mut kind = item["speaker_resolution"].as_str().unwrap_or("").to_string();
            if let Some(speaker) = speaker.as_ref().filter(|_| kind == "explicit") {
                kind.push_str(if speaker.via == Via::Surname { ": surname" } else { ": name" });
            }
            let count = by_kind.entry(kind.clone()).or_default();
            count.1 += 1;
            total += 1;
            if ok {
                count.0 += 1;
                right += 1;
            } else {
                println!(
                    "wrong {} {kind}: wanted {}, found {name:?} {:?}",
                    item["id"],
                    item["speaker"],
                    speaker.as_ref().map(|s| &s.evidence)
                );
            }
        }
    }
    for (kind, (right, total)) in &by_kind {
        println!("{kind}: {right}/{total}");
    }
    println!("speakers of the seeds with gold attributions: {right}/{total} = {:.3}", right as f64 / total as f64);
    assert!(right as f64 >= 0.90 * total as f64, "{right}/{total}");
}
