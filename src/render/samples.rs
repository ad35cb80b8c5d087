//! Made-up material of any size for the tests of this room, the same at every run.

use crate::graph::{ClaimCard, DocumentCard, Material, ProvenanceGraph, StatementCard, build};
use crate::model::{Claim, ClaimEdge, Date, DocumentRelation, Evidence, Id, IdKind, Kind, Order};

/// Outlets, claims and speakers of the sample.
const OUTLETS: &[&str] = &[
    "The Harbour Post",
    "Nordkurier am Sund",
    "Lantern Daily",
    "Radio Meridian",
    "Vestnik Primorja",
    "Quay Street Journal",
    "Pelican Wire",
    "Morning Ledger",
    "Ostrava Listy",
    "The Copper Gazette",
    "Channel Nine Bay",
    "Blog of the North Pier",
];
const SPEAKERS: &[&str] = &[
    "Mara Lindqvist",
    "Harbour Authority",
    "Tomas Okafor",
    "Deputy Mayor Ilse Brandt",
    "a dock worker",
    "Ministry of Ports",
];
const TEXTS: &[&str] = &[
    "the northern quay will stay closed until the divers have finished their work",
    "no oil has reached the bay",
    "we have asked three times for a second inspection and were refused three times",
    "two of the five cranes had not been tested since the spring",
    "everyone was off the ship before the fire started",
    "the company knew about the crack in the hull and sailed all the same, and somebody will have to answer for that",
];

pub struct Size {
    pub outlets: usize,
    pub claims: usize,
}

/// A small generator of numbers, so that pictures do not depend on any library's idea of chance.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) % limit.max(1) as u64) as usize
    }
}

pub fn graph(size: &Size) -> ProvenanceGraph {
    let (material, edges) = material(size);
    build(&material, &edges, &[])
}

/// Each claim starts at one outlet and is taken over by some others on later days.
pub fn material(size: &Size) -> (Material, Vec<ClaimEdge>) {
    let mut numbers = Numbers(7);
    let mut material = Material::default();
    let mut edges = Vec::new();
    for n in 0..size.outlets {
        let name = match n / OUTLETS.len() {
            0 => OUTLETS[n].to_string(),
            round => format!("{} {}", OUTLETS[n % OUTLETS.len()], round + 1),
        };
        let outlet = if n % 11 == 7 { String::new() } else { name };
        let day = 1 + numbers.below(14) as i8;
        material.documents.push(DocumentCard {
            id: Id::of(IdKind::Document, &["sample", &n.to_string()]),
            outlet_id: Id::of(IdKind::Outlet, &[&outlet]),
            outlet,
            title: format!("Fire in the harbour, report {n}"),
            published: if n % 9 == 5 { None } else { Date::from_ymd(2024, 3, day) },
            url: (n % 2 == 0).then(|| format!("https://example.org/{n}?a=1&b=2")),
            ..DocumentCard::default()
        });
    }
    for n in 0..size.claims {
        add_claim(&mut material, &mut edges, &mut numbers, n);
    }
    material.documents.sort_by(|a, b| a.id.cmp(&b.id));
    material.statements.sort_by(|a, b| a.id.cmp(&b.id));
    material.claims.sort_by(|a, b| a.claim.id.cmp(&b.claim.id));
    (material, edges)
}

fn add_claim(material: &mut Material, edges: &mut Vec<ClaimEdge>, numbers: &mut Numbers, n: usize) {
    let speaker = SPEAKERS[n % SPEAKERS.len()];
    let text = format!("{}{}", TEXTS[n % TEXTS.len()], if n < TEXTS.len() { String::new() } else { format!(" ({n})") });
    let id = Id::of(IdKind::Claim, &["sample", &n.to_string()]);
    let spread = 1 + numbers.below(4).min(material.documents.len() - 1);
    let mut carriers: Vec<usize> = Vec::new();
    while carriers.len() < spread {
        let at = numbers.below(material.documents.len());
        if !carriers.contains(&at) {
            carriers.push(at);
        }
    }
    carriers
        .sort_by_key(|&at| (material.documents[at].published.is_none(), material.documents[at].published.clone(), at));
    let mut members = Vec::new();
    for (place, &at) in carriers.iter().enumerate() {
        let statement = Id::of(IdKind::Statement, &["sample", &n.to_string(), &at.to_string()]);
        material.statements.push(StatementCard {
            id: statement.clone(),
            document: material.documents[at].id.clone(),
            speaker: Some(Id::of(IdKind::Entity, &[speaker])),
            speaker_name: speaker.to_string(),
            source: speaker.to_string(),
            cue: "said".to_string(),
            content: if place == 0 { text.clone() } else { text.replace("the ", "that ").replace("will", "would") },
            start: 10 * n,
            spans: Vec::new(),
            parts: Vec::new(),
            kind: if place == 0 { Kind::Direct } else { Kind::Indirect },
            marks_lost: place == 2,
            chain: if n.is_multiple_of(5) && place > 0 {
                vec!["rescue workers".into(), "Pelican Wire".into()]
            } else {
                Vec::new()
            },
            repeat_of: None,
        });
        members.push(statement);
        if place > 0 && !(n + place).is_multiple_of(4) {
            let parent = carriers[numbers.below(place)];
            let relations = DocumentRelation::ALL;
            let relation = relations[(n + place) % relations.len()];
            let unknown = relation == DocumentRelation::CommonSource;
            edges.push(ClaimEdge {
                claim: id.clone(),
                from: material.documents[parent].id.clone(),
                to: material.documents[at].id.clone(),
                relation,
                order: if unknown { Order::Unknown } else { Order::Wording },
                score: 0.8,
                evidence: vec![Evidence::new("lineage.narrative_reuse", 1.0, "14 runs of unquoted words in common")],
            });
        }
    }
    material.claims.push(ClaimCard {
        claim: Claim { id, representative: members[0].clone(), members },
        text,
        speaker_name: speaker.to_string(),
        speaker: Some(Id::of(IdKind::Entity, &[speaker])),
    });
}

/// Texts that break things: our own, and the list of naughty strings beside the checkout where there is one.
pub fn hostile_labels() -> Vec<String> {
    let mut labels: Vec<String> = HOSTILE.iter().map(|text| text.to_string()).collect();
    let list = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/eval/hostile/naughty_strings.json");
    if let Ok(text) = std::fs::read_to_string(list) {
        labels.extend(serde_json::from_str::<Vec<String>>(&text).expect("a list of strings"));
    }
    labels
}

const HOSTILE: &[&str] = &[
    "]]><script>alert(1)</script>",
    "\"];\n} subgraph x { a -> b }",
    "\\N \\G \\\"",
    "javascript:alert(1)",
    "</title></svg><img src=x onerror=alert(1)>",
    "\u{202E}evil\u{0}\u{1B}[2J\u{FFFE}",
    "=HYPERLINK(\"http://x\")",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "&lt;b&gt; &#x41; %s",
    "\u{200B}",
    "漢字 עברית 🙂",
    "{{.}}\r\n\t",
    "}\n@comment{ \\input{x} % $",
    "__proto__",
    "",
];
