//! The view `stemma`: the wordings of one claim as a tree, each with its differences from the one it hangs on.
//! Answers: how did the wording change on the way.
//!
//! Who hangs on whom comes from the repeats of the claim; what these leave open goes where the wording changes least,
//! words added costing more than words lost (a minimum arborescence), and is shown as open.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::Direction;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;
use similar::{Algorithm, ChangeTag};

use crate::graph::{EdgeKind, NodeKind, ProvenanceGraph, Witness as Wording, wording_tree};
use crate::model::{Date, DocumentRelation, Id, Order};

use super::metrics::{Face, one_line};
use super::page::{Legend, MARGIN, Page, WIDTH, legend_height};
use super::style::{self, Manner};
use super::svg::{Anchor, Run, Stroke, Svg, ink, title_of};
use super::{PictureOptions, plural};

const HEAD: Face = Face::bold(12.0);
const WORDS: Face = Face::plain(12.0);
const SMALL: Face = Face::plain(12.0);
const LINE: f64 = 15.0;
const INDENT: f64 = 26.0;
/// A tree with more wordings is no longer read.
const MAX_WORDINGS: usize = 15;

/// A wording in one document.
struct Witness {
    document: Id,
    outlet: String,
    title: String,
    date: Option<Date>,
    url: Option<String>,
    words: String,
    first_seen: bool,
    note: String,
}

/// How a witness hangs on another.
#[derive(Clone)]
struct Hold {
    parent: usize,
    /// `None` where only the wording speaks for it.
    relation: Option<DocumentRelation>,
    order: Order,
    note: String,
}

pub fn svg(graph: &ProvenanceGraph, options: &PictureOptions) -> String {
    let Some((claim, others)) = chosen(graph) else {
        return Page::new(options, "no claim to show", "").finish(WIDTH, 10.0, &[]).text;
    };
    let (witnesses, hidden) = witnesses(graph, claim, options.max_nodes);
    let mut holds = holds(graph, claim, &witnesses);
    let with = told_together(&witnesses, &mut holds);
    let subtitle = format!(
        "“{}” in {}, each compared with the one it hangs on",
        Face::plain(12.0).cut(&graph[claim].label, 290.0),
        plural(witnesses.len(), "document")
    );
    let mut hints = Vec::new();
    if hidden > 0 {
        hints.push(format!("+{}", plural(hidden, "document")));
    }
    if others > 0 {
        hints.push(format!("+{}", plural(others, "claim")));
    }
    let not_shown = if hints.is_empty() { String::new() } else { format!("{} not shown", hints.join(", ")) };
    let mut page = Page::new(options, &subtitle, &not_shown);
    let bottom = draw_tree(&mut page.svg, &witnesses, &holds, &with, page.top);
    let legend = legend(&holds, &witnesses);
    let height = bottom - page.top + legend_height(&legend, WIDTH);
    page.finish(WIDTH, height, &legend).text
}

/// The claim that most documents carry, and how many other claims there are.
fn chosen(graph: &ProvenanceGraph) -> Option<(NodeIndex, usize)> {
    let claims: Vec<NodeIndex> = graph.node_indices().filter(|&index| graph[index].kind == NodeKind::Claim).collect();
    let spread = |index: NodeIndex| quotes(graph, index).count();
    let best = claims.iter().copied().max_by_key(|&index| (spread(index), std::cmp::Reverse(index)))?;
    Some((best, claims.len() - 1))
}

fn quotes(
    graph: &ProvenanceGraph,
    claim: NodeIndex,
) -> impl Iterator<Item = petgraph::graph::EdgeReference<'_, crate::graph::Edge>> {
    graph.edges_directed(claim, Direction::Incoming).filter(|edge| edge.weight().kind == EdgeKind::Quotes)
}

