//! The graph as the pictures of outlets and claims need it: who carries which claim, first or after whom.
//!
//! In: a provenance graph. Out: carriers (outlets; a document of unknown outlet stands for itself), claims and the
//! relations between them, in a fixed order, cut to a number of nodes with a count of what is not shown.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use crate::graph::{EdgeKind, NodeKind, ProvenanceGraph};
use crate::model::{Date, DocumentRelation, Id, Order};

use super::metrics::one_line;
use super::plural;
use super::svg::title_of;

/// An outlet, or a document whose outlet nobody knows.
#[derive(Clone, Debug, PartialEq)]
pub struct Carrier {
    pub id: Id,
    pub label: String,
    pub is_outlet: bool,
    /// The earliest date of its documents.
    pub date: Option<Date>,
    pub url: Option<String>,
    /// Statements behind it.
    pub weight: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ClaimMark {
    pub id: Id,
    /// Its number in pictures and reports: the same in every view of one graph, 1 for the most widely carried.
    pub number: usize,
    /// How many documents carry it.
    pub spread: usize,
    pub text: String,
    pub speaker: Option<(Id, String)>,
    pub date: Option<Date>,
    pub weight: usize,
}

impl ClaimMark {
    /// The speaker in front, as in a play: "Dmitry Peskov: The system worked".
    pub fn words(&self) -> String {
        match self.speaker_name() {
            Some(name) => format!("{name}: {}", self.text),
            None => self.text.clone(),
        }
    }

    /// How many bytes of `words` are the speaker's name and colon.
    pub fn lead(&self) -> usize {
        self.speaker_name().map_or(0, |name| name.len() + 1)
    }

    fn speaker_name(&self) -> Option<String> {
        self.speaker.as_ref().map(|(_, name)| one_line(name)).filter(|name| !name.is_empty())
    }

    /// What the mark of a claim tells.
    pub fn title(&self) -> String {
        title_of(&[
            self.text.clone(),
            self.speaker_name().map_or("speaker unknown".to_string(), |name| format!("said by {name}")),
            self.date.as_ref().map_or(String::new(), |date| format!("first seen {date}")),
            plural(self.weight, "statement"),
        ])
    }
}

/// One document carries one claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Carry {
    /// Index into `Scene::carriers`.
    pub carrier: usize,
    /// Index into `Scene::claims`.
    pub claim: usize,
    pub document: Id,
    pub title: String,
    pub url: Option<String>,
    pub date: Option<Date>,
    pub first_seen: bool,
    /// How this document relates to the one it has the claim from, where it repeats one.
    pub relation: Option<DocumentRelation>,
    pub order: Order,
    pub wording: String,
    pub note: String,
    pub statements: Vec<Id>,
}

/// One claim repeated by one carrier from another.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeat {
    pub claim: usize,
    /// The one who repeats.
    pub to: usize,
    /// The one repeated; for `Order::Unknown` nothing says which is which.
    pub from: usize,
    pub relation: DocumentRelation,
    pub order: Order,
    pub score: f64,
    pub note: String,
    /// Days between the two documents, where both are dated to the day.
    pub lag: Option<i64>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    pub carriers: Vec<Carrier>,
    pub claims: Vec<ClaimMark>,
    pub carries: Vec<Carry>,
    pub repeats: Vec<Repeat>,
    pub hidden_carriers: usize,
    pub hidden_claims: usize,
}

impl Scene {
    /// Everything in the graph. Carriers by date (undated last), label and id; claims by spread, first seen and id.
    pub fn of(graph: &ProvenanceGraph) -> Scene {
        let carriers_of = carriers_of_documents(graph);
        let mut carriers = list_carriers(graph, &carriers_of);
        carriers
            .sort_by(|a, b| (undated_last(&a.date), &a.label, &a.id).cmp(&(undated_last(&b.date), &b.label, &b.id)));
        let mut claims = list_claims(graph);
        claims.sort_by(|a, b| {
            let key = |it: &ClaimMark| std::cmp::Reverse(it.spread);
            (key(a), undated_last(&a.date), &a.id).cmp(&(key(b), undated_last(&b.date), &b.id))
        });
        for (n, claim) in claims.iter_mut().enumerate() {
            claim.number = n + 1;
        }
        let mut scene = Scene { carriers, claims, ..Scene::default() };
        scene.add_carries(graph, &carriers_of);
        scene.add_repeats(graph, &carriers_of);
        scene
    }

