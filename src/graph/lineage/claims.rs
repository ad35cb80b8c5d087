//! Who repeats a claim from whom: the derivations between its documents, and credits given where it is carried.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::first_seen::surely_before;
use crate::graph::{Material, StatementCard};
use crate::model::{Claim, ClaimEdge, Derivation, DocumentRelation, Evidence, Id, Order};
use crate::text::Span;

use super::pair::File;
use super::rules;

/// Document → claim → its statements there.
pub fn by_document(material: &Material) -> BTreeMap<&Id, BTreeMap<&Id, Vec<&StatementCard>>> {
    let statements: BTreeMap<&Id, &StatementCard> = material.statements.iter().map(|it| (&it.id, it)).collect();
    let mut found: BTreeMap<&Id, BTreeMap<&Id, Vec<&StatementCard>>> = BTreeMap::new();
    for card in &material.claims {
        for member in card.claim.members.iter().filter_map(|id| statements.get(id)) {
            found.entry(&member.document).or_default().entry(&card.claim.id).or_default().push(member);
        }
    }
    found
}

/// Documents that name an outlet as the source of a claim which a document of that outlet carries, where nothing else
/// relates the two.
pub fn cited_documents(files: &[File], known: &[Derivation]) -> Vec<Derivation> {
    let related: BTreeSet<(&Id, &Id)> = known.iter().flat_map(|it| [(&it.from, &it.to), (&it.to, &it.from)]).collect();
    let mut found: BTreeMap<(&Id, &Id), Derivation> = BTreeMap::new();
    for (claim, carriers) in carriers(files) {
        for (child, parent, credit) in credited(files, claim, &carriers) {
            let ends = (&files[parent].card.id, &files[child].card.id);
            if related.contains(&ends) {
                continue;
            }
            found.entry(ends).or_insert_with(|| Derivation {
                from: ends.0.clone(),
                to: ends.1.clone(),
                relation: DocumentRelation::Cites,
                order: Order::Citation,
                score: 0.8,
                evidence: vec![credit],
            });
        }
    }
    found.into_values().collect()
}

/// Claim → numbers of the files that carry it.
fn carriers<'m>(files: &[File<'m>]) -> BTreeMap<&'m Id, Vec<usize>> {
    let mut found: BTreeMap<&Id, Vec<usize>> = BTreeMap::new();
    for (at, file) in files.iter().enumerate() {
        for claim in file.claims.keys() {
            found.entry(claim).or_default().push(at);
        }
    }
    found.retain(|_, list| list.len() > 1);
    found
}

/// (child, parent, why): carriers of a claim that credit the outlet of another one, in the same line as the claim or
/// for the whole text. Of several documents of that outlet the earliest counts; one that is surely later never does.
fn credited(files: &[File], claim: &Id, carriers: &[usize]) -> Vec<(usize, usize, Evidence)> {
    let mut found = Vec::new();
    for &child in carriers {
        let mut parents: Vec<(usize, Evidence)> = carriers
            .iter()
            .filter(|parent| **parent != child)
            .filter_map(|&parent| Some((parent, credit_for(&files[child], &files[parent], claim)?)))
            .collect();
        parents.sort_by_key(|(parent, _)| {
            let card = files[*parent].card;
            (card.published.is_none(), card.published.clone(), card.id.clone())
        });
        found.extend(parents.into_iter().take(1).map(|(parent, evidence)| (child, parent, evidence)));
    }
    found
}

fn credit_for(child: &File, parent: &File, claim: &Id) -> Option<Evidence> {
    let outlet = parent.outlet.filter(|outlet| child.outlet != Some(*outlet))?;
    if let (Some(own), Some(theirs)) = (&child.card.published, &parent.card.published)
        && surely_before(own, theirs)
    {
        return None;
    }
    let statements = child.claims.get(claim)?;
    let here = |line: Span| statements.iter().any(|statement| line.holds(statement.start));
    let credit = child.credits.iter().find(|credit| credit.name == outlet && (credit.whole || here(credit.line)))?;
    let note = format!("it says “{}” where it carries the claim", credit.words);
    Some(Evidence::new(rules::CLAIM_CREDIT, 1.0, note))
}

/// Who repeats each claim: edges between the documents of a claim, sorted by claim and ends. Every document has at
/// most one parent per claim; what nothing relates has no edge ("also reported").
pub fn claim_edges(material: &Material, derivations: &[Derivation]) -> Vec<ClaimEdge> {
    let mut documents_of: BTreeMap<&Id, BTreeSet<&Id>> = BTreeMap::new();
    let document: BTreeMap<&Id, &Id> = material.statements.iter().map(|it| (&it.id, &it.document)).collect();
    for card in &material.claims {
        let of = card.claim.members.iter().filter_map(|member| document.get(member).copied()).collect();
        documents_of.insert(&card.claim.id, of);
    }
    let kin = Kin::of(derivations);
    let files = super::files(material, None);
    let carriers = carriers(&files);
    let mut found = Vec::new();
    for card in &material.claims {
        let id = &card.claim.id;
        let Some(documents) = documents_of.get(id).filter(|documents| documents.len() > 1) else { continue };
        let credits = carriers.get(id).map_or(Vec::new(), |carriers| credited(&files, id, carriers));
        let credits =
            credits.into_iter().map(|(child, parent, why)| (&files[child].card.id, (&files[parent].card.id, why)));
        found.extend(edges_of(&card.claim, documents, &kin, &credits.collect()));
    }
    found.sort_by(|a, b| (&a.claim, &a.from, &a.to).cmp(&(&b.claim, &b.from, &b.to)));
    found
}

