//! Apparent contradictions of the fifty most quoted of a large news corpus, printed for reading; and against judged pairs.
//! Gold attributions; skipped, and said so, where the shared evaluation texts are not at hand.

use std::collections::BTreeMap;

use provenance::lang::language;
use provenance::link::{Opposition, oppositions};
use provenance::model::{Act, Date, EntityKind, Id, IdKind, Kind, Variant};
use provenance::resolve::{KnownLocal, NameDecisions, entities, speakers};
use provenance::text::{Span, quote_pairs};
use serde_json::Value;

use crate::reading::{Bytes, attribution, read, shared};

/// Speakers whose statements are compared.
const MOST: usize = 50;

/// One gold statement: where it stands, who said it, and its words.
struct Said {
    document: String,
    start: u64,
    entity: usize,
    variant: Variant,
}

struct Corpus {
    said: Vec<Said>,
    /// Name and kind of every entity.
    entities: Vec<(String, EntityKind)>,
}

fn spans(value: &Value, bytes: &Bytes) -> Vec<Span> {
    let all = value.as_array().into_iter().flatten();
    all.map(|span| bytes.span(span[0].as_u64().unwrap(), span[1].as_u64().unwrap())).collect()
}

fn kind_of(text: &str) -> Kind {
    let quoted: usize = quote_pairs(text).iter().map(|pair| pair.span.len()).sum();
    let whole = text.trim().trim_end_matches(['.', ',']).len();
    match quoted {
        0 => Kind::Indirect,
        _ if quoted + 3 >= whole => Kind::Direct,
        _ => Kind::Mixed,
    }
}

/// All gold statements with their speakers joined across documents.
fn corpus() -> Option<Corpus> {
    let mut locals = Vec::new();
    let mut found: Vec<(String, u64, String, Variant)> = Vec::new();
    for part in ["train", "dev"] {
        let Ok(file) = std::fs::read_to_string(shared(&format!("eval/attribution/polnear_{part}.jsonl"))) else {
            println!("skipped: the shared evaluation texts are not beside this checkout");
            return None;
        };
        for line in file.lines() {
            let article: Value = serde_json::from_str(line).unwrap();
            let text = article["text"].as_str().unwrap();
            let bytes = Bytes::of(text);
            let gold = article["attributions"].as_array().unwrap();
            let of = |it: &Value, part: &str| spans(&it[part], &bytes);
            let attributions: Vec<_> =
                gold.iter().map(|it| attribution(of(it, "source"), of(it, "cue"), of(it, "content"))).collect();
            let resolved = speakers(&read(text), &attributions, language("en"));
            let id = article["doc_id"].as_str().unwrap();
            let date = article["date"].as_str().and_then(Date::parse_iso);
            for ((it, attribution), speaker) in gold.iter().zip(&attributions).zip(&resolved.of) {
                let Some(speaker) = speaker else { continue };
                let words = |spans: &[Span]| spans.iter().map(|span| span.of(text)).collect::<Vec<_>>().join(" ");
                let content = words(&attribution.content).replace("''", "\"");
                let start = it["content"][0][0].as_u64().unwrap_or(0);
                let variant = Variant {
                    statement: Id::of(IdKind::Statement, &[id, &start.to_string()]),
                    document: Id::of(IdKind::Document, &[id]),
                    kind: kind_of(&content),
                    text: content,
                    speaker: resolved.entities[speaker.local].name.clone(),
                    speaker_aliases: Vec::new(),
                    cue: words(&attribution.cue),
                    negated: false,
                    act: Act::Statement,
                    entity: None,
                    outlet: String::new(),
                    date: date.clone(),
                    language: "en".to_string(),
                    embedding: None,
                };
                found.push((id.to_string(), start, format!("{id}:{}", speaker.local), variant));
            }
            let names: Vec<String> = resolved.entities.iter().map(|entity| entity.name.clone()).collect();
            for (at, entity) in resolved.entities.into_iter().enumerate() {
                let outlet = article["outlet"].as_str().unwrap_or("").to_string();
                let key = format!("{id}:{at}");
                locals.push(KnownLocal {
                    key,
                    row: locals.len() as i64,
                    entity,
                    outlet,
                    date: date.clone(),
                    together_with: names.clone().into(),
                });
            }
        }
    }
    let resolution = entities(&locals, &NameDecisions::default());
    let of: BTreeMap<&str, usize> = resolution
        .entities
        .iter()
        .enumerate()
        .flat_map(|(at, (_, rows))| rows.iter().map(move |row| (*row, at)))
        .map(|(row, at)| (locals[row as usize].key.as_str(), at))
        .collect();
    let said = found.into_iter().map(|(document, start, local, variant)| {
        let entity = of[local.as_str()];
        Said { document, start, entity, variant }
    });
    let said = said.collect();
    let entities = resolution.entities.iter().map(|(entity, _)| (entity.name.clone(), entity.kind)).collect();
    Some(Corpus { said, entities })
}

