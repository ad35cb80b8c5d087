//! A report's material: statements in their context, named changes, how it was made, and a hash of what it rests on.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::{NodeKind, ProvenanceGraph};
use crate::link::LinkOptions;
use crate::model::{Id, LinkStatus, Relation};
use crate::render::contract;
use crate::render::report::{Lost, Quoted as InPlace, Report};
use crate::store::Store;
use crate::text::{CodePoints, Span};

use super::{AppError, Quoted, claim_card};

/// Bytes of context to each side of a quotation.
const CONTEXT: usize = 110;

/// What a report on the claims of `graph` needs beside the graph. `made_on` is printed as it is.
pub fn report(store: &Store, graph: &ProvenanceGraph, title: &str, made_on: &str) -> Result<Report, AppError> {
    let claims: BTreeSet<&Id> =
        graph.node_weights().filter(|node| node.kind == NodeKind::Claim).map(|node| &node.id).collect();
    let mut quoted = BTreeMap::new();
    for claim in &claims {
        let card = claim_card(store, claim.as_str())?;
        for it in &card.statements {
            let origin = super::claims::origin(&card, it);
            let changes = super::claims::changes(store, origin, it)?;
            let names: BTreeSet<String> = changes.into_iter().map(|change| change.name).collect();
            quoted.insert(it.statement.id.clone(), in_place(it, origin, names.into_iter().collect()));
        }
    }
    Ok(Report {
        title: title.to_string(),
        made_on: made_on.to_string(),
        store_hash: store_hash(store)?,
        methods: methods(store)?,
        quoted,
    })
}

fn in_place(it: &Quoted, origin: Option<&Quoted>, changes: Vec<String>) -> InPlace {
    let text = it.document.document.text.as_str();
    let content = Span::covering(&it.statement.attribution.content).unwrap_or_default();
    let before = Span::new(content.start.saturating_sub(CONTEXT), content.start).snapped(text);
    let after = Span::new(content.end, (content.end + CONTEXT).min(text.len())).snapped(text);
    let points = CodePoints::new(text);
    let document = &it.document;
    let json = contract::statement(&it.statement, &document.id, &document.sha256, &document.document, &points);
    InPlace {
        before: last_line(before.of(text)).to_string(),
        exact: content.of(text).to_string(),
        after: after.of(text).lines().next().unwrap_or("").to_string(),
        source: it.source(),
        changes,
        link: json.fragment.or(json.document.url),
        lost: origin.filter(|_| it.statement.repeat_of.is_some()).map(lost),
    }
}

/// Whose words they are in the document that names a source: "emergency services by way of RIA".
fn lost(origin: &Quoted) -> Lost {
    let text = &origin.document.document.text;
    let chain: Vec<&str> = origin.statement.attribution.chain.iter().map(|span| span.of(text)).collect();
    let source = origin.source();
    let credited = if chain.len() > 1 {
        chain.join(", told to ")
    } else {
        origin.speaker().filter(|_| source.is_empty()).unwrap_or(source)
    };
    let outlet =
        if origin.outlet().is_empty() { origin.document_short_id.clone() } else { origin.outlet().to_string() };
    Lost { outlet, credited, exact: origin.exact() }
}

fn last_line(text: &str) -> &str {
    text.rsplit('\n').next().unwrap_or(text)
}

/// A hash of documents and decisions: reports with the same one rest on the same material.
fn store_hash(store: &Store) -> Result<String, AppError> {
    let mut ground = String::new();
    for stored in store.documents()? {
        ground.push_str(&format!("{} {}\n", stored.id, stored.sha256));
    }
    for decision in store.decisions()?.iter().filter(|decision| !decision.undone) {
        ground.push_str(&format!("{}\n", decision.id));
    }
    Ok(crate::model::sha256_hex(ground.as_bytes()))
}

fn methods(store: &Store) -> Result<Vec<(String, String)>, AppError> {
    let links = store.links()?;
    let joining = || links.iter().filter(|link| link.relation.joins());
    let count = |status: LinkStatus| joining().filter(|link| link.status == status).count();
    let apart = |relation: Relation| links.iter().filter(|link| link.relation == relation).count();
    let options = LinkOptions::default();
    let runs: Vec<String> =
        store.runs()?.into_iter().map(|(version, options)| format!("provenance {version}, {options}")).collect();
    let counts: Vec<String> = store.counts()?.iter().map(|(name, count)| format!("{count} {name}")).collect();
    let rows = [
        ("Derived by", runs.join("; ")),
        ("In the store", counts.join(", ")),
        (
            "Thresholds",
            format!(
                "linked from probability {:.2} where only words were compared, from {:.2} where meanings were, too; suggested from {:.2}",
                options.linked, options.linked_by_meaning, options.suggested
            ),
        ),
        (
            "Links",
            format!(
                "{} automatic, {} confirmed by people, {} rejected by people, {} only suggested (not shown as links); besides, {} \
                 apparent contradictions and {} echoes of other speakers, which join nothing",
                count(LinkStatus::Auto),
                count(LinkStatus::Confirmed),
                count(LinkStatus::Rejected),
                count(LinkStatus::Suggested),
                apart(Relation::Contradicts),
                apart(Relation::Echo)
            ),
        ),
        (
            "Read with care",
            "attributions, speakers and links are found by a program and can be wrong; first seen means first among the \
             documents in the store; dates alone never make one document the copy of another"
                .to_string(),
        ),
    ];
    Ok(rows.into_iter().map(|(name, words)| (name.to_string(), words)).collect())
}