    /// At most `max_nodes` carriers and claims together: the claims that most carriers have, the carriers that have
    /// most of those.
    pub fn limited(self, max_nodes: usize) -> Scene {
        if self.carriers.len() + self.claims.len() <= max_nodes {
            return self;
        }
        let claim_share = (max_nodes * 3 / 5).max(1).min(self.claims.len());
        let carrier_share = max_nodes.saturating_sub(claim_share).max(1).min(self.carriers.len());
        let claim_share = max_nodes.saturating_sub(carrier_share).max(1).min(self.claims.len());
        let mut carried_by = vec![BTreeSet::new(); self.claims.len()];
        for carry in &self.carries {
            carried_by[carry.claim].insert(carry.carrier);
        }
        let widest = |share: usize| best(self.claims.len(), share, |at| (carried_by[at].len(), self.claims[at].weight));
        let mut has = vec![0; self.carriers.len()];
        let of_widest = widest(claim_share);
        for carry in self.carries.iter().filter(|carry| of_widest.contains(&carry.claim)) {
            has[carry.carrier] += 1;
        }
        let mut kept_carriers = best(self.carriers.len(), carrier_share, |at| (has[at], self.carriers[at].weight));
        // one that carries none of the claims shown would stand there alone; its place goes to a claim
        kept_carriers.retain(|&at| has[at] > 0);
        let mut kept_claims = widest(max_nodes.saturating_sub(kept_carriers.len()).max(1));
        kept_claims.retain(|&at| carried_by[at].iter().any(|carrier| kept_carriers.contains(carrier)));
        self.only(&kept_carriers, &kept_claims)
    }

    /// The carriers with most repeats and claims, and the claims of those speakers who are carried most.
    pub fn busiest(self, carriers: usize, speakers: usize) -> Scene {
        let mut busy = vec![0; self.carriers.len()];
        for repeat in &self.repeats {
            busy[repeat.from] += 1;
            busy[repeat.to] += 1;
        }
        let mut said: BTreeMap<&Id, usize> = BTreeMap::new();
        for carry in &self.carries {
            busy[carry.carrier] += 1;
            if let Some((id, _)) = &self.claims[carry.claim].speaker {
                *said.entry(id).or_default() += 1;
            }
        }
        let mut most: Vec<(&Id, usize)> = said.into_iter().collect();
        most.sort_by_key(|(id, count)| (std::cmp::Reverse(*count), *id));
        let kept: BTreeSet<&Id> = most.into_iter().take(speakers).map(|(id, _)| id).collect();
        let of_kept = |claim: &ClaimMark| claim.speaker.as_ref().is_none_or(|(id, _)| kept.contains(id));
        let claims = (0..self.claims.len()).filter(|&at| of_kept(&self.claims[at])).collect();
        let carriers = best(self.carriers.len(), carriers, |at| (busy[at], self.carriers[at].weight));
        self.only(&carriers, &claims)
    }

    /// The given carriers and claims, and what lies between them; the rest is counted as hidden.
    fn only(self, carriers: &BTreeSet<usize>, claims: &BTreeSet<usize>) -> Scene {
        let carrier_at: BTreeMap<usize, usize> = carriers.iter().enumerate().map(|(new, old)| (*old, new)).collect();
        let claim_at: BTreeMap<usize, usize> = claims.iter().enumerate().map(|(new, old)| (*old, new)).collect();
        let mut scene = Scene {
            hidden_carriers: self.hidden_carriers + self.carriers.len() - carriers.len(),
            hidden_claims: self.hidden_claims + self.claims.len() - claims.len(),
            carriers: carriers.iter().map(|&at| self.carriers[at].clone()).collect(),
            claims: claims.iter().map(|&at| self.claims[at].clone()).collect(),
            ..Scene::default()
        };
        for carry in self.carries {
            if let (Some(&carrier), Some(&claim)) = (carrier_at.get(&carry.carrier), claim_at.get(&carry.claim)) {
                scene.carries.push(Carry { carrier, claim, ..carry });
            }
        }
        for repeat in self.repeats {
            let ends = (carrier_at.get(&repeat.from), carrier_at.get(&repeat.to), claim_at.get(&repeat.claim));
            if let (Some(&from), Some(&to), Some(&claim)) = ends {
                scene.repeats.push(Repeat { from, to, claim, ..repeat });
            }
        }
        scene
    }

