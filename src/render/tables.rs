//! The graph as two CSV tables, nodes and edges, as Gephi and spreadsheets read them. Cells are never formulas.

use petgraph::visit::EdgeRef;

use crate::graph::ProvenanceGraph;

use super::PictureOptions;
use super::escape::{cell, web_address};

/// The table of nodes.
pub fn nodes(graph: &ProvenanceGraph, _options: &PictureOptions) -> String {
    let mut rows =
        vec![vec!["Id", "Label", "Kind", "Date", "Statements", "Url"].into_iter().map(String::from).collect()];
    for node in graph.node_weights() {
        rows.push(vec![
            node.id.to_string(),
            cell(&node.label),
            node.kind.name().to_string(),
            node.date.as_ref().map_or(String::new(), |date| date.to_string()),
            node.weight.to_string(),
            cell(&node.url.as_deref().and_then(web_address).unwrap_or_default()),
        ]);
    }
    table(&rows)
}

/// The table of edges.
pub fn edges(graph: &ProvenanceGraph, _options: &PictureOptions) -> String {
    let head = [
        "Source",
        "Target",
        "Type",
        "Kind",
        "Weight",
        "FirstSeen",
        "Relation",
        "Order",
        "Score",
        "Claim",
        "Wording",
        "Note",
        "Statements",
    ];
    let mut rows = vec![head.into_iter().map(String::from).collect::<Vec<_>>()];
    for edge in graph.edge_references() {
        let weight = edge.weight();
        let statements: Vec<&str> = weight.statements.iter().map(|id| id.as_str()).collect();
        rows.push(vec![
            graph[edge.source()].id.to_string(),
            graph[edge.target()].id.to_string(),
            "Directed".to_string(),
            weight.kind.name().to_string(),
            weight.weight.max(1).to_string(),
            weight.first_seen.to_string(),
            weight.relation.map_or(String::new(), |relation| relation.name().to_string()),
            weight.order.name().to_string(),
            format!("{:.4}", weight.score),
            weight.claim.as_ref().map_or(String::new(), |claim| claim.to_string()),
            cell(&weight.wording),
            cell(&weight.note),
            statements.join(" "),
        ]);
    }
    table(&rows)
}

fn table(rows: &[Vec<String>]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        // writing to memory cannot fail, and all rows of a table are equally long
        let _ = writer.write_record(row);
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}
