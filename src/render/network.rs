//! The view `network`: speakers, what they said, the outlets that had it first, and those that repeat it, in layers.
//! For looking around; larger graphs are better read as a matrix, or elsewhere as GEXF.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::ProvenanceGraph;
use crate::model::Order;

use super::nodes::{Box, Kind, Link, Words, picture};
use super::page::Legend;
use super::scene::{Carrier, Repeat, Scene};
use super::style;
use super::svg::{Shape, Stroke, ink, title_of};
use super::{PictureOptions, plural};

pub fn svg(graph: &ProvenanceGraph, options: &PictureOptions) -> String {
    let scene = limited(Scene::of(graph), options.max_nodes);
    let (boxes, links) = parts(&scene);
    let subtitle = format!(
        "{}, {}, {}; from who said it, over the claim, to who had it first and who repeats it",
        plural(boxes.iter().filter(|it| it.kind == Kind::Speaker).count(), "speaker"),
        plural(scene.claims.len(), "claim"),
        plural(scene.carriers.len(), "outlet"),
    );
    let mut legend: Vec<Legend> = Vec::new();
    if scene.carries.iter().any(|it| it.first_seen) {
        legend.push((Some((Shape::Diamond, ink::BLUE, "")), "first seen".to_string()));
    }
    let used: BTreeSet<&str> = scene.repeats.iter().map(|it| style::repeated(it.relation).words).collect();
    legend.extend(
        style::manners()
            .filter(|manner| used.contains(manner.words))
            .map(|manner| (Some((manner.shape, manner.colour, manner.dashes)), manner.words.to_string())),
    );
    let (repeated, merely) = (repeated_pairs(&scene), style::CARRIED);
    if scene.carries.iter().any(|it| !it.first_seen && !repeated.contains(&(it.carrier, it.claim))) {
        legend.push((Some((merely.shape, merely.colour, merely.dashes)), merely.words.to_string()));
    }
    let words =
        Words { subtitle: &subtitle, not_shown: &scene.not_shown(), legend, pull: true, heads: &|_| String::new() };
    picture(&boxes, &links, options, words)
}

/// At most `max_nodes` boxes, speakers included.
fn limited(scene: Scene, max_nodes: usize) -> Scene {
    let mut shown = max_nodes;
    loop {
        let cut = scene.clone().limited(shown);
        let speakers: BTreeSet<_> = cut.claims.iter().filter_map(|claim| claim.speaker.as_ref()).collect();
        let boxes = speakers.len() + cut.claims.len() + cut.carriers.len();
        if boxes <= max_nodes || shown <= 2 {
            return cut;
        }
        shown -= (boxes - max_nodes).min(shown - 2).div_ceil(2);
    }
}

/// Speakers, claims and carriers as boxes; who says, who had first, who repeats as links.
pub(super) fn parts(scene: &Scene) -> (Vec<Box>, Vec<Link>) {
    let speakers: BTreeMap<&str, &str> = scene
        .claims
        .iter()
        .filter_map(|claim| claim.speaker.as_ref())
        .map(|(id, name)| (id.as_str(), name.as_str()))
        .collect();
    let speaker_at: BTreeMap<&str, usize> = speakers.keys().enumerate().map(|(at, id)| (*id, at)).collect();
    let mut boxes: Vec<Box> = speakers
        .iter()
        .map(|(id, name)| Box {
            id: id.to_string(),
            kind: Kind::Speaker,
            number: String::new(),
            label: name.to_string(),
            note: String::new(),
            title: format!("speaker: {name}"),
            url: None,
        })
        .collect();
    let first_claim = boxes.len();
    for claim in &scene.claims {
        boxes.push(Box {
            id: claim.id.to_string(),
            kind: Kind::Claim,
            number: format!("c{}", claim.number),
            label: claim.text.clone(),
            note: String::new(),
            title: claim.title(),
            url: None,
        });
    }
    let first_carrier = boxes.len();
    boxes.extend(scene.carriers.iter().map(carrier_box));
    let mut links = Vec::new();
    for (n, claim) in scene.claims.iter().enumerate() {
        if let Some(&from) = claim.speaker.as_ref().and_then(|(id, _)| speaker_at.get(id.as_str())) {
            let title = claim.title();
            let stroke = Stroke::plain(ink::PALE, 1.4);
            links.push(Link { from, to: first_claim + n, stroke, label: String::new(), title });
        }
    }
    let repeated = repeated_pairs(scene);
    let mut drawn = BTreeSet::new();
    for carry in &scene.carries {
        if repeated.contains(&(carry.carrier, carry.claim)) || !drawn.insert((carry.carrier, carry.claim)) {
            continue;
        }
        let manner = style::carried(carry.first_seen, None);
        links.push(Link {
            from: first_claim + carry.claim,
            to: first_carrier + carry.carrier,
            stroke: Stroke { arrow: true, ..manner.stroke(1.4) },
            label: String::new(),
            title: title_of(&[
                format!("{}: {}", scene.carriers[carry.carrier].label, manner.words),
                carry.wording.clone(),
            ]),
        });
    }
    links.extend(repeat_links(scene, first_carrier));
    (boxes, links)
}

/// The carriers that have a claim from another one, with the claim.
fn repeated_pairs(scene: &Scene) -> BTreeSet<(usize, usize)> {
    scene.repeats.iter().filter(|it| it.from != it.to).map(|it| (it.to, it.claim)).collect()
}

pub(super) fn carrier_box(carrier: &Carrier) -> Box {
    Box {
        id: carrier.id.to_string(),
        kind: if carrier.is_outlet { Kind::Outlet } else { Kind::Loose },
        number: String::new(),
        label: carrier.label.clone(),
        note: carrier
            .date
            .as_ref()
            .map_or("undated".to_string(), |date| date.day().unwrap_or(date.as_str()).to_string()),
        title: format!("{}: {}", carrier.label, plural(carrier.weight, "statement")),
        url: carrier.url.clone(),
    }
}

/// One link for all that one carrier repeats from another.
pub(super) fn repeat_links(scene: &Scene, first_carrier: usize) -> Vec<Link> {
    let mut pairs: BTreeMap<(usize, usize, bool), Vec<&Repeat>> = BTreeMap::new();
    for repeat in scene.repeats.iter().filter(|repeat| repeat.from != repeat.to) {
        pairs.entry((repeat.from, repeat.to, repeat.order != Order::Unknown)).or_default().push(repeat);
    }
    let mut links = Vec::new();
    for ((from, to, directed), repeats) in pairs {
        let manner = style::repeated(repeats[0].relation);
        let (parent, child) = (&scene.carriers[from].label, &scene.carriers[to].label);
        let claims = plural(repeats.len(), "claim");
        let words = if directed {
            format!("{child} repeats {claims} from {parent}")
        } else {
            format!("{parent} and {child} share {claims}; order unknown")
        };
        links.push(Link {
            from: first_carrier + from,
            to: first_carrier + to,
            stroke: Stroke { arrow: directed, ..manner.stroke(1.4) },
            // a number says something only where there are several
            label: if repeats.len() > 1 { repeats.len().to_string() } else { String::new() },
            title: title_of(&[words, repeats[0].note.clone()]),
        });
    }
    links
}