/// By date (undated last), then id; at most as many as can be read.
fn witnesses(graph: &ProvenanceGraph, claim: NodeIndex, max_nodes: usize) -> (Vec<Witness>, usize) {
    let mut found: Vec<Witness> = quotes(graph, claim)
        .map(|edge| {
            let node = &graph[edge.source()];
            let outlet = graph
                .neighbors_directed(edge.source(), Direction::Incoming)
                .map(|index| &graph[index])
                .find(|node| node.kind == NodeKind::Outlet);
            Witness {
                document: node.id.clone(),
                outlet: outlet.map_or("? (outlet unknown)".to_string(), |outlet| one_line(&outlet.label)),
                title: node.label.clone(),
                date: node.date.clone(),
                url: node.url.clone(),
                words: one_line(&edge.weight().wording),
                first_seen: edge.weight().first_seen,
                note: edge.weight().note.clone(),
            }
        })
        .collect();
    let key = |it: &Witness| (it.date.is_none(), it.date.clone(), it.document.clone());
    found.sort_by_key(key);
    let all = found.len();
    // those that may be first are never cut
    found.sort_by_key(|it| !it.first_seen);
    let mut wordings: BTreeSet<String> = BTreeSet::new();
    found.retain(|it| {
        let known = wordings.contains(&it.plain());
        known || wordings.len() < MAX_WORDINGS && wordings.insert(it.plain())
    });
    found.truncate(max_nodes.max(1));
    found.sort_by_key(key);
    let hidden = all - found.len();
    (found, hidden)
}

impl Witness {
    /// Its words without marks and case.
    fn plain(&self) -> String {
        let words = self.words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
    }

    fn day(&self) -> String {
        self.date.as_ref().map_or("undated".to_string(), |date| date.to_string())
    }
}

/// Witnesses that hang on another one by nothing but having the very same words are told with it: many documents of one
/// wording are one wording. Gives for every witness those told with it; their holds are gone, and what hung on them hangs on it.
fn told_together(witnesses: &[Witness], holds: &mut [Option<Hold>]) -> Vec<Vec<usize>> {
    let same = |child: usize, hold: &Hold| {
        hold.relation.is_none() && witnesses[child].plain() == witnesses[hold.parent].plain()
    };
    let into: Vec<Option<usize>> = holds
        .iter()
        .enumerate()
        .map(|(child, hold)| hold.as_ref().filter(|hold| same(child, hold)).map(|hold| hold.parent))
        .collect();
    let teller = |mut at: usize| {
        while let Some(next) = into[at] {
            at = next;
        }
        at
    };
    let mut with: Vec<Vec<usize>> = vec![Vec::new(); witnesses.len()];
    for at in 0..witnesses.len() {
        if into[at].is_some() {
            with[teller(at)].push(at);
        } else if let Some(hold) = &mut holds[at] {
            hold.parent = teller(hold.parent);
        }
    }
    with
}

/// For every witness what it hangs on; `None` for those that hang on nothing.
fn holds(graph: &ProvenanceGraph, claim: NodeIndex, witnesses: &[Witness]) -> Vec<Option<Hold>> {
    let at: BTreeMap<&Id, usize> = witnesses.iter().enumerate().map(|(n, it)| (&it.document, n)).collect();
    let mut known: BTreeMap<(usize, usize), Hold> = BTreeMap::new();
    for edge in graph.edge_references().filter(|edge| edge.weight().kind == EdgeKind::Repeats) {
        let weight = edge.weight();
        if weight.claim.as_ref() != Some(&graph[claim].id) {
            continue;
        }
        let ends = (at.get(&graph[edge.source()].id), at.get(&graph[edge.target()].id));
        let (Some(&child), Some(&parent)) = ends else { continue };
        let hold = |parent| Hold { parent, relation: weight.relation, order: weight.order, note: weight.note.clone() };
        known.insert((parent, child), hold(parent));
        if weight.order == Order::Unknown {
            known.insert((child, parent), hold(child));
        }
    }
    let wordings: Vec<Wording> = witnesses
        .iter()
        .map(|it| Wording { words: it.words.clone(), date: it.date.clone(), first_seen: it.first_seen })
        .collect();
    let repeats: Vec<(usize, usize, bool)> =
        known.iter().map(|(&(parent, child), hold)| (parent, child, hold.order != Order::Unknown)).collect();
    wording_tree(&wordings, &repeats)
        .into_iter()
        .enumerate()
        .map(|(child, parent)| {
            let parent = parent?;
            let open = Hold { parent, relation: None, order: Order::Unknown, note: String::new() };
            Some(known.get(&(parent, child)).cloned().unwrap_or(open))
        })
        .collect()
}

