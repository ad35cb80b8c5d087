//! What every format and view keeps to: the same bytes every run, nothing lost, nothing active, a link and a title on
//! every mark.

use super::samples::{Size, graph};
use super::*;

fn options(view: View) -> PictureOptions {
    PictureOptions { view, title: "A fire in the harbour".to_string(), ..PictureOptions::default() }
}

/// Pictures to look at: `cargo test --lib draw_samples -- --ignored` writes them to target/pictures.
#[test]
#[ignore = "writes pictures to look at"]
fn draw_samples() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
    std::fs::create_dir_all(&folder).expect("target can be written");
    for (view, name, _) in VIEWS {
        for (nodes, outlets, claims) in [(5, 2, 3), (40, 14, 26), (400, 60, 340)] {
            let graph = graph(&Size { outlets, claims });
            for max in [40, usize::MAX] {
                let options = PictureOptions { max_nodes: max, ..options(*view) };
                let cut = if max == 40 { "" } else { "-all" };
                std::fs::write(folder.join(format!("{name}-{nodes}{cut}.svg")), svg(&graph, &options))
                    .expect("written");
            }
            for format in FORMATS.iter().filter(|format| format.name != "svg") {
                let text = (format.render)(&graph, &options(*view));
                std::fs::write(folder.join(format!("{name}-{nodes}.{}", format.extension)), text).expect("written");
            }
        }
    }
}

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

