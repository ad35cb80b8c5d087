//! Decisions of people: recorded as ground data, then everything that depends on them is derived anew.

use std::io::BufRead;

use crate::model::{Decision, Id, IdKind, Verb};
use crate::resolve;
use crate::store::{EntityCard, Found, Store};
use crate::text::match_key;

use super::connect::catch_up;
use super::link_statements::Outlines;
use super::show::unknown;
use super::speakers::find_speakers;
use super::{AppError, Progress};

/// Who decides, when and why.
#[derive(Clone, Debug, Default)]
pub struct Signature {
    pub who: String,
    /// ISO date and time, UTC.
    pub when: String,
    pub why: String,
}

/// Two speakers are one: both typed as names in any spelling, or ids.
pub fn merge(
    store: &mut Store,
    a: &str,
    b: &str,
    by: &Signature,
    progress: &dyn Progress,
) -> Result<Decision, AppError> {
    let (first, second) = (the_speaker(store, a)?, the_speaker(store, b)?);
    if first.entity.id == second.entity.id {
        return Err(AppError::usage(
            format!("{} is one speaker already", first.entity.name),
            "`provenance speaker NAME` shows why",
        ));
    }
    let (a, b) = (decision_name(store, &first)?, decision_name(store, &second)?);
    decide(store, Verb::Merge, &a, &b, by, progress)
}

/// A spelling does not belong to a speaker: it is kept apart from now on.
pub fn split(
    store: &mut Store,
    name: &str,
    spelling: &str,
    by: &Signature,
    progress: &dyn Progress,
) -> Result<Decision, AppError> {
    let card = the_speaker(store, name)?;
    let entity = &card.entity;
    if !entity.aliases.iter().any(|alias| alias.text == spelling) {
        let known: Vec<&str> = entity.aliases.iter().map(|alias| alias.text.as_str()).collect();
        return Err(AppError::not_found(
            format!("{} has no spelling {spelling:?}", entity.name),
            format!("spellings seen: {}", known.join(", ")),
        ));
    }
    let names = store.names_in_documents(card.key)?;
    let is_spelled = |name: &str| match_key(name) == match_key(spelling);
    if !names.iter().any(|(name, _)| is_spelled(name)) || names.iter().all(|(name, _)| is_spelled(name)) {
        return Err(AppError::usage(
            format!("{spelling:?} and {} are one within their documents, and a split parts documents", entity.name),
            format!(
                "names that can be split off: {}",
                other_names(names.into_iter().map(|(name, _)| name), &entity.name, spelling)
            ),
        ));
    }
    decide(store, Verb::Split, &entity.name, spelling, by, progress)
}

/// A spelling belongs to a speaker.
pub fn add_alias(
    store: &mut Store,
    name: &str,
    spelling: &str,
    by: &Signature,
    progress: &dyn Progress,
) -> Result<Decision, AppError> {
    if match_key(spelling).is_empty() {
        return Err(AppError::usage("the spelling is empty", "give a name as documents write it"));
    }
    let card = the_speaker(store, name)?;
    let own = decision_name(store, &card)?;
    decide(store, Verb::Alias, &own, spelling, by, progress)
}

/// The one speaker that `typed` names: an id, or a name that fits one better than all others.
///
/// # Errors
/// Nobody fits, or several do: their ids are in the hint.
fn the_speaker(store: &Store, typed: &str) -> Result<EntityCard, AppError> {
    let mut found = find_speakers(store, typed)?;
    let wanted = match_key(typed);
    let by_name: Vec<EntityCard> =
        found.iter().filter(|card| match_key(&card.entity.name) == wanted).cloned().collect();
    if by_name.len() == 1 {
        found = by_name;
    }
    match found.as_slice() {
        [only] => Ok(only.clone()),
        several => {
            let mut ids = Vec::new();
            for card in several.iter().take(6) {
                ids.push(format!("{} ({}, {})", store.short_id(&card.entity.id)?, card.entity.name, card.statements));
            }
            Err(AppError::usage(
                format!("{typed:?} fits {} speakers", several.len()),
                format!("give one of the ids: {}", ids.join(", ")),
            ))
        }
    }
}

/// What a decision calls a speaker: the name, tied to its documents where the name alone does not tell who is meant.
pub(super) fn decision_name(store: &Store, card: &EntityCard) -> Result<String, AppError> {
    let entity = &card.entity;
    if resolve::tells_who(&entity.name, entity.kind) {
        return Ok(entity.name.clone());
    }
    let names = store.names_in_documents(card.key)?;
    let documents: Vec<&str> =
        names.iter().filter(|(name, _)| *name == entity.name).map(|(_, document)| document.as_str()).collect();
    Ok(resolve::tied(&entity.name, &documents))
}