fn draw_tree(svg: &mut Svg, witnesses: &[Witness], holds: &[Option<Hold>], with: &[Vec<usize>], top: f64) -> f64 {
    let mut y = top;
    let mut heads: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    let told: BTreeSet<usize> = with.iter().flatten().copied().collect();
    for (node, depth) in in_tree_order(holds).into_iter().filter(|(node, _)| !told.contains(node)) {
        let x = MARGIN + (depth.min(8) as f64) * INDENT;
        let hold = holds[node].as_ref();
        let witness = &witnesses[node];
        let manner = manner(witness, hold);
        if let Some(hold) = hold
            && let Some(&(px, py)) = heads.get(&hold.parent)
        {
            let d = format!(
                "M{:.1} {:.1}V{:.1}Q{:.1} {:.1} {:.1} {:.1}H{:.1}",
                px + 4.0,
                py + 9.0,
                y + 3.0,
                px + 4.0,
                y + 8.0,
                px + 9.0,
                y + 8.0,
                x - 2.0
            );
            let stroke = Stroke { arrow: hold.order != Order::Unknown, ..manner.stroke(1.4) };
            svg.path(&d, stroke);
        }
        heads.insert(node, (x, y + 4.0));
        y = draw_witness(svg, witness, hold.map(|hold| (&witnesses[hold.parent], hold)), (x, y), &manner);
        let others: Vec<&Witness> = with[node].iter().map(|&at| &witnesses[at]).collect();
        if !others.is_empty() {
            y = draw_others(svg, &others, (x + 14.0, y - 12.0)) + 12.0;
        }
    }
    y
}

/// Documents with the same words, in rows; gives the bottom.
fn draw_others(svg: &mut Svg, others: &[&Witness], at: (f64, f64)) -> f64 {
    let end = WIDTH - MARGIN;
    let lead = "the same words, no relation known:";
    svg.text((at.0, at.1 + 12.0), SMALL, Anchor::Start, ink::GREY, lead);
    let (mut x, mut y) = (at.0 + SMALL.width(lead) + 6.0, at.1 + 12.0);
    for it in others {
        let words = format!("{}, {}", SMALL.cut(&it.outlet, 200.0), it.day());
        let width = SMALL.width(&words) + 13.0;
        if x + width > end && x > at.0 {
            (x, y) = (at.0, y + LINE);
        }
        let title = title_of(&[
            format!("{}, {}", it.outlet, it.day()),
            it.title.clone(),
            format!("“{}”", it.words),
            it.note.clone(),
        ]);
        svg.place(it.document.as_str(), |svg| {
            svg.mark(it.document.as_str(), it.url.as_deref(), &title, |svg| {
                svg.shape(style::CARRIED.shape, (x + 3.0, y - 4.0), 2.6, style::CARRIED.colour);
                svg.text((x + 9.0, y), SMALL, Anchor::Start, ink::BLACK, &words);
            });
        });
        x += width + 8.0;
    }
    y + 6.0
}

/// Every witness below the one it hangs on, with its depth.
fn in_tree_order(holds: &[Option<Hold>]) -> Vec<(usize, usize)> {
    let mut waiting: Vec<(usize, usize)> =
        (0..holds.len()).rev().filter(|&node| holds[node].is_none()).map(|node| (node, 0)).collect();
    let mut order = Vec::new();
    while let Some((node, depth)) = waiting.pop() {
        order.push((node, depth));
        let children = (0..holds.len()).rev().filter(|&it| holds[it].as_ref().is_some_and(|hold| hold.parent == node));
        waiting.extend(children.map(|child| (child, depth + 1)));
    }
    order
}

fn manner(witness: &Witness, hold: Option<&Hold>) -> Manner {
    match hold {
        Some(hold) => hold.relation.map_or(style::CARRIED, style::repeated),
        None if witness.first_seen => style::FIRST_SEEN,
        None => style::CARRIED,
    }
}

