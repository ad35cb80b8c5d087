//! W3C Web Annotation: one annotation a statement, in one collection. The target names the stored document and finds the
//! words twice: by quoting them with their surroundings, and by code points into the stored text.

use serde_json::{Value, json};

use crate::model::Statement;
use crate::render::contract::{after, before};
use crate::render::escape::json_text;
use crate::text::{CodePoints, Span};

use super::{Corpus, Paper, iri};

/// The annotations of all statements.
pub fn webanno(corpus: &Corpus) -> String {
    let mut items = Vec::new();
    for paper in &corpus.papers {
        let points = CodePoints::new(&paper.document.text);
        items.extend(paper.statements.iter().map(|statement| annotation(paper, statement, &points)));
    }
    json_text(&json!({
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": "urn:x-provenance:statements",
        "type": "AnnotationCollection",
        "label": "Statements and who is credited with them",
        "total": items.len(),
        "first": { "id": "urn:x-provenance:statements:1", "type": "AnnotationPage", "startIndex": 0, "items": items },
    }))
}

fn annotation(paper: &Paper, statement: &Statement, points: &CodePoints) -> Value {
    let attribution = &statement.attribution;
    let mut bodies = vec![text_body("classifying", attribution.kind.name())];
    if let Some(name) = &statement.speaker_name {
        bodies.push(text_body("identifying", name));
    }
    for id in statement.speaker.iter().chain(&statement.claim) {
        bodies.push(json!({ "type": "SpecificResource", "purpose": "linking", "source": iri(id) }));
    }
    let targets: Vec<Value> = attribution.content.iter().map(|span| target(paper, *span, points)).collect();
    json!({
        "id": iri(&statement.id), "type": "Annotation", "motivation": "identifying", "body": bodies, "target": targets,
    })
}

fn text_body(purpose: &str, words: &str) -> Value {
    json!({ "type": "TextualBody", "purpose": purpose, "format": "text/plain", "value": words })
}

fn target(paper: &Paper, span: Span, points: &CodePoints) -> Value {
    let text = paper.document.text.as_str();
    let (start, end) = points.of_span(span);
    let mut source = json!({ "id": iri(&paper.id), "type": "Text", "format": "text/plain" });
    if let Some(language) = &paper.document.language {
        source["language"] = json!(language.value);
    }
    if let Some(address) = paper.address() {
        source["via"] = json!(address);
    }
    json!({
        "type": "SpecificResource",
        "source": source,
        "selector": [
            {
                "type": "TextQuoteSelector", "exact": span.of(text),
                "prefix": before(text, span.start), "suffix": after(text, span.end),
            },
            { "type": "TextPositionSelector", "start": start, "end": end },
        ],
    })
}
