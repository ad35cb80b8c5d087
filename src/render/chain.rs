//! The view `chain`: from origins over relays to outlets, and on to those who repeat them. Answers: how far is a text
//! from whoever said or saw it, and through whose hands did it go.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::visit::EdgeRef;

use crate::graph::{EdgeKind, NodeKind, ProvenanceGraph};
use crate::model::Id;

use super::network::{carrier_box, repeat_links};
use super::nodes::{Box, Kind, Link, Words, picture};
use super::page::Legend;
use super::scene::Scene;
use super::style;
use super::svg::{Shape, Stroke, ink};
use super::{PictureOptions, plural};

pub fn svg(graph: &ProvenanceGraph, options: &PictureOptions) -> String {
    let scene = Scene::of(graph);
    let hops = Hops::of(graph, &scene);
    let (scene, hidden) = hops.limited(scene, options.max_nodes);
    let hops = Hops::of(graph, &scene);
    let (boxes, links) = hops.parts(&scene);
    let (links, cut) = strongest(links, options.max_nodes.max(LEAST_LINKS));
    let (boxes, links, loose) = without_loose(boxes, links);
    let hidden = hidden + loose;
    let subtitle = "from who said it, over those who pass it on by name, to outlets and those who repeat them; \
                    numbers: statements or claims, where more than one";
    let named = [
        (Shape::Circle, ink::GREEN, "", "said or passed on by"),
        (Shape::Diamond, ink::BLUE, "", "printed first, source named"),
    ];
    let manners = style::manners()
        .filter(|manner| ![style::FIRST_SEEN, style::CARRIED].contains(manner))
        .map(|manner| (manner.shape, manner.colour, manner.dashes, manner.words));
    let drawn = |colour: &str, dashes: &str| {
        links.iter().any(|link| (link.stroke.colour, link.stroke.dashes) == (colour, dashes))
    };
    let legend: Vec<Legend> = named
        .into_iter()
        .chain(manners)
        .filter(|(_, colour, dashes, _)| drawn(colour, dashes))
        .map(|(shape, colour, dashes, words)| (Some((shape, colour, dashes)), words.to_string()))
        .collect();
    let parts: Vec<String> = [(hidden, "node"), (cut, "link")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, one)| format!("+{}", plural(count, one)))
        .collect();
    let not_shown = if parts.is_empty() { String::new() } else { format!("{} not shown", parts.join(", ")) };
    let heads = |layer: usize| match layer {
        0 => "origin".to_string(),
        1 => "one step away".to_string(),
        n => format!("{n} steps away"),
    };
    picture(&boxes, &links, options, Words { subtitle, not_shown: &not_shown, legend, pull: false, heads: &heads })
}

/// As many links as there may be nodes are shown, or so many; more are a hairball.
const LEAST_LINKS: usize = 12;

/// At most `most` links, those that stand for most statements or claims; says how many are left out.
fn strongest(links: Vec<Link>, most: usize) -> (Vec<Link>, usize) {
    let mut order: Vec<usize> = (0..links.len()).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(links[at].label.parse::<usize>().unwrap_or(1)), at));
    let kept: BTreeSet<usize> = order.into_iter().take(most).collect();
    let cut = links.len() - kept.len();
    let links = links.into_iter().enumerate().filter(|(at, _)| kept.contains(at)).map(|(_, link)| link).collect();
    (links, cut)
}

/// Without the boxes that no link touches: among the origins they would say what nobody knows. Says how many they are.
fn without_loose(boxes: Vec<Box>, mut links: Vec<Link>) -> (Vec<Box>, Vec<Link>, usize) {
    let linked: BTreeSet<usize> = links.iter().flat_map(|link| [link.from, link.to]).collect();
    let place: BTreeMap<usize, usize> = linked.iter().enumerate().map(|(new, &old)| (old, new)).collect();
    for link in &mut links {
        (link.from, link.to) = (place[&link.from], place[&link.to]);
    }
    let all = boxes.len();
    let kept: Vec<Box> =
        boxes.into_iter().enumerate().filter(|(at, _)| linked.contains(at)).map(|(_, it)| it).collect();
    let loose = all - kept.len();
    (kept, links, loose)
}

/// Who hands on to whom: speakers and relays to relays and carriers.
struct Hops {
    names: BTreeMap<Id, String>,
    /// (from, to) → how many statements.
    between: BTreeMap<(Id, Id), usize>,
    /// (from, carrier) → how many statements.
    into: BTreeMap<(Id, usize), usize>,
}

