//! Untrusted text in every place that takes any, through every view and format, parsed back: the same nodes and edges,
//! the same labels, nothing active, nothing that reorders text.

use rayon::prelude::*;

use super::super::escape::{cell, visible};
use super::super::samples::{Size, hostile_labels};
use super::super::*;
use super::elements;

const PLAIN: &str = "A plain label of the same graph";

/// Untrusted text in every place that takes any.
fn hostile(text: &str) -> ProvenanceGraph {
    let (mut material, edges) = super::samples::material(&Size { outlets: 4, claims: 5 });
    for card in &mut material.documents {
        card.title = text.to_string();
        card.outlet = text.to_string();
        card.url = Some(text.to_string());
    }
    for card in &mut material.claims {
        card.text = text.to_string();
        card.speaker_name = text.to_string();
    }
    for card in &mut material.statements {
        card.content = text.to_string();
        card.chain = vec![text.to_string()];
    }
    crate::graph::build(&material, &edges, &[])
}

/// Runs a check on every hostile label, on all cores; the first that fails is told.
fn on_every_label(check: impl Fn(&str) + Sync) {
    hostile_labels().par_iter().for_each(|text| check(text));
}

fn options(view: View, title: &str) -> PictureOptions {
    PictureOptions { view, title: title.to_string(), ..PictureOptions::default() }
}

/// What no output may hold, whatever the labels say.
fn assert_harmless(output: &str, name: &str, text: &str) {
    assert!(!output.to_ascii_lowercase().contains("<script"), "{name}: a script from {text:?}");
    let reorders = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}');
    assert!(!output.chars().any(reorders), "{name}: a control that reorders text from {text:?}");
}

/// Texts of `<data key="…">` elements, or values of attributes, as an XML parser reads them.
fn labels_of(document: &str, element: &str, key: (&str, &str), value: Option<&str>) -> Vec<String> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(document);
    let (mut found, mut inside) = (Vec::new(), false);
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(start) | Event::Empty(start) if start.name().as_ref() == element => {
                let attribute = |name: &str| {
                    let found = start.try_get_attribute(name).expect("well-formed");
                    found.map(|it| {
                        it.normalized_value(quick_xml::XmlVersion::Implicit1_0).expect("known entities").into_owned()
                    })
                };
                inside = key.0.is_empty() || attribute(key.0).as_deref() == Some(key.1);
                match value {
                    Some(name) => found.extend(attribute(name).filter(|_| inside)),
                    None if inside => found.push(String::new()),
                    None => {}
                }
            }
            Event::Text(text) if inside && value.is_none() => {
                found.last_mut().expect("started").push_str(&text);
            }
            Event::GeneralRef(name) if inside && value.is_none() => {
                let whole = format!("&{};", &*name);
                found.last_mut().expect("started").push_str(&quick_xml::escape::unescape(&whole).expect("known"));
            }
            Event::End(_) => inside = false,
            Event::Eof => return found,
            _ => {}
        }
    }
}

