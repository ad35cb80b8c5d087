//! Claims: by spread, one in detail, and its wordings side by side.

use std::collections::BTreeMap;

use crate::link::{self, Telling};
use crate::model::{ClaimEdge, Id, IdKind, Link, Variant};
use crate::store::{Found, Store};
use crate::text::Span;

use super::ask::{Documents, load};
use super::why::full_variant;
use super::{AppError, Quoted};

/// A claim in a list or in detail.
#[derive(Clone, Debug)]
pub struct ClaimCardView {
    pub id: Id,
    pub short_id: String,
    /// The words of the member that stands for the claim.
    pub text: String,
    pub speaker: Option<String>,
    /// By date, then place; what is repeated without a source comes last.
    pub statements: Vec<Quoted>,
    pub documents: usize,
    pub outlets: usize,
    pub first_seen: String,
    pub links: Vec<Link>,
    pub edges: Vec<ClaimEdge>,
    /// Claims with the same proposition from other speakers.
    pub echoes: Vec<Id>,
}

/// One wording of a claim against the first one.
#[derive(Clone, Debug)]
pub struct VariantView {
    pub quoted: Quoted,
    /// The link to the first wording, where there is one.
    pub link: Option<Link>,
    /// The statement it is compared with: the one it repeats without a source, else the first; none for the first.
    pub origin: Option<Id>,
    /// The words of that one.
    pub was: String,
    /// What changed against it.
    pub changes: Vec<Change>,
}

/// A named change of wording: what stood there and what stands there now (either may be empty).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub name: String,
    pub was: String,
    pub is: String,
}

/// Row key and id of the claim that `typed` names.
pub(super) fn find_claim(store: &Store, typed: &str) -> Result<(i64, Id), AppError> {
    match store.find_id(typed)? {
        Found::One(IdKind::Claim, key, id) => Ok((key, id)),
        Found::One(IdKind::Statement, key, _) => {
            let row = store.statements(&[key])?.pop();
            let claim = row.and_then(|row| row.statement.claim);
            match claim {
                Some(id) => match store.find_id(id.as_str())? {
                    Found::One(IdKind::Claim, key, id) => Ok((key, id)),
                    _ => Err(no_claim(typed)),
                },
                None => Err(no_claim(typed)),
            }
        }
        Found::Many(ids) => Err(AppError::usage(
            format!("{typed} is the beginning of {} ids", ids.len()),
            format!("type more of it: {}", ids.iter().map(Id::as_str).collect::<Vec<_>>().join(", ")),
        )),
        _ => Err(no_claim(typed)),
    }
}

fn no_claim(typed: &str) -> AppError {
    AppError::not_found(format!("no claim {typed}"), "`provenance claims` lists the claims with their ids")
}

/// The words and the speaker that stand for a claim.
pub(super) fn face(
    store: &Store,
    id: &Id,
    documents: &mut Documents,
) -> Result<Option<(String, Option<String>)>, AppError> {
    let Found::One(IdKind::Claim, key, _) = store.find_id(id.as_str())? else { return Ok(None) };
    let Some(representative) = store.representative(key)? else { return Ok(None) };
    let Some(row) = store.statements(&[representative])?.pop() else { return Ok(None) };
    let Some(document) = load(store, documents, row.document_key)? else { return Ok(None) };
    let words = super::graph::words(&document.document.text, &row.statement.attribution.content);
    Ok(Some((words, row.statement.speaker_name)))
}

/// The card of one claim.
pub fn claim_card(store: &Store, typed: &str) -> Result<ClaimCardView, AppError> {
    let (key, id) = find_claim(store, typed)?;
    let mut documents = BTreeMap::new();
    let mut statements = Vec::new();
    for row in store.statements_of_claim(key)? {
        let Some(document) = load(store, &mut documents, row.document_key)? else { continue };
        statements.push(Quoted::new(store, row, document, Vec::new())?);
    }
    let carriers = documents.len();
    // a repeat without a source never stands for the claim
    statements.sort_by_key(|it| it.statement.repeat_of.is_some());
    let (text, speaker) = face(store, &id, &mut documents)?.unwrap_or_default();
    let mut outlets: Vec<&str> = statements.iter().map(Quoted::outlet).filter(|name| !name.is_empty()).collect();
    outlets.sort_unstable();
    outlets.dedup();
    Ok(ClaimCardView {
        short_id: store.short_id(&id)?,
        text,
        speaker,
        documents: carriers,
        outlets: outlets.len(),
        first_seen: statements.iter().map(Quoted::date).find(|date| !date.is_empty()).unwrap_or("").to_string(),
        links: store.links_in_claim(key)?,
        edges: store.edges_of_claim(key)?,
        echoes: store.echoes_of(key)?,
        statements,
        id,
    })
}

/// Claims by how many documents carry them; those in fewer than `least` documents are left out.
pub fn claim_list(store: &Store, least: usize, most: usize) -> Result<Vec<ClaimCardView>, AppError> {
    let mut cards = Vec::new();
    for id in store.widest_claims(least, most)? {
        cards.push(claim_card(store, id.as_str())?);
    }
    Ok(cards)
}

/// The wordings of a claim, first seen first, each with its link to the first.
pub fn variants(store: &Store, typed: &str) -> Result<(ClaimCardView, Vec<VariantView>), AppError> {
    let card = claim_card(store, typed)?;
    let first = card.statements.first().map(|quoted| quoted.statement.id.clone()).unwrap_or_default();
    let views = card
        .statements
        .iter()
        .map(|quoted| {
            let id = &quoted.statement.id;
            let link =
                card.links.iter().find(|link| (link.a == first && &link.b == id) || (link.b == first && &link.a == id));
            let origin = origin(&card, quoted);
            Ok(VariantView {
                quoted: quoted.clone(),
                link: link.cloned(),
                origin: origin.map(|it| it.statement.id.clone()),
                was: origin.map_or(String::new(), Quoted::exact),
                changes: changes(store, origin, quoted)?,
            })
        })
        .collect::<Result<_, AppError>>()?;
    Ok((card, views))
}

/// The wording that another one is compared with: what it repeats without a source, else the first; none for the first.
pub(super) fn origin<'c>(card: &'c ClaimCardView, quoted: &Quoted) -> Option<&'c Quoted> {
    let repeated = quoted.statement.repeat_of.as_ref();
    let origin = repeated.and_then(|id| card.statements.iter().find(|it| &it.statement.id == id));
    origin.or(card.statements.first()).filter(|origin| origin.key != quoted.key)
}

/// The named changes from one wording to another one.
pub(super) fn changes(store: &Store, first: Option<&Quoted>, other: &Quoted) -> Result<Vec<Change>, AppError> {
    let Some(first) = first else { return Ok(Vec::new()) };
    let (a, b) = (full_variant(store, first)?, full_variant(store, other)?);
    let words = |text: &str, span: Option<Span>| span.map_or(String::new(), |span| span.of(text).to_string());
    let found = link::changes(&telling(first, &a), &telling(other, &b));
    Ok(found
        .into_iter()
        .map(|it| Change { name: it.kind.name().to_string(), was: words(&a.text, it.a), is: words(&b.text, it.b) })
        .collect())
}

fn telling<'v>(it: &Quoted, variant: &'v Variant) -> Telling<'v> {
    let attribution = &it.statement.attribution;
    let text = &it.document.document.text;
    Telling {
        variant,
        source: it.source(),
        chain: attribution.chain.iter().map(|span| span.of(text).to_string()).collect(),
        speaker_kind: it.statement.speaker_kind,
        bare: it.statement.repeat_of.is_some(),
    }
}
