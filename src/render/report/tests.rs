//! Both reports: nothing active, nothing loaded, small enough, the same bytes every run.

use super::*;
use crate::graph::ProvenanceGraph;
use crate::render::samples::{Size, graph, material};

fn report(graph: &ProvenanceGraph, text: &str) -> Report {
    let statements = graph.edge_weights().flat_map(|edge| edge.statements.clone());
    let quoted = statements.map(|id| {
        let it = Quoted {
            before: format!("The mayor of the island, who had come by boat that morning, {text} said that "),
            exact: format!("the northern quay will stay closed {text}"),
            after: format!(", while others doubted it. {text}"),
            source: "The mayor".to_string(),
            changes: vec!["marks lost".to_string()],
            link: Some(text.to_string()),
            lost: Some(Lost { outlet: text.to_string(), credited: text.to_string(), exact: text.to_string() }),
        };
        (id, it)
    });
    Report {
        title: format!("A fire in the harbour {text}"),
        made_on: "2024-03-20".to_string(),
        store_hash: "0f3a".to_string(),
        methods: vec![("version".to_string(), text.to_string())],
        quoted: quoted.collect(),
    }
}

/// Every tag of the HTML with its attributes, as a browser's lexer would cut them.
fn tags(html: &str) -> Vec<&str> {
    html.split('<').skip(1).filter_map(|part| part.split_once('>')).map(|(tag, _)| tag).collect()
}

#[test]
fn a_hundred_claims_stay_small() {
    let graph = graph(&Size { outlets: 20, claims: 100 });
    let page = html(&graph, &report(&graph, ""));
    assert!(page.len() <= 300_000, "{} bytes", page.len());
    assert_eq!(page, html(&graph, &report(&graph, "")));
    assert_eq!(page.matches("<article ").count(), 100);
    let text = markdown(&graph, &report(&graph, ""));
    assert_eq!(text.matches("\n### c").count(), 100);
}

#[test]
fn hostile_text_stays_text() {
    let plain = graph(&Size { outlets: 4, claims: 5 });
    let count = |text: &str| {
        let (mut material, edges) = material(&Size { outlets: 4, claims: 5 });
        for card in &mut material.documents {
            card.title = text.to_string();
            card.url = Some(text.to_string());
        }
        for card in &mut material.claims {
            card.text = text.to_string();
            card.speaker_name = text.to_string();
        }
        let graph = crate::graph::build(&material, &edges, &[]);
        let page = html(&graph, &report(&graph, text));
        let found = tags(&page);
        for tag in &found {
            let name = tag.split_whitespace().next().unwrap_or("");
            assert!(!["img", "iframe", "object", "link", "embed"].contains(&name), "{tag}");
            assert!(!tag.contains("javascript:") || !tag.contains("href"), "{tag}");
        }
        let md = markdown(&graph, &report(&graph, text));
        assert!(!md.contains("<script") && !md.contains("](javascript"), "{md}");
        (
            found.iter().filter(|tag| **tag == "script").count(),
            found.iter().filter(|tag| tag.starts_with("article")).count(),
        )
    };
    let wanted = count("plain");
    assert_eq!(wanted, (1, 5));
    for text in [
        "</script><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "javascript:alert(1)",
        "]]>",
        "\u{202E}\u{0}",
        "`](x)|*",
    ] {
        assert_eq!(count(text), wanted, "{text:?}");
    }
    assert!(html(&plain, &Report::default()).contains("Methods"));
}

#[test]
fn nothing_is_loaded() {
    let graph = graph(&Size { outlets: 6, claims: 9 });
    let page = html(&graph, &report(&graph, ""));
    for tag in tags(&page) {
        assert!(!tag.contains(" src=") && !tag.contains("@import") && !tag.contains("xlink"), "{tag}");
    }
    assert!(page.contains("default-src 'none'"));
}

/// Reports to look at, beside the pictures.
#[test]
#[ignore = "writes reports to look at"]
fn draw_reports() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
    std::fs::create_dir_all(&folder).expect("target can be written");
    let graph = graph(&Size { outlets: 9, claims: 14 });
    let report = report(&graph, "");
    std::fs::write(folder.join("report.html"), html(&graph, &report)).expect("written");
    std::fs::write(folder.join("report.md"), markdown(&graph, &report)).expect("written");
}