    /// "+3 outlets, +12 claims not shown"; empty where all is shown.
    pub fn not_shown(&self) -> String {
        let counted = |count: usize, one: &str, many: &str| match count {
            0 => None,
            1 => Some(format!("+1 {one}")),
            _ => Some(format!("+{count} {many}")),
        };
        let parts: Vec<String> =
            [counted(self.hidden_carriers, "outlet", "outlets"), counted(self.hidden_claims, "claim", "claims")]
                .into_iter()
                .flatten()
                .collect();
        if parts.is_empty() { String::new() } else { format!("{} not shown", parts.join(", ")) }
    }

    fn add_carries(&mut self, graph: &ProvenanceGraph, carriers_of: &BTreeMap<NodeIndex, NodeIndex>) {
        let (carrier_at, claim_at) = self.places();
        let repeated = repeats_by_document(graph);
        for edge in graph.edge_references().filter(|edge| edge.weight().kind == EdgeKind::Quotes) {
            let (document, claim) = (&graph[edge.source()], &graph[edge.target()]);
            let carrier = carriers_of.get(&edge.source()).map(|&index| &graph[index].id);
            let (Some(&carrier), Some(&at)) = (carrier.and_then(|id| carrier_at.get(id)), claim_at.get(&claim.id))
            else {
                continue;
            };
            let repeat = repeated.get(&(&document.id, &claim.id));
            self.carries.push(Carry {
                carrier,
                claim: at,
                document: document.id.clone(),
                title: document.label.clone(),
                url: document.url.clone(),
                date: document.date.clone(),
                first_seen: edge.weight().first_seen,
                relation: repeat.map(|(relation, _)| *relation),
                order: repeat.map_or(Order::Unknown, |(_, order)| *order),
                wording: edge.weight().wording.clone(),
                note: edge.weight().note.clone(),
                statements: edge.weight().statements.clone(),
            });
        }
        self.carries.sort_by(|a, b| (a.carrier, a.claim, &a.document).cmp(&(b.carrier, b.claim, &b.document)));
    }

    fn add_repeats(&mut self, graph: &ProvenanceGraph, carriers_of: &BTreeMap<NodeIndex, NodeIndex>) {
        let (carrier_at, claim_at) = self.places();
        for edge in graph.edge_references().filter(|edge| edge.weight().kind == EdgeKind::Repeats) {
            let weight = edge.weight();
            let at = |index: NodeIndex| carriers_of.get(&index).and_then(|carrier| carrier_at.get(&graph[*carrier].id));
            let claim = weight.claim.as_ref().and_then(|claim| claim_at.get(claim));
            let (Some(&to), Some(&from), Some(&claim)) = (at(edge.source()), at(edge.target()), claim) else {
                continue;
            };
            let lag = match (&graph[edge.source()].date, &graph[edge.target()].date) {
                (Some(later), Some(earlier)) => later.days_since(earlier),
                _ => None,
            };
            self.repeats.push(Repeat {
                claim,
                to,
                from,
                relation: weight.relation.unwrap_or(DocumentRelation::Cites),
                order: weight.order,
                score: weight.score,
                note: weight.note.clone(),
                lag,
            });
        }
        self.repeats.sort_by_key(|repeat| (repeat.from, repeat.to, repeat.claim));
    }

    fn places(&self) -> (BTreeMap<Id, usize>, BTreeMap<Id, usize>) {
        let carriers = self.carriers.iter().enumerate().map(|(at, carrier)| (carrier.id.clone(), at)).collect();
        let claims = self.claims.iter().enumerate().map(|(at, claim)| (claim.id.clone(), at)).collect();
        (carriers, claims)
    }
}

