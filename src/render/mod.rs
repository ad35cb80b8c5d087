//! Rendering: graphs and answers to bytes. No store, no printing.
//!
//! Every format is one file and one line of `FORMATS`; every view of the pictures is one file and one arm of `svg`.

mod axis;
mod chain;
pub mod contract;
mod cyjs;
mod dot;
mod escape;
pub mod exports;
mod gexf;
mod graphml;
mod json;
mod lanes;
mod layered;
mod matrix;
mod metrics;
mod network;
mod nodes;
mod page;
mod repeats;
pub mod report;
mod scene;
mod stemma;
mod style;
mod svg;
mod tables;
pub mod timeline;
mod xml;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

pub use escape::{cell as spreadsheet_cell, markdown as markdown_text};

use crate::graph::ProvenanceGraph;

/// Which picture: what it shows is told in docs/pictures.md.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    #[default]
    Repeats,
    Lanes,
    Matrix,
    Stemma,
    Chain,
    Network,
}

/// Views and their names on the command line.
pub const VIEWS: &[(View, &str, &str)] = &[
    (View::Repeats, "repeats", "which outlets carry which claims, and who was first"),
    (View::Lanes, "lanes", "who had it first, and who repeated it when"),
    (View::Matrix, "matrix", "who habitually repeats whom, and how much later"),
    (View::Stemma, "stemma", "how the wording of a claim changed on the way"),
    (View::Chain, "chain", "how far a text is from whoever said it, and through whose hands it went"),
    (View::Network, "network", "speakers, claims and outlets, to look around"),
];

impl View {
    pub fn name(self) -> &'static str {
        VIEWS.iter().find(|(view, _, _)| *view == self).map_or("repeats", |(_, name, _)| name)
    }

    /// The view of this name; `None` where there is none.
    pub fn of_name(name: &str) -> Option<View> {
        VIEWS.iter().find(|(_, known, _)| *known == name).map(|(view, _, _)| *view)
    }
}

/// What a picture is to be like.
#[derive(Clone, Debug, PartialEq)]
pub struct PictureOptions {
    pub view: View,
    /// Pictures show at most so many nodes and say how many more there are. Data formats never leave anything out.
    pub max_nodes: usize,
    /// The heading (untrusted text).
    pub title: String,
    /// Whether marks carry names to link to: yes for a file of its own, no for several pictures in one page.
    pub named: bool,
}

impl Default for PictureOptions {
    fn default() -> Self {
        PictureOptions { view: View::Repeats, max_nodes: 40, title: "Who repeats whom".to_string(), named: true }
    }
}

/// An output format of graphs.
pub struct Format {
    pub name: &'static str,
    pub extension: &'static str,
    /// One line for help and docs.
    pub what: &'static str,
    /// Whether it is a picture of the chosen view (and obeys `max_nodes`) or the whole data.
    pub picture: bool,
    pub render: fn(&ProvenanceGraph, &PictureOptions) -> String,
}

/// All output formats of graphs.
pub const FORMATS: &[Format] = &[
    Format {
        name: "svg",
        extension: "svg",
        what: "picture that opens in any browser; drawn without other programs",
        picture: true,
        render: svg,
    },
    Format { name: "dot", extension: "dot", what: "Graphviz source of the picture", picture: true, render: dot::dot },
    Format {
        name: "json",
        extension: "json",
        what: "the whole graph as lists of nodes and edges (schema provenance.graph/1)",
        picture: false,
        render: json::json,
    },
    Format {
        name: "graphml",
        extension: "graphml",
        what: "the whole graph for NetworkX, yEd, igraph, Gephi; typed attributes",
        picture: false,
        render: graphml::graphml,
    },
    Format {
        name: "gexf",
        extension: "gexf",
        what: "the whole graph for Gephi: GEXF 1.3 with colours, sizes and times",
        picture: false,
        render: gexf::gexf,
    },
    Format {
        name: "cyjs",
        extension: "cyjs",
        what: "the whole graph for Cytoscape",
        picture: false,
        render: cyjs::cyjs,
    },
    Format {
        name: "nodes-csv",
        extension: "nodes.csv",
        what: "the nodes as a table (Gephi, spreadsheets)",
        picture: false,
        render: tables::nodes,
    },
    Format {
        name: "edges-csv",
        extension: "csv",
        what: "the edges as a table (Gephi, spreadsheets)",
        picture: false,
        render: tables::edges,
    },
];

/// The format with this name or file extension.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name || format.extension == name)
}

/// The picture of the chosen view as SVG.
pub fn svg(graph: &ProvenanceGraph, options: &PictureOptions) -> String {
    match options.view {
        View::Repeats => repeats::svg(graph, options),
        View::Lanes => lanes::svg(graph, options),
        View::Matrix => matrix::svg(graph, options),
        View::Stemma => stemma::svg(graph, options),
        View::Chain => chain::svg(graph, options),
        View::Network => network::svg(graph, options),
    }
}

fn plural(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}
