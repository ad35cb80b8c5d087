//! `why`: the evidence of anything derived, term by term.

use crate::lang;
use crate::link::{self, LinkOptions};
use crate::model::{Evidence, IdKind, Link, LinkStatus, Relation, Variant};
use crate::store::{Found, Store};

use super::analyse::variant;
use super::show::{quoted, unknown};
use super::{AppError, Quoted};

/// Reasons of one thing, under headings.
#[derive(Clone, Debug)]
pub struct Reasons {
    pub about: String,
    pub groups: Vec<(String, Vec<Evidence>)>,
    /// The passages it rests on.
    pub passages: Vec<Quoted>,
    /// For a pair: the link as scored now.
    pub link: Option<Link>,
}

/// The evidence of a statement, speaker or claim.
pub fn why(store: &Store, typed: &str) -> Result<Reasons, AppError> {
    match store.find_id(typed)? {
        Found::One(IdKind::Statement, key, _) => {
            let it = quoted(store, key, typed)?;
            let groups = vec![
                ("statement".to_string(), it.statement.attribution.evidence.clone()),
                ("speaker".to_string(), it.speaker_evidence.clone()),
            ];
            Ok(Reasons { about: format!("statement {}", it.short_id), groups, passages: vec![it], link: None })
        }
        Found::One(IdKind::Entity, key, _) => {
            let card = store.entity_card(key)?.ok_or_else(|| unknown(typed))?;
            let mut groups = vec![("joined because".to_string(), card.entity.evidence)];
            for it in store.suggestions(Some(key))? {
                let other = if it.a == card.entity.id { it.b_name } else { it.a_name };
                groups.push((format!("only suggested ({:.2}): {other}", it.probability), it.evidence));
            }
            Ok(Reasons { about: format!("speaker {}", card.entity.name), groups, passages: Vec::new(), link: None })
        }
        Found::One(IdKind::Claim, ..) => {
            let card = super::claim_card(store, typed)?;
            let groups = card
                .links
                .iter()
                .map(|link| {
                    let name = format!("{} — {}: {} ({:.2})", link.a, link.b, link.relation.name(), link.probability);
                    (name, super::export::explained(link.evidence.clone()))
                })
                .collect();
            let about = format!("claim {}", card.short_id);
            Ok(Reasons { about, groups, passages: card.statements, link: None })
        }
        Found::One(IdKind::Document, ..) => Err(AppError::usage(
            format!("{typed} is a document: nothing about it is derived"),
            "ask `why` of a statement (s…), a claim (c…) or a speaker (p…), or of two documents",
        )),
        _ => Err(unknown(typed)),
    }
}

/// Why two statements are linked, or are not; or how two documents are related.
pub fn why_pair(store: &Store, a: &str, b: &str) -> Result<Reasons, AppError> {
    let (first, second) = (store.find_id(a)?, store.find_id(b)?);
    if let (Found::One(IdKind::Document, _, a), Found::One(IdKind::Document, _, b)) = (&first, &second) {
        let groups = store
            .derivations()?
            .into_iter()
            .filter(|it| (&it.from == a && &it.to == b) || (&it.from == b && &it.to == a))
            .map(|it| (format!("{} → {}: {} ({:.2})", it.from, it.to, it.relation.name(), it.score), it.evidence))
            .collect();
        return Ok(Reasons { about: format!("documents {a} and {b}"), groups, passages: Vec::new(), link: None });
    }
    let (Found::One(IdKind::Statement, a_key, _), Found::One(IdKind::Statement, b_key, _)) = (first, second) else {
        return Err(AppError::usage(
            "`why` takes one id, or two statements, or two documents",
            "`provenance who-said` and `provenance claim` print statement ids (s…)",
        ));
    };
    let (x, y) = (quoted(store, a_key, a)?, quoted(store, b_key, b)?);
    let (va, vb) = (full_variant(store, &x)?, full_variant(store, &y)?);
    let everything = LinkOptions { suggested: 0.0, ..LinkOptions::default() };
    let mut link = link::link(&va, &vb, &everything).unwrap_or(Link {
        a: x.statement.id.clone(),
        b: y.statement.id.clone(),
        relation: Relation::Unrelated,
        score: 0.0,
        probability: 0.0,
        status: LinkStatus::Suggested,
        evidence: Vec::new(),
    });
    if let Some(stored) = store.links_of(a_key)?.into_iter().find(|it| it.a == link.a && it.b == link.b) {
        link.status = stored.status;
        if stored.evidence.iter().any(|it| it.rule == link::PLACE) {
            // more than the two wordings went into it
            link = Link { evidence: super::export::explained(stored.evidence.clone()), ..stored };
        }
    }
    let about = format!("statements {} and {}", x.short_id, y.short_id);
    let groups = vec![("link".to_string(), link.evidence.clone())];
    Ok(Reasons { about, groups, passages: vec![x, y], link: Some(link) })
}

pub(super) fn full_variant(store: &Store, it: &Quoted) -> Result<Variant, AppError> {
    let speaker = store.local_entity_of(it.key)?;
    let document = &it.document.document;
    let language = lang::language(document.language_code());
    let mut made = variant(document, &it.statement.attribution, speaker.as_ref(), language);
    made.statement = it.statement.id.clone();
    made.document = it.statement.document.clone();
    made.entity = it.statement.speaker.clone();
    made.embedding = store.embedding(it.key)?;
    Ok(made)
}