/// Entities by number of statements, most first.
fn ranked(corpus: &Corpus) -> Vec<usize> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for it in &corpus.said {
        *counts.entry(it.entity).or_default() += 1;
    }
    let mut ranked: Vec<usize> = counts.keys().copied().collect();
    ranked.retain(|at| matches!(corpus.entities[*at].1, EntityKind::Person | EntityKind::Organisation));
    ranked.sort_by_key(|at| (std::cmp::Reverse(counts[at]), *at));
    ranked
}

fn print(variants: &[&Said], it: &Opposition) {
    println!("  {:.2} “{}” / “{}”", it.same_subject, it.words.0, it.words.1);
    for at in [it.a, it.b] {
        let said = variants[at];
        println!("      {} [{}] {}", said.document, said.variant.cue, said.variant.text.replace('\n', " "));
    }
}

#[test]
fn contradictions_of_the_most_quoted() {
    let Some(corpus) = corpus() else { return };
    let begun = std::time::Instant::now();
    let mut total = 0;
    let most = std::env::var("PROVENANCE_MOST_QUOTED").ok().and_then(|it| it.parse().ok()).unwrap_or(MOST);
    for at in ranked(&corpus).into_iter().take(most) {
        let own: Vec<&Said> = corpus.said.iter().filter(|it| it.entity == at).collect();
        let variants: Vec<Variant> = own.iter().map(|it| it.variant.clone()).collect();
        let found = oppositions(&variants);
        println!("{} — {} of {} statements", corpus.entities[at].0, found.len(), own.len());
        total += found.len();
        found.iter().for_each(|it| print(&own, it));
    }
    println!("{total} pairs among the {most} most quoted, {:.1} s", begun.elapsed().as_secs_f64());
}

#[test]
fn contradictions_among_judged_pairs() {
    let Some(corpus) = corpus() else { return };
    for set in ["polnear_pairs.jsonl", "polnear_pairs_2.jsonl"] {
        let Ok(file) = std::fs::read_to_string(shared(&format!("eval/linking/{set}"))) else { return };
        let find = |side: &Value| {
            let start = side["spans"][0][0].as_u64()?;
            corpus.said.iter().find(|it| it.document == side["doc"].as_str().unwrap_or("") && it.start == start)
        };
        let (mut real, mut hit, mut others, mut wrong, mut strangers) = (0, 0, 0, 0, 0);
        for line in file.lines() {
            let pair: Value = serde_json::from_str(line).unwrap();
            let (Some(a), Some(b)) = (find(&pair["a"]), find(&pair["b"])) else { continue };
            if a.entity != b.entity {
                strangers += 1;
                continue;
            }
            let found = oppositions(&[a.variant.clone(), b.variant.clone()]);
            let contradicts =
                pair["relation"] == "contradicts" || pair["relation"].is_null() && pair["category"] == "neg:negation";
            let counted = if contradicts { (&mut real, &mut hit) } else { (&mut others, &mut wrong) };
            *counted.0 += 1;
            *counted.1 += usize::from(!found.is_empty());
            if contradicts == found.is_empty() {
                println!("{} {} {}", pair["id"], if contradicts { "missed" } else { "wrongly found" }, pair["reason"]);
                let both = [a, b];
                found.iter().for_each(|it| print(&both, it));
                if contradicts {
                    both.iter().for_each(|it| println!("      [{}] {}", it.variant.cue, it.variant.text));
                }
            }
        }
        println!(
            "{set}: found {hit} of {real} contradictions of one speaker; {wrong} of {others} other pairs of one speaker; {strangers} pairs of two speakers"
        );
    }
}
