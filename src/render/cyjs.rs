//! Cytoscape JSON (`elements` of nodes and edges), for Cytoscape and Cytoscape.js. Nothing is left out.

use petgraph::visit::EdgeRef;
use serde_json::{Value, json};

use crate::graph::ProvenanceGraph;

use super::PictureOptions;
use super::escape::{json_text, web_address};

pub fn cyjs(graph: &ProvenanceGraph, options: &PictureOptions) -> String {
    let nodes: Vec<Value> = graph
        .node_weights()
        .map(|node| {
            json!({ "data": {
                "id": node.id, "name": node.label, "kind": node.kind, "date": node.date, "weight": node.weight,
                "url": node.url.as_deref().and_then(web_address),
            } })
        })
        .collect();
    let edges: Vec<Value> = graph
        .edge_references()
        .map(|edge| {
            let weight = edge.weight();
            json!({ "data": {
                "id": format!("e{}", edge.id().index()), "source": graph[edge.source()].id,
                "target": graph[edge.target()].id, "interaction": weight.kind, "weight": weight.weight,
                "first_seen": weight.first_seen, "relation": weight.relation, "order": weight.order,
                "score": weight.score, "claim": weight.claim, "wording": weight.wording, "note": weight.note,
            } })
        })
        .collect();
    let whole = json!({
        "format_version": "1.0", "generated_by": "provenance", "target_cytoscapejs_version": "~3",
        "data": { "name": options.title }, "elements": { "nodes": nodes, "edges": edges },
    });
    json_text(&whole)
}
