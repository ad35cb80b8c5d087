//! Graphviz source, built and printed through graphviz-rust's types. Every label is quoted by one escaper.

use graphviz_rust::dot_structures::{Attribute, Edge, EdgeTy, Graph, GraphAttributes, Id, Node, NodeId, Stmt, Vertex};
use graphviz_rust::printer::{DotPrinter, PrinterContext};

use crate::graph::ProvenanceGraph;
use crate::model::Order;

use super::escape::{dot as quoted, web_address};
use super::metrics::Face;
use super::scene::Scene;
use super::style::{self, Manner};
use super::svg::ink;
use super::{PictureOptions, plural};

/// The picture of outlets, claims and speakers as DOT.
pub fn dot(graph: &ProvenanceGraph, options: &PictureOptions) -> String {
    let scene = Scene::of(graph).limited(options.max_nodes);
    let mut stmts = head(options);
    add_outlets(&mut stmts, &scene);
    add_claims(&mut stmts, &scene);
    add_carries(&mut stmts, &scene);
    add_repeats(&mut stmts, &scene);
    let missing = scene.not_shown();
    if !missing.is_empty() {
        stmts.push(node("not-shown", &[("label", &missing), ("shape", "plaintext"), ("fontcolor", ink::VERMILION)]));
    }
    print(stmts)
}

fn head(options: &PictureOptions) -> Vec<Stmt> {
    let graph = attributes(&[
        ("rankdir", "LR"),
        ("label", &options.title),
        ("labelloc", "t"),
        ("fontname", "Helvetica"),
        ("ranksep", "1.6"),
        ("nodesep", "0.12"),
        ("charset", "UTF-8"),
    ]);
    let nodes = attributes(&[("fontname", "Helvetica"), ("fontsize", "12"), ("shape", "box"), ("style", "rounded")]);
    let edges = attributes(&[("fontname", "Helvetica"), ("fontsize", "10")]);
    vec![
        Stmt::GAttribute(GraphAttributes::Graph(graph)),
        Stmt::GAttribute(GraphAttributes::Node(nodes)),
        Stmt::GAttribute(GraphAttributes::Edge(edges)),
    ]
}

fn add_outlets(stmts: &mut Vec<Stmt>, scene: &Scene) {
    for carrier in &scene.carriers {
        let date = carrier.date.as_ref().map_or("undated".to_string(), |date| date.to_string());
        let label = format!("{}\n{date}", wrapped(&carrier.label, 150.0));
        let tooltip = format!("{}: {}", carrier.label, plural(carrier.weight, "statement"));
        let url = link(carrier.url.as_deref(), carrier.id.as_str());
        let style = if carrier.is_outlet { "rounded" } else { "rounded,dashed" };
        stmts.push(node(
            carrier.id.as_str(),
            &[("label", &label), ("tooltip", &tooltip), ("URL", &url), ("style", style)],
        ));
    }
}

fn add_claims(stmts: &mut Vec<Stmt>, scene: &Scene) {
    for claim in &scene.claims {
        let label = format!("c{}  {}", claim.number, wrapped(&claim.text, 260.0));
        let url = link(None, claim.id.as_str());
        stmts.push(node(
            claim.id.as_str(),
            &[("label", &label), ("tooltip", &claim.text), ("URL", &url), ("shape", "note"), ("style", "")],
        ));
    }
    let mut speakers: Vec<_> = scene.claims.iter().filter_map(|claim| claim.speaker.as_ref()).collect();
    speakers.sort();
    speakers.dedup();
    for (id, name) in speakers {
        let url = link(None, id.as_str());
        stmts.push(node(
            id.as_str(),
            &[("label", name), ("tooltip", name), ("URL", &url), ("shape", "ellipse"), ("style", "")],
        ));
    }
    for claim in &scene.claims {
        if let Some((speaker, _)) = &claim.speaker {
            // drawn from claim to speaker, so that speakers stand in a third column; the arrowhead is turned round
            let tooltip = "said by";
            stmts.push(edge(
                claim.id.as_str(),
                speaker.as_str(),
                &[("dir", "back"), ("color", ink::PALE), ("tooltip", tooltip)],
            ));
        }
    }
}