/// Derivations by their ends, and the groups of documents that they connect.
struct Kin<'d> {
    into: BTreeMap<&'d Id, Vec<&'d Derivation>>,
    undirected: Vec<&'d Derivation>,
    group: BTreeMap<&'d Id, &'d Id>,
}

impl<'d> Kin<'d> {
    fn of(derivations: &'d [Derivation]) -> Self {
        let mut kin = Kin { into: BTreeMap::new(), undirected: Vec::new(), group: BTreeMap::new() };
        for derivation in derivations {
            if derivation.relation == DocumentRelation::Cites {
                // a credit counts only for the claims it stands with
                continue;
            }
            match derivation.order {
                Order::Unknown => kin.undirected.push(derivation),
                _ => kin.into.entry(&derivation.to).or_default().push(derivation),
            }
            join(&mut kin.group, &derivation.from, &derivation.to);
        }
        for list in kin.into.values_mut() {
            list.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.from.cmp(&b.from)));
        }
        kin.undirected.sort_by(|a, b| b.score.total_cmp(&a.score).then((&a.from, &a.to).cmp(&(&b.from, &b.to))));
        kin
    }

    /// The nearest forebear of `of` among `documents`, the first step of the way to it, and how many steps it is away.
    fn forebear(&self, of: &Id, documents: &BTreeSet<&Id>) -> Option<(&'d Id, &'d Derivation, usize)> {
        let first = self.into.get(of)?;
        if let Some(step) = first.iter().find(|step| documents.contains(&step.from)) {
            return Some((&step.from, step, 1));
        }
        let mut seen = BTreeSet::new();
        for step in first {
            let (mut at, mut steps) = (&step.from, 1);
            while seen.insert(at) {
                let Some(next) = self.into.get(at).and_then(|list| list.first()) else { break };
                (at, steps) = (&next.from, steps + 1);
                if documents.contains(at) && at != of {
                    return Some((at, step, steps));
                }
            }
        }
        None
    }
}

fn root<'d>(groups: &BTreeMap<&'d Id, &'d Id>, of: &'d Id) -> &'d Id {
    let mut at = of;
    while let Some(next) = groups.get(at).copied().filter(|next| *next != at) {
        at = next;
    }
    at
}

/// Joins the groups of two ids; the smaller root stays.
fn join<'d>(groups: &mut BTreeMap<&'d Id, &'d Id>, a: &'d Id, b: &'d Id) -> bool {
    let (a, b) = (root(groups, a), root(groups, b));
    groups.insert(a.max(b), a.min(b));
    a != b
}

/// Child → (parent, why), from credits given where the claim is carried.
type Credits<'d> = BTreeMap<&'d Id, (&'d Id, Evidence)>;

fn edges_of<'d>(claim: &Claim, documents: &BTreeSet<&'d Id>, kin: &Kin<'d>, credits: &Credits<'d>) -> Vec<ClaimEdge> {
    let mut joined: BTreeMap<&Id, &Id> = BTreeMap::new();
    let mut has_parent: BTreeSet<&Id> = BTreeSet::new();
    let mut found = Vec::new();
    for &document in documents {
        let Some((parent, step, steps)) = kin.forebear(document, documents) else { continue };
        if !join(&mut joined, parent, document) {
            continue;
        }
        has_parent.insert(document);
        let mut evidence = step.evidence.clone();
        if steps > 1 {
            let note = format!("by way of {} documents that do not carry the claim themselves", steps - 1);
            evidence.push(Evidence::new(rules::BEYOND_PARENT, 0.0, note));
        }
        found.push(edge(claim, parent, document, step.relation, step.order, step.score, evidence));
    }
    for (&child, (parent, why)) in credits {
        if !has_parent.contains(child) && join(&mut joined, parent, child) {
            let evidence = vec![why.clone()];
            found.push(edge(claim, parent, child, DocumentRelation::Cites, Order::Citation, 0.8, evidence));
        }
    }
    for derivation in &kin.undirected {
        let both = documents.contains(&derivation.from) && documents.contains(&derivation.to);
        if both && join(&mut joined, &derivation.from, &derivation.to) {
            let (a, b) = (&derivation.from, &derivation.to);
            let evidence = derivation.evidence.clone();
            found.push(edge(claim, a, b, derivation.relation, Order::Unknown, derivation.score, evidence));
        }
    }
    found.extend(unseen_sources(claim, documents, kin, &mut joined));
    found
}

/// Documents of one family that carry a claim which the forebear they share does not carry: it came another way.
fn unseen_sources<'d>(
    claim: &Claim,
    documents: &BTreeSet<&'d Id>,
    kin: &Kin<'d>,
    joined: &mut BTreeMap<&'d Id, &'d Id>,
) -> Vec<ClaimEdge> {
    let mut first_of: BTreeMap<&Id, &Id> = BTreeMap::new();
    let mut found = Vec::new();
    for &document in documents.iter().filter(|id| kin.group.contains_key(**id)) {
        let first = *first_of.entry(root(&kin.group, document)).or_insert(document);
        if first != document && join(joined, first, document) {
            let note = "both carry the claim, the document they share their text with does not".to_string();
            let evidence = vec![Evidence::new(rules::BEYOND_PARENT, 1.0, note)];
            let relation = DocumentRelation::CommonSource;
            found.push(edge(claim, first, document, relation, Order::Unknown, 0.5, evidence));
        }
    }
    found
}

fn edge(
    claim: &Claim,
    from: &Id,
    to: &Id,
    relation: DocumentRelation,
    order: Order,
    score: f64,
    evidence: Vec<Evidence>,
) -> ClaimEdge {
    ClaimEdge { claim: claim.id.clone(), from: from.clone(), to: to.clone(), relation, order, score, evidence }
}