/// Labels differ only in white space where a format evens it out.
fn even(text: &str) -> String {
    visible(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn xml_formats_keep_nodes_edges_and_labels() {
    on_every_label(|text| {
        let graph = hostile(text);
        let options = options(View::Repeats, text);
        for (name, element, key, value) in
            [("graphml", "data", ("key", "n1"), None), ("gexf", "node", ("", ""), Some("label"))]
        {
            let output = (format(name).expect("a format").render)(&graph, &options);
            assert_harmless(&output, name, text);
            let found = elements(&output);
            assert_eq!(found["node"], graph.node_count(), "{name} {text:?}");
            assert_eq!(found["edge"], graph.edge_count(), "{name} {text:?}");
            let labels = labels_of(&output, element, key, value);
            let expected: Vec<String> = graph
                .node_weights()
                .map(|node| even(&node.label))
                .filter(|label| name == "gexf" || !label.is_empty())
                .collect();
            let labels: Vec<String> =
                labels.iter().map(|label| even(label)).filter(|label| name == "gexf" || !label.is_empty()).collect();
            assert_eq!(labels, expected, "{name} {text:?}");
        }
    });
}

#[test]
fn pictures_keep_their_marks_and_do_nothing() {
    for (view, name, _) in VIEWS {
        // every node has its place; a key of claims adds marks in the network where there is room for it, and the number on a
        // link is left to its title in network and chain where there is none
        let count = |picture: &str| {
            let found = elements(picture);
            (found["g"], if matches!(view, View::Network | View::Chain) { 0 } else { found["a"] })
        };
        let plain = count(&svg(&hostile(PLAIN), &options(*view, PLAIN)));
        on_every_label(|text| {
            let picture = svg(&hostile(text), &options(*view, text));
            assert_harmless(&picture, name, text);
            // an address that is no web address turns a mark's link, never its number
            assert_eq!(count(&picture), plain, "{name} {text:?}");
            let titles = labels_of(&picture, "title", ("", ""), None);
            assert!(
                even(text).is_empty() || titles.iter().any(|title| even(title).contains(&even(text))),
                "{name} {text:?}"
            );
        });
    }
}

#[test]
fn dot_keeps_its_statements() {
    let statements = |graph: &ProvenanceGraph, title: &str| {
        let source = dot::dot(graph, &options(View::Repeats, title));
        let parsed = graphviz_rust::parse(&source).expect("valid DOT");
        let graphviz_rust::dot_structures::Graph::DiGraph { stmts, .. } = parsed else { panic!("digraph") };
        (stmts.len(), source)
    };
    let plain = statements(&hostile(PLAIN), PLAIN).0;
    on_every_label(|text| {
        let (count, source) = statements(&hostile(text), text);
        assert_eq!(count, plain, "{text:?}");
        assert!(!source.chars().any(|c| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')), "{text:?}");
    });
}

/// Graphviz is asked about a few labels only: it takes its time.
#[test]
fn graphviz_reads_the_dot_where_it_is_installed() {
    for text in hostile_labels().iter().rev().step_by(29) {
        let graph = hostile(text);
        let source = dot::dot(&graph, &options(View::Repeats, text));
        let Some(plain) = super::crossings::run_dot(&source) else { return };
        let nodes = plain.lines().filter(|line| line.starts_with("node ")).count();
        // documents of known outlets and relays are not drawn
        assert!(nodes > 0 && nodes <= graph.node_count(), "{text:?}");
    }
}

#[test]
fn json_formats_keep_nodes_edges_and_labels() {
    on_every_label(|text| {
        let graph = hostile(text);
        let labels: Vec<&str> = graph.node_weights().map(|node| node.label.as_str()).collect();
        for (name, nodes, edges, data, label) in [
            ("json", "/nodes", "/edges", "", "/label"),
            ("cyjs", "/elements/nodes", "/elements/edges", "/data", "/name"),
        ] {
            let output = (format(name).expect("a format").render)(&graph, &options(View::Repeats, text));
            assert_harmless(&output, name, text);
            let json: serde_json::Value = serde_json::from_str(&output).expect("JSON");
            let list = |at: &str| json.pointer(at).and_then(|list| list.as_array()).expect("a list").clone();
            let found: Vec<String> = list(nodes)
                .iter()
                .map(|node| {
                    node.pointer(&format!("{data}{label}")).and_then(|it| it.as_str()).expect("a label").to_string()
                })
                .collect();
            assert_eq!(found, labels, "{name} {text:?}");
            assert_eq!(list(edges).len(), graph.edge_count(), "{name} {text:?}");
            for node in list(nodes) {
                let address = node.pointer(&format!("{data}/url")).and_then(|it| it.as_str()).unwrap_or("https:");
                let fine = ["http:", "https:", "file:"].iter().any(|it| address.to_ascii_lowercase().starts_with(it));
                assert!(fine, "{name} {address:?}");
            }
        }
    });
}

#[test]
fn tables_keep_rows_and_labels() {
    on_every_label(|text| {
        let graph = hostile(text);
        let options = options(View::Repeats, text);
        let rows = |table: String| -> Vec<csv::StringRecord> {
            csv::Reader::from_reader(table.as_bytes()).records().map(|row| row.expect("a row")).collect()
        };
        let (nodes, edges) = (rows(tables::nodes(&graph, &options)), rows(tables::edges(&graph, &options)));
        assert_eq!((nodes.len(), edges.len()), (graph.node_count(), graph.edge_count()), "{text:?}");
        for (row, node) in nodes.iter().zip(graph.node_weights()) {
            assert_eq!(&row[1], cell(&node.label), "{text:?}");
        }
        for field in nodes.iter().chain(&edges).flatten() {
            assert!(!field.starts_with(['=', '+', '-', '@', '\t', '\r']), "{field:?}");
        }
    });
}
