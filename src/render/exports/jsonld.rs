//! schema.org as JSON-LD: documents as `NewsArticle`, verbatim words as `Quotation`, reported speech as `Statement`,
//! claims as `Claim` with their appearances.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::graph::first_seen;
use crate::model::{ClaimEdge, Date, EntityKind, Id, Kind, Statement};
use crate::render::escape::json_text;

use super::{Corpus, Paper, Speaker, iri, value};

/// Everything stored as one graph.
pub fn jsonld(corpus: &Corpus) -> String {
    let mut graph: Vec<Value> = outlets(corpus);
    graph.extend(corpus.speakers.iter().map(speaker));
    for paper in &corpus.papers {
        graph.push(article(paper));
        graph.extend(paper.statements.iter().map(|it| statement(paper, it)));
    }
    graph.extend(claims(corpus));
    // a vocabulary of its own instead of the remote context: nothing has to be fetched to read the file
    json_text(&json!({ "@context": { "@vocab": "https://schema.org/" }, "@graph": graph }))
}

fn node(id: &Id, class: &str) -> Map<String, Value> {
    let mut node = Map::new();
    node.insert("@id".to_string(), json!(iri(id)));
    node.insert("@type".to_string(), json!(class));
    node.insert("identifier".to_string(), json!(id));
    node
}

/// Sets a property that may be missing.
fn set(node: &mut Map<String, Value>, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        node.insert(key.to_string(), value.into());
    }
}

fn to(id: &Id) -> Value {
    json!({ "@id": iri(id) })
}

fn outlets(corpus: &Corpus) -> Vec<Value> {
    let mut outlets: BTreeMap<&Id, &str> = BTreeMap::new();
    for paper in &corpus.papers {
        if let (Some(id), Some(name)) = (&paper.outlet_id, paper.outlet()) {
            outlets.insert(id, name);
        }
    }
    let made = outlets.into_iter().map(|(id, name)| {
        let mut it = node(id, "Organization");
        set(&mut it, "name", Some(name));
        Value::Object(it)
    });
    made.collect()
}

fn speaker(it: &Speaker) -> Value {
    let class = match it.kind {
        EntityKind::Person | EntityKind::Unnamed => "Person",
        EntityKind::Organisation => "Organization",
        EntityKind::Group => "Audience",
    };
    let mut node = node(&it.id, class);
    set(&mut node, "name", Some(it.name.as_str()));
    Value::Object(node)
}

fn article(paper: &Paper) -> Value {
    let document = &paper.document;
    let mut it = node(&paper.id, "NewsArticle");
    set(&mut it, "headline", paper.title());
    set(&mut it, "datePublished", value(&document.published).map(Date::as_str));
    set(&mut it, "dateModified", value(&document.modified).map(Date::as_str));
    set(&mut it, "inLanguage", value(&document.language).map(String::as_str));
    set(&mut it, "url", paper.address().map(|address| json!({ "@id": address })));
    set(&mut it, "author", paper.author().map(|name| json!({ "@type": "Person", "name": name })));
    let publisher = paper.outlet_id.as_ref().filter(|_| paper.outlet().is_some());
    set(&mut it, "publisher", publisher.map(to));
    set(&mut it, "disambiguatingDescription", paper.guesses());
    Value::Object(it)
}

/// Verbatim words are a quotation of whom the document credits; reported speech is a statement of the document, which
/// mentions the one it credits.
fn statement(paper: &Paper, it: &Statement) -> Value {
    let attribution = &it.attribution;
    let text = paper.document.text.as_str();
    let words: Vec<&str> = attribution.content.iter().map(|span| span.of(text)).collect();
    let source: Vec<&str> = attribution.source.iter().map(|span| span.of(text)).collect();
    let (class, credit) = match attribution.kind {
        Kind::Direct => ("Quotation", "spokenByCharacter"),
        Kind::Mixed | Kind::Indirect => ("Statement", "mentions"),
    };
    let mut node = node(&it.id, class);
    set(&mut node, "text", Some(words.join(" … ")));
    set(&mut node, "isPartOf", Some(to(&paper.id)));
    set(&mut node, credit, it.speaker.as_ref().map(to));
    set(&mut node, "creditText", (!source.is_empty()).then(|| source.join(" … ")));
    set(&mut node, "about", it.claim.as_ref().map(to));
    Value::Object(node)
}

fn claims(corpus: &Corpus) -> Vec<Value> {
    let carriers = corpus.carriers();
    let mut edges: BTreeMap<&Id, Vec<&ClaimEdge>> = BTreeMap::new();
    for edge in &corpus.claim_edges {
        edges.entry(&edge.claim).or_default().push(edge);
    }
    let none = Vec::new();
    let made = corpus.claims.iter().map(|face| {
        let id = &face.claim.id;
        let of_claim = carriers.get(id).unwrap_or(&none);
        let first = first_seen(of_claim, edges.get(id).map_or(&[][..], Vec::as_slice));
        let mut it = node(id, "Claim");
        set(&mut it, "text", Some(face.text.as_str()));
        set(&mut it, "appearance", Some(of_claim.iter().map(|(document, _)| to(document)).collect::<Vec<_>>()));
        // several possible firsts: none is named
        let only = first.iter().next().filter(|_| first.len() == 1);
        set(&mut it, "firstAppearance", only.map(to));
        Value::Object(it)
    });
    made.collect()
}