fn add_carries(stmts: &mut Vec<Stmt>, scene: &Scene) {
    for carry in &scene.carries {
        let manner = style::carried(carry.first_seen, carry.relation);
        let tooltip = format!("{}: “{}”", manner.words, carry.wording);
        let url = link(carry.url.as_deref(), carry.document.as_str());
        stmts.push(edge(
            scene.carriers[carry.carrier].id.as_str(),
            scene.claims[carry.claim].id.as_str(),
            &[
                ("color", manner.colour),
                ("style", line_style(&manner)),
                ("arrowhead", arrow_head(&manner)),
                ("tooltip", &tooltip),
                ("URL", &url),
            ],
        ));
    }
}

fn add_repeats(stmts: &mut Vec<Stmt>, scene: &Scene) {
    let mut pairs: std::collections::BTreeMap<(usize, usize, bool), Vec<usize>> = std::collections::BTreeMap::new();
    for (at, repeat) in scene.repeats.iter().enumerate().filter(|(_, repeat)| repeat.from != repeat.to) {
        pairs.entry((repeat.from, repeat.to, repeat.order != Order::Unknown)).or_default().push(at);
    }
    for ((from, to, directed), repeats) in pairs {
        let label = plural(repeats.len(), "claim");
        let repeat = &scene.repeats[repeats[0]];
        let manner = style::repeated(repeat.relation);
        let tooltip = format!("{}; {}; {}", manner.words, style::order_words(repeat.order), repeat.note);
        stmts.push(edge(
            scene.carriers[from].id.as_str(),
            scene.carriers[to].id.as_str(),
            &[
                ("label", &label),
                ("color", manner.colour),
                ("dir", if directed { "forward" } else { "none" }),
                ("style", if directed { "bold" } else { "dotted" }),
                ("constraint", "false"),
                ("tooltip", &tooltip),
            ],
        ));
    }
}

fn line_style(manner: &Manner) -> &'static str {
    match manner.dashes {
        "" => "bold",
        "6 3" => "dashed",
        _ => "dotted",
    }
}

fn arrow_head(manner: &Manner) -> &'static str {
    use super::svg::Shape;
    match manner.shape {
        Shape::Diamond => "diamond",
        Shape::Circle => "dot",
        Shape::Ring => "odot",
        Shape::Square => "box",
        Shape::Triangle => "normal",
        Shape::Cross => "vee",
    }
}

fn wrapped(text: &str, width: f64) -> String {
    Face::plain(12.0).wrap(text, width, 3).join("\n")
}

/// A web address, or the place of an id in the same file.
fn link(address: Option<&str>, id: &str) -> String {
    address.and_then(web_address).unwrap_or_else(|| format!("#{}", super::escape::anchor(id)))
}

fn node(id: &str, pairs: &[(&str, &str)]) -> Stmt {
    Stmt::Node(Node::new(node_id(id), attributes(pairs)))
}

fn edge(from: &str, to: &str, pairs: &[(&str, &str)]) -> Stmt {
    let ty = EdgeTy::Pair(Vertex::N(node_id(from)), Vertex::N(node_id(to)));
    Stmt::Edge(Edge { ty, attributes: attributes(pairs) })
}

fn node_id(id: &str) -> NodeId {
    NodeId(Id::Escaped(quoted(id)), None)
}

fn attributes(pairs: &[(&str, &str)]) -> Vec<Attribute> {
    pairs.iter().map(|(name, value)| Attribute(Id::Plain(name.to_string()), Id::Escaped(quoted(value)))).collect()
}

fn print(stmts: Vec<Stmt>) -> String {
    let graph = Graph::DiGraph { id: Id::Plain("provenance".to_string()), strict: false, stmts };
    let mut text = graph.print(&mut PrinterContext::default());
    text.push('\n');
    text
}
