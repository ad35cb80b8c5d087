//! Speakers: who speaks, under which spellings, and everything one of them said.

use std::collections::BTreeMap;

use crate::resolve;
use crate::store::{EntityCard, Store, Suggestion};

use super::ask::{load, matches, query_keys};
use super::{AppError, Quoted};

/// One speaker with all that is shown of them.
#[derive(Clone, Debug)]
pub struct SpeakerView {
    pub card: EntityCard,
    pub statements: Vec<Quoted>,
    /// Joins that are likely but not sure.
    pub suggested: Vec<Suggestion>,
}

/// A name fits from here on; below, it is only offered as "did you mean".
const FITS: f64 = 0.9;
const RESEMBLES: f64 = 0.7;

/// Everyone who says something, most quoted first.
pub fn speakers(store: &Store) -> Result<Vec<EntityCard>, AppError> {
    Ok(store.entity_cards(false)?)
}

/// The entities that a typed name (or entity id) fits.
///
/// # Errors
/// Nobody fits: the error's hint names those who resemble it.
pub fn find_speakers(store: &Store, typed: &str) -> Result<Vec<EntityCard>, AppError> {
    if let crate::store::Found::One(crate::model::IdKind::Entity, key, _) = store.find_id(typed)? {
        return Ok(store.entity_card(key)?.into_iter().collect());
    }
    let mut scored: Vec<(f64, i64)> = Vec::new();
    store.each_spelled(&mut |entity, aliases| {
        let score = resolve::name_match(typed, aliases);
        if score >= RESEMBLES {
            scored.push((score, entity));
        }
    })?;
    scored.sort_by(|(a, x), (b, y)| b.total_cmp(a).then(x.cmp(y)));
    // What is shown of somebody is counted; most who resemble the one that is meant need not be.
    let mut found: Vec<(f64, EntityCard)> = Vec::new();
    for (score, entity) in scored {
        let best = found.first().map_or(score, |(best, _)| *best);
        if best >= FITS && score < best.min(0.999) {
            break;
        }
        let card = store.entity_card(entity)?.filter(|card| card.statements > 0);
        found.extend(card.map(|card| (score, card)));
    }
    found.sort_by(|(a, x), (b, y)| {
        b.total_cmp(a).then(y.statements.cmp(&x.statements)).then_with(|| x.entity.id.cmp(&y.entity.id))
    });
    match found.first() {
        Some((best, _)) if *best >= FITS => Ok(found.into_iter().map(|(_, card)| card).collect()),
        _ => Err(AppError::not_found(format!("no speaker {typed:?}"), did_you_mean(&found))),
    }
}

fn did_you_mean(scored: &[(f64, EntityCard)]) -> String {
    let names: Vec<String> =
        scored.iter().take(3).map(|(_, card)| format!("{} ({})", card.entity.name, card.statements)).collect();
    if names.is_empty() {
        "`provenance speakers` lists everyone who is quoted".to_string()
    } else {
        format!("did you mean {}?", names.join(" or "))
    }
}

/// The one entity that a typed name fits best.
pub fn find_speaker(store: &Store, typed: &str) -> Result<EntityCard, AppError> {
    let found = find_speakers(store, typed)?;
    found.into_iter().next().ok_or_else(|| AppError::not_found(format!("no speaker {typed:?}"), did_you_mean(&[])))
}

/// Everything the entities that fit `typed` said; with `about`, only statements with those words.
pub fn speaker(store: &Store, typed: &str, about: Option<&str>) -> Result<Vec<SpeakerView>, AppError> {
    let about = about.map(query_keys);
    let mut views = Vec::new();
    for card in find_speakers(store, typed)? {
        let mut documents = BTreeMap::new();
        let mut statements = Vec::new();
        for row in store.statements_of_entity(card.key)? {
            let Some(document) = load(store, &mut documents, row.document_key)? else { continue };
            let text = &document.document.text;
            let content = &row.statement.attribution.content;
            let highlights: Vec<_> = match &about {
                Some(keys) => content.iter().flat_map(|span| matches(text, *span, keys, true)).collect(),
                None => Vec::new(),
            };
            if about.is_none() || !highlights.is_empty() {
                statements.push(Quoted::new(store, row, document, highlights)?);
            }
        }
        let suggested = store.suggestions(Some(card.key))?;
        views.push(SpeakerView { card, statements, suggested });
    }
    Ok(views)
}
