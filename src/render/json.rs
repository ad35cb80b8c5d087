//! The whole graph as JSON: `{"schema":"provenance.graph/1","nodes":[…],"edges":[…]}`; ends of edges are node ids.

use petgraph::visit::EdgeRef;
use serde_json::{Value, json};

use crate::graph::ProvenanceGraph;

use super::PictureOptions;
use super::escape::{json_text, web_address};

pub fn json(graph: &ProvenanceGraph, options: &PictureOptions) -> String {
    let nodes: Vec<Value> = graph
        .node_weights()
        .map(|node| {
            json!({
                "id": node.id, "kind": node.kind, "label": node.label, "date": node.date, "weight": node.weight,
                "url": node.url.as_deref().and_then(web_address),
            })
        })
        .collect();
    let edges: Vec<Value> = graph
        .edge_references()
        .map(|edge| {
            let weight = edge.weight();
            json!({
                "source": graph[edge.source()].id, "target": graph[edge.target()].id, "kind": weight.kind,
                "weight": weight.weight, "first_seen": weight.first_seen,
                "relation": weight.relation, "order": weight.order, "score": weight.score, "claim": weight.claim,
                "wording": weight.wording, "note": weight.note, "statements": weight.statements,
            })
        })
        .collect();
    let whole = json!({ "schema": "provenance.graph/1", "title": options.title, "nodes": nodes, "edges": edges });
    json_text(&whole)
}
