//! A made-up corpus for the tests of the exports: three documents, two speakers, one claim that wanders.

use crate::model::{
    Attribution, Claim, ClaimEdge, Date, Derivation, Document, DocumentRelation, EntityKind, Evidence, Extractor, Id,
    IdKind, Kind, Known, Order, Statement,
};
use crate::text::Span;

use super::{ClaimFace, Corpus, Paper, Speaker};

/// `label` stands wherever untrusted text can: outlet, title, author, speaker, source and content.
pub fn corpus(label: &str) -> Corpus {
    let dates = ["2024-03-01", "2024-03-02T09:30Z", "2024-04"];
    let mut papers: Vec<Paper> = dates.iter().enumerate().map(|(n, date)| paper(label, n, date)).collect();
    let claim = Id::of(IdKind::Claim, &["sample"]);
    for paper in &mut papers {
        for statement in &mut paper.statements {
            statement.claim = Some(claim.clone());
        }
    }
    let members: Vec<Id> = papers.iter().flat_map(|paper| paper.statements.iter().map(|it| it.id.clone())).collect();
    let ids: Vec<Id> = papers.iter().map(|paper| paper.id.clone()).collect();
    let reason = || vec![Evidence::new("lineage.narrative_reuse", 1.0, label)];
    let derivation = |from: usize, to: usize, relation, order| Derivation {
        from: ids[from].clone(),
        to: ids[to].clone(),
        relation,
        order,
        score: 0.9,
        evidence: reason(),
    };
    let derivations = vec![
        derivation(0, 1, DocumentRelation::Edited, Order::Wording),
        derivation(1, 2, DocumentRelation::Copy, Order::Unknown),
        derivation(0, 2, DocumentRelation::CommonSource, Order::Unknown),
    ];
    let edge = ClaimEdge {
        claim: claim.clone(),
        from: ids[0].clone(),
        to: ids[1].clone(),
        relation: DocumentRelation::Copy,
        order: Order::Citation,
        score: 0.8,
        evidence: reason(),
    };
    let claim = Claim { id: claim, representative: members.first().cloned().unwrap_or_default(), members };
    Corpus {
        speakers: vec![Speaker { id: speaker_id(), name: label.to_string(), kind: EntityKind::Person }],
        claims: vec![ClaimFace { claim, text: label.to_string() }],
        claim_edges: vec![edge],
        derivations,
        runs: vec![("0.1.0".to_string(), "extractor=accurate".to_string())],
        papers,
    }
}

fn speaker_id() -> Id {
    Id::of(IdKind::Entity, &["speaker"])
}

/// A document of two statements: the label verbatim, and the label reported.
fn paper(label: &str, n: usize, date: &str) -> Paper {
    let text = format!("Ärger № {n}.\n{label} said: “{label}”. According to {label}, {label} it was.\n");
    let all: Vec<Span> = match label.is_empty() {
        true => Vec::new(),
        false => text.match_indices(label).map(|(at, found)| Span::new(at, at + found.len())).collect(),
    };
    let known = |text: &str, guessed| Some(Known { value: text.to_string(), from: "sample".to_string(), guessed });
    let document = Document {
        format: "text".to_string(),
        title: known(label, false),
        outlet: known(label, n == 1),
        author: known(label, false),
        published: Date::parse_iso(date).map(|date| Known::read(date, "sample")),
        url: known(&if n == 0 { "https://example.org/a?b=c&d=e".to_string() } else { label.to_string() }, false),
        language: known("en", false),
        text,
        ..Document::default()
    };
    let id = Id::of(IdKind::Document, &["sample", &n.to_string()]);
    let statements = [(Kind::Direct, 0, 1), (Kind::Indirect, 2, 3)]
        .into_iter()
        .filter_map(|(kind, source, content)| {
            let spans = (*all.get(source)?, *all.get(content)?);
            let mut attribution = Attribution::new(Extractor::Rules, vec![spans.0], Vec::new(), vec![spans.1]);
            attribution.kind = kind;
            Some(Statement {
                id: Id::of(IdKind::Statement, &[id.as_str(), kind.name()]),
                document: id.clone(),
                attribution,
                speaker: Some(speaker_id()),
                speaker_name: Some(label.to_string()),
                speaker_kind: Some(EntityKind::Person),
                via: None,
                claim: None,
                repeat_of: None,
                nested_in: None,
            })
        })
        .collect();
    let sha256 = document.sha256();
    let outlet_id = Some(Id::of(IdKind::Outlet, &["sample"]));
    Paper { id, sha256, outlet_id, revision_of: None, document, statements }
}