fn draw_witness(
    svg: &mut Svg,
    witness: &Witness,
    hold: Option<(&Witness, &Hold)>,
    at: (f64, f64),
    manner: &Manner,
) -> f64 {
    let (x, y) = at;
    let width = WIDTH - MARGIN - x - 14.0;
    let runs = match hold {
        Some((parent, _)) => differences(&parent.words, &witness.words),
        None => vec![Run::plain(&witness.words)],
    };
    let lines = wrap_runs(&runs, width);
    let date = witness.day();
    let title = title_of(&[
        format!("{}, {date}", witness.outlet),
        witness.title.clone(),
        format!("“{}”", witness.words),
        witness.note.clone(),
        hold.map_or(String::new(), |(_, hold)| hold.note.clone()),
    ]);
    svg.place(witness.document.as_str(), |svg| {
        svg.mark(witness.document.as_str(), witness.url.as_deref(), &title, |svg| {
            svg.shape(manner.shape, (x + 4.0, y + 8.0), 4.2, manner.colour);
            let outlet = HEAD.cut(&witness.outlet, 200.0);
            svg.text((x + 14.0, y + 12.0), HEAD, Anchor::Start, ink::BLACK, &outlet);
            let after = x + 14.0 + HEAD.width(&outlet) + 8.0;
            svg.text((after, y + 12.0), SMALL, Anchor::Start, ink::GREY, &date);
            let how = SMALL.cut(&how(witness, hold.map(|(_, hold)| hold), manner), width);
            svg.text((x + 14.0, y + 12.0 + LINE), SMALL, Anchor::Start, ink::GREY, &how);
            for (row, line) in lines.iter().enumerate() {
                svg.rich((x + 14.0, y + 12.0 + LINE * (row as f64 + 2.0)), WORDS, line);
            }
        });
    });
    y + LINE * (lines.len() as f64 + 2.0) + 12.0
}

/// In what manner a witness hangs on another, and what the order rests on.
fn how(witness: &Witness, hold: Option<&Hold>, manner: &Manner) -> String {
    match hold {
        Some(hold) if hold.relation.is_some() => format!("{} · {}", manner.words, style::order_words(hold.order)),
        Some(_) => "nearest in wording, no relation known".to_string(),
        None if witness.first_seen => "first seen".to_string(),
        None => "hangs on none of the others".to_string(),
    }
}

/// The words of `to`, with what was lost from `from` and what was added marked.
fn differences(from: &str, to: &str) -> Vec<Run> {
    let (a, b): (Vec<&str>, Vec<&str>) = (from.split(' ').collect(), to.split(' ').collect());
    let ops = similar::capture_diff_slices(Algorithm::Patience, &a, &b);
    let mut runs = Vec::new();
    for change in ops.iter().flat_map(|op| op.iter_changes(&a, &b)) {
        let word = change.value();
        runs.push(match change.tag() {
            ChangeTag::Equal => Run::plain(word),
            ChangeTag::Delete => Run { text: word.to_string(), fill: ink::VERMILION, struck: true, ..Run::plain("") },
            ChangeTag::Insert => Run { text: word.to_string(), fill: ink::GREEN, bold: true, ..Run::plain("") },
        });
    }
    runs
}

/// Runs broken into lines at spaces; words of one look are joined again.
fn wrap_runs(runs: &[Run], width: f64) -> Vec<Vec<Run>> {
    let mut lines: Vec<Vec<Run>> = vec![Vec::new()];
    let mut used = 0.0;
    for run in runs {
        let face = Face { bold: run.bold, ..WORDS };
        for word in run.text.split(' ').flat_map(|word| face.wrap(word, width, usize::MAX)) {
            let needed = face.width(&word) + WORDS.width(" ");
            if used + needed > width && used > 0.0 {
                lines.push(Vec::new());
                used = 0.0;
            }
            used += needed;
            let Some(line) = lines.last_mut() else { continue };
            match line.last_mut() {
                Some(last) if last.same_look(run) => {
                    last.text.push(' ');
                    last.text.push_str(&word);
                }
                _ => line.push(Run { text: word, ..run.clone() }),
            }
        }
    }
    lines
}

fn legend(holds: &[Option<Hold>], witnesses: &[Witness]) -> Vec<Legend> {
    let used: Vec<Manner> = witnesses.iter().zip(holds).map(|(it, hold)| manner(it, hold.as_ref())).collect();
    let mut rows: Vec<Legend> = style::manners()
        .filter(|manner| used.contains(manner))
        .map(|manner| (Some((manner.shape, manner.colour, manner.dashes)), manner.words.to_string()))
        .collect();
    rows.push((None, "struck out: lost; bold: added".to_string()));
    rows
}
