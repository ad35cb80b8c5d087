//! GEXF 1.3 with colours, sizes and times, for Gephi. Nothing is left out.

use petgraph::visit::EdgeRef;

use crate::graph::{Node, NodeKind, ProvenanceGraph};

use super::PictureOptions;
use super::escape::{visible, web_address};
use super::xml::Document;

/// (id, title, type) of the attributes of nodes and of edges.
const NODE_KEYS: &[(&str, &str, &str)] =
    &[("0", "kind", "string"), ("1", "date", "string"), ("2", "statements", "integer"), ("3", "url", "string")];
const EDGE_KEYS: &[(&str, &str, &str)] = &[
    ("0", "relation", "string"),
    ("1", "order", "string"),
    ("2", "score", "double"),
    ("3", "first_seen", "boolean"),
    ("4", "claim", "string"),
    ("5", "wording", "string"),
    ("6", "note", "string"),
];

/// Colour (red, green, blue) and shape by kind.
const LOOKS: &[(NodeKind, [&str; 3], &str)] = &[
    (NodeKind::Outlet, ["0", "114", "178"], "square"),
    (NodeKind::Document, ["86", "180", "233"], "square"),
    (NodeKind::Speaker, ["0", "158", "115"], "triangle"),
    (NodeKind::Claim, ["213", "94", "0"], "disc"),
];

pub fn gexf(graph: &ProvenanceGraph, options: &PictureOptions) -> String {
    let mut out = Document::new();
    out.open(
        "gexf",
        &[
            ("xmlns", "http://gexf.net/1.3"),
            ("xmlns:viz", "http://gexf.net/1.3/viz"),
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
            ("xsi:schemaLocation", "http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd"),
            ("version", "1.3"),
        ],
    );
    out.open("meta", &[]);
    for (name, text) in [("creator", "provenance"), ("description", options.title.as_str())] {
        out.open_inline(name, &[]);
        out.text(&visible(text));
        out.close_inline();
    }
    out.close();
    out.open("graph", &[("defaultedgetype", "directed"), ("mode", "dynamic"), ("timeformat", "date")]);
    attributes(&mut out, "node", NODE_KEYS);
    attributes(&mut out, "edge", EDGE_KEYS);
    out.open("nodes", &[]);
    graph.node_weights().for_each(|node| add_node(&mut out, node));
    out.close();
    out.open("edges", &[]);
    add_edges(&mut out, graph);
    out.close();
    out.close();
    out.close();
    out.finish()
}

fn attributes(out: &mut Document, class: &str, keys: &[(&str, &str, &str)]) {
    out.open("attributes", &[("class", class), ("mode", "static")]);
    for (id, title, kind) in keys {
        out.empty("attribute", &[("id", id), ("title", title), ("type", kind)]);
    }
    out.close();
}

fn add_node(out: &mut Document, node: &Node) {
    let label = visible(&node.label);
    let day = node.date.as_ref().and_then(|date| date.day());
    let mut head = vec![("id", node.id.as_str()), ("label", &*label)];
    if let Some(day) = day {
        head.push(("start", day));
    }
    out.open("node", &head);
    let date = node.date.as_ref().map_or("", |date| date.as_str());
    let weight = node.weight.to_string();
    let address = node.url.as_deref().and_then(web_address).unwrap_or_default();
    values(out, &[node.kind.name(), date, &weight, &address]);
    if let Some((_, [r, g, b], shape)) = LOOKS.iter().find(|(kind, _, _)| *kind == node.kind) {
        out.empty("viz:color", &[("r", r), ("g", g), ("b", b)]);
        out.empty("viz:size", &[("value", &format!("{:.1}", 8.0 + (node.weight as f64).sqrt().min(30.0) * 2.0))]);
        out.empty("viz:shape", &[("value", shape)]);
    }
    out.close();
}

fn add_edges(out: &mut Document, graph: &ProvenanceGraph) {
    for edge in graph.edge_references() {
        let weight = edge.weight();
        let id = edge.id().index().to_string();
        let strength = weight.weight.max(1).to_string();
        out.open(
            "edge",
            &[
                ("id", &id),
                ("source", graph[edge.source()].id.as_str()),
                ("target", graph[edge.target()].id.as_str()),
                ("kind", weight.kind.name()),
                ("label", weight.kind.name()),
                ("weight", &strength),
            ],
        );
        values(
            out,
            &[
                weight.relation.map_or("", |relation| relation.name()),
                weight.order.name(),
                &format!("{:.4}", weight.score),
                if weight.first_seen { "true" } else { "false" },
                weight.claim.as_ref().map_or("", |claim| claim.as_str()),
                &weight.wording,
                &weight.note,
            ],
        );
        out.close();
    }
}

fn values(out: &mut Document, values: &[&str]) {
    out.open("attvalues", &[]);
    for (at, value) in values.iter().enumerate().filter(|(_, value)| !value.is_empty()) {
        out.empty("attvalue", &[("for", &at.to_string()), ("value", &visible(value))]);
    }
    out.close();
}
