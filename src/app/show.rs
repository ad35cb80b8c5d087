//! `show ID`: the thing in place in its document.

use std::sync::Arc;

use crate::model::{Id, IdKind};
use crate::store::{EntityCard, Found, Store, StoredDocument};

use super::claims::{ClaimCardView, claim_card};
use super::{AppError, Quoted};

/// What an id names, ready to be shown.
#[derive(Clone, Debug)]
pub enum Shown {
    Document(Arc<StoredDocument>, Vec<Quoted>),
    Statement(Box<Quoted>),
    Claim(Box<ClaimCardView>),
    Entity(Box<EntityCard>),
}

/// The thing with this id.
///
/// # Errors
/// No such id, or a prefix of several (the hint lists them).
pub fn show(store: &Store, typed: &str) -> Result<Shown, AppError> {
    match store.find_id(typed)? {
        Found::One(IdKind::Document, key, _) => {
            let document = Arc::new(store.document(key)?.ok_or_else(|| unknown(typed))?);
            let mut statements = Vec::new();
            for row in store.statements_of_document(key)? {
                statements.push(Quoted::new(store, row, &document, Vec::new())?);
            }
            Ok(Shown::Document(document, statements))
        }
        Found::One(IdKind::Statement, key, _) => Ok(Shown::Statement(Box::new(quoted(store, key, typed)?))),
        Found::One(IdKind::Claim, ..) => Ok(Shown::Claim(Box::new(claim_card(store, typed)?))),
        Found::One(IdKind::Entity, key, _) => {
            Ok(Shown::Entity(Box::new(store.entity_card(key)?.ok_or_else(|| unknown(typed))?)))
        }
        Found::Many(ids) => Err(AppError::usage(
            format!("{typed} is the beginning of {} ids", ids.len()),
            format!("type more of it: {}", ids.iter().map(Id::as_str).collect::<Vec<_>>().join(", ")),
        )),
        _ => Err(unknown(typed)),
    }
}

pub(super) fn quoted(store: &Store, key: i64, typed: &str) -> Result<Quoted, AppError> {
    let row = store.statements(&[key])?.pop().ok_or_else(|| unknown(typed))?;
    let document = Arc::new(store.document(row.document_key)?.ok_or_else(|| unknown(typed))?);
    Ok(Quoted::new(store, row, &document, Vec::new())?)
}

pub(super) fn unknown(typed: &str) -> AppError {
    AppError::not_found(
        format!("nothing has the id {typed}"),
        "ids are a letter and at least four characters, as every list prints them",
    )
}
