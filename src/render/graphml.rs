//! GraphML with typed keys, for NetworkX, Gephi, yEd and igraph. Nothing is left out.

use petgraph::visit::EdgeRef;

use crate::graph::ProvenanceGraph;

use super::PictureOptions;
use super::escape::{visible, web_address};
use super::xml::Document;

/// (key, for, name, type) of every attribute.
const KEYS: &[(&str, &str, &str, &str)] = &[
    ("n0", "node", "kind", "string"),
    ("n1", "node", "label", "string"),
    ("n2", "node", "date", "string"),
    ("n3", "node", "weight", "int"),
    ("n4", "node", "url", "string"),
    ("e0", "edge", "kind", "string"),
    ("e1", "edge", "weight", "int"),
    ("e2", "edge", "first_seen", "boolean"),
    ("e3", "edge", "relation", "string"),
    ("e4", "edge", "order", "string"),
    ("e5", "edge", "score", "double"),
    ("e6", "edge", "claim", "string"),
    ("e7", "edge", "wording", "string"),
    ("e8", "edge", "note", "string"),
    ("e9", "edge", "statements", "string"),
];

pub fn graphml(graph: &ProvenanceGraph, _options: &PictureOptions) -> String {
    let mut out = Document::new();
    out.open("graphml", &[("xmlns", "http://graphml.graphdrawing.org/xmlns")]);
    for (id, of, name, kind) in KEYS {
        out.empty("key", &[("id", id), ("for", of), ("attr.name", name), ("attr.type", kind)]);
    }
    out.open("graph", &[("id", "provenance"), ("edgedefault", "directed")]);
    for node in graph.node_weights() {
        out.open("node", &[("id", node.id.as_str())]);
        let date = node.date.as_ref().map_or("", |date| date.as_str());
        let url = node.url.as_deref().and_then(web_address).unwrap_or_default();
        let weight = node.weight.to_string();
        data(&mut out, &[("n0", node.kind.name()), ("n1", &node.label), ("n2", date), ("n3", &weight), ("n4", &url)]);
        out.close();
    }
    for edge in graph.edge_references() {
        let id = format!("e{}", edge.id().index());
        let (source, target) = (&graph[edge.source()].id, &graph[edge.target()].id);
        out.open("edge", &[("id", &id), ("source", source.as_str()), ("target", target.as_str())]);
        let weight = edge.weight();
        let statements: Vec<&str> = weight.statements.iter().map(|id| id.as_str()).collect();
        data(
            &mut out,
            &[
                ("e0", weight.kind.name()),
                ("e1", &weight.weight.to_string()),
                ("e2", if weight.first_seen { "true" } else { "false" }),
                ("e3", weight.relation.map_or("", |relation| relation.name())),
                ("e4", weight.order.name()),
                ("e5", &format!("{:.4}", weight.score)),
                ("e6", weight.claim.as_ref().map_or("", |claim| claim.as_str())),
                ("e7", &weight.wording),
                ("e8", &weight.note),
                ("e9", &statements.join(" ")),
            ],
        );
        out.close();
    }
    out.close();
    out.close();
    out.finish()
}

fn data(out: &mut Document, values: &[(&str, &str)]) {
    for (key, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
        out.open_inline("data", &[("key", key)]);
        out.text(&visible(value));
        out.close_inline();
    }
}