/// Sorts undated things behind dated ones.
pub fn undated_last(date: &Option<Date>) -> (bool, Option<&Date>) {
    (date.is_none(), date.as_ref())
}

fn best(count: usize, keep: usize, rank: impl Fn(usize) -> (usize, usize)) -> BTreeSet<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(rank(at)), at));
    order.into_iter().take(keep).collect()
}

/// For every document node, the node that stands for it: its outlet, or itself.
fn carriers_of_documents(graph: &ProvenanceGraph) -> BTreeMap<NodeIndex, NodeIndex> {
    let mut carriers: BTreeMap<NodeIndex, NodeIndex> = graph
        .node_indices()
        .filter(|&index| graph[index].kind == NodeKind::Document)
        .map(|index| (index, index))
        .collect();
    for edge in graph.edge_references().filter(|edge| edge.weight().kind == EdgeKind::Published) {
        carriers.insert(edge.target(), edge.source());
    }
    carriers
}

fn list_carriers(graph: &ProvenanceGraph, carriers_of: &BTreeMap<NodeIndex, NodeIndex>) -> Vec<Carrier> {
    let mut found: BTreeMap<NodeIndex, Carrier> = BTreeMap::new();
    for (&document, &carrier) in carriers_of {
        let node = &graph[carrier];
        let is_outlet = node.kind == NodeKind::Outlet;
        let entry = found.entry(carrier).or_insert_with(|| Carrier {
            id: node.id.clone(),
            label: carrier_label(&node.label, &node.id, is_outlet),
            is_outlet,
            date: None,
            url: node.url.clone(),
            weight: 0,
        });
        entry.weight += graph[document].weight;
        if let Some(date) = &graph[document].date {
            entry.date = Some(entry.date.take().map_or_else(|| date.clone(), |known| known.min(date.clone())));
        }
    }
    found.into_values().collect()
}

fn carrier_label(label: &str, id: &Id, is_outlet: bool) -> String {
    let label = one_line(label);
    match (is_outlet, label.is_empty()) {
        (true, _) => label,
        (false, true) => format!("? {}", short(id)),
        (false, false) => format!("? {label}"),
    }
}

/// The first characters of an id, enough to find it by.
pub fn short(id: &Id) -> &str {
    id.as_str().get(..6).unwrap_or(id.as_str())
}

fn list_claims(graph: &ProvenanceGraph) -> Vec<ClaimMark> {
    let mut speakers: BTreeMap<NodeIndex, (Id, String)> = BTreeMap::new();
    for edge in graph.edge_references().filter(|edge| edge.weight().kind == EdgeKind::Says) {
        let node = &graph[edge.source()];
        speakers.entry(edge.target()).or_insert_with(|| (node.id.clone(), node.label.clone()));
    }
    graph
        .node_indices()
        .filter(|&index| graph[index].kind == NodeKind::Claim)
        .map(|index| ClaimMark {
            id: graph[index].id.clone(),
            number: 0,
            spread: graph
                .edges_directed(index, petgraph::Direction::Incoming)
                .filter(|edge| edge.weight().kind == EdgeKind::Quotes)
                .count(),
            text: one_line(&graph[index].label),
            speaker: speakers.remove(&index),
            date: graph[index].date.clone(),
            weight: graph[index].weight,
        })
        .collect()
}

/// (document, claim) → how the document repeats it.
fn repeats_by_document(graph: &ProvenanceGraph) -> BTreeMap<(&Id, &Id), (DocumentRelation, Order)> {
    let mut found = BTreeMap::new();
    for edge in graph.edge_references().filter(|edge| edge.weight().kind == EdgeKind::Repeats) {
        let (Some(claim), Some(relation)) = (&edge.weight().claim, edge.weight().relation) else { continue };
        found.entry((&graph[edge.source()].id, claim)).or_insert((relation, edge.weight().order));
        if edge.weight().order == Order::Unknown {
            found.entry((&graph[edge.target()].id, claim)).or_insert((relation, Order::Unknown));
        }
    }
    found
}