impl Hops {
    fn of(graph: &ProvenanceGraph, scene: &Scene) -> Hops {
        let mut hops = Hops { names: BTreeMap::new(), between: BTreeMap::new(), into: BTreeMap::new() };
        let carrier_of: BTreeMap<&Id, usize> =
            scene.carries.iter().map(|carry| (&carry.document, carry.carrier)).collect();
        let mut relayed: BTreeSet<&Id> = BTreeSet::new();
        for edge in graph.edge_references().filter(|edge| edge.weight().kind == EdgeKind::Cites) {
            let (from, to) = (&graph[edge.source()], &graph[edge.target()]);
            relayed.extend(&edge.weight().statements);
            // a document cites a relay: the relay hands on to the document's carrier
            if from.kind == NodeKind::Document {
                let Some(&carrier) = carrier_of.get(&from.id) else { continue };
                *hops.into.entry((to.id.clone(), carrier)).or_default() += edge.weight().weight;
            } else {
                *hops.between.entry((to.id.clone(), from.id.clone())).or_default() += edge.weight().weight;
                hops.names.insert(from.id.clone(), from.label.clone());
            }
            hops.names.insert(to.id.clone(), to.label.clone());
        }
        let repeated: BTreeSet<(usize, usize)> = scene.repeats.iter().map(|it| (it.to, it.claim)).collect();
        for carry in &scene.carries {
            let at_first_hand = !repeated.contains(&(carry.carrier, carry.claim))
                && carry.statements.iter().any(|statement| !relayed.contains(statement));
            if let (true, Some((id, name))) = (at_first_hand, &scene.claims[carry.claim].speaker) {
                *hops.into.entry((id.clone(), carry.carrier)).or_default() += 1;
                hops.names.insert(id.clone(), name.clone());
            }
        }
        // relays of documents that are not shown lead nowhere
        let mut alive: BTreeSet<Id> = hops.into.keys().map(|(id, _)| id.clone()).collect();
        for _ in 0..6 {
            let more: Vec<Id> =
                hops.between.keys().filter(|(_, to)| alive.contains(to)).map(|(from, _)| from.clone()).collect();
            alive.extend(more);
        }
        hops.between.retain(|(_, to), _| alive.contains(to));
        hops.names.retain(|id, _| alive.contains(id));
        hops
    }

    /// So many of the claims with most carriers that all boxes fit; says how many boxes there would be besides.
    fn limited(&self, scene: Scene, max_nodes: usize) -> (Scene, usize) {
        let all = self.names.len() + scene.carriers.len();
        if all <= max_nodes {
            return (scene, 0);
        }
        let share = |part: usize| (part * max_nodes / all.max(1)).max(1);
        let carriers = share(scene.carriers.len());
        let kept = scene.busiest(carriers, share(self.names.len()));
        let shown = kept.carriers.len()
            + kept.claims.iter().filter_map(|it| it.speaker.as_ref()).collect::<BTreeSet<_>>().len();
        (kept, all.saturating_sub(shown))
    }

    fn parts(&self, scene: &Scene) -> (Vec<Box>, Vec<Link>) {
        let at: BTreeMap<&Id, usize> = self.names.keys().enumerate().map(|(at, id)| (id, at)).collect();
        let mut boxes: Vec<Box> = self
            .names
            .iter()
            .map(|(id, name)| Box {
                id: id.to_string(),
                kind: Kind::Speaker,
                number: String::new(),
                label: name.clone(),
                note: String::new(),
                title: name.clone(),
                url: None,
            })
            .collect();
        let first_carrier = boxes.len();
        boxes.extend(scene.carriers.iter().map(carrier_box));
        let mut links = Vec::new();
        let mut link = |from: usize, to: usize, count: usize, colour: &'static str, title: String| {
            let stroke = Stroke { arrow: true, ..Stroke::plain(colour, 1.3) };
            links.push(Link {
                from,
                to,
                stroke,
                label: if count > 1 { count.to_string() } else { String::new() },
                title,
            });
        };
        for ((from, to), count) in &self.between {
            let title = format!("{} cites {} in {}", self.names[to], self.names[from], plural(*count, "statement"));
            link(at[from], at[to], *count, ink::GREEN, title);
        }
        for ((from, carrier), count) in &self.into {
            let name = &scene.carriers[*carrier].label;
            let title = format!("{name} names {} in {}", self.names[from], plural(*count, "statement"));
            link(at[from], first_carrier + carrier, *count, ink::BLUE, title);
        }
        links.extend(repeat_links(scene, first_carrier));
        (boxes, links)
    }
}