fn other_names(names: impl Iterator<Item = String>, name: &str, spelling: &str) -> String {
    let mut others: Vec<String> = names.filter(|other| other != name && other != spelling).collect();
    others.sort();
    others.dedup();
    if others.is_empty() { "none".to_string() } else { others.join(", ") }
}

/// Two statements are the same claim (`Verb::Confirm`) or are not (`Verb::Reject`).
pub fn judge(
    store: &mut Store,
    verb: Verb,
    a: &str,
    b: &str,
    by: &Signature,
    progress: &dyn Progress,
) -> Result<Decision, AppError> {
    let (a, b) = (statement_id(store, a)?, statement_id(store, b)?);
    if a == b {
        return Err(AppError::usage("both ids name the same statement", "give two statements"));
    }
    let (a, b) = if a <= b { (a, b) } else { (b, a) };
    decide(store, verb, a.as_str(), b.as_str(), by, progress)
}

fn statement_id(store: &Store, typed: &str) -> Result<Id, AppError> {
    match store.find_id(typed)? {
        Found::One(IdKind::Statement, _, id) => Ok(id),
        Found::One(..) => Err(AppError::usage(
            format!("{typed} is not a statement"),
            "give two statement ids (s…), as `provenance claim` prints them",
        )),
        _ => Err(unknown(typed)),
    }
}

fn decide(
    store: &mut Store,
    verb: Verb,
    a: &str,
    b: &str,
    by: &Signature,
    progress: &dyn Progress,
) -> Result<Decision, AppError> {
    let decision = recorded(verb, a, b, by);
    store.transaction(|store| {
        store.add_decision(&decision)?;
        catch_up(store, Outlines::default(), progress)
    })?;
    Ok(decision)
}

/// A decision as it is stored.
pub(super) fn recorded(verb: Verb, a: &str, b: &str, by: &Signature) -> Decision {
    Decision {
        id: Id::of(IdKind::Decision, &[verb.name(), a, b]),
        verb,
        a: a.to_string(),
        b: b.to_string(),
        who: by.who.clone(),
        when: by.when.clone(),
        why: by.why.clone(),
        undone: false,
    }
}

/// All decisions in the order they were taken.
pub fn decisions(store: &Store) -> Result<Vec<Decision>, AppError> {
    Ok(store.decisions()?)
}

/// Takes back the newest decision that stands (`back`), or brings the last one taken back to life.
pub fn undo(store: &mut Store, back: bool, progress: &dyn Progress) -> Result<Decision, AppError> {
    let flipped = store.transaction(|store| {
        let flipped = store.flip_decision(back)?;
        if flipped.is_some() {
            catch_up(store, Outlines::default(), progress)?;
        }
        Ok(flipped)
    })?;
    let found = match flipped {
        Some(id) => store.decisions()?.into_iter().find(|decision| decision.id == id),
        None => None,
    };
    let what = if back { "there is no decision to undo" } else { "there is no decision to redo" };
    found.ok_or_else(|| AppError::not_found(what, "`provenance log` lists the decisions"))
}

/// Takes over decisions from JSON Lines (as `decisions export` writes them). Returns how many lines were taken over.
///
/// # Errors
/// A line that is not a decision: nothing of the input is taken over.
pub fn import_decisions(store: &mut Store, input: impl BufRead, progress: &dyn Progress) -> Result<usize, AppError> {
    let mut decisions: Vec<Decision> = Vec::new();
    for (number, line) in input.lines().enumerate() {
        let line = line.map_err(|e| AppError::file(format!("line {}: {e}", number + 1), "check the file"))?;
        if line.trim().is_empty() {
            continue;
        }
        let mut decision: Decision = serde_json::from_str(&line).map_err(|e| {
            AppError::file(
                format!("line {} is not a decision: {e}", number + 1),
                "import what `provenance decisions export` wrote; nothing was taken over",
            )
        })?;
        // An id says what was decided; the input's word is not taken for it.
        decision.id = Id::of(IdKind::Decision, &[decision.verb.name(), &decision.a, &decision.b]);
        decisions.push(decision);
    }
    store.transaction(|store| {
        for decision in &decisions {
            store.add_decision(decision)?;
        }
        catch_up(store, Outlines::default(), progress)
    })?;
    Ok(decisions.len())
}
