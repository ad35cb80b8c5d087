//! brat standoff: for every document its text and its annotations, offsets in code points, with a configuration that
//! brat and readers of its format need.
//!
//! Sources, cues and contents are text-bound annotations, a statement is a relation from its content to its cue and
//! source; kind and speaker are notes.

use crate::model::Statement;
use crate::render::escape::visible;
use crate::text::{CodePoints, Span};

use super::{Corpus, Paper};

/// A file of the folder that brat reads.
pub struct BratFile {
    pub name: String,
    pub text: String,
}

const CONFIGURATION: &str = "[entities]\nSource\nCue\nContent\n\n[relations]\n\
    Cued_by\tArg1:Content, Arg2:Cue\nCredited_to\tArg1:Content, Arg2:Source\n\n[events]\n\n[attributes]\n\
    Kind\tArg:Content, Value:direct|mixed|indirect\n";

/// The files of all documents, and `annotation.conf`.
pub fn brat(corpus: &Corpus) -> Vec<BratFile> {
    let mut files = vec![BratFile { name: "annotation.conf".to_string(), text: CONFIGURATION.to_string() }];
    for paper in &corpus.papers {
        files.push(BratFile { name: format!("{}.txt", paper.id), text: paper.document.text.clone() });
        files.push(BratFile { name: format!("{}.ann", paper.id), text: annotations(paper) });
    }
    files
}

/// Numbers of the lines so far, by their letter.
#[derive(Default)]
struct Lines {
    text: String,
    bound: usize,
    relations: usize,
    attributes: usize,
    notes: usize,
}

fn annotations(paper: &Paper) -> String {
    let points = CodePoints::new(&paper.document.text);
    let mut lines = Lines::default();
    for statement in &paper.statements {
        lines.add(statement, &paper.document.text, &points);
    }
    lines.text
}

impl Lines {
    fn add(&mut self, statement: &Statement, text: &str, points: &CodePoints) {
        let attribution = &statement.attribution;
        let Some(content) = self.bind("Content", &attribution.content, text, points) else { return };
        let cue = self.bind("Cue", &attribution.cue, text, points);
        let source = self.bind("Source", &attribution.source, text, points);
        for (name, end) in [("Cued_by", cue), ("Credited_to", source)] {
            if let Some(end) = end {
                self.relations += 1;
                self.text.push_str(&format!("R{}\t{name} Arg1:T{content} Arg2:T{end}\n", self.relations));
            }
        }
        self.attributes += 1;
        self.text.push_str(&format!("A{}\tKind T{content} {}\n", self.attributes, attribution.kind.name()));
        let speaker = statement.speaker_name.as_deref().map(|name| format!("; speaker: {}", one_line(name)));
        self.notes += 1;
        let note = format!("{}{}", statement.id, speaker.unwrap_or_default());
        self.text.push_str(&format!("#{}\tAnnotatorNotes T{content}\t{note}\n", self.notes));
    }

    /// One annotation over all spans; line breaks inside split it, as brat wants.
    fn bind(&mut self, name: &str, spans: &[Span], text: &str, points: &CodePoints) -> Option<usize> {
        let pieces: Vec<Span> = spans.iter().flat_map(|span| within_lines(*span, text)).collect();
        if pieces.is_empty() {
            return None;
        }
        self.bound += 1;
        let places: Vec<String> =
            pieces.iter().map(|span| points.of_span(*span)).map(|(start, end)| format!("{start} {end}")).collect();
        let words: Vec<&str> = pieces.iter().map(|span| span.of(text)).collect();
        self.text.push_str(&format!("T{}\t{name} {}\t{}\n", self.bound, places.join(";"), words.join(" ")));
        Some(self.bound)
    }
}

/// The parts of a span between line breaks, empty ones left out.
fn within_lines(span: Span, text: &str) -> Vec<Span> {
    let mut at = span.start;
    let mut parts = Vec::new();
    for line in span.of(text).split_inclusive(['\n', '\r']) {
        let bare = line.trim_end_matches(['\n', '\r']);
        if !bare.is_empty() {
            parts.push(Span::new(at, at + bare.len()));
        }
        at += line.len();
    }
    parts
}

fn one_line(text: &str) -> String {
    visible(text).replace(['\n', '\r', '\t'], " ")
}
