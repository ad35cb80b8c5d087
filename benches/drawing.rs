//! How long pictures take: `cargo bench --bench drawing`. Made-up outlets and claims, the same at every run.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use provenance::graph::{ClaimCard, DocumentCard, Material, ProvenanceGraph, StatementCard, build};
use provenance::model::{Claim, ClaimEdge, Date, DocumentRelation, Id, IdKind, Kind, Order};
use provenance::render::{PictureOptions, View, svg};

/// Numbers that only look like chance.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) % limit as u64) as usize
    }
}

/// Every claim begins at one outlet; up to four others take it over.
fn graph(outlets: usize, claims: usize, speakers: usize) -> ProvenanceGraph {
    let mut numbers = Numbers(5);
    let mut material = Material::default();
    let mut edges = Vec::new();
    for n in 0..outlets {
        let outlet = format!("Outlet {n} of the coast");
        material.documents.push(DocumentCard {
            id: Id::of(IdKind::Document, &["bench", &n.to_string()]),
            outlet_id: Id::of(IdKind::Outlet, &[&outlet]),
            outlet,
            title: format!("Report {n}"),
            published: Date::from_ymd(2024, 3, 1 + numbers.below(28) as i8),
            ..DocumentCard::default()
        });
    }
    for n in 0..claims {
        let mut carriers: Vec<usize> = (0..1 + numbers.below(5)).map(|_| numbers.below(outlets)).collect();
        carriers.sort_by_key(|&at| (material.documents[at].published.clone(), at));
        carriers.dedup();
        let speaker = format!("Speaker {}", n % speakers);
        let text = format!("claim number {n} about the northern quay, the cranes and the ferry that never came");
        let id = Id::of(IdKind::Claim, &["bench", &n.to_string()]);
        let mut members = Vec::new();
        for (place, &at) in carriers.iter().enumerate() {
            let statement = Id::of(IdKind::Statement, &["bench", &n.to_string(), &at.to_string()]);
            material.statements.push(StatementCard {
                id: statement.clone(),
                document: material.documents[at].id.clone(),
                speaker: Some(Id::of(IdKind::Entity, &[&speaker])),
                speaker_name: speaker.clone(),
                source: speaker.clone(),
                cue: "said".to_string(),
                content: text.clone(),
                start: n,
                spans: Vec::new(),
                parts: Vec::new(),
                kind: Kind::Direct,
                marks_lost: false,
                chain: Vec::new(),
                repeat_of: None,
            });
            members.push(statement);
            if place > 0 {
                edges.push(ClaimEdge {
                    claim: id.clone(),
                    from: material.documents[carriers[numbers.below(place)]].id.clone(),
                    to: material.documents[at].id.clone(),
                    relation: DocumentRelation::Edited,
                    order: Order::Wording,
                    score: 0.8,
                    evidence: Vec::new(),
                });
            }
        }
        material.claims.push(ClaimCard {
            claim: Claim { id, representative: members[0].clone(), members },
            text,
            speaker_name: speaker.clone(),
            speaker: Some(Id::of(IdKind::Entity, &[&speaker])),
        });
    }
    material.documents.sort_by(|a, b| a.id.cmp(&b.id));
    material.statements.sort_by(|a, b| a.id.cmp(&b.id));
    material.claims.sort_by(|a, b| a.claim.id.cmp(&b.claim.id));
    build(&material, &edges, &[])
}

fn pictures(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("drawing");
    group.sample_size(10);
    let wide = graph(60, 400, 40);
    let large = graph(400, 560, 40);
    let cases = [
        ("matrix, 60 outlets x 400 claims", View::Matrix, &wide),
        ("lanes, 60 outlets x 400 claims", View::Lanes, &wide),
        ("repeats, 60 outlets x 400 claims", View::Repeats, &wide),
        ("network, 1000 nodes", View::Network, &large),
    ];
    for (name, view, graph) in cases {
        for (how, max_nodes) in [("first 40", 40), ("all", usize::MAX)] {
            let options = PictureOptions { view, max_nodes, ..PictureOptions::default() };
            group.bench_function(format!("{name}, {how}"), |bench| {
                bench.iter(|| svg(black_box(graph), black_box(&options)));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, pictures);
criterion_main!(benches);
