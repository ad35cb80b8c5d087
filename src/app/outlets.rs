//! Outlets: who carries whose statements, and who has claims from whom.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Id, Order};
use crate::store::{Store, StoredDocument};

use super::AppError;

/// One outlet in numbers.
#[derive(Clone, Debug, Default)]
pub struct OutletView {
    pub id: Id,
    pub name: String,
    pub documents: usize,
    pub statements: usize,
    /// Statements printed without any source, those it repeats from others included.
    pub without_source: usize,
    /// Of these, statements that other documents have from somebody.
    pub repeated_without_source: usize,
    /// Claims that no document in the store carried earlier (to the day).
    pub first_seen: usize,
}

/// How often one outlet has claims from another.
#[derive(Clone, Debug)]
pub struct RepeatView {
    pub from: String,
    pub to: String,
    pub claims: usize,
    /// What the direction rests on; `Unknown` for claims that both carry without any sign who had them from whom.
    pub order: Order,
    /// Median days from one to the other, where both dates are known.
    pub median_lag: Option<i64>,
}

/// All outlets by documents, and who repeats whom.
pub fn outlets(store: &Store) -> Result<(Vec<OutletView>, Vec<RepeatView>), AppError> {
    let documents: BTreeMap<Id, _> = store.documents()?.into_iter().map(|stored| (stored.id.clone(), stored)).collect();
    let mut views: BTreeMap<String, OutletView> = BTreeMap::new();
    let name_of = |id: &Id| documents.get(id).map_or("", |stored| stored.document.outlet_name()).to_string();
    for stored in documents.values() {
        let view = views.entry(stored.document.outlet_name().to_string()).or_default();
        view.name = stored.document.outlet_name().to_string();
        view.id = stored.outlet_id.clone().unwrap_or_default();
        view.documents += 1;
    }
    let mut first: BTreeMap<Id, BTreeMap<String, BTreeSet<Id>>> = BTreeMap::new();
    for row in store.all_statements()? {
        let it = &row.statement;
        if let Some(view) = views.get_mut(&name_of(&it.document)) {
            view.statements += 1;
            view.without_source += usize::from(it.attribution.source.is_empty());
            view.repeated_without_source += usize::from(it.repeat_of.is_some());
        }
        let published = documents.get(&it.document).and_then(|stored| stored.document.published.as_ref());
        if let (Some(claim), Some(day)) = (&it.claim, published.and_then(|date| date.value.day())) {
            first.entry(claim.clone()).or_default().entry(day.to_string()).or_default().insert(it.document.clone());
        }
    }
    for days in first.values() {
        let carriers: usize = days.values().map(BTreeSet::len).sum();
        let Some(earliest) = days.values().next().filter(|_| carriers > 1) else { continue };
        let names: BTreeSet<String> = earliest.iter().map(&name_of).collect();
        if let (1, Some(name)) = (names.len(), names.first())
            && let Some(view) = views.get_mut(name)
        {
            view.first_seen += 1;
        }
    }
    let mut list: Vec<OutletView> = views.into_values().collect();
    list.sort_by(|x, y| y.documents.cmp(&x.documents).then_with(|| x.name.cmp(&y.name)));
    Ok((list, repeats(store, &documents)?))
}

pub(super) fn repeats(store: &Store, documents: &BTreeMap<Id, StoredDocument>) -> Result<Vec<RepeatView>, AppError> {
    let mut counted: BTreeMap<(String, String, Order), (usize, Vec<i64>)> = BTreeMap::new();
    for edge in store.claim_edges()? {
        let (Some(from), Some(to)) = (documents.get(&edge.from), documents.get(&edge.to)) else { continue };
        let (mut a, mut b) = (from.document.outlet_name().to_string(), to.document.outlet_name().to_string());
        if a == b {
            continue;
        }
        if edge.order == Order::Unknown && a > b {
            std::mem::swap(&mut a, &mut b);
        }
        let entry = counted.entry((a, b, edge.order)).or_default();
        entry.0 += 1;
        let dates = (from.document.published.as_ref(), to.document.published.as_ref());
        if let (Some(earlier), Some(later)) = dates {
            entry.1.extend(later.value.days_since(&earlier.value));
        }
    }
    let mut views: Vec<RepeatView> = counted
        .into_iter()
        .map(|((from, to, order), (claims, mut lags))| {
            lags.sort_unstable();
            RepeatView { from, to, claims, order, median_lag: lags.get(lags.len() / 2).copied() }
        })
        .collect();
    views.sort_by(|x, y| {
        y.claims.cmp(&x.claims).then_with(|| (&x.from, &x.to, x.order).cmp(&(&y.from, &y.to, y.order)))
    });
    Ok(views)
}