/// Elements of an XML text by name, how often each; fails on anything that is not well-formed or could act.
fn elements(text: &str) -> std::collections::BTreeMap<String, usize> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(text);
    let mut found = std::collections::BTreeMap::new();
    let mut depth = 0;
    loop {
        let event = reader.read_event().expect("well-formed");
        match &event {
            Event::Start(start) | Event::Empty(start) => {
                let name = String::from_utf8_lossy(start.name().as_ref()).into_owned();
                assert!(!["script", "foreignObject", "image", "use", "iframe"].contains(&name.as_str()), "{name}");
                for attribute in start.attributes() {
                    let attribute = attribute.expect("well-formed");
                    let key = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
                    let value = attribute.unescape_value().expect("known entities");
                    assert!(!key.starts_with("on"), "{key}");
                    if key == "href" {
                        let fine = value.starts_with('#') || value.starts_with("http") || value.starts_with("file:");
                        assert!(fine, "{value}");
                    }
                }
                *found.entry(name).or_default() += 1;
                depth += i32::from(matches!(event, Event::Start(_)));
            }
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            Event::CData(_) | Event::DocType(_) | Event::PI(_) | Event::Comment(_) => panic!("{event:?}"),
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    found
}

const PLAIN: &str = "A plain label of the same graph";

const HOSTILE: &[&str] = &[
    "]]><script>alert(1)</script>",
    "\"];\n} subgraph x { a -> b }",
    "\\N \\G \\\"",
    "javascript:alert(1)",
    "</title></svg><img src=x onerror=alert(1)>",
    "\u{202E}evil\u{0}\u{1B}[2J\u{FFFE}",
    "=HYPERLINK(\"http://x\")",
    "&lt;b&gt; &#x41; %s",
    "\u{200B}",
    "漢字 עברית 🙂",
    "{{.}}\r\n\t",
];

#[test]
fn hostile_labels_change_no_xml() {
    for format in FORMATS.iter().filter(|format| ["graphml", "gexf"].contains(&format.name)) {
        let plain = elements(&(format.render)(&hostile(PLAIN), &PictureOptions::default()));
        for text in HOSTILE {
            let options = PictureOptions { title: text.to_string(), ..PictureOptions::default() };
            let found = elements(&(format.render)(&hostile(text), &options));
            for name in ["node", "edge"] {
                assert_eq!(found.get(name), plain.get(name), "{} {text:?}", format.name);
            }
        }
    }
}

#[test]
fn hostile_labels_do_nothing_in_pictures() {
    for (view, name, _) in VIEWS {
        let plain = elements(&svg(&hostile(PLAIN), &options(*view)));
        for text in HOSTILE {
            let options = PictureOptions { title: text.to_string(), ..options(*view) };
            let found = elements(&svg(&hostile(text), &options));
            // an address that is no web address turns a mark's link, never its number
            assert_eq!(found.get("a"), plain.get("a"), "{name} {text:?}");
        }
    }
}

#[test]
fn hostile_labels_change_no_dot() {
    let count = |graph: &ProvenanceGraph, title: &str| {
        let options = PictureOptions { title: title.to_string(), ..PictureOptions::default() };
        let parsed = graphviz_rust::parse(&dot::dot(graph, &options)).expect("valid DOT");
        let graphviz_rust::dot_structures::Graph::DiGraph { stmts, .. } = parsed else { panic!("digraph") };
        stmts.len()
    };
    let plain = count(&hostile(PLAIN), PLAIN);
    for text in HOSTILE {
        assert_eq!(count(&hostile(text), text), plain, "{text:?}");
    }
}

#[test]
fn graphviz_reads_the_dot_where_it_is_installed() {
    use std::io::Write;
    use std::process::{Command, Stdio};
    for text in HOSTILE {
        let source = dot::dot(&hostile(text), &PictureOptions { title: text.to_string(), ..PictureOptions::default() });
        let child = Command::new("dot")
            .arg("-Tplain")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let Ok(mut child) = child else { return };
        child.stdin.take().expect("piped").write_all(source.as_bytes()).expect("dot reads");
        let output = child.wait_with_output().expect("dot ends");
        assert!(output.status.success(), "{text:?}: {}", String::from_utf8_lossy(&output.stderr));
        let plain = String::from_utf8_lossy(&output.stdout);
        let nodes = plain.lines().filter(|line| line.starts_with("node ")).count();
        let expected = elements(&graphml::graphml(&hostile(text), &PictureOptions::default()));
        // documents of known outlets and relays are not drawn
        assert!(nodes > 0 && nodes <= expected["node"], "{text:?}");
    }
}

#[test]
fn json_and_csv_keep_every_label() {
    for text in HOSTILE {
        let graph = hostile(text);
        let json: serde_json::Value =
            serde_json::from_str(&json::json(&graph, &PictureOptions::default())).expect("JSON");
        assert_eq!(json["nodes"].as_array().map(Vec::len), Some(graph.node_count()));
        assert_eq!(json["edges"].as_array().map(Vec::len), Some(graph.edge_count()));
        assert_eq!(json["nodes"][0]["label"].as_str(), Some(*text));
        for (table, count) in [
            (tables::nodes(&graph, &PictureOptions::default()), graph.node_count()),
            (tables::edges(&graph, &PictureOptions::default()), graph.edge_count()),
        ] {
            let mut reader = csv::Reader::from_reader(table.as_bytes());
            let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
            assert_eq!(rows.len(), count, "{text:?}");
            for field in rows.iter().flatten() {
                assert!(!field.starts_with(['=', '+', '-', '@', '\t', '\r']), "{field:?}");
            }
        }
    }
}

#[test]
fn every_mark_has_a_title_and_a_link() {
    for (view, name, _) in VIEWS {
        let picture = svg(&graph(&Size { outlets: 12, claims: 20 }), &options(*view));
        let found = elements(&picture);
        let marks = found.get("a").copied().unwrap_or(0);
        assert!(marks > 3, "{name}: {marks} marks");
        // one title a mark, and one of the whole picture
        assert_eq!(found["title"], marks + 1, "{name}");
    }
}

#[test]
fn the_same_graph_gives_the_same_bytes() {
    for format in FORMATS {
        for (view, name, _) in VIEWS {
            let draw = || (format.render)(&graph(&Size { outlets: 9, claims: 15 }), &options(*view));
            assert_eq!(draw(), draw(), "{} {name}", format.name);
        }
    }
}

#[test]
fn pictures_say_what_they_do_not_show() {
    let large = graph(&Size { outlets: 60, claims: 340 });
    for (view, name, _) in VIEWS {
        let picture = svg(&large, &PictureOptions { max_nodes: 40, ..options(*view) });
        assert!(picture.contains(" not shown"), "{name}");
        let whole = svg(&graph(&Size { outlets: 2, claims: 1 }), &options(*view));
        assert!(!whole.contains(" not shown"), "{name}");
    }
}

#[test]
fn an_empty_graph_is_a_picture_too() {
    for format in FORMATS {
        for (view, _, _) in VIEWS {
            assert!(!(format.render)(&ProvenanceGraph::new(), &options(*view)).is_empty());
        }
    }
}

#[test]
fn every_view_and_format_has_its_line_in_the_docs() {
    let docs = include_str!("../../docs/pictures.md");
    for name in VIEWS.iter().map(|(_, name, _)| *name).chain(FORMATS.iter().map(|format| format.name)) {
        assert!(docs.contains(&format!("`{name}`")), "docs/pictures.md does not tell of {name}");
    }
}
